"""The figures of a comparison as lengths and shades, for charts that are drawn as plain SVG."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from yiqi.law.bilingual import Bilingual
from yiqi.report.comparison import MatrixView, MovedRow, SchemeView
from yiqi.screening.changes import Direction, direction

SCALE = 1000
"""Charts are this wide in their own units."""

SHADES = (8, 52)
"""The faintest and the strongest shade of a cell, in percent of the colour."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar from ``start`` on, ``length`` long, in units of a chart."""

    start: int
    length: int


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a matrix: which way it goes (None: no change) and how strongly it is shaded."""

    number: int
    way: Direction | None
    shade: int


@dataclass(frozen=True, slots=True)
class Step:
    """One change with its number and the length of its bar."""

    change: Bilingual
    way: Direction
    number: int
    bar: Bar


def length(number: int, most: int, whole: int = SCALE) -> int:
    """A length in proportion; what is there is never drawn as nothing."""
    return max(3, number * whole // most) if number and most else 0


@dataclass(frozen=True, slots=True)
class Axis:
    """Where a chart of movements has its middle, and the number that fills it from edge to edge."""

    middle: int
    whole: int


def axis(rows: Iterable[MovedRow]) -> Axis:
    """The middle leaves each side as much room as it needs."""
    rows = list(rows)
    lost, gained, other = (
        max((row.moved.get(way, 0) for row in rows), default=0) for way in ("lost", "gained", "other")
    )
    whole = lost + gained + other
    return Axis(SCALE * lost // whole if whole else 0, whole)


def moved_bars(row: MovedRow, along: Axis) -> dict[Direction, Bar]:
    """Losses to the left of the middle, gains and changes of class to the right."""
    bars: dict[Direction, Bar] = {}
    for way, number in row.moved.items():
        size = length(number, along.whole)
        bars[way] = Bar(max(0, along.middle - size) if way == "lost" else along.middle, size)
    return bars


def heat(matrix: MatrixView, is_class: bool) -> list[list[Cell]]:
    """Cells that change are shaded by their number, on a scale of roots so that small ones can be seen."""
    outcomes = [row.outcome for row in matrix.rows]
    most = max(
        (n for row in matrix.rows for a, n in zip(outcomes, row.cells, strict=True) if a != row.outcome), default=0
    )
    least, strongest = SHADES
    found: list[list[Cell]] = []
    for row in matrix.rows:
        cells: list[Cell] = []
        for after, number in zip(outcomes, row.cells, strict=True):
            way = direction((row.outcome, after), is_class)
            shade = least + math.isqrt(number * (strongest - least) ** 2 // most) if way and number else 0
            cells.append(Cell(number, way, shade))
        found.append(cells)
    return found


def steps(scheme: SchemeView) -> list[Step]:
    """Every change that occurs, the most frequent first."""
    labels = {row.outcome: row.label for row in scheme.matrix.rows}
    counted: list[tuple[int, int, int]] = []
    for row in scheme.matrix.rows:
        for other, number in zip(scheme.matrix.rows, row.cells, strict=True):
            if number and other.outcome != row.outcome:
                counted.append((number, row.outcome, other.outcome))
    most = max((number for number, _, _ in counted), default=0)
    found: list[Step] = []
    for number, before, after in sorted(counted, reverse=True):
        way = direction((before, after), scheme.is_class)
        assert way is not None
        change = Bilingual(f"{labels[before].en} → {labels[after].en}", f"{labels[before].zh}→{labels[after].zh}")
        found.append(Step(change, way, number, Bar(0, length(number, most))))
    return found
