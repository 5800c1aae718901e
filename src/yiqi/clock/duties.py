"""The duties in the law's ``procedure`` fences: named, found by their name, counted from a day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from yiqi.clock.answer import Alternative, Deadline, Extension, Pause
from yiqi.clock.deadline import deadline, fixed_day
from yiqi.clock.error import ClockError
from yiqi.clock.readings import Readings
from yiqi.clock.wording import day_text
from yiqi.clock.workdays import Calendar, DayRange
from yiqi.law.bilingual import Bilingual
from yiqi.law.diagnostics import nearest
from yiqi.law.duration import After, Between, By, Lasting, Manner, MonthDay, Within
from yiqi.law.tree import Confidence, Duty, Instrument, Law, Rule

_TIMED = (Within, By, Between, Lasting)
ACTORS = {
    "enterprise": Bilingual("enterprise", "企业"),
    "provincial": Bilingual("provincial authority", "省级主管部门"),
    "ministry": Bilingual("ministry", "国务院主管部门"),
    "granting_authority": Bilingual("granting authority", "认定部门"),
    "receiving": Bilingual("receiving department", "受理部门"),
    "handling": Bilingual("handling department", "处理部门"),
    "any_person": Bilingual("any person", "任何人"),
}
"""Who acts, as law files name it; another name is shown as it is written."""


@dataclass(frozen=True, slots=True)
class NamedDuty:
    """A step of a procedure with its name: ``miit-2022-63#change_procedure.report``."""

    id: str
    duty: Duty
    instrument: Instrument

    @property
    def rule(self) -> Rule | None:
        """The heading it stands under; None for a procedure above the first heading that has a name."""
        return self.instrument.rules.get(f"{self.instrument.id}#{self.duty.scope}")

    @property
    def title(self) -> Bilingual:
        return self.rule.title if self.rule is not None else self.instrument.title

    @property
    def cite(self) -> Bilingual:
        return self.rule.cite if self.rule is not None else self.instrument.cite

    @property
    def confidence(self) -> Confidence:
        return self.rule.confidence if self.rule is not None else self.instrument.confidence

    @property
    def actor(self) -> Bilingual:
        return ACTORS.get(self.duty.actor, Bilingual(self.duty.actor, self.duty.actor))

    @property
    def text(self) -> Bilingual:
        """The time that the step has, in words."""
        match self.duty.timing:
            case Within(period, event, most):
                en, zh = period.text.en, period.text.zh
                of = event or "the step before"
                more = Bilingual(f", at most {most.text.en}", f"，最长{most.text.zh}") if most else Bilingual("", "")
                return Bilingual(f"within {en} of {of}{more.en}", f"{event or '上一步骤'}起{zh}内{more.zh}")
            case By(day, yearly):
                return Bilingual(
                    f"by {day.text.en}{' of every year' if yearly else ''}",
                    f"{'每年' if yearly else ''}{day.text.zh}前",
                )
            case Between(first, last):
                return Bilingual(f"from {first.text.en} to {last.text.en}", f"{first.text.zh}至{last.text.zh}")
            case Lasting(period, event):
                of = event or "the step before"
                return Bilingual(f"for {period.text.en} after {of}", f"自{event or '上一步骤'}起{period.text.zh}")
            case After(event):
                return Bilingual(f"after {event}", f"{event}之后")
            case Manner(text):
                return Bilingual(text, text)


@dataclass(frozen=True, slots=True)
class DutyDeadline:
    """When a duty has to be done. ``counted`` is how the period was counted, None for a day that the law names; ``last`` is
    None while a pause has no end.

    ``opens`` is the first day of a time that begins and ends on named days; ``longest`` the most that an extension can reach.
    """

    named: NamedDuty
    opens: dt.date | None
    last: DayRange | None
    counted: Deadline | None
    longest: Deadline | None
    alternatives: tuple[Alternative, ...]


def duties(law: Law) -> Iterator[NamedDuty]:
    """Every step of every procedure fence, in the order of files and lines."""
    for instrument in law.instruments.values():
        for duty in instrument.duties:
            path = f"{duty.scope}.{duty.step}" if duty.scope else duty.step
            yield NamedDuty(f"{instrument.id}#{path}", duty, instrument)


def find_duty(law: Law, name: str) -> NamedDuty:
    """The duty of a name that has a time. Raises :class:`ClockError` with the nearest name, or why there is no time."""
    every = list(duties(law))
    found = [d for d in every if d.id == name]
    timed = [d for d in found if isinstance(d.duty.timing, _TIMED)]
    if len({d.duty.timing for d in timed}) == 1:
        return timed[0]
    if timed:
        processes = ", ".join(d.duty.process for d in timed)
        raise ClockError(
            f"`{name}` has a time in several processes: {processes}", f"“{name}”在多个流程中有不同期限：{processes}"
        )
    if found:
        raise ClockError(
            f"`{name}` has no time limit in the law ({found[0].text.en or 'only its order'})",
            f"“{name}”在法规中没有期限（{found[0].text.zh or '仅规定先后顺序'}）",
        )
    known = [d.id for d in every if isinstance(d.duty.timing, _TIMED)]
    near = nearest(name, known)
    raise ClockError(
        f"there is no duty `{name}`; " + (f"did you mean `{near}`?" if near else f"there are {', '.join(known)}"),
        f"没有“{name}”这项义务；" + (f"是否想写“{near}”？" if near else f"可用：{'、'.join(known)}"),
    )


def duty_deadline(
    named: NamedDuty,
    day: dt.date,
    calendar: Calendar,
    *,
    pauses: Sequence[Pause] = (),
    extension: Extension | None = None,
    received: dt.date | None = None,
    readings: Readings | None = None,
) -> DutyDeadline:
    """When a duty has to be done: counted from the event on ``day``, or on the day that the law names in that year.

    Raises :class:`ClockError` for a pause, an extension or a transfer of a duty that is not counted from an event.
    """
    chosen = readings or Readings()
    timing = named.duty.timing
    if isinstance(timing, Within):
        counted = deadline(
            day, timing.period, calendar, basis="administrative", pauses=pauses, extension=extension, received=received,
            readings=chosen,
        )  # fmt: skip
        longest = None
        if timing.at_most is not None:
            total = Extension(timing.at_most, "total")
            longest = deadline(
                day, timing.period, calendar, basis="administrative", pauses=pauses, extension=total, received=received,
                readings=chosen,
            )  # fmt: skip
        return DutyDeadline(named, None, counted.last, counted, longest, counted.alternatives)
    if pauses or extension is not None or received is not None:
        raise ClockError(
            f"`{named.id}` is not counted from an event ({named.text.en}): nothing pauses or extends it",
            f"“{named.id}”不是自某事件起算的期限（{named.text.zh}），不存在中止、延长或转交",
        )
    match timing:
        case Lasting(period, _):
            # The law gives a title or a right for a time; that it would end later because of a rest day, no text says.
            unmoved = replace(chosen, official_period="unmoved")
            counted = deadline(day, period, calendar, basis="administrative", readings=unmoved)
            return DutyDeadline(named, None, counted.last, counted, None, counted.alternatives)
        case By(month_day, yearly):
            end = _in_year(month_day, day.year)
            if yearly and end < day:
                end = _in_year(month_day, day.year + 1)
            last, others = fixed_day(end, calendar, chosen)
            return DutyDeadline(named, None, last, None, None, others)
        case Between(first, month_day):
            end = _in_year(month_day, day.year)
            last, others = fixed_day(end, calendar, chosen)
            return DutyDeadline(named, _in_year(first, day.year), last, None, None, others)
        case _:
            raise ClockError(f"`{named.id}` has no time limit in the law", f"“{named.id}”在法规中没有期限")


def _in_year(day: MonthDay, year: int) -> dt.date:
    try:
        return dt.date(year, day.month, day.day)
    except ValueError:
        text = day_text(dt.date(year, 3, 1))
        raise ClockError(f"{year} has no {day.text.en} (before {text.en})", f"{year}年没有{day.text.zh}") from None
