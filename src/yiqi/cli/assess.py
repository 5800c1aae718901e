"""`yiqi assess FILE`: one enterprise, every scheme, every reason."""

from __future__ import annotations

import datetime as dt
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from yiqi.cli.language import Language, Text, choose_language, language

if TYPE_CHECKING:
    from yiqi.judge.answer import Answers
    from yiqi.judge.judge import Judge
    from yiqi.law.tree import Law

DAY = click.DateTime(formats=["%Y-%m-%d", "%Y年%m月%d日"])


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--on", "days", multiple=True, type=DAY, help="Day of the act; twice to compare. 办理日期，可写两次以比较。"
)
@click.option("--procedure", type=click.Choice(["new", "re_review"]), default="new", help="新申报或复核。")
@click.option("--schemes", default="", help="Such as size,ladder.little_giant; all by default. 评价项目，默认全部。")
@click.option("--format", "form", type=click.Choice(["text", "json", "html"]), default="text", help="输出格式。")
@click.option("--out", type=click.Path(path_type=Path), help="Write to this file. 写入文件。")
@click.option("--details", is_flag=True, help="Every condition in the text report. 文本报告列出全部条件。")
@click.option(
    "--lang", type=click.Choice(["en", "zh"]), expose_value=False, callback=choose_language, help="Language. 输出语言。"
)
def command(
    files: tuple[Path, ...],
    days: tuple[dt.datetime, ...],
    procedure: str,
    schemes: str,
    form: str,
    out: Path | None,
    details: bool,
) -> None:
    """Judge one enterprise from a YAML, JSON or Excel fact sheet. 评价一家企业。"""
    from yiqi.facts.reading import read_fact_sheet
    from yiqi.judge.judge import Judge
    from yiqi.law.library import load

    spoken = language()
    law = load()
    judge = Judge(law)
    chosen = chosen_schemes(judge, schemes)
    asked = tuple(day.date() for day in days) or (today(),)
    parts: list[str] = []
    documents: list[object] = []
    failed = False
    for path in files:
        # A sheet may know more than the day it is judged for: it is read as of the later of both.
        reading = read_fact_sheet(path, law.vocabulary, max(today(), *asked))
        for diagnostic in reading.diagnostics:
            click.echo(diagnostic.render(spoken), err=True)
        if reading.sheet is None:
            failed = True
            continue
        answers = [judge.judge(reading.sheet, day, procedure, chosen) for day in asked]
        if form == "json":
            documents.extend(a.as_dict() for a in answers)
        else:
            parts.append(_report(answers, law, form, spoken, details, out is None and sys.stdout.isatty()))
    if form == "json" and documents:
        parts = [json.dumps(documents[0] if len(documents) == 1 else documents, ensure_ascii=False, indent=2) + "\n"]
    text = "\n".join(parts)
    if out is not None and text:
        _write(out, text)
    elif text:
        click.echo(text, nl=False)
    sys.exit(1 if failed else 0)


def today() -> dt.date:
    """The day on this machine's calendar: a person asks about the day where they are."""
    return dt.date.today()  # noqa: DTZ011


def chosen_schemes(judge: Judge, schemes: str) -> tuple[str, ...]:
    """The schemes that ``--schemes`` names; ends the command with advice for a name there is not."""
    try:
        return judge.schemes([s for s in schemes.split(",") if s] or None)
    except KeyError as error:
        raise click.UsageError(str(_unknown_scheme(str(error.args[0]), judge.law))) from None


def _unknown_scheme(name: str, law: Law) -> Text:
    from yiqi.law.diagnostics import nearest

    near = nearest(name, [*law.schemes, *{s.partition(".")[0] for s in law.schemes}])
    names = ", ".join(law.schemes)
    return Text(
        f"there is no scheme {name!r}" + (f"; did you mean {near!r}?" if near else "") + f" Schemes: {names}",
        f"没有评价项目“{name}”" + (f"，是否想写“{near}”？" if near else "。") + f"可用：{names}",
    )


def _report(answers: list[Answers], law: Law, form: str, spoken: Language, details: bool, coloured: bool) -> str:
    from yiqi.report.view import build_view

    views = [build_view(a, law) for a in answers]
    if form == "html":
        from yiqi.report.html import render_html

        return render_html(views, spoken)
    from yiqi.report.compare import render_comparison
    from yiqi.report.text import COLOURS, plain, render_text

    def style(text: str, outcome: str) -> str:
        colour = COLOURS.get(outcome)
        return click.style(text, fg=colour) if colour else text

    chosen = style if coloured else plain
    if len(views) > 1:
        return render_comparison(views, spoken, chosen)
    return render_text(views[0], spoken, details=details, style=chosen)


def _write(path: Path, text: str) -> None:
    """Write beside the target and move over it, so that an interrupted run leaves the old file whole."""
    beside = path.with_name(path.name + ".part")
    try:
        beside.write_text(text, encoding="utf-8")
        beside.replace(path)
    except OSError as error:
        raise click.ClickException(f"{path}: {error.strerror}") from None
