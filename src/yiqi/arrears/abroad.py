"""Statutory interest on late payment in other places, for suppliers who export. For comparison; it decides nothing here.

=============  ==================================================  =====================================================
rule           rate                                                fixed sum
=============  ==================================================  =====================================================
``eu``         reference rate of the half-year + 8 points, simple  EUR 40 [C], shown and not added
``germany``    base rate of the half-year + 9 points, simple       EUR 40 [C], shown and not added
``uk``         Bank rate + 8 points, simple, by 365                GBP 40, 70 or 100 by the size of the debt
``india``      3 × bank rate, compound with monthly rests          none
``australia``  none                                                none
=============  ==================================================  =====================================================

A claim is then in the smallest unit of its currency. Reference rates are those that the caller gives, but for the EU in
2026; without one there is no figure. Which day counts and what a payment pays first are the readings of
:mod:`yiqi.arrears.readings`: what those laws say about it was not looked into.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from yiqi.arrears.claim import Claim
from yiqi.arrears.error import ArrearsError
from yiqi.arrears.foreign_rules import EU_2026, FixedSum, ForeignRule
from yiqi.arrears.half_years import check_half_years
from yiqi.arrears.interest import DEFAULT, Interest, interest
from yiqi.arrears.monthly_rests import DEFAULT_RESTS, REST_QUESTIONS, Compounded, RestReadings, compound
from yiqi.arrears.plan import RatePlan, RateStep, constant
from yiqi.arrears.readings import Option, Question, Readings, check_options, other_options
from yiqi.clock.holidays import DAY
from yiqi.clock.sources import Source
from yiqi.law.bilingual import Bilingual
from yiqi.law.tree import Confidence


@dataclass(frozen=True, slots=True)
class ForeignReadings:
    """The option taken of each question of :data:`FOREIGN_QUESTIONS`; raises :class:`ArrearsError` for another."""

    uk_reference: str = "at_start"
    rests: RestReadings = DEFAULT_RESTS

    def __post_init__(self) -> None:
        check_options(self, FOREIGN_QUESTIONS)


def _source(en: str, zh: str, confidence: Confidence) -> Source:
    return Source(Bilingual(en, zh), confidence)


FOREIGN_QUESTIONS: dict[str, Question] = {
    "uk_reference": Question(
        "uk_reference",
        Bilingual("United Kingdom: the Bank rate of which half-year", "英国：适用哪一半年的英格兰银行利率"),
        (
            Option(
                "at_start",
                Bilingual("that in which interest begins to run, to the end", "起息所在半年的利率，一直适用"),
                _source(
                    "Late Payment of Commercial Debts (Rate of Interest) (No. 3) Order 2002, art. 4, as quoted",
                    "《2002年商业债务迟延支付（利率）（第3号）令》第4条（据引文）",
                    "B",
                ),
            ),
            Option(
                "each_half_year",
                Bilingual("that of each half-year for its days", "各半年分别适用当期利率"),
                _source("the Act, read by the day", "对该法按日适用的理解", "D"),
            ),
        ),
    )
}
DEFAULT_FOREIGN = ForeignReadings()


@dataclass(frozen=True, slots=True)
class ForeignInterest:
    """What a rule gives: ``found`` is None where it gives no interest; ``fixed`` where the debt was late and it has one."""

    rule: ForeignRule
    found: Interest | Compounded | None
    fixed: FixedSum | None
    notes: tuple[Bilingual, ...]

    @property
    def total_fen(self) -> int | None:
        """Everything owed in the smallest unit, a fixed sum included unless it is only shown; None if not known."""
        if self.found is None or self.found.total_fen is None:
            return None
        return self.found.total_fen + (self.fixed.amount if self.fixed is not None and self.fixed.added else 0)

    @property
    def confidence(self) -> Confidence:
        """The weakest tag of the rule and of the rates used."""
        return max(self.rule.source.confidence, self.found.confidence if self.found is not None else "A")


@dataclass(frozen=True, slots=True)
class ForeignAlternative:
    """What another reading of one question gives; ``result`` is None and ``why_not`` says why where it cannot be."""

    question: Question
    option: Option
    result: ForeignInterest | None
    why_not: ArrearsError | None = None


def foreign_interest(
    rule: ForeignRule,
    claim: Claim,
    references: RatePlan | None = None,
    readings: Readings = DEFAULT,
    foreign: ForeignReadings = DEFAULT_FOREIGN,
) -> ForeignInterest:
    """The interest of a rule on a claim in the smallest unit of its currency.

    ``references`` has the yearly reference rates: :func:`half_years` where ``rule.half_yearly``, else the rates of days
    with the last day up to which they are known. None takes :data:`EU_2026` for the EU and leaves the others unknown.
    Raises :class:`ArrearsError` for reference rates that do not fit the rule and as
    :func:`yiqi.arrears.interest.interest` does.
    """
    if rule.method == "none":
        claim.check()
        return ForeignInterest(rule, None, None, _notes(rule, None))
    if references is None:
        references = EU_2026 if rule.id == "eu" else RatePlan(())
    if rule.half_yearly:
        check_half_years(references)
    elif references.steps and references.known_until is None:
        raise ArrearsError(
            "rate-days",
            Bilingual("the last day of the last reference rate is not given", "未提供最后一期参考利率的截止日"),
            Bilingual(
                "say up to which day the rates are known: the last is not carried on",
                "请写明利率已知至哪一日，不会自动延用",
            ),
        )
    plan = _plan(rule, references)
    found: Interest | Compounded
    if rule.method == "monthly_rests":
        found = compound(claim, plan, foreign.rests)
    else:
        if rule.id == "uk" and foreign.uk_reference == "at_start":
            first = claim.due + DAY
            step = plan.on(first)
            plan = constant(step.rate, "year", step.source) if step else RatePlan((), before=plan.why_not(first))
        found = interest(claim, plan, replace(readings, day_count=str(rule.year)) if rule.year else readings)
    fixed = _fixed(rule, claim)
    return ForeignInterest(rule, found, fixed, _notes(rule, fixed))


def other_foreign_readings(
    rule: ForeignRule,
    claim: Claim,
    references: RatePlan | None = None,
    readings: Readings = DEFAULT,
    foreign: ForeignReadings = DEFAULT_FOREIGN,
) -> tuple[ForeignAlternative, ...]:
    """What each other reading would give where that differs from :func:`foreign_interest` of the same values."""
    found = foreign_interest(rule, claim, references, readings, foreign)
    others: list[tuple[Question, Option, Readings, ForeignReadings]] = [
        *((question, option, other, foreign) for question, option, other in readings.others()),
        *((question, option, readings, other) for question, option, other in other_options(foreign, FOREIGN_QUESTIONS)),
        *(
            (question, option, readings, replace(foreign, rests=other))
            for question, option, other in other_options(foreign.rests, REST_QUESTIONS)
        ),
    ]
    alternatives = []
    for question, option, chosen, chosen_abroad in others:
        try:
            result = foreign_interest(rule, claim, references, chosen, chosen_abroad)
        except ArrearsError as error:
            # A payment that settles the debt under one reading may exceed it under another.
            alternatives.append(ForeignAlternative(question, option, None, error))
            continue
        if _figures(result) != _figures(found):
            alternatives.append(ForeignAlternative(question, option, result))
    return tuple(alternatives)


def _figures(found: ForeignInterest) -> tuple[object, ...] | None:
    match found.found:
        case None:
            return None
        case Interest() as simple:
            return simple.principal, simple.costs, simple.accrued, simple.paid, simple.beyond
        case compounded:
            return compounded.balance, compounded.costs, compounded.interest, compounded.beyond


def _plan(rule: ForeignRule, references: RatePlan) -> RatePlan:
    steps = []
    for step in references.steps:
        tag = max(step.source.confidence, rule.source.confidence)
        source = Source(rule.source.cite, tag)
        steps.append(RateStep(step.first, step.rate * rule.factor + rule.margin, "year", source))
    name = rule.reference or Bilingual("", "")
    lacking = Bilingual(
        f"{rule.place.en}: the reference rate of these days is not known and has to be given ({name.en}).",
        f"{rule.place.zh}：这些日期的参考利率未知，须由使用者提供（{name.zh}）。",
    )
    return RatePlan(tuple(steps), references.known_until, lacking, lacking)


def _fixed(rule: ForeignRule, claim: Claim) -> FixedSum | None:
    """The fixed sum by the size of what was unpaid at the end of the due date; none where nothing was, or is not late."""
    late = claim.principal - sum(payment.fen for payment in claim.payments if payment.day <= claim.due)
    if claim.as_of <= claim.due or late <= 0:
        return None
    return next((one for one in rule.fixed if one.below is None or late < one.below), None)


def _notes(rule: ForeignRule, fixed: FixedSum | None) -> tuple[Bilingual, ...]:
    notes = [rule.note] if rule.note is not None else []
    if fixed is not None and not fixed.added:
        notes.append(
            Bilingual(
                f"A fixed sum of {fixed.currency} {fixed.amount // 100} is said to come on top; it was not read in a source"
                " and is not added.",
                f"据称另可主张固定金额{fixed.currency} {fixed.amount // 100}；未见于来源，未计入。",
            )
        )
    if rule.method != "none":
        notes.append(
            Bilingual(
                "Days are counted and payments set as the readings for China say; that law may differ.",
                "计息天数和抵充顺序按中国法下的理解处理，当地法律可能不同。",
            )
        )
    return tuple(notes)
