"""One call from a table to its answers: prepare, plan, run."""

from __future__ import annotations

import atexit
import datetime as dt
import shutil
import tempfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import duckdb

from yiqi.judge.judge import Judge
from yiqi.screening.headings import HeadingMeaning
from yiqi.screening.incremental import Kept, run_kept
from yiqi.screening.parquet_file import PREPARED_KEY
from yiqi.screening.prepared import ROW, Prepared
from yiqi.screening.preparing import Preparation, prepare
from yiqi.screening.program import Program
from yiqi.screening.results import Reasons, answers
from yiqi.screening.running import Result, passed_columns, run, write_parquet
from yiqi.screening.spark import screen_with_spark
from yiqi.screening.summary import Summary, rows_of, summarise
from yiqi.screening.synthetic import says_synthetic

if TYPE_CHECKING:
    import pyarrow as pa

MEMORY = "4GB"

Engine = Literal["duckdb", "spark"]

Progress = Callable[[str, float], None]
"""Called with the name of a stage (``read``, ``interpret``, ``write``, ``screen``) and the share that is done."""


@dataclass(frozen=True)
class Screened:
    """The answers about every enterprise of a table.

    ``relation`` has one row per enterprise, with the columns of ``docs/reference/answers.md``; :meth:`arrow` is the same
    as an Arrow table. ``preparation`` says how the headings were read and which cells could not be.
    """

    connection: duckdb.DuckDBPyConnection
    judge: Judge
    preparation: Preparation
    prepared: Prepared
    program: Program
    result: Result
    reasons: Reasons
    taken_over: Kept | None = None
    """What was taken over from an earlier run, for a run that is kept."""

    @property
    def relation(self) -> duckdb.DuckDBPyRelation:
        return answers(self.connection, self.result, self.reasons)

    def arrow(self) -> pa.Table:
        """The answers as an Arrow table. Needs pyarrow (``pip install 'yiqi[arrow]'``)."""
        return self.relation.to_arrow_table()

    @cached_property
    def summary(self) -> Summary:
        """Counts; and hindrances and near misses, as far as the run kept what they need."""
        return summarise(self.connection, self.result, self.prepared)

    def rows(self, numbers: Iterable[int]) -> dict[int, dict[str, object]]:
        """Rows of the prepared table by their number."""
        return rows_of(self.connection, self.prepared, list(numbers))


def screen_table(
    source: Any,
    judge: Judge,
    *,
    on: dt.date,
    procedure: str = "new",
    schemes: Iterable[str] | None = None,
    reasons: Reasons = "none",
    near: bool = False,
    amounts: bool = False,
    year: int | None = None,
    names: Mapping[str, str] | None = None,
    connection: duckdb.DuckDBPyConnection | None = None,
    folder: Path | None = None,
    state: Path | None = None,
    progress: Progress | None = None,
    reading: Callable[[Preparation], None] | None = None,
    engine: Engine = "duckdb",
    master: str = "local[*]",
) -> Screened:
    """Screen a table: a path, a relation of DuckDB, or an Arrow table.

    ``on`` is the day of the act, ``procedure`` is ``new`` or ``re_review``, ``schemes`` are ids or subjects (None: all).
    ``amounts`` adds what measures give. ``year`` is the year of per-year headings that name none, ``names`` says what headings mean (heading to fact).
    ``state`` is a folder in which the answers are kept, so that the next run computes only what has changed.
    ``folder`` keeps what is made, so that a stopped run goes on; without one it is
    temporary and removed when the program ends.
    ``reading`` is told how the headings were read before the run begins. ``connection`` is the DuckDB that computes; one
    of its own is made for None.

    ``engine`` ``spark`` computes on the cluster that ``master`` names; the table is made ready, and the answers are read,
    by DuckDB here. It keeps nothing, so it takes no ``state``.

    Raises :class:`yiqi.law.diagnostics.DiagnosticError` when the table cannot be read, ``KeyError`` for an unknown
    scheme, ``ValueError`` for an unknown procedure and for ``amounts`` with ``state``, and ``duckdb.Error`` or ``OSError`` as the engine meets them.
    """
    chosen = judge.schemes(schemes)
    if engine == "spark" and state is not None:
        raise ValueError("Spark keeps no state")
    if amounts and state is not None:
        raise ValueError("a run that is kept has no amounts")
    database = connection if connection is not None else connect()
    kept = folder
    if kept is None:
        kept = Path(tempfile.mkdtemp(prefix="yiqi-"))
        # Not when the result is forgotten: a relation of it may still be in use.
        atexit.register(shutil.rmtree, kept, ignore_errors=True)
    path = as_path(source, database, kept)
    made = kept / "prepared"
    made.mkdir(parents=True, exist_ok=True)
    preparation = prepare(
        database,
        path,
        judge.law.vocabulary.of("enterprise"),
        on=read_on(on),
        year=year,
        names=names,
        progress=progress,
        folder=made,
    )
    if reading is not None:
        reading(preparation)
    prepared = preparation.required()
    prepared = replace(prepared, synthetic=prepared.synthetic or says_synthetic(database, path))
    program = Program(judge, on, procedure, chosen, prepared.columns, prepared.bounds, amounts=amounts)
    how: dict[str, Any] = {
        "inputs": files_of(path),
        "headings": [_as_read(meaning) for meaning in preparation.mapping.meanings],
        "reasons": reasons != "none" or near,
        "near": near,
        "progress": (lambda share: progress("screen", share)) if progress is not None else None,
    }
    taken: Kept | None = None
    if engine == "spark":
        result = _on_spark(database, program, prepared, path, kept, master, how)
    elif state is None:
        result = run(database, program, prepared, kept / "parts", **how)
    else:
        taken = run_kept(database, program, prepared, state, **how)
        result = taken.result
    return Screened(database, judge, preparation, prepared, program, result, reasons, taken)


def _on_spark(
    connection: duckdb.DuckDBPyConnection,
    program: Program,
    prepared: Prepared,
    path: Path,
    folder: Path,
    master: str,
    how: Mapping[str, Any],
) -> Result:
    """The run by Spark, with its parts where DuckDB reads them."""
    source = path
    if not is_prepared_file(connection, path):
        source = folder / "prepared" / "for-spark.parquet"
        write_parquet(connection, f"FROM {prepared.source}", source)
    passed = passed_columns(prepared)
    parts = folder / "parts"
    screen_with_spark(
        program, source, parts, master=master, passed=passed, reasons=how["reasons"], near=how["near"],
        progress=how["progress"],
    )  # fmt: skip
    return Result(parts, program, passed, prepared.rows, how["reasons"], how["near"], prepared.synthetic)


def is_prepared_file(connection: duckdb.DuckDBPyConnection, path: Path) -> bool:
    """Whether a table is in prepared form as it lies, with its rows numbered, so that another engine can read it."""
    pattern = str(path / "*.parquet") if path.is_dir() else str(path)
    if not path.is_dir() and path.suffix.lower() != ".parquet":
        return False
    keys = connection.execute("SELECT decode(key) FROM parquet_kv_metadata(?)", [pattern]).fetchall()
    names = connection.execute("SELECT DISTINCT name FROM parquet_schema(?)", [pattern]).fetchall()
    return (PREPARED_KEY,) in keys and (ROW,) in names


def read_on(on: dt.date) -> dt.date:
    """The day as of which a table is read: it may know more than the day it is judged for."""
    return max(on, dt.date.today())  # noqa: DTZ011


def _as_read(meaning: HeadingMeaning) -> tuple[str, str | None, str | None]:
    """How a heading was read: with what it says, the column and the unit."""
    column = meaning.column.name if meaning.column is not None else None
    return meaning.heading, column, meaning.unit or meaning.assumed


def connect(memory: str = MEMORY, threads: int | None = None, spill: Path | None = None) -> duckdb.DuckDBPyConnection:
    """A DuckDB in this process that stays below a limit of memory, uses so many threads (None: all cores) and spills to
    a folder when it must."""
    settings: dict[str, Any] = {"memory_limit": memory, "preserve_insertion_order": True}
    if threads is not None:
        settings["threads"] = threads
    if spill is not None:
        settings["temp_directory"] = str(spill)
    return duckdb.connect(config=settings)


def as_path(source: Any, connection: duckdb.DuckDBPyConnection, folder: Path) -> Path:
    """The table as a file: a path as it is, anything else written to ``folder`` as Parquet."""
    if isinstance(source, str | Path):
        return Path(source)
    relation = source if isinstance(source, duckdb.DuckDBPyRelation) else connection.from_arrow(source)
    folder.mkdir(parents=True, exist_ok=True)
    place = folder / "table.parquet"
    relation.write_parquet(str(place))
    return place


def files_of(path: Path) -> list[Path]:
    """The files that a table at a path consists of."""
    return sorted(p for p in path.rglob("*") if p.is_file()) if path.is_dir() else [path]
