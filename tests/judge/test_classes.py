"""Classes that rules decide: what the answer shows of them, and what could settle it."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Sequence

import pytest

from yiqi.facts.sheet import FactSheet
from yiqi.judge.answer import Answer
from yiqi.judge.judge import Judge
from yiqi.judge.missing import _at_least, minimal
from yiqi.law.library import read_law

ON = dt.date(2026, 5, 1)

FACTS = """
group: {en: Facts, zh: 事实}
facts:
  filed: {type: yes_no, label: {en: Filed, zh: 已填报}, known_by: enterprise}
  points_given: {type: points, label: {en: Points given, zh: 得分}, known_by: platform, bounds: {minimum: 0分, maximum: 10分}}
  a: {type: count, label: {en: Scene A, zh: 场景甲}, known_by: enterprise, bounds: {minimum: 0, maximum: 2}}
  b: {type: count, label: {en: Scene B, zh: 场景乙}, known_by: enterprise, bounds: {minimum: 0, maximum: 2}}
  c: {type: count, label: {en: Scene C, zh: 场景丙}, known_by: enterprise, bounds: {minimum: 0, maximum: 2}}
"""

LAW = """\
---
id: levels
number: 级〔2026〕1号
title: {en: Levels, zh: 等级}
cite: {en: Levels 2026, zh: 级〔2026〕1号}
issuer: {en: Ministry, zh: 部}
in_force: 2026-01-01
reviewed: 2026-01-01
subject: example
---

# Filing · 填报 {#filing}

Filed.

已填报。

```rule
filed
```

# Score · 得分 {#score .sum max=10}

The points given.

所给分值。

```rule
points_given
```

# High · 高级 {#high .all} [B]

At least 6分 and the scenes below.

6分以上，且场景符合下列要求。

```rule
score >= 6分
```

## Scenes · 高级场景 {#scenes .at-least-2}

At least 2 scenes at 2.

至少2个场景达到2。

```rule
a >= 2
b >= 2
c >= 2
```

# Low · 低级 {#low}

At least 3分.

3分以上。

```rule
score >= 3分
```

# Level · 等级 {#level}

The highest that is met.

符合的最高一级。

| condition | class |
|---|---|
| not filing | no_result |
| high | level_2 |
| low | level_1 |
| otherwise | no_level |
"""

VERSIONS = """\
---
subject: example
title: {en: Versions, zh: 版本}
schemes:
  level: {en: Level, zh: 等级}
---

| scheme | procedure | acts from | acts until | rule |
|---|---|---|---|---|
| level | any | 2026-01-01 | | levels#level |
"""


@pytest.fixture(scope="module")
def judge(tmp_path_factory: pytest.TempPathFactory) -> Judge:
    folder = tmp_path_factory.mktemp("law")
    (folder / "facts").mkdir()
    (folder / "facts" / "all.yaml").write_text(FACTS, encoding="utf-8")
    (folder / "levels.md").write_text(LAW, encoding="utf-8")
    (folder / "versions.md").write_text(VERSIONS, encoding="utf-8")
    law, problems = read_law(folder)
    assert [p.render("en") for p in problems] == []
    return Judge(law)


def ask(judge: Judge, **facts: object) -> Answer:
    return judge.judge(FactSheet(facts), ON, "new", ("example.level",))["example.level"]  # type: ignore[arg-type]


KNOWN = {"filed": True, "points_given": 50_000, "a": 2, "b": 1, "c": 0}
"""Filed, 5 points, one scene at 2: low."""


def test_the_rules_that_decide_a_class_stand_below_it(judge: Judge) -> None:
    answer = ask(judge, **KNOWN)
    assert answer.outcome == "level_1"
    assert answer.reason is not None
    assert [(c.outline.id, c.value) for c in answer.reason.children] == [
        ("levels#filing", 2), ("levels#high", 0), ("levels#low", 2),
    ]  # fmt: skip
    conditions = answer.as_dict()["conditions"]
    assert [(c["id"], c["outcome"]) for c in conditions][1] == ("levels#high", "no")
    # What the answer rests on: that it is not high [B], and that it is low.
    assert answer.confidence == "B"


def test_a_class_has_the_mark_of_the_next_one_up(judge: Judge) -> None:
    answer = ask(judge, **KNOWN)
    assert answer.ahead is not None
    assert answer.ahead.outline.id == "levels#high"
    assert answer.score == (50_000, 50_000, 60_000)
    lowest = ask(judge, **KNOWN | {"points_given": 20_000})
    assert (lowest.outcome, lowest.score) == ("no_level", (20_000, 20_000, 30_000))


def test_above_the_highest_class_there_is_none(judge: Judge) -> None:
    answer = ask(judge, **KNOWN | {"points_given": 60_000, "b": 2})
    assert answer.outcome == "level_2"
    assert answer.ahead is None
    # The row “not filed” is no class to aim at.
    assert ask(judge, **KNOWN | {"filed": False}).ahead is None


def test_an_open_class_waits_for_the_first_rule_that_is_open(judge: Judge) -> None:
    answer = ask(judge, filed=True, points_given=60_000, a=2, b=1)
    assert (answer.outcome, answer.possible) == (None, ("level_2", "level_1"))
    assert answer.ahead is not None
    assert answer.ahead.outline.id == "levels#high"
    assert answer.missing.settle == (("c",),)


def test_nothing_known_asks_for_no_more_than_the_first_row_needs(judge: Judge) -> None:
    assert ask(judge).missing.settle == (("filed",),)


def test_the_sets_of_a_class_are_those_that_could_leave_one(judge: Judge) -> None:
    # 2 points at most: neither high nor low whatever the scenes are. 6 points: two of the scenes make it high, two that are
    # not make it low.
    answer = ask(judge, filed=True)
    assert answer.possible == ("level_2", "level_1", "no_level")
    assert answer.missing.settle == (("points_given",),)
    answer = ask(judge, filed=True, points_given=60_000)
    assert set(answer.missing.settle) == {("a", "b"), ("a", "c"), ("b", "c")}


def chosen(count: int, families: Sequence[tuple[int, ...]]) -> tuple[int, ...]:
    """By every choice of families and of a set of each."""
    found = set()
    for some in itertools.combinations(families, count):
        for sets in itertools.product(*some):
            joined = 0
            for bits in sets:
                joined |= bits
            found.add(joined)
    return minimal(found)


@pytest.mark.parametrize(
    "families",
    [
        [(1,), (2,), (4,), (8,)],
        [(1,), (1,), (2,), (2,)],
        [(0,), (1,), (), (6, 8)],
        [(3, 4), (5,), (2, 8), (12,), (1,)],
        [(), (), (1,)],
    ],
)
def test_at_least_is_that_of_every_choice(families: list[tuple[int, ...]]) -> None:
    for count in range(1, len(families) + 1):
        assert _at_least(count, families) == chosen(count, families), count
