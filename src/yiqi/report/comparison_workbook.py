"""Two versions compared, as a workbook: sheets of numbers, with Chinese headings and English beside them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.exceptions import FileCreateError

from yiqi.law.bilingual import Bilingual
from yiqi.report.comparison import ComparisonView
from yiqi.report.comparison_charts import heat
from yiqi.report.comparison_words import WORDS
from yiqi.report.line_texts import LineText
from yiqi.report.screening import CUT_TITLES, SYNTHETIC
from yiqi.screening.changes import Direction
from yiqi.screening.summary import Cut

_SHEETS: dict[Cut, str] = {
    "province": "分省 By province", "industry": "分行业 By industry", "size": "分规模 By size",
}  # fmt: skip
_WAYS: dict[Direction, str] = {"lost": "转差 lose", "gained": "转好 gain", "other": "改变 change"}
_COLOURS: dict[Direction, str] = {"lost": "AD231B", "gained": "14693A", "other": "1C4A86"}


def write_comparison_workbook(place: Path, view: ComparisonView) -> None:
    """Write the workbook. Raises ``OSError`` when the file cannot be written; what was there before stays."""
    beside = place.with_name(place.name + ".part")
    book = xlsxwriter.Workbook(str(beside), {"strings_to_urls": False, "strings_to_formulas": False})
    try:
        _Writer(book, view).write()
        book.close()
        beside.replace(place)
    except FileCreateError as error:
        cause = error.args[0] if error.args else error
        if isinstance(cause, OSError):
            raise OSError(cause.errno, cause.strerror) from error
        raise OSError(str(cause)) from error
    finally:
        beside.unlink(missing_ok=True)


class _Writer:
    def __init__(self, book: Any, view: ComparisonView) -> None:
        self.book = book
        self.view = view
        self.head = book.add_format(
            {
                "bold": True,
                "bg_color": "#E8EEF4",
                "text_wrap": True,
                "valign": "top",
                "border": 1,
                "border_color": "#D5DBE4",
            }
        )
        self.bold = book.add_format({"bold": True})
        self.text = book.add_format({"text_wrap": True, "valign": "top"})
        self.number = book.add_format({"num_format": "#,##0", "valign": "top"})
        self.signed = book.add_format({"num_format": "+#,##0;-#,##0;0", "valign": "top"})
        self.share = book.add_format({"num_format": "0.00%", "valign": "top"})
        self.warning = book.add_format({"bold": True, "font_color": "#AD231B"})

    def write(self) -> None:
        self._summary()
        self._matrix()
        for cut in _SHEETS:
            self._cut(cut)
        self._causes()
        self._sample()

    def _sheet(self, name: str, headings: Sequence[tuple[str, int]]) -> tuple[Any, int]:
        """A sheet with its headings frozen; the number of its first free row. A table of made-up enterprises is marked."""
        sheet = self.book.add_worksheet(name)
        at = 0
        if self.view.synthetic:
            sheet.write(0, 0, _both(SYNTHETIC), self.warning)
            at = 1
        for column, (text, width) in enumerate(headings):
            sheet.set_column(column, column, width)
            sheet.write(at, column, text, self.head)
        sheet.freeze_panes(at + 1, 0)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(at)
        return sheet, at + 1

    # -- what was compared --------------------------------------------------------------------------------------------

    def _summary(self) -> None:
        view = self.view
        sheet = self.book.add_worksheet("概要 Summary")
        sheet.set_column(0, 0, 34)
        sheet.set_column(1, 6, 18)
        at = 0
        if view.synthetic:
            sheet.write(at, 0, _both(SYNTHETIC), self.warning)
            at += 1
        for key, value in (("before", view.before), ("after", view.after), ("compared", view.compared)):
            sheet.write(at, 0, _both(WORDS[key]), self.bold)
            sheet.merge_range(at, 1, at, 6, _lines(value), self.text)
            sheet.set_row(at, 75 if key == "compared" else 32)
            at += 1
        sheet.write(at, 0, _both(WORDS["table"]), self.bold)
        sheet.write(at, 1, view.table)
        at += 1
        sheet.write(at, 0, _both(WORDS["enterprises"]), self.bold)
        sheet.write(at, 1, view.rows, self.number)
        at += 2
        keys = ("question", "yes_before", "yes_after", "difference", "lost", "gained", "other")
        for column, key in enumerate(keys):
            sheet.write(at, column, _lines(WORDS[key]), self.head)
        for scheme in view.schemes:
            at += 1
            sheet.write(at, 0, _lines(scheme.title), self.text)
            if not scheme.is_class:
                sheet.write(at, 1, scheme.yes_before, self.number)
                sheet.write(at, 2, scheme.yes_after, self.number)
                sheet.write(at, 3, scheme.yes_after - scheme.yes_before, self.signed)
            for way, number in scheme.moved.items():
                sheet.write(at, {"lost": 4, "gained": 5, "other": 6}[way], number, self.number)
        at += 1
        sheet.write(at, 0, _both(WORDS["ways"]))
        at += 1
        for key, titles in (
            ("same", [_both(title) for title in view.same]),
            ("one_sided", [f"{_both(title)} ({_both(WORDS[side])})" for title, side in view.one_sided]),
            ("absent", [_both(title) + (f" ({_both(WORDS[side])})" if side else "") for title, side in view.absent]),
        ):
            if titles:
                at += 1
                sheet.write(at, 0, _lines(WORDS[key]), self.text)
                for number, title in enumerate(titles):
                    sheet.write(at + number, 1, title)
                at += len(titles)
        sheet.write(at + 1, 0, _both(WORDS["note"]))

    # -- numbers ------------------------------------------------------------------------------------------------------

    def _matrix(self) -> None:
        headings = [
            ("项目 Question", 30), ("修改前 Before", 20), ("修改后 After", 20), ("企业数 Enterprises", 14),
            ("占比 Share", 10), ("变化 Change", 12),
        ]  # fmt: skip
        sheet, at = self._sheet("矩阵 Matrix", headings)
        for scheme in self.view.schemes:
            for row, cells in zip(scheme.matrix.rows, heat(scheme.matrix, scheme.is_class), strict=True):
                for label, cell in zip(scheme.matrix.labels, cells, strict=True):
                    shaded = {"bg_color": _tint(cell.way, cell.shade)} if cell.way and cell.number else {}
                    number = self.book.add_format({"num_format": "#,##0", **shaded})
                    sheet.write(at, 0, _both(scheme.title))
                    sheet.write(at, 1, _both(row.label))
                    sheet.write(at, 2, _both(label))
                    sheet.write(at, 3, cell.number, number)
                    sheet.write(at, 4, cell.number / scheme.enterprises if scheme.enterprises else 0, self.share)
                    sheet.write(at, 5, _WAYS[cell.way] if cell.way else "不变 same")
                    at += 1
        sheet.autofilter(at - 1 if at < 2 else (1 if self.view.synthetic else 0), 0, max(at - 1, 1), len(headings) - 1)

    def _cut(self, cut: Cut) -> None:
        if not any(cut in scheme.cuts for scheme in self.view.schemes):
            return
        headings = [
            ("项目 Question", 30), (_both(CUT_TITLES[cut]), 34), ("代码 Code", 8), ("企业数 Enterprises", 14),
            ("修改前符合 Yes before", 14), ("修改后符合 Yes after", 14), ("增减 Difference", 12), ("转差 Lose", 12),
            ("转好 Gain", 12), ("类型改变 Change class", 12),
        ]  # fmt: skip
        sheet, at = self._sheet(_SHEETS[cut], headings)
        first = at
        for scheme in self.view.schemes:
            for row in scheme.cuts.get(cut, ()):
                sheet.write(at, 0, _both(scheme.title))
                sheet.write(at, 1, _both(row.label))
                sheet.write(at, 2, row.key or "")
                sheet.write(at, 3, row.enterprises, self.number)
                if row.yes_before is not None and row.yes_after is not None:
                    sheet.write(at, 4, row.yes_before, self.number)
                    sheet.write(at, 5, row.yes_after, self.number)
                    sheet.write(at, 6, row.yes_after - row.yes_before, self.signed)
                for way, number in row.moved.items():
                    sheet.write(at, {"lost": 7, "gained": 8, "other": 9}[way], number, self.number)
                at += 1
        if at > first:
            sheet.autofilter(first - 1, 0, at - 1, len(headings) - 1)
            for column, way in ((7, "lost"), (8, "gained"), (9, "other")):
                bar = {"type": "data_bar", "bar_color": f"#{_COLOURS[way]}", "bar_solid": True}
                sheet.conditional_format(first, column, at - 1, column, bar)

    # -- causes -------------------------------------------------------------------------------------------------------

    def _causes(self) -> None:
        headings = [
            ("项目 Question", 26), ("变化 Change", 12), ("企业数 Enterprises", 12), ("仅因此项 Through this alone", 12),
            ("修改前条文", 44), ("Line before", 44), ("修改后条文", 44), ("Line after", 44), ("条文出处 Article (zh)", 30),
            ("Article (en)", 30), ("可信度 Tag", 8), ("条件编号 Line id", 40),
        ]  # fmt: skip
        sheet, at = self._sheet("原因 Causes", headings)
        first = at
        for scheme in self.view.schemes:
            for way, causes in scheme.causes.items():
                for cause in causes:
                    none = WORDS["not_asked"] if way != "gained" else WORDS["no_longer"]
                    before, after = _said(cause.before, WORDS["not_asked"]), _said(cause.after, none)
                    cells = [
                        _both(scheme.title), _WAYS[way], cause.number, cause.alone, before.zh, before.en, after.zh,
                        after.en, cause.cite.zh, cause.cite.en, cause.confidence, cause.id,
                    ]  # fmt: skip
                    for column, cell in enumerate(cells):
                        sheet.write(at, column, cell, self.number if isinstance(cell, int) else self.text)
                    at += 1
        if at > first:
            sheet.autofilter(first - 1, 0, at - 1, len(headings) - 1)
        at += 1
        sheet.write(at, 0, _both(WORDS["together"]), self.bold)
        for scheme in self.view.schemes:
            for way, sets in scheme.sets.items():
                for found in sets:
                    if len(found.lines) < 2:
                        continue
                    at += 1
                    ids = "\n".join(scheme.causes[way][place].id for place in found.lines)
                    said = "\n".join(scheme.causes[way][place].text.zh for place in found.lines)
                    sheet.write(at, 0, _both(scheme.title), self.text)
                    sheet.write(at, 1, _both(found.change), self.text)
                    sheet.write(at, 2, found.enterprises, self.number)
                    sheet.write(at, 4, said, self.text)
                    sheet.write(at, 5, "\n".join(scheme.causes[way][p].text.en for p in found.lines), self.text)
                    sheet.write(at, 11, ids, self.text)

    def _sample(self) -> None:
        headings = [
            ("项目 Question", 26), ("行号 Row", 10), ("企业名称 Enterprise", 26), ("统一社会信用代码 Credit code", 22),
            ("省份 Province", 18), ("行业 Industry", 10), ("修改前→修改后 Before → after", 24), ("变化 Change", 12),
            ("原因", 50), ("Cause", 50), ("条件编号 Line ids", 40),
        ]  # fmt: skip
        sheet, at = self._sheet("示例 Sample", headings)
        for scheme in self.view.schemes:
            for example in scheme.examples:
                cells: list[str | int] = [
                    _both(scheme.title), example.row, example.name or "", example.uscc or "", _both(example.place),
                    example.industry, f"{example.change.zh} {example.change.en}", _WAYS[example.way],
                    "\n".join(c.text.zh for c in example.causes), "\n".join(c.text.en for c in example.causes),
                    "\n".join(c.id for c in example.causes),
                ]  # fmt: skip
                for column, cell in enumerate(cells):
                    sheet.write(at, column, cell, self.text)
                at += 1


def _both(text: Bilingual) -> str:
    return text.zh if text.zh == text.en else f"{text.zh} {text.en}"


def _lines(text: Bilingual) -> str:
    return text.zh if text.zh == text.en else f"{text.zh}\n{text.en}"


def _said(lines: Sequence[LineText], none: Bilingual) -> Bilingual:
    if not lines:
        return none
    return Bilingual("\n".join(line.text.en for line in lines), "\n".join(line.text.zh for line in lines))


def _tint(way: Direction, shade: int) -> str:
    """A colour of a direction on white, ``shade`` percent strong."""
    colour = _COLOURS[way]
    parts = [int(colour[i : i + 2], 16) for i in (0, 2, 4)]
    return "#" + "".join(f"{255 - (255 - part) * shade // 100:02X}" for part in parts)
