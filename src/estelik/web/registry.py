"""Registry: everybody, filtered by what was told, counted, on a map and over the years."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from litestar import Response
from markupsafe import Markup

from estelik.daily.lists import saved as saved_lists
from estelik.identity.verdict import shown
from estelik.language import dates, events
from estelik.publication import site_land
from estelik.publication.site_places import Spot, spot
from estelik.records.vocabulary import vocabulary
from estelik.views.registry import LACKS, Entry, Filter
from estelik.web.entrance import AnyRequest, session_of
from estelik.web.page import page, spoken_by
from estelik.web.route import does, shows
from estelik.web.signin import Form

if TYPE_CHECKING:
    from collections.abc import Sequence

    from estelik.language.reader import Reader
    from estelik.web.session import Session

#: Lines on a page, choices of a filter, and places on the map.
_LINES: Final = 50
_CHOICES: Final = 300
_DOTS: Final = 200
_KINDS: Final = ("person", "organisation", "place", "group")


@shows("/registry")
def everybody(request: AnyRequest) -> Response[bytes]:
    """All people."""
    return listed(request, Filter(), 1)


@does("/registry")
def filtered(request: AnyRequest, data: Form) -> Response[bytes]:
    """Those who fit, a page of them."""
    return listed(request, wanted(data), _number(data.get("page", "")) or 1)


def wanted(data: dict[str, str]) -> Filter:
    """What a form asks for; what it cannot be is not asked for."""
    states = vocabulary().states
    state, lacks, kind = data.get("state", ""), data.get("lacks", ""), data.get("kind", "person")
    return Filter(
        state=state if state in states else "",
        surely=bool(data.get("surely")),
        place=data.get("place", ""),
        ethnicity=data.get("ethnicity", ""),
        since=_number(data.get("since", "")),
        until=_number(data.get("until", "")),
        lacks=lacks if lacks in LACKS else "",
        apart=bool(data.get("apart")),
        kind=kind if kind in _KINDS else "person",
    )


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 6 else 0


def listed(request: AnyRequest, asked: Filter, number: int, saved: str = "") -> Response[bytes]:
    """A page of a list, with its counts; ``saved``: the name under which it is kept."""
    session = session_of(request)
    spoken, overview = spoken_by(session), session.watch.look()
    found, counts, every = session.watch.listing.of(asked)
    pages = max(1, -(-len(found) // _LINES))
    number = min(number, pages)
    return page(
        request,
        "registry.html.j2",
        session=session,
        room="registry",
        whole=overview.whole,
        asked=asked,
        lines=[_line(session, spoken, one) for one in found[(number - 1) * _LINES : number * _LINES]],
        count=len(found),
        number=number,
        pages=pages,
        states=[(code, events.state(spoken, code)) for code in vocabulary().states],
        places=[place for place, _ in every.places[:_CHOICES]],
        ethnicities=[value for value, _ in every.ethnicities[:_CHOICES]],
        lacks=LACKS,
        kinds=_KINDS,
        by_state=[(events.state(spoken, state), sure, maybe) for state, sure, maybe in counts.states],
        by_year=_years(counts.years),
        by_place=counts.places[:_DOTS],
        by_ethnicity=counts.ethnicities,
        map=_map(counts.places),
        lists=[
            (session.addresses.of("list", one.list.id), one, events.state(spoken, one.list.state))
            for one in saved_lists(session.casebook)
        ],
        saved=saved,
        # A list that was saved is asked for by an act, and cannot be gone back to.
        here="/registry",
    )


def _line(session: Session, spoken: Reader, one: Entry) -> dict[str, object]:
    states = [
        (events.state(spoken, state.state), state.place, state.certainty) for state in one.states
    ]  # fmt: skip
    taken = dates.coarse(spoken, (one.taken,)) if one.taken is not None else ""
    return {
        "label": shown(one.key),
        "address": session.addresses.of("life", one.key),
        "states": states,
        "taken": taken,
        "consistent": one.consistent,
    }


def _years(years: Sequence[tuple[int | None, int]]) -> dict[str, Any]:
    """Bars over the years, none left out between the first and the last; the greatest is 100 high."""
    known = {year: count for year, count in years if year is not None}
    most = max(known.values(), default=0)
    bars = [
        (year, known.get(year, 0), round(100 * known.get(year, 0) / most))
        for year in range(min(known, default=0), max(known, default=-1) + 1)
    ]
    return {"bars": bars, "unknown": next((count for year, count in years if year is None), 0)}


def _map(places: Sequence[tuple[str, int]]) -> dict[str, Any] | None:
    """Outlines and dots: each at the place that was told, or in the middle of an area, as wide as its area is
    vague; None where no place is on any map."""
    found: dict[str, tuple[Spot, int]] = {}
    for label, count in places[:_DOTS]:
        where = spot(label)
        if where is not None:
            found[where.key] = where, count + found.get(where.key, (where, 0))[1]
    if not found:
        return None
    view = site_land.view(where for where, _ in found.values())
    most = max(count for _, count in found.values())
    dots = []
    for where, count in sorted(found.values(), key=lambda pair: -pair[1]):
        x, y = view.at(where.north, where.east)
        radius = 4 + 14 * (count / most) ** 0.5
        kind = "area" if where.area else "dot"
        dots.append(
            Markup('<circle class="{}" cx="{}" cy="{}" r="{}"/>').format(
                kind, f"{x:.1f}", f"{y:.1f}", f"{radius:.1f}"
            )
        )
    land = Markup("").join(Markup('<path class="land" d="{}"/>').format(one) for one in site_land.paths(view))
    return {"width": site_land.WIDTH, "height": f"{view.height:.0f}", "land": land, "dots": dots}
