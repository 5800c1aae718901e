"""What the law says of one receivable: who is protected, when payment was due, what interest runs, what may be done.

Everything is read off the law files (subject ``arrears``, entity ``receivable``); nothing here knows a period or a rate.
The version that counts for the debt is that of the day of the contract; a complaint and limitation go by the day asked.
"""

from __future__ import annotations

import datetime as dt
import itertools
import math
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Literal

from yiqi.clock.error import ClockError
from yiqi.clock.workdays import Calendar, DayRange
from yiqi.facts.sheet import FactSheet
from yiqi.judge.answer import Answer, Answers
from yiqi.judge.given import Gift
from yiqi.judge.judge import Judge
from yiqi.law.tree import Law, Reckoned, Table

SUBJECT = "arrears"
BY_CONTRACT = (
    "protected", "payment_due", "payment_due_default_term", "interest", "interest_360", "undisputed", "confirmation",
    "reasonable_term", "breach_term", "breach_pay_when_paid", "breach_noncash", "breach_audit", "breach_deposit",
)  # fmt: skip
"""Schemes for which the act is the making of the contract."""
BY_DAY = ("complaint", "limitation", "deposit_ceiling", "bill_tenor", "court_interest", "court_interest_360")
"""Schemes for which the act is that of the day asked."""

CONTRACT_DATE, DUE_ON, BREACH_ON = "contract_date", "due_on", "breach_on"
UNPAID, INTEREST_DAY = "unpaid_amount", "interest_day"


WORKED_OUT = frozenset({UNPAID, INTEREST_DAY, BREACH_ON})
"""Facts that the reckoning itself supplies; nobody is asked for them."""


@dataclass(frozen=True, slots=True)
class DueDay:
    """The day of payment: as counted, and moved off rest days (a range where the calendar is not announced)."""

    counted: dt.date
    moved: DayRange
    origin: Literal["law", "given"]
    """By the Regulation, or as the ledger gives it."""
    gift: Gift | None

    @property
    def day(self) -> dt.date | None:
        """The one day, None while a notice on holidays may still move it."""
        return self.moved.earliest if self.moved.certain else None


@dataclass(frozen=True)
class Findings:
    """The answers of the law about one receivable on one day."""

    sheet: FactSheet
    on: dt.date
    contract_date: dt.date | None
    by_contract: Answers | None
    """None without a day of the contract: then no version counts."""
    by_day: Answers
    due: DueDay | None
    outside_calendar: dt.date | None
    """The day of payment as counted, where no calendar of working days reaches it: whether it moves is not known."""
    due_default_term: DueDay | None
    """Where an organ agreed on more than the ceiling: the day when the term is read as missing."""

    def answer(self, scheme: str) -> Answer | None:
        """The answer of a scheme, by its name without the subject; None where there is none on these days."""
        for answers in (self.by_contract, self.by_day):
            if answers is None:
                continue
            for answer in answers:
                if answer.scheme.id == f"{SUBJECT}.{scheme}":
                    return answer if answer.version is not None else None
        return None

    def outcome(self, scheme: str) -> str | None:
        answer = self.answer(scheme)
        return answer.outcome if answer is not None else None

    @cached_property
    def breaches(self) -> tuple[Answer, ...]:
        """The articles that the payer breaks."""
        found = [*(self.by_contract or ()), *self.by_day]
        return tuple(a for a in found if a.scheme.id.startswith(f"{SUBJECT}.breach_") and a.outcome == "yes")


class Finder:
    """Asks the law about receivables on one day."""

    def __init__(self, judge: Judge, calendar: Calendar, on: dt.date) -> None:
        self.judge, self.calendar, self.on = judge, calendar, on
        known = judge.law.schemes
        self.by_contract = tuple(s for name in BY_CONTRACT if (s := f"{SUBJECT}.{name}") in known)
        self.by_day = tuple(s for name in BY_DAY if (s := f"{SUBJECT}.{name}") in known)
        self.scale = scale_of_rates(judge.law)
        self.rate_days = rate_days(judge.law)
        self._floating = {f.id for f in judge.law.vocabulary.series if f.series and f.series.at == INTEREST_DAY}

    def find(self, sheet: FactSheet, version_of: dt.date | None = None) -> Findings:
        """The findings on a receivable. The ledger's own ``due_on`` counts where the Regulation gives no day.

        ``version_of`` is the day whose version counts, that of the contract if not given.
        """
        contract = version_of or sheet.get(CONTRACT_DATE)
        by_contract: Answers | None = None
        due: DueDay | None = None
        other: DueDay | None = None
        outside: dt.date | None = None
        if isinstance(contract, dt.date):
            by_contract = self.judge.judge(sheet, contract, "new", self.by_contract)
            counted = self._counted(by_contract, "payment_due")
            due = self._due(counted)
            outside = counted[0] if counted is not None and due is None else None
            other = self._due(self._counted(by_contract, "payment_due_default_term"))
        given = sheet.get(DUE_ON)
        if due is None and outside is None and isinstance(given, dt.date):
            due = DueDay(given, DayRange(given, given), "given", None)
        if due is not None and due.day is not None:
            # The debtor is in breach when the due day is over.
            sheet = sheet.with_values({DUE_ON: due.day, BREACH_ON: due.day + dt.timedelta(days=1)})
        by_day = self.judge.judge(sheet, self.on, "new", self.by_day)
        return Findings(
            sheet,
            self.on,
            contract if isinstance(contract, dt.date) else None,
            by_contract,
            by_day,
            due,
            outside,
            other,
        )

    def _counted(self, answers: Answers, scheme: str) -> tuple[dt.date, Gift] | None:
        """The one day that a scheme gives, before it moves off rest days."""
        name = f"{SUBJECT}.{scheme}"
        if name not in self.by_contract or (answer := answers[name]).outcome != "yes" or (gift := answer.date) is None:
            return None
        low, high = gift.range
        if low is None or low != high:
            return None
        return dt.date.fromordinal(low), gift

    def _due(self, counted: tuple[dt.date, Gift] | None) -> DueDay | None:
        if counted is None:
            return None
        day, gift = counted
        try:
            return DueDay(day, self.calendar.move(day), "law", gift)
        except ClockError:
            return None  # said of the line as `outside_calendar`

    def floats(self, findings: Findings, scheme: str) -> bool:
        """Whether the interest of a scheme looks at the day for which it is counted."""
        answer = findings.answer(scheme)
        if answer is None:
            return False
        program = self.judge.program(answer.on, "new", (answer.scheme.id,))
        return any(slot.fact in self._floating for slot in program.compiled.linked.slots)

    def daily_rate(self, findings: Findings, scheme: str, day: dt.date) -> tuple[Fraction, Fraction] | None:
        """The least and the greatest interest of one day on one unit of what is unpaid; None where it is not settled.

        The law says what one day costs as an amount that is proportional to what is unpaid. Asked for an amount that
        every divisor of the law divides, it answers without a rounding, so the quotient is exact.
        """
        answer = findings.answer(scheme)
        if answer is None:
            return None
        by_contract = answer.scheme.id in self.by_contract
        on = findings.contract_date if by_contract else self.on
        assert on is not None
        sheet = findings.sheet.with_values({UNPAID: self.scale, INTEREST_DAY: day})
        (asked,) = self.judge.judge(sheet, on, "new", (answer.scheme.id,))
        if asked.outcome != "yes" or (gift := asked.amount) is None:
            return None
        low, high = gift.range
        return None if low is None or high is None else (Fraction(low, self.scale), Fraction(high, self.scale))

    def rate_lacks(self, findings: Findings, scheme: str) -> tuple[str, ...]:
        """The facts that keep the interest of a scheme open, without those that the reckoning supplies."""
        answer = findings.answer(scheme)
        if answer is None:
            return ()
        names = [name for names in answer.missing.settle for name in names]
        if answer.amount is not None:
            names += answer.amount.missing
        return tuple(dict.fromkeys(name for name in names if name not in WORKED_OUT))


def rate_days(law: Law) -> tuple[dt.date, ...]:
    """The days on which a rate that the law looks up may change: where a table has another value, and where it ends."""
    days: set[dt.date] = set()
    for fact in law.vocabulary.series:
        series = fact.series
        if series is not None and series.at == INTEREST_DAY:
            days |= {step[0] for before, step in itertools.pairwise(series.steps) if step[1] != before[1]}
            days.add(series.until + dt.timedelta(days=1))
    return tuple(sorted(days))


def scale_of_rates(law: Law) -> int:
    """An amount in fen that every line of interest divides to whole fen."""
    scales = [
        reckoned.scale
        for instrument in law.instruments.values()
        if instrument.subject == SUBJECT
        for rule in instrument.rules.values()
        if rule.value == "amount"
        for reckoned in _reckoned(rule.body)
    ]
    return math.lcm(*scales) if scales else 1


def _reckoned(body: object) -> list[Reckoned]:
    match body:
        case Reckoned():
            return [body]
        case Table(rows=rows):
            return [row.reckoned for row in rows if row.reckoned is not None]
        case _:
            return []
