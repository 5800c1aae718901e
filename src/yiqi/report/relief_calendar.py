"""The last days to claim as events of a calendar."""

from __future__ import annotations

import datetime as dt

from yiqi.clock.calendar_file import CalendarEvent
from yiqi.law.bilingual import Bilingual, Language
from yiqi.relief.entitlements import Entitlement, Entitlements
from yiqi.report.phrases import colon
from yiqi.report.relief_view import RELIEF_WORDS, STANDING_WORDS, relief_line

LAST_TO_CLAIM = Bilingual("Last day to claim", "申领截止")
LAST_OF_MEASURE = Bilingual("Last day of the measure", "措施到期")
REMINDER = 14
"""Days before the last day at which a calendar reminds: papers have to be gathered."""


def deadline_events(found: Entitlements, language: Language) -> list[CalendarEvent]:
    """An event for each day that is still to come, of measures that apply or could, the earliest first: the last day to
    claim, or where none is named the last day of the measure itself."""
    events = [
        _event(e, day, language)
        for e in found.measures
        if e.standing != "does_not" and not e.too_late and (day := e.deadline or e.ends) is not None
    ]
    return sorted(events, key=lambda event: (event.last, event.summary))


def _event(e: Entitlement, day: dt.date, language: Language) -> CalendarEvent:
    line = relief_line(e)
    last = (LAST_TO_CLAIM if e.deadline is not None else LAST_OF_MEASURE)[language]
    sign = colon(language)
    parts = [STANDING_WORDS[line.standing][language]]
    if line.value is not None:
        parts.append(line.value[language])
    if line.missing and e.standing == "would_apply":
        parts.append(f"{RELIEF_WORDS['settle'][language]}{sign}{line.missing[0][language]}")
    parts.append(f"{RELIEF_WORDS['claim'][language]}{sign}{line.claim[language]}")
    parts.append(e.instrument.number)
    return CalendarEvent(day, day, f"{last}{sign}{e.title[language]}", "\n".join(parts), REMINDER)
