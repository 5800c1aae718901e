"""Comparisons that can never fail, or never hold, whatever an enterprise is: the fact's hard bounds decide them.

``market_share <= 100%`` says nothing where no share can be above 100%; a pass mark above the highest score lets nobody
pass. Both are slips of the pen, and no case would show them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

from yiqi.law.bilingual import Bilingual
from yiqi.law.diagnostics import Diagnostic
from yiqi.law.document import SourceText
from yiqi.law.implication import all_values
from yiqi.law.quantities import POINTS_SCALE, decimal_text
from yiqi.law.syntax import Span
from yiqi.law.tree import (
    Among,
    Best,
    Body,
    Ceiling,
    Compare,
    Gathered,
    Law,
    PointsTest,
    Polynomial,
    Reckoned,
    Rule,
    ScoreFact,
    ScoreNode,
    ScoreReadings,
    ScoreRule,
    Slot,
    Table,
    Total,
    TruthNode,
    amount_children,
    truth_children,
)
from yiqi.law.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class Interval:
    """The numbers from ``low`` to ``high``, both included; None is without end."""

    low: Fraction | None
    high: Fraction | None

    def __add__(self, other: Interval) -> Interval:
        def add(a: Fraction | None, b: Fraction | None) -> Fraction | None:
            return None if a is None or b is None else a + b

        return Interval(add(self.low, other.low), add(self.high, other.high))

    def times(self, factor: int) -> Interval:
        def multiply(a: Fraction | None) -> Fraction | None:
            return None if a is None else a * factor

        low, high = multiply(self.low), multiply(self.high)
        return Interval(low, high) if factor >= 0 else Interval(high, low)

    def always(self, operator: str) -> bool:
        """Whether every number of the interval is ``operator`` zero."""
        if operator == "=":
            return self.low == self.high == 0
        return self.low is not None and (self.low > 0 or (self.low == 0 and operator == ">="))

    def never(self, operator: str) -> bool:
        """Whether no number of the interval is ``operator`` zero."""
        below = self.high is not None and (self.high < 0 or (self.high == 0 and operator == ">"))
        return below or (operator == "=" and self.low is not None and self.low > 0)


EVERYTHING = Interval(None, None)


def check_bounds(rule: Rule, attainable: Attainable, source: SourceText) -> list[Diagnostic]:
    """The comparisons of one heading that its facts' bounds decide."""
    if rule.body is None:
        return []
    found: list[Diagnostic] = []
    seen: set[Span] = set()
    for node in truths_of(rule.body):
        if not isinstance(node, (Compare, PointsTest, Among)):
            continue
        outcome = _outcome(node, attainable)
        if outcome is not None and node.source.span not in seen:
            seen.add(node.source.span)
            found.append(_finding(outcome, node.source.span, source))
    if (
        rule.maximum is not None
        and rule.value == "points"
        and (highest := _uncapped(rule.body, attainable)) is not None
        and highest < rule.maximum
    ):
        text = decimal_text(highest / POINTS_SCALE)
        found.append(
            source.diagnostic(
                "warning", "maximum-never-reached", rule.span,
                f"`max=` is never reached: the most that can be scored is {text}",
                f"得分不可能达到`max=`：最多得{text}分",
                Bilingual("compare `max=` and the points with the source", "请与原文核对`max=`和各项分值"),
            )
        )  # fmt: skip
    return found


def _uncapped(body: Body, attainable: Attainable) -> Fraction | None:
    """The most points that a heading would give without its own `max=`."""
    if isinstance(body, (Table, Total)):
        return attainable.of(replace(body, maximum=None)).high
    if isinstance(body, (Best, ScoreReadings, ScoreRule, ScoreFact)):
        return attainable.of(body).high
    return None


def truths_of(body: Body) -> Iterator[TruthNode]:
    """Every condition and part of a condition that stands under a heading itself."""
    match body:
        case Table(rows=rows):
            for row in rows:
                yield from truths_of(row.child)
        case Total(children=children) | Best(children=children) | ScoreReadings(children=children):
            for child in children:
                yield from truths_of(child)
        case Gathered() | Ceiling():
            for part in amount_children(body):
                yield from truths_of(part)
        case ScoreRule() | ScoreFact() | Reckoned():
            return
        case _:
            if hasattr(body, "source") or truth_children(body):  # type: ignore[arg-type]
                yield body  # type: ignore[misc]
                for truth in truth_children(body):  # type: ignore[arg-type]
                    yield from truths_of(truth)


def _finding(outcome: bool, span: Span, source: SourceText) -> Diagnostic:
    remedy = Bilingual("compare the threshold with the source, or remove the line", "请与原文核对数值，或删除该行")
    if outcome:
        return source.diagnostic(
            "error", "always-holds", span,
            "this can never fail: every possible value satisfies it",
            "该条件不可能不满足：所有可能的取值都符合",
            remedy,
        )  # fmt: skip
    return source.diagnostic(
        "error", "never-holds", span,
        "this can never hold: no possible value satisfies it", "该条件不可能满足：没有任何可能的取值符合", remedy,
    )  # fmt: skip


def _outcome(node: Compare | PointsTest | Among, attainable: Attainable) -> bool | None:
    """True when the condition always holds (where it is defined), False when never, None when facts decide."""
    match node:
        case Compare(polynomial=polynomial, operator=operator):
            interval = _range(polynomial, attainable.law.vocabulary)
            return True if interval.always(operator) else False if interval.never(operator) else None
        case Among(slot, values, negated):
            members = all_values(slot, attainable.law.vocabulary)
            return None if members is None or members - set(values) else not negated
        case PointsTest(score, comparator, threshold):
            points = attainable.of(score)
            sign = -1 if comparator[0] == "<" else 1
            interval = (points + Interval(Fraction(-threshold), Fraction(-threshold))).times(sign)
            upward = comparator.replace("<", ">")
            return True if interval.always(upward) else False if interval.never(upward) else None


def _range(polynomial: Polynomial, vocabulary: Vocabulary) -> Interval:
    total = Interval(Fraction(0), Fraction(0))
    for monomial, coefficient in polynomial:
        if len(monomial) > 1:
            return EVERYTHING
        part = _slot_range(monomial[0], vocabulary) if monomial else Interval(Fraction(1), Fraction(1))
        total += part.times(coefficient)
    return total


def _slot_range(slot: Slot, vocabulary: Vocabulary) -> Interval:
    fact = vocabulary.get(slot.fact)
    if fact is None:
        return EVERYTHING
    if fact.members:
        return Interval(Fraction(0), Fraction(len(fact.members) - 1))
    return Interval(*(None if bound is None else Fraction(bound) for bound in (fact.minimum, fact.maximum)))


class Attainable:
    """The points that scores can give (in 1/10000), over every replacement of a delegated score."""

    def __init__(self, law: Law) -> None:
        self.law = law
        self.known: dict[str, Interval] = {}

    def of(self, score: ScoreNode) -> Interval:
        """The least and the most points of a score."""
        match score:
            case Table(mode, _, rows, maximum):
                points = [Fraction(row.points or 0) for row in rows] or [Fraction(0)]
                if mode == "first":
                    return _capped(Interval(min(points), max(points)), maximum)
                gains = sum((p for p in points if p > 0), Fraction(0))
                losses = sum((p for p in points if p < 0), Fraction(0))
                return _capped(Interval(losses, gains), maximum)
            case Total(children, maximum):
                total = Interval(Fraction(0), Fraction(0))
                for child in children:
                    total += self.of(child)
                return _capped(total, maximum)
            case Best(children) | ScoreReadings(children):
                return _hull([self.of(child) for child in children])
            case ScoreFact(_, minimum, highest):
                return Interval(Fraction(minimum), Fraction(highest))
            case ScoreRule(rule_id):
                return self._of_rule(rule_id)

    def _of_rule(self, rule_id: str) -> Interval:
        if rule_id not in self.known:
            self.known[rule_id] = EVERYTHING  # should rules refer to each other: that is an error of its own
            parts: list[Interval] = []
            for candidate in (rule_id, *self.law.replacements.get(rule_id, ())):
                body = self.law.rule(candidate).body
                scores = isinstance(body, (Table, Total, Best, ScoreReadings, ScoreRule, ScoreFact))
                parts.append(self.of(body) if scores else EVERYTHING)  # type: ignore[arg-type]
            self.known[rule_id] = _hull(parts)
        return self.known[rule_id]


def _hull(parts: list[Interval]) -> Interval:
    lows = [p.low for p in parts]
    highs = [p.high for p in parts]
    low = None if not lows or None in lows else min(v for v in lows if v is not None)
    high = None if not highs or None in highs else max(v for v in highs if v is not None)
    return Interval(low, high)


def _capped(interval: Interval, maximum: int | None) -> Interval:
    if maximum is None:
        return interval
    cap = Fraction(maximum)
    return Interval(
        interval.low if interval.low is None else min(interval.low, cap),
        cap if interval.high is None else min(interval.high, cap),
    )
