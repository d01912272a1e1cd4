"""Derivations: evidence that is made of other evidence, and kept beside it; the original is only read."""

from __future__ import annotations

import hashlib
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from estelik.errors import EvidenceError, SealError, UsageError
from estelik.evidence.intake import sealed
from estelik.evidence.working_copy import absent, damaged, exhibit
from estelik.ids import new_id, new_ids
from estelik.index import evidence as index
from estelik.index.evidence import Fresh
from estelik.media import facts, memory, pixels, recorded
from estelik.records.evidence import Derivation, Evidence, Step
from estelik.vault import blob, blobs
from estelik.vault.carriers.failures import MissingError, TooLargeError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from estelik.index.evidence import Exhibit
    from estelik.media.memory import Memory
    from estelik.vault.vault import Vault


class Made(NamedTuple):
    """A piece of evidence that was made of another: its id, compartment, media type and size in bytes;
    whether it was there before; by which steps it came about."""

    id: str
    compartment: str
    type: str
    bytes: int
    known: bool
    steps: tuple[Step, ...]


def strip(
    vault: Vault,
    id_: str,
    reason: str,
    *,
    voice: bool = False,
    progress: Callable[[int], None] = lambda _: None,
) -> Made:
    """Makes a piece of evidence that has no metadata: a picture anew from its pixels, sound and film by
    taking over nothing but what is heard and seen.

    ``voice``: keep the sound of a film. Raises ``EvidenceError``.
    """
    reason = reasoned(reason)
    one = exhibit(vault, id_)
    type_ = one.evidence.type
    if type_ in recorded.KINDS:
        recorded.check()
        with (
            opened(vault, one, progress) as file,
            recorded.stripped(file, type_, voice=voice) as (made, steps),
        ):
            return keep(vault, one, made, type_, [Step(word) for word in steps], reason)
    pixels.check(type_)
    with (
        opened(vault, one, progress) as file,
        pixels.unpacked(file.fileno(), type_) as picture,
        pixels.packed(picture, type_) as (made, becomes),
    ):
        return keep(vault, one, made, becomes, [*map(Step, picture.steps), Step("rebuilt")], reason)


@contextmanager
def opened(vault: Vault, one: Exhibit, progress: Callable[[int], None]) -> Iterator[Memory]:
    """A piece of evidence in memory, as it was brought. Raises ``EvidenceError``."""
    with memory.held(one.evidence.bytes) as file:
        try:
            digest = blob.unseal(vault.shelf, one.evidence.blob, one.evidence.bytes, file, progress)
        except MissingError:
            raise absent() from None
        except (SealError, TooLargeError):
            raise damaged() from None
        if digest != one.evidence.sha256:
            raise damaged()
        file.settle()
        yield file


def keep(vault: Vault, of: Exhibit, made: Memory, type_: str, steps: Sequence[Step], reason: str) -> Made:
    """Keeps a file as evidence of its own in the compartment of that which it was made ``of``, with a record
    of how; what the one bears on the other bears on.

    Raises ``EvidenceError`` where metadata is left in it, or it is the original.
    """
    found = facts.read(made.fileno(), type_)
    maker = found.maker
    if (
        found.capture.unread
        or found.capture.taken
        or maker.position
        or maker.device
        or maker.serial
        or maker.author
    ):
        raise EvidenceError(
            "Metadata is left in what was made, or it cannot be read again.",
            do="Keep this file inside the casebook.",
        )
    digest = _hash(made)
    if digest == of.evidence.sha256:
        raise EvidenceError("There is nothing to take out: made anew, this file is the same.")
    now, name = datetime.now(UTC).isoformat(timespec="seconds"), new_ids(1)[0]
    derivation = Derivation(of.id, now, vault.device, reason, steps=tuple(steps))
    vault.sweep_blobs()
    try:
        with blobs.making(vault.shelf_folder):
            fresh: list[Fresh] = []
            while True:
                same = next((one for one in index.every(vault.store) if one.evidence.sha256 == digest), None)
                if same is not None:
                    record = msgspec.structs.replace(derivation, result=same.id)
                    index.enter(vault.store, [Fresh(of.compartment, record)])
                    return Made(same.id, same.compartment, type_, made.size, known=True, steps=tuple(steps))
                if not fresh:
                    blobs.begin(vault.store, of.compartment, [name])
                    own = sealed(vault, made, name, lambda _: None)
                    id_ = new_id()
                    kept = Evidence(own.blob, digest, own.bytes, type_, now, vault.device, found.capture)
                    fresh = [Fresh(of.compartment, kept, id_)]
                    fresh += [
                        Fresh(where, msgspec.structs.replace(relation, evidence=id_))
                        for where, relation in zip(of.lie_in, of.relations, strict=True)
                    ]
                    fresh.append(Fresh(of.compartment, msgspec.structs.replace(derivation, result=id_)))
                if index.enter(vault.store, fresh):
                    return Made(id_, of.compartment, type_, made.size, known=False, steps=tuple(steps))
    finally:
        # What was sealed and not entered.
        vault.sweep_blobs()


def reasoned(reason: str) -> str:
    """A reason without the space around it. Raises ``UsageError`` where there is none."""
    if not reason.strip():
        raise UsageError("A reason is needed.", do="Say what it is made for, with --reason.")
    return reason.strip()


def _hash(file: Memory) -> str:
    file.rewind()
    digest = hashlib.sha256()
    while data := file.read():
        digest.update(data)
    return digest.hexdigest()
