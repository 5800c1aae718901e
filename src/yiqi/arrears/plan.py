"""A rate over time. Up to which day it is known is part of it: beyond that day there is no rate, not the last one."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import pairwise
from typing import Literal

from yiqi.arrears.error import ArrearsError
from yiqi.clock.sources import Source
from yiqi.law.bilingual import Bilingual

Unit = Literal["day", "year"]

BEFORE = Bilingual("no rate is known for these days", "这些日期没有已知利率")
BEYOND = Bilingual("the rate of these days is not known yet", "这些日期的利率尚不可知")


@dataclass(frozen=True, slots=True)
class RateStep:
    """A rate from a day on: ``Fraction(1, 2000)`` by the day, ``Fraction(3, 100)`` by the year."""

    first: dt.date
    rate: Fraction
    unit: Unit
    source: Source


@dataclass(frozen=True, slots=True)
class RatePlan:
    """Rates in the order of their first days; each holds to the day before the next, the last to ``known_until``.

    ``known_until`` is None for a rate that nothing can change. ``before`` and ``beyond`` say why there is none on other
    days. Raises :class:`ArrearsError` for a rate below zero and for days that do not ascend.
    """

    steps: tuple[RateStep, ...]
    known_until: dt.date | None = None
    before: Bilingual = BEFORE
    beyond: Bilingual = BEYOND
    starts: tuple[int, ...] = field(init=False, repr=False, compare=False)
    """The first days as ordinals."""
    run_ends: tuple[int, ...] = field(init=False, repr=False, compare=False)
    """For each step, the position of the next one with another rate: a step that repeats the rate changes nothing."""

    def __post_init__(self) -> None:
        starts = tuple(step.first.toordinal() for step in self.steps)
        if any(a >= b for a, b in pairwise(starts)) or (
            self.known_until is not None and starts and self.known_until.toordinal() < starts[-1]
        ):
            raise ArrearsError(
                "rate-days",
                Bilingual("the first days of the rates do not ascend", "各段利率的起始日未递增"),
                Bilingual(
                    "order the rates by day, each day once, the last known day at the end",
                    "请按日期排序，每个起始日仅一段，已知截止日在最后",
                ),
            )
        if any(step.rate < 0 for step in self.steps):
            raise ArrearsError(
                "negative-rate",
                Bilingual("a rate is below zero", "利率小于零"),
                Bilingual("correct the rate", "请更正利率"),
            )
        ends = [len(starts)] * len(starts)
        for at in range(len(starts) - 2, -1, -1):
            one, two = self.steps[at], self.steps[at + 1]
            ends[at] = ends[at + 1] if (one.rate, one.unit) == (two.rate, two.unit) else at + 1
        object.__setattr__(self, "starts", starts)
        object.__setattr__(self, "run_ends", tuple(ends))

    def on(self, day: dt.date) -> RateStep | None:
        """The rate of a day; None where none is known."""
        at = bisect_right(self.starts, day.toordinal()) - 1
        return self.steps[at] if at >= 0 and (self.known_until is None or day <= self.known_until) else None

    def why_not(self, day: dt.date) -> Bilingual:
        """Why no rate is known on a day."""
        return self.beyond if self.steps and day >= self.steps[0].first else self.before


ALWAYS = dt.date.min


def constant(rate: Fraction, unit: Unit, source: Source) -> RatePlan:
    """One rate for every day."""
    return RatePlan((RateStep(ALWAYS, rate, unit, source),))
