"""Sums of columns, and rows over whole numbers."""

from __future__ import annotations

from collections.abc import Mapping
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
    """A row over whole numbers, ``constant + Σ factor · value >= 0``, that counts while the column ``switch`` is 1."""

    factors: Mapping[Key, int]
    constant: int
    switch: int | None
