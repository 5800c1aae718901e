"""By how much a failed comparison was missed: the change of one fact that would just meet it, the others as they are."""

from __future__ import annotations

from dataclasses import dataclass

from yiqi.judge.evaluate import Evaluation
from yiqi.law.tree import Compare, Slot


@dataclass(frozen=True, slots=True)
class Gap:
    """``slot`` would have to change by ``change`` (smallest units; negative is a fall) to meet the comparison."""

    slot: Slot
    change: int


def gap(evaluation: Evaluation, node: Compare) -> Gap | None:
    """The least whole change of the first fact of the left side that turns a failed comparison into one that holds.

    None when the comparison does not fail, is undefined, or the fact does not occur in it by itself (growth over several
    years multiplies facts). The change is exact: one smallest unit less would not do.
    """
    if evaluation.compare(node) != 0 or node.measure.kind in ("date", "rank"):
        return None
    slots = [monomial[0] for monomial, _ in node.measure.numerator if len(monomial) == 1]
    if not slots:
        return None
    slot = slots[-1] if node.measure.root > 1 else max(slots, key=lambda s: s.index or 0)
    coefficient = 0
    for monomial, factor in node.polynomial:
        if slot in monomial:
            if monomial.count(slot) > 1:
                return None
            product = factor
            for other in monomial:
                if other != slot:
                    product *= evaluation.value(other)
            coefficient += product
    value = evaluation.polynomial(node.polynomial)
    if coefficient == 0 or value is None or node.operator == "=":
        return None
    # coefficient * change >= -value, or > for a strict comparison
    short = -value if node.operator == ">=" else 1 - value
    change = -(-short // coefficient) if coefficient > 0 else -(-short // -coefficient) * -1
    return Gap(slot, change)
