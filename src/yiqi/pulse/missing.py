"""Which facts of a row are known. What is not known is NULL, never zero.

Three reasons, kept apart: a question that does not arise (a local indicator of another province, what no authority has
decided), a row that keeps no records of its innovation (``silent``, most micro enterprises), and a gap by chance, rarer
in larger enterprises.
"""

from __future__ import annotations

from yiqi.pulse.draws import Draws, by, threshold
from yiqi.screening.prepared import Column

SILENT = (0.85, 0.4, 0.1, 0.04)
"""Share of rows without a title, by size class, of which nothing is known about innovation."""

GAP = (0.055, 0.045, 0.025, 0.012)
"""Share of gaps by chance, by size class."""

ALWAYS = {"name", "uscc", "region", "industry", "established", "entity_kind", "financial_size_class",
          "independent_legal_person", "registered_in_mainland", "division_59_activity"}  # fmt: skip
"""What the register has of every enterprise; the class of a financial one comes from its authority."""

REGISTER_GAP = 0.002
OF_ALL = {"operating_revenue", "main_revenue", "employees", "total_assets", "total_liabilities", "net_profit",
          "total_costs", "titles", "resident_enterprise", "listing_status", "restricted_products",
          "major_accident_3y", "larger_accident_3y", "network_data_incident_3y", "environmental_violation_3y",
          "quality_problem_3y", "sector_breach_3y", "filing_truthful"}  # fmt: skip
"""What a silent enterprise states too."""


def below(draws: Draws) -> dict[str, str]:
    """SQL of what is drawn once for a row: whether it is silent, and below which bits a fact of it is a gap."""
    return {
        "silent": f"tier < 2 AND {draws.bits('silent')} < {by('size', tuple(map(threshold, SILENT)))}",
        "gap": f"({by('size', tuple(map(threshold, GAP)))})::UBIGINT",
    }


def with_gaps(draws: Draws, column: Column, value: str, year: int) -> str:
    """SQL of a column with what is not known left out. A yearly figure is there only of years since the start."""
    fact = column.fact
    tests = []
    if fact.id not in ALWAYS:
        bits = draws.bits(f"gap:{column.name}")
        if fact.known_by in ("register", "official") or fact.id == "titles":
            tests.append(f"{bits} < {threshold(REGISTER_GAP)}")
        else:
            # What most rows are left out by stands first: the rest is then not computed for them.
            tests += [*(["silent"] if fact.id not in OF_ALL else []), f"{bits} < gap"]
    if column.year is not None and column.year < year:
        tests.append(f"born > {column.year}")
    if not tests:
        return value
    return f"CASE {' '.join(f'WHEN {test} THEN NULL' for test in tests)} ELSE {value} END"
