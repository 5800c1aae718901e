"""Which mutants of the law its cases notice.

A mutant is *killed* when a case that holds for the law does not hold for the mutant. Only cases that reach the mutated
rule are run, on the linked set they already have, so that thousands of mutants take seconds.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from yiqi.judge.cases import (
    Asked,
    Case,
    case_sheet,
    conditions,
    expected_text,
    find,
    given_text,
    measure_of,
    missing_text,
    read_cases,
    result_text,
)
from yiqi.judge.evaluate import Evaluation
from yiqi.judge.frame import Frame, FrameBuilder
from yiqi.judge.link import Linked, link
from yiqi.judge.missing import smallest_sets
from yiqi.judge.mutants import Mutant, mutants
from yiqi.law.diagnostics import Diagnostic
from yiqi.law.tree import Instrument, Law, Rule, slots_of


@dataclass(frozen=True)
class Expectation:
    """One thing a case says of one rule or condition, with all that is needed to ask again."""

    case: Case
    rule: Rule
    condition: str | None
    wanted: Any
    asked: Asked
    measure: Rule | None
    """The heading of conditions that gives the rule's amount or date, for what a case says of that."""
    linked: Linked
    frame: Frame
    procedure: str

    def holds(self, linked: Linked, frame: Frame) -> bool | None:
        """Whether it comes true on a (mutated) linked set; None when the set no longer has the condition it names."""
        evaluation = Evaluation(linked, frame)
        if self.asked == "missing":
            got, wanted = missing_text(smallest_sets(evaluation, self.rule.id), self.wanted)
            return got == wanted
        if self.asked == "gives" and self.measure is not None:
            return given_text(evaluation, self.rule, self.measure) == expected_text(self.wanted, self.rule.value)
        condition = None
        if self.condition is not None:
            unit = linked.units[self.rule.id]
            condition = next((c for c in conditions(unit.truth) if c.id == self.condition), None)
            if condition is None:
                return None
        kind = self.rule.value if self.condition is None else None
        return result_text(evaluation, self.rule, condition) == expected_text(self.wanted, kind)


@dataclass(frozen=True)
class Result:
    """What became of the mutants of one instrument."""

    instrument: Instrument
    killed: int
    survivors: tuple[Mutant, ...]
    equivalent: tuple[Mutant, ...]
    """Survivors that were declared to mean the same as the law."""
    wrongly_equivalent: tuple[Mutant, ...]
    """Declared to mean the same, yet killed."""

    @property
    def count(self) -> int:
        return self.killed + len(self.survivors) + len(self.equivalent)


class Cases:
    """All cases of the law that hold, by the rules they reach."""

    def __init__(self, law: Law) -> None:
        self.law = law
        self.diagnostics: list[Diagnostic] = []
        self.failing: list[Case] = []
        """Cases that do not even hold for the law as it is; they kill nothing."""
        self._linked: dict[tuple[str, dt.date], Linked] = {}
        self._by_rule: dict[str, list[Expectation]] = {}
        for instrument in law.instruments.values():
            cases, problems = read_cases(instrument)
            self.diagnostics += problems
            for case in cases:
                self._add(case)
        for rule_id, expectations in self._by_rule.items():
            # What a case says of the rule itself is quick to ask and most likely to differ.
            expectations.sort(key=lambda e: (e.asked == "missing", e.rule.id != rule_id, len(e.linked.units)))

    def _add(self, case: Case) -> None:
        sheet, problems = case_sheet(case, self.law)
        self.diagnostics += problems
        if problems:
            return
        for key, wanted, asked in case.said():
            found = find(case, key, self.law)
            if found is None:
                continue
            rule, condition = found
            measure = measure_of(rule, self.law) if asked == "gives" else None
            linked = self._link((measure or rule).id, case.on)
            frame = FrameBuilder(linked.slots, self.law.vocabulary, case.on).build(sheet, case.procedure)
            identifier = condition.id if condition is not None else None
            expectation = Expectation(case, rule, identifier, wanted, asked, measure, linked, frame, case.procedure)
            if not expectation.holds(linked, frame):
                self.failing.append(case)
                continue
            for reached in {unit.rule.id for unit in linked.units.values() if unit.body is not None}:
                self._by_rule.setdefault(reached, []).append(expectation)

    def _link(self, rule_id: str, on: dt.date) -> Linked:
        if (rule_id, on) not in self._linked:
            self._linked[(rule_id, on)] = link(self.law, (rule_id,), on, gives=True)
        return self._linked[(rule_id, on)]

    def reaching(self, rule_id: str) -> list[Expectation]:
        """What the cases say that depends on a rule."""
        return self._by_rule.get(rule_id, [])

    def kill(self, mutant: Mutant) -> Expectation | None:
        """The first expectation that does not come true on the mutant, or None when it survives."""
        links: dict[int, Linked] = {}
        for expectation in self.reaching(mutant.rule.id):
            linked = links.get(id(expectation.linked))
            if linked is None:
                linked = links[id(expectation.linked)] = patched(expectation.linked, mutant)
            frame = expectation.frame
            if linked.slots != expectation.linked.slots:
                sheet, _ = case_sheet(expectation.case, self.law)
                builder = FrameBuilder(linked.slots, self.law.vocabulary, expectation.case.on)
                frame = builder.build(sheet, expectation.procedure)
            if expectation.holds(linked, frame) is False:
                return expectation
        return None


def patched(linked: Linked, mutant: Mutant) -> Linked:
    """The linked set with the mutant in place of its rule."""
    units = {
        key: replace(unit, body=mutant.body) if unit.rule.id == mutant.rule.id and unit.body is not None else unit
        for key, unit in linked.units.items()
    }
    new = [s for s in dict.fromkeys(slots_of(mutant.body)) if s not in linked.slot_index]
    if not new:
        return replace(linked, units=units)
    slots = (*linked.slots, *new)
    return replace(linked, units=units, slots=slots, slot_index={s: i for i, s in enumerate(slots)})


def mutate(cases: Cases, instruments: Iterable[Instrument], equivalent: Mapping[str, object]) -> Iterator[Result]:
    """Try every mutant of each instrument. ``equivalent`` holds the ids of mutants declared to mean the same."""
    for instrument in instruments:
        killed = 0
        survivors: list[Mutant] = []
        same: list[Mutant] = []
        wrong: list[Mutant] = []
        for rule in instrument.rules.values():
            for mutant in mutants(rule, cases.law.vocabulary):
                if cases.kill(mutant) is not None:
                    killed += 1
                    if mutant.id in equivalent:
                        wrong.append(mutant)
                elif mutant.id in equivalent:
                    same.append(mutant)
                else:
                    survivors.append(mutant)
        yield Result(instrument, killed, tuple(survivors), tuple(same), tuple(wrong))
