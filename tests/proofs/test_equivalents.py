"""Every change that ``law/equivalent_mutants.yaml`` lists means the same as the law, and for the reason it gives.

A cap that is never reached: the parts cannot give more. A pass mark moved by one point: no sum of the parts lies between
the two. Anything else: the solver finds no enterprise for which the answers differ, on any day the law changes.
"""

from __future__ import annotations

import datetime as dt
import itertools

import pytest

from proofs.leaves import law, linked
from proofs.sheets import field_of
from proofs.solver import Rules, conj, differs, solve
from yiqi.judge.equivalents import Equivalent, read_equivalents
from yiqi.judge.evaluate import Evaluation, extent, points_test
from yiqi.judge.link import Linked, Unit, change_days
from yiqi.judge.mutants import Mutant, mutants
from yiqi.judge.mutation import patched
from yiqi.judge.ranges import ANYTHING
from yiqi.law.library import default_folder
from yiqi.law.tree import (
    Best,
    Condition,
    PointsTest,
    ScoreFact,
    ScoreNode,
    ScoreReadings,
    ScoreRule,
    Table,
    Total,
    TruthNode,
    truth_children,
)

LISTED = read_equivalents(default_folder())


def mutant_of(listed: Equivalent) -> Mutant:
    instrument = law().instruments[listed.mutant.partition("#")[0]]
    for rule in instrument.rules.values():
        for mutant in mutants(rule, law().vocabulary):
            if mutant.id == listed.mutant:
                return mutant
    raise AssertionError(f"{listed.place}: there is no mutant {listed.mutant}")


def days_of(mutant: Mutant) -> list[dt.date]:
    """A day of every composition of the rule with local and yearly files, as long as its own file is in force."""
    instrument = law().instruments[mutant.rule.instrument]
    found: dict[object, dt.date] = {}
    for on in change_days(law()):
        if instrument.in_force_on(on):
            units = linked(mutant.rule.id, on).units
            found.setdefault(frozenset((key, unit.choice, id(unit.body)) for key, unit in units.items()), on)
    return list(found.values())


@pytest.mark.parametrize("listed", [pytest.param(e, id=e.mutant) for e in LISTED.values()])
def test_a_listed_change_means_the_same(listed: Equivalent) -> None:
    mutant = mutant_of(listed)
    for on in days_of(mutant):
        joined = linked(mutant.rule.id, on)
        unit = joined.units[mutant.rule.id]
        if unit.body is None:  # replaced everywhere on this day, or beside the local files
            unit = joined.units.get(f"{mutant.rule.id}@original", unit)
        if unit.body is None:
            continue
        before, after = unit.body, mutant.body
        if mutant.rule.value == "amount" and mutant.rule.confidence == "C":
            # Every figure there is given, and still nothing comes out: the body of such a rule is not looked at.
            assert Evaluation(joined, [1] * len(joined.slots)).unit(unit.key) == ANYTHING
        elif isinstance(before, Total) and isinstance(after, Total) and before.children == after.children:
            assert before.maximum is not None
            _, most = extent(Total(before.children, None), joined, unit)
            assert most <= before.maximum, f"{on}: the parts give up to {most}"
        elif points := _tests(before, after):
            was, now = points
            for total in attainable(was.score, joined, unit):
                same = points_test((total, total), now.comparator, now.threshold)
                assert points_test((total, total), was.comparator, was.threshold) == same, f"{on}: {total} points"
        else:
            _proved(joined, unit, mutant)


def _tests(before: object, after: object) -> tuple[PointsTest, PointsTest] | None:
    """The pass mark that was changed, before and after."""
    pairs = [
        (a, b)
        for a, b in zip(_inside(before), _inside(after), strict=False)
        if isinstance(a, PointsTest) and isinstance(b, PointsTest) and a != b
    ]
    return pairs[0] if len(pairs) == 1 else None


def _inside(node: object) -> list[TruthNode]:
    if isinstance(node, Table | Total | Best | ScoreReadings | ScoreRule | ScoreFact):
        return []
    children = (node.child,) if isinstance(node, Condition) else truth_children(node)  # type: ignore[arg-type]
    return [node, *(found for child in children for found in _inside(child))]  # type: ignore[list-item]


def attainable(node: ScoreNode, joined: Linked, unit: Unit) -> set[int]:
    """Every number of points that a score could come to, and maybe some more: its parts are taken as independent."""
    match node:
        case Table(mode="first", rows=rows):
            return {row.points or 0 for row in rows}
        case Table(rows=rows, maximum=maximum):
            parts = [{0, row.points or 0} for row in rows]
            return {min(sum(p), maximum) if maximum is not None else sum(p) for p in itertools.product(*parts)}
        case Total(children, maximum):
            sums = {0}
            for child in children:
                sums = {a + b for a in sums for b in attainable(child, joined, unit)}
            return {min(s, maximum) if maximum is not None else s for s in sums}
        case Best(children) | ScoreReadings(children):
            return set().union(*(attainable(c, joined, unit) for c in children))
        case ScoreRule():
            target = joined.units[joined.target(unit, node)]
            units = [joined.units[a.key] for a in target.choice] or [target]
            return set().union(*(attainable(u.score, joined, u) for u in units))
        case ScoreFact(_, minimum, maximum):
            return set(range(minimum, maximum + 1))


def _proved(joined: Linked, unit: Unit, mutant: Mutant) -> None:
    """The two rules give the same for every enterprise whose facts are all given."""
    around = field_of(joined)
    law_says = Rules(joined, {}, tuple(around.values), None)
    mutant_says = Rules(patched(joined, mutant), {}, tuple(around.values), None, around)
    apart = differs(law_says.unit(unit.key), mutant_says.unit(unit.key))
    whole = conj((law_says.codes_are_whole(), mutant_says.codes_are_whole()))
    constraints = (*law_says.constraints, *mutant_says.constraints)
    assert solve(conj((apart, whole)), constraints, seconds=30) is False, f"{joined.on}: an enterprise tells them apart"


def test_the_proof_finds_a_change_that_does_not_mean_the_same() -> None:
    """The construction row sent to another row of the size standard: the solver sees it."""
    rule = law().rule("miit-2011-300#class")
    joined = linked(rule.id, dt.date(2026, 5, 1))
    changed = next(m for m in mutants(rule, law().vocabulary) if m.kind == "line")
    with pytest.raises(AssertionError, match="tells them apart"):
        _proved(joined, joined.units[rule.id], changed)
