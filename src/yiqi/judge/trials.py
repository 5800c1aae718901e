"""Answers to try: for one fact, values that stand for all it could be, as far as the open conditions tell them apart.

A number is cut where a condition turns, given what is known; each piece has one value that stands for it. A piece is
``[low, high)`` in the smallest unit. Lists, codes and yes/no have their values.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from yiqi.facts.industry import SECTIONS
from yiqi.facts.region import PROVINCES
from yiqi.facts.sheet import Value
from yiqi.judge.evaluate import Evaluation, decide
from yiqi.judge.frame import move
from yiqi.judge.relevance import Node
from yiqi.law.bilingual import Bilingual
from yiqi.law.quantities import quantity_text
from yiqi.law.tree import Coded, Compare, Contains, Slot
from yiqi.law.vocabulary import Fact

ORDINARY = {"money": 10**8, "ratio": 10**7, "points": 50 * 10**4, "count": 10, "years": 3}
"""A figure to stand for a number that no condition cuts yet, in its smallest unit."""

ANY = Bilingual("any figure", "任何数值")
OTHER = Bilingual("another", "其他")


@dataclass(frozen=True, slots=True)
class Cut:
    """A number at which a condition turns: the pieces are below ``at`` and from ``at`` on.

    ``shown`` is the figure to name; ``strict`` when the upper piece is *above* it and the lower one includes it.
    """

    at: int
    shown: int
    strict: bool


@dataclass(frozen=True, slots=True)
class Trial:
    """One answer to try: a value, and the answers it stands for in words."""

    value: Value
    text: Bilingual


def trials(fact: Fact, slots: Sequence[Slot], nodes: Iterable[Node], evaluation: Evaluation) -> list[Trial]:
    """The answers that the open conditions ``nodes`` tell apart, for a fact (in one year) held in ``slots``."""
    nodes = list(nodes)
    if fact.type == "yes_no":
        return [Trial(True, Bilingual("yes", "是")), Trial(False, Bilingual("no", "否"))]
    if fact.type == "one_of":
        return [Trial(m.id, m.label) for m in fact.members]
    if fact.type == "set_of":
        return _members(fact, nodes)
    if fact.type in ("industry", "region"):
        known = evaluation.value(slots[0])
        return _codes(fact, nodes, known if isinstance(known, str) else "")
    if fact.type == "date":
        return _days(slots, nodes, evaluation)
    if fact.kind is None:
        return [Trial("…", ANY)]
    found: dict[int, Cut] = {}
    for node in nodes:
        if isinstance(node, Compare):
            for slot in slots:
                for cut in cuts(node, slot, evaluation):
                    found.setdefault(cut.at, cut)
    return _pieces(fact, [found[at] for at in sorted(found)])


def cuts(node: Compare, slot: Slot, evaluation: Evaluation) -> list[Cut]:
    """Where a comparison turns as one number moves and all others are known; nothing while another is missing.

    A number that occurs to a higher power than two is not cut.
    """
    powers = [0, 0, 0]
    for monomial, coefficient in node.polynomial:
        power = monomial.count(slot)
        if power > 2:
            return []
        product = coefficient
        for other in monomial:
            if other != slot:
                value = evaluation.value(other)
                if value is None:
                    return []
                product *= value
        powers[power] += product
    constant, slope, square = powers
    if square:
        return _square_cuts(square, slope, constant, node.operator)
    if not slope:
        return []
    quotient, rest = divmod(-constant, slope)
    if node.operator == "=":
        return [] if rest else [Cut(quotient, quotient, False), Cut(quotient + 1, quotient, True)]
    # `slope * x + constant` is zero at the quotient; whether that figure itself still holds is a matter of the operator.
    upper = (slope > 0) != (node.operator == ">")  # the figure itself belongs to the upper piece
    if rest:
        return [Cut(quotient + 1, quotient + 1, False)]
    return [Cut(quotient, quotient, False)] if upper else [Cut(quotient + 1, quotient, True)]


def _square_cuts(square: int, slope: int, constant: int, operator: str) -> list[Cut]:
    discriminant = slope * slope - 4 * square * constant
    if discriminant < 0:
        return []
    found: list[Cut] = []
    root = math.isqrt(discriminant)
    for sign in (-1, 1):
        near = (-slope + sign * root) // (2 * square)
        # The whole number at which the sign has changed stands beside the root.
        for x in range(near - 2, near + 4):
            here, before = (decide(operator, square * y * y + slope * y + constant) for y in (x, x - 1))
            if here != before:
                found.append(Cut(x, x, False))
    return found


def _pieces(fact: Fact, found: Sequence[Cut]) -> list[Trial]:
    low, high = fact.minimum, fact.maximum
    inside = [c for c in found if (low is None or c.at > low) and (high is None or c.at <= high)]
    assert fact.kind is not None
    if not inside:
        value = ORDINARY[fact.kind]
        value = value if high is None else min(value, high)
        return [Trial(value if low is None else max(value, low), ANY)]
    made = [Trial(inside[0].at - 1, _below(fact, inside[0]))]
    for number, cut in enumerate(inside):
        upper = inside[number + 1] if number + 1 < len(inside) else None
        made.append(Trial(cut.at, _from(fact, cut, upper)))
    return made


def _below(fact: Fact, cut: Cut) -> Bilingual:
    en, zh = _figure(fact, cut.shown)
    return Bilingual(f"at most {en}", f"{zh}及以下") if cut.strict else Bilingual(f"below {en}", f"不足{zh}")


def _from(fact: Fact, cut: Cut, upper: Cut | None) -> Bilingual:
    if upper is not None and upper.at == cut.at + 1:
        return Bilingual(*_figure(fact, cut.at))
    en, zh = _figure(fact, cut.shown)
    if upper is None:
        return Bilingual(f"above {en}", f"超过{zh}") if cut.strict else Bilingual(f"{en} or more", f"{zh}及以上")
    below = _below(fact, upper)
    if cut.strict:
        return Bilingual(f"above {en}, {below.en}", f"超过{zh}、{below.zh}")
    return Bilingual(f"{en} or more, {below.en}", f"{zh}及以上、{below.zh}")


def _figure(fact: Fact, value: int) -> tuple[str, str]:
    assert fact.kind is not None
    return quantity_text(value, fact.kind, "en", fact.unit), quantity_text(value, fact.kind, "zh", fact.unit)


def _members(fact: Fact, nodes: Iterable[Node]) -> list[Trial]:
    """None of the members that are asked for, each alone, and all of them."""
    wanted = {n.member for n in nodes if isinstance(n, Contains)}
    members = [m for m in fact.members if m.id in wanted]
    made = [Trial(frozenset(), Bilingual("none of those asked for", "所问各项均无"))]
    made += [Trial(frozenset({m.id}), Bilingual(f"{m.label.en} alone", f"仅{m.label.zh}")) for m in members]
    if len(members) > 1:
        en, zh = ", ".join(m.label.en for m in members), "、".join(m.label.zh for m in members)
        made.append(Trial(frozenset(m.id for m in members), Bilingual(f"all of {en}", f"{zh}均有")))
    return made


def _codes(fact: Fact, nodes: Iterable[Node], known: str) -> list[Trial]:
    """Each code that is named below what is known, and one that is not."""
    found: dict[str, None] = {}
    for node in nodes:
        if isinstance(node, Coded):
            found.update(dict.fromkeys(c for c in (*node.prefixes, *node.exceptions) if c.startswith(known)))
    made = [Trial(code, Bilingual(code, code)) for code in found]
    firsts = SECTIONS if fact.type == "industry" else PROVINCES
    if known:
        others = [known + "9" * ((5 if fact.type == "industry" else 6) - len(known))]
    else:
        others = [first for first in firsts if not any(code.startswith(first) for code in found)]
    return [*made, *(Trial(other, OTHER) for other in others[:1])]


def _days(slots: Sequence[Slot], nodes: Iterable[Node], evaluation: Evaluation) -> list[Trial]:
    """The days on which a comparison turns; each piece is named by its first day."""
    days: set[dt.date] = set()
    for node in nodes:
        if not isinstance(node, Compare):
            continue
        for slot in slots:
            for cut in cuts(node, slot, evaluation):
                if 1000 < cut.at < 3_000_000 and (day := _first_day(cut.at, slot)) is not None:
                    days.add(day)
    if not days:
        return [Trial(evaluation.linked.on, Bilingual("any day", "任何日期"))]
    ordered = sorted(days)
    made = [Trial(ordered[0] - dt.timedelta(1), _period(None, ordered[0]))]
    for number, day in enumerate(ordered):
        made.append(Trial(day, _period(day, ordered[number + 1] if number + 1 < len(ordered) else None)))
    return made


def _first_day(ordinal: int, slot: Slot) -> dt.date | None:
    """The first day that, moved as the slot says, is not before a day number."""
    if not slot.shift_unit:
        return dt.date.fromordinal(ordinal)
    near = move(dt.date.fromordinal(ordinal), -slot.shift, slot.shift_unit)
    for step in range(-4, 5):
        day = near + dt.timedelta(step)
        if move(day, slot.shift, slot.shift_unit).toordinal() >= ordinal:
            return day
    return None


def _period(first: dt.date | None, after: dt.date | None) -> Bilingual:
    def zh(day: dt.date) -> str:
        return f"{day.year}年{day.month}月{day.day}日"

    if first is None:
        assert after is not None
        return Bilingual(f"before {after.isoformat()}", f"{zh(after)}之前")
    if after is None:
        return Bilingual(f"on or after {first.isoformat()}", f"{zh(first)}及以后")
    last = after - dt.timedelta(1)
    if last == first:
        return Bilingual(first.isoformat(), zh(first))
    return Bilingual(f"{first.isoformat()} to {last.isoformat()}", f"{zh(first)}至{zh(last)}")
