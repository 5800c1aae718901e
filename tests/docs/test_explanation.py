"""What the page on how an answer comes about says of its enterprise is so."""

from __future__ import annotations

import datetime as dt
import re
from functools import cache
from pathlib import Path

import pytest

from yiqi.facts.reading import read_fact_sheet
from yiqi.facts.sheet import FactSheet
from yiqi.judge.answer import Answer
from yiqi.judge.judge import Judge
from yiqi.judge.reasons import OUTCOMES, Reason
from yiqi.law.library import load

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "explanation" / "how-an-answer-comes-about.md").read_text(encoding="utf-8")
DAY = dt.date(2026, 11, 23)
SCHEME = "ladder.little_giant"
FAILED = "miit-2026-2#little_giant.scale/2"


@cache
def judge() -> Judge:
    return Judge(load(cache=False))


@cache
def sheet() -> FactSheet:
    reading = read_fact_sheet(ROOT / "examples" / "near-miss-main-business.yaml", judge().law.vocabulary, DAY)
    return reading.required()


def answer(facts: FactSheet, scheme: str = SCHEME) -> Answer:
    return judge().judge(facts, DAY)[scheme]


def reasons() -> dict[str, Reason]:
    top = answer(sheet()).reason
    assert top is not None
    return {reason.outline.id: reason for reason in top.walk()}


def rows() -> list[tuple[str, ...]]:
    return re.findall(r"^\| `(miit[^`]+)` \| (.+?) \| (.+?) \| (.+?) \|$", PAGE, re.MULTILINE)


@pytest.mark.parametrize(("condition", "figure", "asked", "result"), rows())
def test_a_row_of_the_table(condition: str, figure: str, asked: str, result: str) -> None:
    reason = reasons()[condition]
    assert reason.actual is not None
    assert reason.outline.required is not None
    assert reason.outcome is not None
    assert (reason.actual.en, reason.outline.required.en, OUTCOMES[reason.outcome]) == (figure, asked, result)


def test_every_rule_the_page_names_is_there() -> None:
    named = set(re.findall(r"`(miit-[a-z0-9-]+#[a-z0-9_.]+)(?:/\d+)?`", PAGE))
    assert len(named) > 5
    for rule in named:
        judge().law.rule(rule)


def test_the_day_and_the_procedure_choose_the_rule() -> None:
    assert answer(sheet()).as_dict()["rule"] == "miit-2026-2#little_giant"
    again = judge().judge(sheet(), DAY, "re_review")[SCHEME]
    assert again.as_dict()["rule"] == "miit-2022-63#little_giant"
    ids = reasons()
    assert "miit-letter-2026-117#new_application" in ids
    later = judge().judge(sheet(), dt.date(2027, 1, 1))[SCHEME].reason
    assert later is not None
    assert "miit-letter-2026-117#new_application" not in {reason.outline.id for reason in later.walk()}


def test_one_condition_alone_fails() -> None:
    found = answer(sheet())
    assert found.outcome == "no"
    assert found.confidence == "A"
    assert found.as_dict()["cite"]["en"] == "MIIT 2026 No. 2, Annex 2"
    top = found.reason
    assert top is not None
    assert [c.outline.id for c in top.children if c.outcome == 0] == ["miit-2026-2#little_giant.scale"]
    item = reasons()["miit-2026-2#little_giant.scale"]
    assert [c.outline.id for c in item.children if c.outcome == 0] == [FAILED]
    specialised = answer(sheet(), "ladder.specialised_sme")
    assert (specialised.outcome, specialised.confidence) == ("yes", "B")


def test_the_sum_on_the_page() -> None:
    assert 10 * 11_050_000_000 - 9 * 12_500_000_000 == -2_000_000_000
    assert sheet().get("main_revenue", 2025) == 11_050_000_000
    assert sheet().get("operating_revenue", 2025) == 12_500_000_000


def test_what_is_missing() -> None:
    without = answer(sheet().with_values({"main_revenue": None}))
    assert without.outcome == "unknown"
    assert without.missing.settle == (("main_revenue_2025",),)
    assert answer(sheet().with_values({"market_share": None})).outcome == "no"
