"""Facts that no rule reads, and judgements without a judged fact."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from yiqi.law.diagnostics import Diagnostic

if TYPE_CHECKING:
    from tests.law.conftest import Folder

RULE = "\n# Brand · 品牌 {{#brand {mark}}}\n\nBrand.\n\n品牌。\n\n```rule\n{fact}\n```\n"


def unread(folder: Folder) -> set[str]:
    return {d.message.en.split("`")[1] for d in folder.findings(facts=True) if d.code == "unused-fact"}


def test_a_fact_that_no_rule_reads(folder: Folder, marked: Callable[[Diagnostic], str]) -> None:
    folder.law(RULE.format(fact="own_brand", mark=""))
    found = [d for d in folder.findings(facts=True) if "`quality_certificate`" in d.message.en]
    assert [(d.severity, d.code, d.place.file, marked(d)) for d in found] == [
        ("warning", "unused-fact", "facts/all.yaml", "quality_certificate")
    ]
    assert "own_brand" not in unread(folder)


def test_what_identifies_the_enterprise_is_never_asked_by_a_rule(folder: Folder) -> None:
    folder.law(RULE.format(fact="own_brand", mark=""))
    assert "name" not in unread(folder)


def test_the_region_is_read_as_soon_as_a_file_is_local(folder: Folder) -> None:
    folder.law(RULE.format(fact="own_brand", mark=""))
    assert "region" in unread(folder)
    folder.law(RULE.format(fact="own_brand", mark=""), more='region: "44"\n')
    assert "region" not in unread(folder)


def test_a_fact_that_says_why_it_is_kept(folder: Folder) -> None:
    facts = folder.written["facts/all.yaml"]
    line = next(text for text in facts.split("\n") if text.startswith("  own_brand"))
    folder.write("facts/all.yaml", facts.replace(line, line[:-1] + ", unasked: {en: For relief, zh: 用于纾困}}"))
    folder.law(RULE.format(fact="quality_certificate", mark=""))
    assert "own_brand" not in unread(folder)
    folder.law(RULE.format(fact="own_brand", mark=""))
    (found,) = [d for d in folder.findings(facts=True) if d.code == "asked-fact"]
    assert (found.severity, found.place.line) == ("warning", facts[: facts.index(line)].count("\n") + 1)


def test_a_judgement_is_entered_in_a_judged_fact(folder: Folder) -> None:
    folder.law(RULE.format(fact="reputation_high", mark=".judgement"))
    assert folder.findings() == []
    folder.law(RULE.format(fact="own_brand", mark=".judgement"))
    (found,) = folder.findings()
    assert (found.severity, found.code, found.place.line) == ("error", "not-judged", 13)
