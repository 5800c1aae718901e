"""Duties of the law by their names, counted from a day."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from yiqi.clock.answer import Extension, Pause
from yiqi.clock.duties import NamedDuty, duties, duty_deadline, find_duty
from yiqi.clock.error import ClockError
from yiqi.clock.readings import Readings
from yiqi.clock.workdays import DayRange, load_calendar
from yiqi.law.duration import After, Manner, Period
from yiqi.law.library import load, read_law
from yiqi.law.tree import Law

CALENDAR = load_calendar()
FRONT = """\
---
id: trial
number: 试〔2026〕2号
title: {en: Measures on trial, zh: 试行办法}
cite: {en: Trial 2026 No. 2, zh: 试〔2026〕2号}
issuer: {en: Ministry, zh: 部}
issued: 2026-01-16
in_force: 2026-04-01
reviewed: 2026-05-01
subject: ladder
---
"""
BODY = """
# Complaint · 投诉 {#complaint .procedure} [B]

```procedure
complaint about an overdue payment:
  accept    within 10 working days of filing            by receiving
  answer    within 30 days of receipt, at most 90 days  by handling
  report    by 29 February                              by handling
  keep      for 3 years after answer                    by handling
  file      after accept                                by receiving
a second process:
  accept    within 5 working days of filing             by receiving
  answer    within 30 days of receipt, at most 90 days  by handling
```
"""


@pytest.fixture
def law(tmp_path: Path) -> Law:
    (tmp_path / "facts").mkdir()
    facts = Path(__file__).parents[1] / "law" / "facts.yaml"
    (tmp_path / "facts" / "all.yaml").write_text(facts.read_text(encoding="utf-8"), encoding="utf-8")
    (tmp_path / "trial.md").write_text(FRONT + BODY, encoding="utf-8")
    law, diagnostics = read_law(tmp_path)
    assert [d.render("en") for d in diagnostics] == []
    return law


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def one(text: str) -> DayRange:
    return DayRange(day(text), day(text))


def named(law: Law, process: int, step: str) -> NamedDuty:
    return [d for d in duties(law) if d.duty.step == step][process]


def test_every_step_has_a_name_its_heading_and_its_tag(law: Law) -> None:
    every = list(duties(law))
    assert [d.id for d in every][:2] == ["trial#complaint.accept", "trial#complaint.answer"]
    assert every[0].title.zh == "投诉"
    assert every[0].confidence == "B"
    assert every[0].actor.zh == "受理部门"
    assert (every[1].text.en, every[1].text.zh) == (
        "within 30 days of receipt, at most 90 days",
        "receipt起30日内，最长90日",
    )


def test_a_duty_is_counted_and_shows_how_far_an_extension_reaches(law: Law) -> None:
    found = duty_deadline(find_duty(law, "trial#complaint.answer"), day("2026-10-14"), CALENDAR)
    assert found.last == one("2026-11-13")
    assert found.longest is not None
    assert found.longest.last == one("2027-01-12")


def test_a_duty_is_paused_and_extended(law: Law) -> None:
    duty = find_duty(law, "trial#complaint.answer")
    pause = [Pause(day("2026-10-20"), day("2026-11-02"))]
    assert duty_deadline(duty, day("2026-10-14"), CALENDAR, pauses=pause).last == one("2026-11-27")
    more = Extension(Period(10, "days"), "more")
    assert duty_deadline(duty, day("2026-10-14"), CALENDAR, extension=more).last == one("2026-11-23")
    assert duty_deadline(duty, day("2026-10-14"), CALENDAR, received=day("2026-10-15")).last == one(
        "2026-11-16"
    )  # the 14th is a Saturday


def test_what_holds_for_years_ends_on_the_day_itself(law: Law) -> None:
    # 7 February 2026 is a Saturday; nothing says that the time grows longer for it.
    found = duty_deadline(named(law, 0, "keep"), day("2023-02-07"), CALENDAR)
    assert found.last == one("2026-02-07")
    assert [(a.name, a.last) for a in found.alternatives] == [("official_period", one("2026-02-09"))]


def test_a_day_that_a_year_does_not_have(law: Law) -> None:
    assert duty_deadline(named(law, 0, "report"), day("2028-01-10"), CALENDAR).last == one("2028-02-29")
    with pytest.raises(ClockError, match="2027 has no 29 February"):
        duty_deadline(named(law, 0, "report"), day("2027-01-10"), CALENDAR)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("trial#complaint.akcept", "did you mean `trial#complaint.accept`"),
        ("trial#complaint.accept", "several processes: complaint about an overdue payment, a second process"),
        ("trial#complaint.file", r"no time limit in the law \(after accept\)"),
        ("nothing", "there are trial#complaint"),
    ],
)
def test_a_name_that_leads_to_no_time(law: Law, name: str, said: str) -> None:
    with pytest.raises(ClockError, match=said):
        find_duty(law, name)


def test_only_what_is_counted_from_an_event_can_be_paused(law: Law) -> None:
    for step in ("report", "keep"):
        with pytest.raises(ClockError, match="not counted from an event"):
            duty_deadline(named(law, 0, step), day("2026-01-10"), CALENDAR, received=day("2026-01-12"))
    with pytest.raises(ClockError, match="no time limit"):
        duty_deadline(named(law, 0, "file"), day("2026-01-10"), CALENDAR)


# The law that comes with Yiqi: article 19 of the Measures of 2022 (3 months), the yearly update, the round of 2026.
OF_THE_LAW = [
    ("miit-2022-63#change_procedure.report", "2026-05-06", None, "2026-08-06"),
    ("miit-2022-63#update_procedure.update", "2026-03-01", None, "2026-04-30"),
    ("miit-2022-63#update_procedure.update", "2025-05-06", None, "2026-04-30"),
    ("miit-letter-2026-117#days.file", "2026-05-06", "2026-04-25", "2026-05-25"),
    ("miit-letter-2026-117#days.post", "2026-05-06", None, "2026-06-30"),
    ("most-2017-115#renewal.update", "2026-05-06", None, "2026-03-31"),
]


@pytest.mark.parametrize(("name", "event", "opens", "last"), OF_THE_LAW)
def test_duties_of_the_law(name: str, event: str, opens: str | None, last: str) -> None:
    found = duty_deadline(find_duty(load(), name), day(event), CALENDAR)
    assert found.last == one(last)
    assert found.opens == (day(opens) if opens else None)


def test_a_day_named_by_the_law_in_the_other_reading() -> None:
    # 31 May 2026 is a Sunday.
    duty = find_duty(load(), "miit-2023-138#yearly_update.update")
    assert duty_deadline(duty, day("2026-05-06"), CALENDAR).last == one("2026-05-31")
    assert duty_deadline(duty, day("2026-05-06"), CALENDAR, readings=Readings(fixed_day="moved")).last == one(
        "2026-06-01"
    )


def test_every_duty_of_the_law_that_has_a_time_can_be_counted() -> None:
    timed = [d for d in duties(load()) if not isinstance(d.duty.timing, After | Manner)]
    assert len(timed) >= 8
    for duty in timed:
        assert duty_deadline(duty, day("2026-03-02"), CALENDAR).last is not None, duty.id
