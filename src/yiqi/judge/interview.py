"""The interview: which fact to ask next, so that the schemes asked about are settled in few questions.

A question is one fact, in one year where it is given per year. Only facts that can still change an open scheme are ever
asked (:mod:`yiqi.judge.relevance`); of these the one that the most open schemes are expected to need comes first
(:mod:`yiqi.judge.planning`). "I don't know" is an answer: the fact is not asked again, and what needs it stays open.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from typing import Final

from yiqi.facts.sheet import FactSheet, Value
from yiqi.judge.answer import Answers
from yiqi.judge.judge import Judge, Program
from yiqi.judge.planning import Plan
from yiqi.judge.reasons import Outline, Run
from yiqi.judge.relevance import Node, Read, Relevance, Relevant
from yiqi.judge.trials import Trial, trials
from yiqi.law.bilingual import Bilingual
from yiqi.law.tree import Slot
from yiqi.law.vocabulary import Fact, fiscal_year_of


class Unknown(Enum):
    """The answer "I don't know"."""

    UNKNOWN = "unknown"


UNKNOWN: Final = Unknown.UNKNOWN

Key = tuple[str, int | None]
"""A fact and the calendar year; None when it is not given per year."""


@dataclass(frozen=True, slots=True)
class Dependence:
    """What of one scheme depends on a question: the open conditions and tables that read it, in the order of the law."""

    scheme: str
    conditions: tuple[Outline, ...]


@dataclass(frozen=True, slots=True)
class Effect:
    """What an answer leads to; ``answers`` are all those with the same consequence.

    ``outcomes``: per scheme its outcome (``yes``, ``no``, ``unknown``, ``not_applicable``; a class, or the classes still
    possible with ``/`` between). ``settles``: the schemes about which nothing more has to be asked then. ``open``: how
    many facts could still matter.
    """

    answers: tuple[Bilingual, ...]
    outcomes: Mapping[str, str]
    settles: tuple[str, ...]
    open: int


class Question:
    """One question: a fact, in one year where it is given per year."""

    def __init__(self, interview: Interview, key: Key, state: State) -> None:
        self.key = key
        self.fact: Fact = interview.judge.law.vocabulary[key[0]]
        self.year: int | None = key[1]
        self._interview = interview
        self._state = state

    @property
    def text(self) -> Bilingual:
        """The question as the vocabulary puts it, with the year filled in."""
        year = str(self.year) if self.year is not None else ""
        question = self.fact.question
        return Bilingual(question.en.replace("{year}", year), question.zh.replace("{year}", year))

    @property
    def known(self) -> str | None:
        """What is known of a code that was given, but not deeply enough; None for any other question."""
        if self.year is not None:
            return None
        value = self._state.answers.sheet.get(self.fact.id)
        return value if isinstance(value, str) else None

    @cached_property
    def why(self) -> tuple[Dependence, ...]:
        """The schemes, and in them the conditions, that depend on the answer."""
        return self._interview._dependences(self.key, self._state)

    @cached_property
    def effects(self) -> tuple[Effect, ...]:
        """What each answer would lead to."""
        return self._interview._effects(self.key, self._state)


@dataclass(frozen=True)
class State:
    """What follows from what is known: the answers, and per scheme the facts that can still change it."""

    answers: Answers
    relevant: Mapping[str, Relevant]

    @property
    def run(self) -> Run | None:
        return next((answer.run for answer in self.answers if answer.run is not None), None)

    def slots(self) -> set[int]:
        return {position for relevant in self.relevant.values() for position in relevant.slots}


@dataclass(frozen=True)
class _Step:
    """One answer given, with what is needed to take it back."""

    key: Key
    sheet: FactSheet
    refused: frozenset[Key]


class Interview:
    """Asks about one enterprise, beginning with what a sheet already says.

    ``schemes`` are ids or subjects (``ladder``), all for None. Raises ``KeyError`` for an unknown scheme and
    ``ValueError`` for an unknown procedure.
    """

    def __init__(
        self,
        judge: Judge,
        schemes: Iterable[str] | None,
        on: dt.date,
        procedure: str = "new",
        sheet: FactSheet | None = None,
    ) -> None:
        self.judge = judge
        self.schemes = judge.schemes(schemes)
        self.on = on
        self.procedure = procedure
        self.program: Program = judge.program(on, procedure, self.schemes)
        self._plan = Plan(self.program.compiled.linked)
        self._slots: dict[Key, list[int]] = {}
        vocabulary = judge.law.vocabulary
        for position, slot in enumerate(self.program.compiled.linked.slots):
            if slot.fact in vocabulary:
                self._slots.setdefault(self._key(slot), []).append(position)
        order = {fact.id: number for number, fact in enumerate(vocabulary)}
        self.form: tuple[Key, ...] = tuple(sorted(self._slots, key=lambda key: (order[key[0]], -(key[1] or 0))))
        """Every value that the rules read, in the order of the vocabulary, the newest year first."""
        self._reads: dict[int, tuple[Read, ...]] = {}
        self._refused: frozenset[Key] = frozenset()
        self._steps: list[_Step] = []
        self._question: Question | None = None
        self._state = self._look(sheet if sheet is not None else FactSheet())

    # -- asking -------------------------------------------------------------------------------------------------------

    def next(self) -> Question | None:
        """The question to ask now, the same until it is answered; None when nothing that can be asked matters."""
        if self._question is None and not self.settled:
            self._question = Question(self, self._choose(), self._state)
        return self._question

    def answer(self, value: Value | Unknown) -> None:
        """Answer the present question with a value as a fact sheet holds it, or :data:`UNKNOWN`.

        Raises ``ValueError`` when there is no question left and ``TypeError`` for a value of the wrong type.
        """
        question = self.next()
        if question is None:
            raise ValueError("there is no question left to answer")
        self.answer_for(question.key, value)

    def answer_for(self, key: Key, value: Value | Unknown) -> None:
        """Answer a fact that was not asked for just now: a form may be filled in in any order.

        Raises ``KeyError`` for a value that no rule of the interview reads, and ``TypeError`` as :meth:`answer`.
        """
        if key not in self._slots:
            raise KeyError(key)
        name, year = key
        sheet, refused = self.sheet, self._refused
        if value is UNKNOWN:
            refused |= {key}
        else:
            fact = self.judge.law.vocabulary[name]
            _check(fact, value)
            before = sheet.get(name) if year is None else None
            sheet = sheet.with_values({name: value if year is None else {year: value}})
            if fact.type in ("industry", "region") and isinstance(before, str) and len(str(value)) <= len(before):
                # More of the code was asked for and no more came: that is all there is to know.
                refused |= {key}
            else:
                refused -= {key}
        self._steps.append(_Step(key, self.sheet, self._refused))
        self._refused = refused
        self._question = None
        self._state = self._look(sheet)

    def back(self) -> Question | None:
        """Take the last answer back and ask for it again; None when there is none to take back."""
        if not self._steps:
            return None
        step = self._steps.pop()
        self._refused = step.refused
        self._state = self._look(step.sheet)
        self._question = Question(self, step.key, self._state)
        return self._question

    # -- what is known ------------------------------------------------------------------------------------------------

    @property
    def sheet(self) -> FactSheet:
        """What is known of the enterprise so far."""
        return self._state.answers.sheet

    @property
    def answers(self) -> Answers:
        """The answers on what is known so far; they can be read before the first question."""
        return self._state.answers

    @property
    def settled(self) -> bool:
        """Whether no question is left that could change an answer."""
        return not any(relevant.slots for relevant in self._state.relevant.values())

    @property
    def asked(self) -> int:
        """How many questions were answered, "I don't know" included."""
        return len(self._steps)

    @property
    def unknown(self) -> frozenset[Key]:
        """The values that the enterprise does not know, and that are not asked for again."""
        return self._refused

    def open_facts(self, scheme: str | None = None) -> tuple[Key, ...]:
        """The values that can still change a scheme (or any of them), in the order of the vocabulary."""
        if scheme is None:
            return self._keys_of(self._state.slots())
        relevant = self._state.relevant.get(scheme)
        return self._keys_of(relevant.slots.keys()) if relevant is not None else ()

    # -- choosing -----------------------------------------------------------------------------------------------------

    def _key(self, slot: Slot) -> Key:
        fact = self.judge.law.vocabulary[slot.fact]
        return slot.fact, fiscal_year_of(self.on, fact.per, slot.index or 0) if fact.per is not None else None

    def _keys_of(self, positions: Set[int]) -> tuple[Key, ...]:
        return tuple(key for key in self.form if not positions.isdisjoint(self._slots[key]))

    def _look(self, sheet: FactSheet) -> State:
        """What follows from a sheet."""
        answers = self.judge.judge(sheet, self.on, self.procedure, self.schemes)
        run = next((answer.run for answer in answers if answer.run is not None), None)
        if run is None:
            return State(answers, {})
        relevance = Relevance(run, frozenset(p for key in self._refused for p in self._slots.get(key, ())), self._reads)
        return State(answers, {s: relevance.of(version.rule) for s, version in self.program.versions.items()})

    def _choose(self) -> Key:
        """The value that the most of the open schemes are expected to need."""
        run = self._state.run
        assert run is not None
        shared = Counter(position for relevant in self._state.relevant.values() for position in relevant.slots)
        view = self._plan.view(run, {position: 1 / schemes for position, schemes in shared.items()})
        needed = dict.fromkeys(self._keys_of(shared.keys()), 0.0)
        for scheme, relevant in self._state.relevant.items():
            if relevant.slots:
                reached = view.reach(self._plan.root(self.program.versions[scheme].rule))
                for key in needed:
                    needed[key] += max(reached.get(position, 0.0) for position in self._slots[key])
        return min(needed, key=lambda key: (-round(needed[key], 6), self._distance(key)))

    def _distance(self, key: Key) -> int:
        """How far a value is from the last one asked: the same fact in another year, the same group, another."""
        if not self._steps:
            return 0
        last = self._steps[-1].key[0]
        vocabulary = self.judge.law.vocabulary
        return 0 if key[0] == last else 1 if vocabulary[key[0]].group == vocabulary[last].group else 2

    # -- explaining ---------------------------------------------------------------------------------------------------

    def _dependences(self, key: Key, state: State) -> tuple[Dependence, ...]:
        found: list[Dependence] = []
        for scheme, relevant in state.relevant.items():
            uses = [relevant.slots[p] for p in self._slots[key] if p in relevant.slots]
            wanted = {condition for use in uses for condition in use.conditions}
            if wanted:
                seen: dict[str, Outline] = {}
                _collect(self.program.outlines[scheme], wanted, seen)
                found.append(Dependence(scheme, tuple(seen.values())))
        return tuple(found)

    def _trials(self, key: Key, state: State) -> list[Trial]:
        run = state.run
        assert run is not None
        nodes: dict[int, Node] = {}
        for relevant in state.relevant.values():
            for position in self._slots[key]:
                if position in relevant.slots:
                    nodes.update(relevant.slots[position].nodes)
        slots = [run.compiled.linked.slots[p] for p in self._slots[key]]
        return trials(self.judge.law.vocabulary[key[0]], slots, nodes.values(), run.evaluation)

    def _effects(self, key: Key, state: State) -> tuple[Effect, ...]:
        name, year = key
        texts: dict[tuple[object, ...], list[Bilingual]] = {}
        effects: dict[tuple[object, ...], Effect] = {}
        for trial in self._trials(key, state):
            value = trial.value if year is None else {year: trial.value}
            after = self._look(state.answers.sheet.with_values({name: value}))
            outcomes = {answer.scheme.id: outcome_text(answer.outcome, answer.possible) for answer in after.answers}
            settles = tuple(s for s, r in after.relevant.items() if not r.slots and state.relevant[s].slots)
            still_open = self._keys_of(after.slots())
            consequence = (*outcomes.values(), settles, still_open)
            texts.setdefault(consequence, []).append(trial.text)
            effects[consequence] = Effect(tuple(texts[consequence]), outcomes, settles, len(still_open))
        return tuple(effects.values())


def outcome_text(outcome: str | None, possible: tuple[str, ...] | None) -> str:
    """An outcome in a word; classes still possible have ``/`` between them."""
    return outcome if outcome is not None else "/".join(possible or ())


def _collect(outline: Outline, wanted: Set[str], seen: dict[str, Outline]) -> None:
    if outline.id in wanted:
        seen.setdefault(outline.id, outline)
    for child in outline.children:
        _collect(child, wanted, seen)


def _check(fact: Fact, value: object) -> None:
    """Refuse a value that a sheet cannot hold for a fact."""
    if fact.kind is not None:
        good = isinstance(value, int) and not isinstance(value, bool)
    elif fact.type == "yes_no":
        good = isinstance(value, bool)
    elif fact.type == "date":
        good = isinstance(value, dt.date)
    elif fact.type == "set_of":
        good = isinstance(value, frozenset) and value <= {m.id for m in fact.members}
    elif fact.type == "one_of":
        good = value in {m.id for m in fact.members}
    else:
        good = isinstance(value, str)
    if not good:
        raise TypeError(f"{value!r} is not a value of `{fact.id}`, which is of type {fact.type}")
