"""What an answer gives: the amount or the date below a measure, with the arithmetic and what it still lacks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from yiqi.judge import ranges
from yiqi.judge.evaluate import Evaluation
from yiqi.judge.figures import slot_text
from yiqi.judge.frame import slot_name
from yiqi.judge.link import Unit
from yiqi.judge.open_amounts import lacks
from yiqi.law.bilingual import Bilingual
from yiqi.law.quantities import amount_text, yuan_text
from yiqi.law.references import rule_named
from yiqi.law.syntax import Name
from yiqi.law.tree import (
    AmountNode,
    Ceiling,
    Gathered,
    Given,
    Reckoned,
    ReckonNode,
    Rule,
    ScoreRule,
    Slot,
    Table,
    named_in,
    reckon_children,
)
from yiqi.law.wording import filled_text, write_page


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the arithmetic: what the law says, and the same with the figures filled in and what comes out."""

    id: str
    title: Bilingual
    text: Bilingual
    figures: Bilingual

    def as_dict(self) -> dict[str, Any]:
        return {"id": self.id, "text": self.text.as_dict(), "figures": self.figures.as_dict()}


class Gift:
    """An amount or a date that a measure gives, as far as its conditions hold (``held``: 2 yes, 1 unknown).

    ``range`` is in fen, or ordinal days; an end is None where there is no bound. What rests on an unconfirmed source
    (``confirmed`` False) has no bound at all.
    """

    def __init__(self, evaluation: Evaluation, key: str, held: int) -> None:
        self.evaluation = evaluation
        self.key = key
        self.held = held
        self.rule: Rule = evaluation.linked.units[key].rule
        self.kind = self.rule.value
        bare: ranges.Range = evaluation.unit(key)
        # A day is given or not, there is none between: only an amount runs from nothing.
        self.range = ranges.given(held, bare) if self.kind == "amount" else bare

    @property
    def confirmed(self) -> bool:
        return self.rule.confidence != "C"

    @property
    def text(self) -> Bilingual:
        """What is given, as a page shows it: ``31,000元 to 48,000元``."""
        return range_text(self.kind, self.range)

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """The lines that count, in the order of the law."""
        return tuple(_Steps(self.evaluation).unit(self.key))

    @cached_property
    def missing(self) -> tuple[str, ...]:
        """Names of the values that can still change it, apart from those that its conditions lack."""
        linked = self.evaluation.linked
        names = (slot_name(slot, linked.law.vocabulary, linked.on) for _, slot in lacks(self.evaluation, self.key))
        return tuple(dict.fromkeys(names))

    def as_dict(self) -> dict[str, Any]:
        low, high = self.range
        ends = {"low": yuan_text, "high": yuan_text} if self.kind == "amount" else {"earliest": _day, "latest": _day}
        result: dict[str, Any] = {
            name: None if end is None else write(end)
            for (name, write), end in zip(ends.items(), (low, high), strict=True)
        }
        if self.kind == "amount":
            result["ceiling"] = self.rule.ceiling
        result |= {
            "rule": self.rule.id,
            "cite": self.rule.cite.as_dict(),
            "confidence": self.rule.confidence,
            "reckoning": [step.as_dict() for step in self.steps],
            "missing": list(self.missing),
        }
        return result


def gifts(evaluation: Evaluation, key: str) -> dict[str, Gift]:
    """What a rule of conditions gives, by kind; nothing where its conditions fail."""
    held: int = evaluation.unit(key)
    rule = evaluation.linked.units[key].rule
    if not held:
        return {}
    found = (Gift(evaluation, given, held) for given in rule.gives)
    return {str(gift.kind): gift for gift in found}


def _day(ordinal: int) -> str:
    return dt.date.fromordinal(ordinal).isoformat()


def end_text(kind: str | None, end: int) -> Bilingual:
    if kind == "date":
        day = dt.date.fromordinal(end)
        return Bilingual(day.isoformat(), f"{day.year}年{day.month}月{day.day}日")
    return Bilingual(amount_text(end), amount_text(end))


def range_text(kind: str | None, value: ranges.Range) -> Bilingual:
    """A range as people read it."""
    low, high = value
    if low is None and high is None:
        return Bilingual("not known yet", "尚不能确定")
    if low is not None and low == high:
        return end_text(kind, low)
    if low is None or high is None:
        end = end_text(kind, low if low is not None else high or 0)
        if kind == "date":
            words = ("on {} or later", "不早于{}") if high is None else ("on {} or earlier", "不晚于{}")
        else:
            words = ("at least {}", "不少于{}") if high is None else ("at most {}", "不多于{}")
        return Bilingual(words[0].format(end.en), words[1].format(end.zh))
    a, b = end_text(kind, low), end_text(kind, high)
    return Bilingual(f"{a.en} to {b.en}", f"{a.zh}至{b.zh}")


class _Steps:
    """Walks what counts of an amount; rows that fail and rows behind one that holds are left out."""

    def __init__(self, evaluation: Evaluation) -> None:
        self.e = evaluation
        self.linked = evaluation.linked
        self.law = evaluation.linked.law

    def unit(self, key: str) -> Iterator[Step]:
        unit = self.linked.units[key]
        if unit.choice:
            for alternative in unit.choice:
                yield from self.unit(alternative.key)
        elif unit.rule.confidence != "C":
            yield from self.amount(unit.amount, unit)

    def amount(self, node: AmountNode, unit: Unit) -> Iterator[Step]:
        match node:
            case Reckoned(child=child):
                for named in dict.fromkeys(self._named(child)):
                    yield from self.unit(self.linked.target(unit, named))
                yield self.step(node, unit)
            case Table(mode, _, rows, _):
                for row in rows:
                    held = self.e.truth(row.child, unit)
                    if held and row.reckoned is not None:
                        yield from self.amount(row.reckoned, unit)
                    if held == 2 and mode == "first":
                        return
            case Gathered(children=children):
                for part in children:
                    yield from self.amount(part, unit)
            case Ceiling(child=part):
                yield from self.amount(part, unit)
            case ScoreRule():
                yield from self.unit(self.linked.target(unit, node))

    @staticmethod
    def _named(node: ReckonNode) -> Iterator[ScoreRule]:
        return (named for named in named_in(node) if isinstance(named, ScoreRule))

    def step(self, node: Reckoned, unit: Unit) -> Step:
        rule, source = unit.rule, node.source

        def title(name: str) -> Bilingual | None:
            found = rule_named(self.law, name, rule)
            return found.title if found is not None else None

        def figure(name: Name) -> Bilingual | None:
            return self.figure(name, node, unit)

        vocabulary = self.law.vocabulary
        text = Bilingual(*(write_page(source, language, vocabulary, title) for language in ("en", "zh")))
        filled = Bilingual(*(filled_text(source, language, vocabulary, title, figure) for language in ("en", "zh")))
        value = self.e.amount(node, unit)
        result = range_text(rule.value, value)
        sign = "=" if self._exact(node, unit) else "≈"
        if value[0] is None or value[0] != value[1]:
            sign = ":"
        if filled == result:
            return Step(node.id, rule.title, text, filled)
        zh_sign = "：" if sign == ":" else f" {sign} "
        return Step(
            node.id, rule.title, text,
            Bilingual(f"{filled.en}{'' if sign == ':' else ' '}{sign} {result.en}", f"{filled.zh}{zh_sign}{result.zh}"),
        )  # fmt: skip

    def _exact(self, node: Reckoned, unit: Unit) -> bool:
        """Whether nothing was rounded."""
        low, high = self.e.reckon(node.child, unit)
        return low is not None and low == high and low % node.scale == 0

    def figure(self, name: Name, node: Reckoned, unit: Unit) -> Bilingual | None:
        """What a name of the line stands for; None while a fact is missing."""
        vocabulary = self.law.vocabulary
        if name.id == "on" or name.id in vocabulary:
            fact = vocabulary.get(name.id)
            slot = Slot(name.id, name.index or 0) if fact is not None and fact.per is not None else Slot(name.id)
            if slot not in self.linked.slot_index:
                # A date that is moved by a fixed span is held moved.
                return self._unmoved(name.id)
            return slot_text(self.e, slot)
        found = rule_named(self.law, name.id, unit.rule)
        if found is None:
            return None
        if found.value == "truth":
            value = next(
                (self.e.reckon(g, unit) for g in _given_in(node.child) if g.test.rule == found.id), ranges.ANYTHING
            )
            return range_text("amount", value)
        reference = ScoreRule(found.id, name.id == "original")
        return range_text(found.value, self.e.amount(reference, unit))

    def _unmoved(self, fact: str) -> Bilingual | None:
        for slot in self.linked.slots:
            if slot.fact == fact and slot.shift_unit == "days" and (moved := self.e.value(slot)) is not None:
                return end_text("date", moved - slot.shift)
        return None


def _given_in(node: ReckonNode) -> Iterator[Given]:
    if isinstance(node, Given):
        yield node
    for child in reckon_children(node):
        yield from _given_in(child)
