"""What can happen to a complaint about an overdue payment, and in which order."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from yiqi.clock.error import ClockError
from yiqi.clock.question import read_day
from yiqi.law.bilingual import Bilingual
from yiqi.law.diagnostics import nearest

Kind = Literal[
    "filed", "incomplete", "completed", "refused", "accepted", "transferred", "received", "suspended", "resumed",
    "extended", "answered", "withdrawn", "terminated", "paid",
]  # fmt: skip
"""What can happen to a complaint, in the order in which it does."""
KINDS: tuple[Kind, ...] = get_args(Kind)

EVENTS: dict[Kind, Bilingual] = {
    "filed": Bilingual("complaint received by the receiving department", "受理投诉部门收到投诉"),
    "incomplete": Bilingual("complainant told to complete the material", "告知投诉人补正材料"),
    "completed": Bilingual("completed complaint received", "收到补正后的投诉"),
    "refused": Bilingual("refused, with reasons", "不予受理并说明理由"),
    "accepted": Bilingual("formally accepted", "正式受理"),
    "transferred": Bilingual("transferred to the handling department", "转交处理投诉部门"),
    "received": Bilingual("material received by the handling department", "处理投诉部门收到投诉材料"),
    "suspended": Bilingual("handling suspended (practice)", "中止处理（实务做法）"),
    "resumed": Bilingual("handling resumed (practice)", "恢复处理（实务做法）"),
    "extended": Bilingual("extension approved by the head of the department", "经部门负责人批准延长"),
    "answered": Bilingual("result given in writing", "书面反馈处理结果"),
    "withdrawn": Bilingual("withdrawn (practice)", "撤回投诉（实务做法）"),
    "terminated": Bilingual("ended because a court took the matter (practice)", "因法院受理而终止（实务做法）"),
    "paid": Bilingual("paid (practice)", "已付款（实务做法）"),
}
CLOSING: tuple[Kind, ...] = ("refused", "answered", "withdrawn", "terminated", "paid")
REPEATED: tuple[Kind, ...] = ("incomplete", "completed", "suspended", "resumed")
NEEDS: dict[Kind, Kind] = {
    "incomplete": "filed", "completed": "incomplete", "suspended": "received", "resumed": "suspended", "extended": "received",
}  # fmt: skip
"""What cannot happen without something else before it."""
PAIRS: dict[Kind, Kind] = {"incomplete": "completed", "suspended": "resumed"}
"""What cannot happen again before something else has ended it."""


@dataclass(frozen=True, slots=True)
class Event:
    """What happened on a day."""

    kind: Kind
    day: dt.date


def read_event(text: str, today: dt.date) -> Event:
    """Read an event written ``filed=2026-09-01``. Raises :class:`ClockError` for an unknown kind or day."""
    name, separator, day = (part.strip() for part in text.partition("="))
    if not separator or name not in KINDS:
        near = nearest(name, KINDS)
        raise ClockError(
            f"`{text}` is no event; write KIND=DATE, where KIND is "
            + (f"… did you mean `{near}`?" if near and separator else f"one of {', '.join(KINDS)}"),
            f"“{text}”不是事件；请写成 种类=日期，种类为"
            + (f"……是否想写“{near}”？" if near and separator else "、".join(KINDS)),
        )
    return Event(name, read_day(day, today))


def ordered_events(events: Iterable[Event], on: dt.date) -> tuple[Event, ...]:
    """The events by day, those of one day in the order in which they happen."""
    found = sorted(events, key=lambda e: (e.day, KINDS.index(e.kind)))
    if not found:
        raise ClockError(
            "a complaint has at least one event, such as filed=2026-09-01", "至少需要一个事件，例如filed=2026-09-01"
        )
    seen: list[Kind] = []
    for event in found:
        name = EVENTS[event.kind]
        if event.day > on:
            raise ClockError(
                f"{event.kind} ({name.en}) on {event.day} lies after the day asked about, {on}",
                f"{event.kind}（{name.zh}）的日期{event.day}晚于查询日{on}",
            )
        if event.kind in seen and event.kind not in REPEATED:
            raise ClockError(f"{event.kind} ({name.en}) happens once", f"{event.kind}（{name.zh}）只能有一次")
        ends = PAIRS.get(event.kind)
        if ends is not None and seen.count(event.kind) > seen.count(ends):
            raise ClockError(
                f"{event.kind} ({name.en}) on {event.day} cannot happen again before {ends} ({EVENTS[ends].en})",
                f"{event.kind}（{name.zh}，{event.day}）再次发生之前应有{ends}（{EVENTS[ends].zh}）",
            )
        if event.kind == "accepted" and seen.count("incomplete") > seen.count("completed"):
            raise ClockError(
                f"accepted ({name.en}) on {event.day}: give the day on which the complaint was completed (completed=DATE)",
                f"accepted（{name.zh}，{event.day}）：请提供补正日期（completed=日期）",
            )
        need = NEEDS.get(event.kind)
        if need is not None and seen.count(need) <= (seen.count(event.kind) if event.kind in REPEATED else 0):
            raise ClockError(
                f"{event.kind} ({name.en}) on {event.day} needs {need} ({EVENTS[need].en}) before it",
                f"{event.kind}（{name.zh}，{event.day}）之前应有{need}（{EVENTS[need].zh}）",
            )
        _follows(event, seen)
        seen.append(event.kind)
    return tuple(found)


def _follows(event: Event, seen: Sequence[Kind]) -> None:
    """Errors for an event after one that it precedes, or after the end."""
    closed = next((k for k in seen if k in CLOSING), None)
    course: tuple[Kind, ...] = ("filed", "accepted", "transferred", "received", "answered")
    before: tuple[Kind, ...] = ("filed", "incomplete", "completed", "refused", "accepted")
    later = None
    if event.kind in course:
        later = next((k for k in seen if k in course and course.index(k) > course.index(event.kind)), None)
    if event.kind in before and later is None:
        later = next((k for k in seen if k in ("accepted", "transferred", "received")), None)
    wrong = closed or later
    if wrong is not None:
        raise ClockError(
            f"{event.kind} ({EVENTS[event.kind].en}) on {event.day} cannot follow {wrong} ({EVENTS[wrong].en})",
            f"{event.kind}（{EVENTS[event.kind].zh}，{event.day}）不能在{wrong}（{EVENTS[wrong].zh}）之后",
        )
