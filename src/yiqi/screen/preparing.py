"""From the table a person brings to the prepared table that the screening SQL reads."""

from __future__ import annotations

import datetime as dt
import itertools
import shutil
import tempfile
import weakref
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from yiqi.law.diagnostics import Diagnostic, DiagnosticError
from yiqi.law.vocabulary import Vocabulary
from yiqi.screen.cells import clean_text_value, possible
from yiqi.screen.headings import HeadingMeaning, HeadingReader, Headings
from yiqi.screen.meaning import ColumnMeaning, interpret_texts
from yiqi.screen.opened import Table
from yiqi.screen.prepared import PROBLEMS, ROW, Bounds, Column, Prepared
from yiqi.screen.quoting import identifier, literal
from yiqi.screen.table_file import open_table

Progress = Callable[[str, float], None]

PREPARED_KEY = "yiqi.prepared"
"""The key that a Parquet file in prepared form has in its metadata; its value is the version of the form."""

PREPARED_FORM = "1"

_serial = itertools.count(1)


@dataclass(frozen=True)
class Preparation:
    """What came of preparing a table.

    ``prepared`` is None when there is an error in ``diagnostics``. ``problems`` is the name of a view of the cells that
    could not be read: ``row`` (BIGINT), ``heading``, ``cell`` (as it stands in the table), ``code``, ``en`` and ``zh``
    (what is wrong); it is empty where there are none.
    """

    prepared: Prepared | None
    mapping: Headings
    diagnostics: tuple[Diagnostic, ...] = ()
    problems: str | None = None

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
    """Make a prepared table of the file or folder at ``path``; see :mod:`yiqi.screen.prepared` for its form.

    ``on`` is the day against which dates and years are checked. ``year`` is the year of per-year headings that name none.
    ``names`` says what headings mean: heading to fact (``{"人数": "employees_2025"}``), ``-`` to leave one aside.
    ``folder`` takes the files that are made; without one a temporary folder lives as long as the connection. ``progress`` is
    called with the name of a stage and the share of it that is done, 0 to 1.
    """
    headings = HeadingReader(vocabulary, on=on, year=year, names=names)
    table, diagnostics = open_table(path, headings)
    if table is None:
        return Preparation(None, Headings(()), tuple(diagnostics))
    mapping, wrong = headings.read(table.headings, table.place, table.unit)
    diagnostics += wrong
    if any(d.severity == "error" for d in diagnostics):
        return Preparation(None, mapping, tuple(diagnostics))
    if folder is None:
        # The views read the files as long as the connection is there, and nobody can ask for them afterwards.
        folder = Path(tempfile.mkdtemp(prefix="yiqi-"))
        weakref.finalize(connection, shutil.rmtree, folder, ignore_errors=True)
    maker = _Maker(connection, table, mapping.read, on, folder, progress or _nothing)
    prepared, problems = maker.make()
    return Preparation(prepared, mapping, tuple(diagnostics), problems)


def _nothing(_stage: str, _share: float) -> None:
    """Nobody watches."""


class _Maker:
    """Makes one prepared table."""

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        table: Table,
        read: Sequence[HeadingMeaning],
        on: dt.date,
        folder: Path,
        progress: Progress,
    ) -> None:
        self.connection, self.table, self.on, self.folder, self.progress = connection, table, on, folder, progress
        self.serial = next(_serial)
        self.read: dict[str, HeadingMeaning] = {}
        self.columns: dict[str, Column] = {}
        for meaning in read:
            assert meaning.column is not None
            self.read[meaning.column.name] = meaning
            self.columns[meaning.column.name] = meaning.column
        self.left: dict[str, int] = {}
        """Columns with texts that SQL did not take, and how many cells."""
        self.bad: list[str] = []

    def name(self, what: str) -> str:
        """A name of this table's own, which needs no quotation."""
        return f"yiqi_{what}_{self.serial}"

    def map(self, column: str) -> str:
        """The table of what the texts of a column mean."""
        return self.name(f"texts_of_{column}")

    def make(self) -> tuple[Prepared, str]:
        stage = self._stage()
        rows = self._count_left(stage)
        self._interpret(stage)
        source = self._finish(stage)
        problems = self._problems(stage)
        return Prepared(source, self.columns, rows, self._bounds(source), bool(self.bad)), problems

    # ---- first pass: clean cells ----------------------------------------------------------------------------------

    def _stage(self) -> str:
        """One row for each of the table, with two columns for each that is read: the value of a clean cell, and the text
        of any other."""
        file = self.folder / f"cells-{self.serial}.parquet"
        self.progress("read", 0.0)
        self.connection.execute(f"COPY ({self._clean_cells()}) TO {literal(str(file))} (FORMAT parquet)")
        self.progress("read", 1.0)
        view = self.name("cells")
        columns = ", ".join(f"{identifier('v ' + c)}, {identifier('t ' + c)}" for c in self.columns)
        self.connection.execute(
            f"CREATE TEMP VIEW {view} AS SELECT file_row_number + 1 AS {ROW}, {columns}"
            f" FROM read_parquet({literal(str(file))}, file_row_number = true)"
        )
        return view

    def _clean_cells(self) -> str:
        inner: list[str] = []
        outer: list[str] = []
        for name, meaning in self.read.items():
            column = self.columns[name]
            cell, taken = f"c{meaning.position}", identifier("f " + name)
            value, text = identifier("v " + name), identifier("t " + name)
            clean = clean_text_value(column.fact, meaning.unit, cell)
            inner.append(cell)
            if clean is None:
                outer += [f"CAST(NULL AS {column.type}) AS {value}", f"{cell} AS {text}"]
                continue
            inner.append(f"{clean} AS {taken}")
            right = f"{taken} IS NOT NULL AND {possible(column.fact, taken, self.on)}"
            outer += [
                f"CASE WHEN {right} THEN {taken} END AS {value}",
                f"CASE WHEN {cell} IS NOT NULL AND NOT ({right}) THEN {cell} END AS {text}",
            ]
        return f"SELECT {', '.join(outer)} FROM (SELECT {', '.join(inner)} FROM {self.table.relation})"

    def _count_left(self, stage: str) -> int:
        counts = ", ".join(f"count({identifier('t ' + name)})" for name in self.columns)
        found = self.connection.execute(f"SELECT count(*), {counts} FROM {stage}").fetchone()
        assert found is not None
        rows, *left = found
        self.left = {name: count for name, count in zip(self.columns, left, strict=True) if count}
        return int(rows)

    # ---- the texts that are left ----------------------------------------------------------------------------------

    def _interpret(self, stage: str) -> None:
        for number, name in enumerate(self.left):
            meaning = self.read[name]
            texts = f"SELECT {identifier('t ' + name)} AS text FROM {stage}"
            place = self.table.place(meaning.position)
            interpreter = ColumnMeaning(
                self.columns[name], meaning.unit, self.table.kinds[meaning.position], self.on, place
            )
            done = number / len(self.left)
            share = 1 / len(self.left)
            interpret_texts(
                self.connection, texts, interpreter, self.map(name),
                lambda part, done=done, share=share: self.progress("interpret", done + part * share),  # type: ignore[misc]
            )  # fmt: skip
            if self._any(f"{self.map(name)} WHERE code IS NOT NULL"):
                self.bad.append(name)

    def _any(self, source: str) -> bool:
        return self.connection.execute(f"SELECT 1 FROM {source} LIMIT 1").fetchone() is not None

    # ---- second pass ----------------------------------------------------------------------------------------------

    def _finish(self, stage: str) -> str:
        selected = [f"s.{ROW}"]
        joins: list[str] = []
        wrong: list[str] = []
        for number, name in enumerate(self.columns):
            value, text = f"s.{identifier('v ' + name)}", f"s.{identifier('t ' + name)}"
            if name not in self.left:
                selected.append(f"{value} AS {identifier(name)}")
                continue
            told = f"m{number}"
            joins.append(f"LEFT JOIN {self.map(name)} {told} ON {text} = {told}.text")
            selected.append(f"coalesce({value}, {told}.value) AS {identifier(name)}")
            if name in self.bad:
                wrong.append(f"{literal(name + ': ')} || {told}.code")
        if wrong:
            selected.append(f"nullif(concat_ws('; ', {', '.join(wrong)}), '') AS {PROBLEMS}")
        file = self.folder / f"prepared-{self.serial}.parquet"
        self.progress("write", 0.0)
        self.connection.execute(
            f"COPY (SELECT {', '.join(selected)} FROM {stage} s {' '.join(joins)}) TO {literal(str(file))}"
            f" (FORMAT parquet, KV_METADATA {{{literal(PREPARED_KEY)}: {literal(PREPARED_FORM)}}})"
        )
        self.progress("write", 1.0)
        source = self.name("prepared")
        self.connection.execute(f"CREATE TEMP VIEW {source} AS FROM read_parquet({literal(str(file))})")
        return source

    def _bounds(self, source: str) -> dict[str, Bounds]:
        numeric = [name for name, column in self.columns.items() if column.fact.kind is not None]
        if not numeric:
            return {}
        ends = ", ".join(f"min({identifier(name)}), max({identifier(name)})" for name in numeric)
        found = self.connection.execute(f"SELECT {ends} FROM {source}").fetchone()
        assert found is not None
        return {name: Bounds(found[2 * i], found[2 * i + 1]) for i, name in enumerate(numeric)}

    def _problems(self, stage: str) -> str:
        view = self.name("problems")
        parts = [
            f"SELECT s.{ROW} AS row, {literal(self.read[name].heading)} AS heading, m.text AS cell, m.code, m.en, m.zh"
            f" FROM {stage} s JOIN {self.map(name)} m ON s.{identifier('t ' + name)} = m.text"
            " WHERE m.code IS NOT NULL"
            for name in self.bad
        ]
        none = (
            "SELECT NULL::BIGINT AS row, NULL::VARCHAR AS heading, NULL::VARCHAR AS cell, NULL::VARCHAR AS code,"
            " NULL::VARCHAR AS en, NULL::VARCHAR AS zh LIMIT 0"
        )
        self.connection.execute(f"CREATE TEMP VIEW {view} AS " + (" UNION ALL ".join(parts) or none))
        return view
