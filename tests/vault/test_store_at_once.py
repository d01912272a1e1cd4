"""Whoever reads and whoever writes at the same time."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

from tests.cheap import CHEAP

from estelik.casebook import Casebook

if TYPE_CHECKING:
    from pathlib import Path


def test_who_reads_one_file_and_then_another_never_waits_for_a_writer_who_waits_for_her(
    tmp_path: Path,
) -> None:
    """The writer is about to commit, and waits for the reader; she comes to the last file meanwhile."""
    with Casebook.create(tmp_path / "casebook", b"a passphrase", name="Aigerim", cost=CHEAP) as casebook:
        store = casebook.vault.store
        first, *_, last = store.schemas.values()

        def write() -> None:
            with store.write() as connection:
                for schema in store.schemas.values():
                    connection.execute(f"CREATE TABLE {schema}.trial (number)")

        writer = threading.Thread(target=write)
        with store.read() as connection:
            connection.execute(f"PRAGMA {last}.user_version").scalar_one()
            writer.start()
            time.sleep(1)
            begun = time.monotonic()
            connection.execute(f"PRAGMA {first}.user_version").scalar_one()
            assert time.monotonic() - begun < 5
        writer.join(10)
        assert not writer.is_alive()
