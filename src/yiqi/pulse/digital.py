"""The digital level and the answers of its form, which few enterprises have filled in.

A row has one maturity from 0 to 4; the scenes lie around it and what presupposes a scene is there only with it.
"""

from __future__ import annotations

from collections.abc import Sequence

from yiqi.pulse.by_tier import value
from yiqi.pulse.draws import Draws

SCENES = ("product_design", "process_design", "marketing", "after_sales", "planning", "production", "quality",
          "equipment", "safety", "energy", "purchasing", "warehouse", "finance", "human_resources")  # fmt: skip
"""Scenes of which data can be gathered, in the order of the links of the form."""

MORE_SCENES = (*SCENES, "office", "decision")
SETS = {
    # fact: how many members it has
    "digital_network_security": 4,
    "digital_data_security": 4,
    "digital_mechanisms": 4,
    "digital_talent": 5,
}
NETWORKS = 4
"""Members of the fact; the last one presupposes the three before it."""


def below(draws: Draws) -> dict[str, str]:
    """SQL of what several columns are made from: the maturity, and whether the form was filled in."""
    filled = (0.004, 0.08, 0.3, 0.5, 0.7)
    return {
        "maturity": f"least(4, floor({value((1.2, 2, 3, 3.6, 4.6))} * {draws.uniform('maturity')}))::INTEGER",
        "digital_form": f"{draws.uniform('digital_form')} < {value(filled)}",
        "machines": f"(1 + floor(x * (0.2 + 0.6 * {draws.uniform('machines')})))::BIGINT",
    }


def digital(draws: Draws, years: Sequence[int]) -> dict[str, str]:
    """SQL of the columns before any is left out as unknown. ``years``: fiscal years, the last one first."""
    uniform = draws.uniform
    scenes = {name: _scene(draws, name) for name in MORE_SCENES}
    links = " + ".join(
        f"CASE WHEN {scenes[name]} >= 1 AND {uniform(f'link:{name}')} < 0.2 + 0.15 * maturity THEN {1 << place} ELSE 0 END"
        for place, name in enumerate(SCENES)
    )
    three = "".join(
        f" + CASE WHEN {uniform(f'network:{place}')} < 0.1 + 0.2 * maturity THEN {1 << place} ELSE 0 END"
        for place in range(NETWORKS - 1)
    )
    digitised = f"floor(machines * least(1, 0.1 + 0.2 * maturity + 0.15 * {uniform('digitised')}))"
    form = {
        "digital_pledge": "true",
        "digital_networks": f"CASE WHEN maturity = 4 AND {uniform('network:all')} < 0.5 THEN {(1 << NETWORKS) - 1} "
        f"ELSE 0{three} END::BIGINT",
        "production_equipment": "machines",
        "digitised_equipment": f"{digitised}::BIGINT",
        "networked_equipment": f"floor({digitised} * {uniform('networked')})::BIGINT",
        "digital_data_links": f"({links})::BIGINT",
        "digital_system_coverage": f"CASE WHEN least({', '.join(scenes.values())}) >= 2 THEN 4 "
        "ELSE least(maturity, 3) END::SMALLINT",
        "digital_planning": f"least(5, maturity + floor(2 * {uniform('planning')}))::SMALLINT",
        "digital_energy_trend": f"floor(3 * {uniform('energy_trend')})::SMALLINT",
        "digital_quality_trend": f"floor(3 * {uniform('quality_trend')})::SMALLINT",
        **{f"scene_{name}": f"{sql}::BIGINT" for name, sql in scenes.items()},
        **{fact: _members(draws, fact, count) for fact, count in SETS.items()},
    }
    for back, year in enumerate(years):
        revenue = "y" if back == 0 else f"y * {' * '.join(f'back{n + 1}' for n in range(back))}"
        spent = f"0.004 * maturity * {uniform(f'digital_spending:{back}')}"
        cost = f"(1 - margin - 0.02 * {uniform(f'digital_cost:{back}')})"
        form[f"digital_spending_{year}"] = f"floor({revenue} * {spent} / 10000)::BIGINT * 10000"
        form[f"digital_form_cost_{year}"] = f"floor({revenue} * greatest(0, {cost}) / 10000)::BIGINT * 10000"
    return {
        "digital_level": "maturity::BIGINT",
        "digital_level_edition": f"CASE WHEN digital_form THEN ({uniform('edition')} < 0.7)::SMALLINT END",
        **{fact: f"CASE WHEN digital_form THEN {sql} END" for fact, sql in form.items()},
    }


def _scene(draws: Draws, name: str) -> str:
    """The level of a scene: that of the enterprise, one less or one more."""
    return f"least(4, greatest(0, maturity - 1 + floor(3 * {draws.uniform(f'scene:{name}')})))"


def _members(draws: Draws, fact: str, count: int) -> str:
    parts = " + ".join(
        f"CASE WHEN {draws.uniform(f'{fact}:{place}')} < 0.05 + 0.22 * maturity THEN {1 << place} ELSE 0 END"
        for place in range(count)
    )
    return f"({parts})::BIGINT"
