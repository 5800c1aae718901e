"""The conditions of an answer as rows: all of them in the order of the law, or those that decided."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from yiqi.judge.decisive import counted, decisive, for_other_procedure, inverted, parts_that_count
from yiqi.judge.reasons import Reason
from yiqi.law.bilingual import Bilingual
from yiqi.law.tree import AtLeast, Excused
from yiqi.report.phrases import (
    COMBINES,
    SAME_CLASS_READINGS,
    class_names,
    inside,
)
from yiqi.report.row import Row, Score
from yiqi.report.shortfall import (
    gap_text,
    missing_text,
    score_of,
    tested_score,
    undefined_text,
)
from yiqi.report.table_texts import row_text, table_figure


class ConditionRows:
    """Writes the conditions of several answers one after another; a rule that several of them share is shown once."""

    def __init__(self) -> None:
        self._shown: set[str] = set()

    def aside(self) -> ConditionRows:
        """Rows that know what was shown, and that nothing refers to."""
        rows = ConditionRows()
        rows._shown |= self._shown
        return rows

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
        elif outline.combine.startswith("at_least"):
            notes.append(_counted(reason))
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


def _counted(reason: Reason) -> Bilingual:
    """How many of the parts of "at least n of" hold, and how many are open."""
    node = reason.outline.unit.truth
    assert isinstance(node, AtLeast)
    parts = [counted(child) for child in reason.children]
    holding, still_open = parts.count(2), parts.count(1)
    open_en, open_zh = (f", {still_open} open", f"，待定{still_open}项") if still_open else ("", "")
    return Bilingual(
        f"at least {node.count} of {len(parts)}; {holding} hold{'s' if holding == 1 else ''}{open_en}",
        f"{len(parts)}项中至少{node.count}项；满足{holding}项{open_zh}",
    )


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
