"""What one enterprise can get on a day: every measure, where it stands, what it gives, until when and how to claim it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

from yiqi.facts.sheet import FactSheet
from yiqi.judge.answer import Answer, Answers
from yiqi.judge.decisive import decisive
from yiqi.judge.evaluate import code_matches
from yiqi.judge.figures import year_of
from yiqi.judge.frame import slot_name
from yiqi.judge.given import Gift
from yiqi.judge.reasons import Reason
from yiqi.law.bilingual import Bilingual
from yiqi.law.duration import MonthDay
from yiqi.law.freshness import Due, due
from yiqi.law.measure import Measure
from yiqi.law.tree import Instrument, Law, Slot, slots_of

Standing = Literal["applies", "would_apply", "needs_person", "does_not"]
STANDINGS: tuple[Standing, ...] = ("applies", "would_apply", "needs_person", "does_not")
SUBJECT = "relief."
MONEY = ("saving", "cash")
"""Kinds whose amount is money that an enterprise keeps or receives: a guarantee or a later payment is none."""
REGION = "region"


@dataclass(frozen=True)
class Entitlement:
    """One measure for one enterprise on one day."""

    answer: Answer
    measure: Measure
    instrument: Instrument
    law: Law
    named: Mapping[str, Slot]
    """The values that the conditions of all measures read, by the name they go by when they are missing."""

    @property
    def scheme(self) -> str:
        return self.answer.scheme.id

    @property
    def title(self) -> Bilingual:
        return self.answer.scheme.title

    @property
    def programme(self) -> bool:
        """Whether it instructs governments or banks and gives no claim."""
        return self.measure.kind == "programme"

    # -- where it stands ----------------------------------------------------------------------------------------------

    @cached_property
    def here(self) -> int:
        """Whether the instrument counts where the enterprise is: 2 yes, 1 unknown, 0 no."""
        regions = self.instrument.regions
        if not regions:
            return 2
        region = self.answer.run.sheet.get(REGION) if self.answer.run is not None else None
        return code_matches(region if isinstance(region, str) else None, regions, self.instrument.regions_except)

    @cached_property
    def elsewhere(self) -> bool:
        """Whether it is a measure of another place."""
        if self.here == 0:
            return True
        return self.measure.level != "national" and any(
            slot.fact == REGION for reason in self.failing for slot in reason.slots()
        )

    @property
    def unplaced(self) -> bool:
        """Whether it is a measure of some place and nobody said where the enterprise is."""
        return (
            bool(self.instrument.regions) and self.answer.run is not None and self.answer.run.sheet.get(REGION) is None
        )

    @cached_property
    def standing(self) -> Standing:
        """``applies``; ``would_apply`` with facts that the enterprise can give; ``needs_person`` where what is open is an
        authority's to say, or no fact can settle it; ``does_not``."""
        outcome = self.answer.outcome
        if outcome == "no" or self.here == 0:
            return "does_not"
        if outcome == "yes":
            return "applies" if self.here == 2 else "would_apply"
        sets = self.answer.missing.for_yes
        if not sets:
            return "needs_person"
        persons = self._persons
        return "needs_person" if any(set(names) <= persons for names in sets) else "would_apply"

    @cached_property
    def missing(self) -> tuple[tuple[str, ...], ...]:
        """The smallest sets of missing values that could make it apply."""
        sets = self.answer.missing.for_yes
        if self.here != 1 or self.standing != "would_apply":
            return sets
        return tuple(names if REGION in names else (REGION, *names) for names in sets) or ((REGION,),)

    @cached_property
    def _persons(self) -> frozenset[str]:
        """Of the missing values, those that an authority says or judges."""
        named = {name for names in self.answer.missing.for_yes for name in names}
        return frozenset(name for name in named if self._by_person(name))

    def _by_person(self, name: str) -> bool:
        slot = self.named.get(name)
        fact = self.law.vocabulary.get(slot.fact) if slot is not None else None
        return fact is not None and (fact.judged or fact.known_by == "official")

    @property
    def persons(self) -> tuple[str, ...]:
        """The judgements that are open, in the order of the sets."""
        return tuple(dict.fromkeys(n for names in self.answer.missing.for_yes for n in names if n in self._persons))

    @property
    def unsettled(self) -> bool:
        """Whether no fact can settle it: what is open has no value, or its source is unconfirmed."""
        return self.standing == "needs_person" and not self.answer.missing.for_yes

    @cached_property
    def failing(self) -> tuple[Reason, ...]:
        """The single conditions by which it does not apply."""
        reason = self.answer.reason
        if reason is None or self.answer.outcome != "no":
            return ()
        found = {end.outline.id: end for end in _ends(reason)}
        return tuple(found.values())

    def label(self, name: str) -> Bilingual:
        """A missing value by its label, with its year; the name itself for one that the vocabulary does not have."""
        slot = self.named.get(name)
        if slot is None:
            fact = self.law.vocabulary.get(name)
            return fact.label if fact is not None else Bilingual(name, name)
        label = self.law.vocabulary[slot.fact].label
        year = year_of(slot, self.law.vocabulary, self.answer.on)
        return label if year is None else Bilingual(f"{label.en}, {year}", f"{year}年{label.zh}")

    # -- what it gives ------------------------------------------------------------------------------------------------

    @property
    def gift(self) -> Gift | None:
        """What is given, confirmed or not; None where it gives no amount or does not apply."""
        return self.answer.gifts.get("amount") if self.standing != "does_not" else None

    @property
    def amount(self) -> Gift | None:
        """The amount, None where there is none or its source is unconfirmed."""
        gift = self.gift
        return gift if gift is not None and gift.confirmed else None

    @property
    def money(self) -> bool:
        """Whether its amount may be added to that of others."""
        return self.measure.kind in MONEY and self.amount is not None

    @cached_property
    def low(self) -> int:
        """The least that is sure, in fen: 0 unless it applies."""
        amount = self.amount
        if amount is None or self.standing != "applies":
            return 0
        return max(0, amount.range[0] or 0)

    @property
    def high(self) -> int | None:
        """The most that it can be, in fen; None without a bound. 0 where there is no amount."""
        return 0 if self.amount is None else self.amount.range[1]

    # -- until when, how, how sure ------------------------------------------------------------------------------------

    @cached_property
    def deadline(self) -> dt.date | None:
        """The last day to claim: the next one, for a day of every year. A day of one year may have passed."""
        return next_deadline(self.measure.deadline, self.answer.on)

    @property
    def ends(self) -> dt.date | None:
        """The last day on which the measure is in force, as far as it is known."""
        return self.answer.version.last if self.answer.version is not None else None

    @property
    def too_late(self) -> bool:
        return self.deadline is not None and self.deadline < self.answer.on

    @cached_property
    def due(self) -> Due:
        """Until when the comparison with the source counts."""
        return due(self.instrument, self.measure.rule)

    @property
    def stale(self) -> bool:
        return self.due.stale(self.answer.on)

    @property
    def confidence(self) -> str:
        """The tag of the answer; while it is open that of the measure."""
        rule = self.law.rule(self.measure.rule)
        return self.answer.confidence or rule.confidence

    def slots(self) -> Iterator[Slot]:
        """The values that the amount reads itself."""
        for rule in self.law.rule(self.measure.rule).gives:
            body = self.law.rule(rule).body
            if body is not None:
                yield from slots_of(body)

    def as_dict(self) -> dict[str, Any]:
        """The entry of a list: what the answer of the same scheme says of its conditions is not repeated."""
        amount, measure = self.amount, self.measure
        low, high = (None, None) if amount is None else amount.range
        return {
            "scheme": self.scheme,
            "title": self.title.as_dict(),
            "rule": measure.rule,
            "standing": self.standing,
            "head": list(measure.head),
            "difficulty": list(measure.difficulty),
            "kind": measure.kind,
            "level": measure.level,
            "amount": None if amount is None else amount.as_dict() | {"adds_up": self.money},
            "sure": None if amount is None or (low, high) == (None, None) else yuan(self.low),
            "per": measure.per,
            "deadline": self.deadline.isoformat() if self.deadline is not None else None,
            "ends": self.ends.isoformat() if self.ends is not None else None,
            "too_late": self.too_late,
            "claim": {
                "how": measure.claim.how,
                "where": measure.claim.where.as_dict() if measure.claim.where is not None else None,
            },
            "missing_for_yes": [list(names) for names in self.missing],
            "persons": list(self.persons),
            "unsettled": self.unsettled,
            "failing": [reason.outline.id for reason in self.failing],
            "elsewhere": self.elsewhere,
            "confidence": self.confidence,
            "number": self.instrument.number,
            "reviewed": self.instrument.reviewed.isoformat(),
            "stale": self.stale,
        }


def yuan(fen: int) -> str:
    """An amount as JSON has it: yuan with two decimals."""
    from yiqi.law.quantities import yuan_text

    return yuan_text(fen)


def _ends(reason: Reason) -> Iterator[Reason]:
    """The single conditions that make a reason fail."""
    parts = [part for part in decisive(reason) if part.value == reason.value]
    if not parts:
        yield reason
    for part in parts:
        yield from _ends(part)


def next_deadline(deadline: dt.date | MonthDay | None, on: dt.date) -> dt.date | None:
    """The last day to claim as seen from a day. 29 February is the 28th where there is none."""
    if not isinstance(deadline, MonthDay):
        return deadline
    for year in (on.year, on.year + 1):
        day = deadline.day
        if (deadline.month, day) == (2, 29) and not (year % 4 == 0 and (year % 100 or year % 400 == 0)):
            day = 28
        found = dt.date(year, deadline.month, day)
        if found >= on:
            return found
    raise AssertionError("a day of the next year is not before this one")


@dataclass(frozen=True)
class Entitlements:
    """All measures for one enterprise on one day, the most valuable first, then the earliest to claim."""

    sheet: FactSheet
    on: dt.date
    every: tuple[Entitlement, ...]

    @property
    def measures(self) -> tuple[Entitlement, ...]:
        """Those that give a claim, at home in the place of the enterprise."""
        return tuple(e for e in self.every if not e.programme and not e.elsewhere and not e.unplaced)

    @property
    def programmes(self) -> tuple[Entitlement, ...]:
        return tuple(e for e in self.every if e.programme and not e.elsewhere and not e.unplaced)

    @property
    def elsewhere(self) -> tuple[Entitlement, ...]:
        """Measures of other places."""
        return tuple(e for e in self.every if e.elsewhere and not e.unplaced)

    @property
    def unplaced(self) -> tuple[Entitlement, ...]:
        """Measures of some place, while nobody said where the enterprise is."""
        return tuple(e for e in self.every if e.unplaced)

    def of(self, standing: Standing) -> tuple[Entitlement, ...]:
        return tuple(e for e in self.measures if e.standing == standing)

    def __getitem__(self, scheme: str) -> Entitlement:
        for entitlement in self.every:
            if entitlement.scheme == scheme:
                return entitlement
        raise KeyError(scheme)

    def __iter__(self) -> Iterator[Entitlement]:
        return iter(self.every)


def entitlements(answers: Answers, law: Law) -> Entitlements:
    """The measures among the answers. A scheme without a rule on the day, or without a ``measure`` fence, is left out."""
    found: list[Entitlement] = []
    named: dict[str, Slot] = {}
    for answer in answers:
        if not answer.scheme.id.startswith(SUBJECT) or answer.version is None or answer.instrument is None:
            continue
        measure = law.measure(answer.version.rule)
        if measure is not None:
            if not named and answer.run is not None:
                named = _named(answer.run.compiled.linked.slots, law, answers.on)
            found.append(Entitlement(answer, measure, answer.instrument, law, named))
    return Entitlements(answers.sheet, answers.on, tuple(ranked(found)))


def _named(slots: Iterable[Slot], law: Law, on: dt.date) -> dict[str, Slot]:
    found: dict[str, Slot] = {}
    for slot in slots:
        if slot.fact in law.vocabulary:
            found.setdefault(slot_name(slot, law.vocabulary, on), slot)
    return found


def ranked(found: Iterable[Entitlement]) -> list[Entitlement]:
    """By standing, then value (what is sure, then the most that it can be), then the last day to claim or of the measure.

    Money goes before what is none; an amount without a bound after those that have one.
    """
    return sorted(
        found,
        key=lambda e: (
            STANDINGS.index(e.standing),
            not e.money,
            -e.low,
            -(e.high or 0),
            e.too_late,
            min(e.deadline or dt.date.max, e.ends or dt.date.max),
        ),
    )
