"""One cell of each column with what it was read as, so that a person sees a wrong unit at a glance."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from yiqi.facts.industry import SECTIONS
from yiqi.facts.region import PROVINCES
from yiqi.facts.sheet import Value
from yiqi.law.bilingual import Bilingual, Language
from yiqi.law.quantities import quantity_text
from yiqi.law.vocabulary import Fact
from yiqi.screening.cells import cells_of
from yiqi.screening.conversion import Conversion
from yiqi.screening.headings import Headings
from yiqi.screening.meaning import ColumnMeaning
from yiqi.screening.prepared import decode

_ROWS = 200
"""An example is taken from these first rows; below a heading without a value in them there is none."""


def with_examples(headings: Headings, conversion: Conversion) -> Headings:
    """The headings with the first cell of each column that has a value."""
    table = conversion.table
    read = headings.read
    texts = [
        f"list({cells_of(m.column.fact, m.unit, table.kinds[m.position], f'c{m.position}').text})"
        for m in read
        if m.column is not None
    ]
    ((*columns,),) = conversion.connection.execute(
        f"SELECT {', '.join(texts)} FROM (FROM {table.relation} LIMIT {_ROWS})"
    ).fetchall()
    examples: dict[int, tuple[str, Bilingual]] = {}
    for meaning, cells in zip(read, columns, strict=True):
        assert meaning.column is not None
        reader = ColumnMeaning(
            meaning.column, meaning.unit, table.kinds[meaning.position], conversion.on, table.place(meaning.position)
        )
        for cell in cells or ():
            if cell is None:
                continue
            value = reader.of(cell).value
            if value is not None:
                examples[meaning.position] = (
                    reader.shown(cell),
                    _shown(meaning.column.fact, decode(meaning.column.fact, value)),
                )
                break
    meanings = tuple(replace(m, example=examples.get(m.position)) for m in headings.meanings)
    return Headings(meanings, headings.claims)


def _shown(fact: Fact, value: Value) -> Bilingual:
    return Bilingual(_in(fact, value, "en"), _in(fact, value, "zh"))


def _in(fact: Fact, value: Value, language: Language) -> str:
    if fact.kind is not None and isinstance(value, int):
        return quantity_text(value, fact.kind, language, fact.unit)
    if fact.type == "region":
        return f"{value} {PROVINCES[str(value)[:2]][language]}"
    if fact.type == "industry":
        return f"{value} {SECTIONS[str(value)[0]][2][language]}"
    if isinstance(value, dt.date):
        return f"{value.year}年{value.month}月{value.day}日" if language == "zh" else value.isoformat()
    if isinstance(value, bool):
        return {"zh": "是" if value else "否", "en": "yes" if value else "no"}[language]
    if fact.members:
        chosen = value if isinstance(value, frozenset) else {value}
        labels = [member.label[language] for member in fact.members if member.id in chosen]
        return {"zh": "；", "en": "; "}[language].join(labels) or {"zh": "无", "en": "none"}[language]
    return str(value)
