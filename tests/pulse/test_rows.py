"""Rows are enterprises that could be: in the class they were drawn for, without contradictions, nothing zero in silence."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import duckdb
import pytest

from yiqi.facts.plausibility import plausibility_problems
from yiqi.facts.sheet import FactSheet, Value
from yiqi.judge.judge import Judge
from yiqi.law.tree import Law
from yiqi.pulse.allocation import allocate
from yiqi.pulse.branches import CLASSES
from yiqi.pulse.fit import Fit
from yiqi.pulse.fit_tables import create_tables
from yiqi.pulse.population import Population
from yiqi.pulse.rows import RowQuery
from yiqi.screening.prepared import decode

ON = dt.date(2026, 11, 23)


@pytest.fixture(scope="module")
def sheets(population: Population) -> list[FactSheet]:
    """Every fifth row as a fact sheet."""
    cursor = duckdb.sql(f"SELECT * FROM '{population.request.output}' WHERE row % 5 = 0")
    names = cursor.columns
    columns = {column.name: column for column in population.columns}
    found = []
    for row in cursor.fetchall():
        values: dict[str, object] = {}
        for name, held in zip(names, row, strict=True):
            if held is None or name == "row":
                continue
            column = columns[name]
            value: Value = decode(column.fact, held)
            if column.year is None:
                values[column.fact.id] = value
            else:
                yearly = values.setdefault(column.fact.id, {})
                assert isinstance(yearly, dict)
                yearly[column.year] = value
        found.append(FactSheet(values))  # type: ignore[arg-type]
    return found


@pytest.fixture(scope="module")
def complete(fitted: Fit, population: Population) -> Iterator[duckdb.DuckDBPyConnection]:
    """The rows before anything is left out, as the table ``complete``."""
    connection = duckdb.connect()
    rows = population.request.rows
    allocation = allocate(fitted, rows)
    create_tables(connection, fitted, allocation)
    query = RowQuery(fitted, allocation, population.columns, population.request.year, population.request.seed)
    held = {name: f"any_value({name})" for name in ("row", "region", "branch", "code", "size", "tier", "age", "born")}
    held |= {"x": "any_value(x)", "y": "any_value(y)", "z": "any_value(z)", "silent": "any_value(silent)"}
    connection.execute(f"CREATE TABLE complete AS {query.complete(1, rows, held, 'complete.row')}")
    yield connection
    connection.close()


def test_the_judge_finds_the_class_that_was_drawn(
    law: Law, sheets: list[FactSheet], complete: duckdb.DuckDBPyConnection
):
    judge = Judge(law)
    names = judge.program(ON, "new", ("size.class",)).compiled.linked.classes
    drawn = dict(complete.execute("SELECT '合成企业' || lpad(row::VARCHAR, 8, '0'), size FROM complete").fetchall())
    settled = 0
    for sheet in sheets:
        found = judge.outcomes(sheet, ON, "new", ("size.class",))["size.class"]
        bit = 1 << names.index(CLASSES[drawn[sheet.name]])
        assert isinstance(found, int)
        assert found & bit, sheet.values
        settled += found == bit
    # The rest lacks a figure that its class depends on.
    assert settled > 0.85 * len(sheets)


def test_no_row_contradicts_itself(law: Law, sheets: list[FactSheet]):
    wrong = [
        problem
        for sheet in sheets
        for problem in plausibility_problems(sheet, law.vocabulary, ON)
        if problem.severity == "error"
    ]
    assert [problem.render("en") for problem in wrong[:3]] == []


def test_few_rows_look_odd(law: Law, sheets: list[FactSheet]):
    odd = sum(bool(plausibility_problems(sheet, law.vocabulary, ON)) for sheet in sheets)
    assert odd < 0.25 * len(sheets)


def test_counts_are_those_of_the_allocation(fitted: Fit, population: Population, complete: duckdb.DuckDBPyConnection):
    stands = allocate(fitted, population.request.rows).stands
    expected: dict[tuple[int, int, int], int] = {}
    for stand in stands:
        key = (stand.province, stand.branch, stand.size)
        expected[key] = expected.get(key, 0) + stand.count
    found = complete.execute("SELECT region // 10000, branch, size, count(*) FROM complete GROUP BY ALL").fetchall()
    assert {(province, branch, size): count for province, branch, size, count in found} == expected


def test_the_file_says_what_was_drawn_where_it_says_anything(
    population: Population, complete: duckdb.DuckDBPyConnection
):
    complete.execute(f"CREATE OR REPLACE VIEW made AS SELECT * FROM '{population.request.output}'")
    differing = """SELECT count(*) FROM made JOIN complete USING (row) WHERE made.operating_revenue_2025 != y
        OR employees_2025 != x OR total_assets_2025 != z OR made.region != complete.region OR industry != code"""
    assert complete.execute(differing).fetchall() == [(0,)]


def test_unknown_is_null_and_rarer_in_larger_enterprises(population: Population, complete: duckdb.DuckDBPyConnection):
    complete.execute(f"CREATE OR REPLACE VIEW made AS SELECT * FROM '{population.request.output}'")
    share = complete.execute(
        "SELECT avg((operating_revenue_2025 IS NULL)::INTEGER), avg((ip_class1 IS NULL)::INTEGER) FROM made"
    ).fetchone()
    assert share is not None
    assert 0.04 < share[0] < 0.065
    by_size = complete.execute(
        "SELECT size, avg((ip_class1 IS NULL)::INTEGER) FROM made JOIN complete USING (row) GROUP BY size ORDER BY size"
    ).fetchall()
    unknown = [part for _, part in by_size]
    assert unknown == sorted(unknown, reverse=True)
    assert unknown[0] > 0.8


def test_a_year_before_the_start_is_unknown(population: Population):
    path = population.request.output
    early = f"SELECT count(*) FROM '{path}' WHERE year(established) > 2023 AND operating_revenue_2023 IS NOT NULL"
    assert duckdb.sql(early).fetchall() == [(0,)]


def test_rows_are_sorted_by_region_and_numbered(population: Population):
    held = duckdb.sql(f"SELECT row, region FROM '{population.request.output}'").fetchall()
    assert [row for row, _ in held] == list(range(1, population.request.rows + 1))
    assert [region for _, region in held] == sorted(region for _, region in held)


def test_growth_at_comparable_coverage_is_not_that_of_levels(population: Population):
    # The mean of (revenue / revenue of last year)⁻¹ is 1 / 1.074, whatever the size: 24,000 rows show it to some points.
    tally = population.tally
    same, before = tally.total("same"), tally.total("before")
    assert same / before - 1 == pytest.approx(0.074, abs=0.04)
    levels = tally.total("revenue", lambda key: key["above"] == 1) / tally.total(
        "before", lambda key: key["above_before"] == 1
    )
    assert levels - 1 > same / before - 1
