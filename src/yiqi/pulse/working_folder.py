"""The folder beside the output in which parts are gathered until all are there.

What is already at the output stays until the new one is complete; a run that was stopped goes on where it was, and one
with other settings starts afresh.
"""

from __future__ import annotations

import errno
import fcntl
import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from yiqi.pulse.request import PopulationError

SETTINGS = "settings.json"
LOCK = "lock"


class WorkingFolder:
    """Parts and their tallies, by name."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def part(self, name: str) -> Path:
        return self.path / "parts" / name

    def is_done(self, name: str) -> bool:
        return self.part(name).is_file() and self._tally(name).is_file()

    def finish(self, name: str, tally: list[Any]) -> None:
        """Take a part that was written under :meth:`draft`: its tally first, so that a part always has one."""
        draft = self._tally(name).with_suffix(".draft")
        draft.write_text(json.dumps(tally), "utf-8")
        draft.replace(self._tally(name))
        self.draft(name).replace(self.part(name))

    def draft(self, name: str) -> Path:
        return self.path / "drafts" / name

    def tally(self, name: str) -> list[Any]:
        found = json.loads(self._tally(name).read_text("utf-8"))
        assert isinstance(found, list)
        return found

    def _tally(self, name: str) -> Path:
        return self.path / "tallies" / f"{name}.json"


@contextmanager
def opened(output: Path, settings: dict[str, Any]) -> Iterator[WorkingFolder]:
    """The working folder of an output, with the parts of an earlier run of the same settings; no one else's meanwhile.

    It stays after an error, so that the run can go on. Raises :class:`PopulationError` where another run has it, and
    ``OSError`` where it cannot be made.
    """
    path = output.with_name(f".{output.name}.working")
    path.mkdir(exist_ok=True)
    with (path / LOCK).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            if error.errno not in (errno.EAGAIN, errno.EACCES):
                raise
            raise PopulationError(
                f"another run is writing {output}; wait for it, or choose another file",
                f"另一个进程正在写入{output}，请等待完成，或换一个文件",
            ) from None
        if _settings(path) != settings:
            for child in path.iterdir():
                if child.name != LOCK:
                    _remove(child)
        for name in ("parts", "tallies"):
            (path / name).mkdir(exist_ok=True)
        shutil.rmtree(path / "drafts", ignore_errors=True)
        (path / "drafts").mkdir()
        (path / SETTINGS).write_text(json.dumps(settings), "utf-8")
        yield WorkingFolder(path)
        shutil.rmtree(path)


def move_into_place(made: Path, output: Path) -> None:
    """Put a finished file or folder where the output belongs; what was there goes only when this is there."""
    if output.is_dir():
        old = output.with_name(f".{output.name}.old")
        _remove(old)
        output.rename(old)
        made.rename(output)
        _remove(old)
    else:
        made.replace(output)


def _settings(path: Path) -> Any:
    try:
        return json.loads((path / SETTINGS).read_text("utf-8"))
    except (FileNotFoundError, json.JSONDecodeError):
        return None


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
