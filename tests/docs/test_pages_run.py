"""Pages do what they say: their files are written, their commands run, their outputs compared, in order.

What the two READMEs show of an output is compared in the same way."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = (
    "docs/tutorial/add-a-provincial-rule.md",
    "docs/how-to/try-a-rule-change.md",
    "docs/how-to/screen-a-table.md",
    "docs/how-to/count-a-deadline.md",
    "docs/how-to/read-the-digital-level.md",
    "docs/how-to/find-the-cheapest-path.md",
    "docs/how-to/claim-what-is-owed.md",
    "docs/how-to/what-can-i-get.md",
    "docs/explanation/how-measures-stack.md",
)
REST = "…"
"""In an output: whatever stands there; on a line of its own, any number of lines."""

_FENCE = re.compile(
    r'^(?P<ticks>`{3,})(?P<word>[a-z]+)(?: title="(?P<title>[^"]+)")?\n(?P<text>.*?)^(?P=ticks)\n',
    re.MULTILINE | re.DOTALL,
)


@dataclass(frozen=True)
class Block:
    """A fenced block of the page: what it is, the file it is about, and its text."""

    word: str
    title: str
    text: str
    line: int


def blocks(page: str) -> list[Block]:
    found = _FENCE.finditer(page)
    return [Block(m["word"], m["title"] or "", m["text"], page[: m.start()].count("\n") + 1) for m in found]


def commands(text: str) -> list[tuple[str, str]]:
    """Each command of a console block with the output that the page shows for it."""
    parts = re.split(r"^\$ ", text, flags=re.MULTILINE)
    assert parts[0] == "", "a console block begins with a command"
    return [(command, output) for command, _, output in (part.partition("\n") for part in parts[1:])]


def pattern(output: str) -> str:
    """A regular expression for an output as shown."""
    lines = [
        r"(?:[^\n]*\n)*?" if line == REST else ".*?".join(map(re.escape, line.split(REST))) + r"\n"
        for line in output.splitlines()
    ]
    return "".join(lines)


def change(file: Path, diff: str) -> None:
    """Replace the lines of a diff: each line with a minus occurs once and makes way for the line with a plus."""
    text = file.read_text(encoding="utf-8")
    old = [line[1:] for line in diff.splitlines() if line.startswith("-")]
    new = [line[1:] for line in diff.splitlines() if line.startswith("+")]
    assert len(old) == len(new) == 1
    assert text.count(f"\n{old[0]}\n") == 1, f"{old[0]!r} is not a line of {file}"
    file.write_text(text.replace(f"\n{old[0]}\n", f"\n{new[0]}\n"), encoding="utf-8")


def run(command: str, folder: Path) -> str:
    environment = {
        **os.environ,
        "YIQI_LANG": "en",
        "PYTHONPATH": str(ROOT / "src"),
        "XDG_CACHE_HOME": str(folder / "cache"),
    }
    environment.pop("YIQI_LAW", None)
    shell = command.replace("./yiqi ", f"'{sys.executable}' -m yiqi ")
    done = subprocess.run(["sh", "-c", shell], cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert "Traceback" not in done.stderr, done.stderr
    return done.stdout + done.stderr


@pytest.mark.parametrize("name", PAGES)
def test_a_page_does_what_it_says(name: str, tmp_path: Path) -> None:
    for folder in ("law", "examples"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    page = (ROOT / name).read_text(encoding="utf-8")
    done = 0
    for block in blocks(page):
        if block.word == "console":
            for command, shown in commands(block.text):
                printed = run(command, tmp_path)
                assert re.fullmatch(pattern(shown), printed), f"{name}:{block.line}: $ {command}\n{printed}"
                done += 1
        elif block.word == "diff":
            change(tmp_path / block.title, block.text)
        elif block.title or block.word == "markdown":
            assert block.word in ("markdown", "csv", "yaml"), block
            more = block.title.startswith("add to ")
            file = tmp_path / block.title.removeprefix("add to ")
            file.parent.mkdir(parents=True, exist_ok=True)
            with file.open("a" if more else "w", encoding="utf-8") as stream:
                stream.write(block.text)
        else:
            # Code for a cluster that is not here has no file's name: it is shown, not run.
            assert block.word in ("python", "text"), block
    assert done == len(re.findall(r"^\$ ", page, re.MULTILINE))
    assert not (tmp_path / "my-law").exists()


@pytest.mark.parametrize("name", ["README.md", "README.zh.md"])
def test_the_readme_shows_what_is_printed(name: str, tmp_path: Path) -> None:
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    compared = 0
    for block in blocks((ROOT / name).read_text(encoding="utf-8")):
        if block.word != "console":
            continue
        for command, shown in commands(block.text):
            if shown:
                printed = run(command, tmp_path)
                assert re.fullmatch(pattern(shown), printed), f"{name}:{block.line}: $ {command}\n{printed}"
                compared += 1
    assert compared == 2
