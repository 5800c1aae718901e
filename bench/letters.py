"""How long the letters of a ledger take: a demand and a complaint for each debtor, each as PDF and as Word.

    ./yiqi bench letters [DEBTORS [LINES]]

By default fifty debtors with twenty lines each, which is a ledger of a thousand lines and a hundred letters. Then the whole
command over such a ledger, from Excel to Excel with all letters, start to exit.
"""

from __future__ import annotations

import datetime as dt
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import xlsxwriter
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
    whole_command(debtors, lines)


BOUND = 10.0
HEADINGS = (
    "台账编号", "付款方名称", "付款方类型", "签约时付款方规模", "签约时供应商规模", "合同编号", "合同签订日期", "合同类别", "标的说明",
    "应收金额（元）", "有争议金额（元）", "付款期限约定方式", "付款期限起算依据", "交付日期", "逾期利率约定方式", "已收金额（元）", "收款日期",
)  # fmt: skip
SAID = ("payee_in_china=yes", "special_period_rule=no", "sme_declared=yes")


def write_ledger(place: Path, debtors: int, lines: int) -> None:
    """A ledger as a finance office keeps it: three kinds of debtors, every line late, one in four paid in part."""
    book = xlsxwriter.Workbook(str(place))
    sheet = book.add_worksheet("台账")
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    sheet.write_row(0, 0, HEADINGS)
    for number in range(debtors * lines):
        debtor = number % debtors
        kind = ("事业单位", "企业", "机关")[debtor % 3]
        signed = dt.date(2025, 6, 2) + dt.timedelta(days=number * 7 % 200)
        delivered = signed + dt.timedelta(days=number * 13 % 60)
        owed = 1_000 + number * 7_919 % 400_000
        paid = (owed // 3, delivered + dt.timedelta(days=70)) if number % 4 == 0 else (None, None)
        cells = (
            f"L{number:05}", f"示例单位第{debtor}号", kind, "大型" if kind == "企业" else None, "小型", f"HT-{number}", signed, "货物",
            "零部件", owed, 0, "未约定", "交付", delivered, "未约定", *paid,
        )  # fmt: skip
        for column, cell in enumerate(cells):
            if isinstance(cell, dt.date):
                sheet.write_datetime(number + 1, column, dt.datetime.combine(cell, dt.time()), day)
            elif cell is not None:
                sheet.write(number + 1, column, cell)
    book.close()


def whole_command(debtors: int, lines: int) -> None:
    """Wall time from start to exit."""
    with tempfile.TemporaryDirectory(prefix="yiqi-bench-") as name:
        folder = Path(name)
        write_ledger(folder / "ledger.xlsx", debtors, lines)
        settings = [word for pair in SAID for word in ("--set", pair)]
        times = []
        for number in range(3):
            letters, out = folder / f"letters{number}", folder / f"out{number}.xlsx"
            command = [
                sys.executable,
                "-m",
                "yiqi",
                "arrears",
                str(folder / "ledger.xlsx"),
                "--on",
                "2026-11-25",
                "--lang",
                "zh",
            ]
            command += [*settings, "--out", str(out), "--letters", str(letters)]
            started = time.perf_counter()
            subprocess.run(command, check=True, capture_output=True)
            times.append(time.perf_counter() - started)
            written = len(list(letters.glob("*.pdf")))
            if not out.exists() or written != 2 * debtors:
                raise SystemExit(f"{written} letters were written for {debtors} debtors")
        taken = statistics.median(times)
        print(
            f"\nA ledger of {debtors * lines:,} lines, Excel to Excel with {2 * debtors} letters as PDF and as Word: "
            f"{taken:.1f} s ({min(times):.1f} to {max(times):.1f})  bound {BOUND:.0f}"
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
