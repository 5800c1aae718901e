"""The report as plain text for a terminal."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from yiqi.law.bilingual import Bilingual, Language
from yiqi.report.view import Line, ReportView, SchemeView

MARKS = {"yes": "✓", "no": "✗", "unknown": "?", "points": "·", "class": "■", "not_applicable": "–"}
COLOURS = {"yes": "green", "no": "red", "unknown": "yellow"}

Style = Callable[[str, str], str]
"""Colours a text by an outcome; plain where the output is no terminal."""


def plain(text: str, outcome: str) -> str:  # noqa: ARG001
    return text


WORDS = {
    "size": Bilingual("Size class", "企业规模"),
    "held": Bilingual("Titles held", "有效期内称号"),
    "on": Bilingual("Judged for", "评价日期"),
    "failed": Bilingual("What fails", "不满足的条件"),
    "open": Bilingual("What is open", "待定的条件"),
    "every": Bilingual("Every condition", "全部条件"),
    "facts": Bilingual("To settle what is open, give", "补充以下信息可得出结论"),
    "proof": Bilingual("proof", "证明材料"),
    "known": Bilingual("known by", "由谁掌握"),
    "needed": Bilingual("needed", "要求"),
    "score": Bilingual("score", "得分"),
    "pass": Bilingual("pass mark", "合格线"),
    "rests": Bilingual("rests on", "依据可信度"),
    "note": Bilingual(
        "This is an assessment by rule, not a decision of an authority.",
        "本结果按规定条件逐项评价，不是主管部门的认定结论。",
    ),
    "more": Bilingual("Every condition with its article: --details", "查看全部条件和条文：--details"),
}


def render_text(view: ReportView, language: Language, *, details: bool = False, style: Style = plain) -> str:
    """The whole report. ``details`` adds every condition of every scheme."""
    return "\n".join(_lines(view, language, details, style)) + "\n"


def _lines(view: ReportView, lang: Language, details: bool, style: Style) -> Iterator[str]:
    colon = "：" if lang == "zh" else ": "
    title = view.name or ("(no name)" if lang == "en" else "（未填名称）")
    yield f"{title}  {view.uscc}".rstrip()
    for label, value in view.profile:
        yield f"  {label[lang]}{colon}{value[lang]}"
    comma = "，" if lang == "zh" else ", "
    yield f"  {WORDS['on'][lang]}{colon}{view.day(lang)}{comma}{view.procedure[lang]}"
    yield f"  {WORDS['size'][lang]}{colon}{view.size[lang]}"
    yield f"  {WORDS['held'][lang]}{colon}{('、' if lang == 'zh' else ', ').join(t[lang] for t in view.held)}"
    yield ""
    for scheme in view.schemes:
        yield _head(scheme, lang, style)
    shown: set[str] = set()
    for scheme in view.schemes:
        if scheme.failed or scheme.open or (details and scheme.every):
            yield ""
            yield from _scheme(scheme, lang, details, style, shown)
    if view.facts:
        yield ""
        yield f"{WORDS['facts'][lang]}{colon}".rstrip()
        for fact in view.facts:
            yield f"  ? {fact.label[lang]}"
            parts = [f"{WORDS['known'][lang]}{colon}{fact.known_by[lang]}"]
            if fact.proof[lang]:
                parts.insert(0, f"{WORDS['proof'][lang]}{colon}{fact.proof[lang]}")
            yield "      " + ("；" if lang == "zh" else "; ").join(parts)
    yield ""
    for tag in view.tags:
        yield tag[lang]
    if not details:
        yield WORDS["more"][lang]
    yield WORDS["note"][lang]


def _head(scheme: SchemeView, lang: Language, style: Style) -> str:
    parts = [f"{style(MARKS[scheme.outcome] + ' ' + scheme.word[lang], scheme.outcome)}"]
    title = scheme.title[lang]
    text = f"{parts[0]}  {title}"
    if scheme.headline[lang] and scheme.headline != scheme.word:
        text += f" — {scheme.headline[lang]}" if lang == "en" else f"：{scheme.headline[lang]}"
    if scheme.score is not None:
        low, high, mark = scheme.score
        points = low if low == high else (f"{low} to {high}" if lang == "en" else f"{low}至{high}")
        text += (
            f" ({WORDS['score'].en} {points}, {WORDS['pass'].en} {mark})"
            if lang == "en"
            else f"（得分{points}，合格线{mark}）"
        )
    if scheme.confidence not in (None, "A"):
        text += f" [{scheme.confidence}]"
    return text


def _scheme(scheme: SchemeView, lang: Language, details: bool, style: Style, shown: set[str]) -> Iterator[str]:
    cite = scheme.cite[lang] if scheme.cite is not None else ""
    yield f"{scheme.title[lang]}  ({cite})" if lang == "en" else f"{scheme.title[lang]}（{cite}）"
    yield f"  {scheme.version[lang]}"
    if scheme.failed:
        yield f"  {WORDS['failed'][lang]}"
        for item in scheme.failed:
            yield from _item(item, lang, style, 2)
    if scheme.open:
        yield f"  {WORDS['open'][lang]}"
        again = 0
        for item in scheme.open:
            if item.id in shown:
                again += 1
                continue
            shown.add(item.id)
            yield from _item(item, lang, style, 2)
        if again:
            yield f"    … and {again} shown above" if lang == "en" else f"    ……另有{again}项见上文"
    if details:
        yield f"  {WORDS['every'][lang]}"
        for item in scheme.every:
            yield from _item(item, lang, style, 2)


def _item(item: Line, lang: Language, style: Style, indent: int) -> Iterator[str]:
    pad = "  " * (indent + item.depth)
    mark = MARKS[item.mark]
    text = item.text[lang]
    if item.points is not None:
        low, high, most = item.points
        got = low if low == high else f"{low}–{high}"
        text += f": {got} of {most} points" if lang == "en" else f"：{got}分（满分{most}分）"
    if item.note is not None:
        text += f" ({item.note[lang]})" if lang == "en" else f"（{item.note[lang]}）"
    if item.confidence != "A":
        text += f" [{item.confidence}]"
    yield f"{pad}{style(mark, item.mark)} {text}"
    figures: list[str] = []
    if item.actual is not None and not item.heading:
        figures.append(f"is {item.actual.en}" if lang == "en" else f"实为{item.actual.zh}")
    if item.required is not None and item.mark != "points":
        figures.append(f"{WORDS['needed'].en} {item.required.en}" if lang == "en" else f"要求{item.required.zh}")
    if item.short is not None:
        figures.append(item.short[lang])
    if not item.heading and item.mark in ("no", "unknown"):
        figures.append(item.cite[lang])
    if figures and item.points is None:
        yield f"{pad}    " + ("; " if lang == "en" else "；").join(figures)
