"""A PostgreSQL server of a test's own: made, used over a socket and removed again."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any


def program(name: str) -> str | None:
    """The path of one of PostgreSQL's programs, on the path or where Debian puts it."""
    found = shutil.which(name)
    if found is not None:
        return found
    placed = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    return str(placed[-1]) if placed else None


def why_not() -> str | None:
    """Why no server can be started here, or None."""
    if os.environ.get("CI"):
        return "a database server is not part of CI"
    absent = [name for name in ("initdb", "pg_ctl", "psql") if program(name) is None]
    if absent:
        return f"PostgreSQL is not installed ({', '.join(absent)}): on Debian apt install postgresql"
    if os.geteuid() == 0:
        try:
            pwd.getpwnam("postgres")
        except KeyError:
            return "PostgreSQL does not run as root, and there is no user postgres"
    return None


class PostgresServer:
    """A server in a temporary folder that listens on a socket only. PostgreSQL does not run as root, so that user
    `postgres` runs it where root tests."""

    def __enter__(self) -> PostgresServer:
        self.folder = Path(tempfile.mkdtemp(prefix="yiqi-pg-"))
        self._as: dict[str, Any] = {"cwd": self.folder, "env": {"PATH": "/usr/bin:/bin", "LC_ALL": "C"}}
        if os.geteuid() == 0:
            user = pwd.getpwnam("postgres")
            self._as |= {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
            os.chown(self.folder, user.pw_uid, user.pw_gid)
        data = str(self.folder / "data")
        self._run("initdb", "-D", data, "-U", "yiqi", "-A", "trust", "--no-sync", "-E", "UTF8", "--no-locale")
        options = f"-k {self.folder} -c listen_addresses='' -c fsync=off -c jit=off"
        self._run("pg_ctl", "-D", data, "-w", "-l", str(self.folder / "log"), "-o", options, "start")
        return self

    def __exit__(self, *_: object) -> None:
        self._run("pg_ctl", "-D", str(self.folder / "data"), "-w", "-m", "immediate", "stop")
        shutil.rmtree(self.folder)

    def _run(self, name: str, *arguments: str) -> None:
        path = program(name)
        assert path is not None
        # Not to a pipe: the server would keep it open.
        subprocess.run([path, *arguments], check=True, stdout=subprocess.DEVNULL, **self._as)

    def psql(self, statement: str, into: Path | None = None, out_of: Path | None = None) -> None:
        """Run a statement; its output goes to ``into``, its input comes from ``out_of``."""
        path = program("psql")
        assert path is not None
        source = self.folder / "statement.sql"
        source.write_text(statement, encoding="utf-8")
        command = [path, "-X", "-q", "-v", "ON_ERROR_STOP=1", "-h", str(self.folder), "-U", "yiqi", "-d", "postgres"]
        command += ["-c", statement] if out_of is not None else ["-f", str(source)]
        with (
            (into or self.folder / "output").open("wb") as output,
            (out_of or Path(os.devnull)).open("rb") as given,
        ):
            done = subprocess.run(command, stdin=given, stdout=output, stderr=subprocess.PIPE, text=False, check=False)
        assert done.returncode == 0, done.stderr.decode()[:2000]
