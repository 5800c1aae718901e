"""Amounts and dates while facts are missing: ranges whose ends are whole numbers, or None where there is no bound.

Every function gives a range that holds all that its parts could come out at, and narrows when they do.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from typing import Literal

from yiqi.judge.frame import move
from yiqi.law.tree import Polynomial, Slot
from yiqi.law.vocabulary import Vocabulary

Bound = int | None
Range = tuple[Bound, Bound]

ANYTHING: Range = (None, None)
NOTHING: Range = (0, 0)


def reach(polynomial: Polynomial, value: Callable[[Slot], int | None], vocabulary: Vocabulary) -> Range:
    """What a polynomial can come out at: what is known put in, like terms joined, the rest over its hard bounds.

    Where each missing fact stands in one term, both ends are values it can take.
    """
    parts = []
    for slots, factor in _joined(polynomial, value).items():
        part: Range = (factor, factor)
        for slot in slots if factor else ():
            part = multiplied(part, bounds_of(slot, vocabulary))
        parts.append(part)
    return added(parts)


def open_slots(polynomial: Polynomial, value: Callable[[Slot], int | None]) -> tuple[Slot, ...]:
    """The missing facts on which a polynomial still depends: one that is multiplied by zero does not matter."""
    terms = _joined(polynomial, value)
    return tuple(dict.fromkeys(slot for slots, factor in terms.items() if factor for slot in slots))


def _joined(polynomial: Polynomial, value: Callable[[Slot], int | None]) -> dict[tuple[Slot, ...], int]:
    """The coefficient of each product of missing facts."""
    terms: dict[tuple[Slot, ...], int] = {}
    for monomial, coefficient in polynomial:
        factor = coefficient
        missing: list[Slot] = []
        for slot in monomial:
            known = value(slot)
            if known is None:
                missing.append(slot)
            else:
                factor *= known
        key = tuple(missing)
        terms[key] = terms.get(key, 0) + factor
    return terms


def bounds_of(slot: Slot, vocabulary: Vocabulary) -> Range:
    """The values outside which a missing fact is impossible."""
    fact = vocabulary.get(slot.fact)
    return (fact.minimum, fact.maximum) if fact is not None and fact.kind is not None else ANYTHING


def added(parts: Iterable[Range]) -> Range:
    low: Bound = 0
    high: Bound = 0
    for least, most in parts:
        low = None if low is None or least is None else low + least
        high = None if high is None or most is None else high + most
    return low, high


def lowest(parts: Iterable[Range]) -> Range:
    """The lowest of several numbers: one that is known not to be higher bounds it, whatever the others are."""
    ranges = list(parts)
    lows = [low for low, _ in ranges]
    highs = [high for _, high in ranges if high is not None]
    return _least(lows), min(highs, default=None)


def highest(parts: Iterable[Range]) -> Range:
    ranges = list(parts)
    lows = [low for low, _ in ranges if low is not None]
    highs = [high for _, high in ranges]
    return max(lows, default=None), _most(highs)


def hull(parts: Iterable[Range]) -> Range:
    """What can be said when one of several numbers is meant and it is not known which."""
    ranges = list(parts)
    return _least([low for low, _ in ranges]), _most([high for _, high in ranges])


def _least(bounds: list[Bound]) -> Bound:
    known = [b for b in bounds if b is not None]
    return min(known) if len(known) == len(bounds) else None


def _most(bounds: list[Bound]) -> Bound:
    known = [b for b in bounds if b is not None]
    return max(known) if len(known) == len(bounds) else None


def multiplied(a: Range, b: Range) -> Range:
    """The product of any number of one range and any of the other."""
    if a == NOTHING or b == NOTHING:
        return NOTHING
    corners = [_corner(x, y, sign_x, sign_y) for x, sign_x in _ends(a) for y, sign_y in _ends(b)]
    finite = [value for value, sign in corners if sign == 0]
    low = None if any(sign < 0 for _, sign in corners) else min(finite)
    high = None if any(sign > 0 for _, sign in corners) else max(finite)
    return low, high


def _ends(range_: Range) -> tuple[tuple[int, int], tuple[int, int]]:
    """Both ends as a number and 0, or as 0 and the sign of the infinity that stands for no bound."""
    low, high = range_
    return (0, -1) if low is None else (low, 0), (0, 1) if high is None else (high, 0)


def _corner(x: int, y: int, infinite_x: int, infinite_y: int) -> tuple[int, int]:
    """The product of two ends; an end without bound times zero is zero, since every number of the range is finite."""
    if infinite_x == infinite_y == 0:
        return x * y, 0
    sign = (infinite_x or _sign(x)) * (infinite_y or _sign(y))
    return 0, sign


def _sign(value: int) -> int:
    return (value > 0) - (value < 0)


def rounded(value: Range, scale: int) -> Range:
    """From 1/``scale`` to whole numbers, half up."""
    low, high = value
    return half_up(low, scale), half_up(high, scale)


def half_up(value: Bound, scale: int) -> Bound:
    return None if value is None else (2 * value + scale) // (2 * scale)


def capped(value: Range, maximum: int) -> Range:
    low, high = value
    return None if low is None else min(low, maximum), maximum if high is None else min(high, maximum)


def given(held: int, value: Range) -> Range:
    """What is given under conditions: all of it (2), nothing (0), or it is not known whether (1)."""
    return value if held == 2 else NOTHING if held == 0 else hull((value, NOTHING))


def at_most(value: Range) -> Range:
    """An amount that the source calls a ceiling: from nothing to the amount."""
    _, high = value
    return 0, None if high is None else max(0, high)


def moved(date: Range, by: Range, unit: Literal["days", "months", "years"]) -> Range:
    """An ordinal day moved by whole spans. A day outside the calendar is no bound."""
    return _moved(date[0], by[0], unit), _moved(date[1], by[1], unit)


def _moved(day: Bound, by: Bound, unit: Literal["days", "months", "years"]) -> Bound:
    if day is None or by is None:
        return None
    try:
        return move(dt.date.fromordinal(day), by, unit).toordinal()
    except (ValueError, OverflowError):
        return None
