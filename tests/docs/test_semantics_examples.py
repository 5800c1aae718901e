"""Everything that the page on semantics shows as an example is so."""

from __future__ import annotations

import datetime as dt
import re
import shutil
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from yiqi.judge.cases import Case, run_all, run_case
from yiqi.law.check import check_law
from yiqi.law.diagnostics import Place
from yiqi.law.document import SourceText
from yiqi.law.library import build, default_folder, read_law
from yiqi.law.vocabulary import Vocabulary
from yiqi.law.vocabulary_file import read_vocabulary

PAGE = (Path(__file__).parents[2] / "docs" / "reference" / "semantics.md").read_text(encoding="utf-8")
DAY = dt.date(2026, 5, 1)
"""The day the page names for its table."""

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


def examples() -> list[tuple[str, str, str, str]]:
    """Line, facts, answer and missing sets of each row of the table."""
    table = PAGE.partition("## Worked examples")[2].partition("\n## ")[0]
    rows = [line.strip("|").split(" | ") for line in table.splitlines() if line.startswith("| `")]
    return [tuple(cell.strip().strip("|").strip().strip("`") for cell in row) for row in rows]  # type: ignore[misc]


def miniature() -> dict[str, str]:
    """The law files that the page shows, by name."""
    return dict(re.findall(r'````markdown title="([a-z]+\.md)"\n(.*?)\n````\n', PAGE, re.DOTALL))


@cache
def vocabulary() -> Vocabulary:
    return read_vocabulary(default_folder() / "facts")


def read(text: str) -> Any:
    yaml = YAML(typ="safe")
    yaml.version = (1, 2)
    return yaml.load(text)


@pytest.mark.parametrize(("line", "facts", "answer", "missing"), examples())
def test_a_line_of_the_table(line: str, facts: str, answer: str, missing: str) -> None:
    law, problems = build([SourceText("example.md", f"{FRONT}{line}\n```\n")], vocabulary())
    assert problems == []
    given = read(facts)
    procedure = given.pop("procedure", "new")
    sets = {"example": read(missing)} if missing else {"example": []}
    case = Case("example", "", line, DAY, procedure, given, {"example": answer}, sets, Place("semantics.md"))
    failures, problems = run_case(case, law)
    assert [str(p.message) for p in problems] == []
    assert [failure.render("en") for failure in failures] == []


def test_the_table_is_read() -> None:
    """No row is passed over: every row of the page's last table begins with a line in back-ticks."""
    rows = PAGE.partition("## Worked examples")[2].partition("\n## ")[0].count("\n| `")
    assert len(examples()) == rows
    assert {answer for _, _, answer, _ in examples()} == {"yes", "no", "unknown"}


def test_the_law_in_miniature_holds(tmp_path: Path) -> None:
    files = miniature()
    assert set(files) == {"standard.md", "notice.md", "province.md"}
    for name in ("facts", "arrears"):
        # A fact may be looked up in a dated table beside the law; the law itself is what the page shows.
        shutil.copytree(default_folder() / name, tmp_path / name, ignore=shutil.ignore_patterns("*.md"))
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    law, problems = read_law(tmp_path)
    found = [*problems, *check_law(law, tmp_path, dt.date(2026, 5, 1))]
    assert [d.render("en") for d in found if d.code not in ("unused-fact", "asked-fact")] == []
    count, failures, problems = run_all(law)
    assert count == PAGE.count("\n```case\n")
    assert [failure.render("en") for failure in failures] == []
    assert [p.render("en") for p in problems] == []


@pytest.mark.parametrize("name", ["README.md", "README.zh.md"])
def test_the_rule_in_the_readme_is_one(name: str, tmp_path: Path) -> None:
    page = (Path(__file__).parents[2] / name).read_text(encoding="utf-8")
    (rule,) = re.findall(r"````markdown\n(.*?)\n````\n", page, re.DOTALL)
    for name in ("facts", "arrears"):
        # A fact may be looked up in a dated table beside the law; the law itself is what the page shows.
        shutil.copytree(default_folder() / name, tmp_path / name, ignore=shutil.ignore_patterns("*.md"))
    (tmp_path / "example.md").write_text(FRONT.partition("\n# ")[0] + "\n" + rule + "\n", encoding="utf-8")
    law, problems = read_law(tmp_path)
    found = [*problems, *check_law(law, tmp_path, DAY)]
    assert [d.render("en") for d in found if d.code not in ("unused-fact", "asked-fact")] == []
    assert len(law.rule("example#scale").body.children) == 2  # type: ignore[union-attr]
