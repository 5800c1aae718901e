"""What a report says of a class that rules decide: the example of the digital level. Figures from its file."""

from __future__ import annotations

from report.samples import LAW, assess
from report.samples import sheet as sheet_of
from yiqi.report.html import render_html
from yiqi.report.phrases import class_names
from yiqi.report.text import render_text
from yiqi.report.view import ReportView, build_view

DIGITAL = "digital-level.yaml"


def view_of(**changed: object) -> ReportView:
    sheet = sheet_of(DIGITAL).with_values(changed)  # type: ignore[arg-type]
    return build_view(assess(sheet, schemes=("digital.level",)), LAW)


def test_what_the_next_level_lacks_stands_first() -> None:
    (level,) = view_of().schemes
    assert level.ahead_title.en == "What the next class up still lacks: Level 3. Integrated"
    heading, *scenes = level.ahead
    assert heading.text.zh == "达到3级的约束性场景"
    # Design, production, quality and purchasing are at level 3; six of the ten are not.
    assert heading.notes[0].en == "at least 5 of 10; 4 hold"
    assert heading.notes[0].zh == "10项中至少5项；满足4项"
    assert len(scenes) == 6
    assert {row.mark for row in scenes} == {"no"}


def test_the_score_is_held_against_the_mark_of_the_next_level() -> None:
    (level,) = view_of().schemes
    assert level.score is not None
    assert (level.score.low, level.score.pass_mark, level.score.mark) == (685_750, 600_000, "ahead_from")
    for language, said in (("en", "(score 68.575, next class up at 60)"), ("zh", "（得分68.575，上一档分值线60）")):
        assert said in " ".join(render_text(view_of(), language).split())  # type: ignore[arg-type]
    assert "next class up at 60" in " ".join(render_html(view_of(), "en").split())


def test_at_the_top_nothing_lacks() -> None:
    sheet = {f: 4 for f in sheet_of(DIGITAL).values if f.startswith("scene_")}
    best = {
        "digital_networks": frozenset({"industrial_control", "application_systems", "industrial_5g", "full_coverage"}),
        "digital_system_coverage": "every",
        "digital_planning": "exchanging",
        "digital_quality_trend": "rose",
        "digital_talent": frozenset(m.id for m in LAW.vocabulary["digital_talent"].members),
    }
    # 68.575 + 2 + 2.5 + 1.5 + 3.5 + 3 = 81.075
    (level,) = view_of(**sheet, **best).schemes
    assert level.word.en == "level 4"
    assert level.ahead == ()
    assert level.score is not None
    assert (level.score.low, level.score.mark) == (810_750, "pass")


def test_a_list_that_stands_above_is_not_repeated_on_every_line() -> None:
    (level,) = view_of().schemes
    question = next(row for row in level.scores if row.id.endswith("#score.foundation.devices.network"))
    assert question.figure is not None
    assert "5G" in question.figure.zh
    lines = [row for row in level.scores if "foundation.devices.network/" in row.id]
    assert [row.figure for row in lines] == [None] * 4
    assert [row.score.low for row in lines if row.score] == [20_000, 20_000, 20_000, 0]


def test_an_open_scene_is_counted_as_open() -> None:
    (level,) = view_of(scene_warehouse=None).schemes
    assert level.outcome == "unknown"
    assert [row.text.en for row in level.open] == ["Scene: warehousing and logistics ≥ 3"]
    constrained = next(row for row in level.every if row.id.endswith("level_3.constrained"))
    assert constrained.notes[0].en == "at least 5 of 10; 4 hold, 1 open"


def test_many_classes_are_counted() -> None:
    assert class_names(("large", "medium", "small", "micro")).en == "large or medium or small or micro"
    assert class_names(("a", "b", "c", "d", "e")).zh == "5档均有可能"


def test_the_digital_level_stands_behind_the_ladder() -> None:
    view = build_view(assess(DIGITAL), LAW)
    text = render_text(view, "zh")
    places = [text.index(word) for word in ("企业规模类型：", "梯度，由低到高", "其他项目", "数字化水平推算等级")]
    assert places == sorted(places)
    page = render_html(view, "zh")
    assert page.index('id="ladder.little_giant"') < page.index('id="digital.level"')
    # Alone it needs no heading that sets it apart.
    assert "其他项目" not in render_text(view_of(), "zh")
