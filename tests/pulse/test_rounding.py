"""Whole numbers with exact totals."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yiqi.pulse.rounding import largest_remainder, round_table


def test_the_largest_remainders_are_rounded_up():
    # 10 in proportion 2 : 3 : 5 of 7 → 2.857, 4.286, 2.857: the first and the last have the largest remainders.
    assert largest_remainder([2, 3, 2], 10) == [3, 4, 3]


def test_a_tie_goes_to_the_first():
    assert largest_remainder([1, 1, 1], 2) == [1, 1, 0]


def test_no_share_holds_no_total():
    assert largest_remainder([0, 0], 0) == [0, 0]
    with pytest.raises(ValueError, match="no share"):
        largest_remainder([0, 0], 1)


@given(st.lists(st.integers(0, 1000), min_size=1, max_size=40).filter(any), st.integers(0, 10**8))
def test_shares_are_met_to_less_than_one(shares: list[int], total: int):
    counts = largest_remainder(shares, total)
    assert sum(counts) == total
    assert all(
        abs(count * sum(shares) - share * total) < sum(shares) for count, share in zip(counts, shares, strict=True)
    )


@st.composite
def tables(draw: st.DrawFn) -> tuple[list[list[float]], list[int], list[int]]:
    rows, columns = draw(st.integers(1, 8)), draw(st.integers(1, 8))
    cells = draw(
        st.lists(st.lists(st.floats(0.001, 20), min_size=columns, max_size=columns), min_size=rows, max_size=rows)
    )
    total = round(sum(map(sum, cells)))
    whole = sum(map(sum, cells))
    row_totals = largest_remainder([sum(row) for row in cells], total)
    column_totals = largest_remainder([sum(column) for column in zip(*cells, strict=True)], total)
    return [[cell * total / whole for cell in row] for row in cells], row_totals, column_totals


@given(tables())
def test_a_rounded_table_has_exactly_its_totals(table: tuple[list[list[float]], list[int], list[int]]):
    cells, rows, columns = table
    counts = round_table(cells, rows, columns)
    assert [sum(row) for row in counts] == rows
    assert [sum(column) for column in zip(*counts, strict=True)] == columns
    assert min(min(row) for row in counts) >= 0


def test_a_cell_of_nothing_stays_nothing_where_it_can():
    assert round_table([[0.5, 0.0], [0.5, 1.0]], [1, 1], [1, 1]) == [[1, 0], [0, 1]]


def test_totals_that_cannot_be_met_are_named():
    with pytest.raises(ValueError, match="row 0 cannot hold"):
        round_table([[1.0, 0.0], [0.0, 1.0]], [1, 1], [0, 2])
    with pytest.raises(ValueError, match="add up"):
        round_table([[1.0]], [1], [2])
