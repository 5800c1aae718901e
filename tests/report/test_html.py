"""The page: well-formed, alone, accessible, whole in both languages."""

from __future__ import annotations

import itertools
import re
from html.parser import HTMLParser

import pytest

from report.samples import BEFORE, LAW, NAMES, ON, assess
from yiqi.facts.sheet import FactSheet
from yiqi.law.bilingual import Language
from yiqi.report.days import build_days
from yiqi.report.html import render_days_html, render_html
from yiqi.report.phrases import MARK_WORDS, MARKS
from yiqi.report.view import build_view

VOID = {"meta", "br"}
LANGUAGES: tuple[Language, ...] = ("en", "zh")


class Page(HTMLParser):
    """Reads a page and insists that elements are closed in order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.texts: list[str] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.texts.append(data)

    def all(self, *names: str) -> list[dict[str, str]]:
        return [attributes for tag, attributes in self.tags if tag in names]


def pages(name: str, language: Language) -> list[str]:
    """A report of one day and a comparison of two."""
    days = [assess(name, BEFORE), assess(name, ON)]
    return [render_html(build_view(days[1], LAW), language), render_days_html(build_days(days, LAW), language)]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", NAMES)
def test_a_page_is_well_formed_and_loads_nothing(name: str, language: Language) -> None:
    for text in pages(name, language):
        assert text.startswith("<!doctype html>")
        page = Page(text)
        assert not page.all("script", "link", "img", "iframe", "object", "form")
        assert "://" not in text
        assert "url(" not in text
        assert "@import" not in text
        # Ids are there once, and links lead to them.
        ids = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
        assert len(ids) == len(set(ids))
        assert {a["href"] for a in page.all("a")} <= {f"#{identifier}" for identifier in ids}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_can_be_read_without_seeing_it(language: Language) -> None:
    for text in pages("half-the-facts.yaml", language):
        page = Page(text)
        assert page.all("html") == [{"lang": "zh-CN" if language == "zh" else "en"}]
        headings = [int(tag[1]) for tag, _ in page.tags if re.fullmatch(r"h[1-6]", tag)]
        assert headings[0] == 1
        assert headings.count(1) == 1
        assert all(after - before <= 1 for before, after in itertools.pairwise(headings))
        assert all("scope" in attributes for attributes in page.all("th"))
        assert all(attributes.get("aria-label") for attributes in page.all("svg"))
        assert all(page.all(one) for one in ("main", "header", "footer"))


def test_no_mark_is_without_its_word() -> None:
    text = render_html(build_view(assess("near-miss-main-business.yaml"), LAW), "en")
    marks = re.findall(r'<span class="mark \w+"><span aria-hidden="true">(.)</span> ([^<]*)</span>', text)
    assert marks
    assert all(word for _, word in marks)
    assert len(marks) == text.count('<span class="mark ')
    # The words tell apart what the signs tell apart.
    for kind in ("yes", "no", "unknown", "exempt", "shown"):
        assert MARKS[kind] in text
        assert MARK_WORDS[kind].en in text


@pytest.mark.parametrize("name", NAMES)
def test_the_chinese_page_is_chinese(name: str) -> None:
    for text in pages(name, "zh"):
        page = Page(text)
        said = page.texts + [
            v for _, a in page.tags for k, v in a.items() if k in ("aria-label", "data-label", "title")
        ]
        words = {word for data in said for word in re.findall(r"[A-Za-z]{2,}", data)}
        assert words <= {"XXXX", "XP", "XC"}  # parts of made-up credit codes


def test_both_languages_have_the_same_rows() -> None:
    counts = []
    for language in LANGUAGES:
        page = Page(render_html(build_view(assess("half-the-facts.yaml"), LAW), language))
        counts.append([len(page.all(tag)) for tag in ("tr", "td", "th", "section", "h2")])
    assert counts[0] == counts[1]


def test_a_page_prints_on_a4_with_its_details() -> None:
    text = render_html(build_view(assess("little-giant.yaml"), LAW), "en")
    assert "@page { size: A4" in text
    # A browser does not print what is folded away.
    assert all("open" in attributes for attributes in Page(text).all("details"))


def test_a_name_cannot_put_markup_into_a_page() -> None:
    name = "<script>alert(1)</script>\"'&"
    text = render_html(build_view(assess(FactSheet({"name": name})), LAW), "zh")
    assert "<script" not in text
    assert name in "".join(Page(text).texts)


def test_a_page_does_not_need_a_folder_to_keep_things_in(monkeypatch: pytest.MonkeyPatch) -> None:
    from yiqi.report import html

    monkeypatch.setenv("XDG_CACHE_HOME", "/dev/null")
    html._environment.cache_clear()
    try:
        assert "</html>" in render_html(build_view(assess("little-giant.yaml"), LAW), "en")
    finally:
        html._environment.cache_clear()
