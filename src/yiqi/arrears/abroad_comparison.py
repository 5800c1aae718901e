"""The late lines of a ledger under the rules of other places: what the same amounts and days would bear there.

For exporters who ask how their terms compare; nothing of it is owed here. Amounts stay in yuan, fixed sums in their own
currency are named and never added.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from yiqi.arrears.abroad import ForeignInterest, foreign_interest
from yiqi.arrears.assessment import Assessment
from yiqi.arrears.error import ArrearsError
from yiqi.arrears.foreign_rules import RULES, ForeignRule
from yiqi.arrears.half_years import half_years
from yiqi.arrears.interest import Interest
from yiqi.arrears.monthly_rests import Compounded
from yiqi.arrears.plan import RatePlan, RateStep
from yiqi.clock.sources import Source
from yiqi.law.bilingual import Bilingual
from yiqi.law.quantities import RATIO_SCALE, QuantityError, parse_quantity

BY_NAME: dict[str, ForeignRule] = {str(name): rule for name, rule in RULES.items()}
GIVEN = Source(Bilingual("as given with --reference", "由--reference提供"), "D")


@dataclass(frozen=True, slots=True)
class AbroadRow:
    """One place: unpaid interest of the lines whose reference rates are known, in fen, and how many lines have none."""

    rule: ForeignRule
    interest: int
    lines: int
    unknown: int
    confidence: str


def compare_abroad(found: Assessment, references: Mapping[str, RatePlan]) -> tuple[AbroadRow, ...]:
    """Every rule over the overdue lines. Raises :class:`ArrearsError` for reference rates that do not fit a rule."""
    rows = []
    for name, rule in RULES.items():
        interest = lines = unknown = 0
        tag = rule.source.confidence
        for answer in found.of("overdue"):
            if answer.interest is None:
                continue
            result = foreign_interest(rule, answer.interest.claim, references.get(name), found.readings)
            tag = max(tag, result.confidence)
            if rule.method == "none":
                lines += 1
            elif (owed := _interest(result)) is None:
                unknown += 1
            else:
                lines += 1
                interest += owed
        rows.append(AbroadRow(rule, interest, lines, unknown, tag))
    return tuple(rows)


def _interest(result: ForeignInterest) -> int | None:
    """Interest in fen; where it compounds, all that was borne, because paid interest is part of the balance there."""
    match result.found:
        case Interest() as found:
            return found.owed_fen
        case Compounded() as compounded:
            return compounded.interest_fen
        case None:
            return None


def read_references(texts: Iterable[str], on: dt.date) -> dict[str, RatePlan]:
    """Reference rates written ``uk:2026-01-01=3.75%``; each holds until the next of its place, the last to ``on``.

    Raises :class:`ArrearsError` for a text that is not of this form.
    """
    steps: dict[str, list[tuple[dt.date, Fraction]]] = {}
    for text in texts:
        place, colon, rest = text.partition(":")
        day, equals, rate = rest.partition("=")
        try:
            if not colon or not equals or place not in BY_NAME or not rate.strip().endswith("%"):
                raise ValueError(text)
            first = dt.date.fromisoformat(day.strip())
            value = Fraction(parse_quantity(rate.strip(), "ratio"), RATIO_SCALE)
        except (ValueError, QuantityError):
            known = ", ".join(RULES)
            raise ArrearsError(
                "table",
                Bilingual(f"`{text}` is no reference rate", f"“{text}”不是参考利率"),
                Bilingual(f"write uk:2026-01-01=3.75%; places are {known}", f"请写成uk:2026-01-01=3.75%；可用{known}"),
            ) from None
        steps.setdefault(place, []).append((first, value))
    return {place: _plan(BY_NAME[place], sorted(found), on) for place, found in steps.items()}


def _plan(rule: ForeignRule, steps: list[tuple[dt.date, Fraction]], on: dt.date) -> RatePlan:
    if rule.half_yearly:
        return half_years([(first, rate, GIVEN) for first, rate in steps])
    until = max(on, steps[-1][0])
    return RatePlan(tuple(RateStep(first, rate, "year", GIVEN) for first, rate in steps), until)
