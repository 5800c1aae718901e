"""Fact sheets in a spreadsheet (.xlsx, .xls, .ods): the template filled in, or plain rows of item and value.

With headings, the columns 项目/Item, 单位/Unit, 填写/Value, a column per year (``2025年``) and 来源/Source are read;
分组/Group, 示例/Example and 备注/Note are for people. Without headings, column A is the item and column B the value.
An empty cell says nothing, which means unknown.
"""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError

from yiqi.facts.interpret import is_unknown
from yiqi.facts.keys import Key, KeyReader, normal, read_year
from yiqi.facts.statement import Statement
from yiqi.facts.text_file import empty_file
from yiqi.facts.workbook_parts import CELL_LIMIT, SheetParts, WorkbookDamaged, WorkbookTooLarge, read_sheet_parts
from yiqi.law.bilingual import Bilingual
from yiqi.law.diagnostics import Diagnostic, Place
from yiqi.law.vocabulary import Fact

FORM_SHEET = "填报"
"""The sheet of the template that is filled in; in another workbook the first sheet is read."""

_HEADINGS = {
    "项目": "item", "item": "item", "事实": "item", "fact": "item", "指标": "item",
    "英文": "item", "english": "item", "id": "item", "标识": "item",
    "单位": "unit", "unit": "unit",
    "填写": "value", "value": "value", "值": "value", "填报值": "value", "数值": "value",
    "来源": "source", "source": "source",
    "分组": "ignored", "group": "ignored", "示例": "ignored", "example": "ignored",
    "备注": "ignored", "note": "ignored",
}  # fmt: skip
_HEADING_ROWS = 20
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")

Cell = str | float | bool | dt.date | dt.time | dt.timedelta


@dataclass(slots=True)
class _Columns:
    """Which column holds what; columns count from 0."""

    heading_row: int
    items: list[int] = field(default_factory=list)
    unit: int | None = None
    value: int | None = None
    source: int | None = None
    ignored: set[int] = field(default_factory=set)
    years: dict[int, int] = field(default_factory=dict)


def read_workbook_statements(content: bytes, file: str, keys: KeyReader) -> tuple[list[Statement], list[Diagnostic]]:
    """The statements of a workbook; never raises for a bad one."""
    if _ENCRYPTED in content:
        return [], [_refusal(file, "password")]
    try:
        parts = read_sheet_parts(content) if content.startswith(b"PK") else {}
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
        names = workbook.sheet_names
        if not names:
            return [], [empty_file(file)]
        name = FORM_SHEET if FORM_SHEET in names else names[0]
        sheet = workbook.get_sheet_by_name(name)
        if sheet.total_height * sheet.total_width > CELL_LIMIT:
            return [], [_refusal(file, "cells")]
        rows: list[list[Cell]] = sheet.to_python(skip_empty_area=False)
    except WorkbookTooLarge as error:
        return [], [_refusal(file, "cells" if error.args == ("cells",) else "unpacked")]
    except PasswordError:
        return [], [_refusal(file, "password")]
    except (WorkbookDamaged, CalamineError, ValueError, OSError):
        return [], [_refusal(file, "damaged")]
    except BaseException as error:
        # A fault inside the library (a Rust panic) derives from BaseException; only that may be taken for bad input.
        if type(error).__name__ == "PanicException":
            return [], [_refusal(file, "damaged")]
        raise
    reader = _SheetReader(file, name, keys, parts.get(name, SheetParts()))
    reader.read(rows, sheet)
    if not content.startswith(b"PK") and reader.statements:
        reader.diagnostics.append(_old_format(file))
    if not reader.statements and not reader.diagnostics:
        reader.diagnostics.append(empty_file(file))
    return reader.statements, reader.diagnostics


def cell_text(number: float | int) -> str:
    """The decimal text of a number cell.

    Spreadsheets hold binary floats but show and promise fifteen significant digits, so the sixteenth and seventeenth
    are noise of the format (0.1+0.2 is stored as 0.30000000000000004): the text has the fifteen that were meant.
    """
    text = format(Decimal(format(number, ".15g")), "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def cell_address(row: int, column: int) -> str:
    """``B7`` for row 6, column 1 counted from 0."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row + 1}"


class _SheetReader:
    def __init__(self, file: str, sheet: str, keys: KeyReader, parts: SheetParts) -> None:
        self.file, self.sheet, self.keys, self.parts = file, sheet, keys, parts
        self.statements: list[Statement] = []
        self.diagnostics: list[Diagnostic] = []

    def place(self, row: int, column: int) -> Place:
        return Place(self.file, cell=f"{self.sheet}!{cell_address(row, column)}")

    def error(self, code: str, message: Bilingual, place: Place, remedy: Bilingual | None = None) -> None:
        self.diagnostics.append(Diagnostic("error", code, message, place, remedy))

    def read(self, rows: Sequence[Sequence[Cell]], sheet: CalamineSheet) -> None:
        columns = self._columns(rows)
        if columns is None:
            if self._is_table(rows):
                return
            first = next((i for i, row in enumerate(rows) if any(_text(cell) for cell in row)), 0)
            columns = _Columns(first - 1, items=[0], value=1)
        self._merged(sheet, columns.heading_row)
        for number in range(columns.heading_row + 1, len(rows)):
            self._row(rows[number], number, columns)

    def _columns(self, rows: Sequence[Sequence[Cell]]) -> _Columns | None:
        """The heading row, if one of the first rows has a heading for the items and one for values."""
        for number, row in enumerate(rows[:_HEADING_ROWS]):
            roles = [_heading(cell) for cell in row]
            if "item" not in roles:
                continue
            if not ("value" in roles or any(isinstance(role, int) for role in roles)):
                continue
            columns = _Columns(number)
            for column, role in enumerate(roles):
                self._heading(columns, column, role, number, _text(row[column]))
            return columns
        return None

    def _heading(self, columns: _Columns, column: int, role: str | int | None, row: int, text: str) -> None:
        if isinstance(role, int):
            if role in columns.years.values():
                self.error(
                    "duplicate-year",
                    Bilingual(f"the year {role} heads two columns", f"{role}年出现在两列"),
                    self.place(row, column),
                    Bilingual("keep one column per year", "每个年度只保留一列"),
                )
                columns.ignored.add(column)
            else:
                columns.years[column] = role
        elif role == "ignored":
            columns.ignored.add(column)
        elif role == "item":
            # The same item in Chinese, in English and as an id: the first that is known names the row.
            columns.items.append(column)
        elif role is not None:
            if getattr(columns, role) is None:
                setattr(columns, role, column)
            else:
                self.error(
                    "duplicate-heading",
                    Bilingual(f"the heading `{text}` stands twice", f"表头“{text}”重复"),
                    self.place(row, column),
                    Bilingual("keep one of the two columns", "请只保留一列"),
                )
                columns.ignored.add(column)
        elif text:
            self.error(
                "unknown-heading",
                Bilingual(f"no column is called `{text[:40]}`", f"没有名为“{text[:40]}”的列"),
                self.place(row, column),
                Bilingual("write a year such as 2025年, or delete the column", "请写年度（如2025年），或删除该列"),
            )
            columns.ignored.add(column)

    def _is_table(self, rows: Sequence[Sequence[Cell]]) -> bool:
        """Whether this is a table of many enterprises, which another command reads."""
        for number, row in enumerate(rows[:_HEADING_ROWS]):
            if sum(1 for cell in row if _text(cell) and self.keys.find(_text(cell))) >= 3:
                self.error(
                    "table-not-sheet",
                    Bilingual("this is a table of enterprises, one per row", "这是每行一家企业的表格"),
                    self.place(number, 0),
                    Bilingual(
                        "a sheet describes one enterprise; give each enterprise a sheet of its own",
                        "填报表只描述一家企业；请为每家企业单独填表",
                    ),
                )
                return True
        return False

    def _merged(self, sheet: CalamineSheet, heading_row: int) -> None:
        for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
            if bottom > heading_row:
                self.error(
                    "merged-cells",
                    Bilingual(
                        f"the cells {cell_address(top, left)}:{cell_address(bottom, right)} are merged",
                        f"单元格{cell_address(top, left)}:{cell_address(bottom, right)}已合并",
                    ),
                    self.place(top, left),
                    Bilingual("unmerge them and fill in each cell", "请取消合并，逐格填写"),
                )

    def _row(self, row: Sequence[Cell], number: int, columns: _Columns) -> None:
        filled = [column for column in range(len(row)) if self._filled(row, number, column)]
        data = [c for c in filled if c == columns.value or c in columns.years]
        for column in filled:
            if (number, column) in self.parts.errors and column not in columns.ignored:
                self._formula_error(number, column)
        names = [column for column in columns.items if column < len(row) and _text(row[column])]
        if not names:
            if data:
                self.error(
                    "value-without-item",
                    Bilingual("a value without an item before it", "该值前没有项目名称"),
                    self.place(number, data[0]),
                    Bilingual("write the item in its column, or delete the value", "请填写项目名称，或删除该值"),
                )
            return
        key = next((found for column in names if (found := self.keys.find(_text(row[column]))) is not None), None)
        if key is None:
            # A line without values is a title or an explanation between the rows; nothing it says is lost.
            if data:
                self.diagnostics.append(self.keys.unknown(_text(row[names[0]]), self.place(number, names[0])))
            return
        known = {*columns.items, columns.unit, columns.value, columns.source}
        for column in filled:
            if column not in known and column not in columns.years and column not in columns.ignored:
                self.error(
                    "stray-value",
                    Bilingual("a value in a column without a heading", "该列没有表头，却填有内容"),
                    self.place(number, column),
                    Bilingual("give the column a heading or delete the value", "请补表头或删除该值"),
                )
        self._values(row, number, columns, key, data)

    def _values(self, row: Sequence[Cell], number: int, columns: _Columns, key: Key, data: Sequence[int]) -> None:
        unit = key.unit or (_text(row[columns.unit]) if columns.unit is not None and columns.unit < len(row) else "")
        source = _text(row[columns.source]) if columns.source is not None and columns.source < len(row) else ""
        for column in data:
            if (number, column) in self.parts.errors:
                continue
            if isinstance(row[column], str) and is_unknown(_text(row[column])):
                continue
            year = columns.years.get(column, key.year)
            if (year is None) != (key.fact.per is None) or (column in columns.years and key.year is not None):
                self._wrong_column(key.fact, number, column, columns)
                continue
            self._statement(key.fact, year, row[column], number, column, unit or None, source or None)

    def _statement(
        self, fact: Fact, year: int | None, cell: Cell, row: int, column: int, unit: str | None, source: str | None
    ) -> None:
        place = self.place(row, column)
        if isinstance(cell, dt.time | dt.timedelta):
            self.error(
                "wrong-type",
                Bilingual("the cell holds a time of day", "该单元格是时间"),
                place,
                Bilingual(
                    "set the cell's format to general and type the value again", "请将单元格格式改为常规后重新填写"
                ),
            )
            return
        number = isinstance(cell, int | float) and not isinstance(cell, bool)
        written = cell_text(cell) if isinstance(cell, int | float) and not isinstance(cell, bool) else cell
        if fact.type == "text" and number:
            written = str(written)
        assert not isinstance(written, float)
        percent = number and (row, column) in self.parts.percents
        self.statements.append(
            Statement(fact, year, written, place, unit, from_number=number, percent=percent, document=source)
        )

    def _filled(self, row: Sequence[Cell], number: int, column: int) -> bool:
        return bool(_text(row[column])) or (number, column) in self.parts.errors

    def _formula_error(self, row: int, column: int) -> None:
        value = self.parts.errors[row, column]
        self.error(
            "formula-error",
            Bilingual(f"the formula in this cell gives {value}", f"该单元格的公式结果为{value}"),
            self.place(row, column),
            Bilingual(
                "type the figure itself, or clear the cell if it is unknown", "请直接填写数字；不清楚请清空该单元格"
            ),
        )

    def _wrong_column(self, fact: Fact, row: int, column: int, columns: _Columns) -> None:
        if fact.per is not None:
            self.error(
                "needs-year",
                Bilingual(f"{fact.label.en} ({fact.id}) is given per year", f"{fact.label.zh}须按年度填写"),
                self.place(row, column),
                Bilingual("write it in the column of its year", "请填在对应年度的列中")
                if columns.years
                else Bilingual(
                    f"name the year with the item, such as {fact.id}_2025",
                    f"请在项目名称后写年度，如{fact.label.zh}_2025",
                ),
            )
        else:
            self.error(
                "no-year",
                Bilingual(
                    f"{fact.label.en} ({fact.id}) has one value, not one per year",
                    f"{fact.label.zh}只有一个值，不按年度填写",
                ),
                self.place(row, column),
                Bilingual("write it in the column 填写 (Value)", "请填在“填写”列中"),
            )


def _text(cell: Cell) -> str:
    if isinstance(cell, str):
        return cell.strip()
    if isinstance(cell, bool):
        return str(cell)
    return cell_text(cell) if isinstance(cell, int | float) else str(cell)


def _heading(cell: Cell) -> str | int | None:
    """The role of a heading: a name, a year, or None."""
    text = _text(cell)
    year = read_year(text)
    if year is not None:
        return year
    for part in (text, *text.split("\n"), *text.split()):
        role = _HEADINGS.get(normal(part))
        if role is not None:
            return role
    return None


def _old_format(file: str) -> Diagnostic:
    """In .xls, unlike .xlsx and .ods, a formula error cannot be told from an empty cell; that must not be silent."""
    return Diagnostic(
        "warning",
        "old-workbook",
        Bilingual(
            "in the old format .xls a cell with a formula error is read as empty",
            "旧格式.xls中，公式出错的单元格会被当作空白读取",
        ),
        Place(file),
        Bilingual("save it as .xlsx to have formula errors reported", "请另存为.xlsx，以便检查公式错误"),
    )


def _refusal(file: str, why: str) -> Diagnostic:
    """Why a workbook is not read at all."""
    refusals = {
        "password": (
            Bilingual("the workbook is protected by a password", "该工作簿设有打开密码"),
            Bilingual("remove the password and save it again", "请取消密码后重新保存"),
        ),
        "damaged": (
            Bilingual("the workbook is damaged or not a workbook", "该工作簿已损坏，或不是电子表格"),
            Bilingual("open it in Excel or WPS and save it as .xlsx", "请用Excel或WPS打开，另存为.xlsx"),
        ),
        "cells": (
            Bilingual(f"the sheet spans more than {CELL_LIMIT:,} cells", f"工作表范围超过{CELL_LIMIT:,}个单元格"),
            Bilingual("copy the filled rows into a new workbook", "请将已填内容复制到新工作簿"),
        ),
        "unpacked": (
            Bilingual("the workbook unpacks to more than 200 MB", "该工作簿解压后超过200 MB"),
            Bilingual("copy the filled rows into a new workbook", "请将已填内容复制到新工作簿"),
        ),
    }
    message, remedy = refusals[why]
    code = {"password": "password", "damaged": "not-a-workbook"}.get(why, "workbook-too-large")
    return Diagnostic("error", code, message, Place(file), remedy)
