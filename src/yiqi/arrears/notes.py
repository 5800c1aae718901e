"""What is said beside high rates. It changes no amount."""

from __future__ import annotations

from fractions import Fraction

from yiqi.law.bilingual import Bilingual

FOUR_TIMES = Bilingual(
    "Four times the one-year LPR limits the interest of private lending, not that of an unpaid price. Debtors cite it.",
    "四倍一年期贷款市场报价利率是民间借贷的利率上限，不适用于货款等欠款；债务人常以此抗辩。",
)
MAY_BE_CUT = Bilingual(
    "On request a court may cut an agreed rate that is excessive, usually one above 130% of the loss (Civil Code art. 585(2);"
    " Contract Part interpretation art. 65(2)).",
    "约定利率过分高于损失的，法院可依请求予以调减，通常指超过损失的百分之三十（《民法典》第五百八十五条第二款、《合同编通则司法解释》第六十五条第二款）。",
)


def notes_on_rate(yearly: Fraction, lpr: Fraction | None, *, agreed: bool) -> tuple[Bilingual, ...]:
    """The notes for a rate by the year; ``lpr`` is the one-year LPR it is held against, None where none is known."""
    if lpr is None or yearly <= 4 * lpr:
        return ()
    return (FOUR_TIMES, MAY_BE_CUT) if agreed else (FOUR_TIMES,)
