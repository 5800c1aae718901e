"""The rules of other places, worked out by hand; amounts in the smallest unit of the currency.

The reference rates of Germany, the United Kingdom and India are made up: the caller gives them.
"""

from __future__ import annotations

import calendar
import datetime as dt
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yiqi.arrears.abroad import (
    FOREIGN_QUESTIONS,
    ForeignAlternative,
    ForeignInterest,
    ForeignReadings,
    foreign_interest,
    other_foreign_readings,
)
from yiqi.arrears.claim import Claim, Cost, Payment
from yiqi.arrears.error import ArrearsError
from yiqi.arrears.foreign_rules import EU_2026, RULES
from yiqi.arrears.half_years import half_years
from yiqi.arrears.interest import Interest
from yiqi.arrears.monthly_rests import REST_QUESTIONS, Compounded, RestReadings, compound
from yiqi.arrears.plan import RatePlan, RateStep, constant
from yiqi.arrears.readings import Readings
from yiqi.clock.sources import Source
from yiqi.law.bilingual import Bilingual

GIVEN = Source(Bilingual("given", "由使用者提供"), "A")


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def percent(text: str) -> Fraction:
    return Fraction(text) / 100


def by_half_year(*rates: tuple[str, str]) -> RatePlan:
    return half_years([(day(first), percent(rate), GIVEN) for first, rate in rates])


def simple(found: ForeignInterest) -> Interest:
    assert isinstance(found.found, Interest)
    return found.found


def compounded(found: ForeignInterest) -> Compounded:
    assert isinstance(found.found, Compounded)
    return found.found


# -- European Union and Germany ------------------------------------------------------------------------------------------


def test_the_rate_of_the_directive_changes_with_the_half_year() -> None:
    found = foreign_interest(RULES["eu"], Claim(10_000_00, day("2026-05-31"), day("2026-07-31")))
    # June 30 days at 10.15%, July 31 at 10.40%: 10,000 × (304.5 + 322.4)% / 365 = 171.753…
    assert [(s.days, s.rate) for s in simple(found).segments] == [(30, percent("10.15")), (31, percent("10.40"))]
    assert simple(found).owed_fen == 171_75
    assert found.confidence == "B"


def test_a_fixed_sum_that_was_not_read_is_shown_and_not_added() -> None:
    found = foreign_interest(RULES["eu"], Claim(10_000_00, day("2026-05-31"), day("2026-07-31")))
    assert found.fixed is not None and (found.fixed.amount, found.fixed.added) == (40_00, False)
    assert found.total_fen == 10_171_75
    assert any("EUR 40" in note.en and "EUR 40" in note.zh for note in found.notes)


def test_reference_rates_that_are_not_there_make_no_figure() -> None:
    late = foreign_interest(RULES["eu"], Claim(10_000_00, day("2026-11-30"), day("2027-01-31")))
    # December: 10,000 × 10.40% × 31 / 365 = 88.328…
    assert simple(late).accrued_range == (88_33, None) and late.total_fen is None
    assert simple(late).beyond is not None and "reference rate" in simple(late).beyond.why.en  # type: ignore[union-attr]
    early = foreign_interest(RULES["eu"], Claim(10_000_00, day("2025-11-30"), day("2026-01-31")))
    assert simple(early).accrued_range == (0, None)
    for name in ("germany", "uk"):
        found = foreign_interest(RULES[name], Claim(10_000_00, day("2026-05-31"), day("2026-07-31")))  # type: ignore[index]
        assert found.total_fen is None


def test_germany_adds_nine_points() -> None:
    base = by_half_year(("2026-01-01", "1.27"))
    found = foreign_interest(RULES["germany"], Claim(10_000_00, day("2026-05-31"), day("2026-06-30")), base)
    # 10,000 × 10.27% × 30 / 365 = 84.410…
    assert simple(found).owed_fen == 84_41


@pytest.mark.parametrize(
    "rates",
    [
        [("2026-01-02", "2")],
        [("2026-04-01", "2")],
        [("2025-01-01", "2"), ("2026-01-01", "2")],  # the second half of 2025 is left out
    ],
)
def test_half_years_are_whole_and_without_a_gap(rates: list[tuple[str, str]]) -> None:
    with pytest.raises(ArrearsError) as caught:
        by_half_year(*rates)
    assert caught.value.code == "rate-days"


def test_a_reference_rate_is_not_carried_beyond_its_half_year() -> None:
    claim = Claim(10_000_00, day("2026-05-31"), day("2026-07-31"))
    for plan in (
        constant(percent("2"), "year", GIVEN),
        RatePlan(EU_2026.steps),
        RatePlan(EU_2026.steps, day("2027-01-01")),
    ):
        with pytest.raises(ArrearsError) as caught:
            foreign_interest(RULES["eu"], claim, plan)
        assert caught.value.code == "rate-days"


# -- United Kingdom ------------------------------------------------------------------------------------------------------

BANK = by_half_year(("2026-01-01", "3.75"), ("2026-07-01", "3.50"))
BRITISH = Claim(5_000_00, day("2026-03-31"), day("2026-08-31"))


def test_the_bank_rate_of_the_half_year_in_which_interest_began_stays() -> None:
    found = foreign_interest(RULES["uk"], BRITISH, BANK)
    # 30 + 31 + 30 + 31 + 31 = 153 days: 5,000 × 11.75% × 153 / 365 = 246.267…; 70 for a debt below 10,000
    assert simple(found).owed_fen == 246_27
    assert found.total_fen == 5_000_00 + 246_27 + 70_00


def test_the_bank_rate_of_each_half_year_is_the_other_reading() -> None:
    found = foreign_interest(RULES["uk"], BRITISH, BANK, foreign=ForeignReadings("each_half_year"))
    # 91 days at 11.75%, 62 at 11.50%: 5,000 × 1,782.25% / 365 = 244.143…
    assert simple(found).owed_fen == 244_14


def test_a_british_year_has_365_days_whatever_the_reading() -> None:
    found = foreign_interest(RULES["uk"], BRITISH, BANK, Readings(day_count="360"))
    assert simple(found).owed_fen == 246_27


@pytest.mark.parametrize(
    ("pence", "sum_"), [(999_99, 40_00), (1_000_00, 70_00), (9_999_99, 70_00), (10_000_00, 100_00)]
)
def test_the_fixed_sum_goes_by_the_size_of_the_debt(pence: int, sum_: int) -> None:
    found = foreign_interest(RULES["uk"], Claim(pence, day("2026-03-31"), day("2026-04-01")), BANK)
    assert found.fixed is not None and found.fixed.amount == sum_ and found.fixed.added


def test_there_is_no_fixed_sum_where_nothing_is_late() -> None:
    in_time = (Payment(day("2026-03-31"), 5_000_00),)
    assert (
        foreign_interest(RULES["uk"], Claim(5_000_00, day("2026-03-31"), day("2026-08-31"), in_time), BANK).fixed
        is None
    )
    assert foreign_interest(RULES["uk"], Claim(5_000_00, day("2026-03-31"), day("2026-03-31")), BANK).fixed is None
    # 4,500 were paid in time: 500 were late
    part = (Payment(day("2026-03-31"), 4_500_00),)
    found = foreign_interest(RULES["uk"], Claim(5_000_00, day("2026-03-31"), day("2026-08-31"), part), BANK)
    assert found.fixed is not None and found.fixed.amount == 40_00


# -- India ---------------------------------------------------------------------------------------------------------------

INDIA = RULES["india"]
RBI = RatePlan(
    (RateStep(day("2025-12-01"), percent("5.50"), "year", GIVEN), RateStep(day("2026-03-15"), percent("5.25"), "year", GIVEN)),
    day("2026-12-31"),
)  # fmt: skip


def indian(as_of: str, *payments: tuple[str, int]) -> Claim:
    return Claim(100_000_00, day("2026-01-31"), day(as_of), tuple(Payment(day(on), paise) for on, paise in payments))


def test_interest_bears_interest_from_rest_to_rest() -> None:
    # 3 × 5.50% = 16.5%, 1.375% a month; rests on 28 February and 31 March: 100,000 × 1.01375² = 102,768.906…
    found = foreign_interest(INDIA, indian("2026-03-31"), RBI)
    assert compounded(found).total_fen == found.total_fen == 102_768_91
    assert compounded(found).interest_fen == 2_768_91
    assert [(str(m.first), str(m.last), m.whole) for m in compounded(found).months] == [
        ("2026-02-01", "2026-02-28", True), ("2026-03-01", "2026-03-31", True),
    ]  # fmt: skip


def test_a_broken_month_bears_its_days_without_a_rest() -> None:
    # April at 3 × 5.25% = 15.75%, 1.3125% a month, 15 days of 30: 102,768.90625 × 1.013125^… simple: × 0.65625% = 674.420…
    found = foreign_interest(INDIA, indian("2026-04-15"), RBI)
    # 102,768.90625 + 674.4209… = 103,443.327…
    assert found.total_fen == 103_443_33
    assert compounded(found).months[-1].whole is False


def test_the_bank_rate_of_the_first_day_is_the_other_reading() -> None:
    # 102,768.90625 × 1.375% / 2 = 706.536…
    readings = ForeignReadings(rests=RestReadings(bank_rate="first_day"))
    assert foreign_interest(INDIA, indian("2026-04-15"), RBI, foreign=readings).total_fen == 103_475_44


def test_the_first_day_of_delay_is_the_day_after_the_due_date() -> None:
    # due on 14 March, the day before the rate changes: 15.75% / 12 on 100,000
    claim = Claim(100_000_00, day("2026-03-14"), day("2026-04-14"))
    for reading in ("first_day", "each_rest"):
        found = foreign_interest(INDIA, claim, RBI, foreign=ForeignReadings(rests=RestReadings(bank_rate=reading)))
        assert found.total_fen == 101_312_50


def test_months_by_their_days_are_the_other_reading() -> None:
    # 28 and 31 days of 365 at 16.5%
    readings = ForeignReadings(rests=RestReadings(month="days"))
    found = foreign_interest(INDIA, indian("2026-03-31"), RBI, foreign=readings)
    whole = 10_000_000 * (1 + percent("16.5") * 28 / 365) * (1 + percent("16.5") * 31 / 365)
    assert compounded(found).balance == whole


def test_a_payment_within_a_month_pays_the_interest_of_its_days_first() -> None:
    # 14 of 28 days: 687.50; 50,000 leave 50,687.50, which bears 348.4765625 to the rest
    found = foreign_interest(INDIA, indian("2026-02-28", ("2026-02-14", 50_000_00)), RBI)
    (month,) = compounded(found).months
    assert (month.interest, month.closing, month.paid) == (
        Fraction("103597.65625"), Fraction("5103597.65625"), 5_000_000,
    )  # fmt: skip
    assert found.total_fen == 51_035_98


def test_a_bank_rate_that_is_not_known_makes_no_figure() -> None:
    # rests to 31 December; the month from 1 January 2027 has no rate
    found = foreign_interest(INDIA, indian("2027-01-31"), RBI)
    assert found.total_fen is None and compounded(found).interest_fen is None
    beyond = compounded(found).beyond
    assert beyond is not None and str(beyond.first) == "2027-01-01"
    assert foreign_interest(INDIA, indian("2026-03-31")).total_fen is None


def test_full_payment_ends_compound_interest() -> None:
    found = foreign_interest(INDIA, indian("2026-12-31", ("2026-03-31", 102_768_91)), RBI)
    assert found.total_fen == 0 and len(compounded(found).months) == 2
    with pytest.raises(ArrearsError) as caught:
        foreign_interest(INDIA, indian("2026-12-31", ("2026-03-31", 102_768_92)), RBI)
    assert (caught.value.code, caught.value.excess) == ("payments-exceed-debt", 1)


CENTS = st.integers(1, 10**9)
OFFSETS = st.integers(-3, 500)


@settings(max_examples=150, deadline=None)
@given(
    CENTS,
    st.dates(dt.date(2023, 1, 1), dt.date(2024, 12, 31)),
    st.integers(0, 500),
    st.lists(st.tuples(OFFSETS, st.integers(1, 10**6)), max_size=3),
    st.integers(0, 3_000),
    st.sampled_from(["twelfth", "days"]),
)
def test_compound_interest_agrees_with_a_sum_over_days(
    principal: int, due: dt.date, late: int, payments: list[tuple[int, int]], costs: int, month: str
) -> None:
    as_of = due + dt.timedelta(days=late)
    some = [Payment(due + dt.timedelta(days=n), fen) for n, fen in payments if n <= late]
    claim = Claim(principal, due, as_of, tuple(some), (Cost(due, costs),))
    balance, running, open_costs, rate = Fraction(principal), Fraction(0), 0, percent("16.5")

    def is_rest(one: dt.date) -> bool:
        length = calendar.monthrange(one.year, one.month)[1]
        return one.day == min(due.day, length)

    paid: list[Payment] = []
    one = due - dt.timedelta(days=3)
    while one <= as_of:
        if one > due:
            last, following = one - dt.timedelta(days=1), one
            while not is_rest(last):
                last -= dt.timedelta(days=1)
            while not is_rest(following):
                following += dt.timedelta(days=1)
            year = 12 * (following - last).days if month == "twelfth" else 365
            running += balance * rate / year
        if one == due:
            open_costs += costs
        for payment in some:
            if payment.day == one and payment.fen < balance + running + open_costs - 1:
                paid.append(payment)
                rest = Fraction(payment.fen)
                rest, open_costs = rest - min(rest, open_costs), open_costs - int(min(rest, open_costs))
                rest, running = rest - min(rest, running), running - min(rest, running)
                balance -= rest
        if one > due and is_rest(one):
            balance, running = balance + running, Fraction(0)
        one += dt.timedelta(days=1)
    whole = Claim(principal, due, as_of, tuple(paid), claim.costs)
    found = compound(whole, constant(rate, "year", GIVEN), RestReadings(month=month))
    assert (found.balance, found.costs) == (balance + running, open_costs)
    received = sum(payment.fen for payment in paid)
    assert found.interest == balance + running + open_costs + received - principal - costs


def test_a_bank_rate_without_a_last_day_is_refused() -> None:
    with pytest.raises(ArrearsError) as caught:
        foreign_interest(INDIA, indian("2026-03-31"), constant(percent("5.50"), "year", GIVEN))
    assert caught.value.code == "rate-days"


# -- other readings ------------------------------------------------------------------------------------------------------


def shown(found: tuple[ForeignAlternative, ...]) -> dict[str, int | None]:
    return {f"{a.question.id}={a.option.id}": a.result.total_fen if a.result else None for a in found}


def test_only_the_readings_that_matter_to_a_rule_stand_beside_it() -> None:
    assert shown(other_foreign_readings(RULES["uk"], BRITISH, BANK)) == {
        # 152 and 154 days: 5,000 × 11.75% × 152 / 365 = 244.657…, × 154 / 365 = 247.876…
        "last_day=not_counted": 5_000_00 + 244_66 + 70_00,
        "last_day=both_ends": 5_000_00 + 247_88 + 70_00,
        "uk_reference=each_half_year": 5_000_00 + 244_14 + 70_00,
    }
    assert set(shown(other_foreign_readings(INDIA, indian("2026-04-15"), RBI))) == {"bank_rate=first_day", "month=days"}
    assert other_foreign_readings(RULES["australia"], BRITISH) == ()


def test_a_settlement_under_one_reading_may_be_too_much_under_another() -> None:
    # by days the two months are 100,000 × (1 + 16.5% × 28 / 365) × (1 + 16.5% × 31 / 365) = 102,684.86…
    found = other_foreign_readings(INDIA, indian("2026-12-31", ("2026-03-31", 102_768_91)), RBI)
    (by_days,) = [a for a in found if a.option.id == "days"]
    assert by_days.result is None and by_days.why_not is not None and by_days.why_not.code == "payments-exceed-debt"


# -- Australia, and all of them ------------------------------------------------------------------------------------------


def test_australia_gives_no_interest() -> None:
    found = foreign_interest(RULES["australia"], BRITISH)
    assert (found.found, found.fixed, found.total_fen) == (None, None, None)
    with pytest.raises(ArrearsError):
        foreign_interest(RULES["australia"], Claim(-1, day("2026-03-31"), day("2026-08-31")))


def test_every_rule_is_said_in_both_languages_with_its_source() -> None:
    for name, rule in RULES.items():
        assert rule.id == name and rule.source.confidence in ("A", "B")
        said = [rule.place, rule.source.cite, rule.who, rule.period, rule.reference, rule.note]
        for text in said:
            assert text is None or (text.en and any("一" <= sign <= "鿿" for sign in text.zh))


def test_a_reading_that_is_not_there_is_refused() -> None:
    with pytest.raises(ArrearsError, match="at_start or each_half_year"):
        ForeignReadings("whenever")
    with pytest.raises(ArrearsError, match="twelfth or days"):
        RestReadings(month="thirty")
    assert FOREIGN_QUESTIONS["uk_reference"].default.id == ForeignReadings().uk_reference
    assert {n: q.default.id for n, q in REST_QUESTIONS.items()} == {"bank_rate": "each_rest", "month": "twelfth"}
