"""Which articles of the Regulation on Ensuring Payments to SMEs a letter cites, by the day on which it is written.

Complaints, records and the duty to pay the undisputed part are procedure: they apply from their day to every debt,
whenever its contract was made. That is a reading; neither version has a transition rule.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from yiqi.law.bilingual import Bilingual


@dataclass(frozen=True, slots=True)
class Articles:
    """Citations of one version; ``undisputed`` is None where it has no such article."""

    in_force: dt.date
    title: Bilingual
    complaint: Bilingual
    record: Bilingual
    undisputed: Bilingual | None


VERSIONS = (
    Articles(
        dt.date(2020, 9, 1),
        Bilingual(
            "Regulation on Ensuring Payments to SMEs (State Council Decree 728)",
            "《保障中小企业款项支付条例》（国务院令第728号）",
        ),
        Bilingual("art. 17", "第十七条"),
        Bilingual("art. 17(3)", "第十七条第三款"),
        None,
    ),
    Articles(
        dt.date(2025, 6, 1),
        Bilingual(
            "Regulation on Ensuring Payments to SMEs (State Council Decree 802)",
            "《保障中小企业款项支付条例》（国务院令第802号）",
        ),
        Bilingual("arts. 24 and 25", "第二十四条、第二十五条"),
        Bilingual("art. 26", "第二十六条"),
        Bilingual("art. 15", "第十五条"),
    ),
)


def articles_on(day: dt.date) -> Articles:
    """The articles in force on a day. Raises ValueError before 2020-09-01, when there was no Regulation."""
    found = [version for version in VERSIONS if version.in_force <= day]
    if not found:
        raise ValueError(f"The Regulation on Ensuring Payments to SMEs was not in force on {day}")
    return found[-1]
