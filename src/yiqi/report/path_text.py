"""Paths as plain text for a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from yiqi.law.bilingual import Language
from yiqi.path.answer import Finding, Path, Step
from yiqi.report.path_words import (
    WORDS,
    block_text,
    certainty,
    first_see,
    heading,
    notes,
    step_terms,
    step_text,
    target_text,
)
from yiqi.report.phrases import PROCEDURES, colon, day_text
from yiqi.report.phrases import WORDS as COMMON
from yiqi.report.terminal import WIDTH, Style, plain
from yiqi.report.wrapping import wrap


def render_path(finding: Finding, language: Language, style: Style = plain, width: int = WIDTH) -> str:
    """The cheapest path and the next ones, or what stands in the way."""
    return "\n".join(_lines(finding, language, style, width)) + "\n"


def _lines(finding: Finding, language: Language, style: Style, width: int) -> Iterator[str]:
    sheet = finding.sheet
    name = sheet.name or COMMON["no_name"][language]
    yield from wrap(f"{name}  {sheet.uscc or ''}".rstrip(), width)
    sign = colon(language)
    cite = finding.target.linked.law.rule(finding.target.root).cite
    target = target_text(finding)
    brackets = ("  (", ")") if language == "en" else ("（", "）")
    yield from wrap(
        f"{WORDS['to'][language]}{sign}{target[language]}{brackets[0]}{cite[language]}{brackets[1]}",
        width,
        "  ",
        "    ",
    )
    comma = ", " if language == "en" else "，"
    yield f"  {COMMON['on'][language]}{sign}{day_text(finding.on)[language]}{comma}{PROCEDURES[finding.procedure][language]}"
    yield ""
    if finding.reached:
        yield f"✓ {WORDS['reached'][language]}"
        return
    for number, path in enumerate(finding.paths):
        yield from _path(path, number, finding, language, style, width)
    if not finding.paths:
        yield from _blocks(finding, language, style, width)
    yield from _notes(finding, language, width)


def _path(path: Path, number: int, finding: Finding, language: Language, style: Style, width: int) -> Iterator[str]:
    title = f"{number + 1}. {heading(path, number, finding)[language]}"
    yield style(title, "yes") if style is not plain else title
    for name, steps in (("changes", path.changes), ("assumptions", path.assumptions), ("waits", path.waits)):
        if steps:
            yield f"  {WORDS[name][language]}"
            for step in steps:
                yield from _step(step, finding, language, width)
    for warning in path.warnings:
        yield from wrap(
            f"{WORDS['warning'][language]}{colon(language)}{warning.message[language]}", width, "  ! ", "    "
        )
    said = certainty(path, number, finding)
    yield from wrap(("" if language == "zh" else " ").join(t[language] for t in said), width, "  ", "  ")
    yield ""


SIGNS = {"change": "→", "assume": "?", "wait": "…"}


def _step(step: Step, finding: Finding, language: Language, width: int) -> Iterator[str]:
    yield from wrap(step_text(step)[language], width, f"    {SIGNS[step.kind]} ", "      ")
    if step.kind != "assume":
        yield from wrap(step_terms(step, finding.on)[language], width, "        ", "        ")
    for line in step.serves:
        tag = f" [{line.confidence}]" if line.confidence != "A" else ""
        cite = f" ({line.cite.en})" if language == "en" else f"（{line.cite.zh}）"
        text = f"{WORDS['serves'][language]}{colon(language)}{line.text[language]}{cite}{tag}"
        yield from wrap(text, width, "        ", "          ")
    if step.along is not None and not step.serves:
        text = f"{WORDS['along'][language]}{colon(language)}{step.along[language]}"
        yield from wrap(text, width, "        ", "          ")
    if step.effort is not None and step.along is None:
        yield from wrap(
            f"{WORDS['how'][language]}{colon(language)}{step.effort[language]}", width, "        ", "          "
        )


def _blocks(finding: Finding, language: Language, style: Style, width: int) -> Iterator[str]:
    title = WORDS["blocked"][language]
    yield f"✗ {style(title, 'no') if style is not plain else title}"
    if not finding.blocks:
        yield from wrap(WORDS["exhausted"][language], width, "  ", "  ")
        yield ""
        return
    yield from wrap(WORDS["blocked_by"][language], width, "  ", "  ")
    for block in finding.blocks:
        tag = f" [{block.line.confidence}]" if block.line.confidence != "A" else ""
        cite = f" ({block.line.cite.en})" if language == "en" else f"（{block.line.cite.zh}）"
        yield from wrap(f"{block.line.text[language]}{cite}{tag}", width, "    ✗ ", "      ")
        yield from wrap(block_text(block)[language], width, "        ", "        ")
        scheme = first_see(block, finding)
        if scheme is not None:
            yield f"        {WORDS['titles'][language].format(scheme=scheme)}"
    yield ""


def _notes(finding: Finding, language: Language, width: int) -> Iterator[str]:
    for note in notes(finding):
        yield from wrap(note[language], width)
