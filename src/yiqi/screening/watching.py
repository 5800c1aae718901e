"""A long statement of DuckDB, with the share of it that is done told while it runs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager
from typing import Any

import duckdb

_EVERY = 0.1


def watched(
    connection: duckdb.DuckDBPyConnection, sql: str, progress: Callable[[float], None]
) -> list[tuple[Any, ...]]:
    """The rows of a statement. ``progress`` is called in the calling thread with a share that never falls, 0 to 1.

    Interrupting the caller interrupts the statement.
    """

    def run() -> list[tuple[Any, ...]]:
        return connection.execute(sql).fetchall()

    with _measuring(connection), ThreadPoolExecutor(1, thread_name_prefix="yiqi-statement") as pool:
        share = 0.0
        progress(share)
        statement = pool.submit(run)
        try:
            while wait([statement], _EVERY).not_done:
                # DuckDB answers -1 before it knows.
                share = max(share, min(connection.query_progress() / 100, 1.0))
                progress(share)
        except BaseException:
            connection.interrupt()
            wait([statement])
            raise
        rows = statement.result()
    progress(1.0)
    return rows


@contextmanager
def _measuring(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """DuckDB measures how far a statement is only for its own bar, which is not drawn."""
    names = "enable_progress_bar", "enable_progress_bar_print"
    asked = [f"current_setting('{name}')" for name in names]
    ((*before,),) = connection.execute(f"SELECT {', '.join(asked)}").fetchall()
    connection.execute("SET enable_progress_bar_print = false; SET enable_progress_bar = true")
    try:
        yield
    finally:
        for name, value in zip(names, before, strict=True):
            connection.execute(f"SET {name} = {'true' if value else 'false'}")
