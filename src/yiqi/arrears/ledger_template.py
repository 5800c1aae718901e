"""An empty ledger to fill in, as a workbook: the lines, the payments, and what each column asks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import xlsxwriter

from yiqi.law.tree import Law
from yiqi.law.vocabulary import Fact

LINES, PAYMENTS, HELP = "台账", "收款明细", "说明 Help"
_FIRST_DAY = dt.date(1999, 1, 1)
ROWS = 2000
"""Rows that get lists to choose from."""
WORKED_OUT = ("unpaid_amount", "interest_day", "paid_amount", "paid_on")
"""Facts that the program works out, and payments, which have a sheet of their own."""
FIRST = (
    "receivable_id", "debtor_name", "debtor_uscc", "payer_kind", "payer_size", "contract_number", "contract_date",
    "contract_subject", "subject_matter", "receivable_amount", "disputed_amount", "payee_size", "payee_in_china",
    "sme_declared", "start_basis", "delivered_on", "accepted_on", "term_form", "payment_term_days", "agreed_due_date",
    "special_period_rule", "rate_form", "agreed_rate_annual", "agreed_rate_daily",
)  # fmt: skip
"""What most lines need, in the order of a contract's life; everything else follows in the order of the vocabulary."""


def write_ledger_template(place: Path, law: Law) -> None:
    """Write the workbook. Raises ``OSError``; what was there before stays then."""
    from xlsxwriter.exceptions import FileCreateError

    beside = place.with_name(place.name + ".part")
    book = xlsxwriter.Workbook(str(beside))
    facts = [f for f in law.vocabulary.of("receivable") if f.id not in WORKED_OUT]
    facts.sort(key=lambda f: FIRST.index(f.id) if f.id in FIRST else len(FIRST))
    try:
        _table(book, LINES, facts)
        _table(book, PAYMENTS, law.vocabulary.of("payment"))
        _help(book, facts)
        book.close()
        beside.replace(place)
    except FileCreateError as error:
        cause = error.args[0] if error.args else error
        raise OSError(*((cause.errno, cause.strerror) if isinstance(cause, OSError) else (str(cause),))) from error
    finally:
        beside.unlink(missing_ok=True)


def _heading(fact: Fact) -> str:
    return f"{fact.label.zh}（{fact.unit}）" if fact.type == "money" and fact.unit else fact.label.zh


def _table(book: Any, name: str, facts: Iterable[Fact]) -> None:
    sheet = book.add_worksheet(name)
    head = book.add_format({"bold": True, "bg_color": "#E8EEF4", "text_wrap": True, "valign": "top", "border": 1})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    money = book.add_format({"num_format": "#,##0.00"})
    text = book.add_format({"num_format": "@"})
    percent = book.add_format({"num_format": "0.00####%"})
    formats = {"date": day, "money": money, "text": text, "uscc": text, "ratio": percent}
    sheet.freeze_panes(1, 1)
    sheet.set_row(0, 32)
    for i, fact in enumerate(facts):
        sheet.set_column(i, i, 22 if fact.type in ("text", "uscc") else 15, formats.get(fact.type))
        sheet.write(0, i, _heading(fact), head)
        sheet.write_comment(
            0, i, f"{fact.question.zh}\n{fact.help.zh}\n\n{fact.question.en}", {"x_scale": 2, "y_scale": 1.6}
        )
        choices = [m.label.zh for m in fact.members] if fact.members else ["是", "否"] if fact.type == "yes_no" else []
        if choices:
            sheet.data_validation(1, i, ROWS, i, {"validate": "list", "source": choices})
        elif fact.type == "date":
            bounds = {"validate": "date", "criteria": ">", "value": _FIRST_DAY, "error_message": "请填写日期"}
            sheet.data_validation(1, i, ROWS, i, bounds)


def _help(book: Any, facts: Iterable[Fact]) -> None:
    sheet = book.add_worksheet(HELP)
    head = book.add_format({"bold": True, "bg_color": "#E8EEF4", "border": 1})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    for i, (title, width) in enumerate(
        (("列 Column", 26), ("问题 Question", 60), ("说明 Help", 60), ("证明材料 Proof", 28))
    ):
        sheet.set_column(i, i, width)
        sheet.write(0, i, title, head)
    for at, fact in enumerate(facts, start=1):
        cells = (fact.label, fact.question, fact.help, fact.proof)
        for i, said in enumerate(cells):
            sheet.write_string(at, i, f"{said.zh}\n{said.en}".strip(), wrapped)
