"""A run in parts: one that was stopped goes on, one that would be another starts afresh, and how it is cut up shows in no
answer."""

from __future__ import annotations

import datetime as dt
import json
import os
import signal
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from screening.judged import judge, program_for, random_table, rows_of
from yiqi.law.library import default_folder, load
from yiqi.screening.prepared import Column, Prepared
from yiqi.screening.program import Program
from yiqi.screening.results import answers
from yiqi.screening.running import MANIFEST, Result, parts_source, read_manifest, run
from yiqi.screening.screened import screen_table

ON = dt.date(2026, 11, 23)
SCHEMES = ("size", "ladder.specialised_sme")
ROOT = Path(__file__).parents[2]


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(config={"threads": 1}) as connection:
        yield connection


@pytest.fixture
def table(connection: duckdb.DuckDBPyConnection) -> Prepared:
    return random_table(connection, ON, "new", 50)


def screen(
    connection: duckdb.DuckDBPyConnection, table: Prepared, folder: Path, part_rows: int = 10, **options: Any
) -> Result:
    program = options.pop("program", None) or program_for(ON, "new", SCHEMES)
    return run(connection, program, table, folder, part_rows=part_rows, reasons=True, near=True, **options)


def parts(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.glob("part-*"))}


# -- going on --------------------------------------------------------------------------------------------------------------


class StoppedError(Exception):
    """What stops a run in a test."""


def stopping_at(share: float) -> Callable[[float], None]:
    def progress(done: float) -> None:
        if done >= share:
            raise StoppedError

    return progress


def test_a_run_that_was_stopped_goes_on_where_it_was(
    tmp_path: Path, connection: duckdb.DuckDBPyConnection, table: Prepared
) -> None:
    whole = parts(screen(connection, table, tmp_path / "whole").folder)
    assert list(whole) == [f"part-{i:05d}.parquet" for i in range(5)]
    folder = tmp_path / "stopped"
    with pytest.raises(StoppedError):
        screen(connection, table, folder, progress=stopping_at(0.41))
    # Two parts of five are whole, and nothing half written is left.
    assert list(parts(folder)) == ["part-00000.parquet", "part-00001.parquet"]
    (folder / "part-00000.parquet").write_bytes(b"a part that is there is not made again")
    screen(connection, table, folder)
    done = parts(folder)
    assert done.pop("part-00000.parquet") == b"a part that is there is not made again"
    assert done == {name: content for name, content in whole.items() if name != "part-00000.parquet"}


KILLED = """
import datetime as dt, os, signal, sys
from pathlib import Path
import duckdb
from screening.judged import program_for
from yiqi.screening.prepared import Prepared, column_for
from yiqi.screening.running import run

connection = duckdb.connect(config={"threads": 1})
program = program_for(dt.date(2026, 11, 23), "new", ("size", "ladder.specialised_sme"))
table = Prepared(f"read_parquet('{sys.argv[1]}')", program.table_columns, 50)

def progress(share):
    if share >= 0.4:
        os.kill(os.getpid(), signal.SIGKILL)

run(connection, program, table, Path(sys.argv[2]), part_rows=10, reasons=True, near=True, progress=progress)
"""


def test_a_run_that_was_killed_gives_what_a_run_at_one_go_gives(
    tmp_path: Path, connection: duckdb.DuckDBPyConnection, table: Prepared
) -> None:
    file = tmp_path / "table.parquet"
    connection.execute(f"COPY {table.source} TO '{file}' (FORMAT parquet)")
    script = tmp_path / "killed.py"
    script.write_text(KILLED, encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT / 'tests'}"}
    folder = tmp_path / "parts"
    done = subprocess.run([sys.executable, str(script), str(file), str(folder)], env=environment, check=False)
    assert done.returncode == -signal.SIGKILL
    assert 0 < len(parts(folder)) < 5
    kept = {path.name: path.stat().st_mtime_ns for path in folder.glob("part-*.parquet")}
    lying = replace(table, source=f"read_parquet('{file}')")
    result = screen(connection, lying, folder)
    assert parts(folder) == parts(screen(connection, lying, tmp_path / "whole").folder)
    for name, time in kept.items():
        assert (result.folder / name).stat().st_mtime_ns == time


def test_what_was_half_written_is_not_taken_for_a_part(
    tmp_path: Path, connection: duckdb.DuckDBPyConnection, table: Prepared
) -> None:
    whole = parts(screen(connection, table, tmp_path / "whole").folder)
    result = screen(connection, table, tmp_path / "killed")
    (result.folder / "part-00003.parquet").replace(result.folder / "part-00003.parquet.part")
    screen(connection, table, tmp_path / "killed")
    assert parts(tmp_path / "killed") == whole


# -- starting afresh -------------------------------------------------------------------------------------------------------

MARK = b"of the run before"


def is_used_again(folder: Path, again: Callable[[], Result]) -> bool:
    """Whether a second run takes the parts of the first for its own."""
    (folder / "part-00000.parquet").write_bytes(MARK)
    again()
    return (folder / "part-00000.parquet").read_bytes() == MARK


def edited_law(folder: Path, file: str, old: str, new: str) -> Path:
    """A copy of the law with one place changed."""
    import shutil

    shutil.copytree(default_folder(), folder)
    text = (folder / file).read_text(encoding="utf-8")
    assert text.count(old) == 1
    (folder / file).write_text(text.replace(old, new), encoding="utf-8")
    return folder


def test_a_run_starts_afresh_when_its_table_its_day_or_what_is_asked_has_changed(
    tmp_path: Path, connection: duckdb.DuckDBPyConnection, table: Prepared
) -> None:
    source = tmp_path / "table.csv"
    source.write_text("甲\n", encoding="utf-8")
    folder = tmp_path / "parts"
    program = program_for(ON, "new", ("size",))
    other_day = Program(judge(), ON + dt.timedelta(days=1), "new", program.schemes, program.table_columns)
    other_procedure = Program(judge(), ON, "re_review", program.schemes, program.table_columns)
    fewer = Program(judge(), ON, "new", program.schemes[:1], program.table_columns)

    def again(**changed: Any) -> Result:
        how: dict[str, Any] = {"inputs": [source], "headings": [("人数", "employees_2025", None)], "program": program}
        how |= {"table": table, "part_rows": 25} | changed
        return screen(connection, how.pop("table"), folder, **how)

    again()
    assert is_used_again(folder, again)
    changes: dict[str, dict[str, Any]] = {
        "day": {"program": other_day},
        "procedure": {"program": other_procedure},
        "schemes": {"program": fewer},
        "parts": {"part_rows": 20},
        "headings": {"headings": [("人员", "employees_2025", None)]},
        "rows": {"table": replace(table, rows=51)},
        "columns": {"table": _without(table, "industry")},
        "files": {"inputs": []},
    }
    used = {what: is_used_again(folder, lambda changed=changed: again(**changed)) for what, changed in changes.items()}
    assert used == dict.fromkeys(changes, False)
    again()
    source.write_text("乙\n", encoding="utf-8")
    os.utime(source, ns=(1, 1))
    assert not is_used_again(folder, again)


def _without(table: Prepared, name: str) -> Prepared:
    return replace(table, columns={n: c for n, c in table.columns.items() if n != name})


def test_a_run_starts_afresh_when_the_law_has_changed(
    tmp_path: Path, connection: duckdb.DuckDBPyConnection, table: Prepared
) -> None:
    from yiqi.judge.judge import Judge

    # Item 2 of the annex: operating revenue of at least 15 million yuan.
    folder = edited_law(
        tmp_path / "law", "ladder/miit-2026-2.md", "operating_revenue >= 1500万元", "operating_revenue >= 1600万元"
    )
    other = Program(Judge(load(folder)), ON, "new", program_for(ON, "new", SCHEMES).schemes, table.columns)
    made = tmp_path / "parts"
    screen(connection, table, made)
    assert not is_used_again(made, lambda: screen(connection, table, made, program=other))


def test_a_manifest_that_cannot_be_read_is_none(tmp_path: Path, connection: duckdb.DuckDBPyConnection) -> None:
    table = random_table(connection, ON, "new", 5)
    folder = tmp_path / "parts"
    screen(connection, table, folder)
    manifest = read_manifest(folder)
    assert manifest is not None and manifest["on"] == "2026-11-23"
    for content in ("{", "[]", ""):
        (folder / MANIFEST).write_text(content, encoding="utf-8")
        assert not is_used_again(folder, lambda: screen(connection, table, folder))
        assert json.loads((folder / MANIFEST).read_text(encoding="utf-8")) == manifest


# -- the bounds of a run ---------------------------------------------------------------------------------------------------


def test_a_table_without_rows_has_a_result_without_rows(
    tmp_path: Path, connection: duckdb.DuckDBPyConnection, table: Prepared
) -> None:
    connection.execute("CREATE TABLE nothing AS FROM enterprises LIMIT 0")
    result = screen(connection, replace(table, source="nothing", rows=0), tmp_path)
    assert connection.sql(f"FROM {result.source}").fetchall() == []
    columns = answers(connection, result, "ids").columns
    assert columns[0] == "row"
    assert "industry" in columns


def test_progress_never_falls_and_ends_at_one(
    tmp_path: Path, connection: duckdb.DuckDBPyConnection, table: Prepared
) -> None:
    told: list[float] = []
    screen(connection, table, tmp_path, progress=told.append)
    assert told == sorted(told)
    assert told[-1] == 1.0
    # A part that is there already is told as done.
    again: list[float] = []
    screen(connection, table, tmp_path, progress=again.append)
    assert again == [0.2, 0.4, 0.6, 0.8, 1.0]


def test_a_disk_that_is_full_leaves_the_parts_that_are_whole(
    tmp_path: Path, connection: duckdb.DuckDBPyConnection, table: Prepared, monkeypatch: pytest.MonkeyPatch
) -> None:
    rename = Path.replace
    done: list[str] = []

    def full(path: Path, target: Path) -> Path:
        if len(done) == 3:
            raise OSError(28, "No space left on device")
        done.append(path.name)
        return rename(path, target)

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OSError, match="No space left"):
        screen(connection, table, tmp_path)
    assert list(parts(tmp_path)) == [f"part-{i:05d}.parquet" for i in range(3)]
    monkeypatch.undo()
    assert connection.sql(f"FROM {screen(connection, table, tmp_path).source}").count("*").fetchall() == [(50,)]


# -- in any order ----------------------------------------------------------------------------------------------------------


@cache
def named() -> tuple[duckdb.DuckDBPyConnection, Prepared, Program]:
    """Sixty enterprises with names."""
    connection = duckdb.connect()
    drawn = random_table(connection, ON, "new", 60, "sixty")
    connection.execute("CREATE TABLE named AS SELECT *, 'no. ' || row AS name FROM sixty")
    table = Prepared("named", {**drawn.columns, "name": Column(judge().law.vocabulary["name"])}, 60)
    return connection, table, Program(judge(), ON, "new", program_for(ON, "new", SCHEMES).schemes, table.columns)


@pytest.fixture(scope="module")
def at_one_go(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    connection, table, program = named()
    connection.execute("SET threads = 1")
    return by_name(connection, screen(connection, table, tmp_path_factory.mktemp("whole"), 60, program=program))


def by_name(connection: duckdb.DuckDBPyConnection, result: Result) -> dict[str, dict[str, Any]]:
    rows = rows_of(answers(connection, result, "ids"))
    found = {row.pop("name"): {key: value for key, value in row.items() if key != "row"} for row in rows}
    assert len(found) == len(rows)
    return found


@settings(max_examples=12, deadline=None)
@given(order=st.permutations(range(1, 61)), part_rows=st.integers(12, 70), threads=st.integers(1, 4))
def test_the_order_the_parts_and_the_threads_show_in_no_answer(
    tmp_path_factory: pytest.TempPathFactory,
    at_one_go: dict[str, dict[str, Any]],
    order: list[int],
    part_rows: int,
    threads: int,
) -> None:
    connection, table, program = named()
    connection.execute(f"SET threads = {threads}")
    connection.execute(
        f"CREATE OR REPLACE TABLE other AS SELECT * REPLACE ({order}[row] AS row) FROM named ORDER BY {order}[row]"
    )
    other = replace(table, source="other")
    result = screen(connection, other, tmp_path_factory.mktemp("other"), part_rows, program=program)
    assert len(parts(result.folder)) == -(-60 // part_rows)
    assert by_name(connection, result) == at_one_go


# -- the whole way from a file ---------------------------------------------------------------------------------------------


def test_a_heading_that_is_read_otherwise_starts_the_run_afresh(tmp_path: Path) -> None:
    """The same file, the same columns, the same query: only what a heading is said to mean has changed."""
    table = tmp_path / "table.csv"
    table.write_text("企业名称,行业代码,甲,乙\n杭州甲厂,C3451,10,300\n", encoding="utf-8")

    def employees(names: dict[str, str]) -> list[object]:
        found = screen_table(
            table,
            judge(),
            on=ON,
            schemes=["size.class"],
            names={**names, "行业代码": "industry"},
            folder=tmp_path / "kept",
        )
        return [row["size.class.possible"] for row in rows_of(found.relation)]

    # 10 people: micro. 300 people are not fewer than 300, so the revenue, which is unknown, decides between four classes.
    first = employees({"甲": "employees_2025", "乙": "-"})
    second = employees({"甲": "-", "乙": "employees_2025"})
    assert first != second
    assert first == ["micro"]


def test_the_parts_are_found_under_any_name_of_a_folder(
    tmp_path: Path, connection: duckdb.DuckDBPyConnection, table: Prepared
) -> None:
    folder = tmp_path / "a[1] * 'b'?"
    result = screen(connection, table, folder)
    assert connection.sql(f"FROM {parts_source(result.folder)}").count("*").fetchall() == [(50,)]


def test_a_run_can_be_interrupted_from_the_keyboard(tmp_path: Path) -> None:
    """Ctrl-C stops the statement that is under way, not only the wait between two parts."""
    script = textwrap.dedent("""
        import os, signal, threading, duckdb
        from pathlib import Path
        from yiqi.screening.running import write_parquet
        connection = duckdb.connect()
        threading.Timer(0.5, lambda: os.kill(os.getpid(), signal.SIGINT)).start()
        try:
            write_parquet(connection, "SELECT sum(a.i * b.i) FROM range(300000) a(i), range(300000) b(i)",
                          Path("out.parquet"), progress=lambda share: None)
        except KeyboardInterrupt:
            print("interrupted", sorted(p.name for p in Path().iterdir()))
    """)
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.stdout == "interrupted []\n", done.stderr
