"""Enterprises in a table, and what the judge says of each: what a screened table is held to."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import Any

import duckdb

from proofs.test_screening import draw, pools, table_columns
from yiqi.facts.sheet import FactSheet, Value
from yiqi.judge.answer import Answer
from yiqi.judge.judge import Judge
from yiqi.law.library import load
from yiqi.law.quantities import SCALES, decimal_text
from yiqi.law.vocabulary import Fact
from yiqi.screening.prepared import Column, Prepared, sheet_of
from yiqi.screening.program import Program


@cache
def judge() -> Judge:
    return Judge(load())


def cell(fact: Fact, value: Value | None) -> str:
    """A value as a person writes it in a table."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, frozenset):
        return ";".join(sorted(value)) or "无"
    if isinstance(value, int):
        assert fact.kind is not None
        return decimal_text(Fraction(value, SCALES[fact.kind]))
    return str(value)


def written(sheets: Sequence[FactSheet]) -> str:
    """A CSV of fact sheets, a row for each, a column for each fact and year that one of them knows."""
    vocabulary = judge().law.vocabulary
    names: dict[str, tuple[Fact, int | None]] = {}
    for sheet in sheets:
        for name, value in sheet.values.items():
            for year in sorted(value) if isinstance(value, Mapping) else (None,):
                names.setdefault(name if year is None else f"{name}_{year}", (vocabulary[name], year))
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(names)
    for sheet in sheets:
        writer.writerow([cell(fact, _known(sheet, fact, year)) for fact, year in names.values()])
    return text.getvalue()


def _known(sheet: FactSheet, fact: Fact, year: int | None) -> Value | None:
    return sheet.get(fact.id, year) if fact.id in sheet.values else None


def answer_row(answer: Answer) -> dict[str, Any]:
    """What the columns of a result table hold of one answer, by the end of their name."""
    row: dict[str, Any] = {"": answer.outcome}
    if answer.possible is not None:
        row[".possible"] = ";".join(answer.possible)
    if answer.score is not None:
        row[".low"], row[".high"] = (Decimal(points) / 10_000 for points in answer.score[:2])
    row[".failed"] = {reason.outline.id for reason in answer.leaves(0)}
    row[".unknown"] = {reason.outline.id for reason in answer.leaves(1)}
    return row


def differences(found: Mapping[str, Any], answers: Iterable[Answer]) -> list[str]:
    """What a row of a result table with the ids of reasons says otherwise than the judge."""
    wrong: list[str] = []
    for answer in answers:
        scheme = answer.scheme.id
        row = answer_row(answer)
        if row[""] == "not_applicable":
            assert [name for name in found if name.startswith(f"{scheme}.")] == []
            row = {"": "not_applicable"}
        for end, wanted in row.items():
            said = found.get(scheme + end)
            if isinstance(wanted, set):
                assert isinstance(said, str), scheme + end
                ids = said.split(";") if said else []
                assert len(ids) == len(set(ids))
                said = set(ids)
            if said != wanted:
                wrong.append(f"row {found['row']}, {scheme}{end}: {said} in the table, {wanted} for the judge")
    return wrong


def rows_of(relation: duckdb.DuckDBPyRelation) -> list[dict[str, Any]]:
    """The rows of a relation by the names of their columns."""
    names = relation.columns
    return [dict(zip(names, row, strict=True)) for row in relation.fetchall()]


def random_table(
    connection: duckdb.DuckDBPyConnection, on: dt.date, procedure: str, rows: int, name: str = "enterprises"
) -> Prepared:
    """A prepared table of random enterprises, drawn from the figures that the law compares with."""
    columns = table_columns(judge(), on, procedure)
    draw(connection, pools(judge(), on, procedure, columns), columns, rows)
    connection.execute(f"CREATE OR REPLACE TABLE {name} AS FROM drawn ORDER BY row")
    return Prepared(name, columns, rows)


def sheets_of(connection: duckdb.DuckDBPyConnection, prepared: Prepared) -> dict[int, FactSheet]:
    """The fact sheet of each row of a prepared table, by its number."""
    rows = rows_of(connection.sql(f"FROM {prepared.source} ORDER BY row"))
    return {row["row"]: sheet_of(prepared.columns, row) for row in rows}


@cache
def program_for(on: dt.date, procedure: str, schemes: tuple[str, ...] = ()) -> Program:
    """The program over a table with every column that the rules of the day read; all schemes for none."""
    columns: dict[str, Column] = table_columns(judge(), on, procedure)
    return Program(judge(), on, procedure, judge().schemes(schemes or None), columns)
