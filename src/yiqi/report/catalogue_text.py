"""The catalogue of measures as plain text."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from yiqi.law.bilingual import Bilingual, Language
from yiqi.law.measure import DIFFICULTIES, HEADS, HOWS, KINDS, LEVELS, Head
from yiqi.relief.catalogue import Entry
from yiqi.report.phrases import COMMA, colon, day_text, listed
from yiqi.report.relief_view import RELIEF_WORDS
from yiqi.report.wrapping import wrap

UNTIL = Bilingual("until", "至")
FROM = Bilingual("from", "自")


def catalogue_lines(entries: Sequence[Entry], on: dt.date, language: Language, width: int) -> Iterator[str]:
    """The measures by their first head, each with its number, period, kind, claim and tag."""
    heads: dict[Head, list[Entry]] = {head: [] for head in HEADS}  # type: ignore[misc]
    for entry in entries:
        heads[entry.measure.head[0]].append(entry)
    for head, of in heads.items():
        if of:
            yield from wrap(f"{HEADS[head][language]} ({len(of)})", width)
            for entry in of:
                yield from _entry(entry, language, width)
            yield ""
    count = len(entries)
    said = Bilingual(
        f"{count} measure{'' if count == 1 else 's'} on {day_text(on).en}.", f"{day_text(on).zh}共{count}项措施。"
    )
    yield said[language]


def _entry(entry: Entry, language: Language, width: int) -> Iterator[str]:
    measure, sign = entry.measure, colon(language)
    tag = "" if entry.rule.confidence == "A" else f" [{entry.rule.confidence}]"
    yield from wrap(f"{entry.scheme.title[language]}{tag}  {entry.scheme.id}", width, "  ", "    ")
    start, end = day_text(entry.version.first), entry.version.last
    period = f"{start.zh}起" if language == "zh" else f"{FROM.en} {start.en}"
    if end is not None:
        period = (
            f"{start.zh}{UNTIL.zh}{day_text(end).zh}" if language == "zh" else f"{period} {UNTIL.en} {day_text(end).en}"
        )
    levels = LEVELS[measure.level][language]
    if entry.places:
        levels += f" {', '.join(entry.places)}" if language == "en" else f"（{'、'.join(entry.places)}）"
    comma = COMMA[language] if language == "zh" else "; "
    difficulties = listed([DIFFICULTIES[d] for d in measure.difficulty], COMMA)[language]
    yield from wrap(comma.join([entry.instrument.number, period, levels, difficulties]), width, "    ", "      ")
    claim = HOWS[measure.claim.how][language]
    if measure.claim.where is not None:
        claim += f"{sign}{measure.claim.where[language]}"
    parts = [KINDS[measure.kind][language], claim]
    if entry.deadline is not None:
        word = "passed" if entry.deadline < entry.on else "deadline"
        parts.append(f"{RELIEF_WORDS[word][language]}{sign}{day_text(entry.deadline)[language]}")
    yield from wrap(("；" if language == "zh" else "; ").join(parts), width, "    ", "      ")
    if entry.stale:
        reviewed = day_text(entry.instrument.reviewed)[language]
        yield from wrap(f"! {RELIEF_WORDS['stale'][language].format(reviewed)}", width, "    ", "      ")
