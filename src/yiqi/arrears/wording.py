"""Amounts, rates and the arithmetic of a segment as people read them; the figures behind stay exact.

An amount that is no whole number of fen is shown rounded half up after ``≈``, so that a reader who multiplies the
figures shown knows why the last one may differ.
"""

from __future__ import annotations

from fractions import Fraction

from yiqi.arrears.interest import Segment, half_up
from yiqi.arrears.plan import Unit
from yiqi.clock.wording import span_text
from yiqi.law.bilingual import Bilingual

PLACES = 8
"""Decimal places of a percentage at most; a rate with more is shown as a fraction."""


def amount_text(fen: Fraction | int) -> str:
    """``1,234.50``, or ``≈1,234.57`` for a fraction of a fen; the currency is the caller's to add."""
    whole = half_up(Fraction(fen))
    return f"{'' if whole == fen else '≈'}{whole // 100:,}.{whole % 100:02d}"


def percent_text(rate: Fraction) -> str:
    """``18.25%``: every digit of it, or ``1/3%`` where decimals do not end."""
    percent = rate * 100
    scaled = percent * 10**PLACES
    if scaled.denominator != 1:
        return f"{percent.numerator}/{percent.denominator}%"
    whole, places = divmod(scaled.numerator, 10**PLACES)
    decimals = f"{places:0{PLACES}d}".rstrip("0")
    return f"{whole}.{decimals}%" if decimals else f"{whole}%"


def rate_text(rate: Fraction, unit: Unit) -> Bilingual:
    """``0.05% a day``, ``3% a year``."""
    percent = percent_text(rate)
    return Bilingual(f"{percent} a {unit}", f"{'日' if unit == 'day' else '年'}利率{percent}")


def arithmetic_text(segment: Segment) -> Bilingual:
    """``100,000.00 × 3% ÷ 365 × 31 = ≈254.79``: principal, rate, length of the year, days, interest."""
    year = "" if segment.year is None else f" ÷ {segment.year}"
    base, percent, accrued = amount_text(segment.base), percent_text(segment.rate), amount_text(segment.accrued)
    days = "day" if segment.days == 1 else "days"
    return Bilingual(
        f"{base} × {percent}{year} × {segment.days} {days} = {accrued}",
        f"{base} × {percent}{year} × {segment.days}天 = {accrued}",
    )


def segment_text(segment: Segment) -> Bilingual:
    """The days of a segment and its arithmetic."""
    days, said = span_text(segment.first, segment.last), arithmetic_text(segment)
    return Bilingual(f"{days.en}: {said.en}", f"{days.zh}：{said.zh}")
