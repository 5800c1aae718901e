"""Writes the rules of a law file in one spelling per tongue: ``yiqi law format``.

Only the lines of rule fences and the headings and cells of score and class tables change; prose, headings, cases,
comments and tags stay as they are. What is written reads back as the same rules, in either tongue.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from yiqi.law.bilingual import Bilingual, Language
from yiqi.law.diagnostics import Diagnostic, DiagnosticError
from yiqi.law.document import Cell, Fence, SourceText, TableBlock, read_document
from yiqi.law.grammar import (
    GrammarError,
    parse_cell,
    parse_condition,
    parse_expression,
    parse_reckoning,
    parse_rule,
)
from yiqi.law.quantities import decimal_text
from yiqi.law.resolve import Heading, Resolver
from yiqi.law.syntax import Expression, Group, Item
from yiqi.law.vocabulary import Vocabulary
from yiqi.law.words import KEYWORDS
from yiqi.law.writing import INDENT, write_cell, write_law, write_line

_RESULTS = ("points", "class", "amount", "date")
_EMPTY = ("", "-", "—")


def format_law(source: SourceText, language: Language, vocabulary: Vocabulary) -> str:
    """The text of a law file with its rules in one tongue and one spelling; formatting it again changes nothing.

    Raises :class:`DiagnosticError` with every line that cannot be read: a file that is not understood is not rewritten.
    """
    document = read_document(source)
    if "schemes" in document.front_matter:  # a table of versions has no rule lines
        return source.text
    resolver = Resolver(vocabulary)
    resolver.add_document(document, str(document.front_matter.get("id", "")), Bilingual("", ""), "A")
    lines = list(source.lines)
    errors: list[Diagnostic] = [*document.diagnostics, *resolver.diagnostics]
    for heading in resolver.headings.values():
        formatter = _HeadingFormatter(resolver, heading, language)
        for block in heading.section.blocks:
            try:
                if isinstance(block, Fence) and block.word == "rule":
                    formatter.fence(block, lines)
                elif isinstance(block, TableBlock):
                    formatter.table(block, lines)
            except _UnreadError as unread:
                errors.extend(
                    source.diagnostic("error", "grammar", e.span, e.message.en, e.message.zh, e.remedy)
                    for e in unread.errors
                )
    if any(d.severity == "error" for d in errors):
        raise DiagnosticError([d for d in errors if d.severity == "error"])
    return "\n".join(lines)


class _UnreadError(Exception):
    def __init__(self, errors: list[GrammarError]) -> None:
        self.errors = errors
        super().__init__()


class _HeadingFormatter:
    """Rewrites what stands under one heading, in place."""

    def __init__(self, resolver: Resolver, heading: Heading, language: Language) -> None:
        self.resolver = resolver
        self.heading = heading
        self.language = language
        self.vocabulary = resolver.vocabulary
        self.lexicon = resolver.lexicon(heading)

    def name(self, name: str) -> str:
        """The one name of a rule under this heading; a name that means no rule of this file stays as it is."""
        rule = self.resolver.find_rule(name, self.heading)
        return name if rule is None or name == "original" else self.resolver.name_from(self.heading, rule)

    def title(self, name: str) -> str | None:
        return self.resolver.title_from(self.heading, name)

    def word(self, key: str) -> str:
        return KEYWORDS[key][1 if self.language == "zh" else 0]

    # -- fences -------------------------------------------------------------------------------------------------------

    def fence(self, fence: Fence, lines: list[str]) -> None:
        items, errors = parse_rule(fence.lines, self.lexicon)
        if errors:
            raise _UnreadError(errors)
        texts = dict(fence.lines)
        for item, depth in _with_depth(items, 0):
            number = item.span.line
            # What stands before the text of a fence (the indentation of the fence itself) stays.
            margin = lines[number - 1].removesuffix(texts[number])
            code = write_line(item, self.language, self.vocabulary, self.title, self.name)
            lines[number - 1] = margin + INDENT * depth + code

    # -- tables -------------------------------------------------------------------------------------------------------

    def table(self, block: TableBlock, lines: list[str]) -> None:
        try:
            heads = [self._head(cell) for cell in block.header[:-1]]
            result = self._keyword(block.header[-1].text, _RESULTS)
            self._replace(lines, block.header, [*(text for text, _ in heads), self.word(result) if result else None])
            for row in block.rows:
                cells = [self._cell(cell, left) for cell, (_, left) in zip(row[:-1], heads, strict=True)]
                self._replace(lines, row, [*cells, self._result(row[-1], result)])
        except GrammarError as error:
            raise _UnreadError([error]) from None

    def _head(self, cell: Cell) -> tuple[str, Expression | None]:
        if self._keyword(cell.text, ("condition",)):
            return self.word("condition"), None
        left = parse_expression(cell.text, cell.span.line, cell.span.column, self.lexicon)
        return write_law(left, self.language, self.vocabulary, self.title, self.name), left

    def _cell(self, cell: Cell, left: Expression | None) -> str:
        if cell.text in _EMPTY:
            return cell.text
        if self._keyword(cell.text, ("otherwise",)):
            return self.word("otherwise")
        line, column = cell.span.line, cell.span.column
        if left is None:
            condition = parse_condition(cell.text, line, column, self.lexicon)
            return write_law(condition, self.language, self.vocabulary, self.title, self.name)
        test = parse_cell(cell.text, line, column, left, self.lexicon)
        return write_cell(test, self.language, self.vocabulary, self.title, self.name)

    def _result(self, cell: Cell, result: str | None) -> str | None:
        """Points without their unit, an amount or a date, or a class, which goes by its id in both tongues."""
        if result in ("amount", "date"):
            line = parse_reckoning("amount", cell.text, cell.span.line, cell.span.column, self.lexicon)
            return write_law(line.value, self.language, self.vocabulary, self.title, self.name)
        if result == "class":
            by, _, rule = cell.text.partition(" ")
            return f"by {self.name(rule.strip())}" if by == "by" and rule.strip() else cell.text
        try:
            return decimal_text(Fraction(cell.text.removesuffix("分").strip()))
        except ValueError:
            return None  # the check says what is wrong with it

    @staticmethod
    def _keyword(text: str, keys: tuple[str, ...]) -> str | None:
        return next((key for key in keys if text in KEYWORDS[key]), None)

    @staticmethod
    def _replace(lines: list[str], cells: tuple[Cell, ...], texts: list[str | None]) -> None:
        number = cells[0].span.line
        old = lines[number - 1]
        margin = old[: len(old) - len(old.lstrip())]
        written = (cell.text if text is None else text for cell, text in zip(cells, texts, strict=True))
        padded = (f" {text} " if text else " " for text in (text.replace("|", "\\|") for text in written))
        lines[number - 1] = f"{margin}|{'|'.join(padded)}|"


def _with_depth(items: list[Item] | tuple[Item, ...], depth: int) -> Iterator[tuple[Item, int]]:
    for item in items:
        yield item, depth
        if isinstance(item, Group):
            yield from _with_depth(item.items, depth + 1)
