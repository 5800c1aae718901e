"""Counts a period under one set of readings and says each step."""

from __future__ import annotations

import calendar as months
import datetime as dt
from collections.abc import Sequence

from yiqi.clock import sources
from yiqi.clock.answer import Alternative, Basis, Deadline, Direction, Extension, Pause, Step
from yiqi.clock.error import ClockError
from yiqi.clock.holidays import DAY, days_between
from yiqi.clock.readings import Readings
from yiqi.clock.sources import Source
from yiqi.clock.unannounced import Days
from yiqi.clock.wording import count_text, day_text, full_text, range_text, span_text
from yiqi.clock.workdays import Calendar, CountRange, DayRange
from yiqi.law.bilingual import Bilingual
from yiqi.law.duration import Period, Unit
from yiqi.law.tree import Confidence


class Count:
    """One count under one set of readings."""

    def __init__(
        self,
        start: dt.date,
        period: Period,
        calendar: Calendar,
        direction: Direction,
        basis: Basis,
        pauses: tuple[Pause, ...],
        extension: Extension | None,
        received: dt.date | None,
        readings: Readings,
    ) -> None:
        self.start, self.period, self.calendar, self.direction, self.basis = start, period, calendar, direction, basis
        self.pauses, self.extension, self.received, self.readings = pauses, extension, received, readings
        self.steps: list[Step] = []
        self.raw: DayRange | None = None
        self.last: DayRange | None = None
        self.paused_since: dt.date | None = None
        self.left: CountRange | None = None
        self.working_days: int | None = None
        self.from_ = received or start
        """The day from which the clock that counts runs."""
        self.unit: Unit = period.unit
        """In what the end of the count was counted: with an extension in another unit, that one's."""
        self.in_working_days: list[tuple[dt.date, dt.date]] = []
        """The stretches that were counted in working days, both ends included."""

    def run(self) -> Count:
        if self.direction == "before":
            self._before()
        else:
            self._after()
        return self

    # -- after an event -----------------------------------------------------------------------------------------------

    def _after(self) -> None:
        if self.received is not None:
            self._say(
                f"The matter was handed on; whoever received it on {day_text(self.received).en} has a clock of its own from that day.",
                f"事项已转交，接收方自{day_text(self.received).zh}收到之日起另行计算期限。",
            )
        day, after = full_text(self.from_), day_text(self.from_ + DAY)
        self._say(
            f"{day.en}, is the day of the event and is not counted; the count begins on {after.en}.",
            f"{day.zh}为开始的当日，不计入；自{after.zh}起计算。",
            sources.START,
            "analogy" if self.basis == "administrative" else None,
        )
        self._say_before_the_code()
        whole = self._whole_period()
        closed = [p for p in self.pauses if p.last is not None]
        still = min((p for p in self.pauses if p.last is None), key=lambda p: p.first, default=None)
        skip = self._paused_days(closed, still)
        raw = self._end(DayRange(self.from_, self.from_), whole, skip)
        if still is not None and still.first <= raw.latest:
            self._stopped(whole, skip, still)
            return
        if whole.unit == "working_days" and not skip:
            self.working_days = whole.count
        self._say_count(whole, raw)
        self._say_pauses(closed, raw)
        if still is not None:
            self._say_idle(still)
        if self.extension is not None and whole is self.period:
            self.working_days = None
            raw = self._extended_from(raw, skip)
        self.raw = raw
        self.last = self._moved(raw) if self.unit != "working_days" else raw
        self._say(
            "The last day ends at 24:00; where there are business hours, when business stops.",
            "最后一日的截止时间为二十四时；有业务时间的，为停止业务活动的时间。",
            sources.HOURS,
        )

    def _whole_period(self) -> Period:
        """The period with its extension where both are counted as one."""
        extension = self.extension
        if extension is None:
            return self.period
        more = extension.period
        if extension.kind == "total":
            self._say(
                f"The period was extended to {more.text.en} in all, counted from the same day.",
                f"期限延长至共{more.text.zh}，自同一日起算。",
            )
            return more
        if more.unit == self.period.unit and self.readings.extension == "one_period":
            whole = Period(self.period.count + more.count, more.unit)
            self._say(
                f"The extension of {more.text.en} and the period of {self.period.text.en} are counted as one: {whole.text.en}.",
                f"延长的{more.text.zh}与原期限{self.period.text.zh}合并计算，共{whole.text.zh}。",
                reading="extension",
            )
            return whole
        return self.period

    def _extended_from(self, raw: DayRange, skip: Days) -> DayRange:
        assert self.extension is not None
        more = self.extension.period
        base = raw
        if self.readings.extension == "from_last_day" and self.unit != "working_days":
            base = self._moved(raw)
        self.unit = more.unit
        end = self._end(base, more, skip)
        self._say(
            f"The extension of {more.text.en} counts from the last day of the period; it ends: {range_text(end).en}.",
            f"延长的{more.text.zh}自原期限最后一日起算，至{range_text(end).zh}。",
            reading="extension",
        )
        return end

    def _paused_days(self, closed: Sequence[Pause], still: Pause | None) -> Days:
        """The days that pauses take out of the count; a pause without an end takes out none here."""
        days: set[dt.date] = set()
        for pause in closed:
            assert pause.last is not None
            last = pause.last if self.readings.pause_end == "not_counted" else pause.last - DAY
            days.update(days_between(pause.first, last))
        if still is not None:
            days = {d for d in days if d < still.first}
        return frozenset(d for d in days if d > self.from_)

    def _end(self, base: DayRange, period: Period, skip: Days) -> DayRange:
        """The last day of a period after a day that is not counted, without the days of pauses, not moved."""
        first = self._end_after(base.earliest, period, skip)
        return first if base.certain else DayRange(first.earliest, self._end_after(base.latest, period, skip).latest)

    def _end_after(self, day: dt.date, period: Period, skip: Days) -> DayRange:
        if period.unit == "working_days":
            end = self.calendar.reach(day, period.count, skip)
            self.in_working_days.append((day + DAY, end.latest))
            return end
        count = period.count if period.unit == "days" else (_months_on(day, _months(period)) - day).days
        last = _days_on(day, count, skip)
        return DayRange(last, last)

    def _stopped(self, whole: Period, skip: Days, still: Pause) -> None:
        """The clock stands still: how much of the period is left."""
        before = still.first - DAY
        if whole.unit == "working_days":
            gone = self.calendar.count(self.from_, before, skip)
            total = whole.count
        else:
            days = sum(1 for d in days_between(self.from_ + DAY, before) if d not in skip)
            gone = CountRange(days, days)
            total = whole.count if whole.unit == "days" else (_months_on(self.from_, _months(whole)) - self.from_).days
        self.left = CountRange(max(0, total - gone.high), max(0, total - gone.low))
        self.paused_since = still.first
        unit = ("working day", "个工作日") if whole.unit == "working_days" else ("day", "日")
        left, since = count_text(self.left, *unit), day_text(still.first)
        why = _why(still)
        self._say(
            f"The clock has stood still since {since.en}{why.en}; {left.en} are left when it goes on.",
            f"自{since.zh}起中止{why.zh}；恢复后剩余{left.zh}。",
        )

    def _moved(self, raw: DayRange) -> DayRange:
        """The last day after it has moved off a rest day, as far as this kind of period does."""
        if self.basis == "administrative" and self.readings.official_period == "unmoved":
            return raw
        first = self.calendar.move(raw.earliest, self.readings.rest)
        last = first if raw.certain else self.calendar.move(raw.latest, self.readings.rest)
        moved = DayRange(first.earliest, last.latest)
        reading = "official_period" if self.basis == "administrative" else "rest_days"
        if moved == raw:
            return moved
        what = self.calendar.day(raw.earliest)
        day, to = full_text(raw.earliest), range_text(moved)
        if what.works or not raw.certain:
            self._say(
                f"Whether the last day moves depends on a notice that is not out; it is {to.en}.",
                f"最后一日是否顺延取决于尚未公布的通知，为{to.zh}。",
                sources.REST_DAY,
                reading,
            )
        else:
            self._say(
                f"{day.en}, is a rest day ({what.name.en}); the last day moves to the day after the rest days: {to.en}.",
                f"{day.zh}为休息日（{what.name.zh}），以休息日结束的次日为最后一日：{to.zh}。",
                sources.REST_DAY,
                reading,
            )
        return moved

    # -- before an event ----------------------------------------------------------------------------------------------

    def _before(self) -> None:
        day = full_text(self.start)
        self._say(
            f"{day.en}, is not counted; the count goes back from the day before.",
            f"{day.zh}不计入，自前一日起向前倒算。",
            sources.START,
            "analogy",
        )
        if self.period.unit == "working_days":
            self.raw = self.calendar.back(self.start, self.period.count)
            self.in_working_days.append((self.raw.earliest, self.start - DAY))
        else:
            count = self.period.count
            end = (
                self.start - DAY * count
                if self.period.unit == "days"
                else _months_on(self.start, -_months(self.period))
            )
            self.raw = DayRange(end, end)
        self.last = self.raw
        self._say(
            f"{self.period.text.en} before it: {range_text(self.raw).en}.",
            f"此前{self.period.text.zh}：{range_text(self.raw).zh}。",
        )
        if self.readings.before == "working_day" and self.period.unit != "working_days":
            self.last = self.calendar.back(self.raw.earliest + DAY, 1)
            if self.last != self.raw:
                self._say(
                    f"That is a rest day; the working day before it: {range_text(self.last).en}.",
                    f"该日为休息日，提前到前一个工作日：{range_text(self.last).zh}。",
                    reading="before",
                )

    # -- in words -----------------------------------------------------------------------------------------------------

    def _say(self, en: str, zh: str, source: Source | None = None, reading: str | None = None) -> None:
        self.steps.append(Step(Bilingual(en, zh), source, reading))

    def _say_before_the_code(self) -> None:
        if self.from_ < sources.CIVIL_CODE:
            self._say(
                "The Civil Code is in force since 1 January 2021; for an earlier day its way of counting is taken.",
                "《民法典》自2021年1月1日起施行；此前的日期按其计算方法处理。",
                reading="analogy",
            )

    def _say_count(self, whole: Period, raw: DayRange) -> None:
        text, to = whole.text, range_text(raw)
        if whole.unit == "working_days":
            self._say(
                f"{text.en}: days off by the notice are not counted, Saturdays and Sundays worked for it are; the last is {to.en}.",
                f"{text.zh}：放假安排通知规定的休息日不计入，调休上班的周六、周日计入；最后一日为{to.zh}。",
            )
        elif whole.unit == "days":
            self._say(
                f"{text.en}, each day counted, rest days too: the last is {to.en}.",
                f"{text.zh}，包括休息日在内逐日计算：最后一日为{to.zh}。",
                sources.START,
            )
        else:
            self._say(
                f"{text.en}: the day of the same number in the month it ends in, or that month's last: {to.en}.",
                f"{text.zh}：到期月的对应日，没有对应日的为月末日：{to.zh}。",
                sources.MONTHS,
            )

    def _say_pauses(self, closed: Sequence[Pause], raw: DayRange) -> None:
        for pause in sorted(closed, key=lambda p: p.first):
            assert pause.last is not None
            span, why = span_text(pause.first, pause.last), _why(pause)
            if pause.first > raw.latest or pause.last <= self.from_:
                self._say(
                    f"The pause {span.en}{why.en} lies outside the period and changes nothing.",
                    f"{span.zh}的中止{why.zh}不在期限之内，不影响计算。",
                )
            else:
                self._say(
                    f"The clock stood still {span.en}{why.en}; these days are not counted.",
                    f"{span.zh}中止{why.zh}，不计入期限。",
                    reading="pause_end",
                )

    def _say_idle(self, still: Pause) -> None:
        since = day_text(still.first)
        self._say(
            f"The pause since {since.en} began after the period was over and changes nothing.",
            f"{since.zh}开始的中止在期限届满之后，不影响计算。",
        )

    # -- the result ---------------------------------------------------------------------------------------------------

    def result(self, alternatives: tuple[Alternative, ...]) -> Deadline:
        if self._beyond_the_notices() and self.last is not None and self.last.certain:
            year = self.last.latest.year
            self._say(
                f"The holidays of {year} are not announced yet; no arrangement as wide as those since 2019 changes the day [D].",
                f"{year}年的节假日安排尚未公布；在不超出2019年以来历次通知幅度的安排下，该日不变[D]。",
            )
        days = {d.date: d for first, last in self._looked_at() for d in self.calendar.days(first, last)}
        named = [days[date] for date in sorted(days)]
        tags: set[Confidence] = {s.source.confidence for s in self.steps if s.source is not None}
        notices = self.calendar.notices_of(days)
        tags |= {n.confidence for n in notices}
        if self._beyond_the_notices():
            tags |= {self.calendar.holidays.lunar_confidence, self.calendar.holidays.limits_confidence}
        return Deadline(
            self.start,
            self.period,
            self.direction,
            self.raw,
            self.last,
            self.from_,
            self.working_days,
            self.paused_since,
            self.left,
            tuple(self.steps),
            tuple(d for d in named if not d.works),
            tuple(d for d in named if d.kind == "makeup"),
            tuple(d for d in named if not d.certain),
            notices,
            self.calendar.open_among(days) if self.last is not None and not self.last.certain else (),
            max(tags, default="A"),
            alternatives,
        )

    def _beyond_the_notices(self) -> bool:
        return self.last is not None and self.last.latest > self.calendar.last_announced

    def _looked_at(self) -> list[tuple[dt.date, dt.date]]:
        """The stretches of days whose kind decided, both ends included."""
        found = [(first, last) for first, last in self.in_working_days if first <= last]
        if self.paused_since is not None:
            found = [(first, min(last, self.paused_since - DAY)) for first, last in found]
        if self.raw is not None and self.last is not None and self.raw != self.last:
            both = (*self._ends(self.raw), *self._ends(self.last))
            found.append((min(both), max(both)))
        return found

    @staticmethod
    def _ends(days: DayRange) -> tuple[dt.date, dt.date]:
        return days.earliest, days.latest


def _months(period: Period) -> int:
    return period.count * (12 if period.unit == "years" else 1)


def _months_on(day: dt.date, count: int) -> dt.date:
    """The day of the same number ``count`` months on, or that month's last day."""
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    if not dt.MINYEAR <= year <= dt.MAXYEAR:
        raise ClockError("the period leaves the calendar", "期限超出历法范围")
    return dt.date(year, month + 1, min(day.day, months.monthrange(year, month + 1)[1]))


def _days_on(day: dt.date, count: int, skip: Days) -> dt.date:
    """The ``count``-th day after a day, without the days to skip."""
    try:
        if not skip:
            return day + DAY * count
        while count:
            day += DAY
            count -= day not in skip
    except OverflowError:
        raise ClockError("the period leaves the calendar", "期限超出历法范围") from None
    return day


def _why(pause: Pause) -> Bilingual:
    return Bilingual(f" ({pause.why.en})", f"（{pause.why.zh}）") if pause.why is not None else Bilingual("", "")
