"""A measure as people read it: one line for each thing its fence says."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from typing import get_args

from yiqi.law.bilingual import Bilingual
from yiqi.law.measure import (
    DIFFICULTIES,
    HEADS,
    HOWS,
    KINDS,
    LEVELS,
    PERS,
    RELATIONS,
    SAMES,
    Measure,
    Relation,
    RelationKind,
)
from yiqi.law.tree import Law


def measure_lines(law: Law, measure: Measure) -> list[tuple[Bilingual, Bilingual]]:
    """Label and text of every line, in the order of the fence."""
    claim = HOWS[measure.claim.how]
    if (where := measure.claim.where) is not None:
        claim = Bilingual(f"{claim.en}: {where.en}", f"{claim.zh}：{where.zh}")
    lines = [
        (Bilingual("Head", "方面"), _listed(HEADS, measure.head)),
        (Bilingual("Difficulty", "困难"), _listed(DIFFICULTIES, measure.difficulty)),
        (Bilingual("Kind", "性质"), KINDS[measure.kind]),
        (Bilingual("Level", "层级"), LEVELS[measure.level]),
    ]
    if measure.per is not None:
        lines.append((Bilingual("The amount counts", "金额口径"), PERS[measure.per]))
    lines.append((Bilingual("How to claim", "享受方式"), claim))
    if isinstance(measure.deadline, dt.date):
        lines.append((Bilingual("Last day to claim", "申领截止"), _day(measure.deadline)))
    elif measure.deadline is not None:
        text = measure.deadline.text
        lines.append(
            (Bilingual("Last day to claim", "申领截止"), Bilingual(f"{text.en} of every year", f"每年{text.zh}"))
        )
    kinds: tuple[RelationKind, ...] = get_args(RelationKind)
    lines += [(RELATIONS[kind], relation_text(law, relation)) for kind in kinds for relation in measure.relations(kind)]
    if measure.review is not None:
        lines.append((Bilingual("To be compared again after", "应在此日后重新核对"), _day(measure.review)))
    return lines


def relation_text(law: Law, relation: Relation) -> Bilingual:
    """The other measure by its title, what must be the same, and the tag where it is not A."""
    title = law.rule(relation.to).title if "#" in relation.to else law.schemes[relation.to].title
    tag = "" if relation.confidence == "A" else f" [{relation.confidence}]"
    if relation.same is None:
        return Bilingual(title.en + tag, title.zh + tag)
    same = SAMES[relation.same]
    return Bilingual(f"{title.en}, {same.en}{tag}", f"{title.zh}（{same.zh}）{tag}")


def _listed(words: Mapping[str, Bilingual], chosen: Collection[str]) -> Bilingual:
    return Bilingual("; ".join(words[c].en for c in chosen), "；".join(words[c].zh for c in chosen))


def _day(day: dt.date) -> Bilingual:
    return Bilingual(day.isoformat(), f"{day.year}年{day.month}月{day.day}日")
