"""What holds for every rule, every enterprise and every set of missing facts: searched by Hypothesis.

Enterprises are drawn near the thresholds of the rules that judge them (:mod:`proofs.sheets`). The usual run looks at
the same examples every time; ``YIQI_PROOFS=full`` looks at ten times as many, ``new`` at other ones in every run.
"""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

from hypothesis import given, note
from hypothesis import strategies as st

from proofs.agreement import disagreements
from proofs.leaves import compiled, day_of, law, linked, rules
from proofs.sheets import Drawn, enterprises, field_of, proof
from yiqi.facts.sheet import FactSheet
from yiqi.judge.evaluate import Evaluation
from yiqi.judge.judge import Judge
from yiqi.judge.link import Linked, change_days

PROGRAMS = [(rule.id, day_of(rule)) for rule in rules()]


@st.composite
def judged(draw: st.DrawFn) -> Drawn:
    """Any rule with an enterprise near its thresholds."""
    rule_id, on = draw(st.sampled_from(PROGRAMS))
    return draw(enterprises(linked(rule_id, on)))


def refines(value: str | None, less: Any, more: Any) -> bool:
    """Whether an answer found with more facts stays within what was said with fewer."""
    if value == "points":
        return bool(less[0] <= more[0] <= more[1] <= less[1])
    if value == "class":
        return bool(more and not more & ~less)
    if value in ("amount", "date"):
        # An end without a bound is None; a fact more may give it one and never takes one away.
        lower = less[0] is None or (more[0] is not None and less[0] <= more[0])
        higher = less[1] is None or (more[1] is not None and more[1] <= less[1])
        return lower and higher
    return bool(less in (1, more))


def results(linked_set: Linked, frame: list[Any]) -> dict[str, Any]:
    evaluation = Evaluation(linked_set, frame)
    return {key: evaluation.unit(key) for key, unit in linked_set.units.items() if unit.body is not None or unit.choice}


@proof(600)
@given(judged(), st.data())
def test_a_fact_more_never_turns_a_decided_answer(drawn: Drawn, data: st.DataObject) -> None:
    """Truth stays once decided, ranges and possible classes only shrink, and the last word lies within the first."""
    more = drawn.hidden - frozenset(
        data.draw(st.sets(st.sampled_from(sorted(drawn.hidden, key=str))) if drawn.hidden else st.just(set()))
    )
    shallow = dict(drawn.known)
    for code in ("industry", "region"):
        # A code given less deeply is a fact given in part.
        if isinstance(value := shallow.get((code, None)), str):
            depths = [n for n in range(1, len(value) + 1) if (n != 2 if code == "industry" else n % 2 == 0)]
            shallow[(code, None)] = value[: data.draw(st.sampled_from(depths))]
    around = field_of(drawn.linked)
    least = results(drawn.linked, around.frame(shallow, drawn.procedure))
    some = results(drawn.linked, drawn.frame())
    richer = results(drawn.linked, Drawn(drawn.linked, drawn.procedure, drawn.values, more).frame())
    whole = results(drawn.linked, around.frame(drawn.values, drawn.procedure))
    for before, after in ((least, some), (some, richer), (richer, whole)):
        for key, unit in drawn.linked.units.items():
            if key in before:
                assert refines(unit.rule.value, before[key], after[key]), f"{key}: {before[key]} became {after[key]}"


@proof(300)
@given(judged())
def test_compiled_rules_mean_what_the_reference_means(drawn: Drawn) -> None:
    program = compiled(drawn.linked.roots[0], drawn.linked.on)
    assert disagreements(program, drawn.frame(program.spare)) == []


# -- answers ----------------------------------------------------------------------------------------------------------

JUDGE_DAYS = [day for day in change_days(law()) if day.year >= 2022]
JUDGE = Judge(law())


@proof(25)
@given(st.sampled_from(JUDGE_DAYS), st.sampled_from(("new", "re_review")), st.data())
def test_an_answer_holds_no_float_and_agrees_with_its_bare_outcome(
    on: dt.date, procedure: str, data: st.DataObject
) -> None:
    program = JUDGE.program(on, procedure)
    drawn = data.draw(enterprises(program.compiled.linked))
    sheet: FactSheet = drawn.field.sheet(drawn.known)
    answers = JUDGE.judge(sheet, on, procedure)
    whole = answers.as_dict()
    assert floats(whole) == []
    json.loads(json.dumps(whole, ensure_ascii=False), parse_float=_no_float)
    bare = JUDGE.outcomes(sheet, on, procedure)
    words = {2: "yes", 1: "unknown", 0: "no"}
    for answer in answers:
        note(answer.scheme.id)
        if answer.outline is None:
            assert answer.scheme.id not in bare
            assert answer.outcome == "not_applicable"
        elif answer.outline.value == "truth":
            assert words[bare[answer.scheme.id]] == answer.outcome  # type: ignore[index]


def _no_float(text: str) -> None:
    raise AssertionError(f"a float in JSON: {text}")


def floats(value: object, path: str = "") -> list[str]:
    """Where floats stand in an answer."""
    if isinstance(value, float):
        return [path]
    if isinstance(value, dict):
        return [p for key, item in value.items() for p in floats(item, f"{path}/{key}")]
    if isinstance(value, list | tuple):
        return [p for n, item in enumerate(value) for p in floats(item, f"{path}/{n}")]
    return []
