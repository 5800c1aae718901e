"""How long the letters of a ledger take: a demand and a complaint for each debtor, each as PDF and as Word.

    ./yiqi bench letters [DEBTORS [LINES]]

By default fifty debtors with twenty lines each, which is a ledger of a thousand lines and a hundred letters.
"""

from __future__ import annotations

import datetime as dt
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from measuring import machine, show

from yiqi.arrears.debtor_claim import ClaimLine, DebtorClaim, InterestSegment, Party
from yiqi.law.bilingual import Bilingual
from yiqi.report.complaint_letter import complaint_letter
from yiqi.report.demand_letter import demand_letter
from yiqi.report.document import Document
from yiqi.report.document_docx import write_docx
from yiqi.report.document_pdf import write_pdf


def claim(debtor: int, lines: int) -> DebtorClaim:
    """One debtor's lines: 1,000 yuan and up, 146 days at 0.05% a day."""
    return DebtorClaim(
        Party("苏州某某精密机械有限公司"), Party(f"第{debtor}某某集团有限公司"),
        tuple(line(debtor, number) for number in range(lines)), dt.date(2026, 11, 23),
    )  # fmt: skip


def line(debtor: int, number: int) -> ClaimLine:
    principal = 100_000 + 2_000 * number
    interest = Fraction(principal * 146, 2000)
    segment = InterestSegment(
        dt.date(2026, 7, 1), dt.date(2026, 11, 23), 146, Fraction(principal), Bilingual("0.05% a day", "每日万分之五"),
        interest, Bilingual("Regulation, art. 17", "《条例》第十七条"),
    )  # fmt: skip
    return ClaimLine(
        id=f"{debtor}-{number}", contract_number=f"HT-{debtor}-{number}", contract_date=dt.date(2026, 1, 5),
        subject="零部件", delivered=dt.date(2026, 5, 1), accepted=None, due=dt.date(2026, 6, 30),
        due_reason=Bilingual("60 days from delivery", "自交付之日起60日"),
        due_cite=Bilingual("Regulation, art. 9", "《条例》第九条"), price=principal, principal=principal,
        interest=int(interest), days_late=146, segments=(segment,),
    )  # fmt: skip


def main(arguments: list[str]) -> None:
    debtors, lines = (int(arguments[0]) if arguments else 50), (int(arguments[1]) if arguments[1:] else 20)
    print(f"{machine()}; {debtors} debtors with {lines} lines each")
    claims = [claim(debtor, lines) for debtor in range(debtors)]
    documents = [letter(each, "zh").document for each in claims for letter in (demand_letter, complaint_letter)]
    for write in (write_pdf, write_docx):
        write(documents[0])  # fonts and styles are loaded once
    show(
        "Letters",
        "CPU ms for each",
        [
            timed("worded", lambda: demand_letter(claims[0], "zh"), [()] * len(documents)),
            timed("PDF", write_pdf, [(document,) for document in documents]),
            timed("Word", write_docx, [(document,) for document in documents]),
        ],
    )


def timed(
    name: str, call: Callable[..., object], calls: Sequence[tuple[Document, ...]]
) -> tuple[str, tuple[float, float, float], str]:
    """CPU time of one call after another."""
    found = []
    for arguments in calls:
        started = time.process_time()
        call(*arguments)
        found.append((time.process_time() - started) * 1e3)
    return name, (min(found), statistics.median(found), max(found)), f"{len(found)} in {sum(found) / 1e3:.1f} s"


if __name__ == "__main__":
    main(sys.argv[1:])
