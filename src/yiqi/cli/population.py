"""`yiqi population --rows N`: a made-up country of enterprises, fitted to published totals."""

from __future__ import annotations

import datetime as dt
import re
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from yiqi.cli.assess import DAY, WIDEST, _law, today, write
from yiqi.cli.language import Text, choose_language, language

CANNOT = 1
_NUMBER = re.compile(r"(-?[0-9]+(?:\.[0-9]+)?)(万|亿|k|m)?", re.IGNORECASE)
_TIMES = {"": 1, "k": 1_000, "m": 1_000_000, "万": 10_000, "亿": 100_000_000}


class Count(click.ParamType[int]):
    """A whole number, written 60000000, 60,000,000, 60m or 6000万."""

    name = "number"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        if isinstance(value, int):
            return value
        text = re.sub(r"[,，_\s]", "", str(value))
        match = _NUMBER.fullmatch(text)
        if match is not None:
            number = float(match[1]) * _TIMES[(match[2] or "").lower()]
            if number == int(number):
                return int(number)
        said = Text(
            f"'{value}' is no whole number; write it as 1000000, 1m or 100万.",
            f"“{value}”不是整数，请写成1000000、1m或100万。",
        )
        self.fail(str(said), param, ctx)


@click.command()
@click.option(
    "--rows",
    metavar="N",
    required=True,
    type=Count(),
    help="How many enterprises, such as 1000000, 1m or 100万. 企业数。",
)
@click.option(
    "--out",
    metavar="PATH",
    type=click.Path(path_type=Path),
    default="population.parquet",
    show_default=True,
    help="Ending in .parquet (to be screened), .csv or .xlsx (to be read). 输出文件；.parquet供筛查，.csv、.xlsx供阅读。",
)
@click.option(
    "--page",
    metavar="PAGE.html",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write fitted against published as a page too. 另存拟合值与公布值对照页。",
)
@click.option("--seed", type=int, default=1, show_default=True, help="Another seed, other enterprises. 随机种子。")
@click.option(
    "--on",
    "day",
    metavar="DATE",
    type=DAY,
    help="Day of the acts: sets the years; today by default. 办理日期，决定年度。",
)
@click.option("--force", is_flag=True, help="Replace what is there. 替换已有的输出。")
@click.option(
    "--lang",
    type=click.Choice(["en", "zh"]),
    expose_value=False,
    is_eager=True,  # before the others, whose errors are in this language
    callback=choose_language,
    help="Language. 输出语言。",
)
def command(rows: int, out: Path, page: Path | None, seed: int, day: dt.datetime | None, force: bool) -> None:
    """Make a synthetic population fitted to published totals. 生成按公开统计总量拟合的合成企业。

    The same number of rows, seed and year give the same file. A run that was stopped goes on when it is started again.
    Exit code 0 when the population is there, 1 when it could not be made, 2 when the command cannot be understood.
    """
    from yiqi.pulse.population import make
    from yiqi.pulse.request import PopulationError, Request, check
    from yiqi.report.population_page import render_population
    from yiqi.report.population_text import render_population_text
    from yiqi.report.population_view import build_population

    spoken = language()
    request = Request(rows, (day.date() if day else today()).year - 1, seed, out, force)
    started = time.monotonic()
    try:
        check(request)
        _check_page(page, force)
        law = _law()
        with _progress() as progress:
            population = make(law, request, progress)
    except PopulationError as error:
        click.echo(_error(error.message[spoken]), err=True)
        sys.exit(CANNOT)
    except KeyboardInterrupt:
        said = Text("Stopped. The same command goes on from here.", "已停止。重新运行同一命令即可从此处继续。")
        click.echo(str(said), err=True)
        sys.exit(130)
    view = build_population(population)
    width = min(shutil.get_terminal_size().columns, WIDEST) if sys.stdout.isatty() else 100
    click.echo(render_population_text(view, spoken, width))
    if page is not None:
        write(page, render_population(view, spoken))
    click.echo(_done(out, page, population.resumed, time.monotonic() - started))


def _check_page(page: Path | None, force: bool) -> None:
    if page is None:
        return
    if page.suffix.lower() not in (".html", ".htm"):
        raise click.UsageError(str(Text(f"--page {page}: a page ends in .html", f"--page {page}：页面应以.html结尾")))
    if page.exists() and not force:
        raise click.UsageError(str(Text(f"{page} exists; --force replaces it", f"{page}已存在；加--force可替换")))


def _done(out: Path, page: Path | None, resumed: int, seconds: float) -> str:
    size = sum(p.stat().st_size for p in out.rglob("*")) if out.is_dir() else out.stat().st_size
    lines = [
        Text(
            f"Written: {out} ({size / 1e6:,.1f} MB, {seconds:,.0f} s)",
            f"已写入{out}（{size / 1e6:,.1f} MB，{seconds:,.0f}秒）",
        )
    ]
    if resumed:
        lines.append(Text(f"{resumed:,} rows were there from an earlier run.", f"其中{resumed:,}行为上次运行所得。"))
    if page is not None:
        lines.append(Text(f"Fitted against published: {page}", f"拟合值与公布值对照：{page}"))
    return "\n".join(map(str, lines))


def _error(message: str) -> str:
    return str(Text(f"Error: {message}", f"错误：{message}"))


@contextmanager
def _progress() -> Iterator[Callable[[str, int, int], None]]:
    """A bar with the time left on a terminal; nothing elsewhere."""
    if not sys.stderr.isatty():
        yield lambda _stage, _done, _rows: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskID, TaskProgressColumn, TextColumn, TimeRemainingColumn

    # Put into words here: the threads that tell of rows know no language.
    drawing, writing = str(Text("Drawing rows", "生成数据")), str(Text("Writing the file", "写入文件"))
    stages = {"draw": drawing, "write": writing}
    left = TextColumn(str(Text("left", "剩余")))
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn(), left)
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        tasks: dict[str, TaskID] = {"draw": bar.add_task(str(Text("Fitting", "拟合")), total=None)}

        def tell(stage: str, done: int, rows: int) -> None:
            if stage not in tasks:
                tasks[stage] = bar.add_task("", total=rows)
            bar.update(tasks[stage], description=stages[stage], completed=done, total=rows)

        yield tell
