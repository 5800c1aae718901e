"""The list of measures as plain text for a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from yiqi.law.bilingual import Bilingual, Language
from yiqi.relief.entitlements import STANDINGS, Standing
from yiqi.report.phrases import MARKS, colon
from yiqi.report.relief_view import RELIEF_WORDS, STANDING_TITLES, STANDING_WORDS, ReliefLine, ReliefView
from yiqi.report.terminal import WIDTH, Style, plain
from yiqi.report.wrapping import wrap

IN_SUMMARY = 5
"""Measures that the summary names; all of them stand in the list."""


class ReliefWriter:
    """Writes a list, whole or its summary, in one language."""

    def __init__(self, language: Language, style: Style = plain, width: int = WIDTH) -> None:
        self.lang = language
        self.style = style
        self.width = width
        self.colon = colon(language)

    def say(self, text: Bilingual) -> str:
        return text[self.lang]

    def summary(self, view: ReliefView) -> Iterator[str]:
        """How many stand where, what they give together, and the most valuable of them."""
        yield self.say(RELIEF_WORDS["relief"])
        yield from wrap(self.say(view.summary), self.width, "  ", "  ")
        for line in (view.of("applies") or view.of("would_apply"))[:IN_SUMMARY]:
            yield from self.head(line)

    def whole(self, view: ReliefView) -> Iterator[str]:
        """Every measure with its amount, arithmetic, what is missing, why not, and how to claim."""
        if view.stack is not None:
            yield from self.stack(view)
        for standing in STANDINGS:
            lines = view.of(standing)
            if lines:
                yield ""
                yield from wrap(f"{self.say(STANDING_TITLES[standing])} ({len(lines)})", self.width)
                for line in lines:
                    yield from self.head(line)
                    yield from self.below(line, standing)
        if view.programmes:
            yield ""
            yield from wrap(self.say(RELIEF_WORDS["programmes"]), self.width)
            comma = "、" if self.lang == "zh" else ", "
            yield from wrap(comma.join(self.say(title) for title in view.programmes), self.width, "  ", "  ")
        if view.elsewhere_text is not None:
            yield ""
            yield from wrap(self.say(view.elsewhere_text), self.width)

    def stack(self, view: ReliefView) -> Iterator[str]:
        stack = view.stack
        if stack is None:
            return
        yield ""
        yield from wrap(f"{self.say(RELIEF_WORDS['together'])}{self.colon}{self.say(stack.total)}", self.width)
        for title, sure in stack.measures:
            yield from wrap(f"+ {self.say(title)}{self.colon}{self.say(sure)}", self.width, "  ", "    ")
        for note in stack.notes:
            yield from wrap(self.say(note), self.width, "  ", "    ")

    def head(self, line: ReliefLine) -> Iterator[str]:
        """A measure in a line: where it stands and what it gives."""
        mark = f"{MARKS[line.mark]} {self.say(STANDING_WORDS[line.standing])}"
        text = self.say(line.title)
        if line.value is not None and line.standing != "does_not":
            text += (" — " if self.lang == "en" else "：") + self.say(line.value)
        if line.confidence != "A":
            text += f" [{line.confidence}]"
        lines = list(wrap(f"{mark}  {text}", self.width, "  ", "      "))
        yield lines[0].replace(mark, self.style(mark, line.mark), 1)
        yield from lines[1:]

    def below(self, line: ReliefLine, standing: Standing) -> Iterator[str]:
        for because in line.because:
            yield from self.note(self.say(because))
        if standing == "does_not":
            return
        for given in line.given:
            for step in given.steps:
                yield from self.note(self.say(step))
            if given.missing is not None:
                yield from self.note(f"{self.say(RELIEF_WORDS['missing'])}{self.colon}{self.say(given.missing)}")
        if line.persons is not None:
            yield from self.note(f"{self.say(RELIEF_WORDS['says'])}{self.colon}{self.say(line.persons)}")
        elif line.missing:
            label = self.say(RELIEF_WORDS["settle"])
            for each in line.missing:
                yield from self.note(f"{label}{self.colon}{self.say(each)}")
                label = self.say(RELIEF_WORDS["or"])
        claim = f"{self.say(RELIEF_WORDS['claim'])}{self.colon}{self.say(line.claim)}"
        if line.deadline is not None:
            words = RELIEF_WORDS["passed" if line.too_late else "deadline"]
            claim += ("; " if self.lang == "en" else "；") + f"{self.say(words)}{self.colon}{self.say(line.deadline)}"
        if line.ends is not None and line.ends != line.deadline:
            claim += ("; " if self.lang == "en" else "；") + self.say(RELIEF_WORDS["ends"]) + " " * (self.lang == "en")
            claim += self.say(line.ends)
        yield from self.note(claim)
        if line.stale is not None:
            yield from self.note(f"! {self.say(line.stale)}")

    def note(self, text: str) -> Iterator[str]:
        yield from wrap(text, self.width, "      ", "        ")
