"""Rows of facts: what one line of each table of the open data set holds. Made by ``facts`` alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import msgspec

from estelik.protection.leaf import Cleared, Count

Standing = Literal["counted", "corrected", "set-aside", "layer-set-aside"]


class PersonRow(msgspec.Struct, frozen=True):
    """Somebody who is told of. ``consistent``: whether all that counts of what is told of her can be true
    together; ``consistent_wide``: whether it can if an age or a length of time may be a little off;
    ``complete``: whether all contradictions were found."""

    id: Cleared
    name: Cleared
    consistent: bool
    consistent_wide: bool
    complete: bool
    statements: Count
    sources: Count


class NameRow(msgspec.Struct, frozen=True):
    """A name that a statement gives."""

    statement: Cleared
    person: Cleared
    name: Cleared
    language: Cleared | None
    kind: Cleared | None


class EventRow(msgspec.Struct, frozen=True):
    """When one event can have been: ISO days, None where nobody can name one. ``ranges`` is all of it in
    EDTF, ``within`` the year, month or day that all of it lies in. ``consistent`` is False where the days
    hang on which side of a contradiction is kept: then they hold for all of them taken together."""

    id: Cleared
    person: Cleared
    event: Cleared
    kind: Cleared
    title: Cleared
    earliest: Cleared | None
    latest: Cleared | None
    ranges: Cleared | None
    within: Cleared | None
    place: Cleared | None
    consistent: bool
    hearsay: bool
    expected: bool
    statements: Count


class SourceRow(msgspec.Struct, frozen=True):
    """One telling of one source: who told (None where nobody is named), and when (EDTF, or a year)."""

    id: Cleared
    name: Cleared | None
    told: Cleared | None
    statements: Count


class StatementRow(msgspec.Struct, frozen=True):
    """One thing that one source said: the cells of its row in the sheet, as far as they leave."""

    id: Cleared
    source: Cleared
    about_kind: Cleared
    about: Cleared
    person: Cleared | None
    event: Cleared | None
    standing: Cleared
    happened: Cleared | None
    fact: Cleared | None
    value: Cleared | None
    answer: Cleared
    when: Cleared | None
    age: Cleared | None
    after: Cleared | None
    before: Cleared | None
    gap: Cleared | None
    place: Cleared | None
    by: Cleared | None
    role: Cleared
    via: Cleared | None
    layer: Cleared
    expected: bool
    corrects: Cleared | None
    url: Cleared | None
    quote: Cleared | None
    language: Cleared | None


class ConflictRow(msgspec.Struct, frozen=True):
    """One statement in something that does not agree. ``kind`` ``contradiction``: these statements cannot all
    be true; ``difference``: they say different things (``value``) in one ``field``."""

    conflict: Cleared
    statement: Cleared
    kind: Cleared
    about: Cleared
    person: Cleared | None
    field: Cleared | None
    value: Cleared | None


class Facts(msgspec.Struct, frozen=True):
    """All rows of a data set. ``places``: by label the id of each place of an event; ``links``: by the id of
    an event or statement that of what it joins."""

    persons: tuple[PersonRow, ...]
    names: tuple[NameRow, ...]
    events: tuple[EventRow, ...]
    statements: tuple[StatementRow, ...]
    sources: tuple[SourceRow, ...]
    conflicts: tuple[ConflictRow, ...]
    places: Mapping[Cleared, Cleared]
    links: Mapping[Cleared, Cleared]


class Front(msgspec.Struct, frozen=True):
    """What whoever publishes says of a data set: its title, the address of its home, its day and licence."""

    title: Cleared
    address: Cleared
    day: Cleared
    licence: Cleared
    licence_title: Cleared
    licence_address: Cleared
