"""Whatever a person brings is opened for what it is, and no row of it is lost."""

from __future__ import annotations

import datetime as dt
import gzip
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb
import pytest
import xlsxwriter

from screening.tables import Made, csv_file, made

HEAD = ["企业名称", "所在地", "营业收入_2025（万元）", "从业人员_2025"]
ROWS = [["杭州甲科技有限公司", "330100", "5512.5", "186"], ["乙厂", "110000", "0.01", "7"]]
FIGURES = [5_512_500_000, 10_000]


def check_rows(result: Made) -> None:
    assert result.column("name") == ["杭州甲科技有限公司", "乙厂"]
    assert result.column("region") == [330100, 110000]
    assert result.column("operating_revenue_2025") == FIGURES
    assert result.column("employees_2025") == [186, 7]
    assert result.column("row") == [1, 2]
    assert result.problems == []
    assert result.preparation.required().rows == 2


# ---- text -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("encoding", "named"),
    [("utf-8", "UTF-8"), ("utf-8-sig", "UTF-8"), ("gbk", "GBK"), ("gb18030", "GBK"), ("utf-16", "UTF-16"),
     ("utf-16-le", "UTF-16"), ("utf-16-be", "UTF-16")],
)  # fmt: skip
def test_every_encoding_of_a_chinese_office(tmp_path: Path, encoding: str, named: str) -> None:
    result = made(csv_file(tmp_path, [HEAD, *ROWS], encoding=encoding))
    check_rows(result)
    assert result.preparation.read_as is not None
    assert named in result.preparation.read_as.zh


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_separator_and_end_of_line(tmp_path: Path, separator: str, end: str) -> None:
    path = tmp_path / "table.txt"
    path.write_bytes(end.join(separator.join(row) for row in [HEAD, *ROWS]).encode())
    check_rows(made(path))


def test_a_regular_table_is_read_as_it_stands(tmp_path: Path) -> None:
    result = made(csv_file(tmp_path, [HEAD, *ROWS]))
    assert result.preparation.conversion is not None
    assert not result.preparation.conversion.table.has_flaws
    assert [path.name for path in (tmp_path / "table.csv-prepared").glob("*.csv")] == []


def test_a_packed_table(tmp_path: Path) -> None:
    path = tmp_path / "table.csv.gz"
    path.write_bytes(gzip.compress("\n".join(",".join(row) for row in [HEAD, *ROWS]).encode()))
    check_rows(made(path))
    unnamed = tmp_path / "table.dat"
    unnamed.write_bytes(path.read_bytes())
    check_rows(made(unnamed))


def test_a_name_that_is_a_pattern_is_not_taken_for_one(tmp_path: Path) -> None:
    csv_file(tmp_path, [HEAD, ["别的企业有限公司", "110000", "1", "1"]], name="名单1.csv")
    check_rows(made(csv_file(tmp_path, [HEAD, *ROWS], name="名单[1].csv")))


def test_title_and_unit_above_the_headings(tmp_path: Path) -> None:
    rows = [
        ["某省中小企业名单"],
        ["单位：万元", "", "", "2026年3月"],
        ["企业名称", "所在地", "营业收入_2025", "从业人员_2025"],
        *ROWS,
    ]
    result = made(csv_file(tmp_path, rows))
    check_rows(result)
    (revenue,) = [m for m in result.preparation.mapping.read if m.heading == "营业收入_2025"]
    assert (revenue.unit, revenue.assumed) == ("万元", None)
    assert result.preparation.read_as is not None
    assert "第3行" in result.preparation.read_as.zh


def test_headings_over_two_lines(tmp_path: Path) -> None:
    head = ["企业\n名称", "所在地", "营业收入_2025\n（万元）", "从业人员_2025"]
    check_rows(made(csv_file(tmp_path, [["名单"], head, *ROWS])))


def test_a_cell_with_line_breaks_stays_one_cell(tmp_path: Path) -> None:
    rows = [["备注", *HEAD], ["第一行\n第二行，\r\n“第三行”", *ROWS[0]], ['"引号"', *ROWS[1]]]
    result = made(csv_file(tmp_path, rows))
    check_rows(result)


def test_rows_of_the_wrong_length_are_kept_and_not_believed(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    lines = [
        ",".join(HEAD),
        *(",".join(row) for row in ROWS),
        "丙厂,330100,1,234.5,12",
        "丁厂,330100",
        "戊厂,330200,8,9,,",
        "",
    ]
    path.write_text("\n".join(lines), encoding="utf-8")
    result = made(path)
    assert result.column("name") == ["杭州甲科技有限公司", "乙厂", None, None, "戊厂"]
    assert result.column("operating_revenue_2025") == [*FIGURES, None, None, 8_000_000]
    assert result.column("problems") == [None, None, "row: too-many-cells", "row: too-few-cells", None]
    assert [(row, code) for row, _, _, code in result.problems] == [(3, "too-many-cells"), (4, "too-few-cells")]
    assert result.preparation.required().has_problems


def test_quotation_marks_that_do_not_fit_swallow_no_row(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    lines = [
        ",".join(HEAD),
        '"甲厂,330100,1,2',
        "乙厂,110000,0.01,7",
        '"丙"厂,330100,1,2',
        '丁"厂",330100,3,4',
        '"戊厂,330100,5,6',
        "己厂,330100,7,8",
        '庚厂",330100,9,10',
    ]
    path.write_text("\n".join(lines), encoding="utf-8")
    result = made(path)
    assert result.column("name") == [None, "乙厂", None, '丁"厂"', None, "己厂", '庚厂"']
    assert result.column("employees_2025") == [None, 7, None, 4, None, 8, 10]
    assert [(row, code) for row, _, _, code in result.problems] == [
        (1, "broken-quotation"), (3, "broken-quotation"), (5, "broken-quotation")
    ]  # fmt: skip


def test_bytes_that_are_no_character_spoil_their_cell_alone(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes(
        "\n".join(",".join(row) for row in [HEAD, *ROWS]).encode().replace("乙厂".encode(), b"\xe4\xb9\x99\xff\xfe")
    )
    result = made(path)
    assert result.column("name") == ["杭州甲科技有限公司", None]
    assert result.column("operating_revenue_2025") == FIGURES
    assert [(row, heading, code) for row, heading, _, code in result.problems] == [
        (2, "企业名称", "unreadable-characters")
    ]


def test_one_broken_character_in_gbk(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    content = "\n".join(",".join(row) for row in [HEAD, *ROWS * 3]).encode("gbk")
    path.write_bytes(content.replace("乙厂".encode("gbk"), b"\xd2\xff", 1))
    result = made(path)
    assert result.column("name") == ["杭州甲科技有限公司", None, *["杭州甲科技有限公司", "乙厂"] * 2]
    assert [code for _, _, _, code in result.problems] == ["unreadable-characters"]


def test_blank_rows_totals_and_notes_are_named_and_left_out(tmp_path: Path) -> None:
    rows = [
        HEAD, ROWS[0], ["", "", "", ""], [" ", "　", "", ""], ROWS[1], ["合 计", "", "5512.51", "193"],
        ["", "小计", "5512.51", "193"], ["注：数据来源于年报", "", "", ""],
    ]  # fmt: skip
    result = made(csv_file(tmp_path, rows))
    assert result.column("row") == [1, 4]
    assert result.column("name") == ["杭州甲科技有限公司", "乙厂"]
    assert result.preparation.required().rows == 2
    assert not result.preparation.required().has_problems
    assert "2行（第2、3行）" in result.said("blank-row")
    assert "2行（第5、6行）" in result.said("totals-row")
    assert "1行（第7行）" in result.said("note-row")
    assert [(row, code) for row, _, _, code in result.problems] == [
        (5, "totals-row"),
        (6, "totals-row"),
        (7, "note-row"),
    ]


def test_blank_lines_keep_the_numbers_of_rows(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text("\n".join([",".join(HEAD), ",".join(ROWS[0]), "", ",".join(ROWS[1]), "", ""]), encoding="utf-8")
    result = made(path)
    assert result.column("row") == [1, 3]
    assert "第2行" in result.said("blank-row") or "第2、4行" in result.said("blank-row")


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("empty.csv", b"", "empty-table"),
        ("blank.csv", b"\n , \n\n", "empty-table"),
        ("page.xls", b"<html><table><tr><td>1</td></tr></table></html>", "not-a-workbook"),
        ("picture.csv", bytes(range(128, 256)) * 100, "not-a-table"),
        ("text.xlsx", "企业名称,所在地".encode(), "not-a-workbook"),
        ("broken.xlsx", b"PK\x03\x04" + b"x" * 100, "not-a-workbook"),
        ("broken.parquet", b"PAR1" + b"x" * 100, "damaged-parquet"),
    ],
)
def test_what_is_no_table_is_refused_with_its_reason(tmp_path: Path, name: str, content: bytes, code: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    result = made(path)
    assert result.preparation.prepared is None
    assert result.codes == [code]
    (told,) = result.preparation.errors
    assert told.remedy is not None
    assert str(path) in str(told.place)


def test_no_file_and_a_folder_of_other_files(tmp_path: Path) -> None:
    assert made(tmp_path / "none.csv").codes == ["no-such-file"]
    folder = tmp_path / "folder"
    folder.mkdir()
    csv_file(folder, [HEAD, *ROWS])
    result = made(folder)
    assert result.codes == ["no-parquet"]
    assert "table.csv" in result.said("no-parquet")


def test_a_line_that_never_ends(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text(",".join(HEAD) + "\n" + "甲" * (3 << 20), encoding="utf-8")
    result = made(path)
    assert result.codes == ["line-too-long"]
    assert result.preparation.errors[0].place.line == 2


# ---- workbooks ------------------------------------------------------------------------------------------------------


def workbook(path: Path, *sheets: tuple[str, Sequence[Sequence[Any]]], percent: Sequence[tuple[int, int]] = ()) -> Path:
    """A workbook of these sheets; dates are dates, None leaves a cell empty, ``=…`` is a formula that gives #DIV/0!."""
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False}) as book:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        share = book.add_format({"num_format": "0.0%"})
        for name, rows in sheets:
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                for column, cell in enumerate(row):
                    if isinstance(cell, dt.date):
                        sheet.write_datetime(number, column, dt.datetime.combine(cell, dt.time()), day)
                    elif isinstance(cell, str) and cell.startswith("="):
                        sheet.write_formula(number, column, cell, None, "#DIV/0!")
                    elif isinstance(cell, str):
                        sheet.write_string(number, column, cell)
                    elif cell is not None:
                        sheet.write(number, column, cell, share if (number, column) in percent else None)
    return path


def test_a_workbook(tmp_path: Path) -> None:
    rows = [
        ["某省名单"],
        HEAD,
        ["杭州甲科技有限公司", "330100", 5512.5, 186],
        [None] * 4,
        ["乙厂", 110000, 0.01, 7],
        [None] * 4,
    ]
    result = made(workbook(tmp_path / "table.xlsx", ("名单", rows)))
    assert result.column("name") == ["杭州甲科技有限公司", "乙厂"]
    assert result.column("region") == [330100, 110000]
    assert result.column("operating_revenue_2025") == FIGURES
    assert result.column("row") == [1, 3]
    assert result.said("blank-row").startswith("1行（第2行）")
    assert result.preparation.mapping.meanings[2].heading == "营业收入_2025（万元）"
    assert result.preparation.read_as is not None
    assert "第2行" in result.preparation.read_as.zh


def test_cells_of_a_workbook_that_are_no_text(tmp_path: Path) -> None:
    head = ["企业名称", "市场占有率", "增长率", "成立日期", "自主品牌", "统一社会信用代码", "行业代码", "从业人员_2025"]
    rows = [
        head,
        ["甲", 0.125, 2.5, dt.date(2015, 3, 9), True, 91330100799655058, 111, "=1/0"],
        ["乙", 0.1 + 0.2, 0.5, "2015年3月9日", "否", "91330100799655058B", 3451, 12],
        ["丙", 12.5, 0.1, 42072, 1, None, "0111", True],
        [20250001, "12.5%", None, dt.date(2027, 1, 1), "是", None, "C34", dt.date(2020, 1, 1)],
    ]
    result = made(workbook(tmp_path / "table.xlsx", ("名单", rows), percent=[(1, 1), (1, 2), (2, 2)]))
    assert result.column("name") == ["甲", "乙", "丙", "20250001"]
    assert result.column("market_share") == [12_500_000, 30_000_000, None, 12_500_000]
    assert result.column("growth") == [250_000_000, 50_000_000, 10_000_000, None]
    assert result.column("established") == [dt.date(2015, 3, 9), dt.date(2015, 3, 9), None, None]
    assert result.column("own_brand") == [True, False, None, True]
    assert result.column("uscc") == [None, "91330100799655058B", None, None]
    assert result.column("industry") == [None, 334510, 101110, 334002]
    assert result.column("employees_2025") == [None, 12, None, None]
    assert result.problems == [
        (1, "从业人员_2025", "#DIV/0!", "formula-error"),
        (1, "统一社会信用代码", "91330100799655100", "number-lost-digits"),
        (1, "行业代码", "111", "industry-code"),
        (3, "从业人员_2025", "TRUE", "wrong-type"),
        (3, "市场占有率", "12.5", "ratio-without-percent"),
        (3, "成立日期", "42072", "not-a-date"),
        (3, "自主品牌", "1", "not-yes-or-no"),
        (4, "从业人员_2025", "2020-01-01", "wrong-type"),
        (4, "成立日期", "2027-01-01", "established-in-future"),
    ]


def test_the_sheet_with_most_known_headings_is_read_and_the_others_named(tmp_path: Path) -> None:
    other = [["企业名称", "所在地", "自主品牌"], ["别的", "330100", "是"]]
    sheets = [("说明", [["填表说明"]]), ("旧表", other), ("名单", [HEAD, *ROWS])]
    result = made(workbook(tmp_path / "table.xlsx", *sheets))
    check_rows(result)
    assert "“名单”" in result.said("other-sheets")
    assert "旧表" in result.said("other-sheets")
    assert result.preparation.mapping.meanings[0].heading == "企业名称"


def test_merged_cells_are_named(tmp_path: Path) -> None:
    path = tmp_path / "table.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("名单")
        for column, heading in enumerate(HEAD):
            sheet.write_string(0, column, heading)
        for number, (name, _, revenue, staff) in enumerate(ROWS, start=1):
            for column, cell in ((0, name), (2, revenue), (3, staff)):
                sheet.write_string(number, column, cell)
        sheet.merge_range(1, 1, 2, 1, "330100")
    result = made(path)
    assert result.column("region") == [330100, None]
    assert "B2:B3" in result.said("merged-cells")


# ---- Parquet --------------------------------------------------------------------------------------------------------


def parquet(path: Path, select: str, options: str = "") -> Path:
    duckdb.connect().execute(f"COPY ({select}) TO '{path}' (FORMAT parquet{options})")
    return path


def test_typed_columns_are_exact(tmp_path: Path) -> None:
    path = parquet(
        tmp_path / "table.parquet",
        """SELECT * FROM (VALUES
        ('甲', 330100, 5512.5::DOUBLE, 186::BIGINT, 12.34::DECIMAL(18,2), 0.125::DOUBLE, DATE '2015-03-09', true, 7.3500::DECIMAL(9,4)),
        ('乙', 110000, 0.1::DOUBLE + 0.2::DOUBLE, 7, -0.01, 1.5, DATE '2027-01-01', false, 15.1),
        ('丙', 990000, 0.0000001::DOUBLE, -1, NULL, NULL, NULL, NULL, 1.00001)
        ) t("企业名称", "所在地", "营业收入_2025（万元）", "从业人员_2025", "净利润_2025（元）", "市场占有率", "成立日期", "自主品牌", "地方得分")""",
    )  # fmt: skip
    result = made(path)
    assert result.column("row") == [1, 2, 3]
    assert result.column("name") == ["甲", "乙", "丙"]
    assert result.column("region") == [330100, 110000, None]
    assert result.column("operating_revenue_2025") == [5_512_500_000, 300_000, None]
    assert result.column("employees_2025") == [186, 7, None]
    assert result.column("net_profit_2025") == [1234, -1, None]
    assert result.column("market_share") == [12_500_000, None, None]
    assert result.column("established") == [dt.date(2015, 3, 9), None, None]
    assert result.column("own_brand") == [True, False, None]
    assert result.column("local_points") == [73_500, None, None]
    assert [(row, heading, cell, code) for row, heading, cell, code in result.problems] == [
        (2, "地方得分", "15.10000", "above-maximum"),
        (2, "市场占有率", "1.5", "ratio-without-percent"),
        (2, "成立日期", "2027-01-01", "established-in-future"),
        (3, "从业人员_2025", "-1", "below-minimum"),
        (3, "地方得分", "1.00001", "not-a-quantity"),
        (3, "所在地", "990000", "region-code"),
        (3, "营业收入_2025（万元）", "0.0000001", "not-a-quantity"),
    ]


def test_a_typed_table_is_not_copied(tmp_path: Path) -> None:
    path = parquet(tmp_path / "table.parquet", "SELECT '甲' AS \"企业名称\", 1::BIGINT AS employees_2025")
    result = made(path)
    assert list((tmp_path / "table.parquet-prepared").iterdir()) == []
    assert result.rows == [{"row": 1, "name": "甲", "employees_2025": 1}]


@pytest.mark.parametrize(
    ("kind", "text"),
    [("TINYINT", "100"), ("UBIGINT", "18446744073709551615"), ("BIGINT", "-9223372036854775808"), ("DECIMAL(4,1)", "123.4"),
     ("DECIMAL(18,8)", "1.50000000"), ("DECIMAL(18,9)", "1.500000000"), ("DECIMAL(38,2)", "123456789012345.67"),
     ("DOUBLE", "1e22"), ("DOUBLE", "123456789012.34"), ("DOUBLE", "-0.0"), ("DECIMAL(18,0)", "999999999999999999")],
)  # fmt: skip
def test_numbers_of_every_type_mean_what_their_digits_mean(tmp_path: Path, kind: str, text: str) -> None:
    path = parquet(tmp_path / "typed.parquet", f"SELECT '甲' AS name, CAST('{text}' AS {kind}) AS \"net_profit_2025\"")
    plain = {"-0.0": "0", "1e22": "1" + "0" * 22}.get(text, text)
    as_text = csv_file(tmp_path, [["name", "net_profit_2025"], ["甲", plain]])
    typed, read = made(path), made(as_text)
    assert typed.column("net_profit_2025") == read.column("net_profit_2025")
    assert [code for _, _, _, code in typed.problems] == [code for _, _, _, code in read.problems]


def test_lists_and_timestamps(tmp_path: Path) -> None:
    path = parquet(
        tmp_path / "table.parquet",
        """SELECT * FROM (VALUES
        ('甲', ['小巨人', 'innovative'], TIMESTAMP '2015-03-09 00:00:00'),
        ('乙', []::VARCHAR[], TIMESTAMP '2015-03-09 12:30:00'),
        ('丙', NULL, NULL)) t(name, titles, established)""",
    )
    result = made(path)
    assert result.column("titles") == [0b101, 0, None]
    assert result.column("established") == [dt.date(2015, 3, 9), None, None]
    assert [(row, code) for row, _, _, code in result.problems] == [(2, "not-a-date")]


def test_a_type_that_holds_no_fact(tmp_path: Path) -> None:
    path = parquet(tmp_path / "table.parquet", "SELECT '甲' AS name, 1.5::FLOAT AS net_profit_2025, {'a': 1} AS titles")
    result = made(path)
    assert result.preparation.prepared is None
    assert result.codes == ["column-type", "column-type"]


def test_a_folder_of_files_is_one_table(tmp_path: Path) -> None:
    folder = tmp_path / "parts"
    folder.mkdir()
    parquet(folder / "part-0.parquet", "SELECT '甲' AS name, range AS employees_2025 FROM range(3)")
    parquet(folder / "part-1.parquet", "SELECT '乙' AS name, range + 10 AS employees_2025 FROM range(2)")
    parquet(folder / "part-2.parquet", "SELECT '丙' AS name, range + 20 AS employees_2025 FROM range(2)")
    parquet(folder / "_hidden.parquet", "SELECT 1 AS other")
    result = made(folder)
    assert result.column("row") == [1, 2, 3, 4, 5, 6, 7]
    assert result.column("employees_2025") == [0, 1, 2, 10, 11, 20, 21]
    parquet(folder / "part-3.parquet", "SELECT '丁' AS name, 1.5 AS employees_2025")
    refused = made(folder)
    assert refused.codes == ["other-schema"]
    assert "part-3.parquet" in str(refused.preparation.errors[0].place)
    assert "employees_2025" in refused.said("other-schema")


def test_a_prepared_table_is_used_as_it_is(tmp_path: Path) -> None:
    first = made(csv_file(tmp_path, [[*HEAD, "自主品牌"], [*ROWS[0], "是"], [*ROWS[1], "也许"]]))
    (written,) = (tmp_path / "table.csv-prepared").glob("prepared-*.parquet")
    again = made(written)
    assert again.rows == first.rows
    prepared = again.preparation.required()
    assert prepared.bounds == first.preparation.required().bounds
    assert (prepared.bounds["operating_revenue_2025"].low, prepared.bounds["operating_revenue_2025"].high) == (
        10_000,
        5_512_500_000,
    )
    assert prepared.has_problems
    assert prepared.rows == 2
    assert not prepared.synthetic
    assert [m.column.name for m in again.preparation.mapping.read if m.column] == [
        "name", "region", "operating_revenue_2025", "employees_2025", "own_brand"
    ]  # fmt: skip


def test_prepared_tables_that_are_not_what_they_say(tmp_path: Path) -> None:
    said = ", KV_METADATA {'yiqi.prepared': '%s'}"
    wrong_type = parquet(tmp_path / "wrong.parquet", "SELECT 1::BIGINT AS row, 1.5 AS employees_2025", said % "1")
    assert made(wrong_type).codes == ["wrong-column-type"]
    later = parquet(tmp_path / "later.parquet", "SELECT 1::BIGINT AS row, 1::BIGINT AS employees_2025", said % "2")
    assert made(later).codes == ["other-form"]
    folder = tmp_path / "mixed"
    folder.mkdir()
    parquet(folder / "a.parquet", "SELECT 1::BIGINT AS row, 1::BIGINT AS employees_2025", said % "1")
    parquet(folder / "b.parquet", "SELECT 1::BIGINT AS row, 1::BIGINT AS employees_2025")
    assert made(folder).codes == ["mixed-forms"]
    foreign = parquet(tmp_path / "foreign.parquet", "SELECT 1::BIGINT AS row, 1 AS nothing_known", said % "1")
    assert made(foreign).codes == ["no-known-heading"]


def test_a_synthetic_table_says_so(tmp_path: Path) -> None:
    label = ", KV_METADATA {'yiqi.synthetic': '1'}"
    path = parquet(tmp_path / "table.parquet", "SELECT '甲' AS name, 1::BIGINT AS employees_2025", label)
    assert made(path).preparation.required().synthetic


def test_numbers_of_rows_without_a_column_of_them(tmp_path: Path) -> None:
    said = ", KV_METADATA {'yiqi.prepared': '1'}"
    path = parquet(tmp_path / "table.parquet", "SELECT range AS employees_2025 FROM range(3)", said)
    result = made(path)
    assert result.rows == [
        {"row": 1, "employees_2025": 0},
        {"row": 2, "employees_2025": 1},
        {"row": 3, "employees_2025": 2},
    ]
