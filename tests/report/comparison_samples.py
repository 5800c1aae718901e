"""A table of a dozen enterprises made by hand, for comparing the little giant of 2022 with that of 2026.

The first enterprise meets both standards; each other one differs from it in what its line says. What becomes of each is
worked out from the text of the two annexes.
"""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path

from yiqi.law.library import default_folder

ON = dt.date(2026, 11, 25)
LITTLE_GIANT = "ladder.little_giant"
BEFORE = default_folder() / "ladder" / "miit-2022-63.md"
AFTER = default_folder() / "ladder" / "miit-2026-2.md"

GIANT = {
    "name": "甲", "region": "330106", "industry": "C34",
    "registered_in_mainland": "yes", "independent_legal_person": "yes", "entity_kind": "company",
    "employees_2025": "200",
    "operating_revenue_2025（万元）": "22050", "operating_revenue_2024（万元）": "17950", "operating_revenue_2023（万元）": "15000",
    "main_revenue_2025（万元）": "20000", "main_revenue_2024（万元）": "16500", "main_revenue_2023（万元）": "14000",
    "total_assets_2025（万元）": "20000", "total_liabilities_2025（万元）": "13000",
    "rd_expense_2025（万元）": "700", "rd_expense_2024（万元）": "560", "rd_staff_2025": "40",
    "equity_financing_2y（万元）": "0",
    "abnormal_operations_list": "no", "serious_dishonesty_list": "no", "restricted_products": "no",
    "major_accident_3y": "no", "larger_accident_3y": "no", "network_data_incident_3y": "no",
    "environmental_violation_3y": "no", "quality_problem_3y": "no", "sector_breach_3y": "no", "filing_truthful": "yes",
    "falsification": "no", "controlled_by_little_giant": "no",
    "titles": "innovative_sme;specialised_sme", "segment_years": "5",
    "core_business_on_information_system": "yes", "management_certificate": "yes", "governance_sound": "yes",
    "leading_product_share": "60%", "market_share": "12%", "market_share_international": "12%", "market_rank": "9",
    "own_brand": "yes", "reputation_high": "yes", "rd_institution": "provincial",
    "ip_class1_applied": "5", "ip_class1_original_applied": "5",
    "award_national_top3_3y": "no", "maker_china_top50_3y": "no",
    "product_key_link": "yes", "product_industrialised_key_chain": "yes", "product_fills_gap": "yes",
    "product_six_foundations": "yes", "product_key_field_2022": "no", "product_field_exception": "no",
    "product_upgrade_emerging_future": "no", "product_chain_security": "yes", "development_score_2026": "70",
}  # fmt: skip

YES, OPEN, NO = 2, 1, 0
OLD = "miit-2022-63#little_giant."
NEW = "miit-2026-2#little_giant."

ENTERPRISES: list[tuple[dict[str, str], tuple[int, int], set[str]]] = [
    # Meets both.
    ({}, (YES, YES), set()),
    # 2022 asks a market share of 10%; 2026 takes rank 3 instead (item 5).
    ({"market_share": "8%", "market_share_international": "8%", "market_rank": "3"}, (NO, YES), {OLD + "distinctiveness/2"}),
    # Main business 17640/22050 = 80%: at least 70% in 2022 (aspect 1), 90% in 2026 (item 2).
    ({"main_revenue_2025（万元）": "17640", "region": "440103"}, (YES, NO), {NEW + "scale/2"}),
    # Liabilities 14400/20000 = 72%: at most 70% in 2022 (aspect 2), 75% in 2026 (item 2).
    ({"total_liabilities_2025（万元）": "14400"}, (NO, YES), {OLD + "refinement/5"}),
    # Two rights in use in 2022 (aspect 4, part 3), four originally acquired in 2026 (item 4).
    ({"ip_class1_original_applied": "3", "ip_class1_applied": "3"}, (YES, NO), {NEW + "intellectual_property/1"}),
    # The development evaluation is new in 2026 (item 7); its score is not known.
    ({"development_score_2026": ""}, (YES, OPEN), {NEW + "evaluation/1"}),
    # A larger accident (较大) stops since 2026 (article 11); in 2022 only a major one (重大) did.
    ({"larger_accident_3y": "yes", "region": "440103"}, (YES, NO), {"miit-2026-2#common/6"}),
    # Both the main business and the rights.
    (
        {"main_revenue_2025（万元）": "17640", "ip_class1_original_applied": "3", "ip_class1_applied": "3"},
        (YES, NO), {NEW + "scale/2", NEW + "intellectual_property/1"},
    ),
    # 2022 asks for an independent legal person, 2026 does not.
    ({"independent_legal_person": "no", "industry": "I65"}, (NO, YES), {"miit-2022-63#common/2"}),
    # Share 5%, rank 9: out in both.
    ({"market_share": "5%", "market_share_international": "5%"}, (NO, NO), set()),
    # Revenue 4000万元: 2022 takes 8000万元 of equity, R&D of 3000万元 and half the staff in R&D instead (aspect 4, part 1);
    # 2026 asks 5000万元 of everyone (item 2). Main business 95%, growth of revenue (4000/3000)^(1/2) above 5%.
    (
        {
            "operating_revenue_2025（万元）": "4000", "operating_revenue_2024（万元）": "3500",
            "operating_revenue_2023（万元）": "3000", "main_revenue_2025（万元）": "3800", "main_revenue_2024（万元）": "3300",
            "main_revenue_2023（万元）": "2900", "rd_expense_2025（万元）": "3000", "equity_financing_2y（万元）": "8000",
            "employees_2025": "100", "rd_staff_2025": "50", "region": "",
        },
        (YES, NO), {NEW + "scale/1"},
    ),
    # Titles not known: open in 2022; in 2026 the main business decides all the same.
    ({"titles": "", "main_revenue_2025（万元）": "17640"}, (OPEN, NO), {NEW + "scale/2"}),
]  # fmt: skip


def write_table(place: Path) -> Path:
    """The dozen as a CSV file; an empty cell is unknown."""
    dozen = [{**GIANT, **changes, "name": f"企业{n}"} for n, (changes, _, _) in enumerate(ENTERPRISES, start=1)]
    return write_rows(place, dozen)


def write_rows(place: Path, rows: list[dict[str, str]]) -> Path:
    with place.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return place


def edited(source: Path, place: Path, *changes: tuple[str, str]) -> Path:
    """A copy of a law file with lines changed; each line must stand in it once."""
    text = source.read_text(encoding="utf-8")
    for old, new in changes:
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {source.name}"
        text = text.replace(old, new)
    place.write_text(text, encoding="utf-8")
    return place
