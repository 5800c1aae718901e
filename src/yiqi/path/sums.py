"""Sums of columns, and rows over whole numbers."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from yiqi.path.levers import Key


@dataclass
class Sum:
    """A constant and a sum of columns."""

    constant: float = 0.0
    terms: dict[int, float] = field(default_factory=dict)

    def add(self, other: Sum, factor: float = 1.0) -> None:
        self.constant += factor * other.constant
        for column, value in other.terms.items():
            self.terms[column] = self.terms.get(column, 0.0) + factor * value


@dataclass(frozen=True)
class ExactRow:
    """A row over whole numbers, ``constant + Σ factor · value >= 0``, that counts while the column ``switch`` is 1.

    ``worst`` are the bounds that count for numbers which are missing and not assumed; without one for each of those the row
    asks nothing until they are known.
    """

    factors: Mapping[Key, int]
    constant: int
    switch: int | None
    worst: Mapping[Key, int] = field(default_factory=dict)

    def known(self, keys: Collection[Key]) -> ExactRow | None:
        """The row over the numbers that are known; None where it asks nothing of them."""
        missing = [key for key in self.factors if key not in keys]
        if any(key not in self.worst for key in missing):
            return None
        return ExactRow(
            {key: factor for key, factor in self.factors.items() if key in keys},
            self.constant + sum(self.factors[key] * self.worst[key] for key in missing),
            self.switch,
        )
