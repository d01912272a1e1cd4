"""Sync: a carrier gets what it lacks, and nothing else."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, NamedTuple

from estelik.errors import SealError
from estelik.vault import page
from estelik.vault.carriers.failures import MissingError, NameRefusedError, ThereAlreadyError, TooLargeError
from estelik.vault.envelope import LARGEST
from estelik.vault.links import Trouble
from estelik.vault.stock import KINDS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from estelik.vault.carriers.carrier import Carrier
    from estelik.vault.stock import Piece


class Synced(NamedTuple):
    """What a sync moved, blobs included: files and bytes; and what is not as it should be: "lost" (it was
    there at the last sync; it was handed on again), "taken" (the same, and perhaps for keys that this device
    does not have yet), "differs" (not the same there as here), "unsent"
    (damaged here). ``records``: how many came in from others."""

    files: int
    bytes: int
    troubles: tuple[Trouble, ...] = ()
    records: int = 0

    @property
    def whole(self) -> bool:
        """Whether all that is sealed is on the carrier now."""
        return not any(trouble.what in {"differs", "unsent"} for trouble in self.troubles)


def push(
    shelf: Carrier,
    carrier: Carrier,
    pieces: Sequence[Piece],
    progress: Callable[[int, int], None] = lambda _done, _all: None,
    *,
    compare: bool = True,
) -> Synced:
    """Copies to ``carrier`` those of the ``pieces`` that it lacks.

    Interrupted, it goes on where it stopped: what is there already is never
    sent again. Nothing is sent that is damaged here. ``progress`` is told how
    many of how many files are there. Without ``compare`` the carrier is not
    asked what it has: it is known to lack these, but for what others are sending.
    """
    kinds = KINDS if compare else ()
    here = {kind: shelf.names(kind) for kind in kinds}
    there = {kind: carrier.names(kind) for kind in kinds}
    missing: list[Piece] = [] if compare else list(pieces)
    troubles: list[Trouble] = []
    for one in pieces if compare else ():
        if one.name not in there[one.kind]:
            missing.append(one)
            if one.had:
                troubles.append(Trouble("lost", one.kind, one.name, one.compartment))
        elif here[one.kind].get(one.name, there[one.kind][one.name]) != there[one.kind][one.name]:
            troubles.append(Trouble("differs", one.kind, one.name, one.compartment))
    count = size = 0
    for number, one in enumerate(missing, 1):
        try:
            data = whole(shelf, one)
        except (SealError, MissingError, TooLargeError, NameRefusedError):
            troubles.append(Trouble("unsent", one.kind, one.name, one.compartment))
            continue
        try:
            carrier.write(one.kind, one.name, data)
        except ThereAlreadyError:
            # Another process was faster, or something else bears this name.
            if not _is(carrier, one.kind, one.name, data):
                lost = Trouble("lost", one.kind, one.name, one.compartment)
                # Something is there under its name: it is not gone, and was not handed on again.
                troubles = [told for told in troubles if told != lost]
                troubles.append(lost._replace(what="differs"))
            continue
        finally:
            progress(number, len(missing))
        count += 1
        size += len(data)
    return Synced(count, size, tuple(troubles))


def whole(carrier: Carrier, one: Piece) -> bytes:
    """A file of a carrier, such as the shelf. Raises ``SealError`` where it is not as it was made."""
    data = carrier.read(one.kind, one.name, LARGEST)
    digest = hashlib.sha256(data).digest()
    if isinstance(one.check, bytes):
        same = digest == one.check
    elif one.kind == "page":
        # Whatever opens is as it was made.
        same = page.opened(data, one.check.key, one.name).segment == one.check.name
    else:
        line = one.check
        same = digest == page.opened(carrier.read("page", line.page, LARGEST), line.key, line.page).digest
    if not same:
        raise SealError("A sealed file is damaged.")
    return data


def _is(carrier: Carrier, kind: str, name: str, data: bytes) -> bool:
    try:
        return carrier.read(kind, name, LARGEST) == data
    except (MissingError, TooLargeError):
        return False
