"""One line away: what the cost in SQL says, against changing each line of the law by hand in the reference evaluation."""

from __future__ import annotations

import datetime as dt

import duckdb
import pytest
from sqlglot import exp

from proofs.sheets import FULL
from proofs.test_screening import Frames, draw, pools, table_columns
from yiqi.judge.evaluate import Evaluation
from yiqi.judge.judge import Judge
from yiqi.judge.link import Unit
from yiqi.law.library import load
from yiqi.law.tree import Condition, TruthNode
from yiqi.screening.nearness import NOT_NEAR
from yiqi.screening.prepared import ROW
from yiqi.screening.program import Program

ROWS = 400 if FULL else 40


class Changed(Evaluation):
    """The reference evaluation with one line of the law set to an outcome."""

    line = ""
    outcome = 2

    def truth(self, node: TruthNode, unit: Unit) -> int:
        if isinstance(node, Condition) and node.id == self.line:
            return self.outcome
        return super().truth(node, unit)


@pytest.mark.parametrize(
    ("on", "procedure"), [(dt.date(2026, 11, 25), "new"), (dt.date(2025, 6, 30), "re_review")], ids=str
)
def test_a_near_miss_is_one_line_of_the_law_away(on: dt.date, procedure: str) -> None:
    judge = Judge(load())
    schemes = judge.schemes(["ladder", "size"])
    columns = table_columns(judge, on, procedure)
    connection = duckdb.connect(config={"threads": 1})
    draw(connection, pools(judge, on, procedure, columns), columns, ROWS)
    program = Program(judge, on, procedure, schemes, columns)
    truths = {s: c for s, c in program.scheme_columns.items() if c.value == "truth"}
    query = program.query("duckdb", exp.to_table("drawn"), [ROW, *columns], near=True).sql(dialect="duckdb")
    found = connection.execute(query)
    names = [d[0] for d in found.description or ()]
    compiled = judge.program(on, procedure).compiled
    frames = Frames(compiled, judge, on, procedure, list(columns.values()))
    seen: dict[bool, int] = {True: 0, False: 0}
    for row in found.fetchall():
        cells = dict(zip(names, row, strict=True))
        frame = frames.of(row)
        for scheme, scheme_columns in truths.items():
            names_of_lines = program.nearness(scheme).lines
            said = cells[f"{scheme}.near"]
            rule = scheme_columns.version.rule
            if Evaluation(compiled.linked, frame).unit(rule) != 0:
                assert said == NOT_NEAR
                continue
            lines = [said] if said != NOT_NEAR else range(len(names_of_lines))
            opened = [number for number in lines if _opens(compiled.linked, frame, rule, names_of_lines[number])]
            # The line that is named opens the way; where none is named, none does.
            assert opened == ([said] if said != NOT_NEAR else []), (scheme, cells[ROW])
            seen[said != NOT_NEAR] += 1
    assert len(truths) > 4
    assert seen[True] > ROWS // 20
    assert seen[False] > ROWS


def _opens(linked, frame, rule: str, line: str) -> bool:  # type: ignore[no-untyped-def]
    for outcome in (0, 2):
        changed = Changed(linked, frame)
        changed.line, changed.outcome = line, outcome
        if changed.unit(rule) != 0:
            return True
    return False
