"""The smallest sets of missing facts that could settle an open answer.

For every part of a rule two families of sets are found: those that could make it a yes, and those that could make it a
no. For *all* a no of one part is enough and a yes needs every part; for *any* the reverse; *not* exchanges the two.
Sets are bits over the slots of the program, and only the smallest are kept. A part that is undefined (a base of zero)
or rests on an unconfirmed source can be settled by no fact.

Parts are taken one by one. Where two of them read the same fact, a set may stand here that would need two values of it at
once, or one that is larger than it had to be. That there is no set is exact: then no values of the missing facts settle
the answer (``tests/proofs/test_missing.py``).
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from yiqi.judge.evaluate import Evaluation, code_matches, decide, points_test
from yiqi.judge.frame import is_flag, slot_name
from yiqi.judge.link import Alternative, Unit
from yiqi.judge.open_amounts import lacks
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
    smaller: tuple[int, ...] = ()
    size = -1
    for candidate in sorted(set(sets), key=lambda s: (s.bit_count(), s)):
        if candidate.bit_count() > size:
            # Of two different sets of one size neither contains the other.
            size, smaller = candidate.bit_count(), tuple(kept)
        if not any(k & candidate == k for k in smaller):
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


def _at_least(count: int, families: Sequence[Sets]) -> Sets:
    """One set of each of ``count`` of the families, joined. Family by family: of 16 scenes there are 12,870 choices of 8."""
    joined: list[Sets] = [SETTLED, *[NEVER] * count]
    for number, family in enumerate(families):
        # From the top, so that a family is taken once; no further down than the families still to come can make good.
        for taken in range(min(count, number + 1), max(0, count - len(families) + number), -1):
            joined[taken] = _either([joined[taken], _together([joined[taken - 1], family])])
    return joined[count]


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
                return (
                    _at_least(count, [p[0] for p in parts]),
                    _at_least(len(parts) - count + 1, [p[1] for p in parts]),
                )
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
            case Compare():
                return self.compare(node)
            case _:
                sets = minimal([self.missing(slots_of(node))])
                return sets, sets

    def compare(self, node: Compare) -> tuple[Sets, Sets]:
        """An open comparison: its missing facts could make it what its known facts leave possible.

        Where R&D expense is zero, no operating revenue makes the share 3%.
        """
        if self.e.undefined(node):
            return NEVER, NEVER
        sets = minimal([self.missing(slots_of(node))])
        low, high = self._reach(node)
        if node.operator == "=":
            possible = (low is None or low <= 0) and (high is None or high >= 0)
            return (sets if possible else NEVER), (sets if (low, high) != (0, 0) else NEVER)
        yes = high is None or decide(node.operator, high)
        no = low is None or not decide(node.operator, low)
        return (sets if yes else NEVER), (sets if no else NEVER)

    def _reach(self, node: Compare) -> tuple[int | None, int | None]:
        """The least and the greatest value a comparison's polynomial could take where it is defined; None is no bound."""
        divisors = {
            monomial[0] for guard in node.guards if len(guard) == 1 for monomial, _ in guard if len(monomial) == 1
        }
        low: int | None = 0
        high: int | None = 0
        for monomial, coefficient in node.polynomial:
            factor: int = coefficient
            open_slots: list[Slot] = []
            for slot in monomial:
                value = self.e.value(slot)
                if value is None:
                    open_slots.append(slot)
                else:
                    factor *= value
            if len(open_slots) > 1:
                return None, None
            least: int | None = 1
            most: int | None = 1
            if open_slots:
                fact = self.linked.law.vocabulary.get(open_slots[0].fact)
                least, most = (fact.minimum, fact.maximum) if fact is not None and fact.kind else (None, None)
                if open_slots[0] in divisors:
                    least = max(1, least or 1)
            if factor < 0:
                least, most = most, least
            low = None if low is None or least is None else low + factor * least if factor else low
            high = None if high is None or most is None else high + factor * most if factor else high
        return low, high

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

    def settled_class(self, key: str) -> Sets:
        """What could leave one of the classes that a unit gives: row by row, each behind the rows above it."""
        unit = self.linked.units[key]
        table = unit.classes
        if isinstance(table, ClassReadings):
            names = (frozenset({name}) for name in self.linked.classes)
            return _either([self.class_in(key, name)[0] for name in names])
        found: Sets = NEVER
        above: Sets = SETTLED  # the rows above do not hold
        for row in table.rows:
            holds, fails = self.truth(row.child, unit)
            inside = SETTLED if row.rule is None else self.settled_class(self.linked.target(unit, row.rule))
            found = minimal((*found, *_together([above, holds, inside])))
            above = _together([above, fails])
            # What stands below asks for all that keeps the rows above from holding: no less than has been found.
            if all(any(f & a == f for f in found) for a in above):
                break
        return found

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
        return minimal(self._towards(2, node, unit, items)), minimal(self._towards(0, node, unit, items))

    def _towards(self, wanted: int, node: PointsTest, unit: Unit, items: dict[int, Steps]) -> list[int]:
        """Sets of facts that could make a score's test a yes (2) or a no (0).

        The facts of few items are tried together in every combination; where only many together suffice, one set that
        cannot be made smaller stands for them.
        """
        upward = (wanted == 2) == (node.comparator in (">=", ">"))
        low, high = self.points(node.score, unit)
        short = node.threshold - low if upward else high - node.threshold
        steps = {k: self._by_move(k, items[k].for_outcome(wanted, node.comparator), upward) for k in items}

        def suffices(bits: int) -> bool:
            """Whether the facts in ``bits`` could: every item that they reach moves as far as it can."""
            total = 0
            ranges: dict[int, Range] = {}
            for item, moves in steps.items():
                for move, step in moves:
                    if step.bits & ~bits == 0:
                        total += move
                        ranges[item] = (step.low, step.high)
                        break
            # Caps and the choice of the best only take away: a score moves no further than its items do.
            if total < short:
                return False
            points = self._settled(node.score, unit, ranges)
            return points_test(points, node.comparator, node.threshold) == wanted

        facts = {k: {step.bits for _, step in moves} for k, moves in steps.items()}
        everything = 0
        for bits in (b for item in facts.values() for b in item):
            everything |= bits
        if node.comparator == "=":
            # To hit a number exactly, or to miss it, may take any of the facts; nothing smaller is claimed.
            return [everything] if everything else []
        if not everything or not suffices(everything):
            return []
        found: list[int] = []
        tried: set[int] = set()
        for size in range(1, min(LARGEST_COMBINATION, len(items)) + 1):
            for chosen in itertools.combinations(items, size):
                for taken in itertools.product(*(facts[k] for k in chosen)):
                    bits = 0
                    for more in taken:
                        bits |= more
                    if bits not in tried and not any(f & bits == f for f in found):
                        tried.add(bits)
                        if suffices(bits):
                            found.append(_smallest(bits, suffices))
        return found or [_smallest(everything, suffices)]

    def _by_move(self, item: int, steps: Sequence[Step], upward: bool) -> list[tuple[int, Step]]:
        """The steps of an item with how far each moves it in the direction that is wanted, the longest first."""
        low, high = self._points[item]
        moves = [(step.low - low if upward else high - step.high, step) for step in steps]
        return sorted(moves, key=lambda pair: -pair[0])

    def settled_score(self, node: ScoreNode, unit: Unit) -> Sets:
        """The sets that could leave one number of points: every open item known exactly."""
        low, high = self.points(node, unit)
        if low == high:
            return SETTLED
        match node:
            case Table() | ScoreFact():
                return _either(list(self._exactly(node, unit).values()))
            case Total(children, _):
                return _together([self.settled_score(c, unit) for c in children])
            case Best(children):
                # One score that no other can pass settles the best.
                tops = [max((self.points(o, unit)[1] for o in children if o is not c), default=0) for c in children]
                alone = [
                    sets
                    for child, top in zip(children, tops, strict=True)
                    for points, sets in self._exactly(child, unit).items()
                    if points >= top
                ]
                return _either([*alone, _together([self.settled_score(c, unit) for c in children])])
            case ScoreReadings(children):
                exact = [self._exactly(c, unit) for c in children]
                common = [p for p in exact[0] if all(p in e for e in exact)]
                return _either([_together([e[p] for e in exact]) for p in common])
            case ScoreRule():
                target = self.linked.units[self.linked.target(unit, node)]
                if not target.choice:
                    return self.settled_score(target.score, target)
                alternatives = [self.linked.units[a.key] for a in self._possible(target)]
                parts = [self.settled_score(a.score, a) for a in alternatives]
                if len(parts) == 1:
                    return parts[0]
                region = self.missing([Slot("region")])
                return minimal(bits | region for part in parts for bits in part)

    def _exactly(self, node: ScoreNode, unit: Unit) -> dict[int, Sets]:
        """Numbers of points that a score could be known to be, with the sets that could make it so."""
        if isinstance(node, ScoreRule):
            target = self.linked.units[self.linked.target(unit, node)]
            if not target.choice:
                return self._exactly(target.score, target)
        low, high = self.points(node, unit)
        if low == high:
            return {low: SETTLED}
        found: dict[int, list[int]] = {}
        if isinstance(node, Table) and node.mode == "first":
            if unit.rule.confidence != "C":
                above: Sets = SETTLED
                for row in node.rows:
                    holds, fails = self.truth(row.child, unit)
                    found.setdefault(row.points or 0, []).extend(_together([above, holds]))
                    above = _together([above, fails])
            return {points: minimal(sets) for points, sets in found.items() if sets}
        items: dict[int, Steps] = {}
        self._open_items(node, unit, items)
        for steps in items.values() if isinstance(node, Table | ScoreFact) else ():
            for step in (*steps.up, *steps.down):
                if step.low == step.high:
                    found.setdefault(step.low, []).append(step.bits)
        return {points: minimal(sets) for points, sets in found.items()}

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


def _smallest(bits: int, suffices: Callable[[int], bool]) -> int:
    """The facts in ``bits`` less every one that can be spared."""
    for position in range(bits.bit_length()):
        smaller = bits & ~(1 << position)
        if smaller != bits and suffices(smaller):
            bits = smaller
    return bits


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
        possible: int = evaluation.unit(key)
        yes = Settling(evaluation).settled_class(key) if possible.bit_count() > 1 else ()
        no: Sets = ()
    elif linked.units[key].rule.value in ("amount", "date"):
        # What an amount lacks is wanted together; no smaller set leaves one number.
        bits = Settling(evaluation).missing(slot for _, slot in lacks(evaluation, key))
        yes, no = ((bits,) if bits else ()), ()
    elif linked.units[key].rule.value == "points":
        low, high = evaluation.unit(key)
        settling = Settling(evaluation)
        yes = settling.settled_score(ScoreRule(key), _pointing(evaluation, key)) if low != high else ()
        no = ()
    else:
        yes, no = Settling(evaluation).unit(key)

    def names(bits: int) -> tuple[str, ...]:
        found: dict[str, None] = {}
        while bits:
            # From the lowest bit up: of hundreds of slots a set has a few.
            slot = linked.slots[(bits & -bits).bit_length() - 1]
            found.setdefault(slot_name(slot, linked.law.vocabulary, linked.on))
            bits &= bits - 1
        return tuple(found)

    settle = tuple(names(s) for s in minimal((*yes, *no)) if s)
    return SmallestSets(settle, tuple(names(s) for s in yes if s))


def _pointing(evaluation: Evaluation, key: str) -> Unit:
    unit = evaluation.linked.units[key]
    return Unit(key, unit.rule, None, (), {(key, False): key})
