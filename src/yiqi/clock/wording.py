"""How days and ranges of days are written for people."""

from __future__ import annotations

import datetime as dt

from yiqi.clock.workdays import CountRange, DayRange, weekday
from yiqi.law.bilingual import Bilingual
from yiqi.law.duration import MONTHS


def day_text(day: dt.date) -> Bilingual:
    """``9 October 2026``, ``2026年10月9日``."""
    return Bilingual(f"{day.day} {MONTHS[day.month - 1]} {day.year}", f"{day.year}年{day.month}月{day.day}日")


def full_text(day: dt.date) -> Bilingual:
    """The day with its weekday: ``Friday, 9 October 2026``, ``2026年10月9日（星期五）``."""
    text, name = day_text(day), weekday(day)
    return Bilingual(f"{name.en}, {text.en}", f"{text.zh}（{name.zh}）")


def range_text(days: DayRange) -> Bilingual:
    """One day with its weekday, or the earliest and the latest."""
    first, last = full_text(days.earliest), full_text(days.latest)
    if days.certain:
        return first
    return Bilingual(f"between {first.en}, and {last.en}", f"{first.zh}至{last.zh}之间")


def span_text(first: dt.date, last: dt.date) -> Bilingual:
    """From one day to another as shortly as can be: ``25–27 September 2026``, ``2026年9月25日至27日``."""
    if first == last:
        return day_text(first)
    end = day_text(last)
    if (first.year, first.month) == (last.year, last.month):
        return Bilingual(f"{first.day}–{end.en}", f"{day_text(first).zh}至{last.day}日")
    if first.year == last.year:
        start = day_text(first)
        return Bilingual(
            f"{start.en.removesuffix(f' {first.year}')} – {end.en}", f"{start.zh}至{last.month}月{last.day}日"
        )
    return Bilingual(f"{day_text(first).en} – {end.en}", f"{day_text(first).zh}至{end.zh}")


def count_text(count: CountRange, en: str, zh: str) -> Bilingual:
    """A number with its unit, as a range where it is one: ``3 days``, ``3 to 5 days``. ``en`` is the singular."""
    number = str(count.low) if count.low == count.high else f"{count.low} to {count.high}"
    plural = "" if count.low == count.high == 1 else "s"
    return Bilingual(f"{number} {en}{plural}", f"{number.replace(' to ', '至')}{zh}")
