"""Reads the vocabulary of facts from ``law/facts/*.yaml``, strictly.

A file has a ``group`` (English and Chinese), ``facts`` by id and, if need be, ``relations``::

    group: {en: Finance, zh: 财务}
    facts:
      operating_revenue:
        type: money
        per: fiscal_year
        unit: 元
        label: {en: Operating revenue, zh: 营业收入}
        question: {en: "…", zh: "…"}
        help: {en: "…", zh: "…"}
        proof: {en: "…", zh: "…"}
        known_by: enterprise
        bounds: {minimum: 0元}
        plausible: {maximum: 10亿元, yearly_factor: 20}
        change: {direction: up, cost: 100元, per: 1000元, years: 1, effort: {en: "…", zh: "…"}}
      one_year_lpr_at_contract:     # looked up, never entered
        type: ratio
        series: {file: arrears/lpr.csv, column: one_year_pct, at: contract_date, until: 2026-10-19}
    relations:
      - {fact: main_revenue, at_most: operating_revenue, severity: error, say: {en: "…", zh: "…"}}
      - {fact: titles, value: little_giant, implies: titles, reaches: specialised_sme, severity: warning, say: {en: "…", zh: "…"}}

A file about something else than enterprises says so: ``entity: receivable``.

Every problem of every file is collected; then one :class:`DiagnosticError` is raised.
"""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from typing import Literal, cast, get_args

from yiqi.law.bilingual import Bilingual
from yiqi.law.diagnostics import Diagnostic, DiagnosticError, Place, did_you_mean
from yiqi.law.located_yaml import Entries, Items, Node, Text, read_located_yaml
from yiqi.law.quantities import MONEY_UNITS, QuantityError, parse_quantity
from yiqi.law.series_file import read_series
from yiqi.law.shapes import Shapes
from yiqi.law.vocabulary import (
    NUMERIC_TYPES,
    Change,
    Entity,
    Fact,
    FactType,
    KnownBy,
    Member,
    Period,
    Relation,
    Series,
    Vocabulary,
)

_ID = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*\Z")
_FILE_KEYS = ("group", "entity", "facts", "relations")
_FACT_KEYS = (
    "type", "per", "unit", "label", "question", "help", "proof", "known_by", "bounds", "plausible", "change", "values",
    "ordered", "judged", "confidence", "source", "unasked", "series",
)  # fmt: skip
_RELATION_KEYS = ("fact", "value", "at_most", "implies", "reaches", "severity", "say")
_SERIES_KEYS = ("file", "column", "at", "until")
_CHANGE_KEYS = ("direction", "cost", "per", "years", "effort")
_NO_TEXT = Bilingual("", "")


def read_vocabulary(folder: Path) -> Vocabulary:
    """The vocabulary of all ``*.yaml`` files in a folder, in the order of file names and then of lines.

    Numeric bounds and ``change.per`` are in the smallest unit of the fact's type, ``change.cost`` in fen. A fact
    without ``question``, ``help`` or ``proof`` is read with empty texts; :func:`incomplete_facts` lists those.
    Raises :class:`DiagnosticError` with everything that is wrong in any of the files.
    """
    reader = _Reader(folder.parent)
    files = sorted(folder.glob("*.yaml"))
    if not files:
        reader.error(
            "no-vocabulary",
            Bilingual("no vocabulary file (*.yaml) here", "此处没有事实词汇文件（*.yaml）"),
            Place(str(folder)),
        )
    for file in files:
        reader.read_file(file)
    reader.check_names()
    relations = reader.read_relations()
    if reader.diagnostics:
        raise DiagnosticError(reader.diagnostics)
    return Vocabulary(reader.facts, tuple(relations))


def incomplete_facts(vocabulary: Vocabulary) -> list[Diagnostic]:
    """A warning for every fact that lacks its question, its help or the document that proves it."""
    found = []
    for fact in vocabulary:
        if fact.series is not None:
            continue  # nobody is asked for what is looked up
        lacking = [key for key in ("question", "help", "proof") if getattr(fact, key) == _NO_TEXT]
        if lacking:
            found.append(
                Diagnostic(
                    "warning",
                    "incomplete-fact",
                    Bilingual(f"`{fact.id}` has no {', '.join(lacking)}", f"“{fact.id}”缺少{'、'.join(lacking)}"),
                    Place(fact.file, fact.line),
                )
            )
    return found


class _Reader(Shapes):
    """Collects facts, relations and problems over all files."""

    def __init__(self, law: Path) -> None:
        super().__init__()
        self.law = law
        self.facts: dict[str, Fact] = {}
        self.places: dict[str, Place] = {}
        self.label_places: dict[str, dict[str, Place]] = {}
        self.relation_nodes: list[Node] = []
        self.broken: set[str] = set()

    # ---- shapes ---------------------------------------------------------------------------------------------------

    def flag(self, node: Node | None, what: str) -> bool:
        """``true`` or ``false``; absent is false."""
        return self.choice(node, what, ("true", "false")) == "true"

    def whole(self, node: Node | None, what: str, minimum: int) -> int | None:
        word = self.text(node, what)
        if word is None:
            return None
        assert node is not None
        if not re.fullmatch(r"\d{1,9}", word) or int(word) < minimum:
            self.error(
                "not-a-number",
                Bilingual(f"{what} must be a whole number of at least {minimum}", f"{what}应为不小于{minimum}的整数"),
                node.place,
            )
            return None
        return int(word)

    def quantity(self, node: Node | None, what: str, fact_type: str) -> int | None:
        """A number in the smallest unit of a numeric type."""
        word = self.text(node, what)
        if word is None:
            return None
        assert node is not None
        try:
            return parse_quantity(word, NUMERIC_TYPES[fact_type])
        except QuantityError as error:
            self.error("not-a-number", error.message, node.place)
            return None

    # ---- a file ---------------------------------------------------------------------------------------------------

    def read_file(self, file: Path) -> None:
        try:
            content = file.read_bytes().decode("utf-8-sig")
        except UnicodeDecodeError:
            self.error("encoding", Bilingual("not UTF-8 text", "不是UTF-8文本"), Place(str(file)))
            return
        root, problems = read_located_yaml(content, str(file))
        self.diagnostics += problems
        if root is None:
            if not problems:
                self.error("empty-file", Bilingual("the file is empty", "文件为空"), Place(str(file)))
            return
        table = self.entries(root, "a vocabulary file", _FILE_KEYS)
        if table is None:
            return
        group = self.bilingual(table.get("group"), "group")
        if table.get("group") is None:
            self.error("missing-key", Bilingual("`group` is missing", "缺少“group”"), table.place)
        entity = self.choice(table.get("entity"), "entity", get_args(Entity)) or "enterprise"
        facts = self.entries(table.get("facts"), "facts", None)
        for key, node in facts or ():
            self.read_fact(key, node, group or _NO_TEXT, cast(Entity, entity))
        relations = table.get("relations")
        if isinstance(relations, Items):
            self.relation_nodes += relations.items
        elif relations is not None:
            self.error("wrong-shape", Bilingual("relations must be a list", "relations应为列表"), relations.place)

    def read_fact(self, key: Text, node: Node, group: Bilingual, entity: Entity) -> None:
        before = len(self.diagnostics)
        if not _ID.match(key.text):
            self.error(
                "fact-id",
                Bilingual(f"`{key.text}` is not an id", f"“{key.text}”不是合法的标识"),
                key.place,
                Bilingual("use lower-case letters, digits and single underscores", "请用小写字母、数字和单个下划线"),
            )
        if key.text in self.places:
            first = self.places[key.text]
            self.error(
                "duplicate-fact",
                Bilingual(f"`{key.text}` is already declared at {first}", f"“{key.text}”已在{first}声明"),
                key.place,
            )
            return
        self.places[key.text] = key.place
        table = self.entries(node, f"`{key.text}`", _FACT_KEYS)
        if table is None:
            self.broken.add(key.text)
            return
        for required in ("type", "label", "known_by"):
            if table.get(required) is None:
                self.error(
                    "missing-key",
                    Bilingual(f"`{key.text}` has no `{required}`", f"“{key.text}”缺少“{required}”"),
                    key.place,
                )
        fact_type = self.choice(table.get("type"), "type", get_args(FactType))
        label = self.bilingual(table.get("label"), "label")
        known_by = self.choice(table.get("known_by"), "known_by", get_args(KnownBy))
        per = self.choice(table.get("per"), "per", get_args(Period))
        members = self.members(table, key, fact_type)
        unit = self.unit(table.get("unit"), fact_type)
        minimum, maximum, _ = self.bounds(table.get("bounds"), "bounds", fact_type, per)
        low, high, factor = self.bounds(table.get("plausible"), "plausible", fact_type, per)
        ordered = self.flag(table.get("ordered"), "ordered")
        change = self.change(table.get("change"), fact_type, members, ordered)
        fact = Fact(
            id=key.text,
            type=cast(FactType, fact_type),
            label=label or _NO_TEXT,
            group=group,
            question=self.bilingual(table.get("question"), "question") or _NO_TEXT,
            help=self.bilingual(table.get("help"), "help") or _NO_TEXT,
            proof=self.bilingual(table.get("proof"), "proof") or _NO_TEXT,
            known_by=cast(KnownBy, known_by),
            per=cast(Period | None, per),
            unit=unit,
            minimum=minimum,
            maximum=maximum,
            plausible_minimum=low,
            plausible_maximum=high,
            yearly_factor=factor,
            change=change,
            members=members,
            ordered=ordered,
            judged=self.flag(table.get("judged"), "judged"),
            confidence=self.choice(table.get("confidence"), "confidence", ("A", "B", "C")) or "A",
            source=self.source(table.get("source")),
            unasked=self.bilingual(table.get("unasked"), "unasked"),
            file=key.place.file,
            line=key.place.line or 0,
            entity=entity,
            series=self.series(table.get("series"), fact_type, per),
        )
        if fact.ordered and fact_type != "one_of":
            self.error(
                "wrong-key",
                Bilingual("only a one_of fact can be ordered", "只有one_of类型可以排序"),
                table.place,
            )
        if len(self.diagnostics) > before:
            self.broken.add(key.text)
        self.facts[key.text] = fact
        label_node = table.get("label")
        self.label_places[key.text] = (
            {name.text: value.place for name, value in label_node} if isinstance(label_node, Entries) else {}
        )

    def source(self, node: Node | None) -> Bilingual | None:
        """A bilingual text, or one text (an address, a document number) that serves both languages."""
        if isinstance(node, Text):
            text = self.text(node, "source")
            return Bilingual(text, text) if text is not None else None
        return self.bilingual(node, "source")

    def unit(self, node: Node | None, fact_type: str | None) -> str | None:
        unit = self.text(node, "unit")
        if unit is None or fact_type is None:
            return unit
        assert node is not None
        if fact_type not in NUMERIC_TYPES or fact_type == "ratio":
            self.error(
                "wrong-key", Bilingual(f"a {fact_type} fact has no unit", f"{fact_type}类型没有单位"), node.place
            )
        elif fact_type == "money" and unit not in MONEY_UNITS:
            self.error(
                "unknown-value",
                Bilingual(f"`{unit}` is not a unit of money", f"“{unit}”不是金额单位"),
                node.place,
                Bilingual("use 元, 万元 or 亿元", "请用元、万元或亿元"),
            )
        return unit

    def members(self, table: Entries, key: Text, fact_type: str | None) -> tuple[Member, ...]:
        node = table.get("values")
        wanted = fact_type in ("one_of", "set_of")
        if node is None:
            if wanted:
                self.error(
                    "missing-key", Bilingual(f"`{key.text}` has no `values`", f"“{key.text}”缺少“values”"), key.place
                )
            return ()
        if not wanted:
            self.error(
                "wrong-key",
                Bilingual("only one_of and set_of facts have values", "只有one_of和set_of类型有values"),
                node.place,
            )
            return ()
        if not isinstance(node, Items) or not node.items:
            self.error(
                "wrong-shape",
                Bilingual("values must be a list of {id, label}", "values应为{id, label}列表"),
                node.place,
            )
            return ()
        members: list[Member] = []
        seen: dict[str, Place] = {}
        for item in node.items:
            entry = self.entries(item, "a value", ("id", "label"))
            if entry is None:
                continue
            for required in ("id", "label"):
                if entry.get(required) is None:
                    self.error(
                        "missing-key",
                        Bilingual(f"this value has no `{required}`", f"该取值缺少“{required}”"),
                        entry.place,
                    )
            member = self.text(entry.get("id"), "id")
            label = self.bilingual(entry.get("label"), "label")
            if member is None or label is None:
                continue
            if not _ID.match(member):
                self.error("fact-id", Bilingual(f"`{member}` is not an id", f"“{member}”不是合法的标识"), entry.place)
            # The id and both labels are ways to write the same value, so none may mean two.
            for name in {member, label.en.lower(), label.zh}:
                if name in seen:
                    self.error(
                        "duplicate-value",
                        Bilingual(f"the value `{name}` stands twice", f"取值“{name}”重复"),
                        entry.place,
                    )
                seen[name] = entry.place
            members.append(Member(member, label))
        return tuple(members)

    def bounds(
        self, node: Node | None, what: Literal["bounds", "plausible"], fact_type: str | None, per: str | None
    ) -> tuple[int | None, int | None, int | None]:
        keys = ("minimum", "maximum", "yearly_factor") if what == "plausible" else ("minimum", "maximum")
        table = self.entries(node, what, keys)
        if table is None or fact_type is None:
            return None, None, None
        if fact_type not in NUMERIC_TYPES:
            self.error(
                "wrong-key", Bilingual(f"a {fact_type} fact has no {what}", f"{fact_type}类型没有{what}"), table.place
            )
            return None, None, None
        minimum = self.quantity(table.get("minimum"), f"{what}.minimum", fact_type)
        maximum = self.quantity(table.get("maximum"), f"{what}.maximum", fact_type)
        factor = self.whole(table.get("yearly_factor"), f"{what}.yearly_factor", 2)
        if minimum is not None and maximum is not None and minimum > maximum:
            self.error(
                "empty-range",
                Bilingual("the minimum is above the maximum", "最小值大于最大值"),
                table.place,
            )
        if factor is not None and per is None:
            self.error(
                "wrong-key",
                Bilingual("yearly_factor is for facts per year", "yearly_factor只用于按年度的事实"),
                table.place,
            )
        return minimum, maximum, factor

    def change(
        self, node: Node | None, fact_type: str | None, members: tuple[Member, ...], ordered: bool
    ) -> Change | None:
        table = self.entries(node, "change", _CHANGE_KEYS)
        if table is None or fact_type is None:
            return None
        for required in ("direction", "cost", "years", "effort"):
            if table.get(required) is None:
                self.error(
                    "missing-key",
                    Bilingual(f"`change` has no `{required}`", f"“change”缺少“{required}”"),
                    table.place,
                )
        directions: tuple[str, ...] = ()
        if fact_type in NUMERIC_TYPES:
            directions = ("up", "down")
        elif fact_type == "yes_no":
            directions = ("yes", "no")
        elif members:
            # A set grows by whichever value is not in it yet; a list with an order goes both ways.
            steps = ("up", "down") if ordered else ("up",) if fact_type == "set_of" else ()
            directions = (*steps, *(member.id for member in members))
        else:
            self.error(
                "wrong-key",
                Bilingual(f"a {fact_type} fact cannot be changed by effort", f"{fact_type}类型不能通过投入改变"),
                table.place,
            )
            return None
        direction = self.choice(table.get("direction"), "direction", directions)
        cost = self.quantity(table.get("cost"), "cost", "money")
        years = self.whole(table.get("years"), "years", 0)
        effort = self.bilingual(table.get("effort"), "effort")
        per: int | None
        if fact_type in NUMERIC_TYPES:
            if table.get("per") is None:
                self.error("missing-key", Bilingual("`change` has no `per`", "“change”缺少“per”"), table.place)
            per = self.quantity(table.get("per"), "per", fact_type)
        else:
            per = 1 if table.get("per") is None else self.whole(table.get("per"), "per", 1)
        if per is not None and per <= 0:
            self.error("not-a-number", Bilingual("`per` must be positive", "“per”应为正数"), table.place)
        if cost is not None and cost < 0:
            self.error("not-a-number", Bilingual("`cost` cannot be negative", "“cost”不能为负"), table.place)
        if direction is None or cost is None or per is None or years is None or effort is None:
            return None
        return Change(direction, cost, per, years, effort)

    def series(self, node: Node | None, fact_type: str | None, per: str | None) -> Series | None:
        table = self.entries(node, "series", _SERIES_KEYS)
        if table is None or fact_type is None:
            return None
        for required in _SERIES_KEYS:
            if table.get(required) is None:
                self.error(
                    "missing-key",
                    Bilingual(f"`series` has no `{required}`", f"“series”缺少“{required}”"),
                    table.place,
                )
        if fact_type not in NUMERIC_TYPES or per is not None:
            self.error(
                "wrong-key",
                Bilingual("only a number that is not per year is looked up", "只有非年度的数值可按日期查表"),
                table.place,
            )
            return None
        file, column = self.text(table.get("file"), "file"), self.text(table.get("column"), "column")
        at, until = self.text(table.get("at"), "at"), self.text(table.get("until"), "until")
        if file is None or column is None or at is None or until is None:
            return None
        try:
            last = dt.date.fromisoformat(until)
        except ValueError:
            self.error(
                "date",
                Bilingual(f"`{until}` is not a date such as 2026-04-01", f"“{until}”不是日期，例如2026-04-01"),
                table.place,
            )
            return None
        path = self.law / file
        if not path.resolve().is_relative_to(self.law.resolve()):
            self.error(
                "series", Bilingual("the table lies in the folder of the law", "该表应位于法规文件夹内"), table.place
            )
            return None
        steps, problems = read_series(path, column, NUMERIC_TYPES[fact_type])
        self.diagnostics += problems
        if not steps:
            return None
        if last < steps[-1][0]:
            self.error("series", Bilingual("`until` is before the last row", "“until”早于最后一行"), table.place)
        return Series(at, steps, last, file)

    # ---- over all files -------------------------------------------------------------------------------------------

    def check_names(self) -> None:
        """No label may mean two facts, and none may be the id of another fact; a table is looked up at a date.

        Payments are named in no rule, so a label of theirs may be that of the receivable's column.
        """
        for fact in self.facts.values():
            if fact.series is not None:
                at = self.facts.get(fact.series.at)
                if at is None or at.type != "date" or at.entity != fact.entity:
                    self.error(
                        "series",
                        Bilingual(
                            f"`{fact.series.at}` is no date of the same entity", f"“{fact.series.at}”不是同一对象的日期"
                        ),
                        self.places[fact.id],
                    )
        seen_of: dict[Entity, dict[str, str]] = {}
        for fact in self.facts.values():
            seen = seen_of.setdefault("payment" if fact.entity == "payment" else "enterprise", {})
            for language, name in (("en", fact.label.en.lower()), ("zh", fact.label.zh)):
                if not name:
                    continue
                place = self.label_places[fact.id].get(language, self.places[fact.id])
                other = seen.get(name, fact.id)
                if other == fact.id and name != fact.id and name in self.facts:
                    other = name
                if other != fact.id:
                    self.error(
                        "duplicate-label",
                        Bilingual(f"the label `{name}` already means `{other}`", f"标签“{name}”已用于“{other}”"),
                        place,
                    )
                seen.setdefault(name, fact.id)

    def read_relations(self) -> list[Relation]:
        return [relation for node in self.relation_nodes if (relation := self.relation(node)) is not None]

    def relation(self, node: Node) -> Relation | None:
        table = self.entries(node, "a relation", _RELATION_KEYS)
        if table is None:
            return None
        for required in ("fact", "severity", "say"):
            if table.get(required) is None:
                self.error(
                    "missing-key",
                    Bilingual(f"this relation has no `{required}`", f"该关系缺少“{required}”"),
                    table.place,
                )
        if (table.get("at_most") is None) == (table.get("implies") is None):
            self.error(
                "wrong-shape",
                Bilingual("a relation has either `at_most` or `implies`", "关系须且只能有“at_most”或“implies”之一"),
                table.place,
            )
        fact = self.fact_name(table.get("fact"), "fact")
        at_most = self.fact_name(table.get("at_most"), "at_most")
        implies = self.fact_name(table.get("implies"), "implies")
        severity = self.choice(table.get("severity"), "severity", ("error", "warning"))
        say = self.bilingual(table.get("say"), "say")
        if fact is None or severity is None or say is None or (at_most is None) == (implies is None):
            return None
        other = at_most or implies
        assert other is not None
        value, reaches = table.get("value"), table.get("reaches")
        if {fact, other} & self.broken:
            return None  # what is wrong has been said
        left, right = self.facts[fact], self.facts[other]
        if at_most:
            related = left.kind is not None and left.kind == right.kind and value is None and reaches is None
        else:
            counted = right.kind is not None and reaches is not None
            related = _tested(left, value) and (counted or _tested(right, reaches))
        if not related or left.per != right.per:
            self.error(
                "relation-types",
                Bilingual(f"`{fact}` and `{other}` cannot be related so", f"“{fact}”与“{other}”不能建立此关系"),
                table.place,
                Bilingual(
                    "at_most takes two numbers of one type and period; implies takes yes_no facts, lists and sets with "
                    "the `value` that they have on the left or that is to be there on the right (`reaches`), and on the "
                    "right a number that `reaches` says",
                    "at_most用于同类型同期间的两个数值；implies用于yes_no事实，以及写明取值的列表和集合（左为value，右为reaches），"
                    "右侧也可为以reaches写明下限的数值",
                ),
            )
            return None
        named = self.member(value, left)
        least = self.quantity(reaches, "reaches", right.type) if right.kind else self.member(reaches, right)
        if (value is not None and named is None) or (reaches is not None and least is None):
            return None
        return Relation(fact, at_most, implies, cast(Literal["error", "warning"], severity), say, named, least)

    def member(self, node: Node | None, fact: Fact) -> str | None:
        """One of the values of a fact."""
        return self.choice(node, f"`{fact.id}`", (member.id for member in fact.members))

    def fact_name(self, node: Node | None, what: str) -> str | None:
        name = self.text(node, what)
        if name is None or name in self.facts:
            return name
        assert node is not None
        if name not in self.places:
            self.error(
                "unknown-fact",
                Bilingual(f"no fact is called `{name}`", f"没有名为“{name}”的事实"),
                node.place,
                did_you_mean(name, self.facts),
            )
        return None


def _tested(fact: Fact, value: Node | None) -> bool:
    """Whether a side of *implies* is one: a yes/no fact by itself, a list or a set with one of its values."""
    return fact.type == "yes_no" if value is None else bool(fact.members)
