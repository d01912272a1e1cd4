"""Names and words: who may bear a name, in any script, and where words were told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final

import msgspec
from msgspec import Meta

from estelik.identity.verdict import shown
from estelik.web.api.act import act
from estelik.web.api.shape import Cursor, Person, Words, begun, cursor, number, person

if TYPE_CHECKING:
    from estelik.web.bearers import Bearer

#: The likeliest that a list goes on to.
_MOST: Final = 200


class NamesAsked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A name, or the number of a document, as anybody would write it."""

    words: Words
    limit: Annotated[int, Meta(ge=1, le=50)] = 12
    cursor: Cursor = ""


class Why(msgspec.Struct, frozen=True):
    """What speaks for two names being one person's, or against it: its kind, and the roles of the words."""

    kind: str
    left: str
    right: str


class Named(msgspec.Struct, frozen=True):
    """Somebody who may bear the name: the one of her names that fits ("": it is a number), how well (from 0
    to 1), and why."""

    person: Person
    name: str
    score: float
    why: tuple[Why, ...]


class NamesFound(msgspec.Struct, frozen=True):
    """A page of those who may bear a name, the likeliest first; ``next``: the cursor of the page after this
    one, empty after the last."""

    found: tuple[Named, ...]
    next: str


class WordsAsked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Words that were told."""

    words: Words
    limit: Annotated[int, Meta(ge=1, le=50)] = 12


class Passage(msgspec.Struct, frozen=True):
    """Where words stand: in which kind of record (its ``id``), in which column, about whom, and when it was
    told."""

    kind: str
    id: str
    field: str
    text: str
    language: str
    told: str
    about: Person | None


class WordsFound(msgspec.Struct, frozen=True):
    """Where words were told, what fits best first."""

    found: tuple[Passage, ...]


class TellersAsked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The name of somebody who may have told before."""

    words: Words


class Teller(msgspec.Struct, frozen=True):
    """Somebody who told before, and of whom, the latest first."""

    label: str
    of: tuple[Person, ...]


class TellersFound(msgspec.Struct, frozen=True):
    """Those who told before under a name like this, the likeliest first."""

    found: tuple[Teller, ...]


@act("POST", "/api/names", "Find who may bear a name, in any script.", takes=NamesAsked, gives=NamesFound,
     refusals=(404,), leads=dict.fromkeys(("life", "status"), "/found/0/person/address"))  # fmt: skip
def find_names(bearer: Bearer, asked: NamesAsked) -> NamesFound:
    """Who may bear a name."""
    start = number(begun(bearer, asked, asked.cursor))
    end = min(start + asked.limit, _MOST)
    every = bearer.casebook.namesakes().find(asked.words, end + 1)
    found = tuple(
        Named(
            person(bearer, one.key),
            one.name,
            round(one.score, 4),
            tuple(Why(why.kind, why.left, why.right) for why in one.why),
        )
        for one in every[start:end]
    )
    more = len(every) > end and end < _MOST
    return NamesFound(found, cursor(bearer, asked, str(end)) if more else "")


@act("POST", "/api/words", "Find where words were told.", takes=WordsAsked, gives=WordsFound)
def find_words(bearer: Bearer, asked: WordsAsked) -> WordsFound:
    """Where words were told."""
    found = bearer.casebook.passages().find(asked.words, asked.limit)
    return WordsFound(
        tuple(
            Passage(
                one.kind,
                one.id,
                one.field,
                one.text,
                one.language,
                one.told,
                person(bearer, one.subject) if one.subject else None,
            )
            for one in found
        )
    )


@act("POST", "/api/tellers", "Find who told before, and of whom.", takes=TellersAsked, gives=TellersFound)
def find_tellers(bearer: Bearer, asked: TellersAsked) -> TellersFound:
    """Who told before under a name like this."""
    from estelik.daily.tellers import tellers, told_of

    casebook = bearer.casebook
    return TellersFound(
        tuple(
            Teller(one, tuple(_known(bearer, label) for label in told_of(casebook, one)))
            for one in tellers(casebook, asked.words, 12)
        )
    )


def _known(bearer: Bearer, label: str) -> Person:
    return Person(shown(label), bearer.addresses.of("life", label))


ACTS: Final = (find_names, find_words, find_tellers)
