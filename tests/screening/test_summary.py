"""What a run says as a whole, against nine enterprises worked out by hand and against the judge on random ones."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from pathlib import Path

import duckdb
import pytest

from screening.judged import judge, program_for, random_table, rows_of, sheets_of
from screening.sample import (
    ACCIDENT,
    DOMESTIC_SHARE,
    FLOOR,
    LITTLE_GIANT,
    MAIN_BUSINESS,
    OUTCOMES,
    RIGHTS,
    SHARE_OR_RANK,
    nine,
)
from yiqi.screening.running import run
from yiqi.screening.screened import Screened
from yiqi.screening.summary import (
    Count,
    Cut,
    Hindrance,
    Obstacles,
    _inverted,
    _joined,
    find_nearest,
    measure,
    summarise,
)
from yiqi.screening.summary import (
    rows_of as whole_rows,
)

ON = dt.date(2026, 11, 25)


@pytest.fixture(scope="module")
def screened(tmp_path_factory: pytest.TempPathFactory) -> Screened:
    return nine(tmp_path_factory.mktemp("nine"))


def counted(
    screened: Screened, cut: Cut | None, scheme: str = LITTLE_GIANT
) -> dict[tuple[str | None, str | None], int]:
    return {(c.key, c.outcome): c.enterprises for c in screened.summary.of(scheme, cut)}


def test_every_outcome_is_counted_in_all(screened: Screened) -> None:
    assert tuple(row[LITTLE_GIANT] for row in rows_of(screened.relation)) == OUTCOMES
    assert screened.summary.rows == 9
    assert counted(screened, None) == {(None, "yes"): 1, (None, "unknown"): 1, (None, "no"): 7}
    assert counted(screened, None, "size.class") == {(None, "small"): 8, (None, "medium"): 1}


def test_by_province_with_those_of_unknown_place_as_a_group_of_their_own(screened: Screened) -> None:
    assert counted(screened, "province") == {
        ("33", "yes"): 1, ("33", "unknown"): 1, ("33", "no"): 4, ("44", "no"): 2, (None, "no"): 1,
    }  # fmt: skip


def test_by_industry_and_by_size(screened: Screened) -> None:
    assert counted(screened, "industry") == {("C", "yes"): 1, ("C", "unknown"): 1, ("C", "no"): 6, ("I", "no"): 1}
    assert counted(screened, "size") == {
        ("small", "yes"): 1, ("small", "unknown"): 1, ("small", "no"): 6, ("medium", "no"): 1,
    }  # fmt: skip
    # Size is not counted by itself.
    assert counted(screened, "size", "size.class") == {}


def test_what_keeps_out_how_often_and_how_often_alone(screened: Screened) -> None:
    assert screened.summary.hindrances == (
        Hindrance(LITTLE_GIANT, MAIN_BUSINESS, failed=3, alone=2),
        Hindrance(LITTLE_GIANT, RIGHTS, failed=2, alone=1),
        Hindrance(LITTLE_GIANT, ACCIDENT, failed=1, alone=1),
        Hindrance(LITTLE_GIANT, SHARE_OR_RANK, failed=1, alone=1),
        Hindrance(LITTLE_GIANT, FLOOR, failed=1, alone=1),
    )


def test_near_misses_are_those_that_one_figure_keeps_out_the_least_first(screened: Screened) -> None:
    assert [(n.row, n.condition) for n in screened.summary.near] == [
        (3, MAIN_BUSINESS), (2, MAIN_BUSINESS), (9, FLOOR), (4, RIGHTS), (8, DOMESTIC_SHARE),
    ]  # fmt: skip
    shares = [1 / 441, 1 / 9, 1 / 5, 1 / 4, 1 / 2]
    assert [n.shortfall for n in screened.summary.near] == pytest.approx(shares)
    nearest = find_nearest(screened.connection, screened.result, screened.prepared, LITTLE_GIANT, 2)
    assert nearest == list(screened.summary.near[:2])
    assert {n.scheme for n in nearest} == {LITTLE_GIANT}


def test_the_connection_is_free_for_a_relation_when_the_whole_is_counted(screened: Screened) -> None:
    summarise(screened.connection, screened.result, screened.prepared)
    assert len(screened.relation.fetchall()) == 9


def test_rows_with_cells_that_could_not_be_read_are_counted(screened: Screened) -> None:
    assert screened.summary.marked == 1


def test_whole_rows_by_number(screened: Screened) -> None:
    rows = whole_rows(screened.connection, screened.prepared, [9, 3])
    assert {number: row["name"] for number, row in rows.items()} == {3: "企业3", 9: "企业9"}
    # In fen.
    assert rows[9]["operating_revenue_2025"] == 4000 * 10_000 * 100
    assert whole_rows(screened.connection, screened.prepared, []) == {}


def test_a_line_that_is_no_figure_has_no_share(screened: Screened) -> None:
    assert measure(screened.program, ACCIDENT) is None
    assert measure(screened.program, FLOOR) is not None


def test_a_run_without_reasons_and_nearness_is_counted_all_the_same(tmp_path: Path) -> None:
    connection = duckdb.connect()
    prepared = random_table(connection, ON, "new", 10)
    result = run(connection, program_for(ON, "new", ("size", "ladder")), prepared, tmp_path)
    summary = summarise(connection, result, prepared)
    assert (summary.hindrances, summary.near, summary.marked) == ((), (), 0)
    for scheme in result.program.scheme_columns:
        assert sum(c.enterprises for c in summary.of(scheme)) == 10


def test_counts_and_obstacles_of_random_enterprises_are_the_judge_s(tmp_path: Path) -> None:
    connection = duckdb.connect()
    prepared = random_table(connection, ON, "new", 120)
    schemes = ("size.class", "ladder.specialised_sme", "ladder.little_giant")
    result = run(connection, program_for(ON, "new", schemes), prepared, tmp_path, reasons=True, near=True)
    summary = summarise(connection, result, prepared)
    sheets = sheets_of(connection, prepared)
    answered = {row: judge().judge(sheet, ON, "new", schemes) for row, sheet in sheets.items()}
    for scheme in schemes:
        wanted: Counter[tuple[str | None, str | None]] = Counter()
        for row, answers in answered.items():
            industry = sheets[row].get("industry")
            wanted[str(industry)[0] if industry is not None else None, answers[scheme].outcome] += 1
        assert {(c.key, c.outcome): c.enterprises for c in summary.of(scheme, "industry")} == dict(wanted)
    for scheme in schemes[1:]:
        # Who is out has at least one obstacle, and an obstacle that is a line fails for the judge too.
        out = [answers[scheme] for answers in answered.values() if answers[scheme].outcome == "no"]
        failed = Counter(id_ for answer in out for id_ in {reason.outline.id for reason in answer.leaves(0)})
        found = {h.condition: h.failed for h in summary.hindrances if h.scheme == scheme}
        lines = set(result.program.scheme_columns[scheme].conditions) & set(found)
        assert len(lines) >= 5
        assert {line: found[line] for line in lines} == {line: failed[line] for line in lines}
        flags = " OR ".join(f"({sql})" for sql in Obstacles(result.program, scheme).found.values())
        without = connection.execute(f'SELECT count(*) FROM {result.source} WHERE "{scheme}" = 0 AND NOT ({flags})')
        assert without.fetchone() == (0,)


@pytest.mark.parametrize(
    ("operator", "parts", "joined"),
    [
        ("AND", ["a", "b"], "((a) AND (b))"),
        ("OR", ["a", "b", "a"], "((a) OR (b))"),
        ("AND", ["a", "TRUE"], "a"),
        ("AND", ["a", "FALSE"], "FALSE"),
        ("OR", ["a", "TRUE"], "TRUE"),
        ("OR", ["FALSE", "FALSE"], "FALSE"),
        ("AND", [], "TRUE"),
        ("OR", [], "FALSE"),
    ],
)
def test_what_is_known_beforehand_is_left_out_of_the_sql(operator: str, parts: list[str], joined: str) -> None:
    assert _joined(operator, parts) == joined


def test_the_opposite_of_what_is_known_beforehand() -> None:
    assert [_inverted(part) for part in ("TRUE", "FALSE", "a")] == ["FALSE", "TRUE", "NOT (a)"]


def test_counts_stand_in_an_order_that_is_the_same_every_time(screened: Screened) -> None:
    counts = screened.summary.of(LITTLE_GIANT, "province")
    assert [(c.key, c.outcome) for c in counts] == [
        ("33", "no"), ("33", "unknown"), ("33", "yes"), ("44", "no"), (None, "no"),
    ]  # fmt: skip
    assert counts[0] == Count(LITTLE_GIANT, "province", "33", "no", 4)
