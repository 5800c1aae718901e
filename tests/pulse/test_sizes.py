"""Staff, revenue and assets are fitted to the published totals under the law's size standard."""

from __future__ import annotations

import datetime as dt

import pytest

from yiqi.facts.sheet import FactSheet, Value, Yearly
from yiqi.judge.judge import Judge
from yiqi.law.tree import Law
from yiqi.pulse.branches import CLASSES
from yiqi.pulse.fit import Fit
from yiqi.pulse.sizes import ABOVE_SIZE, LARGE, group_key
from yiqi.screening.prepared import industry_code

ON = dt.date(2026, 5, 1)
NEAR = 0.01
"""How far a total may be from its target after raking."""


def test_the_class_of_every_cell_is_that_of_the_judge(law: Law, fitted: Fit):
    judge = Judge(law)
    names = judge.program(ON, "new", ("size.class",)).compiled.linked.classes
    wrong = []
    seen = 0
    for branch in fitted.branches:
        if branch.row is None:
            continue
        group = fitted.groups[group_key(branch)]
        leaf = branch.leaves[0]
        for cell in group.cells[:: 1 + len(group.cells) // 60]:
            for first, second in ((cell.first.low, cell.second.low), (cell.first.high - 1, cell.second.high - 1)):
                values: dict[str, Value | Yearly] = {
                    "industry": industry_code(leaf.number),
                    "railway_by_transport_row": False,
                    group.axes[0]: {2025: round(max(0, first))},
                    group.axes[1]: {2025: round(max(0, second))},
                }
                if leaf.activity is not None:
                    values["division_59_activity"] = ("handling", "warehousing")[leaf.activity]
                found = judge.outcomes(FactSheet(values), ON, "new", ("size.class",))["size.class"]
                seen += 1
                if found != 1 << names.index(CLASSES[cell.size]):
                    wrong.append((branch.key, first, second, cell.size, found))
    assert seen > 2000
    assert wrong == []


def test_shares_of_the_classes(fitted: Fit):
    cells = [cell for group in fitted.groups.values() for cell in group.cells]
    for size, target in enumerate(fitted.targets.classes):
        assert sum(cell.weight for cell in cells if cell.size == size) == pytest.approx(target.value, rel=NEAR)


def test_means_of_every_group(fitted: Fit):
    for group in fitted.groups.values():
        for fact, mean in group.means.items():
            of = group.of(fact)
            assert sum(cell.weight * of(cell) for cell in group.cells) / group.share == pytest.approx(mean, rel=NEAR)


def test_designated_size(fitted: Fit):
    targets = fitted.targets
    industry = [group for group in fitted.groups.values() if group.is_industry]
    cells = [cell for group in industry for cell in group.cells]
    smes = [cell for cell in cells if cell.revenue >= ABOVE_SIZE and cell.size != LARGE]
    units = sum(cell.weight for cell in smes)
    assert units / sum(cell.weight for cell in cells) == pytest.approx(targets.above_size_sme.value, rel=NEAR)
    mean = sum(cell.weight * cell.revenue for cell in smes) / units
    assert mean == pytest.approx(targets.above_size_sme_revenue.value, rel=NEAR)


@pytest.mark.parametrize("fact", ["staff", "revenue", "assets"])
def test_what_smes_have_of_the_nation(fitted: Fit, fact: str):
    cells = [cell for group in fitted.groups.values() for cell in group.cells]
    total = sum(cell.weight * getattr(cell, fact) for cell in cells)
    smes = sum(cell.weight * getattr(cell, fact) for cell in cells if cell.size != LARGE)
    assert smes / total == pytest.approx(getattr(fitted.targets, f"sme_{fact}").value, abs=0.005)


def test_larger_enterprises_have_more_of_everything(fitted: Fit):
    cells = fitted.groups["C/industrial"].cells

    def mean(size: int, fact: str) -> float:
        held = [cell for cell in cells if cell.size == size]
        return sum(cell.weight * getattr(cell, fact) for cell in held) / sum(cell.weight for cell in held)

    for fact in ("staff", "revenue", "assets"):
        means = [mean(size, fact) for size in range(len(CLASSES))]
        assert means == sorted(means)
