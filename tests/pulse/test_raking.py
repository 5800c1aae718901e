"""Iterative proportional fitting."""

import pytest

from yiqi.pulse.raking import rake


def test_totals_are_met_and_the_odds_of_the_start_kept():
    table = rake([[1.0, 2.0], [3.0, 4.0]], [4.0, 6.0], [5.0, 5.0])
    assert [sum(row) for row in table] == pytest.approx([4, 6])
    assert [sum(column) for column in zip(*table, strict=True)] == pytest.approx([5, 5])
    # Raking multiplies rows and columns, which leaves the cross ratio as it was: 1 · 4 / (2 · 3).
    assert table[0][0] * table[1][1] / (table[0][1] * table[1][0]) == pytest.approx(4 / 6)


def test_a_cell_of_nothing_stays_nothing():
    assert rake([[0.0, 1.0], [1.0, 1.0]], [1.0, 2.0], [1.0, 2.0])[0][0] == 0


def test_a_total_of_nothing_empties_its_row():
    assert rake([[1.0, 1.0], [1.0, 1.0]], [0.0, 2.0], [1.0, 1.0]) == [[0.0, 0.0], [1.0, 1.0]]


def test_what_no_cell_can_hold_is_an_error():
    with pytest.raises(ValueError, match="nothing can hold"):
        rake([[0.0, 0.0], [1.0, 1.0]], [1.0, 1.0], [1.0, 1.0])
    with pytest.raises(ValueError, match="rows add up"):
        rake([[1.0]], [1.0], [2.0])
