"""Tables in Parquet, in one file or a folder of them: read where they lie, never copied."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb

from yiqi.law.bilingual import Bilingual
from yiqi.law.diagnostics import Diagnostic, DiagnosticError, Place
from yiqi.law.vocabulary import Vocabulary
from yiqi.screening.opened import TEXT, Table, empty_table
from yiqi.screening.prepared import PROBLEMS, ROW, Bounds, Column, column_for
from yiqi.screening.quoting import file_literal, identifier, literal

MAGIC = b"PAR1"
PREPARED_KEY = "yiqi.prepared"
"""The key that a file in prepared form has in its metadata; its value is the version of the form."""

PREPARED_FORM = "1"

SYNTHETIC_KEY = "yiqi.synthetic"
"""The key by which a file says that it describes no real enterprise."""


@dataclass(frozen=True)
class PreparedFiles:
    """Parquet files that are in prepared form already."""

    relation: str
    columns: Mapping[str, Column]
    unknown: tuple[str, ...]
    """Columns that the vocabulary does not know."""
    rows: int
    bounds: Mapping[str, Bounds]
    has_problems: bool
    synthetic: bool


class ParquetFiles:
    """One Parquet file, or all of a folder, with one schema. Raises :class:`DiagnosticError`."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, path: Path, file: str) -> None:
        self.connection, self.file = connection, file
        self.is_folder = path.is_dir()
        self.paths = _parquet_files(path, file) if self.is_folder else [path]
        self._list = "[" + ", ".join(file_literal(one) for one in self.paths) + "]"
        self.schema = self._one_schema()
        counts = dict(self._ask(f"SELECT file_name, num_rows FROM parquet_file_metadata({self._list})"))
        rows = [int(counts[str(one)]) for one in self.paths]
        self.rows = sum(rows)
        self._starts = [0, *itertools.accumulate(rows)][:-1]

    def form(self) -> str | None:
        """The version of the prepared form that all files have in their metadata; None where none has any."""
        found = self._metadata(PREPARED_KEY)
        if not found:
            return None
        forms = set(found.values())
        if len(found) < len(self.paths) or len(forms) > 1:
            raise DiagnosticError([_mixed_forms(self.file)])
        (form,) = forms
        if form != PREPARED_FORM:
            raise DiagnosticError([_other_form(self.file, form)])
        return form

    def synthetic(self) -> bool:
        """Whether any file says of itself that it describes no real enterprise."""
        return "1" in self._metadata(SYNTHETIC_KEY).values()

    def _metadata(self, key: str) -> dict[str, str]:
        """The value of a key in the metadata, by file."""
        return dict(
            self._ask(
                f"SELECT file_name, decode(value) FROM parquet_kv_metadata({self._list}) WHERE decode(key) = {literal(key)}"
            )
        )

    def table(self) -> Table:
        """The files as a table of a person."""
        cells = ", ".join(f"{identifier(name)} AS c{i}" for i, name in enumerate(self.schema))
        if not self.schema:
            raise DiagnosticError([empty_table(self.file)])
        headings = tuple(self.schema)
        count = len(self.paths)
        return Table(
            self.file,
            f"(SELECT {self.row_number()} AS file_row, {cells} FROM read_parquet({self._list}))",
            headings,
            tuple(TEXT if kind.startswith("ENUM") else kind for kind in self.schema.values()),
            lambda position: Place(self.file, cell=headings[position] if position < len(headings) else None),
            Bilingual(f"Parquet, {count} files", f"Parquet，{count}个文件") if self.is_folder else Bilingual("Parquet", "Parquet"),
            row="file_row",
            synthetic=self.synthetic(),
        )  # fmt: skip

    def row_number(self) -> str:
        """SQL for the number of a row in the order of the files, from 1."""
        if len(self.paths) == 1:
            return "file_row_number + 1"
        starts = "[" + ", ".join(str(start) for start in self._starts) + "]"
        return f"{starts}[CAST(file_index AS BIGINT) + 1] + file_row_number + 1"

    def prepared(self, vocabulary: Vocabulary) -> PreparedFiles:
        """The files as what they are, if their metadata says that they are in prepared form. Raises
        :class:`DiagnosticError` where a column has not the type of that form."""
        columns: dict[str, Column] = {}
        unknown: list[str] = []
        wrong: list[Diagnostic] = []
        for name, kind in self.schema.items():
            column = column_for(name, vocabulary)
            if column is None:
                if name not in (ROW, PROBLEMS):
                    unknown.append(name)
            elif column.type != kind:
                wrong.append(_wrong_type(self.file, name, kind, column.type))
            else:
                columns[name] = column
        if wrong:
            raise DiagnosticError(wrong)
        names = [identifier(name) for name in (*columns, *([PROBLEMS] if PROBLEMS in self.schema else []))]
        row = ROW if ROW in self.schema else f"{self.row_number()} AS {ROW}"
        return PreparedFiles(
            f"SELECT {', '.join([row, *names])} FROM read_parquet({self._list})",
            columns,
            tuple(unknown),
            self.rows,
            self._bounds(columns),
            PROBLEMS in self.schema and self._has_values(PROBLEMS),
            self.synthetic(),
        )

    def _bounds(self, columns: Mapping[str, Column]) -> dict[str, Bounds]:
        """From the statistics of the files; a column is left out where a part of it has none."""
        numeric = [name for name, column in columns.items() if column.fact.kind is not None]
        found = self._ask(
            "SELECT path_in_schema, min(TRY_CAST(stats_min_value AS BIGINT)), max(TRY_CAST(stats_max_value AS BIGINT)),"
            " bool_and(stats_min_value IS NOT NULL AND stats_max_value IS NOT NULL"
            " OR coalesce(stats_null_count = num_values, false))"
            f" FROM parquet_metadata({self._list}) GROUP BY path_in_schema"
        )
        return {name: Bounds(low, high) for name, low, high, complete in found if name in numeric and complete}

    def _has_values(self, column: str) -> bool:
        found = self._ask(
            f"SELECT bool_or(stats_null_count IS NULL OR stats_null_count < num_values) FROM parquet_metadata({self._list})"
            f" WHERE path_in_schema = {literal(column)}"
        )
        return bool(found and found[0][0])

    def _one_schema(self) -> dict[str, str]:
        first: dict[str, str] = {}
        for number, path in enumerate(self.paths):
            try:
                described = self._ask(f"DESCRIBE SELECT * FROM read_parquet({file_literal(path)})")
            except duckdb.Error as error:
                raise DiagnosticError([_damaged(str(path), error)]) from error
            schema = {str(name): str(kind) for name, kind, *_ in described}
            if number == 0:
                first = schema
            elif schema != first:
                raise DiagnosticError([_other_schema(self.paths[0], path, first, schema)])
        return first

    def _ask(self, sql: str) -> list[tuple]:  # type: ignore[type-arg]
        return self.connection.execute(sql).fetchall()


def _parquet_files(folder: Path, file: str) -> list[Path]:
    """The Parquet files below a folder, without those that Spark and others hide."""
    found = sorted(
        path
        for path in folder.rglob("*.parquet")
        if path.is_file() and not any(part.startswith(("_", ".")) for part in path.relative_to(folder).parts)
    )
    if found:
        return found
    others = sorted(path.name for path in folder.iterdir() if path.is_file())[:5]
    raise DiagnosticError(
        [
            Diagnostic(
                "error",
                "no-parquet",
                Bilingual(
                    "the folder has no Parquet files" + (f"; it has {', '.join(others)}" if others else ""),
                    "文件夹中没有Parquet文件" + (f"，只有{'、'.join(others)}" if others else ""),
                ),
                Place(file),
                Bilingual("name a single CSV or Excel file, or a folder of Parquet files",
                          "请指定单个CSV或Excel文件，或含Parquet文件的文件夹"),
            )
        ]
    )  # fmt: skip


def _other_schema(first: Path, other: Path, schema: Mapping[str, str], found: Mapping[str, str]) -> Diagnostic:
    different = [
        f"{name}: {found.get(name, '–')} / {schema.get(name, '–')}"
        for name in dict.fromkeys([*schema, *found])
        if schema.get(name) != found.get(name)
    ]
    shown = "; ".join(different[:5]) or "order / 顺序"
    return Diagnostic(
        "error",
        "other-schema",
        Bilingual(
            f"the columns are not those of {first.name} ({shown})", f"列与{first.name}不一致（{shown}）"
        ),
        Place(str(other)),
        Bilingual("write all files of the folder with the same columns and types, or move this one away",
                  "请使文件夹内各文件的列名和类型一致，或移走该文件"),
    )  # fmt: skip


def _mixed_forms(file: str) -> Diagnostic:
    return Diagnostic(
        "error",
        "mixed-forms",
        Bilingual(
            "some files of the folder are prepared tables, others are not", "文件夹中部分文件是已整理的表，部分不是"
        ),
        Place(file),
        Bilingual("keep them in separate folders", "请分开存放"),
    )


def _other_form(file: str, form: str) -> Diagnostic:
    return Diagnostic(
        "error",
        "other-form",
        Bilingual(
            f"this table was prepared in form {form}; this version of Yiqi reads form {PREPARED_FORM}",
            f"该表按格式{form}整理，当前版本的益企读取格式{PREPARED_FORM}",
        ),
        Place(file),
        Bilingual("prepare it again from the original table", "请用原始表格重新整理"),
    )


def _wrong_type(file: str, name: str, kind: str, wanted: str) -> Diagnostic:
    return Diagnostic(
        "error",
        "wrong-column-type",
        Bilingual(
            f"column `{name}` of this prepared table is {kind}, not {wanted}",
            f"已整理的表中“{name}”列类型是{kind}，应为{wanted}",
        ),
        Place(file, cell=name),
        Bilingual("prepare it again from the original table", "请用原始表格重新整理"),
    )


def _damaged(file: str, error: Exception) -> Diagnostic:
    reason = str(error).splitlines()[0][:200]
    return Diagnostic(
        "error",
        "damaged-parquet",
        Bilingual(f"the Parquet file cannot be read: {reason}", f"无法读取Parquet文件：{reason}"),
        Place(file),
        Bilingual("write it again", "请重新生成该文件"),
    )
