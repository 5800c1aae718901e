"""Opens whatever file a person brings as a table."""

from __future__ import annotations

from pathlib import Path

from yiqi.law.diagnostics import Diagnostic
from yiqi.screen.csv_file import open_csv
from yiqi.screen.headings import HeadingReader
from yiqi.screen.opened import Table


def open_table(path: Path, headings: HeadingReader) -> tuple[Table | None, list[Diagnostic]]:
    """The table of a file, or None and what is wrong with the file."""
    return open_csv(path, str(path), headings.knows)
