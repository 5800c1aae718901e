"""Which columns a population has: what identifies an enterprise, and every fact that the law reads."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from yiqi.judge.frame import PROCEDURES
from yiqi.judge.judge import Judge
from yiqi.law.tree import Law
from yiqi.screen.prepared import Column

IDENTITY = ("name", "uscc", "region", "industry", "entity_kind", "established")
"""Facts that every row has, whether a rule reads them or not; ``established`` carries the age of the enterprise."""

SUBJECTS = ("size", "ladder")
FIRST_YEAR = 2022
"""The law is asked as it stood on every day from this year to the year of the population, so that versions compare."""


def columns(law: Law, year: int) -> tuple[Column, ...]:
    """The columns of a population whose last complete fiscal year is ``year``, in the order of the vocabulary.

    A fact per year has a column for each year that acts in ``year`` or in ``year + 1`` look at, so that a change of the
    law between the two can be tried on the same table.
    """
    found: dict[str, set[int] | None] = dict.fromkeys(IDENTITY)
    judge = Judge(law)
    for day in days(law, year):
        for procedure in PROCEDURES:
            for slot in judge.program(day, procedure, judge.schemes(SUBJECTS)).compiled.linked.slots:
                fact = law.vocabulary.get(slot.fact)
                if fact is None:  # the day and the procedure are no facts
                    continue
                if fact.per is None:
                    found[fact.id] = None
                    continue
                wanted = found.setdefault(fact.id, set())
                assert wanted is not None
                last = year if fact.per == "fiscal_year" else year + 1
                wanted |= {last + (slot.index or 0), last - 1 + (slot.index or 0)}
    return tuple(
        Column(fact, number)
        for fact in law.vocabulary
        if fact.id in found
        for number in sorted(found[fact.id] or (None,), key=lambda y: -(y or 0))
    )


def days(law: Law, year: int) -> Sequence[dt.date]:
    """A day of every span in which the same rules count, from FIRST_YEAR to the year of acts."""
    from yiqi.judge.link import change_days

    first, last = dt.date(FIRST_YEAR, 1, 1), dt.date(year + 1, 12, 31)
    return [first, *(day for day in change_days(law) if first < day <= last), last]
