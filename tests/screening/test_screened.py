"""One call from a table to its answers: from a file, a relation or an Arrow table, by DuckDB or by Spark."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import duckdb
import pytest
from sqlglot import exp

from screening.judged import judge, rows_of
from yiqi.screening import screened as module
from yiqi.screening.prepared import PROBLEMS, ROW
from yiqi.screening.preparing import Preparation
from yiqi.screening.program import Program
from yiqi.screening.running import write_parquet
from yiqi.screening.screened import (
    Screened,
    as_path,
    connect,
    files_of,
    is_prepared_file,
    read_on,
    screen_table,
)

ON = dt.date(2026, 11, 25)

# Industry: small from 20 people and 300万元, medium from 300 people and 2000万元. Retail: small from 10 people and 100万元.
TABLE = """企业名称,行业代码,2025年从业人员,2025年营业收入（万元）
甲厂,C3451,300,2000
乙厂,C3451,20,300
丙店,F5211,9,5000
丁店,F5211,,约一百
"""
CLASSES = ["medium", "small", "micro", None]


@pytest.fixture
def table(tmp_path: Path) -> Path:
    place = tmp_path / "table.csv"
    place.write_text(TABLE, encoding="utf-8")
    return place


def screen(source: Any, **options: Any) -> Screened:
    return screen_table(source, judge(), on=ON, schemes=["size"], **options)


def classes(screened: Screened) -> list[str | None]:
    return [row["size.class"] for row in rows_of(screened.relation)]


def test_a_file_a_relation_and_an_arrow_table_answer_alike(table: Path, tmp_path: Path) -> None:
    assert classes(screen(table)) == classes(screen(str(table))) == CLASSES
    connection = duckdb.connect()
    relation = connection.sql(f"FROM read_csv('{table}', all_varchar = true)")
    assert classes(screen(relation, connection=connection)) == CLASSES
    assert classes(screen(relation.to_arrow_table(), folder=tmp_path / "made")) == CLASSES


def test_the_answers_are_an_arrow_table_too(table: Path) -> None:
    screened = screen(table)
    found = screened.arrow()
    assert found.column_names == screened.relation.columns
    assert found.column("size.class").to_pylist() == CLASSES


def test_the_reading_is_told_before_the_run_and_every_stage_is_shown(table: Path) -> None:
    told: list[str] = []

    def reading(preparation: Preparation) -> None:
        assert preparation.bad_rows() == 1
        told.append("reading")

    screen(table, reading=reading, progress=lambda stage, _share: told.append(stage))
    assert told.count("reading") == 1
    assert "screen" not in told[: told.index("reading")]
    assert set(told[told.index("reading") + 1 :]) == {"screen"}


def test_a_folder_that_is_given_is_kept_and_its_parts_are_used_again(table: Path, tmp_path: Path) -> None:
    folder = tmp_path / "kept"
    screen(table, folder=folder)
    (part,) = (folder / "parts").glob("part-*.parquet")
    before = part.stat().st_mtime_ns
    assert classes(screen(table, folder=folder)) == CLASSES
    assert part.stat().st_mtime_ns == before


def test_rows_of_the_prepared_table_by_number(table: Path) -> None:
    rows = screen(table).rows([2])
    assert {number: (row["name"], row["employees_2025"]) for number, row in rows.items()} == {2: ("乙厂", 20)}


def test_what_cannot_be_asked_for_is_refused(table: Path, tmp_path: Path) -> None:
    with pytest.raises(KeyError):
        screen_table(table, judge(), on=ON, schemes=["none.such"])
    with pytest.raises(ValueError, match="procedure"):
        screen(table, procedure="renewal")
    with pytest.raises(ValueError, match="Spark keeps no state"):
        screen(table, engine="spark", state=tmp_path)


# -- Spark ---------------------------------------------------------------------------------------------------------------


class StandIn:
    """In the place of Spark: the same program over the same file by DuckDB."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.sources: list[Path] = []
        self.masters: list[str] = []
        monkeypatch.setattr(module, "screen_with_spark", self.screen)

    def screen(
        self, program: Program, source: Path, out: Path, *, master: str, passed: list[str], reasons: bool, near: bool,
        progress: Any,
    ) -> None:  # fmt: skip
        self.sources.append(source)
        self.masters.append(master)
        connection = duckdb.connect()
        connection.execute(f"CREATE VIEW enterprises AS FROM '{source}'")
        query = program.query("duckdb", exp.to_table("enterprises"), passed, reasons=reasons, near=near)
        out.mkdir()
        write_parquet(connection, query.sql(dialect="duckdb"), out / "part-00000.parquet")


def test_spark_gets_a_prepared_table_and_its_answers_are_read_as_duckdb_s(
    table: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spark = StandIn(monkeypatch)
    by_duckdb = screen(table, reasons="ids")
    by_spark = screen(table, reasons="ids", engine="spark", master="yarn", folder=tmp_path / "made")
    assert rows_of(by_spark.relation) == rows_of(by_duckdb.relation)
    assert PROBLEMS in by_spark.relation.columns
    assert spark.masters == ["yarn"]
    assert is_prepared_file(duckdb.connect(), spark.sources[0]) is False  # it has no label, it was only made for Spark
    assert (ROW,) in duckdb.execute(f"SELECT name FROM parquet_schema('{spark.sources[0]}')").fetchall()


def test_a_prepared_file_is_read_by_spark_where_it_lies_and_stays_synthetic(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spark = StandIn(monkeypatch)
    file = prepared_file(tmp_path / "made-up.parquet", "'yiqi.prepared': '1', 'yiqi.synthetic': '1'")
    screened = screen(file, engine="spark", folder=tmp_path / "made")
    assert spark.sources == [file]
    assert [row["data"] for row in rows_of(screened.relation)] == ["合成数据 synthetic"]


# -- around it -----------------------------------------------------------------------------------------------------------


def prepared_file(place: Path, keys: str, columns: str = "1::BIGINT AS row, 334510 AS industry") -> Path:
    duckdb.execute(f"COPY (SELECT {columns}) TO '{place}' (FORMAT parquet, KV_METADATA {{{keys}}})")
    return place


def test_only_a_labelled_parquet_file_with_numbered_rows_goes_to_another_engine(table: Path, tmp_path: Path) -> None:
    connection = duckdb.connect()
    label = "'yiqi.prepared': '1'"
    folder = tmp_path / "parts"
    folder.mkdir()
    prepared_file(folder / "a.parquet", label)
    found = {
        "prepared": prepared_file(tmp_path / "a.parquet", label),
        "a folder of such": folder,
        "without numbers": prepared_file(tmp_path / "b.parquet", label, "334510 AS industry"),
        "without label": prepared_file(tmp_path / "c.parquet", "'other': '1'"),
        "CSV": table,
    }
    assert [name for name, path in found.items() if is_prepared_file(connection, path)] == [
        "prepared",
        "a folder of such",
    ]


def test_a_table_is_read_as_of_today_or_of_a_day_to_come() -> None:
    today = dt.date.today()  # noqa: DTZ011
    later = today + dt.timedelta(days=400)
    assert read_on(dt.date(2023, 1, 1)) == today
    assert read_on(later) == later


def test_limits_are_those_of_the_connection(tmp_path: Path) -> None:
    connection = connect("1GB", 1, tmp_path / "spill")
    names = ("threads", "temp_directory", "memory_limit", "preserve_insertion_order")
    said = connection.execute(f"SELECT {', '.join(f'current_setting({n!r})' for n in names)}").fetchone()
    # DuckDB tells a limit of 10^9 bytes in units of 1024.
    assert said == (1, str(tmp_path / "spill"), "953.6 MiB", True)


def test_files_are_taken_as_they_are_and_a_folder_with_all_in_it(tmp_path: Path) -> None:
    connection = duckdb.connect()
    assert as_path("a.csv", connection, tmp_path) == Path("a.csv")
    (tmp_path / "in").mkdir()
    for name in ("b.parquet", "in/a.parquet"):
        (tmp_path / name).touch()
    assert files_of(tmp_path) == [tmp_path / "b.parquet", tmp_path / "in" / "a.parquet"]
    assert files_of(tmp_path / "b.parquet") == [tmp_path / "b.parquet"]
