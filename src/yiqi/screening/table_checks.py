"""What a person should look at in a prepared table: counted per column, with the first row where it occurs.

The bounds and relations are those of the vocabulary, by which the fact sheet of one enterprise is checked too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from yiqi.law.bilingual import Bilingual
from yiqi.law.diagnostics import Diagnostic, Place
from yiqi.law.quantities import MONEY_UNITS, money_text, quantity_text
from yiqi.law.vocabulary import Relation, Vocabulary
from yiqi.screening.bad_rows import OF_ROWS
from yiqi.screening.conversion import BLANK, NOTE, TOTALS, Conversion
from yiqi.screening.prepared import ROW, Column
from yiqi.screening.quoting import identifier, literal
from yiqi.screening.watching import watched

TINY_MEDIAN = 10_000 * MONEY_UNITS["元"]
"""An amount of an enterprise's year that is mostly below this is more likely in 万元."""

SIZE_FACTS = ("operating_revenue", "main_revenue", "total_costs", "total_assets")
"""Amounts that no enterprise at work has near nothing of."""

_SAMPLE = 100_000
_SHOWN = 5


@dataclass(frozen=True)
class Checked:
    """What was measured over the whole table."""

    diagnostics: list[Diagnostic]
    duplicates: str | None
    """The table of codes that several rows have, with ``uscc`` and ``rows``; None where there are none."""


@dataclass(frozen=True)
class _Check:
    """Something to count: a condition on a row, and the warning about ``count`` rows of which ``first`` is the first."""

    condition: str
    say: Callable[[int, int], Diagnostic]


def check_table(conversion: Conversion, source: str, vocabulary: Vocabulary, problems: str) -> Checked:
    """Collect everything that a person should look at in a prepared table."""
    duplicates, told = _duplicates(conversion, source)
    checks = [*_plausible(conversion), *_jumps(conversion), *_relations(conversion, vocabulary)]
    diagnostics = [
        *_rows_aside(conversion),
        *_rows_with_flaws(conversion),
        *_bad_cells(conversion, problems),
        *_doubts(conversion),
        *_mixed_units(conversion),
        *_tiny(conversion, source),
        *told,
        *_found(conversion, source, checks),
    ]
    return Checked(diagnostics, duplicates)


def _found(conversion: Conversion, source: str, checks: Sequence[_Check]) -> Iterator[Diagnostic]:
    """Count everything in one reading of the table."""
    if not checks:
        return
    rows = [f"CASE WHEN {check.condition} THEN {ROW} END" for check in checks]
    (found,) = watched(
        conversion.connection,
        f"SELECT {', '.join(f'count({row}), min({row})' for row in rows)} FROM {source}",
        lambda share: conversion.progress("check", share),
    )
    for index, check in enumerate(checks):
        count, first = found[2 * index : 2 * index + 2]
        if count:
            yield check.say(count, first)


# ---- rows -----------------------------------------------------------------------------------------------------------


def _rows_aside(conversion: Conversion) -> Iterator[Diagnostic]:
    if not conversion.aside:
        return
    for why in (BLANK, TOTALS, NOTE):
        count, rows = _some(conversion, f"aside = {literal(why)}")
        if count:
            yield _about_rows(conversion, why, count, rows)


def _rows_with_flaws(conversion: Conversion) -> Iterator[Diagnostic]:
    if not conversion.flaws:
        return
    for why in OF_ROWS:
        count, rows = _some(conversion, f"aside IS NULL AND split_part(flaw, ' ', 1) = {literal(why)}")
        if count:
            yield _about_rows(conversion, why, count, rows)


def _some(conversion: Conversion, condition: str) -> tuple[int, list[int]]:
    ((count, rows),) = conversion.connection.execute(
        f"SELECT count(*), list({ROW} ORDER BY {ROW})[:{_SHOWN}] FROM {conversion.view} WHERE {condition}"
    ).fetchall()
    return int(count), [int(row) for row in rows or ()]


def _about_rows(conversion: Conversion, why: str, count: int, rows: list[int]) -> Diagnostic:
    what = OF_ROWS[why]
    shown = ", ".join(str(row) for row in rows)
    more = ", …" if count > len(rows) else ""
    return Diagnostic(
        "warning",
        why,
        Bilingual(
            f"{count:,} row{'s' if count > 1 else ''} (row {shown}{more} of the table): {what.en}",
            f"{count:,}行（第{'、'.join(str(row) for row in rows)}{'……' if more else ''}行）：{what.zh}",
        ),
        _line(conversion, rows[0]),
    )


def _line(conversion: Conversion, row: int) -> Place:
    first = conversion.table.first_line
    return Place(conversion.table.file, None if first is None else first + row - 1)


# ---- cells ----------------------------------------------------------------------------------------------------------


def _bad_cells(conversion: Conversion, problems: str) -> Iterator[Diagnostic]:
    found = conversion.connection.execute(
        f"SELECT heading, count(*), min(row), arg_min(cell, row), arg_min(en, row), arg_min(zh, row) FROM {problems}"
        " WHERE heading IS NOT NULL GROUP BY heading"
    ).fetchall()
    told = {heading: rest for heading, *rest in found}
    for name in conversion.bad:
        meaning = conversion.read[name]
        if meaning.heading not in told:
            continue
        count, row, cell, en, zh = told[meaning.heading]
        shown = cell if len(cell) <= 40 else cell[:40] + "…"
        yield Diagnostic(
            "warning",
            "unreadable-cells",
            Bilingual(
                f"{count:,} cell{'s' if count > 1 else ''} below `{meaning.heading}` cannot be read and "
                f"count{'s' if count == 1 else ''} as unknown; the first is `{shown}` in row {row}: {en}",
                f"“{meaning.heading}”列有{count:,}个单元格无法读取，按不清楚处理；第一个在第{row}行，内容为“{shown}”：{zh}",
            ),
            conversion.table.place(meaning.position),
        )


def _doubts(conversion: Conversion) -> Iterator[Diagnostic]:
    """Warnings of the interpreter, except about plausible bounds, which are counted over all cells."""
    for name in conversion.doubtful:
        meaning = conversion.read[name]
        found = conversion.connection.execute(
            f"SELECT m.warning, count(*), min(s.{ROW}), arg_min(m.warning_en, s.{ROW}), arg_min(m.warning_zh, s.{ROW})"
            f" FROM {conversion.view} s JOIN {conversion.texts(name)} m ON s.{identifier('t ' + name)} = m.text"
            " WHERE m.warning IS NOT NULL AND m.code IS NULL AND m.warning NOT LIKE 'implausibly-%'"
            " GROUP BY m.warning ORDER BY m.warning"
        ).fetchall()
        for code, count, row, en, zh in found:
            yield _counted(conversion, code, count, row, meaning.position, meaning.heading, Bilingual(en, zh))


def _counted(
    conversion: Conversion, code: str, count: int, row: int, position: int, heading: str, what: Bilingual
) -> Diagnostic:
    return Diagnostic(
        "warning",
        code,
        Bilingual(
            f"`{heading}`: {count:,} row{'s' if count > 1 else ''}, the first is row {row}: {what.en}",
            f"“{heading}”：共{count:,}行，首见于第{row}行：{what.zh}",
        ),
        conversion.table.place(position),
    )


# ---- units ----------------------------------------------------------------------------------------------------------


def _mixed_units(conversion: Conversion) -> Iterator[Diagnostic]:
    """Amounts whose heading gives no unit, some with a unit of their own and some bare."""
    for name in conversion.unitless:
        meaning = conversion.read[name]
        clean_own = conversion.own_units[name]
        ((clean,),) = conversion.connection.execute(
            f"SELECT count({identifier('v ' + name)}) FROM {conversion.view}"
        ).fetchall()
        own, bare = clean_own, clean - clean_own
        if name in conversion.left:
            ((left_own, left_bare),) = conversion.connection.execute(
                f"SELECT count(m.unit), count(*) - count(m.unit) FROM {conversion.view} s JOIN {conversion.texts(name)} m"
                f" ON s.{identifier('t ' + name)} = m.text WHERE m.value IS NOT NULL"
            ).fetchall()
            own, bare = own + left_own, bare + left_bare
        if own and bare:
            yield Diagnostic(
                "warning",
                "mixed-units",
                Bilingual(
                    f"`{meaning.heading}` has {own:,} amount{'' if own == 1 else 's'} with a unit behind them and {bare:,} without; those without "
                    "are read as yuan",
                    f"“{meaning.heading}”列有{own:,}个金额自带单位，{bare:,}个没有单位；没有单位的按元读取",
                ),
                conversion.table.place(meaning.position),
                Bilingual(
                    f'if they are in 万元, say so: --map "{meaning.heading}={name}（万元）"',
                    f'如实际为万元，请指明：--map "{meaning.heading}={name}（万元）"',
                ),
            )


def _tiny(conversion: Conversion, source: str) -> Iterator[Diagnostic]:
    """Amounts read as yuan because no unit was anywhere, most of which are too small for that."""
    for name in conversion.unitless:
        meaning, column = conversion.read[name], conversion.columns[name]
        measured = conversion.bounds[name]
        if column.fact.id not in SIZE_FACTS or measured.high is None or conversion.own_units[name]:
            continue
        every = max(1, conversion.rows // _SAMPLE)
        ((median,),) = conversion.connection.execute(
            f"SELECT quantile_disc({name}, 0.5) FROM {source} WHERE {name} > 0 AND {ROW} % {every} = 0"
        ).fetchall()
        if median is None or median >= TINY_MEDIAN:
            continue
        yield Diagnostic(
            "warning",
            "unit-looks-like-wan",
            Bilingual(
                f"`{meaning.heading}` names no unit and was read as yuan, but half of the amounts are at most "
                f"{money_text(median)}: they look like 万元",
                f"“{meaning.heading}”未写单位，已按元读取，但半数金额不超过{money_text(median)}，看起来单位是万元",
            ),
            conversion.table.place(meaning.position),
            Bilingual(
                f"write the unit in the heading, such as {meaning.heading}（万元）, or say it: "
                f'--map "{meaning.heading}={name}（万元）"',
                f"请在表头写明单位，如{meaning.heading}（万元），或指明："
                f'--map "{meaning.heading}={name}（万元）"',
            ),
        )  # fmt: skip


# ---- keys -----------------------------------------------------------------------------------------------------------


def _duplicates(conversion: Conversion, source: str) -> tuple[str | None, list[Diagnostic]]:
    key = next((name for name, column in conversion.columns.items() if column.fact.type == "uscc"), None)
    if key is None:
        return None, []
    table, repeated = f"yiqi_duplicates_{conversion.serial}", f"yiqi_repeated_{conversion.serial}"
    watched(
        conversion.connection,
        f"CREATE TEMP TABLE {repeated} AS SELECT {key} AS uscc FROM {source} WHERE {key} IS NOT NULL GROUP BY {key}"
        " HAVING count(*) > 1",
        lambda share: conversion.progress("keys", share),
    )
    ((codes,),) = conversion.connection.execute(f"SELECT count(*) FROM {repeated}").fetchall()
    if not codes:
        conversion.connection.execute(f"DROP TABLE {repeated}")
        return None, []
    conversion.connection.execute(
        f"CREATE TEMP TABLE {table} AS SELECT {key} AS uscc, list({ROW} ORDER BY {ROW}) AS rows FROM {source}"
        f" WHERE {key} IN (SELECT uscc FROM {repeated}) GROUP BY {key} ORDER BY min({ROW})"
    )
    conversion.connection.execute(f"DROP TABLE {repeated}")
    ((rows,),) = conversion.connection.execute(f"SELECT sum(len(rows)) FROM {table}").fetchall()
    shown = conversion.connection.execute(f"SELECT uscc, rows[:{_SHOWN}] FROM {table} LIMIT {_SHOWN}").fetchall()
    listed_en = "; ".join(f"{code} in rows {', '.join(str(row) for row in where)}" for code, where in shown)
    listed_zh = "；".join(f"{code}在第{'、'.join(str(row) for row in where)}行" for code, where in shown)
    more = codes > len(shown)
    meaning = conversion.read[key]
    told = Diagnostic(
        "warning",
        "duplicate-key",
        Bilingual(
            f"{codes:,} credit code{'s stand' if codes > 1 else ' stands'} in several rows, {rows:,} rows in all, which are "
            f"all kept: {listed_en}{'; …' if more else ''}",
            f"{codes:,}个统一社会信用代码重复出现，共{rows:,}行，均予保留：{listed_zh}{'；……' if more else ''}",
        ),
        conversion.table.place(meaning.position),
        Bilingual("keep one row for each enterprise", "请每家企业只保留一行"),
    )
    return table, [told]


# ---- values ---------------------------------------------------------------------------------------------------------


def _plausible(conversion: Conversion) -> Iterator[_Check]:
    """Values outside the plausible bounds, where the range of the column passes them."""
    for name, column in conversion.columns.items():
        fact = column.fact
        if fact.kind is None:
            continue
        for bound, code, sign, en, zh in (
            (fact.plausible_minimum, "implausibly-low", "<", "below", "低于"),
            (fact.plausible_maximum, "implausibly-high", ">", "above", "高于"),
        ):
            low, high = conversion.bounds[name].low, conversion.bounds[name].high
            if bound is None or low is None or high is None or (low >= bound if sign == "<" else high <= bound):
                continue
            what = Bilingual(
                f"{en} {quantity_text(bound, fact.kind, 'en', fact.unit)}; check the figures and their unit",
                f"{zh}{quantity_text(bound, fact.kind, 'zh', fact.unit)}，请核对数字和单位",
            )
            yield _Check(f"{name} {sign} {bound}", _sayer(conversion, code, name, what))


def _jumps(conversion: Conversion) -> Iterator[_Check]:
    """Neighbouring known years whose figures differ by more than the vocabulary's factor per year between them."""
    years: dict[str, list[Column]] = {}
    for column in conversion.columns.values():
        if column.year is not None and column.fact.yearly_factor is not None:
            years.setdefault(column.fact.id, []).append(column)
    for columns in years.values():
        columns.sort(key=lambda column: column.year or 0)
        for (i, before), (j, after) in combinations(enumerate(columns), 2):
            factor = before.fact.yearly_factor
            assert factor is not None
            assert before.year is not None
            assert after.year is not None
            between = "".join(f" AND {column.name} IS NULL" for column in columns[i + 1 : j])
            times = factor ** (after.year - before.year)
            most = max(conversion.bounds[column.name].high or 0 for column in (before, after))
            wide = "::HUGEINT" if most * times >= 2**63 else ""
            jump = f"({before.name} > {after.name}{wide} * {times} OR {after.name} > {before.name}{wide} * {times})"
            what = Bilingual(
                f"differs more than {factor}-fold a year between {before.year} and {after.year}; perhaps 万元 typed as 元",
                f"{before.year}年与{after.year}年相差超过每年{factor}倍，可能误将万元填作元",
            )
            yield _Check(
                f"{before.name} > 0 AND {after.name} > 0 AND {jump}{between}",
                _sayer(conversion, "yearly-jump", after.name, what),
            )


def _relations(conversion: Conversion, vocabulary: Vocabulary) -> Iterator[_Check]:
    for relation in vocabulary.relations:
        other = relation.at_most or relation.implies
        if other is None:
            continue
        for name, column in conversion.columns.items():
            if column.fact.id != relation.fact:
                continue
            right = Column(vocabulary[other], column.year).name
            if right in conversion.columns:
                yield _Check(_broken(relation, name, right), _sayer(conversion, "relation", name, relation.say))


def _broken(relation: Relation, left: str, right: str) -> str:
    return f"{left} > {right}" if relation.at_most is not None else f"{left} AND NOT {right}"


def _sayer(conversion: Conversion, code: str, name: str, what: Bilingual) -> Callable[[int, int], Diagnostic]:
    meaning = conversion.read[name]
    position, heading = meaning.position, meaning.heading

    def say(count: int, first: int) -> Diagnostic:
        return _counted(conversion, code, count, first, position, heading, what)

    return say
