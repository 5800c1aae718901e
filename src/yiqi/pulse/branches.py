"""Branches of industry: codes of one section that stand under one row of the size standard.

Which row holds for a code, which indicators it looks at and where its bounds lie is read from the law.
"""

from __future__ import annotations

from dataclasses import dataclass

from yiqi.facts.industry import SECTIONS
from yiqi.law.tree import All, Coded, Compare, Law, Table
from yiqi.pulse.figures import Figures
from yiqi.screening.prepared import industry_number

STANDARD = "miit-2011-300"
CLASSES = ("micro", "small", "medium", "large")
"""Size classes by number."""

INDUSTRY = ("B", "C", "D")
REAL_ESTATE = ("701", "702", "703", "704", "709")
"""Division 70 has groups in different rows of the standard."""

ACTIVITIES = ("handling", "warehousing")
"""Division 59 is told apart by activity; the values of the fact in their order."""

ELECTRONICS = "39"
"""The division whose figures are published in full."""

NO_ENTERPRISES = ("S", "T")


@dataclass(frozen=True, slots=True)
class SizeRow:
    """A row of the size standard. ``bounds`` has for each fact its lower bounds of small, medium and large, in the
    smallest unit."""

    rule: str
    bounds: dict[str, tuple[int, int, int]]


@dataclass(frozen=True, slots=True)
class Leaf:
    """An industry code as the population writes it; ``share`` is its part of the section."""

    section: str
    digits: str
    activity: int | None
    share: float

    @property
    def number(self) -> int:
        """The code as a prepared table holds it."""
        return industry_number(self.section + self.digits)


@dataclass(frozen=True, slots=True)
class Branch:
    """Leaves of one section under one row. ``row`` is None for finance, whose class an authority gives."""

    key: str
    section: str
    leaves: tuple[Leaf, ...]
    row: SizeRow | None

    @property
    def share(self) -> float:
        """The branch's part of its section."""
        return sum(leaf.share for leaf in self.leaves)

    @property
    def is_industry(self) -> bool:
        return self.section in INDUSTRY


def branches(law: Law, figures: Figures, assumptions: Figures) -> tuple[Branch, ...]:
    """All branches in the order of their codes. Shares of a section come from the figures, then from the assumptions,
    else each division has the same."""
    found: dict[tuple[str, str], list[Leaf]] = {}
    rows: dict[tuple[str, str], SizeRow | None] = {}
    for section in SECTIONS:
        if section in NO_ENTERPRISES:
            continue
        for leaf in _leaves(section, figures, assumptions):
            rule = _rule_of(law, leaf)
            name = f"{section}{ELECTRONICS}" if leaf.digits == ELECTRONICS else section
            key = (name, rule)
            found.setdefault(key, []).append(leaf)
            rows[key] = _row(law, rule)
    names = [name for name, _ in found]
    return tuple(
        Branch(
            name if names.count(name) == 1 else f"{name}:{rule.partition('#')[2]}",
            leaves[0].section,
            tuple(leaves),
            rows[name, rule],
        )
        for (name, rule), leaves in found.items()
    )


def _leaves(section: str, figures: Figures, assumptions: Figures) -> list[Leaf]:
    first, last, _ = SECTIONS[section]
    codes: list[tuple[str, int | None]] = []
    for division in range(first, last + 1):
        if division == 59:
            codes += [("59", place) for place in range(len(ACTIVITIES))]
        elif division == 70:
            codes += [(digits, None) for digits in REAL_ESTATE]
        else:
            codes.append((f"{division:02d}", None))
    known = _shares(section, figures, assumptions)
    names = [digits if activity is None else f"{digits}:{ACTIVITIES[activity]}" for digits, activity in codes]
    open_codes = sum(name not in known for name in names)
    rest = (1 - sum(known.values())) / open_codes if open_codes else 0.0
    return [
        Leaf(section, digits, activity, known.get(name, rest))
        for (digits, activity), name in zip(codes, names, strict=True)
    ]


def _shares(section: str, figures: Figures, assumptions: Figures) -> dict[str, float]:
    if section == "F":
        wholesale = figures.value("legal_entities", "2018", "division", "51_wholesale")
        retail = figures.value("legal_entities", "2018", "division", "52_retail")
        return {"51": wholesale / (wholesale + retail), "52": retail / (wholesale + retail)}
    if section == "C":
        units = figures.value("division_C39_all", "2023", "division", "units")
        return {ELECTRONICS: units / figures.value("legal_entities", "2023", "section", "C")}
    return {f.key: f.value for f in assumptions if f.measure == "division_share" and f.group == section}


def _rule_of(law: Law, leaf: Leaf) -> str:
    if leaf.activity is not None:
        table = _table(law, "nbs-2017-213#division_59")
        rule = table.rows[leaf.activity].rule
        assert rule is not None
        return rule
    code = leaf.section + leaf.digits
    for row in _table(law, f"{STANDARD}#class").rows:
        if row.otherwise or (isinstance(row.child, Coded) and code.startswith(row.child.prefixes)):
            assert row.rule is not None
            return row.rule
    raise ValueError(f"the size standard has no row for {code}")


def _table(law: Law, rule: str) -> Table:
    body = law.rule(rule).body
    if not isinstance(body, Table):
        raise ValueError(f"{rule} is no table")
    return body


def _row(law: Law, rule: str) -> SizeRow | None:
    table = _table(law, rule)
    if all(row.name is None for row in table.rows):  # by reference to another row: railways, what is not listed
        last = table.rows[-1].rule
        assert last is not None
        return _row(law, last)
    lower: dict[str, dict[str, int]] = {}
    for row in table.rows:
        if row.otherwise or row.name is None:
            continue
        for test in row.child.children if isinstance(row.child, All) else (row.child,):
            if not isinstance(test, Compare):
                return None
            (((), constant), ((slot,), _)) = test.polynomial
            lower.setdefault(slot.fact, {})[row.name] = -constant
    return SizeRow(rule, {fact: (b["small"], b["medium"], b["large"]) for fact, b in lower.items()})
