"""`yiqi law mutate`: do the cases of a law file notice when a number of it is wrong?"""

from __future__ import annotations

import time
from collections.abc import Iterable
from pathlib import Path

import click

from yiqi.cli.language import Text, language
from yiqi.cli.table import Column, print_table
from yiqi.judge.equivalents import Equivalent, read_equivalents
from yiqi.judge.mutant_comparisons import unchanged_numbers
from yiqi.judge.mutants import Mutant, mutants
from yiqi.judge.mutation import Cases, Result, mutate
from yiqi.law.diagnostics import DiagnosticError
from yiqi.law.library import default_folder, load
from yiqi.law.tree import Instrument, Law

COLUMNS = (
    Column("file", Text("File", "文件"), whole=True),
    Column("mutants", Text("Mutants", "变异"), right=True),
    Column("killed", Text("Killed", "被发现"), right=True),
    Column("equivalent", Text("Same meaning", "含义不变"), right=True),
    Column("thresholds", Text("Thresholds unseen", "未发现（数值）"), right=True),
    Column("others", Text("Others unseen", "未发现（其他）"), right=True),
)


def mutate_files(names: tuple[str, ...], folder: Path | None) -> int:
    """Print what survives in each file; the exit code is 1 when a changed threshold does, or when the list of
    equivalent mutants is wrong."""
    folder = folder or default_folder()
    started = time.perf_counter()
    try:
        law = load(folder)
        equivalent = read_equivalents(folder)
    except FileNotFoundError:
        raise click.UsageError(
            str(Text(f"'{folder}' is no folder of law files.", f"“{folder}”不是法规文件夹。"))
        ) from None
    except DiagnosticError as error:
        click.echo(error.render(language()), err=True)
        return 1
    chosen = _chosen(law, names)
    cases = Cases(law)
    for diagnostic in cases.diagnostics:
        click.echo(diagnostic.render(language()), err=True)
    for case in cases.failing:
        text = Text("does not hold as it is, so it notices nothing", "用例本身不符，不能发现变异")
        click.echo(f"{case.place}: {case.title}: {text}", err=True)
    results = list(mutate(cases, chosen, equivalent))
    for result in results:
        for mutant in result.survivors:
            click.echo(_line(result.instrument, mutant))
    problems = [*_unchanged(chosen), *_wrong(results), *_stale(law, chosen, equivalent)]
    for problem in problems:
        click.echo(problem)
    print_table(COLUMNS, (_row(r) for r in results if r.count))
    seconds = time.perf_counter() - started
    count, killed = sum(r.count for r in results), sum(r.killed for r in results)
    thresholds = sum(m.kind == "threshold" for r in results for m in r.survivors)
    click.echo(
        str(
            Text(
                f"{count} mutants, {killed} killed; {thresholds} changed thresholds unseen ({seconds:.1f} s)",
                f"{count}个变异，{killed}个被发现；{thresholds}个数值变异未被发现（{seconds:.1f}秒）",
            )
        )
    )
    return 1 if thresholds or problems or cases.failing or cases.diagnostics else 0


def _chosen(law: Law, names: tuple[str, ...]) -> list[Instrument]:
    chosen = [
        i
        for i in law.instruments.values()
        if not names or any(n in i.id or n.removeprefix("law/") in i.file for n in names)
    ]
    if not chosen:
        known = ", ".join(law.instruments)
        message = Text(
            f"no law file is called {' '.join(names)}; there are: {known}",
            f"没有名为{' '.join(names)}的法规文件；现有：{known}",
        )
        raise click.UsageError(str(message))
    return chosen


def _line(instrument: Instrument, mutant: Mutant) -> str:
    kind = KINDS[mutant.kind]
    return f"{instrument.file}:{mutant.span.line}: {kind}: {mutant.at}: {mutant.what[language()]}"


KINDS = {
    "threshold": Text("threshold", "数值"),
    "comparator": Text("comparator", "比较符"),
    "combination": Text("combination", "组合方式"),
    "line": Text("line", "条件"),
    "not": Text("not", "否定"),
    "result": Text("result", "结果"),
    "value": Text("value", "取值"),
}


def _row(result: Result) -> list[str]:
    thresholds = sum(m.kind == "threshold" for m in result.survivors)
    return [
        result.instrument.file,
        str(result.count),
        str(result.killed),
        str(len(result.equivalent)),
        str(thresholds),
        str(len(result.survivors) - thresholds),
    ]


def _unchanged(instruments: Iterable[Instrument]) -> list[str]:
    text = Text("no mutant changes this number", "没有变异涉及此数")
    return [
        f"{i.file}:{span.line}:{span.column}: {text}"
        for i in instruments
        for rule in i.rules.values()
        for span in unchanged_numbers(rule)
    ]


def _wrong(results: Iterable[Result]) -> list[str]:
    text = Text("listed as meaning the same, but a case tells it apart", "列为含义不变，但有用例能够区分")
    return [f"{r.instrument.file}:{m.span.line}: {m.id}: {text}" for r in results for m in r.wrongly_equivalent]


def _stale(law: Law, chosen: Iterable[Instrument], equivalent: dict[str, Equivalent]) -> list[str]:
    """Entries of the list that name no mutant, of the instruments looked at."""
    ids = {i.id for i in chosen}
    known = {m.id for i in law.instruments.values() for rule in i.rules.values() for m in mutants(rule, law.vocabulary)}
    text = Text("there is no such mutant (any more)", "没有（不再有）这样的变异")
    return [
        f"{e.place}: {e.mutant}: {text}"
        for e in equivalent.values()
        if e.mutant not in known
        and (e.mutant.partition("#")[0] in ids or e.mutant.partition("#")[0] not in law.instruments)
    ]
