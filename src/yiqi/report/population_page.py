"""The page of a population: fitted against published, as one HTML file that prints."""

from __future__ import annotations

from yiqi.law.bilingual import Language
from yiqi.report.html import _environment
from yiqi.report.population_view import PopulationView


def render_population(view: PopulationView, language: Language) -> str:
    """The page as an HTML document: no script, nothing loaded from elsewhere."""
    return _environment(language).get_template("population.html").render(view=view)
