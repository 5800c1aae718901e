"""An answered ledger as JSON: exact numbers are strings, amounts in yuan, days in ISO form; no float occurs.

``docs/reference/receivables.md`` describes it.
"""

from __future__ import annotations

from typing import Any

from yiqi.arrears.assessment import Alternative, Assessment, LineAnswer, Total, debtor_of
from yiqi.arrears.findings import DueDay
from yiqi.arrears.interest import Allocation, Interest, Segment
from yiqi.arrears.ledger import Problem
from yiqi.arrears.table_summary import TableSummary
from yiqi.clock.workdays import Calendar
from yiqi.law.quantities import yuan_text
from yiqi.report.receivable_words import due_steps
from yiqi.version import __version__


def assessment_json(found: Assessment, calendar: Calendar) -> dict[str, Any]:
    """The whole ledger."""
    return {
        "yiqi": __version__,
        "on": found.on.isoformat(),
        "readings": {
            "day_count": found.readings.day_count,
            "last_day": found.readings.last_day,
            "allocation": found.readings.allocation,
        },
        "lines": [line_json(line, calendar) for line in found.lines],
        "totals": {
            "overdue": _total(found.overdue),
            "by_debtor": [_total(t) for t in found.by_debtor],
            "by_age": [_total(t) for t in found.by_age],
        },
        "missing": [{"fact": fact, "lines": count} for fact, count in found.asked],
        "problems": [_problem(p) for p in found.ledger.problems],
    }


def table_json(found: TableSummary) -> dict[str, Any]:
    """What a table of receivables comes to."""
    return {
        "yiqi": __version__,
        "on": found.on.isoformat(),
        "lines": found.lines,
        "states": {state: _total(t) for state, t in found.states.items() if t.lines},
        "by_kind": [_total(t) for t in found.by_kind],
        "by_age": [_total(t) for t in found.by_age],
        "overdue": _total(found.overdue),
        "problems": dict(found.problems),
    }


def line_json(a: LineAnswer, calendar: Calendar) -> dict[str, Any]:
    """One line."""
    low, high = a.interest_range
    findings = a.findings
    return {
        "id": a.line.id,
        "row": a.line.row,
        "debtor": debtor_of(a),
        "state": a.state,
        "due": _due(findings.due, calendar) if findings is not None and findings.due is not None else None,
        "days_late": a.days_late,
        "unpaid": _yuan(a.principal),
        "disputed": _yuan(a.disputed),
        "interest": {"low": _yuan(low), "high": _yuan(high)},
        "reckoning": _interest(a.interest) if a.interest is not None else None,
        "alternatives": [_alternative(x) for x in a.alternatives],
        "answers": [
            answer.as_dict()
            for answers in ((findings.by_contract, findings.by_day) if findings is not None else ())
            for answer in answers or ()
            if answer.version is not None
        ],
        "missing": list(a.missing),
        "problems": [_problem(p) for p in a.problems],
    }


def _yuan(fen: int | None) -> str | None:
    return None if fen is None else yuan_text(fen)


def _problem(p: Problem) -> dict[str, Any]:
    return {"code": p.code, "place": p.place, "message": p.message.as_dict(), "blocks": p.blocks}


def _due(due: DueDay, calendar: Calendar) -> dict[str, Any]:
    return {
        "counted": due.counted.isoformat(),
        "earliest": due.moved.earliest.isoformat(),
        "latest": due.moved.latest.isoformat(),
        "origin": due.origin,
        "rule": due.gift.rule.id if due.gift is not None else None,
        "steps": [step.as_dict() for step in due_steps(due, calendar)],
    }


def _interest(found: Interest) -> dict[str, Any]:
    return {
        "segments": [_segment(s) for s in found.segments],
        "payments": [_payment(p) for p in found.payments],
        "accrued": _yuan(found.accrued_fen),
        "paid": _yuan(found.paid_fen),
        "owed": _yuan(found.owed_fen),
        "beyond": None
        if found.beyond is None
        else {
            "first": found.beyond.first.isoformat(),
            "last": found.beyond.last.isoformat(),
            "why": found.beyond.why.as_dict(),
        },
    }


def _segment(s: Segment) -> dict[str, Any]:
    return {
        "first": s.first.isoformat(),
        "last": s.last.isoformat(),
        "days": s.days,
        "base_fen": str(s.base),
        "rate": str(s.rate),
        "unit": s.unit,
        "year": s.year,
        "accrued_fen": str(s.accrued),
        "cite": s.source.cite.as_dict(),
        "confidence": s.confidence,
    }


def _payment(p: Allocation) -> dict[str, Any]:
    return {
        "on": p.payment.day.isoformat(),
        "amount": yuan_text(p.payment.fen),
        "costs": yuan_text(p.costs),
        "interest_fen": str(p.interest),
        "principal_fen": str(p.principal),
        "left_fen": str(p.left),
    }


def _alternative(x: Alternative) -> dict[str, Any]:
    return {
        "id": x.id,
        "question": x.question.as_dict(),
        "taken": x.taken.as_dict(),
        "other": x.other.as_dict(),
        "cite": x.source.cite.as_dict(),
        "confidence": x.source.confidence,
        "due": x.due.isoformat() if x.due is not None else None,
        "interest": {"low": _yuan(x.low), "high": _yuan(x.high)},
        "why_not": x.why_not.as_dict() if x.why_not is not None else None,
    }


def _total(t: Total) -> dict[str, Any]:
    return {
        "name": t.name.as_dict(),
        "lines": t.lines,
        "unpaid": yuan_text(t.principal),
        "interest": {"low": yuan_text(t.interest_low), "high": yuan_text(t.interest_high)},
        "open_lines": t.open_lines,
    }
