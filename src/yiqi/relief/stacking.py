"""Which measures go together: the most valuable combination that the law admits, the next one, and what decided.

Counted are measures that apply and give money. Each is worth what is sure of one claim; what an amount could be at most
decides between combinations that are equally sure. Guarantees, later payments and preferences are no money and are not
added. A relation on an unconfirmed source decides nothing: it is shown with what would be lost if it counted. One that
counts for the same person takes nothing from an enterprise whose figures name each person under one measure, as the facts
ask; it is shown as a condition. A fact sheet tells of one loan, one bid, one period and each cost once, so that relations
for the same of these count.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from typing import Any

from yiqi.judge.ranges import Range
from yiqi.law.bilingual import Bilingual
from yiqi.law.measure import Relation, RelationKind
from yiqi.law.tree import Slot
from yiqi.relief.combining import best_set, next_set
from yiqi.relief.entitlements import Entitlement, Entitlements, yuan

APART: tuple[RelationKind, ...] = ("excludes", "highest_with")
"""Relations by which only one of two measures is had."""


@dataclass(frozen=True)
class Clash:
    """Two measures of which only one is had."""

    first: Entitlement
    second: Entitlement
    kind: RelationKind
    relation: Relation

    @property
    def unconfirmed(self) -> bool:
        return self.relation.confidence == "C"

    @property
    def by_person(self) -> bool:
        """Whether both may be had, for different people."""
        return not self.unconfirmed and self.relation.same == "person"

    @property
    def decides(self) -> bool:
        return not self.unconfirmed and not self.by_person

    @property
    def pair(self) -> tuple[str, str]:
        return self.first.scheme, self.second.scheme

    def as_dict(self) -> dict[str, Any]:
        return {
            "measures": list(self.pair),
            "kind": self.kind,
            "same": self.relation.same,
            "confidence": self.relation.confidence,
        }


@dataclass(frozen=True)
class Combination:
    """Measures that may be had together."""

    measures: tuple[Entitlement, ...]

    @property
    def schemes(self) -> tuple[str, ...]:
        return tuple(e.scheme for e in self.measures)

    @property
    def low(self) -> int:
        """What is sure, in fen."""
        return sum(e.low for e in self.measures)

    @property
    def high(self) -> int | None:
        """The most that it can be; None without a bound."""
        return _sum(e.high for e in self.measures)

    @property
    def by_per(self) -> dict[str, Range]:
        """What is sure and the most, apart for what the amounts count for (``year``, ``once``, ``loan`` …)."""
        found: dict[str, list[Entitlement]] = {}
        for entitlement in self.measures:
            found.setdefault(entitlement.measure.per or "once", []).append(entitlement)
        return {per: (sum(e.low for e in of), _sum(e.high for e in of)) for per, of in found.items()}

    def as_dict(self) -> dict[str, Any]:
        return {
            "measures": list(self.schemes),
            "total": _range(self.low, self.high),
            "by_per": {per: _range(low or 0, high) for per, (low, high) in self.by_per.items()},
        }


@dataclass(frozen=True)
class RunnerUp:
    """The most valuable combination that holds a measure which the best one does without.

    ``instead`` are its own measures, ``of`` those it has to do without, ``clashes`` what decided between them.
    """

    combination: Combination
    instead: tuple[Entitlement, ...]
    of: tuple[Entitlement, ...]
    clashes: tuple[Clash, ...]
    by: int
    """How much less is sure, in fen."""

    def as_dict(self) -> dict[str, Any]:
        return {
            **self.combination.as_dict(),
            "instead": [e.scheme for e in self.instead],
            "of": [e.scheme for e in self.of],
            "less": yuan(self.by),
            "because": [clash.as_dict() for clash in self.clashes],
        }


@dataclass(frozen=True)
class Exchange:
    """``instead`` could be worth more than ``of``: by so many fen at most, None without a bound."""

    instead: tuple[Entitlement, ...]
    of: tuple[Entitlement, ...]
    by: int | None

    def as_dict(self) -> dict[str, Any]:
        return {
            "instead": [e.scheme for e in self.instead],
            "of": [e.scheme for e in self.of],
            "more_at_most": None if self.by is None else yuan(self.by),
        }


@dataclass(frozen=True)
class Shared:
    """A figure in yuan with which several measures of a combination reckon: their amounts lean on each other."""

    slot: Slot
    label: Bilingual
    measures: tuple[Entitlement, ...]

    def as_dict(self) -> dict[str, Any]:
        return {"fact": self.slot.fact, "measures": [e.scheme for e in self.measures]}


class Stacking:
    """The combinations for one list of measures."""

    def __init__(self, found: Entitlements) -> None:
        self.found = found
        self.counted = tuple(e for e in found.measures if e.money and e.standing == "applies" and not e.too_late)
        self.open = tuple(
            e for e in found.measures if e.money and e.standing in ("would_apply", "needs_person") and not e.too_late
        )

    # -- the best -----------------------------------------------------------------------------------------------------

    @cached_property
    def best(self) -> Combination:
        """What is sure adds up to most; of equals, what could be most."""
        return self._of(best_set(self._weights(self.counted), self._conflicts(self.counted)))

    @cached_property
    def runner_up(self) -> RunnerUp | None:
        """The next combination; None where nothing excludes anything."""
        chosen = next_set(self._weights(self.counted), self._conflicts(self.counted), self.best.schemes)
        if chosen is None:
            return None
        other, inside = self._of(chosen), set(self.best.schemes)
        instead = tuple(e for e in other.measures if e.scheme not in inside)
        without = tuple(e for e in self.best.measures if e.scheme not in set(chosen))
        clashes = tuple(c for c in clashes_between(instead, without) if c.decides)
        return RunnerUp(other, instead, without, clashes, self.best.low - other.low)

    @cached_property
    def could_be_better(self) -> Exchange | None:
        """Measures that would be worth more than some of the best combination, if what is open in them came out at its most
        and what is open in those at its least; None where the best combination is the best in every case."""
        both = (*self.counted, *self.open)
        inside = set(self.best.schemes)
        worth = _bounded(both, lambda e: e.low if e.scheme in inside else e.high)
        conflicts = self._conflicts(both)
        # Of equals the best combination stays.
        weights = {s: value * (len(both) + 1) + (s in inside) for s, value in worth.items()}
        chosen = set(best_set(weights, conflicts))
        if inside <= chosen:
            return None
        given_up = tuple(e for e in self.best.measures if e.scheme not in chosen)
        clashing = {s for c in clashes_between(both, given_up) if c.decides for s in c.pair}
        instead = tuple(e for e in both if e.scheme in chosen - inside and e.scheme in clashing)
        most = _sum(e.high for e in instead)
        return Exchange(instead, given_up, None if most is None else most - sum(e.low for e in given_up))

    # -- what is open -------------------------------------------------------------------------------------------------

    @cached_property
    def unconfirmed(self) -> tuple[Clash, ...]:
        """Relations between measures of the best combination whose source is unconfirmed."""
        return tuple(c for c in clashes_between(self.best.measures, self.best.measures) if c.unconfirmed)

    @cached_property
    def by_person(self) -> tuple[Clash, ...]:
        """Relations by which one person counts under one of two measures only."""
        return tuple(c for c in clashes_between(self.best.measures, self.best.measures) if c.by_person)

    @cached_property
    def if_unconfirmed_count(self) -> Combination | None:
        """The best combination if every unconfirmed relation counted; None where there is none within the best one."""
        if not self.unconfirmed:
            return None
        every = self._conflicts(self.counted, unconfirmed=True)
        return self._of(best_set(self._weights(self.counted), every))

    @cached_property
    def totals(self) -> dict[str, Range]:
        """What the best combination gives, apart for what the amounts count for: from what is sure even if every unconfirmed
        relation counted, to the most."""
        totals = dict(self.best.by_per)
        if (other := self.if_unconfirmed_count) is not None:
            worst = other.by_per
            totals = {per: (min(low or 0, worst.get(per, (0, 0))[0] or 0), high) for per, (low, high) in totals.items()}
        return totals

    @cached_property
    def shared(self) -> tuple[Shared, ...]:
        """Figures in yuan that several measures of the best combination reckon with."""
        vocabulary = next((e.law.vocabulary for e in self.best.measures), None)
        readers: dict[Slot, list[Entitlement]] = {}
        for entitlement in self.best.measures:
            for slot in dict.fromkeys(entitlement.slots()):
                fact = vocabulary.get(slot.fact) if vocabulary is not None else None
                if fact is not None and fact.type == "money":
                    readers.setdefault(slot, []).append(entitlement)
        return tuple(
            Shared(slot, vocabulary[slot.fact].label, tuple(of))
            for slot, of in readers.items()
            if vocabulary is not None and len(of) > 1
        )

    def as_dict(self) -> dict[str, Any]:
        better, unconfirmed = self.could_be_better, self.if_unconfirmed_count
        return {
            "totals": {per: _range(low or 0, high) for per, (low, high) in self.totals.items()},
            "best": self.best.as_dict(),
            "proven_best": True,
            "runner_up": self.runner_up.as_dict() if self.runner_up is not None else None,
            "could_be_better": better.as_dict() if better is not None else None,
            "unconfirmed": [clash.as_dict() for clash in self.unconfirmed],
            "for_different_people": [clash.as_dict() for clash in self.by_person],
            "if_unconfirmed_count": unconfirmed.as_dict() if unconfirmed is not None else None,
            "shared_figures": [s.as_dict() for s in self.shared],
        }

    # -- parts --------------------------------------------------------------------------------------------------------

    def _of(self, schemes: Iterable[str]) -> Combination:
        chosen = set(schemes)
        return Combination(tuple(e for e in self.counted if e.scheme in chosen))

    def _weights(self, among: Sequence[Entitlement]) -> dict[str, int]:
        most = _bounded(among, lambda e: e.high)
        step = sum(most.values()) + 1  # one fen that is sure outweighs all that is not
        return {e.scheme: e.low * step + most[e.scheme] for e in among}

    def _conflicts(self, among: Sequence[Entitlement], *, unconfirmed: bool = False) -> list[tuple[str, str]]:
        return [c.pair for c in clashes_between(among, among) if c.decides or (unconfirmed and c.unconfirmed)]


def clashes_between(first: Iterable[Entitlement], second: Iterable[Entitlement]) -> Iterator[Clash]:
    """The relations between measures of two groups by which only one of two is had, each once."""
    ones, others = list(first), {e.scheme: e for e in second}
    by_rule = {e.measure.rule: e for e in others.values()}
    seen: set[frozenset[str]] = set()
    for one in ones:
        for kind in APART:
            for relation in one.measure.relations(kind):
                other = others.get(relation.to) or by_rule.get(relation.to)
                if other is None or (pair := frozenset((one.scheme, other.scheme))) in seen or len(pair) == 1:
                    continue
                seen.add(pair)
                yield Clash(one, other, kind, relation)


def admissible(measures: Iterable[Entitlement]) -> bool:
    """Whether a group of measures may be had together."""
    return not any(clash.decides for a, b in combinations(list(measures), 2) for clash in clashes_between((a,), (b,)))


def _bounded(among: Sequence[Entitlement], worth: Callable[[Entitlement], int | None]) -> dict[str, int]:
    """A worth for each; what has no bound is worth more than all the others together."""
    known = {e.scheme: value for e in among if (value := worth(e)) is not None}
    beyond = sum(max(0, v) for v in known.values()) + 1
    return {e.scheme: max(0, known.get(e.scheme, beyond)) for e in among}


def _sum(ends: Iterable[int | None]) -> int | None:
    total = 0
    for end in ends:
        if end is None:
            return None
        total += end
    return total


def _range(low: int, high: int | None) -> dict[str, str | None]:
    return {"low": yuan(low), "high": None if high is None else yuan(high)}
