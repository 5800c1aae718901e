"""Groups of lines as an answer shows them."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from yiqi.facts.sheet import FactSheet
from yiqi.judge.judge import Judge
from yiqi.law.library import read_law

FACTS = """
group: {en: Facts, zh: 事实}
facts:
  first: {type: yes_no, label: {en: First, zh: 甲}, known_by: enterprise}
  second: {type: yes_no, label: {en: Second, zh: 乙}, known_by: enterprise}
  third: {type: yes_no, label: {en: Third, zh: 丙}, known_by: enterprise}
"""
LAW = """\
---
id: groups
number: 组〔2026〕1号
title: {en: Groups, zh: 分组}
cite: {en: Groups 2026, zh: 组〔2026〕1号}
issuer: {en: Ministry, zh: 部}
in_force: 2026-01-01
reviewed: 2026-01-01
subject: example
---

# Some · 若干 {#some}

At least 2 of the three.

三项中至少2项。

```rule
at least 2 of:
  first
  second
  third
```
"""
VERSIONS = """\
---
subject: example
title: {en: Example, zh: 示例}
schemes:
  some: {en: Some, zh: 若干}
---

# Which rule · 适用规定

| scheme | procedure | acts from | acts until | rule |
|---|---|---|---|---|
| some | any | 2026-01-01 | | groups#some |
"""


def test_at_least_some_of_several_lines_says_how_many(tmp_path: Path) -> None:
    (tmp_path / "facts").mkdir()
    (tmp_path / "facts" / "all.yaml").write_text(FACTS, encoding="utf-8")
    (tmp_path / "groups.md").write_text(LAW, encoding="utf-8")
    (tmp_path / "versions.md").write_text(VERSIONS, encoding="utf-8")
    law, problems = read_law(tmp_path)
    assert [p.render("en") for p in problems] == []
    sheet = FactSheet({"first": True, "second": False, "third": True})
    answer = Judge(law).judge(sheet, dt.date(2026, 5, 1))["example.some"]
    assert answer.outcome == "yes"
    (group,) = answer.as_dict()["conditions"]
    assert group["text"] == {"en": "At least 2 of the following", "zh": "以下至少满足2项"}
    assert [c["outcome"] for c in group["conditions"]] == ["yes", "no", "yes"]
