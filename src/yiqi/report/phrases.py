"""The fixed words of a report, in both languages, and how days, classes and points are written."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

from yiqi.law.bilingual import Bilingual, Language
from yiqi.law.quantities import POINTS_SCALE, decimal_text
from yiqi.law.words import CLASSES

MARKS = {
    "yes": "✓", "no": "✗", "unknown": "?", "exempt": "–", "shown": "○", "points": "·", "class": "■", "not_applicable": "–",
    "this": "■", "other": "–",
}  # fmt: skip
"""One sign per mark; a word always stands beside it, so that neither colour nor sign carries the meaning alone."""

MARK_WORDS = {
    "yes": Bilingual("holds", "满足"),
    "no": Bilingual("fails", "不满足"),
    "unknown": Bilingual("open", "待定"),
    "exempt": Bilingual("not examined", "不考查"),
    "shown": Bilingual("shown only", "仅列示"),
    "points": Bilingual("points", "得分"),
    "class": Bilingual("class", "类型"),
    "this": Bilingual("this class", "属于"),
    "other": Bilingual("not this class", "不属于"),
    "not_applicable": Bilingual("no rule", "无规定"),
}
OUTCOMES = {
    "yes": Bilingual("Yes", "符合"),
    "no": Bilingual("No", "不符合"),
    "unknown": Bilingual("Open", "待定"),
    "not_applicable": Bilingual("No rule on this day", "当日无适用规定"),
}
PROCEDURES = {"new": Bilingual("new application", "新申报"), "re_review": Bilingual("re-review", "复核")}
KNOWN_BY = {
    "enterprise": Bilingual("the enterprise", "企业"),
    "register": Bilingual("a public register", "登记机关或公示系统"),
    "platform": Bilingual("the cultivation platform", "梯度培育平台"),
    "official": Bilingual("an authority's judgement", "主管部门认定"),
}
TAGS = {
    "A": Bilingual("[A] read in the official text", "［A］见于官方原文"),
    "B": Bilingual("[B] read in one secondary source only", "［B］仅见于一个二手来源"),
    "C": Bilingual("[C] unconfirmed: shown, decides nothing", "［C］未经证实：只列示，不作结论"),
    "D": Bilingual("[D] derived by us, not a rule", "［D］本项目推导，并非规定"),
}
COMBINES = {
    "any": Bilingual("any one suffices", "满足任一项即可"),
    "readings": Bilingual(
        "the source leaves this open: counts where all readings agree", "原文未明确：各种解读一致时才作结论"
    ),
    "none": Bilingual("none may be", "均不得存在"),
    "best": Bilingual("the best counts", "取最高分"),
    "each": Bilingual("each that holds adds", "逐项加分"),
    "by_region": Bilingual("depends on the region", "因地区而异"),
}
SAME_CLASS_READINGS = Bilingual(
    "the source leaves this open: every reading is possible", "原文未明确：各种解读均有可能"
)

WORDS = {
    "region": Bilingual("Place", "所在地"),
    "industry": Bilingual("Industry", "行业"),
    "on": Bilingual("Judged for", "评价日期"),
    "procedure": Bilingual("Procedure", "办理类型"),
    "is_held": Bilingual("Title held.", "已持有该称号。"),
    "holds": Bilingual("Held", "持有"),
    "why": Bilingual("Why", "说明"),
    "yes": Bilingual("yes", "是"),
    "no": Bilingual("no", "否"),
    "held": Bilingual("Titles held", "有效期内称号"),
    "not_stated": Bilingual("not stated", "未填写"),
    "none": Bilingual("none", "无"),
    "no_name": Bilingual("Enterprise without a name", "未填名称的企业"),
    "report": Bilingual("Assessment report", "评价报告"),
    "summary": Bilingual("Summary", "结论"),
    "size": Bilingual("Size class", "企业规模"),
    "ladder": Bilingual("The ladder, from the lowest rung up", "梯度，由低到高"),
    "other": Bilingual("Other questions", "其他项目"),
    "failed": Bilingual("What fails", "不满足的条件"),
    "open": Bilingual("What is open", "待定的条件"),
    "ahead": Bilingual("What the next class up still lacks", "未达上一档的原因"),
    "ahead_from": Bilingual("next class up at", "上一档分值线"),
    "every": Bilingual("Every condition", "全部条件"),
    "score": Bilingual("Score", "评分"),
    "facts": Bilingual("To settle what is open, give", "补充以下信息可得出结论"),
    "facts_note": Bilingual(
        "By the document that proves them. Facts marked * are on the shortest way to a yes.",
        "按证明材料排列。带*的是得出“符合”最少所需的信息。",
    ),
    "document": Bilingual("Document that proves it", "证明材料"),
    "fact": Bilingual("Facts", "信息"),
    "known": Bilingual("Known by", "由谁掌握"),
    "serves": Bilingual("Settles", "用于"),
    "result": Bilingual("Result", "结果"),
    "condition": Bilingual("Condition", "条件"),
    "figure": Bilingual("Figure", "实际"),
    "article": Bilingual("Article", "条文"),
    "item": Bilingual("Item", "评分项"),
    "points": Bilingual("Points", "得分"),
    "better": Bilingual("Next step up", "再上一档"),
    "pass": Bilingual("pass mark", "合格线"),
    "missing": Bilingual("missing", "缺"),
    "idle": Bilingual("not needed", "不影响结论"),
    "above": Bilingual("shown above", "见上文"),
    "legend": Bilingual("Signs", "图例"),
    "rule": Bilingual("Rule", "适用规定"),
    "itself": Bilingual("the instrument", "本规定"),
    "details": Bilingual(
        "Every condition with its figure and article: --details", "查看全部条件、数值和条文：--details"
    ),
    "days": Bilingual("The days beside each other", "各日期对照"),
    "changed": Bilingual("What changes", "变化"),
    "not_asked": Bilingual("not asked", "不要求"),
    "question": Bilingual("Question", "项目"),
    "one_day": Bilingual(
        "Measures of relief are listed for one day at a time.",
        "纾困惠企措施请按单个日期查看。",
    ),
    "note": Bilingual(
        "This report applies the published conditions to the figures given. It is not a decision of an authority.",
        "本报告按公布的条件和所填数据逐项评价，不是主管部门的认定结论。",
    ),
}


MANY_CLASSES = 4
"""More classes than these are counted, not named."""


def day_text(day: dt.date) -> Bilingual:
    return Bilingual(day.isoformat(), f"{day.year}年{day.month}月{day.day}日")


def class_names(names: tuple[str, ...]) -> Bilingual:
    """Classes as people read them; several are those still possible, and of very many only the number."""
    if len(names) > MANY_CLASSES:
        return Bilingual(f"one of {len(names)} classes", f"{len(names)}档均有可能")
    words = [CLASSES.get(name, (name, name)) for name in names]
    return Bilingual(" or ".join(w[0] for w in words), "或".join(w[1] for w in words))


def points_text(points: int) -> str:
    """Points, held in 1/10000, as a number."""
    return decimal_text(Fraction(points, POINTS_SCALE))


def range_text(low: int, high: int) -> Bilingual:
    """A score, which is a range while facts are missing."""
    if low == high:
        return Bilingual(points_text(low), points_text(low))
    return Bilingual(f"{points_text(low)} to {points_text(high)}", f"{points_text(low)}至{points_text(high)}")


def listed(texts: list[Bilingual], separator: Bilingual) -> Bilingual:
    return Bilingual(separator.en.join(t.en for t in texts), separator.zh.join(t.zh for t in texts))


COMMA = Bilingual(", ", "、")
SEMICOLON = Bilingual("; ", "；")


def inside(text: str) -> str:
    """An English label within a line: its first letter small, unless it is an abbreviation (R&D, IP)."""
    word = text.split(" ", 1)[0]
    return text if len(word) < 2 or word[1:] != word[1:].lower() else text[0].lower() + text[1:]


def figure_words(figure: Bilingual) -> Bilingual:
    """A figure in a sentence: ``is 88.4%`` / ``实为88.4%``."""
    quoted = figure.zh in ("是", "否", "无")
    return Bilingual(f"is {figure.en}", f"实为“{figure.zh}”" if quoted else f"实为{figure.zh}")


def colon(language: Language) -> str:
    return "：" if language == "zh" else ": "
