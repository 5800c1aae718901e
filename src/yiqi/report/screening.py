"""A screened table as people read it: the figures of a run with names, shares and the lines of the law."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from yiqi.facts.industry import SECTIONS
from yiqi.facts.region import PROVINCES
from yiqi.judge.judge import Judge
from yiqi.judge.reasons import Outline, Reason
from yiqi.law.bilingual import Bilingual
from yiqi.report.phrases import OUTCOMES, PROCEDURES, SEMICOLON, class_names, day_text, inside, listed
from yiqi.report.shortfall import gap_text
from yiqi.screening.prepared import Prepared, sheet_of
from yiqi.screening.program import Program, walk
from yiqi.screening.summary import CUTS, Count, Cut, Hindrance, Summary

CUT_TITLES: dict[Cut, Bilingual] = {
    "province": Bilingual("Province", "省份"),
    "industry": Bilingual("Industry", "行业"),
    "size": Bilingual("Size class", "企业规模"),
}
NOT_KNOWN = Bilingual("not known", "未知")
SYNTHETIC = Bilingual("SYNTHETIC DATA: no real enterprise is in it", "合成数据：不含任何真实企业")


@dataclass(frozen=True, slots=True)
class OutcomeCount:
    """An outcome of a scheme with its number of enterprises."""

    outcome: str | None
    label: Bilingual
    enterprises: int


@dataclass(frozen=True, slots=True)
class Line:
    """A line, group or rule of the law that keeps enterprises out."""

    id: str
    text: Bilingual
    cite: Bilingual
    confidence: str
    failed: int
    alone: int


@dataclass(frozen=True, slots=True)
class Neighbour:
    """An enterprise that one line keeps out."""

    row: int
    uscc: str | None
    name: str | None
    condition: str
    line: Bilingual
    gap: Bilingual | None


@dataclass(frozen=True, slots=True)
class SchemeFigures:
    """What a run says of one scheme."""

    scheme: str
    title: Bilingual
    classes: bool
    """Whether its outcomes are classes; else they are yes, open and no."""
    outcomes: tuple[OutcomeCount, ...]
    lines: tuple[Line, ...]
    neighbours: tuple[Neighbour, ...]

    def number(self, outcome: str | None) -> int:
        return sum(o.enterprises for o in self.outcomes if o.outcome == outcome)


@dataclass(frozen=True, slots=True)
class CutRow:
    """A province, an industry or a size class: how many enterprises, and for each scheme how many have which outcome (None
    where several classes are possible)."""

    key: str | None
    label: Bilingual
    enterprises: int
    outcomes: Mapping[str, Mapping[str | None, int]]

    def number(self, scheme: str, outcome: str | None) -> int:
        return self.outcomes[scheme].get(outcome, 0)


@dataclass(frozen=True)
class ScreeningView:
    """The whole of a report."""

    table: str
    on: dt.date
    procedure: str
    rows: int
    marked: int
    synthetic: bool
    schemes: tuple[SchemeFigures, ...]
    without_rule: tuple[Bilingual, ...]
    cuts: Mapping[Cut, tuple[CutRow, ...]]

    @property
    def headline(self) -> Bilingual:
        day = day_text(self.on)
        procedure = PROCEDURES[self.procedure]
        return Bilingual(
            f"{self.table}: {self.rows:,} enterprise{'' if self.rows == 1 else 's'}, {day.en}, {procedure.en}",
            f"{self.table}：{self.rows:,}家企业，{day.zh}，{procedure.zh}",
        )


def build_screening(
    judge: Judge,
    program: Program,
    prepared: Prepared,
    summary: Summary,
    rows: Mapping[int, Mapping[str, object]],
    *,
    table: str,
    synthetic: bool,
) -> ScreeningView:
    """The report of a run. ``rows`` holds the whole prepared rows of the near misses."""
    law = judge.law
    outlines = _outlines(judge, program)
    schemes: list[SchemeFigures] = []
    for scheme, columns in program.scheme_columns.items():
        lines = [_line(h, outlines[h.condition]) for h in summary.hindrances if h.scheme == scheme]
        neighbours = [
            _neighbour(judge, program, prepared, n.scheme, n.condition, n.row, rows[n.row], outlines)
            for n in summary.near
            if n.scheme == scheme
        ]
        names = program.linked.classes if columns.value == "class" else ("yes", "unknown", "no")
        schemes.append(
            SchemeFigures(
                scheme,
                law.schemes[scheme].title,
                columns.value == "class",
                tuple(_outcome_counts(summary.of(scheme), names)),
                tuple(lines),
                tuple(neighbours),
            )
        )
    without = tuple(law.schemes[s].title for s in program.schemes if s not in program.scheme_columns)
    cuts = {cut: found for cut in CUTS if (found := tuple(_cut_rows(summary, cut)))}
    return ScreeningView(
        table, program.on, program.procedure, summary.rows, summary.marked, synthetic, tuple(schemes), without, cuts
    )


def outcome_label(outcome: str | None) -> Bilingual:
    """An outcome or a class by name."""
    if outcome is None:
        return OUTCOMES["unknown"]
    return OUTCOMES[outcome] if outcome in OUTCOMES else class_names((outcome,))


def _line(hindrance: Hindrance, outline: Outline) -> Line:
    return Line(outline.id, obstacle_text(outline), outline.cite, outline.confidence, hindrance.failed, hindrance.alone)


def obstacle_text(outline: Outline) -> Bilingual:
    """What has to hold, in a line: of a group its heading and what it groups, else the text of the line or rule."""
    if outline.kind != "group":
        return outline.text
    title, words = outline.unit.rule.title, outline.text
    parts = _grouped(outline)
    return Bilingual(
        f"{title.en}: {inside(words.en).replace(': ', ', ')}: {parts.en}",
        f"{title.zh}：{words.zh.replace('：', '，')}：{parts.zh}",
    )


def _grouped(outline: Outline) -> Bilingual:
    """What a group groups; a group within it in parentheses."""
    parts: list[Bilingual] = []
    for child in outline.children:
        if child.kind == "group":
            within = _grouped(child)
            words = inside(child.text.en).replace(": ", ", "), child.text.zh.replace("：", "，")
            parts.append(Bilingual(f"{words[0]} ({within.en})", f"{words[1]}（{within.zh}）"))
        else:
            parts.append(child.text)
    return listed(parts, SEMICOLON)


def _outcome_counts(counts: Iterable[Count], names: Iterable[str]) -> Iterable[OutcomeCount]:
    found = {c.outcome: c.enterprises for c in counts}
    for name in names:
        if name in found:
            yield OutcomeCount(name, outcome_label(name), found[name])
    if None in found:
        yield OutcomeCount(None, outcome_label(None), found[None])


def _cut_rows(summary: Summary, cut: Cut) -> Iterator[CutRow]:
    """The largest group first, those of whom it is not known last."""
    found: dict[str | None, dict[str, dict[str | None, int]]] = {}
    for count in summary.counts:
        if count.cut == cut:
            found.setdefault(count.key, {}).setdefault(count.scheme, {})[count.outcome] = count.enterprises
    rows = [
        # Each scheme counts every enterprise.
        CutRow(key, _cut_label(cut, key), sum(next(iter(outcomes.values())).values()), outcomes)
        for key, outcomes in found.items()
    ]
    yield from sorted(rows, key=lambda r: (r.key is None, -r.enterprises, r.key or ""))


def _cut_label(cut: Cut, key: str | None) -> Bilingual:
    if key is None:
        return NOT_KNOWN
    if cut == "province":
        return PROVINCES.get(key, Bilingual(key, key))
    if cut == "industry":
        return SECTIONS[key][2] if key in SECTIONS else Bilingual(key, key)
    return class_names((key,))


def _outlines(judge: Judge, program: Program) -> dict[str, Outline]:
    """The conditions of a program by id."""
    found: dict[str, Outline] = {}
    for outline in judge.program(program.on, program.procedure, program.schemes).outlines.values():
        for below in walk(outline):
            found.setdefault(below.id, below)
    return found


def _neighbour(
    judge: Judge,
    program: Program,
    prepared: Prepared,
    scheme: str,
    condition: str,
    row: int,
    cells: Mapping[str, object],
    outlines: Mapping[str, Outline],
) -> Neighbour:
    sheet = sheet_of(prepared.columns, cells)  # type: ignore[arg-type]
    answer = judge.judge(sheet, program.on, program.procedure, (scheme,))[scheme]
    reason: Reason | None = None
    if answer.reason is not None:
        reason = next((r for r in answer.reason.walk() if r.outline.id == condition), None)
    return Neighbour(
        row,
        sheet.uscc,
        sheet.name,
        condition,
        outlines[condition].text,
        gap_text(reason) if reason is not None else None,
    )


def as_dict(view: ScreeningView) -> dict[str, Any]:
    """The report as JSON: ``docs/reference/answers.md``."""
    return {
        "table": view.table,
        "on": view.on.isoformat(),
        "procedure": view.procedure,
        "synthetic": view.synthetic,
        "enterprises": view.rows,
        "with_unreadable_cells": view.marked,
        "schemes": [
            {
                "scheme": s.scheme,
                "title": s.title.as_dict(),
                "outcomes": {o.outcome or "open": o.enterprises for o in s.outcomes},
                "hindrances": [
                    {
                        "condition": x.id, "text": x.text.as_dict(), "cite": x.cite.as_dict(), "confidence": x.confidence,
                        "failed": x.failed, "alone": x.alone,
                    }
                    for x in s.lines
                ],
                "near": [
                    {
                        "row": n.row, "uscc": n.uscc, "name": n.name, "condition": n.condition, "text": n.line.as_dict(),
                        "gap": n.gap.as_dict() if n.gap is not None else None,
                    }
                    for n in s.neighbours
                ],
            }
            for s in view.schemes
        ],
        "no_rule_on_the_day": [t.as_dict() for t in view.without_rule],
        "groups": {
            cut: [
                {
                    "key": r.key, "label": r.label.as_dict(), "enterprises": r.enterprises,
                    "outcomes": {s: {o or "open": n for o, n in counts.items()} for s, counts in r.outcomes.items()},
                }
                for r in rows
            ]
            for cut, rows in view.cuts.items()
        },
    }  # fmt: skip
