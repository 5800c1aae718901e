"""Days that do not fit together."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from yiqi.law.diagnostics import Diagnostic

if TYPE_CHECKING:
    from tests.law.conftest import Folder

RULE = "\n# Brand · 品牌 {#brand}\n\nOwn brand.\n\n自主品牌。\n\n```rule\nown_brand\n```\n"
VERSIONS = """\
---
subject: ladder
title: {en: Versions, zh: 版本}
schemes:
  little_giant: {en: Little giant, zh: 小巨人}
---

| scheme | procedure | acts from | acts until | rule |
|---|---|---|---|---|
"""
FIRST_ROW = 10


def versions(folder: Folder, *rows: str, more: str = "") -> list[tuple[str, str, int]]:
    """Severity, code and row of every finding on a version table; the instrument is in force from 2026-04-01."""
    folder.law(RULE, more=more)
    folder.write("versions.md", VERSIONS + "".join(f"| little_giant | {row} |\n" for row in rows))
    return [(d.severity, d.code, (d.place.line or 0) - FIRST_ROW + 1) for d in folder.findings()]


def test_rows_that_follow_each_other(folder: Folder) -> None:
    rows = ("any | 2026-04-01 | 2026-12-31 | trial#brand", "any | 2027-01-01 | | trial#brand")
    assert versions(folder, *rows) == []


def test_a_gap_between_two_rows(folder: Folder) -> None:
    rows = ("any | 2026-04-01 | 2026-12-31 | trial#brand", "any | 2027-01-02 | | trial#brand")
    assert versions(folder, *rows) == [("warning", "version-gap", 2)]
    (found,) = folder.findings()
    assert "from 2027-01-01 to 2027-01-01" in found.message.en


def test_a_gap_of_one_procedure_though_the_other_goes_on(folder: Folder) -> None:
    rows = (
        "new | 2026-04-01 | | trial#brand",
        "re_review | 2026-04-01 | 2026-04-30 | trial#brand",
        "re_review | 2026-06-01 | | trial#brand",
    )
    assert versions(folder, *rows) == [("warning", "version-gap", 3)]


def test_a_gap_that_is_stated(folder: Folder) -> None:
    rows = (
        "any | 2026-04-01 | 2026-12-31 | trial#brand",
        "any | 2027-01-01 | 2027-06-30 | none",
        "any | 2027-07-01 | | trial#brand",
    )
    assert versions(folder, *rows) == []
    law, _ = folder.read()
    assert [row.rule for row in law.versions] == ["trial#brand", "trial#brand"]


def test_a_stated_gap_that_is_too_short(folder: Folder) -> None:
    rows = (
        "any | 2026-04-01 | 2026-12-31 | trial#brand",
        "any | 2027-01-01 | 2027-06-29 | none",
        "any | 2027-07-01 | | trial#brand",
    )
    assert versions(folder, *rows) == [("warning", "version-gap", 3)]


def test_two_rules_on_one_day(folder: Folder) -> None:
    rows = ("any | 2026-04-01 | 2026-12-31 | trial#brand", "new | 2026-12-31 | | trial#brand")
    assert versions(folder, *rows) == [("error", "version-overlap", 2)]


def test_a_row_before_its_instrument_is_in_force(folder: Folder) -> None:
    assert versions(folder, "any | 2026-03-31 | | trial#brand") == [("warning", "version-before-force", 1)]


@pytest.mark.parametrize(
    ("last", "expected"),
    [("2026-12-31", []), ("2027-01-01", ["version-after-force"]), ("", ["version-after-force"])],
)
def test_a_row_after_its_instrument_has_ended(folder: Folder, last: str, expected: list[str]) -> None:
    found = versions(folder, f"any | 2026-04-01 | {last} | trial#brand", more="until: 2026-12-31\n")
    assert [code for _, code, _ in found] == expected


DELEGATED = "\n# Local · 地方 {#local .delegated}\n\nWhat the province adds.\n\n由各省补充。\n"
LOCAL = "\n# Local · 地方 {#own for=trial#local}\n\nOwn brand.\n\n自主品牌。\n\n```rule\nown_brand\n```\n"


def replaced(folder: Folder, first: str, second: str) -> list[str]:
    """Codes of the findings on two files that replace one delegated rule, with these lines in their front matter."""
    folder.law(DELEGATED)
    folder.law(LOCAL, instrument="one", more=first)
    folder.law(LOCAL, instrument="two", more=second)
    return [d.code for d in folder.findings() if d.severity == "error"]


@pytest.mark.parametrize(
    ("first", "second", "twice"),
    [
        ("", "", True),  # two for the whole country
        ("until: 2026-04-30\n", "", True),  # both begin on 2026-04-01
        ('region: "44"\n', '', False),  # the province's before the national one
        ('region: "44"\n', 'region: "33"\n', False),
        ('region: "44"\n', 'region: "44"\n', True),
        ('region: "44"\n', 'region: "4403"\n', False),  # the city's before the province's
        ('region: ["33", "44"]\n', 'region: "44"\n', True),
        ('region: ["33", "4403"]\n', 'region: "4403"\n', True),
        ('region: ["3302", "44"]\n', 'region: "4403"\n', True),  # neither file is the more local one in 4403
        ('region: "44"\nregion_except: "44"\n', 'region: "44"\n', False),
    ],
)  # fmt: skip
def test_two_files_that_replace_one_rule(folder: Folder, first: str, second: str, twice: bool) -> None:
    assert replaced(folder, first, second) == (["replaced-twice"] if twice else [])


def test_files_that_follow_each_other_may_replace_one_rule(folder: Folder) -> None:
    folder.law(DELEGATED)
    folder.law(LOCAL, instrument="one", more='region: "44"\nuntil: 2026-12-31\n')
    text = folder.written["one.md"].replace("id: one", "id: two").replace("until: 2026-12-31\n", "")
    folder.write("two.md", text.replace("in_force: 2026-04-01", "in_force: 2027-01-01"))
    assert folder.findings() == []
    folder.write("two.md", text.replace("in_force: 2026-04-01", "in_force: 2026-12-31"))
    (found,) = folder.findings()
    assert (found.code, found.place.file) == ("replaced-twice", "two.md")


@pytest.mark.parametrize(
    ("line", "instead", "code", "mark"),
    [
        ("reviewed: 2026-05-01", "reviewed: 2026-06-02", "reviewed-in-future", "2026-06-02"),  # today is 2026-06-01
        ("in_force: 2026-04-01", "in_force: 2026-01-15", "force-before-issue", "2026-01-15"),
        ("subject: ladder", "subject: ladder\nuntil: 2026-03-31", "until-before-force", "2026-03-31"),
        ("subject: ladder", "subject: ladder\nreplaces: miit-2022-63", "unknown-instrument", "miit-2022-63"),
    ],
)
def test_days_of_the_front_matter(
    folder: Folder, marked: Callable[[Diagnostic], str], line: str, instead: str, code: str, mark: str
) -> None:
    folder.law(RULE)
    folder.write("trial.md", folder.written["trial.md"].replace(line, instead))
    (found,) = folder.findings()
    assert (found.severity, found.code, marked(found)) == ("warning", code, mark)


def test_a_review_of_today_is_no_review_in_the_future(folder: Folder) -> None:
    folder.law(RULE)
    folder.write("trial.md", folder.written["trial.md"].replace("reviewed: 2026-05-01", "reviewed: 2026-06-01"))
    assert folder.findings() == []
