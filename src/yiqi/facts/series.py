"""Facts that are looked up in a dated table on a day the sheet gives."""

from __future__ import annotations

import datetime as dt

from yiqi.facts.sheet import FactSheet, Source, Value, Yearly
from yiqi.law.diagnostics import Place
from yiqi.law.vocabulary import Vocabulary


def looked_up(sheet: FactSheet, vocabulary: Vocabulary) -> FactSheet:
    """The sheet with every fact that a table has for its day; without the day, or outside the table, it stays unknown."""
    found: dict[str, Value | Yearly] = {}
    sources: dict[tuple[str, int | None], Source] = {}
    for fact in vocabulary.series:
        series = fact.series
        assert series is not None
        day = sheet.values.get(series.at)
        if not isinstance(day, dt.date) or (row := series.on(day)) is None:
            continue
        first, value, confidence = row
        found[fact.id] = value
        sources[(fact.id, None)] = Source(
            Place(series.file), str(value), f"{series.file}, {first} [{confidence}]", first
        )
    if not found:
        return sheet
    return FactSheet({**sheet.values, **found}, {**sheet.provenance, **sources})
