"""The law there is, and every single condition in it with its place."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

from yiqi.judge.compile import Compiled, compile_rules
from yiqi.judge.link import Linked, link
from yiqi.law.library import load
from yiqi.law.syntax import Span
from yiqi.law.tree import (
    Among,
    Best,
    Body,
    Ceiling,
    ClassReadings,
    ClassTest,
    Coded,
    Compare,
    Condition,
    Contains,
    Flag,
    Gathered,
    Law,
    PointsTest,
    Reckoned,
    Rule,
    RuleTest,
    ScoreFact,
    ScoreReadings,
    ScoreRule,
    Slot,
    Table,
    Total,
    amount_children,
    slots_of,
    truth_children,
)

Leaf = Compare | Flag | Among | Contains | Coded | PointsTest | ClassTest | RuleTest


@lru_cache(maxsize=1)
def law() -> Law:
    """The project's law. A law file with an error fails every proof with its message."""
    return load()


def rules() -> list[Rule]:
    """Every rule that decides something."""
    return [
        rule for instrument in law().instruments.values() for rule in instrument.rules.values() if rule.body is not None
    ]


def place(rule: Rule, span: Span | None) -> str:
    """``ladder/miit-2026-2.md:87`` for a message."""
    return f"{law().instruments[rule.instrument].file}:{(span or rule.span).line}"


@dataclass(frozen=True)
class Found:
    """A single condition in a rule's own body; ``span`` is its line."""

    rule: Rule
    leaf: Leaf
    span: Span

    def __str__(self) -> str:
        return f"{place(self.rule, self.span)} ({self.rule.id})"


def leaves(rule: Rule) -> Iterator[Found]:
    """Every single condition of a rule, in the order written: in its lines, in its tables, under its scores."""
    if rule.body is not None:
        for leaf, span in _leaves(rule.body, rule.span):
            yield Found(rule, leaf, span)


def _leaves(node: Body, span: Span) -> Iterator[tuple[Leaf, Span]]:
    match node:
        case Compare() | Flag() | Among() | Contains() | Coded() | ClassTest() | RuleTest():
            yield node, span
        case PointsTest(score):
            yield node, span
            yield from _leaves(score, span)
        case Condition(child=child):
            yield from _leaves(child, node.span)
        case Table(rows=rows):
            for row in rows:
                yield from _leaves(row.child, row.span)
        case _:
            for child in children(node):
                yield from _leaves(child, span)


def children(node: Body) -> tuple[Body, ...]:
    """What stands directly in a node: conditions or scores, not those of other rules, of rows or of a score's test."""
    if isinstance(node, Total | Best | ScoreReadings):
        return node.children
    if isinstance(node, Gathered | Ceiling):
        return amount_children(node)
    if isinstance(node, Table | ScoreRule | ScoreFact | ClassReadings | Reckoned):
        return ()
    return truth_children(node)


def tables(rule: Rule) -> Iterator[Table]:
    """The tables that stand under a rule's heading."""
    stack: list[Body] = [rule.body] if rule.body is not None else []
    while stack:
        node = stack.pop()
        if isinstance(node, Table):
            yield node
        stack.extend(children(node))


def alone(node: Body, on: dt.date) -> Linked:
    """A linked set that holds nothing but the slots of one node: to ask the judge about that node only."""
    slots = tuple(dict.fromkeys(slots_of(node)))
    return Linked(law(), on, (), {}, slots, {s: i for i, s in enumerate(slots)}, ())


def day_of(rule: Rule) -> dt.date:
    """A day on which a rule's file is in force: the first of May after its start, or its last day."""
    instrument = law().instruments[rule.instrument]
    first = instrument.in_force
    on = dt.date(first.year + (first > dt.date(first.year, 5, 1)), 5, 1)
    return min(on, instrument.until) if instrument.until is not None else on


@cache
def linked(rule_id: str, on: dt.date) -> Linked:
    """The rule with all it refers to, as it counts on a day."""
    return link(law(), (rule_id,), on)


@cache
def compiled(rule_id: str, on: dt.date) -> Compiled:
    return compile_rules(linked(rule_id, on))


__all__ = [
    "Found",
    "Leaf",
    "Slot",
    "alone",
    "compiled",
    "day_of",
    "law",
    "leaves",
    "linked",
    "place",
    "rules",
    "tables",
]
