"""The report in a terminal: as narrow as asked, plain where it is piped, whole in both languages."""

from __future__ import annotations

import re

import pytest

from report.samples import BEFORE, LAW, NAMES, ON, assess
from yiqi.law.diagnostics import display_width
from yiqi.report.days import build_days
from yiqi.report.days_text import render_days
from yiqi.report.row import Score
from yiqi.report.text import bar, render_text
from yiqi.report.view import build_view

LATIN = re.compile(r"[A-Za-z]{2,}")
CODES = {"XXXX", "XP", "XC", "details"}
"""What may stand in a Chinese report in Latin letters: parts of made-up credit codes, and an option of the command."""


@pytest.mark.parametrize("name", NAMES)
def test_no_line_is_wider_than_the_terminal(name: str) -> None:
    view = build_view(assess(name), LAW)
    for language in ("en", "zh"):
        for width in (40, 60, 100):
            text = render_text(view, language, details=True, width=width)
            assert [line for line in text.splitlines() if display_width(line) > width] == []
    days = build_days([assess(name, BEFORE), assess(name, ON)], LAW)
    for language in ("en", "zh"):
        for width in (40, 100):
            text = render_days(days, language, width=width)
            assert [line for line in text.splitlines() if display_width(line) > width] == []


@pytest.mark.parametrize("procedure", ["new", "re_review"])
@pytest.mark.parametrize("name", NAMES)
def test_the_chinese_report_is_chinese(name: str, procedure: str) -> None:
    for on in (BEFORE, ON):
        text = render_text(build_view(assess(name, on, procedure), LAW), "zh", details=True)
        assert set(LATIN.findall(text)) <= CODES
    days = build_days([assess(name, BEFORE, procedure), assess(name, ON, procedure)], LAW)
    assert set(LATIN.findall(render_days(days, "zh"))) <= CODES


def test_nothing_but_text_without_a_style() -> None:
    text = render_text(build_view(assess("near-miss-main-business.yaml"), LAW), "en", details=True)
    assert [c for c in text if ord(c) < 32 and c != "\n"] == []


def test_a_style_colours_marks_and_nothing_else() -> None:
    view = build_view(assess("near-miss-main-business.yaml"), LAW)
    marked = render_text(view, "en", style=lambda text, outcome: f"<{outcome}>{text}</>" if outcome else text)
    assert "<no>✗ No</>  Little giant" in marked
    assert re.sub(r"<[a-z_]*>|</>", "", marked) == render_text(view, "en")


def test_details_show_every_condition_and_the_short_report_how_many_hold() -> None:
    view = build_view(assess("near-miss-main-business.yaml"), LAW)
    giant = next(s for s in view.schemes if s.id == "ladder.little_giant")
    short = render_text(view, "en")
    assert f"  {giant.passed} conditions hold." in short
    assert "--details" in short
    whole = render_text(view, "en", details=True)
    for row in giant.every:
        assert row.text.en.split(" ", 1)[0] in whole
    assert "Total liabilities / total assets ≤ 75% — is 50%" in whole


def test_tags_come_with_what_they_mean() -> None:
    text = render_text(build_view(assess("near-miss-main-business.yaml"), LAW), "en")
    assert "■ small  Size class" in text
    assert "[B] read in one secondary source only" in text


def test_a_report_is_no_decision_of_an_authority() -> None:
    view = build_view(assess("little-giant.yaml"), LAW)
    assert "not a decision of an" in render_text(view, "en")
    assert "不是主管部门的认定结论" in render_text(view, "zh")


@pytest.mark.parametrize(
    ("score", "drawn"),
    [
        # 20 columns for 100 points: one for every five.
        (Score(40, 95, 100, 60), "[########++++|+++++++.]"),
        (Score(64, 64, 100, 70), "[############..|......]"),
        (Score(0, 0, 10), "[....................]"),
        (Score(10, 10, 10), "[####################]"),
    ],
)
def test_the_bar_of_a_score(score: Score, drawn: str) -> None:
    assert bar(score) == drawn
