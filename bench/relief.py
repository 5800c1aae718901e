"""One enterprise on every relief measure and the ladder with reasons; the measures over a table beside the ladder alone.

    ./yiqi setup bench
    ./yiqi bench relief [--rows 200K]

The first part is CPU time of one process, medians. The second screens a synthetic population: outcomes of the ladder alone,
then of the ladder and every relief measure; the amounts too, where asked for.
"""

from __future__ import annotations

import argparse
import datetime as dt
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from measuring import machine
from sqlglot import exp

from screening import number
from yiqi.facts.reading import read_fact_sheet
from yiqi.judge.judge import Judge
from yiqi.law.library import load
from yiqi.pulse.population import make
from yiqi.pulse.request import Request
from yiqi.screening.preparing import prepare
from yiqi.screening.program import Program
from yiqi.screening.screened import connect

ON = dt.date(2026, 11, 25)
EXAMPLES = Path(__file__).resolve().parents[1] / "examples"
BOUND = 10.0
ROUNDS = 50


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


def table(judge: Judge, rows: int) -> None:
    print(f"\n{rows:,} enterprises, outcomes counted")
    with tempfile.TemporaryDirectory(prefix="yiqi-bench-") as name:
        folder = Path(name)
        path = folder / "population.parquet"
        make(load(), Request(rows, ON.year - 1, 1, path))
        connection = connect("2GB", None, folder / "spill")
        vocabulary = judge.law.vocabulary.of("enterprise")
        prepared = prepare(connection, path, vocabulary, on=ON, folder=folder).required()
        base = 0.0
        for title, subjects, amounts in (
            ("ladder", ["ladder"], False),
            ("ladder and relief", ["ladder", "relief"], False),
            ("ladder and relief, with amounts", ["ladder", "relief"], True),
        ):
            program = Program(
                judge, ON, "new", judge.schemes(subjects), prepared.columns, prepared.bounds, amounts=amounts
            )
            query = program.query("duckdb", exp.to_table(prepared.source), []).sql(dialect="duckdb")
            columns = ", ".join(f'max("{output.name}")' for output in program.outputs())
            began = time.perf_counter()
            connection.execute(f"SELECT {columns} FROM ({query})").fetchall()
            taken = time.perf_counter() - began
            base = base or taken
            print(f"  {title:34} {taken:8.2f} s {rows / taken:12,.0f} rows/s {taken / base:6.1f} × the ladder alone")


def main() -> None:
    reader = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    reader.add_argument("--rows", default="200K")
    options = reader.parse_args()
    print(machine())
    judge = Judge(load())
    one_enterprise(judge)
    table(judge, number(options.rows))


if __name__ == "__main__":
    main()
