"""Bins of staff and money."""

from itertools import pairwise
from math import exp, log

import pytest

from yiqi.pulse.bins import mean_of_floor, money_bins, spread_mean, staff_bins


def test_bins_follow_each_other_and_have_edges_on_every_bound():
    staff = staff_bins((7, 77, 777), 20_000)
    assert all(a.high == b.low for a, b in pairwise(staff))
    assert {7, 77, 777} <= {held.low for held in staff}
    assert (staff[0].low, staff[-1].high) == (1, 20_001)
    money = money_bins((300_000_000, 2_000_000_000), 10**12)
    assert all(a.high == b.low for a, b in pairwise(money))
    assert {300_000_000, 2_000_000_000} <= {held.low for held in money}
    assert all(held.low % 10_000 == 0 for held in money)
    assert money[-1].high == 10**12


@pytest.mark.parametrize(("low", "high"), [(1, 2), (6, 8), (1, 10), (300, 450), (2500, 4000), (1.5, 3.2)])
def test_the_mean_of_a_draw_is_that_of_many(low: float, high: float):
    steps = 200_000
    drawn = [int(exp(log(low) + (i + 0.5) / steps * log(high / low))) for i in range(steps)]
    assert mean_of_floor(low, high) == pytest.approx(sum(drawn) / steps, rel=1e-4)


def test_the_mean_of_a_wide_margin():
    # ∫ e^u du over ±1.2 around 0, over its width: (e^1.2 − e^−1.2) / 2.4.
    assert spread_mean(0, 1.2) == pytest.approx((exp(1.2) - exp(-1.2)) / 2.4)
