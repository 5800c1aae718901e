"""A click group whose commands are imported when they run, with help in two languages."""

import difflib
import importlib
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import click

from yiqi.cli.language import Text, language


class LazyCommand(NamedTuple):
    """Where a command lives (`module:attribute`) and what help says of it."""

    target: str
    summary: Text


# click's own words in Chinese.
_CHINESE = {
    "Usage: ": "用法：",
    "Options": "选项",
    "Commands": "命令",
    "Show the version and exit.": "显示版本并退出。",
    "Show this message and exit.": "显示本帮助并退出。",
}


def _translated(words: str) -> str:
    return _CHINESE.get(words, words) if language() == "zh" else words


class BilingualFormatter(click.HelpFormatter):
    """Help in which click's own words are in the chosen language."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        super().write_usage(prog, args, _translated("Usage: ") if prefix is None else prefix)

    def write_heading(self, heading: str) -> None:
        colon = "：" if language() == "zh" else ":"
        self.write(f"{'':>{self.current_indent}}{_translated(heading)}{colon}\n")

    def write_dl(self, rows: Iterable[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().write_dl([(term, _translated(meaning)) for term, meaning in rows], *args, **kwargs)


class Context(click.Context):
    """A context whose help comes in the chosen language."""

    formatter_class = BilingualFormatter


class LazyGroup(click.Group):
    """A group that knows its commands by name and summary, and imports one only to run it."""

    context_class = Context

    def __init__(self, *args: Any, commands: Mapping[str, LazyCommand], about: Text, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._lazy = dict(commands)
        self._about = about

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self._lazy)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command, imported; None if no command has this name.

        Raises click.UsageError if the table names it but its module is not part of this version.
        """
        lazy = self._lazy.get(cmd_name)
        if lazy is None:
            return None
        module_name, _, attribute = lazy.target.partition(":")
        try:
            module = importlib.import_module(module_name)
        except ModuleNotFoundError as error:
            if error.name != module_name:  # the module is there; something that it imports is not
                raise
            absent = Text(f"'{cmd_name}' is not part of this version of Yiqi yet.", f"本版本尚未提供命令“{cmd_name}”。")
            raise click.UsageError(str(absent), ctx) from None
        command: click.Command = getattr(module, attribute)
        command.context_class = Context
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and not args[0].startswith("-") and args[0] not in self._lazy:
            raise click.UsageError(str(_no_such_command(args[0], self._lazy)), ctx)
        return super().resolve_command(ctx, args)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        # `--help --lang zh` means what `--lang zh --help` means: help is printed as soon as it is met.
        for index, argument in enumerate(args):
            if not argument.startswith("-"):
                if index == 0 or args[index - 1] != "--lang":
                    break
            elif argument == "--lang" and index > 0:
                args = [*args[index : index + 2], *args[:index], *args[index + 2 :]]
                break
            elif argument.startswith("--lang=") and index > 0:
                args = [argument, *args[:index], *args[index + 1 :]]
                break
        return super().parse_args(ctx, args)

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        formatter.write_paragraph()
        with formatter.indentation():
            formatter.write_text(str(self._about))

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, str(lazy.summary)) for name, lazy in self._lazy.items()])


def _no_such_command(name: str, known: Iterable[str]) -> Text:
    """What to say of a name that is no command, with the nearest one that is."""
    known = list(known)
    near = difflib.get_close_matches(name, known, n=1)
    if near:
        return Text(
            f"There is no command '{name}'. Did you mean '{near[0]}'?", f"没有命令“{name}”。是否指“{near[0]}”？"
        )
    listed = ", ".join(known)
    return Text(
        f"There is no command '{name}'. The commands are: {listed}.", f"没有命令“{name}”。可用的命令：{listed}。"
    )
