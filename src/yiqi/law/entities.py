"""Checks that a scheme about one kind of entity reads the facts of that kind only."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from yiqi.law.diagnostics import Diagnostic
from yiqi.law.document import Document
from yiqi.law.tree import Law, reference, rules_of, slots_of


def check_entities(law: Law, documents: Mapping[str, Document]) -> list[Diagnostic]:
    """An error for every row of a version table whose rule asks, itself or through others, for another entity's facts."""
    found: list[Diagnostic] = []
    for row in law.versions:
        entity = law.schemes[row.scheme].entity
        foreign = sorted(
            f for f in set(_facts(law, row.rule)) if f in law.vocabulary and law.vocabulary[f].entity != entity
        )
        if foreign:
            source = documents[row.file].source
            names = ", ".join(f"`{f}`" for f in foreign)
            found.append(
                source.diagnostic(
                    "error", "foreign-fact", row.span,
                    f"`{row.rule}` is about the entity `{entity}` and asks for {names} of another",
                    f"“{row.rule}”的判断对象为{entity}，却使用了其他对象的事实{names}",
                )
            )  # fmt: skip
    return found


def _facts(law: Law, root: str) -> Iterator[str]:
    seen: set[str] = set()
    open_rules = [root]
    while open_rules:
        rule_id = open_rules.pop()
        if rule_id in seen:
            continue
        seen.add(rule_id)
        rule = law.rule(rule_id)
        open_rules += [*rule.gives, *law.replacements.get(rule_id, ())]
        if rule.body is not None:
            yield from (slot.fact for slot in slots_of(rule.body))
            open_rules += [reference(r) for r in rules_of(rule.body)]
