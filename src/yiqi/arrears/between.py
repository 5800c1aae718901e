"""Interest under a class of rate, which may be a range: what is owed at least and at most."""

from __future__ import annotations

from dataclasses import dataclass

from yiqi.arrears.claim import Claim
from yiqi.arrears.error import ArrearsError
from yiqi.arrears.interest import DEFAULT, Interest, interest
from yiqi.arrears.rates import Rate
from yiqi.arrears.readings import Readings
from yiqi.law.bilingual import Bilingual


@dataclass(frozen=True, slots=True)
class Between:
    """The same claim at the lower and at the upper rate; one result twice where the rate is exact.

    At a higher rate both the interest and, interest being paid first, the principal left are at no time lower, so that
    the two are the ends of everything between. ``low`` is None where the payments exceed what the lower rate makes of
    the debt, which ``why_not_low`` says: the rate was then higher. ``high`` is None where the rate has no upper end.
    """

    rate: Rate
    low: Interest | None
    high: Interest | None
    why_not_low: ArrearsError | None = None

    @property
    def exact(self) -> bool:
        return self.low is not None and self.low is self.high and self.low.beyond is None

    @property
    def accrued_range(self) -> tuple[int | None, int | None]:
        """Interest since the due date in fen, at least and at most; None for an end that is not known."""
        low = self.low.accrued_range[0] if self.low is not None else None
        return low, self.high.accrued_fen if self.high is not None else None

    @property
    def why_open(self) -> Bilingual | None:
        """Why there is no upper end; None where there is one."""
        if self.high is None:
            return self.rate.open
        return self.high.beyond.why if self.high.beyond is not None else None


def interest_between(claim: Claim, rate: Rate, readings: Readings = DEFAULT) -> Between:
    """The interest at both ends of a rate. Raises :class:`ArrearsError` as :func:`interest` does at the upper end."""
    if rate.exact:
        found = interest(claim, rate.low, readings)
        return Between(rate, found, found)
    high = interest(claim, rate.high, readings) if rate.high is not None else None
    try:
        return Between(rate, interest(claim, rate.low, readings), high)
    except ArrearsError as error:
        if error.code != "payments-exceed-debt":
            raise
        return Between(rate, None, high, error)
