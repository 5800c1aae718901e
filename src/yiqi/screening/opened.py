"""A person's table after it was opened: where DuckDB reads its cells, and what stands above them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from yiqi.law.bilingual import Bilingual
from yiqi.law.diagnostics import Diagnostic, Place
from yiqi.law.quantities import MONEY_UNITS

TEXT = "VARCHAR"
"""A column of texts as a person typed them."""

MARKED = "MARKED"
"""A column of texts of a workbook; a cell that is no text begins with :data:`MARK` and a letter that says what it is."""

MARK = "\x01"

HEADING_ROWS = 10
"""The heading row is one of these first rows."""

_KNOWN_HEADINGS = 3
_UNIT_ABOVE = re.compile(
    r"(?:金额)?单位\s*[:：]\s*(?:人民币)?(?:[^:：]*[、,，/\s])?("
    + "|".join(sorted((unit for unit in MONEY_UNITS if unit != "分"), key=len, reverse=True))
    + r")(?![\u4e00-\u9fff])"
)


@dataclass(frozen=True)
class Table:
    """An opened table.

    ``relation`` is what stands behind FROM. It has the columns ``c0``, ``c1`` ... of the types in ``kinds`` (``TEXT``,
    ``MARKED`` or a type of DuckDB). Where ``row`` is None its rows come in the order of the file, from 1 on; else ``row``
    is SQL for the number of the row.
    """

    file: str
    relation: str
    headings: tuple[str, ...]
    kinds: tuple[str, ...]
    place: Callable[[int], Place]
    read_as: Bilingual
    """The kind of file, its encoding or sheet, as a person is told."""
    row: str | None = None
    has_flaws: bool = False
    """Whether the relation has the columns ``beyond`` (cells beyond the last heading) and ``flaw`` (why no cell of the
    row can be trusted, else NULL)."""
    unit: str | None = None
    """The unit of money that a line above the headings gives for the whole table."""
    synthetic: bool = False
    """Whether the file says of itself that it describes no real enterprise."""
    first_line: int | None = None
    """The line or sheet row of row 1; None where row numbers and lines do not go together."""


def heading_row(rows: Sequence[Sequence[str]], knows: Callable[[str], bool]) -> tuple[int, int] | None:
    """The heading row and how many of its headings are known.

    It is the first of the first ten rows with at least three known headings; else the one with most; else, where none has
    any, the first with as many filled cells as any.
    """
    known = [len({cell for cell in row if cell.strip() and knows(cell)}) for row in rows[:HEADING_ROWS]]
    for number, count in enumerate(known):
        if count >= _KNOWN_HEADINGS:
            return number, count
    if known and max(known) > 0:
        return known.index(max(known)), max(known)
    filled = [sum(1 for cell in row if cell.strip()) for row in rows[:HEADING_ROWS]]
    return (filled.index(max(filled)), 0) if filled and max(filled) > 0 else None


def unit_above(cells: Iterable[str]) -> str | None:
    """The unit of money of a line such as ``单位：万元`` above a table."""
    for cell in cells:
        match = _UNIT_ABOVE.search(unicodedata.normalize("NFKC", cell))
        if match is not None:
            return match[1]
    return None


def empty_table(file: str) -> Diagnostic:
    """The error for a file without a table."""
    return Diagnostic(
        "error",
        "empty-table",
        Bilingual("there is no table in this file", "文件中没有表格"),
        Place(file),
        Bilingual("give a table with a heading row and one enterprise per row", "请给出有表头、每行一家企业的表格"),
    )


def not_a_table(file: str) -> Diagnostic:
    """The error for a file of another kind."""
    return Diagnostic(
        "error",
        "not-a-table",
        Bilingual("this is neither text in UTF-8, GBK or UTF-16 nor a workbook nor Parquet",
                  "文件既不是UTF-8、GBK或UTF-16文本，也不是电子表格或Parquet文件"),
        Place(file),
        Bilingual("save the table as .xlsx or as CSV in UTF-8", "请将表格另存为.xlsx，或UTF-8编码的CSV"),
    )  # fmt: skip
