"""Figures as people read them."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

import pytest

from yiqi.arrears.claim import Claim
from yiqi.arrears.interest import interest
from yiqi.arrears.plan import constant
from yiqi.arrears.wording import amount_text, arithmetic_text, percent_text, rate_text, segment_text
from yiqi.clock.sources import Source
from yiqi.law.bilingual import Bilingual


@pytest.mark.parametrize(
    ("fen", "said"),
    [
        (0, "0.00"),
        (5, "0.05"),
        (123_456_789, "1,234,567.89"),
        (Fraction(1, 2), "≈0.01"),
        (Fraction(200), "2.00"),
        (Fraction(20_049, 100), "≈2.00"),
    ],
)
def test_amounts(fen: Fraction | int, said: str) -> None:
    assert amount_text(fen) == said


@pytest.mark.parametrize(
    ("rate", "said"),
    [
        (Fraction(5, 10_000), "0.05%"),
        (Fraction(175, 1_000_000), "0.0175%"),
        (Fraction(3, 100), "3%"),
        (Fraction(1825, 10_000), "18.25%"),
        (Fraction(12, 10), "120%"),
        (Fraction(1, 300), "1/3%"),
        (Fraction(0), "0%"),
    ],
)
def test_rates_have_every_digit(rate: Fraction, said: str) -> None:
    assert percent_text(rate) == said


def test_a_segment_says_how_it_was_reckoned() -> None:
    claim = Claim(10_000_000, dt.date(2025, 7, 31), dt.date(2025, 8, 30))
    (daily,) = interest(
        claim, constant(Fraction(5, 10_000), "day", Source(Bilingual("a contract", "合同"), "A"))
    ).segments
    assert segment_text(daily) == Bilingual(
        "1–30 August 2025: 100,000.00 × 0.05% × 30 days = 1,500.00",
        "2025年8月1日至30日：100,000.00 × 0.05% × 30天 = 1,500.00",
    )
    # 100,000 × 3% × 30 / 365 = 246.575…
    plan = constant(Fraction(3, 100), "year", Source(Bilingual("a contract", "合同"), "A"))
    (yearly,) = interest(claim, plan).segments
    assert arithmetic_text(yearly).en == "100,000.00 × 3% ÷ 365 × 30 days = ≈246.58"
    assert rate_text(yearly.rate, yearly.unit) == Bilingual("3% a year", "年利率3%")
    assert rate_text(daily.rate, daily.unit) == Bilingual("0.05% a day", "日利率0.05%")
