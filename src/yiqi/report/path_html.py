"""Paths as one HTML file: no script, nothing loaded from elsewhere, made to be printed."""

from __future__ import annotations

from yiqi.law.bilingual import Bilingual, Language
from yiqi.path.answer import Finding
from yiqi.report.html import _environment
from yiqi.report.path_words import (
    WORDS,
    block_text,
    certainty,
    heading,
    notes,
    step_terms,
    step_text,
    target_text,
)
from yiqi.report.phrases import PROCEDURES
from yiqi.report.phrases import WORDS as COMMON


def render_path_html(finding: Finding, language: Language) -> str:
    """The cheapest path and the next ones, or what stands in the way, as an HTML document."""
    name = finding.sheet.name
    return (
        _environment(language)
        .get_template("path.html")
        .render(
            finding=finding,
            name=COMMON["no_name"] if name is None else Bilingual(name, name),
            target=target_text(finding),
            cite=finding.target.linked.law.rule(finding.target.root).cite,
            procedure=PROCEDURES[finding.procedure],
            path_words=WORDS,
            heading=heading,
            step_text=step_text,
            step_terms=step_terms,
            block_text=block_text,
            certainty=certainty,
            notes=notes(finding),
        )
    )
