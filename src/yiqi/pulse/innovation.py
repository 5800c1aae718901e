"""Titles, intellectual property, awards, standards, financing: what shows that an enterprise does research."""

from __future__ import annotations

from yiqi.pulse.by_tier import decided, holds, number, position, value
from yiqi.pulse.draws import Draws

TITLES = ("innovative_sme", "technology_sme", "specialised_sme", "little_giant", "high_tech_enterprise",
          "innovation_demonstration", "ip_advantage", "ip_demonstration", "single_champion")  # fmt: skip
"""The members of the fact in their declared order, which gives each its bit."""

TITLE_ODDS = {
    "technology_sme": (0, 0.3, 0.6, 0.7, 0.5),
    "high_tech_enterprise": (0, 0.2, 0.55, 0.85, 0.97),
    "innovation_demonstration": (0, 0.00005, 0.0003, 0.001, 0.008),
    "ip_advantage": (0, 0.0005, 0.004, 0.02, 0.1),
    "ip_demonstration": (0, 0.0001, 0.0008, 0.004, 0.03),
    "single_champion": (0, 0, 0, 0.003, 0.04),
}
ONCE = {
    "award_any_3y": (0.0002, 0.002, 0.02, 0.06, 0.15),
    "maker_china_top500_3y": (0.00002, 0.0005, 0.004, 0.008, 0.01),
    "standards_drafted": (0.001, 0.01, 0.15, 0.4, 0.7),
}
"""Facts that others imply: drawn in the layer below, so that both agree."""


def titles(draws: Draws) -> str:
    """The set of titles as bits. A rung has the titles of those below it."""
    bit = {title: 1 << place for place, title in enumerate(TITLES)}
    innovative = bit["innovative_sme"]
    specialised = innovative + bit["specialised_sme"]
    rungs = value((0, 0, innovative, specialised, specialised + bit["little_giant"]))
    others = "".join(
        f" + CASE WHEN {draws.uniform(f'title:{title}')} < {value(odds)} THEN {bit[title]} ELSE 0 END"
        for title, odds in TITLE_ODDS.items()
    )
    # Who does no research has none; saying so first spares most rows the draws.
    return f"CASE WHEN tier = 0 THEN 0 ELSE {rungs}{others} END::BIGINT"


def below(draws: Draws) -> dict[str, str]:
    """SQL of what several columns are made from."""
    found = {field: holds(draws, field, odds) for field, odds in ONCE.items()}
    found["ip_class1"] = f"({number(draws, 'ip_class1', (0.02, 0.5, 4, 9, 22))} + tier // 3)"
    found["equity2"] = (
        f"CASE WHEN {draws.uniform('equity')} < {value((0.9985, 0.985, 0.93, 0.88, 0.8))} THEN 0 "
        f"ELSE floor(exp(14.5 + 1.3 * {draws.normal('equity_amount')}) / 100)::BIGINT * 10000 END"
    )
    return found


def innovation(draws: Draws) -> dict[str, str]:
    """SQL of the columns before any is left out as unknown."""
    uniform = draws.uniform
    own, used = f"(0.6 + 0.4 * {uniform('ip_own')})", f"(0.7 + 0.3 * {uniform('ip_applied')})"
    return {
        **{field: field for field in ONCE},
        "titles": "titles",
        "comparable_title": decided(draws, "comparable_title", (0, 0.002, 0.02, 0.02, 0.02), 0.5),
        "ip_class1": "ip_class1",
        "ip_class1_own": f"floor(ip_class1 * {own})::BIGINT",
        "ip_class1_high_value": f"floor(ip_class1 * 0.6 * {uniform('ip_high_value')})::BIGINT",
        "ip_class1_applied": f"ceil(ip_class1 * {used})::BIGINT",
        "ip_class1_original_applied": f"least(floor(ip_class1 * {own}), floor(ip_class1 * {used}))::BIGINT",
        "ip_class2": number(draws, "ip_class2", (0.1, 1.5, 10, 20, 35)),
        "rd_institution": position(
            draws,
            "rd_institution",
            (
                (0.005, 0.1, 0.5, 0.8, 0.95),
                (0.0015, 0.05, 0.35, 0.65, 0.88),
                (0.0004, 0.015, 0.12, 0.25, 0.55),
                (0.00002, 0.0005, 0.002, 0.01, 0.07),
            ),
        ),
        "award_provincial_top3_3y": f"award_any_3y AND {uniform('award_top3')} < 0.4",
        "award_national_top5_3y": f"award_any_3y AND {uniform('award_national')} < 0.05",
        "award_national_top3_3y": f"award_any_3y AND {uniform('award_national')} < 0.03",
        "award_national_top3_5y": f"(award_any_3y AND {uniform('award_national')} < 0.03) "
        f"OR (tier >= 2 AND {uniform('award_5y')} < 0.004)",
        "standards_led_5y": f"standards_drafted AND {uniform('standards_led')} < 0.25",
        "maker_china_top50_3y": f"maker_china_top500_3y AND {uniform('maker_china')} < 0.1",
        "equity_financing_2y": "equity2",
        "equity_financing_3y": f"equity2 + CASE WHEN {uniform('equity_third')} < 0.3 THEN equity2 // 20000 * 10000 "
        "ELSE 0 END",
        "listing_status": position(
            draws,
            "listing_status",
            (
                (0.0007, 0.01, 0.05, 0.15, 0.4),
                (0.0001, 0.003, 0.01, 0.04, 0.2),
                (0, 0.0005, 0.002, 0.01, 0.1),
            ),
        ),
    }
