"""From an opened table to a prepared one: clean cells by SQL, every other text once by the interpreter, joined back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import duckdb

from yiqi.screening.cells import cells_of, possible
from yiqi.screening.headings import HeadingMeaning
from yiqi.screening.meaning import ColumnMeaning, interpret_texts
from yiqi.screening.opened import MARKED, TEXT, Table
from yiqi.screening.parquet_file import PREPARED_FORM, PREPARED_KEY, SYNTHETIC_KEY
from yiqi.screening.prepared import PROBLEMS, ROW, Bounds, Column
from yiqi.screening.quoting import file_literal, identifier, literal
from yiqi.screening.watching import watched

Progress = Callable[[str, float], None]

BLANK, TOTALS, NOTE = "blank-row", "totals-row", "note-row"
"""Rows of a table that are no enterprise."""

_TOTALS = (
    "合计",
    "总计",
    "共计",
    "小计",
    "合计:",
    "合计：",
    "总计:",
    "总计：",
    "total",
    "totals",
    "subtotal",
    "grandtotal",
    "sum",
)
_NOTE = r"^\s*(?:注|备注|说明|填报说明|填表说明|资料来源|数据来源|填表人|制表人|审核人|单位负责人)\s*[:：]"
_BLANKS = "' \t\u3000'"


class Conversion:
    """Makes one prepared table, step by step: :meth:`stage`, :meth:`interpret`, :meth:`finish`.

    All names in the database end in ``serial``. ``view`` has a row for each of the table, with three columns for each
    that is read: ``v`` (the value of a clean cell), ``t`` (the text of any other) and, for amounts whose heading gives no
    unit, ``u`` (true where a clean cell has its own).
    """

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        table: Table,
        read: Sequence[HeadingMeaning],
        on: dt.date,
        folder: Path,
        serial: str,
        progress: Progress,
    ) -> None:
        self.connection, self.table, self.on, self.folder, self.progress = connection, table, on, folder, progress
        self.serial = serial
        self.read: dict[str, HeadingMeaning] = {}
        self.columns: dict[str, Column] = {}
        for meaning in read:
            assert meaning.column is not None
            self.read[meaning.column.name] = meaning
            self.columns[meaning.column.name] = meaning.column
        self.unitless: list[str] = []
        """Columns of amounts without a unit in their heading."""
        self.all_rows = 0
        self.rows = 0
        self.aside = 0
        """Rows that are no enterprise."""
        self.flaws = 0
        self.left: dict[str, int] = {}
        """Columns with texts that SQL did not take, and in how many cells."""
        self.own_units: dict[str, int] = {}
        """How many clean cells of each unitless column have their own unit."""
        self.bounds: dict[str, Bounds] = {}
        """The range of each numeric column, in smallest units; complete after :meth:`interpret`."""
        self.bad: list[str] = []
        """Columns with cells that cannot be read."""
        self.doubtful: list[str] = []
        """Columns with texts that the interpreter warns of."""

    @property
    def is_written(self) -> bool:
        """Whether the cells are written once, because a table of text would be read again and again otherwise."""
        texts = (
            self.table.kinds[m.position] for m in self.read.values() if m.column and m.column.fact.kind is not None
        )
        return self.table.row is None or any(kind in (TEXT, MARKED) for kind in texts)

    @property
    def view(self) -> str:
        return f"yiqi_cells_{self.serial}"

    def texts(self, column: str) -> str:
        """The table of what the texts of a column mean; see :func:`yiqi.screening.meaning.interpret_texts`."""
        return f"yiqi_texts_{self.columns[column].name}_{self.serial}"

    # ---- clean cells ----------------------------------------------------------------------------------------------

    def stage(self) -> None:
        """Take the clean cells: they are written once, or only looked through where the table is read where it lies.

        Raises ``duckdb.InvalidInputException`` for a text table that is not regular.
        """
        if self.is_written:
            file = self.folder / f"cells-{self.serial}.parquet"
            watched(
                self.connection,
                f"COPY ({self._clean_cells()}) TO {literal(str(file))} (FORMAT parquet)",
                lambda share: self.progress("read", share),
            )
            read = f"read_parquet({file_literal(file)}, file_row_number = true)"
            source = f"FROM {read}" if self.table.row else f"SELECT file_row_number + 1 AS {ROW}, * FROM {read}"
        else:
            source = self._clean_cells()
        self.connection.execute(f"CREATE OR REPLACE TEMP VIEW {self.view} AS {source}")
        self._look()
        if not self.is_written and not self.aside:
            # No row has to be told apart, so that later readings need not look for any.
            self.connection.execute(f"CREATE OR REPLACE TEMP VIEW {self.view} AS {self._clean_cells(all_rows=True)}")

    def _look(self) -> None:
        """Count what there is, and measure the clean values."""
        numeric = [name for name, column in self.columns.items() if column.fact.kind is not None]
        wanted = ["count(*)", "count(aside)", "count(flaw)"]
        wanted += [f"count({identifier('t ' + name)})" for name in self.columns]
        wanted += [f"count({identifier('u ' + name)})" for name in self.unitless]
        wanted += [f"{end}({identifier('v ' + name)})" for name in numeric for end in ("min", "max")]
        ((self.all_rows, self.aside, self.flaws, *found),) = watched(
            self.connection,
            f"SELECT {', '.join(wanted)} FROM {self.view}",
            lambda share: self.progress("look", share),
        )
        self.rows = self.all_rows - self.aside
        left, own, ends = (
            found[: len(self.columns)],
            found[len(self.columns) : len(self.columns) + len(self.unitless)],
            found[len(self.columns) + len(self.unitless) :],
        )
        self.left = {name: count for name, count in zip(self.columns, left, strict=True) if count}
        self.own_units = dict(zip(self.unitless, own, strict=True))
        self.bounds = {name: Bounds(*ends[2 * i : 2 * i + 2]) for i, name in enumerate(numeric)}

    def _clean_cells(self, *, all_rows: bool = False) -> str:
        row = self.table.row
        flaw = "flaw" if self.table.has_flaws else "CAST(NULL AS VARCHAR)"
        aside = "CAST(NULL AS VARCHAR)" if all_rows else self._aside()
        inner = [f"{flaw} AS flaw", f"{aside} AS aside", *([f"{row} AS {ROW}"] if row else [])]
        outer = ["flaw", "aside", *([ROW] if row else [])]
        self.unitless = []
        for name, meaning in self.read.items():
            column = self.columns[name]
            cell = f"c{meaning.position}"
            kind = self.table.kinds[meaning.position]
            cells = cells_of(column.fact, meaning.unit, kind, cell)
            # A row that is no enterprise, or whose cells may stand in the wrong columns, says nothing.
            untold = [] if all_rows else ["aside IS NULL"]
            untold += ["flaw IS NULL"] if self.table.has_flaws else []
            trusted = f"CASE WHEN {' AND '.join(untold) or 'true'} THEN"
            value, text, taken, whole = (identifier(f"{letter} {name}") for letter in "vtfw")
            inner.append(f"{cells.text} AS {whole}")
            if cells.value is None:
                outer += [f"CAST(NULL AS {column.type}) AS {value}", f"{trusted} {whole} END AS {text}"]
            else:
                inner.append(f"{cells.value} AS {taken}")
                right = f"({taken} IS NOT NULL AND {possible(column.fact, taken, self.on)})"
                outer += [
                    f"{trusted} CASE WHEN {right} THEN {taken} END END AS {value}",
                    f"{trusted} CASE WHEN {whole} IS NOT NULL AND NOT {right} THEN {whole} END END AS {text}",
                ]
            if cells.bare is not None:
                self.unitless.append(name)
                inner.append(f"{cells.bare} AS {identifier('b ' + name)}")
                has_own = (
                    f"{taken} IS NOT NULL AND NOT {identifier('b ' + name)}" if cells.value is not None else "false"
                )
                outer.append(f"{trusted} CASE WHEN {has_own} THEN true END END AS {identifier('u ' + name)}")
        return f"SELECT {', '.join(outer)} FROM (SELECT {', '.join(inner)} FROM {self.table.relation})"

    def _aside(self) -> str:
        """SQL for why a row is no enterprise, else NULL.

        Nearly all rows are settled by the first character or the length of their first cell.
        """
        kinds = self.table.kinds
        texts = [i for i, kind in enumerate(kinds) if kind in (TEXT, MARKED)]
        if not texts:
            return "CAST(NULL AS VARCHAR)"
        # Whether a whole row is blank can be told only where all its cells are text.
        all_text = len(texts) == len(kinds)
        cells = [f"c{i}" for i in texts] if all_text else [f"c{texts[0]}"]
        first = _first_of(cells)
        filled = _first_of([f"nullif(trim({cell}, {_BLANKS}), '')" for cell in cells])
        beyond = " AND beyond IS NULL" if self.table.has_flaws else ""
        blank = f"WHEN {first} IS NULL{beyond} THEN '{BLANK}' " if all_text else ""
        blank_too = f"WHEN {filled} IS NULL{beyond} THEN '{BLANK}' " if all_text else ""
        words = ", ".join(literal(word) for word in _TOTALS)
        others = [
            m.position for m in self.read.values() if m.column is not None and m.column.fact.type in ("text", "uscc")
        ]
        totals = " ".join(
            f"WHEN c{i} IN ({words}) THEN '{TOTALS}'" for i in dict.fromkeys([*texts[1:2], *others]) if i in texts
        )
        compact = f"lower(replace(replace({filled}, ' ', ''), '\u3000', ''))"
        return (
            f"CASE {blank}{totals} WHEN {first} >= '0' AND {first} < ':' THEN NULL"
            f" WHEN length({first}) <= 12 THEN CASE {blank_too}WHEN {compact} IN ({words}) THEN '{TOTALS}'"
            f" WHEN regexp_matches({filled}, {literal(_NOTE)}) THEN '{NOTE}' END"
            f" WHEN contains({first}, ':') OR contains({first}, '：')"
            f" THEN CASE WHEN regexp_matches({first}, {literal(_NOTE)}) THEN '{NOTE}' END END"
        )

    # ---- the texts that are left ----------------------------------------------------------------------------------

    def interpret(self) -> None:
        """Interpret each different text that is left."""
        for number, name in enumerate(self.left):
            meaning = self.read[name]
            interpreter = ColumnMeaning(
                self.columns[name],
                meaning.unit,
                self.table.kinds[meaning.position],
                self.on,
                self.table.place(meaning.position),
            )

            def told(share: float, number: int = number) -> None:
                self.progress("interpret", (number + share) / len(self.left))

            interpret_texts(
                self.connection,
                f"SELECT {identifier('t ' + name)} AS text FROM {self.view}",
                interpreter,
                self.texts(name),
                told,
            )
            ((errors, warnings, low, high),) = self.connection.execute(
                f"SELECT count(code), count(warning), min(value), max(value) FROM {self.texts(name)}"
            ).fetchall()
            if name in self.bounds and low is not None:
                clean = self.bounds[name]
                self.bounds[name] = Bounds(
                    low if clean.low is None else min(low, clean.low),
                    high if clean.high is None else max(high, clean.high),
                )
            if errors:
                self.bad.append(name)
            if warnings:
                self.doubtful.append(name)

    # ---- the prepared table ---------------------------------------------------------------------------------------

    def finish(self) -> str:
        """The prepared table: written where the cells were, a view where the table is read where it lies."""
        query = self._joined()
        source = f"yiqi_prepared_{self.serial}"
        if self.is_written:
            file = self.folder / f"prepared-{self.serial}.parquet"
            metadata = f"{literal(PREPARED_KEY)}: {literal(PREPARED_FORM)}"
            if self.table.synthetic:
                metadata += f", {literal(SYNTHETIC_KEY)}: '1'"
            with _joined_in_order(self.connection):
                watched(
                    self.connection,
                    f"COPY ({query}) TO {literal(str(file))} (FORMAT parquet, KV_METADATA {{{metadata}}})",
                    lambda share: self.progress("write", share),
                )
            query = f"FROM read_parquet({file_literal(file)})"
        self.connection.execute(f"CREATE TEMP VIEW {source} AS {query}")
        return source

    def _joined(self) -> str:
        selected = [f"s.{ROW}"]
        joins: list[str] = []
        wrong = [f"'{ROW}: ' || split_part(s.flaw, ' ', 1)"] if self.flaws else []
        for number, name in enumerate(self.columns):
            value, text = f"s.{identifier('v ' + name)}", f"s.{identifier('t ' + name)}"
            if name not in self.left:
                selected.append(f"{value} AS {name}")
                continue
            told = f"m{number}"
            joins.append(f"LEFT JOIN {self.texts(name)} {told} ON {text} = {told}.text")
            selected.append(f"coalesce({value}, {told}.value) AS {name}")
            if name in self.bad:
                wrong.append(f"{literal(name + ': ')} || {told}.code")
        if wrong:
            selected.append(f"nullif(concat_ws('; ', {', '.join(wrong)}), '') AS {PROBLEMS}")
        where = " WHERE s.aside IS NULL" if self.aside else ""
        return f"SELECT {', '.join(selected)} FROM {self.view} s {' '.join(joins)}{where}"


@contextmanager
def _joined_in_order(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """The cells stay on the left of each join and so in their order, even where they are fewer than the texts."""
    ((before,),) = connection.execute("SELECT current_setting('disabled_optimizers')").fetchall()
    disabled = [name for name in (before, "join_order", "build_side_probe_side") if name]
    connection.execute(f"SET disabled_optimizers = {literal(','.join(disabled))}")
    try:
        yield
    finally:
        connection.execute(f"SET disabled_optimizers = {literal(before)}")


def _first_of(values: Sequence[str]) -> str:
    """SQL for the first value that is not NULL."""
    return f"coalesce({', '.join(values)})"
