"""Working copies: evidence handed out in a file, with a record that it was."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from estelik.errors import EvidenceError, NotFoundError, SealError
from estelik.index import evidence as index
from estelik.index.decisions import Decisions
from estelik.index.evidence import Fresh
from estelik.records.evidence import Derivation
from estelik.vault import blob
from estelik.vault.carriers.failures import MissingError, TooLargeError
from estelik.vault.new_file import new_file

if TYPE_CHECKING:
    from collections.abc import Callable

    from estelik.index.evidence import Exhibit
    from estelik.vault.blob import Target
    from estelik.vault.vault import Vault


def exhibit(vault: Vault, id_: str) -> Exhibit:
    """The evidence with this id, where it is not kept out of sight. Raises ``NotFoundError``."""
    for one in index.every(vault.store, Decisions(vault).hidden_records()):
        if one.id == id_:
            return one
    raise NotFoundError("There is no evidence with this id.", safe="", do="See: estelik evidence list")


def hand_out(
    vault: Vault, id_: str, path: str, reason: str, progress: Callable[[int], None] = lambda _: None
) -> Derivation:
    """Writes a working copy into a new file, and records it.

    It is recorded before anything of it can be read: there is no copy without a
    record. The file is there whole and as it was brought, or not at all, but for
    a power cut on a file system that knows no files without a name. Raises
    ``EvidenceError``.
    """
    one = exhibit(vault, id_)
    with new_file(path) as target:
        if target.named:
            # Looked through first: of what is damaged no copy is recorded.
            write(vault, one, blob.NOWHERE)
            made = _record(vault, one, reason)
            write(vault, one, target, progress)
            target.settle()
        else:
            write(vault, one, target, progress)
            target.settle()
            made = _record(vault, one, reason)
        target.appear()
    return made


def release(vault: Vault, id_: str, reason: str) -> Exhibit:
    """Looks evidence through and records that a working copy of it is given out, before anything of it is
    (``write``). Raises ``EvidenceError``."""
    one = exhibit(vault, id_)
    write(vault, one, blob.NOWHERE)
    _record(vault, one, reason)
    return one


def _record(vault: Vault, one: Exhibit, reason: str) -> Derivation:
    now = datetime.now(UTC).isoformat(timespec="seconds")
    made = Derivation(one.id, now, vault.device, reason.strip())
    index.enter(vault.store, [Fresh(one.compartment, made)])
    return made


def write(
    vault: Vault, one: Exhibit, target: Target, progress: Callable[[int], None] = lambda _: None
) -> None:
    """Writes evidence as it was brought. Raises ``EvidenceError``; what ``target`` holds then is no copy."""
    try:
        digest = blob.unseal(vault.shelf, one.evidence.blob, one.evidence.bytes, target, progress)
    except MissingError:
        raise absent() from None
    except (SealError, TooLargeError):
        raise damaged() from None
    if digest != one.evidence.sha256:
        raise damaged()


def absent() -> EvidenceError:
    """What is said of evidence that is recorded here and lies elsewhere."""
    return EvidenceError(
        "This evidence is not on this computer.", do="A carrier that has it brings it: estelik sync"
    )


def damaged() -> EvidenceError:
    """What is said of evidence that is not as it was brought."""
    return EvidenceError(
        "This evidence is damaged on this computer, or was changed.",
        do="Look whether a carrier has it whole: estelik evidence verify --carrier NAME",
    )
