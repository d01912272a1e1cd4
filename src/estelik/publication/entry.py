"""Entry: one life as the public sees it: page structs whose every value is a leaf.

Besides the gate this is the only module that makes leaves, and it makes them of what it is handed by
``views.dossier`` over a projection: of nothing that was not let out. Templates and data set them, and refuse
everything else.
"""

from __future__ import annotations

import re
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING, Final

import msgspec
from markupsafe import Markup

from estelik.language import accounts, captions, dates, direction, events, people, quotes, statements
from estelik.language.reader import N_
from estelik.language.recorder import text
from estelik.language.summary import summary
from estelik.protection.leaf import Cleared, Count, Phrase, UnclearedError, encode
from estelik.publication import site_years
from estelik.publication.timeline_svg import sign_svg
from estelik.records.vocabulary import BIRTH, fact_kind_of, kind_of, vocabulary

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

    from estelik.language.reader import Reader
    from estelik.publication.site_years import Sign
    from estelik.records import Statement
    from estelik.views.course import Lane, Range
    from estelik.views.person import Contradiction, EventRow, PersonPage

#: The words of the key, in its order.
_KEY: Final[dict[Sign, str]] = {
    "certain": N_("certain"),
    "possible": N_("possible"),
    "whisker": N_("when an event can have happened"),
    "hearsay": N_("only if hearsay is admitted"),
    "day": N_("day known"),
    "goes-on": N_("still so when last told"),
    "end-untold": N_("end or beginning not told"),
    "telling": N_("a telling"),
}
#: A quotation at the head of a page is no longer than this.
_QUOTE: Final = 240
_DIGITS: Final = "0123456789abcdefghijklmnopqrstuvwxyz"
_RAISED: Final = re.compile(r"<sup>.*?</sup>")
_ADDRESS: Final = re.compile(r"https?://\S+")


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
    """An entry in one line: for lists, search, counts and the feed. ``year`` in which she was taken, ``state``
    she is in as far as is told, ``place`` of the first thing told that happened to her; "" where that is not told."""

    id: Cleared
    name: Cleared
    names: tuple[Cleared, ...]
    words: tuple[Cleared, ...]
    year: Cleared
    state: Cleared
    sex: Cleared
    place: Cleared
    said: Cleared


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
    """What stands around a page. ``root`` leads from its folder to that of the site."""

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
    data: Phrase
    sign: Phrase


def spoken(reader: Reader) -> Callable[..., Phrase]:
    """``_`` for templates: words of the interface, in which every value is a leaf already."""

    def _(message: str, **values: Cleared | Count | Phrase) -> Phrase:
        for value in values.values():
            if not isinstance(value, Cleared | Count | Phrase):
                raise UnclearedError(value)
        given = {
            name: Markup(value) if isinstance(value, Phrase) else value for name, value in values.items()
        }  # noqa: S704 - a phrase is markup already
        return Phrase(reader._(message, **given))

    return _


def frame(
    reader: Reader,
    *,
    root: str,
    title: str,
    address: str,
    day: date,
    languages: Iterable[tuple[str, str]],
    pages: Iterable[tuple[str, str, bool]],
) -> Frame:
    """What stands around a page; nothing of it is about anybody. ``pages``: file, words, whether it is this."""
    return Frame(
        root=Cleared(root),
        title=Cleared(title),
        address=Cleared(address),
        language=Cleared(reader.language),
        direction=Cleared(reader.direction),
        drafted=reader.drafted,
        day=Phrase(dates.day(reader, day.toordinal())),
        iso=Cleared(day.isoformat()),
        languages=tuple(Tongue(Cleared(tag), Cleared(name)) for tag, name in languages),
        pages=tuple(Room(Cleared(file), Phrase(reader._(words)), here) for file, words, here in pages),
        hatch=Phrase(site_years.hatch()),
    )


class Totals(msgspec.Struct, frozen=True):
    """How many entries there are."""

    entries: Phrase


def totals(cards: Sequence[Card], reader: Reader) -> Totals:
    """What the first page counts."""
    return Totals(Phrase(reader.digits(len(cards))))


def index(
    by: Mapping[str, Mapping[str, tuple[Sequence[int], Sequence[int]]]], within: Iterable[str]
) -> dict[Cleared, list[tuple[Cleared, Cleared, Cleared]]]:
    """A part of the index of a search: by skeleton the words, and the entries that are named so, and that tell
    of it. The words are those of cards."""
    return {
        Cleared(one): [
            (Cleared(roman), Cleared(_numbers(named)), Cleared(_numbers(told)))
            for roman, (named, told) in by[one].items()
        ]
        for one in within
    }


def _numbers(ascending: Sequence[int]) -> str:
    """Numbers by how far each is from the one before, in base 36."""
    return ".".join(_base36(one - before) for before, one in pairwise((0, *ascending)))


def _base36(number: int) -> str:
    out = ""
    while number >= 36:  # noqa: PLR2004 - the base
        number, rest = divmod(number, 36)
        out = _DIGITS[rest] + out
    return _DIGITS[number] + out


def line(card: Card) -> tuple[Cleared, Cleared, tuple[Cleared, ...], tuple[Cleared, ...]]:
    """A card as the search shows it."""
    more = (*((card.year,) if card.year else ()), *((card.place,) if card.place else ()))
    return card.id, card.name, card.names, more


def entry(page: PersonPage, reader: Reader, own: str, pseudonyms: Collection[str]) -> Entry:
    """The page of a life. ``own``: what stands for it in addresses; ``pseudonyms``: as the projection has
    them."""
    cited = _Sources(page)
    told = _facts(page)
    sentences = tuple((Phrase(one), apart) for one, apart in summary(reader, page, cited.cite))
    rows = tuple(_happened(reader, page, one, cited) for one in page.events if not _in_summary(page, one))
    card = _card(page, own, " ".join(text(Markup(_RAISED.sub("", one))) for one, _ in sentences))
    return Entry(
        card=card,
        name=Phrase(people.who(reader, page.label)),
        names=tuple(
            Phrase(direction.run(one.text, one.language)) for one in page.names if one.text != page.label
        ),
        pseudonym=page.label in pseudonyms,
        summary=sentences,
        quote=_quote(page),
        drawing=_drawing(reader, page),
        rows=rows,
        facts=tuple((Phrase(statements.says(reader, one)), cited.of(one)) for one in told),
        apart=tuple(_apart(reader, page, one, cited) for one in page.contradictions),
        doubts=tuple(_doubts(reader, page)),
        sources=tuple(cited.sources(reader, pseudonyms)),
        data=_data(page, card, reader),
        sign=Phrase(sign_svg()),
    )


class _Sources:
    """The sources of a page, numbered in the order in which they are first cited. Who gives no name is another
    source in each telling."""

    def __init__(self, page: PersonPage) -> None:
        self.page = page
        self._said: dict[str, list[Statement]] = {}
        for line in page.statements:
            self._said.setdefault(_source(line.statement), []).append(line.statement)
        self._number = {source: number for number, source in enumerate(self._said, start=1)}

    def cite(self, numbers: Sequence[int]) -> Markup:
        """The sources of statements (numbers), as raised links."""
        said = (self.page.line(one).statement for one in numbers)
        return _links(sorted({self._number[_source(one)] for one in said}))

    def of(self, one: Statement) -> Phrase:
        """The source of one statement."""
        return Phrase(_links([self._number[_source(one)]]))

    def sources(self, reader: Reader, pseudonyms: Collection[str]) -> Iterator[Source]:
        """The sources, in words."""
        for key, said in self._said.items():
            number = self._number[key]
            yield Source(
                Cleared(f"s{number}"),
                Count(number),
                Phrase(_account(reader, self.page, said, pseudonyms)),
                tuple(
                    Cleared(found.group())
                    for one in dict.fromkeys(one.evidence for one in said)
                    if (found := _ADDRESS.search(one))
                ),
            )


def _source(one: Statement) -> str:
    return one.source or f"\x1f{one.telling}"


def _links(numbers: Sequence[int]) -> Markup:
    links = (f'<a href="#s{int(one)}">{int(one)}</a>' for one in numbers)
    joined = "".join(f"<sup>{one}</sup>" for one in links)
    return Markup(joined)  # noqa: S704 - numbers


def _account(
    reader: Reader, page: PersonPage, said: Sequence[Statement], pseudonyms: Collection[str]
) -> Markup:
    """Who told, as what, and when: no more than was allowed."""
    source = said[0].source
    if all(one.role == "document" for one in said):
        words = (
            reader._("a document: %(source)s", source=direction.run(source))
            if source
            else reader._("a document")
        )
    elif not source:
        words = reader._("an account given to this registry; who gave it is not named here")
    elif source == page.label:
        words = reader._("%(source)s’s own account, given to this registry", source=direction.run(source))
    else:
        words = reader._("%(source)s’s account, given to this registry", source=direction.run(source))
    if source in pseudonyms:
        words = reader._("%(account)s, under a pseudonym", account=words)
    told = list(dict.fromkeys(one.told for one in said if one.told))
    if told:
        when = dates.listed(reader, [dates.told(reader, one) for one in told])
        words = reader._("%(account)s; told %(when)s", account=words, when=when)
    return reader.capital(reader._("%(sentence)s.", sentence=words))


def _happened(reader: Reader, page: PersonPage, row: EventRow, cited: _Sources) -> Happened:
    told = sorted({number for one in row.bounds for reason in one.reasons for number in reason.statements})
    notes = []
    if row.hearsay:
        notes.append(Phrase(reader._("only if hearsay is admitted")))
    if row.expected:
        notes.append(Phrase(reader._("still to come when it was told")))
    when = tuple(
        When(_roman(one.account), Phrase(dates.ranges(reader, one.ranges or ((None, None),))))
        for one in row.bounds
    )
    return Happened(
        Phrase(events.label(reader, row.event, row.place)), when, Phrase(cited.cite(told)), tuple(notes)
    )


def _in_summary(page: PersonPage, row: EventRow) -> bool:
    return row.event == BIRTH and len(row.bounds) == 1 and row.bounds[0].earliest is not None


def _facts(page: PersonPage) -> list[Statement]:
    """What was told of her that is no event and no name."""
    return [
        line.statement
        for line in page.statements
        if line.standing == "reasoned"
        and line.statement.fact
        and line.statement.value
        and line.statement.answer == "yes"
        and fact_kind_of(line.statement.fact) != "name"
        and line.statement.subject == page.key
    ]


def _quote(page: PersonPage) -> Phrase | None:
    """One quotation: her own words before those of others."""
    said = [
        line.statement for line in page.statements if line.standing == "reasoned" and line.statement.quote
    ]
    short = [one for one in said if len(one.quote) <= _QUOTE and one.subject == page.key]
    best = next((one for one in short if one.source == page.label), short[0] if short else None)
    return None if best is None else Phrase(_words(best))


def _words(one: Statement) -> Markup:
    """Words as they were told, in the direction of their language."""
    quoted = quotes.quoted(direction.bare(one.quote), one.language)
    way = direction.direction(one.language) if one.language else "auto"
    if not one.language:
        return Markup('<q class="told" dir="{}">{}</q>').format(way, quoted)
    return Markup('<q class="told" dir="{}" lang="{}">{}</q>').format(way, one.language, quoted)


def _drawing(reader: Reader, page: PersonPage) -> Drawing | None:
    found = site_years.scale(page.course)
    if found is None:
        return None
    rows: list[tuple[Row, frozenset[Sign]]] = []
    named: set[tuple[str, int]] = set()
    today = page.course.today
    for lane in page.course.lanes:
        for one in lane.rows:
            account = _roman(one.account)
            if one.stints:
                drawn = site_years.row(one, found, today, reader)
                rows.append((Row(_lane(reader, lane), account, Phrase(drawn.svg), lane.depends), drawn.signs))
            # There is no room for words beside a mark: each has a row, and its name before it.
            for each in one.marks:
                if (each.event, one.account) in named:
                    continue
                named.add((each.event, one.account))
                drawn = site_years.mark(each, found, today, reader)
                name = Phrase(events.label(reader, each.event, each.place))
                rows.append((Row(name, account, Phrase(drawn.svg), lane.depends), drawn.signs))
    if any(one.told != (None, None) for one in page.course.tellings):
        drawn = site_years.tellings(page.course, found, reader)
        rows.append((Row(Phrase(reader._("Told")), Cleared(""), Phrase(drawn.svg)), drawn.signs))
    signs = {sign for _, more in rows for sign in more}
    return Drawing(
        Cleared(f"n{found.columns}"),
        tuple(Cleared(str(year)) for year in found.heads),
        tuple(one for one, _ in rows),
        tuple(
            (Phrase(site_years.swatch(one, reader)), Phrase(reader._(words)))
            for one, words in _KEY.items()
            if one in signs
        ),
    )


def _lane(reader: Reader, lane: Lane) -> Phrase:
    return Phrase(captions.lane(reader, lane))


def _apart(reader: Reader, page: PersonPage, one: Contradiction, cited: _Sources) -> Apart:
    sides = []
    for party in one.parties:
        said = page.line(party.statement).statement
        told = dates.told(reader, said.told) if said.told else None
        source = direction.run(said.source) if said.source else reader._("a telling")
        line = reader._("%(source)s, %(date)s", source=source, date=told) if told is not None else source
        sides.append(
            Side(
                _roman(party.account),
                Phrase(reader.capital(accounts.side(reader, page, party.statement))),
                Phrase(_words(said) if said.quote else statements.says(reader, said, page.whose(said))),
                Phrase(reader.capital(line) + cited.of(said)),
            )
        )
    return Apart(
        Phrase(accounts.title(reader, one)),
        Phrase(reader.capital(accounts.cannot_both(reader, page, one))),
        tuple(sides),
    )


def _doubts(reader: Reader, page: PersonPage) -> Iterator[Phrase]:
    """What is not certain, in sentences."""
    if page.contradictions:
        if page.consistent_wide:
            yield Phrase(
                reader._(
                    "If ages, dates and lengths of time may be a little off, as they often are, all of it can be true."
                )
            )
        else:
            yield Phrase(
                reader._(
                    "Even if ages, dates and lengths of time may be a little off, they cannot all be true."
                )
            )
    bounded = [row for row in page.events if any(_bounded(one.ranges) for one in row.bounds)]
    if bounded:
        found = events.labels(reader, tuple(dict.fromkeys(row.event for row in bounded)))
        yield Phrase(reader._("No day is known, only between which days it lies: %(events)s.", events=found))
    heard = [row for row in page.events if row.hearsay]
    if heard:
        found = events.labels(reader, tuple(dict.fromkeys(row.event for row in heard)))
        yield Phrase(reader._("Only passed on by others: %(events)s.", events=found))
    if page.undated:
        found = events.labels(reader, tuple(one.event for one in page.undated))
        yield Phrase(reader._("Nobody told when: %(events)s.", events=found))


def _bounded(spans: Sequence[Range]) -> bool:
    return not spans or len(spans) > 1 or spans[0][0] is None or spans[0][0] != spans[0][1]


def _roman(account: int) -> Cleared:
    from estelik.language.numbers import roman

    return Cleared(roman(account) if account else "")


def _card(page: PersonPage, own: str, said: str) -> Card:
    label = page.label.removeprefix("?").strip()
    taken = next((row for row in page.events if _custody(row.event)), None)
    year = ""
    if taken is not None:
        spans = [span for one in taken.bounds for span in one.ranges]
        ends = {None if day is None else date.fromordinal(day).year for span in spans for day in span}
        year = str(ends.pop()) if len(ends) == 1 and None not in ends else ""
    places = [row.place for row in page.events if row.place]
    facts = {fact_kind_of(one.fact): one.value for one in reversed(_facts(page)) if one.fact}
    words = dict.fromkeys([*places, facts.get("occupation", "")])
    return Card(
        id=Cleared(own),
        name=Cleared(direction.bare(label)),
        names=tuple(Cleared(direction.bare(one.text)) for one in page.names if one.text != label),
        words=tuple(Cleared(direction.bare(one)) for one in words if one),
        year=Cleared("" if year == "None" else year),
        state=Cleared(_state(page)),
        sex=Cleared(facts.get("sex", "")),
        place=Cleared((taken.place if taken is not None else "") or (places[0] if places else "")),
        said=Cleared(said),
    )


def _custody(event: str) -> bool:
    kind = vocabulary().kinds.get(kind_of(event))
    return kind is not None and bool(kind.opens) and vocabulary().states[kind.opens].custody


def _state(page: PersonPage) -> str:
    """The state that is in force as far as is told: a code, "free" where all custody ended, "" where nobody
    told of any."""
    found = ""
    for lane in page.course.lanes:
        known = vocabulary().states.get(lane.name) if lane.kind == "state" else None
        if known is None:
            continue
        for one in (stint for row in lane.rows for stint in row.stints):
            if known.final:
                return lane.name
            if known.custody and not one.end:
                found = lane.name
            elif known.custody and not found:
                found = "free"
    return found


def _data(page: PersonPage, card: Card, reader: Reader) -> Phrase:
    """The entry as JSON-LD (schema.org): a person, and what happened on days that are known."""
    person = {
        _c("@type"): _c("Person"),
        _c("identifier"): card.id,
        _c("name"): card.name,
        _c("alternateName"): card.names,
        _c("description"): card.said,
    }
    happened = [
        {
            _c("@type"): _c("Event"),
            _c("name"): Cleared(text(events.label(reader, row.event, row.place))),
            _c("description"): Cleared(text(dates.ranges(reader, row.bounds[0].ranges or ((None, None),)))),
            **_day(row),
        }
        for row in page.events
        if len(row.bounds) == 1
    ]
    whole = {
        _c("@context"): _c("https://schema.org"),
        _c("@type"): _c("ProfilePage"),
        _c("mainEntity"): person,
        _c("about"): happened,
    }
    return Phrase(encode(whole).decode().replace("<", "\\u003c"))


def _day(row: EventRow) -> dict[Cleared, Cleared]:
    first, last = row.bounds[0].earliest, row.bounds[0].latest
    return {_c("startDate"): _c(date.fromordinal(first).isoformat())} if first and first == last else {}


def _c(word: str) -> Cleared:
    return Cleared(word)
