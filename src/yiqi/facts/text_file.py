"""Fact sheets in YAML and JSON: from bytes to statements."""

from __future__ import annotations

import codecs
import dataclasses

from yiqi.facts.interpret import is_unknown
from yiqi.facts.keys import KeyReader, read_year
from yiqi.facts.located_json import read_located_json
from yiqi.facts.statement import Statement, Written
from yiqi.law.bilingual import Bilingual
from yiqi.law.diagnostics import Diagnostic, Place, did_you_mean
from yiqi.law.located_yaml import Entries, Items, Node, Source, Text, read_located_yaml
from yiqi.law.vocabulary import Fact

_PLAIN = Bilingual("write the value without brackets inside", "请直接写值，不要再嵌套括号")
_SOURCE_FORM = Bilingual("write `{value: …, source: …, date: …}`", "请写成 {value: …, source: …, date: …}")
_SOURCED_KEYS = {"value": "value", "值": "value", "source": "source", "来源": "source", "date": "date", "日期": "date"}


def decode_text(content: bytes, file: str) -> tuple[str | None, list[Diagnostic]]:
    """UTF-8 (with or without a byte-order mark) or UTF-16 with one; anything else is refused with its likely name."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        try:
            return content.decode("utf-16"), []
        except UnicodeDecodeError:
            pass
    try:
        return content.decode("utf-8-sig"), []
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        place = Place(file, line)
    try:
        text = content.decode("gb18030")
    except UnicodeDecodeError:
        return None, [
            Diagnostic(
                "error",
                "encoding",
                Bilingual("the file is neither text in UTF-8 nor a workbook", "文件既不是UTF-8文本，也不是电子表格"),
                place,
                Bilingual("save it as YAML or JSON in UTF-8, or as .xlsx", "请另存为UTF-8编码的YAML或JSON，或.xlsx"),
            )
        ]
    excerpt = Source(file, text).lines[line - 1]
    return None, [
        Diagnostic(
            "error",
            "encoding",
            Bilingual("the file is encoded in GBK, not in UTF-8", "文件编码是GBK，不是UTF-8"),
            Place(file, line, 1, excerpt) if len(excerpt) <= 200 else place,
            Bilingual("save it again with the encoding UTF-8", "请用UTF-8编码重新保存"),
        )
    ]


def read_text_statements(
    text: str, file: str, keys: KeyReader, last_year: int, *, json: bool
) -> tuple[list[Statement], list[Diagnostic]]:
    """The statements of a YAML or JSON text. ``last_year`` only serves the examples in remedies."""
    root, diagnostics = read_located_json(text, file) if json else read_located_yaml(text, file)
    if root is None or (isinstance(root, Text) and root.is_null):
        if not diagnostics:
            diagnostics = [empty_file(file)]
        return [], diagnostics
    if not isinstance(root, Entries):
        remedy = Bilingual("write one fact per line, such as `name: …`", "请每行写一个事实，如“企业名称: …”")
        if isinstance(root, Text) and "：" in root.text:
            remedy = Bilingual(
                "write an ASCII colon and a space (`: `) after a key, not `：`",
                "键后请用英文冒号加空格（“: ”），不要用“：”",
            )
        return [], [
            *diagnostics,
            Diagnostic(
                "error",
                "not-a-sheet",
                Bilingual("a fact sheet is a map from facts to values", "填报内容应为“事实: 值”的对照表"),
                root.place,
                remedy,
            ),
        ]
    reader = StatementReader(keys, last_year)
    reader.diagnostics += diagnostics
    for key, node in root:
        reader.read(key, node)
    return reader.statements, reader.diagnostics


def empty_file(file: str) -> Diagnostic:
    """The error for a file that says nothing."""
    return Diagnostic(
        "error",
        "empty-file",
        Bilingual("the file is empty", "文件为空"),
        Place(file),
        Bilingual("fill in at least one fact", "请至少填写一项"),
    )


class StatementReader:
    def __init__(self, keys: KeyReader, last_year: int) -> None:
        self.keys = keys
        self.last_year = last_year
        self.statements: list[Statement] = []
        self.diagnostics: list[Diagnostic] = []

    def error(self, code: str, message: Bilingual, place: Place, remedy: Bilingual | None = None) -> None:
        self.diagnostics.append(Diagnostic("error", code, message, place, remedy))

    def read(self, key: Text, node: Node) -> None:
        found = self.keys.find(key.text)
        if found is None:
            self.diagnostics.append(self.keys.unknown(key.text, key.place))
            return
        fact, year = found.fact, found.year
        sourced = self._sourced(node)
        value = sourced.get("value", node) if sourced else node
        if sourced and "value" not in sourced:
            self.error(
                "no-value", Bilingual("a source without a `value`", "只有来源，没有“value”"), node.place, _SOURCE_FORM
            )
            return
        if isinstance(value, Entries):
            self._years(fact, year, found.unit, value, sourced)
        elif isinstance(value, Text) and not value.quoted and (value.is_null or is_unknown(value.text)):
            return
        elif fact.per is not None and year is None:
            example = f"{fact.id}: {{{self.last_year}: {_text_of(value) or '…'}}}"
            self.error(
                "needs-year",
                Bilingual(f"{fact.label.en} ({fact.id}) is given per year", f"{fact.label.zh}须按年度填写"),
                value.place,
                Bilingual(
                    f"write `{example}`", f"请写成“{fact.label.zh}: {{{self.last_year}: {_text_of(value) or '…'}}}”"
                ),
            )
        else:
            if fact.per is None and year is not None:
                self._no_year(fact, key.place)
                return
            self._statement(fact, year, found.unit, value, sourced)

    def _years(self, fact: Fact, year: int | None, unit: str | None, table: Entries, outer: dict[str, Node]) -> None:
        if fact.per is None or year is not None:
            self._no_year(fact, table.place)
            return
        for key, node in table:
            entry_year = read_year(key.text)
            if entry_year is None:
                self.error(
                    "not-a-year",
                    Bilingual(f"`{key.text}` is not a year", f"“{key.text}”不是年份"),
                    key.place,
                    Bilingual(f"write four digits, such as {self.last_year}", f"请写四位数字，如{self.last_year}"),
                )
                continue
            sourced = self._sourced(node)
            if sourced and "value" not in sourced:
                self.error(
                    "no-value",
                    Bilingual("a source without a `value`", "只有来源，没有“value”"),
                    node.place,
                    _SOURCE_FORM,
                )
                continue
            self._statement(fact, entry_year, unit, sourced.get("value", node), {**outer, **sourced}, key.place)

    def _sourced(self, node: Node) -> dict[str, Node]:
        """The parts of ``{value: …, source: …, date: …}``; empty when the node is not of this form."""
        if not isinstance(node, Entries) or not any(key.text in _SOURCED_KEYS for key, _ in node):
            return {}
        parts: dict[str, Node] = {}
        for key, value in node:
            if key.text in _SOURCED_KEYS:
                parts[_SOURCED_KEYS[key.text]] = value
            else:
                self.error(
                    "unknown-key",
                    Bilingual(f"unknown key `{key.text}` beside `value`", f"“value”旁有未知的键“{key.text}”"),
                    key.place,
                    did_you_mean(key.text, _SOURCED_KEYS)
                    or Bilingual("known keys: value, source, date", "可用的键：value、source、date"),
                )
        return parts

    def _statement(
        self,
        fact: Fact,
        year: int | None,
        unit: str | None,
        node: Node,
        sourced: dict[str, Node],
        year_place: Place | None = None,
    ) -> None:
        written: Written
        if isinstance(node, Text):
            if node.is_null:
                return
            written = node.text
        elif isinstance(node, Items):
            words: list[str] = []
            for item in node.items:
                if not isinstance(item, Text):
                    self.error(
                        "wrong-shape", Bilingual("a list holds plain values", "列表中只能写简单值"), item.place, _PLAIN
                    )
                    return
                words.append(item.text)
            written = tuple(words)
        else:
            self.error("wrong-shape", Bilingual("a plain value belongs here", "此处应为简单值"), node.place, _PLAIN)
            return
        date = sourced.get("date")
        path = fact.id if year is None else f"{fact.id}.{year}"
        self.statements.append(
            Statement(
                fact,
                year,
                written,
                dataclasses.replace(node.place, cell=path),
                unit,
                document=_text_of(sourced.get("source")),
                date=_text_of(date),
                date_place=date.place if date is not None else None,
                year_place=year_place,
                item_places=tuple(item.place for item in node.items) if isinstance(node, Items) else (),
            )
        )
        for part in ("source", "date"):
            if part in sourced and not isinstance(sourced[part], Text):
                self.error(
                    "wrong-shape", Bilingual(f"{part} is a text", f"{part}应为文本"), sourced[part].place, _SOURCE_FORM
                )

    def _no_year(self, fact: Fact, place: Place) -> None:
        self.error(
            "no-year",
            Bilingual(
                f"{fact.label.en} ({fact.id}) has one value, not one per year",
                f"{fact.label.zh}只有一个值，不按年度填写",
            ),
            place,
            Bilingual(f"write `{fact.id}: …`", f"请写成“{fact.label.zh}: …”"),
        )


def _text_of(node: Node | None) -> str | None:
    return node.text if isinstance(node, Text) and not node.is_null else None
