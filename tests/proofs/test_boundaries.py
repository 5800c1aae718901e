"""Every threshold of the law, exactly on it and one unit to each side, against the oracle of the syntax.

A unit is the smallest there is: one fen, 0.000001 %, 0.0001 point, one person, one year, one day, one level.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import pytest

from proofs.leaves import Found, alone, law, leaves, place, rules, tables
from proofs.oracle import COMPARE, NO, OPEN, YES, Oracle, RuleNamedError, UndefinedError, names
from yiqi.facts.sheet import FactSheet
from yiqi.judge.evaluate import Evaluation, measure_value, points_test
from yiqi.judge.frame import FrameBuilder
from yiqi.law.syntax import Comparison, Number
from yiqi.law.tree import Among, Coded, Compare, Contains, Flag, PointsTest, Rule, Table
from yiqi.law.vocabulary import Fact

DAYS = (dt.date(2026, 5, 1), dt.date(2026, 3, 31), dt.date(2027, 2, 28), dt.date(2028, 2, 29), dt.date(2026, 8, 31))
"""Days of the act: plain, the end of a month, and both ends of February, where moved dates meet."""

OTHERS = (10**12, 10**10, 10**8, 10**4, 100, 1)
"""What the other facts of a comparison are, in smallest units, while one is moved over its threshold."""

FAR = 10**16
"""Thresholds are looked for between zero (or minus this, for a sum) and this many smallest units."""

RULES = [pytest.param(rule, id=rule.id) for rule in rules()]


@dataclass(frozen=True)
class Crossing:
    """Where a comparison changes: the oracle's verdict differs between two neighbouring values of one fact."""

    sheet: FactSheet
    exact: bool
    """Whether both sides are equal here."""


def written(fact: Fact, number: int) -> Any:
    """The value of a fact for a whole number: ordinal of a day, position in a list, smallest units."""
    if fact.type == "date":
        return dt.date.fromordinal(number)
    return fact.members[number].id if fact.type == "one_of" else number


def sheet_of(values: dict[tuple[str, int | None], int], on: dt.date) -> FactSheet:
    """A fact sheet from whole numbers by fact and year."""
    given: dict[str, Any] = {}
    for (name, index), number in values.items():
        fact = law().vocabulary[name]
        if fact.per is None:
            given[name] = written(fact, number)
        else:
            year = (on.year - 1 if fact.per == "fiscal_year" else on.year) + (index or 0)
            given.setdefault(name, {})[year] = written(fact, number)
    return FactSheet(given)


def comparisons(rule: Rule) -> Iterator[tuple[Found, Compare, Comparison]]:
    for found in leaves(rule):
        if isinstance(found.leaf, Compare):
            assert isinstance(found.leaf.source, Comparison)
            yield found, found.leaf, found.leaf.source


def sign(oracle: Oracle, comparison: Comparison) -> int | None:
    """Whether the left side is above (1), equal to (0) or below (-1) the right one; None where it is undefined."""
    try:
        left, right = oracle.sides(comparison)
    except UndefinedError:
        return None
    return int(left > right) - int(left < right)


def crossings(comparison: Comparison, on: dt.date) -> Iterator[Crossing]:
    """For each fact of a comparison: its threshold, and some units to both sides of it, given the other facts."""
    vocabulary = law().vocabulary
    slots = [s for s in dict.fromkeys(names(comparison, vocabulary)) if s[0] != "on"]
    for moved in slots:
        for other in OTHERS if len(slots) > 1 else (0,):
            fixed = {s: (on.toordinal() if vocabulary[s[0]].type == "date" else other) for s in slots}

            def at(number: int, fixed: dict[Any, int] = fixed, moved: Any = moved) -> Oracle:
                return Oracle(sheet_of({**fixed, moved: number}, on), vocabulary, on)

            yield from _around(comparison, vocabulary[moved[0]], at)


def _around(comparison: Comparison, fact: Fact, at: Callable[[int], Oracle]) -> Iterator[Crossing]:
    if fact.type == "one_of":
        for number in range(len(fact.members)):
            oracle = at(number)
            yield Crossing(oracle.sheet, sign(oracle, comparison) == 0)
        return
    low, high = (1, dt.date(4000, 1, 1).toordinal()) if fact.type == "date" else (-FAR, FAR)
    if sign(at(low), comparison) is None:  # it divides by this fact
        low = 1
    before, after = sign(at(low), comparison), sign(at(high), comparison)
    if before is None or after is None or before == after:
        return
    while high - low > 1:
        middle = (low + high) // 2
        if sign(at(middle), comparison) == before:
            low = middle
        else:
            high = middle
    for number in range(low - 1, high + 2):
        if fact.type != "date" or number >= 1:
            oracle = at(number)
            yield Crossing(oracle.sheet, sign(oracle, comparison) == 0)


def judged(leaf: Any, sheet: FactSheet, on: dt.date, procedure: str = "new") -> Evaluation:
    linked = alone(leaf, on)
    return Evaluation(linked, FrameBuilder(linked.slots, law().vocabulary, on).build(sheet, procedure))


@pytest.mark.parametrize("rule", RULES)
def test_every_comparison_turns_exactly_on_its_threshold(rule: Rule) -> None:
    for found, leaf, source in comparisons(rule):
        met: set[int | None] = set()
        for on in DAYS:
            for crossing in crossings(source, on):
                oracle = Oracle(crossing.sheet, law().vocabulary, on)
                met.add(sign(oracle, source))
                assert judged(leaf, crossing.sheet, on).compare(leaf) == oracle.compare(source), (
                    f"{found} on {on}: {dict(crossing.sheet.values)}"
                )
        assert met >= {-1, 0, 1} or _at_an_end(source, met), f"{found}: the threshold itself was never met, only {met}"


def _at_an_end(comparison: Comparison, met: set[int | None]) -> bool:
    """A level at an end of its list has no neighbour on one side."""
    left = comparison.left
    fact = law().vocabulary.get(getattr(left, "id", ""))
    return fact is not None and fact.type == "one_of" and 0 in met and len(met) > 1


@pytest.mark.parametrize("rule", RULES)
def test_the_figure_shown_is_the_figure_of_the_law(rule: Rule) -> None:
    """What an answer shows as *actual* is the left side of the line, exactly."""
    for found, leaf, source in comparisons(rule):
        if leaf.measure.kind in ("date", "rank") or leaf.measure.root > 1:
            continue
        for crossing in crossings(source, DAYS[0]):
            evaluation = judged(leaf, crossing.sheet, DAYS[0])
            shown = measure_value(leaf.measure, evaluation.polynomial)
            if shown is not None:
                left = Oracle(crossing.sheet, law().vocabulary, DAYS[0]).amount(source.left)
                yuan = 100 if leaf.measure.kind == "money" else 1
                assert Fraction(*shown) == left * yuan, f"{found}: {dict(crossing.sheet.values)}"


@pytest.mark.parametrize("rule", RULES)
def test_a_base_of_zero_or_less_is_neither_yes_nor_no(rule: Rule) -> None:
    for found, leaf, source in comparisons(rule):
        slots = [s for s in dict.fromkeys(names(source, law().vocabulary)) if s[0] != "on"]
        for guard in leaf.guards:
            assert len(guard) >= 1
        for base in (0, -1) if leaf.guards else ():
            for moved in slots:
                sheet = sheet_of({**dict.fromkeys(slots, 10**10), moved: base}, DAYS[0])
                expected = Oracle(sheet, law().vocabulary, DAYS[0]).compare(source)
                assert judged(leaf, sheet, DAYS[0]).compare(leaf) == expected, f"{found}: {dict(sheet.values)}"


@pytest.mark.parametrize("rule", RULES)
def test_every_other_condition_holds_for_its_values_and_no_others(rule: Rule) -> None:
    vocabulary = law().vocabulary
    for found in leaves(rule):
        leaf = found.leaf
        if not isinstance(leaf, Flag | Among | Contains | Coded):
            continue
        slot = leaf.slot
        for procedure in ("new", "re_review") if slot.fact == "procedure" else ("new",):
            for value in [None] if slot.fact == "procedure" else _values(leaf):
                on = DAYS[0]
                year = on.year - 1 if slot.index is not None and vocabulary[slot.fact].per == "fiscal_year" else on.year
                given = (
                    {} if value is None else {slot.fact: value if slot.index is None else {year + slot.index: value}}
                )
                sheet = FactSheet(given)
                # `is no` is held as the contrary of a flag: the flag itself is asked here, the line by the next test.
                expected = (
                    (YES if value else NO)
                    if isinstance(leaf, Flag)
                    else Oracle(sheet, vocabulary, on, procedure).holds(leaf.source)
                )
                evaluation = judged(leaf, sheet, on, procedure)
                assert evaluation.truth(leaf, None) == expected, f"{found}: {value}"  # type: ignore[arg-type]


def _values(leaf: Flag | Among | Contains | Coded) -> list[Any]:
    fact = law().vocabulary[leaf.slot.fact]
    if isinstance(leaf, Flag):
        return [True, False]
    ids = [m.id for m in fact.members]
    if isinstance(leaf, Contains):
        return [frozenset(), frozenset(ids), *(frozenset({i}) for i in ids), frozenset(ids) - {leaf.member}]
    return ids if isinstance(leaf, Among) else codes_near((*leaf.prefixes, *leaf.exceptions))


def codes_near(prefixes: tuple[str, ...]) -> list[str]:
    """Each code itself, all that are less deep, deeper ones, and its neighbours at every depth."""
    found: dict[str, None] = {}
    for prefix in prefixes:
        for depth in range(1, len(prefix) + 1):
            head, last = prefix[: depth - 1], prefix[depth - 1]
            for step in (-1, 0, 1):
                found[head + chr(ord(last) + step)] = None
        for digit in "0159":
            found[prefix + digit] = None
    if prefixes and prefixes[0][0].isdigit():  # regions are given by pairs of digits
        return [c for c in found if c.isdigit() and len(c) % 2 == 0]
    return [c for c in found if "A" <= c[0] <= "T" and (c[1:].isdigit() or len(c) == 1)]


# -- points -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("rule", RULES)
def test_a_score_passes_exactly_on_its_mark(rule: Rule) -> None:
    """A range of points around the mark, one unit at a time: yes when all of it passes, no when none of it does."""
    for found in leaves(rule):
        leaf = found.leaf
        if not isinstance(leaf, PointsTest):
            continue
        assert isinstance(leaf.source, Comparison)
        assert isinstance(leaf.source.right, Number)
        mark = leaf.source.right.value * 10**4
        assert mark.denominator == 1
        test = COMPARE[leaf.source.operator]
        near = [int(mark) + step for step in (-10_000, -1, 0, 1, 10_000)]
        for low in near:
            for high in (h for h in near if h >= low):
                verdicts = {test(Fraction(p), mark) for p in (low, *near, high) if low <= p <= high}
                expected = OPEN if len(verdicts) > 1 else YES if verdicts == {True} else NO
                assert points_test((low, high), leaf.comparator, leaf.threshold) == expected, f"{found}: {low}..{high}"


@pytest.mark.parametrize("rule", RULES)
def test_a_table_gives_what_its_first_row_that_holds_gives(rule: Rule) -> None:
    """On every threshold of every cell, with all facts of the table given. A row that is undefined is left to the
    properties: there the table gives a range."""
    vocabulary = law().vocabulary
    for table in tables(rule):
        cells = [[e for e, _ in row.cells if e is not None] for row in table.rows]
        slots = [
            s
            for s in dict.fromkeys(n for row in cells for e in row for n in names(e, vocabulary))
            if s[0] in vocabulary
        ]
        for on in DAYS[:2]:
            for sheet in _table_sheets(rule, slots, on):
                oracle = Oracle(sheet, vocabulary, on)
                try:
                    held = [min((oracle.holds(e) for e in row), default=YES) for row in cells]
                except RuleNamedError:
                    continue
                if OPEN in held:
                    continue
                evaluation = judged(table, sheet, on)
                assert [evaluation.truth(row.child, None) for row in table.rows] == held, (  # type: ignore[arg-type]
                    f"{place(rule, None)} ({rule.id}): {dict(sheet.values)}"
                )
                if rule.value == "points":
                    _points_of(rule, table, held, evaluation)


def _points_of(rule: Rule, table: Table, held: list[int], evaluation: Evaluation) -> None:
    points = [Fraction(row.points or 0) for row in table.rows]
    if table.mode == "each":
        expected = sum((p for p, h in zip(points, held, strict=True) if h), Fraction(0))
        if table.maximum is not None:
            expected = min(expected, Fraction(table.maximum))
    else:
        expected = points[held.index(YES)]
    low, high = evaluation.table(table, None)  # type: ignore[arg-type]
    assert low == high == expected, f"{place(rule, None)} ({rule.id}): {dict(evaluation.linked.slot_index)}"


def _table_sheets(rule: Rule, slots: list[tuple[str, int | None]], on: dt.date) -> Iterator[FactSheet]:
    """Sheets in which one condition of the table stands on or beside its threshold and all other facts stay put."""
    vocabulary = law().vocabulary
    plain: dict[str, Any] = {}
    for name, index in slots:
        fact = vocabulary[name]
        value: Any = {
            "yes_no": False, "set_of": frozenset(), "industry": "C3451", "region": "330106", "date": on,
        }.get(fact.type, fact.members[0].id if fact.members else 10**6)  # fmt: skip
        if fact.per is None:
            plain[name] = value
        else:
            year = (on.year - 1 if fact.per == "fiscal_year" else on.year) + (index or 0)
            plain.setdefault(name, {})[year] = value
    base = FactSheet(plain)
    yield base
    for found in leaves(rule):
        leaf = found.leaf
        if isinstance(leaf, Compare) and isinstance(leaf.source, Comparison):
            for crossing in crossings(leaf.source, on):
                yield base.with_values(dict(crossing.sheet.values))
        elif (
            isinstance(leaf, Flag | Among | Contains | Coded)
            and leaf.slot.fact != "procedure"
            and leaf.slot.index is None
        ):
            for value in _values(leaf):
                yield base.with_values({leaf.slot.fact: value})
