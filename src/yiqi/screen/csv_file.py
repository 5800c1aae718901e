"""Tables in CSV: told by their separator and heading row, read by DuckDB at its own speed."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from yiqi.law.bilingual import Bilingual
from yiqi.law.diagnostics import Diagnostic, Place
from yiqi.screen.opened import TEXT, Table
from yiqi.screen.quoting import literal

SEPARATORS = (",", "\t", ";", "|")
HEADING_ROWS = 10
"""The heading row is one of these first rows."""

_HEAD = 1 << 20


@dataclass(frozen=True)
class Layout:
    """How a text table is laid out. ``heading_row`` counts from 0, in rows of the text."""

    separator: str
    heading_row: int
    headings: tuple[str, ...]
    above: tuple[tuple[str, ...], ...] = ()
    """The rows above the heading row."""


def find_layout(head: str, knows: Callable[[str], bool]) -> Layout | None:
    """The separator and heading row that let most headings be known; None for a text without a line."""
    best: tuple[int, int, Layout] | None = None
    for separator in SEPARATORS:
        rows = first_rows(head, separator)
        found = heading_row(rows, knows)
        if found is None:
            continue
        number, known = found
        headings = tuple(cell.strip() for cell in rows[number])
        layout = Layout(separator, number, headings, tuple(tuple(row) for row in rows[:number]))
        if best is None or (known, len(headings)) > best[:2]:
            best = (known, len(headings), layout)
    return best[2] if best is not None else None


def first_rows(head: str, separator: str) -> list[list[str]]:
    """The first rows of a text, cells as they stand."""
    reader = csv.reader(io.StringIO(head, newline=""), delimiter=separator)
    rows: list[list[str]] = []
    try:
        for row in reader:
            rows.append(row)
            if len(rows) == HEADING_ROWS:
                break
    except csv.Error:
        # A cell longer than any cell is: what was read so far must do.
        pass
    return rows


def heading_row(rows: Sequence[Sequence[str]], knows: Callable[[str], bool]) -> tuple[int, int] | None:
    """The first row with at least three known headings, else the one with most, else the first that is not blank; and
    how many of its headings are known."""
    known = [len({cell for cell in row if cell.strip() and knows(cell)}) for row in rows[:HEADING_ROWS]]
    if not known:
        return None
    for number, count in enumerate(known):
        if count >= 3:
            return number, count
    most = max(known)
    if most > 0:
        return known.index(most), most
    return next(((n, 0) for n, row in enumerate(rows) if any(cell.strip() for cell in row)), None)


def reading(path: Path, separator: str, columns: Sequence[str], skip: int) -> str:
    """The call that reads a text table: strictly, every cell as text, an empty one as NULL."""
    named = ", ".join(f"{literal(column)}: 'VARCHAR'" for column in columns)
    return (
        f"read_csv({literal(str(path))}, auto_detect = false, header = false, skip = {skip}, delim = {literal(separator)},"
        f" quote = '\"', escape = '\"', columns = {{{named}}}, strict_mode = true, null_padding = false)"
    )


def open_csv(path: Path, file: str, knows: Callable[[str], bool]) -> tuple[Table | None, list[Diagnostic]]:
    """A text table in UTF-8."""
    with path.open("rb") as stream:
        head = stream.read(_HEAD)
    layout = find_layout(head.decode("utf-8-sig", errors="ignore"), knows)
    if layout is None:
        return None, [
            Diagnostic(
                "error",
                "empty-file",
                Bilingual("the table is empty", "表格为空"),
                Place(file),
                Bilingual(
                    "give a table with a heading row and one enterprise per row", "请给出带表头、每行一家企业的表格"
                ),
            )
        ]
    names = [f"c{i}" for i in range(len(layout.headings))]
    line = layout.heading_row + 1
    table = Table(
        file,
        reading(path, layout.separator, names, line),
        layout.headings,
        (TEXT,) * len(names),
        lambda i: Place(file, line, cell=layout.headings[i] if i < len(layout.headings) else None),
        first_line=line + 1,
    )
    return table, []
