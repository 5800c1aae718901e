"""Deadlines by hand from the notices of 2025 and 2026 and the Civil Code."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yiqi.clock.answer import Deadline, Extension, Pause
from yiqi.clock.deadline import deadline, fixed_day, remaining, remaining_of
from yiqi.clock.error import ClockError
from yiqi.clock.holidays import DAY
from yiqi.clock.readings import OPTIONS, Readings, with_reading
from yiqi.clock.workdays import CountRange, DayRange, load_calendar
from yiqi.law.bilingual import Bilingual
from yiqi.law.duration import Period

CALENDAR = load_calendar()


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def one(text: str) -> DayRange:
    return DayRange(day(text), day(text))


def options(found: Deadline) -> dict[str, DayRange | None]:
    return {f"{a.name}={a.option}": a.last for a in found.alternatives}


WORKING = Period(10, "working_days")
THIRTY = Period(30, "days")

# start, period, last day before it moves, last day
CIVIL = [
    # 20 (a worked Sunday), 21 to 24, 28 to 30 September, 8 and 9 October
    ("2026-09-18", WORKING, "2026-10-09", "2026-10-09"),
    # the day of the event is not day 1: 2 September is, and 1 October the thirtieth; National Day to the 7th
    ("2026-09-01", THIRTY, "2026-10-01", "2026-10-08"),
    # a Saturday; the Sunday behind it is worked
    ("2026-08-20", THIRTY, "2026-09-19", "2026-09-20"),
    ("2026-08-21", THIRTY, "2026-09-20", "2026-09-20"),
    # no 31 February: the last of the month, a worked Saturday of 2026
    ("2026-01-31", Period(1, "months"), "2026-02-28", "2026-02-28"),
    ("2025-10-15", Period(3, "months"), "2026-01-15", "2026-01-15"),
    # 17 January 2026 is a Saturday
    ("2025-10-17", Period(3, "months"), "2026-01-17", "2026-01-19"),
    # 29 February has no counterpart; 28 February 2025 is a Friday
    ("2024-02-29", Period(1, "years"), "2025-02-28", "2025-02-28"),
    ("2023-02-28", Period(1, "years"), "2024-02-28", "2024-02-28"),
    # 60 days from delivery on 1 December 2025: 30 in December, 30 January
    ("2025-12-01", Period(60, "days"), "2026-01-30", "2026-01-30"),
    # 60 days from 18 December 2025: 13 in December, 31 in January, 16 February, the eve of the Spring Festival
    ("2025-12-18", Period(60, "days"), "2026-02-16", "2026-02-24"),
    ("2025-02-07", Period(1, "working_days"), "2025-02-08", "2025-02-08"),  # a worked Saturday
    # three years from 30 September 2023: a Wednesday
    ("2023-09-30", Period(3, "years"), "2026-09-30", "2026-09-30"),
    ("2023-10-01", Period(3, "years"), "2026-10-01", "2026-10-08"),
]


@pytest.mark.parametrize(("start", "period", "raw", "last"), CIVIL)
def test_a_period_after_an_event(start: str, period: Period, raw: str, last: str) -> None:
    found = deadline(day(start), period, CALENDAR)
    assert (found.raw, found.last) == (one(raw), one(last))


def test_the_days_left_out_are_named_and_so_is_the_sunday_that_counts() -> None:
    found = deadline(day("2026-09-18"), WORKING, CALENDAR)
    assert [(d.date.isoformat()[5:], d.name.zh) for d in found.skipped] == [
        ("09-19", "周六"),
        *((f"09-{d}", "中秋节") for d in (25, 26, 27)),
        *((f"10-0{d}", "国庆节") for d in range(1, 8)),
    ]
    assert [(d.date.isoformat(), d.name.en) for d in found.worked] == [("2026-09-20", "worked for National Day")]
    assert found.confidence == "A"
    assert [n.number for n in found.notices] == ["国办发明电〔2025〕7号"]


def test_each_step_has_its_article_and_its_reading() -> None:
    found = deadline(day("2026-09-01"), THIRTY, CALENDAR)
    cites = [(s.source.cite.zh if s.source else None, s.reading) for s in found.steps]
    assert cites == [
        ("《民法典》第二百零一条", None),
        ("《民法典》第二百零一条", None),
        ("《民法典》第二百零三条第一款", "rest_days"),
        ("《民法典》第二百零三条第二款", None),
    ]
    assert "24:00" in found.steps[-1].text.en
    assert "停止业务活动" in found.steps[-1].text.zh
    assert "2026年10月1日（星期四）为休息日（国庆节）" in found.steps[2].text.zh


def test_the_narrow_reading_of_rest_days_is_shown_where_it_differs() -> None:
    # 1 to 3 October by law, 4 a Sunday; Monday the 5th is only an exchanged day off.
    found = deadline(day("2026-09-01"), THIRTY, CALENDAR)
    assert options(found) == {"rest_days=statutory": one("2026-10-05")}
    other = deadline(day("2026-09-01"), THIRTY, CALENDAR, readings=Readings(rest_days="statutory"))
    assert other.last == one("2026-10-05")
    assert options(other) == {"rest_days=notice": one("2026-10-08")}


def test_an_answer_from_a_year_with_a_secondary_source_says_so() -> None:
    found = deadline(day("2024-09-27"), WORKING, CALENDAR)
    # 29 (worked), 30 September, 8 to 12 October (the 12th worked), 14 to 16 October
    assert found.last == one("2024-10-16")
    assert found.confidence == "B"
    # A natural day that does not move needs no notice.
    assert deadline(day("2024-08-01"), Period(5, "days"), CALENDAR).confidence == "A"


def test_a_pause_in_natural_days() -> None:
    # Days 1 to 8 are 2 to 9 September; five days stand still; 15 September is day 9; 6 October is day 30.
    pause = Pause(day("2026-09-10"), day("2026-09-14"), Bilingual("appraisal", "鉴定"))
    found = deadline(day("2026-09-01"), THIRTY, CALENDAR, pauses=[pause])
    assert (found.raw, found.last) == (one("2026-10-06"), one("2026-10-08"))
    (said,) = (s for s in found.steps if s.reading == "pause_end")
    assert "10–14 September 2026 (appraisal)" in said.text.en
    assert "鉴定" in said.text.zh


def test_a_pause_in_working_days_and_its_last_day() -> None:
    # 20 September is 1; 21 to 24 stand still; 28, 29, 30 are 2 to 4; 8, 9, 10 (worked), 12, 13, 14 October are 5 to 10.
    pause = Pause(day("2026-09-21"), day("2026-09-24"))
    found = deadline(day("2026-09-18"), WORKING, CALENDAR, pauses=[pause])
    assert found.last == one("2026-10-14")
    # Were the 24th counted, the end would be a working day earlier.
    assert options(found) == {"pause_end=counted": one("2026-10-13")}


def test_pauses_that_overlap_are_not_counted_twice() -> None:
    both = [Pause(day("2026-09-10"), day("2026-09-14")), Pause(day("2026-09-12"), day("2026-09-16"))]
    whole = [Pause(day("2026-09-10"), day("2026-09-16"))]
    start = day("2026-09-01")
    assert deadline(start, THIRTY, CALENDAR, pauses=both).raw == deadline(start, THIRTY, CALENDAR, pauses=whole).raw


def test_a_pause_outside_the_period_changes_nothing_and_says_so() -> None:
    for pause in (Pause(day("2026-08-01"), day("2026-08-20")), Pause(day("2026-11-01"), day("2026-11-03"))):
        found = deadline(day("2026-09-01"), THIRTY, CALENDAR, pauses=[pause])
        assert found.last == one("2026-10-08")
        assert any("outside the period" in s.text.en for s in found.steps)
    late = deadline(day("2026-09-01"), THIRTY, CALENDAR, pauses=[Pause(day("2026-11-01"), None)])
    assert late.last == one("2026-10-08")
    assert late.paused_since is None


def test_a_pause_without_an_end_has_no_last_day_but_what_is_left() -> None:
    # 2 to 9 September are eight of thirty days.
    found = deadline(day("2026-09-01"), THIRTY, CALENDAR, pauses=[Pause(day("2026-09-10"), None)])
    assert (found.last, found.paused_since, found.left) == (None, day("2026-09-10"), CountRange(22, 22))
    # 20 to 24 September are five of ten working days.
    found = deadline(day("2026-09-18"), WORKING, CALENDAR, pauses=[Pause(day("2026-09-25"), None)])
    assert found.left == CountRange(5, 5)
    assert remaining_of(found, day("2026-10-08"), CALENDAR) is None
    # three months from 1 September are 91 days: 29 + 31 + 30 + 1
    found = deadline(day("2026-09-01"), Period(3, "months"), CALENDAR, pauses=[Pause(day("2026-09-11"), None)])
    assert found.left == CountRange(91 - 9, 91 - 9)


def test_an_extension_and_its_reading() -> None:
    # Sixty days from 1 September: 31 October, a Saturday. Counted from 8 October the thirty more end on Saturday 7 November.
    more = Extension(THIRTY, "more")
    found = deadline(day("2026-09-01"), THIRTY, CALENDAR, extension=more)
    assert (found.raw, found.last) == (one("2026-10-31"), one("2026-11-02"))
    assert options(found) == {"extension=from_last_day": one("2026-11-09")}


def test_an_extension_to_a_total_counts_from_the_same_day() -> None:
    # Trap 20: 30 days and an extension to at most 90 are 90 in all. 14 October: 17 + 30 + 31 + 12 January.
    found = deadline(
        day("2026-10-14"), THIRTY, CALENDAR, basis="administrative", extension=Extension(Period(90, "days"), "total")
    )
    assert found.last == one("2027-01-12")


def test_an_extension_in_another_unit() -> None:
    # Ten working days from 1 September end on the 15th; thirty days more on 15 October.
    found = deadline(day("2026-09-01"), WORKING, CALENDAR, extension=Extension(THIRTY, "more"))
    assert found.last == one("2026-10-15")
    # Thirty days end on 1 October; five working days more are 8, 9, 10 (worked), 12, 13 October.
    found = deadline(day("2026-09-01"), THIRTY, CALENDAR, extension=Extension(Period(5, "working_days"), "more"))
    assert found.last == one("2026-10-13")


def test_a_transfer_begins_a_new_clock_from_receipt() -> None:
    # 29, 30 September, 8, 9, 10 (worked), 12 to 16 October
    found = deadline(day("2026-09-18"), WORKING, CALENDAR, received=day("2026-09-28"))
    assert found.last == one("2026-10-16")
    assert "28 September 2026" in found.steps[0].text.en


def test_counting_back() -> None:
    # before 8 October: 30, 29, 28, 24, 23, 22, 21, 20 (worked), 18, 17 September
    found = deadline(day("2026-10-08"), WORKING, CALENDAR, direction="before")
    assert found.last == one("2026-09-17")
    found = deadline(day("2026-10-08"), Period(3, "days"), CALENDAR, direction="before")
    assert found.last == one("2026-10-05")
    assert options(found) == {"before=working_day": one("2026-09-30")}
    assert deadline(day("2026-03-31"), Period(1, "months"), CALENDAR, direction="before").last == one("2026-02-28")


def test_a_period_of_an_authority_moves_by_analogy_and_the_other_reading_is_shown() -> None:
    found = deadline(day("2026-09-01"), THIRTY, CALENDAR, basis="administrative")
    assert found.last == one("2026-10-08")
    assert options(found) == {"rest_days=statutory": one("2026-10-05"), "official_period=unmoved": one("2026-10-01")}
    assert found.steps[0].reading == "analogy"


def test_a_range_is_tagged_explained_and_its_open_days_are_named() -> None:
    found = deadline(day("2027-04-20"), WORKING, CALENDAR)
    assert found.last == DayRange(day("2027-05-06"), day("2027-05-07"))
    assert found.confidence == "D"
    assert found.why_open is not None
    assert "Labour Day 2027" in found.why_open.en
    assert {d.date for d in found.undecided} == {
        *(day(f"2027-04-{d}") for d in (24, 25, 28, 29, 30)), *(day(f"2027-05-0{d}") for d in (3, 4, 5))
    }  # fmt: skip


def test_a_certain_day_beyond_the_notices_says_what_it_rests_on() -> None:
    # Tuesday 1 June 2027, eight days before the Dragon Boat Festival
    found = deadline(day("2026-12-01"), Period(6, "months"), CALENDAR)
    assert found.last == one("2027-06-01")
    assert found.why_open is None
    assert found.confidence == "D"
    assert "2027" in found.steps[-1].text.en


def test_what_is_left_and_what_is_over() -> None:
    last = one("2026-10-09")
    rest = remaining(last, day("2026-09-21"), CALENDAR)
    # 22, 23, 24, 28, 29, 30 September, 8, 9 October
    assert (rest.working_days, rest.days, rest.overdue) == (CountRange(8, 8), CountRange(18, 18), False)
    assert remaining(last, day("2026-10-09"), CALENDAR).days == CountRange(0, 0)
    assert remaining(last, day("2026-10-09"), CALENDAR).overdue is False
    rest = remaining(last, day("2026-10-12"), CALENDAR)
    # Saturday the 10th is worked
    assert (rest.overdue_working_days, rest.overdue_days, rest.overdue) == (CountRange(2, 2), CountRange(3, 3), True)


def test_within_a_range_nobody_can_say_whether_it_is_over() -> None:
    found = deadline(day("2027-04-20"), WORKING, CALENDAR)
    assert found.last is not None
    first, second = (remaining_of(found, day(d), CALENDAR) for d in ("2027-05-06", "2027-05-07"))
    assert first is not None
    assert second is not None
    assert first.overdue is False  # on the earliest last day it still runs
    assert second.overdue is None
    assert second.overdue_days == CountRange(0, 1)


def test_the_working_days_left_of_working_days_are_one_number_even_of_a_range() -> None:
    found = deadline(day("2026-12-14"), WORKING, CALENDAR)
    assert found.last == DayRange(day("2026-12-26"), day("2026-12-28"))
    rest = remaining_of(found, day("2026-11-23"), CALENDAR)
    assert rest is not None
    # 24 to 27 November, 30 November to 4, 7 to 11 and 14 December: 15
    assert rest.working_days == CountRange(25, 25)


def test_a_day_named_by_the_law_stays_and_the_other_reading_is_shown() -> None:
    # 31 May 2026 is a Sunday.
    last, others = fixed_day(day("2026-05-31"), CALENDAR)
    assert last == one("2026-05-31")
    assert [(a.option, a.last) for a in others] == [("moved", one("2026-06-01"))]
    last, others = fixed_day(day("2026-05-31"), CALENDAR, Readings(fixed_day="moved"))
    assert last == one("2026-06-01")
    assert [(a.option, a.last) for a in others] == [("unmoved", one("2026-05-31"))]
    assert fixed_day(day("2026-04-30"), CALENDAR) == (one("2026-04-30"), ())


def test_a_day_before_the_civil_code_says_so() -> None:
    # 30 days from 1 June 2020 are 1 July, a Wednesday
    found = deadline(day("2020-06-01"), THIRTY, CALENDAR)
    assert found.last == one("2020-07-01")
    assert any("in force since 1 January 2021" in s.text.en and s.reading == "analogy" for s in found.steps)
    later = deadline(day("2021-01-01"), THIRTY, CALENDAR)
    assert not any("in force since" in s.text.en for s in later.steps)


def test_another_reading_that_needs_a_day_without_calendar_does_not_spoil_the_answer() -> None:
    found = deadline(day("2019-01-02"), Period(1, "days"), CALENDAR, direction="before")
    assert found.last == one("2019-01-01")
    (other,) = found.alternatives
    assert (other.name, other.last) == ("before", None)
    assert other.why_not is not None
    assert "before 2019" in other.why_not.en


WRONG = [
    ({"pauses": [Pause(dt.date(2026, 9, 5), dt.date(2026, 9, 3))]}, "ends on 2026-09-03 before it begins"),
    ({"direction": "before", "received": dt.date(2026, 9, 20)}, "after a day"),
    ({"received": dt.date(2026, 8, 1)}, "before 2026-09-01"),
    ({"extension": Extension(Period(20, "days"), "total")}, "not below 30 days"),
    ({"extension": Extension(Period(90, "working_days"), "total")}, "in the unit of the period"),
]


@pytest.mark.parametrize(("arguments", "said"), WRONG)
def test_what_cannot_be_counted_is_refused(arguments: dict[str, object], said: str) -> None:
    with pytest.raises(ClockError, match=said) as caught:
        deadline(day("2026-09-01"), THIRTY, CALENDAR, **arguments)  # type: ignore[arg-type]
    assert caught.value.message.zh != caught.value.message.en


def test_a_reading_by_its_name() -> None:
    assert with_reading(Readings(), "rest_days=statutory") == Readings(rest_days="statutory")
    for text, said in (
        ("rest_day=notice", "did you mean `rest_days`"),
        ("rest_days=x", "notice or statutory"),
        ("x", "there are"),
    ):
        with pytest.raises(ClockError, match=said):
            with_reading(Readings(), text)


def test_every_reading_has_its_default_among_its_options_and_both_languages() -> None:
    for name, (question, choices) in OPTIONS.items():
        assert next(iter(choices)) == getattr(Readings(), name)
        for text in (question, *choices.values()):
            assert text.en
            assert text.zh


starts = st.dates(min_value=dt.date(2019, 1, 1), max_value=dt.date(2025, 12, 31))
units = st.sampled_from(["working_days", "days", "months"])


@given(starts, st.integers(min_value=1, max_value=24), units)
def test_a_pause_of_no_days_changes_nothing(start: dt.date, count: int, unit: str) -> None:
    period = Period(count, unit)  # type: ignore[arg-type]
    plain = deadline(start, period, CALENDAR)
    # When its last day is counted, a pause of a single day takes nothing out.
    for at in (start + DAY, start + DAY * 5):
        counted = Readings(pause_end="counted")
        found = deadline(start, period, CALENDAR, pauses=[Pause(at, at)], readings=counted)
        assert (found.raw, found.last) == (plain.raw, plain.last)


@given(starts, st.integers(min_value=1, max_value=90), st.integers(min_value=1, max_value=30), st.integers(0, 60))
def test_a_pause_puts_natural_days_off_by_its_days_inside(start: dt.date, count: int, length: int, offset: int) -> None:
    plain = deadline(start, Period(count, "days"), CALENDAR)
    first = start + DAY * (1 + offset)
    found = deadline(start, Period(count, "days"), CALENDAR, pauses=[Pause(first, first + DAY * (length - 1))])
    assert plain.raw is not None
    assert found.raw is not None
    expected = plain.raw.latest + DAY * length if first <= plain.raw.latest else plain.raw.latest
    assert found.raw.latest == expected


@given(starts, st.integers(min_value=1, max_value=36))
def test_months_end_on_the_same_number_or_the_last_of_the_month(start: dt.date, count: int) -> None:
    raw = deadline(start, Period(count, "months"), CALENDAR).raw
    assert raw is not None
    end = raw.latest
    assert (end.year - start.year) * 12 + end.month - start.month == count
    assert end.day == start.day or (end.day < start.day and (end + DAY).day == 1)


@given(starts, st.integers(min_value=1, max_value=60), units)
def test_a_last_day_is_no_rest_day_and_not_before_the_raw_one(start: dt.date, count: int, unit: str) -> None:
    found = deadline(start, Period(count, unit), CALENDAR)  # type: ignore[arg-type]
    assert found.last is not None
    assert found.raw is not None
    assert found.last.earliest >= found.raw.earliest
    if found.last.certain and found.last.latest <= dt.date(2026, 12, 15):
        assert CALENDAR.day(found.last.latest).works
        assert all(not d.works for d in found.skipped)


@given(starts, st.integers(min_value=1, max_value=60), units)
def test_a_later_event_ends_no_earlier(start: dt.date, count: int, unit: str) -> None:
    first = deadline(start, Period(count, unit), CALENDAR).last  # type: ignore[arg-type]
    second = deadline(start + DAY, Period(count, unit), CALENDAR).last  # type: ignore[arg-type]
    assert first is not None
    assert second is not None
    assert first.earliest <= second.earliest
    assert first.latest <= second.latest


@given(starts, st.integers(min_value=1, max_value=60))
def test_to_the_day_before_and_back_again(start: dt.date, count: int) -> None:
    end = deadline(start, Period(count, "days"), CALENDAR).raw
    assert end is not None
    assert deadline(end.latest, Period(count, "days"), CALENDAR, direction="before").last == DayRange(start, start)
