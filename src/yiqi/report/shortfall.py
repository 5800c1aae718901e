"""What a condition lacks, in words: by how much it was missed, which values nobody gave, why a ratio has no value."""

from __future__ import annotations

from fractions import Fraction

from yiqi.judge.figures import year_of
from yiqi.judge.frame import is_flag
from yiqi.judge.gap import Gap
from yiqi.judge.reasons import Reason, leaves_of
from yiqi.law.bilingual import Bilingual
from yiqi.law.quantities import RATIO_SCALE, decimal_text, quantity_text
from yiqi.law.syntax import Junction, Unless
from yiqi.law.syntax import Years as YearsOf
from yiqi.law.tree import Compare, PointsTest, Slot
from yiqi.report.phrases import (
    COMMA,
    SEMICOLON,
    inside,
    listed,
    points_text,
)
from yiqi.report.row import Score


def slot_label(reason: Reason, slot: Slot) -> Bilingual:
    """A value by its label, with the year it is asked for."""
    vocabulary = reason.run.compiled.linked.law.vocabulary
    label = vocabulary[slot.fact].label
    year = year_of(slot, vocabulary, reason.run.on)
    return label if year is None else Bilingual(f"{label.en}, {year}", f"{year}年{label.zh}")


def gap_text(reason: Reason) -> Bilingual | None:
    """``short by 200万元 (main-business revenue, 2025)``, for each comparison of a line that failed."""
    outline = reason.outline
    if outline.threshold is not None:
        return _points_short(reason)
    texts = [text for g in reason.gaps if (text := gap_words(reason, g)) is not None]
    if not texts:
        return None
    source = outline.node.source if outline.node is not None else None
    while isinstance(source, Unless):
        source = source.operand
    either = isinstance(source, (Junction, YearsOf)) and source.kind == "any"
    return listed(texts, Bilingual("; or ", "；或") if either else SEMICOLON)


def gap_words(reason: Reason, found: Gap) -> Bilingual | None:
    """One gap with its amount and the value that would have to change; None for a fact that is no number."""
    fact = reason.run.compiled.linked.law.vocabulary.get(found.slot.fact)
    if fact is None or fact.kind is None:
        return None
    size = abs(found.change)
    if fact.kind == "ratio":
        points = decimal_text(_percent(size))
        amount = Bilingual(f"{points} percentage point{'' if points == '1' else 's'}", f"{points}个百分点")
    else:
        amount = Bilingual(
            quantity_text(size, fact.kind, "en", fact.unit), quantity_text(size, fact.kind, "zh", fact.unit)
        )
    label = slot_label(reason, found.slot)
    if found.change > 0:
        return Bilingual(f"short by {amount.en} ({inside(label.en)})", f"{label.zh}还差{amount.zh}")
    return Bilingual(f"over by {amount.en} ({inside(label.en)})", f"{label.zh}超出{amount.zh}")


def _percent(size: int) -> Fraction:
    return Fraction(size * 100, RATIO_SCALE)


def _points_short(reason: Reason) -> Bilingual | None:
    """How many points a score lacks for its pass mark."""
    node, score = reason.outline.node, tested_score(reason)
    if reason.value != 0 or score is None or score.pass_mark is None or node is None:
        return None
    test = node.child
    if not isinstance(test, PointsTest) or test.comparator not in (">=", ">"):
        return None
    least, most = score.pass_mark - score.high, score.pass_mark - score.low
    if most == 0 and test.comparator == ">":
        text = points_text(score.pass_mark)
        return Bilingual(f"must be above {text} points", f"须高于{text}分")
    if least == most:
        text = points_text(least)
        return Bilingual(f"short by {text} point{'' if text == '1' else 's'}", f"还差{text}分")
    return Bilingual(
        f"short by {points_text(least)} to {points_text(most)} points",
        f"还差{points_text(least)}至{points_text(most)}分",
    )


def missing_slots(reason: Reason) -> list[Slot]:
    """The values a condition lacks itself."""
    vocabulary = reason.run.compiled.linked.law.vocabulary
    evaluation = reason.run.evaluation
    return [
        slot
        for slot in reason.slots()
        if slot.fact in vocabulary
        and ((value := evaluation.value(slot)) is None or (value == 1 and is_flag(slot, vocabulary)))
    ]


def missing_text(reason: Reason) -> Bilingual | None:
    labels = list(dict.fromkeys(slot_label(reason, slot) for slot in missing_slots(reason)))
    # A line about one value names what is missing already.
    if not labels or all(label.zh in reason.outline.text.zh for label in labels):
        return None
    return listed([Bilingual(f"“{t.en}”" if len(labels) > 1 and "," in t.en else t.en, t.zh) for t in labels], COMMA)


def undefined_text(reason: Reason) -> Bilingual | None:
    """Why a ratio or a growth rate has no value: which base is zero or less."""
    if not reason.undefined:
        return None
    evaluation = reason.run.evaluation
    vocabulary = reason.run.compiled.linked.law.vocabulary
    leaves = list(reason.outline.leaves)
    if reason.outline.table is not None:
        leaves += [leaf for row in reason.outline.table.rows for leaf in leaves_of(row.child)]
    bases: dict[Slot, Bilingual] = {}
    for leaf in leaves:
        if not isinstance(leaf, Compare):
            continue
        for guard in leaf.guards:
            value = evaluation.polynomial(guard)
            if value is None or value > 0:
                continue
            for monomial, _ in guard:
                for slot in monomial:
                    fact, held = vocabulary[slot.fact], evaluation.value(slot)
                    if fact.kind is not None and held is not None:
                        label = slot_label(reason, slot)
                        bases[slot] = Bilingual(
                            f"{inside(label.en)} is {quantity_text(held, fact.kind, 'en', fact.unit)}",
                            f"{label.zh}为{quantity_text(held, fact.kind, 'zh', fact.unit)}",
                        )
    which = listed(list(bases.values()), SEMICOLON)
    return Bilingual(f"no value, the base is zero or less ({which.en})", f"没有数值，基数为零或负（{which.zh}）")


def score_of(reason: Reason) -> Score:
    low, high = reason.points or (0, 0)
    return Score(low, high, reason.outline.maximum or 0)


def tested_score(reason: Reason) -> Score | None:
    """The points that a line compares with its pass mark."""
    parts = [child for child in reason.children if child.points is not None]
    # A pass mark that a local file replaces hangs beside the score as a rule of conditions.
    scores = [score_of(part) for part in parts]
    if not scores:
        return None
    return Score(
        sum(s.low for s in scores),
        sum(s.high for s in scores),
        sum(s.maximum for s in scores),
        reason.outline.threshold,
    )
