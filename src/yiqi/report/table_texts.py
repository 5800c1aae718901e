"""What a table of the law asks and what it looked at, in words."""

from __future__ import annotations

from yiqi.judge.figures import slot_text
from yiqi.judge.reasons import Reason
from yiqi.law.bilingual import Bilingual
from yiqi.law.tree import Row as TableRow
from yiqi.law.wording import TitleOfRule, write_page
from yiqi.report.phrases import (
    SEMICOLON,
    inside,
    listed,
)
from yiqi.report.shortfall import slot_label


def table_figure(reason: Reason) -> Bilingual | None:
    """The figures a table looked at; each by its name where the table looks at several."""
    table = reason.outline.table
    if table is None or max((len(row.cells) for row in table.rows), default=0) < 2:
        return reason.actual
    evaluation = reason.run.evaluation
    vocabulary = evaluation.linked.law.vocabulary
    named = []
    for slot in reason.slots():
        value = slot_text(evaluation, slot)
        fact = vocabulary.get(slot.fact)
        if value is not None and fact is not None and fact.kind is not None:
            label = slot_label(reason, slot)
            named.append(Bilingual(f"{inside(label.en)}: {value.en}", f"{label.zh}{value.zh}"))
    return listed(named, SEMICOLON) if named else None


def row_text(reason: Reason, row: TableRow) -> Bilingual:
    """All that a row of a table asks, its cells joined."""
    vocabulary, title = reason.run.compiled.linked.law.vocabulary, title_within(reason)
    cells = [
        Bilingual(write_page(e, "en", vocabulary, title), write_page(e, "zh", vocabulary, title))
        for e, _ in row.cells
        if e is not None
    ]
    if row.otherwise or not cells:
        return Bilingual("otherwise", "其他")
    return Bilingual(", ".join(inside(c.en) for c in cells), "，".join(c.zh for c in cells))


def title_within(reason: Reason) -> TitleOfRule:
    """The headings of rules by the names that a condition's own file gives them, or by their full ids."""
    law, unit = reason.run.compiled.linked.law, reason.outline.unit

    def title(name: str) -> Bilingual | None:
        if "#" in name:
            rule = law.instruments[name.partition("#")[0]].rules.get(name)
            return rule.title if rule is not None else None
        if name == "original" and unit.rule.replaces:
            return law.rule(unit.rule.replaces).title
        # First below the heading, then outward, as the file itself is read.
        parts = unit.rule.name.split(".")
        for depth in range(len(parts), -1, -1):
            path = ".".join([*parts[:depth], name])
            rule = law.instruments[unit.rule.instrument].rules.get(f"{unit.rule.instrument}#{path}")
            if rule is not None:
                return rule.title
        return None

    return title
