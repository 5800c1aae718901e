"""A fact sheet as a YAML text that a person can go on editing and that reads back as the same sheet.

Money is written in 万元, shares in per cent. Keys and values are ids in English and labels in Chinese; both read back.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Mapping
from fractions import Fraction
from pathlib import Path

from yiqi.facts.sheet import FactSheet, Source, Value
from yiqi.law.bilingual import Bilingual, Language
from yiqi.law.quantities import MONEY_UNITS, POINTS_SCALE, RATIO_SCALE, decimal_text
from yiqi.law.vocabulary import Fact, Vocabulary

YES_NO = {True: Bilingual("yes", "是"), False: Bilingual("no", "否")}
UNKNOWN = Bilingual("unknown", "不清楚")
_PLAIN = re.compile(r"[A-Za-z\u4e00-\u9fff][\w\u4e00-\u9fff]*\Z")


def fact_sheet_text(
    sheet: FactSheet,
    vocabulary: Vocabulary,
    language: Language = "en",
    unknown: Collection[tuple[str, int | None]] = (),
) -> str:
    """The sheet as YAML in the order of the vocabulary, with the document and date of a value where they are known.

    ``unknown``: values (fact and year) to be named as unknown, for a person to fill in later; reading leaves them out.
    """
    lines: list[str] = []
    group: Bilingual | None = None
    for fact in vocabulary:
        written = _fact(fact, sheet, language, unknown)
        if written is None:
            continue
        if fact.group != group:
            group = fact.group
            lines += ["", f"# {group[language]}"] if lines else [f"# {group[language]}"]
        lines.append(f"{_key(fact.label.zh if language == 'zh' else fact.id)}: {written}")
    return "\n".join(lines) + "\n" if lines else ""


def save_fact_sheet(path: Path, text: str) -> None:
    """Write a sheet beside its place and move it there, so that an interruption leaves the old file whole.

    Raises ``OSError``.
    """
    beside = path.with_name(path.name + ".part")
    beside.write_text(text, encoding="utf-8")
    beside.replace(path)


def _fact(fact: Fact, sheet: FactSheet, language: Language, unknown: Collection[tuple[str, int | None]]) -> str | None:
    """What stands behind the key of a fact; None when nothing is to be said of it."""
    known = sheet.values.get(fact.id)
    if fact.per is None:
        if known is not None and not isinstance(known, Mapping):
            return _sourced(value_text(fact, known, language), sheet.provenance.get((fact.id, None)))
        return UNKNOWN[language] if (fact.id, None) in unknown else None
    years: dict[int, str] = {year: UNKNOWN[language] for name, year in unknown if name == fact.id and year is not None}
    if isinstance(known, Mapping):
        for year, value in known.items():
            years[year] = _sourced(value_text(fact, value, language), sheet.provenance.get((fact.id, year)))
    return "{" + ", ".join(f"{year}: {years[year]}" for year in sorted(years, reverse=True)) + "}" if years else None


def _sourced(text: str, source: Source | None) -> str:
    if source is None or (source.document is None and source.date is None):
        return text
    parts = [f"value: {text}"]
    if source.document is not None:
        parts.append(f"source: {_quoted(source.document)}")
    if source.date is not None:
        parts.append(f"date: {source.date.isoformat()}")
    return "{" + ", ".join(parts) + "}"


def value_text(fact: Fact, value: Value, language: Language) -> str:
    """One value as a sheet writes it: ``5512.5万元``, ``12.5%``, ``yes``, ``[a, b]``, ``"330100"``."""
    if isinstance(value, bool):
        return YES_NO[value][language]
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, int):
        return _number(fact, value)
    if isinstance(value, frozenset):
        return "[" + ", ".join(_member(fact, m.id, language) for m in fact.members if m.id in value) + "]"
    return _member(fact, value, language) if fact.type == "one_of" else _quoted(value)


def _number(fact: Fact, value: int) -> str:
    if fact.kind == "money":
        return decimal_text(Fraction(value, MONEY_UNITS["万元"])) + "万元"
    if fact.kind == "ratio":
        return decimal_text(Fraction(value * 100, RATIO_SCALE)) + "%"
    return decimal_text(Fraction(value, POINTS_SCALE)) if fact.kind == "points" else str(value)


def _member(fact: Fact, member: str, language: Language) -> str:
    label = fact.members[fact.member_index(member)].label
    return _key(label.zh) if language == "zh" else _key(member)


def _key(text: str) -> str:
    """A name, in quotation marks where YAML could take it for something else."""
    return text if _PLAIN.match(text) and text.lower() not in ("null", "unknown") else _quoted(text)


def _quoted(text: str) -> str:
    """A double-quoted YAML text on one line; what does not print is escaped."""
    escaped = "".join(f"\\{c}" if c in '"\\' else c if c.isprintable() else f"\\U{ord(c):08X}" for c in text)
    return f'"{escaped}"'
