"""Loads all law files of a folder into one :class:`~yiqi.law.tree.Law`."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import pickle
import re
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any, cast

from yiqi.law.bilingual import Bilingual
from yiqi.law.diagnostics import Diagnostic, DiagnosticError, Place, did_you_mean
from yiqi.law.document import MAXIMUM_BYTES, Document, Fence, Section, SourceText, read_document
from yiqi.law.duration import DurationError, parse_timing
from yiqi.law.measure_fence import read_measures
from yiqi.law.resolve import Resolver
from yiqi.law.syntax import Span
from yiqi.law.tree import CaseText, Confidence, Duty, Instrument, Law
from yiqi.law.version_table import read_versions
from yiqi.law.vocabulary import Vocabulary

FRONT_KEYS = {
    "id", "number", "title", "cite", "issuer", "issued", "in_force", "until", "replaces", "url", "reviewed", "region",
    "region_except", "confidence", "subject",
}  # fmt: skip
FRONT_REQUIRED = ("id", "number", "title", "cite", "issuer", "in_force", "reviewed", "subject")
_ID = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*\Z")
_REGION = re.compile(r"[0-9]{2,6}\Z")


def default_folder() -> Path:
    """The law that comes with Yiqi: ``YIQI_LAW`` when set, else the project's folder, else the installed copy."""
    if chosen := os.environ.get("YIQI_LAW"):
        return Path(chosen)
    here = Path(__file__).resolve()
    checkout = here.parents[3] / "law"
    return checkout if checkout.is_dir() else here.parents[1] / "_law"


def law_files(folder: Path) -> list[Path]:
    """Every law file below a folder, in a stable order (``README.md`` is not law)."""
    return sorted(p for p in folder.rglob("*.md") if p.name != "README.md" and not p.is_dir())


def read_law(folder: Path | None = None) -> tuple[Law, list[Diagnostic]]:
    """Read and type every file. Problems come back beside the law; ``load`` raises them instead.

    Nothing can be typed without facts: when the vocabulary has an error the law is empty.
    """
    folder = folder or default_folder()
    from yiqi.law.vocabulary_file import read_vocabulary

    try:
        vocabulary = read_vocabulary(folder / "facts")
    except DiagnosticError as error:
        return Law(Vocabulary(), {}, {}, ()), list(error.diagnostics)
    sources, unreadable = read_sources(folder)
    law, diagnostics = build(sources, vocabulary)
    return law, [*unreadable, *diagnostics]


def read_sources(folder: Path) -> tuple[list[SourceText], list[Diagnostic]]:
    """The text of every law file of a folder, named from the folder, and an error for each that is no text."""
    sources: list[SourceText] = []
    diagnostics: list[Diagnostic] = []
    for path in law_files(folder):
        name = path.relative_to(folder).as_posix()
        try:
            if path.stat().st_size > MAXIMUM_BYTES:
                size = Bilingual(f"the file is larger than {MAXIMUM_BYTES} bytes", f"文件超过{MAXIMUM_BYTES}字节")
                diagnostics.append(Diagnostic("error", "file-too-long", size, Place(name)))
                continue
            sources.append(SourceText(name, path.read_bytes().decode("utf-8")))
        except UnicodeDecodeError as error:
            line = path.read_bytes()[: error.start].count(b"\n") + 1
            diagnostics.append(
                Diagnostic(
                    "error", "encoding", Bilingual("the file is not UTF-8 text", "文件不是UTF-8文本"), Place(name, line),
                    Bilingual("save it as UTF-8", "请另存为UTF-8编码"),
                )
            )  # fmt: skip
        except OSError as error:
            reason = error.strerror or type(error).__name__
            message = Bilingual(f"the file cannot be read: {reason}", f"无法读取文件：{reason}")
            diagnostics.append(Diagnostic("error", "unreadable", message, Place(name)))
    return sources, diagnostics


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
        if not document.front_matter and document.diagnostics:
            continue  # why there is none has been said
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
    schemes, versions = read_versions(version_files, resolver.rules, diagnostics, resolver.suggest)
    described = [(front["id"], front["subject"], document) for document, front in instruments]
    measures, problems = read_measures(described, resolver.rules, schemes, versions)
    diagnostics.extend(problems)
    built: dict[str, Instrument] = {}
    for document, front in instruments:
        rules = {r.id: r for r in resolver.rules.values() if r.instrument == front["id"]}
        built[front["id"]] = Instrument(
            file=document.source.name,
            rules=rules,
            cases=tuple(_cases(document)),
            duties=tuple(_duties(document, diagnostics)),
            measures={rule: measure for rule, measure in measures.items() if rule in rules},
            **front,
        )
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


CACHES_KEPT = 8
"""Other checkouts and other law folders of the same user have caches of their own; the oldest go first."""
CHECKSUM = 16


def _cache_path(folder: Path) -> Path | None:
    """Where the law of a folder is kept, None where the user has no home folder."""
    digest = hashlib.blake2b(digest_size=16)
    own = Path(__file__).parent
    for path in sorted(
        (*law_files(folder), *(folder / "facts").glob("*.yaml"), *folder.rglob("*.csv"), *own.glob("*.py"))
    ):
        digest.update(str(path).encode())
        digest.update(path.read_bytes())
    try:
        base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    except RuntimeError:
        return None
    return base / "yiqi" / f"law-{digest.hexdigest()}.pickle"


def _from_cache(path: Path) -> Law | None:
    try:
        content = path.read_bytes()
    except OSError:
        return None
    if hashlib.blake2b(content[CHECKSUM:], digest_size=CHECKSUM).digest() != content[:CHECKSUM]:
        return None  # cut short or damaged: the law is read again and the file replaced
    # The file was written by this program into the user's own cache folder; anyone who can write there can already
    # change this program. Its name holds the digest of the law and of the code, so it fits both.
    law = pickle.loads(content[CHECKSUM:])
    return law if isinstance(law, Law) else None


def _to_cache(path: Path, law: Law) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        content = pickle.dumps(law, protocol=pickle.HIGHEST_PROTOCOL)
        with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
            file.write(hashlib.blake2b(content, digest_size=CHECKSUM).digest() + content)
        Path(file.name).replace(path)
        kept = sorted(path.parent.glob("law-*.pickle"), key=lambda p: p.stat().st_mtime, reverse=True)
        for old in kept[CACHES_KEPT:]:
            old.unlink(missing_ok=True)
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
            remedy = did_you_mean(str(key), FRONT_KEYS)
            error(
                str(key), "unknown-key", f"`{key}` is not a key of the front matter", f"“{key}”不是元数据的键", remedy
            )
    for key in FRONT_REQUIRED:
        if front.get(key) in (None, ""):
            error(key, "missing-key", f"the front matter lacks `{key}`", f"元数据缺少“{key}”")

    def bilingual(key: str) -> Bilingual:
        value = front.get(key)
        if isinstance(value, dict) and set(value) == {"en", "zh"} and all(isinstance(v, str) for v in value.values()):
            return Bilingual(value["en"], value["zh"])
        if value is not None:
            error(key, "tongues", f"`{key}` is {{en: …, zh: …}}", f"“{key}”应写为{{en: …, zh: …}}")
        return Bilingual("", "")

    def date(key: str) -> dt.date | None:
        value = front.get(key)
        if value is None or isinstance(value, dt.date):
            return value
        error(key, "date", f"`{key}` is a date such as 2026-04-01", f"“{key}”应为日期，例如2026-04-01")
        return None

    def text(key: str) -> str:
        value = front.get(key)
        if isinstance(value, (dict, list)):
            error(key, "wrong-shape", f"`{key}` is a text", f"“{key}”应为文本")
            return ""
        return "" if value is None else str(value)

    def texts(key: str, form: re.Pattern[str], en: str, zh: str) -> tuple[str, ...]:
        value = front.get(key)
        found = tuple(str(v) for v in value) if isinstance(value, list) else (str(value),) if value is not None else ()
        if key in front and (not found or not all(form.match(v) for v in found)):
            error(key, "wrong-shape", f"`{key}` is {en}, or a list of them", f"“{key}”应为{zh}或其列表")
        return found

    identifier = text("id")
    if identifier and not _ID.match(identifier):
        error(
            "id",
            "instrument-id",
            "an id has lower-case letters, digits and single hyphens",
            "标识由小写字母、数字和单个连字符组成",
        )
    prefix = ('a prefix of region codes such as "44"', '地区代码前缀（例如"44"）')
    confidence = str(front.get("confidence", "A"))
    if confidence not in ("A", "B", "C", "D"):
        error("confidence", "confidence", "confidence is A, B, C or D", "可信度应为A、B、C或D")
    result: dict[str, Any] = {
        "id": identifier, "number": text("number"), "title": bilingual("title"), "cite": bilingual("cite"),
        "issuer": bilingual("issuer"), "issued": date("issued"), "in_force": date("in_force"), "until": date("until"),
        "replaces": texts("replaces", _ID, "the id of an instrument", "法规文件的标识"),
        "url": text("url") or None, "reviewed": date("reviewed"), "regions": texts("region", _REGION, *prefix),
        "regions_except": texts("region_except", _REGION, *prefix), "confidence": cast(Confidence, confidence),
        "subject": text("subject"),
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


_STEP = re.compile(r"[a-z][a-z0-9_]*\Z")
_ACTOR = re.compile(r"(?:^|\s)by ([a-z_]+)\Z")


def _duties(document: Document, diagnostics: list[Diagnostic]) -> Iterable[Duty]:
    """The steps of every procedure fence: an unindented line opens a process, an indented one is a step with its actor."""
    source = document.source
    for scope, section in (("", document.root), *_walk_with_path(document.root)):
        for block in section.blocks:
            if not isinstance(block, Fence) or block.word != "procedure":
                continue
            process: str | None = None
            for number, text in block.lines:
                span = source.line_span(number)
                if not text.strip():
                    continue
                if not text.startswith(" "):
                    process = text.strip().rstrip(":：")
                    if process == text.strip():
                        diagnostics.append(
                            source.diagnostic(
                                "error", "procedure-form", span,
                                "a line that opens a process ends in `:`", "引出流程的行以冒号结尾",
                                Bilingual("indent the steps below it", "其下的步骤请缩进"),
                            )
                        )  # fmt: skip
                    continue
                step, _, rest = text.strip().partition(" ")
                actor = _ACTOR.search(rest)
                if process is None or not _STEP.match(step) or actor is None:
                    diagnostics.append(
                        source.diagnostic(
                            "error", "procedure-form", span,
                            "a step stands below its process as `step  within how long  by actor`",
                            "步骤应写在流程之下：`步骤  期限  by 办理方`",
                        )
                    )  # fmt: skip
                    continue
                try:
                    timing = parse_timing(rest[: actor.start()])
                except DurationError as error:
                    said = error.message
                    diagnostics.append(
                        source.diagnostic("error", "procedure-duration", span, said.en, said.zh, error.remedy)
                    )
                    continue
                yield Duty(scope, process, step, timing, actor[1], rest.strip(), span)
