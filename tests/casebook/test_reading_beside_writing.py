"""Who reads and who writes do not wait for each other in a circle."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

from tests.cheap import CHEAP

from estelik.casebook import Casebook
from estelik.records import Statement

if TYPE_CHECKING:
    from pathlib import Path


def test_a_reader_does_not_wait_for_a_writer_who_waits_for_her(tmp_path: Path) -> None:
    """A writer is about to commit, and waits until nobody reads; who reads asks in between what is kept out
    of sight. On a connection of its own that waited for the writer, and both for two minutes."""
    with Casebook.create(tmp_path / "casebook", b"passphrase", cost=CHEAP) as casebook:
        casebook.add_statements([Statement("1", "Asqar", source="Q", event="arrest")])
        more = [Statement("2", "Asqar", source="Q", event="release")]
        writing = threading.Thread(target=casebook.add_statements, args=(more,))
        with casebook._store.read() as connection:
            connection.execute("SELECT count(*) FROM main.record").scalar_one()
            connection.execute("SELECT count(*) FROM source.record").scalar_one()
            writing.start()
            time.sleep(1)
            began = time.monotonic()
            assert list(casebook._shown((), connection)) == []
            assert time.monotonic() - began < 20
        writing.join()
        assert len(casebook.statements()) == 2
