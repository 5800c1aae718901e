"""What screening a table costs: every size and ladder rule over 1, 10 and 60 million rows, beside a bare scan and peers.

    ./yiqi bench screening [--rows 1M,10M,60M] [--table POPULATION.parquet …] [--memory 2GB] [--no-peers]

For each size, each in a process of its own, from the same Parquet: a bare scan of the columns that the rules read (the
greatest value of each); outcomes and scores counted; answers written; answers written with every reason packed. Times
are those of the query, wall and CPU; the peak is that of the whole process. A table is made by `yiqi population` unless
one with so many rows is given.

The peers decide one row of the size standard (industry: mining, manufacturing, utilities) for the complete rows among a
million, from arrays in memory: by hand in NumPy and in Polars, and as rules of openfisca-core. Yiqi's figure beside them is
the whole size standard, sixteen rows and missing facts included, from a table in memory. All four are checked against
each other.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))
import duckdb
from measuring import machine
from sqlglot import exp

from yiqi.judge.judge import Judge
from yiqi.law.library import load
from yiqi.pulse.population import make
from yiqi.pulse.request import Request
from yiqi.screening.prepared import ROW
from yiqi.screening.preparing import prepare
from yiqi.screening.program import Program
from yiqi.screening.running import write_parquet
from yiqi.screening.screened import connect

ON = dt.date(2026, 11, 25)
SCHEMES = ("size", "ladder")
STEPS = {
    "scan": ("bare scan of the same columns", None),
    "count": ("outcomes and scores, counted", 5.0),
    "answers": ("answers written", 8.0),
    "reasons": ("answers with all reasons written", 12.0),
}
MEMORY_BOUND = 4.0
"""GiB at any number of rows."""


def number(text: str) -> int:
    """``60M`` as sixty million."""
    factor = {"K": 10**3, "M": 10**6}.get(text[-1:].upper())
    return int(text[:-1]) * factor if factor else int(text)


def step(name: str, table: Path, memory: str) -> dict[str, Any]:
    """One measurement, in this process."""
    judge = Judge(load())
    with tempfile.TemporaryDirectory(prefix="yiqi-bench-") as folder:
        connection = connect(memory, None, Path(folder) / "spill")
        connection.execute("SET preserve_insertion_order = false")
        prepared = prepare(connection, table, judge.law.vocabulary, on=ON, folder=Path(folder)).required()
        program = Program(judge, ON, "new", judge.schemes(SCHEMES), prepared.columns, prepared.bounds)
        source = exp.to_table(prepared.source)
        read = sorted({c.name for slot in program.linked.slots if (c := program.planes.column(slot)) is not None})
        conditions = sum(len(columns.conditions) for columns in program.scheme_columns.values())
        out = Path(folder) / "answers.parquet"
        cpu, wall = time.process_time(), time.perf_counter()
        if name == "scan":
            scan = f"SELECT {', '.join(f'max({chr(34)}{column}{chr(34)})' for column in read)} FROM {prepared.source}"
            connection.execute(scan).fetchall()
        elif name == "count":
            query = program.query("duckdb", source, []).sql(dialect="duckdb")
            sums = ", ".join(f'sum("{output.name}")' for output in program.outputs())
            connection.execute(f"SELECT {sums} FROM ({query})").fetchall()
        else:
            query = program.query("duckdb", source, [ROW], reasons=name == "reasons").sql(dialect="duckdb")
            write_parquet(connection, query, out)
        return {
            "wall": time.perf_counter() - wall,
            "cpu": time.process_time() - cpu,
            "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20,
            "rows": prepared.rows,
            "columns": len(read),
            "conditions": conditions,
            "bytes": out.stat().st_size / prepared.rows if out.exists() else None,
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
    for name, (title, bound) in STEPS.items():
        found = measured(name, table, memory)
        if name == "scan":
            base = found
            print(
                f"\n{found['rows']:,} rows; {found['columns']} columns read, {found['conditions']} conditions in all schemes"
            )
            print(
                f"  {'':34} {'wall s':>8} {'rows/s':>12} {'cpu s':>8} {'× scan':>7} {'bound':>6} {'peak GiB':>9} {'bytes/row':>10}"
            )
        times = found["wall"] / base["wall"]
        written = f"{found['bytes']:10.1f}" if found["bytes"] is not None else f"{'':10}"
        verdict = "" if bound is None else ("met" if times <= bound else "NOT met")
        if found["peak"] > MEMORY_BOUND:
            verdict += " memory NOT met"
        print(
            f"  {title:34} {found['wall']:8.1f} {found['rows'] / found['wall']:12,.0f} {found['cpu']:8.1f} {times:7.1f} "
            f"{bound or '':>6} {found['peak']:9.2f} {written} {verdict}",
            flush=True,
        )


# -- peers ---------------------------------------------------------------------------------------------------------------


def peers(table: Path) -> None:
    """The industrial row of the size standard by hand in NumPy and Polars and in openfisca-core, and Yiqi's whole standard."""
    import numpy as np
    import polars as pl

    judge = Judge(load())
    with tempfile.TemporaryDirectory(prefix="yiqi-bench-") as folder:
        connection = connect("2GB", 1)
        prepared = prepare(connection, table, judge.law.vocabulary, on=ON, folder=Path(folder)).required()
        rows = min(prepared.rows, 10**6)
        connection.execute(f"CREATE TABLE million AS FROM {prepared.source} WHERE {ROW} <= {rows}")
        program = Program(judge, ON, "new", ["size.class"], prepared.columns, prepared.bounds)
        query = program.query("duckdb", exp.to_table("million"), [ROW]).sql(dialect="duckdb")
        connection.execute(f"CREATE TABLE answers AS {query}")
        wanted = (
            'SELECT employees_2025 AS employees, operating_revenue_2025 AS revenue, "size.class" AS class FROM million'
            f" JOIN answers USING ({ROW}) WHERE industry BETWEEN 200000 AND 499999 AND employees IS NOT NULL AND revenue IS NOT NULL"
        )
        found = connection.execute(f"SELECT * FROM ({wanted})").fetchnumpy()
        employees = np.asarray(found["employees"], dtype=np.int64)
        revenue = np.asarray(found["revenue"], dtype=np.int64)
        names = program.linked.classes
        ours = np.asarray(found["class"])
        bits = np.array([1 << names.index(name) for name in ("micro", "small", "medium", "large")])

        def numpy() -> Any:
            # Fen, as Yiqi counts.
            return (
                ((employees >= 20) & (revenue >= 300_0000_00)).astype(np.int8)
                + ((employees >= 300) & (revenue >= 2000_0000_00))
                + ((employees >= 1000) & (revenue >= 40000_0000_00))
            )

        frame = pl.DataFrame({"employees": employees, "revenue": revenue})

        def polars() -> Any:
            e, r = pl.col("employees"), pl.col("revenue")
            size = (
                pl.when((e >= 1000) & (r >= 40000_0000_00)).then(3)
                .when((e >= 300) & (r >= 2000_0000_00)).then(2)
                .when((e >= 20) & (r >= 300_0000_00)).then(1)
                .otherwise(0)
            )  # fmt: skip
            return frame.select(size.alias("size"))["size"].to_numpy()

        fisca = openfisca(employees, revenue)
        print(
            f"\nPeers: the industrial row of the size standard, {len(employees):,} complete rows of {rows:,}, one thread"
        )
        for title, call in (("NumPy by hand", numpy), ("Polars by hand", polars), ("openfisca-core", fisca)):
            seconds, sizes = best(call)
            wrong = int(np.count_nonzero(bits[np.asarray(sizes, dtype=np.int64)] != ours))
            print(
                f"  {title:34} {seconds * 1e3:9.1f} ms {len(employees) / seconds:14,.0f} rows/s   differs in {wrong:,} rows"
            )
        seconds, _ = best(lambda: connection.execute(f'SELECT sum("size.class") FROM ({query})').fetchall())
        print(f"  {'Yiqi, all 16 rows, missing facts':34} {seconds * 1e3:9.1f} ms {rows / seconds:14,.0f} rows/s")
        everything = Program(judge, ON, "new", judge.schemes(SCHEMES), prepared.columns, prepared.bounds)
        text = everything.query("duckdb", exp.to_table("million"), [ROW], reasons=True).sql(dialect="duckdb")
        connection.execute("DROP TABLE answers")
        seconds, _ = best(lambda: connection.execute(f"CREATE OR REPLACE TABLE answers AS {text}"), 1)
        print(f"  {'Yiqi, every rule with all reasons':34} {seconds * 1e3:9.1f} ms {rows / seconds:14,.0f} rows/s")


def best(call: Callable[[], Any], rounds: int = 3) -> tuple[float, Any]:
    """The least wall time of a call, and what it gave."""
    least, result = float("inf"), None
    for _ in range(rounds):
        started = time.perf_counter()
        result = call()
        least = min(least, time.perf_counter() - started)
    return least, result


def openfisca(employees: Any, revenue: Any) -> Callable[[], Any]:
    """The same row as variables of openfisca-core, whose amounts are 32-bit floats of yuan."""
    import numpy as np
    from openfisca_core import periods
    from openfisca_core.entities import build_entity
    from openfisca_core.simulations import SimulationBuilder
    from openfisca_core.taxbenefitsystems import TaxBenefitSystem
    from openfisca_core.variables import Variable

    enterprise = build_entity("enterprise", "enterprises", "", is_person=True)
    system = TaxBenefitSystem([enterprise])

    def variable(name: str, value_type: type, formula: object = None) -> None:
        body: dict[str, object] = {
            "value_type": value_type, "entity": enterprise, "definition_period": periods.DateUnit.YEAR,
        }  # fmt: skip
        if formula is not None:
            body["formula"] = formula
        system.add_variable(type(name, (Variable,), body))

    variable("employees", float)
    variable("revenue", float)

    def reaches(people: int, yuan: int) -> object:
        return lambda person, period: (person("employees", period) >= people) * (person("revenue", period) >= yuan)

    for name, people, yuan in (("small", 20, 3_000_000), ("medium", 300, 20_000_000), ("large", 1000, 400_000_000)):
        variable(name, bool, reaches(people, yuan))

    def size(person: Any, period: Any) -> Any:
        return person("small", period) * 1 + person("medium", period) * 1 + person("large", period) * 1

    variable("size", int, size)
    yuan = revenue / 100

    def judge() -> Any:
        simulation = SimulationBuilder().build_default_simulation(system, len(employees))
        simulation.set_input("employees", "2025", employees.astype(np.float32))
        simulation.set_input("revenue", "2025", yuan.astype(np.float32))
        return simulation.calculate("size", "2025")

    return judge


def main() -> None:
    reader = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    reader.add_argument("--rows", default="1M,10M")
    reader.add_argument("--table", type=Path, action="append", default=[])
    reader.add_argument("--memory", default="2GB")
    reader.add_argument("--no-peers", action="store_true")
    reader.add_argument("--step", choices=STEPS, help=argparse.SUPPRESS)
    options = reader.parse_args()
    if options.step:
        print(json.dumps(step(options.step, options.table[0], options.memory)))
        return
    given = {}
    for path in options.table:
        found = duckdb.execute("SELECT sum(num_rows) FROM parquet_file_metadata(?)", [_pattern(path)]).fetchone()
        given[int(found[0]) if found else 0] = path
    print(machine())
    print(f"DuckDB {duckdb.__version__}, memory limit {options.memory}, load {os.getloadavg()[0]:.1f}")
    with tempfile.TemporaryDirectory(prefix="yiqi-bench-") as folder:
        tables: list[Path] = []
        for rows in (number(text) for text in options.rows.split(",")):
            place = given.get(rows)
            if place is None:
                place = Path(folder) / f"{rows}.parquet"
                make(load(), Request(rows, ON.year - 1, 1, place))
            tables.append(place)
        for place in tables:
            show(place, options.memory)
        if not options.no_peers:
            peers(tables[0])


def _pattern(path: Path) -> str:
    return str(path / "*.parquet") if path.is_dir() else str(path)


if __name__ == "__main__":
    main()
