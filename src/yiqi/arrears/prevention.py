"""What a ledger warns of: how long debtors take, on whom much depends, what falls due when, what limitation threatens.

Days to pay count from what starts the period (delivery, acceptance, confirmation of the amount) to the day the money
arrived, weighted by the amounts, as reports on payment practices count them; what is not paid yet counts as the days it
has waited so far and is shown apart, because its figure can only grow.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction

from yiqi.arrears.assessment import Assessment, LineAnswer, debtor_of

SOON = 180
"""Days before limitation ends from which a line is named: half a year is what a demand or a suit needs to be prepared."""
BANDS = (30, 60)
"""Days that part the bands of payment practices: within 30, 31 to 60, over 60."""
FEWEST = 3
"""Payments below which nothing is said of a buyer in public: one late payment is no practice."""


@dataclass(frozen=True, slots=True)
class Practice:
    """How one debtor pays. Days are exact fractions, None where nothing was paid; amounts in fen."""

    debtor: str
    payer_kind: str | None
    large: bool
    """Whether the debtor is an organ, an institution or a large enterprise on every line that says."""
    lines: int
    payments: int
    days_to_pay: Fraction | None
    """Mean days from the start of the period to payment, weighted by amount."""
    days_late: Fraction | None
    """Mean days after the due day, weighted by amount; early payments count as 0."""
    in_bands: tuple[int, ...]
    """Amounts paid within 30 days, within 31 to 60, later."""
    paid_late: int
    paid: int
    unpaid: int
    overdue: int
    disputed: int
    share: Fraction
    """Of all that is unpaid in the ledger."""
    waiting: Fraction | None
    """Mean days that the unpaid amounts have waited since the start, weighted by amount."""


@dataclass(frozen=True, slots=True)
class Upcoming:
    """What falls due in one month, in fen."""

    first: dt.date
    lines: tuple[LineAnswer, ...]
    amount: int


@dataclass(frozen=True, slots=True)
class Threat:
    """A line whose limitation ends soon, or has ended; ``days`` is below zero then."""

    answer: LineAnswer
    ends: dt.date
    days: int


@dataclass(frozen=True)
class Outlook:
    """All warnings of a ledger."""

    practices: tuple[Practice, ...]
    upcoming: tuple[Upcoming, ...]
    threats: tuple[Threat, ...]
    unstarted: int
    """Lines that say of no day on which the period started, so that their days to pay are not known."""

    @property
    def concentration(self) -> Fraction:
        """The Herfindahl index of what is unpaid: the sum of squared shares, 1 where one debtor owes everything."""
        return sum((p.share * p.share for p in self.practices), Fraction(0))


def outlook(found: Assessment) -> Outlook:
    """The warnings of an answered ledger."""
    groups: dict[str, list[LineAnswer]] = {}
    for answer in found.lines:
        groups.setdefault(debtor_of(answer), []).append(answer)
    whole = sum(_unpaid(a) for a in found.lines)
    practices = [_practice(name, lines, whole, found.on) for name, lines in groups.items()]
    practices.sort(key=lambda p: (-p.unpaid, p.debtor))
    return Outlook(
        tuple(practices),
        tuple(_upcoming(found)),
        tuple(sorted(_threats(found), key=lambda t: t.ends)),
        sum(1 for a in found.lines if start_of(a) is None),
    )


def start_of(answer: LineAnswer) -> dt.date | None:
    """The day that starts the period of payment, as the line says; None where it does not."""
    line = answer.line
    match line.sheet.get("start_basis"):
        case "from_acceptance":
            delayed = line.sheet.get("inspection_delayed")
            return line.day("inspection_end") if delayed is True else line.day("accepted_on")
        case "from_settlement":
            return line.day("amount_confirmed_on")
        case "from_delivery":
            return line.day("delivered_on")
        case _:
            return None


def _unpaid(answer: LineAnswer) -> int:
    return answer.principal or 0


def _practice(name: str, lines: list[LineAnswer], whole: int, on: dt.date) -> Practice:
    paid = late = weighted = weighted_late = payments = waited = waiting = 0
    bands = [0] * (len(BANDS) + 1)
    for answer in lines:
        start, due = start_of(answer), answer.due
        for received in answer.line.received:
            if start is None:
                continue
            payments += 1
            days = max(0, (received.on - start).days)
            paid += received.amount
            weighted += days * received.amount
            bands[next((i for i, most in enumerate(BANDS) if days <= most), len(BANDS))] += received.amount
            over = max(0, (received.on - due).days) if due is not None else 0
            weighted_late += over * received.amount
            late += received.amount if over else 0
        if start is not None and start <= on and (left := _unpaid(answer)):
            waiting += left
            waited += (on - start).days * left
    kinds = {k for a in lines if (k := a.line.sheet.get("payer_kind")) is not None}
    unpaid = sum(_unpaid(a) for a in lines)
    return Practice(
        name,
        str(next(iter(kinds))) if len(kinds) == 1 else None,
        _is_large(lines),
        len(lines),
        payments,
        Fraction(weighted, paid) if paid else None,
        Fraction(weighted_late, paid) if paid else None,
        tuple(bands),
        late,
        paid,
        unpaid,
        sum(_unpaid(a) for a in lines if a.state == "overdue"),
        sum(a.disputed for a in lines),
        Fraction(unpaid, whole) if whole else Fraction(0),
        Fraction(waited, waiting) if waiting else None,
    )


def _is_large(lines: Iterable[LineAnswer]) -> bool:
    sheets = [a.line.sheet for a in lines]
    kinds = {s.get("payer_kind") for s in sheets} - {None}
    if kinds and kinds <= {"organ", "public_institution", "publicly_funded_body"}:
        return True
    return kinds == {"enterprise"} and {s.get("payer_size") for s in sheets} - {None} == {"payer_large"}


def _upcoming(found: Assessment) -> Iterator[Upcoming]:
    months: dict[dt.date, list[LineAnswer]] = {}
    for answer in found.of("not_due"):
        if answer.due is not None and _unpaid(answer):
            months.setdefault(answer.due.replace(day=1), []).append(answer)
    for first, lines in sorted(months.items()):
        lines.sort(key=lambda a: (a.due or dt.date.max, a.line.row))
        yield Upcoming(first, tuple(lines), sum(_unpaid(a) for a in lines))


def _threats(found: Assessment) -> Iterator[Threat]:
    for answer in found.lines:
        if answer.findings is None or not _unpaid(answer):
            continue
        limitation = answer.findings.answer("limitation")
        if limitation is None or limitation.date is None:
            continue
        earliest = limitation.date.range[0]
        if earliest is None:
            continue
        ends = dt.date.fromordinal(earliest)
        days = (ends - found.on).days
        if days <= SOON:
            yield Threat(answer, ends, days)
