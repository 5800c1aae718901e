"""Law-abidance and status: what speaks against a row. Shares are guesses of this project, tag [D]."""

from __future__ import annotations

from yiqi.pulse.draws import Draws, by

YES = {
    "abnormal_operations_list": (0.06, 0.004),
    "serious_dishonesty_list": (0.004, 0.0002),
    "larger_accident_3y": (0.0008, 0.001),
    "network_data_incident_3y": (0.0002, 0.0005),
    "quality_problem_3y": (0.003, 0.002),
    "sector_breach_3y": (0.001, 0.001),
    "research_dishonesty_2y": (0.00005, 0.0002),
    "restricted_products": (0.004, 0.001),
    "major_change_unreported": (0.0, 0.01),
    "falsification": (0.0, 0.0006),
}
"""Share of yes without and with a title."""


def below(draws: Draws) -> dict[str, str]:
    found = {f"{field}_": _flag(draws, field, YES[field]) for field in ("falsification",)}
    found["accident"] = f"{draws.uniform('accident')} < 0.0006"
    found["polluted"] = f"{draws.uniform('polluted')} < 0.0015"
    return found


def standing(draws: Draws, year: int) -> dict[str, str]:
    """SQL of the columns before any is left out as missing."""
    found = {field: _flag(draws, field, shares) for field, shares in YES.items()}
    found |= {
        "falsification": "falsification_",
        "falsification_found": f"CASE WHEN falsification_ THEN make_date({year - 1}, 1, 1) "
        f"+ floor(700 * {draws.uniform('falsified_on')})::INTEGER END",
        "major_accident_3y": "accident",
        "accident_2y": f"accident AND {draws.uniform('accident_2y')} < 0.6",
        "environmental_violation_3y": "polluted",
        "environmental_violation_2y": f"polluted AND {draws.uniform('polluted_2y')} < 0.6",
        "filing_truthful": f"{draws.uniform('truthful')} < 0.999",
        "independent_legal_person": "entity_kind = 0",
        "registered_in_mainland": "true",
        "resident_enterprise": "true",
        "division_59_activity": "activity",
        # Railways are fitted under the row of other industries.
        "railway_by_transport_row": "CASE WHEN code // 1000 = 753 THEN false END",
        "financial_size_class": "CASE WHEN code // 100000 = 10 THEN size END::SMALLINT",
    }
    return found


def _flag(draws: Draws, field: str, shares: tuple[float, float]) -> str:
    if shares[0] == 0:  # a question about a title
        return f"CASE WHEN tier >= 2 THEN {draws.uniform(field)} < {shares[1]} END"
    return f"{draws.uniform(field)} < {by('least(tier // 2, 1)', shares)}"
