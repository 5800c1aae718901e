"""Amounts and dates in a screening query: ranges whose ends have a bound or none.

Each node means what :mod:`yiqi.judge.ranges` says of it, on terms: an end is a whole number (fen, or a day number) and a
bit that says whether it is a bound. Where the bit is 0 the number means nothing. What is not written in SQL is refused
when the query is made (:class:`NotInScreeningError`), with the rule named.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import TYPE_CHECKING, Literal

from yiqi.judge.frame import move
from yiqi.judge.ranges import bounds_of
from yiqi.law.tree import (
    Added,
    AmountNode,
    Ceiling,
    Formula,
    Gathered,
    Given,
    Highest,
    Lowest,
    Moved,
    Multiplied,
    Polynomial,
    Reckoned,
    ReckonNode,
    Row,
    ScoreRule,
    Slot,
    Table,
)
from yiqi.screening.terms import Term, Terms, factor_of

if TYPE_CHECKING:
    from yiqi.judge.link import Unit
    from yiqi.screening.planes import Planes, Truth

LAST_DAY = dt.date.max.toordinal()
MOST_DIGITS = 10**38 - 1
"""What the widest whole number of every engine holds."""


class TooLargeError(ValueError):
    """A figure of the law could pass 38 digits; the argument is the rule's id."""


class NotInScreeningError(ValueError):
    """A rule of an amount or a date that no query is written for: the rule's id, and what it does."""

    def __init__(self, rule: str, what: str) -> None:
        super().__init__(f"`{rule}` {what}, which no query is written for")
        self.rule = rule


@dataclass(frozen=True, slots=True)
class Span:
    """A range of whole numbers. ``has_low`` and ``has_high`` are bits: where one is 0, that end has no bound."""

    low: Term
    has_low: Term
    high: Term
    has_high: Term


End = tuple[Term, Term]
"""A number, and the bit that says whether it is one."""


class Spans:
    """Amounts and dates over the slots, conditions and units of :class:`yiqi.screening.planes.Planes`."""

    def __init__(self, planes: Planes) -> None:
        self.planes = planes
        self.terms: Terms = planes.terms
        zero, one = self.terms.zero, self.terms.one
        self.anything = Span(zero, zero, zero, zero)
        self.nothing = Span(zero, one, zero, one)

    # -- bodies -------------------------------------------------------------------------------------------------------

    def unit(self, unit: Unit) -> Span:
        """An unconfirmed source gives no amount; the way to it is not even bounded."""
        return self.anything if unit.rule.confidence == "C" else self.amount(unit.amount, unit)

    def amount(self, node: AmountNode, unit: Unit) -> Span:
        """What gives an amount (fen) or a date (day number)."""
        match node:
            case Reckoned(child=child, scale=scale):
                return self.rounded(self.reckon(child, unit), scale, unit)
            case Table(mode="each"):
                return self.added(
                    [self.given(self.planes.truth(row.child, unit), self._row(row, unit)) for row in node.rows]
                )
            case Table():
                counts = self.planes.first([row.child for row in node.rows], unit)
                return self.hull([(bit, self._row(row, unit)) for row, bit in zip(node.rows, counts, strict=True)])
            case Gathered(kind, children, maximum):
                parts = [self.amount(child, unit) for child in children]
                together = {"sum": self.added, "best": self.highest, "readings": self._readings}[kind](parts)
                return together if maximum is None else self._capped(together, maximum)
            case ScoreRule():
                return self.planes.refer_span(unit, node)
            case Ceiling(child):
                found = self.amount(child, unit)
                high = self.terms.greatest([found.high, self.terms.zero])
                return Span(self.terms.zero, self.terms.one, high, found.has_high)

    def _row(self, row: Row, unit: Unit) -> Span:
        if row.reckoned is None:
            raise AssertionError("a row of a table of amounts gives one")
        return self.amount(row.reckoned, unit)

    def reckon(self, node: ReckonNode, unit: Unit) -> Span:
        """A part of a line, in the line's own scale."""
        match node:
            case Formula(polynomial):
                return self._formula(polynomial, unit)
            case Lowest(children):
                return self.lowest([self.reckon(child, unit) for child in children])
            case Highest(children):
                return self.highest([self.reckon(child, unit) for child in children])
            case Added(children):
                return self.added([self.reckon(child, unit) for child in children])
            case Multiplied(left, right):
                return self.multiplied(self.reckon(left, unit), self.reckon(right, unit))
            case Moved(date, by, span):
                return self._moved(self.reckon(date, unit), self.reckon(by, unit), span, unit)
            case Given(test, amount):
                return self.given(self.planes.truth(test, unit), self.amount(amount, unit))
            case ScoreRule():
                return self.amount(node, unit)

    # -- facts --------------------------------------------------------------------------------------------------------

    def _formula(self, polynomial: Polynomial, unit: Unit) -> Span:
        seen: set[Slot] = set()
        parts: list[Span] = []
        for monomial, coefficient in polynomial:
            open_slots = {slot for slot in monomial if self.planes.number(slot).known.constant != 1}
            # The judge joins like terms of a missing fact first; apart, their range would be wider.
            if open_slots & seen:
                raise NotInScreeningError(unit.rule.id, "names one fact twice in a sum")
            seen |= open_slots
            factor = self._exact(self.terms.constant(coefficient))
            parts.append(reduce(self.multiplied, [self._slot(slot) for slot in monomial], factor))
        return self.added(parts)

    def _exact(self, value: Term) -> Span:
        return Span(value, self.terms.one, value, self.terms.one)

    def _slot(self, slot: Slot) -> Span:
        """A fact where it is known, else the bounds outside which it is impossible."""
        number = self.planes.number(slot)
        low, high = (
            (number.value, number.known)
            if bound is None
            else (self.terms.choose(number.known, number.value, self.terms.constant(bound)), self.terms.one)
            for bound in bounds_of(slot, self.planes.linked.law.vocabulary)
        )
        return Span(*low, *high)

    # -- ranges -------------------------------------------------------------------------------------------------------

    def added(self, parts: Sequence[Span]) -> Span:
        terms = self.terms
        return Span(
            terms.add([p.low for p in parts]), terms.all_of([p.has_low for p in parts]),
            terms.add([p.high for p in parts]), terms.all_of([p.has_high for p in parts]),
        )  # fmt: skip

    def lowest(self, parts: Sequence[Span]) -> Span:
        """The lowest of several numbers: one that is known not to be higher bounds it, whatever the others are."""
        low = self.terms.least([p.low for p in parts])
        high = self._outermost([(p.high, p.has_high) for p in parts], "<")
        return Span(low, self.terms.all_of([p.has_low for p in parts]), *high)

    def highest(self, parts: Sequence[Span]) -> Span:
        low = self._outermost([(p.low, p.has_low) for p in parts], ">")
        high = self.terms.greatest([p.high for p in parts])
        return Span(*low, high, self.terms.all_of([p.has_high for p in parts]))

    def hull(self, parts: Sequence[tuple[Term, Span]]) -> Span:
        """What can be said when one of the parts whose bit is 1 is meant and it is not known which."""
        terms = self.terms
        counted = [(bit, span) for bit, span in parts if bit.constant != 0]
        low, _ = self._outermost([(span.low, bit) for bit, span in counted], "<")
        high, _ = self._outermost([(span.high, bit) for bit, span in counted], ">")
        has_low = terms.all_of([terms.any_of([terms.invert(bit), span.has_low]) for bit, span in counted])
        has_high = terms.all_of([terms.any_of([terms.invert(bit), span.has_high]) for bit, span in counted])
        return Span(low, has_low, high, has_high)

    def _readings(self, parts: Sequence[Span]) -> Span:
        return self.hull([(self.terms.one, part) for part in parts])

    def _outermost(self, ends: Iterable[End], sign: Literal["<", ">"]) -> End:
        """The least (``<``) or greatest of the numbers that are there, and whether any is."""
        terms = self.terms
        found: End | None = None
        for value, there in dict.fromkeys(ends):
            if there.constant == 0:
                continue
            if found is None:
                found = (value, there)
                continue
            best, any_there = found
            beyond = terms.compare(value, sign, best)
            taken = terms.all_of([there, terms.any_of([terms.invert(any_there), beyond])])
            found = (terms.choose(taken, value, best), terms.any_of([any_there, there]))
        return found if found is not None else (terms.zero, terms.zero)

    def multiplied(self, a: Span, b: Span) -> Span:
        """The product of any number of one range and any of the other.

        Of the four products of ends, one that is endless takes the bound away on its side; an end without bound times
        zero is zero, since every number of the range is finite.
        """
        terms = self.terms
        for one, other in ((a, b), (b, a)):
            if (factor := self._constant(one)) is not None:
                low, high = (other.low, other.has_low), (other.high, other.has_high)
                if factor == 0:
                    return self.nothing
                low, high = (low, high) if factor > 0 else (high, low)
                return Span(terms.scaled(factor, low[0]), low[1], terms.scaled(factor, high[0]), high[1])
        if all(s.low is s.high and s.has_low is s.has_high for s in (a, b)):
            # Each is one number or nothing is known of it.
            both = terms.all_of([a.has_low, b.has_low])
            naught = [terms.all_of([s.has_low, terms.compare(s.low, "=", terms.zero)]) for s in (a, b)]
            product = terms.choose(both, terms.multiply(a.low, b.low), terms.zero)
            there = terms.any_of([both, *naught])
            return Span(product, there, product, there)
        finite: list[End] = []
        endless_low: list[Term] = []
        endless_high: list[Term] = []
        for x in self._ends(a):
            for y in self._ends(b):
                both = terms.all_of([x.there, y.there])
                below = terms.any_of([terms.all_of([x.negative, y.positive]), terms.all_of([x.positive, y.negative])])
                above = terms.any_of([terms.all_of([x.positive, y.positive]), terms.all_of([x.negative, y.negative])])
                endless = terms.invert(both)
                endless_low.append(terms.all_of([endless, below]))
                endless_high.append(terms.all_of([endless, above]))
                there = terms.any_of([both, terms.invert(terms.any_of([below, above]))])
                finite.append((terms.choose(both, terms.multiply(x.value, y.value), terms.zero), there))
        return Span(
            self._outermost(finite, "<")[0], terms.invert(terms.any_of(endless_low)),
            self._outermost(finite, ">")[0], terms.invert(terms.any_of(endless_high)),
        )  # fmt: skip

    def _constant(self, span: Span) -> int | None:
        """The one number that a range holds in every row, if there is such a number."""
        if span.low.constant is not None and span.low is span.high and span.has_low is span.has_high is self.terms.one:
            return span.low.constant
        return None

    def _ends(self, span: Span) -> tuple[_End, _End]:
        terms = self.terms
        low_negative = terms.any_of([terms.invert(span.has_low), terms.compare(span.low, "<", terms.zero)])
        low_positive = terms.all_of([span.has_low, terms.compare(span.low, ">", terms.zero)])
        high_negative = terms.all_of([span.has_high, terms.compare(span.high, "<", terms.zero)])
        high_positive = terms.any_of([terms.invert(span.has_high), terms.compare(span.high, ">", terms.zero)])
        return (
            _End(span.low, span.has_low, low_negative, low_positive),
            _End(span.high, span.has_high, high_negative, high_positive),
        )

    def rounded(self, value: Span, scale: int, unit: Unit) -> Span:
        """From 1/``scale`` to whole numbers, half up."""
        for end in (value.low, value.high):
            if 2 * max(abs(end.low), abs(end.high)) + scale > MOST_DIGITS:
                raise TooLargeError(unit.rule.id)
        low, high = (self._half_up(end, scale) for end in (value.low, value.high))
        return Span(low, value.has_low, high, value.has_high)

    def _half_up(self, value: Term, scale: int) -> Term:
        if factor_of(value)[1] % scale == 0:
            return self.terms.quotient(value, scale)
        doubled = self.terms.add([self.terms.scaled(2, value), self.terms.constant(scale)])
        return self.terms.quotient(doubled, 2 * scale)

    def _capped(self, value: Span, maximum: int) -> Span:
        cap = self.terms.constant(maximum)
        low = self.terms.least([value.low, cap])
        high = self.terms.choose(value.has_high, self.terms.least([value.high, cap]), cap)
        return Span(low, value.has_low, high, self.terms.one)

    def given(self, held: Truth, value: Span) -> Span:
        """What is given under conditions: all of it, nothing, or it is not known whether."""
        terms = self.terms
        nowhere = terms.invert(held.may)
        low = terms.choose(held.may, terms.least([terms.zero, value.low]), terms.zero)
        high = terms.choose(held.may, terms.greatest([value.high, terms.zero]), terms.zero)
        return Span(
            terms.choose(held.sure, value.low, low), terms.any_of([nowhere, value.has_low]),
            terms.choose(held.sure, value.high, high), terms.any_of([nowhere, value.has_high]),
        )  # fmt: skip

    def _moved(self, date: Span, by: Span, span: Literal["days", "months", "years"], unit: Unit) -> Span:
        """A day moved by whole spans. A day outside the calendar is no bound."""
        low = self._moved_end((date.low, date.has_low), (by.low, by.has_low), span, unit)
        high = self._moved_end((date.high, date.has_high), (by.high, by.has_high), span, unit)
        return Span(*low, *high)

    def _moved_end(self, day: End, by: End, span: Literal["days", "months", "years"], unit: Unit) -> End:
        terms = self.terms
        there = terms.all_of([day[1], by[1]])
        if there.constant == 0:
            return terms.zero, terms.zero
        if span == "days":
            moved = terms.add([day[0], by[0]])
            first, last, tested = 1, LAST_DAY, moved
        else:
            months = by[0].constant
            if months is None:
                raise NotInScreeningError(unit.rule.id, f"moves a date by a fact that is a number of {span}")
            months *= 12 if span == "years" else 1
            first, last = _days_that_move(months)
            tested = day[0]
            moved = terms.moved_day(terms.choose(there, day[0], terms.constant(first)), months)
        inside = [terms.compare(tested, ">=", terms.constant(first)), terms.compare(tested, "<=", terms.constant(last))]
        return moved, terms.all_of([there, *inside])


@dataclass(frozen=True, slots=True)
class _End:
    """An end of a range; one without bound is negative below and positive above."""

    value: Term
    there: Term
    negative: Term
    positive: Term


def _days_that_move(months: int) -> tuple[int, int]:
    """The first and the last day number that stay in the calendar when moved so many months."""
    if abs(months) >= 12 * 9999:
        return 1, 0
    if months >= 0:
        # The last day of the last month from which the move still ends in the year 9999.
        after = move(dt.date(9999, 12, 1), -months, "months")
        return 1, move(after, 1, "months").toordinal() - 1 if after < dt.date(9999, 12, 1) else LAST_DAY
    return move(dt.date(1, 1, 1), -months, "months").toordinal(), LAST_DAY
