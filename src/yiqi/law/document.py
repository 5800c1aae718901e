"""One law file as a document: front matter, headings that contain each other, prose, tables and fences.

This pass knows Markdown and positions and nothing of law. Every block keeps the line it stands on.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from yiqi.law.bilingual import Bilingual
from yiqi.law.diagnostics import Diagnostic, Place, Severity
from yiqi.law.located_yaml import Entries, Items, Node, Text, read_located_yaml
from yiqi.law.syntax import Span


@dataclass(frozen=True)
class SourceText:
    """A file's name as people know it and its text; makes places and diagnostics in it."""

    name: str
    text: str
    lines: tuple[str, ...] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        # Markdown and YAML end a line at CR LF and at CR too; lines must count the same for all of them.
        text = self.text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
        object.__setattr__(self, "text", text)
        object.__setattr__(self, "lines", tuple(text.split("\n")))

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


MAXIMUM_BYTES = 4_000_000
MAXIMUM_LINES = 20_000
"""A longer file is refused unread; the longest instrument of ours has an eighth of it."""
MAXIMUM_LINE = 4_000
"""Characters of a line; the same holds."""
MAXIMUM_ROWS = 2_000
MAXIMUM_COLUMNS = 20
"""Of a table; ours have a few dozen rows and four columns."""

_HEADING = re.compile(r"^(?P<title>.*?)\s*(?:\{(?P<attributes>[^{}]*)\})?\s*(?:\[(?P<tag>[A-D])\])?\s*$")
_ATTRIBUTE = re.compile(
    r"""\s*(?:#(?P<id>[^\s=]+)|\.(?P<mark>[^\s=]+)|(?P<key>[A-Za-z_]+)=(?:"(?P<quoted>[^"]*)"|(?P<value>\S+)))"""
)
_ID = re.compile(r"[a-z][a-z0-9_]*\Z")


def read_document(source: SourceText) -> Document:
    """Read a law file. Never raises for wrong content: problems stand in ``diagnostics``."""
    from markdown_it import MarkdownIt

    diagnostics: list[Diagnostic] = []
    root = Section(0, Bilingual("", ""), None, (), {}, None, Span(1, 1, 1))
    if (too_large := _size(source)) is not None:
        return Document(source, {}, {}, root, [too_large])
    front, front_lines, body_start = _front_matter(source, diagnostics)
    body = "\n" * body_start + "\n".join(source.lines[body_start:])
    markdown = MarkdownIt("commonmark").enable("table")
    # What stands inside a paragraph has no meaning here.
    markdown.core.ruler.enableOnly(["normalize", "block"])
    tokens = markdown.parse(body)
    stack = [root]
    index = 0
    while index < len(tokens):
        token = tokens[index]
        line = (token.map[0] if token.map else 0) + 1
        if token.type == "heading_open":
            level = int(token.tag[1])
            assert token.map
            if token.markup not in _ATX:
                _misread_heading(source, token.map[0] + 1, token.map[1], diagnostics)
                index += 3
                continue
            section = _section(source, level, tokens[index + 1].content, line, diagnostics)
            while stack[-1].level >= level:
                stack.pop()
            stack[-1].sections.append(section)
            stack.append(section)
            index += 3
            continue
        if token.type == "fence":
            first = line + 1
            _closed(source, token, diagnostics)
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
            _nothing_hidden(source, tokens[index + 1 : end], context, diagnostics)
            _no_heading_lost(source, line, text, diagnostics)
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


_ATX = ("#", "##", "###", "####", "#####", "######")


def _size(source: SourceText) -> Diagnostic | None:
    if len(source.lines) > MAXIMUM_LINES:
        return Diagnostic(
            "error", "file-too-long",
            Bilingual(
                f"the file has {len(source.lines)} lines; more than {MAXIMUM_LINES} are not read",
                f"文件有{len(source.lines)}行，超过{MAXIMUM_LINES}行的文件不读取",
            ),
            Place(source.name, MAXIMUM_LINES + 1),
            Bilingual("one file is one instrument; split it", "一个文件对应一部法规，请拆分"),
        )  # fmt: skip
    for number, line in enumerate(source.lines, 1):
        if len(line) > MAXIMUM_LINE:
            return Diagnostic(
                "error", "line-too-long",
                Bilingual(
                    f"this line has {len(line)} characters; more than {MAXIMUM_LINE} are not read",
                    f"本行有{len(line)}个字符，超过{MAXIMUM_LINE}个字符的行不读取",
                ),
                Place(source.name, number, MAXIMUM_LINE + 1),
                Bilingual("break the line", "请分行书写"),
            )  # fmt: skip
    return None


def _misread_heading(source: SourceText, first: int, last: int, diagnostics: list[Diagnostic]) -> None:
    """A paragraph with a line of `---` or `===` right below it, which Markdown takes for a heading."""
    diagnostics.append(
        source.diagnostic(
            "error", "heading-form", source.line_span(last),
            f"Markdown takes lines {first} to {last} for a heading, because of this line",
            f"由于本行，Markdown把第{first}至{last}行当作标题",
            Bilingual("begin a heading with `#`; leave a blank line before a rule `---`", "标题请以`#`开头；分隔线`---`前请空一行"),
        )
    )  # fmt: skip


def _closed(source: SourceText, token: Any, diagnostics: list[Diagnostic]) -> None:
    first, end = token.map[0] + 1, token.map[1]
    closing = source.lines[end - 1].strip()
    if end > first and len(closing) >= len(token.markup) and set(closing) == {token.markup[0]}:
        return
    diagnostics.append(
        source.diagnostic(
            "error", "unclosed-fence", source.line_span(first),
            "this block is never closed", "该代码块没有结尾",
            Bilingual(f"close it with a line `{token.markup}`", f"请用一行`{token.markup}`结束"),
        )
    )  # fmt: skip


def _nothing_hidden(source: SourceText, inner: list[Any], context: bool, diagnostics: list[Diagnostic]) -> None:
    """What decides must not stand inside a list or a block quote, where it would be taken for prose."""
    for token in inner:
        table = token.type == "table_open" and not context
        if table or token.type == "heading_open" or (token.type == "fence" and token.info.strip()):
            diagnostics.append(
                source.diagnostic(
                    "error", "nested-block", source.line_span(token.map[0] + 1),
                    "a heading, a table or a fence inside a list or block quote is not read",
                    "列表或引用块中的标题、表格和代码块不会被读取",
                    Bilingual("move it out, to the beginning of the line", "请移到列表或引用块之外，从行首写起"),
                )
            )  # fmt: skip


def _no_heading_lost(source: SourceText, line: int, text: str, diagnostics: list[Diagnostic]) -> None:
    for number, written in enumerate(text.split("\n"), line):
        if written.lstrip().startswith("#"):
            diagnostics.append(
                source.diagnostic(
                    "error", "heading-form", source.line_span(number),
                    "this line looks like a heading and is none", "本行像标题，但不是标题",
                    Bilingual("write one to six `#`, a space, the title", "请写一至六个`#`、一个空格和标题"),
                )
            )  # fmt: skip


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
    assert match is not None  # the title takes any text of one line
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
    if stray := re.search(r"[{}]|\[[^\]]{1,2}\]$", match["title"]):
        column = raw.find(stray[0]) + 1
        diagnostics.append(
            source.diagnostic(
                "error", "heading-attribute", Span(line, max(1, column), len(stray[0])),
                "behind the title stand the attributes and then the tag, nothing else: `{#id .mark} [B]`",
                "标题之后只能依次写属性和可信度：`{#标识 .标记} [B]`",
            )
        )  # fmt: skip
    identifier: str | None = None
    marks: list[str] = []
    values: dict[str, str] = {}
    attributes = match["attributes"] or ""
    offset = raw.rfind("{") + 1
    at = 0
    while attributes[at:].strip():
        part = _ATTRIBUTE.match(attributes, at)
        rest = attributes[at:]
        here = Span(line, offset + at + 1 + len(rest) - len(rest.lstrip()), len(rest.split()[0]))
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
    for line in (first, *range(first + 2, last + 1)):
        text = source.lines[line - 1].strip()
        if text and not (text.startswith("|") and text.endswith("|") and len(text) > 1):
            diagnostics.append(
                source.diagnostic(
                    "error", "table-width", source.line_span(line),
                    "a row of a table begins and ends with `|`", "表格的每一行应以`|`开头和结尾",
                )
            )  # fmt: skip
            return TableBlock((), (), first)
    header = _cells(source, first)
    if last - first > MAXIMUM_ROWS or len(header) > MAXIMUM_COLUMNS:
        diagnostics.append(
            source.diagnostic(
                "error", "table-too-large", source.line_span(first),
                f"a table has at most {MAXIMUM_ROWS} rows and {MAXIMUM_COLUMNS} columns",
                f"表格最多{MAXIMUM_ROWS}行、{MAXIMUM_COLUMNS}列",
            )
        )  # fmt: skip
        return TableBlock((), (), first)
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
    before = len(diagnostics)
    data, positions = read_yaml(source, 2, "\n".join(lines[1:end]), diagnostics)
    if not isinstance(data, dict):
        if len(diagnostics) > before:
            return {}, {}, end + 1
        diagnostics.append(
            source.diagnostic("error", "front-matter", Span(1, 1, 3), "front matter is a map", "元数据应为键值表")
        )
        return {}, {}, end + 1
    return data, positions, end + 1


def read_yaml(
    source: SourceText, first_line: int, text: str, diagnostics: list[Diagnostic]
) -> tuple[Any, dict[str, int]]:
    """Read YAML that stands inside a file from ``first_line`` on; plain Python values and the line of each top key.

    Scalars stay as written (``no`` and ``5512.5万元`` are text); whole numbers are ``int``, days ``date``, ``true`` and
    ``false`` Booleans, nothing is None. Anchors, aliases, tags, duplicate keys and deep nesting are errors.
    """
    node, problems = read_located_yaml(text, source.name)
    for problem in problems:
        place = problem.place
        moved = replace(place, line=None if place.line is None else place.line + first_line - 1)
        diagnostics.append(replace(problem, place=moved))
    if node is None or problems:
        return None, {}
    positions: dict[str, int] = {}
    if isinstance(node, Entries):
        positions = {key.text: (key.place.line or 1) + first_line - 1 for key, _ in node}
    return _plain(node), positions


_INTEGER = re.compile(r"[+-]?(?:0|[1-9][0-9]{0,17})\Z")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")


def _plain(node: Node) -> Any:
    match node:
        case Entries():
            return {_scalar(key): _plain(value) for key, value in node}
        case Items(items):
            return [_plain(item) for item in items]
        case Text():
            return _scalar(node)


def _scalar(node: Text) -> Any:
    text = node.text
    if node.quoted:
        return text
    if node.is_null:
        return None
    if text in ("true", "false"):
        return text == "true"
    if _INTEGER.match(text):
        return int(text)
    if _DAY.match(text):
        try:
            return dt.date.fromisoformat(text)
        except ValueError:
            return text  # a day that is not in the calendar; whoever needs a date says so
    return text
