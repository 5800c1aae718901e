"""The spreadsheet to fill in: one row per fact, in both languages, with explanations and drop-down lists."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterable, Sequence
from pathlib import Path

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from yiqi.facts.reading import CHINA_TIME
from yiqi.facts.workbook import FORM_SHEET
from yiqi.law.bilingual import Bilingual
from yiqi.law.vocabulary import Fact, KnownBy, Vocabulary, fiscal_year_of

EXPLANATION_SHEET = "说明"
OPTION_SHEET = "选项"
YEARS = 3
"""Fiscal years a template has columns for."""

HEADING_ROW = 2
"""The row of the headings, counted from 0; above it stand a title and a line on how to fill in."""

GROUP, ITEM, ITEM_EN, UNIT, VALUE = range(5)
FIRST_YEAR = 5

_YES_NO = ("是", "否", "不清楚")
_UNKNOWN = "不清楚"
_KNOWN_BY: dict[KnownBy, Bilingual] = {
    "enterprise": Bilingual("the enterprise", "企业"),
    "register": Bilingual("a public register", "登记机关或公示系统"),
    "platform": Bilingual("the cultivation platform", "梯度培育平台"),
    "official": Bilingual("an official", "主管部门"),
}
_EXAMPLES = {
    "money": "5512.5", "ratio": "12.5%", "points": "62.35", "count": "186", "years": "3", "yes_no": "是",
    "date": "2018-05-09", "uscc": "91110000600037341L", "region": "330100", "industry": "C3451", "text": "",
}  # fmt: skip
_NUMBER_FORMATS = {
    "money": "#,##0.######", "ratio": "0.######%", "points": "0.####", "count": "0", "years": "0",
    "date": "yyyy-mm-dd", "uscc": "@", "region": "@", "industry": "@", "text": "@",
}  # fmt: skip


def write_template(
    path: Path, vocabulary: Vocabulary, facts_in_order: Iterable[str] | None = None, on: dt.date | None = None
) -> None:
    """Write the template to a file; see :func:`template_bytes`."""
    path.write_bytes(template_bytes(vocabulary, facts_in_order, on))


def template_bytes(
    vocabulary: Vocabulary, facts_in_order: Iterable[str] | None = None, on: dt.date | None = None
) -> bytes:
    """The template as the bytes of an .xlsx file.

    ``facts_in_order`` limits and orders the facts (ids), all facts in the vocabulary's order if None; ``on`` is the
    day of the act, today if None: its columns are the three years before. A fact per evaluation year has its value
    for the year of the act itself, so that year gets a column too when such a fact is among them. Money is filled in
    in 万元. The same arguments give the same bytes. Raises ``KeyError`` for an unknown fact.
    """
    day = on if on is not None else dt.datetime.now(CHINA_TIME).date()
    facts = [vocabulary[fact] for fact in facts_in_order] if facts_in_order is not None else list(vocabulary)
    newest = fiscal_year_of(day, "fiscal_year")
    years = [newest - back for back in range(YEARS)]
    if any(fact.per == "evaluation_year" for fact in facts):
        years.insert(0, fiscal_year_of(day, "evaluation_year"))
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"title": "益企填报表 Yiqi fact sheet", "created": dt.datetime(day.year, day.month, day.day)})  # noqa: DTZ001
    _Template(book, facts, years, newest).write()
    book.close()
    return buffer.getvalue()


class _Template:
    def __init__(self, book: xlsxwriter.Workbook, facts: Sequence[Fact], years: Sequence[int], newest: int) -> None:
        self.book, self.facts, self.years, self.newest = book, facts, years, newest
        self.example = FIRST_YEAR + len(years)
        self.source = self.example + 1
        font = {"font_name": "Noto Sans SC", "font_size": 10, "valign": "vcenter"}
        self.font = font
        self.heading = book.add_format(
            {**font, "bold": True, "bg_color": "#1F4E79", "font_color": "#FFFFFF", "text_wrap": True}
        )
        self.title = book.add_format({**font, "bold": True, "font_size": 14})
        self.plain = book.add_format({**font})
        self.wrapped = book.add_format({**font, "text_wrap": True, "valign": "top"})
        self.closed = book.add_format({**font, "bg_color": "#D9D9D9"})
        self.grey = book.add_format({**font, "italic": True, "font_color": "#808080"})
        self.open = {
            number_format: book.add_format(
                {**font, "border": 1, "border_color": "#BFBFBF", "num_format": number_format}
            )
            for number_format in ("General", *dict.fromkeys(_NUMBER_FORMATS.values()))
        }
        # A list in a validation may have 255 characters, labels are longer: all lists stand on a sheet of their own.
        self.lists: dict[tuple[str, ...], str] = {}

    def write(self) -> None:
        form = self.book.add_worksheet(FORM_SHEET)
        explanation = self.book.add_worksheet(EXPLANATION_SHEET)
        options = self.book.add_worksheet(OPTION_SHEET)
        options.hide()
        self._lists(options)
        self._form(form)
        self._explanation(explanation)

    def _lists(self, sheet: Worksheet) -> None:
        for fact in self.facts:
            choices = _choices(fact)
            if not choices or choices in self.lists:
                continue
            column = len(self.lists)
            for row, choice in enumerate(choices):
                sheet.write_string(row, column, choice, self.plain)
            letters = xl_col_to_name(column, col_abs=True)
            self.lists[choices] = f"='{OPTION_SHEET}'!{letters}$1:{letters}${len(choices)}"

    def _form(self, sheet: Worksheet) -> None:
        sheet.write_string(0, 0, "企业填报表 · Enterprise fact sheet", self.title)
        sheet.write_string(
            1,
            0,
            "只填白色单元格；不清楚的留空；零、无、否也要填写。 · Fill in white cells only; "
            "leave blank what is unknown; zero, none and no have to be said.",
            self.grey,
        )
        headings = ["分组", "项目", "Item", "单位", "填写\nValue"]
        headings += [f"{year}年" for year in self.years] + ["示例\nExample", "来源\nSource"]
        for column, heading in enumerate(headings):
            sheet.write_string(HEADING_ROW, column, heading, self.heading)
        for row, fact in enumerate(self.facts, start=HEADING_ROW + 1):
            self._row(sheet, row, fact)
        widths = [12, 34, 34, 8, 26, *[16] * len(self.years), 22, 24]
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width)
        sheet.set_row(HEADING_ROW, 30)
        sheet.freeze_panes(HEADING_ROW + 1, ITEM_EN)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(HEADING_ROW)

    def _row(self, sheet: Worksheet, row: int, fact: Fact) -> None:
        sheet.write_string(row, GROUP, fact.group.zh, self.plain)
        sheet.write_string(row, ITEM, fact.label.zh, self.plain)
        sheet.write_string(row, ITEM_EN, fact.label.en, self.plain)
        sheet.write_string(row, UNIT, _unit(fact), self.plain)
        number_format = _NUMBER_FORMATS.get(fact.type, "General")
        for column in range(VALUE, self.example):
            if self._is_open(fact, column):
                sheet.write_blank(row, column, None, self.open[number_format])
                year = self.years[column - FIRST_YEAR] if column != VALUE else self.newest
                self._validation(sheet, row, column, fact, year)
            else:
                sheet.write_blank(row, column, None, self.closed)
        sheet.write_string(row, self.example, _example(fact), self.grey)
        sheet.write_blank(row, self.source, None, self.open["@"])

    def _is_open(self, fact: Fact, column: int) -> bool:
        if fact.per is None:
            return column == VALUE
        if column == VALUE:
            return False
        return fact.per == "evaluation_year" or self.years[column - FIRST_YEAR] <= self.newest

    def _validation(self, sheet: Worksheet, row: int, column: int, fact: Fact, year: int) -> None:
        message = _in_year(fact.question.zh or fact.label.zh, year)[:250]
        options: dict[str, object] = {"input_title": fact.label.zh[:32], "input_message": message, "ignore_blank": True}
        choices = _choices(fact)
        if choices:
            options |= {
                "validate": "list",
                "source": self.lists[choices],
                "error_title": "请从列表选择",
                "error_message": "请从下拉列表选择；不清楚可留空。 Choose from the list.",
            }
        else:
            options["validate"] = "any"
        sheet.data_validation(row, column, row, column, options)

    def _explanation(self, sheet: Worksheet) -> None:
        headings = [
            "项目",
            "Item",
            "含义",
            "Meaning",
            "证明材料",
            "Proof",
            "由谁掌握",
            "Known by",
            "可填内容",
            "Allowed values",
            "标识 id",
        ]
        for column, heading in enumerate(headings):
            sheet.write_string(0, column, heading, self.heading)
        for row, fact in enumerate(self.facts, start=1):
            known_by = _KNOWN_BY[fact.known_by]
            allowed = _allowed(fact)
            meaning = Bilingual(_joined(fact.question.en, fact.help.en), _joined(fact.question.zh, fact.help.zh))
            cells = [fact.label.zh, fact.label.en, _in_year(meaning.zh, self.newest), _in_year(meaning.en, self.newest)]
            cells += [fact.proof.zh, fact.proof.en]
            cells += [known_by.zh, known_by.en, allowed.zh, allowed.en, fact.id]
            for column, text in enumerate(cells):
                sheet.write_string(row, column, text, self.wrapped)
        for column, width in enumerate([28, 28, 50, 50, 30, 30, 16, 16, 40, 40, 24]):
            sheet.set_column(column, column, width)
        sheet.freeze_panes(1, 1)


def _choices(fact: Fact) -> tuple[str, ...]:
    """What a drop-down offers; a set has none, because a cell can hold several values."""
    if fact.type == "yes_no":
        return _YES_NO
    if fact.type == "one_of":
        return (*(member.label.zh for member in fact.members), _UNKNOWN)
    return ()


def _unit(fact: Fact) -> str:
    """The unit of the numbers to be filled in. A ratio has none: its cells are percentages, so 12.5 becomes 12.5%."""
    if fact.kind == "money":
        return "万元"
    if fact.kind is None or fact.kind == "ratio":
        return ""
    return fact.unit or {"points": "分", "years": "年"}.get(fact.kind, "")


def _example(fact: Fact) -> str:
    if fact.type == "one_of":
        return fact.members[-1].label.zh
    if fact.type == "set_of":
        return "；".join(member.label.zh for member in fact.members[:2])
    if fact.id == "name":
        return "示例精密轴承有限公司"
    return _EXAMPLES[fact.type]


def _allowed(fact: Fact) -> Bilingual:
    if fact.members:
        between = (
            Bilingual("one of: ", "任选其一：")
            if fact.type == "one_of"
            else Bilingual("any of, with `;` between, or none: ", "可多选，用“；”分隔，没有填“无”：")
        )
        return Bilingual(
            between.en + "; ".join(member.label.en for member in fact.members),
            between.zh + "；".join(member.label.zh for member in fact.members),
        )
    return {
        "money": Bilingual(
            "an amount in 万元 (ten thousand yuan), or with its unit", "金额，单位万元；也可连同单位填写，如55125000元"
        ),
        "ratio": Bilingual("a percentage", "百分数，如12.5%"),
        "points": Bilingual("points", "分数"),
        "count": Bilingual("a whole number", "整数"),
        "years": Bilingual("whole years", "整年数"),
        "yes_no": Bilingual("yes, no or unknown", "是、否或不清楚"),
        "date": Bilingual("a date such as 2026-11-23", "日期，如2026-11-23"),
        "text": Bilingual("text", "文本"),
        "uscc": Bilingual("18 characters, as on the business licence", "18位，按营业执照填写"),
        "region": Bilingual("six digits of GB/T 2260", "6位行政区划代码（GB/T 2260）"),
        "industry": Bilingual("section letter and digits of GB/T 4754-2017", "门类字母加数字（GB/T 4754-2017）"),
    }[fact.type]


def _in_year(text: str, year: int) -> str:
    """A question or help of a fact per year names the year as ``{year}``."""
    return text.replace("{year}", str(year))


def _joined(question: str, help_text: str) -> str:
    return "\n".join(part for part in (question, help_text) if part)
