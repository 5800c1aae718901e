"""Scores and classes as :mod:`yiqi.judge.planning` sees them."""

from __future__ import annotations

from collections.abc import Sequence

from yiqi.judge.evaluate import points_test
from yiqi.judge.link import Unit
from yiqi.judge.planning_parts import IS_NO, IS_YES, STAYS_OPEN, Look, Part, Share, View
from yiqi.law.tree import ScoreFact, Table

NARROW = 0.05
"""A score that is still open reaches its threshold in at least this share of the cases, and at most in the rest."""

# -- points -----------------------------------------------------------------------------------------------------------


class Pointing(Part):
    """A score against a number of points."""

    def __init__(self, score: Part, comparator: str, threshold: int) -> None:
        super().__init__(0, (score,))
        self.score, self.comparator, self.threshold = score, comparator, threshold
        self.shares = ((score, 1.0),)

    def look(self, view: View) -> Look:
        below = view.look(self.score)
        outcome = points_test((below.low, below.high), self.comparator, self.threshold)
        if outcome != 1:
            return IS_YES if outcome == 2 else IS_NO
        if below.cost == 0.0:
            return STAYS_OPEN
        above = min(max((below.high - self.threshold) / (below.high - below.low), NARROW), 1.0 - NARROW)
        yes = above if self.comparator in (">=", ">") else 1.0 - above
        return Look(1.0 - yes, yes, below.cost, self.shares)


class Rows(Part):
    """A table of points."""

    def __init__(self, table: Table, unit: Unit, parts: Sequence[Part]) -> None:
        super().__init__(0, parts)
        self.table, self.unit, self.parts = table, unit, parts

    def look(self, view: View) -> Look:
        low, high = view.evaluation.points(self.table, self.unit)
        if low == high or self.unit.rule.confidence == "C":
            return Look(0.0, 0.0, 0.0, (), low, high)
        slots = 0
        shares: list[Share] = []
        for part in self.parts:
            look = view.look(part)
            if look.yes == 1.0 and self.table.mode == "first":
                break
            if look.cost > 0.0:
                slots |= part.slots
                shares.append((part, 1.0))
        return Look(0.0, 0.0, view.price(slots), shares, low, high)


class Sum(Part):
    """Scores together: the parts that move the sum most per question are asked first, until the rest cannot matter."""

    def __init__(self, parts: Sequence[Part], maximum: int | None, mode: str) -> None:
        super().__init__(0, parts)
        self.parts, self.maximum, self.mode = parts, maximum, mode

    def look(self, view: View) -> Look:
        looks = [view.look(p) for p in self.parts]
        if self.mode == "sum":
            low, high = sum(k.low for k in looks), sum(k.high for k in looks)
            if self.maximum is not None:
                low, high = min(low, self.maximum), min(high, self.maximum)
        elif self.mode == "best":
            low, high = max(k.low for k in looks), max(k.high for k in looks)
        else:
            low, high = min(k.low for k in looks), max(k.high for k in looks)
        if low == high:
            return Look(0.0, 0.0, 0.0, (), low, high)
        moving = [
            ((k.low - k.high) / k.cost, number, self.parts[number], k)
            for number, k in enumerate(looks)
            if k.cost > 0.0 and k.high > k.low
        ]
        moving.sort(key=lambda m: m[:2])
        width = rest = sum(k.high - k.low for _, _, _, k in moving)
        cost = 0.0
        shares: list[Share] = []
        for _, _, part, look in moving:
            share = rest / width if self.mode == "sum" else 1.0
            shares.append((part, share))
            cost += share * look.cost
            rest -= look.high - look.low
        return Look(0.0, 0.0, cost, shares, low, high)


class PointsFact(Part):
    """Points that are a fact."""

    def __init__(self, node: ScoreFact, unit: Unit, slots: int) -> None:
        super().__init__(slots, ())
        self.node, self.unit = node, unit

    def look(self, view: View) -> Look:
        low, high = view.evaluation.points(self.node, self.unit)
        return Look(0.0, 0.0, view.price(self.own) if low < high else 0.0, (), low, high)


# -- classes ----------------------------------------------------------------------------------------------------------


class Classes(Part):
    """A table of classes: which class comes out, with the chance of each."""

    def __init__(self, rows: Sequence[tuple[Part, int, Part | None]]) -> None:
        super().__init__(0, [p for row, _, target in rows for p in (row, target) if p is not None])
        self.rows = rows

    def look(self, view: View) -> Look:
        possible: list[tuple[Part, int, Part | None]] = []
        shares: list[Share] = []
        slots = 0
        for row in self.rows:
            look = view.look(row[0])
            if look.no == 1.0:
                continue
            possible.append(row)
            if look.yes == 1.0:
                break
            if look.cost > 0.0:
                slots |= row[0].slots
                shares.append((row[0], 1.0))
        each = 1.0 / len(possible)
        cost = view.price(slots)
        classes: dict[int, float] = {}
        for _, bit, target in possible:
            if target is None:
                classes[bit] = classes.get(bit, 0.0) + each
                continue
            below = view.look(target)
            cost += each * below.cost
            shares.append((target, each))
            for inner, chance in (below.classes or {}).items():
                classes[inner] = classes.get(inner, 0.0) + each * chance
        return Look(0.0, 0.0, cost if len(classes) > 1 else 0.0, shares, classes=classes)


class UnconfirmedClass(Part):
    """A class on an unconfirmed source: it stays any of those there are."""

    def __init__(self, extent: int) -> None:
        super().__init__(0, ())
        bits = [1 << n for n in range(extent.bit_length()) if extent >> n & 1]
        self.classes = {bit: 1.0 / len(bits) for bit in bits}

    def look(self, view: View) -> Look:
        return Look(0.0, 0.0, 0.0, classes=self.classes)


class ReadClasses(Part):
    """Readings of a class."""

    def __init__(self, parts: Sequence[Part]) -> None:
        super().__init__(0, parts)
        self.parts = parts

    def look(self, view: View) -> Look:
        looks = [view.look(p) for p in self.parts]
        classes: dict[int, float] = {}
        for look in looks:
            for bit, chance in (look.classes or {}).items():
                classes[bit] = classes.get(bit, 0.0) + chance / len(looks)
        return Look(0.0, 0.0, max(k.cost for k in looks), [(p, 1.0) for p in self.parts], classes=classes)


class Classed(Part):
    """The class is one of some."""

    def __init__(self, child: Part, inside: int) -> None:
        super().__init__(0, (child,))
        self.child, self.inside = child, inside
        self.shares = ((child, 1.0),)

    def look(self, view: View) -> Look:
        below = view.look(self.child)
        classes = below.classes or {}
        yes = sum(chance for bit, chance in classes.items() if bit & self.inside)
        if not any(bit & self.inside for bit in classes):
            return IS_NO
        if not any(bit & ~self.inside for bit in classes):
            return IS_YES
        return Look(1.0 - yes, yes, below.cost, self.shares) if below.cost > 0.0 else STAYS_OPEN
