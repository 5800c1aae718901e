"""Spark beside DuckDB: the same program over the same prepared table, both in one run.

    ./yiqi setup bench spark
    ./yiqi bench spark [--rows 1M,10M] [--table POPULATION.parquet …] [--master local-cluster[2,1,2048]]

For each size: DuckDB in this process, then Spark on a local cluster of worker processes; answers with all reasons, written as
Parquet. Spark's time has the start of its session (once) and making the plan (each time) shown apart. A line through the
sizes gives what each costs at the outset and per row, and so the number of rows from which Spark would be faster on this
machine, if there is one; on more machines its cost per row falls and DuckDB's does not.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))
import duckdb
from measuring import machine
from sqlglot import exp

from screening import number
from yiqi.judge.judge import Judge
from yiqi.law.library import load
from yiqi.pulse.population import make
from yiqi.pulse.request import Request
from yiqi.screening.prepared import ROW
from yiqi.screening.preparing import prepare
from yiqi.screening.program import Program
from yiqi.screening.running import write_parquet
from yiqi.screening.screened import connect
from yiqi.screening.spark import TABLE, read, spark_session

ON = dt.date(2026, 11, 25)


def main() -> None:
    reader = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    reader.add_argument("--rows", default="1M,10M")
    reader.add_argument("--table", type=Path, action="append", default=[])
    reader.add_argument("--master", default="local-cluster[2,1,2048]")
    options = reader.parse_args()
    given = {}
    for path in options.table:
        pattern = str(path / "*.parquet") if path.is_dir() else str(path)
        found = duckdb.execute("SELECT sum(num_rows) FROM parquet_file_metadata(?)", [pattern]).fetchone()
        given[int(found[0]) if found else 0] = path
    print(machine())
    print(f"DuckDB {duckdb.__version__}; Spark on {options.master}; load {os.getloadavg()[0]:.1f}")
    judge = Judge(load())
    began = time.perf_counter()
    with spark_session(options.master) as session, tempfile.TemporaryDirectory(prefix="yiqi-bench-") as name:
        print(f"Spark {session.version} starts in {time.perf_counter() - began:.1f} s")
        print(f"\n  {'rows':>12} {'DuckDB s':>10} {'Spark s':>10} {'of it plan':>11} {'ratio':>7} {'differences':>12}")
        points: list[tuple[int, float, float]] = []
        folder = Path(name)
        for rows in (number(text) for text in options.rows.split(",")):
            table = given.get(rows, folder / f"{rows}.parquet")
            if not table.exists():
                make(load(), Request(rows, ON.year - 1, 1, table))
            ours, theirs, plan, different = both(judge, session, table, folder)
            points.append((rows, ours, theirs))
            print(
                f"  {rows:12,} {ours:10.1f} {theirs:10.1f} {plan:11.1f} {theirs / ours:7.1f} {different:12,}",
                flush=True,
            )
    if len(points) > 1:
        crossing(points)


def both(judge: Judge, session: Any, table: Path, folder: Path) -> tuple[float, float, float, int]:
    """Seconds of DuckDB and of Spark, those of Spark's plan, and in how many rows the answers differ."""
    connection = connect("2GB", None, folder / "spill")
    prepared = prepare(connection, table, judge.law.vocabulary, on=ON, folder=folder).required()
    program = Program(judge, ON, "new", judge.schemes(["size", "ladder"]), prepared.columns, prepared.bounds)
    began = time.perf_counter()
    query = program.query("duckdb", exp.to_table(prepared.source), [ROW], reasons=True)
    write_parquet(connection, query.sql(dialect="duckdb"), folder / "duckdb.parquet")
    ours = time.perf_counter() - began
    began = time.perf_counter()
    read(session, table).createOrReplaceTempView(TABLE)
    frame = session.sql(program.query("spark", exp.to_table(TABLE), [ROW], reasons=True).sql(dialect="spark"))
    frame._jdf.queryExecution().executedPlan()
    plan = time.perf_counter() - began
    frame.write.mode("overwrite").parquet(str(folder / "spark"))
    theirs = time.perf_counter() - began
    one, other = f"FROM '{folder}/duckdb.parquet'", f"FROM '{folder}/spark/*.parquet'"
    found = connection.execute(
        f"SELECT (SELECT count(*) FROM ({one} EXCEPT {other})) + abs((SELECT count(*) {one}) - (SELECT count(*) {other}))"
    ).fetchone()
    assert found is not None
    return ours, theirs, plan, int(found[0])


def crossing(points: list[tuple[int, float, float]]) -> None:
    """From the smallest and the largest size: the fixed cost, the cost per row, and where the lines cross."""
    (few, duck_few, spark_few), *_, (many, duck_many, spark_many) = points
    duck, spark = (duck_many - duck_few) / (many - few), (spark_many - spark_few) / (many - few)
    fixed = (spark_few - spark * few) - (duck_few - duck * few)
    print(
        f"\n  per million rows: DuckDB {duck * 1e6:.2f} s, Spark {spark * 1e6:.2f} s; Spark's fixed cost is {fixed:.1f} s higher"
    )
    if spark >= duck:
        machines = spark / duck
        print(f"  On this machine Spark never wins; on {machines:.1f} times its cores the rows would cost the same.")
    else:
        print(f"  Spark wins from {fixed / (duck - spark):,.0f} rows on.")


if __name__ == "__main__":
    main()
