"""What a measure gives stands in the summary, with its arithmetic, in both languages."""

from __future__ import annotations

import datetime as dt

import pytest

from yiqi.facts.sheet import FactSheet
from yiqi.judge.judge import Judge
from yiqi.law.library import load
from yiqi.report.html import render_html
from yiqi.report.text import render_text
from yiqi.report.view import build_view

ON = dt.date(2026, 9, 1)
YUAN = 100
SCHEMES = ("relief.job_expansion", "relief.individual_business_income_tax")


def text_of(values: dict[str, object], language: str) -> list[str]:
    law = load()
    answers = Judge(law).judge(FactSheet(values), ON, "new", SCHEMES)  # type: ignore[arg-type]
    view = build_view(answers, law)
    html = render_html(view, language)  # type: ignore[arg-type]
    lines = render_text(view, language).splitlines()  # type: ignore[arg-type]
    for line in lines:
        if "Amount" in line or "金额" in line:
            assert line.strip().removesuffix(" [B]").partition(":")[2].partition("：")[2] in html
    return [line.strip() for line in lines]


def test_the_most_that_an_authority_may_pay() -> None:
    lines = text_of({"entity_kind": "company", "young_hires": 12}, "en")
    at = lines.index("Amount: up to 18,000元 (the authority decides how much) [B]")
    assert lines[at + 1] == "1,500元 × 12 = 18,000元"
    lines = text_of({"entity_kind": "company", "young_hires": 12}, "zh")
    at = lines.index("金额：最高18,000元（具体数额由主管部门确定） [B]")
    assert lines[at + 1] == "1,500元×12人 = 18,000元"


def test_what_is_missing_is_named() -> None:
    lines = text_of({"entity_kind": "individual_business"}, "zh")
    at = lines.index("金额：不少于0元")
    assert lines[at + 2] == "缺：2025年经营所得不超过200万元部分的个人所得税"


def test_an_open_measure_gives_at_most() -> None:
    lines = text_of({"business_income_tax": {2025: 300 * YUAN + 1}}, "en")
    at = lines.index("Amount: up to 150.01元 (if the conditions hold)")
    assert lines[at + 1] == "50% × 300.01元 ≈ 150.01元"


@pytest.mark.parametrize("language", ["en", "zh"])
def test_nothing_is_said_where_nothing_is_given(language: str) -> None:
    lines = text_of(
        {"entity_kind": "individual_business", "young_hires": 3, "business_income_tax": {2025: 0}}, language
    )
    amounts = [line for line in lines if line.startswith(("Amount", "金额"))]
    assert amounts == [{"en": "Amount: 0元", "zh": "金额：0元"}[language]]
