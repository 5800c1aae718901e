"""Fact sheets that matter to a set of rules: every fact of them drawn near the thresholds they set, some left out."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from proofs.leaves import children, law
from yiqi.facts.sheet import FactSheet
from yiqi.judge.frame import PROCEDURES, Frame, FrameBuilder, move
from yiqi.judge.link import Linked
from yiqi.law.tree import (
    Body,
    Coded,
    Compare,
    PointsTest,
    Slot,
    Table,
)
from yiqi.law.vocabulary import Fact, fiscal_year_of

MODE = os.environ.get("YIQI_PROOFS", "usual")
"""``usual``; ``full``, many more examples, the same in every run; ``new``, as many as ``full`` and others in every run."""

if MODE not in ("usual", "full", "new"):
    raise ValueError(f"YIQI_PROOFS is {MODE!r}: usual, full or new")

FULL = MODE != "usual"
"""Whether to look at many more examples."""

Key = tuple[str, int | None]
"""A fact and, when it is given per year, the index of the year."""

Draw = Callable[[int], int]
"""A whole number from 0 to below the one given."""

PLAIN = {
    "money": (0, 1, 10**8, 5 * 10**9, 10**11),
    "ratio": (0, 1, 5 * 10**6, 10**7, 5 * 10**7, 10**8),
    "points": (0, 10_000, 300_000, 600_000, 10**6),
    "count": (0, 1, 2, 10, 300, 1000),
    "years": (0, 1, 2, 3, 5, 10),
}
"""Ordinary figures in smallest units, beside the thresholds."""


def nodes(body: Body) -> Iterator[Body]:
    """A body and everything in it, not through other rules."""
    yield body
    if isinstance(body, PointsTest):
        yield from nodes(body.score)
    elif isinstance(body, Table):
        for row in body.rows:
            yield from nodes(row.child)
    else:
        for child in children(body):
            yield from nodes(child)


@dataclass(frozen=True)
class Field:
    """All that a linked set asks for: the facts with their values of interest, and the comparisons to stand on."""

    linked: Linked
    values: dict[Key, tuple[Any, ...]]
    compares: tuple[tuple[Compare, Slot], ...]
    """Comparisons with a fact that can be moved onto the threshold: one that occurs once and to the first power."""
    builder: FrameBuilder = field(compare=False)

    def fact(self, key: Key) -> Fact:
        return law().vocabulary[key[0]]

    def sheet(self, values: Mapping[Key, Any]) -> FactSheet:
        """The fact sheet of a map of known values."""
        given: dict[str, Any] = {}
        for (name, index), value in values.items():
            fact = law().vocabulary[name]
            if fact.per is None:
                given[name] = value
            else:
                given.setdefault(name, {})[fiscal_year_of(self.linked.on, fact.per, index or 0)] = value
        return FactSheet(given)

    def frame(self, values: Mapping[Key, Any], procedure: str, spare: int = 0) -> Frame:
        return self.builder.build(self.sheet(values), procedure) + [None] * spare

    def draw(self, pick: Draw) -> dict[Key, Any]:
        """Every fact, up to eight comparisons exactly on their threshold or one unit beside it."""
        values = {key: options[pick(len(options))] for key, options in self.values.items()}
        if self.compares:
            for _ in range(pick(9)):
                compare, slot = self.compares[pick(len(self.compares))]
                self._move(values, compare, slot, pick(3) - 1)
        return values

    def _move(self, values: dict[Key, Any], compare: Compare, slot: Slot, step: int) -> None:
        """Put one fact where the comparison turns, given the others; ``step`` units further."""
        slope, rest = 0, 0
        for monomial, coefficient in compare.polynomial:
            product = coefficient
            for other in monomial:
                if other != slot:
                    product *= self._number(values, other)
            if slot in monomial:
                slope += product
            else:
                rest += product
        if slope == 0:
            return
        number = -rest // slope + step
        key = (slot.fact, slot.index)
        fact = self.fact(key)
        if fact.type == "date":
            if slot.shift_unit or not 1000 < number < 10**6:
                return
            values[key] = dt.date.fromordinal(number)
        elif (fact.minimum is None or number >= fact.minimum) and (fact.maximum is None or number <= fact.maximum):
            values[key] = number

    def _number(self, values: Mapping[Key, Any], slot: Slot) -> int:
        if slot.fact == "on":
            day = move(self.linked.on, slot.shift, slot.shift_unit) if slot.shift_unit else self.linked.on
            return day.toordinal()
        value = values[(slot.fact, slot.index)]
        if isinstance(value, dt.date):
            return (move(value, slot.shift, slot.shift_unit) if slot.shift_unit else value).toordinal()
        fact = law().vocabulary[slot.fact]
        return fact.member_index(value) if fact.type == "one_of" else int(value)


def field_of(linked: Linked) -> Field:
    """What a linked set asks for."""
    key = id(linked)
    if key not in _FIELDS:
        _FIELDS[key] = (linked, _field(linked))
    return _FIELDS[key][1]


_FIELDS: dict[int, tuple[Linked, Field]] = {}


def _field(linked: Linked) -> Field:
    bodies = [n for unit in linked.units.values() if unit.body is not None for n in nodes(unit.body)]
    compares = [n for n in bodies if isinstance(n, Compare)]
    codes = {
        name: tuple(
            dict.fromkeys(
                c for n in bodies if isinstance(n, Coded) and n.slot.fact == name for c in (*n.prefixes, *n.exceptions)
            )
        )
        for name in ("industry", "region")
    }
    for unit in linked.units.values():
        for alternative in unit.choice:
            codes["region"] += (*alternative.regions, *alternative.exceptions)
    values: dict[Key, tuple[Any, ...]] = {}
    for slot in linked.slots:
        if slot.fact in law().vocabulary.facts:
            values.setdefault((slot.fact, slot.index), _values(slot, compares, codes, linked.on))
    movable = [
        (c, s)
        for c in compares
        for s in dict.fromkeys(s for m, _ in c.polynomial for s in m)
        if s.fact in law().vocabulary.facts
        and law().vocabulary[s.fact].type != "one_of"
        and all(m.count(s) <= 1 for m, _ in c.polynomial)
    ]
    return Field(linked, values, tuple(movable), FrameBuilder(linked.slots, law().vocabulary, linked.on))


def _values(slot: Slot, compares: list[Compare], codes: dict[str, tuple[str, ...]], on: dt.date) -> tuple[Any, ...]:
    fact = law().vocabulary[slot.fact]
    if fact.type == "yes_no":
        return (True, False)
    if fact.type == "one_of":
        return tuple(m.id for m in fact.members)
    if fact.type == "set_of":
        ids = [m.id for m in fact.members]
        return (
            frozenset(),
            *(frozenset({i}) for i in ids),
            *(frozenset({i, j}) for i in ids for j in ids),
            frozenset(ids),
        )
    if fact.type in ("industry", "region"):
        return _codes(codes[fact.type], fact.type)
    if fact.type == "date":
        shifts = {(s.shift, s.shift_unit) for c in compares for m, _ in c.polynomial for s in m if s.fact == slot.fact}
        days = [on, *(move(on, -amount, unit) for amount, unit in shifts if unit)]
        return tuple(dict.fromkeys(day + dt.timedelta(step) for day in days for step in (-400, -1, 0, 1, 400)))
    if fact.kind is None:
        return ("text",)
    numbers = dict.fromkeys(PLAIN[fact.kind])
    for compare in compares:
        for number in _roots(compare, slot):
            numbers.update(dict.fromkeys((number - 1, number, number + 1)))
    low, high = fact.minimum, fact.maximum
    return tuple(n for n in numbers if (low is None or n >= low) and (high is None or n <= high)) or (low or high or 0,)


def _roots(compare: Compare, slot: Slot) -> Iterator[int]:
    """The threshold of a comparison of one fact with a number."""
    rest = [c for m, c in compare.polynomial if not m]
    linear = [(m, c) for m, c in compare.polynomial if m]
    if len(linear) == 1 and linear[0][0] == (slot,):
        yield -sum(rest) // linear[0][1]


def _codes(named: tuple[str, ...], kind: str) -> tuple[str, ...]:
    """Every named code at every depth, a whole one below it, a whole one beside it, and two that nobody named."""
    found: dict[str, None] = dict.fromkeys(("C3451", "P8334", "T9700") if kind == "industry" else ("330106", "540102"))
    deepest, step = (5, 1) if kind == "industry" else (6, 2)
    for code in named:
        found.update(dict.fromkeys(code[:n] for n in range(step, len(code) + 1, step)))
        for last in dict.fromkeys((code[-1], *"123456789")):
            beside = code[:-1] + last if len(code) > 3 else code
            if beside == code or not any(beside.startswith(other) for other in named):
                found[(beside + "1" * deepest)[:deepest] if kind == "industry" else (beside + "0101")[:deepest]] = None
    return tuple(c for c in found if len(c) != 2 or kind == "region")


# -- strategies -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Drawn:
    """Everything about one enterprise, and what of it is not said."""

    linked: Linked
    procedure: str
    values: Mapping[Key, Any]
    hidden: frozenset[Key]

    @property
    def field(self) -> Field:
        return field_of(self.linked)

    @property
    def known(self) -> dict[Key, Any]:
        return {key: value for key, value in self.values.items() if key not in self.hidden}

    def frame(self, spare: int = 0) -> Frame:
        return self.field.frame(self.known, self.procedure, spare)

    def __repr__(self) -> str:
        shown = {f"{n}[{i}]" if i is not None else n: v for (n, i), v in self.known.items()}
        return f"{', '.join(self.linked.roots)} on {self.linked.on}, {self.procedure}, {shown}"


@st.composite
def enterprises(draw: st.DrawFn, linked: Linked) -> Drawn:
    """An enterprise as the rules of ``linked`` see it, with any of its facts missing."""

    def pick(below: int) -> int:
        return draw(st.integers(0, below - 1))

    around = field_of(linked)
    values = around.draw(pick)
    keys = list(values)
    share = pick(5)  # nothing is missing, or one fact in four, two, or almost all
    mask = draw(st.lists(st.integers(0, 3), min_size=len(keys), max_size=len(keys))) if share else []
    hidden = frozenset(k for k, n in zip(keys, mask, strict=False) if n < share)
    return Drawn(linked, PROCEDURES[pick(2)], values, hidden)


def proof(usual: int) -> settings:
    """How Hypothesis searches: ``usual`` examples, ten times as many when ``FULL``; the same in every run unless ``new``."""
    return settings(
        max_examples=usual * 10 if FULL else usual, deadline=None, derandomize=MODE != "new", database=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.large_base_example, HealthCheck.data_too_large],
    )  # fmt: skip
