"""What can be wrong with one comparison: its number, its comparator, its years, the date it is moved from.

The comparison is multiplied out again from its changed sides, by the arithmetic that made it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any as Whatever
from typing import Literal

from yiqi.law.arithmetic import Quantity, compare, constant, divide, over_years
from yiqi.law.bilingual import Bilingual
from yiqi.law.implication import constant as constant_of
from yiqi.law.quantities import RATIO_SCALE, decimal_text
from yiqi.law.syntax import Arithmetic, Call, Comparator, Comparison, Expression, Name, Number, Span
from yiqi.law.tree import (
    All,
    Among,
    Any,
    AtLeast,
    Best,
    Body,
    Compare,
    Condition,
    Excused,
    Flag,
    Invert,
    Measure,
    Monomial,
    PointsTest,
    Polynomial,
    Readings,
    Rule,
    ScoreReadings,
    Slot,
    Table,
    Total,
    slots_of,
)
from yiqi.law.vocabulary import Vocabulary
from yiqi.law.words import UNITS

Kind = Literal["threshold", "comparator", "combination", "line", "not", "result", "value"]
"""What was changed. Only ``threshold`` (a number of the law: amount, share, count, years, points) must always be seen."""

STEPS: dict[str, Fraction] = {
    "money": Fraction(1),
    "ratio": Fraction(1, RATIO_SCALE),
    "count": Fraction(1),
    "years": Fraction(1),
    "days": Fraction(1),
    "rank": Fraction(1),
    "points": Fraction(1, 100),
}
"""The smallest change of a threshold, in natural units: one fen, 0.000001 %, one, one year, one day, one level. Points
that a platform publishes have two decimals."""

STEP_OF_HEADS = Fraction(1, 1000)
"""The same for a share of heads (R&D staff in employees). 49.999999 % differs from 50 % only among tens of millions of
employees; 49.9 % does so among a few hundred."""

COMPARATORS: dict[Comparator, tuple[Comparator, ...]] = {
    ">=": (">", "<="),
    ">": (">=", "<"),
    "<=": ("<", ">="),
    "<": ("<=", ">"),
    "=": (">=", "<="),
}
"""What each comparator is changed to: first its neighbour, which differs on the threshold alone."""


@dataclass(frozen=True, slots=True)
class Change:
    """One change of one node: what it is now, and in which condition or row of which line, where that is known."""

    kind: Kind
    what: Bilingual
    node: Whatever
    at: str = ""
    span: Span | None = None


def compare_changes(node: Compare, vocabulary: Vocabulary, *, within_years: bool) -> Iterator[Change]:
    """Every change of a comparison.

    ``within_years``: the line says ``in each of n years``, so the year of each fact is given by ``n``, not by the line.
    """
    source = node.source
    if not isinstance(source, Comparison):
        raise TypeError("a comparison comes from a comparison")
    left, right = _quantity(node.measure, node.guards), _quantity(node.bound, ())
    for side, value in (("bound", constant_of(node.bound)), ("measure", constant_of(node.measure))):
        if value is not None:
            written = source.right if side == "bound" else source.left
            for step in _steps(vocabulary, node, written):
                moved = constant(value + step, node.measure.kind)
                pair = (left, moved) if side == "bound" else (moved, right)
                yield Change("threshold", _moved(vocabulary, node, written, value, step), _rebuilt(node, *pair))
    for shifted, was, now in _shifts(node):
        unit = Bilingual(shifted.shift_unit, {"years": "年", "months": "个月", "days": "天"}[shifted.shift_unit])
        what = Bilingual(f"{was} {unit.en} → {now} {unit.en}", f"{was}{unit.zh} → {now}{unit.zh}")
        yield Change("threshold", what, _with_slot(node, shifted, replace(shifted, shift=_signed(shifted, now))))
    for said, other_left in _coefficients(source.left, left):
        yield Change("threshold", said, _rebuilt(node, other_left, right))
    for said, other_right in _coefficients(source.right, right):
        yield Change("threshold", said, _rebuilt(node, left, other_right))
    for call in _spans(source.left):
        yield from _call_changes(vocabulary, node, source.left, call, right)
    for other in COMPARATORS[node.comparator]:
        if other[0] == node.comparator[0]:
            operator: Literal[">=", ">"] = ">=" if other.endswith("=") else ">"
            changed = replace(node, operator=operator, comparator=other)
        else:
            changed = _rebuilt(replace(node, comparator=other), left, right)
        yield Change("comparator", same(f"{node.comparator} → {other}"), changed)
    for name in _indexed(source) if not within_years else ():
        index = name.index or 0
        for year in (index - 1, index + 1):
            if year <= 0:
                slot = Slot(name.id, index)
                what = same(f"{name.id}[{index}] → {name.id}[{year}]")
                yield Change("threshold", what, _with_slot(node, slot, Slot(name.id, year)))


COEFFICIENT_STEPS = (Fraction(99, 100), Fraction(101, 100))
"""By how much a number in front of a fact is changed: it has no smallest unit of its own."""


def _coefficients(written: Expression, quantity: Quantity) -> Iterator[tuple[Bilingual, Quantity]]:
    """A side that reckons with numbers (``2% * base``, ``(a + 2 * b) / 8``), with what one of its facts counts for changed."""
    if not isinstance(written, Arithmetic) or not any(_plain_numbers(written)) or _spans(written) or _is_moved(written):
        return
    for monomial, coefficient in quantity.numerator.items():
        if not monomial:
            continue
        facts = " × ".join(str(slot) for slot in monomial)
        for step in COEFFICIENT_STEPS:
            what = same(f"{facts} × {decimal_text(step, 2)}")
            yield what, replace(quantity, numerator=quantity.numerator | {monomial: coefficient * step})


def _spans(left: Expression) -> tuple[Call, ...]:
    """The functions of several years that a left side is, or is the quotient of: ``mean(a, 3 years) / mean(b, 3 years)``."""
    parts: tuple[Expression, ...] = (left,)
    if isinstance(left, Arithmetic) and left.operator == "/":
        parts = (left.left, left.right)
    calls = tuple(part for part in parts if isinstance(part, Call) and part.years > 1)
    return calls if len(calls) == len(parts) else ()


def _call_changes(
    vocabulary: Vocabulary, node: Compare, left: Expression, call: Call, right: Quantity
) -> Iterator[Change]:
    """One of the functions over one year less and one more."""
    if constant_of(node.bound) is None:
        raise TypeError("a function of years is compared with a number")

    def of(part: Expression, years: int) -> Quantity:
        if isinstance(part, Arithmetic):
            return divide(of(part.left, years), of(part.right, years))
        kind = vocabulary[part.name.id].kind if isinstance(part, Call) else None
        if not isinstance(part, Call) or kind is None:
            raise TypeError("a function of years is that of a number")
        return over_years(part.function, Slot(part.name.id, 0), kind, years if part is call else part.years)

    for years in (call.years - 1, call.years + 1):
        what = Bilingual(f"{call.years} years → {years} years", f"{call.years}年 → {years}年")
        if left is not call:
            what = Bilingual(f"{call.name.id}: {what.en}", f"{vocabulary[call.name.id].label.zh}：{what.zh}")
        yield Change("threshold", what, _rebuilt(node, of(left, years), right))


def _steps(vocabulary: Vocabulary, node: Compare, written: Expression) -> tuple[Fraction, ...]:
    """The smallest steps down and up. A level moves to its neighbours in the list."""
    step = STEPS[node.measure.kind]
    if node.measure.kind == "ratio" and all(vocabulary[s.fact].type == "count" for s in slots_of(node)):
        step = STEP_OF_HEADS
    if isinstance(written, Name):
        (slot,) = set(slots_of(node))
        members = vocabulary[slot.fact].members
        place = vocabulary[slot.fact].member_index(written.id)
        return tuple(s for s in (-step, step) if 0 <= place + s < len(members))
    return (-step, step)


def _moved(vocabulary: Vocabulary, node: Compare, written: Expression, value: Fraction, step: Fraction) -> Bilingual:
    if isinstance(written, Name):
        (slot,) = set(slots_of(node))
        members = vocabulary[slot.fact].members
        was, now = members[int(value)], members[int(value + step)]
        return Bilingual(f"{was.id} → {now.id}", f"{was.label.zh} → {now.label.zh}")
    unit = written.unit if isinstance(written, Number) else ""
    factor = UNITS[unit][2] if unit else 1
    shown = "" if unit in ("years", "points") else unit
    return same(f"{decimal_text(value / factor)}{shown} → {decimal_text((value + step) / factor)}{shown}")


def _quantity(measure: Measure, guards: tuple[Polynomial, ...]) -> Quantity:
    """A side of a comparison as it was before it was multiplied out."""
    return Quantity(
        measure.kind,
        {m: Fraction(c) for m, c in measure.numerator},
        {m: Fraction(c) * measure.scale for m, c in measure.denominator},
        tuple(tuple((m, Fraction(c)) for m, c in guard) for guard in guards),
        measure.root,
    )


def _rebuilt(node: Compare, left: Quantity, right: Quantity) -> Compare:
    """The comparison with other sides. What it shows stays: only what it decides is changed."""
    guards, polynomial, operator = compare(left, node.comparator, right)
    return replace(node, guards=guards, polynomial=polynomial, operator=operator)


def _signed(slot: Slot, amount: int) -> int:
    return amount if slot.shift > 0 else -amount


def _shifts(node: Compare) -> Iterator[tuple[Slot, int, int]]:
    """The moved dates of a comparison: by how much, and by how much instead."""
    for slot in dict.fromkeys(s for m, _ in node.polynomial for s in m):
        if slot.shift_unit:
            for amount in (abs(slot.shift) - 1, abs(slot.shift) + 1):
                yield slot, abs(slot.shift), amount


def _with_slot(node: Compare, old: Slot, new: Slot) -> Compare:
    def changed(polynomial: Polynomial) -> Polynomial:
        terms: dict[Monomial, int] = {}
        for monomial, coefficient in polynomial:
            key = tuple(sorted(new if s == old else s for s in monomial))
            terms[key] = terms.get(key, 0) + coefficient
        return tuple(sorted((m, c) for m, c in terms.items() if c))

    return replace(node, polynomial=changed(node.polynomial), guards=tuple(changed(g) for g in node.guards))


def _indexed(source: Comparison) -> Iterator[Name]:
    """The facts of a line that stand there with a year in brackets, each once."""
    found: dict[tuple[str, int], Name] = {}

    def visit(expression: Expression) -> None:
        match expression:
            case Name(name, index) if index is not None:
                found.setdefault((name, index), expression)
            case Arithmetic(_, left, right):
                visit(left)
                visit(right)
            case _:
                return

    visit(source.left)
    visit(source.right)
    yield from found.values()


def earlier(node: Whatever, vocabulary: Vocabulary) -> Whatever:
    """A condition of one year, asked of the year before."""

    def before(slot: Slot) -> Slot:
        fact = vocabulary.get(slot.fact)
        per_year = fact is not None and fact.per is not None
        return replace(slot, index=(slot.index or 0) - 1) if per_year else slot

    match node:
        case Compare():
            moved = {s: before(s) for s in slots_of(node)}

            def changed(polynomial: Polynomial) -> Polynomial:
                return tuple(sorted((tuple(sorted(moved[s] for s in m)), c) for m, c in polynomial))

            return replace(node, polynomial=changed(node.polynomial), guards=tuple(changed(g) for g in node.guards))
        case Flag(slot) | Among(slot):
            return replace(node, slot=before(slot))
        case Invert(child):
            return Invert(earlier(child, vocabulary))
        case All(children) | Any(children):
            return replace(node, children=tuple(earlier(c, vocabulary) for c in children))
        case _:
            raise TypeError(f"{type(node).__name__} is not repeated over years")


def same(symbols: str) -> Bilingual:
    return Bilingual(symbols, symbols)


def unchanged_numbers(rule: Rule) -> Iterator[Span]:
    """Where a rule has a number that no mutant changes, because it stands inside a computation."""
    if rule.body is not None:
        for leaf in _compares(rule.body):
            yield from _inner_numbers(leaf)


def _compares(node: Body) -> Iterator[Compare]:
    match node:
        case Compare():
            yield node
        case PointsTest(score):
            yield from _compares(score)
        case Table(rows=rows):
            for row in rows:
                yield from _compares(row.child)
        case Total(children) | Best(children) | ScoreReadings(children):
            for score in children:
                yield from _compares(score)
        case Condition(child=child) | Invert(child):
            yield from _compares(child)
        case Excused(child, exception):
            yield from _compares(child)
            yield from _compares(exception)
        case All(children) | Any(children) | AtLeast(_, children) | Readings(_, children):
            for part in children:
                yield from _compares(part)
        case _:
            return


def _inner_numbers(leaf: Compare) -> Iterator[Span]:
    source = leaf.source
    if not isinstance(source, Comparison):
        return
    for side, value in ((source.left, constant_of(leaf.measure)), (source.right, constant_of(leaf.bound))):
        if isinstance(side, Arithmetic):
            if side is source.left and _spans(side):
                continue
            if value is not None:
                yield from _numbers(side)
            elif not _is_moved(side):
                # Numbers in front of facts are changed with what the fact counts for; years of a function are not.
                plain = set(_plain_numbers(side))
                yield from (span for span in _numbers(side) if span not in plain)
        elif isinstance(side, Call) and side is not source.left:
            yield from _numbers(side)


def _is_moved(side: Arithmetic) -> bool:
    return isinstance(side.right, Number) and side.right.unit in ("years", "months", "days")


def _plain_numbers(expression: Expression) -> Iterator[Span]:
    match expression:
        case Number(span=span):
            yield span
        case Arithmetic(_, left, right):
            yield from _plain_numbers(left)
            yield from _plain_numbers(right)
        case _:
            return


def _numbers(expression: Expression) -> Iterator[Span]:
    match expression:
        case Number(span=span):
            yield span
        case Call(years=years, span=span) if years > 1:
            yield span
        case Arithmetic(_, left, right):
            yield from _numbers(left)
            yield from _numbers(right)
        case _:
            return
