"""Which language the command line speaks: Chinese or English."""

import os
from collections.abc import Mapping
from typing import Literal, NamedTuple, cast

import click

Language = Literal["en", "zh"]

_KEY = "yiqi.language"


class Text(NamedTuple):
    """One text in both languages."""

    en: str
    zh: str

    def __str__(self) -> str:
        return self[0] if language() == "en" else self[1]


def language_of(environment: Mapping[str, str]) -> Language:
    """The language that an environment asks for.

    YIQI_LANG decides; without it the locale does, in the order in which POSIX reads it: LC_ALL, LC_MESSAGES, LANG.
    Anything but Chinese gives English. That YIQI_LANG is en or zh is checked where `--lang` is read.
    """
    asked = environment.get("YIQI_LANG", "")
    if asked in ("en", "zh"):
        return cast("Language", asked)
    locale = next((environment[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if environment.get(name)), "")
    return "zh" if locale.lower().startswith("zh") else "en"


def language() -> Language:
    """The language of the command that is running; outside of one, that of the environment."""
    context = click.get_current_context(silent=True)
    chosen = context.meta.get(_KEY) if context else None
    return cast("Language", chosen) if chosen else language_of(os.environ)


def choose_language(context: click.Context, _parameter: click.Parameter, value: str | None) -> None:
    """Callback of `--lang`: holds for the command and all below it."""
    if value:
        context.meta[_KEY] = value
