"""The answers of several days beside each other: what changes with the version of the rule."""

from __future__ import annotations

from yiqi.law.bilingual import Language
from yiqi.law.diagnostics import display_width
from yiqi.report.text import MARKS, Style, plain
from yiqi.report.view import Line, ReportView, SchemeView


def render_comparison(views: list[ReportView], language: Language, style: Style = plain) -> str:
    """A table of scheme by day, then for each scheme that differs the rule of each day and what fails or is open."""
    first = views[0]
    zh = language == "zh"
    rows: list[list[str]] = [["", *(v.day(language) for v in views)]]
    for k, scheme in enumerate(first.schemes):
        cells = [scheme.title[language]]
        for view in views:
            other = view.schemes[k]
            cells.append(f"{MARKS[other.outcome]} {other.word[language]}")
        rows.append(cells)
    widths = [max(display_width(row[c]) for row in rows) for c in range(len(rows[0]))]
    name = first.name or ("（未填名称）" if zh else "(no name)")
    lines = [f"{name}  {first.uscc}".rstrip(), ""]
    for number, row in enumerate(rows):
        cells = [cell + " " * (widths[c] - display_width(cell)) for c, cell in enumerate(row)]
        if number:
            cells = [cells[0], *(style(cell, views[c].schemes[number - 1].outcome) for c, cell in enumerate(cells[1:]))]
        lines.append("  ".join(cells).rstrip())
    for k, scheme in enumerate(first.schemes):
        others = [v.schemes[k] for v in views]
        if len({(o.number, o.outcome, tuple(i.id for i in (*o.failed, *o.open))) for o in others}) == 1:
            continue
        lines += ["", scheme.title[language]]
        for view, other in zip(views, others, strict=True):
            cite = other.cite[language] if other.cite is not None else ""
            lines.append(f"  {view.day(language)}  {cite}  {MARKS[other.outcome]} {other.word[language]}")
            lines += [f"      {_item(item, language)}" for item in (*other.failed, *other.open)]
        changed = _changed(others, language)
        if changed:
            lines.append("  " + ("条件相同而结果不同：" if zh else "The same fact, judged differently:"))
            lines += [f"      {text}" for text in changed]
    return "\n".join(lines) + "\n"


def _item(item: Line, language: Language) -> str:
    zh = language == "zh"
    text = f"{'  ' * item.depth}{MARKS[item.mark]} {item.text[language]}"
    if item.points is not None:
        low, high, most = item.points
        return text + (
            f"：{low if low == high else low + '至' + high}分（满分{most}分）"
            if zh
            else f": {low if low == high else low + ' to ' + high} of {most} points"
        )
    if item.actual is not None and not item.heading:
        text += f"（实为{item.actual.zh}）" if zh else f" (is {item.actual.en})"
    if item.short is not None:
        text += ("，" if zh else ", ") + item.short[language]
    return text


def _changed(others: list[SchemeView], language: Language) -> list[str]:
    """Conditions with the same wording whose result differs between the days."""
    found: list[str] = []
    marks = [
        {line.text[language]: line.mark for line in o.every if not line.heading and line.mark != "points"}
        for o in others
    ]
    for text, mark in marks[0].items():
        seen = [m.get(text, mark) for m in marks]
        if len(set(seen)) > 1:
            found.append(f"{text}: " + " → ".join(MARKS[m] for m in seen))
    return found
