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

    def served(self, slots: tuple[Slot, ...], with_step: Evaluation, without: Evaluation) -> tuple[Line, ...]:
        """The lines that a step serves: those that hold with it and would not without it, all other steps taken."""
        found: dict[str, Line] = {}
        for place in {id(p): p for s in slots for p in self.by_slot.get(s, ())}.values():
            if isinstance(place.node, Condition):
                better = with_step.truth(place.node, place.unit) > without.truth(place.node, place.unit)
                # What is excluded (“not …”) is served by a no.
                worse = with_step.truth(place.node, place.unit) < without.truth(place.node, place.unit)
                if better or worse:
                    line = line_of(place.unit, place.node, self.linked, denied=worse)
                    found.setdefault(line.id, line)
            elif place.unit.rule.value == "points":
                if with_step.points(place.node, place.unit) != without.points(place.node, place.unit):
                    line = heading_of(place.unit)
                    found.setdefault(line.id, line)
            elif with_step.classes(place.unit.classes, place.unit) != without.classes(place.unit.classes, place.unit):
                line = heading_of(place.unit)
                found.setdefault(line.id, line)
        return tuple(found.values())


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


def line_of(unit: Unit, node: Condition, linked: Linked, *, denied: bool = False) -> Line:
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
