"""A small vocabulary and a folder of law files to write wrong law into."""

from __future__ import annotations

import datetime as dt
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest

from yiqi.law.check import check_law
from yiqi.law.diagnostics import Diagnostic
from yiqi.law.library import read_law
from yiqi.law.tree import Law

TODAY = dt.date(2026, 6, 1)
FACTS = Path(__file__).with_name("facts.yaml")
FRONT = """\
---
id: {id}
number: 试〔2026〕2号
title: {{en: Measures on trial, zh: 试行办法}}
cite: {{en: Trial 2026 No. 2, zh: 试〔2026〕2号}}
issuer: {{en: Ministry, zh: 部}}
issued: 2026-01-16
in_force: 2026-04-01
reviewed: 2026-05-01
subject: ladder
{more}---
"""


class Folder:
    """A folder of law files that a test writes."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.written: dict[str, str] = {}
        (path / "facts").mkdir()
        self.write("facts/all.yaml", FACTS.read_text(encoding="utf-8"))

    def write(self, name: str, text: str) -> None:
        path = self.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        self.written[name] = text

    def law(self, body: str, *, instrument: str = "trial", more: str = "", name: str | None = None) -> None:
        """Write an instrument: its front matter, with ``more`` lines in it, and its body."""
        text = FRONT.format(id=instrument, more=more) + textwrap.dedent(body)
        self.write(name or f"{instrument}.md", text)

    def read(self) -> tuple[Law, list[Diagnostic]]:
        return read_law(self.path)

    def findings(self, *, facts: bool = False) -> list[Diagnostic]:
        """What reading and checking complain about; about facts that no rule reads only when ``facts``."""
        law, diagnostics = self.read()
        found = [*diagnostics, *check_law(law, self.path, TODAY)]
        return [d for d in found if facts or d.code not in ("unused-fact", "asked-fact")]


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


Marked = Callable[[Diagnostic], str]


@pytest.fixture
def marked() -> Marked:
    """The text above the caret of a diagnostic."""

    def text(diagnostic: Diagnostic) -> str:
        place = diagnostic.place
        assert place.excerpt is not None
        assert place.column is not None
        return place.excerpt[place.column - 1 : place.column - 1 + place.length]

    return text
