"""Site: the public pages of a registry, as files that need no server.

All that stands in them is worked out from the statements of a projection, and set by templates that refuse
what is no leaf. The lives are dealt out to two processes; each file is the same however many there are.
"""

from __future__ import annotations

import gc
import hashlib
import hmac
import multiprocessing
import sys
from datetime import date
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Final, NamedTuple

from estelik.chronology.lives import link, retired
from estelik.language.reader import outsider, reader
from estelik.language.recorder import Recorder
from estelik.protection.leaf import finalize
from estelik.publication import entry, site_folder, site_pages, site_search, site_strings
from estelik.publication.site_counts import numbers, remembered
from estelik.views.dossier import of_group
from estelik.views.same_place import among

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from jinja2 import Environment

    from estelik.chronology.lives import Linked
    from estelik.language.recorder import Message
    from estelik.protection.gate import Projection
    from estelik.publication.site_counts import Earlier, Numbers
    from estelik.publication.site_sheets import Card, Frame
    from estelik.records import Statement
    from estelik.records.release import Given
    from estelik.views.same_place import SameByPlaces

#: Groups of lives dealt out at a time, and from how many on it is worth other processes.
_DEAL: Final = 200
_WORTH: Final = 600
_PROCESSES: Final = 2
_OWN: Final = 20


class Built(NamedTuple):
    """What was built: how many entries, files and bytes, and how many builds that were ``stopped`` before
    were cleared away."""

    entries: int
    files: int
    bytes: int
    stopped: int = 0


class _Hand(NamedTuple):
    """What forked processes inherit."""

    groups: list[Linked]
    told: dict[str, list[Statement]]
    places: dict[str, int]
    out: set[str]
    same_place: SameByPlaces
    projection: Projection
    folder: Path
    speaker: Recorder
    environment: Environment
    frame: Frame
    today: int
    key: bytes


class _Part(NamedTuple):
    """What comes of some groups: cards by the place of their first mention, hashes, bytes, messages."""

    cards: list[tuple[int, Card]]
    hashes: dict[str, str]
    size: int
    used: set[Message]


_hand: _Hand | None = None


def build(
    projection: Projection,
    folder: Path,
    *,
    title: str,
    address: str = "",
    language: str = "en",
    today: int,
    key: bytes,
    folder_key: bytes = b"",
    progress: Callable[[int], None] = lambda _: None,
    more: Callable[[Path], dict[str, str]] = lambda _: {},
    before: Mapping[str, Sequence[Earlier]] = {},
    last: Callable[[tuple[Given, ...]], None] = lambda _: None,
) -> Built:
    """Builds the site of what a projection lets out, and puts it into ``folder``.

    ``address``: where it will be published ("": nowhere in particular); ``language``: of the pages as they
    are first seen; ``today``: the day (ordinal) at which drawings end; ``key``: the secret of this site, from
    which the addresses of entries follow; ``folder_key``: the secret that seals what is in the folder, so
    that another release of the same office can take its place (default: ``key``); ``progress`` is told how
    many lives are done; ``more`` puts other files into the folder as it is built, and says their hashes;
    ``before``: by the name of a table, how it was published before (``site_counts``); ``last`` is called,
    with what is counted, before the folder is in its place: what it raises leaves everything as it was.
    Raises ``UsageError`` where something else is in the folder, or the language has no catalog: nothing is
    written then; ``ReleaseError`` where the site is in its place, and files of the former one cannot be
    deleted.
    """
    plain = reader(language)
    sealing = folder_key or key
    site_folder.check(folder, sealing)
    stopped = site_folder.clear_stopped(folder)
    with site_folder.beside(folder) as new:
        made, counts = _written(
            projection, new, title, address, plain.language, today, key, sealing, progress, more, before
        )
        last(remembered(counts))
        # Somebody may have put something there meanwhile.
        site_folder.check(folder, sealing)
        site_folder.swap(new, folder)
    return made._replace(stopped=stopped)


def _written(
    projection: Projection,
    new: Path,
    title: str,
    address: str,
    language: str,
    today: int,
    key: bytes,
    sealing: bytes,
    progress: Callable[[int], None],
    more: Callable[[Path], dict[str, str]],
    before: Mapping[str, Sequence[Earlier]],
) -> tuple[Built, Numbers]:
    base = f"{address.rstrip('/')}/" if address else ""
    around = site_pages.Around(title, base, date.fromordinal(today))
    cards, hashes, size, used = _entries(projection, new, around, language, today, key, progress)
    speaker = Recorder(outsider(language))
    counts = numbers(cards, before)
    tasks = [
        site_pages.files(cards, counts, speaker, around, environment(speaker)),
        site_search.files(cards),
        ((name, template(name).encode()) for name in ("site.css", "site.js", "search.js")),
    ]
    for task in tasks:
        for name, data in task:
            size += _put(new, name, data, hashes)
    for tag, _ in site_strings.tongues():
        size += _put(new, f"strings/{tag}.js", site_strings.written(tag, used | speaker.used), hashes)
    found = more(new)
    hashes |= found
    size += sum((new / name).stat().st_size for name in found)
    size += site_folder.seal(new, hashes, sealing)
    return Built(len(cards), len(hashes) + 1, size), counts


def _put(folder: Path, name: str, data: bytes, hashes: dict[str, str]) -> int:
    with open(f"{folder}/{name}", "wb") as file:  # noqa: PTH123 - a hundred thousand times
        file.write(data)
    hashes[name] = hashlib.sha256(data).hexdigest()
    return len(data)


def _entries(
    projection: Projection,
    new: Path,
    around: site_pages.Around,
    language: str,
    today: int,
    key: bytes,
    progress: Callable[[int], None],
) -> tuple[list[Card], dict[str, str], int, set[Message]]:
    global _hand  # noqa: PLW0603 - forked processes inherit nothing else
    statements, judgements = projection.statements, projection.judgements
    told: dict[str, list[Statement]] = {}
    places: dict[str, int] = {}
    for one in statements:
        told.setdefault(one.subject, []).append(one)
        places.setdefault(one.subject, len(places))
    same_place = among(statements)
    groups = list(link(statements, judgements))
    for name in ("e", "list", "search", "strings"):
        (new / name).mkdir()

    # A new one for each build: what it says it has spoken it spoke of these entries.
    speaker = Recorder(outsider(language))
    hand = _Hand(
        groups,
        told,
        places,
        retired(statements, judgements),
        same_place,
        projection,
        new,
        speaker,
        environment(speaker),
        around.frame(speaker, root="../"),
        today,
        key,
    )
    hand.environment.get_template("entry.html.j2")
    cards: list[tuple[int, Card]] = []
    hashes: dict[str, str] = {}
    used: set[Message] = set()
    size = 0
    try:
        _hand = hand
        for part in _dealt(len(groups)):
            cards += part.cards
            hashes |= part.hashes
            used |= part.used
            size += part.size
            progress(len(cards))
    finally:
        _hand = None
    cards.sort(key=lambda pair: pair[0])
    return [card for _, card in cards], hashes, size, used


def _dealt(count: int) -> Iterator[_Part]:
    starts = range(0, count, _DEAL)
    if count < _WORTH or sys.platform != "linux":
        yield from map(_made, starts)
        return
    # What is inherited lives on: nobody need look through it for what is no longer used.
    gc.freeze()
    try:
        with multiprocessing.get_context("fork").Pool(_PROCESSES, initializer=_seldom) as pool:
            yield from pool.imap_unordered(_made, starts)
    finally:
        gc.unfreeze()


def _seldom() -> None:
    gc.set_threshold(100_000, 20, 100)


def _made(start: int) -> _Part:
    hand = _hand
    assert hand is not None  # noqa: S101 - set before anything is dealt out
    speaker, frame = hand.speaker, hand.frame
    page_template = hand.environment.get_template("entry.html.j2")
    part = _Part([], {}, 0, set())
    size = 0
    for linked in hand.groups[start : start + _DEAL]:
        wanted = [key for key in linked.subjects if hand.told[key][0].about_kind == "person"]
        for page in of_group(
            linked,
            hand.told,
            hand.out,
            hand.projection.judgements,
            today=hand.today,
            wanted=wanted,
            same_place=hand.same_place,
            brief=True,
        ):
            own = _address(hand.projection.lives[page.key], page.label, hand.key)
            found = entry.entry(page, speaker, own, hand.projection.pseudonyms)
            data = page_template.render(page=found, frame=frame).encode()
            size += _put(hand.folder, f"e/{own}.html", data, part.hashes)
            part.cards.append((hand.places[page.key], found.card))
    return part._replace(size=size, used=set(speaker.used))


def _address(own: str, called: str, key: bytes) -> str:
    """What stands for a life in addresses: the same in every build, and nobody's name.

    Who is called otherwise from some day on, under a pseudonym, has another address: the old one, in an
    archive, leads from her name to nothing.
    """
    # Whoever is unnamed is numbered, and the numbers change.
    name = "?" if called.startswith("?") else called
    return hmac.new(key, f"entry\0{own}\0{name}".encode(), hashlib.sha256).hexdigest()[:_OWN]


def environment(speaker: Recorder) -> Environment:
    """What sets the pages: an expression that is no leaf is refused."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    made = Environment(
        loader=PackageLoader("estelik.publication"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=finalize,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals["_"] = entry.spoken(speaker)
    return made


@cache
def template(name: str) -> str:
    """The text of a style sheet or script of the package."""
    return files("estelik.publication").joinpath("templates").joinpath(name).read_text(encoding="utf-8")
