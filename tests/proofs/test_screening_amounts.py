"""The SQL gives the amounts and dates that the judge gives: end by end, a missing bound NULL on both sides.

Random lines and tables of amounts over a few small facts are tried on every combination of what is known and missing; then
every amount of the law on random enterprises.
"""

from __future__ import annotations

import datetime as dt
import itertools
from typing import Any

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlglot import exp

from proofs.sheets import FULL, proof
from proofs.test_amounts import COUNTS, FLAGS, HERE, SAMPLES, VOCABULARY, amounts, linked, reckoned
from proofs.test_screening import Frames, draw, measured, pools, table_columns
from yiqi.judge import ranges
from yiqi.judge.evaluate import Evaluation
from yiqi.judge.frame import encoder
from yiqi.judge.judge import Judge
from yiqi.judge.link import Linked
from yiqi.law.library import load
from yiqi.law.syntax import Name, Reckoning
from yiqi.law.tree import All as AllOf
from yiqi.law.tree import AmountNode, Flag, Formula, Highest, Lowest, Moved, Reckoned, Row, Slot, Table
from yiqi.screening.layers import Layers, Output
from yiqi.screening.planes import Planes, Span
from yiqi.screening.prepared import ROW, Bounds, Column
from yiqi.screening.program import Program
from yiqi.screening.reckoned import NotInScreeningError, TooLargeError
from yiqi.screening.terms import Terms

COLUMNS = {name: Column(VOCABULARY[name]) for name in (*COUNTS, *FLAGS, "day")}
BOUNDS = {name: Bounds(min(SAMPLES[name]), max(SAMPLES[name])) for name in COUNTS}
EVERY = [
    dict(zip((*COUNTS, *FLAGS, "day"), values, strict=True))
    for values in itertools.product(
        *((None, *SAMPLES[n]) for n in COUNTS), *([(0, 1, 2)] * len(FLAGS)), (dt.date(2024, 1, 31), None)
    )
]
FRAMES = EVERY[:: 1 if FULL else 7]
"""What is known and missing; seven has no factor in common with the number of values of any fact."""


@pytest.fixture(scope="module")
def connection() -> duckdb.DuckDBPyConnection:
    made = duckdb.connect(config={"threads": 1})
    made.execute(f"CREATE TABLE t ({ROW} BIGINT, a BIGINT, b BIGINT, c BIGINT, f BOOLEAN, g BOOLEAN, day DATE)")
    flags = {0: False, 1: None, 2: True}
    rows = [
        (n, *(f[c] for c in COUNTS), *(flags[f[x]] for x in FLAGS), f["day"])
        for n, f in enumerate(FRAMES)  # type: ignore[index]
    ]
    made.executemany("INSERT INTO t VALUES (?, ?, ?, ?, ?, ?, ?)", rows)
    return made


def in_sql(connection: duckdb.DuckDBPyConnection, joined: Linked, bounds: dict[str, Bounds]) -> list[Any]:
    """Both ends of the one unit for every frame, None where there is no bound."""
    terms = Terms()
    span = Planes(joined, "new", COLUMNS, bounds, terms).units["t#rule"]
    assert isinstance(span, Span)
    outputs = [Output("low", span.low, None, span.has_low), Output("high", span.high, None, span.has_high)]
    query = Layers("duckdb", COLUMNS).query(exp.to_table("t"), [ROW], outputs).sql(dialect="duckdb")
    return [(low, high) for _, low, high in connection.execute(f"{query} ORDER BY {ROW}").fetchall()]


def by_the_judge(joined: Linked) -> list[ranges.Range]:
    def held(slot: Slot, value: Any) -> Any:
        return encoder(slot, VOCABULARY)(value) if isinstance(value, dt.date) else value

    return [Evaluation(joined, [held(s, frame[s.fact]) for s in joined.slots]).unit("t#rule") for frame in FRAMES]


def agree(connection: duckdb.DuckDBPyConnection, joined: Linked) -> None:
    expected = by_the_judge(joined)
    for bounds in ({}, BOUNDS):
        try:
            found = in_sql(connection, joined, bounds)
        except NotInScreeningError:
            return
        except TooLargeError:
            assert not bounds  # a cube of a column that could hold any whole number has more than 38 digits
            continue
        for frame, one, other in zip(FRAMES, found, expected, strict=True):
            assert one == other, frame


@proof(30)
@given(st.one_of(reckoned, amounts))
def test_random_amounts(connection: duckdb.DuckDBPyConnection, node: AmountNode) -> None:
    agree(connection, linked(node))


def number(*terms: tuple[tuple[str, ...], int]) -> Formula:
    return Formula(tuple((tuple(Slot(name) for name in names), factor) for names, factor in terms))


days = st.one_of(
    st.just(number((("day",), 1))),
    st.sampled_from((("days", 40), ("months", -1), ("years", 1), ("months", 13))).map(
        lambda move: Formula((((Slot("day", None, move[1], move[0]),), 1),))
    ),
    st.dates(dt.date(1, 1, 1), dt.date(9999, 12, 31)).map(lambda day: number(((), day.toordinal()))),
)
spans = st.one_of(
    st.tuples(
        st.sampled_from((number((("a",), 1)), number((("b",), 7), ((), 3)), number((("c",), -2)))), st.just("days")
    ),
    st.tuples(
        st.sampled_from((-120_000, -14, -1, 0, 1, 11, 14, 120_000)).map(lambda n: number(((), n))),
        st.sampled_from(("days", "months", "years")),
    ),
)
dates = st.recursive(
    days,
    lambda inner: st.one_of(
        st.builds(Lowest, st.lists(inner, min_size=1, max_size=3).map(tuple)),
        st.builds(Highest, st.lists(inner, min_size=1, max_size=3).map(tuple)),
        st.builds(lambda date, by: Moved(date, *by), inner, spans),
    ),
    max_leaves=4,
)
WRITTEN = Reckoning("date", Name("day", None, HERE), HERE)


def dated(first: Any, second: Any, rest: Any) -> Table:
    tests = [Flag(Slot("f"), Name("f", None, HERE)), Flag(Slot("g"), Name("g", None, HERE)), AllOf(())]
    lines = [Reckoned(f"t#rule/{n}", node, 1, WRITTEN, HERE) for n, node in enumerate((first, second, rest), 1)]
    return Table(
        "first", (),
        tuple(Row(line.id, test, n == 2, None, None, None, (), HERE, line)
              for n, (line, test) in enumerate(zip(lines, tests, strict=True))), None,
    )  # fmt: skip


@proof(30)
@given(st.builds(dated, dates, dates, dates))
def test_random_dates(connection: duckdb.DuckDBPyConnection, node: Table) -> None:
    agree(connection, linked(node, "date"))


def test_what_no_query_is_written_for_is_refused_with_its_rule() -> None:
    by_a_fact = Moved(number((("day",), 1)), number((("a",), 1)), "months")
    twice = number((("a", "b"), 1), (("a", "c"), -1))
    for node, words in ((by_a_fact, "number of months"), (twice, "one fact twice")):
        joined = linked(Reckoned("t#rule/1", node, 1, WRITTEN, HERE))  # type: ignore[arg-type]
        with pytest.raises(NotInScreeningError, match=f"t#rule.*{words}") as caught:
            Planes(joined, "new", COLUMNS, {}, Terms())
        assert caught.value.rule == "t#rule"


@pytest.mark.parametrize("on", [dt.date(2026, 11, 25), dt.date(2025, 6, 30)], ids=str)
def test_every_amount_of_the_law_on_random_enterprises(on: dt.date) -> None:
    judge = Judge(load())
    columns = table_columns(judge, on, "new")
    database = duckdb.connect(config={"threads": 1})
    rows = 200_000 if FULL else 4_000
    pool = {name: [v for v in values if len(v) < 24] for name, values in pools(judge, on, "new", columns).items()}
    draw(database, pool, columns, rows)
    bounds = measured(database, columns)
    program = Program(judge, on, "new", judge.schemes(), columns, bounds, amounts=True)
    compiled = judge.program(on, "new").compiled
    given_by = [(s, kind, gift) for s in program.scheme_columns for kind, gift in program.gifts(s).items()]
    assert len(given_by) > 10
    query = program.query("duckdb", exp.to_table("drawn"), [ROW, *columns]).sql(dialect="duckdb")
    shown = [d[0] for d in database.execute(query).description or ()]
    assert len(set(shown)) == len(shown)
    at = {name: i for i, name in enumerate(shown)}
    frames = Frames(compiled, judge, on, "new", list(columns.values()))
    decided: dict[str, set[str]] = {}
    while batch := database.fetchmany(2000):
        for row in batch:
            results: list[Any] = [None] * compiled.size
            frame = frames.of(row)
            for scheme, kind, gift in given_by:
                rule = program.scheme_columns[scheme].version.rule
                for key in (rule, gift.rule):
                    compiled.trace[key](frame, results)
                held, bare = results[compiled.position[rule]], results[compiled.position[gift.rule]]
                expected: tuple[Any, ...] = (None, None)
                if held:
                    expected = ranges.given(held, bare) if kind == "amount" else bare
                if kind == "date":
                    expected = tuple(None if e is None else dt.date.fromordinal(e) for e in expected)
                names = ("low", "high") if kind == "amount" else ("earliest", "latest")
                found = tuple(row[at[f"{scheme}.{name}"]] for name in names)
                assert found == expected, (row[0], scheme, gift.rule)
                if found[0] is not None:
                    decided.setdefault(scheme, set()).add("exact" if found[0] == found[1] else "range")
    # That the draw is worth its time.
    assert sum(len(kinds) for kinds in decided.values()) > len(given_by)
