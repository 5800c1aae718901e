"""One answered line of a ledger in words: why payment was due on its day, how its interest comes about, what else holds."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from yiqi.arrears.assessment import LineAnswer
from yiqi.arrears.findings import DueDay
from yiqi.clock.wording import day_text, full_text
from yiqi.clock.workdays import Calendar
from yiqi.judge.answer import Answer
from yiqi.law.bilingual import Bilingual
from yiqi.law.vocabulary import Vocabulary
from yiqi.report.phrases import COMMA, listed

NOTHING = Bilingual("—", "—")


def exact_yuan(fen: int | None) -> str:
    """Fen as a claim states them: ``1,234,567.80``; a dash where the amount is not settled."""
    if fen is None:
        return "—"
    sign = "-" if fen < 0 else ""
    return f"{sign}{abs(fen) // 100:,}.{abs(fen) % 100:02d}"


def range_yuan(low: int | None, high: int | None) -> Bilingual:
    """An amount, or the least and the greatest."""
    if low is None and high is None:
        return NOTHING
    if low == high:
        text = exact_yuan(low)
        return Bilingual(text, text)
    return Bilingual(f"{exact_yuan(low)} to {exact_yuan(high)}", f"{exact_yuan(low)}至{exact_yuan(high)}")


def due_steps(due: DueDay, calendar: Calendar) -> Iterator[Bilingual]:
    """How the day of payment comes about: what the law counts, and how it moved off rest days."""
    if due.gift is None:
        yield Bilingual("as the ledger gives it", "按台账填写")
        return
    for step in due.gift.steps:
        yield Bilingual(f"{step.title.en}: {step.figures.en}", f"{step.title.zh}：{step.figures.zh}")
    if due.moved.latest == due.counted:
        return
    day = calendar.day(due.counted)
    reason = day.name
    if due.moved.certain:
        moved = full_text(due.moved.earliest)
        yield Bilingual(
            f"{full_text(due.counted).en} is no working day ({reason.en}); payment may be made on {moved.en} "
            "(Civil Code art. 203)",
            f"{full_text(due.counted).zh}为休息日（{reason.zh}），顺延至{moved.zh}（《民法典》第二百零三条）",
        )
    else:
        yield Bilingual(
            f"the holidays of these days are not announced yet: {day_text(due.moved.earliest).en} at the earliest, "
            f"{day_text(due.moved.latest).en} at the latest",
            f"相应节假日安排尚未公布，最早{day_text(due.moved.earliest).zh}，最晚{day_text(due.moved.latest).zh}",
        )


def rate_classes(answer: LineAnswer) -> Bilingual | None:
    """The rule on the rate, by its heading, with the article."""
    rule = answer.rate.rule if answer.rate is not None else None
    return (
        None if rule is None else Bilingual(f"{rule.title.en} ({rule.cite.en})", f"{rule.title.zh}（{rule.cite.zh}）")
    )


def fact_names(facts: tuple[str, ...], vocabulary: Vocabulary) -> Bilingual:
    """Facts by their labels."""
    labels = [vocabulary[f].label if f in vocabulary else Bilingual(f, f) for f in facts]
    return listed(labels, COMMA) if labels else NOTHING


def limitation_text(answer: Answer | None) -> Bilingual | None:
    """Until when the claim can be brought before a court."""
    if answer is None or answer.date is None:
        return None
    low, high = answer.date.range
    if low is None and high is None:
        return None
    if low == high and low is not None:
        return day_text(dt.date.fromordinal(low))
    return answer.date.text
