"""The smallest sets of missing facts that could settle an open answer.

For every part of a rule two families of sets are found: those that could make it a yes, and those that could make it a
no. For *all* a no of one part is enough and a yes needs every part; for *any* the reverse; *not* exchanges the two.
Sets are bits over the slots of the program, and only the smallest are kept. A part that is undefined (a base of zero)
or rests on an unconfirmed source can be settled by no fact.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from yiqi.judge.evaluate import Evaluation, code_matches, points_test
from yiqi.judge.frame import is_flag, slot_name
from yiqi.judge.link import Alternative, Unit
from yiqi.law.tree import (
    All,
    Any,
    AtLeast,
    Best,
    ClassReadings,
    ClassTest,
    Compare,
    Condition,
    Excused,
    Invert,
    PointsTest,
    Readings,
    RuleTest,
    ScoreFact,
    ScoreNode,
    ScoreReadings,
    ScoreRule,
    Slot,
    Table,
    Total,
    TruthNode,
    slots_of,
)

Sets = tuple[int, ...]
Range = tuple[int, int]
LIMIT = 64
"""At most so many sets are kept at each step, smallest first: beyond that a list helps nobody."""
LARGEST_COMBINATION = 4
"""Combinations of scored items are tried up to this size, then all of them together."""

SETTLED: Sets = (0,)
NEVER: Sets = ()


@dataclass(frozen=True, slots=True)
class SmallestSets:
    """Sets of names (``market_share``, ``operating_revenue_2023``) that could settle an answer, or make it a yes."""

    settle: tuple[tuple[str, ...], ...]
    for_yes: tuple[tuple[str, ...], ...]


def minimal(sets: Iterable[int]) -> Sets:
    """The sets that contain no other, smallest first."""
    kept: list[int] = []
    for candidate in sorted(set(sets), key=lambda s: (s.bit_count(), s)):
        if not any(k & candidate == k for k in kept):
            kept.append(candidate)
            if len(kept) == LIMIT:
                break
    return tuple(kept)


def _together(families: Sequence[Sets]) -> Sets:
    """One set of each family, joined."""
    result: Sets = SETTLED
    for family in families:
        if not family:
            return NEVER
        if family == SETTLED:
            continue
        result = minimal(a | b for a in result for b in family)
    return result


def _either(families: Sequence[Sets]) -> Sets:
    return minimal(s for family in families for s in family)


class Settling:
    """Finds the families for one evaluation."""

    def __init__(self, evaluation: Evaluation) -> None:
        self.e = evaluation
        self.linked = evaluation.linked
        self._units: dict[str, tuple[Sets, Sets]] = {}
        self._outcomes: dict[int, int] = {}
        self._points: dict[int, Range] = {}

    def missing(self, slots: Iterable[Slot]) -> int:
        """The missing ones among slots, as bits."""
        bits = 0
        for slot in slots:
            index = self.linked.slot_index[slot]
            value = self.e.frame[index]
            if value is None or (value == 1 and is_flag(slot, self.linked.law.vocabulary)):
                bits |= 1 << index
            elif isinstance(value, str) and slot.fact in ("industry", "region"):
                # A code that is given but not deep enough has to be given more deeply.
                bits |= 1 << index
        return bits

    def outcome(self, node: TruthNode, unit: Unit) -> int:
        """The truth of a node, found once."""
        found = self._outcomes.get(id(node))
        if found is None:
            found = self._outcomes[id(node)] = self.e.truth(node, unit)
        return found

    def points(self, node: ScoreNode, unit: Unit) -> Range:
        """The range of a score, found once."""
        found = self._points.get(id(node))
        if found is None:
            found = self._points[id(node)] = self.e.points(node, unit)
        return found

    def truth(self, node: TruthNode, unit: Unit) -> tuple[Sets, Sets]:
        """(sets that could make a yes, sets that could make a no)."""
        if isinstance(node, Condition) and node.confidence == "C":
            return NEVER, NEVER
        outcome = self.outcome(node, unit)
        if outcome == 2:
            return SETTLED, NEVER
        if outcome == 0:
            return NEVER, SETTLED
        match node:
            case Condition(child=child):
                return self.truth(child, unit)
            case Invert(child):
                yes, no = self.truth(child, unit)
                return no, yes
            case All(children):
                parts = [self.truth(c, unit) for c in children]
                return _together([p[0] for p in parts]), _either([p[1] for p in parts])
            case Any(children):
                parts = [self.truth(c, unit) for c in children]
                return _either([p[0] for p in parts]), _together([p[1] for p in parts])
            case Excused(child, exception):
                parts = [self.truth(child, unit), self.truth(exception, unit)]
                return _either([p[0] for p in parts]), _together([p[1] for p in parts])
            case AtLeast(count, children):
                parts = [self.truth(c, unit) for c in children]
                yes = _either([_together(list(c)) for c in itertools.combinations([p[0] for p in parts], count)])
                fails = len(parts) - count + 1
                return yes, _either([_together(list(c)) for c in itertools.combinations([p[1] for p in parts], fails)])
            case Readings(_, children):
                parts = [self.truth(c, unit) for c in children]
                return _together([p[0] for p in parts]), _together([p[1] for p in parts])
            case RuleTest():
                return self.unit(self.linked.target(unit, node))
            case ClassTest(_, names, negated):
                yes, no = self.class_in(self.linked.target(unit, node), frozenset(names))
                return (no, yes) if negated else (yes, no)
            case PointsTest():
                return self.score_test(node, unit)
            case Compare() if self.e.undefined(node):
                return NEVER, NEVER
            case _:
                sets = minimal([self.missing(slots_of(node))])
                return sets, sets

    def unit(self, key: str) -> tuple[Sets, Sets]:
        if key not in self._units:
            unit = self.linked.units[key]
            if unit.choice:
                parts = [self.unit(a.key) for a in self._possible(unit)]
                if len(parts) == 1:
                    self._units[key] = parts[0]
                else:
                    region = self.missing([Slot("region")])
                    named = [tuple(s | region for s in _either([p[i] for p in parts])) for i in (0, 1)]
                    alike = [_together([p[i] for p in parts]) for i in (0, 1)]
                    yes, no = (minimal((*named[i], *alike[i])) for i in (0, 1))
                    self._units[key] = yes, no
            else:
                self._units[key] = self.truth(unit.truth, unit)
        return self._units[key]

    def class_in(self, key: str, names: frozenset[str]) -> tuple[Sets, Sets]:
        """Whether the class a unit gives is one of ``names``: row by row, each behind the rows above it."""
        unit = self.linked.units[key]
        table = unit.classes
        if isinstance(table, ClassReadings):
            parts = [self.class_in(self.linked.target(unit, r), names) for r in table.rules]
            return _together([p[0] for p in parts]), _together([p[1] for p in parts])
        yes: list[Sets] = []
        no: list[Sets] = []
        above: Sets = SETTLED  # the rows above do not hold
        for row in table.rows:
            holds, fails = self.truth(row.child, unit)
            if row.rule is not None:
                inside, outside = self.class_in(self.linked.target(unit, row.rule), names)
            else:
                inside, outside = (SETTLED, NEVER) if row.name in names else (NEVER, SETTLED)
            yes.append(_together([above, holds, inside]))
            no.append(_together([above, holds, outside]))
            above = _together([above, fails])
            if not above:
                break
        return _either(yes), _either(no)

    def _possible(self, unit: Unit) -> list[Alternative]:
        """The alternatives of a delegated rule that the region, as far as it is known, leaves possible."""
        region = self.e.value(Slot("region")) if len(unit.choice) > 1 else ""
        found: list[Alternative] = []
        for alternative in unit.choice:
            held = code_matches(region, alternative.regions, alternative.exceptions) if alternative.regions else 2
            if held:
                found.append(alternative)
                if held == 2:
                    break
        return found

    # -- points -------------------------------------------------------------------------------------------------------

    def score_test(self, node: PointsTest, unit: Unit) -> tuple[Sets, Sets]:
        """Which open items of a score could carry it over the threshold, or below it."""
        items: dict[int, Steps] = {}
        self._open_items(node.score, unit, items)
        keys = list(items)
        families: list[Sets] = []
        for wanted in (2, 0):
            found: list[int] = []
            for size in sorted({*range(1, min(LARGEST_COMBINATION, len(keys)) + 1), len(keys)}):
                for chosen in itertools.combinations(keys, size):
                    for steps in itertools.product(*(items[k].for_outcome(wanted, node.comparator) for k in chosen)):
                        bits = 0
                        for step in steps:
                            bits |= step.bits
                        if any(f & bits == f for f in found):
                            continue
                        ranges = {k: (step.low, step.high) for k, step in zip(chosen, steps, strict=True)}
                        points = self._settled(node.score, unit, ranges)
                        if points_test(points, node.comparator, node.threshold) == wanted:
                            found.append(bits)
            families.append(minimal(found))
        return families[0], families[1]

    def _open_items(self, node: ScoreNode, unit: Unit, items: dict[int, Steps]) -> None:
        low, high = self.points(node, unit)
        if low == high:
            return
        match node:
            case Table(mode="first"):
                if unit.rule.confidence != "C":
                    self._first_steps(node, unit, items)
            case Table():
                self._each_steps(node, unit, items)
            case ScoreFact(slot, minimum, maximum):
                bits = self.missing([slot])
                items[id(node)] = Steps((Step(bits, maximum, maximum),), (Step(bits, minimum, minimum),))
            case Total(children, _) | Best(children) | ScoreReadings(children):
                for child in children:
                    self._open_items(child, unit, items)
            case ScoreRule():
                target = self.linked.units[self.linked.target(unit, node)]
                for each in [self.linked.units[a.key] for a in self._possible(target)] or [target]:
                    self._open_items(each.score, each, items)

    def _first_steps(self, node: Table, unit: Unit, items: dict[int, Steps]) -> None:
        """In a table whose first row decides: knowing that a row holds shuts out those below it, knowing that the first
        rows fail shuts out these."""
        rows = [row for row in node.rows if self.outcome(row.child, unit)]
        up: list[Step] = []
        down: list[Step] = []
        above: Sets = SETTLED
        for k, row in enumerate(rows):
            holds, fails = self.truth(row.child, unit)
            reached = [r.points or 0 for r in rows[: k + 1]]
            up += [Step(bits, min(reached), max(reached)) for bits in holds if bits]
            # The row itself, because those above it fail and it holds.
            exact = row.points or 0
            exactly = [Step(bits, exact, exact) for bits in _together([above, holds]) if bits]
            up += exactly
            down += exactly
            above = _together([above, fails])
            left = [r.points or 0 for r in rows[k + 1 :]]
            if left:
                down += [Step(bits, min(left), max(left)) for bits in above if bits]
        if up or down:
            items[id(node)] = Steps(_best_steps(up, 1), _best_steps(down, -1))

    def _each_steps(self, node: Table, unit: Unit, items: dict[int, Steps]) -> None:
        """In a table whose rows add up: each open row may hold or not, and all of them together."""
        low, high = self.points(node, unit)
        up: list[Step] = []
        down: list[Step] = []
        every = 0
        for row in node.rows:
            if self.outcome(row.child, unit) == 1:
                points = row.points or 0
                holds, fails = self.truth(row.child, unit)
                up += [Step(bits, min(high, low + points), high) for bits in holds]
                down += [Step(bits, low, max(low, high - points)) for bits in fails if node.maximum is None]
                for bits in (*holds, *fails):
                    every |= bits
        if every:
            up.append(Step(every, high, high))
            down.append(Step(every, low, low))
            items[id(node)] = Steps(_best_steps(up, 1), _best_steps(down, -1))

    def _settled(self, node: ScoreNode, unit: Unit, ranges: dict[int, Range]) -> Range:
        """The range of a score when the chosen items come out in the ranges given and the others stay open."""
        if id(node) in ranges:
            return ranges[id(node)]
        match node:
            case Total(children, maximum):
                parts = [self._settled(c, unit, ranges) for c in children]
                low, high = sum(p[0] for p in parts), sum(p[1] for p in parts)
                return (low, high) if maximum is None else (min(low, maximum), min(high, maximum))
            case Best(children):
                parts = [self._settled(c, unit, ranges) for c in children]
                return max(p[0] for p in parts), max(p[1] for p in parts)
            case ScoreReadings(children):
                parts = [self._settled(c, unit, ranges) for c in children]
                return min(p[0] for p in parts), max(p[1] for p in parts)
            case ScoreRule():
                target = self.linked.units[self.linked.target(unit, node)]
                if not target.choice:
                    return self._settled(target.score, target, ranges)
                # The region may be open as well: what any of the alternatives still possible could give.
                parts = [
                    self._settled(self.linked.units[a.key].score, self.linked.units[a.key], ranges)
                    for a in self._possible(target)
                ]
                return min(p[0] for p in parts), max(p[1] for p in parts)
            case _:
                return self.points(node, unit)


@dataclass(frozen=True, slots=True)
class Step:
    """What knowing the slots in ``bits`` could make of one item of a score: points from ``low`` to ``high``."""

    bits: int
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Steps:
    """The steps of one item that could raise a score, and those that could lower it."""

    up: tuple[Step, ...]
    down: tuple[Step, ...]

    def for_outcome(self, wanted: int, comparator: str) -> tuple[Step, ...]:
        """The steps towards a yes (2) or a no (0) of a comparison."""
        if comparator == "=":
            return (*self.up, *self.down)
        return self.up if (wanted == 2) == (comparator in (">=", ">")) else self.down


def _best_steps(steps: Iterable[Step], direction: int) -> tuple[Step, ...]:
    """The steps worth trying: none that asks for as much and gives less."""
    kept: list[Step] = []
    for step in sorted(steps, key=lambda s: (s.bits.bit_count(), -direction * (s.low if direction > 0 else s.high))):
        gain = step.low if direction > 0 else -step.high
        if not any(k.bits & step.bits == k.bits and (k.low if direction > 0 else -k.high) >= gain for k in kept):
            kept.append(step)
    return tuple(kept[:4])


def smallest_sets(evaluation: Evaluation, key: str) -> SmallestSets:
    """The smallest sets of missing facts that could settle the truth of a unit; empty when it is settled."""
    linked = evaluation.linked
    if linked.units[key].rule.value == "class":
        # A class is settled when one name is left: what could exclude each of the possible ones.
        possible: int = evaluation.unit(key)
        settling = Settling(evaluation)
        families = [
            settling.class_in(key, frozenset({name}))[0] for i, name in enumerate(linked.classes) if possible & (1 << i)
        ]
        yes = _either(families) if len(families) > 1 else ()
        no: Sets = ()
    elif linked.units[key].rule.value == "points":
        low, high = evaluation.unit(key)
        items: dict[int, Steps] = {}
        Settling(evaluation)._open_items(ScoreRule(key), _pointing(evaluation, key), items)
        every = 0
        for steps in items.values():
            for step in (*steps.up, *steps.down):
                every |= step.bits
        yes, no = ((every,) if low != high and every else ()), ()
    else:
        yes, no = Settling(evaluation).unit(key)

    def names(bits: int) -> tuple[str, ...]:
        found = {
            slot_name(s, linked.law.vocabulary, linked.on): None for i, s in enumerate(linked.slots) if bits >> i & 1
        }
        return tuple(found)

    settle = tuple(names(s) for s in minimal((*yes, *no)) if s)
    return SmallestSets(settle, tuple(names(s) for s in yes if s))


def _pointing(evaluation: Evaluation, key: str) -> Unit:
    unit = evaluation.linked.units[key]
    return Unit(key, unit.rule, None, (), {(key, False): key})
