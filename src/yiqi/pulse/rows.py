"""The query that makes rows: layers from the place of a row to its columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from yiqi.pulse import digital, identity, innovation, ladder_rounds, market, missing, money, standing
from yiqi.pulse.alias import SLOTS
from yiqi.pulse.allocation import Allocation
from yiqi.pulse.draws import Draws
from yiqi.pulse.fit import Fit
from yiqi.pulse.fit_tables import CODE_SLOTS
from yiqi.pulse.places import place_starts, region_starts, within
from yiqi.screening.prepared import ROW, Column


class RowQuery:
    """SQL for the rows of one population. The tables of :mod:`yiqi.pulse.fit_tables` are where it runs."""

    def __init__(self, fit: Fit, allocation: Allocation, columns: Sequence[Column], year: int, seed: int) -> None:
        self.year = year
        self.columns = tuple(columns)
        self._fit = fit
        self._draws = Draws(seed)
        self._provinces = place_starts(allocation)
        self._regions = region_starts(allocation)
        self._stands = [(stand.first, number) for number, stand in enumerate(allocation.stands)]
        self._spans = [(first, count) for first, count in allocation.provinces.values() if count]
        self.made = made(self._draws, year)

    def select(self, first: int, last: int) -> str:
        """SQL of the rows ``first`` to ``last``, both with, in their order."""
        chosen = ", ".join(
            f"{missing.with_gaps(self._draws, column, self.made[column.name], self.year)} AS {column.name}"
            for column in self.columns
        )
        return f"{self._layers(first, last)}\nSELECT row AS {ROW}, {chosen} FROM complete"

    def complete(self, first: int, last: int, columns: Mapping[str, str], group: str) -> str:
        """SQL over the same rows before anything is left out: ``columns`` by name, grouped by ``group``."""
        chosen = ", ".join(f"{sql} AS {name}" for name, sql in columns.items())
        return f"{self._layers(first, last)}\nSELECT {chosen} FROM complete GROUP BY {group}"

    def _layers(self, first: int, last: int) -> str:
        draws = self._draws
        uniform = draws.uniform
        touched = [(at, at + count - 1) for at, count in self._spans if at < last and at + count >= first]
        stands = within(self._stands, touched[0][0], touched[-1][1])
        below = {
            **money.ratios(draws, self._fit.targets, self._fit.rungs.intensities),
            **innovation.below(draws),
            **market.below(draws),
            **digital.below(draws),
            **standing.below(draws),
            **missing.below(draws),
        }
        return f"""WITH
placed AS (SELECT row, {lookup("row", within(self._provinces, first, last))} AS place,
  {lookup("row", within(self._regions, first, last))}::INTEGER AS region
  FROM (SELECT range AS row FROM range({first}, {last + 1}))),
numbered AS (SELECT row, region, place, {lookup("place", stands)} AS number FROM placed),
stood AS (SELECT row, region, stand.*, place + shift AS rank FROM numbered JOIN stand ON number = stand.id),
spread AS (SELECT *, {draws.spread("cell", "rank")} * {SLOTS} AS spot, {draws.spread("tier", "rank")} AS rung FROM stood),
chosen AS (SELECT spread.*, CASE WHEN spot - floor(spot) < slot.cut THEN slot.low ELSE slot.high END AS cell,
  age, code, activity
  FROM spread JOIN slot ON slot.id = stratum * {SLOTS} + floor(spot)::INTEGER
  JOIN age_slot ON age_slot.id = size * {SLOTS} + ({draws.bits("age")} & {SLOTS - 1})::INTEGER
  JOIN code_slot ON code_slot.id = branch * {CODE_SLOTS} + ({draws.bits("code")} & {CODE_SLOTS - 1})::INTEGER),
sized AS (SELECT row, region, branch, code, activity, size, age,
  make_date({self.year}, 12, 31) - (floor(age * 365.25)::INTEGER + floor(365 * {uniform("established")})::INTEGER)
    AS established,
  floor(exp(x0 + x1 * {uniform("employees")}))::BIGINT AS x,
  CASE WHEN y0 < 0 THEN 0 ELSE {money.amount(f"exp(y0 + y1 * {uniform('revenue')})")} END AS y,
  {money.amount(f"exp(z0 + z1 * {uniform('assets')})")} AS z,
  CASE WHEN rung >= t1 THEN 0 WHEN rung >= t2 THEN 1 WHEN rung >= t3 THEN 2 WHEN rung >= t4 THEN 3 ELSE 4 END AS tier
  FROM chosen JOIN band ON cell = band.id),
drawn AS (SELECT *, year(established) AS born,
  {", ".join(f"{sql} AS {name}" for name, sql in below.items())} FROM sized),
complete AS (SELECT *, {identity.entity_kind(draws)} AS entity_kind, {money.amount("y * main_share")} AS y_main,
  {innovation.titles(draws)} AS titles FROM drawn)"""


def made(draws: Draws, year: int) -> dict[str, str]:
    """SQL of every column that can be made, before anything is left out."""
    return {
        **identity.identity(),
        **money.yearly(draws, year),
        **innovation.innovation(draws),
        **market.market(draws),
        **ladder_rounds.rounds(draws, year),
        **digital.digital(draws, range(year, year - money.YEARS_BACK, -1)),
        **standing.standing(draws, year),
    }


def lookup(value: str, starts: Sequence[tuple[int, object]]) -> str:
    """SQL for the constant whose range holds ``value``: (first value of the range, constant), in order.

    A tree of CASE: a vector goes only into the branches that its values need.
    """
    if len(starts) == 1:
        return str(starts[0][1])
    middle = len(starts) // 2
    return (
        f"CASE WHEN {value} < {starts[middle][0]} THEN {lookup(value, starts[:middle])} "
        f"ELSE {lookup(value, starts[middle:])} END"
    )
