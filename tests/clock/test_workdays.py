"""The working-day calendar against the notices, two other calendars and arithmetic."""

from __future__ import annotations

import datetime as dt

import chinese_calendar
import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from yiqi.clock.error import ClockError
from yiqi.clock.holidays import DAY, days_between
from yiqi.clock.workdays import Calendar, DayKind, load_calendar

CALENDAR = load_calendar()
FIRST, LAST = dt.date(2019, 1, 1), dt.date(2026, 12, 31)

DIFFERENCES: dict[dt.date, str] = {}
"""Day -> the notice that explains why another calendar differs. There is none."""


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def test_every_day_that_all_three_calendars_know_is_the_same() -> None:
    other = holidays.country_holidays("CN", years=range(FIRST.year, LAST.year + 1))
    differing, compared = set(), 0
    for each in CALENDAR.days(FIRST, LAST):
        compared += 1
        if not each.works == chinese_calendar.is_workday(each.date) == other.is_working_day(each.date):
            differing.add(each.date)
    assert compared == 365 * 8 + 2  # 2020 and 2024 have a 29 February
    assert differing == set(DIFFERENCES)


def test_the_festivals_of_the_years_to_come_are_those_of_another_calendar() -> None:
    other = holidays.country_holidays("CN", years=range(2027, 2036), language="zh_CN")
    names = {"qingming": "清明节", "dragon_boat": "端午节", "mid_autumn": "中秋节", "spring_festival": "春节"}
    for year in range(2027, 2036):
        for festival, name in names.items():
            own = CALENDAR.holidays.lunar[year][festival]
            found = sorted(d for d, what in other.items() if d.year == year and name in what.split("; "))
            # The eve is named for itself; the first day named 春节 is the first of the first month.
            assert own == found[0], (year, festival)


# Weekdays of the year less the days off by law: 11 to 2024, 13 from 2025. What is exchanged is worked on a weekend.
WORKING_DAYS = {
    2019: 261 - 11,
    2020: 262 - 11 - 2,  # Friday 31 January became a day off, Saturday 1 February was not worked after all
    2021: 261 - 11,
    2022: 260 - 11,
    2023: 260 - 11,
    2024: 262 - 11,
    2025: 261 - 13,
    2026: 261 - 13,
}


@pytest.mark.parametrize(("year", "number"), WORKING_DAYS.items())
def test_the_working_days_of_a_year_are_its_weekdays_less_the_days_off_by_law(year: int, number: int) -> None:
    count = CALENDAR.count(dt.date(year - 1, 12, 31), dt.date(year, 12, 31))
    if year < 2026:
        assert (count.low, count.high) == (number, number)
    else:  # what the notice for 2027 does to the last days of 2026 is open: one day off, or a weekend worked
        assert count.low <= number <= count.high <= count.low + 2


KINDS: list[tuple[str, DayKind, str, str]] = [
    ("2026-10-01", "festival", "National Day", "国庆节"),
    ("2026-10-06", "exchanged", "National Day", "国庆节"),
    ("2026-09-26", "weekend", "Mid-Autumn Festival", "中秋节"),
    ("2026-09-20", "makeup", "worked for National Day", "国庆节调休上班"),
    ("2026-09-19", "weekend", "Saturday", "周六"),
    ("2026-09-21", "working", "working day", "工作日"),
    ("2026-02-16", "festival", "Spring Festival", "春节"),  # the eve, off by law since 2025
    ("2024-02-09", "working", "working day", "工作日"),  # the eve of 2024
    ("2025-05-02", "festival", "Labour Day", "劳动节"),
    ("2024-05-02", "exchanged", "Labour Day", "劳动节"),
    ("2025-10-06", "festival", "Mid-Autumn Festival", "中秋节"),
    ("2025-10-07", "exchanged", "National Day, Mid-Autumn Festival", "国庆节、中秋节"),
    ("2020-10-01", "festival", "Mid-Autumn Festival, National Day", "中秋节、国庆节"),
    ("2019-05-05", "makeup", "worked for Labour Day", "劳动节调休上班"),
    ("2020-01-31", "exchanged", "Spring Festival", "春节"),
    ("2020-02-01", "weekend", "Spring Festival", "春节"),
    ("2021-02-20", "makeup", "worked for Spring Festival", "春节调休上班"),
]


@pytest.mark.parametrize(("date", "kind", "en", "zh"), KINDS)
def test_a_day_is_named(date: str, kind: DayKind, en: str, zh: str) -> None:
    found = CALENDAR.day(day(date))
    assert (found.kind, found.name.en, found.name.zh, found.certain) == (kind, en, zh, True)


def test_a_day_names_the_notice_it_rests_on() -> None:
    numbers = {d: n.number for d in ("2019-05-02", "2020-01-31", "2022-12-31") if (n := CALENDAR.day(day(d)).notice)}
    assert numbers == {
        "2019-05-02": "国办发明电〔2019〕3号",
        "2020-01-31": "国办发明电〔2020〕1号",
        "2022-12-31": "国办发明电〔2022〕16号",  # the notice for 2023
    }


def test_a_calendar_of_an_earlier_day_knows_only_the_notices_issued_by_then() -> None:
    before = Calendar(CALENDAR.holidays.known_on(day("2019-03-21")))
    after = Calendar(CALENDAR.holidays.known_on(day("2019-03-22")))
    assert before.day(day("2019-05-02")).works
    assert not after.day(day("2019-05-02")).works
    assert before.last_announced == day("2019-12-31")


@pytest.mark.parametrize(("text", "said"), [("2018-12-31", "before 2019"), ("2036-01-01", "the calendar ends on")])
def test_outside_the_calendar_there_is_no_answer(text: str, said: str) -> None:
    with pytest.raises(ClockError, match=said):
        CALENDAR.day(day(text))
    with pytest.raises(ClockError, match=said):
        CALENDAR.move(day(text))


def test_an_event_before_the_calendar_does_no_harm() -> None:
    # 1 January 2019 is off; the first working day after New Year's Eve 2018 is 2 January 2019.
    assert CALENDAR.reach(day("2018-12-31"), 1).earliest == day("2019-01-02")


MOVES = [
    ("2026-10-01", "2026-10-08", "2026-10-05"),  # exchanged days off from the 5th
    ("2026-10-05", "2026-10-08", "2026-10-05"),
    ("2026-09-19", "2026-09-20", "2026-09-20"),  # the Sunday is worked
    ("2026-09-20", "2026-09-20", "2026-09-20"),
    ("2026-09-25", "2026-09-28", "2026-09-28"),
    ("2026-02-15", "2026-02-24", "2026-02-20"),  # 16 to 19 by law, Friday 20 exchanged
    ("2025-01-31", "2025-02-05", "2025-02-03"),
    ("2026-11-21", "2026-11-23", "2026-11-23"),
    ("2026-11-23", "2026-11-23", "2026-11-23"),
]


@pytest.mark.parametrize(("date", "notice", "statutory"), MOVES)
def test_a_last_day_moves_off_rest_days_in_both_readings(date: str, notice: str, statutory: str) -> None:
    assert CALENDAR.move(day(date)).earliest == CALENDAR.move(day(date)).latest == day(notice)
    assert CALENDAR.move(day(date), "statutory").latest == day(statutory)


def test_september_2026_has_22_working_days() -> None:
    # 22 weekdays, less Friday the 25th, more Sunday the 20th.
    count = CALENDAR.count(day("2026-08-31"), day("2026-09-30"))
    assert (count.low, count.high) == (22, 22)


announced = st.dates(min_value=dt.date(2019, 1, 1), max_value=dt.date(2026, 8, 31))


@given(announced, st.integers(min_value=1, max_value=60))
def test_counting_on_and_counting_back_meet(start: dt.date, number: int) -> None:
    end = CALENDAR.reach(start, number).earliest
    count = CALENDAR.count(start, end)
    assert (count.low, count.high) == (number, number)
    assert CALENDAR.day(end).works
    assert CALENDAR.back(end + DAY, number) == CALENDAR.reach(start, 1)


@given(announced, st.integers(min_value=1, max_value=60))
def test_the_end_is_that_of_a_plain_count(start: dt.date, number: int) -> None:
    left, date = number, start
    while left:
        date += DAY
        left -= chinese_calendar.is_workday(date)
    assert CALENDAR.reach(start, number).latest == date


anywhere = st.dates(min_value=dt.date(2019, 1, 1), max_value=dt.date(2034, 12, 31))


@given(anywhere, st.integers(min_value=1, max_value=40))
def test_a_range_is_ordered_and_a_later_start_ends_no_earlier(start: dt.date, number: int) -> None:
    found, later = CALENDAR.reach(start, number), CALENDAR.reach(start + DAY, number)
    more = CALENDAR.reach(start, number + 1)
    assert start < found.earliest <= found.latest
    assert found.earliest <= later.earliest
    assert found.latest <= later.latest
    assert found.earliest < more.earliest
    assert found.latest < more.latest


@given(anywhere, st.integers(min_value=0, max_value=60))
def test_days_to_skip_that_lie_elsewhere_change_nothing(start: dt.date, length: int) -> None:
    elsewhere = frozenset({start, start - DAY * 5})
    end = start + DAY * length
    assert CALENDAR.count(start, end, elsewhere) == CALENDAR.count(start, end)
    assert CALENDAR.reach(start, 3, elsewhere) == CALENDAR.reach(start, 3)


@given(announced)
def test_a_skipped_working_day_puts_the_end_off_to_the_next(start: dt.date) -> None:
    first = CALENDAR.reach(start, 1).earliest
    assert CALENDAR.reach(start, 5, frozenset({first})) == CALENDAR.reach(start, 6)


def test_the_days_of_a_stretch_are_those_between() -> None:
    assert days_between(day("2026-02-27"), day("2026-03-01")) == (
        day("2026-02-27"),
        day("2026-02-28"),
        day("2026-03-01"),
    )
