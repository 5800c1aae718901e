"""`yiqi compare A B TABLE`: two versions of the law over one table, and the lines through which enterprises change."""

from __future__ import annotations

import datetime as dt
import json
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from yiqi.cli.assess import DAY, coloured, today, write
from yiqi.cli.language import Text, choose_language, language
from yiqi.cli.screen import _names, report_reading

if TYPE_CHECKING:
    from yiqi.report.comparison import ComparisonView
    from yiqi.screening.comparison import Comparison
    from yiqi.screening.preparing import Progress
    from yiqi.screening.summary import Cut
    from yiqi.screening.versions import Versions

WRONG = 1
WIDEST = 120
CHANGES_ENDINGS = (".csv", ".parquet")
_FORMS = {".html": "html", ".htm": "html", ".xlsx": "xlsx", ".json": "json"}
_CUTS: tuple[Cut, ...] = ("province", "industry", "size")
_DAY = re.compile(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}|[0-9]{4}年[0-9]{1,2}月[0-9]{1,2}日")

_STAGES = {
    "read": Text("Reading the table", "读取表格"),
    "rewrite": Text("Writing the table again, row by row", "逐行转写表格"),
    "look": Text("Looking at its cells", "检查单元格"),
    "interpret": Text("Reading what is written in words", "识别文字单元格"),
    "write": Text("Making the table ready", "整理数据"),
    "check": Text("Checking what figures owe each other", "核对数据关系"),
    "keys": Text("Looking for enterprises that stand twice", "查找重复企业"),
    "compare": Text("Judging under both versions", "按两个版本逐家评价"),
    "changes": Text("Writing the enterprises that change", "写出结论改变的企业"),
}


@click.command()
@click.argument("before", metavar="A")
@click.argument("after", metavar="B")
@click.argument("table", metavar="TABLE", type=click.Path(path_type=Path))
@click.option(
    "--on",
    "day",
    metavar="DATE",
    type=DAY,
    help="Day of the acts that both versions are asked about: today by default, of two days the later one. "
    "两个版本均按此日办理评价；默认当天，若给出两个日期则为较晚者。",
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
    help="Such as ladder.little_giant; by default all that both versions give. 评价项目，默认两个版本都有的全部项目。",
)
@click.option(
    "--by",
    metavar="LIST",
    default=",".join(_CUTS),
    show_default=True,
    help="What to count by: province, industry, size. 统计口径：省份、行业、规模。",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "html", "xlsx", "json"]),
    help="By default what the ending of --out says, else text. 输出格式，默认按--out的扩展名，否则为文本。",
)
@click.option(
    "--out", metavar="PATH", type=click.Path(path_type=Path), help="Write the report to this file. 报告写入文件。"
)
@click.option(
    "--changes",
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write every enterprise that changes, with its causes, as .parquet or .csv. "
    "将结论改变的全部企业及原因写入文件（.parquet或.csv）。",
)
@click.option(
    "--sample",
    type=click.IntRange(min=0, max=10_000),
    default=20,
    show_default=True,
    metavar="N",
    help="Enterprises of each scheme that the report names. 报告中每个项目列举的企业数。",
)
@click.option(
    "--year",
    type=int,
    metavar="YYYY",
    help="The year of headings per year that name none. 表头未写年度的年度指标属于哪一年。",
)
@click.option(
    "--map",
    "pairs",
    metavar="HEADING=FACT",
    multiple=True,
    help="What a heading means, such as 人数=employees_2025 or 备注=- to leave it aside. "
    "指定表头含义，如 人数=employees_2025；备注=- 表示不读。",
)
@click.option("--memory", metavar="SIZE", default="4GB", show_default=True, help="Most memory DuckDB uses. 内存上限。")
@click.option("--threads", type=click.IntRange(min=1), metavar="N", help="All cores by default. 线程数，默认全部核心。")
@click.option(
    "--lang", type=click.Choice(["en", "zh"]), expose_value=False, callback=choose_language, help="Language. 输出语言。"
)
def command(
    before: str,
    after: str,
    table: Path,
    day: dt.datetime | None,
    procedure: str,
    schemes: str,
    by: str,
    form: str | None,
    out: Path | None,
    changes: Path | None,
    sample: int,
    year: int | None,
    pairs: tuple[str, ...],
    memory: str,
    threads: int | None,
) -> None:
    """Compare two versions of the law over a TABLE of enterprises. 用同一张企业表对照两个版本的法规。

    A and B are two law files (law/ladder/miit-2022-63.md), a law file and an edited copy of it, two law folders, or two
    days (2025-06-30), for which the tables of versions decide. TABLE is CSV, Excel, Parquet, or a folder of Parquet, one
    enterprise per row. Exit code 0 when the table was compared, 1 when a file cannot be used, 2 when the command cannot
    be understood.
    """
    form = form or _FORMS.get(out.suffix.lower() if out is not None else "", "text")
    _check_places(form, out, changes)
    cuts = _cuts(by)
    names = _names(pairs)
    versions_given = _given(before), _given(after)
    folder = Path(tempfile.mkdtemp(prefix="yiqi-"))
    try:
        with _explained():
            versions = _versions(versions_given, day, procedure)
            with _progress() as progress:
                comparison = _compare(
                    versions, table, schemes, cuts, sample, year, names, memory, threads, folder, changes, progress
                )
            from yiqi.report.comparison import build_comparison

            _show(build_comparison(comparison, table=table.name), form, out)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    for place, said in (
        (out, Text("Report: {}", "报告：{}")),
        (changes, Text("Enterprises that change: {}", "结论改变的企业：{}")),
    ):
        if place is not None:
            click.echo(str(said).format(place), err=True)


# -- what was asked for --------------------------------------------------------------------------------------------------


def _given(text: str) -> dt.date | Path:
    """A day or a path; a file that is named like a day is a file."""
    path = Path(text)
    if _DAY.fullmatch(text) and not path.exists():
        return DAY.convert(text, None, click.get_current_context()).date()
    return path


def _check_places(form: str, out: Path | None, changes: Path | None) -> None:
    if out is None and form in ("html", "xlsx"):
        said = Text(f"--format {form} needs a file: --out PATH", f"--format {form}须写入文件：--out 文件")
        raise click.UsageError(str(said))
    if out is not None and out.is_dir():
        said = Text(f"'{out}' is a folder; --out needs a file.", f"“{out}”是文件夹，--out须为文件。")
        raise click.UsageError(str(said))
    if changes is not None and changes.suffix.lower() not in CHANGES_ENDINGS:
        said = Text(
            f"--changes must end in .parquet or .csv; '{changes.name}' does not.",
            f"--changes须以.parquet或.csv结尾，“{changes.name}”不是。",
        )
        raise click.UsageError(str(said))


def _cuts(by: str) -> tuple[Cut, ...]:
    wanted = [name for part in by.split(",") if (name := part.strip())]
    wrong = [name for name in wanted if name not in _CUTS]
    if wrong:
        said = Text(
            f"--by takes province, industry and size, not '{wrong[0]}'.",
            f"--by可用province（省份）、industry（行业）、size（规模），没有“{wrong[0]}”。",
        )
        raise click.UsageError(str(said))
    return tuple(cut for cut in _CUTS if cut in wanted)


def _versions(given: tuple[dt.date | Path, dt.date | Path], day: dt.datetime | None, procedure: str) -> Versions:
    from yiqi.screening.versions import read_versions

    days = [one for one in given if isinstance(one, dt.date)]
    on = day.date() if day is not None else max(days) if len(days) == len(given) else today()
    try:
        return read_versions(*given, on=on, procedure=procedure)
    except FileNotFoundError:
        from yiqi.law.library import default_folder

        said = Text(f"'{default_folder()}' is no folder of law files.", f"“{default_folder()}”不是法规文件夹。")
        raise click.UsageError(str(said)) from None


def _compare(
    versions: Versions, table: Path, schemes: str, cuts: tuple[Cut, ...], sample: int, year: int | None,
    names: dict[str, str], memory: str, threads: int | None, folder: Path, changes: Path | None, progress: Progress,
) -> Comparison:  # fmt: skip
    from yiqi.screening.changes_file import write_changes
    from yiqi.screening.comparing import chosen_schemes, compare
    from yiqi.screening.preparing import prepare
    from yiqi.screening.screened import connect

    wanted = [name for s in schemes.split(",") if (name := s.strip())] or None
    try:
        chosen = chosen_schemes(versions, wanted)
    except KeyError as error:
        raise click.UsageError(str(_unknown_scheme(str(error.args[0]), versions))) from None
    connection = connect(memory, threads, folder / "spill")
    (folder / "prepared").mkdir()
    preparation = prepare(
        connection, table, versions.vocabulary, on=versions.on, year=year, names=names, progress=progress,
        folder=folder / "prepared",
    )  # fmt: skip
    report_reading(preparation)
    comparison = compare(
        connection, versions, preparation.required(), schemes=chosen, cuts=cuts, examples=sample,
        progress=lambda share: progress("compare", share),
    )  # fmt: skip
    if changes is not None:
        changes.parent.mkdir(parents=True, exist_ok=True)
        write_changes(connection, comparison.query, changes, lambda share: progress("changes", share))
    return comparison


def _unknown_scheme(name: str, versions: Versions) -> Text:
    from yiqi.law.diagnostics import nearest

    near = nearest(name, [*versions.schemes, *{s.partition(".")[0] for s in versions.schemes}])
    names = ", ".join(versions.schemes)
    return Text(
        f"there is no scheme {name!r}"
        + (f"; did you mean {near!r}?" if near else ".")
        + f" Both versions give: {names}",
        f"没有评价项目“{name}”" + (f"，是否想写“{near}”？" if near else "。") + f"两个版本都有：{names}",
    )


# -- the report -----------------------------------------------------------------------------------------------------------


def _show(view: ComparisonView, form: str, out: Path | None) -> None:
    spoken = language()
    if form == "xlsx":
        from yiqi.report.comparison_workbook import write_comparison_workbook

        assert out is not None
        out.parent.mkdir(parents=True, exist_ok=True)
        write_comparison_workbook(out, view)
        return
    if form == "html":
        from yiqi.report.comparison_html import render_comparison_html

        text = render_comparison_html(view, spoken)
    elif form == "json":
        from yiqi.report.comparison_json import as_dict

        text = json.dumps(as_dict(view), ensure_ascii=False, indent=2) + "\n"
    else:
        from yiqi.report.comparison_text import render_comparison
        from yiqi.report.terminal import WIDTH, plain

        on_terminal = out is None and sys.stdout.isatty()
        width = min(shutil.get_terminal_size().columns, WIDEST) if on_terminal else WIDTH
        text = render_comparison(view, spoken, coloured if on_terminal else plain, width)
    if out is None:
        click.echo(text, nl=False)
    else:
        write(out, text)


# -- around it ------------------------------------------------------------------------------------------------------------


@contextmanager
def _progress() -> Iterator[Progress]:
    """A bar with an estimate of the time left, for a person at a terminal; nothing for a program."""
    if not sys.stderr.isatty():
        yield lambda _stage, _share: None
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        Progress,
        TaskProgressColumn,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    with Progress(
        TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn(), TimeRemainingColumn(),
        console=Console(stderr=True), transient=True,
    ) as bar:  # fmt: skip
        tasks: dict[str, Any] = {}

        def show(stage: str, share: float) -> None:
            if stage not in tasks:
                tasks[stage] = bar.add_task(str(_STAGES.get(stage, Text(stage, stage))), total=1.0)
            bar.update(tasks[stage], completed=share)

        yield show


@contextmanager
def _explained() -> Iterator[None]:
    """Say what to do about what can go wrong on the way."""
    import duckdb

    from yiqi.cli.stopped import why_stopped
    from yiqi.law.diagnostics import DiagnosticError
    from yiqi.screening.planes import TooLargeError

    try:
        yield
    except DiagnosticError as error:
        click.echo(error.render(language()), err=True)
        sys.exit(WRONG)
    except TooLargeError as error:
        said = Text(
            f"{error.args[0]}: its figures could pass 38 digits, which no table engine computes exactly.",
            f"{error.args[0]}：其数值可能超过38位，数据引擎无法精确计算。",
        )
        raise click.ClickException(str(said)) from None
    except (duckdb.Error, OSError) as error:
        click.echo(str(why_stopped(error)), err=True)
        sys.exit(WRONG)
