"""Evidence: a file that somebody brought, and what is known and was done of it.

The file itself is a sealed blob (``vault.blob``). Who brought it, what it was
called and what its metadata says of whoever made it (the device, the author,
the place) lie in the ``source`` compartment, in an accession; all else lies in
the compartment of the evidence. Hashes are SHA-256 in hexadecimal, times are
ISO in UTC.
"""

from __future__ import annotations

from typing import Final

import msgspec

#: The kind of stored record that all of these are; ``what`` tells them apart.
EVIDENCE: Final = "evidence"
_WHAT: Final = "what"


class Blob(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A sealed file: its ``name`` on carriers, its size in ``bytes`` and its ``sha256`` as it is sealed, and
    the age ``identity`` that opens it."""

    name: str
    bytes: int
    sha256: str
    identity: str

    def __repr__(self) -> str:
        return f"Blob({self.name}, ...)"


class Capture(msgspec.Struct, frozen=True, omit_defaults=True):
    """What the metadata of a file says of its content: when it was ``taken`` (as written there: ISO, with the
    offset from UTC where it is known), ``width`` and ``height`` in pixels, ``seconds`` that it lasts, its
    ``pages``. ``unread``: why nothing could be read ("slow", "damaged", "large"), "" where it could."""

    taken: str = ""
    width: int = 0
    height: int = 0
    seconds: float = 0.0
    pages: int = 0
    unread: str = ""


class Maker(msgspec.Struct, frozen=True, omit_defaults=True):
    """What the metadata of a file says of whoever made it: the ``device``, its ``serial`` number, the
    ``author``, the ``software``, the ``position`` (degrees north, degrees east)."""

    device: str = ""
    serial: str = ""
    author: str = ""
    software: str = ""
    position: tuple[float, float] | None = None


class Evidence(msgspec.Struct, frozen=True, omit_defaults=True, tag_field=_WHAT, tag="file"):
    """One file. ``sha256`` and ``bytes``: of the file as it was brought; ``type``: its media type, by its
    content; ``added``: when, on which ``device``."""

    blob: Blob
    sha256: str
    bytes: int
    type: str
    added: str
    device: str
    capture: Capture = Capture()
    note: str = ""


class Accession(msgspec.Struct, frozen=True, omit_defaults=True, tag_field=_WHAT, tag="accession"):
    """How a file came: from which ``source`` (a source's id), ``brought`` when (an EDTF date), under which
    ``file`` name. The same file can come several times. Compartment ``source``."""

    evidence: str
    added: str
    device: str
    file: str = ""
    source: str = ""
    brought: str = ""
    maker: Maker = Maker()


class Relation(msgspec.Struct, frozen=True, omit_defaults=True, tag_field=_WHAT, tag="relation"):
    """What a file bears on: a ``subject`` (its label), or a ``statement`` (its own id)."""

    evidence: str
    subject: str = ""
    statement: str = ""


class Face(msgspec.Struct, frozen=True):
    """A face that a program sees in a picture: its left and upper edge, width and height in pixels of the
    picture as it is held upright; ``score``: how sure the program is (0 to 1)."""

    x: int
    y: int
    width: int
    height: int
    score: float


class Faces(msgspec.Struct, frozen=True, tag_field=_WHAT, tag="faces"):
    """Where a program sees ``faces`` in a picture of ``width`` x ``height`` pixels, in the order of their
    numbers (from 1): when it looked (``made``), on which ``device``, ``by`` which program. A proposal."""

    evidence: str
    made: str
    device: str
    by: str
    width: int
    height: int
    faces: tuple[Face, ...]


#: What was done to a file, in order. Of pictures: one of several was taken, held upright, brought to 8 bits a
#: colour, its transparency laid on white, its colours brought to sRGB; boxes were filled (a proposed face, or
#: one by hand), proposed faces were left; faces were given numbers to decide on; made anew from pixels.
#: Of sound and film: what is heard and seen was taken over without all else; sound was left out, or kept.
STEPS: Final = (
    "first", "turned", "reduced", "flattened", "converted", "unseen", "filled", "left", "numbered",
    "rebuilt", "stripped", "silenced", "voiced",
)  # fmt: skip


class Step(msgspec.Struct, frozen=True, omit_defaults=True):
    """One step of a derivation: a word of ``STEPS``. Of "filled" and "left": the ``box`` (left and upper
    edge, width, height in pixels of the upright picture) and, of a proposed face, its ``score``. "unseen":
    no program had looked for faces."""

    step: str
    box: tuple[int, int, int, int] | None = None
    score: float = 0.0


class Derivation(msgspec.Struct, frozen=True, omit_defaults=True, tag_field=_WHAT, tag="copy"):
    """What was made of a file: when (``made``), on which ``device``, for what ``reason``. A working copy that
    was given out, as it was where there are no ``steps``; or, with a ``result``, a piece of evidence of its
    own (its id) that came about by these."""

    evidence: str
    made: str
    device: str
    reason: str = ""
    result: str = ""
    steps: tuple[Step, ...] = ()


class StampRequest(msgspec.Struct, frozen=True, tag_field=_WHAT, tag="stamp-request"):
    """A question for a time stamp authority (RFC 3161): ``query`` is the request as it goes out, ``nonce``
    the number in it, and ``blind`` the random bytes that were hashed with the hashes of the evidence."""

    evidence: str
    made: str
    blind: bytes
    query: bytes
    nonce: str


class Stamp(msgspec.Struct, frozen=True, tag_field=_WHAT, tag="stamp"):
    """A time stamp (RFC 3161): which ``request`` it answers, the ``response`` as it came, the authority's
    ``certificate`` in PEM that it was checked with, and the ``time`` that it states."""

    evidence: str
    request: str
    response: bytes
    certificate: str
    time: str


Record = Evidence | Accession | Relation | Faces | Derivation | StampRequest | Stamp
decode: Final = msgspec.json.Decoder(Record).decode
encode: Final = msgspec.json.Encoder().encode
