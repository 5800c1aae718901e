# ruff: noqa: ARG005  (every law below takes three trees, whether it needs them or not)
"""Kleene's laws for *all*, *any*, *not*, *at least*, *unless* and *readings*, on random trees.

The trees stand over eight facts of a small law of their own, so that constructs occur in every nesting, also in those
that no instrument uses yet.
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Callable, Iterator
from typing import Any as Anything

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proofs.agreement import disagreements
from proofs.sheets import proof
from yiqi.judge.compile import compile_rules
from yiqi.judge.evaluate import Evaluation
from yiqi.judge.frame import Frame
from yiqi.judge.link import Linked, link
from yiqi.law.bilingual import Bilingual
from yiqi.law.syntax import Name, Span
from yiqi.law.tree import (
    All,
    Any,
    AtLeast,
    Compare,
    Condition,
    Excused,
    Flag,
    Instrument,
    Invert,
    Law,
    Measure,
    Readings,
    Rule,
    Slot,
    TruthNode,
)
from yiqi.law.vocabulary import Fact, Vocabulary

HERE = Span(1, 1, 1)
TEXT = Bilingual("", "")
DAY = dt.date(2026, 5, 1)
FLAGS = ("first", "second", "third", "fourth", "fifth", "sixth")
COUNTS = ("low", "high")
LARGEST = 3
"""The counts are from 0 to this, by the bounds of their facts."""


def fact(name: str, kind: Anything) -> Fact:
    low, high = (0, LARGEST) if kind == "count" else (None, None)
    return Fact(name, kind, TEXT, TEXT, TEXT, TEXT, TEXT, "enterprise", minimum=low, maximum=high)


VOCABULARY = Vocabulary({n: fact(n, "yes_no") for n in FLAGS} | {n: fact(n, "count") for n in COUNTS})


def flag(name: str) -> Flag:
    return Flag(Slot(name), Name(name, None, HERE))


def compare(coefficients: tuple[int, int], constant: int, operator: Anything) -> TruthNode:
    """``a·low + b·high + constant operator 0``."""
    terms = [((Slot(name),), c) for name, c in zip(COUNTS, coefficients, strict=True) if c]
    polynomial = tuple(sorted([*terms, *([((), constant)] if constant else [])]))
    side = Measure("count", polynomial, (((), 1),))
    return Compare((), polynomial, operator, side, side, ">=", Name("low", None, HERE)) if terms else All(())


comparisons = st.builds(
    compare, st.tuples(st.integers(-2, 2), st.integers(-2, 2)), st.integers(-5, 5), st.sampled_from((">=", ">", "="))
)
leaves = st.one_of(st.sampled_from([flag(n) for n in FLAGS]), comparisons)


def condition(child: TruthNode, confidence: Anything) -> Condition:
    return Condition("t#rule/1", child, None, "all", confidence, None, HERE)


def _combined(children: st.SearchStrategy[TruthNode]) -> st.SearchStrategy[TruthNode]:
    several = st.lists(children, max_size=3).map(tuple)
    some = st.lists(children, min_size=1, max_size=4).map(tuple)
    return st.one_of(
        st.builds(All, several),
        st.builds(Any, several),
        st.builds(Invert, children),
        st.builds(Excused, children, children),
        st.builds(lambda nodes, n: AtLeast(1 + n % len(nodes), nodes), some, st.integers(0, 3)),
        st.builds(lambda nodes: Readings(tuple(f"r{n}" for n in range(len(nodes))), nodes), some),
        st.builds(condition, children, st.sampled_from("AAAC")),
    )


trees = st.recursive(leaves, _combined, max_leaves=12)
frames = st.fixed_dictionaries(
    {n: st.sampled_from((0, 1, 2)) for n in FLAGS} | {n: st.sampled_from((None, *range(LARGEST + 1))) for n in COUNTS}
)


def linked(node: TruthNode) -> Linked:
    """The tree as the only rule of a law."""
    rule = Rule("t#rule", TEXT, TEXT, TEXT, TEXT, "A", "rule", "truth", node, "all", (), False, None, None, 1, HERE)
    instrument = Instrument(
        "t", "", TEXT, TEXT, TEXT, None, DAY, None, (), None, DAY, (), (), "A", "t", "t.md", {rule.id: rule}, (), ()
    )  # fmt: skip
    return link(Law(VOCABULARY, {"t": instrument}, {}, ()), ["t#rule"], DAY)


def value(node: TruthNode, facts: dict[str, Anything]) -> int:
    joined = linked(node)
    return int(Evaluation(joined, frame_of(joined, facts)).unit("t#rule"))


def frame_of(joined: Linked, facts: dict[str, Anything]) -> Frame:
    return [facts[slot.fact] for slot in joined.slots]


LAWS: dict[str, Callable[[TruthNode, TruthNode, TruthNode], tuple[TruthNode, TruthNode]]] = {
    "not not a is a": lambda a, b, c: (Invert(Invert(a)), a),
    "not all is any not": lambda a, b, c: (Invert(All((a, b, c))), Any((Invert(a), Invert(b), Invert(c)))),
    "not any is all not": lambda a, b, c: (Invert(Any((a, b, c))), All((Invert(a), Invert(b), Invert(c)))),
    "all in any order": lambda a, b, c: (All((a, b, c)), All((c, a, b))),
    "any in any order": lambda a, b, c: (Any((a, b, c)), Any((c, a, b))),
    "all in all": lambda a, b, c: (All((a, All((b, c)))), All((a, b, c))),
    "any in any": lambda a, b, c: (Any((a, Any((b, c)))), Any((a, b, c))),
    "all of one": lambda a, b, c: (All((a, a)), All((a,))),
    "any of one": lambda a, b, c: (Any((a, a)), Any((a,))),
    "all of none is yes": lambda a, b, c: (All((a, All(()))), a),
    "any of none is no": lambda a, b, c: (Any((a, Any(()))), a),
    "all over any": lambda a, b, c: (All((a, Any((b, c)))), Any((All((a, b)), All((a, c))))),
    "any over all": lambda a, b, c: (Any((a, All((b, c)))), All((Any((a, b)), Any((a, c))))),
    "absorption": lambda a, b, c: (All((a, Any((a, b)))), a),
    "at least one is any": lambda a, b, c: (AtLeast(1, (a, b, c)), Any((a, b, c))),
    "at least every is all": lambda a, b, c: (AtLeast(3, (a, b, c)), All((a, b, c))),
    "at least two is any pair": lambda a, b, c: (AtLeast(2, (a, b, c)), Any((All((a, b)), All((a, c)), All((b, c))))),
    "not at least two is at least two not": lambda a, b, c: (
        Invert(AtLeast(2, (a, b, c))), AtLeast(2, (Invert(a), Invert(b), Invert(c)))),
    "unless is or": lambda a, b, c: (Excused(a, b), Any((a, b))),
    "unless twice": lambda a, b, c: (Excused(Excused(a, b), c), Excused(a, Any((b, c)))),
    "one reading is no question": lambda a, b, c: (Readings(("r",), (a,)), a),
    "the same reading twice": lambda a, b, c: (Readings(("r", "s"), (a, a)), a),
    "not of readings is readings of not": lambda a, b, c: (
        Invert(Readings(("r", "s"), (a, b))), Readings(("r", "s"), (Invert(a), Invert(b)))),
}  # fmt: skip


@pytest.mark.parametrize("law", LAWS)
@proof(150)
@given(trees, trees, trees, frames)
def test_law(law: str, a: TruthNode, b: TruthNode, c: TruthNode, facts: dict[str, Anything]) -> None:
    left, right = LAWS[law](a, b, c)
    assert value(left, facts) == value(right, facts)


@pytest.mark.parametrize("law", LAWS)
def test_law_on_every_triple_of_truths(law: str) -> None:
    """The same laws on all 27 triples of yes, unknown and no."""
    left, right = LAWS[law](flag("first"), flag("second"), flag("third"))
    for triple in itertools.product((0, 1, 2), repeat=3):
        facts = {**dict.fromkeys(FLAGS, 0), **dict.fromkeys(COUNTS), **dict(zip(FLAGS, triple, strict=False))}
        assert value(left, facts) == value(right, facts), triple


def completions(facts: dict[str, Anything]) -> Iterator[dict[str, Anything]]:
    """Every way to give the facts that are missing, within their bounds."""
    options = [
        (v,) if v is not None and not (n in FLAGS and v == 1) else (0, 2) if n in FLAGS else range(LARGEST + 1)
        for n, v in facts.items()
    ]
    for chosen in itertools.product(*options):
        yield dict(zip(facts, chosen, strict=True))


@proof(150)
@given(trees, frames)
def test_what_is_decided_stays_so_whatever_the_missing_facts_are(node: TruthNode, facts: dict[str, Anything]) -> None:
    decided = value(node, facts)
    joined = linked(node)
    if decided != 1:
        for complete in completions(facts):
            assert Evaluation(joined, frame_of(joined, complete)).unit("t#rule") == decided, complete


@proof(150)
@given(trees, st.lists(frames, min_size=1, max_size=8))
def test_compiled_trees_mean_what_the_reference_means(node: TruthNode, sheets: list[dict[str, Anything]]) -> None:
    node = numbered(node, itertools.count(1))
    program = compile_rules(linked(node))
    for facts in sheets:
        assert disagreements(program, frame_of(program.linked, facts) + [None] * program.spare) == []


def numbered(node: TruthNode, numbers: Iterator[int]) -> TruthNode:
    """The tree with an id of its own for every condition, as the reader of law files gives them."""

    def inside(nodes: tuple[TruthNode, ...]) -> tuple[TruthNode, ...]:
        return tuple(numbered(n, numbers) for n in nodes)

    match node:
        case Condition(child=child, confidence=confidence):
            return Condition(f"t#rule/{next(numbers)}", numbered(child, numbers), None, "all", confidence, None, HERE)
        case All(children):
            return All(inside(children))
        case Any(children):
            return Any(inside(children))
        case AtLeast(count, children):
            return AtLeast(count, inside(children))
        case Readings(names, children):
            return Readings(names, inside(children))
        case Excused(child, exception):
            return Excused(numbered(child, numbers), numbered(exception, numbers))
        case Invert(child):
            return Invert(numbered(child, numbers))
        case _:
            return node
