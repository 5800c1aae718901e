"""What cannot be reckoned, said in both languages with what to do about it."""

from __future__ import annotations

from typing import Literal

from yiqi.law.bilingual import Bilingual

Code = Literal[
    "not-whole", "negative-principal", "payment-not-positive", "payment-after-day", "payments-exceed-debt",
    "negative-cost", "cost-after-day", "negative-rate", "rate-days", "unknown-reading", "table", "unknown-rule",
]  # fmt: skip


class ArrearsError(ValueError):
    """Values that contradict each other or the law: what is wrong, and what to do.

    ``code`` names the fault and stays the same; ``label`` is the payment or cost at fault as the caller named it (a row
    of the ledger), None where it is none; ``excess`` is by how many fen payments exceed the debt, rounded half up.
    """

    def __init__(
        self,
        code: Code,
        message: Bilingual,
        remedy: Bilingual,
        *,
        label: str | None = None,
        excess: int | None = None,
    ) -> None:
        self.code, self.message, self.remedy, self.label, self.excess = code, message, remedy, label, excess
        super().__init__(f"{message.en}; {remedy.en}")
