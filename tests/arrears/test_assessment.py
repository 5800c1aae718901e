"""Lines of a ledger answered: due days, interest and what is missing, worked out by hand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import pytest

from yiqi.arrears.assessment import LineAnswer, LineReckoner, assess
from yiqi.arrears.findings import Finder
from yiqi.arrears.ledger import Ledger, LedgerLine
from yiqi.arrears.readings import Readings
from yiqi.arrears.received import Received
from yiqi.clock.workdays import load_calendar
from yiqi.facts.sheet import FactSheet, Value
from yiqi.judge.judge import Judge
from yiqi.law.bilingual import Bilingual
from yiqi.law.library import load

DAY = dt.date
ON = DAY(2026, 11, 25)
DEFAULT = Readings()
HOSPITAL: dict[str, Value] = {
    "contract_date": DAY(2025, 6, 10),
    "contract_subject": "goods",
    "payer_kind": "public_institution",
    "payee_size": "payee_small",
    "payee_in_china": True,
    "sme_declared": True,
    "special_period_rule": False,
    "term_form": "no_term",
    "start_basis": "from_delivery",
    "delivered_on": DAY(2025, 7, 1),
    "rate_form": "no_rate",
    "receivable_amount": 12_500_000,
    "disputed_amount": 0,
}
CAR_MAKER: dict[str, Value] = {
    **HOSPITAL,
    "payer_kind": "enterprise",
    "payer_size": "payer_large",
    "delivered_on": DAY(2025, 9, 30),
}


@pytest.fixture(scope="module")
def finder() -> Finder:
    return Finder(Judge(load()), load_calendar(), ON)


def line(facts: dict[str, Value], received: Sequence[Received] = (), row: int = 1) -> LedgerLine:
    return LedgerLine(row, FactSheet(facts), tuple(received), (), row + 1)


def answer(finder: Finder, facts: dict[str, Value], *received: Received, readings: Readings = DEFAULT) -> LineAnswer:
    return LineReckoner(finder, readings).answer(line(facts, received))


def test_an_institution_without_a_term_owes_a_twentieth_of_a_percent_a_day(finder: Finder) -> None:
    found = answer(finder, HOSPITAL)
    # 1 July 2025 and 30 days is Thursday, 31 July; from there to 25 November 2026 are 153 + 329 = 482 days;
    # 125,000 × 0.0005 × 482 = 30,125.
    assert (found.state, found.due, found.days_late) == ("overdue", DAY(2025, 7, 31), 482)
    assert found.interest_range == (3_012_500, 3_012_500)
    assert found.principal == 12_500_000
    assert found.age is not None and found.age.en == "over 365 days"


def test_a_due_day_within_a_holiday_moves_behind_it(finder: Finder) -> None:
    found = answer(finder, HOSPITAL | {"delivered_on": DAY(2025, 9, 1)})
    # 1 September and 30 days is 1 October 2025; the holiday of that year lasts to 8 October.
    assert found.findings is not None and found.findings.due is not None
    assert found.findings.due.counted == DAY(2025, 10, 1)
    assert found.due == DAY(2025, 10, 9)


def test_a_term_above_the_ceiling_of_an_organ_is_cut_and_the_other_reading_stands_beside_it(finder: Finder) -> None:
    facts = HOSPITAL | {"term_form": "term_in_days", "payment_term_days": 120}
    found = answer(finder, facts)
    # 1 July and 60 days is Saturday, 30 August 2025: Monday, 1 September.
    assert found.due == DAY(2025, 9, 1)
    (other,) = [a for a in found.alternatives if a.id == "excess_term"]
    # Under it payment was due on 31 July: 32 days more, 32 × 62.50 = 2,000.00.
    assert other.due == DAY(2025, 7, 31)
    assert other.low == other.high == (found.interest_range[0] or 0) + 200_000


def test_sixty_days_of_a_large_enterprise_are_no_ceiling(finder: Finder) -> None:
    assert answer(finder, CAR_MAKER).due == DAY(2025, 12, 1)  # 29 November 2025 is a Saturday
    agreed = CAR_MAKER | {"term_form": "term_in_days", "payment_term_days": 180}
    assert answer(finder, agreed).due == DAY(2026, 3, 30)  # 29 March 2026 is a Sunday


def test_a_rate_below_the_floor_is_lifted_to_the_lpr_of_the_contract(finder: Finder) -> None:
    facts = HOSPITAL | {"rate_form": "rate_per_year", "agreed_rate_annual": 2 * 10**6}
    found = answer(finder, facts)
    # The one-year LPR of 10 June 2025 was 3.00%: 125,000 × 3% × 482 / 365 = 4,952.0547…
    assert found.interest_range == (495_205, 495_205)


def test_a_partial_payment_pays_interest_first(finder: Finder) -> None:
    found = answer(finder, HOSPITAL, Received(DAY(2025, 8, 10), 1_000_000, "2"))
    # Ten days at 62.50 are 625; the rest of 10,000, which is 9,375, goes to the principal: 115,625 are left. From 10 August
    # 2025 to 25 November 2026 are 472 days: 115,625 × 0.0005 × 472 = 27,287.50.
    assert found.principal == 11_562_500
    assert found.interest_range == (2_728_750, 2_728_750)
    principal_first = answer(
        finder, HOSPITAL, Received(DAY(2025, 8, 10), 1_000_000, "2"), readings=Readings(allocation="principal_first")
    )
    # 625 stay owed; 115,000 × 0.0005 × 472 = 27,140.
    assert principal_first.interest_range == (2_776_500, 2_776_500)


def test_a_disputed_part_bears_no_interest_here_and_is_shown_beside(finder: Finder) -> None:
    found = answer(finder, HOSPITAL | {"disputed_amount": 2_500_000})
    assert found.interest_range == (2_410_000, 2_410_000)  # 100,000 × 0.0005 × 482
    (other,) = [a for a in found.alternatives if a.id == "disputed"]
    assert other.low == 3_012_500
    assert found.principal == 12_500_000


@pytest.mark.parametrize(
    "fact", ["payer_kind", "payee_size", "payee_in_china", "special_period_rule", "term_form", "contract_date"]
)
def test_a_missing_fact_is_named_and_nothing_is_guessed(finder: Finder, fact: str) -> None:
    found = answer(finder, {k: v for k, v in HOSPITAL.items() if k != fact})
    assert found.state == "unknown"
    assert fact in found.missing
    assert found.interest_range == (None, None)


def test_what_is_worked_out_is_never_asked(finder: Finder) -> None:
    found = answer(finder, {"contract_date": DAY(2025, 6, 10)})
    assert not {"unpaid_amount", "interest_day"} & set(found.missing)


def test_a_debtor_that_is_an_sme_is_outside(finder: Finder) -> None:
    found = answer(finder, CAR_MAKER | {"payer_size": "payer_medium"})
    assert found.state == "outside" and found.interest is None


def test_a_contract_before_the_regulation_has_no_version(finder: Finder) -> None:
    found = answer(finder, HOSPITAL | {"contract_date": DAY(2020, 8, 31)})
    assert found.due is None and found.state in ("unknown", "outside")


def test_what_is_paid_on_the_due_day_is_paid(finder: Finder) -> None:
    found = answer(finder, HOSPITAL, Received(DAY(2025, 7, 31), 12_500_000, "2"))
    assert found.state == "paid" and found.interest_range == (0, 0)


def test_payments_above_the_debt_are_refused_with_what_to_do(finder: Finder) -> None:
    found = answer(finder, HOSPITAL, Received(DAY(2025, 7, 31), 12_500_001, "7"))
    assert found.state == "blocked"
    (problem,) = found.problems
    assert problem.code == "payments-exceed-debt" and problem.place == "7"


def test_not_due_before_the_last_day_is_over(finder: Finder) -> None:
    # 1 October 2026 and 55 days is 25 November.
    facts = HOSPITAL | {"term_form": "term_in_days", "payment_term_days": 55, "delivered_on": DAY(2026, 10, 1)}
    assert answer(finder, facts).state == "not_due"
    assert answer(finder, facts | {"payment_term_days": 54}).state == "overdue"


def test_a_due_day_beyond_the_notices_is_a_range(finder: Finder) -> None:
    # 1 December 2026 and 31 days is 1 January 2027, whose notice is not out.
    facts = HOSPITAL | {"term_form": "term_in_days", "payment_term_days": 31, "delivered_on": DAY(2026, 12, 1)}
    found = answer(finder, facts)
    assert found.state == "not_due" and found.due is None
    assert found.findings is not None and found.findings.due is not None
    moved = found.findings.due.moved
    assert moved.earliest >= DAY(2027, 1, 2) and moved.latest > moved.earliest


def test_totals_add_up_by_debtor_and_age(finder: Finder) -> None:
    lines = (
        line(HOSPITAL | {"debtor_name": "甲"}, row=1),
        line(CAR_MAKER | {"debtor_name": "乙"}, row=2),
        line(HOSPITAL | {"debtor_name": "甲"}, row=3),
        line({"debtor_name": "乙"}, row=4),
    )
    found = assess(Ledger(lines, (), None, Bilingual("", "")), finder, Readings())
    assert [(t.name.zh, t.lines, t.principal, t.interest_low) for t in found.by_debtor] == [
        ("甲", 2, 25_000_000, 6_025_000),
        # 1 December 2025 to 25 November 2026 are 359 days: 125,000 × 0.0005 × 359 = 22,437.50.
        ("乙", 1, 12_500_000, 2_243_750),
    ]
    assert found.overdue.lines == 3 and found.overdue.interest_low == 8_268_750
    assert [t.lines for t in found.by_age] == [0, 0, 0, 1, 2]
    assert found.asked[0] == ("contract_date", 1)


def test_a_due_day_before_every_calendar_is_named_and_not_guessed(finder: Finder) -> None:
    found = answer(finder, {**HOSPITAL, "delivered_on": DAY(2018, 3, 1), "due_on": DAY(2025, 8, 1)})
    # 1 March 2018 and 30 days is 31 March 2018; the calendar begins in 2019. The ledger's own day is no way around it.
    assert (found.state, found.due) == ("unknown", None)
    assert [p.code for p in found.problems] == ["outside-calendar"]


@pytest.mark.parametrize(("day_count", "low", "high"), [("365", 8_219, 8_220), ("360", 8_220, 8_333)])
def test_a_daily_rate_beside_the_floor_is_between_the_two(finder: Finder, day_count: str, low: int, high: int) -> None:
    # 0.00822% a day is 3.0003% by 365 days and 2.9592% by 360, the floor is 3%: agreed and floor are both possible. A day on
    # 100,000,000 yuan costs 8,220 as agreed; by the floor 3,000,000 / 365 = 8,219.178, or 3,000,000 / 360 = 8,333.333.
    facts = {**HOSPITAL, "rate_form": "rate_per_day", "agreed_rate_daily": 8_220, "receivable_amount": 10_000_000_000}
    one_day = Finder(finder.judge, finder.calendar, DAY(2025, 8, 1))
    found = answer(one_day, facts, readings=Readings(day_count))
    assert found.days_late == 1
    assert tuple(fen // 100 for fen in found.interest_range) == (low, high)  # type: ignore[operator]


def test_rules_that_do_not_look_at_the_day_are_prepared_once_and_answer_for_each() -> None:
    judge = Judge(load())
    schemes = judge.schemes(["arrears.interest"], entity="receivable")
    sheet = FactSheet(HOSPITAL | {"unpaid_amount": 10_000_000})
    fresh = [Judge(load()).judge(sheet, day, "new", schemes) for day in (DAY(2025, 6, 10), DAY(2025, 6, 11))]
    kept = [judge.judge(sheet, day, "new", schemes) for day in (DAY(2025, 6, 10), DAY(2025, 6, 11))]
    assert [a.on for a in kept] == [DAY(2025, 6, 10), DAY(2025, 6, 11)]
    assert [a.as_dict() for a in kept] == [a.as_dict() for a in fresh]
    # 31 May 2025 is a day of the version before: nothing of the other span is taken over.
    (before,) = judge.judge(sheet, DAY(2025, 5, 31), "new", schemes)
    assert before.rule is not None and before.rule.instrument == "decree-728"
