"""`yiqi digital FILE`: the digital level with every point, what it is worth, and the way to the next level."""

from __future__ import annotations

import datetime as dt
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from yiqi.cli.assess import DAY, LAW_WRONG, _law, _report, today
from yiqi.cli.language import Text, choose_language, language

if TYPE_CHECKING:
    from yiqi.digital.worth import Worth
    from yiqi.facts.sheet import FactSheet
    from yiqi.judge.answer import Answers
    from yiqi.judge.judge import Judge
    from yiqi.path.answer import Finding

SCHEME = "digital.level"
HIGHEST = 4


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--on", "day", metavar="DATE", type=DAY, help="Day of the assessment, today by default. 评测日期，默认当天。"
)
@click.option(
    "--fewest",
    is_flag=True,
    help="The way up with the fewest changes instead of the least cost. 改变事项最少，而非成本最低。",
)
@click.option("--details", is_flag=True, help="Every condition. 列出全部条件。")
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True, help="输出格式。"
)
@click.option(
    "--lang", type=click.Choice(["en", "zh"]), expose_value=False, callback=choose_language, help="Language. 输出语言。"
)
def command(file: Path, day: dt.datetime | None, fewest: bool, details: bool, form: str) -> None:
    """The digital level: every point explained, what it is worth, the way up. 数字化水平：逐项得分、用处和提升路径。

    Without a fact sheet, be asked: `yiqi interview --schemes digital.level`. Exit code 0 when the level was worked out,
    1 when the file has errors.
    """
    from yiqi.digital.worth import worth
    from yiqi.facts.reading import read_fact_sheet
    from yiqi.judge.judge import Judge

    law = _law()
    judge = Judge(law)
    on = day.date() if day is not None else today()
    reading = read_fact_sheet(file, law.vocabulary.of("enterprise"), max(today(), on))
    for diagnostic in reading.diagnostics:
        click.echo(diagnostic.render(language()), err=True)
    if reading.sheet is None:
        sys.exit(LAW_WRONG)
    answers = judge.judge(reading.sheet, on, "new", judge.schemes(["digital"]))
    found = worth(judge, reading.sheet, on)
    target = _next(answers)
    finding = _way_up(judge, reading.sheet, target, on, fewest) if target is not None else None
    if form == "json":
        document: dict[str, Any] = answers.as_dict() | {
            "worth": [_worth_json(w) for w in found],
            "next_level": target,
            "way_up": finding.as_dict() if finding is not None else None,
        }
        click.echo(json.dumps(document, ensure_ascii=False, indent=2))
        return
    click.echo(_report([answers], law, "text", language(), details, sys.stdout.isatty()), nl=False)
    click.echo()
    for line in _worth_lines(found):
        click.echo(line)
    if finding is not None:
        from yiqi.report.path_text import render_path

        click.echo()
        click.echo(render_path(finding, language()), nl=False)
    elif target is None and SCHEME in [a.scheme.id for a in answers]:
        click.echo()
        said = Text(
            "The way up is shown once one level is certain, below the highest.",
            "确定为某一级（且未达最高级）后，显示提升路径。",
        )
        click.echo(str(said))


def _next(answers: Answers) -> int | None:
    """The level above the one that was worked out; None where it is open or the highest."""
    possible = next((a.possible for a in answers if a.scheme.id == SCHEME), None)
    if possible is None or len(possible) != 1:
        return None
    stem, _, number = possible[0].rpartition("_")
    level = int(number) if stem == "level" and number.isdigit() else 0 if possible[0] == "no_level" else HIGHEST
    return level + 1 if level < HIGHEST else None


def _way_up(judge: Judge, sheet: FactSheet, level: int, on: dt.date, fewest: bool) -> Finding | None:
    from yiqi.path.finder import PathFinder
    from yiqi.path.target import NoRuleError

    try:
        return PathFinder(judge).find(sheet, f"{SCHEME}={level}", on, "new", fewest=fewest)
    except NoRuleError:
        return None


def _worth_lines(found: tuple[Worth, ...]) -> list[str]:
    if not found:
        return [str(Text("On this day no other rule of the law asks for the level.", "当日没有其他规定使用该等级。"))]
    lines = [str(Text("What the level is worth elsewhere", "该等级的其他用处"))]
    for each in found:
        lines.append(
            f"  {each.scheme.title[language()]} · {each.title[language()]} ({each.cite[language()]}) [{each.confidence}]"
        )
        values = [_value(v) for v in each.by_level]
        lines.append("    " + ", ".join(f"{level}: {value}" for level, value in enumerate(values)))
    return lines


def _value(value: tuple[int, int] | int) -> str:
    from yiqi.report.phrases import OUTCOMES, range_text

    if isinstance(value, tuple):
        return range_text(*value)[language()]
    return OUTCOMES[{2: "yes", 1: "unknown", 0: "no"}[value]][language()]


def _worth_json(found: Worth) -> dict[str, Any]:
    from yiqi.judge.reasons import points_json

    return {
        "scheme": found.scheme.id,
        "id": found.id,
        "title": found.title.as_dict(),
        "cite": found.cite.as_dict(),
        "confidence": found.confidence,
        "by_level": [
            {"low": points_json(v[0]), "high": points_json(v[1])}
            if isinstance(v, tuple)
            else {2: "yes", 1: "unknown", 0: "no"}[v]
            for v in found.by_level
        ],
    }
