"""The contract of the layers covers every package that it is about. `lint-imports` checks the imports themselves."""

import tomllib
from pathlib import Path

CHECKOUT = Path(__file__).parents[1]
CONTRACTS = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
    "contracts"
]
# CONTRIBUTING.md: these import no database, no web framework and no data frame.
PURE = {"law", "facts", "judge", "clock"}


def test_every_pure_package_that_exists_is_kept_pure() -> None:
    there = {f"yiqi.{name}" for name in PURE if (CHECKOUT / "src" / "yiqi" / name / "__init__.py").exists()}
    (pure,) = (contract for contract in CONTRACTS if contract.get("id") == "pure")
    assert there <= set(pure["source_modules"])
