"""`yiqi` without a command: help, language, and names that are no command."""

import subprocess
import sys

import click
import pytest
from click.testing import CliRunner

from yiqi.cli import COMMANDS, Text, main
from yiqi.cli.language import language, language_of
from yiqi.cli.lazy import LazyCommand, LazyGroup


def run(*arguments: str, **environment: str) -> tuple[int, str]:
    variables = {"YIQI_LANG": None, "LC_ALL": None, "LC_MESSAGES": None, "LANG": "C", **environment}
    result = CliRunner().invoke(main, arguments, env=variables, prog_name="yiqi")
    return result.exit_code, result.output


def test_help_lists_every_command_in_both_languages() -> None:
    _, english = run("--help")
    _, chinese = run("--help", "--lang", "zh")
    assert english.startswith("Usage: yiqi ")
    assert chinese.startswith("用法：yiqi ")
    for name, command in COMMANDS.items():
        assert f"  {name} " in english
        assert command.summary.en in english
        assert f"  {name} " in chinese
        assert command.summary.zh in chinese


@pytest.mark.parametrize(
    ("arguments", "environment"),
    [
        (["--lang", "zh", "--help"], {}),
        (["--help", "--lang", "zh"], {}),
        (["-h", "--lang=zh"], {}),
        (["--help"], {"YIQI_LANG": "zh"}),
        (["--help"], {"LANG": "zh_CN.UTF-8"}),
        (["--lang", "zh", "--help"], {"YIQI_LANG": "en"}),
    ],
)
def test_the_option_goes_before_the_variable_and_the_variable_before_the_locale(
    arguments: list[str], environment: dict[str, str]
) -> None:
    assert run(*arguments, **environment)[1].startswith("用法：")


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({}, "en"),
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "zh"}, "zh"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "C"}, "en"),
        ({"LANG": "en_US.UTF-8", "LC_MESSAGES": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": ""}, "zh"),
        ({"LANG": "zh_CN.UTF-8", "YIQI_LANG": "en"}, "en"),
    ],
)
def test_language_of_an_environment(environment: dict[str, str], expected: str) -> None:
    assert language_of(environment) == expected


def test_a_language_that_is_neither_is_an_error() -> None:
    code, output = run("demo", YIQI_LANG="fr")
    assert code == 2
    assert "'fr' is not one of 'en', 'zh'" in output


def test_a_misspelt_command_is_answered_with_the_nearest() -> None:
    code, output = run("asess")
    assert code == 2
    assert "Error: There is no command 'asess'. Did you mean 'assess'?\n" in output
    assert "是否指“assess”" in run("--lang", "zh", "asess")[1]


def test_a_name_like_no_command_is_answered_with_all() -> None:
    _, output = run("xyzzy")
    assert "The commands are: " + ", ".join(COMMANDS) in output


def group_of(target: str) -> LazyGroup:
    about = Text("about", "关于")
    return LazyGroup("g", commands={"one": LazyCommand(target, Text("first", "第一"))}, about=about)


def test_a_command_whose_module_is_absent_says_so_and_help_still_prints() -> None:
    group = group_of("yiqi.cli.of_another_version:command")
    assert "first" in CliRunner().invoke(group, ["--help"], env={"YIQI_LANG": "en"}).output
    result = CliRunner().invoke(group, ["one"], env={"YIQI_LANG": "en"})
    assert result.exit_code == 2
    assert "'one' is not part of this version of Yiqi yet." in result.output


def test_a_module_that_fails_to_import_is_not_called_absent(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path_factory.mktemp("modules")
    (folder / "broken_command.py").write_text("import a_package_that_nobody_has\n")
    monkeypatch.syspath_prepend(folder)
    result = CliRunner().invoke(group_of("broken_command:command"), ["one"])
    assert isinstance(result.exception, ModuleNotFoundError)
    assert result.exception.name == "a_package_that_nobody_has"


def test_a_command_hears_the_language_and_has_help_in_it(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path_factory.mktemp("modules")
    (folder / "speaking_command.py").write_text(
        "import click\nfrom yiqi.cli.language import Text\n\n\n"
        "@click.command()\ndef command():\n    click.echo(str(Text('hello', '你好')))\n"
    )
    monkeypatch.syspath_prepend(folder)
    monkeypatch.setitem(main._lazy, "hello", LazyCommand("speaking_command:command", Text("", "")))  # type: ignore[attr-defined]
    assert run("--lang", "zh", "hello") == (0, "你好\n")
    assert run("--lang", "en", "hello", LANG="zh_CN.UTF-8") == (0, "hello\n")
    assert "用法：yiqi hello" in run("--lang", "zh", "hello", "--help")[1]


def test_outside_a_command_the_environment_decides(monkeypatch: pytest.MonkeyPatch) -> None:
    assert click.get_current_context(silent=True) is None
    monkeypatch.setenv("YIQI_LANG", "zh")
    assert language() == "zh"


def test_help_imports_no_command_and_nothing_heavy() -> None:
    show = (
        "import sys\n"
        "from yiqi.cli import main\n"
        "main(['--help'], standalone_mode=False)\n"
        "print(*sorted(sys.modules), file=sys.stderr)\n"
    )
    done = subprocess.run([sys.executable, "-c", show], capture_output=True, encoding="utf-8", check=True)
    loaded = set(done.stderr.split())
    assert not loaded & {target.target.partition(":")[0] for target in COMMANDS.values()}
    assert not {name.partition(".")[0] for name in loaded} & {"rich", "jinja2", "markdown_it", "ruamel", "xlsxwriter"}
    assert {name for name in loaded if name.startswith("yiqi.")} == {
        "yiqi.cli",
        "yiqi.cli.language",
        "yiqi.cli.lazy",
        "yiqi.version",
    }
