"""A small law of measures, so that what the list and the combination do does not depend on what the law says."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from yiqi.facts.sheet import FactSheet
from yiqi.judge.judge import Judge
from yiqi.law.document import SourceText
from yiqi.law.library import build, load
from yiqi.law.tree import Law
from yiqi.relief.entitlements import Entitlements, entitlements

ON = dt.date(2026, 6, 1)
HEAD = """---
id: sample
number: 样例〔2026〕1号
title: {en: Sample, zh: 样例}
cite: {en: Sample, zh: 样例}
issuer: {en: Sample, zh: 样例}
in_force: 2026-01-01
reviewed: 2026-05-01
subject: relief
---
"""


def measure(
    name: str, rule: str, amount: str = "", *, kind: str = "saving", fence: str = "", tag: str = "", gives: str = ""
) -> str:
    """One measure as a heading: ``rule`` lines, ``amount`` behind ``amount:``, further lines of the fence."""
    figures = f" {rule} {amount}"
    per = "per: year\n" if amount and "per:" not in fence else ""
    text = f"""
# {name} · {name} {{#{name}}}{tag}

It asks{figures}.

条件{figures}。

```rule
{rule}
```

```measure
head: [cost]
difficulty: [costs]
kind: {kind}
level: national
{per}claim: {{how: automatic}}
{fence}
```
"""
    if amount:
        text += f"""
## Amount · 金额 {{#{name}_amount{gives}}}

It gives{figures}.

金额{figures}。

```rule
amount: {amount}
```
"""
    return text


def sample_files(*measures: str, until: str = "", front: str = "") -> dict[str, str]:
    """The text of two law files by name: the measures, and the table that puts them in force.

    ``until`` is the last day of their versions, ``front`` further lines of the front matter.
    """
    body = "".join(measures)
    names = [line.split("{#")[1].split("}")[0] for line in body.splitlines() if line.startswith("# ")]
    schemes = "\n".join(f"  {name}: {{en: {name}, zh: {name}}}" for name in names)
    rows = "\n".join(f"| {name} | any | 2026-01-01 | {until} | sample#{name} |" for name in names)
    versions = (
        f"---\nsubject: relief\ntitle: {{en: s, zh: 样}}\nschemes:\n{schemes}\n---\n\n"
        f"| scheme | procedure | acts from | acts until | rule |\n|---|---|---|---|---|\n{rows}\n"
    )
    head = HEAD.removesuffix("---\n") + front + "---\n"
    return {"relief/sample.md": head + body, "relief/versions.md": versions}


def sample_law(*measures: str, until: str = "", front: str = "") -> Law:
    """The vocabulary of the law there is with these measures alone, all of them in force on :data:`ON`."""
    files = sample_files(*measures, until=until, front=front)
    law, diagnostics = build([SourceText(name, text) for name, text in files.items()], load().vocabulary)
    errors = [d for d in diagnostics if d.severity == "error"]
    assert not errors, "\n".join(d.render("en") for d in errors)
    return law


def judged(law: Law, facts: Mapping[str, Any], on: dt.date = ON) -> Entitlements:
    """The list for an enterprise of these facts."""
    return entitlements(Judge(law).judge(FactSheet(dict(facts)), on), law)
