"""The lines of the law through which an enterprise's outcome changes from one version of a rule to another.

Where an enterprise loses (yes becomes open or no, open becomes no), the causes are the lines of the version *after* that
decide the new outcome; where it gains, the lines of the version *before* that decided the old one. Of these, a line counts
that the other version does not have, or that comes out otherwise there. Only where there is none such (an alternative is
gone that carried the enterprise before) do all that decide count.

A group of alternatives that the other version does not have is one line: that all its parts fail together is one cause.
Where a line asks for a score or a class and says the same in both versions, the cause is the table below it that gives
other points or another class.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, cast

from yiqi.judge.link import Unit
from yiqi.law.tree import PointsTest, Table
from yiqi.screening.late import LateBits
from yiqi.screening.matching import match_lines, shape, wording
from yiqi.screening.parts import Key, Part, Parts
from yiqi.screening.planes import Classes, Points
from yiqi.screening.program import Program
from yiqi.screening.terms import Term, Terms

Side = Literal["before", "after"]


@dataclass(frozen=True)
class CausingLine:
    """A line, group or table of one version that can cause a change.

    Two bits, given that the outcome changes in the direction the line is for: ``causes``, that it is a cause, and
    ``decides``, that it decides without having changed, which counts where nothing else is a cause. ``others`` are the
    parts of the other version that it is set against.
    """

    part: Part | None
    """None for a table."""
    unit: Unit
    others: tuple[Part, ...]
    causes: Term
    decides: Term
    other_unit: Unit | None = None
    """The same table in the other version."""

    @property
    def id(self) -> str:
        """The id of the condition or rule."""
        return self.part.id if self.part is not None else self.unit.rule.id


@dataclass(frozen=True, slots=True)
class _Gate:
    """What must hold above a part for it to decide: where it fails, and where it is open (None: every heading above asks
    for all)."""

    fails: Term
    opens: Term | None


class Causes:
    """The causing lines of one scheme between two programs that share their terms."""

    def __init__(self, before: Program, after: Program, scheme: str, late: LateBits) -> None:
        self.terms: Terms = before.terms
        self.late = late
        self.programs: dict[Side, Program] = {"before": before, "after": after}
        self.rules = {side: p.scheme_columns[scheme].version.rule for side, p in self.programs.items()}
        self.parts = {side: Parts(p) for side, p in self.programs.items()}
        self.reached = {side: p.planes.reached(self.rules[side]) for side, p in self.programs.items()}
        self._same: dict[Part, bool] = {}
        self.is_class = before.scheme_columns[scheme].value == "class"
        self.classes = tuple(dict.fromkeys((*before.linked.classes, *after.linked.classes)))
        """The names of classes that either version knows."""

    # -- conditions ---------------------------------------------------------------------------------------------------

    @cached_property
    def _roots(self) -> dict[Side, Part]:
        return {side: parts.of(self.rules[side]) for side, parts in self.parts.items()}

    @cached_property
    def _matched(self) -> dict[Side, dict[Key, Part]]:
        """For the lines of a side, the line of the other side that takes its place."""
        lines = {side: root.lines() for side, root in self._roots.items()}
        pairs = match_lines(lines["before"], lines["after"])
        return {
            "before": {old: lines["after"][new] for old, new in pairs.items()},
            "after": {new: lines["before"][old] for old, new in pairs.items()},
        }

    @cached_property
    def _groups(self) -> dict[Side, dict[frozenset[Key], Part]]:
        """The alternatives of a side by the lines within."""
        found: dict[Side, dict[frozenset[Key], Part]] = {"before": {}, "after": {}}
        for side, root in self._roots.items():
            for part in root.walk():
                if part.is_alternative:
                    found[side].setdefault(frozenset(part.lines()), part)
        return found

    def of(self, side: Side) -> list[CausingLine]:
        """The lines that cause losses (``after``) or gains (``before``); for a class, those that cause any change."""
        if self.is_class:
            return self._tables_of_class() if side == "after" else []
        terms = self.terms
        blamed: dict[Key, tuple[Part, list[Term], list[Term]]] = {}
        for part, fails, stays_open in self._blame(side, self._roots[side], _Gate(terms.one, None)):
            _, no, open_ = blamed.setdefault(part.key, (part, [], []))
            no.append(fails)
            open_.append(stays_open)
        found: list[CausingLine] = []
        for part, no, open_ in blamed.values():
            fails, stays_open = terms.any_of(no), terms.any_of(open_)
            found += self._with_tables(side, part, fails, stays_open)
        return [line for line in found if line.decides.constant != 0 or line.causes.constant != 0]

    def _blame(self, side: Side, part: Part, gate: _Gate) -> Iterator[tuple[Part, Term, Term]]:
        """The parts that can decide, with a bit for: it is no and that decides, and one for: it is open and that does."""
        terms = self.terms
        no, open_ = self._fails(part), self._open(part)
        opens = open_ if gate.opens is None else terms.all_of([gate.opens, open_])
        if part.kind == "line" or (part.is_alternative and not self._same_alternatives(side, part)):
            if gate.opens is None:
                # Where every heading above asks for all, what is open decides when the whole is open.
                opens = terms.all_of([opens, self._open(self._roots[side])])
            yield part, terms.all_of([gate.fails, no]), opens
            return
        if part.kind == "all":
            # A part that fails makes this one fail. One that is open leaves it open only where no other fails.
            inner = gate if gate.opens is None else _Gate(gate.fails, opens)
            for child in part.children:
                yield from self._blame(side, child, inner)
            return
        fails = terms.all_of([gate.fails, no])
        if part.kind in ("readings", "region"):
            fails = terms.any_of([fails, opens])  # one fails, another holds: together they are open
        possible = [child for child in part.children if child.truth.may.constant != 0]
        for number, child in enumerate(part.children):
            if part.kind == "any" and possible and child not in possible:
                continue  # written for the other procedure
            counts = [part.counts[number]] if part.counts else []
            inner = _Gate(terms.all_of([fails, *counts]), terms.all_of([opens, *counts]))
            yield from self._blame(side, child, inner)

    def _same_alternatives(self, side: Side, group: Part) -> bool:
        """Whether the other version has a group of the same lines."""
        if group not in self._same:
            self._same[group] = self._has_same(side, group)
        return self._same[group]

    def _has_same(self, side: Side, group: Part) -> bool:
        matched = [self._matched[side].get(key) for key in group.lines()]
        found = self._groups[_other(side)].get(frozenset(part.key for part in matched if part is not None))
        return (
            None not in matched
            and found is not None
            and (found.kind, found.number, found.denied) == (group.kind, group.number, group.denied)
        )

    def _others(self, side: Side, part: Part) -> tuple[Part, ...]:
        """What the other version has in the place of a line or of a group of alternatives: lines, and where a line is only
        one of several alternatives there, the alternatives together."""
        found: dict[Key, Part] = {}
        for key in part.lines():
            line = self._matched[side].get(key)
            if line is not None:
                around = self._around(_other(side), line)
                found.setdefault(around.key, around)
        return tuple(found.values())

    @cached_property
    def _standing(self) -> dict[Side, frozenset[Key]]:
        """The lines that stand somewhere outside of alternatives that the other version does not have."""

        def outside(side: Side, part: Part) -> Iterator[Key]:
            if part.kind == "line":
                yield part.key
            elif not part.is_alternative or self._same_alternatives(side, part):
                for child in part.children:
                    yield from outside(side, child)

        return {side: frozenset(outside(side, root)) for side, root in self._roots.items()}

    def _around(self, side: Side, line: Part) -> Part:
        """A line, or the smallest group of alternatives around it that the other version does not have."""
        if line.key in self._standing[side]:
            return line
        groups = [
            (len(lines), group)
            for lines, group in self._groups[side].items()
            if line.key in lines and not self._same_alternatives(side, group)
        ]
        return min(groups, key=lambda found: found[0], default=(1, line))[1]

    def _changed(self, part: Part, others: Sequence[Part], fails: Term, stays_open: Term) -> Term:
        """Whether a part that decides comes out otherwise in the other version, or is not there; what became an
        alternative, or was one, counts as coming out otherwise."""
        terms = self.terms
        if len(others) != 1 or others[0].kind != part.kind or (part.is_alternative and others[0].id != part.id):
            return terms.any_of([fails, stays_open])
        mine, its = part.truth, others[0].truth
        if (mine.sure, mine.may) == (its.sure, its.may):
            return terms.zero
        self._rest_on(others[0])
        settled = terms.any_of([its.sure, terms.invert(its.may)])
        return terms.any_of([terms.all_of([fails, its.may]), terms.all_of([stays_open, settled])])

    def _differ(self, one: Term, other: Term) -> Term:
        if one is other:
            return self.terms.zero
        either = [
            self.terms.all_of([one, self.terms.invert(other)]),
            self.terms.all_of([self.terms.invert(one), other]),
        ]
        return self.terms.any_of(either)

    def _fails(self, part: Part) -> Term:
        self._rest_on(part)
        return self.terms.invert(part.truth.may)

    def _open(self, part: Part) -> Term:
        self._rest_on(part)
        return self.terms.all_of([part.truth.may, self.terms.invert(part.truth.sure)])

    def _rest_on(self, *parts: Part) -> None:
        for part in parts:
            self.late.rest_on(part.truth.sure, part.truth.may, *part.counts)

    # -- tables -------------------------------------------------------------------------------------------------------

    def _with_tables(self, side: Side, part: Part, fails: Term, stays_open: Term) -> Iterator[CausingLine]:
        """A part that decides; and the tables below it that give other points, where its line says the same."""
        terms = self.terms
        others = self._others(side, part)
        changed = self._changed(part, others, fails, stays_open)
        tables: list[CausingLine] = []
        if len(others) == 1 and part.kind == "line" and wording(part) == wording(others[0]):
            there = self.parts[_other(side)].tables(others[0])
            for key, unit in self.parts[side].tables(part).items():
                bit = self._gives_other(side, unit, there.get(key), part)
                causes = terms.all_of([changed, bit])
                if causes.constant != 0:
                    tables.append(CausingLine(None, unit, (), causes, terms.zero, there.get(key)))
        itself = terms.all_of([changed, terms.invert(terms.any_of([t.causes for t in tables]))])
        yield CausingLine(part, part.unit, others, itself, terms.any_of([fails, stays_open]))
        yield from tables

    def _gives_other(self, side: Side, unit: Unit, there: Unit | None, line: Part | None) -> Term:
        """Whether a table gives this enterprise something else in the other version; never where it says the same."""
        if there is None or _table(unit) == _table(there):
            return self.terms.zero
        other = _other(side)
        mine = self._value(side, unit.key)
        its = self._value(other, there.key)
        reached = self.reached[side].get(unit.key, self.terms.one)
        self.late.rest_on(reached)
        return self.terms.all_of([reached, self._gives_less(mine, its, line)])

    def _value(self, side: Side, key: str) -> Points | tuple[Term, ...]:
        """The points of a table, or for each class of either version whether it is possible."""
        value = self.programs[side].planes.units[key]
        if isinstance(value, Points):
            return value
        return class_bits(cast(Classes, value), self.programs[side], self.classes)

    def _gives_less(self, mine: Points | tuple[Term, ...], its: Points | tuple[Term, ...], line: Part | None) -> Term:
        """Whether points are other than those of the other version, in the direction that fails a line where it asks for
        so many at least; whether classes are other."""
        terms = self.terms
        if isinstance(mine, Points) and isinstance(its, Points):
            self.late.rest_on(mine.low, mine.high, its.low, its.high)
            less = [terms.compare(mine.low, "<", its.low), terms.compare(mine.high, "<", its.high)]
            more = [terms.compare(mine.low, ">", its.low), terms.compare(mine.high, ">", its.high)]
            return terms.any_of(less if line is not None and _asks_at_least(line) else [*less, *more])
        found: list[Term] = []
        for one, other in zip(cast(tuple[Term, ...], mine), cast(tuple[Term, ...], its), strict=True):
            self.late.rest_on(one, other)
            found.append(self._differ(one, other))
        return terms.any_of(found)

    def _tables_of_class(self) -> list[CausingLine]:
        """The tables that give another class, and those that one version alone looks at."""
        before = self.parts["before"].tables_of_class(self.rules["before"])
        found: list[CausingLine] = []
        for key, unit in self.parts["after"].tables_of_class(self.rules["after"]).items():
            there = before.get(key)
            reached = self.reached["after"].get(key, self.terms.one)
            self.late.rest_on(reached)
            bit = reached if there is None else self._gives_other("after", unit, there, None)
            found.append(CausingLine(None, unit, (), bit, self.terms.zero, there))
        return [line for line in found if line.causes.constant != 0]


def _other(side: Side) -> Side:
    return "after" if side == "before" else "before"


def class_bits(value: Classes, program: Program, names: Sequence[str]) -> tuple[Term, ...]:
    """For each name whether it is possible; a version that does not know a class never gives it."""
    places = {name: place for place, name in enumerate(program.linked.classes)}
    return tuple(value.possible[places[n]] if n in places else program.terms.zero for n in names)


def _table(unit: Unit) -> object:
    """What a table says, without its place in the file."""
    if not isinstance(unit.body, Table):
        return unit.key
    rows = [(tuple(cell for cell, _ in r.cells), r.points, r.name, r.rule) for r in unit.body.rows]
    return shape((unit.body.mode, unit.body.maximum, *rows))


def _asks_at_least(line: Part) -> bool:
    """Whether fewer points can only fail a line."""
    node = line.node.child if line.node is not None else None
    return isinstance(node, PointsTest) and node.comparator in (">=", ">") and not line.denied
