"""The clock of a complaint about an overdue payment: given what happened when, which duty runs, until when, paused since when.

The periods are those of the Regulation in force on the day a duty began (Regulation 2025, arts. 24 and 25, from 2025-06-01)
and of the Interim Measures of 2021 for the review. Before that the Regulation of 2020 only said "in time". A period that is
remembered and was not read ([C]) is named and decides nothing. Withdrawal, an end because a court took the matter, payment
and suspension are practice, not national text, and are marked so.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import Literal

from yiqi.clock.answer import Alternative, Basis, Deadline, Extension, Pause
from yiqi.clock.complaint_events import CLOSING, EVENTS, Event, Kind, ordered_events
from yiqi.clock.complaint_periods import REGULATION_2025, Periods, StepName, no_number
from yiqi.clock.deadline import Remaining, deadline, remaining_of
from yiqi.clock.readings import Readings
from yiqi.clock.sources import Source
from yiqi.clock.workdays import Calendar
from yiqi.law.bilingual import Bilingual

Status = Literal["met", "late", "running", "overdue", "open", "paused", "stopped", "no_period"]
"""Done in time; done too late; runs; is over; nobody can say yet; stands still; ended by the end of the complaint; the law
gives no number of days."""

OFFICE: Basis = "administrative"
WAITING: dict[Kind, Bilingual] = {
    "incomplete": Bilingual("the complainant, to complete the material", "等待投诉人补正材料"),
    "transferred": Bilingual("the handling department, to receive the material", "等待处理投诉部门收到材料"),
}
COMPLETION = Bilingual(
    "The complainant completes the material and files again [B]; the Measures give no number of days for it.",
    "投诉人补正材料后重新提交投诉[B]；办法未规定补正期限。",
)
SUSPENSION = Bilingual(
    "No national text lets the period stand still; the suspension is practice.",
    "全国性规定没有中止期限的条款；中止属实务做法。",
)
EXTENSION = Bilingual(
    "The extension is counted up to its maximum, 90 days in all; the head of the department may have set less.",
    "延长按最长共90日计算；部门负责人批准的期限可能更短。",
)
CHANGE_OF_LAW = Bilingual(
    "The Regulation of 2025 came into force while this step ran; from which day its period counts is not ruled.",
    "该步骤进行期间2025年修订的条例施行；其期限自何日起算没有规定。",
)


@dataclass(frozen=True, slots=True)
class DutyState:
    """A duty of a department: since when, until when, done when, and how it stands.

    ``deadline`` is None where the law gives no period that decides. ``late`` is by how much it was done too late, or is
    over; ``left`` what is left of a running one.
    """

    step: StepName
    since: dt.date
    source: Source
    status: Status
    deadline: Deadline | None
    done: dt.date | None
    left: Remaining | None
    late: Remaining | None
    paused_since: dt.date | None
    notes: tuple[Bilingual, ...]
    alternatives: tuple[Alternative, ...] = ()


@dataclass(frozen=True, slots=True)
class Complaint:
    """How a complaint stands on a day: its last event, whether it is closed, and every duty that has begun."""

    on: dt.date
    events: tuple[Event, ...]
    closed: bool
    duties: tuple[DutyState, ...]
    waiting: Bilingual | None
    """For whom or what it waits where no duty of a department runs."""

    @property
    def state(self) -> Bilingual:
        return EVENTS[self.events[-1].kind]


def complaint(
    events: Iterable[Event],
    on: dt.date,
    calendar: Calendar,
    periods: Periods,
    *,
    region: str = "",
    readings: Readings | None = None,
) -> Complaint:
    """How a complaint stands at the end of a day. ``region`` is the region code of the receiving department.

    Raises :class:`ClockError` for events that cannot have happened in this order, twice, or after ``on``.
    """
    return _Clock(ordered_events(events, on), on, calendar, periods, region, readings or Readings()).run()


class _Clock:
    def __init__(
        self,
        events: tuple[Event, ...],
        on: dt.date,
        calendar: Calendar,
        periods: Periods,
        region: str,
        readings: Readings,
    ) -> None:
        self.events, self.on, self.calendar, self.periods = events, on, calendar, periods
        self.region, self.readings = region, readings

    def run(self) -> Complaint:
        closed = any(e.kind in CLOSING for e in self.events)
        duties = (*self._reviews(), *self._transfer(), *self._answer())
        runs = any(d.done is None and d.status != "stopped" for d in duties)
        waiting = None if closed or runs else WAITING.get(self.events[-1].kind)
        return Complaint(self.on, self.events, closed, duties, waiting)

    def _days(self, kind: Kind) -> list[dt.date]:
        return [e.day for e in self.events if e.kind == kind]

    def _end(self, *kinds: Kind) -> tuple[dt.date | None, bool]:
        """The day on which a duty was done, or on which the complaint ended without it, and whether it was done."""
        done = next((e for e in self.events if e.kind in kinds), None)
        if done is not None:
            return done.day, True
        ended = next((e for e in self.events if e.kind in CLOSING), None)
        return (ended.day, False) if ended is not None else (None, False)

    # -- the three duties ---------------------------------------------------------------------------------------------

    def _reviews(self) -> tuple[DutyState, ...]:
        """A review for each filing, or one that pauses while the complainant has the material."""
        filed, told, again = self._days("filed"), self._days("incomplete"), self._days("completed")
        if not filed:
            return ()
        end, done = self._end("accepted", "refused")
        notes = [COMPLETION] if told else []
        pauses = [Pause(a, b) for a, b in zip_longest(told, again)]
        if self.readings.refiling == "pause":
            if end is not None:
                pauses = [Pause(p.first, p.last or end) for p in pauses]
            return (self._state("review", filed[0], end, done, pauses=pauses, notes=notes),)
        found = []
        for number, start in enumerate((*filed, *again)):
            if number < len(told):
                found.append(self._state("review", start, told[number], True, notes=notes))
            else:
                found.append(self._state("review", start, end, done, notes=notes))
        if again:
            found[-1] = self._with_pause_reading(found[-1], filed[0], pauses)
        return tuple(found)

    def _with_pause_reading(self, state: DutyState, filed: dt.date, pauses: Sequence[Pause]) -> DutyState:
        """The last review with the day that it would end on if the time had only been paused."""
        if state.deadline is None:
            return state
        period = state.deadline.period
        other = deadline(filed, period, self.calendar, basis=OFFICE, pauses=pauses, readings=self.readings)
        if other.last == state.deadline.last:
            return state
        return replace(state, alternatives=(*state.alternatives, Alternative("refiling", "pause", other.last)))

    def _transfer(self) -> tuple[DutyState, ...]:
        accepted = self._days("accepted")
        if not accepted:
            return ()
        # Material that was received was transferred, even where the day of it is not known.
        return (self._state("transfer", accepted[0], *self._end("transferred", "received")),)

    def _answer(self) -> tuple[DutyState, ...]:
        received, extended = self._days("received"), self._days("extended")
        if not received:
            return ()
        row = self.periods.of("answer", received[0], self.region)
        stops, goes_on = self._days("suspended"), self._days("resumed")
        pauses = [Pause(a, b) for a, b in zip_longest(stops, goes_on)]
        notes = [SUSPENSION] if pauses else []
        extension = None
        if extended and row.decides and row.period is not None and row.at_most is not None:
            extension = Extension(row.at_most, "total")
            notes.append(EXTENSION)
            plain = deadline(
                received[0], row.period, self.calendar, basis=OFFICE, pauses=pauses, readings=self.readings
            )
            if plain.last is not None and extended[0] > plain.last.latest:
                notes.append(_late_extension(extended[0], plain.last.latest))
        end, done = self._end("answered")
        return (self._state("answer", received[0], end, done, pauses=pauses, extension=extension, notes=notes),)

    # -- how a duty stands --------------------------------------------------------------------------------------------

    def _state(
        self,
        step: StepName,
        start: dt.date,
        end: dt.date | None,
        done: bool,
        *,
        pauses: Sequence[Pause] = (),
        extension: Extension | None = None,
        notes: Sequence[Bilingual] = (),
    ) -> DutyState:
        row = self.periods.of(step, start, self.region)
        said = list(notes)
        if step != "review" and start < REGULATION_2025 <= (end or self.on):
            said.append(CHANGE_OF_LAW)
        state = DutyState(step, start, row.source, "no_period", None, end if done else None, None, None, None, ())
        if row.period is None or not row.decides:
            return replace(state, notes=(*said, no_number(row)))
        found = deadline(
            start, row.period, self.calendar, basis=OFFICE, pauses=pauses, extension=extension, readings=self.readings
        )
        state = replace(state, deadline=found, notes=tuple(said), alternatives=found.alternatives)
        if end is not None and not done:
            return replace(state, status="stopped")
        rest = remaining_of(found, end or self.on, self.calendar)
        if rest is None:  # it stood still to the end, or still does
            return replace(state, status="met" if done else "paused", paused_since=found.paused_since)
        if rest.overdue is None:
            return replace(state, status="open")
        if rest.overdue:
            return replace(state, status="late" if done else "overdue", late=rest)
        return replace(state, status="met") if done else replace(state, status="running", left=rest)


def _late_extension(approved: dt.date, end: dt.date) -> Bilingual:
    return Bilingual(
        f"The extension was approved on {approved}, after the period had run out on {end}.",
        f"延长于{approved}批准，晚于原期限届满日{end}。",
    )
