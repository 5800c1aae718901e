"""By how much a failed comparison was missed: the change of one fact that would just meet it, the others as they are.

A comparison is a whole-number polynomial against zero, and it is linear in the newest figure of its left side; so the
change is exact. ``main_revenue / operating_revenue >= 90%`` at 11050万元 of 12500万元 lacks 200万元 of main-business
revenue, not "1.6 points".
"""

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
    """The least whole change of the leading fact that turns a failed comparison into one that holds.

    The leading fact is the newest one above the line of the left side. None when the comparison does not fail, compares
    dates or levels, or asks for equality; when it is not linear in the fact; and when no possible value of the fact would
    do (debts below nothing). The change is exact: one smallest unit less would not do.
    """
    if evaluation.compare(node) != 0 or node.measure.kind in ("date", "days", "rank") or node.operator == "=":
        return None
    slot = _leading(node)
    if slot is None:
        return None
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
    if coefficient == 0 or value is None:
        return None
    # coefficient * change >= -value, or > for a strict comparison
    short = -value if node.operator == ">=" else 1 - value
    change = -(-short // coefficient) if coefficient > 0 else -short // -coefficient
    fact = evaluation.linked.law.vocabulary.get(slot.fact)
    target = evaluation.value(slot) + change
    if fact is None or (fact.minimum is not None and target < fact.minimum):
        return None
    if fact.maximum is not None and target > fact.maximum:
        return None
    return Gap(slot, change)


def _leading(node: Compare) -> Slot | None:
    """The newest fact of the left side that nothing is divided by."""
    below = {slot for guard in node.guards for monomial, _ in guard for slot in monomial}
    above = [slot for monomial, _ in node.measure.numerator for slot in monomial if slot not in below]
    return max(above, key=lambda slot: slot.index or 0, default=None)
