"""`yiqi path FILE --to SCHEME`: the cheapest changes that turn an answer to yes."""

from __future__ import annotations

import datetime as dt
import json
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from yiqi.cli.assess import DAY, LAW_WRONG, WIDEST, coloured, today, write
from yiqi.cli.language import Text, choose_language, language

if TYPE_CHECKING:
    from yiqi.law.tree import Law
    from yiqi.path.answer import Finding
    from yiqi.path.prices import Prices
    from yiqi.path.target import TargetError

BLOCKED = 3
"""Exit code when there is no path."""


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--to",
    "target",
    metavar="TARGET",
    required=True,
    help="Such as ladder.little_giant or digital.level=3. 目标，例如ladder.little_giant、digital.level=3。",
)
@click.option("--on", "day", metavar="DATE", type=DAY, help="Day of the act, today by default. 办理日期，默认当天。")
@click.option(
    "--procedure",
    type=click.Choice(["new", "re_review"]),
    default="new",
    show_default=True,
    help="New application or re-review. 新申报或复核。",
)
@click.option(
    "--costs",
    metavar="YAML",
    type=click.Path(path_type=Path),
    help="Own costs and limits of facts. 自定成本和限值。",
)
@click.option(
    "--keep", metavar="FACT", multiple=True, help="A fact to leave as it is; may be repeated. 保持不变的事项，可重复。"
)
@click.option(
    "--fewest", is_flag=True, help="The fewest changed facts instead of the least cost. 改变事项最少，而非成本最低。"
)
@click.option(
    "--alternatives",
    type=click.IntRange(0, 9),
    default=2,
    show_default=True,
    help="How many further paths. 另列几条路径。",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "html"]),
    help="By default what the ending of --out says, else text. 输出格式，默认按--out的扩展名，否则为文本。",
)
@click.option("--out", metavar="PATH", type=click.Path(path_type=Path), help="Write to this file. 写入文件。")
@click.option(
    "--lang", type=click.Choice(["en", "zh"]), expose_value=False, callback=choose_language, help="Language. 输出语言。"
)
def command(
    file: Path,
    target: str,
    day: dt.datetime | None,
    procedure: str,
    costs: Path | None,
    keep: tuple[str, ...],
    fewest: bool,
    alternatives: int,
    form: str | None,
    out: Path | None,
) -> None:
    """The cheapest changes to facts that make the answer yes. 使结论变为“符合”的最低成本改变。

    Exit code 0 when there is a path (or nothing has to change), 3 when there is none, 1 when a file has errors, 2 when
    the command cannot be understood.
    """
    from yiqi.facts.reading import read_fact_sheet
    from yiqi.judge.judge import Judge
    from yiqi.path.finder import PathFinder
    from yiqi.path.milp import SolverError
    from yiqi.path.target import NoRuleError, TargetError

    form = form or {".html": "html", ".htm": "html", ".json": "json"}.get(out.suffix.lower() if out else "", "text")
    law = _law()
    on = day.date() if day is not None else today()
    prices = _prices(costs, keep, law)
    reading = read_fact_sheet(file, law.vocabulary.of("enterprise"), max(today(), on))
    for diagnostic in reading.diagnostics:
        click.echo(diagnostic.render(language()), err=True)
    if reading.sheet is None:
        sys.exit(LAW_WRONG)
    finder = PathFinder(Judge(law))
    try:
        finding = finder.find(reading.sheet, target, on, procedure, prices, fewest=fewest, alternatives=alternatives)
    except TargetError as error:
        raise click.UsageError(str(_no_target(error))) from None
    except NoRuleError as error:
        title = error.scheme.title
        raise click.UsageError(
            str(
                Text(
                    f"no rule decides “{title.en}” on {on} ({procedure})",
                    f"{on}没有关于“{title.zh}”的规定（{procedure}）",
                )
            )
        ) from None
    except SolverError as error:
        said = Text(
            f"the solver gave up: {error}. Try with fewer facts: --keep FACT",
            f"求解器未能得出结果：{error}。可用--keep减少可变事项",
        )
        raise click.ClickException(str(said)) from None
    text = _written(finding, form, on_terminal=out is None and sys.stdout.isatty())
    if out is not None:
        write(out, text)
    else:
        click.echo(text, nl=False)
    sys.exit(0 if finding.reached or finding.paths else BLOCKED)


def _no_target(error: TargetError) -> Text:
    """What may have been meant, and the targets of the same subject."""
    subject = error.text.partition(".")[0]
    same = [name for name in error.said if name.startswith(f"{subject}.")]
    # Without a subject that there is: the subjects.
    said = same or [f"{name}.…" for name in dict.fromkeys(name.partition(".")[0] for name in error.said)]
    near = f"; did you mean {error.near!r}?" if error.near else "."
    near_zh = f"，是否想写“{error.near}”？" if error.near else "。"
    return Text(
        f"there is no target {error.text!r}{near} Targets: {', '.join(said)}",
        f"没有目标“{error.text}”{near_zh}可用：{', '.join(said)}",
    )


def _prices(costs: Path | None, keep: tuple[str, ...], law: Law) -> Prices:
    from yiqi.law.diagnostics import DiagnosticError, nearest
    from yiqi.path.prices import Prices, read_prices

    vocabulary = law.vocabulary
    try:
        prices = read_prices(costs, vocabulary) if costs is not None else Prices()
    except DiagnosticError as error:
        click.echo(error.render(language()), err=True)
        sys.exit(LAW_WRONG)
    kept = []
    for name in keep:
        fact = vocabulary.get(name) or vocabulary.by_label.get(name)
        if fact is None:
            near = nearest(name, [*vocabulary.facts, *vocabulary.by_label])
            raise click.UsageError(
                str(
                    Text(
                        f"--keep: there is no fact {name!r}" + (f"; did you mean {near!r}?" if near else ""),
                        f"--keep：没有事实“{name}”" + (f"，是否想写“{near}”？" if near else ""),
                    )
                )
            )
        kept.append(fact.id)
    return prices.keeping(kept)


def _written(finding: Finding, form: str, *, on_terminal: bool) -> str:
    if form == "json":
        return json.dumps(finding.as_dict(), ensure_ascii=False, indent=2) + "\n"
    if form == "html":
        from yiqi.report.path_html import render_path_html

        return render_path_html(finding, language())
    from yiqi.report.path_text import render_path
    from yiqi.report.terminal import WIDTH, plain

    width = min(shutil.get_terminal_size().columns, WIDEST) if on_terminal else WIDTH
    return render_path(finding, language(), coloured if on_terminal else plain, width)


def _law() -> Law:
    from yiqi.law.diagnostics import DiagnosticError
    from yiqi.law.library import load

    try:
        return load()
    except DiagnosticError as error:
        click.echo(error.render(language()), err=True)
        sys.exit(LAW_WRONG)
