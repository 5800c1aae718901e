"""The cells that could not be read, as a view and as a file that a person corrects and hands in again."""

from __future__ import annotations

import csv
import os
from collections.abc import Mapping
from pathlib import Path

from yiqi.law.bilingual import Bilingual, Language
from yiqi.screening.conversion import BLANK, NOTE, TOTALS, Conversion
from yiqi.screening.csv_repair import QUOTATION, TOO_FEW, TOO_MANY
from yiqi.screening.opened import MARK, MARKED
from yiqi.screening.prepared import ROW
from yiqi.screening.quoting import identifier, literal

_CHUNK = 10_000

OF_ROWS: Mapping[str, Bilingual] = {
    TOO_FEW: Bilingual(
        "the row has fewer cells than there are headings, so none is read; fill in the missing cells or separators",
        "该行单元格少于表头列数，整行未读取；请补齐缺少的单元格或分隔符",
    ),
    TOO_MANY: Bilingual(
        "the row has more cells than there are headings, so none is read; a text with a separator in it needs quotation "
        "marks",
        "该行单元格多于表头列数，整行未读取；含分隔符的内容须加英文双引号",
    ),
    QUOTATION: Bilingual(
        "a quotation mark in the row is not closed or stands within a text, so no cell is read; double or remove it",
        "该行的英文双引号未成对或夹在文字中，整行未读取；请删除或写成两个双引号",
    ),
    TOTALS: Bilingual("a row of totals, which is no enterprise; it is left out", "合计行，不是企业，已略过"),
    NOTE: Bilingual("a note, which is no enterprise; it is left out", "说明文字，不是企业，已略过"),
    BLANK: Bilingual("a blank row; it is left out", "空行，已略过"),
}
"""What is wrong with whole rows."""

_NONE = (
    "SELECT NULL::BIGINT AS row, NULL::VARCHAR AS heading, NULL::VARCHAR AS cell, NULL::VARCHAR AS code,"
    " NULL::VARCHAR AS en, NULL::VARCHAR AS zh LIMIT 0"
)


def problems_view(conversion: Conversion) -> str:
    """Make the view of everything that could not be read: ``row``, ``heading`` (NULL for a whole row), ``cell``,
    ``code``, ``en`` and ``zh``. Blank rows are not in it."""
    view = f"yiqi_problems_{conversion.serial}"
    parts = [
        f"SELECT s.{ROW} AS row, {literal(conversion.read[name].heading)} AS heading, m.cell, m.code, m.en, m.zh"
        f" FROM {conversion.view} s JOIN {conversion.texts(name)} m ON s.{identifier('t ' + name)} = m.text"
        " WHERE m.code IS NOT NULL"
        for name in conversion.bad
    ]
    if conversion.flaws or conversion.aside:
        # A row of totals that is short of cells is a row of totals.
        reason = "coalesce(aside, split_part(flaw, ' ', 1))"
        told = ", ".join(f"({literal(c)}, {literal(t.en)}, {literal(t.zh)})" for c, t in OF_ROWS.items() if c != BLANK)
        parts.append(
            f"SELECT s.{ROW} AS row, CAST(NULL AS VARCHAR) AS heading, CAST(NULL AS VARCHAR) AS cell, m.code, m.en, m.zh"
            f" FROM {conversion.view} s JOIN (VALUES {told}) m(code, en, zh) ON {reason} = m.code"
        )
    conversion.connection.execute(f"CREATE TEMP VIEW {view} AS {' UNION ALL '.join(parts) or _NONE}")
    return view


def write_bad_rows(conversion: Conversion, problems: str, path: Path, language: Language) -> int:
    """Write the rows with problems to a CSV file in UTF-8 (with a byte-order mark, for Excel) and return how many.

    A row has its number, what is wrong, and all its cells as they stand in the table. The file is complete or not there
    at all: what stood there before survives a failure. Raises ``OSError``.
    """
    table = conversion.table
    word = Bilingual("row", "行号")[language], Bilingual("what is wrong", "问题")[language]
    numbered = (
        f"(SELECT row_number() OVER () AS file_row, * FROM {table.relation})" if table.row is None else table.relation
    )
    number = "file_row" if table.row is None else table.row
    colon, between = ("：", "；") if language == "zh" else (": ", "; ")
    said = f"string_agg(coalesce(heading || '{colon}', '') || {language}, '{between}' ORDER BY heading)"
    cells = [_shown(f"c{i}", kind) for i, kind in enumerate(table.kinds)]
    if table.has_flaws:
        cells.append("beyond")
    query = (
        f"SELECT p.row, p.said, {', '.join(cells)} FROM {numbered} t"
        f" JOIN (SELECT row, {said} AS said FROM {problems} GROUP BY row) p ON t.{number} = p.row ORDER BY p.row"
    )
    headings = [*word, *table.headings, *(["…"] if table.has_flaws else [])]
    unfinished = path.with_name(f".{path.name}.{os.getpid()}.unfinished")
    written = 0
    try:
        with unfinished.open("w", encoding="utf-8-sig", newline="") as out:
            writer = csv.writer(out)
            writer.writerow(headings)
            result = conversion.connection.execute(query)
            while rows := result.fetchmany(_CHUNK):
                writer.writerows(rows)
                written += len(rows)
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
    return written


def _shown(cell: str, kind: str) -> str:
    """SQL for a cell as the person wrote it."""
    if kind != MARKED:
        return cell
    # The mark and its letter stand before what is shown; a percentage is held as the number behind it.
    return (
        f"CASE WHEN starts_with({cell}, {literal(MARK + 'd')}) THEN replace(substr({cell}, 3), ' 00:00:00', '')"
        f" WHEN starts_with({cell}, {literal(MARK)}) THEN substr({cell}, 3) ELSE {cell} END"
    )
