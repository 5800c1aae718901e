"""`yiqi population` as a person meets it."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner, Result

from yiqi.cli import main
from yiqi.cli.population import Count


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["population", *arguments])


def test_a_population_its_summary_and_its_page(tmp_path: Path):
    out, page = tmp_path / "made.parquet", tmp_path / "page.html"
    result = run("--rows", "300", "--on", "2026-11-23", "--out", str(out), "--page", str(page), "--lang", "zh")
    assert result.exit_code == 0, result.output
    assert result.output.startswith("合成数据")
    assert "最近会计年度 2025" in result.output
    assert f"已写入{out}" in result.output
    assert duckdb.sql(f"SELECT count(*) FROM '{out}'").fetchall() == [(300,)]
    assert "合成数据" in page.read_text("utf-8")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["made.parquet", "page.html"]


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("1000", 1000),
        ("1,000,000", 10**6),
        ("60m", 6 * 10**7),
        ("6000万", 6 * 10**7),
        ("1.5万", 15_000),
        ("1_000", 1000),
    ],
)
def test_a_number_of_rows_as_people_write_it(text: str, rows: int):
    assert Count().convert(text, None, None) == rows


@pytest.mark.parametrize("text", ["many", "1.5", "1e6", "", "3.00001万", "一百"])
@pytest.mark.parametrize(("language", "said"), [("en", "is no whole number"), ("zh", "不是整数")])
def test_a_text_is_no_number_of_rows(tmp_path: Path, text: str, language: str, said: str):
    result = run("--rows", text, "--out", str(tmp_path / "made.parquet"), "--lang", language)
    assert result.exit_code == 2
    assert said in result.output
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "english", "chinese"),
    [
        (("--rows", "0"), "at least 1", "至少为1"),
        (("--rows", "-3"), "at least 1", "至少为1"),
        (("--rows", "9", "--out", "{}/made.txt"), "must end in", "结尾"),
        (("--rows", "2000000", "--out", "{}/made.xlsx"), "do not fit an Excel sheet", "放不进"),
        (("--rows", "9", "--out", "{}/no/made.csv"), "there is no folder", "不存在"),
        (("--rows", "9", "--out", "{}/there.csv"), "--force replaces it", "--force可替换"),
    ],
)
def test_what_cannot_be_made_ends_with_1_and_says_why(
    tmp_path: Path, arguments: tuple[str, ...], english: str, chinese: str
):
    (tmp_path / "there.csv").write_text("mine", "utf-8")
    given = [argument.format(tmp_path) for argument in arguments]
    if "--out" not in given:
        given += ["--out", str(tmp_path / "made.parquet")]
    for language, said in (("en", english), ("zh", chinese)):
        result = run(*given, "--lang", language)
        assert result.exit_code == 1
        assert said in result.output
    assert [path.name for path in tmp_path.iterdir()] == ["there.csv"]
    assert (tmp_path / "there.csv").read_text("utf-8") == "mine"


@pytest.mark.parametrize(("page", "said"), [("page.txt", "a page ends in .html"), ("there.html", "exists; --force")])
def test_a_page_that_cannot_be_written_is_said_first(tmp_path: Path, page: str, said: str):
    (tmp_path / "there.html").write_text("mine", "utf-8")
    out = tmp_path / "made.csv"
    result = run("--rows", "9", "--out", str(out), "--page", str(tmp_path / page), "--lang", "en")
    assert result.exit_code == 2
    assert said in result.output
    assert not out.exists()


def test_the_command_stands_in_help_in_both_languages():
    assert "Make up a country of enterprises" in CliRunner().invoke(main, ["--help", "--lang", "en"]).output
    assert "生成合成企业数据" in CliRunner().invoke(main, ["--help", "--lang", "zh"]).output
