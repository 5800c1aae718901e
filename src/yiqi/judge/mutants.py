"""Every small wrong change of a rule: a threshold one unit off, a comparator turned, a line dropped.

A case that passes both on the rule and on the changed rule does not see the difference. Where no case does, the law file
promises something that nobody would notice to be broken. Changes are made on the typed tree, so each is a rule that
could have been written.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any as Whatever

from yiqi.judge.mutant_amounts import ceiling_changes, gathered_changes, line_changes
from yiqi.judge.mutant_comparisons import COMPARATORS, Change, Kind, compare_changes, earlier, same
from yiqi.law.bilingual import Bilingual
from yiqi.law.quantities import POINTS_SCALE, decimal_text
from yiqi.law.syntax import (
    Expression,
    Junction,
    Negation,
    Otherwise,
    Span,
    Unless,
    Years,
)
from yiqi.law.tree import (
    All,
    Among,
    Any,
    AtLeast,
    Best,
    Ceiling,
    ClassReadings,
    ClassTest,
    Coded,
    Compare,
    Condition,
    Contains,
    Excused,
    Flag,
    Gathered,
    Invert,
    PointsTest,
    Readings,
    Reckoned,
    Row,
    Rule,
    RuleTest,
    ScoreFact,
    ScoreReadings,
    ScoreRule,
    Table,
    Total,
)
from yiqi.law.vocabulary import Vocabulary

POINT = POINTS_SCALE
"""The smallest change of points in a score table or pass mark: one point."""


@dataclass(frozen=True, slots=True)
class Mutant:
    """A rule with one change. ``body`` replaces the body of ``rule``; ``what`` says what was changed, ``at`` in which
    condition, row or heading."""

    rule: Rule
    at: str
    kind: Kind
    what: Bilingual
    span: Span
    body: Whatever

    @property
    def id(self) -> str:
        """``miit-2026-2#little_giant.scale/1: 5000万元 → 5000.000001万元``: stable as long as the line is."""
        return f"{self.at}: {self.what.en}"


def mutants(rule: Rule, vocabulary: Vocabulary) -> Iterator[Mutant]:
    """Every mutant of a rule, in the order of its lines."""
    if rule.body is None:
        return
    for change in _Writer(vocabulary).body(rule.body):
        yield Mutant(rule, change.at or rule.id, change.kind, change.what, change.span or rule.span, change.node)


class _Writer:
    """Makes the changes of one body; each is the whole body again with one place changed."""

    def __init__(self, vocabulary: Vocabulary, *, within_years: bool = False) -> None:
        self.vocabulary = vocabulary
        self.within_years = within_years
        """In ``… in each of n years`` the year of each fact is given by ``n``, not by the line."""

    def body(self, node: Whatever, source: Expression | None = None) -> Iterator[Change]:
        match node:
            case Condition():
                yield from self.condition(node)
            case All() | Any() | AtLeast() | Readings():
                yield from self.group(node, source)
            case Invert(child):
                yield Change("not", Bilingual("`not` dropped", "去掉“非”"), child)
                inner = source.operand if isinstance(source, Negation) else source
                yield from _wrapped(self.body(child, inner), Invert)
            case Excused(child, exception):
                yield Change("line", Bilingual("`unless` dropped", "去掉“除非”"), child)
                yield Change(
                    "line", Bilingual("only what stands after `unless` kept", "只保留“除非”之后的条件"), exception
                )
                first, second = (source.operand, source.exception) if isinstance(source, Unless) else (None, None)
                yield from _wrapped(self.body(child, first), lambda c: replace(node, child=c))
                yield from _wrapped(self.body(exception, second), lambda c: replace(node, exception=c))
            case Table():
                yield from self.table(node)
            case Total() | Best() | ScoreReadings():
                yield from self.scores(node)
            case Reckoned():
                yield from line_changes(node)
            case Gathered(children=children):
                yield from gathered_changes(node)
                for k, child in enumerate(children):
                    yield from _wrapped(self.body(child), _in_place(node, k))
            case Ceiling(child):
                yield from ceiling_changes(node)
                yield from _wrapped(self.body(child), Ceiling)
            case ClassReadings(rules):
                for k, rule in enumerate(rules if len(rules) > 1 else ()):
                    what = Bilingual(f"reading {rule} dropped", f"去掉解读{rule}")
                    yield Change("line", what, ClassReadings(rules[:k] + rules[k + 1 :]))
            case _:
                yield from self.leaf(node)

    # -- lines and groups ---------------------------------------------------------------------------------------------

    def condition(self, node: Condition) -> Iterator[Change]:
        if node.confidence == "C":
            what = Bilingual("the tag [C] dropped, so that the line decides", "去掉[C]，使该行参与判断")
            yield Change("line", what, replace(node, confidence="B"), node.id, node.span)
        for change in self.body(node.child, node.source):
            yield replace(
                change, node=replace(node, child=change.node), at=change.at or node.id, span=change.span or node.span
            )

    def group(self, node: All | Any | AtLeast | Readings, source: Expression | None) -> Iterator[Change]:
        children = node.children
        if isinstance(source, Years):
            yield from self.years(node, source)
            return
        if len(children) > 1 and isinstance(node, All | Any):
            yield _swapped(node)
        if isinstance(node, AtLeast):
            for count in (node.count - 1, node.count + 1):
                if 0 < count <= len(children):
                    what = Bilingual(f"at least {node.count} → at least {count}", f"至少{node.count}项 → 至少{count}项")
                    yield Change("threshold", what, replace(node, count=count))
        for k, child in enumerate(children):
            if len(children) > 1 or isinstance(node, All | Any):
                yield self.dropped(node, k, child)
        sources: Sequence[Expression | None] = (
            source.operands
            if isinstance(source, Junction) and len(source.operands) == len(children)
            else [None] * len(children)
        )
        for k, child in enumerate(children):
            yield from _wrapped(self.body(child, sources[k]), _in_place(node, k))

    def dropped(self, node: All | Any | AtLeast | Readings, k: int, child: Whatever) -> Change:
        left = node.children[:k] + node.children[k + 1 :]
        smaller: Whatever = replace(node, children=left)
        if isinstance(node, AtLeast):
            smaller = replace(node, count=min(node.count, len(left)), children=left)
        if isinstance(node, Readings):
            smaller = replace(node, names=node.names[:k] + node.names[k + 1 :], children=left)
        if isinstance(child, Condition):
            return Change("line", Bilingual("line dropped", "去掉该行"), smaller, child.id, child.span)
        if isinstance(child, RuleTest):
            return Change("line", Bilingual(f"{child.rule} dropped", f"去掉{child.rule}"), smaller)
        return Change("line", Bilingual(f"part {k + 1} of the line dropped", f"去掉该行第{k + 1}部分"), smaller)

    def years(self, node: All | Any | AtLeast | Readings, source: Years) -> Iterator[Change]:
        """The same condition of several years: one year more or less, and every change made in all of them alike."""
        if isinstance(node, All | Any):
            yield _swapped(node)
        children = node.children
        for count, nodes in (
            (source.years - 1, children[:-1]),
            (source.years + 1, (*children, earlier(children[-1], self.vocabulary))),
        ):
            if count:
                what = Bilingual(f"{source.years} years → {count} years", f"{source.years}年 → {count}年")
                yield Change("threshold", what, replace(node, children=nodes))
        inside = _Writer(self.vocabulary, within_years=True)
        for alike in zip(*(list(inside.body(c, source.operand)) for c in children), strict=True):
            yield replace(alike[0], node=replace(node, children=tuple(c.node for c in alike)))

    # -- single conditions --------------------------------------------------------------------------------------------

    def leaf(self, node: Whatever) -> Iterator[Change]:
        match node:
            case Compare():
                yield from compare_changes(node, self.vocabulary, within_years=self.within_years)
            case PointsTest(score, comparator, threshold):
                for step in (-POINT, POINT):
                    yield Change(
                        "threshold", _points(threshold, threshold + step), replace(node, threshold=threshold + step)
                    )
                for other in COMPARATORS[comparator]:
                    yield Change("comparator", same(f"{comparator} → {other}"), replace(node, comparator=other))
                yield from _wrapped(self.body(score), lambda c: replace(node, score=c))
            case Among(_, values, negated) | ClassTest(_, values, negated):
                field = "values" if isinstance(node, Among) else "names"
                yield Change("not", Bilingual("is ↔ is not", "“是”与“不是”互换"), replace(node, negated=not negated))
                for k, value in enumerate(values if len(values) > 1 else ()):
                    left: Whatever = {field: values[:k] + values[k + 1 :]}
                    yield Change("value", Bilingual(f"{value} dropped", f"去掉{value}"), replace(node, **left))
            case Coded(_, prefixes, exceptions):
                for k, code in enumerate(prefixes if len(prefixes) > 1 else ()):
                    what = Bilingual(f"code {code} dropped", f"去掉代码{code}")
                    yield Change("value", what, replace(node, prefixes=prefixes[:k] + prefixes[k + 1 :]))
                for k, code in enumerate(exceptions):
                    what = Bilingual(f"except {code} dropped", f"去掉例外{code}")
                    yield Change("value", what, replace(node, exceptions=exceptions[:k] + exceptions[k + 1 :]))
            case Flag() | Contains() | RuleTest() | ScoreRule() | ScoreFact():
                return
            case _:
                raise TypeError(f"no mutants for {type(node).__name__}")

    # -- tables and scores --------------------------------------------------------------------------------------------

    def table(self, node: Table) -> Iterator[Change]:
        if node.mode == "each" and node.maximum is not None:
            yield from _maxima(node, node.maximum)
        names = list(dict.fromkeys(row.name for row in node.rows if row.name is not None))
        rules = list(dict.fromkeys(row.rule for row in node.rows if row.rule is not None))
        for k, row in enumerate(node.rows):
            for change in (*self.row_result(row, names, rules), *self.row_cells(row)):
                rows = (*node.rows[:k], change.node, *node.rows[k + 1 :])
                yield replace(change, node=replace(node, rows=rows), at=row.id, span=row.span)
            if not row.otherwise:
                smaller = replace(node, rows=node.rows[:k] + node.rows[k + 1 :])
                yield Change("line", Bilingual("row dropped", "去掉该行"), smaller, row.id, row.span)

    def row_result(self, row: Row, names: list[str], rules: list[str]) -> Iterator[Change]:
        if row.reckoned is not None:
            yield from _wrapped(line_changes(row.reckoned), lambda line: replace(row, reckoned=line))
        if row.points is not None:
            for step in (-POINT, POINT):
                yield Change(
                    "threshold", _points(row.points, row.points + step), replace(row, points=row.points + step)
                )
        if row.name is not None and len(names) > 1:
            other = names[(names.index(row.name) + 1) % len(names)]
            yield Change("result", same(f"{row.name} → {other}"), replace(row, name=other))
        if row.rule is not None and len(rules) > 1:
            other = rules[(rules.index(row.rule) + 1) % len(rules)]
            yield Change("result", same(f"{row.rule} → {other}"), replace(row, rule=other))

    def row_cells(self, row: Row) -> Iterator[Change]:
        written = [e for e, _ in row.cells if e is not None and not isinstance(e, Otherwise)]
        if row.otherwise:
            return
        if len(written) == 1:
            yield from _wrapped(self.body(row.child, written[0]), lambda c: replace(row, child=c))
            return
        cells = row.child
        if not isinstance(cells, All):
            raise TypeError("a row of several cells holds when all of them do")
        yield from _wrapped(iter((_swapped(cells),)), lambda c: replace(row, child=c))
        for k, cell in enumerate(cells.children):
            yield from _wrapped(iter((self.dropped(cells, k, cell),)), lambda c: replace(row, child=c))
            inside = _wrapped(self.body(cell, written[k]), _in_place(cells, k))
            yield from _wrapped(inside, lambda c: replace(row, child=c))

    def scores(self, node: Total | Best | ScoreReadings) -> Iterator[Change]:
        if isinstance(node, Total) and node.maximum is not None:
            yield from _maxima(node, node.maximum)
        if len(node.children) > 1:
            if isinstance(node, Best):
                yield Change("combination", Bilingual("best → sum", "取最高 → 合计"), Total(node.children, None))
            for k, child in enumerate(node.children):
                name = child.rule if isinstance(child, ScoreRule) else f"part {k + 1}"
                smaller = replace(node, children=node.children[:k] + node.children[k + 1 :])
                yield Change("line", Bilingual(f"{name} dropped", f"去掉{name}"), smaller)
        for k, child in enumerate(node.children):
            yield from _wrapped(self.body(child), _in_place(node, k))


# -- pieces -----------------------------------------------------------------------------------------------------------


def _wrapped(changes: Iterator[Change], around: Callable[[Whatever], Whatever]) -> Iterator[Change]:
    for change in changes:
        yield replace(change, node=around(change.node))


def _in_place(node: Whatever, k: int) -> Callable[[Whatever], Whatever]:
    return lambda child: replace(node, children=(*node.children[:k], child, *node.children[k + 1 :]))


def _swapped(node: All | Any) -> Change:
    if isinstance(node, All):
        return Change("combination", Bilingual("all → any", "同时满足 → 满足任一"), Any(node.children))
    return Change("combination", Bilingual("any → all", "满足任一 → 同时满足"), All(node.children))


def _points(was: int, now: int) -> Bilingual:
    a, b = decimal_text(Fraction(was, POINTS_SCALE)), decimal_text(Fraction(now, POINTS_SCALE))
    return Bilingual(f"{a} points → {b}", f"{a}分 → {b}分")


def _maxima(node: Whatever, maximum: int) -> Iterator[Change]:
    for step in (-POINT, POINT):
        text = _points(maximum, maximum + step)
        what = Bilingual(f"at most {text.en}", f"最多{text.zh}")
        yield Change("threshold", what, replace(node, maximum=maximum + step))
