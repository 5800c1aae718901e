"""What the headings of a table are read as, and what a person is told about those that are not."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from screening.tables import ON, csv_file, made, vocabulary
from yiqi.law.diagnostics import Place
from yiqi.law.vocabulary import Vocabulary
from yiqi.screening.headings import HeadingReader, Headings


def read(
    *headings: str, year: int | None = None, names: dict[str, str] | None = None, unit: str | None = None
) -> tuple[Headings, list[str]]:
    """The meaning of headings and the codes of what is wrong."""
    reader = HeadingReader(vocabulary(), on=ON, year=year, names=names)
    found, problems = reader.read(headings, lambda i: Place("table", 1, cell=headings[i]), unit)
    return found, [problem.code for problem in problems]


@pytest.mark.parametrize(
    ("heading", "column", "unit"),
    [
        ("企业名称", "name", None),
        ("企业名称（全称）", "name", None),
        ("企 业 名 称", "name", None),
        ("Enterprise name", "name", None),
        ("operating_revenue_2025", "operating_revenue_2025", None),
        ("营业收入_2025", "operating_revenue_2025", None),
        ("营业收入_2025（万元）", "operating_revenue_2025", "万元"),
        ("2025年营业收入(万元)", "operating_revenue_2025", "万元"),
        ("2025年度营业收入（单位：万元）", "operating_revenue_2025", "万元"),
        ("营业收入2025年（亿元）", "operating_revenue_2025", "亿元"),
        ("营业收入（2025年）", "operating_revenue_2025", None),
        ("营业收入（2025年）（万元）", "operating_revenue_2025", "万元"),
        ("营业收入（2025年，万元）", "operating_revenue_2025", "万元"),
        ("营业收入（万元、2025年度）", "operating_revenue_2025", "万元"),
        ("营业收入（万元）_2025", "operating_revenue_2025", "万元"),
        ("operating_revenue_2025_万元", "operating_revenue_2025", "万元"),
        ("营业收入_2025_千元", "operating_revenue_2025", "千元"),
        ("2025年营业收入万元", "operating_revenue_2025", "万元"),
        ("营业收入\n2025年\n（万元）", "operating_revenue_2025", "万元"),
        ("从业人员_2025（人）", "employees_2025", "人"),
        ("市场占有率（%）", "market_share", "%"),
        ("市场占有率%", "market_share", "%"),
        ("市场占有率（％）", "market_share", "%"),
        ("新增股权融资（元）", "financing", "元"),
    ],
)
def test_ways_to_write_a_heading(heading: str, column: str, unit: str | None) -> None:
    found, problems = read(heading)
    assert problems == []
    (meaning,) = found.meanings
    assert meaning.column is not None
    assert (meaning.column.name, meaning.unit) == (column, unit)


def test_the_unit_that_is_assumed_is_said() -> None:
    found, problems = read("营业收入_2025", "新增股权融资（万元）", "市场占有率", "企业名称")
    assert problems == []
    assert [(m.unit, m.assumed) for m in found.meanings] == [(None, "元"), ("万元", None), (None, None), (None, None)]
    above, _ = read("营业收入_2025", "新增股权融资（元）", "从业人员_2025", unit="万元")
    assert [(m.unit, m.assumed) for m in above.meanings] == [("万元", None), ("元", None), (None, None)]


def test_headings_that_mean_nothing_have_the_nearest_fact() -> None:
    found, problems = read("企业名称", "营业收人_2025", "完全无关的内容", "")
    assert problems == []
    assert [(m.heading, m.suggestion.id if m.suggestion else None) for m in found.unread] == [
        ("营业收人_2025", "operating_revenue"), ("完全无关的内容", None), ("", None),
    ]  # fmt: skip


def test_a_table_without_one_known_heading() -> None:
    reader = HeadingReader(vocabulary(), on=ON)
    headings = ("单位名", "从业人数", "营业收人")
    _, (problem,) = reader.read(headings, lambda i: Place("table", 1, cell=headings[i]))
    assert problem.code == "no-known-heading"
    for heading in headings:
        assert heading in problem.message.zh
    assert problem.remedy is not None
    assert "“营业收人”≈“营业收入”" in problem.remedy.zh
    assert "--map" in problem.remedy.zh
    assert "`营业收人` ~ operating_revenue" in problem.remedy.en


def test_a_year_that_no_heading_names() -> None:
    _, problems = read("企业名称", "营业收入（万元）", "从业人员")
    assert problems == ["needs-year", "needs-year"]
    found, problems = read("企业名称", "营业收入（万元）", "从业人员_2024", year=2025)
    assert problems == []
    assert [m.column.name for m in found.read if m.column] == ["name", "operating_revenue_2025", "employees_2024"]


def test_years_that_cannot_be() -> None:
    assert read("企业名称", "营业收入_2027")[1] == ["year-in-future"]
    assert read("企业名称", "营业收入_1980")[1] == ["year-too-early"]
    found, problems = read("企业名称", "营业收入_2026")
    assert problems == ["year-not-ended"]
    assert found.meanings[1].column is not None
    found, problems = read("企业名称", "2025年市场占有率")
    assert problems == ["no-year"]
    assert found.meanings[1].column is None


def test_units_that_are_none() -> None:
    for heading in ("营业收入_2025（美元）", "营业收入_2025（合并口径）", "市场占有率（‰）", "从业人员_2025（万元）"):
        found, problems = read("企业名称", heading)
        assert problems == ["wrong-unit"], heading
        assert found.meanings[1].column is None


def test_headings_that_claim_one_fact() -> None:
    found, problems = read("企业名称", "营业收入_2025（万元）", "2025年营业收入")
    assert problems == ["duplicate-heading"]
    assert found.claims == {"operating_revenue_2025": ("营业收入_2025（万元）", "2025年营业收入")}
    found, problems = read("企业名称", "营业收入_2025（万元）", "2025年营业收入", names={"2025年营业收入": "-"})
    assert problems == []
    assert found.meanings[2].left_aside
    assert [m.column.name for m in found.read if m.column] == ["name", "operating_revenue_2025"]
    assert read("企业名称", "企业名称")[1] == ["duplicate-heading"]


def test_what_a_person_says_a_heading_means() -> None:
    names = {"收入": "operating_revenue_2025（万元）", "人 数": "从业人员_2025", "负责人": "-"}
    found, problems = read("单位", "收入", "人数", "负责人", "企业名称", names=names)
    assert problems == []
    assert [(m.heading, m.column.name, m.unit) for m in found.read if m.column] == [
        ("收入", "operating_revenue_2025", "万元"), ("人数", "employees_2025", None), ("企业名称", "name", None),
    ]  # fmt: skip
    found, problems = read("营业收入_2025", "收入合计", names={"收入合计": "operating_revenue_2025"})
    assert problems == []
    assert [m.column.name if m.column else None for m in found.meanings] == [None, "operating_revenue_2025"]
    assert found.claims == {"operating_revenue_2025": ("营业收入_2025", "收入合计")}


def test_a_heading_that_means_two_facts() -> None:
    one, other = vocabulary()["net_profit"], vocabulary()["financing"]
    same = Vocabulary({one.id: replace(one, per=None), other.id: replace(other, label=one.label)})
    reader = HeadingReader(same, on=ON)
    found, problems = reader.read(["净利润（万元）"], lambda _: Place("table", 1))
    assert [problem.code for problem in problems] == ["ambiguous-heading"]
    assert "净利润（net_profit）、净利润（financing）" in problems[0].message.zh
    assert found.meanings[0].column is None
    told = HeadingReader(same, on=ON, names={"净利润（万元）": "financing（万元）"})
    found, problems = told.read(["净利润（万元）"], lambda _: Place("table", 1))
    assert problems == []
    assert [(m.column.name, m.unit) for m in found.read if m.column] == [("financing", "万元")]


def test_what_a_person_says_wrongly() -> None:
    assert read("企业名称", "人数", names={"人数": "employes_2025"})[1] == ["unknown-fact"]
    assert read("企业名称", "人数", names={"人数": "employees"})[1] == ["needs-year"]
    reader = HeadingReader(vocabulary(), on=ON, names={"人数合计": "employees_2025"})
    headings = ("企业名称", "从业人数合计")
    _, (problem,) = reader.read(headings, lambda i: Place("table", 1, cell=headings[i]))
    assert problem.code == "no-such-heading"
    assert problem.remedy is not None
    assert "从业人数合计" in problem.remedy.zh


def test_examples_show_what_a_cell_was_read_as(tmp_path: Path) -> None:
    table = csv_file(
        tmp_path,
        [["企业名称", "所在地", "行业代码", "营业收入_2025（万元）", "新增股权融资", "称号", "主体类型", "成立日期", "自主品牌"],
         ["甲", "", "C3451", "坏", "1200", "小巨人", "公司", "2015年3月9日", "是"],
         ["乙", "330100", "", "5512.5", "", "", "", "", "否"]],
    )  # fmt: skip
    shown = {m.heading: m.example for m in made(table).preparation.mapping.read}
    assert {heading: (cell[0], cell[1].zh) for heading, cell in shown.items() if cell} == {
        "企业名称": ("甲", "甲"),
        "所在地": ("330100", "330100 浙江省"),
        "行业代码": ("C3451", "C3451 制造业"),
        "营业收入_2025（万元）": ("5512.5", "5,512.5万元"),
        "新增股权融资": ("1200", "1,200元"),
        "称号": ("小巨人", "小巨人"),
        "主体类型": ("公司", "公司"),
        "成立日期": ("2015年3月9日", "2015年3月9日"),
        "自主品牌": ("是", "是"),
    }
    english = {heading: cell[1].en for heading, cell in shown.items() if cell}
    assert english["主体类型"] == "Company"
    assert english["成立日期"] == "2015-03-09"
    assert english["自主品牌"] == "yes"
