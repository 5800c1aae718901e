"""Two versions compared, as one HTML file with charts: no script, nothing loaded from elsewhere, made to be printed."""

from __future__ import annotations

from yiqi.law.bilingual import Language
from yiqi.report.comparison import ComparisonView
from yiqi.report.comparison_charts import axis, heat, length, moved_bars, steps
from yiqi.report.comparison_words import CAUSES, WORDS, share, signed
from yiqi.report.html import _environment
from yiqi.report.phrases import TAGS
from yiqi.report.screening import CUT_TITLES, SYNTHETIC

SHOWN_CAUSES = 30
SHOWN_SETS = 10


def render_comparison_html(view: ComparisonView, language: Language) -> str:
    """The comparison as an HTML document."""
    used = {cause.confidence for s in view.schemes for causes in s.causes.values() for cause in causes}
    return (
        _environment(language)
        .get_template("comparison.html")
        .render(
            view=view,
            said_words=WORDS,
            causes_of=CAUSES,
            cut_titles=CUT_TITLES,
            synthetic=SYNTHETIC,
            tags=[text for tag, text in TAGS.items() if tag in used and used & {"B", "C", "D"}],
            share=share,
            signed=signed,
            length=length,
            axis=axis,
            moved_bars=moved_bars,
            heat=heat,
            steps=steps,
            shown_causes=SHOWN_CAUSES,
            shown_sets=SHOWN_SETS,
        )
    )
