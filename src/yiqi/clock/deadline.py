"""When a period ends: counted by the Civil Code, paused, extended, handed on, each step said with its article.

A deadline is one day where the notices on holidays are out, else the earliest and the latest day that it may be.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

from yiqi.clock.answer import Alternative, Basis, Deadline, Direction, Extension, Pause
from yiqi.clock.counting import Count
from yiqi.clock.error import ClockError
from yiqi.clock.readings import Readings
from yiqi.clock.workdays import Calendar, CountRange, DayRange
from yiqi.law.duration import Period


def deadline(
    start: dt.date,
    period: Period,
    calendar: Calendar,
    *,
    direction: Direction = "after",
    basis: Basis = "civil",
    pauses: Sequence[Pause] = (),
    extension: Extension | None = None,
    received: dt.date | None = None,
    readings: Readings | None = None,
) -> Deadline:
    """The last day of a period that an event on ``start`` sets off, or the day that lies a period before it.

    ``received`` is the day on which another body took the matter over: the period begins anew there. Raises
    :class:`ClockError` for a pause that ends before it begins, a total below the period, days outside the calendar.
    """
    chosen = readings or Readings()
    _check(start, period, direction, pauses, extension, received)
    asked = (start, period, calendar, direction, basis, tuple(pauses), extension, received)
    counted = Count(*asked, chosen).run()
    matters = {
        "rest_days": period.unit != "working_days" or extension is not None,
        "official_period": basis == "administrative",
        "pause_end": bool(pauses),
        "extension": extension is not None and extension.kind == "more",
        "before": direction == "before",
    }
    alternatives = []
    for name, option, other in chosen.others():
        if matters.get(name):
            try:
                again = Count(*asked, other).run()
            except ClockError as error:
                # This reading needs a day that the calendar does not have; the one taken does not.
                alternatives.append(Alternative(name, option, None, error.message))
                continue
            if again.last != counted.last or again.left != counted.left:
                alternatives.append(Alternative(name, option, again.last))
    return counted.result(tuple(alternatives))


def fixed_day(
    day: dt.date, calendar: Calendar, readings: Readings | None = None
) -> tuple[DayRange, tuple[Alternative, ...]]:
    """A day that the law names: the day itself, or the working day after it in the other reading."""
    chosen = readings or Readings()
    moved, stays = calendar.move(day, chosen.rest), DayRange(day, day)
    last, other = (stays, moved) if chosen.fixed_day == "unmoved" else (moved, stays)
    option = "moved" if chosen.fixed_day == "unmoved" else "unmoved"
    return last, (Alternative("fixed_day", option, other),) if other != last else ()


@dataclass(frozen=True, slots=True)
class Remaining:
    """What is left until a deadline, seen from the end of a day: working days and days, and days by which it is over.

    ``overdue`` is None while nobody can say whether it is over, because the deadline is a range around the day.
    """

    working_days: CountRange
    days: CountRange
    overdue: bool | None
    overdue_days: CountRange
    overdue_working_days: CountRange


def remaining(last: DayRange, on: dt.date, calendar: Calendar) -> Remaining:
    """What is left until ``last`` on a day, which itself is not counted; or by how much it is over."""
    nothing = CountRange(0, 0)
    ahead = CountRange(max(0, (last.earliest - on).days), max(0, (last.latest - on).days))
    over = CountRange(max(0, (on - last.latest).days), max(0, (on - last.earliest).days))
    working = (
        CountRange(calendar.count(on, last.earliest).low, calendar.count(on, last.latest).high)
        if ahead.high
        else nothing
    )
    late = (
        CountRange(calendar.count(last.latest, on).low, calendar.count(last.earliest, on).high)
        if over.high
        else nothing
    )
    overdue = True if over.low else None if over.high else False
    return Remaining(working, ahead, overdue, over, late)


def remaining_of(found: Deadline, on: dt.date, calendar: Calendar) -> Remaining | None:
    """What is left of a deadline on a day; None while a pause has no end.

    The working days of a period in working days are known even where its last day is a range.
    """
    if found.last is None:
        return None
    rest = remaining(found.last, on, calendar)
    if found.working_days is None or found.last.certain:
        return rest
    if on <= found.runs_from:
        before = calendar.count(on, found.runs_from)
        left = CountRange(before.low + found.working_days, before.high + found.working_days)
    else:
        gone = calendar.count(found.runs_from, on)
        left = CountRange(found.working_days - gone.high, found.working_days - gone.low)
    over = CountRange(max(0, -left.high), max(0, -left.low))
    return replace(rest, working_days=CountRange(max(0, left.low), max(0, left.high)), overdue_working_days=over)


def _check(
    start: dt.date,
    period: Period,
    direction: Direction,
    pauses: Sequence[Pause],
    extension: Extension | None,
    received: dt.date | None,
) -> None:
    for pause in pauses:
        if pause.last is not None and pause.last < pause.first:
            raise ClockError(
                f"the pause ends on {pause.last} before it begins on {pause.first}",
                f"中止结束日{pause.last}早于开始日{pause.first}",
            )
    if direction == "before" and (pauses or extension or received):
        raise ClockError(
            "a pause, an extension and a transfer belong to a period that runs after a day",
            "中止、延长、转交只适用于某日之后的期限",
        )
    if received is not None and received < start:
        raise ClockError(f"the matter was received on {received}, before {start}", f"收到日{received}早于起算日{start}")
    if extension is not None and extension.kind == "total":
        same = extension.period.unit == period.unit
        if not same or extension.period.count < period.count:
            raise ClockError(
                f"the total ({extension.period.text.en}) must be in the unit of the period and not below {period.text.en}",
                f"延长后的总期限（{extension.period.text.zh}）应与原期限（{period.text.zh}）单位相同且不短于原期限",
            )
