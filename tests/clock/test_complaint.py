"""The clock of a complaint: the periods of the Regulation of 2025 and the Measures of 2021, days counted by hand."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yiqi.clock.complaint import Complaint, DutyState, complaint
from yiqi.clock.complaint_events import CLOSING, EVENTS, KINDS, Event, read_event
from yiqi.clock.complaint_periods import Periods
from yiqi.clock.error import ClockError
from yiqi.clock.readings import Readings
from yiqi.clock.workdays import CountRange, DayRange, load_calendar
from yiqi.law.library import default_folder, load

CALENDAR = load_calendar()
PERIODS = Periods(load())
TODAY = dt.date(2026, 11, 23)


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def stands(*events: str, on: str = "2026-11-23", region: str = "", readings: Readings | None = None) -> Complaint:
    read = [read_event(e, TODAY) for e in events]
    return complaint(read, day(on), CALENDAR, PERIODS, region=region, readings=readings)


def last(state: DutyState) -> str:
    assert state.deadline is not None
    assert state.deadline.last is not None
    assert state.deadline.last.certain
    return state.deadline.last.latest.isoformat()


COURSE = ("filed=2026-09-18", "accepted=2026-10-09", "transferred=2026-10-12", "received=2026-10-14")


def test_ten_working_days_to_review_and_ten_to_transfer_and_thirty_days_to_answer() -> None:
    review, transfer, answer = stands(*COURSE).duties
    # Trap 21: the transfer has ten of its own, from acceptance. 10 (worked), 12 to 16, 19 to 22 October.
    assert (review.status, last(review), review.done) == ("met", "2026-10-09", day("2026-10-09"))
    assert (transfer.status, last(transfer), transfer.done) == ("met", "2026-10-22", day("2026-10-12"))
    # 17 days of October and 13 of November
    assert (answer.status, last(answer), answer.since) == ("overdue", "2026-11-13", day("2026-10-14"))
    assert answer.late is not None
    # 16 to 20 and 23 November
    assert (answer.late.overdue_days, answer.late.overdue_working_days) == (CountRange(10, 10), CountRange(6, 6))
    assert [d.source.confidence for d in (review, transfer, answer)] == ["A", "A", "A"]
    assert "2025" in answer.source.cite.en


def test_the_answer_while_it_runs() -> None:
    answer = stands(*COURSE, on="2026-11-10").duties[-1]
    assert answer.status == "running"
    assert answer.left is not None
    assert (answer.left.days, answer.left.working_days) == (CountRange(3, 3), CountRange(3, 3))


def test_the_extension_is_ninety_days_in_all_and_no_more() -> None:
    answer = stands(*COURSE, "extended=2026-11-10").duties[-1]
    # 17 + 30 + 31 days and 12 of January, a Tuesday: not 30 + 90
    assert (answer.status, last(answer)) == ("running", "2027-01-12")
    assert any("may have set less" in n.en for n in answer.notes)
    late = stands(*COURSE, "extended=2026-11-16").duties[-1]
    assert any("after the period had run out on 2026-11-13" in n.en for n in late.notes)


def test_an_answer_that_came_late_and_one_in_time() -> None:
    found = stands(*COURSE, "answered=2026-11-17")
    answer = found.duties[-1]
    assert found.closed
    assert (answer.status, answer.done) == ("late", day("2026-11-17"))
    assert answer.late is not None
    assert (answer.late.overdue_days, answer.late.overdue_working_days) == (CountRange(4, 4), CountRange(2, 2))
    assert stands(*COURSE, "answered=2026-11-13").duties[-1].status == "met"


def test_a_last_day_on_a_rest_day_shows_the_day_before_it_moved() -> None:
    # 1 September and thirty days are 1 October.
    answer = stands("received=2026-09-01", on="2026-09-10").duties[0]
    assert last(answer) == "2026-10-08"
    assert answer.deadline is not None
    assert answer.deadline.raw == DayRange(day("2026-10-01"), day("2026-10-01"))
    assert {f"{a.name}={a.option}" for a in answer.alternatives} == {"official_period=unmoved", "rest_days=statutory"}


def test_incomplete_material_is_filed_again_and_the_other_reading_pauses() -> None:
    events = ("filed=2026-09-18", "incomplete=2026-09-24", "completed=2026-10-12", "accepted=2026-10-20")
    first, second, transfer = stands(*events).duties
    assert (first.step, first.status, first.done) == ("review", "met", day("2026-09-24"))
    # 13 to 16, 19 to 23, 26 October
    assert (second.step, second.status, last(second)) == ("review", "met", "2026-10-26")
    # Only paused: 20 to 23 September are four; 13 to 16 October four more, 19 and 20 the last two.
    assert [(a.option, a.last) for a in second.alternatives] == [
        ("pause", DayRange(day("2026-10-20"), day("2026-10-20")))
    ]
    # 21 to 23, 26 to 30 October, 2 and 3 November
    assert (transfer.step, transfer.status, last(transfer)) == ("transfer", "overdue", "2026-11-03")
    (review, _) = stands(*events, readings=Readings(refiling="pause")).duties
    assert (review.status, last(review)) == ("met", "2026-10-20")


def test_while_the_complainant_has_the_material_no_department_is_late() -> None:
    events = ("filed=2026-09-18", "incomplete=2026-09-24")
    found = stands(*events)
    assert [d.status for d in found.duties] == ["met"]
    assert found.waiting is not None
    assert "complainant" in found.waiting.en
    (review,) = stands(*events, readings=Readings(refiling="pause")).duties
    assert (review.status, review.paused_since) == ("paused", day("2026-09-24"))
    assert review.deadline is not None
    # 20 to 23 September are gone
    assert review.deadline.left == CountRange(6, 6)


def test_a_suspension_stops_the_answer_and_is_marked_as_practice() -> None:
    answer = stands(*COURSE, "suspended=2026-10-20").duties[-1]
    assert (answer.status, answer.paused_since) == ("paused", day("2026-10-20"))
    assert answer.deadline is not None
    assert answer.deadline.left == CountRange(25, 25)  # 15 to 19 October are five
    assert any("practice" in n.en and "实务" in n.zh for n in answer.notes)
    # Fourteen days from 20 October to 2 November put 13 November off to the 27th.
    answer = stands(*COURSE, "suspended=2026-10-20", "resumed=2026-11-02").duties[-1]
    assert (answer.status, last(answer)) == ("running", "2026-11-27")


def test_between_transfer_and_receipt_nobody_runs_late() -> None:
    found = stands(*COURSE[:3])
    assert [d.status for d in found.duties] == ["met", "met"]
    assert found.waiting is not None
    assert "handling department" in found.waiting.en


@pytest.mark.parametrize("kind", ["withdrawn", "terminated", "paid"])
def test_an_end_outside_national_text_stops_the_clock_and_is_marked(kind: str) -> None:
    found = stands(*COURSE, f"{kind}=2026-10-30")
    assert found.closed
    assert found.duties[-1].status == "stopped"
    assert "practice" in found.state.en
    assert "实务" in found.state.zh


def test_a_refusal_ends_it() -> None:
    found = stands("filed=2026-09-18", "refused=2026-10-12")
    assert found.closed
    (review,) = found.duties
    assert review.status == "late"  # due on the 9th; Saturday the 10th was worked
    assert review.late is not None
    assert review.late.overdue_working_days == CountRange(2, 2)


def test_before_the_regulation_of_2025_the_text_says_in_time() -> None:
    review, transfer, answer = stands(
        "filed=2025-03-03", "accepted=2025-03-10", "received=2025-03-20", on="2025-05-20"
    ).duties
    assert review.status == "met"
    assert [transfer.status, answer.status] == ["no_period", "no_period"]
    assert any("in time" in n.en for n in transfer.notes)
    # Remembered, not read: it is named and decides nothing.
    assert answer.source.confidence == "C"
    assert any("30 days, at most 90 days" in n.en and "[C]" in n.en for n in answer.notes)
    assert answer.deadline is None


def test_a_step_that_ran_into_the_new_regulation_says_so() -> None:
    transfer = stands("filed=2025-05-15", "accepted=2025-05-28", on="2025-06-20").duties[-1]
    assert transfer.status == "no_period"
    assert any("from which day its period counts is not ruled" in n.en for n in transfer.notes)


def test_before_the_measures_of_2021_there_is_no_period_for_the_review() -> None:
    (review,) = stands("filed=2021-06-01", on="2021-07-01").duties
    assert review.status == "no_period"
    with pytest.raises(ClockError, match="1 September 2020"):
        stands("filed=2020-08-31", on="2021-07-01")


def test_liaoning_reviews_in_seven_working_days() -> None:
    (review,) = stands("filed=2026-11-12", region="210200").duties
    # 13, 16 to 20, 23 November
    assert last(review) == "2026-11-23"
    assert review.source.confidence == "B"
    (national,) = stands("filed=2026-11-12", region="320100").duties
    assert last(national) == "2026-11-26"


def test_a_deadline_that_is_a_range_may_be_over() -> None:
    # From 14 December 2026 ten working days end between the 26th and the 28th.
    found = complaint([Event("filed", day("2026-12-14"))], day("2026-12-27"), CALENDAR, PERIODS)
    (review,) = found.duties
    assert review.status == "open"


WRONG = [
    (("filed=2026-10-09", "accepted=2026-09-18"), "cannot follow accepted"),
    (("filed=2026-09-18", "filed=2026-09-19"), "happens once"),
    (("filed=2026-09-18", "completed=2026-09-19"), "needs incomplete"),
    (("filed=2026-09-18", "extended=2026-09-19"), "needs received"),
    (("filed=2026-09-18", "suspended=2026-09-19"), "needs received"),
    (("incomplete=2026-09-18",), "needs filed"),
    (("received=2026-09-18", "suspended=2026-09-19", "suspended=2026-09-20"), "cannot happen again before resumed"),
    (("received=2026-09-18", "resumed=2026-09-20"), "needs suspended"),
    (("filed=2026-09-18", "incomplete=2026-09-19", "accepted=2026-09-20"), "give the day on which"),
    (("filed=2026-09-18", "refused=2026-09-19", "accepted=2026-09-20"), "cannot follow refused"),
    (("accepted=2026-09-18", "incomplete=2026-09-20"), "needs filed"),
    (("filed=2026-12-18",), "after the day asked about"),
    ((), "at least one event"),
]


@pytest.mark.parametrize(("events", "said"), WRONG)
def test_events_that_cannot_have_happened_so(events: tuple[str, ...], said: str) -> None:
    with pytest.raises(ClockError, match=said) as caught:
        stands(*events)
    assert caught.value.message.zh


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("filled=2026-09-18", "did you mean `filed`"),
        ("x", "one of filed"),
        ("filed=soon", "is no day"),
        ("filed", "KIND=DATE"),
    ],
)
def test_an_event_that_cannot_be_read(text: str, said: str) -> None:
    with pytest.raises(ClockError, match=said):
        read_event(text, TODAY)


def test_events_of_one_day_are_put_in_their_order() -> None:
    found = stands("accepted=2026-09-18", "filed=2026-09-18")
    assert [e.kind for e in found.events] == ["filed", "accepted"]


def test_every_event_and_every_period_is_said_in_both_languages() -> None:
    assert set(EVENTS) == set(KINDS)
    assert set(CLOSING) <= set(KINDS)
    for row in PERIODS.rows:
        assert row.source.cite.en
        assert row.source.cite.zh


@given(st.integers(min_value=0, max_value=400), st.integers(min_value=0, max_value=60))
def test_a_day_later_nothing_is_less_overdue(offset: int, wait: int) -> None:
    received = dt.date(2025, 6, 2) + dt.timedelta(days=offset)
    on = received + dt.timedelta(days=wait)
    order = ["running", "open", "overdue"]
    today, tomorrow = (
        complaint([Event("received", received)], when, CALENDAR, PERIODS).duties[0].status
        for when in (on, on + dt.timedelta(days=1))
    )
    assert order.index(today) <= order.index(tomorrow)


@pytest.mark.parametrize(
    ("file", "before", "after", "events", "moved"),
    [
        # Friday 18 September 2026 does not count; Sunday the 20th is worked, 25 to 27 September and 1 to 7 October are off:
        # 20 to 24, 28 to 30 September, 8 and 9 October are ten; 20 to 24 September are five
        (
            "miit-2021-224.md", "review  within 10 working days", "review  within 5 working days",
            ("filed=2026-09-18",), ("2026-10-09", "2026-09-24"),
        ),
        # 14 October 2026 and 30 days is Friday 13 November; and 20 days is Tuesday 3 November
        (
            "decree-802.md", "answer    within 30 days", "answer    within 20 days",
            COURSE, ("2026-11-13", "2026-11-03"),
        ),
    ],
)  # fmt: skip
def test_the_clock_follows_the_law_file(
    tmp_path: Path, file: str, before: str, after: str, events: tuple[str, ...], moved: tuple[str, str]
) -> None:
    shutil.copytree(default_folder(), tmp_path / "law")
    place = tmp_path / "law" / "arrears" / file
    text = place.read_text(encoding="utf-8")
    assert text.count(before) == 1
    place.write_text(text.replace(before, after), encoding="utf-8")
    for periods, expected in zip((PERIODS, Periods(load(tmp_path / "law", cache=False))), moved, strict=True):
        found = complaint([read_event(e, TODAY) for e in events], TODAY, CALENDAR, periods)
        assert last(found.duties[-1]) == expected


def test_a_law_without_a_step_is_refused(tmp_path: Path) -> None:
    shutil.copytree(default_folder(), tmp_path / "law")
    place = tmp_path / "law" / "arrears" / "decree-802.md"
    text = place.read_text(encoding="utf-8")
    place.write_text(
        text.replace(
            "  transfer  within 10 working days of acceptance ", "  hand_on   within 10 working days of acceptance "
        ),
        encoding="utf-8",
    )
    with pytest.raises(ClockError, match="transfer"):
        Periods(load(tmp_path / "law", cache=False))
