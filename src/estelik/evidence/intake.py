"""Intake: files become sealed blobs and records, all of them or none."""

from __future__ import annotations

import hashlib
import os
from contextlib import ExitStack, contextmanager
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
    from collections.abc import Callable, Iterator, Sequence

    from estelik.evidence.coming import Coming
    from estelik.index.evidence import Exhibit
    from estelik.media.memory import Memory
    from estelik.records.evidence import Blob
    from estelik.vault.blob import Sealed, Source
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


class _Taken(NamedTuple):
    """A file that was read: as it was named, its own name, size in bytes, media type, metadata and SHA-256;
    its blob, None where one like it was there."""

    path: str
    name: str
    bytes: int
    type: str
    found: Read
    sha256: str
    blob: Blob | None


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
    with intake(vault, said) as made, ExitStack() as stack:
        for file in opened(stack):
            made.take(file, progress)
        return made.enter()


def kept_in(vault: Vault, said: Particulars) -> str:
    """The compartment in which files are kept. Raises ``CasebookError`` where that, or the sources, are not
    open to this member."""
    if SOURCES not in vault.store.schemas:
        raise CasebookError("Without the compartment of sources no evidence can be added.")
    compartment = said.lies_in()
    if compartment not in vault.store.schemas:
        raise CasebookError("Evidence cannot be added to a compartment that you do not hold.")
    return compartment


@contextmanager
def intake(vault: Vault, said: Particulars) -> Iterator[Intake]:
    """Around files that are taken in one after the other and entered together; of what is not entered nothing
    stays. Raises ``CasebookError`` where they cannot be kept."""
    compartment = kept_in(vault, said)
    vault.sweep_blobs()
    try:
        with blobs.making(vault.shelf_folder):
            yield Intake(vault, said, compartment)
    finally:
        # What was sealed and not entered: of files that were there, or since something went wrong.
        vault.sweep_blobs()


class Intake:
    """Files on their way in: each is sealed when it comes, and all are entered at once."""

    def __init__(self, vault: Vault, said: Particulars, compartment: str) -> None:
        self._vault, self._said, self._compartment = vault, said, compartment
        self._taken: list[_Taken] = []
        there = index.every(vault.store)
        self._hashes = {one.evidence.sha256 for one in there}
        self._sizes = {one.evidence.bytes for one in there}

    def take(self, file: File | Written, progress: Callable[[int], None] = lambda _: None) -> None:
        """Takes a file in that can be read as often as it is needed: one that is there is not sealed."""
        sort = kind(os.pread(file.fileno(), LOOKED_AT, 0))
        found = read(file.fileno(), sort)
        digest = _hash(file) if file.size in self._sizes else ""
        blob_ = None
        if not digest or digest not in self._hashes:
            made = sealed(self._vault, file, self._begun(), progress)
            digest, blob_ = made.sha256, made.blob
        self._keep(_Taken(file.path, file.name, file.size, sort, found, digest, blob_))

    def take_coming(self, file: Coming) -> None:
        """Takes a file in that comes piece by piece, and only once."""
        made = _sealed(self._vault, file, self._begun(), lambda _: None)
        sort, found = file.looked()
        self._keep(_Taken(file.name, file.name, made.bytes, sort, found, made.sha256, made.blob))

    def enter(self) -> list[Added]:
        """Enters what was taken in, all or none."""
        while True:
            fresh, outcome = self._records()
            # Otherwise somebody else has added one of these files meanwhile: it is there now.
            if not fresh or index.enter(self._vault.store, fresh, self._said.source):
                return outcome

    def _begun(self) -> str:
        (name,) = new_ids(1)
        blobs.begin(self._vault.store, self._compartment, [name])
        return name

    def _keep(self, one: _Taken) -> None:
        self._taken.append(one)
        self._hashes.add(one.sha256)
        self._sizes.add(one.bytes)

    def _records(self) -> tuple[list[Fresh], list[Added]]:
        added, device = datetime.now(UTC).isoformat(timespec="seconds"), self._vault.device
        by_hash = {one.evidence.sha256: one for one in index.every(self._vault.store)}
        fresh: list[Fresh] = []
        outcome: list[Added] = []
        own: dict[str, tuple[str, Evidence]] = {}
        said, where = self._said, self._compartment
        for file in self._taken:
            known = by_hash.get(file.sha256)
            if known is not None:
                fresh += _again(known, file, said, added, device)
                outcome.append(_outcome(file, known.id, known.compartment, known.evidence, known=True))
            elif file.sha256 in own:
                outcome.append(_outcome(file, own[file.sha256][0], where, own[file.sha256][1], known=True))
            else:
                assert file.blob is not None  # noqa: S101 (only of what was there none is made)
                id_ = new_id()
                made = Evidence(
                    file.blob,
                    file.sha256,
                    file.bytes,
                    file.type,
                    added,
                    device,
                    file.found.capture,
                    said.note,
                )
                own[file.sha256] = id_, made
                fresh.append(Fresh(where, made, id_))
                fresh += _links(id_, where, said)
                fresh.append(Fresh(SOURCES, _accession(id_, file, said, added, device)))
                outcome.append(_outcome(file, id_, where, made, known=False))
        return fresh, outcome


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


def sealed(vault: Vault, file: File | Memory, name: str, progress: Callable[[int], None]) -> Sealed:
    """Seals a file from its beginning under this name. Raises ``CasebookError`` where there is no room."""
    file.rewind()
    return _sealed(vault, file, name, progress)


def _sealed(vault: Vault, source: Source, name: str, progress: Callable[[int], None]) -> Sealed:
    try:
        return blob.seal(source, vault.shelf, name, progress)
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


def _accession(of: str, file: _Taken, said: Particulars, added: str, device: str) -> Accession:
    return Accession(of, added, device, file.name, "", said.brought, file.found.maker)


def _links(of: str, compartment: str, said: Particulars) -> list[Fresh]:
    about = [Fresh(compartment, Relation(of, subject=one)) for one in dict.fromkeys(said.about)]
    return about + [Fresh(compartment, Relation(of, statement=one)) for one in dict.fromkeys(said.statements)]


def _again(known: Exhibit, file: _Taken, said: Particulars, added: str, device: str) -> list[Fresh]:
    """What is new about a file that is there."""
    where = SOURCES if said.lies_in() == SOURCES else known.compartment
    fresh = [one for one in _links(known.id, where, said) if one.record not in known.relations]
    came = {(source, one.brought) for one, source in zip(known.accessions, known.sources, strict=True)}
    if (said.source or said.brought) and (said.source, said.brought) not in came:
        fresh.append(Fresh(SOURCES, _accession(known.id, file, said, added, device)))
    return fresh


def _outcome(file: _Taken, id_: str, compartment: str, made: Evidence, *, known: bool) -> Added:
    return Added(file.path, id_, compartment, known, made.sha256, made.bytes, made.type, made.capture.unread)
