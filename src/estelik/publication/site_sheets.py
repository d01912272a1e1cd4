"""Sheets: what the pages of a site are set from: structs whose every value is a leaf, or a yes or no."""

from __future__ import annotations

import msgspec

from estelik.protection.leaf import Cleared, Count, Phrase


class Row(msgspec.Struct, frozen=True):
    """A row of the drawing. ``account``: the sign of the account it holds under, or ""."""

    name: Phrase
    account: Cleared
    bars: Phrase
    depends: bool = False


class Drawing(msgspec.Struct, frozen=True):
    """When: the years over the columns, the rows, the key. ``columns`` is a class of the style."""

    columns: Cleared
    years: tuple[Cleared, ...]
    rows: tuple[Row, ...]
    key: tuple[tuple[Phrase, Phrase], ...]


class When(msgspec.Struct, frozen=True):
    """When something was, under one account."""

    account: Cleared
    words: Phrase


class Happened(msgspec.Struct, frozen=True):
    """A row of the table."""

    what: Phrase
    when: tuple[When, ...]
    cites: Phrase
    notes: tuple[Phrase, ...] = ()


class Side(msgspec.Struct, frozen=True):
    """One side of a contradiction, as wide as the other."""

    account: Cleared
    head: Phrase
    words: Phrase
    source: Phrase


class Apart(msgspec.Struct, frozen=True):
    """Accounts that cannot all be true, none preferred."""

    title: Phrase
    sentence: Phrase
    sides: tuple[Side, ...]


class Source(msgspec.Struct, frozen=True):
    """A source at the detail that it allowed; ``addresses``: where it is public."""

    anchor: Cleared
    number: Count
    words: Phrase
    addresses: tuple[Cleared, ...] = ()


class Card(msgspec.Struct, frozen=True):
    """An entry in one line: for lists, search, counts and the feed. ``year`` in which she was taken,
    ``state`` that she is in, ``place`` where she was taken, ``told``: the last day on which anything was, ""
    where nobody says; ``words``: places and trade; ``said``: the paragraph at the head."""

    id: Cleared
    name: Cleared
    names: tuple[Cleared, ...]
    words: tuple[Cleared, ...]
    year: Cleared
    state: Cleared
    sex: Cleared
    place: Cleared
    said: Cleared
    told: Cleared


class Tongue(msgspec.Struct, frozen=True):
    """A language that the site can be read in, by its own name."""

    tag: Cleared
    name: Cleared


class Room(msgspec.Struct, frozen=True):
    """One of the pages that every page leads to."""

    file: Cleared
    words: Phrase
    here: bool


class Frame(msgspec.Struct, frozen=True):
    """What stands around a page. ``root`` leads from its folder to that of the site;
    ``here``: what the page is called, if it is one of those that every page leads to."""

    root: Cleared
    title: Cleared
    address: Cleared
    language: Cleared
    direction: Cleared
    drafted: bool
    day: Phrase
    iso: Cleared
    languages: tuple[Tongue, ...]
    pages: tuple[Room, ...]
    here: Cleared
    hatch: Phrase


class Entry(msgspec.Struct, frozen=True):
    """The page of one life."""

    card: Card
    name: Phrase
    names: tuple[Phrase, ...]
    pseudonym: bool
    summary: tuple[tuple[Phrase, bool], ...]
    quote: Phrase | None
    drawing: Drawing | None
    rows: tuple[Happened, ...]
    facts: tuple[tuple[Phrase, Phrase], ...]
    apart: tuple[Apart, ...]
    doubts: tuple[Phrase, ...]
    sources: tuple[Source, ...]
    allowed: Phrase
    data: Phrase
    sign: Phrase


class Counted(msgspec.Struct, frozen=True):
    """A line of a table of counts. ``few``: it is not said how many; ``share``: how long its bar is, in
    hundredths."""

    name: Phrase
    count: Phrase
    share: Cleared
    few: bool


class Counts(msgspec.Struct, frozen=True):
    """A table of counts."""

    anchor: Cleared
    title: Phrase
    rows: tuple[Counted, ...]


class Statistics(msgspec.Struct, frozen=True):
    """The page of counts. ``entries``: how many there are, None where that may not be told; ``silent``: the
    headings of tables of which nothing may be given; ``before``: whether a number is as it was before."""

    entries: Phrase | None
    tables: tuple[Counts, ...] = ()
    silent: tuple[Phrase, ...] = ()
    before: bool = False


class First(msgspec.Struct, frozen=True):
    """The first page: how many entries there are (as in ``Statistics``), and a few of them."""

    entries: Phrase | None
    cards: tuple[Card, ...]


class Way(msgspec.Struct, frozen=True):
    """A link to a list: its file, its words."""

    file: Cleared
    words: Phrase


class Lists(msgspec.Struct, frozen=True):
    """The page that leads to all lists: by letter, by year, by region."""

    letters: tuple[Way, ...]
    years: tuple[Way, ...]
    regions: tuple[Way, ...]


class Listed(msgspec.Struct, frozen=True):
    """A list, or a part of one; ``ways`` lead to its other parts."""

    title: Phrase
    cards: tuple[Card, ...]
    ways: tuple[Way, ...]


class Dot(msgspec.Struct, frozen=True):
    """A place on the map: where it is drawn and how large, whether it is a place or the middle of an area."""

    name: Phrase
    count: Phrase
    precision: Phrase
    circle: Phrase


class Map(msgspec.Struct, frozen=True):
    """The map: what part of the world it shows, its land, its dots. ``elsewhere``: of how many entries no
    place is known; ``counted``: whether any number may be given."""

    box: Cleared
    land: Phrase
    dots: tuple[Dot, ...]
    elsewhere: Phrase
    counted: bool


class Feed(msgspec.Struct, frozen=True):
    """What stands in the feed: entries, with the day on which each was last told of."""

    cards: tuple[Card, ...]
    identity: Cleared


class Addresses(msgspec.Struct, frozen=True):
    """A part of the map of addresses that search engines read."""

    files: tuple[Cleared, ...]
