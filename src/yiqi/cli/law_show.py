"""`yiqi law show`: an instrument with its headings, or one rule with everything that is known of it."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from pathlib import Path

from yiqi.cli.law_tables import PROCEDURES, coverage_text
from yiqi.law.article import article_lines, lines_in_file
from yiqi.law.bilingual import Bilingual, Language
from yiqi.law.coverage import coverage_of
from yiqi.law.document import SourceText
from yiqi.law.measure_words import measure_lines
from yiqi.law.references import parent_of, referring_rules, versions_using
from yiqi.law.tree import Instrument, Law, Rule

MARKS = {
    "rule": Bilingual("", ""),
    "judgement": Bilingual("a person decides", "人工判断"),
    "procedure": Bilingual("orders steps", "程序"),
    "context": Bilingual("explains", "说明"),
}


def nearest_id(law: Law, wanted: str) -> str | None:
    """The id of an instrument or rule most like what was asked for; a rule may be asked for without its instrument."""
    rules = [rule for instrument in law.instruments.values() for rule in instrument.rules]
    if "#" not in wanted:
        for rule in rules:
            if rule.partition("#")[2] == wanted:
                return rule
        paths = {rule.partition("#")[2]: rule for rule in reversed(rules)}
        near = difflib.get_close_matches(wanted, [*law.instruments, *paths], n=1)
        return paths.get(near[0], near[0]) if near else None
    instrument, _, path = wanted.partition("#")
    if instrument in law.instruments:  # the file is right: only its own rules can be meant
        own = {rule.partition("#")[2]: rule for rule in law.instruments[instrument].rules}
        found = difflib.get_close_matches(path, own, n=1)
        return own[found[0]] if found else instrument
    near = difflib.get_close_matches(wanted, rules, n=1)
    return near[0] if near else None


def instrument_page(instrument: Instrument, language: Language) -> Iterator[str]:
    """The lines of an instrument: what it is, and its headings."""
    colon = "：" if language == "zh" else ": "

    def line(en: str, zh: str, value: str) -> str:
        return f"{zh if language == 'zh' else en}{colon}{value}"

    yield f"{instrument.id}  {instrument.number}"
    yield instrument.title[language]
    yield ""
    yield line("Issued by", "发文机关", instrument.issuer[language])
    if instrument.issued:
        yield line("Issued", "印发", instrument.issued.isoformat())
    until = f" – {instrument.until.isoformat()}" if instrument.until else ""
    yield line("In force", "施行", instrument.in_force.isoformat() + until)
    if instrument.regions:
        yield line(
            "Region codes",
            "适用地区代码",
            "、".join(instrument.regions) if language == "zh" else ", ".join(instrument.regions),
        )
    if instrument.replaces:
        yield line("Replaces", "取代", ", ".join(instrument.replaces))
    if instrument.url:
        yield line("Source", "来源", instrument.url)
    yield line("Last compared with its source", "最近核对", instrument.reviewed.isoformat())
    yield line("File", "文件", instrument.file)
    yield line("Coverage", "覆盖", coverage_text(coverage_of(instrument), language))
    yield ""
    for rule in instrument.rules.values():
        mark = MARKS[rule.mark][language]
        depth = "  " * rule.name.count(".")
        yield f"{depth}#{rule.name}  {rule.title[language]}" + (f"  ({mark})" if mark else "")


def rule_page(law: Law, rule: Rule, folder: Path, language: Language, condition: str | None = None) -> Iterator[str]:
    """The lines of a rule: citation, prose, the rule in words and as written, and what is connected with it.

    ``condition`` is the full id of a condition or row to point out.
    """
    zh = language == "zh"
    instrument = law.instruments[rule.instrument]
    yield f"{rule.id} [{rule.confidence}]"
    yield rule.title[language]
    yield f"{rule.cite[language]}  {instrument.file}:{rule.span.line}"
    if mark := MARKS[rule.mark][language]:
        yield mark
    for text in (rule.prose[language], _quoted(rule.notes[language])):
        if text:
            yield ""
            yield text
    words = [
        ("→ " if condition is not None and line.id == condition else "  ")
        + "  " * line.depth
        + line.text[language]
        + (f" [{line.confidence}]" if line.confidence not in (None, rule.confidence) else "")
        for line in article_lines(law, rule)
    ]
    yield from _part("规则释义" if zh else "In words", words)
    source = SourceText(instrument.file, (folder / instrument.file).read_text(encoding="utf-8"))
    yield from _part(
        "规则原文" if zh else "As written",
        (f"  {line}" for line in lines_in_file(source, rule, language, law.vocabulary)),
    )
    if (measure := law.measure(rule.id)) is not None:
        colon = "：" if zh else ": "
        yield from _part(
            "措施" if zh else "The measure",
            (f"  {label[language]}{colon}{text[language]}" for label, text in measure_lines(law, measure)),
        )
    yield from _connections(law, rule, language)


def conditions_of(law: Law, rule: Rule) -> set[str]:
    """The ids of the conditions and rows of a rule."""
    return {line.id for line in article_lines(law, rule) if line.id is not None and line.id.startswith(f"{rule.id}/")}


def _quoted(text: str) -> str:
    return "\n".join(f"> {line}".rstrip() for line in text.split("\n")) if text else ""


def _part(heading: str, lines: Iterable[str]) -> Iterator[str]:
    found = list(lines)
    if found:
        yield ""
        yield heading
        yield from found


def _connections(law: Law, rule: Rule, language: Language) -> Iterator[str]:
    zh = language == "zh"
    parent = parent_of(law, rule)
    referring = referring_rules(law).get(rule.id, ())
    lists = (
        ("上级条目" if zh else "Part of", (parent.id,) if parent else ()),
        ("下级条目" if zh else "Made up of", rule.children),
        ("引用本规则" if zh else "Referred to by", tuple(r for r in referring if parent is None or r != parent.id)),
        ("替换" if zh else "Replaces", (rule.replaces,) if rule.replaces else ()),
        ("可由以下规则替换" if zh else "Replaced in a region or year by", law.replacements.get(rule.id, ())),
    )
    for heading, ids in lists:
        yield from _part(heading, (f"  {i}  {law.rule(i).title[language]}" for i in ids))
    versions = [
        f"  {row.scheme}  {PROCEDURES[row.procedure][language]}  {row.first.isoformat()} – "
        f"{row.last.isoformat() if row.last else ''}".rstrip()
        for row in versions_using(law, rule.id)
    ]
    yield from _part("适用版本" if zh else "Used by the versions", versions)
