"""The interview: it ends, asks nothing that cannot matter, can go back, and finds what the whole sheet gives."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proofs.leaves import law
from proofs.sheets import Field, field_of, proof
from yiqi.facts.sheet import FactSheet
from yiqi.judge.interview import UNKNOWN, Interview, Key
from yiqi.judge.judge import Judge
from yiqi.judge.planning import GRANTED
from yiqi.law.document import SourceText
from yiqi.law.library import build
from yiqi.law.vocabulary import Vocabulary
from yiqi.law.vocabulary_file import read_vocabulary

ON = dt.date(2026, 11, 23)
WAN = 1_000_000  # fen in 万元
JUDGE = Judge(law())
DAYS = (dt.date(2026, 3, 1), ON)


def value_of(sheet: FactSheet, key: Key) -> Any:
    value = sheet.get(*key)
    return UNKNOWN if value is None else value


def finish(interview: Interview, sheet: FactSheet) -> list[Key]:
    """Answer every question from a sheet; the questions in order."""
    asked: list[Key] = []
    while (question := interview.next()) is not None:
        asked.append(question.key)
        # A code can be asked for twice: once more when it was not given deeply enough.
        assert len(asked) <= len(interview.form) + 2
        interview.answer(value_of(sheet, question.key))
    return asked


# -- random enterprises under the real law ----------------------------------------------------------------------------


@st.composite
def enterprises(draw: st.DrawFn) -> tuple[dt.date, str, str, FactSheet]:
    """A day, a procedure, what is asked about, and an enterprise near the thresholds of the rules, partly unknown."""
    on, procedure = draw(st.sampled_from(DAYS)), draw(st.sampled_from(("new", "re_review")))
    schemes = draw(st.sampled_from(("ladder", "size", "ladder.innovative_sme", "ladder.little_giant")))
    field: Field = field_of(JUDGE.program(on, procedure, JUDGE.schemes([schemes])).compiled.linked)
    values = field.draw(lambda below: draw(st.integers(0, below - 1)))
    hidden = draw(st.sets(st.sampled_from(list(values)), max_size=draw(st.sampled_from((0, 3, 30)))))
    return on, procedure, schemes, field.sheet({k: v for k, v in values.items() if k not in hidden})


@proof(60)
@given(enterprises())
def test_it_ends_where_the_whole_sheet_ends(drawn: tuple[dt.date, str, str, FactSheet]) -> None:
    on, procedure, schemes, sheet = drawn
    interview = Interview(JUDGE, [schemes], on, procedure)
    asked = finish(interview, sheet)
    assert interview.settled
    assert len(asked) == interview.asked
    assert [k for k in asked if asked.count(k) > 1] == [] or {"industry", "region"} >= {
        name for name, _ in asked if asked.count((name, _)) > 1
    }
    whole = JUDGE.judge(sheet, on, procedure, JUDGE.schemes([schemes]))
    for found, expected in zip(interview.answers, whole, strict=True):
        assert (found.outcome, found.possible) == (expected.outcome, expected.possible), found.scheme.id


@proof(60)
@given(enterprises())
def test_every_question_is_one_that_is_open_and_says_for_what(drawn: tuple[dt.date, str, str, FactSheet]) -> None:
    on, procedure, schemes, sheet = drawn
    interview = Interview(JUDGE, [schemes], on, procedure)
    while (question := interview.next()) is not None:
        assert question.key in interview.open_facts()
        decided = {a.scheme.id for a in interview.answers if a.decided}
        assert question.why
        for dependence in question.why:
            assert dependence.scheme not in decided
            assert question.key in interview.open_facts(dependence.scheme)
            assert dependence.conditions
        interview.answer(value_of(sheet, question.key))


@proof(20)
@given(enterprises(), st.lists(st.integers(0, 5), max_size=12))
def test_going_back_restores_what_was(drawn: tuple[dt.date, str, str, FactSheet], moves: list[int]) -> None:
    """After any answers and steps back, everything is as it was before the answers that were taken back."""
    on, procedure, schemes, sheet = drawn

    def seen(interview: Interview) -> tuple[Any, ...]:
        question = interview.next()
        return (
            question.key if question is not None else None, dict(interview.sheet.values), interview.unknown,
            interview.open_facts(), [a.outcome for a in interview.answers], interview.asked,
        )  # fmt: skip

    interview = Interview(JUDGE, [schemes], on, procedure)
    states = [seen(interview)]
    for move in moves:
        if move == 0 and len(states) > 1:
            states.pop()
            question = interview.back()
            assert question is not None
            assert question.key == states[-1][0]
        elif (question := interview.next()) is not None:
            interview.answer(UNKNOWN if move == 1 else value_of(sheet, question.key))
            states.append(seen(interview))
        assert seen(interview) == states[-1]


@pytest.mark.parametrize("on", DAYS, ids=str)
@pytest.mark.parametrize("procedure", ["new", "re_review"])
def test_i_do_not_know_is_always_an_answer(on: dt.date, procedure: str) -> None:
    interview = Interview(JUDGE, None, on, procedure)
    asked = finish(interview, FactSheet())
    assert len(asked) == len(set(asked))
    assert set(asked) == interview.unknown
    assert interview.sheet == FactSheet()
    assert all(a.outcome in ("unknown", "not_applicable", None) for a in interview.answers)


def test_the_result_is_there_before_the_first_question() -> None:
    interview = Interview(JUDGE, ["ladder.little_giant", "size.class"], ON)
    assert interview.answers["ladder.little_giant"].outcome == "unknown"
    assert interview.answers["size.class"].possible == ("large", "medium", "small", "micro")
    assert not interview.settled
    assert interview.back() is None


def test_a_sheet_that_decides_leaves_nothing_to_ask() -> None:
    # Titles without that of a specialised SME end the little giant: item 1 of annex 2 of the Measures of 2026.
    sheet = FactSheet({"titles": frozenset({"innovative_sme"})})
    interview = Interview(JUDGE, ["ladder.little_giant"], ON, "new", sheet)
    assert interview.next() is None
    assert interview.answers["ladder.little_giant"].outcome == "no"
    with pytest.raises(ValueError, match="no question left"):
        interview.answer(UNKNOWN)


def test_the_first_question_is_the_titles_that_decide_most_rungs() -> None:
    """Every rung of the ladder asks for titles: two need the one below, two replace the score by another title."""
    question = Interview(JUDGE, ["ladder"], ON).next()
    assert question is not None
    assert question.key == ("titles", None)


def test_a_day_without_a_rule_asks_nothing() -> None:
    interview = Interview(JUDGE, ["ladder.little_giant"], dt.date(2020, 1, 1))
    assert interview.settled
    assert interview.next() is None
    assert interview.answers["ladder.little_giant"].outcome == "not_applicable"


def test_the_planning_assumptions_name_facts_there_are() -> None:
    assert [name for name in GRANTED if law().vocabulary[name].type != "yes_no"] == []


# -- codes ------------------------------------------------------------------------------------------------------------


def test_a_code_that_is_not_deep_enough_is_asked_for_once_more() -> None:
    """Section F holds wholesale (F51) and retail (F52), which have different bounds."""
    figures = {"employees": {2025: 8}, "operating_revenue": {2025: 700 * WAN}, "industry": "F"}
    # Wholesale: 8 of 5 people but 700 of 1000万元, so micro; retail: 8 of 10 people, so micro: nothing to ask.
    assert Interview(JUDGE, ["size.class"], ON, "new", FactSheet(figures)).settled
    # 12 people and 1200万元: small in wholesale (5 and 1000万元) and in retail (10 and 100万元); 40 people: wholesale
    # medium from 20 people and 5000万元, retail from 50 people and 500万元, so 40 people and 6000万元 tell them apart.
    figures |= {"employees": {2025: 40}, "operating_revenue": {2025: 6000 * WAN}}
    interview = Interview(JUDGE, ["size.class"], ON, "new", FactSheet(figures))
    question = interview.next()
    assert question is not None
    assert (question.key, question.known) == (("industry", None), "F")
    interview.answer("F")  # no more is known
    assert interview.settled
    assert interview.answers["size.class"].possible == ("medium", "small")
    interview.back()
    interview.answer("F52")
    assert interview.settled
    assert interview.answers["size.class"].outcome == "small"


def test_a_code_not_known_at_all_is_not_asked_again() -> None:
    interview = Interview(JUDGE, ["size.class"], ON)
    while (question := interview.next()) is not None and question.fact.id != "industry":
        interview.answer(UNKNOWN)
    assert question is not None
    interview.answer(UNKNOWN)
    assert ("industry", None) not in interview.open_facts()


# -- a small law, reasoned through ------------------------------------------------------------------------------------

FRONT = """---
id: trial
number: 试〔2026〕2号
title: {en: Measures on trial, zh: 试行办法}
cite: {en: Trial 2026 No. 2, zh: 试〔2026〕2号}
issuer: {en: Ministry, zh: 部}
in_force: 2026-04-01
reviewed: 2026-05-01
subject: trial
---
"""
VERSIONS = """---
subject: trial
title: {en: Versions, zh: 版本}
schemes:
  first: {en: First, zh: 第一}
  second: {en: Second, zh: 第二}
---

| scheme | procedure | acts from | acts until | rule |
|---|---|---|---|---|
| first | any | 2026-04-01 | | trial#first |
| second | any | 2026-04-01 | | trial#second |
"""


@pytest.fixture(scope="module")
def vocabulary(tmp_path_factory: pytest.TempPathFactory) -> Vocabulary:
    folder = tmp_path_factory.mktemp("facts")
    facts = Path(__file__).parents[1] / "law" / "facts.yaml"
    (folder / "facts.yaml").write_text(facts.read_text(encoding="utf-8"), encoding="utf-8")
    return read_vocabulary(folder)


def interview_of(vocabulary: Vocabulary, first: str, second: str = "own_brand", schemes: str = "trial") -> Interview:
    """An interview about one or two rules of a few lines."""

    def heading(name: str, lines: str) -> str:
        return f"# {name.title()} · 规则{name} {{#{name}}}\n\n```rule\n{lines}\n```\n\n"

    text = FRONT + heading("first", first) + heading("second", second)
    read, problems = build([SourceText("trial.md", text), SourceText("versions.md", VERSIONS)], vocabulary)
    assert [p.render("en") for p in problems] == []
    return Interview(Judge(read), [schemes], ON)


def test_a_fact_that_both_schemes_need_comes_first(vocabulary: Vocabulary) -> None:
    """Both schemes need three years in the segment, so that one question settles both for an enterprise of one year. In
    the order of the vocabulary employees, operating revenue and R&D expense would have been asked before: four questions.
    """
    both = (
        "operating_revenue >= 500万元\nrd_expense >= 10万元\nsegment_years >= 3",
        "employees >= 20人\nsegment_years >= 3",
    )
    sheet = FactSheet(
        {
            "segment_years": 1,
            "employees": {2025: 30},
            "operating_revenue": {2025: 900 * WAN},
            "rd_expense": {2025: 20 * WAN},
        }
    )
    assert finish(interview_of(vocabulary, *both), sheet) == [("segment_years", None)]
    in_order = interview_of(vocabulary, *both)
    for key in in_order.form:
        if in_order.settled:
            break
        in_order.answer_for(key, value_of(sheet, key))
    assert in_order.asked == 4


def test_of_two_ways_the_shorter_is_asked_first(vocabulary: Vocabulary) -> None:
    """One certificate is enough and takes one question; the other way takes two."""
    interview = interview_of(
        vocabulary,
        "any of:\n  all of:\n    operating_revenue >= 500万元\n    rd_expense >= 10万元\n  quality_certificate",
        schemes="trial.first",
    )
    question = interview.next()
    assert question is not None
    assert question.fact.id == "quality_certificate"


def test_what_is_hardly_ever_wrong_is_asked_last(vocabulary: Vocabulary) -> None:
    """What a rule forbids is rare, so a condition that may well fail is asked before it; a planning assumption."""
    interview = interview_of(vocabulary, "not own_brand\nsegment_years >= 3", schemes="trial.first")
    assert finish(interview, FactSheet({"own_brand": False, "segment_years": 5})) == [
        ("segment_years", None), ("own_brand", None),
    ]  # fmt: skip


def test_the_second_part_of_a_ratio_follows_the_first(vocabulary: Vocabulary) -> None:
    """After one part of a ratio the other decides a condition by itself; years in the segment wait."""
    interview = interview_of(
        vocabulary,
        "total_liabilities / total_assets <= 70%\nrd_expense / operating_revenue >= 3%",
        schemes="trial.first",
    )
    asked = finish(
        interview,
        FactSheet(
            {
                "total_assets": {2025: 100},
                "total_liabilities": {2025: 50},
                "rd_expense": {2025: 5},
                "operating_revenue": {2025: 100},
            }
        ),
    )
    pairs = {frozenset(name for name, _ in asked[:2]), frozenset(name for name, _ in asked[2:])}
    assert pairs == {frozenset({"total_assets", "total_liabilities"}), frozenset({"rd_expense", "operating_revenue"})}


def test_an_unconfirmed_condition_is_not_asked_for(vocabulary: Vocabulary) -> None:
    """It enters as unknown whatever the fact is; the other line can still make a no."""
    interview = interview_of(vocabulary, "own_brand [C]\nquality_certificate", schemes="trial.first")
    assert interview.open_facts() == (("quality_certificate", None),)
    interview.answer(True)
    assert interview.settled
    assert interview.answers["trial.first"].outcome == "unknown"


def test_a_base_of_zero_leaves_nothing_to_ask(vocabulary: Vocabulary) -> None:
    """Growth from zero is undefined, so the revenue of the last year no longer matters."""
    interview = interview_of(vocabulary, "growth(operating_revenue) >= 5%", schemes="trial.first")
    interview.answer_for(("operating_revenue", 2024), 0)
    assert interview.settled
    assert interview.answers["trial.first"].outcome == "unknown"


def test_an_unknown_part_closes_what_needs_it(vocabulary: Vocabulary) -> None:
    """Without total assets the ratio stays open; liabilities alone tell nothing. With two ways the other is still asked."""
    ratio = "total_liabilities / total_assets <= 70%"
    interview = interview_of(vocabulary, ratio, schemes="trial.first")
    interview.answer_for(("total_assets", 2025), UNKNOWN)
    assert interview.settled
    interview = interview_of(vocabulary, f"any of:\n  {ratio}\n  own_brand", schemes="trial.first")
    interview.answer_for(("total_assets", 2025), UNKNOWN)
    assert interview.open_facts() == (("own_brand", None),)
    interview.answer(True)
    assert interview.answers["trial.first"].outcome == "yes"


def test_what_each_answer_would_settle(vocabulary: Vocabulary) -> None:
    """Below 500万元 both fail, from 500 to below 1000万元 the second, from 1000万元 on neither but the first needs more."""
    interview = interview_of(vocabulary, "operating_revenue >= 500万元\nown_brand", "operating_revenue >= 1000万元")
    interview.answer_for(("own_brand", None), UNKNOWN)
    question = interview.next()
    assert question is not None
    assert question.key == ("operating_revenue", 2025)
    found = [
        ([t.en for t in e.answers], e.outcomes["trial.first"], e.outcomes["trial.second"], e.settles, e.open)
        for e in question.effects
    ]
    both = ("trial.first", "trial.second")
    assert found == [
        (["below 500万元"], "no", "no", both, 0),
        (["500万元 or more, below 1,000万元"], "unknown", "no", both, 0),
        (["1,000万元 or more"], "unknown", "yes", both, 0),
    ]
    assert [t.zh for e in question.effects for t in e.answers] == [
        "不足500万元",
        "500万元及以上、不足1,000万元",
        "1,000万元及以上",
    ]
    assert [d.scheme for d in question.why] == list(both)
    assert [c.text.en for d in question.why for c in d.conditions] == [
        "Operating revenue ≥ 500万元", "Operating revenue ≥ 1,000万元",
    ]  # fmt: skip


def test_the_year_stands_in_the_question() -> None:
    sheet = FactSheet({"industry": "C3451"})
    interview = Interview(JUDGE, ["size.class"], ON, "new", sheet)
    question = interview.next()
    assert question is not None
    # The last complete fiscal year before 23 November 2026.
    assert question.year == 2025
    assert "2025" in question.text.en
    assert "2025" in question.text.zh


@pytest.mark.parametrize(
    ("key", "wrong"),
    [
        (("operating_revenue", 2025), "500万元"),
        (("operating_revenue", 2025), True),
        (("titles", None), frozenset({"knight"})),
        (("own_brand", None), 1),
        (("rd_institution", None), "galactic"),
        (("little_giant_granted", None), "2026-01-01"),
        (("industry", None), 34),
    ],
)
def test_a_value_of_the_wrong_type_is_refused(vocabulary: Vocabulary, key: Key, wrong: Any) -> None:
    interview = interview_of(
        vocabulary,
        "operating_revenue >= 1万元\ntitles includes little_giant\nown_brand\nrd_institution >= municipal\n"
        "on <= little_giant_granted + 3 years\nindustry in C",
    )
    before = interview.sheet
    with pytest.raises(TypeError, match=key[0]):
        interview.answer_for(key, wrong)
    assert interview.sheet == before
    with pytest.raises(KeyError):
        interview.answer_for(("market_share", None), 1)


def test_the_next_question_takes_at_most_fifty_milliseconds() -> None:
    """The budget in CPU time, on the largest interview there is; the best of three tries, for the machine may be busy."""
    import time

    interview = Interview(JUDGE, None, ON)
    interview.next()
    took = []
    for _ in range(3):
        interview.answer(UNKNOWN)
        started = time.process_time()
        interview.next()
        took.append(time.process_time() - started)
        interview.back()
    assert min(took) < 0.05
