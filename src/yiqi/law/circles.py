"""No rule leads back to itself, nor through more rules than those who read the tree can follow.

The language has no recursion; this is where that is seen to. A rule that breaks it loses its body, so that whoever reads
the tree in spite of the error cannot run in circles.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from yiqi.law.bilingual import Bilingual
from yiqi.law.tree import (
    Body,
    Ceiling,
    Condition,
    Gathered,
    PointsTest,
    Reckoned,
    Rule,
    RuleTest,
    ScoreRule,
    Table,
    amount_children,
    reference,
    rules_of,
    score_children,
    truth_children,
)

MAXIMUM_LEVELS = 150
"""Conditions within conditions, through all the rules that one rule leads through; ours have two dozen."""


@dataclass(frozen=True, slots=True)
class Circle:
    """What is wrong with one rule."""

    rule: str
    code: str
    message: Bilingual
    remedy: Bilingual | None = None


def cut_circles(rules: dict[str, Rule]) -> list[Circle]:
    """Every circle and every chain that is too long, by the rule where it closes; there ``rules`` are cut."""
    return _Search(rules).run()


class _Search:
    def __init__(self, rules: dict[str, Rule]) -> None:
        self.rules = rules
        self.found: list[Circle] = []
        self.replacements: dict[str, list[str]] = {}
        for rule in rules.values():
            if rule.replaces is not None:
                self.replacements.setdefault(rule.replaces, []).append(rule.id)
        self.levels: dict[str, int] = {}

    def run(self) -> list[Circle]:
        for start in list(self.rules):
            # Own stack instead of recursion: a file may hold thousands of rules in one line.
            trail: dict[str, Iterator[str]] = {}
            self._enter(start, trail)
            while trail:
                current = next(reversed(trail))
                target = next(trail[current], None)
                if target is None:
                    del trail[current]
                    self._leave(current)
                elif target in trail:
                    names = list(trail)
                    self._circle([*names[names.index(target) :], target])
                else:
                    self._enter(target, trail)
        return self.found

    def _enter(self, rule_id: str, trail: dict[str, Iterator[str]]) -> None:
        if rule_id in self.rules and rule_id not in self.levels:
            trail[rule_id] = iter(self._targets(rule_id))

    def _targets(self, rule_id: str) -> list[str]:
        """The rules on which a rule depends, those that may replace it among them."""
        body = self.rules[rule_id].body
        found = list(self.replacements.get(rule_id, ()))
        found.extend(self.rules[rule_id].gives)
        found.extend(
            reference(target)
            for target in (rules_of(body) if body is not None else ())
            if not (isinstance(target, (RuleTest, ScoreRule)) and target.original)
        )
        return list(dict.fromkeys(found))

    def _leave(self, rule_id: str) -> None:
        body = self.rules[rule_id].body
        below = max((self.levels.get(t, 0) for t in self._targets(rule_id)), default=0)
        self.levels[rule_id] = below + (levels_of(body) if body is not None else 1)
        if self.levels[rule_id] > MAXIMUM_LEVELS:
            self.found.append(
                Circle(
                    rule_id,
                    "too-deep",
                    Bilingual(
                        f"this rule leads through more than {MAXIMUM_LEVELS} levels of rules and conditions",
                        f"该规则引用的规则和条件超过{MAXIMUM_LEVELS}层",
                    ),
                )
            )
            self._cut(rule_id)
            self.levels[rule_id] = 0

    def _circle(self, loop: list[str]) -> None:
        shown = loop if len(loop) <= 8 else [*loop[:4], "…", *loop[-3:]]
        text = " → ".join(shown)
        self.found.append(
            Circle(
                loop[-1],
                "cycle",
                Bilingual(f"rules refer to each other: {text}", f"规则循环引用：{text}"),
                Bilingual(
                    "inside a replacement, `original` names the rule it replaces", "替换规则内可用`original`指原规则"
                ),
            )
        )
        for rule_id in loop[:-1]:
            self._cut(rule_id)

    def _cut(self, rule_id: str) -> None:
        self.rules[rule_id] = replace(self.rules[rule_id], body=None, replaces=None)
        for other in self.replacements.get(rule_id, ()):
            self.rules[other] = replace(self.rules[other], replaces=None)


def levels_of(node: Body) -> int:
    """How deep conditions stand within conditions in one body."""
    return 1 + max((levels_of(part) for part in _parts(node)), default=0)


def _parts(node: Body) -> tuple[Body, ...]:
    if isinstance(node, Table):
        return tuple(row.child for row in node.rows)
    if isinstance(node, PointsTest):
        return (node.score,)
    if isinstance(node, (Gathered, Ceiling)):
        return amount_children(node)
    if isinstance(node, Reckoned):
        return ()  # brackets of a line are limited where it is read
    if isinstance(node, Condition):
        return (node.child,)
    return (*score_children(node), *truth_children(node))  # type: ignore[arg-type]
