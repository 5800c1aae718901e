"""The tag an answer rests on: the weakest of what had to hold, the strongest of what sufficed to fail it."""

from __future__ import annotations

import datetime as dt
from functools import cache

import pytest

from yiqi.facts.sheet import FactSheet
from yiqi.judge.judge import Judge
from yiqi.law.document import SourceText
from yiqi.law.library import build, default_folder
from yiqi.law.vocabulary import Vocabulary
from yiqi.law.vocabulary_file import read_vocabulary

FRONT = """---
id: example
number: 例
title: {en: Example, zh: 例}
cite: {en: Example, zh: 例}
issuer: {en: Example, zh: 例}
in_force: 2026-05-01
reviewed: 2026-05-01
subject: example
---

# Example · 例 {#example}

```rule
"""
VERSIONS = """---
subject: example
title: {en: Example, zh: 例}
schemes: {asked: {en: Asked, zh: 问}}
---

| scheme | procedure | acts from | acts until | rule |
|---|---|---|---|---|
| asked | any | 2026-05-01 | | example#example |
"""


@cache
def vocabulary() -> Vocabulary:
    return read_vocabulary(default_folder() / "facts")


@pytest.mark.parametrize(
    ("lines", "brand", "certificate", "outcome", "tag"),
    [
        # own_brand stands in the text of a secondary source [B], quality_certificate in the official one [A].
        ("own_brand [B]\nquality_certificate", True, True, "yes", "B"),
        ("own_brand [B]\nquality_certificate", True, False, "no", "A"),
        ("own_brand [B]\nquality_certificate", False, True, "no", "B"),
        ("own_brand [B]\nquality_certificate", False, False, "no", "A"),
        ("any of:\n  own_brand [B]\n  quality_certificate", True, True, "yes", "A"),
        ("any of:\n  own_brand [B]\n  quality_certificate", True, False, "yes", "B"),
        ("any of:\n  own_brand [B]\n  quality_certificate", False, False, "no", "B"),
        ("none of:\n  own_brand [B]\n  quality_certificate", False, False, "yes", "B"),
        ("none of:\n  own_brand [B]\n  quality_certificate", True, False, "no", "B"),
        ("none of:\n  own_brand [B]\n  quality_certificate", True, True, "no", "A"),
        ("none of:\n  own_brand [B]\n  quality_certificate", False, True, "no", "A"),
    ],
)
def test_the_tag_of_an_answer(lines: str, brand: bool, certificate: bool, outcome: str, tag: str) -> None:
    sources = [SourceText("example.md", f"{FRONT}{lines}\n```\n"), SourceText("versions.md", VERSIONS)]
    law, problems = build(sources, vocabulary())
    assert problems == []
    sheet = FactSheet({"own_brand": brand, "quality_certificate": certificate})
    (answer,) = Judge(law).judge(sheet, dt.date(2026, 6, 1))
    assert (answer.outcome, answer.confidence) == (outcome, tag)
