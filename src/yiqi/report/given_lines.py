"""What a measure gives, in words: the amount or the day, whether it is sure, the arithmetic, and what is still missing."""

from __future__ import annotations

from dataclasses import dataclass

from yiqi.judge.answer import Answer
from yiqi.judge.given import Gift, end_text
from yiqi.judge.open_amounts import lacks
from yiqi.law.bilingual import Bilingual
from yiqi.law.tree import Slot
from yiqi.law.vocabulary import fiscal_year_of
from yiqi.report.phrases import SEMICOLON, listed

NAMES = {"amount": Bilingual("Amount", "金额"), "date": Bilingual("Day", "日期")}
UNCONFIRMED = Bilingual("to be confirmed: its source was not read", "待确认：来源未见原文")


@dataclass(frozen=True, slots=True)
class GivenLine:
    """An amount or a day as shown. ``steps`` are the lines of the arithmetic with figures filled in."""

    name: Bilingual
    text: Bilingual
    confidence: str
    steps: tuple[Bilingual, ...]
    missing: Bilingual | None


def given_lines(answer: Answer) -> tuple[GivenLine, ...]:
    """What an answer gives; nothing where its conditions fail."""
    return tuple(_line(kind, gift) for kind, gift in answer.gifts.items())


def _line(kind: str, gift: Gift) -> GivenLine:
    tag = gift.rule.confidence
    if not gift.confirmed:
        return GivenLine(NAMES[kind], UNCONFIRMED, tag, (), None)
    text = gift.text
    _, high = gift.range
    notes: list[Bilingual] = []
    if gift.rule.ceiling:
        if high is not None:
            text = _upper(gift)
        notes.append(Bilingual("the authority decides how much", "具体数额由主管部门确定"))
    if gift.held == 1:
        notes.append(Bilingual("if the conditions hold", "以条件满足为前提"))
        if high is not None and kind == "amount":
            text = _upper(gift)
    if notes:
        note = listed(notes, SEMICOLON)
        text = Bilingual(f"{text.en} ({note.en})", f"{text.zh}（{note.zh}）")
    labels = list(dict.fromkeys(_label(gift, slot) for _, slot in lacks(gift.evaluation, gift.key)))
    missing = listed(labels, SEMICOLON) if labels else None
    # The figures of several lines say under which heading they stand.
    several = len({step.title for step in gift.steps}) > 1
    steps = tuple(
        Bilingual(f"{s.title.en}: {s.figures.en}", f"{s.title.zh}：{s.figures.zh}") if several else s.figures
        for s in gift.steps
    )
    return GivenLine(NAMES[kind], text, tag, steps, missing)


def _upper(gift: Gift) -> Bilingual:
    """An amount of which only the most is sure."""
    high = gift.range[1]
    if high is None:
        raise AssertionError("an amount without a bound has no most")
    most = end_text(gift.kind, high)
    return Bilingual(f"up to {most.en}", f"最高{most.zh}") if high else most


def _label(gift: Gift, slot: Slot) -> Bilingual:
    linked = gift.evaluation.linked
    fact = linked.law.vocabulary[slot.fact]
    if fact.per is None:
        return fact.label
    year = fiscal_year_of(linked.on, fact.per, slot.index or 0)
    return Bilingual(f"{fact.label.en}, {year}", f"{year}年{fact.label.zh}")
