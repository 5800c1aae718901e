"""Conditions as a path shows them, and which of them a single step serves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from yiqi.judge.evaluate import Evaluation
from yiqi.judge.link import Linked, Unit
from yiqi.law.bilingual import Bilingual
from yiqi.law.references import rule_named
from yiqi.law.tree import (
    Best,
    Condition,
    ScoreFact,
    ScoreNode,
    ScoreReadings,
    Slot,
    Table,
    Total,
    TruthNode,
    slots_of,
    truth_children,
)
from yiqi.law.wording import write_page
from yiqi.path.answer import Line
from yiqi.path.formula import Entered, Formula, wanted_in


@dataclass(frozen=True, eq=False)
class Place:
    """A line with a condition, or a table, of one unit, with the slots it reads."""

    unit: Unit
    node: Condition | Table | ScoreFact
    slots: frozenset[Slot]


class Places:
    """The lines and tables of a linked set by the slots that they read."""

    def __init__(self, linked: Linked) -> None:
        self.linked = linked
        self.by_slot: dict[Slot, list[Place]] = {}
        for unit in linked.units.values():
            if unit.body is None or unit.rule.confidence == "C":
                continue
            if unit.rule.value == "truth":
                found: Iterator[Condition | Table | ScoreFact] = _conditions(unit.truth)
            elif unit.rule.value == "points":
                found = _tables(unit.score)
            elif unit.rule.value == "class" and isinstance(unit.body, Table):
                found = iter((unit.body,))
            else:
                continue
            for node in found:
                slots = frozenset(slots_of(node))
                place = Place(unit, node, slots)
                for slot in slots:
                    self.by_slot.setdefault(slot, []).append(place)

    def served(
        self, slots: tuple[Slot, ...], asked: frozenset[str], with_step: Evaluation, without: Evaluation
    ) -> tuple[Line, ...]:
        """The lines that a step serves, of those that are ``asked`` for: they would be other without it, all other steps
        taken."""
        found: dict[str, Line] = {}
        for place in {id(p): p for s in slots for p in self.by_slot.get(s, ())}.values():
            identity = place.node.id if isinstance(place.node, Condition) else place.unit.rule.id
            if identity not in asked:
                continue
            if isinstance(place.node, Condition):
                # What is excluded (“not …”) is served by a no.
                if with_step.truth(place.node, place.unit) != without.truth(place.node, place.unit):
                    line = line_of(place.unit, place.node, self.linked)
                    found.setdefault(line.id, line)
            elif place.unit.rule.value == "points":
                if with_step.points(place.node, place.unit) != without.points(place.node, place.unit):
                    line = heading_of(place.unit)
                    found.setdefault(line.id, line)
            elif with_step.classes(place.unit.classes, place.unit) != without.classes(place.unit.classes, place.unit):
                line = heading_of(place.unit)
                found.setdefault(line.id, line)
        # Lines that say the same in one article are one to a reader (a scene is asked for twice).
        return tuple({(line.text, line.cite): line for line in reversed(found.values())}.values())[::-1]


def _conditions(node: TruthNode) -> Iterator[Condition]:
    """The innermost lines: groups are looked into."""
    if isinstance(node, Condition) and node.source is not None:
        yield node
        return
    for child in truth_children(node):
        yield from _conditions(child)


def _tables(node: ScoreNode) -> Iterator[Table | ScoreFact]:
    match node:
        case Table() | ScoreFact():
            yield node
        case Total(children, _) | Best(children) | ScoreReadings(children):
            for child in children:
                yield from _tables(child)


def asked_by(formula: Formula) -> frozenset[str]:
    """The ids of the lines and tables that a formula is made of."""
    found: set[str] = set()
    for part in wanted_in(formula):
        if isinstance(part, Entered):
            continue
        found.add(part.unit.rule.id)
        if part.within is not None:
            found.add(part.within.id)
    return frozenset(found)


def line_of(unit: Unit, node: Condition, linked: Linked) -> Line:
    rule = unit.rule
    if node.source is None:
        return heading_of(unit)

    def title(name: str) -> Bilingual | None:
        found = rule_named(linked.law, name, rule)
        return found.title if found is not None else None

    vocabulary = linked.law.vocabulary
    en, zh = (write_page(node.source, language, vocabulary, title) for language in ("en", "zh"))
    return Line(node.id, Bilingual(en, zh), rule.cite, node.confidence)


def heading_of(unit: Unit) -> Line:
    rule = unit.rule
    return Line(rule.id, rule.title, rule.cite, rule.confidence)
