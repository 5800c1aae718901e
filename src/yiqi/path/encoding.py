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
from dataclasses import dataclass, field
from fractions import Fraction

from yiqi.facts.sheet import FactSheet
from yiqi.judge.evaluate import Evaluation
from yiqi.law.tree import Compare, Contains, Flag, Polynomial, Slot
from yiqi.law.vocabulary import Relation
from yiqi.path.charging import wholes
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
    wanted_in,
)
from yiqi.path.levers import Candidates, Key, Lever, held
from yiqi.path.milp import Milp, Solution

FEN = 1e6
"""Fen in the unit of the objective: 万元, as of the columns of money."""
SCALE = {"money": 10**6, "ratio": 10**6, "points": 10**4, "count": 1, "years": 1}
"""Smallest units in one unit of a number's column."""
FEW = 10**5
"""A number with no more values than these is counted in its smallest unit, as a whole column."""
BEYOND = {"money": 10**13, "ratio": 10**10, "points": 10**8, "count": 10**7, "years": 10**3}
"""As far as a number without any bound may go, in its smallest unit: a hundred billion yuan, ten million people."""
ASSUMED, WAITED, CHANGED = 4e-7, 2e-7, 0.0
"""Weights of an assumption, a year of waiting and a change in the objective: less than half a fen each, so that they decide
only between ways that cost the same."""
ESCAPE = 1e6
"""Cost of a condition that is taken as met where the question is what blocks."""


@dataclass
class Sum:
    """A constant and a sum of columns."""

    constant: float = 0.0
    terms: dict[int, float] = field(default_factory=dict)

    def add(self, other: Sum, factor: float = 1.0) -> None:
        self.constant += factor * other.constant
        for column, value in other.terms.items():
            self.terms[column] = self.terms.get(column, 0.0) + factor * value


@dataclass(frozen=True)
class ExactRow:
    """A row over whole numbers, ``constant + Σ factor · value >= 0``, that counts while the column ``switch`` is 1."""

    factors: Mapping[Key, int]
    constant: int
    switch: int | None


class Encoding:
    """One formula with its levers as a program. With ``fewest`` the changed facts are counted first, then what they cost."""

    def __init__(
        self,
        evaluation: Evaluation,
        levers: Mapping[Key, Lever],
        formula: Formula,
        sheet: FactSheet,
        *,
        fewest: bool = False,
        reasons: bool = False,
    ) -> None:
        self.e = evaluation
        self.vocabulary = evaluation.linked.law.vocabulary
        self.every = levers
        self.fewest = fewest
        self.reasons = reasons
        self.milp = Milp()
        self.of_slot: dict[Slot, Lever] = {s: lever for lever in levers.values() for s in lever.slots}
        self.candidates = Candidates(evaluation)
        self.leaves: dict[Key, list[Leaf]] = {}
        self.numbers: set[Key] = set()
        self.extra: dict[Key, set[int]] = {}
        self.choice: dict[Key, dict[int | None, int]] = {}
        """Of a lever by values: the column of each."""
        self.members: dict[Key, dict[int, int]] = {}
        """Of a set: the column of each member (by its bit) that may be added."""
        self.known: dict[Key, int] = {}
        """Of an assumed number or set: the column that is 1 where it is assumed."""
        self.number: dict[Key, int] = {}
        self.switches: list[int] = []
        """The columns that take a comparison of numbers for met."""
        self.entered: dict[int, tuple[Entered, int]] = {}
        self.moved: dict[Key, Sum] = {}
        self.exact: list[ExactRow] = []
        self.escapes: dict[object, tuple[Wanted | Stuck, int]] = {}
        self._expressions: dict[int, Sum] = {}
        self._outcomes: dict[tuple[int, Key], dict[int | None, int]] = {}
        self._kept: list[object] = []  # what the ids above belong to
        self.sheet = sheet
        self.relations = [r for r in self.vocabulary.relations if self._matters(r)]
        self._survey(formula)
        self._columns()
        self._relate()
        self.parts = wholes(self.every, self.relations, self.vocabulary)
        self._paid_once()
        self.require(formula)
        self.changed = self._count() if fewest else None

    # -- what the conditions ask for ----------------------------------------------------------------------------------

    def _matters(self, relation: Relation) -> bool:
        """Whether a relation can be broken by a lever, and is not broken already."""
        return any(k[0] in (relation.fact, relation.at_most, relation.implies) for k in self.every)

    def _levers(self, leaf: Leaf) -> list[Lever]:
        return list({self.of_slot[s].key: self.of_slot[s] for s in leaf_slots(leaf) if s in self.of_slot}.values())

    def _survey(self, formula: Formula) -> None:
        """Which levers are used, and which of them are numbers."""
        for wanted in wanted_in(formula):
            if isinstance(wanted, Entered):
                continue
            if isinstance(wanted, Stuck) or wanted.leaf is None:
                continue
            levers = self._levers(wanted.leaf)
            for lever in levers:
                self.leaves.setdefault(lever.key, []).append(wanted.leaf)
            if len(levers) > 1 and all(_is_number(lever) for lever in levers):
                self.numbers |= {lever.key for lever in levers}
        # Whatever a relation ties to a lever may have to move along.
        while self._joined():
            pass
        for relation in self.relations:
            if relation.at_most is not None:
                # What is assumed beside a fact that does not move may have to be as much.
                for one, other in self._pairs():
                    for a, b in ((one, other), (other, one)):
                        if a in self.leaves and b not in self.leaves and (value := self._fixed(b)) is not None:
                            self.extra.setdefault(a, set()).add(value)
            if isinstance(relation.reaches, int) and relation.implies is not None:
                self.extra.setdefault((relation.implies, None), set()).add(relation.reaches)

    def _joined(self) -> bool:
        """Take in what is tied to a lever that is used; whether there was any."""
        before = len(self.leaves), len(self.numbers)
        ties = self._pairs()
        ties += [((r.fact, None), (r.implies, None)) for r in self.relations if r.implies is not None]
        for one, other in ties:
            for a, b in ((one, other), (other, one)):
                if a in self.leaves and b in self.every and self.every[b].kind == "change":
                    self.leaves.setdefault(b, [])
        for one, other in self._pairs():
            both = one in self.leaves and other in self.leaves and (one in self.numbers or other in self.numbers)
            if both and all(_is_number(self.every[k]) for k in (one, other)):
                self.numbers |= {one, other}
        return (len(self.leaves), len(self.numbers)) != before

    def _pairs(self) -> list[tuple[Key, Key]]:
        """The keys that an ``at_most`` relation ties: the first is no more than the second."""
        found: dict[tuple[Key, Key], None] = {}
        for relation in self.relations:
            if relation.at_most is not None:
                for _, year in self._keys(relation.fact) | self._keys(relation.at_most):
                    found.setdefault(((relation.fact, year), (relation.at_most, year)))
        return list(found)

    def _keys(self, fact: str) -> set[Key]:
        return {k for k in self.every if k[0] == fact}

    # -- columns ------------------------------------------------------------------------------------------------------

    def _columns(self) -> None:
        values: dict[Key, list[int]] = {}
        pairs = self._pairs()
        for key, leaves in self.leaves.items():
            lever = self.every[key]
            if key not in self.numbers and not lever.is_set:
                values[key] = self.candidates.of(lever, leaves, self.extra.get(key, ()))
        for _ in range(3):  # what must not stay behind takes the values of what it follows; chains are short
            for one, other in pairs:
                if one not in values or other not in values:
                    continue
                for a, b in ((one, other), (other, one)):
                    known = set(values[b])
                    lever = self.every[b]
                    sign = lever.sign
                    if (sign > 0 and b == other) or (sign < 0 and b == one) or sign == 0:
                        values[b] += [v for v in values[a] if v not in known and lever.within(v)]
        for key in self.leaves:
            lever = self.every[key]
            if lever.is_set:
                self._set(lever)
            elif key in self.numbers:
                self._number(lever)
            else:
                self._choices(lever, values[key])

    def _weight(self, lever: Lever) -> float:
        return {"assume": ASSUMED, "wait": WAITED, "change": CHANGED}[lever.kind]

    def _cost(self, fen: Fraction) -> float:
        return float(fen) / FEN

    def _choices(self, lever: Lever, values: list[int]) -> None:
        columns: dict[int | None, int] = {}
        options: list[int | None] = [None, *values] if lever.value is None else list(values)
        moved = Sum()
        for value in options:
            still = value == lever.value
            weight = 0.0 if still else self._weight(lever)
            if lever.kind == "wait" and value is not None and lever.value is not None:
                weight *= value - lever.value
            cost = 0.0 if still or value is None else self._cost(lever.cost(value))
            columns[value] = self.milp.column(0, 1, cost=cost + weight)
            if not still:
                moved.terms[columns[value]] = 1.0
        self.milp.row(dict.fromkeys(columns.values(), 1.0), 1.0, 1.0)
        self.choice[lever.key] = columns
        self.moved[lever.key] = moved

    def _set(self, lever: Lever) -> None:
        # No less than every member that is added; only what is assumed has to be a whole matter.
        moved = self.milp.column(0, 1, whole=lever.value is None, cost=self._weight(lever))
        columns = {}
        for position in range(len(lever.fact.members)):
            if lever.members >> position & 1:
                column = self.milp.column(0, 1, cost=self._cost(lever.cost((lever.value or 0) | 1 << position)))
                self.milp.row({moved: 1.0, column: -1.0}, 0.0)
                columns[1 << position] = column
        self.members[lever.key] = columns
        self.moved[lever.key] = Sum(0.0, {moved: 1.0})
        if lever.value is None:
            self.known[lever.key] = moved

    def _number(self, lever: Lever) -> None:
        scale = _scale(lever)
        low, high = self._ends(lever)
        origin = self._origin(lever)
        if lever.sign < 0:
            span = (origin - low) / scale
        else:
            span = (high - origin) / scale
        whole = scale == 1
        column = self.milp.column(0, max(0.0, span), whole=whole, cost=self._cost(lever.price * scale))
        self.number[lever.key] = column
        moved = self.milp.column(0, 1, cost=self._weight(lever))
        self.milp.row({column: 1.0, moved: -max(0.0, span)}, upper=0.0)
        self.moved[lever.key] = Sum(0.0, {moved: 1.0})
        if lever.value is None:
            self.known[lever.key] = moved

    def _origin(self, lever: Lever) -> int:
        """The value at which a number's column is 0."""
        if lever.value is not None:
            return lever.value
        return self._ends(lever)[0]

    def _ends(self, lever: Lever) -> tuple[int, int]:
        fact = lever.fact
        far = BEYOND[fact.kind or "count"]
        high = lever.high if lever.high is not None else max(fact.plausible_maximum or far, lever.value or 0)
        low = lever.low if lever.low is not None else min(fact.plausible_minimum or -far, lever.value or 0)
        return low, high

    def value_of(self, lever: Lever, values: list[float]) -> int | None:
        """The value of a lever in a solution; a number to the nearest unit."""
        key = lever.key
        if key in self.choice:
            return max(self.choice[key].items(), key=lambda item: values[item[1]])[0]
        if key in self.members:
            if key in self.known and values[self.known[key]] < 0.5:
                return None
            return (lever.value or 0) | sum(bit for bit, column in self.members[key].items() if values[column] > 0.5)
        if key in self.known and values[self.known[key]] < 0.5:
            return None
        change = round(values[self.number[key]] * _scale(lever))
        return self._origin(lever) + (-change if lever.sign < 0 else change)

    # -- relations ----------------------------------------------------------------------------------------------------

    def _relate(self) -> None:
        for one, other in self._pairs():
            self._at_most(one, other)
        for relation in self.relations:
            if relation.implies is not None:
                self._implies(relation)

    def _fixed(self, key: Key) -> int | None:
        """The value of a fact as it is; None while it is missing."""
        return held(self.vocabulary[key[0]], self.sheet, key[1])

    def _valued(self, key: Key, unit: int) -> Sum | None:
        """A fact as a sum, in ``unit`` smallest units; None while it is missing."""
        lever = self.every.get(key)
        if lever is None or key not in self.leaves:
            value = self._fixed(key)
            return None if value is None else Sum(value / unit)
        scale = _scale(lever)
        if key in self.number:
            sign = -1.0 if lever.sign < 0 else 1.0
            return Sum(self._origin(lever) / unit, {self.number[key]: sign * scale / unit})
        found = Sum()
        for value, column in self.choice[key].items():
            if value is not None:
                found.terms[column] = value / unit
        return found

    def _at_most(self, one: Key, other: Key) -> None:
        if one not in self.leaves and other not in self.leaves:
            return
        left, right = self._fixed(one), self._fixed(other)
        if left is not None and right is not None and left > right:
            return  # broken already: nothing to keep
        unit = max(_scale(self.every[k]) for k in (one, other) if k in self.every)
        a, b = self._valued(one, unit), self._valued(other, unit)
        if a is None or b is None:
            return
        if one in self.number or other in self.number:
            self._exact_at_most(one, other)
        row = Sum()
        row.add(b)
        row.add(a, -1.0)
        if other in self.choice and None in self.choice[other]:
            most = max((abs(v) for v in self.choice.get(one, {}) if v is not None), default=0) / unit
            row.terms[self.choice[other][None]] = row.terms.get(self.choice[other][None], 0.0) + most
        if other in self.known and other in self.number:
            # While nothing is assumed of the greater one, the row is loose.
            most = max(abs(end) for end in self._ends(self.every[one] if one in self.every else self.every[other]))
            row.add(Sum(1.0, {self.known[other]: -1.0}), most / unit)
        self.milp.row(row.terms, -row.constant)

    def _exact_at_most(self, one: Key, other: Key) -> None:
        factors: dict[Key, int] = {}
        constant = 0
        for key, factor in ((other, 1), (one, -1)):
            if key in self.number:
                factors[key] = factor
            else:
                value = self._fixed(key)
                if value is None or key in self.leaves:
                    return
                constant += factor * value
        self.exact.append(ExactRow(factors, constant, None))

    def _implies(self, relation: Relation) -> None:
        one, other = (relation.fact, None), (relation.implies or "", None)
        if one not in self.leaves and other not in self.leaves:
            return
        left = self._has(one, relation.value)
        right = self._has(other, relation.reaches)
        if left is None or right is None:
            return
        now_left, now_right = self._has_now(one, relation.value), self._has_now(other, relation.reaches)
        if now_left and now_right is False:
            return  # broken already
        row = Sum()
        row.add(right)
        row.add(left, -1.0)
        if other in self.choice and None in self.choice[other]:
            row.terms[self.choice[other][None]] = row.terms.get(self.choice[other][None], 0.0) + 1.0
        elif other in self.known:
            row.add(Sum(1.0, {self.known[other]: -1.0}))
        self.milp.row(row.terms, -row.constant)

    def _test(self, fact: str, asked: str | int | None, value: int) -> bool:
        kind = self.vocabulary[fact]
        if asked is None:
            return value == 2
        if isinstance(asked, int):
            return value >= asked
        position = kind.member_index(asked)
        return bool(value >> position & 1) if kind.type == "set_of" else value == position

    def _has_now(self, key: Key, asked: str | int | None) -> bool | None:
        value = self._fixed(key)
        if value is None or (self.vocabulary[key[0]].type == "yes_no" and value == 1):
            return None
        return self._test(key[0], asked, value)

    def _has(self, key: Key, asked: str | int | None) -> Sum | None:
        """Whether a fact has a value, as a sum of columns; None where it cannot be said."""
        if key not in self.leaves:
            now = self._has_now(key, asked)
            return None if now is None else Sum(1.0 if now else 0.0)
        if key in self.members:
            lever = self.every[key]
            bit = 1 << lever.fact.member_index(str(asked))
            if (lever.value or 0) & bit:
                return Sum(1.0)
            column = self.members[key].get(bit)
            return Sum(0.0, {} if column is None else {column: 1.0})
        if key in self.choice:
            return Sum(
                0.0, {c: 1.0 for v, c in self.choice[key].items() if v is not None and self._test(key[0], asked, v)}
            )
        return None

    def _paid_once(self) -> None:
        """What moves along with a part of it is taken off the cost."""
        for whole, parts in self.parts.items():
            used = [p for p in parts if p in self.leaves]
            if whole not in self.leaves or not used:
                continue
            lever = self.every[whole]
            unit = max(_scale(self.every[k]) for k in (whole, *used))
            rise = self._rise(whole, unit)
            span = rise.constant + sum(max(0.0, v) * self.milp.upper[c] for c, v in rise.terms.items())
            free = self.milp.column(0, max(0.0, span), whole=False, cost=-self._cost(lever.price * unit))
            chosen = Sum()
            self._no_more(free, rise)
            for part in used:
                other = self._rise(part, unit)
                if len(used) > 1:
                    # One of the parts is gone by.
                    switch = self.milp.column(0, 1)
                    chosen.terms[switch] = 1.0
                    other.add(Sum(span, {switch: -span}))
                self._no_more(free, other)
            if chosen.terms:
                self.milp.row(chosen.terms, 1.0, 1.0)

    def _no_more(self, column: int, total: Sum) -> None:
        row = Sum()
        row.add(total)
        row.add(Sum(0.0, {column: 1.0}), -1.0)
        self.milp.row(row.terms, -row.constant)

    def _rise(self, key: Key, unit: int) -> Sum:
        """By how much a lever moves, in ``unit`` smallest units."""
        lever = self.every[key]
        if key in self.number:
            return Sum(0.0, {self.number[key]: _scale(lever) / unit})
        now = lever.value or 0
        others = {v: c for v, c in self.choice[key].items() if v is not None and v != lever.value}
        return Sum(0.0, {c: 1.0 if lever.goal is not None else (v - now) / unit for v, c in others.items()})

    # -- formulas -----------------------------------------------------------------------------------------------------

    def require(self, formula: Formula) -> None:
        """Rows that make a formula hold."""
        match formula:
            case bool():
                if not formula:
                    self.milp.row({}, 1.0)
            case Every(parts):
                for part in parts:
                    self.require(part)
            case Wanted() if not self.reasons and (rows := self._linear(formula)) is not None:
                for row in rows:
                    self._hard(row)
                for key in self._needed(formula.leaf, rows):
                    self.milp.row({self.known[key]: 1.0}, 1.0)
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
        self.milp.row({c: v / scale for c, v in total.terms.items()}, (least - total.constant) / scale)

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
                found = self.milp.column(0, 1, whole=False)
                for part in parts:
                    row = Sum()
                    row.add(self.holds(part))
                    row.add(Sum(0.0, {found: 1.0}), -1.0)
                    self.milp.row(row.terms, -row.constant)
                return Sum(0.0, {found: 1.0})
            case Some(count, parts):
                found = self.milp.column(0, 1, whole=count > 1)
                row = Sum()
                for part in parts:
                    row.add(self.holds(part))
                row.add(Sum(0.0, {found: float(count)}), -1.0)
                self.milp.row(row.terms, -row.constant)
                return Sum(0.0, {found: 1.0})
            case Reaches(points, threshold):
                found = self.milp.column(0, 1)
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
            cost = ESCAPE if isinstance(formula, Stuck) else ESCAPE * 1.01
            self.escapes[same] = (formula, self.milp.column(0, 1, cost=cost))
        return self.escapes[same][1]

    def _single(self, wanted: Wanted) -> Sum:
        found = self._bare(wanted)
        if self.reasons:
            with_escape = self.milp.column(0, 1, whole=False)
            row = Sum()
            row.add(found)
            row.add(Sum(0.0, {self._escape(wanted): 1.0, with_escape: -1.0}))
            self.milp.row(row.terms, -row.constant)
            return Sum(0.0, {with_escape: 1.0})
        return found

    def _bare(self, wanted: Wanted) -> Sum:
        leaf = wanted.leaf
        levers = self._levers(leaf)
        if len(levers) == 1 and levers[0].key not in self.numbers:
            lever = levers[0]
            if lever.key in self.members:
                return self._membership(wanted, lever)
            good = 2 if wanted.holds else 0
            outcomes = self._outcomes_of(leaf, lever)
            return Sum(0.0, {c: 1.0 for v, c in self.choice[lever.key].items() if outcomes[v] == good})
        rows = self._linear(wanted)
        if rows is None:
            return Sum()
        switch = self.milp.column(0, 1)
        self.switches.append(switch)
        for row in rows:
            self._switched(row, switch)
        for key in self._needed(leaf, rows):
            self.milp.row({self.known[key]: 1.0, switch: -1.0}, 0.0)
        return Sum(0.0, {switch: 1.0})

    def _needed(self, leaf: Leaf, rows: list[tuple[dict[Key, int], int]]) -> set[Key]:
        """The missing numbers that have to be assumed before a comparison holds.

        Without a base to divide by, the bound of a missing fact may decide it (see ``Evaluation.compare``).
        """
        bounded = isinstance(leaf, Compare) and not leaf.guards and leaf.operator != "="
        found: set[Key] = set()
        for factors, _ in rows:
            for key, factor in factors.items():
                fact = self.every[key].fact
                if key in self.known and not (bounded and (fact.minimum if factor > 0 else fact.maximum) is not None):
                    found.add(key)
        return found

    def _outcomes_of(self, leaf: Leaf, lever: Lever) -> dict[int | None, int]:
        memo = (id(leaf), lever.key)
        if memo not in self._outcomes:
            self._kept.append(leaf)
            self._outcomes[memo] = {v: self.candidates.outcome(leaf, lever, v) for v in self.choice[lever.key]}
        return self._outcomes[memo]

    def _membership(self, wanted: Wanted, lever: Lever) -> Sum:
        leaf = wanted.leaf
        assert isinstance(leaf, Contains)
        bit = 1 << lever.fact.member_index(leaf.member)
        column = self.members[lever.key].get(bit)
        if (lever.value or 0) & bit:
            return Sum(1.0 if wanted.holds else 0.0)
        if column is None:
            return Sum(0.0 if wanted.holds else 1.0)
        if wanted.holds:
            return Sum(0.0, {column: 1.0})
        if lever.key in self.known:
            return Sum(0.0, {self.known[lever.key]: 1.0, column: -1.0})
        return Sum(1.0, {column: -1.0})

    # -- comparisons of numbers ---------------------------------------------------------------------------------------

    def _linear(self, wanted: Wanted) -> list[tuple[dict[Key, int], int]] | None:
        """The rows ``constant + Σ factor · value >= 0`` of a comparison of numbers; None where it is none, or not linear."""
        leaf = wanted.leaf
        if not isinstance(leaf, Compare):
            return None
        levers = self._levers(leaf)
        if not levers or any(lever.key not in self.numbers for lever in levers):
            return None
        if leaf.operator == "=" and not wanted.holds:
            return None
        found: list[tuple[dict[Key, int], int]] = []
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

    def _polynomial(self, polynomial: Polynomial) -> tuple[dict[Key, int], int] | None:
        """A polynomial with everything that is fixed put in; None where it is not linear or something fixed is missing."""
        factors: dict[Key, int] = {}
        constant = 0
        for monomial, coefficient in polynomial:
            product = coefficient
            key: Key | None = None
            for slot in monomial:
                lever = self.of_slot.get(slot)
                if lever is None:
                    value = self.e.value(slot)
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
    def _whole(row: tuple[dict[Key, int], int]) -> tuple[dict[Key, int], int]:
        """The same row for whole numbers without common factor: ``100 v - 101 >= 0`` is ``v - 2 >= 0``."""
        common = math.gcd(*row[0].values()) if row[0] else 1
        return {k: f // common for k, f in row[0].items()}, row[1] // common

    def _scaled(self, row: tuple[dict[Key, int], int]) -> tuple[Sum, float]:
        """A row in the units of its columns, divided by its largest factor; and the least that it can be."""
        factors, constant = row
        exact: dict[int, Fraction] = {}
        for key, factor in factors.items():
            lever = self.every[key]
            constant += factor * self._origin(lever)
            step = factor * _scale(lever) * (-1 if lever.sign < 0 else 1)
            exact[self.number[key]] = Fraction(step)
            if lever.value is None and factor < 0:
                # While nothing is assumed, the worst that its bounds allow counts.
                low, high = self._ends(lever)
                bound = lever.fact.maximum
                worst = factor * ((high if bound is None else bound) - low)
                constant += worst
                exact[self.known[key]] = Fraction(-worst)
        largest = max((abs(v) for k, v in exact.items() if k in self.number.values()), default=Fraction(1)) or Fraction(
            1
        )
        terms = {c: float(v / largest) for c, v in exact.items() if v}
        found = Sum(float(constant / largest), terms)
        least = found.constant + sum(v * (self.milp.upper[c] if v < 0 else 0.0) for c, v in terms.items())
        return found, least

    def _hard(self, row: tuple[dict[Key, int], int]) -> None:
        if row[0]:
            found, _ = self._scaled(row)
            self.milp.row(found.terms, -found.constant)
        elif row[1] < 0:
            self.milp.row({}, 1.0)
        self.exact.append(ExactRow(row[0], row[1], None))

    def _switched(self, row: tuple[dict[Key, int], int], switch: int) -> None:
        # Decided in whole numbers where it can be: one unit beside a factor of millions is nothing to the solver.
        low = high = row[1]
        for key, factor in row[0].items():
            ends = [factor * end for end in self._ends(self.every[key])]
            low, high = low + min(ends), high + max(ends)
        if high < 0:
            self.milp.bound(switch, 0.0)
        if low >= 0 or high < 0:
            return
        found, least = self._scaled(row)
        if least < 0:
            # found >= least * (1 - switch)
            self.milp.row({**found.terms, switch: least}, least - found.constant)
        self.exact.append(ExactRow(row[0], row[1], switch))

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
                column = self.milp.column(low, high, whole=False)
                chosen = Sum()
                for part in parts:
                    switch = self.milp.column(0, 1)
                    chosen.terms[switch] = 1.0
                    # column <= part + (high - lowest part) * (1 - switch)
                    slack = high - float(lowest(part))
                    row = Sum(slack)
                    row.add(self.points(part))
                    row.add(Sum(0.0, {column: 1.0, switch: slack}), -1.0)
                    self._row(row, 0.0)
                self.milp.row(chosen.terms, 1.0, 1.0)
                return Sum(0.0, {column: 1.0})
            case Entered(slot, low, high, sign):
                column = self.milp.column(0, high - low)
                used = self.milp.column(0, 1, cost=ASSUMED)
                self.milp.row({column: 1.0, used: -float(high - low)}, upper=0.0)
                self.entered[id(points)] = (points, column)
                lever = self.of_slot[slot]
                self.moved.setdefault(lever.key, Sum(0.0, {used: 1.0}))
                # From below the points are their low end plus what is assumed, from above their high end less that.
                return Sum(float(low) if sign > 0 else -float(high), {column: 1.0})

    def _below(self, sums: list[Sum], low: float, high: float) -> Sum:
        """A column that is no more than any of some sums."""
        column = self.milp.column(min(low, high), high, whole=False)
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
            row.add(self.moved[key])
            count += 1
        self.milp.row(row.terms, -math.inf, count - 1 - row.constant)

    def exclude(self, solution: Solution, *, impossible: bool) -> None:
        """Put a solution aside.

        ``impossible``: no numbers satisfy the comparisons that it takes for met, with what it assumes and leaves where it is;
        so no way takes all these for met. Otherwise only the very same 0/1 columns are put aside.
        """
        ones = self.milp.switches()
        zeros: list[int] = []
        if impossible:
            ones = [*self.switches, *(self.known[k] for k in self.number if k in self.known)]
            zeros = [c for k in self.number for c in self.moved[k].terms]
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
        self.milp.row(terms, 1.0 - count)

    def _count(self) -> int:
        """A column that is no less than the number of facts changed."""
        column = self.milp.column(0, len(self.moved), whole=False)
        row = Sum(0.0, {column: 1.0})
        for key, moved in self.moved.items():
            if self.every[key].kind == "change":
                row.add(moved, -1.0)
        self.milp.row(row.terms, -row.constant)
        return column

    def solve(self) -> Solution | None:
        """The cheapest solution; with ``fewest`` the cheapest of those that change the fewest facts."""
        if self.changed is None:
            return self.milp.solve()
        costs = self.milp.cost
        self.milp.price([1.0 if c == self.changed else 0.0 for c in range(len(costs))])
        self.milp.bound(self.changed, len(self.moved))
        least = self.milp.solve()
        self.milp.price(costs)
        if least is None:
            return None
        self.milp.bound(self.changed, float(round(least.objective)))
        return self.milp.solve()


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


def _is_number(lever: Lever) -> bool:
    return lever.fact.kind is not None


def _scale(lever: Lever) -> int:
    """Smallest units in one unit of a lever's column: one where all values it may take are few enough to be counted."""
    few = lever.low is not None and lever.high is not None and lever.high - lever.low <= FEW
    return 1 if few else SCALE.get(lever.fact.kind or "", 1)
