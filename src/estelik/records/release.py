"""Release: what is made public or handed over: drafted, looked through, approved, published, withdrawn.

All lie in the ``source`` compartment. None holds words of anybody: statements and people are named by
fingerprints (a keyed hash of their id or label), facts at the precision at which they were released, so that
what was published can be told from what was not when the records themselves are erased.
"""

from __future__ import annotations

from typing import Final, Literal

import msgspec

from estelik.records.consent import Audience, Purpose

#: The kind of stored record that all of these are; ``what`` tells them apart.
RELEASE: Final = "release"
_WHAT: Final = "what"


class _Made(msgspec.Struct, frozen=True, omit_defaults=True, tag_field=_WHAT):
    """``made``: when (ISO, UTC); ``device``: which device signed it (an id)."""

    id: str
    made: str
    device: str


class Draft(_Made, frozen=True, tag="draft"):
    """Something that is to be released. ``people``: fingerprints of those it is about, empty: of all who may
    be shown. ``site`` is a random key: what people and statements are called on the site is derived with
    it."""

    title: str
    audience: Audience
    purpose: Purpose
    site: str
    people: tuple[str, ...] = ()


class Change(_Made, frozen=True, tag="change"):
    """In a ``release`` a statement (its fingerprint) says less: the cell of a ``column`` is ``to`` ("":
    blank), or, where no column is named, the statement is left out."""

    release: str
    statement: str
    reason: str
    column: str = ""
    to: str = ""


class Ruling(_Made, frozen=True, tag="ruling"):
    """A member lets a ``finding`` stand (a fingerprint of what was found) and says why: it takes two."""

    release: str
    finding: str
    reason: str


class Approval(_Made, frozen=True, tag="approval"):
    """What a ``release`` held when it was approved: the ``print`` of all that leaves (SHA-256)."""

    release: str
    print: str


class Told(msgspec.Struct, frozen=True, omit_defaults=True):
    """A fact as it was released (``protection.fact.Fact``); ``person``: a fingerprint."""

    person: str
    topic: str
    aspect: Literal["kind", "value", "number", "place", "when"] = "value"
    value: str = ""
    first: int | None = None
    last: int | None = None
    occasion: str = ""


class Given(msgspec.Struct, frozen=True, array_like=True):
    """A count of a published ``table``: how many there were ``of`` something (a year, a state, a region, a
    sex, a place, "" for what is not told), and whether that was ``given`` as it was."""

    table: str
    of: str
    count: int
    given: bool


class Publication(_Made, frozen=True, tag="publication"):
    """That a ``release`` left: with which ``print``, from which ``statements`` (fingerprints), with which
    ``facts``, about which ``people``; ``recipient``: who took it, "" for everybody. ``findings``
    (fingerprints) stood when a report was handed over ``anyway``, for that reason. ``counts`` are those of a
    site, and ``named`` those of its people who stood there by name (fingerprints). ``audience`` and
    ``purpose`` are those of a report, which belongs to no release."""

    release: str
    print: str
    statements: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    facts: tuple[Told, ...] = ()
    recipient: str = ""
    findings: tuple[str, ...] = ()
    anyway: str = ""
    counts: tuple[Given, ...] = ()
    named: tuple[str, ...] = ()
    audience: Audience | Literal[""] = ""
    purpose: Purpose | Literal[""] = ""


class Retraction(_Made, frozen=True, tag="retraction"):
    """``people`` (fingerprints; empty: all) are to leave a ``release`` at its next build."""

    release: str
    reason: str
    people: tuple[str, ...] = ()


Record = Draft | Change | Ruling | Approval | Publication | Retraction
decode: Final = msgspec.json.Decoder(Record).decode
encode: Final = msgspec.json.Encoder().encode


class Release(msgspec.Struct, frozen=True):
    """A draft with all that was decided and done about it, each in order of entry."""

    draft: Draft
    changes: tuple[Change, ...] = ()
    rulings: tuple[Ruling, ...] = ()
    approvals: tuple[Approval, ...] = ()
    publications: tuple[Publication, ...] = ()
    retractions: tuple[Retraction, ...] = ()

    @property
    def withdrawn(self) -> bool:
        """Whether nothing of it is to be shown any more."""
        return any(not one.people for one in self.retractions)


def releases(records: tuple[Record, ...]) -> tuple[Release, ...]:
    """Each release with what belongs to it, in order of entry."""

    def of(draft: Draft) -> Release:
        own = [one for one in records if not isinstance(one, Draft) and one.release == draft.id]
        return Release(
            draft,
            tuple(one for one in own if isinstance(one, Change)),
            tuple(one for one in own if isinstance(one, Ruling)),
            tuple(one for one in own if isinstance(one, Approval)),
            tuple(one for one in own if isinstance(one, Publication)),
            tuple(one for one in own if isinstance(one, Retraction)),
        )

    return tuple(of(one) for one in records if isinstance(one, Draft))
