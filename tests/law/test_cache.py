"""The law from the cache: the same law, and never a traceback from a damaged or foreign file."""

from pathlib import Path

import pytest

from yiqi.law.library import CACHES_KEPT, default_folder, load, read_law


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    load()
    return tmp_path / "yiqi"


def test_what_comes_from_the_cache_is_what_the_files_say(cache: Path) -> None:
    assert len(list(cache.glob("law-*.pickle"))) == 1
    assert load() == read_law(default_folder())[0]


@pytest.mark.parametrize(
    "damage", [lambda b: b"", lambda b: b[:-1], lambda b: b[:100] + b"\0" + b[101:], lambda b: b"x" * 50]
)
def test_a_damaged_cache_is_read_over(cache: Path, damage: object) -> None:
    (file,) = cache.glob("law-*.pickle")
    whole = file.read_bytes()
    file.write_bytes(damage(whole))  # type: ignore[operator]
    assert load().instruments.keys() == read_law(default_folder())[0].instruments.keys()
    assert file.read_bytes() == whole


def test_the_caches_of_other_checkouts_stay_up_to_a_number(cache: Path, tmp_path: Path) -> None:
    (own,) = cache.glob("law-*.pickle")
    own.unlink()
    for number in range(CACHES_KEPT + 3):
        (cache / f"law-{number}.pickle").write_bytes(b"")
    load()
    found = list(cache.glob("law-*.pickle"))
    assert own in found
    assert len(found) == CACHES_KEPT


def test_without_a_home_the_law_is_read_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    def homeless() -> Path:
        raise RuntimeError("no home")

    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setattr(Path, "home", homeless)
    assert load().instruments
