"""The meaning of the tree, node by node: the reference that the compiler and the SQL are held against.

Truth is 2 (yes), 1 (unknown) or 0 (no) and combines by Kleene's tables: *all* is the minimum, *any* the maximum, *not*
mirrors. Points are a range (low, high), amounts and dates too, where an end may have no bound (None). A class is the set of
classes still possible, as bits.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from yiqi.judge import ranges
from yiqi.judge.frame import Frame
from yiqi.judge.link import Alternative, Linked, Unit
from yiqi.law.tree import (
    Added,
    All,
    Among,
    AmountNode,
    AtLeast,
    Best,
    Ceiling,
    ClassNode,
    ClassReadings,
    ClassTest,
    Coded,
    Compare,
    Condition,
    Contains,
    Excused,
    Flag,
    Formula,
    Gathered,
    Given,
    Highest,
    Invert,
    Lowest,
    Measure,
    Moved,
    Multiplied,
    PointsTest,
    Polynomial,
    Readings,
    Reckoned,
    ReckonNode,
    Row,
    RuleTest,
    ScoreFact,
    ScoreNode,
    ScoreReadings,
    ScoreRule,
    Slot,
    Table,
    Total,
    TruthNode,
)
from yiqi.law.tree import Any as AnyOf

Range = tuple[int, int]


def decide(operator: str, value: int) -> bool:
    """``value operator 0``."""
    return value >= 0 if operator == ">=" else value > 0 if operator == ">" else value == 0


LONGEST_CODE = 6
"""Six digits of a region; an industry has a letter and up to four digits. Nothing is deeper."""


def code_matches(code: str | None, prefixes: tuple[str, ...], exceptions: tuple[str, ...]) -> int:
    """Whether a code lies under one of the prefixes and none of the exceptions; unknown while it is not deep enough."""
    if code is None:
        return 1
    inside = under(code, prefixes)
    return min(inside, 2 - under(code, exceptions)) if exceptions else inside


def under(code: str, prefixes: tuple[str, ...]) -> int:
    """Whether a known code lies under one of the prefixes; unknown while it is less deep than a prefix it begins."""
    if code.startswith(prefixes):
        return 2
    if len(code) >= LONGEST_CODE:
        return 0
    return 1 if any(p.startswith(code) for p in prefixes) else 0


@dataclass
class Evaluation:
    """Evaluates units of one linked set on one frame, remembering what was already found."""

    linked: Linked
    frame: Frame
    known: dict[str, Any] = field(default_factory=dict)

    # -- facts --------------------------------------------------------------------------------------------------------

    def value(self, slot: Slot) -> Any:
        return self.frame[self.linked.slot_index[slot]]

    def polynomial(self, polynomial: Polynomial) -> int | None:
        """The value of a polynomial, or None while a slot of it is missing."""
        total = 0
        for monomial, coefficient in polynomial:
            product = coefficient
            for slot in monomial:
                value = self.value(slot)
                if value is None:
                    return None
                product *= value
            total += product
        return total

    def polynomial_range(self, polynomial: Polynomial) -> tuple[int | None, int | None]:
        """The range of a sum of single facts while some are missing, from the bounds outside which a fact is
        impossible; None is no bound."""
        low: int | None = 0
        high: int | None = 0
        for monomial, coefficient in polynomial:
            if len(monomial) > 1:
                return None, None
            least: int | None = 1
            most: int | None = 1
            if monomial:
                value = self.value(monomial[0])
                if value is not None:
                    least = most = value
                else:
                    fact = self.linked.law.vocabulary.get(monomial[0].fact)
                    least, most = (fact.minimum, fact.maximum) if fact is not None and fact.kind else (None, None)
            if coefficient < 0:
                least, most = most, least
            low = None if low is None or least is None else low + coefficient * least
            high = None if high is None or most is None else high + coefficient * most
        return low, high

    def compare(self, node: Compare) -> int:
        guards = [self.polynomial(g) for g in node.guards]
        if any(g is not None and g <= 0 for g in guards):
            return 1
        value = self.polynomial(node.polynomial)
        if value is not None and None not in guards:
            return 2 if decide(node.operator, value) else 0
        if guards or node.operator == "=":
            return 1
        low, high = self.polynomial_range(node.polynomial)
        if low is not None and decide(node.operator, low):
            return 2
        return 0 if high is not None and not decide(node.operator, high) else 1

    def undefined(self, node: Compare) -> bool:
        """Whether a comparison has no answer although nothing it needs is missing: a base of zero or less."""
        return any(g is not None and g <= 0 for g in (self.polynomial(g) for g in node.guards))

    # -- truth --------------------------------------------------------------------------------------------------------

    def truth(self, node: TruthNode, unit: Unit) -> int:
        match node:
            case Compare():
                return self.compare(node)
            case Flag(slot):
                return int(self.value(slot))
            case Among(slot, values, negated):
                return self.among(slot, values, negated)
            case Contains(slot, member):
                value = self.value(slot)
                if value is None:
                    return 1
                fact = self.linked.law.vocabulary[slot.fact]
                return 2 if value & (1 << fact.member_index(member)) else 0
            case Coded(slot, prefixes, exceptions):
                return code_matches(self.value(slot), prefixes, exceptions)
            case PointsTest(score, comparator, threshold):
                return points_test(self.points(score, unit), comparator, threshold)
            case ClassTest(_, names, negated):
                possible: int = self.unit(self.linked.target(unit, node))
                return class_test(possible, class_bits(self.linked, names), negated)
            case RuleTest():
                return int(self.unit(self.linked.target(unit, node)))
            case Invert(child):
                return 2 - self.truth(child, unit)
            case All(children):
                return min((self.truth(c, unit) for c in children), default=2)
            case AnyOf(children):
                return max((self.truth(c, unit) for c in children), default=0)
            case AtLeast(count, children):
                found = [self.truth(c, unit) for c in children]
                return 2 if found.count(2) >= count else 0 if len(found) - found.count(0) < count else 1
            case Excused(child, exception):
                return max(self.truth(child, unit), self.truth(exception, unit))
            case Readings(_, children):
                found = [self.truth(c, unit) for c in children]
                return found[0] if len(set(found)) == 1 else 1
            case Condition(child=child, confidence=confidence):
                return 1 if confidence == "C" else self.truth(child, unit)

    def among(self, slot: Slot, values: tuple[str, ...], negated: bool) -> int:
        value = self.value(slot)
        if value is None:
            return 1
        inside = value in positions(self.linked, slot, values)
        return 2 if inside != negated else 0

    # -- points -------------------------------------------------------------------------------------------------------

    def points(self, node: ScoreNode, unit: Unit) -> Range:
        match node:
            case Table():
                if unit.rule.confidence == "C":
                    return extent(node, self.linked, unit)
                return self.table(node, unit)
            case Total(children, maximum):
                parts = [self.points(c, unit) for c in children]
                low, high = sum(p[0] for p in parts), sum(p[1] for p in parts)
                return (low, high) if maximum is None else (min(low, maximum), min(high, maximum))
            case Best(children):
                parts = [self.points(c, unit) for c in children]
                return max(p[0] for p in parts), max(p[1] for p in parts)
            case ScoreReadings(children):
                parts = [self.points(c, unit) for c in children]
                return min(p[0] for p in parts), max(p[1] for p in parts)
            case ScoreRule():
                points: Range = self.unit(self.linked.target(unit, node))
                return points
            case ScoreFact(slot, minimum, maximum):
                value = self.value(slot)
                return (minimum, maximum) if value is None else (value, value)

    def table(self, node: Table, unit: Unit) -> Range:
        low: int | None = None
        high: int | None = None
        if node.mode == "each":
            low = high = 0
            for row in node.rows:
                held = self.truth(row.child, unit)
                low += row.points or 0 if held == 2 else 0
                high += row.points or 0 if held else 0
            if node.maximum is not None:
                low, high = min(low, node.maximum), min(high, node.maximum)
            return low, high
        for row in node.rows:
            held = self.truth(row.child, unit)
            if held:
                points = row.points or 0
                low = points if low is None else min(low, points)
                high = points if high is None else max(high, points)
                if held == 2:
                    break
        if low is None or high is None:
            raise AssertionError("a table ends with `otherwise`")
        return low, high

    # -- amounts and dates --------------------------------------------------------------------------------------------

    def amount(self, node: AmountNode, unit: Unit) -> ranges.Range:
        """What gives an amount (fen) or a date (ordinal day)."""
        match node:
            case Reckoned(child=child, scale=scale):
                return ranges.rounded(self.reckon(child, unit), scale)
            case Table(mode="each"):
                parts = [ranges.given(self.truth(row.child, unit), self.row_amount(row, unit)) for row in node.rows]
                return ranges.added(parts)
            case Table():
                possible: list[ranges.Range] = []
                for row in node.rows:
                    held = self.truth(row.child, unit)
                    if held:
                        possible.append(self.row_amount(row, unit))
                        if held == 2:
                            break
                return ranges.hull(possible)
            case Gathered(kind, children, maximum):
                parts = [self.amount(c, unit) for c in children]
                together = {"sum": ranges.added, "best": ranges.highest, "readings": ranges.hull}[kind](parts)
                return together if maximum is None else ranges.capped(together, maximum)
            case ScoreRule():
                value: ranges.Range = self.unit(self.linked.target(unit, node))
                return value
            case Ceiling(child):
                return ranges.at_most(self.amount(child, unit))

    def row_amount(self, row: Row, unit: Unit) -> ranges.Range:
        if row.reckoned is None:
            raise AssertionError("a row of a table of amounts gives one")
        return self.amount(row.reckoned, unit)

    def reckon(self, node: ReckonNode, unit: Unit) -> ranges.Range:
        """A part of a line, in the line's own scale."""
        match node:
            case Formula(polynomial):
                return ranges.reach(polynomial, self.value, self.linked.law.vocabulary)
            case Lowest(children):
                return ranges.lowest(self.reckon(c, unit) for c in children)
            case Highest(children):
                return ranges.highest(self.reckon(c, unit) for c in children)
            case Added(children):
                return ranges.added(self.reckon(c, unit) for c in children)
            case Multiplied(left, right):
                return ranges.multiplied(self.reckon(left, unit), self.reckon(right, unit))
            case Moved(date, by, span):
                return ranges.moved(self.reckon(date, unit), self.reckon(by, unit), span)
            case Given(test, amount):
                return ranges.given(self.truth(test, unit), self.amount(amount, unit))
            case ScoreRule():
                return self.amount(node, unit)

    # -- classes ------------------------------------------------------------------------------------------------------

    def classes(self, node: ClassNode, unit: Unit) -> int:
        possible = 0
        if isinstance(node, ClassReadings):
            for rule in node.rules:
                possible |= self.unit(self.linked.target(unit, rule))
            return possible
        if unit.rule.confidence == "C":
            return class_extent(node, self.linked, unit)
        for row in node.rows:
            held = self.truth(row.child, unit)
            if held:
                if row.rule is not None:
                    possible |= self.unit(self.linked.target(unit, row.rule))
                else:
                    possible |= class_bits(self.linked, (row.name or "",))
                if held == 2:
                    break
        return possible

    # -- units --------------------------------------------------------------------------------------------------------

    def unit(self, key: str) -> Any:
        """The value of a unit: truth, range of points, or possible classes as bits."""
        if key not in self.known:
            self.known[key] = self._unit(self.linked.units[key])
        return self.known[key]

    def _unit(self, unit: Unit) -> Any:
        if unit.choice:
            return self._choice(unit)
        if unit.rule.value == "points":
            return self.points(unit.score, unit)
        if unit.rule.value == "class":
            return self.classes(unit.classes, unit)
        if unit.rule.value in ("amount", "date"):
            # An unconfirmed source gives no amount; the way to it is not even bounded.
            return ranges.ANYTHING if unit.rule.confidence == "C" else self.amount(unit.amount, unit)
        return self.truth(unit.truth, unit)

    def _choice(self, unit: Unit) -> Any:
        return hull(unit.rule.value or "truth", [self.unit(a.key) for a in self.alternatives(unit)])

    def alternatives(self, unit: Unit) -> list[Alternative]:
        """The alternatives of a delegated rule that may count for the region; one where it is known deeply enough."""
        region = self.frame[self.linked.slot_index[Slot("region")]] if len(unit.choice) > 1 else ""
        possible: list[Alternative] = []
        for alternative in unit.choice:
            held = code_matches(region, alternative.regions, alternative.exceptions) if alternative.regions else 2
            if held:
                possible.append(alternative)
                if held == 2:
                    break
        return possible


def hull(value: str, possible: list[Any]) -> Any:
    """What can be said when one of several values is meant and it is not known which."""
    if value == "points":
        return min(p[0] for p in possible), max(p[1] for p in possible)
    if value in ("amount", "date"):
        return ranges.hull(possible)
    if value == "class":
        bits = 0
        for p in possible:
            bits |= p
        return bits
    return possible[0] if len(set(possible)) == 1 else 1


def points_test(points: Range, comparator: str, threshold: int) -> int:
    """A range of points against a number of points."""
    low, high = points
    if comparator == ">=":
        return 2 if low >= threshold else 0 if high < threshold else 1
    if comparator == ">":
        return 2 if low > threshold else 0 if high <= threshold else 1
    if comparator == "<=":
        return 2 if high <= threshold else 0 if low > threshold else 1
    if comparator == "<":
        return 2 if high < threshold else 0 if low >= threshold else 1
    return 2 if low == high == threshold else 0 if threshold < low or threshold > high else 1


def class_test(possible: int, wanted: int, negated: bool) -> int:
    """Possible classes against wanted ones, both as bits."""
    result = 2 if not possible & ~wanted else 0 if not possible & wanted else 1
    return 2 - result if negated else result


def class_bits(linked: Linked, names: tuple[str, ...]) -> int:
    return sum(1 << linked.classes.index(name) for name in names if name in linked.classes)


def positions(linked: Linked, slot: Slot, values: tuple[str, ...]) -> frozenset[int]:
    """The positions of named values in the declared list of a fact (or of the procedures)."""
    if slot.fact == "procedure":
        return frozenset({"new": 0, "re_review": 1}[v] for v in values)
    fact = linked.law.vocabulary[slot.fact]
    return frozenset(fact.member_index(v) for v in values)


def extent(node: ScoreNode, linked: Linked, unit: Unit) -> Range:
    """The least and most points a score can give at all."""
    match node:
        case Table(mode=mode, rows=rows, maximum=maximum):
            points = [row.points or 0 for row in rows]
            if mode == "first":
                return min(points), max(points)
            low, high = sum(p for p in points if p < 0), sum(p for p in points if p > 0)
            return (low, high) if maximum is None else (min(low, maximum), min(high, maximum))
        case Total(children, maximum):
            parts = [extent(c, linked, unit) for c in children]
            low, high = sum(p[0] for p in parts), sum(p[1] for p in parts)
            return (low, high) if maximum is None else (min(low, maximum), min(high, maximum))
        case Best(children):
            parts = [extent(c, linked, unit) for c in children]
            return max(p[0] for p in parts), max(p[1] for p in parts)
        case ScoreReadings(children):
            parts = [extent(c, linked, unit) for c in children]
            return min(p[0] for p in parts), max(p[1] for p in parts)
        case ScoreRule():
            target = linked.units[linked.target(unit, node)]
            if target.choice:
                parts = [extent(linked.units[a.key].score, linked, linked.units[a.key]) for a in target.choice]
                return min(p[0] for p in parts), max(p[1] for p in parts)
            return extent(target.score, linked, target)
        case ScoreFact(_, minimum, maximum):
            return minimum, maximum


def class_extent(node: ClassNode, linked: Linked, unit: Unit) -> int:
    """Every class a table can give."""
    bits = 0
    if isinstance(node, ClassReadings):
        for rule in node.rules:
            target = linked.units[linked.target(unit, rule)]
            bits |= class_extent(target.classes, linked, target)
        return bits
    for row in node.rows:
        if row.rule is not None:
            target = linked.units[linked.target(unit, row.rule)]
            bits |= class_extent(target.classes, linked, target)
        else:
            bits |= class_bits(linked, (row.name or "",))
    return bits


def measure_value(node: Measure, polynomial: Callable[[Polynomial], int | None]) -> tuple[int, int] | None:
    """The figure of a comparison as numerator and denominator (before any root), or None while it is not known or its
    denominator is not above zero."""
    numerator, denominator = polynomial(node.numerator), polynomial(node.denominator)
    if numerator is None or denominator is None or denominator <= 0:
        return None
    return numerator, denominator * node.scale
