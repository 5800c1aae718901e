"""What a run says as a whole: outcomes by place, industry and size, what keeps enterprises out, and who is near.

Everything is counted inside DuckDB over the parts of the run; only a few rows, the nearest ones, come out one by one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import duckdb
from sqlglot import exp

from yiqi.law.tree import All, Compare, Condition, PointsTest, TruthNode
from yiqi.screen.layers import WIDE, Layers, Output
from yiqi.screen.prepared import ROW, Prepared
from yiqi.screen.program import Program
from yiqi.screen.quoting import identifier
from yiqi.screen.results import outcome
from yiqi.screen.running import Result
from yiqi.screen.terms import Term

Cut = Literal["province", "industry", "size"]
CUTS: tuple[Cut, ...] = ("province", "industry", "size")

SIZE = "size.class"
MEASURED_LINES = 12
"""Of so many lines, the ones that keep most out alone, the nearest enterprises are looked for."""


@dataclass(frozen=True, slots=True)
class Count:
    """How many enterprises of a group have an outcome. ``group`` is None for all; ``key`` is None where it is unknown."""

    scheme: str
    cut: Cut | None
    key: str | None
    outcome: str | None
    enterprises: int


@dataclass(frozen=True, slots=True)
class Hindrance:
    """A line of the law and how many of those who are out it fails; ``alone``: for how many it is the only obstacle."""

    scheme: str
    condition: str
    failed: int
    alone: int


@dataclass(frozen=True, slots=True)
class NearMiss:
    """An enterprise one line away. ``shortfall`` is the share of what is asked that is missing, for ordering only; None
    where the line cannot be measured so."""

    scheme: str
    row: int
    condition: str
    shortfall: float | None


@dataclass(frozen=True)
class Summary:
    """The whole of a run."""

    rows: int
    counts: tuple[Count, ...]
    hindrances: tuple[Hindrance, ...]
    near: tuple[NearMiss, ...]
    marked: int
    """Rows with cells that could not be read."""

    def of(self, scheme: str, cut: Cut | None = None) -> tuple[Count, ...]:
        return tuple(c for c in self.counts if c.scheme == scheme and c.cut == cut)


def summarise(
    connection: duckdb.DuckDBPyConnection, result: Result, prepared: Prepared, *, nearest: int = 10
) -> Summary:
    """Count a finished run. Hindrances need a run with reasons, near misses one with ``near``."""
    counts: list[Count] = []
    hindrances: list[Hindrance] = []
    near: list[NearMiss] = []
    for scheme in result.program.scheme_columns:
        counts += count_outcomes(connection, result, scheme)
        if result.reasons:
            hindrances += find_hindrances(connection, result, scheme)
        if result.near and nearest:
            near += find_nearest(connection, result, prepared, scheme, nearest)
    marked = 0
    if prepared.has_problems:
        found = connection.execute(f"SELECT count(problems) FROM {result.source}").fetchone()
        marked = int(found[0]) if found is not None else 0
    return Summary(result.rows, tuple(counts), tuple(hindrances), tuple(near), marked)


def groups(result: Result) -> dict[Cut, str]:
    """SQL of what enterprises are grouped by, as far as the run carries it."""
    found: dict[Cut, str] = {}
    if "region" in result.passed:
        found["province"] = "printf('%02d', region // 10000)"
    if "industry" in result.passed:
        found["industry"] = "chr(64 + industry // 100000)"
    if SIZE in result.program.scheme_columns:
        found["size"] = outcome(result.program, SIZE)
    return found


def count_outcomes(connection: duckdb.DuckDBPyConnection, result: Result, scheme: str) -> list[Count]:
    """How many enterprises have each outcome, in all and by each cut."""
    cuts = groups(result)
    if scheme == SIZE:
        cuts.pop("size", None)
    keys = ", ".join(f"CASE WHEN {sql} IS NULL THEN '' ELSE {sql} END AS {cut}" for cut, sql in cuts.items())
    sets = ", ".join(["(o)", *(f"(o, {cut})" for cut in cuts)])
    flags = ", ".join(f"grouping({cut}), {cut}" for cut in cuts)
    query = (
        f"SELECT o, count(*){', ' + flags if flags else ''} FROM ("
        f"SELECT {outcome(result.program, scheme)} AS o{', ' + keys if keys else ''} FROM {result.source}"
        f") GROUP BY GROUPING SETS ({sets})"
    )
    found: list[Count] = []
    for decided, number, *rest in connection.execute(query).fetchall():
        cut: Cut | None = None
        key: str | None = None
        for place, name in enumerate(cuts):
            if rest[2 * place] == 0:
                cut, key = name, rest[2 * place + 1] or None
        found.append(Count(scheme, cut, key, decided, int(number)))
    return sorted(found, key=lambda c: (c.cut or "", c.key or "~", c.outcome or "~"))


def find_hindrances(connection: duckdb.DuckDBPyConnection, result: Result, scheme: str) -> list[Hindrance]:
    """For each line, how many of the enterprises that are out it fails, and for how many it fails alone; most first."""
    columns = result.program.scheme_columns[scheme]
    if columns.value != "truth" or not columns.conditions:
        return []
    sums = ", ".join(
        f"count(*) FILTER (WHERE ({identifier(f'reasons.may.{p.word}')} & {1 << p.bit}) = 0)" for p in columns.places
    )
    where = f"FROM {result.source} WHERE {identifier(scheme)} = 0"
    found = connection.execute(f"SELECT {sums} {where}").fetchone()
    assert found is not None
    alone: dict[str, int] = {}
    if result.near:
        column = identifier(f"{scheme}.near")
        lines = result.program.nearness.lines
        rows = connection.execute(f"SELECT {column}, count(*) {where} AND {column} >= 0 GROUP BY 1").fetchall()
        alone = {lines[number]: int(count) for number, count in rows}
    all_of_them = [
        Hindrance(scheme, condition, int(failed), alone.get(condition, 0))
        for condition, failed in zip(columns.conditions, found, strict=True)
        if failed
    ]
    return sorted(all_of_them, key=lambda h: (-h.failed, h.condition))


def find_nearest(
    connection: duckdb.DuckDBPyConnection, result: Result, prepared: Prepared, scheme: str, limit: int
) -> list[NearMiss]:
    """The enterprises that one line keeps out, those that lack least first."""
    program = result.program
    if program.scheme_columns[scheme].value != "truth":
        return []
    column = identifier(f"{scheme}.near")
    counted = connection.execute(
        f"SELECT {column}, count(*) FROM {result.source} WHERE {column} >= 0 GROUP BY 1 ORDER BY 2 DESC, 1"
    ).fetchall()
    found: list[NearMiss] = []
    for number, _ in counted[:MEASURED_LINES]:
        line = program.nearness.lines[number]
        out = f"SELECT {ROW} FROM {result.source} WHERE {column} = {int(number)}"
        measured = measure(program, line)
        if measured is None:
            rows = connection.execute(f"{out} ORDER BY {ROW} LIMIT {int(limit)}").fetchall()
            found += [NearMiss(scheme, int(row), line, None) for (row,) in rows]
            continue
        had, asked = measured
        sides = Layers("duckdb", program.table_columns).query(
            exp.to_table("yiqi_near"), [ROW], [Output("had", had, WIDE), Output("asked", asked, WIDE)]
        )
        connection.execute(
            f"CREATE OR REPLACE TEMP VIEW yiqi_near AS FROM {prepared.source} SEMI JOIN ({out}) AS o USING ({ROW})"
        )
        rows = connection.execute(
            f"SELECT {ROW}, (asked - had)::DOUBLE / greatest(abs(asked), 1)::DOUBLE AS share"
            f" FROM ({sides.sql(dialect='duckdb')}) ORDER BY share, {ROW} LIMIT {int(limit)}"
        ).fetchall()
        found += [NearMiss(scheme, int(row), line, float(share)) for row, share in rows]
    found.sort(key=lambda n: (n.shortfall is None, n.shortfall or 0.0, n.row))
    return found[:limit]


def measure(program: Program, condition: str) -> tuple[Term, Term] | None:
    """What a line has and what it asks, as whole numbers, where it is one comparison or one score."""
    planes = program.planes
    node: TruthNode = planes.nodes[condition].child
    while isinstance(node, Condition) or (isinstance(node, All) and len(node.children) == 1):
        node = node.child if isinstance(node, Condition) else node.children[0]
    if isinstance(node, Compare) and node.operator in (">=", ">"):
        return planes.sides(node)
    if isinstance(node, PointsTest) and node.comparator in (">=", ">"):
        unit = next(u for u in program.linked.units.values() if u.rule.id == condition.rpartition("/")[0])
        return planes.points(node.score, unit).high, program.terms.constant(node.threshold)
    return None


def rows_of(
    connection: duckdb.DuckDBPyConnection, prepared: Prepared, rows: Sequence[int]
) -> dict[int, dict[str, object]]:
    """Whole rows of the prepared table by their number."""
    if not rows:
        return {}
    wanted = ", ".join(str(int(row)) for row in rows)
    found = connection.execute(f"SELECT * FROM {prepared.source} WHERE {ROW} IN ({wanted})")
    names = [d[0] for d in found.description or ()]
    return {
        int(dict(zip(names, row, strict=True))[ROW]): dict(zip(names, row, strict=True)) for row in found.fetchall()
    }
