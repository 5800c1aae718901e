"""What a report says, before it is text or HTML: the same content for every form, in both languages.

First what the enterprise is and which rungs of the ladder it holds or could apply for; then, per question, what decided,
the score item by item and every condition; and one list of the facts still to be given, by the document that proves them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from yiqi.facts.industry import SECTIONS
from yiqi.facts.region import province_of
from yiqi.facts.sheet import FactSheet
from yiqi.judge.answer import Answer, Answers
from yiqi.judge.frame import slot_name
from yiqi.judge.reasons import Reason
from yiqi.law.bilingual import Bilingual, Language
from yiqi.law.tree import Instrument, Law
from yiqi.relief.entitlements import SUBJECT, entitlements
from yiqi.report.condition_rows import ConditionRows, decisive_rows
from yiqi.report.given_lines import GivenLine, given_lines
from yiqi.report.phrases import (
    KNOWN_BY,
    OUTCOMES,
    PROCEDURES,
    TAGS,
    WORDS,
    class_names,
    day_text,
)
from yiqi.report.relief_view import ReliefView, relief_view
from yiqi.report.row import Row, Score
from yiqi.report.score_rows import score_rows
from yiqi.report.shortfall import missing_slots, slot_label
from yiqi.report.table_texts import table_figure

FEW = 3
"""So many measures are told like any other question, each with its conditions."""


@dataclass(frozen=True)
class SchemeView:
    """One question as shown. ``outcome`` is yes, no, unknown, class or not_applicable."""

    id: str
    title: Bilingual
    outcome: str
    word: Bilingual
    held: bool | None
    """Whether the enterprise holds the title of this name; None when that is not stated or there is none."""
    standing: Bilingual
    """In a few words, what the outcome means for the enterprise."""
    cite: Bilingual | None
    instrument: Instrument | None
    version: Bilingual
    """The instrument by its title, since when it is in force and when it was last compared with its source."""
    confidence: str | None
    score: Score | None
    failed: tuple[Row, ...]
    open: tuple[Row, ...]
    figures: tuple[Row, ...]
    """For a class: the rule that gave it, with its figures."""
    scores: tuple[Row, ...]
    every: tuple[Row, ...]
    ahead: tuple[Row, ...]
    """Of a class that rules decide: what the next class up fails by."""
    ahead_title: Bilingual
    given: tuple[GivenLine, ...] = ()
    """What a measure gives: an amount, a day."""

    @property
    def passed(self) -> int:
        """How many single conditions hold."""
        return sum(row.mark == "yes" and not row.heading for row in self.every)


@dataclass(frozen=True)
class MissingFact:
    """A value nobody gave. ``needed`` marks those on the shortest way to a yes of one of the questions."""

    name: str
    label: Bilingual
    needed: bool


@dataclass
class Document:
    """A document and the missing facts it would prove."""

    proof: Bilingual
    known_by: Bilingual
    facts: list[MissingFact] = field(default_factory=list)
    serves: list[Bilingual] = field(default_factory=list)


@dataclass(frozen=True)
class ReportView:
    """A whole report about one enterprise on one day."""

    name: Bilingual
    uscc: str
    profile: tuple[tuple[Bilingual, Bilingual], ...]
    on: dt.date
    procedure: Bilingual
    schemes: tuple[SchemeView, ...]
    documents: tuple[Document, ...]
    tags: tuple[Bilingual, ...]
    relief: ReliefView | None = None
    """The list of measures; None where none was asked for."""

    @property
    def ladder(self) -> tuple[SchemeView, ...]:
        return tuple(s for s in self.schemes if s.id.startswith("ladder."))

    @property
    def size(self) -> tuple[SchemeView, ...]:
        return tuple(s for s in self.schemes if s.id.startswith("size."))

    @property
    def others(self) -> tuple[SchemeView, ...]:
        """What is neither size nor ladder; measures of relief only where they have no list."""
        return tuple(s for s in self.told if not s.id.startswith(("size.", "ladder.")))

    @property
    def told(self) -> tuple[SchemeView, ...]:
        """The questions that are told one by one: measures only where they have no list."""
        return tuple(s for s in self.schemes if self.relief is None or not s.id.startswith(SUBJECT))

    @property
    def detailed(self) -> tuple[SchemeView, ...]:
        """The questions with a chapter of their own: of a list of measures those that apply."""
        measures = sum(s.id.startswith(SUBJECT) for s in self.schemes)
        return tuple(s for s in self.schemes if _detailed(s.id, s.outcome, measures))

    @property
    def linked(self) -> frozenset[str]:
        """Ids of the questions that have a chapter."""
        return frozenset(s.id for s in self.detailed)

    def day(self, language: Language) -> str:
        return day_text(self.on)[language]


def _detailed(scheme: str, outcome: str | None, measures: int) -> bool:
    return measures <= FEW or not scheme.startswith(SUBJECT) or outcome == "yes"


def build_view(answers: Answers, law: Law) -> ReportView:
    """The content of a report."""
    conditions = ConditionRows()
    measures = sum(answer.scheme.id.startswith(SUBJECT) for answer in answers)
    # Of many measures only those that apply have a chapter; what is shown once is shown where there is one.
    schemes = tuple(
        _scheme(
            answer,
            answers.sheet,
            law,
            conditions if _detailed(answer.scheme.id, answer.outcome, measures) else conditions.aside(),
        )
        for answer in answers
    )
    used = {row.confidence for s in schemes for row in (*s.every, *s.scores)} | {s.confidence for s in schemes}
    procedure = next((a.procedure for a in answers), "new")
    name = answers.sheet.name
    return ReportView(
        name=Bilingual(name, name) if name else WORDS["no_name"],
        uscc=answers.sheet.uscc or "",
        profile=tuple(_profile(answers.sheet, law)),
        on=answers.on,
        procedure=PROCEDURES[procedure],
        schemes=schemes,
        documents=tuple(_documents(answers, law)),
        relief=relief_view(entitlements(answers, law)) if measures > FEW else None,
        tags=tuple(text for tag, text in TAGS.items() if tag in used and used & {"B", "C", "D"}),
    )


def _profile(sheet: FactSheet, law: Law) -> Iterable[tuple[Bilingual, Bilingual]]:
    region, industry, titles = sheet.get("region"), sheet.get("industry"), sheet.get("titles")
    if isinstance(region, str):
        place = province_of(region)
        yield WORDS["region"], Bilingual(f"{place.en} ({region})", f"{place.zh}（{region}）")
    if isinstance(industry, str):
        section = SECTIONS[industry[0]][2]
        yield WORDS["industry"], Bilingual(f"{section.en} ({industry})", f"{section.zh}（{industry}）")
    held = WORDS["not_stated"]
    if isinstance(titles, frozenset):
        labels = [member.label for member in law.vocabulary["titles"].members if member.id in titles]
        none = WORDS["none"]
        held = Bilingual(", ".join(t.en for t in labels) or none.en, "、".join(t.zh for t in labels) or none.zh)
    yield WORDS["held"], held


# -- one question -----------------------------------------------------------------------------------------------------


def _scheme(answer: Answer, sheet: FactSheet, law: Law, conditions: ConditionRows) -> SchemeView:
    reason, instrument = answer.reason, answer.instrument
    held = _held(answer, sheet, law)
    if reason is None or instrument is None:
        word = OUTCOMES["not_applicable"]
        return SchemeView(
            answer.scheme.id, answer.scheme.title, "not_applicable", word, held, Bilingual("", ""), None, None,
            Bilingual("", ""), None, None, (), (), (), (), (), (), Bilingual("", ""),
        )  # fmt: skip
    failed = tuple(decisive_rows(reason)) if answer.outcome == "no" else ()
    still_open = tuple(decisive_rows(reason)) if answer.outcome == "unknown" else ()
    ahead: tuple[Row, ...] = ()
    ahead_title = Bilingual("", "")
    if answer.possible is not None:
        outcome = "class" if len(answer.possible) == 1 else "unknown"
        word = class_names(answer.possible)
        if answer.ahead is not None and answer.decided:
            ahead = tuple(decisive_rows(answer.ahead))
            title = answer.ahead.outline.text
            ahead_title = Bilingual(f"{WORDS['ahead'].en}: {title.en}", f"{WORDS['ahead'].zh}：{title.zh}")
        elif answer.ahead is not None:
            still_open = tuple(decisive_rows(answer.ahead))
    else:
        outcome = answer.outcome or "unknown"
        word = OUTCOMES[outcome]
    scores = score_rows(answer.ahead or reason)
    score = None
    if answer.score is not None:
        low, high, pass_mark = answer.score
        maximum = next((r.score.maximum for r in scores if r.score is not None and r.depth == 0), 0)
        score = Score(low, high, maximum, pass_mark, "ahead_from" if answer.ahead is not None else "pass")
        if answer.ahead is not None:
            scores = tuple(_mark_ahead(row) for row in scores)
    return SchemeView(
        id=answer.scheme.id,
        title=answer.scheme.title,
        outcome=outcome,
        word=word,
        held=held,
        standing=_standing(answer, held, failed),
        cite=reason.outline.cite,
        instrument=instrument,
        version=_version(instrument, stale=answer.stale),
        confidence=answer.confidence,
        score=score,
        failed=failed,
        open=still_open,
        figures=tuple(_class_figures(reason)),
        scores=scores,
        every=conditions.of(reason),
        ahead=ahead,
        ahead_title=ahead_title,
        given=given_lines(answer),
    )


def _mark_ahead(row: Row) -> Row:
    """A score whose mark is that of the next class up."""
    return row if row.score is None else replace(row, score=replace(row.score, mark="ahead_from"))


def _held(answer: Answer, sheet: FactSheet, law: Law) -> bool | None:
    """Whether the title that a rung is named after is among those held; a list that is given is complete."""
    titles, fact = sheet.get("titles"), law.vocabulary.get("titles")
    name = answer.scheme.id.partition(".")[2]
    if not isinstance(titles, frozenset) or fact is None or name not in {member.id for member in fact.members}:
        return None
    return name in titles


def _version(instrument: Instrument, *, stale: bool) -> Bilingual:
    start, reviewed = day_text(instrument.in_force), day_text(instrument.reviewed)
    again = Bilingual(" (to be compared again)", "（应重新核对）") if stale else Bilingual("", "")
    return Bilingual(
        f"{instrument.title.en} ({instrument.number}), in force from {start.en}, compared with its source on {reviewed.en}"
        f"{again.en}",
        f"《{instrument.title.zh}》（{instrument.number}），{start.zh}起施行，{reviewed.zh}与原文核对{again.zh}",
    )


def _standing(answer: Answer, held: bool | None, failed: tuple[Row, ...]) -> Bilingual:
    """What an outcome means: that a title can be applied for, or what stands in the way."""
    if answer.possible is not None:
        return Bilingual("", "") if len(answer.possible) == 1 else _needed(answer)
    match answer.outcome:
        case "yes" if held is False and answer.procedure == "new":
            return Bilingual("Every condition holds. It can be applied for.", "各项条件均满足，可以申报。")
        case "yes":
            return Bilingual("Every condition holds.", "各项条件均满足。")
        case "no":
            count = sum(row.depth == 0 for row in failed)
            fails = "condition fails" if count == 1 else "conditions fail"
            keeps = Bilingual("", "")
            if held and answer.procedure == "new":
                keeps = Bilingual(
                    " This is what a new application is asked; a title in force runs to the end of its term.",
                    "此为新申报的条件，有效期内的称号至期满仍有效。",
                )
            return Bilingual(f"{count} {fails}.{keeps.en}", f"{count}项条件不满足。{keeps.zh}")
        case _:
            return _needed(answer)


def _needed(answer: Answer) -> Bilingual:
    """What an open answer waits for."""
    if not answer.missing.settle:
        return Bilingual(
            "No further fact can settle this: what is open is undefined or rests on an unconfirmed source.",
            "补充信息也无法确定：未决之处没有定义，或其来源未经证实。",
        )
    count = min((len(s) for s in answer.missing.for_yes), default=0)
    if not count:
        return Bilingual("More facts are needed.", "需要补充信息。")
    facts = "fact is" if count == 1 else "facts are"
    if answer.possible is not None:
        return Bilingual(f"At least {count} {facts} needed to settle the class.", f"确定类型至少还需{count}项信息。")
    return Bilingual(
        f"Nothing known speaks against it; {count} {facts} still needed for a yes.",
        f"目前没有不满足的条件；得出“符合”还需{count}项信息。",
    )


def _class_figures(reason: Reason) -> Iterable[Row]:
    """Under a class: the rule for the industry, with the figures it looked at."""
    if reason.outline.value != "class":
        return
    for child in reason.children:
        outline, figure = child.outline, table_figure(child)
        if outline.value == "class" and figure is not None:
            yield Row(outline.id, "class", outline.text, 0, outline.cite, outline.confidence, True, figure)
        yield from _class_figures(child)


# -- what is missing --------------------------------------------------------------------------------------------------


def _documents(answers: Answers, law: Law) -> list[Document]:
    """The facts that could settle an open answer, by the document that proves them; most useful documents first."""
    found: dict[tuple[str, str], Document] = {}
    facts: dict[str, MissingFact] = {}
    shortest: set[str] = set()
    # The list of measures names for each what it lacks.
    asked = [a for a in answers if not a.scheme.id.startswith(SUBJECT)] or list(answers)
    for answer in asked:
        if not answer.decided and answer.missing.for_yes:
            shortest.update(answer.missing.for_yes[0])  # the smallest stands first
    for answer in asked:
        if answer.decided or answer.reason is None:
            continue
        wanted = {name for group in (*answer.missing.settle, *answer.missing.for_yes) for name in group}
        for reason in answer.reason.walk():
            for slot in missing_slots(reason):
                name = slot_name(slot, law.vocabulary, answer.on)
                if name not in wanted:
                    continue
                fact = law.vocabulary[slot.fact]
                key = (fact.proof.zh, fact.known_by)
                document = found.setdefault(key, Document(fact.proof, KNOWN_BY[fact.known_by]))
                if name not in facts:
                    facts[name] = MissingFact(name, slot_label(reason, slot), name in shortest)
                    document.facts.append(facts[name])
                if answer.scheme.title not in document.serves:
                    document.serves.append(answer.scheme.title)
    return sorted(found.values(), key=lambda d: (-sum(f.needed for f in d.facts), -len(d.serves), -len(d.facts)))
