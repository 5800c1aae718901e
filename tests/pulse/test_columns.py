"""A population has a column for every fact that the law reads."""

from __future__ import annotations

import datetime as dt

import pytest

from yiqi.facts.uscc import uscc_problems
from yiqi.judge.frame import PROCEDURES
from yiqi.judge.judge import Judge
from yiqi.law.tree import Law
from yiqi.law.vocabulary import fiscal_year_of
from yiqi.pulse import digital, innovation, ladder_rounds
from yiqi.pulse.columns import columns
from yiqi.pulse.draws import Draws
from yiqi.pulse.population import Population
from yiqi.pulse.rows import made

YEAR = 2025


@pytest.mark.parametrize("procedure", PROCEDURES)
@pytest.mark.parametrize("day", [dt.date(2025, 12, 15), dt.date(2026, 3, 31), dt.date(2026, 11, 23)])
def test_every_slot_of_size_and_ladder_has_a_column_that_is_made(law: Law, day: dt.date, procedure: str):
    names = {column.name for column in columns(law, YEAR)} & set(made(Draws(1), YEAR))
    judge = Judge(law)
    missing = []
    for slot in judge.program(day, procedure, judge.schemes(["size", "ladder"])).compiled.linked.slots:
        fact = law.vocabulary.get(slot.fact)
        if fact is None:
            continue
        name = fact.id if fact.per is None else f"{fact.id}_{fiscal_year_of(day, fact.per, slot.index or 0)}"
        if name not in names:
            missing.append(name)
    assert missing == []


def test_facts_of_older_versions_are_there_too(law: Law):
    names = {column.name for column in columns(law, YEAR)}
    # Only the Measures of 2022 read the key fields; mean growth of 2022 reads three years of main-business revenue.
    assert "product_key_field_2022" in names
    assert {f"main_revenue_{year}" for year in (2025, 2024, 2023, 2022)} <= names


def test_types_are_those_of_prepared_tables(population: Population):
    import duckdb

    held = duckdb.sql(f"DESCRIBE SELECT * FROM '{population.request.output}'").fetchall()
    types = {name: kind for name, kind, *_ in held}
    assert types.pop("row") == "BIGINT"
    assert types == {column.name: column.type for column in population.columns}


def test_members_stand_in_their_declared_order(law: Law):
    def members(fact: str) -> tuple[str, ...]:
        return tuple(member.id for member in law.vocabulary[fact].members)

    assert members("titles") == innovation.TITLES
    assert members("entity_kind")[:3] == ("company", "partnership", "sole_proprietorship")
    assert members("financial_size_class") == ("micro", "small", "medium", "large")
    assert members("division_59_activity") == ("handling", "warehousing")
    assert len(members("local_shandong_innovative_operation")) == ladder_rounds.OPERATIONS
    assert len(members("local_shandong_key_industry")) == 5
    assert members("rd_institution")[0] == "none" and len(members("rd_institution")) == 5
    assert members("listing_status")[0] == "none" and len(members("listing_status")) == 4
    assert members("digital_data_links") == digital.SCENES
    assert {fact: len(members(fact)) for fact in digital.SETS} == digital.SETS
    assert members("digital_networks")[-1] == "full_coverage" and len(members("digital_networks")) == digital.NETWORKS


def test_every_row_has_a_valid_code_of_its_own(population: Population):
    import duckdb

    codes = [code for (code,) in duckdb.sql(f"SELECT uscc FROM '{population.request.output}'").fetchall()]
    assert len(set(codes)) == len(codes) == population.request.rows
    assert [code for code in codes[::7] if uscc_problems(code)] == []


def test_names_say_that_they_are_made_up(population: Population):
    import duckdb

    path = population.request.output
    assert duckdb.sql(f"SELECT count(*) FROM '{path}' WHERE name NOT SIMILAR TO '合成企业[0-9]{{8}}'").fetchall() == [
        (0,)
    ]
    assert duckdb.sql(f"SELECT count(DISTINCT name) FROM '{path}'").fetchall() == [(population.request.rows,)]
