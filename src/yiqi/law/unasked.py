"""Facts that are declared and never read by a rule, and judgements entered in facts that nobody judges."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from yiqi.law.bilingual import Bilingual
from yiqi.law.diagnostics import Diagnostic, Place
from yiqi.law.document import SourceText
from yiqi.law.tree import Law, Rule, slots_of
from yiqi.law.vocabulary import Fact

IDENTIFYING = ("text", "uscc")
"""Facts of these types say who the enterprise is; no rule asks for them."""


def check_facts(law: Law, folder: Path) -> Iterator[Diagnostic]:
    """A fact that no rule reads and that does not say why (``unasked``), and one that says so and is read."""
    read = {
        slot.fact for i in law.instruments.values() for r in i.rules.values() if r.body for slot in slots_of(r.body)
    }
    read |= {fact.series.at for fact in law.vocabulary.series if fact.series is not None and fact.id in read}
    if any(instrument.regions for instrument in law.instruments.values()):
        # Which local file applies is decided by the region, though no line names it.
        read.add("region")
    for fact in law.vocabulary:
        if fact.id not in read and fact.unasked is None and fact.type not in IDENTIFYING:
            yield Diagnostic(
                "warning", "unused-fact",
                Bilingual(f"no rule reads `{fact.id}`", f"没有规则用到“{fact.id}”（{fact.label.zh}）"),
                place_of(fact, folder),
                Bilingual(
                    "remove it, or say why it is kept: `unasked: {en: …, zh: …}`",
                    "请删除，或写明保留的原因：`unasked: {en: …, zh: …}`",
                ),
            )  # fmt: skip
        elif fact.id in read and fact.unasked is not None:
            yield Diagnostic(
                "warning", "asked-fact",
                Bilingual(
                    f"`{fact.id}` is marked as unasked, and a rule reads it", f"“{fact.id}”标为unasked，却有规则用到"
                ),
                place_of(fact, folder),
                Bilingual("remove `unasked`", "请删除`unasked`"),
            )  # fmt: skip


def place_of(fact: Fact, folder: Path) -> Place:
    """The line of the vocabulary on which a fact is declared; the file is named from the folder of law files."""
    path = Path(fact.file)
    name = str(path.relative_to(folder)) if path.is_relative_to(folder) else fact.file
    lines = path.read_text(encoding="utf-8-sig").split("\n")
    line = lines[fact.line - 1]
    return Place(name, fact.line, len(line) - len(line.lstrip()) + 1, line, len(fact.id))


def check_judgement(rule: Rule, law: Law, source: SourceText) -> Iterator[Diagnostic]:
    """Under a heading that a person decides, every fact is the decision of a person (``judged: true``)."""
    if rule.mark != "judgement" or rule.body is None:
        return
    for name in dict.fromkeys(slot.fact for slot in slots_of(rule.body)):
        fact = law.vocabulary.get(name)
        if fact is not None and not fact.judged:
            yield source.diagnostic(
                "error", "not-judged", rule.span,
                f"this heading is a judgement, but `{name}` is not a judged fact",
                f"该标题须由人判断，但“{fact.label.zh}”不是判断类事实",
                Bilingual(
                    "name the fact in which the decision is entered (`judged: true` in the vocabulary), "
                    "or remove .judgement",
                    "请使用记录判断结果的事实（词表中`judged: true`），或删除标记.judgement",
                ),
            )  # fmt: skip
