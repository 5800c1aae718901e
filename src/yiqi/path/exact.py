"""From a solution in floating point to whole numbers of the smallest unit that satisfy the law's own polynomials.

Only facts that are compared with each other are numbers in the program; the solver is right about them to far less than
one unit. Around what it says the few whole numbers beside each are tried, and the cheapest that satisfies every row exactly is
taken.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from fractions import Fraction

from yiqi.path.charging import charges
from yiqi.path.encoding import Encoding
from yiqi.path.levers import Key
from yiqi.path.milp import Solution
from yiqi.path.sums import ExactRow

NEAR = 2
"""Whole numbers tried on either side of what the solver says."""
MOST = 20_000
"""Combinations tried at most."""


def exact_values(encoding: Encoding, solution: Solution) -> dict[Key, int | None] | None:
    """The value of every lever; None where no whole numbers near the solution satisfy the rows."""
    values = {k: encoding.columns.value_of(encoding.columns.every[k], solution.values) for k in encoding.columns.leaves}
    for entered, column in encoding.entered.values():
        amount = round(solution.values[column])
        lever = encoding.columns.of_slot[entered.slot]
        if amount:
            values[lever.key] = entered.low + amount if entered.sign > 0 else entered.high - amount
    keys = [k for k in encoding.columns.number if values[k] is not None]
    taken = [r for r in encoding.columns.exact if r.switch is None or solution.values[r.switch] > 0.5]
    rows = [row for r in taken if (row := r.known(keys)) is not None]
    if not keys:
        return values

    def cost(chosen: Mapping[Key, int]) -> Fraction:
        moved = {
            k: v for k, v in {**values, **chosen}.items() if v is not None and v != encoding.columns.every[k].value
        }
        return sum(charges(moved, encoding.columns.every, encoding.parts).values(), Fraction(0))

    best: tuple[Fraction, dict[Key, int]] | None = None
    for number, chosen in enumerate(_near(encoding, keys, values, solution)):
        if number >= MOST:
            break
        total = cost(chosen)
        if (best is None or total < best[0]) and _satisfied(rows, chosen):
            best = total, chosen
    if best is None:
        return None
    total, chosen = best
    for key in keys:
        # No further than needed, where going further is free: what moves along with a part of it.
        less = {**chosen, key: _least(encoding, key, rows, chosen)}
        if less != chosen and cost(less) <= total and _satisfied(rows, less):
            chosen = less
    return {**values, **chosen}


def _least(encoding: Encoding, key: Key, rows: list[ExactRow], chosen: Mapping[Key, int]) -> int:
    """The value nearest to the present one that satisfies every row, the others as they are."""
    lever = encoding.columns.every[key]
    if lever.value is None or not lever.sign:
        return chosen[key]
    found = lever.value
    for row in rows:
        factor = row.factors.get(key, 0) * lever.sign
        if factor > 0:
            rest = row.constant + sum(f * chosen[k] for k, f in row.factors.items() if k != key)
            # factor · sign · value >= -rest
            needed = lever.sign * (-(rest // factor))
            found = max(found, needed) if lever.sign > 0 else min(found, needed)
    return found


def _near(
    encoding: Encoding, keys: list[Key], values: dict[Key, int | None], solution: Solution
) -> Iterator[dict[Key, int]]:
    reach = NEAR if len(keys) <= 5 else 1
    choices = []
    for key in keys:
        middle = values[key]
        assert middle is not None
        lever = encoding.columns.every[key]
        # What stays, stays; and a number that is counted in its smallest unit is exact already. That it stays is said by the
        # column that would let it move: a change of less than half a unit rounds to none, and may stand for a whole one.
        stays = middle == lever.value and not encoding.columns.moves(key, solution.values)
        settled = stays or encoding.columns.milp.whole[encoding.columns.number[key]]
        around = range(middle, middle + 1) if settled else range(middle - reach, middle + reach + 1)
        choices.append([v for v in around if lever.within(v)])
    for picked in itertools.product(*choices):
        yield dict(zip(keys, picked, strict=True))


def _satisfied(rows: list[ExactRow], chosen: Mapping[Key, int]) -> bool:
    return all(r.constant + sum(f * chosen[k] for k, f in r.factors.items()) >= 0 for r in rows)
