"""Which column of a prepared table each heading of a person's table means, in which unit."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from yiqi.facts.interpret import Interpreter
from yiqi.facts.keys import KeyReader, normal, read_year
from yiqi.facts.plausibility import year_problem
from yiqi.facts.statement import Statement
from yiqi.law.bilingual import Bilingual
from yiqi.law.diagnostics import Diagnostic, Place, nearest
from yiqi.law.quantities import MONEY_UNITS
from yiqi.law.vocabulary import Fact, Vocabulary
from yiqi.screening.prepared import Column

LEFT_ASIDE = ("", "-")
"""What a person writes behind ``=`` to say that a heading is not to be read."""

_REMARK = re.compile(r"\(([^()]*)\)")
_UNIT_BEHIND = re.compile(r"(.+?)_?(" + "|".join(sorted(MONEY_UNITS, key=len, reverse=True)) + r"|万|亿|%)\Z")
_YEAR = re.compile(r"_?[0-9]{4}(?:年度?)?")
_SEPARATORS = re.compile(r"[,;、\s]+")


@dataclass(frozen=True)
class HeadingMeaning:
    """What one heading was read as.

    ``column`` is None where the heading means nothing that the law asks for; ``suggestion`` is then the fact with the
    nearest name, if one is near. ``unit`` is the unit of bare numbers below the heading as the heading, a line above the
    table or a person gave it; where none did, ``assumed`` is the one that was assumed. ``example`` is a cell of the
    column with what it was read as.
    """

    position: int
    heading: str
    column: Column | None = None
    unit: str | None = None
    assumed: str | None = None
    suggestion: Fact | None = None
    left_aside: bool = False
    example: tuple[str, Bilingual] | None = None


@dataclass(frozen=True)
class Headings:
    """What the headings of a table mean, in the order of the table."""

    meanings: tuple[HeadingMeaning, ...]
    claims: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Columns of the prepared table that several headings claim, with these headings."""

    @property
    def read(self) -> tuple[HeadingMeaning, ...]:
        """Those that mean a column."""
        return tuple(m for m in self.meanings if m.column is not None)

    @property
    def unread(self) -> tuple[HeadingMeaning, ...]:
        """Those that mean nothing."""
        return tuple(m for m in self.meanings if m.column is None)


@dataclass(frozen=True, slots=True)
class _Name:
    """A heading taken apart."""

    fact: Fact
    year: int | None
    unit: str | None


class HeadingReader:
    """Reads the headings of one table.

    ``year`` is the year of per-year headings that name none. ``names`` says what headings mean, before their own text
    does: heading to fact, with ``_2025`` and ``(万元)`` behind it where wanted, or ``-`` for a heading to leave aside.
    """

    def __init__(
        self, vocabulary: Vocabulary, *, on: dt.date, year: int | None = None, names: Mapping[str, str] | None = None
    ) -> None:
        self.vocabulary = vocabulary
        self.on, self.year = on, year
        self.names = {normal(heading): (heading, target) for heading, target in (names or {}).items()}
        self._keys = KeyReader(vocabulary)
        self._facts: dict[str, list[Fact]] = {}
        for fact in vocabulary:
            for name in {normal(fact.id), normal(fact.label.en), normal(fact.label.zh)}:
                self._facts.setdefault(name, []).append(fact)

    def knows(self, heading: str) -> bool:
        """Whether a heading means a fact, or a person said what it means."""
        return normal(heading) in self.names or self._take_apart(heading) is not None

    def read(
        self, headings: Sequence[str], place: Callable[[int], Place], table_unit: str | None = None
    ) -> tuple[Headings, list[Diagnostic]]:
        """The meaning of each heading. ``place(i)`` is where heading ``i`` stands; ``table_unit`` is the unit of money
        that a line above the table gives."""
        problems: list[Diagnostic] = []
        meanings: list[HeadingMeaning] = []
        used: set[str] = set()
        for position, heading in enumerate(headings):
            told = self.names.get(normal(heading)) if heading else None
            if told is not None:
                used.add(normal(heading))
            meanings.append(self._meaning(position, heading, told and told[1], place(position), table_unit, problems))
        problems += [
            self._unused(given, headings, place(0)) for key, (given, _) in self.names.items() if key not in used
        ]
        meanings, claims = self._settle(meanings, set(self.names), place, problems)
        if not any(m.column is not None for m in meanings) and not any(p.severity == "error" for p in problems):
            problems.append(self._nothing_known(meanings, place(0)))
        return Headings(tuple(meanings), claims), problems

    # ---- one heading ----------------------------------------------------------------------------------------------

    def _meaning(
        self,
        position: int,
        heading: str,
        told: str | None,
        place: Place,
        table_unit: str | None,
        problems: list[Diagnostic],
    ) -> HeadingMeaning:
        if told is not None and told.strip() in LEFT_ASIDE:
            return HeadingMeaning(position, heading, left_aside=True)
        text = heading if told is None else told
        name = self._take_apart(text)
        if name is None:
            if told is not None:
                problems.append(self._keys.unknown(told, place))
            return HeadingMeaning(position, heading, suggestion=self._nearest(text))
        facts = self._facts.get(normal(_bare_name(text)), [name.fact])
        if len(facts) > 1:
            problems.append(_ambiguous(heading, facts, place))
            return HeadingMeaning(position, heading)
        fact, year = name.fact, name.year
        if fact.per is None and year is not None:
            problems.append(_not_per_year(fact, heading, place))
            return HeadingMeaning(position, heading)
        if fact.per is not None:
            year = year if year is not None else self.year
            if year is None:
                problems.append(_needs_year(fact, heading, place, self.on))
                return HeadingMeaning(position, heading)
            wrong_year = year_problem(fact, year, self.on, place)
            problems += [wrong_year] if wrong_year is not None else []
        unit, assumed = self._unit(name, table_unit)
        wrong_unit = _unit_problem(fact, unit, heading, place) if unit is not None else None
        if wrong_unit is not None:
            problems.append(wrong_unit)
            return HeadingMeaning(position, heading)
        return HeadingMeaning(position, heading, Column(fact, year), unit, assumed)

    def _unit(self, name: _Name, table_unit: str | None) -> tuple[str | None, str | None]:
        if name.unit is not None or name.fact.kind is None:
            return name.unit, None
        if name.fact.kind == "money":
            return (table_unit, None) if table_unit is not None else (None, "元")
        return None, None

    def _take_apart(self, heading: str) -> _Name | None:
        """The fact, year and unit of a heading such as ``2025年营业收入（万元）`` or ``operating_revenue_2025_万元``."""
        text = unicodedata.normalize("NFKC", heading).strip()
        key = self._keys.find(text)
        unit = year = None
        if key is None or (key.unit is not None and (read_year(key.unit) is not None or _SEPARATORS.search(key.unit))):
            # Several remarks, a year among them, or a unit without parentheses.
            remarks = [part for remark in _REMARK.findall(text) for part in _SEPARATORS.split(remark) if part]
            bare = _REMARK.sub("", text).strip()
            if (match := _UNIT_BEHIND.match(bare)) is not None:
                bare, unit = match[1], match[2]
            for remark in remarks:
                if (named := read_year(remark)) is not None and year is None:
                    year = named
                elif unit is None:
                    unit = remark.removeprefix("单位:").strip()
                else:
                    return None
            key = self._keys.find(bare)
            if key is None or (key.year is not None and year is not None and key.year != year):
                return None
        unit = key.unit if unit is None else unit
        if key.fact.kind is None:
            # What stands in parentheses behind such a fact is a remark: 企业名称（全称）.
            unit = None
        return _Name(key.fact, key.year if year is None else year, unit or None)

    def _nearest(self, heading: str) -> Fact | None:
        if not heading or len(heading) > 80:
            return None
        found = nearest(normal(_YEAR.sub("", _bare_name(heading))), self._facts)
        return self._facts[found][0] if found is not None else None

    # ---- all together ---------------------------------------------------------------------------------------------

    def _settle(
        self,
        meanings: list[HeadingMeaning],
        told: set[str],
        place: Callable[[int], Place],
        problems: list[Diagnostic],
    ) -> tuple[list[HeadingMeaning], dict[str, tuple[str, ...]]]:
        """Where several headings claim one column, the one that a person named has it; else it is an error."""
        by_column: dict[str, list[HeadingMeaning]] = {}
        for meaning in meanings:
            if meaning.column is not None:
                by_column.setdefault(meaning.column.name, []).append(meaning)
        claims: dict[str, tuple[str, ...]] = {}
        aside: set[int] = set()
        for column, claimants in by_column.items():
            if len(claimants) == 1:
                continue
            claims[column] = tuple(m.heading for m in claimants)
            named = [m for m in claimants if normal(m.heading) in told]
            if len(named) == 1:
                aside |= {m.position for m in claimants if m is not named[0]}
                continue
            fact = claimants[0].column.fact if claimants[0].column else None
            assert fact is not None
            problems.append(_claimed(column, fact, claimants, place))
        settled = [
            HeadingMeaning(m.position, m.heading, left_aside=True) if m.position in aside else m for m in meanings
        ]
        return settled, claims

    def _unused(self, given: str, headings: Sequence[str], place: Place) -> Diagnostic:
        found = nearest(normal(given), [normal(h) for h in headings if h])
        meant = next((h for h in headings if found is not None and normal(h) == found), None)
        return Diagnostic(
            "error",
            "no-such-heading",
            Bilingual(f"the table has no heading `{given}`", f"表中没有表头“{given}”"),
            place,
            Bilingual(f"did you mean `{meant}`?", f"是否想写“{meant}”？")
            if meant is not None
            else Bilingual("its headings are: " + ", ".join(h for h in headings if h)[:400],
                           "表头有：" + "、".join(h for h in headings if h)[:400]),
        )  # fmt: skip

    def _nothing_known(self, meanings: Sequence[HeadingMeaning], place: Place) -> Diagnostic:
        shown = [m for m in meanings if m.heading][:30]
        near = [(m.heading, m.suggestion) for m in shown if m.suggestion is not None][:5]
        heading, en, zh = ("单位人数", "employees_2025", "从业人员_2025")
        if near:
            heading, fact = near[0]
            en, zh = (fact.id, fact.label.zh)
        return Diagnostic(
            "error",
            "no-known-heading",
            Bilingual(
                "no heading of this table is known; it has: " + (", ".join(m.heading for m in shown) or "none"),
                "没有一个表头可以识别；表头有：" + ("、".join(m.heading for m in shown) or "（空）"),
            ),
            place,
            Bilingual(
                ("near: " + ", ".join(f"`{h}` ~ {f.id}" for h, f in near) + "; " if near else "")
                + f'say what a heading means with --map "{heading}={en}"; '
                "where they are garbled, save the table again as .xlsx or as CSV in UTF-8",
                ("相近的有：" + "、".join(f"“{h}”≈“{f.label.zh}”" for h, f in near) + "；" if near else "")
                + f'可用 --map "{heading}={zh}" 指明表头含义；如显示为乱码，请将表格另存为.xlsx或UTF-8编码的CSV',
            ),
        )  # fmt: skip


def _bare_name(heading: str) -> str:
    """A heading without what stands in parentheses."""
    return _REMARK.sub("", unicodedata.normalize("NFKC", heading)).strip()


def _unit_problem(fact: Fact, unit: str, heading: str, place: Place) -> Diagnostic | None:
    """Whether a bare number below the heading could be read at all."""
    if fact.kind == "ratio" and unit != "%":
        fits = False
    else:
        interpreter = Interpreter()
        interpreter.value(Statement(fact, None, "1", place, unit))
        fits = not interpreter.diagnostics
    if fits:
        return None
    wanted = {"money": "元、万元、亿元", "ratio": "%"}.get(str(fact.kind), fact.unit or "")
    return Diagnostic(
        "error",
        "wrong-unit",
        Bilingual(
            f"heading `{heading}`: `{unit}` is not a unit of {fact.label.en} ({fact.id})",
            f"表头“{heading}”：“{unit}”不是{fact.label.zh}的单位",
        ),
        place,
        Bilingual(
            f'say what it means: --map "{heading}={fact.id}"' + (f"; units are {wanted}" if wanted else ""),
            f'请指明含义：--map "{heading}={fact.label.zh}"' + (f"；可用单位：{wanted}" if wanted else ""),
        ),
    )


def _needs_year(fact: Fact, heading: str, place: Place, on: dt.date) -> Diagnostic:
    year = on.year - 1
    return Diagnostic(
        "error",
        "needs-year",
        Bilingual(
            f"heading `{heading}`: {fact.label.en} ({fact.id}) is given per year",
            f"表头“{heading}”：{fact.label.zh}须按年度填写",
        ),
        place,
        Bilingual(
            f"say the year with --year {year}, or name it in the heading: {fact.label.zh}_{year}",
            f"请用 --year {year} 指明年度，或在表头写明：{fact.label.zh}_{year}",
        ),
    )


def _not_per_year(fact: Fact, heading: str, place: Place) -> Diagnostic:
    return Diagnostic(
        "warning",
        "no-year",
        Bilingual(
            f"heading `{heading}` is not read: {fact.label.en} ({fact.id}) has one value, not one per year",
            f"表头“{heading}”未读取：{fact.label.zh}只有一个值，不按年度填写",
        ),
        place,
        Bilingual(f'to read this column: --map "{heading}={fact.id}"', f'如要读取：--map "{heading}={fact.label.zh}"'),
    )


def _ambiguous(heading: str, facts: Sequence[Fact], place: Place) -> Diagnostic:
    return Diagnostic(
        "error",
        "ambiguous-heading",
        Bilingual(
            f"heading `{heading}` means several facts: " + ", ".join(fact.id for fact in facts),
            f"表头“{heading}”对应多个事实：" + "、".join(f"{fact.label.zh}（{fact.id}）" for fact in facts),
        ),
        place,
        Bilingual(f'say which: --map "{heading}={facts[0].id}"', f'请指明：--map "{heading}={facts[0].id}"'),
    )


def _claimed(column: str, fact: Fact, claimants: Sequence[HeadingMeaning], place: Callable[[int], Place]) -> Diagnostic:
    others = ", ".join(f"`{m.heading}` ({place(m.position)})" for m in claimants)
    others_zh = "、".join(f"“{m.heading}”（{place(m.position)}）" for m in claimants)
    second = claimants[1].heading
    same = len({normal(m.heading) for m in claimants}) < len(claimants)
    return Diagnostic(
        "error",
        "duplicate-heading",
        Bilingual(
            f"several headings mean {fact.label.en} ({column}): {others}",
            f"多个表头都表示“{fact.label.zh}”：{others_zh}",
        ),
        place(claimants[1].position),
        Bilingual("rename or delete one of the two columns", "请改名或删除其中一列")
        if same
        else Bilingual(
            f'keep one, and leave the other aside: --map "{second}=-"',
            f'请只保留一列，另一列不读取：--map "{second}=-"',
        ),
    )
