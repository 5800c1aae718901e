"""The report as one HTML file: no script, nothing loaded from elsewhere, made to be printed on A4."""

from __future__ import annotations

from functools import lru_cache

from jinja2 import Environment, PackageLoader, StrictUndefined

from yiqi.law.bilingual import Language
from yiqi.report.text import MARKS, WORDS
from yiqi.report.view import ReportView


@lru_cache(maxsize=1)
def _environment() -> Environment:
    # Everything is escaped: names and notes come from files that anyone may have written.
    return Environment(
        loader=PackageLoader("yiqi.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def render_html(views: list[ReportView], language: Language) -> str:
    """One enterprise's report as an HTML document; several views are several days beside each other."""
    template = _environment().get_template("report.html")
    return template.render(views=views, view=views[0], lang=language, words=WORDS, marks=MARKS)
