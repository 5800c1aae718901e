"""Whole numbers with exact totals from shares: the largest remainder, for one row and for a table."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from math import floor


def largest_remainder(shares: Sequence[float], total: int) -> list[int]:
    """Whole numbers in proportion to ``shares`` that add up to ``total``; each is rounded up or down by less than one.

    Raises ``ValueError`` where there is a total and no share.
    """
    whole = sum(shares)
    if whole <= 0:
        if total == 0:
            return [0] * len(shares)
        raise ValueError(f"no share to hold a total of {total}")
    exact = [share * total / whole for share in shares]
    counts = [floor(value) for value in exact]
    # Ties go to the first, so that the result depends on nothing but the shares.
    order = sorted(range(len(shares)), key=lambda i: (counts[i] - exact[i], i))
    for place in order[: total - sum(counts)]:
        counts[place] += 1
    return counts


def round_table(table: Sequence[Sequence[float]], rows: Sequence[int], columns: Sequence[int]) -> list[list[int]]:
    """Whole numbers near ``table`` with exactly these totals. ``table`` has (nearly) these totals already.

    Each cell is rounded down and the largest remainders are rounded up as far as row and column allow; what is left is
    moved along a chain of cells, as in a problem of transport, so that a solution is found wherever there is one. A cell
    that is 0 stays 0. Raises ``ValueError`` where the totals cannot be met.
    """
    if sum(rows) != sum(columns):
        raise ValueError(f"rows add up to {sum(rows)} and columns to {sum(columns)}")
    counts = [[floor(cell + 1e-9) for cell in row] for row in table]
    short = [total - sum(row) for row, total in zip(counts, rows, strict=True)]
    open_columns = [total - sum(row[j] for row in counts) for j, total in enumerate(columns)]
    _take_back(counts, short, open_columns)
    remainders = sorted(
        (-(cell - counts[i][j]), i, j)
        for i, row in enumerate(table)
        for j, cell in enumerate(row)
        if cell - counts[i][j] > 1e-9
    )
    raised: set[tuple[int, int]] = set()
    for _, i, j in remainders:
        if short[i] > 0 and open_columns[j] > 0:
            counts[i][j] += 1
            raised.add((i, j))
            short[i] -= 1
            open_columns[j] -= 1
    allowed = [[j for j, cell in enumerate(row) if cell > 0] for row in table]
    for i in range(len(counts)):
        while short[i] > 0:
            chain = _chain(i, allowed, counts, open_columns)
            if chain is None:
                raise ValueError(f"row {i} cannot hold its total of {rows[i]}")
            for place, (row, column) in enumerate(chain):
                counts[row][column] += 1 if place % 2 == 0 else -1
            short[i] -= 1
            open_columns[chain[-1][1]] -= 1
    return counts


def _take_back(counts: list[list[int]], short: list[int], open_columns: list[int]) -> None:
    """Lower cells where rounding down was not down enough, because the totals were a little off."""
    for i, row in enumerate(counts):
        for j in range(len(row)):
            while row[j] and short[i] < 0:
                row[j] -= 1
                short[i] += 1
                open_columns[j] += 1
    for j in range(len(open_columns)):
        for i, row in enumerate(counts):
            while row[j] and open_columns[j] < 0:
                row[j] -= 1
                short[i] += 1
                open_columns[j] += 1


def _chain(
    start: int, allowed: Sequence[Sequence[int]], counts: Sequence[Sequence[int]], open_columns: Sequence[int]
) -> list[tuple[int, int]] | None:
    """Cells to raise and lower in turn, from a row that is short to a column that is open; the shortest there is."""
    came: dict[int, tuple[int, int | None]] = {}
    queue = deque([start])
    seen = {start}
    from_column: dict[int, int] = {}
    while queue:
        row = queue.popleft()
        for column in allowed[row]:
            if column in came:
                continue
            came[column] = (row, from_column.get(row))
            if open_columns[column] > 0:
                return _unwind(column, came)
            for other, cells in enumerate(counts):
                if other not in seen and cells[column] > 0:
                    seen.add(other)
                    from_column[other] = column
                    queue.append(other)
    return None


def _unwind(column: int, came: dict[int, tuple[int, int | None]]) -> list[tuple[int, int]]:
    chain: list[tuple[int, int]] = []
    at: int | None = column
    while at is not None:
        row, before = came[at]
        chain.append((row, at))
        if before is not None:
            chain.append((row, before))
        at = before
    return chain[::-1]
