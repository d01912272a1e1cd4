"""Pages of a site that are about no one life: the first page, lists, the map, counts, the feed."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

import msgspec

from estelik.language.reader import N_
from estelik.publication import entry, overview, site_strings
from estelik.publication.site_lists import lists

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from jinja2 import Environment

    from estelik.language.recorder import Recorder
    from estelik.publication.site_counts import Numbers
    from estelik.publication.site_sheets import Card, Frame

#: The pages that every page leads to: file, words.
ROOMS: Final = (
    ("index.html", N_("Search")),
    ("list.html", N_("Lists")),
    ("map.html", N_("Map")),
    ("statistics.html", N_("In numbers")),
    ("about.html", N_("About")),
)
#: Entries in the feed, and addresses in one file of those for search engines.
_FEED: Final = 100
_ADDRESSES: Final = 40_000


class Around(msgspec.Struct, frozen=True):
    """What all pages of a site share: its title, its address ("" or with a slash at its end), its day."""

    title: str
    address: str
    day: date

    def frame(self, speaker: Recorder, *, root: str = "", here: str = "") -> Frame:
        """What stands around a page that is in the folder from which ``root`` leads to that of the site."""
        return entry.frame(
            speaker,
            root=root,
            title=self.title,
            address=self.address,
            day=self.day,
            languages=site_strings.tongues(),
            pages=[(file, words, file == here) for file, words in ROOMS],
        )


def files(
    cards: Sequence[Card], numbers: Numbers, speaker: Recorder, around: Around, environment: Environment
) -> Iterator[tuple[str, bytes]]:
    """Each page, by its path. ``numbers``: what is counted, as it may be given."""

    def made(file: str, template: str, page: object, root: str = "") -> tuple[str, bytes]:
        frame = around.frame(speaker, root=root, here=file)
        return file, environment.get_template(template).render(frame=frame, page=page).encode()

    start = overview.first(speaker, cards, numbers)
    yield made("index.html", "index.html.j2", start)
    yield made("about.html", "about.html.j2", start)
    yield made("statistics.html", "statistics.html.j2", overview.statistics(speaker, numbers))
    yield made("map.html", "map.html.j2", overview.world(speaker, cards, numbers))
    found = list(lists(cards))
    yield made("list.html", "list.html.j2", overview.lists(speaker, found))
    names = [file for file, _ in ROOMS]
    for one in found:
        for page in range(len(one.pages)):
            names.append(one.file(page))
            yield made(one.file(page), "listed.html.j2", overview.listed(speaker, one, page), "../")
    yield made("feed.xml", "feed.xml.j2", entry.feed(cards, around.address, _FEED))
    names += [f"e/{card.id}.html" for card in cards]
    parts = [names[start : start + _ADDRESSES] for start in range(0, len(names), _ADDRESSES)]
    if around.address:
        for number, part in enumerate(parts, start=1):
            yield made(f"sitemap-{number}.xml", "sitemap.xml.j2", entry.addresses(part))
        files = entry.addresses(f"sitemap-{number}.xml" for number in range(1, len(parts) + 1))
        yield made("sitemap.xml", "sitemaps.xml.j2", files)
    yield made("robots.txt", "robots.txt.j2", start)
