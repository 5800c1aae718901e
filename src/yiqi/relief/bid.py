"""The price of one bid as it is compared, before and after the preferences of public procurement.

Whether a preference counts, and its rate, stand in the law: measures with an amount of kind ``preference``, for a bid. Here
they are taken from the quote, each from the original one. The price of the contract stays as quoted.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from yiqi.facts.sheet import FactSheet
from yiqi.judge.evaluate import Evaluation
from yiqi.judge.frame import FrameBuilder
from yiqi.judge.judge import Judge
from yiqi.judge.link import link
from yiqi.judge.ranges import Range
from yiqi.law.tree import Law
from yiqi.relief.combining import best_set
from yiqi.relief.entitlements import Entitlement, entitlements, yuan
from yiqi.relief.stacking import Clash, clashes_between

QUOTE = "bid_quote"
BID = "bid"
RATE_RULES = ("rate_allowed", "consortium_rate_allowed")
"""Rules of the instrument of a preference that say whether the rate of a tender lies where the law lets it lie."""
RATES = {"rate_allowed": "bid_deduction_rate", "consortium_rate_allowed": "bid_consortium_rate"}


@dataclass(frozen=True)
class Deduction:
    """One preference: what it takes from the quote that is compared, in fen; nothing where it does not count."""

    entitlement: Entitlement
    range: Range
    confidence: str
    """The weakest tag of the lines that give it."""

    @property
    def counts(self) -> bool:
        return self.entitlement.standing == "applies"

    @property
    def open(self) -> bool:
        return self.entitlement.standing in ("would_apply", "needs_person")

    def as_dict(self) -> dict[str, Any]:
        amount = self.entitlement.amount
        return {
            "scheme": self.entitlement.scheme,
            "standing": self.entitlement.standing,
            "deduction": _json(self.range) if self.entitlement.standing != "does_not" else None,
            "reckoning": [step.as_dict() for step in amount.steps] if amount is not None else [],
            "missing": list(amount.missing) if amount is not None else [],
            "missing_for_yes": [list(names) for names in self.entitlement.missing],
            "failing": [reason.outline.id for reason in self.entitlement.failing],
            "confidence": self.confidence,
        }


@dataclass(frozen=True)
class Bid:
    """One bid on one day. Prices are in fen; ``compared`` is a range while a preference or its rate is open."""

    on: dt.date
    quote: int | None
    deductions: tuple[Deduction, ...]
    clashes: tuple[Clash, ...]
    """Which of the preferences that could count exclude each other in one bid."""
    reserved: Entitlement | None
    """Whether the package is reserved for SMEs: a filter of bidders, no price."""
    unlawful: tuple[str, ...]
    """Facts that name a rate of the tender outside what the law allows."""
    sheet: FactSheet

    @property
    def deducted(self) -> Range:
        """What is taken off in all: at least what counts for sure, at most what could; of preferences that exclude each
        other the one that takes off more."""
        apart = [clash.pair for clash in self.clashes if clash.decides]
        sure = {d.entitlement.scheme: d.range[0] or 0 for d in self.deductions if d.counts}
        tops = {d.entitlement.scheme: d.range[1] for d in self.deductions if d.counts or d.open}
        low = sum(sure[s] for s in best_set(sure, apart))
        known = {s: top for s, top in tops.items() if top is not None}
        if len(known) < len(tops):
            return low, self.quote
        high = sum(known[s] for s in best_set(known, apart))
        return low, high if self.quote is None else min(high, self.quote)

    @property
    def compared(self) -> Range | None:
        """The price that is compared; None without a quote."""
        if self.quote is None:
            return None
        low, high = self.deducted
        return self.quote - (high if high is not None else self.quote), self.quote - (low or 0)

    def as_dict(self) -> dict[str, Any]:
        compared = self.compared
        return {
            "on": self.on.isoformat(),
            "quote": None if self.quote is None else yuan(self.quote),
            "deductions": [d.as_dict() for d in self.deductions],
            "deducted": _json(self.deducted),
            "compared": None if compared is None else _json(compared),
            "contract_price": None if self.quote is None else yuan(self.quote),
            "reserved": None if self.reserved is None else {"scheme": self.reserved.scheme, "outcome": self.reserved.answer.outcome},
            "rate_not_allowed": list(self.unlawful),
        }  # fmt: skip


def bid(judge: Judge, sheet: FactSheet, on: dt.date) -> Bid:
    """The price of a bid. Raises ``KeyError`` where the law has no preference in procurement."""
    law = judge.law
    found = entitlements(judge.judge(sheet, on, schemes=judge.schemes(["relief"])), law)
    preferences = [e for e in found if e.measure.kind == "preference"]
    priced = [e for e in preferences if e.measure.per == BID]
    deductions = tuple(Deduction(e, _range(e), _weakest(e, law)) for e in priced)
    quote = sheet.get(QUOTE)
    possible = [e for e in priced if e.standing != "does_not"]
    return Bid(
        on=on,
        quote=quote if isinstance(quote, int) else None,
        deductions=deductions,
        clashes=tuple(clashes_between(possible, possible)),
        reserved=next((e for e in preferences if e.measure.per is None), None),
        unlawful=tuple(_unlawful(law, priced, sheet, on)),
        sheet=sheet,
    )


def _range(e: Entitlement) -> Range:
    if e.standing == "does_not" or e.gift is None:
        return 0, 0
    if e.amount is None:
        return 0, None
    return e.amount.range


def _weakest(e: Entitlement, law: Law) -> str:
    """The weakest tag of the answer and of the lines that reckon."""
    if e.amount is None:
        return e.confidence
    return max(e.confidence, *(law.rule(step.id.partition("/")[0]).confidence for step in e.amount.steps), "A")


def _unlawful(law: Law, priced: Sequence[Entitlement], sheet: FactSheet, on: dt.date) -> Iterable[str]:
    """The rates of the tender that lie outside what the law allows; one that is not given lies nowhere."""
    instruments = dict.fromkeys(e.instrument.id for e in priced if e.standing != "does_not")
    named = [(f"{i}#{rule}", RATES[rule]) for i in instruments for rule in RATE_RULES]
    rules = [(rule, fact) for rule, fact in named if rule in law.instruments[rule.partition("#")[0]].rules]
    if not rules:
        return
    linked = link(law, [rule for rule, _ in rules], on)
    frame = FrameBuilder(linked.slots, law.vocabulary, on).build(sheet, "new")
    evaluation = Evaluation(linked, frame)
    for rule, fact in rules:
        if sheet.get(fact) is not None and evaluation.unit(rule) == 0:
            yield fact


def _json(value: Range) -> dict[str, str | None]:
    low, high = value
    return {"low": None if low is None else yuan(low), "high": None if high is None else yuan(high)}
