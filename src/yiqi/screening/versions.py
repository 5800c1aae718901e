"""The two versions of the law that are compared: two days, two law files, one law file edited, or two folders.

A version is the law as it stood on one day, with one rule per scheme. Both are then asked about acts of the same day with
the same figures, so that what differs in the answers differs in the law.

==============  ========================================  ==============================================
given           rule of a scheme                          stands as of
==============  ========================================  ==============================================
two days        that of the version table on each day     each day
two folders     that of each folder's version table       the day asked about
files of two    the one that each instrument gives        the last day, up to the day asked about, on which
instruments     for the scheme                            the version table uses those rules
one file,       the one that the instrument gives, for    the same
edited          other schemes that of the version table
==============  ========================================  ==============================================

As of which day a version stands decides which local and yearly files count in it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Literal

from yiqi.judge.judge import Judge
from yiqi.law.bilingual import Bilingual
from yiqi.law.diagnostics import Diagnostic, DiagnosticError, Place
from yiqi.law.document import SourceText, read_document
from yiqi.law.library import build, default_folder, load, read_sources
from yiqi.law.syntax import Span
from yiqi.law.tree import Law, VersionRow
from yiqi.law.vocabulary import Fact, Vocabulary

Given = dt.date | Path
Kind = Literal["days", "folders", "instruments", "edited"]

SIZE = "size.class"

_NOWHERE = Span(1, 1, 1)


@dataclass(frozen=True)
class Version:
    """One version. ``law`` has one rule per scheme, whatever the day; ``as_of`` is the day as of which it stands."""

    law: Law
    rules: Mapping[str, str]
    """The rule of each scheme that can be compared."""
    as_of: dt.date
    given: str
    instrument: str | None
    """The id of the law file, where one was given."""

    @cached_property
    def judge(self) -> Judge:
        """Judges under this version; what it prepares is kept with it."""
        return Judge(self.law)


@dataclass(frozen=True)
class Versions:
    """Two versions to compare.

    ``on`` is the day of the acts that both are asked about. ``schemes`` have a rule in both; those of ``one_sided`` in
    one only (``before`` or ``after``). ``vocabulary`` has the facts of both.
    """

    before: Version
    after: Version
    kind: Kind
    on: dt.date
    procedure: str
    schemes: tuple[str, ...]
    one_sided: Mapping[str, str]
    vocabulary: Vocabulary


def read_versions(
    before: Given, after: Given, *, on: dt.date, procedure: str = "new", folder: Path | None = None
) -> Versions:
    """Read the two versions. ``folder`` is the law that single files belong to (None: the law that comes with Yiqi).

    Two days may be given with any ``on``. Raises :class:`DiagnosticError` with what is wrong and what to do.
    """
    if isinstance(before, dt.date) and isinstance(after, dt.date):
        kind: Kind = "days"
        pair = _days(before, after, procedure, folder)
    elif isinstance(before, Path) and isinstance(after, Path):
        for path in (before, after):
            if not path.exists():
                raise _error("no-version", str(path), "there is no such file or folder, and it is no day",
                             "没有这个文件或文件夹，也不是日期", _USE)  # fmt: skip
        if before.is_dir() != after.is_dir():
            raise _mixed(before, after)
        if before.is_dir():
            kind = "folders"
            pair = _folders(before, after, on, procedure)
        else:
            files = [_File.read(path, folder or default_folder()) for path in (before, after)]
            kind = "edited" if files[0].instrument == files[1].instrument else "instruments"
            pair = _files(files[0], files[1], on, procedure)
    else:
        raise _mixed(before, after)
    first, second = (version.rules for version in pair)
    both = tuple(s for s in sorted(pair[1].law.schemes, key=lambda s: s != SIZE) if s in first and s in second)
    one_sided = {s: "before" for s in first if s not in second} | {s: "after" for s in second if s not in first}
    if not both:
        raise _nothing_in_common(pair)
    return Versions(
        *pair, kind, on, procedure, both, one_sided, _one_vocabulary(pair[0].law.vocabulary, pair[1].law.vocabulary)
    )


# -- days and folders -------------------------------------------------------------------------------------------------


def _days(before: dt.date, after: dt.date, procedure: str, folder: Path | None) -> tuple[Version, Version]:
    if before == after:
        raise _error("same-version", before.isoformat(), "both versions are the law of the same day",
                     "两个版本是同一天的法规", _USE)  # fmt: skip
    law = load(folder)
    first, second = (
        _version(law, day, procedure, _table_rules(law, procedure, day), day.isoformat(), None)
        for day in (before, after)
    )
    return first, second


def _folders(before: Path, after: Path, on: dt.date, procedure: str) -> tuple[Version, Version]:
    if before.resolve() == after.resolve():
        raise _error("same-version", str(before), "both versions are the same folder", "两个版本是同一个文件夹",
                     Bilingual("copy the folder, change the copy and compare the two",
                               "请复制一份文件夹，修改后再比较"))  # fmt: skip
    found = []
    for path in (before, after):
        law = load(path)
        if not law.schemes:
            raise _error("no-law", str(path), "the folder has no table of versions, so no rule decides anything",
                         "文件夹中没有版本表，没有规则可用", _USE)  # fmt: skip
        found.append(_version(law, on, procedure, _table_rules(law, procedure, on), str(path), None))
    return found[0], found[1]


# -- files ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _File:
    """A law file, and the law in which it stands in the place of the file of the same instrument."""

    path: Path
    text: str
    instrument: str
    law: Law

    @classmethod
    def read(cls, path: Path, folder: Path) -> _File:
        try:
            text = path.read_bytes().decode("utf-8")
        except UnicodeDecodeError:
            raise _error("encoding", str(path), "the file is not UTF-8 text, so it is no law file",
                         "文件不是UTF-8文本，不是法规文件", _USE) from None  # fmt: skip
        except OSError as error:
            reason = error.strerror or type(error).__name__
            raise _error("unreadable", str(path), f"the file cannot be read: {reason}", f"无法读取文件：{reason}",
                         None) from None  # fmt: skip
        front = read_document(SourceText(str(path), text)).front_matter
        if "schemes" in front:
            raise _error("version-table", str(path), "this is a table of versions, not the rules of one instrument",
                         "这是版本表，不是某一规定的规则",
                         Bilingual("copy the whole law folder, change the table there and compare the two folders",
                                   "请复制整个法规文件夹，在其中修改版本表，再比较两个文件夹"))  # fmt: skip
        identifier = front.get("id")
        if not isinstance(identifier, str) or not identifier:
            raise _error("no-law", str(path), "this is no law file: it does not begin with the `id` of an instrument",
                         "这不是法规文件：开头没有规定的标识（id）", _USE)  # fmt: skip
        return cls(path, text, identifier, _law_with(path, text, identifier, folder))


def _law_with(path: Path, text: str, identifier: str, folder: Path) -> Law:
    """The law of a folder, with this file in the place of the one of the same instrument, or added to it."""
    law = load(folder)
    own = law.instruments.get(identifier)
    if own is not None and (folder / own.file).read_text(encoding="utf-8") == text:
        return law
    sources, unreadable = read_sources(folder)
    place = own.file if own is not None else str(path)
    edited = [SourceText(str(path), text) if s.name == place else s for s in sources]
    if own is None:
        edited.append(SourceText(str(path), text))
    law, diagnostics = build(edited, law.vocabulary)
    errors = [d for d in (*unreadable, *diagnostics) if d.severity == "error"]
    if errors:
        raise DiagnosticError(errors)
    return law


def _files(before: _File, after: _File, on: dt.date, procedure: str) -> tuple[Version, Version]:
    if before.text == after.text:
        raise _error("same-version", str(after.path), "both files say the same, word for word", "两个文件内容完全相同",
                     Bilingual("copy the file, change the copy and compare the two", "请复制一份文件，修改后再比较"))  # fmt: skip
    given = [_instrument_rows(f.law, f.instrument, procedure, on) for f in (before, after)]
    shared = set(given[0]) & set(given[1])
    same = before.instrument == after.instrument
    found = []
    for file, rows in zip((before, after), given, strict=True):
        # Rows of schemes that the other file does not give do not say as of when this one is meant.
        days = [_last_day(row, on) for scheme, row in rows.items() if scheme in shared]
        as_of = min(days, default=_day_in_force(file.law, file.instrument, on))
        rules = {scheme: row.rule for scheme, row in rows.items()}
        if same:
            rules = _table_rules(file.law, procedure, as_of) | rules
        found.append(_version(file.law, as_of, procedure, rules, str(file.path), file.instrument))
    return found[0], found[1]


def _instrument_rows(law: Law, instrument: str, procedure: str, on: dt.date) -> dict[str, VersionRow]:
    """The row of the version table by which an instrument gives each scheme: that of the day, else the latest one.

    An instrument that the table does not name yet (a draft) gives a scheme by a heading of the scheme's name.
    """
    found: dict[str, VersionRow] = {}
    for row in law.versions:
        if row.rule.partition("#")[0] != instrument or row.procedure not in ("any", procedure):
            continue
        held = found.get(row.scheme)
        if held is None or row.covers(procedure, on) or (row.first > held.first and not held.covers(procedure, on)):
            found[row.scheme] = row
    if not found:
        for scheme in law.schemes:
            rule = law.instruments[instrument].rules.get(f"{instrument}#{scheme.partition('.')[2]}")
            if rule is not None and rule.body is not None:
                found[scheme] = VersionRow(scheme, procedure, on, None, rule.id, "", _NOWHERE)
    return found


def _last_day(row: VersionRow, on: dt.date) -> dt.date:
    return row.first if on < row.first else min(on, row.last or on)


def _day_in_force(law: Law, instrument: str, on: dt.date) -> dt.date:
    """For a file that gives no scheme itself (a local or yearly one): the day asked about, or the nearest one on which it
    counts."""
    found = law.instruments[instrument]
    return max(found.in_force, min(on, found.until or on))


# -- the law as of a day ----------------------------------------------------------------------------------------------


def _table_rules(law: Law, procedure: str, on: dt.date) -> dict[str, str]:
    return {s: row.rule for s in law.schemes if (row := law.version(s, procedure, on)) is not None}


def _version(
    law: Law, day: dt.date, procedure: str, rules: Mapping[str, str], given: str, instrument: str | None
) -> Version:
    # Enterprises are grouped by their size class whatever is compared.
    size = {s: r for s, r in _table_rules(law, procedure, day).items() if s == SIZE}
    return Version(_as_of(law, day, size | dict(rules)), rules, day, given, instrument)


def _as_of(law: Law, day: dt.date, rules: Mapping[str, str]) -> Law:
    """The law as it stood on a day, for acts of any day: these rules, and the local and yearly files then in force."""
    instruments = {
        name: replace(found, in_force=dt.date.min, until=None) if found.in_force_on(day) else found
        for name, found in law.instruments.items()
    }
    kept = {
        rule: tuple(r for r in found if law.instruments[r.partition("#")[0]].in_force_on(day))
        for rule, found in law.replacements.items()
    }
    return replace(
        law,
        instruments=instruments,
        versions=tuple(VersionRow(s, "any", dt.date.min, None, rule, "", _NOWHERE) for s, rule in rules.items()),
        replacements={rule: found for rule, found in kept.items() if found},
    )


# -- facts ------------------------------------------------------------------------------------------------------------


def _one_vocabulary(before: Vocabulary, after: Vocabulary) -> Vocabulary:
    """The facts of both. Raises :class:`DiagnosticError` where one fact means two things: a table has one column for it."""
    differing = [fact for fact in after if (old := before.get(fact.id)) is not None and _meaning(old) != _meaning(fact)]
    if differing:
        raise DiagnosticError([
            Diagnostic(
                "error", "other-fact",
                Bilingual(f"the fact `{fact.id}` is declared otherwise in the two versions",
                          f"事实“{fact.id}”在两个版本中的定义不同"),
                Place(fact.file, fact.line),
                Bilingual("give the new meaning a fact of its own", "请为新的含义另设一个事实"),
            )
            for fact in differing
        ])  # fmt: skip
    return Vocabulary(dict(before.facts) | dict(after.facts), after.relations)


def _meaning(fact: Fact) -> tuple[object, ...]:
    members = tuple(member.id for member in fact.members)
    return fact.type, fact.per, fact.unit, fact.minimum, fact.maximum, members, fact.ordered


# -- what can be wrong ------------------------------------------------------------------------------------------------

_USE = Bilingual(
    "give two days (2025-06-30), two law files (law/ladder/miit-2022-63.md), or two law folders",
    "请给出两个日期（2025-06-30）、两个法规文件（law/ladder/miit-2022-63.md）或两个法规文件夹",
)


def _error(code: str, place: str, en: str, zh: str, remedy: Bilingual | None) -> DiagnosticError:
    return DiagnosticError([Diagnostic("error", code, Bilingual(en, zh), Place(place), remedy)])


def _mixed(before: Given, after: Given) -> DiagnosticError:
    kinds = [_kind_of(given) for given in (before, after)]
    return _error(
        "two-kinds", str(after), f"{kinds[0].en} cannot be compared with {kinds[1].en}",
        f"{kinds[0].zh}和{kinds[1].zh}不能比较", _USE,
    )  # fmt: skip


def _kind_of(given: Given) -> Bilingual:
    if isinstance(given, dt.date):
        return Bilingual("a day", "日期")
    return Bilingual("a folder", "文件夹") if given.is_dir() else Bilingual("a file", "文件")


def _nothing_in_common(pair: Iterable[Version]) -> DiagnosticError:
    given = [(version.given, ", ".join(version.rules) or "–") for version in pair]
    en = "; ".join(f"{name} gives {schemes}" for name, schemes in given)
    zh = "；".join(f"{name}：{schemes}" for name, schemes in given)
    return _error(
        "no-common-scheme", given[1][0], f"no scheme has a rule in both versions: {en}", f"没有两个版本都规定的项目：{zh}",
        Bilingual("compare instruments of the same subject", "请比较同一事项的规定"),
    )  # fmt: skip
