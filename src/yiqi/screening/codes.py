"""Sets of codes of industries and regions, as ranges of their numbers.

What a table of rows by industry leaves for a row is known before any enterprise is looked at: it is taken away from the
row's set here, not in every row of a query. Zero stands for a code that is missing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

MISSING = 0
LAST = 2_100_000
"""Above every code's number."""


@dataclass(frozen=True)
class CodeSet:
    """Whole numbers from 0 to :data:`LAST`, as ranges with both ends in, ascending, none touching another."""

    spans: tuple[tuple[int, int], ...] = ()

    @classmethod
    def of(cls, spans: Iterable[tuple[int, int]]) -> CodeSet:
        """The union of ranges in any order; a range whose end lies before its start is empty."""
        found: list[tuple[int, int]] = []
        for low, high in sorted(span for span in spans if span[0] <= span[1]):
            if found and low <= found[-1][1] + 1:
                found[-1] = found[-1][0], max(found[-1][1], high)
            else:
                found.append((low, high))
        return cls(tuple(found))

    def __or__(self, other: CodeSet) -> CodeSet:
        return CodeSet.of([*self.spans, *other.spans])

    def __sub__(self, other: CodeSet) -> CodeSet:
        found: list[tuple[int, int]] = []
        for low, high in self.spans:
            start = low
            for taken_low, taken_high in other.spans:
                if taken_high < start or taken_low > high:
                    continue
                found.append((start, taken_low - 1))
                start = taken_high + 1
            found.append((start, high))
        return CodeSet.of(found)


EVERY = CodeSet(((0, LAST),))
NOTHING = CodeSet()
