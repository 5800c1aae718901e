"""From documents to the typed tree: names find their facts and rules, kinds are checked, comparisons multiplied out.

Everything wrong is collected as diagnostics; a rule with an error is left out of the tree so that one mistake does not
hide the next.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal, cast

from yiqi.law.arithmetic import (
    ComplexityError,
    Quantity,
    UnitError,
    add,
    compare,
    constant,
    divide,
    measure,
    multiply,
    of_slot,
    over_years,
)
from yiqi.law.bilingual import Bilingual
from yiqi.law.circles import cut_circles
from yiqi.law.diagnostics import Diagnostic, did_you_mean
from yiqi.law.document import Cell, Document, Fence, Prose, Section, TableBlock
from yiqi.law.grammar import (
    GrammarError,
    Lexicon,
    parse_cell,
    parse_condition,
    parse_expression,
    parse_reckoning,
    parse_rule,
    reckoning_of,
)
from yiqi.law.problem import ProblemError as _ProblemError
from yiqi.law.quantities import POINTS_SCALE, QuantityError, parse_quantity
from yiqi.law.reckoning import Named, Reckoner
from yiqi.law.syntax import (
    Arithmetic,
    Call,
    CodeIn,
    Comparison,
    Expression,
    Group,
    Includes,
    Is,
    Item,
    Junction,
    Line,
    Name,
    Negation,
    Number,
    Otherwise,
    Reckoning,
    Span,
    Unless,
    Years,
)
from yiqi.law.tree import (
    All,
    Among,
    AmountNode,
    Any,
    AtLeast,
    Best,
    Body,
    Ceiling,
    ClassReadings,
    ClassTest,
    Coded,
    Compare,
    Condition,
    Confidence,
    Contains,
    Excused,
    Flag,
    Gathered,
    Invert,
    Mark,
    PointsTest,
    Readings,
    Reckoned,
    Row,
    Rule,
    RuleTest,
    ScoreFact,
    ScoreNode,
    ScoreReadings,
    ScoreRule,
    Slot,
    Table,
    Total,
    TruthNode,
    ValueKind,
    slots_of,
)
from yiqi.law.vocabulary import Fact, Vocabulary
from yiqi.law.words import KEYWORDS, UNITS

COMBINES = ("all", "any", "sum", "best", "each", "readings")
MARKS = ("judgement", "procedure", "context", "delegated", "ceiling")
KEYS = ("max", "for")
MAXIMUM_CHAIN = 20
"""Replacements of replacements that are followed to find what kind of value a heading has."""
MAXIMUM_SUGGESTIONS = 100
"""Unknown names of one reading for which the nearest known one is sought; a file of nothing else must not take minutes."""
FENCES = ("rule", "case", "procedure", "measure")
PROCEDURES = ("new", "re_review")
MAXIMUM_SHIFT = {"years": 100, "months": 1200, "days": 36525}
_RESULTS: tuple[ValueKind, ...] = ("points", "class", "amount", "date")
RESULTS: dict[str, ValueKind] = {key: kind for kind in _RESULTS for key in KEYWORDS[kind]}
"""The heading of a table's last column, in either tongue, and what its rows give."""
_TAKEN = {"original", *(en for en, _ in KEYWORDS.values())} - {"class", "points", "amount", "date"}
"""Words that a line reads as something else than the name of a rule."""


@dataclass
class Heading:
    """A section on its way to becoming a rule."""

    section: Section
    document: Document
    instrument: str
    path: str
    """The rule's path within its instrument; empty for headings without an id."""
    cite: Bilingual
    confidence: Confidence
    children: list[Heading] = field(default_factory=list)
    value: ValueKind | None = None
    combine: str = "all"
    count: int = 0

    @property
    def id(self) -> str:
        return f"{self.instrument}#{self.path}"

    @property
    def fences(self) -> list[Fence]:
        return [b for b in self.section.blocks if isinstance(b, Fence) and b.word == "rule"]

    @property
    def tables(self) -> list[TableBlock]:
        return [b for b in self.section.blocks if isinstance(b, TableBlock)]


class Resolver:
    """Resolves the headings of all documents against one vocabulary."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self.headings: dict[str, Heading] = {}
        self.diagnostics: list[Diagnostic] = []
        self.rules: dict[str, Rule] = {}
        self.used_members: set[tuple[str, str]] = set()
        self.suggestions = MAXIMUM_SUGGESTIONS
        self.names = vocabulary.chinese_names
        self._titles: dict[str, dict[str, str]] = {}

    # -- first pass: headings -----------------------------------------------------------------------------------------

    def add_document(
        self, document: Document, instrument: str, cite: Bilingual, confidence: Confidence
    ) -> list[Heading]:
        """Register the headings of a file; returns the topmost ones that have an id."""
        tops: list[Heading] = []
        for block in document.root.blocks:
            if not isinstance(block, Prose):
                self.diagnostics.append(
                    document.source.diagnostic(
                        "error", "before-heading", document.source.line_span(block.line),
                        "this stands before the first heading and belongs to no rule", "此处位于首个标题之前，不属于任何规则",
                    )
                )  # fmt: skip
        for section in document.root.sections:
            self._register(section, document, instrument, "", cite, confidence, None, tops)
        return tops

    def _register(
        self,
        section: Section,
        document: Document,
        instrument: str,
        path: str,
        cite: Bilingual,
        confidence: Confidence,
        parent: Heading | None,
        tops: list[Heading],
    ) -> None:
        cite = _cite(cite, section.title)
        confidence = cast(Confidence, section.tag or confidence)
        heading: Heading | None = None
        if section.id is not None:
            own = f"{path}.{section.id}" if path else section.id
            heading = Heading(section, document, instrument, own, cite, confidence)
            if heading.id in self.headings:
                self._error(
                    heading, section.span, "duplicate-id", f"the id `{own}` is used twice", f"标识“{own}”重复使用"
                )
            elif section.id in self.vocabulary:
                self._error(
                    heading, section.span, "id-is-fact",
                    f"`{section.id}` is the id of a fact; a rule needs another id",
                    f"“{section.id}”已是事实的标识，规则须另取标识",
                )  # fmt: skip
            else:
                self.headings[heading.id] = heading
            (parent.children if parent is not None else tops).append(heading)
            path = own
        for fence in (b for b in section.blocks if isinstance(b, Fence)):
            if fence.word not in FENCES:
                self.diagnostics.append(
                    document.source.diagnostic(
                        "error", "unknown-fence", document.source.line_span(fence.line),
                        f"`{fence.word}` is not a fence of the law language", f"“{fence.word}”不是法规语言的代码块",
                        did_you_mean(fence.word, FENCES),
                    )
                )  # fmt: skip
        decides = any(isinstance(b, TableBlock) or (isinstance(b, Fence) and b.word == "rule") for b in section.blocks)
        if decides and heading is None:
            self.diagnostics.append(
                document.source.diagnostic(
                    "error", "rule-without-id", section.span,
                    "a heading with rule lines or a table needs an id, such as `{#scale}`",
                    "含有规则或表格的标题需要标识，例如`{#scale}`",
                )
            )  # fmt: skip
        for child in section.sections:
            self._register(child, document, instrument, path, cite, confidence, heading or parent, tops)

    # -- second pass: what kind of value ------------------------------------------------------------------------------

    def infer_kinds(self) -> None:
        """Find how each heading combines and what kind of value it has, from its attributes, tables and children."""
        for heading in self.headings.values():
            self._attributes(heading)
        for heading in self.headings.values():
            if heading.value is None:
                heading.value = self._kind(heading, set())

    def _attributes(self, heading: Heading) -> None:
        chosen: list[str] = []
        for mark in heading.section.marks:
            if mark in COMBINES:
                chosen.append(mark)
            elif re.fullmatch(r"at-least-[0-9]{1,3}", mark):
                chosen.append("at_least")
                heading.count = int(mark[9:])
            elif mark not in MARKS:
                options = (*COMBINES, "at-least-2", *MARKS)
                self._error(
                    heading, heading.section.span, "unknown-attribute",
                    f"`.{mark}` is not an attribute of a heading", f"“.{mark}”不是标题属性",
                    did_you_mean(mark, options) or Bilingual("one of " + ", ".join("." + o for o in options), "可用：" + "、".join("." + o for o in options)),
                )  # fmt: skip
        for key in heading.section.values:
            if key not in KEYS:
                self._error(
                    heading, heading.section.span, "unknown-attribute",
                    f"`{key}=` is not an attribute of a heading", f"“{key}=”不是标题属性", did_you_mean(key, KEYS),
                )  # fmt: skip
        if len(chosen) > 1:
            self._error(
                heading, heading.section.span, "two-combinations",
                f"a heading combines in one way, not in {len(chosen)}", f"标题只能有一种组合方式，此处有{len(chosen)}种",
            )  # fmt: skip
        heading.combine = chosen[0] if chosen else "all"

    def _kind(self, heading: Heading, visiting: set[str]) -> ValueKind | None:
        marks = heading.section.marks
        if "context" in marks or "procedure" in marks:
            return None
        if heading.tables:
            header = [c.text for c in heading.tables[0].header]
            return RESULTS.get(header[-1], "points") if header else "points"
        if (given := self._given(heading)) is not None:
            return given
        if heading.combine in ("sum", "best", "each"):
            below = (
                {self._kind(c, visiting | {heading.id}) for c in heading.children}
                if len(visiting) < MAXIMUM_CHAIN
                else ()
            )
            return "amount" if "amount" in below and "points" not in below else "points"
        if "for" in heading.section.values and not heading.fences:
            target = self.headings.get(heading.section.values["for"])
            if target is not None and target.id not in visiting and len(visiting) < MAXIMUM_CHAIN:
                return target.value or self._kind(target, visiting | {heading.id})
        if heading.combine == "readings" and not heading.fences:
            for child in heading.children:
                if kind := self._kind(child, visiting | {heading.id}):
                    return kind
        if heading.fences:
            if "delegated" in marks and self._is_score_fact(heading):
                return "points"
            return "truth"
        if "delegated" in marks or "judgement" in marks:
            return "truth"
        return "truth" if any(self._kind(c, visiting) == "truth" for c in heading.children) else None

    @staticmethod
    def _given(heading: Heading) -> ValueKind | None:
        """What the first line under a heading gives, when it is no condition."""
        first = next((text.strip() for fence in heading.fences for _, text in fence.lines if text.strip()), "")
        gives = reckoning_of(first)
        return gives[0] if gives is not None else None

    def _is_score_fact(self, heading: Heading) -> bool:
        """A delegated heading with the single line that names a points fact takes its points from the fact."""
        lines = [text.strip() for fence in heading.fences for _, text in fence.lines if text.strip()]
        if len(lines) != 1:
            return False
        word = self.names.get(lines[0], lines[0])
        fact = self.vocabulary.get(word)
        return fact is not None and fact.type == "points"

    # -- third pass: bodies -------------------------------------------------------------------------------------------

    def resolve_all(self) -> None:
        for heading in self.headings.values():
            rule = _HeadingResolver(self, heading).rule()
            self.rules[rule.id] = rule
        for circle in cut_circles(self.rules):
            heading = self.headings[circle.rule]
            text = circle.message
            self._error(heading, heading.section.span, circle.code, text.en, text.zh, circle.remedy)

    # -- shared -------------------------------------------------------------------------------------------------------

    def lexicon(self, heading: Heading) -> Lexicon:
        """The Chinese names that may stand under a heading; a title gives the same name as its English spelling."""
        titles = self._titles_of(heading.instrument)

        def name_of(title: str) -> str | None:
            rule = titles.get(title)
            return self.name_from(heading, self.headings[rule]) if rule is not None else None

        return Lexicon(self.names, name_of)

    def title_from(self, scope: Heading, name: str) -> str | None:
        """The Chinese title that stands for a rule named under a heading; None when it names no rule of this file alone."""
        rule = self.find_rule(name, scope)
        if rule is None or rule.instrument != scope.instrument or name == "original":
            return None
        title = rule.section.title.zh
        return (
            title if self._titles_of(scope.instrument).get(title) == rule.id and not set("「」") & set(title) else None
        )

    def name_from(self, scope: Heading, rule: Heading) -> str:
        """The shortest name that means a rule under a heading: the end of its path, its path, or its full id."""
        parts = rule.path.split(".")
        for length in range(1, len(parts) + 1):
            name = ".".join(parts[-length:])
            if name not in _TAKEN and self.find_rule(name, scope) is rule:
                return name
        return rule.id

    def _titles_of(self, instrument: str) -> dict[str, str]:
        """Chinese title -> rule id, for the titles that only one rule of the file has."""
        if instrument not in self._titles:
            table: dict[str, str] = {}
            doubled: set[str] = set()
            for other in self.headings.values():
                if other.instrument == instrument:
                    title = other.section.title.zh
                    if title in table:
                        doubled.add(title)
                    table[title] = other.id
            for title in doubled:
                del table[title]
            self._titles[instrument] = table
        return self._titles[instrument]

    def find_rule(self, name: str, scope: Heading) -> Heading | None:
        """A rule by full id, or by its path seen from a heading: its children first, then outward."""
        if "#" in name:
            return self.headings.get(name)
        parts = scope.path.split(".")
        for depth in range(len(parts), -1, -1):
            prefix = ".".join(parts[:depth])
            found = self.headings.get(f"{scope.instrument}#{prefix}.{name}" if prefix else f"{scope.instrument}#{name}")
            if found is not None:
                return found
        return None

    def suggest(self, word: str, candidates: Collection[str]) -> Bilingual | None:
        """The remedy that names the nearest of the candidates, while there is patience for it."""
        self.suggestions -= 1
        return did_you_mean(word, list(candidates)[:1000]) if self.suggestions >= 0 else None

    def _error(
        self, heading: Heading, span: Span, code: str, en: str, zh: str, remedy: Bilingual | None = None
    ) -> None:
        self.diagnostics.append(heading.document.source.diagnostic("error", code, span, en, zh, remedy))


_BEGINNING = re.compile(r"((?:Art\. )?[^.]*)\. ")
"""What may be the numbered beginning of an English heading: ``Annex 2``, ``Item 5``, ``Art. 11``."""


def _cite(parent: Bilingual, title: Bilingual) -> Bilingual:
    """The citation with the numbered part of a heading behind it: ``Annex 2. Little giant`` adds ``Annex 2``."""
    beginning = _BEGINNING.match(title.en)
    zh_part, space, _ = title.zh.partition(" ")
    en = parent.en
    if beginning and any(c.isdigit() for c in beginning[1]):
        en_part = beginning[1]
        en = f"{parent.en}, {en_part[0].lower() + en_part[1:] if not en_part.startswith('Annex') else en_part}"
    zh = f"{parent.zh} {zh_part}" if space and zh_part.startswith(("附件", "第", "附")) else parent.zh
    return Bilingual(en, zh)


KIND_NAMES = {
    "money": ("money", "金额"),
    "ratio": ("a share (%)", "比例（%）"),
    "count": ("a count", "数量"),
    "years": ("years", "年数"),
    "months": ("months", "月数"),
    "days": ("days", "天数"),
    "points": ("points", "分值"),
    "date": ("a date", "日期"),
    "number": ("a bare number", "不带单位的数"),
    "rank": ("a level", "级别"),
    "compound growth": ("compound growth", "复合增长率"),
}


def _kind_name(kind: str) -> tuple[str, str]:
    return KIND_NAMES.get(kind, (kind, kind))


class _HeadingResolver:
    """Resolves one heading."""

    def __init__(self, resolver: Resolver, heading: Heading) -> None:
        self.r = resolver
        self.heading = heading
        self.lexicon = resolver.lexicon(heading)
        self.counter = 0
        self.tables_end = True
        """Whether every table says what counts when no row holds; a rule that does not cannot be judged."""
        self.before = 0

    def rule(self) -> Rule:
        h, section = self.heading, self.heading.section
        marks = section.marks
        mark: Mark = (
            "procedure"
            if "procedure" in marks
            else "context"
            if "context" in marks
            else "judgement"
            if "judgement" in marks
            else "rule"
        )
        maximum = self._maximum()
        self._check_replaced()
        body = self._body(maximum) if h.value is not None else None
        if not self.tables_end:
            body = None
        if h.value is None and (h.fences or h.tables) and mark in ("context", "procedure"):
            self.problem(
                section.span,
                "mark-with-rule",
                f"a heading marked .{mark} decides nothing and has no rule lines or score tables",
                f"标记为.{mark}的标题不作判断，不应有规则或分值表",
            )
        prose = _prose(section, context=False)
        return Rule(
            id=h.id,
            title=section.title,
            cite=h.cite,
            prose=prose,
            notes=_prose(section, context=True),
            confidence=h.confidence,
            mark=mark,
            value=h.value,
            body=body,
            combine=h.combine,
            children=tuple(c.id for c in h.children),
            delegated="delegated" in marks,
            replaces=section.values.get("for"),
            maximum=maximum,
            level=section.level,
            span=section.span,
            gives=self._gives() if h.value == "truth" else (),
            ceiling="ceiling" in marks,
        )

    def _gives(self) -> tuple[str, ...]:
        """The headings below a measure that say how much it gives, and until when."""
        found: list[str] = []
        for kind, zh in (("amount", "金额"), ("date", "日期")):
            below = given_below(self.heading, kind)
            found += [c.id for c in below[:1]]
            for other in below[1:]:
                self.problem(
                    other.section.span,
                    "given-twice",
                    f"`{below[0].path}` already says which {kind} is given; a heading of conditions gives one",
                    f"“{below[0].path}”已规定{zh}；一个条件标题只给出一个{zh}",
                    Bilingual(
                        "put both under one heading that combines them, such as `.sum`",
                        "请将两者置于同一标题下组合，例如`.sum`",
                    ),
                )
        return tuple(found)

    def problem(self, span: Span, code: str, en: str, zh: str, remedy: Bilingual | None = None) -> None:
        self.r.diagnostics.append(self.heading.document.source.diagnostic("error", code, span, en, zh, remedy))

    def _maximum(self) -> int | None:
        text = self.heading.section.values.get("max")
        if text is None:
            return None
        if self.heading.value == "amount":
            try:
                return parse_quantity(text, "money")
            except QuantityError as error:
                self.problem(self.heading.section.span, "maximum", error.message.en, error.message.zh)
                return None
        if self.heading.value != "points":
            self.problem(
                self.heading.section.span,
                "maximum",
                "`max=` caps points or an amount, and this heading gives none",
                "`max=`用于分值或金额的上限，而该标题两者均不给出",
            )
            return None
        if not re.fullmatch(r"[0-9]{1,6}", text):
            self.problem(
                self.heading.section.span, "maximum", "`max=` takes a whole number of points", "`max=`应为整数分值"
            )
            return None
        return int(text) * POINTS_SCALE

    # -- bodies -------------------------------------------------------------------------------------------------------

    def _check_replaced(self) -> None:
        h = self.heading
        target = h.section.values.get("for")
        if target is not None:
            other = self.r.headings.get(target)
            if other is None:
                self.problem(
                    h.section.span,
                    "unknown-rule",
                    f"`for={target}` names no rule",
                    f"`for={target}`没有对应的规则",
                    self.r.suggest(target, self.r.headings),
                )
            elif "delegated" not in other.section.marks:
                self.problem(
                    h.section.span,
                    "not-delegated",
                    f"`{target}` is not marked .delegated, so nothing may replace it",
                    f"“{target}”未标记.delegated，不能被替换",
                )
            elif other.value != h.value:
                self.problem(
                    h.section.span,
                    "delegated-kind",
                    f"`{target}` gives {other.value}, this heading gives {h.value}",
                    f"“{target}”与本标题的结果类型不同",
                )

    def _body(self, maximum: int | None) -> Body | None:
        h = self.heading
        if "ceiling" in h.section.marks and h.value != "amount":
            self.problem(
                h.section.span,
                "ceiling",
                "`.ceiling` says that an amount is a most, and this heading gives none",
                "`.ceiling`表示金额为上限，而该标题不给出金额",
            )
        if h.value in ("amount", "date"):
            return self._amount(maximum)
        if h.value == "points":
            return self._score(maximum)
        if h.value == "class":
            if h.fences or len(h.tables) > 1:
                self.problem(
                    h.section.span,
                    "class-table",
                    "a class is given by one table, without rule lines",
                    "分类由一张表给出，不能另有规则",
                )
            if h.tables:
                return self._table(h.tables[0], "first", maximum)
            return ClassReadings(tuple(c.id for c in h.children if c.value == "class"))
        return self._truth()

    def _truth(self) -> TruthNode:
        h = self.heading
        children: list[TruthNode] = []
        names: list[str] = []
        self.before = len(self.r.diagnostics)
        for item in self._items():
            condition = self._condition(item)
            if condition is not None:
                children.append(condition)
                names.append(item.reading or condition.id)
        for child in h.children:
            if child.value == "truth" and "for" not in child.section.values:
                children.append(RuleTest(child.id))
                names.append(child.section.id or child.id)
        if not children and "delegated" not in h.section.marks and not self._wrong():
            self.problem(
                h.section.span,
                "empty-rule",
                "this heading has no conditions",
                "该标题下没有条件",
                Bilingual(
                    "add a rule fence, or mark it .context or .procedure", "请补充规则，或标记为.context或.procedure"
                ),
            )
        return self._combine(h.combine, h.count, children, names, h.section.span)

    def _wrong(self) -> bool:
        """Whether something below the heading has an error of its own, so that what is left of it says nothing."""
        return len(self.r.diagnostics) > self.before

    def _combine(self, kind: str, count: int, children: list[TruthNode], names: list[str], span: Span) -> TruthNode:
        nodes = tuple(children)
        if kind == "any":
            return Any(nodes)
        if kind == "at_least":
            if not 1 <= count <= len(nodes) and not self._wrong():
                self.problem(
                    span,
                    "at-least",
                    f"at least {count} of {len(nodes)} conditions cannot be",
                    f"{len(nodes)}项条件中不可能至少满足{count}项",
                )
            return AtLeast(count, nodes)
        if kind == "none":
            return Invert(Any(nodes))
        if kind == "readings":
            return Readings(tuple(names), nodes)
        return All(nodes)

    def _items(self) -> list[Item]:
        items: list[Item] = []
        for fence in self.heading.fences:
            found, errors = parse_rule(fence.lines, self.lexicon)
            items.extend(found)
            for error in errors:
                self.problem(error.span, "grammar", error.message.en, error.message.zh, error.remedy)
        return items

    def _condition(self, item: Item) -> Condition | None:
        self.counter += 1
        identifier = f"{self.heading.id}/{self.counter}"
        confidence = cast(Confidence, item.tag or self.heading.confidence)
        try:
            if isinstance(item, Line):
                node = self.truth(item.expression)
                return Condition(identifier, node, item.expression, None, confidence, item.comment, item.span)
        except _ProblemError as p:
            self.problem(p.span, p.code, p.en, p.zh, p.remedy)
            return None
        assert isinstance(item, Group)
        children: list[TruthNode] = []
        names: list[str] = []
        for sub in item.items:
            condition = self._condition(sub)
            if condition is not None:
                children.append(condition)
                names.append(sub.reading or condition.id)
        node = self._combine(item.kind, item.count, children, names, item.span)
        label = f"at_least {item.count}" if item.kind == "at_least" else item.kind
        return Condition(identifier, node, None, label, confidence, item.comment, item.span)

    # -- scores -------------------------------------------------------------------------------------------------------

    def _score(self, maximum: int | None) -> ScoreNode:
        h = self.heading
        self.before = len(self.r.diagnostics)
        parts: list[ScoreNode] = [self._table(t, "each" if h.combine == "each" else "first", maximum) for t in h.tables]
        items = self._items()
        for item in items:
            try:
                if not isinstance(item, Line):
                    raise _ProblemError(
                        item.span, "points-line", "under a score a line names points", "评分项下的每行应为分值"
                    )
                if item.tag is not None:
                    raise _ProblemError(
                        item.span,
                        "points-tag",
                        "points have the tag of their heading; a line under a score carries none",
                        "分值的可信度标在标题上；评分项下的行不带标记",
                        Bilingual(
                            "give the points a heading of their own with this tag", "请为该分值单设带此标记的标题"
                        ),
                    )
                parts.append(self.score(item.expression))
            except _ProblemError as p:
                self.problem(p.span, p.code, p.en, p.zh, p.remedy)
        parts.extend(
            ScoreRule(child.id) for child in h.children if child.value == "points" and "for" not in child.section.values
        )
        if not parts and not self._wrong():
            self.problem(
                h.section.span,
                "empty-rule",
                "this heading has no score table and no scored headings below it",
                "该标题下没有分值表，也没有下级评分项",
            )
        if h.combine in ("any", "at_least"):
            self.problem(
                h.section.span,
                "sum-unsaid",
                "scores combine by `.sum`, `.best`, `.each` or `.readings`",
                "分值只能用`.sum`、`.best`、`.each`或`.readings`组合",
            )
        if h.combine in ("best", "readings"):
            chosen: ScoreNode = Best(tuple(parts)) if h.combine == "best" else ScoreReadings(tuple(parts))
            return chosen if maximum is None else Total((chosen,), maximum)
        capped = maximum is not None and not isinstance(parts[0] if parts else None, Table)
        if len(parts) == 1 and h.combine != "sum" and not capped:
            return parts[0]
        if len(parts) > 1 and h.combine != "sum":
            self.problem(
                h.section.span,
                "sum-unsaid",
                "several scores: say `.sum` or `.best`",
                "有多个评分项：请标明`.sum`或`.best`",
            )
        return Total(tuple(parts), maximum)

    # -- amounts and dates --------------------------------------------------------------------------------------------

    def _amount(self, maximum: int | None) -> AmountNode:
        """The lines, tables and headings below that give an amount or a date."""
        h = self.heading
        self.before = len(self.r.diagnostics)
        parts: list[AmountNode] = [self._table(t, "each" if h.combine == "each" else "first", None) for t in h.tables]
        for item in self._items():
            try:
                parts.append(self._given_line(item))
            except _ProblemError as p:
                self.problem(p.span, p.code, p.en, p.zh, p.remedy)
        parts.extend(ScoreRule(c.id) for c in h.children if c.value == h.value and "for" not in c.section.values)
        single = h.combine not in ("sum", "best", "readings")
        if not parts and not self._wrong():
            self.problem(
                h.section.span,
                "empty-rule",
                f"nothing under this heading gives {'an amount' if h.value == 'amount' else 'a date'}",
                f"该标题下没有给出{'金额' if h.value == 'amount' else '日期'}",
            )
        if h.value == "date" and h.combine in ("sum", "best", "each"):
            self.problem(
                h.section.span,
                "sum-unsaid",
                "dates are chosen in a line, by `latest` or `earliest`",
                "日期应在规则行中用“最晚”或“最早”选取",
            )
        if h.combine in ("any", "at_least") or (single and len(parts) > 1):
            self.problem(
                h.section.span,
                "sum-unsaid",
                "several amounts: say `.sum` or `.best`",
                "有多个金额：请标明`.sum`或`.best`",
            )
        node: AmountNode
        if single and len(parts) == 1 and maximum is None:
            node = parts[0]
        else:
            kind: Literal["sum", "best", "readings"] = (
                "best" if h.combine == "best" else "readings" if h.combine == "readings" else "sum"
            )
            node = Gathered(kind, tuple(parts), maximum)
        return Ceiling(node) if "ceiling" in h.section.marks else node

    def _given_line(self, item: Item) -> Reckoned:
        kind = self.heading.value or "amount"
        word, zh = KEYWORDS[kind]
        if not isinstance(item, Line) or not isinstance(item.expression, Reckoning) or item.expression.kind != kind:
            raise _ProblemError(
                item.span,
                "given-line",
                f"under a heading that gives an {word} every line begins with `{word}:`"
                if kind == "amount"
                else f"under a heading that gives a {word} every line begins with `{word}:`",
                f"在给出{zh}的标题下，每行均以“{zh}：”开头",
                Bilingual("put conditions under the heading above it", "条件请写在上级标题下"),
            )
        if item.tag is not None:
            raise _ProblemError(
                item.span,
                "points-tag",
                f"an {word} has the tag of its heading; its line carries none",
                f"{zh}的可信度标在标题上；所在行不带标记",
            )
        self.counter += 1
        return Reckoner(self).line(item.expression, f"{self.heading.id}/{self.counter}")

    def fact_named(self, name: Name) -> Fact | None:
        return self.r.vocabulary.get(name.id)

    def giving(self, name: Name) -> Named:
        """The rule of an amount or a date that a name means, or the conditions that decide whether it is given."""
        original = name.id == "original"
        target = self._original() if original else self.r.find_rule(name.id, self.heading)
        if target is None:
            raise self._unknown(name)
        self._no_year(name)
        if target.value in ("amount", "date"):
            return Named(target.value, ScoreRule(target.id, original), None)
        below = given_below(target, "amount") if target.value == "truth" else []
        if not below:
            raise _ProblemError(
                name.span,
                "gives-nothing",
                f"`{name.id}` gives neither an amount nor a date",
                f"“{name.id}”既不给出金额，也不给出日期",
            )
        return Named("amount", ScoreRule(below[0].id), RuleTest(target.id, original, name))

    def units(self, expression: Expression, error: UnitError) -> _ProblemError:
        return self._units(expression, error, "combined with", "运算")

    def score(self, expression: Expression) -> ScoreNode:
        """An expression that stands for points: a rule's points, a points fact, a sum of them."""
        if isinstance(expression, Name):
            fact = self.r.vocabulary.get(expression.id)
            if fact is not None and fact.type == "points" and fact.per is None:
                if fact.minimum is None or fact.maximum is None:
                    raise _ProblemError(
                        expression.span,
                        "points-bounds",
                        f"`{fact.id}` needs a minimum and a maximum",
                        f"“{fact.label.zh}”需要上下限",
                    )
                return ScoreFact(Slot(fact.id), fact.minimum, fact.maximum)
            original = expression.id == "original"
            target = self._original() if original else self.r.find_rule(expression.id, self.heading)
            if target is not None and target.value == "points":
                self._no_year(expression)
                return ScoreRule(target.id, original)
        if isinstance(expression, Arithmetic) and expression.operator == "+":
            return Total((self.score(expression.left), self.score(expression.right)), None)
        raise _ProblemError(expression.span, "not-points", "this is not points", "此处应为分值")

    def _original(self) -> Heading | None:
        target = self.heading.section.values.get("for")
        return self.r.headings.get(target) if target else None

    def _table(self, block: TableBlock, mode: str, maximum: int | None) -> Table:
        if not block.header:
            self.tables_end = False
            return Table("first", (), (), None)  # what is wrong with the table has been said
        result = block.header[-1].text
        wanted = RESULTS.get(result)
        if wanted is None:
            self.problem(
                block.header[-1].span,
                "table-result",
                "the last column is `points`, `class`, `amount` or `date`",
                "最后一列应为“分值”、“类型”、“金额”或“日期”",
            )
        lefts: list[Expression | None] = []
        for cell in block.header[:-1]:
            if cell.text in ("condition", "条件"):
                lefts.append(None)
                continue
            try:
                lefts.append(parse_expression(cell.text, cell.span.line, cell.span.column, self.lexicon))
            except GrammarError as error:
                self.problem(error.span, "grammar", error.message.en, error.message.zh, error.remedy)
                self.tables_end = False
                return Table("first", (), (), None)
        rows: list[Row] = []
        for number, cells in enumerate(block.rows, 1):
            try:
                row = self._row(number, cells, lefts, wanted or "points")
            except GrammarError as error:
                self.problem(error.span, "grammar", error.message.en, error.message.zh, error.remedy)
                continue
            except _ProblemError as p:
                self.problem(p.span, p.code, p.en, p.zh, p.remedy)
                continue
            rows.append(row)
        self._check_end(rows, block, mode)
        return Table("each" if mode == "each" else "first", tuple(c.text for c in block.header), tuple(rows), maximum)

    def _check_end(self, rows: list[Row], block: TableBlock, mode: str) -> None:
        """Exactly the last row is ``otherwise``; where every row adds its points there is none."""

        def problem(line: int, code: str, en: str, zh: str, remedy: Bilingual) -> None:
            self.problem(self.heading.document.source.line_span(line), code, en, zh, remedy)

        ends = [row for row in rows if row.otherwise]
        if mode == "each":
            for row in ends:
                problem(
                    row.span.line,
                    "otherwise-in-each",
                    "where every row that holds adds its points there is no `otherwise`",
                    "各行分别计分的表没有“其他”行",
                    Bilingual("remove the row, or the mark .each", "请删除该行，或删除标记.each"),
                )
            return
        self.tables_end = self.tables_end and bool(ends)
        if not ends:
            if len(rows) == len(block.rows):  # else the row `otherwise` may be one with an error of its own
                problem(
                    rows[-1].span.line if rows else block.line,
                    "no-otherwise",
                    "the last row of this table is not `otherwise`",
                    "本表最后一行不是“其他”",
                    Bilingual(
                        "add a row `otherwise` that says what counts when no row holds",
                        "请增加“其他”行，写明各行均不满足时的结果",
                    ),
                )
            return
        for row in rows[rows.index(ends[0]) + 1 :]:
            problem(
                row.span.line,
                "row-after-otherwise",
                f"no row behind `otherwise` (line {ends[0].span.line}) is ever reached",
                f"“其他”行（第{ends[0].span.line}行）之后的行不会用到",
                Bilingual("move `otherwise` to the end", "请把“其他”移到最后一行"),
            )

    def _row(self, number: int, cells: tuple[Cell, ...], lefts: list[Expression | None], wanted: ValueKind) -> Row:
        nodes: list[TruthNode] = []
        written: list[tuple[Expression | None, str]] = []
        otherwise = False
        for cell, left in zip(cells[:-1], lefts, strict=True):
            if cell.text in ("", "-", "—"):
                written.append((None, ""))
                continue
            if cell.text in ("otherwise", "其他"):
                otherwise = True
                written.append((Otherwise(cell.span), cell.text))
                continue
            line, column = cell.span.line, cell.span.column
            expression = (
                parse_condition(cell.text, line, column, self.lexicon)
                if left is None
                else parse_cell(cell.text, line, column, left, self.lexicon)
            )
            written.append((expression, cell.text))
            nodes.append(self.truth(expression))
        if otherwise and nodes:
            raise _ProblemError(
                cells[0].span, "otherwise", "a row `otherwise` has no other conditions", "“其他”行不能再有条件"
            )
        if not otherwise and not nodes:
            raise _ProblemError(
                cells[0].span, "empty-row", "a row without any condition; write `otherwise`", "该行没有条件；请写“其他”"
            )
        result = cells[-1]
        points: int | None = None
        name: str | None = None
        rule: str | None = None
        reckoned: Reckoned | None = None
        text, _, unit = result.text.partition("分") if wanted == "points" else (result.text, "", "")
        if wanted == "amount" or wanted == "date":
            written_amount = parse_reckoning(wanted, result.text, result.span.line, result.span.column, self.lexicon)
            reckoned = Reckoner(self).line(written_amount, f"{self.heading.id}/{number}")
        elif wanted == "class":
            target = (
                self.r.find_rule(result.text.removeprefix("by ").strip(), self.heading)
                if result.text.startswith("by ")
                else None
            )
            if result.text.startswith("by "):
                if target is None or target.value != "class":
                    raise _ProblemError(
                        result.span,
                        "unknown-rule",
                        f"`{result.text}` names no rule that gives a class",
                        f"“{result.text}”没有对应的分类规则",
                    )
                rule = target.id
            elif result.text.isidentifier():
                name = result.text
            else:
                raise _ProblemError(
                    result.span,
                    "class-name",
                    "a class is an id such as `small`, or `by rule`",
                    "类型应为标识（如small）或`by 规则`",
                )
        else:
            if not re.fullmatch(r"-?[0-9]{1,6}(?:\.[0-9]{1,4})?", text.strip()) or unit.strip():
                raise _ProblemError(
                    result.span,
                    "points",
                    "points are a number with at most four decimals",
                    "分值应为数字，最多四位小数",
                )
            points = int(Fraction(text.strip()) * POINTS_SCALE)
        child: TruthNode = nodes[0] if len(nodes) == 1 else All(tuple(nodes))
        return Row(
            f"{self.heading.id}/{number}", child, otherwise, points, name, rule, tuple(written), cells[0].span, reckoned
        )

    # -- conditions ---------------------------------------------------------------------------------------------------

    def truth(self, expression: Expression) -> TruthNode:
        """A condition. Raises ``_ProblemError``."""
        match expression:
            case Junction(kind, operands):
                nodes = tuple(self.truth(o) for o in operands)
                return All(nodes) if kind == "all" else Any(nodes)
            case Negation(operand):
                return Invert(self.truth(operand))
            case Unless(operand, exception):
                return Excused(self.truth(operand), self.truth(exception))
            case Years(kind, operand, years):
                shifted = tuple(self.truth(_shift(operand, -k)) for k in range(years))
                if not any(s.index is not None for s in slots_of(shifted[0])):
                    raise _ProblemError(
                        operand.span, "not-per-year", "nothing here is given per year", "此处没有按年度填报的事实"
                    )
                return All(shifted) if kind == "each" else Any(shifted)
            case Comparison():
                return self._comparison(expression)
            case Is():
                return self._is(expression)
            case Includes(left, member):
                fact = self._fact(left)
                if fact.type != "set_of":
                    raise _ProblemError(
                        left.span, "not-a-set", f"`{left.id}` is not a set", f"“{fact.label.zh}”不是集合"
                    )
                self._member(fact, member)
                return Contains(self._slot(fact, left), member.id, expression)
            case CodeIn(left, prefixes, exceptions):
                fact = self._fact(left)
                if fact.type not in ("industry", "region"):
                    raise _ProblemError(
                        left.span,
                        "not-a-code",
                        f"`{left.id}` is not an industry or a region",
                        f"“{fact.label.zh}”不是行业或地区",
                    )
                for code in (*prefixes, *exceptions):
                    if (fact.type == "industry") != code[0].isalpha():
                        raise _ProblemError(
                            expression.span, "code", f"`{code}` is not a code of this kind", f"“{code}”不是此类代码"
                        )
                return Coded(self._slot(fact, left), prefixes, exceptions, expression)
            case Name():
                return self._named_truth(expression)
            case _:
                raise _ProblemError(
                    expression.span,
                    "not-a-condition",
                    "a condition is expected here: compare it with something",
                    "此处应为条件：请写出比较",
                )

    def _named_truth(self, name: Name) -> TruthNode:
        fact = self.r.vocabulary.get(name.id)
        if fact is not None:
            if fact.type != "yes_no":
                raise _ProblemError(
                    name.span,
                    "not-yes-no",
                    f"`{name.id}` is not a yes/no fact; compare it with something",
                    f"“{fact.label.zh}”不是“是/否”事实，请写出比较",
                )
            return Flag(self._slot(fact, name), name)
        original = name.id == "original"
        target = self._original() if original else self.r.find_rule(name.id, self.heading)
        if target is None:
            raise self._unknown(name)
        self._no_year(name)
        if target.value != "truth":
            raise _ProblemError(
                name.span,
                "not-a-condition",
                f"`{name.id}` gives {target.value or 'nothing'}; compare it with something",
                f"“{name.id}”不是条件，请写出比较",
            )
        return RuleTest(target.id, original, name)

    def _unknown(self, name: Name) -> _ProblemError:
        if self.r.suggestions <= 0:
            return _ProblemError(
                name.span,
                "unknown-name",
                f"`{name.id}` is neither a fact nor a rule",
                f"“{name.id}”既不是事实，也不是规则",
            )
        scope = [h.path for h in self.r.headings.values() if h.instrument == self.heading.instrument]
        candidates = (
            [*self.r.vocabulary.facts, *scope, *(h for h in self.r.headings)]
            if "#" in name.id
            else [*self.r.vocabulary.facts, *scope]
        )
        return _ProblemError(
            name.span,
            "unknown-name",
            f"`{name.id}` is neither a fact nor a rule",
            f"“{name.id}”既不是事实，也不是规则",
            self.r.suggest(name.id, candidates),
        )

    def _fact(self, name: Name) -> Fact:
        fact = self.r.vocabulary.get(name.id)
        if fact is None:
            raise self._unknown(name)
        return fact

    def _member(self, fact: Fact, member: Name) -> None:
        if member.id not in [m.id for m in fact.members]:
            ids = [m.id for m in fact.members]
            raise _ProblemError(
                member.span,
                "unknown-value",
                f"`{member.id}` is not a value of `{fact.id}`",
                f"“{member.id}”不是“{fact.label.zh}”的取值",
                did_you_mean(member.id, ids)
                or Bilingual("values: " + ", ".join(ids), "取值：" + "、".join(m.label.zh for m in fact.members)),
            )
        self.r.used_members.add((fact.id, member.id))

    def _no_year(self, name: Name) -> None:
        if name.index is not None:
            raise _ProblemError(
                name.span, "not-per-year", f"`{name.id}` is a rule and has no years", f"“{name.id}”是规则，没有年度"
            )

    def _slot(self, fact: Fact, name: Name) -> Slot:
        if fact.per is None:
            if name.index is not None:
                raise _ProblemError(
                    name.span, "not-per-year", f"`{fact.id}` is not given per year", f"“{fact.label.zh}”不按年度填报"
                )
            return Slot(fact.id)
        return Slot(fact.id, name.index or 0)

    def _is(self, expression: Is) -> TruthNode:
        left = expression.left
        if left.id == "procedure":
            for value in expression.values:
                if value.id not in PROCEDURES:
                    raise _ProblemError(
                        value.span,
                        "unknown-value",
                        f"`{value.id}` is not a procedure",
                        f"“{value.id}”不是办理类型",
                        did_you_mean(value.id, PROCEDURES),
                    )
            return Among(Slot("procedure"), tuple(v.id for v in expression.values), expression.negated, expression)
        fact = self.r.vocabulary.get(left.id)
        if fact is None:
            target = self.r.find_rule(left.id, self.heading)
            if target is None:
                raise self._unknown(left)
            self._no_year(left)
            if target.value == "class":
                known = self._class_names(target)
                for value in expression.values:
                    if value.id not in known:
                        raise _ProblemError(
                            value.span,
                            "unknown-value",
                            f"`{value.id}` is not a class of `{left.id}`",
                            f"“{value.id}”不是“{left.id}”的类型",
                            did_you_mean(value.id, known),
                        )
                return ClassTest(target.id, tuple(v.id for v in expression.values), expression.negated, expression)
            if target.value == "truth" and len(expression.values) == 1 and expression.values[0].id in ("yes", "no"):
                test: TruthNode = RuleTest(target.id, False, left)
                return Invert(test) if (expression.values[0].id == "no") != expression.negated else test
            raise _ProblemError(
                left.span, "not-a-class", f"`{left.id}` has no values to name", f"“{left.id}”没有可比较的取值"
            )
        if fact.type == "yes_no":
            if len(expression.values) != 1 or expression.values[0].id not in ("yes", "no"):
                raise _ProblemError(
                    expression.values[0].span, "unknown-value", "a yes/no fact is `yes` or `no`", "取值应为“是”或“否”"
                )
            flag: TruthNode = Flag(self._slot(fact, left), expression)
            return Invert(flag) if (expression.values[0].id == "no") != expression.negated else flag
        if fact.type != "one_of":
            raise _ProblemError(
                left.span, "not-one-of", f"`{fact.id}` has no named values", f"“{fact.label.zh}”没有可选取值"
            )
        for value in expression.values:
            self._member(fact, value)
        return Among(self._slot(fact, left), tuple(v.id for v in expression.values), expression.negated, expression)

    def _class_names(self, heading: Heading) -> set[str]:
        """Every class that a rule can give, itself or `by` another."""
        names: set[str] = set()
        seen: dict[str, Heading] = {heading.id: heading}
        waiting = [heading]
        while waiting:
            current = waiting.pop()
            targets: list[Heading | None] = [] if current.tables else list(current.children)
            for row in (row for table in current.tables for row in table.rows):
                text = row[-1].text
                if text.startswith("by "):
                    targets.append(self.r.find_rule(text.removeprefix("by ").strip(), current))
                else:
                    names.add(text)
            for target in targets:
                if target is not None and target.id not in seen:
                    seen[target.id] = target
                    waiting.append(target)
        return names

    def _comparison(self, expression: Comparison) -> TruthNode:
        if self._is_points_rule(expression.left):
            for name in _names(expression.left):
                self._no_year(name)
            if not isinstance(expression.right, Number) or expression.right.unit not in ("", "points"):
                raise _ProblemError(
                    expression.right.span,
                    "points-threshold",
                    "points are compared with a number of points",
                    "分值只能与分数比较",
                )
            value = expression.right.value * POINTS_SCALE
            if value.denominator != 1:
                raise _ProblemError(
                    expression.right.span, "points", "points have at most four decimals", "分值最多四位小数"
                )
            return PointsTest(self.score(expression.left), expression.operator, int(value), expression)
        ranked = self._ranked(expression)
        try:
            left, right = ranked or (self.quantity(expression.left), self.quantity(expression.right))
            guards, polynomial, operator = compare(left, expression.operator, right)
            if operator == "=" and left.root != 1:
                raise UnitError("compound growth", "=")
        except UnitError as error:
            raise self._units(expression, error, "compared with", "比较") from None
        except ComplexityError:
            raise _ProblemError(
                expression.span,
                "too-complex",
                "this line multiplies out to too many terms",
                "该行展开后的项数过多",
                Bilingual("split it into several lines", "请拆分为多行"),
            ) from None
        if not any(monomial for monomial, _ in polynomial):
            raise _ProblemError(expression.span, "no-fact", "this comparison names no fact", "该比较没有涉及任何事实")
        return Compare(guards, polynomial, operator, measure(left), measure(right), expression.operator, expression)

    def _units(self, expression: Expression, error: UnitError, verb: str, verb_zh: str) -> _ProblemError:
        a, b = _kind_name(error.args[0]), _kind_name(error.args[1])
        return _ProblemError(
            expression.span,
            "units",
            f"{a[0]} cannot be {verb} {b[0]}",
            f"{a[1]}不能与{b[1]}{verb_zh}",
            Bilingual("write the unit as the law does: 万元, %, 人, 年", "请按法规原文写明单位：万元、%、人、年"),
        )

    def _is_points_rule(self, expression: Expression) -> bool:
        if isinstance(expression, Name):
            fact = self.r.vocabulary.get(expression.id)
            if fact is not None:
                return False
            target = self._original() if expression.id == "original" else self.r.find_rule(expression.id, self.heading)
            return target is not None and target.value == "points"
        if isinstance(expression, Arithmetic) and expression.operator == "+":
            return self._is_points_rule(expression.left) and self._is_points_rule(expression.right)
        return False

    def _ranked(self, expression: Comparison) -> tuple[Quantity, Quantity] | None:
        """``rd_institution >= provincial``: an ordered list compared by position."""
        if not isinstance(expression.left, Name):
            return None
        fact = self.r.vocabulary.get(expression.left.id)
        if fact is None or fact.type != "one_of":
            return None
        if not fact.ordered or not isinstance(expression.right, Name):
            raise _ProblemError(
                expression.span,
                "not-ordered",
                f"the values of `{fact.id}` have no order",
                f"“{fact.label.zh}”的取值没有高低之分",
            )
        self._member(fact, expression.right)
        value = constant(Fraction(fact.member_index(expression.right.id)), "rank")
        return of_slot(self._slot(fact, expression.left), "rank"), value

    def quantity(self, expression: Expression) -> Quantity:
        """A number. Raises ``_ProblemError``."""
        match expression:
            case Number(value, unit):
                if unit == "":
                    return constant(value, "number")
                _, unit_kind, factor = UNITS[unit]
                return constant(value * factor, unit_kind)
            case Name():
                if expression.id == "on":
                    return of_slot(Slot("on"), "date")
                fact = self._fact(expression)
                kind = fact.kind or ("date" if fact.type == "date" else None)
                if kind is None:
                    raise _ProblemError(
                        expression.span, "not-a-number", f"`{fact.id}` is not a number", f"“{fact.label.zh}”不是数值"
                    )
                return of_slot(self._slot(fact, expression), kind)
            case Call(function, name, years):
                fact = self._fact(name)
                if function == "growth" and years != 1:
                    raise _ProblemError(
                        expression.span,
                        "growth-years",
                        "`growth` is that of one year; over several years it is `mean_growth` or `cagr`",
                        "“增长率”只算一年；多年请用“平均增长率”或“复合增长率”",
                    )
                if fact.kind is None or fact.per is None:
                    raise _ProblemError(
                        name.span,
                        "not-per-year",
                        f"`{fact.id}` is not a number given per year",
                        f"“{fact.label.zh}”不是按年度填报的数值",
                    )
                return over_years(function, Slot(fact.id, 0), fact.kind, years)
            case Arithmetic(operator, left, right):
                a, b = self.quantity(left), self.quantity(right)
                try:
                    if operator in "+-" and a.kind == "date" and b.kind in ("years", "months", "days"):
                        return self._shifted(expression, a, b, 1 if operator == "+" else -1)
                    if operator == "-" and a.kind == b.kind == "date":
                        difference = add(a, b, -1)
                        return Quantity("days", difference.numerator, difference.denominator)
                    if operator in "+-":
                        return add(a, b, 1 if operator == "+" else -1)
                    return multiply(a, b) if operator == "*" else divide(a, b)
                except UnitError as error:
                    raise self._units(expression, error, "combined with", "运算") from None
            case _:
                raise _ProblemError(expression.span, "not-a-number", "a number is expected here", "此处应为数值")

    def _shifted(self, expression: Expression, date: Quantity, span: Quantity, sign: int) -> Quantity:
        amount = span.constant
        monomials = list(date.numerator)
        if (
            amount is None
            or amount.denominator != 1
            or len(monomials) != 1
            or len(monomials[0]) != 1
            or monomials[0][0].shift_unit
        ):
            raise _ProblemError(
                expression.span,
                "date-shift",
                "a date is moved by a whole number of years, months or days",
                "日期只能加减整数年、月或日",
            )
        if abs(amount) > MAXIMUM_SHIFT[span.kind]:
            raise _ProblemError(
                expression.span, "date-shift", "a date is moved by at most a century", "日期最多加减一百年"
            )
        slot = monomials[0][0]
        return of_slot(Slot(slot.fact, slot.index, sign * int(amount), span.kind), "date")


def given_below(heading: Heading, kind: str) -> list[Heading]:
    """The headings directly below one that say which amount, or which date, it gives."""
    return [c for c in heading.children if c.value == kind and "for" not in c.section.values]


def _names(expression: Expression) -> Iterator[Name]:
    if isinstance(expression, Name):
        yield expression
    elif isinstance(expression, Arithmetic):
        yield from _names(expression.left)
        yield from _names(expression.right)


def _shift(expression: Expression, by: int) -> Expression:
    """The same expression ``by`` years earlier (negative), for ``in each of n years``."""
    match expression:
        case Name(id, index, span):
            return Name(id, (index or 0) + by if by else index, span)
        case Comparison(left, operator, right, span):
            return Comparison(_shift(left, by), operator, _shift(right, by), span)
        case Arithmetic(operator, left, right, span):
            return Arithmetic(operator, _shift(left, by), _shift(right, by), span)
        case Junction(kind, operands, span):
            return Junction(kind, tuple(_shift(o, by) for o in operands), span)
        case Negation(operand, span):
            return Negation(_shift(operand, by), span)
        case Number():
            return expression
        case _:
            raise _ProblemError(
                expression.span,
                "years",
                "only comparisons of facts can be repeated over years",
                "只有事实的比较可以按年度重复",
            )


def _prose(section: Section, *, context: bool) -> Bilingual:
    """The prose under a heading, English and Chinese paragraphs apart: a line with Chinese letters is Chinese."""
    en: list[str] = []
    zh: list[str] = []
    for block in section.blocks:
        if isinstance(block, Prose) and block.context == context:
            for line in block.text.split("\n"):
                (zh if is_chinese(line) else en).append(line.strip())
    return Bilingual("\n".join(en).strip(), "\n".join(zh).strip())


_QUANTITY = re.compile(r"[0-9][0-9,.]*\s?(?:[百千万亿]*元|[百千万亿]|[人项件名次级分年天])")


def is_chinese(line: str) -> bool:
    """Whether a line of prose is Chinese: more Chinese letters than Latin words, apart from units behind a number.

    Units such as 万元 stand in English prose too, at times alone on the last line of a paragraph.
    """
    line = _QUANTITY.sub("", line)
    chinese = len(re.findall(r"[一-鿿。，；、：（）]", line))
    words = len(re.findall(r"[A-Za-z]{2,}", line))
    return chinese > 2 * words
