"""What is known of holidays: the notices of the State Council, the festivals fixed by law, how far a notice may go."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace

from yiqi.law.bilingual import Bilingual
from yiqi.law.tree import Confidence

DAY = dt.timedelta(days=1)
SATURDAY = 5

JOINED = ("mid_autumn", "national_day")
"""The festivals that a notice puts into one break when they meet."""


def days_between(first: dt.date, last: dt.date) -> tuple[dt.date, ...]:
    """The days from ``first`` to ``last``, both included."""
    return tuple(first + DAY * k for k in range((last - first).days + 1))


def is_weekend(day: dt.date) -> bool:
    return day.weekday() >= SATURDAY


@dataclass(frozen=True, slots=True)
class Break:
    """The days off around one festival, or two that meet, and the Saturdays and Sundays worked for them."""

    festivals: tuple[str, ...]
    first: dt.date
    last: dt.date
    worked: tuple[dt.date, ...]

    @property
    def days(self) -> tuple[dt.date, ...]:
        return days_between(self.first, self.last)


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice of the General Office of the State Council on the holidays of a year, or one that changes it."""

    number: str
    """As issued: ``国办发明电〔2025〕7号``."""
    year: int
    issued: dt.date
    amends: str | None
    exceptional: bool
    """Issued for an emergency, outside the rules that the other notices keep."""
    confidence: Confidence
    url: str | None
    breaks: tuple[Break, ...]


@dataclass(frozen=True, slots=True)
class Measures:
    """A version of the Measures on public holidays: the days off of each festival.

    ``days`` maps a festival to the offset of its first day off from the festival's own day, and to the number of days.
    """

    version: Bilingual
    years_from: int
    confidence: Confidence
    days: Mapping[str, tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Limit:
    """How far a notice may go for one festival.

    Days of the break, working days exchanged for it, days between the break and a Saturday or Sunday worked for it.
    """

    longest: int
    exchanged: int
    distance: int


@dataclass(frozen=True, eq=False)
class Holidays:
    """Everything on holidays that a calendar is made of. Two readings of the same files are the same object."""

    notices: tuple[Notice, ...]
    festivals: Mapping[str, Bilingual]
    measures: tuple[Measures, ...]
    lunar: Mapping[int, Mapping[str, dt.date]]
    """Year -> festival -> its own day, for the four festivals that the lunar calendar sets."""
    lunar_confidence: Confidence
    limits: Mapping[str, Limit]
    """Festival, or ``joined`` -> limit."""
    limits_confidence: Confidence

    @property
    def last_year(self) -> int:
        """The last year whose festivals are known."""
        return max(self.lunar)

    def known_on(self, day: dt.date) -> Holidays:
        """The same with only the notices that had been issued by the end of a day."""
        return replace(self, notices=tuple(n for n in self.notices if n.issued <= day))

    def measures_of(self, year: int) -> Measures:
        """The version of the Measures that sets the festivals of a year. Raises ``KeyError`` before the first."""
        found = [m for m in self.measures if m.years_from <= year]
        if not found:
            raise KeyError(year)
        return found[-1]

    def festival_days(self, festival: str, year: int) -> tuple[dt.date, ...]:
        """The days off by law for a festival. Raises ``KeyError`` for a year whose festivals are not known."""
        fixed = {"new_year": (1, 1), "labour_day": (5, 1), "national_day": (10, 1)}
        day = dt.date(year, *fixed[festival]) if festival in fixed else self.lunar[year][festival]
        first, count = self.measures_of(year).days[festival]
        return tuple(day + DAY * (first + k) for k in range(count))
