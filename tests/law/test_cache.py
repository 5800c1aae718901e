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


@pytest.mark.parametrize("kept", [0, 1, 100, -1])
def test_a_cache_cut_short_is_read_over(cache: Path, kept: int) -> None:
    (file,) = cache.glob("law-*.pickle")
    whole = file.read_bytes()
    file.write_bytes(whole[:kept])
    assert load() == read_law(default_folder())[0]
    assert len(file.read_bytes()) > 100_000


def test_a_cache_with_a_changed_byte_is_read_over(cache: Path) -> None:
    (file,) = cache.glob("law-*.pickle")
    damaged = bytearray(file.read_bytes())
    damaged[len(damaged) // 2] ^= 1
    file.write_bytes(bytes(damaged))
    assert load() == read_law(default_folder())[0]
    assert file.read_bytes() != bytes(damaged)


def test_the_caches_of_other_checkouts_stay_up_to_a_number(cache: Path) -> None:
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
