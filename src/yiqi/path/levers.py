"""What can move: facts the enterprise can change, facts nobody gave, and time spent in a field.

A *change* costs what the vocabulary or the user says. An *assumption* is a value of a fact that is missing: it costs
nothing, is never made in silence and is listed as what would have to hold. A *wait* is a fact of years that grows by one
a year by itself. Years that are over are fixed; only the newest figure (index 0) of a fact per year can be changed.
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterable
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Literal

from yiqi.facts.sheet import FactSheet
from yiqi.judge.evaluate import Evaluation
from yiqi.judge.frame import NO, UNKNOWN, YES, encoder, move
from yiqi.judge.link import Linked
from yiqi.judge.trials import cuts
from yiqi.law.tree import Compare, Slot
from yiqi.law.vocabulary import Fact, Vocabulary, fiscal_year_of
from yiqi.path.formula import Leaf, leaf_slots
from yiqi.path.prices import Prices

Kind = Literal["change", "assume", "wait"]
Key = tuple[str, int | None]
"""A fact and the year it is of, where it is per year."""


@dataclass(frozen=True)
class Lever:
    """A fact (of one year) that can move.

    Values are those of a frame: a number in its smallest unit, 2 or 0, a position, bits of a set, an ordinal day.
    ``price`` is in fen for one unit, step or member; ``sign`` is the way a number or position may go, 0 for either.
    ``low`` and ``high`` are the ends it may reach.
    """

    key: Key
    fact: Fact
    kind: Kind
    slots: tuple[Slot, ...]
    value: int | None
    price: Fraction
    sign: int
    low: int | None
    high: int | None
    years: int
    goal: int | None = None
    """The one value it may take beside its own, where it may take only one."""
    members: int = 0
    """Of a set: the members that may be added, as bits."""

    @property
    def is_set(self) -> bool:
        return self.fact.type == "set_of"

    def cost(self, value: int) -> Fraction:
        """Fen for a value in place of the present one."""
        if self.kind != "change" or self.value is None:
            return Fraction(0)
        if self.is_set:
            return self.price * (value & ~self.value).bit_count()
        if self.goal is not None:
            return Fraction(0) if value == self.value else self.price
        return self.price * abs(value - self.value)

    def within(self, value: int) -> bool:
        return (self.low is None or value >= self.low) and (self.high is None or value <= self.high)


def find_levers(linked: Linked, evaluation: Evaluation, prices: Prices, sheet: FactSheet) -> dict[Key, Lever]:
    """Everything that can move among the facts of a linked set, and the facts of the sheet that are tied to those."""
    vocabulary = linked.law.vocabulary
    slots: dict[Key, list[Slot]] = {}
    for slot in linked.slots:
        fact = vocabulary.get(slot.fact)
        if fact is not None and fact.series is None and fact.entity == "enterprise":
            year = fiscal_year_of(linked.on, fact.per, slot.index or 0) if fact.per is not None else None
            slots.setdefault((fact.id, year), []).append(slot)
    found: dict[Key, Lever] = {}
    for key, places in slots.items():
        fact = vocabulary[key[0]]
        value = evaluation.value(places[0])
        if isinstance(value, str):
            continue
        missing = value is None or (fact.type == "yes_no" and value == UNKNOWN)
        if missing:
            lever = _assumption(key, fact, tuple(places))
        else:
            lever = _change(key, fact, tuple(places), value, prices)
        if lever is not None:
            found[key] = lever
    # What a relation ties to a lever may have to move along, though no condition reads it.
    changed = True
    while changed:
        changed = False
        for relation in vocabulary.relations:
            for one, other in itertools.permutations((relation.fact, relation.at_most or relation.implies or "")):
                for _, year in [k for k in found if k[0] == one]:
                    key = (other, year)
                    if key in slots or key in found or other not in vocabulary:
                        continue
                    value = held(vocabulary[other], sheet, year)
                    lever = None if value is None else _change(key, vocabulary[other], (), value, prices)
                    if lever is not None:
                        found[key] = lever
                        changed = True
    return found


def held(fact: Fact, sheet: FactSheet, year: int | None) -> int | None:
    """The value of a fact of a sheet as a frame holds it; None when it is missing, or a text."""
    if (fact.per is None) != (year is None):
        return None
    value = sheet.get(fact.id, year)
    if value is None:
        return None
    found = encoder(Slot(fact.id), Vocabulary({fact.id: fact}))(value)
    return found if isinstance(found, int) else None


def _assumption(key: Key, fact: Fact, slots: tuple[Slot, ...]) -> Lever | None:
    """A missing fact. A code or a text is no answer to assume: it has to be given."""
    if fact.type in ("text", "uscc", "region", "industry"):
        return None
    low, high = fact.minimum, fact.maximum
    if fact.kind in ("count", "years"):
        low = max(0, low or 0)
    members = (1 << len(fact.members)) - 1 if fact.type == "set_of" else 0
    return Lever(key, fact, "assume", slots, None, Fraction(0), 0, low, high, 0, None, members)


def _change(key: Key, fact: Fact, slots: tuple[Slot, ...], value: int, prices: Prices) -> Lever | None:
    if fact.per is not None and slots and slots[0].index not in (None, 0):
        return None
    price = prices.of(fact)
    if price is None:
        if fact.type == "years" and fact.per is None and not fact.judged and fact.id not in prices.kept:
            return Lever(key, fact, "wait", slots, value, Fraction(0), 1, value, fact.maximum, 0)
        return None
    change = price.change
    lever = Lever(
        key,
        fact,
        "change",
        slots,
        value,
        Fraction(change.cost, change.per),
        0,
        fact.minimum,
        fact.maximum,
        change.years,
    )
    if fact.type == "yes_no":
        goal = YES if change.direction == "yes" else NO
        return replace(lever, goal=goal) if goal != value else None
    if fact.type == "set_of":
        every = (1 << len(fact.members)) - 1 if change.direction == "up" else 1 << fact.member_index(change.direction)
        return replace(lever, members=every & ~value) if every & ~value else None
    if fact.type == "one_of" and change.direction not in ("up", "down"):
        goal = fact.member_index(change.direction)
        return replace(lever, goal=goal) if goal != value else None
    sign = 1 if change.direction == "up" else -1
    low, high = (0, len(fact.members) - 1) if fact.type == "one_of" else (fact.minimum, fact.maximum)
    if fact.kind in ("count", "years"):
        low = max(0, low or 0)  # nobody has fewer than none
    if sign > 0:
        low, high = value, min((b for b in (high, price.limit) if b is not None), default=None)
    else:
        low, high = max((b for b in (low, price.limit) if b is not None), default=None), value
    if low is not None and high is not None and low >= high:
        return None
    return replace(lever, sign=sign, low=low, high=high)


class Candidates:
    """The values of a lever that conditions tell apart, one for each piece, and what a condition says of each."""

    def __init__(self, evaluation: Evaluation) -> None:
        self.e = evaluation

    def outcome(self, leaf: Leaf, lever: Lever, value: int | None) -> int:
        """A condition's outcome with a lever at a value (None: missing), everything else as it is."""
        frame, index = self.e.frame, self.e.linked.slot_index
        before = [(index[s], frame[index[s]]) for s in lever.slots]
        for slot in lever.slots:
            frame[index[slot]] = _held(lever, slot, value)
        try:
            return self.e.truth(leaf, next(iter(self.e.linked.units.values())))
        finally:
            for position, old in before:
                frame[position] = old

    def of(self, lever: Lever, leaves: Iterable[Leaf], extra: Iterable[int] = ()) -> list[int]:
        """The values worth taking, the present one first (a missing fact has none)."""
        own = [] if lever.value is None else [lever.value]
        fact = lever.fact
        if fact.type == "yes_no":
            return own + ([lever.goal] if lever.goal is not None else [YES, NO] if lever.value is None else [])
        if lever.goal is not None:
            return [*own, lever.goal]
        if fact.type == "one_of":
            ends = range(len(fact.members))
            return own + [v for v in ends if v != lever.value and lever.within(v)]
        found: set[int] = set(extra)
        if lever.value is None:
            found |= {end for end in (lever.low, lever.high) if end is not None}
        for leaf in leaves:
            found |= self._cuts(leaf, lever)
        values = sorted(v for v in found if v != lever.value and lever.within(v))
        return own + values

    def _cuts(self, leaf: Leaf, lever: Lever) -> set[int]:
        if not isinstance(leaf, Compare):
            return set()
        found: set[int] = set()
        for slot in lever.slots:
            if slot not in leaf_slots(leaf):
                continue
            # What is divided by has to be above zero: there the comparison begins to have an answer.
            parts = [leaf, *(replace(leaf, guards=(), polynomial=g, operator=">") for g in leaf.guards)]
            for cut in [cut for part in parts for cut in cuts(part, slot, self.e)]:
                if lever.fact.type == "date":
                    base = _unmoved(slot, cut.at)
                    found |= {base + k for k in range(-3, 4)}
                elif lever.sign > 0:
                    found.add(cut.at)
                elif lever.sign < 0:
                    found.add(cut.at - 1)
                else:
                    found |= {cut.at, cut.at - 1}
        return found


def _held(lever: Lever, slot: Slot, value: int | None) -> int | None:
    """A value as one slot of the lever holds it: a date moved by the slot's span."""
    if value is None:
        return UNKNOWN if lever.fact.type == "yes_no" else None
    if lever.fact.type == "date" and slot.shift_unit:
        return move(dt.date.fromordinal(value), slot.shift, slot.shift_unit).toordinal()
    return value


def _unmoved(slot: Slot, ordinal: int) -> int:
    """About the day that a slot's span moves to another."""
    if not slot.shift_unit:
        return ordinal
    return move(dt.date.fromordinal(ordinal), -slot.shift, slot.shift_unit).toordinal()
