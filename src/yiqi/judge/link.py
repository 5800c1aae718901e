"""Chooses what counts on one day: which rules are reached and which local or yearly file replaces a delegated one.

The result is a closed set of units in an order where each comes after what it refers to. The interpreter, the compiler
and the SQL writer all read it, so a replacement is resolved in one place.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import cast

from yiqi.law.tree import (
    AmountNode,
    Body,
    ClassNode,
    ClassTest,
    Law,
    Rule,
    RuleTest,
    ScoreNode,
    ScoreRule,
    Slot,
    Table,
    TruthNode,
    reference,
    rules_of,
    slots_of,
)

REGION = Slot("region")


@dataclass(frozen=True, slots=True)
class Alternative:
    """A unit that counts where the region's code begins with one of ``regions`` and none of ``exceptions``.

    Empty ``regions`` is the rest of the country.
    """

    regions: tuple[str, ...]
    exceptions: tuple[str, ...]
    key: str


@dataclass(frozen=True, slots=True)
class Unit:
    """A rule as it counts on the day. ``choice`` is set instead of ``body`` where regions differ.

    ``targets`` maps each reference in the body, (rule id, original), to the key of the unit it means.
    """

    key: str
    rule: Rule
    body: Body | None
    choice: tuple[Alternative, ...]
    targets: dict[tuple[str, bool], str]

    @property
    def truth(self) -> TruthNode:
        """The body of a rule of conditions (its kind was checked when the law was read)."""
        return cast(TruthNode, self.body)

    @property
    def score(self) -> ScoreNode:
        """The body of a rule that gives points."""
        return cast(ScoreNode, self.body)

    @property
    def amount(self) -> AmountNode:
        """The body of a rule that gives an amount or a date."""
        return cast(AmountNode, self.body)

    @property
    def classes(self) -> ClassNode:
        """The body of a rule that gives a class."""
        return cast(ClassNode, self.body)


@dataclass(frozen=True)
class Linked:
    """A closed set of units: every reference leads to a unit that comes earlier."""

    law: Law
    on: dt.date
    roots: tuple[str, ...]
    units: dict[str, Unit]
    slots: tuple[Slot, ...]
    slot_index: dict[Slot, int]
    classes: tuple[str, ...]

    def target(self, unit: Unit, node: RuleTest | ClassTest | ScoreRule | str) -> str:
        """The key of the unit a reference in ``unit`` means."""
        original = isinstance(node, (RuleTest, ScoreRule)) and node.original
        return unit.targets[(reference(node), original)]


def replacements(law: Law, rule_id: str, on: dt.date) -> tuple[list[Rule], Rule | None]:
    """The regional replacements of a rule in force on a day, the nearest region first, and the national one."""
    regional: list[Rule] = []
    national: Rule | None = None
    for other in law.replacements.get(rule_id, ()):
        instrument = law.instruments[other.partition("#")[0]]
        if not instrument.in_force_on(on):
            continue
        if instrument.regions:
            regional.append(law.rule(other))
        else:
            national = law.rule(other)
    # A file for a city comes before the file for its province.
    regional.sort(key=lambda r: (-max(len(p) for p in law.instruments[r.instrument].regions), r.id))
    return regional, national


class UnsoundError(ValueError):
    """A rule that has an error of its own is asked for; the argument is its id."""


def link(law: Law, roots: Sequence[str], on: dt.date, *, gives: bool = False) -> Linked:
    """Link the rules ``roots`` and all they refer to, as they count on ``on``; with ``gives`` also what they give.

    Raises ``KeyError`` for an unknown rule and :class:`UnsoundError` where a rule was left without a body because of an
    error in its file.
    """
    units: dict[str, Unit] = {}
    classes: dict[str, None] = {}

    def key_of(rule_id: str, original: bool, within: Rule) -> str:
        if not original:
            return rule_id
        _, national = replacements(law, rule_id, on)
        regional = bool(law.instruments[within.instrument].regions)
        return national.id if regional and national is not None else f"{rule_id}@original"

    def visit(key: str) -> None:
        if key in units:
            return
        rule_id, _, original = key.partition("@")
        rule = law.rule(rule_id)
        regional, national = replacements(law, rule_id, on) if not original else ([], None)
        if regional or national:
            rest = national.id if national is not None else f"{rule_id}@original"
            alternatives = [
                Alternative(law.instruments[r.instrument].regions, law.instruments[r.instrument].regions_except, r.id)
                for r in regional
            ]
            alternatives.append(Alternative((), (), rest))
            for alternative in alternatives:
                visit(alternative.key)
            units[key] = Unit(key, rule, None, tuple(alternatives), {})
            return
        targets: dict[tuple[str, bool], str] = {}
        if rule.body is None and rule.value is not None:
            raise UnsoundError(rule.id)
        if rule.body is not None:
            for node in rules_of(rule.body):
                is_original = isinstance(node, (RuleTest, ScoreRule)) and node.original
                target = key_of(reference(node), is_original, rule)
                visit(target)
                targets[(reference(node), is_original)] = target
            if isinstance(rule.body, Table):
                for row in rule.body.rows:
                    if row.name is not None:
                        classes.setdefault(row.name)
        units[key] = Unit(key, rule, rule.body, (), targets)

    for root in roots:
        visit(root)
        for given in law.rule(root).gives if gives else ():
            visit(given)
    slots: dict[Slot, None] = {}
    for unit in units.values():
        if len(unit.choice) > 1:
            slots.setdefault(REGION)
        if unit.body is not None:
            for slot in slots_of(unit.body):
                slots.setdefault(slot)
    # In the order in which the facts are declared: what is missing is then named in one order, whichever rules are asked.
    declared = {fact: place for place, fact in enumerate(law.vocabulary.facts)}
    ordered = tuple(sorted(slots, key=lambda s: (declared.get(s.fact, -1), -(s.index or 0), s.shift_unit, s.shift)))
    return Linked(law, on, tuple(roots), units, ordered, {s: i for i, s in enumerate(ordered)}, tuple(classes))


def deciding(linked: Linked) -> Linked:
    """The same without what measures give: the units that the roots themselves depend on."""
    needed = reached(linked, linked.roots)
    return replace(linked, units={key: unit for key, unit in linked.units.items() if key in needed})


def change_days(law: Law) -> list[dt.date]:
    """Every day on which something may count that did not the day before, in order."""
    days: set[dt.date] = set()
    one = dt.timedelta(days=1)

    def add(first: dt.date, last: dt.date | None) -> None:
        days.add(first)
        if last is not None:
            days.add(last + one)

    for instrument in law.instruments.values():
        add(instrument.in_force, instrument.until)
    for row in law.versions:
        add(row.first, row.last)
    return sorted(days)


def reached(linked: Linked, roots: Iterable[str]) -> set[str]:
    """The keys of all units that ``roots`` depend on, themselves included."""
    found: set[str] = set()
    stack = list(roots)
    while stack:
        key = stack.pop()
        if key in found:
            continue
        found.add(key)
        unit = linked.units[key]
        stack.extend(unit.targets.values())
        stack.extend(a.key for a in unit.choice)
    return found
