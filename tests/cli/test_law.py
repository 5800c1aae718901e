"""`yiqi law …`: what it prints, in both languages, and how it answers what it cannot do."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from yiqi.cli import main
from yiqi.cli.language import Text
from yiqi.cli.table import Column, draw_table
from yiqi.law.article import article_lines
from yiqi.law.library import read_law

FACTS = """\
group: {en: Facts, zh: 事实}
facts:
  region: {type: region, label: {en: Region, zh: 所在地}, known_by: register}
  operating_revenue:
    type: money
    per: fiscal_year
    unit: 元
    label: {en: Operating revenue, zh: 营业收入}
    proof: {en: Audit report, zh: 审计报告}
    known_by: enterprise
  own_brand: {type: yes_no, label: {en: Own brand, zh: 自主品牌}, known_by: official}
  titles:
    type: set_of
    label: {en: Titles, zh: 称号}
    known_by: register
    values:
      - {id: little_giant, label: {en: Little giant, zh: 小巨人}}
"""

LAW = """\
---
id: trial
number: 试〔2026〕2号
title: {en: Measures on trial, zh: 试行办法}
cite: {en: Trial 2026 No. 2, zh: 试〔2026〕2号}
issuer: {en: Ministry, zh: 部}
issued: 2026-01-16
in_force: 2026-04-01
until: 2027-12-31
url: https://example.org/2026
reviewed: 2026-05-01
subject: ladder
region: "44"
---

# Annex 1. Standard · 附件1 标准 {#standard}

Revenue is at least 1000万元.

营业收入1000万元以上。

> It was 500万元 before.
>
> 原为500万元。

```rule
operating_revenue>=1000万元
named [C]
```

## Named · 品牌 {#named .judgement}

```rule
own_brand
```

# Steps · 步骤 {#steps .procedure}

# Aim · 目的 {#aim .context}
"""

VERSIONS = """\
---
subject: ladder
title: {en: Versions, zh: 版本}
schemes:
  first: {en: First, zh: 第一}
  second: {en: Second, zh: 第二}
---

| scheme | procedure | acts from | acts until | rule |
|---|---|---|---|---|
| first | new | 2026-04-01 | 2026-12-31 | trial#standard |
| second | any | 2027-01-01 | | trial#standard |
"""


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "law"
    (folder / "facts").mkdir(parents=True)
    (folder / "facts" / "all.yaml").write_text(FACTS, encoding="utf-8")
    (folder / "trial.md").write_text(LAW, encoding="utf-8")
    (folder / "versions.md").write_text(VERSIONS, encoding="utf-8")
    return folder


def run(*arguments: str | Path, folder: Path | None = None, lang: str = "en") -> Result:
    words = ["law", *map(str, arguments), *(["--law", str(folder)] if folder else [])]
    result = CliRunner().invoke(main, words, env={"YIQI_LANG": lang}, prog_name="yiqi")
    # A click error or a chosen exit code; anything else would be a traceback.
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def line_of(text: str) -> int:
    return LAW.split("\n").index(text) + 1


def cells(result: Result) -> list[list[str]]:
    assert result.exit_code == 0, result.output
    return [line.split("\t") for line in result.stdout.rstrip("\n").split("\n")]


# -- list -------------------------------------------------------------------------------------------------------------


def test_list_gives_each_instrument_with_its_dates_and_coverage(folder: Path) -> None:
    heading, *rows = cells(run("list", folder=folder))
    assert heading == ["Id", "Number", "Title", "In force", "Until", "Subject", "Reviewed", "Rules", "Coverage"]
    coverage = "1 run, 1 need a person, 1 order steps, 1 explain"
    assert rows == [
        [
            "trial",
            "试〔2026〕2号",
            "Measures on trial",
            "2026-04-01",
            "2027-12-31",
            "ladder",
            "2026-05-01",
            "4",
            coverage,
        ]
    ]
    heading, row = cells(run("list", folder=folder, lang="zh"))
    assert heading[:3] == ["标识", "文号", "标题"]
    assert row[2] == "试行办法"
    assert row[8] == "1条自动判断，1条人工判断，1条程序，1条说明"


# -- show -------------------------------------------------------------------------------------------------------------


def test_show_an_instrument_with_its_headings(folder: Path) -> None:
    lines = run("show", "trial", folder=folder).stdout.split("\n")
    assert lines[:2] == ["trial  试〔2026〕2号", "Measures on trial"]
    for line in ("Issued: 2026-01-16", "In force: 2026-04-01 – 2027-12-31", "Source: https://example.org/2026"):
        assert line in lines
    assert lines[-5:-1] == [
        "#standard  Annex 1. Standard",
        "  #standard.named  Named  (a person decides)",
        "#steps  Steps  (orders steps)",
        "#aim  Aim  (explains)",
    ]


def test_show_a_rule_with_all_that_is_known_of_it(folder: Path) -> None:
    line = line_of("# Annex 1. Standard · 附件1 标准 {#standard}")
    assert run("show", "trial#standard", folder=folder).stdout == (
        f"""\
trial#standard [A]
Annex 1. Standard
Trial 2026 No. 2, Annex 1  trial.md:{line}

Revenue is at least 1000万元.

> It was 500万元 before.

In words
  All of the following
    Operating revenue ≥ 1,000万元
    Named [C]
    Named

As written
  operating_revenue >= 1000万元
  named [C]

Made up of
  trial#standard.named  Named

Used by the versions
  ladder.first  new application  2026-04-01 – 2026-12-31
  ladder.second  any  2027-01-01 –
"""
    )


def test_show_speaks_chinese(folder: Path) -> None:
    text = run("show", "trial#standard", folder=folder, lang="zh").stdout
    line = line_of("# Annex 1. Standard · 附件1 标准 {#standard}")
    assert f"附件1 标准\n试〔2026〕2号 附件1  trial.md:{line}\n\n营业收入1000万元以上。\n\n> 原为500万元。" in text
    assert "规则释义\n  同时满足以下各项\n    营业收入 ≥ 1,000万元\n" in text
    assert "规则原文\n  营业收入 ≥ 1000万元\n  「品牌」 [C]\n" in text


def test_show_points_at_a_condition(folder: Path) -> None:
    text = run("show", "trial#standard/1", folder=folder).stdout
    assert "\n→   Operating revenue ≥ 1,000万元\n" in text
    assert text.count("→") == 1
    wrong = run("show", "trial#standard/9", folder=folder)
    assert wrong.exit_code == 2
    assert "'trial#standard' has no condition 'trial#standard/9'." in wrong.output


def test_show_what_refers_to_a_rule(folder: Path) -> None:
    other = LAW.replace("id: trial", "id: other").replace("named [C]\n", "trial#standard.named\n")
    (folder / "other.md").write_text(other, encoding="utf-8")
    text = run("show", "trial#standard.named", folder=folder).stdout
    assert "a person decides" in text
    assert "Part of\n  trial#standard  Annex 1. Standard\n" in text
    assert "Referred to by\n  other#standard  Annex 1. Standard\n" in text


@pytest.mark.parametrize(
    ("wanted", "suggested"),
    [
        ("trail", "trial"),
        ("trial#standrd", "trial#standard"),
        ("trial#zzz", "trial"),
        ("standard.named", "trial#standard.named"),
        ("standard.namd", "trial#standard.named"),
        ("trail#standard", "trial#standard"),
    ],
)
def test_show_suggests_the_nearest_id(folder: Path, wanted: str, suggested: str) -> None:
    result = run("show", wanted, folder=folder)
    assert result.exit_code == 2
    assert f"There is no '{wanted}' in the law. Did you mean '{suggested}'?" in result.output
    assert f"是否指“{suggested}”？" in run("show", wanted, folder=folder, lang="zh").output


def test_show_of_something_like_nothing_points_to_the_list(folder: Path) -> None:
    result = run("show", "小规模", folder=folder)
    assert result.exit_code == 2
    assert "`yiqi law list`" in result.output


# -- facts ------------------------------------------------------------------------------------------------------------


def test_facts_with_their_label_type_proof_and_readers(folder: Path) -> None:
    heading, *rows = cells(run("facts", folder=folder))
    assert heading == ["Id", "Label", "Type", "Unit", "Known by", "Proof", "Read by"]
    assert [row[0] for row in rows] == ["region", "operating_revenue", "own_brand", "titles"]
    assert rows[1][:4] == ["operating_revenue", "Operating revenue", "amount, per fiscal year", "元"]
    assert rows[1][4:] == ["enterprise", "Audit report", "trial#standard"]
    assert rows[2][4] == "official's judgement"


@pytest.mark.parametrize("word", ["REVENUE", "营业", "operating_rev"])
def test_facts_are_found_by_id_and_by_label(folder: Path, word: str) -> None:
    rows = cells(run("facts", word, folder=folder, lang="zh"))
    assert [row[:2] for row in rows[1:]] == [["operating_revenue", "营业收入"]]


def test_facts_are_found_by_their_values(folder: Path) -> None:
    assert [row[0] for row in cells(run("facts", "小巨人", folder=folder))[1:]] == ["titles"]


def test_facts_suggest_the_nearest_name(folder: Path) -> None:
    result = run("facts", "operating_revenu_", folder=folder)
    assert result.exit_code == 2
    assert "Did you mean 'operating_revenue'?" in result.output


# -- coverage ---------------------------------------------------------------------------------------------------------


def test_coverage_in_counts_and_percent(folder: Path) -> None:
    heading, row, together = cells(run("coverage", folder=folder))
    assert heading == ["Id", "Title", "Headings", "Run", "Need a person", "Order steps", "Only explain"]
    quarter = "1 (25.0%)"
    assert row == ["trial", "Measures on trial", "4", quarter, quarter, quarter, quarter]
    assert together == ["", "All instruments", "4", quarter, quarter, quarter, quarter]


def test_coverage_as_json_has_no_floats(folder: Path) -> None:
    # Two of three headings: 66.7%.
    text = LAW.replace("# Steps · 步骤 {#steps .procedure}\n", "").replace(" .judgement", "")
    (folder / "trial.md").write_text(text, encoding="utf-8")
    found = json.loads(run("coverage", "--format", "json", folder=folder).stdout, parse_float=pytest.fail)
    assert found[0] == {
        "id": "trial",
        "title": {"en": "Measures on trial", "zh": "试行办法"},
        "headings": 3,
        "counts": {"run": 2, "person": 0, "steps": 0, "explain": 1},
        "percent": {"run": "66.7", "person": "0.0", "steps": "0.0", "explain": "33.3"},
    }
    assert found[1]["id"] is None


# -- versions ---------------------------------------------------------------------------------------------------------


def test_versions_of_every_day(folder: Path) -> None:
    assert cells(run("versions", folder=folder))[1:] == [
        ["ladder.first", "First", "new application", "2026-04-01", "2026-12-31", "trial#standard"],
        ["ladder.second", "Second", "any", "2027-01-01", "", "trial#standard"],
    ]


@pytest.mark.parametrize(
    ("day", "first", "second"),
    [
        ("2026-03-31", False, False),
        ("2026-04-01", True, False),
        ("2026-12-31", True, False),
        ("2027-01-01", False, True),
    ],
)
def test_versions_of_one_day_include_its_ends_and_say_where_there_is_none(
    folder: Path, day: str, first: bool, second: bool
) -> None:
    rows = cells(run("versions", "--on", day, folder=folder))[1:]
    assert [row[0] for row in rows] == ["ladder.first", "ladder.second"]
    assert [row[5] == "trial#standard" for row in rows] == [first, second]
    assert {row[5] for row in rows} <= {"trial#standard", "no rule on this day"}


@pytest.mark.parametrize("day", ["2026-13-01", "yesterday", "2026-2-29"])
def test_a_day_that_is_none_is_refused(folder: Path, day: str) -> None:
    result = run("versions", "--on", day, folder=folder)
    assert result.exit_code == 2
    assert f"'{day}' is no day; write it as 2026-11-23." in result.output
    assert f"“{day}”不是日期" in run("versions", "--on", day, folder=folder, lang="zh").output


# -- format -----------------------------------------------------------------------------------------------------------


def test_format_prints_one_file_and_leaves_it(folder: Path) -> None:
    result = run("format", "trial", "--lang", "zh", folder=folder)
    assert result.stdout == LAW.replace("operating_revenue>=1000万元", "营业收入 ≥ 1000万元").replace(
        "named [C]", "「品牌」 [C]"
    ).replace("\nown_brand\n", "\n自主品牌\n")
    assert (folder / "trial.md").read_text(encoding="utf-8") == LAW


def test_format_checks_and_writes(folder: Path) -> None:
    checked = run("format", "--check", folder=folder)
    assert checked.exit_code == 1
    assert checked.stdout == f"{folder / 'trial.md'}\n2 files, 1 would change\n"
    assert (folder / "trial.md").read_text(encoding="utf-8") == LAW
    written = run("format", folder / "trial.md", "--write", folder=folder)
    assert written.exit_code == 0
    assert written.stdout.endswith("\n1 file, 1 written\n")
    assert (folder / "trial.md").read_text(encoding="utf-8") == LAW.replace("revenue>=1000", "revenue >= 1000")
    assert run("format", "--check", folder=folder).exit_code == 0


def test_format_keeps_the_ends_of_lines(folder: Path) -> None:
    (folder / "trial.md").write_bytes(LAW.replace("\n", "\r\n").encode())
    assert run("format", "trial", "--write", folder=folder).exit_code == 0
    expected = LAW.replace("revenue>=1000", "revenue >= 1000").replace("\n", "\r\n")
    assert (folder / "trial.md").read_bytes() == expected.encode()


def test_format_says_where_a_file_cannot_be_read(folder: Path) -> None:
    wrong = LAW.replace("operating_revenue>=1000万元", "operating_revenue >=")
    (folder / "trial.md").write_text(wrong, encoding="utf-8")
    result = run("format", "trial", "--write", folder=folder)
    assert result.exit_code == 1
    line = line_of("operating_revenue>=1000万元")
    assert f"trial.md:{line}:{len('operating_revenue >=') + 1}: error (grammar)" in result.stderr
    assert (folder / "trial.md").read_text(encoding="utf-8") == wrong


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "2 files: name one to print it, or say --check or --write."),
        (("--check", "--write"), "Say --check or --write, not both."),
        (("trail", "--check"), "There is no law file 'trail'. Did you mean 'trial'?"),
    ],
)
def test_format_refuses_what_it_cannot_do(folder: Path, arguments: tuple[str, ...], message: str) -> None:
    result = run("format", *arguments, folder=folder)
    assert result.exit_code == 2
    assert message in result.output


# -- all --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "arguments", [["list"], ["show", "x"], ["facts"], ["coverage"], ["versions"], ["format", "--check"]]
)
def test_a_folder_that_is_not_there_is_a_usage_error(tmp_path: Path, arguments: list[str]) -> None:
    result = run(*arguments, folder=tmp_path / "nowhere")
    assert result.exit_code == 2
    assert "is no folder of law files." in result.output


@pytest.mark.parametrize("arguments", [["list"], ["show", "trial"], ["facts"], ["coverage"], ["versions"]])
def test_wrong_law_is_told_with_its_place(folder: Path, arguments: list[str]) -> None:
    (folder / "trial.md").write_text(LAW.replace("named [C]", "nmaed"), encoding="utf-8")
    result = run(*arguments, folder=folder)
    assert result.exit_code == 1
    assert f"trial.md:{line_of('named [C]')}:1: error (unknown-name)" in result.stderr


def test_a_drawn_table_keeps_ids_whole_and_shows_text_as_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    columns = (Column("id", Text("Id", "标识"), whole=True), Column("text", Text("Text", "文字")))
    draw_table(columns, [["miit-2026-2", "[bold]not markup[/bold] " * 3]], width=40)
    text = capsys.readouterr().out
    assert "miit-2026-2" in text
    assert "[bold]not" in text
    assert max(map(len, text.split("\n"))) <= 40


def test_the_law_that_comes_with_yiqi_can_be_shown_in_both_languages() -> None:
    law, _ = read_law()
    for instrument in law.instruments.values():
        first = next(iter(instrument.rules.values()))
        for lang, title, words in (("en", first.title.en, "In words"), ("zh", first.title.zh, "规则释义")):
            assert f"#{first.name}  {title}" in run("show", instrument.id, lang=lang).stdout
            shown = run("show", first.id, lang=lang)
            assert shown.exit_code == 0
            assert (words in shown.stdout) == (first.body is not None)
        for rule in instrument.rules.values():
            lines = article_lines(law, rule)
            assert bool(lines) == (rule.body is not None), rule.id
            assert all(line.text.en and line.text.zh for line in lines), rule.id
