"""The queries that answer a table of receivables, one part of its lines after another.

Lines are laid out with what the law says of them; the courts' rates beside them, for lines that the Regulation does not
protect for certain; then what is owed is one query over both.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from pathlib import Path

import duckdb
from sqlglot import exp, parse_one

from yiqi.arrears.findings import BREACH_ON, BY_CONTRACT, CONTRACT_DATE, DUE_ON, INTEREST_DAY, SUBJECT, UNPAID
from yiqi.arrears.law_by_contract_sql import (
    BREACHES,
    DUE,
    PROTECTED,
    RATE_CLASS,
    RATE_HIGH,
    RATE_LOW,
    LawByContract,
    NotAtScaleError,
    floating,
    law_by_contract,
    only_added,
    outcome,
    rates,
    scale_of,
)
from yiqi.arrears.ledger import ID
from yiqi.arrears.ledger_facts_sql import LedgerFacts, ledger_facts, looked_up, numbers_twice, series_bounds, steps_of
from yiqi.arrears.owed_sql import COURT, FIRST, HUGE, LAST, Reckoning, at_one_rate, by_segment, dated, owed
from yiqi.arrears.readings import Readings
from yiqi.clock.error import ClockError
from yiqi.clock.workdays import Calendar
from yiqi.facts.interpret import LARGEST
from yiqi.facts.sheet import Value
from yiqi.judge.judge import Judge
from yiqi.judge.link import deciding
from yiqi.law.bilingual import Bilingual
from yiqi.law.vocabulary import Series
from yiqi.screening.layers import Layers
from yiqi.screening.prepared import PROBLEMS, ROW, Bounds, Column, Prepared
from yiqi.screening.program import Program
from yiqi.screening.quoting import identifier
from yiqi.screening.running import write_parquet

NAMES = (ID, "debtor_name", "debtor_uscc", "contract_number", "payer_kind")
"""Facts that the answers carry along, where the table has them."""
LINES, CALENDAR = "yiqi_lines", "yiqi_calendar"
COURT_LINES, SEGMENTS, COURT_TABLE = "yiqi_court_lines", "yiqi_court_segments", "yiqi_court_rates"
LEDGER = ("receivable_amount", "disputed_amount", "paid_amount", "paid_on", DUE_ON)
DAY = dt.timedelta(days=1)


class Answering:
    """The queries that answer one prepared table of receivables on one day."""

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        prepared: Prepared,
        judge: Judge,
        calendar: Calendar,
        on: dt.date,
        settings: Mapping[str, Value],
        readings: Readings,
    ) -> None:
        self.connection, self.prepared, self.judge, self.calendar, self.on = connection, prepared, judge, calendar, on
        self.settings, self.readings = dict(settings), readings
        vocabulary = judge.law.vocabulary
        known = judge.law.schemes
        self.schemes = tuple(s for name in BY_CONTRACT if (s := f"{SUBJECT}.{name}") in known)
        suffix = "_360" if readings.day_count == "360" else ""
        self.court_scheme = f"{SUBJECT}.court_interest{suffix}"
        days = _date_bounds(connection, prepared)
        wanted = frozenset(self._read_by_rules() | {CONTRACT_DATE, *LEDGER, *NAMES})
        facts = self._facts = ledger_facts(prepared, days, vocabulary, self.settings, wanted, "yiqi_part")
        problems = [PROBLEMS] if prepared.has_problems else []
        self.passed = (ROW, *problems, *(name for name in NAMES if facts.has(name)))
        court = self._court_linked()
        scale = scale_of(judge, on, self.court_scheme) if court is not None else 1
        self.law: LawByContract = law_by_contract(
            judge, facts.columns, facts.bounds, self.schemes, readings.day_count, scale
        )
        self.reckoning = Reckoning(on, self.law.scale)
        self.court = self._court_program(floats=False) if court is not None else None
        self.court_by_day = self._court_program(floats=True) if court is not None else None
        if court is not None:
            self._refuse_bounds()

    # -- what is asked ------------------------------------------------------------------------------------------------

    def _read_by_rules(self) -> set[str]:
        """The facts that the rules of any version read."""
        law = self.judge.law
        rows = [row for row in law.versions if row.scheme in (*self.schemes, self.court_scheme)]
        found: set[str] = set()
        for row in rows:
            program = self.judge.program(row.first, "new", (row.scheme,))
            found |= {slot.fact for slot in program.compiled.linked.slots}
        return found

    def _court_linked(self) -> object:
        program = self.judge.program(self.on, "new", (self.court_scheme,)) if self._has_court else None
        if program is None or not program.versions:
            return None
        if floating(self.judge.law, deciding(program.compiled.linked)):
            raise NotAtScaleError(
                Bilingual(
                    f"whether `{self.court_scheme}` counts changes from day to day; answer the ledger line by line",
                    f"“{self.court_scheme}”是否适用逐日变动，请逐笔计算",
                )
            )
        return program.compiled.linked

    @property
    def _has_court(self) -> bool:
        return self.court_scheme in self.judge.law.schemes

    def _refuse_bounds(self) -> None:
        """Raises :class:`NotAtScaleError` where a rate could be known in part before the day of interest is."""
        assert self.court is not None
        for name in floating(self.judge.law, self.court.linked):
            fact = self.judge.law.vocabulary[name]
            if fact.minimum is not None or fact.maximum is not None or not only_added(self.court.linked, name):
                raise NotAtScaleError(
                    Bilingual(
                        f"`{self.court_scheme}` does more with `{name}` than multiply by it; answer the ledger line by line",
                        f"“{self.court_scheme}”对“{name}”的使用不止于相乘，请逐笔计算",
                    )
                )

    def _court_program(self, *, floats: bool) -> Program:
        """The rule of the courts on a line, or (``floats``) on a segment of its days, on which the rate of the day is one."""
        vocabulary = self.judge.law.vocabulary
        columns, bounds = dict(self._facts.columns), dict(self._facts.bounds)
        for name in (DUE_ON, BREACH_ON, INTEREST_DAY):
            columns[name] = Column(vocabulary[name])
            bounds.pop(name, None)
        for fact in vocabulary.series:
            assert fact.series is not None
            if floats or fact.series.at != INTEREST_DAY:
                columns[fact.id] = Column(fact)
                bounds[fact.id] = series_bounds(fact.series)
        del columns[INTEREST_DAY]
        return Program(
            self.judge,
            self.on,
            "new",
            (self.court_scheme,),
            columns,
            bounds,
            amounts=True,
            fixed={UNPAID: self.law.scale},
        )

    @property
    def columns_read(self) -> list[str]:
        """The columns of the prepared table that the answers rest on."""
        return sorted(name for name in self._facts.columns if name in self.prepared.columns)

    # -- running ------------------------------------------------------------------------------------------------------

    def write(self, parts: Path, part_rows: int, progress: Callable[[float], None] | None = None) -> None:
        """Write the answers of all lines to a folder, one file for so many lines."""
        parts.mkdir(parents=True, exist_ok=True)
        for old in parts.glob("part-*.parquet*"):
            old.unlink()

        def write(number: int, count: int) -> None:
            share = _part_of(progress, number, count)
            write_parquet(self.connection, self.query(), parts / f"part-{number:05d}.parquet", progress=share)

        self.lay_out(part_rows, write)
        if progress is not None:
            progress(1.0)

    def lay_out(self, part_rows: int, then: Callable[[int, int], object]) -> None:
        """Lay out one part after another, and call for each with its number and how many there are."""
        execute = self.connection.execute
        execute(numbers_twice(self.prepared))
        self._calendar_table()
        ((first, last),) = execute(f"SELECT min({ROW}), max({ROW}) FROM {self.prepared.source}").fetchall()
        starts = list(range(first, last + 1, part_rows)) if first is not None else [0]
        for number, start in enumerate(starts):
            where = f" WHERE {ROW} BETWEEN {start} AND {start + part_rows - 1}" if len(starts) > 1 else ""
            execute(f"CREATE OR REPLACE TEMP VIEW yiqi_part AS SELECT * FROM {self.prepared.source}{where}")
            self._lines()
            then(number, len(starts))
        for table in (LINES, COURT_LINES, SEGMENTS, COURT_TABLE, CALENDAR):
            execute(f"DROP TABLE IF EXISTS {table}")

    def query(self) -> str:
        """The answers of the part that is laid out."""
        law = f"{PROTECTED} AS protected, {DUE} AS due_counted, {RATE_CLASS} AS rate, {BREACHES} AS breaches"
        handed = [*self.passed, PROTECTED, DUE, RATE_CLASS, BREACHES]
        inner = owed(LINES, COURT_TABLE, self.reckoning, handed)
        return f"SELECT * EXCLUDE ({PROTECTED}, {DUE}, {RATE_CLASS}, {BREACHES}), {law} FROM ({inner})"

    def _lines(self) -> None:
        """Lay out the lines of a part with what the law says, and the courts' rates where they count."""
        execute = self.connection.execute
        facts = self._with_empty_columns()
        passed = tuple(dict.fromkeys([*self.passed, "blocks", *LEDGER, *self._court_facts()]))
        lines = self.law.query(facts.query, passed, facts.columns)
        execute(f"CREATE OR REPLACE TEMP TABLE {LINES} AS {dated(lines, CALENDAR)}")
        self._check_size()
        self._court_rates()

    def _with_empty_columns(self) -> LedgerFacts:
        """The facts, with NULL for those of the ledger and of the courts' rule that the table does not have."""
        facts, vocabulary = self._facts, self.judge.law.vocabulary
        lacking = [
            f"CAST(NULL AS {Column(vocabulary[name]).type}) AS {name}"
            for name in dict.fromkeys([CONTRACT_DATE, *LEDGER])
            if not facts.has(name)
        ]
        query = f"SELECT *, {', '.join(lacking)} FROM ({facts.query})" if lacking else facts.query
        return LedgerFacts(query, facts.columns, facts.bounds)

    def _court_facts(self) -> list[str]:
        if self.court is None:
            return []
        read = {
            column.name for slot in self.court.linked.slots if (column := self.court.planes.column(slot)) is not None
        }
        return sorted(name for name in read if self._facts.has(name))

    def _court_rates(self) -> None:
        """Lay out what the courts' rule says of the lines that the Regulation does not protect for certain.

        A rate that does not depend on the day of interest is one for all days; only the other lines are cut into segments.
        """
        execute = self.connection.execute
        if self.court is None or self.court_by_day is None:
            nothing = f"CAST(NULL AS UTINYINT) AS {COURT}, CAST(NULL AS BIGINT) AS {RATE_LOW}, CAST(NULL AS BIGINT) AS {RATE_HIGH}"
            none = f"SELECT {ROW}, due, received, paid_on, {nothing} FROM {LINES} WHERE false"
            execute(f"CREATE OR REPLACE TEMP TABLE {COURT_TABLE} AS {at_one_rate(none, self.reckoning)}")
            return
        where = f"{PROTECTED} IS DISTINCT FROM 2 AND due IS NOT NULL AND principal_owed IS NOT NULL"
        looked = [f"due AS {DUE_ON}", f"CAST(due + 1 AS DATE) AS {BREACH_ON}"]
        looked += [
            f"{looked_up(series, '(due + 1)')} AS {identifier(name)}" for name, series in self._at_breach().items()
        ]
        handed = ", ".join([ROW, "due", "received", "paid_on", *self._court_facts()])
        lines = f"SELECT {handed}, {', '.join(looked)} FROM {LINES} WHERE {where}"
        passed = (ROW, "due", "received", "paid_on", *self._court_facts(), DUE_ON, BREACH_ON, *self._at_breach())
        passed = tuple(dict.fromkeys(passed))
        execute(f"CREATE OR REPLACE TEMP TABLE {COURT_LINES} AS {self._asked(self.court, lines, passed)}")
        by_day = f"{COURT} = 2 AND {RATE_LOW} IS NULL"
        one_rate = at_one_rate(f"FROM {COURT_LINES} WHERE NOT coalesce({by_day}, false)", self.reckoning)
        if not floating(self.judge.law, self.court_by_day.linked):
            execute(
                f"CREATE OR REPLACE TEMP TABLE {COURT_TABLE} AS {at_one_rate(f'FROM {COURT_LINES}', self.reckoning)}"
            )
            return
        segments = self._segments(
            f"SELECT * EXCLUDE ({COURT}, {RATE_LOW}, {RATE_HIGH}) FROM {COURT_LINES} WHERE {by_day}"
        )
        rated = self._asked(self.court_by_day, segments, (ROW, FIRST, LAST, "due", "received", "paid_on"))
        # Laid out first: DuckDB writes a query into the sums over it, once for each.
        execute(f"CREATE OR REPLACE TEMP TABLE {SEGMENTS} AS {rated}")
        segments = by_segment(f"FROM {SEGMENTS}", self.reckoning)
        execute(f"CREATE OR REPLACE TEMP TABLE {COURT_TABLE} AS {one_rate} UNION ALL ({segments})")

    def _at_breach(self) -> dict[str, Series]:
        """What is looked up on the first day late."""
        return {
            f.id: f.series
            for f in self.judge.law.vocabulary.series
            if f.series is not None and f.series.at == BREACH_ON
        }

    def _asked(self, program: Program, lines: str, passed: tuple[str, ...]) -> str:
        """What the courts' rule says of each row of a subquery."""
        outputs = [outcome(program, self.court_scheme.partition(".")[2], COURT), *rates(program, self.court_scheme)]
        source = parse_one(lines, dialect="duckdb")
        assert isinstance(source, exp.Select)
        return (
            Layers("duckdb", program.table_columns)
            .query(source.subquery("asked"), passed, outputs)
            .sql(dialect="duckdb")
        )

    def _segments(self, lines: str) -> str:
        """A row for each line and span of days on which what is looked up by the day does not change, from the due day on."""
        facts = [self.judge.law.vocabulary[n] for n in floating(self.judge.law, self._by_day().linked)]
        series = {fact.id: fact.series for fact in facts if fact.series is not None}
        edges = sorted({day for s in series.values() for day in (*(d for d, _ in steps_of(s)), s.until + DAY)})
        firsts = [dt.date.min, *edges]
        lasts = [*(edge - DAY for edge in edges), dt.date.max]
        rows = ", ".join(
            f"({number}, DATE '{first}', DATE '{last}'{''.join(f', {_value_on(s, first)}' for s in series.values())})"
            for number, (first, last) in enumerate(zip(firsts, lasts, strict=True))
        )
        names = ", ".join(["yiqi_step", FIRST, LAST, *(identifier(name) for name in series)])
        step = " ".join(
            f"WHEN due >= DATE '{day}' THEN {number}" for number, day in reversed(list(enumerate(edges, 1)))
        )
        today = sum(day <= self.on for day in edges)
        cut = f"SELECT *, unnest(range(CASE {step} ELSE 0 END, greatest(CASE {step} ELSE 0 END, {today}) + 1)) AS yiqi_step"
        return f"SELECT * FROM ({cut} FROM ({lines})) AS cut JOIN (VALUES {rows}) AS steps({names}) USING (yiqi_step)"

    def _by_day(self) -> Program:
        assert self.court_by_day is not None
        return self.court_by_day

    # -- tables beside ------------------------------------------------------------------------------------------------

    def _calendar_table(self) -> None:
        """Every day of the calendar with the day that is no rest day any more, at the earliest and at the latest."""
        first, last = self.calendar.first, self.calendar.last
        rows: list[tuple[dt.date, dt.date, dt.date]] = []
        for number in range((last - first).days + 1):
            day = first + DAY * number
            try:
                found = self.calendar.move(day)
            except ClockError:
                # The rest days at the very end lead out of the calendar: such a day is not in the table, as none after it.
                break
            rows.append((day, found.earliest, found.latest))
        columns = [[row[n].isoformat() for row in rows] for n in range(3)]
        self.connection.execute(
            f"CREATE OR REPLACE TEMP TABLE {CALENDAR} AS SELECT unnest(?::DATE[]) AS day, unnest(?::DATE[]) AS earliest,"
            " unnest(?::DATE[]) AS latest",
            columns,
        )

    def _check_size(self) -> None:
        """Raises :class:`NotAtScaleError` where a figure of a line could pass the widest whole number."""
        query = (
            "SELECT max(principal_owed), max(CASE WHEN received <> 0 THEN principal_owed END),"
            f" max(CASE WHEN due IS NOT NULL THEN DATE '{self.on}' - due END) FROM {LINES}"
        )
        ((principal, paid, days),) = self.connection.execute(query).fetchall()
        scale, rate = self.law.scale, max(self.law.most_rate, self._court_rate())
        accrual = rate * max(days or 0, 0)
        simple = 2 * (principal or 0) * accrual + scale
        with_payment = 4 * (paid or 0) * scale * max(accrual, scale) + 3 * scale * scale
        if max(simple, with_payment) > HUGE or (principal or 0) * accrual // scale > LARGEST:
            raise NotAtScaleError(
                Bilingual(
                    "an amount, a rate or the time since it fell due is so large that interest would pass 38 digits; check the "
                    "largest amounts and rates",
                    "某笔金额、利率或逾期时间过大，利息超出38位，请核对最大的金额和利率",
                )
            )

    def _court_rate(self) -> int:
        programs = [program for program in (self.court, self.court_by_day) if program is not None]
        gifts = [program.gifts(self.court_scheme).get("amount") for program in programs]
        return max((gift.span.high.high for gift in gifts if gift is not None), default=0)


def _value_on(series: Series, day: dt.date) -> str:
    found = series.on(day)
    return "NULL" if found is None else str(found[1])


def _date_bounds(connection: duckdb.DuckDBPyConnection, prepared: Prepared) -> dict[str, Bounds]:
    """The least and the greatest day of each date column, as day numbers."""
    names = [name for name, column in prepared.columns.items() if column.type == "DATE"]
    if not names:
        return {}
    ends = ", ".join(f"min({identifier(name)}), max({identifier(name)})" for name in names)
    ((*found,),) = connection.execute(f"SELECT {ends} FROM {prepared.source}").fetchall()
    numbers = [None if day is None else day.toordinal() for day in found]
    return {name: Bounds(numbers[2 * n], numbers[2 * n + 1]) for n, name in enumerate(names)}


def _part_of(progress: Callable[[float], None] | None, number: int, parts: int) -> Callable[[float], None] | None:
    return None if progress is None else lambda share: progress((number + share) / parts)
