"""One rule as people read it: its conditions and tables in words, and its lines as they stand in the file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction

from yiqi.law.bilingual import Bilingual, Language
from yiqi.law.document import Fence, Section, SourceText, TableBlock, read_document
from yiqi.law.formatter import format_law
from yiqi.law.quantities import POINTS_SCALE, decimal_text, money_text
from yiqi.law.references import rule_named
from yiqi.law.syntax import Expression, Junction, Otherwise
from yiqi.law.tree import (
    All,
    AmountNode,
    Any,
    AtLeast,
    Best,
    Body,
    Ceiling,
    Condition,
    Gathered,
    Invert,
    Law,
    Readings,
    Reckoned,
    Row,
    Rule,
    RuleTest,
    ScoreFact,
    ScoreReadings,
    ScoreRule,
    Table,
    Total,
    TruthNode,
    reference,
    rules_of,
)
from yiqi.law.vocabulary import Vocabulary
from yiqi.law.wording import group_text, write_page
from yiqi.law.words import CLASSES


@dataclass(frozen=True, slots=True)
class ArticleLine:
    """One line of a rule in words. ``depth`` counts the groups around it; ``id`` names its condition, row or rule."""

    depth: int
    text: Bilingual
    id: str | None = None
    confidence: str | None = None


def article_lines(law: Law, rule: Rule) -> list[ArticleLine]:
    """What a rule asks for, line by line, in both languages; nothing for a heading that decides nothing."""
    if rule.body is None:
        return []
    return list(_Article(law, rule).body(rule.body))


def lines_in_file(source: SourceText, rule: Rule, language: Language, vocabulary: Vocabulary) -> list[str]:
    """The rule lines and tables under the rule's own heading, in one tongue, as ``yiqi law format`` writes them.

    ``source`` is the file of the rule's instrument. Raises :class:`yiqi.law.diagnostics.DiagnosticError` when it cannot
    be read.
    """
    text = SourceText(source.name, format_law(source, language, vocabulary))
    document = read_document(text)
    lines: list[str] = []
    for path, section in _paths(document.root, ""):
        if path != rule.name or section.id is None:
            continue
        for block in section.blocks:
            if isinstance(block, Fence) and block.word == "rule":
                lines.extend(code for _, code in block.lines)
            elif isinstance(block, TableBlock):
                last = block.rows[-1][0].span.line if block.rows else block.line + 1
                lines.extend(text.lines[block.line - 1 : last])
    return lines


def _paths(section: Section, path: str) -> Iterator[tuple[str, Section]]:
    for child in section.sections:
        own = ".".join(part for part in (path, child.id) if part)
        yield own, child
        yield from _paths(child, own)


class _Article:
    def __init__(self, law: Law, rule: Rule) -> None:
        self.law = law
        self.rule = rule

    def body(self, body: Body) -> Iterator[ArticleLine]:
        match body:
            case Reckoned() | Gathered() | Ceiling() | Table() | ScoreRule() if self.rule.value in ("amount", "date"):
                yield from self.amount(body, 0)
            case Table() | Total() | Best() | ScoreReadings() | ScoreRule() | ScoreFact():
                yield from self.score(body, 0)
            case All(()) if self.rule.delegated:
                yield ArticleLine(
                    0,
                    Bilingual(
                        "Nothing, until a local or yearly file says what is asked", "暂无条件，由地方或年度文件规定"
                    ),
                )
            case All((child,)):
                yield from self.condition(child, 0)
            case All() | Any() | AtLeast() | Readings() | Invert():
                yield ArticleLine(0, _both(_group_of(body)))
                yield from self.members(body, 1)
            case _ if self.rule.value == "class":
                yield ArticleLine(
                    0, Bilingual("Any class that one of these gives is possible", "以下任一规则给出的类型均有可能")
                )
                yield from (self.named(reference(target), 1) for target in rules_of(body))
            case _:
                yield from self.condition(body, 0)  # type: ignore[arg-type]

    # -- conditions ---------------------------------------------------------------------------------------------------

    def members(self, node: TruthNode, depth: int) -> Iterator[ArticleLine]:
        match node:
            case Invert(Any() as inner):
                yield from self.members(inner, depth)
            case Readings(names, children):
                for name, child in zip(names, children, strict=True):
                    plain = "/" in name or isinstance(child, RuleTest)
                    yield from self.condition(child, depth, None if plain else name)
            case All(children) | Any(children) | AtLeast(_, children):
                for child in children:
                    yield from self.condition(child, depth)
            case _:
                yield from self.condition(node, depth)

    def condition(self, node: TruthNode, depth: int, reading: str | None = None) -> Iterator[ArticleLine]:
        match node:
            case Condition(id, child, source, group, confidence):
                text = self.words(source) if source is not None else _both(group or "all")
                if reading is not None:
                    text = Bilingual(f"Reading “{reading}”: {text.en}", f"解读“{reading}”：{text.zh}")
                yield ArticleLine(depth, text, id, confidence)
                if source is None:
                    yield from self.members(child, depth + 1)
            case RuleTest(rule):
                yield self.named(rule, depth)
            case _:
                yield from self.members(node, depth)

    def named(self, rule_id: str, depth: int) -> ArticleLine:
        rule = self.law.rule(rule_id)
        return ArticleLine(depth, rule.title, rule_id, rule.confidence)

    def words(self, expression: Expression) -> Bilingual:
        return Bilingual(self._page(expression, "en"), self._page(expression, "zh"))

    def _page(self, expression: Expression, language: Language) -> str:
        return write_page(expression, language, self.law.vocabulary, self._title)

    def _title(self, name: str) -> Bilingual | None:
        rule = rule_named(self.law, name, self.rule)
        return rule.title if rule is not None else None

    # -- points and classes -------------------------------------------------------------------------------------------

    def score(self, node: Body, depth: int) -> Iterator[ArticleLine]:
        match node:
            case Table(mode, _, rows, maximum):
                yield ArticleLine(depth, _table_text(mode, maximum))
                yield from (ArticleLine(depth + 1, self.row(row), row.id) for row in rows)
            case Total(children, maximum):
                yield ArticleLine(depth, _capped("The sum of the following", "以下各项得分之和", maximum))
                yield from self._scores(children, depth + 1)
            case Best(children):
                yield ArticleLine(depth, Bilingual("The highest of the following", "以下各项得分取最高"))
                yield from self._scores(children, depth + 1)
            case ScoreReadings(children):
                yield ArticleLine(
                    depth,
                    Bilingual("An open question: the range over all readings", "存在不同解读，取各种解读的得分区间"),
                )
                yield from self._scores(children, depth + 1)
            case ScoreRule(rule):
                yield self.named(rule, depth)
            case ScoreFact(slot, minimum, maximum):
                label = self.law.vocabulary[slot.fact].label
                low, high = _points(minimum), _points(maximum)
                yield ArticleLine(
                    depth, Bilingual(f"{label.en}, {low} to {high}", f"{label.zh}，{low}至{high}分"), slot.fact
                )

    def amount(self, node: AmountNode, depth: int) -> Iterator[ArticleLine]:
        match node:
            case Reckoned(id, source=source):
                yield ArticleLine(depth, self.words(source), id)
            case Table(mode, _, rows, _):
                each = Bilingual("Every row that holds adds its amount", "每满足一行即加计其金额")
                yield ArticleLine(depth, each if mode == "each" else _table_text(mode, None))
                yield from (ArticleLine(depth + 1, self.row(row), row.id) for row in rows)
            case Gathered(kind, children, maximum):
                text = {
                    "sum": Bilingual("The sum of the following", "以下各项金额之和"),
                    "best": Bilingual("The highest of the following", "以下各项金额取最高"),
                    "readings": Bilingual(
                        "An open question: the range over all readings", "存在不同解读，取各种解读的区间"
                    ),
                }[kind]
                if maximum is not None:
                    limit = money_text(maximum)
                    text = Bilingual(f"{text.en}, at most {limit}", f"{text.zh}，最高{limit}")
                yield ArticleLine(depth, text)
                for child in children:
                    yield from self.amount(child, depth + 1)
            case Ceiling(child):
                yield ArticleLine(
                    depth, Bilingual("At most the following; the authority decides", "不超过以下金额，由主管部门确定")
                )
                yield from self.amount(child, depth + 1)
            case ScoreRule(rule):
                yield self.named(rule, depth)

    def _scores(self, children: Iterable[Body], depth: int) -> Iterator[ArticleLine]:
        for child in children:
            yield from self.score(child, depth)

    def row(self, row: Row) -> Bilingual:
        tests = tuple(e for e, _ in row.cells if e is not None and not isinstance(e, Otherwise))
        if not tests:
            text = Bilingual("Otherwise", "其他")
        else:
            text = self.words(tests[0] if len(tests) == 1 else Junction("all", tests, row.span))
        result = self._result(row)
        return Bilingual(f"{text.en}: {result.en}", f"{text.zh}：{result.zh}")

    def _result(self, row: Row) -> Bilingual:
        if row.points is not None:
            points = _points(row.points)
            return Bilingual(f"{points} point{'' if points == '1' else 's'}", f"{points}分")
        if row.reckoned is not None:
            return self.words(row.reckoned.source)
        if row.rule is not None:
            title = self.law.rule(row.rule).title
            return Bilingual(f"by {title.en}", f"按{title.zh}")
        name = row.name or ""
        return Bilingual(*CLASSES.get(name, (name, name)))


def _group_of(body: TruthNode) -> str:
    match body:
        case Any():
            return "any"
        case AtLeast(count):
            return f"at_least {count}"
        case Readings():
            return "readings"
        case Invert():
            return "none"
        case _:
            return "all"


def _both(group: str) -> Bilingual:
    return Bilingual(group_text(group, "en"), group_text(group, "zh"))


def _points(held: int) -> str:
    return decimal_text(Fraction(held, POINTS_SCALE))


def _capped(en: str, zh: str, maximum: int | None) -> Bilingual:
    if maximum is None:
        return Bilingual(en, zh)
    return Bilingual(f"{en}, at most {_points(maximum)} points", f"{zh}，最高{_points(maximum)}分")


def _table_text(mode: str, maximum: int | None) -> Bilingual:
    if mode == "each":
        return _capped("Every row that holds adds its points", "每满足一行即加分", maximum)
    return _capped("The first row that holds decides", "按最先满足的一行确定", maximum)
