"""Which missing facts can still matter, against every way to complete them, on random trees.

Two promises: what is not asked never changes the end, whatever it is; and where every fact occurs once, each fact that is
kept does change it for some completion of the others.
"""

from __future__ import annotations

import itertools
from typing import Any as Anything

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proofs.sheets import proof
from proofs.test_kleene import (
    COUNTS,
    FLAGS,
    LARGEST,
    compare,
    completions,
    condition,
    flag,
    frame_of,
    frames,
    linked,
    numbered,
    trees,
)
from yiqi.facts.sheet import FactSheet
from yiqi.judge.compile import compile_rules
from yiqi.judge.evaluate import Evaluation, decide
from yiqi.judge.link import Linked
from yiqi.judge.reasons import Run
from yiqi.judge.relevance import Relevance
from yiqi.judge.trials import cuts
from yiqi.law.tree import All, Any, AtLeast, Compare, Excused, Invert, Readings, Slot, TruthNode

Facts = dict[str, Anything]
refusals = st.sets(st.sampled_from((*FLAGS, *COUNTS)), max_size=3)


def is_missing(facts: Facts, name: str) -> bool:
    return facts[name] is None or (name in FLAGS and facts[name] == 1)


def relevant(node: TruthNode, facts: Facts, refused: set[str]) -> tuple[Linked, set[str]]:
    """The names of the relevant facts of a tree."""
    program = compile_rules(linked(numbered(node, itertools.count(1))))
    joined = program.linked
    frame = frame_of(joined, facts) + [None] * program.spare
    results: list[Anything] = [None] * program.size
    program.trace["t#rule"](frame, results)
    barred = frozenset(p for p, slot in enumerate(joined.slots) if slot.fact in refused)
    found = Relevance(Run(program, frame, results, FactSheet(), joined.on), barred).of("t#rule")
    return joined, {joined.slots[p].fact for p in found.slots}


def value(joined: Linked, facts: Facts) -> int:
    return int(Evaluation(joined, frame_of(joined, facts)).unit("t#rule"))


def without(facts: Facts, names: set[str]) -> Facts:
    return {n: (1 if n in FLAGS else None) if n in names else v for n, v in facts.items()}


def answered(joined: Linked, facts: Facts, refused: set[str]) -> list[Facts]:
    """Every way to answer what the tree reads and may be asked."""
    read = {slot.fact for slot in joined.slots}
    left_out = {n: v for n, v in facts.items() if n not in read or (n in refused and is_missing(facts, n))}
    asked = {n: v for n, v in facts.items() if n not in left_out}
    return [{**complete, **left_out} for complete in completions(asked)]


@st.composite
def read_once(draw: st.DrawFn) -> TruthNode:
    """A tree in which no fact occurs twice."""
    single = st.tuples(st.sampled_from((-1, 1)), st.integers(-LARGEST, LARGEST), st.sampled_from((">=", ">")))
    low, high = draw(single), draw(single)
    counts: list[TruthNode] = [compare((low[0], 0), low[1], low[2]), compare((0, high[0]), high[1], high[2])]
    nodes: list[TruthNode] = list(draw(st.permutations([*(flag(n) for n in FLAGS), *counts])))
    nodes = nodes[: draw(st.integers(2, len(nodes)))]
    while len(nodes) > 1:
        taken = tuple(nodes[: draw(st.integers(2, 3))])
        kind = draw(st.sampled_from(("all", "any", "some", "unless", "readings")))
        joined: TruthNode
        if kind == "all":
            joined = All(taken)
        elif kind == "any":
            joined = Any(taken)
        elif kind == "some":
            joined = AtLeast(draw(st.integers(1, len(taken))), taken)
        elif kind == "readings":
            joined = Readings(tuple(f"r{n}" for n in range(len(taken))), taken)
        else:
            joined = Excused(taken[0], All(taken[1:]))
        wrap = draw(st.sampled_from(("", "", "not", "unconfirmed")))
        if wrap:
            joined = Invert(joined) if wrap == "not" else condition(joined, "C")
        nodes = [*nodes[len(taken) :], joined]
    return nodes[0]


@proof(250)
@given(st.one_of(trees, read_once()), frames, refusals)
def test_what_is_not_asked_changes_nothing(node: TruthNode, facts: Facts, refused: set[str]) -> None:
    joined, kept = relevant(node, facts, refused)
    dropped = {slot.fact for slot in joined.slots if is_missing(facts, slot.fact)} - kept
    for complete in answered(joined, facts, refused):
        assert value(joined, complete) == value(joined, without(complete, dropped - refused)), complete


@proof(250)
@given(read_once(), frames, refusals)
def test_what_is_asked_can_change_the_end(node: TruthNode, facts: Facts, refused: set[str]) -> None:
    joined, kept = relevant(node, facts, refused)
    ends = {
        tuple(sorted((n, v) for n, v in complete.items())): value(joined, complete)
        for complete in answered(joined, facts, refused)
    }
    for name in kept:
        assert is_missing(facts, name)
        assert name not in refused
        by_others: dict[Anything, set[int]] = {}
        for complete, end in ends.items():
            by_others.setdefault(tuple(c for c in complete if c[0] != name), set()).add(end)
        assert any(len(found) > 1 for found in by_others.values()), f"{name} never makes a difference"


@pytest.mark.parametrize("operator", [">=", ">", "="])
def test_a_sum_is_asked_for_as_long_as_its_known_part_can_decide_it(operator: str) -> None:
    """One of two counts from 0 to 3 will not be known; the other is asked for exactly if some figure of it decides."""
    nothing = {**dict.fromkeys(FLAGS, 1), **dict.fromkeys(COUNTS)}
    for own, other, constant in itertools.product((-2, -1, 1, 2), (-2, -1, 1, 2), range(-9, 10)):
        node = compare((own, other), constant, operator)
        joined, kept = relevant(node, nothing, {"high"})
        decides = any(value(joined, {**nothing, "low": low}) != 1 for low in range(LARGEST + 1))
        assert ("low" in kept) == (decides and value(joined, nothing) == 1), (own, other, constant)


@proof(150)
@given(
    st.tuples(st.integers(-3, 3), st.integers(-3, 3)), st.integers(-40, 40), st.sampled_from((">=", ">", "=")),
    st.integers(-5, 5),
)  # fmt: skip
def test_a_number_is_cut_exactly_where_a_comparison_turns(
    coefficients: tuple[int, int], constant: int, operator: str, other: int
) -> None:
    node = compare(coefficients, constant, operator)
    if not isinstance(node, Compare):
        return
    joined = linked(node)
    evaluation = Evaluation(joined, [other if slot.fact == "high" else None for slot in joined.slots])
    holds = [decide(operator, coefficients[0] * x + coefficients[1] * other + constant) for x in range(-99, 100)]
    turns = {x for x in range(-98, 100) if holds[x + 99] != holds[x + 98]}
    if Slot("low") in joined.slot_index:
        assert {cut.at for cut in cuts(node, Slot("low"), evaluation)} == turns


@proof(150)
@given(st.integers(-3, 3), st.integers(-9, 9), st.integers(-60, 60), st.sampled_from((">=", ">")))
def test_a_square_is_cut_where_it_turns(square: int, slope: int, constant: int, operator: Anything) -> None:
    low = Slot("low")
    terms = (((low, low), square), ((low,), slope), ((), constant))
    node = compare((1, 0), 0, operator)
    assert isinstance(node, Compare)
    node = Compare((), tuple(t for t in terms if t[1]), operator, node.measure, node.bound, ">=", node.source)
    evaluation = Evaluation(linked(flag("first")), [1])
    holds = [decide(operator, square * x * x + slope * x + constant) for x in range(-99, 100)]
    turns = {x for x in range(-98, 100) if holds[x + 99] != holds[x + 98]}
    assert {cut.at for cut in cuts(node, low, evaluation)} == turns
