"""What must hold for a target, as a formula without a *not*: the tree with everything that is fixed folded away.

A part of the law is wanted as a yes (``True``) or as a no (``False``); by Kleene's tables both come down to *all*, *any* and
*at least* over single conditions, each wanted one way. What no lever moves is decided at once, so of a hundred conditions
a handful is left. A score is wanted from below (:class:`Points`): the least that the points surely are.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from yiqi.judge.link import Unit
from yiqi.law.tree import (
    Among,
    Coded,
    Compare,
    Condition,
    Contains,
    Flag,
    Slot,
)

Leaf = Compare | Flag | Among | Contains | Coded


@dataclass(frozen=True, eq=False)
class Wanted:
    """A single condition that levers move, wanted as a yes (``holds``) or a no."""

    leaf: Leaf
    unit: Unit
    holds: bool
    within: Condition | None


@dataclass(frozen=True, eq=False)
class Stuck:
    """A condition that no lever moves and that stands in the way (only in a formula that asks for reasons)."""

    leaf: Leaf | None
    """None where the source is unconfirmed, or a score cannot be reached at all."""
    unit: Unit
    holds: bool
    within: Condition | None


@dataclass(frozen=True, eq=False)
class Every:
    parts: tuple[Formula, ...]


@dataclass(frozen=True, eq=False)
class Some:
    """At least ``count`` of the parts."""

    count: int
    parts: tuple[Formula, ...]


@dataclass(frozen=True, eq=False)
class Reaches:
    """Points of at least ``threshold`` (1/10000 point)."""

    points: Points
    threshold: int


Formula = bool | Wanted | Stuck | Every | Some | Reaches


@dataclass(frozen=True, eq=False)
class Steps:
    """``base`` and for each step so many points more where its formula holds."""

    base: int
    steps: tuple[tuple[int, Formula], ...]


@dataclass(frozen=True, eq=False)
class Summed:
    parts: tuple[Points, ...]
    cap: int | None


@dataclass(frozen=True, eq=False)
class Highest:
    parts: tuple[Points, ...]


@dataclass(frozen=True, eq=False)
class Lowest:
    parts: tuple[Points, ...]


@dataclass(frozen=True, eq=False)
class Entered:
    """Points that are a fact nobody gave: from ``low`` to ``high``, times ``sign``."""

    slot: Slot
    low: int
    high: int
    sign: int


Points = Steps | Summed | Highest | Lowest | Entered


def all_of(parts: Sequence[Formula]) -> Formula:
    left = [p for p in parts if p is not True]
    if any(p is False for p in left):
        return False
    return True if not left else left[0] if len(left) == 1 else Every(tuple(left))


def at_least(count: int, parts: Sequence[Formula]) -> Formula:
    count -= sum(1 for p in parts if p is True)
    left = [p for p in parts if not isinstance(p, bool)]
    if count <= 0:
        return True
    if count > len(left):
        return False
    if count == len(left):
        return all_of(left)
    return Some(count, tuple(left))


def any_of(parts: Sequence[Formula]) -> Formula:
    return at_least(1, parts)


def capped(parts: Sequence[Points], maximum: int | None, sign: int) -> Points:
    """The sum of parts up to ``maximum``; from above (``sign`` −1) the cap makes it no less than minus the maximum."""
    base = sum(p.base for p in parts if isinstance(p, Steps))
    steps = tuple(step for p in parts if isinstance(p, Steps) for step in p.steps)
    other = tuple(p for p in parts if not isinstance(p, Steps))
    total: Points = Steps(base, steps) if not other else Summed((Steps(base, steps), *other), None)
    if maximum is None or (sign > 0 and highest(total) <= maximum):
        return total
    return Summed((total,), maximum) if sign > 0 else Highest((total, Steps(-maximum, ())))


def highest(points: Points) -> int:
    """The most that points can be."""
    match points:
        case Steps(base, steps):
            return base + sum(p for p, _ in steps)
        case Summed(parts, cap):
            total = sum(highest(p) for p in parts)
            return total if cap is None else min(total, cap)
        case Highest(parts):
            return max(highest(p) for p in parts)
        case Lowest(parts):
            return min(highest(p) for p in parts)
        case Entered(_, low, high, sign):
            return high if sign > 0 else -low


def lowest(points: Points) -> int:
    """The least that points are, whatever is done."""
    match points:
        case Steps(base, _):
            return base
        case Summed(parts, cap):
            total = sum(lowest(p) for p in parts)
            return total if cap is None else min(total, cap)
        case Highest(parts):
            return max(lowest(p) for p in parts)
        case Lowest(parts):
            return min(lowest(p) for p in parts)
        case Entered(_, low, high, sign):
            return low if sign > 0 else -high


def reaches(points: Points, threshold: int) -> Formula:
    """Points of at least a threshold, decided where nothing can change it."""
    if lowest(points) >= threshold:
        return True
    if highest(points) < threshold:
        return False
    return Reaches(points, threshold)


def leaf_slots(leaf: Leaf) -> tuple[Slot, ...]:
    """The slots that decide a condition, each once."""
    if isinstance(leaf, Compare):
        polynomials = (leaf.polynomial, *leaf.guards)
        return tuple(dict.fromkeys(slot for p in polynomials for monomial, _ in p for slot in monomial))
    return (leaf.slot,)


def wanted_in(formula: Formula) -> Iterator[Wanted | Stuck | Entered]:
    """Every single condition (or entered score) of a formula, each object once."""
    seen: set[int] = set()
    stack: list[Formula | Points] = [formula]
    while stack:
        node = stack.pop()
        if isinstance(node, bool) or id(node) in seen:
            continue
        seen.add(id(node))
        match node:
            case Wanted() | Stuck() | Entered():
                yield node
            case Every(parts) | Some(_, parts):
                stack.extend(parts)
            case Reaches(points, _):
                stack.append(points)
            case Steps(_, steps):
                stack.extend(f for _, f in steps)
            case Summed(inner, _) | Highest(inner) | Lowest(inner):
                stack.extend(inner)
