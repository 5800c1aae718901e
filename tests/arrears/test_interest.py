"""Interest worked out by hand: every figure's arithmetic stands beside it. Amounts in fen."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

import pytest

from yiqi.arrears.claim import Claim, Cost, Payment
from yiqi.arrears.error import ArrearsError
from yiqi.arrears.interest import Interest, half_up, interest, other_readings
from yiqi.arrears.plan import RatePlan, RateStep, constant
from yiqi.arrears.readings import QUESTIONS, Readings, with_reading
from yiqi.clock.sources import Source
from yiqi.law.bilingual import Bilingual
from yiqi.law.tree import Confidence

SOURCE = Source(Bilingual("a contract", "合同"), "A")
DAILY = constant(Fraction(5, 10_000), "day", SOURCE)
THREE_PERCENT = constant(Fraction(3, 100), "year", SOURCE)
YUAN = 100
HUNDRED_THOUSAND = 100_000 * YUAN


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def paid(*payments: tuple[str, int]) -> tuple[Payment, ...]:
    return tuple(Payment(day(on), fen, f"row {n}") for n, (on, fen) in enumerate(payments, start=2))


def steps(*found: tuple[str, str], tags: str = "", known_until: str = "") -> RatePlan:
    """Yearly rates in percent from days on."""
    sources: list[Confidence] = [("B" if t == "B" else "A") for t in tags.ljust(len(found), "A")]
    return RatePlan(
        tuple(
            RateStep(day(on), Fraction(percent) / 100, "year", Source(SOURCE.cite, tag))
            for (on, percent), tag in zip(found, sources, strict=True)
        ),
        day(known_until) if known_until else None,
    )


# the one-year LPR of these months, from law/arrears/lpr.csv
LPR_2024 = steps(
    ("2024-06-20", "3.45"), ("2024-07-22", "3.35"), ("2024-08-20", "3.35"), ("2024-09-20", "3.35"),
    ("2024-10-21", "3.10"), ("2024-11-20", "3.10"), ("2024-12-20", "3.10"),
)  # fmt: skip


def shape(found: Interest) -> list[tuple[str, str, int]]:
    return [(str(s.first), str(s.last), s.days) for s in found.segments]


# -- which days bear interest --------------------------------------------------------------------------------------------

LAST_DAY = [
    # 31 July to 30 August are 30 days: 100,000 at 0.05% is 50 a day
    ("counted_once", 1_500 * YUAN, ("2025-08-01", "2025-08-30", 30)),
    ("not_counted", 1_450 * YUAN, ("2025-08-01", "2025-08-29", 29)),
    ("both_ends", 1_550 * YUAN, ("2025-07-31", "2025-08-30", 31)),
]


@pytest.mark.parametrize(("reading", "owed", "segment"), LAST_DAY)
def test_the_day_after_the_due_date_is_the_first_and_the_reading_says_the_last(
    reading: str, owed: int, segment: tuple[str, str, int]
) -> None:
    found = interest(Claim(HUNDRED_THOUSAND, day("2025-07-31"), day("2025-08-30")), DAILY, Readings(last_day=reading))
    assert found.owed_fen == owed
    assert shape(found) == [segment]


@pytest.mark.parametrize("reading", ["counted_once", "not_counted", "both_ends"])
@pytest.mark.parametrize("as_of", ["2025-07-01", "2025-07-31"])
def test_nothing_is_owed_beside_the_principal_before_and_on_the_due_date(reading: str, as_of: str) -> None:
    found = interest(Claim(HUNDRED_THOUSAND, day("2025-07-31"), day(as_of)), DAILY, Readings(last_day=reading))
    assert (found.owed_fen, found.segments, found.days_late) == (0, (), 0)
    assert found.principal_fen == HUNDRED_THOUSAND


@pytest.mark.parametrize("reading", ["counted_once", "not_counted", "both_ends"])
def test_what_is_paid_on_the_due_date_bears_no_interest_and_the_rest_does(reading: str) -> None:
    # 60,000 left; one day late at 0.05% are 30; two days with both ends, none without the last
    claim = Claim(HUNDRED_THOUSAND, day("2025-07-31"), day("2025-08-01"), paid(("2025-07-31", 40_000 * YUAN)))
    found = interest(claim, DAILY, Readings(last_day=reading))
    assert found.owed_fen == {"counted_once": 30, "not_counted": 0, "both_ends": 60}[reading] * YUAN
    assert found.payments[0].principal == 40_000 * YUAN


def test_one_day_late_is_one_segment_of_one_day() -> None:
    found = interest(Claim(HUNDRED_THOUSAND, day("2025-07-31"), day("2025-08-01")), DAILY)
    assert shape(found) == [("2025-08-01", "2025-08-01", 1)]
    assert found.owed_fen == 50 * YUAN


# -- trap 9: compounding ------------------------------------------------------------------------------------------------


def test_interest_bears_no_interest() -> None:
    # 400 days at 0.05% are 20%; compounded by the day it would be 22.1%
    claim = Claim(HUNDRED_THOUSAND, day("2025-01-01"), day("2026-02-05"))
    assert interest(claim, DAILY).owed_fen == 20_000 * YUAN


def test_a_payment_of_part_of_the_interest_leaves_the_base_as_it_is() -> None:
    # after 100 days 5,000 are owed; 1,000 are paid; 300 more days on 100,000 are 15,000
    claim = Claim(HUNDRED_THOUSAND, day("2025-01-01"), day("2026-02-05"), paid(("2025-04-11", 1_000 * YUAN)))
    found = interest(claim, DAILY)
    assert [s.base for s in found.segments] == [HUNDRED_THOUSAND, HUNDRED_THOUSAND]
    assert (found.accrued_fen, found.paid_fen, found.owed_fen) == (20_000 * YUAN, 1_000 * YUAN, 19_000 * YUAN)


# -- trap 10: days added at rate changes --------------------------------------------------------------------------------


def test_a_rate_change_adds_no_day_and_equal_quotes_are_one_segment() -> None:
    claim = Claim(1_000_000 * YUAN, day("2024-07-01"), day("2024-12-31"))
    found = interest(claim, LPR_2024)
    # 2 to 21 July; 10 + 31 + 30 + 20 days to 20 October; 11 + 30 + 31 days: 183, as from 1 July to 31 December
    assert shape(found) == [
        ("2024-07-02", "2024-07-21", 20), ("2024-07-22", "2024-10-20", 91), ("2024-10-21", "2024-12-31", 72),
    ]  # fmt: skip
    assert found.days == 183 == found.days_late
    # 20 × 3.45 + 91 × 3.35 + 72 × 3.10 = 597.05 (%, days); 1,000,000 × 5.9705 / 365 = 16,357.534…
    assert found.owed_fen == 1_635_753


def test_both_ends_add_one_day_in_all() -> None:
    claim = Claim(1_000_000 * YUAN, day("2024-07-01"), day("2024-12-31"))
    found = interest(claim, LPR_2024, Readings(last_day="both_ends"))
    # 21 × 3.45 + 91 × 3.35 + 72 × 3.10 = 600.50; 1,000,000 × 6.005 / 365 = 16,452.054…
    assert (found.days, found.owed_fen) == (184, 1_645_205)


def test_both_ends_add_one_day_in_all_where_payments_break_it_too() -> None:
    claim = Claim(HUNDRED_THOUSAND, day("2025-07-31"), day("2025-08-30"), paid(("2025-08-10", 10), ("2025-08-20", 10)))
    found = interest(claim, DAILY, Readings(last_day="both_ends"))
    assert shape(found) == [
        ("2025-07-31", "2025-08-10", 11), ("2025-08-11", "2025-08-20", 10), ("2025-08-21", "2025-08-30", 10),
    ]  # fmt: skip


# -- trap 11: the length of the year -------------------------------------------------------------------------------------


def test_the_length_of_the_year_divides_yearly_rates_only_and_is_in_the_segment() -> None:
    claim = Claim(1_000_000 * YUAN, day("2024-07-01"), day("2024-12-31"))
    by_365, by_360 = interest(claim, LPR_2024), interest(claim, LPR_2024, Readings(day_count="360"))
    # 1,000,000 × 5.9705 / 360 = 16,584.722…
    assert by_360.owed_fen == 1_658_472
    assert by_360.owed / by_365.owed == Fraction(365, 360)
    assert {s.year for s in by_365.segments} == {365} and {s.year for s in by_360.segments} == {360}
    daily = interest(claim, DAILY, Readings(day_count="360"))
    assert daily.owed == interest(claim, DAILY).owed
    assert {s.year for s in daily.segments} == {None}


# -- trap 12: leap years ------------------------------------------------------------------------------------------------


def test_29_february_is_a_day() -> None:
    # 29 February and 1 March: 1,000,000 × 3% × 2 / 365 = 164.383…
    found = interest(Claim(1_000_000 * YUAN, day("2024-02-28"), day("2024-03-01")), THREE_PERCENT)
    assert (found.days, found.owed_fen) == (2, 16_438)


def test_a_leap_year_has_366_days_of_a_365th_each() -> None:
    # 100,000 × 3% × 366 / 365 = 3,008.219…, where a division by 366 would give 3,000.00
    found = interest(Claim(HUNDRED_THOUSAND, day("2024-01-01"), day("2025-01-01")), THREE_PERCENT)
    assert (found.days, found.owed_fen) == (366, 300_822)


def test_a_due_date_of_29_february() -> None:
    # to 28 February 2025: 365 days; 100,000 × 3%
    found = interest(Claim(HUNDRED_THOUSAND, day("2024-02-29"), day("2025-02-28")), THREE_PERCENT)
    assert (found.days, found.owed_fen) == (365, 300_000)


# -- trap 13: rounding --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fen", "owed"),
    [
        (1_000, 1),  # half a fen; to the even would be 0
        (5_000, 3),  # two and a half; to the even would be 2
        (4_999, 2),  # 2.4995
        (999, 0),  # 0.4995
    ],
)
def test_half_a_fen_is_rounded_up(fen: int, owed: int) -> None:
    assert interest(Claim(fen, day("2025-07-31"), day("2025-08-01")), DAILY).owed_fen == owed


def test_rounding_happens_once_at_the_end() -> None:
    plan = RatePlan(
        (
            RateStep(day("2025-01-01"), Fraction(5, 10_000), "day", SOURCE),
            RateStep(day("2025-08-02"), Fraction(6, 10_000), "day", SOURCE),
        )
    )
    # 800 fen: 0.40 on 1 August, 0.48 on 2 August; 0.88 in all, where each by itself would be 0
    found = interest(Claim(800, day("2025-07-31"), day("2025-08-02")), plan)
    assert [s.accrued for s in found.segments] == [Fraction(4, 10), Fraction(48, 100)]
    assert found.owed_fen == 1


def test_no_digit_is_lost_in_large_amounts() -> None:
    # 90,071,992,547,409.93 yuan, above what a binary float can count in fen; 3% of a 365th for a day:
    # 9,007,199,254,740,993 × 3 / 36,500 = 740,317,746,964.99… fen
    found = interest(Claim(9_007_199_254_740_993, day("2025-07-31"), day("2025-08-01")), THREE_PERCENT)
    assert found.owed_fen == (9_007_199_254_740_993 * 3 * 2 + 36_500) // 73_000


# -- trap 26: what a payment pays first ----------------------------------------------------------------------------------

PAID_30_000 = paid(("2025-08-30", 30_000 * YUAN))


def test_a_payment_pays_interest_before_principal() -> None:
    # 1,500 of interest, so 28,500 of principal; 71,500 for 30 days at 0.05% are 1,072.50
    found = interest(Claim(HUNDRED_THOUSAND, day("2025-07-31"), day("2025-09-29"), PAID_30_000), DAILY)
    (one,) = found.payments
    assert (one.costs, one.interest, one.principal, one.left) == (0, 1_500 * YUAN, 28_500 * YUAN, 71_500 * YUAN)
    assert (found.principal_fen, found.owed_fen, found.total_fen) == (7_150_000, 107_250, 7_257_250)
    assert shape(found) == [("2025-08-01", "2025-08-30", 30), ("2025-08-31", "2025-09-29", 30)]


def test_a_payment_pays_costs_before_interest() -> None:
    # 500 of costs, 1,500 of interest, 28,000 of principal; 72,000 for 30 days are 1,080
    costs = (Cost(day("2025-08-15"), 500 * YUAN),)
    found = interest(Claim(HUNDRED_THOUSAND, day("2025-07-31"), day("2025-09-29"), PAID_30_000, costs), DAILY)
    (one,) = found.payments
    assert (one.costs, one.interest, one.principal) == (500 * YUAN, 1_500 * YUAN, 28_000 * YUAN)
    assert (found.principal_fen, found.owed_fen, found.costs) == (7_200_000, 108_000, 0)


def test_a_payment_cannot_pay_costs_that_arose_later() -> None:
    costs = (Cost(day("2025-08-31"), 500 * YUAN),)
    found = interest(Claim(HUNDRED_THOUSAND, day("2025-07-31"), day("2025-09-29"), PAID_30_000, costs), DAILY)
    assert (found.payments[0].costs, found.costs) == (0, 500 * YUAN)
    assert found.total_fen == 7_150_000 + 107_250 + 50_000


def test_principal_first_where_agreed() -> None:
    # 70,000 left for 30 days at 0.05% are 1,050, beside the 1,500 of before
    claim = Claim(HUNDRED_THOUSAND, day("2025-07-31"), day("2025-09-29"), PAID_30_000)
    found = interest(claim, DAILY, Readings(allocation="principal_first"))
    assert (found.principal_fen, found.owed_fen, found.paid_fen) == (7_000_000, 255_000, 0)


def test_principal_first_then_costs_then_interest() -> None:
    # 100,200 pay the principal and 200 of 500 of costs; the interest of 1,500 stays and bears none
    claim = Claim(
        HUNDRED_THOUSAND,
        day("2025-07-31"),
        day("2025-09-29"),
        paid(("2025-08-30", 100_200 * YUAN)),
        (Cost(day("2025-08-15"), 500 * YUAN),),
    )
    found = interest(claim, DAILY, Readings(allocation="principal_first"))
    assert (found.principal_fen, found.costs, found.owed_fen) == (0, 300 * YUAN, 1_500 * YUAN)
    assert len(found.segments) == 1


def test_payments_of_one_day_are_set_one_after_the_other_without_a_segment_between() -> None:
    # 1,500 of interest: the first pays 1,000 of it, the second 500 and 9,500 of principal
    claim = Claim(
        HUNDRED_THOUSAND,
        day("2025-07-31"),
        day("2025-08-31"),
        paid(("2025-08-30", 1_000 * YUAN), ("2025-08-30", 10_000 * YUAN)),
    )
    found = interest(claim, DAILY)
    assert [(a.interest, a.principal) for a in found.payments] == [
        (1_000 * YUAN, 0), (500 * YUAN, 9_500 * YUAN),
    ]  # fmt: skip
    # 90,500 for a day are 45.25
    assert [s.days for s in found.segments] == [30, 1]
    assert found.owed_fen == 4_525


def test_payments_come_in_any_order() -> None:
    some = paid(("2025-09-10", 5_000 * YUAN), ("2025-08-10", 7_000 * YUAN))
    claim = Claim(HUNDRED_THOUSAND, day("2025-07-31"), day("2025-09-29"), some)
    turned = Claim(HUNDRED_THOUSAND, day("2025-07-31"), day("2025-09-29"), some[::-1])
    assert interest(claim, DAILY).payments == interest(turned, DAILY).payments
    assert [a.payment.label for a in interest(claim, DAILY).payments] == ["row 3", "row 2"]


# -- the end of a debt ---------------------------------------------------------------------------------------------------


def test_full_payment_ends_interest() -> None:
    claim = Claim(HUNDRED_THOUSAND, day("2025-07-31"), day("2026-07-31"), paid(("2025-08-30", 101_500 * YUAN)))
    found = interest(claim, DAILY)
    assert shape(found) == [("2025-08-01", "2025-08-30", 30)]
    assert (found.total_fen, found.accrued_fen, found.paid_fen) == (0, 150_000, 150_000)


def test_the_rounded_debt_settles_it() -> None:
    # 100,000 × 3% × 31 / 365 = 254.79 and 33/73 of a fen
    claim = Claim(HUNDRED_THOUSAND, day("2025-07-31"), day("2026-07-31"), paid(("2025-08-31", 10_025_479)))
    found = interest(claim, THREE_PERCENT)
    assert found.total == 0 and len(found.segments) == 1
    assert found.payments[0].rounding == Fraction(-33, 73)


def test_a_fen_less_leaves_a_fen_and_a_bit() -> None:
    claim = Claim(HUNDRED_THOUSAND, day("2025-07-31"), day("2025-08-31"), paid(("2025-08-31", 10_025_478)))
    assert interest(claim, THREE_PERCENT).total == 1 + Fraction(33, 73)


def test_rounded_figures_add_up() -> None:
    claim = Claim(
        HUNDRED_THOUSAND,
        day("2025-07-31"),
        day("2025-12-31"),
        paid(("2025-08-31", 1_000_000), ("2025-10-17", 2_000_001)),
        (Cost(day("2025-09-01"), 777),),
    )
    found = interest(claim, THREE_PERCENT)
    assert found.principal_fen is not None and found.owed_fen is not None and found.paid_fen is not None
    assert found.principal_fen + found.owed_fen + found.costs == found.total_fen
    assert found.paid_fen + found.owed_fen == found.accrued_fen


def test_the_principal_may_be_nothing() -> None:
    found = interest(Claim(0, day("2025-07-31"), day("2026-07-31")), DAILY)
    assert (found.total_fen, found.segments) == (0, ())


# -- trap 32: where the rate is not known --------------------------------------------------------------------------------


def test_days_after_the_last_known_rate_make_no_figure_but_a_lower_end() -> None:
    plan = steps(("2026-08-20", "3.00"), ("2026-09-20", "3.00"), known_until="2026-10-19")
    found = interest(Claim(HUNDRED_THOUSAND, day("2026-09-30"), day("2026-11-25")), plan)
    # 1 to 19 October: 100,000 × 3% × 19 / 365 = 156.164…
    assert shape(found) == [("2026-10-01", "2026-10-19", 19)]
    assert found.accrued_range == (15_616, None)
    assert (found.accrued_fen, found.owed_fen, found.paid_fen, found.total_fen, found.principal_fen) == (None,) * 5
    assert found.beyond is not None
    assert (str(found.beyond.first), str(found.beyond.last)) == ("2026-10-20", "2026-11-25")


def test_a_payment_after_the_last_known_rate_is_not_set_against_anything() -> None:
    plan = steps(("2026-09-20", "3.00"), known_until="2026-10-19")
    some = paid(("2026-10-10", 1_000), ("2026-11-01", 2_000))
    found = interest(Claim(HUNDRED_THOUSAND, day("2026-09-30"), day("2026-11-25"), some), plan)
    assert [a.payment for a in found.payments] == [some[0]]
    assert found.beyond is not None and found.beyond.payments == (some[1],)
    assert (str(found.beyond.first), str(found.beyond.last)) == ("2026-10-20", "2026-11-25")


def test_a_debt_paid_before_the_rate_ends_is_known_to_the_end() -> None:
    plan = steps(("2026-09-20", "3.00"), known_until="2026-10-19")
    # 19 days: 156.16 and 12/73 of a fen
    some = paid(("2026-10-19", HUNDRED_THOUSAND + 15_616))
    found = interest(Claim(HUNDRED_THOUSAND, day("2026-09-30"), day("2026-11-25"), some), plan)
    assert (found.beyond, found.total_fen, found.accrued_fen) == (None, 0, 15_616)


def test_the_last_known_day_is_enough_where_the_day_of_payment_is_not_counted() -> None:
    plan = steps(("2026-09-20", "3.00"), known_until="2026-10-19")
    claim = Claim(HUNDRED_THOUSAND, day("2026-09-30"), day("2026-10-20"))
    assert interest(claim, plan, Readings(last_day="not_counted")).accrued_fen == 15_616
    assert interest(claim, plan).accrued_fen is None


def test_days_before_the_first_rate_make_no_figure() -> None:
    plan = steps(("2019-08-20", "4.25"))
    found = interest(Claim(HUNDRED_THOUSAND, day("2019-07-31"), day("2019-12-31")), plan)
    assert found.segments == () and found.accrued_range == (0, None)
    assert found.beyond is not None and str(found.beyond.first) == "2019-08-01"


def test_a_plan_knows_its_last_day_and_says_why_it_knows_no_other() -> None:
    plan = steps(("2026-09-20", "3.00"), known_until="2026-10-19")
    assert plan.on(day("2026-09-19")) is None and plan.why_not(day("2026-09-19")) is plan.before
    assert plan.on(day("2026-09-20")) is plan.on(day("2026-10-19")) is plan.steps[0]
    assert plan.on(day("2026-10-20")) is None and plan.why_not(day("2026-10-20")) is plan.beyond


def test_the_same_number_by_the_day_and_by_the_year_are_two_rates() -> None:
    plan = RatePlan(
        (
            RateStep(day("2025-01-01"), Fraction(1, 1_000), "day", SOURCE),
            RateStep(day("2025-08-02"), Fraction(1, 1_000), "year", SOURCE),
        )
    )
    # 1 August: 100,000 × 0.1%; 2 August: the same for a 365th
    found = interest(Claim(HUNDRED_THOUSAND, day("2025-07-31"), day("2025-08-02")), plan)
    assert [s.accrued for s in found.segments] == [10_000, Fraction(10_000, 365)]


def test_the_tag_of_a_segment_is_the_weakest_of_the_rates_on_its_days() -> None:
    plan = steps(("2026-06-22", "3.00"), ("2026-07-20", "3.00"), ("2026-08-20", "3.00"), tags="ABA")
    assert interest(Claim(100, day("2026-06-30"), day("2026-07-19")), plan).confidence == "A"
    assert interest(Claim(100, day("2026-06-30"), day("2026-07-20")), plan).confidence == "B"
    assert interest(Claim(100, day("2026-08-19"), day("2026-09-01")), plan).confidence == "A"


# -- other readings ------------------------------------------------------------------------------------------------------


def test_the_other_readings_stand_beside_the_one_taken() -> None:
    claim = Claim(HUNDRED_THOUSAND, day("2025-07-31"), day("2025-09-29"), PAID_30_000)
    found = {
        f"{a.question.id}={a.option.id}": a.result.total_fen if a.result else None
        for a in other_readings(interest(claim, DAILY))
    }
    assert found == {
        # 29 days are 1,450, so 28,550 of principal and 71,450 left; 30 days from 30 August to 28 September: 1,071.75
        "last_day=not_counted": 7_145_000 + 107_175,
        # 31 days are 1,550, so 28,450 of principal and 71,550 left; 30 days: 1,073.25
        "last_day=both_ends": 7_155_000 + 107_325,
        # 70,000 and 1,500 + 1,050
        "allocation=principal_first": 7_255_000,
    }


def test_a_payment_that_settles_under_one_reading_may_exceed_the_debt_under_another() -> None:
    # 29 days are 1,450: with 1,500 of interest paid 50 are too much
    claim = Claim(HUNDRED_THOUSAND, day("2025-07-31"), day("2025-09-29"), paid(("2025-08-30", 101_500 * YUAN)))
    found = {a.option.id: a for a in other_readings(interest(claim, DAILY))}
    refused = found["not_counted"]
    assert refused.result is None and refused.why_not is not None and refused.why_not.excess == 50 * YUAN
    # 31 days are 1,550: 50 of principal are left, for 30 days 0.75
    assert found["both_ends"].result is not None and found["both_ends"].result.total_fen == 5_075


def test_every_default_is_the_first_option_of_its_question() -> None:
    assert {name: question.default.id for name, question in QUESTIONS.items()} == {
        "day_count": Readings().day_count, "last_day": Readings().last_day, "allocation": Readings().allocation,
    }  # fmt: skip


def test_a_reading_is_named_in_words() -> None:
    assert with_reading(Readings(), "day_count=360").year == 360
    for text in ("day_cuont=360", "day_count", "day_count=366"):
        with pytest.raises(ArrearsError) as caught:
            with_reading(Readings(), text)
        assert caught.value.code == "unknown-reading"
    with pytest.raises(ArrearsError, match="did you mean `day_count`"):
        with_reading(Readings(), "day_cuont=360")


# -- values that cannot be -----------------------------------------------------------------------------------------------

DUE, AS_OF = day("2025-07-31"), day("2025-09-29")
REFUSED = [
    ("negative-principal", Claim(-1, DUE, AS_OF)),
    ("payment-not-positive", Claim(100, DUE, AS_OF, paid(("2025-08-01", 0)))),
    ("payment-not-positive", Claim(100, DUE, AS_OF, paid(("2025-08-01", -5)))),
    ("payment-after-day", Claim(100, DUE, AS_OF, paid(("2025-09-30", 5)))),
    ("negative-cost", Claim(100, DUE, AS_OF, (), (Cost(DUE, -1),))),
    ("cost-after-day", Claim(100, DUE, AS_OF, (), (Cost(day("2025-09-30"), 1),))),
    ("payments-exceed-debt", Claim(100, DUE, AS_OF, paid(("2025-07-31", 101)))),
    ("payments-exceed-debt", Claim(100, DUE, AS_OF, paid(("2025-07-31", 100), ("2025-08-01", 1)))),
    ("not-whole", Claim(Fraction(1, 2), DUE, AS_OF)),  # type: ignore[arg-type]
    ("not-whole", Claim(100, DUE, AS_OF, (Payment(DUE, 1.5),))),  # type: ignore[arg-type]
    ("not-whole", Claim(True, DUE, AS_OF)),
]


@pytest.mark.parametrize(("code", "claim"), REFUSED)
def test_values_that_cannot_be_are_refused_by_name_with_what_to_do(code: str, claim: Claim) -> None:
    with pytest.raises(ArrearsError) as caught:
        interest(claim, DAILY)
    error = caught.value
    assert error.code == code
    for said in (error.message, error.remedy):
        assert said.en and any("一" <= sign <= "鿿" for sign in said.zh)


def test_what_was_paid_too_much_is_said_with_its_row() -> None:
    # 101,500 are owed on 30 August
    claim = Claim(HUNDRED_THOUSAND, DUE, AS_OF, paid(("2025-08-30", 101_500 * YUAN + 12)))
    with pytest.raises(ArrearsError, match=r"0\.12 more") as caught:
        interest(claim, DAILY)
    assert (caught.value.excess, caught.value.label) == (12, "row 2")


@pytest.mark.parametrize(
    ("code", "days"),
    [
        ("rate-days", [("2025-01-01", "3"), ("2025-01-01", "4")]),
        ("rate-days", [("2025-01-02", "3"), ("2025-01-01", "4")]),
        ("negative-rate", [("2025-01-01", "-1")]),
    ],
)
def test_a_plan_that_cannot_be_is_refused(code: str, days: list[tuple[str, str]]) -> None:
    with pytest.raises(ArrearsError) as caught:
        steps(*days)
    assert caught.value.code == code
    with pytest.raises(ArrearsError):
        steps(("2025-01-01", "3"), known_until="2024-12-31")


@pytest.mark.parametrize(
    ("amount", "whole"), [(Fraction(1, 2), 1), (Fraction(3, 2), 2), (Fraction(5, 2), 3), (Fraction(49, 100), 0)]
)
def test_half_up(amount: Fraction, whole: int) -> None:
    assert half_up(amount) == whole
