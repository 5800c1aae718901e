"""Whether a table says of itself that no real enterprise is in it, which every result of it then says too."""

from __future__ import annotations

import zipfile
from pathlib import Path

import duckdb

from yiqi.screening.quoting import file_literal

SYNTHETIC = "合成数据 synthetic"
"""What a result table has in its column ``data``."""

DATA = "data"
MARK = "合成数据"
KEY = "yiqi.synthetic"
_ENCODINGS = ("utf-8", "gb18030", "utf-16-le", "utf-16-be")
_BEGINNING = 1000
_PROPERTIES = "docProps/core.xml"


def says_synthetic(connection: duckdb.DuckDBPyConnection, path: Path) -> bool:
    """Whether the table at a path, which can be read, is marked: a Parquet file (or one of a folder) in its metadata, a
    workbook in its properties, a text file in its first lines."""
    if path.is_dir():
        return any(says_synthetic(connection, one) for one in sorted(path.rglob("*.parquet")) if one.is_file())
    with path.open("rb") as file:
        beginning = file.read(_BEGINNING)
    if beginning.startswith(b"PAR1"):
        found = connection.execute(
            f"SELECT key FROM parquet_kv_metadata({file_literal(path)}) WHERE decode(key) = '{KEY}'"
        ).fetchall()
        return bool(found)
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as book:
            return _PROPERTIES in book.namelist() and MARK.encode() in book.read(_PROPERTIES)
    return any(MARK.encode(encoding) in beginning for encoding in _ENCODINGS)
