"""What comparing two versions of the law costs beside screening with one.

    ./yiqi bench compare [--rows 1000000] [--table population.parquet] [--rounds 3] [--threads N]

The law of 2025-06-30 against that of 2026-11-25, every size and ladder rule, over a synthetic population (made first if no
table is given). Measured in turn, in one run: a bare scan of the columns that both versions read; one screening with each
version, its outcomes counted by province, industry and size class; one screening as `yiqi screen` does it, with reasons,
written as Parquet; and the comparison with all it reads from the counts (matrix, cuts, causes, sample). The bound is 1.2
times one screening of the same rules, which is that of the costlier version.

The comparison computes only the rules that differ. So that this is not all there is to see, the same is measured for the
specialised SME and the little giant alone, which do differ.

CPU seconds are the fairer figure where others use the machine. The fixed part (making both programs and the plan of the
query, the same for any number of rows) is shown by itself: a comparison of 1,000 rows.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import duckdb
from measuring import machine
from sqlglot import exp

from yiqi.judge.judge import Judge
from yiqi.law.library import load
from yiqi.pulse.population import make
from yiqi.pulse.request import Request
from yiqi.screening.comparing import compare
from yiqi.screening.full_pair import FullPair
from yiqi.screening.layers import Layers, Output
from yiqi.screening.prepared import Prepared
from yiqi.screening.preparing import prepare
from yiqi.screening.program import Program
from yiqi.screening.running import run
from yiqi.screening.screened import connect
from yiqi.screening.summary import SIZE
from yiqi.screening.versions import Versions, read_versions

BEFORE, AFTER = dt.date(2025, 6, 30), dt.date(2026, 11, 25)
DIFFERING = ("ladder.specialised_sme", "ladder.little_giant")
BOUND = 1.2


def screening(connection: duckdb.DuckDBPyConnection, program: Program, prepared: Prepared) -> Callable[[], object]:
    """One version alone: its outcomes, counted by province, industry and size class."""
    schemes = [s for s, columns in program.scheme_columns.items() if columns.value == "truth"]
    outputs = [Output(f"o{i}", program.outcome(s)) for i, s in enumerate(schemes)] + [
        Output("size", program.outcome(SIZE))
    ]
    query = Layers("duckdb", prepared.columns).query(exp.to_table(prepared.source), ["region", "industry"], outputs)
    key = "coalesce(region // 10000, 0) + 100 * coalesce(industry // 100000, 0) + 3200 * size::BIGINT"
    for i in range(len(schemes)):
        key += f" + {1_000_000 * 3**i}::BIGINT * o{i}"
    sql = f"SELECT k, count(*) FROM (SELECT {key} AS k FROM ({query.sql(dialect='duckdb')})) GROUP BY k"
    return lambda: connection.execute(sql).fetchall()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--table", type=Path)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", type=int, default=os.cpu_count() or 1)
    given = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="yiqi-bench-"))
    try:
        table = given.table
        if table is None:
            table = folder / "population.parquet"
            make(load(), Request(given.rows, AFTER.year - 1, 1, table))
        connection = connect("4GB", given.threads, folder / "spill")
        versions = read_versions(BEFORE, AFTER, on=AFTER)
        prepared = prepare(connection, table, versions.vocabulary, on=AFTER, folder=folder / "prepared").required()
        print(machine(), f"DuckDB {duckdb.__version__}, {given.threads} threads, {prepared.rows:,} rows")
        every = [s for s in versions.schemes if s.startswith(("size.", "ladder."))]
        for title, schemes in (("every size and ladder rule", every), ("the two that differ", DIFFERING)):
            measure(title, connection, versions, prepared, schemes, folder, given.rounds)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def measure(
    title: str, connection: duckdb.DuckDBPyConnection, versions: Versions, prepared: Prepared, schemes: Sequence[str],
    folder: Path, rounds: int,
) -> None:  # fmt: skip
    full = FullPair(versions, schemes)
    read = {**full.columns("before", schemes), **full.columns("after", schemes)}
    scanned = ", ".join(f'count("{name}"), max("{name}")' for name in read if name in prepared.columns)
    asked = list(dict.fromkeys([*schemes, SIZE]))
    programs = {
        str(version.as_of.year): Program(Judge(version.law), AFTER, "new", asked, prepared.columns, prepared.bounds)
        for version in (versions.before, versions.after)
    }
    few = "yiqi_few"
    connection.execute(f"CREATE OR REPLACE TEMP TABLE {few} AS FROM {prepared.source} LIMIT 1000")
    fixed = replace(prepared, source=few, rows=1000)

    def with_reasons() -> None:
        parts = folder / "parts"
        run(connection, programs["2025"], prepared, parts, reasons=True)
        shutil.rmtree(parts)  # nothing is used again

    calls: dict[str, Callable[[], object]] = {
        "bare scan": lambda: connection.execute(f"SELECT {scanned} FROM {prepared.source}").fetchall(),
        "screening 2025, counted": screening(connection, programs["2025"], prepared),
        "screening 2026, counted": screening(connection, programs["2026"], prepared),
        "screening 2025, reasons written": with_reasons,
        "compare 2025 and 2026": lambda: compare(connection, versions, prepared, schemes=schemes),
        "compare, fixed part": lambda: compare(connection, versions, fixed, schemes=schemes),
    }
    found: dict[str, list[tuple[float, float]]] = {name: [] for name in calls}
    for call in calls.values():
        call()
    for _ in range(rounds):
        for name, call in calls.items():
            wall, cpu = time.perf_counter(), time.process_time()
            call()
            found[name].append((time.perf_counter() - wall, time.process_time() - cpu))
    print(f"\n{title}\n  {'':38}  {'wall s':>8} {'cpu s':>8}  medians of {rounds}")
    medians: dict[str, tuple[float, float]] = {}
    for name, times in found.items():
        wall, cpu = (statistics.median(t[i] for t in times) for i in (0, 1))
        medians[name] = wall, cpu
        print(f"  {name:38}  {wall:8.2f} {cpu:8.2f}")
    compared = medians["compare 2025 and 2026"]
    counted = [medians[f"screening {year}, counted"] for year in programs]
    peers = {
        "over one screening, counted": max(counted),
        "over both, one after the other": (counted[0][0] + counted[1][0], counted[0][1] + counted[1][1]),
        "over one screening, reasons written": medians["screening 2025, reasons written"],
    }
    for name, peer in peers.items():
        remark = f"  bound {BOUND}" if peer == max(counted) and len(schemes) > len(DIFFERING) else ""
        print(f"  {name:38}  {compared[0] / peer[0]:8.2f} {compared[1] / peer[1]:8.2f}{remark}")


if __name__ == "__main__":
    main()
