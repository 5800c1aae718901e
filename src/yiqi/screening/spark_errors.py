"""What Spark means when it fails, for the person who has to do something about it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from yiqi.law.bilingual import Bilingual


class SparkError(RuntimeError):
    """Why Spark could not do its work; ``message`` says it in both languages, with what to do."""

    def __init__(self, en: str, zh: str) -> None:
        self.message = Bilingual(en, zh)
        super().__init__(en)


class _Meaning(NamedTuple):
    """A pattern in what Spark says, and what it means with what to do."""

    pattern: str
    en: str
    zh: str


_MEANINGS = (
    _Meaning(
        r"ARITHMETIC_OVERFLOW|NUMERIC_VALUE_OUT_OF_RANGE|CAST_OVERFLOW|NUMERIC_OUT_OF_SUPPORTED_RANGE",
        "A figure of the table is larger than when its range was measured. Prepare and screen the table again.",
        "表中有数值超出先前测得的范围。请重新准备并评价该表。",
    ),
    _Meaning(
        r"OutOfMemoryError|GC overhead limit|exceeding (?:physical )?memory limits|[Ee]xit(?:ed with)? code(?: is)?:? ?(?:52|137)\b",
        "Out of memory. Give each worker more (--conf spark.executor.memory=4g) and the driver "
        "(--conf spark.driver.memory=4g), or fewer cores each (--conf spark.executor.cores=1).",
        "内存不足。请为工作节点增加内存（--conf spark.executor.memory=4g）、为驱动程序增加内存"
        "（--conf spark.driver.memory=4g），或减少每个节点的核数（--conf spark.executor.cores=1）。",
    ),
    _Meaning(
        r"No space left on device",
        "A disk is full. Free some space, or name a larger one (--conf spark.local.dir=FOLDER).",
        "磁盘已满。请清理空间，或指定更大的临时目录（--conf spark.local.dir=目录）。",
    ),
    _Meaning(
        r"PATH_NOT_FOUND|Path does not exist|FILE_NOT_EXIST|FileNotFoundException",
        "The cluster does not see the table. Put it where every worker sees it: hdfs://, s3a:// or a shared folder.",
        "集群找不到该表。请放到各工作节点都能访问的位置：hdfs://、s3a://或共享目录。",
    ),
    _Meaning(
        r"S3AFileSystem not found|No FileSystem for scheme",
        "Spark does not know this kind of storage. For s3a:// add "
        "--packages org.apache.hadoop:hadoop-aws:VERSION, with the version of Spark's Hadoop.",
        "Spark不认识这种存储。使用s3a://时请加 --packages org.apache.hadoop:hadoop-aws:版本（与Spark所带Hadoop的版本一致）。",
    ),
    _Meaning(
        r"AccessDenied|AccessControlException|Permission denied|NoAuthWithAWSException",
        "The storage refuses. Check the rights of the user that Spark runs as.",
        "存储拒绝访问。请检查Spark运行用户的权限。",
    ),
    _Meaning(
        r"UNRESOLVED_COLUMN|DATATYPE_MISMATCH|FAILED_READ_FILE|PARQUET_COLUMN_DATA_TYPE_MISMATCH|not a Parquet file",
        "The table is not the prepared one that the query was made for. Prepare it again.",
        "该表与查询所针对的表不一致。请重新准备。",
    ),
    _Meaning(
        r"Could not parse Master URL|All masters are unresponsive|Cluster deploy mode|HADOOP_CONF_DIR or YARN_CONF_DIR",
        "Spark does not reach its master. Check --master: local[*], local-cluster[2,1,1024], spark://HOST:7077, yarn or k8s://…; "
        "yarn needs HADOOP_CONF_DIR.",
        "Spark无法连接到集群。请检查--master：local[*]、local-cluster[2,1,1024]、spark://主机:7077、yarn或k8s://…；"
        "使用yarn须设置HADOOP_CONF_DIR。",
    ),
    _Meaning(
        r"JAVA_GATEWAY_EXITED|UnsupportedClassVersionError|Could not create the Java Virtual Machine",
        "Java did not start. Spark needs Java 17; check JAVA_HOME and the memory that is asked for.",
        "Java未能启动。Spark需要Java 17；请检查JAVA_HOME和所申请的内存。",
    ),
)

_TELLING = re.compile(r"^\[[A-Z_.]+\]|(?:Exception|Error): \S")
_LONGEST = 300


@contextmanager
def explained() -> Iterator[None]:
    """Turn what Spark raises inside into :class:`SparkError`; anything else passes as it is."""
    try:
        yield
    except Exception as error:
        if type(error).__module__.split(".")[0] in ("pyspark", "py4j"):
            raise meaning(error) from error
        raise


def meaning(error: Exception) -> SparkError:
    """What an error of Spark, or of the bridge to Java, says to a person: what to do, and Spark's own words."""
    whole = "\n".join([str(error), *getattr(error, "__notes__", ())])
    said = _own_words(whole)
    for pattern, en, zh in _MEANINGS:
        if re.search(pattern, whole):
            return SparkError(f"Spark stopped. {en} It said: {said}", f"Spark运行中止。{zh}原文：{said}")
    return SparkError(f"Spark stopped: {said}", f"Spark运行中止：{said}")


def _own_words(whole: str) -> str:
    """The line that says most: the innermost cause with a message, else the first line; without Java's stack."""
    lines = [line.strip() for line in whole.splitlines() if line.strip() and not re.match(r"\s*(at |\.\.\. )", line)]
    telling = [line for line in lines if _TELLING.search(line) and not line.startswith("py4j.")]
    chosen = telling[-1] if telling else next(iter(lines), "?")
    chosen = chosen.removeprefix("Caused by: ")
    return chosen if len(chosen) <= _LONGEST else chosen[: _LONGEST - 1] + "…"
