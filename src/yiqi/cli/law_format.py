"""`yiqi law format`: which files, and what becomes of them."""

from __future__ import annotations

from pathlib import Path

import click

from yiqi.cli.language import Text, language
from yiqi.law.bilingual import Language
from yiqi.law.diagnostics import DiagnosticError, nearest
from yiqi.law.document import SourceText
from yiqi.law.formatter import format_law
from yiqi.law.library import default_folder, law_files
from yiqi.law.vocabulary_file import read_vocabulary


def format_files(names: tuple[str, ...], tongue: Language, only_check: bool, write: bool, folder: Path | None) -> int:
    """Format files and return the exit code: 1 when a file cannot be read or, under ``only_check``, would change."""
    if only_check and write:
        raise click.UsageError(str(Text("Say --check or --write, not both.", "--check和--write只能选一个。")))
    folder = folder or default_folder()
    if not folder.is_dir():
        raise click.UsageError(str(Text(f"'{folder}' is no folder of law files.", f"“{folder}”不是法规文件夹。")))
    paths = chosen_files(names, folder)
    if not (only_check or write) and len(paths) != 1:
        raise click.UsageError(
            str(
                Text(
                    f"{len(paths)} files: name one to print it, or say --check or --write.",
                    f"共{len(paths)}个文件：请指明一个文件以显示，或使用--check、--write。",
                )
            )
        )
    try:
        vocabulary = read_vocabulary(folder / "facts")
    except DiagnosticError as error:
        click.echo(error.render(language()), err=True)
        return 1
    code = 0
    changed = 0
    for path in paths:
        # Line ends stay as they are in the file.
        raw = path.read_bytes().decode("utf-8")
        end = "\r\n" if "\r\n" in raw else "\n"
        try:
            text = format_law(SourceText(str(path), raw.replace("\r\n", "\n")), tongue, vocabulary).replace("\n", end)
        except DiagnosticError as error:
            click.echo(error.render(language()), err=True)
            code = 1
            continue
        if not (only_check or write):
            click.echo(text, nl=False)
        elif text != raw:
            changed += 1
            if write:
                path.write_bytes(text.encode("utf-8"))
            click.echo(str(path))
    if only_check or write:
        click.echo(str(_summary(len(paths), changed, write)))
    return 1 if only_check and changed else code


def chosen_files(names: tuple[str, ...], folder: Path) -> list[Path]:
    """The files that names mean: a path, or a part of the path of law files; all of them without names."""
    known = law_files(folder)
    if not names:
        return known
    found: dict[Path, None] = {}
    for name in names:
        path = Path(name)
        matches = [path] if path.is_file() else [p for p in known if name in str(p.relative_to(folder))]
        if not matches:
            near = nearest(name, (p.stem for p in known))
            hint = Text(f" Did you mean '{near}'?", f"是否指“{near}”？") if near else Text("", "")
            missing = Text(f"There is no law file '{name}'.", f"没有法规文件“{name}”。")
            raise click.UsageError(str(missing) + str(hint))
        found.update(dict.fromkeys(matches))
    return list(found)


def _summary(files: int, changed: int, written: bool) -> Text:
    number = "1 file" if files == 1 else f"{files} files"
    if written:
        return Text(f"{number}, {changed} written", f"{files}个文件，改写{changed}个")
    return Text(f"{number}, {changed} would change", f"{files}个文件，{changed}个需要改写")
