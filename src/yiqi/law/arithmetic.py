"""Multiplying out: amounts, ratios and growth as exact fractions of whole-number polynomials over slots.

``a / b >= 3%`` becomes ``100 a - 3 b >= 0`` with the guard ``b > 0``; compound growth over n years of at least p becomes
``q^n x[0] - (q + p)^n x[-n] >= 0``. Nothing is divided and nothing is rounded.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Literal

from yiqi.law.quantities import POINTS_SCALE, RATIO_SCALE
from yiqi.law.syntax import Comparator
from yiqi.law.tree import Measure, Monomial, Polynomial, Slot

Terms = dict[Monomial, Fraction]

SLOT_SCALES = {"ratio": RATIO_SCALE, "points": POINTS_SCALE}
"""Smallest units in one; money counts in fen throughout, so its scale here is 1."""


MAXIMUM_TERMS = 1000
"""Terms of a polynomial; the longest of ours has a dozen. Sums of fractions multiply out, so few words could ask for more
than a machine holds."""


class ComplexityError(Exception):
    """A line that multiplies out to more than ``MAXIMUM_TERMS`` terms."""


class UnitError(Exception):
    """Two quantities that cannot be combined; the arguments are their kinds."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """A fraction ``numerator / denominator`` of polynomials in natural units (fen, 1, points, days).

    ``guards`` are the factors of the denominator: each must be above zero. ``root`` marks compound growth: the value is
    ``(numerator / denominator) ** (1 / root) - 1``.
    """

    kind: str
    numerator: Terms
    denominator: Terms
    guards: tuple[tuple[tuple[Monomial, Fraction], ...], ...] = ()
    root: int = 1

    @property
    def constant(self) -> Fraction | None:
        """The value when it depends on no fact."""
        if self.root == 1 and set(self.numerator) <= {()} and set(self.denominator) == {()}:
            return self.numerator.get((), Fraction(0)) / self.denominator[()]
        return None


ONE: Terms = {(): Fraction(1)}


def constant(value: Fraction, kind: str) -> Quantity:
    return Quantity(kind, {(): value} if value else {}, ONE)


def of_slot(slot: Slot, kind: str) -> Quantity:
    return Quantity(kind, {(slot,): Fraction(1, SLOT_SCALES.get(kind, 1))}, ONE)


def _add(a: Terms, b: Terms, factor: Fraction = Fraction(1)) -> Terms:
    result = dict(a)
    for monomial, coefficient in b.items():
        value = result.get(monomial, Fraction(0)) + coefficient * factor
        if value:
            result[monomial] = value
        else:
            result.pop(monomial, None)
    return result


def _multiply(a: Terms, b: Terms) -> Terms:
    if len(a) * len(b) > MAXIMUM_TERMS:
        raise ComplexityError
    result: Terms = {}
    for left, x in a.items():
        for right, y in b.items():
            monomial = tuple(sorted(left + right))
            value = result.get(monomial, Fraction(0)) + x * y
            if value:
                result[monomial] = value
            else:
                result.pop(monomial, None)
    return result


def _plain(*quantities: Quantity) -> None:
    if any(q.root != 1 for q in quantities):
        raise UnitError("compound growth", "arithmetic")


def add(a: Quantity, b: Quantity, sign: int = 1) -> Quantity:
    """Sum or difference of two quantities of one kind. Raises :class:`UnitError` for mixed kinds."""
    _plain(a, b)
    kind = _same_kind(a, b)
    if a.denominator == b.denominator:
        return Quantity(kind, _add(a.numerator, b.numerator, Fraction(sign)), a.denominator, a.guards or b.guards)
    numerator = _add(_multiply(a.numerator, b.denominator), _multiply(b.numerator, a.denominator), Fraction(sign))
    return Quantity(kind, numerator, _multiply(a.denominator, b.denominator), _guards(a, b))


def _guards(a: Quantity, b: Quantity) -> tuple[tuple[tuple[Monomial, Fraction], ...], ...]:
    return a.guards + tuple(g for g in b.guards if g not in a.guards)


def _same_kind(a: Quantity, b: Quantity) -> str:
    if a.kind == b.kind:
        return a.kind
    # A bare number is a count, a rank, a number of years or points, but never money or a share.
    for one, other in ((a, b), (b, a)):
        if one.kind == "number" and other.kind in ("count", "years", "points", "days"):
            return other.kind
    raise UnitError(a.kind, b.kind)


FACTORS = ("number", "ratio")
RATES = (*FACTORS, "count", "years")
"""In an amount also so much a head, or a year, is multiplied."""


def product_kind(a: str, b: str, factors: tuple[str, ...] = FACTORS) -> str:
    """The kind of a product, of which one side is a factor. Raises :class:`UnitError`."""
    for factor in factors:
        if b == factor:
            return a
        if a == factor:
            return b
    raise UnitError(b, a)


def multiply(a: Quantity, b: Quantity, factors: tuple[str, ...] = FACTORS) -> Quantity:
    """Product with a bare number or a share, or with another of ``factors``."""
    _plain(a, b)
    kind = product_kind(a.kind, b.kind, factors)
    return Quantity(kind, _multiply(a.numerator, b.numerator), _multiply(a.denominator, b.denominator), _guards(a, b))


def divide(a: Quantity, b: Quantity) -> Quantity:
    """Ratio of two quantities of one kind, or a quantity over a bare number."""
    _plain(a, b)
    value = b.constant
    if b.kind == "number" and value is not None and value > 0:
        return replace(a, numerator={m: c / value for m, c in a.numerator.items()})
    if a.kind != b.kind:
        raise UnitError(a.kind, b.kind)
    guard = tuple(sorted(b.numerator.items()))
    numerator = _multiply(a.numerator, b.denominator)
    return Quantity("ratio", numerator, _multiply(a.denominator, b.numerator), (*_guards(a, b), guard))


def over_years(function: str, slot: Slot, kind: str, years: int) -> Quantity:
    """``sum``, ``mean``, ``growth``, ``mean_growth`` and ``cagr`` of a per-year fact over the last ``years`` years."""
    start = slot.index or 0
    at = [of_slot(replace(slot, index=start - k), kind) for k in range(years + 1)]
    if function in ("sum", "mean"):
        total = at[0]
        for quantity in at[1:years]:
            total = add(total, quantity)
        return divide(total, constant(Fraction(years), "number")) if function == "mean" else total
    if function == "cagr":
        ratio = divide(at[0], at[years])
        return replace(ratio, root=years) if years > 1 else add(ratio, constant(Fraction(1), "ratio"), -1)
    total = add(divide(at[0], at[1]), constant(Fraction(1), "ratio"), -1)
    for k in range(1, years):
        total = add(total, add(divide(at[k], at[k + 1]), constant(Fraction(1), "ratio"), -1))
    return divide(total, constant(Fraction(years), "number")) if years > 1 else total


def _whole(terms: Terms) -> tuple[Polynomial, Fraction]:
    """Whole-number coefficients without common factor, and the factor that was taken out."""
    if not terms:
        return (), Fraction(1)
    lcm = math.lcm(*(c.denominator for c in terms.values()))
    gcd = math.gcd(*(int(c * lcm) for c in terms.values()))
    factor = Fraction(lcm, gcd)
    return tuple(sorted((m, int(c * factor)) for m, c in terms.items())), factor


def measure(quantity: Quantity) -> Measure:
    """The quantity as an answer shows it."""
    numerator, up = _whole(quantity.numerator)
    denominator, down = _whole(quantity.denominator)
    # numerator / up : denominator / down  ==  (numerator * down) : (denominator * up)
    factor = down / up
    numerator = tuple((m, c * factor.numerator) for m, c in numerator)
    return Measure(quantity.kind, numerator, denominator, factor.denominator, quantity.root)


def compare(
    left: Quantity, comparator: Comparator, right: Quantity
) -> tuple[tuple[Polynomial, ...], Polynomial, Literal[">=", ">", "="]]:
    """Multiply ``left comparator right`` out: guards, polynomial and operator against zero.

    Raises :class:`UnitError` when the kinds differ or compound growth is compared with something that varies.
    """
    kind_left, kind_right = left.kind, right.kind
    if kind_left != kind_right:
        _same_kind(left, right)
    if right.root != 1:
        raise UnitError("compound growth", "right side")
    if left.root != 1:
        rate = right.constant
        if rate is None or rate <= -1:
            raise UnitError("compound growth", "a rate that varies")
        right = constant((1 + rate) ** left.root, "ratio")
    difference = _add(
        _multiply(left.numerator, right.denominator), _multiply(right.numerator, left.denominator), Fraction(-1)
    )
    if comparator in ("<=", "<"):
        difference = {m: -c for m, c in difference.items()}
    polynomial, _ = _whole(difference)
    guards = tuple(dict.fromkeys(_whole(dict(g))[0] for g in _guards(left, right)))
    operator: Literal[">=", ">", "="] = ">" if comparator in (">", "<") else "=" if comparator == "=" else ">="
    return guards, polynomial, operator
