"""What answering a ledger of receivables costs: a million lines as SQL beside a bare scan, one line judged, a ledger of a thousand.

    ./yiqi bench arrears [--rows 1M] [--memory 2GB]

The million lines are drawn at random: every form of term and rate, a third with a payment, holes and mistakes. Each
measurement of the table runs in a process of its own from the same Parquet file: a bare scan of the columns that the rules
read (the greatest value of each); the answers without interest (protected, due day moved off rest days, rate, breaches),
counted; the answers with interest to the fen, added up; the answers with interest written. Times are those of the queries;
the peak is that of the whole process.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))
import duckdb
from measuring import machine, wall_milliseconds

from proofs import receivables
from yiqi.arrears.answering_sql import LINES, Answering
from yiqi.arrears.assessment import LineReckoner, assess
from yiqi.arrears.findings import Finder
from yiqi.arrears.ledger import read_ledger
from yiqi.arrears.readings import Readings
from yiqi.arrears.table_of_receivables import PART_ROWS
from yiqi.clock.workdays import load_calendar
from yiqi.judge.judge import Judge
from yiqi.law.library import load
from yiqi.screening.preparing import prepare
from yiqi.screening.screened import connect

ON = receivables.ON
STEPS = {
    "scan": "bare scan of the same columns",
    "law": "protected, due day, rate, breaches",
    "owed": "the same with interest to the fen",
    "written": "the same, written to Parquet",
}


def number(text: str) -> int:
    """``60M`` as sixty million."""
    factor = {"K": 10**3, "M": 10**6}.get(text[-1:].upper())
    return int(text[:-1]) * factor if factor else int(text)


def step(name: str, table: Path, memory: str) -> dict[str, Any]:
    """One measurement, in this process."""
    judge = Judge(load())
    calendar = load_calendar()
    with tempfile.TemporaryDirectory(prefix="yiqi-bench-") as folder:
        connection = connect(memory, None, Path(folder) / "spill")
        vocabulary = judge.law.vocabulary.of("receivable")
        prepared = prepare(connection, table, vocabulary, on=ON, folder=Path(folder)).required()
        started = time.perf_counter()
        answering = Answering(connection, prepared, judge, calendar, ON, {}, Readings())
        planned = time.perf_counter() - started
        read = answering.columns_read
        cpu, wall = time.process_time(), time.perf_counter()
        if name == "scan":
            scan = f"SELECT {', '.join(f'max({chr(34)}{column}{chr(34)})' for column in read)} FROM {prepared.source}"
            connection.execute(scan).fetchall()
        elif name == "law":
            answering.lay_out(
                PART_ROWS, lambda *_: connection.execute(f"SELECT max(due), count(*) FROM {LINES}").fetchall()
            )
        elif name == "owed":
            sums = "sum(interest_low), sum(interest_high), sum(principal), sum(breaches), count(state)"
            answering.lay_out(
                PART_ROWS, lambda *_: connection.execute(f"SELECT {sums} FROM ({answering.query()})").fetchall()
            )
        else:
            answering.write(Path(folder) / "answers", PART_ROWS)
        return {
            "wall": time.perf_counter() - wall,
            "cpu": time.process_time() - cpu,
            "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20,
            "rows": prepared.rows,
            "columns": len(read),
            "planned": planned,
        }


def measured(name: str, table: Path, memory: str) -> dict[str, Any]:
    """One measurement in a fresh process."""
    done = subprocess.run(
        [sys.executable, __file__, "--step", name, "--table", str(table), "--memory", memory],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def show(table: Path, memory: str) -> None:
    """All measurements of one table."""
    base: dict[str, Any] = {}
    for name, title in STEPS.items():
        found = measured(name, table, memory)
        if name == "scan":
            base = found
            print(
                f"\n{found['rows']:,} lines; {found['columns']} columns read; queries planned in {found['planned']:.2f} s"
            )
            print(f"  {'':36} {'wall s':>8} {'lines/s':>12} {'cpu s':>8} {'× scan':>7} {'peak GiB':>9}")
        print(
            f"  {title:36} {found['wall']:8.2f} {found['rows'] / found['wall']:12,.0f} {found['cpu']:8.2f}"
            f" {found['wall'] / base['wall']:7.1f} {found['peak']:9.2f}",
            flush=True,
        )


def one_by_one(folder: Path) -> None:
    """A line judged by itself, and a ledger of a thousand lines with reasons and other readings."""
    law = load()
    path = folder / "thousand.parquet"
    receivables.draw(duckdb.connect(), law, 1000, path)
    ledger = read_ledger(path, law, ON)
    finder = Finder(Judge(law), load_calendar(), ON)
    reckoner = LineReckoner(finder, Readings())
    assess(ledger, finder, Readings())  # the programs of every version are made once
    overdue = [line for line in ledger.lines if reckoner.answer(line).state == "overdue"]

    def judged() -> float:
        started = time.perf_counter()
        for line in overdue:
            finder.find(line.sheet)
        return (time.perf_counter() - started) / len(overdue) * 1e6

    def answered() -> float:
        started = time.perf_counter()
        for line in overdue:
            reckoner.answer(line)
        return (time.perf_counter() - started) / len(overdue) * 1e6

    print(f"\nOne line, the mean of {len(overdue)} overdue ones (the least of 5 rounds)")
    print(f"  {'what the law says of it':36} {min(judged() for _ in range(5)):10,.0f} µs")
    print(f"  {'with interest and other readings':36} {min(answered() for _ in range(5)):10,.0f} µs")
    read = wall_milliseconds(lambda: read_ledger(path, law, ON), rounds=3)[1]
    said = wall_milliseconds(lambda: assess(ledger, finder, Readings()), rounds=3)[1]
    print(f"\nA ledger of {len(ledger.lines):,} lines: read in {read / 1e3:.2f} s, answered in {said / 1e3:.2f} s")


def main() -> None:
    reader = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    reader.add_argument("--rows", default="1M")
    reader.add_argument("--memory", default="2GB")
    reader.add_argument("--step", choices=STEPS, help=argparse.SUPPRESS)
    reader.add_argument("--table", type=Path, help=argparse.SUPPRESS)
    given = reader.parse_args()
    if given.step:
        print(json.dumps(step(given.step, given.table, given.memory)))
        return
    print(f"{machine()}\nduckdb {duckdb.__version__}, memory limit {given.memory}")
    with tempfile.TemporaryDirectory(prefix="yiqi-bench-") as name:
        for rows in given.rows.split(","):
            table = Path(name) / f"receivables-{rows}.parquet"
            receivables.draw(duckdb.connect(), load(), number(rows), table)
            show(table, given.memory)
        one_by_one(Path(name))


if __name__ == "__main__":
    main()
