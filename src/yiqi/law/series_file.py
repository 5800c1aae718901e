"""Reads a dated table from a CSV file: first days in the column ``date``, values, and the tag of each row's source."""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path

from yiqi.law.bilingual import Bilingual
from yiqi.law.diagnostics import Diagnostic, Place
from yiqi.law.quantities import Kind, QuantityError, parse_quantity

Step = tuple[dt.date, int, str]
DATE, CONFIDENCE = "date", "confidence"


def read_series(file: Path, column: str, kind: Kind) -> tuple[tuple[Step, ...], list[Diagnostic]]:
    """The rows of a table: first day, value in the smallest unit of ``kind``, tag. Days ascend.

    A ratio column holds percentages (3.45 is 3.45%); everything else is written with its unit. Every problem comes back
    with its line; the rows are then of no use.
    """
    diagnostics: list[Diagnostic] = []

    def wrong(line: int | None, en: str, zh: str) -> None:
        diagnostics.append(Diagnostic("error", "series", Bilingual(en, zh), Place(str(file), line)))

    try:
        with file.open(encoding="utf-8-sig", newline="") as stream:
            rows = list(csv.DictReader(stream))
    except (OSError, UnicodeDecodeError) as problem:
        wrong(None, f"the table cannot be read: {problem}", f"无法读取该表：{problem}")
        return (), diagnostics
    steps: list[Step] = []
    for line, row in enumerate(rows, start=2):
        lacking = [name for name in (DATE, column, CONFIDENCE) if not row.get(name)]
        if lacking:
            wrong(line, f"this row has no {', '.join(lacking)}", f"该行缺少{'、'.join(lacking)}")
            continue
        try:
            day = dt.date.fromisoformat(row[DATE])
            value = parse_quantity(f"{row[column]}%" if kind == "ratio" else row[column], kind)
        except ValueError:
            wrong(line, f"`{row[DATE]}` is not a date such as 2026-04-01", f"“{row[DATE]}”不是日期，例如2026-04-01")
            continue
        except QuantityError as problem:
            wrong(line, problem.message.en, problem.message.zh)
            continue
        if row[CONFIDENCE] not in ("A", "B"):
            wrong(line, "a row that decides is tagged A or B", "起作用的行应标注A或B")
        if steps and day <= steps[-1][0]:
            wrong(line, "the days of a table ascend", "表中日期应递增")
        steps.append((day, value, row[CONFIDENCE]))
    if not steps and not diagnostics:
        wrong(None, "the table has no rows", "该表没有数据行")
    return tuple(steps), diagnostics
