"""How large enterprises are: staff, revenue and assets fitted together, group by group.

A group is a set of branches under one row of the size standard with the same published means. Its enterprises lie in
cells of a table: bins of the two figures that the row (or, where it has only one, custom) looks at. The table starts as
a log-normal with correlation and is raked: to the shares of the size classes, to the means of staff and revenue, to the
shares of large enterprises, and in industry to what is published of units of designated size. Each step multiplies
cells by a factor or by a power of their figure, so that the shape of the start is kept as far as the totals allow. The
third figure follows from the other two with a wide margin.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import exp, log

from yiqi.pulse.bins import NOTHING, Bin, money_bins, staff_bins
from yiqi.pulse.branches import CLASSES, STANDARD, Branch, SizeRow
from yiqi.pulse.figures import Figures
from yiqi.pulse.targets import MILLION_YUAN, Targets, figure_key

STAFF, REVENUE, ASSETS = "employees", "operating_revenue", "total_assets"
LARGE = 3
PASSES = 150
CLOSE = 4e-3
"""Raking ends when no total was further off than this when its turn came."""

NEARLY = 0.02
"""A mean no further off than this is mended by one step of Newton's, which leaves less than a thousandth of it."""

OVERSHOOT = 1.3
"""Each step goes further than its own total asks, because the others pull back: a third of the passes."""

SMALLEST = 1e-9
"""A cell with less of its group than this at the start is left out."""

ABOVE_SIZE = 20 * MILLION_YUAN
"""Revenue of an industrial unit of designated size, fen (the rule is ``nbs-designated-size#industry``)."""


@dataclass
class Cell:
    """Enterprises of a group whose two figures lie in two bins. ``weight`` is their share of all enterprises."""

    first: Bin
    second: Bin
    size: int
    weight: float
    staff: float = 0.0
    revenue: float = 0.0
    assets: float = 0.0


@dataclass
class Group:
    """Branches that are fitted together. ``axes`` are the two figures of the cells, ``third`` the other one."""

    key: str
    axes: tuple[str, str]
    share: float
    cells: list[Cell]
    means: dict[str, float]
    is_industry: bool
    is_electronics: bool

    @property
    def third(self) -> str:
        return next(fact for fact in (STAFF, REVENUE, ASSETS) if fact not in self.axes)

    def of(self, fact: str) -> Callable[[Cell], float]:
        """The mean of a figure in a cell."""
        return {STAFF: _staff, REVENUE: _revenue, ASSETS: _assets}[fact]


def _staff(cell: Cell) -> float:
    return cell.staff


def _revenue(cell: Cell) -> float:
    return cell.revenue


def _assets(cell: Cell) -> float:
    return cell.assets


def group_key(branch: Branch) -> str:
    """The group of a branch."""
    row = branch.row.rule.partition("#")[2] if branch.row else "other_industries"
    return f"{figure_key(branch)}/{row}"


def fit_sizes(branches: Sequence[Branch], targets: Targets, assumptions: Figures) -> dict[str, Group]:
    """All groups, fitted. Raises ``ValueError`` where a target is out of reach."""
    total = sum(t.value for t in targets.sections.values())
    groups: dict[str, Group] = {}
    other = next(b.row for b in branches if b.row and b.row.rule == f"{STANDARD}#other_industries")
    for branch in branches:
        share = targets.sections[branch.section].value * branch.share / total
        key = group_key(branch)
        if key in groups:
            groups[key].share += share
        else:
            groups[key] = _start(key, branch, branch.row or other, share, targets, assumptions)
    for group in groups.values():
        _scale(group.cells, group.share)
    _rake(list(groups.values()), targets)
    return groups


def _start(key: str, branch: Branch, row: SizeRow, share: float, targets: Targets, assumptions: Figures) -> Group:
    facts = list(row.bounds)
    axes: tuple[str, str] = (facts[0], facts[1]) if len(facts) == 2 else (STAFF, REVENUE)
    electronics = branch.key == "C39"
    revenue = targets.revenue[branch.key].value
    means = {
        STAFF: targets.staff[branch.key].value,
        REVENUE: revenue,
        ASSETS: revenue * targets.assets[branch.key].value,
    }

    def bins(fact: str) -> tuple[Bin, ...]:
        bounds = row.bounds.get(fact, ())
        largest = assumptions.value("largest", "any", "nation", fact)
        if fact == STAFF:
            return staff_bins(bounds, largest)
        extra = (round(ABOVE_SIZE),) if fact == REVENUE else ()
        return money_bins((*bounds, *extra), largest * 100)

    def deviation(fact: str) -> float:
        if electronics and fact == REVENUE:
            return 3.0
        name = {STAFF: "employees", REVENUE: "revenue", ASSETS: "assets"}[fact]
        return assumptions.value("log_deviation", "any", "nation", name)

    rho = assumptions.value("log_correlation", "any", "nation")
    start = {fact: log(means[fact]) - deviation(fact) ** 2 / 2 for fact in axes}
    cells = []
    for first in bins(axes[0]):
        u = (first.middle - start[axes[0]]) / deviation(axes[0])
        for second in bins(axes[1]):
            v = (second.middle - start[axes[1]]) / deviation(axes[1])
            density = exp(-(u * u - 2 * rho * u * v + v * v) / (2 * (1 - rho * rho))) * first.width * second.width
            cells.append(Cell(first, second, size_class(row, axes, first, second), density))
    whole = sum(cell.weight for cell in cells)
    cells = [cell for cell in cells if cell.weight > SMALLEST * whole]
    if REVENUE in axes:
        cells += _without_revenue(cells, axes, assumptions.value("no_revenue_share", "any", "nation"))
    for cell in cells:
        for fact, held in zip(axes, (cell.first, cell.second), strict=True):
            setattr(cell, {STAFF: "staff", REVENUE: "revenue", ASSETS: "assets"}[fact], held.mean)
    return Group(key, axes, share, cells, means, branch.is_industry, electronics)


def size_class(row: SizeRow, axes: tuple[str, str], first: Bin, second: Bin) -> int:
    """The class of a cell: the lowest rank of its indicators decides."""
    rank = LARGE
    for fact, held in zip(axes, (first, second), strict=True):
        if fact in row.bounds:
            rank = min(rank, sum(held.low >= bound for bound in row.bounds[fact]))
    return rank


def _without_revenue(cells: list[Cell], axes: tuple[str, str], share: float) -> list[Cell]:
    """Cells of enterprises that sold nothing, spread as the smallest are over the other figure."""
    at = axes.index(REVENUE)
    weights: dict[Bin, float] = {}
    for cell in cells:
        other = cell.second if at == 0 else cell.first
        if cell.size == 0:
            weights[other] = weights.get(other, 0.0) + cell.weight
    smallest = sorted(weights, key=lambda held: held.low)[:4]
    whole = sum(weights[held] for held in smallest)
    every = sum(cell.weight for cell in cells)
    return [
        Cell(*((NOTHING, held) if at == 0 else (held, NOTHING)), 0, every * share * weights[held] / whole)
        for held in smallest
    ]


def _scale(cells: Sequence[Cell], total: float, over: float = 1.0) -> None:
    """Multiply cells so that they add up to ``total``."""
    has = sum(cell.weight for cell in cells)
    if total > 0 and has <= 0:
        raise ValueError("a share of enterprises has no cell to lie in")
    for cell in cells:
        cell.weight *= (total / has) ** over


def _tilt(cells: Sequence[Cell], value: Callable[[Cell], float], mean: float) -> float:
    """Multiply cells by a power of their figure so that its mean is ``mean`` and their weight is as before.

    The relative distance before is returned; what is near enough already stays. Raises ``ValueError`` where the mean lies
    outside the cells.
    """
    held = [(cell, cell.weight, value(cell)) for cell in cells if cell.weight > 0]
    weight = sum(one for _, one, _ in held)
    before = sum(one * amount for _, one, amount in held) / weight / mean - 1
    if abs(before) < CLOSE / 20:
        return abs(before)
    if not min(amount for _, _, amount in held) < mean < max(amount for _, _, amount in held):
        raise ValueError(f"a mean of {mean:.6g} lies outside of what the cells hold")
    base = log(mean)
    # What is nothing has no logarithm and keeps its weight.
    still = sum(one for _, one, amount in held if amount <= 0)
    moving = [(cell, one, amount, log(amount) - base) for cell, one, amount in held if amount > 0]
    slope = sum(one * amount * lean for _, one, amount, lean in moving) / weight
    spread = sum(one * lean for _, one, _, lean in moving) / weight
    at = -before * mean / (slope - mean * (1 + before) * spread)
    if abs(before) > NEARLY:
        at = _power([(one, amount, lean) for _, one, amount, lean in moving], still, mean, at)
    at *= OVERSHOOT
    for cell, one, _, lean in moving:
        cell.weight = one * exp(at * lean)
    _scale(cells, weight)
    return abs(before)


def _power(moving: Sequence[tuple[float, float, float]], still: float, mean: float, guess: float) -> float:
    """The power of their figure by which weights must be multiplied for the mean: Newton's way, kept between bounds.

    ``moving``: weight, figure and the logarithm of the figure over the mean; ``still`` is the weight of what is nothing.
    """
    low, high, at = -30.0, 30.0, max(-30.0, min(30.0, guess))
    for _ in range(80):
        total, moment, slope, spread = still, 0.0, 0.0, 0.0
        for one, amount, lean in moving:
            scaled = one * exp(at * lean)
            total += scaled
            moment += scaled * amount
            slope += scaled * amount * lean
            spread += scaled * lean
        now = moment / total
        if abs(now / mean - 1) < CLOSE / 100:
            break
        if now < mean:
            low = at
        else:
            high = at
        derivative = slope / total - now * spread / total
        step = at - (now - mean) / derivative if derivative > 0 else at
        at = step if low < step < high else (low + high) / 2
    return at


def _rake(groups: list[Group], targets: Targets) -> None:
    every = [cell for group in groups for cell in group.cells]
    classes = [[cell for cell in every if cell.size == size] for size in range(len(CLASSES))]
    industry = [group for group in groups if group.is_industry]
    for _ in range(PASSES):
        worst = 0.0
        for cells, target in zip(classes, targets.classes, strict=True):
            worst = max(worst, abs(sum(c.weight for c in cells) / target.value - 1))
            _scale(cells, target.value, OVERSHOOT)
        for group in groups:
            _scale(group.cells, group.share)
        worst = max(worst, _designated(industry, targets))
        worst = max(worst, _large(groups, industry, targets))
        for group in groups:
            if group.is_electronics:
                worst = max(worst, _electronics(group, targets))
                continue
            for fact in group.axes:
                worst = max(worst, _tilt(group.cells, group.of(fact), group.means[fact]))
        if worst < CLOSE:
            break


def _designated(industry: Sequence[Group], targets: Targets) -> float:
    """Rake industry to its units of designated size; the relative distance before."""
    share = sum(group.share for group in industry)
    smes = [c for g in industry for c in g.cells if c.revenue >= ABOVE_SIZE and c.size != LARGE]
    below = [c for g in industry for c in g.cells if c.revenue < ABOVE_SIZE]
    large = sum(c.weight for g in industry for c in g.cells if c.size == LARGE)
    wanted = share * targets.above_size_sme.value
    worst = abs(sum(c.weight for c in smes) / wanted - 1)
    _scale(smes, wanted)
    _scale(below, share - wanted - large)
    return max(worst, _tilt(smes, _revenue, targets.above_size_sme_revenue.value))


def _electronics(group: Group, targets: Targets) -> float:
    """Rake electronics, above and below designated size, to its own figures; the relative distance before."""
    part = targets.electronics_above.value
    sides = (
        (part, [c for c in group.cells if c.revenue >= ABOVE_SIZE]),
        (1 - part, [c for c in group.cells if c.revenue < ABOVE_SIZE]),
    )
    worst = 0.0
    for place, (share, cells) in enumerate(sides):
        worst = max(worst, abs(sum(c.weight for c in cells) / (group.share * share) - 1))
        _scale(cells, group.share * share)
        for fact, above in ((REVENUE, targets.electronics_above_revenue), (STAFF, targets.electronics_above_staff)):
            held = above.value if place == 0 else 1 - above.value
            worst = max(worst, _tilt(cells, group.of(fact), group.means[fact] * held / share))
    return worst


def _large(groups: Sequence[Group], industry: Sequence[Group], targets: Targets) -> float:
    """Rake large enterprises to their shares of staff and revenue; the relative distance before."""

    def cells(of: Sequence[Group], fact: str) -> list[Cell]:
        return [c for g in of if fact in g.axes for c in g.cells]

    def tilt(of: Sequence[Group], fact: str, wanted: float) -> float:
        large = [c for c in cells(of, fact) if c.size == LARGE]
        return _tilt(large, of[0].of(fact), wanted / sum(c.weight for c in large))

    industry_revenue = sum(g.share * g.means[REVENUE] for g in industry)
    in_industry = industry_revenue * targets.large_industry_revenue.value
    worst = tilt(industry, REVENUE, in_industry)
    rest = [g for g in groups if not g.is_industry and REVENUE in g.axes]
    revenue = industry_revenue + sum(g.share * g.means[REVENUE] for g in rest)
    worst = max(worst, tilt(rest, REVENUE, revenue * (1 - targets.sme_revenue.value) - in_industry))
    with_staff = [g for g in groups if STAFF in g.axes]
    staff = sum(g.share * g.means[STAFF] for g in with_staff)
    return max(worst, tilt(with_staff, STAFF, staff * (1 - targets.sme_staff.value)))
