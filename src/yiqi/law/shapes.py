"""Shapes of located YAML read strictly: maps with known keys, texts, choices, texts in both languages, days.

Whoever reads a kind of file on top of them collects every problem with its line and column; nothing is skipped in silence.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from yiqi.law.bilingual import Bilingual
from yiqi.law.diagnostics import Diagnostic, Place, did_you_mean
from yiqi.law.located_yaml import Entries, Items, Node, Text


class Shapes:
    """Reads nodes of located YAML and keeps what is wrong with them in ``diagnostics``.

    A method given None (the key is absent) gives None; a node of the wrong shape gives None and an error.
    """

    def __init__(self) -> None:
        self.diagnostics: list[Diagnostic] = []

    def error(self, code: str, message: Bilingual, place: Place, remedy: Bilingual | None = None) -> None:
        self.diagnostics.append(Diagnostic("error", code, message, place, remedy))

    def entries(self, node: Node | None, what: str, keys: Iterable[str] | None) -> Entries | None:
        """A map whose keys are all known."""
        if node is None:
            return None
        if not isinstance(node, Entries):
            self.error(
                "wrong-shape", Bilingual(f"{what} must be a map of keys to values", f"{what}应为键值表"), node.place
            )
            return None
        if keys is not None:
            known = tuple(keys)
            for key, _ in node:
                if key.text not in known:
                    self.error(
                        "unknown-key",
                        Bilingual(f"unknown key `{key.text}` in {what}", f"{what}中有未知的键“{key.text}”"),
                        key.place,
                        did_you_mean(key.text, known)
                        or Bilingual(f"known keys: {', '.join(known)}", f"可用的键：{'、'.join(known)}"),
                    )
        return node

    def text(self, node: Node | None, what: str) -> str | None:
        """A text that is not empty."""
        if node is None:
            return None
        if not isinstance(node, Text) or node.is_null or not node.text.strip():
            self.error("wrong-shape", Bilingual(f"{what} must be a text", f"{what}应为文本"), node.place)
            return None
        return node.text

    def choice(self, node: Node | None, what: str, choices: Iterable[str]) -> str | None:
        """One of the given words."""
        word = self.text(node, what)
        known = tuple(choices)
        if word is None or word in known:
            return word
        assert node is not None
        self.error(
            "unknown-value",
            Bilingual(f"{what} cannot be `{word}`", f"{what}不能是“{word}”"),
            node.place,
            did_you_mean(word, known) or Bilingual(f"one of: {', '.join(known)}", f"可选：{'、'.join(known)}"),
        )
        return None

    def bilingual(self, node: Node | None, what: str) -> Bilingual | None:
        """``{en: …, zh: …}``, both present."""
        table = self.entries(node, what, ("en", "zh"))
        if table is None:
            return None
        texts: dict[str, str] = {}
        for language, name in (("en", "English"), ("zh", "Chinese")):
            found = table.get(language)
            if found is None:
                self.error(
                    "missing-text",
                    Bilingual(f"{what} has no {name} text", f"{what}缺少{'英文' if language == 'en' else '中文'}文本"),
                    table.place,
                    Bilingual('write `{en: "…", zh: "…"}`', '请写成 {en: "…", zh: "…"}'),
                )
            elif (text := self.text(found, f"{what}.{language}")) is not None:
                texts[language] = text
        return Bilingual(texts["en"], texts["zh"]) if len(texts) == 2 else None

    def items(self, node: Node | None, what: str) -> tuple[Node, ...]:
        """The members of a list that is not empty; absent is none."""
        if node is None:
            return ()
        if not isinstance(node, Items) or not node.items:
            self.error(
                "wrong-shape",
                Bilingual(f"{what} must be a list, such as [a, b]", f"{what}应为列表，例如[a, b]"),
                node.place,
            )
            return ()
        return node.items

    def day(self, node: Node | None, what: str) -> dt.date | None:
        """A date such as 2026-12-31."""
        word = self.text(node, what)
        if word is None:
            return None
        try:
            if len(word) == len("2026-12-31"):
                return dt.date.fromisoformat(word)
        except ValueError:
            pass  # said below, as for every text that is no day
        assert node is not None
        self.error(
            "date", Bilingual(f"{what} is a date such as 2026-12-31", f"{what}应为日期，例如2026-12-31"), node.place
        )
        return None
