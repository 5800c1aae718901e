"""Prose and rule may not drift apart."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from yiqi.law.diagnostics import Diagnostic
from yiqi.law.resolve import is_chinese

if TYPE_CHECKING:
    from tests.law.conftest import Folder

SCALE = """
# Annex 2. Little giant · 附件2 小巨人 {{#little_giant}}

## Item 2. Scale · 第二项 规模 {{#scale}}

{en}

{zh}

```rule
{rule}
```
"""

# (rule lines, English prose, Chinese prose) that agree
AGREEING = [
    ("operating_revenue >= 5000万元", "Revenue is at least 5000万元.", "营业收入5000万元以上。"),
    ("operating_revenue >= 5000万元", "Revenue is at least CNY 50 million.", "营业收入0.5亿元以上。"),
    ("cagr(operating_revenue, 2 years) >= 5%", "Growth of 5% a year over two years.", "近两年复合增长率5%以上。"),
    (
        "rd_expense >= 100万元 in each of 2 years",
        "At least 100万元 in each of the last 2 years.",
        "近2年每年100万元以上。",
    ),
    ("sum(rd_expense, 2 years) >= 1200万元", "1200万元 in two years.", "近两年累计1200万元以上。"),
    ("rd_expense[-1] >= 100万元", "At least 100万元 the year before last.", "上上年度100万元以上。"),
    ("market_rank <= 3", "Ranked among the top three.", "国内排名前三。"),
    ("award_national_top3_5y", "A national award of the last five years, top three.", "近五年国家级奖励排名前三。"),
    ("ip_class1 >= 1项", "At least one class I right.", "拥有Ⅰ类知识产权。"),
    ("main_revenue > 0元", "Main-business revenue is positive.", "主营业务收入为正。"),
    ("on <= little_giant_granted + 3 years", "Three years from the grant.", "自认定之日起三年。"),
    (
        "industry in C, G591 except C16",
        "Industry, without tobacco (16), and division 591.",
        "工业（不含16大类）和591小类。",
    ),
    ("local_points >= 10分", "At least ten points of the 15 that there are.", "15分中得10分以上。"),
    (
        "at least 2 of:\n  own_brand\n  quality_certificate\n  reputation_high",
        "At least two of the three items below.",
        "以下三项至少满足两项。",
    ),
]


@pytest.mark.parametrize(("rule", "en", "zh"), AGREEING)
def test_prose_that_says_the_same_in_other_words_agrees(folder: Folder, rule: str, en: str, zh: str) -> None:
    folder.law(SCALE.format(rule=rule, en=en, zh=zh))
    assert folder.findings() == []


# (rule, English, Chinese, code, what the caret marks)
DIFFERING = [
    ("operating_revenue >= 5000万元", "At least 4000万元.", "5000万元以上。",
     [("figure-not-in-prose", "5000万元"), ("figure-not-in-rule", "4000万元")]),
    ("operating_revenue >= 5000万元", "At least 5000万元.", "5000元以上。",
     [("figure-not-in-prose", "5000万元"), ("figure-not-in-rule", "5000元")]),
    ("total_liabilities / total_assets <= 75%", "At most 75%.", "不超过70%。",
     [("figure-not-in-prose", "75%"), ("figure-not-in-rule", "70%")]),
    ("cagr(operating_revenue, 2 years) >= 5%", "Growth of 5% a year over three years.", "近两年增长5%以上。",
     [("figure-not-in-prose", "cagr(operating_revenue, 2 years)"), ("figure-not-in-rule", "three years")]),
    ("rd_expense >= 100万元 in each of 2 years", "At least 100万元 in each of two years.", "近三年每年100万元以上。",
     [("figure-not-in-prose", "rd_expense >= 100万元 in each of 2 years"), ("figure-not-in-rule", "三年")]),
    ("market_rank <= 3", "Ranked among the top five.", "国内排名前三。",
     [("figure-not-in-prose", "3"), ("figure-not-in-rule", "five")]),
    ("award_national_top3_5y", "An award of the last five years, top three.", "近五年奖励。",
     [("figure-not-in-prose", "award_national_top3_5y")]),
    ("at least 2 of:\n  own_brand\n  quality_certificate", "Some of these.", "至少满足两项。",
     [("figure-not-in-prose", "at least 2 of:")]),
    ("own_brand", "Own brand since 1 May 2026.", "拥有自主品牌。", [("figure-not-in-rule", "1 May 2026")]),
    ("own_brand", "Own brand for ten days.", "拥有自主品牌。", [("figure-not-in-rule", "ten days")]),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "en", "zh", "expected"), DIFFERING)
def test_every_differing_figure_is_found_at_its_place(
    folder: Folder,
    marked: Callable[[Diagnostic], str],
    rule: str,
    en: str,
    zh: str,
    expected: list[tuple[str, str]],
) -> None:
    folder.law(SCALE.format(rule=rule, en=en, zh=zh))
    found = folder.findings()
    assert sorted((d.code, marked(d)) for d in found) == sorted(expected)
    for diagnostic in found:
        assert diagnostic.severity == "error"
        assert diagnostic.remedy is not None


def test_a_block_quote_explains_and_is_not_compared(folder: Folder) -> None:
    quote = "Own brand.\n\n> The draft of 2025 asked for 30%."
    folder.law(SCALE.format(rule="own_brand", en=quote, zh="自主品牌。\n\n> 征求意见稿为30%。"))
    assert folder.findings() == []


def test_days_of_the_front_matter_may_be_said(folder: Folder) -> None:
    folder.law(
        SCALE.format(rule="own_brand", en="Own brand from 1 April 2026 on.", zh="自2026年4月1日起须有自主品牌。")
    )
    assert folder.findings() == []


def test_a_heading_that_decides_needs_prose_in_both_languages(folder: Folder) -> None:
    folder.law(SCALE.format(rule="own_brand", en="Own brand.", zh=""))
    (found,) = folder.findings()
    assert (found.code, found.severity, found.place.line) == ("no-prose", "error", 15)
    assert "Chinese" in found.message.en
    assert "中文" in found.message.zh


def test_figures_of_a_table_need_not_be_said_but_what_is_said_must_be_there(
    folder: Folder, marked: Callable[[Diagnostic], str]
) -> None:
    folder.law(
        """
        ## 2. Research · 研发 {#research max=20}

        At most 20 points; 15 points from 3% on, 12 points from 2% on.

        最多20分，3%以上15分。

        | rd_expense / operating_revenue | points |
        |---|---|
        | >= 5% | 20 |
        | >= 3% | 15 |
        | >= 2% | 10 |
        | otherwise | 0 |
        """
    )
    (found,) = folder.findings()
    assert (found.code, marked(found)) == ("figure-not-in-rule", "12")


def test_at_least_in_the_heading_is_a_figure(folder: Folder) -> None:
    body = """
        ## Merits · 特色 {{#merits .at-least-2}}

        {en}

        至少满足两项，品牌排名前三。

        ### Brand · 品牌 {{#brand}}

        Own brand.

        自主品牌。

        ```rule
        own_brand
        ```

        ### Rank · 排名 {{#rank}}

        Among the top three.

        排名前三。

        ```rule
        market_rank <= 3
        ```
        """
    folder.law(body.format(en="At least two of these; top three by rank."))
    assert folder.findings() == []
    folder.law(body.format(en="At least three of these."))
    assert [d.code for d in folder.findings()] == ["figure-not-in-prose"]


def test_steps_of_a_procedure_compare_the_same_way(folder: Folder, marked: Callable[[Diagnostic], str]) -> None:
    folder.law(
        """
        ## Article 9. Procedure · 第九条 程序 {#steps .procedure}

        The application is filed by 31 May; it is checked within 20 days.

        每年5月31日前提出申请，20个工作日内完成审核。

        ```procedure
        application for the title:
          file      by 31 May                          by enterprise
          check     within 20 working days of filing   by provincial
        ```
        """
    )
    assert sorted((d.code, marked(d)) for d in folder.findings()) == [
        ("figure-not-in-prose", "20 working days"),
        ("figure-not-in-rule", "20 days"),
    ]


def test_a_heading_of_context_is_not_compared(folder: Folder) -> None:
    folder.law("## Article 1. Aim · 第一条 目的 {#aim .context}\n\nFor 10 years.\n\n为期10年。\n")
    assert folder.findings() == []


# What would have passed had a figure only been compared by its number: rule, English, Chinese, the caret's text.
CONFUSED = [
    # two conditions, and "two years" counts none of them
    ("own_brand\nquality_certificate", "Both, for two years.", "两者兼备，满两年。", ["two years", "两年"]),
    # five rights are not five years
    ("ip_class1 >= 5项", "Five years and 5 class I rights.", "拥有Ⅰ类知识产权5项，满5年。", ["Five years", "5年"]),
    # a rank is no number of days
    ("market_rank <= 3名", "Among the top three, for three days.", "排名前三，为期3天。", ["three days", "3天"]),
]


@pytest.mark.parametrize(("rule", "en", "zh", "marks"), CONFUSED)
def test_figures_of_different_kinds_do_not_stand_for_each_other(
    folder: Folder, marked: Callable[[Diagnostic], str], rule: str, en: str, zh: str, marks: list[str]
) -> None:
    folder.law(SCALE.format(rule=rule, en=en, zh=zh))
    found = folder.findings()
    assert [(d.code, marked(d)) for d in found] == [("figure-not-in-rule", mark) for mark in marks]


def test_a_bare_number_of_a_rule_is_what_its_fact_counts(folder: Folder) -> None:
    folder.law(SCALE.format(rule="segment_years >= 3", en="Three years in the segment.", zh="从事该领域3年以上。"))
    assert folder.findings() == []


def test_a_sentence_may_sum_up_the_conditions(folder: Folder) -> None:
    rule = "any of:\n  own_brand\n  quality_certificate\n  reputation_high"
    folder.law(SCALE.format(rule=rule, en="Any of the three conditions below.", zh="满足以下3项之一。"))
    assert folder.findings() == []
    folder.law(SCALE.format(rule=rule, en="Any of the 4 conditions below.", zh="满足以下4项之一。"))
    assert [d.code for d in folder.findings()] == ["figure-not-in-rule", "figure-not-in-rule"]


@pytest.mark.parametrize(
    ("line", "chinese"),
    [
        ("The last two lines of a paragraph may be", False),
        ("5000万元.", False),
        ("at least 5000万元, 60分 and 300人", False),
        ("营业收入5000万元以上。", True),
        ("5000万元以上。", True),
        ("ISO 9001质量管理体系认证", True),
        ("The 专精特新 SMEs", False),
    ],
)
def test_in_which_language_a_line_of_prose_is(line: str, chinese: bool) -> None:
    assert is_chinese(line) is chinese
