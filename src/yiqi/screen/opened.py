"""A person's table after it was opened: where DuckDB reads its cells, and what stands above them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from yiqi.law.diagnostics import Place

TEXT = "VARCHAR"
"""A column of texts as a person typed them."""

MARKED = "MARKED"
"""A column of texts of a workbook; a cell that is no text begins with :data:`MARK` and a letter that says what it is."""

MARK = "\x01"


@dataclass(frozen=True)
class Table:
    """An opened table.

    ``relation`` is what stands behind FROM. It has the columns ``c0``, ``c1`` ... of the types in ``kinds`` (``TEXT``,
    ``MARKED`` or a type of DuckDB), and ``flaw`` (VARCHAR: why the whole row cannot be trusted, else NULL) when
    ``has_flaws``. Where ``row`` is None its rows come in the order of the file, from 1 on; else ``row`` is SQL for the
    number of the row.
    """

    file: str
    relation: str
    headings: tuple[str, ...]
    kinds: tuple[str, ...]
    place: Callable[[int], Place]
    row: str | None = None
    has_flaws: bool = False
    unit: str | None = None
    """The unit of money that a line above the headings gives for the whole table."""
    first_line: int = 2
    """The line or sheet row at which row 1 of the table stands."""
