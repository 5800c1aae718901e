"""The iCalendar file, read back by the rules of RFC 5545."""

from __future__ import annotations

import datetime as dt
import re

from yiqi.clock.calendar_file import CalendarEvent, calendar_file

MADE = dt.datetime(2026, 11, 23, 9, 30, tzinfo=dt.timezone(dt.timedelta(hours=8)))


def unfolded(content: bytes) -> list[str]:
    """The lines of a file: CR LF ends a line, CR LF and a space goes on with it (section 3.1)."""
    assert content.endswith(b"\r\n")
    assert b"\n" not in content.replace(b"\r\n", b"")
    for line in content.split(b"\r\n"):
        assert len(line) <= 75
        line.decode("utf-8")  # folded between characters, not within one
    return content.replace(b"\r\n ", b"").decode("utf-8").split("\r\n")[:-1]


def text(value: str) -> str:
    """An escaped text (section 3.3.11)."""
    return re.sub(r"\\([\\;,nN])", lambda m: "\n" if m[1] in "nN" else m[1], value)


def test_an_event_is_read_back_as_it_was_written() -> None:
    summary = "截止日：自2026年9月18日起10个工作日, \\ ; and so on"
    description = "第一步：开始的当日不计入。\n" * 8 + "end; of, it"
    event = CalendarEvent(dt.date(2026, 12, 31), dt.date(2026, 12, 31), summary, description, reminder=5)
    lines = unfolded(calendar_file([event], MADE))
    assert lines[0] == "BEGIN:VCALENDAR"
    assert lines[-1] == "END:VCALENDAR"
    assert "VERSION:2.0" in lines
    fields = dict(line.split(":", 1) for line in lines[lines.index("BEGIN:VEVENT") : lines.index("BEGIN:VALARM")])
    assert text(fields["SUMMARY"]) == summary
    assert text(fields["DESCRIPTION"]) == description
    # A whole day ends, exclusively, on the day after.
    assert (fields["DTSTART;VALUE=DATE"], fields["DTEND;VALUE=DATE"]) == ("20261231", "20270101")
    assert fields["DTSTAMP"] == "20261123T013000Z"
    assert "TRIGGER:-P5D" in lines


def test_a_range_takes_all_its_days() -> None:
    event = CalendarEvent(dt.date(2027, 5, 6), dt.date(2027, 5, 7), "a", "b")
    lines = unfolded(calendar_file([event], MADE))
    assert "DTSTART;VALUE=DATE:20270506" in lines
    assert "DTEND;VALUE=DATE:20270508" in lines


def test_the_same_event_keeps_its_identity_and_another_has_its_own() -> None:
    def identities(*events: CalendarEvent) -> list[str]:
        return [line for line in unfolded(calendar_file(events, MADE)) if line.startswith("UID:")]

    one = CalendarEvent(dt.date(2027, 5, 6), dt.date(2027, 5, 6), "a", "b")
    two = CalendarEvent(dt.date(2027, 5, 7), dt.date(2027, 5, 7), "a", "b")
    assert identities(one) == identities(one)
    assert len(set(identities(one, two))) == 2


def test_no_event_is_a_calendar_all_the_same() -> None:
    assert "BEGIN:VEVENT" not in unfolded(calendar_file([], MADE))
