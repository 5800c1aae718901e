"""The answers of several days beside each other: which version decided on each, and which conditions changed.

Versions number their conditions differently, so conditions are matched by what they ask about: the same figure with
another threshold is the same condition, changed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass

from yiqi.judge.answer import Answer, Answers
from yiqi.judge.decisive import for_other_procedure, inverted, parts_that_count
from yiqi.judge.reasons import Reason
from yiqi.law.bilingual import Bilingual
from yiqi.law.syntax import Comparison, Expression, Span, Unless, Years
from yiqi.law.tree import Law
from yiqi.law.wording import write_page
from yiqi.relief.entitlements import SUBJECT
from yiqi.report.condition_rows import absent_row, condition_row
from yiqi.report.row import Row
from yiqi.report.table_texts import title_within
from yiqi.report.view import ReportView, SchemeView, build_view


@dataclass(frozen=True, slots=True)
class ChangedCondition:
    """One thing asked about, and on each day the conditions that ask about it: none, one, or several alternatives."""

    text: Bilingual
    cells: tuple[tuple[Row, ...], ...]

    @property
    def only(self) -> int | None:
        """The one day on which it is asked, if it is asked on one only."""
        asked = [k for k, cell in enumerate(self.cells) if cell]
        return asked[0] if len(asked) == 1 else None


@dataclass(frozen=True, slots=True)
class SchemeDays:
    """One question on every day."""

    title: Bilingual
    days: tuple[SchemeView, ...]
    changed: tuple[ChangedCondition, ...]

    @property
    def differs(self) -> bool:
        """Whether another version decides, another answer comes out, or a condition changed."""
        return bool(self.changed) or len({(d.outcome, d.word, d.cite, d.version) for d in self.days}) > 1


@dataclass(frozen=True)
class DaysView:
    """Several days beside each other; ``reports`` are the days' own reports."""

    reports: tuple[ReportView, ...]
    schemes: tuple[SchemeDays, ...]

    @property
    def without_relief(self) -> bool:
        """Whether measures were asked for that are left out here: a list is of one day."""
        return any(report.relief is not None for report in self.reports)

    @property
    def days(self) -> tuple[dt.date, ...]:
        return tuple(report.on for report in self.reports)


def build_days(answers: list[Answers], law: Law) -> DaysView:
    """The content of a comparison of the same enterprise and the same questions on several days, in the order given."""
    reports = tuple(build_view(each, law) for each in answers)
    schemes = []
    for number, first in enumerate(answers[0].answers):
        if first.scheme.id.startswith(SUBJECT) and any(report.relief is not None for report in reports):
            continue  # their list is of one day
        days = tuple(report.schemes[number] for report in reports)
        schemes.append(SchemeDays(first.scheme.title, days, _changed([each.answers[number] for each in answers])))
    return DaysView(reports, tuple(schemes))


def _changed(answers: list[Answer]) -> tuple[ChangedCondition, ...]:
    texts: dict[object, Bilingual] = {}
    asked: list[dict[object, list[Row]]] = []
    for answer in answers:
        found: dict[object, list[Row]] = {}
        if answer.reason is not None:
            for reason, denied in _conditions(answer.reason, False):
                key, text = _subject(reason)
                row = condition_row(reason, 0)
                if denied:
                    key, row = ("Negation", key), absent_row(row)
                    text = row.text
                texts.setdefault(key, text)
                cell = found.setdefault(key, [])
                if (row.mark, row.required) not in {(other.mark, other.required) for other in cell}:
                    cell.append(row)
        asked.append(found)
    # On a day without a rule nothing is asked; that is said once, not condition by condition.
    if any(answer.reason is None for answer in answers):
        return ()
    changed = []
    for key, text in texts.items():
        cells = tuple(tuple(found.get(key, ())) for found in asked)
        if len({tuple((row.mark, row.required) for row in cell) for cell in cells}) > 1:
            changed.append(ChangedCondition(text, cells))
    return tuple(changed)


def _conditions(reason: Reason, denied: bool) -> Iterator[tuple[Reason, bool]]:
    """The single conditions that are examined, those of shared rules included, and whether each is to be absent."""
    for child in parts_that_count(reason):
        outline = child.outline
        if outline.value != "truth" or child.excused or for_other_procedure(child):
            continue
        if outline.kind == "condition" and (outline.leaves or outline.threshold is not None or inverted(child)):
            yield child, denied
        if outline.kind == "group" or not inverted(child):
            yield from _conditions(child, outline.combine == "none")


def _subject(reason: Reason) -> tuple[object, Bilingual]:
    """What a condition asks about, as a key and as a text: the figure without its threshold, or the whole line."""
    outline = reason.outline
    source = outline.node.source if outline.node is not None else None
    while isinstance(source, (Unless, Years)):
        source = source.operand
    if not isinstance(source, Comparison):
        return (_shape(source) if source is not None else outline.id), outline.text
    vocabulary = reason.run.compiled.linked.law.vocabulary
    title = title_within(reason)
    left = Bilingual(write_page(source.left, "en", vocabulary, title), write_page(source.left, "zh", vocabulary, title))
    return _shape(source.left), left


def _shape(expression: Expression) -> object:
    """An expression without its places in the file."""

    def shape(part: object) -> object:
        if isinstance(part, tuple):
            return tuple(shape(p) for p in part)
        if is_dataclass(part) and not isinstance(part, (Span, type)):
            return (type(part).__name__, *(shape(getattr(part, f.name)) for f in fields(part) if f.name != "span"))
        return part

    return shape(expression)
