"""Tables: no row that an earlier one makes unreachable, points within `max=` and in the order of the thresholds."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from yiqi.law.bilingual import Bilingual
from yiqi.law.diagnostics import Diagnostic
from yiqi.law.document import SourceText
from yiqi.law.implication import Implications, TooManyStepsError, bare, threshold_of
from yiqi.law.quantities import POINTS_SCALE, decimal_text
from yiqi.law.syntax import Span
from yiqi.law.tree import Best, Body, Ceiling, Gathered, Row, Rule, ScoreReadings, Table, Total, amount_children


def tables_of(body: Body | None) -> Iterator[Table]:
    """The tables that stand under a heading itself."""
    if isinstance(body, Table):
        yield body
    elif isinstance(body, (Total, Best, ScoreReadings)):
        for child in body.children:
            yield from tables_of(child)
    elif isinstance(body, (Gathered, Ceiling)):
        for amount in amount_children(body):
            yield from tables_of(amount)


def check_tables(rule: Rule, source: SourceText, implications: Implications) -> list[Diagnostic]:
    """What is wrong with the tables of one heading."""
    found: list[Diagnostic] = []
    for table in tables_of(rule.body):
        if table.rows:
            try:
                found.extend(_reach(table, source, implications))
            except TooManyStepsError:
                found.append(_unchecked(table, source))
            found.extend(_points(table, source))
    return found


def _line(source: SourceText, row: Row) -> Span:
    return source.line_span(row.span.line)


def _unchecked(table: Table, source: SourceText) -> Diagnostic:
    return source.diagnostic(
        "warning", "table-unchecked", _line(source, table.rows[0]),
        "the file has too many conditions in tables to compare them all", "文件中表格条件过多，未能全部比对",
        Bilingual("split the table", "请拆分表格"),
    )  # fmt: skip


def _reach(table: Table, source: SourceText, implications: Implications) -> list[Diagnostic]:
    found: list[Diagnostic] = []
    nodes = [bare(row.child) for row in table.rows]
    for position, row in enumerate(table.rows):
        if not row.otherwise and implications.contradictory(nodes[position]):
            found.append(
                source.diagnostic(
                    "error", "row-never-holds", _line(source, row),
                    "the conditions of this row exclude each other", "本行各条件互相矛盾，不可能同时满足",
                    Bilingual("correct the row or remove it", "请更正或删除该行"),
                )
            )  # fmt: skip
        elif table.mode == "first":
            for earlier, node in zip(table.rows[:position], nodes, strict=False):
                if earlier.otherwise:
                    break  # that nothing may stand behind it was said when the table was read
                if not row.otherwise and implications.implies(nodes[position], node):
                    again = implications.implies(node, nodes[position])
                    found.append(_unreachable(row, earlier, source, again))
                    break
    return found


def _unreachable(row: Row, earlier: Row, source: SourceText, again: bool) -> Diagnostic:
    line = earlier.span.line
    if again:
        remedy = Bilingual("remove one of the two rows", "请删除其中一行")
    else:
        remedy = Bilingual(
            f"rows go from strict to loose: move this row above line {line}, or correct its threshold",
            f"各行应由严到宽：请把本行移到第{line}行之前，或更正其数值",
        )
    return source.diagnostic(
        "error", "row-unreachable", _line(source, row),
        f"this row is never reached: whenever it holds, the row on line {line} holds and decides",
        f"本行不会用到：凡满足本行的，都已满足第{line}行并由其决定",
        remedy,
    )  # fmt: skip


def _points(table: Table, source: SourceText) -> Iterator[Diagnostic]:
    if table.maximum is not None:
        limit = _text(table.maximum)
        for row in table.rows:
            if row.points is not None and row.points > table.maximum:
                yield source.diagnostic(
                    "error", "points-above-maximum", _line(source, row),
                    f"this row gives more points than the heading's `max={limit}`", f"本行分值超过标题的`max={limit}`",
                    Bilingual("correct the row or `max=`", "请更正本行或`max=`"),
                )  # fmt: skip
    if table.mode == "first":
        yield from _falling(table, source)


def _text(points: int) -> str:
    return decimal_text(Fraction(points, POINTS_SCALE))


def _falling(table: Table, source: SourceText) -> Iterator[Diagnostic]:
    """One column of thresholds in one direction gives points that go one way."""
    rows = [(row, threshold_of(row.child)) for row in table.rows if not row.otherwise]
    keys = {None if t is None else (t[0], t[1]) for _, t in rows}
    if len(keys) != 1 or None in keys or any(row.points is None for row in table.rows):
        return
    points = [row.points or 0 for row in table.rows]
    if points == sorted(points) or points == sorted(points, reverse=True):
        return
    rising = points[0] < points[-1]
    for before, row in zip(table.rows, table.rows[1:], strict=False):
        a, b = before.points or 0, row.points or 0
        if (a > b) if rising else (a < b):
            yield source.diagnostic(
                "warning", "points-order", _line(source, row),
                f"the thresholds go one way, but the points turn here (line {before.span.line} gives "
                f"{_text(a)})",
                f"各行标准依次放宽，分值却在此处反向（第{before.span.line}行为{_text(a)}分）",
                Bilingual("compare both rows with the source", "请与原文核对这两行"),
            )  # fmt: skip
