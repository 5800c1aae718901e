"""The vocabulary is read strictly: what a file says wrongly is an error with its place, never ignored."""

from __future__ import annotations

from pathlib import Path

import pytest

from yiqi.law.diagnostics import Diagnostic, DiagnosticError
from yiqi.law.vocabulary import Vocabulary
from yiqi.law.vocabulary_file import incomplete_facts, read_vocabulary

HEAD = "group: {en: Money, zh: 财务}\nfacts:\n"
REVENUE = """\
  revenue:
    type: money
    per: fiscal_year
    unit: 元
    label: {en: Revenue, zh: 营业收入}
    question: {en: How much?, zh: 多少？}
    help: {en: All of it, zh: 全部}
    proof: {en: Audit report, zh: 审计报告}
    known_by: enterprise
    bounds: {minimum: 0元}
    plausible: {minimum: 1万元, maximum: 10亿元, yearly_factor: 20}
    change: {direction: up, cost: 0.2元, per: 1元, years: 1, effort: {en: Sell more, zh: 扩大销售}}
    confidence: B
    source: https://example.org
"""
PROFIT = "  profit: {type: money, per: fiscal_year, label: {en: Profit, zh: 利润}, known_by: enterprise}\n"
SHARE = "  share: {type: ratio, label: {en: Share, zh: 占比}, known_by: enterprise%s}\n"
BRAND = "  brand: {type: yes_no, label: {en: Brand, zh: 品牌}, known_by: register%s}\n"
LEVEL = """\
  level:
    type: one_of
    ordered: true
    label: {en: Level, zh: 级别}
    known_by: official
    judged: true
    change: {direction: high, cost: 1万元, years: 0, effort: {en: Apply, zh: 申报}}
    values:
      - {id: low, label: {en: Low, zh: 低}}
      - {id: high, label: {en: High, zh: 高}}
"""


def vocabulary(folder: Path, *texts: str) -> Vocabulary:
    for number, text in enumerate(texts):
        (folder / f"{number}.yaml").write_text(text, encoding="utf-8")
    return read_vocabulary(folder)


def problems(folder: Path, *texts: str) -> list[Diagnostic]:
    with pytest.raises(DiagnosticError) as caught:
        vocabulary(folder, *texts)
    return list(caught.value.diagnostics)


def test_every_key_arrives(tmp_path: Path) -> None:
    relation = "relations:\n  - {fact: profit, at_most: revenue, severity: warning, say: {en: too high, zh: 过高}}\n"
    read = vocabulary(tmp_path, HEAD + REVENUE + PROFIT + LEVEL, "group: {en: G, zh: 组}\n" + relation)
    revenue = read["revenue"]
    # 1万元 = 10^6 fen, 10亿元 = 10^11 fen, 0.2元 = 20 fen, 1元 = 100 fen
    assert (revenue.minimum, revenue.maximum) == (0, None)
    assert (revenue.plausible_minimum, revenue.plausible_maximum, revenue.yearly_factor) == (10**6, 10**11, 20)
    assert revenue.change is not None
    assert (revenue.change.direction, revenue.change.cost, revenue.change.per, revenue.change.years) == (
        "up",
        20,
        100,
        1,
    )
    assert (revenue.type, revenue.per, revenue.unit, revenue.known_by) == ("money", "fiscal_year", "元", "enterprise")
    assert (revenue.group.zh, revenue.label.en, revenue.proof.zh) == ("财务", "Revenue", "审计报告")
    assert (revenue.confidence, revenue.line) == ("B", 3)
    assert revenue.source is not None
    assert revenue.source.zh == "https://example.org"
    level = read["level"]
    assert [member.id for member in level.members] == ["low", "high"]
    assert (level.ordered, level.judged, level.member_index("high")) == (True, True, 1)
    assert level.change is not None
    assert (level.change.direction, level.change.per) == ("high", 1)
    assert [(r.fact, r.at_most, r.implies, r.severity) for r in read.relations] == [
        ("profit", "revenue", None, "warning")
    ]
    assert read.by_label["营业收入"] is revenue
    assert list(read.facts) == ["revenue", "profit", "level"]


SEVERAL = """\
  links:
    type: set_of
    label: {en: Links, zh: 环节}
    known_by: enterprise
    values:
      - {id: design, label: {en: Design, zh: 设计}}
      - {id: sales, label: {en: Sales, zh: 销售}}
    change: {direction: up, cost: 5万元, years: 1, effort: {en: one more, zh: 增加一项}}
  scene: {type: count, unit: 级, label: {en: Scene, zh: 场景}, known_by: enterprise}
  machines: {type: count, unit: 台, label: {en: Machines, zh: 设备}, known_by: enterprise, bounds: {maximum: 100台}}
"""


def test_values_owe_each_other_something_too(tmp_path: Path) -> None:
    said = "severity: warning, say: {en: a, zh: b}"
    read = vocabulary(
        tmp_path,
        HEAD
        + LEVEL
        + SEVERAL
        + "relations:\n"
        + f"  - {{fact: links, value: design, implies: scene, reaches: 1级, {said}}}\n"
        + f"  - {{fact: level, value: high, implies: links, reaches: sales, {said}}}\n",
    )
    assert [(r.fact, r.value, r.implies, r.reaches) for r in read.relations] == [
        ("links", "design", "scene", 1),
        ("level", "high", "links", "sales"),
    ]
    # Of a set, up adds any of the values; a machine is counted in 台.
    change = read["links"].change
    assert change is not None
    assert (change.direction, change.cost, change.per) == ("up", 5 * 10**6, 1)
    assert read["machines"].maximum == 100


def test_ratio_bounds(tmp_path: Path) -> None:
    read = vocabulary(tmp_path, HEAD + SHARE % ", bounds: {minimum: 0%, maximum: 100%}")
    assert (read["share"].minimum, read["share"].maximum) == (0, 10**8)


RELATED = "relations:\n  - {fact: %s, severity: warning, say: {en: a, zh: b}}\n"

BAD: list[tuple[str, list[tuple[str, int]]]] = [
    # the text after the head (two lines), then code and line of every problem
    ("  Revenue-1: {type: text, label: {en: A, zh: 甲}, known_by: enterprise}\n", [("fact-id", 3)]),
    ("  a: {label: {en: A, zh: 甲}, known_by: enterprise}\n", [("missing-key", 3)]),
    ("  a: {type: text, known_by: enterprise}\n", [("missing-key", 3)]),
    ("  a: {type: text, label: {en: A, zh: 甲}}\n", [("missing-key", 3)]),
    ("  a: {type: mony, label: {en: A, zh: 甲}, known_by: enterprise}\n", [("unknown-value", 3)]),
    ("  a: {type: text, label: {en: A}, known_by: enterprise}\n", [("missing-text", 3)]),
    ("  a: {type: text, label: A, known_by: enterprise}\n", [("wrong-shape", 3)]),
    ("  a: {type: text, label: {en: A, zh: ''}, known_by: enterprise}\n", [("wrong-shape", 3)]),
    ("  a: {type: text, label: {en: A, zh: 甲, fr: A}, known_by: enterprise}\n", [("unknown-key", 3)]),
    ("  a: {type: text, lable: {en: A, zh: 甲}, known_by: enterprise}\n", [("unknown-key", 3), ("missing-key", 3)]),
    (PROFIT + PROFIT, [("duplicate-key", 4)]),
    (PROFIT + "  b: {type: text, label: {en: Profit, zh: 乙}, known_by: enterprise}\n", [("duplicate-label", 4)]),
    (PROFIT + "  b: {type: text, label: {en: B, zh: 利润}, known_by: enterprise}\n", [("duplicate-label", 4)]),
    (PROFIT + "  b: {type: text, label: {en: profit, zh: 乙}, known_by: enterprise}\n", [("duplicate-label", 4)]),
    (SHARE % ", unit: '%'", [("wrong-key", 3)]),
    (SHARE % ", bounds: {minimum: zero}", [("not-a-number", 3)]),
    (SHARE % ", bounds: {minimum: 2元}", [("not-a-number", 3)]),
    (SHARE % ", bounds: {minimum: 5%, maximum: 4%}", [("empty-range", 3)]),
    (SHARE % ", plausible: {yearly_factor: 5}", [("wrong-key", 3)]),
    (
        SHARE % ", plausible: {yearly_factor: 1}",
        [
            ("not-a-number", 3),
        ],
    ),
    (BRAND % ", bounds: {minimum: 0}", [("wrong-key", 3)]),
    (BRAND % ", unit: 项", [("wrong-key", 3)]),
    (BRAND % ", ordered: true", [("wrong-key", 3)]),
    (BRAND % ", judged: yes", [("unknown-value", 3)]),
    (BRAND % ", confidence: D", [("unknown-value", 3)]),
    (BRAND % ", values: [{id: a, label: {en: A, zh: 甲}}]", [("wrong-key", 3)]),
    (BRAND % ", change: {direction: up, cost: 1元, years: 0, effort: {en: a, zh: b}}", [("unknown-value", 3)]),
    (BRAND % ", change: {direction: yes, cost: -1元, years: 0, effort: {en: a, zh: b}}", [("not-a-number", 3)]),
    (BRAND % ", change: {direction: yes, cost: 1元, effort: {en: a, zh: b}}", [("missing-key", 3)]),
    (SHARE % ", change: {direction: up, cost: 1元, years: 0, effort: {en: a, zh: b}}", [("missing-key", 3)]),
    (SHARE % ", change: {direction: up, cost: 1元, per: 0%, years: 0, effort: {en: a, zh: b}}", [("not-a-number", 3)]),
    ("  a: {type: one_of, label: {en: A, zh: 甲}, known_by: official}\n", [("missing-key", 3)]),
    (LEVEL.replace("id: high,", "id: low,"), [("duplicate-value", 12), ("unknown-value", 9)]),
    (LEVEL.replace("zh: 高", "zh: 低"), [("duplicate-value", 12)]),
    (LEVEL.replace("direction: high", "direction: hihg"), [("unknown-value", 9)]),
    (PROFIT + "relations: {fact: profit}\n", [("wrong-shape", 4)]),
    (PROFIT + "relations:\n  - {fact: profit, severity: error, say: {en: a, zh: b}}\n", [("wrong-shape", 5)]),
    (
        PROFIT + "relations:\n  - {fact: profti, at_most: profit, severity: error, say: {en: a, zh: b}}\n",
        [("unknown-fact", 5)],
    ),
    (
        PROFIT + BRAND % "" + "relations:\n  - {fact: profit, at_most: brand, severity: error, say: {en: a, zh: b}}\n",
        [("relation-types", 6)],
    ),
    (
        PROFIT + BRAND % "" + "relations:\n  - {fact: brand, implies: profit, severity: fatal, say: {en: a, zh: b}}\n",
        [("unknown-value", 6)],
    ),
    (PROFIT + "relation: []\n", [("unknown-key", 4)]),
    # what a relation of values cannot be: a member that is none, a set without one, a number on the left, a yes with one
    (SEVERAL + RELATED % "links, value: desing, implies: scene, reaches: 1级", [("unknown-value", 14)]),
    (SEVERAL + RELATED % "links, implies: scene, reaches: 1级", [("relation-types", 14)]),
    (SEVERAL + RELATED % "scene, value: 1级, implies: links, reaches: design", [("relation-types", 14)]),
    (SEVERAL + RELATED % "links, value: design, implies: scene", [("relation-types", 14)]),
    (SEVERAL + RELATED % "links, value: design, implies: scene, reaches: one", [("not-a-number", 14)]),
    (SEVERAL + RELATED % "scene, at_most: machines, reaches: 1级", [("relation-types", 14)]),
    (SEVERAL.replace("direction: up", "direction: down"), [("unknown-value", 10)]),
]


@pytest.mark.parametrize(("text", "expected"), BAD, ids=[f"{i}-{found[0][0]}" for i, (_, found) in enumerate(BAD)])
def test_what_is_wrong_has_its_place(tmp_path: Path, text: str, expected: list[tuple[str, int]]) -> None:
    found = problems(tmp_path, HEAD + text)
    assert [(d.code, d.place.line) for d in found] == expected
    for diagnostic in found:
        assert diagnostic.place.excerpt is not None
        assert diagnostic.render("zh")


def test_names_are_unique_over_all_files(tmp_path: Path) -> None:
    other = PROFIT.replace("  profit", "  earnings")
    assert [(d.code, Path(d.place.file).name) for d in problems(tmp_path, HEAD + PROFIT, HEAD + PROFIT)] == [
        ("duplicate-fact", "1.yaml")
    ]
    assert {d.code for d in problems(tmp_path, HEAD + PROFIT, HEAD + other)} == {"duplicate-label"}


def test_all_problems_of_all_files_at_once(tmp_path: Path) -> None:
    found = problems(tmp_path, HEAD + "  a: {type: mony}\n", "", "x: [", "[]")
    assert {Path(d.place.file).name for d in found} == {"0.yaml", "1.yaml", "2.yaml", "3.yaml"}
    assert [d.code for d in found] == [
        "missing-key",
        "missing-key",
        "unknown-value",
        "empty-file",
        "yaml-syntax",
        "wrong-shape",
    ]


def test_suggests_the_nearest_word(tmp_path: Path) -> None:
    found = problems(tmp_path, HEAD + "  a: {type: mony, label: {en: A, zh: 甲}, known_by: enterprise}\n")
    assert found[0].remedy is not None
    assert "`money`" in found[0].remedy.en
    assert found[0].place.column == 13


def test_an_empty_folder_is_an_error(tmp_path: Path) -> None:
    assert [d.code for d in problems(tmp_path)] == ["no-vocabulary"]


def test_incomplete_facts_are_listed(tmp_path: Path) -> None:
    read = vocabulary(tmp_path, HEAD + REVENUE + PROFIT)
    assert [(d.severity, d.place.line) for d in incomplete_facts(read)] == [("warning", 17)]


def test_the_vocabulary_of_the_product_is_complete() -> None:
    read = read_vocabulary(Path(__file__).parents[2] / "law" / "facts")
    assert {"name", "uscc", "region", "industry", "employees", "operating_revenue", "titles"} <= set(read.facts)
    assert incomplete_facts(read) == []
