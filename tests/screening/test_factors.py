"""Terms stay small: shared factors stand outside, and whether a fact is known is asked only where it adds something."""

from __future__ import annotations

import duckdb
import pytest
from sqlglot import exp

from screening.judged import judge
from yiqi.screening.layers import BIT, Layers, Output
from yiqi.screening.prepared import Column
from yiqi.screening.terms import Term, Terms, factor_of


def test_a_factor_that_all_parts_share_stands_outside() -> None:
    terms = Terms()
    a, b = terms.known("a"), terms.known("b")
    total = terms.add([terms.scaled(50_000, a), terms.scaled(150_000, b), terms.constant(100_000)])
    inner, factor = factor_of(total)
    assert factor == 50_000
    assert (inner.low, inner.high) == (2, 6)
    assert (total.low, total.high) == (100_000, 300_000)
    chosen = terms.choose(a, terms.constant(200_000), terms.constant(0))
    assert factor_of(chosen)[1] == 200_000
    # 60 points of steps of five: a sum of 12 of them.
    assert terms.compare(total, ">=", terms.constant(160_000)) is terms.compare(inner, ">=", terms.constant(4))
    assert terms.compare(total, "=", terms.constant(160_000)) is terms.zero
    assert terms.compare(terms.scaled(6, a), ">", terms.scaled(4, b)) is terms.compare(
        terms.scaled(3, a), ">", terms.scaled(2, b)
    )


def test_a_bit_that_is_compared_is_itself() -> None:
    terms = Terms()
    bit = terms.known("a")
    assert terms.compare(terms.scaled(1024, bit), ">=", terms.constant(1)) is bit
    assert terms.compare(bit, "=", terms.zero) is terms.invert(bit)
    assert terms.compare(terms.one, ">", bit) is terms.invert(bit)


def test_a_score_of_small_steps_takes_one_byte() -> None:
    terms = Terms()
    bands = terms.choose(terms.known("own_brand"), terms.constant(200_000), terms.constant(50_000))
    inner, _ = factor_of(terms.add([bands, terms.scaled(50_000, terms.known("titles"))]))
    assert Layers("duckdb", {}).width(inner) == BIT


@pytest.mark.parametrize(("sign", "bound", "sure_asks", "may_asks"), [
    (">=", 1, False, True),  # a missing figure stands below every figure: at least 1 fails without it
    ("<", 1, True, False),
    ("=", 3, False, True),
    (">=", 0, True, True),  # holds for every figure, so nothing but whether it is known is left
])  # fmt: skip
def test_known_is_not_asked_where_the_comparison_says_it(
    sign: str, bound: int, sure_asks: bool, may_asks: bool
) -> None:
    terms = Terms()
    figure, known = terms.fill("x", 0, 9, -1), terms.known("x")
    test = terms.compare(figure, sign, terms.constant(bound)) if bound else terms.one  # type: ignore[arg-type]
    sure, may = terms.all_of([known, test]), terms.any_of([terms.invert(known), test])
    assert (known in reached(sure)) is sure_asks
    assert (known in reached(may)) is (may_asks and bound > 0)


def reached(term: Term) -> set[Term]:
    return {term}.union(*(reached(a) for a in term.arguments))


def test_the_value_where_a_bit_holds_or_a_constant() -> None:
    vocabulary = judge().law.vocabulary
    columns = {"own_brand": Column(vocabulary["own_brand"]), "net_profit_2025": Column(vocabulary["net_profit"], 2025)}
    terms = Terms()
    bit = terms.flag("own_brand", False)
    positive, negative = terms.fill("net_profit_2025", 0, 100), terms.fill("net_profit_2025", -100, 100)
    outputs = [
        Output("a", terms.where(bit, positive, 7)), Output("b", terms.where(bit, negative, 7)),
        Output("c", terms.where(bit, terms.scaled(3, positive), 0)), Output("d", terms.where(bit, positive, -1)),
    ]  # fmt: skip
    connection = duckdb.connect()
    connection.execute("CREATE TABLE cells (row BIGINT, own_brand BOOLEAN, net_profit_2025 BIGINT)")
    connection.execute("INSERT INTO cells VALUES (1, true, 5), (2, false, 5), (3, NULL, NULL), (4, true, NULL)")
    query = Layers("duckdb", columns).query(exp.to_table("cells"), ["row"], outputs).sql(dialect="duckdb")
    assert connection.execute(f"{query} ORDER BY row").fetchall() == [
        (1, 5, 5, 15, 5), (2, 7, 7, 0, -1), (3, 7, 7, 0, -1), (4, 0, 0, 0, 0),
    ]  # fmt: skip
    for output in outputs:
        assert output.term.low <= 0 <= output.term.high
