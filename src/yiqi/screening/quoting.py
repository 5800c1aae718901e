"""Names and texts of a person's table as they stand in SQL: no heading, cell or path can end its own quotation."""

from __future__ import annotations

import re
from pathlib import Path


def identifier(name: str) -> str:
    """A name in double quotation marks."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """A text in single quotation marks."""
    return "'" + text.replace("'", "''") + "'"


def file_literal(path: Path) -> str:
    """A path for a reading function of DuckDB, which would read ``a1.csv`` for ``a[1].csv``."""
    return literal(re.sub(r"([\[*?])", r"[\1]", str(path)))
