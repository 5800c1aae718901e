"""What the texts mean that SQL does not take by itself: each different text of a column is interpreted once."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal

import duckdb

from yiqi.facts.interpret import Interpreter
from yiqi.facts.plausibility import plausibility_problems
from yiqi.facts.sheet import FactSheet
from yiqi.facts.statement import Statement, Written
from yiqi.facts.workbook import cell_text
from yiqi.law.bilingual import Bilingual
from yiqi.law.diagnostics import Diagnostic, Place
from yiqi.law.vocabulary import Vocabulary
from yiqi.screening.opened import MARK, TEXT
from yiqi.screening.prepared import Column, encode

_CHUNK = 10_000
_UNREADABLE = "\ufffd"
_OWN_UNIT = re.compile(r"[+-]?[0-9.,]+\s*(\D{1,4})\Z")

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
        self._marked = kind != TEXT
        self._interpreter = Interpreter()
        self._vocabulary = Vocabulary({column.fact.id: column.fact})

    def of(self, text: str) -> Meaning:
        """The meaning of one text."""
        if _UNREADABLE in text:
            return Meaning(None, _unreadable(self.place))
        statement = self._statement(text)
        if isinstance(statement, Diagnostic):
            return Meaning(None, statement)
        fact, year = self.column.fact, self.column.year
        self._interpreter.diagnostics = []
        value = self._interpreter.value(statement)
        found = self._interpreter.diagnostics
        if value is not None:
            sheet = FactSheet({fact.id: value if year is None else {year: value}}, {})
            found = found + plausibility_problems(sheet, self._vocabulary, self.on)
        error = next((d for d in found if d.severity == "error"), None)
        warning = next((d for d in found if d.severity == "warning"), None)
        return Meaning(None if value is None or error is not None else encode(fact, value), error, warning)

    def shown(self, text: str) -> str:
        """A text as the person sees it in the table."""
        if not (self._marked and text.startswith(MARK)):
            return text
        mark, text = text[1:2], text[2:]
        if mark == "p":
            return f"{Decimal(text).scaleb(2):f}%"
        if mark == "f":
            return cell_text(float(text))
        return text.removesuffix(" 00:00:00") if mark == "d" else text

    def own_unit(self, text: str) -> str | None:
        """The unit that a number carries itself."""
        match = _OWN_UNIT.match(unicodedata.normalize("NFKC", self.shown(text)).strip())
        return match[1].strip() if match else None

    def _statement(self, text: str) -> Statement | Diagnostic:
        written: Written = text
        mark = ""
        if self._marked and text.startswith(MARK):
            mark, text = text[1:2], text[2:]
            if mark == "e":
                return _formula_error(text, self.place)
            if mark == "m":
                return _time_of_day(self.place)
            written = _written(mark, text)
        return Statement(
            self.column.fact, self.column.year, written, self.place, self.unit,
            from_number=mark in ("n", "p", "f"), percent=mark == "p",
        )  # fmt: skip


def interpret_texts(
    connection: duckdb.DuckDBPyConnection,
    texts: str,
    meaning: ColumnMeaning,
    table: str,
    progress: Callable[[float], None],
) -> None:
    """Interpret every different text of the query ``texts`` (one column, ``text``), into a new temporary table.

    ``table`` gets the columns ``text``, ``cell`` (as a person sees it), ``value`` (of the prepared type), ``unit`` (that
    a number carries itself), ``code``, ``en`` and ``zh`` (what is wrong, else NULL), ``warning``, ``warning_en`` and
    ``warning_zh``. Memory does not grow with the number of texts.
    """
    distinct = f"{table}_distinct"
    connection.execute(
        f"CREATE TEMP TABLE {distinct} AS SELECT DISTINCT text FROM ({texts}) WHERE text IS NOT NULL ORDER BY text"
    )
    connection.execute(
        f"CREATE TEMP TABLE {table} (text VARCHAR, cell VARCHAR, value {meaning.column.type}, unit VARCHAR, code VARCHAR,"
        " en VARCHAR, zh VARCHAR, warning VARCHAR, warning_en VARCHAR, warning_zh VARCHAR)"
    )
    counted = connection.execute(f"SELECT count(*) FROM {distinct}").fetchall()
    total = int(counted[0][0])
    for start in range(0, total, _CHUNK):
        rows = connection.execute(
            f"SELECT text FROM {distinct} WHERE rowid >= {start} AND rowid < {start + _CHUNK}"
        ).fetchall()
        _insert(connection, table, [text for (text,) in rows], meaning)
        progress(min(1.0, (start + _CHUNK) / total))
    connection.execute(f"DROP TABLE {distinct}")


def _insert(connection: duckdb.DuckDBPyConnection, table: str, texts: list[str], meaning: ColumnMeaning) -> None:
    columns: list[list[object]] = [[] for _ in range(10)]
    for text in texts:
        found = meaning.of(text)
        row = (text, meaning.shown(text), found.value, meaning.own_unit(text), *_said(found))
        for column, cell in zip(columns, row, strict=True):
            column.append(cell)
    unnested = ", ".join(f"unnest(${number})" for number in range(1, len(columns) + 1))
    connection.execute(f"INSERT INTO {table} SELECT {unnested}", columns)


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


def _written(mark: str, text: str) -> Written:
    if mark == "b":
        return text == "TRUE"
    if mark == "f":
        return cell_text(float(text))
    if mark == "d":
        try:
            return dt.datetime.fromisoformat(text)
        except ValueError:
            # A day before the year 1 or after 9999, or none at all: no date of an enterprise.
            return text
    return text


def _formula_error(text: str, place: Place) -> Diagnostic:
    return Diagnostic(
        "error",
        "formula-error",
        Bilingual(f"the formula in this cell gives {text}", f"该单元格的公式结果为{text}"),
        place,
        Bilingual("type the figure itself, or clear the cell if it is unknown", "请直接填写数字；不清楚请清空该单元格"),
    )


def _time_of_day(place: Place) -> Diagnostic:
    return Diagnostic(
        "error",
        "wrong-type",
        Bilingual("the cell holds a time of day", "该单元格是时间"),
        place,
        Bilingual("set the cell's format to general and type the value again", "请将单元格格式改为常规后重新填写"),
    )


def _unreadable(place: Place) -> Diagnostic:
    return Diagnostic(
        "error",
        "unreadable-characters",
        Bilingual("the cell has characters that cannot be read", "单元格中有无法识别的字符"),
        place,
        Bilingual("save the table again in UTF-8, or type the cell again", "请用UTF-8重新保存表格，或重新填写该单元格"),
    )
