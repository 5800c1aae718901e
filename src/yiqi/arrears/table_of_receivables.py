"""A ledger of any length answered as SQL: the same as :mod:`yiqi.arrears.assessment` gives, without reasons and letters.

One call, :func:`answer_table`: the table is prepared, every line is asked by the rules of the day of its contract, due days
are moved off rest days, and interest is reckoned to the fen. No line is dropped: what cannot be decided is unknown and
counted. Payments stand in the lines, one each; a second sheet of payments is read line by line only.

The answers are a folder of Parquet parts with amounts in fen; :meth:`AnsweredTable.relation` and the files written from it
have them in yuan.
"""

from __future__ import annotations

import atexit
import datetime as dt
import shutil
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import duckdb

from yiqi.arrears.answering_sql import Answering
from yiqi.arrears.law_by_contract_sql import NotAtScaleError
from yiqi.arrears.ledger import PAYMENT_COLUMNS, WORKBOOKS
from yiqi.arrears.readings import Readings
from yiqi.arrears.table_summary import TableSummary, summarise
from yiqi.clock.workdays import Calendar
from yiqi.facts.sheet import Value
from yiqi.judge.judge import Judge
from yiqi.law.bilingual import Bilingual
from yiqi.screening.prepared import PROBLEMS, ROW, Prepared
from yiqi.screening.preparing import Preparation, prepare
from yiqi.screening.quoting import identifier, literal
from yiqi.screening.results import BYTE_ORDER_MARK
from yiqi.screening.running import parts_source, write_parquet
from yiqi.screening.watching import watched

PART_ROWS = 1_000_000
"""Lines of a part: its lines and answers lie in memory while it is made."""

Progress = Callable[[str, float], None]
"""Called with the name of a stage (``read``, ``interpret``, ``write``, …, ``answer``) and the share that is done."""


@dataclass(frozen=True)
class AnsweredTable:
    """The answers about every line of a ledger on one day.

    ``parts`` is a folder of Parquet files in fen (``interest_low``, ``interest_high``, ``principal``); ``breaches`` are the
    schemes of the bits of ``breaches``, ``classes`` the names of the bits of ``rate``.
    """

    connection: duckdb.DuckDBPyConnection
    judge: Judge
    on: dt.date
    preparation: Preparation
    prepared: Prepared
    parts: Path
    passed: tuple[str, ...]
    breaches: tuple[str, ...]
    classes: tuple[str, ...]

    @property
    def source(self) -> str:
        """The parts as DuckDB reads them in a FROM clause."""
        return parts_source(self.parts)

    @property
    def relation(self) -> duckdb.DuckDBPyRelation:
        """One row for each line, in its order, with words for codes and yuan for fen."""
        return self.connection.sql(self.query())

    @cached_property
    def summary(self) -> TableSummary:
        """Lines and amounts by state, by kind of debtor and by age."""
        return summarise(self.connection, self.source, self.judge.law.vocabulary["payer_kind"], self.on)

    def write(self, place: Path, progress: Callable[[float], None] | None = None) -> None:
        """Write the answers as CSV (UTF-8 with a byte-order mark) or Parquet, by the ending of ``place``; the file is there
        whole or as it was before. Raises ``ValueError`` for another ending, ``OSError`` and ``duckdb.Error`` when it
        cannot be written."""
        kind = place.suffix.lower()
        if kind == ".parquet":
            write_parquet(self.connection, self.query(), place, {"yiqi.receivables": "1"}, progress)
            return
        if kind != ".csv":
            raise ValueError(f"{place.name}: answers are written as .csv or .parquet")
        beside = place.with_name(place.name + ".part")
        statement = f"COPY ({self.query(mark=True)}) TO {literal(str(beside))} (FORMAT csv, HEADER)"
        try:
            if progress is None:
                self.connection.execute(statement)
            else:
                watched(self.connection, statement, progress)
            beside.replace(place)
        finally:
            beside.unlink(missing_ok=True)

    def query(self, *, mark: bool = False) -> str:
        """The answers as a query, in the order of the lines. ``mark`` puts a byte-order mark before the first heading."""
        first = f"{ROW} AS {identifier(BYTE_ORDER_MARK + ROW)}" if mark else ROW
        kind = self.judge.law.vocabulary["payer_kind"]
        handed = [
            f"{_word('payer_kind', [m.id for m in kind.members])} AS payer_kind" if name == "payer_kind" else name
            for name in self.passed
            if name not in (ROW, PROBLEMS)
        ]
        breaches = ", ".join(
            f"CASE WHEN breaches & {1 << bit} <> 0 THEN {literal(scheme)} END"
            for bit, scheme in enumerate(self.breaches)
        )
        classes = " ".join(f"WHEN {1 << bit} THEN {literal(name)}" for bit, name in enumerate(self.classes))
        columns = [
            first, *handed, "state", "problem", f"{_word('protected', ['no', 'unknown', 'yes'])} AS protected", "due_counted",
            "due", "due_first", "due_last", "due_origin", "days_late", "rate_rule",
            f"CASE rate {classes} END AS rate" if classes else "NULL AS rate",
            *(_yuan(name) for name in ("principal", "interest_low", "interest_high")),
            f"nullif(concat_ws(';', {breaches}), '') AS breaches" if breaches else "NULL AS breaches",
            *([PROBLEMS] if PROBLEMS in self.passed else []),
        ]  # fmt: skip
        return f"SELECT {', '.join(columns)} FROM {self.source} ORDER BY {ROW}"


def answer_table(
    connection: duckdb.DuckDBPyConnection,
    path: Path,
    judge: Judge,
    calendar: Calendar,
    on: dt.date,
    *,
    names: Mapping[str, str] | None = None,
    settings: Mapping[str, Value] | None = None,
    readings: Readings | None = None,
    folder: Path | None = None,
    progress: Progress | None = None,
    reading: Callable[[Preparation], None] | None = None,
    part_rows: int = PART_ROWS,
) -> AnsweredTable:
    """Answer a table of receivables (CSV, Excel, Parquet, or a folder of Parquet files) on a day.

    ``names`` says what headings mean (heading to fact, ``-`` to leave one aside); ``settings`` are facts that hold for
    every line that does not give them. ``reading`` is told how the headings were read before the answers begin.
    ``folder`` takes what is made; without one it is temporary and removed when the program ends.

    Raises :class:`yiqi.law.diagnostics.DiagnosticError` when the table cannot be read, :class:`NotAtScaleError` for what
    is answered line by line only, and ``duckdb.Error`` or ``OSError`` as the engine meets them.
    """
    readings = readings if readings is not None else Readings()
    _refuse_readings(readings)
    kept = folder
    if kept is None:
        kept = Path(tempfile.mkdtemp(prefix="yiqi-"))
        atexit.register(shutil.rmtree, kept, ignore_errors=True)
    made = kept / "prepared"
    made.mkdir(parents=True, exist_ok=True)
    preparation = prepare(
        connection, path, judge.law.vocabulary.of("receivable"), on=on, names=names, progress=progress, folder=made
    )
    if reading is not None:
        reading(preparation)
    _refuse_payments(connection, path, judge, on, made)
    prepared = preparation.required()
    answering = Answering(connection, prepared, judge, calendar, on, settings or {}, readings)
    parts = kept / "answers"
    answering.write(parts, part_rows, (lambda share: progress("answer", share)) if progress is not None else None)
    return AnsweredTable(
        connection,
        judge,
        on,
        preparation,
        prepared,
        parts,
        answering.passed,
        answering.law.breaches,
        answering.law.classes,
    )


def _refuse_payments(
    connection: duckdb.DuckDBPyConnection, path: Path, judge: Judge, on: dt.date, folder: Path
) -> None:
    """Raises :class:`NotAtScaleError` for a workbook with a sheet of payments, which would be passed over."""
    if path.suffix.lower() not in WORKBOOKS:
        return
    found = prepare(connection, path, judge.law.vocabulary.of("payment"), on=on, folder=folder)
    if found.prepared is not None and {c.name for c in found.prepared.columns.values()} >= PAYMENT_COLUMNS:
        raise NotAtScaleError(
            Bilingual(
                "the workbook has a list of payments; a table has one payment in each line: answer the ledger line by line",
                "该工作簿含收款明细；按表计算时每笔账款仅有一次收款，请逐笔计算",
            )
        )


def _refuse_readings(readings: Readings) -> None:
    for name in ("last_day", "allocation"):
        if getattr(readings, name) != getattr(Readings(), name):
            raise NotAtScaleError(
                Bilingual(
                    f"a table is answered under the usual reading of `{name}` only; answer the ledger line by line",
                    f"按表计算时“{name}”只采用通常理解，请逐笔计算",
                )
            )


def _word(column: str, words: list[str]) -> str:
    return f"CASE {column} {' '.join(f'WHEN {n} THEN {literal(word)}' for n, word in enumerate(words))} END"


def _yuan(column: str) -> str:
    """Fen as an exact decimal number of yuan: a quotient would be a binary fraction."""
    return f"CAST(CAST({column} AS DECIMAL(18, 0)) * 0.01 AS DECIMAL(20, 2)) AS {column}"
