"""What is missing is named in one order, whichever schemes are asked."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from yiqi.facts.reading import read_fact_sheet
from yiqi.judge.judge import Judge
from yiqi.law.library import load

ON = dt.date(2026, 11, 23)
EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.mark.parametrize("name", ["little-giant.yaml", "half-the-facts.yaml"])
def test_the_order_does_not_depend_on_the_schemes_asked(name: str) -> None:
    judge = Judge(load())
    sheet = read_fact_sheet(EXAMPLES / name, judge.law.vocabulary.of("enterprise"), ON).required()
    every = judge.schemes(["size", "ladder", "relief"])
    together = judge.judge(sheet, ON, "new", every)
    several = 0
    for scheme in every:
        alone, among = judge.judge(sheet, ON, "new", (scheme,))[scheme], together[scheme]
        assert alone.missing == among.missing, scheme
        several += sum(len(names) > 1 for names in alone.missing.for_yes)
    assert several > 10


def test_the_order_is_that_of_the_facts() -> None:
    judge = Judge(load())
    place = {fact: n for n, fact in enumerate(judge.law.vocabulary.facts)}
    sheet = read_fact_sheet(EXAMPLES / "little-giant.yaml", judge.law.vocabulary.of("enterprise"), ON).required()
    (names,) = judge.judge(sheet, ON, "new", ("relief.vat_threshold",))["relief.vat_threshold"].missing.for_yes
    assert list(names) == sorted(names, key=place.__getitem__)
