"""Reads ``law/calendar/``: the notices on holidays and the festivals fixed by law, strictly and with every fault at once.

A notice is checked against the Measures on public holidays: a break holds the days that are off by law (art. 2), and as
many working days are given for it as the law gives, the exchanged ones made up on a Saturday or Sunday (art. 6). A
mistyped day is found by that. Only a notice marked ``exceptional`` may break it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import cast, get_args

from yiqi.clock.holidays import JOINED, Break, Holidays, Limit, Measures, Notice, is_weekend
from yiqi.law.bilingual import Bilingual
from yiqi.law.diagnostics import Diagnostic, DiagnosticError, Place, did_you_mean
from yiqi.law.library import default_folder
from yiqi.law.located_yaml import Entries, Items, Node, Text, read_located_yaml
from yiqi.law.tree import Confidence

FOLDER = "calendar"
LUNAR = ("spring_festival", "qingming", "dragon_boat", "mid_autumn")
_NOTICE_KEYS = ("number", "year", "issued", "amends", "exceptional", "confidence", "url", "breaks")
_NOTICE_REQUIRED = ("number", "year", "issued", "confidence", "breaks")


def load_holidays(folder: Path | None = None) -> Holidays:
    """The holidays of a law folder, by default the one that comes with Yiqi.

    Raises :class:`DiagnosticError` with everything that is wrong in the files, ``FileNotFoundError`` without them.
    """
    place = (folder or default_folder()) / FOLDER
    texts = [(place / name).read_text(encoding="utf-8") for name in ("festivals.yaml", "notices.yaml")]
    return _read(*texts)


@lru_cache(maxsize=8)
def _read(festivals: str, notices: str) -> Holidays:
    reader = _Reader()
    named = reader.festivals(festivals)
    result = reader.notices(notices, named) if named is not None else None
    if reader.diagnostics or result is None:
        raise DiagnosticError(reader.diagnostics)
    return result


class _Reader:
    def __init__(self) -> None:
        self.diagnostics: list[Diagnostic] = []

    def error(self, code: str, place: Place, en: str, zh: str, remedy: Bilingual | None = None) -> None:
        self.diagnostics.append(Diagnostic("error", code, Bilingual(en, zh), place, remedy))

    # -- shapes -------------------------------------------------------------------------------------------------------

    def document(self, text: str, name: str) -> Entries | None:
        node, diagnostics = read_located_yaml(text, f"{FOLDER}/{name}")
        self.diagnostics.extend(diagnostics)
        if node is None:
            if not diagnostics:
                self.error("empty-file", Place(f"{FOLDER}/{name}"), "the file is empty", "文件为空")
            return None
        return self.map(node)

    def map(self, node: Node | None, known: Iterable[str] | None = None, required: Iterable[str] = ()) -> Entries:
        """A map with these keys; an empty one where it is none, after an error."""
        if not isinstance(node, Entries):
            place = node.place if node is not None else Place(FOLDER)
            self.error("wrong-shape", place, "a map of keys to values belongs here", "此处应为键值表")
            return Entries((), place)
        keys = tuple(known) if known is not None else None
        for key, _ in node:
            if keys is not None and key.text not in keys:
                remedy = did_you_mean(key.text, keys) or Bilingual(
                    f"one of: {', '.join(keys)}", f"可用：{'、'.join(keys)}"
                )
                self.error("unknown-key", key.place, f"unknown key `{key.text}`", f"未知的键“{key.text}”", remedy)
        for name in required:
            if node.get(name) is None:
                self.error("missing-key", node.place, f"`{name}` is missing", f"缺少“{name}”")
        return node

    def items(self, node: Node | None) -> tuple[Node, ...]:
        if node is None:
            return ()
        if not isinstance(node, Items):
            self.error("wrong-shape", node.place, "a list belongs here", "此处应为列表")
            return ()
        return node.items

    def text(self, node: Node | None) -> str:
        if node is None:
            return ""  # the missing key has been reported
        if not isinstance(node, Text) or not node.text.strip():
            self.error("wrong-shape", node.place, "a text belongs here", "此处应为文本")
            return ""
        return node.text.strip()

    def number(self, node: Node | None) -> int:
        text = self.text(node)
        try:
            return int(text)
        except ValueError:
            if node is not None and text:
                self.error("not-a-number", node.place, f"`{text}` is no whole number", f"“{text}”不是整数")
            return 0

    def date(self, node: Node | None, text: str | None = None) -> dt.date | None:
        written = self.text(node) if text is None else text
        try:
            return dt.date.fromisoformat(written)
        except ValueError:
            if node is not None and written:
                remedy = Bilingual("write it as 2026-10-01", "请写成2026-10-01")
                self.error("date", node.place, f"`{written}` is no day", f"“{written}”不是日期", remedy)
            return None

    def confidence(self, node: Node | None) -> Confidence:
        text = self.text(node)
        if text and text not in get_args(Confidence) and node is not None:
            self.error("confidence", node.place, "confidence is A, B, C or D", "可信度应为A、B、C或D")
        return cast(Confidence, text)

    def bilingual(self, node: Node | None) -> Bilingual:
        entries = self.map(node, ("en", "zh"), ("en", "zh"))
        return Bilingual(self.text(entries.get("en")), self.text(entries.get("zh")))

    # -- festivals.yaml -----------------------------------------------------------------------------------------------

    def festivals(self, text: str) -> Holidays | None:
        """Everything but the notices; None when it has a fault."""
        document = self.document(text, "festivals.yaml")
        if document is None:
            return None
        keys = ("festivals", "measures", "lunar", "limits")
        self.map(document, keys, keys)
        names = {key.text: self.bilingual(node) for key, node in self.map(document.get("festivals"))}
        measures = tuple(self.measures(node, names) for node in self.items(document.get("measures")))
        lunar = self.map(document.get("lunar"), ("confidence", "days"), ("confidence", "days"))
        days = {self.number(year): self.lunar_days(node) for year, node in self.map(lunar.get("days"))}
        limit_keys = ("confidence", "breaks")
        limits = self.map(document.get("limits"), limit_keys, limit_keys)
        wanted = (*names, "joined")
        breaks = {key.text: self.limit(node) for key, node in self.map(limits.get("breaks"), wanted, wanted)}
        result = Holidays(
            (),
            names,
            measures,
            days,
            self.confidence(lunar.get("confidence")),
            breaks,
            self.confidence(limits.get("confidence")),
        )
        return None if self.diagnostics else result

    def measures(self, node: Node, names: Mapping[str, Bilingual]) -> Measures:
        keys = ("version", "years_from", "confidence", "days")
        entries = self.map(node, keys, keys)
        days: dict[str, tuple[int, int]] = {}
        for key, value in self.map(entries.get("days"), names, names):
            span = self.map(value, ("first", "count"), ("first", "count"))
            days[key.text] = (self.number(span.get("first")), self.number(span.get("count")))
        return Measures(
            self.bilingual(entries.get("version")),
            self.number(entries.get("years_from")),
            self.confidence(entries.get("confidence")),
            days,
        )

    def lunar_days(self, node: Node) -> Mapping[str, dt.date]:
        found = {}
        for key, value in self.map(node, LUNAR, LUNAR):
            if (day := self.date(value)) is not None:
                found[key.text] = day
        return found

    def limit(self, node: Node) -> Limit:
        keys = ("longest", "exchanged", "distance")
        entries = self.map(node, keys, keys)
        return Limit(*(self.number(entries.get(key)) for key in keys))

    # -- notices.yaml -------------------------------------------------------------------------------------------------

    def notices(self, text: str, named: Holidays) -> Holidays | None:
        document = self.document(text, "notices.yaml")
        if document is None:
            return None
        self.map(document, ("notices",), ("notices",))
        found: list[Notice] = []
        for node in self.items(document.get("notices")):
            before = len(self.diagnostics)
            entries = self.map(node, _NOTICE_KEYS, _NOTICE_REQUIRED)
            notice = self.notice(entries, named)
            if len(self.diagnostics) == before and notice is not None:
                self.fits(notice, found, named, entries)
                found.append(notice)
        return replace(named, notices=tuple(found))

    def notice(self, entries: Entries, named: Holidays) -> Notice | None:
        issued = self.date(entries.get("issued"))
        exceptional = entries.get("exceptional")
        if exceptional is not None and self.text(exceptional) not in ("yes", "no"):
            self.error("wrong-shape", exceptional.place, "`exceptional` is yes or no", "“exceptional”应为yes或no")
        breaks = [self.break_(node, named) for node in self.items(entries.get("breaks"))]
        amends, url = entries.get("amends"), entries.get("url")
        if issued is None:
            return None
        return Notice(
            self.text(entries.get("number")),
            self.number(entries.get("year")),
            issued,
            self.text(amends) if amends is not None else None,
            exceptional is not None and self.text(exceptional) == "yes",
            self.confidence(entries.get("confidence")),
            self.text(url) if url is not None else None,
            tuple(b for b in breaks if b is not None),
        )

    def break_(self, node: Node, named: Holidays) -> Break | None:
        entries = self.map(node, ("festivals", "off", "work"), ("festivals", "off"))
        festivals = []
        for item in self.items(entries.get("festivals")):
            name = self.text(item)
            if name not in named.festivals:
                remedy = did_you_mean(name, named.festivals)
                self.error("unknown-value", item.place, f"`{name}` is no festival", f"“{name}”不是节日", remedy)
            festivals.append(name)
        off = entries.get("off")
        first, separator, last = self.text(off).partition(" to ")
        days = [self.date(off, part.strip()) for part in ((first, last) if separator else (first, first))]
        worked = [self.date(item) for item in self.items(entries.get("work"))]
        if not festivals or days[0] is None or days[1] is None or None in worked:
            return None
        made = Break(tuple(festivals), days[0], days[1], tuple(d for d in worked if d is not None))
        if made.last < made.first:
            self.error("date-order", node.place, "the break ends before it begins", "假期结束日早于开始日")
            return None
        for day in made.worked:
            if not is_weekend(day):
                text = day.isoformat()
                self.error("not-a-weekend", node.place, f"{text} is no Saturday or Sunday", f"{text}不是周六或周日")
        return made

    # -- what the Measures say ----------------------------------------------------------------------------------------

    def fits(self, notice: Notice, earlier: list[Notice], named: Holidays, entries: Entries) -> None:
        """Errors for a notice that cannot stand beside the earlier ones or against the Measures."""
        place = entries.place
        if any(n.number == notice.number for n in earlier):
            self.error("duplicate-notice", place, f"{notice.number} is there twice", f"{notice.number}重复")
        if notice.year not in named.lunar:
            self.error(
                "festivals-unknown", place,
                f"festivals.yaml has no days of the lunar calendar for {notice.year}",
                f"festivals.yaml中没有{notice.year}年的农历节日日期",
            )  # fmt: skip
            return
        in_breaks = [f for b in notice.breaks for f in b.festivals]
        if notice.amends is not None:
            amended = next((n for n in earlier if n.number == notice.amends), None)
            if amended is None or amended.year != notice.year:
                self.error(
                    "amends-nothing", place,
                    f"`{notice.amends}` is no earlier notice for {notice.year}",
                    f"“{notice.amends}”不是此前{notice.year}年的通知",
                )  # fmt: skip
        else:
            years = [n.year for n in earlier if n.amends is None]
            if years and notice.year != years[-1] + 1:
                self.error(
                    "year-order", place,
                    f"the notice for {years[-1] + 1} belongs before this one for {notice.year}",
                    f"此处之前应有{years[-1] + 1}年的通知，本条为{notice.year}年",
                )  # fmt: skip
            if sorted(in_breaks) != sorted(named.festivals):
                self.error(
                    "festivals-once", place,
                    "each festival stands in exactly one break", "每个节日应恰好出现在一个假期中",
                )  # fmt: skip
        taken = [day for b in notice.breaks for day in (*b.days, *b.worked)]
        if len(set(taken)) < len(taken):
            self.error("day-twice", place, "a day is in two breaks, or both off and worked", "同一日重复或既放假又上班")
        for each, node in zip(notice.breaks, self.items(entries.get("breaks")), strict=True):
            self.break_fits(each, notice, named, node.place)

    def break_fits(self, each: Break, notice: Notice, named: Holidays, place: Place) -> None:
        name_en = " and ".join(named.festivals[f].en for f in each.festivals)
        name_zh = "、".join(named.festivals[f].zh for f in each.festivals)
        if len(each.festivals) > 1 and set(each.festivals) != set(JOINED):
            self.error("never-joined", place, f"{name_en} do not share a break", f"{name_zh}不合并放假")
            return
        by_law = [day for f in each.festivals for day in named.festival_days(f, notice.year)]
        if not set(by_law) <= set(each.days):
            days = ", ".join(day.isoformat() for day in by_law)
            self.error(
                "day-off-by-law", place,
                f"{name_en}: the break leaves out a day that is off by law ({days})",
                f"{name_zh}：假期未包含法定放假日（{days}）",
            )  # fmt: skip
        given = sum(1 for day in each.days if not is_weekend(day)) - len(each.worked)
        if given != len(by_law) and not notice.exceptional:
            self.error(
                "days-given", place,
                f"{name_en}: {given} working days are given, by law {len(by_law)}",
                f"{name_zh}：实际给假{given}个工作日，法定为{len(by_law)}天",
                Bilingual("check the days off and the days worked", "请核对放假日期和调休上班日期"),
            )  # fmt: skip
