"""Reference rates that are fixed for half a year, from 1 January or 1 July, and never carried into the next."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from fractions import Fraction
from itertools import pairwise

from yiqi.arrears.error import ArrearsError
from yiqi.arrears.plan import RatePlan, RateStep
from yiqi.clock.holidays import DAY
from yiqi.clock.sources import Source
from yiqi.law.bilingual import Bilingual


def half_years(rates: Iterable[tuple[dt.date, Fraction, Source]]) -> RatePlan:
    """Reference rates of half-years, each with its first day, 1 January or 1 July; known to the end of the last.

    Raises :class:`ArrearsError` for another first day and for a half-year left out between two.
    """
    steps = tuple(RateStep(first, rate, "year", source) for first, rate, source in rates)
    _check_steps(steps)
    end = next_half_year(steps[-1].first) - DAY if steps else None
    return RatePlan(steps, end)


def check_half_years(references: RatePlan) -> None:
    """Raises :class:`ArrearsError` where a plan made otherwise than by :func:`half_years` is none of half-years."""
    steps = references.steps
    _check_steps(steps)
    if steps and (references.known_until is None or references.known_until >= next_half_year(steps[-1].first)):
        raise _half_year(
            "the last reference rate is carried beyond its half-year", "最后一期参考利率被延用到该半年之后"
        )


def next_half_year(first: dt.date) -> dt.date:
    return dt.date(first.year, 7, 1) if first.month == 1 else dt.date(first.year + 1, 1, 1)


def _check_steps(steps: tuple[RateStep, ...]) -> None:
    for step in steps:
        if (step.first.month, step.first.day) not in ((1, 1), (7, 1)):
            raise _half_year(f"{step.first} is not the first day of a half-year", f"{step.first}不是半年的首日")
    for one, two in pairwise(steps):
        if two.first != next_half_year(one.first):
            raise _half_year(
                f"between {one.first} and {two.first} a half-year is left out", f"{one.first}与{two.first}之间缺少半年"
            )


def _half_year(en: str, zh: str) -> ArrearsError:
    return ArrearsError(
        "rate-days",
        Bilingual(en, zh),
        Bilingual(
            "give the rate of each half-year from 1 January or 1 July, without a gap",
            "请逐期提供自1月1日或7月1日起的各半年利率，不得间断",
        ),
    )
