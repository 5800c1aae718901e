"""The warnings of a ledger in words: for its owner in the terminal, and as a page on how large buyers pay."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from yiqi.arrears.assessment import Assessment, debtor_of
from yiqi.arrears.prevention import BANDS, FEWEST, Outlook, Practice
from yiqi.clock.wording import day_text
from yiqi.law.bilingual import Bilingual, Language
from yiqi.law.quantities import decimal_text
from yiqi.law.tree import Law
from yiqi.report.phrases import colon
from yiqi.report.receivable_words import exact_yuan
from yiqi.report.wrapping import wrap

GAP = "  "
SHOWN = 15

BAND_TITLES = (
    Bilingual(f"within {BANDS[0]} days", f"{BANDS[0]}日内"),
    Bilingual(f"{BANDS[0] + 1} to {BANDS[1]} days", f"{BANDS[0] + 1}至{BANDS[1]}日"),
    Bilingual(f"over {BANDS[1]} days", f"超过{BANDS[1]}日"),
)

HOW = Bilingual(
    "Days run from what starts the period of payment (delivery, acceptance or confirmation of the amount) to the day the "
    f"money arrived, weighted by amount. Buyers with fewer than {FEWEST} payments are left out. From the ledger of one "
    "supplier; nothing here is a judgement on a buyer as a whole.",
    f"天数自付款期限起算点（交付、验收合格或结算确认）至到账之日，按金额加权。收款少于{FEWEST}次的付款方不列示。"
    "数据来自单个供应商的台账，不代表对付款方的整体评价。",
)


def days(value: Fraction | None) -> str:
    """Days with one decimal place; a dash where nothing is known."""
    return "—" if value is None else decimal_text(round(value, 1))


def percent(part: int, whole: int) -> str:
    """A share in whole percent; what is not nothing is never shown as 0."""
    if not whole:
        return "—"
    shown = round(Fraction(100 * part, whole))
    return "<1%" if part and not shown else f"{shown}%"


def render_outlook(seen: Outlook, language: Language, width: int) -> str:
    """The warnings as lines of text in one language."""
    return "\n".join(line.rstrip() for line in _lines(seen, language, width)) + "\n"


def _lines(seen: Outlook, language: Language, width: int) -> Iterator[str]:
    def titled(en: str, zh: str) -> str:
        return Bilingual(en, zh)[language] + colon(language)

    yield titled("How debtors pay", "付款方付款情况")
    for p in seen.practices[:SHOWN]:
        yield from wrap(_practice(p)[language], width, GAP, GAP * 2)
    if seen.practices:
        index = str(round(seen.concentration * 100))
        top = seen.practices[0]
        yield from wrap(
            Bilingual(
                f"{percent(top.unpaid, sum(p.unpaid for p in seen.practices))} of all that is unpaid is owed by {top.debtor}; "
                f"concentration {index} of 100",
                f"未收款的{percent(top.unpaid, sum(p.unpaid for p in seen.practices))}集中于{top.debtor}；集中度指数{index}（最高100）",
            )[language],
            width, GAP, GAP * 2,
        )  # fmt: skip
    yield ""
    yield titled("What falls due", "即将到期")
    for month in seen.upcoming:
        name = Bilingual(f"{month.first:%Y-%m}", f"{month.first.year}年{month.first.month}月")
        lines = Bilingual(f"{len(month.lines)} line{'s' if len(month.lines) != 1 else ''}", f"{len(month.lines)}笔")
        yield f"{GAP}{name[language]}  {lines[language]}  {exact_yuan(month.amount)}"
        for a in month.lines[:SHOWN]:
            assert a.due is not None
            yield from wrap(
                f"{a.due.isoformat()}  {a.line.id}  {debtor_of(a)}  {exact_yuan(a.principal)}", width, GAP * 2, GAP * 3
            )
    if not seen.upcoming:
        yield GAP + Bilingual("nothing", "无")[language]
    yield ""
    yield titled("Limitation", "诉讼时效")
    for threat in seen.threats[:SHOWN]:
        yield from wrap(_threat(threat.answer.line.id, debtor_of(threat.answer), day_text(threat.ends), threat.days)[language],
                        width, GAP, GAP * 2)  # fmt: skip
    if not seen.threats:
        yield GAP + Bilingual("no line is near its end", "没有临近届满的账款")[language]
    if seen.unstarted:
        yield ""
        yield from wrap(
            Bilingual(
                f"{seen.unstarted} lines do not say when their period started; their days to pay are not known.",
                f"{seen.unstarted}笔未填写付款期限起算日，无法计算付款天数。",
            )[language],
            width,
        )


def _practice(p: Practice) -> Bilingual:
    unpaid = Bilingual(f"unpaid {exact_yuan(p.unpaid)}", f"未付{exact_yuan(p.unpaid)}")
    if p.waiting is not None:
        unpaid = Bilingual(f"{unpaid.en}, waiting {days(p.waiting)} days", f"{unpaid.zh}，已等待{days(p.waiting)}天")
    if p.overdue:
        unpaid = Bilingual(
            f"{unpaid.en}; overdue {exact_yuan(p.overdue)}", f"{unpaid.zh}；其中逾期{exact_yuan(p.overdue)}"
        )
    if p.days_to_pay is None:
        return Bilingual(f"{p.debtor}: nothing paid yet; {unpaid.en}", f"{p.debtor}：尚无收款；{unpaid.zh}")
    paid = exact_yuan(p.paid)
    times = f"{p.payments} payment{'s' if p.payments != 1 else ''}"
    return Bilingual(
        f"{p.debtor}: paid after {days(p.days_to_pay)} days, {days(p.days_late)} late ({times}, {paid}); {unpaid.en}",
        f"{p.debtor}：平均{days(p.days_to_pay)}天付款，逾期{days(p.days_late)}天（{p.payments}次，{paid}）；{unpaid.zh}",
    )


def _threat(number: str, debtor: str, ends: Bilingual, left: int) -> Bilingual:
    if left < 0:
        return Bilingual(
            f"{number}  {debtor}: ended on {ends.en}, unless it was interrupted; a court looks at it only if the debtor "
            "pleads it",
            f"{number}  {debtor}：已于{ends.zh}届满（如无中断）；仅在对方提出抗辩时法院才予审查",
        )
    return Bilingual(
        f"{number}  {debtor}: ends on {ends.en}, in {left} days; a demand that arrives starts three years again",
        f"{number}  {debtor}：{ends.zh}届满，还有{left}天；催告到达即重新计算三年",
    )


@dataclass(frozen=True)
class PracticeRow:
    """One buyer on the page."""

    name: str
    kind: Bilingual
    payments: int
    days_to_pay: str
    days_late: str
    bands: tuple[str, ...]
    lengths: tuple[int, ...]
    """The bands as lengths of a bar of 1000 units."""
    late: str
    overdue: str


def practice_rows(seen: Outlook, law: Law) -> list[PracticeRow]:
    """The buyers that a page on payment practices has: organs, institutions and large enterprises with some payments."""
    rows = []
    kinds = {m.id: m.label for m in law.vocabulary["payer_kind"].members}
    large = Bilingual("Large enterprise", "大型企业")
    for p in sorted(seen.practices, key=lambda p: (-(p.days_to_pay or 0), p.debtor)):
        if not p.large or p.payments < FEWEST:
            continue
        kind = large if p.payer_kind == "enterprise" else kinds.get(p.payer_kind or "", Bilingual("—", "—"))
        rows.append(
            PracticeRow(
                p.debtor, kind, p.payments, days(p.days_to_pay), days(p.days_late),
                tuple(percent(b, p.paid) for b in p.in_bands),
                tuple(1000 * b // p.paid for b in p.in_bands), percent(p.paid_late, p.paid), exact_yuan(p.overdue),
            )
        )  # fmt: skip
    return rows


def render_practices_html(found: Assessment, seen: Outlook, law: Law, language: Language) -> str:
    """A page on how large buyers pay, in the manner of published payment practices."""
    from yiqi.report.html import _environment

    return (
        _environment(language)
        .get_template("practices.html")
        .render(rows=practice_rows(seen, law), on=found.on, bands=BAND_TITLES, how=HOW, fewest=FEWEST)
    )
