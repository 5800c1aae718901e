"""What letters say beyond the ledger: read strictly, kept where it belongs, and never in place of what is known."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest

from report.claim_samples import CLAIM
from yiqi.arrears.debtor_claim import USUAL_EVIDENCE, EvidenceItem
from yiqi.arrears.letter_details import NO_DETAILS, BankAccount, LetterDetails, read_letter_details
from yiqi.clock.workdays import load_calendar
from yiqi.law.bilingual import Bilingual
from yiqi.law.diagnostics import DiagnosticError
from yiqi.report.demand_letter import demand_letter

ON = dt.date(2026, 10, 15)
WHOLE = """
债权人: {联系人: 李某, 联系电话: "0755-00000000", 地址: 示例路1号, 法定代表人: 王某}
收款账户: {户名: 示例公司, 开户银行: 示例银行, 账号: "6222 0000"}
付款期限: 10个工作日
份数: 2
付款方: {示例局: {地址: 示例街2号}}
"""


def details(tmp_path: Path, text: str, on: dt.date = ON) -> LetterDetails:
    file = tmp_path / "details.yaml"
    file.write_text(text, encoding="utf-8")
    return read_letter_details(file, on, load_calendar())


def wrong(tmp_path: Path, text: str, on: dt.date = ON) -> list[tuple[str, str]]:
    with pytest.raises(DiagnosticError) as caught:
        details(tmp_path, text, on)
    return [(d.code, d.message.en) for d in caught.value.diagnostics]


def test_all_of_it_in_chinese(tmp_path: Path) -> None:
    read = details(tmp_path, WHOLE)
    assert read.account == BankAccount("示例公司", "示例银行", "6222 0000")
    # Thursday 15 October 2026 does not count; 16, 19 to 23, 26 to 29 October do: ten working days
    assert read.pay_by == dt.date(2026, 10, 29)
    assert read.copies == 2
    assert read.creditor["contact"] == "李某"
    assert read.debtors == {"示例局": {"address": "示例街2号"}}


def test_in_english_with_a_day(tmp_path: Path) -> None:
    read = details(tmp_path, "pay_by: 2026-11-01\naccount: {bank: A bank}\ncreditor:\n  uscc:\n")
    assert read.pay_by == dt.date(2026, 11, 1)
    assert read.account == BankAccount(bank="A bank")
    assert read.creditor == {}


def test_an_empty_file_gives_nothing(tmp_path: Path) -> None:
    assert details(tmp_path, "") == NO_DETAILS


@pytest.mark.parametrize(
    ("text", "code", "word"),
    [
        ("creditor: x", "not-a-map", "write a map of"),
        ("- a", "not-a-map", "the details are a map"),
        ("bank_account: {}", "unknown-key", "bank_account"),
        ("debtors: {A: {name: B}}", "unknown-key", "name"),
        ("debtors: A", "not-a-map", "names of debtors"),
        ("account: {number: [1]}", "not-a-value", "single value"),
        ("copies: 0", "not-a-number", "no number of copies"),
        ("copies: 1.5", "not-a-number", "no number of copies"),
        ("copies: 100", "not-a-number", "no number of copies"),
        ("pay_by: soon", "no-term", "`soon` is no day"),
        ("pay_by: 2026-02-30", "no-term", "there is no day"),
        ("pay_by: 2026-10-14", "term-passed", "before the day of the letters"),
        ("pay_by: 2000 working days", "no-term", ""),
    ],
)
def test_what_is_wrong_is_said(tmp_path: Path, text: str, code: str, word: str) -> None:
    ((found, message),) = wrong(tmp_path, text)
    assert (found, word in message) == (code, True), message


def test_the_day_of_the_letters_is_the_earliest(tmp_path: Path) -> None:
    assert details(tmp_path, "pay_by: 2026-10-15").pay_by == ON


def test_what_the_ledger_knows_goes_first(tmp_path: Path) -> None:
    text = f"creditor: {{name: Somebody else, telephone: '1'}}\ncopies: 3\ndebtors: {{{CLAIM.debtor.name}: {{address: There}}}}\n"
    read = details(tmp_path, text)
    given = EvidenceItem(Bilingual("Contract", "合同"), Bilingual("the contract", "合同关系"), 1)
    claim = read.of(replace(CLAIM, evidence=(given, *USUAL_EVIDENCE)))
    assert claim.creditor.name == CLAIM.creditor.name
    assert claim.debtor.address == (CLAIM.debtor.address or "There")
    assert claim.creditor.telephone == (CLAIM.creditor.telephone or "1")
    assert [item.copies for item in claim.evidence] == [1, *[3] * len(USUAL_EVIDENCE)]


def test_a_letter_says_it_and_has_no_blank_for_it(tmp_path: Path) -> None:
    read = details(tmp_path, WHOLE, CLAIM.as_of)
    letter = demand_letter(read.of(CLAIM), "zh", pay_by=read.pay_by, account=read.account)
    text = "".join(letter.document.texts())
    for said in ("示例公司", "示例银行", "6222 0000"):
        assert said in text
    blanks = {blank.what.en for blank in letter.blanks}
    assert not blanks & {"Account holder", "Bank", "Account number", "last day of the term to pay"}
