"""Nine enterprises against the Measures of 2026 for little giants, each worked out by hand from annex 2 and article 11.

The first meets every item. What the others are changed in says what becomes of them.
"""

from __future__ import annotations

from pathlib import Path

from report.comparison_samples import GIANT, ON, write_rows
from screening.judged import judge
from yiqi.screening.screened import Screened, screen_table

LITTLE_GIANT = "ladder.little_giant"
ITEM = "miit-2026-2#little_giant."
MAIN_BUSINESS, RIGHTS, SHARE_OR_RANK, FLOOR = (
    ITEM + "scale/2", ITEM + "intellectual_property/1", ITEM + "market/2", ITEM + "scale/1",
)  # fmt: skip
DOMESTIC_SHARE = ITEM + "market/3"
ACCIDENT = "miit-2026-2#common/6"

# 200 people and 22050万元 in industry (C34) are small: medium begins at 300 people. In software (I65) medium begins at 100
# people and 1000万元, large at 300 people.
CHANGES: tuple[dict[str, str], ...] = (
    # 1: yes.
    {},
    # 2: main business 17640 of 22050 is 80%; 90% are 19845, of which 2205 lack: 1/9.
    {"main_revenue_2025（万元）": "17640"},
    # 3: 45 lack of 19845: 1/441.
    {"main_revenue_2025（万元）": "19800", "region": "440103"},
    # 4: three rights of four: 1/4.
    {"ip_class1_original_applied": "3"},
    # 5: a larger accident, which is no figure.
    {"larger_accident_3y": "yes", "region": "440103", "industry": "I65"},
    # 6: two obstacles.
    {"main_revenue_2025（万元）": "17640", "ip_class1_original_applied": "3"},
    # 7: the score of the development evaluation cannot be read: open.
    {"development_score_2026": "约七十"},
    # 8: share 5% of 10% at home and abroad (1/2), rank 9: one obstacle, of which any part would do.
    {"market_share": "5%", "market_share_international": "5%"},
    # 9: revenue 4000万元 of 5000万元 (1/5); main business 95%, R&D 3560万元, growth from 3000万元 above 5%.
    {
        "operating_revenue_2025（万元）": "4000", "operating_revenue_2024（万元）": "3500",
        "operating_revenue_2023（万元）": "3000", "main_revenue_2025（万元）": "3800", "rd_expense_2025（万元）": "3000",
        "region": "",
    },
)  # fmt: skip

OUTCOMES = ("yes", "no", "no", "no", "no", "no", "unknown", "no", "no")


def nine(folder: Path) -> Screened:
    """The nine, screened with everything that a report needs."""
    rows = [{**GIANT, **changes, "name": f"企业{number}"} for number, changes in enumerate(CHANGES, start=1)]
    table = write_rows(folder / "nine.csv", rows)
    return screen_table(table, judge(), on=ON, schemes=["size.class", LITTLE_GIANT], reasons="ids", near=True)
