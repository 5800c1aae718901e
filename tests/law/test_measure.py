"""Measure fences: what they hold, what is said of wrong ones, relations that stand on both sides."""

from __future__ import annotations

import datetime as dt
import textwrap
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from yiqi.law.bilingual import Bilingual
from yiqi.law.diagnostics import Diagnostic
from yiqi.law.duration import MonthDay
from yiqi.law.measure import Claim, Measure, Relation
from yiqi.law.measure_words import measure_lines

if TYPE_CHECKING:
    from tests.law.conftest import Folder

Marked = Callable[[Diagnostic], str]

FENCE = """\
head: [cost, service]
difficulty: [costs]
kind: saving
level: national
per: year
claim: {how: return, where: {en: Tax return, zh: 纳税申报}}
"""
VERSIONS = """\
---
subject: relief
title: {en: Relief, zh: 纾困}
schemes:
  first: {en: First measure, zh: 第一项措施}
  second: {en: Second measure, zh: 第二项措施}
---

| scheme | procedure | acts from | acts until | rule |
|---|---|---|---|---|
| first | any | 2026-04-01 |  | trial#first_rule |
| second | any | 2026-04-01 |  | trial#second_rule |
"""


def body(first: str, second: str = FENCE) -> str:
    """Two measures, each with an amount; 1 and 2 thousand yuan."""
    parts = []
    for number, (name, fence) in enumerate((("first", first), ("second", second)), 1):
        parts.append(
            f"# {name.title()} · 第{number}项 {{#{name}_rule}}\n\nThose with an own brand.\n\n有自主品牌的。\n\n"
            f"```rule\nown_brand\n```\n\n```measure\n{fence}```\n\n"
            f"## How much · 金额 {{#amount}}\n\nIt is {number}000元.\n\n为{number}000元。\n\n"
            f"```rule\namount: {number}000元\n```\n"
        )
    return "\n" + "\n".join(parts)


def write(folder: Folder, first: str, second: str = FENCE) -> None:
    folder.law(body(first, second), more="confidence: B\n")
    folder.write("versions.md", VERSIONS)
    folder.written["trial.md"] = folder.written["trial.md"].replace("subject: ladder", "subject: relief")
    folder.write("trial.md", folder.written["trial.md"])


def measures(folder: Folder) -> dict[str, Measure]:
    law, diagnostics = folder.read()
    assert diagnostics == []
    return dict(law.instruments["trial"].measures)


def only(folder: Folder) -> Diagnostic:
    found = folder.findings()
    assert len(found) == 1, [d.render("en") for d in found]
    return found[0]


def test_a_fence_is_typed(folder: Folder) -> None:
    write(folder, FENCE + "deadline: 31 May\nreview: 2026-12-31\n")
    first = measures(folder)["trial#first_rule"]
    assert first.head == ("cost", "service")
    assert first.difficulty == ("costs",)
    assert (first.kind, first.level, first.per) == ("saving", "national", "year")
    assert first.claim == Claim("return", Bilingual("Tax return", "纳税申报"))
    assert first.deadline == MonthDay(5, 31)
    assert first.review == dt.date(2026, 12, 31)
    assert first.excludes == first.adds_to == first.highest_with == ()
    law, _ = folder.read()
    assert law.measure("trial#first_rule") == first
    assert law.measure("trial#first_rule.amount") is None


def test_a_deadline_is_a_day_too(folder: Folder) -> None:
    write(folder, FENCE + "deadline: 2026-12-31\n")
    assert measures(folder)["trial#first_rule"].deadline == dt.date(2026, 12, 31)


def test_relations_stand_on_both_sides_with_the_tag_of_the_heading(folder: Folder) -> None:
    write(
        folder,
        FENCE + "excludes: [{measure: second, same: loan}]\nadds_to: [{measure: second, same: person, tag: C}]\n",
    )
    both = measures(folder)
    assert both["trial#first_rule"].excludes == (Relation("relief.second", "loan", "B"),)
    assert both["trial#second_rule"].excludes == (Relation("relief.first", "loan", "B"),)
    assert both["trial#first_rule"].adds_to == (Relation("relief.second", "person", "C"),)
    assert both["trial#second_rule"].adds_to == (Relation("relief.first", "person", "C"),)


def test_a_relation_may_be_said_on_both_sides(folder: Folder) -> None:
    write(folder, FENCE + "highest_with: [second]\n", FENCE + "highest_with: [first]\n")
    both = measures(folder)
    assert both["trial#first_rule"].highest_with == (Relation("relief.second", None, "B"),)
    assert both["trial#second_rule"].highest_with == (Relation("relief.first", None, "B"),)


def test_a_rule_without_a_scheme_is_named_by_its_id(folder: Folder) -> None:
    write(folder, FENCE + "excludes: ['trial#second_rule']\n")
    folder.write("versions.md", "\n".join(line for line in VERSIONS.split("\n") if "second" not in line))
    both = measures(folder)
    assert both["trial#first_rule"].excludes == (Relation("trial#second_rule", None, "B"),)
    assert both["trial#second_rule"].excludes == (Relation("relief.first", None, "B"),)


def test_a_later_rule_of_a_scheme_keeps_its_relations(folder: Folder) -> None:
    write(folder, FENCE + "excludes: [second]\n")
    folder.law(
        body(FENCE).partition("# Second")[0].replace("first_rule", "later_rule"),
        instrument="later", more="confidence: B\nuntil: 2030-12-31\n",
    )  # fmt: skip
    rows = "| first | any | 2026-04-01 | 2026-12-31 | trial#first_rule |\n| first | any | 2027-01-01 |  | later#later_rule |"
    folder.write("versions.md", VERSIONS.replace("| first | any | 2026-04-01 |  | trial#first_rule |", rows))
    law, diagnostics = folder.read()
    assert diagnostics == []
    later = law.measure("later#later_rule")
    second = law.measure("trial#second_rule")
    assert later is not None
    assert second is not None
    assert later.excludes == (Relation("relief.second", None, "B"),)
    assert second.excludes == (Relation("relief.first", None, "B"),)


@pytest.mark.parametrize(
    ("added", "code", "text", "remedy"),
    [
        ("haed: [cost]\n", "unknown-key", "haed", "head"),
        ("excludes: [secondd]\n", "unknown-name", "secondd", "second"),
        ("excludes: ['trial#second_ruel']\n", "unknown-name", "'trial#second_ruel'", "trial#second_rule"),
        ("excludes: [first]\n", "measure-itself", "first", None),
        ("excludes: ['trial#second_rule.amount']\n", "measure-relation", "'trial#second_rule.amount'", None),
        ("excludes: [{measure: second, same: lone}]\n", "unknown-value", "lone", "loan"),
        ("excludes: [{measure: second, sam: loan}]\n", "unknown-key", "sam", "same"),
        ("excludes: second\n", "wrong-shape", "second", None),
        ("excludes: [second]\nadds_to: [second]\n", "measure-relation", "second", None),
        ("deadline: 31 Mai\n", "date", "31 Mai", None),
        ("review: soon\n", "date", "soon", None),
    ],
)
def test_a_wrong_line_is_an_error_at_its_place(
    folder: Folder, marked: Marked, added: str, code: str, text: str, remedy: str | None
) -> None:
    write(folder, FENCE + added)
    law, diagnostics = folder.read()
    assert [d.code for d in diagnostics] == [code]
    assert marked(diagnostics[0]) == text
    assert diagnostics[0].message.en != diagnostics[0].message.zh
    if remedy is not None:
        assert diagnostics[0].remedy is not None
        assert remedy in diagnostics[0].remedy.en
    assert law is not None


@pytest.mark.parametrize("key", ["head", "difficulty", "kind", "level", "claim", "per"])
def test_what_is_missing_is_named(folder: Folder, key: str) -> None:
    write(folder, "".join(line for line in FENCE.splitlines(keepends=True) if not line.startswith(key)))
    codes = {d.code for d in folder.read()[1]}
    assert codes == {"missing-key"}


def test_a_place_may_be_missing_only_where_nothing_is_claimed(folder: Folder) -> None:
    claim = "claim: {how: return, where: {en: Tax return, zh: 纳税申报}}"
    write(folder, FENCE.replace(claim, "claim: {how: application}"))
    assert [d.code for d in folder.read()[1]] == ["missing-key"]
    write(folder, FENCE.replace(claim, "claim: {how: automatic}"))
    assert measures(folder)["trial#first_rule"].claim == Claim("automatic", None)


def test_a_programme_gives_no_amount(folder: Folder) -> None:
    write(folder, FENCE.replace("saving", "programme"))
    assert only(folder).code == "measure-amount"


def test_two_sides_that_differ_are_an_error(folder: Folder) -> None:
    write(folder, FENCE + "excludes: [{measure: second, same: loan}]\n", FENCE + "excludes: [first]\n")
    assert {d.code for d in folder.read()[1]} == {"measure-relation"}


def test_one_fence_below_a_heading_of_conditions(folder: Folder) -> None:
    write(folder, FENCE + "```\n\n```measure\n" + FENCE)
    assert [d.code for d in folder.read()[1]] == ["measure-twice"]
    folder.written.clear()
    folder.law(
        textwrap.dedent(
            """
            # About · 说明 {#about .context}

            ```measure
            kind: saving
            ```
            """
        )
    )
    folder.write("versions.md", "---\nsubject: relief\ntitle: {en: R, zh: 纾}\nschemes: {a: {en: A, zh: 甲}}\n---\n")
    assert [d.code for d in folder.read()[1]] == ["measure-heading"]


def test_a_scheme_of_relief_without_a_fence_is_a_warning(folder: Folder) -> None:
    write(folder, FENCE)
    text = folder.written["trial.md"]
    folder.write("trial.md", text.replace(f"```measure\n{FENCE}```\n", "", 1))
    found = only(folder)
    assert (found.severity, found.code, found.place.file) == ("warning", "no-measure", "versions.md")


def test_lines_for_people_show_a_weaker_tag(folder: Folder) -> None:
    write(folder, FENCE + "deadline: 31 May\nexcludes: [{measure: second, same: tax, tag: C}]\n")
    law, _ = folder.read()
    measure = law.measure("trial#first_rule")
    assert measure is not None
    lines = {label.en: text for label, text in measure_lines(law, measure)}
    assert lines["How to claim"] == Bilingual("in the tax return: Tax return", "纳税申报时享受：纳税申报")
    assert lines["Last day to claim"] == Bilingual("31 May of every year", "每年5月31日")
    assert lines["Not together with"] == Bilingual("Second measure, for the same tax [C]", "第二项措施（同一税种） [C]")
