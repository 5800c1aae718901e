"""Draws whose odds depend on the rung of research and titles a row stands on.

``tier`` is 0 without research, 1 with some, 2 innovative SME, 3 specialised SME, 4 little giant. How a rung shows in a
fact is a guess of this project, tag [D]; each list of odds has a value for each of the five.
"""

from __future__ import annotations

from yiqi.pulse.draws import Draws, by, threshold

Odds = tuple[float, float, float, float, float]


def value(odds: Odds) -> str:
    """SQL of the value of a row's rung."""
    return by("tier", odds)


def holds(draws: Draws, field: str, odds: Odds) -> str:
    """SQL of a yes/no that is yes with these odds."""
    return f"{draws.bits(field)} >= {by('tier', tuple(threshold(1 - share) for share in odds))}"


def decided(draws: Draws, field: str, known: Odds, positive: float) -> str:
    """SQL of a yes/no that somebody decides: NULL unless it was decided, then yes with the odds ``positive``."""
    bits = draws.bits(field)
    below = by("tier", tuple(threshold(share) for share in known))
    yes = by("tier", tuple(threshold(share * positive) for share in known))
    return f"CASE WHEN {bits} < {below} THEN {bits} < {yes} END"


def ratio(draws: Draws, field: str, low: Odds, high: Odds) -> str:
    """SQL of a ratio in whole tenths of a percent, drawn evenly between two bounds."""
    width = tuple(round(top - bottom, 6) for bottom, top in zip(low, high, strict=True))
    return f"(floor(({by('tier', low)} + {by('tier', width)} * {draws.uniform(field)}) * 1000)::BIGINT * 100000)"


def number(draws: Draws, field: str, means: Odds) -> str:
    """SQL of a count that is often small and sometimes large: exponential, rounded down."""
    return f"floor(-ln(1 - {draws.uniform(field)}) * {by('tier', means)})::BIGINT"


def position(draws: Draws, field: str, passed: tuple[Odds, ...]) -> str:
    """SQL of a position in an ordered list; ``passed`` has for each next position the odds to stand there or beyond."""
    drawn = draws.uniform(field)
    steps = "".join(f" + ({drawn} < {by('tier', odds)})::SMALLINT" for odds in passed)
    return f"(0{steps})::SMALLINT"
