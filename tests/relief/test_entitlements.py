"""The list: where a measure stands, what it gives, until when, and in which order."""

from __future__ import annotations

import datetime as dt

import pytest

from relief.samples import ON, judged, measure, sample_law
from yiqi.law.duration import MonthDay
from yiqi.relief.entitlements import next_deadline


def test_yes_no_and_open_by_the_facts() -> None:
    law = sample_law(
        measure("held", "own_brand", "10元"),
        measure("failed", "not own_brand", "10元"),
        measure("asked", "quality_certificate", "10元"),
        measure("judged", "governance_sound", "10元"),
        measure("unread", "own_brand [C]", "10元"),
    )
    found = judged(law, {"own_brand": True})
    standing = {e.scheme.removeprefix("relief."): e.standing for e in found}
    assert standing == {
        "held": "applies",
        "failed": "does_not",
        "asked": "would_apply",
        "judged": "needs_person",
        "unread": "needs_person",
    }
    assert found["relief.asked"].missing == (("quality_certificate",),)
    assert found["relief.judged"].persons == ("governance_sound",)
    assert not found["relief.judged"].unsettled
    assert found["relief.unread"].unsettled
    assert [r.outline.id for r in found["relief.failed"].failing] == ["sample#failed/1"]


def test_only_the_conditions_that_decide_are_named_as_failing() -> None:
    rule = "own_brand\nany of:\n  quality_certificate\n  standards_drafted"
    found = judged(
        sample_law(measure("two", rule)), {"own_brand": True, "quality_certificate": False, "standards_drafted": False}
    )
    assert [r.outline.id for r in found["relief.two"].failing] == ["sample#two/3", "sample#two/4"]


def test_an_open_measure_gives_nothing_that_is_sure() -> None:
    found = judged(sample_law(measure("asked", "quality_certificate", "10元")), {})["relief.asked"]
    assert (found.low, found.high) == (0, 1000)


def test_a_ceiling_is_sure_of_nothing() -> None:
    found = judged(sample_law(measure("up_to", "own_brand", "10元", gives=" .ceiling")), {"own_brand": True})
    assert (found["relief.up_to"].low, found["relief.up_to"].high) == (0, 1000)


def test_an_unconfirmed_measure_gives_no_amount() -> None:
    found = judged(sample_law(measure("unread", "own_brand", "10元", tag=" [C]")), {"own_brand": True})["relief.unread"]
    assert found.amount is None
    assert not found.money
    assert found.as_dict()["amount"] is None


def test_the_most_valuable_first_then_the_earliest_day() -> None:
    law = sample_law(
        measure("ten", "own_brand", "10元"),
        measure("twenty_late", "own_brand", "20元", fence="deadline: 2026-12-31"),
        measure("twenty_soon", "own_brand", "20元", fence="deadline: 30 June"),
        measure("guarantee", "own_brand", "1000万元", kind="guarantee"),
        measure("up_to", "own_brand", "5元", gives=" .ceiling"),
        measure("asked", "quality_certificate", "100元"),
        measure("told", "own_brand", kind="programme"),
    )
    found = judged(law, {"own_brand": True})
    assert [e.scheme.removeprefix("relief.") for e in found.measures] == [
        "twenty_soon",
        "twenty_late",
        "ten",
        "up_to",
        "guarantee",
        "asked",
    ]
    assert [e.scheme for e in found.programmes] == ["relief.told"]


def test_a_measure_that_ended_stays_answerable_in_its_period() -> None:
    law = sample_law(measure("ended", "own_brand", "10元"), until="2026-03-31")
    assert judged(law, {"own_brand": True}, dt.date(2026, 3, 31))["relief.ended"].standing == "applies"
    assert list(judged(law, {"own_brand": True}, dt.date(2026, 4, 1))) == []


@pytest.mark.parametrize(
    ("deadline", "on", "expected"),
    [
        (MonthDay(5, 31), dt.date(2026, 5, 30), dt.date(2026, 5, 31)),
        (MonthDay(5, 31), dt.date(2026, 5, 31), dt.date(2026, 5, 31)),
        (MonthDay(5, 31), dt.date(2026, 6, 1), dt.date(2027, 5, 31)),
        (MonthDay(2, 29), dt.date(2027, 1, 1), dt.date(2027, 2, 28)),
        (MonthDay(2, 29), dt.date(2028, 1, 1), dt.date(2028, 2, 29)),
        (MonthDay(2, 29), dt.date(2100, 1, 1), dt.date(2100, 2, 28)),
        (dt.date(2026, 1, 1), dt.date(2026, 6, 1), dt.date(2026, 1, 1)),
        (None, dt.date(2026, 6, 1), None),
    ],
)
def test_the_next_last_day(deadline: dt.date | MonthDay | None, on: dt.date, expected: dt.date | None) -> None:
    assert next_deadline(deadline, on) == expected


def test_a_day_of_one_year_can_have_passed() -> None:
    late = measure("late", "own_brand", "10元", fence="deadline: 2026-05-31")
    assert judged(sample_law(late), {"own_brand": True}, ON)["relief.late"].too_late
    assert not judged(sample_law(late), {"own_brand": True}, dt.date(2026, 5, 31))["relief.late"].too_late


def test_an_answer_from_a_file_past_its_day_says_so() -> None:
    # compared on 1 May 2026: 180 days later is 28 October; the other measure names 30 June
    law = sample_law(
        measure("plain", "own_brand", "10元"), measure("named", "own_brand", "10元", fence="review: 2026-06-30")
    )
    facts = {"own_brand": True}
    assert not judged(law, facts, dt.date(2026, 10, 28))["relief.plain"].stale
    assert judged(law, facts, dt.date(2026, 10, 29))["relief.plain"].stale
    assert not judged(law, facts, dt.date(2026, 6, 30))["relief.named"].stale
    assert judged(law, facts, dt.date(2026, 7, 1))["relief.named"].stale
