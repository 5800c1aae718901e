"""What the texts mean that SQL does not take by itself: each different text of a column is interpreted once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import duckdb

from yiqi.facts.interpret import Interpreter
from yiqi.facts.plausibility import plausibility_problems
from yiqi.facts.sheet import FactSheet
from yiqi.facts.statement import Statement, Written
from yiqi.law.bilingual import Bilingual
from yiqi.law.diagnostics import Diagnostic, Place
from yiqi.law.vocabulary import Vocabulary
from yiqi.screen.opened import MARK, MARKED
from yiqi.screen.prepared import Column, encode

_CHUNK = 10_000

Held = int | bool | dt.date | str


@dataclass(frozen=True, slots=True)
class Meaning:
    """What one text means in its column: a value as the column holds it, or what is wrong, or neither (unknown)."""

    value: Held | None
    error: Diagnostic | None = None
    warning: Diagnostic | None = None


class ColumnMeaning:
    """Interprets the texts of one column as a fact sheet of one enterprise would have them."""

    def __init__(self, column: Column, unit: str | None, kind: str, on: dt.date, place: Place) -> None:
        self.column, self.unit, self.on, self.place = column, unit, on, place
        self._marked = kind == MARKED
        self._interpreter = Interpreter()
        self._vocabulary = Vocabulary({column.fact.id: column.fact})

    def of(self, text: str) -> Meaning:
        """The meaning of one text."""
        fact, year = self.column.fact, self.column.year
        statement = self._statement(text)
        if isinstance(statement, Diagnostic):
            return Meaning(None, statement)
        self._interpreter.diagnostics = []
        value = self._interpreter.value(statement)
        found = self._interpreter.diagnostics
        if value is not None:
            sheet = FactSheet({fact.id: value if year is None else {year: value}}, {})
            found = found + plausibility_problems(sheet, self._vocabulary, self.on)
        error = next((d for d in found if d.severity == "error"), None)
        warning = next((d for d in found if d.severity == "warning"), None)
        return Meaning(None if value is None or error is not None else encode(fact, value), error, warning)

    def _statement(self, text: str) -> Statement | Diagnostic:
        written: Written = text
        number = percent = False
        if self._marked and text.startswith(MARK):
            mark, text = text[1:2], text[2:]
            written = text
            if mark == "e":
                return _formula_error(text, self.place)
            if mark == "d":
                written = dt.datetime.fromisoformat(text)
            elif mark == "b":
                written = text == "TRUE"
            number, percent = mark in "np", mark == "p"
        return Statement(
            self.column.fact, self.column.year, written, self.place, self.unit, from_number=number, percent=percent
        )


def interpret_texts(
    connection: duckdb.DuckDBPyConnection,
    texts: str,
    meaning: ColumnMeaning,
    table: str,
    progress: Callable[[float], None],
) -> None:
    """Interpret every different text of the column ``texts`` selects, into a new temporary table.

    ``table`` gets the columns ``text``, ``value`` (of the prepared type), ``code``, ``en`` and ``zh`` (what is wrong,
    else NULL), ``warning``, ``warning_en`` and ``warning_zh``.
    """
    distinct = f"{table}_distinct"
    connection.execute(
        f"CREATE TEMP TABLE {distinct} AS SELECT DISTINCT text FROM ({texts}) WHERE text IS NOT NULL ORDER BY text"
    )
    connection.execute(
        f"CREATE TEMP TABLE {table} (text VARCHAR, value {meaning.column.type}, code VARCHAR, en VARCHAR,"
        " zh VARCHAR, warning VARCHAR, warning_en VARCHAR, warning_zh VARCHAR)"
    )
    total = _count(connection, distinct)
    for start in range(0, total, _CHUNK):
        rows = connection.execute(
            f"SELECT text FROM {distinct} WHERE rowid >= {start} AND rowid < {start + _CHUNK}"
        ).fetchall()
        _insert(connection, table, [text for (text,) in rows], meaning)
        progress(min(1.0, (start + _CHUNK) / total))
    connection.execute(f"DROP TABLE {distinct}")


def _insert(connection: duckdb.DuckDBPyConnection, table: str, texts: list[str], meaning: ColumnMeaning) -> None:
    columns: list[list[object]] = [[] for _ in range(8)]
    for text in texts:
        found = meaning.of(text)
        for column, cell in zip(columns, (text, found.value, *_said(found)), strict=True):
            column.append(cell)
    connection.execute(f"INSERT INTO {table} SELECT " + ", ".join(f"unnest(${i})" for i in range(1, 9)), columns)


def _said(meaning: Meaning) -> Iterator[str | None]:
    for diagnostic in (meaning.error, meaning.warning):
        if diagnostic is None:
            yield from (None, None, None)
        else:
            told = in_one_line(diagnostic)
            yield from (diagnostic.code, told.en, told.zh)


def in_one_line(diagnostic: Diagnostic) -> Bilingual:
    """What is wrong and what to do, without the place."""
    message, remedy = diagnostic.message, diagnostic.remedy
    if remedy is None:
        return message
    return Bilingual(f"{message.en}; {remedy.en}", f"{message.zh}；{remedy.zh}")


def _count(connection: duckdb.DuckDBPyConnection, table: str) -> int:
    found = connection.execute(f"SELECT count(*) FROM {table}").fetchone()
    assert found is not None
    return int(found[0])


def _formula_error(text: str, place: Place) -> Diagnostic:
    return Diagnostic(
        "error",
        "formula-error",
        Bilingual(f"the formula in this cell gives {text}", f"该单元格的公式结果为{text}"),
        place,
        Bilingual("type the figure itself, or clear the cell if it is unknown", "请直接填写数字；不清楚请清空该单元格"),
    )
