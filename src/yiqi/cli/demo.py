"""`yiqi demo`: the main job on sample enterprises, in one command that ends by itself."""

from __future__ import annotations

import datetime as dt
import shutil
import sys
from pathlib import Path

import click

from yiqi.cli.language import Language, Text, language

SHOWN = ("near-miss-main-business.yaml", "half-the-facts.yaml", "meets-every-condition.yaml")
COMPARED = "guangdong-pass-mark.yaml"
LANGUAGES: tuple[Language, ...] = ("zh", "en")
DAYS = (dt.date(2025, 12, 15), dt.date(2026, 11, 23))
DAY = DAYS[-1]
"""The day for which the samples were written: their figures are those of the years it asks for, whatever the clock says."""


def examples_folder() -> Path | None:
    """The sample enterprises of a checkout; None in an installation without them."""
    folder = Path(__file__).resolve().parents[3] / "examples"
    return folder if folder.is_dir() else None


@click.command()
@click.option(
    "--out",
    default="yiqi-demo",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder for the pages. 报告文件夹。",
)
def command(out: Path) -> None:
    """Judge sample enterprises and write their reports. 评价示例企业并生成报告。"""
    from yiqi.cli.assess import WIDEST, coloured, write
    from yiqi.facts.reading import read_fact_sheet
    from yiqi.judge.judge import Judge
    from yiqi.law.library import load
    from yiqi.report.days import build_days
    from yiqi.report.days_text import render_days
    from yiqi.report.html import render_days_html, render_html
    from yiqi.report.terminal import WIDTH, plain
    from yiqi.report.text import render_text
    from yiqi.report.view import build_view

    lang = language()
    folder = examples_folder()
    if folder is None:
        raise click.ClickException(
            str(Text("the sample enterprises come with the source code", "示例企业随源代码提供"))
        )
    law = load()
    judge = Judge(law)
    on_terminal = sys.stdout.isatty()
    style = coloured if on_terminal else plain
    width = min(shutil.get_terminal_size().columns, WIDEST) if on_terminal else WIDTH
    rule = "─" * min(width, 72)
    for name in SHOWN:
        sheet = read_fact_sheet(folder / name, law.vocabulary.of("enterprise"), DAY).required()
        view = build_view(judge.judge(sheet, DAY, "new", judge.schemes(["size", "ladder"])), law)
        click.echo(f"{rule}\n$ yiqi assess examples/{name} --on {DAY}\n")
        click.echo(render_text(view, lang, style=style, width=width))
        for spoken in LANGUAGES:
            write(out / f"{Path(name).stem}.{spoken}.html", render_html(view, spoken))
    sheet = read_fact_sheet(folder / COMPARED, law.vocabulary.of("enterprise"), DAY).required()
    days = build_days([judge.judge(sheet, day, "new", judge.schemes(["ladder"])) for day in DAYS], law)
    click.echo(f"{rule}\n$ yiqi assess examples/{COMPARED} --on {DAYS[0]} --on {DAYS[1]}\n")
    click.echo(render_days(days, lang, style, width))
    for spoken in LANGUAGES:
        write(out / f"{Path(COMPARED).stem}.{spoken}.html", render_days_html(days, spoken))
    click.echo(rule)
    said = Text(
        f"Pages to open in a browser or print, Chinese and English: {out}/\n"
        "Next: ./yiqi template (a sheet to fill in), ./yiqi assess YOUR-SHEET.xlsx, ./yiqi interview (by questions),\n"
        "./yiqi law show miit-2026-2#little_giant (the rule itself).",
        f"可在浏览器打开或打印的中英文报告：{out}/\n"
        "下一步：./yiqi template（生成填报表）、./yiqi assess 填好的表.xlsx、./yiqi interview（逐项问答）、\n"
        "./yiqi law show miit-2026-2#little_giant（查看规则原文）。",
    )
    click.echo(str(said))
