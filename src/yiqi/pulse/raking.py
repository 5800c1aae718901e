"""Iterative proportional fitting of a table to the totals of its rows and columns."""

from __future__ import annotations

from collections.abc import Sequence

PASSES = 500
CLOSE = 1e-12


def rake(table: Sequence[Sequence[float]], rows: Sequence[float], columns: Sequence[float]) -> list[list[float]]:
    """The table nearest to ``table`` (in relative entropy) with the given totals.

    Raises ``ValueError`` where totals differ in sum, or where a row or column with a total has no cell to hold it.
    """
    if abs(sum(rows) - sum(columns)) > 1e-6 * max(1.0, sum(rows)):
        raise ValueError(f"rows add up to {sum(rows)} and columns to {sum(columns)}")
    cells = [list(row) for row in table]
    for _ in range(PASSES):
        worst = 0.0
        for row, total in zip(cells, rows, strict=True):
            factor = _factor(sum(row), total)
            worst = max(worst, abs(factor - 1)) if total else worst
            row[:] = [cell * factor for cell in row]
        for place, total in enumerate(columns):
            factor = _factor(sum(row[place] for row in cells), total)
            worst = max(worst, abs(factor - 1)) if total else worst
            for row in cells:
                row[place] *= factor
        if worst < CLOSE:
            break
    return cells


def _factor(has: float, wanted: float) -> float:
    if wanted == 0:
        return 0.0
    if has <= 0:
        raise ValueError(f"nothing can hold a total of {wanted}")
    return wanted / has
