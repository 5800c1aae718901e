"""A run that computes only what has changed since the last one, with the result of a whole run.

An enterprise whose facts are the same has the same answers under a rule that is the same. So a kept run has, beside its
answers, two 64-bit digests of each enterprise's facts, and a manifest with a digest of each scheme's rules. The
next run takes over the answers of schemes that are the same for enterprises that are known, computes the other schemes
for these, and everything for the rest.

The folder holds ``current`` (the last finished run) and, while a run is under way, ``next``, which a stopped run goes on
with. A finished run takes the place of the last one by two renames; ``last`` is what the first of them leaves, and is put
back when the second did not come about.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
from sqlglot import exp

from yiqi.screening.planes import TooLargeError
from yiqi.screening.prepared import ROW, Bounds, Prepared
from yiqi.screening.program import PLANES, Program
from yiqi.screening.quoting import identifier
from yiqi.screening.running import (
    PART_ROWS,
    SLICE,
    Progress,
    Result,
    begin,
    manifest_of,
    parts_source,
    passed_columns,
    read_manifest,
    write_parts,
)
from yiqi.screening.terms import Term
from yiqi.version import __version__

DIGESTS = ("digest_1", "digest_2")
CURRENT, NEXT, LAST = "current", "next", "last"
REPRESENTATIVES = "yiqi_known"
"""One earlier row for each set of facts."""
FRESH, KNOWN = "yiqi_fresh", "yiqi_same"
"""The enterprises of a slice that are new or changed, and those that are known, with their earlier answers."""


class RowsNotUniqueError(ValueError):
    """The table numbers two enterprises alike, so that earlier answers cannot be told apart."""


@dataclass(frozen=True)
class Kept:
    """What came of a kept run, and how much of it was taken over: enterprises that were known, schemes that were the
    same."""

    result: Result
    known: int
    same_schemes: tuple[str, ...]


def run_kept(
    connection: duckdb.DuckDBPyConnection,
    program: Program,
    prepared: Prepared,
    folder: Path,
    *,
    inputs: Iterable[Path] = (),
    headings: Sequence[object] = (),
    reasons: bool = False,
    near: bool = False,
    progress: Progress | None = None,
    part_rows: int = PART_ROWS,
) -> Kept:
    """Screen a prepared table, taking over from the last run in ``folder`` what is the same. Arguments and errors are
    those of :func:`yiqi.screening.running.run`; raises :class:`RowsNotUniqueError` as well."""
    passed = passed_columns(prepared)
    digests = scheme_digests(program)
    facts: dict[str, Any] = {
        "columns": _fact_columns(prepared),
        "duckdb": duckdb.__version__,
        "yiqi": __version__,
        "reasons": reasons,
        "near": near,
        "schemes": digests,
    }
    current, following, last = folder / CURRENT, folder / NEXT, folder / LAST
    if last.exists() and not current.exists():
        last.replace(current)
    earlier = _earlier(current, facts)
    same = () if earlier is None else tuple(s for s, d in digests.items() if earlier["schemes"].get(s) == d)
    if same:
        query = _query(connection, program, prepared, passed, same, current, reasons, near)
    else:
        query = program.query(
            "duckdb", exp.to_table(SLICE), [*passed, *DIGESTS], reasons=reasons, near=near
        ).sql(dialect="duckdb")  # fmt: skip
    wanted = manifest_of(program, prepared, inputs, headings, query, part_rows)
    # An answer that is taken over is only as good as the run it comes from.
    wanted |= {"facts": facts, "from": _fingerprint(current) if same else None}
    begin(following, wanted)
    write_parts(
        connection, prepared, following, query, added=digest_columns(prepared), progress=progress, part_rows=part_rows
    )
    known = 0
    if same:
        known, written = _count(connection, following)
        if written != prepared.rows:
            shutil.rmtree(following)
            raise RowsNotUniqueError(str(current))
    if last.exists():
        shutil.rmtree(last)
    if current.exists():
        current.replace(last)
    following.replace(current)
    if last.exists():
        shutil.rmtree(last)
    return Kept(Result(current, program, passed, prepared.rows, reasons, near, prepared.synthetic), known, same)


def digest_columns(prepared: Prepared) -> str:
    """SQL of the two digests of an enterprise's facts."""
    names = ", ".join(identifier(name) for name in _fact_columns(prepared))
    return f"hash({names}) AS {DIGESTS[0]}, hash('2', {names}) AS {DIGESTS[1]}"


def scheme_digests(program: Program) -> dict[str, str]:
    """For each scheme a digest of all that decides it, whatever other schemes are asked for: what its columns compute, and
    the ids its reasons are told by."""
    # The measured range of columns, which is another in every table, decides how a term is computed, not what it is.
    no_bounds: Mapping[str, Bounds] = {}
    try:
        plain = Program(program.judge, program.on, program.procedure, program.schemes, program.table_columns, no_bounds)
    except TooLargeError:
        plain = program  # only the range of this table makes it computable
    made = {output.name: output for output in plain.outputs(reasons=True, near=True)}
    known: dict[int, str] = {}
    found: dict[str, str] = {}
    for scheme, columns in plain.scheme_columns.items():
        told: list[object] = [
            [name, made[name].width, _term_digest(made[name].term, known)]
            for name in scheme_outputs(plain, scheme, reasons=True, near=True)
        ]
        told += [columns.conditions, plain.nearness(scheme).lines if columns.value == "truth" else []]
        told.append(plain.linked.classes if columns.value == "class" else ())
        found[scheme] = _digest(told)
    return found


def _term_digest(term: Term, known: dict[int, str]) -> str:
    """A digest of what a term computes."""
    if term.number not in known:
        arguments = [_term_digest(argument, known) for argument in term.arguments]
        if term.operation in ("and", "or"):
            arguments.sort()  # these stand in the order of making, which other schemes change
        known[term.number] = _digest([term.operation, term.detail, arguments])
    return known[term.number]


def _digest(told: object) -> str:
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()


def _fact_columns(prepared: Prepared) -> list[str]:
    """The columns that decide: all but names and codes of the enterprise itself."""
    return sorted(name for name, column in prepared.columns.items() if column.type != "VARCHAR")


def _earlier(current: Path, facts: Mapping[str, Any]) -> dict[str, Any] | None:
    """What the last finished run was made of, where its answers can be taken over."""
    manifest = read_manifest(current)
    found = manifest.get("facts") if manifest is not None else None
    if not isinstance(found, dict):
        return None
    alike = all(found.get(key) == facts[key] for key in ("columns", "duckdb", "yiqi", "reasons", "near"))
    return found if alike else None


def _fingerprint(folder: Path) -> str:
    return _digest(read_manifest(folder))


def scheme_outputs(program: Program, scheme: str, *, reasons: bool, near: bool) -> list[str]:
    """The names of the columns that a run keeps of one scheme."""
    columns = program.scheme_columns[scheme]
    names = [scheme] if columns.value != "points" else []
    if scheme in program.scores:
        names += [f"{scheme}.low", f"{scheme}.high"]
    if near and columns.value == "truth":
        names.append(f"{scheme}.near")
    if reasons:
        names += [f"{scheme}.{plane}.{word}" for word in range(columns.words) for plane in PLANES]
    return names


def _query(
    connection: duckdb.DuckDBPyConnection,
    program: Program,
    prepared: Prepared,
    passed: Sequence[str],
    same: Sequence[str],
    current: Path,
    reasons: bool,
    near: bool,
) -> str:
    """The answers of known enterprises, of which only schemes that changed are computed, and all answers of the rest."""
    parts = parts_source(current)
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE {REPRESENTATIVES} AS"
        f" SELECT {', '.join(DIGESTS)}, min({ROW}) AS earlier FROM {parts} GROUP BY {', '.join(DIGESTS)}"
    )
    using = f"USING ({', '.join(DIGESTS)})"
    connection.execute(
        f"CREATE OR REPLACE TEMP VIEW {SLICE} AS SELECT *, {digest_columns(prepared)} FROM {prepared.source}"
    )
    connection.execute(f"CREATE OR REPLACE TEMP VIEW {FRESH} AS FROM {SLICE} ANTI JOIN {REPRESENTATIVES} {using}")
    handed = [*passed, *DIGESTS]
    whole = program.query("duckdb", exp.to_table(FRESH), handed, reasons=reasons, near=near)
    kept = [name for s in same for name in scheme_outputs(program, s, reasons=reasons, near=near)]
    taken = ", ".join(f"e.{identifier(name)}" for name in kept)
    connection.execute(
        f"CREATE OR REPLACE TEMP VIEW {KNOWN} AS SELECT s.*, {taken} FROM {SLICE} s"
        f" JOIN {REPRESENTATIVES} r {using} JOIN {parts} e ON e.{ROW} = r.earlier"
    )
    changed = [s for s in program.scheme_columns if s not in same]
    if changed:
        partly = Program(program.judge, program.on, program.procedure, changed, program.table_columns, program.bounds)
        rest = partly.query("duckdb", exp.to_table(KNOWN), [*handed, *kept], reasons=reasons, near=near)
        text = rest.sql(dialect="duckdb")
    else:
        text = f"SELECT {', '.join(identifier(name) for name in [*handed, *kept])} FROM {KNOWN}"
    return f"{whole.sql(dialect='duckdb')} UNION ALL BY NAME {text}"


def _count(connection: duckdb.DuckDBPyConnection, folder: Path) -> tuple[int, int]:
    """How many rows of a run were known, and how many it has."""
    ((known, written),) = connection.execute(
        f"SELECT count(r.earlier), count(*) FROM {parts_source(folder)}"
        f" LEFT JOIN {REPRESENTATIVES} r USING ({', '.join(DIGESTS)})"
    ).fetchall()
    return int(known), int(written)
