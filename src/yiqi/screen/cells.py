"""The cells that SQL converts by itself: word for word clean ones. Everything else is interpreted text by text.

What is written here must never give another value than :class:`yiqi.facts.interpret.Interpreter`; where it is not
certain of that it gives NULL, and the text goes to the interpreter.
"""

from __future__ import annotations

import datetime as dt

from yiqi.facts.interpret import LARGEST
from yiqi.facts.uscc import ALPHABET
from yiqi.law.quantities import MONEY_UNITS, SCALES
from yiqi.law.vocabulary import Fact
from yiqi.screen.quoting import literal

BY_DISTINCT_TEXT = ("yes_no", "one_of", "set_of", "region", "industry")
"""Types with few different texts: all of them go to the interpreter, once each."""

_MOST_DIGITS = len(str(LARGEST)) - 1
_LETTER = f"[{ALPHABET}]"
_USCC = f"{_LETTER}{{2}}[0-9]{{6}}{_LETTER}{{10}}"
# Half-width printable characters without `*` and `:`, Chinese characters and full-width parentheses: their NFC form is
# themselves, and eight of them are no way to write "unknown".
_PLAIN = "[!-)+-9;-~一-鿿（）·]"
_TEXT = f"(?:{_PLAIN} ?){{7,}}{_PLAIN}"


def places_of(fact: Fact, unit: str | None) -> int | None:
    """How many decimals a bare number under a heading may have: 10 to this power are the smallest units in one.

    None where the interpreter must judge the unit itself.
    """
    if fact.kind == "money":
        if unit is None:
            return _power(MONEY_UNITS["元"])
        size = MONEY_UNITS.get(unit) or MONEY_UNITS.get(unit + "元")
        return None if size is None else _power(size)
    if fact.kind == "ratio":
        if unit not in (None, "%"):
            return None
        return _power(SCALES["ratio"]) - (2 if unit == "%" else 0)
    assert fact.kind is not None
    return _power(SCALES[fact.kind]) if unit in (None, fact.unit) else None


def clean_text_value(fact: Fact, unit: str | None, cell: str) -> str | None:
    """SQL for the value of a clean text in the column ``cell``, NULL for any other; None when no text counts as clean.

    Bounds are not checked here; see :func:`possible`.
    """
    if fact.kind is not None:
        places = places_of(fact, unit)
        return None if places is None else _number(fact, unit, places, cell)
    if fact.type == "date":
        return (
            f"CASE WHEN regexp_full_match({cell}, '[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}') THEN TRY_CAST({cell} AS DATE) END"
        )
    if fact.type == "uscc":
        return f"CASE WHEN regexp_full_match({cell}, {literal(_USCC)}) AND {_checked(cell)} THEN {cell} END"
    if fact.type == "text":
        return f"CASE WHEN regexp_full_match({cell}, {literal(_TEXT)}) THEN {cell} END"
    return None


def possible(fact: Fact, value: str, on: dt.date) -> str:
    """SQL that is true where a value is neither impossible nor in need of a look; NULL values give NULL or true."""
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


def _number(fact: Fact, unit: str | None, places: int, cell: str) -> str:
    whole = _MOST_DIGITS - places
    groups = (whole - 1) // 3
    part = f"([.][0-9]{{1,{places}}})?" if places else ""
    plain = f"-?[0-9]{{1,{whole}}}{part}"
    grouped = f"-?[0-9]{{1,{whole - 3 * groups}}}(,[0-9]{{3}}){{1,{groups}}}{part}"
    digits = f"replace({cell}, ',', '')"
    value = (
        f"CASE WHEN regexp_full_match({cell}, '{plain}') THEN {_scaled(cell, places)}"
        f" WHEN contains({cell}, ',') AND regexp_full_match({cell}, '{grouped}') THEN {_scaled(digits, places)} END"
    )
    if fact.kind == "ratio" and unit is None:
        # 12.5 without a percent sign may be 12.5% or a slip.
        whole_ratio = SCALES["ratio"]
        return f"(CASE WHEN {value} BETWEEN -{whole_ratio} AND {whole_ratio} THEN {value} END)"
    return value


def _scaled(text: str, places: int) -> str:
    if places == 0:
        return f"CAST({text} AS BIGINT)"
    return f"CAST(CAST({text} AS DECIMAL(18,{places})) * CAST({10**places} AS DECIMAL({places + 1},0)) AS BIGINT)"


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
