"""What can be wrong with a line that gives an amount or a date: a number of it, a limit, what is chosen, how far it is moved."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from yiqi.judge.mutant_comparisons import Change
from yiqi.law.bilingual import Bilingual
from yiqi.law.quantities import amount_text
from yiqi.law.tree import (
    Added,
    Ceiling,
    Formula,
    Gathered,
    Given,
    Highest,
    Lowest,
    Moved,
    Multiplied,
    Polynomial,
    Reckoned,
    ReckonNode,
    ScoreRule,
    Slot,
)

PART = 100
"""A number of a line is changed by this part of itself: what a slip of the pen would at least do."""


def line_changes(node: Reckoned) -> Iterator[Change]:
    """Every change of one line."""
    for change in _changes(node.child):
        yield replace(
            change, node=replace(node, child=change.node), at=change.at or node.id, span=change.span or node.span
        )


def gathered_changes(node: Gathered) -> Iterator[Change]:
    """Another limit, the best instead of the sum, one amount left out."""
    if node.maximum is not None:
        for step in (-100, 100):
            text = amount_text(node.maximum + step)
            yield Change(
                "threshold", Bilingual(f"at most {text}", f"最高{text}"), replace(node, maximum=node.maximum + step)
            )
    if len(node.children) < 2:
        return
    if node.kind != "readings":
        other = Gathered("best" if node.kind == "sum" else "sum", node.children, node.maximum)
        yield Change("combination", Bilingual("sum ↔ best", "合计与取最高互换"), other)
    for k in range(len(node.children)):
        smaller = replace(node, children=node.children[:k] + node.children[k + 1 :])
        yield Change("line", Bilingual(f"part {k + 1} dropped", f"去掉第{k + 1}项"), smaller)


def ceiling_changes(node: Ceiling) -> Iterator[Change]:
    yield Change("combination", Bilingual("the most → the amount", "上限 → 确定金额"), node.child)


def _changes(node: ReckonNode) -> Iterator[Change]:
    match node:
        case Formula(polynomial):
            yield from _numbers(polynomial)
        case Lowest(children) | Highest(children):
            turned = Highest(children) if isinstance(node, Lowest) else Lowest(children)
            yield Change("combination", Bilingual("lowest ↔ highest", "取低与取高互换"), turned)
            for k, child in enumerate(children):
                left = children[:k] + children[k + 1 :]
                smaller = left[0] if len(left) == 1 else replace(node, children=left)
                yield Change("line", Bilingual(f"choice {k + 1} dropped", f"去掉第{k + 1}个选项"), smaller)
                yield from _inside(child, _in_place(node, k))
        case Added(children):
            for k, child in enumerate(children):
                yield Change(
                    "line", Bilingual(f"part {k + 1} of the sum dropped", f"去掉合计的第{k + 1}部分"),
                    Added(children[:k] + children[k + 1 :]),
                )  # fmt: skip
                yield from _inside(child, _in_place(node, k))
        case Multiplied(left, right):
            yield from _inside(left, lambda n: Multiplied(n, right))
            yield from _inside(right, lambda n: Multiplied(left, n))
        case Moved(date, by, unit):
            yield from _inside(date, lambda n: Moved(n, by, unit))
            yield from _inside(by, lambda n: Moved(date, n, unit))
        case Given() | ScoreRule():
            return


def _numbers(polynomial: Polynomial) -> Iterator[Change]:
    """Each coefficient a little less and more, each term left out, each day moved by one more."""
    for k, (monomial, coefficient) in enumerate(polynomial):
        name = " × ".join(str(slot) for slot in monomial) or "constant"

        def with_term(*term: tuple[tuple[Slot, ...], int], k: int = k) -> Formula:
            return Formula((*polynomial[:k], *term, *polynomial[k + 1 :]))

        dates = [slot for slot in monomial if slot.shift_unit]
        if dates:
            slot = dates[0]
            moved = replace(slot, shift=slot.shift + 1)
            what = Bilingual(f"{slot} → {moved}", f"{slot} → {moved}")
            yield Change("threshold", what, with_term(((moved,), coefficient)))
            continue
        step = max(1, abs(coefficient) // PART)
        for changed in (coefficient - step, coefficient + step):
            what = Bilingual(f"{coefficient} × {name} → {changed}", f"{coefficient} × {name} → {changed}")
            yield Change("threshold", what, with_term((monomial, changed)))
        if len(polynomial) > 1:
            yield Change("line", Bilingual(f"{name} dropped", f"去掉{name}"), with_term())


def _inside(node: ReckonNode, around: Callable[[ReckonNode], ReckonNode]) -> Iterator[Change]:
    for change in _changes(node):
        yield replace(change, node=around(change.node))


def _in_place(node: Lowest | Highest | Added, k: int) -> Callable[[ReckonNode], ReckonNode]:
    return lambda child: replace(node, children=(*node.children[:k], child, *node.children[k + 1 :]))
