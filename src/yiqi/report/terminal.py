"""What every text for a terminal shares: its width, and the colour of an outcome."""

from __future__ import annotations

from collections.abc import Callable

COLOURS = {"yes": "green", "no": "red", "unknown": "yellow"}
WIDTH = 100
"""Columns where the output is no terminal."""

Style = Callable[[str, str], str]
"""Colours a text by an outcome; plain where the output is no terminal."""


def plain(text: str, outcome: str) -> str:  # noqa: ARG001
    return text
