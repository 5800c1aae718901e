"""A rule as the parts that can decide it: lines that stand alone, and headings and groups that join them.

Every part is seen from the rule at the top: where it stands under *not* or *none of*, its truth is turned round, so that a
part that fails always speaks against the enterprise. What joins its parts is then one of five:

==============  ====================================================
``all``         each part that fails is enough for a no
``any``         a no needs every part to fail
``at_least``    a no needs too many parts to fail
``readings``    a no needs every reading to fail; they may disagree
``region``      the same, of those that count where the enterprise is
==============  ====================================================
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, cast

from yiqi.judge.link import Unit
from yiqi.law.tree import (
    All,
    AtLeast,
    ClassTest,
    Condition,
    Excused,
    Invert,
    Readings,
    RuleTest,
    ScoreRule,
    Table,
    TruthNode,
    reference,
    rules_of,
    truth_children,
)
from yiqi.law.tree import Any as AnyOf
from yiqi.screening.planes import Truth
from yiqi.screening.program import Program
from yiqi.screening.terms import Term

Kind = Literal["line", "all", "any", "at_least", "readings", "region"]
Key = tuple[str, bool]
"""What names a part within a scheme: the id of its condition or rule, and whether it is asked to fail."""


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """One part of a rule. ``truth`` is as seen from the top; ``denied`` says that it was turned round for that."""

    kind: Kind
    id: str
    denied: bool
    truth: Truth
    unit: Unit
    node: Condition | None
    """The line or group; None for a heading."""
    children: tuple[Part, ...] = ()
    counts: tuple[Term, ...] = ()
    """For ``region``: where each child counts."""
    number: int = 0
    """For ``at_least``: how many it asks for."""

    @property
    def key(self) -> Key:
        return self.id, self.denied

    @property
    def is_alternative(self) -> bool:
        """Whether it is a group in the law that fails only where several of its parts do."""
        return self.kind in ("any", "at_least", "readings")

    def walk(self) -> Iterator[Part]:
        yield self
        for child in self.children:
            yield from child.walk()

    def lines(self) -> dict[Key, Part]:
        """The lines within, each once, in the order of the law."""
        found: dict[Key, Part] = {}
        for part in self.walk():
            if part.kind == "line":
                found.setdefault(part.key, part)
        return found


class Parts:
    """Reads the parts of the rules of one program."""

    def __init__(self, program: Program) -> None:
        self.planes = program.planes
        self.linked = program.linked
        self.terms = program.terms
        # Where the alternatives of a region count, as found while the planes were made: asking the planes for a truth
        # again adds to what they keep of it.
        self._counts: dict[tuple[str, str], Term] = {}
        for key, found in self.planes.references.items():
            for unit in {r.unit for r in found}:
                self._counts[unit, key] = self.terms.any_of([r.reached for r in found if r.unit == unit])

    def of(self, rule: str) -> Part:
        """The parts of a rule of conditions."""
        return self._rule(rule, False)

    def _rule(self, key: str, denied: bool) -> Part:
        unit = self.linked.units[key]
        if not unit.choice:
            return self._part(unit.truth, unit, denied, None)
        children = tuple(self._rule(a.key, denied) for a in unit.choice)
        if len(children) == 1:
            return children[0]
        counts = tuple(self._counts.get((unit.key, a.key), self.terms.zero) for a in unit.choice)
        truth = self._seen(cast(Truth, self.planes.units[key]), denied)
        return Part("region", unit.rule.id, denied, truth, unit, None, children, counts)

    def _part(self, node: TruthNode, unit: Unit, denied: bool, line: Condition | None) -> Part:
        match node:
            case Condition():
                return self._condition(node, unit, denied)
            case RuleTest():
                return self._rule(self.linked.target(unit, node), denied)
            case Invert(child):
                return self._part(child, unit, not denied, line)
            case All() | AnyOf() | AtLeast() | Readings() | Excused():
                return self._joined(node, unit, denied, line)
            case _:
                return self._leaf(node, unit, denied, line)

    def _leaf(self, node: TruthNode, unit: Unit, denied: bool, line: Condition | None) -> Part:
        truth = self._seen(self.planes.truth(node, unit), denied)
        return Part("line", line.id if line is not None else unit.rule.id, denied, truth, unit, line)

    def _joined(
        self, node: All | AnyOf | AtLeast | Readings | Excused, unit: Unit, denied: bool, group: Condition | None
    ) -> Part:
        truth = self._seen(self.planes.truth(node, unit), denied)
        children = tuple(self._part(child, unit, denied, group) for child in truth_children(node))
        kind = _kind(node, denied)
        if len(children) == 1 and kind in ("all", "any"):
            return children[0]
        if kind != "all":
            for child in children:
                if (child.truth.sure, child.truth.may) == (truth.sure, truth.may):
                    return child  # the others are for another procedure, or say no more than this one
        number = node.count if isinstance(node, AtLeast) else 0
        name = group.id if group is not None else unit.rule.id
        return Part(kind, name, denied, truth, unit, group, children, number=number)

    def _condition(self, node: Condition, unit: Unit, denied: bool) -> Part:
        names_rules = any(isinstance(found, RuleTest) for found in rules_of(node.child))
        if node.confidence == "C" or (node.source is not None and not names_rules):
            return self._leaf(node, unit, denied, node)
        return self._part(node.child, unit, denied, node)

    def _seen(self, truth: Truth, denied: bool) -> Truth:
        return self.planes.inverted(truth) if denied else truth

    # -- tables -------------------------------------------------------------------------------------------------------

    def tables(self, part: Part) -> dict[str, Unit]:
        """The tables of points or classes that a line rests on, each as the rule that holds it, by the id of the rule."""
        found: dict[str, Unit] = {}
        if part.kind == "line" and part.node is not None:
            for name in rules_of(part.node.child):
                if isinstance(name, ClassTest | ScoreRule):
                    self._tables(self.linked.target(part.unit, name), found)
        return found

    def tables_of_class(self, rule: str) -> dict[str, Unit]:
        """The tables that give a class."""
        found: dict[str, Unit] = {}
        self._tables(rule, found)
        return found

    def _tables(self, key: str, found: dict[str, Unit]) -> None:
        unit = self.linked.units[key]
        for alternative in unit.choice:
            self._tables(alternative.key, found)
        if unit.body is None or key in found:
            return
        if isinstance(unit.body, Table):
            found[key] = unit
        for name in rules_of(unit.body):
            if not isinstance(name, RuleTest):
                original = isinstance(name, ScoreRule) and name.original
                self._tables(unit.targets[(reference(name), original)], found)


def _kind(node: All | AnyOf | AtLeast | Readings | Excused, denied: bool) -> Kind:
    match node:
        case All():
            return "any" if denied else "all"
        case AnyOf() | Excused():
            return "all" if denied else "any"
        case AtLeast():
            return "at_least"
        case Readings():
            return "readings"
