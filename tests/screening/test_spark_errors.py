"""What Spark says when it fails, as a person reads it. The messages are those of Spark, Hadoop and Java, written out here."""

from __future__ import annotations

import pytest

from yiqi.screening.spark_errors import SparkError, explained, meaning


class SaidError(Exception):
    """An error as pyspark raises it: told by the module its class is from."""


SaidError.__module__ = "pyspark.errors.exceptions.captured"


@pytest.mark.parametrize(
    ("said", "advice_en", "advice_zh"),
    [
        ("[ARITHMETIC_OVERFLOW] long overflow. SQLSTATE: 22003", "Prepare and screen the table again", "重新准备"),
        ("[CAST_OVERFLOW] The value 128 of the type INT cannot be cast to TINYINT.", "larger than when", "超出先前测得"),
        ("java.lang.OutOfMemoryError: Java heap space", "--conf spark.executor.memory", "内存不足"),
        ("ExecutorLostFailure (executor 1 exited) Reason: Command exited with code 137", "Out of memory", "内存不足"),
        ("Reason: Container from a bad node. Exit code is 137", "Out of memory", "内存不足"),
        ("java.io.IOException: No space left on device", "A disk is full", "磁盘已满"),
        ("[PATH_NOT_FOUND] Path does not exist: hdfs://n/t.", "every worker sees it", "集群找不到该表"),
        ("java.lang.ClassNotFoundException: Class org.apache.hadoop.fs.s3a.S3AFileSystem not found", "hadoop-aws", "hadoop-aws"),
        ('No FileSystem for scheme "oss"', "does not know this kind of storage", "不认识这种存储"),
        ("org.apache.hadoop.security.AccessControlException: Permission denied: user=a", "The storage refuses", "存储拒绝访问"),
        ("[UNRESOLVED_COLUMN.WITH_SUGGESTION] A column `industry` cannot be resolved.", "Prepare it again", "不一致"),
        ("org.apache.spark.SparkException: Could not parse Master URL: 'mesos'", "Check --master", "请检查--master"),
        ("When running with master 'yarn' either HADOOP_CONF_DIR or YARN_CONF_DIR must be set", "HADOOP_CONF_DIR", "使用yarn须设置"),
        ("[JAVA_GATEWAY_EXITED] Java gateway process exited before sending its port number.", "Java did not start", "Java未能启动"),
    ],
)  # fmt: skip
def test_what_spark_says_comes_with_what_to_do(said: str, advice_en: str, advice_zh: str) -> None:
    found = meaning(SaidError(said))
    assert advice_en in found.message.en
    assert advice_zh in found.message.zh


def test_what_is_not_known_is_told_in_spark_s_own_words() -> None:
    found = meaning(SaidError("Something else entirely"))
    assert found.message.en == "Spark stopped: Something else entirely"
    assert found.message.zh == "Spark运行中止：Something else entirely"


def test_of_a_chain_of_causes_the_innermost_is_told_without_java_s_stack() -> None:
    chain = (
        "An error occurred while calling o57.parquet.\n"
        ": org.apache.spark.SparkException: Job aborted.\n"
        "\tat org.apache.spark.sql.Writer.write(Writer.scala:12)\n"
        "Caused by: java.io.IOException: No space left on device\n"
        "\tat java.base/java.io.FileOutputStream.writeBytes(Native Method)\n"
        "\t... 12 more"
    )
    said = meaning(SaidError(chain)).message.en
    assert said.endswith("It said: java.io.IOException: No space left on device")
    assert "FileOutputStream" not in said


def test_a_long_message_is_cut() -> None:
    said = meaning(SaidError("x" * 5_000)).message.en
    assert len(said) < 400
    assert said.endswith("…")


def test_an_error_without_words_is_told_all_the_same() -> None:
    assert meaning(SaidError("")).message.en == "Spark stopped: ?"


def test_what_java_said_while_it_started_is_read_as_well() -> None:
    error = SaidError("[JAVA_GATEWAY_EXITED] Java gateway process exited before sending its port number.")
    error.add_note("Exception in thread \"main\" org.apache.spark.SparkException: Could not parse Master URL: 'lokal'")
    said = meaning(error).message.en
    assert "Check --master" in said
    assert "'lokal'" in said


def test_only_spark_s_errors_are_explained() -> None:
    with pytest.raises(SparkError, match="A disk is full") as found, explained():
        raise SaidError("No space left on device")
    assert isinstance(found.value.__cause__, SaidError)
    with pytest.raises(KeyError), explained():
        raise KeyError("ours")
