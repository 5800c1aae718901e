"""The words of the law language in both tongues, and the units.

One table for reading and writing: each keyword has exactly one spelling per tongue, so the formatter and the grammar
cannot disagree.
"""

from __future__ import annotations

from fractions import Fraction

KEYWORDS: dict[str, tuple[str, str]] = {
    # id: (English, Chinese)
    "and": ("and", "且"),
    "or": ("or", "或"),
    "not": ("not", "非"),
    "unless": ("unless", "除非"),
    "is": ("is", "是"),
    "is_not": ("is not", "不是"),
    "is_one_of": ("is one of", "是其一"),
    "in": ("in", "属于"),
    "except": ("except", "不含"),
    "includes": ("includes", "包含"),
    "otherwise": ("otherwise", "其他"),
    "in_each_of": ("in each of", "每年"),
    "in_any_of": ("in any of", "任一年"),
    "last": ("last", "近"),
    "all_of": ("all of", "同时满足"),
    "any_of": ("any of", "满足任一"),
    "none_of": ("none of", "均不满足"),
    "at_least": ("at least", "至少满足"),
    "of": ("of", "之"),
    "readings": ("readings", "各种解读"),
    "reading": ("reading", "解读"),
    "sum": ("sum", "合计"),
    "mean": ("mean", "平均"),
    "growth": ("growth", "增长率"),
    "mean_growth": ("mean_growth", "平均增长率"),
    "cagr": ("cagr", "复合增长率"),
    "highest": ("highest", "最高"),
    "lowest": ("lowest", "最低"),
    "latest": ("latest", "最晚"),
    "earliest": ("earliest", "最早"),
    "up_to": ("up to", "不超过"),
    "no_less_than": ("no less than", "不低于"),
    "amount": ("amount", "金额"),
    "date": ("date", "日期"),
    "condition": ("condition", "条件"),
    "points": ("points", "分值"),
    "class": ("class", "类型"),
    "procedure": ("procedure", "办理类型"),
    "new": ("new", "新申报"),
    "re_review": ("re_review", "复核"),
    "on": ("on", "办理日"),
    "yes": ("yes", "是"),
    "no": ("no", "否"),
}

FUNCTIONS = ("sum", "mean", "growth", "mean_growth", "cagr")
CHOICES = ("highest", "lowest", "latest", "earliest")

# unit as written -> (canonical unit, kind, factor to the kind's natural unit)
# natural units: money in fen, ratio as a pure number, count in ones, years, points.
UNITS: dict[str, tuple[str, str, Fraction]] = {
    "亿元": ("亿元", "money", Fraction(10**10)),
    "万元": ("万元", "money", Fraction(10**6)),
    "元": ("元", "money", Fraction(100)),
    "%": ("%", "ratio", Fraction(1, 100)),
    "％": ("%", "ratio", Fraction(1, 100)),
    "人": ("人", "count", Fraction(1)),
    "项": ("项", "count", Fraction(1)),
    "件": ("件", "count", Fraction(1)),
    "名": ("名", "count", Fraction(1)),
    "次": ("次", "count", Fraction(1)),
    "级": ("级", "count", Fraction(1)),
    "years": ("years", "years", Fraction(1)),
    "year": ("years", "years", Fraction(1)),
    "年": ("years", "years", Fraction(1)),
    "months": ("months", "months", Fraction(1)),
    "month": ("months", "months", Fraction(1)),
    "个月": ("months", "months", Fraction(1)),
    "days": ("days", "days", Fraction(1)),
    "day": ("days", "days", Fraction(1)),
    "天": ("days", "days", Fraction(1)),
    "日": ("days", "days", Fraction(1)),
    "分": ("points", "points", Fraction(1)),
    "points": ("points", "points", Fraction(1)),
}

UNIT_TEXT: dict[str, tuple[str, str]] = {
    "years": (" years", "年"),
    "months": (" months", "个月"),
    "days": (" days", "天"),
    "points": ("", "分"),
}
"""How canonical units are written in English and Chinese where that differs from the unit itself."""

CLASSES: dict[str, tuple[str, str]] = {
    "large": ("large", "大型"),
    "medium": ("medium", "中型"),
    "small": ("small", "小型"),
    "micro": ("micro", "微型"),
    "level_4": ("level 4", "4级"),
    "level_3": ("level 3", "3级"),
    "level_2": ("level 2", "2级"),
    "level_1": ("level 1", "1级"),
    "no_level": ("no level", "未达1级"),
    "no_result": ("no result", "无评测结果"),
}
"""Classes that rules give, as people read them; a law file names them by id in both tongues."""

OPERATORS = {
    "≥": ">=",
    "≤": "<=",
    "＞": ">",
    "＜": "<",
    "＝": "=",
    ">=": ">=",
    "<=": "<=",
    ">": ">",
    "<": "<",
    "=": "=",
}
"""Every accepted comparator and what it means; Chinese text is written with ≥ and ≤."""
