"""A population as its page and its summary show it: every line in words, in both languages."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from yiqi.law.bilingual import Bilingual
from yiqi.pulse.comparison import Chapter, Line, Unit, compare
from yiqi.pulse.figures import Figure, assumed, sources
from yiqi.pulse.population import Population
from yiqi.pulse.targets import YEAR
from yiqi.report.phrases import TAGS

FEN_PER_WAN = 1_000_000

FEW_ROWS = 5_000_000

LABEL = Bilingual(
    "Synthetic data: made-up enterprises, fitted to published totals. No row is a real enterprise.",
    "合成数据：按公开统计总量拟合的虚构企业，每一行都不是真实企业。",
)
FEW = Bilingual(
    "With so few rows, sums and means of revenue, assets and staff stray by chance: a few large enterprises make them.",
    "行数较少时，营业收入、资产和从业人员的合计与平均数取决于少数大企业，会有随机偏离。",
)
ASSUMED_OF = {
    "enterprise_share": Bilingual("Enterprises among legal persons, by section", "法人单位中企业的比例（按门类）"),
    "division_share": Bilingual("Parts of a section", "门类内部构成"),
    "employees_institutions": Bilingual("Staff of institutions, persons", "机关事业单位从业人员（人）"),
    "mean_employees": Bilingual("Employees per enterprise", "户均从业人员"),
    "revenue_per_employee": Bilingual("Revenue per employee, million yuan", "人均营业收入（百万元）"),
    "assets_to_revenue": Bilingual("Assets over revenue", "资产总额与营业收入之比"),
    "log_deviation": Bilingual("Deviation of the logarithm", "对数标准差"),
    "log_correlation": Bilingual("Correlation of the logarithms", "对数相关系数"),
    "largest": Bilingual("Largest value (persons, yuan)", "最大值（人、元）"),
    "no_revenue_share": Bilingual("Enterprises without revenue", "没有营业收入的企业比例"),
    "title_weight": Bilingual("Innovative SME: relative likelihood", "创新型：相对可能性"),
    "specialised_weight": Bilingual("Specialised SME: relative likelihood", "专精特新：相对可能性"),
    "little_giant_weight": Bilingual("Little giant: relative likelihood", "“小巨人”：相对可能性"),
    "research_weight": Bilingual("Research: relative likelihood", "开展研发：相对可能性"),
    "rd_intensity": Bilingual("R&D expense over revenue, percent", "研发经费与营业收入之比（%）"),
    "oldest": Bilingual("Oldest enterprise, years", "最长存续年限（年）"),
    "age_lean": Bilingual("How much larger enterprises are older, per year of age", "规模越大存续越久的程度（每年）"),
}
MEMBERS = {
    "all": Bilingual("all", "全部"),
    "micro": Bilingual("micro", "微型"),
    "small": Bilingual("small", "小型"),
    "medium": Bilingual("medium", "中型"),
    "large": Bilingual("large", "大型"),
    "other": Bilingual("others", "其他"),
    "innovative": Bilingual("innovative", "创新型"),
    "specialised": Bilingual("specialised", "专精特新"),
    "employees": Bilingual("employees", "从业人员"),
    "revenue": Bilingual("revenue", "营业收入"),
    "operating_revenue": Bilingual("revenue", "营业收入"),
    "assets": Bilingual("assets", "资产"),
    "total_assets": Bilingual("assets", "资产"),
    "59:handling": Bilingual("59 handling", "59装卸搬运"),
    "59:warehousing": Bilingual("59 warehousing", "59仓储"),
}


@dataclass(frozen=True)
class Row:
    """A line in words. ``wanted`` is None where it is the published value itself. ``part`` is what of the longest bar of
    the chapter the achieved value has, and ``mark`` the wanted one, in thousandths; None where no bar is drawn."""

    label: Bilingual
    published: Bilingual
    wanted: Bilingual | None
    achieved: Bilingual
    difference: Bilingual
    is_fitted: bool
    tag: str
    sources: tuple[int, ...]
    """Numbers of the sources in the chapter's list, from 1."""
    derived: Bilingual | None
    part: int | None
    mark: int | None


@dataclass(frozen=True)
class Part:
    """A chapter in words. ``farthest`` is the largest difference among the lines that were fitted."""

    id: str
    title: Bilingual
    note: Bilingual
    rows: tuple[Row, ...]
    is_scaled: bool
    has_bars: bool
    farthest: Bilingual
    sources: tuple[Bilingual, ...]


@dataclass(frozen=True)
class Unknown:
    """Columns of a group of facts and how much of them is unknown."""

    group: Bilingual
    columns: int
    least: Bilingual
    most: Bilingual


@dataclass(frozen=True)
class PopulationView:
    """All that is shown of a population."""

    label: Bilingual
    facts: tuple[tuple[Bilingual, Bilingual], ...]
    few_rows: bool
    """So few that sums of skewed figures stray by chance; ``few`` says so."""
    few: Bilingual
    parts: tuple[Part, ...]
    unknown: tuple[Unknown, ...]
    assumptions: tuple[tuple[Bilingual, Bilingual, Bilingual], ...]
    left_out: tuple[str, ...]
    tags: tuple[Bilingual, ...]


def build_population(population: Population) -> PopulationView:
    """The view of a population."""
    request = population.request
    parts = tuple(_part(chapter) for chapter in compare(population))
    tags = sorted({row.tag for part in parts for row in part.rows} | {"D"})
    return PopulationView(
        LABEL,
        (
            (Bilingual("Rows", "行数"), _same(f"{request.rows:,}")),
            (Bilingual("Seed", "随机种子"), _same(str(request.seed))),
            (Bilingual("Last fiscal year", "最近会计年度"), _same(str(request.year))),
            (Bilingual("Counts of the year", "企业数所属年度"), _same(YEAR)),
            (Bilingual("Columns", "列数"), _same(str(len(population.columns)))),
        ),
        request.rows < FEW_ROWS,
        FEW,
        parts,
        _unknown(population),
        _assumptions(),
        population.left_out,
        tuple(TAGS[tag] for tag in tags),
    )


def value_text(value: float, unit: Unit) -> Bilingual:
    """A value with its unit."""
    if unit == "enterprises":
        return _same(f"{value:,.0f}")
    if unit == "share":
        return _same(f"{value * 100:.2f}%" if abs(value) >= 0.01 else f"{value * 100:.4f}%")
    if unit == "persons":
        return Bilingual(f"{value:,.2f}", f"{value:,.2f}人")
    if unit == "fen":
        return _same(f"{value / FEN_PER_WAN:,.1f}万元")
    return _same(f"{value:.3f}")


def difference_text(line: Line) -> Bilingual:
    """Achieved against wanted: percent, of shares percentage points."""
    value = line.difference * 100
    shown = f"{value:+.3f}" if line.unit == "enterprises" else f"{value:+.2f}"
    if line.unit == "share" and 0 < line.wanted < 0.01:
        shown = f"{value:+.4f}"
    if float(shown) == 0:
        shown = shown.lstrip("+-")
    if line.unit == "share":
        return Bilingual(f"{shown} points", f"{shown}个百分点")
    return _same(f"{shown}%")


def _same(text: str) -> Bilingual:
    return Bilingual(text, text)


def _part(chapter: Chapter) -> Part:
    scaled = chapter.lines[0].unit == "enterprises"
    bars = chapter.id in ("provinces", "sections", "classes", "ages")
    longest = max(max(line.wanted, line.achieved) for line in chapter.lines)
    rows = []
    numbers: dict[Bilingual, int] = {}
    for line in chapter.lines:
        named = [numbers.setdefault(source, len(numbers) + 1) for source in _sources(line.target.figures)]
        rows.append(
            Row(
                line.label,
                value_text(line.published, line.unit),
                _same(f"{line.wanted:,.1f}") if scaled else None,
                value_text(line.achieved, line.unit),
                difference_text(line),
                line.is_fitted,
                line.target.tag,
                tuple(sorted(named)),
                line.target.derived,
                round(1000 * line.achieved / longest) if bars and longest else None,
                round(1000 * line.wanted / longest) if bars and longest else None,
            )
        )
    fitted = [line for line in chapter.lines if line.is_fitted]
    return Part(
        chapter.id,
        chapter.title,
        chapter.note,
        tuple(rows),
        scaled,
        bars,
        difference_text(max(fitted, key=lambda line: abs(line.difference))),
        tuple(numbers),
    )


def _sources(figures: Iterable[Figure]) -> tuple[Bilingual, ...]:
    names = sources()
    years: dict[str, list[str]] = {}
    for figure in figures:
        held = years.setdefault(figure.source, [])
        if figure.year not in (*held, "any"):
            held.append(figure.year)
    return tuple(
        Bilingual(
            f"{names[source].en}{' · ' + ', '.join(held) if held else ''}",
            f"{names[source].zh}{' · ' + '、'.join(held) if held else ''}",
        )
        for source, held in years.items()
    )


def _unknown(population: Population) -> tuple[Unknown, ...]:
    groups: dict[Bilingual, list[float]] = {}
    for column in population.columns:
        unknown = 1 - population.known[column.name] / population.request.rows
        groups.setdefault(column.fact.group, []).append(unknown)
    return tuple(
        Unknown(group, len(shares), value_text(min(shares), "share"), value_text(max(shares), "share"))
        for group, shares in groups.items()
    )


def _assumptions() -> tuple[tuple[Bilingual, Bilingual, Bilingual], ...]:
    """What is assumed, measure by measure: what, the values by member, why."""
    names = sources()
    found: dict[tuple[str, str], list[Figure]] = {}
    for figure in assumed():
        found.setdefault((figure.measure, "" if figure.group != "section" else figure.group), []).append(figure)
    rows = []
    for (measure, _), figures in found.items():
        values = [(MEMBERS.get(f.key, _same(f.key)), f) for f in figures]
        said = list(dict.fromkeys(f.source for f in figures))
        rows.append(
            (
                ASSUMED_OF[measure],
                Bilingual(
                    ", ".join(_valued(label.en, f) for label, f in values),
                    "，".join(_valued(label.zh, f) for label, f in values),
                ),
                Bilingual("; ".join(names[s].en for s in said), "；".join(names[s].zh for s in said)),
            )
        )
    return tuple(rows)


def _valued(label: str, figure: Figure) -> str:
    value = f"{figure.value:,.0f}" if figure.value >= 1000 else f"{figure.value:g}"
    when = f" {figure.year}" if figure.year != "any" else ""
    return f"{label}{when} {value}"
