"""`yiqi relief …`: what one enterprise can get, the catalogue of measures, and the price of a bid."""

from __future__ import annotations

import datetime as dt
import json
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

import click

from yiqi.cli.assess import DAY, LAW_WRONG, WIDEST, _law, coloured, today, write
from yiqi.cli.language import Text, choose_language, language
from yiqi.law.measure import Difficulty, Head

if TYPE_CHECKING:
    from yiqi.facts.sheet import FactSheet
    from yiqi.law.tree import Law
    from yiqi.relief.entitlements import Entitlements
    from yiqi.report.terminal import Style

LANG = click.option(
    "--lang", type=click.Choice(["en", "zh"]), expose_value=False, callback=choose_language, help="Language. 输出语言。"
)
ON = click.option(
    "--on", "day", metavar="DATE", type=DAY, help="Day of the act, today by default. 办理日期，默认当天。"
)
FORMAT = click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", help="Text or JSON. 文本或JSON。"
)


class FileOrCommand(click.Group):
    """A group whose first word is one of its commands, or else a file for its command ``for``."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in self.commands:
            return "for", self.commands["for"], args
        return super().resolve_command(ctx, args)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        # `--on 2026-11-23 FILE` means what `FILE --on 2026-11-23` means.
        if args and args[0].startswith("-") and args[0] not in ("--help", "-h"):
            args = ["for", *args]
        return super().parse_args(ctx, args)

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        formatter.write_usage(ctx.command_path, "FILE [OPTIONS] | list [OPTIONS] | bid [OPTIONS]")


@click.group(cls=FileOrCommand)
def command() -> None:
    """What an enterprise can get: every measure, what it gives, what goes together. 企业能享受什么。

    `yiqi relief FILE` judges one enterprise (more: `yiqi relief for --help`), `list` shows the catalogue, `bid` reckons the
    price of one bid.
    """


@command.command("for")
@click.argument("file", type=click.Path(path_type=Path))
@ON
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    help="By default what the ending of --out says, else text. 输出格式，默认按--out的扩展名，否则为文本。",
)
@click.option("--out", metavar="PATH", type=click.Path(path_type=Path), help="Write to this file. 写入文件。")
@click.option(
    "--ics",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Write the last days to claim as a calendar. 将申领截止日写入日历文件。",
)
@LANG
def for_one(file: Path, day: dt.datetime | None, form: str | None, out: Path | None, ics: Path | None) -> None:
    """What one enterprise can get, from a YAML, JSON or Excel fact sheet. 一家企业能享受什么。

    Exit code 0 when it was judged, 1 when a file has errors, 2 when the command cannot be understood.
    """
    from yiqi.judge.judge import Judge
    from yiqi.relief.entitlements import entitlements

    form = form or ("json" if out is not None and out.suffix.lower() == ".json" else "text")
    law = _law()
    on = day.date() if day is not None else today()
    sheet = read_sheet(file, law, on)
    judge = Judge(law)
    found = entitlements(judge.judge(sheet, on, schemes=judge.schemes(["relief"])), law)
    if ics is not None:
        write_calendar(ics, found)
    text = _json(found) if form == "json" else _text(found, on_terminal=out is None and sys.stdout.isatty())
    if out is not None:
        write(out, text)
    else:
        click.echo(text, nl=False)


def read_sheet(file: Path, law: Law, on: dt.date) -> FactSheet:
    """The facts of a file; ends the command with what is wrong with it."""
    from yiqi.facts.reading import read_fact_sheet

    reading = read_fact_sheet(file, law.vocabulary.of("enterprise"), max(today(), on))
    for diagnostic in reading.diagnostics:
        click.echo(diagnostic.render(language()), err=True)
    if reading.sheet is None:
        sys.exit(LAW_WRONG)
    return reading.sheet


def _json(found: Entitlements) -> str:
    from yiqi.relief.document import relief_document
    from yiqi.version import __version__

    whole = {
        "yiqi": __version__,
        "enterprise": {"uscc": found.sheet.uscc, "name": found.sheet.name},
        "on": found.on.isoformat(),
        "relief": relief_document(found),
    }
    return json.dumps(whole, ensure_ascii=False, indent=2) + "\n"


def terminal_style(on_terminal: bool) -> tuple[Style, int]:
    """How to colour, and how wide lines are."""
    from yiqi.report.terminal import WIDTH, plain

    if on_terminal:
        return coloured, min(shutil.get_terminal_size().columns, WIDEST)
    return plain, WIDTH


def _text(found: Entitlements, *, on_terminal: bool) -> str:
    from yiqi.report.phrases import WORDS, colon, day_text
    from yiqi.report.relief_text import ReliefWriter
    from yiqi.report.relief_view import relief_view

    spoken = language()
    view = relief_view(found)
    name = found.sheet.name or WORDS["no_name"][spoken]
    lines = [f"{name}  {found.sheet.uscc or ''}".rstrip(), f"  {WORDS['on'][spoken]}{colon(spoken)}{day_text(found.on)[spoken]}", ""]  # fmt: skip
    if view is None:
        lines.append(str(Text("No measure is in force on this day.", "当日没有适用的措施。")))
    else:
        writer = ReliefWriter(spoken, *terminal_style(on_terminal))
        lines += [*writer.summary(view), *writer.whole(view)]
    lines += ["", WORDS["note"][spoken]]
    return "\n".join(lines) + "\n"


def write_calendar(path: Path, found: Entitlements) -> None:
    """The last days to claim of what applies or could apply, as an iCalendar file."""
    from yiqi.clock.calendar_file import calendar_file
    from yiqi.facts.reading import CHINA_TIME
    from yiqi.report.relief_calendar import deadline_events

    events = deadline_events(found, language())
    made = dt.datetime.now(CHINA_TIME)
    try:
        path.write_bytes(calendar_file(events, made))
    except OSError as error:
        said = Text(f"'{path}' cannot be written: {error.strerror}", f"无法写入“{path}”：{error.strerror}")
        raise click.ClickException(str(said)) from None
    count = len(events)
    click.echo(
        str(Text(f"{count} last day{'' if count == 1 else 's'} written to {path}", f"{count}个截止日已写入{path}")),
        err=True,
    )


# -- the catalogue ----------------------------------------------------------------------------------------------------


@command.command("list")
@click.option(
    "--region",
    metavar="PLACE",
    help="National measures and those of this place: a province or 2 to 6 digits of its code. 国家措施和该地区的措施。",
)
@click.option("--difficulty", type=click.Choice(get_args(Difficulty)), help="What it should help with. 针对的困难。")
@click.option("--head", type=click.Choice(get_args(Head)), help="One of the four heads. 四个方面之一。")
@ON
@FORMAT
@LANG
def catalogue(region: str | None, difficulty: str | None, head: str | None, day: dt.datetime | None, form: str) -> None:
    """The measures in force on a day. 当日有效的措施目录。"""
    from yiqi.facts.region import RegionError, place_prefix
    from yiqi.relief.catalogue import chosen

    if region is not None:
        try:
            region = place_prefix(region)
        except RegionError as error:
            raise click.UsageError(str(Text(error.message.en, error.message.zh))) from None
    law = _law()
    on = day.date() if day is not None else today()
    entries = chosen(law, on, region=region, difficulty=difficulty, head=head)
    if form == "json":
        whole: dict[str, Any] = {"on": on.isoformat(), "measures": [entry.as_dict() for entry in entries]}
        click.echo(json.dumps(whole, ensure_ascii=False, indent=2))
        return
    from yiqi.report.catalogue_text import catalogue_lines

    for line in catalogue_lines(entries, on, language(), terminal_style(sys.stdout.isatty())[1]):
        click.echo(line)


# -- one bid ----------------------------------------------------------------------------------------------------------

YES_NO = click.Choice(["yes", "no"])


@command.command("bid")
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.option("--quote", "bid_quote", metavar="AMOUNT", help="Such as 98.5万元. 投标报价。")
@click.option(
    "--kind", "bid_kind", type=click.Choice(["goods", "services", "works"]), help="What is procured. 采购标的。"
)
@click.option(
    "--rate", "bid_deduction_rate", metavar="PERCENT", help="The tender's rate, such as 15%. 采购文件扣除比例。"
)
@click.option(
    "--consortium-rate", "bid_consortium_rate", metavar="PERCENT", help="That for consortia. 联合体、分包扣除比例。"
)
@click.option("--reserved", "bid_reserved", type=YES_NO, help="Reserved for SMEs. 是否专门面向中小企业。")
@click.option(
    "--makers-small", "bid_makers_small", type=YES_NO, help="All makers small or micro. 制造商是否均为小微企业。"
)
@click.option("--tied", "bid_tied_to_large", type=YES_NO, help="Tied to a large enterprise. 是否与大企业关联。")
@click.option("--share", "bid_small_share", metavar="PERCENT", help="Share of small and micro firms. 小微企业份额。")
@click.option("--domestic", "bid_domestic", type=YES_NO, help="Domestic products. 是否为本国产品。")
@click.option("--budget", "bid_budget", metavar="AMOUNT", help="Budget of the package. 采购预算。")
@click.option("--suitable", "bid_suitable", type=YES_NO, help="SMEs can supply it. 是否适宜由中小企业提供。")
@click.option("--industry", metavar="CODE", help="Of the bidder, for its size. 投标企业行业代码。")
@click.option("--employees", metavar="NUMBER", help="Of the bidder, last year. 投标企业上年度从业人员。")
@click.option(
    "--revenue", "operating_revenue", metavar="AMOUNT", help="Of the bidder, last year. 投标企业上年度营业收入。"
)
@click.option("--assets", "total_assets", metavar="AMOUNT", help="Of the bidder, last year. 投标企业上年度资产总额。")
@ON
@FORMAT
@LANG
def bid_command(file: Path | None, day: dt.datetime | None, form: str, **given: str | None) -> None:
    """The price of one bid as it is compared, before and after. 一次投标的评审价。

    Facts come from a FILE, from options, or from both (an option goes before the file).
    """
    from yiqi.facts.sheet import FactSheet
    from yiqi.judge.judge import Judge
    from yiqi.relief.bid import bid

    law = _law()
    on = day.date() if day is not None else today()
    sheet = read_sheet(file, law, on) if file is not None else FactSheet()
    facts: dict[str, object] = {}
    for fact, value in given.items():
        if value is not None:
            facts[fact] = {str(on.year - 1): value} if law.vocabulary[fact].per is not None else value
    if facts:
        sheet = sheet.with_values(_from_options(facts, law, on).values)
    found = bid(Judge(law), sheet, on)
    if form == "json":
        click.echo(json.dumps(found.as_dict(), ensure_ascii=False, indent=2))
        return
    from yiqi.report.bid_text import bid_lines

    for line in bid_lines(found, language(), terminal_style(sys.stdout.isatty())[1]):
        click.echo(line)


def _from_options(facts: dict[str, object], law: Law, on: dt.date) -> FactSheet:
    """Facts from options, read like those of a file; ends the command with what is wrong with them."""
    from yiqi.facts.reading import read_fact_sheet

    written = json.dumps(facts, ensure_ascii=False).encode()
    reading = read_fact_sheet(written, law.vocabulary.of("enterprise"), max(today(), on), name="options")
    for diagnostic in reading.diagnostics:
        click.echo(diagnostic.render(language()), err=True)
    if reading.sheet is None:
        sys.exit(LAW_WRONG)
    return reading.sheet
