"""`yiqi screen TABLE`: every enterprise of a table, with its reasons, and the table as a whole."""

from __future__ import annotations

import datetime as dt
import json
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from yiqi.cli.assess import DAY, _law, chosen_schemes, today
from yiqi.cli.language import Text, choose_language, language

if TYPE_CHECKING:
    from yiqi.judge.judge import Judge
    from yiqi.report.screening import ScreeningView
    from yiqi.screening.preparing import Preparation
    from yiqi.screening.screened import Progress, Screened

TABLE_WRONG = 1
ENDINGS = (".csv", ".parquet", ".xlsx")

_STAGES = {
    "read": Text("Reading the table", "读取表格"),
    "rewrite": Text("Writing the table again, row by row", "逐行转写表格"),
    "look": Text("Looking at its cells", "检查单元格"),
    "interpret": Text("Reading what is written in words", "识别文字单元格"),
    "write": Text("Making the table ready", "整理数据"),
    "check": Text("Checking what figures owe each other", "核对数据关系"),
    "keys": Text("Looking for enterprises that stand twice", "查找重复企业"),
    "screen": Text("Judging every enterprise", "逐家评价"),
    "answer": Text("Answering every line", "逐笔计算"),
    "out": Text("Writing the answers", "写出结果"),
}


@click.command()
@click.argument("table", metavar="TABLE", type=click.Path(path_type=Path))
@click.option("--on", "day", metavar="DATE", type=DAY, help="Day of the act, today by default. 办理日期，默认当天。")
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
    "--out",
    metavar="PATH",
    type=click.Path(path_type=Path),
    help="Write one line per enterprise, as .csv, .xlsx or .parquet. 逐家结果写入文件（.csv、.xlsx或.parquet）。",
)
@click.option(
    "--reasons",
    type=click.Choice(["none", "ids", "packed"]),
    default="none",
    show_default=True,
    help="With --out: the ids of failed and open conditions, or the same packed into bits for very large tables. "
    "结果中附不满足和待定的条件编号；packed为压缩形式，适合超大表。",
)
@click.option(
    "--amounts",
    is_flag=True,
    help="With --out: what each measure gives, in yuan, as a range while facts are missing. 结果中附各项措施的金额（元）。",
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
@click.option(
    "--bad",
    metavar="PATH",
    type=click.Path(path_type=Path),
    help="Where rows with unreadable cells are written too; beside --out by default. "
    "有无法识别单元格的行另存于此，默认与--out同目录。",
)
@click.option(
    "--state",
    metavar="FOLDER",
    type=click.Path(path_type=Path, file_okay=False),
    help="Keep what was computed here; the next run computes only what has changed. "
    "保留计算结果，下次只重算有变化的部分。",
)
@click.option(
    "--engine",
    type=click.Choice(["duckdb", "spark"]),
    default="duckdb",
    show_default=True,
    help="Spark needs Java 17 and yiqi[spark]. 使用Spark需要Java 17和yiqi[spark]。",
)
@click.option("--master", metavar="URL", default="local[*]", show_default=True, help="Spark's master. Spark集群地址。")
@click.option("--memory", metavar="SIZE", default="4GB", show_default=True, help="Most memory DuckDB uses. 内存上限。")
@click.option("--threads", type=click.IntRange(min=1), metavar="N", help="All cores by default. 线程数，默认全部核心。")
@click.option(
    "--counts-only",
    is_flag=True,
    help="Leave out what keeps enterprises out and who is near: faster. 只统计结论，更快。",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="Form of the summary. 汇总的格式。",
)
@click.option(
    "--sql",
    type=click.Choice(["duckdb", "spark", "postgres"]),
    help="Print the query for this table instead of running it. 只打印查询语句，不执行。",
)
@click.option(
    "--lang", type=click.Choice(["en", "zh"]), expose_value=False, callback=choose_language, help="Language. 输出语言。"
)
def command(
    table: Path,
    day: dt.datetime | None,
    procedure: str,
    schemes: str,
    out: Path | None,
    reasons: str,
    amounts: bool,
    year: int | None,
    pairs: tuple[str, ...],
    bad: Path | None,
    state: Path | None,
    engine: str,
    master: str,
    memory: str,
    threads: int | None,
    counts_only: bool,
    form: str,
    sql: str | None,
) -> None:
    """Judge every enterprise of a TABLE: CSV, Excel, Parquet, or a folder of Parquet. 评价整张表的企业。

    One enterprise per row; headings are names of facts in Chinese or English, with the year and the unit, such as
    2025年营业收入（万元）. Exit code 0 when all rows were judged, 1 when the table cannot be read, 2 when the command
    cannot be understood.
    """
    from yiqi.judge.judge import Judge

    on = day.date() if day is not None else today()
    if out is not None and out.suffix.lower() not in ENDINGS:
        said = Text(
            f"--out must end in {', '.join(ENDINGS)}; '{out.name}' does not.", f"--out须以{'、'.join(ENDINGS)}结尾。"
        )
        raise click.UsageError(str(said))
    if reasons == "packed" and out is not None and out.suffix.lower() == ".xlsx":
        said = Text(
            "packed reasons go into .parquet or .csv; a workbook takes --reasons ids.",
            "packed须写入.parquet或.csv；工作簿请用--reasons ids。",
        )
        raise click.UsageError(str(said))
    if engine == "spark" and state is not None:
        said = Text(
            "--state goes with DuckDB; Spark computes everything each time.", "--state仅用于DuckDB；Spark每次全部计算。"
        )
        raise click.UsageError(str(said))
    if amounts and state is not None:
        said = Text("--amounts is computed each time; leave out --state.", "--amounts每次重新计算，请去掉--state。")
        raise click.UsageError(str(said))
    judge = Judge(_law())
    chosen = chosen_schemes(judge, schemes)
    names = _names(pairs)
    folder = _beside(out) if out is not None else Path(tempfile.mkdtemp(prefix="yiqi-"))
    with _explained(folder, kept=out is not None):
        if sql is not None:
            click.echo(_sql(judge, table, on, procedure, chosen, year, names, memory, folder, sql, amounts=amounts))
        else:
            screened = _screen(
                judge, table, on, procedure, chosen, year, names, memory, threads, folder, state,
                reasons=reasons, summary=not counts_only, engine=engine, master=master, amounts=amounts,
            )  # fmt: skip
            written = _write_bad(screened, bad, out)
            view = _view(screened, table)
            if out is not None:
                _write(screened, view, out, reasons)
            _print(screened, view, form, out, written)
    shutil.rmtree(folder, ignore_errors=True)


# -- the steps -----------------------------------------------------------------------------------------------------------


def _screen(
    judge: Judge, table: Path, on: dt.date, procedure: str, schemes: tuple[str, ...], year: int | None,
    names: Mapping[str, str], memory: str, threads: int | None, folder: Path, state: Path | None, *, reasons: str, summary: bool, engine: str,
    master: str, amounts: bool,
) -> Screened:  # fmt: skip
    from yiqi.screening.screened import connect, screen_table

    with _progress() as progress:
        return screen_table(
            table, judge, on=on, procedure=procedure, schemes=schemes, near=summary, year=year, names=names,
            reasons="ids" if reasons == "none" and summary else reasons,  # type: ignore[arg-type]
            connection=connect(memory, threads, folder / "spill"), folder=folder, state=state, progress=progress,
            reading=report_reading, engine=engine, master=master, amounts=amounts,  # type: ignore[arg-type]
        )  # fmt: skip


def _sql(
    judge: Judge, table: Path, on: dt.date, procedure: str, schemes: tuple[str, ...], year: int | None,
    names: Mapping[str, str], memory: str, folder: Path, dialect: str, *, amounts: bool,
) -> str:  # fmt: skip
    from sqlglot import exp

    from yiqi.screening.preparing import prepare
    from yiqi.screening.program import Program
    from yiqi.screening.screened import connect, read_on

    (folder / "prepared").mkdir(parents=True, exist_ok=True)
    prepared = prepare(
        connect(memory),
        table,
        judge.law.vocabulary.of("enterprise"),
        on=read_on(on),
        year=year,
        names=names,
        folder=folder / "prepared",
    ).required()
    program = Program(judge, on, procedure, schemes, prepared.columns, prepared.bounds, amounts=amounts)
    query = program.query(dialect, exp.to_table("enterprises"), reasons=True, for_reading=True)  # type: ignore[arg-type]
    return query.sql(dialect=dialect, pretty=True)


def _write_bad(screened: Screened, bad: Path | None, out: Path | None) -> Path | None:
    """Write the rows with cells that could not be read; where, or None when there are none or nowhere to."""
    place = bad if bad is not None else out.with_name(f"{out.stem}.bad.csv") if out is not None else None
    if place is None or not screened.prepared.has_problems:
        return None
    screened.preparation.write_bad_rows(place, language())
    return place


def _view(screened: Screened, table: Path) -> ScreeningView:
    from yiqi.report.screening import build_screening

    summary = screened.summary
    rows = screened.rows(n.row for n in summary.near)
    return build_screening(
        screened.judge, screened.program, screened.prepared, summary, rows,
        table=table.name, synthetic=screened.prepared.synthetic,
    )  # fmt: skip


def _write(screened: Screened, view: ScreeningView, out: Path, reasons: str) -> None:
    from yiqi.screening.results import answers_query, write_answers

    out.parent.mkdir(parents=True, exist_ok=True)
    kind: Any = reasons
    if out.suffix.lower() != ".xlsx":
        write_answers(screened.connection, screened.result, out, kind)
        return
    from yiqi.report.screening_workbook import MOST_ROWS, MOST_SHEETS, TooManyRowsError, write_workbook

    found = screened.connection.execute(answers_query(screened.result, kind))
    columns = [d[0] for d in found.description or ()]

    def batches() -> Iterator[list[tuple[Any, ...]]]:
        while batch := found.fetchmany(10_000):
            yield batch

    with _progress() as progress:
        try:
            write_workbook(
                out, screened.judge, screened.program, view, columns, batches(),
                lambda done: progress("out", done / max(1, view.rows)),
            )  # fmt: skip
        except TooManyRowsError:
            most = MOST_SHEETS * (MOST_ROWS - 1)
            said = Text(
                f"A workbook holds {most:,} enterprises on {MOST_SHEETS} sheets and the table has {view.rows:,}. "
                "Write .parquet or .csv.",
                f"工作簿最多容纳{most:,}家企业（{MOST_SHEETS}张表），本表有{view.rows:,}家。请写成.parquet或.csv。",
            )
            raise click.ClickException(str(said)) from None


def _print(screened: Screened, view: ScreeningView, form: str, out: Path | None, bad: Path | None) -> None:
    if form == "json":
        from yiqi.report.screening import as_dict

        click.echo(json.dumps(as_dict(view), ensure_ascii=False, indent=2))
    else:
        from yiqi.report.screening_text import WIDTH, render_screening

        width = min(shutil.get_terminal_size().columns, 120) if sys.stdout.isatty() else WIDTH
        click.echo(render_screening(view, language(), width), nl=False)
    if out is not None:
        click.echo(str(Text(f"Answers: {out}", f"逐家结果：{out}")), err=True)
    if bad is not None:
        click.echo(
            str(Text(f"Rows with cells that could not be read: {bad}", f"有无法识别单元格的行：{bad}")), err=True
        )
    elif screened.prepared.has_problems:
        said = Text(
            "Write the rows with unreadable cells to a file: --bad FILE", "可用--bad 文件，将有无法识别单元格的行另存。"
        )
        click.echo(str(said), err=True)


def report_reading(preparation: Preparation) -> None:
    """Say how the headings were read, and what is wrong with the table."""
    from yiqi.report.table_reading import reading_lines

    spoken = language()
    if preparation.read_as is not None:
        click.echo(str(Text(preparation.read_as.en, preparation.read_as.zh)), err=True)
    for line in reading_lines(preparation.mapping, spoken):
        click.echo(line, err=True)
    for diagnostic in preparation.warnings:
        click.echo(diagnostic.render(spoken), err=True)


# -- around the steps ------------------------------------------------------------------------------------------------------


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
def _explained(folder: Path, *, kept: bool) -> Iterator[None]:
    """Say what to do about what can go wrong on the way, and that a stopped run goes on."""
    import duckdb

    from yiqi.cli.stopped import why_stopped
    from yiqi.law.diagnostics import DiagnosticError
    from yiqi.screening.planes import TooLargeError
    from yiqi.screening.reckoned import NotInScreeningError
    from yiqi.screening.spark_errors import SparkError

    going_on = Text(
        f"What is done is kept in '{folder}'; the same command goes on from there.",
        f"已完成的部分保存在“{folder}”，再次运行同一命令即可继续。",
    )
    try:
        yield
    except DiagnosticError as error:
        click.echo(error.render(language()), err=True)
        # Parts of an earlier run, over the table as it was, may still be gone on with.
        _discard(folder, kept=(folder / "parts").exists())
        sys.exit(TABLE_WRONG)
    except SparkError as error:
        _discard(folder, kept=False)
        raise click.ClickException(str(Text(error.message.en, error.message.zh))) from None
    except TooLargeError as error:
        said = Text(
            f"{error.args[0]}: its figures could pass 38 digits, which no table engine computes exactly.",
            f"{error.args[0]}：其数值可能超过38位，数据引擎无法精确计算。",
        )
        raise click.ClickException(str(said)) from None
    except NotInScreeningError as error:
        said = Text(f"{error}; screen without --amounts.", f"{error.rule}：该金额无法按表计算，请去掉--amounts。")
        raise click.ClickException(str(said)) from None
    except KeyboardInterrupt:
        if kept:
            click.echo(str(going_on), err=True)
        else:
            _discard(folder, kept)
        raise
    except (duckdb.Error, OSError) as error:
        click.echo(str(why_stopped(error)), err=True)
        if kept:
            click.echo(str(going_on), err=True)
        else:
            _discard(folder, kept)
        sys.exit(TABLE_WRONG)


def _discard(folder: Path, kept: bool) -> None:
    if not kept:
        shutil.rmtree(folder, ignore_errors=True)


def _beside(out: Path) -> Path:
    return out.with_name(f".{out.name}.yiqi")


def _names(pairs: tuple[str, ...]) -> dict[str, str]:
    """What ``--map`` says, heading to fact."""
    found: dict[str, str] = {}
    for pair in pairs:
        heading, sign, fact = pair.rpartition("=")
        if not sign or not heading.strip():
            said = Text(f"--map takes HEADING=FACT, not '{pair}'", f"--map应写成 表头=事实，而不是“{pair}”")
            raise click.UsageError(str(said))
        found[heading.strip()] = fact.strip()
    return found
