"""Linkage on Spark: the same columns and settings, where a list outgrows what DuckDB holds in memory.

Spark puts down what it hands from one step to the next. It does so in a folder in memory or not at all,
encrypted with a key that is in its own memory only; it listens to this machine alone, and shows no page.
"""

from __future__ import annotations

import logging
import os
import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from estelik.errors import EstelikError
from estelik.identity.linkage import scored, together

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pyspark.sql import SparkSession

    from estelik.identity.linkage import Part, Scored

#: How much the machine may take for itself; its own default of 1 GB does not hold a few hundred people.
_MEMORY: Final = "4g"
#: A folder in memory.
_IN_MEMORY: Final = Path("/dev/shm")  # noqa: S108 (what is wanted is that it is no disk)


@contextmanager
def session(cores: int) -> Iterator[SparkSession]:
    """A Spark of our own on this machine. Raises ``EstelikError`` where it cannot be, or would write to a
    disk."""
    if shutil.which("java") is None and "JAVA_HOME" not in os.environ:
        raise EstelikError(
            "Spark needs Java 17, and there is none.", do="Install it, or link without --engine spark."
        )
    if not _in_memory():
        raise EstelikError(
            "Spark would write what it compares to a disk: there is no folder in memory here.",
            safe="Nothing was written.",
            do="Link without --engine spark, or on Linux, where /dev/shm is such a folder.",
        )
    try:
        from pyspark.sql import SparkSession
    except ImportError as error:
        raise EstelikError(
            "Spark is not installed with this Estelik.", do="pip install 'estelik[spark]'"
        ) from error
    with tempfile.TemporaryDirectory(prefix="spark-", dir=_IN_MEMORY) as folder:
        build = SparkSession.Builder().master(f"local[{cores}]").appName("linkage")
        for key, value in _settings(folder).items():
            build = build.config(key, value)
        spark = build.getOrCreate()
        spark.sparkContext.setLogLevel("OFF")
        try:
            yield spark
        finally:
            spark.stop()


def _in_memory() -> bool:
    """Whether the folder in memory is there, and is one."""
    try:
        mounts = Path("/proc/mounts").read_text(encoding="utf-8")
    except OSError:
        return False
    kinds = {line.split()[1]: line.split()[2] for line in mounts.splitlines()}
    return kinds.get(str(_IN_MEMORY)) == "tmpfs" and os.access(_IN_MEMORY, os.W_OK)


def _settings(folder: str) -> dict[str, str]:
    return {
        "spark.local.dir": folder,
        # Before the machine is begun: it keeps to what it was begun with.
        "spark.driver.memory": _MEMORY,
        "spark.sql.warehouse.dir": str(Path(folder) / "warehouse"),
        "spark.driver.extraJavaOptions": f"-Djava.io.tmpdir={folder} -XX:-UsePerfData",
        "spark.io.encryption.enabled": "true",
        "spark.io.encryption.keySizeBits": "256",
        "spark.authenticate": "true",
        "spark.network.crypto.enabled": "true",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.eventLog.enabled": "false",
        "spark.sql.shuffle.partitions": "2",
        "spark.default.parallelism": "2",
        "spark.sql.codegen.wholeStage": "false",
        "spark.sql.adaptive.enabled": "false",
        "spark.sql.execution.arrow.pyspark.enabled": "true",
    }


def spark_engine(
    parts: Iterable[Part], settings: dict[str, Any], least: float, *, cores: int | None = None
) -> Scored:
    """As ``duckdb_engine``, on Spark. Raises ``EstelikError``."""
    with session(cores or os.cpu_count() or 1) as spark:
        from splink import SparkAPI

        logging.getLogger("splink").setLevel(logging.ERROR)
        found = []
        for part in parts:
            # What is kept between steps is kept in memory; the functions of the jar are not asked for.
            api: Any = SparkAPI(  # type: ignore[no-untyped-call, unused-ignore]
                spark_session=spark, break_lineage_method="persist", register_udfs_automatically=False
            )
            found.append(scored(api, spark.createDataFrame, part, settings, least))
            spark.catalog.clearCache()
        return together(found)
