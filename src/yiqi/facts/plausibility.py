"""What cannot be true (an error) and what hardly is (a warning), by the bounds and relations of the vocabulary."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from fractions import Fraction
from itertools import pairwise

from yiqi.facts.interpret import name
from yiqi.facts.sheet import FactSheet, Value
from yiqi.law.bilingual import Bilingual
from yiqi.law.diagnostics import Diagnostic, Place, Severity
from yiqi.law.quantities import decimal_text, quantity_text
from yiqi.law.vocabulary import Fact, Relation, Vocabulary

EARLIEST_YEAR = 1990
"""No figure of a fiscal year before this is a figure of a present enterprise's forms."""

WAN_SLIP = 1000
"""A year's figure this many times another's is more likely 万元 typed as 元 than growth."""


def year_problem(fact: Fact, year: int, on: dt.date, place: Place) -> Diagnostic | None:
    """What is wrong with a year for which a fact is given on a day."""
    if year < EARLIEST_YEAR:
        return Diagnostic(
            "error",
            "year-too-early",
            Bilingual(
                f"{name(fact).en}: the year {year} is before {EARLIEST_YEAR}",
                f"{name(fact).zh}：{year}年早于{EARLIEST_YEAR}年",
            ),
            place,
            Bilingual("correct the year", "请更正年份"),
        )
    if year > on.year:
        return Diagnostic(
            "error",
            "year-in-future",
            Bilingual(
                f"{name(fact).en}: the year {year} is after {on.isoformat()}",
                f"{name(fact).zh}：{year}年晚于{_day(on)}",
            ),
            place,
            Bilingual("correct the year, or judge on a later day", "请更正年份，或改用更晚的日期判断"),
        )
    if fact.per == "fiscal_year" and year == on.year and (on.month, on.day) != (12, 31):
        return Diagnostic(
            "warning",
            "year-not-ended",
            Bilingual(
                f"{name(fact).en}: the fiscal year {year} has not ended on {on.isoformat()}",
                f"{name(fact).zh}：截至{_day(on)}，{year}年度尚未结束",
            ),
            place,
            Bilingual(f"rules of {year} ask for {year - 1}", f"{year}年适用的规则看{year - 1}年度"),
        )
    return None


def plausibility_problems(sheet: FactSheet, vocabulary: Vocabulary, on: dt.date) -> list[Diagnostic]:
    """Everything impossible or implausible in the values of a sheet on a day."""
    problems: list[Diagnostic] = []
    for fact_id, value in sheet.values.items():
        fact = vocabulary[fact_id]
        for year, single in value.items() if isinstance(value, Mapping) else [(None, value)]:
            place = _place(sheet, fact_id, year)
            if fact.kind is not None and isinstance(single, int):
                problems += _outside(fact, year, single, place)
            elif isinstance(single, dt.date) and single > on:
                problems.append(_future(fact, single, on, place))
        if isinstance(value, Mapping) and fact.yearly_factor is not None:
            problems += _jumps(sheet, fact, value)
    for relation in vocabulary.relations:
        problems += _related(sheet, vocabulary, relation)
    return problems


def _outside(fact: Fact, year: int | None, value: int, place: Place) -> Iterator[Diagnostic]:
    """Bounds: outside the possible ones an error, outside the plausible ones a warning, never both."""
    assert fact.kind is not None
    kind = fact.kind
    # Nobody counts fewer than none, whether the vocabulary says so or not.
    minimum = 0 if fact.minimum is None and kind in ("count", "years") else fact.minimum
    checks: tuple[tuple[int | None, bool, Severity, str], ...] = (
        (minimum, True, "error", "below-minimum"),
        (fact.maximum, False, "error", "above-maximum"),
        (fact.plausible_minimum, True, "warning", "implausibly-low"),
        (fact.plausible_maximum, False, "warning", "implausibly-high"),
    )
    for bound, is_minimum, severity, code in checks:
        if bound is None or (value >= bound if is_minimum else value <= bound):
            continue
        shown = {language: quantity_text(value, kind, language, fact.unit) for language in ("en", "zh")}
        limit = {language: quantity_text(bound, kind, language, fact.unit) for language in ("en", "zh")}
        hard = severity == "error"
        comparison_en = (
            f"cannot be {'below' if is_minimum else 'above'}" if hard else f"is {'below' if is_minimum else 'above'}"
        )
        comparison_zh = ("不可能" if hard else "") + ("低于" if is_minimum else "高于")
        when_en = f" in {year}" if year is not None else ""
        when_zh = f"{year}年" if year is not None else ""
        yield Diagnostic(
            severity,
            code,
            Bilingual(
                f"{name(fact).en}{when_en}: {shown['en']} {comparison_en} {limit['en']}",
                f"{when_zh}{name(fact).zh}：{shown['zh']}{comparison_zh}{limit['zh']}",
            ),
            place,
            Bilingual("check the figure and its unit (元, 万元)", "请核对数字和单位（元、万元）")
            if kind == "money"
            else Bilingual("check the figure", "请核对数字"),
        )
        return


def _future(fact: Fact, day: dt.date, on: dt.date, place: Place) -> Diagnostic:
    impossible = fact.id == "established"
    return Diagnostic(
        "error" if impossible else "warning",
        "established-in-future" if impossible else "date-in-future",
        Bilingual(
            f"{name(fact).en}: {day.isoformat()} is after {on.isoformat()}",
            f"{name(fact).zh}：{_day(day)}晚于{_day(on)}",
        ),
        place,
        Bilingual("correct the date", "请更正日期"),
    )


def _jumps(sheet: FactSheet, fact: Fact, values: Mapping[int, Value]) -> Iterator[Diagnostic]:
    """Neighbouring years whose figures differ by more than the vocabulary's factor per year between them."""
    assert fact.yearly_factor is not None
    assert fact.kind is not None
    years = sorted(values)
    for earlier, later in pairwise(years):
        before, after = values[earlier], values[later]
        if not isinstance(before, int) or not isinstance(after, int) or before <= 0 or after <= 0:
            continue
        times = Fraction(max(before, after), min(before, after))
        if times <= fact.yearly_factor ** (later - earlier):
            continue
        low = earlier if before < after else later
        shown = decimal_text(times, 0)
        slip = fact.kind == "money" and times >= WAN_SLIP
        yield Diagnostic(
            "warning",
            "yearly-jump",
            Bilingual(
                f"{name(fact).en} differs {shown}-fold between {earlier} and {later}"
                + (f"; probably 万元 typed as 元 in {low}" if slip else ""),
                f"{name(fact).zh}{earlier}年与{later}年相差{shown}倍"
                + (f"，可能{low}年误将万元填作元" if slip else ""),
            ),
            _place(sheet, fact.id, low),
            Bilingual("write the unit behind the figure, such as 5512.5万元", "请在数字后写明单位，如5512.5万元")
            if slip
            else Bilingual("check both figures", "请核对两年的数字"),
        )


def _related(sheet: FactSheet, vocabulary: Vocabulary, relation: Relation) -> Iterator[Diagnostic]:
    fact = vocabulary[relation.fact]
    other = vocabulary[relation.at_most or relation.implies or relation.fact]
    years: tuple[int | None, ...] = sheet.years(fact.id) if fact.per is not None else (None,)
    for year in years:
        left, right = _known(sheet, fact.id, year), _known(sheet, other.id, year)
        if left is None or right is None:
            continue
        when_en = f" ({year})" if year is not None else ""
        when_zh = f"（{year}年）" if year is not None else ""
        detail = Bilingual("", "")
        if relation.at_most is not None:
            assert fact.kind is not None
            # The vocabulary's reader lets only two numbers of one kind be related so.
            assert isinstance(left, int)
            assert isinstance(right, int)
            if left <= right:
                continue
            detail = Bilingual(
                f": {quantity_text(left, fact.kind, 'en')} > {quantity_text(right, fact.kind, 'en')}",
                f"：{quantity_text(left, fact.kind, 'zh')} > {quantity_text(right, fact.kind, 'zh')}",
            )
        elif not _has(left, relation.value) or _has(right, relation.reaches):
            continue
        checked = Bilingual(name(fact).en, f"“{name(fact).zh}”")
        if other is not fact:
            checked = Bilingual(f"{checked.en} and {name(other).en}", f"{checked.zh}和“{name(other).zh}”")
        yield Diagnostic(
            relation.severity,
            "relation",
            # The figures that contradict each other go on from what is said, in place of its full stop.
            Bilingual(
                (relation.say.en.removesuffix(".") if detail.en else relation.say.en) + when_en + detail.en,
                (relation.say.zh.removesuffix("。") if detail.zh else relation.say.zh) + when_zh + detail.zh,
            ),
            _place(sheet, fact.id, year),
            Bilingual(f"check {checked.en}", f"请核对{checked.zh}"),
        )


def _has(value: Value, asked: str | int | None) -> bool:
    """Whether a value is yes, is or contains the one asked for, or is at least the number asked for."""
    if asked is None:
        return value is True
    if isinstance(asked, int):
        # The vocabulary's reader lets only a number be held against a number.
        assert isinstance(value, int)
        return value >= asked
    return asked in value if isinstance(value, frozenset) else value == asked


def _known(sheet: FactSheet, fact: str, year: int | None) -> Value | None:
    value = sheet.values.get(fact)
    if isinstance(value, Mapping):
        return value.get(year) if year is not None else None
    return value


def _place(sheet: FactSheet, fact: str, year: int | None) -> Place:
    source = sheet.provenance.get((fact, year))
    return source.place if source is not None else Place("", cell=fact if year is None else f"{fact}.{year}")


def _day(day: dt.date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
