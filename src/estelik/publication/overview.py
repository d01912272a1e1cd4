"""Overview: pages about all entries, as page structs of leaves: the first page, counts, the map, lists.

What is counted may be given, and as of which day, ``site_counts`` says; nothing else is counted here.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

from markupsafe import escape

from estelik.language import dates, direction
from estelik.language.reader import N_
from estelik.protection.leaf import Cleared, Phrase
from estelik.publication import site_land
from estelik.publication.site_places import spot
from estelik.publication.site_sheets import (
    Counted,
    Counts,
    Dot,
    First,
    Listed,
    Lists,
    Map,
    Statistics,
    Way,
)
from estelik.records.vocabulary import vocabulary

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from markupsafe import Markup

    from estelik.language.reader import Reader
    from estelik.publication.site_counts import Number, Numbers
    from estelik.publication.site_lists import List
    from estelik.publication.site_sheets import Card

_FREE: Final = N_("Held before, and no longer, as far as is told")
_SEXES: Final = {"female": N_("women and girls"), "male": N_("men and boys")}
#: The tables of the page of counts, with their headings.
_TABLES: Final = {
    "year": N_("By the year in which they were taken"),
    "state": N_("By what is known of them now"),
    "region": N_("By region"),
    "sex": N_("By sex"),
}
#: Entries on the first page.
_FEW: Final = 12


def latest(cards: Sequence[Card], most: int) -> tuple[Card, ...]:
    """The entries that something was told of last."""
    return tuple(sorted(cards, key=lambda card: (card.told, card.id), reverse=True)[:most])


def first(reader: Reader, cards: Sequence[Card], numbers: Numbers) -> First:
    """The first page."""
    return First(_entries(reader, numbers), latest(cards, _FEW))


def statistics(reader: Reader, numbers: Numbers) -> Statistics:
    """The page of counts. A table of which nothing may be given is only named."""
    told = {table: rows for table in _TABLES if (rows := numbers[table])}
    given = {
        table: rows for table, rows in told.items() if any(one.given is not None for one in rows.values())
    }
    return Statistics(
        _entries(reader, numbers),
        tuple(
            Counts(
                Cleared(table),
                Phrase(reader._(_TABLES[table])),
                _counted(reader, rows, _words(reader, table)),
            )
            for table, rows in given.items()
        ),
        tuple(Phrase(reader._(_TABLES[table])) for table in told if table not in given),
        before=any(one.day for rows in given.values() for one in rows.values()),
    )


def _entries(reader: Reader, numbers: Numbers) -> Phrase | None:
    """How many entries there are, None where that may not be told as it is."""
    whole = numbers["entries"][""]
    return None if whole.given is None or whole.day else Phrase(reader.digits(whole.given))


def _words(reader: Reader, table: str) -> Callable[[str], Markup]:
    states = vocabulary().states

    def state(code: str) -> Markup:
        return reader._(states[code].label) if code in states else reader._(_FREE)

    def sex(code: str) -> Markup:
        return reader._(_SEXES[code])

    def named(value: str) -> Markup:
        return direction.run(value.partition("\x1f")[0])

    return {"state": state, "sex": sex}.get(table, named)


def _counted(
    reader: Reader, rows: Mapping[str, Number], words: Callable[[str], Markup]
) -> tuple[Counted, ...]:
    most = max((one.given for one in rows.values() if one.given is not None), default=1) or 1
    return tuple(
        Counted(
            Phrase(words(value) if value.strip("\x1f") else reader._("not told")),
            _said(reader, one),
            Cleared(str(round((one.given or 0) / most * 100))),
            few=one.given is None,
        )
        # What is not told stands last.
        for value, one in sorted(rows.items(), key=lambda pair: not pair[0].strip("\x1f"))
    )


def _said(reader: Reader, one: Number) -> Phrase:
    """A number as it is given."""
    if one.given is None:
        return Phrase(reader._("not given"))
    if not one.day:
        return Phrase(reader.digits(one.given))
    day = dates.day(reader, date.fromisoformat(one.day).toordinal())
    return Phrase(reader._("%(count)s on %(day)s", count=reader.digits(one.given), day=day))


def lists(reader: Reader, found: Iterable[List]) -> Lists:
    """The page that leads to all lists."""
    ways: dict[str, list[Way]] = {"l": [], "y": [], "r": []}
    for one in found:
        ways[one.kind].append(Way(Cleared(one.file()), _headed(reader, one)))
    return Lists(tuple(ways["l"]), tuple(ways["y"]), tuple(ways["r"]))


def listed(reader: Reader, one: List, page: int) -> Listed:
    """One page of a list."""
    ways = tuple(
        Way(Cleared(one.file(other).partition("/")[2]), Phrase(reader.digits(other + 1)))
        for other in range(len(one.pages))
        if len(one.pages) > 1
    )
    return Listed(_headed(reader, one), one.pages[page], ways)


def _headed(reader: Reader, one: List) -> Phrase:
    return Phrase(direction.run(one.head) if one.head else reader._("not told"))


def world(reader: Reader, cards: Sequence[Card], numbers: Numbers) -> Map:
    """The map: a dot for each place of which entries tell, no more exact than the label is."""
    there = {found.key: found for card in cards if (found := spot(card.place)) is not None}
    rows = numbers["place"]
    shown = site_land.view(there.values())
    dots = []
    # A place that all have left has no dot: what is kept of its number stands nowhere.
    for key, number in ((key, number) for key, number in rows.items() if key in there):
        one = there[key]
        x, y = shown.at(one.north, one.east)
        size = 5.0 if number.given is None else min(5 + 2 * number.given**0.5, 40)
        precise = (
            reader._("the middle of an area") if one.area else reader._("a place, or the seat of a county")
        )
        dots.append(
            Dot(
                Phrase(direction.run(one.name)),
                _said(reader, number),
                Phrase(precise),
                Phrase(
                    f'<circle class="dot" cx="{x:.1f}" cy="{y:.1f}" r="{size:.1f}"/>'
                    f'<text x="{x + size + 5:.1f}" y="{y + 4.6:.1f}">'
                    f"{escape(direction.bare(one.name))}</text>"
                ),
            )
        )
    land = "".join(f'<path class="land" d="{one}"/>' for one in site_land.paths(shown))
    elsewhere = rows.get("")
    return Map(
        Cleared(f"0 0 {site_land.WIDTH} {shown.height:.0f}"),
        Phrase(land),
        tuple(dots),
        Phrase(reader.digits(0)) if elsewhere is None else _said(reader, elsewhere),
        counted=any(one.given is not None for one in rows.values()),
    )
