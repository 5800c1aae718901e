"""An answered ledger in the terminal: its lines, what is owed by debtor and age, what is missing, what is wrong."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from yiqi.arrears.abroad_comparison import AbroadRow
from yiqi.arrears.assessment import STATES, Alternative, Assessment, LineAnswer, Total, debtor_of
from yiqi.arrears.findings import Findings
from yiqi.arrears.interest import Interest
from yiqi.arrears.notes import notes_on_rate
from yiqi.arrears.table_summary import TableSummary
from yiqi.arrears.wording import amount_text, segment_text
from yiqi.clock.wording import day_text
from yiqi.clock.workdays import Calendar
from yiqi.law.bilingual import Bilingual, Language
from yiqi.law.diagnostics import display_width
from yiqi.law.quantities import RATIO_SCALE
from yiqi.law.tree import Law
from yiqi.report.phrases import OUTCOMES, colon
from yiqi.report.receivable_words import (
    due_steps,
    exact_yuan,
    fact_names,
    limitation_text,
    range_yuan,
    rate_classes,
)
from yiqi.report.wrapping import padded, wrap

WIDTH = 100
SHOWN_LINES = 30
SHOWN_DEBTORS = 15
SHOWN_PROBLEMS = 20
GAP = "  "
ALWAYS = ("protected", "payment_due", "interest", "complaint", "limitation")
"""Schemes that are told of every line, also while they are open."""

_WORDS = {
    "line": Bilingual("Line", "编号"),
    "debtor": Bilingual("Debtor", "付款方"),
    "due": Bilingual("Due", "应付款日"),
    "late": Bilingual("Late", "逾期"),
    "unpaid": Bilingual("Unpaid (yuan)", "未付（元）"),
    "interest": Bilingual("Interest (yuan)", "逾期利息（元）"),
    "state": Bilingual("State", "状态"),
    "lines": Bilingual("Lines", "笔数"),
    "by_debtor": Bilingual("Overdue by debtor", "逾期（按付款方）"),
    "by_kind": Bilingual("Overdue by kind of debtor", "逾期（按付款方类型）"),
    "by_age": Bilingual("Overdue by age", "逾期（按账龄）"),
    "all": Bilingual("All overdue", "逾期合计"),
    "missing": Bilingual("What would decide more lines", "补充以下信息可确定更多账款"),
    "problems": Bilingual("To be put right", "需要更正"),
    "more": Bilingual("and {} more", "另有{}笔"),
    "set": Bilingual("if it is the same on every line, say so once", "如各笔相同，可一次说明"),
    "why": Bilingual("Why", "依据"),
    "rate": Bilingual("Rate", "利率"),
    "segments": Bilingual("Interest, segment by segment", "分段计息"),
    "payments": Bilingual("Payments", "收款抵充"),
    "readings": Bilingual("Under other readings", "按其他理解"),
    "breaches": Bilingual("Broken by the payer", "付款方违反的条款"),
    "complaint": Bilingual("A complaint can be filed", "可以投诉"),
    "limitation": Bilingual("Limitation ends", "诉讼时效届满"),
    "disputed": Bilingual("In dispute, without interest here", "有争议部分（此处不计息）"),
}


def _w(name: str, language: Language) -> str:
    return _WORDS[name][language]


def render_assessment(found: Assessment, law: Law, language: Language, width: int = WIDTH) -> str:
    """The whole ledger as lines of text in one language."""
    return "\n".join(line.rstrip() for line in _lines(found, law, language, width)) + "\n"


def _lines(found: Assessment, law: Law, language: Language, width: int) -> Iterator[str]:
    states = [(state, len(found.of(state))) for state in STATES if found.of(state)]
    told = (", " if language == "en" else "，").join(f"{STATES[state][language]} {count}" for state, count in states)
    day = found.on.isoformat() if language == "en" else f"{found.on.year}年{found.on.month}月{found.on.day}日"
    head = Bilingual(f"{len(found.lines)} lines on {day}: {told}", f"台账{len(found.lines)}笔（{day}）：{told}")
    yield from wrap(head[language], width)
    yield ""
    shown = sorted(found.lines, key=lambda a: (a.state != "overdue", -(a.principal or 0), a.line.row))[:SHOWN_LINES]
    yield from _table(
        [_w(n, language) for n in ("line", "debtor", "due", "late", "unpaid", "interest", "state")],
        [_row(a, language) for a in shown],
        right={3, 4, 5},
        width=width,
    )
    if len(found.lines) > len(shown):
        yield GAP + _w("more", language).format(len(found.lines) - len(shown))
    if found.of("overdue"):
        yield ""
        yield from _totals(_w("by_debtor", language), found.by_debtor[:SHOWN_DEBTORS], found.overdue, language, width)
        yield ""
        yield from _totals(_w("by_age", language), [t for t in found.by_age if t.lines], None, language, width)
    yield from _missing(found, law, language, width)
    yield from _problems(found, language, width)


def _row(a: LineAnswer, language: Language) -> list[str]:
    due = a.due
    days = "" if not a.days_late or a.state != "overdue" else f"{a.days_late}{' d' if language == 'en' else '天'}"
    interest = range_yuan(*a.interest_range)[language] if a.state in ("overdue", "paid") else "—"
    return [
        a.line.id, debtor_of(a), due.isoformat() if due else "—", days, exact_yuan(a.principal), interest,
        STATES[a.state][language],
    ]  # fmt: skip


def _totals(title: str, totals: Sequence[Total], whole: Total | None, language: Language, width: int) -> Iterator[str]:
    rows = [[t.name[language], f"{t.lines:,}", exact_yuan(t.principal), _interest(t, language)] for t in totals]
    if whole is not None:
        rows.append([_w("all", language), f"{whole.lines:,}", exact_yuan(whole.principal), _interest(whole, language)])
    heads = [title, *(_w(n, language) for n in ("lines", "unpaid", "interest"))]
    yield from _table(heads, rows, right={1, 2, 3}, width=width)


def _interest(t: Total, language: Language) -> str:
    text = range_yuan(t.interest_low, t.interest_high)[language]
    return f"{text}{' +' if t.open_lines else ''}"


def _missing(found: Assessment, law: Law, language: Language, width: int) -> Iterator[str]:
    if not found.asked:
        return
    yield ""
    yield f"{_w('missing', language)}{colon(language)}"
    for fact, count in found.asked:
        declared = law.vocabulary.get(fact)
        label = declared.label[language] if declared is not None else fact
        lines = Bilingual(f"{count} line{'s' if count != 1 else ''}", f"{count}笔")[language]
        question = declared.question[language] if declared is not None else ""
        yield from wrap(f"{label} ({lines})  {question}" if language == "en" else f"{label}（{lines}）{question}",
                        width, GAP, GAP * 2)  # fmt: skip
    # A day or an amount is hardly ever the same on every line.
    declared_facts = (law.vocabulary.get(fact) for fact, _ in found.asked)
    same = next((d for d in declared_facts if d is not None and d.type in ("yes_no", "one_of")), None)
    if same is not None:
        example = Bilingual(f"--set {same.id}=…", f"--set {same.label.zh}=…")[language]
        yield from wrap(f"{_w('set', language)}{colon(language)}{example}", width, GAP, GAP * 2)


def _problems(found: Assessment, language: Language, width: int) -> Iterator[str]:
    told = [(p.place, p.message[language], p.blocks) for a in found.lines for p in a.problems]
    told += [(p.place, p.message[language], p.blocks) for p in found.ledger.problems]
    if not told:
        return
    yield ""
    yield f"{_w('problems', language)}{colon(language)}"
    for place, message, _ in sorted(told, key=lambda t: not t[2])[:SHOWN_PROBLEMS]:
        row = Bilingual(f"row {place}", f"第{place}行")[language] if place[:1].isdigit() else place
        yield from wrap(f"{row}{colon(language)}{message}", width, GAP, GAP * 2)
    if len(told) > SHOWN_PROBLEMS:
        yield GAP + Bilingual("and {} more", "另有{}项")[language].format(len(told) - SHOWN_PROBLEMS)


def render_table(found: TableSummary, language: Language, width: int = WIDTH) -> str:
    """What a table of receivables comes to, as lines of text."""
    return "\n".join(line.rstrip() for line in _table_lines(found, language, width)) + "\n"


def _table_lines(found: TableSummary, language: Language, width: int) -> Iterator[str]:
    day = day_text(found.on)
    yield Bilingual(f"{found.lines:,} lines on {day.en}", f"台账{found.lines:,}笔（{day.zh}）")[language]
    yield ""
    states = [t for t in found.states.values() if t.lines]
    yield from _totals(_w("state", language), states, None, language, width)
    if found.overdue.lines:
        yield ""
        yield from _totals(_w("by_kind", language), found.by_kind, found.overdue, language, width)
        yield ""
        yield from _totals(_w("by_age", language), [t for t in found.by_age if t.lines], None, language, width)
    if found.problems:
        yield ""
        yield f"{_w('problems', language)}{colon(language)}"
        for code, count in found.problems.items():
            yield f"{GAP}{code}  {count:,}"


# -- one line -------------------------------------------------------------------------------------------------------------


def render_line(a: LineAnswer, law: Law, calendar: Calendar, language: Language, width: int = WIDTH) -> str:
    """One line of the ledger with everything that led to its answer."""
    return "\n".join(line.rstrip() for line in _one(a, law, calendar, language, width)) + "\n"


def _one(a: LineAnswer, law: Law, calendar: Calendar, language: Language, width: int) -> Iterator[str]:
    def indented(text: str) -> Iterator[str]:
        yield from wrap(text, width, GAP, GAP * 2)

    yield from wrap(f"{a.line.id}  {debtor_of(a)}  {STATES[a.state][language]}", width)
    for problem in a.problems:
        yield from indented(f"! {problem.message[language]}")
    if a.missing:
        missing = fact_names(a.missing, law.vocabulary)[language]
        yield from indented(f"{Bilingual('Missing', '缺少')[language]}{colon(language)}{missing}")
    if a.findings is None:
        return
    for text in _answers(a.findings):
        yield from indented(text[language])
    if a.findings.due is not None:
        yield from ("", f"{_w('due', language)}{colon(language)}{a.due.isoformat() if a.due else '—'}")
        for step in due_steps(a.findings.due, calendar):
            yield from indented(step[language])
    if a.interest is not None:
        yield from ("", f"{_w('segments', language)}{colon(language)}{range_yuan(*a.interest_range)[language]}")
        for text in _reckoning(a, a.interest):
            yield from indented(text[language])
    if a.disputed:
        yield from wrap(f"{_w('disputed', language)}{colon(language)}{exact_yuan(a.disputed)}", width)
    if a.alternatives:
        yield from ("", f"{_w('readings', language)}{colon(language)}")
        for other in a.alternatives:
            yield from indented(_alternative(a, other)[language])
    if a.findings.breaches:
        yield from ("", f"{_w('breaches', language)}{colon(language)}")
        for breach in a.findings.breaches:
            if breach.rule is not None:
                yield from indented(_titled(breach.rule.title, breach.rule.cite)[language])
    if (limitation := limitation_text(a.findings.answer("limitation"))) is not None:
        yield from ("", f"{_w('limitation', language)}{colon(language)}{limitation[language]}")


def _titled(title: Bilingual, cite: Bilingual) -> Bilingual:
    return Bilingual(f"{title.en} ({cite.en})", f"{title.zh}（{cite.zh}）")


def _answers(findings: Findings) -> Iterator[Bilingual]:
    """The answers of the law, apart from breaches and from rules that only differ in the length of a year."""
    for answers in (findings.by_contract, findings.by_day):
        for answer in answers or ():
            name = answer.scheme.id
            if answer.version is None or answer.rule is None or name.endswith("_360") or ".breach_" in name:
                continue
            if answer.outcome == "unknown" and name.partition(".")[2] not in ALWAYS:
                continue  # a question that this line does not raise
            said = OUTCOMES[answer.outcome or "unknown"]
            title = answer.scheme.title
            stated = Bilingual(f"{title.en}: {said.en}", f"{title.zh}：{said.zh}")
            yield _titled(stated, answer.rule.cite)


def _reckoning(a: LineAnswer, interest: Interest) -> Iterator[Bilingual]:
    if (rate := rate_classes(a)) is not None:
        yield rate
    for segment in interest.segments:
        yield segment_text(segment)
    for paid in interest.payments:
        parts = [amount_text(part) for part in (paid.payment.fen, paid.interest, paid.principal, paid.left)]
        day = day_text(paid.payment.day)
        yield Bilingual(
            f"{day.en}: {parts[0]} received, {parts[1]} for interest, {parts[2]} for principal, {parts[3]} left",
            f"{day.zh}：收款{parts[0]}，抵利息{parts[1]}，抵本金{parts[2]}，余{parts[3]}",
        )
    if interest.beyond is not None:
        yield interest.beyond.why
    yield from _notes(a, interest)


def _notes(a: LineAnswer, interest: Interest) -> Iterator[Bilingual]:
    """What is said beside a high rate."""
    if a.findings is None or a.findings.by_contract is None or not interest.segments:
        return
    sheet, last = a.findings.by_contract.sheet, interest.segments[-1]
    lpr = sheet.get("one_year_lpr_at_contract")
    yearly = last.rate if last.unit == "year" else last.rate * 365
    agreed = sheet.get("rate_form") in ("rate_per_year", "rate_per_day")
    yield from notes_on_rate(yearly, Fraction(lpr, RATIO_SCALE) if isinstance(lpr, int) else None, agreed=agreed)


def _alternative(a: LineAnswer, other: Alternative) -> Bilingual:
    amount = range_yuan(other.low, other.high) if other.why_not is None else other.why_not
    due = Bilingual("", "")
    if other.due is not None and other.due != a.due:
        day = day_text(other.due)
        due = Bilingual(f", due {day.en}", f"，应付款日{day.zh}")
    tag = other.source.confidence
    return Bilingual(
        f"{other.question.en}: {other.other.en} [{tag}]{due.en} → {amount.en}",
        f"{other.question.zh}：{other.other.zh}［{tag}］{due.zh} → {amount.zh}",
    )


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]], *, right: set[int], width: int) -> Iterator[str]:
    """Columns as wide as they need; the second one gives way where the terminal is too narrow."""
    cells = [list(heads), *[list(r) for r in rows]]
    widths = [max(display_width(row[i]) for row in cells) for i in range(len(heads))]
    over = sum(widths) + len(GAP) * len(widths) - width
    if over > 0 and len(widths) > 1:
        give = 1 if len(heads) > 4 else 0
        widths[give] = max(12, widths[give] - over)
    for row in cells:
        yield (
            GAP + GAP.join(_flush(_cut(cell, widths[i]), widths[i], i in right) for i, cell in enumerate(row)).rstrip()
        )


def _flush(text: str, width: int, right: bool) -> str:
    return " " * max(0, width - display_width(text)) + text if right else padded(text, width)


def _cut(text: str, width: int) -> str:
    if display_width(text) <= width:
        return text
    kept = ""
    for character in text:
        if display_width(kept + character) > width - 1:
            break
        kept += character
    return kept + "…"


def render_abroad(rows: Sequence[AbroadRow], language: Language, width: int = WIDTH) -> str:
    """The same amounts and days under the rules of other places."""
    lines = [
        Bilingual("The same amounts and days under the rules of other places", "相同金额和天数，按境外规则")[language]
    ]
    for row in rows:
        rule = row.rule
        if rule.method == "none":
            amount = Bilingual("no interest by law", "法律未规定利息")
        elif not row.lines:
            amount = Bilingual("the reference rates of these days are not known; give them with --reference",
                               "这些日期的参考利率未知，请用--reference提供")  # fmt: skip
        else:
            left = Bilingual(f"; {row.unknown} lines without a known rate", f"；{row.unknown}笔利率未知")
            amount = Bilingual(
                f"{exact_yuan(row.interest)}{left.en if row.unknown else ''}",
                f"{exact_yuan(row.interest)}{left.zh if row.unknown else ''}",
            )
        lines += wrap(
            f"{rule.place[language]}{colon(language)}{amount[language]} [{row.confidence}]", width, GAP, GAP * 2
        )
        details = [rule.source.cite, rule.period]
        lines += wrap((" · ").join(d[language] for d in details), width, GAP * 2, GAP * 3)
        for fixed in rule.fixed:
            below = (
                Bilingual(f" below {exact_yuan(fixed.below)}", f"（债务低于{exact_yuan(fixed.below)}）")[language]
                if fixed.below
                else ""
            )
            shown = Bilingual("fixed sum", "固定金额")[language]
            lines += wrap(f"{shown}{colon(language)}{fixed.currency} {exact_yuan(fixed.amount)}{below} [{fixed.source.confidence}]",
                          width, GAP * 2, GAP * 3)  # fmt: skip
    return "\n".join(lines) + "\n"
