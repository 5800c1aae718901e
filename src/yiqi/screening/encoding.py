"""In which encoding a text table is written: told from its bytes, as a whole and not line by line."""

from __future__ import annotations

import codecs
import gzip
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import IO, cast

_GZIP = b"\x1f\x8b"
_CHUNK = 1 << 20


def is_gzip(path: Path) -> bool:
    """Whether a file is packed with gzip."""
    with path.open("rb") as stream:
        return stream.read(2) == _GZIP


def open_bytes(path: Path) -> IO[bytes]:
    """The bytes of a text table, unpacked where it is packed with gzip."""
    return cast("IO[bytes]", gzip.open(path, "rb")) if is_gzip(path) else path.open("rb")


def share_read(path: Path, stream: IO[bytes]) -> Callable[[], float]:
    """A function that tells how much of a file a stream of :func:`open_bytes` has read, 0 to 1."""
    size = max(1, path.stat().st_size)
    # Of a packed file the size is that of the packed bytes, and so is what is counted.
    packed = cast("IO[bytes]", getattr(stream, "fileobj", stream))
    return lambda: min(1.0, packed.tell() / size)


def first_bytes(path: Path, size: int = _CHUNK) -> bytes:
    """The beginning of a text table, up to the last whole line where there is one."""
    with open_bytes(path) as stream:
        head = stream.read(size)
    if len(head) < size:
        return head
    cut = head.rfind(b"\n")
    return head[: cut + 1] if cut >= 0 else head


def encoding_of_head(head: bytes) -> str | None:
    """The encoding that the beginning of a file shows: ``utf-8``, ``gb18030``, ``utf-16``, ``utf-16-le`` or ``utf-16-be``.

    None where it fits none of them.
    """
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if (zeros := head.count(0)) > len(head) // 10:
        # Half of the characters of such a table are digits and separators, whose other byte is zero.
        odd = head[1::2].count(0)
        return "utf-16-le" if odd > zeros - odd else "utf-16-be"
    return _encoding_of_lines(head.splitlines())


def encoding_of(path: Path) -> str | None:
    """The encoding of a whole file that is not in UTF-16."""
    with open_bytes(path) as stream:
        return _encoding_of_lines(iter(lambda: stream.readline(_CHUNK), b""))


def _encoding_of_lines(lines: Iterable[bytes]) -> str | None:
    """``utf-8`` or ``gb18030``, whichever fits more of the lines that tell them apart; None where neither fits any."""
    utf8 = chinese = neither = 0
    for line in lines:
        if line.isascii():
            continue
        if _fits(line, "utf-8"):
            utf8 += 1
        elif _fits(line, "gb18030"):
            chinese += 1
        else:
            neither += 1
    if utf8 == chinese == 0:
        return None if neither else "utf-8"
    return "utf-8" if utf8 >= chinese else "gb18030"


def count_lines(path: Path) -> int:
    """How many lines a file has; a last line without an end counts."""
    lines, last = 0, b"\n"
    with open_bytes(path) as stream:
        while chunk := stream.read(_CHUNK):
            lines += chunk.count(b"\n")
            last = chunk[-1:]
    return lines + (last != b"\n")


def _fits(line: bytes, encoding: str) -> bool:
    try:
        line.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True
