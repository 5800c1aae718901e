"""Compound interest with monthly rests: what a month has borne is added to what bears interest in the next.

No rule of this country compounds. India's does (MSMED Act 2006, s. 16), at three times the bank rate.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from fractions import Fraction

from yiqi.arrears.claim import Claim, Payment, exceeded
from yiqi.arrears.interest import ZERO, Beyond, half_up
from yiqi.arrears.plan import RatePlan
from yiqi.arrears.readings import Option, Question, check_options
from yiqi.clock.holidays import DAY
from yiqi.clock.sources import Source
from yiqi.judge.frame import move
from yiqi.law.bilingual import Bilingual
from yiqi.law.tree import Confidence


@dataclass(frozen=True, slots=True)
class RestReadings:
    """The option taken of each question of :data:`REST_QUESTIONS`; raises :class:`ArrearsError` for another."""

    bank_rate: str = "each_rest"
    month: str = "twelfth"

    def __post_init__(self) -> None:
        check_options(self, REST_QUESTIONS)


def _option(name: str, title: tuple[str, str], source: tuple[str, str], confidence: Confidence) -> Option:
    return Option(name, Bilingual(*title), Source(Bilingual(*source), confidence))


REST_QUESTIONS: dict[str, Question] = {
    q.id: q
    for q in (
        Question(
            "bank_rate",
            Bilingual("The bank rate of which day", "适用哪一日的银行利率"),
            (
                _option(
                    "each_rest",
                    ("that of the first day of each month of delay", "每一逾期月首日的利率"),
                    ("at least one reported decision", "至少一份已公布的裁决"),
                    "B",
                ),
                _option(
                    "first_day",
                    ("that of the first day of delay", "逾期首日的利率"),
                    ("the Act does not say", "该法未规定"),
                    "D",
                ),
            ),
        ),
        Question(
            "month",
            Bilingual("How much of a year a month is", "一个月折算为一年的多少"),
            (
                _option(
                    "twelfth",
                    ("a twelfth; a broken month by its own days", "十二分之一，不足一月的按当月天数折算"),
                    ("the Act does not say", "该法未规定"),
                    "D",
                ),
                _option(
                    "days",
                    ("its days of 365", "按实际天数除以365"),
                    ("the Act does not say", "该法未规定"),
                    "D",
                ),
            ),
        ),
    )
}

DEFAULT_RESTS = RestReadings()


@dataclass(frozen=True, slots=True)
class Month:
    """A month of delay, or the beginning of one: from the day after a rest to the next, or to the day asked about.

    ``opening`` bore interest from the first day, ``interest`` is what the month has borne, ``paid`` what came in;
    amounts in the smallest unit of the currency. ``closing`` bears interest from the next day on if the month is whole.
    """

    first: dt.date
    last: dt.date
    whole: bool
    opening: Fraction
    rate: Fraction
    interest: Fraction
    paid: int
    closing: Fraction
    source: Source


@dataclass(frozen=True, slots=True)
class Compounded:
    """What is owed with interest on interest. Where ``beyond`` is not None the figures reach to the day before it."""

    claim: Claim
    plan: RatePlan = field(repr=False)
    readings: RestReadings
    months: tuple[Month, ...]
    interest: Fraction
    """Interest since the due date, paid or not."""
    balance: Fraction
    """Principal and interest not paid."""
    costs: int
    beyond: Beyond | None

    @property
    def interest_fen(self) -> int | None:
        return None if self.beyond else half_up(self.interest)

    @property
    def total_fen(self) -> int | None:
        return None if self.beyond else half_up(self.balance + self.costs)

    @property
    def confidence(self) -> Confidence:
        """The weakest tag of the rates that were used, A where none was."""
        return max((month.source.confidence for month in self.months), default="A")


def compound(claim: Claim, plan: RatePlan, readings: RestReadings = DEFAULT_RESTS) -> Compounded:
    """Interest with monthly rests from the day after the due date to the end of ``as_of``.

    ``plan`` has yearly rates. A rest falls on the day of the month on which payment was due, or on the month's last day.
    A payment is set against costs, then the interest of the running month, then what bears interest; its day bears
    interest on what it pays. Raises :class:`ArrearsError` as :func:`yiqi.arrears.interest.interest` does.
    """
    claim.check()
    return _Walk(claim, plan, readings).run()


class _Walk:
    def __init__(self, claim: Claim, plan: RatePlan, readings: RestReadings) -> None:
        self.claim, self.plan, self.readings = claim, plan, readings
        self.balance, self.running, self.interest = Fraction(claim.principal), ZERO, ZERO
        self.costs = 0
        self.open_costs = sorted(claim.costs, key=lambda cost: cost.day)
        self.open_payments = sorted(claim.payments, key=lambda payment: payment.day)

    def run(self) -> Compounded:
        claim, beyond, months = self.claim, None, []
        self._receive(claim.due)
        rest, number = claim.due, 0
        while rest < claim.as_of and self.balance:
            first = rest + DAY
            asked = claim.due + DAY if self.readings.bank_rate == "first_day" else first
            step = self.plan.on(asked)
            if step is None:
                beyond = Beyond(first, claim.as_of, self.plan.why_not(asked), tuple(self.open_payments))
                break
            number += 1
            end = move(claim.due, number, "months")
            months.append(self._month(rest, end, step.rate, step.source))
            rest = end
        if beyond is None:
            self._receive(claim.as_of)
        self.costs += sum(cost.fen for cost in self.open_costs)
        return Compounded(
            claim, self.plan, self.readings, tuple(months), self.interest, self.balance, self.costs, beyond
        )  # fmt: skip

    def _month(self, rest: dt.date, end: dt.date, rate: Fraction, source: Source) -> Month:
        last = min(end, self.claim.as_of)
        year = 12 * (end - rest).days if self.readings.month == "twelfth" else 365
        opening, before, paid, day = self.balance, self.interest, 0, rest
        while day < last:
            stop = min([last, *(p.day for p in self.open_payments[:1])])
            borne = self.balance * rate * (stop - day).days / year
            self.running += borne
            self.interest += borne
            paid += self._receive(stop)
            day = stop
        # A rest. After a month that is not whole nothing follows in which it would matter that it had none.
        self.balance, self.running = self.balance + self.running, ZERO
        return Month(rest + DAY, last, last == end, opening, rate, self.interest - before, paid, self.balance, source)

    def _receive(self, day: dt.date) -> int:
        """Takes the payments up to a day and gives their sum."""
        paid = 0
        while self.open_payments and self.open_payments[0].day <= day:
            payment = self.open_payments.pop(0)
            while self.open_costs and self.open_costs[0].day <= payment.day:
                self.costs += self.open_costs.pop(0).fen
            self._set(payment)
            paid += payment.fen
        return paid

    def _set(self, payment: Payment) -> None:
        settled = half_up(self.balance + self.running + self.costs)
        if payment.fen > settled:
            raise exceeded(payment, payment.fen - settled)
        if payment.fen == settled:
            self.balance, self.running, self.costs = ZERO, ZERO, 0
            return
        to_costs = min(payment.fen, self.costs)
        to_running = min(Fraction(payment.fen - to_costs), self.running)
        self.costs -= to_costs
        self.running -= to_running
        self.balance -= payment.fen - to_costs - to_running
