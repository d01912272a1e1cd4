"""Intake: files become sealed blobs and records, all of them or none."""

from __future__ import annotations

import hashlib
import os
from contextlib import ExitStack
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final, NamedTuple
from unicodedata import normalize

from estelik.errors import CasebookError, EvidenceError
from estelik.evidence.file import File, faults
from estelik.evidence.written import Written
from estelik.ids import new_id, new_ids
from estelik.index import evidence as index
from estelik.index.evidence import SOURCES, Fresh
from estelik.media.facts import Read, read
from estelik.media.kind import LOOKED_AT, kind
from estelik.records.evidence import Accession, Evidence, Relation
from estelik.records.mention import mentions, stands_in
from estelik.vault import blob, blobs
from estelik.vault.carriers.failures import FullError, TooLargeError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from estelik.index.evidence import Exhibit
    from estelik.media.memory import Memory
    from estelik.vault.blob import Sealed
    from estelik.vault.vault import Vault

_CHUNK: Final = 1 << 20


class Particulars(NamedTuple):
    """What whoever adds files says of them: the label of the ``source`` that ``brought`` them on a day
    (EDTF), the labels of subjects and the ids of statements that they bear on, a ``note``, the
    ``compartment``."""

    source: str = ""
    brought: str = ""
    about: tuple[str, ...] = ()
    statements: tuple[str, ...] = ()
    note: str = ""
    compartment: str = "testimony"

    def lies_in(self) -> str:
        """The compartment in which the files are kept: that of the sources where the words beside them name
        who brought them."""
        name = normalize("NFC", self.source.strip())
        words = normalize("NFC", "\n".join((*self.about, *self.statements, self.note)))
        told = name and (stands_in(words, name) or mentions(self.note, name, " ".join(self.about)))
        return SOURCES if told else self.compartment


class Added(NamedTuple):
    """One file of ``add``: as it was named, the id and compartment of the evidence, whether it was there
    before; its SHA-256, size in bytes and media type; why its metadata could not be read, or ""."""

    file: str
    id: str
    compartment: str
    known: bool
    sha256: str
    bytes: int
    type: str
    unread: str


def add(
    vault: Vault, paths: Sequence[str], said: Particulars, progress: Callable[[int], None] = lambda _: None
) -> list[Added]:
    """Takes files in, all or none.

    A file that is there already is not kept twice; that it came again, and
    what else it bears on, is recorded. Raises ``EvidenceError`` that names
    every file that cannot be taken in. ``progress`` is told each number of
    bytes that were read.
    """
    return _added(vault, lambda stack: _opened(paths, stack), said, progress)


def add_text(vault: Vault, name: str, text: str, said: Particulars) -> Added:
    """Takes words in that lay in no file, as a file of this ``name``; nothing of them comes onto a disk but
    sealed. Raises as ``add`` does."""
    return _added(vault, lambda stack: [stack.enter_context(Written(name, text))], said, lambda _: None)[0]


def _added(
    vault: Vault,
    opened: Callable[[ExitStack], Sequence[File | Written]],
    said: Particulars,
    progress: Callable[[int], None],
) -> list[Added]:
    if SOURCES not in vault.store.schemas:
        raise CasebookError("Without the compartment of sources no evidence can be added.")
    compartment = said.lies_in()
    if compartment not in vault.store.schemas:
        raise CasebookError("Evidence cannot be added to a compartment that you do not hold.")
    vault.sweep_blobs()
    with ExitStack() as stack:
        files = opened(stack)
        try:
            with blobs.making(vault.shelf_folder):
                return _taken_in(vault, files, said, compartment, progress)
        finally:
            # What was sealed and not entered: of files that were there, or since something went wrong.
            vault.sweep_blobs()


def _opened(paths: Sequence[str], stack: ExitStack) -> list[File]:
    files, wrong = [], []
    for path in paths:
        try:
            files.append(stack.enter_context(File(path)))
        except EvidenceError as error:
            wrong.append(faults(error))
    if wrong:
        raise EvidenceError("\n".join(wrong))
    return files


def _taken_in(
    vault: Vault,
    files: Sequence[File | Written],
    said: Particulars,
    compartment: str,
    progress: Callable[[int], None],
) -> list[Added]:
    added, device = datetime.now(UTC).isoformat(timespec="seconds"), vault.device
    there = index.every(vault.store)
    by_hash = {one.evidence.sha256: one for one in there}
    sizes = {one.evidence.bytes for one in there}
    names = new_ids(len(files))
    blobs.begin(vault.store, compartment, names)
    outcome: list[Added] = []
    fresh: list[Fresh] = []
    ids: dict[str, str] = {}
    for file, name in zip(files, names, strict=True):
        sort = kind(os.pread(file.fileno(), LOOKED_AT, 0))
        found = read(file.fileno(), sort)
        digest = _hash(file) if file.size in sizes else ""
        if digest not in by_hash and digest not in ids:
            made_blob = sealed(vault, file, name, progress)
            digest = made_blob.sha256
            sizes.add(file.size)
            if digest not in by_hash and digest not in ids:
                ids[digest] = new_id()
                made = Evidence(
                    made_blob.blob, digest, made_blob.bytes, sort, added, device, found.capture, said.note
                )
                fresh.append(Fresh(compartment, made, ids[digest]))
                fresh += _links(ids[digest], compartment, said)
                fresh.append(Fresh(SOURCES, _accession(ids[digest], file, said, found, added, device)))
                outcome.append(_outcome(file, ids[digest], compartment, made, known=False))
                continue
        if digest in ids:
            made = next(one.record for one in fresh if one.id == ids[digest])  # type: ignore[assignment]
            outcome.append(_outcome(file, ids[digest], compartment, made, known=True))
        else:
            known = by_hash[digest]
            fresh += _again(known, file, said, found, added, device)
            outcome.append(_outcome(file, known.id, known.compartment, known.evidence, known=True))
    if fresh and not index.enter(vault.store, fresh, said.source):
        # Somebody else has added one of these files meanwhile: it is there now.
        return _taken_in(vault, files, said, compartment, progress)
    return outcome


def sealed(vault: Vault, file: File | Memory, name: str, progress: Callable[[int], None]) -> Sealed:
    """Seals a file from its beginning under this name. Raises ``CasebookError`` where there is no room."""
    file.rewind()
    try:
        return blob.seal(file, vault.shelf, name, progress)
    except FullError:
        raise CasebookError("The disk is full.", do="Make room and try again.") from None
    except TooLargeError:
        raise CasebookError(
            "The disk of the casebook takes no file of this size.",
            do="Move the casebook to a disk with another file system.",
        ) from None


def _hash(file: File | Written) -> str:
    file.rewind()
    digest = hashlib.sha256()
    while data := file.read(_CHUNK):
        digest.update(data)
    return digest.hexdigest()


def _accession(
    of: str, file: File | Written, said: Particulars, found: Read, added: str, device: str
) -> Accession:
    return Accession(of, added, device, file.name, "", said.brought, found.maker)


def _links(of: str, compartment: str, said: Particulars) -> list[Fresh]:
    about = [Fresh(compartment, Relation(of, subject=one)) for one in dict.fromkeys(said.about)]
    return about + [Fresh(compartment, Relation(of, statement=one)) for one in dict.fromkeys(said.statements)]


def _again(
    known: Exhibit, file: File | Written, said: Particulars, found: Read, added: str, device: str
) -> list[Fresh]:
    """What is new about a file that is there."""
    where = SOURCES if said.lies_in() == SOURCES else known.compartment
    fresh = [one for one in _links(known.id, where, said) if one.record not in known.relations]
    came = {(source, one.brought) for one, source in zip(known.accessions, known.sources, strict=True)}
    if (said.source or said.brought) and (said.source, said.brought) not in came:
        fresh.append(Fresh(SOURCES, _accession(known.id, file, said, found, added, device)))
    return fresh


def _outcome(file: File | Written, id_: str, compartment: str, made: Evidence, *, known: bool) -> Added:
    return Added(file.path, id_, compartment, known, made.sha256, made.bytes, made.type, made.capture.unread)
