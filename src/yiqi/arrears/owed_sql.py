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
FIRST, LAST, GAP = "yiqi_first", "yiqi_last", "yiqi_gap"
"""Of a line that the courts' rate is reckoned for: the days of a segment; the first day without a rate."""
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
    day, split = reckoning.day, SPLIT
    before = f"greatest(0, least({LAST}, {day}, {split}) - greatest({FIRST}, due + 1) + 1)"
    after = f"greatest(0, least({LAST}, {day}) - greatest({FIRST}, {split} + 1) + 1)"
    sums = ", ".join(
        f"sum(CAST({rate} AS HUGEINT) * {days}) AS {name}"
        for rate, days, name in (
            (RATE_LOW, before, BEFORE_LOW), (RATE_LOW, after, AFTER_LOW),
            (RATE_HIGH, before, BEFORE_HIGH), (RATE_HIGH, after, AFTER_HIGH),
        )
    )  # fmt: skip
    return f"""
        SELECT row, any_value({COURT}) AS {COURT}, {sums},
            bool_and({FIRST} > due OR {RATE_LOW} IS NOT NULL) AS yiqi_planned,
            min(CASE WHEN {RATE_LOW} IS NULL AND {FIRST} > due THEN {FIRST} END) AS {GAP}
        FROM ({segments}) GROUP BY row"""


def owed(lines: str, court: str, reckoning: Reckoning, passed: Sequence[str]) -> str:
    """The answer of each line: ``state``, ``problem``, ``due``, ``days_late``, ``principal``, ``interest_low``,
    ``interest_high`` and what ``passed`` names; amounts in fen."""
    day, scale = reckoning.day, reckoning.scale
    split = SPLIT
    days_before = f"greatest(0, least({split}, {day}) - due)"
    days_after = f"greatest(0, {day} - {split})"

    def accrual(rate: str, days: str, by_court: str) -> str:
        return f"CASE WHEN {PROTECTED} = 2 THEN CAST({rate} AS HUGEINT) * {days} ELSE {by_court} END"

    # One step after another: rate times days; what had accrued when a payment came; what it left; what is owed.
    first = f"""
        SELECT lines.*, {COURT}, {GAP},
            principal_owed IS NOT NULL AND due IS NOT NULL
                AND CASE WHEN {PROTECTED} = 2 THEN {RATE_LOW} IS NOT NULL ELSE coalesce(yiqi_planned, false) END AS planned,
            {accrual(RATE_LOW, days_before, BEFORE_LOW)} AS before_low,
            {accrual(RATE_LOW, days_after, AFTER_LOW)} AS after_low,
            {accrual(RATE_HIGH, days_before, BEFORE_HIGH)} AS before_high,
            {accrual(RATE_HIGH, days_after, AFTER_HIGH)} AS after_high
        FROM {lines} AS lines LEFT JOIN {court} AS court USING (row)"""
    second = f"""
        SELECT *,
            CASE WHEN NOT planned THEN NULL
                WHEN received < 0 THEN 'payment-not-positive'
                WHEN received > 0 AND paid_on > {day} THEN 'payment-after-day'
                WHEN received > 0 AND NOT gap_before AND received > {_settled("principal_owed", "before_low", scale)}
                    THEN 'payments-exceed-debt' END AS fault,
            {_parts("low", scale)}, {_parts("high", scale)}
        FROM (SELECT *, principal_owed > 0 AND coalesce({GAP} <= least({split}, {day}), false) AS gap_before FROM ({first}))"""
    third = f"""
        SELECT *,
            planned AND fault IS NULL AS reckoned,
            principal_owed > 0 AND (gap_before OR (coalesce({GAP} <= {day}, false) AND left_low > 0)) AS beyond,
            {_whole("low", scale)}, {_whole("high", scale)}
        FROM ({second})"""
    state = f"""
        CASE WHEN blocks IS NOT NULL OR fault IS NOT NULL THEN 'blocked'
            WHEN reckoned AND NOT beyond AND left_low = 0 AND open_low = 0 AND coalesce(disputed_amount, 0) = 0 THEN 'paid'
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
            CASE WHEN reckoned AND NOT beyond THEN CAST(principal_low + coalesce(disputed_amount, 0) AS BIGINT)
                WHEN receivable_amount IS NOT NULL THEN greatest(0, receivable_amount - received) END AS principal,
            CASE WHEN reckoned AND NOT beyond THEN CAST(interest_low AS BIGINT) END AS interest_low,
            CASE WHEN reckoned AND NOT beyond THEN CAST(interest_high AS BIGINT) END AS interest_high,
            CASE WHEN {PROTECTED} = 2 THEN 'interest' WHEN {COURT} IS NOT NULL THEN 'court_interest' END AS rate_rule
        FROM ({third})"""


def _settled(principal: str, accrued: str, scale: int) -> str:
    """What settles the whole debt on the day of the payment: principal and interest, rounded half up."""
    return f"{principal} + (2 * (CAST({principal} AS HUGEINT) * {accrued}) + {scale}) // {2 * scale}"


def _parts(end: str, scale: int) -> str:
    """After the payment: principal left, and interest left open, both in 1/``scale`` fen.

    A payment pays interest first, then principal (Civil Code art. 561); one that settles the rounded debt leaves nothing.
    """
    accrued = f"CAST(principal_owed AS HUGEINT) * before_{end}"
    payment = f"CAST(received AS HUGEINT) * {scale}"
    whole = f"CAST(principal_owed AS HUGEINT) * {scale}"
    settles = f"received >= {_settled('principal_owed', f'before_{end}', scale)}"
    return f"""
        CASE WHEN received = 0 THEN {whole} WHEN {settles} THEN 0
            ELSE {whole} - ({payment} - least({payment}, {accrued})) END AS left_{end},
        CASE WHEN received = 0 OR {settles} THEN 0 ELSE {accrued} - least({payment}, {accrued}) END AS open_{end}"""


def _whole(end: str, scale: int) -> str:
    """Interest owed and principal left in fen; they add up to the whole debt, rounded half up."""
    square = scale * scale
    interest = f"CAST(open_{end} AS HUGEINT) * {scale} + left_{end} * after_{end}"
    simple = f"(2 * (CAST(principal_owed AS HUGEINT) * after_{end}) + {scale}) // {2 * scale}"
    total = f"left_{end} // {scale} + (2 * (left_{end} % {scale} * {scale} + {interest}) + {square}) // {2 * square}"
    return f"""
        CASE WHEN received = 0 THEN {simple} ELSE (2 * ({interest}) + {square}) // {2 * square} END AS interest_{end},
        CASE WHEN received = 0 THEN principal_owed ELSE {total} - (2 * ({interest}) + {square}) // {2 * square} END
            AS principal_{end}"""
