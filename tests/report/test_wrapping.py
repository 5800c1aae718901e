"""Lines are never wider than asked, and what belongs together stays together."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from yiqi.law.diagnostics import display_width
from yiqi.report.wrapping import wrap


def test_chinese_breaks_anywhere_but_not_before_its_punctuation() -> None:
    # 20 wide characters fill 40 columns; the comma may not open the second line.
    assert list(wrap("一" * 20 + "，二", 40)) == ["一" * 19, "一，二"]


def test_a_figure_keeps_its_sign_and_its_unit() -> None:
    text = "一" * 17 + " ≥ 4亿元"
    assert list(wrap(text, 40)) == ["一" * 17, "≥ 4亿元"]


def test_a_date_is_not_broken() -> None:
    text = "x" * 33 + " 2026-04-01, and"
    assert list(wrap(text, 40)) == ["x" * 33, "2026-04-01, and"]


def test_a_word_wider_than_a_line_is_cut() -> None:
    assert list(wrap("a" * 85, 40, "", "  ")) == ["a" * 40, "  " + "a" * 38, "  " + "a" * 7]


TEXTS = st.text(st.sampled_from("中文字，。（）“”ab c1.,%≥ 万元-/"), max_size=200)


@settings(deadline=None)  # a busy machine is no wrong line
@given(TEXTS, st.integers(40, 80))
def test_no_line_is_wider_and_no_character_is_lost(text: str, width: int) -> None:
    lines = list(wrap(text, width, "  ", "    "))
    assert all(display_width(line) <= width for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())
