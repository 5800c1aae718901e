"""`yiqi assess FILE`: one enterprise, every scheme, every reason."""

from __future__ import annotations

import datetime as dt
import json
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from yiqi.cli.language import Language, Text, choose_language, language

if TYPE_CHECKING:
    from yiqi.judge.answer import Answers
    from yiqi.judge.judge import Judge
    from yiqi.law.tree import Law

LAW_WRONG = 1
WIDEST = 110
"""Columns of a report on a wide terminal: longer lines are hard to read."""


class Day(click.ParamType[dt.datetime]):
    """A day, written 2026-11-23 or 2026年11月23日."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> dt.datetime:
        if isinstance(value, dt.datetime):
            return value
        for form in ("%Y-%m-%d", "%Y年%m月%d日"):
            try:
                return dt.datetime.strptime(str(value), form)  # noqa: DTZ007 - a day has no zone
            except ValueError:
                continue
        said = Text(f"'{value}' is no day; write it as 2026-11-23.", f"“{value}”不是日期，请写成2026-11-23。")
        self.fail(str(said), param, ctx)


DAY = Day()


@click.command()
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--on",
    "days",
    metavar="DATE",
    multiple=True,
    type=DAY,
    help="Day of the act, today by default; twice or more to see the days beside each other. "
    "办理日期，默认当天；写两次以上即对照各日期。",
)
@click.option(
    "--procedure",
    type=click.Choice(["new", "re_review"]),
    default="new",
    show_default=True,
    help="New application or re-review. 新申报或复核。",
)
@click.option(
    "--schemes",
    metavar="LIST",
    default="",
    help="Such as size,ladder.little_giant; all by default. 评价项目，默认全部。",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "html"]),
    help="By default what the ending of --out says, else text. 输出格式，默认按--out的扩展名，否则为文本。",
)
@click.option(
    "--out",
    metavar="PATH",
    type=click.Path(path_type=Path),
    help="Write to this file, or to a folder a report per FILE. 写入文件；若为文件夹，则每个FILE一份报告。",
)
@click.option("--details", is_flag=True, help="Every condition in the text report. 文本报告列出全部条件。")
@click.option(
    "--lang", type=click.Choice(["en", "zh"]), expose_value=False, callback=choose_language, help="Language. 输出语言。"
)
def command(
    files: tuple[Path, ...],
    days: tuple[dt.datetime, ...],
    procedure: str,
    schemes: str,
    form: str | None,
    out: Path | None,
    details: bool,
) -> None:
    """Judge one enterprise from a YAML, JSON or Excel fact sheet. 评价一家企业。

    Several FILEs are several enterprises, each with a report of its own. Exit code 0 when all were judged, 1 when a file
    has errors, 2 when the command cannot be understood.
    """
    from yiqi.facts.reading import read_fact_sheet
    from yiqi.judge.judge import Judge

    form = form or {".html": "html", ".htm": "html", ".json": "json"}.get(out.suffix.lower() if out else "", "text")
    folder, names = _folder(files, form, out)
    spoken = language()
    law = _law()
    judge = Judge(law)
    chosen = chosen_schemes(judge, schemes)
    asked = tuple(dict.fromkeys(day.date() for day in days)) or (today(),)
    parts: list[str] = []
    documents: list[object] = []
    judged = 0
    for number, path in enumerate(files):
        # A sheet may know more than the day it is judged for: it is read as of the later of both.
        reading = read_fact_sheet(path, law.vocabulary.of("enterprise"), max(today(), *asked))
        for diagnostic in reading.diagnostics:
            click.echo(diagnostic.render(spoken), err=True)
        if reading.sheet is None:
            continue
        judged += 1
        answers = [judge.judge(reading.sheet, day, procedure, chosen) for day in asked]
        if form == "json":
            documents.extend(_document(each, law) for each in answers)
        else:
            parts.append(_report(answers, law, form, spoken, details, out is None and sys.stdout.isatty()))
        if folder is not None:
            write(folder / names[number], _json(documents) if form == "json" else parts[0])
            parts.clear()
            documents.clear()
    text = _json(documents) if documents else "\n".join(parts)
    if text and out is not None:
        write(out, text)
    elif text:
        click.echo(text, nl=False)
    sys.exit(0 if judged == len(files) else 1)


def today() -> dt.date:
    """The day in China, where the law counts it, wherever the program runs."""
    from yiqi.facts.reading import CHINA_TIME

    return dt.datetime.now(CHINA_TIME).date()


def chosen_schemes(judge: Judge, schemes: str) -> tuple[str, ...]:
    """The schemes that ``--schemes`` names; ends the command with advice for a name there is not."""
    try:
        return judge.schemes([name for s in schemes.split(",") if (name := s.strip())] or None)
    except KeyError as error:
        raise click.UsageError(str(_unknown_scheme(str(error.args[0]), judge.law))) from None


def _unknown_scheme(name: str, law: Law) -> Text:
    from yiqi.law.diagnostics import nearest

    near = nearest(name, [*law.schemes, *{s.partition(".")[0] for s in law.schemes}])
    names = ", ".join(law.schemes)
    return Text(
        f"there is no scheme {name!r}" + (f"; did you mean {near!r}?" if near else ".") + f" Schemes: {names}",
        f"没有评价项目“{name}”" + (f"，是否想写“{near}”？" if near else "。") + f"可用：{names}",
    )


def _law() -> Law:
    """The law; ends the command with what is wrong with it, in the language asked for."""
    from yiqi.law.diagnostics import DiagnosticError
    from yiqi.law.library import default_folder, load

    try:
        return load()
    except FileNotFoundError:
        folder = default_folder()
        said = Text(f"'{folder}' is no folder of law files.", f"“{folder}”不是法规文件夹。")
        raise click.UsageError(str(said)) from None
    except DiagnosticError as error:
        click.echo(error.render(language()), err=True)
        sys.exit(LAW_WRONG)


def _folder(files: tuple[Path, ...], form: str, out: Path | None) -> tuple[Path | None, list[str]]:
    """The folder that gets a report of its own for each file, and the names; None for the screen or a single file."""
    if len(files) > 1 and form == "html":
        if out is None or out.is_file():
            said = Text("several pages need a folder: --out FOLDER", "多份网页报告须写入文件夹：--out 文件夹")
            raise click.UsageError(str(said))
    elif out is None or not out.is_dir():
        return None, []
    names = [f"{path.stem}.{'txt' if form == 'text' else form}" for path in files]
    if len(set(names)) < len(names):
        said = Text("two of the files have the same name; so would their reports", "有两个文件同名，报告会互相覆盖")
        raise click.UsageError(str(said))
    return out, names


def _document(answers: Answers, law: Law) -> dict[str, Any]:
    """The answers, and where measures were asked for, their list."""
    from yiqi.relief.document import relief_document
    from yiqi.relief.entitlements import entitlements

    document = answers.as_dict()
    found = entitlements(answers, law)
    return document | {"relief": relief_document(found)} if found.every else document


def _json(documents: list[object]) -> str:
    whole = documents[0] if len(documents) == 1 else documents
    return json.dumps(whole, ensure_ascii=False, indent=2) + "\n"


def _report(answers: list[Answers], law: Law, form: str, spoken: Language, details: bool, on_terminal: bool) -> str:
    if form == "html":
        from yiqi.report.html import render_days_html, render_html

        if len(answers) > 1:
            from yiqi.report.days import build_days

            return render_days_html(build_days(answers, law), spoken)
        from yiqi.report.view import build_view

        return render_html(build_view(answers[0], law), spoken)
    from yiqi.report.terminal import WIDTH, plain

    style = coloured if on_terminal else plain
    width = min(shutil.get_terminal_size().columns, WIDEST) if on_terminal else WIDTH
    if len(answers) > 1:
        from yiqi.report.days import build_days
        from yiqi.report.days_text import render_days

        return render_days(build_days(answers, law), spoken, style, width)
    from yiqi.report.text import render_text
    from yiqi.report.view import build_view

    return render_text(build_view(answers[0], law), spoken, details=details, style=style, width=width)


def coloured(text: str, outcome: str) -> str:
    """A text in the colour of an outcome, for a terminal; the words say the same."""
    from yiqi.report.terminal import COLOURS

    colour = COLOURS.get(outcome)
    return click.style(text, fg=colour) if colour else text


def write(path: Path, text: str) -> None:
    """Write beside the target and move over it, so that an interrupted run leaves the old file whole."""
    beside = path.with_name(path.name + ".part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside.write_text(text, encoding="utf-8")
        beside.replace(path)
    except OSError as error:
        said = Text(f"'{path}' cannot be written: {error.strerror}", f"无法写入“{path}”：{error.strerror}")
        raise click.ClickException(str(said)) from None
