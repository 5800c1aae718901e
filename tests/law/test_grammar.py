"""Rule lines as syntax: what each form means, in both tongues, and what is said of a line that has no meaning."""

from __future__ import annotations

import dataclasses
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest

from yiqi.law import syntax as s
from yiqi.law.grammar import (
    EMPTY_LEXICON,
    MAXIMUM_DEPTH,
    MAXIMUM_TOKENS,
    GrammarError,
    Lexicon,
    parse_cell,
    parse_condition,
    parse_expression,
    parse_rule,
)

if TYPE_CHECKING:
    from tests.law.conftest import Folder

AT = s.Span(1, 1, 1)


def bare(node: Any) -> Any:
    """A tree without positions and comments."""
    if dataclasses.is_dataclass(node) and not isinstance(node, type):
        values = {f.name: bare(getattr(node, f.name)) for f in dataclasses.fields(node)}
        if "span" in values:
            values["span"] = AT
        if "comment" in values:
            values["comment"] = None
        return dataclasses.replace(node, **values)
    if isinstance(node, (tuple, list)):
        return tuple(bare(item) for item in node)
    return node


def name(identifier: str, index: int | None = None) -> s.Name:
    return s.Name(identifier, index, AT)


def number(value: int | str, unit: str = "") -> s.Number:
    return s.Number(Fraction(value), unit, AT)


def compare(left: Any, operator: Any, right: Any) -> s.Comparison:
    return s.Comparison(left, operator, right, AT)


REVENUE = compare(name("operating_revenue"), ">=", number(5000, "万元"))
SHARE = s.Arithmetic("/", name("main_revenue"), name("operating_revenue"), AT)
EXPENSE = compare(name("rd_expense"), ">=", number(100, "万元"))

# English, Chinese, tree.
LINES: list[tuple[str, str, Any]] = [
    ("own_brand", "自主品牌", name("own_brand")),
    ("not own_brand", "非 自主品牌", s.Negation(name("own_brand"), AT)),
    ("operating_revenue >= 5000万元", "营业收入 ≥ 5000万元", REVENUE),
    ("operating_revenue >= 5,000万元", "营业收入 >= 5，000万元".replace("，", ","), REVENUE),
    ("market_rank < 3", "国内排名 ＜ 3", compare(name("market_rank"), "<", number(3))),
    ("market_rank = 3名", "国内排名 ＝ 3名", compare(name("market_rank"), "=", number(3, "名"))),
    ("main_revenue / operating_revenue >= 90%", "主营业务收入 / 营业收入 ≥ 90％",
     compare(SHARE, ">=", number(90, "%"))),
    ("main_revenue / operating_revenue >= 12.5%", "主营业务收入 ÷ 营业收入 ≥ 12.5%",
     compare(SHARE, ">=", number("12.5", "%"))),
    ("rd_expense[-1] >= 100万元", "研发费用［-1］ ≥ 100万元",
     compare(name("rd_expense", -1), ">=", number(100, "万元"))),
    ("rd_expense >= 100万元 in each of 2 years", "研发费用 ≥ 100万元 近2年每年", s.Years("each", EXPENSE, 2, AT)),
    ("rd_expense >= 100万元 in any of 3 years", "研发费用 ≥ 100万元 近3年任一年", s.Years("any", EXPENSE, 3, AT)),
    ("sum(rd_expense, 2 years) >= 1200万元", "合计（研发费用，2年） ≥ 1200万元",
     compare(s.Call("sum", name("rd_expense"), 2, AT), ">=", number(1200, "万元"))),
    ("mean(rd_expense, 3 years) >= 1亿元", "平均(研发费用, 3年) ≥ 1亿元",
     compare(s.Call("mean", name("rd_expense"), 3, AT), ">=", number(1, "亿元"))),
    ("growth(main_revenue) >= 15%", "增长率（主营业务收入） ≥ 15%",
     compare(s.Call("growth", name("main_revenue"), 1, AT), ">=", number(15, "%"))),
    ("mean_growth(main_revenue, 2 years) >= 5%", "平均增长率（主营业务收入，2年） ≥ 5%",
     compare(s.Call("mean_growth", name("main_revenue"), 2, AT), ">=", number(5, "%"))),
    ("cagr(operating_revenue, 2 years) >= -5%", "复合增长率（营业收入，2年） ≥ -5%",
     compare(s.Call("cagr", name("operating_revenue"), 2, AT), ">=", number(-5, "%"))),
    ("rd_institution >= provincial", "研发机构级别 ≥ 省级", compare(name("rd_institution"), ">=", name("provincial"))),
    ("entity_kind is company", "主体类型 是 公司", s.Is(name("entity_kind"), (name("company"),), False, AT)),
    ("entity_kind is not company", "主体类型 不是 公司", s.Is(name("entity_kind"), (name("company"),), True, AT)),
    ("entity_kind is one of company, partnership", "主体类型 是其一 公司、合伙企业",
     s.Is(name("entity_kind"), (name("company"), name("partnership")), False, AT)),
    ("titles includes little_giant", "有效期内称号 包含 专精特新“小巨人”企业",
     s.Includes(name("titles"), name("little_giant"), AT)),
    ("industry in C, G591 except C16", "行业 属于 C、G591 不含 C16",
     s.CodeIn(name("industry"), ("C", "G591"), ("C16",), AT)),
    ("region in 44, 51", "所在地 属于 44、51", s.CodeIn(name("region"), ("44", "51"), (), AT)),
    ("own_brand is yes", "自主品牌 是 是", s.Is(name("own_brand"), (name("yes"),), False, AT)),
    ("own_brand is no", "自主品牌 是 否", s.Is(name("own_brand"), (name("no"),), False, AT)),
    ("on <= little_giant_granted + 3 years", "办理日 ≤ 小巨人认定日期 + 3年",
     compare(name("on"), "<=", s.Arithmetic("+", name("little_giant_granted"), number(3, "years"), AT))),
    ("on <= little_giant_granted + 36 months", "办理日 ≤ 小巨人认定日期 + 36个月",
     compare(name("on"), "<=", s.Arithmetic("+", name("little_giant_granted"), number(36, "months"), AT))),
    ("own_brand unless procedure is re_review", "自主品牌 除非 办理类型 是 复核",
     s.Unless(name("own_brand"), s.Is(name("procedure"), (name("re_review"),), False, AT), AT)),
    ("own_brand or market_rank <= 3 and not own_brand", "自主品牌 或 国内排名 ≤ 3 且 非 自主品牌",
     s.Junction("any", (name("own_brand"), s.Junction(
         "all", (compare(name("market_rank"), "<=", number(3)), s.Negation(name("own_brand"), AT)), AT)), AT)),
    ("(own_brand or quality_certificate) and own_brand", "（自主品牌 或 质量管理体系认证） 且 自主品牌",
     s.Junction("all", (s.Junction("any", (name("own_brand"), name("quality_certificate")), AT), name("own_brand")),
                AT)),
    ("score >= 60", "score ≥ 60", compare(name("score"), ">=", number(60))),
    ("local_points >= 10 points", "地方特色指标得分 ≥ 10分", compare(name("local_points"), ">=", number(10, "points"))),
    ("miit-2011-300#sme", "miit-2011-300#sme", name("miit-2011-300#sme")),
    ("rd_expense + main_revenue - 2 * rd_expense > 0元", "研发费用 + 主营业务收入 − 2 × 研发费用 ＞ 0元",
     compare(s.Arithmetic("-", s.Arithmetic("+", name("rd_expense"), name("main_revenue"), AT),
                          s.Arithmetic("*", number(2), name("rd_expense"), AT), AT), ">", number(0, "元"))),
]  # fmt: skip


@pytest.fixture
def lexicon(folder: Folder) -> Lexicon:
    law, _ = folder.read()
    return Lexicon(law.vocabulary.chinese_names)


@pytest.mark.parametrize(("english", "chinese", "tree"), LINES)
def test_both_tongues_give_the_tree_that_is_meant(lexicon: Lexicon, english: str, chinese: str, tree: Any) -> None:
    assert bare(parse_condition(english, 1, 1, lexicon)) == tree
    assert bare(parse_condition(chinese, 1, 1, lexicon)) == tree


GROUPS = (
    """\
    any of:
      own_brand
      all of:
        rd_expense >= 100万元   # a comment
        not quality_certificate
      at least 2 of:
        own_brand [B]
        quality_certificate
    none of:
      own_brand
    readings:
      reading first: own_brand
      reading second: quality_certificate [C]
    """,
    """\
    满足任一：
      自主品牌
      同时满足：
        研发费用 ≥ 100万元   # 注
        非 质量管理体系认证
      至少满足2项：
        自主品牌 [B]
        质量管理体系认证
    均不满足：
      自主品牌
    各种解读：
      解读 first：自主品牌
      解读 second：质量管理体系认证 [C]
    """,
)


def lines_of(text: str) -> list[tuple[int, str]]:
    return list(enumerate((line[4:] for line in text.split("\n")), 1))


def test_groups_in_both_tongues(lexicon: Lexicon) -> None:
    def line(tree: Any, tag: str | None = None, reading: str | None = None) -> s.Line:
        return s.Line(tree, tag, reading, None, AT)

    def group(kind: Any, *items: s.Item, count: int = 0) -> s.Group:
        return s.Group(kind, count, items, None, None, None, AT)

    brand, certificate = name("own_brand"), name("quality_certificate")
    tree = (
        group(
            "any",
            line(brand),
            group("all", line(EXPENSE), line(s.Negation(certificate, AT))),
            group("at_least", line(brand, "B"), line(certificate), count=2),
        ),
        group("none", line(brand)),
        group("readings", line(brand, None, "first"), line(certificate, "C", "second")),
    )
    for text in GROUPS:
        items, errors = parse_rule(lines_of(text), lexicon)
        assert errors == []
        assert bare(items) == tree


def test_every_part_knows_where_it_stands() -> None:
    text = "main_revenue / operating_revenue >= 90% unless procedure is re_review"
    tree = parse_condition(text, 7, 3)

    def marked(span: s.Span) -> str:
        assert span.line == 7
        return text[span.column - 3 : span.column - 3 + span.length]

    assert isinstance(tree, s.Unless)
    assert marked(tree.span) == text
    assert marked(tree.exception.span) == "procedure is re_review"
    assert isinstance(tree.operand, s.Comparison)
    assert marked(tree.operand.left.span) == "main_revenue / operating_revenue"
    assert marked(tree.operand.right.span) == "90%"


def test_a_cell_takes_its_left_side_from_the_heading_of_its_column(lexicon: Lexicon) -> None:
    left = parse_expression("main_revenue / operating_revenue", 1, 1, lexicon)
    assert bare(parse_cell("≥ 5%", 5, 9, left, lexicon)) == compare(SHARE, ">=", number(5, "%"))
    kind = parse_expression("主体类型", 1, 1, lexicon)
    assert bare(parse_cell("公司", 5, 9, kind, lexicon)) == s.Is(name("entity_kind"), (name("company"),), False, AT)
    assert isinstance(parse_cell("其他", 5, 9, kind, lexicon), s.Otherwise)


def test_an_error_in_a_cell_stands_in_the_cell() -> None:
    left = parse_expression("rd_expense", 1, 1)
    assert parse_cell(">= 5万元", 5, 9, left).span == s.Span(5, 9, 6)


# (line, column of the caret, a part of what is said)
WRONG: list[tuple[str, int, str]] = [
    ("operating_revenue >=", 21, "expected a fact, a rule or a number, found the end of the line"),
    ("operating_revenue >= >= 5", 22, "expected a fact, a rule or a number, found `>=`"),
    (">= 5", 1, "expected a fact"),
    ("operating_revenue 5000", 19, "expected the end of the line, found `5000`"),
    ("(own_brand", 11, "expected `)`"),
    ("own_brand)", 10, "expected the end of the line"),
    ("rd_expense[x] >= 1", 12, "a year such as [0] or [-1]"),
    ("rd_expense[-10] >= 1", 13, "a year such as [0] or [-1]"),
    ("rd_expense[1.5] >= 1", 12, "a year such as [0] or [-1]"),
    ("sum(rd_expense, 2) >= 1元", 17, "a number of years, such as `2 years`"),
    ("sum(rd_expense, 0 years) >= 1元", 17, "from 1 to 10"),
    ("sum(rd_expense, 11 years) >= 1元", 17, "from 1 to 10"),
    ("sum(2, 2 years) >= 1元", 5, "the name of a fact"),
    ("rd_expense >= 1元 in each of 2", 29, "a number of years"),
    ("5 is company", 1, "only a name can stand before this word"),
    ("entity_kind is", 15, "expected a value"),
    ("entity_kind is one of company,", 31, "expected a value"),
    ("industry in X9", 13, "a code such as C, C34 or 44"),
    ("industry in C, 44.5", 16, "a code such as C, C34 or 44"),
    ("industry in C12345", 13, "a code such as C, C34 or 44"),
    ("own_brand and", 14, "a fact, a rule or a number"),
    ("own_brand & quality_certificate", 11, "`&` has no meaning here"),
    ("own_brand; quality_certificate", 10, "`;` has no meaning here"),
    ("营业收人 >= 1元", 1, "`营` has no meaning here"),
    ("「没有」", 1, "no rule of this file has the Chinese heading “没有”"),
    ("operating_revenue >= " + "9" * 19, 22, "this number is too long"),
    ("own_brand [E]", 12, "expected a year"),
    ("own_brand\u202e", 10, "has no meaning here"),
    ("own_brand\x00", 10, "has no meaning here"),
]  # fmt: skip


@pytest.mark.parametrize(("line", "column", "message"), WRONG)
def test_what_is_said_of_a_line_without_meaning(line: str, column: int, message: str) -> None:
    with pytest.raises(GrammarError) as caught:
        parse_condition(line, 3, 1)
    assert message in caught.value.message.en
    assert (caught.value.span.line, caught.value.span.column) == (3, column)
    assert caught.value.message.zh != caught.value.message.en


# (rule lines, (line, column) of each error)
MISINDENTED: list[tuple[str, list[tuple[int, int, str]]]] = [
    ("own_brand\n  quality_certificate", [(2, 3, "only a line ending in `:` opens a group")]),
    ("any of:\nown_brand", [(1, 1, "a group needs indented lines below it")]),
    ("any of:", [(1, 1, "a group needs indented lines below it")]),
    ("any of:\n  own_brand\n    quality_certificate", [(3, 5, "only a line ending in `:` opens a group")]),
    ("any of:\n    own_brand\n  quality_certificate", [(3, 3, "unexpected indentation")]),
    ("\town_brand", [(1, 1, "indent with spaces, not with tabs")]),
    ("  own_brand\nquality_certificate", [(2, 1, "indented less than the first")]),
    ("at least 9999999999 of:\n  own_brand", [(1, 1, "expected"), (2, 3, "only a line ending in `:`")]),
]


@pytest.mark.parametrize(("text", "expected"), MISINDENTED)
def test_indentation(text: str, expected: list[tuple[int, int, str]]) -> None:
    _, errors = parse_rule(list(enumerate(text.split("\n"), 1)))
    found = [(e.span.line, e.span.column) for e in errors]
    assert found == [(line, column) for line, column, _ in expected]
    for error, (_, _, message) in zip(errors, expected, strict=True):
        assert message in error.message.en


def test_every_wrong_line_is_reported_and_the_right_ones_are_kept() -> None:
    text = "own_brand\n>= 5\nquality_certificate\n(("
    items, errors = parse_rule(list(enumerate(text.split("\n"), 1)))
    assert [e.span.line for e in errors] == [2, 4]
    assert [i.span.line for i in items] == [1, 3]


def test_nesting_is_bounded() -> None:
    def brackets(depth: int) -> str:
        return "(" * depth + "own_brand" + ")" * depth

    parse_condition(brackets(MAXIMUM_DEPTH), 1, 1)
    with pytest.raises(GrammarError, match="nested too deeply"):
        parse_condition(brackets(MAXIMUM_DEPTH + 1), 1, 1)
    parse_condition("not " * MAXIMUM_DEPTH + "own_brand", 1, 1)
    with pytest.raises(GrammarError, match="nested too deeply"):
        parse_condition("not " * (MAXIMUM_DEPTH + 1) + "own_brand", 1, 1)


def test_the_length_of_a_line_is_bounded() -> None:
    with pytest.raises(GrammarError, match=f"at most {MAXIMUM_TOKENS} words"):
        parse_condition(" and ".join(["own_brand"] * MAXIMUM_TOKENS), 1, 1)


def test_brackets_beside_each_other_are_not_deep() -> None:
    parse_condition(" and ".join(["(own_brand)"] * (MAXIMUM_DEPTH + 5)), 1, 1)


def test_names_without_a_lexicon_are_ids() -> None:
    assert bare(parse_condition("own_brand", 1, 1, EMPTY_LEXICON)) == name("own_brand")
