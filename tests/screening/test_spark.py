"""The Spark engine as far as no Spark is needed: which Java, which address, and an old result that stays until the new one is
whole. ``tests/proofs/test_screening_engines.py`` runs it on a cluster."""

from __future__ import annotations

import os
import threading
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from yiqi.screening import spark
from yiqi.screening.spark import _check_java, _no_pattern, _replace, _watched, address
from yiqi.screening.spark_errors import SparkError

posix = pytest.mark.skipif(os.name == "nt", reason="the stand-in for Java is a shell script")


def a_java(folder: Path, says: str, code: int = 0) -> Path:
    """A program named java that says what ``java -version`` might, in the place where JAVA_HOME has it."""
    program = folder / "bin" / "java"
    program.parent.mkdir()
    program.write_text(f"#!/bin/sh\ncat >&2 <<'END'\n{says}\nEND\nexit {code}\n", encoding="utf-8")
    program.chmod(0o755)
    return program


@posix
@pytest.mark.parametrize("says", ['openjdk version "17.0.15" 2025-04-15', 'java version "21" 2023-09-19 LTS'])
def test_java_17_and_newer_will_do(says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    a_java(tmp_path, says)
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    _check_java()


@posix
@pytest.mark.parametrize(
    ("says", "version"), [('java version "1.8.0_402"', "Java 8"), ('openjdk version "11.0.22" 2024-01-16', "Java 11")]
)
def test_an_older_java_is_named(says: str, version: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = a_java(tmp_path, says)
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    with pytest.raises(SparkError) as found:
        _check_java()
    for said in (found.value.message.en, found.value.message.zh):
        assert f"{program}" in said
        assert version in said
        assert "openjdk-17-jre-headless" in said


@posix
def test_a_java_that_does_not_run_is_told_with_its_first_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    a_java(tmp_path, "Error: could not find libjava.so\nError: Could not find Java SE Runtime Environment.", code=2)
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    with pytest.raises(SparkError) as found:
        _check_java()
    assert str(found.value).endswith("does not run: Error: could not find libjava.so")


def test_no_java_is_told_with_where_it_was_looked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    with pytest.raises(SparkError) as found:
        _check_java()
    assert f"in JAVA_HOME ({tmp_path})" in found.value.message.en
    assert f"JAVA_HOME（{tmp_path}）中" in found.value.message.zh
    monkeypatch.delenv("JAVA_HOME")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SparkError, match="on the path"):
        _check_java()


@pytest.mark.parametrize(
    "place", ["hdfs://n/t", "s3a://bucket/企业 2025/", "file:/data/t.parquet", "t/that/is/not/here"]
)
def test_an_address_of_the_cluster_stays_as_it_is(place: str) -> None:
    assert address(place) == place


def test_a_path_of_this_machine_becomes_an_address(tmp_path: Path) -> None:
    table = tmp_path / "企业 表.parquet"
    table.touch()
    assert address(table) == address(str(table)) == f"file://{tmp_path}/企业 表.parquet"


def test_brackets_and_stars_in_a_name_are_no_pattern() -> None:
    assert _no_pattern("file:///a[1]/{b}*?.parquet") == r"file:///a\[1\]/\{b\}\*\?.parquet"
    assert _no_pattern("s3a://bucket/t") == "s3a://bucket/t"


class Files:
    """A file system of names with contents, of which the moves to some names fail."""

    def __init__(self, held: dict[str, str], *refused: str) -> None:
        self.held = held
        self.refused = set(refused)

    def exists(self, name: str) -> bool:
        return name in self.held

    def delete(self, name: str, _recursive: bool) -> bool:
        return self.held.pop(name, None) is not None

    def rename(self, name: str, to: str) -> bool:
        if to in self.refused:
            self.refused.remove(to)
            return False
        self.held[to] = self.held.pop(name)
        return True


def test_a_new_result_takes_the_place_of_the_old_one() -> None:
    files = Files({"out.part": "new", "out": "old", "out.old": "of a run that was killed"})
    _replace(files, "out.part", "out", "out.old")
    assert files.held == {"out": "new"}


def test_the_old_result_stands_when_the_new_one_cannot_be_moved() -> None:
    files = Files({"out.part": "new", "out": "old"}, "out")
    with pytest.raises(OSError, match=r"out\.part could not be moved to out"):
        _replace(files, "out.part", "out", "out.old")
    assert files.held == {"out.part": "new", "out": "old"}


def test_a_first_result_needs_no_old_one() -> None:
    files = Files({"out.part": "new"})
    _replace(files, "out.part", "out", "out.old")
    assert files.held == {"out": "new"}


def tracked(*stages: tuple[int, int]) -> Any:
    """A session whose running stages have so many tasks done of so many."""
    infos = [SimpleNamespace(numCompletedTasks=done, numTasks=tasks) for done, tasks in stages]
    tracker = SimpleNamespace(getActiveStageIds=lambda: range(len(infos)), getStageInfo=infos.__getitem__)
    return SimpleNamespace(sparkContext=SimpleNamespace(statusTracker=lambda: tracker))


def test_progress_is_the_share_of_tasks_that_are_done(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spark, "WATCH_SECONDS", 0.001)
    told: list[float] = []
    heard = threading.Event()

    def tell(share: float) -> None:
        told.append(share)
        heard.set()

    with _watched(tracked((3, 4), (0, 8)), tell):
        assert heard.wait(10)
    assert set(told) == {0.25}


def test_an_error_while_watching_is_not_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spark, "WATCH_SECONDS", 0.001)
    asked = threading.Event()

    def stop(_share: float) -> None:
        asked.set()
        raise RuntimeError("the terminal is gone")

    def work() -> None:
        with _watched(tracked((1, 2)), stop):
            assert asked.wait(10)

    with pytest.raises(RuntimeError, match="the terminal is gone"):
        work()
