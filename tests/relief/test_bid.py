"""The price of a bid by the law there is: 财库〔2020〕46号, 财库〔2022〕19号, 国办发〔2025〕34号."""

from __future__ import annotations

import datetime as dt
from functools import cache

import pytest

from yiqi.facts.sheet import FactSheet, Value, Yearly
from yiqi.judge.judge import Judge
from yiqi.law.library import load
from yiqi.law.quantities import parse_quantity
from yiqi.relief.bid import Bid, bid

ON = dt.date(2026, 6, 1)
GOODS: dict[str, Value | Yearly] = {
    "bid_kind": "goods", "bid_reserved": False, "bid_tied_to_large": False, "bid_makers_small": True,
    "bid_domestic": False, "industry": "F51", "employees": {2025: 15}, "operating_revenue": {2025: 3000_0000_00},
}  # fmt: skip
"""Goods of small makers, quoted by a small wholesaler: 5 to 19 people and 1000万 to 5000万."""


@cache
def judge() -> Judge:
    return Judge(load())


def yuan(amount: str) -> int:
    return parse_quantity(amount, "money")


def percent(share: str) -> int:
    return parse_quantity(share, "ratio")


def priced(**changes: Value | Yearly | None) -> Bid:
    facts = {**GOODS, "bid_quote": yuan("100万元"), **changes}
    return bid(judge(), FactSheet({k: v for k, v in facts.items() if v is not None}), ON)


def test_the_rate_of_the_tender_is_taken_from_the_quote() -> None:
    found = priced(bid_deduction_rate=percent("15%"))
    assert found.deducted == (yuan("15万元"), yuan("15万元"))
    assert found.compared == (yuan("85万元"), yuan("85万元"))
    assert found.as_dict()["contract_price"] == "1000000.00"


def test_without_the_rate_the_price_is_a_range() -> None:
    assert priced().compared == (yuan("80万元"), yuan("90万元"))


def test_both_preferences_are_taken_from_the_original_quote() -> None:
    found = priced(bid_deduction_rate=percent("10%"), bid_domestic=True)
    # 10% and 20% of 1,000,000, not 20% of 900,000
    assert found.compared == (yuan("70万元"), yuan("70万元"))


def test_a_domestic_product_that_nobody_declared_may_count() -> None:
    found = priced(bid_deduction_rate=percent("10%"), bid_domestic=None)
    assert found.compared == (yuan("70万元"), yuan("90万元"))


@pytest.mark.parametrize("changes", [{"bid_reserved": True}, {"bid_tied_to_large": True}, {"bid_makers_small": False}])
def test_where_it_does_not_count_the_price_stays(changes: dict[str, Value]) -> None:
    found = priced(bid_deduction_rate=percent("10%"), **changes)
    assert found.compared == (yuan("100万元"), yuan("100万元"))


def test_a_reserved_package_is_said() -> None:
    found = priced(bid_reserved=True, bid_suitable=True)
    assert found.reserved is not None
    assert found.reserved.standing == "applies"


def test_for_works_three_to_five_percent_by_a_secondary_source() -> None:
    # building: below 80m revenue or assets small; 3m and more of both
    works = {
        "bid_kind": "works", "industry": "E47", "operating_revenue": {2025: yuan("1000万元")},
        "total_assets": {2025: yuan("1000万元")},
    }  # fmt: skip
    found = priced(**works)  # type: ignore[arg-type]
    assert found.compared == (yuan("95万元"), yuan("97万元"))
    (counting,) = [d for d in found.deductions if d.counts]
    assert counting.confidence == "B"


def test_a_medium_bidder_with_thirty_percent_for_small_firms() -> None:
    medium = {
        "bid_kind": "services",
        "bid_makers_small": None,
        "industry": "I65",
        "employees": {2025: 200},
        "operating_revenue": {2025: yuan("5000万元")},
    }
    found = priced(**medium, bid_small_share=percent("30%"))  # type: ignore[arg-type]
    assert found.compared == (yuan("94万元"), yuan("96万元"))
    found = priced(**medium, bid_small_share=percent("30%"), bid_consortium_rate=percent("5%"))  # type: ignore[arg-type]
    assert found.compared == (yuan("95万元"), yuan("95万元"))
    found = priced(**medium, bid_small_share=percent("29.99%"), bid_consortium_rate=percent("5%"))  # type: ignore[arg-type]
    assert found.compared == (yuan("100万元"), yuan("100万元"))


def test_of_two_that_exclude_each_other_one_is_taken_off() -> None:
    # nothing known of the bidder: small (10% to 20%), or larger with a consortium (4% to 6%), never both
    found = priced(industry=None, employees=None, operating_revenue=None, bid_kind="services", bid_makers_small=None)
    assert found.compared == (yuan("80万元"), yuan("100万元"))


def test_a_consortium_for_works_rests_on_memory_and_has_no_amount() -> None:
    medium = {"bid_kind": "works", "industry": "E47", "operating_revenue": {2025: yuan("2亿元")}, "total_assets": {2025: yuan("2亿元")}}  # fmt: skip
    found = priced(**medium, bid_small_share=percent("40%"))  # type: ignore[arg-type]
    assert found.compared is not None
    assert found.compared[1] == yuan("100万元")


@pytest.mark.parametrize(
    ("rate", "counted", "said"),
    [("10%", "90万元", ()), ("20%", "80万元", ()), ("9%", "90万元", ("bid_deduction_rate",)), ("21%", "80万元", ("bid_deduction_rate",))],
)  # fmt: skip
def test_a_rate_that_the_law_does_not_allow_is_said(rate: str, counted: str, said: tuple[str, ...]) -> None:
    found = priced(bid_deduction_rate=percent(rate))
    assert found.unlawful == said
    assert found.compared == (yuan(counted), yuan(counted))


def test_to_the_fen() -> None:
    found = priced(bid_quote=yuan("1234567.89元"), bid_deduction_rate=percent("12.5%"))
    # 12.5% of 1,234,567.89 = 154,320.98625, half up
    assert found.deducted == (yuan("154320.99元"), yuan("154320.99元"))
    assert found.compared == (yuan("1080246.90元"), yuan("1080246.90元"))


def test_without_a_quote_there_is_no_price() -> None:
    found = priced(bid_quote=None)
    assert found.compared is None
