"""One rule as people read it, what refers to it, and how much of an instrument runs."""

from __future__ import annotations

import dataclasses
from fractions import Fraction
from typing import Protocol

import pytest

from yiqi.law.article import article_lines, lines_in_file
from yiqi.law.coverage import Coverage, coverage_of, total_coverage
from yiqi.law.diagnostics import Diagnostic
from yiqi.law.document import SourceText
from yiqi.law.references import (
    parent_of,
    reached_from,
    reading_rules,
    referring_rules,
    rule_named,
    versions_using,
)
from yiqi.law.tree import Law


class Folder(Protocol):
    """What the fixture `folder` offers here."""

    written: dict[str, str]

    def write(self, name: str, text: str) -> None: ...

    def law(self, body: str, *, instrument: str = "trial", more: str = "", name: str | None = None) -> None: ...

    def read(self) -> tuple[Law, list[Diagnostic]]: ...


BODY = """\
# Conditions · 条件 {#conditions} [B]

Two of the last 2 years, 100万元, 3项.

```rule
not own_brand
any of: [C]
  common
  all of:
    rd_expense >= 100万元 in each of 2 years
    ip_class1 >= 3项
none of:
  quality_certificate
  reputation_high
readings:
  reading last_year: rd_expense >= 100万元
  reading both: sum(rd_expense, 2 years) >= 100万元
```

## Score reached · 得分达到 {#reached}

```rule
score >= 6
```

# Common · 共同条件 {#common .at-least-2}

```rule
own_brand
quality_certificate
reputation_high
```

# Score · 评分 {#score .sum max=20}

## Research · 研发 {#research}

| rd_expense / operating_revenue | ip_class1 | points |
|---|---|---|
| >= 5% | >= 1项 | 10 |
| >= 3% | | 1 |
| otherwise | | 0 |

## Marks · 标志 {#marks .each max=5}

| condition | points |
|---|---|
| own_brand | 2.5 |

## Local · 地方 {#local .delegated}

```rule
local_points
```

# Size · 划型 {#size}

| employees | class |
|---|---|
| < 20人 | micro |
| otherwise | by larger |

# Larger · 较大 {#larger}

| employees | class |
|---|---|
| otherwise | small |

# More · 补充 {#more .delegated}

# Person · 判断 {#person .judgement}

```rule
reputation_high
```

# Steps · 步骤 {#steps .procedure}

# Aim · 目的 {#aim .context}
"""

VERSIONS = """\
---
subject: ladder
title: {en: Versions, zh: 版本}
schemes:
  first: {en: First, zh: 第一}
  second: {en: Second, zh: 第二}
---

| scheme | procedure | acts from | acts until | rule |
|---|---|---|---|---|
| first | any | 2026-04-01 | 2026-12-31 | trial#conditions |
| second | new | 2026-04-01 | | trial#size |
"""

REPLACEMENT = """\
# Instead · 替代 {#instead for=trial#score.local .sum}

## Part · 部分 {#part}

| own_brand | points |
|---|---|
| yes | 1 |
| otherwise | 0 |

# Here too · 此处 {#also for=trial#more}

```rule
original
own_brand
```
"""


@pytest.fixture
def law(folder: Folder) -> Law:
    folder.law(BODY)
    folder.law(REPLACEMENT, instrument="local", more='region: "44"\n')
    folder.write("versions.md", VERSIONS)
    law, diagnostics = folder.read()
    assert [d.render("en") for d in diagnostics] == []
    return law


def english(law: Law, name: str) -> list[str]:
    return ["  " * line.depth + line.text.en for line in article_lines(law, law.rule(name))]


def chinese(law: Law, name: str) -> list[str]:
    return ["  " * line.depth + line.text.zh for line in article_lines(law, law.rule(name))]


def test_conditions_in_words(law: Law) -> None:
    assert english(law, "trial#conditions") == [
        "All of the following",
        "  Not: own brand",
        "  Any of the following",
        "    Common",
        "    All of the following",
        "      Research expense ≥ 100万元 in each of the last 2 years",
        "      Class I rights ≥ 3",
        "  None of the following",
        "    Quality certificate",
        "    High reputation",
        "  Under every reading of the source",
        "    Reading “last_year”: Research expense ≥ 100万元",
        "    Reading “both”: Total research expense over the last 2 years ≥ 100万元",
        "  Score reached",
    ]
    assert chinese(law, "trial#conditions")[:3] == ["同时满足以下各项", "  无：自主品牌", "  满足以下任一项"]
    assert english(law, "trial#common") == [
        "At least 2 of the following",
        "  Own brand",
        "  Quality certificate",
        "  High reputation",
    ]
    # One line needs no heading above it.
    assert english(law, "trial#conditions.reached") == ["Score ≥ 6"]
    assert chinese(law, "trial#conditions.reached") == ["评分 ≥ 6分"]


def test_lines_carry_the_ids_and_tags_of_conditions(law: Law) -> None:
    lines = article_lines(law, law.rule("trial#conditions"))
    assert [line.id for line in lines[:4]] == [None, "trial#conditions/1", "trial#conditions/2", "trial#conditions/3"]
    assert [line.confidence for line in lines[1:3]] == ["B", "C"]
    assert lines[-1].id == "trial#conditions.reached"


def test_scores_in_words(law: Law) -> None:
    assert english(law, "trial#score") == [
        "The sum of the following, at most 20 points",
        "  Research",
        "  Marks",
        "  Local",
    ]
    assert english(law, "trial#score.research") == [
        "The first row that holds decides",
        "  Research expense / operating revenue ≥ 5% and class I rights ≥ 1: 10 points",
        "  Research expense / operating revenue ≥ 3%: 1 point",
        "  Otherwise: 0 points",
    ]
    assert chinese(law, "trial#score.marks") == ["每满足一行即加分，最高5分", "  自主品牌：2.5分"]
    assert english(law, "trial#score.local") == ["Local indicators, 0 to 15"]
    assert chinese(law, "trial#score.local") == ["地方特色指标得分，0至15分"]


def test_classes_and_delegated_headings_in_words(law: Law) -> None:
    assert english(law, "trial#size")[1:] == ["  Employees < 20: micro", "  Otherwise: by Larger"]
    assert chinese(law, "trial#size")[1:] == ["  从业人员 < 20人：微型", "  其他：按较大"]
    assert "until a local or yearly file" in english(law, "trial#more")[0]
    assert english(law, "trial#steps") == []


def test_original_is_the_rule_that_is_replaced(law: Law) -> None:
    assert english(law, "local#also")[1:] == ["  More", "  Own brand"]


def test_lines_as_they_stand_in_the_file(law: Law, folder: Folder) -> None:
    source = SourceText("trial.md", folder.written["trial.md"])

    def lines(name: str, chinese: bool = False) -> list[str]:
        return lines_in_file(source, law.rule(name), "zh" if chinese else "en", law.vocabulary)

    assert lines("trial#conditions.reached") == ["score >= 6"]
    assert lines("trial#conditions.reached", True) == ["「评分」 ≥ 6"]
    # Only the heading's own lines, not those of headings below it.
    assert len(lines("trial#conditions")) == 12
    assert lines("trial#score.research") == [
        "| rd_expense / operating_revenue | ip_class1 | points |",
        "|---|---|---|",
        "| >= 5% | >= 1项 | 10 |",
        "| >= 3% | | 1 |",
        "| otherwise | | 0 |",
    ]
    assert lines("trial#aim") == []


# -- references -------------------------------------------------------------------------------------------------------


def test_names_are_found_from_the_heading_outward(law: Law) -> None:
    reached = law.rule("trial#conditions.reached")
    found = rule_named(law, "score", reached)
    assert found is not None
    assert found.id == "trial#score"
    assert rule_named(law, "trial#common", law.rule("local#also")) is law.rule("trial#common")
    assert rule_named(law, "original", law.rule("local#also")) is law.rule("trial#more")
    assert rule_named(law, "original", reached) is None
    assert rule_named(law, "research", reached) is None
    assert rule_named(law, "other#common", reached) is None


def test_who_refers_to_whom(law: Law) -> None:
    referring = referring_rules(law)
    assert referring["trial#common"] == ("trial#conditions",)
    assert referring["trial#score"] == ("trial#conditions.reached",)
    assert referring["trial#larger"] == ("trial#size",)
    assert "trial#size" not in referring
    assert parent_of(law, law.rule("trial#score.research")) is law.rule("trial#score")
    assert parent_of(law, law.rule("trial#score")) is None


def test_which_rules_read_a_fact(law: Law) -> None:
    reading = reading_rules(law)
    assert reading["ip_class1"] == ("trial#conditions", "trial#score.research")
    assert "market_share" not in reading


def test_versions_reach_through_rules_and_their_replacements(law: Law) -> None:
    assert "local#instead.part" in reached_from(law, "trial#conditions")
    assert [row.scheme for row in versions_using(law, "local#instead.part")] == ["ladder.first"]
    assert [row.scheme for row in versions_using(law, "trial#larger")] == ["ladder.second"]
    assert versions_using(law, "trial#person") == ()


# -- coverage ---------------------------------------------------------------------------------------------------------


def test_coverage_counts_headings_by_what_they_are(law: Law) -> None:
    # conditions, reached, common, score with three parts, size, larger, more: ten that run.
    coverage = coverage_of(law.instruments["trial"])
    assert coverage == Coverage(run=10, person=1, steps=1, explain=1)
    assert coverage.total == 13
    assert coverage.share(coverage.run) == Fraction(10, 13)


def test_coverage_adds_up_and_of_nothing_has_no_share() -> None:
    assert total_coverage([Coverage(1, 2, 3, 4), Coverage(5, 6, 7, 8)]) == Coverage(6, 8, 10, 12)
    assert total_coverage([]).share(0) is None


def test_a_heading_that_only_gathers_explanations_explains(law: Law) -> None:
    rule = dataclasses.replace(law.rule("trial#common"), value=None, body=None)
    instrument = dataclasses.replace(law.instruments["trial"], rules={rule.id: rule})
    assert coverage_of(instrument) == Coverage(explain=1)
