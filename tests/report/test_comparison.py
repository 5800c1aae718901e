"""Two versions compared, as text, page, workbook and JSON: the same figures in every form, whole in both languages."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pytest
from python_calamine import CalamineWorkbook

from report.comparison_samples import AFTER, BEFORE, ENTERPRISES, LITTLE_GIANT, ON, write_table
from report.test_html import Page
from yiqi.law.bilingual import Bilingual, Language
from yiqi.law.diagnostics import display_width
from yiqi.report.comparison import ComparisonView, build_comparison
from yiqi.report.comparison_charts import SCALE, axis, heat, length, moved_bars, steps
from yiqi.report.comparison_html import render_comparison_html
from yiqi.report.comparison_json import as_dict
from yiqi.report.comparison_text import render_comparison
from yiqi.report.comparison_words import share, signed
from yiqi.report.comparison_workbook import write_comparison_workbook
from yiqi.screening.comparing import compare
from yiqi.screening.preparing import prepare
from yiqi.screening.versions import read_versions

LANGUAGES: tuple[Language, ...] = ("en", "zh")


@pytest.fixture(scope="module")
def view(tmp_path_factory: pytest.TempPathFactory) -> ComparisonView:
    connection = duckdb.connect(config={"threads": 1})
    versions = read_versions(BEFORE, AFTER, on=ON)
    table = write_table(tmp_path_factory.mktemp("table") / "dozen.csv")
    prepared = prepare(connection, table, versions.vocabulary, on=ON).required()
    return build_comparison(compare(connection, versions, prepared, schemes=[LITTLE_GIANT]), table="dozen.csv")


@pytest.fixture(scope="module")
def synthetic(view: ComparisonView) -> ComparisonView:
    return replace(view, synthetic=True)


def count(before: int, after: int) -> int:
    return sum(change == (before, after) for _, change, _ in ENTERPRISES)


# -- what every form says ------------------------------------------------------------------------------------------------


def test_the_view_counts_as_the_dozen_does(view: ComparisonView) -> None:
    (giant,) = view.schemes
    assert [row.cells for row in giant.matrix.rows] == [
        tuple(count(before, after) for after in (2, 1, 0)) for before in (2, 1, 0)
    ]
    assert (giant.yes_before, giant.yes_after) == (
        sum(before == 2 for _, (before, _), _ in ENTERPRISES), sum(after == 2 for _, (_, after), _ in ENTERPRISES),
    )  # fmt: skip
    assert giant.moved == {
        "lost": sum(after < before for _, (before, after), _ in ENTERPRISES),
        "gained": sum(after > before for _, (before, after), _ in ENTERPRISES),
    }


def test_a_cause_shows_both_versions_of_its_line(view: ComparisonView) -> None:
    (giant,) = view.schemes
    share_of_main = next(c for c in giant.causes["lost"] if c.id == "miit-2026-2#little_giant.scale/2")
    assert [line.text.en for line in share_of_main.before] == ["Main-business revenue / operating revenue ≥ 70%"]
    assert [line.text.zh for line in share_of_main.after] == ["主营业务收入÷营业收入 ≥ 90%"]
    assert share_of_main.cite.en == "MIIT 2026 No. 2, Annex 2, item 2"
    assert not share_of_main.is_same
    accident = next(c for c in giant.causes["lost"] if c.id == "miit-2026-2#common/6")
    assert accident.before == ()
    market = next(c for c in giant.causes["gained"] if "distinctiveness" in c.id)
    assert market.after[0].text.en.startswith("Any one of: national market share of the leading product ≥ 10%")


def test_what_is_compared_is_said(view: ComparisonView) -> None:
    assert view.before == Bilingual("MIIT 2022 No. 63", "工信部企业〔2022〕63号")
    assert view.after == Bilingual("MIIT 2026 No. 2", "工信部企业〔2026〕2号")
    assert "acts of 2026-11-25 (new application)" in view.compared.en
    assert "2026年3月31日" in view.compared.zh
    assert [(title.zh, side) for title, side in view.one_sided] == [("创新型中小企业", "before")]


@pytest.mark.parametrize(
    ("number", "whole", "said"),
    [(0, 0, "–"), (0, 9, "0.0%"), (1, 3, "33.3%"), (2, 3, "66.7%"), (1, 2000, "0.1%"), (1, 2001, "<0.1%"),
     (1999, 2000, ">99.9%"), (998, 1000, "99.8%"), (7, 7, "100.0%")],
)  # fmt: skip
def test_shares_are_rounded_half_up_and_never_to_nothing_or_all(number: int, whole: int, said: str) -> None:
    assert share(number, whole) == said


def test_differences_have_a_sign() -> None:
    assert [signed(n) for n in (1200, -1200, 0)] == ["+1,200", "−1,200", "0"]


# -- in the terminal -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width", [40, 70, 120])
def test_no_line_is_wider_than_the_terminal(synthetic: ComparisonView, language: Language, width: int) -> None:
    text = render_comparison(synthetic, language, width=width)
    assert [line for line in text.splitlines() if display_width(line) > width] == []


def test_the_text_gives_matrix_causes_and_places(view: ComparisonView) -> None:
    text = render_comparison(view, "en")
    assert re.search(r"Little giant +7 \(58\.3%\) +4 \(33\.3%\) +−3 +7 +3", text)
    assert re.search(r"Yes +1 \(8\.3%\) +1 \(8\.3%\) +5 \(41\.7%\)", text)
    assert "− 3 (42.9%), 2 through this alone; MIIT 2026 No. 2, Annex 2, item 2" in text
    assert "Before: Main-business revenue / operating revenue ≥ 70%" in text
    assert "After: Main-business revenue / operating revenue ≥ 90%" in text
    assert re.search(r"Guangdong +2 +2 +0", text)
    assert "企业2 (row 2), No → Yes" in text


def test_chinese_is_chinese_throughout(synthetic: ComparisonView) -> None:
    text = render_comparison(synthetic, "zh")
    assert set(re.findall(r"[A-Za-z]{2,}", text)) <= {"dozen", "csv"}
    page = Page(render_comparison_html(synthetic, "zh"))
    assert set(re.findall(r"[A-Za-z]{2,}", " ".join(page.texts))) <= {"dozen", "csv"}


def test_lines_that_did_not_change_themselves_say_so(view: ComparisonView) -> None:
    (giant,) = view.schemes
    cause = replace(giant.causes["lost"][0], before=giant.causes["lost"][0].after)
    changed = replace(giant, causes={**giant.causes, "lost": (cause,)}, sets={"lost": (), "gained": ()}, examples=())
    text = render_comparison(replace(view, schemes=(changed,)), "en", width=200)
    assert "The line itself is the same" in text
    assert text.count(cause.text.en) == 1


def test_two_versions_that_ask_the_same_say_so(view: ComparisonView) -> None:
    none = replace(view, schemes=(), same=(Bilingual("Little giant", "“小巨人”"),))
    for language, said in (("en", "every enterprise has the same outcome"), ("zh", "所有企业结论相同")):
        assert said in render_comparison(none, language).replace("\n", " ")  # type: ignore[arg-type]
        assert said in render_comparison_html(none, language)  # type: ignore[arg-type]


# -- as a page -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_is_well_formed_alone_and_can_be_read_without_seeing_it(
    view: ComparisonView, language: Language
) -> None:
    text = render_comparison_html(view, language)
    page = Page(text)
    assert text.startswith("<!doctype html>") or text.lstrip().startswith("<!doctype html>")
    assert not page.all("script", "link", "img", "iframe", "object", "form")
    assert "://" not in text
    assert page.all("html") == [{"lang": "zh-CN" if language == "zh" else "en"}]
    for drawn in page.all("svg"):
        assert drawn.get("aria-hidden") == "true" or drawn["aria-label"]
    ids = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    assert {a["href"] for a in page.all("a")} <= {f"#{identifier}" for identifier in ids}


def test_what_a_file_says_cannot_end_the_page(view: ComparisonView) -> None:
    text = render_comparison_html(replace(view, table="<script>alert(1)</script>.csv"), "en")
    assert "<script>" not in text


def test_bars_are_in_proportion_and_what_is_there_is_never_nothing(view: ComparisonView) -> None:
    assert [length(n, 100) for n in (0, 1, 50, 100)] == [0, 10, 500, 1000]
    assert length(1, 10_000_000) > 0
    (giant,) = view.schemes
    rows = giant.cuts["province"]
    along = axis(rows)
    # At most 4 lose in one province (Zhejiang) and at most 3 gain (Zhejiang): 7 fill the chart, the middle is at 4/7.
    assert (along.whole, along.middle) == (7, SCALE * 4 // 7)
    for row in rows:
        bars = moved_bars(row, along)
        assert bars["lost"].start + bars["lost"].length == along.middle
        assert bars["gained"].start == along.middle
        assert 0 <= bars["lost"].start <= bars["gained"].start + bars["gained"].length <= SCALE + 3


def test_only_changes_are_shaded(view: ComparisonView) -> None:
    (giant,) = view.schemes
    cells = heat(giant.matrix, is_class=False)
    assert [[cell.way for cell in row] for row in cells] == [
        [None, "lost", "lost"], ["gained", None, "lost"], ["gained", "gained", None],
    ]  # fmt: skip
    shades = {cell.number: cell.shade for row in cells for cell in row if cell.way}
    assert shades[0] == 0
    assert shades[5] > shades[3] > shades[1] > 0
    assert [(step.change.en, step.number) for step in steps(giant)] == [
        ("Yes → No", 5), ("No → Yes", 3), ("Yes → Open", 1), ("Open → No", 1),
    ]  # fmt: skip


# -- as a workbook and as JSON -------------------------------------------------------------------------------------------


def test_the_workbook_has_numbers_as_numbers_under_chinese_headings(view: ComparisonView, tmp_path: Path) -> None:
    place = tmp_path / "comparison.xlsx"
    write_comparison_workbook(place, view)
    book = CalamineWorkbook.from_path(place)
    assert book.sheet_names == [
        "概要 Summary", "矩阵 Matrix", "分省 By province", "分行业 By industry", "分规模 By size", "原因 Causes", "示例 Sample",
    ]  # fmt: skip
    matrix = book.get_sheet_by_name("矩阵 Matrix").to_python()
    assert matrix[0][:4] == ["项目 Question", "修改前 Before", "修改后 After", "企业数 Enterprises"]
    assert [row[3] for row in matrix[1:]] == [count(b, a) for b in (2, 1, 0) for a in (2, 1, 0)]
    causes = book.get_sheet_by_name("原因 Causes").to_python()
    main = next(row for row in causes if row[11] == "miit-2026-2#little_giant.scale/2")
    assert main[2:4] == [3, 2]
    assert main[4:8] == [
        "主营业务收入÷营业收入 ≥ 70%", "Main-business revenue / operating revenue ≥ 70%",
        "主营业务收入÷营业收入 ≥ 90%", "Main-business revenue / operating revenue ≥ 90%",
    ]  # fmt: skip
    sample = book.get_sheet_by_name("示例 Sample").to_python()
    assert [row[1] for row in sample[1:]] == [e.row for e in view.schemes[0].examples]
    assert not list(tmp_path.glob("*.part"))


def test_every_form_says_that_a_table_is_synthetic(
    view: ComparisonView, synthetic: ComparisonView, tmp_path: Path
) -> None:
    for language, said in (("en", "SYNTHETIC"), ("zh", "合成数据")):
        for render in (render_comparison, render_comparison_html):
            assert said in render(synthetic, language)  # type: ignore[arg-type]
            assert said not in render(view, language)  # type: ignore[arg-type]
    write_comparison_workbook(tmp_path / "made-up.xlsx", synthetic)
    book = CalamineWorkbook.from_path(tmp_path / "made-up.xlsx")
    for name in book.sheet_names:
        first = str(book.get_sheet_by_name(name).to_python()[0][0])
        assert "合成数据" in first, name
        assert "SYNTHETIC" in first, name
    assert as_dict(synthetic)["synthetic"] is True


def test_json_has_the_same_figures_and_no_float(view: ComparisonView) -> None:
    document = json.loads(json.dumps(as_dict(view), ensure_ascii=False))

    def floats(value: Any) -> list[float]:
        if isinstance(value, dict):
            value = list(value.values())
        if isinstance(value, list):
            return [f for one in value for f in floats(one)]
        return [value] if isinstance(value, float) else []

    assert floats(document) == []
    (giant,) = document["schemes"]
    assert {(c["before"]["en"], c["after"]["en"]): c["enterprises"] for c in giant["matrix"]} == {
        ("Yes", "Yes"): 1, ("Yes", "Open"): 1, ("Yes", "No"): 5, ("Open", "No"): 1, ("No", "Yes"): 3, ("No", "No"): 1,
    }  # fmt: skip
    assert {c["line"]: (c["enterprises"], c["alone"]) for c in giant["causes"]["gained"]} == {
        "miit-2022-63#little_giant.distinctiveness/2": (1, 1), "miit-2022-63#little_giant.refinement/5": (1, 1),
        "miit-2022-63#common/2": (1, 1),
    }  # fmt: skip
