"""What a well-typed law can still have wrong: prose that differs from its rule, tables with gaps, facts nobody uses.

Each kind of finding is a module of its own; this one reads the files and calls them.
"""

from __future__ import annotations

from pathlib import Path

from yiqi.law.diagnostics import Diagnostic
from yiqi.law.document import SourceText, read_document
from yiqi.law.library import law_files
from yiqi.law.prose_figures import check_prose
from yiqi.law.table_order import check_tables
from yiqi.law.tree import Law


def check_law(law: Law, folder: Path) -> list[Diagnostic]:
    """Every finding on the law files of a folder that were typed into ``law``, in the order of files and lines."""
    sources = {
        name: SourceText(name, path.read_text(encoding="utf-8"))
        for path in law_files(folder)
        for name in (str(path.relative_to(folder)),)
    }
    found: list[Diagnostic] = []
    for source in sources.values():
        document = read_document(source)
        if "schemes" not in document.front_matter:
            found.extend(check_prose(document, law.vocabulary))
    for instrument in law.instruments.values():
        source = sources[instrument.file]
        for rule in instrument.rules.values():
            found.extend(check_tables(rule, source, law.vocabulary))
    return sorted(found, key=lambda d: (d.place.file, d.place.line or 0, d.place.column or 0))
