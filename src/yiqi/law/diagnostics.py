"""What is wrong, where, and what to do: the one shape of every error and warning.

A diagnostic names its place as a file with line and column (text files) or as a sheet and cell (spreadsheets),
shows the line with a caret, and says the remedy. All problems of a file are collected and reported together.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from yiqi.law.bilingual import Bilingual, Language

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands.

    ``line`` and ``column`` count from 1; ``excerpt`` is the whole line; ``length`` the number of characters under the
    caret. ``cell`` is a spreadsheet address such as ``企业!C7`` or the path inside a structured file (``rd_expense.2025``).
    """

    file: str
    line: int | None = None
    column: int | None = None
    excerpt: str | None = None
    length: int = 1
    cell: str | None = None

    def __str__(self) -> str:
        parts = [self.file]
        if self.line is not None:
            parts.append(str(self.line))
            if self.column is not None:
                parts.append(str(self.column))
        text = ":".join(parts)
        return f"{text} [{self.cell}]" if self.cell else text


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One problem. ``code`` is stable and can be searched for in the documentation."""

    severity: Severity
    code: str
    message: Bilingual
    place: Place
    remedy: Bilingual | None = None

    def render(self, language: Language) -> str:
        """The problem as a person reads it in a terminal: headline, excerpt with caret, remedy."""
        word = {"en": {"error": "error", "warning": "warning"}, "zh": {"error": "错误", "warning": "警告"}}[language]
        lines = [f"{self.place}: {word[self.severity]} ({self.code}): {self.message[language]}"]
        place = self.place
        if place.excerpt is not None and place.line is not None and place.column is not None:
            gutter = f"{place.line:>5} | "
            # A full-width character takes two columns in a terminal; the caret has to follow.
            before = place.excerpt[: place.column - 1]
            marked = place.excerpt[place.column - 1 : place.column - 1 + place.length]
            lines.append(gutter + place.excerpt)
            lines.append(" " * 5 + " | " + " " * display_width(before) + "^" * max(1, display_width(marked)))
        if self.remedy is not None:
            lines.append(("      = " if place.excerpt is not None else "  = ") + self.remedy[language])
        return "\n".join(lines)


class DiagnosticError(Exception):
    """Raised when a file cannot be used; carries every problem found, not only the first."""

    def __init__(self, diagnostics: Sequence[Diagnostic]) -> None:
        self.diagnostics: tuple[Diagnostic, ...] = tuple(diagnostics)
        super().__init__("\n".join(d.render("en") for d in self.diagnostics))

    def render(self, language: Language) -> str:
        return "\n".join(d.render(language) for d in self.diagnostics)


def display_width(text: str) -> int:
    """Columns a text takes in a terminal: East Asian wide and full-width characters take two."""
    import unicodedata

    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text if not unicodedata.combining(c))


def nearest(word: str, candidates: Iterable[str]) -> str | None:
    """The candidate most like ``word``, or None when nothing is near enough to be meant."""
    matches = difflib.get_close_matches(word, list(candidates), n=1, cutoff=0.6)
    return matches[0] if matches else None


def did_you_mean(word: str, candidates: Iterable[str]) -> Bilingual | None:
    """The remedy that suggests the nearest name, if there is one."""
    found = nearest(word, candidates)
    if found is None:
        return None
    return Bilingual(f"did you mean `{found}`?", f"是否想写“{found}”？")
