"""Randomness as a function of seed, row and field, written as SQL.

``hash(row + offset)`` is 64 bits that depend on nothing but the row and the offset, and the offset on nothing but the
seed and the name of the field. So a row is the same whichever part, process or thread makes it, and a new field leaves
the others as they were.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

WHOLE = 2**64

STEPS = {"cell": 0.7548776662466927, "tier": 0.5698402909980532}
"""Steps of the sequence that fills a square most evenly: 1/g and 1/g² where g³ = g + 1."""


class Draws:
    """SQL for the random draws of one seed. ``row`` is the name of the row's column."""

    def __init__(self, seed: int, row: str = "row") -> None:
        self.seed = seed
        self.row = row

    def bits(self, field: str) -> str:
        """64 random bits of a field, UBIGINT."""
        return f"hash({self.row} + {int.from_bytes(self._digest(field), 'big') >> 2}::BIGINT)"

    def uniform(self, field: str) -> str:
        """A DOUBLE in [0, 1)."""
        return f"(({self.bits(field)} >> 11) * 1.1102230246251565e-16::DOUBLE)"

    def spread(self, field: str, number: str) -> str:
        """A DOUBLE in [0, 1) that runs through the interval evenly as ``number`` counts rows of one kind, from a start
        that the seed sets. Shares are then met to about one row where independent draws would stray by many."""
        start = int.from_bytes(self._digest(field), "big") / WHOLE
        step = STEPS[field]
        return f"({number} * {step!r} + {start!r} - floor({number} * {step!r} + {start!r}))"

    def _digest(self, field: str) -> bytes:
        return hashlib.blake2b(f"{self.seed}:{field}".encode(), digest_size=8).digest()

    def normal(self, field: str) -> str:
        """A DOUBLE of mean 0 and deviation 1, within 3.5: the sum of four uniforms of 16 bits."""
        bits = self.bits(field)
        parts = " + ".join(f"(({bits} >> {shift}) & 65535)" for shift in (0, 16, 32, 48))
        return f"((({parts})::DOUBLE - 131070) * {3**0.5 / 65536!r})"

    def flag(self, field: str, yes: str, missing: str) -> str:
        """A BOOLEAN with thresholds from :func:`threshold` (or SQL that gives them): NULL below ``missing``."""
        bits = self.bits(field)
        return f"CASE WHEN {bits} < {missing} THEN NULL ELSE {bits} >= {yes} END"


def threshold(share: float) -> int:
    """The bits below which a share of all draws lies."""
    return min(WHOLE - 1, max(0, round(share * WHOLE)))


def by(column: str, values: Sequence[object] | Mapping[int, object]) -> str:
    """SQL that picks a constant by a small number: the last value is that of all larger numbers."""
    pairs = list(values.items()) if isinstance(values, Mapping) else list(enumerate(values))
    *first, (_, last) = pairs
    if all(value == last for _, value in first):
        return str(last)
    return f"CASE {column} " + " ".join(f"WHEN {key} THEN {value}" for key, value in first) + f" ELSE {last} END"
