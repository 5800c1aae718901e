"""What an amount or a date still lacks: the missing values in those parts of it that are not settled yet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from yiqi.judge.evaluate import Evaluation
from yiqi.judge.frame import is_flag
from yiqi.judge.link import REGION, Unit, reached
from yiqi.judge.ranges import open_slots
from yiqi.law.tree import (
    AmountNode,
    Ceiling,
    Formula,
    Gathered,
    Given,
    Reckoned,
    ReckonNode,
    ScoreRule,
    Slot,
    Table,
    reckon_children,
    slots_of,
)

Lack = tuple[str, Slot]
"""The id of a line, row or heading, and a missing value that it reads."""


def lacks(evaluation: Evaluation, key: str) -> tuple[Lack, ...]:
    """Every missing value that can still change a unit that gives an amount or a date, each once; none when settled."""
    found: dict[Slot, str] = {}
    for identifier, slot in _Lacks(evaluation).unit(key):
        found.setdefault(slot, identifier)
    return tuple((identifier, slot) for slot, identifier in found.items())


class _Lacks:
    def __init__(self, evaluation: Evaluation) -> None:
        self.e = evaluation
        self.linked = evaluation.linked

    def missing(self, slots: Iterable[Slot], identifier: str) -> Iterator[Lack]:
        for slot in slots:
            value = self.e.value(slot)
            open_code = isinstance(value, str) and slot.fact in ("industry", "region")
            if value is None or open_code or (value == 1 and is_flag(slot, self.linked.law.vocabulary)):
                yield identifier, slot

    def unit(self, key: str) -> Iterator[Lack]:
        low, high = self.e.unit(key)
        unit = self.linked.units[key]
        if (low is not None and low == high) or (unit.rule.confidence == "C" and not unit.choice):
            return
        if unit.choice:
            counting = self.e.alternatives(unit)
            if len(counting) > 1:
                yield unit.rule.id, REGION
            for alternative in counting:
                yield from self.unit(alternative.key)
            return
        yield from self.amount(unit.amount, unit)

    def amount(self, node: AmountNode, unit: Unit) -> Iterator[Lack]:
        low, high = self.e.amount(node, unit)
        if low is not None and low == high:
            return
        match node:
            case Reckoned(identifier, child):
                yield from self.reckon(child, unit, identifier)
            case Table(mode, _, rows, _):
                for row in rows:
                    held = self.e.truth(row.child, unit)
                    if held == 1:
                        yield from self.missing(slots_of(row.child), row.id)
                    if held and row.reckoned is not None:
                        yield from self.amount(row.reckoned, unit)
                    if held == 2 and mode == "first":
                        return
            case Gathered(children=children):
                for part in children:
                    yield from self.amount(part, unit)
            case Ceiling(child=part):
                yield from self.amount(part, unit)
            case ScoreRule():
                yield from self.unit(self.linked.target(unit, node))

    def reckon(self, node: ReckonNode, unit: Unit, identifier: str) -> Iterator[Lack]:
        low, high = self.e.reckon(node, unit)
        if low is not None and low == high:
            return
        match node:
            case Formula(polynomial):
                for slot in open_slots(polynomial, self.e.value):
                    yield identifier, slot
            case Given(test, amount):
                if self.e.truth(test, unit) == 1:
                    for key in reached(self.linked, (self.linked.target(unit, test),)):
                        body = self.linked.units[key].body
                        if body is not None:
                            yield from self.missing(slots_of(body), key)
                yield from self.amount(amount, unit)
            case ScoreRule():
                yield from self.amount(node, unit)
            case _:
                for part in reckon_children(node):
                    yield from self.reckon(part, unit, identifier)
