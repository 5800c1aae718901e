"""`yiqi law …`: list, show, check, test, measure and format the law."""

from __future__ import annotations

import datetime as dt
import json
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from yiqi.cli.assess import DAY, today
from yiqi.cli.language import Text, language

if TYPE_CHECKING:
    from yiqi.law.tree import Law

LAW_OPTION = click.option("--law", "folder", type=click.Path(path_type=Path), help="Folder of law files. 法规文件夹。")


@click.group()
def command() -> None:
    """The law files: which there are, what they say, whether they hold together. 法规文件。"""


@command.command()
@click.argument("names", nargs=-1)
@click.option("--law", "folder", type=click.Path(path_type=Path), help="Folder of law files. 法规文件夹。")
def check(names: tuple[str, ...], folder: Path | None) -> None:
    """Check every law file (or those whose path contains a NAME). 检查法规文件。"""
    from yiqi.law.check import check_law
    from yiqi.law.library import default_folder, read_law

    lang = language()
    law, diagnostics = read_law(folder or default_folder())
    diagnostics = [*diagnostics, *check_law(law, folder or default_folder())]
    shown = [d for d in diagnostics if not names or any(n in d.place.file for n in names)]
    for diagnostic in shown:
        click.echo(diagnostic.render(lang))
    errors = sum(d.severity == "error" for d in shown)
    warnings = len(shown) - errors
    rules = sum(len(i.rules) for i in law.instruments.values())
    if lang == "zh":
        click.echo(
            f"{len(law.instruments)}部法规，{rules}条规则，{len(law.vocabulary.facts)}个事实：{errors}个错误，{warnings}个警告"
        )
    else:
        click.echo(
            f"{len(law.instruments)} instruments, {rules} rules, {len(law.vocabulary.facts)} facts: "
            f"{errors} errors, {warnings} warnings"
        )
    sys.exit(1 if errors else 0)


@command.command()
@click.argument("names", nargs=-1)
@click.option("--law", "folder", type=click.Path(path_type=Path), help="Folder of law files. 法规文件夹。")
def test(names: tuple[str, ...], folder: Path | None) -> None:
    """Run the cases of every law file (or of those whose id or path contains a NAME). 运行法规文件中的用例。"""
    from yiqi.judge.cases import run_all
    from yiqi.law.library import default_folder, read_law

    lang = language()
    started = time.perf_counter()
    law, diagnostics = read_law(folder or default_folder())
    errors = [d for d in diagnostics if d.severity == "error"]
    chosen = [
        i.id
        for i in law.instruments.values()
        if not names or any(n in i.id or n.removeprefix("law/") in i.file for n in names)
    ]
    if names and not chosen:
        known = ", ".join(law.instruments)
        message = Text(
            f"no law file is called {' '.join(names)}; there are: {known}",
            f"没有名为{' '.join(names)}的法规文件；现有：{known}",
        )
        raise click.UsageError(str(message))
    count, failures, problems = run_all(law, chosen)
    for diagnostic in (*errors, *problems):
        click.echo(diagnostic.render(lang))
    for failure in failures:
        click.echo(failure.render(lang))
    seconds = time.perf_counter() - started
    bad = len(failures) + len(problems) + len(errors)
    if lang == "zh":
        click.echo(
            f"{len(chosen)}部法规，{count}个用例：{len(failures)}项不符，"
            f"{len(problems) + len(errors)}个错误（{seconds:.1f}秒）"
        )
    else:
        click.echo(
            f"{len(chosen)} instruments, {count} cases: {len(failures)} expectations failed, "
            f"{len(problems) + len(errors)} errors ({seconds:.1f} s)"
        )
    sys.exit(1 if bad else 0)


def _law(folder: Path | None) -> tuple[Law, Path]:
    """The law to speak of. Ends the command when there is none (2) or when it is wrong (1)."""
    from yiqi.law.diagnostics import DiagnosticError
    from yiqi.law.library import default_folder, load

    folder = folder or default_folder()
    try:
        return load(folder), folder
    except FileNotFoundError:
        raise click.UsageError(
            str(Text(f"'{folder}' is no folder of law files.", f"“{folder}”不是法规文件夹。"))
        ) from None
    except DiagnosticError as error:
        click.echo(error.render(language()), err=True)
        sys.exit(1)


@command.command("list")
@LAW_OPTION
def list_(folder: Path | None) -> None:
    """The instruments: number, title, dates, rules and coverage. 法规清单。"""
    from yiqi.cli.law_tables import INSTRUMENTS, instrument_rows
    from yiqi.cli.table import print_table

    law, _ = _law(folder)
    print_table(INSTRUMENTS, instrument_rows(law, language()))


@command.command()
@click.option("--on", "day", metavar="DATE", type=DAY, help="The day to look from, today by default. 日期，默认当天。")
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", help="Text or JSON. 文本或JSON。"
)
@LAW_OPTION
def stale(day: dt.datetime | None, form: str, folder: Path | None) -> None:
    """Files that should be compared with their source again. 应重新与原文核对的法规文件。

    Exit code 0 when there is none, 1 when there are some.
    """
    from yiqi.cli.law_stale import stale_json, stale_lines
    from yiqi.law.freshness import stale_files

    law, _ = _law(folder)
    on = day.date() if day is not None else today()
    found = stale_files(law, on)
    if form == "json":
        click.echo(json.dumps(stale_json(found, len(law.instruments), on), ensure_ascii=False, indent=2))
    else:
        for line in stale_lines(found, len(law.instruments), on, language()):
            click.echo(line)
    sys.exit(1 if found else 0)


@command.command()
@click.argument("id", metavar="ID[#RULE]")
@LAW_OPTION
def show(id: str, folder: Path | None) -> None:  # noqa: A002
    """One instrument, or one rule with its prose, its lines and what is connected with it. 查看法规或规则。"""
    from yiqi.cli.law_show import conditions_of, instrument_page, nearest_id, rule_page

    law, folder = _law(folder)
    lang = language()
    rule_id, slash, _ = id.partition("/")
    instrument = law.instruments.get(rule_id.partition("#")[0])
    rule = instrument.rules.get(rule_id) if instrument else None
    lines: Iterable[str]
    if rule is not None:
        if slash and id not in conditions_of(law, rule):
            raise click.UsageError(str(Text(f"'{rule_id}' has no condition '{id}'.", f"“{rule_id}”没有条件“{id}”。")))
        lines = rule_page(law, rule, folder, lang, id if slash else None)
    elif instrument is not None and rule_id == instrument.id and not slash:
        lines = instrument_page(instrument, lang)
    else:
        near = nearest_id(law, rule_id)
        hint = Text(f" Did you mean '{near}'?", f"是否指“{near}”？") if near else Text("", "")
        list_hint = Text(" `yiqi law list` shows all instruments.", "用 yiqi law list 查看全部法规。")
        raise click.UsageError(
            str(Text(f"There is no '{id}' in the law.", f"法规中没有“{id}”。")) + str(hint if near else list_hint)
        )
    click.echo("\n".join(lines))


@command.command()
@click.argument("word", required=False)
@LAW_OPTION
def facts(word: str | None, folder: Path | None) -> None:
    """The facts that rules may ask for, or those with WORD in their name. 事实词表。"""
    from yiqi.cli.law_tables import FACTS, fact_rows, facts_with
    from yiqi.cli.table import is_drawn, print_table
    from yiqi.law.diagnostics import nearest

    law, _ = _law(folder)
    found = facts_with(law, word)
    if not found:
        assert word is not None
        near = nearest(word, (text for f in law.vocabulary for text in (f.id, f.label.en, f.label.zh)))
        hint = Text(f" Did you mean '{near}'?", f"是否指“{near}”？") if near else Text("", "")
        raise click.UsageError(str(Text(f"No fact is called '{word}'.", f"没有名称含“{word}”的事实。")) + str(hint))
    print_table(FACTS, fact_rows(law, found, language(), brief=is_drawn() and len(found) > 1))


@command.command()
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", help="Output form. 输出格式。")
@LAW_OPTION
def coverage(form: str, folder: Path | None) -> None:
    """How many headings run, need a person, order steps or only explain. 法规覆盖情况。"""
    from yiqi.cli.law_tables import COVERAGE, coverage_json, coverage_rows
    from yiqi.cli.table import print_json, print_table

    law, _ = _law(folder)
    if form == "json":
        print_json(coverage_json(law))
    else:
        print_table(COVERAGE, coverage_rows(law, language()))


@command.command()
@click.option("--on", "day", metavar="DATE", help="Only the rules that hold on a day. 只显示某日适用的规则。")
@LAW_OPTION
def versions(day: str | None, folder: Path | None) -> None:
    """Which rule decides which question on which days. 各项目适用的规则版本。"""
    from yiqi.cli.law_tables import VERSIONS, version_rows
    from yiqi.cli.table import print_table

    on: dt.date | None = None
    if day is not None:
        try:
            on = dt.date.fromisoformat(day)
        except ValueError:
            raise click.UsageError(
                str(Text(f"'{day}' is no day; write it as 2026-11-23.", f"“{day}”不是日期，请写成2026-11-23。"))
            ) from None
    law, _ = _law(folder)
    print_table(VERSIONS, version_rows(law, on, language()))


@command.command("format")
@click.argument("files", nargs=-1)
@click.option(
    "--lang",
    "tongue",
    type=click.Choice(["en", "zh"]),
    default="en",
    show_default=True,
    help="Tongue of the rules. 规则所用语言。",
)
@click.option("--check", "only_check", is_flag=True, help="Only name the files that are written otherwise. 只检查。")
@click.option("--write", is_flag=True, help="Write the files. 写回文件。")
@LAW_OPTION
def format_(files: tuple[str, ...], tongue: str, only_check: bool, write: bool, folder: Path | None) -> None:
    """Write the rules of law FILES (paths, or parts of their names) in one spelling. 统一规则写法。

    Without --check or --write the text of one file is printed.
    """
    from yiqi.cli.law_format import format_files

    sys.exit(format_files(files, "zh" if tongue == "zh" else "en", only_check, write, folder))


@command.command()
@click.argument("names", nargs=-1)
@LAW_OPTION
def mutate(names: tuple[str, ...], folder: Path | None) -> None:
    """Change every number and line of the law a little and see whether a case notices. 检验用例能否发现法规文件中的错误。

    Prints each change that no case of any file notices. Ends with 1 when one of them is a changed threshold.
    """
    from yiqi.cli.law_mutate import mutate_files

    sys.exit(mutate_files(names, folder))
