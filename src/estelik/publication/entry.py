"""Entry: one life as the public sees it: page structs whose every value is a leaf.

Besides the gate this is the only module that makes leaves, and it makes them of what it is handed by
``views.dossier`` over a projection: of nothing that was not let out. Templates and data set them, and refuse
everything else.
"""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from estelik.language import accounts, captions, dates, direction, events, people, statements
from estelik.language.direction import trusted
from estelik.language.reader import N_
from estelik.language.recorder import text
from estelik.language.summary import summary
from estelik.protection.leaf import Cleared, Count, Phrase, UnclearedError, encode
from estelik.publication import site_facts, site_words, site_years
from estelik.publication.overview import latest
from estelik.publication.site_postings import written
from estelik.publication.site_sheets import (
    Addresses,
    Apart,
    Card,
    Drawing,
    Entry,
    Feed,
    Frame,
    Happened,
    Room,
    Row,
    Side,
    Source,
    Tongue,
    When,
)
from estelik.publication.timeline_svg import sign_svg

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

    from markupsafe import Markup

    from estelik.language.reader import Reader
    from estelik.publication.site_years import Sign
    from estelik.records import Statement
    from estelik.views.course import Lane
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
#: The same words stand at the head of many entries.
_label: Final = lru_cache(1 << 12)(events.label)
_ranges: Final = lru_cache(1 << 12)(dates.ranges)
_SIGN: Final = Phrase(sign_svg())
_RAISED: Final = re.compile(r"<sup>.*?</sup>")
_ADDRESS: Final = re.compile(r"https?://\S+")


def spoken(reader: Reader) -> Callable[..., Phrase]:
    """``_`` for templates: words of the interface, in which every value is a leaf already."""
    constant: dict[str, Phrase] = {}

    def _(message: str, **values: Cleared | Count | Phrase) -> Phrase:
        if not values:
            if message not in constant:
                constant[message] = Phrase(reader._(message))
            return constant[message]
        for value in values.values():
            if not isinstance(value, Cleared | Count | Phrase):
                raise UnclearedError(value)
        given = {
            name: trusted(value) if isinstance(value, Phrase) else value for name, value in values.items()
        }
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
    """What stands around a page; nothing of it is about anybody. ``pages``: file, words, whether it is
    this one."""
    there = list(pages)
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
        pages=tuple(Room(Cleared(file), Phrase(reader._(words)), here) for file, words, here in there),
        here=next((Cleared(text(reader._(words))) for _, words, here in there if here), Cleared("")),
        hatch=Phrase(site_years.hatch()),
    )


def feed(cards: Sequence[Card], address: str, most: int) -> Feed:
    """What was told of last."""
    return Feed(latest(cards, most), Cleared(address or "urn:estelik:site"))


def addresses(files: Iterable[str]) -> Addresses:
    """Files of the site, none of which is called after anybody."""
    return Addresses(tuple(Cleared(one) for one in files))


def index(
    by: Mapping[str, Mapping[str, tuple[Sequence[int], Sequence[int]]]], within: Iterable[str]
) -> dict[Cleared, list[tuple[Cleared, Cleared, Cleared]]]:
    """A part of the index of a search: by skeleton the words, and the entries that are named so, and that
    tell of it. The words are those of cards."""
    return {
        Cleared(one): [
            (Cleared(roman), Cleared(written(named)), Cleared(written(told)))
            for roman, (named, told) in by[one].items()
        ]
        for one in within
    }


def line(card: Card) -> tuple[Cleared, Cleared, tuple[Cleared, ...], tuple[Cleared, ...]]:
    """A card as the search shows it."""
    more = (*((card.year,) if card.year else ()), *((card.place,) if card.place else ()))
    return card.id, card.name, card.names, more


def entry(page: PersonPage, reader: Reader, own: str, pseudonyms: Collection[str]) -> Entry:
    """The page of a life. ``own``: what stands for it in addresses; ``pseudonyms``: as the projection has
    them."""
    cited = _Sources(page)
    told = site_facts.stated(page)
    sentences = tuple((Phrase(one), apart) for one, apart in summary(reader, page, cited.cite))
    rows = tuple(_happened(reader, one, cited) for one in page.events if not site_facts.in_summary(one))
    card = _card(page, own, " ".join(text(trusted(_RAISED.sub("", one))) for one, _ in sentences))
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
        doubts=tuple(Phrase(one) for one in site_words.doubts(reader, page)),
        sources=tuple(cited.sources(reader, pseudonyms)),
        allowed=Phrase(site_words.allowed(reader, page)),
        data=_data(page, card, reader),
        sign=_SIGN,
    )


class _Sources:
    """The sources of a page, numbered in the order in which they are first cited. Who gives no name is
    another source in each telling."""

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
                Phrase(site_words.account(reader, self.page, said, pseudonyms)),
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
    return trusted(joined)


def _happened(reader: Reader, row: EventRow, cited: _Sources) -> Happened:
    told = sorted({number for one in row.bounds for reason in one.reasons for number in reason.statements})
    notes = []
    if row.hearsay:
        notes.append(Phrase(reader._("only if hearsay is admitted")))
    if row.expected:
        notes.append(Phrase(reader._("still to come when it was told")))
    if row.weighed:
        notes.append(
            Phrase(
                reader._("Accounts contradict each other; these are the days of the one that weighs more.")
            )
        )
    when = tuple(
        When(_roman(one.account), Phrase(_ranges(reader, one.ranges or ((None, None),))))
        for one in row.bounds
    )
    return Happened(
        Phrase(_label(reader, row.event, row.place)), when, Phrase(cited.cite(told)), tuple(notes)
    )


def _quote(page: PersonPage) -> Phrase | None:
    """One quotation: her own words before those of others."""
    said = [
        line.statement for line in page.statements if line.standing == "reasoned" and line.statement.quote
    ]
    short = [one for one in said if len(one.quote) <= _QUOTE and one.subject == page.key]
    best = next((one for one in short if one.source == page.label), short[0] if short else None)
    return None if best is None else Phrase(site_words.told(best))


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
                name = Phrase(_label(reader, each.event, each.place))
                rows.append((Row(name, account, Phrase(drawn.svg), lane.depends), drawn.signs))
    if any(one.told != (None, None) for one in page.course.tellings):
        drawn = site_years.tellings(page.course, found, reader)
        rows.append((Row(Phrase(reader._("Told")), Cleared(""), Phrase(drawn.svg)), drawn.signs))
    signs = {sign for _, more in rows for sign in more}
    return Drawing(
        Cleared(f"n{found.columns}"),
        tuple(Cleared(str(year)) for year in found.heads),
        tuple(one for one, _ in rows),
        tuple(_in_key(reader, one, words) for one, words in _KEY.items() if one in signs),
    )


@lru_cache(1 << 8)
def _in_key(reader: Reader, one: Sign, words: str) -> tuple[Phrase, Phrase]:
    return Phrase(site_years.swatch(one, reader)), Phrase(reader._(words))


def _lane(reader: Reader, lane: Lane) -> Phrase:
    return Phrase(captions.lane(reader, lane))


def _apart(reader: Reader, page: PersonPage, one: Contradiction, cited: _Sources) -> Apart:
    sides = []
    sources = [page.line(party.statement).statement.source for party in one.parties]
    for party in one.parties:
        said = page.line(party.statement).statement
        # Whose account it is, where that tells the sides apart; else what each says.
        apart = said.source and sources.count(said.source) == 1 and not page.whose(said)
        head = (
            reader._("%(source)s’s account", source=direction.run(said.source))
            if apart
            else accounts.account(reader, said, page.whose(said))
        )
        told = dates.told(reader, said.told) if said.told else None
        source = direction.run(said.source) if said.source else reader._("a telling")
        line = reader._("%(source)s, %(date)s", source=source, date=told) if told is not None else source
        sides.append(
            Side(
                _roman(party.account),
                Phrase(reader.capital(head)),
                Phrase(
                    site_words.told(said) if said.quote else statements.says(reader, said, page.whose(said))
                ),
                Phrase(reader.capital(line) + cited.of(said)),
            )
        )
    return Apart(
        Phrase(accounts.title(reader, one)),
        Phrase(reader.capital(accounts.cannot_both(reader, page, one))),
        tuple(sides),
    )


def _roman(account: int) -> Cleared:
    from estelik.language.numbers import roman

    return Cleared(roman(account) if account else "")


def _card(page: PersonPage, own: str, said: str) -> Card:
    label, found = page.label.removeprefix("?").strip(), site_facts.facts(page)
    return Card(
        id=Cleared(own),
        name=Cleared(direction.bare(label)),
        names=tuple(
            dict.fromkeys(Cleared(direction.bare(one.text)) for one in page.names if one.text != label)
        ),
        words=tuple(Cleared(direction.bare(one)) for one in found.words),
        year=Cleared(found.year),
        state=Cleared(found.state),
        sex=Cleared(found.sex),
        place=Cleared(direction.bare(found.place)),
        said=Cleared(said),
        told=Cleared(found.told),
    )


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
            _c("name"): Cleared(text(_label(reader, row.event, row.place))),
            _c("description"): Cleared(text(_ranges(reader, row.bounds[0].ranges or ((None, None),)))),
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
    known = first and first == last and not row.weighed
    return {_c("startDate"): _c(date.fromordinal(first).isoformat())} if first and known else {}


def _c(word: str) -> Cleared:
    return Cleared(word)
