"""A mixed-integer linear program, and HiGHS, which solves it. Nothing here knows of law or facts."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import highspy

SECONDS = 5.0
"""Time for one program. What was found by then is taken, and its bound says how far it may be from the cheapest."""


UNEVEN = 1e4
"""Factors of a program that lie further apart than this are solved a second time, with presolve.

Where one is wrong (in some of a thousand programs of sheets drawn at every border at once, far from any real enterprise), the
other mostly is right, and what either finds is judged before it is shown.
"""


class SolverError(RuntimeError):
    """HiGHS found neither a solution nor that there is none; the argument is what it says."""


@dataclass(frozen=True)
class Solution:
    """The value of each column, and the bound below which no solution lies."""

    values: list[float]
    objective: float
    bound: float


class Milp:
    """Columns and rows; the first :meth:`solve` hands them over, later rows are added to what HiGHS has."""

    def __init__(self) -> None:
        self.cost: list[float] = []
        self.lower: list[float] = []
        self.upper: list[float] = []
        self.whole: list[bool] = []
        self._rows: list[tuple[dict[int, float], float, float]] = []
        self._given: list[highspy.Highs] = []
        self._given_rows = 0

    def column(self, lower: float, upper: float, *, whole: bool = True, cost: float = 0.0) -> int:
        """A new column, between two ends."""
        self.cost.append(cost)
        self.lower.append(lower)
        self.upper.append(upper)
        self.whole.append(whole)
        return len(self.cost) - 1

    def row(self, terms: Mapping[int, float], lower: float = -math.inf, upper: float = math.inf) -> None:
        """A sum of columns between two ends."""
        self._rows.append((dict(terms), lower, upper))

    def bound(self, column: int, upper: float) -> None:
        """Another upper end for a column."""
        self.upper[column] = upper
        for highs in self._given:
            highs.changeColBounds(column, self.lower[column], upper)

    def price(self, costs: list[float]) -> None:
        """Other costs for the columns."""
        self.cost = costs
        for highs in self._given:
            for column, cost in enumerate(costs):
                highs.changeColCost(column, cost)

    def solve(self) -> Solution | None:
        """The cheapest solution, None when there is none. Raises :class:`SolverError`."""
        if not self.cost:
            # HiGHS takes no program without columns; every sum is 0 then.
            return Solution([], 0.0, 0.0) if all(low <= 0 <= up for _, low, up in self._rows) else None
        found: list[Solution] = []
        said: list[str] = []
        for highs in self._solvers():
            if found and any(self.whole):
                # Sooner done where a solution is known: only whether there is a cheaper one is left to find out.
                start = highspy.HighsSolution()
                start.col_value = found[0].values
                highs.setSolution(start)
            try:
                solution = self._run(highs)
            except SolverError as error:
                said.append(str(error))  # raised below where the other one gives up too
                continue
            if solution is not None:
                found.append(solution)
        if len(said) == len(self._given):
            raise SolverError(said[0])
        if not found:
            return None
        best = min(found, key=lambda solution: solution.objective)
        return Solution(best.values, best.objective, min(solution.bound for solution in found))

    def _run(self, highs: highspy.Highs) -> Solution | None:
        highs.setOptionValue("time_limit", highs.getRunTime() + SECONDS)  # HiGHS counts the time of all its runs
        highs.run()
        status = highs.getModelStatus()
        info = highs.getInfo()
        if status in (highspy.HighsModelStatus.kInfeasible, highspy.HighsModelStatus.kUnboundedOrInfeasible):
            return None
        stopped = status == highspy.HighsModelStatus.kTimeLimit and any(self.whole)
        found = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
        if status != highspy.HighsModelStatus.kOptimal and not (stopped and found):
            raise SolverError(highs.modelStatusToString(status))
        bound = info.mip_dual_bound if any(self.whole) else info.objective_function_value
        return Solution(list(highs.getSolution().col_value), info.objective_function_value, bound)

    def pinned(self, solution: Solution) -> Solution | None:
        """The cheapest solution with all 0/1 columns where a solution has them, to the nearest whole number.

        A row that a whole column switches on by a large factor then holds to the solver's tolerance, not to that times the
        factor.
        """
        other = Milp()
        other.cost, other.upper, other.lower = list(self.cost), list(self.upper), list(self.lower)
        other.whole = list(self.whole)
        for number in self.switches():
            other.whole[number] = False
            other.lower[number] = other.upper[number] = float(round(solution.values[number]))
        other._rows = self._rows
        return other.solve()

    def switches(self) -> list[int]:
        """The columns that are 0 or 1."""
        return [n for n, whole in enumerate(self.whole) if whole and self.lower[n] >= 0 and self.upper[n] <= 1]

    def _solvers(self) -> list[highspy.Highs]:
        """HiGHS with the program as it is now; twice where its factors lie far apart."""
        if not self._given:
            self._given = [self._new(presolve) for presolve in (("on", "off") if self._uneven() else ("off",))]
            self._given_rows = len(self._rows)
        for terms, lower, upper in self._rows[self._given_rows :]:
            for highs in self._given:
                highs.addRow(lower, upper, len(terms), list(terms), list(terms.values()))
        self._given_rows = len(self._rows)
        return self._given

    def _uneven(self) -> bool:
        sizes = [abs(factor) for terms, _, _ in self._rows for factor in terms.values() if factor]
        return bool(sizes) and max(sizes) > UNEVEN * min(sizes)

    def _new(self, presolve: str) -> highspy.Highs:
        highs = highspy.Highs()  # type: ignore[no-untyped-call]
        options: dict[str, bool | int | float | str] = {
            # Presolve of HiGHS 1.14 and 1.15 calls solutions optimal that are not (tests/proofs/test_path.py finds some): never
            # alone.
            "presolve": presolve,
            # The tolerances are those that HiGHS is used with: at 1e-9 it takes ways for impossible that are not.
            "output_flag": False, "threads": 1, "mip_rel_gap": 0.0, "mip_abs_gap": 0.0,
            # Small programs are solved sooner without a search for a first solution and without beginning anew.
            "mip_heuristic_run_feasibility_jump": False, "mip_allow_restart": False,
        }  # fmt: skip
        for name, option in options.items():
            if highs.setOptionValue(name, option) != highspy.HighsStatus.kOk:
                raise SolverError(f"no option {name}")
        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = len(self.cost), len(self._rows)
        lp.col_cost_, lp.col_lower_, lp.col_upper_ = self.cost, self.lower, self.upper
        lp.row_lower_ = [lower for _, lower, _ in self._rows]
        lp.row_upper_ = [upper for _, _, upper in self._rows]
        starts, index, value = [0], list[int](), list[float]()
        for terms, _, _ in self._rows:
            index.extend(terms)
            value.extend(terms.values())
            starts.append(len(index))
        lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        lp.a_matrix_.start_, lp.a_matrix_.index_, lp.a_matrix_.value_ = starts, index, value
        if any(self.whole):
            kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
            lp.integrality_ = [kinds[whole] for whole in self.whole]
        highs.passModel(lp)
        return highs
