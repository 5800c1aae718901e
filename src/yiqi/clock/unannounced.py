"""What a notice that is not out yet may still decide: every way to arrange a festival within the limits.

The festivals themselves are off by law. Which working days around them become days off, and which Saturdays and Sundays
are worked instead, only the notice says. Every arrangement that keeps the Measures (the break holds the days off by law;
as many working days are given as the law gives) and stays within the limits of ``festivals.yaml`` is possible.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from yiqi.clock.holidays import DAY, JOINED, Holidays, Limit, days_between, is_weekend

Days = AbstractSet[dt.date]


@dataclass(frozen=True, slots=True)
class Arrangement:
    """One way to arrange a break: working days that become days off, and how many of ``worked`` are worked instead."""

    off: frozenset[dt.date]
    exchanged: int
    worked: frozenset[dt.date]

    def most(self, window: Days) -> int:
        """By how many working days a window of days can grow at most."""
        return min(self.exchanged, len(self.worked & window)) - len(self.off & window)

    def fewest(self, window: Days) -> int:
        """By how many working days a window of days can grow at least; negative when it shrinks."""
        return max(0, self.exchanged - len(self.worked - window)) - len(self.off & window)


@dataclass(frozen=True, slots=True)
class OpenFestival:
    """A festival without a notice, or two that may meet: one list of alternatives for each way to group them.

    ``groupings`` is a tuple of groupings; a grouping is a tuple of breaks; a break is a tuple of arrangements.
    """

    festivals: tuple[str, ...]
    year: int
    groupings: tuple[tuple[tuple[Arrangement, ...], ...], ...]

    def most(self, window: Days) -> int:
        return max(sum(max(a.most(window) for a in each) for each in breaks) for breaks in self.groupings)

    def fewest(self, window: Days) -> int:
        return min(sum(min(a.fewest(window) for a in each) for each in breaks) for breaks in self.groupings)

    @property
    def open_days(self) -> frozenset[dt.date]:
        """The days of which nobody can say yet whether they are worked."""
        every = [a for breaks in self.groupings for each in breaks for a in each]
        swapped = [a.worked for a in every if a.exchanged]
        return frozenset().union(*(a.off for a in every), *swapped)


def open_festivals(holidays: Holidays, year: int) -> tuple[OpenFestival, ...]:
    """What is open about the festivals of a year without a notice."""
    by_law = {f: frozenset(holidays.festival_days(f, year)) for f in holidays.festivals}
    off_by_law = frozenset().union(*by_law.values())

    def arrangements(days: frozenset[dt.date], count: int, limit: Limit) -> tuple[Arrangement, ...]:
        return _arrangements(days, count, limit, holidays.distance, off_by_law)

    found = [
        OpenFestival((f,), year, ((arrangements(days, len(days), holidays.limits[f]),),))
        for f, days in by_law.items()
        if f not in JOINED
    ]
    pair = [by_law[f] for f in JOINED]
    together = frozenset().union(*pair)
    groupings: list[tuple[tuple[Arrangement, ...], ...]] = []
    if len(together) == sum(len(days) for days in pair):
        groupings.append(tuple(arrangements(by_law[f], len(by_law[f]), holidays.limits[f]) for f in JOINED))
    limit = holidays.limits["joined"]
    if (max(together) - min(together)).days < limit.longest:
        # Where the two fall on one day, the law still gives a day for each.
        groupings.append((arrangements(together, sum(len(days) for days in pair), limit),))
    return (*found, OpenFestival(JOINED, year, tuple(groupings)))


def _arrangements(
    by_law: frozenset[dt.date], count: int, limit: Limit, distance: int, off_by_law: frozenset[dt.date]
) -> tuple[Arrangement, ...]:
    first, last = min(by_law), max(by_law)
    shortest = (last - first).days + 1
    found = []
    for length in range(shortest, limit.longest + 1):
        for before in range(length - shortest + 1):
            start = first - DAY * before
            days = frozenset(days_between(start, start + DAY * (length - 1)))
            working = frozenset(day for day in days if not is_weekend(day))
            exchanged = len(working) - count
            if not 0 <= exchanged <= limit.exchanged:
                continue
            around = days_between(start - DAY * distance, max(days) + DAY * distance)
            worked = frozenset(d for d in around if is_weekend(d) and d not in days and d not in off_by_law)
            found.append(Arrangement(working - off_by_law, exchanged, worked))
    return tuple(dict.fromkeys(found))
