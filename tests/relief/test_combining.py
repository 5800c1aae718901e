"""The best set and the next one, against every set there is."""

from __future__ import annotations

from itertools import combinations

from hypothesis import example, given, settings
from hypothesis import strategies as st

from yiqi.relief.combining import best_set, next_set

Items = dict[str, int]
Pairs = list[tuple[str, str]]


def every_set(weights: Items, conflicts: Pairs) -> list[frozenset[str]]:
    """All sets without a conflict."""
    apart = {frozenset(pair) for pair in conflicts if pair[0] != pair[1]}
    return [
        frozenset(chosen)
        for size in range(len(weights) + 1)
        for chosen in combinations(weights, size)
        if not any(frozenset(pair) in apart for pair in combinations(chosen, 2))
    ]


def worth(weights: Items, chosen: frozenset[str] | tuple[str, ...]) -> int:
    return sum(weights[item] for item in chosen)


@st.composite
def problems(draw: st.DrawFn) -> tuple[Items, Pairs]:
    names = "abcdefgh"[: draw(st.integers(1, 8))]
    # Some weights differ by one fen only, some by a hundred billion.
    size = st.one_of(st.integers(0, 4), st.integers(10**14, 10**14 + 3), st.integers(0, 10**9))
    weights = {name: draw(size) for name in names}
    pairs = draw(st.lists(st.tuples(st.sampled_from(names), st.sampled_from(names)), max_size=12))
    return weights, pairs


@given(problems())
@settings(max_examples=150, deadline=None)
@example(({"a": 10**14, "b": 10**14 + 1}, [("a", "b")]))
@example(({"a": 0, "b": 0}, [("a", "b")]))
def test_the_best_set_is_the_best_of_all_to_the_last_unit(problem: tuple[Items, Pairs]) -> None:
    weights, conflicts = problem
    found = best_set(weights, conflicts)
    every = every_set(weights, conflicts)
    assert frozenset(found) in every
    assert worth(weights, found) == max(worth(weights, chosen) for chosen in every)
    assert not any(chosen > frozenset(found) for chosen in every), "something more fits in"


@given(problems())
@settings(max_examples=150, deadline=None)
def test_the_next_set_is_the_best_that_holds_something_else(problem: tuple[Items, Pairs]) -> None:
    weights, conflicts = problem
    best = best_set(weights, conflicts)
    found = next_set(weights, conflicts, best)
    every = every_set(weights, conflicts)
    others = [chosen for chosen in every if chosen - frozenset(best)]
    if found is None:
        assert not others
    else:
        assert frozenset(found) in others
        assert worth(weights, found) == max(worth(weights, chosen) for chosen in others)


def test_the_middle_of_three_loses_against_both_ends() -> None:
    # b excludes a and c: 5 + 5 > 9; without one of them b alone is next
    weights = {"a": 5, "b": 9, "c": 5}
    conflicts = [("a", "b"), ("b", "c")]
    assert best_set(weights, conflicts) == ("a", "c")
    assert next_set(weights, conflicts, ("a", "c")) == ("b",)


def test_nothing_to_choose_from() -> None:
    assert best_set({}, []) == ()
    assert next_set({"a": 1}, [], ("a",)) is None


def test_one_unit_decides_however_large_the_weights() -> None:
    # five in a ring: at most two that are not neighbours; the pair with the one unit more is the best
    weights = dict.fromkeys("abcde", 10**15) | {"d": 10**15 + 1}
    ring = list(zip("abcde", "bcdea", strict=True))
    assert worth(weights, best_set(weights, ring)) == 2 * 10**15 + 1
