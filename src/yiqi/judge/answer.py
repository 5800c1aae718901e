"""Answers: what one enterprise is told about one scheme, and the one shape it has everywhere.

``docs/reference/answers.md`` describes the JSON; the API, the command line and saved results depend on it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from yiqi.facts.sheet import FactSheet
from yiqi.judge.given import Gift, gifts
from yiqi.judge.missing import SmallestSets, smallest_sets
from yiqi.judge.reasons import OUTCOMES, Outline, Reason, Run, build_reason, points_json, references_of
from yiqi.law.bilingual import Bilingual
from yiqi.law.freshness import due
from yiqi.law.tree import Instrument, Invert, PointsTest, Rule, Scheme, VersionRow
from yiqi.version import __version__

TAGS = "ABCD"


@dataclass(frozen=True)
class Answer:
    """One scheme's answer. ``version`` and what follows are None when no rule decides the scheme on that day."""

    scheme: Scheme
    procedure: str
    on: dt.date
    version: VersionRow | None
    instrument: Instrument | None
    outline: Outline | None
    run: Run | None

    @property
    def rule(self) -> Rule | None:
        return self.outline.unit.rule if self.outline is not None else None

    @cached_property
    def reason(self) -> Reason | None:
        """The answer's own reason, with all conditions below it."""
        if self.outline is None or self.run is None:
            return None
        return build_reason(self.outline, self.run)

    @property
    def outcome(self) -> str | None:
        """``yes``, ``no``, ``unknown`` or ``not_applicable``; a class by name, None while several are possible."""
        if self.outline is None or self.run is None:
            return "not_applicable"
        value = self.run.results[self.outline.position]
        if self.outline.value == "truth":
            return OUTCOMES[value]
        if self.outline.value == "class":
            names = self.possible or ()
            return names[0] if len(names) == 1 else None
        return None

    @property
    def possible(self) -> tuple[str, ...] | None:
        """The classes still possible, for a scheme that gives a class."""
        if self.outline is None or self.run is None or self.outline.value != "class":
            return None
        value = self.run.results[self.outline.position]
        return tuple(n for i, n in enumerate(self.run.compiled.linked.classes) if value & (1 << i))

    @property
    def decided(self) -> bool:
        return self.outcome not in ("unknown", None)

    @cached_property
    def score(self) -> tuple[int, int, int] | None:
        """(low, high, pass) in 1/10000 point of the score the rule asks for itself; None when it asks for none."""
        if self.reason is None:
            return None
        for reason in (self.ahead or self.reason).walk():
            if reason.outline.threshold is not None:
                # The pass mark may stand in a local file; the score it is asked of is the rule's own.
                own = [c for c in reason.children if c.outline.unit.rule.instrument == self._instrument_id]
                parts = [c.points for c in own if c.points is not None]
                if parts:
                    return sum(p[0] for p in parts), sum(p[1] for p in parts), reason.outline.threshold
        return None

    @cached_property
    def ahead(self) -> Reason | None:
        """Of a class that rules decide: the rule of the next class up, which fails, or the first that is still open.

        None for the first class, for one that is told by figures alone, and for any other answer.
        """
        if self.reason is None or self.outline is None or self.outline.value != "class" or self.outline.table is None:
            return None
        unit, evaluation = self.outline.unit, self.reason.run.evaluation
        parts = {child.outline.unit.key: child for child in self.reason.children}
        above: Reason | None = None
        for row in self.outline.table.rows:
            value = evaluation.truth(row.child, unit)
            if value == 2:
                return above
            named = list(references_of(row.child))
            part = None
            if len(named) == 1 and not isinstance(named[0], PointsTest):
                part = parts.get(evaluation.linked.target(unit, named[0]))
            if value == 1:
                return part
            # A row such as “not filed” is no class to aim at.
            above = None if isinstance(row.child, Invert) else part
        return above

    @property
    def _instrument_id(self) -> str:
        return self.rule.instrument if self.rule is not None else ""

    @property
    def stale(self) -> bool:
        """Whether its file should have been compared with the source again by the day of the act."""
        if self.instrument is None or self.version is None:
            return False
        return due(self.instrument, self.version.rule).stale(self.on)

    @cached_property
    def gifts(self) -> dict[str, Gift]:
        """What the measure gives, by kind (``amount``, ``date``); nothing where its conditions fail."""
        if self.outline is None or self.run is None or self.outline.value != "truth":
            return {}
        return gifts(self.run.evaluation, self.outline.unit.key)

    @property
    def amount(self) -> Gift | None:
        """The amount that is given; None where none is, or where its source is unconfirmed."""
        gift = self.gifts.get("amount")
        return gift if gift is not None and gift.confirmed else None

    @property
    def date(self) -> Gift | None:
        """The day that is given, in the same way."""
        gift = self.gifts.get("date")
        return gift if gift is not None and gift.confirmed else None

    @cached_property
    def missing(self) -> SmallestSets:
        """The smallest sets of missing facts that could settle the answer; empty when it is settled."""
        if self.outline is None or self.run is None or self.decided:
            return SmallestSets((), ())
        return smallest_sets(self.run.evaluation, self.outline.unit.key)

    @cached_property
    def confidence(self) -> str | None:
        """The tag an answer rests on: for a yes the weakest of what had to hold, for a no the strongest of what failed.

        None while the answer is open.
        """
        if self.reason is None or not self.decided:
            return None
        return _tag(self.reason)

    def leaves(self, outcome: int) -> Iterator[Reason]:
        """The single conditions with an outcome, in the order of the law, each once."""
        seen: set[str] = set()
        if self.reason is None:
            return
        for reason in self.reason.walk():
            if (
                reason.outline.value == "truth" and reason.value == outcome and reason.outline.kind == "condition"
                and reason.outline.id not in seen
            ):  # fmt: skip
                seen.add(reason.outline.id)
                yield reason

    def as_dict(self) -> dict[str, Any]:
        rule = self.rule
        result: dict[str, Any] = {
            "scheme": self.scheme.id,
            "title": self.scheme.title.as_dict(),
            "procedure": self.procedure,
            "rule": rule.id if rule is not None else None,
            "outcome": self.outcome,
        }
        if self.possible is not None:
            result["possible"] = list(self.possible)
        score = self.score
        result["score"] = (
            {"low": points_json(score[0]), "high": points_json(score[1]), "pass": points_json(score[2])}
            if score is not None
            else None
        )
        result["amount"] = self.amount.as_dict() if self.amount is not None else None
        if (date := self.date) is not None:
            result["date"] = date.as_dict()
        result["confidence"] = self.confidence
        if self.instrument is not None and rule is not None:
            result["cite"] = rule.cite.as_dict()
            result["number"] = self.instrument.number
            result["reviewed"] = self.instrument.reviewed.isoformat()
            result["stale"] = self.stale
        result["conditions"] = [c.as_dict() for c in self.reason.children] if self.reason is not None else []
        result["missing"] = [list(s) for s in self.missing.settle]
        result["missing_for_yes"] = [list(s) for s in self.missing.for_yes]
        result["settles"] = self.settles.as_dict() if self.settles is not None else None
        return result

    @property
    def settles(self) -> Bilingual | None:
        """In a sentence, what settles an open answer; None when it is settled."""
        if self.decided or self.outline is None:
            return None
        sets = self.missing.settle
        if not sets:
            return Bilingual(
                "No further fact can settle this: what is open is undefined or rests on an unconfirmed source.",
                "补充事实也无法确定：未决之处没有定义，或其来源未经证实。",
            )
        en = " or ".join(" with ".join(s) for s in sets[:3]) + (" …" if len(sets) > 3 else "")
        zh = "，或".join("与".join(s) for s in sets[:3]) + ("……" if len(sets) > 3 else "")
        return Bilingual(f"Could be settled by: {en}.", f"补充以下任一项可能得出结论：{zh}。")


def _tag(reason: Reason) -> str:
    outline = reason.outline
    parts = [c for c in reason.children if c.outline.value == "truth"]
    if outline.value == "points" and outline.combine == "best":
        # The best of several scores rests on the one that gives it.
        best = [
            c
            for c in reason.children
            if c.points is not None and reason.points is not None and c.points[0] == reason.points[0]
        ]
        return min((_tag(c) for c in best), default=outline.confidence)
    if not parts or outline.kind == "condition" or outline.value == "class":
        # A score rests on every item of it, a class on the rule that gives it.
        return max([outline.confidence, *(_tag(c) for c in reason.children)])
    # `none of` holds when every part fails, and fails by one part that holds.
    wanted = 2 - reason.value if outline.combine == "none" else reason.value
    same = [c for c in parts if c.value == wanted] or parts
    if outline.combine.startswith("at_least"):
        return max(_tag(c) for c in same)  # several had to hold, or to fail
    needs_every = (reason.value == 2) == (outline.combine != "any")
    tags = [_tag(c) for c in same]
    return max(tags) if needs_every else min(tags)


@dataclass(frozen=True)
class Answers:
    """All answers for one enterprise on one day."""

    sheet: FactSheet
    on: dt.date
    answers: tuple[Answer, ...]

    def __iter__(self) -> Iterator[Answer]:
        return iter(self.answers)

    def __getitem__(self, scheme: str) -> Answer:
        for answer in self.answers:
            if answer.scheme.id == scheme:
                return answer
        raise KeyError(scheme)

    def as_dict(self) -> dict[str, Any]:
        """The answer file: see ``docs/reference/answers.md``. No float occurs in it."""
        return {
            "yiqi": __version__,
            "enterprise": {"uscc": self.sheet.uscc, "name": self.sheet.name},
            "on": self.on.isoformat(),
            "answers": [a.as_dict() for a in self.answers],
        }
