"""A change of outcome from one version of the law to another, and which way it goes."""

from __future__ import annotations

from typing import Literal

Direction = Literal["lost", "gained", "other"]
"""*Lost*: from yes to open or no, from open to no. *Gained*: the other way. *Other*: from one class to another."""

Change = tuple[int, int]
"""An outcome before and after: 2 yes, 1 open, 0 no; for a class its place among the names from 1 on, 0 while several are
possible."""

_TESTS: dict[Direction, str] = {"lost": "{1} < {0}", "gained": "{1} > {0}", "other": "{0} <> {1}"}


def direction(change: Change, is_class: bool) -> Direction | None:
    """Which way a change goes; None for no change."""
    before, after = change
    if before == after:
        return None
    if is_class:
        return "other"
    return "lost" if after < before else "gained"


def goes(way: Direction, before: str, after: str) -> str:
    """SQL for whether an outcome goes one way."""
    return _TESTS[way].format(before, after)
