"""A screened table in the terminal: counts, what keeps enterprises out, and who is near."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from yiqi.law.bilingual import Bilingual, Language
from yiqi.law.diagnostics import display_width
from yiqi.report.phrases import OUTCOMES, inside
from yiqi.report.screening import CUT_TITLES, SYNTHETIC, CutRow, SchemeFigures, ScreeningView
from yiqi.report.wrapping import padded, wrap

WIDTH = 100
SHOWN_LINES = 5
SHOWN_ROWS = 12
HEADING_WIDTH = 13

_WORDS = {
    "enterprises": Bilingual("enterprises", "企业数"),
    "question": Bilingual("Question", "项目"),
    "lines": Bilingual("What keeps enterprises out", "主要不满足的条件"),
    "failed": Bilingual("fails", "不满足"),
    "alone": Bilingual("only this", "仅差此项"),
    "near": Bilingual("Nearest: one line away", "最接近的企业（仅差一项）"),
    "row": Bilingual("row", "第{}行"),
    "yes_by": Bilingual("How many meet each question", "各项符合的企业数"),
    "more": Bilingual("and {} more", "另有{}行"),
}


def render_screening(view: ScreeningView, language: Language, width: int = WIDTH) -> str:
    """The report as lines of text in one language."""
    return "\n".join(_lines(view, language, width)) + "\n"


def _lines(view: ScreeningView, language: Language, width: int) -> Iterator[str]:
    def say(text: Bilingual) -> str:
        return text.zh if language == "zh" else text.en

    if view.synthetic:
        yield f"*** {say(SYNTHETIC)} ***"
    yield say(view.headline)
    if view.marked:
        marked = Bilingual(
            f"{view.marked:,} of them have cells that could not be read; those cells count as unknown",
            f"其中{view.marked:,}家有无法识别的单元格，这些单元格按未知处理",
        )
        yield f"  {say(marked)}"
    yield ""
    yield from _outcomes(view, language)
    for title in view.without_rule:
        none = Bilingual(f"{title.en}: no rule on this day", f"{title.zh}：当日无适用规定")
        yield f"  {say(none)}"
    for cut, rows in view.cuts.items():
        yield ""
        yield f"{say(CUT_TITLES[cut])} · {say(_WORDS['yes_by'])}"
        yield from _cut(view.schemes, rows, say(CUT_TITLES[cut]), language)
    for figures in view.schemes:
        if figures.lines or figures.neighbours:
            yield ""
            yield from _scheme(figures, language, width)


def _outcomes(view: ScreeningView, language: Language) -> Iterator[str]:
    def say(text: Bilingual) -> str:
        return text.zh if language == "zh" else text.en

    truths = [s for s in view.schemes if s.lines or any(o.outcome in ("yes", "no", "unknown") for o in s.outcomes)]
    for figures in view.schemes:
        if figures not in truths:
            parts = [f"{say(o.label)} {_share(o.enterprises, view.rows)}" for o in figures.outcomes]
            yield f"  {say(figures.title)}{'：' if language == 'zh' else ': '}{' · '.join(parts)}"
    if not truths:
        return
    rows = [[say(s.title), *(_share(s.number(o), view.rows) for o in ("yes", "unknown", "no"))] for s in truths]
    heading = [say(_WORDS["question"]), *(say(OUTCOMES[o]) for o in ("yes", "unknown", "no"))]
    yield from _table([heading, *rows])


def _cut(schemes: Sequence[SchemeFigures], rows: Sequence[CutRow], title: str, language: Language) -> Iterator[str]:
    asked = [s for s in schemes if any(o.outcome in ("yes", "no", "unknown") for o in s.outcomes)]
    heading = [title, _WORDS["enterprises"].zh if language == "zh" else _WORDS["enterprises"].en]
    heading += [s.title.zh if language == "zh" else s.title.en for s in asked]
    body = [
        [
            r.label.zh if language == "zh" else r.label.en,
            f"{r.enterprises:,}",
            *(f"{r.yes.get(s.scheme, 0):,}" for s in asked),
        ]
        for r in rows[:SHOWN_ROWS]
    ]
    yield from _table([heading, *body])
    if len(rows) > SHOWN_ROWS:
        left = len(rows) - SHOWN_ROWS
        more = _WORDS["more"]
        yield "  " + (more.zh if language == "zh" else more.en).format(left)


def _scheme(figures: SchemeFigures, language: Language, width: int) -> Iterator[str]:
    def say(text: Bilingual) -> str:
        return text.zh if language == "zh" else text.en

    yield say(figures.title)
    if figures.lines:
        yield f"  {say(_WORDS['lines'])}"
        for line in figures.lines[:SHOWN_LINES]:
            numbers = Bilingual(
                f"fails {line.failed:,}, the only obstacle for {line.alone:,}",
                f"{line.failed:,}家不满足，其中{line.alone:,}家仅差此项",
            )
            tag = "" if line.confidence == "A" else f" [{line.confidence}]"
            yield from wrap(f"{say(line.text)}{tag}", width, "    ✗ ", "      ")
            yield from wrap(
                f"{say(numbers)}；{say(line.cite)}" if language == "zh" else f"{say(numbers)}; {say(line.cite)}",
                width,
                "        ",
                "        ",
            )
    if figures.neighbours:
        yield f"  {say(_WORDS['near'])}"
        for n in figures.neighbours:
            row = _WORDS["row"].zh.format(n.row) if language == "zh" else f"row {n.row}"
            who = " ".join(part for part in (n.name, n.uscc) if part) or row
            if n.name or n.uscc:
                who += f"（{row}）" if language == "zh" else f" ({row})"
            text = say(n.line) + ((f"：{n.gap.zh}" if language == "zh" else f": {inside(n.gap.en)}") if n.gap else "")
            yield from wrap(f"{who}", width, "    · ", "      ")
            yield from wrap(text, width, "        ", "        ")


def _share(number: int, whole: int) -> str:
    if not whole:
        return f"{number:,}"
    # Tenths of a percent, rounded half up, in whole numbers.
    tenths = (number * 2000 + whole) // (2 * whole)
    return f"{number:,} ({tenths // 10}.{tenths % 10}%)"


def _heading_lines(headings: Sequence[str]) -> list[list[str]]:
    """A heading row broken into as many lines as its longest heading needs."""
    broken = [[heading] if i == 0 else _broken(heading) for i, heading in enumerate(headings)]
    depth = max(len(lines) for lines in broken)
    return [[lines[i] if i < len(lines) else "" for lines in broken] for i in range(depth)]


def _broken(text: str) -> list[str]:
    lines = [""]
    for piece in text.split(" ") if text.isascii() else list(text):
        joined = f"{lines[-1]} {piece}".strip() if text.isascii() else lines[-1] + piece
        if lines[-1] and display_width(joined) > HEADING_WIDTH:
            lines.append(piece)
        else:
            lines[-1] = joined
    return lines


def _table(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    heading, *body = rows
    lines = [*_heading_lines(heading), *body]
    widths = [max(display_width(row[i]) for row in lines) for i in range(len(heading))]
    for row in lines:
        cells = [padded(row[0], widths[0])]
        cells += [" " * (w - display_width(cell)) + cell for cell, w in zip(row[1:], widths[1:], strict=True)]
        yield ("  " + "  ".join(cells)).rstrip()
