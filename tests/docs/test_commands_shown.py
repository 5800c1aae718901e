"""Commands, options and sheets that the documentation shows are there."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from yiqi.cli import main
from yiqi.facts.reading import read_fact_sheet
from yiqi.law.library import default_folder
from yiqi.law.vocabulary_file import read_vocabulary

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", ROOT / "README.zh.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
OF_THE_LAUNCHER = ("test", "bench", "docs", "setup")


def commands() -> Iterator[tuple[str, str]]:
    """Page and words of every command line in a console block."""
    for page in PAGES:
        for line in re.findall(r"^\$ (?:[A-Z_]+=\S+ )*\./yiqi (.*)$", page.read_text(encoding="utf-8"), re.MULTILINE):
            yield page.relative_to(ROOT).as_posix(), line.partition(" #")[0].strip()


@pytest.mark.parametrize(("page", "line"), sorted(set(commands())))
def test_a_command_shown_is_there_with_its_options(page: str, line: str) -> None:
    words = line.split()
    command: click.Command = main
    context = click.Context(main, info_name="yiqi")
    if words[0] in OF_THE_LAUNCHER:
        return
    while words and isinstance(command, click.Group):
        while words[0].startswith("-"):  # an option of the group and its value
            del words[:2]
        found = command.get_command(context, words.pop(0))
        assert found is not None, f"{page}: {line}"
        command, context = found, click.Context(found, parent=context)
    known = {option for parameter in command.get_params(context) for option in parameter.opts}
    assert {word for word in words if word.startswith("--")} <= known, f"{page}: {line}"


def test_the_sheet_of_the_page_on_assessing_is_read() -> None:
    page = (ROOT / "docs" / "how-to" / "assess-an-enterprise.md").read_text(encoding="utf-8")
    (sheet,) = re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)
    vocabulary = read_vocabulary(default_folder() / "facts")
    reading = read_fact_sheet(sheet.encode(), vocabulary, dt.date(2026, 11, 23))
    assert reading.diagnostics == ()
    assert reading.required().get("operating_revenue", 2025) == 5_512_500_000


def test_the_options_of_the_page_on_assessing_are_there() -> None:
    page = (ROOT / "docs" / "how-to" / "assess-an-enterprise.md").read_text(encoding="utf-8")
    command = main.get_command(click.Context(main), "assess")
    assert command is not None
    known = {option for parameter in command.params for option in parameter.opts}
    assert set(re.findall(r"`(--[a-z]+)", page)) <= known
