"""The law, the judge and the example enterprises, read once for all tests of reports."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from pathlib import Path

from yiqi.facts.reading import read_fact_sheet
from yiqi.facts.sheet import FactSheet
from yiqi.judge.answer import Answers
from yiqi.judge.judge import Judge
from yiqi.law.library import load

ROOT = Path(__file__).parents[2]
LAW = load()
JUDGE = Judge(LAW)
READ_ON = dt.date(2026, 11, 24)
ON = dt.date(2026, 11, 23)
BEFORE = dt.date(2025, 12, 15)
"""Under the measures of 2022."""

NAMES = sorted(p.name for p in (ROOT / "examples").iterdir() if p.suffix in (".yaml", ".json", ".xlsx"))


@lru_cache(maxsize=32)
def sheet(name: str) -> FactSheet:
    """An example enterprise."""
    return read_fact_sheet(ROOT / "examples" / name, LAW.vocabulary, READ_ON).required()


def assess(
    known: str | FactSheet, on: dt.date = ON, procedure: str = "new", schemes: tuple[str, ...] | None = None
) -> Answers:
    """The answers about an example, by its name, or about any fact sheet."""
    facts = sheet(known) if isinstance(known, str) else known
    return JUDGE.judge(facts, on, procedure, JUDGE.schemes(schemes))
