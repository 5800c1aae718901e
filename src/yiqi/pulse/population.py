"""Making a population: rows drawn inside DuckDB, part by part, into one file or a folder of files."""

from __future__ import annotations

import errno
import hashlib
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from yiqi.law.bilingual import Bilingual
from yiqi.law.tree import Law
from yiqi.pulse import readable
from yiqi.pulse.allocation import Allocation, allocate
from yiqi.pulse.columns import columns
from yiqi.pulse.draws import Draws
from yiqi.pulse.fit import Fit, fit
from yiqi.pulse.fit_tables import create_tables
from yiqi.pulse.parts import Progress, copy_options, draw, plan
from yiqi.pulse.request import PopulationError, Request, check
from yiqi.pulse.rows import RowQuery, made
from yiqi.pulse.tally import Tally
from yiqi.pulse.working_folder import WorkingFolder, move_into_place, opened
from yiqi.screening.prepared import Column

MEMORY = "1500MB"


@dataclass(frozen=True)
class Population:
    """A finished population: what it was fitted to, what it adds up to, what it does not have."""

    request: Request
    fit: Fit
    tally: Tally
    columns: tuple[Column, ...]
    left_out: tuple[str, ...]
    """Columns that the law reads and that are not made up: unknown for every enterprise."""
    known: Mapping[str, int]
    """How many rows know each column."""
    resumed: int
    """Rows that an earlier run had made."""


def make(
    law: Law,
    request: Request,
    progress: Progress = lambda _stage, _done, _rows: None,
    *,
    threads: int | None = None,
    fitted: Fit | None = None,
) -> Population:
    """Make a population and put it at ``request.output``.

    Each part is made by one thread, so the files are the same however many
    ``threads`` there are (by default one for each processor). ``fitted`` is what ``fit(law)`` gave, where it is there
    already. Raises :class:`PopulationError`; what was at the output before is there still.
    """
    check(request)
    fitted = fitted or fit(law)
    allocation = allocate(fitted, request.rows)
    every = columns(law, request.year)
    drawn = made(Draws(request.seed), request.year)
    kept = tuple(column for column in every if column.name in drawn)
    query = RowQuery(fitted, allocation, kept, request.year, request.seed)
    parts = plan(allocation, request.is_folder)
    settings = {"digest": digest(fitted, allocation, query), "parts": [part.name for part in parts]}
    total = Tally()
    try:
        with opened(request.output, settings) as folder:
            resumed = sum(part.rows for part in parts if folder.is_done(part.name))
            with duckdb.connect(config=_settings(folder)) as connection:
                create_tables(connection, fitted, allocation)
                options = copy_options(request)
                draw(connection, query, parts, options, folder, progress, threads or os.cpu_count() or 1)
                files = [folder.part(part.name) for part in parts]
                for part in parts:
                    total.add(folder.tally(part.name))
                known = _known(connection, files, request.rows)
                _deliver(connection, request, files, kept, options, folder, progress)
    except duckdb.OutOfMemoryException as error:
        raise PopulationError(f"there is not enough memory: {error}", f"内存不足：{error}") from error
    except (OSError, duckdb.IOException) as error:
        raise _not_written(request.output, error) from error
    left_out = tuple(column.name for column in every if column.name not in drawn)
    return Population(request, fitted, total, kept, left_out, known, resumed)


def digest(fitted: Fit, allocation: Allocation, query: RowQuery) -> str:
    """All that decides the bytes of the parts, as a hash: the fit, the query, the program that runs it."""
    weights = [[cell.weight for cell in group.cells] for group in fitted.groups.values()]
    held = (allocation, fitted.levels, fitted.rungs, fitted.ages, weights, query.select(1, 1), duckdb.__version__)
    return hashlib.blake2b(repr(held).encode(), digest_size=16).hexdigest()


def _settings(folder: WorkingFolder) -> dict[str, str | bool | int | float | list[str]]:
    return {
        # One thread for each query: several would cut the row groups as they finish, differently each time.
        "threads": 1,
        # Rows stay on the side of each join that keeps their order, however few they are.
        "disabled_optimizers": "join_order,build_side_probe_side",
        "memory_limit": MEMORY,
        "temp_directory": str(folder.path / "drafts"),
    }


def _known(connection: duckdb.DuckDBPyConnection, files: Sequence[Path], rows: int) -> dict[str, int]:
    """How many rows know each column, from the statistics in the files."""
    found = connection.execute(
        "SELECT path_in_schema, sum(coalesce(stats_null_count, 0))::BIGINT FROM parquet_metadata($1) GROUP BY ALL",
        [[str(file) for file in files]],
    ).fetchall()
    return {str(name): rows - int(unknown) for name, unknown in found}


def _deliver(
    connection: duckdb.DuckDBPyConnection,
    request: Request,
    files: Sequence[Path],
    kept: Sequence[Column],
    options: str,
    folder: WorkingFolder,
    progress: Progress,
) -> None:
    def written(rows: int) -> None:
        progress("write", rows, request.rows)

    if request.is_folder:
        move_into_place(folder.path / "parts", request.output)
        return
    if request.ending == ".parquet" and len(files) == 1:
        move_into_place(files[0], request.output)
        return
    target = folder.draft(f"whole{request.ending}")
    written(0)
    if request.ending == ".csv":
        readable.write_csv(connection, kept, files, folder.draft("piece.csv"), target, written)
    elif request.ending == ".xlsx":
        readable.write_excel(connection, kept, files, folder.path / "drafts", target, written)
    else:
        quoted = str(target).replace("'", "''")
        names = ", ".join("'" + str(file).replace("'", "''") + "'" for file in files)
        connection.execute(f"COPY (SELECT * FROM read_parquet([{names}])) TO '{quoted}' {options}")
    move_into_place(target, request.output)


_ERRNO = re.compile(r'"errno":"([0-9]+)"')
_CAUSES = {
    errno.ENOSPC: Bilingual("the disk is full", "磁盘空间已满"),
    errno.EDQUOT: Bilingual("your share of the disk is used up", "磁盘配额已用完"),
    errno.EFBIG: Bilingual("the file would be larger than is allowed here", "文件超过允许的大小"),
    errno.EACCES: Bilingual("it may not be written to", "没有写入权限"),
    errno.EROFS: Bilingual("the disk can only be read", "磁盘为只读"),
}


def _cause(error: Exception) -> Bilingual:
    """Why something could not be written; DuckDB tells the number of the error in its message."""
    number = error.errno if isinstance(error, OSError) else None
    if number is None and (found := _ERRNO.search(str(error))):
        number = int(found[1])
    if number is None:
        return Bilingual(str(error), str(error))
    said = os.strerror(number)
    return _CAUSES.get(number, Bilingual(said, said))


def _not_written(output: Path, error: Exception) -> PopulationError:
    cause = _cause(error)
    return PopulationError(
        f"{output} could not be written: {cause.en}. What was there before is unchanged. The parts made so far are kept; "
        "the same command goes on from them",
        f"无法写入{output}：{cause.zh}。原有文件未改动；已完成的部分保留，重新运行同一命令即可继续",
    )
