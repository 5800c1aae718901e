"""The cells that SQL converts by itself: word for word clean ones. Everything else is interpreted text by text.

What is written here must never give another value than :class:`yiqi.facts.interpret.Interpreter`; where it is not certain
of that it gives NULL, and the text goes to the interpreter.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from yiqi.facts.interpret import LARGEST
from yiqi.facts.uscc import ALPHABET
from yiqi.law.quantities import MONEY_UNITS, SCALES
from yiqi.law.vocabulary import Fact
from yiqi.screening.opened import MARK, MARKED, TEXT
from yiqi.screening.quoting import literal

INTEGERS = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "HUGEINT")
DECIMAL = re.compile(r"DECIMAL\(([0-9]+),([0-9]+)\)\Z")
TIMESTAMPS = ("TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS")
LIST_OF_TEXTS = "VARCHAR[]"

_MOST_DIGITS = len(str(LARGEST)) - 1
_LETTER = f"[{ALPHABET}]"
_USCC = f"{_LETTER}{{2}}[0-9]{{6}}{_LETTER}{{10}}"
# Half-width printable characters without `*` and `:`, Chinese characters and full-width parentheses: their NFC form is
# themselves, and eight of them are no way to write "unknown".
_PLAIN = "[!-)+-9;-~一-鿿（）·]"
_TEXT = f"(?:{_PLAIN} ?){{7,}}{_PLAIN}"
_UNITS_BEHIND = {"money": ("元", "万元", "亿元"), "ratio": ("%",)}


@dataclass(frozen=True, slots=True)
class Cells:
    """SQL over one column of a table.

    ``value`` gives the prepared value of a clean cell and NULL for any other; None where no cell is taken by SQL.
    ``text`` gives the text of any cell, NULL for an empty one. ``bare`` is true where a clean cell is a number without a
    unit of its own; None where that does not matter.
    """

    value: str | None
    text: str
    bare: str | None = None


def cells_of(fact: Fact, unit: str | None, kind: str, cell: str) -> Cells:
    """How the cells of a column of a kind (see :class:`yiqi.screening.opened.Table`) are taken. ``cell`` names the column.

    ``unit`` is the unit of bare numbers. Bounds are not checked here; see :func:`possible`. The kind is one
    that :func:`holds_facts`.
    """
    if kind == TEXT or kind.startswith("ENUM"):
        text = cell if kind == TEXT else f"CAST({cell} AS VARCHAR)"
        return Cells(_clean_text(fact, unit, text), text, _bare(fact, unit, text))
    if kind == MARKED:
        # A number of a spreadsheet means what the same digits typed as text mean, if the fact is a number or a name.
        text = f"CASE WHEN starts_with({cell}, {literal(MARK + 'n')}) THEN substr({cell}, 3) ELSE {cell} END"
        takes_numbers = fact.kind is not None or fact.type == "text"
        value = _clean_text(fact, unit, f"({text})" if takes_numbers else cell)
        return Cells(value, cell, _bare(fact, unit, f"({text})"))
    if kind == LIST_OF_TEXTS:
        return Cells(None, f"CASE WHEN len({cell}) = 0 THEN '[]' ELSE array_to_string({cell}, ';') END")
    if kind == "BOOLEAN":
        text = f"{literal(MARK + 'b')} || upper(CAST({cell} AS VARCHAR))"
        return Cells(cell if fact.type == "yes_no" else None, text)
    if kind == "DATE" or kind in TIMESTAMPS:
        text = f"{literal(MARK + 'd')} || CAST(CAST({cell} AS TIMESTAMP) AS VARCHAR)"
        day = f"CASE WHEN {cell} = date_trunc('day', {cell}) THEN CAST({cell} AS DATE) END"
        return Cells(day if fact.type == "date" else None, text)
    return _number_cells(fact, unit, kind, cell)


def holds_facts(kind: str) -> bool:
    """Whether the cells of a kind of column can be facts. Seven digits, as FLOAT has them, hold no amount."""
    return (
        kind in (TEXT, MARKED, LIST_OF_TEXTS, "BOOLEAN", "DATE", "DOUBLE", *TIMESTAMPS, *INTEGERS)
        or kind.startswith("ENUM")
        or DECIMAL.match(kind) is not None
    )


def possible(fact: Fact, value: str, on: dt.date) -> str:
    """SQL that is true where a value needs no look at whether it is possible."""
    if fact.kind is not None:
        low, high = hard_bounds(fact)
        parts = [] if low is None else [f"{value} >= {low}"]
        parts += [] if high is None else [f"{value} <= {high}"]
        return " AND ".join(parts) or "true"
    if fact.type == "date":
        # Python's days begin with the year 1. What lies after the day is a question for the interpreter's checks.
        return f"{value} BETWEEN DATE '0001-01-01' AND DATE '{on.isoformat()}'"
    return "true"


def hard_bounds(fact: Fact) -> tuple[int | None, int | None]:
    """Least and greatest possible value, in smallest units. Nobody counts fewer than none."""
    low = 0 if fact.minimum is None and fact.kind in ("count", "years") else fact.minimum
    return low, fact.maximum


# ---- texts ----------------------------------------------------------------------------------------------------------


def _clean_text(fact: Fact, unit: str | None, cell: str) -> str | None:
    if fact.kind is not None:
        return _number(fact, unit, cell)
    if fact.type == "date":
        return (
            f"CASE WHEN regexp_full_match({cell}, '[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}') THEN TRY_CAST({cell} AS DATE) END"
        )
    if fact.type == "uscc":
        return f"CASE WHEN regexp_full_match({cell}, {literal(_USCC)}) AND {_checked(cell)} THEN {cell} END"
    if fact.type == "text":
        return f"CASE WHEN regexp_full_match({cell}, {literal(_TEXT)}) THEN {cell} END"
    # The others have few different texts: each goes to the interpreter.
    return None


def _number(fact: Fact, unit: str | None, cell: str) -> str | None:
    places = _places(fact, unit)
    cases: list[str] = []
    if places is not None:
        plain, grouped = _number_patterns(places)
        digits = f"replace({cell}, ',', '')"
        value = (
            f"CASE WHEN regexp_full_match({cell}, '{plain}') THEN {_scaled(cell, places)}"
            f" WHEN contains({cell}, ',') AND regexp_full_match({cell}, '{grouped}') THEN {_scaled(digits, places)} END"
        )
        if fact.kind == "ratio" and unit is None:
            # 12.5 without a percent sign may be 12.5% or a slip.
            whole = SCALES["ratio"]
            value = f"(CASE WHEN {value} BETWEEN -{whole} AND {whole} THEN {value} END)"
        cases.append(value)
    for behind in _UNITS_BEHIND.get(str(fact.kind), ()):
        own = _places(fact, behind)
        assert own is not None
        plain, grouped = _number_patterns(own)
        digits = f"replace(replace({cell}, '{behind}', ''), ',', '')"
        cases.append(
            f"CASE WHEN ends_with({cell}, '{behind}') AND regexp_full_match({cell}, '(?:{plain}|{grouped}){behind}')"
            f" THEN {_scaled(digits, own)} END"
        )
    return f"coalesce({', '.join(cases)})" if cases else None


def _number_patterns(places: int) -> tuple[str, str]:
    """Numbers with at most so many decimals that stay below the largest quantity: without and with separators."""
    whole = _MOST_DIGITS - places
    part = f"(?:[.][0-9]{{1,{places}}})?" if places else ""
    return f"-?[0-9]{{1,{whole}}}{part}", f"-?[0-9]{{1,3}}(?:,[0-9]{{3}}){{1,{whole // 3 - 1}}}{part}"


def _bare(fact: Fact, unit: str | None, cell: str) -> str | None:
    """Where no heading gives the unit of an amount, whether a cell leaves it open too."""
    return f"NOT ends_with({cell}, '元')" if fact.kind == "money" and unit is None else None


def _places(fact: Fact, unit: str | None) -> int | None:
    """How many decimals a bare number may have: ten to this power are the smallest units in one.

    None where the interpreter must judge the unit itself.
    """
    if fact.kind == "money":
        size = MONEY_UNITS.get(unit or "元") or MONEY_UNITS.get(f"{unit}元")
        return None if size is None else _power(size)
    assert fact.kind is not None
    if fact.kind == "ratio":
        return {None: _power(SCALES["ratio"]), "%": _power(SCALES["ratio"]) - 2}.get(unit)
    return _power(SCALES[fact.kind]) if unit in (None, fact.unit) else None


def _scaled(text: str, places: int) -> str:
    """SQL for a plain number times ten to a power: exact, because no more decimals stand in the text than that."""
    return f"CAST({text} || 'e{places}' AS BIGINT)" if places else f"CAST({text} AS BIGINT)"


def _checked(cell: str) -> str:
    """Both check characters of a credit code hold (GB 32100 over all, GB 11714 over the organisation code in it)."""
    values = [f"(strpos('{ALPHABET}', substr({cell}, {i}, 1)) - 1)" for i in range(1, 18)]
    total = " + ".join(f"{value} * {pow(3, i, 31)}" for i, value in enumerate(values))
    whole = f"substr('{ALPHABET}', (31 - ({total}) % 31) % 31 + 1, 1) = substr({cell}, 18, 1)"
    base36 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    letters = [f"(strpos('{base36}', substr({cell}, {i}, 1)) - 1)" for i in range(9, 17)]
    part = " + ".join(f"{value} * {weight}" for value, weight in zip(letters, (3, 7, 9, 10, 5, 8, 4, 2), strict=True))
    return f"{whole} AND substr('0123456789X', (11 - ({part}) % 11) % 11 + 1, 1) = substr({cell}, 17, 1)"


def _power(size: int) -> int:
    """The power of ten that a number of smallest units is."""
    return len(str(size)) - 1


# ---- numbers of typed columns ---------------------------------------------------------------------------------------


def _number_cells(fact: Fact, unit: str | None, kind: str, cell: str) -> Cells:
    decimal = DECIMAL.match(kind)
    if kind in INTEGERS or decimal is not None:
        text = f"{literal(MARK + 'n')} || CAST({cell} AS VARCHAR)"
    else:
        text = f"{literal(MARK + 'f')} || CAST({cell} AS VARCHAR)"
    places = _places(fact, unit) if fact.kind is not None else None
    if places is None:
        return Cells(None, text)
    most = LARGEST // 10**places - 1
    if fact.kind == "ratio" and unit is None:
        most = 1
    value: str | None
    if kind in INTEGERS:
        value = f"CASE WHEN {cell} BETWEEN -{most} AND {most} THEN CAST({cell} AS BIGINT) * {10**places} END"
    elif kind == "DOUBLE":
        value = _double(cell, places, most)
    else:
        assert decimal is not None
        value = _decimal(cell, int(decimal[1]), int(decimal[2]), places, most)
    return Cells(value, text, "true" if fact.kind == "money" and unit is None else None)


def _double(cell: str, places: int, most: int) -> str:
    """The decimal with fifteen significant digits that a double shows, where it is a whole number of smallest units.

    A whole number n below 10^15 has at most fifteen digits, and so has n / 10^p. If the double is the one nearest to that
    quotient, then its fifteen digits are those of n / 10^p and no others. Any other double goes to the interpreter.
    """
    nearest = f"CAST(round({cell} * {10**places}) AS BIGINT)"
    return (
        f"CASE WHEN {cell} BETWEEN -{most} AND {most} AND abs({cell} * {10**places}) < 1e15"
        f" THEN CASE WHEN CAST({nearest} AS DOUBLE) / {10**places}::DOUBLE = {cell} THEN {nearest} END END"
    )


def _decimal(cell: str, width: int, scale: int, places: int, most: int) -> str | None:
    """Whole part and decimals apart, so that neither leaves 64 bits."""
    if width > 18 or scale > 8:
        return None
    within = f"{cell} BETWEEN -{most} AND {most}" if len(str(most)) <= width - scale else "true"
    whole = f"CAST(trunc({cell}) AS BIGINT) * {10**places}"
    if scale == 0:
        return f"CASE WHEN {within} THEN {whole} END"
    part = f"CAST(CAST({cell} - trunc({cell}) AS DECIMAL({scale + 1},{scale})) * {10**scale}::DECIMAL({scale + 1},0) AS BIGINT)"
    if scale <= places:
        return f"CASE WHEN {within} THEN {whole} + {part} * {10 ** (places - scale)} END"
    finer = 10 ** (scale - places)
    return f"CASE WHEN {within} AND {part} % {finer} = 0 THEN {whole} + {part} // {finer} END"
