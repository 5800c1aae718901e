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
from yiqi.judge.answer import Answer
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
        try:  # as the group itself finds it: `yiqi relief FILE` is one of its commands too
            _, found, words = command.resolve_command(context, words)
        except click.UsageError as error:
            pytest.fail(f"{page}: {line}: {error}")
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


def test_the_sheet_of_the_reference_is_read() -> None:
    page = (ROOT / "docs" / "reference" / "fact-sheet.md").read_text(encoding="utf-8")
    (sheet,) = re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)
    vocabulary = read_vocabulary(default_folder() / "facts")
    reading = read_fact_sheet(sheet.encode(), vocabulary, dt.date(2026, 11, 23))
    assert reading.diagnostics == ()
    facts = reading.required()
    assert facts.get("rd_expense", 2025) == 640_000_000
    assert facts.provenance["rd_expense", 2025].document == "专项审计报告"
    assert facts.get("development_score", 2026) == 623_500
    assert facts.get("titles") == {"innovative_sme", "specialised_sme"}


def test_the_ways_to_write_a_key_and_a_value() -> None:
    vocabulary = read_vocabulary(default_folder() / "facts")
    lines = {
        "营业收入（万元）: {2025: 5512.5}": ("operating_revenue", 2025, 5_512_500_000),
        "operating_revenue_2025: 1.2亿元": ("operating_revenue", 2025, 12_000_000_000),
        "2025年营业收入: 640000": ("operating_revenue", 2025, 64_000_000),
        "market_share: 0.125": ("market_share", None, 12_500_000),
        "own_brand: 是": ("own_brand", None, True),
        "titles: 无": ("titles", None, frozenset()),
        "industry: 3451": ("industry", None, "C3451"),
        "employees: {2025: 186人}": ("employees", 2025, 186),
    }
    for line, (fact, year, value) in lines.items():
        assert read_fact_sheet(line.encode(), vocabulary, dt.date(2026, 11, 23)).required().get(fact, year) == value
    for line in ("own_brand:", "own_brand: unknown", "own_brand: 不清楚", "own_brand: null"):
        sheet = read_fact_sheet(f"market_share: 1%\n{line}\n".encode(), vocabulary, dt.date(2026, 11, 23)).required()
        assert sheet.get("own_brand") is None


def test_the_python_of_the_reference_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    page = (ROOT / "docs" / "reference" / "index.md").read_text(encoding="utf-8")
    (code,) = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    monkeypatch.chdir(ROOT)
    names: dict[str, object] = {}
    exec(code, names)
    answer = names["answer"]
    assert isinstance(answer, Answer)
    assert f'answer.outcome  # "{answer.outcome}"' in code
