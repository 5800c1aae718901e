"""JSON read into the same located tree as YAML: numbers as the text written, duplicate keys refused.

``json.loads`` turns numbers into floats and lets the last of two equal keys win; neither may happen to a figure.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from decimal import Decimal

from yiqi.law.bilingual import Bilingual
from yiqi.law.diagnostics import Diagnostic, Place
from yiqi.law.located_yaml import MAXIMUM_DEPTH, Entries, Items, Node, Source, Text, duplicate_key

_STRING = re.compile(r'"(?:[^"\\\x00-\x1f]|\\.)*"')
_BLANK = re.compile(r"[ \t\r\n]*")
_NUMBER = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE]([+-]?\d+))?", re.ASCII)
_WORD = re.compile(r"true|false|null")
_LARGEST_EXPONENT = 30


def read_located_json(text: str, file: str) -> tuple[Node | None, list[Diagnostic]]:
    """The value of a JSON text and what is wrong with it; the node is None when the text cannot be read."""
    parser = _Parser(text, file)
    try:
        node, end = parser.value(parser.skip(0), 0)
        end = parser.skip(end)
        if end != len(text):
            raise JsonSyntaxError(end, "something stands behind the end", "结尾之后还有内容")
    except JsonSyntaxError as problem:
        parser.diagnostics.append(
            Diagnostic(
                "error",
                "json-syntax",
                Bilingual(f"not valid JSON: {problem.en}", f"不是有效的JSON：{problem.zh}"),
                parser.place(min(problem.offset, len(text)), 1),
            )
        )
        return None, parser.diagnostics
    return node, parser.diagnostics


class JsonSyntaxError(Exception):
    """Where reading stopped, and why."""

    def __init__(self, offset: int, en: str, zh: str) -> None:
        self.offset, self.en, self.zh = offset, en, zh
        super().__init__(en)


class _Parser:
    def __init__(self, text: str, file: str) -> None:
        self.text = text
        self.source = Source(file, text)
        self.starts = [0] + [match.end() for match in re.finditer(r"\r\n|\r|\n", text)]
        self.diagnostics: list[Diagnostic] = []

    def place(self, offset: int, length: int) -> Place:
        line = bisect_right(self.starts, offset) - 1
        return self.source.place(line, offset - self.starts[line], length)

    def skip(self, offset: int) -> int:
        match = _BLANK.match(self.text, offset)
        return match.end() if match else offset

    def value(self, offset: int, depth: int) -> tuple[Node, int]:
        if depth >= MAXIMUM_DEPTH and self.text[offset : offset + 1] in ("{", "["):
            raise JsonSyntaxError(offset, f"nested more than {MAXIMUM_DEPTH} levels deep", f"嵌套超过{MAXIMUM_DEPTH}层")
        character = self.text[offset : offset + 1]
        if character == "{":
            return self.entries(offset, depth)
        if character == "[":
            return self.items(offset, depth)
        if character == '"':
            text, end = self.string(offset)
            return Text(text, self.place(offset, end - offset), quoted=True), end
        if match := _WORD.match(self.text, offset):
            return Text(match[0], self.place(offset, len(match[0]))), match.end()
        if match := _NUMBER.match(self.text, offset):
            return Text(self.number(match, offset), self.place(offset, len(match[0]))), match.end()
        raise JsonSyntaxError(offset, "a value is missing here", "此处缺少值")

    def number(self, match: re.Match[str], offset: int) -> str:
        if match[1] is None:
            return match[0]
        if len(match[1]) > 4 or abs(int(match[1])) > _LARGEST_EXPONENT:
            raise JsonSyntaxError(offset, "the exponent is too large", "指数过大")
        return format(Decimal(match[0]), "f")

    def string(self, offset: int) -> tuple[str, int]:
        match = _STRING.match(self.text, offset)
        try:
            if match is not None:
                return str(json.loads(match[0])), match.end()
        except ValueError:
            pass
        raise JsonSyntaxError(offset, "the text in quotes is not closed or not allowed", "引号中的文本未结束或不合法")

    def entries(self, offset: int, depth: int) -> tuple[Node, int]:
        entries: list[tuple[Text, Node]] = []
        seen: dict[str, Place] = {}
        at = self.skip(offset + 1)
        if self.text[at : at + 1] == "}":
            return Entries((), self.place(offset, 1)), at + 1
        while True:
            if self.text[at : at + 1] != '"':
                raise JsonSyntaxError(at, "a key in double quotes is missing here", "此处应为双引号中的键")
            name, end = self.string(at)
            key = Text(name, self.place(at, end - at), quoted=True)
            colon = self.skip(end)
            if self.text[colon : colon + 1] != ":":
                raise JsonSyntaxError(colon, "a colon is missing here", "此处缺少英文冒号")
            value, end = self.value(self.skip(colon + 1), depth + 1)
            if name in seen:
                self.diagnostics.append(duplicate_key(key, seen[name]))
            else:
                seen[name] = key.place
                entries.append((key, value))
            at = self.skip(end)
            if self.text[at : at + 1] == "}":
                return Entries(tuple(entries), self.place(offset, 1)), at + 1
            if self.text[at : at + 1] != ",":
                raise JsonSyntaxError(at, "a comma or `}` is missing here", "此处缺少英文逗号或“}”")
            at = self.skip(at + 1)

    def items(self, offset: int, depth: int) -> tuple[Node, int]:
        items: list[Node] = []
        at = self.skip(offset + 1)
        if self.text[at : at + 1] == "]":
            return Items((), self.place(offset, 1)), at + 1
        while True:
            value, end = self.value(at, depth + 1)
            items.append(value)
            at = self.skip(end)
            if self.text[at : at + 1] == "]":
                return Items(tuple(items), self.place(offset, 1)), at + 1
            if self.text[at : at + 1] != ",":
                raise JsonSyntaxError(at, "a comma or `]` is missing here", "此处缺少英文逗号或“]”")
            at = self.skip(at + 1)
