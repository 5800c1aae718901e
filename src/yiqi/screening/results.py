"""What a person or a program gets of a finished run: outcomes by name, scores as decimals, ids of conditions.

``docs/reference/answers.md`` describes the columns. CSV and Parquet carry them as they are; a workbook is made by
``yiqi.report.screening_workbook``.
"""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Literal

import duckdb

from yiqi.law.quantities import POINTS_SCALE, decimal_text
from yiqi.screening.prepared import PROBLEMS, ROW
from yiqi.screening.program import PLANES, Program
from yiqi.screening.quoting import identifier, literal
from yiqi.screening.running import Result, write_parquet
from yiqi.screening.synthetic import DATA, KEY, SYNTHETIC

Reasons = Literal["none", "ids", "packed"]

ONE_UNIT = decimal_text(Fraction(1, POINTS_SCALE))
"""The smallest part of a point, as SQL writes it."""


def answer_columns(result: Result, reasons: Reasons = "none", *, as_text: bool = False) -> list[str]:
    """SQL of the columns of a result table, over the parts of a run. ``as_text`` writes scores as people do (62.5), not
    with all decimals of their type. Raises ``ValueError`` for reasons that the run did not keep."""
    if reasons != "none" and not result.reasons:
        raise ValueError("the run kept no reasons")
    program = result.program
    found = [_passed(name) for name in result.passed if name != PROBLEMS]
    for scheme in program.schemes:
        columns = program.scheme_columns.get(scheme)
        if columns is None:
            found.append(f"'not_applicable' AS {identifier(scheme)}")
            continue
        found.append(f"{outcome(program, scheme)} AS {identifier(scheme)}")
        if columns.value == "class":
            found.append(f"{possible(program, scheme)} AS {identifier(scheme + '.possible')}")
        if scheme in program.scores:
            found += [points(identifier(f"{scheme}.{end}"), as_text=as_text) for end in ("low", "high")]
        for kind in program.gifts(scheme):
            found += [yuan(identifier(f"{scheme}.{end}")) for end in ("low", "high") if kind == "amount"]
            found += [identifier(f"{scheme}.{end}") for end in ("earliest", "latest") if kind == "date"]
        if result.near and columns.value == "truth":
            found.append(f"{near(result, scheme)} AS {identifier(scheme + '.near')}")
        if reasons == "ids":
            failed, unknown = condition_lists(program, scheme)
            found.append(f"{failed} AS {identifier(scheme + '.failed')}")
            found.append(f"{unknown} AS {identifier(scheme + '.unknown')}")
        if reasons == "packed":
            found += [identifier(f"{scheme}.{plane}.{word}") for word in range(columns.words) for plane in PLANES]
    if PROBLEMS in result.passed:
        found.append(PROBLEMS)
    if result.synthetic:
        found.append(f"{literal(SYNTHETIC)} AS {DATA}")
    return found


def answers(
    connection: duckdb.DuckDBPyConnection, result: Result, reasons: Reasons = "none"
) -> duckdb.DuckDBPyRelation:
    """The result table as a relation of DuckDB, in the order of the rows."""
    return connection.sql(answers_query(result, reasons))


def answers_query(result: Result, reasons: Reasons = "none") -> str:
    return f"SELECT {', '.join(answer_columns(result, reasons))} FROM {result.source} ORDER BY {ROW}"


def write_answers(
    connection: duckdb.DuckDBPyConnection,
    result: Result,
    place: Path,
    reasons: Reasons = "none",
) -> None:
    """Write the result table as CSV (UTF-8 with a byte order mark, which spreadsheets look for) or as Parquet, by the ending of
    ``place``. The file is there whole or, if writing fails, as it was before."""
    metadata = {"yiqi.result": "1", **({KEY: "1"} if result.synthetic else {})}
    if reasons == "packed":
        metadata["yiqi.conditions"] = json.dumps(condition_places(result.program), ensure_ascii=False)
    if place.suffix.lower() == ".parquet":
        write_parquet(connection, answers_query(result, reasons), place, metadata)
        return
    first, *rest = answer_columns(result, reasons, as_text=True)
    marked = f"{first} AS {identifier(BYTE_ORDER_MARK + result.passed[0])}"
    query = f"SELECT {', '.join([marked, *rest])} FROM {result.source} ORDER BY {ROW}"
    beside = place.with_name(place.name + ".part")
    try:
        connection.execute(f"COPY ({query}) TO {literal(str(beside))} (FORMAT csv, HEADER)")
        beside.replace(place)
    finally:
        beside.unlink(missing_ok=True)


BYTE_ORDER_MARK = "\ufeff"


def condition_places(program: Program) -> dict[str, list[list[str | int]]]:
    """For each scheme its conditions as (id, word, bit): how to read packed reasons."""
    return {
        scheme: [[c, p.word, p.bit] for c, p in zip(columns.conditions, columns.places, strict=True)]
        for scheme, columns in program.scheme_columns.items()
    }


def _passed(name: str) -> str:
    column = identifier(name)
    if name == "region":
        return f"printf('%06d', {column}) AS {column}"
    if name == "industry":
        return f"{industry_text(column)} AS {column}"
    return column


def points(column: str, *, as_text: bool = False) -> str:
    """SQL for points, which a part holds in 1/10000 as whole numbers: the same exactly, as a decimal number."""
    # Multiplied by a decimal: a quotient would be a binary fraction.
    decimal = f"CAST(CAST({column} AS DECIMAL(10, 0)) * {ONE_UNIT} AS DECIMAL(10, 4))"
    shown = f"rtrim(rtrim(CAST({decimal} AS VARCHAR), '0'), '.')" if as_text else decimal
    return f"{shown} AS {column}"


def yuan(column: str) -> str:
    """SQL for fen, whole numbers in a part, as an exact decimal number of yuan."""
    exact = f"CAST({column} AS DECIMAL(34, 0)) * CAST(0.01 AS DECIMAL(4, 2))"
    return f"CAST({exact} AS DECIMAL(38, 2)) AS {column}"


def industry_text(column: str) -> str:
    """SQL for the code of an industry number (334002 is C34)."""
    digits = f"substr(printf('%04d', ({column} % 100000) // 10), 1, 4 - {column} % 10)"
    return f"CASE WHEN {column} IS NOT NULL THEN chr(64 + {column} // 100000) || {digits} END"


def outcome(program: Program, scheme: str) -> str:
    """SQL for an outcome as answers write it: yes, no, unknown, the name of a class; NULL while several are possible."""
    column = identifier(scheme)
    if program.scheme_columns[scheme].value == "truth":
        return f"CASE {column} WHEN 2 THEN 'yes' WHEN 1 THEN 'unknown' ELSE 'no' END"
    names = program.linked.classes
    return f"CASE {column} {' '.join(f'WHEN {1 << i} THEN {literal(name)}' for i, name in enumerate(names))} END"


def possible(program: Program, scheme: str) -> str:
    """SQL for the classes still possible, ``;`` between."""
    column = identifier(scheme)
    parts = [
        f"CASE WHEN ({column} & {1 << i}) <> 0 THEN {literal(name)} END"
        for i, name in enumerate(program.linked.classes)
    ]
    return f"concat_ws(';', {', '.join(parts)})"


def near(result: Result, scheme: str) -> str:
    """SQL for the id of the one line that keeps an enterprise out, else NULL."""
    lines = result.program.nearness(scheme).lines
    names = ", ".join(literal(line) for line in lines)
    column = identifier(f"{scheme}.near")
    return f"CASE WHEN {column} >= 0 THEN [{names}][{column} + 1] END"


def condition_lists(program: Program, scheme: str) -> tuple[str, str]:
    """SQL for the ids of a scheme's failed and of its unknown conditions, ``;`` between, from the words of a part."""
    columns = program.scheme_columns[scheme]
    failed: list[str] = []
    unknown: list[str] = []
    for condition, place in zip(columns.conditions, columns.places, strict=True):
        bit = 1 << place.bit
        may = f"({identifier(f'{scheme}.may.{place.word}')} & {bit}) <> 0"
        sure = f"({identifier(f'{scheme}.sure.{place.word}')} & {bit}) <> 0"
        failed.append(f"CASE WHEN NOT ({may}) THEN {literal(condition)} END")
        unknown.append(f"CASE WHEN {may} AND NOT ({sure}) THEN {literal(condition)} END")
    if not failed:
        return "''", "''"
    return f"concat_ws(';', {', '.join(failed)})", f"concat_ws(';', {', '.join(unknown)})"
