"""A deadline and everything about it: what was asked, the last day, each step, what other readings would give."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from yiqi.clock.holidays import Notice
from yiqi.clock.readings import OPTIONS
from yiqi.clock.sources import Source
from yiqi.clock.unannounced import OpenFestival, open_text
from yiqi.clock.workdays import CalendarDay, CountRange, DayRange
from yiqi.law.bilingual import Bilingual
from yiqi.law.duration import Period
from yiqi.law.tree import Confidence

Direction = Literal["after", "before"]
Basis = Literal["civil", "administrative"]
"""A period between parties, for which the Civil Code says how to count; one of an authority, counted likewise by analogy."""


@dataclass(frozen=True, slots=True)
class Pause:
    """Days on which the clock stands still, both included; ``last`` is None while it still does."""

    first: dt.date
    last: dt.date | None
    why: Bilingual | None = None


@dataclass(frozen=True, slots=True)
class Extension:
    """More time: ``more`` on top of the period, or a ``total`` that replaces it, counted from the same day."""

    period: Period
    kind: Literal["more", "total"]


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the count in words, with the article it rests on or the name of the reading it takes."""

    text: Bilingual
    source: Source | None = None
    reading: str | None = None


@dataclass(frozen=True, slots=True)
class Alternative:
    """What another reading of one open question would give; ``why_not`` where it cannot be counted."""

    name: str
    option: str
    last: DayRange | None
    why_not: Bilingual | None = None

    @property
    def question(self) -> Bilingual:
        return OPTIONS[self.name][0]

    @property
    def meaning(self) -> Bilingual:
        return OPTIONS[self.name][1][self.option]


@dataclass(frozen=True, slots=True)
class Deadline:
    """The last day of a period and how it was found.

    ``raw`` is the last day before it moves off a rest day. ``last`` is None while a pause has no end; then ``left`` is
    how much of the period is left, in working days for a period in working days, else in days.
    """

    start: dt.date
    period: Period
    direction: Direction
    raw: DayRange | None
    last: DayRange | None
    runs_from: dt.date
    """The day of the event that counts: ``start``, or the receipt after a transfer."""
    working_days: int | None
    """How many working days lie between it and the last day, where the period is counted so and nothing paused it."""
    paused_since: dt.date | None
    left: CountRange | None
    steps: tuple[Step, ...]
    skipped: tuple[CalendarDay, ...]
    """Days off that were not counted, or off which the last day moved."""
    worked: tuple[CalendarDay, ...]
    """Saturdays and Sundays that count as working days."""
    undecided: tuple[CalendarDay, ...]
    """Days among those that decided which a notice that is not out may still turn round."""
    notices: tuple[Notice, ...]
    """The notices on holidays of the days that decided."""
    open: tuple[OpenFestival, ...]
    """The festivals whose notice is not out and on which the range rests."""
    confidence: Confidence
    """The weakest tag of what it rests on."""
    alternatives: tuple[Alternative, ...]

    @property
    def why_open(self) -> Bilingual | None:
        """Why the answer is a range, in words; None when it is one day."""
        return open_text(self.open) if self.last is not None and not self.last.certain else None
