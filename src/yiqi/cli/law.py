"""`yiqi law …`: list, show, check, test, measure and format the law."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import click

from yiqi.cli.language import language


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
        click.echo(f"{len(law.instruments)}部法规，{rules}条规则，{len(law.vocabulary.facts)}个事实：{errors}个错误，{warnings}个警告")
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
    chosen = [i.id for i in law.instruments.values() if not names or any(n in i.id or n in i.file for n in names)]
    count, failures, problems = run_all(law, chosen)
    for diagnostic in (*errors, *problems):
        click.echo(diagnostic.render(lang))
    for failure in failures:
        click.echo(failure.render(lang))
    seconds = time.perf_counter() - started
    bad = len(failures) + len(problems) + len(errors)
    if lang == "zh":
        click.echo(f"{len(chosen)}部法规，{count}个用例：{len(failures)}项不符，{len(problems) + len(errors)}个错误（{seconds:.1f}秒）")
    else:
        click.echo(
            f"{len(chosen)} instruments, {count} cases: {len(failures)} expectations failed, "
            f"{len(problems) + len(errors)} errors ({seconds:.1f} s)"
        )
    sys.exit(1 if bad else 0)
