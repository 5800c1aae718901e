"""Answers about time as plain data for JSON: days as ISO texts, every text in both languages, no rounding, no floats."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from yiqi.clock.answer import Alternative, Deadline
from yiqi.clock.complaint import Complaint, DutyState
from yiqi.clock.complaint_events import EVENTS
from yiqi.clock.complaint_periods import STEPS
from yiqi.clock.deadline import Remaining
from yiqi.clock.duties import DutyDeadline, NamedDuty
from yiqi.clock.sources import Source
from yiqi.clock.workdays import CalendarDay, CountRange, DayRange, weekday

Document = dict[str, Any]


def deadline_document(found: Deadline, rest: Remaining | None, on: dt.date) -> Document:
    """A deadline; ``rest`` is what is left of it on a day, None while a pause has no end."""
    return {
        "start": found.start.isoformat(),
        "period": {"count": found.period.count, "unit": found.period.unit, "text": found.period.text.as_dict()},
        "direction": found.direction,
        "last_day": _range(found.last),
        "last_day_before_moving": _range(found.raw),
        "why_a_range": found.why_open.as_dict() if found.why_open is not None else None,
        "paused_since": _day(found.paused_since),
        "left_of_the_period": _count(found.left),
        "on": on.isoformat(),
        "remaining": _remaining(rest),
        "days_off": [_calendar_day(d) for d in found.skipped],
        "worked_weekends": [_calendar_day(d) for d in found.worked],
        "undecided_days": [_calendar_day(d) for d in found.undecided],
        "steps": [
            {"text": s.text.as_dict(), "source": _source(s.source), "reading": s.reading} for s in found.steps
        ],
        "other_readings": _alternatives(found.alternatives),
        "notices": [
            {"number": n.number, "issued": n.issued.isoformat(), "confidence": n.confidence} for n in found.notices
        ],
        "confidence": found.confidence,
    }  # fmt: skip


def duty_document(found: DutyDeadline, rest: Remaining | None, on: dt.date) -> Document:
    """The deadline of a duty of the law."""
    return {
        "duty": named_duty_document(found.named),
        "opens": _day(found.opens),
        "last_day": _range(found.last),
        "longest": _range(found.longest.last) if found.longest is not None else None,
        "on": on.isoformat(),
        "remaining": _remaining(rest),
        "counted": deadline_document(found.counted, rest, on) if found.counted is not None else None,
        "other_readings": _alternatives(found.alternatives),
    }


def named_duty_document(named: NamedDuty) -> Document:
    """A duty of the law: its name, who has it, within what time."""
    return {
        "id": named.id,
        "title": named.title.as_dict(),
        "process": named.duty.process,
        "by": {"id": named.duty.actor, "text": named.actor.as_dict()},
        "time": named.text.as_dict(),
        "cite": named.cite.as_dict(),
        "confidence": named.confidence,
    }


def complaint_document(found: Complaint) -> Document:
    """How a complaint stands."""
    return {
        "on": found.on.isoformat(),
        "state": {"event": found.events[-1].kind, "text": found.state.as_dict()},
        "closed": found.closed,
        "waiting_for": found.waiting.as_dict() if found.waiting is not None else None,
        "events": [
            {"event": e.kind, "day": e.day.isoformat(), "text": EVENTS[e.kind].as_dict()} for e in found.events
        ],
        "duties": [_duty_state(d) for d in found.duties],
    }  # fmt: skip


def _duty_state(state: DutyState) -> Document:
    what, who = STEPS[state.step]
    return {
        "step": state.step,
        "text": what.as_dict(),
        "by": who.as_dict(),
        "since": state.since.isoformat(),
        "status": state.status,
        "last_day": _range(state.deadline.last) if state.deadline is not None else None,
        "last_day_before_moving": _range(state.deadline.raw) if state.deadline is not None else None,
        "done": _day(state.done),
        "paused_since": _day(state.paused_since),
        "left": _remaining(state.left),
        "late": _remaining(state.late),
        "source": _source(state.source),
        "notes": [n.as_dict() for n in state.notes],
        "other_readings": _alternatives(state.alternatives),
    }


def _day(day: dt.date | None) -> str | None:
    return day.isoformat() if day is not None else None


def _range(days: DayRange | None) -> Document | None:
    if days is None:
        return None
    return {
        "earliest": days.earliest.isoformat(),
        "latest": days.latest.isoformat(),
        "certain": days.certain,
        "weekday": weekday(days.earliest).as_dict() if days.certain else None,
    }


def _count(count: CountRange | None) -> Document | None:
    return {"low": count.low, "high": count.high} if count is not None else None


def _remaining(rest: Remaining | None) -> Document | None:
    if rest is None:
        return None
    return {
        "overdue": rest.overdue,
        "working_days": _count(rest.working_days),
        "days": _count(rest.days),
        "overdue_working_days": _count(rest.overdue_working_days),
        "overdue_days": _count(rest.overdue_days),
    }


def _calendar_day(day: CalendarDay) -> Document:
    return {
        "date": day.date.isoformat(),
        "weekday": weekday(day.date).as_dict(),
        "kind": day.kind,
        "name": day.name.as_dict(),
        "certain": day.certain,
    }


def _source(source: Source | None) -> Document | None:
    return {"cite": source.cite.as_dict(), "confidence": source.confidence} if source is not None else None


def _alternatives(found: Sequence[Alternative]) -> list[Document]:
    return [
        {
            "reading": a.name,
            "option": a.option,
            "question": a.question.as_dict(),
            "meaning": a.meaning.as_dict(),
            "last_day": _range(a.last),
            "why_not": a.why_not.as_dict() if a.why_not is not None else None,
        }
        for a in found
    ]
