"""A long statement of DuckDB, with the share of it that is done told while it runs."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
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

    settings = "enable_progress_bar", "enable_progress_bar_print"
    before = [connection.execute(f"SELECT current_setting('{name}')").fetchall()[0][0] for name in settings]
    # Without the bar DuckDB does not measure; it is not drawn.
    connection.execute("SET enable_progress_bar_print = false; SET enable_progress_bar = true")
    share = 0.0
    progress(share)
    with ThreadPoolExecutor(1, thread_name_prefix="yiqi-statement") as pool:
        statement = pool.submit(run)
        try:
            while wait([statement], _EVERY).not_done:
                # DuckDB answers -1 before it knows.
                share = max(share, min(connection.query_progress() / 100, 1.0))
                progress(share)
            rows = statement.result()
        except BaseException:
            connection.interrupt()
            raise
    for name, value in zip(settings, before, strict=True):
        connection.execute(f"SET {name} = {'true' if value else 'false'}")
    progress(1.0)
    return rows
