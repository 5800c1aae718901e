"""Scores as rows, item by item: what each got of what it could, and what the next step up takes."""

from __future__ import annotations

from dataclasses import replace

from yiqi.judge.decisive import parts_that_count
from yiqi.judge.gap import gap
from yiqi.judge.reasons import Reason, leaves_of
from yiqi.law.bilingual import Bilingual
from yiqi.law.syntax import Comparison
from yiqi.law.tree import Compare
from yiqi.law.tree import Row as TableRow
from yiqi.law.wording import required_text
from yiqi.report.condition_rows import condition_row
from yiqi.report.phrases import (
    COMBINES,
    SEMICOLON,
    listed,
    points_text,
)
from yiqi.report.row import Row, Score
from yiqi.report.shortfall import (
    gap_words,
    missing_text,
    score_of,
    undefined_text,
)
from yiqi.report.table_texts import row_text, table_figure


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
        item = _item(part, depth, pass_mark)
        found.append(item)
        for child in children:
            if child.points is not None:
                items(child, depth + 1, None)
            elif part.outline.combine == "each":
                row = _each_row(child, depth + 1)
                # Where all rows ask about one list, the list stands above them.
                found.append(replace(row, figure=None) if row.figure == item.figure else row)

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
    texts = [t for g in gaps if (t := gap_words(reason, g)) is not None]
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
