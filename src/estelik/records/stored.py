"""Stored records: what a statement is made of as it lies in the vault.

A statement as a reader with every key sees it (``Statement``) is taken apart
into records of different compartments, joined by opaque ids. Names of sources
and relayers, labels of tellings (they often name who told), and the link
between a telling and who told or relayed it stand in the ``source``
compartment only; a statement whose own words name its source lies there too.
"""

from __future__ import annotations

import sys
from functools import lru_cache
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, Final

import msgspec

from estelik.records.judgement import Judgement
from estelik.records.label import composed, is_composed
from estelik.records.mention import mentions, stands_in
from estelik.records.statement import (
    LABELS_OF_TELLINGS,
    Answer,
    Compartment,
    Layer,
    Role,
    Statement,
    SubjectKind,
)
from estelik.records.vocabulary import vocabulary

if TYPE_CHECKING:
    from collections.abc import Callable

#: The kinds of stored record.
SOURCE: Final = "source"
TESTIMONY: Final = "testimony"
PROVENANCE: Final = "provenance"
SUBJECT: Final = "subject"
STATEMENT: Final = "statement"
JUDGEMENT: Final = "judgement"


class Source(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """Who or what information comes from. Compartment ``source``."""

    label: str


class Testimony(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """One telling: its label, or who told it (a source's id) and when. Compartment ``source``."""

    label: str = ""
    source: str = ""
    told: str = ""


class Provenance(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """How what is said in a telling came to it: from whom (a source's id) and through whom.

    One for each telling, source and chain, so that its id does not tell that
    two tellings have the same teller; ``written`` is how a row spelled their
    labels where that was another way. Where the telling's own record says all
    of it (``told_directly``), there is none. Compartment ``source``.
    """

    testimony: str
    source: str = ""
    via: str = ""
    written: tuple[tuple[str, str], ...] = ()


class Subject(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """A person, place, organisation or group that statements of the same compartment are about."""

    label: str
    kind: SubjectKind = "person"


class Cells(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """The cells of a statement that no other record holds, as written."""

    statement: str
    told: str = ""
    event: str = ""
    fact: str = ""
    value: str = ""
    answer: Answer = "yes"
    when: str = ""
    age: str = ""
    after: str = ""
    before: str = ""
    gap: str = ""
    place: str = ""
    by: str = ""
    role: Role = "told"
    layer: Layer = "asserted"
    grade: str = ""
    expected: bool = False
    evidence: str = ""
    compartment: Compartment = "testimony"
    corrects: str = ""
    quote: str = ""
    language: str = ""
    note: str = ""


class StoredStatement(Cells, frozen=True, omit_defaults=True, gc=False):
    """A statement's cells, how its row was written, and the ids of its subject, testimony and provenance
    (that one "" where it was ``told_directly``)."""

    typed: tuple[str, ...] = ()
    generated: bool = False
    written: tuple[tuple[str, str], ...] = ()

    subject: str = ""
    testimony: str = ""
    provenance: str = ""


_encode = msgspec.json.Encoder().encode
decode_statement = msgspec.json.Decoder(StoredStatement).decode
decode_subject = msgspec.json.Decoder(Subject).decode
decode_source = msgspec.json.Decoder(Source).decode
decode_testimony = msgspec.json.Decoder(Testimony).decode
decode_judgement = msgspec.json.Decoder(Judgement).decode
decode_provenance = msgspec.json.Decoder(Provenance).decode


def cells(s: Statement) -> bytes:
    """The cells of a statement as JSON, without what other records hold; ``body`` adds the ids.

    Equal statements give equal JSON.
    """
    # A default is left out only where it is the very same string: a word out of a sheet is not.
    same: Callable[[Any], Any] = sys.intern
    return _encode(
        Cells(
            s.statement,
            s.told,
            s.event,
            s.fact,
            s.value,
            same(s.answer),
            s.when,
            s.age,
            s.after,
            s.before,
            s.gap,
            s.place,
            s.by,
            same(s.role),
            same(s.layer),
            s.grade,
            s.expected,
            s.evidence,
            same(s.compartment),
            s.corrects,
            s.quote,
            s.language,
            s.note,
        )
    )


def body(cells: str, manner: str, subject: str, testimony: str, provenance: str) -> str:
    """The body of a stored statement: what encoding a ``StoredStatement`` would give.

    ``cells`` without the brace at their end.
    """
    if provenance:
        ids = f',"subject":"{subject}","testimony":"{testimony}","provenance":"{provenance}"}}'
    else:
        ids = f',"subject":"{subject}","testimony":"{testimony}"}}'
    return f"{cells}{manner}{ids}"


def told_directly(label: str, via: str, written: tuple[tuple[str, str], ...]) -> bool:
    """Whether a telling of this label ("" for one that has none) says itself who told what came
    through ``via``: no provenance need be kept beside it."""
    return not (label or via or written)


def manner(s: Statement) -> str:
    """How the row was written (its last three fields) as a piece of JSON, "" as a rule."""
    text = ',"typed":' + _encode(s.typed).decode() if s.typed else ""
    if s.generated:
        text += ',"generated":true'
    own = tuple(pair for pair in s.written if pair[0] not in LABELS_OF_TELLINGS)
    return f'{text},"written":{_encode(own).decode()}' if own else text


def spelled(s: Statement) -> tuple[tuple[str, str], ...]:
    """How the row spelled the labels that its provenance holds, where that was another way."""
    return tuple(pair for pair in s.written if pair[0] in LABELS_OF_TELLINGS) if s.written else ()


def join(
    s: StoredStatement,
    subject: Subject,
    testimony: str,
    source: str,
    via: str,
    spelled: tuple[tuple[str, str], ...] = (),
) -> Statement:
    """The statement as a reader sees it: its cells with the labels that its ids lead to."""
    return Statement(
        s.statement,
        subject.label,
        testimony,
        source,
        s.told,
        subject.kind,
        s.event,
        s.fact,
        s.value,
        s.answer,
        s.when,
        s.age,
        s.after,
        s.before,
        s.gap,
        s.place,
        s.by,
        s.role,
        via,
        s.layer,
        s.grade,
        s.expected,
        s.evidence,
        s.compartment,
        s.corrects,
        s.quote,
        s.language,
        s.note,
        s.typed,
        s.generated,
        s.written + spelled,
    )


def lies_in(s: Statement) -> Compartment:
    """The compartment in which a statement is kept.

    The one its row names, but for a statement that gives away its source or a
    relayer: one of their labels stands in its own words (somebody who tells
    about himself; an id that names who told), or a part of one in its quote, its note, its
    content or a link (``mention``). That one lies with the sources until a
    member makes a redacted copy.
    """
    names = _names(s.source, s.via)
    if names:
        words = (
            f"{s.about}|{s.statement}|{s.quote}|{s.note}|{s.value}|{beside_kind(s.event)}|{beside_kind(s.fact)}|"
            f"{s.after}|{s.before}|{s.place}|{s.by}|{s.evidence}|{s.corrects}"
        )
        # A quote keeps what was typed: it may spell a name in another way than its label, or over two lines.
        if not (words.isprintable() and is_composed(words)):
            words = composed(" ".join(words.split()))
        if any(stands_in(words, name) for name in names):
            return "source"
        # What somebody is called is looked at as a whole, like all labels.
        free = f"{s.quote}\n{s.note}\n{s.evidence}\n{'' if s.fact.startswith(_CALLED) else s.value}"
        if not free.isspace() and any(mentions(free, name, s.about) for name in names):
            return "source"
    return s.compartment


@lru_cache(maxsize=65536)
def beside_kind(label: str) -> str:
    """What the label of an event or fact says beside a known kind: "hospital-entry" names no hospital that
    told."""
    known = vocabulary()
    kind = label.split("#", 1)[0].split(":", 1)[0]
    return label[len(kind) :] if kind in known.kinds or kind in known.facts else label


#: Facts whose content is what somebody is called: a family has names in common.
_CALLED: Final = ("relation", "attribution", "name")


@lru_cache(maxsize=65536)
def _names(source: str, via: str) -> tuple[str, ...]:
    labels = (composed(part.strip()) for part in (source, *via.split(">")))
    return tuple({label for label in labels if label})


def about(label: str, kind: str) -> bytes:
    """What a statement's digest has of its subject."""
    return _encode((label, kind))


def origin(testimony: str, source: str, via: str) -> bytes:
    """What a statement's digest has of its telling and provenance."""
    return _encode((testimony, source, via))


def digested(cells: bytes, about: bytes, origin: bytes) -> bytes:
    """Sixteen bytes that are equal for rows that say the same.

    How a default or a label was written and whether the id was generated do not count.
    """
    return blake2b(b"\n".join((cells, about, origin)), digest_size=16).digest()


def digest(s: Statement) -> bytes:
    """The digest of a statement (``digested``)."""
    return digested(cells(s), about(s.about, s.about_kind), origin(s.testimony, s.source, s.via))
