"""Two versions compared, as plain text for a terminal."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence

from yiqi.law.bilingual import Bilingual, Language
from yiqi.law.diagnostics import display_width
from yiqi.report.comparison import CauseView, ComparisonView, ExampleView, MovedRow, SchemeView
from yiqi.report.comparison_words import CAUSES, PLACE, WORDS, share, signed, with_share
from yiqi.report.line_texts import LineText
from yiqi.report.phrases import colon
from yiqi.report.screening import CUT_TITLES, SYNTHETIC
from yiqi.report.terminal import WIDTH, Style, plain
from yiqi.report.wrapping import padded, wrap
from yiqi.screening.changes import Direction

SHOWN_CAUSES = 6
SHOWN_SETS = 4
SHOWN_ROWS = 8
SHOWN_EXAMPLES = 5
BAR = 24
LABEL = 40
"""Columns of the first column of a table; longer labels go on below."""

_SIGNS: dict[Direction, str] = {"lost": "-", "gained": "+", "other": "#"}
_MARKS: dict[Direction, str] = {"lost": "no", "gained": "yes", "other": "unknown"}
"""The outcome in whose colour a direction is shown."""


def render_comparison(view: ComparisonView, language: Language, style: Style = plain, width: int = WIDTH) -> str:
    """The report as lines of text in one language."""
    return "\n".join(_Writer(language, style, width).report(view)) + "\n"


class _Writer:
    def __init__(self, language: Language, style: Style, width: int) -> None:
        self.lang = language
        self.style = style
        self.width = width

    def word(self, key: str) -> str:
        return WORDS[key][self.lang]

    def say(self, en: str, zh: str) -> str:
        return zh if self.lang == "zh" else en

    def pair(self, label: str, value: str) -> Iterator[str]:
        yield from wrap(f"{label}{colon(self.lang)}{value}", self.width, "  ", "    ")

    # -- the whole ----------------------------------------------------------------------------------------------------

    def report(self, view: ComparisonView) -> Iterator[str]:
        if view.synthetic:
            yield from wrap(f"*** {SYNTHETIC[self.lang]} ***", self.width)
        yield self.word("title")
        yield from self.pair(self.word("before"), view.before[self.lang])
        yield from self.pair(self.word("after"), view.after[self.lang])
        yield from self.pair(
            self.word("table"),
            f"{view.table}{self.say(', ', '，')}{view.rows:,}{self.say(' enterprise' + ('' if view.rows == 1 else 's'), '家企业')}",
        )
        if view.marked:
            marked = self.say(
                f"{view.marked:,} of them have cells that could not be read; those cells count as unknown",
                f"其中{view.marked:,}家有无法识别的单元格，这些单元格按未知处理",
            )
            yield from wrap(marked, self.width, "    ", "    ")
        yield from wrap(view.compared[self.lang], self.width, "  ", "  ")
        yield ""
        if not view.schemes:
            yield from wrap(self.word("none_differ"), self.width)
        else:
            yield from self.overview(view)
        yield from self.beside(view)
        for scheme in view.schemes:
            yield ""
            yield from self.scheme(scheme)
        yield ""
        yield from wrap(self.word("note"), self.width)

    def overview(self, view: ComparisonView) -> Iterator[str]:
        """A line per question: how many held before and after, and how many move."""
        truths = [s for s in view.schemes if not s.is_class]
        if truths:
            heads = ["question", "yes_before", "yes_after", "difference", "lost", "gained"]
            yield from self.table([
                [self.word(h) for h in heads],
                *(
                    [
                        s.title[self.lang], with_share(s.yes_before, s.enterprises, self.lang),
                        with_share(s.yes_after, s.enterprises, self.lang), signed(s.yes_after - s.yes_before),
                        f"{s.moved['lost']:,}", f"{s.moved['gained']:,}",
                    ]
                    for s in truths
                ),
            ])  # fmt: skip
            yield from wrap(self.word("ways"), self.width, "  ", "  ")
        for scheme in view.schemes:
            if scheme.is_class:
                number = with_share(scheme.changed, scheme.enterprises, self.lang)
                yield from self.pair(scheme.title[self.lang], self.say(f"{number} change class", f"{number}类型改变"))

    def beside(self, view: ComparisonView) -> Iterator[str]:
        """What was not counted: questions that are the same or in one version only, and columns the table lacks."""
        between = self.say(", ", "、")
        if view.same:
            yield from self.pair(self.word("same"), between.join(t[self.lang] for t in view.same))
        if view.one_sided:
            named = [
                self.say(f"{title.en} ({side})", f"{title.zh}（{self.word(side)}）") for title, side in view.one_sided
            ]
            yield from self.pair(self.word("one_sided"), between.join(named))
        if view.absent:
            names = [
                label[self.lang] + (self.say(f" ({side})", f"（{self.word(side)}）") if side else "")
                for label, side in view.absent
            ]
            more = self.say(f" and {len(names) - 6} more", f"等{len(names)}列") if len(names) > 6 else ""
            yield from self.pair(
                self.word("absent"), between.join(names[:6]) + more + self.say(". ", "。") + self.word("absent_note")
            )

    # -- one question -------------------------------------------------------------------------------------------------

    def scheme(self, scheme: SchemeView) -> Iterator[str]:
        yield from wrap(scheme.title[self.lang], self.width)
        yield from wrap(f"{scheme.before[self.lang]} → {scheme.after[self.lang]}", self.width, "  ", "  ")
        if not scheme.changed:
            yield from wrap(self.word("no_change"), self.width, "  ", "  ")
            return
        yield f"  {self.word('matrix')}"
        yield from self.matrix(scheme)
        for way, causes in scheme.causes.items():
            if causes:
                yield ""
                head = self.say(
                    f"{CAUSES[way].en} ({scheme.moved[way]:,})", f"{CAUSES[way].zh}（{scheme.moved[way]:,}家）"
                )
                yield from (self.style(line, _MARKS[way]) for line in wrap(head, self.width, "  ", "    "))
                yield from self.causes(scheme, way, causes)
        for cut, rows in scheme.cuts.items():
            moving = [row for row in rows if row.changed]
            if moving:
                yield ""
                yield f"  {CUT_TITLES[cut][self.lang]}"
                yield from self.moved(scheme, moving)
        if scheme.examples:
            yield ""
            yield f"  {self.word('sample')}"
            for example in _of_each_change(scheme.examples, SHOWN_EXAMPLES):
                row = self.say(f"row {example.row}", f"第{example.row}行")
                who = " ".join(part for part in (example.name, example.uscc) if part)
                who = self.say(f"{who} ({row})", f"{who}（{row}）") if who else row
                lines = self.say("; ", "；").join(cause.text[self.lang] for cause in example.causes)
                yield from wrap(
                    f"{who}{self.say(', ', '，')}{example.change[self.lang]}", self.width, "    · ", "      "
                )
                yield from wrap(lines, self.width, "        ", "        ")

    def matrix(self, scheme: SchemeView) -> Iterator[str]:
        """With the share of each cell where there is room for it."""
        with_shares = self._cells_of(scheme, lambda n: with_share(n, scheme.enterprises, self.lang))
        if self._fits(with_shares):
            yield from self.table(with_shares)
        else:
            yield from self.table(self._cells_of(scheme, lambda n: f"{n:,}"))

    def _cells_of(self, scheme: SchemeView, written: Callable[[int], str]) -> list[list[str]]:
        corner = f"{self.word('before')} ↓  {self.word('after')} →"
        table = [[corner, *(label[self.lang] for label in scheme.matrix.labels), self.word("total")]]
        for row in scheme.matrix.rows:
            cells = [written(n) if n else "–" for n in row.cells]
            table.append([row.label[self.lang], *cells, f"{row.total:,}"])
        table.append([self.word("total"), *(f"{n:,}" for n in scheme.matrix.totals), f"{scheme.matrix.whole:,}"])
        return table

    def causes(self, scheme: SchemeView, way: Direction, causes: Sequence[CauseView]) -> Iterator[str]:
        for cause in causes[:SHOWN_CAUSES]:
            yield from self.cause(cause, way, scheme.moved[way])
        if len(causes) > SHOWN_CAUSES:
            left = len(causes) - SHOWN_CAUSES
            yield self.say(f"    … and {left} more lines", f"    ……另有{left}条")
        together = [found for found in scheme.sets[way] if found.is_worth_showing][:SHOWN_SETS]
        if together:
            yield f"    {self.word('together')}"
            for found in together:
                lines = self.say("; ", "；").join(causes[place].text[self.lang] for place in found.lines)
                yield from wrap(f"{found.enterprises:,}  {lines}", self.width, "      ", "          ")

    def cause(self, cause: CauseView, way: Direction, whole: int) -> Iterator[str]:
        tag = f" [{cause.confidence}]" if cause.confidence != "A" else ""
        numbers = self.say(
            f"{cause.number:,} ({share(cause.number, whole)}), {cause.alone:,} through this alone",
            f"{cause.number:,}家（{share(cause.number, whole)}），其中{cause.alone:,}家仅因此项",
        )
        cite = cause.cite[self.lang]
        yield from wrap(f"{PLACE[way]} {numbers}{self.say('; ', '；')}{cite}{tag}", self.width, "    ", "      ")
        if cause.is_same:
            yield from wrap(cause.text[self.lang], self.width, "        ", "        ")
            yield from wrap(self.word("same_text"), self.width, "        ", "        ")
            return
        none = self.word("not_asked") if way != "gained" else self.word("no_longer")
        for key, lines in (("before", cause.before), ("after", cause.after)):
            text = self.lines(lines) or none
            yield from wrap(f"{self.word(key)}{colon(self.lang)}{text}", self.width, "        ", "          ")

    def lines(self, lines: Sequence[LineText]) -> str:
        return self.say("; ", "；").join(line.text[self.lang] for line in lines)

    def moved(self, scheme: SchemeView, rows: Sequence[MovedRow]) -> Iterator[str]:
        ways = list(scheme.moved)
        most = max(row.changed for row in rows)
        table = [["", self.word("enterprises"), *map(self.word, ways), ""]]
        for row in rows[:SHOWN_ROWS]:
            bar = "".join(_SIGNS[way] * _cells(row.moved[way], most) for way in ways)
            table.append([row.label[self.lang], f"{row.enterprises:,}", *(f"{row.moved[w]:,}" for w in ways), bar])
        yield from self.table(table, last_left=True)
        if len(rows) > SHOWN_ROWS:
            left = len(rows) - SHOWN_ROWS
            yield self.say(f"    … and {left} more", f"    ……另有{left}个")

    # -- tables -------------------------------------------------------------------------------------------------------

    def _fits(self, rows: Sequence[Sequence[str]]) -> bool:
        widths = _widths(rows)
        return sum(widths) + 2 * len(widths) + 2 <= self.width

    def table(self, rows: Sequence[Sequence[str]], *, last_left: bool = False) -> Iterator[str]:
        """A table with its first column to the left and figures to the right; row by row below each other where it does
        not fit."""
        labels = [_label(row[0]) for row in rows]
        if self._fits(rows):
            widths = _widths(rows)
            for row, (label, *more) in zip(rows, labels, strict=True):
                cells = [padded(label, widths[0])]
                for column in range(1, len(row)):
                    cell, space = row[column], " " * (widths[column] - display_width(row[column]))
                    cells.append(cell + space if last_left and column == len(row) - 1 else space + cell)
                yield ("    " + "  ".join(cells)).rstrip()
                yield from (f"      {line}" for line in more)
            return
        heading, *body = rows
        for row in body:
            yield from wrap(row[0], self.width, "    ", "      ")
            named = [f"{head}{colon(self.lang)}{cell}" for head, cell in zip(heading[1:], row[1:], strict=True) if head]
            yield from wrap(self.say("; ", "；").join(named), self.width, "      ", "        ")


def _label(text: str) -> list[str]:
    return list(wrap(text, LABEL)) if display_width(text) > LABEL else [text]


def _widths(rows: Sequence[Sequence[str]]) -> list[int]:
    """Columns that each column of a table takes."""
    first = max(display_width(line) for row in rows for line in _label(row[0]))
    return [first, *(max(display_width(row[c]) for row in rows) for c in range(1, len(rows[0])))]


def _of_each_change(examples: Sequence[ExampleView], most: int) -> list[ExampleView]:
    """Some of the examples, of each change as many."""
    found: dict[Bilingual, list[ExampleView]] = {}
    for example in examples:
        found.setdefault(example.change, []).append(example)
    in_turn = [one for turn in itertools.zip_longest(*found.values()) for one in turn if one is not None]
    return in_turn[:most]


def _cells(number: int, most: int) -> int:
    """The length of a bar: what is there is never shown as nothing."""
    return max(1, number * BAR // most) if number else 0
