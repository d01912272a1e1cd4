"""Sync: a carrier gets what it lacks, and nothing else."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final, NamedTuple

from estelik.errors import SealError
from estelik.vault import page
from estelik.vault.carriers.failures import MissingError, NameRefusedError, ThereAlreadyError, TooLargeError
from estelik.vault.collect import Trouble
from estelik.vault.envelope import LARGEST
from estelik.vault.stock import Keys

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from estelik.vault.carriers.carrier import Carrier
    from estelik.vault.stock import Run, Stock

#: In this order: a table never names a page, nor a page a segment, that is not there yet.
KINDS: Final = ("segment", "page", "table")


class Synced(NamedTuple):
    """What a sync moved, blobs included: files and bytes; and what is not as it should be: "lost" (it was
    there at the last sync; it was handed on again), "differs" (not the same there as here), "unsent"
    (damaged here)."""

    files: int
    bytes: int
    troubles: tuple[Trouble, ...] = ()

    @property
    def whole(self) -> bool:
        """Whether all that is sealed is on the carrier now."""
        return all(trouble.what == "lost" for trouble in self.troubles)


def push(
    shelf: Carrier,
    carrier: Carrier,
    stock: Stock,
    progress: Callable[[int, int], None] = lambda _done, _all: None,
) -> Synced:
    """Copies to ``carrier`` those files of the ``stock`` that it lacks.

    Interrupted, it goes on where it stopped: what is there already is never
    sent again. Nothing is sent that is damaged here. ``progress`` is told how
    many of how many files are there.
    """
    here = {kind: shelf.names(kind) for kind in KINDS}
    there = {kind: carrier.names(kind) for kind in KINDS}
    missing, troubles = [], []
    for kind, name, of in files(stock):
        if name not in there[kind]:
            missing.append((kind, name, of))
            if of.had:
                troubles.append(Trouble("lost", kind, name, of.compartment))
        elif here[kind].get(name, there[kind][name]) != there[kind][name]:
            troubles.append(Trouble("differs", kind, name, of.compartment))
    count = size = 0
    for number, (kind, name, of) in enumerate(missing, 1):
        try:
            data = whole(shelf, kind, name, of)
        except (SealError, MissingError, TooLargeError, NameRefusedError):
            troubles.append(Trouble("unsent", kind, name, of.compartment))
            continue
        try:
            carrier.write(kind, name, data)
        except ThereAlreadyError:
            # Another process was faster, or something else bears this name.
            if not _is(carrier, kind, name, data):
                troubles.append(Trouble("differs", kind, name, of.compartment))
            continue
        finally:
            progress(number, len(missing))
        count += 1
        size += len(data)
    return Synced(count, size, tuple(troubles))


def files(stock: Stock) -> Iterator[tuple[str, str, Run | Keys]]:
    """All files of the stock, in the order of ``KINDS``."""
    yield from (("segment", run.line.name, run) for run in stock.runs)
    yield from (("page", run.line.page, run) for run in stock.runs)
    yield from (("table", keys.name, keys) for keys in stock.tables)


def whole(carrier: Carrier, kind: str, name: str, of: Run | Keys) -> bytes:
    """A file of a carrier, such as the shelf. Raises ``SealError`` where it is not as it was made."""
    data = carrier.read(kind, name, LARGEST)
    digest = hashlib.sha256(data).digest()
    if isinstance(of, Keys):
        same = digest == of.digest
    elif kind == "page":
        # Whatever opens is as it was made.
        same = page.opened(data, of.line.key, name).segment == of.line.name
    else:
        keys = page.opened(carrier.read("page", of.line.page, LARGEST), of.line.key, of.line.page)
        same = digest == keys.digest
    if not same:
        raise SealError("A sealed file is damaged.")
    return data


def _is(carrier: Carrier, kind: str, name: str, data: bytes) -> bool:
    try:
        return carrier.read(kind, name, LARGEST) == data
    except (MissingError, TooLargeError):
        return False
