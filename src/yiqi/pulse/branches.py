"""Branches of industry: the leaves of the population's industry codes, each under one row of the size standard.

Which row holds for a code, which indicators it looks at and where its bounds lie is read from the law.
"""

from __future__ import annotations

from dataclasses import dataclass

from yiqi.facts.industry import SECTIONS
from yiqi.law.tree import All, Coded, Compare, Law, Table

STANDARD = "miit-2011-300"
CLASSES = ("micro", "small", "medium", "large")
"""Size classes by number."""

DEEPER = {70: ("701", "702", "703", "704", "709"), 59: ("59",)}
LEFT_OUT = ("S", "T")
"""Sections without enterprises."""


@dataclass(frozen=True)
class SizeRow:
    """A row of the size standard. ``bounds`` has for each fact its lower bounds of small, medium and large."""

    rule: str
    bounds: dict[str, tuple[int, int, int]]


@dataclass(frozen=True)
class Leaf:
    """An industry code of the population: digits without the section letter."""

    section: str
    digits: str
    activity: str | None
    row: SizeRow | None
    """None for finance, whose class an authority gives."""

    @property
    def key(self) -> str:
        return self.section + self.digits + (f":{self.activity}" if self.activity else "")


def leaves(law: Law) -> list[Leaf]:
    """All leaves in the order of their codes."""
    found = []
    for section, (first, last, _) in SECTIONS.items():
        if section in LEFT_OUT:
            continue
        for division in range(first, last + 1):
            for digits in DEEPER.get(division, (f"{division:02d}",)):
                if division == 59:
                    found += [
                        Leaf(section, digits, "handling", _row(law, f"{STANDARD}#transport")),
                        Leaf(section, digits, "warehousing", _row(law, f"{STANDARD}#warehousing")),
                    ]
                    continue
                found.append(Leaf(section, digits, None, _row(law, _rule_of(law, section + digits))))
    return found


def _rule_of(law: Law, code: str) -> str:
    body = law.rule(f"{STANDARD}#class").body
    assert isinstance(body, Table)
    for row in body.rows:
        if row.otherwise or (isinstance(row.child, Coded) and code.startswith(row.child.prefixes)):
            assert row.rule is not None
            return row.rule
    raise AssertionError(code)


def _row(law: Law, rule: str) -> SizeRow | None:
    body = law.rule(rule).body
    assert isinstance(body, Table)
    if all(row.name is None for row in body.rows):  # by reference: railways, what is not listed
        last = body.rows[-1].rule
        assert last is not None
        return _row(law, last)
    lower: dict[str, dict[str, int]] = {}
    for row in body.rows:
        if row.otherwise or row.name is None:
            continue
        for test in row.child.children if isinstance(row.child, All) else (row.child,):
            if not isinstance(test, Compare):
                return None
            (((), constant), ((slot,), _)) = test.polynomial
            lower.setdefault(slot.fact, {})[row.name] = -constant
    return SizeRow(rule, {fact: (b["small"], b["medium"], b["large"]) for fact, b in lower.items()})
