"""Several days beside each other, as plain text for a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from yiqi.law.bilingual import Language
from yiqi.report.days import ChangedCondition, DaysView, SchemeDays
from yiqi.report.phrases import MARK_WORDS, MARKS, WORDS, day_text, figure_words
from yiqi.report.row import Row
from yiqi.report.terminal import WIDTH, Style, plain
from yiqi.report.text import column_widths, table_line
from yiqi.report.view import SchemeView
from yiqi.report.wrapping import wrap


def render_days(view: DaysView, language: Language, style: Style = plain, width: int = WIDTH) -> str:
    """A table of question by day; then, for each question that differs, the version of each day and what changed."""
    return "\n".join(_lines(view, language, style, width)) + "\n"


def _lines(view: DaysView, language: Language, style: Style, width: int) -> Iterator[str]:
    first = view.reports[0]
    yield from wrap(f"{first.name[language]}  {first.uscc}".rstrip(), width)
    yield f"  {WORDS['procedure'][language]}{': ' if language == 'en' else '：'}{first.procedure[language]}"
    yield ""
    table = [["", *(day_text(day)[language] for day in view.days)]]
    table += [
        [scheme.title[language], *(f"{MARKS[day.outcome]} {day.word[language]}" for day in scheme.days)]
        for scheme in view.schemes
    ]
    widths = column_widths(table)
    if sum(widths) + 2 * len(widths) <= width:
        for number, cells in enumerate(table):
            line = table_line(cells, widths)
            if number:
                for cell, day in zip(cells[1:], view.schemes[number - 1].days, strict=True):
                    line = line.replace(cell, style(cell, day.outcome), 1) if style is not plain else line
            yield line
    else:
        for cells in table[1:]:
            yield cells[0]
            for name, cell in zip(table[0][1:], cells[1:], strict=True):
                yield from wrap(f"{name}  {cell}", width, "  ", "      ")
    for scheme in view.schemes:
        if scheme.differs:
            yield ""
            yield from _scheme(scheme, view, language, style, width)
    yield ""
    for tag in dict.fromkeys(tag for report in view.reports for tag in report.tags):
        yield tag[language]
    if view.without_relief:
        yield from wrap(WORDS["one_day"][language], width)
    yield from wrap(WORDS["note"][language], width)


def _outcome(day: SchemeView, language: Language) -> str:
    tag = f" [{day.confidence}]" if day.confidence not in (None, "A") else ""
    return f"{MARKS[day.outcome]} {day.word[language]}{tag}"


def _scheme(scheme: SchemeDays, view: DaysView, language: Language, style: Style, width: int) -> Iterator[str]:
    zh = language == "zh"
    yield scheme.title[language]
    names = [day_text(day)[language] for day in view.days]
    for name, day in zip(names, scheme.days, strict=True):
        score = "" if day.score is None else (f"，得分{day.score.text.zh}" if zh else f", score {day.score.text.en}")
        said = _outcome(day, language)
        first, *rest = wrap(f"{name}  {said}{score}", width, "  ", "      ")
        yield first.replace(said, style(said, day.outcome), 1)
        yield from rest
        if day.cite is not None:
            yield from wrap(
                f"{day.cite[language]}{'：' if zh else ': '}{day.version[language]}", width, "      ", "      "
            )
    both = [c for c in scheme.changed if c.only is None]
    if both:
        yield "  " + ("要求或结果不同：" if zh else "Asked or answered differently:")
        for condition in both:
            yield from wrap(condition.text[language], width, "    ", "      ")
            for name, cell in zip(names, condition.cells, strict=True):
                yield from wrap(f"{name}  {_cell(cell, language)}", width, "      ", "          ")
    for number, name in enumerate(names):
        alone = [c for c in scheme.changed if c.only == number]
        if alone:
            yield f"  仅在{name}要求：" if zh else f"  Asked only on {name}:"
            for condition in alone:
                yield from wrap(_alone(condition, number, language), width, "    ", "      ")


def _alone(condition: ChangedCondition, number: int, language: Language) -> str:
    cell = condition.cells[number]
    if len(cell) == 1 and cell[0].required is None:
        return f"{MARKS[cell[0].mark]} {condition.text[language]}"
    return f"{condition.text[language]}{'：' if language == 'zh' else ': '}{_cell(cell, language)}"


def _cell(cell: tuple[Row, ...], language: Language) -> str:
    if not cell:
        return f"– {WORDS['not_asked'][language]}"
    texts = []
    for row in cell:
        parts = [row.required[language] if row.required is not None else MARK_WORDS[row.mark][language]]
        if row.figure is not None and row.required is not None:
            parts.append(figure_words(row.figure)[language])
        if row.gap is not None:
            parts.append(row.gap[language])
        texts.append(f"{MARKS[row.mark]} " + ("，" if language == "zh" else ", ").join(parts))
    return ("；" if language == "zh" else "; ").join(texts)
