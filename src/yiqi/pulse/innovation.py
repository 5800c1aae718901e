"""Innovation, products, market, titles: what a row shows beyond its accounts.

``tier`` is 0 without research, 1 with some, 2 innovative SME, 3 specialised SME, 4 little giant; a tier has the titles
of those below. How a tier shows in the other facts is a guess of this project, tag [D].
"""

from __future__ import annotations

from yiqi.pulse.draws import Draws, by, threshold

COUNTS = {
    # fact: mean by tier
    "ip_class1": (0.02, 0.5, 4, 9, 22),
    "ip_class2": (0.1, 1.5, 10, 20, 35),
}
YES = {
    # fact: share of yes by tier
    "award_any_3y": (0.0002, 0.002, 0.02, 0.06, 0.15),
    "maker_china_top500_3y": (0.00002, 0.0005, 0.004, 0.008, 0.01),
    "own_brand": (0.05, 0.2, 0.5, 0.7, 0.85),
    "quality_award_provincial": (0.0005, 0.002, 0.02, 0.06, 0.15),
    "management_certificate": (0.06, 0.3, 0.75, 0.93, 0.99),
    "product_certificate_abroad": (0.005, 0.03, 0.1, 0.2, 0.35),
    "core_business_on_information_system": (0.15, 0.35, 0.7, 0.9, 0.97),
    "standards_drafted": (0.001, 0.01, 0.15, 0.4, 0.7),
    "product_strategic_emerging": (0.03, 0.2, 0.5, 0.65, 0.8),
    "product_fills_gap": (0.001, 0.01, 0.08, 0.25, 0.6),
    "product_six_foundations": (0.01, 0.08, 0.3, 0.5, 0.75),
    "product_time_honoured_brand": (0.0005, 0.001, 0.002, 0.003, 0.004),
    "product_serves_key_chain_leader": (0.01, 0.05, 0.2, 0.35, 0.55),
    "product_key_field_2022": (0.02, 0.15, 0.45, 0.7, 0.95),
    "product_key_link": (0.005, 0.05, 0.25, 0.5, 0.85),
    "product_industrialised_key_chain": (0.002, 0.02, 0.15, 0.35, 0.7),
    "product_upgrade_emerging_future": (0.05, 0.25, 0.6, 0.8, 0.93),
    "controlled_by_little_giant": (0.0002, 0.001, 0.003, 0.008, 0.02),
}
JUDGED = {
    # fact: share decided by tier, share of yes among them: an authority decides on those that apply
    "reputation_high": ((0, 0.005, 0.1, 0.5, 0.9), 0.8),
    "governance_sound": ((0, 0.01, 0.15, 0.6, 0.9), 0.93),
    "product_chain_security": ((0, 0.002, 0.03, 0.2, 0.9), 0.75),
    "market_share_leading": ((0, 0.002, 0.05, 0.4, 0.8), 0.7),
    "product_field_exception": ((0, 0.001, 0.01, 0.05, 0.2), 0.2),
    "comparable_title": ((0, 0.002, 0.02, 0.02, 0.02), 0.5),
    "key_recommended": ((0, 0, 0, 0.02, 0.5), 0.3),
    "key_plan_three_new_one_strong": ((0, 0, 0, 0.02, 0.5), 0.6),
    "champion_new_product": ((0, 0, 0.005, 0.05, 0.4), 0.6),
    "local_sichuan_regional_unique": ((0, 0.01, 0.2, 0.5, 0.7), 0.3),
}


def share(draws: Draws, field: str, low: tuple[float, ...], high: tuple[float, ...]) -> str:
    """A ratio in whole tenths of a percent between two bounds by tier."""
    return (
        f"(floor(({by('tier', low)} + ({by('tier', tuple(round(b - a, 6) for a, b in zip(low, high, strict=True)))}) "
        f"* {draws.uniform(field)}) * 1000)::BIGINT * 100000)"
    )


def yes(draws: Draws, field: str, shares: tuple[float, ...]) -> str:
    return f"{draws.bits(field)} >= {by('tier', tuple(threshold(1 - share) for share in shares))}"


def below(draws: Draws) -> dict[str, str]:
    """What other columns are made from: drawn once in the layer between."""
    found = {
        field: f"floor(-ln(1 - {draws.uniform(field)}) * {by('tier', means)} + 0.2 * tier)::BIGINT"
        for field, means in COUNTS.items()
    }
    found |= {field: yes(draws, field, YES[field]) for field in ("award_any_3y", "standards_drafted")}
    found |= {field: yes(draws, field, YES[field]) for field in ("management_certificate", "maker_china_top500_3y")}
    found["rank"] = f"(1 + floor(-ln(1 - {draws.uniform('market_rank')}) * {by('tier', (400, 150, 25, 9, 3))}))::BIGINT"
    found["equity2"] = (
        f"CASE WHEN {draws.uniform('equity')} < {by('tier', (0.9985, 0.985, 0.93, 0.88, 0.8))} THEN 0 "
        f"ELSE floor(exp(14.5 + 1.3 * {draws.normal('equity_amount')}) / 100)::BIGINT * 10000 END"
    )
    return found


def innovation(draws: Draws, year: int) -> dict[str, str]:
    """SQL of the columns before any is left out as missing."""
    uniform = draws.uniform
    found = {field: yes(draws, field, shares) for field, shares in YES.items()}
    for field in ("award_any_3y", "standards_drafted", "management_certificate", "maker_china_top500_3y"):
        found[field] = field
    for field, (decided, positive) in JUDGED.items():
        known = by("tier", tuple(threshold(part) for part in decided))
        upper = by("tier", tuple(threshold(part * positive) for part in decided))
        bits = draws.bits(field)
        found[field] = f"CASE WHEN {bits} < {known} THEN {bits} < {upper} END"
    found |= {
        "ip_class1": "ip_class1",
        "ip_class1_own": f"floor(ip_class1 * (0.6 + 0.4 * {uniform('own')}))::BIGINT",
        "ip_class1_high_value": f"floor(ip_class1 * 0.6 * {uniform('high_value')})::BIGINT",
        "ip_class1_applied": f"ceil(ip_class1 * (0.7 + 0.3 * {uniform('applied')}))::BIGINT",
        "ip_class1_original_applied": f"least(floor(ip_class1 * (0.6 + 0.4 * {uniform('own')})), "
        f"floor(ip_class1 * (0.7 + 0.3 * {uniform('applied')})))::BIGINT",
        "ip_class2": "ip_class2",
        "rd_institution": _steps(draws, "rd_institution", (
            (0.995, 0.9985, 0.9996, 0.99998), (0.9, 0.95, 0.985, 0.9995), (0.5, 0.65, 0.88, 0.998),
            (0.2, 0.35, 0.75, 0.99), (0.05, 0.12, 0.45, 0.93),
        )),
        "award_provincial_top3_3y": f"award_any_3y AND {uniform('award_top3')} < 0.4",
        "award_national_top5_3y": f"award_any_3y AND {uniform('award_national')} < 0.05",
        "award_national_top3_3y": f"award_any_3y AND {uniform('award_national')} < 0.03",
        "award_national_top3_5y": f"(award_any_3y AND {uniform('award_national')} < 0.03) "
        f"OR (tier >= 2 AND {uniform('award_5y')} < 0.004)",
        "standards_led_5y": f"standards_drafted AND {uniform('standards_led')} < 0.25",
        "maker_china_top50_3y": f"maker_china_top500_3y AND {uniform('maker_china')} < 0.1",
        "quality_certificate": f"management_certificate AND {uniform('quality_certificate')} < 0.9",
        "market_share": share(draws, "market_share", (0, 0, 0.01, 0.06, 0.1), (0.02, 0.08, 0.2, 0.35, 0.5)),
        "market_share_international": f"CASE WHEN tier >= 2 THEN "
        f"{share(draws, 'share_abroad', (0, 0, 0, 0, 0.02), (0, 0, 0.05, 0.12, 0.25))} ELSE 0 END",
        "market_rank": "rank",
        "market_rank_world": f"rank + floor(rank * 3 * {uniform('rank_world')})::BIGINT",
        "segment_years": f"least(age, floor({by('tier', (1, 2, 3, 3, 4))} + 12 * {uniform('segment')}))::BIGINT",
        "champion_field_years": f"CASE WHEN tier >= 3 THEN least(age, floor(3 + 12 * {uniform('segment')}))::BIGINT END",
        "leading_product_share": share(
            draws, "leading", (0.3, 0.4, 0.5, 0.6, 0.7), (1, 1, 1, 1, 1)
        ),
        "digital_level": f"floor({by('tier', (1.2, 2, 3, 3.6, 4.4))} * {uniform('digital')})::BIGINT",
        "equity_financing_2y": "equity2",
        "equity_financing_3y": f"equity2 + CASE WHEN {uniform('equity_third')} < 0.3 THEN equity2 // 20000 * 10000 ELSE 0 END",
        "listing_status": _steps(draws, "listing_status", (
            (0.9993, 0.9999, 1), (0.99, 0.997, 0.9995), (0.95, 0.99, 0.998), (0.85, 0.96, 0.99), (0.6, 0.8, 0.9),
        )),
        "missed_updates": f"CASE WHEN tier >= 2 THEN floor(1.15 * {uniform('missed')})::BIGINT END",
        "key_support_before": f"CASE WHEN tier = 4 THEN {uniform('key_before')} < 0.2 END",
        "key_plan_investment": f"CASE WHEN tier = 4 THEN floor(200 + 6000 * {uniform('key_plan')})::BIGINT * 1000000 END",
        "local_sichuan_industry_system": f"CASE WHEN region // 10000 = 51 THEN {uniform('sichuan_system')} < {by('tier', (0.2, 0.4, 0.6, 0.7, 0.8))} END",
        "local_sichuan_distinctive_product": f"CASE WHEN region // 10000 = 51 THEN {uniform('sichuan_product')} < {by('tier', (0.01, 0.1, 0.3, 0.5, 0.6))} END",
        "local_shandong_key_industry": f"CASE WHEN region // 10000 = 37 THEN floor(5 * {uniform('shandong')})::SMALLINT END",
        "local_shandong_innovative_operation": f"CASE WHEN region // 10000 = 37 THEN CASE WHEN {uniform('shandong_any')} < {by('tier', (0.97, 0.8, 0.5, 0.3, 0.15))} THEN 0 ELSE 1 << floor(6 * {uniform('shandong_which')})::INTEGER END::BIGINT END",
        "local_shandong_market_rank": f"CASE WHEN region // 10000 = 37 THEN (1 + floor((rank - 1) * {uniform('shandong_rank')}))::BIGINT END",
        "local_points": f"CASE WHEN tier >= 2 AND {uniform('local_known')} < {by('tier', (0, 0, 0.1, 0.6, 0.7))} THEN floor({by('tier', (0, 0, 4, 7, 8))} + 8 * {uniform('local_points')})::BIGINT * 10000 END",
        "titles": "titles",
    }  # fmt: skip
    for at, name in ((year + 1, "score"), (year, "score1"), (year - 1, "score2")):
        known = by("tier", (0, 0.02, 0.35, 0.9, 0.95) if at > year else (0, 0.01, 0.2, 0.8, 0.9))
        found[f"development_score_{at}"] = (
            f"CASE WHEN {uniform(name + ':known')} < {known} THEN "
            f"floor(least(100, greatest(5, {by('tier', (20, 32, 42, 56, 68))} + 5 * {draws.normal('score')} "
            f"+ 2 * {draws.normal(name)})) * 100)::BIGINT * 100 END"
        )
    return found


def titles(draws: Draws) -> str:
    """The set of titles as bits, in the declared order of the fact."""
    innovative, technology, specialised, giant, high_tech, demonstration, advantage, ip_demonstration, champion = (
        1 << place for place in range(9)
    )
    uniform = draws.uniform
    return (
        f"({by('tier', (0, 0, innovative, innovative + specialised, innovative + specialised + giant))}"
        f" + CASE WHEN {uniform('technology_sme')} < {by('tier', (0.0005, 0.3, 0.6, 0.7, 0.5))} AND size < 3 THEN {technology} ELSE 0 END"
        f" + CASE WHEN {uniform('high_tech')} < {by('tier', (0.0001, 0.2, 0.55, 0.85, 0.97))} THEN {high_tech} ELSE 0 END"
        f" + CASE WHEN tier >= 1 AND {uniform('demonstration')} < {by('tier', (0, 0.00005, 0.0003, 0.001, 0.008))} THEN {demonstration} ELSE 0 END"
        f" + CASE WHEN tier >= 1 AND {uniform('ip_title')} < {by('tier', (0, 0.0005, 0.004, 0.02, 0.1))} THEN {advantage} ELSE 0 END"
        f" + CASE WHEN tier >= 1 AND {uniform('ip_title2')} < {by('tier', (0, 0.0001, 0.0008, 0.004, 0.03))} THEN {ip_demonstration} ELSE 0 END"
        f" + CASE WHEN tier >= 3 AND {uniform('champion')} < {by('tier', (0, 0, 0, 0.003, 0.04))} THEN {champion} ELSE 0 END)::BIGINT"
    )


def _steps(draws: Draws, field: str, below: tuple[tuple[float, ...], ...]) -> str:
    """The position in an ordered list: how many of the tier's cumulative shares the draw has passed."""
    places = range(len(below[0]))
    return (
        "(0"
        + "".join(
            f" + ({draws.uniform(field)} >= {by('tier', tuple(tier[i] for tier in below))})::SMALLINT" for i in places
        )
        + ")::SMALLINT"
    )
