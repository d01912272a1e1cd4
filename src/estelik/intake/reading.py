"""Reading: what a typed line says, where in it each part stands, and what in it was not understood."""

from __future__ import annotations

from typing import Literal

import msgspec

from estelik.records import Statement
from estelik.records.vocabulary import compartment_of

Ask = Literal["when", "where", "how long", "who told", "who did it"]


class Context(msgspec.Struct, frozen=True):
    """What is known while the line is typed.

    ``about``: whose life it is; ``events``: the labels of this person's events that were told,
    the latest last; ``day``: the day of telling (EDTF), from which "last year" counts; ``asked``: what was
    just asked, and of which event; ``people``, ``places``: labels for names in the line; ``when``: the date
    (EDTF) that the line before said; ``births``: of others, by name or by what they are to her (``relatives``
    of a table), what their birth is called: "son", "Erlan/birth".
    """

    about: str = ""
    events: tuple[str, ...] = ()
    day: str = ""
    asked: tuple[Ask, str] | None = None
    people: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    when: str = ""
    births: tuple[tuple[str, str], ...] = ()


class Field(msgspec.Struct, frozen=True):
    """One cell of the statement, and the stretch of the line that it was read from.

    ``assumed``: no word of the line says it; it follows from what was told before.
    """

    column: str
    value: str
    start: int
    end: int
    assumed: bool = False


class Unread(msgspec.Struct, frozen=True):
    """Words of the line that were not understood; they are named, and nothing is made of them."""

    start: int
    end: int
    text: str


#: What keeps a line from being kept as it is:
#: - nothing: no event and no fact is in it;
#: - two-events, two-times ...: a second value for a cell that holds one (the words are ``unread``);
#: - no-value: a fact without what it is;
#: - which-event: a time or an answer, and nothing told that it could belong to, or words that were not
#:   read and may name it;
#: - wrong-cell: a cell typed as ``column=value`` that its column does not take;
#: - gap-alone: a length of time, and no event that it counts from;
#: - no-such-day: a day that no calendar has, or that was another day of the week;
#: - which-year: a month, a day, a season without a year, and the line before does not say which;
#: - to-come: a birth after the day of telling;
#: - somebody-else: an event, and words that were not read name another person, whose it may be;
#: - too-long: more letters than any line has.
Fault = Literal[
    "nothing",
    "twice",
    "no-value",
    "which-event",
    "wrong-cell",
    "gap-alone",
    "age-at-birth",
    "no-such-day",
    "which-year",
    "to-come",
    "somebody-else",
    "too-long",
]


class Reading(msgspec.Struct, frozen=True):
    """One line, read. ``prose`` is the read-back as markup, "" where there is nothing to read back.

    ``alternatives`` are other readings of the same line, each differing in one thing that the words leave
    open; the documenter picks. ``from_before``: whether the "year", or the "day" that was counted from,
    is that of the line before. ``parts``: where the line tells several things, each of them read by itself,
    in order; then it has no fields of its own. ``rules`` is the version of the rules that read it.
    """

    line: str
    language: str
    fields: tuple[Field, ...] = ()
    unread: tuple[Unread, ...] = ()
    faults: tuple[Fault, ...] = ()
    prose: str = ""
    alternatives: tuple[Reading, ...] = ()
    rules: str = ""
    from_before: Literal["", "year", "day"] = ""
    parts: tuple[Reading, ...] = ()

    @property
    def cells(self) -> dict[str, str]:
        """The cells by column, as a row of a sheet has them."""
        return {field.column: field.value for field in self.fields}

    @property
    def complete(self) -> bool:
        """Whether every word was understood and a statement came of it."""
        return bool(self.fields or self.parts) and not self.unread and not self.faults

    def statement(self, identifier: str, about: str, **telling: str) -> Statement:
        """The statement of these cells, as a row of a sheet would become one; ``telling``: its testimony,
        source and day told. Only for a reading with an event or a fact."""
        return statement(self.cells, identifier, about, **telling)


def statement(cells: dict[str, str], identifier: str, about: str, **telling: str) -> Statement:
    """The statement of a row's cells."""
    filled: dict[str, object] = {**telling, **cells}
    filled.setdefault("compartment", compartment_of(cells.get("fact", "")))
    if "expected" in filled:
        filled["expected"] = filled["expected"] == "yes"
    return msgspec.convert({"statement": identifier, "about": about, **filled}, Statement)
