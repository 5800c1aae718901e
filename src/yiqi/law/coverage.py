"""How much of an instrument runs: its headings by what they are to the machine."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from yiqi.law.tree import Instrument, Rule


@dataclass(frozen=True, slots=True)
class Coverage:
    """Numbers of headings with an id. Headings without one only group and are not counted."""

    run: int = 0
    """Decided by the machine from facts."""
    person: int = 0
    """A person decides, and the decision is entered as a fact (``.judgement``)."""
    steps: int = 0
    """Order who does what within how long (``.procedure``)."""
    explain: int = 0
    """Say what others mean, aim at or rest on (``.context``)."""

    @property
    def total(self) -> int:
        return self.run + self.person + self.steps + self.explain

    def share(self, count: int) -> Fraction | None:
        """A count as a part of all headings; None when there are none."""
        return Fraction(count, self.total) if self.total else None

    def __add__(self, other: Coverage) -> Coverage:
        return Coverage(
            self.run + other.run, self.person + other.person, self.steps + other.steps, self.explain + other.explain
        )


def coverage_of(instrument: Instrument) -> Coverage:
    """The headings of one instrument."""
    return total_coverage(_of_rule(rule) for rule in instrument.rules.values())


def total_coverage(parts: Iterable[Coverage]) -> Coverage:
    return sum(parts, Coverage())


def _of_rule(rule: Rule) -> Coverage:
    match rule.mark:
        case "judgement":
            return Coverage(person=1)
        case "procedure":
            return Coverage(steps=1)
        case "rule" if rule.value is not None:
            return Coverage(run=1)
        case _:  # marked .context, or a heading that only gathers such headings
            return Coverage(explain=1)
