"""The cases that the page on good cases shows are good ones."""

from __future__ import annotations

from pathlib import Path

from yiqi.judge.cases import run_all
from yiqi.law.document import SourceText
from yiqi.law.library import build, default_folder
from yiqi.law.vocabulary_file import read_vocabulary

PAGE = (Path(__file__).parents[2] / "docs" / "how-to" / "write-good-cases.md").read_text(encoding="utf-8")
RULE = """---
id: example
number: 例
title: {en: Example, zh: 例}
cite: {en: Example, zh: 例}
issuer: {en: Example, zh: 例}
in_force: 2026-05-01
reviewed: 2026-05-01
subject: example
---

# Example · 例 {#research}

```rule
rd_expense / operating_revenue >= 3%
```

"""


def test_the_cases_of_the_page_hold() -> None:
    cases = [part.partition("```")[0] for part in PAGE.split("```case\n")[1:]]
    assert len(cases) == 3
    text = RULE + "".join(f"```case\n{case}```\n\n" for case in cases)
    law, problems = build([SourceText("example.md", text)], read_vocabulary(default_folder() / "facts"))
    assert problems == []
    count, failures, problems = run_all(law)
    assert (count, [failure.render("en") for failure in failures], problems) == (3, [], [])
