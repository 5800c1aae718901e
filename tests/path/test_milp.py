"""The program and its solver, apart from law."""

from __future__ import annotations

from yiqi.path.milp import Milp


def test_the_cheapest_solution_and_its_bound() -> None:
    """At least two of three, costing 5, 3 and 4: 3 + 4."""
    milp = Milp()
    columns = [milp.column(0, 1, cost=cost) for cost in (5.0, 3.0, 4.0)]
    milp.row(dict.fromkeys(columns, 1.0), 2.0)
    solution = milp.solve()
    assert solution is not None
    assert [round(v) for v in solution.values] == [0, 1, 1]
    assert abs(solution.objective - 7.0) < 1e-9
    assert abs(solution.bound - 7.0) < 1e-9


def test_rows_added_later_count() -> None:
    milp = Milp()
    columns = [milp.column(0, 1, cost=cost) for cost in (5.0, 3.0, 4.0)]
    milp.row(dict.fromkeys(columns, 1.0), 1.0)
    first = milp.solve()
    assert first is not None
    assert abs(first.objective - 3.0) < 1e-9
    milp.row({columns[1]: 1.0}, upper=0.0)
    second = milp.solve()
    assert second is not None
    assert abs(second.objective - 4.0) < 1e-9
    milp.row({columns[0]: 1.0, columns[2]: 1.0}, upper=0.0)
    assert milp.solve() is None


def test_without_columns_the_rows_decide() -> None:
    milp = Milp()
    solution = milp.solve()
    assert solution is not None
    assert solution.objective == 0.0
    milp.row({}, 1.0)
    assert milp.solve() is None


def test_factors_that_lie_far_apart_are_solved_twice_and_rows_prices_and_bounds_reach_both() -> None:
    """x of at least 3 where a switch is on, the switch free or 5 dear: 3 × 2 = 6, then with other prices and rows."""
    milp = Milp()
    x = milp.column(0, 5e4, whole=False, cost=2.0)
    switch = milp.column(0, 1)
    other = milp.column(0, 1, cost=5.0)
    milp.row({x: 1.0, switch: -5e4}, 3.0 - 5e4)
    milp.row({switch: 1.0, other: 1.0}, 1.0)
    found = milp.solve()
    assert found is not None
    assert abs(found.objective - 5.0) < 1e-6
    milp.price([1.0, 0.0, 5.0])
    found = milp.solve()
    assert found is not None
    assert abs(found.objective - 3.0) < 1e-6
    milp.row({x: 1.0}, upper=2.0)
    found = milp.solve()
    assert found is not None
    assert abs(found.objective - 5.0) < 1e-6
    milp.bound(other, 0.0)
    assert milp.solve() is None


def test_numbers_are_solved_again_with_the_switches_fixed() -> None:
    """A number of at least 7 where the switch is on, and the switch is wanted: whatever the factor of the switch."""
    milp = Milp()
    number = milp.column(0, 5e6, whole=False, cost=1.0)
    switch = milp.column(0, 1)
    milp.row({number: 1.0, switch: -5e6}, 7.0 - 5e6)
    milp.row({switch: 1.0}, 1.0)
    solution = milp.solve()
    assert solution is not None
    pinned = milp.pinned(solution)
    assert pinned is not None
    assert abs(pinned.values[number] - 7.0) < 1e-6
