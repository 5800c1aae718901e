"""Where rows stand: which place of its province's order a row takes, and in which prefecture.

Rows are sorted by region. Within a province they are mixed: row *i* takes place *(i · a + b) mod n*, where *a* has no
divisor in common with *n*, so that each place is taken once and neighbours are of different kinds.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import gcd

from yiqi.pulse.allocation import Allocation
from yiqi.pulse.rounding import largest_remainder

PREFECTURES = {
    13: 11, 14: 11, 15: 12, 21: 14, 22: 9, 23: 13, 32: 13, 33: 11, 34: 16, 35: 9, 36: 11, 37: 16, 41: 17, 42: 13, 43: 14,
    44: 21, 45: 14, 46: 4, 51: 21, 52: 9, 53: 16, 54: 7, 61: 10, 62: 14, 63: 8, 64: 5, 65: 14,
}  # fmt: skip
"""How many prefectures a province is given; they are numbered from 01 without the gaps of the real codes."""

DISTRICTS = 16
"""Districts of a city under the central government: 110101, 110102, …"""

GOLDEN = 0.6180339887498949


def regions(province: int) -> tuple[int, ...]:
    """The made-up region codes of a province: its two digits are real, the four behind them are not."""
    if province in PREFECTURES:
        return tuple(province * 10_000 + number * 100 for number in range(1, PREFECTURES[province] + 1))
    return tuple(province * 10_000 + 100 + number for number in range(1, DISTRICTS + 1))


def region_starts(allocation: Allocation) -> list[tuple[int, int]]:
    """The first row of each region and its code, in order. The first of a province is the largest."""
    found = []
    for province, (first, count) in allocation.provinces.items():
        codes = regions(province)
        row = first + 1
        for code, rows in zip(codes, largest_remainder([1 / (n + 3) for n in range(len(codes))], count), strict=True):
            if rows:
                found.append((row, code))
                row += rows
    return found


def place_starts(allocation: Allocation) -> list[tuple[int, str]]:
    """The first row of each province and SQL for the place of a row in it."""
    found = []
    for first, count in allocation.provinces.values():
        if count:
            step = multiplier(count)
            found.append((first + 1, f"({first} + ((row - {first + 1}) * {step} + {count // 3}) % {count})"))
    return found


def multiplier(count: int) -> int:
    """The number next to the golden part of ``count`` that has no divisor in common with it."""
    step = max(1, round(count * GOLDEN))
    while gcd(step, count) != 1:
        step += 1
    return step


def within(
    starts: Iterable[tuple[int, str]] | Iterable[tuple[int, int]], first: int, last: int
) -> list[tuple[int, object]]:
    """The ranges that touch ``first`` to ``last``, both with; the first one begins at ``first`` or before."""
    ordered = list(starts)
    kept = [pair for pair in ordered if first < pair[0] <= last]
    before = [pair for pair in ordered if pair[0] <= first]
    return [*before[-1:], *kept]
