"""`yiqi arrears LEDGER`: what is owed on a ledger of receivables, since when, with which interest, and the letters."""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from yiqi.cli.assess import DAY, _law, today
from yiqi.cli.language import Text, choose_language, language
from yiqi.cli.table import print_json

if TYPE_CHECKING:
    from yiqi.arrears.assessment import Assessment
    from yiqi.arrears.ledger import Ledger
    from yiqi.arrears.letter_details import LetterDetails
    from yiqi.arrears.readings import Readings
    from yiqi.clock.workdays import Calendar
    from yiqi.facts.sheet import FactSheet
    from yiqi.judge.judge import Judge
    from yiqi.law.tree import Law

ENDINGS = (".xlsx", ".json")
TABLE_ENDINGS = (".parquet", ".csv", ".xlsx")


@click.command()
@click.argument("ledger", metavar="LEDGER", required=False, type=click.Path(path_type=Path))
@click.option(
    "--on", "day", metavar="DATE", type=DAY, help="Interest up to this day, today by default. 计息截止日，默认当天。"
)
@click.option(
    "--payments",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Payments received: ledger number, day, amount. A workbook may have them as a second sheet. "
    "收款明细（台账编号、收款日期、收款金额），也可放在台账工作簿的另一张表。",
)
@click.option(
    "--creditor",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Your fact sheet: gives your size on the day of each contract, and your name in letters. "
    "本企业信息表：用于判定签约时规模，并写入文书。",
)
@click.option(
    "--set",
    "settings",
    metavar="FACT=VALUE",
    multiple=True,
    help="What holds for every line that does not say it, such as sme_declared=yes. "
    "对未填写的各笔统一说明，例如 签约时已告知中小企业身份=是。",
)
@click.option(
    "--map",
    "pairs",
    metavar="HEADING=FACT",
    multiple=True,
    help="What a heading means, such as 客户=debtor_name, or 备注=- to leave it aside. 指定表头含义，如 客户=付款方名称。",
)
@click.option(
    "--reading",
    "chosen",
    metavar="NAME=OPTION",
    multiple=True,
    help="Another reading of what the texts leave open. 对条文未明确之处采用其他理解。",
)
@click.option("--readings", "list_readings", is_flag=True, help="List the readings. 列出各项理解。")
@click.option(
    "--table",
    "at_scale",
    is_flag=True,
    help="A table of any size as SQL: totals, and every line with --out .parquet, .csv or .xlsx; no reasons or letters. "
    "任意规模的台账以SQL计算：汇总，逐笔结果写入.parquet、.csv或.xlsx；不附理由和文书。",
)
@click.option(
    "--line", metavar="NUMBER", help="One line with everything that led to its answer. 查看某一笔的全部依据。"
)
@click.option(
    "--out",
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write the answers as .xlsx or .json. 结果写入.xlsx或.json文件。",
)
@click.option(
    "--outlook",
    "warned",
    is_flag=True,
    help="How debtors pay, what falls due, what limitation threatens. 付款方付款情况、即将到期、时效预警。",
)
@click.option(
    "--page",
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write a page (.html) on how large buyers pay. 生成大型付款方付款情况页面（.html）。",
)
@click.option(
    "--letters",
    metavar="FOLDER",
    type=click.Path(path_type=Path, file_okay=False),
    help="Write a demand and a complaint for each debtor, as Word and PDF. 按付款方生成催款函和投诉书（Word和PDF）。",
)
@click.option(
    "--details",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="With --letters: addresses, the account to pay into, the term to pay, copies of evidence (YAML). "
    "文书信息：联系方式、收款账户、付款期限、证据份数（YAML）。",
)
@click.option(
    "--abroad",
    is_flag=True,
    help="The same amounts and days under the rules of the EU, Germany, the UK, India and Australia. "
    "按欧盟、德国、英国、印度、澳大利亚规则对照。",
)
@click.option(
    "--reference",
    "references",
    metavar="PLACE:DAY=RATE",
    multiple=True,
    help="With --abroad: a reference rate, such as uk:2026-01-01=3.75%; again for each. 参考利率，可多次使用。",
)
@click.option(
    "--template",
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write an empty ledger to fill in (.xlsx). 生成待填写的台账（.xlsx）。",
)
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True, help="输出格式。"
)
@click.option(
    "--lang", type=click.Choice(["en", "zh"]), expose_value=False, callback=choose_language, help="Language. 输出语言。"
)
def command(
    ledger: Path | None,
    day: dt.datetime | None,
    payments: Path | None,
    creditor: Path | None,
    settings: tuple[str, ...],
    pairs: tuple[str, ...],
    chosen: tuple[str, ...],
    list_readings: bool,
    at_scale: bool,
    line: str | None,
    out: Path | None,
    warned: bool,
    page: Path | None,
    letters: Path | None,
    details: Path | None,
    abroad: bool,
    references: tuple[str, ...],
    template: Path | None,
    form: str,
) -> None:
    """What is owed on a LEDGER of receivables: CSV, Excel, Parquet or YAML. 计算应收账款台账的法定付款日和逾期利息。

    One receivable per row; headings are names of facts in Chinese or English, such as 应收金额（万元）.

    Exit code 0 when the ledger was answered, 1 when it cannot be read, 2 when the command cannot be understood.
    """
    from yiqi.arrears.error import ArrearsError
    from yiqi.law.diagnostics import DiagnosticError

    if list_readings:
        _list_readings(form)
        return
    if template is not None:
        _write_template(template)
        return
    if ledger is None:
        raise click.UsageError(str(Text("Missing argument 'LEDGER'.", "缺少参数“LEDGER”（台账文件）。")))
    if details is not None and letters is None:
        raise click.UsageError(str(Text("--details goes with --letters.", "--details须与--letters同用。")))
    endings = TABLE_ENDINGS if at_scale else ENDINGS
    if out is not None and out.suffix.lower() not in endings:
        said = Text(
            f"--out must end in {', '.join(endings)}; '{out.name}' does not.", f"--out须以{'、'.join(endings)}结尾。"
        )
        raise click.UsageError(str(said))
    if at_scale:
        _refuse_with_table(payments, creditor, line, warned, abroad, page, letters)
    on = day.date() if day is not None else today()
    try:
        readings = _readings(chosen)
    except ArrearsError as error:
        raise click.UsageError(f"{error.message[language()]}; {error.remedy[language()]}") from None
    law = _law()
    if at_scale:
        _answer_table(law, ledger, on, _pairs(settings, "--set"), _pairs(pairs, "--map"), readings, out, form)
        return
    try:
        found, calendar, who = _assess(
            law, ledger, on, payments, creditor, _pairs(settings, "--set"), _pairs(pairs, "--map"), readings
        )
        more = _details(details, found, calendar)
    except DiagnosticError as error:
        click.echo(error.render(language()), err=True)
        sys.exit(1)
    except OSError as error:
        _refuse(error)
    if line is not None:
        _print_line(found, law, calendar, line, form)
    elif warned:
        _print_outlook(found)
    elif abroad:
        _print_abroad(found, references)
    else:
        _print(found, law, calendar, form)
    if out is not None:
        _write(found, law, calendar, out)
    if page is not None:
        _write_page(found, law, page)
    if letters is not None:
        _write_letters(found, who, law, calendar, letters, more)


def _assess(
    law: Law, path: Path, on: dt.date, payments: Path | None, creditor: Path | None, settings: dict[str, str],
    names: dict[str, str], readings: Readings,
) -> tuple[Assessment, Calendar, FactSheet | None]:  # fmt: skip
    from dataclasses import replace

    from yiqi.arrears.assessment import assess
    from yiqi.arrears.creditor import sized
    from yiqi.arrears.findings import Finder
    from yiqi.arrears.ledger import read_ledger
    from yiqi.clock.workdays import load_calendar
    from yiqi.judge.judge import Judge

    judge = Judge(law)
    calendar = load_calendar()
    found: Ledger = read_ledger(path, law, on, payments=payments, names=names, settings=settings)
    who = _creditor(creditor, judge, on) if creditor is not None else None
    if who is not None:
        found = replace(found, lines=sized(found.lines, who, judge))
    for warning in found.warnings:
        if warning.code != "unreadable-cells":  # told line by line
            click.echo(warning.render(language()), err=True)
    return assess(found, Finder(judge, calendar, on), readings), calendar, who


def _details(file: Path | None, found: Assessment, calendar: Calendar) -> LetterDetails:
    """What the letters say beyond the ledger; debtors that the ledger does not have are named."""
    from yiqi.arrears.assessment import debtor_of
    from yiqi.arrears.letter_details import LetterDetails, read_letter_details
    from yiqi.law.diagnostics import nearest

    if file is None:
        return LetterDetails()
    details = read_letter_details(file, found.on, calendar)
    names = {debtor_of(answer) for answer in found.lines}
    for name in details.debtors:
        if name not in names:
            near = nearest(name, sorted(names))
            said = Text(
                f"{file}: the ledger has no debtor {name}." + (f" Did you mean {near}?" if near else ""),
                f"{file}：台账中没有付款方“{name}”。" + (f"是否为“{near}”？" if near else ""),
            )
            click.echo(str(said), err=True)
    return details


def _refuse_with_table(
    payments: Path | None, creditor: Path | None, line: str | None, warned: bool, abroad: bool, page: Path | None,
    letters: Path | None,
) -> None:  # fmt: skip
    """What is told line by line is not told of a table."""
    given = {
        "--payments": payments is not None, "--creditor": creditor is not None, "--line": line is not None,
        "--outlook": warned, "--abroad": abroad, "--page": page is not None, "--letters": letters is not None,
    }  # fmt: skip
    named = [option for option, there in given.items() if there]
    if named:
        said = Text(
            f"{', '.join(named)} goes line by line, without --table.",
            f"{'、'.join(named)}只用于逐笔计算，不能与--table同用。",
        )
        raise click.UsageError(str(said))


def _answer_table(
    law: Law, path: Path, on: dt.date, settings: dict[str, str], names: dict[str, str], readings: Readings,
    out: Path | None, form: str,
) -> None:  # fmt: skip
    import duckdb

    from yiqi.arrears.law_by_contract_sql import NotAtScaleError
    from yiqi.arrears.ledger import read_settings
    from yiqi.arrears.table_of_receivables import answer_table
    from yiqi.cli.screen import _progress
    from yiqi.clock.workdays import load_calendar
    from yiqi.judge.judge import Judge
    from yiqi.law.diagnostics import DiagnosticError
    from yiqi.report.receivables_json import table_json
    from yiqi.report.receivables_table_workbook import write_receivables_workbook
    from yiqi.report.receivables_text import render_table
    from yiqi.report.screening_workbook import MOST_ROWS, MOST_SHEETS, TooManyRowsError
    from yiqi.screening.screened import connect

    try:
        with _progress() as progress:
            found = answer_table(
                connect(), path, Judge(law), load_calendar(), on, names=names, settings=read_settings(settings, law),
                readings=readings, progress=progress,
            )  # fmt: skip
            summary = found.summary
            if out is not None:
                out.parent.mkdir(parents=True, exist_ok=True)
                if out.suffix.lower() == ".xlsx":
                    write_receivables_workbook(out, found, lambda share: progress("out", share))
                else:
                    found.write(out, lambda share: progress("out", share))
    except TooManyRowsError:
        most = MOST_SHEETS * (MOST_ROWS - 1)
        said = Text(
            f"A workbook holds {most:,} lines on {MOST_SHEETS} sheets and the table has more. Write .parquet or .csv.",
            f"工作簿最多容纳{most:,}笔（{MOST_SHEETS}张表），本表超出。请写成.parquet或.csv。",
        )
        raise click.ClickException(str(said)) from None
    except DiagnosticError as error:
        click.echo(error.render(language()), err=True)
        sys.exit(1)
    except NotAtScaleError as error:
        raise click.UsageError(error.message[language()]) from None
    except (OSError, duckdb.Error) as problem:
        reason = problem.strerror or str(problem) if isinstance(problem, OSError) else str(problem)
        click.echo(str(Text(f"The table could not be answered: {reason}", f"无法完成计算：{reason}")), err=True)
        sys.exit(1)
    if form == "json":
        print_json(table_json(summary))
    else:
        click.echo(render_table(summary, language(), _width()), nl=False)
    if out is not None:
        click.echo(str(Text(f"Written: {out}", f"已写入：{out}")), err=True)


def _creditor(path: Path, judge: Judge, on: dt.date) -> FactSheet:
    from yiqi.facts.reading import read_fact_sheet

    return read_fact_sheet(path, judge.law.vocabulary.of("enterprise"), on).required()


def _pairs(pairs: tuple[str, ...], option: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals or not name.strip() or not value.strip():
            said = Text(f"{option} is written NAME=VALUE; '{pair}' is not.", f"{option}应写成“名称=值”，“{pair}”不是。")
            raise click.UsageError(str(said))
        found[name.strip()] = value.strip()
    return found


def _readings(chosen: tuple[str, ...]) -> Readings:
    from yiqi.arrears.readings import Readings, with_reading

    readings = Readings()
    for each in chosen:
        readings = with_reading(readings, each)
    return readings


def _list_readings(form: str) -> None:
    from yiqi.arrears.readings import QUESTIONS

    if form == "json":
        print_json([
            {
                "name": question.id,
                "question": question.title.as_dict(),
                "default": question.default.id,
                "options": [
                    {"id": o.id, "title": o.title.as_dict(), "source": o.source.cite.as_dict(), "confidence": o.source.confidence}
                    for o in question.options
                ],
            }
            for question in QUESTIONS.values()
        ])  # fmt: skip
        return
    for question in QUESTIONS.values():
        click.echo(question.title[language()])
        for option in question.options:
            mark = str(Text(" (default)", "（默认）")) if option is question.default else ""
            source = option.source
            click.echo(f"  {question.id}={option.id}{mark}  {option.title[language()]}")
            click.echo(f"      {source.cite[language()]} [{source.confidence}]")


def _print(found: Assessment, law: Law, calendar: Calendar, form: str) -> None:
    if form == "json":
        from yiqi.report.receivables_json import assessment_json

        print_json(assessment_json(found, calendar))
        return
    from yiqi.report.receivables_text import render_assessment

    click.echo(render_assessment(found, law, language(), _width()), nl=False)


def _print_line(found: Assessment, law: Law, calendar: Calendar, number: str, form: str) -> None:
    lines = [a for a in found.lines if a.line.id == number]
    if not lines:
        from yiqi.law.diagnostics import nearest

        near = nearest(number, [a.line.id for a in found.lines])
        said = Text(
            f"The ledger has no line {number}." + (f" Did you mean {near}?" if near else ""),
            f"台账中没有编号“{number}”。" + (f"是否想查“{near}”？" if near else ""),
        )
        raise click.UsageError(str(said))
    for a in lines:
        if form == "json":
            from yiqi.report.receivables_json import line_json

            print_json(line_json(a, calendar))
        else:
            from yiqi.report.receivables_text import render_line

            click.echo(render_line(a, law, calendar, language(), _width()), nl=False)


def _print_outlook(found: Assessment) -> None:
    from yiqi.arrears.prevention import outlook
    from yiqi.report.outlook import render_outlook

    click.echo(render_outlook(outlook(found), language(), _width()), nl=False)


def _print_abroad(found: Assessment, references: tuple[str, ...]) -> None:
    from yiqi.arrears.abroad_comparison import compare_abroad, read_references
    from yiqi.arrears.error import ArrearsError
    from yiqi.report.receivables_text import render_abroad

    try:
        rows = compare_abroad(found, read_references(references, found.on))
    except ArrearsError as error:
        raise click.UsageError(f"{error.message[language()]}; {error.remedy[language()]}") from None
    click.echo(render_abroad(rows, language(), _width()), nl=False)


def _write_page(found: Assessment, law: Law, page: Path) -> None:
    from yiqi.arrears.prevention import outlook
    from yiqi.report.outlook import render_practices_html

    try:
        page.parent.mkdir(parents=True, exist_ok=True)
        page.write_text(render_practices_html(found, outlook(found), law, language()), encoding="utf-8")
    except OSError as error:
        _refuse(error)
    click.echo(str(Text(f"Written: {page}", f"已写入：{page}")), err=True)


def _width() -> int:
    """As wide as the terminal; a file or a pipe has no width of its own."""
    import shutil

    from yiqi.report.receivables_text import WIDTH

    return max(80, min(120, shutil.get_terminal_size().columns)) if sys.stdout.isatty() else WIDTH


def _write(found: Assessment, law: Law, calendar: Calendar, out: Path) -> None:
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        if out.suffix.lower() == ".json":
            import json

            from yiqi.report.receivables_json import assessment_json

            beside = out.with_name(out.name + ".part")
            text = json.dumps(assessment_json(found, calendar), ensure_ascii=False, indent=1)
            beside.write_text(text + "\n", encoding="utf-8")
            beside.replace(out)
        else:
            from yiqi.report.receivables_workbook import write_ledger_workbook

            write_ledger_workbook(out, found, law, calendar)
    except OSError as error:
        _refuse(error)
    click.echo(str(Text(f"Written: {out}", f"已写入：{out}")), err=True)


def _write_letters(
    found: Assessment, who: FactSheet | None, law: Law, calendar: Calendar, folder: Path, details: LetterDetails
) -> None:
    from yiqi.report.claim_letters import write_letters
    from yiqi.report.claims import claims_of

    claims = claims_of(found, who, law, calendar)
    if not claims:
        click.echo(
            str(Text("No line is late with settled interest: no letters.", "没有可出具文书的逾期账款。")), err=True
        )
        return
    letters, blanks = 0, 0
    try:
        for written in write_letters(claims, folder, language(), details=details):
            letters += 1
            blanks += len(written.blanks)
            if written.failed is not None:
                click.echo(f"{written.debtor} · {written.kind[language()]}: {written.failed[language()]}", err=True)
    except OSError as error:
        _refuse(error)
    for claim in claims:
        if claim.why_none is not None:
            said = Text(
                f"{claim.debtor}: no complaint, {claim.why_none.en}",
                f"{claim.debtor}：未生成投诉书，{claim.why_none.zh}",
            )
            click.echo(str(said), err=True)
    said = Text(
        f"Written: {letters} letters as Word and PDF in {folder}; {blanks} blanks are left to fill in by hand.",
        f"已写入{letters}份文书（Word和PDF）：{folder}；另有{blanks}处空白须手工填写。",
    )
    click.echo(str(said), err=True)


def _write_template(place: Path) -> None:
    from yiqi.arrears.ledger_template import write_ledger_template

    if place.suffix.lower() != ".xlsx":
        raise click.UsageError(str(Text("--template must end in .xlsx.", "--template须以.xlsx结尾。")))
    law = _law()
    try:
        write_ledger_template(place, law)
    except OSError as error:
        _refuse(error)
    click.echo(str(Text(f"Written: {place}", f"已写入：{place}")), err=True)


def _refuse(error: OSError) -> NoReturn:
    reason = error.strerror or str(error)
    click.echo(str(Text(f"The file cannot be read or written: {reason}", f"无法读写文件：{reason}")), err=True)
    sys.exit(1)
