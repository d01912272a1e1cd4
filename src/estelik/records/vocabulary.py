"""The vocabulary: kinds of event, the states they open and close, kinds of fact.

All of it stands in ``vocabulary.json`` beside this module. ``huridocs`` is the
code of the same thing in a HURIDOCS micro-thesaurus, ``list`` the number of
that thesaurus (1 index terms, 4 types of acts, 5 methods of violence, 25
status as victim); no code where only a broader term exists there. Labels are
English source strings for translation.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Final, Literal

import msgspec

#: The event that every life has, whether or not anybody spoke of it.
BIRTH: Final = "birth"
#: What ``after`` and ``before`` call the telling a row belongs to.
TOLD: Final = "told"


_MARK: Final = re.compile(r"[#:]")
#: Stems of words for death, violence and injury, in labels of kinds that nobody defined.
_WORST: Final = re.compile(
    r"\b(kill|murder|execut|suicid|die\b|died|dying|dead|death|beat|shot\b|shoot|stab|hang(ed|ing)|tortur|electr|shock"
    r"|rape|sexual|molest|assault|abort|miscarr|stillb|sterili|injur|wound|mutilat|amputat|strangl|burn"
    r"|смерт|умер|убий|убит|казн|самоуб|пытк|изнас|аборт|ранен|избие|мертворожд|мертвонар|выкидыш|өлім|өлт|азапта|зорла|вбив|тортур|катув|зґвалт)"
    r"|[死杀殺刑奸伤傷]",
    re.IGNORECASE,
)


class State(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What somebody is in between two events. Custody states exclude each other;
    a ``final`` state never ends."""

    label: str
    custody: bool = False
    final: bool = False
    huridocs: str = ""
    list: int = 25


class Kind(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A kind of event.

    ``opens`` is the state that it opens; ``closes`` the states that it closes;
    ``closes_custody`` says that it closes every custody state; ``moves`` that
    it closes the state in force and opens the same at another place;
    ``posthumous`` and ``knowledge`` (says only what others knew) free it from
    the axiom that death is not before it; ``sensitive`` keeps questions about
    it from being proposed (contract, last paragraph).
    """

    label: str
    opens: str = ""
    closes: tuple[str, ...] = ()
    closes_custody: bool = False
    moves: bool = False
    posthumous: bool = False
    knowledge: bool = False
    sensitive: bool = False
    huridocs: str = ""
    list: int = 4


class FactKind(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A kind of fact. ``single``: a life has one value of it at a time, so that
    two values differ; ``health``: its compartment is medical by default,
    ``secret``: source, as who told is;
    ``subject``: its value is another subject's label. A ``list`` without a code
    of its own is the micro-thesaurus that its values come from."""

    label: str
    single: bool = False
    health: bool = False
    secret: bool = False
    sensitive: bool = False
    subject: bool = False
    huridocs: str = ""
    list: int = 0


class Vocabulary(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """States, kinds of event and kinds of fact, by their codes."""

    states: dict[str, State]
    kinds: dict[str, Kind]
    facts: dict[str, FactKind]


@cache
def vocabulary() -> Vocabulary:
    """The vocabulary of the package, read once."""
    text = Path(__file__).with_name("vocabulary.json").read_bytes()
    return msgspec.json.decode(text, type=Vocabulary)


@cache
def kind_of(event: str) -> str:
    """The kind of an event's label: all up to the first ``#`` or ``:``.

    A known kind is found however its letters are cased; an unknown one is
    kept as it is.
    """
    kind = _MARK.split(event, maxsplit=1)[0].strip()
    known = kind.casefold()
    return known if known in vocabulary().kinds else kind


@cache
def is_sensitive(event: str) -> bool:
    """Whether asking about an event could make somebody relive the worst: by its
    kind or, where the kind is unknown, by a word in it."""
    kind = vocabulary().kinds.get(kind_of(event))
    if kind is not None:
        return kind.sensitive or kind.posthumous
    return bool(_WORST.search(kind_of(event).casefold()))


@cache
def fact_kind_of(fact: str) -> str:
    """The kind of a fact's label: all up to the first ``:``."""
    return fact.split(":", 1)[0].strip()


@cache
def compartment_of(fact: str) -> Literal["testimony", "medical", "source"]:
    """The compartment of a statement with this fact, or with none, where nobody says which."""
    kind = vocabulary().facts.get(fact_kind_of(fact))
    if kind is None:
        return "testimony"
    return "medical" if kind.health else "source" if kind.secret else "testimony"
