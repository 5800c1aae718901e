"""The result of a screening as a workbook: the enterprises, a summary, and what each condition id means."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.exceptions import FileCreateError

from yiqi.judge.judge import Judge
from yiqi.judge.reasons import Outline
from yiqi.law.bilingual import Bilingual
from yiqi.report.screening import CUT_TITLES, SYNTHETIC, CutRow, ScreeningView, outcome_label
from yiqi.screening.program import Program, walk
from yiqi.screening.summary import SIZE, Cut

MOST_ROWS = 1_048_576
"""Rows of a worksheet, the heading included."""
MOST_SHEETS = 5
"""Beyond so many sheets of enterprises no spreadsheet program opens the file any more."""

_COLUMNS = {
    "row": Bilingual("Row", "行号"),
    "uscc": Bilingual("Unified social credit code", "统一社会信用代码"),
    "name": Bilingual("Enterprise", "企业名称"),
    "region": Bilingual("Region", "地区代码"),
    "industry": Bilingual("Industry", "行业代码"),
    "problems": Bilingual("Cells not read", "无法识别的单元格"),
    "data": Bilingual("Data", "数据"),
}
_PARTS = {
    "possible": Bilingual("still possible", "仍有可能"),
    "low": Bilingual("least points", "最低分"),
    "high": Bilingual("most points", "最高分"),
    "earliest": Bilingual("earliest day", "最早日期"),
    "latest": Bilingual("latest day", "最晚日期"),
    "near": Bilingual("only obstacle", "仅差的一项"),
    "failed": Bilingual("fails", "不满足的条件"),
    "unknown": Bilingual("open", "待定的条件"),
}


_AMOUNTS = {
    "low": Bilingual("least amount, yuan", "最低金额（元）"),
    "high": Bilingual("most, yuan", "最高金额（元）"),
}


def _part(name: str, *, gives: bool) -> Bilingual | None:
    """What a part of a scheme's columns is called; ``gives``: its range is one of an amount, not of points."""
    return (_AMOUNTS if gives else _PARTS).get(name) or _PARTS.get(name)


class TooManyRowsError(ValueError):
    """More enterprises than a workbook holds."""


def write_workbook(
    place: Path,
    judge: Judge,
    program: Program,
    view: ScreeningView,
    columns: Sequence[str],
    batches: Iterable[Sequence[Sequence[Any]]],
    progress: Callable[[int], None] | None = None,
) -> None:
    """Write the workbook. ``columns`` are the names of a result table, ``batches`` its rows; a worksheet that is full is
    followed by another. Raises :class:`TooManyRowsError`, or ``OSError`` when the file cannot be written; what was
    there before stays.
    """
    if view.rows > MOST_SHEETS * (MOST_ROWS - 1):
        raise TooManyRowsError(view.rows)
    beside = place.with_name(place.name + ".part")
    book = xlsxwriter.Workbook(
        str(beside), {"constant_memory": True, "strings_to_urls": False, "strings_to_formulas": False}
    )
    try:
        _Writer(book, judge, program, view, columns).write(batches, progress)
        book.close()
        beside.replace(place)
    except FileCreateError as error:
        raise OSError(*reason_of(error)) from error
    finally:
        beside.unlink(missing_ok=True)


def reason_of(error: FileCreateError) -> tuple[Any, ...]:
    """What `OSError` is raised with where a workbook cannot be created."""
    cause = error.args[0] if error.args else error
    return (cause.errno, cause.strerror) if isinstance(cause, OSError) else (str(cause),)


class _Writer:
    def __init__(self, book: Any, judge: Judge, program: Program, view: ScreeningView, columns: Sequence[str]) -> None:
        self.book, self.judge, self.program, self.view, self.columns = book, judge, program, view, columns
        self.bold = book.add_format({"bold": True, "bg_color": "#E8EEF4", "text_wrap": True, "valign": "top"})
        self.wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        self.number = book.add_format({"num_format": "#,##0"})
        self.warning = book.add_format({"bold": True, "font_color": "#B00020"})

    def write(self, batches: Iterable[Sequence[Sequence[Any]]], progress: Callable[[int], None] | None) -> None:
        self._summary()
        self._enterprises(batches, progress)
        self._conditions()

    def _heading(self, name: str) -> str:
        if name in _COLUMNS:
            return f"{_COLUMNS[name].zh}\n{_COLUMNS[name].en}"
        for scheme in self.program.schemes:
            title = self.judge.law.schemes[scheme].title
            if name == scheme:
                return f"{title.zh}\n{title.en}"
            part = _part(name.removeprefix(f"{scheme}."), gives=scheme not in self.program.scores)
            if name.startswith(f"{scheme}.") and part is not None:
                return f"{title.zh}：{part.zh}\n{title.en}: {part.en}"
        return name

    def _enterprises(self, batches: Iterable[Sequence[Sequence[Any]]], progress: Callable[[int], None] | None) -> None:
        outcomes = {i for i, name in enumerate(self.columns) if name in self.program.schemes}
        sheet: Any = None
        sheets = written = 0
        at = MOST_ROWS
        for batch in batches:
            for cells in batch:
                if at >= MOST_ROWS:
                    sheets += 1
                    sheet = self._sheet(sheets)
                    at = 1
                for i, cell in enumerate(cells):
                    if cell is None and i not in outcomes:
                        continue
                    sheet.write(at, i, outcome_label(cell).zh if i in outcomes else _cell(cell))
                at += 1
            written += len(batch)
            if progress is not None:
                progress(written)
        if sheet is None:
            self._sheet(1)

    def _sheet(self, number: int) -> Any:
        sheet = self.book.add_worksheet("企业 Enterprises" if number == 1 else f"企业 Enterprises {number}")
        sheet.freeze_panes(1, 1)
        sheet.set_row(0, 45)
        for i, name in enumerate(self.columns):
            sheet.set_column(i, i, 22 if name in ("uscc", "name") else 8 if name == "row" else 16)
            sheet.write(0, i, self._heading(name), self.bold)
        return sheet

    def _summary(self) -> None:
        sheet = self.book.add_worksheet("汇总 Summary")
        sheet.set_column(0, 0, 44)
        sheet.set_column(1, 12, 16)
        at = 0
        if self.view.synthetic:
            sheet.write(at, 0, f"{SYNTHETIC.zh} {SYNTHETIC.en}", self.warning)
            at += 1
        sheet.write(at, 0, f"{self.view.headline.zh}\n{self.view.headline.en}", self.wrapped)
        at += 2
        for figures in self.view.schemes:
            sheet.write(at, 0, f"{figures.title.zh} {figures.title.en}", self.bold)
            for i, count in enumerate(figures.outcomes, start=1):
                sheet.write(at, i, f"{count.label.zh} {count.label.en}", self.bold)
                sheet.write(at + 1, i, count.enterprises, self.number)
            at += 3
        for cut, rows in self.view.cuts.items():
            at = self._cut(sheet, at, cut, rows) + 2
        for figures in self.view.schemes:
            if not figures.lines:
                continue
            sheet.write(at, 0, f"{figures.title.zh}：不满足的条件\n{figures.title.en}: what keeps out", self.bold)
            for i, text in enumerate(("不满足 fails", "仅差此项 only this", "条文 article"), start=1):
                sheet.write(at, i, text, self.bold)
            for line in figures.lines:
                at += 1
                sheet.write(at, 0, f"{line.text.zh}\n{line.text.en}", self.wrapped)
                sheet.write(at, 1, line.failed, self.number)
                sheet.write(at, 2, line.alone, self.number)
                sheet.write(at, 3, line.cite.zh)
            at += 2

    def _cut(self, sheet: Any, at: int, cut: Cut, rows: Sequence[CutRow]) -> int:
        """How many have each outcome, by province, industry or size; the last row written."""
        schemes = [s for s in self.view.schemes if cut != "size" or s.scheme != SIZE]
        columns = [(s, outcome.outcome, outcome.label) for s in schemes for outcome in s.outcomes]
        sheet.write(at, 0, f"{CUT_TITLES[cut].zh} {CUT_TITLES[cut].en}", self.bold)
        sheet.write(at, 1, "企业数 Enterprises", self.bold)
        for i, (figures, _, label) in enumerate(columns, start=2):
            sheet.write(at, i, f"{figures.title.zh}：{label.zh}\n{figures.title.en}: {label.en}", self.bold)
        for row in rows:
            at += 1
            sheet.write(at, 0, f"{row.label.zh} {row.label.en}")
            sheet.write(at, 1, row.enterprises, self.number)
            for i, (figures, outcome, _) in enumerate(columns, start=2):
                sheet.write(at, i, row.number(figures.scheme, outcome), self.number)
        return at

    def _conditions(self) -> None:
        sheet = self.book.add_worksheet("条件 Conditions")
        sheet.freeze_panes(1, 0)
        headings = ("条件编号 Id", "条件", "Condition", "条文", "Article", "可信度 Tag")
        for i, (text, width) in enumerate(zip(headings, (44, 44, 44, 30, 30, 10), strict=True)):
            sheet.set_column(i, i, width)
            sheet.write(0, i, text, self.bold)
        for at, outline in enumerate(_conditions(self.judge, self.program), start=1):
            cells = (
                outline.id, outline.text.zh, outline.text.en, outline.cite.zh, outline.cite.en, outline.confidence,
            )  # fmt: skip
            for i, text in enumerate(cells):
                sheet.write(at, i, text)


def _conditions(judge: Judge, program: Program) -> Iterable[Outline]:
    seen: set[str] = set()
    outlines = judge.program(program.on, program.procedure, program.schemes).outlines
    for columns in program.scheme_columns.values():
        for below in walk(outlines[columns.scheme]):
            if below.id in columns.conditions and below.id not in seen:
                seen.add(below.id)
                yield below


def _cell(value: Any) -> Any:
    """A cell's value as a spreadsheet holds it: numbers as numbers."""
    return value if isinstance(value, int | str) else float(value)
