"""Products, market and quality."""

from __future__ import annotations

from yiqi.pulse.by_tier import decided, holds, number, ratio, value
from yiqi.pulse.draws import Draws

YES = {
    "own_brand": (0.05, 0.2, 0.5, 0.7, 0.85),
    "quality_award_provincial": (0.0005, 0.002, 0.02, 0.06, 0.15),
    "product_certificate_abroad": (0.005, 0.03, 0.1, 0.2, 0.35),
    "core_business_on_information_system": (0.15, 0.35, 0.7, 0.9, 0.97),
    "product_strategic_emerging": (0.03, 0.2, 0.5, 0.65, 0.8),
    "product_fills_gap": (0.001, 0.01, 0.08, 0.25, 0.6),
    "product_six_foundations": (0.01, 0.08, 0.3, 0.5, 0.75),
    "product_time_honoured_brand": (0.0005, 0.001, 0.002, 0.003, 0.004),
    "product_serves_key_chain_leader": (0.01, 0.05, 0.2, 0.35, 0.55),
    "product_key_field_2022": (0.02, 0.15, 0.45, 0.7, 0.95),
    "product_key_link": (0.005, 0.05, 0.25, 0.5, 0.85),
    "product_industrialised_key_chain": (0.002, 0.02, 0.15, 0.35, 0.7),
    "product_upgrade_emerging_future": (0.05, 0.25, 0.6, 0.8, 0.93),
}
JUDGED = {
    # fact: on what share somebody has decided, and how often with yes
    "reputation_high": ((0, 0.005, 0.1, 0.5, 0.9), 0.8),
    "governance_sound": ((0, 0.01, 0.15, 0.6, 0.9), 0.93),
    "product_chain_security": ((0, 0.002, 0.03, 0.2, 0.9), 0.75),
    "market_share_leading": ((0, 0.002, 0.05, 0.4, 0.8), 0.7),
    "product_field_exception": ((0, 0.001, 0.01, 0.05, 0.2), 0.2),
    "champion_new_product": ((0, 0, 0.005, 0.05, 0.4), 0.6),
}


def below(draws: Draws) -> dict[str, str]:
    """SQL of what several columns are made from."""
    return {
        "rank": f"(1 + {number(draws, 'market_rank', (400, 150, 25, 9, 3))})",
        "management_certificate": holds(draws, "management_certificate", (0.06, 0.3, 0.75, 0.93, 0.99)),
    }


def market(draws: Draws) -> dict[str, str]:
    """SQL of the columns before any is left out as unknown."""
    uniform = draws.uniform
    abroad = ratio(draws, "share_abroad", (0, 0, 0, 0, 0.02), (0, 0, 0.05, 0.12, 0.25))
    in_segment = f"floor({value((1, 2, 3, 3, 4))} + 12 * {uniform('segment')})"
    return {
        **{field: holds(draws, field, odds) for field, odds in YES.items()},
        **{field: decided(draws, field, known, positive) for field, (known, positive) in JUDGED.items()},
        "management_certificate": "management_certificate",
        "quality_certificate": f"management_certificate AND {uniform('quality_certificate')} < 0.9",
        "market_share": ratio(draws, "market_share", (0, 0, 0.01, 0.06, 0.1), (0.02, 0.08, 0.2, 0.35, 0.5)),
        "market_share_international": f"CASE WHEN tier >= 2 THEN {abroad} ELSE 0 END",
        "market_rank": "rank",
        "market_rank_world": f"rank + floor(rank * 3 * {uniform('rank_world')})::BIGINT",
        "segment_years": f"least(age, {in_segment})::BIGINT",
        "champion_field_years": f"CASE WHEN tier >= 3 THEN least(age, {in_segment})::BIGINT END",
        "leading_product_share": ratio(draws, "leading_product", (0.3, 0.4, 0.5, 0.6, 0.7), (1, 1, 1, 1, 1)),
    }
