"""Shapes that several acts share: people, days, places in a list."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Annotated, Final

import msgspec
from msgspec import Meta

from estelik.chronology.calendar import iso
from estelik.errors import NotFoundError
from estelik.identity.verdict import shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from estelik.web.bearers import Bearer

#: Bytes of an address, or of a place in a list, at most.
ADDRESS: Final = 4096
Words = Annotated[str, Meta(min_length=1, max_length=500)]
Address = Annotated[
    str, Meta(max_length=ADDRESS, description="Stands for a label or an id, for this token alone.")
]
Cursor = Annotated[
    str, Meta(max_length=ADDRESS, description="The `next` of the answer before; empty: from the beginning.")
]
Reason = Annotated[str, Meta(min_length=1, max_length=4000, pattern=r"\S", description="Why, in a sentence.")]
Day = Annotated[str, Meta(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$", description="A day, like 2024-03-15.")]


class Person(msgspec.Struct, frozen=True):
    """Somebody: what she is called here, and the address of her life."""

    label: str
    address: Address


class Between(msgspec.Struct, frozen=True):
    """Days from the earliest to the latest, both included; null where nobody can name one."""

    earliest: str | None
    latest: str | None


def person(bearer: Bearer, key: str) -> Person:
    """The life with this key."""
    return Person(shown(key), bearer.addresses.of("life", key))


def between(first: int | None, last: int | None) -> Between:
    """Two days, by their ordinals."""
    return Between(iso(first), iso(last))


def read(bearer: Bearer, kind: str, address: str) -> str:
    """The label or id that an address stands for. Raises ``NotFoundError``."""
    found = bearer.addresses.read(kind, address)
    if found is None:
        raise NotFoundError(
            "There is nothing at this address.",
            do="Use an address that was given to this token, as it was given.",
        )
    return found


def cursor(bearer: Bearer, question: msgspec.Struct, at: str) -> str:
    """Where to go on in the list that answers a question; ``at``: the last of this page."""
    return bearer.addresses.of("cursor", f"{_print(question)}\0{at}")


def begun(bearer: Bearer, question: msgspec.Struct, text: str) -> str:
    """The last of the page before, "" where there was none. Raises ``NotFoundError``."""
    if not text:
        return ""
    mark, _, at = read(bearer, "cursor", text).partition("\0")
    if mark != _print(question):
        raise NotFoundError("This place is in another list.", do="Ask from the beginning: without a cursor.")
    return at


def number(text: str) -> int:
    """A place that is a number; 0 where there was no page before."""
    return int(text) if text.isascii() and text.isdecimal() else 0


def _print(question: msgspec.Struct) -> str:
    """What two questions have in common that have the same list."""
    kept = {name: value for name, value in msgspec.structs.asdict(question).items() if name not in _PAGE}
    return hashlib.sha256(type(question).__name__.encode() + msgspec.json.encode(kept)).hexdigest()[:16]


_PAGE: Final = frozenset({"cursor", "limit"})


def following(bearer: Bearer, question: msgspec.Struct, found: Sequence[object], start: int, end: int) -> str:
    """The cursor of the page after one that ends before ``end``; "" after the last."""
    return cursor(bearer, question, str(end)) if end < len(found) and end > start else ""
