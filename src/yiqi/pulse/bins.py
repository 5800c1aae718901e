"""The bins of staff, revenue and assets in which the size of an enterprise is fitted.

Edges stand on every bound of the size standard, so that all of a bin lies on one side of it; within a bin a figure is
drawn evenly on a logarithmic scale and rounded down to whole persons or whole hundreds of yuan.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import dataclass
from math import exp, floor, log

from yiqi.pulse.money import STEP

STAFF = (1, 2, 3, 4, 5, 6, 8, 10, 13, 16, 20, 25, 30, 40, 50, 65, 80, 100, 140, 200, 300, 450, 700, 1000, 1600, 2500,
         4000, 6500, 10_000)  # fmt: skip
MONEY_STEPS = 3
"""Edges of amounts in a factor of ten."""

LEAST_MONEY = 10**6
"""Fen: 1万元, below which the vocabulary calls a yearly figure implausible."""

WIDE = 200
"""Whole numbers in a bin up to which its mean is added up one by one."""


@dataclass(frozen=True, slots=True)
class Bin:
    """Values from ``low`` up to but without ``high``; ``mean`` is what a draw is on average. ``low`` 0 is nothing."""

    low: float
    high: float
    mean: float

    @property
    def middle(self) -> float:
        """The logarithm of the geometric middle."""
        return (log(self.low) + log(self.high)) / 2

    @property
    def width(self) -> float:
        return log(self.high) - log(self.low)


NOTHING = Bin(0, 0, 0)


def staff_bins(bounds: Iterable[int], largest: float) -> tuple[Bin, ...]:
    """Bins of head counts from 1 up to and with ``largest``."""
    edges = sorted({*STAFF, *bounds, int(largest) + 1})
    return tuple(Bin(low, high, mean_of_floor(low, high)) for low, high in itertools.pairwise(edges))


def money_bins(bounds: Iterable[int], largest: float) -> tuple[Bin, ...]:
    """Bins of amounts in fen; edges are multiples of the step in which amounts are written."""
    edges = {int(largest), *bounds}
    step = 0
    while (edge := LEAST_MONEY * 10 ** (step / MONEY_STEPS)) < largest:
        edges.add(round(edge / STEP) * STEP)
        step += 1
    ordered = sorted(edges)
    return tuple(Bin(low, high, (high - low) / log(high / low) - STEP / 2) for low, high in itertools.pairwise(ordered))


def mean_of_floor(low: float, high: float) -> float:
    """The mean of the whole part of a number drawn evenly on a logarithmic scale between two bounds of at least 1."""
    width = log(high / low)
    first, last = floor(low), floor(high - 1e-9)
    if last - first > WIDE:
        return (high - low) / width - 0.5
    total = 0.0
    for whole in range(first, last + 1):
        total += whole * log(min(high, whole + 1) / max(low, whole))
    return total / width


def spread_mean(middle: float, half: float) -> float:
    """The mean of exp(u) for u drawn evenly within ``half`` of ``middle``."""
    return (exp(middle + half) - exp(middle - half)) / (2 * half)
