"""The parts of a rule as :mod:`yiqi.judge.planning` sees them: conditions and what combines them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from yiqi.judge.evaluate import code_matches
from yiqi.judge.link import REGION, Unit
from yiqi.judge.reasons import Run
from yiqi.law.tree import TruthNode

HALF = 0.5
FAINT = 0.01
"""Parts that are needed less often than this are not followed further down."""

Share = tuple["Part", float]


@dataclass(slots=True)
class Look:
    """What a part may come to.

    The chances of a no and of a yes (the rest stays open), the questions it takes at their prices, and the share of the
    cases in which each part below is asked. A score has its range in 1/10000 point, a class the chance of each.
    """

    no: float
    yes: float
    cost: float
    shares: Sequence[Share] = ()
    low: int = 0
    high: int = 0
    classes: dict[int, float] | None = None


IS_NO = Look(1.0, 0.0, 0.0)
IS_YES = Look(0.0, 1.0, 0.0)
STAYS_OPEN = Look(0.0, 0.0, 0.0)


class View:
    """One state of an interview: a judgement, the slots that are missing (bits), what it takes to ask for those that may be
    asked, and the looks taken at it."""

    def __init__(self, run: Run, missing: int, prices: Mapping[int, float]) -> None:
        self.evaluation = run.evaluation
        self.missing = missing
        self.prices = prices
        self.asked = 0
        for position in prices:
            self.asked |= 1 << position
        self.looks: dict[int, Look] = {}

    def look(self, part: Part) -> Look:
        found = self.looks.get(part.number)
        if found is None:
            found = self.looks[part.number] = part.look(self)
        return found

    def price(self, slots: int) -> float:
        """What it takes to ask for the missing ones of some slots (bits)."""
        slots &= self.asked & self.missing
        total = 0.0
        while slots:
            lowest = slots & -slots
            total += self.prices[lowest.bit_length() - 1]
            slots ^= lowest
        return total

    def reach(self, root: Part) -> dict[int, float]:
        """How likely each slot has to be asked before a root is settled."""
        reached: dict[int, float] = {}
        self._follow(root, 1.0, {}, reached)
        return reached

    def _follow(self, part: Part, share: float, seen: dict[int, float], reached: dict[int, float]) -> None:
        if seen.get(part.number, 0.0) >= share:
            return
        seen[part.number] = share
        look = self.look(part)
        if look.cost == 0.0:
            return
        own = part.own & self.asked
        position = 0
        while own:
            if own & 1 and share > reached.get(position, 0.0):
                reached[position] = share
            own >>= 1
            position += 1
        for below, fraction in look.shares:
            if share * fraction >= FAINT:
                self._follow(below, share * fraction, seen, reached)


class Part:
    """A part of a rule; ``slots`` are all the slots it depends on (bits), ``own`` those it reads itself."""

    number = 0

    def __init__(self, own: int, parts: Iterable[Part]) -> None:
        self.own = own
        self.slots = own
        for part in parts:
            self.slots |= part.slots

    def look(self, view: View) -> Look:
        raise NotImplementedError


class Leaf(Part):
    """A single comparison or fact."""

    def __init__(self, node: TruthNode, unit: Unit, slots: int, holds: float, judged: bool) -> None:
        super().__init__(slots, ())
        self.node, self.unit = node, unit
        known = HALF if judged else 1.0
        self.yes, self.no = holds * known, (1 - holds) * known

    def look(self, view: View) -> Look:
        outcome = view.evaluation.truth(self.node, self.unit)
        if outcome != 1:
            return IS_YES if outcome == 2 else IS_NO
        price = view.price(self.slots)
        return Look(self.no, self.yes, price) if price else STAYS_OPEN


class Turned(Part):
    """The opposite of a part."""

    def __init__(self, child: Part) -> None:
        super().__init__(0, (child,))
        self.child = child
        self.shares = ((child, 1.0),)

    def look(self, view: View) -> Look:
        below = view.look(self.child)
        return Look(below.yes, below.no, below.cost, self.shares)


class Unconfirmed(Part):
    """Stays open, whatever is answered."""

    def look(self, view: View) -> Look:
        return STAYS_OPEN


class Every(Part):
    """All parts have to hold (``turned``: one is enough, which is the same of their opposites)."""

    def __init__(self, parts: Sequence[Part], turned: bool) -> None:
        super().__init__(0, parts)
        self.parts, self.turned = parts, turned

    def look(self, view: View) -> Look:
        open_parts: list[tuple[float, int, Part, float, float]] = []
        holds = 1.0
        for number, part in enumerate(self.parts):
            look = view.look(part)
            no, yes = (look.yes, look.no) if self.turned else (look.no, look.yes)
            if no == 1.0:
                return IS_YES if self.turned else IS_NO
            holds *= yes
            if look.cost > 0.0:
                open_parts.append((look.cost / no if no > 0.0 else 1e9, number, part, no, look.cost))
        # Where one part stays open for ever a yes is out of reach, and only what can refute is worth a question.
        open_parts.sort()
        left, cost = 1.0, 0.0
        shares: list[Share] = []
        for _, _, part, no, own in open_parts:
            if holds == 0.0 and no == 0.0:
                continue
            shares.append((part, left))
            cost += left * own
            left *= 1.0 - no
        if not shares:
            return (IS_NO if self.turned else IS_YES) if holds == 1.0 else STAYS_OPEN
        no = 1.0 - left
        return Look(holds, no, cost, shares) if self.turned else Look(no, holds, cost, shares)


class Several(Part):
    """At least ``count`` of the parts have to hold."""

    def __init__(self, parts: Sequence[Part], count: int) -> None:
        super().__init__(0, parts)
        self.parts, self.count = parts, count

    def look(self, view: View) -> Look:
        looks = [view.look(p) for p in self.parts]
        yes = _at_least(self.count, [k.yes for k in looks])
        no = _at_least(len(looks) - self.count + 1, [k.no for k in looks])
        if yes == 1.0 or no == 1.0:
            return IS_YES if yes == 1.0 else IS_NO
        return Look(no, yes, sum(k.cost for k in looks), [(p, 1.0) for p in self.parts])


def _at_least(count: int, chances: Sequence[float]) -> float:
    """The chance that at least ``count`` of independent events happen."""
    exactly = [1.0] + [0.0] * len(chances)
    for chance in chances:
        for number in range(len(chances), 0, -1):
            exactly[number] = exactly[number] * (1 - chance) + exactly[number - 1] * chance
        exactly[0] *= 1 - chance
    return sum(exactly[count:])


class Alike(Part):
    """Readings, or the rules of several regions: they mostly look at the same facts, and all have to agree."""

    def __init__(self, parts: Sequence[Part]) -> None:
        super().__init__(0, parts)
        self.parts = parts

    def look(self, view: View) -> Look:
        looks = [view.look(p) for p in self.parts]
        no, yes = min(k.no for k in looks), min(k.yes for k in looks)
        if no == 1.0 or yes == 1.0:
            return IS_YES if yes == 1.0 else IS_NO
        if no == yes == 0.0:
            return STAYS_OPEN
        return Look(no, yes, max(k.cost for k in looks), [(p, 1.0) for p in self.parts])


class Regional(Part):
    """A delegated rule: the region chooses among the parts. Serves truth, points and classes."""

    def __init__(self, unit: Unit, region: int, parts: Sequence[Part]) -> None:
        super().__init__(region if len(parts) > 1 else 0, parts)
        self.unit, self.parts = unit, parts

    def look(self, view: View) -> Look:
        region = view.evaluation.value(REGION) if len(self.parts) > 1 else ""
        possible: list[Part] = []
        for alternative, part in zip(self.unit.choice, self.parts, strict=True):
            held = code_matches(region, alternative.regions, alternative.exceptions) if alternative.regions else 2
            if held:
                possible.append(part)
                if held == 2:
                    break
        looks = [view.look(p) for p in possible]
        if len(looks) == 1:
            only = looks[0]
            if only.cost == 0.0:
                return only
            return Look(only.no, only.yes, only.cost, ((possible[0], 1.0),), only.low, only.high, only.classes)
        each = 1.0 / len(looks)
        ask = view.price(self.own)
        no, yes = sum(k.no for k in looks) * each, sum(k.yes for k in looks) * each
        classes: dict[int, float] = {}
        for look in looks:
            for bit, chance in (look.classes or {}).items():
                classes[bit] = classes.get(bit, 0.0) + chance * each
        low, high = min(k.low for k in looks), max(k.high for k in looks)
        if self.unit.rule.value == "truth" and (no == 1.0 or yes == 1.0):
            return IS_YES if yes == 1.0 else IS_NO
        settled = self.unit.rule.value == "points" and low == high
        cost = 0.0 if settled else ask + sum(k.cost for k in looks) * each
        return Look(no, yes, cost, [(p, each if ask else 1.0) for p in possible], low, high, classes or None)
