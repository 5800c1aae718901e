"""A ledger answered: for each line whether the Regulation protects it, when payment was due, what interest is owed today.

The law decides (:mod:`yiqi.arrears.findings`), :mod:`yiqi.arrears.interest` reckons; this module puts the two together,
with what other readings of open questions would give, and adds up by debtor and age. A line that cannot be decided says
which facts it lacks.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Literal

from yiqi.arrears.claim import Claim, Payment
from yiqi.arrears.error import ArrearsError
from yiqi.arrears.findings import WORKED_OUT, Finder, Findings
from yiqi.arrears.interest import Interest, interest, other_readings
from yiqi.arrears.ledger import Ledger, LedgerLine, Problem
from yiqi.arrears.lpr import load_lpr
from yiqi.arrears.plan import BEYOND, RatePlan, RateStep
from yiqi.arrears.readings import Readings
from yiqi.clock.sources import Source
from yiqi.judge.answer import Answer
from yiqi.law.bilingual import Bilingual

State = Literal["blocked", "unknown", "outside", "not_due", "open_day", "overdue", "paid"]
"""Something must be put right first; facts are missing; not protected by the Regulation and without a rate of its own; not
due yet; due on a day that a notice on holidays still has to fix; late; nothing is left to pay."""

STATES: dict[State, Bilingual] = {
    "blocked": Bilingual("to be put right", "待更正"),
    "unknown": Bilingual("undecided", "待补充"),
    "outside": Bilingual("not protected", "不适用条例"),
    "not_due": Bilingual("not due", "未到期"),
    "open_day": Bilingual("day open", "付款日待定"),
    "overdue": Bilingual("overdue", "已逾期"),
    "paid": Bilingual("paid", "已付清"),
}

AGES: tuple[tuple[int, Bilingual], ...] = (
    (30, Bilingual("1 to 30 days", "1至30日")),
    (90, Bilingual("31 to 90 days", "31至90日")),
    (180, Bilingual("91 to 180 days", "91至180日")),
    (365, Bilingual("181 to 365 days", "181至365日")),
)
OLDEST = Bilingual("over 365 days", "365日以上")


@dataclass(frozen=True, slots=True)
class Alternative:
    """What another reading of an open question gives for one line."""

    id: str
    question: Bilingual
    taken: Bilingual
    other: Bilingual
    source: Source
    due: dt.date | None
    """The day of payment under the other reading, where it differs."""
    low: int | None
    """Unpaid interest under the other reading, in fen; the least and the greatest."""
    high: int | None
    why_not: Bilingual | None = None


@dataclass(frozen=True)
class LineAnswer:
    """One line of the ledger, answered."""

    line: LedgerLine
    findings: Findings | None
    state: State
    problems: tuple[Problem, ...]
    missing: tuple[str, ...]
    """Facts that keep the line open."""
    interest: Interest | None
    """The least that is owed where the law leaves a range."""
    highest: Interest | None
    """The most, where it differs."""
    rate: Answer | None
    """The rule on interest that counts."""
    alternatives: tuple[Alternative, ...]

    @property
    def due(self) -> dt.date | None:
        return self.findings.due.day if self.findings is not None and self.findings.due is not None else None

    @property
    def days_late(self) -> int:
        due = self.due
        return max(0, (self.findings.on - due).days) if due is not None and self.findings is not None else 0

    @property
    def principal(self) -> int | None:
        """Unpaid, in fen."""
        owed = self.line.money("receivable_amount")
        if self.interest is not None and self.interest.principal_fen is not None:
            return self.interest.principal_fen + self.disputed
        if owed is None:
            return None
        return max(0, owed - sum(r.amount for r in self.line.received))

    @property
    def disputed(self) -> int:
        """The part on which no interest is reckoned here, because the debtor disputes it, in fen."""
        return self.line.money("disputed_amount") or 0

    @property
    def interest_range(self) -> tuple[int | None, int | None]:
        """Unpaid interest in fen, at least and at most."""
        if self.interest is None:
            return None, None
        most = self.highest or self.interest
        return self.interest.owed_fen, most.owed_fen

    @property
    def age(self) -> Bilingual | None:
        """How long payment is late, in bands; None where it is not."""
        if self.state != "overdue":
            return None
        return next((text for days, text in AGES if self.days_late <= days), OLDEST)


@dataclass(frozen=True)
class Total:
    """Lines added up: amounts in fen, ``open_lines`` those whose interest is not settled."""

    name: Bilingual
    lines: int
    principal: int
    interest_low: int
    interest_high: int
    open_lines: int


@dataclass(frozen=True)
class Assessment:
    """A ledger answered on one day."""

    ledger: Ledger
    on: dt.date
    readings: Readings
    lines: tuple[LineAnswer, ...]

    def of(self, *states: State) -> list[LineAnswer]:
        return [line for line in self.lines if line.state in states]

    @cached_property
    def by_debtor(self) -> tuple[Total, ...]:
        """Overdue lines by debtor, the greatest sum first."""
        groups: dict[str, list[LineAnswer]] = {}
        for line in self.of("overdue"):
            groups.setdefault(debtor_of(line), []).append(line)
        totals = [total(Bilingual(name, name), lines) for name, lines in groups.items()]
        return tuple(sorted(totals, key=lambda t: (-t.principal - t.interest_low, t.name.zh)))

    @cached_property
    def by_age(self) -> tuple[Total, ...]:
        """Overdue lines by how late they are."""
        bands = [*(text for _, text in AGES), OLDEST]
        overdue = self.of("overdue")
        return tuple(total(band, [line for line in overdue if line.age == band]) for band in bands)

    @cached_property
    def overdue(self) -> Total:
        return total(Bilingual("All overdue", "逾期合计"), self.of("overdue"))

    @cached_property
    def asked(self) -> tuple[tuple[str, int], ...]:
        """Facts that lines lack, with how many lines lack each, the most frequent first."""
        counts: dict[str, int] = {}
        for line in self.lines:
            for fact in line.missing:
                counts[fact] = counts.get(fact, 0) + 1
        return tuple(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def debtor_of(line: LineAnswer) -> str:
    """The debtor's name as the ledger has it, else its code; lines without either stand together."""
    sheet = line.line.sheet
    return str(sheet.get("debtor_name") or sheet.get("debtor_uscc") or "—")


def total(name: Bilingual, lines: Iterable[LineAnswer]) -> Total:
    found = list(lines)
    ranges = [line.interest_range for line in found]
    return Total(
        name,
        len(found),
        sum(line.principal or 0 for line in found),
        sum(low or 0 for low, _ in ranges),
        sum(high or low or 0 for low, high in ranges),
        sum(1 for low, high in ranges if low is None or high is None),
    )


def assess(ledger: Ledger, finder: Finder, readings: Readings) -> Assessment:
    """Every line of a ledger on the finder's day."""
    reckoner = LineReckoner(finder, readings)
    return Assessment(ledger, finder.on, readings, tuple(reckoner.answer(line) for line in ledger.lines))


class LineReckoner:
    """Answers lines of one day under one set of readings."""

    def __init__(self, finder: Finder, readings: Readings) -> None:
        self.finder, self.readings = finder, readings

    def answer(self, line: LedgerLine) -> LineAnswer:
        if line.blocked:
            return LineAnswer(line, None, "blocked", line.problems, (), None, None, None, ())
        findings = self.finder.find(line.sheet)
        missing = tuple(self._missing(findings))
        rate = (
            findings.answer("interest") if findings.outcome("protected") == "yes" else findings.answer("court_interest")
        )
        state, problems = self._state(line, findings, rate), [*line.problems, *_outside_calendar(line, findings)]
        low = high = None
        alternatives: list[Alternative] = []
        principal = self._principal(line)
        if findings.due is not None and findings.due.day is not None and principal is not None and rate is not None:
            scheme = rate.scheme.id.partition(".")[2]
            try:
                low, high = self._interest(line, findings, scheme, principal, findings.due.day)
                if low is not None:
                    alternatives = list(self._alternatives(line, findings, scheme, low, principal))
            except ArrearsError as error:
                problems.append(Problem(error.code, _said(error), error.label or str(line.file_line), blocks=True))
                state = "blocked"
            if low is not None and not low.total and not self._later(line):
                state = "paid"
        if low is None and state == "overdue":
            state = "unknown"
        return LineAnswer(
            line, findings, state, tuple(problems), missing if state in ("unknown", "outside") else (), low,
            high if high is not low else None, rate, tuple(alternatives),
        )  # fmt: skip

    # -- what is asked ------------------------------------------------------------------------------------------------

    def _state(self, line: LedgerLine, findings: Findings, rate: Answer | None) -> State:
        due = findings.due
        if due is None:
            return "outside" if findings.outcome("protected") == "no" else "unknown"
        if due.day is None:
            return "not_due" if due.moved.earliest >= self.finder.on else "open_day"
        if due.day >= self.finder.on:
            return "not_due"
        if line.money("receivable_amount") is None:
            return "unknown"
        if findings.outcome("protected") == "no" and (rate is None or rate.outcome == "no"):
            return "outside"
        return "overdue"

    def _missing(self, findings: Findings) -> Iterator[str]:
        """The facts that keep the line open, each once, in the order in which the law asks."""
        seen: set[str] = set()

        def new(names: Iterable[str]) -> Iterator[str]:
            for name in names:
                if name not in seen and name not in WORKED_OUT:
                    seen.add(name)
                    yield name

        if findings.contract_date is None:
            yield from new(["contract_date"])
            return
        for scheme in ("protected", "payment_due", "interest"):
            answer = findings.answer(scheme)
            if answer is None:
                continue
            if answer.outcome == "unknown":
                yield from new(name for names in answer.missing.settle for name in names)
            elif answer.outcome == "yes":
                for gift in (answer.date, answer.amount):
                    if gift is not None and (gift.range[0] is None or gift.range[0] != gift.range[1]):
                        yield from new(gift.missing)
        if findings.outcome("protected") == "no" and findings.due is None:
            yield from new(["due_on"])
        if findings.sheet.get("receivable_amount") is None:
            yield from new(["receivable_amount"])

    def _principal(self, line: LedgerLine) -> int | None:
        """What bears interest for certain: the amount owed less what is in dispute."""
        owed = line.money("receivable_amount")
        return None if owed is None else max(0, owed - (line.money("disputed_amount") or 0))

    def _later(self, line: LedgerLine) -> bool:
        """Whether a part in dispute is still open."""
        return bool(line.money("disputed_amount"))

    # -- reckoning ----------------------------------------------------------------------------------------------------

    def _claim(self, line: LedgerLine, principal: int, due: dt.date) -> Claim:
        payments = tuple(Payment(r.on, r.amount, r.place) for r in line.received)
        return Claim(principal, due, self.finder.on, payments)

    def _interest(
        self, line: LedgerLine, findings: Findings, scheme: str, principal: int, due: dt.date
    ) -> tuple[Interest | None, Interest | None]:
        """The least and the greatest interest; twice the same where the law leaves no range."""
        plans = self._plans(findings, scheme, due)
        if plans is None:
            return None, None
        claim = self._claim(line, principal, due)
        low = interest(claim, plans[0], self.readings)
        return low, low if plans[1] is plans[0] else interest(claim, plans[1], self.readings)

    def _plans(self, findings: Findings, scheme: str, due: dt.date) -> tuple[RatePlan, RatePlan] | None:
        """The least and the greatest rate over the days from the due day to the day asked."""
        # The due day itself bears interest under one reading only, but then it needs a rate.
        days = [due]
        if self.finder.floats(findings, scheme):
            days += [d for d in self.finder.rate_days if due < d <= self.finder.on]
        answer = findings.answer(scheme)
        assert answer is not None and answer.rule is not None
        source = Source(answer.rule.cite, answer.confidence or answer.rule.confidence)  # type: ignore[arg-type]
        lows: list[RateStep] = []
        highs: list[RateStep] = []
        beyond = False
        for day in days:
            found = self._rate(findings, scheme, day)
            if found is None:
                if not lows:
                    return None
                beyond = True
                break
            (low, unit), (high, other_unit) = found
            if not lows or lows[-1].rate != low:
                lows.append(RateStep(day, low, unit, source))
            if not highs or highs[-1].rate != high:
                highs.append(RateStep(day, high, other_unit, source))
        until = day - dt.timedelta(days=1) if beyond else None
        beyond_text = load_lpr().why_beyond if beyond else BEYOND
        plan = RatePlan(tuple(lows), until, beyond=beyond_text)
        same = [(s.first, s.rate, s.unit) for s in lows] == [(s.first, s.rate, s.unit) for s in highs]
        return plan, plan if same else RatePlan(tuple(highs), until, beyond=beyond_text)

    def _rate(
        self, findings: Findings, scheme: str, day: dt.date
    ) -> tuple[tuple[Fraction, Literal["day", "year"]], tuple[Fraction, Literal["day", "year"]]] | None:
        by_365 = self.finder.daily_rate(findings, scheme, day)
        if by_365 is None:
            return None
        by_360 = self.finder.daily_rate(findings, f"{scheme}_360", day)
        if by_360 is None:
            return (by_365[0], "day"), (by_365[1], "day")
        low, high = (self._with_unit(a, b) for a, b in zip(by_365, by_360, strict=True))
        return low, high

    def _with_unit(self, by_365: Fraction, by_360: Fraction) -> tuple[Fraction, Literal["day", "year"]]:
        """A rate as the law means it: by the day where the length of the year does not matter, else by the year.

        Where two rates are possible the least may be a daily one under one length of the year and a yearly one under the
        other: then what a day costs under the length taken is all there is.
        """
        if by_365 == by_360:
            return by_365, "day"
        yearly = by_365 * 365
        if yearly == by_360 * 360:
            return yearly, "year"
        return by_360 if self.readings.year == 360 else by_365, "day"

    # -- other readings -----------------------------------------------------------------------------------------------

    def _alternatives(
        self, line: LedgerLine, findings: Findings, scheme: str, taken: Interest, principal: int
    ) -> Iterator[Alternative]:
        for other in other_readings(taken):
            question = other.question
            chosen = next(o for o in question.options if o.id == getattr(self.readings, question.id))
            result = other.result
            yield Alternative(
                question.id, question.title, chosen.title, other.option.title, other.option.source, None,
                result.owed_fen if result is not None else None, result.owed_fen if result is not None else None,
                _said(other.why_not) if other.why_not is not None else None,
            )  # fmt: skip
        yield from self._excess_term(line, findings, scheme, principal)
        yield from self._other_version(line, findings, principal)
        if scheme == "interest":
            yield from self._court(line, findings, principal)
        if disputed := line.money("disputed_amount"):
            yield from self._with_dispute(line, findings, scheme, principal + disputed, taken)

    def _excess_term(self, line: LedgerLine, findings: Findings, scheme: str, principal: int) -> Iterator[Alternative]:
        other, due = findings.due_default_term, findings.due
        if other is None or other.day is None or due is None or other.gift is None:
            return
        low, high = self._interest(line, findings, scheme, principal, other.day)
        yield _alternative(
            "excess_term",
            Bilingual("What counts where an organ agreed on more than 60 days", "机关、事业单位约定超过60日的，以何为准"),
            Bilingual("the ceiling of 60 days", "按上限60日"),
            Bilingual("the 30 days of a contract without a term", "按未约定的30日"),
            Source(other.gift.rule.cite, "D"), other.day, low, high,
        )  # fmt: skip

    def _other_version(self, line: LedgerLine, findings: Findings, principal: int) -> Iterator[Alternative]:
        """The version in force when payment fell due, where that is not the one of the contract."""
        due = findings.due
        version = findings.answer("protected")
        if due is None or due.day is None or findings.contract_date is None:
            return
        later = self.finder.judge.law.version("arrears.protected", "new", due.day)
        if later is None or (
            version is not None and version.version is not None and later.rule == version.version.rule
        ):
            return
        other = self.finder.find(line.sheet, version_of=due.day)
        if other.due is None or other.due.day is None or other.answer("interest") is None:
            return
        low, high = self._interest(line, other, "interest", principal, other.due.day)
        instrument = self.finder.judge.law.instruments[later.rule.partition("#")[0]]
        yield _alternative(
            "version",
            Bilingual("Which version counts for a contract made before it", "合同订立在先的，适用哪一版条例"),
            Bilingual("that of the day of the contract", "合同订立时的版本"),
            Bilingual(f"that of the due day: {instrument.cite.en}", f"应付款日时的版本：{instrument.cite.zh}"),
            Source(
                Bilingual("No transition clause; courts differ", "条例无过渡条款，法院裁判不一"), "B"
            ),
            other.due.day, low, high,
        )  # fmt: skip

    def _court(self, line: LedgerLine, findings: Findings, principal: int) -> Iterator[Alternative]:
        answer, due = findings.answer("court_interest"), findings.due
        if answer is None or answer.rule is None or due is None or due.day is None or answer.outcome != "yes":
            return
        low, high = self._interest(line, findings, "court_interest", principal, due.day)
        yield _alternative(
            "court",
            Bilingual("Which rate counts: art. 17, or the LPR of judicial interpretations", "适用条例第十七条还是司法解释的LPR"),
            Bilingual("art. 17 of the Regulation", "条例第十七条"),
            Bilingual("the rate of the courts", "司法解释的利率"),
            Source(answer.rule.cite, answer.rule.confidence), None, low, high,
            self._lacking(findings, "court_interest"),
        )  # fmt: skip

    def _lacking(self, findings: Findings, scheme: str) -> Bilingual | None:
        """Which facts keep an amount open, by their labels."""
        vocabulary = self.finder.judge.law.vocabulary
        labels = [vocabulary[name].label for name in self.finder.rate_lacks(findings, scheme)]
        if not labels:
            return None
        en, zh = ", ".join(x.en for x in labels), "、".join(x.zh for x in labels)
        return Bilingual(f"facts are missing: {en}", f"缺少：{zh}")

    def _with_dispute(
        self, line: LedgerLine, findings: Findings, scheme: str, principal: int, taken: Interest
    ) -> Iterator[Alternative]:
        low, high = self._interest(line, findings, scheme, principal, taken.claim.due)
        yield _alternative(
            "disputed",
            Bilingual("From when a disputed part bears interest once it is found due", "有争议部分认定应付后从何时计息"),
            Bilingual("it is left out here", "此处不计"),
            Bilingual("from the first due day, with the rest", "与其余部分一并自应付款日起"),
            Source(Bilingual("The Regulation does not say", "条例未作规定"), "D"), None, low, high,
        )  # fmt: skip


def _outside_calendar(line: LedgerLine, findings: Findings) -> Iterator[Problem]:
    if (day := findings.outside_calendar) is not None:
        yield Problem(
            "outside-calendar",
            Bilingual(
                f"payment would be due on {day}, for which there is no calendar of working days; check the dates",
                f"应付款日为{day}，没有该时期的工作日历，请核对各日期",
            ),
            str(line.file_line),
        )


def _alternative(
    name: str,
    question: Bilingual,
    taken: Bilingual,
    other: Bilingual,
    source: Source,
    due: dt.date | None,
    low: Interest | None,
    high: Interest | None,
    lacking: Bilingual | None = None,
) -> Alternative:
    least = low.owed_fen if low is not None else None
    most = high.owed_fen if high is not None else None
    why_not = None
    if low is not None and low.beyond is not None:
        why_not = low.beyond.why
    elif low is None:
        why_not = lacking or Bilingual("not settled by the law", "规定未能确定")
    return Alternative(name, question, taken, other, source, due, least, most, why_not)


def _said(error: ArrearsError) -> Bilingual:
    return Bilingual(f"{error.message.en}; {error.remedy.en}", f"{error.message.zh}；{error.remedy.zh}")
