"""The answer shown in the reference is what the command of that page prints, with conditions left out."""

from __future__ import annotations

import datetime as dt
import json
import re
import shlex
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from yiqi.cli import main
from yiqi.facts.sheet import FactSheet
from yiqi.judge.judge import Judge
from yiqi.law.library import load

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "reference" / "answers.md").read_text(encoding="utf-8")


def printed() -> Any:
    found = re.search(r"`\./yiqi (assess [^`]*)`", PAGE)
    assert found is not None
    words = [str(ROOT / w) if w.startswith("examples/") else w for w in shlex.split(found[1])]
    return json.loads(CliRunner().invoke(main, words).stdout)


def left_in(shown: Any, whole: Any) -> bool:
    """Whether ``shown`` is ``whole`` with members of lists left out, and nothing else."""
    if isinstance(shown, dict) and isinstance(whole, dict):
        return list(shown) == list(whole) and all(left_in(shown[key], whole[key]) for key in shown)
    if isinstance(shown, list) and isinstance(whole, list):
        return all(any(left_in(one, other) for other in whole) for one in shown)
    return bool(shown == whole)


def test_the_example_is_a_real_answer() -> None:
    block, _ = re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)
    assert left_in(json.loads(block), printed())


def test_the_amount_is_a_real_one() -> None:
    _, block = re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)
    sheet = FactSheet({"entity_kind": "company", "young_hires": 12})
    answer = Judge(load()).judge(sheet, dt.date(2026, 9, 1))["relief.job_expansion"]
    assert json.loads(block) == answer.as_dict()["amount"]


def test_every_key_of_a_condition_is_explained() -> None:
    explained = set(re.findall(r"^\| `([a-z_]+)", PAGE, re.MULTILINE)) | {"id", "cite", "text", "actual"}
    keys: set[str] = set()

    def walk(conditions: list[dict[str, Any]]) -> None:
        for condition in conditions:
            keys.update(condition)
            walk(condition.get("conditions", []))

    for name in ("near-miss-main-business.yaml", "half-the-facts.yaml", "start-up-zero-base.yaml"):
        for procedure in ("new", "re_review"):
            words = ["assess", str(ROOT / "examples" / name), "--on", "2027-05-10", "--procedure", procedure]
            document = json.loads(CliRunner().invoke(main, [*words, "--format", "json"]).stdout)
            for answer in document["answers"]:
                walk(answer["conditions"])
    assert {"gap", "undefined", "excused", "missing", "possible", "score"} <= keys
    assert keys <= explained | {"possible", "score"}
