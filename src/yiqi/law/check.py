"""What a well-typed law can still have wrong: prose that differs from its rule, tables with gaps, facts nobody uses.

Each kind of finding is a module of its own; this one reads the files and calls them.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from yiqi.law.bounds import Attainable, check_bounds
from yiqi.law.diagnostics import Diagnostic
from yiqi.law.document import read_document
from yiqi.law.entities import check_entities
from yiqi.law.implication import Implications
from yiqi.law.library import read_sources
from yiqi.law.measure_fence import check_measures
from yiqi.law.prose_figures import check_prose
from yiqi.law.table_order import check_tables
from yiqi.law.timeline import check_dates, check_replacements, check_versions
from yiqi.law.tree import Law
from yiqi.law.unasked import check_facts, check_judgement

BEIJING = dt.timezone(dt.timedelta(hours=8))
"""The law's days are days of Beijing time, wherever the check runs."""


def check_law(law: Law, folder: Path, today: dt.date | None = None) -> list[Diagnostic]:
    """Every finding on the law files of a folder that were typed into ``law``, in the order of files and lines.

    ``today`` (by default the day in Beijing) is what a review can at most be dated.
    """
    if not law.vocabulary.facts:
        return []  # nothing was typed; why, has been said
    today = today or dt.datetime.now(BEIJING).date()
    sources, _ = read_sources(folder)  # what cannot be read was reported when the law was
    documents = {source.name: read_document(source) for source in sources}
    found: list[Diagnostic] = [
        *check_versions(law, documents),
        *check_replacements(law, documents),
        *check_entities(law, documents),
        *check_facts(law, folder),
        *check_measures(law, documents),
    ]
    for document in documents.values():
        if "schemes" not in document.front_matter:
            found.extend(check_prose(document, law.vocabulary))
    attainable = Attainable(law)
    for instrument in law.instruments.values():
        document = documents[instrument.file]
        found.extend(check_dates(instrument, law, document, today))
        implications = Implications(law.vocabulary)
        for rule in instrument.rules.values():
            found.extend(check_tables(rule, document.source, implications))
            found.extend(check_bounds(rule, attainable, document.source))
            found.extend(check_judgement(rule, law, document.source))
    return sorted(found, key=lambda d: (d.place.file, d.place.line or 0, d.place.column or 0))
