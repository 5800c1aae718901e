"""The fit as tables of DuckDB, which the query of the rows joins."""

from __future__ import annotations

from collections.abc import Sequence
from math import log

import duckdb

from yiqi.pulse.alias import SLOTS, alias
from yiqi.pulse.allocation import Allocation
from yiqi.pulse.bins import Bin
from yiqi.pulse.branches import CLASSES
from yiqi.pulse.fit import Fit
from yiqi.pulse.rounding import largest_remainder
from yiqi.pulse.sizes import ASSETS, REVENUE, STAFF, group_key

CODE_SLOTS = 256
"""Equally likely entries for the codes of a branch."""

NO_REVENUE = -1.0
"""The lower end of an amount's logarithm where there is no amount."""


def create_tables(connection: duckdb.DuckDBPyConnection, fit: Fit, allocation: Allocation) -> None:
    """Create ``stand``, ``slot``, ``band``, ``code_slot`` and ``age_slot``.

    stand: places in one branch and size class; ``shift`` makes a place the number of the row among all of its kind;
    ``t1`` to ``t4`` are the likelihoods of the rungs. slot: alias tables of the size cells
    by group and class. band: the ranges of the three figures of a cell, as logarithms: lower end and width.
    """
    keys = list(fit.groups)
    strata = {key: place * len(CLASSES) for place, key in enumerate(keys)}
    bands: list[tuple[float, ...]] = []
    slots: list[tuple[int, float, int, int]] = []
    for key in keys:
        group, levels = fit.groups[key], fit.levels[key]
        members: list[list[tuple[int, float]]] = [[] for _ in CLASSES]
        for cell, middle in zip(group.cells, levels.middles, strict=True):
            ranges = {
                group.axes[0]: _range(cell.first),
                group.axes[1]: _range(cell.second),
                levels.fact: (middle - levels.half, 2 * levels.half),
            }
            members[cell.size].append((len(bands), cell.weight))
            bands.append((*ranges[STAFF], *ranges[REVENUE], *ranges[ASSETS]))
        for size, cells in enumerate(members):
            first = (strata[key] + size) * SLOTS
            for slot, (cut, low, high) in enumerate(alias([weight for _, weight in cells])):
                slots.append((first + slot, cut, cells[low][0], cells[high][0]))
    _table(connection, "slot", "id INTEGER, cut DOUBLE, low INTEGER, high INTEGER", slots)
    _table(
        connection,
        "band",
        "id INTEGER, x0 DOUBLE, x1 DOUBLE, y0 DOUBLE, y1 DOUBLE, z0 DOUBLE, z1 DOUBLE",
        [(place, *band) for place, band in enumerate(bands)],
    )
    ranks = _ranks(allocation)
    stands = [
        (
            number,
            ranks[number] - stand.first,
            stand.branch,
            strata[group_key(fit.branches[stand.branch])] + stand.size,
            stand.size,
            *fit.rungs.likelihoods[fit.branches[stand.branch].key, stand.size],
        )
        for number, stand in enumerate(allocation.stands)
    ]
    columns = "id INTEGER, shift BIGINT, branch INTEGER, stratum INTEGER, size INTEGER, t1 DOUBLE, t2 DOUBLE, t3 DOUBLE, t4 DOUBLE"
    _table(connection, "stand", columns, stands)
    codes = []
    for place, branch in enumerate(fit.branches):
        entries = [
            (leaf.number, leaf.activity)
            for leaf, count in zip(
                branch.leaves, largest_remainder([leaf.share for leaf in branch.leaves], CODE_SLOTS), strict=True
            )
            for _ in range(count)
        ]
        codes += [(place * CODE_SLOTS + slot, *entry) for slot, entry in enumerate(entries)]
    _table(connection, "code_slot", "id INTEGER, code INTEGER, activity SMALLINT", codes)
    ages = []
    for size, shares in enumerate(fit.ages):
        at = size * SLOTS
        for age, count in enumerate(largest_remainder(shares, SLOTS)):
            ages += [(at + slot, age) for slot in range(count)]
            at += count
    _table(connection, "age_slot", "id INTEGER, age INTEGER", ages)


def _ranks(allocation: Allocation) -> list[int]:
    """For each stand how many rows of its branch and class stand before it in the nation."""
    seen: dict[tuple[int, int], int] = {}
    found = []
    for stand in allocation.stands:
        kind = (stand.branch, stand.size)
        found.append(seen.get(kind, 0))
        seen[kind] = found[-1] + stand.count
    return found


def _range(held: Bin) -> tuple[float, float]:
    return (log(held.low), held.width) if held.low else (NO_REVENUE, 0.0)


def _table(connection: duckdb.DuckDBPyConnection, name: str, columns: str, rows: Sequence[tuple[object, ...]]) -> None:
    connection.execute(f"CREATE TABLE {name} ({columns})")
    # Column by column as lists: far quicker than row by row.
    values = [list(column) for column in zip(*rows, strict=True)]
    picked = ", ".join(f"unnest(${place + 1})" for place in range(len(values)))
    connection.execute(f"INSERT INTO {name} SELECT {picked}", values)
