"""The report as one HTML file: no script, nothing loaded from elsewhere, made to be printed on A4."""

from __future__ import annotations

import datetime as dt
import os
from functools import lru_cache
from pathlib import Path

from jinja2 import Environment, FileSystemBytecodeCache, PackageLoader, StrictUndefined

from yiqi.law.bilingual import Bilingual, Language
from yiqi.law.tree import Instrument
from yiqi.report.days import DaysView
from yiqi.report.phrases import MARK_WORDS, MARKS, WORDS, colon, day_text, figure_words, points_text
from yiqi.report.relief_view import RELIEF_WORDS, STANDING_WORDS
from yiqi.report.row import Row
from yiqi.report.row_words import in_words
from yiqi.report.view import ReportView

HELD = {True: WORDS["yes"], False: WORDS["no"], None: Bilingual("–", "–")}


def render_html(view: ReportView, language: Language) -> str:
    """One enterprise's report on one day as an HTML document."""
    return _environment(language).get_template("report.html").render(view=view)


def render_days_html(view: DaysView, language: Language) -> str:
    """Several days beside each other as an HTML document."""
    tags = list(dict.fromkeys(tag for report in view.reports for tag in report.tags))
    return _environment(language).get_template("days.html").render(view=view, tags=tags)


@lru_cache(maxsize=2)
def _environment(language: Language) -> Environment:
    # Everything is escaped: names and notes come from files that anyone may have written.
    environment = Environment(
        loader=PackageLoader("yiqi.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        bytecode_cache=_compiled_templates(),
    )

    def said(text: Bilingual) -> str:
        return text[language]

    def day(value: dt.date) -> str:
        return day_text(value)[language]

    def sentence(row: Row) -> str:
        return in_words(row)[language]

    def within(cite: Bilingual, instrument: Instrument) -> str:
        """A citation, without the instrument where the table is of one that is named above it."""
        text, named = cite[language], instrument.cite[language]
        rest = text.removeprefix(named).lstrip(", ")
        if text == named:
            return WORDS["itself"][language]
        return rest if text.startswith(named) else text

    def figure(text: Bilingual) -> str:
        return figure_words(text)[language]

    environment.filters |= {
        "said": said, "day": day, "sentence": sentence, "figure": figure, "within": within, "points": points_text, "anchor": anchor,
    }  # fmt: skip
    environment.globals |= {
        "words": WORDS,
        "marks": MARKS,
        "mark_words": MARK_WORDS,
        "held": HELD,
        "relief": RELIEF_WORDS,
        "standing": STANDING_WORDS,
        "chinese": language == "zh",
        "colon": colon(language),
        "comma": "，" if language == "zh" else ", ",
    }
    return environment


def _compiled_templates() -> FileSystemBytecodeCache | None:
    """Where compiled templates are kept, beside the law's own cache: compiling takes longer than filling them in.

    Each is checked against its source. None where nothing can be kept, which only costs that time.
    """
    chosen = os.environ.get("XDG_CACHE_HOME")
    try:
        folder = (Path(chosen) if chosen else Path.home() / ".cache") / "yiqi" / "pages"
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except (OSError, RuntimeError):  # RuntimeError: a user without a home
        return None
    return FileSystemBytecodeCache(str(folder)) if os.access(folder, os.W_OK) else None


def anchor(identifier: str) -> str:
    """The id of a rule as the id of an element."""
    return identifier.replace("#", "-").replace("/", "-").replace("@", "-")
