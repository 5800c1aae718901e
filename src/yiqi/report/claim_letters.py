"""Writes the letters of claims into a folder: a demand and a complaint for each debtor, as Word and PDF."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from yiqi.arrears.letter_details import NO_DETAILS, LetterDetails
from yiqi.law.bilingual import Bilingual, Language
from yiqi.report.claims import Claims
from yiqi.report.complaint_letter import complaint_letter
from yiqi.report.demand_letter import demand_letter
from yiqi.report.document import DocumentError
from yiqi.report.document_docx import write_docx
from yiqi.report.document_pdf import write_pdf
from yiqi.report.letter import Letter

LONGEST_NAME = 60
_UNFIT = re.compile(r'[\x00-\x1f<>:"/\\|?*\s]+')
DEMAND = Bilingual("demand", "催款函")
COMPLAINT = Bilingual("complaint", "投诉书")


@dataclass(frozen=True, slots=True)
class Written:
    """One letter that was written: its files, what is left to fill in, and what could not be written and why."""

    debtor: str
    kind: Bilingual
    files: tuple[Path, ...]
    blanks: tuple[Bilingual, ...]
    failed: Bilingual | None = None


def write_letters(
    claims: Sequence[Claims],
    folder: Path,
    language: Language,
    progress: Callable[[int, int], None] | None = None,
    *,
    details: LetterDetails = NO_DETAILS,
) -> Iterator[Written]:
    """Write every letter; a folder that is not there is made. Raises ``OSError``.

    Threads share the work: typst, which takes most of the time, runs beside Python.
    """
    folder.mkdir(parents=True, exist_ok=True)
    taken: set[str] = set()
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        begun = []
        for claim in claims:
            stem = folder / _stem(claim.debtor, taken)
            demand = demand_letter(details.of(claim.demand), language, pay_by=details.pay_by, account=details.account)
            of_claim = [pool.submit(_write, demand, claim.debtor, DEMAND, stem, language)]
            if claim.complaint is not None:
                complaint = complaint_letter(details.of(claim.complaint), language)
                of_claim.append(pool.submit(_write, complaint, claim.debtor, COMPLAINT, stem, language))
            begun.append(of_claim)
        try:
            for number, of_claim in enumerate(begun, start=1):
                for letter in of_claim:
                    yield letter.result()
                if progress is not None:
                    progress(number, len(claims))
        finally:  # after an error, or where nobody asks for more
            pool.shutdown(wait=True, cancel_futures=True)


def _write(letter: Letter, debtor: str, kind: Bilingual, stem: Path, language: Language) -> Written:
    name = f"{stem.name}_{kind[language]}_{letter.document.day.isoformat()}"
    files: list[Path] = []
    failed: Bilingual | None = None
    writers: tuple[tuple[str, Callable[..., bytes]], ...] = ((".docx", write_docx), (".pdf", write_pdf))
    for ending, write in writers:
        try:
            content = write(letter.document)
        except DocumentError as error:
            failed = error.text
            continue
        place = stem.with_name(name + ending)
        beside = place.with_name(place.name + ".part")
        beside.write_bytes(content)
        beside.replace(place)
        files.append(place)
    return Written(debtor, kind, tuple(files), tuple(blank.text for blank in letter.blanks), failed)


def _stem(debtor: str, taken: set[str]) -> str:
    """A name for files: without what no file system takes, and different for every debtor."""
    base = _UNFIT.sub("_", debtor).strip("._")[:LONGEST_NAME] or "debtor"
    stem, number = base, 2
    while stem.casefold() in taken:
        stem, number = f"{base}_{number}", number + 1
    taken.add(stem.casefold())
    return stem
