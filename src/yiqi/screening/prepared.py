"""Prepared tables: how a value of each type of fact stands in a column that the screening SQL reads.

A prepared table has one enterprise per row. Its columns have the name of their fact, with the year behind it where the
fact is per year (``operating_revenue_2025``), and these types; NULL is unknown everywhere:

==============  ===========  ======================================================================
fact            column       holds
==============  ===========  ======================================================================
number          BIGINT       the smallest unit (fen, 1e-8, 1/10000 point, 1)
date            DATE         the day
yes/no          BOOLEAN      the answer
one of          SMALLINT     position in the declared list, from 0
set             BIGINT       one bit per declared member, the first is 1; an empty set is 0
region          INTEGER      the six digits
industry        INTEGER      section (A is 1) * 100000 + four digits * 10 + digits that are not given
text, uscc      VARCHAR      the text
==============  ===========  ======================================================================

Beside them stand ``row`` (BIGINT, the row of the table, from 1) and, where cells could not be read, ``problems``
(VARCHAR: what is wrong, else NULL).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from yiqi.facts.sheet import FactSheet, Value, Yearly
from yiqi.law.vocabulary import Fact, Vocabulary, fiscal_year_of

ROW = "row"
PROBLEMS = "problems"
MOST_MEMBERS = 62
"""A set has a bit for each member of its list in a signed 64-bit column."""

ColumnType = Literal["BIGINT", "DATE", "BOOLEAN", "SMALLINT", "INTEGER", "VARCHAR"]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a prepared table: a fact, in a year where the fact is per year."""

    fact: Fact
    year: int | None = None

    @property
    def name(self) -> str:
        return self.fact.id if self.year is None else f"{self.fact.id}_{self.year}"

    @property
    def type(self) -> ColumnType:
        return prepared_type(self.fact)


@dataclass(frozen=True)
class Bounds:
    """The least and greatest value of a numeric column, in smallest units; both None where every cell is NULL."""

    low: int | None
    high: int | None


@dataclass(frozen=True)
class Prepared:
    """A prepared table as a query of DuckDB reads it.

    ``source`` is the name of a table or view. ``bounds`` has the range of numeric columns where it was measured: it lets
    the SQL use the narrowest arithmetic that is exact.
    """

    source: str
    columns: Mapping[str, Column]
    rows: int
    bounds: Mapping[str, Bounds] = field(default_factory=dict)
    has_problems: bool = False
    synthetic: bool = False
    """Whether the table says of itself that it describes no real enterprise."""


def prepared_type(fact: Fact) -> ColumnType:
    """The type of a fact's column. Raises ``ValueError`` for a set too large for one column."""
    if fact.kind is not None:
        return "BIGINT"
    if fact.type == "set_of" and len(fact.members) > MOST_MEMBERS:
        raise ValueError(f"`{fact.id}` has more than {MOST_MEMBERS} values")
    types: dict[str, ColumnType] = {
        "date": "DATE", "yes_no": "BOOLEAN", "one_of": "SMALLINT", "set_of": "BIGINT", "region": "INTEGER",
        "industry": "INTEGER",
    }  # fmt: skip
    return types.get(fact.type, "VARCHAR")


def column_for(name: str, vocabulary: Vocabulary) -> Column | None:
    """The column that a name of a prepared table means, or None."""
    fact = vocabulary.get(name)
    if fact is not None:
        return Column(fact) if fact.per is None else None
    stem, _, year = name.rpartition("_")
    fact = vocabulary.get(stem)
    if fact is None or fact.per is None or len(year) != 4 or not year.isdigit():
        return None
    return Column(fact, int(year))


def column_of_slot(fact: Fact, index: int | None, on: dt.date) -> Column:
    """The column a slot reads on a day."""
    return Column(fact, None if fact.per is None else fiscal_year_of(on, fact.per, index or 0))


def industry_number(code: str) -> int:
    """A normal industry code (``C34``) as its number (334002): section, four digits, digits that are not given."""
    digits = code[1:]
    return (ord(code[0]) - ord("A") + 1) * 100_000 + int(digits.ljust(4, "0")) * 10 + (4 - len(digits))


def industry_code(number: int) -> str:
    """The code of a number that :func:`industry_number` gave."""
    section, rest = divmod(number, 100_000)
    digits, missing = divmod(rest, 10)
    return chr(ord("A") + section - 1) + f"{digits:04d}"[: 4 - missing]


def encode(fact: Fact, value: Value) -> int | bool | dt.date | str:
    """A known value of a fact sheet as its column holds it."""
    if fact.type == "one_of":
        return fact.member_index(str(value))
    if fact.type == "set_of":
        assert isinstance(value, frozenset)
        return sum(1 << fact.member_index(member) for member in value)
    if fact.type == "region":
        return int(str(value))
    if fact.type == "industry":
        return industry_number(str(value))
    assert not isinstance(value, frozenset)
    return value


def decode(fact: Fact, held: int | bool | dt.date | str) -> Value:
    """The value of a fact sheet that a column's cell means."""
    if fact.type == "one_of":
        return fact.members[int(str(held))].id
    if fact.type == "set_of":
        return frozenset(member.id for index, member in enumerate(fact.members) if int(str(held)) >> index & 1)
    if fact.type == "region":
        return f"{held:06d}"
    if fact.type == "industry":
        return industry_code(int(str(held)))
    return held


def sheet_of(columns: Mapping[str, Column], row: Mapping[str, int | bool | dt.date | str | None]) -> FactSheet:
    """The fact sheet that a row of a prepared table is; ``row`` maps names of columns to cells."""
    values: dict[str, Value | Yearly] = {}
    years: dict[str, dict[int, Value]] = {}
    for name, column in columns.items():
        held = row[name]
        if held is None:
            continue
        value = decode(column.fact, held)
        if column.year is None:
            values[column.fact.id] = value
        else:
            years.setdefault(column.fact.id, {})[column.year] = value
    return FactSheet({**values, **years})
