"""What a population adds up to, counted over its rows before any fact is left out as unknown."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from yiqi.pulse.branches import INDUSTRY
from yiqi.pulse.sizes import ABOVE_SIZE

KEYS = ("province", "branch", "size", "above", "above_before", "tier", "age")
"""What rows are grouped by; None where a line does not tell them apart."""

SETS = (("province",), ("branch", "size", "above", "above_before"), ("tier",), ("age",))
MEASURES = ("count", "staff", "revenue", "assets", "debts", "surplus", "research", "researching", "same", "before")
"""Sums over rows. ``surplus`` is revenue without costs; ``same`` and ``before`` are this and last year's revenue of those
that were there last year. Amounts are fen."""


def sql(made: Mapping[str, str], year: int) -> tuple[dict[str, str], str]:
    """The columns of the query over complete rows that gives the lines of a tally, and how it is grouped."""
    there = f"CASE WHEN born < {year} THEN"
    before = f"({made[f'operating_revenue_{year - 1}']})"
    keys = {
        "province": "region // 10000",
        "branch": "branch",
        "size": "size",
        "above": f"y >= {round(ABOVE_SIZE)}",
        "above_before": f"born < {year} AND {before} >= {round(ABOVE_SIZE)}",
        "tier": "tier",
        "age": "CASE WHEN age < 5 THEN 0 WHEN age < 10 THEN 1 ELSE 2 END",
    }
    sums = {
        "count": "count(*)",
        "staff": "sum(x)",
        "revenue": "sum(y)",
        "assets": "sum(z)",
        "debts": f"sum({made[f'total_liabilities_{year}']})",
        "surplus": f"sum(y - ({made[f'total_costs_{year}']}))",
        "research": f"sum({made[f'rd_expense_{year}']})",
        "researching": "sum((tier > 0)::INTEGER)",
        "same": f"coalesce(sum({there} y END), 0)",
        "before": f"coalesce(sum({there} {before} END), 0)",
    }
    sets = ", ".join("(" + ", ".join(f"({keys[key]})" for key in group) + ")" for group in SETS)
    grouped = {name: f"CASE WHEN grouping({expression}) = 0 THEN {expression} END" for name, expression in keys.items()}
    return {**grouped, **sums}, f"GROUPING SETS ({sets})"


@dataclass
class Tally:
    """Sums by key: the order of KEYS to the order of MEASURES."""

    lines: dict[tuple[int | None, ...], list[int]] = field(default_factory=dict)

    def add(self, rows: Iterable[Sequence[int | bool | None]]) -> None:
        """Add the rows of the query of :func:`sql`."""
        for row in rows:
            key = tuple(None if value is None else int(value) for value in row[: len(KEYS)])
            sums = self.lines.setdefault(key, [0] * len(MEASURES))
            for place, value in enumerate(row[len(KEYS) :]):
                sums[place] += int(value or 0)

    def rows(self) -> list[list[int | None]]:
        """The lines as rows that :meth:`add` takes."""
        return [[*key, *sums] for key, sums in self.lines.items()]

    def total(
        self, measure: str, kept: Callable[[dict[str, int | None]], bool] | None = None, of: str = "branch"
    ) -> int:
        """The sum of a measure over the lines told apart by ``of`` that ``kept`` keeps."""
        place, key_place = MEASURES.index(measure), KEYS.index(of)
        return sum(
            sums[place]
            for key, sums in self.lines.items()
            if key[key_place] is not None and (kept is None or kept(dict(zip(KEYS, key, strict=True))))
        )


def industrial(branches: Sequence[str]) -> set[int]:
    """The places of industrial branches among branch keys."""
    return {place for place, key in enumerate(branches) if key[0] in INDUSTRY}
