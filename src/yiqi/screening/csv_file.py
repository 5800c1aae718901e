"""Tables in CSV: a regular one is read by DuckDB as it stands, any other is first written again, row by row."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from yiqi.law.bilingual import Bilingual
from yiqi.law.diagnostics import Diagnostic, DiagnosticError, Place
from yiqi.screening.csv_repair import LONGEST_LINE, LineTooLong, rewrite
from yiqi.screening.encoding import count_lines, encoding_of, encoding_of_head, first_bytes, is_gzip
from yiqi.screening.opened import HEADING_ROWS, TEXT, Table, empty_table, heading_row, not_a_table, unit_above
from yiqi.screening.quoting import file_literal, literal

SEPARATORS = (",", "\t", ";", "|")

_NAMES = {"utf-8": "UTF-8", "gb18030": "GBK", "utf-16": "UTF-16", "utf-16-le": "UTF-16", "utf-16-be": "UTF-16"}


@dataclass(frozen=True)
class Layout:
    """How a text table is laid out."""

    separator: str
    headings: tuple[str, ...]
    heading_line: int
    """The line at which the heading row begins, from 1."""
    heading_lines: int
    """How many lines stand above the first row of the table."""
    above: tuple[tuple[str, ...], ...] = ()
    """The rows above the heading row."""


class CsvFile:
    """A text table that was looked into.

    Raises :class:`DiagnosticError` when there is no table in it.
    """

    def __init__(self, path: Path, file: str, knows: Callable[[str], bool]) -> None:
        self.path, self.file = path, file
        head = first_bytes(path)
        encoding = encoding_of_head(head)
        if encoding is None:
            raise DiagnosticError([not_a_table(file)])
        self.encoding = encoding
        text = head.decode("utf-8-sig" if encoding == "utf-8" else encoding, errors="ignore")
        layout = find_layout(text, knows) if any(character.isalnum() for character in text) else None
        if layout is None:
            raise DiagnosticError([empty_table(file)])
        self.layout = layout

    def as_it_stands(self) -> Table | None:
        """The table as DuckDB can try to read it by itself, or None where it certainly cannot.

        What it reads counts only if :meth:`is_regular` holds for the number of rows.
        """
        layout = self.layout
        if self.encoding != "utf-8" or layout.heading_lines != len(layout.above) + 1:
            return None
        return self._table(
            reading(self.path, layout.separator, self._names(), layout.heading_lines, is_packed=is_gzip(self.path))
        )

    def is_regular(self, rows: int) -> bool:
        """Whether each line below the headings is one row. Then no blank line was passed over, and no quotation mark
        swallowed a line."""
        return count_lines(self.path) == self.layout.heading_lines + rows

    def rewritten(self, target: Path, progress: Callable[[float], None]) -> Table:
        """The table after it was written again to ``target``, whatever its encoding and however broken its rows.

        ``progress`` is called with the share that is done. Raises :class:`DiagnosticError`.
        """
        layout = self.layout
        # The beginning may be ASCII alone; only the whole file tells what the rest is.
        encoding = encoding_of(self.path) if self.encoding == "utf-8" else self.encoding
        if encoding is None:
            raise DiagnosticError([not_a_table(self.file)])
        self.encoding = encoding
        try:
            rewrite(self.path, encoding, layout.separator, layout.heading_lines, len(layout.headings), target, progress)
        except LineTooLong as error:
            raise DiagnosticError([_line_too_long(self.file, int(error.args[0]))]) from error
        return self._table(reading(target, layout.separator, [*self._names(), "beyond", "flaw"], 0), has_flaws=True)

    def _names(self) -> list[str]:
        return [f"c{i}" for i in range(len(self.layout.headings))]

    def _table(self, relation: str, *, has_flaws: bool = False) -> Table:
        layout, file = self.layout, self.file

        def place(position: int) -> Place:
            heading = layout.headings[position] if position < len(layout.headings) else None
            return Place(file, layout.heading_line, cell=heading or None)

        name = _NAMES[self.encoding]
        return Table(
            file,
            relation,
            layout.headings,
            (TEXT,) * len(layout.headings),
            place,
            Bilingual(
                f"CSV in {name}, headings in line {layout.heading_line}",
                f"CSV（{name}编码），表头在第{layout.heading_line}行",
            ),
            has_flaws=has_flaws,
            unit=unit_above(cell for row in layout.above for cell in row),
            first_line=None if has_flaws else layout.heading_lines + 1,
        )


def find_layout(head: str, knows: Callable[[str], bool]) -> Layout | None:
    """The separator and heading row that let most headings be known; None for a text without a table."""
    best: tuple[int, int, Layout] | None = None
    for separator in SEPARATORS:
        rows, ends = _first_rows(head, separator)
        found = heading_row(rows, knows)
        if found is None:
            continue
        number, known = found
        cells = [cell.strip() for cell in rows[number]]
        above = tuple(tuple(row) for row in rows[:number])
        layout = Layout(separator, tuple(cells), ends[number - 1] + 1 if number else 1, ends[number], above)
        if best is None or (known, len(cells)) > best[:2]:
            best = (known, len(cells), layout)
    return best[2] if best is not None else None


def _first_rows(head: str, separator: str) -> tuple[list[list[str]], list[int]]:
    """The first rows of a text, and the line at which each ends."""
    reader = csv.reader(io.StringIO(head, newline=""), delimiter=separator)
    rows: list[list[str]] = []
    ends: list[int] = []
    try:
        for row in reader:
            rows.append(row)
            ends.append(reader.line_num)
            if len(rows) == HEADING_ROWS:
                break
    except csv.Error:
        # A cell longer than any cell is. What was read so far must do; the rows are read another way.
        return rows, ends
    return rows, ends


def reading(path: Path, separator: str, columns: Sequence[str], skip: int, *, is_packed: bool = False) -> str:
    """The call that reads a text table: strictly, every cell as text, an empty one as NULL."""
    packed = ", compression = 'gzip'" if is_packed else ""
    named = ", ".join(f"{literal(column)}: 'VARCHAR'" for column in columns)
    return (
        f"read_csv({file_literal(path)}{packed}, auto_detect = false, header = false, skip = {skip}, delim = {literal(separator)},"
        f" quote = '\"', escape = '\"', columns = {{{named}}}, strict_mode = true, null_padding = false,"
        f" max_line_size = {4 * LONGEST_LINE})"
    )


def _line_too_long(file: str, line: int) -> Diagnostic:
    return Diagnostic(
        "error",
        "line-too-long",
        Bilingual(f"line {line} has more than {LONGEST_LINE:,} characters", f"第{line}行超过{LONGEST_LINE:,}个字符"),
        Place(file, line),
        Bilingual("save the table again as .xlsx, or as CSV with one enterprise per line",
                  "请将表格另存为.xlsx，或每行一家企业的CSV"),
    )  # fmt: skip
