"""Fitted against published: for each target what was published, what was wanted and what the rows add up to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from yiqi.facts.industry import SECTIONS
from yiqi.facts.region import PROVINCES
from yiqi.law.bilingual import Bilingual
from yiqi.pulse.branches import CLASSES
from yiqi.pulse.figures import published
from yiqi.pulse.population import Population
from yiqi.pulse.tally import industrial
from yiqi.pulse.targets import Target, figure_key

Unit = Literal["enterprises", "share", "persons", "fen", "ratio"]
Key = Mapping[str, int | None]

CLASS_NAMES = {
    "micro": Bilingual("Micro", "微型"),
    "small": Bilingual("Small", "小型"),
    "medium": Bilingual("Medium", "中型"),
    "large": Bilingual("Large", "大型"),
}
BRANCH_NAMES = {
    "A": Bilingual("Agriculture", "农、林、牧、渔业"),
    "B": Bilingual("Mining", "采矿业"),
    "C": Bilingual("Manufacturing without electronics", "制造业（不含电子）"),
    "C39": Bilingual("Electronics (C39)", "计算机、通信和其他电子设备制造业（C39）"),
    "D": Bilingual("Electricity, heat, gas and water", "电力、热力、燃气及水生产和供应业"),
    "E": Bilingual("Construction", "建筑业"),
    "F:wholesale": Bilingual("Wholesale", "批发业"),
    "F:retail": Bilingual("Retail", "零售业"),
    "rest": Bilingual("Other services (G to R)", "其他服务业（G至R门类）"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One figure. ``wanted`` is the published value, of counts scaled to the number of rows. ``is_fitted`` is false where
    the population was not made to meet it and the two only stand beside each other."""

    label: Bilingual
    unit: Unit
    wanted: float
    achieved: float
    target: Target
    is_fitted: bool = True

    @property
    def published(self) -> float:
        return self.target.value

    @property
    def difference(self) -> float:
        """Achieved over wanted, less 1; shares in percentage points / 100."""
        if self.unit == "share":
            return self.achieved - self.wanted
        return self.achieved / self.wanted - 1 if self.wanted else 0.0


@dataclass(frozen=True)
class Chapter:
    """Lines of one kind."""

    id: str
    title: Bilingual
    note: Bilingual
    lines: tuple[Line, ...]


def compare(population: Population) -> tuple[Chapter, ...]:
    """All chapters of a population."""
    read = _Reader(population)
    return (
        read.counts("provinces"),
        read.counts("sections"),
        read.classes(),
        read.means("staff"),
        read.means("revenue"),
        read.large(),
        read.industry(),
        read.titles(),
        read.ages(),
    )


class _Reader:
    def __init__(self, population: Population) -> None:
        self.population = population
        self.tally = population.tally
        self.targets = population.fit.targets
        self.branches = population.fit.branches
        self.rows = population.request.rows
        self.industrial = industrial([branch.key for branch in self.branches])

    def counts(self, kind: Literal["provinces", "sections"]) -> Chapter:
        """Enterprises by province or section."""
        targets: Mapping[int | str, Target] = dict(getattr(self.targets, kind))
        whole = sum(t.value for t in targets.values())
        lines = []
        for key, target in targets.items():
            if kind == "provinces":
                label = PROVINCES[str(key)]
                achieved = self.tally.total("count", _is("province", int(key)), "province")
            else:
                name = SECTIONS[str(key)][2]
                label = Bilingual(f"{key} {name.en}", f"{key} {name.zh}")
                members = {place for place, branch in enumerate(self.branches) if branch.section == key}
                achieved = self.tally.total("count", _among(members))
            lines.append(Line(label, "enterprises", target.value * self.rows / whole, achieved, target))
        if kind == "provinces":
            return Chapter(
                kind,
                Bilingual("Enterprises by province", "按省份：企业数"),
                Bilingual(
                    "Published: legal persons that are enterprises, 2024, scaled to the number of rows. Rows are whole, so a "
                    "difference is less than one row.",
                    "公布数为2024年企业法人单位数，按行数等比缩放；行数取整，差异不到1行。",
                ),
                tuple(lines),
            )
        return Chapter(
            kind,
            Bilingual("Enterprises by section of industry", "按行业门类：企业数"),
            Bilingual(
                "Published: legal persons, 2024, without public administration (S) and with only a fifth of education (P) and "
                "health (Q), scaled to the number of rows.",
                "公布数为2024年法人单位数，不含公共管理（S），教育（P）、卫生（Q）只取五分之一，按行数等比缩放。",
            ),
            tuple(lines),
        )

    def classes(self) -> Chapter:
        lines = [
            Line(
                CLASS_NAMES[name],
                "share",
                target.value,
                self._share("count", _is("size", size)),
                target,
            )
            for size, (name, target) in enumerate(zip(CLASSES, self.targets.classes, strict=True))
        ]
        return Chapter(
            "classes",
            Bilingual("Enterprises by size class", "按企业规模：比重"),
            Bilingual(
                "The class is that of the size standard in the law files, from staff, revenue and assets.",
                "规模按法规文件中的划型标准，由从业人员、营业收入、资产总额确定。",
            ),
            tuple(lines),
        )

    def means(self, kind: Literal["staff", "revenue"]) -> Chapter:
        """Staff or revenue per enterprise."""
        targets: Mapping[str, Target] = getattr(self.targets, kind)
        lines = []
        for key, label in BRANCH_NAMES.items():
            members = {place for place, branch in enumerate(self.branches) if figure_key(branch) == key}
            target = targets[next(branch.key for branch in self.branches if figure_key(branch) == key)]
            achieved = self._mean(kind, _among(members))
            lines.append(Line(label, "persons" if kind == "staff" else "fen", target.value, achieved, target))
        if kind == "staff":
            whole = published().figure("mean_employees_per_unit", "2023", "sector", "all")
            target = Target(whole.value, "persons", (whole,))
            label = Bilingual("All legal persons of industry and services", "第二、三产业全部法人单位")
            lines.append(Line(label, "persons", target.value, self._mean(kind), target, is_fitted=False))
            return Chapter(
                kind,
                Bilingual("Employees per enterprise", "户均从业人员"),
                Bilingual("Employees over units of the censuses.", "普查从业人员除以单位数。"),
                tuple(lines),
            )
        return Chapter(
            kind,
            Bilingual("Revenue per enterprise", "户均营业收入"),
            Bilingual(
                "Worked out from several figures of different years; read it as an order of magnitude.",
                "由不同年份的多个数据推算，只宜看量级。",
            ),
            tuple(lines),
        )

    def large(self) -> Chapter:
        """What part SMEs have in the nation."""
        lines = []
        for measure, target, label in (
            ("staff", self.targets.sme_staff, Bilingual("of employees", "从业人员")),
            ("revenue", self.targets.sme_revenue, Bilingual("of revenue", "营业收入")),
            ("assets", self.targets.sme_assets, Bilingual("of assets", "资产总额")),
        ):
            achieved = self._share(measure, lambda k: k["size"] != len(CLASSES) - 1)
            lines.append(Line(label, "share", target.value, achieved, target))
        return Chapter(
            "large",
            Bilingual("Share of micro, small and medium enterprises", "中小微企业占比"),
            Bilingual(
                "The census leaves out sections without a size class; the population has them.",
                "普查数不含没有划型标准的门类，合成数据包含。",
            ),
            tuple(lines),
        )

    def industry(self) -> Chapter:
        """Units of designated size."""
        targets = self.targets
        large = len(CLASSES) - 1

        def above(key: Key) -> bool:
            return key["branch"] in self.industrial and key["above"] == 1

        def smes(key: Key) -> bool:
            return above(key) and key["size"] != large

        def electronics(key: Key) -> bool:
            return self.branches[key["branch"] or 0].key == "C39" and key["branch"] is not None

        def of_electronics(measure: str) -> float:
            return self._share(measure, lambda k: k["above"] == 1, electronics)

        def industry(key: Key) -> bool:
            return key["branch"] in self.industrial

        total = self.tally.total
        lines = [
            Line(Bilingual("SMEs of designated size among industrial units", "规模以上工业中小企业占工业单位比重"), "share",
                 targets.above_size_sme.value, self._share("count", smes, industry), targets.above_size_sme),
            Line(Bilingual("Their revenue per enterprise", "规模以上工业中小企业户均营业收入"), "fen",
                 targets.above_size_sme_revenue.value, self._mean("revenue", smes), targets.above_size_sme_revenue),
            Line(Bilingual("Large enterprises in the revenue of industry", "大型企业占工业营业收入比重"), "share",
                 targets.large_industry_revenue.value,
                 self._share("revenue", lambda k: k["size"] == large, industry), targets.large_industry_revenue),
            Line(Bilingual("Electronics: units of designated size", "电子（C39）：规模以上单位比重"), "share",
                 targets.electronics_above.value, of_electronics("count"), targets.electronics_above),
            Line(Bilingual("Electronics: revenue of designated size", "电子（C39）：规模以上营业收入比重"), "share",
                 targets.electronics_above_revenue.value, of_electronics("revenue"), targets.electronics_above_revenue),
            Line(Bilingual("Electronics: employees of designated size", "电子（C39）：规模以上从业人员比重"), "share",
                 targets.electronics_above_staff.value, of_electronics("staff"), targets.electronics_above_staff),
            Line(Bilingual("Units of designated size with R&D", "规模以上工业中有研发活动的比重"), "share",
                 targets.research.value, self._ratio("researching", "count", above), targets.research),
            Line(Bilingual("R&D expense over revenue, designated size", "规模以上工业研发经费与营业收入之比"), "share",
                 targets.research_intensity.value, self._ratio("research", "revenue", above), targets.research_intensity),
            Line(Bilingual("Debt ratio, designated size", "规模以上工业资产负债率"), "share",
                 targets.debt.value, self._ratio("debts", "assets", above), targets.debt),
            Line(Bilingual("Profit margin, designated size", "规模以上工业营业收入利润率"), "share",
                 targets.margin.value, self._ratio("surplus", "revenue", above), targets.margin),
            Line(Bilingual("Growth of revenue of SMEs of designated size, at comparable coverage",
                           "规模以上工业中小企业营业收入增长（可比口径）"), "share",
                 targets.growth.value, self._ratio("same", "before", smes) - 1, targets.growth),
            Line(Bilingual("The same from the levels of the two years: no growth rate, shown so that nobody computes it",
                           "同上，直接用两年总量相除：不是增速，列出以免误用"), "share",
                 targets.growth.value, self._naive(large), targets.growth, is_fitted=False),
        ]  # fmt: skip
        assert total("count", above) >= total("count", smes)
        return Chapter(
            "industry",
            Bilingual(
                "Industry of designated size (revenue of 2000万元 or more)", "规模以上工业（营业收入2000万元及以上）"
            ),
            Bilingual(
                "Growth at comparable coverage compares enterprises on this year's roster with their own figures of last "
                "year. Enterprises that cross the threshold make the levels grow otherwise.",
                "可比口径：用今年名录内企业与其自身上年数据相比；跨过门槛的企业使总量之比与增速不同。",
            ),
            tuple(lines),
        )

    def titles(self) -> Chapter:
        names = (
            Bilingual("Innovative SME", "创新型中小企业"),
            Bilingual("Specialised SME", "专精特新中小企业"),
            Bilingual("Little giant", "专精特新“小巨人”企业"),
        )
        lines = []
        for place, (label, target) in enumerate(zip(names, self.targets.titles, strict=True)):
            achieved = self._share("count", _at_least("tier", place + 2), of="tier")
            lines.append(Line(label, "share", target.value, achieved, target))
        giants = self.targets.giant_intensity
        achieved = self._ratio("research", "revenue", lambda k: k["tier"] == 4, "tier")
        lines.append(
            Line(Bilingual("R&D expense over revenue of little giants", "“小巨人”企业研发经费与营业收入之比"), "share",
                 giants.value, achieved, giants)
        )  # fmt: skip
        return Chapter(
            "titles",
            Bilingual("Titles", "称号"),
            Bilingual(
                "Published numbers of titles over registered SMEs; a title includes those below it.",
                "公布的称号数除以登记的中小企业数；高一级称号包含其下各级。",
            ),
            tuple(lines),
        )

    def ages(self) -> Chapter:
        names = (
            Bilingual("Under 5 years", "5年以下"),
            Bilingual("5 to 10 years", "5至10年"),
            Bilingual("Over 10 years", "10年以上"),
        )
        lines = [
            Line(
                label,
                "share",
                target.value,
                self._share("count", _is("age", place), of="age"),
                target,
            )
            for place, (label, target) in enumerate(zip(names, self.targets.ages, strict=True))
        ]
        return Chapter(
            "ages",
            Bilingual("Age", "存续年限"),
            Bilingual("The figures are of 2012; no later ones were found.", "数据为2012年，未查到更新的。"),
            tuple(lines),
        )

    def _share(
        self, measure: str, part: Callable[[Key], bool], whole: Callable[[Key], bool] | None = None, of: str = "branch"
    ) -> float:
        total = self.tally.total(measure, whole, of)
        kept = self.tally.total(measure, lambda k: part(k) and (whole is None or whole(k)), of)
        return kept / total if total else 0.0

    def _mean(self, measure: str, of: Callable[[Key], bool] | None = None) -> float:
        return self._ratio(measure, "count", of)

    def _ratio(self, above: str, below: str, of: Callable[[Key], bool] | None = None, group: str = "branch") -> float:
        total = self.tally.total(below, of, group)
        return self.tally.total(above, of, group) / total if total else 0.0

    def _naive(self, large: int) -> float:
        def industry(key: Key) -> bool:
            return key["branch"] in self.industrial and key["size"] != large

        now = self.tally.total("revenue", lambda k: industry(k) and k["above"] == 1)
        before = self.tally.total("before", lambda k: industry(k) and k["above_before"] == 1)
        return now / before - 1 if before else 0.0


def _is(key: str, value: int) -> Callable[[Key], bool]:
    return lambda found: found[key] == value


def _at_least(key: str, value: int) -> Callable[[Key], bool]:
    return lambda found: (found[key] or 0) >= value


def _among(branches: set[int]) -> Callable[[Key], bool]:
    return lambda found: found["branch"] in branches
