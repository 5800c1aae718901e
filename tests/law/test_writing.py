"""Rule lines in both tongues: what is written reads back as the same syntax."""

from __future__ import annotations

import dataclasses
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yiqi.law.bilingual import Bilingual, Language
from yiqi.law.grammar import Lexicon, parse_cell, parse_condition, parse_expression, parse_rule
from yiqi.law.library import default_folder
from yiqi.law.syntax import (
    Arithmetic,
    Call,
    CodeIn,
    Comparison,
    Expression,
    Group,
    Includes,
    Is,
    Junction,
    Line,
    Name,
    Negation,
    Number,
    Otherwise,
    Span,
    Unless,
    Years,
)
from yiqi.law.vocabulary import Member, Vocabulary
from yiqi.law.vocabulary_file import read_vocabulary
from yiqi.law.words import FUNCTIONS
from yiqi.law.writing import write_cell, write_law, write_line

VOCABULARY = read_vocabulary(default_folder() / "facts")
RULES = {"common": "第十一条 共同条件", "score": "评分", "size": "划型", "tier.merit": "直接条件"}
"""Rules that Chinese text names by their title."""
LEXICON = Lexicon(VOCABULARY.chinese_names, {title: rule for rule, title in RULES.items()}.get)
NOWHERE = Span(1, 1, 1)


def spelled(text: str, language: Language) -> str:
    return write_law(parse_condition(text, 1, 1, LEXICON), language, VOCABULARY, RULES.get)


def bare(node: Any) -> Any:
    """Syntax without positions; ``[0]`` is the same as no year."""
    if isinstance(node, tuple):
        return tuple(bare(part) for part in node)
    if not dataclasses.is_dataclass(node):
        return node
    values = {f.name: bare(getattr(node, f.name)) for f in dataclasses.fields(node) if f.name != "span"}
    if isinstance(node, Name):
        values["index"] = node.index or None
    return (type(node).__name__, values)


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("quality_certificate", "质量管理体系认证"),
        ("not abnormal_operations_list", "非 列入经营异常名录"),
        ("own_brand is yes", "自主品牌 是 是"),
        ("own_brand is not no", "自主品牌 不是 否"),
        ("operating_revenue >= 5000万元", "营业收入 ≥ 5000万元"),
        ("total_liabilities / total_assets <= 75%", "负债总额 / 资产总额 ≤ 75%"),
        ("rd_expense[-1] >= 100万元", "研发费用[-1] ≥ 100万元"),
        ("rd_expense >= 100万元 in each of 2 years", "研发费用 ≥ 100万元 近2年每年"),
        ("development_score >= 60 in any of 2 years", "专精特新发展评价得分 ≥ 60 近2年任一年"),
        ("sum(rd_expense, 2 years) >= 1200万元", "合计（研发费用，2年） ≥ 1200万元"),
        ("growth(main_revenue) >= -15%", "增长率（主营业务收入） ≥ -15%"),
        (
            "cagr(operating_revenue, 2 years) >= 5% unless procedure is re_review",
            "复合增长率（营业收入，2年） ≥ 5% 除非 办理类型 是 复核",
        ),
        ("rd_institution >= provincial", "研发机构级别 ≥ 省部级"),
        ("entity_kind is not partnership", "主体类型 不是 合伙企业"),
        ("entity_kind is one of company, other", "主体类型 是其一 公司、其他"),
        ("titles includes little_giant", "有效期内称号 包含 专精特新“小巨人”企业"),
        ("industry in C, G591 except C16, C2661", "行业代码 属于 C、G591 不含 C16、C2661"),
        ("region in 44, 51", "所在地 属于 44、51"),
        ("score >= 62.5分", "「评分」 ≥ 62.5分"),
        ("size is one of small, micro", "「划型」 是其一 small、micro"),
        ("common and not tier.merit", "「第十一条 共同条件」 且 非 「直接条件」"),
        ("miit-2011-300#sme or original", "miit-2011-300#sme 或 original"),
        ("on <= little_giant_granted + 3 years", "办理日 ≤ 专精特新“小巨人”企业认定日期 + 3年"),
        ("on >= established + 1 year", "办理日 ≥ 成立日期 + 1年"),
        ("on - established >= 30 days", "办理日 - 成立日期 ≥ 30天"),
        (
            "own_brand and (employees < 300人 or not reputation_high)",
            "自主品牌 且 （从业人员 < 300人 或 非 较高知名度）",
        ),
        ("(net_profit - net_profit[-1]) / net_profit[-1] > 5%", "（净利润 - 净利润[-1]） / 净利润[-1] > 5%"),
        ("digital_level_edition is edition_2024", "数字化水平评测指标版本 是 2024年版"),
    ],
)
def test_one_spelling_in_each_tongue(english: str, chinese: str) -> None:
    assert spelled(english, "zh") == chinese
    assert spelled(chinese, "en") == english
    assert spelled(english, "en") == english
    assert spelled(chinese, "zh") == chinese


@pytest.mark.parametrize(
    ("loose", "normal"),
    [
        ("operating_revenue>=5,000万元", "operating_revenue >= 5000万元"),
        ("rd_expense[0] ≥ 100 万元", "rd_expense >= 100万元"),
        ("sum( rd_expense,2 years)>=1200.50万元", "sum(rd_expense, 2 years) >= 1200.5万元"),
        ("((own_brand)) and ((reputation_high))", "own_brand and reputation_high"),
        ("entity_kind is one of company", "entity_kind is company"),
        ("market_share ≥ 10％", "market_share >= 10%"),
        ("region in 44,51", "region in 44, 51"),
    ],
)
def test_many_spellings_become_one(loose: str, normal: str) -> None:
    assert spelled(loose, "en") == normal


def test_year_zero_of_a_fact_without_years_stays_for_the_check_to_find() -> None:
    assert spelled("market_share[0] >= 10%", "en") == "market_share[0] >= 10%"


def test_brackets_keep_what_they_grouped() -> None:
    nested = "own_brand and (reputation_high and quality_certificate)"
    assert spelled(nested, "en") == nested
    assert spelled("a - (b - c) >= 1", "en") == "a - (b - c) >= 1"
    assert spelled("(a - b) - c >= 1", "en") == "a - b - c >= 1"
    assert spelled("(not own_brand) in each of 2 years", "en") == "(not own_brand) in each of 2 years"


def test_a_group_is_written_with_two_spaces_and_keeps_tags_readings_and_comments() -> None:
    lines = [
        "at least 2 of: [B]",
        "    own_brand   # as registered",
        "    any of:",
        "        quality_certificate [C]",
        "        readings:",
        "            reading last_year: rd_expense>=1万元",
    ]
    items, errors = parse_rule(enumerate(lines, 1), LEXICON)
    assert errors == []
    assert write_law(items[0], "en", VOCABULARY, RULES.get).split("\n") == [
        "at least 2 of: [B]",
        "  own_brand # as registered",
        "  any of:",
        "    quality_certificate [C]",
        "    readings:",
        "      reading last_year: rd_expense >= 1万元",
    ]
    chinese = write_law(items[0], "zh", VOCABULARY, RULES.get)
    assert chinese.split("\n") == [
        "至少满足2项： [B]",
        "  自主品牌 # as registered",
        "  满足任一：",
        "    质量管理体系认证 [C]",
        "    各种解读：",
        "      解读 last_year：研发费用 ≥ 1万元",
    ]
    again, errors = parse_rule(enumerate(chinese.split("\n"), 1), LEXICON)
    assert errors == []
    assert bare(tuple(again)) == bare(tuple(items))
    assert write_line(items[0], "en", VOCABULARY, RULES.get) == "at least 2 of: [B]"


@pytest.mark.parametrize(
    ("head", "english", "chinese"),
    [
        ("rd_expense / operating_revenue", ">= 5%", "≥ 5%"),
        ("rd_institution", "provincial", "省部级"),
        ("rd_institution", "is not none", "不是 无"),
        ("rd_institution", "is one of none, municipal", "是其一 无、市级"),
        ("own_brand", "yes", "是"),
        ("industry", "in C, D except C16", "属于 C、D 不含 C16"),
        ("titles", "includes little_giant", "包含 专精特新“小巨人”企业"),
        ("digital_level_edition", "edition_2022", "2022年版"),
        # 其他 alone would close the table.
        ("entity_kind", "other", "是 其他"),
    ],
)
def test_cells_leave_out_their_left_side(head: str, english: str, chinese: str) -> None:
    left = parse_expression(head, 1, 1)
    cell = parse_cell(english, 1, 1, left)
    assert write_cell(cell, "en", VOCABULARY, RULES.get) == english
    assert write_cell(cell, "zh", VOCABULARY, RULES.get) == chinese
    assert bare(parse_cell(chinese, 1, 1, left, LEXICON)) == bare(cell)


def test_a_condition_is_no_cell() -> None:
    with pytest.raises(ValueError, match="a cell holds"):
        write_cell(parse_condition("own_brand and reputation_high", 1, 1), "en", VOCABULARY, RULES.get)


def test_what_has_no_spelling_is_refused() -> None:
    inner = Unless(Name("own_brand", None, NOWHERE), Name("score", None, NOWHERE), NOWHERE)
    with pytest.raises(ValueError, match="end of a whole line"):
        write_law(Negation(inner, NOWHERE), "en", VOCABULARY, RULES.get)
    values = (Name("company", None, NOWHERE), Name("other", None, NOWHERE))
    with pytest.raises(ValueError, match="takes one value"):
        write_law(Is(Name("entity_kind", None, NOWHERE), values, True, NOWHERE), "zh", VOCABULARY, RULES.get)


def test_a_label_that_two_values_share_is_written_by_id() -> None:
    kind = VOCABULARY["entity_kind"]
    level = dataclasses.replace(VOCABULARY["rd_institution"], members=(Member("state", Bilingual("State", "公司")),))
    vocabulary = Vocabulary({"entity_kind": kind, "rd_institution": level})
    # The label means what stands last; the other value keeps its id.
    assert vocabulary.chinese_names["公司"] == "state"
    company = parse_condition("entity_kind is company", 1, 1)
    assert write_law(company, "zh", vocabulary, RULES.get) == "主体类型 是 company"


def test_names_are_changed_only_for_rules() -> None:
    line = parse_condition("tier.merit and own_brand and rd_institution is none", 1, 1)
    written = write_law(line, "en", VOCABULARY, RULES.get, str.upper)
    assert written == "TIER.MERIT and own_brand and rd_institution is none"


# -- whatever the grammar can give -----------------------------------------------------------------------------------

ALL_NAMES = sorted(VOCABULARY.facts)
# By number: hypothesis writes a list of every name out, and refuses one of this length.
FACT_NAMES = st.integers(0, len(ALL_NAMES) - 1).map(lambda number: ALL_NAMES[number])
RULE_NAMES = st.sampled_from([*RULES, "miit-2011-300#sme", "original", "unknown_rule.inner"])
NUMBERS = st.builds(
    Number,
    st.builds(Fraction, st.integers(-(10**9), 10**9), st.sampled_from([1, 10, 100, 1000])),
    st.sampled_from(["", "元", "万元", "亿元", "%", "人", "项", "years", "months", "days", "points"]),
    st.just(NOWHERE),
)
FACTS = st.builds(Name, FACT_NAMES, st.one_of(st.none(), st.integers(-9, -1)), st.just(NOWHERE))
RULE_REFERENCES = st.builds(Name, RULE_NAMES, st.none(), st.just(NOWHERE))
PLAIN_FACTS = st.builds(Name, FACT_NAMES, st.none(), st.just(NOWHERE))
CALLS = st.builds(Call, st.sampled_from(FUNCTIONS), PLAIN_FACTS, st.integers(1, 10), st.just(NOWHERE))
AMOUNTS = st.recursive(
    NUMBERS | FACTS | RULE_REFERENCES | CALLS | st.just(Name("on", None, NOWHERE)),
    lambda inner: st.builds(Arithmetic, st.sampled_from("+-*/"), inner, inner, st.just(NOWHERE)),
    max_leaves=6,
)
LISTED = [fact for fact in VOCABULARY if fact.members]


@st.composite
def named_values(draw: st.DrawFn) -> Is | Includes | Comparison:
    fact = draw(st.sampled_from(LISTED))
    left = Name(fact.id, None, NOWHERE)
    chosen = draw(st.lists(st.sampled_from(fact.members), min_size=1, max_size=3, unique=True))
    values = tuple(Name(member.id, None, NOWHERE) for member in chosen)
    if fact.type == "set_of":
        return Includes(left, values[0], NOWHERE)
    if fact.ordered and draw(st.booleans()):
        return Comparison(left, draw(st.sampled_from([">=", "<=", ">", "<", "="])), values[0], NOWHERE)
    return Is(left, values, len(values) == 1 and draw(st.booleans()), NOWHERE)


CODES = st.lists(st.sampled_from(["C", "C16", "G5910", "T"]), min_size=1, max_size=3).map(tuple)
TESTS = st.one_of(
    FACTS,
    RULE_REFERENCES,
    st.builds(Comparison, AMOUNTS, st.sampled_from([">=", "<=", ">", "<", "="]), AMOUNTS, st.just(NOWHERE)),
    named_values(),
    st.builds(CodeIn, st.just(Name("industry", None, NOWHERE)), CODES, st.just(()) | CODES, st.just(NOWHERE)),
    st.builds(
        Is,
        st.just(Name("procedure", None, NOWHERE)),
        st.sampled_from([(Name("new", None, NOWHERE),), (Name("re_review", None, NOWHERE),)]),
        st.booleans(),
        st.just(NOWHERE),
    ),
)
CONDITIONS = st.recursive(
    TESTS,
    lambda inner: st.one_of(
        st.builds(Negation, inner, st.just(NOWHERE)),
        st.builds(
            Junction,
            st.sampled_from(["all", "any"]),
            st.lists(inner, min_size=2, max_size=3).map(tuple),
            st.just(NOWHERE),
        ),
        st.builds(Years, st.sampled_from(["each", "any"]), inner, st.integers(1, 10), st.just(NOWHERE)),
    ),
    max_leaves=6,
)


@st.composite
def whole_lines(draw: st.DrawFn) -> Expression:
    condition = draw(CONDITIONS)
    return Unless(condition, draw(CONDITIONS), NOWHERE) if draw(st.booleans()) else condition


LINES = whole_lines()


@given(LINES, st.sampled_from(["en", "zh"]))
def test_whatever_is_written_reads_back_as_the_same(expression: Expression, language: Language) -> None:
    text = write_law(expression, language, VOCABULARY, RULES.get)
    again = parse_condition(text, 1, 1, LEXICON)
    assert bare(again) == bare(expression)
    assert write_law(again, language, VOCABULARY, RULES.get) == text


GROUPS = st.recursive(
    st.builds(
        Line,
        LINES,
        st.sampled_from([None, "B", "C"]),
        st.sampled_from([None, "first", "second"]),
        st.sampled_from([None, "a word · 说明", "#2"]),
        st.just(NOWHERE),
    ),
    lambda inner: st.builds(
        lambda kind, count, items, tag, reading: Group(
            kind, count if kind == "at_least" else 0, tuple(items), tag, reading, None, NOWHERE
        ),
        st.sampled_from(["all", "any", "none", "readings", "at_least"]),
        st.integers(1, 12),
        st.lists(inner, min_size=1, max_size=3),
        st.sampled_from([None, "B"]),
        st.sampled_from([None, "inner"]),
    ),
    max_leaves=5,
)


@given(GROUPS, st.sampled_from(["en", "zh"]))
def test_whole_fences_read_back_as_the_same(item: Line | Group, language: Language) -> None:
    lines = write_law(item, language, VOCABULARY, RULES.get).split("\n")
    again, errors = parse_rule(enumerate(lines, 1), LEXICON)
    assert errors == []
    assert bare(tuple(again)) == bare((item,))


def test_otherwise_is_one_word() -> None:
    left = parse_expression("own_brand", 1, 1)
    assert write_cell(parse_cell("otherwise", 1, 1, left), "zh", VOCABULARY, RULES.get) == "其他"
    assert write_law(Otherwise(NOWHERE), "en", VOCABULARY, RULES.get) == "otherwise"
    assert write_law(Otherwise(NOWHERE), "zh", VOCABULARY, RULES.get) == "其他"
