"""Lists of a site: entries by letter, by the year in which they were taken, by region."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from estelik.names import script
from estelik.publication.site_places import region
from estelik.publication.site_search import romanised

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from estelik.publication.site_sheets import Card

#: Entries on one page.
_PAGE: Final = 500
_SCRIPTS: Final = ("Latn", "Cyrl", "Arab", "Hani", "Zzzz", "Zyyy")


class List(NamedTuple):
    """The entries under one heading, in pages; ``kind``: l, y or r; ``head``: letter, year or name of a
    region, "" where that is not told."""

    kind: str
    number: int
    head: str
    pages: tuple[tuple[Card, ...], ...]

    def file(self, page: int = 0) -> str:
        """The file of a page: no name in it."""
        return f"list/{self.kind}{self.number}{f'-{page + 1}' if page else ''}.html"


def lists(cards: Sequence[Card]) -> Iterator[List]:
    """All lists, each ordered by name; those by letter script by script."""
    ordered = sorted(cards, key=lambda card: (*_letter(card), romanised(card.name), card.name, card.id))
    yield from _by("l", ordered, lambda card: _letter(card)[1])
    yield from _by("y", sorted(ordered, key=lambda card: card.year or "9999"), lambda card: card.year)
    regions = {card.id: region(card.place) for card in cards}
    named = sorted(
        ordered, key=lambda card: (not regions[card.id][0], regions[card.id][1], regions[card.id][0])
    )
    yield from _by("r", named, lambda card: regions[card.id][1])


def _by(kind: str, ordered: Sequence[Card], head: Callable[[Card], str]) -> Iterator[List]:
    under: dict[str, list[Card]] = {}
    for card in ordered:
        under.setdefault(head(card), []).append(card)
    for number, (one, found) in enumerate(under.items(), start=1):
        pages = tuple(tuple(found[start : start + _PAGE]) for start in range(0, len(found), _PAGE))
        yield List(kind, number, one, pages)


def _letter(card: Card) -> tuple[int, str]:
    """The script of a name, and the letter that it stands under: of a Chinese name that of its reading."""
    own = script.of(card.name)
    first = next((letter for letter in card.name if letter.isalnum()), "?").upper()
    if own == "Hani":
        first = romanised(card.name)[:1].upper() or first
        return _SCRIPTS.index(own), f"{first} (汉字)"
    return _SCRIPTS.index(own), first
