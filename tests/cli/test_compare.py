"""`yiqi compare` from outside: what it prints, writes and refuses."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner, Result
from python_calamine import CalamineWorkbook

from report.comparison_samples import AFTER, BEFORE, ENTERPRISES, LITTLE_GIANT, edited, write_rows, write_table
from yiqi.cli import main

ON = ("--on", "2026-11-25", "--schemes", LITTLE_GIANT)


def run(*arguments: str | Path, language: str = "en") -> Result:
    return CliRunner().invoke(main, ["--lang", language, "compare", *map(str, arguments)])


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_table(tmp_path_factory.mktemp("table") / "dozen.csv")


def test_the_report_all_changes_and_what_was_read_of_the_table(table: Path, tmp_path: Path) -> None:
    result = run(BEFORE, AFTER, table, *ON, "--changes", tmp_path / "changes.csv")
    assert result.exit_code == 0, result.output
    assert "Before: MIIT 2022 No. 63" in result.stdout
    assert "7 (58.3%)" in result.stdout  # enterprises 1, 3, 5 to 8 and 11 are little giants under the rules of 2022
    assert "columns read" in result.stderr
    rows = duckdb.execute(f"SELECT row FROM '{tmp_path / 'changes.csv'}'").fetchall()
    assert [row for (row,) in rows] == [n for n, (_, (b, a), _) in enumerate(ENTERPRISES, start=1) if b != a]


def test_the_form_follows_the_ending_and_an_interrupted_run_leaves_nothing_half(table: Path, tmp_path: Path) -> None:
    for ending in ("html", "xlsx", "json"):
        out = tmp_path / "sub" / f"report.{ending}"
        result = run(BEFORE, AFTER, table, *ON, "--out", out, language="zh")
        assert result.exit_code == 0, result.output
        assert result.stdout == ""
        assert f"报告：{out}" in result.stderr
    assert (tmp_path / "sub" / "report.html").read_text(encoding="utf-8").lstrip().startswith("<!doctype html>")
    assert "原因 Causes" in CalamineWorkbook.from_path(tmp_path / "sub" / "report.xlsx").sheet_names
    document = json.loads((tmp_path / "sub" / "report.json").read_text(encoding="utf-8"))
    assert document["enterprises"] == len(ENTERPRISES)
    assert sorted(path.name for path in (tmp_path / "sub").iterdir()) == ["report.html", "report.json", "report.xlsx"]


def test_by_leaves_out_what_is_not_asked_for(table: Path) -> None:
    (giant,) = json.loads(run(BEFORE, AFTER, table, *ON, "--by", "size", "--format", "json").stdout)["schemes"]
    assert list(giant["groups"]) == ["size"]
    assert giant["sample"]
    (giant,) = json.loads(run(BEFORE, AFTER, table, *ON, "--sample", "0", "--format", "json").stdout)["schemes"]
    assert list(giant["groups"]) == ["province", "industry", "size"]
    assert giant["sample"] == []


def test_two_days_are_judged_for_the_later_one(table: Path) -> None:
    result = run("2025年6月30日", "2026-11-25", table, "--schemes", LITTLE_GIANT)
    assert result.exit_code == 0, result.output
    assert "Before: law of 2025-06-30" in result.stdout
    # The same rules on the same figures as the two files of the measures; the notice of 2025 asks nothing the dozen lacks
    # except revenue of 5000万元, which enterprise 11 does not have.
    assert "6 (50.0%)" in result.stdout


def test_one_file_edited(table: Path, tmp_path: Path) -> None:
    draft = edited(
        AFTER,
        tmp_path / "draft.md",
        ("main_revenue / operating_revenue >= 90%", "main_revenue / operating_revenue >= 79%"),
    )
    result = run(AFTER, draft, table, "--on", "2026-11-25")
    assert result.exit_code == 0, result.output
    # 17640/22050 is 80%: enterprise 3 comes in, 12 becomes open; 8 fails by its rights still.
    assert "After: MIIT 2026 No. 2 (draft.md)" in result.stdout
    assert "+ 2 (100.0%), 2 through this alone; MIIT 2026 No. 2, Annex 2, item 2" in result.stdout
    assert "The same in both versions for every enterprise: " in result.stdout


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        ((BEFORE, BEFORE), 1, "两个文件内容完全相同"),
        ((BEFORE, "2026-11-25"), 1, "文件和日期不能比较"),
        ((BEFORE, "没有.md"), 1, "没有这个文件或文件夹，也不是日期"),
        (("2025-06-30", "2026-13-25"), 2, "“2026-13-25”不是日期"),
        ((BEFORE, AFTER, "--schemes", "ladder.innovative_sme"), 1, "该版本没有“创新型中小企业”"),
        ((BEFORE, AFTER, "--schemes", "ladder.little_gaint"), 2, "是否想写“ladder.little_giant”？"),
        ((BEFORE, AFTER, "--by", "county"), 2, "没有“county”"),
        ((BEFORE, AFTER, "--format", "html"), 2, "--format html须写入文件"),
        ((BEFORE, AFTER, "--changes", "changes.txt"), 2, "--changes须以.parquet或.csv结尾"),
    ],
    ids=lambda value: str(value)[-40:],
)
def test_what_cannot_be_done_is_said_in_chinese(
    table: Path, arguments: tuple[str | Path, ...], code: int, said: str
) -> None:
    first, second, *rest = arguments
    result = run(first, second, table, *rest, language="zh")
    assert result.exit_code == code
    assert said in result.stderr


def test_a_table_without_a_known_column_says_which_headings_it_has(tmp_path: Path) -> None:
    result = run(BEFORE, AFTER, write_rows(tmp_path / "other.csv", [{"甲": "1", "乙": "2"}]))
    assert result.exit_code == 1
    assert "甲" in result.stderr
    result = run(BEFORE, AFTER, tmp_path / "nowhere.csv")
    assert result.exit_code == 1
    assert "nowhere.csv" in result.stderr


def test_a_report_that_cannot_be_written_says_so(table: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    for ending in ("xlsx", "html"):
        result = run(BEFORE, AFTER, table, *ON, "--out", tmp_path / "file" / f"report.{ending}")
        assert result.exit_code == 1
        assert "Traceback" not in result.output


def test_a_synthetic_table_is_called_so(tmp_path: Path) -> None:
    path = tmp_path / "made-up.parquet"
    duckdb.execute(
        f"COPY (SELECT i AS row, 330106::INTEGER AS region, 2204999::BIGINT * i AS operating_revenue_2025 FROM range(1, 9) r(i))"
        f" TO '{path}' (FORMAT parquet, KV_METADATA {{'yiqi.prepared': '1', 'yiqi.synthetic': '1'}})"
    )
    result = run(BEFORE, AFTER, path, *ON, "--changes", tmp_path / "changes.parquet")
    assert result.exit_code == 0, result.output
    assert "SYNTHETIC DATA" in result.stdout
    found = duckdb.execute(
        f"SELECT decode(value) FROM parquet_kv_metadata('{tmp_path / 'changes.parquet'}') WHERE decode(key) = 'yiqi.synthetic'"
    ).fetchall()
    assert found == [("1",)]
