"""How far an enterprise is from *yes*: how many lines of the law stand in the way, and which one when it is only one.

A *cost* is a whole number: for each line that fails 1024 plus the line's number, added up where all must hold, the least
where one suffices. From 1024 to 2047 it means one line, and names it. A line that is open stands in nobody's way: it may
still hold.
"""

from __future__ import annotations

from collections.abc import Sequence

from yiqi.judge.link import Unit
from yiqi.law.tree import (
    All,
    AtLeast,
    Condition,
    Excused,
    Invert,
    Readings,
    RuleTest,
    TruthNode,
)
from yiqi.law.tree import Any as AnyOf
from yiqi.screening.planes import Planes, Truth
from yiqi.screening.terms import Term

LINE = 1024
"""The cost of one line, less its number; a program has fewer lines than this."""
FAR = 2 * LINE
"""A cost that is no single line."""
NOT_NEAR = -1


class TooManyLinesError(ValueError):
    """The rules asked for have more lines than a cost can name."""


class Nearness:
    """Costs over the planes of a program. ``lines`` are the ids of conditions by their number in a cost."""

    def __init__(self, planes: Planes) -> None:
        self.planes = planes
        self.terms = planes.terms
        self.lines: list[str] = []
        self._numbers: dict[str, int] = {}
        self._units: dict[tuple[str, bool], Term] = {}

    def near(self, rule: str) -> Term:
        """For a rule of conditions: the number of the one line that keeps an enterprise out, else :data:`NOT_NEAR`."""
        terms = self.terms
        cost = self._unit(rule, True)
        one = terms.all_of(
            [
                terms.compare(cost, ">=", terms.constant(LINE)),
                terms.compare(cost, "<", terms.constant(FAR)),
            ]
        )
        number = terms.within(terms.add([cost, terms.constant(-LINE)]), -LINE, cost.high)
        return terms.choose(one, number, terms.constant(NOT_NEAR))

    def _unit(self, key: str, wanted: bool) -> Term:
        if (key, wanted) not in self._units:
            self._units[key, wanted] = self._unit_cost(self.planes.linked.units[key], wanted)
        return self._units[key, wanted]

    def _unit_cost(self, unit: Unit, wanted: bool) -> Term:
        if not unit.choice:
            return self.cost(unit.truth, unit, wanted)
        parts: list[Term] = []
        for alternative in unit.choice:
            place = self.planes.alternative(alternative)
            cost = self._unit(alternative.key, wanted)
            parts.append(self.terms.choose(place.may, cost, self.terms.constant(FAR)))
        if len(parts) == 1:
            return parts[0]
        # Where the region is known, the first alternative that it opens counts.
        result = parts[-1]
        for alternative, part in reversed(list(zip(unit.choice[:-1], parts[:-1], strict=True))):
            place = self.planes.alternative(alternative)
            either = self.terms.choose(place.may, self.terms.least([part, result]), result)
            result = self.terms.choose(place.sure, part, either)
        return result

    def cost(self, node: TruthNode, unit: Unit, wanted: bool) -> Term:
        """What it takes that a node may hold (``wanted``), or that it may fail."""
        terms = self.terms
        match node:
            case Condition(source=None, child=child):
                return self.cost(child, unit, wanted)
            case Condition(child=RuleTest() as named, confidence=confidence) if confidence != "C":
                # A line that names another rule is as far away as that rule.
                return self.cost(named, unit, wanted)
            case Condition():
                return self._line(node, wanted)
            case RuleTest():
                return self._unit(self.planes.linked.target(unit, node), wanted)
            case Invert(child):
                return self.cost(child, unit, not wanted)
            case All(children) | AnyOf(children):
                costs = [self.cost(c, unit, wanted) for c in children]
                if not costs:
                    return terms.constant(0 if isinstance(node, All) == wanted else FAR)
                return self._sum(costs) if isinstance(node, All) == wanted else terms.least(costs)
            case AtLeast(count, children):
                costs = [self.cost(c, unit, wanted) for c in children]
                return self._at_least(costs, count if wanted else len(children) - count + 1)
            case Excused(child, exception):
                costs = [self.cost(exception, unit, wanted), self.cost(child, unit, wanted)]
                return terms.least(costs) if wanted else self._sum(costs)
            case Readings(_, children):
                return terms.least([self.cost(c, unit, wanted) for c in children])
            case _:
                truth = self.planes.truth(node, unit)
                fails = terms.invert(truth.may) if wanted else truth.sure
                return terms.scaled(FAR, fails)

    def _line(self, node: Condition, wanted: bool) -> Term:
        if node.confidence == "C":
            return self.terms.zero  # shown, decides nothing
        number = self._numbers.setdefault(node.id, len(self._numbers))
        if number == len(self.lines):
            self.lines.append(node.id)
        if number >= LINE:
            raise TooManyLinesError(node.id)
        truth: Truth = self.planes.conditions[node.id]
        fails = self.terms.invert(truth.may) if wanted else truth.sure
        return self.terms.scaled(LINE + number, fails)

    def _sum(self, costs: Sequence[Term]) -> Term:
        # One line that is asked for twice stands in the way once.
        return self.terms.add(list({cost.number: cost for cost in costs}.values()))

    def _at_least(self, costs: Sequence[Term], count: int) -> Term:
        """Enough of the parts may hold: nothing; one is short: the cheapest that fails; more are short: far."""
        terms = self.terms
        free = [terms.compare(cost, "=", terms.zero) for cost in costs]
        held = terms.add(free)
        cheapest = terms.least([terms.choose(f, terms.constant(FAR), c) for f, c in zip(free, costs, strict=True)])
        one_short = terms.compare(held, "=", terms.constant(count - 1))
        enough = terms.compare(held, ">=", terms.constant(count))
        return terms.choose(enough, terms.zero, terms.choose(one_short, cheapest, terms.constant(FAR)))
