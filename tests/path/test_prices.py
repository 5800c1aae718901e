"""Own costs: what is read from a file and what is said of a faulty one."""

from __future__ import annotations

from pathlib import Path

import pytest

from yiqi.law.diagnostics import DiagnosticError
from yiqi.law.library import load
from yiqi.law.vocabulary import Vocabulary
from yiqi.path.prices import Prices, read_prices


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    return load().vocabulary.of("enterprise")


def read(text: str, folder: Path, vocabulary: Vocabulary) -> Prices:
    file = folder / "costs.yaml"
    file.write_text(text, encoding="utf-8")
    return read_prices(file, vocabulary)


def test_costs_limits_and_what_is_never_changed(tmp_path: Path, vocabulary: Vocabulary) -> None:
    text = (
        "main_revenue: {cost: 0.5元, per: 1元, maximum: 11200万元}\n营业收入: {never: yes}\n"
        "employees: {direction: up, cost: 10万元, per: 1人}\nrd_institution: {maximum: provincial}\n"
    )
    prices = read(text, tmp_path, vocabulary)
    main = prices.of(vocabulary["main_revenue"])
    assert main is not None
    assert (main.change.cost, main.change.per, main.change.years, main.limit) == (50, 100, 1, 1_120_000_000_0)
    assert prices.of(vocabulary["operating_revenue"]) is None
    employees = prices.of(vocabulary["employees"])
    assert employees is not None
    assert (employees.change.direction, employees.change.cost, employees.change.per) == ("up", 10_000_000, 1)
    institution = prices.of(vocabulary["rd_institution"])
    assert institution is not None
    assert institution.limit == vocabulary["rd_institution"].member_index("provincial")
    # What is not named stays as in the vocabulary; what an official judges is nobody's to change.
    assert prices.of(vocabulary["market_share"]) is not None
    assert prices.of(vocabulary["reputation_high"]) is None


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("main_revenu: {cost: 1元}\n", "unknown-fact"),
        ("main_revenue: {price: 1元}\n", "unknown-key"),
        ("main_revenue: 5元\n", "not-a-map"),
        ("main_revenue: {cost: five}\n", "not-a-number"),
        ("main_revenue: {cost: -1元}\n", "not-a-number"),
        ("main_revenue: {minimum: 1元}\n", "wrong-limit"),
        ("employees: {cost: 10万元, per: 1人}\n", "no-direction"),
        ("employees: {direction: up, per: 1人}\n", "missing-key"),
        ("reputation_high: {direction: yes, cost: 1元}\n", "not-changeable"),
        ("main_revenue: {never: perhaps}\n", "not-yes"),
        ("- main_revenue\n", "not-a-map"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(tmp_path: Path, vocabulary: Vocabulary, text: str, code: str) -> None:
    with pytest.raises(DiagnosticError) as raised:
        read(text, tmp_path, vocabulary)
    assert code in {d.code for d in raised.value.diagnostics}
    assert all(d.place.line for d in raised.value.diagnostics)


def test_a_file_that_is_not_there_is_said(tmp_path: Path, vocabulary: Vocabulary) -> None:
    with pytest.raises(DiagnosticError, match="not-readable"):
        read_prices(tmp_path / "nowhere.yaml", vocabulary)
