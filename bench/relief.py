"""One enterprise on every relief measure and the ladder with reasons; the measures over a table beside the ladder alone.

    ./yiqi setup bench
    ./yiqi bench relief [--rows 1M] [--table POPULATION.parquet]

The first part is CPU time of one process, medians. The second screens a synthetic population: outcomes of the ladder alone,
then of the ladder and every relief measure; the amounts too, where asked for. The population has few of the facts that
relief asks for, and what has no column is unknown in every row and costs little. So the same is measured once more with a
column for every fact, drawn at random with a tenth missing, which is the most that screening with relief can cost.
"""

from __future__ import annotations

import argparse
import datetime as dt
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import duckdb
from measuring import machine
from sqlglot import exp

from screening import number
from yiqi.facts.reading import read_fact_sheet
from yiqi.judge.judge import Judge
from yiqi.law.library import load
from yiqi.pulse.population import make
from yiqi.pulse.request import Request
from yiqi.screening.prepared import Bounds, Column, Prepared, column_of_slot
from yiqi.screening.preparing import prepare
from yiqi.screening.program import Program
from yiqi.screening.screened import connect

ON = dt.date(2026, 11, 25)
EXAMPLES = Path(__file__).resolve().parents[1] / "examples"
BOUND = 10.0
ROUNDS = 50
SPREAD = {"money": 10**12, "ratio": 10**8, "points": 10**6}
"""Figures are drawn from nothing to this many smallest units."""


def median(action: Callable[[], object]) -> float:
    """Milliseconds of CPU, the median of some rounds after a first one that prepares."""
    action()
    times = []
    for _ in range(ROUNDS):
        began = time.process_time()
        action()
        times.append((time.process_time() - began) * 1e3)
    return statistics.median(times)


def one_enterprise(judge: Judge) -> None:
    schemes = judge.schemes(["ladder", "relief"])
    print(f"\nOne enterprise, {len(schemes)} schemes of the ladder and of relief, with reasons and amounts")
    for name in ("near-miss-main-business.yaml", "half-the-facts.yaml"):
        sheet = read_fact_sheet(EXAMPLES / name, judge.law.vocabulary.of("enterprise"), ON).required()

        def judged(sheet: object = sheet) -> None:
            for answer in judge.judge(sheet, ON, "new", schemes):  # type: ignore[arg-type]
                assert answer.outcome is None or answer.outcome
                _ = answer.reason, answer.amount

        taken = median(judged)
        print(f"  {name:34} {taken:8.2f} ms  bound {BOUND:.0f}  {'met' if taken <= BOUND else 'NOT met'}")


def table(judge: Judge, rows: int, given: Path | None) -> None:
    with tempfile.TemporaryDirectory(prefix="yiqi-bench-") as name:
        folder = Path(name)
        path = given or folder / "population.parquet"
        if given is None:
            make(load(), Request(rows, ON.year - 1, 1, path))
        connection = connect("2GB", None, folder / "spill")
        vocabulary = judge.law.vocabulary.of("enterprise")
        prepared = prepare(connection, path, vocabulary, on=ON, folder=folder).required()
        print(f"\n{prepared.rows:,} enterprises, outcomes counted; {len(prepared.columns)} columns of the population")
        measure(connection, judge, prepared)
        filled = fill(connection, judge, prepared, folder / "filled.parquet")
        print(f"\nThe same with a column for every fact asked, {len(filled.columns)} columns")
        measure(connection, judge, filled)


def measure(connection: duckdb.DuckDBPyConnection, judge: Judge, prepared: Prepared) -> None:
    base = 0.0
    for title, subjects, amounts in (
        ("ladder", ["ladder"], False),
        ("ladder and relief", ["ladder", "relief"], False),
        ("ladder and relief, with amounts", ["ladder", "relief"], True),
    ):
        program = Program(judge, ON, "new", judge.schemes(subjects), prepared.columns, prepared.bounds, amounts=amounts)
        query = program.query("duckdb", exp.to_table(prepared.source), []).sql(dialect="duckdb")
        columns = ", ".join(f'max("{output.name}")' for output in program.outputs())
        times = []
        for _ in range(3):
            began = time.perf_counter()
            connection.execute(f"SELECT {columns} FROM ({query})").fetchall()
            times.append(time.perf_counter() - began)
        taken = statistics.median(times)
        base = base or taken
        print(
            f"  {title:34} {taken:8.2f} s {prepared.rows / taken:12,.0f} rows/s {taken / base:6.1f} × the ladder alone"
        )


def fill(connection: duckdb.DuckDBPyConnection, judge: Judge, prepared: Prepared, path: Path) -> Prepared:
    """The table with a column more for every fact that it lacks."""
    asked: dict[str, Column] = {}
    for slot in judge.program(ON, "new").compiled.linked.slots:
        fact = judge.law.vocabulary.get(slot.fact)
        if fact is not None and fact.entity == "enterprise" and slot.fact != "procedure":
            column = column_of_slot(fact, slot.index, ON)
            asked[column.name] = column
    further = {name: column for name, column in asked.items() if name not in prepared.columns}
    drawn = ", ".join(
        f'CASE WHEN hash(i, {n}) % 10 > 0 THEN {draw(column, f"hash({n}, i)")}::{column.type} END AS "{name}"'
        for n, (name, column) in enumerate(further.items())
    )
    connection.execute(
        f"COPY (SELECT * EXCLUDE (i), {drawn} FROM (SELECT *, row_number() OVER () AS i FROM {prepared.source}))"
        f" TO '{path}' (FORMAT parquet)"
    )
    connection.execute(f"CREATE VIEW filled AS FROM read_parquet('{path}')")
    numbers = [name for name, column in further.items() if column.fact.kind is not None]
    ends = ", ".join(f'min("{name}"), max("{name}")' for name in numbers)
    ((*found,),) = connection.execute(f"SELECT {ends} FROM filled").fetchall()
    bounds = {name: Bounds(found[2 * n], found[2 * n + 1]) for n, name in enumerate(numbers)}
    return replace(
        prepared, source="filled", columns={**prepared.columns, **further}, bounds={**prepared.bounds, **bounds}
    )


def draw(column: Column, random: str) -> str:
    """SQL for a value of a fact."""
    fact = column.fact
    if fact.kind is not None:
        low = fact.minimum if fact.minimum is not None else 0
        high = fact.maximum if fact.maximum is not None else max(low, 0) + SPREAD.get(fact.kind, 1_000)
        return f"({low} + ({random} % {high - low + 1})::BIGINT)"
    if fact.type == "yes_no":
        return f"({random} % 2 = 0)"
    if fact.type == "date":
        return f"(DATE '{ON}' - ({random} % 3000)::INT)"
    if fact.type in ("one_of", "set_of"):
        most = len(fact.members) if fact.type == "one_of" else 1 << len(fact.members)
        return f"({random} % {most})"
    raise ValueError(f"the population lacks {fact.id}")  # region and industry are in every population


def main() -> None:
    reader = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    reader.add_argument("--rows", default="1M")
    reader.add_argument("--table", type=Path)
    options = reader.parse_args()
    print(machine())
    judge = Judge(load())
    one_enterprise(judge)
    table(judge, number(options.rows), options.table)


if __name__ == "__main__":
    main()
