"""The rows of an explanation: every condition of an answer, the score item by item, and what decided.

A row is in both languages and in no particular form; text and HTML print the same rows.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

from yiqi.judge.figures import slot_text, year_of
from yiqi.judge.frame import is_flag
from yiqi.judge.gap import Gap, gap
from yiqi.judge.reasons import Reason, leaves_of
from yiqi.law.bilingual import Bilingual
from yiqi.law.quantities import RATIO_SCALE, decimal_text, quantity_text
from yiqi.law.syntax import Comparison, Junction, Unless
from yiqi.law.syntax import Years as YearsOf
from yiqi.law.tree import Compare, Excused, PointsTest, Slot
from yiqi.law.tree import Row as TableRow
from yiqi.law.wording import TitleOfRule, required_text, write_page
from yiqi.report.decisive import counted, decisive, for_other_procedure, inverted, parts_that_count
from yiqi.report.phrases import (
    COMBINES,
    COMMA,
    SAME_CLASS_READINGS,
    SEMICOLON,
    class_names,
    inside,
    listed,
    points_text,
    range_text,
)


@dataclass(frozen=True, slots=True)
class Score:
    """Points of one item or a whole score, in 1/10000 point; ``pass_mark`` only where one is asked."""

    low: int
    high: int
    maximum: int
    pass_mark: int | None = None

    @property
    def text(self) -> Bilingual:
        return range_text(self.low, self.high)

    def permille(self, points: int) -> int:
        """How far along the bar some points are."""
        return min(1000, points * 1000 // self.maximum) if self.maximum > 0 else 0


@dataclass(frozen=True, slots=True)
class Row:
    """One condition as shown. ``mark`` is a key of :data:`yiqi.report.phrases.MARKS`; ``depth`` the indentation."""

    id: str
    mark: str
    text: Bilingual
    depth: int
    cite: Bilingual
    confidence: str
    heading: bool = False
    figure: Bilingual | None = None
    required: Bilingual | None = None
    gap: Bilingual | None = None
    """By how much a failed comparison was missed; for a score item, what the next step up takes."""
    notes: tuple[Bilingual, ...] = ()
    missing: Bilingual | None = None
    """The values the condition lacks itself."""
    score: Score | None = None
    idle: bool = False
    """Whether the row makes no difference: an alternative beside one that holds."""
    see: bool = False
    """Whether the rule's conditions were shown before and are not repeated."""


# -- every condition --------------------------------------------------------------------------------------------------


class ConditionRows:
    """Writes the conditions of several answers one after another; a rule that several of them share is shown once."""

    def __init__(self) -> None:
        self._shown: set[str] = set()

    def of(self, reason: Reason) -> tuple[Row, ...]:
        """Every condition of an answer in the order of the law; what stands under a score is in :func:`score_rows`."""
        if reason.outline.value == "class":
            return tuple(self._rule(reason, 0, False))
        self._shown.add(reason.outline.id)
        return tuple(row for child in reason.children for row in self._row(reason, child, 0, False))

    def _row(self, parent: Reason, reason: Reason, depth: int, idle: bool) -> Iterator[Row]:
        combine = parent.outline.combine.partition(" ")[0]
        if combine in ("any", "at_least") and parent.value == 2 and counted(reason) != 2:
            idle = True
        if reason.excused or for_other_procedure(reason):
            yield exempt_row(reason, depth)
            return
        if reason.outline.kind == "rule":
            yield from self._rule(reason, depth, idle)
            return
        named = _named_rule(reason)
        if named is not None and not inverted(reason):
            # A line that only names another rule: the rule's own heading says it better.
            yield from self._rule(named, depth, idle, cite=reason.outline.cite)
            return
        row = replace(condition_row(reason, depth), idle=idle)
        yield absent_row(row) if combine == "none" else row
        if reason.outline.kind == "condition" and inverted(reason):
            for child in reason.children:
                yield from (replace(absent_row(r), idle=idle) for r in decisive_rows(child, depth + 1))
        elif reason.outline.threshold is None:
            for child in reason.children:
                yield from self._row(reason, child, depth + 1, idle)

    def _rule(self, reason: Reason, depth: int, idle: bool, cite: Bilingual | None = None) -> Iterator[Row]:
        outline = reason.outline
        children = parts_that_count(reason)
        if len(children) == 1 and outline.value == "truth":
            (only,) = children
            if outline.combine in ("", "by_region") or (only.outline.kind == "condition" and _named_rule(only) is None):
                # A heading over one line adds nothing to it; a delegated rule is the one that counts here.
                yield from self._row(reason, only, depth, idle)
                return
        row = replace(heading_row(reason, depth), idle=idle)
        if cite is not None:
            row = replace(row, cite=cite)
        if outline.id in self._shown and (reason.children or outline.table is not None):
            yield replace(row, see=True)
            return
        self._shown.add(outline.id)
        yield row
        if outline.value == "class":
            yield from _class_rows(reason, depth + 1)
        if outline.value != "points":
            for child in children:
                yield from self._row(reason, child, depth + 1, idle)


def _named_rule(reason: Reason) -> Reason | None:
    """The rule that a line consists in naming."""
    if reason.outline.kind != "condition" or reason.outline.leaves or reason.outline.threshold is not None:
        return None
    if len(reason.children) != 1 or reason.children[0].outline.value != "truth":
        return None
    return reason.children[0]


def absent_row(row: Row) -> Row:
    """A row under "none of the following": what is wanted is that it does not hold."""
    mark = {"yes": "no", "no": "yes"}.get(row.mark, row.mark)
    return replace(row, mark=mark, text=Bilingual(f"Not: {inside(row.text.en)}", f"无：{row.text.zh}"))


def exempt_row(reason: Reason, depth: int) -> Row:
    """A line or group that is not examined: its exception holds, or it is written for the other procedure."""
    row = replace(condition_row(reason, depth), mark="exempt", figure=None, missing=None, gap=None, heading=False)
    if reason.excused or reason.outline.kind != "group":
        return row
    closed = next((part for part in reason.walk() if part is not reason and for_other_procedure(part)), None)
    if closed is None:
        return row
    text = closed.outline.text
    return replace(row, notes=(Bilingual(f"only where {inside(text.en)}", f"仅适用于：{text.zh}"),))


def heading_row(reason: Reason, depth: int) -> Row:
    """A heading: a rule with its outcome, class or points."""
    outline = reason.outline
    notes: list[Bilingual] = []
    text, mark, score = outline.text, "points", None
    figure: Bilingual | None = None
    if outline.value == "truth":
        mark = _mark(reason)
        if outline.combine in COMBINES:
            notes.append(COMBINES[outline.combine])
    elif outline.value == "class":
        mark, figure = "class", class_names(reason.possible or ())
        if outline.combine == "readings":
            notes.append(SAME_CLASS_READINGS)
    else:
        score = score_of(reason)
    return Row(
        outline.id, mark, text, depth, outline.cite, outline.confidence, heading=True, figure=figure, score=score,
        notes=tuple(notes),
    )  # fmt: skip


def condition_row(reason: Reason, depth: int) -> Row:
    """A line or a group with its figure, its threshold and what is short or missing."""
    outline = reason.outline
    if outline.kind == "rule":
        return heading_row(reason, depth)
    notes: list[Bilingual] = []
    mark = _mark(reason)
    if mark == "shown":
        alone = {2: Bilingual("it would hold", "按所填信息满足"), 0: Bilingual("it would fail", "按所填信息不满足")}
        if reason.value in alone:
            notes.append(alone[reason.value])
    if (why := undefined_text(reason)) is not None:
        notes.append(why)
    figure = reason.actual
    score: Score | None = None
    if outline.threshold is not None:
        score = tested_score(reason)
        figure = score.text if score is not None else None
        if mark == "unknown":
            # Which item keeps the score open although nothing of it is missing.
            found = (undefined_text(item) for item in reason.walk() if item is not reason)
            notes += dict.fromkeys(note for note in found if note is not None)
    elif mark == "unknown" and outline.node is not None and isinstance(outline.node.child, Excused):
        figure = None  # what is known is the exception, not what is asked
    elif figure is None:
        classes = [child for child in reason.children if child.outline.value == "class"]
        figure = class_names(classes[0].possible or ()) if classes else None
    return Row(
        outline.id, mark, outline.text, depth, outline.cite, outline.confidence, heading=outline.kind == "group",
        figure=figure, required=outline.required, gap=gap_text(reason), notes=tuple(notes),
        missing=missing_text(reason) if mark in ("unknown", "shown") else None,
    )  # fmt: skip


def _mark(reason: Reason) -> str:
    outline = reason.outline
    if outline.kind == "condition" and outline.confidence == "C":
        return "shown"
    return {2: "yes", 1: "unknown", 0: "no"}[reason.value]


def _class_rows(reason: Reason, depth: int) -> Iterator[Row]:
    """The rows of a table that gives a class by figures, the first one that holds deciding."""
    table, unit = reason.outline.table, reason.outline.unit
    if table is None or any(row.rule is not None for row in table.rows):
        return
    evaluation = reason.run.evaluation
    for row in table.rows:
        value = evaluation.truth(row.child, unit)
        name = class_names((row.name or "",))
        asked = row_text(reason, row)
        text = Bilingual(f"{name.en}: {asked.en}", f"{name.zh}：{asked.zh}")
        yield Row(
            row.id, {2: "this", 1: "unknown", 0: "other"}[value], text, depth, reason.outline.cite,
            reason.outline.confidence, figure=table_figure(reason),
        )  # fmt: skip
        if value == 2:
            return


# -- what decided -----------------------------------------------------------------------------------------------------


def decisive_rows(reason: Reason, depth: int = 0) -> Iterator[Row]:
    """The conditions through which an answer is what it is, with groups only where their parts are alternatives."""
    for child in decisive(reason):
        row = condition_row(child, depth)
        if reason.outline.combine == "none":
            row = absent_row(row)
        parts = decisive(child)
        combine = child.outline.combine.partition(" ")[0]
        if for_other_procedure(child) or child.excused:
            yield exempt_row(child, depth)
        elif not parts:
            yield row
        elif combine == "readings":
            yield from _readings(child, row)
        elif len(parts) > 1 and combine in ("any", "at_least"):
            yield row
            yield from decisive_rows(child, depth + 1)
        else:
            yield from decisive_rows(child, depth)


def _readings(reason: Reason, heading: Row) -> Iterator[Row]:
    """What decided under every reading of an open question; a reading that comes down to the same is not repeated."""
    inner = list(decisive_rows(reason, heading.depth + 1))
    kept = list({row.id: row for row in inner}.values())
    ends = {row.text for row in kept if not row.heading}
    if len(kept) > 1 or len(ends) > 1:
        yield heading
        yield from kept
    else:
        yield from (replace(row, depth=heading.depth) for row in kept)


# -- scores -----------------------------------------------------------------------------------------------------------


def score_of(reason: Reason) -> Score:
    low, high = reason.points or (0, 0)
    return Score(low, high, reason.outline.maximum or 0)


def tested_score(reason: Reason) -> Score | None:
    """The points that a line compares with its pass mark."""
    parts = [child for child in reason.children if child.points is not None]
    # A pass mark that a local file replaces hangs beside the score as a rule of conditions.
    scores = [score_of(part) for part in parts]
    if not scores:
        return None
    return Score(
        sum(s.low for s in scores),
        sum(s.high for s in scores),
        sum(s.maximum for s in scores),
        reason.outline.threshold,
    )


def score_rows(reason: Reason) -> tuple[Row, ...]:
    """The scores an answer asks for, item by item, each once."""
    seen: set[str] = set()
    found: list[Row] = []

    def items(part: Reason, depth: int, pass_mark: int | None) -> None:
        if part.outline.id in seen:
            return
        children = parts_that_count(part)
        if part.outline.kind == "rule" and len(children) == 1 and part.outline.combine in ("", "by_region"):
            items(children[0], depth, pass_mark)
            return
        seen.add(part.outline.id)
        found.append(_item(part, depth, pass_mark))
        for child in children:
            if child.points is not None:
                items(child, depth + 1, None)
            elif part.outline.combine == "each":
                found.append(_each_row(child, depth + 1))

    for part in reason.walk():
        if part.outline.threshold is not None:
            for child in part.children:
                if child.points is not None:
                    items(child, 0, part.outline.threshold)
    return tuple(found)


def _item(reason: Reason, depth: int, pass_mark: int | None) -> Row:
    outline = reason.outline
    notes = [COMBINES[outline.combine]] if outline.combine in ("best", "each", "readings", "by_region") else []
    if (why := undefined_text(reason)) is not None:
        notes.append(why)
    required, better = _steps(reason)
    return Row(
        outline.id, "points", outline.text, depth, outline.cite, outline.confidence, heading=bool(reason.children),
        figure=table_figure(reason), required=required, gap=better, notes=tuple(notes), missing=missing_text(reason),
        score=replace(score_of(reason), pass_mark=pass_mark),
    )  # fmt: skip


def _each_row(reason: Reason, depth: int) -> Row:
    """A row of a table in which every row that holds adds its points."""
    points = reason.outline.maximum or 0
    got = {2: (points, points), 1: (0, points), 0: (0, 0)}[reason.value]
    row = condition_row(reason, depth)
    return replace(row, mark="points", score=Score(*got, points), required=None, gap=None)


def _steps(reason: Reason) -> tuple[Bilingual | None, Bilingual | None]:
    """What gives full points, and what the next step up from the points reached takes."""
    table = reason.outline.table
    if table is None or table.mode != "first" or not table.rows:
        return None, None
    top = table.rows[0]
    points = points_text(top.points or 0)
    asked = _asked(reason, top)
    full = Bilingual(f"{points} for {asked.en}", f"{asked.zh}得{points}分")
    low, high = reason.points or (0, 0)
    if low != high or low >= (top.points or 0):
        return full, None
    unit, evaluation = reason.outline.unit, reason.run.evaluation
    above = [row for row in table.rows if (row.points or 0) > low and evaluation.truth(row.child, unit) == 0]
    if not above:
        return full, None
    step = above[-1]
    more = points_text((step.points or 0) - low)
    asked = _asked(reason, step)
    leaves = [leaf for leaf in leaves_of(step.child) if isinstance(leaf, Compare)]
    gaps = [g for leaf in leaves if (g := gap(evaluation, leaf)) is not None]
    texts = [t for g in gaps if (t := _gap_words(reason, g)) is not None]
    short = listed(texts, SEMICOLON)
    return full, Bilingual(
        f"+{more} for {asked.en}" + (f": {short.en}" if texts else ""),
        f"{asked.zh}加{more}分" + (f"：{short.zh}" if texts else ""),
    )


def _asked(reason: Reason, row: TableRow) -> Bilingual:
    """What a row of a table asks: the threshold alone where the table has one column, for the item names the figure."""
    comparisons = [e for e, _ in row.cells if isinstance(e, Comparison)]
    if len(row.cells) != 1 or len(comparisons) != 1:
        return row_text(reason, row)
    (asked,) = comparisons
    vocabulary = reason.run.compiled.linked.law.vocabulary
    return Bilingual(
        required_text(asked.operator, asked.right, "en", vocabulary, left=asked.left),
        required_text(asked.operator, asked.right, "zh", vocabulary, left=asked.left),
    )


def table_figure(reason: Reason) -> Bilingual | None:
    """The figures a table looked at; each by its name where the table looks at several."""
    table = reason.outline.table
    if table is None or max((len(row.cells) for row in table.rows), default=0) < 2:
        return reason.actual
    evaluation = reason.run.evaluation
    vocabulary = evaluation.linked.law.vocabulary
    named = []
    for slot in reason.slots():
        value = slot_text(evaluation, slot)
        fact = vocabulary.get(slot.fact)
        if value is not None and fact is not None and fact.kind is not None:
            label = slot_label(reason, slot)
            named.append(Bilingual(f"{inside(label.en)}: {value.en}", f"{label.zh}{value.zh}"))
    return listed(named, SEMICOLON) if named else None


def row_text(reason: Reason, row: TableRow) -> Bilingual:
    """All that a row of a table asks, its cells joined."""
    vocabulary, title = reason.run.compiled.linked.law.vocabulary, title_within(reason)
    cells = [
        Bilingual(write_page(e, "en", vocabulary, title), write_page(e, "zh", vocabulary, title))
        for e, _ in row.cells
        if e is not None
    ]
    if row.otherwise or not cells:
        return Bilingual("otherwise", "其他")
    return Bilingual(", ".join(inside(c.en) for c in cells), "，".join(c.zh for c in cells))


def title_within(reason: Reason) -> TitleOfRule:
    """The headings of rules by the names that a condition's own file gives them, or by their full ids."""
    law, unit = reason.run.compiled.linked.law, reason.outline.unit

    def title(name: str) -> Bilingual | None:
        if "#" in name:
            rule = law.instruments[name.partition("#")[0]].rules.get(name)
            return rule.title if rule is not None else None
        if name == "original" and unit.rule.replaces:
            return law.rule(unit.rule.replaces).title
        # First below the heading, then outward, as the file itself is read.
        parts = unit.rule.name.split(".")
        for depth in range(len(parts), -1, -1):
            path = ".".join([*parts[:depth], name])
            rule = law.instruments[unit.rule.instrument].rules.get(f"{unit.rule.instrument}#{path}")
            if rule is not None:
                return rule.title
        return None

    return title


# -- words for gaps, missing values and ratios without one ------------------------------------------------------------


def slot_label(reason: Reason, slot: Slot) -> Bilingual:
    """A value by its label, with the year it is asked for."""
    vocabulary = reason.run.compiled.linked.law.vocabulary
    label = vocabulary[slot.fact].label
    year = year_of(slot, vocabulary, reason.run.on)
    return label if year is None else Bilingual(f"{label.en}, {year}", f"{year}年{label.zh}")


def gap_text(reason: Reason) -> Bilingual | None:
    """``short by 200万元 (main-business revenue, 2025)``, for each comparison of a line that failed."""
    outline = reason.outline
    if outline.threshold is not None:
        return _points_short(reason)
    texts = [text for g in reason.gaps if (text := _gap_words(reason, g)) is not None]
    if not texts:
        return None
    source = outline.node.source if outline.node is not None else None
    while isinstance(source, Unless):
        source = source.operand
    either = isinstance(source, (Junction, YearsOf)) and source.kind == "any"
    return listed(texts, Bilingual("; or ", "；或") if either else SEMICOLON)


def _gap_words(reason: Reason, found: Gap) -> Bilingual | None:
    fact = reason.run.compiled.linked.law.vocabulary.get(found.slot.fact)
    if fact is None or fact.kind is None:
        return None
    size = abs(found.change)
    if fact.kind == "ratio":
        points = decimal_text(_percent(size))
        amount = Bilingual(f"{points} percentage point{'' if points == '1' else 's'}", f"{points}个百分点")
    else:
        amount = Bilingual(
            quantity_text(size, fact.kind, "en", fact.unit), quantity_text(size, fact.kind, "zh", fact.unit)
        )
    label = slot_label(reason, found.slot)
    if found.change > 0:
        return Bilingual(f"short by {amount.en} ({inside(label.en)})", f"{label.zh}还差{amount.zh}")
    return Bilingual(f"over by {amount.en} ({inside(label.en)})", f"{label.zh}超出{amount.zh}")


def _percent(size: int) -> Fraction:
    return Fraction(size * 100, RATIO_SCALE)


def _points_short(reason: Reason) -> Bilingual | None:
    """How many points a score lacks for its pass mark."""
    node, score = reason.outline.node, tested_score(reason)
    if reason.value != 0 or score is None or score.pass_mark is None or node is None:
        return None
    test = node.child
    if not isinstance(test, PointsTest) or test.comparator not in (">=", ">"):
        return None
    least, most = score.pass_mark - score.high, score.pass_mark - score.low
    if least == most:
        text = points_text(least)
        return Bilingual(f"short by {text} point{'' if text == '1' else 's'}", f"还差{text}分")
    return Bilingual(
        f"short by {points_text(least)} to {points_text(most)} points",
        f"还差{points_text(least)}至{points_text(most)}分",
    )


def missing_slots(reason: Reason) -> list[Slot]:
    """The values a condition lacks itself."""
    vocabulary = reason.run.compiled.linked.law.vocabulary
    evaluation = reason.run.evaluation
    return [
        slot
        for slot in reason.slots()
        if slot.fact in vocabulary
        and ((value := evaluation.value(slot)) is None or (value == 1 and is_flag(slot, vocabulary)))
    ]


def missing_text(reason: Reason) -> Bilingual | None:
    labels = list(dict.fromkeys(slot_label(reason, slot) for slot in missing_slots(reason)))
    # A line about one value names what is missing already.
    if not labels or all(label.zh in reason.outline.text.zh for label in labels):
        return None
    return listed([Bilingual(f"“{t.en}”" if len(labels) > 1 and "," in t.en else t.en, t.zh) for t in labels], COMMA)


def undefined_text(reason: Reason) -> Bilingual | None:
    """Why a ratio or a growth rate has no value: which base is zero or less."""
    if not reason.undefined:
        return None
    evaluation = reason.run.evaluation
    vocabulary = reason.run.compiled.linked.law.vocabulary
    leaves = list(reason.outline.leaves)
    if reason.outline.table is not None:
        leaves += [leaf for row in reason.outline.table.rows for leaf in leaves_of(row.child)]
    bases: dict[Slot, Bilingual] = {}
    for leaf in leaves:
        if not isinstance(leaf, Compare):
            continue
        for guard in leaf.guards:
            value = evaluation.polynomial(guard)
            if value is None or value > 0:
                continue
            for monomial, _ in guard:
                for slot in monomial:
                    fact, held = vocabulary[slot.fact], evaluation.value(slot)
                    if fact.kind is not None and held is not None:
                        label = slot_label(reason, slot)
                        bases[slot] = Bilingual(
                            f"{inside(label.en)} is {quantity_text(held, fact.kind, 'en', fact.unit)}",
                            f"{label.zh}为{quantity_text(held, fact.kind, 'zh', fact.unit)}",
                        )
    which = listed(list(bases.values()), SEMICOLON)
    return Bilingual(f"no value, the base is zero or less ({which.en})", f"没有数值，基数为零或负（{which.zh}）")
