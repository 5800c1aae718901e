"""The pins in requirements/: complete, checked by hash, and tied to no index and no machine."""

import re
import tomllib
from pathlib import Path

import pytest

import yiqi

CHECKOUT = Path(__file__).parents[1]
PROJECT = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))
DECLARED = {"base": PROJECT["project"]["dependencies"], **PROJECT["dependency-groups"]}


def pins(group: str) -> dict[str, list[str]]:
    """Name of each pinned package -> the lines that follow it."""
    found: dict[str, list[str]] = {}
    last: list[str] = []
    for line in (CHECKOUT / "requirements" / f"{group}.txt").read_text(encoding="utf-8").splitlines():
        if pin := re.match(r"([a-z0-9-]+)==[^ ]+( ; [^\\]+)? \\$", line):
            last = found.setdefault(pin[1], [])
        elif not line.startswith("#"):
            last.append(line)
    return found


@pytest.mark.parametrize("group", DECLARED)
def test_every_declared_dependency_is_pinned(group: str) -> None:
    declared = {re.split(r"[<>=~!\[; ]", requirement)[0] for requirement in DECLARED[group]}
    assert {re.sub(r"[-_.]+", "-", name).lower() for name in declared} <= pins(group).keys()


@pytest.mark.parametrize("group", DECLARED)
def test_every_pin_has_hashes_and_nothing_else(group: str) -> None:
    for name, lines in pins(group).items():
        assert lines, name
        for line in lines:
            assert re.fullmatch(r"    --hash=sha256:[0-9a-f]{64}( \\)?", line), (name, line)


def test_the_package_and_the_project_agree_on_the_version() -> None:
    assert yiqi.__version__ == PROJECT["project"]["version"]
