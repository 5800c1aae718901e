"""Lines that give amounts and dates, written in both tongues and read back, and as pages show them."""

from __future__ import annotations

from pathlib import Path

import pytest

from yiqi.law.document import SourceText
from yiqi.law.formatter import format_law
from yiqi.law.grammar import Lexicon, parse_rule
from yiqi.law.library import default_folder
from yiqi.law.syntax import Line
from yiqi.law.vocabulary_file import read_vocabulary
from yiqi.law.wording import write_page
from yiqi.law.writing import write_law

VOCABULARY = read_vocabulary(default_folder() / "facts")
LEXICON = Lexicon(VOCABULARY.chinese_names)


def untitled(name: str) -> None:
    """No rule is named here."""


def line(text: str) -> Line:
    (item,), errors = parse_rule([(1, text)], LEXICON)
    assert errors == []
    assert isinstance(item, Line)
    return item


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("amount: 1500元 * young_hires", "金额：1500元 * 符合一次性扩岗补助条件的新招用青年"),
        (
            "amount: 60% * unemployment_premium up to 30万元 no less than 0元",
            "金额：60% * 实际缴纳失业保险费 不超过 30万元 不低于 0元",
        ),
        (
            "amount: (young_hires - insured_staff) * lowest(taxable_income, 2 * local_taxes)",
            "金额：（符合一次性扩岗补助条件的新招用青年 - 失业保险参保职工） * 最低（年度应纳税所得额，2 * “六税两费”应纳税费额）",
        ),
        (
            "amount: highest(taxable_income up to 10元, local_taxes[-1]) - 5元",
            "金额：最高（年度应纳税所得额 不超过 10元，“六税两费”应纳税费额[-1]） - 5元",
        ),
        ("amount: (taxable_income up to 10元) * 2", "金额：（年度应纳税所得额 不超过 10元） * 2"),
        (
            "date: latest(little_giant_granted, on) + 3 years",
            "日期：最晚（专精特新“小巨人”企业认定日期，办理日） + 3年",
        ),
        ("date: earliest(on, on + 30 days)", "日期：最早（办理日，办理日 + 30天）"),
    ],
)
def test_both_tongues_are_written_and_read_back(english: str, chinese: str) -> None:
    for text in (english, chinese):
        item = line(text)
        assert write_law(item, "en", VOCABULARY, untitled) == english
        written = write_law(item, "zh", VOCABULARY, untitled)
        again = line(written)
        assert write_law(again, "en", VOCABULARY, untitled) == english
        assert write_law(again, "zh", VOCABULARY, untitled) == written


@pytest.mark.parametrize(
    ("text", "en", "zh"),
    [
        ("amount: 1500元 * young_hires up to 3万元",
         "1,500元 × young people hired who count for the job-expansion subsidy, at most 3万元",
         "1,500元×符合一次性扩岗补助条件的新招用青年，最高3万元"),
        ("amount: lowest(taxable_income, 5000万元) * 1.5%",
         "The lower of (taxable income; 5,000万元) × 1.5%", "（年度应纳税所得额与5,000万元取低者）×1.5%"),
        ("date: on + 30 days", "30 days after day of the act", "办理日后30天"),
    ],
)  # fmt: skip
def test_a_page_says_it_in_words(text: str, en: str, zh: str) -> None:
    expression = line(text).expression
    assert write_page(expression, "en", VOCABULARY, untitled) == en
    assert write_page(expression, "zh", VOCABULARY, untitled) == zh


@pytest.mark.parametrize("name", sorted(p.name for p in (default_folder() / "relief").glob("*.md")))
def test_the_relief_files_are_written_in_both_tongues(name: str) -> None:
    path: Path = default_folder() / "relief" / name
    source = SourceText(name, path.read_text(encoding="utf-8"))
    chinese = format_law(source, "zh", VOCABULARY)
    assert format_law(SourceText(name, chinese), "en", VOCABULARY) == source.text
