"""Late interest on one receivable: simple, exact, in segments, with every payment set against costs, interest, principal.

Interest runs from the day after the due date (Civil Code arts. 201, 203) on what is then unpaid. A segment ends where a
payment is made or the rate changes, and nowhere else: neighbouring rates that are equal are one, and no day is counted
twice. No interest bears interest. Fractions of a fen are kept to the end and rounded there, once, half up.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from yiqi.arrears.claim import Claim, Payment, exceeded
from yiqi.arrears.error import ArrearsError
from yiqi.arrears.plan import RatePlan, RateStep, Unit
from yiqi.arrears.readings import Option, Question, Readings
from yiqi.clock.sources import Source
from yiqi.law.bilingual import Bilingual
from yiqi.law.tree import Confidence

ZERO = Fraction(0)
DEFAULT = Readings()
from_ordinal = dt.date.fromordinal


@dataclass(frozen=True, slots=True)
class Segment:
    """Days, both included, on which neither the unpaid principal nor the rate changed.

    ``base`` and ``accrued`` are in fen. ``accrued`` is ``base * rate * days``, divided by ``year`` where the rate is
    one of a year; ``year`` is then 365 or 360, else None. ``confidence`` is the weakest tag of the rates of these days.
    """

    first: dt.date
    last: dt.date
    days: int
    base: Fraction
    rate: Fraction
    unit: Unit
    year: int | None
    accrued: Fraction
    source: Source
    confidence: Confidence


@dataclass(frozen=True, slots=True)
class Allocation:
    """What a payment paid, in fen, and the principal left after it.

    ``rounding`` is not zero only in a payment that settles the whole debt: the debt then ended on a fraction of a fen,
    and the payment was that debt rounded half up.
    """

    payment: Payment
    costs: int
    interest: Fraction
    principal: Fraction
    rounding: Fraction
    left: Fraction


@dataclass(frozen=True, slots=True)
class Beyond:
    """Days, both included, for which no rate is known, why, and the payments that therefore could not be set."""

    first: dt.date
    last: dt.date
    why: Bilingual
    payments: tuple[Payment, ...]


@dataclass(frozen=True, slots=True)
class Interest:
    """What is owed, with everything that led to it. Exact figures are fractions of a fen; ``*_fen`` are rounded.

    Where ``beyond`` is not None the figures reach to the day before it: ``accrued`` is then what is owed at least, and
    the rounded figures are None. Rounded figures add up: principal, costs and interest owed make ``total_fen``, interest
    paid and owed make ``accrued_fen``.
    """

    claim: Claim
    plan: RatePlan = field(repr=False)
    readings: Readings
    segments: tuple[Segment, ...]
    payments: tuple[Allocation, ...]
    principal: Fraction
    """Unpaid principal."""
    costs: int
    """Unpaid costs, in fen."""
    accrued: Fraction
    """Interest since the due date, paid or not."""
    paid: Fraction
    """Interest that payments have paid."""
    beyond: Beyond | None

    @property
    def owed(self) -> Fraction:
        """Interest not paid."""
        return self.accrued - self.paid

    @property
    def total(self) -> Fraction:
        """Unpaid principal, costs and interest."""
        return self.principal + self.costs + self.owed

    @property
    def days(self) -> int:
        """Days that bore interest."""
        return sum(segment.days for segment in self.segments)

    @property
    def days_late(self) -> int:
        """Days from the due date to the day asked about, 0 where that is not later; whatever was paid meanwhile."""
        return max(0, (self.claim.as_of - self.claim.due).days)

    @property
    def accrued_fen(self) -> int | None:
        return None if self.beyond else half_up(self.accrued)

    @property
    def owed_fen(self) -> int | None:
        return None if self.beyond else half_up(self.owed)

    @property
    def paid_fen(self) -> int | None:
        return None if self.beyond else half_up(self.accrued) - half_up(self.owed)

    @property
    def total_fen(self) -> int | None:
        return None if self.beyond else half_up(self.total)

    @property
    def principal_fen(self) -> int | None:
        """What is left of the rounded total after costs and the rounded interest, so that the three add up."""
        return None if self.beyond else half_up(self.total) - half_up(self.owed) - self.costs

    @property
    def accrued_range(self) -> tuple[int, int | None]:
        """Interest since the due date in fen, at least and at most; no upper end where a rate is not known."""
        low = half_up(self.accrued)
        return low, None if self.beyond else low

    @property
    def confidence(self) -> Confidence:
        """The weakest tag of the rates that were used, A where none was."""
        return max((segment.confidence for segment in self.segments), default="A")


@dataclass(frozen=True, slots=True)
class Alternative:
    """What another reading of one question gives; ``result`` is None and ``why_not`` says why where it cannot be."""

    question: Question
    option: Option
    result: Interest | None
    why_not: ArrearsError | None = None


def half_up(amount: Fraction) -> int:
    """A fraction of zero or more as the nearest whole number, a half upwards."""
    return (2 * amount.numerator + amount.denominator) // (2 * amount.denominator)


def interest(claim: Claim, plan: RatePlan, readings: Readings = DEFAULT) -> Interest:
    """The interest on a claim at the end of its day ``as_of``; none where that day is not after the due date.

    Raises :class:`ArrearsError` for a claim that cannot be, and for payments above the debt of their day.
    """
    claim.check()
    return _Run(claim, plan, readings).run()


def other_readings(found: Interest) -> tuple[Alternative, ...]:
    """What each other reading would give, where that differs; one question is changed at a time."""
    alternatives = []
    for question, option, readings in found.readings.others():
        try:
            other = _Run(found.claim, found.plan, readings).run()
        except ArrearsError as error:
            # A payment that settles the debt under one reading may exceed it under another.
            alternatives.append(Alternative(question, option, None, error))
            continue
        if _figures(other) != _figures(found):
            alternatives.append(Alternative(question, option, other))
    return tuple(alternatives)


def _figures(found: Interest) -> tuple[object, ...]:
    return found.principal, found.costs, found.accrued, found.paid, found.beyond


class _Run:
    """One walk over the days of a claim: what is owed now, and the next day that has not been counted."""

    def __init__(self, claim: Claim, plan: RatePlan, readings: Readings) -> None:
        self.claim, self.plan, self.readings = claim, plan, readings
        self.year = readings.year
        self.principal = Fraction(claim.principal)
        self.owed = self.paid = ZERO
        self.costs = 0
        self.segments: list[Segment] = []
        self.allocations: list[Allocation] = []
        self.beyond: Beyond | None = None

    def run(self) -> Interest:
        claim = self.claim
        due, end = claim.due.toordinal(), claim.as_of.toordinal()
        # By how many days the last one counted lies before that of a payment.
        short = 1 if self.readings.last_day == "not_counted" else 0
        self.next = due if self.readings.last_day == "both_ends" else due + 1
        payments = sorted(claim.payments, key=lambda payment: payment.day)
        costs = sorted(claim.costs, key=lambda cost: cost.day)
        for number, payment in enumerate(payments):
            day = payment.day.toordinal()
            if day > due and self._accrue(day - short, end - short, payments[number:]):
                break
            while costs and costs[0].day <= payment.day:
                self.costs += costs.pop(0).fen
            self._allocate(payment)
        else:
            if end > due:
                self._accrue(end - short, end - short, ())
        self.costs += sum(cost.fen for cost in costs)
        return Interest(
            claim, self.plan, self.readings, tuple(self.segments), tuple(self.allocations), self.principal, self.costs,
            self.owed + self.paid, self.paid, self.beyond,
        )  # fmt: skip

    def _accrue(self, last: int, end: int, open_payments: Sequence[Payment]) -> bool:
        """Counts the days from the next to ``last``; true where it had to stop because no rate is known."""
        first = self.next
        if first > last or not self.principal:
            return False
        starts, ends, steps, known = self.plan.starts, self.plan.run_ends, self.plan.steps, self.plan.known_until
        at = bisect_right(starts, first) - 1
        until = last if known is None else min(last, known.toordinal())
        while first <= until and at >= 0:
            step, run_end = steps[at], ends[at]
            stop = min(until, starts[run_end] - 1) if run_end < len(starts) else until
            # Equal rates are one segment; it has the weakest tag of those that hold on its days.
            weakest = max(s.source.confidence for s in steps[at : bisect_right(starts, stop, at)])
            at = run_end
            self._segment(first, stop, step, weakest)
            first = stop + 1
        self.next = first
        if first > last:
            return False
        why = self.plan.before if at < 0 else self.plan.beyond
        self.beyond = Beyond(from_ordinal(first), from_ordinal(end), why, tuple(open_payments))
        return True

    def _segment(self, first: int, last: int, step: RateStep, confidence: Confidence) -> None:
        days, base, rate = last - first + 1, self.principal, step.rate
        year = self.year if step.unit == "year" else None
        accrued = Fraction(base.numerator * rate.numerator * days, base.denominator * rate.denominator * (year or 1))
        self.owed += accrued
        self.segments.append(
            Segment(
                from_ordinal(first), from_ordinal(last), days, base, rate, step.unit, year, accrued, step.source, confidence
            )
        )  # fmt: skip

    def _allocate(self, payment: Payment) -> None:
        principal, owed, costs = self.principal, self.owed, self.costs
        debt = principal + owed + costs
        settled = half_up(debt)
        if payment.fen > settled:
            raise exceeded(payment, payment.fen - settled)
        if payment.fen == settled:
            self.principal, self.owed, self.costs, self.paid = ZERO, ZERO, 0, self.paid + owed
            self.allocations.append(Allocation(payment, costs, owed, principal, payment.fen - debt, ZERO))
            return
        left = Fraction(payment.fen)
        if self.readings.allocation == "principal_first":
            to_principal = min(left, principal)
            left -= to_principal
            to_costs = min(costs, int(left))
            to_interest = left - to_costs
        else:
            to_costs = min(payment.fen, costs)
            left -= to_costs
            to_interest = min(left, owed)
            to_principal = left - to_interest
        self.principal, self.owed, self.costs = principal - to_principal, owed - to_interest, costs - to_costs
        self.paid += to_interest
        self.allocations.append(Allocation(payment, to_costs, to_interest, to_principal, ZERO, self.principal))
