"""How likely each fact is needed before a scheme is settled: what orders the questions of an interview, nothing else.

Finding the shortest interview is too hard to do exactly, so it is estimated part by part of a rule, from the ground up:
how likely the part ends as a no, how likely as a yes, and how many questions it takes until it does. Where every part
has to hold, those that refute soonest are taken first (the fewest questions per chance of a no); where one part is
enough, those that establish soonest. A part further back is needed only where all before it left the matter open. From
the scheme down follows for every fact the chance that it is needed at all.

A question that several open schemes need is paid for by each of them in part only, so each prefers what the others need
too: the price of a fact is one divided by the number of schemes it can still change.

**Planning assumptions: ours, and no figures of the world.** They order questions and decide nothing, so a wrong one can
only make an interview longer.

* A condition holds in one half of the cases.
* What every applicant takes for granted (:data:`GRANTED`), and the absence of what a rule wants to be absent, hold in
  nineteen of twenty.
* What an official judges (``judged`` facts) the enterprise does not know in one half of the cases.
* A score lies anywhere in its range, and every row of a table that is still possible is as likely as the others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from yiqi.judge.evaluate import class_bits, class_extent
from yiqi.judge.frame import Frame, is_flag
from yiqi.judge.link import REGION, Linked, Unit
from yiqi.judge.planning_parts import HALF, Alike, Every, Leaf, Part, Regional, Several, Turned, Unconfirmed, View
from yiqi.judge.planning_tables import Classed, Classes, Pointing, PointsFact, ReadClasses, Rows, Sum, UnconfirmedClass
from yiqi.judge.reasons import Run
from yiqi.law.tree import (
    All,
    AtLeast,
    Best,
    ClassReadings,
    ClassTest,
    Condition,
    Excused,
    Flag,
    Invert,
    PointsTest,
    Readings,
    RuleTest,
    ScoreFact,
    ScoreNode,
    ScoreReadings,
    ScoreRule,
    Slot,
    Table,
    Total,
    TruthNode,
    slots_of,
)
from yiqi.law.tree import Any as AnyOf

RARELY = 0.05
GRANTED = ("registered_in_mainland", "independent_legal_person", "resident_enterprise", "filing_truthful")
"""Yes/no facts that hardly any applicant denies."""


class Plan:
    """The parts of a linked set, made once; :meth:`view` looks at one state of an interview."""

    def __init__(self, linked: Linked) -> None:
        self.linked = linked
        self._parts: list[Part] = []
        self._units: dict[str, Part] = {}
        vocabulary = linked.law.vocabulary
        self._flags = [is_flag(slot, vocabulary) for slot in linked.slots]

    def root(self, key: str) -> Part:
        """The part that a scheme's rule is."""
        return self._unit(key)

    def view(self, run: Run, prices: Mapping[int, float]) -> View:
        """A look at one judgement, when the slots that have a price may be asked for."""
        return View(run, self._missing(run.frame), prices)

    def _missing(self, frame: Frame) -> int:
        bits = 0
        for position, (value, flag) in enumerate(zip(frame, self._flags, strict=False)):
            if value is None or (value == 1 and flag) or isinstance(value, str):
                bits |= 1 << position
        return bits

    def _add(self, part: Part) -> Part:
        part.number = len(self._parts)
        self._parts.append(part)
        return part

    def _bits(self, slots: Iterable[Slot]) -> int:
        bits = 0
        for slot in slots:
            if slot.fact in self.linked.law.vocabulary:
                bits |= 1 << self.linked.slot_index[slot]
        return bits

    def _unit(self, key: str) -> Part:
        if key not in self._units:
            unit = self.linked.units[key]
            if unit.choice:
                parts = [self._unit(a.key) for a in unit.choice]
                region = self._bits([REGION]) if len(parts) > 1 else 0
                self._units[key] = self._add(Regional(unit, region, parts))
            elif unit.rule.value == "points":
                self._units[key] = self._score(unit.score, unit)
            elif unit.rule.value == "class":
                self._units[key] = self._class(unit)
            else:
                self._units[key] = self._truth(unit.truth, unit, False)
        return self._units[key]

    def _truth(self, node: TruthNode, unit: Unit, negated: bool) -> Part:
        recurse: Callable[[TruthNode], Part] = lambda n: self._truth(n, unit, negated)  # noqa: E731
        match node:
            case Condition(child=child, confidence=confidence):
                return self._add(Unconfirmed(0, ())) if confidence == "C" else recurse(child)
            case Invert(child):
                return self._add(Turned(self._truth(child, unit, not negated)))
            case All(children) | AnyOf(children):
                if len(children) == 1:
                    return recurse(children[0])
                return self._add(Every([recurse(c) for c in children], isinstance(node, AnyOf)))
            case Excused(child, exception):
                return self._add(Every([recurse(exception), recurse(child)], True))
            case AtLeast(count, children):
                return self._add(Several([recurse(c) for c in children], count))
            case Readings(_, children):
                return self._add(Alike([recurse(c) for c in children]))
            case RuleTest():
                return self._unit(self.linked.target(unit, node))
            case ClassTest(_, names, turned):
                inside = class_bits(self.linked, names)
                part = self._unit(self.linked.target(unit, node))
                return self._add(Classed(part, ~inside if turned else inside))
            case PointsTest(score, comparator, threshold):
                return self._add(Pointing(self._score(score, unit), comparator, threshold))
            case _:
                return self._leaf(node, unit, negated)

    def _leaf(self, node: TruthNode, unit: Unit, negated: bool) -> Part:
        slots = tuple(dict.fromkeys(slots_of(node)))
        facts = [f for s in slots if (f := self.linked.law.vocabulary.get(s.fact)) is not None]
        holds = HALF
        if isinstance(node, Flag):
            holds = RARELY if negated else 1.0 - RARELY if node.slot.fact in GRANTED else HALF
        return self._add(Leaf(node, unit, self._bits(slots), holds, any(f.judged for f in facts)))

    def _score(self, node: ScoreNode, unit: Unit) -> Part:
        match node:
            case Table():
                rows = [self._truth(row.child, unit, False) for row in node.rows]
                return self._add(Rows(node, unit, rows))
            case Total(children, maximum):
                return self._add(Sum([self._score(c, unit) for c in children], maximum, "sum"))
            case Best(children):
                return self._add(Sum([self._score(c, unit) for c in children], None, "best"))
            case ScoreReadings(children):
                return self._add(Sum([self._score(c, unit) for c in children], None, "readings"))
            case ScoreRule():
                return self._unit(self.linked.target(unit, node))
            case ScoreFact(slot, _, _):
                return self._add(PointsFact(node, unit, self._bits([slot])))

    def _class(self, unit: Unit) -> Part:
        table = unit.classes
        if isinstance(table, ClassReadings):
            return self._add(ReadClasses([self._unit(self.linked.target(unit, r)) for r in table.rules]))
        if unit.rule.confidence == "C":
            return self._add(UnconfirmedClass(class_extent(table, self.linked, unit)))
        rows: list[tuple[Part, int, Part | None]] = []
        for row in table.rows:
            target = self._unit(self.linked.target(unit, row.rule)) if row.rule is not None else None
            bit = class_bits(self.linked, (row.name or "",)) if target is None else 0
            rows.append((self._truth(row.child, unit, False), bit, target))
        return self._add(Classes(rows))
