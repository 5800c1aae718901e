"""Everything that is fitted, before it is known how many rows there will be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from yiqi.law.tree import Law
from yiqi.pulse.ages import fit_ages
from yiqi.pulse.branches import CLASSES, Branch, branches
from yiqi.pulse.figures import assumed, published
from yiqi.pulse.sizes import Group, fit_sizes, group_key
from yiqi.pulse.targets import Targets, targets
from yiqi.pulse.third_figure import Levels, set_levels
from yiqi.pulse.tiers import Rungs, Stratum, fit_rungs


@dataclass(frozen=True)
class Fit:
    """What the rows are drawn from. ``classes`` has for each branch the shares of the four size classes within it."""

    branches: tuple[Branch, ...]
    targets: Targets
    groups: Mapping[str, Group]
    levels: Mapping[str, Levels]
    classes: Mapping[str, tuple[float, ...]]
    ages: list[list[float]]
    rungs: Rungs


def fit(law: Law) -> Fit:
    """Fit a population to the published figures under the size standard of ``law``; some seconds."""
    figures, assumptions = published(), assumed()
    all_branches = branches(law, figures, assumptions)
    goals = targets(all_branches, figures, assumptions)
    groups = fit_sizes(all_branches, goals, assumptions)
    levels = set_levels(groups, goals, assumptions)
    total = sum(section.value for section in goals.sections.values())
    classes = {}
    shares: dict[Stratum, float] = {}
    for branch in all_branches:
        group = groups[group_key(branch)]
        within = [0.0] * len(CLASSES)
        for cell in group.cells:
            within[cell.size] += cell.weight / group.share
        classes[branch.key] = tuple(within)
        for size, share in enumerate(within):
            shares[branch.key, size] = goals.sections[branch.section].value * branch.share / total * share
    return Fit(
        all_branches,
        goals,
        groups,
        levels,
        classes,
        fit_ages(goals, figures, assumptions),
        fit_rungs(all_branches, groups, shares, goals, assumptions),
    )
