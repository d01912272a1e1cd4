"""Text: a string that leaves, where it stands, and what it can hold.

Every field of a statement is looked at but those whose values are not anybody's own words: a field that is
added is looked at from then on.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple

import msgspec

from estelik.protection.masking import SOMEBODY, kind
from estelik.records import Statement
from estelik.records.mention import nobody
from estelik.records.stored import beside_kind
from estelik.records.vocabulary import BIRTH, TOLD, vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterator

#: ``label``: what somebody or something is called; ``days``: a time, in which digits tell nobody; ``words``:
#: anything.
Holds = Literal["label", "days", "words"]

#: Fields that hold one of a few fixed words, a yes or no, or what the gate itself has written.
CLOSED: Final = frozenset(
    {"about_kind", "answer", "role", "layer", "compartment", "expected", "generated"}
    | {"statement", "testimony", "corrects", "grade"}
)
_DAYS: Final = frozenset({"told", "when", "age", "gap"})
_REFERENCES: Final = frozenset({"after", "before"})
_FIELDS: Final = tuple(one.name for one in msgspec.structs.fields(Statement) if one.name not in CLOSED)
_LETTERS: Final = re.compile(r"[^\W\d_]+")
#: What stands in a description sooner than in a name.
_BESIDE: Final = re.compile(r"[,;:()/«»\"“”\d]")
#: A name has no more words.
_WORDS: Final = 4


class Text(NamedTuple):
    """A string of a statement, in a ``column``."""

    column: str
    text: str
    holds: Holds = "words"


def texts(statement: Statement) -> Iterator[Text]:
    """All strings of a statement as it leaves in which somebody could be named."""
    known = vocabulary().facts.get(kind(statement.fact))
    named = known is not None and known.subject
    for column in _FIELDS:
        for string in _strings(getattr(statement, column)):
            yield from _parts(column, string, named=named or kind(statement.fact) == "name")


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple | list):
        for one in value:
            yield from _strings(one)


def _parts(column: str, string: str, *, named: bool) -> Iterator[Text]:
    found: list[tuple[str, Holds]]
    if column == "about":
        # Whom nobody named is told apart by the number of a statement.
        found = [(string.removeprefix("?").partition("\x1f")[0], "label")]
    elif column == "via":
        found = [(one.strip(), "label") for one in string.split(">") if one.strip() != SOMEBODY]
    elif column == "source" or (column == "value" and named):
        found = [(string, "label")]
    elif column in ("event", "fact"):
        found = [(_beside(string), "words")]
    elif column in _REFERENCES:
        *whose, event = string.split("/")
        found = [(one, "label") for one in whose] + [
            ("" if event in (BIRTH, TOLD) else _beside(event), "words")
        ]
    else:
        found = [(string, "days" if column in _DAYS else "words")]
    for text, holds in found:
        if text.strip():
            yield Text(column, text, holds)


def _beside(label: str) -> str:
    return beside_kind(label).lstrip("#:")


def is_plain(label: str) -> bool:
    """Whether a label is a name and nothing else: no description, no relation to anybody."""
    words = _LETTERS.findall(label)
    cased = label != label.lower()
    return (
        len(words) <= _WORDS
        and not _BESIDE.search(label)
        and not nobody(label)
        and not (cased and any(one == one.lower() != one.upper() for one in words))
    )
