"""A claim worked by hand, for tests of the letters."""

import datetime as dt
from dataclasses import replace
from fractions import Fraction

from yiqi.arrears.debtor_claim import ClaimLine, DebtorClaim, InterestSegment, OtherReading, Party
from yiqi.law.bilingual import Bilingual

CREDITOR = Party(
    name="苏州明矽精密机械有限公司",
    uscc="91320594MA1MXXXX0A",
    kind=Bilingual("limited liability company", "有限责任公司"),
    size=Bilingual("small", "小型"),
    address="江苏省苏州市工业园区星湖街328号",
    contact="王芳",
    telephone="0512-6000 0000",
    legal_representative="陈喆",
)
DEBTOR = Party(name="华东重型装备集团有限公司", kind=Bilingual("large enterprise", "大型企业"))
DAILY = Bilingual("0.05% a day", "每日万分之五")
ART_17 = Bilingual("Regulation (Decree 802), art. 17", "《条例》（国务院令第802号）第十七条")

# Accepted on 6 August 2025, 60 days make 5 October, in the National Day break, which ends on the 8th: due on the 9th.
# To 1 March 2026 that is 22 + 30 + 31 + 31 + 28 + 1 = 143 days of 250 yuan: 35,750.00. 100,000 yuan paid on that day
# cover them and 64,250.00 of principal; 435,750.00 are left. To 23 November 2026 that is another 267 days of 217.875:
# 58,172.625 yuan, which is 58,172.63.
PART_PAID = ClaimLine(
    id="YS-001",
    contract_number="HT-2025-018",
    contract_date=dt.date(2025, 6, 20),
    subject="数控机床导轨120套",
    delivered=dt.date(2025, 8, 1),
    accepted=dt.date(2025, 8, 6),
    due=dt.date(2025, 10, 9),
    due_reason=Bilingual(
        "no term was agreed, so 60 days from acceptance; 5 October is a rest day and moves on",
        "未约定付款期限，自验收合格之日起60日；10月5日为休息日，顺延",
    ),
    due_cite=Bilingual(
        "Regulation (Decree 802), arts. 9 and 10; Civil Code art. 203",
        "《条例》（国务院令第802号）第九条、第十条，《民法典》第二百零三条",
    ),
    price=50_000_000,
    principal=43_575_000,
    interest=5_817_263,
    interest_paid=3_575_000,
    days_late=410,
    segments=(
        InterestSegment(
            dt.date(2025, 10, 10), dt.date(2026, 3, 1), 143, Fraction(50_000_000), DAILY, Fraction(3_575_000), ART_17
        ),
        InterestSegment(
            dt.date(2026, 3, 2),
            dt.date(2026, 11, 23),
            267,
            Fraction(43_575_000),
            DAILY,
            Fraction("5817262.5"),
            ART_17,
        ),
    ),
    sme_declared=True,
)
# 365 days to 30 June 2026 and 146 to 23 November make 511, which is 1.4 years of 365 days: 88,888.80 at 3.10% is
# 2,755.5528 a year and 3,857.77392 in all.
AGREED = ClaimLine(
    id="YS-002",
    contract_number=None,
    contract_date=dt.date(2025, 3, 10),
    subject="设备维修服务",
    delivered=dt.date(2025, 4, 1),
    accepted=None,
    due=dt.date(2025, 6, 30),
    due_reason=Bilingual("as agreed in the contract", "合同约定"),
    due_cite=Bilingual("Regulation (Decree 728), art. 8", "《条例》（国务院令第728号）第八条"),
    price=8_888_880,
    principal=8_888_880,
    interest=385_777,
    days_late=511,
    segments=(
        InterestSegment(
            dt.date(2025, 7, 1),
            dt.date(2026, 11, 23),
            511,
            Fraction(8_888_880),
            Bilingual("3.10% a year", "年利率3.10%"),
            Fraction("385777.392"),
            Bilingual("Regulation (Decree 728), art. 15", "《条例》（国务院令第728号）第十五条"),
        ),
    ),
)
CLAIM = DebtorClaim(
    creditor=CREDITOR,
    debtor=DEBTOR,
    lines=(PART_PAID, AGREED),
    as_of=dt.date(2026, 11, 23),
    readings=(
        OtherReading(
            Bilingual("By how many days a yearly rate is divided", "年利率折算为日利率时一年按多少天"),
            Bilingual("365, in leap years too", "365天，闰年也是"),
            Bilingual("360", "360天"),
            # Only the second line has a yearly rate: 3,857.77392 * 365 / 360 = 3,911.35 (… .3541).
            5_817_263 + 391_135,
        ),
    ),
)


def many(count: int) -> DebtorClaim:
    """A claim of so many lines."""
    return replace(
        CLAIM, lines=tuple(replace(AGREED, id=f"YS-{n:04d}", contract_number=f"HT-{n}") for n in range(count))
    )
