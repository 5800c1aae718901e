"""Reads the ``measure`` fences of all law files and makes their relations symmetric.

A fence stands once below a heading of conditions, in YAML::

    head: [cost]
    difficulty: [costs]
    kind: saving
    level: national
    per: year
    claim: {how: return, where: {en: Yearly income-tax return, zh: 年度企业所得税申报}}
    deadline: 31 May
    excludes: [{measure: high_tech_income_tax, same: tax, tag: C}]

Names in it are schemes of the same subject or full rule ids; each must be a measure.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Literal, cast, get_args

from yiqi.law.bilingual import Bilingual
from yiqi.law.diagnostics import Diagnostic, Place, did_you_mean
from yiqi.law.document import Document, Fence, Section
from yiqi.law.duration import By, DurationError, MonthDay, parse_timing
from yiqi.law.located_yaml import Entries, Node, Text, read_located_yaml
from yiqi.law.measure import (
    Claim,
    Difficulty,
    Head,
    How,
    Kind,
    Level,
    Measure,
    Per,
    Relation,
    RelationKind,
    Same,
    Tag,
)
from yiqi.law.shapes import Shapes
from yiqi.law.tree import Law, Rule, Scheme, VersionRow

WORD = "measure"
KEYS = (
    "head", "difficulty", "kind", "level", "per", "claim", "deadline", "excludes", "adds_to", "highest_with", "review",
)  # fmt: skip
REQUIRED = ("head", "difficulty", "kind", "level", "claim")
RELATIONS: tuple[RelationKind, ...] = get_args(RelationKind)
_RELATION_KEYS = ("measure", "same", "tag")
_CLAIM_KEYS = ("how", "where")
_WITHOUT_PLACE = ("automatic", "none")

Said = tuple[str, RelationKind, Relation, Place]
"""A relation as written: rule id of the fence, kind, relation, where it stands."""


def read_measures(
    documents: Iterable[tuple[str, str, Document]],
    rules: Mapping[str, Rule],
    schemes: Mapping[str, Scheme],
    versions: Collection[VersionRow],
) -> tuple[dict[str, Measure], list[Diagnostic]]:
    """The measures of all files by rule id, and what is wrong with their fences.

    ``documents`` are the instruments: id, subject and document. A relation that names no measure is left out with an
    error; the others stand on both sides.
    """
    found: dict[str, Measure] = {}
    said: list[Said] = []
    diagnostics: list[Diagnostic] = []
    names = _Names(rules, schemes, versions)
    for instrument, subject, document in documents:
        for path, section in _sections(document.root, ""):
            fences = [b for b in section.blocks if isinstance(b, Fence) and b.word == WORD]
            for fence in fences:
                reader = _Fence(document, fence, subject, names)
                rule = rules.get(f"{instrument}#{path}") if section.id is not None else None
                measure = reader.read(rule, again=fence is not fences[0])
                diagnostics += reader.diagnostics
                if measure is not None:
                    found[measure.rule] = measure
                    said += reader.said
    return _related(found, said, names, diagnostics), diagnostics


def _sections(section: Section, path: str) -> Iterator[tuple[str, Section]]:
    for child in section.sections:
        own = ".".join(part for part in (path, child.id) if part)
        yield own, child
        yield from _sections(child, own)


class _Names:
    """Schemes and rules by the names that a fence may use."""

    def __init__(
        self, rules: Mapping[str, Rule], schemes: Mapping[str, Scheme], versions: Collection[VersionRow]
    ) -> None:
        self.rules = rules
        self.schemes = schemes
        self.rules_of: dict[str, tuple[str, ...]] = {}
        self.schemes_of: dict[str, tuple[str, ...]] = {}
        for row in versions:
            self.rules_of[row.scheme] = tuple(dict.fromkeys((*self.rules_of.get(row.scheme, ()), row.rule)))
            self.schemes_of[row.rule] = tuple(dict.fromkeys((*self.schemes_of.get(row.rule, ()), row.scheme)))

    def known(self, subject: str) -> list[str]:
        return [s.partition(".")[2] for s in self.schemes if s.startswith(f"{subject}.")]

    def measures(self, name: str) -> tuple[str, ...]:
        """The ids of the rules that a scheme or a full rule id means."""
        return (name,) if "#" in name else self.rules_of.get(name, ())

    def called(self, rule: str) -> tuple[str, ...]:
        """How others name a rule: by its schemes, by its id where it has none."""
        return self.schemes_of.get(rule, (rule,))


class _Fence(Shapes):
    """One fence."""

    def __init__(self, document: Document, fence: Fence, subject: str, names: _Names) -> None:
        super().__init__()
        self.source = document.source
        self.fence = fence
        self.subject = subject
        self.names = names
        self.said: list[Said] = []

    def read(self, rule: Rule | None, *, again: bool) -> Measure | None:
        """The measure, or None when the fence has an error that leaves no measure."""
        at = self.source.place(self.source.line_span(self.fence.line))
        if again:
            self.error(
                "measure-twice", Bilingual("a heading has one measure fence", "一个标题只能有一个measure代码块"), at
            )
            return None
        if rule is None or rule.value != "truth":
            self.error(
                "measure-heading",
                Bilingual(
                    "a measure fence stands below a heading of conditions that has an id",
                    "measure代码块应位于有标识的条件标题之下",
                ),
                at,
            )
            return None
        # As many empty lines as stand before it, so that every place is one of the file.
        node, problems = read_located_yaml("\n" * self.fence.line + self.fence.text, self.source.name)
        self.diagnostics += problems
        if problems:
            return None
        table = self.entries(node if node is not None else Entries((), at), "a measure", KEYS)
        if table is None:
            return None
        for key in REQUIRED:
            if table.get(key) is None:
                self.error("missing-key", Bilingual(f"the measure lacks `{key}`", f"measure缺少“{key}”"), at)
        measure = Measure(
            rule=rule.id,
            head=cast("tuple[Head, ...]", self.choices(table, "head", get_args(Head))),
            difficulty=cast("tuple[Difficulty, ...]", self.choices(table, "difficulty", get_args(Difficulty))),
            kind=cast(Kind, self.choice(table.get("kind"), "kind", get_args(Kind))),
            level=cast(Level, self.choice(table.get("level"), "level", get_args(Level))),
            per=cast("Per | None", self.choice(table.get("per"), "per", get_args(Per))),
            claim=cast(Claim, self.claim(table.get("claim"))),
            deadline=self.deadline(table.get("deadline")),
            excludes=(),
            adds_to=(),
            highest_with=(),
            review=self.day(table.get("review"), "review"),
            span=self.source.line_span(self.fence.line),
        )
        self.amount(rule, measure, at)
        for kind in RELATIONS:
            self.relations(rule, kind, table.get(kind))
        return None if self.diagnostics else measure

    def choices(self, table: Entries, key: str, words: Collection[str]) -> tuple[str, ...]:
        chosen = (self.choice(item, key, words) for item in self.items(table.get(key), key))
        return tuple(word for word in chosen if word is not None)

    def claim(self, node: Node | None) -> Claim | None:
        table = self.entries(node, "claim", _CLAIM_KEYS)
        if table is None:
            return None
        how = self.choice(table.get("how"), "claim.how", get_args(How))
        where = self.bilingual(table.get("where"), "claim.where")
        for key in ("how", *(() if how in _WITHOUT_PLACE else ("where",))):
            if table.get(key) is None:
                self.error("missing-key", Bilingual(f"claim lacks `{key}`", f"claim缺少“{key}”"), table.place)
        return Claim(cast(How, how), where)

    def deadline(self, node: Node | None) -> dt.date | MonthDay | None:
        word = self.text(node, "deadline")
        if word is None:
            return None
        try:
            timing = parse_timing(f"by {word}")
            if isinstance(timing, By):
                return timing.day
        except DurationError:
            pass  # no day of every year: a single day, or an error that says both forms
        try:
            return dt.date.fromisoformat(word)
        except ValueError:
            assert node is not None
            self.error(
                "date",
                Bilingual(
                    "deadline is a day such as 2026-12-31, or a day of every year such as 31 May",
                    "deadline应为日期，例如2026-12-31，或每年的某日，例如31 May",
                ),
                node.place,
            )
            return None

    def amount(self, rule: Rule, measure: Measure, at: Place) -> None:
        """Whether ``kind`` and ``per`` fit what the heading gives."""
        gives = any(self.names.rules[r].value == "amount" for r in rule.gives if r in self.names.rules)
        if gives and measure.kind == "programme":
            self.error(
                "measure-amount",
                Bilingual("a programme gives no claim, and this heading gives an amount", "工作部署不能据以申领，而该标题给出金额"),
                at,
            )  # fmt: skip
        elif gives and measure.per is None and not self.diagnostics:
            self.error(
                "missing-key",
                Bilingual("the heading gives an amount; `per` says what it counts for", "该标题给出金额，须用“per”说明计算口径"),
                at,
            )  # fmt: skip

    def relations(self, rule: Rule, kind: RelationKind, node: Node | None) -> None:
        for item in self.items(node, kind):
            name: Node | None = item
            same: str | None = None
            tag: str | None = rule.confidence
            if isinstance(item, Entries):
                table = self.entries(item, f"a member of {kind}", _RELATION_KEYS)
                assert table is not None
                name = table.get("measure")
                if name is None:
                    self.error(
                        "missing-key",
                        Bilingual("`measure` names the other one", "须用“measure”写明另一项措施"),
                        item.place,
                    )
                    continue  # fmt: skip
                same = self.choice(table.get("same"), "same", get_args(Same))
                if table.get("tag") is not None:
                    tag = self.choice(table.get("tag"), "tag", get_args(Tag))
            to = self.name(rule, name, kind)
            if to is not None and tag is not None:
                self.said.append((rule.id, kind, Relation(to, cast("Same | None", same), cast(Tag, tag)), item.place))

    def name(self, rule: Rule, node: Node | None, kind: str) -> str | None:
        """The scheme or rule that a name means."""
        word = self.text(node, kind)
        if word is None:
            return None
        assert isinstance(node, Text)
        name = word if "#" in word else f"{self.subject}.{word}"
        if name not in (self.names.rules if "#" in word else self.names.schemes):
            self.error(
                "unknown-name",
                Bilingual(f"`{word}` is no scheme of {self.subject} and no rule", f"“{word}”既不是{self.subject}的项目，也不是规则"),
                node.place,
                did_you_mean(word, self.names.rules if "#" in word else self.names.known(self.subject)),
            )  # fmt: skip
            return None
        if rule.id in self.names.measures(name):
            self.error("measure-itself", Bilingual("a measure names another one", "只能填写另一项措施"), node.place)
            return None
        return name


# -- relations --------------------------------------------------------------------------------------------------------


def _related(
    found: Mapping[str, Measure], said: Iterable[Said], names: _Names, diagnostics: list[Diagnostic]
) -> dict[str, Measure]:
    """The measures with their relations, each on both sides."""
    sides: dict[tuple[str, RelationKind, str], Relation] = {}

    def enter(rule: str, kind: RelationKind, relation: Relation, place: Place) -> None:
        other: Literal["excludes", "adds_to"] | None = {"excludes": "adds_to", "adds_to": "excludes"}.get(kind)  # type: ignore[assignment]
        there = sides.setdefault((rule, kind, relation.to), relation)
        against = sides.get((rule, other, relation.to)) if other is not None else None
        if (there.same, there.confidence) != (relation.same, relation.confidence):
            message = Bilingual(
                f"`{relation.to}` says this relation with another `same` or another tag",
                f"“{relation.to}”对同一关系写了不同的same或可信度",
            )
        elif against is not None and against.same == relation.same:
            message = Bilingual(
                f"`{relation.to}` cannot both exclude this measure and add to it", f"“{relation.to}”不能既互斥又叠加"
            )
        else:
            return
        problem = Diagnostic("error", "measure-relation", message, place, Bilingual("say it once", "请只写一处"))
        if all(d.place != place for d in diagnostics):  # the other side of the same line has the same fault
            diagnostics.append(problem)

    for rule, kind, relation, place in said:
        others = [r for r in names.measures(relation.to) if r in found]
        if not others:
            diagnostics.append(
                Diagnostic(
                    "error",
                    "measure-relation",
                    Bilingual(f"`{relation.to}` has no measure fence", f"“{relation.to}”没有measure代码块"),
                    place,
                )
            )
            continue
        names_of = names.called(rule)
        # Schemes are related, not their versions: what one rule of a scheme says holds for its other rules too.
        for own in dict.fromkeys((rule, *(r for name in names_of for r in names.measures(name) if r in found))):
            enter(own, kind, relation, place)
        for other in others:
            for back in names_of:
                enter(other, kind, replace(relation, to=back), place)
    return {
        rule: replace(
            measure,
            excludes=_of(sides, rule, "excludes"),
            adds_to=_of(sides, rule, "adds_to"),
            highest_with=_of(sides, rule, "highest_with"),
        )
        for rule, measure in found.items()
    }


def _of(sides: Mapping[tuple[str, RelationKind, str], Relation], rule: str, kind: RelationKind) -> tuple[Relation, ...]:
    return tuple(relation for (of, its, _), relation in sides.items() if of == rule and its == kind)


def check_measures(law: Law, documents: Mapping[str, Document]) -> Iterator[Diagnostic]:
    """A warning for each rule of a scheme of relief below which no fence stands, at its row of the version table."""
    described = {
        f"{instrument.id}#{path}"
        for instrument in law.instruments.values()
        for path, section in _sections(documents[instrument.file].root, "")
        if any(isinstance(block, Fence) and block.word == WORD for block in section.blocks)
    }
    for row in law.versions:
        if row.scheme.startswith("relief.") and row.rule not in described:
            described.add(row.rule)  # said once
            yield documents[row.file].source.diagnostic(
                "warning", "no-measure", row.span,
                f"`{row.rule}` has no measure fence", f"“{row.rule}”没有measure代码块",
                Bilingual("describe the measure below its heading", "请在其标题下用measure代码块说明该措施"),
            )  # fmt: skip
