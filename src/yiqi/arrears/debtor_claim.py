"""What one creditor claims from one debtor on a day, as its letters need it: parties, lines, interest, evidence.

Everything here is a fact that somebody gave or a result of :mod:`yiqi.arrears.interest`. What nobody knows is None, and
a letter leaves a line for it to be filled in. All amounts are in fen.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from fractions import Fraction

from yiqi.law.bilingual import Bilingual


@dataclass(frozen=True, slots=True)
class Party:
    """One side. ``kind`` is the kind of unit (organ, limited company …); ``size`` is that of the day of the contract.

    A name that is not known is empty: the letter then has a blank for it.
    """

    name: str
    uscc: str | None = None
    kind: Bilingual | None = None
    size: Bilingual | None = None
    address: str | None = None
    contact: str | None = None
    telephone: str | None = None
    legal_representative: str | None = None


@dataclass(frozen=True, slots=True)
class InterestSegment:
    """Days, both included, on which neither the unpaid principal nor the rate changed.

    ``base`` and ``interest`` are exact, in fen. ``rate`` is as people read it, ``cite`` what it rests on.
    """

    first: dt.date
    last: dt.date
    days: int
    base: Fraction
    rate: Bilingual
    interest: Fraction
    cite: Bilingual


@dataclass(frozen=True, slots=True)
class ClaimLine:
    """One receivable that is due and not paid.

    ``due`` is the last day for payment; ``due_reason`` says in a sentence how it comes about, ``due_cite`` by which
    article. The period runs from delivery, acceptance or, in progress settlement, the day on which the amount was
    ``confirmed``; a letter asks for the day of delivery where none of the three is known. ``price`` is what was owed at
    first, ``principal``, ``costs`` and ``interest`` what is unpaid now; ``interest_paid`` is interest that payments have
    covered (Civil Code art. 561). ``sme_declared``: whether the debtor was told at contracting that the creditor is an
    SME (Regulation art. 3).

    Raises ValueError where nothing is owed, and where the segments do not add up to the interest paid and owed. They
    are rounded once, half up, at the end; up to one fen of rounding stays with the principal.
    """

    id: str
    contract_number: str | None
    contract_date: dt.date | None
    subject: str | None
    delivered: dt.date | None
    accepted: dt.date | None
    due: dt.date
    due_reason: Bilingual
    due_cite: Bilingual
    price: int
    principal: int
    interest: int
    days_late: int
    segments: tuple[InterestSegment, ...]
    interest_paid: int = 0
    costs: int = 0
    sme_declared: bool | None = None
    confirmed: dt.date | None = None

    def __post_init__(self) -> None:
        accrued = sum((segment.interest for segment in self.segments), Fraction(0))
        if abs(accrued - self.interest - self.interest_paid) > Fraction(1, 2):
            raise ValueError(
                f"Line {self.id}: the segments make {accrued} fen, not the {self.interest} owed and "
                f"{self.interest_paid} paid"
            )
        if min(self.principal, self.interest, self.costs, self.interest_paid) < 0 or not self.total:
            raise ValueError(f"Line {self.id}: nothing is owed, or an amount is below zero")

    @property
    def total(self) -> int:
        """Principal, costs and interest, unpaid."""
        return self.principal + self.costs + self.interest


@dataclass(frozen=True, slots=True)
class OtherReading:
    """A question that the texts leave open: how it was taken here, and what the other answer gives.

    ``interest`` is the unpaid interest of the whole claim under the other answer, None where it cannot be reckoned.
    """

    question: Bilingual
    taken: Bilingual
    other: Bilingual
    interest: int | None


@dataclass(frozen=True, slots=True)
class EvidenceItem:
    """A document and what it proves. ``copies`` is None where nobody has said that it is there."""

    name: Bilingual
    proves: Bilingual
    copies: int | None = None


@dataclass(frozen=True, slots=True)
class DebtorClaim:
    """All that one debtor owes one creditor at the end of the day ``as_of``.

    ``taken_elsewhere``: whether a court, an arbitral body, another authority or a mediation body has taken the matter;
    None where nobody has said. Raises ValueError without a line.
    """

    creditor: Party
    debtor: Party
    lines: tuple[ClaimLine, ...]
    as_of: dt.date
    readings: tuple[OtherReading, ...] = ()
    evidence: tuple[EvidenceItem, ...] = ()
    taken_elsewhere: bool | None = None

    def __post_init__(self) -> None:
        if not self.lines:
            raise ValueError(f"Nothing is claimed from {self.debtor.name}")

    @property
    def principal(self) -> int:
        return sum(line.principal for line in self.lines)

    @property
    def costs(self) -> int:
        return sum(line.costs for line in self.lines)

    @property
    def interest(self) -> int:
        return sum(line.interest for line in self.lines)

    @property
    def total(self) -> int:
        return self.principal + self.costs + self.interest


USUAL_EVIDENCE = (
    EvidenceItem(
        Bilingual("Business licence of the creditor (copy)", "债权人营业执照复印件"),
        Bilingual("who claims", "主体资格"),
    ),
    EvidenceItem(
        Bilingual("Contract or order with its annexes", "合同（订单）及附件"),
        Bilingual("the contract, its day and terms", "合同关系、签订日期和约定内容"),
    ),
    EvidenceItem(
        Bilingual("Delivery notes, records of acceptance or settlement", "送货单、验收单或结算单"),
        Bilingual("delivery, acceptance, amount confirmed", "已交付、验收及确认的金额"),
    ),
    EvidenceItem(
        Bilingual("Invoices, statements of account, bank records", "发票、对账单、银行回单"),
        Bilingual("amount owed and paid", "应付和已付金额"),
    ),
    EvidenceItem(
        Bilingual("Evidence of size at contracting and of having told the buyer", "签订合同时的企业规模证明及告知凭证"),
        Bilingual("an SME, and declared as one (Regulation art. 3)", "属于中小企业并已主动告知（《条例》第三条）"),
    ),
    EvidenceItem(
        Bilingual("Demands for payment with proof of receipt", "催款记录及送达凭证"),
        Bilingual("payment was demanded", "已主张权利"),
    ),
)
"""What proves a claim under the Regulation, where the ledger does not say what there is."""
