"""Which rule decides a scheme on which day: reads the version tables, one file per subject."""

from __future__ import annotations

import bisect
import datetime as dt
import re
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any, get_args

from yiqi.law.bilingual import Bilingual
from yiqi.law.diagnostics import Diagnostic, did_you_mean
from yiqi.law.document import Cell, Document, TableBlock
from yiqi.law.tree import Rule, Scheme, VersionRow
from yiqi.law.vocabulary import Entity

VERSION_KEYS = ("subject", "title", "schemes", "entity")
REQUIRED_KEYS = ("subject", "title", "schemes")
VERSION_HEADER = ("scheme", "procedure", "acts from", "acts until", "rule")
NO_RULE = "none"
"""In the column `rule`: that nothing decides on these days is known and meant."""
PROCEDURES = ("new", "re_review")

Suggest = Callable[[str, Collection[str]], Bilingual | None]
_NAME = re.compile(r"[a-z][a-z0-9_]*\Z")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")


def read_versions(
    documents: Iterable[Document], rules: Mapping[str, Rule], diagnostics: list[Diagnostic], suggest: Suggest
) -> tuple[dict[str, Scheme], list[VersionRow]]:
    """The schemes and rows of all version files. A row with an error is left out; rows of the rule `none` are too."""
    reader = _Reader(rules, diagnostics, suggest)
    for document in documents:
        reader.document(document)
    return reader.schemes, reader.rows


class _Reader:
    def __init__(self, rules: Mapping[str, Rule], diagnostics: list[Diagnostic], suggest: Suggest) -> None:
        self.rules = rules
        self.diagnostics = diagnostics
        self.suggest = suggest
        self.schemes: dict[str, Scheme] = {}
        self.rows: list[VersionRow] = []
        # (scheme, procedure) -> rows so far without overlap, by their first day
        self.taken: dict[tuple[str, str], list[tuple[dt.date, dt.date, VersionRow]]] = {}

    def document(self, document: Document) -> None:
        front = document.front_matter
        for key in front:
            if key not in VERSION_KEYS:
                self._front(document, key, "unknown-key", f"`{key}` is not a key of a version file", f"“{key}”不是版本文件的键",
                            did_you_mean(str(key), VERSION_KEYS))  # fmt: skip
        for key in REQUIRED_KEYS:
            if front.get(key) in (None, "", {}):
                self._front(document, key, "missing-key", f"the front matter lacks `{key}`", f"元数据缺少“{key}”")
        if "title" in front and _bilingual(front["title"]) is None:
            self._front(document, "title", "tongues", "`title` is {en: …, zh: …}", "“title”应写为{en: …, zh: …}")
        entity = front.get("entity", "enterprise")
        if entity not in get_args(Entity):
            self._front(document, "entity", "unknown-value", f"`{entity}` is not what a scheme can judge",
                        f"“{entity}”不是可判断的对象", did_you_mean(str(entity), get_args(Entity)))  # fmt: skip
            return
        subject = front.get("subject")
        if not isinstance(subject, str) or not _NAME.match(subject):
            if subject is not None:
                self._front(
                    document,
                    "subject",
                    "subject",
                    "a subject is one word such as `ladder`",
                    "subject应为一个单词，例如ladder",
                )
            return
        declared = front.get("schemes")
        for name, title in declared.items() if isinstance(declared, dict) else ():
            text = _bilingual(title)
            if text is None or not isinstance(name, str) or not _NAME.match(name):
                self._front(document, "schemes", "tongues", f"the scheme `{name}` is written `id: {{en: …, zh: …}}`",
                            f"方案“{name}”应写为`标识: {{en: …, zh: …}}`")  # fmt: skip
                continue
            self.schemes[f"{subject}.{name}"] = Scheme(f"{subject}.{name}", text, document.source.name, entity)
        if declared is not None and not isinstance(declared, dict):
            self._front(document, "schemes", "tongues", "`schemes` maps ids to titles", "schemes应为标识与名称的对应表")
        for section in document.root.walk():
            for block in section.blocks:
                if isinstance(block, TableBlock):
                    self.table(document, block, subject)
                elif not hasattr(block, "context"):
                    self.diagnostics.append(
                        document.source.diagnostic(
                            "error", "unknown-fence", document.source.line_span(block.line),
                            "a version file has no rules of its own", "版本文件中不应有规则",
                        )
                    )  # fmt: skip

    def table(self, document: Document, block: TableBlock, subject: str) -> None:
        if tuple(c.text for c in block.header) != VERSION_HEADER:
            columns = " | ".join(VERSION_HEADER)
            self.diagnostics.append(
                document.source.diagnostic(
                    "error", "version-table", document.source.line_span(block.line),
                    f"a version table has the columns {columns}", f"版本表的列应为{columns}",
                )
            )  # fmt: skip
            return
        for cells in block.rows:
            row = self.row(document, cells, subject)
            if row is not None and self.alone(document, row) and row.rule != NO_RULE:
                self.rows.append(row)

    def row(self, document: Document, cells: tuple[Cell, ...], subject: str) -> VersionRow | None:
        before = len(self.diagnostics)

        def error(cell: Cell, code: str, en: str, zh: str, remedy: Bilingual | None = None) -> None:
            self.diagnostics.append(document.source.diagnostic("error", code, cell.span, en, zh, remedy))

        name, procedure, first, last, rule_id = cells
        scheme = f"{subject}.{name.text}"
        if scheme not in self.schemes:
            names = [s.partition(".")[2] for s in self.schemes]
            error(name, "unknown-scheme", f"`{name.text}` is not declared under `schemes`",
                  f"“{name.text}”未在schemes中声明", self.suggest(name.text, names))  # fmt: skip
        if procedure.text not in ("any", *PROCEDURES):
            error(
                procedure, "unknown-value", "the procedure is any, new or re_review", "办理类型应为any、new或re_review"
            )
        for cell in (first, last):
            if cell.text and _date(cell.text) is None:
                error(
                    cell,
                    "date",
                    f"`{cell.text}` is not a date such as 2026-04-01",
                    f"“{cell.text}”不是日期，例如2026-04-01",
                )
        begin, end = _date(first.text), _date(last.text)
        if not first.text:
            error(first, "date", "the first day is missing", "缺少起始日期")
        if begin is not None and end is not None and end < begin:
            error(last, "date", "the last day is before the first", "截止日早于起始日")
        rule = self.rules.get(rule_id.text)
        if rule is None and rule_id.text != NO_RULE:
            error(rule_id, "unknown-rule", f"`{rule_id.text}` is not a rule", f"没有规则“{rule_id.text}”",
                  self.suggest(rule_id.text, self.rules))  # fmt: skip
        elif rule is not None and rule.value in ("amount", "date"):
            error(rule_id, "scheme-amount", f"`{rule_id.text}` says how much is given, not whether",
                  f"“{rule_id.text}”只规定给出多少，不作判断",
                  Bilingual("name the heading of conditions above it", "请填写其上级条件标题"))  # fmt: skip
        elif rule is not None and rule.value is None:
            error(rule_id, "unknown-rule", f"`{rule_id.text}` decides nothing", f"“{rule_id.text}”不作判断")
        if len(self.diagnostics) > before or begin is None:
            return None
        return VersionRow(scheme, procedure.text, begin, end, rule_id.text, document.source.name, name.span)

    def alone(self, document: Document, row: VersionRow) -> bool:
        """Enter a row; whether no other row decides its scheme on one of its days."""
        last = row.last or dt.date.max
        kinds = PROCEDURES if row.procedure == "any" else (row.procedure,)
        for procedure in kinds:
            taken = self.taken.setdefault((row.scheme, procedure), [])
            at = bisect.bisect(taken, row.first, key=lambda entry: entry[0])
            other = None
            if at > 0 and taken[at - 1][1] >= row.first:
                other = taken[at - 1][2]
            elif at < len(taken) and taken[at][0] <= last:
                other = taken[at][2]
            if other is not None:
                self._twice(document, row, other)
                return False
        for procedure in kinds:
            bisect.insort(self.taken[(row.scheme, procedure)], (row.first, last, row), key=lambda entry: entry[0])
        return True

    def _twice(self, document: Document, row: VersionRow, other: VersionRow) -> None:
        where = f"{other.file}:{other.span.line}"
        self.diagnostics.append(
            document.source.diagnostic(
                "error", "version-overlap", row.span,
                f"two rules decide `{row.scheme}` on the same day (the other stands at {where})",
                f"“{row.scheme}”在同一天有两条规则（另一条在{where}）",
                Bilingual("correct the days of one of the two rows", "请更正其中一行的日期"),
            )
        )  # fmt: skip

    def _front(
        self, document: Document, key: object, code: str, en: str, zh: str, remedy: Bilingual | None = None
    ) -> None:
        line = document.front_lines.get(str(key), 1)
        span = document.source.line_span(line)
        self.diagnostics.append(document.source.diagnostic("error", code, span, en, zh, remedy))


def _bilingual(value: Any) -> Bilingual | None:
    if isinstance(value, dict) and set(value) == {"en", "zh"} and all(isinstance(v, str) for v in value.values()):
        return Bilingual(value["en"], value["zh"])
    return None


def _date(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text) if _DAY.match(text) else None
    except ValueError:
        return None
