"""Pages of a site that are about no one life: the first page, how to read and cite."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

import msgspec

from estelik.language.reader import N_
from estelik.publication import entry, site_strings

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from jinja2 import Environment

    from estelik.language.recorder import Recorder
    from estelik.publication.entry import Card, Frame

#: The pages that every page leads to: file, words.
ROOMS: Final = (
    ("index.html", N_("Search")),
    ("about.html", N_("About")),
)


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
    cards: Sequence[Card], speaker: Recorder, around: Around, environment: Environment
) -> Iterator[tuple[str, bytes]]:
    """Each page, by its path."""
    for name in ("index", "about"):
        frame = around.frame(speaker, here=f"{name}.html")
        page = environment.get_template(f"{name}.html.j2")
        yield f"{name}.html", page.render(frame=frame, page=entry.totals(cards, speaker)).encode()
