"""The columns of levers: a fact is as many 0/1 columns as it has values worth taking, or a number.

A number is a fact that some condition compares with another fact that moves. Whatever a relation of the vocabulary ties to a
lever that is used may have to move along, and is a lever that is used itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

from yiqi.facts.sheet import FactSheet
from yiqi.judge.evaluate import Evaluation
from yiqi.law.tree import Compare, Slot
from yiqi.law.vocabulary import Relation
from yiqi.path.formula import Entered, Formula, Leaf, Stuck, leaf_slots, wanted_in
from yiqi.path.levers import Candidates, Key, Lever, held
from yiqi.path.milp import Milp
from yiqi.path.sums import ExactRow, Sum

FEN = 1e6
"""Fen in the unit of the objective: 万元, as of the columns of money."""
SCALE = {"money": 10**6, "ratio": 10**6, "points": 10**4, "count": 1, "years": 1}
"""Smallest units in one unit of a number's column."""
FEW = 10**5
"""A number with no more values than these is counted in its smallest unit, as a whole column."""
BEYOND = {"money": 10**13, "ratio": 10**10, "points": 10**8, "count": 10**7, "years": 10**3}
"""As far as a number without any bound may go, in its smallest unit: a hundred billion yuan, ten million people."""
TIMES = 100
"""How many times the largest amount at hand a number may go: two ratios of a tenth in a row."""
NEAREST = {"money": 10**10, "count": 10**5}
"""As far as it may always go: a hundred million yuan, a hundred thousand people.

A row that a column of 0 and 1 switches on carries the whole way as a factor; the shorter it is, the less the solver's tolerance
of the switch lets through.
"""
ASSUMED, WAITED, CHANGED = 4e-7, 2e-7, 0.0
"""Weights of an assumption, a year of waiting and a change in the objective: less than half a fen each, so that they decide
only between ways that cost the same."""


class Columns:
    """The columns of the levers that a formula needs, in a program of their own."""

    def __init__(self, evaluation: Evaluation, levers: Mapping[Key, Lever], formula: Formula, sheet: FactSheet) -> None:
        self.e = evaluation
        self.vocabulary = evaluation.linked.law.vocabulary
        self.every = levers
        self.sheet = sheet
        self.milp = Milp()
        self.of_slot: dict[Slot, Lever] = {s: lever for lever in levers.values() for s in lever.slots}
        self.candidates = Candidates(evaluation)
        self.relations = [r for r in self.vocabulary.relations if self._matters(r)]
        self.leaves: dict[Key, list[Leaf]] = {}
        """The levers that are used, with the conditions that read them."""
        self.numbers: set[Key] = set()
        self.choice: dict[Key, dict[int | None, int]] = {}
        """Of a lever by values: the column of each."""
        self.members: dict[Key, dict[int, int]] = {}
        """Of a set: the column of each member (by its bit) that may be added."""
        self.known: dict[Key, int] = {}
        """Of an assumed number or set: the column that is 1 where it is assumed."""
        self.number: dict[Key, int] = {}
        self.moved: dict[Key, Sum] = {}
        self.exact: list[ExactRow] = []
        """The rows that whole numbers have to satisfy."""
        self._extra: dict[Key, set[int]] = {}
        self._ends: dict[str, int] = {}
        self._survey(formula)
        self._columns()

    # -- which levers, and which of them are numbers ----------------------------------------------------------------------------------

    def _matters(self, relation: Relation) -> bool:
        """Whether a relation can be broken by a lever, and is not broken already."""
        return any(k[0] in (relation.fact, relation.at_most, relation.implies) for k in self.every)

    def levers_of(self, leaf: Leaf) -> list[Lever]:
        return list({self.of_slot[s].key: self.of_slot[s] for s in leaf_slots(leaf) if s in self.of_slot}.values())

    def _survey(self, formula: Formula) -> None:
        """Which levers are used, and which of them are numbers."""
        for wanted in wanted_in(formula):
            if isinstance(wanted, Entered):
                continue
            if isinstance(wanted, Stuck) or wanted.leaf is None:
                continue
            levers = self.levers_of(wanted.leaf)
            for lever in levers:
                self.leaves.setdefault(lever.key, []).append(wanted.leaf)
            if len(levers) > 1 and all(is_number(lever) for lever in levers):
                self.numbers |= {lever.key for lever in levers}
        # Whatever a relation ties to a lever may have to move along.
        while self._joined():
            pass
        for relation in self.relations:
            if relation.at_most is not None:
                # What is assumed beside a fact that does not move may have to be as much.
                for one, other in self.pairs():
                    for a, b in ((one, other), (other, one)):
                        if a in self.leaves and b not in self.leaves and (value := self.fixed(b)) is not None:
                            self._extra.setdefault(a, set()).add(value)
            if isinstance(relation.reaches, int) and relation.implies is not None:
                self._extra.setdefault((relation.implies, None), set()).add(relation.reaches)

    def _joined(self) -> bool:
        """Take in what is tied to a lever that is used; whether there was any."""
        before = len(self.leaves), len(self.numbers)
        ties = self.pairs()
        ties += [((r.fact, None), (r.implies, None)) for r in self.relations if r.implies is not None]
        for one, other in ties:
            for a, b in ((one, other), (other, one)):
                if a in self.leaves and b in self.every and self.every[b].kind == "change":
                    self.leaves.setdefault(b, [])
        for one, other in self.pairs():
            both = one in self.leaves and other in self.leaves and (one in self.numbers or other in self.numbers)
            if both and all(is_number(self.every[k]) for k in (one, other)):
                self.numbers |= {one, other}
        return (len(self.leaves), len(self.numbers)) != before

    def pairs(self) -> list[tuple[Key, Key]]:
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
        pairs = self.pairs()
        for key, leaves in self.leaves.items():
            lever = self.every[key]
            if key not in self.numbers and not lever.is_set:
                found = self.candidates.of(lever, leaves, self._extra.get(key, ()))
                values[key] = [v for v in found if v == lever.value or not out_of_reach(lever, v)]
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

    def cost(self, fen: Fraction) -> float:
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
            cost = 0.0 if still or value is None else self.cost(lever.cost(value))
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
                column = self.milp.column(0, 1, cost=self.cost(lever.cost((lever.value or 0) | 1 << position)))
                self.milp.row({moved: 1.0, column: -1.0}, 0.0)
                columns[1 << position] = column
        self.members[lever.key] = columns
        self.moved[lever.key] = Sum(0.0, {moved: 1.0})
        if lever.value is None:
            self.known[lever.key] = moved

    def _number(self, lever: Lever) -> None:
        scale = scale_of(lever)
        low, high = self.ends(lever)
        origin = self.origin(lever)
        if lever.sign < 0:
            span = (origin - low) / scale
        else:
            span = (high - origin) / scale
        whole = scale == 1
        column = self.milp.column(0, max(0.0, span), whole=whole, cost=self.cost(lever.price * scale))
        self.number[lever.key] = column
        moved = self.milp.column(0, 1, cost=self._weight(lever))
        self.milp.row({column: 1.0, moved: -max(0.0, span)}, upper=0.0)
        self.moved[lever.key] = Sum(0.0, {moved: 1.0})
        if lever.value is None:
            self.known[lever.key] = moved

    def origin(self, lever: Lever) -> int:
        """The value at which a number's column is 0."""
        if lever.value is not None:
            return lever.value
        return self.ends(lever)[0]

    def ends(self, lever: Lever) -> tuple[int, int]:
        fact = lever.fact
        far = self._far(fact.kind or "count")
        high = lever.high if lever.high is not None else max(fact.plausible_maximum or far, lever.value or 0)
        low = lever.low if lever.low is not None else min(fact.plausible_minimum or -far, lever.value or 0)
        return low, high

    def _far(self, kind: str) -> int:
        """As far as a number of a kind may go beside what is known and what the conditions name."""
        if kind not in NEAREST:
            return BEYOND[kind]
        if kind not in self._ends:
            values = (self.e.value(slot) for slot in self.e.linked.slots if self._kind(slot) == kind)
            known = [abs(value) for value in values if isinstance(value, int)]
            named = [n for leaves in self.leaves.values() for leaf in leaves for n in self._named(leaf, kind)]
            self._ends[kind] = min(BEYOND[kind], max(NEAREST[kind], TIMES * max(known + named, default=0)))
        return self._ends[kind]

    def _named(self, leaf: Leaf, kind: str) -> Iterator[int]:
        """The thresholds of a comparison in the smallest unit of a kind."""
        if isinstance(leaf, Compare):
            factors = [abs(f) for m, f in leaf.polynomial if len(m) == 1 and self._kind(m[0]) == kind]
            constant = sum(f for m, f in leaf.polynomial if not m)
            yield from (abs(constant) // factor for factor in factors)

    def _kind(self, slot: Slot) -> str | None:
        fact = self.vocabulary.get(slot.fact)
        return None if fact is None else fact.kind

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
        change = round(values[self.number[key]] * scale_of(lever))
        return self.origin(lever) + (-change if lever.sign < 0 else change)

    def moves(self, key: Key, values: list[float]) -> bool:
        """Whether a solution lets a lever move, be it by nothing."""
        moved = self.moved[key]
        return moved.constant + sum(factor * values[column] for column, factor in moved.terms.items()) > 0.5

    def fixed(self, key: Key) -> int | None:
        """The value of a fact as it is; None while it is missing."""
        return held(self.vocabulary[key[0]], self.sheet, key[1])


def out_of_reach(lever: Lever, value: int) -> bool:
    """Whether a number is further than any enterprise goes: a threshold that is nothing but a tiny divisor turned over."""
    far = BEYOND.get(lever.fact.kind or "")
    return far is not None and abs(value) > max(far, abs(lever.value or 0))


def is_number(lever: Lever) -> bool:
    return lever.fact.kind is not None


def scale_of(lever: Lever) -> int:
    """Smallest units in one unit of a lever's column: one where all values it may take are few enough to be counted."""
    few = lever.low is not None and lever.high is not None and lever.high - lever.low <= FEW
    return 1 if few else SCALE.get(lever.fact.kind or "", 1)
