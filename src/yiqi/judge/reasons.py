"""Reasons: every condition of an answer with its result, figures, citation and tag, nested as the law nests.

What does not depend on the enterprise (text, citation, threshold, place in the tree) is an :class:`Outline`, made once
per program. A judgement makes one light :class:`Reason` per condition over it; figures are computed when they are read.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from yiqi.facts.sheet import FactSheet
from yiqi.judge import figures
from yiqi.judge.compile import Compiled
from yiqi.judge.evaluate import Evaluation
from yiqi.judge.frame import Frame, is_flag, slot_name
from yiqi.judge.gap import Gap, gap
from yiqi.judge.link import Unit
from yiqi.law.bilingual import Bilingual
from yiqi.law.quantities import POINTS_SCALE
from yiqi.law.syntax import Comparison, Expression, Unless, Years
from yiqi.law.tree import (
    All,
    Among,
    AtLeast,
    Best,
    Body,
    ClassReadings,
    ClassTest,
    Coded,
    Compare,
    Condition,
    Contains,
    Excused,
    Flag,
    Invert,
    PointsTest,
    Readings,
    Rule,
    RuleTest,
    ScoreFact,
    ScoreNode,
    ScoreReadings,
    ScoreRule,
    Slot,
    Table,
    Total,
    TruthNode,
    slots_of,
)
from yiqi.law.tree import Any as AnyOf
from yiqi.law.wording import required_text, write_page

Leaf = Compare | Flag | Among | Contains | Coded | ScoreFact


NOWHERE = -1


@dataclass(frozen=True, slots=True)
class Outline:
    """What is always the same about one condition, heading or table."""

    id: str
    kind: str
    """``rule`` (a heading), ``condition`` (a line), ``group``, ``table`` or ``points`` (a fact that is points)."""
    text: Bilingual
    title: Bilingual | None
    cite: Bilingual
    confidence: str
    required: Bilingual | None
    combine: str
    """``all``, ``any``, ``at_least 2``, ``none``, ``readings``, ``sum``, ``best``, ``each`` or empty."""
    value: str
    """``truth``, ``points`` or ``class``."""
    position: int
    """Where the result stands in a trace; ``NOWHERE`` for points that are a fact."""
    leaves: tuple[Leaf, ...]
    table: Table | None
    unit: Unit
    maximum: int | None
    threshold: int | None
    """The points a condition asks of a score."""
    note: str | None
    children: tuple[Outline, ...]
    node: Condition | None = None
    """The line or group itself; None for a heading, a table row and points that are a fact."""

    slots: tuple[Slot, ...] = field(init=False)
    """The values the condition reads itself, each once, in the order written."""

    def __post_init__(self) -> None:
        bodies: tuple[Body, ...] = (*self.leaves, *(() if self.table is None else (self.table,)))
        slots = dict.fromkeys(slot for body in bodies for slot in slots_of(body))
        object.__setattr__(self, "slots", tuple(slots))


@dataclass(frozen=True)
class Run:
    """One judgement: a program's results for one enterprise on one day."""

    compiled: Compiled
    frame: Frame
    results: list[Any]
    sheet: FactSheet
    on: dt.date

    @cached_property
    def evaluation(self) -> Evaluation:
        """The reference evaluation on the same frame, knowing already what the trace found of every rule."""
        known = {
            key: result
            for key in self.compiled.linked.units
            if (position := self.compiled.position.get(key)) is not None
            and (result := self.results[position]) is not None
        }
        return Evaluation(self.compiled.linked, self.frame, known)


class Reason:
    """One condition of one answer.

    ``outcome`` is 2 (yes), 1 (unknown) or 0 (no); for a score it is None and ``points`` is the range in 1/10000 point;
    for a class it is None and ``possible`` holds the names still possible.
    """

    __slots__ = ("children", "outline", "run", "value")

    def __init__(self, outline: Outline, run: Run, value: Any, children: tuple[Reason, ...]) -> None:
        self.outline = outline
        self.run = run
        self.value = value
        self.children = children

    @property
    def outcome(self) -> int | None:
        return self.value if self.outline.value == "truth" else None

    @property
    def points(self) -> tuple[int, int] | None:
        return self.value if self.outline.value == "points" else None

    @property
    def possible(self) -> tuple[str, ...] | None:
        if self.outline.value != "class":
            return None
        return tuple(n for i, n in enumerate(self.run.compiled.linked.classes) if self.value & (1 << i))

    @property
    def decides(self) -> bool:
        """Whether the condition counts: one on an unconfirmed source is shown but decides nothing."""
        return self.outline.confidence != "C"

    @property
    def excused(self) -> bool:
        """Whether the exception behind ``unless`` holds, so that the condition itself is not examined."""
        node = self.outline.node
        if node is None or not isinstance(node.child, Excused):
            return False
        return self.run.evaluation.truth(node.child.exception, self.outline.unit) == 2

    @property
    def gaps(self) -> tuple[Gap, ...]:
        """By how much the comparisons of the line were missed; empty when it holds, is open, or cannot be measured so."""
        if self.outline.kind != "condition" or self.value != 0:
            return ()
        found = (gap(self.run.evaluation, leaf) for leaf in self.outline.leaves if isinstance(leaf, Compare))
        return tuple(g for g in found if g is not None)

    def slots(self) -> Iterator[Slot]:
        """The values the condition reads itself, each once."""
        return iter(self.outline.slots)

    @property
    def undefined(self) -> bool:
        """Whether a ratio or growth has no value although nothing is missing: its base is zero or less."""
        e = self.run.evaluation
        leaves: list[Body] = [*self.outline.leaves]
        if self.outline.table is not None:
            leaves += [row.child for row in self.outline.table.rows]
        return any(isinstance(leaf, Compare) and e.undefined(leaf) for leaf in leaves)

    @property
    def missing(self) -> tuple[str, ...]:
        """Names of the values the condition itself lacks."""
        linked = self.run.compiled.linked
        names: dict[str, None] = {}
        for slot in self.slots():
            value = self.run.evaluation.value(slot)
            if value is None or (value == 1 and is_flag(slot, linked.law.vocabulary)):
                names.setdefault(slot_name(slot, linked.law.vocabulary, self.run.on))
        return tuple(names)

    @property
    def actual(self) -> Bilingual | None:
        """The figure compared, as a page shows it; None when nothing is known of it."""
        texts: list[Bilingual] = []
        leaves = self.outline.leaves
        for leaf in leaves:
            if len(leaves) > 1 and (isinstance(leaf, Flag) or leaf_slot(leaf) == Slot("procedure")):
                continue  # a bare yes or no beside figures says nothing without its name
            text = self._leaf_text(leaf)
            if text is not None and text not in texts:
                texts.append(text)
        if self.outline.table is not None and (text := self._table_text(self.outline.table)) is not None:
            texts.append(text)
        if not texts:
            return None
        return Bilingual("; ".join(t.en for t in texts), "；".join(t.zh for t in texts))

    def _leaf_text(self, leaf: Leaf) -> Bilingual | None:
        e = self.run.evaluation
        if isinstance(leaf, Compare):
            if leaf.measure.kind == "rank":
                return figures.slot_text(e, leaf.measure.numerator[0][0][0])
            return figures.measure_text(e, leaf.measure, leaf.bound)
        return figures.slot_text(e, leaf.slot)

    def _table_text(self, table: Table) -> Bilingual | None:
        """The figures a table looks at, column by column."""
        texts: list[Bilingual] = []
        for row in table.rows:
            for leaf in leaves_of(row.child):
                text = self._leaf_text(leaf)
                if text is not None and text not in texts and not isinstance(leaf, Flag):
                    texts.append(text)
        if not texts or len(texts) > 3:
            return None
        return Bilingual("; ".join(t.en for t in texts), "；".join(t.zh for t in texts))

    @property
    def facts(self) -> dict[str, Any]:
        """The values read, by fact and year; None where missing."""
        linked = self.run.compiled.linked
        found: dict[str, Any] = {}
        for slot in self.slots():
            if slot.fact in ("on", "procedure"):
                continue
            if slot.shift_unit:
                day = self.run.sheet.get(slot.fact)
                value: Any = day.isoformat() if isinstance(day, dt.date) else None
            else:
                value = figures.fact_value(self.run.evaluation, slot)
            year = figures.year_of(slot, linked.law.vocabulary, self.run.on)
            if year is None:
                found[slot.fact] = value
            else:
                found.setdefault(slot.fact, {})[str(year)] = value
        return found

    def _gap_dict(self, found: Gap) -> dict[str, Any]:
        vocabulary = self.run.compiled.linked.law.vocabulary
        result: dict[str, Any] = {"fact": found.slot.fact}
        year = figures.year_of(found.slot, vocabulary, self.run.on)
        if year is not None:
            result["year"] = str(year)
        result["change"] = figures.amount_value(vocabulary[found.slot.fact], found.change)
        return result

    def walk(self) -> Iterator[Reason]:
        yield self
        for child in self.children:
            yield from child.walk()

    def as_dict(self) -> dict[str, Any]:
        """The reason in the shape of ``docs/reference/answers.md``."""
        o = self.outline
        result: dict[str, Any] = {"id": o.id, "cite": o.cite.as_dict(), "text": o.text.as_dict()}
        if o.value == "truth":
            result["outcome"] = OUTCOMES[self.value]
            if o.confidence == "C" and o.kind == "condition":
                result["decides"] = False
        elif o.value == "points":
            low, high = self.value
            result["score"] = {"low": points_json(low), "high": points_json(high)}
            if o.maximum is not None:
                result["score"]["maximum"] = points_json(o.maximum)
        else:
            result["possible"] = list(self.possible or ())
        if o.leaves or o.table is not None:
            shown = self.actual
            result["actual"] = {"value": shown.as_dict() if shown is not None else None, "facts": self.facts}
            missing = self.missing
            if missing:
                result["missing"] = list(missing)
            if self.undefined:
                result["undefined"] = True
            if gaps := self.gaps:
                result["gap"] = [self._gap_dict(g) for g in gaps]
        if self.excused:
            result["excused"] = True
        if o.required is not None:
            result["required"] = o.required.as_dict()
        if o.combine:
            result["combine"] = o.combine
        result["confidence"] = o.confidence
        if o.note:
            result["note"] = o.note
        if self.children:
            result["conditions"] = [c.as_dict() for c in self.children]
        return result


OUTCOMES = {2: "yes", 1: "unknown", 0: "no", 3: "not_applicable"}


def points_json(value: int) -> int | str:
    """Points in a JSON answer: a whole number, or a decimal string."""
    from fractions import Fraction

    from yiqi.law.quantities import decimal_text

    return value // POINTS_SCALE if value % POINTS_SCALE == 0 else decimal_text(Fraction(value, POINTS_SCALE))


def leaves_of(node: TruthNode) -> Iterator[Leaf]:
    """The comparisons and facts inside one line."""
    match node:
        case Compare() | Flag() | Among() | Contains() | Coded():
            yield node
        case Invert(child):
            yield from leaves_of(child)
        case All(children) | AnyOf(children) | AtLeast(_, children) | Readings(_, children):
            for child in children:
                if not isinstance(child, Condition):
                    yield from leaves_of(child)
        case Excused(child, exception):
            yield from leaves_of(child)
            # The procedure is context, not a figure of the enterprise.
            yield from (leaf for leaf in leaves_of(exception) if leaf_slot(leaf) != Slot("procedure"))
        case _:
            return


def leaf_slot(leaf: Leaf) -> Slot | None:
    return None if isinstance(leaf, Compare) else leaf.slot


def references_of(node: TruthNode) -> Iterator[RuleTest | ClassTest | PointsTest]:
    """The other rules and scores that one line names."""
    match node:
        case RuleTest() | ClassTest() | PointsTest():
            yield node
        case Invert(child):
            yield from references_of(child)
        case All(children) | AnyOf(children) | AtLeast(_, children) | Readings(_, children):
            for child in children:
                if not isinstance(child, Condition):
                    yield from references_of(child)
        case Excused(child, exception):
            yield from references_of(child)
            yield from references_of(exception)
        case _:
            return


def rules_of_rows(table: Table) -> Iterator[RuleTest | ClassTest | str]:
    """The rules that decide the rows of a table of classes, and those that give the class, in the order written."""
    for row in table.rows:
        for reference in references_of(row.child):
            if not isinstance(reference, PointsTest):
                yield reference
        if row.rule is not None:
            yield row.rule


class Outliner:
    """Makes outlines for the units of a compiled program; ``on`` gives the years that texts name."""

    def __init__(self, compiled: Compiled, on: dt.date) -> None:
        self.compiled = compiled
        self.linked = compiled.linked
        self.on = on
        self._units: dict[str, Outline] = {}

    def title_of_rule(self, rule_id: str) -> Bilingual | None:
        key = rule_id if rule_id in self.linked.units else None
        return self.linked.units[key].rule.title if key is not None else None

    def _page(self, expression: Expression, unit: Unit) -> Bilingual:
        vocabulary = self.linked.law.vocabulary

        def title(name: str) -> Bilingual | None:
            return self._title(name, unit)

        return Bilingual(
            write_page(expression, "en", vocabulary, title), write_page(expression, "zh", vocabulary, title)
        )

    def _title(self, name: str, unit: Unit) -> Bilingual | None:
        """The heading of a rule as named in a line of ``unit``: by full id, or by its path seen from there."""
        rules = self.linked.law.instruments[unit.rule.instrument].rules
        if "#" in name:
            found = self.linked.law.instruments.get(name.partition("#")[0])
            rule = found.rules.get(name) if found is not None else None
            return rule.title if rule is not None else None
        if name == "original" and unit.rule.replaces:
            return self.linked.law.rule(unit.rule.replaces).title
        parts = unit.rule.name.split(".")
        for depth in range(len(parts), -1, -1):
            prefix = ".".join(parts[:depth])
            rule = rules.get(f"{unit.rule.instrument}#{prefix}.{name}" if prefix else f"{unit.rule.instrument}#{name}")
            if rule is not None:
                return rule.title
        return None

    def unit(self, key: str) -> Outline:
        """The outline of a unit with everything below it."""
        if key not in self._units:
            self._units[key] = self._unit(self.linked.units[key])
        return self._units[key]

    def _unit(self, unit: Unit) -> Outline:
        rule: Rule = unit.rule
        children: tuple[Outline, ...]
        combine = rule.combine if rule.combine != "all" else "all"
        table: Table | None = None
        if unit.choice:
            children, combine = (
                tuple(self.unit(a.key) for a in unit.choice),
                "by_region" if len(unit.choice) > 1 else "",
            )
        elif rule.value == "truth":
            children = tuple(self._inside(unit.truth, unit))
        elif rule.value == "points":
            children = tuple(self._scores(unit.score, unit))
            if isinstance(unit.body, Table):
                table, children = unit.body, self._rows(unit.body, unit)
        else:
            classes = unit.classes
            named: Iterable[RuleTest | ClassTest | str]
            if isinstance(classes, ClassReadings):
                named, combine = classes.rules, "readings"
            else:
                table = classes
                named = rules_of_rows(classes)
            children = tuple(self.unit(key) for key in dict.fromkeys(self.linked.target(unit, rule) for rule in named))
        maximum = rule.maximum
        if rule.value == "points" and maximum is None and unit.body is not None:
            from yiqi.judge.evaluate import extent

            maximum = extent(unit.score, self.linked, unit)[1]
        return Outline(
            id=rule.id, kind="rule", text=rule.title, title=rule.title, cite=rule.cite, confidence=rule.confidence,
            required=None, combine=combine, value=rule.value or "truth",
            position=self.compiled.position[unit.key], leaves=(), table=table, unit=unit, maximum=maximum,
            threshold=None, note=None, children=children,
        )  # fmt: skip

    def _inside(self, node: TruthNode, unit: Unit) -> Iterator[Outline]:
        match node:
            case Condition():
                yield self._condition(node, unit)
            case RuleTest():
                yield self.unit(self.linked.target(unit, node))
            case All(children) | AnyOf(children) | AtLeast(_, children) | Readings(_, children):
                for child in children:
                    yield from self._inside(child, unit)
            case Invert(child):
                yield from self._inside(child, unit)
            case _:
                return

    def _condition(self, node: Condition, unit: Unit) -> Outline:
        if node.source is None:
            kind, _, count = (node.group or "all").partition(" ")
            if kind == "at_least":
                text = Bilingual(f"At least {count} of the following", f"以下至少满足{count}项")
            else:
                text = GROUPS[kind]
            return Outline(
                id=node.id, kind="group", text=text, title=None, cite=unit.rule.cite, confidence=node.confidence,
                required=None, combine=node.group or "all", value="truth", position=self.compiled.position[node.id],
                leaves=(), table=None, unit=unit, maximum=None, threshold=None, note=node.comment,
                children=tuple(self._inside(node.child, unit)), node=node,
            )  # fmt: skip
        leaves = tuple(leaves_of(node.child))
        children: list[Outline] = []
        threshold: int | None = None
        for reference in references_of(node.child):
            if isinstance(reference, PointsTest):
                threshold = reference.threshold
                children.extend(self._scores(reference.score, unit))
            else:
                children.append(self.unit(self.linked.target(unit, reference)))
        return Outline(
            id=node.id, kind="condition", text=self._page(node.source, unit), title=None, cite=unit.rule.cite,
            confidence=node.confidence, required=self._required(node.source), combine="", value="truth",
            position=self.compiled.position[node.id], leaves=leaves, table=None, unit=unit, maximum=None,
            threshold=threshold, note=node.comment, children=tuple(children), node=node,
        )  # fmt: skip

    def _required(self, source: Expression) -> Bilingual | None:
        if isinstance(source, Unless):
            return self._required(source.operand)
        if isinstance(source, Years):
            inner = self._required(source.operand)
            if inner is None:
                return None
            if source.kind == "each":
                return Bilingual(f"{inner.en} in each of {source.years} years", f"近{source.years}年每年{inner.zh}")
            return Bilingual(f"{inner.en} in any of {source.years} years", f"近{source.years}年任一年{inner.zh}")
        if isinstance(source, Comparison):
            vocabulary = self.linked.law.vocabulary
            return Bilingual(
                required_text(source.operator, source.right, "en", vocabulary, left=source.left),
                required_text(source.operator, source.right, "zh", vocabulary, left=source.left),
            )
        return None

    def _scores(self, node: ScoreNode, unit: Unit) -> Iterator[Outline]:
        match node:
            case ScoreRule():
                yield self.unit(self.linked.target(unit, node))
            case Total(children, _) | Best(children) | ScoreReadings(children):
                for child in children:
                    yield from self._scores(child, unit)
            case Table():
                # A table beside other scores under one heading; a heading with one table carries it itself.
                return
            case ScoreFact(slot, _, maximum) as score:
                fact = self.linked.law.vocabulary[slot.fact]
                yield Outline(
                    id=f"{unit.rule.id}/{slot.fact}", kind="points", text=fact.label, title=None, cite=unit.rule.cite,
                    confidence=unit.rule.confidence, required=None, combine="", value="points", position=NOWHERE,
                    leaves=(score,), table=None, unit=unit, maximum=maximum, threshold=None, note=None,
                    children=(),
                )  # fmt: skip

    def _rows(self, table: Table, unit: Unit) -> tuple[Outline, ...]:
        """The rows of a table in which every row that holds counts."""
        if table.mode != "each":
            return ()
        rows: list[Outline] = []
        for row in table.rows:
            expression = next((e for e, _ in row.cells if e is not None), None)
            text = self._page(expression, unit) if expression is not None else unit.rule.title
            points = points_json(row.points or 0)
            rows.append(
                Outline(
                    id=row.id, kind="condition", text=text, title=None, cite=unit.rule.cite,
                    confidence=unit.rule.confidence, required=Bilingual(f"+{points}", f"+{points}分"), combine="",
                    value="truth", position=self.compiled.position[row.id], leaves=tuple(leaves_of(row.child)),
                    table=None, unit=unit, maximum=row.points, threshold=None, note=None, children=(),
                )
            )  # fmt: skip
        return tuple(rows)


GROUPS = {
    "all": Bilingual("All of the following", "以下各项同时满足"),
    "any": Bilingual("Any one of the following", "以下满足任一项"),
    "none": Bilingual("None of the following", "以下各项均不存在"),
    "readings": Bilingual("Open in the source: counts where all readings agree", "原文未明确：各种解读一致时才作结论"),
}


def build_reason(outline: Outline, run: Run) -> Reason:
    """The reasons of one outline; parts that were not reached (another industry's row) are left out."""
    results = run.results
    children = []
    for child in outline.children:
        position = child.position
        if position == NOWHERE:
            fact = child.leaves[0]
            if not isinstance(fact, ScoreFact):
                raise AssertionError("only points that are a fact stand outside the trace")
            value = run.frame[run.compiled.linked.slot_index[fact.slot]]
            points = (fact.minimum, fact.maximum) if value is None else (value, value)
            children.append(Reason(child, run, points, ()))
        elif results[position] is not None:
            children.append(build_reason(child, run))
    return Reason(outline, run, results[outline.position], tuple(children))
