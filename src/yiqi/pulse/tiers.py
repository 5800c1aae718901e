"""Research and titles: how likely an enterprise stands on which rung, by branch and size class.

A rung holds those above it. Likelihoods are weights times one factor for each rung, set so that the share of all
enterprises is the published one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from yiqi.pulse.branches import CLASSES, Branch
from yiqi.pulse.figures import Figures
from yiqi.pulse.sizes import ABOVE_SIZE, LARGE, Group, group_key
from yiqi.pulse.targets import Targets

Stratum = tuple[str, int]
"""A branch and a size class."""

HIGHEST = 0.9
"""No rung is likelier than this for any enterprise, nor certain for one on the rung below."""


@dataclass(frozen=True)
class Rungs:
    """By stratum the likelihoods of research, innovative, specialised, little giant; each includes the ones after.

    ``intensities`` are R&D expense over revenue on the rungs research to little giant.
    """

    likelihoods: Mapping[Stratum, tuple[float, float, float, float]]
    intensities: tuple[float, float, float, float]


def fit_rungs(
    branches: Sequence[Branch], groups: Mapping[str, Group], shares: Mapping[Stratum, float], targets: Targets,
    assumptions: Figures,
) -> Rungs:  # fmt: skip
    """Fit all rungs. ``shares``: what part of all enterprises each stratum is."""
    branch = {b.key: b for b in branches}

    def weight(measure: str, stratum: Stratum) -> float:
        key, size = stratum
        by_size = _weight(assumptions, measure, "size", CLASSES[size], 0.0)
        other = _weight(assumptions, measure, "branch", "other", 1.0)
        section = _weight(assumptions, measure, "branch", branch[key].section, other)
        return by_size * _weight(assumptions, measure, "branch", key, section)

    innovative = _spread(
        lambda s: weight("title_weight", s), shares, targets.titles[0].value, dict.fromkeys(shares, 1.0)
    )
    specialised = _spread(
        lambda s: weight("specialised_weight", s) * innovative[s], shares, targets.titles[1].value, innovative
    )
    giant = _spread(
        lambda s: weight("little_giant_weight", s) * specialised[s], shares, targets.titles[2].value, specialised
    )
    above, revenue = _designated(branches, groups)
    research = _research(lambda s: weight("research_weight", s), shares, innovative, above, targets.research.value)
    likelihoods = {s: (research[s], innovative[s], specialised[s], giant[s]) for s in shares}
    upper = (
        assumptions.value("rd_intensity", "any", "tier", "innovative") / 100,
        assumptions.value("rd_intensity", "any", "tier", "specialised") / 100,
        targets.giant_intensity.value,
    )
    # What the rungs above do not spend is spent by those with research and no title.
    spent = targets.research_intensity.value * sum(revenue.values())
    untitled = 0.0
    for stratum, amount in revenue.items():
        first, second, third, fourth = likelihoods[stratum]
        spent -= amount * (upper[0] * (second - third) + upper[1] * (third - fourth) + upper[2] * fourth)
        untitled += amount * (first - second)
    if spent <= 0:
        raise ValueError("the holders of titles spend more on R&D than industry of designated size in all")
    return Rungs(likelihoods, (spent / untitled, *upper))


def _weight(assumptions: Figures, measure: str, group: str, key: str, default: float) -> float:
    return next((f.value for f in assumptions if (f.measure, f.group, f.key) == (measure, group, key)), default)


def _spread(
    weight: Callable[[Stratum], float], shares: Mapping[Stratum, float], total: float, below: Mapping[Stratum, float]
) -> dict[Stratum, float]:
    """Likelihoods in proportion to weights, at most HIGHEST of the rung below, that add up to ``total``."""

    def at(factor: float) -> dict[Stratum, float]:
        return {s: min(HIGHEST * below[s], factor * weight(s)) if s[1] != LARGE else 0.0 for s in shares}

    return _solve(at, lambda found: sum(share * found[s] for s, share in shares.items()), total)


def _solve(
    at: Callable[[float], dict[Stratum, float]], measure: Callable[[dict[Stratum, float]], float], wanted: float
) -> dict[Stratum, float]:
    low, high = 0.0, 1e4
    if measure(at(high)) < wanted:
        raise ValueError(f"a share of {wanted} is out of reach")
    for _ in range(60):
        middle = (low + high) / 2
        if measure(at(middle)) < wanted:
            low = middle
        else:
            high = middle
    return at((low + high) / 2)


def _research(
    weight: Callable[[Stratum], float],
    shares: Mapping[Stratum, float],
    titled: Mapping[Stratum, float],
    above: Mapping[Stratum, float],
    wanted: float,
) -> dict[Stratum, float]:
    """Likelihoods of research so that ``wanted`` of the industrial units of designated size have it."""

    def at(factor: float) -> dict[Stratum, float]:
        return {s: max(titled[s], min(HIGHEST, factor * weight(s))) for s in shares}

    units = sum(above.values())
    return _solve(at, lambda found: sum(count * found[s] for s, count in above.items()) / units, wanted)


def _designated(
    branches: Sequence[Branch], groups: Mapping[str, Group]
) -> tuple[dict[Stratum, float], dict[Stratum, float]]:
    """Units and revenue of industry of designated size by stratum, in proportion."""
    units: dict[Stratum, float] = {}
    revenue: dict[Stratum, float] = {}
    for branch in branches:
        if not branch.is_industry:
            continue
        for cell in groups[group_key(branch)].cells:
            if cell.revenue >= ABOVE_SIZE:
                stratum = (branch.key, cell.size)
                units[stratum] = units.get(stratum, 0.0) + cell.weight
                revenue[stratum] = revenue.get(stratum, 0.0) + cell.weight * cell.revenue
    return units, revenue
