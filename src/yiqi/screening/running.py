"""Runs a screening program over a prepared table with DuckDB: in parts, so that a run that was stopped goes on.

The result is a folder of Parquet parts in the compact form of :mod:`yiqi.screening.program`, with a manifest. A part is
written beside its place and moved there when it is whole; a manifest names the query, the law's day, and the table's
files, so that a part is only used again by a run that would make it the same.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
from sqlglot import exp

from yiqi.screening.prepared import PROBLEMS, ROW, Prepared
from yiqi.screening.program import Program
from yiqi.screening.quoting import file_literal, literal
from yiqi.screening.watching import watched
from yiqi.version import __version__

PASSED = ("uscc", "name", "region", "industry")
"""Columns of the table that the result carries along, where the table has them."""

PART_ROWS = 4_000_000
"""Rows of a part: planning the query again for each costs a few percent of its time."""

QUOTE = "'"

SLICE = "yiqi_slice"
"""The view of the rows that a part is made of."""

MANIFEST = "manifest.json"
MANIFEST_FORM = 1

Progress = Callable[[float], None]


@dataclass(frozen=True)
class Result:
    """A finished run: a folder of parts, what their columns mean, and how many rows they have."""

    folder: Path
    program: Program
    passed: tuple[str, ...]
    rows: int
    reasons: bool
    near: bool
    synthetic: bool = False
    """Whether the table says of itself that no real enterprise is in it."""

    @property
    def source(self) -> str:
        """The parts as DuckDB reads them in a FROM clause."""
        return parts_source(self.folder)


def run(
    connection: duckdb.DuckDBPyConnection,
    program: Program,
    prepared: Prepared,
    folder: Path,
    *,
    inputs: Iterable[Path] = (),
    headings: Sequence[object] = (),
    reasons: bool = False,
    near: bool = False,
    progress: Progress | None = None,
    part_rows: int = PART_ROWS,
) -> Result:
    """Screen a prepared table into ``folder``, which is made or, if it holds parts of the same run, completed.

    ``inputs`` are the files that the table was made of, ``headings`` is how those were read (anything that JSON can write):
    when one of them has changed, nothing in the folder is used again. ``progress`` is called with the share that is done, 0
    to 1. Raises ``duckdb.Error`` and ``OSError`` as they come (a full disk); parts that are whole stay for the next run.
    """
    passed = passed_columns(prepared)
    query = program.query("duckdb", exp.to_table(SLICE), passed, reasons=reasons, near=near).sql(dialect="duckdb")
    begin(folder, manifest_of(program, prepared, inputs, headings, query, part_rows))
    write_parts(connection, prepared, folder, query, progress=progress, part_rows=part_rows)
    return Result(folder, program, passed, prepared.rows, reasons, near, prepared.synthetic)


def write_parts(
    connection: duckdb.DuckDBPyConnection,
    prepared: Prepared,
    folder: Path,
    query: str,
    *,
    added: str = "",
    progress: Progress | None = None,
    part_rows: int = PART_ROWS,
) -> None:
    """Write what a query over :data:`SLICE` gives, for one slice of the table after the other; parts that are there
    stay. ``added`` is SQL of columns that a slice has beside those of the table."""
    first, last = _row_range(connection, prepared)
    parts = [(start, min(start + part_rows - 1, last)) for start in range(first, last + 1, part_rows)] or [(1, 0)]
    columns = f"*, {added}" if added else "*"
    for number, (start, end) in enumerate(parts):
        place = folder / f"part-{number:05d}.parquet"
        if not place.exists():
            where = f" WHERE {ROW} BETWEEN {start} AND {end}" if len(parts) > 1 else ""
            connection.execute(f"CREATE OR REPLACE TEMP VIEW {SLICE} AS SELECT {columns} FROM {prepared.source}{where}")
            write_parquet(connection, query, place, progress=_share_of(progress, number, len(parts)))
        if progress is not None:
            progress((number + 1) / len(parts))


def parts_source(folder: Path) -> str:
    """The parts in a folder as DuckDB reads them in a FROM clause."""
    return f"read_parquet({file_literal(folder).removesuffix(QUOTE)}/part-*.parquet{QUOTE})"


def passed_columns(prepared: Prepared) -> tuple[str, ...]:
    """The columns of a prepared table that a result carries along."""
    found = [ROW, *(name for name in PASSED if name in prepared.columns)]
    if prepared.has_problems:
        found.append(PROBLEMS)
    return tuple(found)


def write_parquet(
    connection: duckdb.DuckDBPyConnection,
    query: str,
    place: Path,
    metadata: Mapping[str, str] | None = None,
    progress: Progress | None = None,
) -> None:
    """Write a query's rows to a Parquet file, which is there whole or not at all."""
    beside = place.with_name(place.name + ".part")
    pairs = ", ".join(f"{literal(key)}: {literal(value)}" for key, value in (metadata or {}).items())
    options = f", KV_METADATA {{{pairs}}}" if pairs else ""
    try:
        statement = f"COPY ({query}) TO {literal(str(beside))} (FORMAT parquet, COMPRESSION zstd{options})"
        if progress is None:
            connection.execute(statement)
        else:
            watched(connection, statement, progress)
        beside.replace(place)
    finally:
        beside.unlink(missing_ok=True)


def read_manifest(folder: Path) -> dict[str, Any] | None:
    """The manifest of a folder of parts, or None where there is none that can be read."""
    try:
        found = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return None
    return found if isinstance(found, dict) else None


def manifest_of(
    program: Program,
    prepared: Prepared,
    inputs: Iterable[Path],
    headings: Sequence[object],
    query: str,
    part_rows: int,
) -> dict[str, Any]:
    """What a run is told by: its query, the files of its table and how they were read, and the programs that make it."""
    return {
        "form": MANIFEST_FORM,
        "yiqi": __version__,
        "duckdb": duckdb.__version__,
        "on": program.on.isoformat(),
        "procedure": program.procedure,
        "schemes": list(program.schemes),
        "rows": prepared.rows,
        "part_rows": part_rows,
        "columns": sorted(prepared.columns),
        # What cells may say is read by the vocabulary: its units, members and bounds.
        "vocabulary": _digest(repr([prepared.columns[name].fact for name in sorted(prepared.columns)])),
        "query": _digest(query),
        "inputs": [file_stamp(path) for path in sorted(set(inputs))],
        # As it is read back: lists where there were tuples.
        "headings": json.loads(json.dumps(list(headings))),
    }


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def file_stamp(path: Path) -> list[str | int]:
    """What tells that a file has changed: its name, its size and its time."""
    stat = path.stat()
    return [path.name, stat.st_size, stat.st_mtime_ns]


def begin(folder: Path, wanted: Mapping[str, Any]) -> None:
    """Keep the parts of an earlier run if it was the same one, else start afresh."""
    folder.mkdir(parents=True, exist_ok=True)
    if read_manifest(folder) == wanted:
        return
    (folder / MANIFEST).unlink(missing_ok=True)
    for part in folder.glob("part-*.parquet*"):
        part.unlink()
    (folder / MANIFEST).write_text(json.dumps(wanted, ensure_ascii=False, indent=1), encoding="utf-8")


def _row_range(connection: duckdb.DuckDBPyConnection, prepared: Prepared) -> tuple[int, int]:
    # All rows of an answer are fetched, here and elsewhere: DuckDB keeps relations waiting for one that has any left.
    ((first, last),) = connection.execute(f"SELECT min({ROW}), max({ROW}) FROM {prepared.source}").fetchall()
    return (1, 0) if first is None else (int(first), int(last))


def _share_of(progress: Progress | None, number: int, parts: int) -> Progress | None:
    """The progress of one part as that of all."""
    return None if progress is None else lambda share: progress((number + share) / parts)
