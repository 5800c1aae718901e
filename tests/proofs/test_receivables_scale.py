"""A table of receivables in SQL is answered as the judge and the interest engine answer its lines, fen by fen.

Random ledgers hold every form of term and rate, borders, payments before and after the due day, payments that settle or
exceed a debt, missing facts, contracts before and under each version, rest days, days that no notice has announced. The
judge's side reads the same file line by line.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from fractions import Fraction
from math import floor
from pathlib import Path
from typing import Any

import duckdb
import pytest

from proofs import receivables
from proofs.receivables import ON
from proofs.sheets import FULL
from yiqi.arrears.assessment import LineAnswer, LineReckoner
from yiqi.arrears.findings import Finder
from yiqi.arrears.ledger import read_ledger
from yiqi.arrears.readings import Readings
from yiqi.arrears.table_of_receivables import AnsweredTable, answer_table
from yiqi.clock.holiday_files import load_holidays
from yiqi.clock.workdays import Calendar, load_calendar
from yiqi.facts.sheet import Value
from yiqi.judge.judge import Judge
from yiqi.law.library import load
from yiqi.law.tree import Law
from yiqi.screening.prepared import ROW

FEW = 3_000
ROWS = 1_000_000 if FULL else FEW
JUDGED = range(40_000, 58_000) if FULL else range(1, FEW + 1)
"""The rows that are judged one by one. The reader of ledgers takes no more than twenty thousand."""
PREPARED = "(FORMAT parquet, KV_METADATA {'yiqi.prepared': '1'})"
COMPARED = (
    "state",
    "protected",
    "due",
    "due_first",
    "due_last",
    "days_late",
    "principal",
    "interest_low",
    "interest_high",
    "breaches",
)


@pytest.fixture(scope="module")
def law() -> Law:
    return load()


class WithoutAlternatives(LineReckoner):
    """The judge's answers, without what other readings would give."""

    def _alternatives(self, *_: Any) -> Any:
        return iter(())


def judged(answer: LineAnswer) -> dict[str, Any]:
    """What the judge says of a line, in the columns of the table."""
    findings = answer.findings
    due = findings.due if findings is not None else None
    low, high = answer.interest_range
    return {
        "state": answer.state,
        "protected": findings.outcome("protected") if findings is not None else None,
        "due": due.day if due is not None else None,
        "due_first": due.moved.earliest if due is not None else None,
        "due_last": due.moved.latest if due is not None else None,
        "days_late": answer.days_late if due is not None and due.day is not None else None,
        "principal": answer.principal,
        "interest_low": low,
        "interest_high": high,
        "breaches": frozenset(a.scheme.id for a in findings.breaches) if findings is not None else frozenset(),
    }


def in_sql(table: AnsweredTable, rows: range | None = None) -> dict[int, dict[str, Any]]:
    """The answers of the table by row, amounts in fen."""
    where = f" WHERE {ROW} BETWEEN {rows.start} AND {rows.stop - 1}" if rows is not None else ""
    cursor = table.connection.execute(f"SELECT * FROM {table.source}{where}")
    heads = [d[0] for d in cursor.description or ()]
    found = {}
    for values in cursor.fetchall():
        row = dict(zip(heads, values, strict=True))
        blocked = row["state"] == "blocked" and row["due_first"] is None
        row["protected"] = None if row["protected"] is None or blocked else ("no", "unknown", "yes")[row["protected"]]
        bits = 0 if blocked else row["breaches"]
        row["breaches"] = frozenset(s for n, s in enumerate(table.breaches) if bits >> n & 1)
        found[row[ROW]] = row
    return found


def states_met(
    path: Path, law: Law, table: AnsweredTable, calendar: Calendar, readings: Readings, settings: dict[str, str]
) -> Counter[str]:
    """Fails for the first line that differs; else how often each state was met."""
    ledger = read_ledger(path, law, ON, settings=settings)
    numbers = [line.row for line in ledger.lines]
    ours = in_sql(table, range(min(numbers), max(numbers) + 1))
    finder = Finder(table.judge, calendar, ON)
    reckoner = WithoutAlternatives(finder, readings)
    states: Counter[str] = Counter()
    for line in ledger.lines:
        theirs = judged(reckoner.answer(line))
        mine = ours[line.row]
        for name in COMPARED:
            assert mine[name] == theirs[name], (
                line.row,
                name,
                theirs,
                {n: mine[n] for n in COMPARED},
                line.sheet.values,
            )
        states[theirs["state"]] += 1
        states["range" if theirs["interest_low"] != theirs["interest_high"] else "one"] += 1
    return states


@pytest.mark.parametrize("known_on", [ON, dt.date(2025, 6, 30)], ids=["announced", "not announced"])
@pytest.mark.parametrize("day_count", ["365", "360"])
def test_every_line_is_answered_as_the_judge_answers_it(
    law: Law, tmp_path: Path, day_count: str, known_on: dt.date
) -> None:
    connection = duckdb.connect(config={"threads": 2})
    path = tmp_path / "ledger.parquet"
    receivables.draw(connection, law, ROWS, path, seed=int(day_count))
    calendar = Calendar(load_holidays().known_on(known_on))
    readings = Readings(day_count)
    table = answer_table(connection, path, Judge(law), calendar, ON, readings=readings, folder=tmp_path / "a")
    assert table.summary.lines == ROWS
    judged_one_by_one = tmp_path / "judged.parquet"
    where = f"{ROW} BETWEEN {JUDGED.start} AND {JUDGED.stop - 1}"
    connection.execute(f"COPY (FROM '{path}' WHERE {where}) TO '{judged_one_by_one}' {PREPARED}")
    states = states_met(judged_one_by_one, law, table, calendar, readings, {})
    assert states["one"] + states["range"] == len(JUDGED)
    # That the draw is worth its time: every state was met.
    wanted = {"unknown", "outside", "not_due", "overdue", "paid", "blocked", "range"}
    if known_on != ON:
        wanted.add("open_day")
    assert all(states[state] > 3 for state in wanted), states


@pytest.mark.parametrize("paid_on", ["2024-03-19", "2024-12-27"])
def test_what_is_paid_at_the_least_rate_only_stays_open_at_the_greatest(law: Law, tmp_path: Path, paid_on: str) -> None:
    """The price is paid late, to the fen. At the least rate, next to none, that settles the debt; at the greatest something is
    left, which goes on bearing interest at a rate that nobody has published yet."""
    connection = duckdb.connect(config={"threads": 1})
    path = tmp_path / "ledger.parquet"
    facts = {
        "contract_date": "DATE '2021-02-12'", "contract_subject": "0", "payer_kind": "3", "payer_size": "0",
        "payee_in_china": "true", "rate_form": "0", "due_on": "DATE '2024-03-18'", "receivable_amount": "9999999",
        "disputed_amount": "0", "paid_amount": "9999999", "paid_on": f"DATE '{paid_on}'",
    }  # fmt: skip
    kinds = receivables.columns(law)
    cells = ", ".join(f"CAST({value} AS {kinds[name].type}) AS {name}" for name, value in facts.items())
    connection.execute(f"COPY (SELECT 1 AS {ROW}, {cells}) TO '{path}' {PREPARED}")
    calendar = load_calendar()
    table = answer_table(connection, path, Judge(law), calendar, ON, readings=Readings("360"), folder=tmp_path / "a")
    assert states_met(path, law, table, calendar, Readings("360"), {})["paid"] == 1
    (line,) = in_sql(table).values()
    assert (line["interest_low"], line["interest_high"]) == (0, None)


def test_what_is_said_of_all_lines_fills_the_holes(law: Law, tmp_path: Path) -> None:
    connection = duckdb.connect(config={"threads": 1})
    path = tmp_path / "ledger.parquet"
    receivables.draw(connection, law, 600, path, seed=7)
    settings = {
        "contract_date": "2024-03-01", "payee_size": "payee_small", "payee_in_china": "yes", "rate_form": "rate_per_year",
        "agreed_rate_annual": "4.2%", "term_form": "no_term", "start_basis": "from_delivery",
    }  # fmt: skip
    given: dict[str, Value] = {
        "contract_date": dt.date(2024, 3, 1), "payee_size": "payee_small", "payee_in_china": True,
        "rate_form": "rate_per_year", "agreed_rate_annual": 4_200_000, "term_form": "no_term",
        "start_basis": "from_delivery",
    }  # fmt: skip
    calendar = load_calendar()
    table = answer_table(connection, path, Judge(law), calendar, ON, settings=given, folder=tmp_path / "a")
    assert states_met(path, law, table, calendar, Readings(), settings)["overdue"] > 100


def test_the_answers_do_not_depend_on_parts_threads_or_the_order_of_lines(law: Law, tmp_path: Path) -> None:
    rows = ROWS // 50 if FULL else 2_000
    path, mixed = tmp_path / "ledger.parquet", tmp_path / "mixed.parquet"
    first = duckdb.connect(config={"threads": 1})
    receivables.draw(first, law, rows, path)
    first.execute(f"COPY (SELECT * FROM '{path}' ORDER BY hash({ROW})) TO '{mixed}' {PREPARED}")
    judge, calendar = Judge(law), load_calendar()
    found = []
    for place, threads, part_rows in ((path, 1, rows), (path, 4, 177), (mixed, 2, 1000)):
        connection = duckdb.connect(config={"threads": threads})
        folder = tmp_path / f"{place.stem}{threads}"
        table = answer_table(connection, place, judge, calendar, ON, folder=folder, part_rows=part_rows)
        assert len(list((folder / "answers").glob("part-*.parquet"))) == -(-rows // part_rows)
        found.append(in_sql(table))
    assert len(found[0]) == rows
    assert found[0] == found[1] == found[2]


def test_interest_is_the_sum_of_its_days(law: Law, tmp_path: Path) -> None:
    """Against a sum of our own, day by day in fractions, for the daily rate of the Regulation: 0.05% of what is unpaid."""
    connection = duckdb.connect(config={"threads": 1})
    path = tmp_path / "ledger.parquet"
    facts = {
        "contract_date": "DATE '2025-06-02'", "contract_subject": "0", "payer_kind": "0", "payee_size": "2",
        "payee_in_china": "true", "sme_declared": "true", "special_period_rule": "false", "term_form": "0",
        "start_basis": "0", "rate_form": "0", "delivered_on": "DATE '2025-07-01' + (i % 300)::INT",
        "receivable_amount": "1 + hash(i) % 5000000", "paid_amount": "hash(i, 'p') % 3000000",
        "paid_on": "DATE '2025-07-01' + (hash(i, 'd') % 500)::INT",
    }  # fmt: skip
    kinds = receivables.columns(law)
    cells = ", ".join(f"CAST({value} AS {kinds[name].type}) AS {name}" for name, value in facts.items())
    connection.execute(
        f"COPY (SELECT i AS {ROW}, {cells} FROM range(1, 2001) AS r(i)) TO '{path}'"
        " (FORMAT parquet, KV_METADATA {'yiqi.prepared': '1'})"
    )
    calendar = load_calendar()
    table = answer_table(connection, path, Judge(law), calendar, ON, folder=tmp_path / "a")
    given = connection.execute(
        f"SELECT {ROW}, delivered_on, receivable_amount, paid_amount, paid_on FROM '{path}'"
    ).fetchall()
    ours, reckoned = in_sql(table), 0
    for row, delivered, owed, paid, paid_on in given:
        due = delivered + dt.timedelta(days=30)
        while not calendar.day(due).works:
            due += dt.timedelta(days=1)
        principal, interest, day = Fraction(owed), Fraction(0), due
        left = paid
        if paid and paid_on <= due:
            principal, left = principal - paid, 0
        while principal >= 0 and day < ON:
            day += dt.timedelta(days=1)
            interest += principal * Fraction(5, 10_000)
            if left and day == paid_on:
                settled = floor(principal + interest + Fraction(1, 2))
                if left == settled:
                    principal = interest = Fraction(0)
                else:
                    principal -= max(0, left - interest)
                    interest = max(Fraction(0), interest - left)
                left = 0
        mine = ours[row]
        if principal < 0:
            assert (mine["state"], mine["problem"]) == ("blocked", "payments-exceed-debt")
            continue
        reckoned += 1
        assert mine["due"] == due
        assert mine["interest_low"] == mine["interest_high"] == floor(interest + Fraction(1, 2)), (
            row,
            owed,
            paid,
            paid_on,
        )
        assert mine["principal"] + mine["interest_low"] == floor(principal + interest + Fraction(1, 2))
    assert reckoned > 1000
