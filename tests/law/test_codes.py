"""Every code of a diagnostic is explained in the documentation, and nothing else is."""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "reference" / "law-check.md"

# Where the code stands among the arguments of what makes a diagnostic.
POSITIONS = {
    "Diagnostic": 1,
    "diagnostic": 1,
    "problem": 1,
    "_ProblemError": 1,
    "ProblemError": 1,
    "Circle": 1,
    "warning": 1,
    "_front": 2,
}


def position(call: ast.Call, module: str) -> int | None:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    if name == "error":
        return 0 if isinstance(call.func, ast.Attribute) else 1
    if name == "_error":
        return 0 if module == "located_yaml" else 2
    return POSITIONS.get(name)


def codes() -> set[str]:
    found = set()
    for path in (ROOT / "src" / "yiqi" / "law").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and (at := position(node, path.stem)) is not None and at < len(node.args):
                code = node.args[at]
                if isinstance(code, ast.Constant) and isinstance(code.value, str):
                    found.add(code.value)
    return found


def test_the_page_explains_every_code() -> None:
    rows = [line.split("|")[1] for line in PAGE.read_text(encoding="utf-8").split("\n") if line.startswith("| `")]
    explained = [code for cell in rows for code in re.findall(r"`([a-z-]+)`", cell)]
    assert len(explained) == len(set(explained))
    assert set(explained) == codes()
