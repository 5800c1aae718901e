"""Terms: the arithmetic of a screening query before it is SQL.

A term is a column, a constant or an operation, each made once however often it is asked for, with the range its value
can have. Constants fold away as terms are made, so a fact that the table does not have costs nothing. *Bits* are terms
that are 0 or 1.

Two things keep the numbers of a query few and small. What a comparison says of a missing figure is known beforehand (its
column has a number of its own in place of NULL), so that a bit for "known" is only asked for where it adds something.
And a factor that all parts of a sum or choice share stands outside it: points that are whole tens of thousandths stay
in one byte.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, cast

Operation = Literal[
    "constant", "column", "known", "fill", "flag", "day", "and", "or", "not", "add", "multiply", "compare", "members",
    "choose", "quotient", "moved",
]  # fmt: skip
Sign = Literal[">=", ">", "=", "<", "<="]

FLIPPED: dict[str, Sign] = {">=": "<=", ">": "<", "=": "=", "<": ">", "<=": ">="}


@dataclass(frozen=True, slots=True, eq=False)
class Term:
    """One term. ``detail`` is what is not a term: a constant, a column's name, the sign of a comparison.

    ``low`` and ``high`` bound its value; a term is compared by identity, because equal terms are one object.
    """

    operation: Operation
    arguments: tuple[Term, ...]
    detail: tuple[int | str | bool, ...]
    low: int
    high: int
    number: int
    """In the order of making, so that a query has the same text every time."""

    @property
    def is_bit(self) -> bool:
        return self.low >= 0 and self.high <= 1

    @property
    def constant(self) -> int | None:
        """The value of a constant, else None."""
        return self.low if self.operation == "constant" else None


class Terms:
    """Makes terms, each once."""

    def __init__(self) -> None:
        self._made: dict[tuple[object, ...], Term] = {}
        self._without: dict[tuple[int, str], tuple[int, int]] = {}
        self.zero = self.constant(0)
        self.one = self.constant(1)

    def _make(
        self,
        operation: Operation,
        arguments: Sequence[Term],
        detail: tuple[int | str | bool, ...],
        low: int,
        high: int,
    ) -> Term:
        key = (operation, *(a.number for a in arguments), None, *((type(d), d) for d in detail))
        term = self._made.get(key)
        if term is None:
            term = self._made[key] = Term(operation, tuple(arguments), detail, low, high, len(self._made))
        return term

    # -- columns ------------------------------------------------------------------------------------------------------

    def constant(self, value: int) -> Term:
        return self._make("constant", (), (value,), value, value)

    def known(self, column: str) -> Term:
        """Whether a column is not NULL."""
        return self._make("known", (), (column,), 0, 1)

    def fill(self, column: str, low: int, high: int, missing: int = 0) -> Term:
        """A numeric column with ``missing`` in place of NULL."""
        return self._make("fill", (), (column, missing), min(low, missing), max(high, missing))

    def flag(self, column: str, missing: bool) -> Term:
        """A yes/no column as a bit, with ``missing`` in place of NULL."""
        return self._make("flag", (), (column, missing), 0, 1)

    def day(self, column: str, shift: int, unit: str, low: int = -4_000_000, high: int = 8_000_000) -> Term:
        """The day number (1 is 0001-01-01) of a date column moved by a time span; 0 in place of NULL.

        ``low`` and ``high`` bound the number where a day is given.
        """
        return self._make("day", (), (column, shift, unit), min(low, 0), max(high, 0))

    # -- bits ---------------------------------------------------------------------------------------------------------

    def all_of(self, bits: Sequence[Term]) -> Term:
        """1 when every bit is; 1 for none."""
        return self._junction("and", bits, 1)

    def any_of(self, bits: Sequence[Term]) -> Term:
        """1 when some bit is; 0 for none."""
        return self._junction("or", bits, 0)

    def _junction(self, operation: Literal["and", "or"], bits: Sequence[Term], neutral: int) -> Term:
        kept: dict[int, Term] = {}
        for bit in bits:
            if bit.constant == 1 - neutral:
                return self.constant(1 - neutral)
            if bit.constant is None:
                kept[bit.number] = bit
        for bit in kept.values():
            if bit.operation == "not" and bit.arguments[0].number in kept:
                return self.constant(1 - neutral)
        for bit in list(kept.values()):
            # Whether a column is known is not asked where another bit fails without it (of an *or*: holds without it).
            column = _known_column(bit if neutral else self.invert(bit))
            others = (other for other in kept.values() if other is not bit)
            if column and any(self._range_without(o, column) == (1 - neutral, 1 - neutral) for o in others):
                del kept[bit.number]
        if not kept:
            return self.constant(neutral)
        if len(kept) == 1:
            return next(iter(kept.values()))
        return self._make(operation, sorted(kept.values(), key=lambda bit: bit.number), (), 0, 1)

    def _range_without(self, term: Term, column: str) -> tuple[int, int]:
        """The range of a term in rows where a column is missing."""
        key = (term.number, column)
        found = self._without.get(key)
        if found is None:
            found = self._without[key] = self._narrowed(
                term, [self._range_without(a, column) for a in term.arguments], column
            )
        return found

    def _narrowed(self, term: Term, parts: Sequence[tuple[int, int]], column: str) -> tuple[int, int]:
        """The range of a term from those of its parts, in rows where a column is missing."""
        match term.operation:
            case "known" | "day" if term.detail[0] == column:
                return 0, 0
            case "fill" | "flag" if term.detail[0] == column:
                return int(term.detail[1]), int(term.detail[1])
            case "and":
                return min(low for low, _ in parts), min(high for _, high in parts)
            case "or":
                return max(low for low, _ in parts), max(high for _, high in parts)
            case "not":
                return 1 - parts[0][1], 1 - parts[0][0]
            case "add":
                return sum(low for low, _ in parts), sum(high for _, high in parts)
            case "multiply":
                return _product(*parts)
            case "compare":
                decided = _decided(*parts[0], cast(Sign, term.detail[0]), *parts[1])
                return (0, 1) if decided is None else (decided, decided)
            case _:
                return term.low, term.high

    def invert(self, bit: Term) -> Term:
        if bit.constant is not None:
            return self.constant(1 - bit.constant)
        if bit.operation == "not":
            return bit.arguments[0]
        return self._make("not", (bit,), (), 0, 1)

    def compare(self, left: Term, sign: Sign, right: Term) -> Term:
        """``left sign right`` as a bit; folded where the ranges decide it."""
        decided = _decided(left.low, left.high, sign, right.low, right.high)
        if decided is None and left is right:
            decided = int(sign in (">=", "=", "<="))
        if decided is not None:
            return self.constant(decided)
        if left.constant is not None:
            left, sign, right = right, FLIPPED[sign], left
        (left, one), (right, other) = factor_of(left), factor_of(right)
        if right.constant is not None:
            bound = quotient_bound(right.constant * other, one, sign)
            if bound is None:
                return self.zero
            sign, right = bound[0], self.constant(bound[1])
            if left.is_bit:
                # Not decided by the ranges, so it asks for 1 or for 0.
                return left if sign in (">=", ">") or (sign == "=" and bound[1] == 1) else self.invert(left)
            return self._make("compare", (left, right), (sign,), 0, 1)
        shared = math.gcd(one, other)
        left, right = self.scaled(one // shared, left), self.scaled(other // shared, right)
        return self._make("compare", (left, right), (sign,), 0, 1)

    def has_member(self, members: Term, bit: int) -> Term:
        """Whether a set, held as bits, has the member of one bit."""
        return self._make("members", (members,), (bit,), 0, 1)

    # -- whole numbers ------------------------------------------------------------------------------------------------

    def add(self, parts: Sequence[Term]) -> Term:
        constant = 0
        kept: list[Term] = []
        for part in parts:
            if part.constant is not None:
                constant += part.constant
            else:
                kept.append(part)
        if not kept:
            return self.constant(constant)
        if constant:
            kept.append(self.constant(constant))
        if len(kept) == 1:
            return kept[0]
        shared, kept = self._without_factor(kept)
        return self.scaled(shared, self._make("add", kept, (), sum(p.low for p in kept), sum(p.high for p in kept)))

    def multiply(self, left: Term, right: Term) -> Term:
        for one, other in ((left, right), (right, left)):
            if one.constant == 0:
                return self.zero
            if one.constant == 1:
                return other
        if left.constant is not None and right.constant is not None:
            return self.constant(left.constant * right.constant)
        (left, first), (right, second) = factor_of(left), factor_of(right)
        factor = first * second * (left.constant or 1) * (right.constant or 1)
        variable = [term for term in (left, right) if term.constant is None]
        product = variable[0]
        if len(variable) == 2:
            low, high = _product((left.low, left.high), (right.low, right.high))
            product = self._make("multiply", variable, (), low, high)
        if factor == 1:
            return product
        low, high = sorted((factor * product.low, factor * product.high))
        return self._make("multiply", (product, self.constant(factor)), (), low, high)

    def scaled(self, factor: int, term: Term) -> Term:
        return self.multiply(term, self.constant(factor))

    def quotient(self, term: Term, divisor: int) -> Term:
        """A whole number divided by one above zero, rounded down."""
        inner, factor = factor_of(term)
        shared = math.gcd(factor, divisor)
        term, divisor = self.scaled(factor // shared, inner), divisor // shared
        if divisor == 1:
            return term
        if term.constant is not None:
            return self.constant(term.constant // divisor)
        return self._make("quotient", (term,), (divisor,), term.low // divisor, term.high // divisor)

    def moved_day(self, day: Term, months: int) -> Term:
        """A day number moved by calendar months; the 31st and 29 February fall on the last day there is."""
        if months == 0:
            return day
        # A month is 28 to 31 days later.
        least, most = sorted((28 * months, 31 * months))
        return self._make("moved", (day,), (months,), day.low + least, day.high + most)

    def _without_factor(self, parts: Sequence[Term]) -> tuple[int, list[Term]]:
        """The factor that all parts share, and the parts without it."""
        factors = [(self.one, part.constant) if part.constant is not None else factor_of(part) for part in parts]
        shared = math.gcd(*(factor for _, factor in factors))
        if shared <= 1:
            return 1, list(parts)
        return shared, [self.scaled(factor // shared, term) for term, factor in factors]

    def choose(self, bit: Term, yes: Term, no: Term) -> Term:
        """``yes`` where the bit is 1, else ``no``."""
        if bit.constant is not None:
            return yes if bit.constant else no
        if yes is no:
            return yes
        shared, (yes, no) = self._without_factor([yes, no])
        chosen = self._make("choose", (bit, yes, no), (), min(yes.low, no.low), max(yes.high, no.high))
        return self.scaled(shared, chosen)

    def where(self, bit: Term, value: Term, other: int) -> Term:
        """``value`` where the bit is 1, else a constant. Without a CASE where neither is negative."""
        if value.low < 0 or other < 0:
            return self.choose(bit, value, self.constant(other))
        either = self.add([self.multiply(value, bit), self.scaled(other, self.invert(bit))])
        return self.within(either, min(value.low, other), max(value.high, other))

    def least(self, parts: Sequence[Term]) -> Term:
        """The least of several whole numbers."""
        result = parts[0]
        for part in parts[1:]:
            # What the next parts allow is not known of this one.
            most = min(part.high, result.high)
            result = self.choose(self.compare(part, "<", result), part, result)
            result = self.within(result, result.low, most)
        return result

    def greatest(self, parts: Sequence[Term]) -> Term:
        """The greatest of several whole numbers."""
        result = parts[0]
        for part in parts[1:]:
            least = max(part.low, result.low)
            result = self.choose(self.compare(part, ">", result), part, result)
            result = self.within(result, least, result.high)
        return result

    def within(self, term: Term, low: int, high: int) -> Term:
        """The same sum or choice, where more is known of its range than its parts say."""
        inner, factor = factor_of(term)
        if factor > 1:
            return self.scaled(factor, self.within(inner, -(-low // factor), high // factor))
        low, high = max(low, term.low), min(high, term.high)
        if term.operation not in ("add", "choose") or (low, high) == (term.low, term.high) or low > high:
            return term
        key = ("within", term.number, low, high)
        if key not in self._made:
            self._made[key] = Term(term.operation, term.arguments, term.detail, low, high, len(self._made))
        return self._made[key]


def factor_of(term: Term) -> tuple[Term, int]:
    """A term as something times a whole number."""
    if term.operation == "multiply" and term.arguments[1].constant is not None:
        return term.arguments[0], term.arguments[1].constant
    return term, 1


def _known_column(bit: Term) -> str:
    """The column that a bit says is known; empty for any other bit."""
    return str(bit.detail[0]) if bit.operation == "known" else ""


def _product(left: tuple[int, int], right: tuple[int, int]) -> tuple[int, int]:
    corners = [a * b for a in left for b in right]
    return min(corners), max(corners)


def _decided(low: int, high: int, sign: Sign, other_low: int, other_high: int) -> int | None:
    """What ranges alone say of a comparison: 1, 0, or None."""
    if sign in ("<", "<="):
        return _decided(other_low, other_high, FLIPPED[sign], low, high)
    if sign == "=":
        if low == high == other_low == other_high:
            return 1
        return 0 if high < other_low or low > other_high else None
    if sign == ">=":
        return 1 if low >= other_high else 0 if high < other_low else None
    return 1 if low > other_high else 0 if high <= other_low else None


def quotient_bound(total: int, divisor: int, sign: Sign) -> tuple[Sign, int] | None:
    """The bound of ``x`` in ``x * divisor sign total`` for whole numbers; None where no whole number can be equal."""
    if divisor < 0:
        total, divisor, sign = -total, -divisor, FLIPPED[sign]
    if sign == "=":
        return ("=", total // divisor) if total % divisor == 0 else None
    if sign in (">=", "<"):
        return sign, -((-total) // divisor)
    return sign, math.floor(total // divisor)
