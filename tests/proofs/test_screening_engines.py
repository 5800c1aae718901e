"""The same terms printed for Spark and PostgreSQL decide what DuckDB decides: random enterprises, condition by condition."""

from __future__ import annotations

import datetime as dt
import importlib.util
import shutil
from collections.abc import Sequence
from pathlib import Path

import duckdb
import pytest
from sqlglot import exp

from proofs.postgres_server import PostgresServer, why_not
from proofs.sheets import FULL
from proofs.test_screening import DAYS, draw, measured, planes_outputs, pools, table_columns
from yiqi.judge.judge import Judge
from yiqi.law.library import load
from yiqi.screening.layers import Dialect, Output
from yiqi.screening.prepared import ROW, Column
from yiqi.screening.program import Program
from yiqi.screening.spark import TABLE, read, spark_session, write

ROWS = 10_000 if FULL else 300
SHORT = 24
"""Figures of fewer characters, so that products of three of them have no more than 38 digits."""

SPARK_SCHEMES = 12
"""Schemes in one query. Spark needs minutes and gigabytes to plan one of all; DuckDB and PostgreSQL take them together."""


class Drawn:
    """Random enterprises of a day in DuckDB, with every unit and condition of some schemes as columns of one query."""

    def __init__(self, on: dt.date, procedure: str, rows: int) -> None:
        self.judge = judge = Judge(load())
        self.on, self.procedure = on, procedure
        self.columns: dict[str, Column] = table_columns(judge, on, procedure)
        self.connection = duckdb.connect(config={"threads": 1})
        pool = {
            name: [v for v in values if len(v) < SHORT]
            for name, values in pools(judge, on, procedure, self.columns).items()
        }
        draw(self.connection, pool, self.columns, rows)
        self.bounds = measured(self.connection, self.columns)
        self.ask(judge.schemes())

    def ask(self, schemes: Sequence[str]) -> None:
        """The schemes of the query from now on."""
        self.program = Program(
            self.judge, self.on, self.procedure, tuple(schemes), self.columns, self.bounds, amounts=True
        )
        self.outputs: list[Output] = [o for _, *pair in planes_outputs(self.program) for o in pair if o is not None]

    def query(self, dialect: Dialect, table: str) -> str:
        query = self.program.query(dialect, exp.to_table(table), [ROW], reasons=True, near=True, more=self.outputs)
        return query.sql(dialect=dialect)

    def differences(self, other: str) -> int:
        """Rows that differ between DuckDB's answers and a table of another engine's."""
        self.connection.execute(f"CREATE OR REPLACE TABLE ours AS {self.query('duckdb', 'drawn')}")
        found = self.connection.execute(
            f"SELECT (SELECT count(*) FROM (FROM ours EXCEPT FROM {other})) + (SELECT count(*) FROM (FROM {other} EXCEPT FROM ours)),"
            f" (SELECT count(*) FROM ours), (SELECT count(*) FROM {other})"
        ).fetchone()
        assert found is not None
        different, here, there = found
        assert here == there > 0
        return int(different)


@pytest.mark.skipif(why_not() is not None, reason=why_not() or "")
@pytest.mark.parametrize(("on", "procedure"), DAYS if FULL else DAYS[:1], ids=str)
def test_postgresql_decides_as_duckdb_does(on: dt.date, procedure: str, tmp_path: Path) -> None:
    drawn = Drawn(on, procedure, ROWS)
    table, answers = tmp_path / "drawn.csv", tmp_path / "answers.csv"
    drawn.connection.execute(f"COPY drawn TO '{table}' (FORMAT csv, HEADER false)")
    with PostgresServer() as server:
        columns = ", ".join(f'"{name}" {column.type}' for name, column in drawn.columns.items())
        server.psql(f'CREATE TABLE drawn ("{ROW}" BIGINT, {columns})')
        server.psql("COPY drawn FROM STDIN (FORMAT csv)", out_of=table)
        server.psql(f"COPY ({drawn.query('postgres', 'drawn')}) TO STDOUT (FORMAT csv, HEADER)", into=answers)
    drawn.connection.execute(f"CREATE TABLE theirs AS FROM read_csv('{answers}', header = true, all_varchar = true)")
    drawn.connection.execute(f"CREATE TABLE ours AS {drawn.query('duckdb', 'drawn')}")
    typed = ", ".join(
        f'"{name}"::{kind} AS "{name}"' for name, kind, *_ in drawn.connection.execute("DESCRIBE ours").fetchall()
    )
    drawn.connection.execute(f"CREATE TABLE theirs_typed AS SELECT {typed} FROM theirs")
    assert drawn.differences("theirs_typed") == 0


@pytest.mark.skipif(not FULL, reason="Spark takes a minute to start and plan: YIQI_PROOFS=full runs it")
@pytest.mark.skipif(importlib.util.find_spec("pyspark") is None, reason="Spark is not installed: ./yiqi setup spark")
@pytest.mark.skipif(shutil.which("java") is None, reason="Spark needs Java 17, and there is no `java`")
def test_spark_decides_as_duckdb_does_on_several_workers(tmp_path: Path) -> None:
    drawn = Drawn(*DAYS[0], ROWS)
    every = drawn.judge.schemes()
    drawn.connection.execute(f"COPY drawn TO '{tmp_path}/drawn.parquet' (FORMAT parquet, ROW_GROUP_SIZE 2048)")
    with spark_session("local-cluster[2,1,1024]") as session:
        table = read(session, tmp_path / "drawn.parquet").repartition(2)
        for first in range(0, len(every), SPARK_SCHEMES):
            drawn.ask(every[first : first + SPARK_SCHEMES])
            answers = tmp_path / f"answers-{first}"
            assert write(session, table, drawn.query("spark", TABLE), answers) == ROWS
            drawn.connection.execute(f"CREATE OR REPLACE TABLE theirs AS FROM read_parquet('{answers}/*.parquet')")
            assert drawn.differences("theirs") == 0, drawn.program.scheme_columns.keys()
