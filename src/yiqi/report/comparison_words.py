"""The fixed words of a comparison of two versions, and how outcomes, changes, numbers and shares are written in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from yiqi.facts.industry import SECTIONS
from yiqi.facts.region import PROVINCES
from yiqi.law.bilingual import Bilingual, Language
from yiqi.report.phrases import OUTCOMES, class_names
from yiqi.screening.changes import Direction
from yiqi.screening.summary import Cut

CAUSES: Mapping[Direction, Bilingual] = {
    "lost": Bilingual("Who loses, and through which lines", "转差的企业及其原因"),
    "gained": Bilingual("Who gains, and which lines no longer stand in the way", "转好的企业及不再构成障碍的条文"),
    "other": Bilingual("Who changes class, and through which lines", "类型改变的企业及其原因"),
}

WORDS = {
    "title": Bilingual("Two versions compared", "两个版本对照"),
    "before": Bilingual("Before", "修改前"),
    "after": Bilingual("After", "修改后"),
    "as_of": Bilingual("as it stood on {}", "截至{}"),
    "table": Bilingual("Table", "企业表"),
    "enterprises": Bilingual("Enterprises", "企业数"),
    "acts": Bilingual("Acts of", "办理日期"),
    "procedure": Bilingual("Procedure", "办理类型"),
    "compared": Bilingual("What is compared", "对照内容"),
    "question": Bilingual("Question", "项目"),
    "matrix": Bilingual("Outcomes before and after", "修改前后的结论"),
    "total": Bilingual("Total", "合计"),
    "changes": Bilingual("Changes", "变化"),
    "yes_before": Bilingual("Yes before", "修改前符合"),
    "yes_after": Bilingual("Yes after", "修改后符合"),
    "difference": Bilingual("Difference", "增减"),
    "lost": Bilingual("Lose", "转差"),
    "gained": Bilingual("Gain", "转好"),
    "other": Bilingual("Change", "改变"),
    "ways": Bilingual(
        "Lose: from yes to open or no, or from open to no. Gain: the other way.",
        "转差：由符合转为待定或不符合，或由待定转为不符合；转好与之相反。",
    ),
    "number": Bilingual("Enterprises", "企业数"),
    "alone": Bilingual("through this alone", "仅因此项"),
    "article": Bilingual("Article", "条文"),
    "not_asked": Bilingual("not asked", "未作要求"),
    "no_longer": Bilingual("no longer asked", "不再要求"),
    "new": Bilingual("new", "新增"),
    "dropped": Bilingual("dropped", "取消"),
    "same_text": Bilingual(
        "The line itself is the same; another alternative held before, or holds now.",
        "该条文本身未变；变化在于可替代的其他条件。",
    ),
    "together": Bilingual("Lines together", "共同原因"),
    "sample": Bilingual("Enterprises that change", "结论改变的企业"),
    "sample_note": Bilingual(
        "Some of them: of each change as many, the most frequent causes first.",
        "举例：各类变化数量相当，常见原因在前。",
    ),
    "row": Bilingual("Row", "行号"),
    "enterprise": Bilingual("Enterprise", "企业"),
    "uscc": Bilingual("Credit code", "统一社会信用代码"),
    "cause": Bilingual("Cause", "原因"),
    "same": Bilingual("The same in both versions for every enterprise", "两个版本结论完全相同"),
    "one_sided": Bilingual("A rule in one version only", "仅一个版本有规则"),
    "absent": Bilingual("Facts asked for that the table has no column for", "规则需要而表中没有的列"),
    "absent_note": Bilingual(
        "What rests on them stays open.", "相关条件均为待定。"
    ),
    "none_differ": Bilingual(
        "Nothing that both versions ask differs: every enterprise has the same outcome in both.",
        "两个版本的要求没有差别：所有企业结论相同。",
    ),
    "no_change": Bilingual("No enterprise of this table changes.", "本表没有企业的结论改变。"),
    "unknown_key": Bilingual("not known", "未知"),
    "note": Bilingual(
        "This report applies both versions to the figures given. It is not a decision of an authority.",
        "本报告按两个版本的条件和所填数据逐项评价，不是主管部门的认定结论。",
    ),
}  # fmt: skip

PLACE = {"lost": "−", "gained": "+", "other": "→"}


def outcome_word(outcome: int, names: Sequence[str]) -> Bilingual:
    """An outcome before or after, in words."""
    if not names:
        return OUTCOMES[{2: "yes", 1: "unknown", 0: "no"}[outcome]]
    return class_names((names[outcome - 1],)) if outcome else OUTCOMES["unknown"]


def cut_label(cut: Cut, key: str | None) -> Bilingual:
    """A province, an industry or a size class by name."""
    if key is None:
        return WORDS["unknown_key"]
    if cut == "province":
        return PROVINCES.get(key, Bilingual(key, key))
    if cut == "industry":
        return SECTIONS[key][2] if key in SECTIONS else Bilingual(key, key)
    return class_names((key,))


def change_word(before: Bilingual, after: Bilingual) -> Bilingual:
    return Bilingual(f"{before.en} → {after.en}", f"{before.zh}→{after.zh}")


def share(number: int, whole: int) -> str:
    """A share in percent with one decimal, rounded half up in whole numbers; what is there is never shown as nothing, nor
    what is missing as whole."""
    if not whole:
        return "–"
    tenths = (number * 2000 + whole) // (2 * whole)
    if number and not tenths:
        return "<0.1%"
    if number < whole and tenths == 1000:
        return ">99.9%"
    return f"{tenths // 10}.{tenths % 10}%"


def with_share(number: int, whole: int, language: Language) -> str:
    return f"{number:,}（{share(number, whole)}）" if language == "zh" else f"{number:,} ({share(number, whole)})"


def signed(number: int) -> str:
    """A difference with its sign."""
    return f"+{number:,}" if number > 0 else f"−{-number:,}" if number else "0"
