"""Two versions of the law over one table, as people read it: names, shares, and the lines of both side by side."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from yiqi.facts.region import PROVINCES
from yiqi.law.bilingual import Bilingual
from yiqi.report.comparison_words import WORDS, change_word, cut_label, outcome_word
from yiqi.report.line_texts import LineText, LineTexts, same_text
from yiqi.report.phrases import PROCEDURES, day_text
from yiqi.screening.causes import Side
from yiqi.screening.changes import Direction
from yiqi.screening.comparison import Cause, Comparison, Example, Matrix, SchemeComparison
from yiqi.screening.prepared import Column, industry_code
from yiqi.screening.summary import Cut
from yiqi.screening.versions import Version, Versions


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """An outcome before, with the number of enterprises for each outcome after."""

    outcome: int
    label: Bilingual
    cells: tuple[int, ...]

    @property
    def total(self) -> int:
        return sum(self.cells)


@dataclass(frozen=True)
class MatrixView:
    """Outcomes before (rows) and after (columns), the same ones in the same order."""

    rows: tuple[MatrixRow, ...]

    @property
    def labels(self) -> tuple[Bilingual, ...]:
        return tuple(row.label for row in self.rows)

    @property
    def totals(self) -> tuple[int, ...]:
        """Enterprises by their outcome after."""
        return tuple(sum(row.cells[column] for row in self.rows) for column in range(len(self.rows)))

    @property
    def whole(self) -> int:
        return sum(row.total for row in self.rows)


@dataclass(frozen=True, slots=True)
class CauseView:
    """A line that causes changes, as it stands in both versions. ``number`` enterprises change through it, ``alone`` of
    them through nothing else."""

    id: str
    heading: Bilingual
    cite: Bilingual
    confidence: str
    before: tuple[LineText, ...]
    after: tuple[LineText, ...]
    number: int
    alone: int
    changes: tuple[tuple[Bilingual, int], ...]

    @property
    def is_same(self) -> bool:
        """Whether both versions say the same in this line, so that something around it changed."""
        return same_text(self.before, self.after)

    @property
    def text(self) -> Bilingual:
        """The line in one version, the later one if it is there."""
        return (self.after or self.before)[0].text


@dataclass(frozen=True, slots=True)
class SetView:
    """Lines that cause a change together; ``lines`` are places in the causes of the direction."""

    change: Bilingual
    lines: tuple[int, ...]
    enterprises: int

    @property
    def is_worth_showing(self) -> bool:
        """Whether it says more than its lines do: several of them, for more than one enterprise."""
        return len(self.lines) > 1 and self.enterprises > 1


@dataclass(frozen=True, slots=True)
class MovedRow:
    """A province, an industry or a size class: how many enterprises it has and how many of them move which way.

    ``yes_before`` and ``yes_after`` are None for a scheme that gives a class.
    """

    key: str | None
    label: Bilingual
    enterprises: int
    moved: Mapping[Direction, int]
    yes_before: int | None
    yes_after: int | None

    @property
    def changed(self) -> int:
        return sum(self.moved.values())


@dataclass(frozen=True, slots=True)
class ExampleView:
    """An enterprise that changes."""

    row: int
    uscc: str | None
    name: str | None
    place: Bilingual
    industry: str
    change: Bilingual
    way: Direction
    causes: tuple[CauseView, ...]


@dataclass(frozen=True)
class SchemeView:
    """One question in both versions."""

    scheme: str
    title: Bilingual
    before: Bilingual
    """The citation of the rule."""
    after: Bilingual
    is_class: bool
    enterprises: int
    changed: int
    matrix: MatrixView
    moved: Mapping[Direction, int]
    causes: Mapping[Direction, tuple[CauseView, ...]]
    sets: Mapping[Direction, tuple[SetView, ...]]
    cuts: Mapping[Cut, tuple[MovedRow, ...]]
    examples: tuple[ExampleView, ...]

    @property
    def yes_before(self) -> int:
        return self.matrix.rows[0].total

    @property
    def yes_after(self) -> int:
        return self.matrix.totals[0]


@dataclass(frozen=True)
class ComparisonView:
    """The whole of a report."""

    table: str
    before: Bilingual
    after: Bilingual
    compared: Bilingual
    """In a sentence, what was compared."""
    on: Bilingual
    procedure: Bilingual
    rows: int
    marked: int
    synthetic: bool
    schemes: tuple[SchemeView, ...]
    same: tuple[Bilingual, ...]
    one_sided: tuple[tuple[Bilingual, Side], ...]
    absent: tuple[tuple[Bilingual, Side | None], ...]
    """Columns the table lacks; the version that asks for it, None where both do."""


def build_comparison(comparison: Comparison, *, table: str) -> ComparisonView:
    """The report of a comparison."""
    versions = comparison.versions
    texts: dict[Side, LineTexts] = {
        "before": LineTexts(comparison.query.before), "after": LineTexts(comparison.query.after),
    }  # fmt: skip
    return ComparisonView(
        table=table,
        before=version_name(versions, versions.before),
        after=version_name(versions, versions.after),
        compared=_compared(versions),
        on=day_text(versions.on),
        procedure=PROCEDURES[versions.procedure],
        rows=comparison.rows,
        marked=comparison.marked,
        synthetic=comparison.prepared.synthetic,
        schemes=tuple(_Scheme(scheme, comparison, texts).view() for scheme in comparison.schemes),
        same=tuple(_title(versions, scheme) for scheme in comparison.same),
        one_sided=tuple((_title(versions, scheme), _side(side)) for scheme, side in versions.one_sided.items()),
        absent=tuple(_absent(comparison)),
    )


# -- what is compared -------------------------------------------------------------------------------------------------


def version_name(versions: Versions, version: Version) -> Bilingual:
    """A version in a few words."""
    if versions.kind == "days":
        day = day_text(version.as_of)
        return Bilingual(f"law of {day.en}", f"{day.zh}的规定")
    if version.instrument is None:
        return Bilingual(version.given, version.given)
    cite = version.law.instruments[version.instrument].cite
    file = Path(version.given).name
    if versions.kind == "instruments":
        return cite
    return Bilingual(f"{cite.en} ({file})", f"{cite.zh}（{file}）")


def _compared(versions: Versions) -> Bilingual:
    on, procedure = day_text(versions.on), PROCEDURES[versions.procedure]
    asked = Bilingual(
        f"Both are asked about acts of {on.en} ({procedure.en}), with the same figures.",
        f"两者均按{on.zh}办理（{procedure.zh}）、用相同数据评价。",
    )
    stands = [day_text(version.as_of) for version in (versions.before, versions.after)]
    as_of = Bilingual(
        f"Local and yearly files count as of {stands[0].en} and {stands[1].en}.",
        f"地方和年度文件分别以{stands[0].zh}和{stands[1].zh}为准。",
    )
    if stands[0] == stands[1]:
        as_of = Bilingual(
            f"Local and yearly files count as of {stands[0].en}.", f"地方和年度文件以{stands[0].zh}为准。"
        )
    which = {
        "days": Bilingual("For each day the rules of the table of versions.", "各取版本表当日适用的规则。"),
        "folders": Bilingual(
            "For each folder the rules of its table of versions.", "各取文件夹中版本表适用的规则。"
        ),
        "instruments": Bilingual(
            "For each question the rule that each instrument has for it.", "各取两个规定对同一项目的规则。"
        ),
        "edited": Bilingual(
            "The same law twice, with one file changed.", "同一套法规，仅一个文件有改动。"
        ),
    }[versions.kind]  # fmt: skip
    parts = [which, asked] if versions.kind == "days" else [which, asked, as_of]
    return Bilingual(" ".join(p.en for p in parts), "".join(p.zh for p in parts))


def _title(versions: Versions, scheme: str) -> Bilingual:
    for law in (versions.after.law, versions.before.law):
        if scheme in law.schemes:
            return law.schemes[scheme].title
    return Bilingual(scheme, scheme)


def _side(side: str) -> Side:
    return "before" if side == "before" else "after"


def _absent(comparison: Comparison) -> Iterator[tuple[Bilingual, Side | None]]:
    """The columns that are missing: first those that the version after asks for newly."""
    before = {column.name: column for column in comparison.absent["before"]}
    after = {column.name: column for column in comparison.absent["after"]}
    yield from ((_column(c), "after") for name, c in after.items() if name not in before)
    yield from ((_column(c), None) for name, c in after.items() if name in before)
    yield from ((_column(c), "before") for name, c in before.items() if name not in after)


def _column(column: Column) -> Bilingual:
    if column.year is None:
        return column.fact.label
    return Bilingual(f"{column.fact.label.en} {column.year}", f"{column.year}年{column.fact.label.zh}")


# -- one scheme -------------------------------------------------------------------------------------------------------


class _Scheme:
    def __init__(self, found: SchemeComparison, comparison: Comparison, texts: Mapping[Side, LineTexts]) -> None:
        self.found = found
        self.comparison = comparison
        self.texts = texts
        self.causes = {
            way: tuple(self._cause(way, cause) for cause in causes) for way, causes in found.causes.items()
        }  # fmt: skip

    def view(self) -> SchemeView:
        found = self.found
        return SchemeView(
            scheme=found.scheme,
            title=_title(self.comparison.versions, found.scheme),
            before=found.before.cite,
            after=found.after.cite,
            is_class=found.is_class,
            enterprises=sum(found.matrix.values()),
            changed=found.changed,
            matrix=self._matrix(found.matrix),
            moved={way: found.number(way) for way in found.causes},
            causes={way: self._ranked(causes) for way, causes in self.causes.items()},
            sets={way: tuple(self._sets(way)) for way in found.sets},
            cuts={cut: tuple(self._cut(cut)) for cut in found.by},
            examples=tuple(map(self._example, found.examples)),
        )

    def _word(self, outcome: int) -> Bilingual:
        return outcome_word(outcome, self.found.names)

    def _change(self, change: tuple[int, int]) -> Bilingual:
        return change_word(self._word(change[0]), self._word(change[1]))

    def _matrix(self, matrix: Matrix) -> MatrixView:
        outcomes: Sequence[int] = (2, 1, 0)
        if self.found.is_class:
            # In the order of the law, what is open last.
            seen = {outcome for change in matrix for outcome in change}
            outcomes = sorted(seen, key=lambda outcome: (not outcome, outcome))
        return MatrixView(
            tuple(MatrixRow(b, self._word(b), tuple(matrix.get((b, a), 0) for a in outcomes)) for b in outcomes)
        )

    def _cause(self, way: Direction, cause: Cause) -> CauseView:
        side: Side = "before" if way == "gained" else "after"
        other: Side = "after" if side == "before" else "before"
        line = cause.line
        if line.part is not None:
            own = self.texts[side].of(line.part)
            others = tuple(self.texts[other].of(part) for part in line.others)
        else:
            own = self.texts[side].of_table(line.unit, line.other_unit, self.texts[other])
            others = ()
            if line.other_unit is not None:
                others = (self.texts[other].of_table(line.other_unit, line.unit, self.texts[side]),)
        before, after = ((own,), others) if side == "before" else (others, (own,))
        return CauseView(
            own.id, own.heading, own.cite, own.confidence, before, after, cause.number, cause.number_alone,
            tuple((self._change(change), n) for change, n in sorted(cause.enterprises.items(), reverse=True)),
        )  # fmt: skip

    @staticmethod
    def _ranked(causes: Sequence[CauseView]) -> tuple[CauseView, ...]:
        return tuple(sorted((c for c in causes if c.number), key=lambda c: (-c.number, -c.alone)))

    def _sets(self, way: Direction) -> Iterator[SetView]:
        ranked = self._ranked(self.causes[way])
        for found in self.found.sets[way]:
            places = tuple(sorted(ranked.index(self.causes[way][place]) for place in found.lines))
            yield SetView(self._change(found.change), places, found.enterprises)

    def _cut(self, cut: Cut) -> Iterator[MovedRow]:
        rows = []
        for key, matrix in self.found.by[cut].items():
            moved: dict[Direction, int] = {way: self.found.number(way, matrix) for way in self.found.causes}
            yes: list[int | None] = [None, None]
            if not self.found.is_class:
                yes = [sum(n for change, n in matrix.items() if change[side] == 2) for side in (0, 1)]
            rows.append(MovedRow(key, cut_label(cut, key), sum(matrix.values()), moved, yes[0], yes[1]))
        yield from sorted(rows, key=lambda r: (r.key is None, -r.changed, -r.enterprises, r.key or ""))

    def _example(self, example: Example) -> ExampleView:
        way = self.found.direction(example.change)
        assert way is not None
        code = f"{example.region:06d}" if example.region is not None else ""
        place = PROVINCES.get(code[:2], Bilingual(code, code)) if code else WORDS["unknown_key"]
        industry = industry_code(example.industry) if example.industry is not None else ""
        return ExampleView(
            example.row, example.uscc, example.name, place, industry, self._change(example.change), way,
            tuple(self.causes[way][line] for line in example.lines),
        )  # fmt: skip
