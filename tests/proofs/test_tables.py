"""Tables without gaps and overlaps: score tables, the classes of the size standard, the versions of every scheme."""

from __future__ import annotations

import datetime as dt
import itertools

import pytest
import z3

from proofs.leaves import children, day_of, law, linked, place, rules, tables
from proofs.sheets import field_of
from proofs.solver import Points, Rules, Truth, conj, negation, solve
from yiqi.facts.industry import SECTIONS
from yiqi.judge.evaluate import code_matches
from yiqi.judge.frame import PROCEDURES
from yiqi.judge.link import Linked, Unit
from yiqi.law.tree import ClassReadings, Coded, Compare, Rule, Table, TruthNode

WITH_TABLES = [rule for rule in rules() if any(tables(rule))]


def formulas(rule: Rule) -> tuple[Rules, Unit]:
    """The rule with every fact free, and its unit."""
    joined = linked(rule.id, day_of(rule))
    key = rule.id if joined.units[rule.id].body is not None else f"{rule.id}@original"
    return Rules(joined, {}, tuple(field_of(joined).values), None), joined.units[key]


@pytest.mark.parametrize("rule", [pytest.param(r, id=r.id) for r in WITH_TABLES])
def test_every_row_can_decide_and_some_row_always_does(rule: Rule) -> None:
    """For every first-match table: each row decides for some enterprise, and with the facts given and defined exactly one
    row does. In a table whose rows add up each row can hold and can fail."""
    made, unit = formulas(rule)
    for table in tables(rule):
        held = [made.truth(row.child, unit) for row in table.rows]
        if table.mode == "each":
            for row, truth in zip(table.rows, held, strict=True):
                for wanted in (truth.yes, truth.no):
                    assert solve(wanted, made.constraints), f"{place(rule, row.span)}: the row never turns"
            continue
        assert table.rows[-1].otherwise, f"{place(rule, None)}: the last row is not `otherwise`"
        above = []
        for row, truth in zip(table.rows, held, strict=True):
            reached = conj((*above, truth.yes))
            assert solve(reached, made.constraints), f"{place(rule, row.span)}: no enterprise comes to this row"
            above.append(truth.no)
        # The first row that holds decides: a gap would be facts for which none does.
        defined = conj(_disj_yes_no(t.yes, t.no) for t in held)
        gap = conj((defined, *(negation(t.yes) for t in held)))
        assert solve(gap, made.constraints) is False, f"{place(rule, None)}: no row decides"


def _disj_yes_no(yes: object, no: object) -> object:
    return negation(conj((negation(yes), negation(no))))


# -- the size standard ------------------------------------------------------------------------------------------------

CLASS = law().rule("miit-2011-300#class")
SPLIT = {"K70": ("K701", "K702", "K703", "K704", "K709")}
"""Divisions whose groups stand in different rows, with the groups of GB/T 4754-2017."""


def industries() -> list[str]:
    """Every division of GB/T 4754-2017; where a division is split, its groups."""
    divisions = [
        f"{letter}{number:02d}" for letter, (first, last, _) in SECTIONS.items() for number in range(first, last + 1)
    ]
    return [code for division in divisions for code in SPLIT.get(division, (division,))]


def rows_of(code: str) -> list[int]:
    assert isinstance(CLASS.body, Table)
    found = []
    for number, row in enumerate(CLASS.body.rows, 1):
        if not row.otherwise:
            assert isinstance(row.child, Coded), "a row of the size standard is chosen by the industry alone"
            held = code_matches(code, row.child.prefixes, row.child.exceptions)
            assert held != 1, f"{code} is not deep enough for row {number}"
            if held:
                found.append(number)
    return found


def test_every_industry_stands_in_exactly_one_row() -> None:
    assert len(industries()) == 97 + 4
    assert {code: rows_of(code) for code in industries() if len(rows_of(code)) != 1} == {}


def test_no_deeper_code_stands_in_two_rows() -> None:
    deeper = (f"{code[:3]}{n:02d}" for code in industries() for n in range(100))
    assert [code for code in deeper if len(rows_of(code)) > 1] == []


CLASSES = [rule for rule in rules() if rule.value == "class"]


class Defined(Rules):
    """One unit with all facts given and every base above zero, for whatever the units that it names come to.

    A ratio comes out one way or the other, whichever it is; so does what is named: it has been proved by itself.
    """

    def __init__(self, joined: Linked, key: str) -> None:
        super().__init__(joined, {}, tuple(field_of(joined).values), None)
        self.key = key

    def compare(self, node: Compare) -> Truth:
        if not node.guards:
            return super().compare(node)
        holds = z3.Bool(f"comparison {id(node)}")
        return Truth(holds, negation(holds))

    def unit(self, key: str) -> Truth | Points | dict[str, object]:
        if key == self.key:
            found: Truth | Points | dict[str, object] = super().unit(key)
            return found
        value = self.linked.units[key].rule.value
        if value == "points":
            points = z3.Int(key)
            return Points(points, points)
        if value == "class":
            which = z3.Int(key)
            self.constraints.append(z3.And(which >= 0, which < len(self.linked.classes)))
            return {name: which == n for n, name in enumerate(self.linked.classes)}
        holds = z3.Bool(key)
        return Truth(holds, negation(holds))


@pytest.mark.parametrize("rule", [pytest.param(r, id=r.id) for r in CLASSES])
def test_every_enterprise_has_exactly_one_class(rule: Rule) -> None:
    """With all facts given, whatever they are, one class is left: the solver finds none with two or with none.

    Only a base of zero, and an open question of law whose readings differ, leave more than one.
    """
    made, _ = formulas(rule)
    for key, unit in made.linked.units.items():
        if isinstance(unit.body, ClassReadings):
            continue  # the readings that differ; each of them is looked at by itself
        alone = Defined(made.linked, key)
        open_ = negation(alone.decided(key))
        assert solve(conj((open_, alone.codes_are_whole(), *alone.settled)), alone.constraints) is False, key
    for name, possible in made.unit(rule.id).items():
        assert solve(possible, made.constraints) or name not in _names(rule), f"{name} is never given"


def _names(rule: Rule) -> set[str]:
    return {row.name for table in tables(rule) for row in table.rows if row.name is not None}


# -- versions ---------------------------------------------------------------------------------------------------------

HORIZON = dt.date(2040, 1, 1)
ASKED = list(itertools.product(law().schemes, PROCEDURES))


def covering(scheme: str, procedure: str, on: dt.date) -> list[str]:
    return [row.rule for row in law().versions if row.scheme == scheme and row.covers(procedure, on)]


@pytest.mark.parametrize(("scheme", "procedure"), ASKED, ids=["-".join(a) for a in ASKED])
def test_one_rule_decides_a_scheme_on_each_day(scheme: str, procedure: str) -> None:
    """From the first day of its first rule to the last day of its last, each day has exactly one rule, in force then."""
    rows = [r for r in law().versions if r.scheme == scheme and r.procedure in ("any", procedure)]
    if not rows:  # no act of this procedure is ruled at all: the other one is
        assert any(r.scheme == scheme for r in law().versions)
        return
    first = min(row.first for row in rows)
    last = max(row.last or HORIZON for row in rows)
    turns = sorted({first, last, *(r.first for r in rows), *(r.last for r in rows if r.last)})
    days = sorted({d + dt.timedelta(step) for d in turns for step in (-1, 0, 1)})
    for day in days:
        if day > HORIZON:
            continue
        wanted = 1 if first <= day <= last else 0
        assert len(covering(scheme, procedure, day)) == wanted, f"{scheme}, {procedure} on {day}"
        for rule_id in covering(scheme, procedure, day):
            rule = law().rule(rule_id)
            assert law().instruments[rule.instrument].in_force <= day, f"{rule_id} is not yet in force on {day}"
            assert rule.body is not None


def test_the_walk_over_a_rule_comes_to_every_table() -> None:
    """The tests above would say nothing of a table they do not find."""

    def inside(node: TruthNode | Table) -> int:
        return isinstance(node, Table) + sum(inside(c) for c in children(node))  # type: ignore[arg-type]

    direct = sum(isinstance(rule.body, Table) for rule in rules())
    assert direct <= sum(len(list(tables(rule))) for rule in WITH_TABLES)
    assert direct >= 40
