"""From the table a person brings to the prepared table that the screening SQL reads."""

from __future__ import annotations

import datetime as dt
import itertools
import shutil
import tempfile
import weakref
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

from yiqi.law.bilingual import Bilingual, Language
from yiqi.law.diagnostics import Diagnostic, DiagnosticError, Place
from yiqi.law.vocabulary import Vocabulary
from yiqi.screening.bad_rows import problems_view, write_bad_rows
from yiqi.screening.cells import holds_facts
from yiqi.screening.conversion import Conversion
from yiqi.screening.csv_file import CsvFile
from yiqi.screening.examples import with_examples
from yiqi.screening.headings import HeadingMeaning, HeadingReader, Headings
from yiqi.screening.opened import Table
from yiqi.screening.parquet_file import ParquetFiles
from yiqi.screening.prepared import Prepared
from yiqi.screening.table_checks import check_table
from yiqi.screening.table_file import open_table

Progress = Callable[[str, float], None]

_serial = itertools.count(1)


@dataclass(frozen=True)
class Preparation:
    """What came of preparing a table.

    ``prepared`` is None when there is an error in ``diagnostics``; warnings do not keep a table from being prepared.
    ``problems`` is the name of a view of what could not be read: ``row`` (BIGINT, as in the prepared table), ``heading``
    (NULL for a whole row), ``cell`` (as it stands in the table), ``code``, and ``en`` and ``zh`` (what is wrong and what
    to do). ``duplicates`` is the name of a table of the credit codes that several rows have (``uscc``, ``rows``), where
    there are any. Both are None where nothing was looked for.
    """

    prepared: Prepared | None
    mapping: Headings
    diagnostics: tuple[Diagnostic, ...] = ()
    read_as: Bilingual | None = None
    """The kind of file, with its encoding or sheet, and where its headings stand."""
    problems: str | None = None
    duplicates: str | None = None
    conversion: Conversion | None = None

    @property
    def errors(self) -> tuple[Diagnostic, ...]:
        return tuple(d for d in self.diagnostics if d.severity == "error")

    @property
    def warnings(self) -> tuple[Diagnostic, ...]:
        return tuple(d for d in self.diagnostics if d.severity == "warning")

    def required(self) -> Prepared:
        """The prepared table; raises :class:`DiagnosticError` with every error when there is none."""
        if self.prepared is None:
            raise DiagnosticError(self.errors)
        return self.prepared

    def bad_rows(self) -> int:
        """How many rows have something that could not be read."""
        if self.conversion is None or self.problems is None:
            return 0
        ((count,),) = self.conversion.connection.execute(f"SELECT count(DISTINCT row) FROM {self.problems}").fetchall()
        return int(count)

    def write_bad_rows(self, path: Path, language: Language) -> int:
        """Write the rows that have something that could not be read, with all their cells, to a CSV file (UTF-8 with a
        byte-order mark); returns how many. A file of before is replaced only by a complete one. Raises ``OSError``."""
        if self.conversion is None or self.problems is None:
            return 0
        return write_bad_rows(self.conversion, self.problems, path, language)


def prepare(
    connection: duckdb.DuckDBPyConnection,
    path: Path,
    vocabulary: Vocabulary,
    *,
    on: dt.date,
    year: int | None = None,
    names: Mapping[str, str] | None = None,
    progress: Progress | None = None,
    folder: Path | None = None,
) -> Preparation:
    """Make a prepared table of the file or folder at ``path``; see :mod:`yiqi.screening.prepared` for its form.

    ``on`` is the day against which dates and years are checked. ``year`` is the year of per-year headings that name none.
    ``names`` says what headings mean: heading to fact (``{"人数": "employees_2025"}``), ``-`` to leave one aside.
    ``folder`` takes the files that are made; without one a temporary folder lives as long as the connection. ``progress``
    is called in the calling thread with the name of a stage (``rewrite``, ``read``, ``look``, ``interpret``, ``write``,
    ``keys``, ``check``) and the share of it that is done, 0 to 1.

    Never raises for a bad table: what is wrong is in ``diagnostics``. Raises ``duckdb.Error`` and ``OSError`` when the
    folder is full or memory is short.
    """
    if folder is None:
        # The views read the files as long as the connection is there, and nobody can ask for them afterwards.
        folder = Path(tempfile.mkdtemp(prefix="yiqi-"))
        weakref.finalize(connection, shutil.rmtree, folder, ignore_errors=True)
    headings = HeadingReader(vocabulary, on=on, year=year, names=names)
    preparing = _Preparing(connection, vocabulary, headings, on, folder, progress or _nothing)
    with _rows_in_order(connection):
        try:
            return preparing.prepare(path)
        except DiagnosticError as error:
            return Preparation(None, preparing.mapping, (*preparing.diagnostics, *error.diagnostics))


class _Preparing:
    """Prepares one table, and holds what is known of it when an error comes."""

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        vocabulary: Vocabulary,
        headings: HeadingReader,
        on: dt.date,
        folder: Path,
        progress: Progress,
    ) -> None:
        self.connection, self.vocabulary, self.headings = connection, vocabulary, headings
        self.on, self.folder, self.progress = on, folder, progress
        # Other connections may prepare into the same folder.
        self.serial = f"{next(_serial)}_{dt.datetime.now(dt.UTC):%H%M%S%f}"
        self.mapping = Headings(())
        self.diagnostics: list[Diagnostic] = []

    def prepare(self, path: Path) -> Preparation:
        rows = self.folder / f"rows-{self.serial}.csv"
        opened, told = open_table(self.connection, path, self.headings.knows, rows)
        self.diagnostics += told
        if isinstance(opened, ParquetFiles):
            if opened.form() is not None:
                return self._prepared_already(opened)
            table, csv = opened.table(), None
        elif isinstance(opened, CsvFile):
            csv = opened
            table = csv.as_it_stands() or self._rewritten(csv, rows)
        else:
            table, csv = opened, None
        self.mapping, wrong = self.headings.read(table.headings, table.place, table.unit)
        self.diagnostics += wrong
        self.diagnostics += _unfit_columns(table, self.mapping)
        self._stop_at_errors()
        conversion = self._converted(table, csv, rows)
        conversion.interpret()
        source = conversion.finish()
        problems = problems_view(conversion)
        checked = check_table(conversion, source, self.vocabulary, problems)
        self.diagnostics += checked.diagnostics
        if not conversion.rows:
            self.diagnostics.append(_no_rows(conversion.table.file))
        self.mapping = with_examples(self.mapping, conversion)
        prepared = Prepared(
            source,
            conversion.columns,
            conversion.rows,
            conversion.bounds,
            has_problems=bool(conversion.bad or conversion.flaws),
            synthetic=table.synthetic,
        )
        return Preparation(
            prepared,
            self.mapping,
            tuple(self.diagnostics),
            conversion.table.read_as,
            problems,
            checked.duplicates,
            conversion,
        )

    def _converted(self, table: Table, csv: CsvFile | None, rows: Path) -> Conversion:
        conversion = self._conversion(table)
        if csv is None or table.has_flaws:
            conversion.stage()
            return conversion
        try:
            conversion.stage()
            if csv.is_regular(conversion.all_rows):
                return conversion
        except duckdb.InvalidInputException:
            # DuckDB names the first row it cannot read and stops; written again, all of them are read and told.
            pass
        conversion = self._conversion(self._rewritten(csv, rows))
        conversion.stage()
        return conversion

    def _rewritten(self, csv: CsvFile, rows: Path) -> Table:
        table = csv.rewritten(rows, lambda share: self.progress("rewrite", share))
        self.progress("rewrite", 1.0)
        return table

    def _conversion(self, table: Table) -> Conversion:
        return Conversion(self.connection, table, self.mapping.read, self.on, self.folder, self.serial, self.progress)

    def _prepared_already(self, files: ParquetFiles) -> Preparation:
        """Files in prepared form are used as they are."""
        found = files.prepared(self.vocabulary)
        source = f"yiqi_prepared_{self.serial}"
        self.connection.execute(f"CREATE TEMP VIEW {source} AS {found.relation}")
        known = [HeadingMeaning(i, name, column) for i, (name, column) in enumerate(found.columns.items())]
        unknown = [HeadingMeaning(len(known) + i, name) for i, name in enumerate(found.unknown)]
        self.mapping = Headings((*known, *unknown))
        if not known:
            raise DiagnosticError([_nothing_prepared(files.file)])
        prepared = Prepared(source, found.columns, found.rows, found.bounds, found.has_problems, found.synthetic)
        return Preparation(
            prepared,
            self.mapping,
            tuple(self.diagnostics),
            Bilingual(
                f"prepared table, {len(files.paths)} Parquet file(s)", f"已整理的表，{len(files.paths)}个Parquet文件"
            ),
        )

    def _stop_at_errors(self) -> None:
        errors = [d for d in self.diagnostics if d.severity == "error"]
        if errors:
            self.diagnostics = [d for d in self.diagnostics if d.severity != "error"]
            raise DiagnosticError(errors)


def _unfit_columns(table: Table, mapping: Headings) -> Iterator[Diagnostic]:
    """Columns of Parquet files whose type holds no fact exactly."""
    for meaning in mapping.read:
        kind = table.kinds[meaning.position]
        if not holds_facts(kind):
            yield Diagnostic(
                "error",
                "column-type",
                Bilingual(
                    f"column `{meaning.heading}` has the type {kind}, which cannot be read as a fact exactly",
                    f"“{meaning.heading}”列的类型是{kind}，无法准确读取",
                ),
                table.place(meaning.position),
                Bilingual(
                    f"write it as DECIMAL, BIGINT, DOUBLE, DATE, BOOLEAN or text, or leave it aside: "
                    f'--map "{meaning.heading}=-"',
                    f"请改为DECIMAL、BIGINT、DOUBLE、DATE、BOOLEAN或文本类型，或不读取该列："
                    f'--map "{meaning.heading}=-"',
                ),
            )


@contextmanager
def _rows_in_order(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Rows are numbered by their order, which DuckDB may be told not to keep."""
    ((kept,),) = connection.execute("SELECT current_setting('preserve_insertion_order')").fetchall()
    if kept:
        yield
        return
    connection.execute("SET preserve_insertion_order = true")
    try:
        yield
    finally:
        connection.execute("SET preserve_insertion_order = false")


def _nothing(_stage: str, _share: float) -> None:
    """Nobody watches."""


def _no_rows(file: str) -> Diagnostic:
    return Diagnostic(
        "warning",
        "no-rows",
        Bilingual("there is no enterprise below the headings", "表头下没有企业"),
        Place(file),
        Bilingual("write one enterprise per row", "请每行填写一家企业"),
    )


def _nothing_prepared(file: str) -> Diagnostic:
    return Diagnostic(
        "error",
        "no-known-heading",
        Bilingual("no column of this prepared table is known to the law in use", "已整理的表中没有当前法规用到的列"),
        Place(file),
        Bilingual("prepare it again from the original table", "请用原始表格重新整理"),
    )
