"""What the digital level is worth: every line of the law on other questions that asks for it, as it stands for each level."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from yiqi.facts.sheet import FactSheet
from yiqi.judge.answer import Answer
from yiqi.judge.judge import Judge
from yiqi.judge.reasons import Reason
from yiqi.law.bilingual import Bilingual
from yiqi.law.tree import Scheme

LEVEL_FACT = "digital_level"
LEVELS = (0, 1, 2, 3, 4)
SUBJECT = "digital"


@dataclass(frozen=True, slots=True)
class Worth:
    """What one heading of the law gives for each level: points (in 1/10000) or whether it holds (2, 1, 0)."""

    scheme: Scheme
    id: str
    title: Bilingual
    cite: Bilingual
    confidence: str
    by_level: tuple[tuple[int, int] | int, ...]
    """For level 0 to 4: the range of points, or the truth."""


def worth(judge: Judge, sheet: FactSheet, on: dt.date, procedure: str = "new") -> tuple[Worth, ...]:
    """Every rule of another subject, reached for this enterprise on this day, whose own lines read the level.

    The enterprise is judged once for each level, everything else as it is.
    """
    schemes = tuple(s for s in judge.schemes() if not s.startswith(f"{SUBJECT}."))
    found: dict[str, list[Reason]] = {}
    owners: dict[str, Scheme] = {}
    for level in LEVELS:
        answers = judge.judge(sheet.with_values({LEVEL_FACT: level}), on, procedure, schemes)
        for answer in answers:
            for reason in _reading(answer):
                found.setdefault(reason.outline.id, []).append(reason)
                owners.setdefault(reason.outline.id, answer.scheme)
    return tuple(
        Worth(
            owners[key], key, reasons[0].outline.text, reasons[0].outline.cite, reasons[0].outline.confidence,
            tuple(r.value for r in reasons[: len(LEVELS)]),
        )
        for key, reasons in found.items()
        if len(reasons) >= len(LEVELS)
    )  # fmt: skip


def _reading(answer: Answer) -> Iterator[Reason]:
    """The reasons whose own figures are the level."""
    if answer.reason is None:
        return
    seen: set[str] = set()
    for reason in answer.reason.walk():
        outline = reason.outline
        if outline.id in seen or not (outline.leaves or outline.table is not None):
            continue
        if any(slot.fact == LEVEL_FACT for slot in reason.slots()):
            seen.add(outline.id)
            yield reason
