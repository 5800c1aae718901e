"""Prose and rule may not drift apart: compares the figures of every heading's prose with those of its rule."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from yiqi.law.bilingual import Bilingual, Language
from yiqi.law.diagnostics import Diagnostic
from yiqi.law.document import Document, Fence, Prose, Section, TableBlock
from yiqi.law.figures import Figure, Reading, agree, figures_in
from yiqi.law.resolve import is_chinese
from yiqi.law.rule_figures import RuleFigures, figures_of
from yiqi.law.syntax import Span
from yiqi.law.vocabulary import Vocabulary

LANGUAGES: tuple[Language, ...] = ("en", "zh")
_NAMES: dict[Language, tuple[str, str]] = {"en": ("English", "英文"), "zh": ("Chinese", "中文")}


@dataclass(frozen=True, slots=True)
class ProseFigure:
    figure: Figure
    span: Span


def check_prose(document: Document, vocabulary: Vocabulary) -> list[Diagnostic]:
    """Every heading of a law file whose prose lacks a language or differs in a figure from its rule."""
    found: list[Diagnostic] = []
    dates = _front_dates(document)
    for section in document.root.sections:
        for heading in section.walk():
            found.extend(_heading(document, heading, vocabulary, dates))
    return found


def _front_dates(document: Document) -> list[tuple[Reading, ...]]:
    """The days of the instrument itself, which its articles name."""
    days = (document.front_matter.get(key) for key in ("issued", "in_force", "until"))
    return [figure.readings for day in days for figure in figures_in(str(day), "en")]


def decides(section: Section) -> bool:
    """Whether a heading itself says something that prose has to say: rule lines, a table, steps or `.at-least-n`."""
    words = ("rule", "procedure")
    own = any(isinstance(b, TableBlock) or (isinstance(b, Fence) and b.word in words) for b in section.blocks)
    return (own and "context" not in section.marks) or any(m.startswith("at-least-") for m in section.marks)


def _heading(
    document: Document, section: Section, vocabulary: Vocabulary, dates: list[tuple[Reading, ...]]
) -> Iterator[Diagnostic]:
    if not decides(section):
        return
    rule = figures_of(section, vocabulary)
    rule.allowed.extend(dates)
    only_marks = not any(isinstance(b, (Fence, TableBlock)) for b in section.blocks)
    if only_marks:
        # Conditions stand in the headings below; an introduction may sum them up.
        for below in section.walk():
            rule.include(figures_of(below, vocabulary))
    for language in LANGUAGES:
        lines = list(_prose_lines(section, document, language))
        if not lines:
            yield _no_prose(document, section, language)
            continue
        stated = [
            ProseFigure(figure, Span(number, figure.start + 1, len(figure.text)))
            for number, text in lines
            for figure in figures_in(text, language)
        ]
        yield from _missing(document, rule, stated, language)
        yield from _unfounded(document, rule, stated)


def _prose_lines(section: Section, document: Document, language: Language) -> Iterator[tuple[int, str]]:
    for block in section.blocks:
        if isinstance(block, Prose) and not block.context:
            for number in range(block.line, block.line + block.text.count("\n") + 1):
                text = document.source.lines[number - 1]
                if text.strip() and is_chinese(text) == (language == "zh"):
                    yield number, text


def _no_prose(document: Document, section: Section, language: Language) -> Diagnostic:
    en, zh = _NAMES[language]
    return document.source.diagnostic(
        "error", "no-prose", section.span,
        f"this heading decides something and has no {en} prose", f"该标题含有规则，却没有{zh}正文",
        Bilingual(f"write a paragraph in {en} under the heading", f"请在标题下写一段{zh}正文"),
    )  # fmt: skip


def _missing(
    document: Document, rule: RuleFigures, stated: list[ProseFigure], language: Language
) -> Iterator[Diagnostic]:
    en, zh = _NAMES[language]
    for figure in rule.required:
        if any(agree(figure.readings, s.figure.readings) for s in stated):
            continue
        yield document.source.diagnostic(
            "error", "figure-not-in-prose", figure.span,
            f"`{figure.text.en}` is not in the {en} prose of this heading",
            f"{zh}正文没有规则中的“{figure.text.zh}”",
            Bilingual(
                f"say {figure.text.en} in the {en} prose, or correct the rule",
                f"请在{zh}正文中写明“{figure.text.zh}”，或更正规则",
            ),
        )  # fmt: skip


def _unfounded(document: Document, rule: RuleFigures, stated: list[ProseFigure]) -> Iterator[Diagnostic]:
    for item in stated:
        figure = item.figure
        if not figure.stated or any(agree(readings, figure.readings) for readings in rule.allowed):
            continue
        if figure.sums_up and any(kind == "count" and value in rule.sums for kind, value in figure.readings):
            continue
        kinds = {kind for kind, _ in item.figure.readings}
        alike = [f.text for f in rule.required if kinds & {kind for kind, _ in f.readings}]
        en, zh = ", ".join(t.en for t in alike), "、".join(t.zh for t in alike)
        yield document.source.diagnostic(
            "error", "figure-not-in-rule", item.span,
            f"`{item.figure.text}` is neither in the rule nor in the tables of this heading",
            f"“{item.figure.text}”既不在该标题的规则中，也不在其表格中",
            Bilingual(
                (f"the rule says {en}; " if alike else "")
                + "correct one of the two, or put what only explains in a block quote (`> …`)",
                (f"规则中为{zh}；" if alike else "") + "请更正其一；仅作说明的内容请放入引用块（`> …`）",
            ),
        )  # fmt: skip
