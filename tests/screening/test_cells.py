"""A cell of a table means exactly what it means on the fact sheet of one enterprise."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from screening.tables import ON, USCC, csv_file, made, vocabulary
from yiqi.facts.reading import sheet_from_statements
from yiqi.facts.statement import Statement
from yiqi.law.diagnostics import Place
from yiqi.screening.cells import cells_of, possible
from yiqi.screening.opened import TEXT
from yiqi.screening.prepared import column_for, encode

COLUMNS = {
    "企业名称": ("name", None),
    "统一社会信用代码": ("uscc", None),
    "所在地": ("region", None),
    "行业代码": ("industry", None),
    "成立日期": ("established", None),
    "认定日期": ("granted", None),
    "自主品牌": ("own_brand", None),
    "从业人员_2025": ("employees_2025", None),
    "研发人员_2025（人）": ("rd_staff_2025", "人"),
    "营业收入_2025（万元）": ("operating_revenue_2025", "万元"),
    "主营业务收入_2025（元）": ("main_revenue_2025", "元"),
    "净利润_2025（亿元）": ("net_profit_2025", "亿元"),
    "新增股权融资": ("financing", None),
    "市场占有率": ("market_share", None),
    "增长率（%）": ("growth", "%"),
    "地方得分": ("local_points", None),
    "从事细分市场年限": ("segment_years", None),
    "主体类型": ("kind", None),
    "称号": ("titles", None),
}
"""Heading, column of the prepared table, unit of the heading."""

Outcome = tuple[Any, bool]


def on_a_sheet(column: str, unit: str | None, text: str) -> Outcome:
    """The value as a column would hold it, and whether it is an error, from the reader of fact sheets."""
    found = column_for(column, vocabulary())
    assert found is not None
    fact, year = found.fact, found.year
    statement = Statement(fact, year, text, Place("sheet"), unit)
    reading = sheet_from_statements([statement], [], vocabulary(), ON, "sheet")
    if reading.sheet is None:
        # A blank text alone makes an empty sheet, which is no error of the text.
        return None, any(d.code != "empty-file" for d in reading.errors)
    held = reading.sheet.values.get(fact.id)
    value = held.get(year) if isinstance(held, Mapping) and year is not None else held
    return (None if value is None else encode(fact, value)), False


numbers = st.builds(
    lambda sign, whole, part, behind: sign + whole + part + behind,
    st.sampled_from(["", "", "", "-", "+", "−", "¥"]),
    st.one_of(
        st.integers(0, 10**19).map(str),
        st.integers(0, 99999).map(str),
        st.integers(0, 10**13).map(lambda n: f"{n:,}"),
        st.sampled_from(["", "0", "007", "1,23", "12,34,567", "１２３", "1，234", "1 234", "1e5", "1_000"]),
    ),
    st.one_of(
        st.just(""), st.integers(0, 10**11).map(lambda n: f".{n}"), st.sampled_from([".", ".50", ".000", "．５"])
    ),
    st.sampled_from(
        [
            "",
            "",
            "",
            "元",
            "万元",
            "万",
            "亿元",
            "亿",
            "千元",
            "百万元",
            "分",
            "%",
            "％",
            "人",
            "年",
            "美元",
            " 万元",
            "万元 ",
        ]
    ),
)
dates = st.builds(
    lambda day, form: form.format(y=day.year, m=day.month, d=day.day),
    st.dates(dt.date(1, 1, 1), dt.date(2100, 12, 31)),
    st.sampled_from(
        ["{y:04d}-{m:02d}-{d:02d}", "{y:04d}-{m}-{d}", "{y}/{m}/{d}", "{y}年{m}月{d}日", "{y}.{m}.{d}", "{d}-{m}-{y}"]
    ),
)
days_there_are_not = st.sampled_from(
    ["2025-02-29", "2024-02-29", "2025-13-01", "0000-01-01", "2025-00-10", "２０２５-０１-０２"]
)
words = st.sampled_from([
    "", " ", "　", "不清楚", "unknown", "Unknown", "NULL", "null", "不 清楚", "是", "否", "yes", "No", "true", "FALSE", "无",
    "none", "[]", "公司", "company", "合伙企业", "Company ", "其他", "创新型中小企业", "innovative;giant", "小巨人；专精特新中小企业",
    "小巨人;小巨人", "小巨人;不存在", ";", "-", "—", "/", "330100", "330000", "999999", " 330100 ", "３３０１００", "33010", "C34",
    "C3451", "c3451", "34", "3451", "A34", "C", "Z", "C99", *USCC, USCC[0].lower(), USCC[0][:17], USCC[0] + " ", USCC[0][:17] + "C",
    "9133 0100 7996 5505 8B", "杭州甲科技有限公司", "  杭州甲科技有限公司", "甲 乙", "a*b:c", "unknown:", "e\u0301lan vital", "\ufffd",
])  # fmt: skip
texts = st.one_of(
    numbers, dates, days_there_are_not, words, st.text(max_size=12), st.from_regex(r"[0-9A-Z]{18}", fullmatch=True)
)
# A line of a file cannot hold these as a cell of a fact sheet would: the file would end or break there.
cells = texts.filter(lambda text: "\x00" not in text and text.encode("utf-8", "ignore").decode("utf-8") == text)


@pytest.fixture(scope="module")
def connection() -> duckdb.DuckDBPyConnection:
    return duckdb.connect()


def taken_by_sql() -> dict[str, tuple[str | None, str]]:
    """For each column that SQL takes cells of: the unit, and the value of the text ``c`` if it is clean and possible."""
    found = {}
    for name, unit in COLUMNS.values():
        column = column_for(name, vocabulary())
        assert column is not None
        value = cells_of(column.fact, unit, TEXT, "c").value
        if value is not None:
            found[name] = unit, f"CASE WHEN {possible(column.fact, f'({value})', ON)} THEN {value} END"
    return found


@given(found=st.lists(texts, min_size=1, max_size=100))
@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
def test_what_sql_takes_is_what_the_sheet_says(connection: duckdb.DuckDBPyConnection, found: list[str]) -> None:
    usable = [text for text in found if text.encode("utf-8", "ignore").decode("utf-8") == text]
    columns = taken_by_sql()
    values = ", ".join(sql for _, sql in columns.values())
    rows = connection.execute(f"SELECT c, {values} FROM (SELECT unnest($1::VARCHAR[]) AS c)", [usable]).fetchall()
    for text, *taken in rows:
        for (name, (unit, _)), value in zip(columns.items(), taken, strict=True):
            if value is not None:
                assert (value, False) == on_a_sheet(name, unit, text), (name, text)


@given(found=st.lists(cells, min_size=1, max_size=60))
@settings(
    deadline=None,
    max_examples=12,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
def test_a_table_of_any_cells_is_what_the_sheets_say(
    tmp_path_factory: pytest.TempPathFactory, found: list[str]
) -> None:
    # Each text stands once below each heading.
    rows = [[found[(i + j) % len(found)] for j in range(len(COLUMNS))] for i in range(len(found))]
    folder = tmp_path_factory.mktemp("any")
    # Two columns before them keep a row from being taken for a blank one or for one of totals.
    table = csv_file(folder, [["序号", "备注", *COLUMNS], *([str(i), "x", *row] for i, row in enumerate(rows))])
    result = made(table)
    held = result.rows
    marked = {(row, heading) for row, heading, _, _ in result.problems}
    expected_rows = {}
    for number, row in enumerate(rows, start=1):
        if row[0].replace(" ", "") in ("合计", "小计", "总计"):
            continue
        expected_rows[number] = row
    assert [row["row"] for row in held] == list(expected_rows)
    for prepared_row in held:
        number = prepared_row["row"]
        said = prepared_row.get("problems") or ""
        for (heading, (name, unit)), text in zip(COLUMNS.items(), expected_rows[number], strict=True):
            value, wrong = on_a_sheet(name, unit, text) if "\ufffd" not in text else (None, True)
            assert prepared_row[name] == value, (name, text)
            assert ((number, heading) in marked) is wrong, (name, text)
            assert (f"{name}: " in said) is wrong, (name, text, said)


def test_figures_by_hand(tmp_path: Path) -> None:
    headings = [
        "企业名称",
        "营业收入_2025（万元）",
        "新增股权融资",
        "市场占有率",
        "增长率（%）",
        "地方得分",
        "净利润_2025（亿元）",
    ]
    table = csv_file(
        tmp_path,
        [
            headings,
            ["甲", "1", "1", "0.125", "12.5", "7.35", "0.00000001"],
            ["乙", "0.000001", "0.01", "12.5%", "-3", "15", "-2.5"],
            ["丙", "1,234,567.89", "1,234.5万元", "１２.５％", "0.000001", "0.0001", "1"],
            ["丁", "5512.5万元", "3亿", "1", "12.5%", "0", "1万元"],
        ],
    )
    result = made(table)
    assert result.column("operating_revenue_2025") == [1_000_000, 1, 1_234_567_890_000, 5_512_500_000]
    assert result.column("financing") == [100, 1, 1_234_500_000, 30_000_000_000]
    assert result.column("market_share") == [12_500_000, 12_500_000, 12_500_000, 100_000_000]
    assert result.column("growth") == [12_500_000, -3_000_000, 1, 12_500_000]
    assert result.column("local_points") == [73_500, 150_000, 1, 0]
    assert result.column("net_profit_2025") == [100, -25_000_000_000, 10_000_000_000, 1_000_000]
    assert result.problems == []


def test_what_no_figure_can_be(tmp_path: Path) -> None:
    table = csv_file(
        tmp_path,
        [
            ["企业名称", "营业收入_2025（万元）", "从业人员_2025", "市场占有率", "地方得分", "成立日期"],
            ["甲", "0.0000001", "12.5", "12.5", "15.1", "2027-01-01"],
            ["乙", "-1", "-1", "101%", "7.00001", "2025-02-30"],
            ["丙", "100000000000", "1e3", "1,23", "−1", "昨天"],
        ],
    )
    result = made(table)
    for name in ("operating_revenue_2025", "employees_2025", "market_share", "local_points", "established"):
        assert result.column(name) == [None, None, None], name
    assert [(row, heading, code) for row, heading, _, code in result.problems] == [
        (1, "从业人员_2025", "not-a-quantity"),
        (1, "地方得分", "above-maximum"),
        (1, "市场占有率", "ratio-without-percent"),
        (1, "成立日期", "established-in-future"),
        (1, "营业收入_2025（万元）", "not-a-quantity"),
        (2, "从业人员_2025", "below-minimum"),
        (2, "地方得分", "not-a-quantity"),
        (2, "市场占有率", "above-maximum"),
        (2, "成立日期", "not-a-date"),
        (2, "营业收入_2025（万元）", "below-minimum"),
        (3, "从业人员_2025", "not-a-quantity"),
        (3, "地方得分", "below-minimum"),
        (3, "市场占有率", "not-a-quantity"),
        (3, "成立日期", "not-a-date"),
        (3, "营业收入_2025（万元）", "too-large"),
    ]
