"""What the population is fitted to: published figures as they stand, and what follows from them.

A target that is worked out from several figures has tag D and says how.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from yiqi.law.bilingual import Bilingual
from yiqi.pulse.branches import CLASSES, ELECTRONICS, INDUSTRY, NO_ENTERPRISES, Branch
from yiqi.pulse.figures import Figure, Figures

YEAR = "2024"
"""The year of the counts by province and section."""

FEN_PER_YUAN = 100
TRILLION_YUAN = 1e12 * FEN_PER_YUAN
MILLION_YUAN = 1e6 * FEN_PER_YUAN


@dataclass(frozen=True, slots=True)
class Target:
    """A value to reach: ``unit`` is persons, fen, share or enterprises. ``derived`` says how it was worked out."""

    value: float
    unit: str
    figures: tuple[Figure, ...]
    derived: Bilingual | None = None

    @property
    def tag(self) -> str:
        return "D" if self.derived is not None else max(f.tag for f in self.figures)


@dataclass(frozen=True)
class Targets:
    """All targets. Shares are of enterprises unless the name says otherwise."""

    provinces: Mapping[int, Target]
    """Enterprises by the first two digits of the region."""
    sections: Mapping[str, Target]
    seeds: Mapping[tuple[int, str], float]
    """Legal persons by province and section, without what is no enterprise: where the raking starts."""
    classes: tuple[Target, Target, Target, Target]
    staff: Mapping[str, Target]
    """Employees per enterprise by branch."""
    revenue: Mapping[str, Target]
    """Fen per enterprise by branch."""
    assets: Mapping[str, Target]
    """Assets over revenue by branch."""
    sme_staff: Target
    sme_revenue: Target
    sme_assets: Target
    above_size_sme: Target
    """Share of SMEs of designated size among industrial units."""
    above_size_sme_revenue: Target
    """Their mean revenue, fen."""
    large_industry_revenue: Target
    """Share of large enterprises in the revenue of industry."""
    electronics_above: Target
    electronics_above_revenue: Target
    electronics_above_staff: Target
    titles: tuple[Target, Target, Target]
    """Innovative, specialised, little giant: shares of enterprises."""
    research: Target
    """Share of industrial units of designated size with R&D."""
    research_intensity: Target
    """R&D expense over their revenue."""
    giant_intensity: Target
    growth: Target
    """Yearly growth of the revenue of industrial SMEs of designated size, at comparable coverage."""
    margin: Target
    debt: Target
    ages: tuple[Target, Target, Target]
    """Under 5 years, 5 to 10, over 10."""


def targets(branches: tuple[Branch, ...], figures: Figures, assumptions: Figures) -> Targets:
    """All targets from the figures. Raises ``KeyError`` where a figure is not there."""
    one = _Reader(figures)
    share = _kept(assumptions)
    provinces = {
        int(code[:2]): Target(f.value, "enterprises", (f,))
        for code, f in sorted(figures.group("enterprise_legal_entities", YEAR, "province").items())
    }
    seeds = {
        (int(key[:2]), key[-1]): f.value * share.get(key[-1], 1.0)
        for key, f in figures.group("legal_entities", YEAR, "province_section").items()
        if key[-1] not in NO_ENTERPRISES
    }
    kept = Bilingual("only the share that are enterprises [D]", "只取其中企业的比例［D］")
    sections = {
        letter: Target(f.value * share.get(letter, 1.0), "enterprises", (f,), kept if letter in share else None)
        for letter, f in figures.group("legal_entities", YEAR, "section").items()
        if letter not in NO_ENTERPRISES
    }
    titled = _titles(figures)
    return Targets(
        provinces=provinces,
        sections=sections,
        seeds=seeds,
        classes=_classes(figures),
        staff=_staff(branches, figures, assumptions),
        revenue=_revenue(branches, figures, assumptions),
        assets=_assets(branches, figures, assumptions),
        sme_staff=one.percent("msme_share", "2018", "nation", "employees"),
        sme_revenue=one.percent("msme_share", "2018", "nation", "revenue"),
        sme_assets=one.percent("msme_share", "2018", "nation", "assets"),
        above_size_sme=_over(
            [one("above_size_industrial_sme", "2021", "nation", "units")],
            _industry_units(figures, "2021"),
            "share",
            Bilingual("their number over industrial units", "企业数除以工业单位数"),
        ),
        above_size_sme_revenue=Target(
            one("above_size_industrial_sme", "2021", "nation", "revenue").value
            * TRILLION_YUAN
            / one("above_size_industrial_sme", "2021", "nation", "units").value,
            "fen",
            (
                one("above_size_industrial_sme", "2021", "nation", "revenue"),
                one("above_size_industrial_sme", "2021", "nation", "units"),
            ),
            Bilingual("revenue over units", "营业收入除以企业数"),
        ),
        large_industry_revenue=_large_industry(figures),
        electronics_above=_electronics(figures, "units"),
        electronics_above_revenue=_electronics(figures, "revenue"),
        electronics_above_staff=_electronics(figures, "employees"),
        titles=titled,
        research=one.percent("above_size_industry_with_rd", "2020", "nation", "share"),
        research_intensity=one.percent("above_size_industry_rd", "2020", "nation", "intensity_on_revenue"),
        giant_intensity=one.percent("rd_intensity", "2025H1", "tier", "little_giant"),
        growth=one.percent("above_size_industrial_sme_average_growth", "2021-2024", "nation", "revenue"),
        margin=one.percent("above_size_industry", "2022Q1", "nation", "margin"),
        debt=one.percent("above_size_industry", "2022Q1", "nation", "debt_ratio"),
        ages=(
            one.percent("enterprise_age_share", "2012", "age", "under_5"),
            one.percent("enterprise_age_share", "2012", "age", "5_to_10"),
            one.percent("enterprise_age_share", "2012", "age", "over_10"),
        ),
    )


@dataclass(frozen=True)
class _Reader:
    figures: Figures

    def __call__(self, measure: str, year: str, group: str, key: str = "all") -> Figure:
        return self.figures.figure(measure, year, group, key)

    def percent(self, measure: str, year: str, group: str, key: str) -> Target:
        """A figure in percent as a share."""
        figure = self(measure, year, group, key)
        if not figure.unit.startswith("percent"):
            raise ValueError(f"{measure} {key} is in {figure.unit}, not in percent")
        return Target(figure.value / 100, "share", (figure,))


def figure_key(branch: Branch) -> str:
    """Which published group a branch takes its means from."""
    if branch.key in ("A", "B", "C", f"C{ELECTRONICS}", "D", "E", "F:wholesale", "F:retail"):
        return branch.key
    return "rest"


def _kept(assumptions: Figures) -> dict[str, float]:
    return {f.key: f.value for f in assumptions if f.measure == "enterprise_share"}


def _over(above: list[Figure], below: list[Figure], unit: str, said: Bilingual) -> Target:
    return Target(sum(f.value for f in above) / sum(f.value for f in below), unit, (*above, *below), said)


def _industry_units(figures: Figures, year: str) -> list[Figure]:
    return [figures.figure("legal_entities", year, "section", letter) for letter in INDUSTRY]


def _classes(figures: Figures) -> tuple[Target, Target, Target, Target]:
    """Shares of micro, small, medium and large. The census gives the share of the first three together; what each has
    of it is recalled [C] and used as pulse statistics use it: derived, tag D."""
    together = figures.figure("msme_share", "2018", "nation", "units")
    levels = [figures.figure("enterprises", "2018", "size", name) for name in CLASSES[:3]]
    whole = figures.figure("enterprises", "2018", "size", "msme").value
    said = Bilingual("its part of the SMEs times the share of SMEs", "占中小微企业的比重乘以中小微企业占比")
    micro, small, medium = (
        Target(f.value / whole * together.value / 100, "share", (f, together), said) for f in levels
    )
    large = Target(1 - micro.value - small.value - medium.value, "share", (together,), Bilingual("the rest", "其余"))
    return micro, small, medium, large


def _staff(branches: tuple[Branch, ...], figures: Figures, assumptions: Figures) -> dict[str, Target]:
    def units(letter: str, year: str = "2023") -> Figure:
        return figures.figure("legal_entities", year, "section", letter)

    def people(letter: str) -> Figure:
        return figures.figure("employees_legal_entities", "2023", "section", letter)

    over = Bilingual("employees over units", "从业人员除以单位数")
    whole = figures.figure("employees_legal_entities", "2023", "nation")
    tertiary = figures.figure("employees_legal_entities", "2023", "sector", "tertiary")
    secondary = figures.figure("employees_legal_entities", "2023", "sector", "secondary")
    industry = figures.figure("employees_legal_entities", "2023", "sector", "industry")
    institutions = assumptions.figure("employees_institutions", "2023", "nation")
    electronics = [figures.figure("division_C39_all", "2023", "division", key) for key in ("employees", "units")]
    wholesale = figures.value("employees_legal_entities", "2018", "division", "51_wholesale")
    commerce = figures.value("employees_legal_entities", "2018", "section", "F")
    wholesale_units = figures.value("legal_entities", "2018", "division", "51_wholesale")
    retail_units = figures.value("legal_entities", "2018", "division", "52_retail")
    fewer = (people("F").value / units("F").value) / (commerce / (wholesale_units + retail_units))
    shrunk = Bilingual(
        "the mean of 2018 times the change of the section's mean to 2023", "2018年平均数乘以该门类平均数到2023年的变化"
    )
    services = [units(letter) for letter in "GHIJKLMNOR"]
    manufacturing = (people("C").value - electronics[0].value) / (units("C").value - electronics[1].value)
    agriculture = assumptions.figure("mean_employees", "any", "section", "A")
    means = {
        "A": Target(agriculture.value, "persons", (agriculture,)),
        "B": Target(people("B").value / units("B").value, "persons", (people("B"), units("B")), over),
        "C": Target(manufacturing, "persons", (people("C"), units("C"), *electronics),
                    Bilingual("manufacturing without electronics, employees over units", "制造业（不含电子）从业人员除以单位数")),
        "C39": Target(electronics[0].value / electronics[1].value, "persons", tuple(electronics), over),
        "D": Target(people("D").value / units("D").value, "persons", (people("D"), units("D")), over),
        "E": Target((secondary.value - industry.value) / units("E").value, "persons", (secondary, industry, units("E")),
                    Bilingual("secondary industry without industry, over units", "第二产业减去工业，除以单位数")),
        "F:wholesale": Target(wholesale / wholesale_units * fewer, "persons", (people("F"), units("F")), shrunk),
        "F:retail": Target((commerce - wholesale) / retail_units * fewer, "persons", (people("F"), units("F")), shrunk),
        "rest": Target(
            (tertiary.value - people("F").value - institutions.value) / sum(f.value for f in services),
            "persons", (tertiary, people("F"), institutions, whole),
            Bilingual("tertiary industry without commerce and institutions, over the units of G to O and R",
                      "第三产业减去批发零售和机关事业单位，除以G至O、R门类单位数")),
    }  # fmt: skip
    return {branch.key: means[figure_key(branch)] for branch in branches}


def _revenue(branches: tuple[Branch, ...], figures: Figures, assumptions: Figures) -> dict[str, Target]:
    staff = _staff(branches, figures, assumptions)

    def census(measure: str, group: str, key: str) -> Figure:
        return figures.figure(measure, "2018", group, key)

    def per_head(key: str, money: float, heads: float, used: tuple[Figure, ...], said: Bilingual) -> Target:
        mean = staff[next(b.key for b in branches if figure_key(b) == key)]
        return Target(money / heads * mean.value, "fen", used, said)

    heads_said = Bilingual(
        "revenue per employee of 2018 times employees per enterprise", "2018年人均营业收入乘以户均从业人员"
    )
    construction = (census("revenue_enterprises", "section", "E"), census("employees_legal_entities", "section", "E"))
    wholesale = (
        census("revenue_enterprises", "division", "51_wholesale"),
        census("employees_legal_entities", "division", "51_wholesale"),
    )
    commerce = (census("revenue_enterprises", "section", "F"), census("employees_legal_entities", "section", "F"))
    total = census("revenue_enterprises", "nation", "all")
    tertiary = census("revenue_share", "sector", "tertiary")
    services = census("employees_legal_entities", "sector", "tertiary")
    institutions = assumptions.figure("employees_institutions", "2018", "nation")
    agriculture = assumptions.figure("revenue_per_employee", "any", "section", "A")
    industry = _industry_mean(figures)
    electronics = [figures.figure("division_C39_all", "2023", "division", key) for key in ("revenue", "units")]
    electronics_mean = electronics[0].value * TRILLION_YUAN / electronics[1].value
    units = {letter: figures.value("legal_entities", "2023", "section", letter) for letter in INDUSTRY}
    industry_heads = figures.value("employees_legal_entities", "2023", "sector", "industry")
    head = industry.value * sum(units.values()) / industry_heads
    mining, utilities = (head * staff[letter].value for letter in ("B", "D"))
    manufacturing = (
        industry.value * sum(units.values())
        - mining * units["B"]
        - utilities * units["D"]
        - electronics_mean * electronics[1].value
    ) / (units["C"] - electronics[1].value)
    industry_said = Bilingual(
        "industry's revenue per employee times employees per enterprise", "工业人均营业收入乘以户均从业人员"
    )
    rest = (total.value * tertiary.value / 100 - commerce[0].value) * TRILLION_YUAN
    means = {
        "A": per_head("A", agriculture.value * MILLION_YUAN, 1, (agriculture,),
                      Bilingual("revenue per employee times employees per enterprise", "人均营业收入乘以户均从业人员")),
        "B": Target(mining, "fen", industry.figures, industry_said),
        "C": Target(manufacturing, "fen", industry.figures,
                    Bilingual("industry without mining, utilities and electronics", "工业减去采矿、水电气和电子")),
        "C39": Target(electronics_mean, "fen", tuple(electronics), Bilingual("revenue over units", "营业收入除以单位数")),
        "D": Target(utilities, "fen", industry.figures, industry_said),
        "E": per_head("E", construction[0].value * TRILLION_YUAN, construction[1].value, construction, heads_said),
        "F:wholesale": per_head("F:wholesale", wholesale[0].value * TRILLION_YUAN, wholesale[1].value, wholesale, heads_said),
        "F:retail": per_head("F:retail", (commerce[0].value - wholesale[0].value) * TRILLION_YUAN,
                             commerce[1].value - wholesale[1].value, (*commerce, *wholesale), heads_said),
        "rest": per_head("rest", rest, services.value - commerce[1].value - institutions.value,
                         (total, tertiary, *commerce, services, institutions), heads_said),
    }  # fmt: skip
    return {branch.key: means[figure_key(branch)] for branch in branches}


def _industry_mean(figures: Figures) -> Target:
    """Revenue per industrial unit: what is above designated size, over its share in electronics, over all units."""
    above = figures.figure("above_size_industry", "2021", "nation", "revenue")
    share = _electronics(figures, "revenue")
    units = _industry_units(figures, "2021")
    return Target(
        above.value * TRILLION_YUAN / share.value / sum(f.value for f in units),
        "fen",
        (above, *share.figures, *units),
        Bilingual(
            "revenue of industry of designated size, over the share that such units have in electronics, over units",
            "规模以上工业营业收入，除以电子行业规模以上所占比重，再除以单位数",
        ),
    )


def _large_industry(figures: Figures) -> Target:
    above = figures.figure("above_size_industry", "2021", "nation", "revenue")
    smes = figures.figure("above_size_industrial_sme", "2021", "nation", "revenue")
    share = _electronics(figures, "revenue")
    return Target(
        (above.value - smes.value) / (above.value / share.value),
        "share",
        (above, smes, *share.figures),
        Bilingual(
            "industry of designated size without its SMEs, over all of industry",
            "规模以上工业减去其中的中小企业，除以全部工业",
        ),
    )


def _electronics(figures: Figures, key: str) -> Target:
    above = figures.figure("division_C39_above_size", "2023", "division", key)
    whole = figures.figure("division_C39_all", "2023", "division", key)
    return _over([above], [whole], "share", Bilingual("of designated size over all", "规模以上除以全部"))


def _assets(branches: tuple[Branch, ...], figures: Figures, assumptions: Figures) -> dict[str, Target]:
    def figure(measure: str, group: str, key: str, year: str = "2018") -> Figure:
        return figures.figure(measure, year, group, key)

    construction = [figure("assets_legal_entities", "section", "E"), figure("revenue_enterprises", "section", "E")]
    commerce = [figure("assets_legal_entities", "section", "F"), figure("revenue_enterprises", "section", "F")]
    electronics = [figure("division_C39_all", "division", key, "2023") for key in ("assets", "revenue")]
    secondary = figure("revenue_share", "sector", "secondary")
    total = figure("revenue_enterprises", "nation", "all")
    industry_assets = figure("assets_legal_entities", "sector", "industry")
    industry = Target(
        industry_assets.value / (total.value * secondary.value / 100 - construction[1].value),
        "ratio",
        (industry_assets, total, secondary, construction[1]),
        Bilingual(
            "assets over the revenue of secondary industry without construction", "资产除以第二产业减去建筑业的营业收入"
        ),
    )
    over = Bilingual("assets over revenue", "资产除以营业收入")
    agriculture = assumptions.figure("assets_to_revenue", "any", "section", "A")
    other = assumptions.figure("assets_to_revenue", "any", "sector", "other")
    ratios = {
        "A": Target(agriculture.value, "ratio", (agriculture,)),
        "B": industry,
        "C": industry,
        "C39": _over(electronics[:1], electronics[1:], "ratio", over),
        "D": industry,
        "E": _over(construction[:1], construction[1:], "ratio", over),
        "F:wholesale": _over(commerce[:1], commerce[1:], "ratio", over),
        "F:retail": _over(commerce[:1], commerce[1:], "ratio", over),
        "rest": Target(other.value, "ratio", (other,)),
    }
    return {branch.key: ratios[figure_key(branch)] for branch in branches}


def _titles(figures: Figures) -> tuple[Target, Target, Target]:
    """Titles over the registered SMEs, as both were said to be in about the same year."""
    registered = figures.figure("sme_registered", "2024", "nation", "floor")
    said = Bilingual("titles over registered SMEs", "称号数除以登记的中小企业数")
    counts = (
        figures.figure("ladder_count", "2025", "tier", "innovative_floor"),
        figures.figure("ladder_count", "2024", "tier", "specialised_floor"),
        figures.figure("ladder_count", "2025", "tier", "little_giant"),
    )
    innovative, specialised, giant = (_over([count], [registered], "share", said) for count in counts)
    return innovative, specialised, giant
