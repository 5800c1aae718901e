"""A table of receivables in SQL is answered as the judge and the interest engine answer its lines, fen by fen.

Random ledgers hold every form of term and rate, borders, payments before and after the due day, payments that settle or
exceed a debt, missing facts, contracts before and under each version, rest days, days that no notice has announced. The
judge's side reads the same file line by line.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from pathlib import Path
from typing import Any

import duckdb
import pytest

from proofs import receivables
from proofs.receivables import ON
from proofs.test_screening import FULL
from yiqi.arrears.assessment import LineAnswer, LineReckoner
from yiqi.arrears.findings import Finder
from yiqi.arrears.ledger import read_ledger
from yiqi.arrears.readings import Readings
from yiqi.arrears.table_of_receivables import AnsweredTable, answer_table
from yiqi.clock.holiday_files import load_holidays
from yiqi.clock.workdays import Calendar
from yiqi.judge.judge import Judge
from yiqi.law.library import load
from yiqi.law.tree import Law
from yiqi.screening.prepared import ROW

ROWS = 1_000_000 if FULL else 3_000
SAMPLE = 18_000 if FULL else 3_000
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


def in_sql(table: AnsweredTable) -> dict[int, dict[str, Any]]:
    """The answers of the table by row, amounts in fen."""
    cursor = table.connection.execute(f"SELECT * FROM {table.source}")
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
    ours = in_sql(table)
    finder = Finder(table.judge, calendar, ON)
    reckoner = WithoutAlternatives(finder, readings)
    states: Counter[str] = Counter()
    for line in read_ledger(path, law, ON, settings=settings).lines:
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
    receivables.draw(connection, law, SAMPLE, path, seed=int(day_count))
    calendar = Calendar(load_holidays().known_on(known_on))
    readings = Readings(day_count)
    table = answer_table(connection, path, Judge(law), calendar, ON, readings=readings, folder=tmp_path / "a")
    states = states_met(path, law, table, calendar, readings, {})
    # That the draw is worth its time: every state was met.
    wanted = {"unknown", "outside", "not_due", "overdue", "paid", "blocked", "range"}
    if known_on != ON:
        wanted.add("open_day")
    assert all(states[state] > 3 for state in wanted), states
