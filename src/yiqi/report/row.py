"""The row of an explanation: in both languages and in no particular form; text and HTML print the same rows."""

from __future__ import annotations

from dataclasses import dataclass

from yiqi.law.bilingual import Bilingual
from yiqi.report.phrases import (
    range_text,
)


@dataclass(frozen=True, slots=True)
class Score:
    """Points of one item or a whole score, in 1/10000 point; ``pass_mark`` only where one is asked."""

    low: int
    high: int
    maximum: int
    pass_mark: int | None = None
    mark: str = "pass"
    """What the pass mark is called: ``pass``, or ``ahead_from`` where it is that of the next class up."""

    @property
    def text(self) -> Bilingual:
        return range_text(self.low, self.high)

    def permille(self, points: int) -> int:
        """How far along the bar some points are."""
        return min(1000, points * 1000 // self.maximum) if self.maximum > 0 else 0


@dataclass(frozen=True, slots=True)
class Row:
    """One condition as shown. ``mark`` is a key of :data:`yiqi.report.phrases.MARKS`; ``depth`` the indentation."""

    id: str
    mark: str
    text: Bilingual
    depth: int
    cite: Bilingual
    confidence: str
    heading: bool = False
    figure: Bilingual | None = None
    required: Bilingual | None = None
    gap: Bilingual | None = None
    """By how much a failed comparison was missed; for a score item, what the next step up takes."""
    notes: tuple[Bilingual, ...] = ()
    missing: Bilingual | None = None
    """The values the condition lacks itself."""
    score: Score | None = None
    idle: bool = False
    """Whether the row makes no difference: an alternative beside one that holds."""
    see: bool = False
    """Whether the rule's conditions were shown before and are not repeated."""
