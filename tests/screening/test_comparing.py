"""Two versions of the law over one table: against the text of the law by hand, and against the judge row by row."""

from __future__ import annotations

import datetime as dt
import os
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

import duckdb
import pytest

from proofs.test_screening import pools, table_columns
from report.comparison_samples import (
    AFTER,
    BEFORE,
    ENTERPRISES,
    GIANT,
    LITTLE_GIANT,
    ON,
    edited,
    write_rows,
    write_table,
)
from yiqi.judge.evaluate import Evaluation
from yiqi.judge.frame import Frame
from yiqi.judge.judge import Judge
from yiqi.judge.link import Linked, Unit
from yiqi.law.diagnostics import Diagnostic, DiagnosticError
from yiqi.law.library import default_folder
from yiqi.law.tree import Condition, TruthNode
from yiqi.law.vocabulary import Vocabulary
from yiqi.screening.changes import direction
from yiqi.screening.changes_file import write_changes
from yiqi.screening.comparing import chosen_schemes, compare
from yiqi.screening.comparison import Comparison, SchemeComparison, total
from yiqi.screening.prepared import ROW, Column, Prepared, sheet_of
from yiqi.screening.preparing import prepare
from yiqi.screening.versions import Given, read_versions


def compared(
    folder: Path, before: Given, after: Given, schemes: list[str] | None = None, procedure: str = "new"
) -> tuple[duckdb.DuckDBPyConnection, Comparison]:
    connection = duckdb.connect(config={"threads": 1})
    versions = read_versions(before, after, on=ON, procedure=procedure)
    prepared = prepare(connection, write_table(folder / "dozen.csv"), versions.vocabulary, on=ON).required()
    assert not prepared.has_problems
    return connection, compare(connection, versions, prepared, schemes=schemes)


@pytest.fixture(scope="module")
def by_hand(tmp_path_factory: pytest.TempPathFactory) -> tuple[duckdb.DuckDBPyConnection, Comparison]:
    return compared(tmp_path_factory.mktemp("table"), BEFORE, AFTER, [LITTLE_GIANT])


def only(comparison: Comparison) -> SchemeComparison:
    (scheme,) = comparison.schemes
    return scheme


def test_the_matrix_is_the_one_worked_out_by_hand(by_hand: tuple[duckdb.DuckDBPyConnection, Comparison]) -> None:
    assert only(by_hand[1]).matrix == Counter(change for _, change, _ in ENTERPRISES)


def test_every_enterprise_changes_through_the_lines_worked_out_by_hand(
    by_hand: tuple[duckdb.DuckDBPyConnection, Comparison],
) -> None:
    scheme = only(by_hand[1])
    found = {}
    for example in scheme.examples:
        way = scheme.direction(example.change)
        assert way is not None
        found[example.row] = (example.change, {scheme.causes[way][place].line.id for place in example.lines})
    expected = {
        row: (change, causes)
        for row, (_, change, causes) in enumerate(ENTERPRISES, start=1)
        if change[0] != change[1]
    }  # fmt: skip
    assert found == expected


def test_causes_are_counted_alone_and_together(by_hand: tuple[duckdb.DuckDBPyConnection, Comparison]) -> None:
    causes = {c.line.id: (c.number, c.number_alone) for c in only(by_hand[1]).causes["lost"] if c.number}
    assert causes == {
        "miit-2026-2#little_giant.scale/2": (3, 2),  # enterprises 3, 8, 12; with the rights for 8
        "miit-2026-2#little_giant.intellectual_property/1": (2, 1),
        "miit-2026-2#little_giant.evaluation/1": (1, 1),
        "miit-2026-2#common/6": (1, 1),
        "miit-2026-2#little_giant.scale/1": (1, 1),
    }
    together = {
        frozenset(only(by_hand[1]).causes["lost"][place].line.id for place in s.lines): s.enterprises
        for s in only(by_hand[1]).sets["lost"]
        if len(s.lines) > 1
    }
    assert together == {
        frozenset({"miit-2026-2#little_giant.scale/2", "miit-2026-2#little_giant.intellectual_property/1"}): 1
    }


def test_enterprises_are_counted_by_province_industry_and_size(
    by_hand: tuple[duckdb.DuckDBPyConnection, Comparison],
) -> None:
    by = only(by_hand[1]).by
    changes = [change for _, change, _ in ENTERPRISES]
    # Enterprises 3 and 7 are in Guangdong, that of 11 is not known, the rest in Zhejiang.
    assert by["province"]["44"] == {(2, 0): 2}
    assert by["province"][None] == {(2, 0): 1}
    assert by["province"]["33"] == Counter(c for n, c in enumerate(changes, start=1) if n not in (3, 7, 11))
    assert by["industry"]["I"] == {(0, 2): 1}
    assert sum(by["industry"]["C"].values()) == 11
    # Industry: medium from 300 persons and 2000万元 together; software (I65): medium from 100 persons and 1000万元.
    assert by["size"] == {"small": Counter(c for n, c in enumerate(changes, start=1) if n != 9), "medium": {(0, 2): 1}}


def test_a_line_is_set_against_the_line_it_replaces(by_hand: tuple[duckdb.DuckDBPyConnection, Comparison]) -> None:
    scheme = only(by_hand[1])
    others = {c.line.id: [o.id for o in c.line.others] for way in scheme.causes.values() for c in way}
    # The share of main business: 70% in 2022, 90% in 2026. Liabilities: 70% and 75%.
    assert others["miit-2026-2#little_giant.scale/2"] == ["miit-2022-63#little_giant.specialisation/2"]
    assert others["miit-2022-63#little_giant.refinement/5"] == ["miit-2026-2#little_giant.scale/4"]
    # The market share alone became one of three alternatives.
    assert others["miit-2022-63#little_giant.distinctiveness/2"] == ["miit-2026-2#little_giant.market/2"]
    # Nothing in 2022 speaks of a larger accident.
    assert others["miit-2026-2#common/6"] == []


def test_all_changes_can_be_written(by_hand: tuple[duckdb.DuckDBPyConnection, Comparison], tmp_path: Path) -> None:
    connection, comparison = by_hand
    names = {2: "yes", 1: "unknown", 0: "no"}
    expected = [
        (row, f"企业{row}", names[b], names[a], direction((b, a), False), causes)
        for row, (_, (b, a), causes) in enumerate(ENTERPRISES, start=1)
        if b != a
    ]
    for ending in ("csv", "parquet"):
        place = tmp_path / f"changes.{ending}"
        write_changes(connection, comparison.query, place)
        rows = connection.execute(
            f"SELECT row, name, before, after, change, causes FROM '{place}' ORDER BY row"
        ).fetchall()
        assert [(*row[:-1], set(row[-1].split(";"))) for row in rows] == expected
    assert (tmp_path / "changes.csv").read_bytes().startswith("\ufeffrow".encode())


# -- one file edited ---------------------------------------------------------------------------------------------------


def test_one_threshold_edited(tmp_path: Path) -> None:
    # R&D of 3% in each of two years becomes 5%: 700/22050 = 3.2% fails. Enterprise 11 has 75% in 2025 and 560/3500 = 16%.
    stricter = edited(
        AFTER, tmp_path / "draft.md",
        ("sum(rd_expense, 2 years) >= 1200万元\nrd_expense / operating_revenue >= 3% in each of 2 years",
         "sum(rd_expense, 2 years) >= 1200万元\nrd_expense / operating_revenue >= 5% in each of 2 years"),
    )  # fmt: skip
    _, comparison = compared(tmp_path, AFTER, stricter)
    scheme = only(comparison)
    assert scheme.scheme == LITTLE_GIANT
    assert "ladder.specialised_sme" in comparison.same
    now_no = Counter({(0, 0): 0})
    for number, (_, (_, after), _) in enumerate(ENTERPRISES, start=1):
        now_no[after, after if number == 11 else 0] += 1
    assert scheme.matrix == now_no
    (cause,) = [c for c in scheme.causes["lost"] if c.number]
    assert cause.line.id == "miit-2026-2#little_giant.research/2"
    assert [o.id for o in cause.line.others] == ["miit-2026-2#little_giant.research/2"]
    assert cause.number == cause.number_alone == scheme.changed
    # The other way round the same line is what no longer fails.
    _, backwards = compared(tmp_path, stricter, AFTER)
    (cause,) = [c for c in only(backwards).causes["gained"] if c.number]
    assert cause.line.id == "miit-2026-2#little_giant.research/2"
    assert cause.number == scheme.changed


def test_an_alternative_taken_away_and_added(tmp_path: Path) -> None:
    # Without the rank as an alternative, enterprise 2 (share 8%, rank 3) falls out of 2026.
    narrower = edited(AFTER, tmp_path / "draft.md", ("  market_rank <= 3名\n", ""))
    _, comparison = compared(tmp_path, AFTER, narrower)
    scheme = only(comparison)
    assert scheme.changed == 1
    (cause,) = [c for c in scheme.causes["lost"] if c.number]
    assert (cause.line.id, [o.id for o in cause.line.others]) == (
        "miit-2026-2#little_giant.market/2", ["miit-2026-2#little_giant.market/2"],
    )  # fmt: skip
    _, wider = compared(tmp_path, narrower, AFTER)
    assert [c.line.id for c in only(wider).causes["gained"] if c.number] == ["miit-2026-2#little_giant.market/2"]


def test_a_line_put_in_front_is_the_cause_and_shifts_no_other(tmp_path: Path) -> None:
    front = ("```rule\nsum(rd_expense, 2 years)", "```rule\nproduct_time_honoured_brand\nsum(rd_expense, 2 years)")
    _, comparison = compared(tmp_path, AFTER, edited(AFTER, tmp_path / "draft.md", front))
    scheme = only(comparison)
    # The table says nothing of time-honoured brands: whoever met the standard is open now.
    met = sum(after == 2 for _, (_, after), _ in ENTERPRISES)
    assert scheme.matrix[2, 1] == scheme.changed == met
    assert {c.line.id: c.number for c in scheme.causes["lost"] if c.number} == {
        "miit-2026-2#little_giant.research/1": met
    }
    others = {c.line.id: [o.id for o in c.line.others] for c in scheme.causes["lost"]}
    assert others["miit-2026-2#little_giant.research/1"] == []
    assert others["miit-2026-2#little_giant.research/2"] == ["miit-2026-2#little_giant.research/1"]
    assert others["miit-2026-2#little_giant.research/3"] == ["miit-2026-2#little_giant.research/2"]
    # What only some industries are asked is absent from both; the new line adds one column.
    before, after = ({column.name for column in comparison.absent[side]} for side in ("before", "after"))
    assert after - before == {"product_time_honoured_brand"}
    assert before <= {"railway_by_transport_row", "division_59_activity", "financial_size_class", "falsification_found"}


# The innovative SME exactly on the line of 60 points: 20 for innovation (a right of Class I 10, R&D of 2% 10), 15 for growth
# (7.69% 10, liabilities of 75% 5), 25 for specialisation (field 5, main business of 70% 20).
INNOVATIVE = {
    **{heading: GIANT[heading] for heading in (
        "registered_in_mainland", "independent_legal_person", "entity_kind", "industry", "region", "employees_2025",
        "abnormal_operations_list", "serious_dishonesty_list", "restricted_products", "major_accident_3y",
    )},
    "leading_product_share": "60%", "ip_class1_high_value": "0", "ip_class1_own": "0", "ip_class1": "1", "ip_class2": "0",
    "operating_revenue_2025（万元）": "10000", "rd_expense_2025（万元）": "200", "main_revenue_2025（万元）": "7000",
    "main_revenue_2024（万元）": "6500", "total_assets_2025（万元）": "10000", "total_liabilities_2025（万元）": "7500",
    "product_strategic_emerging": "no", "award_any_3y": "no", "titles": "specialised_sme", "comparable_title": "no",
    "rd_institution": "none", "equity_financing_3y（万元）": "0",
}  # fmt: skip


def compared_rows(
    folder: Path, rows: list[dict[str, str]], before: Given, after: Given, schemes: list[str]
) -> SchemeComparison:
    connection = duckdb.connect(config={"threads": 1})
    versions = read_versions(before, after, on=ON)
    table = write_rows(folder / "rows.csv", rows)
    prepared = prepare(connection, table, versions.vocabulary, on=ON).required()
    return only(compare(connection, versions, prepared, schemes=schemes))


def test_points_of_a_table_edited(tmp_path: Path) -> None:
    fewer = edited(
        BEFORE, tmp_path / "draft.md", ("| >= 70% | 20 |\n| >= 60% | 15 |", "| >= 70% | 16 |\n| >= 60% | 15 |")
    )
    scheme = compared_rows(tmp_path, [INNOVATIVE], BEFORE, fewer, ["ladder.innovative_sme"])
    # 16 in place of 20 points for the main business: 56 in all, so the pass mark is missed through that table.
    assert scheme.matrix == {(2, 0): 1}
    (cause,) = [c for c in scheme.causes["lost"] if c.number]
    assert cause.line.part is None
    assert cause.line.id == "miit-2022-63#innovative_sme.score.specialisation.main_ratio"


def test_a_pass_mark_edited(tmp_path: Path) -> None:
    lower = edited(
        BEFORE,
        tmp_path / "draft.md",
        ("score >= 60分\nscore.innovation >= 20分", "score >= 65分\nscore.innovation >= 20分"),
    )
    scheme = compared_rows(tmp_path, [INNOVATIVE], BEFORE, lower, ["ladder.innovative_sme"])
    assert scheme.matrix == {(2, 0): 1}
    (cause,) = [c for c in scheme.causes["lost"] if c.number]
    assert cause.line.id == "miit-2022-63#innovative_sme.route.by_score/1"
    assert [o.id for o in cause.line.others] == [cause.line.id]


def test_the_size_standard_edited(tmp_path: Path) -> None:
    # Industry is large from 150 persons and 20000万元: so is every enterprise of 200 persons and 22050万元 outside software.
    standard = default_folder() / "size" / "miit-2011-300.md"
    row = "| >= 1000人 | >= 40000万元 | large |\n| >= 300人 | >= 2000万元 | medium |"
    larger = edited(standard, tmp_path / "draft.md", (row, row.replace("1000人", "150人").replace("40000", "20000")))
    _, comparison = compared(tmp_path, standard, larger, ["size.class", LITTLE_GIANT])
    size, giant = comparison.schemes
    place = {name: i for i, name in enumerate(size.names, start=1)}
    # Enterprise 9 is in software, enterprise 11 has 100 persons.
    assert size.matrix == {
        (place["small"], place["large"]): 10, (place["small"], place["small"]): 1, (place["medium"], place["medium"]): 1,
    }  # fmt: skip
    assert {c.line.id: c.number for c in size.causes["other"] if c.number} == {"miit-2011-300#industrial": 10}
    # A large enterprise is no little giant (2026, article 11).
    lost = [n for n, (_, (_, after), _) in enumerate(ENTERPRISES, start=1) if after and n not in (9, 11)]
    assert giant.number("lost") == len(lost)
    assert {c.line.id: c.number for c in giant.causes["lost"] if c.number} == {"miit-2011-300#industrial": len(lost)}


def test_a_local_pass_mark_edited_stands_as_of_its_own_last_day(tmp_path: Path) -> None:
    rules = default_folder() / "local" / "guangdong" / "gd-2024-5.md"
    stricter = edited(rules, tmp_path / "draft.md", ("specialised_sme.score >= 70分", "specialised_sme.score >= 80分"))
    versions = read_versions(rules, stricter, on=ON)
    assert versions.before.as_of == versions.after.as_of == dt.date(2026, 3, 31)
    assert versions.before.rules["ladder.specialised_sme"] == "miit-2022-63#specialised_sme"
    connection = duckdb.connect(config={"threads": 1})
    # Points that are not known leave the score open, so that 80 points need not be worked out: only Guangdong can differ.
    rows = [{**GIANT, "region": region} for region in ("440106", "440303", "330106")]
    prepared = prepare(connection, write_rows(tmp_path / "rows.csv", rows), versions.vocabulary, on=ON).required()
    scheme = only(compare(connection, versions, prepared))
    assert scheme.scheme == "ladder.specialised_sme"
    assert {
        c.line.id for way in ("lost", "gained") for c in scheme.causes[way] if c.line.part and "gd-2024-5" in c.line.id
    } == {"gd-2024-5#pass/1"}


# -- against the judge, row by row ---------------------------------------------------------------------------------------

FULL = os.environ.get("YIQI_PROOFS", "usual") != "usual"
ROWS = 20_000 if FULL else 300


def drafts(folder: Path) -> dict[str, tuple[Given, Given]]:
    """Pairs of versions in which every kind of line is changed."""
    law = default_folder()
    scores = edited(
        BEFORE, folder / "scores.md",
        ("| >= 80% | 5 |\n| >= 70% | 3 |", "| >= 85% | 5 |\n| >= 70% | 2 |"),  # a table of points
        ("rd_expense >= 100万元\nrd_expense / operating_revenue >= 3%", "rd_expense / operating_revenue >= 2%"),
        ("award_provincial_top3_3y\naward_national_top5_3y\n", "award_national_top5_3y\n"),  # an alternative less
        ("reading mean_of_rates: mean_growth(main_revenue, 2 years) >= 5%", "reading mean_of_rates: mean_growth(main_revenue, 2 years) >= 4%"),
        ("missed_updates < 1次", "missed_updates < 2次"),
        ("none of:\n  abnormal_operations_list\n  serious_dishonesty_list\n", "not abnormal_operations_list\n"),
    )  # fmt: skip
    row = "| >= 1000人 | >= 40000万元 | large |\n| >= 300人 | >= 2000万元 | medium |"
    other = "| >= 500人 | >= 10000万元 | large |\n| >= 100人 | >= 2000万元 | medium |"
    standard = edited(law / "size" / "miit-2011-300.md", folder / "size.md", (row, other))
    return {
        "measures": (BEFORE, AFTER),
        "scores": (BEFORE, scores),
        "size": (law / "size" / "miit-2011-300.md", standard),
        "days": (dt.date(2025, 6, 30), ON),
    }


def draw_near(
    connection: duckdb.DuckDBPyConnection, judges: list[Judge], procedure: str, columns: dict[str, Column]
) -> None:
    """Fill the table `drawn` with enterprises of which most meet most conditions, so that many are near a border."""
    vocabulary = judges[0].law.vocabulary
    pool: dict[str, list[str]] = {name: [] for name in columns}
    for judge in judges:
        for name, values in pools(judge, ON, procedure, columns).items():
            pool[name] += [v for v in values if v not in pool[name]]
    good = read_good(vocabulary)
    parts = []
    for name, column in columns.items():
        random = f"[{', '.join(pool[name])}][1 + (hash(i, '{name}') % {len(pool[name])})::INT]"
        usual = good.get(name, "NULL")
        # A row strays from the usual in 2, 5, 15 or all of 100 cells.
        strays = f"hash(i, '{name}', 'stray') % 100 < [2, 5, 15, 100][1 + (hash(i, 'strays') % 4)::INT]"
        hole = f"hash(i, '{name}', 'hole') % 100 < 3"
        cell = f"CASE WHEN {hole} THEN NULL WHEN {strays} THEN {random} ELSE CAST({usual} AS {column.type}) END"
        parts.append(f'CAST({cell} AS {column.type}) AS "{name}"')
    connection.execute(f"CREATE TABLE drawn AS SELECT i AS {ROW}, {', '.join(parts)} FROM range(1, {ROWS + 1}) AS r(i)")


def read_good(vocabulary: Vocabulary) -> dict[str, str]:
    """The first enterprise of the dozen as SQL by column, with what other schemes ask for besides."""
    more = {
        "titles": "innovative_sme;specialised_sme;little_giant",
        "missed_updates": "0", "major_change_unreported": "no", "award_provincial_top3_3y": "no", "ip_class2": "0",
        "award_national_top5_3y": "no", "maker_china_top500_3y": "no", "product_strategic_emerging": "yes",
        "ip_class1": "5", "ip_class1_own": "5", "ip_class1_high_value": "0", "market_share_leading": "yes", "award_any_3y": "no",
        "digital_level": "3", "net_profit_2025（万元）": "2500", "quality_award_provincial": "no", "quality_certificate": "yes",
        "standards_drafted": "no", "local_points": "5", "comparable_title": "no", "equity_financing_3y（万元）": "0",
    }  # fmt: skip
    connection = duckdb.connect(config={"threads": 1})
    with tempfile.TemporaryDirectory() as folder:
        place = write_rows(Path(folder) / "good.csv", [{**GIANT, **more}])
        prepared = prepare(connection, place, vocabulary, on=ON).required()
        assert not prepared.has_problems
        (row,) = connection.execute(f"SELECT {', '.join(prepared.columns)} FROM {prepared.source}").fetchall()
    return {name: f"'{cell}'" for name, cell in zip(prepared.columns, row, strict=True) if cell is not None}


class Otherwise(Evaluation):
    """The reference evaluation with some lines and headings of the law set to an outcome."""

    def __init__(self, linked: Linked, frame: Frame, settled: dict[str, int]) -> None:
        super().__init__(linked, frame)
        self.settled = settled

    def truth(self, node: TruthNode, unit: Unit) -> int:
        if isinstance(node, Condition) and node.id in self.settled:
            return self.settled[node.id]
        return super().truth(node, unit)

    def unit(self, key: str) -> Any:
        if self.linked.units[key].rule.id in self.settled:
            return self.settled[self.linked.units[key].rule.id]
        return super().unit(key)


@pytest.mark.parametrize(
    ("pair", "procedure"),
    [("measures", "new"), ("measures", "re_review"), ("scores", "new"), ("size", "re_review"), ("days", "new")],
)
def test_outcomes_are_the_judges_and_causes_are_what_stands_in_the_way(
    pair: str, procedure: str, tmp_path: Path
) -> None:
    versions = read_versions(*drafts(tmp_path)[pair], on=ON, procedure=procedure)
    judges = [Judge(versions.before.law), Judge(versions.after.law)]
    columns = {n: c for judge in judges for n, c in table_columns(judge, ON, procedure).items()}
    columns |= {"region": Column(versions.vocabulary["region"]), "industry": Column(versions.vocabulary["industry"])}
    connection = duckdb.connect(config={"threads": 1})
    draw_near(connection, judges, procedure, columns)
    comparison = compare(connection, versions, Prepared("drawn", columns, ROWS), examples=0)
    schemes = {s.scheme: s for s in comparison.schemes}
    place = tmp_path / "changes.parquet"
    write_changes(connection, comparison.query, place)
    changes = {
        (row, scheme): causes.split(";")
        for row, scheme, causes in connection.execute(f"SELECT row, scheme, causes FROM '{place}'").fetchall()
    }
    denied = {
        line.id: line.part.denied
        for s in comparison.query.schemes for lines in s.lines.values() for line in lines if line.part is not None
    }  # fmt: skip
    found: dict[str, Counter[tuple[int, int]]] = {scheme: Counter() for scheme in schemes}
    names = list(columns)
    quoted = ", ".join(f'"{name}"' for name in names)
    for row, *cells in connection.execute(f"SELECT {ROW}, {quoted} FROM drawn").fetchall():
        sheet = sheet_of(columns, dict(zip(names, cells, strict=True)))
        outcomes = [judge.outcomes(sheet, ON, procedure, versions.schemes) for judge in judges]
        for scheme in versions.schemes:
            change = tuple(_named(j, o[scheme], schemes.get(scheme)) for j, o in zip(judges, outcomes, strict=True))
            if scheme not in schemes:
                assert change[0] == change[1], f"row {row}: {scheme} is said to be the same and is {change}"
                continue
            found[scheme][change[0], change[1]] += 1
            assert ((row, scheme) in changes) == (change[0] != change[1])
            if change[0] == change[1] or schemes[scheme].is_class:
                continue
            causes = changes[row, scheme]
            assert causes != [""], f"row {row}: {scheme} changes {change} without a cause"
            if not all(cause in denied for cause in causes):
                continue  # a table has no outcome that could be set
            # With these lines out of the way, the version they are of would not say what it says.
            side = 1 if change[1] < change[0] else 0
            program = judges[side].program(ON, procedure, versions.schemes)
            frame = program.frame(sheet, procedure)
            settled = {cause: 0 if denied[cause] else 2 for cause in causes}
            rule = program.versions[scheme].rule
            otherwise = Otherwise(program.compiled.linked, frame, settled).unit(rule)
            assert otherwise > change[side], f"row {row}: {scheme} {change} is not because of {causes}"
    for scheme, compared_scheme in schemes.items():
        assert compared_scheme.matrix == found[scheme]
        for cut in compared_scheme.by.values():
            assert total(cut.values()) == compared_scheme.matrix
    moved = sum(s.changed for s in schemes.values())
    assert moved > ROWS // 100, "hardly anything changes: the draw proves little"


def _named(judge: Judge, outcome: object, scheme: SchemeComparison | None) -> int:
    """An outcome of the judge as the comparison has it: classes by their names in either version."""
    assert isinstance(outcome, int)
    if scheme is None or not scheme.is_class:
        return outcome
    names = judge.program(ON).compiled.linked.classes
    (name, *others) = [name for i, name in enumerate(names) if outcome >> i & 1]
    return 0 if others else scheme.names.index(name) + 1


# -- what cannot be compared ---------------------------------------------------------------------------------------------


def refused(before: Given, after: Given) -> Diagnostic:
    with pytest.raises(DiagnosticError) as raised:
        read_versions(before, after, on=ON)
    (diagnostic,) = raised.value.diagnostics
    assert diagnostic.message.zh != diagnostic.message.en
    assert diagnostic.remedy is not None
    return diagnostic


def test_versions_that_cannot_be_compared_are_refused_with_what_to_do(tmp_path: Path) -> None:
    law = default_folder()
    copy = tmp_path / "copy.md"
    copy.write_bytes(AFTER.read_bytes())
    letter = tmp_path / "letter.md"
    letter.write_text("# A letter\n\nDear all.\n", encoding="utf-8")
    gbk = tmp_path / "gbk.md"
    gbk.write_bytes("标题：某某".encode("gbk"))
    assert refused(AFTER, AFTER).code == "same-version"
    assert refused(AFTER, copy).code == "same-version"
    assert refused(law, law).code == "same-version"
    assert refused(ON, ON).code == "same-version"
    assert refused(AFTER, letter).code == "no-law"
    assert refused(AFTER, gbk).code == "encoding"
    assert refused(AFTER, tmp_path / "nowhere.md").code == "no-version"
    assert refused(AFTER, law / "ladder" / "versions.md").code == "version-table"
    assert refused(law, AFTER).code == "two-kinds"
    assert refused(ON, AFTER).code == "two-kinds"
    assert refused(BEFORE, law / "ladder" / "most-2017-115.md").code == "no-common-scheme"


def test_a_draft_with_an_error_says_where_in_the_draft(tmp_path: Path) -> None:
    draft = edited(
        AFTER, tmp_path / "draft.md", ("sum(rd_expense, 2 years) >= 1200万元", "sum(rd_expence, 2 years) >= 1200万元")
    )
    with pytest.raises(DiagnosticError) as raised:
        read_versions(AFTER, draft, on=ON)
    (diagnostic,) = raised.value.diagnostics
    assert diagnostic.place.file == str(draft)
    assert diagnostic.place.excerpt is not None
    assert "rd_expence" in diagnostic.place.excerpt


def test_an_instrument_the_table_of_versions_does_not_name_gives_schemes_by_its_headings(tmp_path: Path) -> None:
    draft = tmp_path / "draft-2027.md"
    text = AFTER.read_text(encoding="utf-8").replace("id: miit-2026-2", "id: draft-2027")
    draft.write_text(text.replace("leading_product_share > 50%", "leading_product_share > 60%"), encoding="utf-8")
    versions = read_versions(AFTER, draft, on=ON)
    assert versions.kind == "instruments"
    assert versions.after.rules["ladder.little_giant"] == "draft-2027#little_giant"
    assert versions.schemes == ("ladder.specialised_sme", "ladder.little_giant")


def test_a_scheme_that_one_version_lacks_is_refused_and_named() -> None:
    versions = read_versions(BEFORE, AFTER, on=ON)
    assert versions.one_sided == {"ladder.innovative_sme": "before"}
    with pytest.raises(DiagnosticError) as raised:
        chosen_schemes(versions, ["ladder.innovative_sme"])
    (diagnostic,) = raised.value.diagnostics
    assert (diagnostic.code, diagnostic.place.file) == ("no-rule", str(AFTER))
    with pytest.raises(DiagnosticError):
        chosen_schemes(versions, ["size"])
    with pytest.raises(KeyError):
        chosen_schemes(versions, ["ladder.gigant"])
    assert chosen_schemes(versions, ["ladder"]) == versions.schemes


def test_a_table_that_says_nothing_about_what_differs_is_refused(tmp_path: Path) -> None:
    versions = read_versions(BEFORE, AFTER, on=ON)
    connection = duckdb.connect(config={"threads": 1})
    table = write_rows(tmp_path / "rows.csv", [{"name": "甲", "resident_enterprise": "yes"}])
    prepared = prepare(connection, table, versions.vocabulary, on=ON).required()
    with pytest.raises(DiagnosticError) as raised:
        compare(connection, versions, prepared)
    assert raised.value.diagnostics[0].code == "no-known-column"


def test_a_comment_changes_nothing(tmp_path: Path) -> None:
    line = "sum(rd_expense, 2 years) >= 1200万元"
    _, comparison = compared(tmp_path, AFTER, edited(AFTER, tmp_path / "draft.md", (line, f"{line} # of both years")))
    assert comparison.schemes == ()
    assert LITTLE_GIANT in comparison.same


def test_an_empty_table_has_an_empty_matrix(tmp_path: Path) -> None:
    connection = duckdb.connect(config={"threads": 1})
    versions = read_versions(BEFORE, AFTER, on=ON)
    prepared = prepare(connection, write_table(tmp_path / "dozen.csv"), versions.vocabulary, on=ON).required()
    connection.execute(f"CREATE TABLE nobody AS FROM {prepared.source} LIMIT 0")
    nobody = Prepared("nobody", prepared.columns, 0, prepared.bounds)
    scheme = only(compare(connection, versions, nobody, schemes=[LITTLE_GIANT]))
    assert (scheme.matrix, scheme.changed, scheme.examples) == ({}, 0, ())
