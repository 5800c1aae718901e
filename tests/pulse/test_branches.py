"""Branches stand under the rows of the size standard as the law has them."""

from __future__ import annotations

import pytest

from yiqi.pulse.fit import Fit


def test_bounds_are_those_of_the_standard(fitted: Fit):
    # 2011 No. 300: industry 20, 300, 1000 persons and 300, 2000, 40000万元; a 万元 is a million fen.
    row = next(branch.row for branch in fitted.branches if branch.key == "C")
    assert row is not None
    assert row.bounds == {
        "employees": (20, 300, 1000),
        "operating_revenue": (300 * 10**6, 2_000 * 10**6, 40_000 * 10**6),
    }


def test_divisions_stand_in_their_rows(fitted: Fit):
    rules = {
        (leaf.digits, leaf.activity): branch.row.rule.partition("#")[2] if branch.row else None
        for branch in fitted.branches
        for leaf in branch.leaves
    }
    assert rules["51", None] == "wholesale"
    assert rules["59", 0] == "transport"
    assert rules["59", 1] == "warehousing"
    assert rules["701", None] == "real_estate_development"
    assert rules["66", None] is None
    assert rules["53", None] == "other_industries"


def test_leaves_of_a_section_are_all_of_it(fitted: Fit):
    shares: dict[str, float] = {}
    for branch in fitted.branches:
        shares[branch.section] = shares.get(branch.section, 0) + branch.share
    assert set(shares) == set("ABCDEFGHIJKLMNOPQR")
    assert all(share == pytest.approx(1) for share in shares.values())


def test_published_parts_of_a_section(fitted: Fit):
    share = {branch.key: branch.share for branch in fitted.branches}
    assert share["F:wholesale"] == pytest.approx(3_542_000 / (3_542_000 + 2_957_000))
    assert share["C39"] == pytest.approx(174_000 / 4_047_228)
