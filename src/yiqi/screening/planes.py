"""The meaning of the tree in two planes: what holds for certain, and what may hold.

Each node means what :mod:`yiqi.judge.evaluate` says of it: ``sure`` and ``may`` are bits, and yes is both, unknown is
``may`` alone, no is neither. All is ``and`` of both planes, any is ``or``, *not* swaps them. Points are a range of whole
numbers, a class a bit for each name that is still possible, an amount or a date a :class:`yiqi.screening.reckoned.Span`.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from yiqi.facts.interpret import LARGEST
from yiqi.judge.evaluate import class_bits, class_extent, decide, extent, positions
from yiqi.judge.frame import PROCEDURES, move
from yiqi.judge.link import REGION, Alternative, Linked, Unit
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
from yiqi.screening.codes import EVERY, LAST, MISSING, NOTHING, CodeSet
from yiqi.screening.prepared import Bounds, Column, column_of_slot, industry_number
from yiqi.screening.reckoned import MOST_DIGITS, Span, Spans, TooLargeError
from yiqi.screening.terms import Sign, Term, Terms, factor_of, quotient_bound

__all__ = ["Classes", "Planes", "Points", "Span", "TooLargeError", "Truth", "Value"]


@dataclass(frozen=True, slots=True)
class Truth:
    """``sure``: holds for certain. ``may``: holds or may hold. A term that is sure may, too."""

    sure: Term
    may: Term


@dataclass(frozen=True, slots=True)
class Points:
    """The range of points, in 1/10000 point."""

    low: Term
    high: Term


@dataclass(frozen=True, slots=True)
class Classes:
    """For each class name of the linked set, whether it is possible."""

    possible: tuple[Term, ...]


Value = Truth | Points | Classes | Span


@dataclass(frozen=True, slots=True)
class Number:
    """A slot as a whole number: its value, and whether it is known. ``missing`` is its value where it is not known."""

    value: Term
    known: Term
    missing: int = 0


@dataclass(slots=True)
class _Taken:
    """The codes of one slot for which a row of a table holds for certain, so that no later row counts."""

    slot: Slot | None = None
    taken: CodeSet = NOTHING

    def takes(self, slot: Slot) -> bool:
        return self.slot in (None, slot)

    def take(self, slot: Slot, codes: CodeSet) -> None:
        self.slot = slot
        self.taken |= codes


@dataclass(frozen=True, slots=True)
class _Reference:
    """What makes a rule count: the unit that names it, and a bit that says where its line is looked at."""

    unit: str
    reached: Term


class Planes:
    """The value of every unit and condition of a linked set, for a table with given columns.

    ``columns`` are the names of the table's columns, ``bounds`` their measured ranges. A fact without a column is
    missing in every row. ``act`` names a column with the day of the act where that is another in each row, ``fixed`` has
    the figures that are the same in every row, by fact, in smallest units.
    """

    def __init__(
        self,
        linked: Linked,
        procedure: str,
        columns: Mapping[str, Column],
        bounds: Mapping[str, Bounds],
        terms: Terms,
        *,
        act: str | None = None,
        fixed: Mapping[str, int] | None = None,
    ) -> None:
        self.linked = linked
        self.procedure = PROCEDURES.index(procedure)
        self.columns = columns
        self.bounds = bounds
        self.terms = terms
        self.act = act
        self.fixed = dict(fixed or {})
        self.spans = Spans(self)
        self.yes = Truth(terms.one, terms.one)
        self.no = Truth(terms.zero, terms.zero)
        self.unknown = Truth(terms.zero, terms.one)
        self.units: dict[str, Value] = {}
        self.conditions: dict[str, Truth] = {}
        """By condition id and by row id of tables in which every row counts: before an unconfirmed tag takes effect."""
        self.nodes: dict[str, Condition] = {}
        """The conditions themselves, by id."""
        self.references: dict[str, list[_Reference]] = {}
        self._numbers: dict[Slot, Number] = {}
        self._unit_name = ""
        self._reached = terms.one
        for unit in linked.units.values():
            if unit.body is not None or unit.choice:
                self._unit_name = unit.key
                self._reached = terms.one
                self.units[unit.key] = self._unit(unit)

    # -- what is reached ----------------------------------------------------------------------------------------------

    def reached(self, root: str) -> dict[str, Term]:
        """For every unit below a rule, the bit that says where the judge looks at it."""
        found: dict[str, Term] = {root: self.terms.one}
        for key in reversed(self.linked.units):
            if key == root:
                continue
            ways = [
                self.terms.all_of([found[r.unit], r.reached]) for r in self.references.get(key, ()) if r.unit in found
            ]
            if ways:
                found[key] = self.terms.any_of(ways)
        return found

    def _refer(self, key: str) -> Value:
        self.references.setdefault(key, []).append(_Reference(self._unit_name, self._reached))
        return self.units[key]

    def refer_span(self, unit: Unit, node: ScoreRule) -> Span:
        """The amount or date of another rule."""
        return cast(Span, self._refer(self.linked.target(unit, node)))

    def _refer_truth(self, key: str) -> Truth:
        return cast(Truth, self._refer(key))

    # -- slots --------------------------------------------------------------------------------------------------------

    def column(self, slot: Slot) -> Column | None:
        """The column of a slot, or None where the table has none."""
        fact = self.linked.law.vocabulary.get(slot.fact)
        if fact is None:
            return None
        column = column_of_slot(fact, slot.index, self.linked.on)
        return column if column.name in self.columns else None

    def number(self, slot: Slot) -> Number:
        """A slot that counts: a quantity, a day or a position in an ordered list."""
        if slot not in self._numbers:
            self._numbers[slot] = self._number(slot)
        return self._numbers[slot]

    def _number(self, slot: Slot) -> Number:
        terms = self.terms
        fact = self.linked.law.vocabulary.get(slot.fact)
        if slot.fact == "procedure":
            return Number(terms.constant(self.procedure), terms.one)
        if slot.fact in self.fixed:
            return Number(terms.constant(self.fixed[slot.fact]), terms.one)
        if fact is None and self.act is not None:
            return Number(self._day(self.act, slot), terms.known(self.act))
        if fact is None:
            day = move(self.linked.on, slot.shift, slot.shift_unit) if slot.shift_unit else self.linked.on
            return Number(terms.constant(day.toordinal()), terms.one)
        column = self.column(slot)
        measured = self.bounds.get(column.name) if column is not None else None
        if column is None or (measured is not None and measured.low is None):
            return Number(terms.zero, terms.zero)
        known = terms.known(column.name)
        if fact.type == "date":
            return Number(self._day(column.name, slot), known)
        if fact.type == "one_of":
            return Number(terms.fill(column.name, 0, len(fact.members) - 1, -1), known, -1)
        low = measured.low if measured is not None and measured.low is not None else fact.minimum
        high = measured.high if measured is not None and measured.high is not None else fact.maximum
        limit = LARGEST - 1
        # A figure that is never negative is one less than its least where it is missing: what asks for at least something
        # then fails by itself, and need not ask whether the figure is known.
        missing = 0 if low is None or low < 0 else min(low, 1) - 1
        value = terms.fill(column.name, -limit if low is None else low, limit if high is None else high, missing)
        return Number(value, known, missing)

    def _day(self, column: str, slot: Slot) -> Term:
        measured = self.bounds.get(column)
        if measured is None or measured.low is None or measured.high is None:
            return self.terms.day(column, slot.shift, slot.shift_unit)
        # A month is at most 31 days, a year 366.
        reach = abs(slot.shift) * {"": 0, "days": 1, "months": 31, "years": 366}[slot.shift_unit]
        return self.terms.day(column, slot.shift, slot.shift_unit, measured.low - reach, measured.high + reach)

    def _mask(self, slot: Slot) -> Number:
        """A set as bits."""
        column = self.column(slot)
        if column is None:
            return Number(self.terms.zero, self.terms.zero)
        high = (1 << len(column.fact.members)) - 1
        return Number(self.terms.fill(column.name, 0, high), self.terms.known(column.name))

    def _code(self, slot: Slot) -> Number:
        column = self.column(slot)
        if column is None:
            return Number(self.terms.zero, self.terms.zero)
        return Number(self.terms.fill(column.name, 0, LAST), self.terms.known(column.name))

    # -- comparisons --------------------------------------------------------------------------------------------------

    def compare(self, node: Compare) -> Truth:
        terms = self.terms
        slots = dict.fromkeys(s for p in (*node.guards, node.polynomial) for monomial, _ in p for s in monomial)
        numbers = {slot: self.number(slot) for slot in slots}
        holds = self._sign(node.polynomial, node.operator, numbers)
        if node.guards or node.operator == "=":
            return self._where_known(numbers, holds, [self._sign(g, ">", numbers) for g in node.guards])
        if any(len(monomial) > 1 for monomial, _ in node.polynomial):
            return self._where_known(numbers, holds)
        plain = self._where_known(numbers, holds)
        sure = self._settled_early(node, numbers, holds, certain=True)
        refuted = self._settled_early(node, numbers, holds, certain=False)
        return Truth(
            plain.sure if sure is None else sure,
            plain.may if refuted is None else terms.invert(refuted),
        )

    def _where_known(self, numbers: Mapping[Slot, Number], holds: Term, guards: Sequence[Term] = ()) -> Truth:
        """What is settled where all numbers are known and every guard holds, and open elsewhere."""
        known = [*(n.known for n in numbers.values()), *guards]
        opposite = [self.terms.invert(bit) for bit in known]
        return Truth(self.terms.all_of([*known, holds]), self.terms.any_of([*opposite, holds]))

    def _settled_early(
        self, node: Compare, numbers: Mapping[Slot, Number], holds: Term, *, certain: bool
    ) -> Term | None:
        """Whether a sum of single facts holds (or fails) whatever the missing ones are, by the bounds outside which a
        fact is impossible; None where no missing fact has the bound that could decide."""
        terms = self.terms
        needed: list[Term] = []
        parts: list[Term] = []
        bounded = False
        extreme = 0
        for monomial, coefficient in node.polynomial:
            if not monomial:
                parts.append(terms.constant(coefficient))
                extreme += coefficient
                continue
            number = numbers[monomial[0]]
            limit = self._limit(monomial[0], coefficient, certain)
            parts.append(terms.scaled(coefficient, number.value))
            if limit is None:
                needed.append(number.known)
            elif number.known.constant != 1:
                bounded = True
                extreme += coefficient * limit
                parts.append(terms.scaled(coefficient * (limit - number.missing), terms.invert(number.known)))
        if not bounded:
            return None
        if len(numbers) == 1:
            if decide(node.operator, extreme) != certain:
                return None
            (number,) = numbers.values()
            return terms.any_of([terms.invert(number.known), holds if certain else terms.invert(holds)])
        test = self._at_zero(parts, node.operator)
        return terms.all_of([*needed, test if certain else terms.invert(test)])

    def _limit(self, slot: Slot, coefficient: int, certain: bool) -> int | None:
        """The bound of a missing fact that makes a sum least (``certain``) or greatest."""
        fact = self.linked.law.vocabulary.get(slot.fact)
        if fact is None or not fact.kind:
            return None
        return fact.minimum if (coefficient > 0) == certain else fact.maximum

    def sides(self, node: Compare) -> tuple[Term, Term]:
        """What a comparison sets against each other: what counts for it, and what counts against it or is asked."""
        slots = dict.fromkeys(s for monomial, _ in node.polynomial for s in monomial)
        numbers = {slot: self.number(slot) for slot in slots}
        found: tuple[list[Term], list[Term]] = ([], [])
        for monomial, coefficient in node.polynomial:
            product = self.terms.one
            for slot in monomial:
                number = numbers[slot]
                value = (
                    self.terms.choose(number.known, number.value, self.terms.zero) if number.missing else number.value
                )
                product = self.terms.multiply(product, value)
            found[coefficient < 0].append(self.terms.scaled(abs(coefficient), product))
        return self.terms.add(found[0]), self.terms.add(found[1])

    def _sign(self, polynomial: Polynomial, operator: Sign, numbers: Mapping[Slot, Number]) -> Term:
        """``polynomial operator 0`` over the values of slots."""
        parts: list[Term] = []
        for monomial, coefficient in polynomial:
            product = self.terms.one
            for slot in monomial:
                product = self.terms.multiply(product, numbers[slot].value)
            parts.append(self.terms.scaled(coefficient, product))
        return self._at_zero(parts, operator)

    def _at_zero(self, parts: Sequence[Term], operator: Sign) -> Term:
        """``sum of parts operator 0``, with what is taken away brought to the other side."""
        terms = self.terms
        constant = sum(p.constant for p in parts if p.constant is not None)
        rest = [p for p in parts if p.constant is None]
        if len(rest) == 1:
            term, factor = factor_of(rest[0])
            bound = quotient_bound(-constant, factor, operator)
            return terms.zero if bound is None else terms.compare(term, bound[0], terms.constant(bound[1]))
        left: list[Term] = [terms.constant(max(constant, 0))]
        right: list[Term] = [terms.constant(max(-constant, 0))]
        for part in rest:
            term, factor = factor_of(part)
            if factor < 0:
                right.append(terms.scaled(-factor, term))
            else:
                left.append(part)
        total_left, total_right = terms.add(left), terms.add(right)
        for side in (total_left, total_right):
            if max(abs(side.low), abs(side.high)) > MOST_DIGITS:
                raise TooLargeError(self._unit_name)
        return terms.compare(total_left, operator, total_right)

    # -- truth --------------------------------------------------------------------------------------------------------

    def truth(self, node: TruthNode, unit: Unit) -> Truth:
        terms = self.terms
        match node:
            case Compare():
                return self.compare(node)
            case Flag(slot):
                column = self.column(slot)
                if column is None:
                    return self.unknown
                held = terms.flag(column.name, False)
                return Truth(held, terms.any_of([held, terms.invert(terms.known(column.name))]))
            case Among(slot, values, negated):
                return self._among(slot, values, negated)
            case Contains(slot, member):
                mask = self._mask(slot)
                bit = 1 << self.linked.law.vocabulary[slot.fact].member_index(member)
                held = terms.has_member(mask.value, bit) if mask.value.constant is None else terms.zero
                return Truth(held, terms.any_of([terms.invert(mask.known), held]))
            case Coded(slot, prefixes, exceptions):
                return self.coded(slot, prefixes, exceptions)
            case PointsTest(score, comparator, threshold):
                return self._points_test(self.points(score, unit), comparator, threshold)
            case ClassTest(_, names, negated):
                classes = cast(Classes, self._refer(self.linked.target(unit, node)))
                return self._class_test(classes, class_bits(self.linked, names), negated)
            case RuleTest():
                return self._refer_truth(self.linked.target(unit, node))
            case Invert(child):
                return self.inverted(self.truth(child, unit))
            case All(children):
                return self.every([self.truth(c, unit) for c in children])
            case AnyOf(children):
                return self.some([self.truth(c, unit) for c in children])
            case AtLeast(count, children):
                found = [self.truth(c, unit) for c in children]
                wanted = terms.constant(count)
                return Truth(
                    terms.compare(terms.add([f.sure for f in found]), ">=", wanted),
                    terms.compare(terms.add([f.may for f in found]), ">=", wanted),
                )
            case Excused(child, exception):
                return self.some([self.truth(exception, unit), self.truth(child, unit)])
            case Readings(_, children):
                found = [self.truth(c, unit) for c in children]
                return Truth(terms.all_of([f.sure for f in found]), terms.any_of([f.may for f in found]))
            case Condition(child=child, confidence=confidence):
                inner = self.truth(child, unit)
                self.conditions[node.id] = inner
                self.nodes[node.id] = node
                return self.unknown if confidence == "C" else inner

    def every(self, parts: Sequence[Truth]) -> Truth:
        return Truth(self.terms.all_of([p.sure for p in parts]), self.terms.all_of([p.may for p in parts]))

    def some(self, parts: Sequence[Truth]) -> Truth:
        return Truth(self.terms.any_of([p.sure for p in parts]), self.terms.any_of([p.may for p in parts]))

    def inverted(self, part: Truth) -> Truth:
        return Truth(self.terms.invert(part.may), self.terms.invert(part.sure))

    def _among(self, slot: Slot, values: tuple[str, ...], negated: bool) -> Truth:
        terms = self.terms
        number = self.number(slot)
        wanted = positions(self.linked, slot, values)
        inside = terms.any_of([terms.compare(number.value, "=", terms.constant(w)) for w in sorted(wanted)])
        held = terms.invert(inside) if negated else inside
        return Truth(terms.all_of([number.known, held]), terms.any_of([terms.invert(number.known), held]))

    def coded(self, slot: Slot, prefixes: tuple[str, ...], exceptions: tuple[str, ...]) -> Truth:
        """A code under one of the prefixes and none of the exceptions."""
        number = self._code(slot)
        if number.known.constant == 0:
            return self.unknown
        sure, may = self._codes(slot, prefixes, exceptions)
        return Truth(self._among_codes(number, sure), self._opened(number, sure, may))

    def _codes(self, slot: Slot, prefixes: tuple[str, ...], exceptions: tuple[str, ...]) -> tuple[CodeSet, CodeSet]:
        """The codes that lie under one of the prefixes and none of the exceptions for certain, and those that may."""
        sure, may = self._under(slot, prefixes)
        if not exceptions:
            return sure, may
        excepted, may_be_excepted = self._under(slot, exceptions)
        return sure - may_be_excepted, may - excepted

    def _under(self, slot: Slot, prefixes: tuple[str, ...]) -> tuple[CodeSet, CodeSet]:
        """The codes under a prefix: a range of numbers. A code less deep than a prefix that it begins is open."""
        region = self.linked.law.vocabulary[slot.fact].type == "region"
        sure = NOTHING
        shallow: set[int] = set()
        for prefix in prefixes:
            if region:
                sure |= CodeSet(((int(prefix.ljust(6, "0")), int(prefix.ljust(6, "9"))),))
                continue
            found = CodeSet((_industry_range(prefix),))
            shallower = [industry_number(prefix[:depth]) for depth in (1, 3, 4) if depth < len(prefix)]
            sure |= found - CodeSet.of((code, code) for code in shallower)
            shallow.update(shallower)
        return sure, sure | CodeSet.of((code, code) for code in (MISSING, *shallow))

    def _opened(self, number: Number, sure: CodeSet, may: CodeSet) -> Term:
        """A bit for the codes of ``may`` that rests on the one for those of ``sure``."""
        return self.terms.any_of([self._among_codes(number, sure), self._among_codes(number, may - sure)])

    def _among_codes(self, number: Number, codes: CodeSet) -> Term:
        terms = self.terms
        found: list[Term] = []
        for low, high in codes.spans:
            if (low, high) == (MISSING, MISSING):
                found.append(terms.invert(number.known))
            elif low == high:
                found.append(terms.compare(number.value, "=", terms.constant(low)))
            else:
                at_least = terms.compare(number.value, ">=", terms.constant(low))
                found.append(terms.all_of([at_least, terms.compare(number.value, "<=", terms.constant(high))]))
        return terms.any_of(found)

    def _points_test(self, points: Points, comparator: str, threshold: int) -> Truth:
        terms = self.terms
        wanted = terms.constant(threshold)
        if comparator in (">=", ">"):
            sign = cast(Sign, comparator)
            return Truth(terms.compare(points.low, sign, wanted), terms.compare(points.high, sign, wanted))
        if comparator in ("<=", "<"):
            sign = cast(Sign, comparator)
            return Truth(terms.compare(points.high, sign, wanted), terms.compare(points.low, sign, wanted))
        exact = [terms.compare(points.low, "=", wanted), terms.compare(points.high, "=", wanted)]
        inside = [terms.compare(points.low, "<=", wanted), terms.compare(points.high, ">=", wanted)]
        return Truth(terms.all_of(exact), terms.all_of(inside))

    def _class_test(self, classes: Classes, wanted: int, negated: bool) -> Truth:
        inside = [p for i, p in enumerate(classes.possible) if wanted >> i & 1]
        outside = [p for i, p in enumerate(classes.possible) if not wanted >> i & 1]
        result = Truth(self.terms.invert(self.terms.any_of(outside)), self.terms.any_of(inside))
        return self.inverted(result) if negated else result

    # -- points -------------------------------------------------------------------------------------------------------

    def points(self, node: ScoreNode, unit: Unit) -> Points:
        terms = self.terms
        match node:
            case Table():
                found = self._table(node, unit)
                if unit.rule.confidence == "C":
                    low, high = extent(node, self.linked, unit)
                    return Points(terms.constant(low), terms.constant(high))
                return found
            case Total(children, maximum):
                parts = [self.points(c, unit) for c in children]
                return self._capped(
                    Points(terms.add([p.low for p in parts]), terms.add([p.high for p in parts])), maximum
                )
            case Best(children):
                parts = [self.points(c, unit) for c in children]
                return Points(terms.greatest([p.low for p in parts]), terms.greatest([p.high for p in parts]))
            case ScoreReadings(children):
                parts = [self.points(c, unit) for c in children]
                return Points(terms.least([p.low for p in parts]), terms.greatest([p.high for p in parts]))
            case ScoreRule():
                return cast(Points, self._refer(self.linked.target(unit, node)))
            case ScoreFact(slot, minimum, maximum):
                number = self.number(slot)
                return Points(
                    terms.where(number.known, number.value, minimum),
                    terms.where(number.known, number.value, maximum),
                )

    def _capped(self, points: Points, maximum: int | None) -> Points:
        if maximum is None:
            return points
        cap = self.terms.constant(maximum)
        return Points(self.terms.least([points.low, cap]), self.terms.least([points.high, cap]))

    def _table(self, node: Table, unit: Unit) -> Points:
        terms = self.terms
        if node.mode == "each":
            rows: list[Truth] = []
            for row in node.rows:
                held = self.truth(row.child, unit)
                self.conditions[row.id] = held
                rows.append(held)
            points = [row.points or 0 for row in node.rows]
            return self._capped(
                Points(
                    terms.add([terms.scaled(p, r.sure) for p, r in zip(points, rows, strict=True)]),
                    terms.add([terms.scaled(p, r.may) for p, r in zip(points, rows, strict=True)]),
                ),
                node.maximum,
            )
        bands = self._bands(node)
        if bands is not None:
            return bands
        found = list(self.first([row.child for row in node.rows], unit))
        given = sorted({row.points or 0 for row in node.rows})
        open_at = {
            value: terms.any_of([f for f, row in zip(found, node.rows, strict=True) if (row.points or 0) == value])
            for value in given
        }
        low = [terms.constant(given[0])]
        high = [terms.constant(given[0])]
        for step, (below, above) in enumerate(itertools.pairwise(given), start=1):
            # The least is a step higher where no row that gives less may count, the most where one that gives more may.
            none_below = terms.invert(terms.any_of([open_at[v] for v in given[:step]]))
            low.append(terms.scaled(above - below, none_below))
            high.append(terms.scaled(above - below, terms.any_of([open_at[v] for v in given[step:]])))
        return Points(
            terms.within(terms.add(low), given[0], given[-1]), terms.within(terms.add(high), given[0], given[-1])
        )

    def _bands(self, node: Table) -> Points | None:
        """A table of bands of one figure: all it needs is known and the first band that holds counts, or all is open."""
        terms = self.terms
        tests = [row.child for row in node.rows[:-1]]
        compares = [test for test in tests if isinstance(test, Compare)]
        if not compares or len(compares) != len(tests) or not node.rows[-1].otherwise:
            return None
        first = compares[0]
        slots = {s for p in (*first.guards, first.polynomial) for monomial, _ in p for s in monomial}
        numbers = {slot: self.number(slot) for slot in sorted(slots)}
        settled = terms.all_of(
            [*(n.known for n in numbers.values()), *(self._sign(g, ">", numbers) for g in first.guards)]
        )
        for compare in compares:
            used = {s for p in (*compare.guards, compare.polynomial) for monomial, _ in p for s in monomial}
            if compare.guards != first.guards or used != slots:
                return None
            if not compare.guards and compare.operator != "=":
                held = self.compare(compare)
                holds = self._sign(compare.polynomial, compare.operator, numbers)
                if held != self._where_known(numbers, holds):
                    return None  # the bounds of the facts may decide a band while something is missing
        points = [row.points or 0 for row in node.rows]
        value = terms.constant(points[-1])
        for compare, given in reversed(list(zip(compares, points, strict=False))):
            value = terms.choose(
                self._sign(compare.polynomial, compare.operator, numbers), terms.constant(given), value
            )
        return Points(terms.where(settled, value, min(points)), terms.where(settled, value, max(points)))

    def first(self, tests: Sequence[TruthNode], unit: Unit) -> Iterator[Term]:
        """For each row of a table, whether it may be the first that holds; what it refers to is reached only then."""
        terms = self.terms
        outside = self._reached
        open_yet = terms.one
        codes = _Taken()
        for test in tests:
            if isinstance(test, Coded) and codes.takes(test.slot) and self._code(test.slot).known.constant != 0:
                number = self._code(test.slot)
                sure, may = self._codes(test.slot, test.prefixes, test.exceptions)
                free = self._opened(number, sure - codes.taken, may - codes.taken)
                yield terms.all_of([open_yet, free])
                codes.take(test.slot, sure)
                continue
            here = open_yet
            if codes.slot is not None:
                here = terms.all_of([open_yet, self._among_codes(self._code(codes.slot), EVERY - codes.taken)])
            self._reached = terms.all_of([outside, here])
            held = self.truth(test, unit)
            yield terms.all_of([here, held.may])
            open_yet = terms.all_of([open_yet, terms.invert(held.sure)])
        self._reached = outside

    # -- classes ------------------------------------------------------------------------------------------------------

    def classes(self, node: ClassNode, unit: Unit) -> Classes:
        terms = self.terms
        if isinstance(node, ClassReadings):
            return self._united([(terms.one, self._class_unit(self.linked.target(unit, r))) for r in node.rules])
        if unit.rule.confidence == "C":
            bits = class_extent(node, self.linked, unit)
            return Classes(tuple(terms.constant(bits >> i & 1) for i in range(len(self.linked.classes))))
        parts: list[tuple[Term, Classes]] = []
        outside = self._reached
        found = self.first([row.child for row in node.rows], unit)
        for row, counts in zip(node.rows, found, strict=True):
            if row.rule is not None:
                self._reached = terms.all_of([outside, counts])
                parts.append((counts, self._class_unit(self.linked.target(unit, row.rule))))
            else:
                bits = class_bits(self.linked, (row.name or "",))
                names = tuple(terms.constant(bits >> i & 1) for i in range(len(self.linked.classes)))
                parts.append((counts, Classes(names)))
        self._reached = outside
        return self._united(parts)

    def _class_unit(self, key: str) -> Classes:
        return cast(Classes, self._refer(key))

    def _united(self, parts: Sequence[tuple[Term, Classes]]) -> Classes:
        return Classes(
            tuple(
                self.terms.any_of([self.terms.all_of([counts, part.possible[i]]) for counts, part in parts])
                for i in range(len(self.linked.classes))
            )
        )

    # -- units --------------------------------------------------------------------------------------------------------

    def _unit(self, unit: Unit) -> Value:
        if unit.choice:
            return self._choice(unit)
        if unit.rule.value == "points":
            return self.points(unit.score, unit)
        if unit.rule.value == "class":
            return self.classes(unit.classes, unit)
        if unit.rule.value in ("amount", "date"):
            return self.spans.unit(unit)
        return self.truth(unit.truth, unit)

    def _choice(self, unit: Unit) -> Value:
        """The alternative of the region: what all that may count agree on."""
        terms = self.terms
        found: list[tuple[Term, Value]] = []
        open_yet = terms.one
        for alternative in unit.choice:
            held = self.alternative(alternative)
            counts = terms.all_of([open_yet, held.may])
            open_yet = terms.all_of([open_yet, terms.invert(held.sure)])
            self._reached = counts
            found.append((counts, self._refer(alternative.key)))
        self._reached = terms.one
        if unit.rule.value == "points":
            ranges = [(counts, cast(Points, value)) for counts, value in found]
            lowest = min(p.low.low for _, p in ranges)
            highest = max(p.high.high for _, p in ranges)
            return Points(
                terms.least([terms.choose(c, p.low, terms.constant(highest)) for c, p in ranges]),
                terms.greatest([terms.choose(c, p.high, terms.constant(lowest)) for c, p in ranges]),
            )
        if unit.rule.value == "class":
            return self._united([(counts, cast(Classes, value)) for counts, value in found])
        if unit.rule.value in ("amount", "date"):
            return self.spans.hull([(counts, cast(Span, value)) for counts, value in found])
        truths = [(counts, cast(Truth, value)) for counts, value in found]
        return Truth(
            terms.all_of([terms.any_of([terms.invert(counts), value.sure]) for counts, value in truths]),
            terms.any_of([terms.all_of([counts, value.may]) for counts, value in truths]),
        )

    def alternative(self, alternative: Alternative) -> Truth:
        """Where an alternative of a delegated rule counts."""
        if not alternative.regions:
            return self.yes
        return self.coded(REGION, alternative.regions, alternative.exceptions)


def _industry_range(prefix: str) -> tuple[int, int]:
    """The numbers of all codes under an industry prefix."""
    section = (ord(prefix[0]) - ord("A") + 1) * 100_000
    digits = prefix[1:]
    return section + int(digits.ljust(4, "0")) * 10, section + int(digits.ljust(4, "9")) * 10 + 9
