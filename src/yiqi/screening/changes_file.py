"""All enterprises that change, one row per enterprise and scheme, as Parquet or CSV: a second pass over the table.

==================  =====================================================================
column              holds
==================  =====================================================================
row                 the row of the table, from 1
uscc, name,         as in the table, where it has them
region, industry
scheme              the id of the scheme
before, after       yes, unknown, no; for a class its name, unknown while several are possible
change              lost, gained; for a class other
causes              ids of the lines that caused it, with ``;`` between: lines of the version after where it is
                    lost, of the version before where it is gained
data                only for a table without real enterprises: that it is synthetic
==================  =====================================================================
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import duckdb

from yiqi.screening.causes import CausingLine
from yiqi.screening.changes import goes
from yiqi.screening.pair_query import WORD, PairQuery, PairScheme
from yiqi.screening.prepared import ROW
from yiqi.screening.quoting import identifier, literal
from yiqi.screening.results import BYTE_ORDER_MARK, industry_text
from yiqi.screening.watching import watched

ENDINGS = (".parquet", ".csv")
NAMED = ("uscc", "name", "region", "industry")
SYNTHETIC = "合成数据 synthetic"


def write_changes(
    connection: duckdb.DuckDBPyConnection,
    query: PairQuery,
    place: Path,
    progress: Callable[[float], None] | None = None,
) -> None:
    """Write the enterprises that change to ``place``, as CSV (UTF-8 with a byte order mark) or Parquet by its ending. The
    file is there whole or, if writing fails, as it was before. Raises ``OSError`` and ``duckdb.Error`` as they come."""
    marked = place.suffix.lower() == ".csv"
    sql = changes_query(query, BYTE_ORDER_MARK if marked else "")
    metadata = {"yiqi.changes": "1", **({"yiqi.synthetic": "1"} if query.prepared.synthetic else {})}
    pairs = ", ".join(f"{literal(key)}: {literal(value)}" for key, value in metadata.items())
    form = "FORMAT csv, HEADER" if marked else f"FORMAT parquet, COMPRESSION zstd, KV_METADATA {{{pairs}}}"
    beside = place.with_name(place.name + ".part")
    try:
        watched(connection, f"COPY ({sql}) TO {literal(str(beside))} ({form})", progress or (lambda _share: None))
        beside.replace(place)
    finally:
        beside.unlink(missing_ok=True)


def changes_query(query: PairQuery, mark: str = "") -> str:
    """SQL for the rows that change. ``mark`` stands before the first heading."""
    named = [name for name in NAMED if name in query.prepared.columns]
    passed = [f"{ROW} AS {identifier(mark + ROW)}", *(_named(name) for name in named)]
    columns = [*passed, "c.scheme", "c.before", "c.after", "c.change", "c.causes"]
    if query.prepared.synthetic:
        columns.append(f"{literal(SYNTHETIC)} AS data")
    changes = [f"CASE WHEN {_changes(s)} THEN {_change(s)} END" for s in query.schemes]
    if not changes:
        return (
            f"SELECT {', '.join(passed)}, '' AS scheme, '' AS before, '' AS after, '' AS change, '' AS causes"
            f" FROM {query.prepared.source} LIMIT 0"
        )
    some = " OR ".join(_changes(s) for s in query.schemes)
    rows = query.changes(query.prepared.source, [ROW, *named])
    kept = ", ".join([ROW, *map(identifier, named)])
    return (
        f"SELECT {', '.join(columns)} FROM (SELECT {kept}, unnest([{', '.join(changes)}]) AS c FROM ({rows}) WHERE {some})"
        f" WHERE c IS NOT NULL"
    )


def _changes(scheme: PairScheme) -> str:
    return f"{scheme.outcome('before')} <> {scheme.outcome('after')}"


def _change(scheme: PairScheme) -> str:
    before, after = scheme.outcome("before"), scheme.outcome("after")
    ways = " ".join(f"WHEN {goes(way, before, after)} THEN {literal(way)}" for way in scheme.lines)
    causes = " ".join(
        f"WHEN {goes(way, before, after)} THEN {_ids(scheme, lines)}" for way, lines in scheme.lines.items()
    )
    return (
        f"{{'scheme': {literal(scheme.scheme)}, 'before': {_outcome(scheme, before)}, 'after': {_outcome(scheme, after)},"
        f" 'change': CASE {ways} END, 'causes': CASE {causes} END}}"
    )


def _outcome(scheme: PairScheme, column: str) -> str:
    if not scheme.names:
        return f"CASE {column} WHEN 2 THEN 'yes' WHEN 1 THEN 'unknown' ELSE 'no' END"
    names = " ".join(f"WHEN {place} THEN {literal(name)}" for place, name in enumerate(scheme.names, start=1))
    return f"CASE {column} {names} ELSE 'unknown' END"


def _ids(scheme: PairScheme, lines: list[CausingLine]) -> str:
    found: list[str] = []
    for place, line in enumerate(lines):
        word, bit = divmod(place, WORD)
        found.append(f"CASE WHEN {scheme.word(word)} & {1 << bit} <> 0 THEN {literal(line.id)} END")
    return f"concat_ws(';', {', '.join(found)})" if found else "''"


def _named(name: str) -> str:
    column = identifier(name)
    if name == "region":
        return f"printf('%06d', {column}) AS {column}"
    return f"{industry_text(column)} AS {column}" if name == "industry" else column
