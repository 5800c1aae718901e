"""One fit and one small population for all tests of this folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from yiqi.law.library import load
from yiqi.law.tree import Law
from yiqi.pulse import parts
from yiqi.pulse.fit import Fit, fit
from yiqi.pulse.population import Population, make
from yiqi.pulse.request import Request

ROWS = 24_000
YEAR = 2025
FEW, PART = 1_500, 500
"""Rows of a small population and of its parts."""


@pytest.fixture(scope="session")
def law() -> Law:
    return load()


@pytest.fixture(scope="session")
def fitted(law: Law) -> Fit:
    return fit(law)


@pytest.fixture(scope="session")
def population(law: Law, fitted: Fit, tmp_path_factory: pytest.TempPathFactory) -> Population:
    """24,000 rows in one Parquet file."""
    output = tmp_path_factory.mktemp("population") / "population.parquet"
    return make(law, Request(ROWS, YEAR, 7, output), fitted=fitted)


@pytest.fixture
def request_at(tmp_path: Path) -> Request:
    """A request for few rows that lie in three parts."""
    return Request(FEW, YEAR, 3, tmp_path / "made.parquet")


@pytest.fixture(scope="session")
def made(law: Law, fitted: Fit, tmp_path_factory: pytest.TempPathFactory) -> Population:
    """What ``request_at`` asks for, made in one go by one thread."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(parts, "FILE_ROWS", PART)
        output = tmp_path_factory.mktemp("made") / "made.parquet"
        return make(law, Request(FEW, YEAR, 3, output), fitted=fitted, threads=1)


@pytest.fixture(autouse=True)
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "FILE_ROWS", PART)
