"""One receivable as the engine takes it: whole fen and days, nothing else."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from yiqi.arrears.error import ArrearsError
from yiqi.law.bilingual import Bilingual


@dataclass(frozen=True, slots=True)
class Payment:
    """Money received on a day, in whole fen above zero. ``label`` is how the caller names it, such as its row."""

    day: dt.date
    fen: int
    label: str = ""


@dataclass(frozen=True, slots=True)
class Cost:
    """A cost of collecting the debt, in whole fen, owed from the day on which it arose; it bears no interest."""

    day: dt.date
    fen: int
    label: str = ""


@dataclass(frozen=True, slots=True)
class Claim:
    """What was owed and what has been paid up to the end of ``as_of``.

    ``principal`` is in fen; ``due`` is the last day for payment, already moved off rest days (Civil Code art. 203).
    Payments and costs may come in any order; those of one day count in the order given, costs before payments.
    """

    principal: int
    due: dt.date
    as_of: dt.date
    payments: tuple[Payment, ...] = ()
    costs: tuple[Cost, ...] = ()

    def check(self) -> None:
        """Raises :class:`ArrearsError` for the first value that cannot be."""
        self._whole(self.principal, "")
        if self.principal < 0:
            raise ArrearsError(
                "negative-principal",
                Bilingual("the amount owed is below zero", "应收金额小于零"),
                Bilingual(
                    "set a return or a credit note off against the line that it belongs to",
                    "退货或红字冲销请并入其对应的应收账款",
                ),
            )
        for payment in self.payments:
            self._whole(payment.fen, payment.label)
            if payment.fen <= 0:
                raise ArrearsError(
                    "payment-not-positive",
                    Bilingual(f"the payment of {payment.day} is not above zero", f"{payment.day}的收款金额不大于零"),
                    Bilingual(
                        "leave it out, or correct the payment that it takes back", "请删除该笔，或更正被冲回的收款"
                    ),
                    label=payment.label,
                )
            if payment.day > self.as_of:
                raise ArrearsError(
                    "payment-after-day",
                    Bilingual(
                        f"the payment of {payment.day} lies after {self.as_of}, the day asked about",
                        f"{payment.day}的收款晚于计算截止日{self.as_of}",
                    ),
                    Bilingual("leave it out or ask about a later day", "请删除该笔，或推后计算截止日"),
                    label=payment.label,
                )
        for cost in self.costs:
            self._whole(cost.fen, cost.label)
            if cost.fen < 0:
                raise ArrearsError(
                    "negative-cost",
                    Bilingual(f"the cost of {cost.day} is below zero", f"{cost.day}的费用小于零"),
                    Bilingual("correct the cost that it takes back", "请更正被冲回的费用"),
                    label=cost.label,
                )
            if cost.day > self.as_of:
                raise ArrearsError(
                    "cost-after-day",
                    Bilingual(
                        f"the cost of {cost.day} lies after {self.as_of}, the day asked about",
                        f"{cost.day}的费用晚于计算截止日{self.as_of}",
                    ),
                    Bilingual("leave it out or ask about a later day", "请删除该项，或推后计算截止日"),
                    label=cost.label,
                )

    @staticmethod
    def _whole(fen: object, label: str) -> None:
        if type(fen) is not int:
            raise ArrearsError(
                "not-whole",
                Bilingual(f"{fen!r} is no whole number of fen", f"{fen!r}不是以分计的整数"),
                Bilingual("give amounts in fen: 12.34 yuan is 1234", "金额请以分为单位：12.34元为1234"),
                label=label or None,
            )


def exceeded(payment: Payment, excess: int) -> ArrearsError:
    """That a payment is ``excess`` fen above everything that was owed on its day."""
    more = f"{excess // 100:,}.{excess % 100:02d}"
    return ArrearsError(
        "payments-exceed-debt",
        Bilingual(
            f"with the payment of {payment.day} more was paid than was owed, {more} more",
            f"{payment.day}的收款超过当日尚欠的全部款项，多出{more}",
        ),
        Bilingual(
            "check the amounts; enter what belongs to another debt there (Civil Code art. 560)",
            "请核对金额；属于其他债务的部分请记入该笔债务（《民法典》第五百六十条）",
        ),
        label=payment.label,
        excess=excess,
    )
