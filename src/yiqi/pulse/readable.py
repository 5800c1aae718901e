"""A population as a table for people: Chinese headings, amounts in 万元, the first line saying that it is made up.

The headings and cells are those that fact sheets and tables of enterprises are read with, so that the table can be
given back to Yiqi.
"""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import duckdb

from yiqi.law.quantities import POINTS_SCALE
from yiqi.law.vocabulary import Fact
from yiqi.screening.prepared import ROW, Column

LABEL = "合成数据：按公开统计总量拟合的虚构企业，不是真实企业。Synthetic data: no real enterprises."
FEN_PER_HUNDREDTH = 10_000
"""Amounts are whole hundreds of yuan: hundredths of 万元."""

BATCH = 5_000
FIXED_DAY = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


def heading(column: Column) -> str:
    """The heading of a column: ``2025年营业收入（万元）``."""
    fact = column.fact
    unit = "（万元）" if fact.kind == "money" else f"（{fact.unit}）" if fact.unit else ""
    year = "" if column.year is None else f"{column.year}年"
    return f"{year}{fact.label.zh}{unit}"


def cell(column: Column) -> str:
    """SQL of a cell as it is shown: a number, or a text."""
    fact, name = column.fact, column.name
    if fact.kind == "money":
        return f"({name} // {FEN_PER_HUNDREDTH})::DECIMAL(18, 0) * 0.01::DECIMAL(3, 2)"
    if fact.kind == "ratio":
        return f"({name}::DECIMAL(18, 0) * 0.000001::DECIMAL(7, 6))::VARCHAR || '%'"
    if fact.kind == "points":
        return f"({name} // {POINTS_SCALE // 100})::DECIMAL(18, 0) * 0.01::DECIMAL(3, 2)"
    if fact.kind is not None:
        return name
    return _text(fact, name)


def _text(fact: Fact, name: str) -> str:
    labels = [_quoted(member.label.zh) for member in fact.members]
    if fact.type == "yes_no":
        return f"CASE WHEN {name} THEN '是' WHEN NOT {name} THEN '否' END"
    if fact.type == "one_of":
        return f"([{', '.join(labels)}])[{name} + 1]"
    if fact.type == "set_of":
        held = ", ".join(f"CASE WHEN {name} & {1 << place} > 0 THEN {label} END" for place, label in enumerate(labels))
        return f"CASE WHEN {name} = 0 THEN '无' WHEN {name} IS NOT NULL THEN concat_ws('；', {held}) END"
    if fact.type == "industry":
        digits = f"lpad(({name} % 100000 // 10)::VARCHAR, 4, '0')"
        return f"chr(64 + {name} // 100000) || left({digits}, 4 - {name} % 10)"
    return f"{name}::VARCHAR"


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _select(columns: Sequence[Column], part: Path) -> str:
    chosen = ", ".join(f'{cell(column)} AS "{heading(column)}"' for column in columns)
    return f"SELECT {chosen} FROM read_parquet({_quoted(str(part))}) ORDER BY {ROW}"


def write_csv(
    connection: duckdb.DuckDBPyConnection,
    columns: Sequence[Column],
    parts: Sequence[Path],
    draft: Path,
    target: Path,
    written: Callable[[int], None],
) -> None:
    """Write ``target`` in UTF-8 with a mark that Excel reads; ``draft`` is a name for pieces on the way. ``written`` is
    told the rows so far."""
    rows = 0
    with target.open("wb") as file:
        file.write(b"\xef\xbb\xbf" + f"{LABEL}\r\n".encode())
        for place, part in enumerate(parts):
            header = "true" if place == 0 else "false"
            copied = connection.execute(
                f"COPY ({_select(columns, part)}) TO {_quoted(str(draft))} (FORMAT csv, HEADER {header}, NULLSTR '')"
            ).fetchall()
            rows += int(copied[0][0])
            with draft.open("rb") as piece:
                shutil.copyfileobj(piece, file, 1 << 20)
            draft.unlink()
            written(rows)


def write_excel(
    connection: duckdb.DuckDBPyConnection,
    columns: Sequence[Column],
    parts: Sequence[Path],
    drafts: Path,
    target: Path,
    written: Callable[[int], None],
) -> None:
    """Write a workbook of one sheet; ``drafts`` is a folder for pieces on the way, ``written`` is told the rows so far."""
    import xlsxwriter

    book = xlsxwriter.Workbook(str(target), {"constant_memory": True, "tmpdir": str(drafts)})
    # The day the file was made would make two runs differ.
    book.set_properties({"comments": LABEL, "created": FIXED_DAY})
    sheet = book.add_worksheet("合成数据")
    label = book.add_format({"bold": True, "font_color": "#9c1c1c"})
    head = book.add_format({"bold": True, "bg_color": "#e7edf5", "border": 1, "text_wrap": True, "valign": "top"})
    amount = book.add_format({"num_format": "#,##0.00"})
    for place, column in enumerate(columns):
        width = {"name": 18, "uscc": 21}.get(column.fact.id, 14)
        sheet.set_column(place, place, width, amount if column.fact.kind == "money" else None)
    sheet.freeze_panes(2, 1)
    sheet.write_string(0, 0, LABEL, label)
    for place, column in enumerate(columns):
        sheet.write_string(1, place, heading(column), head)
    row = 2
    for part in parts:
        result = connection.execute(_select(columns, part))
        while rows := result.fetchmany(BATCH):
            for values in rows:
                for place, value in enumerate(values):
                    if isinstance(value, str):
                        sheet.write_string(row, place, value)
                    elif value is not None:
                        sheet.write_number(row, place, float(value))
                row += 1
            written(row - 2)
    # Only a whole book is closed: closing is what puts the file together.
    book.close()
