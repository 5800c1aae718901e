"""What a round of the ladder adds: scores, points of a province, plans, updates. Of most enterprises there is none."""

from __future__ import annotations

from yiqi.pulse.by_tier import decided, holds, value
from yiqi.pulse.draws import Draws

SHANDONG, SICHUAN = 37, 51
OPERATIONS = 6
"""Members of the set of innovative operation in Shandong."""


def rounds(draws: Draws, year: int) -> dict[str, str]:
    """SQL of the columns before any is left out as unknown."""
    uniform = draws.uniform

    def within(province: int, sql: str) -> str:
        return f"CASE WHEN region // 10000 = {province} THEN {sql} END"

    operation = (
        f"CASE WHEN {uniform('shandong_any')} < {value((0.97, 0.8, 0.5, 0.3, 0.15))} THEN 0 "
        f"ELSE 1 << floor({OPERATIONS} * {uniform('shandong_which')})::INTEGER END::BIGINT"
    )
    scored = f"floor({value((0, 0, 4, 7, 8))} + 8 * {uniform('local_points')})::BIGINT * 10000"
    found = {
        "local_points": f"CASE WHEN {uniform('local_known')} < {value((0, 0, 0.1, 0.6, 0.7))} THEN {scored} END",
        "local_sichuan_industry_system": within(SICHUAN, holds(draws, "sichuan_system", (0.2, 0.4, 0.6, 0.7, 0.8))),
        "local_sichuan_distinctive_product": within(
            SICHUAN, holds(draws, "sichuan_product", (0.01, 0.1, 0.3, 0.5, 0.6))
        ),
        "local_sichuan_regional_unique": within(
            SICHUAN, decided(draws, "sichuan_unique", (0, 0.01, 0.2, 0.5, 0.7), 0.3)
        ),
        "local_shandong_key_industry": within(SHANDONG, f"floor(5 * {uniform('shandong_industry')})::SMALLINT"),
        "local_shandong_innovative_operation": within(SHANDONG, operation),
        "local_shandong_market_rank": within(SHANDONG, f"(1 + floor((rank - 1) * {uniform('shandong_rank')}))::BIGINT"),
        "missed_updates": f"CASE WHEN tier >= 2 THEN floor(1.15 * {uniform('missed_updates')})::BIGINT END",
        "controlled_by_little_giant": holds(draws, "controlled", (0.0002, 0.001, 0.003, 0.008, 0.02)),
        "key_support_before": f"CASE WHEN tier = 4 THEN {uniform('key_before')} < 0.2 END",
        "key_plan_investment": f"CASE WHEN tier = 4 THEN floor(200 + 6000 * {uniform('key_plan')})::BIGINT * 1000000 "
        "END",
        "key_plan_three_new_one_strong": decided(draws, "key_plan_kind", (0, 0, 0, 0.02, 0.5), 0.6),
        "key_recommended": decided(draws, "key_recommended", (0, 0, 0, 0.02, 0.5), 0.3),
    }
    for back in range(3):
        known = value((0, 0.02, 0.35, 0.9, 0.95)) if back == 0 else value((0, 0.01, 0.2, 0.8, 0.9))
        score = f"{value((20, 32, 42, 56, 68))} + 5 * {draws.normal('score')} + 2 * {draws.normal(f'score:{back}')}"
        found[f"development_score_{year + 1 - back}"] = (
            f"CASE WHEN {uniform(f'score_known:{back}')} < {known} "
            f"THEN floor(least(100, greatest(5, {score})) * 100)::BIGINT * 100 END"
        )
    return found
