"""Interest against a sum over days: every day by itself, its balance, its rate, its payments, written without segments."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass, field
from fractions import Fraction

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from yiqi.arrears.claim import Claim, Cost, Payment
from yiqi.arrears.error import ArrearsError
from yiqi.arrears.interest import Interest, interest, other_readings
from yiqi.arrears.plan import RatePlan, RateStep
from yiqi.arrears.readings import QUESTIONS, Readings
from yiqi.clock.sources import Source
from yiqi.law.bilingual import Bilingual

SOURCE = Source(Bilingual("a contract", "合同"), "A")
DUE = dt.date(2023, 12, 30)
ALL = 0
"""A payment of everything that is then owed, rounded."""


@dataclass
class Ledger:
    """The debt, day after day."""

    principal: Fraction
    interest: Fraction = Fraction(0)
    costs: Fraction = Fraction(0)
    sum_of_interest: Fraction = Fraction(0)
    days: dict[dt.date, Fraction] = field(default_factory=dict)
    """The interest of each day that bore some, or would at a rate above zero."""
    payments: list[Payment] = field(default_factory=list)
    excess: int = 0
    """By how much the payment at which the ledger stopped was too much."""

    def bear(self, day: dt.date, rate: Fraction) -> None:
        if self.principal > 0:
            self.days[day] = self.principal * rate
            self.interest += self.days[day]
            self.sum_of_interest += self.days[day]

    def receive(self, payment: Payment, order: tuple[str, ...]) -> None:
        everything = self.principal + self.interest + self.costs
        rounded = math.floor(everything + Fraction(1, 2))
        fen = rounded if payment.fen == ALL else payment.fen
        if fen == 0:
            return
        self.payments.append(Payment(payment.day, fen))
        if fen > rounded:
            self.excess = fen - rounded
            return
        if fen == rounded:
            self.principal = self.interest = self.costs = Fraction(0)
            return
        rest = Fraction(fen)
        for name in order:
            there = getattr(self, name)
            taken = min(rest, there)
            setattr(self, name, there - taken)
            rest -= taken
        assert rest == 0


def by_days(claim: Claim, plan: RatePlan, readings: Readings) -> Ledger:
    ledger = Ledger(Fraction(claim.principal))
    order = ("costs", "interest", "principal")
    if readings.allocation == "principal_first":
        order = ("principal", "costs", "interest")
    late = claim.as_of > claim.due
    events = [claim.due, claim.as_of, *(p.day for p in claim.payments), *(c.day for c in claim.costs)]
    day = min(events)
    while day <= claim.as_of:
        bears = late and day > claim.due
        if readings.last_day == "both_ends" and late and day == claim.due:
            bears = True
        if readings.last_day == "not_counted" and day == claim.as_of:
            bears = False
        # Money that came in time, or on a day that is not to count, is there before the day bears interest.
        early = readings.last_day == "not_counted" or day <= claim.due
        for turn in ("morning", "evening"):
            if turn == "evening" and bears:
                ledger.bear(day, rate_of(day, plan, readings))
            if (turn == "morning") == early:
                for cost in claim.costs:
                    if cost.day == day:
                        ledger.costs += cost.fen
                for payment in claim.payments:
                    if payment.day == day:
                        ledger.receive(payment, order)
                        if ledger.excess:
                            return ledger
        day += dt.timedelta(days=1)
    return ledger


def rate_of(day: dt.date, plan: RatePlan, readings: Readings) -> Fraction:
    latest = [step for step in plan.steps if step.first <= day][-1]
    return latest.rate if latest.unit == "day" else latest.rate / int(readings.day_count)


DAYS = st.integers(-5, 430).map(lambda n: DUE + dt.timedelta(days=n))
FEN = st.one_of(st.integers(0, 30), st.integers(0, 10_000_000), st.sampled_from([999, 1_000, 5_000, 10**15]))
YEARLY = st.sampled_from([Fraction(n, 10_000) for n in (0, 300, 310, 335, 345, 500, 2_400)])
BY_DAY = st.sampled_from([Fraction(5, 10_000), Fraction(300, 10_000), Fraction(83, 1_000_000), Fraction(1, 3_000)])
READINGS = st.builds(
    Readings, **{name: st.sampled_from([o.id for o in question.options]) for name, question in QUESTIONS.items()}
)


@st.composite
def plans(draw: st.DrawFn) -> RatePlan:
    days = draw(st.lists(DAYS, unique=True, max_size=6))
    steps = []
    for first in sorted({DUE - dt.timedelta(days=10), *days}):
        if draw(st.booleans()):
            steps.append(RateStep(first, draw(YEARLY), "year", SOURCE))
        else:
            steps.append(RateStep(first, draw(BY_DAY), "day", SOURCE))
    return RatePlan(tuple(steps))


@st.composite
def claims(draw: st.DrawFn) -> Claim:
    as_of = draw(DAYS)
    days = DAYS.filter(lambda d: d <= as_of)
    principal = draw(FEN)
    amounts = st.one_of(st.just(ALL), st.integers(1, 40), st.integers(1, max(1, principal // 2)))
    payments = draw(st.lists(st.builds(Payment, days, amounts), max_size=4))
    costs = draw(st.lists(st.builds(Cost, days, st.integers(0, 5_000)), max_size=2))
    return Claim(principal, DUE, as_of, tuple(payments), tuple(costs))


def resolved(claim: Claim, ledger: Ledger) -> Claim:
    """The claim with the payments as they were made: none of nothing, in their order."""
    return Claim(claim.principal, claim.due, claim.as_of, tuple(ledger.payments), claim.costs)


def daily(found: Interest) -> dict[dt.date, Fraction]:
    """The interest of each day as the segments have it."""
    days: dict[dt.date, Fraction] = {}
    for segment in found.segments:
        assert segment.days == (segment.last - segment.first).days + 1 > 0
        for number in range(segment.days):
            day = segment.first + dt.timedelta(days=number)
            assert day not in days
            days[day] = segment.accrued / segment.days
    return days


@settings(max_examples=400, deadline=None)
@given(claims(), plans(), READINGS)
@example(
    Claim(1_000, DUE, DUE + dt.timedelta(days=1), (Payment(DUE + dt.timedelta(days=1), ALL),)),
    RatePlan((RateStep(DUE - dt.timedelta(days=10), Fraction(5, 10_000), "day", SOURCE),)),
    Readings(),
)
def test_every_day_and_the_whole_agree_with_a_sum_over_days(claim: Claim, plan: RatePlan, readings: Readings) -> None:
    ledger = by_days(claim, plan, readings)
    assume(not ledger.excess)
    found = interest(resolved(claim, ledger), plan, readings)
    assert daily(found) == ledger.days
    assert (found.principal, found.owed, Fraction(found.costs)) == (ledger.principal, ledger.interest, ledger.costs)
    assert found.accrued == ledger.sum_of_interest == found.paid + found.owed
    assert found.accrued_fen == math.floor(ledger.sum_of_interest + Fraction(1, 2))
    whole = found.principal_fen, found.costs, found.owed_fen
    assert sum(n for n in whole if n is not None) == found.total_fen == math.floor(found.total + Fraction(1, 2))
    assert found.paid_fen is not None and found.owed_fen is not None
    assert found.paid_fen + found.owed_fen == found.accrued_fen
    for allocation in found.payments:
        parts = allocation.costs + allocation.interest + allocation.principal + allocation.rounding
        assert parts == allocation.payment.fen
        assert abs(allocation.rounding) <= Fraction(1, 2)


@settings(max_examples=200, deadline=None)
@given(claims(), plans(), READINGS, st.integers(1, 10_000))
def test_too_much_is_refused_by_exactly_what_is_too_much(
    claim: Claim, plan: RatePlan, readings: Readings, more: int
) -> None:
    ledger = by_days(claim, plan, readings)
    assume(not ledger.excess)
    left = math.floor(ledger.principal + ledger.interest + ledger.costs + Fraction(1, 2))
    whole = resolved(claim, ledger)
    last = Payment(claim.as_of, left + more, "last")
    with pytest.raises(ArrearsError) as caught:
        interest(Claim(whole.principal, DUE, whole.as_of, (*whole.payments, last), whole.costs), plan, readings)
    assert (caught.value.code, caught.value.excess, caught.value.label) == ("payments-exceed-debt", more, "last")


@settings(max_examples=100, deadline=None)
@given(claims(), plans(), READINGS)
def test_the_other_readings_are_those_that_come_out_otherwise(claim: Claim, plan: RatePlan, readings: Readings) -> None:
    ledger = by_days(claim, plan, readings)
    assume(not ledger.excess)
    found = interest(resolved(claim, ledger), plan, readings)
    shown = {(a.question.id, a.option.id): a for a in other_readings(found)}
    for question, option, other in readings.others():
        there = shown.get((question.id, option.id))
        result = by_days(found.claim, plan, other)
        if result.excess:
            assert there is not None and there.why_not is not None and there.why_not.excess == result.excess
            continue
        if there is not None:
            assert there.result is not None
            assert (there.result.principal, there.result.owed) == (result.principal, result.interest)
        else:
            assert (found.principal, found.owed) == (result.principal, result.interest)


@given(DAYS, plans(), READINGS, st.integers(1, 10**9))
def test_a_debt_that_nobody_pays_bears_interest_on_as_many_days_as_the_reading_says(
    as_of: dt.date, plan: RatePlan, readings: Readings, principal: int
) -> None:
    late = max(0, (as_of - DUE).days)
    days = {"counted_once": late, "not_counted": max(0, late - 1), "both_ends": late + 1 if late else 0}
    found = interest(Claim(principal, DUE, as_of), plan, readings)
    assert found.days == days[readings.last_day]
    changes = [(a.rate, a.unit) != (b.rate, b.unit) for a, b in zip(found.segments, found.segments[1:], strict=False)]
    assert all(changes)
