"""`yiqi clock QUESTION`: when a period ends, which days were left out and why; duties of the law; complaints."""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from yiqi.cli.assess import DAY, today
from yiqi.cli.language import Text, choose_language, language

if TYPE_CHECKING:
    from yiqi.clock.answer import Extension, Pause
    from yiqi.clock.calendar_file import CalendarEvent
    from yiqi.clock.readings import Readings
    from yiqi.clock.workdays import Calendar, DayRange
    from yiqi.law.tree import Law


@click.command()
@click.argument("question", nargs=-1)
@click.option("--on", "seen", type=DAY, help="Day from which it is seen; today by default. 查看日期，默认今天。")
@click.option(
    "--pause",
    "pauses",
    metavar="DAY..DAY",
    multiple=True,
    help="Days on which the clock stands still, such as '2026-09-21..2026-09-25 appraisal'; 2026-09-21.. while it lasts. "
    "中止期间，例如“2026-09-21..2026-09-25 鉴定”；尚未恢复的写“2026-09-21..”。",
)
@click.option("--extend", metavar="PERIOD", help="Extended by so much. 延长的期限。")
@click.option("--extend-to", metavar="PERIOD", help="Extended to so much in all. 延长后的总期限。")
@click.option(
    "--transfer",
    metavar="DAY",
    help="Received by another body: a new clock. 转交后对方收到之日，重新计算。",
)
@click.option(
    "--basis",
    type=click.Choice(["civil", "administrative"]),
    default="civil",
    show_default=True,
    help="Between parties, or of an authority. 民事期间，或行政机关的期限。",
)
@click.option(
    "--reading",
    "chosen",
    metavar="NAME=OPTION",
    multiple=True,
    help="Another reading of what the texts leave open. 对条文未明确之处采用其他理解。",
)
@click.option("--readings", "list_readings", is_flag=True, help="List the readings. 列出各项理解。")
@click.option("--duties", "list_duties", is_flag=True, help="List the duties of the law. 列出法规中的义务。")
@click.option(
    "--event",
    "events",
    metavar="KIND=DAY",
    multiple=True,
    help="What happened to a complaint, such as filed=2026-09-01; again for each event. 投诉事件，可多次使用。",
)
@click.option("--region", default="", help="Region code of the receiving department. 受理投诉部门的地区代码。")
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True, help="输出格式。"
)
@click.option(
    "--ics",
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write calendar events. 写入日历文件。",
)
@click.option(
    "--lang", type=click.Choice(["en", "zh"]), expose_value=False, callback=choose_language, help="Language. 输出语言。"
)
def command(
    question: tuple[str, ...],
    seen: dt.datetime | None,
    pauses: tuple[str, ...],
    extend: str | None,
    extend_to: str | None,
    transfer: str | None,
    basis: str,
    chosen: tuple[str, ...],
    list_readings: bool,
    list_duties: bool,
    events: tuple[str, ...],
    region: str,
    form: str,
    ics: Path | None,
) -> None:
    """When a period ends. 计算期限。

    QUESTION is such as '10 working days from 2026-09-18', '自2026年9月18日起10个工作日', '10 working days before 2026-10-08',
    or a duty of the law: 'miit-2022-63#change_procedure.report from 2026-05-06'.

    Exit code 0 when it was answered, 1 when the calendar or the law has errors, 2 when the question cannot be understood.
    """
    from yiqi.clock.error import ClockError
    from yiqi.law.diagnostics import DiagnosticError

    on = seen.date() if seen is not None else today()
    text = " ".join(question).strip()
    asked = [name for name, there in (("QUESTION", text), ("--event", events), ("--duties", list_duties)) if there]
    if len(asked) > 1:
        raise click.UsageError(
            str(Text(f"{' and '.join(asked)} are different questions", f"{'、'.join(asked)}不能同时使用"))
        )
    try:
        readings = _readings(chosen)
        if list_readings:
            _list_readings(form)
        elif list_duties:
            _list_duties(form)
        elif events:
            if pauses or extend or extend_to or transfer or basis != "civil":
                said = Text(
                    "a complaint is paused, extended and handed on by its events", "投诉的中止、延长和转交以事件表示"
                )
                raise click.UsageError(str(said))
            _answer_complaint(events, on, region, readings, form, ics)
        else:
            from yiqi.clock.question import read_day, read_pause

            _answer_question(
                text,
                on,
                [read_pause(pause, on) for pause in pauses],
                _extension(extend, extend_to),
                read_day(transfer, on) if transfer else None,
                basis,
                readings,
                form,
                ics,
            )
    except ClockError as error:
        raise click.UsageError(error.message[language()]) from None
    except DiagnosticError as error:
        click.echo(error.render(language()), err=True)
        sys.exit(1)


def _readings(chosen: tuple[str, ...]) -> Readings:
    from yiqi.clock.readings import Readings, with_reading

    readings = Readings()
    for each in chosen:
        readings = with_reading(readings, each)
    return readings


def _extension(extend: str | None, extend_to: str | None) -> Extension | None:
    from yiqi.clock.answer import Extension
    from yiqi.clock.question import read_period

    if extend and extend_to:
        said = Text(
            "--extend adds to the period, --extend-to gives the total: use one",
            "--extend为增加的期限，--extend-to为总期限，只能用一个",
        )
        raise click.UsageError(str(said))
    if extend:
        return Extension(read_period(extend), "more")
    return Extension(read_period(extend_to), "total") if extend_to else None


def _answer_question(
    text: str,
    on: dt.date,
    pauses: list[Pause],
    extension: Extension | None,
    received: dt.date | None,
    basis: str,
    readings: Readings,
    form: str,
    ics: Path | None,
) -> None:
    from yiqi.cli.clock_text import deadline_text, duty_text
    from yiqi.clock.deadline import deadline, remaining, remaining_of
    from yiqi.clock.document import deadline_document, duty_document
    from yiqi.clock.duties import duty_deadline, find_duty
    from yiqi.clock.question import read_question

    asked = read_question(text, on)
    calendar = _calendar()
    if asked.duty is not None:
        duty = duty_deadline(
            find_duty(_law(), asked.duty), asked.day, calendar, pauses=pauses, extension=extension, received=received,
            readings=readings,
        )  # fmt: skip
        if duty.counted is not None:
            rest = remaining_of(duty.counted, on, calendar)
        else:
            rest = remaining(duty.last, on, calendar) if duty.last is not None else None
        _print(duty_text(duty, rest, on, language()) if form == "text" else duty_document(duty, rest, on))
        _write_events(ics, [(duty.last, duty.named.id, duty_text(duty, None, on, language()))])
        return
    assert asked.period is not None
    found = deadline(
        asked.day, asked.period, calendar, direction=asked.direction,
        basis="administrative" if basis == "administrative" else "civil", pauses=pauses, extension=extension,
        received=received, readings=readings,
    )  # fmt: skip
    rest = remaining_of(found, on, calendar)
    _print(deadline_text(found, rest, on, language()) if form == "text" else deadline_document(found, rest, on))
    _write_events(ics, [(found.last, text, deadline_text(found, None, on, language()))])


def _answer_complaint(
    events: tuple[str, ...], on: dt.date, region: str, readings: Readings, form: str, ics: Path | None
) -> None:
    from yiqi.cli.clock_text import complaint_text
    from yiqi.clock.complaint import complaint
    from yiqi.clock.complaint_events import read_event
    from yiqi.clock.complaint_periods import STEPS, Periods
    from yiqi.clock.document import complaint_document

    if region and not (region.isdigit() and 2 <= len(region) <= 6):
        raise click.UsageError(
            str(Text("a region code has two to six digits, such as 21", "地区代码为2至6位数字，例如21"))
        )
    read = [read_event(e, on) for e in events]
    found = complaint(read, on, _calendar(), Periods(_law()), region=region, readings=readings)
    text = complaint_text(found, language())
    _print(text if form == "text" else complaint_document(found))
    running = [d for d in found.duties if d.status in ("running", "overdue", "open") and d.deadline is not None]
    _write_events(
        ics, [(d.deadline.last, STEPS[d.step][0][language()], text) for d in running if d.deadline is not None]
    )


def _list_readings(form: str) -> None:
    from yiqi.cli.table import print_json
    from yiqi.clock.readings import OPTIONS, Readings

    if form == "json":
        rows: list[object] = [
            {
                "name": name,
                "question": question.as_dict(),
                "default": getattr(Readings(), name),
                "options": {option: meaning.as_dict() for option, meaning in options.items()},
            }
            for name, (question, options) in OPTIONS.items()
        ]
        print_json(rows)
        return
    for name, (question, options) in OPTIONS.items():
        click.echo(f"{name}: {question[language()]}" if language() == "en" else f"{name}：{question[language()]}")
        for option, meaning in options.items():
            default = str(Text(" (default)", "（默认）")) if option == getattr(Readings(), name) else ""
            click.echo(f"  {name}={option}{default}  {meaning[language()]}")


def _list_duties(form: str) -> None:
    from yiqi.cli.table import Column, print_json, print_table
    from yiqi.clock.document import named_duty_document
    from yiqi.clock.duties import duties

    every = list(duties(_law()))
    if form == "json":
        print_json([named_duty_document(d) for d in every])
        return
    columns = (
        Column("id", Text("Duty", "义务"), whole=True),
        Column("time", Text("Time", "期限")),
        Column("by", Text("By", "办理方")),
        Column("title", Text("Heading", "条款")),
    )
    print_table(columns, ((d.id, d.text[language()], d.actor[language()], d.title[language()]) for d in every))


def _print(found: str | dict[str, object]) -> None:
    from yiqi.cli.table import print_json

    if isinstance(found, str):
        click.echo(found, nl=False)
    else:
        print_json(found)


def _write_events(path: Path | None, events: list[tuple[DayRange | None, str, str]]) -> None:
    """Write an event for each deadline that has a day; says so when there is none to write."""
    if path is None:
        return
    from yiqi.clock.calendar_file import CalendarEvent, calendar_file
    from yiqi.facts.reading import CHINA_TIME

    found: list[CalendarEvent] = []
    for days, name, text in events:
        if days is None:
            continue
        label = Text(f"Last day: {name}", f"截止日：{name}")
        if not days.certain:
            label = Text(f"Last day between these: {name}", f"截止日在此期间：{name}")
        found.append(CalendarEvent(days.earliest, days.latest, str(label), text))
    if not found:
        said = Text("there is no last day to write into a calendar", "没有可写入日历的截止日")
        raise click.ClickException(str(said))
    beside = path.with_name(path.name + ".part")
    try:
        beside.write_bytes(calendar_file(found, dt.datetime.now(CHINA_TIME)))
        beside.replace(path)
    except OSError as error:
        beside.unlink(missing_ok=True)
        said = Text(f"'{path}' cannot be written: {error.strerror}", f"无法写入“{path}”：{error.strerror}")
        raise click.ClickException(str(said)) from None


def _calendar() -> Calendar:
    """The calendar; ends the command when the law folder has none."""
    from yiqi.clock.workdays import load_calendar

    try:
        return load_calendar()
    except FileNotFoundError as error:
        said = Text(f"the law folder has no calendar: '{error.filename}'", f"法规文件夹中没有日历：“{error.filename}”")
        raise click.UsageError(str(said)) from None


def _law() -> Law:
    from yiqi.law.library import load

    return load()
