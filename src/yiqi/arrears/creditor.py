"""Who is owed: what the creditor's own fact sheet says of its size on the day of each contract."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace

from yiqi.arrears.ledger import LedgerLine
from yiqi.facts.sheet import FactSheet
from yiqi.judge.judge import Judge

SIZE_SCHEME = "size.class"
PAYEE_SIZE = "payee_size"


def sized(lines: Iterable[LedgerLine], creditor: FactSheet, judge: Judge) -> tuple[LedgerLine, ...]:
    """The lines with the creditor's size at contracting, where the ledger leaves it open and the sheet decides it.

    The size standard of the day of the contract is asked with the figures of the year before it (art. 3 of the
    Regulation: the size is that of contracting).
    """
    members = {m.id for m in judge.law.vocabulary[PAYEE_SIZE].members}
    found: dict[dt.date, str | None] = {}
    result = []
    for line in lines:
        day = line.day("contract_date")
        if line.sheet.get(PAYEE_SIZE) is not None or day is None:
            result.append(line)
            continue
        if day not in found:
            answer = judge.judge(creditor, day, "new", (SIZE_SCHEME,))[SIZE_SCHEME]
            size = f"payee_{answer.outcome}"
            found[day] = size if size in members else None
        size_then = found[day]
        result.append(
            line if size_then is None else replace(line, sheet=line.sheet.with_values({PAYEE_SIZE: size_then}))
        )
    return tuple(result)
