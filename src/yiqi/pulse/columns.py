"""Which columns a population has: what identifies an enterprise, and every fact that the law reads."""

from __future__ import annotations

import datetime as dt

from yiqi.judge.frame import PROCEDURES
from yiqi.judge.link import change_days, link
from yiqi.law.tree import Law, Slot
from yiqi.screening.prepared import Column

IDENTITY = ("name", "uscc", "region", "industry", "entity_kind", "established")
"""Facts that every row has, whether a rule reads them or not; ``established`` carries the age of the enterprise."""

FIRST_YEAR = 2022
"""The law is asked as it stood from this year on, so that old and new versions can be compared on one table."""


def columns(law: Law, year: int) -> tuple[Column, ...]:
    """The columns that the law reads of an enterprise, in the order of the vocabulary.

    ``year`` is the last complete fiscal year. A fact per year has a column for each year that acts in ``year`` or in
    ``year + 1`` look at.
    """
    found: dict[str, set[int]] = {name: set() for name in IDENTITY}
    for slot in _slots(law, year):
        fact = law.vocabulary.get(slot.fact)
        if fact is None:  # the day and the procedure are no facts
            continue
        years = found.setdefault(fact.id, set())
        if fact.per is not None:
            last = (year if fact.per == "fiscal_year" else year + 1) + (slot.index or 0)
            years |= {last, last - 1}
    return tuple(
        Column(fact, number)
        for fact in law.vocabulary.of("enterprise")
        if fact.id in found
        for number in (sorted(found[fact.id], reverse=True) or (None,))
    )


def _slots(law: Law, year: int) -> set[Slot]:
    """Every slot that a scheme reads on some day from FIRST_YEAR to the end of ``year + 1``."""
    first, last = dt.date(FIRST_YEAR, 1, 1), dt.date(year + 1, 12, 31)
    found: set[Slot] = set()
    for day in (first, *(day for day in change_days(law) if first < day <= last)):
        for procedure in PROCEDURES:
            versions = [law.version(scheme, procedure, day) for scheme in law.schemes]
            found.update(link(law, tuple({v.rule: None for v in versions if v is not None}), day).slots)
    return found
