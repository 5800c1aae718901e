"""The vocabulary: every fact that a rule may ask for, declared once in ``law/facts/*.yaml``.

A fact has a stable English id, a label and a question in both languages, the document that proves it, who knows it,
the bounds outside which a value is impossible (error) or implausible (warning), and whether and at what cost the
enterprise can change it.
"""

from __future__ import annotations

import bisect
import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal, get_args

from yiqi.law.bilingual import Bilingual
from yiqi.law.quantities import Kind

FactType = Literal[
    "money",
    "ratio",
    "points",
    "count",
    "years",
    "yes_no",
    "date",
    "text",
    "uscc",
    "region",
    "industry",
    "one_of",
    "set_of",
]
Period = Literal["fiscal_year", "evaluation_year"]
KnownBy = Literal["enterprise", "register", "platform", "official"]
Entity = Literal["enterprise", "receivable", "payment"]
"""Whose facts they are: what a scheme judges, one enterprise or one receivable; a payment received on a receivable is
read from tables and judged by no scheme."""

NUMERIC_TYPES: dict[str, Kind] = {
    "money": "money", "ratio": "ratio", "points": "points", "count": "count", "years": "years"
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Member:
    """One value of a ``one_of`` or ``set_of`` fact."""

    id: str
    label: Bilingual


@dataclass(frozen=True, slots=True)
class Change:
    """How the enterprise can change a fact, and a rough planning figure of ours for what that costs (never law)."""

    direction: str
    """``up``, ``down``, ``yes``, ``no`` or the id of a value; of a set ``up`` adds any value, each at ``cost``."""
    cost: int
    """Fen for one ``per`` of change."""
    per: int
    """Units of change (smallest units of the fact) that ``cost`` buys."""
    years: int
    """Whole years before the change can take effect; 0 when it is immediate."""
    effort: Bilingual


@dataclass(frozen=True, slots=True)
class Series:
    """A dated table: a fact that is looked up on the day another fact gives, never entered.

    A row holds from its day until the next one's; before the first row and after ``until`` the value is unknown.
    """

    at: str
    """The date fact whose day is looked up."""
    steps: tuple[tuple[dt.date, int, str], ...]
    """First day, value in the smallest unit, tag of the row's source; ascending."""
    until: dt.date
    """The last day for which the last row is known to hold."""
    file: str

    def on(self, day: dt.date) -> tuple[dt.date, int, str] | None:
        """The row that holds on a day; None outside the table."""
        if day > self.until:
            return None
        index = bisect.bisect_right(self.steps, day, key=lambda step: step[0])
        return self.steps[index - 1] if index else None


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact of the vocabulary. Numeric bounds are in the smallest unit of the type (see ``quantities``)."""

    id: str
    type: FactType
    label: Bilingual
    group: Bilingual
    question: Bilingual
    help: Bilingual
    proof: Bilingual
    known_by: KnownBy
    per: Period | None = None
    unit: str | None = None
    minimum: int | None = None
    maximum: int | None = None
    plausible_minimum: int | None = None
    plausible_maximum: int | None = None
    yearly_factor: int | None = None
    change: Change | None = None
    members: tuple[Member, ...] = ()
    ordered: bool = False
    judged: bool = False
    confidence: str = "A"
    source: Bilingual | None = None
    unasked: Bilingual | None = None
    """Why the fact is kept though no rule reads it; the check warns of an unread fact without a reason."""
    file: str = ""
    line: int = 0
    entity: Entity = "enterprise"
    series: Series | None = None

    @property
    def kind(self) -> Kind | None:
        """The kind of quantity, or None when the fact is not a number."""
        return NUMERIC_TYPES.get(self.type)

    def member_index(self, member: str) -> int:
        """Position of a value in the declared order. Raises ``KeyError`` for an unknown value."""
        for index, value in enumerate(self.members):
            if value.id == member:
                return index
        raise KeyError(member)


@dataclass(frozen=True, slots=True)
class Relation:
    """What two facts owe each other: ``fact <= at_most``; or where ``fact`` is yes, ``implies`` must be yes.

    ``value`` stands in place of yes on the left (the value of a list, a member of a set), ``reaches`` on the right (a
    member of a set, or the least number in the smallest unit of the fact).
    """

    fact: str
    at_most: str | None
    implies: str | None
    severity: Literal["error", "warning"]
    say: Bilingual
    value: str | None = None
    reaches: str | int | None = None


@dataclass(frozen=True)
class Vocabulary:
    """All facts by id, and the relations between them."""

    facts: Mapping[str, Fact] = field(default_factory=dict)
    relations: tuple[Relation, ...] = ()

    def __getitem__(self, fact: str) -> Fact:
        return self.facts[fact]

    def __contains__(self, fact: object) -> bool:
        return fact in self.facts

    def __iter__(self) -> Iterator[Fact]:
        return iter(self.facts.values())

    def get(self, fact: str) -> Fact | None:
        return self.facts.get(fact)

    @cached_property
    def _of(self) -> dict[str, Vocabulary]:
        return {
            entity: Vocabulary(
                {f.id: f for f in self if f.entity == entity and f.series is None},
                tuple(r for r in self.relations if self.facts[r.fact].entity == entity),
            )
            for entity in get_args(Entity)
        }

    def of(self, entity: Entity) -> Vocabulary:
        """The facts that can be given of one kind of entity: those a sheet, a table or a form may have."""
        return self._of[entity]

    @cached_property
    def series(self) -> tuple[Fact, ...]:
        """The facts that are looked up in a dated table."""
        return tuple(fact for fact in self if fact.series is not None)

    @cached_property
    def by_label(self) -> dict[str, Fact]:
        """Facts by their Chinese and English labels, as headings of forms and lines in Chinese use them."""
        table: dict[str, Fact] = {}
        for fact in self.facts.values():
            table[fact.label.zh] = fact
            table[fact.label.en.lower()] = fact
        return table

    @cached_property
    def chinese_names(self) -> dict[str, str]:
        """What each Chinese label means in a rule line: the id of a value or a fact; a fact goes before a value."""
        judged = [fact for fact in self if fact.entity != "payment"]
        names = {member.label.zh: member.id for fact in judged for member in fact.members}
        return names | {fact.label.zh: fact.id for fact in judged}


def fiscal_year_of(on: dt.date, period: Period, index: int = 0) -> int:
    """The calendar year that ``fact[index]`` means on a day.

    For a fiscal-year fact index 0 is the last complete fiscal year before the act (上年度), for an evaluation-year fact
    the year of the act itself.
    """
    return on.year - (1 if period == "fiscal_year" else 0) + index
