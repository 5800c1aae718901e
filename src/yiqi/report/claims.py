"""From an answered ledger to what each debtor is claimed: the lines that are late, and what their letters need of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from yiqi.arrears.assessment import Assessment, LineAnswer, debtor_of
from yiqi.arrears.debtor_claim import (
    USUAL_EVIDENCE,
    ClaimLine,
    DebtorClaim,
    InterestSegment,
    OtherReading,
    Party,
)
from yiqi.arrears.interest import Segment
from yiqi.arrears.wording import rate_text
from yiqi.clock.workdays import Calendar
from yiqi.facts.sheet import FactSheet
from yiqi.law.bilingual import Bilingual
from yiqi.law.tree import Law
from yiqi.report.phrases import SEMICOLON, listed
from yiqi.report.receivable_words import due_steps

ELSEWHERE = ("court_or_arbitration", "other_body_took")
LEDGER = Bilingual("the ledger", "台账")


@dataclass(frozen=True)
class Claims:
    """What one debtor is claimed. ``complaint`` is None where no line can be complained about, ``why_none`` says why."""

    debtor: str
    demand: DebtorClaim
    complaint: DebtorClaim | None
    why_none: Bilingual | None


def claims_of(found: Assessment, creditor: FactSheet | None, law: Law, calendar: Calendar) -> tuple[Claims, ...]:
    """One claim for each debtor with late lines whose interest is settled, in the order of the totals by debtor."""
    groups: dict[str, list[LineAnswer]] = {}
    for answer in found.of("overdue"):
        if answer.interest is not None and answer.interest.total_fen:
            groups.setdefault(debtor_of(answer), []).append(answer)
    maker = _Maker(found, creditor, law, calendar)
    order = [t.name.zh for t in found.by_debtor if t.name.zh in groups]
    return tuple(maker.claims(name, groups[name]) for name in order)


class _Maker:
    def __init__(self, found: Assessment, creditor: FactSheet | None, law: Law, calendar: Calendar) -> None:
        self.found, self.creditor, self.law, self.calendar = found, creditor, law, calendar

    def claims(self, name: str, lines: list[LineAnswer]) -> Claims:
        fit = [a for a in lines if _protected(a) and not _elsewhere(a)]
        why = None
        if not fit:
            why = (
                Bilingual(
                    "a court, an arbitral body or another body has taken these debts; a complaint is closed then",
                    "相关款项已进入诉讼、仲裁或由其他机构受理，不能再投诉",
                )
                if any(_elsewhere(a) for a in lines)
                else Bilingual("the Regulation does not protect these debts", "相关款项不适用条例")
            )
        return Claims(name, self.claim(name, lines), self.claim(name, fit) if fit else None, why)

    def claim(self, name: str, lines: list[LineAnswer]) -> DebtorClaim:
        sheet = lines[0].line.sheet
        told = [a.line.sheet.get(f) for a in lines for f in ELSEWHERE]
        return DebtorClaim(
            self.party(lines),
            Party(
                name,
                _text(sheet, "debtor_uscc"),
                self.member("payer_kind", sheet),
                self.member("payer_size", sheet),
            ),
            tuple(self.line(a) for a in lines),
            self.found.on,
            tuple(_readings(lines)),
            USUAL_EVIDENCE,
            True if any(t is True for t in told) else None if None in told else False,
        )

    def party(self, lines: list[LineAnswer]) -> Party:
        sizes = {self.member("payee_size", a.line.sheet) for a in lines}
        size = sizes.pop() if len(sizes) == 1 else None
        if self.creditor is None:
            return Party("", size=size)
        return Party(self.creditor.name or "", self.creditor.uscc, size=size)

    def member(self, fact: str, sheet: FactSheet) -> Bilingual | None:
        value = sheet.get(fact)
        declared = self.law.vocabulary[fact]
        return next((m.label for m in declared.members if m.id == value), None)

    def line(self, a: LineAnswer) -> ClaimLine:
        interest, due = a.interest, a.findings.due if a.findings is not None else None
        assert interest is not None and due is not None and due.day is not None
        sheet = a.line.sheet
        return ClaimLine(
            a.line.id,
            _text(sheet, "contract_number"),
            a.line.day("contract_date"),
            _text(sheet, "subject_matter"),
            a.line.day("delivered_on"),
            a.line.day("accepted_on"),
            due.day,
            listed(list(due_steps(due, self.calendar)), SEMICOLON),
            due.gift.rule.cite if due.gift is not None else LEDGER,
            a.line.money("receivable_amount") or 0,
            interest.principal_fen or 0,
            interest.owed_fen or 0,
            a.days_late,
            tuple(_segment(s) for s in interest.segments),
            interest.paid_fen or 0,
            interest.costs,
            declared if isinstance(declared := sheet.get("sme_declared"), bool) else None,
        )


def _protected(a: LineAnswer) -> bool:
    return a.findings is not None and a.findings.outcome("protected") == "yes"


def _elsewhere(a: LineAnswer) -> bool:
    return any(a.line.sheet.get(f) is True for f in ELSEWHERE)


def _text(sheet: FactSheet, fact: str) -> str | None:
    value = sheet.get(fact)
    return value if isinstance(value, str) else None


def _segment(s: Segment) -> InterestSegment:
    return InterestSegment(
        s.first, s.last, s.days, s.base, rate_text(s.rate, s.unit), s.accrued, s.source.cite
    )  # fmt: skip


def _readings(lines: Iterable[LineAnswer]) -> Iterable[OtherReading]:
    """Each other reading with the interest of the whole claim under it; lines that it does not touch keep theirs."""
    found = list(lines)
    seen: dict[tuple[str, str], OtherReading] = {}
    for a in found:
        for x in a.alternatives:
            key = (x.id, x.other.zh)
            if key in seen:
                continue
            amounts = [_under(b, key) for b in found]
            settled = [m for m in amounts if m is not None]
            total = sum(settled) if len(settled) == len(amounts) else None
            seen[key] = OtherReading(x.question, x.taken, x.other, total)
    return seen.values()


def _under(a: LineAnswer, key: tuple[str, str]) -> int | None:
    for x in a.alternatives:
        if (x.id, x.other.zh) == key:
            return x.low
    return a.interest.owed_fen if a.interest is not None else None
