"""The Spark engine: the same program over the same prepared table, on as many machines as there are.

The SQL is printed for Spark from the terms that DuckDB's is made of, and runs with ANSI arithmetic: a number that does not
fit is an error, never a NULL. Only the driver needs Yiqi and its law; the workers get the query.
"""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlglot import exp

from yiqi.law.bilingual import Bilingual
from yiqi.screening.prepared import ROW
from yiqi.screening.program import Program

TABLE = "yiqi_enterprises"

SETTINGS = {
    "spark.sql.ansi.enabled": "true",
    # A layer as one stage becomes methods too long for Java to compile; column by column it is several times faster.
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.debug.maxToStringFields": "50",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.sql.parquet.compression.codec": "zstd",
}


class SparkError(RuntimeError):
    """Why Spark could not do its work; ``message`` says it in both languages, with what to do."""

    def __init__(self, en: str, zh: str) -> None:
        self.message = Bilingual(en, zh)
        super().__init__(en)


def screen_with_spark(
    program: Program,
    source: str,
    out: Path,
    *,
    master: str = "local[*]",
    passed: Sequence[str] = (ROW,),
    reasons: bool = False,
    near: bool = False,
    progress: Callable[[float], None] | None = None,
) -> None:
    """Screen a prepared table with Spark.

    ``source`` is the address of the Parquet file or folder as the cluster sees it (a path, ``hdfs://…``, ``s3a://…``),
    ``out`` the folder that takes the parts; what was there before stays until the new parts are whole. ``master`` is
    Spark's: ``local[2]``, ``local-cluster[2,1,1024]`` (two worker processes), ``yarn``, ``k8s://…``. Raises
    :class:`SparkError`.
    """
    session = start(master)
    try:
        session.read.parquet(source).createOrReplaceTempView(TABLE)
        query = program.query("spark", exp.to_table(TABLE), passed, reasons=reasons, near=near).sql(dialect="spark")
        beside = out.with_name(out.name + ".part")
        shutil.rmtree(beside, ignore_errors=True)
        with _watched(session, progress):
            session.sql(query).write.mode("overwrite").parquet(str(beside))
        shutil.rmtree(out, ignore_errors=True)
        beside.replace(out)
    except Exception as error:
        if type(error).__module__.split(".")[0] in ("pyspark", "py4j"):
            first = str(error).strip().splitlines()[0][:300]
            raise SparkError(f"Spark stopped: {first}", f"Spark运行中止：{first}") from error
        raise
    finally:
        session.stop()


def start(master: str) -> Any:
    """A Spark session. Raises :class:`SparkError` where pyspark or Java is missing."""
    try:
        from pyspark.errors import PySparkException
        from pyspark.sql import SparkSession
    except ImportError:
        raise SparkError(
            "Spark is not installed: pip install 'yiqi[spark]', or in a checkout ./yiqi setup spark.",
            "未安装Spark：请运行 pip install 'yiqi[spark]'；源代码中运行 ./yiqi setup spark。",
        ) from None
    if shutil.which("java") is None:
        raise SparkError(
            "Spark needs Java 17, and there is no `java`: on Debian apt install openjdk-17-jre-headless.",
            "Spark需要Java 17，但未找到java：Debian可用 apt install openjdk-17-jre-headless 安装。",
        )
    builder = SparkSession.builder.master(master).appName("yiqi screen")
    for key, value in SETTINGS.items():
        builder = builder.config(key, value)
    try:
        session = builder.getOrCreate()
    except PySparkException as error:
        first = str(error).strip().splitlines()[0][:300]
        raise SparkError(f"Spark does not start: {first}", f"Spark无法启动：{first}") from error
    session.sparkContext.setLogLevel("ERROR")
    return session


@contextmanager
def _watched(session: Any, progress: Callable[[float], None] | None) -> Iterator[None]:
    """Report the share of tasks that are done, twice a second."""
    if progress is None:
        yield
        return
    done = threading.Event()
    tracker = session.sparkContext.statusTracker()

    def watch() -> None:
        while not done.wait(0.5):
            stages = [info for i in tracker.getActiveStageIds() if (info := tracker.getStageInfo(i)) is not None]
            tasks = sum(stage.numTasks for stage in stages)
            if tasks:
                progress(sum(stage.numCompletedTasks for stage in stages) / tasks)

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        done.set()
        watcher.join()
