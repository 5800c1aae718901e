"""A list of things on the terminal: a drawn table for a person, tab-separated lines for a program, JSON on demand."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import click

from yiqi.cli.language import Text


class Column(NamedTuple):
    """``key`` names the value in JSON; ``right`` sets numbers flush right; ``whole`` keeps an id on one line."""

    key: str
    heading: Text
    right: bool = False
    whole: bool = False


def is_drawn() -> bool:
    """Whether a person looks at the table: output goes to a terminal."""
    return sys.stdout.isatty()


def print_table(columns: Sequence[Column], rows: Iterable[Sequence[str]]) -> None:
    """Print rows of one cell per column: drawn on a terminal, else separated by tabs so that nothing is cut off."""
    if is_drawn():
        draw_table(columns, rows)
        return
    for cells in ([str(c.heading) for c in columns], *rows):
        click.echo("\t".join(" ".join(cell.split()) for cell in cells))


def draw_table(columns: Sequence[Column], rows: Iterable[Sequence[str]], width: int | None = None) -> None:
    """Draw a table as wide as the terminal, or ``width`` columns."""
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text as Plain

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for column in columns:
        justify = "right" if column.right else "left"
        table.add_column(str(column.heading), justify=justify, no_wrap=column.whole, overflow="fold")  # type: ignore[arg-type]
    for cells in rows:
        # The text of a law file may contain what rich would take for markup.
        table.add_row(*(Plain(cell) for cell in cells))
    Console(width=width, highlight=False).print(table)


def print_json(value: Mapping[str, object] | Sequence[object]) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))
