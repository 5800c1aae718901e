"""The report as plain text for a terminal, no wider than it is."""

from __future__ import annotations

from collections.abc import Iterator

from yiqi.law.bilingual import Language
from yiqi.law.diagnostics import display_width
from yiqi.report.given_lines import GivenLine
from yiqi.report.phrases import MARKS, WORDS, colon, figure_words, points_text
from yiqi.report.relief_text import ReliefWriter
from yiqi.report.relief_view import RELIEF_WORDS
from yiqi.report.row import Row, Score
from yiqi.report.row_words import about, in_words
from yiqi.report.terminal import WIDTH, Style, plain
from yiqi.report.view import ReportView, SchemeView
from yiqi.report.wrapping import padded, wrap

BAR = 20
"""Columns of the bar of a score."""

IN_SUMMARY = 3
"""Reasons that the summary gives for a no; all of them stand below."""


def render_text(
    view: ReportView, language: Language, *, details: bool = False, style: Style = plain, width: int = WIDTH
) -> str:
    """The whole report. ``details`` adds every condition of every question and the scores item by item."""
    return "\n".join(_Writer(language, style, width, details).report(view)) + "\n"


class _Writer:
    def __init__(self, language: Language, style: Style, width: int, details: bool) -> None:
        self.lang = language
        self.style = style
        self.width = width
        self.details = details
        self.colon = colon(language)

    def say(self, en: str, zh: str) -> str:
        return zh if self.lang == "zh" else en

    def report(self, view: ReportView) -> Iterator[str]:
        yield from self.head(view)
        yield ""
        for number, (schemes, title) in enumerate(
            (schemes, title)
            for schemes, title in ((view.size, ""), (view.ladder, "ladder"), (view.others, "other"))
            if schemes
        ):
            if number:
                yield ""
            if title == "ladder" or (title and number):
                yield WORDS[title][self.lang]
            for scheme in schemes:
                yield from self.summary(scheme)
        relief = ReliefWriter(self.lang, self.style, self.width)
        if view.relief is not None:
            if view.size or view.ladder or view.others:
                yield ""
            yield from relief.summary(view.relief)
        shown: set[str] = set()
        for scheme in view.detailed if self.details else view.told:
            if scheme.failed or scheme.open or scheme.ahead or (self.details and scheme.every):
                yield ""
                yield from self.scheme(scheme, shown)
        if view.documents:
            yield ""
            yield from self.documents(view)
        if view.relief is not None:
            yield ""
            yield self.say("-- ", "—— ") + RELIEF_WORDS["list"][self.lang]
            yield from relief.whole(view.relief)
        yield ""
        for tag in view.tags:
            yield tag[self.lang]
        if not self.details:
            yield from wrap(WORDS["details"][self.lang], self.width)
        yield from wrap(WORDS["note"][self.lang], self.width)

    def head(self, view: ReportView) -> Iterator[str]:
        yield from wrap(f"{view.name[self.lang]}  {view.uscc}".rstrip(), self.width)
        day = (WORDS["on"], view.day(self.lang) + self.say(", ", "，") + view.procedure[self.lang])
        for label, value in ((label, value[self.lang]) for label, value in view.profile):
            yield from self.pair(label[self.lang], value)
        yield from self.pair(day[0][self.lang], day[1])
        for scheme in view.schemes:
            if scheme.id == "size.class":
                yield from self.pair(WORDS["size"][self.lang], scheme.word[self.lang])

    def pair(self, label: str, value: str) -> Iterator[str]:
        yield from wrap(f"{label}{self.colon}{value}", self.width, "  ", "    ")

    # -- the summary --------------------------------------------------------------------------------------------------

    def summary(self, scheme: SchemeView) -> Iterator[str]:
        """A question in a line or two, with the first reasons of a no."""
        mark = f"{MARKS[scheme.outcome]} {scheme.word[self.lang]}"
        text = scheme.title[self.lang]
        ends = [row for row in scheme.failed if not row.heading]
        sentences = [scheme.standing[self.lang]] if scheme.standing[self.lang] else []
        if len(ends) == 1:
            # The one reason stands in the line itself, its figures below.
            fails = self.say("1 condition fails: ", "1项条件不满足：") + ends[0].text[self.lang] + self.say(".", "。")
            sentences = [sentences[0].replace(self.say("1 condition fails.", "1项条件不满足。"), fails, 1)]
        if scheme.held:
            sentences.append(WORDS["is_held"][self.lang])
        sentences += [row.text[self.lang] + self.colon + (row.figure or row.text)[self.lang] for row in scheme.figures]
        if sentences:
            said = self.say(" ", "").join(sentences)
            # A line that ends with a condition has no full stop, so that it can be searched for as the law has it.
            text += self.say(" — ", "：") + (said.rstrip(".。") if len(ends) == 1 else said)
        if scheme.score is not None:
            text += self.say(f" ({self.score(scheme.score)})", f"（{self.score(scheme.score)}）")
        if scheme.confidence not in (None, "A"):
            text += f" [{scheme.confidence}]"
        yield from self.marked(mark, scheme.outcome, text, "")
        for row in ends[:IN_SUMMARY]:
            parts = about(row)
            said = (
                self.say("; ", "；").join(p[self.lang] for p in parts) if len(ends) == 1 else in_words(row)[self.lang]
            )
            if said:
                yield from wrap(said, self.width, "    ", "      ")
        if len(ends) > IN_SUMMARY:
            yield "    " + self.say(f"and {len(ends) - IN_SUMMARY} more below", f"另有{len(ends) - IN_SUMMARY}项见下文")

        for line in scheme.given:
            yield from self.given(line, "    ")

    def given(self, line: GivenLine, indent: str) -> Iterator[str]:
        """What a measure gives, and how it was reckoned."""
        text = f"{line.name[self.lang]}{self.colon}{line.text[self.lang]}"
        if line.confidence != "A":
            text += f" [{line.confidence}]"
        yield from wrap(text, self.width, indent, indent + "  ")
        for step in line.steps:
            yield from wrap(step[self.lang], self.width, indent + "  ", indent + "    ")
        if line.missing is not None:
            text = WORDS["missing"][self.lang] + self.colon + line.missing[self.lang]
            yield from wrap(text, self.width, indent + "  ", indent + "    ")

    def marked(self, mark: str, outcome: str, text: str, indent: str, space: str = "  ") -> Iterator[str]:
        """A text behind a mark; only the mark is coloured, after the lines are broken."""
        lines = list(wrap(f"{mark}{space}{text}", self.width, indent, indent + "    "))
        first = lines[0]
        if first.startswith(indent + mark):
            first = indent + self.style(mark, outcome) + first[len(indent + mark) :]
        yield first
        yield from lines[1:]

    def score(self, score: Score) -> str:
        text = self.say(f"score {score.text.en}", f"得分{score.text.zh}")
        if score.pass_mark is not None:
            mark = points_text(score.pass_mark)
            text += self.say(f", {WORDS[score.mark].en} {mark}", f"，{WORDS[score.mark].zh}{mark}")
        return text

    # -- one question -------------------------------------------------------------------------------------------------

    def scheme(self, scheme: SchemeView, shown: set[str]) -> Iterator[str]:
        cite = scheme.cite[self.lang] if scheme.cite is not None else ""
        title = scheme.title[self.lang]
        yield from wrap(self.say(f"{title}  ({cite})", f"{title}（{cite}）"), self.width)
        yield from wrap(scheme.version[self.lang], self.width, "  ", "  ")
        if scheme.failed:
            yield f"  {WORDS['failed'][self.lang]}"
            for row in scheme.failed:
                yield from self.row(row, 2)
        if scheme.open:
            yield f"  {WORDS['open'][self.lang]}"
            again = sum(row.id in shown for row in scheme.open)
            for row in scheme.open:
                if row.id not in shown:
                    shown.add(row.id)
                    yield from self.row(row, 2)
            if again:
                yield self.say(f"    … and {again} shown above", f"    ……另有{again}项见上文")
        if scheme.ahead:
            yield from wrap(scheme.ahead_title[self.lang], self.width, "  ", "    ")
            for row in scheme.ahead:
                yield from self.row(row, 2)
        asks_score = any("≥" in row.text.zh and row.figure is not None and row.missing is None for row in scheme.open)
        if scheme.scores and (self.details or asks_score or scheme.outcome in ("no", "class")):
            yield from self.scores(scheme)
        if self.details:
            yield f"  {WORDS['every'][self.lang]}"
            for row in scheme.every:
                yield from self.row(row, 2, every=True)
        elif scheme.passed:
            hold = "condition holds" if scheme.passed == 1 else "conditions hold"
            yield self.say(f"  {scheme.passed} {hold}.", f"  另有{scheme.passed}项条件满足。")

    def row(self, row: Row, depth: int, *, every: bool = False) -> Iterator[str]:
        indent = "  " * (depth + row.depth)
        text = row.text[self.lang]
        for note in row.notes:
            text += self.say(f" ({note.en})", f"（{note.zh}）")
        if row.heading and row.figure is not None:
            text += self.colon + row.figure[self.lang]
        if row.confidence != "A":
            text += f" [{row.confidence}]"
        if row.idle:
            text += self.say(f" ({WORDS['idle'].en})", f"（{WORDS['idle'].zh}）")
        if row.see:
            text += self.say(f" ({WORDS['above'].en})", f"（{WORDS['above'].zh}）")
        parts: list[str] = []
        if row.figure is not None and not row.heading:
            parts.append(figure_words(row.figure)[self.lang])
        if row.required is not None and row.mark == "no":
            parts.append(self.say(f"needed {row.required.en}", f"要求{row.required.zh}"))
        if row.gap is not None:
            parts.append(row.gap[self.lang])
        if row.missing is not None:
            parts.append(WORDS["missing"][self.lang] + self.colon + row.missing[self.lang])
        cite = row.cite[self.lang] if not row.heading or (every and not row.see) else ""
        if row.heading and not every:
            parts = []
        known = self.say("; ", "；").join(parts)
        joined = self.say("; ", "；").join([*parts, cite] if cite else parts)
        together = f"{text}{self.say(' — ', '：')}{joined}"
        outcome = "" if row.idle else row.mark
        if joined and every and display_width(indent + together) + 2 <= self.width:
            yield from self.marked(MARKS[row.mark], outcome, together, indent, " ")
            return
        yield from self.marked(MARKS[row.mark], outcome, text, indent, " ")
        if display_width(indent + joined) + 4 <= self.width:
            known, cite = joined, ""  # a citation is not broken where it has a line to itself
        for part in (known, cite):
            if part:
                yield from wrap(part, self.width, indent + "    ", indent + "    ")

    # -- scores -------------------------------------------------------------------------------------------------------

    def scores(self, scheme: SchemeView) -> Iterator[str]:
        """A line per item: what it got of what it could, and what the next step up takes."""
        yield f"  {WORDS['score'][self.lang]}"
        for row in scheme.scores:
            if row.score is None:
                continue
            indent = "  " * (2 + row.depth)
            points = self.say(
                f"{row.score.text.en} of {points_text(row.score.maximum)}",
                f"{row.score.text.zh}分（满分{points_text(row.score.maximum)}分）",
            )
            yield from wrap(f"{row.text[self.lang]}{self.colon}{points}", self.width, indent, indent + "  ")
            if row.depth == 0 and row.score.maximum > 0:
                drawn = bar(row.score)
                if row.score.pass_mark is not None:
                    drawn += f" {WORDS[row.score.mark][self.lang]} {points_text(row.score.pass_mark)}"
                yield from wrap(drawn, self.width, indent, indent)
            parts = []
            if row.figure is not None:
                parts.append(figure_words(row.figure)[self.lang])
            if row.missing is not None:
                parts.append(WORDS["missing"][self.lang] + self.colon + row.missing[self.lang])
            parts += [note[self.lang] for note in row.notes]
            if row.gap is not None:
                parts.append(row.gap[self.lang])
            if parts:
                yield from wrap(self.say("; ", "；").join(parts), self.width, indent + "  ", indent + "    ")

    # -- what to give -------------------------------------------------------------------------------------------------

    def documents(self, view: ReportView) -> Iterator[str]:
        yield f"{WORDS['facts'][self.lang]}{self.colon}".rstrip()
        yield from wrap(WORDS["facts_note"][self.lang], self.width, "  ", "  ")
        for document in view.documents:
            proof = document.proof[self.lang] or self.say("no document", "无证明材料")
            known = self.say(f"known by {document.known_by.en}", f"{WORDS['known'].zh}：{document.known_by.zh}")
            yield from wrap(self.say(f"{proof} ({known})", f"{proof}（{known}）"), self.width, "  ", "    ")
            for fact in document.facts:
                mark = "*" if fact.needed else "?"
                yield from wrap(f"{mark} {fact.label[self.lang]}", self.width, "    ", "      ")
            serves = self.say(", ", "、").join(title[self.lang] for title in document.serves)
            yield from wrap(f"{WORDS['serves'][self.lang]}{self.colon}{serves}", self.width, "    ", "      ")


def bar(score: Score) -> str:
    """A score as a bar in plain characters: ``#`` got, ``+`` possible, ``|`` the pass mark."""
    got, may = (score.permille(p) * BAR // 1000 for p in (score.low, score.high))
    cells = ["#"] * got + ["+"] * (may - got) + ["."] * (BAR - may)
    if score.pass_mark is not None:
        cells.insert(score.permille(score.pass_mark) * BAR // 1000, "|")
    return "[" + "".join(cells) + "]"


def column_widths(table: list[list[str]]) -> list[int]:
    """Columns that each column of a table takes."""
    return [max(display_width(row[c]) for row in table) for c in range(len(table[0]))]


def table_line(cells: list[str], widths: list[int]) -> str:
    return "  ".join(padded(cell, widths[c]) for c, cell in enumerate(cells)).rstrip()
