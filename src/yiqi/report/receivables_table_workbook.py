"""The answers about a table of receivables as a workbook: every line, and the totals."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.exceptions import FileCreateError

from yiqi.arrears.assessment import STATES, Total
from yiqi.arrears.table_of_receivables import AnsweredTable
from yiqi.law.bilingual import Bilingual
from yiqi.report.screening_workbook import MOST_ROWS, MOST_SHEETS, TooManyRowsError, reason_of

HEADINGS = {
    "row": Bilingual("Row", "行号"),
    "state": Bilingual("State", "状态"),
    "problem": Bilingual("To be put right", "待更正"),
    "protected": Bilingual("Protected", "受条例保护"),
    "due_counted": Bilingual("Last day as counted", "计算所得付款日"),
    "due": Bilingual("Due", "应付款日"),
    "due_first": Bilingual("Due at the earliest", "应付款日最早"),
    "due_last": Bilingual("Due at the latest", "应付款日最晚"),
    "due_origin": Bilingual("Due by", "付款日依据"),
    "days_late": Bilingual("Days late", "逾期天数"),
    "rate_rule": Bilingual("Rule on interest", "利率规则"),
    "rate": Bilingual("Rate", "适用利率"),
    "principal": Bilingual("Unpaid (yuan)", "未付（元）"),
    "interest_low": Bilingual("Interest (yuan)", "逾期利息（元）"),
    "interest_high": Bilingual("Interest at most (yuan)", "逾期利息上限（元）"),
    "breaches": Bilingual("Breaches", "违反的规定"),
    "problems": Bilingual("Cells not read", "无法识别的单元格"),
}
BATCH = 10_000


def write_receivables_workbook(
    place: Path, found: AnsweredTable, progress: Callable[[float], None] | None = None
) -> None:
    """Write the workbook; what was there before is replaced only by a whole one.

    Raises :class:`TooManyRowsError` for more lines than it holds, ``OSError`` when the file cannot be written.
    """
    if found.prepared.rows > MOST_SHEETS * (MOST_ROWS - 1):
        raise TooManyRowsError(found.prepared.rows)
    beside = place.with_name(place.name + ".part")
    options = {"constant_memory": True, "strings_to_urls": False, "strings_to_formulas": False}
    book = xlsxwriter.Workbook(str(beside), options)
    try:
        _Writer(book, found).write(progress)
        book.close()
        beside.replace(place)
    except FileCreateError as error:
        raise OSError(*reason_of(error)) from error
    finally:
        beside.unlink(missing_ok=True)


class _Writer:
    def __init__(self, book: Any, found: AnsweredTable) -> None:
        self.book, self.found = book, found
        self.head = book.add_format({"bold": True, "bg_color": "#E8EEF4", "text_wrap": True, "valign": "top"})
        self.money = book.add_format({"num_format": "#,##0.00"})
        self.day = book.add_format({"num_format": "yyyy-mm-dd"})
        self.bold = book.add_format({"bold": True})

    def write(self, progress: Callable[[float], None] | None) -> None:
        self._totals()
        answers = self.found.connection.execute(self.found.query())
        columns = [head[0] for head in answers.description or ()]
        sheet: Any = None
        sheets = written = 0
        at = MOST_ROWS
        while batch := answers.fetchmany(BATCH):
            for cells in batch:
                if at >= MOST_ROWS:
                    sheets += 1
                    sheet, at = self._sheet(sheets, columns), 1
                for i, cell in enumerate(cells):
                    self._cell(sheet, at, i, columns[i], cell)
                at += 1
            written += len(batch)
            if progress is not None:
                progress(written / max(1, self.found.prepared.rows))
        if sheet is None:
            self._sheet(1, columns)

    def _sheet(self, number: int, columns: list[str]) -> Any:
        sheet = self.book.add_worksheet("账款 Lines" if number == 1 else f"账款 Lines {number}")
        sheet.freeze_panes(1, 1)
        sheet.set_row(0, 32)
        vocabulary = self.found.judge.law.vocabulary
        for i, name in enumerate(columns):
            said = HEADINGS[name] if name in HEADINGS else vocabulary[name].label
            sheet.set_column(i, i, 8 if name == "row" else 16)
            sheet.write(0, i, f"{said.zh}\n{said.en}", self.head)
        return sheet

    def _cell(self, sheet: Any, at: int, i: int, name: str, cell: Any) -> None:
        match cell:
            case None:
                return
            case dt.date():
                sheet.write_datetime(at, i, dt.datetime.combine(cell, dt.time()), self.day)
            case Decimal():
                # Excel has no other numbers than binary fractions; the exact ones stand in CSV and Parquet.
                sheet.write_number(at, i, float(cell), self.money)
            case str():
                text = f"{STATES[cell].zh} {STATES[cell].en}" if name == "state" else cell  # type: ignore[index]
                sheet.write_string(at, i, text)
            case _:
                sheet.write_number(at, i, cell)

    def _totals(self) -> None:
        sheet = self.book.add_worksheet("汇总 Totals")
        sheet.set_column(0, 0, 30)
        sheet.set_column(1, 5, 20)
        summary = self.found.summary
        at = 0
        for title, totals in (
            (Bilingual("By state", "按状态"), tuple(summary.states.values())),
            (Bilingual("Overdue, by kind of debtor", "逾期，按付款方类型"), summary.by_kind),
            (Bilingual("Not due, and overdue by age", "未到期及逾期账龄"), summary.by_age),
        ):
            at = self._table(sheet, at, title, totals) + 1

    def _table(self, sheet: Any, at: int, title: Bilingual, totals: tuple[Total, ...]) -> int:
        heads = (
            title, Bilingual("Lines", "笔数"), HEADINGS["principal"], HEADINGS["interest_low"], HEADINGS["interest_high"],
            Bilingual("Interest not settled (lines)", "利息待定（笔）"),
        )  # fmt: skip
        for i, said in enumerate(heads):
            sheet.write(at, i, f"{said.zh}\n{said.en}", self.head)
        for total in totals:
            at += 1
            sheet.write(at, 0, f"{total.name.zh} {total.name.en}", self.bold)
            sheet.write(at, 1, total.lines)
            for i, fen in enumerate((total.principal, total.interest_low, total.interest_high), start=2):
                sheet.write_number(at, i, fen / 100, self.money)
            sheet.write(at, 5, total.open_lines)
        return at + 1
