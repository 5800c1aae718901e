"""Beyond the last notice: a range that holds what a notice may still say, never a guess."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from yiqi.clock.holidays import DAY, JOINED, Break, days_between, is_weekend
from yiqi.clock.unannounced import open_festivals, open_text
from yiqi.clock.workdays import Calendar, load_calendar

CALENDAR = load_calendar()
HOLIDAYS = CALENDAR.holidays
EXTENDED = "国办发明电〔2020〕1号"


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


@pytest.mark.parametrize("year", range(2020, 2027))
def test_what_a_notice_said_lay_in_the_range_of_the_autumn_before(year: int) -> None:
    """Stand in October before the notice, ask, and compare with what came, for every day of the year."""
    earlier = Calendar(HOLIDAYS.known_on(dt.date(year - 1, 10, 20)))
    assert earlier.last_announced == dt.date(year - 1, 12, 31)
    # The prolonged Spring Festival of 2020 answered an emergency; the notice that was issued first is compared.
    came = Calendar(replace(HOLIDAYS, notices=tuple(n for n in HOLIDAYS.notices if n.number != EXTENDED)))
    wrong = []
    for start in days_between(dt.date(year - 1, 12, 1), dt.date(year, 12, 1)):
        for number in (1, 5, 10, 20):
            answer, truth = earlier.reach(start, number), came.reach(start, number)
            if truth.certain and not answer.earliest <= truth.earliest <= answer.latest:
                wrong.append((start, number))
    assert wrong == []


def test_the_prolonged_festival_of_2020_went_beyond_any_range() -> None:
    earlier = Calendar(HOLIDAYS.known_on(day("2019-10-20")))
    answer, truth = earlier.reach(day("2020-01-20"), 5), CALENDAR.reach(day("2020-01-20"), 5)
    # 21, 22, 23 January, then 3 and 4 February.
    assert truth.earliest == day("2020-02-04")
    assert answer.latest < truth.earliest


def distance(each: Break, worked: dt.date) -> int:
    return (each.first - worked).days if worked < each.first else (worked - each.last).days


def test_the_limits_are_what_the_notices_reached() -> None:
    longest: dict[str, int] = {}
    exchanged: dict[str, int] = {}
    far: dict[str, int] = {}
    for notice in HOLIDAYS.notices:
        for each in notice.breaks:
            if notice.exceptional:
                continue
            name = "joined" if len(each.festivals) > 1 else each.festivals[0]
            longest[name] = max(longest.get(name, 0), len(each.days))
            exchanged[name] = max(exchanged.get(name, 0), len(each.worked))
            far[name] = max([far.get(name, 0), *(distance(each, w) for w in each.worked)])
    assert {n: limit.exchanged for n, limit in HOLIDAYS.limits.items()} == exchanged
    assert {n: limit.longest for n, limit in HOLIDAYS.limits.items()} == longest
    # The distances are drawn wider: a week, where none was over six days; National Day of 2026 was eleven days off.
    assert far["national_day"] == 11
    assert max(v for n, v in far.items() if n != "national_day") == 6
    assert all(far[n] < limit.distance or n == "national_day" for n, limit in HOLIDAYS.limits.items())


def test_the_arrangements_of_labour_day_2027_by_hand() -> None:
    """1 and 2 May 2027 are a Saturday and a Sunday: two working days have to be given for them."""
    (labour,) = (f for f in open_festivals(HOLIDAYS, 2027) if f.name.zh == "劳动节")
    assert labour.by_law == (day("2027-05-01"), day("2027-05-02"))
    ((arrangements,),) = labour.groupings
    # Breaks of at most five days around the weekend with at least two working days: four days with the two before, one on
    # each side, or the two behind; five days with three of them and one exchanged.
    found = {(tuple(sorted(a.off)), a.exchanged) for a in arrangements}
    thursday, friday, monday, tuesday = (day(f"2027-{d}") for d in ("04-29", "04-30", "05-03", "05-04"))
    assert found == {
        ((thursday, friday), 0),
        ((friday, monday), 0),
        ((monday, tuesday), 0),
        ((day("2027-04-28"), thursday, friday), 1),
        ((thursday, friday, monday), 1),
        ((friday, monday, tuesday), 1),
        ((monday, tuesday, day("2027-05-05")), 1),
    }
    for arrangement in arrangements:
        assert all(is_weekend(d) and d not in labour.by_law for d in arrangement.worked)


def test_ten_working_days_before_labour_day_2027() -> None:
    # 21 to 30 April are eight weekdays. Of the arrangements above every one without exchange leaves 6 May as the tenth
    # working day or earlier days off before it: 28, 29, 30 April and 3, 4, 5 May lose two or three, and give one back.
    found = CALENDAR.reach(day("2027-04-20"), 10)
    assert (found.earliest, found.latest) == (day("2027-05-06"), day("2027-05-07"))


def test_a_day_off_by_law_is_certain_and_the_days_around_it_are_not() -> None:
    assert CALENDAR.day(day("2027-05-01")).certain
    assert CALENDAR.day(day("2027-05-01")).kind == "festival"
    assert not CALENDAR.day(day("2027-05-03")).certain
    assert not CALENDAR.day(day("2027-04-24")).certain  # a Saturday that may be worked
    assert CALENDAR.day(day("2027-03-17")).certain
    # The end of 2026 hangs on the notice for 2027: New Year is a Friday.
    assert not CALENDAR.day(day("2026-12-31")).certain
    assert CALENDAR.day(day("2026-12-18")).certain


def test_national_day_and_the_mid_autumn_festival_of_2028_share_a_break() -> None:
    # 15th of the eighth month 2028 is 3 October: three days off by law, four given.
    (found,) = (f for f in open_festivals(HOLIDAYS, 2028) if "国庆节" in f.name.zh)
    assert found.by_law == tuple(day(f"2028-10-0{d}") for d in (1, 2, 3))
    (grouping,) = found.groupings
    assert len(grouping) == 1
    for arrangement in grouping[0]:
        # 1 October is a Sunday: two working days by law, and as many more as make four, exchanged ones aside.
        assert len(arrangement.off) - arrangement.exchanged == 2


def test_of_2027_they_do_not() -> None:
    # 15 September and 1 October lie too far from each other.
    (found,) = (f for f in open_festivals(HOLIDAYS, 2027) if "国庆节" in f.name.zh)
    (grouping,) = found.groupings
    assert len(grouping) == len(JOINED)


def test_the_words_say_what_is_known_and_what_is_not() -> None:
    text = open_text(CALENDAR.open_among([day("2027-05-03")]))
    assert "holidays of 2027" in text.en
    assert "Labour Day 2027" in text.en
    assert "is not" in text.en
    assert "2027年劳动节" in text.zh
    assert "尚未公布" in text.zh


def test_a_range_in_the_narrow_reading_only_hangs_on_worked_weekends() -> None:
    # Exchanged days off are no rest days there: Monday 3 May 2027 stands for sure.
    assert CALENDAR.move(day("2027-05-03"), "statutory") == CALENDAR.move(day("2027-05-01"), "statutory")
    assert CALENDAR.move(day("2027-05-01"), "statutory").certain
    assert not CALENDAR.move(day("2027-04-24"), "statutory").certain


def test_the_range_of_a_whole_year_is_narrow() -> None:
    found = CALENDAR.count(day("2027-01-03"), day("2027-12-18"))
    assert 0 < found.high - found.low <= 2 * len(open_festivals(HOLIDAYS, 2027)) + 2
    assert CALENDAR.count(day("2027-03-01"), day("2027-03-01")).high == 0


def test_beyond_the_listed_festivals_there_is_none() -> None:
    assert CALENDAR.last < dt.date(HOLIDAYS.last_year, 12, 31)
    assert CALENDAR.day(CALENDAR.last).date + DAY > CALENDAR.last
