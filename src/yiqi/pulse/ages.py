"""How old enterprises are: a survival curve raked to the published shares, larger enterprises older."""

from __future__ import annotations

from math import exp

from yiqi.pulse.branches import CLASSES
from yiqi.pulse.figures import Figures
from yiqi.pulse.raking import rake
from yiqi.pulse.targets import Targets

GROUPS = ((0, 4), (5, 9), (10, None))
"""First and last completed year of age of the published groups."""

LEAN_YEARS = 20
"""Beyond this age size makes no further difference."""


def fit_ages(targets: Targets, figures: Figures, assumptions: Figures) -> list[list[float]]:
    """Shares of ages (completed years, from 0) by size class; each class adds up to its share of enterprises."""
    oldest = int(assumptions.value("oldest", "any", "nation"))
    alive = survival(figures, oldest)
    columns = [0.0] * (oldest + 1)
    for (first, last), target in zip(GROUPS, targets.ages, strict=True):
        years = range(first, (oldest if last is None else last) + 1)
        whole = sum(alive[year] for year in years)
        for year in years:
            columns[year] = target.value * alive[year] / whole
    leans = [next((f.value for f in assumptions if (f.measure, f.key) == ("age_lean", name)), 0.0) for name in CLASSES]
    seed = [[share * exp(lean * min(age, LEAN_YEARS)) for age, share in enumerate(columns)] for lean in leans]
    rows = [target.value for target in targets.classes]
    whole = sum(rows)
    return rake(seed, [row / whole for row in rows], [column / sum(columns) for column in columns])


def survival(figures: Figures, oldest: int) -> list[float]:
    """The share of a year's entries alive after so many years; past the published years exits go on at the rate of
    the last year."""
    alive = [1.0]
    curve = figures.group("survival_probability", "2012", "age_year")
    alive += [curve[str(year)].value for year in range(1, len(curve) + 1)]
    yearly = 1 - figures.value("exit_rate", "2012", "nation") / 100
    while len(alive) <= oldest:
        alive.append(alive[-1] * yearly)
    return alive
