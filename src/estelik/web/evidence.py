"""Evidence: files are taken in at the desk, and working copies handed over."""

from __future__ import annotations

import mimetypes
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from anyio import to_thread
from litestar import Response
from litestar.exceptions import HTTPException
from litestar.response import Stream

from estelik.chronology.timeline import label as label_of
from estelik.daily.bringing import bring
from estelik.daily.errands import StoppedError
from estelik.errors import EstelikError, NotFoundError, UsageError
from estelik.evidence import working_copy
from estelik.evidence.intake import Particulars
from estelik.index.evidence import SOURCES
from estelik.language.compartments import compartment
from estelik.records import COMPARTMENTS
from estelik.vault.pipe import piped
from estelik.web.arriving import Body, Form, broken, within
from estelik.web.entrance import AnyRequest, SignedOutError, led, session_of
from estelik.web.page import page, spoken_by
from estelik.web.person_acts import id_of, own
from estelik.web.person_page import label_at, sources_open
from estelik.web.route import does, shows, takes
from estelik.web.signin import Form as Fields

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from estelik.evidence.intake import Added
    from estelik.index.evidence import Exhibit
    from estelik.web.session import Session

#: Bytes of a working copy that are handed over at a time.
_PIECE: Final = 1 << 18
_FIELDS: Final = ("source", "brought", "note", "compartment")
_LONGEST: Final = 4000


@shows("/evidence/of/{address:str}")
def asked(request: AnyRequest, address: str) -> Response[bytes]:
    """Which files bear on a life, who brought them, and where they are kept."""
    return _asking(request, address)


@shows("/evidence/of/{address:str}/{which:str}")
def asked_of(request: AnyRequest, address: str, which: str) -> Response[bytes]:
    """The same, of files that bear on one statement."""
    return _asking(request, address, which)


@takes("/evidence/of/{address:str}")
async def add(request: AnyRequest, address: str) -> Response[Any]:
    """Takes files in that bear on a life."""
    return await _add(request, address)


@takes("/evidence/of/{address:str}/{which:str}")
async def add_of(request: AnyRequest, address: str, which: str) -> Response[Any]:
    """Takes files in that bear on one statement."""
    return await _add(request, address, which)


@does("/evidence/copy/{address:str}", fresh=True)
def copy(request: AnyRequest, data: Fields, address: str) -> Response[Any]:
    """Notes who takes a working copy, and hands it over as it was brought."""
    session = session_of(request)
    id_ = session.addresses.read("evidence", address)
    if id_ is None:
        raise NotFoundError("There is no such page.", safe="", do="Look for the person again.")
    reason = data.get("reason", "").strip()
    if not reason:
        raise UsageError("A reason is needed.", do="Go back, and say what it is for.")
    with session.casebook.entering(alone=False):
        one = working_copy.release(session.casebook.vault, id_, reason[:_LONGEST])
    # No name of anybody in the name of the file; and whatever it holds, no browser opens it as a page.
    ending = mimetypes.guess_extension(one.evidence.type) or ".bin"
    headers = {
        "Content-Disposition": f'attachment; filename="evidence-{one.id[:8]}{ending}"',
        "Content-Length": str(one.evidence.bytes),
        "Content-Security-Policy": "default-src 'none'; sandbox",
    }
    return Stream(_pieces(session, one), media_type="application/octet-stream", headers=headers)


async def _pieces(session: Session, one: Exhibit) -> AsyncIterator[bytes]:
    with session.errands.beside() as errand:
        vault = session.casebook.vault

        def going_on(_: int) -> None:
            errand.go_on()

        with piped(lambda out: working_copy.write(vault, one, out, going_on)) as stream:
            while data := await to_thread.run_sync(stream.read, _PIECE):
                yield data


async def _add(request: AnyRequest, address: str, which: str = "") -> Response[Any]:
    try:
        await within(request, partial(_taken_in, request, address, which))
    except StoppedError:
        raise SignedOutError from None
    except NotFoundError:
        raise
    except HTTPException:
        return await to_thread.run_sync(partial(_asking, request, address, which, trouble=broken()))
    except EstelikError as error:
        return await to_thread.run_sync(partial(_asking, request, address, which, trouble=error))
    return led(request, f"/life/{address}#p1-evidence")


def _taken_in(request: AnyRequest, address: str, which: str, body: Body) -> list[Added]:
    session = session_of(request)
    with session.errands.beside() as errand:
        statements, about = _bears_on(session, address, which)
        form = Form(request, body, session.casebook.vault.shelf_folder, errand)
        said = form.said()
        given = {name: said.get(name, "")[:_LONGEST] for name in _FIELDS}
        if given["compartment"] not in COMPARTMENTS:
            raise HTTPException(status_code=400)
        particulars = Particulars(**given, about=about, statements=statements)
        return bring(session.casebook, particulars, form.files())


def _bears_on(session: Session, address: str, which: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The statements (ids) and the labels that files at an address bear on."""
    if not sources_open(session):
        raise NotFoundError("There is no such page.", safe="", do="")
    label = label_at(session, address)
    if which:
        id_ = id_of(session, which)
        own(session, address, id_)
        return (id_,), ()
    return (), (label_of(label),)


def _asking(
    request: AnyRequest, address: str, which: str = "", *, trouble: EstelikError | None = None
) -> Response[bytes]:
    session = session_of(request)
    spoken = spoken_by(session)
    _bears_on(session, address, which)
    held = session.casebook.vault.store.schemas
    return page(
        request,
        "evidence_add.html.j2",
        session=session,
        room="people",
        status=422 if trouble else 200,
        label=label_of(label_at(session, address)),
        back=f"/life/{address}" + (f"/statement/{which}" if which else ""),
        path=f"/evidence/of/{address}" + (f"/{which}" if which else ""),
        which=which,
        compartments=[(one, compartment(spoken, one)) for one in COMPARTMENTS if one in held],
        sources=compartment(spoken, SOURCES),
        trouble=trouble,
    )


HANDLERS: Final = (asked, asked_of, add, add_of, copy)
