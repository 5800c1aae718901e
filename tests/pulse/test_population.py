"""Making a population: the same whoever makes it, whole or not at all, going on where it was stopped."""

from __future__ import annotations

import csv
import datetime as dt
import fcntl
import hashlib
import resource
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import duckdb
import pytest

from yiqi.law.tree import Law
from yiqi.pulse import parts
from yiqi.pulse import request as requests
from yiqi.pulse.allocation import allocate
from yiqi.pulse.fit import Fit
from yiqi.pulse.parts import Progress, plan
from yiqi.pulse.population import Population, make
from yiqi.pulse.readable import LABEL
from yiqi.pulse.request import PopulationError, Request, check
from yiqi.pulse.working_folder import move_into_place
from yiqi.screening.preparing import prepare


def fingerprint(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def rows(path: Path) -> list[tuple[object, ...]]:
    return duckdb.sql(f"SELECT * FROM read_parquet('{path}') ORDER BY row").fetchall()


class StoppedError(Exception):
    """What a test stops a run with."""


def stop_after(count: int) -> Progress:
    def progress(stage: str, done: int, _rows: int) -> None:
        if stage == "draw" and done >= count:
            raise StoppedError

    return progress


@contextmanager
def no_file_beyond(size: int) -> Iterator[None]:
    """Files cannot grow past ``size`` bytes: what a full disk looks like to a program."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_the_same_file_under_any_number_of_threads(law: Law, fitted: Fit, request_at: Request, made: Population):
    make(law, request_at, fitted=fitted, threads=3)
    assert fingerprint(request_at.output) == fingerprint(made.request.output)


def test_a_row_is_the_same_whichever_part_it_lies_in(
    law: Law, fitted: Fit, request_at: Request, made: Population, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(parts, "FILE_ROWS", 1_100)
    make(law, request_at, fitted=fitted)
    assert rows(request_at.output) == rows(made.request.output)


def test_another_seed_makes_other_enterprises_with_the_same_totals(
    law: Law, fitted: Fit, request_at: Request, made: Population
):
    other = make(law, replace(request_at, seed=4), fitted=fitted)
    assert rows(made.request.output) != rows(other.request.output)
    for size in range(4):
        counts = {p.tally.total("count", lambda key, s=size: key["size"] == s) for p in (made, other)}
        assert len(counts) == 1


def test_the_file_says_what_it_is(made: Population):
    path = made.request.output
    held = duckdb.sql(f"SELECT decode(key), decode(value) FROM parquet_kv_metadata('{path}')").fetchall()
    metadata = dict(held)
    assert metadata["yiqi.prepared"] == metadata["yiqi.synthetic"] == "1"
    assert (metadata["yiqi.seed"], metadata["yiqi.year"], metadata["yiqi.fitted"]) == ("3", "2025", "2024")
    assert "合成数据" in metadata["yiqi.label"]


def test_parts_of_a_folder_begin_anew_with_each_province(fitted: Fit, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(parts, "FOLDER_ROWS", 1_000)
    allocation = allocate(fitted, 60_000)
    planned = plan(allocation, is_folder=True)
    assert planned[0].name == "part-11-001.parquet"
    assert [part.first for part in planned[1:]] == [part.last + 1 for part in planned[:-1]]
    assert (planned[0].first, planned[-1].last) == (1, 60_000)
    first, count = allocation.provinces[44]
    guangdong = [part for part in planned if part.name.startswith("part-44-")]
    assert (guangdong[0].first, guangdong[-1].last) == (first + 1, first + count)
    assert max(part.rows for part in planned) == 1_000


def test_many_rows_make_a_folder_with_the_same_rows(
    law: Law, fitted: Fit, request_at: Request, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    few = replace(request_at, rows=30)
    make(law, few, fitted=fitted)
    monkeypatch.setattr(requests, "FEW_ROWS", 20)
    folder = replace(few, output=tmp_path / "folder.parquet")
    make(law, folder, fitted=fitted)
    assert all(path.name.startswith("part-") for path in folder.output.iterdir())
    assert rows(folder.output / "*.parquet") == rows(few.output)
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_a_folder_takes_the_place_of_another(tmp_path: Path):
    old, new = tmp_path / "made.parquet", tmp_path / "new"
    for folder in (old, new):
        folder.mkdir()
        (folder / f"part-{folder.name}").write_text("", "utf-8")
    move_into_place(new, old)
    assert [path.name for path in old.iterdir()] == ["part-new"]
    assert [path.name for path in tmp_path.iterdir()] == ["made.parquet"]


def test_a_stopped_run_goes_on_where_it_was(
    law: Law, fitted: Fit, request_at: Request, made: Population, tmp_path: Path
):
    with pytest.raises(StoppedError):
        make(law, request_at, stop_after(1_000), fitted=fitted, threads=1)
    assert not request_at.output.exists()
    population = make(law, request_at, fitted=fitted)
    assert population.resumed == 1_000
    assert fingerprint(request_at.output) == fingerprint(made.request.output)
    assert population.tally.total("count") == request_at.rows
    assert [path.name for path in tmp_path.iterdir()] == ["made.parquet"]


def test_a_run_with_other_settings_starts_afresh_and_a_half_written_part_is_made_again(
    law: Law, fitted: Fit, request_at: Request, tmp_path: Path
):
    working = tmp_path / ".made.parquet.working"
    with pytest.raises(StoppedError):
        make(law, replace(request_at, seed=9), stop_after(1_000), fitted=fitted, threads=1)
    with pytest.raises(StoppedError):
        make(law, request_at, stop_after(500), fitted=fitted, threads=1)
    assert sorted(path.name for path in (working / "parts").iterdir()) == ["part-001.parquet"]
    (working / "drafts" / "part-002.parquet").write_bytes(b"half")
    (working / "tallies" / "part-001.parquet.json").unlink()
    population = make(law, request_at, fitted=fitted)
    assert population.resumed == 0
    assert population.tally.total("count") == request_at.rows


def test_a_full_disk_leaves_the_old_file_and_the_parts(law: Law, fitted: Fit, request_at: Request, made: Population):
    shutil.copy(made.request.output, request_at.output)
    before = fingerprint(request_at.output)
    again = replace(request_at, seed=8, force=True)
    largest = made.request.output.stat().st_size * 2 // 3  # a part goes through, the whole not
    with no_file_beyond(largest), pytest.raises(PopulationError) as caught:
        make(law, again, fitted=fitted)
    assert "could not be written: the file would be larger than is allowed here" in caught.value.message.en
    assert "文件超过允许的大小。原有文件未改动" in caught.value.message.zh
    assert fingerprint(request_at.output) == before
    assert make(law, again, fitted=fitted).resumed == again.rows
    assert fingerprint(request_at.output) != before


def test_two_runs_do_not_write_the_same_output(law: Law, fitted: Fit, request_at: Request, tmp_path: Path):
    working = tmp_path / ".made.parquet.working"
    working.mkdir()
    with (working / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(PopulationError, match="another run is writing"):
            make(law, request_at, fitted=fitted)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"rows": 0}, "at least 1"),
        ({"rows": -5}, "at least 1"),
        ({"rows": 16**7}, "too many"),
        ({"output": Path("made.feather")}, "must end in"),
        ({"output": Path("made.xlsx"), "rows": 1_048_575}, "do not fit an Excel sheet"),
        ({"output": Path("/nowhere/made.parquet")}, "there is no folder"),
        ({"rows": 250_000_000}, "GB free"),
    ],
)
def test_what_cannot_be_made_is_said_before_anything_is_written(
    request_at: Request, changes: dict[str, object], said: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(requests.shutil, "disk_usage", lambda _path: SimpleNamespace(free=10**10))
    with pytest.raises(PopulationError) as caught:
        check(replace(request_at, **changes))  # type: ignore[arg-type]
    assert said in caught.value.message.en
    assert caught.value.message.zh != caught.value.message.en


def test_what_is_there_is_not_replaced_unless_asked(request_at: Request):
    request_at.output.write_text("mine", "utf-8")
    with pytest.raises(PopulationError, match="--force"):
        check(request_at)
    check(replace(request_at, force=True))


def test_a_folder_with_other_files_is_left_alone(request_at: Request):
    request_at.output.mkdir()
    (request_at.output / "notes.txt").write_text("mine", "utf-8")
    with pytest.raises(PopulationError, match="other files"):
        check(replace(request_at, force=True))


@pytest.mark.parametrize("ending", [".csv", ".xlsx"])
def test_a_readable_table_is_read_back_as_the_prepared_one(
    law: Law, fitted: Fit, request_at: Request, made: Population, tmp_path: Path, ending: str
):
    readable = replace(request_at, output=tmp_path / f"readable{ending}")
    make(law, readable, fitted=fitted)
    connection = duckdb.connect()
    (tmp_path / "work").mkdir()
    read = prepare(connection, readable.output, law.vocabulary, on=dt.date(2026, 11, 23), folder=tmp_path / "work")
    assert [d.render("en") for d in read.errors] == []
    names = ", ".join(column.name for column in made.columns)
    expected = connection.execute(f"SELECT {names} FROM '{made.request.output}' ORDER BY row").fetchall()
    found = connection.execute(f"SELECT {names} FROM {read.required().source} ORDER BY row").fetchall()
    assert found == expected


def test_a_csv_says_first_that_it_is_made_up(law: Law, fitted: Fit, request_at: Request, tmp_path: Path):
    readable = replace(request_at, rows=50, output=tmp_path / "readable.csv")
    make(law, readable, fitted=fitted)
    text = readable.output.read_text("utf-8-sig")
    assert text.splitlines()[0] == LABEL
    assert LABEL.startswith("合成数据")
    headings = next(csv.reader(text.splitlines()[1:]))
    assert "2025年营业收入（万元）" in headings and "企业名称" in headings
    assert len(text.splitlines()) == 52


@pytest.mark.parametrize("count", [1, 2, 40])
def test_very_few_rows_are_a_population_too(law: Law, fitted: Fit, request_at: Request, count: int):
    population = make(law, replace(request_at, rows=count), fitted=fitted)
    assert len(rows(request_at.output)) == count == population.tally.total("count")
