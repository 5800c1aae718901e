"""The meaning of linked rules as formulas, so that a solver can say *for every* or *for none*.

Every fact of an enterprise is known, free or missing. A free fact is a variable: the solver may choose it. A missing one
stays unknown, and truth follows Kleene's tables, points are ranges and classes sets, as the judge has them. So "can these
facts settle the answer?" is: free them, leave the others missing, ask for an assignment that decides.

Numbers range over the whole numbers within the bounds of their fact; dates and codes over those near the thresholds.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import reduce
from typing import Any

import z3

from proofs.leaves import law
from proofs.sheets import Field, Key, field_of
from yiqi.judge.evaluate import class_extent, code_matches, extent, positions
from yiqi.judge.frame import PROCEDURES, is_flag, move
from yiqi.judge.link import Alternative, Linked, Unit
from yiqi.law.tree import (
    All,
    Among,
    AtLeast,
    Best,
    ClassNode,
    ClassReadings,
    ClassTest,
    Coded,
    Compare,
    Condition,
    Contains,
    Excused,
    Flag,
    Invert,
    PointsTest,
    Polynomial,
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
)
from yiqi.law.tree import Any as AnyOf
from yiqi.law.vocabulary import Fact

Formula = Any
"""A Python bool or a Boolean term; a Python int or a whole-number term."""


@dataclass(frozen=True)
class Truth:
    """When a condition is a yes and when a no; neither is unknown."""

    yes: Formula
    no: Formula


@dataclass(frozen=True)
class Points:
    low: Formula
    high: Formula


WHOLE_CODE = 5
"""A whole code has a letter and four digits, or six digits."""

YES, NO, OPEN = Truth(True, False), Truth(False, True), Truth(False, False)


def conj(parts: Iterable[Formula]) -> Formula:
    """All of them; what Python already knows is left out."""
    kept = []
    for part in parts:
        if part is False:
            return False
        if part is not True:
            kept.append(part)
    return True if not kept else kept[0] if len(kept) == 1 else z3.And(*kept)


def disj(parts: Iterable[Formula]) -> Formula:
    kept = []
    for part in parts:
        if part is True:
            return True
        if part is not False:
            kept.append(part)
    return False if not kept else kept[0] if len(kept) == 1 else z3.Or(*kept)


def negation(part: Formula) -> Formula:
    return not part if isinstance(part, bool) else z3.Not(part)


def choose(test: Formula, then: Formula, otherwise: Formula) -> Formula:
    if isinstance(test, bool):
        return then if test else otherwise
    return z3.If(test, then, otherwise)


def least(a: Formula, b: Formula) -> Formula:
    return min(a, b) if isinstance(a, int) and isinstance(b, int) else z3.If(a <= b, a, b)


def most(a: Formula, b: Formula) -> Formula:
    return max(a, b) if isinstance(a, int) and isinstance(b, int) else z3.If(a >= b, a, b)


def plain(term: Formula) -> Formula:
    """A comparison of two Python numbers is a numpy-free Python bool already; a term stays."""
    return bool(term) if isinstance(term, bool) else term


@dataclass(frozen=True)
class Listed:
    """A free value out of a list: which one is a variable."""

    which: z3.ArithRef
    options: tuple[Any, ...]

    def where(self, test: Callable[[Any], bool]) -> Formula:
        """When the value passes a test."""
        chosen = [n for n, option in enumerate(self.options) if test(option)]
        if len(chosen) == len(self.options):
            return True
        return disj(self.which == n for n in chosen)

    def number(self, value: Callable[[Any], int]) -> Formula:
        """A number that depends on which value it is."""
        numbers = [value(option) for option in self.options]
        return reduce(lambda rest, n: z3.If(self.which == n, numbers[n], rest), range(len(numbers) - 1), numbers[-1])


class Rules:
    """The formulas of a linked set for what is known and what is free; everything else is missing."""

    def __init__(
        self,
        linked: Linked,
        known: Mapping[Key, Any],
        free: Collection[Key],
        procedure: str | None,
        around: Field | None = None,
    ) -> None:
        """``procedure`` None leaves it to the solver. ``around`` has the dates and codes to choose from: two sets of
        rules that are compared need the same."""
        self.linked = linked
        self.around = around or field_of(linked)
        self.known = known
        self.free = frozenset(free)
        self.procedure = procedure
        self.constraints: list[Formula] = []
        self.settled: list[Formula] = []
        """That the readings of every open question of law agree."""
        self._variables: dict[Key, Any] = {}
        self._units: dict[str, Any] = {}

    # -- facts --------------------------------------------------------------------------------------------------------

    def variable(self, key: Key) -> Any:
        """The variable of a free fact: a number, a Boolean, one per member of a set, or a choice from a list."""
        if key not in self._variables:
            self._variables[key] = self._variable(key)
        return self._variables[key]

    def _variable(self, key: Key) -> Any:
        fact = law().vocabulary[key[0]]
        name = f"{key[0]}[{key[1]}]"
        if fact.type == "yes_no":
            return z3.Bool(name)
        if fact.type == "set_of":
            return {m.id: z3.Bool(f"{name} {m.id}") for m in fact.members}
        if fact.kind is not None:
            number = z3.Int(name)
            if fact.minimum is not None:
                self.constraints.append(number >= fact.minimum)
            if fact.maximum is not None:
                self.constraints.append(number <= fact.maximum)
            return number
        given = self.known.get(key, "")
        options = self._options(key, fact)
        if fact.type in ("industry", "region"):
            options = tuple(o for o in options if o.startswith(given))
        which = z3.Int(name)
        self.constraints.append(z3.And(which >= 0, which < len(options)))
        return Listed(which, options)

    def _options(self, key: Key, fact: Fact) -> tuple[Any, ...]:
        if fact.type == "one_of":
            return tuple(m.id for m in fact.members)
        options = self.around.values[key]
        if fact.type in ("industry", "region"):
            given = self.known.get(key, "")
            return (*options, given + ("11" if fact.type == "industry" else "01")) if given else options
        return options

    def state(self, key: Key) -> str:
        return "free" if key in self.free else "known" if key in self.known else "missing"

    def number(self, slot: Slot) -> Formula | None:
        """The number of a slot, or None while it is missing."""
        if slot.fact == "on":
            return self._moved(self.linked.on, slot)
        key = (slot.fact, slot.index)
        fact = law().vocabulary[slot.fact]
        if self.state(key) == "missing":
            return None
        if self.state(key) == "known":
            value = self.known[key]
            if fact.type == "date":
                return self._moved(value, slot)
            return fact.member_index(value) if fact.type == "one_of" else int(value)
        variable = self.variable(key)
        if isinstance(variable, Listed):
            return variable.number(lambda v: self._moved(v, slot) if fact.type == "date" else fact.member_index(v))
        return variable

    def _moved(self, day: dt.date, slot: Slot) -> int:
        return (move(day, slot.shift, slot.shift_unit) if slot.shift_unit else day).toordinal()

    # -- truth --------------------------------------------------------------------------------------------------------

    def truth(self, node: TruthNode, unit: Unit) -> Truth:
        match node:
            case Compare():
                return self.compare(node)
            case Flag(slot):
                return self._tested(slot, bool, lambda v: v)
            case Among(slot, values, negated):
                return self._among(slot, values, negated)
            case Contains(slot, member):
                return self._tested(slot, lambda v: member in v, lambda v: v[member])
            case Coded(slot, prefixes, exceptions):
                return self.coded(slot, prefixes, exceptions)
            case PointsTest(score, comparator, threshold):
                return self._points_test(self.points(score, unit), comparator, threshold)
            case ClassTest(_, names, negated):
                possible = self.unit(self.linked.target(unit, node))
                inside = negation(disj(p for n, p in possible.items() if n not in names))
                outside = negation(disj(p for n, p in possible.items() if n in names))
                return Truth(outside, inside) if negated else Truth(inside, outside)
            case RuleTest():
                found: Truth = self.unit(self.linked.target(unit, node))
                return found
            case Invert(child):
                inner = self.truth(child, unit)
                return Truth(inner.no, inner.yes)
            case All(children):
                parts = [self.truth(c, unit) for c in children]
                return Truth(conj(p.yes for p in parts), disj(p.no for p in parts))
            case AnyOf(children):
                parts = [self.truth(c, unit) for c in children]
                return Truth(disj(p.yes for p in parts), conj(p.no for p in parts))
            case AtLeast(count, children):
                parts = [self.truth(c, unit) for c in children]
                sure = sum(choose(p.yes, 1, 0) for p in parts)
                lost = sum(choose(p.no, 1, 0) for p in parts)
                return Truth(sure >= count, len(parts) - lost < count)
            case Excused(child, exception):
                parts = [self.truth(child, unit), self.truth(exception, unit)]
                return Truth(disj(p.yes for p in parts), conj(p.no for p in parts))
            case Readings(_, children):
                parts = [self.truth(c, unit) for c in children]
                read = Truth(conj(p.yes for p in parts), conj(p.no for p in parts))
                self.settled.append(disj((read.yes, read.no)))
                return read
            case Condition(child=child, confidence=confidence):
                return OPEN if confidence == "C" else self.truth(child, unit)

    def _tested(self, slot: Slot, known: Callable[[Any], bool], free: Callable[[Any], Formula]) -> Truth:
        key = (slot.fact, slot.index)
        if self.state(key) == "missing":
            return OPEN
        test = known(self.known[key]) if self.state(key) == "known" else free(self.variable(key))
        return Truth(test, negation(test))

    def _among(self, slot: Slot, values: tuple[str, ...], negated: bool) -> Truth:
        if slot.fact == "procedure":
            if self.procedure is None:
                which = z3.Int("procedure")
                self.constraints.append(z3.And(which >= 0, which < len(PROCEDURES)))
                inside = disj(which == n for n in positions(self.linked, slot, values))
            else:
                inside = self.procedure in values
            return Truth(negation(inside), inside) if negated else Truth(inside, negation(inside))
        found = self._tested(slot, lambda v: v in values, lambda v: v.where(lambda o: o in values))
        return Truth(found.no, found.yes) if negated else found

    def coded(self, slot: Slot, prefixes: tuple[str, ...], exceptions: tuple[str, ...]) -> Truth:
        key = (slot.fact, slot.index)

        def is_(wanted: int) -> Callable[[Any], bool]:
            return lambda code: code_matches(code, prefixes, exceptions) == wanted

        if self.state(key) == "missing":
            return OPEN
        if self.state(key) == "known":
            code = self.known[key]
            return Truth(is_(2)(code), is_(0)(code))
        return Truth(self.variable(key).where(is_(2)), self.variable(key).where(is_(0)))

    def compare(self, node: Compare) -> Truth:
        guards = [self.polynomial(g) for g in node.guards]
        value = self.polynomial(node.polynomial)
        if value is not None and None not in guards:
            above = conj(plain(g > 0) for g in guards)
            holds = self._decided(node.operator, value)
            return Truth(conj((above, holds)), conj((above, negation(holds))))
        if guards or node.operator == "=":
            return OPEN
        low, high = self.bounds(node.polynomial)
        yes = self._decided(node.operator, low) if low is not None else False
        no = negation(self._decided(node.operator, high)) if high is not None else False
        return Truth(yes, no)

    def _decided(self, operator: str, value: Formula) -> Formula:
        return plain(value >= 0 if operator == ">=" else value > 0 if operator == ">" else value == 0)

    def polynomial(self, polynomial: Polynomial) -> Formula | None:
        total: Formula = 0
        for monomial, coefficient in polynomial:
            numbers = [self.number(slot) for slot in monomial]
            if any(n is None for n in numbers):
                return None
            known = [n for n in numbers if isinstance(n, int)]
            factor = reduce(lambda a, b: a * b, known, coefficient)
            total = total + reduce(lambda a, b: a * b, [n for n in numbers if not isinstance(n, int)], factor)
        return total

    def bounds(self, polynomial: Polynomial) -> tuple[Formula | None, Formula | None]:
        low: Formula | None = 0
        high: Formula | None = 0
        for monomial, coefficient in polynomial:
            if len(monomial) > 1:
                return None, None
            ends: tuple[Formula | None, Formula | None] = (1, 1)
            if monomial:
                number = self.number(monomial[0])
                fact = law().vocabulary.get(monomial[0].fact)
                missing = (fact.minimum, fact.maximum) if fact is not None and fact.kind else (None, None)
                ends = missing if number is None else (number, number)
            if coefficient < 0:
                ends = (ends[1], ends[0])
            low = None if low is None or ends[0] is None else low + coefficient * ends[0]
            high = None if high is None or ends[1] is None else high + coefficient * ends[1]
        return low, high

    # -- points and classes -------------------------------------------------------------------------------------------

    def _points_test(self, points: Points, comparator: str, threshold: int) -> Truth:
        low, high = points.low, points.high
        yes, no = {
            ">=": (low >= threshold, high < threshold),
            ">": (low > threshold, high <= threshold),
            "<=": (high <= threshold, low > threshold),
            "<": (high < threshold, low >= threshold),
            "=": (
                conj((plain(low == threshold), plain(high == threshold))),
                disj((plain(threshold < low), plain(threshold > high))),
            ),
        }[comparator]
        return Truth(plain(yes), plain(no))

    def points(self, node: ScoreNode, unit: Unit) -> Points:
        match node:
            case Table():
                if unit.rule.confidence == "C":
                    return Points(*extent(node, self.linked, unit))
                return self.table(node, unit)
            case Total(children, maximum):
                parts = [self.points(c, unit) for c in children]
                low, high = sum(p.low for p in parts), sum(p.high for p in parts)
                return Points(low, high) if maximum is None else Points(least(low, maximum), least(high, maximum))
            case Best(children):
                parts = [self.points(c, unit) for c in children]
                return Points(reduce(most, (p.low for p in parts)), reduce(most, (p.high for p in parts)))
            case ScoreReadings(children):
                parts = [self.points(c, unit) for c in children]
                return Points(reduce(least, (p.low for p in parts)), reduce(most, (p.high for p in parts)))
            case ScoreRule():
                found: Points = self.unit(self.linked.target(unit, node))
                return found
            case ScoreFact(slot, minimum, maximum):
                number = self.number(slot)
                return Points(minimum, maximum) if number is None else Points(number, number)

    def table(self, node: Table, unit: Unit) -> Points:
        held = [self.truth(row.child, unit) for row in node.rows]
        points = [row.points or 0 for row in node.rows]
        if node.mode == "each":
            low = sum(choose(h.yes if p > 0 else negation(h.no), p, 0) for h, p in zip(held, points, strict=True))
            high = sum(choose(negation(h.no) if p > 0 else h.yes, p, 0) for h, p in zip(held, points, strict=True))
            return (
                Points(low, high)
                if node.maximum is None
                else Points(least(low, node.maximum), least(high, node.maximum))
            )
        possible = self.possible(held)
        distinct = sorted(set(points))

        def first(order: list[int]) -> Formula:
            return reduce(
                lambda rest, p: choose(disj(q for q, r in zip(possible, points, strict=True) if r == p), p, rest),
                order[-2::-1], order[-1],
            )  # fmt: skip

        return Points(first(distinct), first(distinct[::-1]))

    def possible(self, held: list[Truth]) -> list[Formula]:
        """Which rows of a first-match table may be the one that decides."""
        found: list[Formula] = []
        above: Formula = True
        for truth in held:
            found.append(conj((above, negation(truth.no))))
            above = conj((above, negation(truth.yes)))
        return found

    def classes(self, node: ClassNode, unit: Unit) -> dict[str, Formula]:
        """When each class is possible."""
        result: dict[str, list[Formula]] = {name: [] for name in self.linked.classes}
        if isinstance(node, ClassReadings):
            for rule in node.rules:
                for name, formula in self.unit(self.linked.target(unit, rule)).items():
                    result[name].append(formula)
        elif unit.rule.confidence == "C":
            bits = class_extent(node, self.linked, unit)
            return {name: bool(bits >> n & 1) for n, name in enumerate(self.linked.classes)}
        else:
            rows = self.possible([self.truth(row.child, unit) for row in node.rows])
            for row, reached in zip(node.rows, rows, strict=True):
                if row.rule is None:
                    result[row.name or ""].append(reached)
                else:
                    for name, formula in self.unit(self.linked.target(unit, row.rule)).items():
                        result[name].append(conj((reached, formula)))
        return {name: disj(parts) for name, parts in result.items()}

    # -- units --------------------------------------------------------------------------------------------------------

    def unit(self, key: str) -> Any:
        """A unit's :class:`Truth`, :class:`Points` or possible classes."""
        if key not in self._units:
            unit = self.linked.units[key]
            if unit.choice:
                self._units[key] = self._choice(unit.choice, unit.rule.value)
            elif unit.rule.value == "points":
                self._units[key] = self.points(unit.score, unit)
            elif unit.rule.value == "class":
                self._units[key] = self.classes(unit.classes, unit)
            else:
                self._units[key] = self.truth(unit.truth, unit)
        return self._units[key]

    def _choice(self, alternatives: tuple[Alternative, ...], value: str | None) -> Any:
        held = [self.coded(Slot("region"), a.regions, a.exceptions) if a.regions else YES for a in alternatives]
        if len(alternatives) == 1:
            return self.unit(alternatives[0].key)
        possible = self.possible(held)
        found = [self.unit(a.key) for a in alternatives]
        pairs = list(zip(possible, found, strict=True))
        if value == "points":
            far = 10**9
            return Points(
                reduce(least, (choose(p, f.low, far) for p, f in pairs)),
                reduce(most, (choose(p, f.high, -far) for p, f in pairs)),
            )
        if value == "class":
            return {n: disj(conj((p, f[n])) for p, f in pairs) for n in self.linked.classes}
        return Truth(
            conj(disj((negation(p), f.yes)) for p, f in pairs), conj(disj((negation(p), f.no)) for p, f in pairs)
        )

    def codes_are_whole(self) -> Formula:
        """That every free code is given as deeply as the standard goes (formulas must have been made before)."""
        return conj(
            variable.where(lambda code: len(code) >= WHOLE_CODE)
            for (fact, _), variable in self._variables.items()
            if law().vocabulary[fact].type in ("industry", "region")
        )

    def decided(self, key: str) -> Formula:
        """When a unit has one answer: yes or no, one number of points, one class."""
        found = self.unit(key)
        if isinstance(found, Truth):
            return disj((found.yes, found.no))
        if isinstance(found, Points):
            return plain(found.low == found.high)
        return conj(
            [disj(found.values()), *(negation(conj((found[a], found[b]))) for a in found for b in found if a < b)]
        )


def differs(a: Any, b: Any) -> Formula:
    """When two values of units are not the same."""
    if isinstance(a, Truth):
        return disj((_unequal(a.yes, b.yes), _unequal(a.no, b.no)))
    if isinstance(a, Points):
        return disj((_unequal(a.low, b.low), _unequal(a.high, b.high)))
    return disj(_unequal(a.get(n, False), b.get(n, False)) for n in {*a, *b})


def _unequal(a: Formula, b: Formula) -> Formula:
    if isinstance(a, bool | int) and isinstance(b, bool | int):
        return a != b
    if isinstance(a, bool) or isinstance(b, bool):
        return z3.Xor(z3.BoolVal(a) if isinstance(a, bool) else a, z3.BoolVal(b) if isinstance(b, bool) else b)
    if not isinstance(a, int) and not isinstance(b, int) and a.eq(b):  # the very same formula
        return False
    return a != b


def solve(formula: Formula, constraints: Iterable[Formula] = (), seconds: int = 20) -> bool | None:
    """Whether a formula can hold; None when the solver gave up."""
    if isinstance(formula, bool):
        return formula
    solver = z3.Solver()
    solver.set("timeout", seconds * 1000)
    solver.add(*constraints)
    solver.add(formula)
    answer = solver.check()
    return None if answer == z3.unknown else bool(answer == z3.sat)


__all__ = ["Key", "Points", "Rules", "Truth", "conj", "differs", "disj", "is_flag", "negation", "solve"]
