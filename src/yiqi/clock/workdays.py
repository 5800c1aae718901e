"""The working-day calendar: what each day is, how many working days lie between two days, when the n-th is over.

Where the notice of a year is out, every answer is one day. Where it is not, the answer is the earliest and the latest day
that a notice may still make it.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Literal

from yiqi.clock.error import ClockError
from yiqi.clock.holiday_files import load_holidays
from yiqi.clock.holidays import DAY, Break, Holidays, Notice, days_between, is_weekend
from yiqi.clock.unannounced import Days, OpenFestival, open_festivals
from yiqi.law.bilingual import Bilingual

DayKind = Literal["working", "makeup", "weekend", "festival", "exchanged"]
"""An ordinary working day; a Saturday or Sunday worked for a break; a Saturday or Sunday off; a day off by law; a working
day that a notice turned into a day off."""

RestDays = Literal["notice", "statutory"]
"""Which days off count as legal rest days: all of the notice, or only weekends and festivals, not exchanged days off."""

WEEKDAYS = (
    Bilingual("Monday", "星期一"),
    Bilingual("Tuesday", "星期二"),
    Bilingual("Wednesday", "星期三"),
    Bilingual("Thursday", "星期四"),
    Bilingual("Friday", "星期五"),
    Bilingual("Saturday", "星期六"),
    Bilingual("Sunday", "星期日"),
)

NONE: Days = frozenset()


def weekday(day: dt.date) -> Bilingual:
    return WEEKDAYS[day.weekday()]


@dataclass(frozen=True, slots=True)
class DayRange:
    """A day, or the earliest and the latest that it may be."""

    earliest: dt.date
    latest: dt.date

    @property
    def certain(self) -> bool:
        return self.earliest == self.latest


@dataclass(frozen=True, slots=True)
class CountRange:
    """A number of days, or the fewest and the most that it may be."""

    low: int
    high: int


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """What a day is and why. ``certain`` is false where a notice that is not out yet may change it."""

    date: dt.date
    kind: DayKind
    name: Bilingual
    certain: bool
    notice: Notice | None

    @property
    def works(self) -> bool:
        return self.kind in ("working", "makeup")


class Calendar:
    """The working days of China from the first year with a notice to the last whose festivals are known."""

    def __init__(self, holidays: Holidays) -> None:
        if not holidays.notices:
            raise ClockError("no notice on holidays is known", "没有任何节假日安排通知")
        self.holidays = holidays
        years = [n.year for n in holidays.notices]
        self.first = dt.date(min(years), 1, 1)
        self.last_announced = dt.date(max(years), 12, 31)
        """The last day of the last year with a notice."""
        reach = max(limit.longest + limit.distance for limit in holidays.limits.values())
        # Nearer to the end, a festival of the year after, which is not known, could reach back.
        self.last = dt.date(holidays.last_year, 12, 31) - DAY * reach
        self._breaks: dict[tuple[int, tuple[str, ...]], tuple[Break, Notice]] = {}
        for notice in holidays.notices:
            for each in notice.breaks:
                self._breaks[notice.year, tuple(sorted(each.festivals))] = (each, notice)

    # -- what a day is ------------------------------------------------------------------------------------------------

    def day(self, date: dt.date) -> CalendarDay:
        """What a day is. Raises :class:`ClockError` for one outside the calendar."""
        self._inside(date)
        certain = date not in self._open_days
        if found := self._off.get(date):
            each, notice = found
            if date in self._by_law:
                return CalendarDay(date, "festival", self._by_law[date], True, notice)
            kind: DayKind = "weekend" if is_weekend(date) else "exchanged"
            return CalendarDay(date, kind, self._name(each.festivals), True, notice)
        if found := self._worked.get(date):
            each, notice = found
            name = self._name(each.festivals)
            worked = Bilingual(f"worked for {name.en}", f"{name.zh}调休上班")
            return CalendarDay(date, "makeup", worked, True, notice)
        notice_of = self._notice_of.get(date.year)
        if date in self._by_law:
            return CalendarDay(date, "festival", self._by_law[date], True, notice_of)
        if is_weekend(date):
            name = Bilingual("Saturday", "周六") if date.weekday() == 5 else Bilingual("Sunday", "周日")
            return CalendarDay(date, "weekend", name, certain, notice_of)
        return CalendarDay(date, "working", Bilingual("working day", "工作日"), certain, notice_of)

    def days(self, first: dt.date, last: dt.date) -> Iterator[CalendarDay]:
        """What each day is, from the first to the last, both included."""
        return (self.day(d) for d in days_between(first, last))

    def notices_of(self, days: Iterable[dt.date]) -> tuple[Notice, ...]:
        """The notices that say what these days are, in the order issued."""
        found = {n.number for d in days if (n := self.day(d).notice) is not None}
        return tuple(n for n in self.holidays.notices if n.number in found)

    def open_among(self, days: Iterable[dt.date]) -> tuple[OpenFestival, ...]:
        """The festivals without a notice that may decide over one of these days."""
        wanted = frozenset(days)
        return tuple(f for f, zone in self._open if zone & wanted)

    # -- counting -----------------------------------------------------------------------------------------------------

    def count(self, after: dt.date, through: dt.date, skip: Days = NONE, rest: RestDays = "notice") -> CountRange:
        """How many working days lie after one day and through another, less the days to skip."""
        if through <= after:
            return CountRange(0, 0)
        self._inside(after + DAY)
        self._inside(through)
        window = frozenset(days_between(after + DAY, through)) - skip
        sure = sum(1 for d in window if self._counts(d, rest))
        low, high = self._open_counts(window, rest)
        return CountRange(sure + low, sure + high)

    def reach(self, after: dt.date, number: int, skip: Days = NONE, rest: RestDays = "notice") -> DayRange:
        """The day on which the ``number``-th working day after a day is reached. ``number`` is at least 1."""
        return self._reach(after, number, skip, rest, DAY)

    def back(self, before: dt.date, number: int, skip: Days = NONE) -> DayRange:
        """The day from which ``number`` working days lie before a day: itself included, that day not."""
        found = self._reach(before, number, skip, "notice", -DAY)
        return DayRange(found.latest, found.earliest)

    def move(self, day: dt.date, rest: RestDays = "notice") -> DayRange:
        """The day itself, or the next that is no rest day."""
        return self.reach(day - DAY, 1, rest=rest)

    def _reach(self, start: dt.date, number: int, skip: Days, rest: RestDays, step: dt.timedelta) -> DayRange:
        if not skip and (found := self._reach_announced(start, number, rest, step)) is not None:
            return DayRange(found, found)
        # The most working days that there can be decide the earliest day, the fewest the latest: the n-th working day is
        # over on a day if and only if n working days lie up to it.
        sure, earliest = 0, None
        day = start
        window: set[dt.date] = set()
        while True:
            day += step
            self._inside(day)
            if day in skip:
                continue
            window.add(day)
            sure += self._counts(day, rest)
            low, high = self._open_counts(window, rest)
            if earliest is None and sure + high >= number:
                earliest = day
            if earliest is not None and sure + low >= number:
                return DayRange(earliest, day)

    def _reach_announced(self, start: dt.date, number: int, rest: RestDays, step: dt.timedelta) -> dt.date | None:
        """The same where no open day lies between: a place in the list of working days."""
        working = self._sure_days[rest]
        if step > DAY * 0:
            if start < self.first - DAY:
                return None
            place = bisect_right(working, start) + number - 1
            return working[place] if place < len(working) else None
        if start > self._first_open:
            return None
        place = bisect_left(working, start) - number
        return working[place] if place >= 0 else None

    def _open_counts(self, window: Days, rest: RestDays) -> tuple[int, int]:
        reach = [(f, zone) for f, zone in self._open if not zone.isdisjoint(window)]
        if rest == "statutory":
            # Exchanged days off are no rest days in this reading; what is open is only which weekends are worked.
            return 0, sum(f.most(frozenset(d for d in zone & window if is_weekend(d))) for f, zone in reach)
        return sum(f.fewest(zone & window) for f, zone in reach), sum(f.most(zone & window) for f, zone in reach)

    def _counts(self, date: dt.date, rest: RestDays) -> bool:
        if date in self._by_law:
            return False
        if date in self._off:
            return rest == "statutory" and not is_weekend(date)
        return not is_weekend(date) or date in self._worked

    def _inside(self, date: dt.date) -> None:
        if date < self.first:
            raise ClockError(
                f"{date.isoformat()} lies before {self.first.year}; there is no calendar of working days for that time",
                f"{date.isoformat()}早于{self.first.year}年，没有该时期的工作日历",
            )
        if date > self.last:
            raise ClockError(
                f"the calendar ends on {self.last.isoformat()}: later festivals are not listed",
                f"日历截至{self.last.isoformat()}，之后的节日尚未列入",
            )

    # -- what the notices say, by day ---------------------------------------------------------------------------------

    @cached_property
    def _off(self) -> dict[dt.date, tuple[Break, Notice]]:
        return {day: found for found in self._breaks.values() for day in found[0].days}

    @cached_property
    def _worked(self) -> dict[dt.date, tuple[Break, Notice]]:
        return {day: found for found in self._breaks.values() for day in found[0].worked}

    @cached_property
    def _notice_of(self) -> dict[int, Notice]:
        return {n.year: n for n in self.holidays.notices if n.amends is None}

    @cached_property
    def _by_law(self) -> dict[dt.date, Bilingual]:
        found: dict[dt.date, Bilingual] = {}
        for year in range(self.first.year, self.holidays.last_year + 1):
            for festival, name in self.holidays.festivals.items():
                for day in self.holidays.festival_days(festival, year):
                    other = found.get(day)
                    found[day] = Bilingual(f"{other.en}, {name.en}", f"{other.zh}、{name.zh}") if other else name
        return found

    @cached_property
    def _open(self) -> tuple[tuple[OpenFestival, Days], ...]:
        """The festivals without a notice, each with the days that are open because of it."""
        years = range(self.last_announced.year + 1, self.holidays.last_year + 1)
        return tuple((f, f.open_days) for year in years for f in open_festivals(self.holidays, year))

    @cached_property
    def _open_days(self) -> Days:
        return frozenset().union(*(zone for _, zone in self._open))

    @cached_property
    def _first_open(self) -> dt.date:
        """The first day of which nobody can say yet whether it is worked; the end of the calendar where there is none."""
        return min(self._open_days, default=self.last)

    @cached_property
    def _sure_days(self) -> dict[RestDays, list[dt.date]]:
        """The working days before the first open day, in order, under each reading of what a rest day is."""
        before = days_between(self.first, self._first_open - DAY)
        readings: tuple[RestDays, ...] = ("notice", "statutory")
        return {rest: [d for d in before if self._counts(d, rest)] for rest in readings}

    def _name(self, festivals: tuple[str, ...]) -> Bilingual:
        names = [self.holidays.festivals[f] for f in festivals]
        return Bilingual(", ".join(n.en for n in names), "、".join(n.zh for n in names))


def load_calendar(folder: Path | None = None) -> Calendar:
    """The calendar of a law folder, by default the one that comes with Yiqi; read once for the same files.

    Raises :class:`DiagnosticError` with everything that is wrong in the files.
    """
    return _calendar(load_holidays(folder))


@lru_cache(maxsize=8)
def _calendar(holidays: Holidays) -> Calendar:
    return Calendar(holidays)
