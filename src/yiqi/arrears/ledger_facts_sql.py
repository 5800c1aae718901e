"""The lines of a ledger as SQL: what a cell implies, what was said of all lines, what has to be put right first.

The same as :mod:`yiqi.arrears.ledger` does with each line, over a prepared table: one subquery whose columns are facts.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from yiqi.arrears.findings import CONTRACT_DATE
from yiqi.arrears.ledger import ID, IMPLIED
from yiqi.facts.sheet import Value
from yiqi.law.vocabulary import Fact, Series, Vocabulary
from yiqi.screening.prepared import PROBLEMS, ROW, Bounds, Column, Prepared, encode
from yiqi.screening.quoting import identifier, literal

BLOCKS = "blocks"
"""Codes of what must be put right before anything is worked out for a line, ``;`` between; NULL where nothing is."""
TWICE = "yiqi_numbers_twice"
"""The table of ledger numbers that several lines have."""


@dataclass(frozen=True)
class LedgerFacts:
    """A subquery of facts: one line per row, with :data:`BLOCKS` beside them.

    ``columns`` are the facts by the name of their column; ``bounds`` their ranges, dates as day numbers.
    """

    query: str
    columns: Mapping[str, Column]
    bounds: Mapping[str, Bounds]

    def has(self, name: str) -> bool:
        return name in self.columns


def ledger_facts(
    prepared: Prepared,
    days: Mapping[str, Bounds],
    vocabulary: Vocabulary,
    settings: Mapping[str, Value],
    wanted: frozenset[str],
    source: str,
) -> LedgerFacts:
    """The facts ``wanted`` of the lines of ``source``, a table in the form of ``prepared``.

    ``days`` are the ranges of its date columns as day numbers; ``settings`` are facts that hold for every line that does
    not give them.
    """
    columns: dict[str, Column] = {}
    bounds: dict[str, Bounds] = {}
    selected = [ROW, *([PROBLEMS] if prepared.has_problems else [])]
    forms = {form for _, form, _ in IMPLIED}
    for name in sorted(wanted):
        fact = vocabulary.get(name)
        if fact is None:
            continue
        if fact.series is not None:
            if fact.series.at == CONTRACT_DATE:
                columns[name] = Column(fact)
                bounds[name] = series_bounds(fact.series)
                day = _cell(prepared, vocabulary[CONTRACT_DATE], settings)
                selected.append(f"{looked_up(fact.series, day)} AS {identifier(name)}")
            continue
        cell = _form(prepared, fact, settings) if name in forms else _cell(prepared, fact, settings)
        if cell == "NULL":
            continue
        columns[name] = Column(fact)
        selected.append(f"CAST({cell} AS {columns[name].type}) AS {identifier(name)}")
        found = days.get(name) if fact.type == "date" else prepared.bounds.get(name)
        if found is not None:
            bounds[name] = _with(found, encode(fact, settings[name]) if name in settings else None)
    blocks = ", ".join(_blocks(prepared, vocabulary, settings))
    selected.append(f"nullif(concat_ws(';', {blocks}), '') AS {BLOCKS}")
    return LedgerFacts(f"SELECT {', '.join(selected)} FROM {source}", columns, bounds)


def numbers_twice(prepared: Prepared) -> str:
    """A statement that makes :data:`TWICE`."""
    if ID not in prepared.columns:
        return f"CREATE OR REPLACE TEMP TABLE {TWICE} ({ID} VARCHAR)"
    return (
        f"CREATE OR REPLACE TEMP TABLE {TWICE} AS SELECT {ID} FROM {prepared.source} WHERE {ID} IS NOT NULL"
        f" GROUP BY {ID} HAVING count(*) > 1"
    )


def series_bounds(series: Series) -> Bounds:
    values = [value for _, value, _ in series.steps]
    return Bounds(min(values), max(values))


def steps_of(series: Series) -> list[tuple[dt.date, int]]:
    """The days on which a table has another value than before, with that value."""
    found: list[tuple[dt.date, int]] = []
    for day, value, _ in series.steps:
        if not found or found[-1][1] != value:
            found.append((day, value))
    return found


def looked_up(series: Series, day: str) -> str:
    """SQL of a dated table's value on a day; NULL outside the table."""
    # The newest first: most lines are recent.
    steps = "".join(f" WHEN {day} >= DATE '{first}' THEN {value}" for first, value in reversed(steps_of(series)))
    return f"CASE WHEN {day} > DATE '{series.until}' THEN NULL{steps} END"


def _cell(prepared: Prepared, fact: Fact, settings: Mapping[str, Value]) -> str:
    """SQL of a fact of a line; ``NULL`` where neither the table nor the settings have it."""
    cell = identifier(fact.id) if fact.id in prepared.columns else "NULL"
    if fact.id not in settings:
        return cell
    said = _literal(fact, settings[fact.id])
    return said if cell == "NULL" else f"coalesce({cell}, {said})"


def _form(prepared: Prepared, fact: Fact, settings: Mapping[str, Value]) -> str:
    """SQL of how something was agreed: as the line says, as the figure that it gives implies, as was said of all lines."""
    cell = identifier(fact.id) if fact.id in prepared.columns else None
    implied = [
        f"CASE WHEN {identifier(figure)} IS NOT NULL THEN {fact.member_index(value)} END"
        for figure, form, value in IMPLIED
        if form == fact.id and figure in prepared.columns
    ]
    said = [_literal(fact, settings[fact.id])] if fact.id in settings else []
    found = [*([cell] if cell else []), *implied, *said]
    return f"coalesce({', '.join(found)})" if found else "NULL"


def _blocks(prepared: Prepared, vocabulary: Vocabulary, settings: Mapping[str, Value]) -> Iterator[str]:
    """SQL of the code of each thing that must be put right first, else NULL."""
    conflicts: list[str] = []
    before: dict[str, list[str]] = {}
    for figure, form, value in IMPLIED:
        if figure not in prepared.columns:
            continue
        known = before.setdefault(form, [identifier(form)] if form in prepared.columns else [])
        position = vocabulary[form].member_index(value)
        if known:
            conflicts.append(f"({identifier(figure)} IS NOT NULL AND coalesce({', '.join(known)}) <> {position})")
        known.append(f"CASE WHEN {identifier(figure)} IS NOT NULL THEN {position} END")
    if conflicts:
        yield f"CASE WHEN {' OR '.join(conflicts)} THEN 'two-forms' END"
    if "paid_amount" in prepared.columns:
        day = "paid_on" if "paid_on" in prepared.columns else "NULL"
        yield f"CASE WHEN paid_amount <> 0 AND {day} IS NULL THEN 'payment-without-day' END"
    if ID in prepared.columns:
        yield f"CASE WHEN {ID} IN (FROM {TWICE}) THEN 'duplicate-number' END"
    currency = vocabulary["currency"]
    if (cell := _cell(prepared, currency, settings)) != "NULL":
        yield f"CASE WHEN {cell} = {currency.member_index('other')} THEN 'foreign-currency' END"
    yield "NULL"


def _literal(fact: Fact, value: Value) -> str:
    held = encode(fact, value)
    if isinstance(held, bool):
        return str(held).lower()
    if isinstance(held, dt.date):
        return f"DATE '{held}'"
    return str(held) if isinstance(held, int) else literal(held)


def _with(bounds: Bounds, value: object) -> Bounds:
    """The range with one value more; without bounds where every cell is NULL and nothing is said of all lines."""
    held = value.toordinal() if isinstance(value, dt.date) else value
    if not isinstance(held, int) or isinstance(held, bool):
        return bounds
    if bounds.low is None or bounds.high is None:
        return Bounds(held, held)
    return Bounds(min(bounds.low, held), max(bounds.high, held))
