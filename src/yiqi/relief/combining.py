"""The most valuable set of things of which some exclude each other, exact to the last unit and proven.

HiGHS reckons with floating point, so it is given whole weights that it holds without error, each rounded *up* to a coarse
unit. Whatever it finds is added up again in whole numbers. Nothing is left that could be better once the bound of the
coarse program, which lies above every true value, is no more than the best true value found: until then what was found,
with all that lies within it, is shut out and the program solved again.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Mapping
from typing import TypeVar

from yiqi.path.milp import Milp

COARSE = 10**6
"""Weights of one program add up to at most so much, in the coarse unit, and one more for each of them."""

Item = TypeVar("Item", bound=Hashable)


def best_set(weights: Mapping[Item, int], conflicts: Iterable[tuple[Item, Item]]) -> tuple[Item, ...]:
    """The set without a conflict whose weights (whole, not negative) add up to most, in the order of ``weights``.

    Of equal sums it is the one found first. Everything that fits beside the others is in it, at a weight of 0 too.
    """
    pairs, near = _near(weights, conflicts)
    found: set[Item] = set()
    for part in _connected(weights, near):
        found |= {*part} if len(part) == 1 else _solved(weights, part, pairs, None)
    return _filled(weights, near, found)


def next_set(
    weights: Mapping[Item, int], conflicts: Iterable[tuple[Item, Item]], best: Collection[Item]
) -> tuple[Item, ...] | None:
    """Of the sets that hold something that is not in ``best``, a best set, the one whose weights add up to most.

    None where everything is in ``best``. Only where items are connected by conflicts can a set differ from the best one, and
    only in one such place does the next one.
    """
    pairs, near = _near(weights, conflicts)
    inside = set(best)
    others: list[tuple[int, set[Item]]] = []
    for part in _connected(weights, near):
        here = inside & {*part}
        if len(here) < len(part):
            other = _solved(weights, part, pairs, here)
            others.append((sum(weights[i] for i in here) - sum(weights[i] for i in other), inside - here | other))
    if not others:
        return None
    return _filled(weights, near, min(others, key=lambda found: found[0])[1])


def _near(
    weights: Mapping[Item, int], conflicts: Iterable[tuple[Item, Item]]
) -> tuple[list[tuple[Item, Item]], dict[Item, set[Item]]]:
    """The conflicts among the items, each once, and what each item conflicts with."""
    known = {frozenset((a, b)): (a, b) for a, b in conflicts if a in weights and b in weights and a != b}
    near: dict[Item, set[Item]] = {item: set() for item in weights}
    for a, b in known.values():
        near[a].add(b)
        near[b].add(a)
    return list(known.values()), near


def _filled(weights: Mapping[Item, int], near: Mapping[Item, set[Item]], found: set[Item]) -> tuple[Item, ...]:
    full = set(found)
    for item in weights:
        if item not in full and not near[item] & full:
            full.add(item)
    return tuple(item for item in weights if item in full)


def _connected(weights: Mapping[Item, int], near: Mapping[Item, set[Item]]) -> list[list[Item]]:
    """Items that conflict with each other, directly or through others; what one part holds is no matter to another."""
    left = dict.fromkeys(weights)
    parts: list[list[Item]] = []
    while left:
        part = {next(iter(left)): None}
        waiting = list(part)
        while waiting:
            for item in near[waiting.pop()]:
                if item not in part:
                    part[item] = None
                    waiting.append(item)
        parts.append([item for item in weights if item in part])
        for item in part:
            del left[item]
    return parts


def _solved(
    weights: Mapping[Item, int], part: list[Item], pairs: list[tuple[Item, Item]], beside: set[Item] | None
) -> set[Item]:
    """The best set of the items ``part``; with ``beside``, the best that holds something else."""
    unit = max(1, -(-sum(weights[item] for item in part) // COARSE))
    program = Milp()
    column = {item: program.column(0, 1, cost=-float(-(-weights[item] // unit))) for item in part}
    for a, b in pairs:
        if a in column and b in column:
            program.row({column[a]: 1.0, column[b]: 1.0}, upper=1.0)
    if beside is not None:
        program.row({number: 1.0 for item, number in column.items() if item not in beside}, lower=1.0)
    best: set[Item] | None = None
    worth = -1
    while (solution := program.solve()) is not None:
        chosen = {item for item, number in column.items() if round(solution.values[number]) == 1}
        coarse = sum(-(-weights[item] // unit) for item in chosen)
        if best is not None and coarse * unit <= worth:
            break  # no set left is worth more than its coarse weight
        if (value := sum(weights[item] for item in chosen)) > worth:
            best, worth = chosen, value
        others = {number: 1.0 for item, number in column.items() if item not in chosen}
        if not others or unit == 1:
            break  # everything is chosen, or the coarse weights are the true ones
        program.row(others, lower=1.0)
    if best is None:
        raise AssertionError("a set of one item has no conflict")
    return best
