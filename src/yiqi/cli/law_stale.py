"""What `yiqi law stale` prints: the files past their day, with the day of the last comparison."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any

from yiqi.law.bilingual import Bilingual, Language
from yiqi.law.freshness import SPAN, Due
from yiqi.report.terminal import WIDTH
from yiqi.report.wrapping import wrap


def stale_lines(found: Sequence[Due], files: int, on: dt.date, language: Language) -> Iterator[str]:
    """A file a line or two, those that wait longest first, and how many there are."""
    for each in found:
        instrument = each.instrument
        over = each.days_over(on)
        yield f"{instrument.id}  {instrument.title[language]}"
        said = Bilingual(
            f"    compared with its source on {instrument.reviewed}, which counted until {each.last}: "
            f"{over} day{'' if over == 1 else 's'} over",
            f"    {_day(instrument.reviewed)}与原文核对，有效至{_day(each.last)}，已超{over}日",
        )
        yield said[language]
        if instrument.url is not None:
            yield f"    {instrument.url}"
    fresh = files - len(found)
    yield from wrap(
        Bilingual(
            f"On {on}: {len(found)} of {files} files should be compared again, {fresh} need not. Where a file names no day, "
            f"a comparison counts for {SPAN.days} days (a rule of this project, not of law).",
            f"{_day(on)}：{files}个文件中{len(found)}个应重新核对，{fresh}个无须核对。"
            f"文件未注明核对日期的，核对后{SPAN.days}日内有效（本项目规则，并非法规）。",
        )[language],
        WIDTH,
    )


def stale_json(found: Sequence[Due], files: int, on: dt.date) -> dict[str, Any]:
    return {
        "on": on.isoformat(),
        "files": files,
        "stale": [
            {
                "id": each.instrument.id,
                "number": each.instrument.number,
                "title": each.instrument.title.as_dict(),
                "file": each.instrument.file,
                "url": each.instrument.url,
                "reviewed": each.instrument.reviewed.isoformat(),
                "counted_until": each.last.isoformat(),
                "days_over": each.days_over(on),
            }
            for each in found
        ],
    }


def _day(day: dt.date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
