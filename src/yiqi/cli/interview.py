"""`yiqi interview`: the same answers by questions, in a terminal or from a script of answers on standard input."""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from yiqi.cli.assess import DAY, today
from yiqi.cli.language import Text, choose_language, language

if TYPE_CHECKING:
    from yiqi.facts.sheet import FactSheet
    from yiqi.judge.judge import Judge


@click.command()
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.option("--on", "day", type=DAY, help="Day of the act; today by default. 办理日期，默认今天。")
@click.option("--procedure", type=click.Choice(["new", "re_review"]), default="new", help="新申报或复核。")
@click.option("--schemes", default="", help="Such as size,ladder.little_giant; all by default. 评价项目，默认全部。")
@click.option(
    "--save", type=click.Path(path_type=Path), help="Keep the answers in this YAML file. 将回答存入YAML文件。"
)
@click.option(
    "--lang", type=click.Choice(["en", "zh"]), expose_value=False, callback=choose_language, help="Language. 输出语言。"
)
def command(file: Path | None, day: dt.datetime | None, procedure: str, schemes: str, save: Path | None) -> None:
    """Judge one enterprise by questions; begins from FILE where there is one. 逐项提问评价企业。"""
    from yiqi.cli.assess import chosen_schemes
    from yiqi.cli.dialogue import Dialogue
    from yiqi.judge.interview import Interview
    from yiqi.judge.judge import Judge
    from yiqi.law.library import load

    if save is not None:
        _check_place(save, file)
    judge = Judge(load())
    on = day.date() if day is not None else today()
    chosen = chosen_schemes(judge, schemes)
    sheet = _sheet(file, judge, on) if file is not None else None
    interview = Interview(judge, chosen, on, procedure, sheet)
    sys.exit(Dialogue(interview, language(), save).run())


def _sheet(file: Path, judge: Judge, on: dt.date) -> FactSheet:
    """The sheet to begin from. Ends the command when it cannot be used."""
    from yiqi.facts.reading import read_fact_sheet

    reading = read_fact_sheet(file, judge.law.vocabulary.of("enterprise"), max(today(), on))
    for diagnostic in reading.diagnostics:
        click.echo(diagnostic.render(language()), err=True)
    if reading.sheet is None:
        sys.exit(1)
    return reading.sheet


def _check_place(save: Path, file: Path | None) -> None:
    """Refuse at once a file that could not be written at the end, or that holds something else."""
    if save.suffix.lower() not in (".yaml", ".yml"):
        raise click.UsageError(
            str(Text(f"--save writes YAML; call it {save.stem}.yaml", f"--save写入YAML，请命名为{save.stem}.yaml"))
        )
    if not save.resolve().parent.is_dir():
        raise click.UsageError(str(Text(f"there is no folder {save.parent}", f"没有文件夹{save.parent}")))
    if save.exists() and (file is None or save.resolve() != file.resolve()):
        raise click.UsageError(
            str(
                Text(
                    f"{save} exists; to go on from it: yiqi interview {save} --save {save}",
                    f"{save}已存在；如需继续填写：yiqi interview {save} --save {save}",
                )
            )
        )
