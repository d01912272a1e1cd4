"""Copies: the carriers of this computer, how old each copy is, and a sync that runs beside the requests."""

from __future__ import annotations

from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from litestar import Response
from litestar.response import Redirect

from estelik.daily import syncing
from estelik.daily.waiting import age
from estelik.errors import CasebookError, EstelikError, UsageError
from estelik.web.entrance import AnyRequest
from estelik.web.office import entered, how_far, part_page
from estelik.web.route import does, shows
from estelik.web.signin import Form

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from estelik.daily.errands import Errand
    from estelik.web.session import Session

_KIND: Final = "sync"
#: Seconds in which a sync of little is done: then nobody needs to be told how far it is.
_SOON: Final = 0.3


class _Beside:
    """Tells an errand how far a sync has come."""

    def __init__(self, told: Errand) -> None:
        self._told = told

    @contextmanager
    def reading(self, name: str) -> Iterator[Callable[[int, int], None]]:
        self._told.at("reading", name)
        yield self._told.count

    @contextmanager
    def sealing(self) -> Iterator[Callable[[int], None]]:
        self._told.at("sealing")
        yield self._told.count

    @contextmanager
    def carrying(self, name: str) -> Iterator[tuple[Callable[[int, int], None], Callable[[int], None]]]:
        self._told.at("carrying", name)
        yield self._told.count, lambda _: self._told.go_on()


@shows("/office/copies")
def copies(request: AnyRequest) -> Response[bytes]:
    """The carriers, and how old each copy is."""
    return _page(request, entered(request, "copies"))


@does("/office/copies")
def sync(request: AnyRequest, data: Form) -> Response[Any]:
    """Begins a sync with one carrier, or with all."""
    session = entered(request, "copies")
    casebook, waiting = session.casebook, session.watch.waiting
    name = session.addresses.read("carrier", data.get("carrier", "")) if data.get("carrier") else None
    try:
        names = syncing.wanted(casebook, name)

        def act(told: Errand) -> syncing.Outcome:
            try:
                return syncing.sync(casebook, names, _Beside(told))
            finally:
                waiting.count()

        session.errands.begin_told(_KIND, act).ended(_SOON)
    except EstelikError as error:
        return _page(request, session, {}, error)
    return Redirect("/office/copies", status_code=303)


@shows("/office/copies/progress")
def progress(request: AnyRequest) -> Response[Any]:
    """How far a sync has come: a part of the page, asked for every second; at its end, to the page."""
    return how_far(request, "copies", _KIND)


@does("/office/copies/add")
def add(request: AnyRequest, data: Form) -> Response[Any]:
    """Adds a carrier that needs nothing but its address."""
    from estelik.vault.carriers.address import opened
    from estelik.vault.office import Place

    session = entered(request, "copies")
    name, where = data.get("name", "").strip(), data.get("address", "").strip()
    try:
        if not where:
            raise UsageError(
                "There is no address.", safe="Nothing was added.", do="Name a folder, or a stick."
            )
        if "://" not in where:
            if not Path(where).is_absolute():
                raise UsageError(
                    "This is no whole path.", safe="Nothing was added.", do="Write it from the root on."
                )
            where = str(Path(where).resolve())
        with closing(opened(where, secret={})) as carrier:
            session.casebook.vault.add_carrier(Place(name, where), carrier)
    except EstelikError as error:
        return _page(request, session, data, error)
    return Redirect("/office/copies", status_code=303)


@does("/office/copies/remove", fresh=True)
def remove(request: AnyRequest, data: Form) -> Response[Any]:
    """Forgets a carrier; what lies on it stays there."""
    session = entered(request, "copies")
    name = session.addresses.read("carrier", data.get("carrier", ""))
    try:
        session.casebook.vault.remove_carrier(name or "")
    except CasebookError as error:
        return _page(request, session, {}, error)
    return Redirect("/office/copies", status_code=303)


def _page(
    request: AnyRequest,
    session: Session,
    given: dict[str, str] | None = None,
    trouble: EstelikError | None = None,
) -> Response[bytes]:
    health, done = session.watch.waiting.health(), session.errands.of(_KIND)
    return part_page(
        request,
        "copies",
        "office_copies.html.j2",
        trouble=trouble,
        health=health,
        places=[
            {
                "address": session.addresses.of("carrier", place.name),
                "place": place,
                "days": age(place),
                "has": min(count, health.records),
                "lacks": max(0, health.records - count),
                "blobs": blobs,
            }
            for (place, count), blobs in zip(health.places, health.blobs.places, strict=True)
        ],
        errand=done,
        where="/office/copies",
        given={"name": "", "address": ""} | (given or {}),
    )


HANDLERS: Final = (copies, sync, progress, add, remove)
