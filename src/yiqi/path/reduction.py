"""From the tree to a formula: what no lever moves is decided at once, so that of a hundred conditions a handful is left."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

from yiqi.judge.evaluate import Evaluation, class_bits, class_extent, code_matches, extent
from yiqi.judge.link import REGION, Linked, Unit
from yiqi.law.tree import (
    All,
    AtLeast,
    Best,
    ClassReadings,
    ClassTest,
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
)
from yiqi.law.tree import Any as AnyOf
from yiqi.path.formula import (
    Entered,
    Formula,
    Highest,
    Leaf,
    Lowest,
    Points,
    Steps,
    Stuck,
    Wanted,
    all_of,
    any_of,
    at_least,
    capped,
    leaf_slots,
    reaches,
)


class Reduction:
    """Reads formulas off one linked set, for one enterprise.

    ``free`` says whether a slot is moved by a lever. With ``reasons`` what is stuck is kept, to find out what blocks.
    """

    def __init__(self, evaluation: Evaluation, free: Callable[[Slot], bool], *, reasons: bool = False) -> None:
        self.e = evaluation
        self.linked: Linked = evaluation.linked
        self.free = free
        self.reasons = reasons
        self._units: dict[tuple[str, int], Formula] = {}
        self._points: dict[tuple[str, int], Points] = {}

    def target(self, root: str, bits: int) -> Formula:
        """What must hold so that a rule is a yes or, with ``bits``, gives one of these classes for sure."""
        return self.classes(root, bits) if bits else self.unit(root, True)

    # -- truth --------------------------------------------------------------------------------------------------------

    def unit(self, key: str, wanted: bool) -> Formula:
        memo = (key, int(wanted))
        if memo not in self._units:
            unit = self.linked.units[key]
            if unit.choice:
                self._units[memo] = self._all(self.unit(k, wanted) for k in self._possible(unit))
            else:
                self._units[memo] = self.truth(unit.truth, unit, wanted, None)
        return self._units[memo]

    def _possible(self, unit: Unit) -> Iterator[str]:
        """The alternatives that may count in the enterprise's region."""
        region = self.e.value(REGION) if len(unit.choice) > 1 else ""
        for alternative in unit.choice:
            held = code_matches(region, alternative.regions, alternative.exceptions) if alternative.regions else 2
            if held:
                yield alternative.key
                if held == 2:
                    return

    def _all(self, parts: Iterator[Formula]) -> Formula:
        """As :func:`all_of`, and nothing is read behind a part that cannot hold."""
        found: list[Formula] = []
        for part in parts:
            if part is False:
                return False
            found.append(part)
        return all_of(found)

    def _any(self, parts: Iterator[Formula]) -> Formula:
        found: list[Formula] = []
        for part in parts:
            if part is True:
                return True
            found.append(part)
        return any_of(found)

    def truth(self, node: TruthNode, unit: Unit, wanted: bool, within: Condition | None) -> Formula:
        match node:
            case Condition(child=child, confidence=confidence):
                if confidence == "C":
                    return Stuck(None, unit, wanted, node) if self.reasons else False
                return self.truth(child, unit, wanted, node)
            case Invert(child):
                return self.truth(child, unit, not wanted, within)
            case All(children) | AnyOf(children):
                parts = (self.truth(c, unit, wanted, within) for c in children)
                return self._all(parts) if isinstance(node, All) == wanted else self._any(parts)
            case Excused(child, exception):
                both = (self.truth(c, unit, wanted, within) for c in (exception, child))
                return self._any(both) if wanted else self._all(both)
            case AtLeast(count, children):
                needed = count if wanted else len(children) - count + 1
                return at_least(needed, [self.truth(c, unit, wanted, within) for c in children])
            case Readings(_, children):
                return self._all(self.truth(c, unit, wanted, within) for c in children)
            case RuleTest():
                return self.unit(self.linked.target(unit, node), wanted)
            case ClassTest(_, names, negated):
                key = self.linked.target(unit, node)
                inside = class_bits(self.linked, names)
                everything = (1 << len(self.linked.classes)) - 1
                return self.classes(key, inside if wanted != negated else everything & ~inside)
            case PointsTest(score, comparator, threshold):
                found = self.points_test(score, unit, comparator, threshold, wanted)
                # A score that no table reaches stands in the way itself.
                return Stuck(None, unit, wanted, within) if found is False and self.reasons else found
            case _:
                return self.leaf(node, unit, wanted, within)

    def leaf(self, leaf: Leaf, unit: Unit, wanted: bool, within: Condition | None) -> Formula:
        if any(self.free(slot) for slot in leaf_slots(leaf)):
            return Wanted(leaf, unit, wanted, within)
        if self.e.truth(leaf, unit) == (2 if wanted else 0):
            return True
        return Stuck(leaf, unit, wanted, within) if self.reasons else False

    # -- classes ------------------------------------------------------------------------------------------------------

    def classes(self, key: str, bits: int) -> Formula:
        """A unit gives, for sure, one of the classes in ``bits``."""
        memo = (key, -1 - bits)
        if memo not in self._units:
            self._units[memo] = self._classes(self.linked.units[key], bits)
        return self._units[memo]

    def _classes(self, unit: Unit, bits: int) -> Formula:
        if unit.choice:
            return self._all(self.classes(k, bits) for k in self._possible(unit))
        node = unit.classes
        if isinstance(node, ClassReadings):
            return self._all(self.classes(self.linked.target(unit, r), bits) for r in node.rules)
        if unit.rule.confidence == "C":
            inside = not class_extent(node, self.linked, unit) & ~bits
            return True if inside else Stuck(None, unit, True, None) if self.reasons else False
        # Some row with a class that will do holds, and none before it with one that will not.
        ways: list[Formula] = []
        before: list[Formula] = []
        for row in node.rows:
            if row.rule is not None:
                given = self.classes(self.linked.target(unit, row.rule), bits)
            else:
                given = bool(class_bits(self.linked, (row.name or "",)) & bits)
            if given is not False:
                ways.append(all_of([*before, self.truth(row.child, unit, True, None), given]))
            if given is not True:
                # A row that may give another class must fail, or what it gives must do.
                before.append(any_of([self.truth(row.child, unit, False, None), given]))
                if before[-1] is False:
                    break
            if ways and ways[-1] is True:
                break
        return any_of(ways)

    # -- points -------------------------------------------------------------------------------------------------------

    def points_test(self, score: ScoreNode, unit: Unit, comparator: str, threshold: int, wanted: bool) -> Formula:
        if comparator == "=":
            parts = [
                self.points_test(score, unit, c, threshold, wanted) for c in ((">=", "<=") if wanted else (">", "<"))
            ]
            return (
                all_of(parts)
                if wanted
                else any_of(
                    [
                        self.points_test(score, unit, ">", threshold, True),
                        self.points_test(score, unit, "<", threshold, True),
                    ]
                )
            )
        if not wanted:
            comparator = {">=": "<", ">": "<=", "<=": ">", "<": ">="}[comparator]
        sign = 1 if comparator[0] == ">" else -1
        strict = 1 if len(comparator) == 1 else 0
        points = self.points(score, unit, sign)
        return reaches(points, sign * threshold + strict)

    def points(self, node: ScoreNode, unit: Unit, sign: int) -> Points:
        """The least that ``sign`` times the points surely are."""
        match node:
            case Table():
                if unit.rule.confidence == "C":
                    return self._fixed(extent(node, self.linked, unit), sign)
                return self._first(node, unit, sign) if node.mode == "first" else self._each(node, unit, sign)
            case Total(children, maximum):
                return capped([self.points(c, unit, sign) for c in children], maximum, sign)
            case Best(children):
                parts = tuple(self.points(c, unit, sign) for c in children)
                return Highest(parts) if sign > 0 else Lowest(parts)
            case ScoreReadings(children):
                return Lowest(tuple(self.points(c, unit, sign) for c in children))
            case ScoreRule():
                return self._points_of(self.linked.target(unit, node), sign)
            case ScoreFact(slot, minimum, maximum):
                if self.free(slot) and self.e.value(slot) is None:
                    return Entered(slot, minimum, maximum, sign)
                return self._fixed(self.e.points(node, unit), sign)

    def _points_of(self, key: str, sign: int) -> Points:
        memo = (key, sign)
        if memo not in self._points:
            unit = self.linked.units[key]
            if unit.choice:
                parts = tuple(self._points_of(k, sign) for k in self._possible(unit))
                self._points[memo] = parts[0] if len(parts) == 1 else Lowest(parts)
            else:
                self._points[memo] = self.points(unit.score, unit, sign)
        return self._points[memo]

    @staticmethod
    def _fixed(bounds: tuple[int, int], sign: int) -> Points:
        return Steps(bounds[0] if sign > 0 else -bounds[1], ())

    def _first(self, node: Table, unit: Unit, sign: int) -> Points:
        """The first row that holds decides: so many points for sure when a row with at least as many holds, and every
        row before it with fewer fails."""
        rows: list[tuple[int, Formula, Formula]] = []
        for row in node.rows:
            holds = self.truth(row.child, unit, True, None)
            rows.append((sign * (row.points or 0), holds, self.truth(row.child, unit, False, None)))
            if holds is True:
                break
        levels = sorted({points for points, _, fails in rows if fails is not True})
        steps: list[tuple[int, Formula]] = []
        for below, level in pairwise(levels):
            ways: list[Formula] = []
            before: list[Formula] = []
            for points, holds, fails in rows:
                if points >= level:
                    ways.append(all_of([*before, holds]))
                else:
                    before.append(fails)
            steps.append((level - below, any_of(ways)))
        return _folded(levels[0] if levels else 0, steps)

    def _each(self, node: Table, unit: Unit, sign: int) -> Points:
        base = 0
        steps: list[tuple[int, Formula]] = []
        for row in node.rows:
            points = row.points or 0
            # The low end counts rows that hold, the high end those that do not fail.
            gain = points if sign > 0 else -points
            if gain == 0:
                continue
            if sign > 0:
                if gain > 0:
                    steps.append((gain, self.truth(row.child, unit, True, None)))
                else:
                    base += gain
                    steps.append((-gain, self.truth(row.child, unit, False, None)))
            elif gain < 0:
                base += gain
                steps.append((-gain, self.truth(row.child, unit, False, None)))
            else:
                steps.append((gain, self.truth(row.child, unit, True, None)))
        return capped([_folded(base, steps)], node.maximum, sign)


def _folded(base: int, steps: Sequence[tuple[int, Formula]]) -> Steps:
    return Steps(
        base + sum(p for p, f in steps if f is True), tuple((p, f) for p, f in steps if not isinstance(f, bool))
    )
