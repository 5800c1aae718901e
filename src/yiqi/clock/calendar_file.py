"""Deadlines as an iCalendar file (RFC 5545), which calendars on telephones and computers open."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from yiqi.clock.holidays import DAY

LONGEST_LINE = 75
"""Octets of a line; a longer one is folded."""


@dataclass(frozen=True, slots=True)
class CalendarEvent:
    """An event that takes whole days, from the first to the last, both included; ``reminder`` days before it begins."""

    first: dt.date
    last: dt.date
    summary: str
    description: str
    reminder: int = 3


def calendar_file(events: Iterable[CalendarEvent], made: dt.datetime) -> bytes:
    """The events as a file in UTF-8. ``made`` is the moment of writing, with its time zone.

    The same event has the same identity in every file, so that opening a file twice does not double it.
    """
    stamp = made.astimezone(dt.UTC).strftime("%Y%m%dT%H%M%SZ")
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Yiqi//clock//EN", "CALSCALE:GREGORIAN"]
    for event in events:
        identity = hashlib.blake2b(f"{event.first}|{event.last}|{event.summary}".encode(), digest_size=12).hexdigest()
        lines += [
            "BEGIN:VEVENT",
            f"UID:{identity}@yiqi",
            f"DTSTAMP:{stamp}",
            f"DTSTART;VALUE=DATE:{event.first:%Y%m%d}",
            f"DTEND;VALUE=DATE:{event.last + DAY:%Y%m%d}",
            f"SUMMARY:{_escaped(event.summary)}",
            f"DESCRIPTION:{_escaped(event.description)}",
            "TRANSP:TRANSPARENT",
            "BEGIN:VALARM",
            "ACTION:DISPLAY",
            f"TRIGGER:-P{event.reminder}D",
            f"DESCRIPTION:{_escaped(event.summary)}",
            "END:VALARM",
            "END:VEVENT",
        ]
    lines.append("END:VCALENDAR")
    return b"".join(_folded(line) + b"\r\n" for line in lines)


def _escaped(text: str) -> str:
    for sign in ("\\", ";", ","):
        text = text.replace(sign, f"\\{sign}")
    return text.replace("\r\n", "\n").replace("\n", "\\n")


def _folded(line: str) -> bytes:
    """The line in octets, broken between characters; what goes on begins with a space."""
    parts: list[bytes] = [b""]
    for character in line:
        octets = character.encode()
        if len(parts[-1]) + len(octets) > LONGEST_LINE:
            parts.append(b" ")
        parts[-1] += octets
    return b"\r\n".join(parts)
