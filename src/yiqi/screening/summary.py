"""What a run says as a whole: outcomes by place, industry and size, what keeps enterprises out, and who is near.

Everything is counted inside DuckDB over the parts of the run; only a few rows, the nearest ones, come out one by one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import duckdb
from sqlglot import exp

from yiqi.judge.link import Unit
from yiqi.law.tree import (
    All,
    AtLeast,
    Compare,
    Condition,
    Excused,
    Invert,
    PointsTest,
    Readings,
    RuleTest,
    TruthNode,
)
from yiqi.law.tree import Any as AnyOf
from yiqi.screening.layers import WIDE, Layers, Output
from yiqi.screening.planes import Truth
from yiqi.screening.prepared import ROW, Prepared
from yiqi.screening.program import Program
from yiqi.screening.quoting import identifier
from yiqi.screening.results import outcome
from yiqi.screening.running import Result
from yiqi.screening.terms import Term

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
    """A line, group or rule that has to hold: for how many of those who are out it fails, and for how many it is the only
    obstacle (``alone``)."""

    scheme: str
    condition: str
    failed: int
    alone: int


@dataclass(frozen=True, slots=True)
class NearMiss:
    """An enterprise one line away, where that line is a figure. ``shortfall`` is the share of what is asked that is
    missing; it puts near misses in order and decides nothing."""

    scheme: str
    row: int
    condition: str
    shortfall: float


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
        ((marked,),) = connection.execute(f"SELECT count(problems) FROM {result.source}").fetchall()
    return Summary(result.rows, tuple(counts), tuple(hindrances), tuple(near), int(marked))


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
    """What has to hold and does not, how often among the enterprises that are out, and for how many it is the only
    obstacle; most frequent first. Where one of several would do, they are one obstacle together."""
    columns = result.program.scheme_columns[scheme]
    if columns.value != "truth" or not columns.conditions:
        return []
    obstacles = Obstacles(result.program, scheme).found
    if not obstacles:
        return []
    out = f"FROM {result.source} WHERE {identifier(scheme)} = 0"
    flags = ", ".join(f"({sql})::UTINYINT AS o{number}" for number, sql in enumerate(obstacles.values()))
    together = " + ".join(f"o{number}::INT" for number in range(len(obstacles)))
    sums = ", ".join(
        f"sum(o{number}), count(*) FILTER (WHERE o{number} = 1 AND obstacles = 1)" for number in range(len(obstacles))
    )
    (found,) = connection.execute(
        f"SELECT {sums} FROM (SELECT *, {together} AS obstacles FROM (SELECT {flags} {out}))"
    ).fetchall()
    counted = [
        Hindrance(scheme, condition, int(found[2 * number] or 0), int(found[2 * number + 1] or 0))
        for number, condition in enumerate(obstacles)
    ]
    return sorted((h for h in counted if h.failed), key=lambda h: (-h.failed, h.condition))


class Obstacles:
    """For a scheme, each thing that has to hold, by the id of its line, group or rule, with SQL that says from the words
    of a run that it fails. A line that fails whatever the facts are (it is written for another procedure) is none."""

    def __init__(self, program: Program, scheme: str) -> None:
        self.planes = program.planes
        self.scheme = scheme
        columns = program.scheme_columns[scheme]
        self.places = dict(zip(columns.conditions, columns.places, strict=True))
        self.found: dict[str, str] = {}
        unit = program.linked.units[columns.version.rule]
        self._collect(unit.truth, unit) if not unit.choice else self._whole(unit)

    def _collect(self, node: TruthNode, unit: Unit) -> None:
        match node:
            case Condition(confidence="C"):
                return
            case Condition(source=None, child=All(children)):
                for child in children:
                    self._collect(child, unit)
            case Condition(source=None, child=child, group=group) if group != "all":
                self._add(node.id, self._may(child, unit))
            case Condition(child=RuleTest() as named):
                self._collect(named, unit)
            case Condition():
                self._add(node.id, self._may(node, unit))
            case All(children):
                for child in children:
                    self._collect(child, unit)
            case RuleTest():
                target = self.planes.linked.units[self.planes.linked.target(unit, node)]
                if target.choice or not isinstance(target.truth, All | Condition):
                    self._whole(target)
                else:
                    self._collect(target.truth, target)
            case _:
                self._add(unit.rule.id, self._may(node, unit))

    def _whole(self, unit: Unit) -> None:
        """A rule as one obstacle."""
        self._add(unit.rule.id, self._unit(unit))

    def _add(self, name: str, may: str) -> None:
        if may not in ("TRUE", "FALSE"):
            self.found.setdefault(name, f"NOT ({may})")

    def _unit(self, unit: Unit) -> str:
        if unit.choice:
            # Which alternative counts is in the words already: what is not reached counts as holding.
            return _joined("AND", [self._unit(self.planes.linked.units[a.key]) for a in unit.choice])
        return self._may(unit.truth, unit)

    def _may(self, node: TruthNode, unit: Unit, plane: str = "may") -> str:
        """SQL that says from the bits of lines whether a node may hold (or, for ``sure``, holds for certain)."""
        other = "sure" if plane == "may" else "may"
        match node:
            case Condition(confidence="C"):
                return "TRUE" if plane == "may" else "FALSE"
            case Condition(source=None, child=child) | Condition(child=RuleTest() as child):
                return self._may(child, unit, plane)
            case Condition():
                return self._line(node.id, plane)
            case RuleTest():
                return self._unit_plane(self.planes.linked.units[self.planes.linked.target(unit, node)], plane)
            case Invert(child):
                return _inverted(self._may(child, unit, other))
            case All(children):
                return _joined("AND", [self._may(c, unit, plane) for c in children])
            case AnyOf(children):
                return _joined("OR", [self._may(c, unit, plane) for c in children])
            case Excused(child, exception):
                return _joined("OR", [self._may(child, unit, plane), self._may(exception, unit, plane)])
            case AtLeast(count, children):
                parts = " + ".join(f"CAST({self._may(c, unit, plane)} AS INT)" for c in children)
                return f"({parts}) >= {count}"
            case Readings(_, children):
                return _joined("OR" if plane == "may" else "AND", [self._may(c, unit, plane) for c in children])
            case _:
                # A condition outside any line (a rule of one fact) has no bit of its own; the law has none such.
                raise TypeError(f"{unit.key}: {type(node).__name__} stands outside a line")

    def _unit_plane(self, unit: Unit, plane: str) -> str:
        if unit.choice:
            return _joined("AND", [self._unit_plane(self.planes.linked.units[a.key], plane) for a in unit.choice])
        return self._may(unit.truth, unit, plane)

    def _line(self, condition: str, plane: str) -> str:
        truth = self.planes.conditions[condition]
        term = truth.may if plane == "may" else truth.sure
        if term.constant is not None or condition not in self.places:
            return "FALSE" if term.constant == 0 else "TRUE"
        place = self.places[condition]
        return f"({identifier(f'{self.scheme}.{plane}.{place.word}')} & {1 << place.bit}) <> 0"


def _joined(operator: str, parts: Sequence[str]) -> str:
    deciding = "FALSE" if operator == "AND" else "TRUE"
    kept = list(dict.fromkeys(p for p in parts if p not in ("TRUE", "FALSE")))
    if deciding in parts:
        return deciding
    if not kept:
        return "TRUE" if operator == "AND" else "FALSE"
    return kept[0] if len(kept) == 1 else "(" + f" {operator} ".join(f"({p})" for p in kept) + ")"


def _inverted(part: str) -> str:
    return {"TRUE": "FALSE", "FALSE": "TRUE"}.get(part, f"NOT ({part})")


def find_nearest(
    connection: duckdb.DuckDBPyConnection, result: Result, prepared: Prepared, scheme: str, limit: int
) -> list[NearMiss]:
    """The enterprises that one figure keeps out, those that lack least first."""
    program = result.program
    if program.scheme_columns[scheme].value != "truth":
        return []
    column = identifier(f"{scheme}.near")
    counted = connection.execute(
        f"SELECT {column}, count(*) FROM {result.source} WHERE {column} >= 0 GROUP BY 1 ORDER BY 2 DESC, 1"
    ).fetchall()
    found: list[NearMiss] = []
    lines = program.nearness(scheme).lines
    measured = [(number, m) for number, _ in counted if (m := measure(program, lines[number])) is not None]
    for number, missing in measured[:MEASURED_LINES]:
        line = lines[number]
        out = f"SELECT {ROW} FROM {result.source} WHERE {column} = {int(number)}"
        sides = Layers("duckdb", program.table_columns).query(exp.to_table("yiqi_near"), [ROW], missing.sides)
        connection.execute(
            f"CREATE OR REPLACE TEMP VIEW yiqi_near AS FROM {prepared.source} SEMI JOIN ({out}) AS o USING ({ROW})"
        )
        rows = connection.execute(
            f"SELECT {ROW}, {missing.share} AS share FROM ({sides.sql(dialect='duckdb')})"
            f" ORDER BY share, {ROW} LIMIT {int(limit)}"
        ).fetchall()
        found += [NearMiss(scheme, int(row), line, float(share)) for row, share in rows]
    found.sort(key=lambda n: (n.shortfall, n.row))
    return found[:limit]


@dataclass(frozen=True, slots=True)
class Shortfall:
    """By what share of what it asks a line is missed: ``share`` is SQL over the columns of ``sides``."""

    sides: tuple[Output, ...]
    share: str


def measure(program: Program, condition: str) -> Shortfall | None:
    """How far a line is missed, where it consists of comparisons of figures and of scores; else None. Of several that must
    all hold the shares add up, of several of which one suffices the least counts."""
    unit = next(u for u in program.linked.units.values() if u.rule.id == condition.rpartition("/")[0])
    sides: list[Output] = []
    share = _share(program, program.planes.nodes[condition].child, unit, sides)
    return None if share is None else Shortfall(tuple(sides), share)


def _share(program: Program, node: TruthNode, unit: Unit, sides: list[Output]) -> str | None:
    match node:
        case Condition(child=child) | Excused(child=child):
            return _share(program, child, unit, sides)
        case All(children) | AnyOf(children):
            parts = [part for child in children if (part := _share(program, child, unit, sides)) is not None]
            if len(parts) < len(children) or not parts:
                return None
            return f"({' + '.join(parts)})" if isinstance(node, All) else f"least({', '.join(parts)})"
        case Compare(operator=">=" | ">" as sign) if _is_figure(program, node):
            planes = program.planes
            had, asked = planes.sides(node)
            known = program.terms.all_of([planes.number(s).known for monomial, _ in node.polynomial for s in monomial])
            # Where a line fails whatever a missing value may be, nothing tells how far: all of it is missing.
            had, asked = (
                program.terms.choose(known, side, program.terms.constant(other))
                for side, other in ((had, 0), (asked, 1))
            )
            return _pair(program, had, asked, sign, planes.compare(node), sides)
        case PointsTest(score, ">=" | ">" as sign, threshold):
            reached, asked = program.planes.points(score, unit).high, program.terms.constant(threshold)
            return _pair(program, reached, asked, sign, program.planes.truth(node, unit), sides)
        case _:
            return None


def _is_figure(program: Program, node: Compare) -> bool:
    """Whether all that is compared are quantities: what is missing of a day or of a step in a list is no share."""
    vocabulary = program.judge.law.vocabulary
    slots = [slot for monomial, _ in node.polynomial for slot in monomial]
    return all((fact := vocabulary.get(slot.fact)) is not None and fact.kind is not None for slot in slots)


def _pair(program: Program, had: Term, asked: Term, sign: str, truth: Truth, sides: list[Output]) -> str:
    """SQL for the share that is missing of one comparison: nothing where it holds or may hold."""
    terms = program.terms
    asked = terms.add([asked, terms.constant(int(sign == ">"))])
    number = len(sides)
    sides.append(Output(f"had{number}", terms.choose(truth.may, asked, had), WIDE))
    sides.append(Output(f"asked{number}", asked, WIDE))
    return f"(asked{number} - had{number})::DOUBLE / greatest(abs(asked{number}), 1)::DOUBLE"


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
