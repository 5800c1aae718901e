"""The articles that a clock rests on, each with the tag of how it was read."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from yiqi.law.bilingual import Bilingual
from yiqi.law.tree import Confidence


@dataclass(frozen=True, slots=True)
class Source:
    """An article and its tag: A read in the official text, B one secondary source, C not confirmed."""

    cite: Bilingual
    confidence: Confidence


def _source(en: str, zh: str, confidence: Confidence = "A") -> Source:
    return Source(Bilingual(en, zh), confidence)


CIVIL_CODE = dt.date(2021, 1, 1)
"""The day on which the Civil Code came into force."""

START = _source("Civil Code art. 201", "《民法典》第二百零一条")
MONTHS = _source("Civil Code art. 202", "《民法典》第二百零二条")
REST_DAY = _source("Civil Code art. 203(1)", "《民法典》第二百零三条第一款")
HOURS = _source("Civil Code art. 203(2)", "《民法典》第二百零三条第二款")

REGULATION_2025 = _source(
    "Regulation on Ensuring Payments to SMEs (2025), arts. 24, 25",
    "《保障中小企业款项支付条例》（2025年修订）第二十四条、第二十五条",
)
REGULATION_2020 = _source(
    "Regulation on Ensuring Payments to SMEs (2020), art. 17", "《保障中小企业款项支付条例》（2020年）第十七条"
)
MEASURES_2021 = _source(
    "Interim Measures for Handling Complaints (MIIT 2021 No. 224)",
    "《保障中小企业款项支付投诉处理暂行办法》（工信部企业〔2021〕224号）",
)
MEASURES_2021_HANDLING = _source(MEASURES_2021.cite.en, MEASURES_2021.cite.zh, "C")
LIAONING_2022 = _source("Liaoning implementing rules of 22 June 2022", "辽宁省2022年6月22日实施细则", "B")
