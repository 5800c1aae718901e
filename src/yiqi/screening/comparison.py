"""What a comparison of two versions says: the matrix of outcomes, whom it moves where, and through which lines."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from yiqi.law.tree import Rule
from yiqi.screening.causes import CausingLine, Side
from yiqi.screening.changes import Change, Direction, direction
from yiqi.screening.pair_query import PairQuery
from yiqi.screening.prepared import Column, Prepared
from yiqi.screening.summary import Cut
from yiqi.screening.versions import Versions

Matrix = Mapping[Change, int]
"""How many enterprises have each pair of outcomes; pairs that nobody has are left out."""


@dataclass(frozen=True)
class Cause:
    """A line with the enterprises whose outcome it changes; ``alone``: those for whom it is the only cause."""

    line: CausingLine
    enterprises: Matrix
    alone: Matrix

    @property
    def number(self) -> int:
        return sum(self.enterprises.values())

    @property
    def number_alone(self) -> int:
        return sum(self.alone.values())


@dataclass(frozen=True, slots=True)
class CauseSet:
    """Lines that together change the outcome of some enterprises; ``lines`` are places in the causes of the direction."""

    change: Change
    lines: tuple[int, ...]
    enterprises: int


@dataclass(frozen=True, slots=True)
class Example:
    """An enterprise that changes. ``lines`` are places in the causes of the direction of its change."""

    row: int
    uscc: str | None
    name: str | None
    region: int | None
    industry: int | None
    change: Change
    lines: tuple[int, ...]


@dataclass(frozen=True)
class SchemeComparison:
    """One scheme in both versions.

    ``names`` are the classes in their order, empty for a scheme that is answered by yes or no. ``by`` has the matrix of
    every province (two digits), industry (a letter) and size class; None where it is not known.
    """

    scheme: str
    names: tuple[str, ...]
    before: Rule
    after: Rule
    matrix: Matrix
    by: Mapping[Cut, Mapping[str | None, Matrix]]
    causes: Mapping[Direction, tuple[Cause, ...]]
    sets: Mapping[Direction, tuple[CauseSet, ...]]
    examples: tuple[Example, ...]

    @property
    def is_class(self) -> bool:
        return bool(self.names)

    def direction(self, change: Change) -> Direction | None:
        """Which way a change goes; None for no change."""
        return direction(change, self.is_class)

    def number(self, way: Direction, matrix: Matrix | None = None) -> int:
        """How many go one way, of all or of a part."""
        counts = self.matrix if matrix is None else matrix
        return sum(n for change, n in counts.items() if self.direction(change) == way)

    @property
    def changed(self) -> int:
        return sum(n for (before, after), n in self.matrix.items() if before != after)


@dataclass(frozen=True)
class Comparison:
    """Two versions over one table.

    ``schemes`` are those whose rules differ, ``same`` those whose rules give every enterprise of any table the same
    outcome. ``absent`` are the columns that a version asks for and the table does not have.
    """

    versions: Versions
    query: PairQuery
    rows: int
    marked: int
    """Rows with cells that could not be read."""
    schemes: tuple[SchemeComparison, ...]
    same: tuple[str, ...]
    cuts: tuple[Cut, ...]
    absent: Mapping[Side, tuple[Column, ...]]

    @property
    def prepared(self) -> Prepared:
        return self.query.prepared


def total(matrices: Iterable[Matrix]) -> dict[Change, int]:
    """Matrices added up."""
    found: dict[Change, int] = {}
    for matrix in matrices:
        for change, number in matrix.items():
            found[change] = found.get(change, 0) + number
    return found
