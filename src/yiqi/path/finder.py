"""The search: reduce the law to what can move, solve, put right to the smallest unit, judge, and go on to the next way."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction

from yiqi.facts.plausibility import plausibility_problems
from yiqi.facts.series import looked_up
from yiqi.facts.sheet import FactSheet, Value
from yiqi.judge.evaluate import Evaluation
from yiqi.judge.figures import slot_text
from yiqi.judge.frame import PROCEDURES, FrameBuilder, move
from yiqi.judge.judge import Judge
from yiqi.judge.link import Linked
from yiqi.law.bilingual import Bilingual
from yiqi.law.diagnostics import Diagnostic
from yiqi.law.tree import Compare, Contains, Law, Slot
from yiqi.law.vocabulary import Fact
from yiqi.path.answer import Block, Finding, Path, Step, Why
from yiqi.path.charging import charges
from yiqi.path.columns import FEN
from yiqi.path.encoding import Encoding
from yiqi.path.exact import exact_values
from yiqi.path.formula import Formula, Stuck, Wanted, leaf_slots
from yiqi.path.levers import Key, Lever, find_levers
from yiqi.path.lines import Places, asked_by, heading_of, line_of
from yiqi.path.milp import SolverError
from yiqi.path.prices import Prices
from yiqi.path.reduction import Reduction
from yiqi.path.target import Target, find_target

ALTERNATIVES = 2
ATTEMPTS = 40
"""Solutions looked at for one path before the search says that it found none."""


class PathFinder:
    """Finds paths under one law; what does not depend on the enterprise is kept."""

    def __init__(self, judge: Judge) -> None:
        self.judge = judge
        self.law: Law = judge.law
        self._targets: dict[tuple[str, dt.date, str], tuple[Target, Places]] = {}

    def target(self, text: str, on: dt.date, procedure: str = "new") -> tuple[Target, Places]:
        """What a text names on a day, with the lines of its rules. Raises as :func:`yiqi.path.target.find_target`."""
        key = (text, on, procedure)
        if key not in self._targets:
            if len(self._targets) >= 64:
                self._targets.pop(next(iter(self._targets)))
            target = find_target(self.law, text, on, procedure)
            self._targets[key] = target, Places(target.linked)
        return self._targets[key]

    def find(
        self,
        sheet: FactSheet,
        to: str,
        on: dt.date,
        procedure: str = "new",
        prices: Prices | None = None,
        *,
        fewest: bool = False,
        alternatives: int = ALTERNATIVES,
    ) -> Finding:
        """The cheapest path to a target and the next ones, each judged; or what blocks.

        Raises :class:`yiqi.path.target.TargetError`, :class:`yiqi.path.target.NoRuleError`, ``ValueError`` for an unknown
        procedure and :class:`yiqi.path.milp.SolverError` when HiGHS gives up.
        """
        if procedure not in PROCEDURES:
            raise ValueError(f"{procedure!r} is not a procedure; it is new or re_review")
        target, places = self.target(to, on, procedure)
        search = Search(self.judge, target, places, sheet, on, procedure, prices or Prices(), fewest)
        return search.run(alternatives)


class Search:
    """One enterprise on its way to one target."""

    def __init__(
        self, judge: Judge, target: Target, places: Places, sheet: FactSheet, on: dt.date, procedure: str, prices: Prices,
        fewest: bool,
    ) -> None:  # fmt: skip
        self.judge = judge
        self.law = judge.law
        self.target = target
        self.places = places
        self.asked: frozenset[str] = frozenset()
        self.numbers: set[Key] = set()
        self.sheet = sheet
        self.on = on
        self.procedure = procedure
        self.prices = prices
        self.fewest = fewest
        self.linked: Linked = target.linked
        self.builder = FrameBuilder(self.linked.slots, self.law.vocabulary, on)
        self.evaluation = self._evaluation(sheet)
        self.levers = find_levers(self.linked, self.evaluation, prices, sheet)
        self.of_slot: dict[Slot, Lever] = {s: lever for lever in self.levers.values() for s in lever.slots}
        self.known_problems = self._problems(sheet)

    def _evaluation(self, sheet: FactSheet) -> Evaluation:
        return Evaluation(self.linked, self.builder.build(looked_up(sheet, self.law.vocabulary), self.procedure))

    def _outcome(self, sheet: FactSheet) -> object:
        scheme = self.target.scheme.id
        return self.judge.outcomes(sheet, self.on, self.procedure, (scheme,))[scheme]

    def run(self, alternatives: int) -> Finding:
        reached = self.target.reached(self._outcome(self.sheet))
        paths: list[Path] = []
        blocks: tuple[Block, ...] = ()
        if not reached:
            formula = self._formula(reasons=False)
            self.asked = asked_by(formula)
            if formula is not False:
                paths = self._paths(formula, alternatives)
            if not paths:
                blocks = self._blocks()
        return Finding(
            self.target, self.on, self.procedure, self.sheet, reached, tuple(paths), blocks,
            "number" if self.fewest else "cost",
        )  # fmt: skip

    def _formula(self, *, reasons: bool) -> Formula:
        reduction = Reduction(self.evaluation, self.of_slot.__contains__, reasons=reasons)
        return reduction.target(self.target.root, self.target.bits)

    # -- paths --------------------------------------------------------------------------------------------------------

    def _paths(self, formula: Formula, alternatives: int) -> list[Path]:
        encoding = Encoding(self.evaluation, self.levers, formula, self.sheet, fewest=self.fewest)
        self.numbers = encoding.columns.numbers
        generous: Encoding | None = None
        if encoding.comparisons.passed_over:
            generous = Encoding(self.evaluation, self.levers, formula, self.sheet, fewest=self.fewest, generous=True)
        found: list[Path] = []
        while len(found) <= alternatives:
            path = self._next(encoding)
            if path is None:
                break
            found.append(path if generous is None else self._settled(path, generous))
            keys = [s.key for s in path.steps]
            if not keys:
                break
            for program in (encoding, generous):
                if program is not None:
                    program.forbid(keys)
        # Ways whose costs lie less than a fen apart the solver takes in any order: put right in whole numbers, the next one may
        # be the cheaper. A next one that is cheaper by more refutes what the solver said of the first.
        first = found[:1]
        found.sort(key=self._order)
        for path in first:
            proven = path.proven and path.cost - found[0].cost <= self._told_apart(encoding)
            found[0] = replace(found[0], proven=proven)
        return found

    def _settled(self, path: Path, generous: Encoding) -> Path:
        """A path beside comparisons that are passed over: proven only if nothing is cheaper were they met for nothing."""
        bound = generous.solve()
        if bound is not None:
            fewer = generous.changed is not None and bound.values[generous.changed] < len(path.changes) - 0.5
            if not fewer and path.cost - Fraction(bound.bound) * int(FEN) <= self._told_apart(generous):
                return path
        unsettled = tuple(dict.fromkeys(lever.fact for lever in generous.comparisons.multiplied()))
        return replace(path, proven=False, unsettled=unsettled)

    @staticmethod
    def _told_apart(encoding: Encoding) -> int:
        """Fen within which two costs are one to the solver: one for each number, two for its tolerance of the sum."""
        return len(encoding.columns.number) + 2

    def _order(self, path: Path) -> tuple[int, Fraction]:
        return (len(path.changes) if self.fewest else 0, path.cost)

    def _next(self, encoding: Encoding) -> Path | None:
        """The cheapest way that is left and stands up before the judge."""
        # Nothing costs less than the bound of the last program, or than what was put aside without knowing it impossible.
        aside = math.inf
        for _ in range(ATTEMPTS):
            solution = encoding.solve()
            if solution is None:
                return None
            try:
                pinned = encoding.columns.milp.pinned(solution) if encoding.columns.number else solution
            except SolverError:
                # Not even these columns could be settled: they are put aside, and nothing is called proven for them.
                aside = min(aside, solution.bound)
                encoding.exclude(solution, impossible=False)
                continue
            if pinned is not None:
                values = exact_values(encoding, pinned)
                bound = min(aside, solution.bound)
                path = self._path(encoding, values, bound) if values is not None else None
                if path is not None:
                    return path
                aside = bound
                if values is not None:
                    encoding.exclude(solution, impossible=False)
                    continue
            encoding.exclude(solution, impossible=True)
        return None

    def _path(self, encoding: Encoding, values: Mapping[Key, int | None], bound: float) -> Path | None:
        moved = {k: v for k, v in values.items() if v is not None and v != self.levers[k].value}
        changed = self._changed(self.sheet, moved)
        if not self.target.reached(self._outcome(changed)):
            return None
        if self._contradicts(changed):
            return None
        moved, changed = self._trimmed(encoding, moved, changed)
        own = self._changed(self.sheet, {k: v for k, v in moved.items() if self.levers[k].kind == "change"})
        costs = charges(moved, self.levers, encoding.parts)
        cost = sum(costs.values(), Fraction(0))
        within = max(Fraction(0), cost - Fraction(bound) * int(FEN))
        return Path(
            self._steps(moved, costs, changed), changed, within <= self._told_apart(encoding), within,
            tuple(d for d in self._new_problems(own) if d.severity == "warning"),
        )  # fmt: skip

    def _trimmed(
        self, encoding: Encoding, moved: dict[Key, int], changed: FactSheet
    ) -> tuple[dict[Key, int], FactSheet]:
        """Without the steps that nothing needs, the dearest first.

        What costs nothing the solver may have moved for nothing, and what costs less than it tells apart from nothing (a
        number of money moved by one fen) for as good as nothing. A step that another one goes along with is needed, also
        where the sheet would only be implausible without it.
        """

        def cost(moved: Mapping[Key, int]) -> Fraction:
            return sum(charges(moved, self.levers, encoding.parts).values(), Fraction(0))

        total = cost(moved)
        problems = self._problems(changed)
        for key in sorted(moved, key=lambda k: -self.levers[k].cost(moved[k])):
            fewer = {k: v for k, v in moved.items() if k != key}
            # Dearer without it: what moves along with its part is paid with the part.
            if (less := cost(fewer)) > total:
                continue
            sheet = self._changed(self.sheet, fewer)
            if self.target.reached(self._outcome(sheet)) and self._problems(sheet) <= problems:
                moved, changed, total = fewer, sheet, less
        return moved, changed

    def _problems(self, sheet: FactSheet) -> set[tuple[str, str]]:
        """What is impossible or implausible in a sheet."""
        return {(d.code, d.message.en) for d in plausibility_problems(sheet, self.law.vocabulary, self.on)}

    def _new_problems(self, sheet: FactSheet) -> list[Diagnostic]:
        """What is impossible or implausible in a changed sheet and was not before."""
        problems = plausibility_problems(sheet, self.law.vocabulary, self.on)
        return [d for d in problems if (d.code, d.message.en) not in self.known_problems]

    def _contradicts(self, sheet: FactSheet) -> bool:
        return any(d.severity == "error" for d in self._new_problems(sheet))

    def _changed(self, sheet: FactSheet, moved: Mapping[Key, int]) -> FactSheet:
        changes: dict[str, object] = {}
        for (fact_id, year), value in moved.items():
            entered = _entered(self.law.vocabulary[fact_id], value)
            if year is None:
                changes[fact_id] = entered
            else:
                changes.setdefault(fact_id, {})[year] = entered  # type: ignore[index]
        return sheet.with_values(changes)  # type: ignore[arg-type]

    # -- steps --------------------------------------------------------------------------------------------------------

    def _steps(self, moved: Mapping[Key, int], costs: Mapping[Key, Fraction], changed: FactSheet) -> tuple[Step, ...]:
        after = self._evaluation(changed)
        places = self.places
        steps = []
        for key, value in moved.items():
            lever = self.levers[key]
            others = {k: v for k, v in moved.items() if k != key}
            without = self._evaluation(self._changed(self.sheet, others))
            serves = places.served(lever.slots, self.asked, after, without)
            along = None if serves else self._along(key, others)
            steps.append(
                Step(
                    key, lever.fact, lever.kind, lever.value, value, self._text(lever, lever.value),
                    self._text(lever, value) or Bilingual("", ""), costs[key], self._from_day(lever, value),
                    serves, along, self._effort(lever), lever.kind == "assume" and key in self.numbers,
                )
            )  # fmt: skip
        # In the order in which the rules ask, so that the steps for one article stand together.
        asked = {slot: n for n, slot in enumerate(places.by_slot)}
        first = {
            key: min((asked.get(slot, len(asked)) for slot in self.levers[key].slots), default=len(asked))
            for key in moved
        }
        return tuple(sorted(steps, key=lambda s: first[s.key]))

    def _text(self, lever: Lever, value: int | None) -> Bilingual | None:
        """A value of a fact as a page shows it."""
        slot = Slot(lever.fact.id)
        linked = replace(self.linked, slots=(slot,), slot_index={slot: 0})
        return None if value is None else slot_text(Evaluation(linked, [value]), slot)

    def _effort(self, lever: Lever) -> Bilingual | None:
        price = self.prices.of(lever.fact) if lever.kind == "change" else None
        return price.change.effort if price is not None else None

    def _from_day(self, lever: Lever, value: int) -> dt.date:
        """The first day for which a value can count: at once, after the years a change takes, or with the year's end."""
        if lever.kind == "assume" or lever.value is None:
            return self.on
        if lever.kind == "wait":
            # Years are counted to the end of the last complete year.
            return dt.date(self.on.year + value - lever.value, 1, 1)
        if not lever.years:
            return self.on
        if lever.fact.per == "fiscal_year":
            return dt.date(self.on.year + lever.years, 1, 1)
        return move(self.on, lever.years, "years")

    def _along(self, key: Key, others: Mapping[Key, int]) -> Bilingual | None:
        """The label of the fact that a step goes along with: without the step that other one would contradict the sheet."""
        said = {d.message.en for d in self._new_problems(self._changed(self.sheet, others)) if d.code == "relation"}
        for relation in self.law.vocabulary.relations:
            ends = (relation.fact, relation.at_most or relation.implies)
            if key[0] not in ends or not any(text.startswith(relation.say.en.removesuffix(".")) for text in said):
                continue
            other = ends[0] if key[0] == ends[1] else ends[1]
            if other is not None and any(k[0] == other for k in others):
                return self.law.vocabulary[other].label
        return None

    # -- what blocks --------------------------------------------------------------------------------------------------

    def _blocks(self) -> tuple[Block, ...]:
        formula = self._formula(reasons=True)
        encoding = Encoding(self.evaluation, self.levers, formula, self.sheet, reasons=True)
        solution = encoding.solve()
        for _ in range(ATTEMPTS):
            if solution is None or not encoding.columns.number or encoding.columns.milp.pinned(solution) is not None:
                break
            encoding.exclude(solution, impossible=True)
            solution = encoding.solve()
        if solution is None:
            return ()
        found: dict[str, Block] = {}
        for wanted, column in encoding.escapes.values():
            if solution.values[column] > 0.5:
                block = self._block(wanted)
                found.setdefault(block.line.id + str(block.fact and block.fact.id), block)
        return tuple(found.values())

    def _block(self, wanted: Wanted | Stuck) -> Block:
        line = heading_of(wanted.unit)
        if wanted.within is not None:
            line = line_of(wanted.unit, wanted.within, self.linked)
            if self.evaluation.truth(wanted.within, wanted.unit) == 2:
                # It holds, and is what must not be.
                line = replace(line, text=Bilingual(f"Not: {line.text.en}", f"不得：{line.text.zh}"))
        if wanted.leaf is None:
            confidence = wanted.within.confidence if wanted.within is not None else wanted.unit.rule.confidence
            return Block(line, "unconfirmed" if confidence == "C" else "unattainable", None, None)
        if isinstance(wanted, Wanted):
            levers = {self.of_slot[s].key: self.of_slot[s] for s in leaf_slots(wanted.leaf) if s in self.of_slot}
            lever = next(iter(levers.values()))
            return Block(line, "limit" if len(levers) == 1 else "together", lever.fact, self._text(lever, lever.value))
        vocabulary = self.law.vocabulary
        slots = [s for s in leaf_slots(wanted.leaf) if s.fact in vocabulary]
        later = self._later(wanted)
        if later is not None:
            fact = vocabulary[slots[0].fact] if slots else None
            return Block(line, "later", fact, day_text(later), from_day=later)
        missing = [s for s in slots if self._missing(s)]
        if not slots:
            return Block(line, "fixed", None, None)
        slot = (missing or slots)[0]
        fact = vocabulary[slot.fact]
        why: Why = "fixed"
        if missing:
            why = "missing"
        elif self.evaluation.truth(wanted.leaf, wanted.unit) == 1:
            why = "undefined"
        elif any(vocabulary[s.fact].judged for s in slots):
            why = "judged"
        else:
            kept = next((s for s in slots if s.fact in self.prices.kept and vocabulary[s.fact].change), None)
            if kept is not None:
                fact, slot, why = vocabulary[kept.fact], kept, "kept"
        member = wanted.leaf.member if isinstance(wanted.leaf, Contains) else None
        return Block(line, why, fact, slot_text(self.evaluation, slot), member)

    def _later(self, stuck: Stuck) -> dt.date | None:
        """The first day of the act on which a condition comes out as wanted, everything else as it is."""
        leaf, today = stuck.leaf, Slot("on")
        if not isinstance(leaf, Compare) or leaf.guards or (today,) not in dict(leaf.polynomial):
            return None
        value, step = self.evaluation.polynomial(leaf.polynomial), dict(leaf.polynomial)[(today,)]
        if value is None or leaf.operator == "=" or any(today in m and m != (today,) for m, _ in leaf.polynomial):
            return None
        # value + step · days has to be at least 0, or 1 where it is strict; for a no at most one less.
        strict = 1 if leaf.operator == ">" else 0
        short, step = (strict - value, step) if stuck.holds else (value - strict + 1, -step)
        return self.on + dt.timedelta(-(-short // step)) if step > 0 else None

    def _missing(self, slot: Slot) -> bool:
        value = self.evaluation.value(slot)
        return value is None or (value == 1 and self.law.vocabulary[slot.fact].type == "yes_no")


def day_text(day: dt.date) -> Bilingual:
    return Bilingual(day.isoformat(), f"{day.year}年{day.month}月{day.day}日")


def _entered(fact: Fact, value: int) -> Value:
    """A frame value as a sheet has it."""
    if fact.type == "yes_no":
        return value == 2
    if fact.type == "one_of":
        return fact.members[value].id
    if fact.type == "set_of":
        return frozenset(m.id for i, m in enumerate(fact.members) if value >> i & 1)
    if fact.type == "date":
        return dt.date.fromordinal(value)
    return value
