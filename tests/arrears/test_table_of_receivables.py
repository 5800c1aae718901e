"""A table of receivables answered as SQL, against figures worked by hand."""

from __future__ import annotations

import csv
import datetime as dt
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from yiqi.arrears.law_by_contract_sql import NotAtScaleError, contract_spans
from yiqi.arrears.readings import Readings
from yiqi.arrears.table_of_receivables import AnsweredTable, answer_table
from yiqi.arrears.table_summary import PROBLEMS
from yiqi.clock.workdays import load_calendar
from yiqi.judge.judge import Judge
from yiqi.law.diagnostics import DiagnosticError
from yiqi.law.library import load
from yiqi.screening.prepared import Bounds

ON = dt.date(2025, 8, 30)
BASE = {
    "台账编号": "A-1", "付款方名称": "某机关", "合同签订日期": "2025-06-02", "合同类别": "货物", "付款方类型": "机关",
    "签约时供应商规模": "小型", "供应商境内依法设立": "是", "签约时已告知中小企业身份": "是", "另有规定付款期限": "否",
    "付款期限约定方式": "未约定", "起算依据": "自交付之日", "交付日期": "2025-07-01", "利率约定方式": "未约定",
    "应收金额（元）": "100000", "收款金额（元）": "", "收款日期": "", "币种": "人民币",
}  # fmt: skip


@pytest.fixture(scope="module")
def judge() -> Judge:
    return Judge(load())


def heads(judge: Judge) -> dict[str, str]:
    """The labels that the vocabulary itself has for the columns of :data:`BASE`."""
    vocabulary = judge.law.vocabulary
    facts = {
        "另有规定付款期限": "special_period_rule", "付款期限约定方式": "term_form", "起算依据": "start_basis",
        "交付日期": "delivered_on", "利率约定方式": "rate_form", "收款金额（元）": "paid_amount", "收款日期": "paid_on",
        "应收金额（元）": "receivable_amount", "签约时供应商规模": "payee_size",
    }  # fmt: skip
    return {
        name: vocabulary[fact].label.zh + ("（元）" if name.endswith("（元）") else "") for name, fact in facts.items()
    }


def table(judge: Judge, folder: Path, *lines: dict[str, str], on: dt.date = ON, **how: object) -> AnsweredTable:
    """The answers of lines that differ from the first in some cells."""
    names = heads(judge)
    vocabulary = judge.law.vocabulary
    basis = {"自交付之日": vocabulary["start_basis"].members[0].label.zh}
    rows = [{**BASE, "台账编号": f"A-{n}", **line} for n, line in enumerate(lines, 1)]
    path = folder / "ledger.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([names.get(name, name) for name in rows[0]])
        writer.writerows([[basis.get(cell, cell) for cell in row.values()] for row in rows])
    return answer_table(duckdb.connect(), path, judge, load_calendar(), on, folder=folder / "made", **how)  # type: ignore[arg-type]


def answers(found: AnsweredTable) -> list[dict[str, object]]:
    relation = found.relation
    return [dict(zip(relation.columns, row, strict=True)) for row in relation.fetchall()]


def test_a_line_with_nothing_agreed_bears_five_in_ten_thousand_a_day(judge: Judge, tmp_path: Path) -> None:
    (line,) = answers(table(judge, tmp_path, {}))
    # 1 July and 30 days is Thursday 31 July; 30 days late; 100,000 times 0.0005 times 30.
    assert line["state"] == "overdue"
    assert line["protected"] == "yes"
    assert line["due_counted"] == line["due"] == dt.date(2025, 7, 31)
    assert line["due_origin"] == "law"
    assert line["days_late"] == 30
    assert (line["rate_rule"], line["rate"]) == ("interest", "statutory_daily_rate")
    assert (line["principal"], line["interest_low"]) == (Decimal("100000.00"), Decimal("1500.00"))
    assert line["interest_high"] == line["interest_low"]


def test_a_payment_pays_interest_first_and_then_principal(judge: Judge, tmp_path: Path) -> None:
    paid = {"收款金额（元）": "40000", "收款日期": "2025-08-10"}
    (line,) = answers(table(judge, tmp_path, paid))
    # 10 days cost 500, so 39,500 pay principal; 60,500 times 0.0005 times 20 is 605.
    assert (line["principal"], line["interest_low"]) == (Decimal("60500.00"), Decimal("605.00"))


def test_a_last_day_on_a_rest_day_moves_on(judge: Judge, tmp_path: Path) -> None:
    (line,) = answers(table(judge, tmp_path, {"交付日期": "2025-07-03"}))
    # 3 July and 30 days is Saturday 2 August.
    assert (line["due_counted"], line["due"]) == (dt.date(2025, 8, 2), dt.date(2025, 8, 4))


def test_every_line_is_kept_and_says_why_it_is_open(judge: Judge, tmp_path: Path) -> None:
    found = table(
        judge,
        tmp_path,
        {},
        {"合同签订日期": ""},
        {"币种": "外币"},
        {"收款金额（元）": "5"},
        {"收款金额（元）": "100000.01", "收款日期": "2025-07-20"},
        {"收款金额（元）": "100000", "收款日期": "2025-07-20"},
        {"签约时供应商规模": "大型"},
        {"交付日期": "2025-08-15"},
        {"应收金额（元）": ""},
    )
    rows = answers(found)
    assert [(row["state"], row["problem"]) for row in rows] == [
        ("overdue", None),
        ("unknown", None),
        ("blocked", "foreign-currency"),
        ("blocked", "payment-without-day"),
        ("blocked", "payments-exceed-debt"),
        ("paid", None),
        ("outside", None),
        ("not_due", None),
        ("unknown", None),
    ]
    summary = found.summary
    assert summary.lines == len(rows)
    assert {state: total.lines for state, total in summary.states.items() if total.lines} == {
        "overdue": 1, "unknown": 2, "blocked": 3, "paid": 1, "outside": 1, "not_due": 1,
    }  # fmt: skip
    assert set(summary.problems) <= set(PROBLEMS)
    assert summary.problems == {"foreign-currency": 1, "payment-without-day": 1, "payments-exceed-debt": 1}


def test_two_lines_with_one_number_are_both_blocked(judge: Judge, tmp_path: Path) -> None:
    rows = answers(table(judge, tmp_path, {"台账编号": "7"}, {"台账编号": "7"}, {"台账编号": ""}))
    assert [row["problem"] for row in rows] == ["duplicate-number", "duplicate-number", None]


def test_totals_by_kind_of_debtor_and_by_age(judge: Judge, tmp_path: Path) -> None:
    later = {"付款方类型": "事业单位", "应收金额（元）": "200000"}
    found = table(judge, tmp_path, {}, later, {"交付日期": "2026-03-10"}, on=dt.date(2026, 2, 25)).summary
    # 31 July 2025 to 25 February 2026 is 209 days: 10,450 and 20,900.
    assert [(t.name.en, t.lines, t.principal, t.interest_low) for t in found.by_kind] == [
        ("Public institution", 1, 20_000_000, 2_090_000),
        ("Government organ", 1, 10_000_000, 1_045_000),
    ]
    assert [(t.name.en, t.lines, t.principal) for t in found.by_age] == [
        ("not due", 1, 10_000_000),
        ("1 to 30 days", 0, 0),
        ("31 to 90 days", 0, 0),
        ("91 to 180 days", 0, 0),
        ("181 to 365 days", 2, 30_000_000),
        ("over 365 days", 0, 0),
    ]
    assert (found.overdue.interest_low, found.overdue.open_lines) == (3_135_000, 0)


def test_a_day_that_no_calendar_has_is_named(judge: Judge, tmp_path: Path) -> None:
    (line,) = answers(table(judge, tmp_path, {"交付日期": "2018-03-01"}))
    assert (line["state"], line["problem"], line["due_counted"]) == (
        "unknown",
        "outside-calendar",
        dt.date(2018, 3, 31),
    )


def test_the_answers_are_written_as_csv_and_parquet(judge: Judge, tmp_path: Path) -> None:
    found = table(judge, tmp_path, {}, {"合同签订日期": ""})
    shares: list[float] = []
    found.write(tmp_path / "out.parquet", shares.append)
    assert shares[-1] == 1.0
    found.write(tmp_path / "out.csv")
    assert (tmp_path / "out.csv").read_bytes().startswith("\ufeffrow,".encode())
    with (tmp_path / "out.csv").open(encoding="utf-8-sig") as file:
        lines = list(csv.DictReader(file))
    assert [line["state"] for line in lines] == ["overdue", "unknown"]
    assert lines[0]["interest_low"] == "1500.00"
    kinds = dict(
        duckdb.sql(f"SELECT column_name, column_type FROM (DESCRIBE FROM '{tmp_path}/out.parquet')").fetchall()
    )
    assert (kinds["principal"], kinds["due"]) == ("DECIMAL(20,2)", "DATE")
    with pytest.raises(ValueError, match="csv"):
        found.write(tmp_path / "out.txt")


def test_what_only_lines_are_answered_with_is_refused_and_said_in_both_tongues(judge: Judge, tmp_path: Path) -> None:
    with pytest.raises(NotAtScaleError, match="last_day") as caught:
        table(judge, tmp_path, {}, readings=Readings(last_day="both_ends"))
    assert "逐笔" in caught.value.message.zh


def test_an_amount_whose_interest_could_pass_38_digits_is_refused(judge: Judge, tmp_path: Path) -> None:
    huge = {"应收金额（元）": "900000000000000", "收款金额（元）": "1", "收款日期": "2025-08-01"}
    with pytest.raises(NotAtScaleError, match="38 digits"):
        table(judge, tmp_path, huge)


def test_a_table_without_a_known_heading_is_refused(judge: Judge, tmp_path: Path) -> None:
    path = tmp_path / "other.csv"
    path.write_text("甲,乙\n1,2\n", encoding="utf-8")
    with pytest.raises(DiagnosticError):
        answer_table(duckdb.connect(), path, judge, load_calendar(), ON, folder=tmp_path / "made")


def test_only_the_versions_that_a_contract_is_dated_under_are_asked(judge: Judge) -> None:
    schemes = ("arrears.protected", "arrears.payment_due")
    every = contract_spans(judge, schemes, None, has_day=True)
    # Decree 728 from 1 September 2020, Decree 802 from 1 June 2025; before, no rule.
    assert [(first, last) for first, last, _ in every] == [
        (None, dt.date(2020, 8, 31)),
        (dt.date(2020, 9, 1), dt.date(2025, 5, 31)),
        (dt.date(2025, 6, 1), None),
    ]
    made = Bounds(dt.date(2025, 7, 1).toordinal(), dt.date(2025, 8, 1).toordinal())
    assert [first for first, _, _ in contract_spans(judge, schemes, made, has_day=True)] == [None, dt.date(2025, 6, 1)]
    assert contract_spans(judge, schemes, None, has_day=False) == [(None, None, None)]


def test_the_answers_are_written_as_a_workbook(judge: Judge, tmp_path: Path) -> None:
    from python_calamine import CalamineWorkbook

    from yiqi.report.receivables_table_workbook import write_receivables_workbook

    found = table(judge, tmp_path, {}, {"合同签订日期": ""})
    shares: list[float] = []
    write_receivables_workbook(tmp_path / "out.xlsx", found, shares.append)
    assert shares == [1.0]
    book = CalamineWorkbook.from_path(tmp_path / "out.xlsx")
    lines = book.get_sheet_by_name("账款 Lines").to_python()
    heads = [str(head).partition("\n")[2] for head in lines[0]]
    first = dict(zip(heads, lines[1], strict=True))
    assert first["State"] == "已逾期 overdue"
    assert (first["Unpaid (yuan)"], first["Interest (yuan)"]) == (100_000.0, 1_500.0)
    assert first["Due"] == dt.date(2025, 7, 31)
    totals = book.get_sheet_by_name("汇总 Totals").to_python()
    assert ["已逾期 overdue", 1.0, 100_000.0, 1_500.0, 1_500.0, 0.0] in totals


def test_a_workbook_with_a_list_of_payments_is_not_answered_without_it(judge: Judge, tmp_path: Path) -> None:
    import xlsxwriter

    path = tmp_path / "ledger.xlsx"
    book = xlsxwriter.Workbook(str(path))
    for name, heads, cells in (
        ("台账", ["台账编号", "付款方名称", "应收金额（元）"], ["A-1", "某机关", 100_000]),
        ("收款", ["台账编号", "收款日期", "收款金额"], ["A-1", "2025-08-10", 40_000]),
    ):
        sheet = book.add_worksheet(name)
        sheet.write_row(0, 0, heads)
        sheet.write_row(1, 0, cells)
    book.close()
    with pytest.raises(NotAtScaleError, match="list of payments"):
        answer_table(duckdb.connect(), path, judge, load_calendar(), ON, folder=tmp_path / "made")
