"""Terms fold to nothing they do not mean, their ranges hold, and DuckDB computes what they say."""

from __future__ import annotations

import datetime as dt
import itertools
import operator
from collections.abc import Callable, Mapping

import duckdb
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from sqlglot import exp

from screening.judged import judge
from yiqi.screening.layers import WIDE, Layers, Output
from yiqi.screening.prepared import Column
from yiqi.screening.terms import FLIPPED, Sign, Term, Terms, quotient_bound

Cells = Mapping[str, int | bool | dt.date | None]

HOLDS: dict[str, Callable[[int, int], bool]] = {
    ">=": operator.ge, ">": operator.gt, "=": operator.eq, "<": operator.lt, "<=": operator.le,
}  # fmt: skip
SIGNS: tuple[Sign, ...] = (">=", ">", "=", "<", "<=")


def value(term: Term, cells: Cells) -> int:
    """What a term means, worked out step by step."""
    parts = [value(a, cells) for a in term.arguments]
    cell = cells.get(str(term.detail[0])) if term.detail else None
    match term.operation:
        case "constant":
            return term.low
        case "known":
            return int(cell is not None)
        case "fill":
            return int(term.detail[1]) if cell is None else int(cell)  # type: ignore[arg-type]
        case "flag":
            return int(bool(term.detail[1]) if cell is None else bool(cell))
        case "and":
            return int(all(parts))
        case "or":
            return int(any(parts))
        case "not":
            return 1 - parts[0]
        case "add":
            return sum(parts)
        case "multiply":
            return parts[0] * parts[1]
        case "compare":
            return int(HOLDS[str(term.detail[0])](*parts))
        case "members":
            return int(parts[0] & int(term.detail[0]) != 0)
        case "choose":
            return parts[1] if parts[0] else parts[2]
        case "quotient":
            return parts[0] // int(term.detail[0])
    raise AssertionError(term.operation)


# -- folding ---------------------------------------------------------------------------------------------------------------


def test_a_term_is_made_once() -> None:
    terms = Terms()
    left = terms.add([terms.fill("a", 0, 9), terms.constant(3)])
    assert terms.add([terms.fill("a", 0, 9), terms.constant(3)]) is left
    assert terms.constant(1) is terms.one
    # One and true are equal for Python, and two things here.
    assert terms.flag("b", True) is not terms.flag("b", False)


def test_constants_fold_away() -> None:
    terms = Terms()
    a, b = terms.known("a"), terms.known("b")
    assert terms.all_of([a, terms.one]) is a
    assert terms.all_of([a, terms.zero]) is terms.zero
    assert terms.any_of([a, terms.one]) is terms.one
    assert terms.any_of([terms.zero, a, a]) is a
    assert terms.all_of([]) is terms.one
    assert terms.any_of([]) is terms.zero
    assert terms.all_of([a, terms.invert(a)]) is terms.zero
    assert terms.any_of([a, b, terms.invert(a)]) is terms.one
    assert terms.invert(terms.invert(a)) is a
    x = terms.fill("x", -5, 5)
    assert terms.add([x, terms.zero]) is x
    assert terms.multiply(x, terms.one) is x
    assert terms.multiply(x, terms.zero) is terms.zero
    assert terms.multiply(terms.constant(3), terms.constant(-4)).constant == -12
    assert terms.choose(terms.one, x, terms.zero) is x
    assert terms.choose(a, x, x) is x


def test_a_comparison_that_the_ranges_decide_is_no_comparison() -> None:
    terms = Terms()
    x = terms.fill("x", 10, 20, missing=10)
    for sign, bound, decided in (
        (">=", 10, 1), (">=", 11, None), (">=", 20, None), (">=", 21, 0), (">", 9, 1), (">", 10, None), (">", 20, 0),
        ("=", 9, 0), ("=", 10, None), ("=", 21, 0), ("<", 10, 0), ("<", 21, 1), ("<=", 20, 1), ("<=", 19, None), ("<=", 9, 0),
    ):  # fmt: skip
        assert terms.compare(x, sign, terms.constant(bound)).constant == decided, (sign, bound)


def test_the_least_and_the_greatest_of_three_where_the_last_one_bounds_the_range() -> None:
    terms = Terms()
    x, y = terms.fill("x", -10, 10), terms.fill("y", -10, 10)
    least, greatest = terms.least([x, y, terms.zero]), terms.greatest([x, y, terms.zero])
    assert (least.low, least.high, greatest.low, greatest.high) == (-10, 0, 0, 10)
    for a, b in itertools.product((-10, -1, 0, 5, 10), repeat=2):
        cells = {"x": a, "y": b}
        assert (value(least, cells), value(greatest, cells)) == (min(a, b, 0), max(a, b, 0))


def test_a_quotient_takes_out_what_both_share() -> None:
    terms = Terms()
    x = terms.fill("x", -9, 9)
    assert terms.quotient(terms.scaled(12, x), 4) is terms.scaled(3, x)
    assert terms.quotient(terms.scaled(4, x), 12) is terms.quotient(x, 3)
    assert terms.quotient(terms.constant(-7), 2).constant == -4
    assert (terms.quotient(x, 2).low, terms.quotient(x, 2).high) == (-5, 4)


def test_missing_values_widen_the_range() -> None:
    terms = Terms()
    assert (terms.fill("x", 5, 9).low, terms.fill("x", 5, 9).high) == (0, 9)
    assert (terms.fill("y", 5, 9, missing=12).low, terms.fill("y", 5, 9, missing=12).high) == (5, 12)


@given(total=st.integers(-60, 60), divisor=st.integers(-9, 9).filter(bool), sign=st.sampled_from(SIGNS))
def test_a_bound_divided_by_its_factor_is_exact(total: int, divisor: int, sign: Sign) -> None:
    found = quotient_bound(total, divisor, sign)
    for x in range(-70, 71):
        wanted = HOLDS[sign](x * divisor, total)
        assert wanted == (found is not None and HOLDS[found[0]](x, found[1])), x


def test_signs_turn_round() -> None:
    for sign, (a, b) in itertools.product(SIGNS, [(1, 2), (2, 2), (3, 2)]):
        assert HOLDS[sign](a, b) == HOLDS[FLIPPED[sign]](b, a)


# -- against DuckDB --------------------------------------------------------------------------------------------------------

BOUND = 10**6
NUMBERS = ("net_profit_2025", "net_profit_2024")
"""Two columns of money, which may be negative."""


def columns() -> dict[str, Column]:
    vocabulary = judge().law.vocabulary
    found = {f"net_profit_{year}": Column(vocabulary["net_profit"], year) for year in (2025, 2024)}
    found["own_brand"] = Column(vocabulary["own_brand"])
    found["titles"] = Column(vocabulary["titles"])
    return found


@st.composite
def numbers(draw: st.DrawFn, terms: Terms, depth: int) -> Term:
    kind = draw(
        st.sampled_from(
            ["column", "constant"]
            if depth == 0
            else ["column", "add", "multiply", "choose", "least", "greatest", "quotient"]
        )
    )
    if kind == "column":
        return terms.fill(draw(st.sampled_from(NUMBERS)), -BOUND, BOUND, draw(st.sampled_from([0, 0, 7])))
    if kind == "constant":
        return terms.constant(draw(st.integers(-9, 9)))
    parts = draw(st.lists(numbers(terms, depth - 1), min_size=2, max_size=3))
    if kind == "add":
        return terms.add(parts)
    if kind == "quotient":
        return terms.quotient(parts[0], draw(st.sampled_from([1, 2, 7, 100, 10**6])))
    if kind == "multiply":
        return terms.multiply(parts[0], parts[1])
    if kind == "choose":
        return terms.choose(draw(bits(terms, depth - 1)), parts[0], parts[1])
    return terms.least(parts) if kind == "least" else terms.greatest(parts)


@st.composite
def bits(draw: st.DrawFn, terms: Terms, depth: int) -> Term:
    kind = draw(
        st.sampled_from(["known", "flag", "member"] if depth == 0 else ["and", "or", "not", "compare", "count"])
    )
    if kind == "known":
        return terms.known(draw(st.sampled_from([*NUMBERS, "own_brand", "titles"])))
    if kind == "flag":
        return terms.flag("own_brand", draw(st.booleans()))
    if kind == "member":
        return terms.has_member(terms.fill("titles", 0, 15), 1 << draw(st.integers(0, 3)))
    if kind == "not":
        return terms.invert(draw(bits(terms, depth - 1)))
    if kind == "compare":
        left, right = draw(numbers(terms, depth - 1)), draw(numbers(terms, depth - 1))
        return terms.compare(left, draw(st.sampled_from(SIGNS)), right)
    parts = draw(st.lists(bits(terms, depth - 1), min_size=1, max_size=4))
    if kind == "count":
        return terms.compare(terms.add(parts), ">=", terms.constant(draw(st.integers(0, 3))))
    return terms.all_of(parts) if kind == "and" else terms.any_of(parts)


ROWS: tuple[Cells, ...] = tuple(
    dict(zip((*NUMBERS, "own_brand", "titles"), cells, strict=True))
    for cells in itertools.product(
        (None, -BOUND, -1, 0, 4, BOUND), (None, -3, 0, BOUND), (None, True, False), (None, 0, 5, 10)
    )
)


@pytest.fixture(scope="module")
def connection() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect(config={"threads": 1})
    connection.execute(
        'CREATE TABLE cells ("row" BIGINT, net_profit_2025 BIGINT, net_profit_2024 BIGINT, own_brand BOOLEAN, titles BIGINT)'
    )
    connection.executemany(
        "INSERT INTO cells VALUES (?, ?, ?, ?, ?)", [[i, *cells.values()] for i, cells in enumerate(ROWS)]
    )
    return connection


@settings(max_examples=60, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(data=st.data())
def test_the_sql_of_a_term_is_its_value(connection: duckdb.DuckDBPyConnection, data: st.DataObject) -> None:
    terms = Terms()
    made = [data.draw(numbers(terms, 3)), data.draw(bits(terms, 3)), data.draw(bits(terms, 2))]
    outputs = [Output(f"t{i}", term, WIDE) for i, term in enumerate(made)]
    query = Layers("duckdb", columns()).query(exp.to_table("cells"), ["row"], outputs).sql(dialect="duckdb")
    for row, *found in connection.execute(f"{query} ORDER BY row").fetchall():
        wanted = [value(term, ROWS[row]) for term in made]
        assert found == wanted
        for term, said in zip(made, wanted, strict=True):
            assert term.low <= said <= term.high


def test_a_product_beyond_64_bits_is_exact(connection: duckdb.DuckDBPyConnection) -> None:
    terms = Terms()
    # 10^17 - 1 fen is the most that a fact sheet takes.
    most = 10**17 - 1
    a = terms.fill("net_profit_2025", -most, most)
    square = terms.multiply(a, a)
    tests = [
        terms.compare(square, sign, terms.constant(bound))
        for sign, bound in ((">=", most**2), (">", most**2), (">", most**2 - 1))
    ]
    connection.execute(f"CREATE OR REPLACE TABLE one AS SELECT 1::BIGINT AS row, {most}::BIGINT AS net_profit_2025")
    outputs = [Output("square", square), *(Output(f"t{i}", test) for i, test in enumerate(tests))]
    query = Layers("duckdb", columns()).query(exp.to_table("one"), [], outputs).sql(dialect="duckdb")
    assert connection.execute(query).fetchall() == [(most**2, 1, 0, 1)]


def test_days_are_moved_as_the_law_counts_them(connection: duckdb.DuckDBPyConnection) -> None:
    vocabulary = judge().law.vocabulary
    established = {"established": Column(vocabulary["established"])}
    terms = Terms()
    moved = [
        terms.day("established", shift, unit) for shift, unit in ((0, ""), (1, "years"), (1, "months"), (10, "days"))
    ]
    connection.execute(
        "CREATE OR REPLACE TABLE days AS SELECT unnest([DATE '2024-02-29', DATE '2025-01-31', NULL]) AS established"
    )
    outputs = [Output(f"t{i}", term) for i, term in enumerate(moved)]
    query = Layers("duckdb", established).query(exp.to_table("days"), [], outputs).sql(dialect="duckdb")
    wanted = [
        # 29 February falls on the 28th a year on, the 31st of January on the last day of February.
        [dt.date(2024, 2, 29), dt.date(2025, 2, 28), dt.date(2024, 3, 29), dt.date(2024, 3, 10)],
        [dt.date(2025, 1, 31), dt.date(2026, 1, 31), dt.date(2025, 2, 28), dt.date(2025, 2, 10)],
    ]
    assert connection.execute(query).fetchall() == [
        *(tuple(d.toordinal() for d in days) for days in wanted),
        (0, 0, 0, 0),
    ]
