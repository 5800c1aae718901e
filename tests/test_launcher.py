"""The launcher `./yiqi`: what it runs, when it sets up, and what it says when it cannot."""

import ast
import shutil
import subprocess
import sys
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from types import ModuleType

import pytest

CHECKOUT = Path(__file__).parents[1]


def load(file: Path) -> ModuleType:
    loader = SourceFileLoader("launcher", str(file))
    spec = spec_from_loader(loader.name, loader)
    assert spec is not None
    launcher = module_from_spec(spec)
    loader.exec_module(launcher)
    return launcher


@pytest.fixture
def launcher(tmp_path: Path) -> ModuleType:
    """The launcher of a checkout of its own, with one line in each requirements file and no environment."""
    shutil.copy(CHECKOUT / "yiqi", tmp_path)
    requirements = tmp_path / "requirements"
    requirements.mkdir()
    for group in ("base", "dev", "docs", "bench"):
        (requirements / f"{group}.txt").write_text(f"{group}==1\n")
    return load(tmp_path / "yiqi")


def pretend_installed(launcher: ModuleType, *groups: str) -> None:
    python = Path(launcher.PYTHON)
    python.parent.mkdir(parents=True, exist_ok=True)
    python.touch()
    Path(launcher.STATE).mkdir(exist_ok=True)
    for group in groups:
        launcher.write(launcher.stamp_file(group), launcher.stamp_of(group))


# ------------------------------------------------------------------ old Pythons


def test_python_3_6_can_read_the_launcher_and_so_say_what_is_wrong() -> None:
    ast.parse((CHECKOUT / "yiqi").read_text(encoding="utf-8"), feature_version=(3, 6))


@pytest.mark.parametrize("version", [(3, 11, 0), (3, 12, 1), (3, 20, 0), (4, 0, 0)])
def test_no_complaint_about_a_python_that_will_do(launcher: ModuleType, version: tuple[int, int, int]) -> None:
    assert launcher.complaint_about(version) is None


@pytest.mark.parametrize("version", [(3, 6, 15), (3, 9, 2), (3, 10, 13)])
def test_an_old_python_is_named_with_what_to_install(launcher: ModuleType, version: tuple[int, int, int]) -> None:
    complaint = launcher.complaint_about(version)
    english, chinese = complaint[: complaint.index("益企")], complaint[complaint.index("益企") :]
    for text in (english, chinese):
        assert "3.11" in text
        assert f"{version[0]}.{version[1]}" in text
        assert "apt install python3 python3-venv" in text


# -------------------------------------------------------------------- what runs


@pytest.mark.parametrize(
    ("line", "groups", "arguments"),
    [
        ([], ["base"], ["-m", "yiqi"]),
        (["--help"], ["base"], ["-m", "yiqi", "--help"]),
        (["assess", "test"], ["base"], ["-m", "yiqi", "assess", "test"]),
        (["law", "test"], ["base"], ["-m", "yiqi", "law", "test"]),
        (["test"], ["base", "dev"], ["-m", "pytest"]),
        (["test", "-q", "-k", "a b"], ["base", "dev"], ["-m", "pytest", "-q", "-k", "a b"]),
        (["docs"], ["base", "docs"], ["-m", "zensical", "build"]),
        (["docs", "serve"], ["base", "docs"], ["-m", "zensical", "serve"]),
    ],
)
def test_the_first_word_decides_what_runs_and_what_it_needs(
    launcher: ModuleType, line: list[str], groups: list[str], arguments: list[str]
) -> None:
    job = launcher.route(line)
    assert (job.groups, job.arguments) == (groups, arguments)


def test_tests_run_at_the_root_and_commands_where_the_user_is(launcher: ModuleType, tmp_path: Path) -> None:
    assert launcher.route(["test"]).folder == str(tmp_path)
    assert launcher.route(["assess", "file.yaml"]).folder is None


def test_a_benchmark_is_a_file_in_bench(launcher: ModuleType, tmp_path: Path) -> None:
    (tmp_path / "bench").mkdir()
    (tmp_path / "bench" / "judge.py").touch()
    (tmp_path / "bench" / "_peers.py").touch()
    job = launcher.route(["bench", "judge", "--rows", "10"])
    assert job.groups == ["base", "bench"]
    assert job.arguments == [str(tmp_path / "bench" / "judge.py"), "--rows", "10"]
    for unknown in (["bench"], ["bench", "nothing"], ["bench", "_peers"]):
        with pytest.raises(launcher.Problem, match=r": judge$"):
            launcher.route(unknown)


def test_setup_takes_groups_that_exist(launcher: ModuleType) -> None:
    assert launcher.route(["setup"]).groups == ["base"]
    assert launcher.route(["setup", "docs", "dev"]).groups == ["base", "docs", "dev"]
    with pytest.raises(launcher.Problem, match="no group 'dve'; the groups are base, dev, docs, bench"):
        launcher.route(["setup", "dve"])


# -------------------------------------------------------------------- the stamp


def test_everything_is_missing_before_the_first_set_up(launcher: ModuleType) -> None:
    assert launcher.missing(["base", "dev"]) == ["base", "dev"]


def test_nothing_is_missing_once_the_stamps_are_right(launcher: ModuleType) -> None:
    pretend_installed(launcher, "base", "dev")
    assert launcher.missing(["base", "dev"]) == []
    assert launcher.missing(["base", "docs"]) == ["docs"]


def test_a_changed_requirement_is_missing_and_no_other(launcher: ModuleType, tmp_path: Path) -> None:
    pretend_installed(launcher, "base", "dev")
    (tmp_path / "requirements" / "dev.txt").write_text("dev==2\n")
    assert launcher.missing(["base", "dev"]) == ["dev"]


@pytest.mark.parametrize("part", range(4), ids=["python", "system", "machine", "folder"])
def test_other_surroundings_need_another_environment(
    launcher: ModuleType, monkeypatch: pytest.MonkeyPatch, part: int
) -> None:
    pretend_installed(launcher, "base")
    lines = launcher.surroundings().split("\n")
    lines[part] += "x"
    monkeypatch.setattr(launcher, "surroundings", lambda: "\n".join(lines))
    assert launcher.missing(["base"]) == ["base"]


def test_surroundings_name_the_running_python_and_the_folder(launcher: ModuleType, tmp_path: Path) -> None:
    python, *_, folder = launcher.surroundings().split("\n")
    assert python == f"{sys.implementation.name}-{sys.version_info[0]}.{sys.version_info[1]}"
    assert folder == str(tmp_path)


# ------------------------------------------------------------------------ set-up


def test_set_up_writes_the_stamps_last(
    launcher: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    installed: list[list[str]] = []

    def install(groups: list[str]) -> None:
        assert Path(launcher.UNFINISHED).exists()
        assert not any(Path(launcher.stamp_file(group)).exists() for group in groups)
        installed.append(groups)

    monkeypatch.setattr(launcher, "make_environment", lambda: pretend_installed(launcher))
    monkeypatch.setattr(launcher, "install", install)
    launcher.set_up(["base", "dev"])
    assert launcher.missing(["base", "dev"]) == []
    launcher.set_up(["base", "dev"])
    assert installed == [["base", "dev"]]
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.count("\n") == 1
    assert "base + dev" in said.err
    assert "once" in said.err
    assert "只需一次" in said.err


def test_a_set_up_that_broke_off_leaves_everything_missing(
    launcher: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    def install(_groups: list[str]) -> None:
        raise KeyboardInterrupt

    pretend_installed(launcher, "base")
    monkeypatch.setattr(launcher, "make_environment", lambda: None)
    monkeypatch.setattr(launcher, "install", install)
    with pytest.raises(KeyboardInterrupt):
        launcher.set_up(["base", "dev"])
    assert launcher.missing(["base"]) == ["base"]


def test_half_an_environment_makes_way_for_a_new_one(
    launcher: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pretend_installed(launcher, "base")
    launcher.write(launcher.UNFINISHED, "")
    half_written = Path(launcher.VENV) / "half-written"
    half_written.touch()
    commands: list[list[str]] = []
    monkeypatch.setattr(launcher, "run", lambda command, _advice: commands.append(command))
    launcher.make_environment()
    assert not half_written.exists()
    assert not list(tmp_path.glob(".venv.discarded*"))
    assert commands[0][1:4] == ["-I", "-m", "venv"]
    assert Path(launcher.UNFINISHED).exists()


@pytest.mark.parametrize(("version", "kept"), [("{0}.{1}.0", True), ("{0}.99.0", False)])
def test_an_environment_made_by_hand_is_taken_over_if_its_python_is_this_one(
    launcher: ModuleType, monkeypatch: pytest.MonkeyPatch, version: str, kept: bool
) -> None:
    python = Path(launcher.PYTHON)
    python.parent.mkdir(parents=True)
    python.touch()
    number = version.format(*sys.version_info[:2])
    (Path(launcher.VENV) / "pyvenv.cfg").write_text(f"home = somewhere\nversion = {number}\n")
    monkeypatch.setattr(launcher, "run", lambda _command, _advice: None)
    launcher.make_environment()
    assert python.exists() is kept


def test_pip_keeps_the_users_mirror_and_loses_what_installs_elsewhere(
    launcher: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIP_INDEX_URL", "file:///mirror")
    monkeypatch.setenv("PIP_TARGET", "/elsewhere")
    monkeypatch.setenv("PIP_USER", "1")
    monkeypatch.setenv("HOME", "")
    show = "import os; print([os.environ.get(n) for n in ('PIP_INDEX_URL', 'PIP_TARGET', 'PIP_USER', 'HOME')])"
    assert ast.literal_eval(launcher.run([sys.executable, "-c", show], str)) == ["file:///mirror", None, "0", None]


@pytest.mark.parametrize(
    ("complaint", "advice"),
    [
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.", "Do not switch the check off"),
        ("ERROR: No matching distribution found for click==8", "pip config set global.index-url"),
        ("OSError: [Errno 28] No space left on device", "the disk is full"),
    ],
)
def test_a_failure_shows_what_was_said_and_what_to_do(launcher: ModuleType, complaint: str, advice: str) -> None:
    command = [sys.executable, "-c", "import sys; sys.exit(sys.argv[1])", complaint]
    with pytest.raises(launcher.Problem) as problem:
        launcher.run(command, launcher.pip_advice)
    assert complaint in str(problem.value)
    assert advice in str(problem.value)
    assert "准备中止" in str(problem.value)


@pytest.mark.usefixtures("launcher")
def test_two_starts_at_once_install_once(tmp_path: Path) -> None:
    # Each start installs by appending one line, slowly enough that the other one meets the lock.
    start = f"""
import sys, time
sys.path.insert(0, {str(Path(__file__).parent)!r})
from pathlib import Path
from test_launcher import load, pretend_installed
launcher = load(Path({str(tmp_path / "yiqi")!r}))
def install(groups):
    with open({str(tmp_path / "log")!r}, "a") as log:
        log.write("installed\\n")
    time.sleep(0.5)
launcher.make_environment = lambda: pretend_installed(launcher)
launcher.install = install
if launcher.missing(["base"]):
    launcher.set_up(["base"])
assert launcher.missing(["base"]) == []
"""
    both = [subprocess.Popen([sys.executable, "-B", "-c", start], stderr=subprocess.PIPE) for _ in range(2)]
    said = [process.communicate()[1].decode() for process in both]
    assert [process.returncode for process in both] == [0, 0], said
    assert (tmp_path / "log").read_text() == "installed\n"
