"""YAML read into texts, lists and maps that know their line and column, safely.

Nothing is interpreted: a scalar stays the text that was written, so ``5512.50`` is not a float and ``no`` is not a
Boolean before somebody who knows the fact's type says so. Anchors, aliases and tags are refused (a fact sheet needs
none, and aliases are how a small file becomes a huge one), duplicate keys are refused, nesting is bounded.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from yiqi.law.bilingual import Bilingual
from yiqi.law.diagnostics import Diagnostic, Place

MAXIMUM_DEPTH = 20
"""Nesting deeper than this is refused; the deepest file of ours has six levels."""

LONGEST_EXCERPT = 400
"""Characters of a line that is still shown as an excerpt."""


@dataclass(frozen=True, slots=True)
class Text:
    """A scalar as written. ``quoted`` texts are never taken for null."""

    text: str
    place: Place
    quoted: bool = False

    @property
    def is_null(self) -> bool:
        return not self.quoted and self.text in ("", "~", "null", "Null", "NULL")


@dataclass(frozen=True, slots=True)
class Items:
    """A list."""

    items: tuple[Node, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Entries:
    """A map in the order written; keys are unique."""

    entries: tuple[tuple[Text, Node], ...]
    place: Place

    def get(self, key: str) -> Node | None:
        for name, value in self.entries:
            if name.text == key:
                return value
        return None

    def __iter__(self) -> Iterator[tuple[Text, Node]]:
        return iter(self.entries)


Node = Text | Items | Entries


class Source:
    """The lines of a file, to make places with excerpts."""

    def __init__(self, file: str, text: str) -> None:
        self.file = file
        # Only the line breaks that YAML and JSON know: str.splitlines would also split at form feeds.
        self.lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")

    def place(self, line: int, column: int, length: int = 1, path: str | None = None) -> Place:
        """The place at a line and column counted from 0."""
        excerpt = self.lines[line] if line < len(self.lines) else ""
        shown = excerpt if len(excerpt) <= LONGEST_EXCERPT else None
        return Place(self.file, line + 1, column + 1, shown, max(1, length), path)


def read_located_yaml(text: str, file: str) -> tuple[Node | None, list[Diagnostic]]:
    """The one document of a YAML text, and what is wrong with it.

    The node is None when the text is empty or cannot be read; then there is at least one error. Duplicate keys,
    anchors, aliases and tags are errors, but reading goes on, so that all of them are reported.
    """
    source = Source(file, text)
    builder = _Builder(source)
    try:
        for event in YAML(typ="rt", pure=True).parse(io.StringIO(text)):
            if not builder.take(event):
                return None, builder.diagnostics
    except MarkedYAMLError as error:
        builder.diagnostics.append(_syntax_error(error, source))
        return None, builder.diagnostics
    except (YAMLError, ValueError, RecursionError) as error:
        builder.diagnostics.append(_unreadable(error, source))
        return None, builder.diagnostics
    return builder.root, builder.diagnostics


def _syntax_error(error: MarkedYAMLError, source: Source) -> Diagnostic:
    mark = error.problem_mark or error.context_mark
    line, column = (mark.line, mark.column) if mark is not None else (0, 0)
    problem = str(error.problem or error.context or "cannot be read")
    excerpt = source.lines[line] if line < len(source.lines) else ""
    near = excerpt + (source.lines[line - 1] if line > 0 else "")
    remedy = Bilingual(
        "check the indentation and write a colon and a space after each key", "请检查缩进，并在每个键后写英文冒号和空格"
    )
    if "\t" in excerpt[: column + 1]:
        remedy = Bilingual("indent with spaces, not with tabs", "请用空格缩进，不要用制表符")
    elif "：" in near:
        remedy = Bilingual(
            "write an ASCII colon and a space (`: `) after a key, not `：`",
            "键后请用英文冒号加空格（“: ”），不要用“：”",
        )
    return Diagnostic(
        "error",
        "yaml-syntax",
        Bilingual(f"not valid YAML: {problem}", f"不是有效的YAML：此处无法解析（{problem}）"),
        source.place(line, column),
        remedy,
    )


def _unreadable(error: Exception, source: Source) -> Diagnostic:
    # A ReaderError (a control character, a lone surrogate) has an offset instead of a mark.
    line, column = 0, 0
    offset = getattr(error, "position", None)
    character = getattr(error, "character", None)
    if isinstance(offset, int):
        before = "\n".join(source.lines)[:offset]
        line, column = before.count("\n"), len(before) - (before.rfind("\n") + 1)
    code = f"U+{character:04X}" if isinstance(character, int) else type(error).__name__
    return Diagnostic(
        "error",
        "yaml-syntax",
        Bilingual(
            f"the text holds a character that YAML does not allow ({code})", f"文本含有YAML不允许的字符（{code}）"
        ),
        source.place(line, column),
        Bilingual("remove the character", "请删除该字符"),
    )


class _Builder:
    """Builds the tree from events with an own stack, so that depth is bounded and nothing recurses."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.root: Node | None = None
        self.diagnostics: list[Diagnostic] = []
        self.documents = 0
        # Each open collection: its place, its children so far, whether it is a map, and its path.
        self.stack: list[tuple[Place, list[Node], bool]] = []

    def take(self, event: object) -> bool:
        """Add one event; False when reading must stop."""
        if isinstance(event, DocumentStartEvent):
            self.documents += 1
            if self.documents > 1:
                self._error(
                    "yaml-documents",
                    event,
                    Bilingual("the file holds more than one document", "文件包含多个文档"),
                    Bilingual("keep one; remove the line `---`", "请只保留一个，删除“---”行"),
                )
                return False
        if isinstance(event, NodeEvent):
            if not self._plain(event):
                return False
            place = self._place(event)
            if isinstance(event, ScalarEvent):
                self._add(Text(event.value, place, event.style is not None))
            elif isinstance(event, MappingStartEvent | SequenceStartEvent):
                if len(self.stack) >= MAXIMUM_DEPTH:
                    self._error(
                        "yaml-depth",
                        event,
                        Bilingual(f"nested more than {MAXIMUM_DEPTH} levels deep", f"嵌套超过{MAXIMUM_DEPTH}层"),
                        None,
                    )
                    return False
                self.stack.append((place, [], isinstance(event, MappingStartEvent)))
        elif isinstance(event, MappingEndEvent | SequenceEndEvent):
            place, children, is_map = self.stack.pop()
            self._add(self._entries(place, children) if is_map else Items(tuple(children), place))
        return True

    def _plain(self, event: NodeEvent) -> bool:
        if isinstance(event, AliasEvent) or event.anchor is not None:
            self._error(
                "yaml-anchor",
                event,
                Bilingual("anchors (&) and aliases (*) are not read", "不支持锚点（&）和别名（*）"),
                Bilingual("write the value out, or put the text in quotes", "请直接写出该值；如为文本请加引号"),
            )
            return False
        tag = getattr(event, "tag", None)
        if tag is not None and str(tag) != "!":
            self._error(
                "yaml-tag",
                event,
                Bilingual(f"tags such as `{tag}` are not read", f"不支持标签“{tag}”"),
                Bilingual("write the plain value, or put the text in quotes", "请直接写值；如为文本请加引号"),
            )
            return False
        return True

    def _place(self, event: NodeEvent) -> Place:
        start, end = event.start_mark, event.end_mark
        length = end.column - start.column if end is not None and end.line == start.line else 1
        return self.source.place(start.line, start.column, length)

    def _add(self, node: Node) -> None:
        if self.stack:
            self.stack[-1][1].append(node)
        else:
            self.root = node

    def _entries(self, place: Place, children: list[Node]) -> Entries:
        entries: list[tuple[Text, Node]] = []
        seen: dict[str, Place] = {}
        for key, value in zip(children[::2], children[1::2], strict=True):
            if not isinstance(key, Text):
                self.diagnostics.append(
                    Diagnostic(
                        "error",
                        "yaml-key",
                        Bilingual("a key must be a text", "键必须是文本"),
                        key.place,
                    )
                )
            elif key.text in seen:
                self.diagnostics.append(duplicate_key(key, seen[key.text]))
            else:
                seen[key.text] = key.place
                entries.append((key, value))
        return Entries(tuple(entries), place)

    def _error(self, code: str, event: object, message: Bilingual, remedy: Bilingual | None) -> None:
        mark = getattr(event, "start_mark", None)
        place = self.source.place(mark.line, mark.column) if mark is not None else Place(self.source.file)
        self.diagnostics.append(Diagnostic("error", code, message, place, remedy))


def duplicate_key(key: Text, first: Place) -> Diagnostic:
    """The error for a key that stands twice in one map."""
    return Diagnostic(
        "error",
        "duplicate-key",
        Bilingual(
            f"`{key.text}` is given twice; first in line {first.line}", f"“{key.text}”重复，首次出现在第{first.line}行"
        ),
        key.place,
        Bilingual("keep one of the two", "请只保留一处"),
    )
