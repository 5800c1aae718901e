"""The statutory rules of other places on interest for late payment, as data, each with its source and tag."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from yiqi.arrears.half_years import half_years
from yiqi.clock.sources import Source
from yiqi.law.bilingual import Bilingual
from yiqi.law.tree import Confidence

RuleId = Literal["eu", "germany", "uk", "india", "australia"]
Method = Literal["simple", "monthly_rests", "none"]


@dataclass(frozen=True, slots=True)
class FixedSum:
    """A sum on top of interest for a debt ``below`` an amount, None for one of any size; in the smallest unit."""

    below: int | None
    amount: int
    currency: str
    source: Source

    @property
    def added(self) -> bool:
        """A sum that was remembered and not read [C] is shown and not added."""
        return self.source.confidence != "C"


@dataclass(frozen=True, slots=True)
class ForeignRule:
    """One place's rule: the reference rate times ``factor`` plus ``margin``, per year.

    ``reference`` names the reference rate; ``year`` is the length of the year where the source says it.
    """

    id: RuleId
    place: Bilingual
    source: Source
    who: Bilingual
    period: Bilingual
    method: Method
    reference: Bilingual | None = None
    factor: int = 1
    margin: Fraction = Fraction(0)
    half_yearly: bool = False
    year: int | None = None
    fixed: tuple[FixedSum, ...] = ()
    note: Bilingual | None = None


def _source(en: str, zh: str, confidence: Confidence) -> Source:
    return Source(Bilingual(en, zh), confidence)


FORTY_EUROS = FixedSum(None, 40_00, "EUR", _source("Directive 2011/7/EU", "欧盟2011/7/EU号指令", "C"))
UK_ACT = _source(
    "Late Payment of Commercial Debts (Interest) Act 1998", "英国《1998年商业债务迟延支付（利息）法》", "A"
)

RULES: dict[RuleId, ForeignRule] = {
    rule.id: rule
    for rule in (
        ForeignRule(
            "eu",
            Bilingual("European Union", "欧盟"),
            _source("Directive 2011/7/EU", "欧盟2011/7/EU号指令", "B"),
            Bilingual("all businesses and public bodies", "所有企业和公共机构"),
            Bilingual(
                "public bodies 30 days, 60 in some cases; businesses 60 unless expressly agreed and not grossly unfair",
                "公共机构30日（部分情形60日）；企业60日，明示另有约定且非显失公平的除外",
            ),
            "simple",
            Bilingual("ECB main refinancing rate of 1 January or 1 July", "欧洲央行1月1日或7月1日的主要再融资利率"),
            margin=Fraction(8, 100),
            half_yearly=True,
            fixed=(FORTY_EUROS,),
            note=Bilingual("At least 8 points: a member state may have more.", "至少加8个百分点；成员国可规定更高。"),
        ),
        ForeignRule(
            "germany",
            Bilingual("Germany", "德国"),
            _source("German Civil Code (BGB) s. 288(2)", "《德国民法典》第288条第2款", "B"),
            Bilingual("payers that are no consumers", "非消费者的付款方"),
            Bilingual("that of the Directive", "依欧盟指令"),
            "simple",
            Bilingual("base rate of the half-year", "当期半年的基准利率"),
            margin=Fraction(9, 100),
            half_yearly=True,
            fixed=(FORTY_EUROS,),
        ),
        ForeignRule(
            "uk",
            Bilingual("United Kingdom", "英国"),
            UK_ACT,
            Bilingual("businesses and public bodies", "企业和公共机构"),
            Bilingual(
                "30 days by default; public bodies 30; up to 60 unless fair",
                "默认30日；公共机构30日；约定最长60日，公平合理的可更长",
            ),
            "simple",
            Bilingual(
                "Bank rate of 31 December for January to June, of 30 June for July to December",
                "1月至6月用前一年12月31日、7月至12月用6月30日的英格兰银行利率",
            ),
            margin=Fraction(8, 100),
            half_yearly=True,
            year=365,
            fixed=(
                FixedSum(1_000_00, 40_00, "GBP", UK_ACT),
                FixedSum(10_000_00, 70_00, "GBP", UK_ACT),
                FixedSum(None, 100_00, "GBP", UK_ACT),
            ),
            note=Bilingual("Reasonable costs of recovery come on top.", "另可主张合理的追索费用。"),
        ),
        ForeignRule(
            "india",
            Bilingual("India", "印度"),
            _source("MSMED Act 2006 ss. 15–24", "印度《2006年中小微企业发展法》第15至24条", "A"),
            Bilingual(
                "any buyer; the supplier is micro or small and registered, not medium",
                "任何买方；供应商须为已登记的微型或小型企业，不含中型",
            ),
            Bilingual(
                "as agreed, at most 45 days from acceptance; else 15 days", "按约定，自验收起最长45日；未约定的15日"
            ),
            "monthly_rests",
            Bilingual("bank rate of the Reserve Bank of India", "印度储备银行公布的银行利率"),
            factor=3,
            note=Bilingual("It overrides the contract.", "该规定优先于合同约定。"),
        ),
        ForeignRule(
            "australia",
            Bilingual("Australia", "澳大利亚"),
            _source("Payment Times Reporting Act 2020", "澳大利亚《2020年付款时间报告法》", "A"),
            Bilingual("reporting entities, revenue above AUD 100 million", "年收入超过1亿澳元的报告主体"),
            Bilingual("none", "无"),
            "none",
            note=Bilingual(
                "The Act asks for reports on payment times and gives no interest.",
                "该法只要求报告付款时间，未规定利息。",
            ),
        ),
    )
}
"""The rules by name, as read on 23 November 2026."""


_ECB = _source("statutory rates of 10.15% and 10.40% less 8 points", "由法定利率10.15%、10.40%减8个百分点得出", "B")
EU_2026 = half_years(
    [(dt.date(2026, 1, 1), Fraction(215, 10_000), _ECB), (dt.date(2026, 7, 1), Fraction(240, 10_000), _ECB)]
)
"""The reference rates of the EU that the source gives."""
