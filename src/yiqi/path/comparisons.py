"""Comparisons of facts that are numbers, as rows: the law's own polynomials, exact, and scaled for the solver."""

from __future__ import annotations

import math
from fractions import Fraction

from yiqi.law.tree import Compare, Polynomial
from yiqi.path.columns import Columns, scale_of
from yiqi.path.formula import Leaf, Wanted
from yiqi.path.levers import Key, Lever
from yiqi.path.sums import ExactRow, Sum

Row = tuple[dict[Key, int], int]
"""``constant + Σ factor · value >= 0`` over whole numbers: the factors and the constant."""


class Comparisons:
    """Adds the rows of comparisons to the columns."""

    def __init__(self, columns: Columns, *, generous: bool = False) -> None:
        self.columns = columns
        self.generous = generous
        self.switches: list[int] = []
        """The columns that take a comparison of numbers for met."""
        self.passed_over: list[Wanted] = []
        """The comparisons that are relied on only as they stand: a way that moves what they read may be cheaper."""
        self._within: dict[Key, tuple[int, int]] = {}
        """What the rows that always hold leave of the ends of a number."""

    def require(self, wanted: Wanted) -> bool:
        """Rows that make a comparison hold; False where it is none of numbers."""
        rows = self._linear(wanted)
        if rows is None:
            return False
        for row in rows:
            self._hard(row)
        for key in self._needed(wanted.leaf, rows):
            self.columns.milp.row({self.columns.known[key]: 1.0}, 1.0)
        return True

    def holds(self, wanted: Wanted) -> Sum:
        """A column that can be 1 only where a comparison holds."""
        rows = self._linear(wanted)
        if rows is None:
            return self._standing(wanted)
        switch = self.columns.milp.column(0, 1)
        self.switches.append(switch)
        for row in rows:
            self._switched(row, switch)
        for key in self._needed(wanted.leaf, rows):
            self.columns.milp.row({self.columns.known[key]: 1.0, switch: -1.0}, 0.0)
        return Sum(0.0, {switch: 1.0})

    def multiplied(self) -> list[Lever]:
        """What comparisons that were passed over read, of what moves."""
        levers = {lever.key: lever for wanted in self.passed_over for lever in self.columns.levers_of(wanted.leaf)}
        return list(levers.values())

    def _standing(self, wanted: Wanted) -> Sum:
        """Where a comparison is not linear: whether it holds as it is, while nothing that it reads moves.

        ``generous``: as if it held whatever is done.
        """
        self.passed_over.append(wanted)
        if self.generous:
            return Sum(1.0)
        if self.columns.e.truth(wanted.leaf, wanted.unit) != (2 if wanted.holds else 0):
            return Sum()
        found = self.columns.milp.column(0, 1, whole=False)
        for lever in self.columns.levers_of(wanted.leaf):
            moved = Sum(1.0, {found: -1.0})
            moved.add(self.columns.moved[lever.key], -1.0)
            self.columns.milp.row(moved.terms, -moved.constant)
        return Sum(0.0, {found: 1.0})

    def _needed(self, leaf: Leaf, rows: list[Row]) -> set[Key]:
        """The missing numbers that have to be assumed before a comparison holds.

        Without a base to divide by, the bound of a missing fact may decide it (see ``Evaluation.compare``).
        """
        bounded = isinstance(leaf, Compare) and not leaf.guards and leaf.operator != "="
        found: set[Key] = set()
        for factors, _ in rows:
            for key, factor in factors.items():
                fact = self.columns.every[key].fact
                if key in self.columns.known and not (
                    bounded and (fact.minimum if factor > 0 else fact.maximum) is not None
                ):
                    found.add(key)
        return found

    def _linear(self, wanted: Wanted) -> list[Row] | None:
        """The rows ``constant + Σ factor · value >= 0`` of a comparison of numbers; None where it is none, or not linear."""
        leaf = wanted.leaf
        if not isinstance(leaf, Compare):
            return None
        levers = self.columns.levers_of(leaf)
        if not levers or any(lever.key not in self.columns.numbers for lever in levers):
            return None
        if leaf.operator == "=" and not wanted.holds:
            return None
        found: list[Row] = []
        for guard in leaf.guards:
            row = self._polynomial(guard)
            if row is None:
                return None
            found.append((row[0], row[1] - 1))
        row = self._polynomial(leaf.polynomial)
        if row is None:
            return None
        factors, constant = row
        turned = {k: -f for k, f in factors.items()}, -constant
        if wanted.holds:
            found.append((factors, constant - (1 if leaf.operator == ">" else 0)))
            if leaf.operator == "=":
                found.append(turned)
        else:
            found.append((turned[0], turned[1] - (1 if leaf.operator == ">=" else 0)))
        return [self._whole(each) for each in found]

    def _polynomial(self, polynomial: Polynomial) -> Row | None:
        """A polynomial with everything that is fixed put in; None where it is not linear or something fixed is missing."""
        factors: dict[Key, int] = {}
        constant = 0
        for monomial, coefficient in polynomial:
            product = coefficient
            key: Key | None = None
            for slot in monomial:
                lever = self.columns.of_slot.get(slot)
                if lever is None:
                    value = self.columns.e.value(slot)
                    if value is None:
                        return None
                    product *= value
                elif key is None:
                    key = lever.key
                else:
                    return None
            if key is None:
                constant += product
            else:
                factors[key] = factors.get(key, 0) + product
        return {k: f for k, f in factors.items() if f}, constant

    @staticmethod
    def _whole(row: Row) -> Row:
        """The same row for whole numbers without common factor: ``100 v - 101 >= 0`` is ``v - 2 >= 0``."""
        common = math.gcd(*row[0].values()) if row[0] else 1
        return {k: f // common for k, f in row[0].items()}, row[1] // common

    def _scaled(self, row: Row) -> tuple[Sum, float]:
        """A row in the units of its columns, divided by its largest factor; and the least that it can be."""
        factors, constant = row
        exact: dict[int, Fraction] = {}
        for key, factor in factors.items():
            lever = self.columns.every[key]
            constant += factor * self.columns.origin(lever)
            step = factor * scale_of(lever) * (-1 if lever.sign < 0 else 1)
            exact[self.columns.number[key]] = Fraction(step)
            if lever.value is None and factor < 0:
                # While nothing is assumed, the worst that its bounds allow counts.
                low, high = self.columns.ends(lever)
                bound = lever.fact.maximum
                worst = factor * ((high if bound is None else bound) - low)
                constant += worst
                exact[self.columns.known[key]] = Fraction(-worst)
        largest = max(
            (abs(v) for k, v in exact.items() if k in self.columns.number.values()), default=Fraction(1)
        ) or Fraction(1)
        terms = {c: float(v / largest) for c, v in exact.items() if v}
        found = Sum(float(constant / largest), terms)
        least = found.constant + sum(v * (self.columns.milp.upper[c] if v < 0 else 0.0) for c, v in terms.items())
        return found, least

    def _ends(self, key: Key, *, tied: bool = False) -> tuple[int, int]:
        """The ends of a number under the rows that always hold; ``tied``: also under those that hold once it is known."""
        low, high = self._within.get(key) or self.columns.ends(self.columns.every[key])
        if tied:
            for row in self.columns.exact:
                if row.switch is None and set(row.factors) == {key}:
                    low, high = _met(row.factors[key], row.constant, low, high)
        return low, high

    def _hard(self, row: Row) -> None:
        if len(row[0]) == 1:
            ((key, factor),) = row[0].items()
            self._within[key] = _met(factor, row[1], *self._ends(key))
        if row[0]:
            found, _ = self._scaled(row)
            self.columns.milp.row(found.terms, -found.constant)
        elif row[1] < 0:
            self.columns.milp.row({}, 1.0)
        self.columns.exact.append(ExactRow(row[0], row[1], None, self._worst(row)))

    def _switched(self, row: Row, switch: int) -> None:
        # Decided in whole numbers where it can be: one unit beside a factor of millions is nothing to the solver.
        low = high = row[1]
        for key, factor in row[0].items():
            low += min(factor * end for end in self._ends(key))
            high += max(factor * end for end in self._ends(key, tied=True))
        if high < 0:
            self.columns.milp.bound(switch, 0.0)
        if low >= 0 or high < 0:
            return
        found, least = self._scaled(row)
        if least < 0:
            # found >= least * (1 - switch)
            self.columns.milp.row({**found.terms, switch: least}, least - found.constant)
        self.columns.exact.append(ExactRow(row[0], row[1], switch, self._worst(row)))

    def _worst(self, row: Row) -> dict[Key, int]:
        """The bounds that count for the numbers of a row while they are missing."""
        bounds = {}
        for key, factor in row[0].items():
            fact = self.columns.every[key].fact
            bound = fact.minimum if factor > 0 else fact.maximum
            if self.columns.every[key].value is None and bound is not None:
                bounds[key] = bound
        return bounds


def _met(factor: int, constant: int, low: int, high: int) -> tuple[int, int]:
    """What ``factor · value + constant >= 0`` leaves of two ends."""
    end = -(constant // factor) if factor > 0 else constant // -factor
    return (max(low, end), high) if factor > 0 else (low, min(high, end))
