"""By how much a condition was missed, against arithmetic done here."""

import datetime as dt
from fractions import Fraction

import pytest

from yiqi.facts.sheet import FactSheet
from yiqi.judge.gap import gap
from yiqi.judge.judge import Judge
from yiqi.judge.reasons import Reason
from yiqi.law.library import load
from yiqi.law.tree import Compare

ON = dt.date(2026, 11, 23)
WAN = 1_000_000  # fen in 万元


def reason_of(values: dict[str, object], condition: str) -> Reason:
    answer = Judge(load()).judge(FactSheet(values), ON, "new", ("ladder.little_giant",))["ladder.little_giant"]  # type: ignore[arg-type]
    assert answer.reason is not None
    return next(r for r in answer.reason.walk() if r.outline.id == f"miit-2026-2#little_giant.{condition}")


def change_of(values: dict[str, object], condition: str) -> tuple[str, int | None, int]:
    reason = reason_of(values, condition)
    leaf = reason.outline.leaves[0]
    assert isinstance(leaf, Compare)
    found = gap(reason.run.evaluation, leaf)
    assert found is not None
    return found.slot.fact, found.slot.index, found.change


def test_an_amount_short_of_its_floor() -> None:
    # 4999.99万元 against 5000万元
    assert change_of({"operating_revenue": {2025: 5000 * WAN - 10_000}}, "scale/1") == ("operating_revenue", 0, 10_000)


def test_a_share_short_by_main_revenue() -> None:
    revenue, main = 10_000 * WAN + 1, 8_840 * WAN
    # the least whole fen with 10 · main >= 9 · revenue
    least = -(-9 * revenue // 10)
    change = change_of({"operating_revenue": {2025: revenue}, "main_revenue": {2025: main}}, "scale/2")
    assert change == ("main_revenue", 0, least - main)
    assert Fraction(least, revenue) >= Fraction(9, 10) > Fraction(least - 1, revenue)


def test_too_much_debt_is_a_fall() -> None:
    assets, debt = 1_000 * WAN, 800 * WAN
    change = change_of({"total_assets": {2025: assets}, "total_liabilities": {2025: debt}}, "scale/4")
    assert change == ("total_liabilities", 0, 750 * WAN - debt)


def test_a_sum_over_two_years_is_made_up_in_the_last() -> None:
    values = {"rd_expense": {2025: 500 * WAN, 2024: 600 * WAN}}
    assert change_of(values, "research/1") == ("rd_expense", 0, 100 * WAN)


def test_compound_growth() -> None:
    base, last = 5_000 * WAN, 5_500 * WAN
    # (last + x) / base >= 1.05²
    needed = -(-base * 105 * 105 // 10_000)
    change = change_of({"operating_revenue": {2025: last, 2023: base}}, "scale/3")
    assert change == ("operating_revenue", 0, needed - last)


@pytest.mark.parametrize("values", [{"operating_revenue": {2025: 6000 * WAN}}, {}])
def test_no_gap_where_nothing_failed(values: dict[str, object]) -> None:
    reason = reason_of(values, "scale/1")
    leaf = reason.outline.leaves[0]
    assert isinstance(leaf, Compare)
    assert gap(reason.run.evaluation, leaf) is None


def test_mean_growth_is_made_up_in_the_last_year() -> None:
    # MIIT 2022 No. 63, Annex 3: the mean of the two yearly rates is at least 5%.
    last, before, base = 1_000 * WAN, 1_000 * WAN, 1_000 * WAN
    answer = Judge(load()).judge(
        FactSheet({"main_revenue": {2024: last, 2023: before, 2022: base}}),
        dt.date(2025, 12, 15), "new", ("ladder.little_giant",),
    )["ladder.little_giant"]  # fmt: skip
    assert answer.reason is not None
    reason = next(r for r in answer.reason.walk() if "mean growth" in r.outline.text.en.lower())
    (found,) = reason.gaps
    # (x / 1000 - 1 + 0) / 2 >= 5%  gives  x >= 1100
    assert (found.slot.fact, found.slot.index, found.change) == ("main_revenue", 0, 100 * WAN)


def test_no_gap_that_no_value_could_close() -> None:
    # One right is asked of an enterprise; a share of the market above 100% is asked of nobody.
    reason = reason_of({"market_share": 5_000_000, "market_share_international": 0, "market_rank": 9}, "market/5")
    # third place or better: from ninth it is six places, and a rank cannot be below first
    (found,) = reason.gaps
    assert (found.slot.fact, found.change) == ("market_rank", -6)
