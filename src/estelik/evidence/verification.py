"""Verification: every file of evidence is read back and compared with what was recorded of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from estelik.errors import EvidenceError, SealError
from estelik.evidence import stamp
from estelik.vault import blob, blobs
from estelik.vault.carriers.failures import MissingError, TooLargeError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from estelik.index.evidence import Exhibit
    from estelik.vault.blobs import Reach
    from estelik.vault.carriers.carrier import Carrier
    from estelik.vault.store import Store


class Finding(NamedTuple):
    """What is wrong with one piece of evidence (its id) at a place ("" for this computer): "missing",
    "damaged" (the sealed file is not as it was made), "differs" (what is in it is not what was brought), or
    of a stamp: what ``evidence.stamp`` says."""

    evidence: str
    where: str
    what: str


def verify(
    exhibits: Sequence[Exhibit],
    carrier: Carrier,
    where: str,
    progress: Callable[[int], None] = lambda _: None,
) -> tuple[int, list[Finding]]:
    """How many files at a place are as they were brought, and what is wrong with the others.

    Each is opened with its own key; nothing of it is written anywhere.
    ``progress`` is told each number of bytes that were read.
    """
    good, findings = 0, []
    for one in exhibits:
        try:
            digest = blob.unseal(carrier, one.evidence.blob, one.evidence.bytes, blob.NOWHERE, progress)
        except MissingError:
            findings.append(Finding(one.id, where, "missing"))
        except (SealError, TooLargeError):
            findings.append(Finding(one.id, where, "damaged"))
        else:
            if digest == one.evidence.sha256:
                good += 1
            else:
                findings.append(Finding(one.id, where, "differs"))
    return good, findings


def on_carrier(
    store: Store, exhibits: Sequence[Exhibit], carrier: Carrier, reach: Reach
) -> tuple[list[Exhibit], int]:
    """Those that should be on a carrier, and how many others were not handed on to it yet.

    ``reach``: how far the blobs of each compartment were there at the last sync.
    """
    there = carrier.names(blob.KIND)
    late = {
        one.blob.name
        for one in blobs.every(store)
        if one.blob.name not in there and one.seq > reach.get(one.compartment, 0)
    }
    due = [one for one in exhibits if one.evidence.blob.name not in late]
    return due, len(exhibits) - len(due)


def stamps(exhibits: Sequence[Exhibit]) -> tuple[int, list[Finding]]:
    """How many time stamps hold, and what is wrong with the others."""
    good, findings = 0, []
    for one in exhibits:
        for made in one.stamps.values():
            try:
                stamp.check(made, one.requests.get(made.request), one.evidence)
            except EvidenceError as error:
                findings.append(Finding(one.id, "", error.what))
            else:
                good += 1
    return good, findings
