"""What a notice that is not out yet may still decide: every way to arrange a festival within the limits.

The festivals themselves are off by law. Which working days around them become days off, and which Saturdays and Sundays
are worked instead, only the notice says. Every arrangement that keeps the Measures (the break holds the days off by law;
as many working days are given as the law gives) and stays within the limits of ``festivals.yaml`` is possible.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from yiqi.clock.holidays import DAY, JOINED, Holidays, Limit, days_between, is_weekend
from yiqi.law.bilingual import Bilingual

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

    name: Bilingual
    year: int
    by_law: tuple[dt.date, ...]
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
        return _arrangements(days, count, limit, off_by_law)

    found = [
        OpenFestival(
            holidays.festivals[f], year, _ordered(days), ((arrangements(days, len(days), holidays.limits[f]),),)
        )
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
    names = [holidays.festivals[f] for f in JOINED]
    name = Bilingual(" and ".join(n.en for n in names), "、".join(n.zh for n in names))
    return (*found, OpenFestival(name, year, _ordered(together), tuple(groupings)))


def open_text(festivals: Sequence[OpenFestival]) -> Bilingual:
    """Why a day is a range: which festivals have no notice yet, what is known of them and what is not."""
    years = list(dict.fromkeys(str(f.year) for f in festivals))
    names = [Bilingual(f"{f.name.en} {f.year}", f"{f.year}年{f.name.zh}") for f in festivals]
    return Bilingual(
        f"The State Council has not announced the holidays of {', '.join(years)}. What is off by law is known "
        f"({', '.join(n.en for n in names)}); which working days around it are off, and which Saturdays and Sundays are worked "
        "instead, is not. The range holds every arrangement as wide as those of the notices since 2019 [D].",
        f"{'、'.join(years)}年的节假日安排尚未公布。依法放假的节日已知（{'、'.join(n.zh for n in names)}），但前后哪些工作日调休放假、"
        "哪些周六周日上班尚不确定。该区间涵盖不超出2019年以来历次通知幅度的全部安排[D]。",
    )


def _ordered(days: frozenset[dt.date]) -> tuple[dt.date, ...]:
    return tuple(sorted(days))


def _arrangements(
    by_law: frozenset[dt.date], count: int, limit: Limit, off_by_law: frozenset[dt.date]
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
            around = days_between(start - DAY * limit.distance, max(days) + DAY * limit.distance)
            worked = frozenset(d for d in around if is_weekend(d) and d not in days and d not in off_by_law)
            found.append(Arrangement(working - off_by_law, exchanged, worked))
    return tuple(dict.fromkeys(found))
