"""Evidence: what is said of a file is looked at first; then the file itself is taken in as it comes."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Annotated, Final, cast

import msgspec
from msgspec import Meta

from estelik.daily import bringing
from estelik.errors import NotFoundError
from estelik.evidence.intake import Particulars, kept_in
from estelik.records.statement import Compartment
from estelik.web import arriving
from estelik.web.api.act import act
from estelik.web.api.shape import Address, Words, read
from estelik.web.api.statements import needs_sources

if TYPE_CHECKING:
    from estelik.web.arriving import Body
    from estelik.web.bearers import Bearer
    from estelik.web.entrance import AnyRequest

#: Files that a program can have said something of before they come; the oldest is forgotten.
_EXPECTED: Final = 100
_Labels = Annotated[tuple[Words, ...], Meta(max_length=100)]


class FileExpected(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A file that is to come: what it was called (``name``), who brought it (``source``: a label) and when
    (EDTF), whom it is about (labels), which statements it bears on (ids), what else should be known of it,
    and in which compartment it is kept."""

    name: Annotated[str, Meta(max_length=255)] = ""
    source: Annotated[str, Meta(max_length=500)] = ""
    brought: Annotated[str, Meta(max_length=50)] = ""
    about: _Labels = ()
    statements: _Labels = ()
    note: Annotated[str, Meta(max_length=4000)] = ""
    compartment: Compartment = "testimony"


class Expected(msgspec.Struct, frozen=True):
    """Where the file is sent to, once; it is good as long as this token is used."""

    address: Address


class FileAdded(msgspec.Struct, frozen=True):
    """A file of evidence that is there now: its id, the compartment in which it lies, whether it was
    ``known`` before; its SHA-256, bytes, media type by its content, and why its metadata could not be
    read, or ""."""

    id: str
    compartment: str
    known: bool
    sha256: str
    bytes: int
    type: str
    unread: str


@act("POST", "/api/evidence", "Say what is known of a file that is to come.", takes=FileExpected,
     gives=Expected, refusals=(403, 404, 409, 422), leads={"add_evidence": "/address"})  # fmt: skip
def expect_evidence(bearer: Bearer, asked: FileExpected) -> Expected:
    """Looks at what is said of a file, before any of it comes."""
    needs_sources(bearer)
    said = _particulars(asked)
    bringing.check(bearer.casebook, said)
    kept_in(bearer.casebook.vault, said)
    token = secrets.token_urlsafe(16)
    bearer.expected[token] = asked
    while len(bearer.expected) > _EXPECTED:
        bearer.expected.popitem(last=False)
    return Expected(bearer.addresses.of("expected", token))


@act("POST", "/api/evidence/{address}", "Take a file in, as it was brought.", file=True, gives=FileAdded,
     refusals=(403, 404, 409, 422))  # fmt: skip
def add_evidence(bearer: Bearer, address: str, request: AnyRequest, body: Body) -> FileAdded:
    """Takes a file in."""
    asked = bearer.expected.pop(read(bearer, "expected", address), None)
    if asked is None:
        raise NotFoundError(
            "There is nothing at this address.",
            do="Use an address that was given to this token, as it was given.",
        )
    asked = cast("FileExpected", asked)
    with bearer.errands.beside() as errand:
        coming = arriving.raw(request, body, asked.name, bearer.casebook.vault.shelf_folder, errand)
        (made,) = bringing.bring(bearer.casebook, _particulars(asked), coming)
    return FileAdded(made.id, made.compartment, made.known, made.sha256, made.bytes, made.type, made.unread)


def _particulars(asked: FileExpected) -> Particulars:
    return Particulars(
        asked.source.strip(), asked.brought.strip(), asked.about, asked.statements, asked.note.strip(),
        asked.compartment,
    )  # fmt: skip


ACTS: Final = (expect_evidence, add_evidence)
