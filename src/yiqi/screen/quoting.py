"""Names and texts of a person's table as they stand in SQL: no heading and no cell can end its own quotation."""

from __future__ import annotations


def identifier(name: str) -> str:
    """A name in double quotation marks."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """A text in single quotation marks."""
    return "'" + text.replace("'", "''") + "'"
