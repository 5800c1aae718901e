"""Which missing facts can still change an open answer, and how it can still end.

For every part of a rule it is found whether it can still end as a yes and whether it can still end as a no, once every
fact that may be asked for is known. A part that is undefined (a base of zero), that rests on an unconfirmed source, or
that needs a fact the enterprise does not know can end as neither: it stays open. From the question down, a part matters
only where its own end makes a difference above it; the missing facts of the parts that matter are the relevant ones.
Parts are taken as independent of each other, so now and then a fact is kept that in truth no longer matters; none that
matters is ever left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from yiqi.judge.evaluate import class_bits, class_extent, code_matches, decide, points_test
from yiqi.judge.frame import is_flag
from yiqi.judge.link import REGION, Alternative, Unit
from yiqi.judge.open_amounts import lacks
from yiqi.judge.reasons import Run
from yiqi.law.tree import (
    All,
    Any,
    AtLeast,
    Best,
    ClassReadings,
    ClassTest,
    Coded,
    Compare,
    Condition,
    Excused,
    Invert,
    PointsTest,
    Readings,
    Row,
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
    truth_children,
)

NO, YES = 1, 2
"""How a part can end, as bits."""

Ends = int
Node = TruthNode | ScoreFact
Read = tuple[int, bool]
"""The position of a slot that a condition reads, and whether it is a yes/no fact."""
Points = tuple[int, int, int, int]
"""Of a score: the least and the most it can be as things stand, then how high the least can still rise and how low the
most can still fall."""

FAR = 1 << 62


@dataclass(slots=True)
class Uses:
    """Where a relevant slot is read: the ids of the conditions (or tables), and the comparisons in them."""

    conditions: dict[str, None] = field(default_factory=dict)
    nodes: dict[int, Node] = field(default_factory=dict)


@dataclass(slots=True)
class Relevant:
    """The relevant facts of one scheme, by the position of their slots in the program."""

    slots: dict[int, Uses] = field(default_factory=dict)

    def add(self, slot: int, condition: str, node: Node | None) -> None:
        uses = self.slots.setdefault(slot, Uses())
        uses.conditions.setdefault(condition)
        if node is not None:
            uses.nodes.setdefault(id(node), node)


class Relevance:
    """Looks at one judgement. ``refused`` are the positions of the slots that will not become known.

    ``reads`` may be handed from one look to the next at the same program: it remembers the slots of single conditions.
    """

    def __init__(
        self, run: Run, refused: frozenset[int] = frozenset(), reads: dict[int, tuple[Read, ...]] | None = None
    ) -> None:
        self.run = run
        self.e = run.evaluation
        self.linked = run.compiled.linked
        self.refused = refused
        self._reads = reads if reads is not None else {}
        self._ends: dict[int, Ends] = {}
        self._outcomes: dict[int, int] = {}
        self._points: dict[int, Points] = {}
        self._class_ends: dict[tuple[str, int], bool] = {}
        self._marked: dict[object, int] = {}
        self._relevant = Relevant()

    def of(self, key: str) -> Relevant:
        """The facts that can still change the value of a unit, or what it gives; none when it is settled or can never be."""
        self._marked = {}
        self._relevant = Relevant()
        unit = self.linked.units[key]
        value = unit.rule.value
        if value == "class":
            possible: int = self.e.unit(key)
            if possible & (possible - 1):
                for position in range(len(self.linked.classes)):
                    if possible >> position & 1 and self.class_ends(key, 1 << position):
                        self._mark_class(key, 1 << position)
        elif value == "points":
            self._mark_score(ScoreRule(key), Unit(key, unit.rule, None, (), {(key, False): key}), True, True)
        elif value in ("amount", "date"):
            self._mark_lacks(key)
        else:
            self._mark_unit(key, self.unit_ends(key))
            if self.e.unit(key) == 2 or self.unit_ends(key) & YES:
                for given in unit.rule.gives:
                    self._mark_lacks(given)
        return self._relevant

    def _mark_lacks(self, key: str) -> None:
        """The facts that an amount or a date still lacks."""
        if key in self.linked.units:
            for identifier, slot in lacks(self.e, key):
                position = self.linked.slot_index[slot]
                if position not in self.refused:
                    self._relevant.add(position, identifier, None)

    # -- what is missing ----------------------------------------------------------------------------------------------

    def _missing(self, node: Node) -> tuple[list[int], bool]:
        """The missing slots of a single condition that may be asked for, and whether one is missing that may not."""
        reads = self._reads.get(id(node))
        if reads is None:
            vocabulary = self.linked.law.vocabulary
            reads = tuple((self.linked.slot_index[s], is_flag(s, vocabulary)) for s in dict.fromkeys(slots_of(node)))
            self._reads[id(node)] = reads
        frame = self.run.frame
        missing = [p for p, flag in reads if frame[p] is None or (flag and frame[p] == 1)]
        asked = [p for p in missing if p not in self.refused]
        return asked, len(asked) < len(missing)

    def _deeper(self, slot: Slot) -> bool:
        """Whether a code that is missing, or not given deeply enough, may be asked for."""
        return self.linked.slot_index[slot] not in self.refused

    # -- how truth can end --------------------------------------------------------------------------------------------

    def _outcome(self, node: TruthNode, unit: Unit) -> int:
        found = self._outcomes.get(id(node))
        if found is None:
            found = self._outcomes[id(node)] = self._find_outcome(node, unit)
        return found

    def _find_outcome(self, node: TruthNode, unit: Unit) -> int:
        if isinstance(node, Condition):
            # The trace has it; what rests on an unconfirmed source has its own result there but decides nothing.
            if node.confidence == "C":
                return 1
            position = self.run.compiled.position.get(node.id)
            known = self.run.results[position] if position is not None else None
            if known is not None:
                return int(known)
        return self.e.truth(node, unit)

    def ends(self, node: TruthNode, unit: Unit) -> Ends:
        """How a node can end."""
        found = self._ends.get(id(node))
        if found is None:
            outcome = self._outcome(node, unit)
            found = (NO, self._open_ends(node, unit), YES)[outcome] if outcome != 1 else self._open_ends(node, unit)
            self._ends[id(node)] = found
        return found

    def _open_ends(self, node: TruthNode, unit: Unit) -> Ends:
        match node:
            case Condition(child=child, confidence=confidence):
                return 0 if confidence == "C" else self.ends(child, unit)
            case Invert(child):
                return _turned(self.ends(child, unit))
            case All() | Any() | AtLeast() | Excused() | Readings():
                parts = [self.ends(c, unit) for c in truth_children(node)]
                return _combined(node, sum(p & YES > 0 for p in parts), sum(p & NO > 0 for p in parts), len(parts))
            case RuleTest():
                return self.unit_ends(self.linked.target(unit, node))
            case ClassTest(_, names, negated):
                key = self.linked.target(unit, node)
                inside = class_bits(self.linked, names)
                ends = (YES if self.class_ends(key, inside) else 0) | (NO if self.class_ends(key, ~inside) else 0)
                return _turned(ends) if negated else ends
            case PointsTest(score, comparator, threshold):
                return _score_ends(self.points(score, unit), comparator, threshold)
            case Compare():
                return self._compare_ends(node)
            case Coded(slot):
                return YES | NO if self._deeper(slot) else 0
            case _:
                asked, _ = self._missing(node)
                return YES | NO if asked else 0

    def _compare_ends(self, node: Compare) -> Ends:
        asked, barred = self._missing(node)
        if self.e.undefined(node) or not asked:
            return 0
        if not barred:
            return YES | NO
        if node.guards or node.operator == "=" or any(len(m) > 1 for m, _ in node.polynomial):
            return 0
        # A sum can be decided although a part of it stays unknown: where the part is bounded and the rest large enough.
        low = self._extreme(node, 0)
        high = self._extreme(node, 1)
        least = low is None or decide(node.operator, low)
        most = high is None or not decide(node.operator, high)
        return (YES if least else 0) | (NO if most else 0)

    def _extreme(self, node: Compare, side: int) -> int | None:
        """The lowest (0) or highest (1) the sum must be taken to be, when the facts that are asked for come out at
        their best for a decision (no bound: None) and the refused ones at their worst."""
        total = 0
        unbounded = 0
        for monomial, coefficient in node.polynomial:
            if not monomial:
                total += coefficient
                continue
            value = self.e.value(monomial[0])
            if value is not None:
                total += coefficient * value
                continue
            fact = self.linked.law.vocabulary[monomial[0].fact]
            bounds = (fact.minimum, fact.maximum) if coefficient > 0 else (fact.maximum, fact.minimum)
            refused = self.linked.slot_index[monomial[0]] in self.refused
            bound = bounds[side] if refused else bounds[1 - side]
            if bound is not None:
                total += coefficient * bound
            elif refused:
                return -FAR if side == 0 else FAR
            else:
                unbounded += 1
        return None if unbounded else total

    def unit_ends(self, key: str) -> Ends:
        """How a unit of conditions can end."""
        unit = self.linked.units[key]
        value = self.e.unit(key)
        if value != 1:
            return YES if value == 2 else NO
        if not unit.choice:
            return self.ends(unit.truth, unit)
        parts = [self.unit_ends(a.key) for a in self._possible(unit)]
        if len(parts) > 1 and not self._deeper(REGION):
            return (YES if all(p & YES for p in parts) else 0) | (NO if all(p & NO for p in parts) else 0)
        ends = 0
        for part in parts:
            ends |= part
        return ends

    def _possible(self, unit: Unit) -> list[Alternative]:
        """The alternatives of a delegated rule that the region, as far as it is known, leaves possible."""
        region = self.e.value(REGION) if len(unit.choice) > 1 else ""
        found: list[Alternative] = []
        for alternative in unit.choice:
            held = code_matches(region, alternative.regions, alternative.exceptions) if alternative.regions else 2
            if held:
                found.append(alternative)
                if held == 2:
                    break
        return found

    # -- how points can end -------------------------------------------------------------------------------------------

    def points(self, node: ScoreNode, unit: Unit) -> Points:
        """What a score can be, now and in the end."""
        found = self._points.get(id(node))
        if found is None:
            found = self._points[id(node)] = self._points_of(node, unit)
        return found

    def _points_of(self, node: ScoreNode, unit: Unit) -> Points:
        low, high = self.e.points(node, unit)
        if low == high:
            return low, high, low, high
        match node:
            case Table():
                if unit.rule.confidence == "C":
                    return low, high, low, high
                return (low, high, *self._table_ends(node, unit))
            case Total(children, maximum):
                parts = [self.points(c, unit) for c in children]
                rise, fall = sum(p[2] for p in parts), sum(p[3] for p in parts)
                if maximum is not None:
                    rise, fall = min(rise, maximum), min(fall, maximum)
                return low, high, rise, fall
            case Best(children):
                parts = [self.points(c, unit) for c in children]
                return low, high, max(p[2] for p in parts), max(p[3] for p in parts)
            case ScoreReadings(children):
                parts = [self.points(c, unit) for c in children]
                return low, high, min(p[2] for p in parts), max(p[3] for p in parts)
            case ScoreRule():
                target = self.linked.units[self.linked.target(unit, node)]
                if not target.choice:
                    return self.points(target.score, target)
                possible = [self.linked.units[a.key] for a in self._possible(target)]
                parts = [self.points(p.score, p) for p in possible]
                if len(parts) > 1 and not self._deeper(REGION):
                    return low, high, min(p[2] for p in parts), max(p[3] for p in parts)
                return low, high, max(p[2] for p in parts), min(p[3] for p in parts)
            case ScoreFact(minimum=minimum, maximum=maximum):
                asked, _ = self._missing(node)
                return (minimum, maximum, maximum, minimum) if asked else (minimum, maximum, minimum, maximum)

    def _rows(self, table: Table, unit: Unit) -> Iterator[tuple[Row, int]]:
        """The rows that are still possible, each with its outcome, up to the one that surely holds."""
        for row in table.rows:
            outcome = self._outcome(row.child, unit)
            if outcome:
                yield row, outcome
                if outcome == 2 and table.mode == "first":
                    return

    def _table_ends(self, table: Table, unit: Unit) -> tuple[int, int]:
        if table.mode == "each":
            rise = sum(r.points or 0 for r, _ in self._rows(table, unit) if self.ends(r.child, unit) & YES)
            fall = sum(r.points or 0 for r, _ in self._rows(table, unit) if not self.ends(r.child, unit) & NO)
            return (rise, fall) if table.maximum is None else (min(rise, table.maximum), min(fall, table.maximum))
        rise, fall = -FAR, FAR
        stays_low, stays_high = FAR, -FAR  # the points of rows above that stay possible whatever is answered
        for row, _ in self._rows(table, unit):
            points, ends = row.points or 0, self.ends(row.child, unit)
            if ends & YES:
                rise, fall = max(rise, min(stays_low, points)), min(fall, max(stays_high, points))
            if not ends & NO:
                stays_low, stays_high = min(stays_low, points), max(stays_high, points)
        return rise, fall

    # -- how a class can end ------------------------------------------------------------------------------------------

    def class_ends(self, key: str, inside: int) -> bool:
        """Whether a class can end as one of some (bits)."""
        place = (key, inside)
        if place not in self._class_ends:
            self._class_ends[place] = self._class_can_end(key, inside)
        return self._class_ends[place]

    def _class_can_end(self, key: str, inside: int) -> bool:
        unit = self.linked.units[key]
        possible: int = self.e.unit(key)
        if not possible & inside:
            return False
        if not possible & ~inside:
            return True
        if unit.choice:
            parts = [self.class_ends(a.key, inside) for a in self._possible(unit)]
            return any(parts) if len(parts) == 1 or self._deeper(REGION) else all(parts)
        table = unit.classes
        if isinstance(table, ClassReadings):
            return all(self.class_ends(self.linked.target(unit, r), inside) for r in table.rules)
        if unit.rule.confidence == "C":
            return not class_extent(table, self.linked, unit) & ~inside
        for row, _ in self._rows(table, unit):
            fits = self._row_ends(row, unit, inside)
            ends = self.ends(row.child, unit)
            if fits and ends & YES:
                return True
            if not fits and not ends & NO:
                return False  # the row stays possible
        return False

    def _row_ends(self, row: Row, unit: Unit, inside: int) -> bool:
        if row.rule is not None:
            return self.class_ends(self.linked.target(unit, row.rule), inside)
        return bool(class_bits(self.linked, (row.name or "",)) & inside)

    def _row_classes(self, row: Row, unit: Unit) -> int:
        if row.rule is not None:
            found: int = self.e.unit(self.linked.target(unit, row.rule))
            return found
        return class_bits(self.linked, (row.name or "",))

    # -- what matters -------------------------------------------------------------------------------------------------

    def _first_time(self, place: object, wanted: int) -> bool:
        """Whether a place is looked at for an end that it was not looked at for before."""
        before = self._marked.get(place, 0)
        self._marked[place] = before | wanted
        return wanted & ~before != 0

    def _mark(self, node: TruthNode, unit: Unit, wanted: Ends, condition: str) -> None:
        """``wanted``: the ends of the node that make a difference above it."""
        wanted &= self.ends(node, unit)
        if self._outcome(node, unit) != 1 or not wanted:
            return
        match node:
            case Condition(child=child):
                self._mark(child, unit, wanted, node.id)
            case Invert(child):
                self._mark(child, unit, _turned(wanted), condition)
            case All() | Any() | AtLeast() | Excused() | Readings():
                for child in truth_children(node):
                    self._mark(child, unit, wanted, condition)
            case RuleTest():
                self._mark_unit(self.linked.target(unit, node), wanted)
            case ClassTest(_, names, negated):
                inside = class_bits(self.linked, names)
                for end in (YES, NO):
                    if wanted & end:
                        self._mark_class(self.linked.target(unit, node), inside if (end == YES) != negated else ~inside)
            case PointsTest(score, comparator, _):
                up, down = bool(wanted & YES), bool(wanted & NO)
                if comparator in ("<=", "<"):
                    up, down = down, up
                elif comparator not in (">=", ">"):
                    up = down = True
                self._mark_score(score, unit, up, down)
            case Coded(slot):
                self._relevant.add(self.linked.slot_index[slot], condition, node)
            case _:
                for position in self._missing(node)[0]:
                    self._relevant.add(position, condition, node)

    def _mark_unit(self, key: str, wanted: Ends) -> None:
        unit = self.linked.units[key]
        wanted &= self.unit_ends(key)
        if self.e.unit(key) != 1 or not wanted or not self._first_time(key, wanted):
            return
        if not unit.choice:
            self._mark(unit.truth, unit, wanted, key)
            return
        possible = self._possible(unit)
        self._mark_region(possible, unit)
        for alternative in possible:
            self._mark_unit(alternative.key, wanted)

    def _mark_region(self, possible: list[Alternative], unit: Unit) -> None:
        if len(possible) > 1 and self._deeper(REGION):
            self._relevant.add(self.linked.slot_index[REGION], unit.rule.id, None)

    def _mark_score(self, node: ScoreNode, unit: Unit, up: bool, down: bool) -> None:
        """``up``: a higher least makes a difference; ``down``: a lower most does."""
        low, high, rise, fall = self.points(node, unit)
        up, down = up and rise > low, down and fall < high
        if (not up and not down) or not self._first_time(id(node), up * YES | down * NO):
            return
        match node:
            case Table():
                self._mark_table(node, unit, up, down)
            case Total(children) | ScoreReadings(children):
                for child in children:
                    self._mark_score(child, unit, up, down)
            case Best(children):
                for child in children:
                    # A part that cannot become the best makes no difference.
                    if self.points(child, unit)[1] > low:
                        self._mark_score(child, unit, up, down)
            case ScoreRule():
                target = self.linked.units[self.linked.target(unit, node)]
                if not target.choice:
                    self._mark_score(target.score, target, up, down)
                    return
                possible = self._possible(target)
                self._mark_region(possible, target)
                for alternative in possible:
                    found = self.linked.units[alternative.key]
                    self._mark_score(found.score, found, up, down)
            case ScoreFact(slot):
                self._relevant.add(self.linked.slot_index[slot], f"{unit.rule.id}/{slot.fact}", node)

    def _mark_table(self, table: Table, unit: Unit, up: bool, down: bool) -> None:
        rows = list(self._rows(table, unit))
        if table.mode == "each":
            for row, _ in rows:
                self._mark(row.child, unit, up * YES | down * NO, row.id)
            return
        for number, (row, _) in enumerate(rows):
            # Whether this row holds makes no difference where all that could follow gives the same.
            if any((other.points or 0) != (row.points or 0) for other, _ in rows[number + 1 :]):
                self._mark(row.child, unit, YES | NO, unit.rule.id)

    def _mark_class(self, key: str, inside: int) -> None:
        """What can make a class end as one of ``inside``."""
        unit = self.linked.units[key]
        possible: int = self.e.unit(key)
        if not possible & ~inside or not self.class_ends(key, inside) or not self._first_time((key, inside), YES):
            return
        if unit.choice:
            alternatives = self._possible(unit)
            self._mark_region(alternatives, unit)
            for alternative in alternatives:
                self._mark_class(alternative.key, inside)
            return
        table = unit.classes
        if isinstance(table, ClassReadings):
            for rule in table.rules:
                self._mark_class(self.linked.target(unit, rule), inside)
            return
        rows = list(self._rows(table, unit))
        classes = [self._row_classes(row, unit) for row, _ in rows]
        for number, (row, _) in enumerate(rows):
            following = 0
            for bits in classes[number:]:
                following |= bits
            if following & inside and following & ~inside:
                self._mark(row.child, unit, YES | NO, unit.rule.id)
            if row.rule is not None:
                self._mark_class(self.linked.target(unit, row.rule), inside)


def _turned(ends: Ends) -> Ends:
    return (YES if ends & NO else 0) | (NO if ends & YES else 0)


def _combined(node: TruthNode, yes: int, no: int, count: int) -> Ends:
    """How a combination can end, from the number of its parts that can end as a yes and as a no."""
    needed_yes, needed_no = count, count  # readings: all of them alike
    if isinstance(node, All):
        needed_no = 1
    elif isinstance(node, (Any, Excused)):
        needed_yes = 1
    elif isinstance(node, AtLeast):
        needed_yes, needed_no = node.count, count - node.count + 1
    return (YES if yes >= needed_yes else 0) | (NO if no >= needed_no else 0)


def _score_ends(points: Points, comparator: str, threshold: int) -> Ends:
    low, high, rise, fall = points
    if comparator not in (">=", ">", "<=", "<"):
        equal = low <= threshold <= high and (rise, fall) != (low, high)
        return (YES if equal else 0) | (NO if rise > threshold or fall < threshold else 0)
    up, down = (
        points_test((rise, max(rise, high)), comparator, threshold),
        points_test((min(fall, low), fall), comparator, threshold),
    )
    ends = 0
    for outcome in (up, down):
        ends |= (NO, 0, YES)[outcome]
    return ends
