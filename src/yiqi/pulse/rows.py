"""The query that makes rows: layers from the place of a row to its columns."""

from __future__ import annotations

from collections.abc import Sequence

from yiqi.pulse import identity, innovation, money, standing
from yiqi.pulse.draws import Draws, by, threshold
from yiqi.pulse.missing import SILENT, with_gaps
from yiqi.screen.prepared import ROW, Column

SLOTS = 1024
"""Entries of the alias table of a stratum."""


def lookup(value: str, bounds: Sequence[tuple[int, object]]) -> str:
    """SQL for the constant whose range holds ``value``: (first value of the range, constant), in order.

    A tree of CASE: a vector goes only into the branches that its values need.
    """
    if len(bounds) == 1:
        return str(bounds[0][1])
    middle = len(bounds) // 2
    return (
        f"CASE WHEN {value} < {bounds[middle][0]} THEN {lookup(value, bounds[:middle])} "
        f"ELSE {lookup(value, bounds[middle:])} END"
    )


def query(draws: Draws, columns: Sequence[Column], year: int, growth: float, place: str, region: str, cell: str) -> str:
    """SQL that selects ``row`` and the columns of the rows of the table function behind ``{rows}``.

    The tables ``cell``, ``slot``, ``band`` and ``age_slot`` hold the fit. ``place``, ``region`` and ``cell`` are SQL for
    the place of a row in its province's order and what stands there.
    """
    uniform = draws.uniform
    made = {
        **identity.identity(draws),
        **money.yearly(draws, year),
        **innovation.innovation(draws, year),
        **standing.standing(draws, year),
    }
    drawn = {**innovation.draws_below(draws), **standing.below(draws)}
    ratios = money.ratios(draws, growth)
    silent = f"tier < 2 AND {draws.bits('silent')} < {by('size', tuple(map(threshold, SILENT)))}"
    final = ", ".join(
        f"{with_gaps(draws, c.fact, c.name, made[c.name], _exists(c, year))} AS {c.name}"
        if c.name in made
        else f"NULL::{c.type} AS {c.name}"
        for c in columns
    )
    return f"""
WITH placed AS (SELECT row, {place} AS place, {region} AS region FROM (SELECT range AS row FROM {{rows}})),
standing AS (SELECT row, region::INTEGER AS region, {cell} AS cell FROM placed),
celled AS (SELECT row, region, cell.* FROM standing JOIN cell ON standing.cell = cell.id),
slotted AS (SELECT celled.*, CASE WHEN ({draws.bits("slot")} >> 32)::DOUBLE * {2.0**-32!r} < slot.cut THEN slot.first
  ELSE slot.second END AS band, age_slot.age AS age
  FROM celled JOIN slot ON slot.id = stratum * {SLOTS} + ({draws.bits("slot")} & {SLOTS - 1})::INTEGER
  JOIN age_slot ON age_slot.id = size * {SLOTS} + ({draws.bits("age")} & {SLOTS - 1})::INTEGER),
sized AS (SELECT row, region, code, activity, size::INTEGER AS size, age,
  make_date({year + 1}, 7, 1) - (age * 365 + floor(365 * {uniform("established")})::INTEGER) AS established,
  floor(exp(x0 + x1 * {uniform("employees")}) + 1e-9)::BIGINT AS x,
  CASE WHEN y0 < 0 THEN 0 ELSE {money.amount(f"exp(y0 + y1 * {uniform('revenue')}) + 0.01")} END AS y,
  {money.amount(f"exp(z0 + z1 * {uniform('assets')}) + 0.01")} AS z,
  CASE WHEN {uniform("tier")} < t4 THEN 4 WHEN {uniform("tier")} < t3 THEN 3 WHEN {uniform("tier")} < t2 THEN 2
    WHEN {uniform("tier")} < t1 THEN 1 ELSE 0 END AS tier
  FROM slotted JOIN band ON slotted.band = band.id),
drawn AS (SELECT *, year(established) AS born, {silent} AS silent,
  {", ".join(f"{sql} AS {name}" for name, sql in {**ratios, **drawn}.items())} FROM sized),
complete AS (SELECT *, {made["entity_kind"]} AS entity_kind, {money.amount("y * main_share")} AS y_main,
  {innovation.titles(draws)} AS titles FROM drawn)
SELECT row AS {ROW}, {final} FROM complete"""


def _exists(column: Column, year: int) -> str | None:
    if column.year is None or column.year >= year + 1:
        return None
    return f"born <= {column.year}"
