"""The demo shows the same whatever the clock says: the figures of its samples belong to one day."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from click.testing import CliRunner

from yiqi.cli import main


@pytest.mark.parametrize("today", [dt.date(2020, 1, 1), dt.date(2026, 11, 23), dt.date(2031, 6, 1)])
def test_the_demo_does_not_depend_on_the_clock(today: dt.date, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("yiqi.cli.assess.today", lambda: today)
    result = CliRunner().invoke(main, ["--lang", "en", "demo", "--out", str(tmp_path)])
    assert result.exit_code == 0
    # The near miss fails by one condition, the firm that meets every condition meets it.
    assert "✗ No  Little giant — 1 condition fails: Main-business revenue / operating revenue ≥ 90%" in result.stdout
    assert "✓ Yes  Little giant — Every condition holds." in result.stdout
