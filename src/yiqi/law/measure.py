"""What a relief measure is, beside whether it applies and how much it gives: its head, how to claim it, what it excludes.

A measure is described by a ``measure`` fence below the heading that a scheme of subject ``relief`` names. Nothing in it
decides whether an enterprise gets it, or how much.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from yiqi.law.bilingual import Bilingual
from yiqi.law.duration import MonthDay
from yiqi.law.syntax import Span

Head = Literal["finance", "financing", "cost", "service"]
Difficulty = Literal["orders", "costs", "receivables", "finance", "logistics"]
Kind = Literal["saving", "cash", "deferral", "guarantee", "preference", "programme"]
Level = Literal["national", "province", "city", "district"]
Per = Literal["year", "half_year", "quarter", "month", "once", "loan", "contract", "bid", "person", "period"]
How = Literal["automatic", "return", "application", "agreement", "nomination", "filing", "none"]
Same = Literal["person", "cost", "loan", "tax", "place", "bid", "period"]
RelationKind = Literal["excludes", "adds_to", "highest_with"]
Tag = Literal["A", "B", "C", "D"]

HEADS: Mapping[str, Bilingual] = {
    "finance": Bilingual("Financial support", "加大资金支持"),
    "financing": Bilingual("Financing and getting paid", "缓解融资难、回款难"),
    "cost": Bilingual("Lower costs, more demand", "推动降成本、扩需求"),
    "service": Bilingual("Service", "加强服务保障"),
}
"""The four heads of relief (四个方面) of May 2022."""
DIFFICULTIES: Mapping[str, Bilingual] = {
    "orders": Bilingual("finding orders", "订单"),
    "costs": Bilingual("costs", "成本"),
    "receivables": Bilingual("collecting receivables", "回款"),
    "finance": Bilingual("finance", "融资"),
    "logistics": Bilingual("logistics", "物流"),
}
KINDS: Mapping[str, Bilingual] = {
    "saving": Bilingual("less to pay", "少缴"),
    "cash": Bilingual("money received", "资金补助"),
    "deferral": Bilingual("later payment", "缓缴、延期"),
    "guarantee": Bilingual("a guarantee", "担保"),
    "preference": Bilingual("a preference in bids", "采购优惠"),
    "programme": Bilingual("a programme: it instructs governments or banks and gives no claim", "工作部署：面向政府或银行，企业不能据以申领"),
}  # fmt: skip
LEVELS: Mapping[str, Bilingual] = {
    "national": Bilingual("national", "国家"),
    "province": Bilingual("province", "省级"),
    "city": Bilingual("city", "市级"),
    "district": Bilingual("district", "区县"),
}
PERS: Mapping[str, Bilingual] = {
    "year": Bilingual("a year", "每年"),
    "half_year": Bilingual("a half-year", "每半年"),
    "quarter": Bilingual("a quarter", "每季度"),
    "month": Bilingual("a month", "每月"),
    "once": Bilingual("once", "一次性"),
    "loan": Bilingual("for the loan", "每笔贷款"),
    "contract": Bilingual("for the contract", "每份合同"),
    "bid": Bilingual("for the bid", "每次投标"),
    "person": Bilingual("for a person", "每人"),
    "period": Bilingual("for each filing period", "每个计税期间"),
}
HOWS: Mapping[str, Bilingual] = {
    "automatic": Bilingual("without an application", "免申即享"),
    "return": Bilingual("in the tax return", "纳税申报时享受"),
    "application": Bilingual("by application", "提出申请"),
    "agreement": Bilingual("by agreement", "协商约定"),
    "nomination": Bilingual("by nomination", "推荐、遴选"),
    "filing": Bilingual("by filing records", "备案或留存资料"),
    "none": Bilingual("nothing to claim", "无需也无从申领"),
}
SAMES: Mapping[str, Bilingual] = {
    "person": Bilingual("for the same person", "同一人"),
    "cost": Bilingual("for the same cost", "同一费用"),
    "loan": Bilingual("for the same loan", "同一笔贷款"),
    "tax": Bilingual("for the same tax", "同一税种"),
    "place": Bilingual("in the same place", "同一地方"),
    "bid": Bilingual("in the same bid", "同一采购包"),
    "period": Bilingual("in the same period", "同一期间"),
}
RELATIONS: Mapping[str, Bilingual] = {
    "excludes": Bilingual("Not together with", "不得同时享受"),
    "adds_to": Bilingual("Adds to", "可以叠加"),
    "highest_with": Bilingual("Only the highest is paid, of this and", "与下列就高不重复"),
}


@dataclass(frozen=True, slots=True)
class Claim:
    """How a measure is claimed, and where; ``where`` is None when there is nothing to go to."""

    how: How
    where: Bilingual | None


@dataclass(frozen=True, slots=True)
class Relation:
    """What a measure is to another one.

    ``to`` is a scheme (``relief.small_profit_income_tax``), or the full id of a rule that is a measure but no scheme.
    ``same`` says what must be the same for the relation to count; None: it always does. A relation tagged C decides
    nothing: it is shown as open.
    """

    to: str
    same: Same | None
    confidence: Tag


@dataclass(frozen=True, slots=True)
class Measure:
    """One ``measure`` fence.

    ``rule`` is the full id of its heading. ``per`` says what the amount counts for, None where there is no amount.
    ``deadline`` is the last day to claim: one day, or a day of every year. Relations are symmetric: what another
    measure says of this one stands here too. ``review`` is the day after which the file should be compared again.
    """

    rule: str
    head: tuple[Head, ...]
    difficulty: tuple[Difficulty, ...]
    kind: Kind
    level: Level
    per: Per | None
    claim: Claim
    deadline: dt.date | MonthDay | None
    excludes: tuple[Relation, ...]
    adds_to: tuple[Relation, ...]
    highest_with: tuple[Relation, ...]
    review: dt.date | None
    span: Span

    def relations(self, kind: RelationKind) -> tuple[Relation, ...]:
        match kind:
            case "excludes":
                return self.excludes
            case "adds_to":
                return self.adds_to
            case "highest_with":
                return self.highest_with
