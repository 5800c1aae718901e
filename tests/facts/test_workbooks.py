"""Fact sheets in spreadsheets: the template filled in, plain sheets, and what goes wrong in cells."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook
from xlsxwriter.worksheet import Worksheet

from yiqi.facts.reading import Reading, read_fact_sheet
from yiqi.facts.template import template_bytes
from yiqi.facts.workbook import cell_address, cell_text
from yiqi.law.vocabulary import Vocabulary
from yiqi.law.vocabulary_file import read_vocabulary

ON = dt.date(2026, 11, 23)
Read = Callable[[str | bytes | Path], Reading]

HEADINGS = ["项目", "单位", "填写", "2025年", "2024年", "来源"]


def workbook(fill: Callable[[xlsxwriter.Workbook, Worksheet], object], sheet: str = "填报") -> bytes:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"strings_to_formulas": False}) as book:
        fill(book, book.add_worksheet(sheet))
    return buffer.getvalue()


def rows(*lines: list[Any], sheet: str = "Sheet1") -> bytes:
    """A workbook of these rows from A1 on; None leaves a cell empty."""

    def fill(book: xlsxwriter.Workbook, worksheet: Worksheet) -> None:
        date = book.add_format({"num_format": "yyyy-mm-dd"})
        for number, line in enumerate(lines):
            for column, cell in enumerate(line):
                if isinstance(cell, dt.date):
                    worksheet.write_datetime(number, column, dt.datetime.combine(cell, dt.time()), date)
                elif isinstance(cell, str):
                    worksheet.write_string(number, column, cell)
                elif cell is not None:
                    worksheet.write(number, column, cell)

    return workbook(fill, sheet)


def found(reading: Reading) -> list[tuple[str, str | None]]:
    return [(d.code, d.place.cell) for d in reading.diagnostics]


def fill_in(content: bytes, cells: Mapping[tuple[str, str], Any]) -> bytes:
    """The template with cells filled in by item and heading, as a person would, written by another hand.

    The sheet is read by the spreadsheet library and written anew with the same headings and rows.
    """
    table = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_name("填报").to_python()
    heading = next(row for row in table if "项目" in row)
    columns = {str(name).split("\n")[0]: index for index, name in enumerate(heading)}
    items = {str(row[columns["项目"]]): index for index, row in enumerate(table)}
    lines = [[cell if cell != "" else None for cell in row] for row in table]
    for (item, column), value in cells.items():
        lines[items[item]][columns[column]] = value
    return rows(*lines, sheet="填报")


FILLED: dict[tuple[str, str], Any] = {
    ("企业名称", "填写"): "示例精密轴承有限公司",
    ("统一社会信用代码", "填写"): "91110000600037341L",
    ("所在地", "填写"): "330100",
    ("行业代码", "填写"): "C3451",
    ("成立日期", "填写"): dt.date(2012, 5, 9),
    ("从业人员", "2025年"): 186,
    ("从业人员", "2024年"): 171,
    ("营业收入", "2025年"): 5512.5,
    ("营业收入", "2024年"): "5230",
    ("营业收入", "2023年"): "50000000元",
    ("营业收入", "来源"): "审计报告",
    ("新增股权融资", "填写"): 0,
    ("发展评价得分", "2026年"): 62.35,
    ("从事年限", "填写"): 3,
    ("自主品牌", "填写"): "否",
    ("科技奖励", "填写"): True,
    ("科技奖励前三", "填写"): "不清楚",
    ("研发机构级别", "填写"): "省部级",
    ("有效期内称号", "填写"): "创新型中小企业；专精特新“小巨人”企业",
}


def test_the_template_filled_in_is_read(read: Read, vocabulary: Vocabulary) -> None:
    reading = read(fill_in(template_bytes(vocabulary, on=ON), FILLED))
    assert reading.diagnostics == ()
    sheet = reading.required()
    assert {fact: dict(value) if isinstance(value, Mapping) else value for fact, value in sheet.values.items()} == {
        "name": "示例精密轴承有限公司",
        "uscc": "91110000600037341L",
        "region": "330100",
        "industry": "C3451",
        "established": dt.date(2012, 5, 9),
        "employees": {2024: 171, 2025: 186},
        "operating_revenue": {2023: 5_000_000_000, 2024: 5_230_000_000, 2025: 5_512_500_000},
        "financing": 0,
        "score": {2026: 623_500},
        "segment_years": 3,
        "own_brand": False,
        "award_any": True,
        "rd_institution": "provincial",
        "titles": frozenset({"innovative_sme", "little_giant"}),
    }
    source = sheet.provenance["operating_revenue", 2025]
    assert source.document == "审计报告"
    assert source.entered == "5512.5万元"
    assert source.place.cell is not None
    assert source.place.cell.startswith("填报!")


def test_the_empty_template_says_nothing(read: Read, vocabulary: Vocabulary) -> None:
    assert [d.code for d in read(template_bytes(vocabulary, on=ON)).diagnostics] == ["empty-file"]


def test_the_template_has_a_row_per_fact_in_the_order_asked(vocabulary: Vocabulary) -> None:
    content = template_bytes(vocabulary, ["titles", "employees"], ON)
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    assert book.sheet_names[:2] == ["填报", "说明"]
    form = book.get_sheet_by_name("填报").to_python()
    assert form[2] == [
        "分组",
        "项目",
        "Item",
        "单位",
        "填写\nValue",
        "2025年",
        "2024年",
        "2023年",
        "示例\nExample",
        "来源\nSource",
    ]
    assert [row[1] for row in form[3:]] == ["有效期内称号", "从业人员"]
    explained = book.get_sheet_by_name("说明").to_python()
    assert [row[-1] for row in explained[1:]] == ["titles", "employees"]
    with pytest.raises(KeyError):
        template_bytes(vocabulary, ["nothing"], ON)


def test_the_same_template_has_the_same_bytes(vocabulary: Vocabulary) -> None:
    assert template_bytes(vocabulary, on=ON) == template_bytes(vocabulary, on=ON)


def test_a_plain_sheet_of_two_columns(read: Read) -> None:
    reading = read(
        rows(
            ["企业名称", "甲"],
            ["Operating revenue_2025", 55125000],
            ["2024年营业收入（万元）", 5230],
            ["employees_2025", 186],
            ["market_share", "12.5%"],
            ["established", dt.date(2012, 5, 9)],
            ["award_any", None],
        )
    )
    assert reading.diagnostics == ()
    sheet = reading.required()
    assert sheet.get("operating_revenue", 2025) == 5_512_500_000
    assert sheet.get("operating_revenue", 2024) == 5_230_000_000
    assert sheet.get("market_share") == 12_500_000
    assert "award_any" not in sheet.values


def test_a_percentage_cell_is_a_percentage(read: Read) -> None:
    def fill(book: xlsxwriter.Workbook, sheet: Worksheet) -> None:
        sheet.write_string(0, 0, "市场占有率（%）")
        sheet.write_number(0, 1, 0.005, book.add_format({"num_format": "0.0%"}))

    assert read(workbook(fill)).required().get("market_share") == 500_000  # 0.5%
    # Without the percent format the unit of the heading holds: 0.5 is 0.5%.
    assert read(rows(["市场占有率（%）", 0.5])).required().get("market_share") == 500_000
    assert read(rows(["市场占有率", 0.5])).required().get("market_share") == 50_000_000
    assert found(read(rows(["市场占有率", 12.5]))) == [("ratio-without-percent", "Sheet1!B1")]


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0.1 + 0.2, "0.3"),
        (1.1 * 3, "3.3"),
        (5512.5, "5512.5"),
        (186.0, "186"),
        (100.0, "100"),
        (-0.0, "0"),
        (1e15, "1000000000000000"),
        (0.000001, "0.000001"),
        (123456789.12, "123456789.12"),
    ],
)
def test_binary_noise_is_not_read(number: float, text: str) -> None:
    assert cell_text(number) == text


@given(st.integers(-(10**14), 10**14), st.integers(0, 6))
def test_fifteen_digits_survive_a_cell(units: int, places: int) -> None:
    # Up to fifteen significant digits, a decimal comes back from a binary float unchanged.
    from decimal import Decimal

    written = Decimal(units).scaleb(-places)
    assert Decimal(cell_text(float(written))) == written


def test_addresses() -> None:
    assert [cell_address(0, c) for c in (0, 25, 26, 701, 702, 16383)] == ["A1", "Z1", "AA1", "ZZ1", "AAA1", "XFD1"]


BAD_ROWS: list[tuple[str, list[list[Any]], list[tuple[str, str | None]]]] = [
    ("unknown item", [HEADINGS, ["营业收人", "万元", None, 5]], [("unknown-fact", "Sheet1!A2")]),
    ("a title line", [HEADINGS, ["一、财务"], ["从业人员", "人", None, 5]], []),
    ("value in the wrong column", [HEADINGS, ["从业人员", "人", 5]], [("needs-year", "Sheet1!C2")]),
    ("year for a single value", [HEADINGS, ["自主品牌", None, None, "是"]], [("no-year", "Sheet1!D2")]),
    ("no item", [HEADINGS, [None, None, 5]], [("value-without-item", "Sheet1!C2")]),
    ("twice", [HEADINGS, ["从业人员", None, None, 5], ["employees", None, None, 6]], [("duplicate-fact", "Sheet1!D3")]),
    ("text for a number", [HEADINGS, ["从业人员", "人", None, "许多"]], [("not-a-quantity", "Sheet1!D2")]),
    ("negative", [HEADINGS, ["从业人员", "人", None, -5]], [("below-minimum", "Sheet1!D2")]),
    ("wrong unit", [HEADINGS, ["营业收入", "美元", None, 5]], [("wrong-unit", "Sheet1!D2")]),
    (
        "two errors",
        [HEADINGS, ["从业人员", None, None, -1, "x"]],
        [("not-a-quantity", "Sheet1!E2"), ("below-minimum", "Sheet1!D2")],
    ),
    ("year twice", [["项目", "2025年", "2025"], ["从业人员", 5]], [("duplicate-year", "Sheet1!C1")]),
    ("future year", [["项目", "2027年"], ["从业人员", 5]], [("year-in-future", "Sheet1!B2")]),
    ("strange column", [[*HEADINGS, "审计"], ["从业人员", None, None, 5]], [("unknown-heading", "Sheet1!G1")]),
    ("stray value", [["自主品牌", "是", None, "?"]], [("stray-value", "Sheet1!D1")]),
    ("code as number", [["统一社会信用代码", 911101080000000000]], [("number-lost-digits", "Sheet1!B1")]),
    ("industry lost a zero", [["行业代码", 111]], [("industry-code", "Sheet1!B1")]),
    ("date for a number", [["新增股权融资", dt.date(2025, 1, 1)]], [("wrong-type", "Sheet1!B1")]),
    ("number for a date", [["成立日期", 45000]], [("not-a-date", "Sheet1!B1")]),
    ("yes for a number", [["新增股权融资", True]], [("wrong-type", "Sheet1!B1")]),
    ("a table", [["uscc", "name", "own_brand"], ["1", "甲", "是"]], [("table-not-sheet", "Sheet1!A1")]),
    ("nothing", [[]], [("empty-file", None)]),
]


@pytest.mark.parametrize(("lines", "expected"), [bad[1:] for bad in BAD_ROWS], ids=[title for title, _, _ in BAD_ROWS])
def test_every_problem_names_its_cell(
    read: Read, lines: list[list[Any]], expected: list[tuple[str, str | None]]
) -> None:
    reading = read(rows(*lines))
    assert found(reading) == expected
    for diagnostic in reading.diagnostics:
        assert diagnostic.render("en")
        assert diagnostic.render("zh")
        assert diagnostic.remedy is not None


@pytest.mark.parametrize("value", ["#REF!", "#DIV/0!", "#N/A", "#VALUE!", "#NAME?"])
def test_a_formula_error_is_not_an_empty_cell(read: Read, value: str) -> None:
    def fill(_: xlsxwriter.Workbook, sheet: Worksheet) -> None:
        sheet.write_string(0, 0, "新增股权融资")
        sheet.write_formula(0, 1, "=1/0", None, value)
        sheet.write_string(1, 0, "自主品牌")
        sheet.write_string(1, 1, "是")

    reading = read(workbook(fill))
    assert found(reading) == [("formula-error", "填报!B1")]
    assert value in reading.diagnostics[0].message.zh


def test_the_result_of_a_formula_is_read(read: Read) -> None:
    def fill(_: xlsxwriter.Workbook, sheet: Worksheet) -> None:
        sheet.write_string(0, 0, "新增股权融资")
        sheet.write_formula(0, 1, "=2+3", None, 5)

    assert read(workbook(fill)).required().get("financing") == 500


def test_merged_cells(read: Read) -> None:
    def fill(_: xlsxwriter.Workbook, sheet: Worksheet) -> None:
        sheet.merge_range("A1:F1", "标题")
        for column, heading in enumerate(HEADINGS):
            sheet.write_string(1, column, heading)
        sheet.write_string(2, 0, "从业人员")
        sheet.merge_range("D3:E3", 186)

    reading = read(workbook(fill))
    assert found(reading) == [("merged-cells", "填报!D3")]
    assert "D3:E3" in reading.diagnostics[0].message.en


def test_a_sheet_that_spans_everything_is_refused_at_once(read: Read) -> None:
    def fill(_: xlsxwriter.Workbook, sheet: Worksheet) -> None:
        sheet.write_string(0, 0, "自主品牌")
        sheet.write_string(1048575, 16383, "是")

    assert [d.code for d in read(workbook(fill)).diagnostics] == ["workbook-too-large"]


def archive(**parts: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(name, content)
    return buffer.getvalue()


def replaced(content: bytes, part: str, change: Callable[[bytes], bytes]) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        return archive(**{n: change(file.read(n)) if n == part else file.read(n) for n in file.namelist()})


def test_hostile_archives(read: Read) -> None:
    good = rows(["自主品牌", "是"])
    part = "xl/worksheets/sheet1.xml"
    bomb = replaced(good, part, lambda text: text.replace(b"<sheetData>", b"<sheetData>" + b" " * (201 * 10**6)))
    assert len(bomb) < 10**6
    assert [d.code for d in read(bomb).diagnostics] == ["workbook-too-large"]
    entity = replaced(
        good, part, lambda text: text.replace(b"<worksheet", b'<!DOCTYPE x [<!ENTITY a "b">]><worksheet', 1)
    )
    assert [d.code for d in read(entity).diagnostics] == ["not-a-workbook"]


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (b"PK\x03\x04 broken", "a.xlsx", "not-a-workbook"),
        (archive(**{"a.txt": b"x"}), "a.xlsx", "not-a-workbook"),
        (b"<html><table></table></html>", "a.xls", "not-a-workbook"),
        ("项目,填写\n".encode(), "a.xlsx", "not-a-workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "a.xls", "not-a-workbook"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"),
            "a.xlsx",
            "password",
        ),
        (b"", "a.xlsx", "empty-file"),
    ],
)
def test_what_is_no_workbook(vocabulary: Vocabulary, content: bytes, name: str, code: str) -> None:
    assert [d.code for d in read_fact_sheet(content, vocabulary, ON, name=name).diagnostics] == [code]


@given(st.integers(0, 5000), st.binary(min_size=1, max_size=4))
def test_a_damaged_workbook_never_raises(vocabulary: Vocabulary, position: int, noise: bytes) -> None:
    good = rows(["自主品牌", "是"], ["新增股权融资", 5.5])
    position %= len(good)
    assert isinstance(read_fact_sheet(good[:position] + noise + good[position + len(noise) :], vocabulary, ON), Reading)
    assert isinstance(read_fact_sheet(good[:position], vocabulary, ON), Reading)


ODS = """<?xml version="1.0" encoding="UTF-8"?>
<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"
 xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0">
<office:body><office:spreadsheet><table:table table:name="Sheet1">%s</table:table></office:spreadsheet></office:body>
</office:document-content>"""
ODS_TEXT = '<table:table-cell office:value-type="string"><text:p>%s</text:p></table:table-cell>'
ODS_EMPTY_END = (
    '<table:table-row table:number-rows-repeated="1048000"><table:table-cell table:number-columns-repeated="16384"/>'
    "</table:table-row>"
)


def ods(*cells: str) -> bytes:
    row = "<table:table-row>" + "".join(cells) + "</table:table-row>"
    return archive(
        **{
            "mimetype": b"application/vnd.oasis.opendocument.spreadsheet",
            "content.xml": (ODS % (row + ODS_EMPTY_END)).encode(),
            "META-INF/manifest.xml": b'<?xml version="1.0"?><manifest:manifest '
            b'xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>',
        }
    )


def test_opendocument(read: Read) -> None:
    number = '<table:table-cell office:value-type="float" office:value="5.5"><text:p>5.5</text:p></table:table-cell>'
    assert read(ods(ODS_TEXT % "新增股权融资", number)).required().get("financing") == 550
    share = (
        '<table:table-cell office:value-type="percentage" office:value="0.125"><text:p>x</text:p></table:table-cell>'
    )
    assert read(ods(ODS_TEXT % "市场占有率（%）", share)).required().get("market_share") == 12_500_000


def test_opendocument_formula_error(read: Read) -> None:
    wrong = (
        '<table:table-cell table:formula="of:=1/0" office:value-type="string" office:string-value=""'
        ' calcext:value-type="error"><text:p>#DIV/0!</text:p></table:table-cell>'
    )
    assert found(read(ods(ODS_TEXT % "新增股权融资", wrong))) == [("formula-error", "Sheet1!B1")]


def test_opendocument_repetition_is_bounded(read: Read) -> None:
    many = '<table:table-cell table:number-columns-repeated="16000000" office:value-type="string"/>'
    assert [d.code for d in read(ods(ODS_TEXT % "自主品牌", many)).diagnostics] == ["workbook-too-large"]


def test_the_template_of_the_whole_vocabulary_is_read_back() -> None:
    everything = read_vocabulary(Path(__file__).parents[2] / "law" / "facts").of("enterprise")
    content = template_bytes(everything, on=ON)
    filled: dict[tuple[str, str], Any] = {}
    expected: dict[str, Any] = {}
    for fact in everything:
        if fact.type == "yes_no":
            filled[fact.label.zh, "填写"], expected[fact.id] = "否", False
        elif fact.type == "one_of":
            filled[fact.label.zh, "填写"], expected[fact.id] = fact.members[0].label.zh, fact.members[0].id
        elif fact.type == "set_of":
            filled[fact.label.zh, "填写"] = "；".join(member.label.zh for member in fact.members)
            expected[fact.id] = frozenset(member.id for member in fact.members)
        elif fact.type == "date":
            filled[fact.label.zh, "填写"] = expected[fact.id] = dt.date(2020, 2, 29)
        elif fact.kind in ("count", "years"):
            column = "填写" if fact.per is None else "2025年"
            filled[fact.label.zh, column], expected[fact.id] = 1, 1 if fact.per is None else {2025: 1}
        elif fact.kind == "money":
            column = "填写" if fact.per is None else "2025年"
            filled[fact.label.zh, column] = 500
            expected[fact.id] = 500_000_000 if fact.per is None else {2025: 500_000_000}
    reading = read_fact_sheet(fill_in(content, filled), everything, ON)
    # Equal amounts, ones and noes keep every relation, so only figures that are unusual may be remarked on.
    assert {d.code for d in reading.diagnostics} <= {"implausibly-low", "implausibly-high"}
    values = reading.required().values
    assert {f: dict(v) if isinstance(v, Mapping) else v for f, v in values.items()} == expected
