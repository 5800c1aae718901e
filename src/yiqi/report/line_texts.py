"""Lines, headings and tables of the law as a comparison of two versions sets them side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from yiqi.judge.link import Unit
from yiqi.judge.reasons import Outline
from yiqi.law.article import article_lines
from yiqi.law.bilingual import Bilingual
from yiqi.report.phrases import SEMICOLON, inside, listed
from yiqi.screening.parts import Part
from yiqi.screening.program import Program, walk

_JOINED = {
    "any": Bilingual("any one of", "满足任一项"),
    "readings": Bilingual("open in the source, under every reading", "原文未明确，各种解读均须成立"),
    "all": Bilingual("all of", "同时满足"),
    "region": Bilingual("by region", "因地区而异"),
}


@dataclass(frozen=True, slots=True)
class LineText:
    """A line, a group of lines or a table of one version, in words. ``heading`` is the heading it stands under."""

    id: str
    text: Bilingual
    heading: Bilingual
    cite: Bilingual
    confidence: str


class LineTexts:
    """The words of one version's lines."""

    def __init__(self, program: Program) -> None:
        self._law = program.judge.law
        self._outlines: dict[str, Outline] = {}
        for outline in program.judge.program(program.on, program.procedure, program.schemes).outlines.values():
            for below in walk(outline):
                self._outlines.setdefault(below.id, below)

    def of(self, part: Part) -> LineText:
        """A line or a group."""
        confidence = part.node.confidence if part.node is not None else part.unit.rule.confidence
        return LineText(part.id, self._text(part), part.unit.rule.title, part.unit.rule.cite, confidence)

    def of_table(self, unit: Unit, other: Unit | None, others: LineTexts) -> LineText:
        """A table with the rows that the other version has not."""
        rule = unit.rule
        theirs = {line.text for line in article_lines(others._law, other.rule)} if other is not None else set()
        rows = [line.text for line in article_lines(self._law, rule) if line.id is not None and line.text not in theirs]
        said = listed(rows, SEMICOLON)
        text = Bilingual(f"{rule.title.en}: {said.en}", f"{rule.title.zh}：{said.zh}") if rows else rule.title
        return LineText(rule.id, text, rule.title, rule.cite, rule.confidence)

    def _text(self, part: Part) -> Bilingual:
        if part.kind == "line":
            return _denied(part, self._outlines[part.id].text)
        title = part.unit.rule.title
        if part.denied and part.node is None:
            return _denied(part, title)  # what its parts say is what must not be
        parts = listed([self._name(child) for child in part.children], SEMICOLON)
        joined = _JOINED.get(part.kind, Bilingual(f"at least {part.number} of", f"至少满足{part.number}项"))
        said = Bilingual(f"{joined.en}: {parts.en}", f"{joined.zh}：{parts.zh}")
        if part.node is None:
            return Bilingual(f"{title.en} ({said.en})", f"{title.zh}（{said.zh}）")
        return Bilingual(said.en[:1].upper() + said.en[1:], said.zh)

    def _name(self, part: Part) -> Bilingual:
        """A part within a group: a heading only by its title."""
        if part.kind != "line" and part.node is None:
            text = part.unit.rule.title
            return Bilingual(inside(text.en), text.zh)
        text = self._text(part)
        if part.kind != "line":
            return Bilingual(f"({inside(text.en)})", f"（{text.zh}）")
        return Bilingual(inside(text.en), text.zh)


def _denied(part: Part, text: Bilingual) -> Bilingual:
    """A line that is asked to fail by what stands around it says so."""
    return Bilingual(f"Not: {inside(text.en)}", f"无：{text.zh}") if part.denied else text


def same_text(one: Sequence[LineText], other: Sequence[LineText]) -> bool:
    return [line.text for line in one] == [line.text for line in other]
