"""What `yiqi clock` prints: the last day first, then every day left out, every step with its article, other readings."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from yiqi.cli.language import Language, Text
from yiqi.clock.answer import Alternative, Deadline, Step
from yiqi.clock.complaint import Complaint, DutyState
from yiqi.clock.complaint_periods import STEPS
from yiqi.clock.deadline import Remaining
from yiqi.clock.duties import DutyDeadline
from yiqi.clock.wording import count_text, day_text, full_text, range_text, span_text
from yiqi.clock.workdays import CalendarDay, CountRange, DayRange, weekday
from yiqi.law.bilingual import Bilingual
from yiqi.law.diagnostics import display_width

if TYPE_CHECKING:
    from yiqi.law.tree import Confidence

Say = Callable[[str, str], str]
WORDS = {
    "days_off": Text("Not counted", "不计入的休息日"),
    "rest_days": Text("Rest days at its end", "末日所遇休息日"),
    "worked": Text("Counted, although a weekend", "计入的调休上班日"),
    "undecided": Text("Not decided by any notice yet", "尚待通知确定的日期"),
    "steps": Text("How it was counted", "计算过程"),
    "others": Text("Other readings", "其他理解"),
    "calendar": Text("Calendar", "日历依据"),
}
STATUS: dict[str, Text] = {
    "met": Text("done in time", "按期完成"),
    "late": Text("done late", "逾期完成"),
    "running": Text("running", "期限内"),
    "overdue": Text("overdue", "已逾期"),
    "open": Text("may be overdue: its last day is not certain", "是否逾期尚不能确定"),
    "paused": Text("paused", "中止"),
    "stopped": Text("ended with the complaint", "随投诉终结"),
    "no_period": Text("no number of days by law", "法规未规定天数"),
}


def deadline_text(found: Deadline, rest: Remaining | None, on: dt.date, language: Language) -> str:
    """A deadline as a person reads it."""
    return _joined(_deadline(found, rest, on, language))


def duty_text(found: DutyDeadline, rest: Remaining | None, on: dt.date, language: Language) -> str:
    """The deadline of a duty of the law."""
    say = _say(language)
    named = found.named
    lines = [
        f"{named.title[language]} · {named.id}{_tag(named.confidence)}",
        say(
            f"{named.actor.en}: {named.text.en} ({named.cite.en})",
            f"{named.actor.zh}：{named.text.zh}（{named.cite.zh}）",
        ),
    ]
    if found.opens is not None:
        lines.append(say(f"Not before {full_text(found.opens).en}", f"不早于{full_text(found.opens).zh}"))
    if found.counted is not None:
        lines += ["", *_deadline(found.counted, rest, on, language)]
    else:
        lines += ["", *_last(found.last, rest, on, language), *_others(found.alternatives, language)]
    if found.longest is not None and found.longest.last is not None:
        longest = range_text(found.longest.last)
        lines += ["", say(f"With an extension, at most: {longest.en}", f"延长后最迟：{longest.zh}")]
    return _joined(lines)


def complaint_text(found: Complaint, language: Language) -> str:
    """How a complaint stands."""
    say, on, state = _say(language), full_text(found.on), found.state
    lines = [say(f"Complaint on {on.en}: {state.en}", f"{on.zh}投诉状态：{state.zh}")]
    if found.closed:
        lines.append(say("The complaint is closed.", "投诉已终结。"))
    if found.waiting is not None:
        lines.append(say(f"It waits for {found.waiting.en}.", f"{found.waiting.zh}。"))
    for duty in found.duties:
        lines += ["", *_duty(duty, language)]
    return _joined(lines)


# -- a deadline -------------------------------------------------------------------------------------------------------


def _deadline(found: Deadline, rest: Remaining | None, on: dt.date, language: Language) -> Iterator[str]:
    say = _say(language)
    period, start = found.period.text, full_text(found.start)
    if found.direction == "before":
        yield say(f"{period.en} before {start.en}", f"{start.zh}前{period.zh}")
    else:
        yield say(f"{period.en} from {start.en}", f"自{start.zh}起{period.zh}")
    yield ""
    if found.paused_since is not None and found.left is not None:
        unit = ("working day", "个工作日") if found.period.unit == "working_days" else ("day", "日")
        since, left = day_text(found.paused_since), count_text(found.left, *unit)
        yield say(
            f"Paused since {since.en}: no last day yet; {left.en} left",
            f"自{since.zh}起中止，尚无截止日；剩余{left.zh}",
        )
    else:
        yield from _last(found.last, rest, on, language)
    if found.why_open is not None:
        yield f"  {found.why_open[language]}"
    counted = found.period.unit == "working_days"
    yield from _days(WORDS["days_off" if counted else "rest_days"], found.skipped, language)
    yield from _days(WORDS["worked"], found.worked, language)
    known = {d.date for d in (*found.skipped, *found.worked)}
    yield from _days(WORDS["undecided"], [d for d in found.undecided if d.date not in known], language)
    yield from ("", WORDS["steps"][language == "zh"])
    for number, step in enumerate(found.steps, 1):
        yield f"  {number}. {step.text[language]}{_basis(step, language)}"
    yield from _others(found.alternatives, language)
    if found.notices:
        numbers = say(", ", "、").join(f"{n.number}{_tag(n.confidence)}" for n in found.notices)
        yield from ("", f"{WORDS['calendar'][language == 'zh']}{say(': ', '：')}{numbers}")


def _last(last: DayRange | None, rest: Remaining | None, on: dt.date, language: Language) -> Iterator[str]:
    if last is None:
        return
    say = _say(language)
    ends = [(Text("Last day", "截止日"), last.earliest)]
    if not last.certain:
        ends = [
            (Text("Earliest last day", "最早截止日"), last.earliest),
            (Text("Latest last day", "最迟截止日"), last.latest),
        ]
    for words, end in ends:
        day, name = day_text(end), weekday(end)
        yield say(f"{words.en}: {day.en}, {name.en} ({name.zh})", f"{words.zh}：{day.zh}，{name.zh}（{name.en}）")
    if rest is not None:
        yield _rest(rest, on, language)


def _rest(rest: Remaining, on: dt.date, language: Language) -> str:
    say, seen = _say(language), day_text(on)
    if rest.overdue:
        days, working = _counts(rest.overdue_days, rest.overdue_working_days)
        return say(
            f"Seen from {seen.en}: over for {days.en} ({working.en})", f"截至{seen.zh}：已过{days.zh}（{working.zh}）"
        )
    days, working = _counts(rest.days, rest.working_days)
    if rest.overdue is None:
        return say(
            f"Seen from {seen.en}: may be over, or {days.en} ({working.en}) are left",
            f"截至{seen.zh}：可能已过，也可能还剩{days.zh}（{working.zh}）",
        )
    if rest.days.high == 0:
        return say(f"Seen from {seen.en}: this is the last day", f"截至{seen.zh}：当日即截止日")
    return say(f"Seen from {seen.en}: {days.en} left ({working.en})", f"截至{seen.zh}：还剩{days.zh}（{working.zh}）")


def _counts(days: CountRange, working: CountRange) -> tuple[Bilingual, Bilingual]:
    return count_text(days, "day", "日"), count_text(working, "working day", "个工作日")


def _days(heading: Text, days: Sequence[CalendarDay], language: Language) -> Iterator[str]:
    if not days:
        return
    yield from ("", heading[language == "zh"])
    rows = [_run(run, language) for run in _runs(days)]
    width = max(display_width(when) for when, _ in rows)
    for when, what in rows:
        yield f"  {when}{' ' * (width - display_width(when))}  {what}"


def _runs(days: Iterable[CalendarDay]) -> Iterator[list[CalendarDay]]:
    """Days that follow each other and are off for the same reason."""
    for _, group in groupby(enumerate(days), key=lambda pair: (pair[1].date.toordinal() - pair[0], _reason(pair[1]))):
        yield [day for _, day in group]


def _reason(day: CalendarDay) -> tuple[str, bool]:
    plain = day.kind == "weekend" and day.name.zh in ("周六", "周日")
    return ("weekend" if plain else day.name.en, day.certain)


def _run(run: list[CalendarDay], language: Language) -> tuple[str, str]:
    names = list(dict.fromkeys(d.name for d in run))
    # The weekday is part of what a day off is called; beside a festival it is said too.
    ordinary = all(d.kind == "weekend" and n.zh in ("周六", "周日") for d in run for n in (d.name,))
    what = Bilingual(", ".join(n.en for n in names), "、".join(n.zh for n in names))
    if not ordinary:
        first, last = weekday(run[0].date), weekday(run[-1].date)
        which = first if len(run) == 1 else Bilingual(f"{first.en} to {last.en}", f"{first.zh}至{last.zh}")
        what = Bilingual(f"{what.en} ({which.en})", f"{what.zh}（{which.zh}）")
    text = what[language]
    if not run[0].certain:
        doubt = Text("may become a day off", "可能调休放假") if run[0].works else Text("may be worked", "可能调休上班")
        text += f" – {doubt.en}" if language == "en" else f"（{doubt.zh}）"
    return span_text(run[0].date, run[-1].date)[language], text


def _basis(step: Step, language: Language) -> str:
    parts = []
    if step.source is not None:
        parts.append(f"{step.source.cite[language]}{_tag(step.source.confidence)}")
    if step.reading == "analogy":
        parts.append("by analogy (reading)" if language == "en" else "比照适用（理解）")
    elif step.reading is not None:
        parts.append(f"reading {step.reading}" if language == "en" else f"理解：{step.reading}")
    return f" ({'; '.join(parts)})" if parts and language == "en" else f"（{'；'.join(parts)}）" if parts else ""


def _others(found: Sequence[Alternative], language: Language) -> Iterator[str]:
    if not found:
        return
    say = _say(language)
    yield from ("", WORDS["others"][language == "zh"])
    for other in found:
        last = (
            range_text(other.last)
            if other.last is not None
            else other.why_not or Bilingual("no last day yet", "尚无截止日")
        )
        name = f"{other.name}={other.option}"
        yield say(f"  {name}: {last.en}", f"  {name}：{last.zh}")
        yield say(f"    {other.question.en}: {other.meaning.en}.", f"    {other.question.zh}：{other.meaning.zh}。")


# -- a complaint ------------------------------------------------------------------------------------------------------


def _duty(duty: DutyState, language: Language) -> Iterator[str]:
    say = _say(language)
    (what, who), since = STEPS[duty.step], day_text(duty.since)
    status = STATUS[duty.status]
    by = ""
    if duty.late is not None:
        days, working = _counts(duty.late.overdue_days, duty.late.overdue_working_days)
        by = say(f" by {days.en} ({working.en})", f"{days.zh}（{working.zh}）")
    elif duty.left is not None:
        days, working = _counts(duty.left.days, duty.left.working_days)
        by = say(f", {days.en} left ({working.en})", f"，还剩{days.zh}（{working.zh}）")
    elif duty.paused_since is not None:
        paused = day_text(duty.paused_since)
        by = say(f" since {paused.en}", f"（自{paused.zh}起）")
    yield say(f"{what.en} · {who.en}: {status.en}{by}", f"{what.zh} · {who.zh}：{status.zh}{by}")
    yield say(f"  Since      {since.en}", f"  起算  {since.zh}")
    if duty.deadline is not None and duty.deadline.last is not None and duty.deadline.raw is not None:
        period, last, raw = duty.deadline.period.text, range_text(duty.deadline.last), range_text(duty.deadline.raw)
        moved = Bilingual("", "")
        if duty.deadline.raw != duty.deadline.last:
            moved = Bilingual(f"; {raw.en}, before it moved off a rest day", f"；顺延前为{raw.zh}")
        yield say(f"  Last day   {last.en} ({period.en}{moved.en})", f"  截止  {last.zh}（{period.zh}{moved.zh}）")
    if duty.deadline is not None and duty.deadline.left is not None:
        unit = ("working day", "个工作日") if duty.deadline.period.unit == "working_days" else ("day", "日")
        left = count_text(duty.deadline.left, *unit)
        yield say(f"  Left       {left.en} when it goes on", f"  剩余  恢复后{left.zh}")
    if duty.done is not None:
        done = day_text(duty.done)
        yield say(f"  Done       {done.en}", f"  完成  {done.zh}")
    yield say(
        f"  Rests on   {duty.source.cite.en}{_tag(duty.source.confidence)}",
        f"  依据  {duty.source.cite.zh}{_tag(duty.source.confidence)}",
    )
    for note in duty.notes:
        yield f"  - {note[language]}"
    for other in duty.alternatives:
        if other.last is not None:
            last, meaning = range_text(other.last), other.meaning
            yield say(
                f"  - reading {other.name}={other.option} ({meaning.en}): {last.en}",
                f"  - 理解{other.name}={other.option}（{meaning.zh}）：{last.zh}",
            )


def _tag(confidence: Confidence) -> str:
    return f" [{confidence}]"


def _say(language: Language) -> Say:
    return lambda en, zh: zh if language == "zh" else en


def _joined(lines: Iterable[str]) -> str:
    return "\n".join(lines) + "\n"
