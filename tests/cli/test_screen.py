"""`yiqi screen` from outside: what it prints, writes and refuses."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import pytest
import sqlglot
from click.testing import CliRunner, Result
from python_calamine import CalamineWorkbook

from yiqi.cli import main

# Row 2 of the size standard: below 20 people or 300万元 micro, from 20 and 300万元 small, from 300 and 2,000万元 medium.
TABLE = """企业名称,所在地,行业代码,2025年从业人员,2025年营业收入（万元）
甲公司,330100,C3451,300,2000
乙公司,440100,C3921,299,2000
丙公司,510100,C2710,19,２９９９
丁公司,370200,C2710,,约五亿
"""
CLASSES = ["medium", "small", "micro", None]


@pytest.fixture
def table(tmp_path: Path) -> Path:
    place = tmp_path / "table.csv"
    place.write_text(TABLE, encoding="utf-8")
    return place


def run(*arguments: str | Path, language: str = "en") -> Result:
    return CliRunner().invoke(main, ["--lang", language, "screen", *map(str, arguments), "--on", "2026-11-25"])


def test_answers_are_written_in_every_form_and_bad_rows_beside_them(table: Path, tmp_path: Path) -> None:
    for ending in ("csv", "parquet"):
        out = tmp_path / f"answers.{ending}"
        result = run(table, "--schemes", "size", "--out", out)
        assert result.exit_code == 0, result.output
        found = duckdb.execute(f"""SELECT "row", name, "size.class", problems FROM '{out}' ORDER BY 1""").fetchall()
        assert [row[2] or None for row in found] == CLASSES
        assert [row[0] for row in found if row[3]] == [4]
        bad = (tmp_path / "answers.bad.csv").read_text(encoding="utf-8-sig").splitlines()
        assert len(bad) == 2
        assert "约五亿" in bad[1]
        assert not (tmp_path / f".answers.{ending}.yiqi").exists()
    book = tmp_path / "answers.xlsx"
    assert run(table, "--schemes", "size", "--out", book, "--reasons", "ids").exit_code == 0
    sheet = CalamineWorkbook.from_path(book).get_sheet_by_name("企业 Enterprises").to_python()
    classes = next(i for i, heading in enumerate(sheet[0]) if str(heading).startswith("企业规模类型"))
    assert [row[classes] for row in sheet[1:]] == ["中型", "小型", "微型", "待定"]


def test_the_summary_goes_to_standard_output_alone(table: Path) -> None:
    result = run(table, "--schemes", "size", "--format", "json")
    assert result.exit_code == 0, result.output
    said = json.loads(result.stdout)
    assert said["enterprises"] == 4
    assert said["with_unreadable_cells"] == 1
    (size,) = [s for s in said["schemes"] if s["scheme"] == "size.class"]
    assert size["outcomes"] == {"medium": 1, "small": 1, "micro": 1, "open": 1}
    assert "columns read" in result.stderr


@pytest.mark.parametrize("dialect", ["duckdb", "spark", "postgres"])
def test_the_query_is_printed_and_nothing_is_run(table: Path, dialect: str) -> None:
    result = run(table, "--schemes", "size", "--sql", dialect)
    assert result.exit_code == 0, result.output
    query = sqlglot.parse_one(result.stdout, dialect=dialect)
    assert "size.class" in query.named_selects


def test_a_second_run_takes_over_what_is_the_same(table: Path, tmp_path: Path) -> None:
    out, state = tmp_path / "answers.csv", tmp_path / "state"
    assert run(table, "--schemes", "size", "--out", out, "--state", state).exit_code == 0
    first = out.read_bytes()
    assert run(table, "--schemes", "size", "--out", out, "--state", state).exit_code == 0
    assert out.read_bytes() == first
    assert (state / "current" / "manifest.json").exists()


def test_what_cannot_be_done_says_what_to_do(table: Path, tmp_path: Path) -> None:
    for arguments, code, said in (
        ((table, "--out", tmp_path / "answers.doc"), 2, "must end in"),
        ((table, "--schemes", "lader"), 2, "did you mean 'ladder'"),
        ((table, "--map", "备注"), 2, "HEADING=FACT"),
        ((table, "--engine", "spark", "--state", tmp_path), 2, "--state goes with DuckDB"),
        ((tmp_path / "none.csv",), 1, "none.csv"),
    ):
        result = run(*arguments)
        assert result.exit_code == code, result.output
        assert said in result.output
    unknown = tmp_path / "unknown.csv"
    unknown.write_text("甲,乙\n1,2\n", encoding="utf-8")
    assert run(unknown).exit_code == 1


def test_an_old_result_survives_a_full_disk(table: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "answers.csv"
    out.write_text("old", encoding="utf-8")

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("yiqi.screening.results.write_answers", full)
    result = run(table, "--schemes", "size", "--out", out)
    assert result.exit_code == 1
    assert "Free some space" in result.output
    assert out.read_text(encoding="utf-8") == "old"
    assert (tmp_path / ".answers.csv.yiqi").exists()  # the same command goes on from here


def test_amounts_are_in_yuan_from_the_least_to_the_most(tmp_path: Path) -> None:
    # Up to 1500元 for each person hired (MOHRSS 2026 No. 39); not for individual businesses.
    table = tmp_path / "hires.csv"
    table.write_text(
        "name,region,entity_kind,young_hires\n甲,330100,company,3\n乙,330100,individual_business,3\n丙,330100,company,\n",
        encoding="utf-8",
    )
    scheme = "relief.job_expansion"
    wanted = [("yes", "0.00", "4500.00"), ("no", None, None), ("unknown", "0.00", None)]
    for ending in ("parquet", "csv"):
        out = tmp_path / f"answers.{ending}"
        result = run(table, "--schemes", scheme, "--amounts", "--out", out)
        assert result.exit_code == 0, result.output
        found = duckdb.execute(f'SELECT "{scheme}", "{scheme}.low"::VARCHAR, "{scheme}.high"::VARCHAR FROM \'{out}\'')
        assert found.fetchall() == wanted
    book = tmp_path / "answers.xlsx"
    assert run(table, "--schemes", scheme, "--amounts", "--out", book).exit_code == 0
    sheet = CalamineWorkbook.from_path(book).get_sheet_by_name("企业 Enterprises").to_python()
    assert any("最高金额（元）" in str(heading) for heading in sheet[0])
    assert '"relief.job_expansion.high"' in run(table, "--schemes", scheme, "--amounts", "--sql", "postgres").output
    refused = run(table, "--schemes", scheme, "--amounts", "--state", tmp_path / "state")
    assert refused.exit_code == 2
    assert "leave out --state" in refused.output
