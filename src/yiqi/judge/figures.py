"""The figures of an answer as people and programs read them.

Decisions are taken on whole numbers elsewhere; here values are only shown. A shown figure never contradicts its
threshold: where rounding would make 4.9996% look like 5%, more digits are shown.
"""

from __future__ import annotations

import datetime as dt
from decimal import ROUND_HALF_EVEN, Decimal, localcontext
from fractions import Fraction

from yiqi.judge.evaluate import Evaluation, measure_value
from yiqi.judge.frame import NO, PROCEDURES, YES, is_flag
from yiqi.law.bilingual import Bilingual
from yiqi.law.quantities import SCALES, decimal_text, quantity_text, yuan_text
from yiqi.law.tree import Measure, Slot
from yiqi.law.vocabulary import Fact, Vocabulary, fiscal_year_of

PERCENT_PLACES = 2
MOST_PLACES = 12


def measure_text(evaluation: Evaluation, node: Measure, bound: Measure | None = None) -> Bilingual | None:
    """A side of a comparison with its unit, or None while it is not known or undefined."""
    found = measure_value(node, evaluation.polynomial)
    if found is None:
        return None
    value = Fraction(*found)
    limit = None
    if bound is not None and (other := measure_value(bound, evaluation.polynomial)) is not None:
        limit = Fraction(*other)
    if node.kind == "ratio":
        text = _percent(value, node.root, limit)
        return Bilingual(text, text)
    if node.kind == "date":
        day = dt.date.fromordinal(int(value))
        return Bilingual(day.isoformat(), f"{day.year}年{day.month}月{day.day}日")
    if node.kind == "money":
        if value.denominator == 1:
            return Bilingual(quantity_text(int(value), "money", "en"), quantity_text(int(value), "money", "zh"))
        text = decimal_text(value / 10**6, 4) + "万元"
        return Bilingual(f"≈ {text}", f"约{text}")
    text = decimal_text(value, 4)
    units = {"years": (" years", "年"), "days": (" days", "天"), "points": ("", "分")}.get(node.kind, ("", ""))
    return Bilingual(text + units[0], text + units[1])


def _percent(value: Fraction, root: int, limit: Fraction | None) -> str:
    if root == 1:
        exact = decimal_text(value * 100)
        if _terminates(value * 100) and len(exact.partition(".")[2]) <= PERCENT_PLACES:
            return exact + "%"
    for places in range(PERCENT_PLACES, MOST_PLACES + 1):
        shown = _rounded(value, root, places)
        if limit is None or shown != limit * 100 or (root == 1 and value == limit):
            return f"{decimal_text(shown)}%"
        if root > 1 and value == (1 + limit) ** root:
            return f"{decimal_text(shown)}%"
    if limit is None:
        raise AssertionError("without a limit the first rounding is shown")
    side = ">" if (value > limit if root == 1 else value > (1 + limit) ** root) else "<"
    return f"{side}{decimal_text(limit * 100)}%"


def _terminates(value: Fraction) -> bool:
    denominator = value.denominator
    for prime in (2, 5):
        while denominator % prime == 0:
            denominator //= prime
    return denominator == 1


def _rounded(value: Fraction, root: int, places: int) -> Fraction:
    """``value`` (or ``value ** (1/root) - 1``) in percent, rounded to ``places``."""
    with localcontext() as context:
        context.prec = 50
        number = Decimal(value.numerator) / Decimal(value.denominator)
        if root > 1:
            number = number ** (Decimal(1) / root) - 1 if number > 0 else Decimal(-1)
        quantum = Decimal(1).scaleb(-places)
        return Fraction((number * 100).quantize(quantum, rounding=ROUND_HALF_EVEN))


def fact_value(evaluation: Evaluation, slot: Slot) -> str | list[str] | None:
    """The value of a slot as an answer carries it, None when it is missing.

    Yuan with two decimals, a share as a decimal, ``yes``, ids, ISO dates.
    """
    vocabulary: Vocabulary = evaluation.linked.law.vocabulary
    value = evaluation.value(slot)
    fact = vocabulary.get(slot.fact)
    if fact is None:
        if slot.fact == "procedure":
            return PROCEDURES[value]
        return dt.date.fromordinal(value).isoformat()
    if is_flag(slot, vocabulary):
        return "yes" if value == YES else "no" if value == NO else None
    if value is None:
        return None
    if fact.kind is not None:
        return amount_value(fact, value)
    if fact.type == "one_of":
        return str(fact.members[value].id)
    if fact.type == "set_of":
        return [m.id for i, m in enumerate(fact.members) if value & (1 << i)]
    if fact.type == "date":
        return dt.date.fromordinal(value).isoformat()
    return str(value)


def amount_value(fact: Fact, value: int) -> str:
    """An amount of a number fact as an answer carries it: yuan with two decimals, shares and points as decimals."""
    if fact.type == "money":
        return yuan_text(value)
    return decimal_text(Fraction(value, SCALES[fact.kind or "count"]))


def slot_text(evaluation: Evaluation, slot: Slot) -> Bilingual | None:
    """The value of a slot as a page shows it, or None when it is missing."""
    vocabulary: Vocabulary = evaluation.linked.law.vocabulary
    value = evaluation.value(slot)
    fact = vocabulary.get(slot.fact)
    if fact is None:
        if slot.fact == "procedure":
            return (Bilingual("new application", "新申报"), Bilingual("re-review", "复核"))[value]
        day = dt.date.fromordinal(value)
        return Bilingual(day.isoformat(), f"{day.year}年{day.month}月{day.day}日")
    if is_flag(slot, vocabulary):
        return Bilingual("yes", "是") if value == YES else Bilingual("no", "否") if value == NO else None
    if value is None:
        return None
    if fact.kind is not None:
        return Bilingual(
            quantity_text(value, fact.kind, "en", fact.unit), quantity_text(value, fact.kind, "zh", fact.unit)
        )
    if fact.type == "one_of":
        label: Bilingual = fact.members[value].label
        return label
    if fact.type == "set_of":
        members = [m.label for i, m in enumerate(fact.members) if value & (1 << i)]
        if not members:
            return Bilingual("none", "无")
        return Bilingual(", ".join(m.en for m in members), "、".join(m.zh for m in members))
    if fact.type == "date":
        day = dt.date.fromordinal(value)
        return Bilingual(day.isoformat(), f"{day.year}年{day.month}月{day.day}日")
    return Bilingual(str(value), str(value))


def year_of(slot: Slot, vocabulary: Vocabulary, on: dt.date) -> int | None:
    """The calendar year a slot means, None when its fact is not per year."""
    fact = vocabulary.get(slot.fact)
    return fiscal_year_of(on, fact.per, slot.index or 0) if fact is not None and fact.per is not None else None
