"""What a report says, before it is text, HTML or anything else: the same content for every form.

A report has a size class, the rungs of the ladder, per scheme what failed and by how much, what is open and which document
settles it, what passed, and one list of the facts still to be given.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field

from yiqi.facts.industry import SECTIONS
from yiqi.facts.region import province_of
from yiqi.judge.answer import Answer, Answers
from yiqi.judge.figures import year_of
from yiqi.judge.frame import is_flag
from yiqi.judge.gap import gap
from yiqi.judge.reasons import Reason, points_json
from yiqi.law.bilingual import Bilingual
from yiqi.law.quantities import quantity_text
from yiqi.law.tree import Compare, Flag, Law, Slot
from yiqi.law.words import CLASSES

OUTCOMES = {
    "yes": Bilingual("Yes", "符合"),
    "no": Bilingual("No", "不符合"),
    "unknown": Bilingual("Open", "待定"),
    "not_applicable": Bilingual("No rule on this day", "当日无适用规定"),
}
KNOWN_BY = {
    "enterprise": Bilingual("the enterprise", "企业"),
    "register": Bilingual("a public register", "公开登记信息"),
    "platform": Bilingual("the platform", "培育平台"),
    "official": Bilingual("an authority's judgement", "主管部门判断"),
}
COMBINES = {
    "any": Bilingual("any one suffices", "满足任一项即可"),
    "readings": Bilingual("open in the source: counts where all readings agree", "原文未明确：各种解读一致时才作结论"),
    "none": Bilingual("none may be", "均不得存在"),
    "sum": Bilingual("points add up", "分值相加"),
    "best": Bilingual("the best counts", "取最高分"),
    "each": Bilingual("each adds", "逐项加分"),
}
TAG_NOTES = {
    "B": Bilingual("[B] read in one secondary source only", "［B］仅见于一个二手来源"),
    "C": Bilingual("[C] from memory, unconfirmed: shown, decides nothing", "［C］凭记忆、未经证实：只显示，不作结论"),
    "D": Bilingual("[D] derived by us, not a rule", "［D］本项目推导，并非规定"),
}


@dataclass(frozen=True)
class Line:
    """One condition as shown. ``mark`` is yes, no, unknown, points or class; ``depth`` the indentation."""

    id: str
    mark: str
    text: Bilingual
    actual: Bilingual | None
    required: Bilingual | None
    short: Bilingual | None
    """By how much a failed comparison was missed."""
    cite: Bilingual
    confidence: str
    depth: int
    heading: bool
    note: Bilingual | None
    points: tuple[str, str, str] | None
    """Low, high and maximum of a score."""
    missing: tuple[str, ...]


@dataclass(frozen=True)
class MissingFact:
    """A value nobody gave, what proves it and who knows it."""

    name: str
    label: Bilingual
    proof: Bilingual
    known_by: Bilingual
    judged: bool
    schemes: list[Bilingual] = field(default_factory=list)


@dataclass(frozen=True)
class SchemeView:
    """One scheme as shown."""

    id: str
    title: Bilingual
    outcome: str
    word: Bilingual
    headline: Bilingual
    cite: Bilingual | None
    number: str
    version: Bilingual
    confidence: str | None
    score: tuple[str, str, str] | None
    failed: list[Line]
    open: list[Line]
    every: list[Line]
    for_yes: list[str]


@dataclass(frozen=True)
class ReportView:
    """A whole report about one enterprise on one day."""

    name: str
    uscc: str
    profile: list[tuple[Bilingual, Bilingual]]
    on: dt.date
    procedure: Bilingual
    size: Bilingual
    held: list[Bilingual]
    schemes: list[SchemeView]
    facts: list[MissingFact]
    tags: list[Bilingual]

    def day(self, language: str) -> str:
        return day_text(self.on)[language]  # type: ignore[index]


def day_text(day: dt.date) -> Bilingual:
    return Bilingual(day.isoformat(), f"{day.year}年{day.month}月{day.day}日")


def build_view(answers: Answers, law: Law) -> ReportView:
    """The content of a report."""
    sheet = answers.sheet
    vocabulary = law.vocabulary
    facts: dict[str, MissingFact] = {}
    schemes = [_scheme(answer, law, facts) for answer in answers]
    profile: list[tuple[Bilingual, Bilingual]] = []
    region, industry = sheet.get("region"), sheet.get("industry")
    if isinstance(region, str):
        place = province_of(region)
        profile.append((vocabulary["region"].label, Bilingual(f"{place.en} ({region})", f"{place.zh}（{region}）")))
    if isinstance(industry, str):
        section = SECTIONS[industry[0]][2]
        profile.append(
            (vocabulary["industry"].label, Bilingual(f"{industry}, {section.en}", f"{industry} {section.zh}"))
        )
    titles = sheet.get("titles")
    held = [m.label for m in vocabulary["titles"].members if isinstance(titles, frozenset) and m.id in titles]
    if titles is None:
        held = [Bilingual("not stated", "未填写")]
    elif not held:
        held = [Bilingual("none", "无")]
    used = {line.confidence for scheme in schemes for line in scheme.every}
    procedure = next((a.procedure for a in answers), "new")
    size = next((s.word for s in schemes if s.id == "size.class"), Bilingual("not asked", "未评价"))
    return ReportView(
        name=sheet.name or "", uscc=sheet.uscc or "", profile=profile, on=answers.on,
        procedure=Bilingual("new application", "新申报") if procedure == "new" else Bilingual("re-review", "复核"),
        size=size, held=held, schemes=schemes, facts=sorted(facts.values(), key=lambda f: -len(f.schemes)),
        tags=[note for tag, note in TAG_NOTES.items() if tag in used],
    )  # fmt: skip


def _scheme(answer: Answer, law: Law, facts: dict[str, MissingFact]) -> SchemeView:
    reason = answer.reason
    outcome = answer.outcome or "unknown"
    if reason is None or answer.instrument is None:
        word = OUTCOMES["not_applicable"]
        return SchemeView(
            answer.scheme.id, answer.scheme.title, "not_applicable", word, word, None, "", Bilingual("", ""), None, None,
            [], [], [], [],
        )  # fmt: skip
    every = list(lines(reason, 0))
    failed = list(deciding(reason, 0, 0)) if outcome == "no" else []
    still_open = list(deciding(reason, 1, 0)) if not answer.decided else []
    for_yes = list(answer.missing.for_yes[0]) if answer.missing.for_yes else []
    if answer.possible is not None:
        word = class_names(answer.possible)
        outcome = "class" if len(answer.possible) == 1 else "unknown"
    else:
        word = OUTCOMES[outcome]
    if not answer.decided:
        wanted = {name for group in (*answer.missing.settle, *answer.missing.for_yes) for name in group}
        for item in reason.walk():
            for slot in item.slots():
                _remember(item, slot, wanted, answer, law, facts)
    score = answer.score
    inst = answer.instrument
    version = Bilingual(
        f"{inst.title.en}, in force from {inst.in_force.isoformat()}, compared with the source on {inst.reviewed.isoformat()}",
        f"《{inst.title.zh}》，{day_text(inst.in_force).zh}起施行，{day_text(inst.reviewed).zh}与原文核对",
    )
    return SchemeView(
        id=answer.scheme.id, title=answer.scheme.title, outcome=outcome, word=word,
        headline=_headline(answer, failed), cite=reason.outline.cite, number=inst.number, version=version,
        confidence=answer.confidence,
        score=None if score is None else (str(points_json(score[0])), str(points_json(score[1])), str(points_json(score[2]))),
        failed=failed, open=still_open, every=every, for_yes=for_yes,
    )  # fmt: skip


def class_names(names: tuple[str, ...]) -> Bilingual:
    """Classes as people read them; several are those still possible."""
    words = [CLASSES.get(name, (name, name)) for name in names]
    return Bilingual(" or ".join(w[0] for w in words), "或".join(w[1] for w in words))


def _headline(answer: Answer, failed: list[Line]) -> Bilingual:
    outcome = answer.outcome
    if outcome == "yes":
        return Bilingual("Every condition holds.", "各项条件均满足。")
    if outcome == "no":
        ends = [line for line in failed if not line.heading]
        count = len(ends)
        first = ends[0] if ends else None
        if first is None:
            return Bilingual("Not met.", "不满足。")
        some = "condition fails" if count == 1 else "conditions fail"
        return Bilingual(
            f"{count} {some}: {first.text.en}" + (" …" if count > 1 else ""),
            f"{count}项不满足：{first.text.zh}" + ("等" if count > 1 else ""),
        )
    sets = answer.missing.settle
    if not sets:
        if answer.possible is not None or answer.settles is None:
            return Bilingual("", "")
        return answer.settles
    needed = answer.missing.for_yes[0] if answer.missing.for_yes else ()
    if needed:
        return Bilingual(
            f"Nothing known speaks against it; {len(needed)} facts are still needed for a yes.",
            f"目前没有不满足的条件；得出“符合”还需{len(needed)}项信息。",
        )
    return Bilingual("More facts are needed.", "需要补充信息。")


def _remember(
    reason: Reason, slot: Slot, wanted: set[str], answer: Answer, law: Law, facts: dict[str, MissingFact]
) -> None:
    from yiqi.judge.frame import slot_name

    fact = law.vocabulary.get(slot.fact)
    if fact is None:
        return
    value = reason.run.evaluation.value(slot)
    if value is not None and not (value == 1 and is_flag(slot, law.vocabulary)):
        return
    name = slot_name(slot, law.vocabulary, answer.on)
    if name not in wanted:
        return
    year = year_of(slot, law.vocabulary, answer.on)
    label = fact.label if year is None else Bilingual(f"{fact.label.en}, {year}", f"{year}年{fact.label.zh}")
    known = facts.setdefault(name, MissingFact(name, label, fact.proof, KNOWN_BY[fact.known_by], fact.judged))
    if answer.scheme.title not in known.schemes:
        known.schemes.append(answer.scheme.title)


def lines(reason: Reason, depth: int) -> Iterator[Line]:
    """Every condition below a reason, in the order of the law."""
    for child in reason.children:
        if (
            child.outline.kind == "condition"
            and len(child.children) == 1
            and not child.outline.leaves
            and child.points is None
        ):
            inner = child.children[0]
            if child.outline.threshold is None and inner.outline.value == "truth" and inner.value == child.value:
                # A line that only names another rule: the rule's heading says it better.
                yield line(inner, depth)
                yield from lines(inner, depth + 1)
                continue
        yield line(child, depth)
        yield from lines(child, depth + 1)


def deciding(reason: Reason, value: int, depth: int) -> Iterator[Line]:
    """The conditions through which an answer is a no (``value`` 0) or open (1): only parts that matter."""
    for child in reason.children:
        if child.outline.value != "truth" or child.value != value:
            continue
        parts = [c for c in child.children if c.outline.value == "truth" and c.value == value]
        group = child.outline.combine in ("any", "readings", "none") or child.outline.combine.startswith("at_least")
        if child.outline.threshold is not None or not parts:
            yield line(child, depth)
            if child.outline.threshold is not None:
                yield from lines(child, depth + 1)
        elif group:
            yield line(child, depth)
            yield from deciding(child, value, depth + 1)
        else:
            yield from deciding(child, value, depth)


def line(reason: Reason, depth: int) -> Line:
    """One condition as shown."""
    o = reason.outline
    points: tuple[str, str, str] | None = None
    mark = "points"
    text = o.text
    if o.value == "class":
        mark = "class"
        names = class_names(reason.possible or ())
        text = Bilingual(f"{o.text.en}: {names.en}", f"{o.text.zh}：{names.zh}")
    elif o.value == "truth":
        mark = {2: "yes", 1: "unknown", 0: "no"}[reason.value]
    elif o.value == "points":
        low, high = reason.points or (0, 0)
        points = (str(points_json(low)), str(points_json(high)), str(points_json(o.maximum or 0)))
    short: Bilingual | None = None
    if mark == "no" and len(o.leaves) == 1 and isinstance(o.leaves[0], Compare):
        short = short_text(reason, o.leaves[0])
    # A plain yes or no is said by the mark already.
    actual = None if o.leaves and all(isinstance(leaf, Flag) for leaf in o.leaves) else reason.actual
    note: Bilingual | None = None
    if reason.undefined:
        note = Bilingual("no value: the base is zero or less", "没有数值：基数为零或负")
    elif o.combine in COMBINES and o.kind == "rule":
        note = COMBINES[o.combine]
    return Line(
        id=o.id, mark=mark, text=text, actual=actual, required=o.required, short=short, cite=o.cite,
        confidence=o.confidence, depth=depth, heading=o.kind in ("rule", "group") and o.value != "class", note=note, points=points,
        missing=reason.missing if mark != "yes" else (),
    )  # fmt: skip


def short_text(reason: Reason, node: Compare) -> Bilingual | None:
    """``161.25万元 of main-business revenue short``."""
    found = gap(reason.run.evaluation, node)
    if found is None:
        return None
    fact = reason.run.compiled.linked.law.vocabulary.get(found.slot.fact)
    if fact is None or fact.kind is None:
        return None
    amount = Bilingual(*(quantity_text(abs(found.change), fact.kind, lang, fact.unit) for lang in ("en", "zh")))
    if found.change > 0:
        return Bilingual(f"short by {amount.en} ({fact.label.en.lower()})", f"{fact.label.zh}还差{amount.zh}")
    return Bilingual(f"over by {amount.en} ({fact.label.en.lower()})", f"{fact.label.zh}超出{amount.zh}")
