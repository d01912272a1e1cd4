"""Linkage on Spark comes to the same as on DuckDB, and writes nothing that can be read.

It takes Spark a minute or two to begin: asked for with ESTELIK_TEST_SPARK=1, where there are Java 17 and
`pip install 'estelik[spark]'`.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import threading
from importlib.util import find_spec
from pathlib import Path

import pytest
from training.blocking import profiles
from training.population import population

from estelik.errors import EstelikError
from estelik.identity import features, linkage, linkage_spark
from estelik.identity.linkage_duckdb import duckdb_engine
from estelik.identity.linkage_settings import settings, weighed
from estelik.identity.linkage_spark import spark_engine
from estelik.identity.profile import Profile
from estelik.identity.proposing import proposed

PLANTED = "Zqwyxplanted"
_NEEDS = shutil.which("java") and find_spec("pyspark") and os.environ.get("ESTELIK_TEST_SPARK")


def _written(folders: list[Path]) -> list[bytes]:
    found = []
    for folder in folders:
        for file in folder.rglob("*"):
            try:
                found.append(file.read_bytes() if file.is_file() else b"")
            except OSError:
                continue
    return found


@pytest.mark.skipif(not _NEEDS, reason="needs Java, pyspark, and ESTELIK_TEST_SPARK=1: Spark takes minutes")
def test_both_engines_come_to_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each pair has the same weight on both to the sixth place, and no file has a name in it that can be
    read."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    planted = [Profile(f"planted{number}", (f"{PLANTED} Karimov",)) for number in range(3)]
    people = [*profiles(population(300, 5, processes=1)), *planted]
    columns = features.columns(people)
    one, other = proposed(columns, -40)
    half, table = len(one) // 2, linkage.Table(columns)
    parts = [table.part(one[:half], other[:half]), table.part(one[half:], other[half:])]
    chosen = settings(linkage.rate(len(people)), weighed().weights)
    read = columns.words[int(columns.given[-1])].sounds
    leaks: list[bytes] = []
    done = threading.Event()

    def look() -> None:
        while not done.wait(0.2):
            files = _written([tmp_path, *Path("/dev/shm").glob("spark-*")])  # noqa: S108 (in memory, and asked for by name)
            leaks.extend(data for data in files if read.encode() in data or PLANTED.encode() in data)

    watch = threading.Thread(target=look)
    watch.start()
    try:
        found = spark_engine(parts, chosen, -40, cores=2)
    finally:
        done.set()
        watch.join()
    weights = [
        {tuple(sorted(pair[:2])): pair[2] for pair in zip(*(part.tolist() for part in one), strict=True)}
        for one in (found, duckdb_engine(parts, chosen, -40))
    ]
    assert weights[0].keys() == weights[1].keys()
    assert len(weights[0]) > 50
    assert all(abs(weights[0][pair] - weights[1][pair]) < 1e-6 for pair in weights[0])
    assert not leaks
    # Empty folders may be left where its machine ends after us.
    assert not any(_written(list(Path("/dev/shm").glob("spark-*"))))  # noqa: S108 (in memory, and asked for by name)


def test_without_a_folder_in_memory_spark_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where Spark would write to a disk it is not begun."""
    monkeypatch.setenv("JAVA_HOME", "/nowhere")
    monkeypatch.setattr(linkage_spark, "_IN_MEMORY", Path("/"))
    with pytest.raises(EstelikError, match="to a disk"), linkage_spark.session(1):
        pass
