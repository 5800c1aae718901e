"""Lines no wider than a terminal: Chinese may break between any two characters, words in Latin letters may not."""

from __future__ import annotations

import re
from collections.abc import Iterator

from yiqi.law.diagnostics import display_width

NARROWEST = 40
"""Columns below which nothing is wrapped any further; a terminal hardly ever is narrower."""

_CLOSING = "，。；：、！？）】〕》”’」％"
_OPENING = "（【〔《“‘「("
_WIDE = r"\u2e80-\uffef"
_WORD = rf"[^\s{_WIDE}{re.escape(_OPENING + _CLOSING)}]"
# What must stay together: one wide character, or a word, or a figure with its sign and unit; and the punctuation at it.
_UNIT = re.compile(
    rf"[{re.escape(_OPENING)}]*"
    rf"(?:(?:[≥≤><=] )?[0-9]{_WORD}*(?:[万亿]?元|个百分点|[年月日项人分名件次级天])?|[{_WIDE}]|{_WORD}+)?"
    rf"[{re.escape(_CLOSING)}),;:.%]*\s*"
)


def wrap(text: str, width: int, first: str = "", rest: str = "") -> Iterator[str]:
    """The lines of a text, ``first`` before the first one and ``rest`` before the others, each at most ``width`` columns.

    A single word that is wider than a line is cut.
    """
    width = max(width, NARROWEST)
    line, used, empty = first, display_width(first), True
    for unit in _UNIT.findall(text):
        if not unit:
            continue
        pieces = [unit]
        if display_width(rest) + display_width(unit.rstrip()) > width:
            pieces = list(unit)
        for piece in pieces:
            size = display_width(piece.rstrip())
            if not empty and used + size > width:
                yield line.rstrip()
                line, used, empty = rest, display_width(rest), True
            line += piece
            used += display_width(piece)
            empty = False
    yield line.rstrip()


def padded(text: str, width: int) -> str:
    """A text with blanks behind it up to a width in columns."""
    return text + " " * max(0, width - display_width(text))
