"""From terms to a query: computed once, in layers, in the narrowest type that holds it, in three dialects."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import duckdb
import pytest
from sqlglot import exp

from screening.judged import judge
from yiqi.screening.layers import BIT, DIALECTS, LONG, SMALL_COUNT, WIDE, WORD, Dialect, Layers, Output
from yiqi.screening.prepared import Column
from yiqi.screening.terms import Term, Terms

NUMBER = judge().law.vocabulary["operating_revenue"]
DATE = judge().law.vocabulary["established"]
COLUMNS = {"a": Column(NUMBER), "b": Column(NUMBER), "c": Column(NUMBER), "d": Column(DATE), "row": Column(NUMBER)}


@pytest.fixture
def terms() -> Terms:
    return Terms()


def column(terms: Terms, name: str, high: int = 100) -> Term:
    return terms.fill(name, 0, high)


def bit(terms: Terms, name: str, bound: int = 50) -> Term:
    return terms.compare(column(terms, name), ">=", terms.constant(bound))


def query(
    dialect: Dialect, *outputs: Output, passed: tuple[str, ...] = (), hints: dict[int, str] | None = None
) -> exp.Select:
    return Layers(dialect, COLUMNS, hints).query(exp.to_table("t"), passed, outputs)


def layers(select: exp.Select) -> list[list[str]]:
    """The columns of each layer by name, the innermost first."""
    found = [s.this.named_selects for s in select.find_all(exp.Subquery)]
    return found[::-1]


def computed(select: exp.Select, *rows: dict[str, Any]) -> list[tuple[Any, ...]]:
    """What DuckDB makes of rows."""
    connection = duckdb.connect(config={"threads": 1})
    connection.execute("CREATE TABLE t (a BIGINT, b BIGINT, c BIGINT, d DATE, row BIGINT)")
    for number, row in enumerate(rows):
        cells = [row.get(name) for name in "abcd"]
        connection.execute("INSERT INTO t VALUES (?, ?, ?, ?, ?)", [*cells, number])
    return connection.execute(f"{select.sql(dialect='duckdb')} ORDER BY ALL").fetchall()


# -- once ----------------------------------------------------------------------------------------------------------------


def test_what_is_asked_for_once_stands_where_it_is_used(terms: Terms) -> None:
    select = query("duckdb", Output("x", terms.all_of([bit(terms, "a"), bit(terms, "b")])))
    assert layers(select) == []
    rows = computed(select, {"a": 50, "b": 50}, {"a": 49, "b": 50}, {"b": 50})
    assert rows == [(0,), (0,), (1,)]


def test_what_is_asked_for_twice_is_computed_in_a_layer_below(terms: Terms) -> None:
    shared = terms.any_of([bit(terms, "a"), bit(terms, "b")])
    one, other = terms.all_of([shared, bit(terms, "c")]), terms.all_of([shared, bit(terms, "c", 70)])
    select = query("duckdb", Output("x", one), Output("y", other))
    # The value of c in place of NULL is shared too, and rests on nothing.
    assert [len(names) for names in layers(select)] == [2]
    # OR is computed once.
    assert len(list(select.find_all(exp.BitwiseOr))) == 1
    rows = computed(select, {"a": 50, "c": 60}, {"b": 50, "c": 70}, {"c": 70}, {"a": 50})
    assert rows == [(0, 0), (0, 0), (1, 0), (1, 1)]


def test_a_layer_hands_on_only_what_is_still_asked_for(terms: Terms) -> None:
    shared = terms.any_of([bit(terms, "a"), bit(terms, "b")])
    select = query("duckdb", Output("x", terms.all_of([shared, bit(terms, "c")])), Output("y", shared), passed=("row",))
    ((*carried, made),) = layers(select)
    assert carried == ["c", "row"]
    assert made.startswith("c")
    assert select.named_selects == ["row", "x", "y"]


def test_spark_computes_small_shared_terms_again(terms: Terms) -> None:
    shared = terms.any_of([bit(terms, "a"), bit(terms, "b")])
    select = query("spark", Output("x", terms.all_of([shared, bit(terms, "c")])), Output("y", shared))
    assert layers(select) == []
    assert len(list(select.find_all(exp.BitwiseOr))) == 2


def test_spark_computes_large_shared_terms_once(terms: Terms) -> None:
    # Twelve comparisons of two operations each, and what joins them: more than 24.
    shared = terms.any_of([bit(terms, "a", bound) if bound % 2 else bit(terms, "b", bound) for bound in range(20, 32)])
    select = query("spark", Output("x", terms.all_of([shared, bit(terms, "c")])), Output("y", shared))
    assert [len(names) for names in layers(select)] == [2]


def test_what_is_named_for_a_reader_is_a_column_of_that_name(terms: Terms) -> None:
    shared = terms.any_of([bit(terms, "a"), bit(terms, "b")])
    outputs = (Output("x", terms.all_of([shared, bit(terms, "c")])), Output("y", shared))
    select = query("duckdb", *outputs, hints={shared.number: "annex/1 sure"})
    assert layers(select)[0][-1] == "annex/1 sure"


def test_postgresql_is_kept_from_folding_layers(terms: Terms) -> None:
    shared = terms.any_of([bit(terms, "a"), bit(terms, "b")])
    outputs = (Output("x", terms.all_of([shared, bit(terms, "c")])), Output("y", shared))
    for dialect in DIALECTS:
        offsets = len(list(query(dialect, *outputs).find_all(exp.Offset)))
        assert offsets == (1 if dialect == "postgres" else 0), dialect


# -- types ---------------------------------------------------------------------------------------------------------------


def widest(*high: int) -> tuple[Terms, list[Term]]:
    """Columns whose values reach so far."""
    terms = Terms()
    return terms, [column(terms, name, most) for name, most in zip("ab", high, strict=False)]


def test_a_count_has_the_narrowest_type_that_holds_it(terms: Terms) -> None:
    layered = Layers("duckdb", COLUMNS)
    flags = [bit(terms, name, bound) for name in "abc" for bound in (10, 20)]

    def points(most: int) -> Term:
        return terms.add([terms.scaled(most - 1, flags[0]), flags[1]])

    assert layered.width(terms.all_of(flags)) == BIT
    assert layered.width(terms.add(flags)) == BIT
    assert [layered.width(points(SMALL_COUNT + more)) for more in (0, 1)] == [BIT, WORD]
    assert [layered.width(points(2**31 + more)) for more in (-1, 0)] == [WORD, LONG]


def test_a_sum_or_product_of_figures_has_the_narrowest_type_that_holds_it() -> None:
    # 64 bits hold whole numbers below 2^63.
    for most, wanted in ((2**62 - 1, LONG), (2**62, WIDE)):
        terms, (one, other) = widest(most, 2**62)
        assert Layers("duckdb", COLUMNS).width(terms.add([one, other])) == wanted
    for most, wanted in ((2**31 - 1, LONG), (2**31, WIDE)):
        terms, (one, other) = widest(most, 2**32)
        assert Layers("duckdb", COLUMNS).width(terms.multiply(one, other)) == wanted


def test_a_product_beyond_64_bits_is_exact(terms: Terms) -> None:
    high = 10**17
    product = terms.multiply(column(terms, "a", high), column(terms, "b", high))
    more = terms.compare(product, ">", terms.constant(10**34 - 10**17))
    select = query("duckdb", Output("x", more))
    # (10^17 - 1) * 10^17 is exactly the bound, 10^34 is above it.
    assert computed(select, {"a": high - 1, "b": high}, {"a": high, "b": high}) == [(0,), (1,)]


@pytest.mark.parametrize(
    ("dialect", "bit_type", "wide_type"),
    [("duckdb", "UTINYINT", "INT128"), ("spark", "TINYINT", "DECIMAL(38, 0)"), ("postgres", "INT", "DECIMAL(38, 0)")],
)
def test_types_are_those_of_the_dialect(terms: Terms, dialect: Dialect, bit_type: str, wide_type: str) -> None:
    product = terms.multiply(column(terms, "a", 10**17), column(terms, "b", 10**17))
    text = query(dialect, Output("x", terms.compare(product, ">", terms.constant(10**20)))).sql(dialect=dialect)
    assert set(re.findall(r" AS ([A-Z0-9]+(?:\(\d+, \d+\))?)\)", text)) == {bit_type, wide_type}


def test_an_output_is_handed_out_in_the_type_that_is_asked_for(terms: Terms) -> None:
    select = query("duckdb", Output("x", bit(terms, "a"), LONG), Output("y", bit(terms, "a")))
    connection = duckdb.connect()
    connection.execute("CREATE TABLE t (a BIGINT)")
    assert connection.sql(select.sql(dialect="duckdb")).types == ["BIGINT", "UTINYINT"]


# -- expressions ---------------------------------------------------------------------------------------------------------


def test_a_chain_of_choices_is_one_case(terms: Terms) -> None:
    bands = terms.choose(
        bit(terms, "a", 80),
        terms.constant(20),
        terms.choose(bit(terms, "a", 60), terms.constant(11), terms.constant(3)),
    )
    select = query("duckdb", Output("x", bands))
    (case,) = [c for c in select.find_all(exp.Case) if len(c.args["ifs"]) > 1]
    assert len(case.args["ifs"]) == 2
    assert computed(select, {"a": 80}, {"a": 79}, {"a": 60}, {"a": 59}, {}) == [(3,), (3,), (11,), (11,), (20,)]


@pytest.mark.parametrize(
    ("shift", "unit", "day", "moved"),
    [
        (1, "months", dt.date(2026, 1, 31), dt.date(2026, 2, 28)),
        (3, "years", dt.date(2024, 2, 29), dt.date(2027, 2, 28)),
        (-1, "years", dt.date(2024, 2, 29), dt.date(2023, 2, 28)),
        (30, "days", dt.date(2026, 1, 31), dt.date(2026, 3, 2)),
        (0, "", dt.date(2026, 1, 31), dt.date(2026, 1, 31)),
    ],
)
def test_a_day_is_moved_to_the_last_day_there_is(
    terms: Terms, shift: int, unit: str, day: dt.date, moved: dt.date
) -> None:
    select = query("duckdb", Output("x", terms.day("d", shift, unit)))
    assert computed(select, {"d": day}, {}) == [(0,), (moved.toordinal(),)]


@pytest.mark.parametrize(
    ("months", "day", "moved"),
    [
        (1, dt.date(2026, 1, 31), dt.date(2026, 2, 28)),
        (-12, dt.date(2024, 2, 29), dt.date(2023, 2, 28)),
        (12 * 7000, dt.date(2026, 1, 31), dt.date(9026, 1, 31)),
    ],
)
def test_a_day_number_is_moved_by_calendar_months(terms: Terms, months: int, day: dt.date, moved: dt.date) -> None:
    number = terms.day("d", 0, "", dt.date(2000, 1, 1).toordinal(), dt.date(2030, 1, 1).toordinal())
    shifted = terms.moved_day(number, months)
    assert shifted.low <= moved.toordinal() <= shifted.high
    assert computed(query("duckdb", Output("x", shifted)), {"d": day}) == [(moved.toordinal(),)]
    assert terms.moved_day(number, 0) is number


def test_a_day_number_is_handed_out_as_a_date_and_only_where_it_is_known(terms: Terms) -> None:
    known = terms.compare(column(terms, "a"), ">", terms.constant(1))
    select = query("duckdb", Output("x", terms.day("d", 1, "days"), None, known, is_date=True))
    found = computed(select, {"a": 2, "d": dt.date(2026, 2, 28)}, {"a": 1, "d": dt.date(2026, 2, 28)})
    assert found == [(dt.date(2026, 3, 1),), (None,)]


def test_a_wide_output_is_a_decimal_that_files_hold_exactly(terms: Terms) -> None:
    product = terms.multiply(column(terms, "a", 10**17), column(terms, "b", 10**17))
    select = query("duckdb", Output("x", product, WIDE))
    (row,) = computed(select, {"a": 10**17 - 1, "b": 10**17 - 1})
    assert str(row[0]) == str((10**17 - 1) ** 2)
    assert "DECIMAL(38, 0)" in select.sql(dialect="duckdb")


@pytest.mark.parametrize(
    ("dialect", "narrow", "wide"),
    [("duckdb", "//", "//"), ("spark", " DIV ", " % "), ("postgres", "/", "DIV(")],
)
def test_a_quotient_in_the_words_of_each_dialect(terms: Terms, dialect: Dialect, narrow: str, wide: str) -> None:
    small = terms.quotient(column(terms, "a"), 7)
    large = terms.quotient(terms.multiply(column(terms, "a", 10**17), column(terms, "b", 10**17)), 7)
    assert narrow in query(dialect, Output("x", small)).sql(dialect=dialect)
    assert wide in query(dialect, Output("x", large)).sql(dialect=dialect)


def test_days_are_moved_in_the_words_of_each_dialect(terms: Terms) -> None:
    years = Output("x", terms.day("d", 3, "years"))
    assert "ADD_MONTHS(`d`, 36)" in query("spark", years).sql(dialect="spark")
    assert "DATEDIFF" in query("spark", years).sql(dialect="spark")
    assert "INTERVAL '3 YEAR'" in query("postgres", years).sql(dialect="postgres")


def test_a_member_of_a_set_and_what_is_not_known(terms: Terms) -> None:
    has = terms.has_member(column(terms, "a", 7), 2)
    known = terms.known("a")
    select = query("duckdb", Output("has", has), Output("known", known), Output("missing", terms.invert(known)))
    assert computed(select, {"a": 6}, {"a": 5}, {}) == [(0, 0, 1), (0, 1, 0), (1, 1, 0)]
