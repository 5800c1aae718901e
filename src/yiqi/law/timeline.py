"""Days that do not fit: gaps between versions, rules outside their instrument's life, rules replaced twice at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from itertools import combinations, pairwise

from yiqi.law.bilingual import Bilingual
from yiqi.law.diagnostics import Diagnostic
from yiqi.law.document import Document, TableBlock
from yiqi.law.syntax import Span
from yiqi.law.tree import Instrument, Law, Rule, VersionRow
from yiqi.law.version_table import NO_RULE, PROCEDURES, VERSION_HEADER

_DAY = dt.timedelta(days=1)


def check_versions(law: Law, documents: Mapping[str, Document]) -> Iterator[Diagnostic]:
    """Gaps of a scheme that nobody states, and rows that act before or after their instrument is in force."""
    reported: set[tuple[VersionRow, dt.date]] = set()
    for scheme in law.schemes:
        for procedure in PROCEDURES:
            rows = sorted(
                (r for r in law.versions if r.scheme == scheme and r.procedure in ("any", procedure)),
                key=lambda r: r.first,
            )
            for before, after in pairwise(rows):
                if before.last is None or before.last + _DAY >= after.first or (after, before.last) in reported:
                    continue
                if _stated(documents[after.file], scheme, procedure, before.last + _DAY, after.first - _DAY):
                    continue
                reported.add((after, before.last))
                yield _gap(scheme, before.last + _DAY, after.first - _DAY, before, documents[after.file], after)
    for row in law.versions:
        yield from _row_outside(row, law, documents[row.file])


def _stated(document: Document, scheme: str, procedure: str, first: dt.date, last: dt.date) -> bool:
    """Whether a row with the rule `none` says that nothing decides from ``first`` to ``last``."""
    name = scheme.rpartition(".")[2]
    tables = (b for section in document.root.walk() for b in section.blocks if isinstance(b, TableBlock))
    rows = ([cell.text for cell in row] for table in tables for row in table.rows if len(row) == len(VERSION_HEADER))
    return any(
        row[0] == name
        and row[1] in ("any", procedure)
        and row[2] <= first.isoformat()
        and last.isoformat() <= row[3]
        and row[4] == NO_RULE
        for row in rows
    )


def _gap(
    scheme: str, first: dt.date, last: dt.date, before: VersionRow, document: Document, after: VersionRow
) -> Diagnostic:
    return document.source.diagnostic(
        "warning", "version-gap", document.source.line_span(after.span.line),
        f"no rule decides `{scheme}` from {first} to {last} (the row before stands on line {before.span.line})",
        f"“{scheme}”自{first}至{last}没有适用的规则（上一行在第{before.span.line}行）",
        Bilingual(
            f"correct the dates, or state the gap: a row from {first} to {last} with the rule `none`",
            f"请更正日期；如确无规则，请增加一行，起止为{first}和{last}，规则写`none`",
        ),
    )  # fmt: skip


def _row_outside(row: VersionRow, law: Law, document: Document) -> Iterator[Diagnostic]:
    instrument = law.instruments[row.rule.partition("#")[0]]
    span = document.source.line_span(row.span.line)
    if row.first < instrument.in_force:
        yield document.source.diagnostic(
            "warning", "version-before-force", span,
            f"this row begins on {row.first}, {instrument.id} is in force from {instrument.in_force}",
            f"本行自{row.first}起适用，而{instrument.id}自{instrument.in_force}起施行",
            Bilingual("correct the row or the front matter of the instrument", "请更正本行或该文件的元数据"),
        )  # fmt: skip
    if instrument.until is not None and (row.last is None or row.last > instrument.until):
        end = "has no last day" if row.last is None else f"ends on {row.last}"
        end_zh = "没有截止日" if row.last is None else f"适用至{row.last}"
        yield document.source.diagnostic(
            "warning", "version-after-force", span,
            f"this row {end}, {instrument.id} is in force until {instrument.until}",
            f"本行{end_zh}，而{instrument.id}施行至{instrument.until}",
            Bilingual("correct the row or the front matter of the instrument", "请更正本行或该文件的元数据"),
        )  # fmt: skip


def check_replacements(law: Law, documents: Mapping[str, Document]) -> Iterator[Diagnostic]:
    """Two files that replace one delegated rule at one time and place, so that nothing says which of them counts."""
    for target, rule_ids in law.replacements.items():
        rules = sorted((law.rule(r) for r in rule_ids), key=lambda r: (law.instruments[r.instrument].in_force, r.id))
        for first, second in combinations(rules, 2):
            one, other = law.instruments[first.instrument], law.instruments[second.instrument]
            if not _same_time(one, other):
                continue
            if not one.regions and not other.regions:
                where, where_zh = "in the whole country", "全国范围内"
            elif one.regions and other.regions and (shared := _contested(one, other)):
                where, where_zh = f"in {shared}", f"在{shared}"
            else:
                continue
            yield _twice(target, first, second, where, where_zh, one, documents[other.file])


def _twice(
    target: str, first: Rule, second: Rule, where: str, where_zh: str, one: Instrument, document: Document
) -> Diagnostic:
    return document.source.diagnostic(
        "error", "replaced-twice", second.span,
        f"`{first.id}` ({one.file}:{first.span.line}) replaces `{target}` at the same time {where}",
        f"“{first.id}”（{one.file}:{first.span.line}）同一时间{where_zh}也替换“{target}”",
        Bilingual(
            "give the older file its last day (`until:`), or narrow `region:`",
            "请为较早的文件写明最后一日（`until:`），或缩小`region:`",
        ),
    )  # fmt: skip


def _same_time(one: Instrument, other: Instrument) -> bool:
    return one.in_force <= (other.until or dt.date.max) and other.in_force <= (one.until or dt.date.max)


def _contested(one: Instrument, other: Instrument) -> str | None:
    """A region to which both files apply and neither is the more local: a city's file comes before its province's."""
    if max(map(len, one.regions)) != max(map(len, other.regions)):
        return None
    for a in one.regions:
        for b in other.regions:
            if not (a.startswith(b) or b.startswith(a)):
                continue
            narrow = max(a, b, key=len)
            if not any(narrow.startswith(e) for e in (*one.regions_except, *other.regions_except)):
                return narrow
    return None


def check_dates(instrument: Instrument, law: Law, document: Document, today: dt.date) -> Iterator[Diagnostic]:
    """Days of the front matter that contradict each other, and a predecessor that is not in the folder."""

    def warning(key: str, code: str, en: str, zh: str, remedy: Bilingual) -> Diagnostic:
        line = document.front_lines.get(key, 1)
        return document.source.diagnostic("warning", code, _value_span(document, line), en, zh, remedy)

    if instrument.reviewed > today:
        yield warning(
            "reviewed", "reviewed-in-future",
            f"{instrument.reviewed} is still to come", f"{instrument.reviewed}尚未到来",
            Bilingual(
                "`reviewed` is the day someone last compared the file with its source",
                "`reviewed`是最近一次与原文核对的日期",
            ),
        )  # fmt: skip
    if instrument.issued is not None and instrument.in_force < instrument.issued:
        yield warning(
            "in_force", "force-before-issue",
            f"in force from {instrument.in_force}, before the day of issue, {instrument.issued}",
            f"施行日{instrument.in_force}早于印发日{instrument.issued}",
            Bilingual("compare both days with the source", "请与原文核对这两个日期"),
        )  # fmt: skip
    if instrument.until is not None and instrument.until < instrument.in_force:
        yield warning(
            "until", "until-before-force",
            f"the last day, {instrument.until}, is before the first, {instrument.in_force}",
            f"最后一日{instrument.until}早于施行日{instrument.in_force}",
            Bilingual("compare both days with the source", "请与原文核对这两个日期"),
        )  # fmt: skip
    for name in instrument.replaces:
        if name not in law.instruments:
            yield warning(
                "replaces", "unknown-instrument", f"no law file has the id `{name}`", f"没有标识为“{name}”的法规文件",
                Bilingual("correct the id, or remove it until that file is there", "请更正标识；该文件未收录时请删除"),
            )  # fmt: skip


def _value_span(document: Document, line: int) -> Span:
    """What stands behind the key on a line of the front matter."""
    whole = document.source.line_span(line)
    text = document.source.lines[line - 1]
    at = text.find(":") + 1
    value = text[at:].split(" #", 1)[0]
    if at == 0 or not value.strip():
        return whole
    return Span(line, at + len(value) - len(value.lstrip()) + 1, len(value.strip()))
