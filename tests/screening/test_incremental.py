"""A run that takes over what is the same gives what a whole run gives, row for row, and says what it took over."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pytest

from screening.judged import judge, program_for, random_table, rows_of
from yiqi.judge.judge import Judge
from yiqi.law.library import default_folder, load
from yiqi.screening.incremental import CURRENT, LAST, NEXT, Kept, RowsNotUniqueError, run_kept
from yiqi.screening.prepared import Prepared
from yiqi.screening.program import Program
from yiqi.screening.results import answers
from yiqi.screening.running import run

ON = dt.date(2026, 11, 23)
SCHEMES = ("size.class", "size.sme", "ladder.technology_sme", "ladder.single_champion")
ROWS = 24


@pytest.fixture(scope="module")
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(config={"threads": 1}) as connection:
        yield connection


@pytest.fixture(scope="module")
def table(connection: duckdb.DuckDBPyConnection) -> Prepared:
    return random_table(connection, ON, "new", ROWS)


@pytest.fixture
def program() -> Program:
    return program_for(ON, "new", SCHEMES)


def keep(
    connection: duckdb.DuckDBPyConnection, program: Program, table: Prepared, folder: Path, **options: Any
) -> Kept:
    return run_kept(connection, program, table, folder, reasons=True, near=True, **options)


def says_what_a_whole_run_says(
    connection: duckdb.DuckDBPyConnection, program: Program, table: Prepared, kept: Kept, folder: Path
) -> bool:
    whole = run(connection, program, table, folder / "whole", reasons=True, near=True)
    expected = rows_of(answers(connection, whole, "ids"))
    found = rows_of(answers(connection, kept.result, "ids"))
    shutil.rmtree(folder / "whole")
    assert len(expected) == table.rows
    return found == expected


def changed(connection: duckdb.DuckDBPyConnection, table: Prepared, name: str, sql: str) -> Prepared:
    """The table after a change, given as a query over ``t`` with an ``old_row`` that tells the order."""
    names = ", ".join(f'"{name}"' for name in table.columns)
    connection.execute(
        f"CREATE OR REPLACE TABLE {name} AS SELECT row_number() OVER (ORDER BY old_row) AS row, {names}"
        f" FROM (WITH t AS (SELECT row AS old_row, {names} FROM {table.source}) {sql})"
    )
    ((rows,),) = connection.execute(f"SELECT count(*) FROM {name}").fetchall()
    return replace(table, source=name, rows=rows)


# -- enterprises that change -----------------------------------------------------------------------------------------------

THREE = "CASE WHEN old_row IN (2, 11, 24) THEN 123456789 ELSE operating_revenue_2025 END AS operating_revenue_2025"


@pytest.mark.parametrize(
    ("change", "known"),
    [
        (f"SELECT * REPLACE ({THREE}) FROM t", ROWS - 3),
        ("FROM t UNION ALL BY NAME SELECT * REPLACE (-old_row AS old_row, 77700 AS total_assets_2025) FROM t WHERE old_row <= 2",
         ROWS),
        ("FROM t WHERE old_row NOT IN (1, 7, 24)", ROWS - 3),
        (f"SELECT * REPLACE ({THREE}, 100 - old_row AS old_row) FROM t WHERE old_row > 4", ROWS - 4 - 2),
        ("FROM t", ROWS),
        ("FROM t LIMIT 0", 0),
    ],
    ids=["three changed", "two on top", "three gone", "some gone, some changed, in reverse", "none", "all gone"],
)  # fmt: skip
def test_after_a_change_of_enterprises(
    tmp_path: Path, connection: duckdb.DuckDBPyConnection, program: Program, table: Prepared, change: str, known: int
) -> None:
    first = keep(connection, program, table, tmp_path)
    assert (first.known, first.same_schemes) == (0, ())
    after = changed(connection, table, "after", change)
    # Facts that happened to be the same before would be known as well: there are none.
    ((distinct,),) = connection.execute(
        f"SELECT count(*) FROM (SELECT DISTINCT * EXCLUDE (row) FROM {table.source})"
    ).fetchall()
    assert distinct == ROWS
    second = keep(connection, program, after, tmp_path, part_rows=9)
    assert (second.known, second.same_schemes) == (known, SCHEMES)
    assert says_what_a_whole_run_says(connection, program, after, second, tmp_path)
    assert sorted(p.name for p in tmp_path.iterdir()) == [CURRENT]


def test_enterprises_with_the_same_facts_have_the_same_answers(
    tmp_path: Path, connection: duckdb.DuckDBPyConnection, program: Program, table: Prepared
) -> None:
    twins = changed(
        connection, table, "twins", "FROM t UNION ALL FROM t WHERE old_row IN (3, 4) UNION ALL FROM t WHERE old_row = 3"
    )
    keep(connection, program, twins, tmp_path)
    again = keep(connection, program, twins, tmp_path)
    assert again.known == ROWS + 3
    assert says_what_a_whole_run_says(connection, program, twins, again, tmp_path)
    # One of the twins changes: the others are still known.
    one = "CASE WHEN old_row = 3 THEN 123456789 ELSE total_assets_2025 END AS total_assets_2025"
    parted = changed(connection, twins, "parted", f"SELECT * REPLACE ({one}) FROM t")
    last = keep(connection, program, parted, tmp_path)
    assert last.known == ROWS + 2
    assert says_what_a_whole_run_says(connection, program, parted, last, tmp_path)


def test_a_name_or_a_code_is_no_fact_that_decides(
    tmp_path: Path, connection: duckdb.DuckDBPyConnection, table: Prepared
) -> None:
    from yiqi.screening.prepared import Column

    vocabulary = judge().law.vocabulary
    columns = {**table.columns, "name": Column(vocabulary["name"])}
    program = Program(judge(), ON, "new", SCHEMES, columns)
    for name, sql in (("before", "'甲' || row"), ("after", "CASE row WHEN 5 THEN NULL ELSE '乙' || row END")):
        connection.execute(f"CREATE OR REPLACE TABLE {name} AS SELECT *, {sql} AS name FROM {table.source}")
    keep(connection, program, replace(table, source="before", columns=columns), tmp_path)
    after = replace(table, source="after", columns=columns)
    second = keep(connection, program, after, tmp_path)
    assert second.known == ROWS
    # What is known of an enterprise is taken over, its name is the one of today.
    assert says_what_a_whole_run_says(connection, program, after, second, tmp_path)


def test_another_column_makes_every_enterprise_new(
    tmp_path: Path, connection: duckdb.DuckDBPyConnection, program: Program, table: Prepared
) -> None:
    columns = {name: column for name, column in table.columns.items() if name != "industry"}
    without = Program(judge(), ON, "new", SCHEMES, columns)
    keep(connection, without, replace(table, columns=columns), tmp_path)
    second = keep(connection, program, table, tmp_path)
    assert (second.known, second.same_schemes) == (0, ())
    assert says_what_a_whole_run_says(connection, program, table, second, tmp_path)


def test_rows_that_are_numbered_alike_are_refused(
    tmp_path: Path, connection: duckdb.DuckDBPyConnection, program: Program, table: Prepared
) -> None:
    # Two prepared files, each numbered from 1, in one folder.
    connection.execute(f"CREATE OR REPLACE TABLE alike AS FROM {table.source} UNION ALL FROM {table.source}")
    alike = replace(table, source="alike", rows=2 * ROWS)
    keep(connection, program, alike, tmp_path)
    with pytest.raises(RowsNotUniqueError):
        keep(connection, program, alike, tmp_path)
    assert sorted(p.name for p in tmp_path.iterdir()) == [CURRENT]


# -- a law that changes ----------------------------------------------------------------------------------------------------


def edited(folder: Path, file: str, old: str, new: str) -> Judge:
    """A judge under the law with one place of one file changed."""
    shutil.copytree(default_folder(), folder)
    text = (folder / file).read_text(encoding="utf-8")
    assert text.count(old) == 1
    (folder / file).write_text(text.replace(old, new), encoding="utf-8")
    return Judge(load(folder))


@pytest.mark.parametrize(
    ("file", "old", "new", "same"),
    [
        ("ladder/miit-2023-138.md", "mean(main_revenue, 3 years) >= 4亿元", "mean(main_revenue, 3 years) >= 5亿元",
         ("size.class", "size.sme", "ladder.technology_sme")),
        ("ladder/most-2017-115.md", "operating_revenue <= 2亿元", "operating_revenue <= 3亿元",
         ("size.class", "size.sme", "ladder.single_champion")),
        # What a person reads is no rule.
        ("ladder/miit-2023-138.md", "近3年主营业务收入平均4亿元以上；", "近3年主营业务收入平均四亿元以上；", SCHEMES),
    ],
    ids=["sales of the single champion", "limit of the technology-based SME", "a sentence"],
)  # fmt: skip
def test_after_a_change_of_a_law_file(
    tmp_path: Path, connection: duckdb.DuckDBPyConnection, program: Program, table: Prepared,
    file: str, old: str, new: str, same: tuple[str, ...],
) -> None:  # fmt: skip
    keep(connection, program, table, tmp_path / "kept")
    other = Program(edited(tmp_path / "law", file, old, new), ON, "new", SCHEMES, table.columns)
    after = changed(connection, table, "after", f"SELECT * REPLACE ({THREE}) FROM t")
    second = keep(connection, other, after, tmp_path / "kept")
    assert (second.known, second.same_schemes) == (ROWS - 3, same)
    assert says_what_a_whole_run_says(connection, other, after, second, tmp_path)


def test_after_a_scheme_is_added_and_one_is_left_out(
    tmp_path: Path, connection: duckdb.DuckDBPyConnection, table: Prepared
) -> None:
    one = program_for(ON, "new", ("size", "ladder.technology_sme"))
    keep(connection, one, table, tmp_path)
    more = program_for(ON, "new", SCHEMES)
    second = keep(connection, more, table, tmp_path)
    assert (second.known, second.same_schemes) == (ROWS, ("size.class", "size.sme", "ladder.technology_sme"))
    assert says_what_a_whole_run_says(connection, more, table, second, tmp_path)
    other = program_for(ON, "new", ("ladder.single_champion", "size.sme"))
    third = keep(connection, other, table, tmp_path)
    assert third.same_schemes == ("ladder.single_champion", "size.sme")
    assert says_what_a_whole_run_says(connection, other, table, third, tmp_path)


def test_classes_that_stand_on_other_bits_are_not_taken_over(
    tmp_path: Path, connection: duckdb.DuckDBPyConnection, table: Prepared
) -> None:
    """Two schemes that give classes share the bits of one number, and which of them is asked first gives the order."""
    keep(connection, program_for(ON, "new", ("size.class",)), table, tmp_path)
    both = program_for(ON, "new", ("digital.level", "size.class"))
    second = keep(connection, both, table, tmp_path)
    assert says_what_a_whole_run_says(connection, both, table, second, tmp_path)


def test_on_another_day_and_for_another_procedure(
    tmp_path: Path, connection: duckdb.DuckDBPyConnection, program: Program, table: Prepared
) -> None:
    keep(connection, program, table, tmp_path)
    next_year = Program(judge(), dt.date(2027, 3, 1), "new", SCHEMES, table.columns)
    second = keep(connection, next_year, table, tmp_path)
    # The figures of 2026 count then: everything is to be decided anew.
    assert second.same_schemes == ()
    assert says_what_a_whole_run_says(connection, next_year, table, second, tmp_path)
    # A month later no other rule counts, and a re-review has no rule for the single champion.
    re_review = Program(judge(), dt.date(2027, 4, 1), "re_review", SCHEMES, table.columns)
    third = keep(connection, re_review, table, tmp_path)
    assert third.same_schemes == ("size.class", "size.sme", "ladder.technology_sme")
    assert says_what_a_whole_run_says(connection, re_review, table, third, tmp_path)


# -- runs that are stopped -------------------------------------------------------------------------------------------------


class StoppedError(Exception):
    """What stops a run in a test."""


def stop(share: float) -> None:
    if share > 0.5:
        raise StoppedError


def test_a_kept_run_that_was_stopped_goes_on(
    tmp_path: Path, connection: duckdb.DuckDBPyConnection, program: Program, table: Prepared
) -> None:
    keep(connection, program, table, tmp_path)
    after = changed(connection, table, "after", f"SELECT * REPLACE ({THREE}) FROM t")
    with pytest.raises(StoppedError):
        keep(connection, program, after, tmp_path, part_rows=6, progress=stop)
    done = sorted((tmp_path / NEXT).glob("part-*.parquet"))
    assert [p.name for p in done] == ["part-00000.parquet", "part-00001.parquet"]
    times = [p.stat().st_mtime_ns for p in done]
    second = keep(connection, program, after, tmp_path, part_rows=6)
    assert [(tmp_path / CURRENT / p.name).stat().st_mtime_ns for p in done] == times
    assert second.known == ROWS - 3
    assert says_what_a_whole_run_says(connection, program, after, second, tmp_path)


def test_a_run_that_was_killed_between_its_two_renames_loses_nothing(
    tmp_path: Path, connection: duckdb.DuckDBPyConnection, program: Program, table: Prepared
) -> None:
    keep(connection, program, table, tmp_path)
    (tmp_path / CURRENT).rename(tmp_path / LAST)
    second = keep(connection, program, table, tmp_path)
    assert second.known == ROWS
    assert sorted(p.name for p in tmp_path.iterdir()) == [CURRENT]
    # Killed behind the second one: the run before is still there and no longer needed.
    shutil.copytree(tmp_path / CURRENT, tmp_path / LAST)
    assert keep(connection, program, table, tmp_path).known == ROWS
    assert sorted(p.name for p in tmp_path.iterdir()) == [CURRENT]


def test_a_folder_of_something_else_is_no_earlier_run(
    tmp_path: Path, connection: duckdb.DuckDBPyConnection, program: Program, table: Prepared
) -> None:
    (tmp_path / CURRENT).mkdir()
    (tmp_path / CURRENT / "manifest.json").write_text('{"facts": "none"}', encoding="utf-8")
    first = keep(connection, program, table, tmp_path)
    assert (first.known, first.same_schemes) == (0, ())
    assert says_what_a_whole_run_says(connection, program, table, first, tmp_path)
