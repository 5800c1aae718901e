"""Loads all law files of a folder into one :class:`~yiqi.law.tree.Law`."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import pickle
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any, cast

from yiqi.law.bilingual import Bilingual
from yiqi.law.diagnostics import Diagnostic, DiagnosticError, did_you_mean
from yiqi.law.document import Document, Fence, Section, SourceText, TableBlock, read_document
from yiqi.law.resolve import Resolver
from yiqi.law.syntax import Span
from yiqi.law.tree import CaseText, Confidence, Duty, Instrument, Law, Rule, Scheme, VersionRow
from yiqi.law.vocabulary import Vocabulary

FRONT_KEYS = {
    "id", "number", "title", "cite", "issuer", "issued", "in_force", "until", "replaces", "url", "reviewed", "region",
    "region_except", "confidence", "subject",
}  # fmt: skip
FRONT_REQUIRED = ("id", "number", "title", "cite", "issuer", "in_force", "reviewed", "subject")
VERSION_KEYS = {"subject", "title", "schemes"}
VERSION_HEADER = ("scheme", "procedure", "acts from", "acts until", "rule")
NO_RULE = "none"
"""In the column `rule`: that nothing decides on these days is known and meant."""


def default_folder() -> Path:
    """The law that comes with Yiqi: ``YIQI_LAW`` when set, else the project's folder, else the installed copy."""
    if chosen := os.environ.get("YIQI_LAW"):
        return Path(chosen)
    here = Path(__file__).resolve()
    checkout = here.parents[3] / "law"
    return checkout if checkout.is_dir() else here.parents[1] / "_law"


def law_files(folder: Path) -> list[Path]:
    """Every law file below a folder, in a stable order (``README.md`` is not law)."""
    return sorted(p for p in folder.rglob("*.md") if p.name != "README.md")


def read_law(folder: Path | None = None) -> tuple[Law, list[Diagnostic]]:
    """Read and type every file. Problems come back beside the law; ``load`` raises them instead."""
    folder = folder or default_folder()
    from yiqi.law.vocabulary_file import read_vocabulary

    vocabulary = read_vocabulary(folder / "facts")
    sources = [SourceText(str(path.relative_to(folder)), path.read_text(encoding="utf-8")) for path in law_files(folder)]
    return build(sources, vocabulary)


def build(sources: Iterable[SourceText], vocabulary: Vocabulary) -> tuple[Law, list[Diagnostic]]:
    """Type a set of law files against a vocabulary."""
    diagnostics: list[Diagnostic] = []
    resolver = Resolver(vocabulary)
    instruments: list[tuple[Document, dict[str, Any]]] = []
    version_files: list[Document] = []
    seen: dict[str, str] = {}
    for source in sources:
        document = read_document(source)
        diagnostics.extend(document.diagnostics)
        if "schemes" in document.front_matter:
            version_files.append(document)
            continue
        front = _front_matter(document, diagnostics)
        if front is None:
            continue
        if front["id"] in seen:
            diagnostics.append(
                source.diagnostic(
                    "error", "duplicate-instrument", Span(document.front_lines.get("id", 1), 1, 2),
                    f"the id `{front['id']}` is also that of {seen[front['id']]}", f"标识“{front['id']}”与{seen[front['id']]}重复",
                )
            )  # fmt: skip
            continue
        seen[front["id"]] = source.name
        resolver.add_document(document, front["id"], front["cite"], front["confidence"])
        instruments.append((document, front))
    resolver.infer_kinds()
    resolver.resolve_all()
    diagnostics.extend(resolver.diagnostics)
    built: dict[str, Instrument] = {}
    for document, front in instruments:
        rules = {r.id: r for r in resolver.rules.values() if r.instrument == front["id"]}
        built[front["id"]] = Instrument(
            file=document.source.name, rules=rules, cases=tuple(_cases(document)), duties=tuple(_duties(document)), **front
        )
    schemes, versions = _versions(version_files, resolver.rules, diagnostics)
    replacements: dict[str, list[str]] = {}
    for rule in resolver.rules.values():
        if rule.replaces:
            replacements.setdefault(rule.replaces, []).append(rule.id)
    law = Law(vocabulary, built, schemes, tuple(versions), {k: tuple(v) for k, v in replacements.items()})
    return law, diagnostics


def load(folder: Path | None = None, *, cache: bool = True) -> Law:
    """The law of a folder, from the cache when no file changed.

    Raises :class:`DiagnosticError` with every error when a file is wrong. The cache lies in the user's cache folder and
    is keyed by the content of every law file and of this program; a cache that cannot be read or written is not used.
    """
    folder = folder or default_folder()
    if not folder.is_dir():
        raise FileNotFoundError(f"{folder}: there is no folder of law files here")
    path = _cache_path(folder) if cache else None
    if path is not None and (law := _from_cache(path)) is not None:
        return law
    law, diagnostics = read_law(folder)
    errors = [d for d in diagnostics if d.severity == "error"]
    if errors:
        raise DiagnosticError(errors)
    if path is not None:
        _to_cache(path, law)
    return law


# -- cache ------------------------------------------------------------------------------------------------------------


def _cache_path(folder: Path) -> Path:
    digest = hashlib.blake2b(digest_size=16)
    own = Path(__file__).parent
    for path in sorted((*law_files(folder), *(folder / "facts").glob("*.yaml"), *own.glob("*.py"))):
        digest.update(str(path).encode())
        digest.update(path.read_bytes())
    base = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    return Path(base) / "yiqi" / f"law-{digest.hexdigest()}.pickle"


def _from_cache(path: Path) -> Law | None:
    try:
        # The file was written by this program into the user's own cache folder; anyone who can write there can
        # already change this program.
        with path.open("rb") as file:
            law = pickle.load(file)
    except (OSError, EOFError, pickle.UnpicklingError, AttributeError, ImportError, IndexError):
        return None
    return law if isinstance(law, Law) else None


def _to_cache(path: Path, law: Law) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        for old in path.parent.glob("law-*.pickle"):
            old.unlink(missing_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
            pickle.dump(law, file, protocol=pickle.HIGHEST_PROTOCOL)
        os.replace(file.name, path)
    except OSError:
        # A read-only or full home only costs the time of reading the law again.
        return


# -- front matter -----------------------------------------------------------------------------------------------------


def _front_matter(document: Document, diagnostics: list[Diagnostic]) -> dict[str, Any] | None:
    front, source = document.front_matter, document.source
    before = len(diagnostics)

    def error(key: str, code: str, en: str, zh: str, remedy: Bilingual | None = None) -> None:
        line = document.front_lines.get(key, 1)
        diagnostics.append(source.diagnostic("error", code, source.line_span(line), en, zh, remedy))

    for key in front:
        if key not in FRONT_KEYS:
            error(key, "unknown-key", f"`{key}` is not a key of the front matter", f"“{key}”不是元数据的键", did_you_mean(key, FRONT_KEYS))
    for key in FRONT_REQUIRED:
        if front.get(key) in (None, ""):
            error(key, "missing-key", f"the front matter lacks `{key}`", f"元数据缺少“{key}”")

    def bilingual(key: str) -> Bilingual:
        value = front.get(key)
        if isinstance(value, dict) and set(value) == {"en", "zh"}:
            return Bilingual(str(value["en"]), str(value["zh"]))
        if value is not None:
            error(key, "tongues", f"`{key}` is {{en: …, zh: …}}", f"“{key}”应写为{{en: …, zh: …}}")
        return Bilingual("", "")

    def date(key: str) -> dt.date | None:
        value = front.get(key)
        if value is None or isinstance(value, dt.date):
            return value
        error(key, "date", f"`{key}` is a date such as 2026-04-01", f"“{key}”应为日期，例如2026-04-01")
        return None

    def texts(key: str) -> tuple[str, ...]:
        value = front.get(key)
        return tuple(str(v) for v in value) if isinstance(value, list) else (str(value),) if value is not None else ()

    confidence = str(front.get("confidence", "A"))
    if confidence not in "ABCD":
        error("confidence", "confidence", "confidence is A, B, C or D", "可信度应为A、B、C或D")
    result: dict[str, Any] = {
        "id": str(front.get("id", "")), "number": str(front.get("number", "")), "title": bilingual("title"),
        "cite": bilingual("cite"), "issuer": bilingual("issuer"), "issued": date("issued"),
        "in_force": date("in_force"), "until": date("until"), "replaces": texts("replaces"), "url": front.get("url"),
        "reviewed": date("reviewed"), "regions": texts("region"), "regions_except": texts("region_except"),
        "confidence": cast(Confidence, confidence), "subject": str(front.get("subject", "")),
    }  # fmt: skip
    return result if len(diagnostics) == before else None


def _walk_with_path(section: Section, path: str = "") -> Iterable[tuple[str, Section]]:
    for child in section.sections:
        own = (f"{path}.{child.id}" if path else child.id) if child.id else path
        yield own, child
        yield from _walk_with_path(child, own)


def _cases(document: Document) -> Iterable[CaseText]:
    for path, section in _walk_with_path(document.root):
        for block in section.blocks:
            if isinstance(block, Fence) and block.word == "case":
                yield CaseText(path, block.line, block.text)


def _duties(document: Document) -> Iterable[Duty]:
    for path, section in _walk_with_path(document.root):
        for block in section.blocks:
            if isinstance(block, Fence) and block.word == "procedure":
                process = ""
                for number, text in block.lines:
                    if not text.strip():
                        continue
                    if not text.startswith(" "):
                        process = text.strip().rstrip(":：")
                    else:
                        step, _, rest = text.strip().partition(" ")
                        yield Duty(process, step, rest.strip(), Span(number, 1, len(text)))


# -- versions ---------------------------------------------------------------------------------------------------------


def _versions(
    documents: list[Document], rules: dict[str, Rule], diagnostics: list[Diagnostic]
) -> tuple[dict[str, Scheme], list[VersionRow]]:
    schemes: dict[str, Scheme] = {}
    versions: list[VersionRow] = []
    for document in documents:
        source = document.source
        for key in document.front_matter:
            if key not in VERSION_KEYS:
                diagnostics.append(
                    source.diagnostic("error", "unknown-key", source.line_span(document.front_lines[key]), f"`{key}` is not a key of a version file", f"“{key}”不是版本文件的键", did_you_mean(key, VERSION_KEYS))
                )
        subject = str(document.front_matter.get("subject", ""))
        declared = document.front_matter.get("schemes") or {}
        for name, title in declared.items():
            schemes[f"{subject}.{name}"] = Scheme(f"{subject}.{name}", Bilingual(str(title["en"]), str(title["zh"])), source.name)
        for section in document.root.walk():
            for block in section.blocks:
                if isinstance(block, TableBlock):
                    versions.extend(_version_rows(document, block, subject, schemes, rules, diagnostics))
    return schemes, versions


def _version_rows(
    document: Document,
    block: TableBlock,
    subject: str,
    schemes: dict[str, Scheme],
    rules: dict[str, Rule],
    diagnostics: list[Diagnostic],
) -> Iterable[VersionRow]:
    source = document.source
    if tuple(c.text for c in block.header) != VERSION_HEADER:
        diagnostics.append(
            source.diagnostic("error", "version-table", source.line_span(block.line), f"a version table has the columns {' | '.join(VERSION_HEADER)}", f"版本表的列应为{' | '.join(VERSION_HEADER)}")
        )
        return
    found: list[VersionRow] = []
    for cells in block.rows:
        scheme = f"{subject}.{cells[0].text}"
        problems = len(diagnostics)
        if scheme not in schemes:
            diagnostics.append(source.diagnostic("error", "unknown-scheme", cells[0].span, f"`{cells[0].text}` is not declared under `schemes`", f"“{cells[0].text}”未在schemes中声明", did_you_mean(cells[0].text, [s.partition(".")[2] for s in schemes])))
        if cells[1].text not in ("any", "new", "re_review"):
            diagnostics.append(source.diagnostic("error", "unknown-value", cells[1].span, "the procedure is any, new or re_review", "办理类型应为any、new或re_review"))
        dates: list[dt.date | None] = []
        for cell in cells[2:4]:
            try:
                dates.append(dt.date.fromisoformat(cell.text) if cell.text else None)
            except ValueError:
                diagnostics.append(source.diagnostic("error", "date", cell.span, "a date such as 2026-04-01", "日期，例如2026-04-01"))
                dates.append(None)
        if dates[0] is None:
            diagnostics.append(source.diagnostic("error", "date", cells[2].span, "the first day is missing", "缺少起始日期"))
        if cells[4].text not in rules and cells[4].text != NO_RULE:
            diagnostics.append(source.diagnostic("error", "unknown-rule", cells[4].span, f"`{cells[4].text}` is not a rule", f"没有规则“{cells[4].text}”", did_you_mean(cells[4].text, rules)))
        if len(diagnostics) > problems or dates[0] is None:
            continue
        row = VersionRow(scheme, cells[1].text, dates[0], dates[1], cells[4].text, source.name, cells[0].span)
        for other in found:
            same = other.scheme == row.scheme and ("any" in (other.procedure, row.procedure) or other.procedure == row.procedure)
            if same and row.first <= (other.last or dt.date.max) and other.first <= (row.last or dt.date.max):
                diagnostics.append(source.diagnostic("error", "version-overlap", cells[0].span, f"two rules decide `{scheme}` on the same day (the other stands on line {other.span.line})", f"“{scheme}”在同一天有两条规则（另一条在第{other.span.line}行）"))
        found.append(row)
    yield from (row for row in found if row.rule != NO_RULE)
