"""The query of a screening: exact, the same every time, once for each thing it needs, in three dialects."""

from __future__ import annotations

import datetime as dt
import itertools
import re
from fractions import Fraction

import duckdb
import pytest
import sqlglot
from sqlglot import exp

from screening.judged import judge, program_for
from yiqi.judge.judge import Judge
from yiqi.law.document import SourceText
from yiqi.law.library import build, default_folder
from yiqi.law.vocabulary_file import read_vocabulary
from yiqi.screening.layers import DIALECTS, Dialect
from yiqi.screening.planes import TooLargeError
from yiqi.screening.prepared import Column
from yiqi.screening.program import WORD_BITS, Program, walk

ON = dt.date(2026, 11, 23)
BEFORE = dt.date(2025, 6, 30)
TABLE = exp.to_table("enterprises")


@pytest.fixture(scope="module")
def program() -> Program:
    return program_for(BEFORE, "new")


@pytest.fixture(scope="module", params=DIALECTS)
def query(request: pytest.FixtureRequest, program: Program) -> tuple[Dialect, exp.Expr]:
    """The query of every scheme with its reasons, as a dialect reads it."""
    text = program.query(request.param, TABLE, reasons=True, near=True).sql(dialect=request.param)
    return request.param, sqlglot.parse_one(text, dialect=request.param)


def test_every_dialect_reads_the_query_and_gives_the_same_columns(
    query: tuple[Dialect, exp.Expr], program: Program
) -> None:
    dialect, tree = query
    assert isinstance(tree, exp.Select)
    assert tree.named_selects == ["row", *(o.name for o in program.outputs(reasons=True, near=True))]
    # PostgreSQL cuts names off at 63 bytes; two that begin alike would be one.
    if dialect == "postgres":
        names = {i.name for i in tree.find_all(exp.Identifier)}
        assert max(len(name.encode()) for name in names) <= 63


def test_nothing_is_divided_and_no_number_is_a_binary_fraction(query: tuple[Dialect, exp.Expr]) -> None:
    _, tree = query
    assert list(tree.find_all(exp.Div, exp.IntDiv, exp.Pow, exp.Round)) == []
    kinds = {str(cast.args["to"].this) for cast in tree.find_all(exp.Cast)}
    assert not kinds & {"Type.DOUBLE", "Type.FLOAT"}
    assert [n.this for n in tree.find_all(exp.Literal) if not n.is_string and not str(n.this).isdigit()] == []


def test_every_cell_of_a_layer_is_computed_once_and_read(query: tuple[Dialect, exp.Expr]) -> None:
    _, tree = query
    made = [a.alias for a in tree.find_all(exp.Alias) if re.fullmatch(r"c\d+", a.alias)]
    read = [c.name for c in tree.find_all(exp.Column)]
    assert len(made) > 50
    assert len(made) == len(set(made))
    assert set(made) <= set(read)


def test_the_text_is_the_same_every_time(program: Program) -> None:
    made = [Program(Judge(judge().law), BEFORE, "new", program.schemes, program.table_columns) for _ in range(2)]
    first, second = (p.query("duckdb", TABLE, reasons=True, near=True).sql(dialect="duckdb") for p in made)
    assert first == second


def test_a_query_for_reading_names_rules_and_conditions(program: Program) -> None:
    text = program.query("spark", TABLE, reasons=True, for_reading=True).sql(dialect="spark")
    assert "`miit-2022-63#common/2 may`" in text
    assert "miit-2022-63" not in program.query("postgres", TABLE, reasons=True, for_reading=True).sql(
        dialect="postgres"
    )


def test_the_conditions_are_those_of_the_judge_in_the_order_of_the_law(program: Program) -> None:
    outlines = judge().program(BEFORE, "new", program.schemes).outlines
    for scheme, columns in program.scheme_columns.items():
        named = [o.id for o in walk(outlines[scheme]) if o.kind == "condition" and o.value == "truth"]
        order = list(dict.fromkeys(name for name in named if name in columns.conditions))
        assert list(columns.conditions) == order
        # Each has a place of its own in as few words as will do.
        assert [(p.word, p.bit) for p in columns.places] == [divmod(i, WORD_BITS) for i in range(len(order))]
        assert columns.words == -(-len(order) // WORD_BITS)


def test_a_local_rule_is_among_the_conditions_and_another_day_has_none(program: Program) -> None:
    # Guangdong's own pass mark counted until the Measures of 2026.
    assert "gd-2024-5#pass/1" in program.scheme_columns["ladder.specialised_sme"].conditions
    later = program_for(ON, "new", ("ladder.specialised_sme",)).scheme_columns["ladder.specialised_sme"]
    assert [c for c in later.conditions if c.startswith("gd-")] == []


def test_what_a_scheme_asks_of_its_score(program: Program) -> None:
    # 2022 Measures, annex 1 (60 points) and annex 2; the level of digitisation has no mark of its own.
    assert program.scheme_columns["ladder.innovative_sme"].threshold == 600_000
    assert "ladder.little_giant" not in program.scores
    assert program.scheme_columns["size.class"].value == "class"


def test_a_scheme_without_a_rule_is_left_out() -> None:
    program = program_for(dt.date(2023, 6, 1), "new", ("size.sme", "ladder.key_little_giant"))
    assert list(program.scheme_columns) == ["size.sme"]
    assert program.schemes == ("size.sme", "ladder.key_little_giant")


def test_an_unknown_procedure_is_refused() -> None:
    with pytest.raises(ValueError, match="is not a procedure"):
        Program(judge(), ON, "renewal", ("size.sme",), {})


def test_a_table_without_the_facts_leaves_everything_open() -> None:
    columns = {"name": Column(judge().law.vocabulary["name"])}
    program = Program(judge(), ON, "new", ("ladder.little_giant",), columns)
    query = program.query("duckdb", TABLE).sql(dialect="duckdb")
    # Nothing is left to compute: unknown, whatever the row.
    assert "CASE" not in query
    assert re.search(r'SELECT "row", (CAST\()?1( AS UTINYINT\))? AS "ladder.little_giant"', query), query


HEAD = """---
id: example
number: 例
title: {en: Example, zh: 例}
cite: {en: Example, zh: 例}
issuer: {en: Example, zh: 例}
in_force: 2026-05-01
reviewed: 2026-05-01
subject: example
---

# Example · 例 {#research}

```rule
%s
```
"""
VERSIONS = """---
subject: example
title: {en: Which rule, zh: 版本}
schemes:
  research: {en: Research, zh: 研发}
---

| scheme | procedure | acts from | acts until | rule |
|---|---|---|---|---|
| research | any | 2026-05-01 | | example#research |
"""


def example(rule: str) -> Judge:
    law, problems = build(
        [SourceText("example/example.md", HEAD % rule), SourceText("example/versions.md", VERSIONS)],
        read_vocabulary(default_folder() / "facts"),
    )
    assert [p.render("en") for p in problems if p.severity == "error"] == []
    return Judge(law)


def columns_of(names: list[str]) -> dict[str, Column]:
    from yiqi.screening.prepared import column_for

    found = {name: column_for(name, judge().law.vocabulary) for name in names}
    return {name: column for name, column in found.items() if column is not None}


def test_a_law_beyond_38_digits_is_refused_with_its_rule() -> None:
    # The mean of three rates multiplied out has products of three revenues, which could take 51 digits.
    judge_of = example("mean_growth(operating_revenue, 3 years) >= 5%")
    columns = columns_of([f"operating_revenue_{year}" for year in range(2022, 2026)])
    with pytest.raises(TooLargeError, match="example#research"):
        Program(judge_of, ON, "new", ("example.research",), columns)


def test_the_measured_range_of_a_table_may_make_it_exact_again() -> None:
    from yiqi.screening.prepared import Bounds

    judge_of = example("mean_growth(operating_revenue, 3 years) >= 5%")
    columns = columns_of([f"operating_revenue_{year}" for year in range(2022, 2026)])
    # At most ten million yuan: 10^9 fen.
    bounds = {name: Bounds(0, 10**9) for name in columns}
    program = Program(judge_of, ON, "new", ("example.research",), columns, bounds)
    text = program.query("duckdb", TABLE).sql(dialect="duckdb")
    # Twenty-eight digits are more than 64 bits hold.
    assert "INT128" in text
    rising = (10**9, 952_380_953, 907_029_479, 863_837_599)
    connection = duckdb.connect()
    cells = ", ".join(
        f"{revenue}::BIGINT AS {name}" for name, revenue in zip(sorted(columns, reverse=True), rising, strict=True)
    )
    connection.execute(f"CREATE TABLE enterprises AS SELECT 1 AS row, {cells}")
    mean = sum(Fraction(after, before) - 1 for after, before in itertools.pairwise(rising)) / 3
    ((_, outcome),) = connection.execute(text).fetchall()
    assert outcome == (2 if mean >= Fraction(5, 100) else 0)
