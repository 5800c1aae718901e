"""Sets of codes are sets: what ranges say is what Python's own sets say."""

from __future__ import annotations

import datetime as dt

import duckdb
from hypothesis import given
from hypothesis import strategies as st
from sqlglot import exp

from screening.judged import judge
from yiqi.judge.evaluate import code_matches
from yiqi.screening.codes import EVERY, LAST, MISSING, NOTHING, CodeSet
from yiqi.screening.layers import Output
from yiqi.screening.planes import Truth
from yiqi.screening.prepared import column_for, industry_number
from yiqi.screening.program import Program

SPANS = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), max_size=5)


def members(codes: CodeSet) -> set[int]:
    return {number for low, high in codes.spans for number in range(low, high + 1)}


@given(one=SPANS, other=SPANS)
def test_union_and_difference_are_those_of_sets(one: list[tuple[int, int]], other: list[tuple[int, int]]) -> None:
    left, right = CodeSet.of(one), CodeSet.of(other)
    assert members(left) == {n for low, high in one for n in range(low, high + 1)}
    for found, wanted in (
        (left | right, members(left) | members(right)),
        (left - right, members(left) - members(right)),
    ):
        assert members(found) == wanted
        # Ascending, and none touches the next: else two comparisons would stand where one will do.
        assert all(a[1] + 1 < b[0] for a, b in zip(found.spans, found.spans[1:], strict=False))


def test_everything_and_nothing() -> None:
    assert EVERY - NOTHING == EVERY
    assert (EVERY - EVERY) == NOTHING
    assert (EVERY - CodeSet(((MISSING, MISSING),))).spans == ((1, LAST),)


def test_the_row_of_an_industry_is_the_first_that_matches_as_the_judge_says() -> None:
    """The size standard, row by row: which classes are left for every code there is, as deep as it is given."""
    on = dt.date(2026, 11, 25)
    columns = {"industry": column_for("industry", judge().law.vocabulary)}
    program = Program(judge(), on, "new", ("size.class",), {n: c for n, c in columns.items() if c is not None})
    unit = program.linked.units["miit-2011-300#class"]
    tests = [row.child for row in unit.classes.rows]  # type: ignore[union-attr]
    found = list(program.planes.first(tests, unit))
    codes = [
        None,
        "A",
        "B06",
        "C3451",
        "E",
        "F",
        "F5",
        "F51",
        "F513",
        "G",
        "G53",
        "G5",
        "G54",
        "G591",
        "G6",
        "H61",
        "I",
    ]
    codes += [
        "I631",
        "J66",
        "K",
        "K70",
        "K701",
        "K7040",
        "K709",
        "L",
        "M",
        "O8",
        "P83",
        "Q",
        "Q84",
        "Q85",
        "R",
        "S",
        "T",
    ]
    codes = [code for code in codes if code is None or len(code) != 2]
    connection = duckdb.connect()
    connection.execute("CREATE TABLE enterprises (row BIGINT, industry INTEGER)")
    connection.executemany(
        "INSERT INTO enterprises VALUES (?, ?)",
        [[i, None if code is None else industry_number(code)] for i, code in enumerate(codes)],
    )
    outputs = [Output(f"t{i}", term) for i, term in enumerate(found)]
    query = program.query("duckdb", exp.to_table("enterprises"), more=outputs).sql(dialect="duckdb")
    rows = connection.execute(
        f"SELECT {', '.join(f't{i}' for i in range(len(found)))} FROM ({query}) ORDER BY row"
    ).fetchall()
    for code, row in zip(codes, rows, strict=True):
        wanted, open_yet = [], True
        for test in tests:
            held = 2 if not hasattr(test, "prefixes") else code_matches(code, test.prefixes, test.exceptions)
            wanted.append(int(open_yet and held > 0))
            open_yet = open_yet and held < 2
        assert list(row) == wanted, code


def test_a_code_with_exceptions_is_open_where_either_is() -> None:
    program = Program(judge(), dt.date(2026, 11, 25), "new", ("size.class",), {
        name: column for name in ("industry",) if (column := column_for(name, judge().law.vocabulary)) is not None
    })  # fmt: skip
    slot = program.linked.slots[[s.fact for s in program.linked.slots].index("industry")]
    truth = program.planes.coded(slot, ("G",), ("G53",))
    assert isinstance(truth, Truth)
    sure, may = program.planes._codes(slot, ("G",), ("G53",))
    for code in ("G", "G5", "G53", "G531", "G54", "F51"):
        if len(code) == 2:
            continue
        number = industry_number(code)
        expected = code_matches(code, ("G",), ("G53",))
        assert (number in members(sure)) + (number in members(may)) == expected, code
    assert MISSING in members(may) - members(sure)
