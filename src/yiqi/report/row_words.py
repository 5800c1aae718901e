"""A condition in one sentence."""

from __future__ import annotations

from yiqi.law.bilingual import Bilingual
from yiqi.report.phrases import SEMICOLON, figure_words, inside, listed
from yiqi.report.row import Row


def about(row: Row) -> list[Bilingual]:
    """What is known of a condition: its figure, what is short, what is missing, and why there is no figure."""
    parts = [figure_words(row.figure)] if row.figure is not None else []
    if row.gap is not None:
        parts.append(row.gap)
    if row.missing is not None:
        parts.append(Bilingual(f"missing: {inside(row.missing.en)}", f"缺：{row.missing.zh}"))
    return [*parts, *row.notes]


def in_words(row: Row) -> Bilingual:
    """A condition that decided, in one sentence: what is asked, what is, and what is short."""
    if row.heading:
        note = Bilingual("".join(f" ({n.en})" for n in row.notes), "".join(f"（{n.zh}）" for n in row.notes))
        return Bilingual(f"{row.text.en}{note.en}:", f"{row.text.zh}{note.zh}：")
    parts = about(row)
    if not parts:
        return row.text
    known = listed(parts, SEMICOLON)
    return Bilingual(f"{row.text.en} — {known.en}", f"{row.text.zh}：{known.zh}")
