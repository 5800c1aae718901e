"""The SQL decides what the judge decides: random enterprises with missing facts, condition by condition.

The enterprises are drawn inside DuckDB from pools that hold every figure the law compares with, the figures beside it,
and NULL, so that borders are met often. The judge's side is the compiled trace, which other proofs hold to the reference.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import duckdb
import pytest
from sqlglot import exp

from proofs.sheets import FULL
from yiqi.judge.compile import Compiled
from yiqi.judge.frame import encoder
from yiqi.judge.judge import Judge
from yiqi.law.library import load
from yiqi.law.tree import Best, Coded, Compare, Law, PointsTest, ScoreReadings, Table, Total, truth_children
from yiqi.screening.layers import Output
from yiqi.screening.planes import Classes, Points, Truth
from yiqi.screening.prepared import ROW, Bounds, Column, column_of_slot, decode, industry_number
from yiqi.screening.program import Program

ROWS = 1_000_000 if FULL else 20_000
DAYS = (
    (dt.date(2026, 11, 25), "new"),
    (dt.date(2026, 11, 25), "re_review"),
    (dt.date(2025, 6, 30), "new"),
    (dt.date(2025, 6, 30), "re_review"),
    (dt.date(2027, 3, 1), "re_review"),
)


@pytest.fixture(scope="module")
def law() -> Law:
    return load()


def table_columns(judge: Judge, on: dt.date, procedure: str) -> dict[str, Column]:
    """A column for every slot that the rules of a day read."""
    found: dict[str, Column] = {}
    for slot in judge.program(on, procedure).compiled.linked.slots:
        fact = judge.law.vocabulary.get(slot.fact)
        if fact is not None and slot.fact != "procedure":
            column = column_of_slot(fact, slot.index, on)
            found[column.name] = column
    return found


def comparisons(judge: Judge, on: dt.date, procedure: str) -> Iterator[Compare | Coded]:
    def inside(node: object) -> Iterator[Compare | Coded]:
        if isinstance(node, Compare | Coded):
            yield node
        elif isinstance(node, PointsTest):
            yield from inside(node.score)
        elif isinstance(node, Table):
            for row in node.rows:
                yield from inside(row.child)
        elif isinstance(node, Total | Best | ScoreReadings):
            for child in node.children:
                yield from inside(child)
        else:
            for child in truth_children(node):  # type: ignore[arg-type]
                yield from inside(child)

    for unit in judge.program(on, procedure).compiled.linked.units.values():
        if unit.body is not None:
            yield from inside(unit.body)


def pools(judge: Judge, on: dt.date, procedure: str, columns: dict[str, Column]) -> dict[str, list[str]]:
    """For each column the SQL of the values it is drawn from."""
    law = judge.law
    numbers: dict[str, set[int]] = {name: set() for name in columns}
    codes: dict[str, set[str]] = {name: set() for name in columns}
    for node in comparisons(judge, on, procedure):
        if isinstance(node, Coded):
            codes[node.slot.fact] |= set(node.prefixes) | set(node.exceptions)
            continue
        constant = sum(c for monomial, c in node.polynomial if not monomial)
        for monomial, coefficient in node.polynomial:
            if len(monomial) == 1 and law.vocabulary.get(monomial[0].fact) is not None:
                name = column_of_slot(law.vocabulary[monomial[0].fact], monomial[0].index, on).name
                border = -constant // coefficient
                numbers[name] |= {border - 1, border, border + 1, abs(coefficient), 100 * abs(coefficient)}
    found: dict[str, list[str]] = {}
    for name, column in columns.items():
        fact = column.fact
        if fact.kind is not None:
            least = fact.minimum if fact.minimum is not None else -(10**9)
            most = fact.maximum if fact.maximum is not None else 10**17 - 1
            values = numbers[name] | {
                0,
                1,
                2,
                3,
                7,
                20,
                50,
                60,
                100,
                500,
                2100,
                10**6,
                10**9,
                3 * 10**9,
                10**12,
                10**16,
            }
            pool = [f"{v}::BIGINT" for v in sorted(values) if least <= v <= most]
        elif fact.type == "yes_no":
            pool = ["true", "true", "false"]
        elif fact.type == "date":
            days = [on + dt.timedelta(days=d) for d in (-3000, -1200, -1096, -1095, -1094, -800, -366, -10, 0, 10)]
            pool = [f"DATE '{d}'" for d in days]
        elif fact.type == "one_of":
            pool = [f"{i}::SMALLINT" for i in range(len(fact.members))]
        elif fact.type == "set_of":
            every = (1 << len(fact.members)) - 1
            pool = [f"{m}::BIGINT" for m in [0, every, *(1 << i for i in range(len(fact.members))), 3, 5, 12 & every]]
        elif fact.type == "region":
            pool = [f"{c}" for c in (330100, 440100, 440300, 510100, 370200, 370100, 110105, 210200, 350200, 330200)]
        else:
            every_code = {p[:n] for p in codes[name] for n in (1, 3, 4, 5)} | {"C3451", "T", "J66", "A0111"}
            every_code |= {(p + "9000")[:5] for p in codes[name] if len(p) < 5 and len(p) != 1}
            pool = [f"{industry_number(c)}" for c in sorted(every_code) if len(c) != 2]
        found[name] = pool
    return found


def draw(
    connection: duckdb.DuckDBPyConnection, pool: dict[str, list[str]], columns: dict[str, Column], rows: int
) -> None:
    """Fill the table `drawn`; a seventh of the cells is NULL, in a row either few or many."""
    parts = []
    for name, column in columns.items():
        chosen = f"[{', '.join(pool[name])}][1 + (hash(i, '{name}') % {len(pool[name])})::INT]"
        holes = f"hash(i, '{name}', 'hole') % 100 < [2, 2, 15, 40][1 + (hash(i, 'holes') % 4)::INT]"
        parts.append(f'CASE WHEN {holes} THEN NULL ELSE CAST({chosen} AS {column.type}) END AS "{name}"')
    connection.execute(
        f"CREATE OR REPLACE TABLE drawn AS SELECT i AS {ROW}, {', '.join(parts)} FROM range(1, {rows + 1}) AS r(i)"
    )


class Frames:
    """Frames of the judge from rows of a prepared table."""

    def __init__(self, compiled: Compiled, judge: Judge, on: dt.date, procedure: str, columns: list[Column]) -> None:
        self.size = len(compiled.linked.slots) + compiled.spare
        places = {column.name: n for n, column in enumerate(columns, start=1)}
        self.fixed = judge.program(on, procedure).frame(_nothing(), procedure)
        self.cells = []
        for position, slot in enumerate(compiled.linked.slots):
            fact = judge.law.vocabulary.get(slot.fact)
            if fact is None or slot.fact == "procedure":
                continue
            encode = encoder(slot, judge.law.vocabulary)
            simple = fact.kind is not None
            self.cells.append(
                (position, places[column_of_slot(fact, slot.index, on).name], fact, None if simple else encode)
            )

    def of(self, row: tuple[object, ...]) -> list[object]:
        frame = list(self.fixed)
        for position, place, fact, encode in self.cells:
            value = row[place]
            if value is not None:
                frame[position] = value if encode is None else encode(decode(fact, value))  # type: ignore[arg-type]
        return frame


def _nothing():  # type: ignore[no-untyped-def]
    from yiqi.facts.sheet import FactSheet

    return FactSheet()


def planes_outputs(program: Program) -> list[tuple[str, Output, Output | None]]:
    """Every unit and condition as pairs of columns: sure and may, low and high, or the bits of a class."""
    found: list[tuple[str, Output, Output | None]] = []
    terms = program.terms
    for number, (key, value) in enumerate({**program.planes.units, **program.planes.conditions}.items()):
        if isinstance(value, Truth):
            found.append((key, Output(f"a{number}", terms.add([value.sure, value.may])), None))
        elif isinstance(value, Points):
            found.append((key, Output(f"a{number}", value.low), Output(f"b{number}", value.high)))
        elif isinstance(value, Classes):
            bits = terms.add([terms.scaled(1 << i, bit) for i, bit in enumerate(value.possible)])
            found.append((key, Output(f"a{number}", bits), None))
        else:
            ends = ((value.low, value.has_low), (value.high, value.has_high))
            low, high = (
                Output(f"{name}{number}", end, None, there) for name, (end, there) in zip("ab", ends, strict=True)
            )
            found.append((key, low, high))
    return found


def measured(connection: duckdb.DuckDBPyConnection, columns: dict[str, Column]) -> dict[str, Bounds]:
    """The ranges of the figures of the table `drawn`."""
    names = [name for name, column in columns.items() if column.fact.kind is not None]
    ends = ", ".join(f'min("{name}"), max("{name}")' for name in names)
    ((*found,),) = connection.execute(f"SELECT {ends} FROM drawn").fetchall()
    return {name: Bounds(found[2 * n], found[2 * n + 1]) for n, name in enumerate(names)}


@pytest.mark.parametrize(("on", "procedure"), DAYS, ids=lambda v: str(v))
def test_the_sql_decides_every_condition_as_the_judge_does(law: Law, on: dt.date, procedure: str) -> None:
    judge = Judge(law)
    columns = table_columns(judge, on, procedure)
    connection = duckdb.connect(config={"threads": 1})
    rows = ROWS // len(DAYS)
    draw(connection, pools(judge, on, procedure, columns), columns, rows)
    program = Program(judge, on, procedure, judge.schemes(), columns)
    compiled = judge.program(on, procedure).compiled
    named = planes_outputs(program)
    outputs = [o for _, *pair in named for o in pair if o is not None]
    query = program.query("duckdb", exp.to_table("drawn"), [ROW, *columns], more=outputs).sql(dialect="duckdb")
    shown = [d[0] for d in connection.execute(query).description or ()]
    at = {name: i for i, name in enumerate(shown)}
    frames = Frames(compiled, judge, on, procedure, list(columns.values()))
    checks = [
        (compiled.position[key], at[one.name], None if other is None else at[other.name], key)
        for key, one, other in named
        if key in compiled.position
    ]
    roots = [v.rule for v in judge.program(on, procedure).versions.values()]
    assert len(checks) > 100
    seen = 0
    decided: set[tuple[str, object]] = set()
    while batch := connection.fetchmany(5000):
        for row in batch:
            results: list[object] = [None] * compiled.size
            frame = frames.of(row)
            for root in roots:
                compiled.trace[root](frame, results)
            for position, first, second, key in checks:
                expected = results[position]
                if expected is None:
                    continue
                found = row[first] if second is None else (row[first], row[second])
                if found != expected:
                    pytest.fail(f"row {row[0]}: {key} is {found} in SQL and {expected} for the judge; {row}")
                if second is None:
                    decided.add((key, expected))
            seen += 1
    assert seen == rows
    # That the draw is worth its time: nearly every condition was met with each of its outcomes.
    truths = [
        key for key, value in {**program.planes.units, **program.planes.conditions}.items() if isinstance(value, Truth)
    ]
    assert sum((key, outcome) in decided for key in truths for outcome in (0, 1, 2)) > 2 * len(truths)
