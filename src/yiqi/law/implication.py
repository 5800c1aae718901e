"""Whether one condition implies another, as far as their form shows it: half-lines, values, prefixes of codes.

The answer is never a wrong yes; it may be no where only the meaning of the facts would tell.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Literal

from yiqi.law.tree import (
    All,
    Among,
    Any,
    Coded,
    Compare,
    Condition,
    Contains,
    Excused,
    Flag,
    Invert,
    Measure,
    PointsTest,
    Slot,
    TruthNode,
)
from yiqi.law.vocabulary import Vocabulary

Side = Literal["above", "below", "equal"]
_FLIP = {">=": "<=", ">": "<", "<=": ">=", "<": ">", "=": "="}


def constant(measure: Measure) -> Fraction | None:
    """The value of a side that names no fact, in its natural unit."""
    if measure.root != 1 or any(m for m, _ in measure.numerator) or any(m for m, _ in measure.denominator):
        return None
    bottom = sum(c for _, c in measure.denominator) * measure.scale
    return Fraction(sum(c for _, c in measure.numerator), bottom) if bottom else None


def half_line(node: TruthNode) -> tuple[Measure | str, str, Fraction] | None:
    """A comparison of something measured with a fixed bound: what, the comparator, the bound."""
    if isinstance(node, Condition):
        return half_line(node.child)
    if isinstance(node, PointsTest):
        return f"points {_bare(node.score)!r}", node.comparator, Fraction(node.threshold)
    if not isinstance(node, Compare):
        return None
    left, right = constant(node.measure), constant(node.bound)
    if left is None and right is not None:
        return _without_scale(node.measure), node.comparator, right
    if left is not None and right is None:
        return _without_scale(node.bound), _FLIP[node.comparator], left
    return None


def _bare(score: object) -> object:
    return getattr(score, "rule", score)


def _without_scale(measure: Measure) -> Measure:
    return replace(measure, kind="ratio" if measure.kind == "number" else measure.kind)


def threshold_of(node: TruthNode) -> tuple[Measure | str, Side] | None:
    """What a comparison measures and on which side of the bound it holds."""
    line = half_line(node)
    if line is None:
        return None
    what, comparator, _ = line
    return what, "equal" if comparator == "=" else "above" if comparator[0] == ">" else "below"


MAXIMUM_STEPS = 100_000
"""Pairs of conditions that are compared for one file; ours need a few hundred."""


class TooManyStepsError(Exception):
    """The conditions are too many to compare."""


class Implications:
    """Compares conditions against one vocabulary; raises :class:`TooManyStepsError` when that takes too long."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self.steps = MAXIMUM_STEPS

    def implies(self, a: TruthNode, b: TruthNode) -> bool:
        """Whether ``b`` holds whenever ``a`` holds. Both are :func:`bare`."""
        self.steps -= 1
        if self.steps < 0:
            raise TooManyStepsError
        if a == b:
            return True
        match b:
            case All(children):
                return all(self.implies(a, child) for child in children)
            case Any(children):
                if any(self.implies(a, child) for child in children):
                    return True
            case Excused(child, exception):
                if self.implies(a, child) or self.implies(a, exception):
                    return True
        match a:
            case All(children):
                return any(self.implies(child, b) for child in children)
            case Any(children):
                return bool(children) and all(self.implies(child, b) for child in children)
            case Excused(child, exception):
                return self.implies(child, b) and self.implies(exception, b)
        return _atom_implies(a, b, self.vocabulary)

    def contradictory(self, node: TruthNode) -> bool:
        """Whether the parts of a conjunction visibly exclude each other. The node is :func:`bare`."""
        parts = _conjuncts(node)
        self.steps -= len(parts) * len(parts)
        if self.steps < 0:
            raise TooManyStepsError
        return any(_exclude(a, b, self.vocabulary) for k, a in enumerate(parts) for b in parts[k + 1 :])


def bare(node: TruthNode) -> TruthNode:
    """The node without the positions in the file, so that equal conditions are equal."""
    match node:
        case Condition(child=child):
            return bare(child)
        case Compare() | Flag() | Among() | Contains() | Coded() | PointsTest():
            return replace(node, source=None)  # type: ignore[arg-type]
        case Invert(child):
            inner = bare(child)
            return inner.child if isinstance(inner, Invert) else _negated(inner)
        case All(children):
            return All(tuple(bare(c) for c in children))
        case Any(children):
            return Any(tuple(bare(c) for c in children))
        case Excused(child, exception):
            return Excused(bare(child), bare(exception))
        case _:
            return node


def _negated(node: TruthNode) -> TruthNode:
    if isinstance(node, Among):
        return replace(node, negated=not node.negated)
    return Invert(node)


def _atom_implies(a: TruthNode, b: TruthNode, vocabulary: Vocabulary) -> bool:
    first, second = half_line(a), half_line(b)
    if first is not None and second is not None:
        return first[0] == second[0] and _within(first[1], first[2], second[1], second[2])
    match a, b:
        case Among(), Among() if a.slot == b.slot:
            inner, outer = _values(a, vocabulary), _values(b, vocabulary)
            return inner is not None and outer is not None and inner <= outer
        case Coded(), Coded() if a.slot == b.slot:
            return _codes_within(a, b)
        case _:
            return False


def _within(op: str, bound: Fraction, outer_op: str, outer: Fraction) -> bool:
    """Whether the numbers ``op bound`` all lie among ``outer_op outer``."""
    if op == "=":
        return {
            ">=": bound >= outer,
            ">": bound > outer,
            "<=": bound <= outer,
            "<": bound < outer,
            "=": bound == outer,
        }[outer_op]
    if outer_op == "=" or op[0] != outer_op[0]:
        return False
    further = bound > outer if op[0] == ">" else bound < outer
    # At one boundary `>` lies within `>=`, and not the other way round.
    return further or (bound == outer and (op == outer_op or len(op) == 1))


def _values(node: Among, vocabulary: Vocabulary) -> frozenset[str] | None:
    members = all_values(node.slot, vocabulary)
    if not node.negated:
        return frozenset(node.values)
    return None if members is None else members - set(node.values)


def all_values(slot: Slot, vocabulary: Vocabulary) -> frozenset[str] | None:
    """Every value a fact of a fixed list can have."""
    if slot.fact == "procedure":
        return frozenset(("new", "re_review"))
    fact = vocabulary.get(slot.fact)
    return frozenset(m.id for m in fact.members) if fact is not None and fact.members else None


def _codes_within(a: Coded, b: Coded) -> bool:
    def meets(code: str, other: str) -> bool:
        return code.startswith(other) or other.startswith(code)

    inside = all(any(p.startswith(q) for q in b.prefixes) for p in a.prefixes)
    # What b leaves out, a must not reach.
    apart = all(
        any(e.startswith(x) for x in a.exceptions) or not any(meets(p, e) for p in a.prefixes) for e in b.exceptions
    )
    return inside and apart


def _conjuncts(node: TruthNode) -> list[TruthNode]:
    if isinstance(node, All):
        return [part for child in node.children for part in _conjuncts(child)]
    return [node]


def _exclude(a: TruthNode, b: TruthNode, vocabulary: Vocabulary) -> bool:
    if Invert(a) == b or Invert(b) == a:
        return True
    first, second = half_line(a), half_line(b)
    if first is not None and second is not None and first[0] == second[0]:
        (_, op, bound), (_, other, limit) = first, second
        if op == "=":
            return not _within(op, bound, other, limit)
        if other == "=":
            return not _within(other, limit, op, bound)
        if op[0] == other[0]:
            return False
        if op[0] == "<":
            op, bound, other, limit = other, limit, op, bound
        return bound > limit or (bound == limit and (len(op) == 1 or len(other) == 1))
    if isinstance(a, Among) and isinstance(b, Among) and a.slot == b.slot:
        left, right = _values(a, vocabulary), _values(b, vocabulary)
        return left is not None and right is not None and not left & right
    if isinstance(a, Coded) and isinstance(b, Coded) and a.slot == b.slot:
        return not any(p.startswith(q) or q.startswith(p) for p in a.prefixes for q in b.prefixes)
    return False
