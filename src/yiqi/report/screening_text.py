"""A screened table in the terminal: counts, what keeps enterprises out, and who is near."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from yiqi.law.bilingual import Bilingual, Language
from yiqi.law.diagnostics import display_width
from yiqi.report.phrases import OUTCOMES, SEMICOLON, colon, inside, listed
from yiqi.report.screening import CUT_TITLES, SYNTHETIC, CutRow, SchemeFigures, ScreeningView
from yiqi.report.wrapping import padded, wrap

WIDTH = 100
SHOWN_LINES = 5
SHOWN_ROWS = 12
HEADING_WIDTH = 14
LABEL_SHARE = 3
"""A third of the width is the most that names of provinces and industries take; a longer one has several lines."""
GAP = "  "

_WORDS = {
    "enterprises": Bilingual("enterprises", "企业数"),
    "question": Bilingual("Question", "项目"),
    "lines": Bilingual("What keeps enterprises out", "主要不满足的条件"),
    "near": Bilingual("Nearest: one line away", "最接近的企业（仅差一项）"),
    "row": Bilingual("row {}", "第{}行"),
    "yes_by": Bilingual("how many meet each question, and how many are open (?)", "各项符合的企业数，?后为待定数"),
    "nobody": Bilingual("Nobody meets, and nothing is open", "无企业符合，也无待定"),
    "more": Bilingual("and {} more", "另有{}行"),
}


def render_screening(view: ScreeningView, language: Language, width: int = WIDTH) -> str:
    """The report as lines of text in one language."""
    return "\n".join(_lines(view, language, width)) + "\n"


def _lines(view: ScreeningView, language: Language, width: int) -> Iterator[str]:
    if view.synthetic:
        yield f"*** {SYNTHETIC[language]} ***"
    yield from wrap(view.headline[language], width)
    if view.marked:
        marked = Bilingual(
            f"{view.marked:,} of them {'has' if view.marked == 1 else 'have'} cells that could not be read; "
            "those cells count as unknown",
            f"其中{view.marked:,}家有无法识别的单元格，这些单元格按未知处理",
        )
        yield from wrap(marked[language], width, "  ", "  ")
    yield ""
    yield from _outcomes(view, language, width)
    for title in view.without_rule:
        none = Bilingual(f"{title.en}: no rule on this day", f"{title.zh}：当日无适用规定")
        yield f"  {none[language]}"
    for cut, rows in view.cuts.items():
        yield ""
        yield from wrap(f"{CUT_TITLES[cut][language]}{colon(language)}{_WORDS['yes_by'][language]}", width)
        yield from _cut(view.schemes, rows, CUT_TITLES[cut][language], language, width)
    for figures in view.schemes:
        if figures.lines or figures.neighbours:
            yield ""
            yield from _scheme(figures, language, width)


def _outcomes(view: ScreeningView, language: Language, width: int) -> Iterator[str]:
    for figures in view.schemes:
        if figures.classes:
            parts = [
                f"{o.label[language]}{colon(language)}{_share(o.enterprises, view.rows, language)}"
                for o in figures.outcomes
            ]
            yield from wrap(" · ".join([figures.title[language], *parts]), width, "  ", "    ")
    truths = [s for s in view.schemes if not s.classes]
    if not truths:
        return
    rows = [
        [s.title[language], *(_share(s.number(o), view.rows, language) for o in ("yes", "unknown", "no"))]
        for s in truths
    ]
    heading = [_WORDS["question"][language], *(OUTCOMES[o][language] for o in ("yes", "unknown", "no"))]
    yield from _table([heading, *rows], width)


def _cut(
    schemes: Sequence[SchemeFigures], rows: Sequence[CutRow], title: str, language: Language, width: int
) -> Iterator[str]:
    truths = [s for s in schemes if not s.classes]
    asked = [s for s in truths if s.number("yes") or s.number("unknown")]
    heading = [title, _WORDS["enterprises"][language], *(s.title[language] for s in asked)]
    body = [
        [
            r.label[language],
            f"{r.enterprises:,}",
            *(_yes_and_open(r.number(s.scheme, "yes"), r.number(s.scheme, "unknown")) for s in asked),
        ]
        for r in rows[:SHOWN_ROWS]
    ]
    yield from _table([heading, *body], width, kept=2)
    if len(rows) > SHOWN_ROWS:
        yield "  " + _WORDS["more"][language].format(len(rows) - SHOWN_ROWS)
    nobody = [s.title[language] for s in truths if s not in asked]
    if nobody:
        between = "、" if language == "zh" else ", "
        yield from wrap(f"{_WORDS['nobody'][language]}{colon(language)}{between.join(nobody)}", width, "  ", "    ")


def _yes_and_open(yes: int, still_open: int) -> str:
    return f"{yes:,}" if not still_open else f"{yes:,} ?{still_open:,}"


def _scheme(figures: SchemeFigures, language: Language, width: int) -> Iterator[str]:
    yield figures.title[language]
    if figures.lines:
        yield f"  {_WORDS['lines'][language]}"
        for line in figures.lines[:SHOWN_LINES]:
            numbers = Bilingual(
                f"fails {line.failed:,}, the only obstacle for {line.alone:,}",
                f"{line.failed:,}家不满足，其中{line.alone:,}家仅差此项",
            )
            tag = "" if line.confidence == "A" else f" [{line.confidence}]"
            yield from wrap(f"{line.text[language]}{tag}", width, "    ✗ ", "      ")
            yield from wrap(listed([numbers, line.cite], SEMICOLON)[language], width, "        ", "        ")
    if figures.neighbours:
        yield f"  {_WORDS['near'][language]}"
        for n in figures.neighbours:
            row = _WORDS["row"][language].format(n.row)
            who = " ".join(part for part in (n.name, n.uscc) if part)
            yield from wrap(
                row if not who else f"{who}（{row}）" if language == "zh" else f"{who} ({row})",
                width,
                "    · ",
                "      ",
            )
            gap = Bilingual(f": {inside(n.gap.en)}", f"：{n.gap.zh}") if n.gap is not None else Bilingual("", "")
            yield from wrap(n.line[language] + gap[language], width, "        ", "        ")


def _share(number: int, whole: int, language: Language) -> str:
    if not whole:
        return f"{number:,}"
    # Tenths of a percent, rounded half up, in whole numbers.
    tenths = (number * 2000 + whole) // (2 * whole)
    share = f"{tenths // 10}.{tenths % 10}%"
    return f"{number:,}（{share}）" if language == "zh" else f"{number:,} ({share})"


def _table(rows: Sequence[Sequence[str]], width: int, kept: int = 1) -> Iterator[str]:
    """A table, its first column to the left and the others to the right. What does not fit the width follows below, with
    the first ``kept`` columns again."""
    heading, *body = rows
    labels = [_broken(row[0], width // LABEL_SHARE) for row in rows]
    heads = [_broken(text, HEADING_WIDTH) for text in heading[1:]]
    widths = [max(display_width(lines[0]) for lines in labels)]
    widths += [
        max(display_width(text) for text in (*head, *(row[i] for row in body))) for i, head in enumerate(heads, start=1)
    ]
    for number, columns in enumerate(_blocks(widths, width, kept)):
        if number:
            yield ""
        depth = max(len(heads[i - 1]) for i in columns if i)
        # The words of a heading stand on its last lines, next to the figures.
        for line in range(depth):
            cells = [heading[0] if line == depth - 1 else ""]
            for i in columns[1:]:
                at = line - (depth - len(heads[i - 1]))
                cells.append(heads[i - 1][at] if at >= 0 else "")
            yield _aligned(cells, [widths[i] for i in columns])
        for row, label in zip(body, labels[1:], strict=True):
            yield _aligned([label[0], *(row[i] for i in columns[1:])], [widths[i] for i in columns])
            yield from (GAP + GAP + part for part in label[1:])


def _blocks(widths: Sequence[int], width: int, kept: int) -> Iterator[list[int]]:
    """Columns by number, as many at a time as fit, each time with the first ``kept`` ones."""
    first = list(range(kept))
    block = list(first)
    for column in range(kept, len(widths)):
        if len(block) > kept and sum(len(GAP) + widths[i] for i in (*block, column)) > width:
            yield block
            block = list(first)
        block.append(column)
    yield block


def _aligned(cells: Sequence[str], widths: Sequence[int]) -> str:
    line = [padded(cells[0], widths[0])]
    line += [" " * (w - display_width(cell)) + cell for cell, w in zip(cells[1:], widths[1:], strict=True)]
    return (GAP + GAP.join(line)).rstrip()


def _broken(text: str, width: int) -> list[str]:
    """A text in as few lines as a width allows, of about the same length; a word is never cut."""
    fewest = max(1, -(-display_width(text) // width))
    narrow = -(-display_width(text) // fewest)
    lines = _filled(text, narrow)
    while len(lines) > fewest and narrow < width:
        narrow += 1
        lines = _filled(text, narrow)
    return lines


def _filled(text: str, width: int) -> list[str]:
    """A text in lines as full as a width allows."""
    separator = " " if text.isascii() else ""
    lines = [""]
    for piece in text.split(" ") if text.isascii() else text:
        joined = f"{lines[-1]}{separator if lines[-1] else ''}{piece}"
        if lines[-1] and display_width(joined) > width:
            lines.append(piece)
        else:
            lines[-1] = joined
    return lines
