"""What each class of rate comes to, by hand. Amounts in fen."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

import pytest

from yiqi.arrears.between import interest_between
from yiqi.arrears.claim import Claim, Payment
from yiqi.arrears.error import ArrearsError
from yiqi.arrears.interest import interest
from yiqi.arrears.lpr import load_lpr
from yiqi.arrears.rates import (
    FOUR_TIMES,
    REPLY_2024,
    Agreed,
    agreed_rate,
    late_performance,
    lpr_at_breach,
    lpr_at_contract,
    lpr_floating,
    statutory_daily_rate,
)
from yiqi.arrears.readings import Readings

TABLE = load_lpr()
HUNDRED_THOUSAND = 10_000_000


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def a_year(due: str = "2025-07-31", as_of: str = "2026-07-31") -> Claim:
    """365 days."""
    return Claim(HUNDRED_THOUSAND, day(due), day(as_of))


def test_silence_costs_a_twentieth_of_a_percent_a_day() -> None:
    # 365 × 0.05% = 18.25%
    assert interest(a_year(), statutory_daily_rate().low).owed_fen == 1_825_000


def test_four_times_the_lpr_cuts_nothing() -> None:
    # trap 31: at 3.00% the limit of private lending is 12%; 18.25% and an agreed 24% stay as they are
    assert interest(a_year(), statutory_daily_rate().low).owed_fen == 1_825_000
    agreed = agreed_rate(Agreed(Fraction(24, 100), "year"), day("2025-06-02"), TABLE)
    assert interest(a_year(), agreed.rate_365.low).owed_fen == 2_400_000
    assert "private lending" in FOUR_TIMES.en


def test_late_performance_of_a_judgment() -> None:
    # 100,000 × 0.0175% = 17.50 a day, 30 days
    claim = Claim(HUNDRED_THOUSAND, day("2026-01-01"), day("2026-01-31"))
    assert interest(claim, late_performance().low).owed_fen == 52_500


def test_the_floor_stays_as_it_was_at_contracting() -> None:
    # trap 4: 3.45% in March 2024, whatever was quoted later: 3,450.00 for 365 days
    rate = lpr_at_contract(day("2024-03-01"), TABLE)
    found = interest(a_year(), rate.low)
    assert (found.owed_fen, len(found.segments)) == (345_000, 1)


def test_the_floating_rate_follows_the_quotes() -> None:
    # 1 to 19 May 2025 at 3.10%, 20 to 31 May at 3.00%: 100,000 × (19 × 3.10% + 12 × 3.00%) / 365 = 259.9999…
    found = interest(Claim(HUNDRED_THOUSAND, day("2025-04-30"), day("2025-05-31")), lpr_floating(TABLE).low)
    # (58.9 + 36.0) × 1,000 / 365 = 260.00 exactly
    assert found.owed == 26_000
    assert [s.days for s in found.segments] == [19, 12]


def test_the_floating_rate_knows_where_it_ends() -> None:
    # trap 32
    found = interest_between(Claim(HUNDRED_THOUSAND, day("2026-09-30"), day("2026-11-25")), lpr_floating(TABLE))
    # 19 days: 100,000 × 3% × 19 / 365 = 156.164…
    assert found.accrued_range == (15_616, None) and not found.exact
    assert found.why_open is not None and "19 October 2026" in found.why_open.en


def test_the_raised_rate_is_a_range() -> None:
    # 3.00% × 1.3 and × 1.5: 3.90% and 4.50%
    found = interest_between(a_year(), lpr_at_breach(day("2025-08-01"), TABLE))
    assert found.accrued_range == (390_000, 450_000) and found.why_open is None and not found.exact


def test_an_exact_rate_is_one_result() -> None:
    found = interest_between(a_year(), statutory_daily_rate())
    assert found.exact and found.accrued_range == (1_825_000, 1_825_000)


def test_payments_above_what_the_lower_rate_makes_of_the_debt_leave_the_upper_end() -> None:
    # at 3.90% 103,900 are owed after a year, at 4.50% 104,500
    claim = Claim(HUNDRED_THOUSAND, day("2025-07-31"), day("2026-07-31"), (Payment(day("2026-07-31"), 10_400_000),))
    found = interest_between(claim, lpr_at_breach(day("2025-08-01"), TABLE))
    assert found.low is None and found.why_not_low is not None and found.why_not_low.excess == 10_000
    assert found.high is not None and found.high.total_fen == 50_000
    with pytest.raises(ArrearsError):
        interest_between(
            Claim(HUNDRED_THOUSAND, day("2025-07-31"), day("2026-07-31"), (Payment(day("2026-07-31"), 10_450_001),)),
            lpr_at_breach(day("2025-08-01"), TABLE),
        )


# -- agreed rates beside the floor of 3.00% on 2 June 2025 ----------------------------------------------------------------

AGREED = [
    # agreed, unit, kept at 365, kept at 360, owed for 365 days at 365 and at 360
    ("3.00", "year", True, True, 300_000, 300_000),  # at the floor
    ("2.999999", "year", False, False, 300_000, 300_000),  # below: the LPR, not 0.05% a day (trap 7)
    ("1", "year", False, False, 300_000, 300_000),
    ("5", "year", True, True, 500_000, 500_000),
    # 0.0083% a day: 3.0295% by 365, 2.988% by 360; kept 100,000 × 0.0083% × 365 = 3,029.50
    ("0.0083", "day", True, False, 302_950, 300_000),
    # 1/120 of a percent a day is 3% by 360 exactly
    ("1/120", "day", True, True, 304_167, 304_167),
    # 3/365 of a percent is 3% by 365 exactly
    ("3/365", "day", True, False, 300_000, 300_000),
    ("0.008", "day", False, False, 300_000, 300_000),
    ("0.05", "day", True, True, 1_825_000, 1_825_000),
]


@pytest.mark.parametrize(("percent", "unit", "kept_365", "kept_360", "owed_365", "owed_360"), AGREED)
def test_an_agreed_rate_counts_from_the_floor_up(
    percent: str, unit: str, kept_365: bool, kept_360: bool, owed_365: int, owed_360: int
) -> None:
    agreed = Agreed(Fraction(percent) / 100, "day" if unit == "day" else "year")
    found = agreed_rate(agreed, day("2025-06-02"), TABLE)
    assert (found.kept_365, found.kept_360, found.differ) == (kept_365, kept_360, kept_365 != kept_360)
    # the yearly floor is divided by 365 in both columns, so that only the comparison differs
    assert interest(a_year(), found.rate_365.low).owed_fen == owed_365
    assert interest(a_year(), found.rate_360.low).owed_fen == owed_360
    assert found.under(Readings()) is found.rate_365
    assert found.under(Readings(day_count="360")) is found.rate_360


def test_an_agreed_rate_without_a_known_floor_is_a_lower_end() -> None:
    agreed = Agreed(Fraction(5, 100), "year")
    for contract in ("2019-08-19", "2026-10-20"):
        found = agreed_rate(agreed, day(contract), TABLE)
        assert (found.kept_365, found.kept_360) == (None, None)
        between = interest_between(a_year(), found.rate_365)
        assert between.accrued_range == (500_000, None)
        assert between.why_open is not None


def test_a_floor_that_is_not_known_makes_no_figure() -> None:
    between = interest_between(a_year(), lpr_at_contract(day("2026-10-20"), TABLE))
    assert between.accrued_range == (0, None) and between.why_open == TABLE.why_beyond


def test_a_rate_below_zero_is_refused() -> None:
    with pytest.raises(ArrearsError) as caught:
        agreed_rate(Agreed(Fraction(-1, 100), "year"), day("2025-06-02"), TABLE)
    assert caught.value.code == "negative-rate"


def test_tags_travel() -> None:
    # that the floor takes the place of a lower rate is a reading [B]; that the LPR follows a void clause is not
    assert lpr_at_contract(day("2025-06-02"), TABLE).source.confidence == "B"
    assert interest(a_year(), lpr_at_contract(day("2025-06-02"), TABLE).low).confidence == "B"
    after_void = lpr_at_contract(day("2025-06-02"), TABLE, REPLY_2024)
    assert (after_void.source.confidence, interest(a_year(), after_void.low).confidence) == ("A", "A")
    # the quote of July 2026 has one source
    assert lpr_at_breach(day("2026-07-20"), TABLE).source.confidence == "B"
    assert lpr_at_breach(day("2026-08-20"), TABLE).source.confidence == "A"
