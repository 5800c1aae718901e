"""An answered ledger as a workbook: the lines, their segments, totals, other readings, what is missing and what is wrong."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.exceptions import FileCreateError

from yiqi.arrears.assessment import STATES, Assessment, LineAnswer, Total, debtor_of
from yiqi.arrears.wording import percent_text
from yiqi.clock.workdays import Calendar
from yiqi.law.bilingual import Bilingual
from yiqi.law.tree import Law
from yiqi.report.receivable_words import due_steps, fact_names, limitation_text, range_yuan
from yiqi.report.screening_workbook import reason_of

Cell = str | int | float | dt.date | Fraction | None


def write_ledger_workbook(place: Path, found: Assessment, law: Law, calendar: Calendar) -> None:
    """Write the workbook; what was there before is replaced only by a whole one. Raises ``OSError``."""
    beside = place.with_name(place.name + ".part")
    book = xlsxwriter.Workbook(str(beside), {"strings_to_urls": False, "strings_to_formulas": False})
    try:
        _Writer(book, found, law, calendar).write()
        book.close()
        beside.replace(place)
    except FileCreateError as error:
        raise OSError(*reason_of(error)) from error
    finally:
        beside.unlink(missing_ok=True)


class _Writer:
    def __init__(self, book: Any, found: Assessment, law: Law, calendar: Calendar) -> None:
        self.book, self.found, self.law, self.calendar = book, found, law, calendar
        self.head = book.add_format(
            {"bold": True, "bg_color": "#E8EEF4", "text_wrap": True, "valign": "top", "border": 1}
        )
        self.text = book.add_format({"text_wrap": True, "valign": "top"})
        self.money = book.add_format({"num_format": "#,##0.00", "valign": "top"})
        self.day = book.add_format({"num_format": "yyyy-mm-dd", "valign": "top"})
        self.bold_money = book.add_format({"num_format": "#,##0.00", "bold": True})
        self.bold = book.add_format({"bold": True})

    def write(self) -> None:
        self._lines()
        self._totals()
        self._segments()
        self._readings()
        self._open()

    def _sheet(self, name: str, columns: Sequence[tuple[str, str, int]]) -> Any:
        sheet = self.book.add_worksheet(name)
        sheet.freeze_panes(1, 1)
        sheet.set_row(0, 32)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
        for i, (zh, en, width) in enumerate(columns):
            sheet.set_column(i, i, width)
            sheet.write(0, i, f"{zh}\n{en}", self.head)
        return sheet

    def _row(self, sheet: Any, at: int, cells: Iterable[Cell]) -> None:
        for i, cell in enumerate(cells):
            match cell:
                case None:
                    continue
                case Fraction():
                    # Shown in yuan and fen; the exact fraction stands in the JSON. Excel has no other numbers than these.
                    sheet.write_number(at, i, float(cell / 100), self.money)
                case dt.date():
                    sheet.write_datetime(at, i, dt.datetime.combine(cell, dt.time()), self.day)
                case str():
                    sheet.write_string(at, i, cell, self.text)
                case _:
                    sheet.write_number(at, i, cell, self.text)

    def _lines(self) -> None:
        sheet = self._sheet(
            "账款 Lines",
            [
                ("编号", "Line", 10), ("付款方", "Debtor", 28), ("合同编号", "Contract", 16), ("状态", "State", 12),
                ("应付款日", "Due", 12), ("应付款日依据", "Why", 50), ("逾期天数", "Days late", 9),
                ("未付（元）", "Unpaid (yuan)", 16), ("逾期利息（元）", "Interest (yuan)", 16),
                ("逾期利息上限（元）", "Interest at most (yuan)", 16), ("有争议（元）", "In dispute (yuan)", 14),
                ("诉讼时效届满", "Limitation ends", 14), ("缺少的信息", "Missing", 34), ("需更正", "To be put right", 50),
            ],
        )  # fmt: skip
        for at, a in enumerate(self.found.lines, start=1):
            self._row(sheet, at, self._line(a))
        sheet.autofilter(0, 0, max(1, len(self.found.lines)), 13)

    def _line(self, a: LineAnswer) -> Iterable[Cell]:
        low, high = a.interest_range if a.state in ("overdue", "paid") else (None, None)
        findings = a.findings
        due = findings.due if findings is not None else None
        why = "；".join(step.zh for step in due_steps(due, self.calendar)) if due is not None else None
        contract = a.line.sheet.get("contract_number")
        limitation = limitation_text(findings.answer("limitation")) if findings is not None else None
        return [
            a.line.id, debtor_of(a), str(contract) if contract else None, _both(STATES[a.state]), a.due, why,
            a.days_late if a.state == "overdue" else None, _fen(a.principal), _fen(low), _fen(high),
            _fen(a.disputed or None), limitation.zh if limitation is not None else None,
            fact_names(a.missing, self.law.vocabulary).zh if a.missing else None,
            "\n".join(p.message.zh for p in a.problems) or None,
        ]  # fmt: skip

    def _totals(self) -> None:
        sheet = self._sheet(
            "汇总 Totals",
            [
                ("项目", "What", 34), ("笔数", "Lines", 9), ("未付（元）", "Unpaid (yuan)", 18),
                ("逾期利息（元）", "Interest (yuan)", 18), ("逾期利息上限（元）", "Interest at most (yuan)", 18),
                ("利息未定笔数", "Lines with open interest", 12),
            ],
        )  # fmt: skip
        at = 1
        for title, totals in (
            (Bilingual("By debtor", "按付款方"), self.found.by_debtor),
            (Bilingual("By age", "按账龄"), self.found.by_age),
            (None, (self.found.overdue,)),
        ):
            if title is not None:
                sheet.write(at, 0, _both(title), self.bold)
                at += 1
            for t in totals:
                self._row(sheet, at, _total(t))
                at += 1

    def _segments(self) -> None:
        sheet = self._sheet(
            "分段计息 Segments",
            [
                ("编号", "Line", 10), ("起", "First day", 12), ("止", "Last day", 12), ("天数", "Days", 8),
                ("计息本金（元）", "Principal (yuan)", 18), ("利率", "Rate", 14), ("利率单位", "Per", 10),
                ("利息（元，未取整）", "Interest (yuan, before rounding)", 20), ("依据", "Article", 44),
            ],
        )  # fmt: skip
        at = 1
        for a in self.found.lines:
            for s in a.interest.segments if a.interest is not None else ():
                per = Bilingual("day", "日") if s.unit == "day" else Bilingual(f"year of {s.year}", f"年（{s.year}天）")
                self._row(
                    sheet, at,
                    [a.line.id, s.first, s.last, s.days, s.base, percent_text(s.rate), _both(per), s.accrued,
                     s.source.cite.zh],
                )  # fmt: skip
                at += 1

    def _readings(self) -> None:
        sheet = self._sheet(
            "其他理解 Readings",
            [
                ("编号", "Line", 10), ("未决问题", "Open question", 44), ("此处采用", "Taken here", 34),
                ("其他理解", "Other reading", 34), ("利息（元）", "Interest (yuan)", 24), ("应付款日", "Due", 12),
                ("来源", "Source", 44), ("标注", "Tag", 6),
            ],
        )  # fmt: skip
        at = 1
        for a in self.found.lines:
            for x in a.alternatives:
                amount = range_yuan(x.low, x.high).zh if x.why_not is None else x.why_not.zh
                self._row(
                    sheet, at,
                    [a.line.id, x.question.zh, x.taken.zh, x.other.zh, amount, x.due, x.source.cite.zh, x.source.confidence],
                )  # fmt: skip
                at += 1

    def _open(self) -> None:
        sheet = self._sheet("待补充 Open", [("信息", "Fact", 34), ("影响笔数", "Lines", 10), ("问题", "Question", 80)])
        for at, (fact, count) in enumerate(self.found.asked, start=1):
            declared = self.law.vocabulary.get(fact)
            label = _both(declared.label) if declared is not None else fact
            self._row(sheet, at, [label, count, _both(declared.question) if declared is not None else None])


def _total(t: Total) -> list[Cell]:
    return [
        _both(t.name), t.lines, _fen(t.principal), _fen(t.interest_low), _fen(t.interest_high), t.open_lines or None
    ]  # fmt: skip


def _fen(amount: int | None) -> Fraction | None:
    return None if amount is None else Fraction(amount)


def _both(text: Bilingual) -> str:
    return text.zh if text.zh == text.en else f"{text.zh} {text.en}"
