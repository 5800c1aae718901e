"""The three ways to an answer say the same of everything: the reference, the compiled outcome, the compiled trace."""

from __future__ import annotations

import datetime as dt
import random

import pytest

from proofs.agreement import disagreements
from proofs.leaves import compiled, day_of, law, rules
from proofs.sheets import FULL, Drawn, field_of
from yiqi.judge.compile import Compiled, compile_rules
from yiqi.judge.frame import PROCEDURES
from yiqi.judge.link import change_days, link

SHEETS = 600 if FULL else 30
"""Fact sheets looked at for each rule: a third of them complete."""

SHEETS_OF_A_DAY = 48 if FULL else 6
"""Fact sheets looked at for each day: fewer, for every rule of the day is looked at on each."""


def _check(program: Compiled, seed: object, sheets: int) -> None:
    pick = random.Random(f"{seed}")
    around = field_of(program.linked)
    for number in range(sheets):
        values = around.draw(pick.randrange)
        hidden = frozenset(k for k in values if pick.randrange(6) < number % 6 - 1)
        drawn = Drawn(program.linked, PROCEDURES[number % 2], values, hidden)
        differences = disagreements(program, drawn.frame(program.spare))
        assert not differences, f"{drawn}\n" + "\n".join(differences)


@pytest.mark.parametrize("rule_id", [rule.id for rule in rules()])
def test_every_rule_alone(rule_id: str) -> None:
    on = day_of(law().rule(rule_id))
    _check(compiled(rule_id, on), rule_id, SHEETS)


@pytest.mark.parametrize("on", [day for day in change_days(law()) if day.year >= 2022], ids=str)
def test_all_schemes_together_on_every_day_the_law_changes(on: dt.date) -> None:
    """The program the judge runs: all schemes in one, with the local files of the day."""
    roots = {law().version(scheme, procedure, on) for scheme in law().schemes for procedure in PROCEDURES}
    program = compile_rules(link(law(), sorted(row.rule for row in roots if row is not None), on))
    _check(program, on, SHEETS_OF_A_DAY)
