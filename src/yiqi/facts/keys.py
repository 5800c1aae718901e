"""Which fact a key or heading means: an id, or a label in either language, with a unit or a year behind it."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from yiqi.law.bilingual import Bilingual
from yiqi.law.diagnostics import Diagnostic, Place, nearest
from yiqi.law.vocabulary import Fact, Vocabulary

_YEAR = re.compile(r"(?:FY)?([0-9]{4})\s*(?:年度?|年末)?\Z", re.IGNORECASE)
_UNIT_BEHIND = re.compile(r"(.*?)\s*\(([^()]{1,8})\)\Z")
_YEAR_BEHIND = re.compile(r"(.*?)(?:_([0-9]{4})|([0-9]{4})年度?)\Z")
_YEAR_BEFORE = re.compile(r"([0-9]{4})年度?(.+)\Z")

_NOT_FACTS = {
    "on": ("--on", "day"),
    "日期": ("--on", "day"),
    "procedure": ("--procedure", "procedure"),
    "程序": ("--procedure", "procedure"),
}


@dataclass(frozen=True, slots=True)
class Key:
    """What a key means."""

    fact: Fact
    year: int | None = None
    unit: str | None = None


def normal(text: str) -> str:
    """A label as it is compared: half-width, lower-case, without the blanks that forms put between characters."""
    folded = unicodedata.normalize("NFKC", text).casefold().strip().rstrip("*:")
    return re.sub(r"\s+", "" if re.search(r"[\u4e00-\u9fff]", folded) else " ", folded)


def read_year(text: str) -> int | None:
    """The year of a key such as ``2025`` or ``2025年``, or None."""
    match = _YEAR.match(unicodedata.normalize("NFKC", text).strip())
    return int(match[1]) if match else None


class KeyReader:
    """Finds facts by id or label."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._names: dict[str, Fact] = {}
        self._suggestions = 0
        for fact in vocabulary:
            for name in (fact.id, fact.label.en, fact.label.zh):
                self._names.setdefault(normal(name), fact)

    def find(self, text: str) -> Key | None:
        """The fact that a key means. ``营业收入（万元）``, ``employees_2025`` and ``2025年营业收入`` are read too."""
        name = normal(text)
        unit = None
        if name not in self._names and (match := _UNIT_BEHIND.match(name)):
            name, unit = match[1], match[2].removeprefix("单位:").strip()
        if name in self._names:
            return Key(self._names[name], None, unit)
        if (match := _YEAR_BEHIND.match(name)) and match[1] in self._names:
            return Key(self._names[match[1]], int(match[2] or match[3]), unit)
        if (match := _YEAR_BEFORE.match(name)) and match[2] in self._names:
            return Key(self._names[match[2]], int(match[1]), unit)
        return None

    def unknown(self, text: str, place: Place) -> Diagnostic:
        """The error for a key that means no fact, with the nearest name."""
        if text.strip().lower() in _NOT_FACTS:
            option, what = _NOT_FACTS[text.strip().lower()]
            return Diagnostic(
                "error",
                "not-a-fact",
                Bilingual(f"`{text}` is not a fact of the enterprise", f"“{text}”不是企业事实"),
                place,
                Bilingual(
                    f"remove it and give the {what} on the command line: {option}",
                    f"请删除，并在命令行用 {option} 给出",
                ),
            )
        # Finding the nearest name is slow; a file of nothing but wrong names must not cost minutes.
        self._suggestions += 1
        found = nearest(normal(text), self._names) if self._suggestions <= 50 and len(text) <= 80 else None
        shown = text if len(text) <= 80 else text[:80] + "…"
        fact = self._names[found] if found is not None else None
        return Diagnostic(
            "error",
            "unknown-fact",
            Bilingual(f"no fact is called `{shown}`", f"没有名为“{shown}”的事实"),
            place,
            Bilingual(f"did you mean `{fact.id}` ({fact.label.en})?", f"是否想写“{fact.label.zh}”（{fact.id}）？")
            if fact is not None
            else Bilingual(
                "`yiqi template` writes a file with every fact", "用“yiqi template”可生成包含全部事实的填报表"
            ),
        )
