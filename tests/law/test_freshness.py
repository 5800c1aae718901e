"""Until when the comparison of a law file with its source counts."""

from __future__ import annotations

import datetime as dt

import pytest

from relief.samples import measure, sample_law
from yiqi.law.freshness import due, stale_files
from yiqi.law.library import load
from yiqi.law.tree import Instrument


def instrument(front: str = "", *measures: str) -> Instrument:
    """A file in force from 2026 and compared on 1 May 2026."""
    return sample_law(*(measures or (measure("plain", "own_brand"),)), front=front).instruments["sample"]


def test_a_comparison_counts_for_180_days() -> None:
    # 1 May + 180 days: 30 left of May, 30, 31, 31, 30 to the end of September are 152, and 28 of October
    found = due(instrument())
    assert found.last == dt.date(2026, 10, 28)
    assert not found.stale(dt.date(2026, 10, 28))
    assert found.stale(dt.date(2026, 10, 29))
    assert found.days_over(dt.date(2026, 10, 28)) == 0
    assert found.days_over(dt.date(2026, 10, 30)) == 2


def test_of_a_whole_file_the_earliest_review_of_its_measures_counts() -> None:
    one = measure("one", "own_brand", fence="review: 2026-09-30")
    two = measure("two", "own_brand", fence="review: 2026-08-31")
    file = instrument("", one, two, measure("three", "own_brand"))
    assert due(file).last == dt.date(2026, 8, 31)
    assert due(file, "sample#one").last == dt.date(2026, 9, 30)
    assert due(file, "sample#three").last == dt.date(2026, 10, 28)


def test_a_review_later_than_the_span_does_not_lengthen_it() -> None:
    assert due(instrument("", measure("one", "own_brand", fence="review: 2027-12-31"))).last == dt.date(2026, 10, 28)


def test_a_comparison_after_the_day_of_review_meets_it() -> None:
    assert due(instrument("", measure("one", "own_brand", fence="review: 2026-04-30"))).last == dt.date(2026, 10, 28)


@pytest.mark.parametrize(
    ("until", "last"),
    [
        # ended before it was compared: nothing more to look for
        ("2026-04-30", dt.date.max),
        # compared on the last day or before: it may have been prolonged since
        ("2026-05-01", dt.date(2026, 10, 28)),
        ("2026-12-31", dt.date(2026, 10, 28)),
    ],
)
def test_what_has_ended_is_compared_once_more_after_its_end(until: str, last: dt.date) -> None:
    assert due(instrument(f"until: {until}\n")).last == last


def test_the_files_that_wait_longest_come_first() -> None:
    law = load()
    found = stale_files(law, dt.date(2030, 1, 1))
    assert [d.last for d in found] == sorted(d.last for d in found)
    assert {d.instrument.id for d in found} == {
        i.id
        for i in law.instruments.values()
        if i.until is None or i.reviewed <= i.until or any(m.review is not None for m in i.measures.values())
    }
    assert stale_files(law, min(i.reviewed for i in law.instruments.values())) == ()
