"""Why a run stopped, as a person reads it. What DuckDB and the system say is written out here."""

from __future__ import annotations

import errno

import duckdb
import pytest

from yiqi.cli.stopped import why_stopped

ASYNC = (
    "IO Error: Async write failed for range [offset=148, size=13372361]: "
    '{"exception_type":"IO","exception_message":"Could not write file \\"out/a.csv.part\\": No space left on device","errno":"28"}'
)


@pytest.mark.parametrize(
    ("error", "en", "zh"),
    [
        (
            OSError(errno.ENOSPC, "No space left on device", "out.xlsx"),
            "The run stopped: the disk is full ('out.xlsx'). Free some space.",
            "运行中止：磁盘已满（“out.xlsx”）。请清理磁盘空间。",
        ),
        (
            OSError(errno.EDQUOT, "Disk quota exceeded"),
            "The run stopped: the disk is full. Free some space.",
            "运行中止：磁盘已满。请清理磁盘空间。",
        ),
        (
            duckdb.IOException(ASYNC),
            "The run stopped: the disk is full ('out/a.csv.part'). Free some space.",
            "运行中止：磁盘已满（“out/a.csv.part”）。请清理磁盘空间。",
        ),
        (
            duckdb.OutOfMemoryException("Out of Memory Error: could not allocate block\n\nPossible solutions: …"),
            "The run stopped: Out of Memory Error: could not allocate block Give it more: --memory 8GB",
            "运行中止：Out of Memory Error: could not allocate block 可增加内存：--memory 8GB",
        ),
        (
            PermissionError(errno.EACCES, "Permission denied", "out.csv"),
            "The run stopped: [Errno 13] Permission denied: 'out.csv'",
            "运行中止：[Errno 13] Permission denied: 'out.csv'",
        ),
        (OSError(), "The run stopped: OSError", "运行中止：OSError"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_a_person_is_told(error: duckdb.Error | OSError, en: str, zh: str) -> None:
    said = why_stopped(error)
    assert (said.en, said.zh) == (en, zh)
