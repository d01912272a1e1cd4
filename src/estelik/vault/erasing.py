"""Erasing: what an erasure covers leaves the records, and its key the key pages.

The page of each segment that an erased record is in is written anew without
its key, under a new page key. The old page key stands in tables that go with
their epoch, which therefore ends at once (``Ledger.due``): once the old epoch's
key, the devices' former recipients and the office's former recovery key are
destroyed, nothing opens the old page, on whatever carrier it still lies.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec

from estelik.errors import SealError
from estelik.ids import new_id
from estelik.vault import dispositions, page, segment
from estelik.vault.blob import KIND as BLOB
from estelik.vault.carriers.failures import CarrierError
from estelik.vault.envelope import LARGEST
from estelik.vault.ledger import Ledger
from estelik.vault.tables import DISPOSITION, EVIDENCE, drop_derived
from estelik.vault.tombstone import Tombstones

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from estelik.vault.carriers.carrier import Carrier
    from estelik.vault.connection import Connection
    from estelik.vault.ledger import Line
    from estelik.vault.standing import Standing
    from estelik.vault.store import Store

_CHUNK: Final = 500


class _Bearer(msgspec.Struct):
    """What there is of a record that may have a blob."""

    blob: _Name | None = None


class _Name(msgspec.Struct):
    name: str


_decode: Final = msgspec.json.Decoder(_Bearer).decode


def settle(store: Store, shelf: Carrier, standing: Standing, office: bytes) -> None:
    """Lets every erasure that counts have its way in all compartments."""
    with store.read() as connection:
        wanting = [
            compartment
            for compartment, schema in store.schemas.items()
            if _behind(connection, schema, compartment, standing, office)
        ]
    if wanting:
        with store.write() as connection:
            for compartment in wanting:
                strike(connection, store.schemas[compartment], compartment, shelf, standing, office)


def _behind(connection: Connection, schema: str, compartment: str, standing: Standing, office: bytes) -> bool:
    known = Tombstones(connection, schema).records()
    wanted, _ = dispositions.erased(connection, schema, compartment, standing, office)
    return wanted != known.keys() or not all(known.values())


def strike(
    connection: Connection,
    schema: str,
    compartment: str,
    shelf: Carrier,
    standing: Standing,
    office: bytes,
    fresh: Collection[str] = (),
) -> None:
    """Lets the erasures of one compartment have their way, in a transaction of the caller.

    ``fresh``: segments that have come since the last time. Where one cannot be
    read on the ``shelf``, it is tried again the next time.
    """
    tombs, ledger = Tombstones(connection, schema), Ledger(connection, schema)
    known = tombs.records()
    wanted, epoch = dispositions.erased(connection, schema, compartment, standing, office)
    tombs.forget(known.keys() - wanted)
    new = wanted - known.keys()
    tombs.add(new)
    if new:
        ledger.owe(epoch)
    gone = _remove(connection, schema, tombs, new)
    if gone:
        drop_derived(connection, schema)
    clean = not new and all(known[record] for record in wanted)
    if not wanted or (clean and not fresh):
        return
    lines = [one for one in ledger.lines() if not clean or one.name in fresh]
    unread = [line for line in lines if not _struck(ledger, tombs, shelf, line, wanted, office)]
    if not unread:
        tombs.cleaned()


def _remove(connection: Connection, schema: str, tombs: Tombstones, records: Collection[str]) -> int:
    """Takes records out of the table; how many. The blobs of those that had one are to go."""
    run, wanted, count = connection.execute, sorted(records), 0
    for start in range(0, len(wanted), _CHUNK):
        chunk = tuple(wanted[start : start + _CHUNK])
        those = f"id IN ({', '.join('?' * len(chunk))})"
        bodies = run(
            f"SELECT CAST(body AS BLOB) FROM {schema}.record WHERE {EVIDENCE} AND {those}", chunk
        ).scalars()
        found = [_decode(body).blob for body in bodies]
        tombs.shed(BLOB, [blob.name for blob in found if blob is not None])
        count += run(f"DELETE FROM {schema}.record WHERE {those} AND NOT {DISPOSITION}", chunk).rowcount
    return count


def _struck(
    ledger: Ledger, tombs: Tombstones, shelf: Carrier, line: Line, wanted: set[str], office: bytes
) -> bool:
    """Takes the keys of erased records off the page of a segment; False where that cannot be read."""
    try:
        keys = opened_page(shelf, line)
        ids = records_of(shelf, line, keys, office)
    except (SealError, CarrierError):
        return False
    at = [number for number, record in enumerate(ids) if record in wanted]
    tombs.found_in(line.name, [ids[number] for number in at])
    if any(keys.keys[number] for number in at):
        rewrite(ledger, tombs, shelf, line, keys, without(keys.keys, at), line.version + 1)
    return True


def opened_page(shelf: Carrier, line: Line) -> page.Page:
    """The page of a segment. Raises ``SealError`` or ``CarrierError``."""
    return page.opened(shelf.read("page", line.page, LARGEST), line.key, line.page)


def records_of(shelf: Carrier, line: Line, keys: page.Page, office: bytes) -> list[str]:
    """The ids of the records of a segment, in step with the keys of its page. Raises ``SealError`` or
    ``CarrierError``."""
    from pyrage import IdentityError
    from pyrage.x25519 import Identity

    try:
        identity = Identity.from_str(keys.identity)
    except (IdentityError, ValueError):
        raise SealError("A key page is damaged.") from None
    made = segment.opened(shelf.read("segment", line.name, LARGEST), identity, office)
    if len(made.records) != len(keys.keys):
        raise SealError("A segment is not the one that its page names.")
    return [record for record, *_ in made.records]


def without(keys: Sequence[bytes], at: Collection[int]) -> tuple[bytes, ...]:
    """The keys without those at these places."""
    places = set(at)
    return tuple(b"" if number in places else key for number, key in enumerate(keys))


def rewrite(
    ledger: Ledger,
    tombs: Tombstones,
    shelf: Carrier,
    line: Line,
    before: page.Page,
    keys: tuple[bytes, ...],
    version: int,
) -> None:
    """Writes the page of a segment anew with these ``keys``, under a new page key. Where one was taken away,
    the old page is to go, and so is what leads to it."""
    name, key = new_id(), page.new_key()
    made = msgspec.structs.replace(before, version=version, keys=keys)
    shelf.write("page", name, page.sealed(made, key, name))
    if any(old and not new for old, new in zip(before.keys, keys, strict=True)):
        tombs.shed("page", [line.page])
        ledger.owe(ledger.handed_on(line.name))
    ledger.replace_page(line.name, name, version, key, 0)
