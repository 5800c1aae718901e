"""Ranges of amounts and dates hold everything that the missing facts could make of them, on random lines.

The facts are few and small, so that every completion of what is missing can be tried; an oracle reckons each of them in
fractions, without ranges, and rounds at the end.
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterator
from fractions import Fraction
from math import floor
from typing import Any as Anything

from hypothesis import given
from hypothesis import strategies as st

from proofs.agreement import disagreements
from proofs.sheets import proof
from yiqi.judge.compile import compile_rules
from yiqi.judge.evaluate import Evaluation
from yiqi.judge.frame import Frame, move
from yiqi.judge.link import Linked, link
from yiqi.judge.open_amounts import lacks
from yiqi.law.bilingual import Bilingual
from yiqi.law.reckoning import lifted
from yiqi.law.syntax import Name, Reckoning, Span
from yiqi.law.tree import (
    Added,
    All,
    AmountNode,
    Ceiling,
    Flag,
    Formula,
    Gathered,
    Highest,
    Instrument,
    Law,
    Lowest,
    Moved,
    Multiplied,
    Reckoned,
    ReckonNode,
    Row,
    Rule,
    Slot,
    Table,
    TruthNode,
)
from yiqi.law.vocabulary import Fact, Vocabulary

HERE = Span(1, 1, 1)
TEXT = Bilingual("", "")
DAY = dt.date(2026, 5, 1)
COUNTS = ("a", "b", "c")
BOUNDS = {"a": (0, 3), "b": (-2, 1), "c": (0, None)}
"""The last has no upper bound: completions beyond every sample must lie in the range too."""
SAMPLES = {"a": (0, 1, 2, 3), "b": (-2, -1, 0, 1), "c": (0, 1, 7, 1000)}
FLAGS = ("f", "g")
Facts = dict[str, Anything]


def fact(name: str, kind: Anything) -> Fact:
    low, high = BOUNDS.get(name, (None, None))
    return Fact(name, kind, TEXT, TEXT, TEXT, TEXT, TEXT, "enterprise", minimum=low, maximum=high)


VOCABULARY = Vocabulary(
    {n: fact(n, "count") for n in COUNTS} | {n: fact(n, "yes_no") for n in FLAGS} | {"day": fact("day", "date")}
)


def formula(terms: list[tuple[tuple[str, ...], int]]) -> Formula:
    found: dict[tuple[Slot, ...], int] = {}
    for names, coefficient in terms:
        key = tuple(sorted(Slot(n) for n in names))
        found[key] = found.get(key, 0) + coefficient
    return Formula(tuple(sorted((m, c) for m, c in found.items() if c)))


monomials = st.lists(st.sampled_from(COUNTS), max_size=2).map(tuple)
formulas = st.builds(formula, st.lists(st.tuples(monomials, st.integers(-3, 3)), min_size=1, max_size=3))


def _larger(children: st.SearchStrategy[ReckonNode]) -> st.SearchStrategy[ReckonNode]:
    some = st.lists(children, min_size=1, max_size=3).map(tuple)
    return st.one_of(
        st.builds(Lowest, some),
        st.builds(Highest, some),
        st.builds(Added, some),
        st.builds(Multiplied, children, children),
        st.builds(lifted, children, st.integers(-2, 3)),
    )


lines = st.recursive(formulas, _larger, max_leaves=5)
WRITTEN = Reckoning("amount", Name("a", None, HERE), HERE)


def line(node: ReckonNode, scale: int) -> Reckoned:
    return Reckoned("t#rule/1", node, scale, WRITTEN, HERE)


reckoned = st.builds(line, lines, st.integers(1, 7))


def flag(name: str) -> TruthNode:
    return Flag(Slot(name), Name(name, None, HERE))


def table(mode: Anything, one: Reckoned, other: Reckoned, rest: Reckoned) -> Table:
    rows = [
        Row(f"t#rule/{n}", test, otherwise, None, None, None, (), HERE, amount)
        for n, (test, otherwise, amount) in enumerate(
            ((flag("f"), False, one), (flag("g"), False, other), (All(()), True, rest)), 1
        )
    ]
    return Table(mode, (), tuple(rows[:2] if mode == "each" else rows), None)


def _gathered(children: st.SearchStrategy[AmountNode]) -> st.SearchStrategy[AmountNode]:
    several = st.lists(children, min_size=1, max_size=3).map(tuple)
    return st.one_of(
        st.builds(
            Gathered, st.sampled_from(("sum", "best", "readings")), several, st.one_of(st.none(), st.integers(-3, 9))
        ),
        st.builds(Ceiling, children),
    )


tables = st.builds(table, st.sampled_from(("first", "each")), reckoned, reckoned, reckoned)
amounts = st.recursive(st.one_of(reckoned, tables), _gathered, max_leaves=3)
frames = st.fixed_dictionaries(
    {n: st.sampled_from((None, *SAMPLES[n])) for n in COUNTS} | {n: st.sampled_from((0, 1, 2)) for n in FLAGS}
)


def linked(node: AmountNode, value: Anything = "amount") -> Linked:
    rule = Rule("t#rule", TEXT, TEXT, TEXT, TEXT, "A", "rule", value, node, "all", (), False, None, None, 1, HERE)
    instrument = Instrument(
        "t", "", TEXT, TEXT, TEXT, None, DAY, None, (), None, DAY, (), (), "A", "t", "t.md", {rule.id: rule}, (), ()
    )  # fmt: skip
    return link(Law(VOCABULARY, {"t": instrument}, {}, ()), ["t#rule"], DAY)


def frame_of(joined: Linked, facts: Facts) -> Frame:
    return [facts[slot.fact] for slot in joined.slots]


def range_of(node: AmountNode, facts: Facts) -> tuple[int | None, int | None]:
    joined = linked(node)
    found: tuple[int | None, int | None] = Evaluation(joined, frame_of(joined, facts)).unit("t#rule")
    return found


def completions(facts: Facts) -> Iterator[Facts]:
    """Every sample of what is missing."""
    counts = [(v,) if (v := facts[n]) is not None else SAMPLES[n] for n in COUNTS]
    flags = [(facts[n],) if facts[n] != 1 else (0, 2) for n in FLAGS]
    for values in itertools.product(*counts, *flags):
        yield dict(zip((*COUNTS, *FLAGS), values, strict=True))


# -- the oracle -------------------------------------------------------------------------------------------------------


def exact(node: ReckonNode, facts: Facts) -> Fraction:
    match node:
        case Formula(polynomial):
            total = Fraction(0)
            for monomial, coefficient in polynomial:
                product = Fraction(coefficient)
                for slot in monomial:
                    product *= facts[slot.fact]
                total += product
            return total
        case Lowest(children):
            return min(exact(c, facts) for c in children)
        case Highest(children):
            return max(exact(c, facts) for c in children)
        case Added(children):
            return sum((exact(c, facts) for c in children), Fraction(0))
        case Multiplied(left, right):
            return exact(left, facts) * exact(right, facts)
        case _:
            raise AssertionError(node)


def possible(node: AmountNode, facts: Facts) -> set[int]:
    """What an amount can be when every fact is known: one number, or several where the source leaves it open."""
    match node:
        case Reckoned(child=child, scale=scale):
            return {floor(exact(child, facts) / scale + Fraction(1, 2))}
        case Table(mode="first", rows=rows):
            row = next(r for r in rows if r.otherwise or facts[r.child.slot.fact] == 2)  # type: ignore[union-attr]
            return possible(row.reckoned, facts)  # type: ignore[arg-type]
        case Table(rows=rows):
            held = [r.reckoned for r in rows if facts[r.child.slot.fact] == 2]  # type: ignore[union-attr]
            return {sum(next(iter(possible(r, facts))) for r in held)}  # type: ignore[arg-type]
        case Gathered(kind, children, maximum):
            parts = [possible(c, facts) for c in children]
            if kind == "readings":
                found = set().union(*parts)
            else:
                found = {(sum if kind == "sum" else max)(chosen) for chosen in itertools.product(*parts)}
            return found if maximum is None else {min(f, maximum) for f in found}
        case Ceiling(child):
            return {0} | {max(0, p) for p in possible(child, facts)}
        case _:
            raise AssertionError(node)


# -- proofs -----------------------------------------------------------------------------------------------------------


def inside(value: int, bounds: tuple[int | None, int | None]) -> bool:
    low, high = bounds
    return (low is None or low <= value) and (high is None or value <= high)


@proof(300)
@given(amounts, frames)
def test_every_completion_lies_in_the_range(node: AmountNode, facts: Facts) -> None:
    bounds = range_of(node, facts)
    for complete in completions(facts):
        assert all(inside(value, bounds) for value in possible(node, complete))


@proof(200)
@given(amounts, frames)
def test_a_known_fact_only_narrows_the_range(node: AmountNode, facts: Facts) -> None:
    low, high = range_of(node, facts)
    for complete in itertools.islice(completions(facts), 20):
        least, most = range_of(node, complete)
        assert least is not None and most is not None
        assert inside(least, (low, high)) and inside(most, (low, high))


@proof(200)
@given(amounts, frames)
def test_with_every_fact_known_the_range_is_what_is_possible(node: AmountNode, facts: Facts) -> None:
    complete = next(completions(facts))
    found = possible(node, complete)
    assert range_of(node, complete) == (min(found), max(found))


@proof(200)
@given(
    st.dictionaries(st.sampled_from(COUNTS), st.integers(-3, 3), min_size=1),
    st.integers(-5, 5),
    st.integers(1, 7),
    frames,
)
def test_the_ends_are_reached_where_each_fact_stands_once(
    coefficients: dict[str, int], constant: int, scale: int, facts: Facts
) -> None:
    node = line(formula([((), constant), *(((n,), c) for n, c in coefficients.items())]), scale)
    values = {v for complete in completions(facts) for v in possible(node, complete)}
    low, high = range_of(node, facts)
    unbounded = coefficients.get("c", 0) if facts["c"] is None else 0
    assert low == (None if unbounded < 0 else min(values))
    assert high == (None if unbounded > 0 else max(values))


@proof(200)
@given(frames)
def test_an_end_of_a_product_of_two_facts_is_reached(facts: Facts) -> None:
    """Of one product, where both facts are open and bounded, the corners are values."""
    single = line(formula([(("a", "b"), 2)]), 1)
    values = {v for complete in completions(facts) for v in possible(single, complete)}
    assert range_of(single, facts) == (min(values), max(values))


@proof(200)
@given(amounts, frames)
def test_the_compiler_reckons_as_the_reference(node: AmountNode, facts: Facts) -> None:
    program = compile_rules(linked(node))
    frame = [*frame_of(program.linked, facts), *([None] * program.spare)]
    assert disagreements(program, frame) == []


@proof(200)
@given(amounts, frames)
def test_what_does_not_lack_is_not_asked_for(node: AmountNode, facts: Facts) -> None:
    """Facts that are not named as lacking change nothing, whatever they are."""
    joined = linked(node)
    evaluation = Evaluation(joined, frame_of(joined, facts))
    named = {slot.fact for _, slot in lacks(evaluation, "t#rule")}
    # all that is named is set, once; what is not named runs through its samples
    fixed = {n: SAMPLES[n][0] if n in COUNTS else 2 for n in named}
    found = {range_of(node, complete | fixed) for complete in completions(facts)}
    assert len(found) == 1


days = st.one_of(st.none(), st.integers(0, 800).map(lambda n: (DAY + dt.timedelta(n)).toordinal()))


@proof(200)
@given(days, st.sampled_from(("days", "months", "years")), st.integers(-3, 3), st.sampled_from((None, *SAMPLES["a"])))
def test_a_date_that_a_fact_moves(day: int | None, unit: Anything, factor: int, amount: int | None) -> None:
    node = line(Moved(Formula((((Slot("day"),), 1),)), formula([(("a",), factor)]), unit), 1)
    joined = linked(node, "date")
    frame = frame_of(joined, {"day": day, "a": amount})
    found = Evaluation(joined, frame).unit("t#rule")
    program = compile_rules(joined)
    assert disagreements(program, [*frame, *([None] * program.spare)]) == []
    if day is None:
        assert found == (None, None)
        return
    moved = [
        move(dt.date.fromordinal(day), factor * n, unit).toordinal()
        for n in (SAMPLES["a"] if amount is None else (amount,))
    ]
    assert found == (min(moved), max(moved))
