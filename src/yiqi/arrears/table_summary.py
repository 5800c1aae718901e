"""What a table of receivables comes to: lines and amounts by state, by kind of debtor, by age."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import cast

import duckdb

from yiqi.arrears.assessment import AGES, OLDEST, STATES, State, Total
from yiqi.law.bilingual import Bilingual
from yiqi.law.vocabulary import Fact

NOT_DUE = STATES["not_due"]
NO_KIND = Bilingual("kind not given", "未填写付款方类型")


PROBLEMS: dict[str, Bilingual] = {
    "two-forms": Bilingual(
        "a term or a rate is given in two forms; keep one", "付款期限或利率填写了两种约定方式，请保留一种"
    ),
    "payment-without-day": Bilingual(
        "money was received, but not on which day; fill in `paid_on`", "已有收款但未填写收款日期，请补充"
    ),
    "duplicate-number": Bilingual(
        "several lines have the same ledger number; give each its own", "台账编号重复，请分别编号"
    ),
    "foreign-currency": Bilingual("the amount is not in yuan; keep the line apart", "非人民币账款，请单独处理"),
    "payment-not-positive": Bilingual(
        "a payment is below zero; correct the payment that it takes back", "收款金额小于零，请更正被冲回的收款"
    ),
    "payment-after-day": Bilingual(
        "a payment lies after the day asked about; leave it out or ask about a later day",
        "收款晚于计算截止日，请删除或推后计算截止日",
    ),
    "payments-exceed-debt": Bilingual(
        "more was paid than was owed on the day of the payment; check the amounts",
        "收款超过当日尚欠的全部款项，请核对金额",
    ),
    "outside-calendar": Bilingual(
        "payment would be due on a day for which there is no calendar of working days; check the dates",
        "应付款日没有对应的工作日历，请核对各日期",
    ),
}
"""What each code of a problem means, and what to do."""


@dataclass(frozen=True, slots=True)
class TableSummary:
    """Lines added up; amounts in fen. Every line is in ``states`` exactly once."""

    on: dt.date
    lines: int
    states: dict[State, Total]
    by_kind: tuple[Total, ...]
    """Overdue lines by kind of debtor, the greatest sum first."""
    by_age: tuple[Total, ...]
    """What is not due yet, then overdue lines by how late they are."""
    overdue: Total
    problems: dict[str, int]
    """How many lines have each problem, by its code (:data:`PROBLEMS`), the most frequent first."""


def summarise(connection: duckdb.DuckDBPyConnection, source: str, kind: Fact, on: dt.date) -> TableSummary:
    """Add up the answers of a table; ``source`` is its parts, ``kind`` the fact of what the debtor is."""
    columns = {name for name, *_ in connection.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()}
    by_kind = "payer_kind" if "payer_kind" in columns else "NULL"
    ages = " ".join(f"WHEN days_late <= {days} THEN {place}" for place, (days, _) in enumerate(AGES))
    rows = connection.execute(
        f"SELECT state, {by_kind}, CASE {ages} ELSE {len(AGES)} END, count(*), sum(coalesce(principal, 0)),"
        " sum(coalesce(interest_low, 0)), sum(coalesce(interest_high, 0)), count(*) FILTER (interest_low IS NULL)"
        f" FROM {source} GROUP BY ALL"
    ).fetchall()
    groups = [_Group(cast(State, row[0]), row[1], row[2], tuple(int(figure) for figure in row[3:])) for row in rows]
    overdue = [group for group in groups if group.state == "overdue"]
    states = {state: _total(text, [g for g in groups if g.state == state]) for state, text in STATES.items()}
    problems = connection.execute(
        f"SELECT code, count(*) FROM (SELECT unnest(string_split(problem, ';')) AS code FROM {source}) GROUP BY code"
        " ORDER BY count(*) DESC, code"
    ).fetchall()
    kinds = sorted({group.kind for group in overdue}, key=lambda k: (k is None, k))
    totals = [
        _total(NO_KIND if k is None else kind.members[k].label, [g for g in overdue if g.kind == k]) for k in kinds
    ]
    return TableSummary(
        on,
        sum(group.figures[0] for group in groups),
        states,
        tuple(sorted(totals, key=lambda t: -t.principal - t.interest_low)),
        (_total(NOT_DUE, [g for g in groups if g.state == "not_due"]), *_by_age(overdue)),
        _total(Bilingual("All overdue", "逾期合计"), overdue),
        {str(code): int(count) for code, count in problems},
    )


@dataclass(frozen=True, slots=True)
class _Group:
    state: State
    kind: int | None
    age: int
    figures: tuple[int, ...]
    """Lines, principal, interest at least, interest at most, lines whose interest is open."""


def _by_age(overdue: list[_Group]) -> Iterator[Total]:
    for place, text in enumerate([*(text for _, text in AGES), OLDEST]):
        yield _total(text, [group for group in overdue if group.age == place])


def _total(name: Bilingual, groups: list[_Group]) -> Total:
    figures = [sum(group.figures[n] for group in groups) for n in range(5)]
    return Total(name, *figures)
