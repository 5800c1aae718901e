"""What is said of wrong law files: the code, the place, the nearest name, in both languages."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from yiqi.law.diagnostics import Diagnostic

if TYPE_CHECKING:
    from tests.law.conftest import Folder

Marked = Callable[[Diagnostic], str]
BODY = 12  # line of the first line of a body, behind eleven lines of front matter

TOO_COMPLEX = " + ".join(f"rd_expense / (main_revenue + total_assets[-{k % 10}])" for k in range(12)) + " >= 1%"

# One condition below `# A · 甲 {#a}`; the caret's text; the code; what the remedy names.
LINES: list[tuple[str, str, str, str | None]] = [
    ("own_brnd", "own_brnd", "unknown-name", "own_brand"),
    ("operating_revenu >= 5000万元", "operating_revenu", "unknown-name", "operating_revenue"),
    ("a.missing", "a.missing", "unknown-name", None),
    ("other-file#rule", "other-file#rule", "unknown-name", None),
    ("entity_kind is compny", "compny", "unknown-value", "company"),
    ("entity_kind is one of company, partnrship", "partnrship", "unknown-value", "partnership"),
    ("titles includes little_gaint", "little_gaint", "unknown-value", "little_giant"),
    ("rd_institution >= provincal", "provincal", "unknown-value", "provincial"),
    ("own_brand is maybe", "maybe", "unknown-value", None),
    ("procedure is re_revew", "re_revew", "unknown-value", "re_review"),
    # units
    ("operating_revenue >= 5000", "operating_revenue >= 5000", "units", "万元"),
    ("operating_revenue >= 50%", "operating_revenue >= 50%", "units", "万元"),
    ("market_share >= 10", "market_share >= 10", "units", "%"),
    ("market_share >= 10万元", "market_share >= 10万元", "units", "%"),
    ("employees >= 20万元", "employees >= 20万元", "units", "人"),
    ("segment_years >= 36 months", "segment_years >= 36 months", "units", "年"),
    ("operating_revenue + employees >= 5万元", "operating_revenue + employees", "units", "万元"),
    ("operating_revenue / employees >= 5%", "operating_revenue / employees", "units", "万元"),
    ("rd_expense / operating_revenue >= 3万元", "rd_expense / operating_revenue >= 3万元", "units", "%"),
    ("operating_revenue >= market_share", "operating_revenue >= market_share", "units", "万元"),
    ("on <= 3 years", "on <= 3 years", "units", "年"),
    # the wrong kind of fact or rule
    ("operating_revenue", "operating_revenue", "not-yes-no", None),
    ("own_brand >= 5", "own_brand", "not-a-number", None),
    ("name >= 5", "name", "not-a-number", None),
    ("entity_kind >= company", "entity_kind >= company", "not-ordered", None),
    ("own_brand includes company", "own_brand", "not-a-set", None),
    ("own_brand in C", "own_brand", "not-a-code", None),
    ("industry in 44", "industry in 44", "code", None),
    ("region in C", "region in C", "code", None),
    ("operating_revenue is company", "operating_revenue", "not-one-of", None),
    ("a is company", "a", "not-a-class", None),
    ("5 >= 3", "5 >= 3", "no-fact", None),
    ("5000万元", "5000万元", "not-a-condition", None),
    ("operating_revenue + rd_expense", "operating_revenue + rd_expense", "not-a-condition", None),
    # years
    ("market_share[-1] >= 10%", "market_share[-1]", "not-per-year", None),
    ("industry[-1] in C", "industry[-1]", "not-per-year", None),
    ("titles[-1] includes little_giant", "titles[-1]", "not-per-year", None),
    ("sum(market_share, 2 years) >= 10%", "market_share", "not-per-year", None),
    ("market_share >= 10% in each of 2 years", "market_share", "not-per-year", None),
    ("own_brand in each of 2 years", "own_brand", "not-per-year", None),
    ("sum(rd_expense, 2 years) >= 1元 in each of 2 years", "sum(rd_expense, 2 years)", "years", None),
    ("on <= little_giant_granted + 101 years", "little_giant_granted + 101 years", "date-shift", None),
    ("on <= little_giant_granted + 1.5 years", "little_giant_granted + 1.5 years", "date-shift", None),
    # growth
    ("cagr(operating_revenue, 2 years) = 5%", "cagr(operating_revenue, 2 years) = 5%", "units", None),
    ("5% <= cagr(operating_revenue, 2 years)", "5% <= cagr(operating_revenue, 2 years)", "units", None),
    ("cagr(rd_expense, 2 years) + 1% >= 5%", "cagr(rd_expense, 2 years) + 1%", "units", None),
    # multiplied out, a sum of twelve fractions over sums of two has thousands of terms
    (TOO_COMPLEX, TOO_COMPLEX, "too-complex", None),
    # grammar, at the character
    ("operating_revenue >= 5000万元 80%", "80%", "grammar", None),
    ("operating_revenue => 5000万元", ">", "grammar", None),
]  # fmt: skip


@pytest.mark.parametrize(("line", "mark", "code", "remedy"), LINES)
def test_a_wrong_line(folder: Folder, marked: Marked, line: str, mark: str, code: str, remedy: str | None) -> None:
    folder.law(f"# A · 甲 {{#a}}\n\n```rule\n{line}\n```\n")
    _, found = folder.read()
    assert [(d.code, d.place.line) for d in found] == [(code, BODY + 3)], found
    (problem,) = found
    assert problem.severity == "error"
    assert problem.place.file == "trial.md"
    assert marked(problem) == mark
    if remedy is not None:
        assert problem.remedy is not None
        assert remedy in problem.remedy.en
        assert remedy in problem.remedy.zh
    both = (problem.message, *([problem.remedy] if problem.remedy else []))
    assert all(re.search("[一-鿿]", text.zh) for text in both)


YES = "| own_brand | points |\n|---|---|\n| yes | 5 |\n| otherwise | 0 |"
SCORE = f"# A · 甲 {{#a}}\n\n{YES}\n\n# B · 乙 {{#b}}\n\n```rule\n"  # its line 11 is the first of the rule

# A whole body; then code, line in the body (from 1) and the caret's text of every error.
FILES: list[tuple[str, list[tuple[str, int, str]]]] = [
    # headings
    ("# A {#a}\n\n```rule\nown_brand\n```",
     [("heading-tongues", 1, "# A {#a}")]),
    ("# A · {#a}\n\n```rule\nown_brand\n```",
     [("heading-tongues", 1, "# A · {#a}")]),
    ("# A · 甲 {#A}\n\n```rule\nown_brand\n```",
     [("heading-id", 1, "#A")]),
    ("# A · 甲 {#a #b}\n\n```rule\nown_brand\n```",
     [("heading-id", 1, "#b")]),
    ("# A · 甲 {#a any}\n\n```rule\nown_brand\n```",
     [("heading-attribute", 1, "any")]),
    ("# A · 甲 {#a} more\n", [("heading-attribute", 1, "{")]),
    ("# A · 甲 {#a .any\n", [("heading-attribute", 1, "{")]),
    ("# A · 甲 {#a} [E]\n", [("heading-attribute", 1, "{")]),
    ("# A · 甲 [b]\n", [("heading-attribute", 1, "[b]")]),
    ("# A · 甲 {#a .anny}\n\n```rule\nown_brand\n```",
     [("unknown-attribute", 1, "# A · 甲 {#a .anny}")]),
    ("# A · 甲 {#a maximum=20}\n\n```rule\nown_brand\n```",
     [("unknown-attribute", 1, "# A · 甲 {#a maximum=20}")]),
    ("# A · 甲 {#a .any .all}\n\n```rule\nown_brand\n```",
     [("two-combinations", 1, "# A · 甲 {#a .any .all}")]),
    ("# A · 甲 {#own_brand}\n\n```rule\nquality_certificate\n```",
     [("id-is-fact", 1, "# A · 甲 {#own_brand}")]),
    ("# A · 甲 {#a}\n\n```rule\nown_brand\n```\n\n# B · 乙 {#a}\n\n```rule\nown_brand\n```",
     [("duplicate-id", 7, "# B · 乙 {#a}")]),
    ("# A · 甲 {#a .judgement}\n", [("empty-rule", 1, "# A · 甲 {#a .judgement}")]),
    ("# A · 甲\n\n```rule\nown_brand\n```",
     [("rule-without-id", 1, "# A · 甲")]),
    ("# A · 甲\n\n| own_brand | points |\n|---|---|\n| yes | 5 |\n| otherwise | 0 |",
     [("rule-without-id", 1, "# A · 甲")]),
    ("# A · 甲 {#a .context}\n\n```rule\nown_brand\n```",
     [("mark-with-rule", 1, "# A · 甲 {#a .context}")]),
    ("# A · 甲 {#a .at-least-3}\n\n```rule\nown_brand\n```",
     [("at-least", 1, "# A · 甲 {#a .at-least-3}")]),
    ("# A · 甲 {#a max=20}\n\n```rule\nown_brand\n```",
     [("maximum", 1, "# A · 甲 {#a max=20}")]),
    ("Title · 标题\n===\n", [("heading-form", 2, "===")]),
    ("A paragraph.\n---\n", [("heading-form", 2, "---")]),
    ("#A · 甲 {#a}\n", [("heading-form", 1, "#A · 甲 {#a}")]),
    ("####### A · 甲 {#a}\n", [("heading-form", 1, "####### A · 甲 {#a}")]),
    # blocks
    ("```rule\nown_brand\n```\n", [("before-heading", 1, "```rule")]),
    ("# A · 甲 {#a .context}\n\n```rul\nown_brand\n```",
     [("unknown-fence", 3, "```rul")]),
    ("# A · 甲 {#a .context}\n\n```\nown_brand\n```",
     [("unknown-fence", 3, "```")]),
    ("# A · 甲 {#a}\n\n```rule\nown_brand\n", [("unclosed-fence", 3, "```rule")]),
    ("# A · 甲 {#a .context}\n\n- ```rule\n  own_brand\n  ```",
     [("nested-block", 3, "- ```rule")]),
    ("# A · 甲 {#a .context}\n\n> # B · 乙 {#b}", [("nested-block", 3, "> # B · 乙 {#b}")]),
    ("# A · 甲 {#a .context}\n\n<b>bold</b>\n", []),
    ("# A · 甲 {#a .context}\n\n<div>\n", [("unknown-block", 3, "<div>")]),
    ("# A · 甲 {#a .context}\n\n    indented\n", [("unknown-block", 3, "indented")]),
    # tables
    ("# A · 甲 {#a}\n\n| own_brand | points |\n|---|---|\n| yes | 5 | 6 |\n| otherwise | 0 |",
     [("table-width", 5, "| yes | 5 | 6 |")]),
    ("# A · 甲 {#a}\n\nown_brand | points\n---|---\nyes | 5", [("table-width", 3, "own_brand | points")]),
    ("# A · 甲 {#a}\n\n| own_brand | score |\n|---|---|\n| yes | 5 |\n| otherwise | 0 |",
     [("table-result", 3, "score")]),
    ("# A · 甲 {#a}\n\n| own_brnd | points |\n|---|---|\n| yes | 5 |\n| otherwise | 0 |",
     [("unknown-name", 3, "own_brnd")]),
    ("# A · 甲 {#a}\n\n| own_brand >= | points |\n|---|---|\n| yes | 5 |\n| otherwise | 0 |",
     [("grammar", 3, ">=")]),
    ("# A · 甲 {#a}\n\n| rd_expense | points |\n|---|---|\n| >= 5% | 5 |\n| otherwise | 0 |",
     [("units", 5, ">= 5%")]),
    ("# A · 甲 {#a}\n\n| rd_expense | points |\n|---|---|\n| 5 | 5 |\n| otherwise | 0 |",
     [("grammar", 5, "5")]),
    ("# A · 甲 {#a}\n\n| entity_kind | points |\n|---|---|\n| compny | 5 |\n| otherwise | 0 |",
     [("unknown-value", 5, "compny")]),
    ("# A · 甲 {#a}\n\n| own_brand | points |\n|---|---|\n| yes | five |\n| otherwise | 0 |",
     [("points", 5, "five")]),
    ("# A · 甲 {#a}\n\n| own_brand | points |\n|---|---|\n| yes | 1/0 |\n| otherwise | 0 |",
     [("points", 5, "1/0")]),
    ("# A · 甲 {#a}\n\n| own_brand | points |\n|---|---|\n| yes | 1e9999999 |\n| otherwise | 0 |",
     [("points", 5, "1e9999999")]),
    ("# A · 甲 {#a}\n\n| own_brand | points |\n|---|---|\n| yes | 0.00001 |\n| otherwise | 0 |",
     [("points", 5, "0.00001")]),
    ("# A · 甲 {#a}\n\n| own_brand | points |\n|---|---|\n| | 5 |\n| otherwise | 0 |",
     [("empty-row", 5, "|")]),
    ("# A · 甲 {#a}\n\n| own_brand | market_rank | points |\n|---|---|---|\n| otherwise | <= 3 | 5 |",
     [("otherwise", 5, "otherwise")]),
    ("# A · 甲 {#a}\n\n| own_brand | class |\n|---|---|\n| yes | very small |\n| otherwise | large |",
     [("class-name", 5, "very small")]),
    ("# A · 甲 {#a}\n\n| own_brand | class |\n|---|---|\n| yes | by b |\n| otherwise | large |",
     [("unknown-rule", 5, "by b")]),
    ("# A · 甲 {#a}\n\n| own_brand | class |\n|---|---|\n| yes | b |\n| otherwise | c |\n\n```rule\nown_brand\n```",
     [("class-table", 1, "# A · 甲 {#a}")]),
    # points
    ("# A · 甲 {#a .sum}\n\n```rule\nown_brand\n```",
     [("not-points", 4, "own_brand")]),
    ("# A · 甲 {#a max=x}\n\n| own_brand | points |\n|---|---|\n| yes | 5 |\n| otherwise | 0 |",
     [("maximum", 1, "# A · 甲 {#a max=x}")]),
    ("# A · 甲 {#a max=²}\n\n| own_brand | points |\n|---|---|\n| yes | 5 |\n| otherwise | 0 |",
     [("maximum", 1, "# A · 甲 {#a max=²}")]),
    ("# A · 甲 {#a .any}\n\n| own_brand | points |\n|---|---|\n| yes | 5 |\n| otherwise | 0 |",
     [("sum-unsaid", 1, "# A · 甲 {#a .any}")]),
    (SCORE + "a >= 60%\n```",
     [("points-threshold", 11, "60%")]),
    (SCORE + "a\n```",
     [("not-a-condition", 11, "a")]),
    (SCORE + "a[-1] >= 3\n```",
     [("not-per-year", 11, "a[-1]")]),
    (SCORE.replace("points", "class").replace("5", "small").replace("0", "large") + "a is smal\n```",
     [("unknown-value", 11, "smal")]),
    # rules that lead back to themselves
    ("# A · 甲 {#a}\n\n```rule\na\n```",
     [("cycle", 1, "# A · 甲 {#a}")]),
    ("# A · 甲 {#a}\n\n```rule\nb\n```\n\n# B · 乙 {#b}\n\n```rule\na\n```",
     [("cycle", 1, "# A · 甲 {#a}")]),
    # replacements
    ("# A · 甲 {#a for=trial#b}\n\n```rule\nown_brand\n```",
     [("unknown-rule", 1, "# A · 甲 {#a for=trial#b}")]),
    ("# A · 甲 {#a for=trial#b}\n\n```rule\nown_brand\n```\n\n# B · 乙 {#b}\n\n```rule\nown_brand\n```",
     [("not-delegated", 1, "# A · 甲 {#a for=trial#b}")]),
    ((f"# A · 甲 {{#a for=trial#b}}\n\n{YES}\n\n"
     "# B · 乙 {#b .delegated}\n\n```rule\nown_brand\n```"),
     [("delegated-kind", 1, "# A · 甲 {#a for=trial#b}")]),
    ("# A · 甲 {#a .delegated for=trial#a}\n\n```rule\nown_brand\n```",
     [("cycle", 1, "# A · 甲 {#a .delegated for=trial#a}")]),
    ("# A · 甲 {#a for=trial#b}\n\n```rule\nb\n```\n\n# B · 乙 {#b .delegated}\n\n```rule\nown_brand\n```",
     [("cycle", 1, "# A · 甲 {#a for=trial#b}")]),
    ("# A · 甲 {#a for=trial#b}\n\n```rule\noriginal\n```\n\n# B · 乙 {#b .delegated}\n\n```rule\nown_brand\n```", []),
]  # fmt: skip


@pytest.mark.parametrize(("body", "expected"), FILES)
def test_a_wrong_file(folder: Folder, marked: Marked, body: str, expected: list[tuple[str, int, str]]) -> None:
    folder.law(body + "\n")
    _, found = folder.read()
    assert [(d.code, (d.place.line or 0) - BODY + 1, marked(d)) for d in found] == expected


def test_attributes_and_fences_suggest_the_nearest(folder: Folder) -> None:
    folder.law("# A · 甲 {#a .judgment}\n\n```rule\nown_brand\n```\n\n```caze\ntitle: x\n```\n")
    _, found = folder.read()
    assert [d.remedy.en if d.remedy else None for d in found] == ["did you mean `case`?", "did you mean `judgement`?"]
    assert [d.remedy.zh if d.remedy else None for d in found] == ["是否想写“case”？", "是否想写“judgement”？"]


# Front matter: a line of it, what stands instead; code, the caret's line, what the remedy names.
FRONT: list[tuple[str, str, str, str | None]] = [
    ("subject: ladder", "subject: ladder\nsubjekt: x", "unknown-key", "subject"),
    ("subject: ladder", "subject: ladder\n2026: x", "unknown-key", None),
    ("subject: ladder", "subject: ladder\nsubject: size", "duplicate-key", None),
    ("subject: ladder", "subjct: ladder", "unknown-key", "subject"),
    ("in_force: 2026-04-01", "in_force: 1 April", "date", None),
    ("in_force: 2026-04-01", "in_force: 2026-13-45", "date", None),
    ("in_force: 2026-04-01", "in_force: 2026-4-1", "date", None),
    ("id: trial", "id: Trial_1", "instrument-id", None),
    ("id: trial", "id: [a]", "wrong-shape", None),
    ("title: {en: Measures on trial, zh: 试行办法}", "title: Measures", "tongues", None),
    ("title: {en: Measures on trial, zh: 试行办法}", "title: {en: Measures}", "tongues", None),
    ("title: {en: Measures on trial, zh: 试行办法}", "title: {en: [a], zh: b}", "tongues", None),
    ("subject: ladder", "subject: ladder\nconfidence: AB", "confidence", None),
    ("subject: ladder", "subject: ladder\nregion: 广东", "wrong-shape", None),
    ("subject: ladder", "subject: ladder\nregion:", "wrong-shape", None),
    ("subject: ladder", "subject: ladder\nreplaces: {a: b}", "wrong-shape", None),
    ("subject: ladder", "subject: &a ladder", "yaml-anchor", None),
    ("subject: ladder", "subject: !!python/object:os.system ladder", "yaml-tag", None),
    ("subject: ladder", "subject： ladder", "yaml-syntax", None),
]  # fmt: skip


@pytest.mark.parametrize(("line", "instead", "code", "remedy"), FRONT)
def test_wrong_front_matter(folder: Folder, line: str, instead: str, code: str, remedy: str | None) -> None:
    folder.law("# A · 甲 {#a}\n\n```rule\nown_brand\n```\n")
    folder.write("trial.md", folder.written["trial.md"].replace(line, instead))
    _, found = folder.read()
    assert found[0].code == code
    wrong = instead.split("\n")[-1]
    assert found[0].place.excerpt == wrong or code == "duplicate-key"
    if remedy is not None:
        assert found[0].remedy is not None
        assert remedy in found[0].remedy.en


@pytest.mark.parametrize("key", ["id", "number", "title", "cite", "issuer", "in_force", "reviewed", "subject"])
def test_a_missing_key(folder: Folder, key: str) -> None:
    folder.law("# A · 甲 {#a}\n\n```rule\nown_brand\n```\n")
    folder.write("trial.md", re.sub(rf"(?m)^{key}: .*\n", "", folder.written["trial.md"]))
    _, found = folder.read()
    assert [d.code for d in found] == ["missing-key"]
    assert f"`{key}`" in found[0].message.en


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("", ["front-matter"]),
        ("# A · 甲\n", ["front-matter"]),
        ("---\nid: a\n", ["front-matter"]),
        ("---\n- a\n---\n", ["front-matter"]),
        ("---\n---\n", ["front-matter"]),
    ],
)
def test_no_front_matter(folder: Folder, text: str, codes: list[str]) -> None:
    folder.write("trial.md", text)
    law, found = folder.read()
    assert [d.code for d in found] == codes
    assert law.instruments == {}


def test_one_id_for_two_files(folder: Folder) -> None:
    rule = "# A · 甲 {#a}\n\n```rule\nown_brand\n```\n"
    folder.law(rule, name="first.md")
    folder.law(rule, name="second.md")
    _, found = folder.read()
    assert [(d.code, d.place.file, d.place.line) for d in found] == [("duplicate-instrument", "second.md", 2)]


VERSIONS = """\
---
subject: ladder
title: {en: Versions, zh: 版本}
schemes:
  little_giant: {en: Little giant, zh: 小巨人}
---

| scheme | procedure | acts from | acts until | rule |
|---|---|---|---|---|
| little_giant | new | 2026-04-01 | 2026-12-31 | trial#a |
"""

WRONG_VERSIONS: list[tuple[str, str, str, str | None]] = [
    ("| little_giant |", "| little_gaint |", "unknown-scheme", "little_giant"),
    ("| new |", "| neww |", "unknown-value", None),
    ("| 2026-04-01 |", "| |", "date", None),
    ("| 2026-04-01 |", "| 20260401 |", "date", None),
    ("| 2026-12-31 |", "| 2026-02-30 |", "date", None),
    ("| 2026-12-31 |", "| 2026-03-31 |", "date", None),
    ("| trial#a |", "| trial#aa |", "unknown-rule", "trial#a"),
    ("| trial#a |", "| trial#c |", "unknown-rule", None),
    ("| acts from |", "| from |", "version-table", None),
    ("subject: ladder\n", "subject: ladder\nkind: x\n", "unknown-key", None),
    ("subject: ladder\n", "", "missing-key", None),
    ("subject: ladder\n", "subject: [a]\n", "subject", None),
    ("title: {en: Versions, zh: 版本}", "title: Versions", "tongues", None),
    ("{en: Little giant, zh: 小巨人}", "Little giant", "tongues", None),
    ("  little_giant: {en: Little giant, zh: 小巨人}", "  - little_giant", "tongues", None),
]


@pytest.mark.parametrize(("text", "instead", "code", "remedy"), WRONG_VERSIONS)
def test_a_wrong_version_table(folder: Folder, text: str, instead: str, code: str, remedy: str | None) -> None:
    folder.law("# A · 甲 {#a}\n\n```rule\nown_brand\n```\n\n# C · 丙 {#c .context}\n")
    folder.write("versions.md", VERSIONS.replace(text, instead))
    _, found = folder.read()
    assert found[0].code == code
    assert found[0].place.file == "versions.md"
    assert all(d.severity == "error" for d in found)
    if remedy is not None:
        assert found[0].remedy is not None
        assert remedy in found[0].remedy.en


def test_two_files_that_decide_one_scheme_on_one_day(folder: Folder) -> None:
    folder.law("# A · 甲 {#a}\n\n```rule\nown_brand\n```\n")
    folder.write("one.md", VERSIONS)
    folder.write("two.md", VERSIONS.replace("2026-04-01", "2026-12-31"))
    _, found = folder.read()
    assert [(d.code, d.place.file) for d in found] == [("version-overlap", "two.md")]
    assert "one.md:10" in found[0].message.en


def test_a_problem_as_a_person_reads_it(folder: Folder) -> None:
    folder.law("# A · 甲 {#a}\n\n```rule\n自主品牌 且 own_brnd\n```\n\nProse.\n\n正文。\n")
    _, (found, *_) = folder.read()
    # Chinese characters are two columns wide in a terminal, and the caret stands below what is meant.
    assert found.render("en") == textwrap.dedent(
        """\
        trial.md:15:8: error (unknown-name): `own_brnd` is neither a fact nor a rule
           15 | 自主品牌 且 own_brnd
              |             ^^^^^^^^
              = did you mean `own_brand`?"""
    )
    assert found.render("zh").split("\n")[0] == "trial.md:15:8: 错误 (unknown-name): “own_brnd”既不是事实，也不是规则"


@pytest.mark.parametrize(
    ("rule", "code"),
    [
        ("growth(main_revenue, 2 years) >= 5%", "growth-years"),
        ("growth(main_revenue) >= 5%", None),
    ],
)
def test_growth_is_that_of_one_year(folder: Folder, rule: str, code: str | None) -> None:
    folder.law(f"# A · 甲 {{#a}}\n\n```rule\n{rule}\n```\n")
    _, found = folder.read()
    assert [d.code for d in found] == ([] if code is None else [code])


@pytest.mark.parametrize("tag", ["B", "C"])
def test_a_tag_on_a_line_of_points_is_refused_not_ignored(folder: Folder, tag: str) -> None:
    table = "| own_brand | points |\n|---|---|\n| yes | 5 |\n| otherwise | 0 |\n"
    folder.law(f"# A · 甲 {{#a .sum}}\n\n```rule\nb [{tag}]\n```\n\n# B · 乙 {{#b}}\n\n{table}")
    _, found = folder.read()
    assert [(d.code, d.severity) for d in found] == [("points-tag", "error")]


@pytest.mark.parametrize(
    ("lines", "line"),
    [
        ("filing:\n  file  by 31 May  by enterprise", None),
        ("filing\n  file  by 31 May  by enterprise", 15),
        ("filing:\n  file  within 12 days", 16),
        ("  file  by 31 May  by enterprise", 15),
        ("filing:\n  File!  by 31 May  by enterprise", 16),
    ],
)
def test_a_procedure_has_processes_and_steps_with_an_actor(folder: Folder, lines: str, line: int | None) -> None:
    folder.law(f"# A · 甲 {{#a .procedure}}\n\n```procedure\n{lines}\n```\n")
    _, found = folder.read()
    assert [(d.code, d.place.line) for d in found] == ([] if line is None else [("procedure-form", line)])
