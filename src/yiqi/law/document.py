"""One law file as a document: front matter, headings that contain each other, prose, tables and fences.

This pass knows Markdown and positions and nothing of law. Every block keeps the line it stands on.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from yiqi.law.bilingual import Bilingual
from yiqi.law.diagnostics import Diagnostic, Place, Severity
from yiqi.law.syntax import Span


@dataclass(frozen=True)
class SourceText:
    """A file's name as people know it and its text; makes places and diagnostics in it."""

    name: str
    text: str
    lines: tuple[str, ...] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "lines", tuple(self.text.split("\n")))

    def place(self, span: Span) -> Place:
        excerpt = self.lines[span.line - 1] if 1 <= span.line <= len(self.lines) else None
        return Place(self.name, span.line, span.column, excerpt, span.length)

    def diagnostic(
        self, severity: Severity, code: str, span: Span, en: str, zh: str, remedy: Bilingual | None = None
    ) -> Diagnostic:
        return Diagnostic(severity, code, Bilingual(en, zh), self.place(span), remedy)

    def line_span(self, line: int) -> Span:
        """The whole of a line without its indentation."""
        text = self.lines[line - 1] if 1 <= line <= len(self.lines) else ""
        indent = len(text) - len(text.lstrip())
        return Span(line, indent + 1, max(1, len(text.strip())))


@dataclass(frozen=True, slots=True)
class Prose:
    """A paragraph or list; ``context`` when it stands in a block quote, which explains and is not compared."""

    text: str
    line: int
    context: bool


@dataclass(frozen=True, slots=True)
class Fence:
    """A fenced block: its word (``rule``, ``case`` …) and its lines with their numbers."""

    word: str
    line: int
    lines: tuple[tuple[int, str], ...]

    @property
    def text(self) -> str:
        return "\n".join(text for _, text in self.lines)


@dataclass(frozen=True, slots=True)
class Cell:
    text: str
    span: Span


@dataclass(frozen=True, slots=True)
class TableBlock:
    header: tuple[Cell, ...]
    rows: tuple[tuple[Cell, ...], ...]
    line: int


Block = Prose | Fence | TableBlock


@dataclass
class Section:
    """A heading and what stands under it."""

    level: int
    title: Bilingual
    id: str | None
    marks: tuple[str, ...]
    """The words behind a dot in the heading's braces: ``.all``, ``.judgement`` …"""
    values: Mapping[str, str]
    """The ``key=value`` pairs in the heading's braces."""
    tag: str | None
    span: Span
    blocks: list[Block] = field(default_factory=list)
    sections: list[Section] = field(default_factory=list)

    def walk(self) -> Iterator[Section]:
        yield self
        for section in self.sections:
            yield from section.walk()


@dataclass
class Document:
    source: SourceText
    front_matter: dict[str, Any]
    front_lines: dict[str, int]
    """The line of each key of the front matter."""
    root: Section
    """A section of level 0 without heading that holds everything before and below the first heading."""
    diagnostics: list[Diagnostic]


_HEADING = re.compile(r"^(?P<title>.*?)\s*(?:\{(?P<attributes>[^{}]*)\})?\s*(?:\[(?P<tag>[A-D])\])?\s*$")
_ATTRIBUTE = re.compile(r"""\s*(?:#(?P<id>[^\s=]+)|\.(?P<mark>[^\s=]+)|(?P<key>[A-Za-z_]+)=(?:"(?P<quoted>[^"]*)"|(?P<value>\S+)))""")
_ID = re.compile(r"[a-z][a-z0-9_]*\Z")


def read_document(source: SourceText) -> Document:
    """Read a law file. Never raises for wrong content: problems stand in ``diagnostics``."""
    from markdown_it import MarkdownIt

    diagnostics: list[Diagnostic] = []
    front, front_lines, body_start = _front_matter(source, diagnostics)
    body = "\n" * body_start + "\n".join(source.lines[body_start:])
    tokens = MarkdownIt("commonmark").enable("table").parse(body)
    root = Section(0, Bilingual("", ""), None, (), {}, None, Span(1, 1, 1))
    stack = [root]
    index = 0
    while index < len(tokens):
        token = tokens[index]
        line = (token.map[0] if token.map else 0) + 1
        if token.type == "heading_open":
            level = int(token.tag[1])
            section = _section(source, level, tokens[index + 1].content, line, diagnostics)
            while stack[-1].level >= level:
                stack.pop()
            stack[-1].sections.append(section)
            stack.append(section)
            index += 3
            continue
        if token.type == "fence":
            first = line + 1
            content = token.content.split("\n")
            if content and content[-1] == "":
                content.pop()
            lines = tuple((first + k, text) for k, text in enumerate(content))
            stack[-1].blocks.append(Fence(token.info.strip(), line, lines))
        elif token.type == "table_open":
            assert token.map
            stack[-1].blocks.append(_table(source, token.map[0] + 1, token.map[1], diagnostics))
            index = _skip(tokens, index, "table_close")
        elif token.type in ("paragraph_open", "bullet_list_open", "ordered_list_open", "blockquote_open"):
            close = token.type.replace("_open", "_close")
            end = _skip(tokens, index, close)
            assert token.map
            text = "\n".join(source.lines[token.map[0] : token.map[1]]).strip()
            context = token.type == "blockquote_open"
            if context:
                text = "\n".join(re.sub(r"^\s*>\s?", "", t) for t in text.split("\n"))
            stack[-1].blocks.append(Prose(text, line, context))
            index = end
        elif token.type in ("html_block", "code_block"):
            diagnostics.append(
                source.diagnostic(
                    "error", "unknown-block", source.line_span(line),
                    "HTML and indented code have no meaning in a law file", "法规文件中不能使用HTML或缩进代码",
                )
            )  # fmt: skip
        index += 1
    return Document(source, front, front_lines, root, diagnostics)


def _skip(tokens: list[Any], index: int, close: str) -> int:
    level = tokens[index].level
    while not (tokens[index].type == close and tokens[index].level == level):
        index += 1
    return index


def split_bilingual(text: str) -> Bilingual | None:
    """``English · 中文`` as two texts; None when the separator is missing."""
    en, separator, zh = text.partition(" · ")
    return Bilingual(en.strip(), zh.strip()) if separator else None


def _section(source: SourceText, level: int, content: str, line: int, diagnostics: list[Diagnostic]) -> Section:
    match = _HEADING.match(content)
    assert match is not None
    raw = source.lines[line - 1]
    title = split_bilingual(match["title"])
    span = source.line_span(line)
    if title is None or not title.en or not title.zh:
        diagnostics.append(
            source.diagnostic(
                "error", "heading-tongues", span,
                "a heading stands in both languages: `English · 中文`", "标题应为双语：`English · 中文`",
            )
        )  # fmt: skip
        title = Bilingual(match["title"], match["title"])
    identifier: str | None = None
    marks: list[str] = []
    values: dict[str, str] = {}
    attributes = match["attributes"] or ""
    offset = raw.find("{") + 1
    at = 0
    while attributes[at:].strip():
        part = _ATTRIBUTE.match(attributes, at)
        here = Span(line, offset + at + 1, max(1, len(attributes[at:].strip())))
        if part is None:
            diagnostics.append(
                source.diagnostic(
                    "error", "heading-attribute", here,
                    "an attribute is `#id`, `.mark` or `key=value`", "标题属性应为`#标识`、`.标记`或`键=值`",
                )
            )  # fmt: skip
            break
        if part["id"] is not None:
            if identifier is not None or not _ID.match(part["id"]):
                diagnostics.append(
                    source.diagnostic(
                        "error", "heading-id", here,
                        "a heading has one id of lower-case letters, digits and `_`",
                        "每个标题只有一个标识，由小写字母、数字和下划线组成",
                    )
                )  # fmt: skip
            identifier = part["id"]
        elif part["mark"] is not None:
            marks.append(part["mark"])
        else:
            values[part["key"]] = part["quoted"] if part["quoted"] is not None else part["value"]
        at = part.end()
    return Section(level, title, identifier, tuple(marks), values, match["tag"], span)


def _table(source: SourceText, first: int, last: int, diagnostics: list[Diagnostic]) -> TableBlock:
    header = _cells(source, first)
    rows = []
    for line in range(first + 2, last + 1):
        if not source.lines[line - 1].strip():
            continue
        cells = _cells(source, line)
        if len(cells) != len(header):
            diagnostics.append(
                source.diagnostic(
                    "error", "table-width", source.line_span(line),
                    f"this row has {len(cells)} cells, the heading has {len(header)}",
                    f"本行有{len(cells)}格，表头有{len(header)}格",
                )
            )  # fmt: skip
            continue
        rows.append(cells)
    return TableBlock(header, tuple(rows), first)


def _cells(source: SourceText, line: int) -> tuple[Cell, ...]:
    text = source.lines[line - 1]
    cells: list[Cell] = []
    start = text.find("|") + 1
    end = text.rstrip().rfind("|")
    at = start
    piece = start
    while at <= end:
        if text[at : at + 1] == "|" and text[at - 1] != "\\":
            raw = text[piece:at]
            stripped = raw.strip()
            column = piece + (len(raw) - len(raw.lstrip())) + 1
            cells.append(Cell(stripped.replace("\\|", "|"), Span(line, column, max(1, len(stripped)))))
            piece = at + 1
        at += 1
    return tuple(cells)


def _front_matter(source: SourceText, diagnostics: list[Diagnostic]) -> tuple[dict[str, Any], dict[str, int], int]:
    lines = source.lines
    if not lines or lines[0].strip() != "---":
        diagnostics.append(
            source.diagnostic(
                "error", "front-matter", Span(1, 1, 1),
                "a law file begins with front matter between two lines `---`", "法规文件应以两行`---`之间的元数据开头",
            )
        )  # fmt: skip
        return {}, {}, 0
    end = next((k for k in range(1, len(lines)) if lines[k].strip() == "---"), None)
    if end is None:
        diagnostics.append(
            source.diagnostic("error", "front-matter", Span(1, 1, 3), "the closing `---` is missing", "缺少结尾的`---`")
        )
        return {}, {}, 0
    data, positions = read_yaml(source, 2, "\n".join(lines[1:end]), diagnostics)
    if not isinstance(data, dict):
        diagnostics.append(
            source.diagnostic("error", "front-matter", Span(1, 1, 3), "front matter is a map", "元数据应为键值表")
        )
        return {}, {}, end + 1
    return data, positions, end + 1


def read_yaml(
    source: SourceText, first_line: int, text: str, diagnostics: list[Diagnostic]
) -> tuple[Any, dict[str, int]]:
    """Read YAML that stands inside a file from ``first_line`` on; plain Python values and the line of each top key.

    Scalars stay as written (``no`` is text, ``5512.5万元`` is text, whole numbers are ``int``); dates are ``date``.
    """
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError

    yaml = YAML(typ="rt", pure=True)
    try:
        data = yaml.load(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = first_line + (mark.line if mark else 0)
        column = (mark.column if mark else 0) + 1
        problem = str(error.problem or "not YAML")
        diagnostics.append(
            source.diagnostic("error", "yaml", Span(line, column, 1), f"not valid YAML: {problem}", f"YAML格式有误：{problem}")
        )
        return None, {}
    positions: dict[str, int] = {}
    if hasattr(data, "lc") and isinstance(data, dict):
        for key in data:
            positions[str(key)] = first_line + int(data.lc.key(key)[0])
    return _plain(data), positions


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        # Kept as written: 12.5 must not become binary.
        return str(value)
    if isinstance(value, str):
        return str(value)
    return value
