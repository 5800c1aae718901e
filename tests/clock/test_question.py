"""Questions in English and Chinese: what is read, and what is said of what cannot be read."""

from __future__ import annotations

import datetime as dt

import pytest

from yiqi.clock.answer import Direction, Pause
from yiqi.clock.error import ClockError
from yiqi.clock.question import Question, read_day, read_pause, read_period, read_question
from yiqi.law.bilingual import Bilingual
from yiqi.law.duration import Period, Unit

TODAY = dt.date(2026, 11, 23)
EVENT = dt.date(2026, 9, 18)

READ: list[tuple[str, dt.date, Direction, int, Unit]] = [
    ("10 working days from 2026-09-18", EVENT, "after", 10, "working_days"),
    ("自2026年9月18日起10个工作日", EVENT, "after", 10, "working_days"),
    ("自２０２６年９月１８日起１０个工作日", EVENT, "after", 10, "working_days"),
    ("自 2026-09-18 起十个工作日内", EVENT, "after", 10, "working_days"),
    ("10个工作日，自2026年9月18日起", EVENT, "after", 10, "working_days"),
    ("10 business days after 18 September 2026", EVENT, "after", 10, "working_days"),
    ("10 workdays from Sept 18th, 2026.", EVENT, "after", 10, "working_days"),
    ("within 30 days of 2026/9/18", EVENT, "after", 30, "days"),
    ("30 natural days from 2026.09.18", EVENT, "after", 30, "days"),
    ("自2026年9月18日之日起三十日内", EVENT, "after", 30, "days"),
    ("2026年9月18日后30个自然日", EVENT, "after", 30, "days"),
    ("从2026年9月18日开始的30天", EVENT, "after", 30, "days"),
    ("1 month from 2026-09-18", EVENT, "after", 1, "months"),
    ("自2026年9月18日起满3个月", EVENT, "after", 3, "months"),
    ("自2026年9月18日起一年", EVENT, "after", 1, "years"),
    ("3 years since 2026-09-18", EVENT, "after", 3, "years"),
    ("10 working days before 2026-09-18", EVENT, "before", 10, "working_days"),
    ("2026年9月18日前10个工作日", EVENT, "before", 10, "working_days"),
    ("在2026年9月18日之前的第30日", EVENT, "before", 30, "days"),
    ("5 days from today", TODAY, "after", 5, "days"),
    ("自今日起5日", TODAY, "after", 5, "days"),
]


@pytest.mark.parametrize(("text", "date", "direction", "count", "unit"), READ)
def test_a_question_is_read(text: str, date: dt.date, direction: Direction, count: int, unit: Unit) -> None:
    assert read_question(text, TODAY) == Question(date, direction, Period(count, unit), None)


def test_a_duty_of_the_law_is_read() -> None:
    name = "miit-2022-63#change_procedure.report"
    for text in (f"{name} from 2026-09-18", f"自2026年9月18日起{name}"):
        assert read_question(text, TODAY) == Question(EVENT, "after", None, name)


UNREAD = [
    "",
    "next week",
    "10 from 2026-09-18",
    "10 moons from 2026-09-18",
    "10 working days",
    "2026-09-18",
    "自2026年9月18日起",
]


@pytest.mark.parametrize("text", UNREAD)
def test_an_unreadable_question_says_the_forms_in_both_languages(text: str) -> None:
    with pytest.raises(ClockError) as caught:
        read_question(text, TODAY)
    assert "10 working days from 2026-09-18" in caught.value.message.en
    assert "before 2026-10-08" in caught.value.message.en
    assert "自2026年9月18日起10个工作日" in caught.value.message.zh
    assert "前10个工作日" in caught.value.message.zh


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("10 days from 2026-02-30", "there is no day 2026-02-30"),
        ("10 days from 2026-13-01", "there is no day 2026-13-01"),
        ("自2027年2月29日起10日", "there is no day 2027年2月29日"),
        ("0 days from 2026-09-18", "1 to 10000"),
        ("10001 days from 2026-09-18", "1 to 10000"),
    ],
)
def test_a_day_or_a_number_that_there_is_not(text: str, said: str) -> None:
    with pytest.raises(ClockError, match=said):
        read_question(text, TODAY)


def test_a_leap_day_is_one() -> None:
    assert read_day("2028年2月29日", TODAY) == dt.date(2028, 2, 29)


def test_periods_and_pauses_alone() -> None:
    assert read_period("90 days") == Period(90, "days")
    assert read_period("九十日") == Period(90, "days")
    assert read_period("10个工作日") == Period(10, "working_days")
    first, last = dt.date(2026, 9, 21), dt.date(2026, 9, 25)
    for text in ("2026-09-21..2026-09-25", "2026年9月21日至2026年9月25日", "2026-09-21 to 2026-09-25"):
        assert read_pause(text, TODAY) == Pause(first, last)
    assert read_pause("2026-09-21..", TODAY) == Pause(first, None)
    assert read_pause("2026-09-21..2026-09-25 鉴定", TODAY) == Pause(first, last, Bilingual("鉴定", "鉴定"))


@pytest.mark.parametrize("text", ["", "soon", "2026-09-21", "..2026-09-25"])
def test_an_unreadable_pause_says_the_form(text: str) -> None:
    with pytest.raises(ClockError, match=r"2026-09-21\.\.2026-09-25"):
        read_pause(text, TODAY)


@pytest.mark.parametrize("text", ["", "ten", "10", "10 days from 2026-09-18"])
def test_an_unreadable_period_says_the_form(text: str) -> None:
    with pytest.raises(ClockError, match="write `10 working days`"):
        read_period(text)


@pytest.mark.parametrize("text", ["", "soon", "18.9.2026"])
def test_an_unreadable_day_says_the_form(text: str) -> None:
    with pytest.raises(ClockError, match="2026年9月18日"):
        read_day(text, TODAY)
