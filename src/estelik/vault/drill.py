"""The drill: the office is lost, and comes back from one carrier and enough shares.

It is played on a copy, with shares of its own: no custodian has to be asked,
and nothing of the casebook is touched, but that it is noted when it was
played. What it shows is that what is sealed can be opened again, whole; what
no carrier has is said beside it.
"""

from __future__ import annotations

import hashlib
import secrets
import shutil
import tempfile
import time
from pathlib import Path
from random import SystemRandom
from typing import TYPE_CHECKING, Final, NamedTuple

import msgspec

from estelik.errors import SealError
from estelik.vault import blob, blobs, custody, office
from estelik.vault.carriers.carrier import HOME
from estelik.vault.carriers.failures import MissingError, TooLargeError
from estelik.vault.carriers.folder import FolderCarrier
from estelik.vault.inserts import Inserts
from estelik.vault.keys import KEY_SIZE, Keyring
from estelik.vault.registrar import Registrar
from estelik.vault.restore import restore
from estelik.vault.store import Store
from estelik.vault.vault import SHELF, Vault

if TYPE_CHECKING:
    from collections.abc import Callable

    from estelik.vault.blobs import Kept
    from estelik.vault.carriers.carrier import Carrier

NEEDED: Final = 3
SHARES: Final = 5
_CARRIER: Final = "drill"
#: How many rows are copied at once.
_ROWS: Final = 5000


class Drill(NamedTuple):
    """What a drill showed: how many records the office had, how many came back, how many would have been
    lost since no carrier has them, whether all that came back is as it was, and how long it took; how many
    blobs came back as they were, of how many."""

    records: int
    restored: int
    lost: int
    identical: bool
    seconds: float
    blobs: int = 0
    all_blobs: int = 0


def raid(
    store: Store,
    shelf: Carrier,
    keyring: Keyring,
    lost: int,
    progress: Callable[[str], None] = lambda _: None,
) -> Drill:
    """Plays the loss of the office through.

    ``shelf``: where the blobs of ``store`` lie; ``keyring``: that of ``store``,
    for the names of its keys; ``lost``: how many records no carrier has; ``progress`` is
    told each step. Of the blobs one after the other is carried out and brought
    back, so that the disk need not hold all of them twice.
    """
    start = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="estelik-drill-") as temporary:
        place = Path(temporary)
        progress("copy")
        before_it, rebuilt, carried = place / "office", place / "rebuilt", place / "carrier"
        for folder in (before_it, rebuilt, carried):
            folder.mkdir(mode=0o700)
        secret = custody.new_secret()
        # Keys of its own: what a drill leaves that is killed opens for nobody.
        names, _ = keyring.packed()
        keyring = Keyring({name: secrets.token_bytes(KEY_SIZE) for name in names})
        before, counts = _copy(store, before_it, keyring)
        progress("seal")
        vault = Vault(before_it, before, keyring)
        vault.found(secret, keep=False)
        vault.seal()
        progress("carry")
        vault.send(_CARRIER, FolderCarrier(carried))
        shares = custody.split(secret, NEEDED, SHARES)
        fingerprint = _fingerprint(before)
        before.close()
        progress("raid")
        shutil.rmtree(before_it)
        del secret
        progress("restore")
        given = SystemRandom().sample(shares, NEEDED)
        after = Store(rebuilt, keyring, store.held)
        after.create()
        (rebuilt / SHELF).mkdir(mode=0o700)
        found = restore(
            after,
            Registrar(rebuilt, after, keyring),
            keyring,
            FolderCarrier(rebuilt / SHELF),
            FolderCarrier(carried),
            custody.join(given),
        )
        progress("compare")
        identical = _fingerprint(after) == fingerprint and not found.troubles
        kept = blobs.every(after)
        good = sum(_comes_back(one, shelf, carried, rebuilt / SHELF) for one in kept)
        after.close()
    seconds = time.perf_counter() - start
    return Drill(
        sum(counts.values()), found.records, lost, identical and good == len(kept), seconds, good, len(kept)
    )


def note(registrar: Registrar, found: Drill) -> None:
    """Notes that a drill was played through, and what it showed."""
    made = office.Drilled(int(time.time()), found.records, found.restored, found.lost, found.identical)
    registrar.change(lambda now: msgspec.structs.replace(now, drilled=made))


def _comes_back(one: Kept, shelf: Carrier, carried: Path, rebuilt: Path) -> bool:
    """Whether a blob comes back from a carrier, and the restored record opens it to what it was."""
    try:
        blob.relay(shelf, FolderCarrier(carried), one.blob)
        blob.relay(FolderCarrier(carried), FolderCarrier(rebuilt), one.blob)
        digest = blob.unseal(FolderCarrier(rebuilt), one.blob, one.bytes, blob.NOWHERE)
    except (SealError, MissingError, TooLargeError):
        return False
    finally:
        for folder in (carried, rebuilt):
            (folder / HOME / blob.KIND / one.blob.name).unlink(missing_ok=True)
    return digest == one.sha256


def _copy(store: Store, folder: Path, keyring: Keyring) -> tuple[Store, dict[str, int]]:
    """A copy of the records, as if nothing of them had ever been sealed."""
    copied = Store(folder, keyring, store.held)
    copied.create()
    counts = {}
    # Row by row: whoever opens and closes a database file by other means drops the locks held on it.
    with store.read() as here, copied.write() as there, Inserts(there) as inserts:
        for name, schema in store.schemas.items():
            into = f"INSERT INTO {copied.schemas[name]}.record (seq, id, kind, batch, place, body)"
            counts[name] = 0
            rows = here.execute(f"SELECT seq, id, kind, batch, place, body FROM {schema}.record ORDER BY seq")
            for page in rows.partitions(_ROWS):
                inserts.put(into, 6, [tuple(row) for row in page])
                counts[name] += len(page)
    return copied, counts


def _fingerprint(store: Store) -> dict[str, tuple[int, str]]:
    """How many records each compartment holds, and the SHA-256 of all of them by id: in which order they came
    to a computer is not the same on any two, nor on one that is restored."""
    out = {}
    with store.read() as connection:
        for name, schema in store.schemas.items():
            digest, count = hashlib.sha256(), 0
            rows = connection.execute(f"SELECT id, kind, batch, place, body FROM {schema}.record ORDER BY id")
            for row in rows:
                digest.update(repr(tuple(row)).encode())
                count += 1
            out[name] = count, digest.hexdigest()
    return out
