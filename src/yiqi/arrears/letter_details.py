"""What letters say beyond the ledger: who to write to, the account to pay into, the term to pay, copies of evidence."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from yiqi.arrears.debtor_claim import DebtorClaim, EvidenceItem, Party
from yiqi.clock.deadline import deadline
from yiqi.clock.error import ClockError
from yiqi.clock.question import read_day, read_period
from yiqi.clock.workdays import Calendar
from yiqi.law.bilingual import Bilingual
from yiqi.law.diagnostics import Diagnostic, DiagnosticError, Place, did_you_mean
from yiqi.law.located_yaml import Entries, Text, read_located_yaml

MOST_COPIES = 99
_OF_FILE = {
    "creditor": "债权人", "debtors": "付款方", "account": "收款账户", "pay_by": "付款期限", "copies": "份数",
}  # fmt: skip
_OF_PARTY = {
    "name": "名称", "uscc": "统一社会信用代码", "address": "地址", "legal_representative": "法定代表人",
    "contact": "联系人", "telephone": "联系电话",
}  # fmt: skip
_OF_ACCOUNT = {"holder": "户名", "bank": "开户银行", "number": "账号"}
"""Keys of the file, each with the Chinese word that may stand for it."""


@dataclass(frozen=True, slots=True)
class BankAccount:
    """Where the debtor is to pay. None: left to be filled in."""

    holder: str | None = None
    bank: str | None = None
    number: str | None = None


NO_ACCOUNT = BankAccount()


@dataclass(frozen=True)
class LetterDetails:
    """What the file of details gives; what it leaves out stays a blank in the letters.

    ``creditor`` and the values of ``debtors`` (by name) hold the texts of a :class:`Party` by the names of its fields.
    ``pay_by`` is the last day of the term to pay.
    """

    creditor: Mapping[str, str] = field(default_factory=dict)
    debtors: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    account: BankAccount = NO_ACCOUNT
    pay_by: dt.date | None = None
    copies: int | None = None

    def of(self, claim: DebtorClaim) -> DebtorClaim:
        """The claim with what is known of its sides, and with the copies of each document."""
        evidence = tuple(self._copied(item) for item in claim.evidence)
        return replace(
            claim,
            creditor=_known(claim.creditor, self.creditor),
            debtor=_known(claim.debtor, self.debtors.get(claim.debtor.name, {})),
            evidence=evidence,
        )

    def _copied(self, item: EvidenceItem) -> EvidenceItem:
        return replace(item, copies=self.copies) if item.copies is None else item


NO_DETAILS = LetterDetails()


def _known(party: Party, texts: Mapping[str, str]) -> Party:
    """A party with texts where it has none: what the ledger and the fact sheet say goes first."""
    return replace(party, **{name: text for name, text in texts.items() if not getattr(party, name)})  # type: ignore[arg-type]


def read_letter_details(file: Path, on: dt.date, calendar: Calendar) -> LetterDetails:
    """Read the details from YAML; ``on`` is the day of the letters, from which a term such as ``10 working days`` runs.

    Raises :class:`DiagnosticError` with everything wrong in the file, ``OSError`` when it cannot be read.
    """
    try:
        text = file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        said = Bilingual("the file is not UTF-8 text", "文件不是UTF-8文本")
        raise DiagnosticError([Diagnostic("error", "not-readable", said, Place(str(file)))]) from error
    node, found = read_located_yaml(text, str(file))
    reader = _Reader(list(found), on, calendar)
    details = NO_DETAILS
    if isinstance(node, Entries):
        details = reader.read(node)
    elif node is not None:
        reader.error("not-a-map", Bilingual("the details are a map", "文书信息应为“键: 值”"), node.place)
    if any(d.severity == "error" for d in reader.found):
        raise DiagnosticError(reader.found)
    return details


class _Reader:
    def __init__(self, found: list[Diagnostic], on: dt.date, calendar: Calendar) -> None:
        self.found, self.on, self.calendar = found, on, calendar

    def error(self, code: str, message: Bilingual, place: Place, remedy: Bilingual | None = None) -> None:
        self.found.append(Diagnostic("error", code, message, place, remedy))

    def read(self, node: Entries) -> LetterDetails:
        details = NO_DETAILS
        for key, value in node:
            match self._key(key, _OF_FILE):
                case "creditor":
                    details = replace(details, creditor=self._texts(value, _OF_PARTY))
                case "debtors":
                    details = replace(details, debtors=self._debtors(value))
                case "account":
                    details = replace(details, account=BankAccount(**self._texts(value, _OF_ACCOUNT)))
                case "pay_by":
                    details = replace(details, pay_by=self._pay_by(value))
                case "copies":
                    details = replace(details, copies=self._copies(value))
        return details

    def _key(self, key: Text, known: Mapping[str, str]) -> str | None:
        for name, chinese in known.items():
            if key.text.strip() in (name, chinese):
                return name
        said = Bilingual(f"unknown key `{key.text}`", f"未知的键“{key.text}”")
        self.error("unknown-key", said, key.place, did_you_mean(key.text, [*known, *known.values()]))
        return None

    def _texts(self, node: object, known: Mapping[str, str]) -> dict[str, str]:
        if not isinstance(node, Entries):
            place = getattr(node, "place", Place(""))
            keys = ", ".join(known)
            self.error("not-a-map", Bilingual(f"write a map of: {keys}", f"应写明：{'、'.join(known.values())}"), place)
            return {}
        texts: dict[str, str] = {}
        for key, value in node:
            name = self._key(key, known)
            if name is not None and (text := self._text(value)):
                texts[name] = text
        return texts

    def _debtors(self, node: object) -> dict[str, dict[str, str]]:
        if not isinstance(node, Entries):
            place = getattr(node, "place", Place(""))
            self.error("not-a-map", Bilingual("write a map of names of debtors", "应按付款方名称填写"), place)
            return {}
        known = {name: chinese for name, chinese in _OF_PARTY.items() if name != "name"}
        return {key.text: self._texts(value, known) for key, value in node}

    def _text(self, node: object) -> str | None:
        if not isinstance(node, Text):
            place = getattr(node, "place", Place(""))
            self.error("not-a-value", Bilingual("a single value is wanted", "应为单个值"), place)
            return None
        return None if node.is_null else node.text.strip()

    def _pay_by(self, node: object) -> dt.date | None:
        text = self._text(node)
        if text is None:
            return None
        place = node.place if isinstance(node, Text) else Place("")
        try:
            last = self._last_day(text, place)
        except ClockError as error:
            self.error("no-term", error.message, place, _TERM)
            return None
        if last is not None and last < self.on:
            said = Bilingual(
                f"the term ends on {last}, before the day of the letters, {self.on}",
                f"付款期限{last}早于文书日期{self.on}",
            )
            self.error("term-passed", said, place, _TERM)
            return None
        return last

    def _last_day(self, text: str, place: Place) -> dt.date | None:
        try:
            return read_day(text, self.on)
        except ClockError as no_day:
            try:
                period = read_period(text)
            except ClockError:
                raise no_day from None
        counted = deadline(self.on, period, self.calendar).last
        assert counted is not None  # a period without a pause that still lasts has an end
        if counted.earliest == counted.latest:
            return counted.latest
        said = Bilingual(
            f"the term ends between {counted.earliest} and {counted.latest}: the notice on holidays is not out",
            f"付款期限届满日在{counted.earliest}至{counted.latest}之间：节假日安排尚未公布",
        )
        self.error("no-term", said, place, Bilingual("give a day", "请直接写明日期"))
        return None

    def _copies(self, node: object) -> int | None:
        text = self._text(node)
        if text is None:
            return None
        if text.isascii() and text.isdigit() and 1 <= int(text) <= MOST_COPIES:
            return int(text)
        place = node.place if isinstance(node, Text) else Place("")
        said = Bilingual(f"`{text}` is no number of copies", f"“{text}”不是份数")
        self.error("not-a-number", said, place, Bilingual(f"1 to {MOST_COPIES}", f"1至{MOST_COPIES}"))
        return None


_TERM = Bilingual(
    "write a day, such as 2026-12-10, or a term, such as 10 working days", "请写日期（2026-12-10）或期限（10个工作日）"
)
