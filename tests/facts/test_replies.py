"""A reply to a question is read as a fact sheet reads it, and checked against what is known."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from yiqi.facts.replies import Reply, read_reply
from yiqi.facts.sheet import FactSheet
from yiqi.law.vocabulary import Vocabulary

ON = dt.date(2026, 11, 23)


def reply(vocabulary: Vocabulary, fact: str, text: str, known: dict[str, Any] | None = None) -> Reply:
    asked = vocabulary[fact]
    year = 2025 if asked.per is not None else None
    return read_reply(text, asked, year, FactSheet(known or {}), vocabulary, ON)


@pytest.mark.parametrize(
    ("fact", "text", "value"),
    [
        ("operating_revenue", "5512.5万元", 5_512_500_000),
        ("operating_revenue", " 5000 ", 500_000),  # without a unit it is yuan, as in a sheet
        ("market_share", "12.5%", 12_500_000),
        ("employees", "１８６人", 186),
        ("own_brand", "是", True),
        ("own_brand", "No", False),
        ("established", "2012年5月9日", dt.date(2012, 5, 9)),
        ("rd_institution", "省部级", "provincial"),
        ("rd_institution", "none", "none"),
        ("titles", "little_giant；创新型中小企业", frozenset({"little_giant", "innovative_sme"})),
        ("titles", "[little_giant, innovative_sme]", frozenset({"little_giant", "innovative_sme"})),
        ("titles", "none", frozenset()),
        ("titles", "[]", frozenset()),
        ("industry", "3451", "C3451"),
        ("region", "330100", "330100"),
    ],
)
def test_a_value(vocabulary: Vocabulary, fact: str, text: str, value: Any) -> None:
    found = reply(vocabulary, fact, text)
    assert (found.value, found.unknown, found.usable) == (value, False, True)
    assert [d for d in found.diagnostics if d.severity == "error"] == []


@pytest.mark.parametrize("text", ["", "  ", "unknown", "Unknown", "不清楚", "不知道", "I don't know", "don't know."])
@pytest.mark.parametrize("fact", ["operating_revenue", "own_brand", "titles", "industry", "established"])
def test_i_do_not_know(vocabulary: Vocabulary, fact: str, text: str) -> None:
    assert reply(vocabulary, fact, text) == Reply(None, unknown=True)


@pytest.mark.parametrize(
    ("fact", "text", "code"),
    [
        ("operating_revenue", "a lot", "not-a-quantity"),
        ("operating_revenue", "-1万元", "below-minimum"),
        ("market_share", "12.5", "ratio-without-percent"),
        ("market_share", "120%", "above-maximum"),
        ("employees", "12.5", "not-a-quantity"),
        ("own_brand", "perhaps", "not-yes-or-no"),
        ("established", "2026-02-30", "not-a-date"),
        ("established", "2027-01-01", "established-in-future"),
        ("rd_institution", "galactic", "unknown-member"),
        ("titles", "knight", "unknown-member"),
        ("industry", "Z9", "industry-code"),
        ("region", "99", "region-code"),
    ],
)
def test_what_is_wrong_is_said_with_a_remedy(vocabulary: Vocabulary, fact: str, text: str, code: str) -> None:
    found = reply(vocabulary, fact, text)
    assert (found.value, found.unknown, found.usable) == (None, False, False)
    (error,) = (d for d in found.diagnostics if d.severity == "error")
    assert error.code == code
    assert error.remedy is not None


def test_a_reply_that_contradicts_what_is_known_is_refused(vocabulary: Vocabulary) -> None:
    known = {"operating_revenue": {2025: 100}}
    assert reply(vocabulary, "main_revenue", "1元", known).value == 100
    assert [d.code for d in reply(vocabulary, "main_revenue", "1.01元", known).diagnostics] == ["relation"]
    assert not reply(vocabulary, "award_any", "no", {"award_top": True}).usable


def test_what_was_wrong_before_is_not_the_fault_of_the_reply(vocabulary: Vocabulary) -> None:
    known = {"operating_revenue": {2025: 100}, "main_revenue": {2025: 200}}
    assert reply(vocabulary, "own_brand", "yes", known) == Reply(True, unknown=False)


def test_what_is_odd_is_a_warning_and_counts(vocabulary: Vocabulary) -> None:
    found = reply(vocabulary, "employees", "100001")
    assert found.value == 100_001
    assert [d.severity for d in found.diagnostics] == ["warning"]


def test_values_of_lists_and_sets_owe_each_other_something(vocabulary: Vocabulary) -> None:
    def said(fact: str, text: str, known: dict[str, Any]) -> list[tuple[str, str]]:
        return [(d.severity, d.code) for d in reply(vocabulary, fact, text, known).diagnostics]

    warned = [("warning", "relation")]
    assert said("segment_years", "1年", {"titles": frozenset({"little_giant"})}) == warned
    assert said("segment_years", "2年", {"titles": frozenset({"little_giant"})}) == []
    assert said("segment_years", "1年", {"titles": frozenset({"innovative_sme"})}) == []
    assert said("titles", "none", {"rd_institution": "provincial"}) == warned
    assert said("titles", "innovative_sme", {"rd_institution": "provincial"}) == []
    assert said("titles", "none", {"rd_institution": "municipal"}) == []
    # What is not known contradicts nothing.
    assert said("titles", "little_giant", {}) == []
