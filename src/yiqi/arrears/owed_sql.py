"""What is owed on every line of a table: days late, interest to the fen, what a payment paid. SQL over exact whole numbers.

The same as :mod:`yiqi.arrears.interest` for lines with one payment or none. A rate is a whole number of 1/``scale``, and so
is what a fen bears; what is left after a payment that is not of whole days' interest is a whole number of 1/``scale``², and
is rounded there, half up, once. Nothing is a binary fraction. (``greatest`` and ``least`` of DuckDB pass NULL over, so that each is guarded.)
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from yiqi.arrears.law_by_contract_sql import DUE, PROTECTED, RATE_HIGH, RATE_LOW

HUGE = 2**127 - 1
FIRST, LAST, GAP, PLANNED = "yiqi_first", "yiqi_last", "yiqi_gap", "yiqi_planned"
"""Of a line that the courts' rate is reckoned for: the days of a segment; the first day without a rate, where the due day
has one; whether the due day has one."""
COURT = "yiqi_court"
"""The outcome of the courts' rule on interest: 2 yes, 1 unknown, 0 no."""
BEFORE_LOW, AFTER_LOW, BEFORE_HIGH, AFTER_HIGH = (
    "yiqi_before_low", "yiqi_after_low", "yiqi_before_high", "yiqi_after_high",
)  # fmt: skip
"""Rate times days, up to the day of the payment and after it, at the least and at the greatest rate."""


@dataclass(frozen=True)
class Reckoning:
    """How interest is reckoned: the day asked, and the parts of a fen that rates are whole numbers of."""

    on: dt.date
    scale: int

    @property
    def day(self) -> str:
        return f"DATE '{self.on}'"


def dated(lines: str, calendar: str) -> str:
    """The lines with their due days: the day of the law moved off rest days, else the day that the ledger gives.

    ``due_first`` and ``due_last`` differ where a notice on holidays still has to say; ``due`` is the day where they are
    one. ``principal`` is what bears interest for certain, ``received`` the payment. What must be put right first has no
    day. ``calendar`` is a table of ``day``, ``earliest``, ``latest``.
    """
    law = f"blocks IS NULL AND {DUE} IS NOT NULL"
    return f"""
        SELECT *, CASE WHEN due_first = due_last THEN due_first END AS due FROM (
            SELECT lines.*,
                CASE WHEN {law} THEN earliest WHEN blocks IS NULL THEN due_on END AS due_first,
                CASE WHEN {law} THEN latest WHEN blocks IS NULL THEN due_on END AS due_last,
                CASE WHEN {law} THEN 'law' WHEN blocks IS NULL AND due_on IS NOT NULL THEN 'given' END AS due_origin,
                CASE WHEN receivable_amount IS NOT NULL
                    THEN greatest(0, receivable_amount - coalesce(disputed_amount, 0)) END AS principal_owed,
                CASE WHEN paid_amount <> 0 AND paid_on IS NOT NULL THEN paid_amount ELSE 0 END AS received
            FROM ({lines}) AS lines LEFT JOIN {calendar} AS calendar ON calendar.day = lines.{DUE}
        )"""


SPLIT = "CASE WHEN received <> 0 THEN greatest(due, paid_on) ELSE due END"
"""The day after which what a payment left bears interest: that of the payment, or the due day if that is later."""


def by_segment(segments: str, reckoning: Reckoning) -> str:
    """From segments of days with their rates to a row for each line."""
    day = reckoning.day
    before = f"greatest(0, least({LAST}, {day}, {SPLIT}) - greatest({FIRST}, due + 1) + 1)"
    after = f"greatest(0, least({LAST}, {day}) - greatest({FIRST}, {SPLIT} + 1) + 1)"
    sums = ", ".join(
        f"sum(CAST({rate} AS HUGEINT) * {days}) AS {name}"
        for rate, days, name in (
            (RATE_LOW, before, BEFORE_LOW), (RATE_LOW, after, AFTER_LOW),
            (RATE_HIGH, before, BEFORE_HIGH), (RATE_HIGH, after, AFTER_HIGH),
        )
    )  # fmt: skip
    return f"""
        SELECT row, any_value({COURT}) AS {COURT}, {sums},
            bool_and({FIRST} > due OR {RATE_LOW} IS NOT NULL) AS {PLANNED},
            min(CASE WHEN {RATE_LOW} IS NULL AND {FIRST} > due THEN {FIRST} END) AS {GAP}
        FROM ({segments}) GROUP BY row"""


def at_one_rate(lines: str, reckoning: Reckoning) -> str:
    """The same for lines whose rate is one for all days."""
    before, after = days_of(reckoning)
    return f"""
        SELECT row, {COURT}, CAST({RATE_LOW} AS HUGEINT) * {before} AS {BEFORE_LOW},
            CAST({RATE_LOW} AS HUGEINT) * {after} AS {AFTER_LOW}, CAST({RATE_HIGH} AS HUGEINT) * {before} AS {BEFORE_HIGH},
            CAST({RATE_HIGH} AS HUGEINT) * {after} AS {AFTER_HIGH}, {RATE_LOW} IS NOT NULL AS {PLANNED},
            CAST(NULL AS DATE) AS {GAP}
        FROM ({lines})"""


def days_of(reckoning: Reckoning) -> tuple[str, str]:
    """SQL of the days that bear interest up to the day of the payment, and after it."""
    return f"greatest(0, least({SPLIT}, {reckoning.day}) - due)", f"greatest(0, {reckoning.day} - {SPLIT})"


def owed(lines: str, court: str, reckoning: Reckoning, passed: Sequence[str]) -> str:
    """The answer of each line: ``state``, ``problem``, ``due``, ``days_late``, ``principal``, ``interest_low``,
    ``interest_high`` and what ``passed`` names; amounts in fen."""
    day, scale = reckoning.day, reckoning.scale
    days_before, days_after = days_of(reckoning)

    def accrual(rate: str, days: str, by_court: str) -> str:
        return f"CASE WHEN {PROTECTED} = 2 THEN CAST({rate} AS HUGEINT) * {days} ELSE {by_court} END"

    # One step after another: rate times days; what had accrued when a payment came; what it left; what is owed.
    first = f"""
        SELECT lines.*, {COURT}, {GAP},
            principal_owed IS NOT NULL AND due IS NOT NULL
                AND CASE WHEN {PROTECTED} = 2 THEN {RATE_LOW} IS NOT NULL ELSE coalesce({PLANNED}, false) END AS planned,
            {accrual(RATE_LOW, days_before, BEFORE_LOW)} AS before_low,
            {accrual(RATE_LOW, days_after, AFTER_LOW)} AS after_low,
            {accrual(RATE_HIGH, days_before, BEFORE_HIGH)} AS before_high,
            {accrual(RATE_HIGH, days_after, AFTER_HIGH)} AS after_high
        FROM {lines} AS lines LEFT JOIN {court} AS court USING (row)"""
    second = f"""
        SELECT *,
            CASE WHEN NOT planned OR received = 0 THEN NULL
                WHEN received < 0 THEN 'payment-not-positive'
                WHEN paid_on > {day} THEN 'payment-after-day'
                WHEN gap_before THEN NULL
                WHEN received > {_settled("principal_owed", "before_low", scale)} THEN 'payments-exceed-debt' END AS fault,
            {_parts("low", scale)}
        FROM (SELECT *, planned AND (before_low <> before_high OR after_low <> after_high) AS ranged,
            principal_owed > 0 AND coalesce({GAP} <= least({SPLIT}, {day}), false) AS gap_before FROM ({first}))"""
    third = f"""
        SELECT *,
            planned AND fault IS NULL
                AND NOT (principal_owed > 0 AND (gap_before OR (coalesce({GAP} <= {day}, false) AND rest_low > 0))) AS settled,
            planned AND fault IS NULL AS reckoned,
            CASE WHEN NOT planned THEN NULL WHEN received = 0 THEN {_simple("low", scale)}
                ELSE {_after_payment("low", scale)} END AS interest_low,
            CASE WHEN received <> 0 THEN {_principal_left("low", scale)} ELSE principal_owed END AS principal_low,
            CASE WHEN NOT ranged THEN NULL WHEN received = 0 THEN {_simple("high", scale)} END AS simple_high,
            {_parts("high", scale, "ranged AND received <> 0")}
        FROM ({second})"""
    state = f"""
        CASE WHEN blocks IS NOT NULL OR fault IS NOT NULL THEN 'blocked'
            WHEN settled AND rest_low = 0 AND open_low = 0 AND coalesce(disputed_amount, 0) = 0 THEN 'paid'
            WHEN due_first IS NULL THEN CASE WHEN {PROTECTED} = 0 THEN 'outside' ELSE 'unknown' END
            WHEN due IS NULL THEN CASE WHEN due_first >= {day} THEN 'not_due' ELSE 'open_day' END
            WHEN due >= {day} THEN 'not_due'
            WHEN receivable_amount IS NULL THEN 'unknown'
            WHEN {PROTECTED} = 0 AND coalesce({COURT}, 0) = 0 THEN 'outside'
            WHEN NOT reckoned THEN 'unknown'
            ELSE 'overdue' END"""
    handed = ", ".join(f'"{name}"' for name in passed)
    return f"""
        SELECT {handed}, {state} AS state,
            nullif(concat_ws(';', blocks, fault,
                CASE WHEN blocks IS NULL AND {DUE} IS NOT NULL AND due_first IS NULL THEN 'outside-calendar' END), '') AS problem,
            due, due_first, due_last, CASE WHEN due_first IS NOT NULL THEN due_origin END AS due_origin,
            CASE WHEN due IS NOT NULL THEN greatest(0, {day} - due) END AS days_late,
            CASE WHEN settled THEN CAST(principal_low + coalesce(disputed_amount, 0) AS BIGINT)
                WHEN receivable_amount IS NOT NULL THEN greatest(0, receivable_amount - received) END AS principal,
            CASE WHEN settled THEN CAST(interest_low AS BIGINT) END AS interest_low,
            CASE WHEN settled THEN CAST(CASE WHEN NOT ranged THEN interest_low WHEN received = 0 THEN simple_high
                WHEN coalesce({GAP} <= {day}, false) AND rest_high > 0 THEN NULL  -- a payment settles it at the least rate only
                ELSE {_after_payment("high", scale)} END AS BIGINT) END AS interest_high,
            CASE WHEN {PROTECTED} = 2 THEN 'interest' WHEN {COURT} IS NOT NULL THEN 'court_interest' END AS rate_rule
        FROM ({third})"""


def _settled(principal: str, accrued: str, scale: int) -> str:
    """What settles the whole debt on the day of the payment: principal and interest, rounded half up."""
    return f"{principal} + (2 * (CAST({principal} AS HUGEINT) * {accrued}) + {scale}) // {2 * scale}"


def _parts(end: str, scale: int, where: str = "received <> 0") -> str:
    """After a payment: principal left, and interest left open, both in 1/``scale`` fen; without one, all and nothing.

    A payment pays interest first, then principal (Civil Code art. 561); one that settles the rounded debt leaves nothing.
    """
    accrued = f"CAST(principal_owed AS HUGEINT) * before_{end}"
    payment = f"CAST(received AS HUGEINT) * {scale}"
    whole = f"CAST(principal_owed AS HUGEINT) * {scale}"
    settles = f"received >= {_settled('principal_owed', f'before_{end}', scale)}"
    return f"""
        CASE WHEN NOT ({where}) THEN {whole} WHEN {settles} THEN 0
            ELSE {whole} - ({payment} - least({payment}, {accrued})) END AS rest_{end},
        CASE WHEN NOT ({where}) THEN 0 WHEN {settles} THEN 0 ELSE {accrued} - least({payment}, {accrued}) END AS open_{end}"""


def _simple(end: str, scale: int) -> str:
    """Interest without a payment: principal times rate times days, rounded half up."""
    return f"(2 * (CAST(principal_owed AS HUGEINT) * after_{end}) + {scale}) // {2 * scale}"


def _interest_parts(end: str, scale: int) -> str:
    return f"CAST(open_{end} AS HUGEINT) * {scale} + rest_{end} * after_{end}"


def _after_payment(end: str, scale: int) -> str:
    """Interest owed after a payment, in fen."""
    square = scale * scale
    return f"(2 * ({_interest_parts(end, scale)}) + {square}) // {2 * square}"


def _principal_left(end: str, scale: int) -> str:
    """Principal left after a payment, in fen: with the interest it adds up to the whole debt, rounded half up."""
    square = scale * scale
    part = f"rest_{end} % {scale} * {scale} + {_interest_parts(end, scale)}"
    return f"rest_{end} // {scale} + (2 * ({part}) + {square}) // {2 * square} - {_after_payment(end, scale)}"
