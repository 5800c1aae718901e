"""The parts of a population: each a run of rows in a file of its own, made by one thread."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from dataclasses import dataclass
from threading import Event, Lock
from typing import Literal

import duckdb

from yiqi.pulse import tally
from yiqi.pulse.allocation import Allocation
from yiqi.pulse.request import Request
from yiqi.pulse.rows import RowQuery
from yiqi.pulse.tally import Tally
from yiqi.pulse.targets import YEAR
from yiqi.pulse.working_folder import WorkingFolder

FILE_ROWS = 100_000
"""Rows of a part that will be joined with others to one file."""

FOLDER_ROWS = 1_000_000
"""Rows of a part that stays a file of a folder."""

LABEL = "合成数据，不是真实企业 / synthetic data, no real enterprises"

Stage = Literal["draw", "write"]
Progress = Callable[[Stage, int, int], None]
"""Is told what is being done, the rows that are done and the rows in all; from any thread."""


@dataclass(frozen=True, slots=True)
class Part:
    """Rows ``first`` to ``last``, both with."""

    name: str
    first: int
    last: int

    @property
    def rows(self) -> int:
        return self.last - self.first + 1


def plan(allocation: Allocation, is_folder: bool) -> list[Part]:
    """The parts of a population. Those of a folder begin anew with each province, so that one can be read alone."""
    spans = [("", 1, allocation.rows)]
    if is_folder:
        provinces = allocation.provinces.items()
        spans = [(f"{province}-", first + 1, first + count) for province, (first, count) in provinces if count]
    size = FOLDER_ROWS if is_folder else FILE_ROWS
    return [
        Part(f"part-{prefix}{number:03d}.parquet", start, min(last, start + size - 1))
        for prefix, first, last in spans
        for number, start in enumerate(range(first, last + 1, size), start=1)
    ]


def copy_options(request: Request) -> str:
    """The options of COPY for a prepared table that says what it is."""
    pairs = {
        "yiqi.prepared": 1,
        "yiqi.synthetic": 1,
        "yiqi.label": LABEL,
        "yiqi.rows": request.rows,
        "yiqi.seed": request.seed,
        "yiqi.year": request.year,
        "yiqi.fitted": YEAR,
    }
    metadata = ", ".join(f"'{key}': '{value}'" for key, value in pairs.items())
    return f"(FORMAT parquet, COMPRESSION zstd, KV_METADATA {{{metadata}}})"


def draw(
    connection: duckdb.DuckDBPyConnection,
    query: RowQuery,
    parts: Sequence[Part],
    options: str,
    folder: WorkingFolder,
    progress: Progress,
    threads: int,
) -> None:
    """Make the parts that the folder does not have, several at a time.

    Raises what a part raises; the others stop, and what is done stays.
    """
    lock = Lock()
    rows, done = sum(part.rows for part in parts), 0
    measures, group = tally.sql(query.made, query.year)
    running: set[duckdb.DuckDBPyConnection] = set()
    stopped = Event()

    def one(part: Part) -> None:
        if not stopped.is_set():
            try:
                make(part)
            except BaseException:
                stopped.set()
                raise

    def make(part: Part) -> None:
        nonlocal done
        if not folder.is_done(part.name):
            cursor = connection.cursor()
            running.add(cursor)
            try:
                target = str(folder.draft(part.name)).replace("'", "''")
                cursor.execute(f"COPY ({query.select(part.first, part.last)}) TO '{target}' {options}")
                counted = Tally()
                counted.add(cursor.execute(query.complete(part.first, part.last, measures, group)).fetchall())
            finally:
                running.discard(cursor)
                cursor.close()
            folder.finish(part.name, counted.rows())
        with lock:
            done += part.rows
            progress("draw", done, rows)

    with ThreadPoolExecutor(threads) as pool:
        waiting = [pool.submit(one, part) for part in parts]
        try:
            for future in wait(waiting, return_when=FIRST_EXCEPTION).done:
                future.result()
        except BaseException:
            stopped.set()
            for cursor in list(running):
                cursor.interrupt()
            raise
