"""Prose: what of a record somebody may remember words of.

Quotes, notes, contents, places, who did it, what a label of an event says
beside its kind, and links; reasons of decisions; notes on files and what they
were called; labels that are no names.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from estelik.names.name import parse
from estelik.records import evidence, stored
from estelik.records.evidence import EVIDENCE, Accession, Evidence
from estelik.records.stored import JUDGEMENT, STATEMENT, SUBJECT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

#: The kinds of record that have any.
KINDS: Final = (STATEMENT, SUBJECT, JUDGEMENT, EVIDENCE)


class Piece(NamedTuple):
    """Words of a record: the ``field`` that they stand in, and they themselves."""

    field: str
    text: str


def prose(kind: str, body: bytes) -> list[Piece]:
    """The words of a record, those first that say most."""
    return [one for one in _OF[kind](body) if one.text]


def of_statement(said: stored.StoredStatement) -> list[Piece]:
    """The words of a statement."""
    return [
        Piece("quote", said.quote),
        Piece("note", said.note),
        Piece("value", said.value),
        Piece("place", said.place),
        Piece("by", said.by),
        Piece("event", stored.beside_kind(said.event)),
        Piece("fact", stored.beside_kind(said.fact)),
        Piece("evidence", said.evidence),
    ]


def _statement(body: bytes) -> Iterable[Piece]:
    return of_statement(stored.decode_statement(body))


def _subject(body: bytes) -> Iterable[Piece]:
    subject = stored.decode_subject(body)
    # Whoever bears a name is found by that.
    if subject.kind == "person" and parse(subject.label).parts and not subject.label.startswith("?"):
        return []
    return [Piece("about", subject.label)]


def _judgement(body: bytes) -> Iterable[Piece]:
    return [Piece("reason", stored.decode_judgement(body).reason)]


def _evidence(body: bytes) -> Iterable[Piece]:
    found = evidence.decode(body)
    if isinstance(found, Evidence):
        return [Piece("note", found.note)]
    if isinstance(found, Accession):
        return [Piece("file", found.file)]
    return []


_OF: Final[dict[str, Callable[[bytes], Iterable[Piece]]]] = {
    STATEMENT: _statement,
    SUBJECT: _subject,
    JUDGEMENT: _judgement,
    EVIDENCE: _evidence,
}
