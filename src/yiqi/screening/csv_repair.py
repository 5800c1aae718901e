"""Text tables that DuckDB cannot read as they stand: written again, row by row, so that no row is lost.

GBK and UTF-16 become UTF-8; what stands above the headings is left away; blank lines stay rows; a cell with line breaks
stays one cell. A row that has not as many cells as there are headings, or whose quotation marks do not fit, cannot be
trusted in any of its cells: it keeps them, and a last cell says what is wrong with it.
"""

from __future__ import annotations

import csv
import io
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from yiqi.screening.encoding import open_bytes, share_read

LONGEST_LINE = 2 << 20
"""Characters of the longest line; DuckDB reads no longer ones."""

TOO_FEW = "too-few-cells"
TOO_MANY = "too-many-cells"
QUOTATION = "broken-quotation"

_TELL_EVERY = 10_000
_CELL_LINES = 100
"""A cell with more line breaks than this is a quotation mark that was never closed."""


class LineTooLong(Exception):  # noqa: N818 - a limit, not a fault of the program
    """A line is longer than any row of a table; the argument is its number."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row as it was found, with what is wrong with it."""

    cells: list[str]
    flaw: str | None = None


def rewrite(
    source: Path,
    encoding: str,
    separator: str,
    heading_lines: int,
    columns: int,
    target: Path,
    progress: Callable[[float], None],
) -> None:
    """Write the rows below the first ``heading_lines`` lines as a regular table in UTF-8, with the same separator.

    Each row gets ``columns`` cells, then one with what stood beyond them, then one with what is wrong with the row.
    Characters that cannot be read become U+FFFD. Raises :class:`LineTooLong` and ``OSError``.
    """
    with (
        open_bytes(source) as raw,
        io.TextIOWrapper(raw, "utf-8-sig" if encoding == "utf-8" else encoding, errors="replace", newline="") as text,
        target.open("w", encoding="utf-8", newline="") as out,
    ):
        writer = csv.writer(out, delimiter=separator, lineterminator="\r\n")
        lines = Lines(text, share_read(source, raw), progress)
        for _ in range(heading_lines):
            lines.next()
        while (line := lines.next()) is not None:
            bare = line.rstrip("\r\n")
            if '"' not in bare and bare.count(separator) == columns - 1:
                # As most lines are: nothing to find out, and much faster than cell by cell.
                out.write(f"{bare}{separator}{separator}\r\n")
                continue
            writer.writerow(_written(read_row(line, lines, separator, columns), separator, columns))


def _written(row: Row, separator: str, columns: int) -> list[str]:
    cells, flaw = row.cells, row.flaw
    beyond = cells[columns:]
    if flaw is None and any(cell.strip() for cell in beyond):
        flaw = f"{TOO_MANY} {len(cells)}"
    elif flaw is None and len(cells) < columns and any(cell.strip() for cell in cells):
        flaw = f"{TOO_FEW} {len(cells)}"
    padded = cells[:columns] + [""] * (columns - len(cells))
    return [*padded, separator.join(beyond) if flaw else "", flaw or ""]


class Lines:
    """The lines of a text, of which some can be given back."""

    def __init__(self, text: TextIO, share: Callable[[], float], progress: Callable[[float], None]) -> None:
        self._text, self._share, self._progress = text, share, progress
        self._waiting: deque[str] = deque()
        self._number = 0

    def next(self) -> str | None:
        """The next line with its end, None after the last. Raises :class:`LineTooLong`."""
        if self._waiting:
            return self._waiting.popleft()
        line = self._text.readline(LONGEST_LINE)
        self._number += 1
        if len(line) >= LONGEST_LINE and not line.endswith(("\n", "\r")):
            raise LineTooLong(self._number)
        if self._number % _TELL_EVERY == 0:
            self._progress(self._share())
        return line or None

    def give_back(self, lines: list[str]) -> None:
        """Lines to be read again next, in their order."""
        self._waiting.extendleft(reversed(lines))


def read_row(line: str, lines: Lines, separator: str, columns: int) -> Row:
    """The row that begins with a line, with as many further lines as its quotation marks hold together.

    A quotation mark that is not closed within a hundred lines, whose end makes a row of the wrong length, or that
    encloses a whole other row, stands for itself, so that it cannot swallow the rows after it.
    """
    bare = line.rstrip("\r\n")
    if '"' not in bare:
        return Row(bare.split(separator) if bare else [])
    pulled: list[str] = []

    def text() -> Iterator[str]:
        yield line
        while len(pulled) < _CELL_LINES and (further := lines.next()) is not None:
            pulled.append(further)
            yield further

    try:
        cells = next(csv.reader(text(), delimiter=separator, strict=True))
        broken = bool(pulled) and (len(cells) != columns or _holds_a_row(cells, separator, columns))
    except csv.Error:
        cells, broken = [], True
    if broken:
        lines.give_back(pulled)
        return Row(bare.split(separator), QUOTATION)
    return Row(cells)


def _holds_a_row(cells: list[str], separator: str, columns: int) -> bool:
    """Whether a line within a cell has the separators of a whole row: two quotation marks of different rows met."""
    return any(
        line.count(separator) >= columns - 1
        for cell in cells
        if "\n" in cell or "\r" in cell
        for line in cell.splitlines()
    )
