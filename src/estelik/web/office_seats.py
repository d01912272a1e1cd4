"""Seats: the places of members on this computer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from litestar import Response
from litestar.response import Redirect

from estelik.daily import belonging
from estelik.errors import EstelikError, UsageError
from estelik.language.compartments import compartment
from estelik.records import COMPARTMENTS
from estelik.web.entrance import AnyRequest, desk_of
from estelik.web.office import chosen, entered, part_page
from estelik.web.page import spoken_by
from estelik.web.route import does, shows
from estelik.web.signin import Form

if TYPE_CHECKING:
    from estelik.web.session import Session


@shows("/office/seats")
def seats(request: AnyRequest) -> Response[bytes]:
    """The seats of this computer, whose they are, and what each may read."""
    return _page(request, entered(request, "seats"), {})


@does("/office/seats", fresh=True)
def add(request: AnyRequest, data: Form) -> Response[Any]:
    """Makes a seat for a member, or for somebody new."""
    session = entered(request, "seats")
    member = session.addresses.read("member", data.get("member", "")) if data.get("member") else ""
    name, first = data.get("name", "").strip(), data.get("first", "")
    try:
        if not first or first != data.get("again", ""):
            raise UsageError(
                "The first passphrase is missing, or was typed in two ways.",
                safe="Nothing was changed.",
                do="Type it twice.",
            )
        if not member and not (name and chosen(data)):
            raise UsageError(
                "It is not said for whom, or what she may read.",
                safe="Nothing was changed.",
                do="Choose a member, or name somebody new and say what she may read.",
            )
        session.casebook.seats.add(member or name, first.encode(), () if member else chosen(data))
    except EstelikError as error:
        return _page(request, session, data, error)
    return Redirect("/office/seats", status_code=303)


@does("/office/seats/remove", fresh=True)
def remove(request: AnyRequest, data: Form) -> Response[Any]:
    """Takes a seat away. What was entered there stays."""
    session = entered(request, "seats")
    number = data.get("seat", "")
    try:
        with session.casebook.entering():
            session.casebook.seats.remove(int(number) if number.isascii() and number.isdigit() else 0)
        desk_of(request).sweep()
    except EstelikError as error:
        return _page(request, session, {}, error)
    return Redirect("/office/seats", status_code=303)


def _page(
    request: AnyRequest, session: Session, given: dict[str, str], trouble: EstelikError | None = None
) -> Response[bytes]:
    spoken, kept = spoken_by(session), session.casebook.seats
    registrar = session.casebook.vault.registrar
    own = registrar.own()
    return part_page(
        request,
        "seats",
        "office_seats.html.j2",
        trouble=trouble,
        seats=kept.every(),
        owed=kept.owed(),
        names=[
            (session.addresses.of("member", one.member.id), one.member.name or one.member.id[:8])
            for one in belonging.members(registrar.standing)
            if one.member.present
        ],
        choices=[
            (name, compartment(spoken, name), name in chosen(given), name in own.compartments)
            for name in COMPARTMENTS
        ],
        given={"name": "", "member": ""} | given,
    )


HANDLERS: Final = (seats, add, remove)
