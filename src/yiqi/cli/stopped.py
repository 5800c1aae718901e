"""Why a run over a table stopped, in a sentence with what to do about it."""

from __future__ import annotations

import errno
import re

import duckdb

from yiqi.cli.language import Text

_FULL = (errno.ENOSPC, errno.EDQUOT)
_FULL_SAID = re.compile(r"No space left|Disk quota exceeded|max_temp_directory_size", re.IGNORECASE)
# DuckDB's message holds JSON, in which quotation marks are escaped.
_FILE = re.compile(r'\bfile \\?"([^"\\]+)')


def why_stopped(error: duckdb.Error | OSError) -> Text:
    """What an error of the disk or of DuckDB says to a person."""
    words = str(error).strip()
    first = words.splitlines()[0] if words else type(error).__name__
    if (isinstance(error, OSError) and error.errno in _FULL) or _FULL_SAID.search(words):
        named = _FILE.search(words)
        file = named[1] if named else getattr(error, "filename", None)
        where = Text(f" ('{file}')", f"（“{file}”）") if file else Text("", "")
        return Text(
            f"The run stopped: the disk is full{where.en}. Free some space.",
            f"运行中止：磁盘已满{where.zh}。请清理磁盘空间。",
        )
    if isinstance(error, duckdb.OutOfMemoryException):
        return Text(
            f"The run stopped: {first} Give it more: --memory 8GB", f"运行中止：{first} 可增加内存：--memory 8GB"
        )
    return Text(f"The run stopped: {first}", f"运行中止：{first}")
