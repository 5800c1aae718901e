"""What the digital level is worth elsewhere in the law, level by level."""

from __future__ import annotations

import datetime as dt

from yiqi.digital.worth import worth
from yiqi.facts.sheet import FactSheet
from yiqi.judge.judge import Judge
from yiqi.law.library import load

SHEET = FactSheet({"industry": "C2929", "region": "330302"})


def test_until_march_2026_the_level_gave_points_on_the_ladder() -> None:
    found = {w.id: w for w in worth(Judge(load()), SHEET, dt.date(2026, 3, 31))}
    points = found["miit-2022-63#specialised_sme.score.refinement.digital"].by_level
    # MIIT 2022 No. 63, annex 2, indicator 5: level 3 or above 5 points, level 2 3 points, else none.
    assert points == ((0, 0), (0, 0), (30_000, 30_000), (50_000, 50_000), (50_000, 50_000))


def test_the_measures_of_2026_ask_for_no_level() -> None:
    found = worth(Judge(load()), SHEET, dt.date(2026, 4, 1))
    assert not [w for w in found if w.id.startswith("miit-2026-2")]
