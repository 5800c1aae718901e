"""How likely each fact is needed before a scheme is settled: what orders the questions of an interview, nothing else.

Finding the shortest interview is too hard to do exactly, so it is estimated part by part of a rule, from the ground up:
how likely the part ends as a no, how likely as a yes, and how many questions it takes until it does. Where every part
has to hold, those that refute soonest are taken first (the fewest questions per chance of a no); where one part is
enough, those that establish soonest. A part further back is needed only where all before it left the matter open. From
the scheme down follows for every fact the chance that it is needed at all.

**Planning assumptions: ours, and no figures of the world.** They order questions and decide nothing, so a wrong one can
only make an interview longer.

* A condition holds in one half of the cases.
* What every applicant takes for granted (:data:`GRANTED`), and the absence of what a rule wants to be absent, hold in
  nineteen of twenty.
* What an official judges (``judged`` facts) the enterprise does not know in one half of the cases.
* A score lies anywhere in its range, and every row of a table that is still possible is as likely as the others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from yiqi.judge.evaluate import class_bits, code_matches, points_test
from yiqi.judge.frame import Frame, is_flag
from yiqi.judge.link import REGION, Linked, Unit
from yiqi.judge.reasons import Run
from yiqi.law.tree import (
    All,
    AtLeast,
    Best,
    ClassReadings,
    ClassTest,
    Condition,
    Excused,
    Flag,
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
from yiqi.law.tree import Any as AnyOf

HALF = 0.5
RARELY = 0.05
GRANTED = ("registered_in_mainland", "independent_legal_person", "resident_enterprise", "filing_truthful")
"""Yes/no facts that hardly any applicant denies."""

FAINT = 0.01
"""Parts that are needed less often than this are not followed further down."""

Share = tuple["Part", float]


@dataclass(slots=True)
class Look:
    """What a part may come to: the chances of a no and of a yes (the rest stays open), the questions it takes, and the
    share of the cases in which each part below is asked."""

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
    """One state of an interview: a judgement, the slots that are missing and those that may be asked (bits), and the looks
    taken at it."""

    def __init__(self, run: Run, missing: int, asked: int) -> None:
        self.evaluation = run.evaluation
        self.missing = missing
        self.asked = asked
        self.looks: dict[int, Look] = {}

    def look(self, part: Part) -> Look:
        found = self.looks.get(part.number)
        if found is None:
            found = self.looks[part.number] = part.look(self)
        return found

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
        asked = (self.slots & view.asked).bit_count()
        return Look(self.no, self.yes, float(asked)) if asked else STAYS_OPEN


class Turned(Part):
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
        ask = 1.0 if self.own & view.asked else 0.0
        no, yes = sum(k.no for k in looks) * each, sum(k.yes for k in looks) * each
        classes: dict[int, float] = {}
        for look in looks:
            for bit, chance in (look.classes or {}).items():
                classes[bit] = classes.get(bit, 0.0) + chance * each
        low, high = min(k.low for k in looks), max(k.high for k in looks)
        if self.unit.rule.value == "truth" and (no == 1.0 or yes == 1.0):
            return IS_YES if yes == 1.0 else IS_NO
        cost = (
            0.0
            if low == high and not classes and self.unit.rule.value == "points"
            else ask + sum(k.cost for k in looks) * each
        )
        return Look(no, yes, cost, [(p, each if ask else 1.0) for p in possible], low, high, classes or None)


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
        above = min(max((below.high - self.threshold) / (below.high - below.low), RARELY), 1.0 - RARELY)
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
                slots |= part.slots & view.asked & view.missing
                shares.append((part, 1.0))
        return Look(0.0, 0.0, float(slots.bit_count()), shares, low, high)


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
        return Look(0.0, 0.0, 1.0 if low < high and self.own & view.asked else 0.0, (), low, high)


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
                slots |= row[0].slots & view.asked & view.missing
                shares.append((row[0], 1.0))
        each = 1.0 / len(possible)
        cost = float(slots.bit_count())
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


# -- the plan ---------------------------------------------------------------------------------------------------------


class Plan:
    """The parts of a linked set, made once; :meth:`view` looks at one state of an interview."""

    def __init__(self, linked: Linked) -> None:
        self.linked = linked
        self._parts: list[Part] = []
        self._units: dict[str, Part] = {}
        vocabulary = linked.law.vocabulary
        self._flags = [is_flag(slot, vocabulary) for slot in linked.slots]

    def root(self, key: str) -> Part:
        """The part that a scheme's rule is."""
        return self._unit(key)

    def view(self, run: Run, asked: Iterable[int]) -> View:
        """A look at one judgement, when the slots ``asked`` may be asked for."""
        bits = 0
        for position in asked:
            bits |= 1 << position
        return View(run, self._missing(run.frame), bits)

    def _missing(self, frame: Frame) -> int:
        bits = 0
        for position, (value, flag) in enumerate(zip(frame, self._flags, strict=False)):
            if value is None or (value == 1 and flag) or isinstance(value, str):
                bits |= 1 << position
        return bits

    def _add(self, part: Part) -> Part:
        part.number = len(self._parts)
        self._parts.append(part)
        return part

    def _bits(self, slots: Iterable[Slot]) -> int:
        bits = 0
        for slot in slots:
            if slot.fact in self.linked.law.vocabulary:
                bits |= 1 << self.linked.slot_index[slot]
        return bits

    def _unit(self, key: str) -> Part:
        if key not in self._units:
            unit = self.linked.units[key]
            if unit.choice:
                parts = [self._unit(a.key) for a in unit.choice]
                region = self._bits([REGION]) if len(parts) > 1 else 0
                self._units[key] = self._add(Regional(unit, region, parts))
            elif unit.rule.value == "points":
                self._units[key] = self._score(unit.score, unit)
            elif unit.rule.value == "class":
                self._units[key] = self._class(unit)
            else:
                self._units[key] = self._truth(unit.truth, unit, False)
        return self._units[key]

    def _truth(self, node: TruthNode, unit: Unit, negated: bool) -> Part:
        recurse: Callable[[TruthNode], Part] = lambda n: self._truth(n, unit, negated)  # noqa: E731
        match node:
            case Condition(child=child, confidence=confidence):
                return self._add(Unconfirmed(0, ())) if confidence == "C" else recurse(child)
            case Invert(child):
                return self._add(Turned(self._truth(child, unit, not negated)))
            case All(children) | AnyOf(children):
                if len(children) == 1:
                    return recurse(children[0])
                return self._add(Every([recurse(c) for c in children], isinstance(node, AnyOf)))
            case Excused(child, exception):
                return self._add(Every([recurse(exception), recurse(child)], True))
            case AtLeast(count, children):
                return self._add(Several([recurse(c) for c in children], count))
            case Readings(_, children):
                return self._add(Alike([recurse(c) for c in children]))
            case RuleTest():
                return self._unit(self.linked.target(unit, node))
            case ClassTest(_, names, turned):
                inside = class_bits(self.linked, names)
                part = self._unit(self.linked.target(unit, node))
                return self._add(Classed(part, ~inside if turned else inside))
            case PointsTest(score, comparator, threshold):
                return self._add(Pointing(self._score(score, unit), comparator, threshold))
            case _:
                return self._leaf(node, unit, negated)

    def _leaf(self, node: TruthNode, unit: Unit, negated: bool) -> Part:
        slots = tuple(dict.fromkeys(slots_of(node)))
        facts = [f for s in slots if (f := self.linked.law.vocabulary.get(s.fact)) is not None]
        holds = HALF
        if isinstance(node, Flag):
            holds = RARELY if negated else 1.0 - RARELY if node.slot.fact in GRANTED else HALF
        return self._add(Leaf(node, unit, self._bits(slots), holds, any(f.judged for f in facts)))

    def _score(self, node: ScoreNode, unit: Unit) -> Part:
        match node:
            case Table():
                rows = [self._truth(row.child, unit, False) for row in node.rows]
                return self._add(Rows(node, unit, rows))
            case Total(children, maximum):
                return self._add(Sum([self._score(c, unit) for c in children], maximum, "sum"))
            case Best(children):
                return self._add(Sum([self._score(c, unit) for c in children], None, "best"))
            case ScoreReadings(children):
                return self._add(Sum([self._score(c, unit) for c in children], None, "readings"))
            case ScoreRule():
                return self._unit(self.linked.target(unit, node))
            case ScoreFact(slot, _, _):
                return self._add(PointsFact(node, unit, self._bits([slot])))

    def _class(self, unit: Unit) -> Part:
        table = unit.classes
        if isinstance(table, ClassReadings):
            return self._add(ReadClasses([self._unit(self.linked.target(unit, r)) for r in table.rules]))
        rows: list[tuple[Part, int, Part | None]] = []
        for row in table.rows:
            target = self._unit(self.linked.target(unit, row.rule)) if row.rule is not None else None
            bit = class_bits(self.linked, (row.name or "",)) if target is None else 0
            rows.append((self._truth(row.child, unit, False), bit, target))
        return self._add(Classes(rows))
