"""What the letters of a claim share: blanks, amounts, the tables of debts and of interest, and the page for the sender."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from fractions import Fraction

from yiqi.arrears.debtor_claim import ClaimLine, DebtorClaim, EvidenceItem
from yiqi.law.bilingual import Bilingual, Language
from yiqi.law.quantities import decimal_text
from yiqi.report.capital_numerals import capital_amount
from yiqi.report.document import BLANK, Block, Column, Document, Heading, Listing, PageBreak, Paragraph, Table
from yiqi.report.phrases import day_text

CREDITOR = Bilingual("Creditor", "债权人")
DEBTOR = Bilingual("Debtor", "债务人")
COMPLAINANT = Bilingual("Complainant", "投诉人")
RESPONDENT = Bilingual("Respondent", "被投诉人")

NAME = Bilingual("Name", "名称")
USCC = Bilingual("Unified social credit code", "统一社会信用代码")
ADDRESS = Bilingual("Address", "地址")
CONTACT = Bilingual("Contact person", "联系人")
TELEPHONE = Bilingual("Telephone", "联系电话")
LEGAL_REPRESENTATIVE = Bilingual("Legal representative or head", "法定代表人（负责人）")

FOR_READING = "For reading only. The Chinese text is the one to hand in."
BLANK_IN_CELL = BLANK[:4]
# Places of a yuan to which a segment is shown where it is no whole number of fen.
PLACES = 4


@dataclass(frozen=True, slots=True)
class Blank:
    """A place to fill in by hand: of whom or of which line it is (None: of the letter), and what belongs there."""

    whose: Bilingual | None
    what: Bilingual

    @property
    def text(self) -> Bilingual:
        if self.whose is None:
            return self.what
        return Bilingual(f"{self.whose.en}: {self.what.en}", f"{self.whose.zh}：{self.what.zh}")


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter and what is left to fill in by hand, in the order in which it is met."""

    document: Document
    blanks: tuple[Blank, ...]


@dataclass(slots=True)
class Wording:
    """One letter's language, and the blanks met while it is worded."""

    language: Language
    blanks: list[Blank] = field(default_factory=list)

    def say(self, en: str, zh: str) -> str:
        return zh if self.language == "zh" else en

    def day(self, day: dt.date) -> str:
        return day_text(day)[self.language]

    def fill(
        self, value: str | Bilingual | None, what: Bilingual, whose: Bilingual | None = None, blank: str = BLANK
    ) -> str:
        """What is known, or a blank, which is then remembered. A text of white space is not known."""
        if isinstance(value, Bilingual):
            return value[self.language]
        if value is not None and value.strip():
            return value
        self.leave(what, whose)
        return blank

    def leave(self, what: Bilingual, whose: Bilingual | None = None) -> None:
        """Remember a blank."""
        if (blank := Blank(whose, what)) not in self.blanks:
            self.blanks.append(blank)

    def money(self, fen: int) -> str:
        """An amount of the text: in Chinese in capital numerals with the figures behind them."""
        return self.say(f"{yuan(fen)} yuan", f"{capital_amount(fen)}（￥{yuan(fen)}）")


def yuan(fen: int | Fraction) -> str:
    """``1,234.50``; what is no whole number of fen with four places, and ≈ where there would be more."""
    amount = Fraction(fen) / 100
    whole, _, part = decimal_text(amount, PLACES).partition(".")
    exact = PLACES if (amount * 10**PLACES).denominator == 1 else None
    return f"{'' if exact else '≈'}{int(whole):,}.{part.ljust(2, '0')}"


def debts_table(claim: DebtorClaim, wording: Wording) -> Table:
    """One row for each receivable: contract, subject, due date, days late, unpaid principal."""
    say = wording.say
    rows = tuple(
        (
            str(number),
            _contract(line, number, wording),
            wording.fill(line.subject, Bilingual("subject matter", "标的"), _line(number), BLANK_IN_CELL),
            line.due.isoformat(),
            str(line.days_late),
            yuan(line.principal),
        )
        for number, line in enumerate(claim.lines, start=1)
    )
    total = ("", say("Total", "合计"), "", "", "", yuan(claim.principal))
    columns = (
        Column(say("No.", "序号"), 3, "center"),
        Column(say("Contract, day of signing", "合同编号及签订日期"), 10),
        Column(say("Subject matter", "标的"), 7),
        Column(say("Due date", "付款到期日"), 6, "center"),
        Column(say("Days late", "逾期天数"), 5, "end"),
        Column(say("Unpaid principal (yuan)", "未付本金（元）"), _width([*rows, total], 5), "end"),
    )
    return Table(columns, rows, total)


def interest_table(claim: DebtorClaim, wording: Wording) -> Table:
    """One row for each segment, and one for interest that payments have covered; the total is what is owed."""
    say = wording.say
    rows: list[tuple[str, ...]] = []
    for number, line in enumerate(claim.lines, start=1):
        rows += [
            (
                str(number),
                segment.first.isoformat(),
                segment.last.isoformat(),
                str(segment.days),
                yuan(segment.base),
                segment.rate[wording.language],
                yuan(segment.interest),
            )
            for segment in line.segments
        ]
        if line.interest_paid:
            rows.append(
                (str(number), "", "", "", "", say("less: paid", "减：已付利息"), f"−{yuan(line.interest_paid)}")
            )
    total = ("", say("Total", "合计"), "", "", "", "", yuan(claim.interest))
    columns = (
        Column(say("No.", "序号"), 3, "center"),
        Column(say("From", "起始日"), 6, "center"),
        Column(say("To", "截止日"), 6, "center"),
        Column(say("Days", "天数"), 3, "end"),
        Column(say("On (yuan)", "计息本金（元）"), _width(rows, 4), "end"),
        Column(say("Rate", "利率"), 7),
        Column(say("Interest (yuan)", "利息（元）"), _width([*rows, total], 6), "end"),
    )
    return Table(columns, tuple(rows), total)


def _width(rows: list[tuple[str, ...]], index: int) -> int:
    """The width of a column of numbers, which are never broken: enough for the longest."""
    return max(8, max((len(row[index]) for row in rows), default=0) * 4 // 7)


def _contract(line: ClaimLine, number: int, wording: Wording) -> str:
    title = wording.fill(line.contract_number, Bilingual("contract number", "合同编号"), _line(number), BLANK_IN_CELL)
    day = line.contract_date.isoformat() if line.contract_date is not None else None
    day = wording.fill(day, Bilingual("day of the contract", "合同签订日期"), _line(number), BLANK_IN_CELL)
    return wording.say(f"{title}, {day}", f"{title}，{day}")


def _line(number: int) -> Bilingual:
    return Bilingual(f"No. {number}", f"第{number}笔")


def due_dates(claim: DebtorClaim, wording: Wording) -> Listing:
    """For each receivable when it was delivered and accepted, what was owed, and why it was due on its day."""
    return Listing(tuple(_due_date(line, number, wording) for number, line in enumerate(claim.lines, start=1)))


def _due_date(line: ClaimLine, number: int, wording: Wording) -> str:
    say, day = wording.say, wording.day
    steps = [
        say(f"{english} {day(when)}", f"{day(when)}{chinese}")
        for when, english, chinese in (
            (line.delivered, "delivered on", "交付"),
            (line.accepted, "accepted on", "验收合格"),
            (line.confirmed, "amount confirmed on", "确认结算金额"),
        )
        if when is not None
    ]
    if not steps:
        blank = wording.fill(None, Bilingual("day of delivery", "交付日期"), _line(number))
        steps = [say(f"delivered on {blank}", f"{blank}交付")]
    happened = say(", ", "，").join(steps)
    owed = say(f"{yuan(line.price)} yuan", f"应付款{yuan(line.price)}元")
    reason, cite = line.due_reason[wording.language].rstrip("。.;；"), line.due_cite[wording.language]
    return say(
        f"Ledger no. {line.id}, {owed}: {happened}; due on {day(line.due)}: {reason} ({cite}).",
        f"台账编号{line.id}，{owed}：{happened}；付款到期日为{day(line.due)}：{reason}（{cite}）。",
    )


def interest_notes(claim: DebtorClaim, wording: Wording) -> list[Block]:
    """On what the rates rest, how what is open was taken, and how it was rounded."""
    say, zh = wording.say, wording.language == "zh"
    cites = dict.fromkeys(segment.cite[wording.language] for line in claim.lines for segment in line.segments)
    joint = "；" if zh else "; "
    colon = "：" if zh else ": "
    taken = dict.fromkeys(
        reading.question[wording.language] + colon + reading.taken[wording.language].rstrip("。.")
        for reading in claim.readings
    )
    notes = []
    if cites:
        notes.append(say(f"Rates: {joint.join(cites)}.", f"利率依据：{joint.join(cites)}。"))
    if taken:
        notes.append(say(f"How it is counted: {joint.join(taken)}.", f"计算口径：{joint.join(taken)}。"))
    notes.append(
        say(
            f"Simple interest up to and including {wording.day(claim.as_of)}, rounded for each receivable once, at the "
            "end, half up to the fen.",
            f"按单利计算，计至{wording.day(claim.as_of)}；每笔在最后一次四舍五入到分。",
        )
    )
    if any(yuan(segment.interest).startswith("≈") for line in claim.lines for segment in line.segments):
        notes.append(say("≈: shown to four places, reckoned with all.", "≈：表中列示到四位小数，计算时不舍去。"))
    return [Paragraph(note, "note") for note in notes]


def sums(claim: DebtorClaim, wording: Wording) -> str:
    """Principal, costs if any, interest and their sum, in one clause."""
    parts = [wording.say(f"principal of {wording.money(claim.principal)}", f"本金{wording.money(claim.principal)}")]
    if claim.costs:
        parts.append(
            wording.say(f"costs of {wording.money(claim.costs)}", f"实现债权的费用{wording.money(claim.costs)}")
        )
    parts.append(
        wording.say(f"late interest of {wording.money(claim.interest)}", f"逾期利息{wording.money(claim.interest)}")
    )
    total = wording.money(claim.total)
    if wording.language == "zh":
        return "、".join(parts) + f"，合计{total}"
    return ", ".join(parts[:-1]) + f" and {parts[-1]}, together {total}"


def evidence_table(items: tuple[EvidenceItem, ...], wording: Wording) -> Table:
    """Documents that are enclosed; how many copies is a blank where nobody has said that they are there."""
    rows = []
    for number, item in enumerate(items, start=1):
        copies = str(item.copies) if item.copies is not None else None
        if copies is None:
            wording.leave(Bilingual("number of copies", "份数"), Bilingual("Evidence", "证据材料"))
        rows.append(
            (str(number), item.name[wording.language], item.proves[wording.language], copies or BLANK_IN_CELL[:3])
        )
    columns = (
        Column(wording.say("No.", "序号"), 3, "center"),
        Column(wording.say("Document", "材料名称"), 14),
        Column(wording.say("What it proves", "证明事项"), 12),
        Column(wording.say("Copies", "份数"), 4, "center"),
    )
    return Table(columns, tuple(rows))


def sender_page(claim: DebtorClaim, wording: Wording, title: str, advice: list[str]) -> list[Block]:
    """The last page, which stays with the sender: what to fill in, what to know, and what other readings give."""
    say, language = wording.say, wording.language
    blocks: list[Block] = [PageBreak(), Heading(title)]
    if wording.blanks:
        blocks += [
            Heading(say("To fill in by hand", "需手工填写"), 2),
            Listing(_grouped(wording.blanks, language), numbered=False),
        ]
    listed = say(
        "The list names the documents that are usual. Strike out those that you do not enclose.",
        "清单所列为通常需要的材料，未随附的请划去。",
    )
    blocks += [Heading(say("To know", "须知"), 2), Listing((*advice, listed))]
    if claim.readings:
        rows = tuple(
            (
                reading.question[language],
                reading.taken[language],
                reading.other[language],
                yuan(reading.interest) if reading.interest is not None else "—",
            )
            for reading in claim.readings
        )
        columns = (
            Column(say("Open question", "未有定论的问题"), 8),
            Column(say("Taken here", "本次口径"), 8),
            Column(say("Other reading", "另一种理解"), 8),
            Column(say("Interest then (yuan)", "按其计算的利息（元）"), _width(list(rows), 3), "end"),
        )
        blocks += [
            Heading(say("What the law leaves open", "法律未予明确之处"), 2),
            Paragraph(
                say(
                    f"Interest as taken here: {yuan(claim.interest)} yuan. Each row changes one thing.",
                    f"本次计算的利息为{yuan(claim.interest)}元。下表每行只改变一项。",
                )
            ),
            Table(columns, rows),
        ]
    return blocks


def _grouped(blanks: list[Blank], language: Language) -> tuple[str, ...]:
    """One text for each party or line, with all that is missing of it."""
    colon, comma = ("：", "、") if language == "zh" else (": ", ", ")
    groups: dict[Bilingual | None, list[str]] = {}
    for blank in blanks:
        what = blank.what[language]
        groups.setdefault(blank.whose, []).append(what[:1].lower() + what[1:])
    return tuple((f"{whose[language]}{colon}" if whose else "") + comma.join(what) for whose, what in groups.items())
