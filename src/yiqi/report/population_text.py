"""A population in some lines for the terminal: how far each kind of total is from what was published."""

from __future__ import annotations

from collections.abc import Iterator

from yiqi.law.bilingual import Language
from yiqi.law.diagnostics import display_width
from yiqi.report.population_view import Part, PopulationView
from yiqi.report.wrapping import padded, wrap

IN_FULL = ("classes", "staff", "large", "titles", "ages")
"""Chapters of which each line is shown; of the others the largest difference."""

NAME, FIGURE = 40, 16
NAMED = 12
"""Columns that are not made up, by name; the page has them all."""


def render_population_text(view: PopulationView, language: Language, width: int = 100) -> str:
    """The summary, at most ``width`` columns wide."""
    return "\n".join(_lines(view, language, width)) + "\n"


def _lines(view: PopulationView, language: Language, width: int) -> Iterator[str]:
    def say(en: str, zh: str) -> str:
        return zh if language == "zh" else en

    yield from wrap(view.label[language], width)
    yield ""
    yield " · ".join(f"{label[language]} {value[language]}" for label, value in view.facts)
    yield ""
    yield _row(("", say("published", "公布值"), say("achieved", "拟合值"), say("difference", "差异")))
    for part in view.parts:
        if part.id not in IN_FULL:
            yield _whole(part, language, say("largest difference", "最大差异"))
            continue
        yield part.title[language]
        for row in part.rows:
            note = "" if row.is_fitted else say(" (not fitted)", "（未拟合）")
            yield _row(
                (
                    f"  {row.label[language]}{note}",
                    row.published[language],
                    row.achieved[language],
                    row.difference[language],
                )
            )
    if view.few_rows:
        yield ""
        yield from wrap(view.few[language], width)
    yield ""
    yield say("Unknown, by group of facts", "未知比例（按事实类别）")
    for unknown in view.unknown:
        held = unknown.least[language]
        if unknown.most != unknown.least:
            held = f"{held} – {unknown.most[language]}"
        yield f"  {padded(unknown.group[language], NAME)} {held}"
    if view.left_out:
        listed = ", ".join(view.left_out[:NAMED])
        more = len(view.left_out) - NAMED
        if more > 0:
            listed += say(f" and {more} more", f"等{len(view.left_out)}项")
        said = say(
            f"Facts that the law reads and that are not made up, unknown for every row: {listed}",
            f"法规读取但未编造、每行均为未知的事实：{listed}",
        )
        yield ""
        yield from wrap(said, width)


def _row(cells: tuple[str, str, str, str]) -> str:
    name, *figures = cells
    return padded(name, NAME) + " " + " ".join(" " * max(0, FIGURE - display_width(f)) + f for f in figures)


def _whole(part: Part, language: Language, words: str) -> str:
    return _row((part.title[language], "", words, part.farthest[language]))
