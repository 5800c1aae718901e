"""`yiqi law stale`: which files are past their day, in both languages and as JSON."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from relief.samples import measure, sample_files
from yiqi.cli import main
from yiqi.law.library import default_folder


@pytest.fixture
def law(tmp_path: Path) -> Path:
    """A folder with one file that was compared on 1 May 2026."""
    for name in ("facts", "arrears"):  # facts that are looked up have their table beside other law
        (tmp_path / name).mkdir()
        for path in (default_folder() / name).iterdir():
            if path.suffix in (".yaml", ".csv"):
                shutil.copy(path, tmp_path / name)
    (tmp_path / "relief").mkdir()
    for name, text in sample_files(measure("plain", "own_brand")).items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def run(law: Path, *arguments: str, lang: str = "en") -> tuple[int, str]:
    result = CliRunner().invoke(main, ["--lang", lang, "law", "stale", "--law", str(law), *arguments])
    return result.exit_code, result.stdout


def test_on_the_last_day_no_file_is_stale(law: Path) -> None:
    code, output = run(law, "--on", "2026-10-28")
    assert code == 0
    assert output.startswith("On 2026-10-28: 0 of 1 files should be compared again, 1 need not.")


def test_a_day_later_the_file_is_named_with_its_days(law: Path) -> None:
    code, output = run(law, "--on", "2026-10-29")
    assert code == 1
    assert "compared with its source on 2026-05-01, which counted until 2026-10-28: 1 day over" in output
    code, output = run(law, "--on", "2026-10-29", lang="zh")
    assert "2026年5月1日与原文核对，有效至2026年10月28日，已超1日" in output


def test_as_json(law: Path) -> None:
    code, output = run(law, "--on", "2026-10-30", "--format", "json")
    assert code == 1
    found = json.loads(output)
    assert (found["on"], found["files"]) == ("2026-10-30", 1)
    (one,) = found["stale"]
    assert (one["id"], one["reviewed"], one["counted_until"], one["days_over"]) == (
        "sample",
        "2026-05-01",
        "2026-10-28",
        2,
    )
