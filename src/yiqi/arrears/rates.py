"""What each class of rate means in numbers. Which class a receivable falls in is for the law files to say.

=========================  =====================================================================  =======================
class                      rate                                                                   source
=========================  =====================================================================  =======================
``statutory_daily_rate``   0.05% a day                                                            Regulation art. 17
``agreed_rate``            as agreed; at least the one-year LPR at contracting, which is fixed    Regulation art. 17
``lpr_at_contract``        one-year LPR at contracting                                            art. 17; Reply 2024
``lpr_floating``           one-year LPR of each day                                               construction, art. 26
``lpr_at_breach``          one-year LPR at the breach, raised by 30% to 50%: a range              sale, art. 18(4)
``late_performance``       0.0175% a day, on top of the interest in the judgment                  interpretation 2014
=========================  =====================================================================  =======================

Four times the LPR is a limit of private lending and cuts none of them.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from yiqi.arrears.error import ArrearsError
from yiqi.arrears.lpr import LprTable, NoQuote, Quote
from yiqi.arrears.plan import RatePlan, Unit, constant
from yiqi.arrears.readings import Readings
from yiqi.clock.sources import Source
from yiqi.law.bilingual import Bilingual
from yiqi.law.tree import Confidence

RateClass = Literal[
    "statutory_daily_rate", "agreed_rate", "lpr_at_contract", "lpr_floating", "lpr_at_breach", "late_performance"
]

STATUTORY = Fraction(5, 10_000)
LATE_PERFORMANCE = Fraction(175, 1_000_000)
RAISED = (Fraction(130, 100), Fraction(150, 100))


def _source(en: str, zh: str, confidence: Confidence = "A") -> Source:
    return Source(Bilingual(en, zh), confidence)


ARTICLE_17 = _source(
    "Regulation on Ensuring Payments to SMEs, art. 17 (2020: art. 15)",
    "《保障中小企业款项支付条例》第十七条（2020年版第十五条）",
)
FLOOR_INSTEAD = _source(
    "reading of art. 17 of the Regulation; Supreme People's Court 2024 No. 11, item 2, comes close",
    "对条例第十七条的理解；法释〔2024〕11号第二项与此相近",
    "B",
)
REPLY_2024 = _source("Supreme People's Court 2024 No. 11, item 2", "法释〔2024〕11号第二项")
SALE = _source("Sale contract interpretation art. 18(4)", "《买卖合同司法解释》第十八条第四款")
CONSTRUCTION = _source(
    "Construction contract interpretation (1) art. 26", "《建设工程施工合同司法解释（一）》第二十六条"
)
PERFORMANCE = _source(
    "Interpretation on delayed-performance interest (2014) art. 1; Civil Procedure Law art. 264",
    "《执行程序中计算迟延履行期间债务利息司法解释》第一条；《民事诉讼法》第二百六十四条",
)
FOUR_TIMES = Bilingual(
    "Four times the one-year LPR limits the interest of private lending, not that of an unpaid price. Debtors cite it.",
    "四倍一年期贷款市场报价利率是民间借贷的利率上限，不适用于货款等欠款；债务人常以此抗辩。",
)
"""What to say beside a rate above that limit. It changes no amount."""

MAY_BE_CUT = Bilingual(
    "On request a court may cut an agreed rate that is excessive, usually one above 130% of the loss (Civil Code art. 585(2);"
    " Contract Part interpretation art. 65(2)).",
    "约定利率过分高于损失的，法院可依请求予以调减，通常指超过损失的百分之三十（《民法典》第五百八十五条第二款、《合同编通则司法解释》第六十五条第二款）。",
)
"""What to say beside a high agreed rate. It changes no amount either."""


@dataclass(frozen=True, slots=True)
class Rate:
    """A class of rate in numbers: the plan, or the lower and the upper one where the law leaves a range.

    ``high`` is None where there is no upper end, because what could raise the rate is not known; ``open`` says why.
    """

    kind: RateClass
    title: Bilingual
    low: RatePlan
    high: RatePlan | None
    source: Source
    open: Bilingual | None = None

    @property
    def exact(self) -> bool:
        return self.high is self.low


def _exact(kind: RateClass, title: Bilingual, plan: RatePlan, source: Source) -> Rate:
    return Rate(kind, title, plan, plan, source)


def statutory_daily_rate() -> Rate:
    """0.05% a day, where the Regulation applies and no rate was agreed."""
    return _exact(
        "statutory_daily_rate",
        Bilingual("0.05% a day", "每日万分之五"),
        constant(STATUTORY, "day", ARTICLE_17),
        ARTICLE_17,
    )


def late_performance() -> Rate:
    """0.0175% a day on the money debt of a judgment, without its ordinary interest, on top of that interest."""
    return _exact(
        "late_performance",
        Bilingual(
            "0.0175% a day, on top of the interest in the judgment", "每日万分之一点七五，另计判决确定的一般债务利息"
        ),
        constant(LATE_PERFORMANCE, "day", PERFORMANCE),
        PERFORMANCE,
    )


def lpr_floating(table: LprTable) -> Rate:
    """The one-year LPR of each day, as far as the table goes."""
    title = Bilingual("one-year LPR of each day", "同期一年期贷款市场报价利率")
    return _exact("lpr_floating", title, table.plan, CONSTRUCTION)


def lpr_at_contract(contract: dt.date, table: LprTable, source: Source = FLOOR_INSTEAD) -> Rate:
    """The one-year LPR of the day of the contract, fixed from then on.

    ``source`` is :data:`FLOOR_INSTEAD` where a rate was agreed below the floor, :data:`REPLY_2024` after a void clause.
    """
    title = Bilingual("one-year LPR at contracting", "合同订立时一年期贷款市场报价利率")
    quote = table.on(contract)
    return _exact("lpr_at_contract", title, _fixed(quote, Fraction(1), source), _weakened(source, quote))


def lpr_at_breach(breach: dt.date, table: LprTable) -> Rate:
    """The one-year LPR of the day of the breach, the first day after the due date, times 1.3 to 1.5."""
    quote = table.on(breach)
    low, high = (_fixed(quote, factor, SALE) for factor in RAISED)
    title = Bilingual("one-year LPR at the breach plus 30% to 50%", "违约行为发生时一年期贷款市场报价利率加计30%至50%")
    return Rate("lpr_at_breach", title, low, high, _weakened(SALE, quote))


@dataclass(frozen=True, slots=True)
class Agreed:
    """A rate that was agreed, by the day or by the year: 5% a year is ``Agreed(Fraction(5, 100), "year")``."""

    rate: Fraction
    unit: Unit

    def yearly(self, year: int) -> Fraction:
        """As a yearly rate; one by the day is taken ``year`` times, 365 or 360."""
        return self.rate * year if self.unit == "day" else self.rate


@dataclass(frozen=True, slots=True)
class AgreedAgainstFloor:
    """An agreed rate beside the floor, the one-year LPR at contracting.

    ``kept_365`` and ``kept_360`` say whether it reaches the floor when a daily rate is taken 365 or 360 times; both are
    None where the floor is not known. They differ for a few daily rates only, and an answer then shows both.
    """

    agreed: Agreed
    floor: Quote | NoQuote
    rate_365: Rate
    rate_360: Rate

    @property
    def kept_365(self) -> bool | None:
        return self._kept(365)

    @property
    def kept_360(self) -> bool | None:
        return self._kept(360)

    @property
    def differ(self) -> bool:
        return self.kept_365 != self.kept_360

    def under(self, readings: Readings) -> Rate:
        """The rate where the year is as long as ``readings.day_count`` has it."""
        return self.rate_360 if readings.year == 360 else self.rate_365

    def _kept(self, year: int) -> bool | None:
        return None if isinstance(self.floor, NoQuote) else self.agreed.yearly(year) >= self.floor.rate


def agreed_rate(agreed: Agreed, contract: dt.date, table: LprTable) -> AgreedAgainstFloor:
    """An agreed rate if it reaches the floor at contracting, else that floor: never 0.05% a day, which is for silence.

    Where the floor is not known the agreed rate is the lower end and there is no upper one. Raises
    :class:`ArrearsError` for a rate below zero.
    """
    if agreed.rate < 0:
        raise ArrearsError(
            "negative-rate",
            Bilingual("the agreed rate is below zero", "约定利率小于零"),
            Bilingual("correct the rate", "请更正利率"),
        )
    floor = table.on(contract)
    title = Bilingual("the rate agreed", "约定利率")
    plan = constant(agreed.rate, agreed.unit, ARTICLE_17)
    if isinstance(floor, NoQuote):
        rate = Rate("agreed_rate", title, plan, None, ARTICLE_17, floor.why)
        return AgreedAgainstFloor(agreed, floor, rate, rate)
    kept = _exact("agreed_rate", title, plan, _weakened(ARTICLE_17, floor))
    instead = lpr_at_contract(contract, table)
    by_year = (kept if agreed.yearly(year) >= floor.rate else instead for year in (365, 360))
    return AgreedAgainstFloor(agreed, floor, *by_year)


def _fixed(quote: Quote | NoQuote, factor: Fraction, source: Source) -> RatePlan:
    """A quote for every day, no better tagged than the rule that asks for it; a plan without a day where there is none."""
    if isinstance(quote, NoQuote):
        return RatePlan((), before=quote.why)
    tag = max(source.confidence, quote.confidence)
    return constant(quote.rate * factor, "year", Source(quote.source.cite, tag))


def _weakened(source: Source, quote: Quote | NoQuote) -> Source:
    """The source with the weaker of its own tag and that of the quote."""
    if isinstance(quote, NoQuote):
        return source
    return Source(source.cite, max(source.confidence, quote.confidence))
