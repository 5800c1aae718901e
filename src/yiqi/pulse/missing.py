"""Which facts of a row are known. What is not known is NULL, never zero.

Three reasons, kept apart: a question that does not arise (a local indicator of another province, what no authority has
decided), a row that keeps no records of its innovation (``silent``, most micro enterprises), and a gap by chance, rarer
in larger enterprises.
"""

from __future__ import annotations

from yiqi.law.vocabulary import Fact
from yiqi.pulse.draws import Draws, by, threshold

SILENT = (0.85, 0.4, 0.1, 0.04)
"""Share of rows without a title, by size class, of which nothing is known about innovation."""

GAP = (0.055, 0.045, 0.025, 0.012)
"""Share of gaps by chance, by size class."""

ALWAYS = {"name", "uscc", "region", "industry", "established", "entity_kind", "financial_size_class",
          "independent_legal_person", "registered_in_mainland", "division_59_activity"}  # fmt: skip
"""What the register has of every enterprise; the class of a financial one comes from its authority."""

REGISTER_GAP = 0.002
OF_ALL = {"operating_revenue", "main_revenue", "employees", "total_assets", "total_liabilities", "net_profit",
          "total_costs", "titles", "resident_enterprise", "listing_status", "restricted_products"}  # fmt: skip
"""What a silent enterprise states too."""


def with_gaps(draws: Draws, fact: Fact, column: str, value: str, exists: str | None) -> str:
    """SQL of a column with what is not known left out. ``exists``: the enterprise was there in that year."""
    tests = []
    if exists is not None:
        tests.append(f"NOT ({exists})")
    if fact.id not in ALWAYS:
        if fact.known_by in ("register", "official") or fact.id == "titles":
            tests.append(f"{draws.bits('gap:' + column)} < {threshold(REGISTER_GAP)}")
        else:
            tests.append(f"{draws.bits('gap:' + column)} < {by('size', tuple(map(threshold, GAP)))}")
            if fact.id not in OF_ALL and fact.group.en not in ("Standing",):
                tests.append("silent")
    if not tests:
        return value
    return f"CASE WHEN {' OR '.join(tests)} THEN NULL ELSE {value} END"
