"""What is asked for, and whether it can be done: looked at before anything is made."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from yiqi.law.bilingual import Bilingual
from yiqi.pulse.identity import MOST_ROWS

ENDINGS = (".parquet", ".csv", ".xlsx")
FEW_ROWS = 4_000_000
"""Up to here a Parquet table is one file, above it a folder of files."""

MOST_EXCEL_ROWS = 1_048_576 - 2
"""Rows of an Excel sheet below the label and the headings."""

ROW_BYTES = {".parquet": 80, ".csv": 700, ".xlsx": 900}
"""What a row takes at most until it is done, to see beforehand whether there is room."""


class PopulationError(Exception):
    """A population cannot be made; ``message`` says why and what to do."""

    def __init__(self, en: str, zh: str) -> None:
        self.message = Bilingual(en, zh)
        super().__init__(en)


@dataclass(frozen=True)
class Request:
    """What is to be made: how many rows, the last complete fiscal year, the seed, where to.

    ``force`` lets what is at ``output`` be replaced.
    """

    rows: int
    year: int
    seed: int
    output: Path
    force: bool = False

    @property
    def ending(self) -> str:
        return self.output.suffix.lower()

    @property
    def is_folder(self) -> bool:
        """Whether the output is a folder of Parquet files."""
        return self.ending == ".parquet" and self.rows > FEW_ROWS


def check(request: Request) -> None:
    """Raise :class:`PopulationError` for a request that cannot be carried out; nothing is written."""
    output, rows = request.output, request.rows
    if rows < 1:
        raise PopulationError(f"the number of rows must be at least 1, not {rows}", f"行数至少为1，现为{rows}")
    if rows > MOST_ROWS:
        raise PopulationError(
            f"{rows:,} rows are too many: the made-up credit codes reach to {MOST_ROWS:,}",
            f"{rows:,}行过多：合成的信用代码最多编到{MOST_ROWS:,}",
        )
    if request.ending not in ENDINGS:
        raise PopulationError(
            f"{output}: the name must end in .parquet, .csv or .xlsx", f"{output}：文件名应以.parquet、.csv或.xlsx结尾"
        )
    if request.ending == ".xlsx" and rows > MOST_EXCEL_ROWS:
        raise PopulationError(
            f"{rows:,} rows do not fit an Excel sheet, which has room for {MOST_EXCEL_ROWS:,}; use .csv or .parquet",
            f"{rows:,}行放不进一张Excel工作表（最多{MOST_EXCEL_ROWS:,}行），请用.csv或.parquet",
        )
    _check_output(output, request.force)
    _check_room(output.parent, rows * ROW_BYTES[request.ending], rows)


def _check_output(output: Path, force: bool) -> None:
    if output.exists() and not force:
        raise PopulationError(f"{output} exists; --force replaces it", f"{output}已存在；加--force可替换")
    if output.is_dir() and any(p.name[:5] != "part-" or p.suffix != ".parquet" for p in output.iterdir()):
        raise PopulationError(
            f"{output} is a folder with other files in it and is left alone; choose another name",
            f"{output}是含有其他文件的文件夹，不作替换，请换一个名称",
        )
    folder = output.parent
    if not folder.is_dir():
        raise PopulationError(f"there is no folder {folder}; make it first", f"文件夹{folder}不存在，请先建立")
    if not os.access(folder, os.W_OK | os.X_OK):
        raise PopulationError(f"the folder {folder} cannot be written to", f"没有写入文件夹{folder}的权限")


def _check_room(folder: Path, needed: int, rows: int) -> None:
    free = shutil.disk_usage(folder).free
    if needed > free:
        raise PopulationError(
            f"{rows:,} rows need about {needed / 1e9:.1f} GB, and {folder} has {free / 1e9:.1f} GB free",
            f"{rows:,}行约需{needed / 1e9:.1f} GB，{folder}只剩{free / 1e9:.1f} GB",
        )
