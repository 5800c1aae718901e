"""`yiqi digital` from outside."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner, Result

from yiqi.cli import main

FORM = Path(__file__).parents[2] / "examples" / "digital-level.yaml"


def run(*arguments: str, language: str = "en", file: Path = FORM) -> Result:
    return CliRunner().invoke(main, ["--lang", language, "digital", str(file), *arguments])


def test_the_level_its_points_its_use_and_the_way_up() -> None:
    result = run("--on", "2026-03-01")
    assert result.exit_code == 0, result.output
    for said in (
        "level 2  Digital level worked out (score 68.575, next class up at 60)",
        "Question 11. Funds: 0 of 7.5",
        "0: 0, 1: 0, 2: 3, 3: 5, 4: 5",
        "1. The cheapest path",
    ):
        assert said in result.stdout


def test_in_chinese() -> None:
    result = run("--on", "2026-11-25", language="zh")
    assert result.exit_code == 0
    assert "68.575" in result.stdout and "1. 最便宜的路径" in result.stdout


def test_json_carries_the_answers_the_use_and_the_way_up() -> None:
    found = json.loads(run("--on", "2026-03-01", "--format", "json").stdout)
    assert found["next_level"] == 3
    assert found["answers"][0]["scheme"].startswith("digital.")
    assert found["worth"][0]["by_level"][3] == {"low": 5, "high": 5}
    assert found["way_up"]["paths"]


def test_an_open_level_has_no_way_up(tmp_path: Path) -> None:
    sheet = tmp_path / "open.yaml"
    sheet.write_text("name: x\nindustry: C2929\n", encoding="utf-8")
    result = run("--on", "2026-11-25", file=sheet)
    assert result.exit_code == 0 and "once one level is certain" in result.stdout


def test_a_file_with_errors() -> None:
    assert run(file=Path("missing.yaml")).exit_code == 1
