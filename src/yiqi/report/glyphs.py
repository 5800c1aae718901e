"""Which characters the font that travels with Yiqi can print."""

from __future__ import annotations

import struct
import unicodedata
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from yiqi.law.bilingual import Bilingual
from yiqi.report.document import DocumentError

FONTS = Path(__file__).parent / "fonts"
FONT = FONTS / "NotoSerifSC-Regular.ttf"
FAMILY = "Noto Serif SC"


class MissingGlyphError(DocumentError):
    """Characters that the font lacks; ``characters`` in the order in which they are met."""

    def __init__(self, characters: list[str], within: str) -> None:
        self.characters = characters
        listed = ", ".join(f"{character} (U+{ord(character):04X}, {_name(character)})" for character in characters)
        listed_zh = "、".join(f"{character}（U+{ord(character):04X}）" for character in characters)
        super().__init__(
            Bilingual(
                en=f"The PDF is not written: its font has no {listed}, as in “{within}”. "
                "Word output works: it uses the fonts of the computer on which it is opened.",
                zh=f"未生成 PDF：所用字体没有 {listed_zh}，见“{within}”。"
                "可改用 Word 格式：它使用打开文件的电脑上的字体。",
            )
        )


def _name(character: str) -> str:
    return unicodedata.name(character, "without a name").lower()


@cache
def printable() -> frozenset[str]:
    """The characters of the font, from its own character map."""
    return frozenset(map(chr, _mapped(FONT.read_bytes())))


def refuse_missing(texts: Iterable[str]) -> None:
    """Raise MissingGlyphError if a text holds a character that would come out as an empty box."""
    known = printable()
    missing: dict[str, str] = {}
    for text in texts:
        for character in text:
            if character not in known:
                missing.setdefault(character, text)
    if missing:
        raise MissingGlyphError(list(missing), next(iter(missing.values())))


def _mapped(font: bytes) -> Iterable[int]:
    """Code points that the font's table `cmap` maps to a glyph (OpenType, `cmap`, format 12: 32-bit groups)."""
    tables = struct.unpack_from(">H", font, 4)[0]
    at = next(
        struct.unpack_from(">L", font, record + 8)[0]
        for record in range(12, 12 + 16 * tables, 16)
        if font[record : record + 4] == b"cmap"
    )
    for index in range(struct.unpack_from(">H", font, at + 2)[0]):
        start = at + struct.unpack_from(">L", font, at + 4 + 8 * index + 4)[0]
        if struct.unpack_from(">H", font, start)[0] == 12:
            groups = struct.unpack_from(">L", font, start + 12)[0]
            for group in range(start + 16, start + 16 + 12 * groups, 12):
                first, last, _glyph = struct.unpack_from(">LLL", font, group)
                yield from range(first, last + 1)
            return
    raise ValueError(f"{FONT.name} has no character map of 32 bits")
