"""The yearly figures of a row: revenue, cost, profit, assets, debts, R&D expense, staff.

The layer below has, in the smallest units, ``y`` (revenue), ``x`` (staff), ``z`` (assets) of the last year, and the
ratios drawn for the row.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import log, sinh

from yiqi.pulse.draws import Draws, by
from yiqi.pulse.targets import Targets

STEP = 10_000
"""Fen: amounts are whole hundreds of yuan, two decimals in 万元."""

SPREAD = 0.22
"""Deviation of the logarithm of a year's growth."""


def amount(value: str) -> str:
    """A DOUBLE in fen as a BIGINT of whole hundreds of yuan, rounded down."""
    return f"(floor(({value}) / {STEP})::BIGINT * {STEP})"


def mean_of_exponential(spread: float) -> float:
    """The mean of exp(spread * n) where n is what :meth:`Draws.normal` draws."""
    half = spread * 3**0.5 / 2
    return (sinh(half) / half) ** 4


def shrink(draws: Draws, years_back: int, growth: float) -> str:
    """Revenue of the year before as a share of the year's: its mean is 1 / growth, so that a roster grows by ``growth``."""
    middle = -log(growth) - log(mean_of_exponential(SPREAD))
    return f"exp({middle!r} + {SPREAD} * {draws.normal(f'growth:{years_back}')})"


AFTER_TAX = 0.85
MARGIN_SPREAD = 0.07
DEBT_SPREAD = 0.42
MOST_DEBT = 1.4
RESEARCH_SPREAD = 0.45
RESEARCH_NOISE = 0.15
"""Deviations of margins, of the logarithms of debt ratios and of R&D over revenue: working values, tag [D]."""


def ratios(draws: Draws, targets: Targets, intensities: Sequence[float]) -> dict[str, str]:
    """SQL of what is drawn once for a row and used in several years: growth, margin, debt, R&D, main business."""
    growth = 1 + targets.growth.value
    debt = log(targets.debt.value / mean_of_exponential(DEBT_SPREAD))
    noise = mean_of_exponential(RESEARCH_SPREAD) * mean_of_exponential(RESEARCH_NOISE)
    research = by("tier", (0.0, *(round(share / noise, 8) for share in intensities)))
    return {
        "back1": shrink(draws, 1, growth),
        "back2": shrink(draws, 2, growth),
        "back3": shrink(draws, 3, growth),
        "margin": f"{targets.margin.value!r} + {MARGIN_SPREAD} * {draws.normal('margin')}",
        "debt": f"least({MOST_DEBT}, exp({debt!r} + {DEBT_SPREAD} * {draws.normal('debt')}))",
        "research": f"CASE WHEN tier = 0 THEN 0.0 ELSE {research} "
        f"* exp({RESEARCH_SPREAD} * {draws.normal('research')}) END",
        "main_share": f"CASE WHEN {draws.uniform('main_whole')} < 0.6 THEN 1.0 "
        f"ELSE 1 - 0.3 * {draws.uniform('main_share')} * {draws.uniform('main_share2')} END",
    }


YEARS_BACK = 4
"""For how many years the yearly figures are made, the last one included."""


def yearly(draws: Draws, year: int) -> dict[str, str]:
    """SQL of the yearly columns before any is left out as missing."""
    found: dict[str, str] = {}
    factors = ("1.0", "back1", "back1 * back2", "back1 * back2 * back3")
    for back, factor in enumerate(factors):
        at = year - back
        noise = f"0.03 * {draws.normal(f'margin:{back}')}"
        # Assets and staff move less than revenue does.
        assets = "z" if back == 0 else f"z * (0.35 + 0.65 * {factor})"
        staff = "x" if back == 0 else f"greatest(1, round(x * (0.4 + 0.6 * {factor})))"
        research_staff = f"floor({staff} * least(0.8, research * 3.2))"
        spent = f"exp({RESEARCH_NOISE} * {draws.normal(f'research:{back}')})"
        found |= {
            f"operating_revenue_{at}": "y" if back == 0 else amount(f"y * {factor}"),
            f"main_revenue_{at}": "y_main" if back == 0 else amount(f"y * main_share * {factor}"),
            f"total_costs_{at}": amount(f"greatest(0, y * {factor} * (1 - margin - {noise}))"),
            f"net_profit_{at}": amount(f"y * {factor} * (margin + {noise}) * {AFTER_TAX}"),
            f"total_assets_{at}": "z" if back == 0 else amount(assets),
            f"total_liabilities_{at}": amount(f"{assets} * debt * {1 - 0.03 * back:.2f}"),
            f"employees_{at}": f"({staff})::BIGINT",
            f"rd_staff_{at}": f"({research_staff})::BIGINT",
            f"technology_staff_{at}": f"least({staff}, ceil({research_staff} * 1.2))::BIGINT",
            f"rd_expense_{at}": amount(f"y * {factor} * research * {spent}"),
        }
    return found
