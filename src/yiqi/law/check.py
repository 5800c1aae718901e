"""What a well-typed law can still have wrong: prose that differs from its rule, tables with gaps, facts nobody uses."""

from __future__ import annotations

from pathlib import Path

from yiqi.law.diagnostics import Diagnostic
from yiqi.law.tree import Law


def check_law(law: Law, folder: Path) -> list[Diagnostic]:
    return []
