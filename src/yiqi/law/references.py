"""Who refers to whom: rules by the name they have under a heading, facts by the rules that read them."""

from __future__ import annotations

from collections.abc import Mapping

from yiqi.law.tree import Law, Rule, VersionRow, reference, rules_of, slots_of


def rule_named(law: Law, name: str, scope: Rule) -> Rule | None:
    """The rule that a name means in a line of ``scope``: a full id, or a path seen from the heading and outward.

    ``original`` is the rule that ``scope`` replaces. None when there is no such rule.
    """
    if name == "original":
        name = scope.replaces or ""
    if "#" in name:
        instrument = law.instruments.get(name.partition("#")[0])
        return instrument.rules.get(name) if instrument is not None else None
    rules = law.instruments[scope.instrument].rules
    parts = scope.name.split(".")
    for depth in range(len(parts), -1, -1):
        found = rules.get(f"{scope.instrument}#{'.'.join([*parts[:depth], name])}")
        if found is not None:
            return found
    return None


def parent_of(law: Law, rule: Rule) -> Rule | None:
    """The rule whose heading contains this one's, or None for a topmost one."""
    above, dot, _ = rule.name.rpartition(".")
    return law.instruments[rule.instrument].rules.get(f"{rule.instrument}#{above}") if dot else None


def referring_rules(law: Law) -> Mapping[str, tuple[str, ...]]:
    """Rule id -> ids of the rules whose lines, tables or headings decide by it, in the order of the law."""
    table: dict[str, dict[str, None]] = {}
    for instrument in law.instruments.values():
        for rule in instrument.rules.values():
            if rule.body is not None:
                for given in rule.gives:
                    table.setdefault(given, {})[rule.id] = None
                for target in rules_of(rule.body):
                    table.setdefault(reference(target), {})[rule.id] = None
    return {target: tuple(sources) for target, sources in table.items()}


def reading_rules(law: Law) -> Mapping[str, tuple[str, ...]]:
    """Fact id -> ids of the rules that read it themselves, in the order of the law."""
    table: dict[str, dict[str, None]] = {}
    for instrument in law.instruments.values():
        for rule in instrument.rules.values():
            if rule.body is not None:
                for slot in slots_of(rule.body):
                    table.setdefault(slot.fact, {})[rule.id] = None
    return {fact: tuple(sources) for fact, sources in table.items()}


def reached_from(law: Law, rule_id: str) -> set[str]:
    """Every rule that can have a part in deciding one: itself, what it refers to, and what may replace any of these."""
    reached: set[str] = set()
    waiting = [rule_id]
    while waiting:
        current = waiting.pop()
        if current in reached:
            continue
        reached.add(current)
        body = law.rule(current).body
        waiting.extend(law.replacements.get(current, ()))
        if body is not None:
            waiting.extend(reference(target) for target in rules_of(body))
    return reached


def versions_using(law: Law, rule_id: str) -> tuple[VersionRow, ...]:
    """The rows of the version tables whose rule is this one or is decided with its help."""
    uses: dict[str, bool] = {}
    for row in law.versions:
        if row.rule not in uses:
            uses[row.rule] = rule_id in reached_from(law, row.rule)
    return tuple(row for row in law.versions if uses[row.rule])
