"""Rule lines as written: the abstract syntax, the same for both tongues, with the position of every part.

Nothing here knows what a name means; :mod:`yiqi.law.resolve` does.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

Comparator = Literal[">=", "<=", ">", "<", "="]


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of one line of a file; ``line`` and ``column`` count from 1."""

    line: int
    column: int
    length: int


@dataclass(frozen=True, slots=True)
class Number:
    """A literal. ``value`` is in the unit as written; ``unit`` is the canonical unit (``万元``, ``%``, ``人``, ``years``)."""

    value: Fraction
    unit: str
    span: Span


@dataclass(frozen=True, slots=True)
class Name:
    """A fact, a rule or a value, by its id. ``index`` is the year written in brackets, None when there is none."""

    id: str
    index: int | None
    span: Span


@dataclass(frozen=True, slots=True)
class Call:
    """``sum(fact, n years)`` and its kin."""

    function: str
    name: Name
    years: int
    span: Span


@dataclass(frozen=True, slots=True)
class Arithmetic:
    operator: Literal["+", "-", "*", "/"]
    left: Expression
    right: Expression
    span: Span


@dataclass(frozen=True, slots=True)
class Comparison:
    left: Expression
    operator: Comparator
    right: Expression
    span: Span


@dataclass(frozen=True, slots=True)
class Is:
    """``left is value`` or ``left is one of a, b``; ``negated`` for ``is not``."""

    left: Name
    values: tuple[Name, ...]
    negated: bool
    span: Span


@dataclass(frozen=True, slots=True)
class Includes:
    left: Name
    member: Name
    span: Span


@dataclass(frozen=True, slots=True)
class CodeIn:
    """``industry in C, G591 except C16`` and the same for regions."""

    left: Name
    prefixes: tuple[str, ...]
    exceptions: tuple[str, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Negation:
    operand: Expression
    span: Span


@dataclass(frozen=True, slots=True)
class Junction:
    """``and`` / ``or`` within one line."""

    kind: Literal["all", "any"]
    operands: tuple[Expression, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Unless:
    """``operand unless exception``: not examined when the exception holds."""

    operand: Expression
    exception: Expression
    span: Span


@dataclass(frozen=True, slots=True)
class Years:
    """``condition in each of n years`` or ``in any of n years``: the condition of the last year and those before it."""

    kind: Literal["each", "any"]
    operand: Expression
    years: int
    span: Span


@dataclass(frozen=True, slots=True)
class Otherwise:
    """The last row of a table."""

    span: Span


@dataclass(frozen=True, slots=True)
class Limit:
    """``operand up to bound`` or ``operand no less than bound``."""

    operand: Expression
    kind: Literal["up_to", "no_less_than"]
    bound: Expression
    span: Span


@dataclass(frozen=True, slots=True)
class Choice:
    """``highest(a, b)``, ``lowest(a, b)``, ``latest(a, b)``, ``earliest(a, b)``."""

    function: str
    operands: tuple[Expression, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Reckoning:
    """``amount: …`` or ``date: …``: what a rule gives, in contrast to a condition that it makes."""

    kind: Literal["amount", "date"]
    value: Expression
    span: Span


Expression = (
    Number
    | Name
    | Call
    | Arithmetic
    | Comparison
    | Is
    | Includes
    | CodeIn
    | Negation
    | Junction
    | Unless
    | Years
    | Otherwise
    | Limit
    | Choice
    | Reckoning
)


@dataclass(frozen=True, slots=True)
class Line:
    """One condition: one line of a rule fence. ``tag`` is its confidence when written; ``reading`` its name in a
    ``readings`` group; ``comment`` the text behind ``#``."""

    expression: Expression
    tag: str | None
    reading: str | None
    comment: str | None
    span: Span


@dataclass(frozen=True, slots=True)
class Group:
    """``all of:``, ``any of:``, ``at least n of:``, ``none of:`` or ``readings:`` over indented lines."""

    kind: Literal["all", "any", "at_least", "none", "readings"]
    count: int
    items: tuple[Line | Group, ...]
    tag: str | None
    reading: str | None
    comment: str | None
    span: Span


Item = Line | Group
