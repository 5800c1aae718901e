"""Random ledgers: tables of receivables in prepared form, with borders, holes and mistakes."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import duckdb

from yiqi.law.tree import Law
from yiqi.screening.prepared import ROW, Column

ON = dt.date(2026, 11, 25)

DATES: dict[str, tuple[str, str]] = {
    "contract_date": ("2019-06-01", "2026-10-30"),
    "delivered_on": ("2018-06-01", "2026-12-20"),
    "accepted_on": ("2020-01-01", "2027-02-01"),
    "inspection_end": ("2020-01-01", "2027-02-01"),
    "amount_confirmed_on": ("2020-01-01", "2027-02-01"),
    "agreed_due_date": ("2020-03-01", "2027-04-01"),
    "reasonable_due_date": ("2020-03-01", "2027-04-01"),
    "due_on": ("2019-03-01", "2027-04-01"),
    "paid_on": ("2020-03-01", "2026-12-10"),
}
"""The first and the last day that each date is drawn from; some lie after the day asked."""
FIGURES: dict[str, str] = {
    "receivable_amount": "[0, 1, 99, 1000, 123456, 9999999, 100000000, 123456789012, 5000000000]",
    "disputed_amount": "[0, 0, 0, 0, 1, 333, 99999]",
    "paid_amount": "[0, 0, 0, 0, 0, 1, 57, 100, 999, 123455, 123456, 123457, 9999999, 10000000, 50000000]",
    "agreed_rate_annual": "[0, 1, 2999999, 3000000, 3000001, 3450000, 4200000, 18250000, 500000000]",
    "agreed_rate_daily": "[0, 8219, 8220, 8300, 8333, 8334, 30000, 50000]",
    "payment_term_days": "[0, 1, 15, 30, 45, 59, 60, 61, 90, 180]",
}
"""SQL of the figures that each fact is drawn from, in smallest units."""
HOLES = {"contract_date": 4, "paid_on": 3, "disputed_amount": 60, "paid_amount": 40, "due_on": 70}
"""In how many lines of a hundred a fact is missing, where that is not 4."""
TERMS = {"payment_term_days": ("term_form", "term_in_days"), "agreed_due_date": ("term_form", "term_by_date"),
         "agreed_rate_annual": ("rate_form", "rate_per_year"), "agreed_rate_daily": ("rate_form", "rate_per_day")}  # fmt: skip
"""Facts that are mostly given only where the form says so."""
LIKELY = {
    "payer_kind": "[0, 0, 1, 1, 2, 3, 3, 3, 3, 3, 4, 5]", "payer_size": "[0, 0, 0, 0, 1, 2, 3]", "payee_size": "[0, 1, 1, 1, 2, 2, 2, 3, 3, 3]",
    "contract_subject": "[0, 0, 0, 1, 1, 2, 3]", "currency": "[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]",
}  # fmt: skip
OFTEN = {"payee_in_china": 97, "special_period_rule": 5, "sme_declared": 90, "inspection_delayed": 30}
"""In how many lines of a hundred a yes/no fact is yes, where that is not 50."""


def columns(law: Law) -> dict[str, Column]:
    """Every fact of a receivable that stands in a table."""
    return {fact.id: Column(fact) for fact in law.vocabulary.of("receivable")}


def draw(connection: duckdb.DuckDBPyConnection, law: Law, rows: int, place: Path, seed: int = 0) -> None:
    """Write a Parquet file with a heading for each fact, by its id, as a prepared table."""
    parts = [_cell(column, seed) for column in columns(law).values()]
    connection.execute(
        f"COPY (SELECT i AS {ROW}, {', '.join(parts)} FROM range(1, {rows + 1}) AS r(i)) TO '{place}'"
        " (FORMAT parquet, KV_METADATA {'yiqi.prepared': '1'})"
    )


def _cell(column: Column, seed: int) -> str:
    fact, name = column.fact, column.name

    def pick(choices: str, count: int, tag: str = "") -> str:
        return f"{choices}[1 + (hash(i, '{name}{tag}', {seed}) % {count})::INT]"

    if name == "receivable_id":
        # One number in a hundred thousand lines stands twice.
        return f"'R' || CASE WHEN i % 50021 = 0 THEN i - 1 ELSE i END AS {name}"
    if name in DATES:
        first, last = (dt.date.fromisoformat(day) for day in DATES[name])
        value = f"DATE '{first}' + (hash(i, '{name}', {seed}) % {(last - first).days + 1})::INT"
        if name != "contract_date" and name != "due_on":
            # Half of the days lie near the contract, as they do in a real ledger.
            near = (
                f"DATE '2019-06-01' + (hash(i, 'contract_date', {seed}) % 2709 + hash(i, '{name}', {seed}) % 200)::INT"
            )
            value = f"CASE WHEN hash(i, '{name}', 'near') % 2 = 0 THEN {near} ELSE {value} END"
    elif fact.type == "date":
        value = f"DATE '2024-01-01' + (hash(i, '{name}', {seed}) % 1000)::INT"
    elif name in FIGURES:
        value = pick(FIGURES[name], FIGURES[name].count(",") + 1)
        if name == "receivable_amount":
            value = f"CASE WHEN hash(i, 'odd') % 2 = 0 THEN {value} ELSE (hash(i, 'amount', {seed}) % 900000000)::BIGINT END"
        if name == "paid_amount":
            value = (
                f"CASE WHEN hash(i, 'pay') % 3 = 0 THEN (hash(i, 'paid', {seed}) % 90000000)::BIGINT ELSE {value} END"
            )
    elif fact.kind is not None:
        value = pick("[0, 1, 100000, 100000000]", 4)
    elif fact.type == "yes_no":
        value = f"hash(i, '{name}', {seed}) % 100 < {OFTEN.get(name, 50)}"
    elif fact.type == "one_of":
        choices = LIKELY.get(name, f"[{', '.join(str(n) for n in range(len(fact.members)))}]")
        value = pick(choices, choices.count(",") + 1)
    elif fact.type == "text":
        value = f"'{name}-' || (hash(i, '{name}') % 1000)"
    else:
        value = "NULL"
    holes = f"hash(i, '{name}', 'hole', {seed}) % 100 < {HOLES.get(name, 4)}"
    if name in TERMS:
        form, said = TERMS[name]
        holes = f"({holes} OR (hash(i, '{name}', 'form') % 100 < 99 AND {_form(form, seed)} <> '{said}'))"
    if name in ("term_form", "rate_form"):
        members = [member.id for member in fact.members]
        value = " ".join(f"WHEN '{member}' THEN {n}" for n, member in enumerate(members))
        value = f"CASE {_form(name, seed)} {value} END"
    return f"CASE WHEN {holes} THEN NULL ELSE CAST({value} AS {column.type}) END AS {name}"


def _form(form: str, seed: int) -> str:
    said = {
        "term_form": "['no_term', 'no_term', 'term_in_days', 'term_by_date']",
        "rate_form": "['no_rate', 'no_rate', 'rate_per_year', 'rate_per_day']",
    }[form]
    return f"{said}[1 + (hash(i, '{form}', {seed}) % 4)::INT]"
