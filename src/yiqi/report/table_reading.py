"""How the headings of a table were read, so that a person can see at once what was taken for what."""

from __future__ import annotations

from collections.abc import Iterator

from yiqi.law.bilingual import Bilingual, Language
from yiqi.law.diagnostics import display_width
from yiqi.report.wrapping import padded
from yiqi.screening.headings import HeadingMeaning, Headings

SHOWN_UNREAD = 12
WIDEST_HEADING = 32


def reading_lines(headings: Headings, language: Language) -> Iterator[str]:
    """One line per heading that was read, with the unit and an example, and a line for those that were not."""

    def say(text: Bilingual) -> str:
        return text.zh if language == "zh" else text.en

    read = headings.read
    yield say(
        Bilingual(
            f"{len(read)} of {len(headings.meanings)} columns read",
            f"共{len(headings.meanings)}列，读取{len(read)}列",
        )
    )
    if all(m.column is not None and m.heading == m.column.name for m in read):
        read = ()  # a prepared table says what its columns are
    width = min(WIDEST_HEADING, max((display_width(m.heading) for m in read), default=0))
    for meaning in read:
        assert meaning.column is not None
        yield f"  {padded(_cut(meaning.heading), width)}  → {say(_meant(meaning))}"
    unread = headings.unread
    if not unread:
        return
    yield say(Bilingual(f"{len(unread)} column{'' if len(unread) == 1 else 's'} not read:", f"未读取{len(unread)}列："))
    for meaning in unread[:SHOWN_UNREAD]:
        yield f"  {_cut(meaning.heading)}{say(_hint(meaning))}"
    if len(unread) > SHOWN_UNREAD:
        yield say(Bilingual(f"  and {len(unread) - SHOWN_UNREAD} more", f"  另有{len(unread) - SHOWN_UNREAD}列"))


def _meant(meaning: HeadingMeaning) -> Bilingual:
    column = meaning.column
    assert column is not None
    label = column.fact.label
    year = column.year
    en = label.en if year is None else f"{label.en}, {year}"
    zh = label.zh if year is None else f"{year}年{label.zh}"
    unit = meaning.unit or meaning.assumed
    if unit:
        assumed = meaning.unit is None
        en += f" in {unit}" + (" (assumed: no unit is given)" if assumed else "")
        zh += f"，单位{unit}" + ("（未注明单位，按此读取）" if assumed else "")
    if meaning.example is not None:
        written, value = meaning.example
        en += f"; “{_cut(written)}” is {value.en}"
        zh += f"；“{_cut(written)}”读作{value.zh}"
    return Bilingual(en, zh)


def _hint(meaning: HeadingMeaning) -> Bilingual:
    if meaning.left_aside:
        return Bilingual(" (left aside, as asked)", "（按要求不读）")
    if meaning.suggestion is None:
        return Bilingual("", "")
    fact = meaning.suggestion
    return Bilingual(
        f" (did you mean {fact.label.en}? --map '{meaning.heading}={fact.id}')",
        f"（是否指“{fact.label.zh}”？可用 --map '{meaning.heading}={fact.id}'）",
    )


def _cut(text: str) -> str:
    flat = " ".join(text.split())
    return flat if display_width(flat) <= WIDEST_HEADING else flat[: WIDEST_HEADING // 2] + "…"
