"""Text tables that DuckDB cannot read as they stand: written again, row by row, so that no row is lost.

GBK and UTF-16 become UTF-8; what stands above the headings is left away; blank lines stay rows; a cell with line breaks
stays one cell. A row that has not as many cells as there are headings, or whose quotation marks do not fit, cannot be
trusted in any of its cells: it keeps them, and a last cell says what is wrong with it.
"""

from __future__ import annotations

import csv
import io
import itertools
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from yiqi.screen.encoding import open_bytes

LONGEST_LINE = 2 << 20
"""Characters of the longest line; DuckDB reads no longer ones."""

TOO_FEW = "too-few-cells"
TOO_MANY = "too-many-cells"
QUOTATION = "broken-quotation"

_CELL_LINES = 100
"""A cell with more line breaks than this is a quotation mark that was never closed."""


class LineTooLong(Exception):  # noqa: N818 - a limit, not a fault of the program
    """A line is longer than any row of a table; the argument is its number."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row as it was found, with what is wrong with it."""

    cells: list[str]
    flaw: str | None = None


def rewrite(source: Path, encoding: str, separator: str, heading_lines: int, columns: int, target: Path) -> None:
    """Write the rows below the first ``heading_lines`` lines as a regular table in UTF-8, commas between the cells.

    Each row gets ``columns`` cells, then one with what stood beyond them, then one with what is wrong with the row.
    Characters that cannot be read become U+FFFD. Raises :class:`LineTooLong`, ``csv.Error`` and ``OSError``.
    """
    with (
        open_bytes(source) as raw,
        io.TextIOWrapper(raw, "utf-8-sig" if encoding == "utf-8" else encoding, errors="replace", newline="") as text,
        target.open("w", encoding="utf-8", newline="") as out,
    ):
        writer = csv.writer(out, lineterminator="\r\n")
        lines = itertools.islice(_lines(text), heading_lines, None)
        for row in read_rows(lines, separator, columns):
            cells, flaw = row.cells, row.flaw
            beyond = cells[columns:]
            if flaw is None and len(cells) > columns and any(cell.strip() for cell in beyond):
                flaw = f"{TOO_MANY} {len(cells)}"
            elif flaw is None and 0 < len(cells) < columns and any(cell.strip() for cell in cells):
                flaw = f"{TOO_FEW} {len(cells)}"
            padded = cells[:columns] + [""] * (columns - len(cells))
            writer.writerow((*padded, separator.join(beyond) if flaw else "", flaw or ""))


def read_rows(lines: Iterator[str], separator: str, columns: int) -> Iterator[Row]:
    """The rows of a text, each with as many lines as its quotation marks hold together.

    A quotation mark that is not closed within a hundred lines, whose end makes a row of the wrong length, or that
    encloses a whole other row, stands for itself, so that it cannot swallow the rows after it.
    """
    waiting: deque[str] = deque()

    def following() -> Iterator[str]:
        while waiting:
            yield waiting.popleft()
        yield from lines

    for line in iter(lambda: next(following(), None), None):
        if '"' not in line:
            bare = line.rstrip("\r\n")
            yield Row(bare.split(separator) if bare else [])
            continue
        pulled: list[str] = []

        def more(pulled: list[str] = pulled) -> Iterator[str]:
            for further in itertools.islice(following(), _CELL_LINES):
                pulled.append(further)
                yield further

        try:
            cells = next(csv.reader(itertools.chain([line], more()), delimiter=separator, strict=True))
            broken = bool(pulled) and (len(cells) != columns or _holds_a_row(cells, separator, columns))
        except csv.Error:
            cells, broken = [], True
        if broken:
            waiting.extendleft(reversed(pulled))
            yield Row(line.rstrip("\r\n").split(separator), QUOTATION)
        else:
            yield Row(cells)


def _holds_a_row(cells: list[str], separator: str, columns: int) -> bool:
    """Whether a line within a cell has the separators of a whole row: two quotation marks of different rows met."""
    return any(
        line.count(separator) >= columns - 1
        for cell in cells
        if "\n" in cell or "\r" in cell
        for line in cell.splitlines()
    )


def _lines(text: io.TextIOWrapper) -> Iterator[str]:
    number = 0
    while line := text.readline(LONGEST_LINE):
        number += 1
        if len(line) >= LONGEST_LINE and not line.endswith(("\n", "\r")):
            raise LineTooLong(number)
        yield line
