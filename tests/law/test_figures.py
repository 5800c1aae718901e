"""What counts as a figure in running text, and what it means."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

import pytest

from yiqi.law.bilingual import Language
from yiqi.law.figures import Reading, agree, chinese_number, figures_in

YUAN = 100
MONTHS = 12


def money(yuan: float) -> Reading:
    return ("money", Fraction(yuan) * YUAN)


def percent(text: str) -> Reading:
    return ("ratio", Fraction(text) / 100)


def number(value: int) -> Reading:
    return ("count", Fraction(value))


def years(value: int) -> Reading:
    return ("months", Fraction(value * MONTHS))


def date(text: str) -> Reading:
    return ("date", Fraction(dt.date.fromisoformat(text).toordinal()))


STATED: list[tuple[Language, str, list[Reading]]] = [
    ("en", "revenue of at least 5000万元", [money(50_000_000)]),
    ("en", "CNY 50 million or 0.5亿元", [money(50_000_000), money(50_000_000)]),
    ("en", "50 million yuan, 640,000 yuan", [money(50_000_000), money(640_000)]),
    ("en", "5%, 5 per cent, 5 percentage points", [percent("5")] * 3),
    ("en", "2 years, two years, two consecutive fiscal years, two-year growth", [years(2)] * 4),
    ("en", "the last three years and 36 months", [years(3), years(3)]),
    ("en", "ranked top three, top-3, the top 500", [number(3), number(3), number(500)]),
    ("en", "at least two of these, 60 points", [number(2), number(60)]),
    ("en", "10 working days, 30 days", [("working_days", Fraction(10)), ("days", Fraction(30))]),
    ("en", "by 31 May, from 1 April 2026, April 1, 2026, 2026-04-01",
     [("month_day", Fraction(531)), date("2026-04-01"), date("2026-04-01"), date("2026-04-01")]),
    ("en", "1,000 persons, twelve employees", [number(1000), number(12)]),
    ("zh", "营业收入5000万元以上、5000万以上、0.5亿元、五千万元", [money(50_000_000)] * 4),
    ("zh", "占比90%以上，百分之九十，5个百分点", [percent("90"), percent("90"), percent("5")]),
    ("zh", "日万分之五", [percent("0.05")]),
    ("zh", "近两年，2年，近2个会计年度，24个月", [years(2)] * 4),
    ("zh", "排名前三，前3名，至少满足两项", [number(3), number(3), number(2)]),
    ("zh", "60分以上，３项，十二人，三百人", [number(60), number(3), number(12), number(300)]),
    ("zh", "10个工作日，十五日内", [("working_days", Fraction(10)), ("days", Fraction(15))]),
    ("zh", "自2026年4月1日起，每年5月31日前", [date("2026-04-01"), ("month_day", Fraction(531))]),
]  # fmt: skip


@pytest.mark.parametrize(("language", "text", "readings"), STATED)
def test_reads_what_a_sentence_states(language: Language, text: str, readings: list[Reading]) -> None:
    found = [f for f in figures_in(text, language) if f.stated]
    assert len(found) == len(readings), found
    for figure, reading in zip(found, readings, strict=True):
        assert reading in figure.readings
        assert text[figure.start : figure.start + len(figure.text)] == figure.text or "３" in text


UNSTATED: list[tuple[Language, str]] = [
    ("en", "Annex 2, Item 5, items 1 to 3, Article 11, Art. 7, Table 1, section 4"),
    ("en", "MIIT 2026 No. 2 and 工信部企业〔2022〕63号"),
    ("en", "GB/T 4754-2017, ISO 9001, industry C3451, 5G and `local_points_2`"),
    ("en", "any one of them, one year, the 2022 standards, in 2026, since 2025"),
    ("en", "class I rights; two readings are open; the third holder; 3rd place"),
    ("en", "1. a numbered line"),
    ("en", "(1) first, (2) second"),
    ("zh", "附件2第二项，第十一条，附件1至3，第一至三项，表1"),
    ("zh", "工信部企业〔2026〕2号，第63号"),
    ("zh", "《国民经济行业分类（2017年版）》GB/T 4754-2017，C3451"),
    ("zh", "任一，其中一项，上一年度，2025年度，2022年版标准，2021—2025年"),
    ("zh", "Ⅰ类知识产权，“十四五”时期，十分重要，统一社会信用代码，工业“六基”，第三方"),
    ("zh", "（一）总则 ①范围"),
    ("zh", "一、总则"),
]


@pytest.mark.parametrize(("language", "text"), UNSTATED)
def test_references_numbering_and_calendar_years_are_no_figures(language: Language, text: str) -> None:
    assert [f.text for f in figures_in(text, language) if f.stated] == []


def test_days_and_working_days_do_not_agree_but_years_and_months_do() -> None:
    def read(text: str, language: Language) -> tuple[Reading, ...]:
        return figures_in(text, language)[0].readings

    assert not agree(read("10 days", "en"), read("10个工作日", "zh"))
    assert not agree(read("10 working days", "en"), read("10日内", "zh"))
    assert agree(read("two years", "en"), read("24个月", "zh"))
    assert not agree(read("5%", "en"), read("5年", "zh"))
    assert agree(read("31 May", "en"), read("2026年5月31日", "zh"))
    assert not agree(read("31 May", "en"), read("2026年5月30日", "zh"))


def test_the_first_end_of_a_range_has_the_unit_of_the_second() -> None:
    assert percent("5") in figures_in("5 to 10%", "en")[0].readings
    assert percent("5") in figures_in("5～10%", "zh")[0].readings
    assert money(300 * 10_000) in figures_in("300至2000万元", "zh")[0].readings


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("十", 10),
        ("十二", 12),
        ("二十", 20),
        ("两百零三", 203),
        ("三千五百万", 35_000_000),
        ("一亿二千万", 120_000_000),
    ],
)
def test_chinese_numbers(text: str, value: int) -> None:
    assert chinese_number(text) == value


def test_a_run_of_digits_is_no_chinese_number() -> None:
    assert chinese_number("一二三") is None


def test_a_long_run_of_digits_is_passed_over() -> None:
    assert figures_in("9" * 100_000, "en") == []
