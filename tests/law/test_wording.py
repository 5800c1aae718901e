"""Conditions as a person reads them in an explanation."""

from __future__ import annotations

import pytest

from yiqi.law.bilingual import Bilingual, Language
from yiqi.law.grammar import parse_condition, parse_expression
from yiqi.law.library import default_folder
from yiqi.law.syntax import Comparison
from yiqi.law.vocabulary_file import read_vocabulary
from yiqi.law.wording import group_text, required_text, write_page

VOCABULARY = read_vocabulary(default_folder() / "facts")
TITLES = {
    "common": Bilingual("Common conditions", "共同条件"),
    "annex": Bilingual("Annex 2. Little giant", "附件2 专精特新“小巨人”企业"),
    "score": Bilingual("Score", "评分"),
    "size": Bilingual("Size", "划型"),
}


def year_of(fact: str, index: int) -> int:
    """An act in 2026: fiscal years count from 2025, evaluation years from 2026."""
    return (2026 if VOCABULARY[fact].per == "evaluation_year" else 2025) + index


def page(text: str, language: Language, *, years: bool = False) -> str:
    expression = parse_condition(text, 1, 1)
    return write_page(expression, language, VOCABULARY, TITLES.get, year_of if years else None)


@pytest.mark.parametrize(
    ("line", "english", "chinese"),
    [
        (
            "main_revenue / operating_revenue >= 90%",
            "Main-business revenue / operating revenue ≥ 90%",
            "主营业务收入÷营业收入 ≥ 90%",
        ),
        ("operating_revenue < 5512.5万元", "Operating revenue < 5,512.5万元", "营业收入 < 5,512.5万元"),
        (
            "rd_expense >= 100万元 in each of 2 years",
            "R&D expense ≥ 100万元 in each of the last 2 years",
            "近2年每年研发费用 ≥ 100万元",
        ),
        (
            "development_score >= 60 in any of 2 years",
            "Development evaluation score ≥ 60 in one of the last 2 years",
            "近2年任一年专精特新发展评价得分 ≥ 60分",
        ),
        ("rd_expense[-1] >= 1万元", "R&D expense (the year before) ≥ 1万元", "研发费用（上上年度） ≥ 1万元"),
        (
            "rd_expense[-2] >= 1万元",
            "R&D expense (2 years before the last) ≥ 1万元",
            "研发费用（上年度前第2年） ≥ 1万元",
        ),
        # An evaluation year is the year of the act itself, so the year before it is last year.
        (
            "development_score[-1] >= 1",
            "Development evaluation score (last year) ≥ 1",
            "专精特新发展评价得分（上年度） ≥ 1分",
        ),
        ("employees < 300", "Employees < 300", "从业人员 < 300人"),
        ("segment_years >= 1 year", "Years in the market segment ≥ 1 year", "从事特定细分市场年限 ≥ 1年"),
        ("segment_years >= 3", "Years in the market segment ≥ 3 years", "从事特定细分市场年限 ≥ 3年"),
        ("score >= 60", "Score ≥ 60", "评分 ≥ 60分"),
        (
            "sum(rd_expense, 2 years) >= 1200万元",
            "Total R&D expense over the last 2 years ≥ 1,200万元",
            "近2年研发费用合计 ≥ 1,200万元",
        ),
        (
            "mean(rd_expense, 2 years) >= 1000万元",
            "Mean R&D expense over the last 2 years ≥ 1,000万元",
            "近2年研发费用平均值 ≥ 1,000万元",
        ),
        ("growth(main_revenue) >= -15%", "Growth of main-business revenue ≥ -15%", "主营业务收入增长率 ≥ -15%"),
        (
            "mean_growth(main_revenue, 2 years) >= 5%",
            "Mean growth of main-business revenue over the last 2 years ≥ 5%",
            "近2年主营业务收入平均增长率 ≥ 5%",
        ),
        (
            "cagr(operating_revenue, 2 years) >= 5% unless procedure is re_review",
            "Compound annual growth of operating revenue over the last 2 years ≥ 5% (not examined on re-review)",
            "近2年营业收入复合增长率 ≥ 5%（复核时不考查）",
        ),
        (
            "ip_class1 >= 4项 unless rd_institution >= national",
            "Class I intellectual property ≥ 4, unless level of R&D institution = national or above",
            "Ⅰ类知识产权 ≥ 4项，但研发机构级别 = 国家级以上的除外",
        ),
        (
            "titles includes specialised_sme",
            "Holds the title specialised SME",
            "有效期内称号包含专精特新中小企业",
        ),
        (
            "not titles includes specialised_sme",
            "Does not hold the title specialised SME",
            "有效期内称号不含专精特新中小企业",
        ),
        (
            "not abnormal_operations_list",
            "Not: on the list of abnormal operations",
            "无：列入经营异常名录",
        ),
        ("own_brand is no", "Not: own brand", "无：自主品牌"),
        ("own_brand is not no", "Own brand", "自主品牌"),
        ("not common", "Not: common conditions", "不满足：共同条件"),
        ("not annex", "Not: Annex 2. Little giant", "不满足：附件2 专精特新“小巨人”企业"),
        ("entity_kind is company", "Kind of entity is company", "主体类型为公司"),
        ("not entity_kind is company", "Kind of entity is not company", "主体类型不是公司"),
        (
            "entity_kind is one of company, partnership, other",
            "Kind of entity is company, partnership or other",
            "主体类型为公司、合伙企业或其他",
        ),
        ("size is one of small, micro", "Size is small or micro", "划型为小型或微型"),
        (
            "industry in C, G591 except C16, C2661",
            "Industry code in C, G591 except C16, C2661",
            "行业代码属于C、G591（不含C16、C2661）",
        ),
        ("not region in 44", "Place of registration not in 44", "所在地不属于44"),
        (
            "on <= little_giant_granted + 3 years",
            "Day of the act ≤ 3 years after “Little giant, recognised on”",
            "办理日 ≤ 专精特新“小巨人”企业认定日期后3年",
        ),
        (
            "established <= on - 1 year",
            "Date of establishment ≤ 1 year before day of the act",
            "成立日期 ≤ 办理日前1年",
        ),
        (
            "employees >= 20 and (own_brand or market_share >= 10%)",
            "Employees ≥ 20 and (own brand or national market share of the leading product ≥ 10%)",
            "从业人员 ≥ 20人 且（自主品牌 或 主导产品细分市场占有率 ≥ 10%）",
        ),
        (
            "(net_profit - net_profit[-1]) / total_assets > 0",
            "(Net profit − net profit (the year before)) / total assets > 0",
            "（净利润−净利润（上上年度））÷资产总额 > 0",
        ),
        (
            "net_profit - (total_costs - rd_expense) > 0元",
            "Net profit − (total costs and expenses − R&D expense) > 0元",
            "净利润−（成本费用总额−研发费用） > 0元",
        ),
        ("original", "The rule that is replaced", "被替换的规则"),
        ("tier.unheard_of", "tier.unheard_of", "tier.unheard_of"),
    ],
)
def test_both_languages(line: str, english: str, chinese: str) -> None:
    assert page(line, "en") == english
    assert page(line, "zh") == chinese


@pytest.mark.parametrize(
    ("line", "english", "chinese"),
    [
        (
            "main_revenue / operating_revenue >= 90%",
            "Main-business revenue / operating revenue ≥ 90% in 2025",
            "2025年主营业务收入÷营业收入 ≥ 90%",
        ),
        ("rd_expense[-1] >= 1万元", "R&D expense ≥ 1万元 in 2024", "2024年研发费用 ≥ 1万元"),
        ("development_score >= 60", "Development evaluation score ≥ 60 in 2026", "2026年专精特新发展评价得分 ≥ 60分"),
        (
            "rd_expense > rd_expense[-1]",
            "R&D expense (2025) > R&D expense (2024)",
            "研发费用（2025年） > 研发费用（2024年）",
        ),
        (
            "rd_expense >= 1万元 in each of 2 years",
            "R&D expense ≥ 1万元 in each of 2024 and 2025",
            "2024年、2025年每年研发费用 ≥ 1万元",
        ),
        (
            "rd_expense >= 1万元 in any of 3 years",
            "R&D expense ≥ 1万元 in one of 2023 to 2025",
            "2023年、2024年、2025年任一年研发费用 ≥ 1万元",
        ),
        (
            "sum(rd_expense, 2 years) >= 1万元",
            "Total R&D expense over 2024 and 2025 ≥ 1万元",
            "2024年、2025年研发费用合计 ≥ 1万元",
        ),
        ("growth(main_revenue) >= 5%", "Growth of main-business revenue in 2025 ≥ 5%", "2025年主营业务收入增长率 ≥ 5%"),
        ("market_share >= 10%", "National market share of the leading product ≥ 10%", "主导产品细分市场占有率 ≥ 10%"),
    ],
)
def test_years_are_named_where_the_day_is_known(line: str, english: str, chinese: str) -> None:
    assert page(line, "en", years=True) == english
    assert page(line, "zh", years=True) == chinese


@pytest.mark.parametrize(
    ("line", "english", "chinese"),
    [
        ("main_revenue / operating_revenue >= 90%", "≥ 90%", "≥ 90%"),
        ("employees < 300", "< 300", "< 300人"),
        ("operating_revenue <= 4亿元", "≤ 4亿元", "≤ 4亿元"),
        ("score >= 62.5", "≥ 62.5", "≥ 62.5分"),
        ("rd_institution >= provincial", "= provincial or ministerial or above", "= 省部级以上"),
        ("rd_institution <= municipal", "= municipal or below", "= 市级以下"),
        ("rd_institution > municipal", "above municipal", "高于市级"),
        ("rd_institution < national", "below national", "低于国家级"),
        ("rd_institution = none", "= none", "= 无"),
        ("rd_expense > main_revenue", "> main-business revenue", "> 主营业务收入"),
    ],
)
def test_what_a_comparison_requires(line: str, english: str, chinese: str) -> None:
    comparison = parse_condition(line, 1, 1)
    assert isinstance(comparison, Comparison)
    left, operator, right = comparison.left, comparison.operator, comparison.right
    assert required_text(operator, right, "en", VOCABULARY, left=left) == english
    assert required_text(operator, right, "zh", VOCABULARY, left=left) == chinese


def test_a_heading_of_a_column_is_an_amount() -> None:
    left = parse_expression("rd_staff / employees", 1, 1)
    assert write_page(left, "en", VOCABULARY, TITLES.get) == "R&D staff / employees"
    assert write_page(left, "zh", VOCABULARY, TITLES.get) == "研发人员÷从业人员"


def test_groups_say_what_must_hold() -> None:
    assert group_text("all", "en") == "All of the following"
    assert group_text("at_least 2", "zh") == "至少满足以下2项"
    assert {group_text(g, "zh") for g in ("all", "any", "none", "readings")} == {
        "同时满足以下各项",
        "满足以下任一项",
        "以下各项均不存在",
        "按各种解读均成立",
    }
    with pytest.raises(KeyError):
        group_text("most", "en")
