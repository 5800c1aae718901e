"""The page and the summary of a population."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest

from yiqi.law.bilingual import Language
from yiqi.law.diagnostics import display_width
from yiqi.pulse.comparison import compare
from yiqi.pulse.population import Population
from yiqi.report.population_page import render_population
from yiqi.report.population_text import render_population_text
from yiqi.report.population_view import PopulationView, build_population


@pytest.fixture(scope="module")
def view(population: Population) -> PopulationView:
    return build_population(population)


class Tags(HTMLParser):
    """The tags of a page, checked for being closed."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append(tag)
        if tag not in ("meta", "link", "br", "rect"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag != "rect":
            assert self.open.pop() == tag


def test_every_chapter_compares_published_with_achieved(population: Population):
    chapters = {chapter.id: chapter for chapter in compare(population)}
    assert len(chapters["provinces"].lines) == 31
    assert len(chapters["sections"].lines) == 18
    assert all(abs(line.achieved - line.wanted) < 1 for line in chapters["provinces"].lines)
    assert all(abs(line.achieved - line.wanted) < 1 for line in chapters["sections"].lines)
    assert all(abs(line.difference) < 0.0001 for line in chapters["classes"].lines)
    titles = chapters["titles"].lines
    assert [round(line.wanted, 6) for line in titles[:3]] == [0.01, 0.002333, 0.000293]
    assert all(abs(line.difference) < 0.0005 for line in titles[:3])


def test_growth_of_levels_stands_beside_and_is_not_called_fitted(population: Population):
    industry = next(chapter for chapter in compare(population) if chapter.id == "industry")
    assert [line.is_fitted for line in industry.lines[-2:]] == [True, False]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_page_is_whole_and_loads_nothing(view: PopulationView, language: Language):
    page = render_population(view, language)
    tags = Tags()
    tags.feed(page)
    assert tags.open == []
    assert not {"script", "link", "img", "iframe"} & set(tags.seen)
    assert "http" not in page
    assert tags.seen.count("h1") == 1


def test_a_page_says_at_both_ends_that_it_is_made_up(view: PopulationView):
    page = render_population(view, "zh")
    assert page.count("合成数据：按公开统计总量拟合的虚构企业") == 2
    assert render_population(view, "en").count("No row is a real enterprise") == 2


def test_the_chinese_page_has_no_english_sentence(view: PopulationView):
    page = render_population(view, "zh").partition("<body>")[2].partition("<style>")[0]
    for english in ("Published", "Working value", "census", "Source", "points", "employees over units"):
        assert english not in page


def test_every_line_has_a_source_and_a_tag(view: PopulationView):
    for part in view.parts:
        for row in part.rows:
            assert row.tag in "ABCD"
            assert row.sources
            assert all(1 <= number <= len(part.sources) for number in row.sources)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_summary_begins_with_the_label_and_fits_its_width(view: PopulationView, language: Language):
    text = render_population_text(view, language, 100)
    assert text.splitlines()[0] == view.label[language]
    assert max(display_width(line) for line in text.splitlines()) <= 110


def test_unknown_shares_come_from_the_file(view: PopulationView, population: Population):
    import duckdb

    ((count,),) = duckdb.sql(f"SELECT count(rd_expense_2025) FROM '{population.request.output}'").fetchall()
    assert population.known["rd_expense_2025"] == count
    assert {unknown.group.en for unknown in view.unknown} >= {"Finance", "Innovation", "People"}
