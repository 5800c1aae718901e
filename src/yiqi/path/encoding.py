"""A formula as rows of a mixed-integer program.

Two kinds of lever. Where every condition that reads a fact reads no other that can move, only the values at which a
condition turns matter: one 0/1 column for each, exactly one of which is 1, with its exact cost; a condition is then the sum of
the columns at which the judge says that it holds, and no number enters the program at all. Where a condition compares
several that can move (main-business revenue and operating revenue), they are numbers: columns that count the change in a
large unit, and rows that are the law's own polynomials. What the solver finds for those is put right to the smallest unit
by :mod:`yiqi.path.exact`.

The parts of a formula say *for sure holds*: a column of a part may be 1 only if the part holds, and need not be. So every
solution is a way to the target, and every way is a solution.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

from yiqi.facts.sheet import FactSheet
from yiqi.judge.evaluate import Evaluation
from yiqi.law.tree import Compare, Contains, Flag
from yiqi.path.columns import ASSUMED, Columns
from yiqi.path.comparisons import Comparisons
from yiqi.path.formula import (
    Entered,
    Every,
    Formula,
    Highest,
    Leaf,
    Lowest,
    Points,
    Reaches,
    Some,
    Steps,
    Stuck,
    Summed,
    Wanted,
    highest,
    leaf_slots,
    lowest,
)
from yiqi.path.levers import Key, Lever
from yiqi.path.milp import Solution
from yiqi.path.sums import Sum
from yiqi.path.ties import Ties

ESCAPE = 1e6
"""Cost of a condition that is taken as met where the question is what blocks."""


class Encoding:
    """One formula with its levers as a program. With ``fewest`` the changed facts are counted first, then what they cost.

    With ``reasons`` every condition has an escape, so that a smallest set of those that block is found. With ``generous`` a
    comparison that is not linear counts as met for nothing: no way costs less than the cheapest solution then.
    """

    def __init__(
        self,
        evaluation: Evaluation,
        levers: Mapping[Key, Lever],
        formula: Formula,
        sheet: FactSheet,
        *,
        fewest: bool = False,
        reasons: bool = False,
        generous: bool = False,
    ) -> None:
        self.columns = Columns(evaluation, levers, formula, sheet)
        self.parts = Ties(self.columns).parts
        self.comparisons = Comparisons(self.columns, generous=generous)
        self.reasons = reasons
        self.entered: dict[int, tuple[Entered, int]] = {}
        self.escapes: dict[object, tuple[Wanted | Stuck, int]] = {}
        self._expressions: dict[int, Sum] = {}
        self._outcomes: dict[tuple[int, Key], dict[int | None, int]] = {}
        self._kept: list[object] = []  # what the ids above belong to
        self.require(formula)
        self.changed = self._count() if fewest else None

    # -- formulas -----------------------------------------------------------------------------------------------------

    def require(self, formula: Formula) -> None:
        """Rows that make a formula hold."""
        match formula:
            case bool():
                if not formula:
                    self.columns.milp.row({}, 1.0)
            case Every(parts):
                # Single conditions first: what they leave of a number decides some of the others.
                for part in sorted(parts, key=lambda part: not isinstance(part, Wanted)):
                    self.require(part)
            case Wanted() if not self.reasons and self.comparisons.require(formula):
                pass
            case Reaches(points, threshold):
                total = self.points(points)
                self._row(total, float(threshold))
            case _:
                total = Sum()
                count = 1
                if isinstance(formula, Some):
                    count = formula.count
                    for part in formula.parts:
                        total.add(self.holds(part))
                else:
                    total = self.holds(formula)
                self._row(total, float(count))

    def _row(self, total: Sum, least: float) -> None:
        sizes = [abs(v) for v in total.terms.values() if v]
        whole = all(v.is_integer() for v in (*sizes, least, total.constant))
        # Points come in tenths, fortieths of a point: small whole numbers are what the solver knows best.
        scale = float(math.gcd(*map(int, sizes))) if whole and sizes else max(sizes, default=1.0)
        self.columns.milp.row({c: v / scale for c, v in total.terms.items()}, (least - total.constant) / scale)

    def holds(self, formula: Formula) -> Sum:
        """A sum that can be 1 only where the formula holds, and otherwise is 0."""
        if isinstance(formula, bool):
            return Sum(1.0 if formula else 0.0)
        if id(formula) not in self._expressions:
            self._kept.append(formula)
            self._expressions[id(formula)] = self._holds(formula)
        return self._expressions[id(formula)]

    def _holds(self, formula: Formula) -> Sum:
        match formula:
            case Every(parts):
                found = self.columns.milp.column(0, 1, whole=False)
                for part in parts:
                    row = Sum()
                    row.add(self.holds(part))
                    row.add(Sum(0.0, {found: 1.0}), -1.0)
                    self.columns.milp.row(row.terms, -row.constant)
                return Sum(0.0, {found: 1.0})
            case Some(count, parts):
                found = self.columns.milp.column(0, 1, whole=count > 1)
                row = Sum()
                for part in parts:
                    row.add(self.holds(part))
                row.add(Sum(0.0, {found: float(count)}), -1.0)
                self.columns.milp.row(row.terms, -row.constant)
                return Sum(0.0, {found: 1.0})
            case Reaches(points, threshold):
                found = self.columns.milp.column(0, 1)
                total = self.points(points)
                least = float(lowest(points))
                # total >= least + (threshold - least) * found
                row = Sum()
                row.add(total)
                row.add(Sum(0.0, {found: threshold - least}), -1.0)
                self._row(row, least)
                return Sum(0.0, {found: 1.0})
            case Stuck():
                return Sum(0.0, {self._escape(formula): 1.0})
            case Wanted():
                return self._single(formula)
            case bool():
                return Sum(1.0 if formula else 0.0)

    def _escape(self, formula: Wanted | Stuck) -> int:
        same = _same(formula)
        if same not in self.escapes:
            # What may run out by itself stands less in the way than what does not; what moves is gone by last.
            cost = ESCAPE * (1.01 if isinstance(formula, Wanted) else 0.25 if _runs_out(formula.leaf) else 1.0)
            self.escapes[same] = (formula, self.columns.milp.column(0, 1, cost=cost))
        return self.escapes[same][1]

    def _single(self, wanted: Wanted) -> Sum:
        found = self._bare(wanted)
        if self.reasons:
            with_escape = self.columns.milp.column(0, 1, whole=False)
            row = Sum()
            row.add(found)
            row.add(Sum(0.0, {self._escape(wanted): 1.0, with_escape: -1.0}))
            self.columns.milp.row(row.terms, -row.constant)
            return Sum(0.0, {with_escape: 1.0})
        return found

    def _bare(self, wanted: Wanted) -> Sum:
        leaf = wanted.leaf
        levers = self.columns.levers_of(leaf)
        if len(levers) == 1 and levers[0].key not in self.columns.numbers:
            lever = levers[0]
            if lever.key in self.columns.members:
                return self._membership(wanted, lever)
            good = 2 if wanted.holds else 0
            outcomes = self._outcomes_of(leaf, lever)
            return Sum(0.0, {c: 1.0 for v, c in self.columns.choice[lever.key].items() if outcomes[v] == good})
        return self.comparisons.holds(wanted)

    def _outcomes_of(self, leaf: Leaf, lever: Lever) -> dict[int | None, int]:
        memo = (id(leaf), lever.key)
        if memo not in self._outcomes:
            self._kept.append(leaf)
            self._outcomes[memo] = {
                v: self.columns.candidates.outcome(leaf, lever, v) for v in self.columns.choice[lever.key]
            }
        return self._outcomes[memo]

    def _membership(self, wanted: Wanted, lever: Lever) -> Sum:
        leaf = wanted.leaf
        assert isinstance(leaf, Contains)
        bit = 1 << lever.fact.member_index(leaf.member)
        column = self.columns.members[lever.key].get(bit)
        if (lever.value or 0) & bit:
            return Sum(1.0 if wanted.holds else 0.0)
        if column is None:
            return Sum(0.0 if wanted.holds else 1.0)
        if wanted.holds:
            return Sum(0.0, {column: 1.0})
        if lever.key in self.columns.known:
            return Sum(0.0, {self.columns.known[lever.key]: 1.0, column: -1.0})
        return Sum(1.0, {column: -1.0})

    # -- points -------------------------------------------------------------------------------------------------------

    def points(self, points: Points) -> Sum:
        """A sum that is no more than the points surely are."""
        if id(points) in self._expressions:
            return self._expressions[id(points)]
        self._kept.append(points)
        found = self._points(points)
        self._expressions[id(points)] = found
        return found

    def _points(self, points: Points) -> Sum:
        found = Sum()
        match points:
            case Steps(base, steps):
                found.constant = float(base)
                for gain, formula in steps:
                    found.add(self.holds(formula), float(gain))
                return found
            case Summed(parts, cap):
                for part in parts:
                    found.add(self.points(part))
                if cap is None:
                    return found
                return self._below([found], float(min(lowest(points), cap)), float(cap))
            case Lowest(parts):
                return self._below([self.points(p) for p in parts], float(lowest(points)), float(highest(points)))
            case Highest(parts):
                low, high = float(lowest(points)), float(highest(points))
                column = self.columns.milp.column(low, high, whole=False)
                chosen = Sum()
                for part in parts:
                    switch = self.columns.milp.column(0, 1)
                    chosen.terms[switch] = 1.0
                    # column <= part + (high - lowest part) * (1 - switch)
                    slack = high - float(lowest(part))
                    row = Sum(slack)
                    row.add(self.points(part))
                    row.add(Sum(0.0, {column: 1.0, switch: slack}), -1.0)
                    self._row(row, 0.0)
                self.columns.milp.row(chosen.terms, 1.0, 1.0)
                return Sum(0.0, {column: 1.0})
            case Entered(slot, low, high, sign):
                column = self.columns.milp.column(0, high - low)
                used = self.columns.milp.column(0, 1, cost=ASSUMED)
                self.columns.milp.row({column: 1.0, used: -float(high - low)}, upper=0.0)
                self.entered[id(points)] = (points, column)
                lever = self.columns.of_slot[slot]
                self.columns.moved.setdefault(lever.key, Sum(0.0, {used: 1.0}))
                # From below the points are their low end plus what is assumed, from above their high end less that.
                return Sum(float(low) if sign > 0 else -float(high), {column: 1.0})

    def _below(self, sums: list[Sum], low: float, high: float) -> Sum:
        """A column that is no more than any of some sums."""
        column = self.columns.milp.column(min(low, high), high, whole=False)
        for total in sums:
            row = Sum()
            row.add(total)
            row.add(Sum(0.0, {column: 1.0}), -1.0)
            self._row(row, 0.0)
        return Sum(0.0, {column: 1.0})

    # -- more than one way --------------------------------------------------------------------------------------------

    def forbid(self, keys: Iterable[Key]) -> None:
        """At least one of some levers stays where it is."""
        row = Sum()
        count = 0
        for key in keys:
            row.add(self.columns.moved[key])
            count += 1
        self.columns.milp.row(row.terms, -math.inf, count - 1 - row.constant)

    def exclude(self, solution: Solution, *, impossible: bool) -> None:
        """Put a solution aside.

        ``impossible``: no numbers satisfy the comparisons that it takes for met, with what it assumes and leaves where it is;
        so no way takes all these for met. Otherwise only the very same 0/1 columns are put aside.
        """
        ones = self.columns.milp.switches()
        zeros: list[int] = []
        if impossible:
            ones = [
                *self.comparisons.switches,
                *(self.columns.known[k] for k in self.columns.number if k in self.columns.known),
            ]
            zeros = [c for k in self.columns.number for c in self.columns.moved[k].terms]
        terms: dict[int, float] = {}
        count = 0
        for column in ones:
            if solution.values[column] > 0.5:
                terms[column] = -1.0
                count += 1
            elif not impossible:
                terms[column] = 1.0
        for column in zeros:
            if solution.values[column] < 0.5:
                terms[column] = 1.0
        self.columns.milp.row(terms, 1.0 - count)

    def _count(self) -> int:
        """A column that is no less than the number of facts changed."""
        column = self.columns.milp.column(0, len(self.columns.moved), whole=False)
        row = Sum(0.0, {column: 1.0})
        for key, moved in self.columns.moved.items():
            if self.columns.every[key].kind == "change":
                row.add(moved, -1.0)
        self.columns.milp.row(row.terms, -row.constant)
        return column

    def solve(self) -> Solution | None:
        """The cheapest solution; with ``fewest`` the cheapest of those that change the fewest facts."""
        if self.changed is None:
            return self.columns.milp.solve()
        costs = self.columns.milp.cost
        self.columns.milp.price([1.0 if c == self.changed else 0.0 for c in range(len(costs))])
        self.columns.milp.bound(self.changed, len(self.columns.moved))
        least = self.columns.milp.solve()
        self.columns.milp.price(costs)
        if least is None:
            return None
        self.columns.milp.bound(self.changed, float(round(least.objective)))
        return self.columns.milp.solve()


def _runs_out(leaf: Leaf | None) -> bool:
    """Whether a condition is about the day of the act."""
    return isinstance(leaf, Compare) and any(slot.fact == "on" for slot in leaf_slots(leaf))


def _same(formula: Wanted | Stuck) -> object:
    """What makes two conditions one: that they ask the same of the same facts."""
    match formula.leaf:
        case None:
            return formula.unit.key, formula.within.id if formula.within is not None else ""
        case Compare(guards, polynomial, operator):
            return formula.holds, guards, polynomial, operator
        case Contains(slot, member):
            return formula.holds, slot, member
        case Flag(slot):
            return formula.holds, slot
        case leaf:
            return formula.holds, leaf.slot, str(leaf)
