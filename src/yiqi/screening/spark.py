"""The Spark engine: the same program over the same prepared table, on as many machines as there are.

The SQL is printed for Spark from the terms that DuckDB's is made of, and runs with ANSI arithmetic: a number that does not
fit is an error, never a NULL. Only the driver needs Python, Yiqi and its law; the workers get the query.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from sqlglot import exp

from yiqi.screening.prepared import ROW
from yiqi.screening.program import Program
from yiqi.screening.spark_errors import SparkError, explained

TABLE = "yiqi_enterprises"
"""The view that a query reads."""

OLDEST_JAVA = 17

QUERY_SETTINGS = {
    "spark.sql.ansi.enabled": "true",
    # A layer as one stage becomes methods too long for Java to compile; column by column it is several times faster, and
    # what its columns share inside is found once.
    "spark.sql.codegen.wholeStage": "false",
    # Dates as DuckDB writes them: days of the calendar of today, in any century.
    "spark.sql.parquet.datetimeRebaseModeInRead": "CORRECTED",
    "spark.sql.parquet.datetimeRebaseModeInWrite": "CORRECTED",
    "spark.sql.parquet.compression.codec": "zstd",
    "spark.sql.debug.maxToStringFields": "50",
}
"""What a query needs, set on the session it runs in."""

OWN_SETTINGS = {
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.log.level": "ERROR",
    # The query of all schemes is long, and planning it takes more than Java's own 1 GB.
    "spark.driver.memory": "4g",
}
"""What a session gets that was started here, not by ``spark-submit``."""

SUBMITTED = "PYSPARK_GATEWAY_PORT"
"""Set where ``spark-submit`` has started Java already; the master and the memory are its business then."""

WATCH_SECONDS = 0.5

Progress = Callable[[float], None]


def screen_with_spark(
    program: Program,
    source: str | Path,
    out: str | Path,
    *,
    master: str = "local[*]",
    passed: Sequence[str] = (ROW,),
    scores: bool = True,
    reasons: bool = False,
    near: bool = False,
    progress: Progress | None = None,
) -> int:
    """Screen a prepared table with Spark into a folder of Parquet parts; the number of rows.

    ``source`` is the Parquet file or folder, ``out`` the folder: paths of this machine, or addresses as the cluster sees
    them (``hdfs://…``, ``s3a://…``). The columns and values are those of DuckDB's query; their integer types may be
    wider. What was at ``out`` before stays until the new parts are whole. ``master`` is Spark's: ``local[2]``,
    ``local-cluster[2,1,1024]`` (two worker processes), ``yarn``, ``k8s://…``; it is not looked at when there is a session
    already. ``progress`` is called with the share of the tasks that are done. Raises :class:`SparkError`.
    """
    with spark_session(master) as session:
        query = program.query("spark", exp.to_table(TABLE), passed, scores=scores, reasons=reasons, near=near)
        return write(session, read(session, source), query.sql(dialect="spark"), out, progress)


# -- a session -----------------------------------------------------------------------------------------------------------


@contextmanager
def spark_session(master: str) -> Iterator[Any]:
    """A session with the settings of a query.

    One that is active (a notebook's) is taken as it is and left running; else Spark is started and stopped again. What
    goes wrong inside comes out as :class:`SparkError`.
    """
    session_class = _pyspark()
    with explained():
        active = session_class.getActiveSession()
        session = active.newSession() if active is not None else _start(session_class, master)
        try:
            for key, value in QUERY_SETTINGS.items():
                session.conf.set(key, value)
            yield session
        finally:
            if active is None:
                session.stop()


def _pyspark() -> Any:
    """pyspark's class of sessions. Raises :class:`SparkError` where it is not installed, or Java is missing or too old."""
    try:
        from pyspark.sql import SparkSession
    except ImportError:
        raise SparkError(
            "Spark is not installed: pip install 'yiqi[spark]', or in a checkout ./yiqi setup spark. It needs Java 17 too.",
            "未安装Spark：请运行 pip install 'yiqi[spark]'，在源代码目录中运行 ./yiqi setup spark。另需Java 17。",
        ) from None
    if SUBMITTED not in os.environ:
        _check_java()
    return SparkSession


def _check_java() -> None:
    """Raise :class:`SparkError` unless the Java that Spark would take is there and new enough."""
    home = os.environ.get("JAVA_HOME")
    found = shutil.which("java", path=str(Path(home) / "bin")) if home else shutil.which("java")
    get_en = "On Debian: apt install openjdk-17-jre-headless. Or set JAVA_HOME to where Java 17 is."
    get_zh = "Debian可用 apt install openjdk-17-jre-headless 安装，或将JAVA_HOME设为Java 17所在目录。"
    if found is None:
        where_en, where_zh = (f"in JAVA_HOME ({home})", f"JAVA_HOME（{home}）中") if home else ("on the path", "PATH中")
        raise SparkError(
            f"Spark needs Java 17, and there is no `java` {where_en}. {get_en}",
            f"Spark需要Java 17，但{where_zh}没有java。{get_zh}",
        )
    done = subprocess.run([found, "-version"], capture_output=True, text=True, check=False)
    said = re.search(r'version "(?:1\.)?(\d+)', done.stderr + done.stdout)
    if done.returncode or said is None:
        first = (done.stderr + done.stdout).strip().partition("\n")[0]
        raise SparkError(f"Java at {found} does not run: {first}", f"{found} 的Java无法运行：{first}")
    if int(said[1]) < OLDEST_JAVA:
        raise SparkError(
            f"Spark needs Java 17 or newer; {found} is Java {said[1]}. {get_en}",
            f"Spark需要Java 17或更高版本；{found} 为Java {said[1]}。{get_zh}",
        )


def _start(session_class: Any, master: str) -> Any:
    """Start Spark. What Java says on the way goes into the error, or is forgotten when all is well."""
    from pyspark import SparkConf, SparkContext
    from pyspark.java_gateway import launch_gateway

    if SUBMITTED in os.environ:
        return session_class.builder.getOrCreate()
    conf = SparkConf(loadDefaults=False).setMaster(master).setAppName("yiqi screen").setAll(list(OWN_SETTINGS.items()))
    # pyspark keeps the Java of an earlier session; a second one would only be left running.
    if SparkContext._gateway is not None:
        return session_class(SparkContext(conf=conf))
    with tempfile.TemporaryFile() as heard:
        try:
            launch: Any = launch_gateway
            gateway = launch(conf, {"stdout": heard, "stderr": heard})
            return session_class(SparkContext(conf=conf, gateway=gateway))
        except Exception as error:
            error.add_note(_tail(heard))
            raise


def _tail(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode("utf-8", "replace")[-4000:]


# -- a query -------------------------------------------------------------------------------------------------------------


def address(place: str | Path) -> str:
    """A place as Spark takes it: a path of this machine as a file, anything else as it stands."""
    if isinstance(place, str) and (re.match(r"[A-Za-z][A-Za-z0-9+.-]*:/", place) or not Path(place).exists()):
        return place
    return f"file://{Path(place).absolute()}"


def read(session: Any, source: str | Path) -> Any:
    """The prepared table at a place, as a data frame."""
    return session.read.parquet(_no_pattern(address(source)))


def _no_pattern(name: str) -> str:
    """An address as Spark reads it: brackets and stars are part of a name, not of a pattern."""
    return re.sub(r"([\[\]{}*?\\])", r"\\\1", name)


def write(session: Any, table: Any, query: str, out: str | Path, progress: Progress | None = None) -> int:
    """Write what a query over :data:`TABLE` gives for a data frame to ``out``, whole or not at all; the number of rows.

    Raises :class:`SparkError` when rows are missing from what was written: workers that do not share ``out`` with the
    driver each write to a disk of their own.
    """
    table.createOrReplaceTempView(TABLE)
    target = f"file://{out.absolute()}" if isinstance(out, Path) else address(out)
    beside = f"{target.rstrip('/')}.part"
    files, path = _files(session, target)
    try:
        with _watched(session, progress):
            session.sql(query).write.mode("overwrite").parquet(beside)
        expected = table.count()
        written = session.read.schema(f"{ROW} BIGINT").parquet(_no_pattern(beside)).count()
        if written != expected:
            raise SparkError(
                f"{expected:,} rows were computed and {written:,} are at {out}: the workers do not write to the place that "
                "the driver sees. Write to storage that all of them share, such as hdfs:// or s3a://.",
                f"已计算{expected:,}行，但{out}只有{written:,}行：工作节点写入的位置与驱动程序看到的不同。"
                "请写到各节点共享的存储，如hdfs://或s3a://。",
            )
        _replace(files, path(beside), path(target), path(f"{target.rstrip('/')}.old"))
    finally:
        files.delete(path(beside), True)
    if progress is not None:
        progress(1.0)
    return int(written)


def _files(session: Any, target: str) -> tuple[Any, Any]:
    """The file system of an address, and the class of its paths: those of Hadoop, which know every kind of storage."""
    path = session.sparkContext._jvm.org.apache.hadoop.fs.Path
    return path(target).getFileSystem(session.sparkContext._jsc.hadoopConfiguration()), path


def _replace(files: Any, beside: Any, target: Any, old: Any) -> None:
    """Put what is beside in the place of the target, which is whole at every moment, if need be under its old name."""
    files.delete(old, True)
    moved = files.exists(target) and files.rename(target, old)
    if not files.rename(beside, target):
        if moved:
            files.rename(old, target)
        raise OSError(f"{beside} could not be moved to {target}")
    files.delete(old, True)


@contextmanager
def _watched(session: Any, progress: Progress | None) -> Iterator[None]:
    """Report the share of tasks that are done, every :data:`WATCH_SECONDS`."""
    if progress is None:
        yield
        return
    done = threading.Event()
    tracker = session.sparkContext.statusTracker()
    failed: list[Exception] = []

    def watch() -> None:
        try:
            while not done.wait(WATCH_SECONDS):
                stages = [info for i in tracker.getActiveStageIds() if (info := tracker.getStageInfo(i)) is not None]
                tasks = sum(stage.numTasks for stage in stages)
                if tasks:
                    progress(sum(stage.numCompletedTasks for stage in stages) / tasks)
        except Exception as error:  # noqa: BLE001  raised again below, where someone sees it
            failed.append(error)

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        done.set()
        watcher.join()
    if failed:
        raise failed[0]
