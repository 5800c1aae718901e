"""The price of a bid as plain text."""

from __future__ import annotations

from collections.abc import Iterator

from yiqi.judge.given import range_text
from yiqi.law.bilingual import Bilingual, Language
from yiqi.relief.bid import Bid, Deduction
from yiqi.report.phrases import MARKS, SEMICOLON, colon, day_text, listed
from yiqi.report.relief_view import RELIEF_WORDS, STANDING_MARKS, STANDING_WORDS, relief_line
from yiqi.report.wrapping import wrap

WORDS = {
    "quote": Bilingual("Quote, and price of the contract", "报价（即合同价）"),
    "no_quote": Bilingual("No quote was given: bid_quote.", "未提供报价（bid_quote）。"),
    "deducted": Bilingual("Taken off to compare prices", "评审扣除"),
    "compared": Bilingual("Price that is compared", "评审价"),
    "reserved_yes": Bilingual(
        "The package is reserved for SMEs, and the bidder is one: it may bid; there is no price deduction.",
        "采购包专门面向中小企业，投标企业符合条件；不再执行小微企业价格扣除。",
    ),
    "excluded": Bilingual("In one bid only one of these counts", "同一采购包只能享受其一"),
    "unlawful": Bilingual(
        "The rate of the tender lies outside what the law allows; the nearest rate allowed is counted", "采购文件比例不在法定范围内，按最近的法定比例计算"
    ),
    "each": Bilingual("Each preference is taken from the original quote.", "各项扣除均以原报价计算。"),
}  # fmt: skip


def bid_lines(found: Bid, language: Language, width: int) -> Iterator[str]:
    """The quote, each preference with its arithmetic or why it does not count, and the price that is compared."""
    sign = colon(language)

    def say(text: Bilingual) -> str:
        return text[language]

    yield day_text(found.on)[language]
    if found.quote is None:
        yield from wrap(say(WORDS["no_quote"]), width)
    else:
        yield f"{say(WORDS['quote'])}{sign}{say(range_text('amount', (found.quote, found.quote)))}"
    for deduction in found.deductions:
        yield from _deduction(deduction, language, width)
    if found.reserved is not None and found.reserved.standing == "applies":
        yield from wrap(say(WORDS["reserved_yes"]), width, "  ", "    ")
    for fact in found.unlawful:
        label = found.deductions[0].entitlement.law.vocabulary[fact].label
        yield from wrap(f"! {say(WORDS['unlawful'])}{sign}{say(label)}", width, "  ", "    ")
    if (deciding := [c for c in found.clashes if c.decides]) and found.quote is not None:
        names = listed([Bilingual(f"“{e.title.en}”", f"“{e.title.zh}”") for c in deciding for e in (c.first, c.second)], SEMICOLON)  # fmt: skip
        yield from wrap(f"{say(WORDS['excluded'])}{sign}{say(names)}", width, "  ", "    ")
    if found.compared is not None:
        yield f"{say(WORDS['deducted'])}{sign}{say(range_text('amount', found.deducted))}"
        yield f"{say(WORDS['compared'])}{sign}{say(range_text('amount', found.compared))}"
    if sum(d.counts for d in found.deductions) > 1:
        yield from wrap(say(WORDS["each"]), width)


def _deduction(deduction: Deduction, language: Language, width: int) -> Iterator[str]:
    e, sign = deduction.entitlement, colon(language)
    line = relief_line(e)
    text = f"{MARKS[STANDING_MARKS[e.standing]]} {STANDING_WORDS[e.standing][language]}  {e.title[language]}"
    if e.standing != "does_not" and e.amount is not None:
        text += (" — " if language == "en" else "：") + range_text("amount", deduction.range)[language]
    if deduction.confidence != "A":
        text += f" [{deduction.confidence}]"
    yield from wrap(text, width, "  ", "      ")
    for because in line.because:
        yield from wrap(because[language], width, "      ", "        ")
    if e.standing == "does_not":
        return
    for step in e.amount.steps if e.amount is not None else ():
        if step.figures.zh == range_text("amount", deduction.range).zh:
            continue  # a line that only names another one
        yield from wrap(step.figures[language], width, "      ", "        ")
    names = list(dict.fromkeys(e.amount.missing if e.amount is not None else ()))
    if names:
        labels = listed([e.label(name) for name in names], SEMICOLON)
        yield from wrap(f"{RELIEF_WORDS['missing'][language]}{sign}{labels[language]}", width, "      ", "        ")
    for each in line.missing[:1]:
        yield from wrap(f"{RELIEF_WORDS['settle'][language]}{sign}{each[language]}", width, "      ", "        ")
