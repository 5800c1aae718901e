"""What a list of measures says, before it is text or HTML: where each stands, what it gives, and what goes together."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from yiqi.judge.given import range_text
from yiqi.judge.ranges import Range
from yiqi.law.bilingual import Bilingual
from yiqi.law.measure import HOWS, KINDS, PERS, RELATIONS, SAMES
from yiqi.relief.entitlements import STANDINGS, Entitlement, Entitlements, Standing
from yiqi.relief.stacking import Clash, Exchange, RunnerUp, Stacking
from yiqi.report.condition_rows import decisive_rows
from yiqi.report.given_lines import GivenLine, given_lines
from yiqi.report.phrases import COMMA, SEMICOLON, day_text, listed
from yiqi.report.row_words import in_words

STANDING_WORDS: dict[Standing, Bilingual] = {
    "applies": Bilingual("Applies", "可享受"),
    "would_apply": Bilingual("May apply", "可能享受"),
    "needs_person": Bilingual("Needs a person", "须由人认定"),
    "does_not": Bilingual("Does not apply", "不适用"),
}
STANDING_TITLES: dict[Standing, Bilingual] = {
    "applies": Bilingual("What applies", "可享受的措施"),
    "would_apply": Bilingual("What would apply, with the facts that are missing", "补充信息后可能享受的措施"),
    "needs_person": Bilingual(
        "What needs a person: an authority has to say, or the source is not confirmed", "须由主管部门认定、或来源未经证实的措施"
    ),
    "does_not": Bilingual("What does not apply", "不适用的措施"),
}  # fmt: skip
STANDING_MARKS: dict[Standing, str] = {
    "applies": "yes", "would_apply": "unknown", "needs_person": "shown", "does_not": "no",
}  # fmt: skip
"""Keys of :data:`yiqi.report.phrases.MARKS`."""
RELIEF_WORDS = {
    "relief": Bilingual("Relief: what it can get", "纾困惠企措施：能享受什么"),
    "together": Bilingual("Together", "合并享受"),
    "list": Bilingual("The list of measures", "措施清单"),
    "claim": Bilingual("How to claim", "享受方式"),
    "deadline": Bilingual("last day", "截止"),
    "ends": Bilingual("in force until", "执行至"),
    "passed": Bilingual("the last day has passed", "申领已截止"),
    "missing": Bilingual("The amount still needs", "计算金额还需"),
    "settle": Bilingual("Whether it applies still needs", "能否享受还需"),
    "says": Bilingual("To be said by an authority", "须由主管部门认定"),
    "because": Bilingual("Because", "原因"),
    "programmes": Bilingual("Programmes: they instruct governments or banks and give no claim", "工作部署：面向政府或银行，企业不能据以申领"),
    "stale": Bilingual("compare with its source before relying on it: last compared on {}", "使用前应与原文核对：最近核对日期为{}"),
    "or": Bilingual("or", "或"),
    "measure": Bilingual("Measure", "措施"),
    "amount": Bilingual("Amount", "金额"),
    "nothing_sure": Bilingual("amount not known yet", "金额尚不能确定"),
    "counted": Bilingual(
        "One claim of each is counted; guarantees, later payments and preferences in bids are no money and are not added.",
        "每项按一次享受计算；担保、缓缴和采购优惠不是资金，不计入合计。",
    ),
    "proven": Bilingual(
        "Proven: no other combination that the law admits is worth more, as far as is sure.",
        "已证明：就已确定的金额而言，法规允许的其他组合均不更优。",
    ),
    "alone": Bilingual("Nothing of it excludes anything else.", "所列措施互不排斥。"),
}  # fmt: skip


@dataclass(frozen=True)
class ReliefLine:
    """One measure as shown."""

    id: str
    title: Bilingual
    standing: Standing
    confidence: str
    value: Bilingual | None
    """What it gives, in a few words; None where it gives no amount."""
    given: tuple[GivenLine, ...]
    missing: tuple[Bilingual, ...]
    """Each a set of facts that could make it apply."""
    persons: Bilingual | None
    because: tuple[Bilingual, ...]
    claim: Bilingual
    deadline: Bilingual | None
    ends: Bilingual | None
    """The last day of the measure itself."""
    too_late: bool
    stale: Bilingual | None
    cite: Bilingual
    kind: Bilingual

    @property
    def mark(self) -> str:
        return STANDING_MARKS[self.standing]


@dataclass(frozen=True)
class StackView:
    """What goes together, as shown. ``measures`` are titles with what each is sure of; ``notes`` are whole sentences."""

    total: Bilingual
    measures: tuple[tuple[Bilingual, Bilingual], ...]
    notes: tuple[Bilingual, ...]


@dataclass(frozen=True)
class ReliefView:
    """The whole list."""

    on: dt.date
    lines: tuple[ReliefLine, ...]
    programmes: tuple[Bilingual, ...]
    elsewhere: int
    unplaced: int
    stack: StackView | None
    summary: Bilingual

    def of(self, standing: Standing) -> tuple[ReliefLine, ...]:
        return tuple(line for line in self.lines if line.standing == standing)

    @property
    def groups(self) -> tuple[tuple[Bilingual, tuple[ReliefLine, ...]], ...]:
        """Those that stand alike, with a heading."""
        return tuple((STANDING_TITLES[s], of) for s in STANDINGS if (of := self.of(s)))

    @property
    def elsewhere_text(self) -> Bilingual | None:
        if self.unplaced:
            return Bilingual(
                f"{self.unplaced} local measures are left out: say where the enterprise is.",
                f"{self.unplaced}项地方措施未列出：请填写企业所在地。",
            )
        if not self.elsewhere:
            return None
        one = self.elsewhere == 1
        return Bilingual(
            f"{self.elsewhere} measure{'' if one else 's'} of other places {'is' if one else 'are'} left out.",
            f"其他地方的{self.elsewhere}项措施未列出。",
        )


def relief_view(found: Entitlements) -> ReliefView | None:
    """The content of the list; None where no measure was asked for."""
    if not found.every:
        return None
    stacking = Stacking(found)
    lines = tuple(relief_line(e) for e in found.measures)
    return ReliefView(
        on=found.on,
        lines=lines,
        programmes=tuple(e.title for e in found.programmes if e.standing != "does_not"),
        elsewhere=len(found.elsewhere),
        unplaced=len(found.unplaced),
        stack=_stack(stacking) if stacking.counted else None,
        summary=_summary(found, stacking),
    )


def relief_line(e: Entitlement) -> ReliefLine:
    """One measure as shown."""
    claim = HOWS[e.measure.claim.how]
    if (where := e.measure.claim.where) is not None:
        claim = Bilingual(f"{claim.en}: {where.en}", f"{claim.zh}：{where.zh}")
    reason = e.answer.reason
    because: tuple[Bilingual, ...] = ()
    if e.standing == "does_not" and reason is not None and e.answer.outcome == "no":
        because = tuple(in_words(row) for row in decisive_rows(reason) if not row.heading)
    reviewed = day_text(e.instrument.reviewed)
    stale = RELIEF_WORDS["stale"]
    return ReliefLine(
        id=e.scheme,
        title=e.title,
        standing=e.standing,
        confidence=e.confidence,
        value=value_text(e),
        given=tuple(_given(e)),
        missing=tuple(listed([e.label(n) for n in names], SEMICOLON) for names in e.missing[:3]),
        persons=listed([e.label(n) for n in e.persons], SEMICOLON) if e.standing == "needs_person" and e.persons else None,
        because=because,
        claim=claim,
        deadline=day_text(e.deadline) if e.deadline is not None else None,
        ends=day_text(e.ends) if e.ends is not None else None,
        too_late=e.too_late,
        stale=Bilingual(stale.en.format(reviewed.en), stale.zh.format(reviewed.zh)) if e.stale else None,
        cite=e.law.rule(e.measure.rule).cite,
        kind=KINDS[e.measure.kind],
    )  # fmt: skip


def _given(e: Entitlement) -> Iterator[GivenLine]:
    """The amount with its arithmetic; while nothing is known of it, only what it lacks."""
    if e.standing == "does_not":
        return
    for line in given_lines(e.answer):
        known = e.standing == "applies" or e.high is not None
        yield line if known else replace(line, steps=())


def value_text(e: Entitlement) -> Bilingual | None:
    """What a measure gives, in a few words, with what it counts for."""
    if e.gift is None:
        return None
    if e.amount is None:
        return Bilingual("amount to be confirmed", "金额待确认")
    low, high = e.amount.range
    if e.standing == "applies" and not e.amount.rule.ceiling:
        text = _sure((low, high))
    elif high is None:
        text = RELIEF_WORDS["nothing_sure"]
    else:
        most = range_text("amount", (high, high))
        text = Bilingual(f"up to {most.en}", f"最高{most.zh}") if high else most
    if e.measure.kind == "guarantee" and high is not None:
        text = Bilingual(f"a guarantee of {text.en}", f"担保{text.zh}")
    return _per(text, e.measure.per)


def _per(text: Bilingual, per: str | None) -> Bilingual:
    if per is None or text is RELIEF_WORDS["nothing_sure"]:
        return text
    return Bilingual(f"{text.en} {PERS[per].en}", f"{PERS[per].zh}{text.zh}")


def money(fen: int) -> Bilingual:
    """An exact amount."""
    return range_text("amount", (fen, fen))


def total_text(totals: Mapping[str, Range]) -> Bilingual:
    """What a combination gives, apart for what the amounts count for: ``600,000元 a year; 20,000元 once``."""
    parts = [_per(_sure(r), per) for per, r in totals.items()]
    return listed(parts, SEMICOLON)


def _sure(value: Range) -> Bilingual:
    low, high = value
    sure = money(low or 0)
    if not low and high is None:
        return RELIEF_WORDS["nothing_sure"]
    if high == low:
        return sure
    if high is None:
        return Bilingual(f"{sure.en} or more", f"{sure.zh}以上")
    return Bilingual(f"{sure.en} to {money(high).en}", f"{sure.zh}至{money(high).zh}")


def _summary(found: Entitlements, stacking: Stacking) -> Bilingual:
    counts = {standing: len(found.of(standing)) for standing in STANDINGS}
    applies = counts["applies"]
    en = (
        f"{applies} measure{'' if applies == 1 else 's'} appl{'ies' if applies == 1 else 'y'}, "
        f"{counts['would_apply']} would with further facts, {counts['needs_person']} need a person, "
        f"{counts['does_not']} do not apply."
    )
    zh = (
        f"可享受{applies}项，补充信息后可能享受{counts['would_apply']}项，"
        f"须由人认定{counts['needs_person']}项，不适用{counts['does_not']}项。"
    )
    if stacking.counted:
        total = total_text(stacking.totals)
        en += f" Together they give {total.en}."
        zh += f"合并享受：{total.zh}。"
    return Bilingual(en, zh)


# -- what goes together -----------------------------------------------------------------------------------------------


def _stack(stacking: Stacking) -> StackView:
    notes: list[Bilingual] = []
    if (runner := stacking.runner_up) is None:
        notes.append(RELIEF_WORDS["alone"])
    else:
        notes += [RELIEF_WORDS["proven"], _runner_up(runner)]
    if (better := stacking.could_be_better) is not None:
        notes.append(_exchange(better))
    if (other := stacking.if_unconfirmed_count) is not None:
        clashes = listed([_pair(c) for c in stacking.unconfirmed], SEMICOLON)
        total = total_text(other.by_per)
        notes.append(
            Bilingual(
                f"Not confirmed [C], so it decides nothing: {clashes.en}. If it counts, together only {total.en}; the total "
                "above begins there.",
                f"来源未经证实［C］，不作依据：{clashes.zh}。如确实适用，合计仅为{total.zh}，上列合计以此为下限。",
            )
        )
    if stacking.by_person:
        clashes = listed([_titles((c.first, c.second)) for c in stacking.by_person], SEMICOLON)
        notes.append(
            Bilingual(
                f"Each person counts under one of them only: {clashes.en}. The figures given are taken to name nobody twice.",
                f"同一人只能按一种身份享受：{clashes.zh}。所填人数视为互不重复。",
            )
        )
    for shared in stacking.shared:
        names = _titles(shared.measures)
        notes.append(
            Bilingual(
                f"{names.en}: each is reckoned by itself with the same figure, {shared.label.en.lower()}; where one of them "
                "lowers it, the other gives less.",
                f"{names.zh}：各自按同一数据（{shared.label.zh}）计算；其中一项使其减少的，另一项相应减少。",
            )
        )
    notes.append(RELIEF_WORDS["counted"])
    measures = tuple((e.title, _per(_sure((e.low, e.high)), e.measure.per)) for e in stacking.best.measures)
    return StackView(total_text(stacking.totals), measures, tuple(notes))


def _runner_up(runner: RunnerUp) -> Bilingual:
    because = listed([_pair(c) for c in runner.clashes], SEMICOLON)
    instead, of = _titles(runner.instead), _titles(runner.of)
    if not runner.by:
        return Bilingual(
            f"Next best, worth as much as far as is sure: {instead.en} instead of {of.en} ({because.en}).",
            f"次优组合（已确定的金额相同）：以{instead.zh}代替{of.zh}（{because.zh}）。",
        )
    less = money(runner.by)
    return Bilingual(
        f"Next best, {less.en} less: {instead.en} instead of {of.en} ({because.en}).",
        f"次优组合（少{less.zh}）：以{instead.zh}代替{of.zh}（{because.zh}）。",
    )


def _exchange(better: Exchange) -> Bilingual:
    instead, of = _titles(better.instead), _titles(better.of)
    if better.by is None:
        return Bilingual(
            f"While facts are missing, {instead.en} could be worth more than {of.en}.",
            f"信息补齐前，{instead.zh}可能优于{of.zh}。",
        )
    more = money(better.by)
    return Bilingual(
        f"While facts are missing or an authority decides, {instead.en} could be worth up to {more.en} more than {of.en}.",
        f"信息补齐或主管部门确定前，{instead.zh}可能比{of.zh}最多多{more.zh}。",
    )


def _titles(measures: Iterable[Entitlement]) -> Bilingual:
    return listed([Bilingual(f"“{e.title.en}”", f"“{e.title.zh}”") for e in measures], COMMA)


def _pair(clash: Clash) -> Bilingual:
    """What keeps two measures apart."""
    names = _titles((clash.first, clash.second))
    words = RELATIONS[clash.kind]
    same = SAMES[clash.relation.same] if clash.relation.same is not None else None
    en = f"{words.en}: {names.en}" + (f", {same.en}" if same is not None else "")
    zh = f"{words.zh}：{names.zh}" + (f"（{same.zh}）" if same is not None else "")
    tag = "" if clash.relation.confidence in ("A", "C") else f" [{clash.relation.confidence}]"
    return Bilingual(en[0].lower() + en[1:] + tag, zh + tag)
