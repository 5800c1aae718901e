"""A second opinion on one line of law: its meaning read straight off the syntax, in fractions.

It shares nothing with the judge but the syntax and the fact sheet: quantities are in natural units (yuan, 1 = 100 %,
points), a ratio is divided, a mean is added up and divided, and compound growth compares the quotient of two years with
``(1 + p) ** n``. Nothing is multiplied out, so an error in the multiplied-out polynomials shows as a difference.
"""

from __future__ import annotations

import datetime as dt
import operator
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Any

from yiqi.facts.sheet import FactSheet
from yiqi.judge.frame import move
from yiqi.law.syntax import (
    Arithmetic,
    Call,
    CodeIn,
    Comparison,
    Expression,
    Includes,
    Is,
    Junction,
    Name,
    Negation,
    Number,
    Otherwise,
    Unless,
    Years,
)
from yiqi.law.vocabulary import Vocabulary

YES, OPEN, NO = 2, 1, 0

YUAN = {"元": 1, "万元": 10**4, "亿元": 10**8}
"""Units of money as the law writes them, in yuan."""

SMALLEST = {"money": Fraction(1, 100), "ratio": Fraction(1, 10**8), "points": Fraction(1, 10**4)}
"""One smallest unit of a held fact in natural units: one fen, 0.000001 %, 0.0001 point."""

COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    ">=": operator.ge,
    "<=": operator.le,
    ">": operator.gt,
    "<": operator.lt,
    "=": operator.eq,
}


class UndefinedError(Exception):
    """A ratio over zero or less, or growth from a base of zero or less: neither yes nor no."""


class RuleNamedError(Exception):
    """The expression names another rule; the oracle knows facts only."""


@dataclass(frozen=True)
class Oracle:
    """What is said about one enterprise on one day; ``sheet`` gives every fact that is asked for."""

    sheet: FactSheet
    vocabulary: Vocabulary
    on: dt.date
    procedure: str = "new"

    def fact(self, name: str, index: int | None) -> Any:
        """A fact in natural units. Index 0 is the last complete fiscal year, or the year of the act."""
        fact = self.vocabulary[name]
        value: Any
        if fact.per is None:
            value = self.sheet.get(name)
        else:
            last = self.on.year - 1 if fact.per == "fiscal_year" else self.on.year
            value = self.sheet.get(name, last + (index or 0))
        if value is None:
            raise LookupError(f"{name} {index}: the oracle needs every fact")
        return Fraction(value) * SMALLEST.get(fact.type, 1) if fact.kind is not None else value

    # -- numbers and dates --------------------------------------------------------------------------------------------

    def amount(self, expression: Expression) -> Any:
        """The number or date an expression stands for. Raises :class:`UndefinedError`."""
        match expression:
            case Number(value, unit):
                return number(value, unit)
            case Name("on"):
                return self.on
            case Name(name, index):
                return self.fact(name, index)
            case Call():
                return self.call(expression)
            case Arithmetic(sign, left, right):
                a, b = self.amount(left), self.amount(right)
                if isinstance(a, dt.date) and isinstance(right, Number):
                    return move(a, int(b) if sign == "+" else -int(b), right.unit)
                if isinstance(a, dt.date):
                    return Fraction((a - b).days)
                if sign == "/":
                    return divided(a, b)
                return {"+": operator.add, "-": operator.sub, "*": operator.mul}[sign](a, b)
            case _:
                raise TypeError(f"{type(expression).__name__} is not an amount")

    def call(self, call: Call) -> Fraction:
        series = [
            self.fact(call.name.id, -k) for k in range(call.years + 1 if call.function in GROWTHS else call.years)
        ]
        if call.function == "sum":
            return sum(series, Fraction(0))
        if call.function == "mean":
            return sum(series, Fraction(0)) / call.years
        if call.function == "cagr":
            if call.years != 1:
                raise TypeError("compound growth over several years is compared, not computed")
            return divided(series[0], series[1]) - 1
        rates = [divided(this - before, before) for this, before in pairwise(series)]
        return sum(rates, Fraction(0)) / call.years

    # -- conditions ---------------------------------------------------------------------------------------------------

    def compare(self, comparison: Comparison) -> int:
        """Yes, no, or open where it is undefined."""
        test = COMPARE[comparison.operator]
        try:
            return YES if test(*self.sides(comparison)) else NO
        except UndefinedError:
            return OPEN

    def sides(self, comparison: Comparison) -> tuple[Any, Any]:
        """The two figures compared. For compound growth over n years: ``x[0] / x[-n]`` and ``(1 + p) ** n``."""
        left, right = comparison.left, comparison.right
        if isinstance(left, Call) and left.function == "cagr" and left.years > 1:
            start, end = self.fact(left.name.id, -left.years), self.fact(left.name.id, 0)
            return divided(end, start), (1 + self.amount(right)) ** left.years
        if isinstance(left, Name) and left.id in self.vocabulary and self.vocabulary[left.id].type == "one_of":
            order = [m.id for m in self.vocabulary[left.id].members]
            assert isinstance(right, Name)
            return order.index(self.fact(left.id, left.index)), order.index(right.id)
        return self.amount(left), self.amount(right)

    def holds(self, expression: Expression) -> int:
        """Yes, no or open for a whole line, by Kleene's tables. Raises :class:`RuleNamedError`."""
        match expression:
            case Comparison():
                if any(n not in self.vocabulary and n != "on" for n, _ in names(expression, self.vocabulary)):
                    raise RuleNamedError
                return self.compare(expression)
            case Name(name, index):
                if name not in self.vocabulary:
                    raise RuleNamedError
                return YES if self.fact(name, index) else NO
            case Is(left, values, negated):
                return NO if self.is_one_of(left, [v.id for v in values]) == negated else YES
            case Includes(left, member):
                return YES if member.id in self.fact(left.id, left.index) else NO
            case CodeIn(left, prefixes, exceptions):
                return code_in(self.fact(left.id, left.index), prefixes, exceptions)
            case Negation(operand):
                return 2 - self.holds(operand)
            case Junction("all", operands):
                return min(self.holds(o) for o in operands)
            case Junction(_, operands):
                return max(self.holds(o) for o in operands)
            case Unless(operand, exception):
                return max(self.holds(operand), self.holds(exception))
            case Years(kind, operand, years):
                found = [self.earlier(operand, k) for k in range(years)]
                return min(found) if kind == "each" else max(found)
            case Otherwise():
                return YES
            case _:
                raise TypeError(f"{type(expression).__name__} is not a condition")

    def earlier(self, expression: Expression, years: int) -> int:
        """What the line says of the fiscal year ``years`` before the last: the same words, read on an earlier day."""
        day = move(self.on, -years, "years")
        return Oracle(self.sheet, self.vocabulary, day, self.procedure).holds(expression)

    def is_one_of(self, left: Name, values: list[str]) -> bool:
        if left.id == "procedure":
            return self.procedure in values
        if left.id not in self.vocabulary:
            raise RuleNamedError
        value = self.fact(left.id, left.index)
        return ("yes" if value else "no") in values if isinstance(value, bool) else value in values


GROWTHS = ("growth", "mean_growth", "cagr")


def number(value: Fraction, unit: str) -> Any:
    """A literal in natural units."""
    if unit in YUAN:
        return value * YUAN[unit]
    if unit == "%":
        return value / 100
    return value


def divided(a: Fraction, b: Fraction) -> Fraction:
    if b <= 0:
        raise UndefinedError
    return a / b


def code_in(code: str, prefixes: tuple[str, ...], exceptions: tuple[str, ...]) -> int:
    """A code stands for every deeper code below it: yes when all of them are inside, no when none is, else open.

    Below a code lie the prefixes and exceptions that begin with it, and at least one code that nobody named.
    """
    below = [code + "~", *(p for p in (*prefixes, *exceptions) if p.startswith(code))]
    inside = {any(c.startswith(p) for p in prefixes) and not any(c.startswith(e) for e in exceptions) for c in below}
    return OPEN if len(inside) > 1 else YES if inside == {True} else NO


def names(expression: Expression, vocabulary: Vocabulary) -> Iterator[tuple[str, int | None]]:
    """Every fact an expression reads, with its year, in the order written, with repetitions; no values of lists."""
    match expression:
        case Name(name, index):
            fact = vocabulary.get(name)
            yield name, (index or 0) if fact is not None and fact.per is not None else index
        case Call(function, name, years):
            if function == "cagr":
                yield name.id, 0
                yield name.id, -years
            else:
                yield from ((name.id, -k) for k in range(years + 1 if function in GROWTHS else years))
        case Comparison(left, _, right):
            yield from names(left, vocabulary)
            if not (isinstance(right, Name) and isinstance(left, Name) and _listed(left, vocabulary)):
                yield from names(right, vocabulary)
        case Arithmetic(_, left, right):
            yield from names(left, vocabulary)
            yield from names(right, vocabulary)
        case Is(left) | Includes(left) | CodeIn(left):
            yield from names(left, vocabulary)
        case Negation(operand):
            yield from names(operand, vocabulary)
        case Junction(_, operands):
            for part in operands:
                yield from names(part, vocabulary)
        case Unless(operand, exception):
            yield from names(operand, vocabulary)
            yield from names(exception, vocabulary)
        case Years(_, operand, years):
            for k in range(years):
                yield from ((n, (i or 0) - k) for n, i in names(operand, vocabulary))


def _listed(name: Name, vocabulary: Vocabulary) -> bool:
    fact = vocabulary.get(name.id)
    return fact is not None and fact.type == "one_of"
