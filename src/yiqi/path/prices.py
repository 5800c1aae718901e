"""What may be changed and what that costs: the vocabulary's planning figures, over which the user's own go."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from yiqi.law.bilingual import Bilingual
from yiqi.law.diagnostics import Diagnostic, DiagnosticError, Place, did_you_mean
from yiqi.law.located_yaml import Entries, Text, read_located_yaml
from yiqi.law.quantities import QuantityError, parse_quantity
from yiqi.law.vocabulary import Change, Fact, Vocabulary

_KEYS = ("cost", "per", "direction", "years", "maximum", "minimum", "never")
_OWN = Bilingual("Own cost.", "自定成本。")


@dataclass(frozen=True, slots=True)
class Price:
    """How a fact can be changed. ``limit`` is the furthest value it may take (smallest unit; position in a list)."""

    change: Change
    limit: int | None = None


@dataclass(frozen=True)
class Prices:
    """The prices of all facts; ``kept`` are facts that are left as they are, with the reason they would be changeable."""

    own: Mapping[str, Price] = field(default_factory=dict)
    kept: frozenset[str] = frozenset()

    def of(self, fact: Fact) -> Price | None:
        """How a fact can be changed, None when it cannot. What an official judges never can."""
        if fact.id in self.kept or fact.judged or fact.series is not None:
            return None
        if fact.id in self.own:
            return self.own[fact.id]
        return Price(fact.change) if fact.change is not None else None

    def keeping(self, facts: Iterable[str]) -> Prices:
        """The same with some facts left as they are."""
        return replace(self, kept=self.kept | frozenset(facts))


def read_prices(file: Path, vocabulary: Vocabulary) -> Prices:
    """Own costs and limits from YAML: ``rd_staff: {cost: 20万元, per: 1人, maximum: 40人}``, ``own_brand: {never: yes}``.

    What is not said of a fact stays as in the vocabulary. Raises :class:`DiagnosticError` with everything wrong in it.
    """
    try:
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        said = Bilingual(f"cannot be read: {error}", f"无法读取：{error}")
        raise DiagnosticError([Diagnostic("error", "not-readable", said, Place(str(file)))]) from None
    node, found = read_located_yaml(text, str(file))
    reader = _Reader(vocabulary, list(found))
    prices = reader.read(node) if isinstance(node, Entries) else Prices()
    if node is not None and not isinstance(node, Entries):
        reader.error("not-a-map", Bilingual("costs are a map of facts", "成本文件应为“事实: {…}”"), node.place)
    if any(d.severity == "error" for d in reader.found):
        raise DiagnosticError(reader.found)
    return prices


class _Reader:
    def __init__(self, vocabulary: Vocabulary, found: list[Diagnostic]) -> None:
        self.vocabulary = vocabulary
        self.found = found

    def error(self, code: str, message: Bilingual, place: Place, remedy: Bilingual | None = None) -> None:
        self.found.append(Diagnostic("error", code, message, place, remedy))

    def read(self, node: Entries) -> Prices:
        own: dict[str, Price] = {}
        kept: set[str] = set()
        for key, table in node:
            fact = self.vocabulary.get(key.text) or self.vocabulary.by_label.get(key.text)
            if fact is None:
                said = Bilingual(f"`{key.text}` is no fact", f"没有事实“{key.text}”")
                self.error("unknown-fact", said, key.place, did_you_mean(key.text, self.vocabulary.facts))
                continue
            if not isinstance(table, Entries):
                said = Bilingual("write {cost: …, per: …} or {never: yes}", "请写成{cost: …, per: …}或{never: yes}")
                self.error("not-a-map", said, table.place)
                continue
            price = self.price(fact, table)
            if price == "never":
                kept.add(fact.id)
            elif isinstance(price, Price):
                own[fact.id] = price
        return Prices(own, frozenset(kept))

    def price(self, fact: Fact, table: Entries) -> Price | str | None:
        texts: dict[str, Text] = {}
        for key, value in table:
            if key.text not in _KEYS:
                said = Bilingual(f"unknown key `{key.text}`", f"未知的键“{key.text}”")
                self.error("unknown-key", said, key.place, did_you_mean(key.text, _KEYS))
            elif not isinstance(value, Text):
                self.error("not-a-value", Bilingual("a single value is wanted", "应为单个值"), value.place)
            else:
                texts[key.text] = value
        if "never" in texts:
            if texts["never"].text not in ("yes", "true", "是"):
                self.error(
                    "not-yes", Bilingual("`never` is yes or left out", "never只写yes，否则删去"), texts["never"].place
                )
            return "never"
        if fact.judged or fact.series is not None:
            said = Bilingual(f"`{fact.id}` is not the enterprise's to change", f"“{fact.label.zh}”不由企业改变")
            self.error("not-changeable", said, table.place)
            return None
        return self._price(fact, table, texts)

    def _price(self, fact: Fact, table: Entries, texts: Mapping[str, Text]) -> Price | None:
        before = fact.change
        directions = self._directions(fact)
        direction = texts["direction"].text if "direction" in texts else before.direction if before else None
        if direction is None or direction not in directions:
            said = Bilingual(
                f"`direction` is one of {', '.join(directions) or 'none: this fact cannot be changed'}",
                f"direction应为：{'、'.join(directions) or '（该事实不能改变）'}",
            )
            self.error("no-direction", said, texts["direction"].place if "direction" in texts else table.place)
            return None
        cost = self.number(texts.get("cost"), "money") if "cost" in texts else before.cost if before else None
        per = before.per if before else 1
        if "per" in texts:
            read = self.number(texts["per"], fact.kind or "count")
            per = read if read is not None else per
        elif before is None and fact.kind is not None:
            self.error("missing-key", Bilingual("`per` is missing", "缺少per"), table.place)
        years = self.number(texts.get("years"), "years") if "years" in texts else before.years if before else 0
        if cost is None:
            if "cost" not in texts:
                self.error("missing-key", Bilingual("`cost` is missing", "缺少cost"), table.place)
            return None
        if cost < 0 or per <= 0 or years is None or years < 0:
            said = Bilingual("cost and years are not below zero, per is above", "cost和years不小于0，per大于0")
            self.error("not-a-number", said, table.place)
            return None
        name = "minimum" if direction == "down" else "maximum"
        other = "maximum" if name == "minimum" else "minimum"
        if other in texts:
            said = Bilingual(f"going {direction}, the limit is `{name}`", f"方向为{direction}时，限值写{name}")
            self.error("wrong-limit", said, texts[other].place)
        limit = self._limit(fact, texts[name]) if name in texts else None
        return Price(Change(direction, cost, per, years, before.effort if before else _OWN), limit)

    @staticmethod
    def _directions(fact: Fact) -> tuple[str, ...]:
        if fact.kind is not None:
            return ("up", "down")
        if fact.type == "yes_no":
            return ("yes", "no")
        steps = ("up", "down") if fact.ordered else ("up",) if fact.type == "set_of" else ()
        return (*steps, *(m.id for m in fact.members))

    def _limit(self, fact: Fact, text: Text) -> int | None:
        if fact.kind is not None:
            return self.number(text, fact.kind)
        ids = [m.id for m in fact.members]
        if fact.type != "one_of" or text.text not in ids:
            said = Bilingual(
                f"a limit of `{fact.id}` is one of {', '.join(ids) or 'none'}", f"限值应为：{'、'.join(ids) or '无'}"
            )
            self.error("not-a-value", said, text.place)
            return None
        return ids.index(text.text)

    def number(self, text: Text | None, kind: str) -> int | None:
        if text is None:
            return None
        try:
            return parse_quantity(text.text, kind)  # type: ignore[arg-type]
        except QuantityError as error:
            self.error("not-a-number", error.message, text.place)
            return None
