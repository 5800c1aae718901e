"""The words of a path: what is changed, what it costs, since when it counts, what stands in the way."""

from __future__ import annotations

import datetime as dt

from yiqi.law.bilingual import Bilingual
from yiqi.law.quantities import amount_text
from yiqi.law.words import CLASSES
from yiqi.path.answer import Block, Finding, Path, Step, fen
from yiqi.report.phrases import TAGS, day_text
from yiqi.report.phrases import WORDS as COMMON

WORDS = {
    "to": Bilingual("To", "目标"),
    "reached": Bilingual("Already so: nothing has to change.", "已经符合，无需改变。"),
    "second": Bilingual("Another path", "另一路径"),
    "what": Bilingual("Fact", "事项"),
    "terms": Bilingual("Cost and day", "成本和时间"),
    "changes": Bilingual("What to change", "需要改变"),
    "assumptions": Bilingual("What would have to hold (nobody gave it)", "须成立的事项（未填写）"),
    "nothing_to_change": Bilingual("Nothing to change, as long as the following holds", "无需改变，但须符合以下事项"),
    "judged": Bilingual("would have to be judged “{value}”", "须认定为“{value}”"),
    "example": Bilingual("{value} would do", "{value}即可"),
    "waits": Bilingual("What holds by itself later", "届时自然符合"),
    "serves": Bilingual("for", "用于"),
    "along": Bilingual("goes along with", "随以下事项变化"),
    "how": Bilingual("how", "做法"),
    "blocked": Bilingual("There is no path", "没有可行路径"),
    "blocked_by": Bilingual(
        "A smallest set of conditions that nothing at hand can move; every one of them would have to be otherwise.",
        "以下是最少的一组现有手段无法满足的条件，每一项都须改变才可能符合。",
    ),
    "exhausted": Bilingual(
        "No path that stands up before the judge was found; this is no proof that there is none.",
        "未找到经评价验证的路径；这不证明没有路径。",
    ),
    "verified": Bilingual(
        "Checked: with these values the judge answers as wanted.", "已验证：按上述数值重新评价，结论符合目标。"
    ),
    "proven": Bilingual(
        "Proven: at these costs nothing cheaper leads there, to the fen for each amount.",
        "已证明：按所列成本没有更便宜的路径（金额精确到分）。",
    ),
    "proven_fewest": Bilingual("Proven: no path changes fewer facts.", "已证明：没有改变事项更少的路径。"),
    "proven_next": Bilingual(
        "The cheapest of those that leave at least one change of each path above undone.",
        "在至少不采用以上每条路径中一项改变的前提下最便宜。",
    ),
    "not_proven": Bilingual(
        "Not proven to be the cheapest: a cheaper candidate did not stand up before the judge.",
        "未证明最便宜：有更便宜的候选方案未通过评价验证。",
    ),
    "unsettled": Bilingual(
        "Not proven to be the cheapest: ways that move {facts} together were not looked at. Give those that are missing.",
        "未证明最便宜：未考察同时变动{facts}的路径；其中缺少的请补充。",
    ),
    "history": Bilingual(
        "A year that is over cannot be changed: what is said of the figures of {last} has to be so of a year to come, and the "
        "years before it move on with it. Judge the plan again with its own figures before you rely on it.",
        "已结束的年度不能改变：以上对{last}年度数值的要求，须在以后年度做到，其前各年度随之顺延。采用前请用计划数值重新评价。",
    ),
    "costs": Bilingual(
        "Costs are rough planning figures of this project [D], not of the law; give your own with --costs.",
        "成本是本项目的粗略估算[D]，不是规定；可用--costs填写自己的成本。",
    ),
    "warning": Bilingual("Look at it again", "请核对"),
    "titles": Bilingual("First see: yiqi path FILE --to {scheme}", "请先查看：yiqi path 文件 --to {scheme}"),
}

WHY = {
    "later": Bilingual("as wanted by itself from {value}", "自{value}起自然符合"),
    "fixed": Bilingual("is {value}, and no change of it is known", "现为{value}，没有可用的改变方式"),
    "judged": Bilingual("was judged {value}; that is for an official", "认定为{value}，由主管部门判断"),
    "kept": Bilingual("is {value} and was to be kept", "现为{value}，要求保持不变"),
    "limit": Bilingual("is {value}; it cannot go far enough that way", "现为{value}，该方向上无法达到"),
    "together": Bilingual("the facts it compares cannot be brought that far", "所比较的各项无法达到要求"),
    "missing": Bilingual("has to be given first", "须先填写"),
    "undefined": Bilingual("has no answer as things stand: a base of zero", "目前无定义：基数为零"),
    "unattainable": Bilingual("is more than the table can give", "超出该表可得的分值"),
    "unconfirmed": Bilingual("rests on an unconfirmed source, which decides nothing", "来源未经证实，不作结论"),
}  # fmt: skip


def money(cost: object) -> Bilingual:
    """A cost in fen, rounded up, as people read it."""
    text = amount_text(fen(cost))  # type: ignore[arg-type]
    return Bilingual(text, text)


def target_text(finding: Finding) -> Bilingual:
    """What is aimed at: the scheme's title, with the class."""
    title, classes = finding.target.scheme.title, finding.target.classes
    if classes is None:
        return title
    name = CLASSES.get(classes[-1], (classes[-1], classes[-1]))
    more = len(classes) > 1
    return Bilingual(
        f"{title.en}: {name[0]}{' or better' if more else ''}", f"{title.zh}：{name[1]}{'及以上' if more else ''}"
    )


def heading(path: Path, number: int, finding: Finding) -> Bilingual:
    """The first line of a path: what it costs and since when it counts."""
    first = (
        Bilingual("The cheapest path", "最便宜的路径")
        if finding.by == "cost"
        else Bilingual("The path with the fewest changes", "改变最少的路径")
    )
    name = first if number == 0 else WORDS["second"]
    if not path.changes:
        return WORDS["nothing_to_change"]
    cost, day = money(path.cost), day_text(path.from_day(finding.on))
    en, zh = f"{name.en}: {cost.en}", f"{name.zh}：{cost.zh}"
    if path.from_day(finding.on) > finding.on:
        return Bilingual(f"{en}, counts from {day.en} at the earliest", f"{zh}，最早{day.zh}起可用")
    return Bilingual(f"{en}, at once", f"{zh}，立即可用")


def step_text(step: Step) -> Bilingual:
    """``Main-business revenue 2025: 11,050万元 → 11,250万元``."""
    year = "" if step.key[1] is None else f", {step.key[1]}"
    year_zh = "" if step.key[1] is None else f"（{step.key[1]}年）"
    label = step.fact.label
    if step.fact.type == "set_of" and step.before is not None:
        added = [m.label for i, m in enumerate(step.fact.members) if step.after >> i & 1 and not step.before >> i & 1]
        return Bilingual(
            f"{label.en}{year}: add {', '.join(m.en for m in added)}",
            f"{label.zh}{year_zh}：增加{'、'.join(m.zh for m in added)}",
        )
    if step.kind == "assume":
        if step.fact.judged:
            said = WORDS["judged"]
            return Bilingual(
                f"{label.en}{year}: {said.en.format(value=step.after_text.en)}",
                f"{label.zh}{year_zh}：{said.zh.format(value=step.after_text.zh)}",
            )
        if step.fact.kind is None:
            return Bilingual(f"{label.en}{year}: {step.after_text.en}", f"{label.zh}{year_zh}：{step.after_text.zh}")
        # A number that is only compared with others has no figure of its own to name.
        if step.loose:
            return Bilingual(f"{label.en}{year}", f"{label.zh}{year_zh}")
        said = WORDS["example"]
        return Bilingual(
            f"{label.en}{year}: {said.en.format(value=step.after_text.en)}",
            f"{label.zh}{year_zh}：{said.zh.format(value=step.after_text.zh)}",
        )
    if step.before_text is None:
        return Bilingual(f"{label.en}{year}: {step.after_text.en}", f"{label.zh}{year_zh}：{step.after_text.zh}")
    return Bilingual(
        f"{label.en}{year}: {step.before_text.en} → {step.after_text.en}",
        f"{label.zh}{year_zh}：{step.before_text.zh} → {step.after_text.zh}",
    )


def step_terms(step: Step, on: dt.date) -> Bilingual:
    """What a change costs and since when it counts."""
    cost, day = money(step.cost), day_text(step.from_day)
    if step.from_day <= on:
        return Bilingual(f"costs {cost.en}; at once", f"成本{cost.zh}；立即可用")
    return Bilingual(f"costs {cost.en}; counts from {day.en}", f"成本{cost.zh}；{day.zh}起可用")


def certainty(path: Path, number: int, finding: Finding) -> list[Bilingual]:
    """How sure a path is: that it was judged, and whether nothing cheaper leads there."""
    if path.unsettled:
        named = Bilingual(", ".join(f.label.en for f in path.unsettled), "、".join(f.label.zh for f in path.unsettled))
        text = WORDS["unsettled"]
        return [WORDS["verified"], Bilingual(text.en.format(facts=named.en), text.zh.format(facts=named.zh))]
    if not path.proven:
        return [WORDS["verified"], WORDS["not_proven"]]
    if number:
        return [WORDS["verified"], WORDS["proven_next"]]
    return [WORDS["verified"], WORDS["proven" if finding.by == "cost" else "proven_fewest"]]


def notes(finding: Finding) -> list[Bilingual]:
    """What is said below the paths: of years that are over, of costs, of sources."""
    changes = [step for path in finding.paths for step in path.changes]
    past = [step for step in changes if step.fact.per == "fiscal_year" and step.from_day > finding.on]
    found: list[Bilingual] = []
    if past:
        last, text = str(past[0].key[1]), WORDS["history"]
        found.append(Bilingual(text.en.format(last=last), text.zh.format(last=last)))
    if any(step.cost for step in changes):
        found.append(WORDS["costs"])
    lines = [line for path in finding.paths for step in path.steps for line in step.serves]
    tags = {line.confidence for line in lines} | {block.line.confidence for block in finding.blocks}
    return [*found, *(TAGS[tag] for tag in sorted(tags - {"A"})), COMMON["note"]]


def block_text(block: Block) -> Bilingual:
    """Why nothing moves a condition."""
    why = WHY[block.why]
    value = block.value or Bilingual("not known", "未知")
    if block.why == "later":
        return Bilingual(why.en.format(value=value.en), why.zh.format(value=value.zh))
    label = block.fact.label if block.fact is not None else Bilingual("it", "该项")
    return Bilingual(f"{label.en} {why.en.format(value=value.en)}", f"{label.zh}{why.zh.format(value=value.zh)}")


def first_see(block: Block, finding: Finding) -> str | None:
    """The scheme that gives the title a condition asks for, where the sheet's titles lack it."""
    if block.member is None or block.fact is None or block.fact.id != "titles":
        return None
    scheme = f"ladder.{block.member}"
    return scheme if finding.target.linked.law.schemes.get(scheme) is not None else None
