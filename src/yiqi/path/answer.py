"""What a search for a path gives: paths with their steps, or what stands in the way."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal

from yiqi.facts.sheet import FactSheet
from yiqi.judge.figures import amount_value
from yiqi.law.bilingual import Bilingual
from yiqi.law.diagnostics import Diagnostic
from yiqi.law.quantities import yuan_text
from yiqi.law.vocabulary import Fact
from yiqi.path.levers import Key, Kind
from yiqi.path.target import Target
from yiqi.version import __version__

Why = Literal[
    "later", "fixed", "judged", "kept", "limit", "missing", "undefined", "unconfirmed", "unattainable", "together"
]


@dataclass(frozen=True)
class Line:
    """A condition of the law that a step serves, or that blocks."""

    id: str
    text: Bilingual
    cite: Bilingual
    confidence: str

    def as_dict(self) -> dict[str, Any]:
        return {"id": self.id, "text": self.text.as_dict(), "cite": self.cite.as_dict(), "confidence": self.confidence}


@dataclass(frozen=True)
class Step:
    """One fact that moves. ``before`` and ``after`` are frame values (see :mod:`yiqi.judge.frame`), None is missing.

    ``cost`` is in fen; ``from_day`` is the first day for which the new value can count.
    """

    key: Key
    fact: Fact
    kind: Kind
    before: int | None
    after: int
    before_text: Bilingual | None
    after_text: Bilingual
    cost: Fraction
    from_day: dt.date
    serves: tuple[Line, ...]
    along: Bilingual | None
    """The label of the fact that it goes along with, where no condition asks for it."""
    effort: Bilingual | None
    loose: bool = False
    """Whether it is an assumed number that is compared with others only: ``after`` is one value of many."""

    def as_dict(self) -> dict[str, Any]:
        fact, year = self.key
        return {
            "fact": fact,
            "year": year,
            "kind": self.kind,
            "from": None if self.before is None else _plain(self.fact, self.before),
            "to": _plain(self.fact, self.after),
            "cost": yuan_text(fen(self.cost)),
            "effective": self.from_day.isoformat(),
            "serves": [line.as_dict() for line in self.serves],
            "effort": None if self.effort is None else self.effort.as_dict(),
            "goes_along": None if self.along is None else self.along.as_dict(),
        }


@dataclass(frozen=True)
class Path:
    """Steps after which the judge says yes. ``proven``: nothing cheaper is possible (to ``within`` fen).

    ``unsettled`` are facts that a condition multiplies with each other: ways that move them together were not looked at, so
    that nothing is called proven.
    """

    steps: tuple[Step, ...]
    sheet: FactSheet
    proven: bool
    within: Fraction
    warnings: tuple[Diagnostic, ...] = ()
    unsettled: tuple[Fact, ...] = ()

    @property
    def changes(self) -> tuple[Step, ...]:
        return tuple(s for s in self.steps if s.kind == "change")

    @property
    def assumptions(self) -> tuple[Step, ...]:
        """What would have to hold: facts nobody gave."""
        return tuple(s for s in self.steps if s.kind == "assume")

    @property
    def waits(self) -> tuple[Step, ...]:
        """What holds by itself later."""
        return tuple(s for s in self.steps if s.kind == "wait")

    @property
    def cost(self) -> Fraction:
        return sum((s.cost for s in self.steps), Fraction(0))

    def from_day(self, on: dt.date) -> dt.date:
        """The first day on which everything can count."""
        return max((s.from_day for s in self.steps), default=on)

    def as_dict(self, on: dt.date) -> dict[str, Any]:
        return {
            "cost": yuan_text(fen(self.cost)),
            "effective": self.from_day(on).isoformat(),
            "verified": True,
            "proven_cheapest": self.proven,
            "unsettled": [fact.id for fact in self.unsettled],
            "changes": [s.as_dict() for s in self.changes],
            "would_have_to_hold": [s.as_dict() for s in self.assumptions],
            "holds_by_itself_later": [s.as_dict() for s in self.waits],
            "warnings": [w.message.as_dict() for w in self.warnings],
        }


@dataclass(frozen=True)
class Block:
    """A condition that stands in the way, and why nothing moves it."""

    line: Line
    why: Why
    fact: Fact | None
    value: Bilingual | None
    member: str | None = None
    """Of a set: the member that is asked for."""
    from_day: dt.date | None = None
    """Of a condition about the day of the act: the first day on which it holds by itself, everything else as it is."""

    def as_dict(self) -> dict[str, Any]:
        return {
            **self.line.as_dict(),
            "why": self.why,
            "fact": None if self.fact is None else self.fact.id,
            "value": None if self.value is None else self.value.as_dict(),
            "holds_from": None if self.from_day is None else self.from_day.isoformat(),
        }


@dataclass(frozen=True)
class Finding:
    """The answer: ``paths`` with the cheapest first, or ``blocks``, a smallest set of conditions that would have to be
    otherwise. ``reached`` says that the answer is yes as things are."""

    target: Target
    on: dt.date
    procedure: str
    sheet: FactSheet
    reached: bool
    paths: tuple[Path, ...]
    blocks: tuple[Block, ...]
    by: Literal["cost", "number"] = "cost"

    def as_dict(self) -> dict[str, Any]:
        target = self.target
        return {
            "yiqi": __version__,
            "enterprise": {"uscc": self.sheet.uscc, "name": self.sheet.name},
            "on": self.on.isoformat(),
            "scheme": target.scheme.id,
            "classes": None if target.classes is None else list(target.classes),
            "procedure": self.procedure,
            "rule": target.root,
            "reached": self.reached,
            "cheapest_by": self.by,
            "paths": [p.as_dict(self.on) for p in self.paths],
            "blocked_by": [b.as_dict() for b in self.blocks],
        }


def fen(cost: Fraction) -> int:
    """A cost in whole fen, rounded up."""
    return -(-cost.numerator // cost.denominator)


def _plain(fact: Fact, value: int) -> Any:
    """A value as JSON has it everywhere: yuan and shares as decimal strings, ids, ``yes``, ISO dates."""
    if fact.type == "yes_no":
        return "yes" if value == 2 else "no"
    if fact.kind is not None:
        return amount_value(fact, value)
    if fact.type == "one_of":
        return fact.members[value].id
    if fact.type == "set_of":
        return [m.id for i, m in enumerate(fact.members) if value >> i & 1]
    return dt.date.fromordinal(value).isoformat()
