"""Masking: a cleared statement as it leaves: what names nobody, and who is named as she said.

A cell that could name somebody is left out unless that one's word lets it stand: the opposite, leaving out
whom we know, would tell by its gaps whom we know.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final

import msgspec

from estelik.chronology.lives import resolve
from estelik.protection.voice import NAMED, PSEUDONYM
from estelik.records import Statement
from estelik.records.consent import MEDIA
from estelik.records.vocabulary import BIRTH, TOLD, vocabulary

#: Facts that nobody outside is told.
SECRET: Final = frozenset({"document", "need"})
#: What a link of a chain of hearsay is called whose name may not be said.
SOMEBODY: Final = "?"
_WORDS: Final = 1 << MEDIA.index("words")
#: Language, writing, region (BCP 47).
_TAG: Final = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z]{4})?(?:-(?:[A-Za-z]{2}|\d{3}))?(?![A-Za-z\d])")
_YEAR: Final = re.compile(r"\d{4}")


class Faces(msgspec.Struct, frozen=True):
    """What people are called before an audience: ``named``: a label of a person as it stands in a statement,
    "" for who may not be named in it; ``events``: by the key of each life that leaves, its events, and
    ``renamed`` those that are called otherwise when they leave; ``numbers`` and ``tellings``: what stands for
    the ids of statements and the keys of tellings."""

    named: Callable[[str, Statement], str]
    events: Mapping[str, frozenset[str]]
    renamed: Mapping[str, Mapping[str, str]]
    numbers: Mapping[str, str]
    tellings: Mapping[str, str]

    def event(self, life: str, label: str) -> str:
        """What an event of a life (a key) is called when it leaves."""
        return self.renamed.get(life, {}).get(label, label)


def kind(fact: str) -> str:
    """The kind of a fact's label: ``relation`` of ``relation:brother``."""
    return re.split("[#:]", fact, maxsplit=1)[0]


def secret(statement: Statement, level: int, *, unnamed: bool) -> bool:
    """Whether a statement says what leaves for nobody, or names somebody who appears as less than named;
    ``unnamed``: whom it is about nobody could ask."""
    told = kind(statement.fact)
    return told in SECRET or (told == "name" and (unnamed or level < NAMED))


def masked(
    statement: Statement, faces: Faces, *, life: str, source: str, level: int, media: int
) -> Statement:
    """The statement as it leaves: about ``life``, told by ``source`` ("": nobody is named); ``level`` is the
    lesser of those as whom both appear, ``media`` what the teller allowed (bits)."""
    named, words = level >= NAMED, media & _WORDS
    fact = kind(statement.fact)
    of_subject = fact in vocabulary().facts and vocabulary().facts[fact].subject
    after, before = (_reference(one, statement, faces) for one in (statement.after, statement.before))
    return msgspec.structs.replace(
        statement,
        statement=faces.numbers[statement.statement],
        about=life,
        event=faces.event(statement.subject, statement.event),
        testimony=faces.tellings[statement.telling],
        source=source,
        told=statement.told if named else _year(statement.told),
        value=faces.named(statement.value, statement) if of_subject else statement.value,
        after=after,
        before=before,
        # A length of time that nothing is counted from says nothing.
        gap=statement.gap if after or before else "",
        via=" > ".join(faces.named(one, statement) or SOMEBODY for one in statement.chain[1:]),
        evidence=statement.evidence if named and "://" in statement.evidence else "",
        corrects=faces.numbers.get(statement.corrects, ""),
        quote=statement.quote if words else "",
        language=_tongue(statement.language) if words else "",
        note="",
        compartment="testimony",
        typed=(),
        generated=False,
        written=(),
    )


def _reference(cell: str, statement: Statement, faces: Faces) -> str:
    """The event that a cell names, where it is one that leaves."""
    own = faces.events.get(statement.subject, frozenset())
    if not cell or cell in (BIRTH, TOLD) or cell in own:
        return faces.event(statement.subject, cell)
    found = resolve(cell, faces.events) if "/" in cell else None
    if found is None:
        # Of the same life, though nobody else speaks of it: the words are this teller's own.
        return "" if "/" in cell else faces.event(statement.subject, cell)
    whose, event = found
    name = faces.named(whose.split("\x1f")[0], statement)
    return f"{name}/{faces.event(whose, event)}" if name else ""


def _tongue(tag: str) -> str:
    """A tag of a language as far as its writing and region: what stands behind is anybody's own words."""
    found = _TAG.match(tag)
    return found.group() if found else ""


def _year(edtf: str) -> str:
    found = _YEAR.match(edtf)
    return found.group() if found and "/" not in edtf else ""


def shown(level: int, label: str, pseudonym: str) -> str:
    """What somebody is called who appears at a level: the label, the pseudonym, or "" for nobody."""
    if level >= NAMED:
        return label
    return pseudonym if level == PSEUDONYM else ""
