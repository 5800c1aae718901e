"""Walker's alias method: a draw from any distribution with one look into a table."""

from __future__ import annotations

from collections.abc import Sequence

SLOTS = 1024
"""Entries of a table; a power of two, so that bits of a draw choose one."""


def alias(weights: Sequence[float]) -> list[tuple[float, int, int]]:
    """For each of SLOTS equally likely entries: a cut, the place drawn below it and the place drawn from it on.

    Raises ``ValueError`` for more places than entries or without any weight.
    """
    if len(weights) > SLOTS:
        raise ValueError(f"{len(weights)} places do not fit {SLOTS} entries")
    whole = sum(weights)
    if whole <= 0:
        raise ValueError("no weight to draw from")
    heights = [weight * SLOTS / whole for weight in weights] + [0.0] * (SLOTS - len(weights))
    entries = [(1.0, place, place) for place in range(SLOTS)]
    low = [place for place, height in enumerate(heights) if height < 1]
    high = [place for place, height in enumerate(heights) if height >= 1]
    while low and high:
        small, tall = low.pop(), high.pop()
        entries[small] = (heights[small], small, tall)
        heights[tall] -= 1 - heights[small]
        (low if heights[tall] < 1 else high).append(tall)
    # What is left over is left by rounding; an entry without a place of its own takes the likeliest.
    likeliest = max(range(len(weights)), key=lambda place: weights[place])
    return [
        (cut, first if first < len(weights) else likeliest, second if second < len(weights) else likeliest)
        for cut, first, second in entries
    ]
