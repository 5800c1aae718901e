"""Ledgers are read line by line; everything wrong is named with its row and column."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

import pytest
import xlsxwriter

from yiqi.arrears.ledger import Ledger, LedgerLine, read_ledger
from yiqi.law.diagnostics import DiagnosticError
from yiqi.law.library import load

ON = dt.date(2026, 11, 25)
HEADINGS = "台账编号,付款方名称,付款方类型,合同编号,合同签订日期,合同类别,应收金额（元）,交付日期"


def written(folder: Path, rows: Sequence[str], headings: str = HEADINGS, encoding: str = "utf-8") -> Path:
    path = folder / "ledger.csv"
    path.write_text("\n".join([headings, *rows]) + "\n", encoding=encoding)
    return path


def read(path: Path, **given: object) -> Ledger:
    return read_ledger(path, load(), ON, **given)  # type: ignore[arg-type]


def codes(line: LedgerLine) -> set[str]:
    return {p.code for p in line.problems}


def test_a_line_holds_its_facts_exactly(tmp_path: Path) -> None:
    (line,) = read(written(tmp_path, ["A1,某医院,事业单位,HT-1,2025-06-10,货物,125000.55,2025年7月1日"])).lines
    assert line.id == "A1"
    assert line.money("receivable_amount") == 12_500_055
    assert line.day("delivered_on") == dt.date(2025, 7, 1)
    assert line.sheet.get("payer_kind") == "public_institution"
    assert not line.problems


def test_gbk_is_read(tmp_path: Path) -> None:
    path = written(tmp_path, ["A1,某医院,事业单位,HT-1,2025-06-10,货物,1,2025-07-01"], encoding="gb18030")
    assert read(path).lines[0].sheet.get("debtor_name") == "某医院"


def test_a_serial_number_of_a_spreadsheet_is_a_day(tmp_path: Path) -> None:
    # 45839 days after 30 December 1899 is 1 July 2025: 45658 is 1 January 2025 and 181 days later is 1 July.
    (line,) = read(written(tmp_path, ["A1,x,机关,HT-1,2025-06-10,货物,1,45839"])).lines
    assert line.day("delivered_on") == dt.date(2025, 7, 1)


@pytest.mark.parametrize("written_day", ["2025-02-29", "2025年2月30日", "2月29日", "去年"])
def test_a_day_that_is_none_is_named_with_row_and_column(tmp_path: Path, written_day: str) -> None:
    (line,) = read(written(tmp_path, [f"A1,x,机关,HT-1,2025-06-10,货物,1,{written_day}"])).lines
    (problem,) = line.problems
    assert problem.place == "2 · 交付日期"
    assert line.day("delivered_on") is None


def test_the_29th_of_february_of_a_leap_year_is_a_day(tmp_path: Path) -> None:
    (line,) = read(written(tmp_path, ["A1,x,机关,HT-1,2024-02-01,货物,1,2024-02-29"])).lines
    assert line.day("delivered_on") == dt.date(2024, 2, 29)


def test_a_return_is_no_line(tmp_path: Path) -> None:
    (line,) = read(written(tmp_path, ["A1,x,机关,HT-1,2025-06-10,货物,-300,2025-07-01"])).lines
    (problem,) = line.problems
    assert "退货" in problem.message.zh and "return" in problem.message.en
    assert line.money("receivable_amount") is None


def test_two_lines_with_one_number_are_both_kept_and_blocked(tmp_path: Path) -> None:
    lines = read(
        written(
            tmp_path, ["A1,x,机关,HT-1,2025-06-10,货物,1,2025-07-01", "A1,y,机关,HT-2,2025-06-10,货物,2,2025-07-01"]
        )
    ).lines
    assert [codes(line) for line in lines] == [{"duplicate-number"}] * 2
    assert all(line.blocked for line in lines)
    assert "2, 3" in lines[0].problems[0].message.en


def test_lines_that_look_entered_twice_are_named_but_counted(tmp_path: Path) -> None:
    row = "某医院,机关,HT-1,2025-06-10,货物,1,2025-07-01"
    lines = read(written(tmp_path, [f"A1,{row}", f"A2,{row}"])).lines
    assert [codes(line) for line in lines] == [{"likely-duplicate"}] * 2
    assert not any(line.blocked for line in lines)


def test_money_without_its_day_blocks_the_line(tmp_path: Path) -> None:
    path = written(tmp_path, ["A1,x,机关,HT-1,2025-06-10,货物,100,2025-07-01,50"], HEADINGS + ",已收金额（元）")
    (line,) = read(path).lines
    assert codes(line) == {"payment-without-day"} and line.blocked


def test_payments_above_the_debt_and_before_delivery_are_named(tmp_path: Path) -> None:
    headings = HEADINGS + ",已收金额（元）,收款日期"
    path = written(tmp_path, ["A1,x,机关,HT-1,2025-06-10,货物,100,2025-07-01,150,2025-06-20"], headings)
    (line,) = read(path).lines
    assert codes(line) == {"paid-above-debt", "payment-before-delivery"}
    assert [(r.on, r.amount) for r in line.received] == [(dt.date(2025, 6, 20), 15_000)]


def test_another_currency_blocks_the_line(tmp_path: Path) -> None:
    path = written(tmp_path, ["A1,x,机关,HT-1,2025-06-10,货物,100,2025-07-01,外币"], HEADINGS + ",币种")
    (line,) = read(path).lines
    assert codes(line) == {"foreign-currency"} and line.blocked


def test_a_rate_without_percent_sign_is_not_guessed(tmp_path: Path) -> None:
    path = written(tmp_path, ["A1,x,机关,HT-1,2025-06-10,货物,100,2025-07-01,5"], HEADINGS + ",约定年利率")
    (line,) = read(path).lines
    assert line.sheet.get("agreed_rate_annual") is None
    assert [p.place for p in line.problems] == ["2 · 约定年利率"]


@pytest.mark.parametrize(
    ("heading", "cell", "form", "value"),
    [
        ("约定付款天数", "45", "term_form", "term_in_days"),
        ("约定付款日", "2025-12-31", "term_form", "term_by_date"),
        ("约定年利率", "5%", "rate_form", "rate_per_year"),
        ("约定日利率", "0.05%", "rate_form", "rate_per_day"),
    ],
)
def test_what_is_given_says_how_it_was_agreed(tmp_path: Path, heading: str, cell: str, form: str, value: str) -> None:
    path = written(tmp_path, [f"A1,x,机关,HT-1,2025-06-10,货物,100,2025-07-01,{cell}"], f"{HEADINGS},{heading}")
    assert read(path).lines[0].sheet.get(form) == value


def test_two_ways_of_agreeing_one_term_block_the_line(tmp_path: Path) -> None:
    path = written(
        tmp_path, ["A1,x,机关,HT-1,2025-06-10,货物,100,2025-07-01,45,2025-12-31"], HEADINGS + ",约定付款天数,约定付款日"
    )
    (line,) = read(path).lines
    assert codes(line) == {"two-forms"} and line.blocked


def test_nothing_agreed_is_not_assumed(tmp_path: Path) -> None:
    (line,) = read(written(tmp_path, ["A1,x,机关,HT-1,2025-06-10,货物,100,2025-07-01"])).lines
    assert line.sheet.get("term_form") is None and line.sheet.get("rate_form") is None


def test_settings_fill_only_what_a_line_leaves_open(tmp_path: Path) -> None:
    headings = HEADINGS + ",签约时已告知中小企业身份"
    rows = ["A1,x,机关,HT-1,2025-06-10,货物,1,2025-07-01,", "A2,y,机关,HT-2,2025-06-10,货物,1,2025-07-01,否"]
    lines = read(written(tmp_path, rows, headings), settings={"签约时已告知中小企业身份": "是"}).lines
    assert [line.sheet.get("sme_declared") for line in lines] == [True, False]


def test_a_setting_that_is_no_fact_is_refused_with_the_nearest_name(tmp_path: Path) -> None:
    path = written(tmp_path, ["A1,x,机关,HT-1,2025-06-10,货物,1,2025-07-01"])
    with pytest.raises(DiagnosticError, match="sme_declare"):
        read(path, settings={"sme_declare": "yes"})


def workbook(folder: Path, payments: Sequence[Sequence[object]]) -> Path:
    path = folder / "ledger.xlsx"
    book = xlsxwriter.Workbook(str(path))
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    for name, rows in (
        (
            "台账",
            [
                ["台账编号", "付款方名称", "合同签订日期", "应收金额（元）"],
                ["A1", "某医院", dt.date(2025, 6, 10), 1000],
                ["A2", "某医院", dt.date(2025, 6, 10), 2000],
            ],
        ),
        ("收款明细", [["台账编号", "收款日期", "收款金额（元）"], *payments]),
    ):
        sheet = book.add_worksheet(name)
        for i, row in enumerate(rows):
            for j, cell in enumerate(row):
                if isinstance(cell, dt.date):
                    sheet.write_datetime(i, j, cell, day)
                else:
                    sheet.write(i, j, cell)
    book.close()
    return path


def test_payments_of_a_second_sheet_find_their_lines(tmp_path: Path) -> None:
    ledger = read(
        workbook(
            tmp_path,
            [
                ["A2", dt.date(2026, 2, 1), 300.5],
                ["A2", dt.date(2026, 1, 1), 200],
                ["A9", dt.date(2026, 1, 1), 5],
            ],
        )
    )
    assert [[(r.on.isoformat(), r.amount) for r in line.received] for line in ledger.lines] == [
        [],
        [("2026-01-01", 20_000), ("2026-02-01", 30_050)],
    ]
    (orphan,) = ledger.problems
    assert orphan.code == "payment-without-line" and "A9" in orphan.message.zh and orphan.place == "ledger.xlsx 4"


def test_a_payment_without_its_amount_blocks_its_line(tmp_path: Path) -> None:
    ledger = read(workbook(tmp_path, [["A1", dt.date(2026, 2, 1), None]]))
    assert codes(ledger.lines[0]) == {"incomplete-payment"} and ledger.lines[0].blocked
    assert not ledger.lines[1].problems


def test_a_table_that_is_no_list_of_payments_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path, ["A1,x,机关,HT-1,2025-06-10,货物,1,2025-07-01"])
    with pytest.raises(DiagnosticError, match="no list of payments"):
        read(path, payments=path)


YAML = """\
- receivable_id: A1
  付款方名称: 某医院
  contract_date: 2025-06-10
  receivable_amount: 12.5万元
  payments:
    - {on: 2026-01-10, amount: 5万元}
    - {收款日期: 2025-12-10, 收款金额: 1000.01元}
"""


def test_yaml_lines_carry_their_payments(tmp_path: Path) -> None:
    path = tmp_path / "ledger.yaml"
    path.write_text(YAML, encoding="utf-8")
    (line,) = read(path).lines
    assert line.money("receivable_amount") == 12_500_000
    assert [(r.on.isoformat(), r.amount) for r in line.received] == [("2025-12-10", 100_001), ("2026-01-10", 5_000_000)]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: 1\n", "list of receivables"),
        ("- receivable_amout: 1元\n", "receivable_amount"),
        ("- receivable_id: A1\n  payments: 5\n", "list of a day and an amount"),
        ("- receivable_id: A1\n  payments: [{on: 2026-01-10}]\n", "list of a day and an amount"),
    ],
)
def test_bad_yaml_says_what_to_write(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "ledger.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DiagnosticError, match=said):
        read(path)


def test_a_file_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    for name in ("no.yaml", "no.csv"):
        with pytest.raises(DiagnosticError):
            read(tmp_path / name)
