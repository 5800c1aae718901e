"""`yiqi interview` from outside: a script of answers goes in, the dialogue and the report come out."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from yiqi.cli import main

EXAMPLES = Path(__file__).parents[2] / "examples"
SOURCES = Path(__file__).parents[2] / "src"
DAY = ("--on", "2026-11-23")
SIZE = ("--schemes", "size.class")


def run(answers: str, *arguments: str | Path, lang: str = "en") -> Result:
    words = ["--lang", lang, "interview", *map(str, arguments), *DAY]
    result = CliRunner().invoke(main, words, input=answers, prog_name="yiqi")
    # A click error or a chosen exit code; anything else would be a traceback.
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


@pytest.fixture
def factory(tmp_path: Path) -> Path:
    """A manufacturer of which only the number of people is missing for its size.

    With 8 people it is micro, for small begins at 20 (row 2 of the standard of 2011); with 50 people it is small.
    """
    path = tmp_path / "factory.yaml"
    path.write_text("industry: C3451\noperating_revenue: {2025: 5000万元}\n", encoding="utf-8")
    return path


def test_a_script_of_answers_leads_to_the_report(factory: Path) -> None:
    result = run("8\n", factory, *SIZE)
    assert result.exit_code == 0
    before, report = result.stdout.split("Nothing more needs to be asked.")
    assert "Size class: medium/small/micro" in before
    assert "1. How many people worked for the enterprise at the end of 2025?  (at most 1 left)" in before
    assert "Judged for: 2026-11-23" in report
    assert "Size class: micro" in report
    assert "not kept" in report


def test_the_same_in_chinese(factory: Path) -> None:
    result = run("50人\n", factory, *SIZE, lang="zh")
    assert result.exit_code == 0
    dialogue, report = result.stdout.split("无需再提问。")
    assert "企业规模类型：中型/小型/微型" in dialogue
    assert "企业规模：小型" in report
    assert "回答未保存" in report
    # What a person reads in Chinese is Chinese.
    assert re.findall(r"[A-Za-z]{2,}", dialogue) == []


@pytest.mark.parametrize(("lang", "written"), [("en", "employees: {2025: 50}"), ("zh", "从业人员: {2025: 50}")])
def test_the_report_is_that_of_assess(factory: Path, lang: str, written: str) -> None:
    sheet = factory.with_name("answers.yaml")
    result = run("50\n", factory, *SIZE, "--save", sheet, lang=lang)
    assert result.exit_code == 0
    assert f"yiqi assess {sheet}" in result.stdout
    assert written in sheet.read_text(encoding="utf-8")
    words = ["--lang", lang, "assess", str(sheet), *DAY, *SIZE]
    assert CliRunner().invoke(main, words).stdout in result.stdout


def test_what_was_saved_is_gone_on_from(tmp_path: Path) -> None:
    sheet = tmp_path / "answers.yaml"
    first = run("quit\n", *SIZE, "--save", sheet)
    assert (first.exit_code, sheet.exists()) == (0, False)
    assert "nothing was written" in first.stdout
    assert run("C3451\nquit\n", *SIZE, "--save", sheet).exit_code == 0
    assert 'industry: "C3451"' in sheet.read_text(encoding="utf-8")
    again = run("\n\n\n", sheet, *SIZE, "--save", sheet)
    assert "Which industry" not in again.stdout
    text = sheet.read_text(encoding="utf-8")
    assert 'industry: "C3451"' in text
    assert "unknown" in text
    assert "Size class: large or medium or small or micro" in run("", sheet, *SIZE).stdout


def test_a_sheet_that_decides_everything_is_not_asked_about() -> None:
    result = run("", EXAMPLES / "little-giant.yaml", "--schemes", "ladder.little_giant")
    assert result.exit_code == 0
    assert "> " not in result.stdout
    assert "✓ Yes  Little giant" in result.stdout


def test_not_knowing_is_an_answer_in_every_form() -> None:
    ways = ("", "unknown", "不清楚", "不知道", "don't know")
    result = run("".join(f"{way}\n" for way in ways), "--schemes", "ladder.specialised_sme")
    assert result.exit_code == 0
    assert result.stdout.count("noted as unknown") == len(ways)
    questions = re.findall(r"^[0-9]+\. (.*?)  \(", result.stdout, re.MULTILINE)
    assert len(questions) == len(set(questions)) == len(ways) + 1
    done = run("\n" * 200, "--schemes", "ladder.specialised_sme")
    assert "Nothing more needs to be asked." in done.stdout
    assert "? Open  Specialised SME" in done.stdout


def test_a_wrong_answer_is_explained_and_asked_again() -> None:
    result = run("perhaps\n\n", "--schemes", "ladder.specialised_sme")
    question = re.findall(r"^([0-9]+)\. ", result.stdout, re.MULTILINE)
    assert question[:2] == ["1", "2"]
    assert "  error: " in result.stdout
    assert "    = " in result.stdout
    chinese = run("perhaps\n", "--schemes", "ladder.specialised_sme", lang="zh")
    assert "  错误：" in chinese.stdout


def test_what_was_understood_is_said_back(tmp_path: Path) -> None:
    """5000 without a unit is yuan, which a person who means 万元 sees at once. A farm of 5000 yuan is micro, one of
    5000万元 medium (row 1: revenue alone, medium from 500万元)."""
    farm = tmp_path / "farm.yaml"
    farm.write_text("industry: A0111\n", encoding="utf-8")
    result = run("5000\nback\n5000万元\n", farm, *SIZE)
    assert "  = 0.5万元\n" in result.stdout
    assert "  = 5000万元\n" in result.stdout
    assert "Size class: medium" in result.stdout.split("Nothing more needs to be asked.")[-1]


@pytest.mark.parametrize("word", ["back", "b", "返回", "上一步"])
def test_back_asks_the_last_question_again(word: str) -> None:
    result = run(f"\n{word}\n", "--schemes", "ladder.little_giant")
    questions = re.findall(r"^[0-9]+\. (.*?)  \(", result.stdout, re.MULTILINE)
    assert len(questions) == 3
    assert questions[0] == questions[2] != questions[1]


def test_the_last_answer_can_be_taken_back_when_all_is_settled(factory: Path) -> None:
    result = run("8\nback\n50\n\n", factory, *SIZE)
    assert "Size class: small" in result.stdout.split("Nothing more needs to be asked.")[-1]
    assert "not used: 50" in run("8\n50\n", factory, *SIZE).stdout


def test_back_at_the_beginning_stays_there() -> None:
    result = run("back\n", *SIZE)
    assert "This is the first question." in result.stdout
    assert result.exit_code == 0


@pytest.mark.parametrize("word", ["?", "？", "help", "帮助"])
def test_help_says_what_the_fact_is_who_proves_it_and_what_it_settles(word: str) -> None:
    result = run(f"{word}\n", "--schemes", "ladder.little_giant")
    # The little giant asks for the title of a specialised SME, so titles without it end the matter.
    assert "Proof: Announcement, certificate or platform record of each title" in result.stdout
    assert "Known by: the enterprise" in result.stdout
    assert "What an answer would settle:" in result.stdout
    assert re.search("none of those asked for.* → Little giant: No", result.stdout)


def test_what_depends_on_a_question_stands_under_it() -> None:
    result = run("", "--schemes", "ladder")
    assert re.search("→ Key little giant: Holds the title little giant", result.stdout)
    assert "? Little giant (" in result.stdout


@pytest.mark.parametrize("word", ["result", "结果"])
def test_the_result_can_be_seen_in_between(word: str) -> None:
    result = run(f"{word}\nquit\n", *SIZE)
    assert result.stdout.count("Judged for: 2026-11-23") == 1


@pytest.mark.parametrize("word", ["quit", "q", "退出", "QUIT"])
def test_quitting_ends_at_once(word: str) -> None:
    result = run(f"{word}\n\n", "--schemes", "ladder.little_giant")
    assert result.exit_code == 0
    assert "Judged for" not in result.stdout


@pytest.mark.parametrize("section", ["B", "q"])
def test_sections_b_and_q_are_industries_and_no_commands(section: str) -> None:
    """Mining is section B and health lies in section Q; where a code is asked for, a command is the whole word."""
    result = run(f"{section}\n", *SIZE)
    assert "1. Which industry" in result.stdout
    assert f"  = {section.upper()}\n" in result.stdout
    assert "This is the first question." in run("back\n", *SIZE).stdout


def test_answers_that_run_out_end_with_the_result_so_far() -> None:
    result = run("", *SIZE)
    assert result.exit_code == 0
    assert re.search("No more answers; [0-9]+ facts are still open.", result.stdout)
    assert "Judged for: 2026-11-23" in result.stdout


def test_ctrl_c_keeps_the_answers(tmp_path: Path) -> None:
    sheet = tmp_path / "sheet.yaml"
    command = [sys.executable, "-m", "yiqi", "--lang", "en", "interview", *SIZE, *DAY, "--save", str(sheet)]
    environment = {**os.environ, "PYTHONPATH": str(SOURCES), "PYTHONUNBUFFERED": "1", "PYTHONUTF8": "1"}
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment, text=True,
        encoding="utf-8",
    ) as process:  # fmt: skip
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write("C3451\n")
        process.stdin.flush()
        for line in process.stdout:
            if line.startswith("2. "):
                break
        time.sleep(0.2)
        process.send_signal(signal.SIGINT)
        rest, errors = process.stdout.read(), process.stderr.read() if process.stderr is not None else ""
        assert process.wait(timeout=20) == 130
    assert "Traceback" not in errors
    assert f"Written to {sheet}" in rest
    assert sheet.exists()


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--save", "{tmp}/sheet.json"), "sheet.yaml"),
        (("--save", "{tmp}/nowhere/sheet.yaml"), "no folder"),
        (("--save", "{tmp}/there.yaml"), "to go on from it"),
        (("--schemes", "ladder.little_gaint"), "ladder.little_giant"),
    ],
)
def test_what_cannot_be_done_is_refused_before_the_first_question(
    tmp_path: Path, arguments: tuple[str, ...], says: str
) -> None:
    (tmp_path / "there.yaml").write_text("own_brand: yes\n", encoding="utf-8")
    result = run("", *(a.replace("{tmp}", str(tmp_path)) for a in arguments))
    assert result.exit_code == 2
    assert says in result.stderr
    assert "> " not in result.stdout


def test_a_sheet_with_errors_is_refused_with_all_of_them(tmp_path: Path) -> None:
    sheet = tmp_path / "wrong.yaml"
    sheet.write_text("own_brand: perhaps\nmarket_share: 12.5\n", encoding="utf-8")
    result = run("", sheet)
    assert result.exit_code == 1
    assert "not-yes-or-no" in result.stderr
    assert "ratio-without-percent" in result.stderr
