"""The tables of `yiqi law list`, `facts`, `coverage` and `versions`: columns, and the rows read off the law."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction

from yiqi.cli.language import Text
from yiqi.cli.table import Column
from yiqi.law.bilingual import Bilingual, Language
from yiqi.law.coverage import Coverage, coverage_of, total_coverage
from yiqi.law.references import reading_rules
from yiqi.law.tree import Law, VersionRow
from yiqi.law.vocabulary import Fact

INSTRUMENTS = (
    Column("id", Text("Id", "标识"), whole=True),
    Column("number", Text("Number", "文号")),
    Column("title", Text("Title", "标题")),
    Column("in_force", Text("In force", "施行"), whole=True),
    Column("until", Text("Until", "至"), whole=True),
    Column("subject", Text("Subject", "主题")),
    Column("reviewed", Text("Reviewed", "核对"), whole=True),
    Column("rules", Text("Rules", "规则"), right=True),
    Column("coverage", Text("Coverage", "覆盖")),
)

FACTS = (
    Column("id", Text("Id", "标识"), whole=True),
    Column("label", Text("Label", "名称")),
    Column("type", Text("Type", "类型")),
    Column("unit", Text("Unit", "单位")),
    Column("known_by", Text("Known by", "由谁掌握")),
    Column("proof", Text("Proof", "证明材料")),
    Column("rules", Text("Read by", "使用该事实的规则")),
)

COVERAGE = (
    Column("id", Text("Id", "标识"), whole=True),
    Column("title", Text("Title", "标题")),
    Column("headings", Text("Headings", "条目"), right=True),
    Column("run", Text("Run", "自动判断"), right=True),
    Column("person", Text("Need a person", "人工判断"), right=True),
    Column("steps", Text("Order steps", "程序"), right=True),
    Column("explain", Text("Only explain", "仅说明"), right=True),
)

VERSIONS = (
    Column("scheme", Text("Scheme", "项目"), whole=True),
    Column("title", Text("Title", "名称")),
    Column("procedure", Text("Procedure", "办理类型")),
    Column("first", Text("Acts from", "办理日起"), whole=True),
    Column("last", Text("Acts until", "办理日止"), whole=True),
    Column("rule", Text("Rule", "规则")),
)

KNOWN_BY = {
    "enterprise": Bilingual("enterprise", "企业"),
    "register": Bilingual("public register", "登记公示"),
    "platform": Bilingual("platform", "平台"),
    "official": Bilingual("official's judgement", "主管部门认定"),
}
TYPES = {
    "money": Bilingual("amount", "金额"),
    "ratio": Bilingual("share", "比例"),
    "points": Bilingual("points", "分值"),
    "count": Bilingual("count", "数量"),
    "years": Bilingual("years", "年数"),
    "yes_no": Bilingual("yes/no", "是/否"),
    "date": Bilingual("date", "日期"),
    "text": Bilingual("text", "文本"),
    "uscc": Bilingual("credit code", "统一社会信用代码"),
    "region": Bilingual("region", "地区"),
    "industry": Bilingual("industry", "行业"),
    "one_of": Bilingual("one of a list", "单选"),
    "set_of": Bilingual("some of a list", "多选"),
}
PERIODS = {
    "fiscal_year": Bilingual("per fiscal year", "按会计年度"),
    "evaluation_year": Bilingual("per evaluation year", "按评价年度"),
}
PROCEDURES = {
    "any": Bilingual("any", "不限"),
    "new": Bilingual("new application", "新申报"),
    "re_review": Bilingual("re-review", "复核"),
}


def instrument_rows(law: Law, language: Language) -> Iterator[list[str]]:
    for instrument in law.instruments.values():
        yield [
            instrument.id,
            instrument.number,
            instrument.title[language],
            instrument.in_force.isoformat(),
            instrument.until.isoformat() if instrument.until else "",
            instrument.subject,
            instrument.reviewed.isoformat(),
            str(len(instrument.rules)),
            coverage_text(coverage_of(instrument), language),
        ]


def coverage_text(coverage: Coverage, language: Language) -> str:
    """``24 run, 3 need a person, 2 order steps, 20 explain`` without the kinds that do not occur."""
    parts = (
        (coverage.run, "run", "条自动判断"),
        (coverage.person, "need a person", "条人工判断"),
        (coverage.steps, "order steps", "条程序"),
        (coverage.explain, "explain", "条说明"),
    )
    if language == "zh":
        return "，".join(f"{count}{zh}" for count, _, zh in parts if count)
    return ", ".join(f"{count} {en}" for count, en, _ in parts if count)


# -- facts ------------------------------------------------------------------------------------------------------------


def facts_with(law: Law, word: str | None) -> list[Fact]:
    """The facts whose id, labels, group or values contain a word (capital or small); all without a word."""
    if word is None:
        return list(law.vocabulary)
    wanted = word.casefold()

    def texts(fact: Fact) -> Iterator[str]:
        yield fact.id
        for text in (fact.label, fact.group, *(member.label for member in fact.members)):
            yield text.en
            yield text.zh
        yield from (member.id for member in fact.members)

    return [fact for fact in law.vocabulary if any(wanted in text.casefold() for text in texts(fact))]


def fact_rows(law: Law, facts: Iterable[Fact], language: Language, brief: bool) -> Iterator[list[str]]:
    """``brief`` counts the rules of each instrument that read a fact instead of naming them."""
    readers = reading_rules(law)
    for fact in facts:
        kind = TYPES[fact.type][language]
        if fact.per:
            kind += ("，" if language == "zh" else ", ") + PERIODS[fact.per][language]
        yield [
            fact.id,
            fact.label[language],
            kind,
            fact.unit or "",
            KNOWN_BY[fact.known_by][language],
            fact.proof[language],
            _counted(readers.get(fact.id, ())) if brief else " ".join(readers.get(fact.id, ())),
        ]


def _counted(rules: Iterable[str]) -> str:
    counts = Counter(rule.partition("#")[0] for rule in rules)
    return ", ".join(f"{instrument} ({count})" for instrument, count in counts.items())


# -- coverage ---------------------------------------------------------------------------------------------------------


def coverages(law: Law) -> list[tuple[str, Bilingual, Coverage]]:
    """Each instrument and, last, all of them together (with an empty id)."""
    each = [(i.id, i.title, coverage_of(i)) for i in law.instruments.values()]
    return [*each, ("", Bilingual("All instruments", "全部法规"), total_coverage(c for _, _, c in each))]


def coverage_rows(law: Law, language: Language) -> Iterator[list[str]]:
    for identifier, title, coverage in coverages(law):
        counts = (coverage.run, coverage.person, coverage.steps, coverage.explain)
        yield [
            identifier,
            title[language],
            str(coverage.total),
            *(f"{count} ({_percent(coverage.share(count))})" for count in counts),
        ]


def coverage_json(law: Law) -> list[dict[str, object]]:
    """Counts and percentages (with one decimal, as text) per instrument and for all together (``id`` null)."""
    found: list[dict[str, object]] = []
    for identifier, title, coverage in coverages(law):
        counts = {"run": coverage.run, "person": coverage.person, "steps": coverage.steps, "explain": coverage.explain}
        percent = {key: _percent(coverage.share(count)).removesuffix("%") for key, count in counts.items()}
        found.append(
            {
                "id": identifier or None,
                "title": title.as_dict(),
                "headings": coverage.total,
                "counts": counts,
                "percent": percent,
            }
        )
    return found


def _percent(share: Fraction | None) -> str:
    """A share with one decimal, halves rounded up; a dash when there is nothing to take a share of."""
    if share is None:
        return "–"
    tenths = int(share * 1000 + Fraction(1, 2))
    return f"{tenths // 10}.{tenths % 10}%"


# -- versions ---------------------------------------------------------------------------------------------------------


def versions_on(law: Law, on: dt.date | None) -> Sequence[VersionRow]:
    """The rows that hold on a day, or all of them."""
    if on is None:
        return law.versions
    return [row for row in law.versions if row.first <= on and (row.last is None or on <= row.last)]


def version_rows(law: Law, on: dt.date | None, language: Language) -> Iterator[list[str]]:
    """One line per row; a scheme for which no rule holds on the day has a line that says so."""
    rows = versions_on(law, on)
    for scheme in law.schemes.values():
        own = [row for row in rows if row.scheme == scheme.id]
        for row in own:
            yield [
                scheme.id,
                scheme.title[language],
                PROCEDURES[row.procedure][language],
                row.first.isoformat(),
                row.last.isoformat() if row.last else "",
                row.rule,
            ]
        if not own:
            none = Bilingual("no rule on this day", "当日没有规则") if on else Bilingual("no rule yet", "尚无规则")
            yield [scheme.id, scheme.title[language], "", "", "", none[language]]
