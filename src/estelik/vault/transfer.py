"""Blobs on their way: to a carrier, back from one, and read where they lie.

Small files go first: a sync that is cut short in the middle of a film has
carried out what was said. A blob is sent or fetched whole, and never twice.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from estelik.errors import SealError
from estelik.vault import blob
from estelik.vault.blob import KIND
from estelik.vault.carriers.failures import CarrierError, MissingError, ThereAlreadyError, TooLargeError
from estelik.vault.links import Trouble

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from estelik.vault.blobs import Kept, Reach
    from estelik.vault.carriers.carrier import Carrier

_NOT_WHOLE: Final = (SealError, MissingError, TooLargeError)


class Moved(NamedTuple):
    """How many blobs, and how many bytes, were sent or fetched; what is not as it should be; how far the
    blobs of each compartment are on the carrier now."""

    files: int
    bytes: int
    troubles: tuple[Trouble, ...]
    reach: Reach


def exchange(
    shelf: Carrier,
    carrier: Carrier,
    kept: Sequence[Kept],
    reach: Reach,
    progress: Callable[[int], None] = lambda _: None,
    *,
    fetching: bool = True,
) -> Moved:
    """Each side gets those blobs that it lacks and the other has.

    ``reach``: how far they were on the carrier at some time: what had been
    there and is gone is "lost" (and handed on again), what neither side has is
    "missing". ``progress`` is told each number of bytes that was moved.
    Without ``fetching``, only the carrier gets what it lacks.
    """
    here, there = shelf.names(KIND), carrier.names(KIND)
    troubles: list[Trouble] = []
    files = size = 0
    for one in kept:
        of = one.blob
        if of.name not in here and not fetching:
            continue
        if of.name in there:
            if there[of.name] != of.bytes:
                troubles.append(_trouble("differs", one))
            elif of.name not in here and _moved(carrier, shelf, one, "damaged", troubles, progress):
                files, size = files + 1, size + of.bytes
            continue
        if one.seq <= reach.get(one.compartment, 0):
            troubles.append(_trouble("lost", one))
        if of.name not in here:
            troubles.append(_trouble("missing", one))
        elif _moved(shelf, carrier, one, "unsent", troubles, progress):
            files, size = files + 1, size + of.bytes
            there[of.name] = of.bytes
    return Moved(files, size, tuple(troubles), _reach(kept, there))


def fetch(
    shelf: Carrier, carrier: Carrier, kept: Sequence[Kept], progress: Callable[[int], None] = lambda _: None
) -> Moved:
    """The blobs that the shelf lacks, from a carrier. One that cannot be had is named, also where the carrier
    breaks off in the middle: a sync goes on where this stopped."""
    troubles: list[Trouble] = []
    files = size = 0
    here = shelf.names(KIND)
    for one in kept:
        if one.blob.name in here:
            continue
        try:
            if _moved(carrier, shelf, one, "damaged", troubles, progress):
                files, size = files + 1, size + one.blob.bytes
        except CarrierError:
            troubles.append(_trouble("missing", one))
    return Moved(files, size, tuple(troubles), {})


def checked(
    carrier: Carrier,
    kept: Sequence[Kept],
    reach: Reach | None,
    progress: Callable[[int], None] = lambda _: None,
) -> tuple[int, int, tuple[Trouble, ...]]:
    """How many blobs are there as they were made, how many were not handed on yet, and what is wrong.

    ``reach`` as in ``exchange``; None where all must be there.
    """
    good = behind = 0
    troubles: list[Trouble] = []
    there = carrier.names(KIND)
    for one in kept:
        if one.blob.name not in there and reach is not None and one.seq > reach.get(one.compartment, 0):
            behind += 1
            continue
        try:
            blob.check(carrier, one.blob, progress)
        except _NOT_WHOLE as error:
            missing = isinstance(error, MissingError)
            troubles.append(_trouble("missing" if missing else "damaged", one))
        else:
            good += 1
    return good, behind, tuple(troubles)


def mended(good: Carrier, bad: Carrier, kept: Sequence[Kept], troubles: Sequence[Trouble]) -> set[Trouble]:
    """Puts blobs from ``good`` in place of those that ``bad`` lacks, or that are damaged there; the troubles
    that are none any more. Nothing goes that is not whole on the other side."""
    by_name = {one.blob.name: one.blob for one in kept}
    out = set()
    for trouble in troubles:
        of = by_name.get(trouble.name) if trouble.kind == KIND else None
        if of is None:
            continue
        try:
            blob.check(good, of)
        except (*_NOT_WHOLE, CarrierError):
            continue
        try:
            bad.remove(KIND, of.name, damaged=True)
            blob.relay(good, bad, of)
        except CarrierError:
            # Something that is no file bears its name; a carrier that is gone says so here.
            bad.names(KIND)
            continue
        out.add(trouble)
    return out


def _moved(
    source: Carrier,
    target: Carrier,
    one: Kept,
    otherwise: str,
    troubles: list[Trouble],
    progress: Callable[[int], None],
) -> bool:
    """Copies one blob; notes ``otherwise`` where the source does not have it as it was made."""
    try:
        blob.relay(source, target, one.blob, progress)
    except ThereAlreadyError:
        # Another process was faster, or what bears this name is something else, such as a folder.
        if target.names(KIND).get(one.blob.name) != one.blob.bytes:
            # It is not gone, and was not handed on again.
            troubles[:] = [told for told in troubles if told != _trouble("lost", one)]
            troubles.append(_trouble("differs", one))
        return False
    except _NOT_WHOLE as error:
        if otherwise == "damaged" and isinstance(error, MissingError):
            otherwise = "missing"
        troubles.append(_trouble(otherwise, one))
        return False
    return True


def _trouble(what: str, one: Kept) -> Trouble:
    return Trouble(what, KIND, one.blob.name, one.compartment)


def _reach(kept: Sequence[Kept], there: dict[str, int]) -> Reach:
    """Up to which record of each compartment every blob is there."""
    reach: Reach = {}
    broken: set[str] = set()
    for one in kept:
        if one.compartment in broken or there.get(one.blob.name) != one.blob.bytes:
            broken.add(one.compartment)
        else:
            reach[one.compartment] = one.seq
    return reach
