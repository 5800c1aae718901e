"""The times in a procedure fence: what is read, and that a time which cannot be read is an error."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from yiqi.law.duration import (
    After,
    Between,
    By,
    DurationError,
    Lasting,
    Manner,
    MonthDay,
    Period,
    Timing,
    Within,
    parse_timing,
)

if TYPE_CHECKING:
    from tests.law.conftest import Folder

READ: list[tuple[str, Timing]] = [
    ("within 10 working days of filing", Within(Period(10, "working_days"), "filing", None)),
    ("within  1  working day  of filing", Within(Period(1, "working_days"), "filing", None)),
    ("within 30 days of receipt, at most 90 days", Within(Period(30, "days"), "receipt", Period(90, "days"))),
    ("within 3 months of change", Within(Period(3, "months"), "change", None)),
    ("within 1 year after grant_of_title", Within(Period(1, "years"), "grant_of_title", None)),
    ("within 20 days", Within(Period(20, "days"), None, None)),
    ("by 31 May", By(MonthDay(5, 31), False)),
    ("by 30 April of every year", By(MonthDay(4, 30), True)),
    ("by 29 February", By(MonthDay(2, 29), False)),
    ("from 1 June to 31 August", Between(MonthDay(6, 1), MonthDay(8, 31))),
    ("for 3 years after re_review", Lasting(Period(3, "years"), "re_review")),
    ("after check", After("check")),
    ("on the platform", Manner("on the platform")),
    ("in the yearly round", Manner("in the yearly round")),
    ("under real name with evidence", Manner("under real name with evidence")),
    ("", Manner("")),
]


@pytest.mark.parametrize(("text", "timing"), READ)
def test_a_time_is_read(text: str, timing: Timing) -> None:
    assert parse_timing(text) == timing


UNREAD = [
    "within ten days of filing",
    "within 10 weeks of filing",
    "within 10 workingdays of filing",
    "within 10 days of Filing",
    "within 10 days of the filing",
    "within 0 days of filing",
    "within 99999 days of filing",
    "within 30 days of receipt, at most 20 days",
    "within 30 days of receipt at most 90 days",
    "at most 90 days",
    "by 31 June",
    "by 0 May",
    "by May 31",
    "by 30 Aprl",
    "by end of May",
    "from 1 June",
    "from 1 June to 31 Augst",
    "for three years",
    "after",
    "after the check",
    "in 10 days",
    "every month",
]


@pytest.mark.parametrize("text", UNREAD)
def test_a_time_that_cannot_be_read_is_an_error(text: str) -> None:
    with pytest.raises(DurationError) as caught:
        parse_timing(text)
    assert caught.value.message.en
    assert caught.value.message.zh


def test_the_check_of_the_law_says_where_and_how_to_write_it(folder: Folder) -> None:
    folder.law(
        """
        # A · 甲 {#a .procedure}

        The report is due ten days after the change.

        变化后十日内报告。

        ```procedure
        change:
          report  in ten days of change  by enterprise
          check   after report           by provincial
        ```
        """
    )
    law, found = folder.read()
    (wrong,) = found
    assert (wrong.severity, wrong.code) == ("error", "procedure-duration")
    assert wrong.place.excerpt is not None
    assert "in ten days of change" in wrong.place.excerpt
    assert wrong.remedy is not None
    assert "within 10 working days of filing" in wrong.remedy.en
    assert "within 10 working days of filing" in wrong.remedy.zh
    # The step that can be read is there all the same.
    assert [d.step for d in law.instruments["trial"].duties] == ["check"]


def test_a_duty_knows_its_heading_process_time_and_actor(folder: Folder) -> None:
    folder.law(
        "# A · 甲 {#a}\n\n## B · 乙 {#b .procedure}\n\n```procedure\nfiling:\n  file  by 31 May  by enterprise\n```\n"
    )
    law, _ = folder.read()
    (duty,) = law.instruments["trial"].duties
    assert (duty.scope, duty.process, duty.step, duty.actor) == ("a.b", "filing", "file", "enterprise")
    assert duty.timing == By(MonthDay(5, 31), False)


def test_periods_and_days_are_said_in_both_languages() -> None:
    assert (Period(1, "working_days").text.en, Period(1, "working_days").text.zh) == ("1 working day", "1个工作日")
    assert (Period(3, "months").text.en, Period(3, "months").text.zh) == ("3 months", "3个月")
    assert (Period(30, "days").text.zh, Period(2, "years").text.zh) == ("30日", "2年")
    assert (MonthDay(4, 30).text.en, MonthDay(4, 30).text.zh) == ("30 April", "4月30日")
