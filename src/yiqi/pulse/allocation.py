"""How many rows each province, branch and size class has: whole numbers whose totals are exactly the scaled targets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from yiqi.pulse.branches import CLASSES
from yiqi.pulse.fit import Fit
from yiqi.pulse.raking import rake
from yiqi.pulse.rounding import largest_remainder, round_table


@dataclass(frozen=True, slots=True)
class Stand:
    """Rows of a province that lie in one branch and size class: places ``first`` up to ``first + count``."""

    province: int
    branch: int
    size: int
    first: int
    count: int


@dataclass(frozen=True)
class Allocation:
    """All stands in the order of their places, which begin at 0; provinces follow each other."""

    rows: int
    provinces: dict[int, tuple[int, int]]
    """First place and number of rows."""
    stands: tuple[Stand, ...]


def allocate(fit: Fit, rows: int) -> Allocation:
    """Divide ``rows`` (at least 1) among provinces, branches and size classes."""
    provinces = list(fit.targets.provinces)
    sections = list(fit.targets.sections)
    by_province = largest_remainder([t.value for t in fit.targets.provinces.values()], rows)
    by_section = largest_remainder([t.value for t in fit.targets.sections.values()], rows)
    seeds = [[fit.targets.seeds.get((p, s), 0.0) for s in sections] for p in provinces]
    in_sections = round_table(rake(seeds, by_province, by_section), by_province, by_section)
    in_branches = _branches(fit, sections, in_sections)
    totals = [sum(row[place] for row in in_branches) for place in range(len(fit.branches))]
    in_classes = _classes(fit, totals, rows)
    stands: list[Stand] = []
    split = [_split([row[place] for row in in_branches], in_classes[place]) for place in range(len(fit.branches))]
    place = 0
    starts: dict[int, tuple[int, int]] = {}
    for index, province in enumerate(provinces):
        starts[province] = (place, by_province[index])
        for branch in range(len(fit.branches)):
            for size, count in enumerate(split[branch][index]):
                if count:
                    stands.append(Stand(province, branch, size, place, count))
                    place += count
    return Allocation(rows, starts, tuple(stands))


def _branches(fit: Fit, sections: Sequence[str], in_sections: Sequence[Sequence[int]]) -> list[list[int]]:
    """Rows by province and branch: each section divided into its branches."""
    columns: list[list[int]] = [[] for _ in fit.branches]
    for place, section in enumerate(sections):
        members = [i for i, branch in enumerate(fit.branches) if branch.section == section]
        counts = [row[place] for row in in_sections]
        shares = [fit.branches[i].share for i in members]
        totals = largest_remainder(shares, sum(counts))
        whole = sum(totals)
        exact = [[count * total / whole if whole else 0.0 for total in totals] for count in counts]
        for row in round_table(exact, counts, totals):
            for member, count in zip(members, row, strict=True):
                columns[member].append(count)
    return [list(row) for row in zip(*columns, strict=True)]


def _classes(fit: Fit, totals: Sequence[int], rows: int) -> list[list[int]]:
    """Rows by branch and size class."""
    wanted = largest_remainder([target.value for target in fit.targets.classes], rows)
    seeds = [[share * total for share in fit.classes[b.key]] for b, total in zip(fit.branches, totals, strict=True)]
    return round_table(rake(seeds, totals, wanted), totals, wanted)


def _split(counts: Sequence[int], classes: Sequence[int]) -> list[list[int]]:
    """The rows of one branch by province and size class."""
    whole = sum(classes)
    exact = [[count * size / whole if whole else 0.0 for size in classes] for count in counts]
    return round_table(exact, counts, classes)


assert len(CLASSES) == 4
