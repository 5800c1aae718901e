"""A law file in one spelling per tongue: the rules change tongue, nothing else changes."""

from __future__ import annotations

import dataclasses
import textwrap
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from yiqi.law.bilingual import Language
from yiqi.law.diagnostics import DiagnosticError
from yiqi.law.document import SourceText
from yiqi.law.formatter import format_law
from yiqi.law.library import build, default_folder, law_files
from yiqi.law.syntax import Name, Span
from yiqi.law.tree import Instrument, Law, Row, Table, VersionRow
from yiqi.law.vocabulary_file import read_vocabulary

VOCABULARY = read_vocabulary(default_folder() / "facts")
FILES = law_files(default_folder())

FRONT = """\
---
id: trial
number: 试〔2026〕2号
title: {en: Measures on trial, zh: 试行办法}
cite: {en: Trial 2026 No. 2, zh: 试〔2026〕2号}
issuer: {en: Ministry, zh: 部}
in_force: 2026-04-01
reviewed: 2026-05-01
subject: ladder
---

"""


def formatted(body: str, language: Language) -> str:
    text = FRONT + textwrap.dedent(body)
    result = format_law(SourceText("trial.md", text), language, VOCABULARY)
    assert result.startswith(FRONT)
    return result.removeprefix(FRONT)


ENGLISH = """\
# Conditions · 条件 {#conditions} [B]

Revenue of 1000万元 or more, `operating_revenue>=1`.
营业收入1000万元以上。

```rule
operating_revenue >= 1000万元 # as audited
# a line of its own stays

any of: [C]
  common
  all of:
    own_brand
    tier.score >= 60
  miit-2011-300#sme
```

```case
title: a case · 用例
facts: {operating_revenue:   {2025: 1000万元}}
```

## Common · 共同条件 {#common}

```rule
not abnormal_operations_list
```

# Tier · 层次 {#tier}

## Score · 评分 {#score .sum}

| rd_expense / operating_revenue | rd_institution | points |
|:--|---|--:|
| >= 5% | provincial | 20 |
| >= 3% | | 12.5 |
| otherwise | | 0 |

### Same title · 同名 {#first .each}

| condition | points |
|---|---|
| own_brand and ip_class1 >= 2项 | 1 |

### Same title · 同名 {#second}

| entity_kind | points |
|---|---|
| other | 2 |
| otherwise | 0 |

## Reached · 达到 {#reached}

```rule
first >= 1
second >= 2
score + first >= 3
```
"""

CHINESE = """\
# Conditions · 条件 {#conditions} [B]

Revenue of 1000万元 or more, `operating_revenue>=1`.
营业收入1000万元以上。

```rule
营业收入 ≥ 1000万元 # as audited
# a line of its own stays

满足任一： [C]
  「共同条件」
  同时满足：
    自主品牌
    「评分」 ≥ 60
  miit-2011-300#sme
```

```case
title: a case · 用例
facts: {operating_revenue:   {2025: 1000万元}}
```

## Common · 共同条件 {#common}

```rule
非 列入经营异常名录
```

# Tier · 层次 {#tier}

## Score · 评分 {#score .sum}

| 研发费用 / 营业收入 | 研发机构级别 | 分值 |
|:--|---|--:|
| ≥ 5% | 省部级 | 20 |
| ≥ 3% | | 12.5 |
| 其他 | | 0 |

### Same title · 同名 {#first .each}

| 条件 | 分值 |
|---|---|
| 自主品牌 且 Ⅰ类知识产权 ≥ 2项 | 1 |

### Same title · 同名 {#second}

| 主体类型 | 分值 |
|---|---|
| 是 其他 | 2 |
| 其他 | 0 |

## Reached · 达到 {#reached}

```rule
score.first ≥ 1
score.second ≥ 2
「评分」 + score.first ≥ 3
```
"""


def test_only_the_rules_change_tongue() -> None:
    # Two headings of one title go by their ids.
    english = ENGLISH.replace("\nfirst >=", "\nscore.first >=").replace("\nsecond >=", "\nscore.second >=")
    english = english.replace("score + first", "score + score.first")
    assert formatted(english, "zh") == CHINESE
    assert formatted(CHINESE, "en") == english
    assert formatted(english, "en") == english
    assert formatted(CHINESE, "zh") == CHINESE


def test_loose_text_becomes_the_one_spelling() -> None:
    loose = """\
    # A · 甲 {#a}

    ```rule
        operating_revenue>=1,000 万元   # as audited
        any of :
            trial#a.inner    [B]
            not own_brand
    ```

    ## Inner · 内 {#inner .sum}

    |rd_expense/operating_revenue|分值|
    |---|---|
    |>=5%|20.0分|
    |  其他  |0|
    """
    assert formatted(loose, "en") == textwrap.dedent(
        """\
        # A · 甲 {#a}

        ```rule
        operating_revenue >= 1000万元 # as audited
        any of:
          inner [B]
          not own_brand
        ```

        ## Inner · 内 {#inner .sum}

        | rd_expense / operating_revenue | points |
        |---|---|
        | >= 5% | 20 |
        | otherwise | 0 |
        """
    )


def test_classes_go_by_their_id_in_both_tongues() -> None:
    body = """\
    # Size · 划型 {#size}

    | employees | class |
    |---|---|
    | < 20人 | micro |
    | otherwise | by  size.rest |

    ## Rest · 其余 {#rest}

    | employees | class |
    |---|---|
    | otherwise | small |
    """
    assert "| < 20人 | micro |\n| 其他 | by rest |\n" in formatted(body, "zh")
    assert "| 从业人员 | 类型 |" in formatted(body, "zh")


def test_the_shortest_name_is_the_one_that_means_the_rule_there() -> None:
    body = """\
    # A · 甲 {#a}

    ## Inner · 甲内 {#inner}

    ```rule
    own_brand
    ```

    # B · 乙 {#b}

    ```rule
    a.inner
    b.inner
    ```

    ## Inner · 乙内 {#inner}

    ```rule
    reputation_high
    ```
    """
    lines = [line for line in formatted(body, "en").split("\n") if "inner" in line and "#" not in line]
    # Below B, `inner` is B's own.
    assert lines == ["a.inner", "inner"]
    assert "「甲内」\n「乙内」" in formatted(body, "zh")
    assert formatted(formatted(body, "zh"), "en") == formatted(body, "en")


def test_a_file_that_cannot_be_read_is_not_rewritten() -> None:
    fence = "```rule\nown_brand\nown_brand >=\n```\n\n"
    body = f"# A · 甲 {{#a}}\n\n{fence}| own_brand | points |\n|---|---|\n| maybe so | 1 |\n"
    with pytest.raises(DiagnosticError) as caught:
        formatted(body, "zh")
    lines = [d.place.line for d in caught.value.diagnostics]
    first = FRONT.count("\n") + 1
    assert lines == [first + 4, first + 9]


def test_a_table_of_versions_has_no_rules_to_format() -> None:
    head = "| scheme | procedure | acts from | acts until | rule |\n|---|---|---|---|---|\n"
    text = f"---\nsubject: ladder\nschemes: {{}}\n---\n\n{head}"
    assert format_law(SourceText("versions.md", text), "zh", VOCABULARY) == text


# -- the law itself ---------------------------------------------------------------------------------------------------


def meaning(node: Any) -> Any:
    """The typed tree without what a tongue may change: positions, and the text of headings and cells of tables."""
    if isinstance(node, Span | VersionRow):
        return None
    if isinstance(node, tuple | list):
        return tuple(meaning(part) for part in node)
    if isinstance(node, Mapping):
        return {key: meaning(value) for key, value in node.items()}
    if isinstance(node, Instrument):
        return {rule.id: meaning(rule) for rule in node.rules.values()}
    if not dataclasses.is_dataclass(node) or isinstance(node, type):
        return node
    values = {f.name: meaning(getattr(node, f.name)) for f in dataclasses.fields(node)}
    if isinstance(node, Table):
        del values["header"]
    if isinstance(node, Row):
        values["cells"] = meaning(tuple(expression for expression, _ in node.cells))
    if isinstance(node, Name):
        values["index"] = node.index or None
    return (type(node).__name__, values)


def law_in(language: Language | None) -> Law:
    texts: dict[Path, str] = {path: path.read_text(encoding="utf-8") for path in FILES}
    sources = [
        SourceText(
            path.name, text if language is None else format_law(SourceText(path.name, text), language, VOCABULARY)
        )
        for path, text in texts.items()
    ]
    return build(sources, VOCABULARY)[0]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_law_file_goes_to_chinese_and_back(path: Path) -> None:
    def write(text: str, language: Language) -> str:
        return format_law(SourceText(path.name, text), language, VOCABULARY)

    text = path.read_text(encoding="utf-8")
    english, chinese = write(text, "en"), write(text, "zh")
    assert write(chinese, "en") == english
    assert write(english, "zh") == chinese
    assert write(english, "en") == english
    assert write(chinese, "zh") == chinese


def test_the_law_means_the_same_in_either_tongue() -> None:
    english, chinese = law_in("en"), law_in("zh")
    assert english.instruments.keys() == chinese.instruments.keys()
    for name, instrument in english.instruments.items():
        assert meaning(chinese.instruments[name]) == meaning(instrument), name


def test_formatting_leaves_what_the_law_decides() -> None:
    """As above, against the files as they stand: only the spelling of rule names in `source` may differ."""

    def nameless(node: Any) -> Any:
        if isinstance(node, tuple):
            if len(node) == 2 and node[0] == "Name":
                return "Name"
            return tuple(nameless(part) for part in node)
        return {k: nameless(v) for k, v in node.items()} if isinstance(node, dict) else node

    written, formatted_law = law_in(None), law_in("zh")
    for name, instrument in written.instruments.items():
        assert nameless(meaning(formatted_law.instruments[name])) == nameless(meaning(instrument)), name
