"""What all tests share: where their files and others' data lie, when they are there; a database server."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings
from tests import depth, order, scratch
from tests.cluster import Cluster, programs

if TYPE_CHECKING:
    from collections.abc import Iterator

# How long an example takes says more of what else is at work than of what is tested. Other examples come
# with every run, and many more with `make histories`.
settings.register_profile("estelik", deadline=None, max_examples=40 * depth.DEPTH)
settings.load_profile("estelik")

scratch.settle()

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Where several processes share the tests, what takes longest begins first."""
    worker = getattr(config, "workerinput", None)
    if worker is not None:
        items[:] = order.ordered(items, worker["workercount"])


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of others' data beside the project; tests that need it are skipped elsewhere."""
    if not SHARED.is_dir():
        pytest.skip("needs ../shared, the folder of others' data beside the project")
    return SHARED


@pytest.fixture(scope="session", autouse=True)
def runtime() -> Iterator[Path]:
    """The private folder of what runs, apart from that of whoever runs the tests. Its path is short: those of
    sockets have to be."""
    made = Path(tempfile.mkdtemp(prefix="e"))
    before = os.environ.get("ESTELIK_RUNTIME")
    os.environ["ESTELIK_RUNTIME"] = str(made)
    yield made
    if before is None:
        del os.environ["ESTELIK_RUNTIME"]
    else:
        os.environ["ESTELIK_RUNTIME"] = before
    shutil.rmtree(made)


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """A PostgreSQL server until the end of the tests."""
    found = programs()
    if found is None:
        pytest.skip("needs PostgreSQL's server: apt-get install postgresql")
    made = Cluster(found)
    yield made
    made.remove()
