"""An untrusted law file can be wrong but not dangerous: whatever it holds, it gives diagnostics, soon."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from yiqi.judge.cases import run_all
from yiqi.judge.compile import compile_rules
from yiqi.judge.link import link

if TYPE_CHECKING:
    from tests.law.conftest import Folder

PATIENCE = 30.0
"""Seconds that any of these files may take, on a slow machine that is shared."""


@pytest.fixture(autouse=True)
def _soon() -> Iterator[None]:
    started = time.perf_counter()
    yield
    assert time.perf_counter() - started < PATIENCE


def codes(folder: Folder) -> set[str]:
    """What is found, when reading, checking and running the cases; each finding can be shown."""
    law, _ = folder.read()
    _, _, problems = run_all(law)
    found = [*folder.findings(), *problems]
    for diagnostic in found[:50]:
        assert diagnostic.render("en")
        assert diagnostic.render("zh")
    return {d.code for d in found}


def rule(lines: str) -> str:
    return f"# A · 甲 {{#a}}\n\nProse.\n\n正文。\n\n```rule\n{lines}\n```\n"


DEEP = 10_000

RULES: dict[str, tuple[str, str]] = {
    "brackets": ("(" * 1500 + "own_brand", "grammar"),
    "negations": ("not " * 900 + "own_brand", "grammar"),
    "a long sum": (" + ".join(["rd_expense"] * 300) + " >= 1元", "grammar"),
    "a long product": ("rd_expense" + " * 2" * 140 + " >= 1元", "figure-not-in-prose"),
    "many signs": ("-" * 3000, "grammar"),
    "a huge number": ("rd_expense >= " + "9" * 3000 + "元", "grammar"),
    "a huge share": ("market_share >= 999999999999999999%", "never-holds"),
    "a huge power": ("cagr(operating_revenue, 10 years) >= 999999999999999999%", "figure-not-in-prose"),
    "a tiny share": ("market_share >= 0." + "0" * 3000 + "1%", "grammar"),
    "a huge year": ("rd_expense[-999999999999] >= 1元", "grammar"),
    "a huge window": ("sum(rd_expense, 999999999 years) >= 1元", "grammar"),
    "a far day": ("on <= little_giant_granted + 999999999 years", "date-shift"),
    "a huge group": ("at least " + "9" * 3000 + " of:\n  own_brand", "grammar"),
    "fractions that multiply out": (
        " + ".join(f"rd_expense / (main_revenue + total_assets[-{k % 10}])" for k in range(20)) + " >= 1%",
        "too-complex",
    ),
    "long codes": ("industry in C" + "1" * 3000, "grammar"),
    "no line end": ("own_brand\x0b\x0c\x1c\u2028\u2029\x85quality_certificate", "grammar"),
    "a null character": ("own_brand\x00", "grammar"),
    "right to left": ("own_brand \u202e>= 5\u202c", "grammar"),
    "combining marks": ("own_brand" + "\u0301" * 3000, "grammar"),
    "other digits": ("market_rank <= ٣", "figure-not-in-prose"),
    "look-alikes": ("оwn_brand", "grammar"),
    "beyond the first plane": ("😀 >= 5", "grammar"),
}


@pytest.mark.parametrize("what", RULES)
def test_a_line(folder: Folder, what: str) -> None:
    lines, code = RULES[what]
    folder.law(rule(lines))
    assert code in codes(folder)


def test_indentation_without_end(folder: Folder) -> None:
    folder.law(rule("\n".join(" " * k + "any of:" for k in range(2000))))
    assert "grammar" in codes(folder)


def test_a_file_of_more_lines_than_anyone_writes(folder: Folder) -> None:
    folder.law(rule("own_brand\n" * 100_000))
    assert codes(folder) == {"file-too-long"}


def test_as_many_lines_as_are_read_all_of_them_wrong(folder: Folder) -> None:
    folder.law(rule("own_brnd\n" * 19_000))
    assert "unknown-name" in codes(folder)


def test_a_line_without_end(folder: Folder) -> None:
    folder.law(rule("own_brand" + " or own_brand" * 100_000))
    assert codes(folder) == {"line-too-long"}


def test_a_file_of_megabytes(folder: Folder) -> None:
    folder.law(rule("own_brand # " + "x" * 5_000_000))
    assert codes(folder) == {"file-too-long"}


def table(rows: str) -> str:
    return f"# A · 甲 {{#a}}\n\nTable.\n\n见表。\n\n| rd_expense | points |\n|---|---|\n{rows}\n| otherwise | 0 |\n"


def test_a_table_of_many_rows(folder: Folder) -> None:
    folder.law(table("\n".join(f"| >= {k}万元 | {k % 20} |" for k in range(1900, 0, -1))))
    assert codes(folder) >= {"points-order", "table-unchecked"}


def test_a_table_of_too_many_rows(folder: Folder) -> None:
    folder.law(table("\n".join(f"| >= {k}万元 | {k % 20} |" for k in range(15_000))))
    assert "table-too-large" in codes(folder)


def test_a_table_of_many_columns(folder: Folder) -> None:
    columns = 300
    head = "|" + " own_brand |" * columns + " points |\n|" + "---|" * (columns + 1)
    folder.law(f"# A · 甲 {{#a}}\n\nTable.\n\n见表。\n\n{head}\n|" + " yes |" * columns + " 5 |\n")
    assert "table-too-large" in codes(folder)


def test_many_headings_that_do_not_know_each_other(folder: Folder) -> None:
    folder.law("".join(f"# A{k} · 甲{k} {{#a{k} for=trial#b{k}}}\n\n" for k in range(8000)))
    assert "unknown-rule" in codes(folder)


def test_a_chain_of_rules_without_end(folder: Folder) -> None:
    chain = "".join(f"# A · 甲 {{#a{k}}}\n\n```rule\na{k + 1}\n```\n\n" for k in range(3000))
    folder.law(chain + "# A · 甲 {#a3000}\n\n```rule\nown_brand\n```\n")
    assert "too-deep" in codes(folder)


def test_a_case_on_a_rule_that_leads_back_to_itself(folder: Folder) -> None:
    case = "```case\ntitle: x\nexpect: {a: yes}\n```\n"
    folder.law(rule("b") + case + "\n# B · 乙 {#b}\n\nProse.\n\n正文。\n\n```rule\na\n```\n")
    assert codes(folder) == {"cycle", "case"}


def test_a_case_on_a_rule_as_deep_as_may_be(folder: Folder) -> None:
    groups = "\n".join("  " * k + ("any of:" if k < 18 else "(" * 18 + "own_brand" + ")" * 18) for k in range(19))
    below = "".join(f"\n# A · 甲 {{#a{k}}}\n\n```rule\na{k + 1}\n```\n" for k in range(25))
    case = "```case\ntitle: x\nfacts: {own_brand: yes}\nexpect: {a0: yes}\n```\n"
    folder.law(f"{below}\n{case}\n# B · 乙 {{#a25}}\n\n```rule\n{groups}\n```\n")
    assert codes(folder) == {"no-prose"}
    law, _ = folder.read()
    linked = link(law, ["trial#a0"], law.instruments["trial"].in_force)
    assert compile_rules(linked).outcome["trial#a0"]([2]) == 2  # own brand: yes


def test_a_cycle_of_many_rules(folder: Folder) -> None:
    folder.law("".join(f"# A · 甲 {{#a{k}}}\n\n```rule\na{(k + 1) % 3000}\n```\n\n" for k in range(3000)))
    assert "cycle" in codes(folder)


def test_a_chain_of_replacements_without_end(folder: Folder) -> None:
    folder.law("".join(f"# A · 甲 {{#a{k} .delegated for=trial#a{k + 1}}}\n\n" for k in range(3000)))
    assert codes(folder) & {"too-deep", "unknown-rule"}


def test_a_chain_of_classes_without_end(folder: Folder) -> None:
    table = "| own_brand | class |\n|---|---|\n| yes | {0} |\n| otherwise | {0} |\n\n"
    chain = "".join(f"# A · 甲 {{#a{k}}}\n\n" + table.format(f"by a{k + 1}") for k in range(2000))
    last = "# A · 甲 {#a2000}\n\n" + table.format("small") + "# B · 乙 {#b}\n\n```rule\na0 is small\n```\n"
    folder.law(chain + last)
    assert "too-deep" in codes(folder)


def test_rules_that_each_name_two_below(folder: Folder) -> None:
    # 2 to the power of 40 ways lead from the first to the last.
    pairs = "".join(f"# A · 甲 {{#a{k}}}\n\n```rule\na{k + 1}\na{k + 1} or own_brand\n```\n\n" for k in range(40))
    folder.law(pairs + "# A · 甲 {#a40}\n\n```rule\nown_brand\n```\n")
    assert "no-prose" in codes(folder)


def test_scores_that_each_add_two_below(folder: Folder) -> None:
    table = "| own_brand | points |\n|---|---|\n| yes | 5 |\n| otherwise | 0 |\n\n"
    sums = "".join(f"# A · 甲 {{#a{k} .sum}}\n\n```rule\na{k + 1}\na{k + 1}\n```\n\n" for k in range(40))
    folder.law(f"{sums}# A · 甲 {{#a40}}\n\n{table}# B · 乙 {{#b}}\n\n```rule\na0 >= 5\n```\n")
    assert "no-prose" in codes(folder)


MARKDOWN = {
    "block quotes": ">" * 3000 + " text",
    "lists": "\n".join("  " * k + "- item" for k in range(500)),
    "brackets": "[" * 3900,
    "links": "[a](" * 900,
    "emphasis": "*a_ " * 900,
    "backticks": " ".join("`" * k for k in range(1, 80)),
    "pipes": "|" * 3900 + "\n" + "|-" * 1900 + "|",
    "braces in a heading": "# A · 甲 " + "{#a}" * 900,
    "attributes": "# A · 甲 {" + ".any " * 700 + "}",
    "a long id": "# A · 甲 {#" + "a" * 3900 + "}",
    "a long number in an attribute": "# A · 甲 {#a .at-least-" + "9" * 3900 + "}",
    "a long maximum": "# A · 甲 {#a max=" + "9" * 3900 + "}\n\n| own_brand | points |\n|---|---|\n| yes | 5 |",
    "digits in prose": rule("own_brand").replace("Prose.", "9" * 3900).replace("正文。", "九" * 3900),
    "commas in prose": rule("own_brand").replace("Prose.", "1," * 1900).replace("正文。", "第1、" * 900),
    "years in prose": rule("own_brand").replace("Prose.", "two " * 900).replace("正文。", "近两年" * 900),
    "spaces in prose": rule("own_brand")
    .replace("Prose.", "2" + " " * 3800 + "years")
    .replace("正文。", "2" + " " * 3800 + "年"),
    "letters in prose": rule("own_brand").replace("Prose.", "a" * 3900).replace("正文。", "年" * 3900),
    "mixed prose": rule("own_brand").replace("Prose.", "GB/T " * 700).replace("正文。", "〔2026〕" * 600),
    "an unclosed fence": "```rule\n" * 3,
}


@pytest.mark.parametrize("what", MARKDOWN)
def test_markdown(folder: Folder, what: str) -> None:
    folder.law(MARKDOWN[what] + "\n")
    codes(folder)


LAUGHS = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{k}: &a{k} [{', '.join([f'*a{k - 1}'] * 9)}]\n" for k in range(1, 12)
)

YAML: dict[str, tuple[str, set[str]]] = {
    "aliases that grow": (LAUGHS, {"yaml-anchor"}),
    "an alias to itself": ("a: &a [*a]\n", {"yaml-anchor"}),
    "merge keys": ("a: &a {x: 1}\nb: {<<: *a}\n", {"yaml-anchor"}),
    "deep lists": ("a: " + "[" * 1900 + "]" * 1900 + "\n", {"yaml-depth"}),
    "deep maps": ("a: " + "{a: " * 700 + "}" * 700 + "\n", {"yaml-depth"}),
    "deep blocks": ("".join(" " * k + "a:\n" for k in range(500)), {"yaml-depth"}),
    "a tag": ("a: !!python/object/apply:os.system [x]\n", {"yaml-tag"}),
    "a null character": ("a: \x00\n", {"yaml-syntax"}),
    "a control character": ("a: \x07\n", {"yaml-syntax"}),
    "a tab": ("a:\n\t- b\n", {"yaml-syntax"}),
    "a long number": ("a: " + "9" * 3900 + "\n", set()),
    "an exponent": ("a: 1e999999999\n", set()),
    "infinity": ("a: .inf\nb: .nan\n", set()),
    "a day that does not exist": ("a: 2026-02-30\n", set()),
    "a list as a key": ("? [a]\n: b\n", {"yaml-key"}),
    "a binary": ("a: !!binary AAAA\n", {"yaml-tag"}),
    "open quotes": ("a: 'b\n", {"yaml-syntax"}),
    "a directive": ("%YAML 3.0\n", {"yaml-syntax"}),
    "a key twice": ("a: 1\na: 2\n", {"duplicate-key"}),
}


@pytest.mark.parametrize("what", YAML)
def test_yaml_in_the_front_matter(folder: Folder, what: str) -> None:
    text, expected = YAML[what]
    folder.law(rule("own_brand"), more=text)
    assert codes(folder) >= (expected or {"unknown-key"})


@pytest.mark.parametrize("what", YAML)
def test_yaml_in_a_case(folder: Folder, what: str) -> None:
    text, expected = YAML[what]
    if "\x00" in text:
        expected = {"case"}  # Markdown has replaced the character, and the key is none of a case
    folder.law(rule("own_brand") + f"\n```case\ntitle: x\nexpect: {{a: yes}}\n{text}```\n")
    assert codes(folder) >= (expected or {"case"})


CASES = [
    "- a",
    "text",
    "facts: [own_brand]",
    "facts: own_brand",
    "facts: {own_brand: [yes, no]}",
    "facts: {own_brand: {2025: yes}}",
    "facts: {operating_revenue: 5}",
    "facts: {operating_revenue: {soon: 5万元}}",
    "facts: {operating_revenue: {2025: [5]}}",
    "facts: {operating_revenue: {2025: {a: b}}}",
    "facts: {operating_revenue: {999999999999: 5万元}}",
    "facts: {operating_revenue: {2025: 99999999999999999999999999万元}}",
    "facts: {market_rank: 1e999999}",
    "facts: {2025: x}",
    "facts: {nonsense: 5}",
    "facts: {titles: {a: b}}",
    "facts: {industry: 99}",
    "facts: {little_giant_granted: 0001-01-01}",
    "expect: [a]",
    "expect: a",
    "expect: {b: yes}",
    "expect: {a/99: yes}",
    "expect: {a/x: yes}",
    "expect: {nowhere#a: yes}",
    "expect: {trial#: yes}",
    "expect: {a: [1, [2]]}",
    "expect: {a: {b: c}}",
    "missing: [a]",
    "missing: {a: b}",
    "missing: {a: [b]}",
    "missing: {a: [[b]]}",
    "missing: {a: [[[b]]]}",
    "missing: {b: []}",
    "like: nobody",
    "like: [a]",
    "id: [a]",
    "on: yesterday",
    "on: 9999-12-31",
    "on: 0001-01-01",
    "on: [2026-01-01]",
    "procedure: maybe",
    "procedure: [new]",
    "title: [a]",
    "~: x",
    "1: x",
]


@pytest.mark.parametrize("text", CASES)
def test_a_case_of_the_wrong_shape(folder: Folder, text: str) -> None:
    lines = {"title": "x", "expect": "{a: unknown}"}
    more = "".join(f"{key}: {value}\n" for key, value in lines.items() if not text.startswith((key, "-", "text")))
    folder.law(
        rule("own_brand\non <= little_giant_granted + 3 years\nrd_expense[-1] >= 1元")
        + f"\n```case\n{more}{text}\n```\n"
    )
    codes(folder)


def test_version_tables_of_many_rows(folder: Folder) -> None:
    folder.law(rule("own_brand"))
    head = "---\nsubject: ladder\ntitle: {en: V, zh: 版}\nschemes: {x: {en: X, zh: 某}}\n---\n\n"
    table = "| scheme | procedure | acts from | acts until | rule |\n|---|---|---|---|---|\n"
    rows = "".join(f"| x | any | {2000 + k // 12 % 900}-{k % 12 + 1:02d}-01 | | trial#a |\n" for k in range(1_900))
    folder.write("versions.md", head + table + rows)
    assert "version-overlap" in codes(folder)


def test_bytes_that_are_no_text(folder: Folder) -> None:
    folder.law(rule("own_brand"))
    (folder.path / "bad.md").write_bytes(b"---\nid: a\n\xff\xfe\n---\n")
    law, found = folder.read()
    assert [(d.code, d.place.file, d.place.line) for d in found] == [("encoding", "bad.md", 3)]
    assert set(law.instruments) == {"trial"}
    assert codes(folder) == {"encoding"}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("group: [", "yaml-syntax"),
        ("", "empty-file"),
        ("facts: {a: &a {type: text}, b: *a}", "yaml-anchor"),
        ("facts: " + "[" * 5000, "yaml-depth"),
        (
            "group: {en: A, zh: 甲}\nfacts: {a: {type: count, label: {en: A, zh: 乙}, known_by: nobody}}",
            "unknown-value",
        ),
        ("\x00", "yaml-syntax"),
    ],
)
def test_a_vocabulary_that_cannot_be_read(folder: Folder, text: str, code: str) -> None:
    folder.law(rule("own_brand"))
    folder.write("facts/all.yaml", text)
    law, found = folder.read()
    assert code in {d.code for d in found}
    assert law.instruments == {}
    assert {d.code for d in folder.findings(facts=True)} == {d.code for d in found}


def test_a_folder_without_facts(folder: Folder) -> None:
    (folder.path / "facts" / "all.yaml").unlink()
    assert codes(folder) == {"no-vocabulary"}


def test_other_line_ends_and_a_byte_order_mark(folder: Folder) -> None:
    folder.law(rule("own_brnd"))
    (expected,) = [d for d in folder.findings() if d.code == "unknown-name"]
    for end in ("\r\n", "\r"):
        text = folder.written["trial.md"].replace("\n", end)
        (folder.path / "trial.md").write_bytes(b"\xef\xbb\xbf" + text.encode())
        (found,) = [d for d in folder.findings() if d.code == "unknown-name"]
        assert found == expected


def test_what_is_named_like_a_file_and_is_none(folder: Folder) -> None:
    folder.law(rule("own_brand"))
    (folder.path / "folder.md").mkdir()
    (folder.path / "nowhere.md").symlink_to(folder.path / "nothing.md")
    _, found = folder.read()
    assert [(d.code, d.place.file) for d in found] == [("unreadable", "nowhere.md")]
