"""The judge: one enterprise, one day, every scheme asked for."""

from __future__ import annotations

import bisect
import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace

from yiqi.facts.series import looked_up
from yiqi.facts.sheet import FactSheet
from yiqi.judge.answer import Answer, Answers
from yiqi.judge.compile import Compiled, Outcome, compile_rules
from yiqi.judge.frame import PROCEDURES, FrameBuilder
from yiqi.judge.link import change_days, link
from yiqi.judge.reasons import Outline, Outliner, Run
from yiqi.law.tree import Law, Slot, VersionRow
from yiqi.law.vocabulary import Entity


@dataclass(frozen=True)
class Program:
    """The compiled rules of a set of schemes for acts of one day and procedure."""

    compiled: Compiled
    builder: FrameBuilder
    versions: dict[str, VersionRow]
    outlines: dict[str, Outline]
    calls: tuple[tuple[str, Outcome], ...]
    """Each scheme with the function that gives its bare outcome."""
    on: dt.date

    def frame(self, sheet: FactSheet, procedure: str) -> list[object]:
        return self.builder.build(sheet, procedure)


class Judge:
    """Answers questions about enterprises under one law.

    What does not depend on the enterprise is prepared once per day, procedure and set of schemes and kept.
    """

    KEPT = 64

    def __init__(self, law: Law) -> None:
        self.law = law
        self._change_days = change_days(law)
        self._compiled: dict[tuple[int | None, tuple[str, ...]], Compiled] = {}
        self._programs: dict[tuple[dt.date, str, tuple[str, ...]], Program] = {}
        self._dayless: dict[tuple[int, str, tuple[str, ...]], Program] = {}
        """Programs that read neither the day nor a fact per year, by the span of days in which the same rules count."""

    def schemes(self, names: Iterable[str] | None = None, entity: Entity = "enterprise") -> tuple[str, ...]:
        """Scheme ids of one kind of entity by id or by subject (``ladder``); all for None.

        Raises ``KeyError`` for a name that there is not, or not of that kind.
        """
        of_entity = [s for s, scheme in self.law.schemes.items() if scheme.entity == entity]
        if names is None:
            return tuple(sorted(of_entity, key=_rank))
        chosen: dict[str, None] = {}
        for name in names:
            found = [s for s in of_entity if s == name or s.startswith(f"{name}.")]
            if not found:
                raise KeyError(name)
            chosen.update(dict.fromkeys(found))
        return tuple(chosen)

    def program(self, on: dt.date, procedure: str = "new", schemes: tuple[str, ...] | None = None) -> Program:
        """The program for a day. Raises ``ValueError`` for an unknown procedure."""
        if procedure not in PROCEDURES:
            raise ValueError(f"{procedure!r} is not a procedure; it is new or re_review")
        chosen = schemes if schemes is not None else self.schemes()
        key = (on, procedure, chosen)
        if (program := self._programs.get(key)) is not None:
            return program
        span = bisect.bisect_right(self._change_days, on)
        like = self._dayless.get((span, procedure, chosen))
        if like is not None:
            # Nothing in these rules looks at the day: only the answer names another one.
            same = replace(like.compiled, linked=replace(like.compiled.linked, on=on))
            return self._keep(key, replace(like, compiled=same, on=on))
        versions = {s: v for s in chosen if (v := self.law.version(s, procedure, on)) is not None}
        roots = tuple(dict.fromkeys(v.rule for v in versions.values()))
        compiled = self._compiled.get((span, roots)) or self._compiled.get((None, roots))
        if compiled is None:
            compiled = compile_rules(link(self.law, roots, on, gives=True))
            # What no local or yearly file ever replaces is linked alike on every day.
            replaced = self.law.replacements.keys() & {u.rule.id for u in compiled.linked.units.values()}
            self._compiled[(span if replaced else None, roots)] = compiled
        # The same rules on another day of the span: only the years differ.
        compiled = replace(compiled, linked=replace(compiled.linked, on=on))
        outliner = Outliner(compiled, on)
        program = Program(
            compiled,
            FrameBuilder(compiled.linked.slots, self.law.vocabulary, on, compiled.spare),
            versions,
            {s: outliner.unit(v.rule) for s, v in versions.items()},
            tuple((s, compiled.outcome[v.rule]) for s, v in versions.items()),
            on,
        )
        if _is_dayless(compiled.linked.slots, self.law):
            self._dayless[(span, procedure, chosen)] = program
        return self._keep(key, program)

    def _keep(self, key: tuple[dt.date, str, tuple[str, ...]], program: Program) -> Program:
        if len(self._programs) >= self.KEPT:
            self._programs.pop(next(iter(self._programs)))
        self._programs[key] = program
        return program

    def outcomes(
        self, sheet: FactSheet, on: dt.date, procedure: str = "new", schemes: tuple[str, ...] | None = None
    ) -> dict[str, object]:
        """The bare outcome of each scheme: 2 yes, 1 unknown, 0 no; possible classes as bits; schemes without a rule on
        the day are left out. The fast way: no reasons are kept."""
        program = self.program(on, procedure, schemes)
        frame = program.frame(looked_up(sheet, self.law.vocabulary), procedure)
        return {scheme: outcome(frame) for scheme, outcome in program.calls}

    def judge(
        self, sheet: FactSheet, on: dt.date, procedure: str = "new", schemes: tuple[str, ...] | None = None
    ) -> Answers:
        """The answers with all reasons."""
        program = self.program(on, procedure, schemes)
        chosen = schemes if schemes is not None else self.schemes()
        sheet = looked_up(sheet, self.law.vocabulary)
        frame = program.frame(sheet, procedure)
        run = Run(program.compiled, frame, [None] * program.compiled.size, sheet, on)
        answers = []
        for scheme in chosen:
            version = program.versions.get(scheme)
            if version is None:
                answers.append(Answer(self.law.schemes[scheme], procedure, on, None, None, None, None))
                continue
            for key in (version.rule, *self.law.rule(version.rule).gives):
                program.compiled.trace[key](frame, run.results)
            instrument = self.law.instruments[version.rule.partition("#")[0]]
            answers.append(
                Answer(self.law.schemes[scheme], procedure, on, version, instrument, program.outlines[scheme], run)
            )
        return Answers(sheet, on, tuple(answers))


def _is_dayless(slots: Iterable[Slot], law: Law) -> bool:
    """Whether what is asked is the same on every day: no fact per year, and not the day itself."""
    for slot in slots:
        fact = law.vocabulary.get(slot.fact)
        if (fact is None and slot.fact != "procedure") or (fact is not None and fact.per is not None):
            return False
    return True


def _rank(scheme: str) -> tuple[bool, bool]:
    """First what an enterprise is, then its rungs, then everything else, each in the order of the law."""
    return not scheme.startswith("size."), not scheme.startswith("ladder.")
