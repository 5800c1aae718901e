"""The catalogue: the measures in force on a day, whoever asks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from yiqi.judge.evaluate import code_matches
from yiqi.law.freshness import due
from yiqi.law.measure import Measure
from yiqi.law.tree import Coded, Instrument, Law, Rule, Scheme, VersionRow, truth_children
from yiqi.relief.entitlements import REGION, SUBJECT, next_deadline


@dataclass(frozen=True)
class Entry:
    """One measure of the catalogue on one day."""

    scheme: Scheme
    version: VersionRow
    rule: Rule
    measure: Measure
    instrument: Instrument
    on: dt.date

    @property
    def deadline(self) -> dt.date | None:
        return next_deadline(self.measure.deadline, self.on)

    @property
    def stale(self) -> bool:
        return due(self.instrument, self.measure.rule).stale(self.on)

    @property
    def places(self) -> tuple[str, ...]:
        """Prefixes of the region codes where it counts; empty for the whole country."""
        if self.instrument.regions:
            return self.instrument.regions
        return tuple(dict.fromkeys(_places(self.rule)))

    def counts_in(self, region: str) -> bool:
        """Whether it is a measure of a place, of one that it lies in, or of one that lies in it."""
        if self.instrument.regions and not code_matches(
            region, self.instrument.regions, self.instrument.regions_except
        ):
            return False
        places = self.places
        return not places or any(region.startswith(p) or p.startswith(region) for p in places)

    def as_dict(self) -> dict[str, Any]:
        measure = self.measure
        return {
            "scheme": self.scheme.id,
            "title": self.scheme.title.as_dict(),
            "rule": self.rule.id,
            "number": self.instrument.number,
            "from": self.version.first.isoformat(),
            "until": None if self.version.last is None else self.version.last.isoformat(),
            "head": list(measure.head),
            "difficulty": list(measure.difficulty),
            "kind": measure.kind,
            "level": measure.level,
            "places": list(self.places),
            "per": measure.per,
            "deadline": None if self.deadline is None else self.deadline.isoformat(),
            "claim": {
                "how": measure.claim.how,
                "where": None if measure.claim.where is None else measure.claim.where.as_dict(),
            },
            "confidence": self.rule.confidence,
            "reviewed": self.instrument.reviewed.isoformat(),
            "stale": self.stale,
        }


def _places(rule: Rule) -> Iterator[str]:
    """The regions that a line of the measure itself asks for."""
    waiting: list[Any] = [rule.body]
    while waiting:
        node = waiting.pop(0)
        if isinstance(node, Coded) and node.slot.fact == REGION:
            yield from node.prefixes
        elif node is not None:
            waiting.extend(truth_children(node))


def chosen(
    law: Law,
    on: dt.date,
    *,
    region: str | None = None,
    difficulty: str | None = None,
    head: str | None = None,
) -> tuple[Entry, ...]:
    """The measures in force on a day, in the order of the version table.

    With ``region`` the national ones and those of that place; without, all of them.
    """
    found: list[Entry] = []
    for scheme in law.schemes.values():
        version = law.version(scheme.id, "new", on) or law.version(scheme.id, "re_review", on)
        if not scheme.id.startswith(SUBJECT) or version is None:
            continue
        measure = law.measure(version.rule)
        if measure is None:
            continue
        instrument = law.instruments[version.rule.partition("#")[0]]
        entry = Entry(scheme, version, law.rule(version.rule), measure, instrument, on)
        if (
            (difficulty is None or difficulty in measure.difficulty)
            and (head is None or head in measure.head)
            and (region is None or entry.counts_in(region))
        ):
            found.append(entry)
    return tuple(found)
