"""The figure of an enterprise that the size standard does not look at in its row, such as the assets of a factory.

It follows one of the two figures that are fitted, by a power and within a wide margin. Its level is set for each group
so that the group's total is met, and higher or lower for large enterprises so that their share in the nation is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp, log, sqrt

from yiqi.pulse.bins import LEAST_MONEY, Bin, mean_of_floor, spread_mean
from yiqi.pulse.figures import Figures
from yiqi.pulse.sizes import ASSETS, LARGE, REVENUE, STAFF, Cell, Group
from yiqi.pulse.targets import FEN_PER_YUAN, Targets

FOLLOWS = {
    # fact: (what it follows, the power, half the width of the margin, in logarithms)
    STAFF: (REVENUE, 0.45, 0.9),
    REVENUE: (STAFF, 0.8, 1.8),
    ASSETS: (REVENUE, 0.85, 1.2),
}
"""Working values of this project, tag D."""

FURTHEST = 20.0
"""Large enterprises have at most this times more or less than the power of the others would give them."""


@dataclass(frozen=True)
class Levels:
    """Where the third figure of a group's cells lies: ``middles`` by cell, in logarithms, and half its width."""

    fact: str
    middles: tuple[float, ...]
    half: float


def set_levels(groups: Mapping[str, Group], targets: Targets, assumptions: Figures) -> dict[str, Levels]:
    """The levels of every group; the cells are given the mean they lead to."""
    found: dict[str, Levels] = {}
    smes = {STAFF: targets.sme_staff, REVENUE: targets.sme_revenue, ASSETS: targets.sme_assets}
    for fact, share in smes.items():
        largest = assumptions.value("largest", "any", "nation", fact)
        top = log(largest if fact == STAFF else largest * FEN_PER_YUAN)
        concerned = {key: group for key, group in groups.items() if group.third == fact}
        factor = _of_large(fact, list(groups.values()), 1 - share.value)
        for key, group in concerned.items():
            found[key] = _levels(group, factor, top)
    return found


def _base(cell: Cell, group: Group) -> float:
    fact, power, _ = FOLLOWS[group.third]
    held: Bin = cell.first if group.axes[0] == fact else cell.second
    return power * (held.middle if held.low else log(LEAST_MONEY))


def _of_large(fact: str, groups: Sequence[Group], share: float) -> float:
    """The factor for large enterprises with which they have ``share`` of the nation's total of a figure."""
    total = sum(g.share * g.means[fact] for g in groups)
    wanted = share * total - sum(
        c.weight * g.of(fact)(c) for g in groups if fact in g.axes for c in g.cells if c.size == LARGE
    )
    parts = []
    for group in groups:
        if group.third != fact:
            continue
        sums = [0.0, 0.0]
        for cell in group.cells:
            sums[cell.size == LARGE] += cell.weight * exp(_base(cell, group))
        parts.append((group.share * group.means[fact], sums[0], sums[1]))
    low, high = 1 / FURTHEST, FURTHEST
    for _ in range(40):
        factor = sqrt(low * high)
        if sum(part * factor * large / (rest + factor * large) for part, rest, large in parts) < wanted:
            low = factor
        else:
            high = factor
    return sqrt(low * high)


def _levels(group: Group, factor: float, top: float) -> Levels:
    _, _, half = FOLLOWS[group.third]
    bases = [_base(cell, group) + (log(factor) if cell.size == LARGE else 0.0) for cell in group.cells]
    bottom = half if group.third == STAFF else log(LEAST_MONEY) + half
    wanted = group.share * group.means[group.third]

    def middles(level: float) -> list[float]:
        return [min(max(base + level, bottom), top - half) for base in bases]

    def total(level: float) -> float:
        return sum(
            cell.weight * _mean(group.third, middle, half)
            for cell, middle in zip(group.cells, middles(level), strict=True)
        )

    low, high = -60.0, 60.0
    if not total(low) < wanted < total(high):
        raise ValueError(f"{group.key}: no level of {group.third} gives its total")
    for _ in range(36):
        level = (low + high) / 2
        if total(level) < wanted:
            low = level
        else:
            high = level
    chosen = tuple(middles((low + high) / 2))
    name = {STAFF: "staff", REVENUE: "revenue", ASSETS: "assets"}[group.third]
    for cell, middle in zip(group.cells, chosen, strict=True):
        setattr(cell, name, _mean(group.third, middle, half))
    return Levels(group.third, chosen, half)


def _mean(fact: str, middle: float, half: float) -> float:
    if fact == STAFF:
        return mean_of_floor(exp(middle - half), exp(middle + half))
    return spread_mean(middle, half)
