"""Office: who belongs to it, with which computers, and what each may read; for its coordinators.

What belongs to the copies, the custodians and the log stands in modules of its own.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, Final

from litestar import Response
from litestar.response import Redirect

from estelik.daily import belonging
from estelik.errors import EstelikError, NotFoundError, UsageError
from estelik.language.compartments import compartment, compartments
from estelik.language.reader import N_
from estelik.records import COMPARTMENTS
from estelik.vault.admission import office_words
from estelik.web.entrance import AnyRequest, desk_of, led, session_of
from estelik.web.page import page, spoken_by
from estelik.web.route import does, shows
from estelik.web.signin import Form

if TYPE_CHECKING:
    from collections.abc import Mapping

    from estelik.daily.belonging import Belongs
    from estelik.vault.standing import Computer, Member
    from estelik.web.session import Session

#: The parts of the office: name, path, what they are called.
_PARTS: Final = {
    "members": ("/office", N_("Members")),
    "devices": ("/office/devices", N_("Computers")),
    "compartments": ("/office/compartments", N_("Compartments")),
    "seats": ("/office/seats", N_("Seats")),
    "copies": ("/office/copies", N_("Copies")),
    "custody": ("/office/custody", N_("If all is lost")),
    "log": ("/office/log", N_("Who did what")),
}

#: What the forms of somebody who joins bring.
_FIELDS: Final = dict.fromkeys(("name", "request", "words", "member"), "")


def entered(request: AnyRequest, part: str) -> Session:
    """The session of whoever may look after this part of the office. For others there is no such page:
    raises ``NotFoundError``."""
    session = session_of(request)
    if part not in belonging.parts(session.casebook):
        raise NotFoundError("There is no such page.", safe="", do="")
    return session


def part_page(
    request: AnyRequest,
    part: str,
    template: str,
    /,
    *,
    trouble: EstelikError | None = None,
    **values: object,
) -> Response[bytes]:
    """A page of a part of the office."""
    session = session_of(request)
    spoken, mine = spoken_by(session), belonging.parts(session.casebook)
    return page(
        request,
        template,
        session=session,
        room="office",
        status=422 if trouble else 200,
        part=part,
        parts=[(name, path, spoken.gettext(words)) for name, (path, words) in _PARTS.items() if name in mine],
        at_seat=session.casebook.vault.store.shared,
        trouble=trouble,
        moment=moment,
        held=lambda names: compartments(spoken, names),
        **values,
    )


def how_far(request: AnyRequest, part: str, kind: str) -> Response[Any]:
    """How far an errand of this kind has come, as a part of the page; at its end, to the page."""
    session, (where, _) = entered(request, part), _PARTS[part]
    found = session.errands.of(kind)
    if found is None or found.done:
        return led(request, where)
    return page(request, "office_progress.html.j2", session=session, errand=found, where=where)


def moment(seconds: int) -> int:
    """The day (ordinal) of a time, where the user is."""
    return datetime.fromtimestamp(seconds, UTC).astimezone().date().toordinal()


@shows("/office")
def members(request: AnyRequest) -> Response[bytes]:
    """Who belongs to the office."""
    return _members(request, entered(request, "members"), {})


@does("/office/admit", fresh=True)
def admit(request: AnyRequest, data: Form) -> Response[Any]:
    """Admits a new member, whose computer has made the request."""
    session = entered(request, "members")
    wanted = chosen(data)
    try:
        if not wanted:
            raise UsageError(
                "No compartment is named.", safe="Nobody was admitted.", do="Say what she may read."
            )
        asked = belonging.requested(data.get("request", ""), data.get("words", ""))
        session.casebook.vault.registrar.admit_member(asked, data.get("name", "").strip(), wanted)
    except EstelikError as error:
        return _members(request, session, data, error)
    return Redirect("/office", status_code=303)


@shows("/office/member/{address:str}")
def member(request: AnyRequest, address: str) -> Response[bytes]:
    """One member: what she may read, her computers and seats."""
    session = entered(request, "members")
    return _member(request, session, _belongs(session, address))


@does("/office/member/{address:str}/compartments", fresh=True)
def hold(request: AnyRequest, address: str, data: Form) -> Response[Any]:
    """Says anew what a member may read and write. What the coordinator does not hold herself stays."""
    session = entered(request, "members")
    found = _belongs(session, address)
    mine = session.casebook.vault.registrar.own().compartments
    wanted = (found.member.compartments - mine) | (frozenset(chosen(data)) & mine)
    try:
        if wanted != found.member.compartments:
            belonging.hold(session.casebook, found.member.id, wanted)
    except EstelikError as error:
        return _member(request, session, found, error)
    return Redirect(f"/office/member/{address}", status_code=303)


@does("/office/member/{address:str}/withdraw", fresh=True)
def withdraw(request: AnyRequest, address: str, data: Form) -> Response[Any]:
    """Says that a member no longer belongs to the office, with all her computers and seats."""
    session = entered(request, "members")
    found = _belongs(session, address)
    try:
        return withdrawn(request, "members", found.member.name, found.member.id, data)
    except EstelikError as error:
        return _member(request, session, found, error)


@shows("/office/devices")
def devices(request: AnyRequest) -> Response[bytes]:
    """The computers of the office."""
    return _devices(request, entered(request, "devices"), {})


@does("/office/devices", fresh=True)
def admit_device(request: AnyRequest, data: Form) -> Response[Any]:
    """Admits another computer of a member, which has made the request."""
    session = entered(request, "devices")
    whose = session.addresses.read("member", data.get("member", "")) or ""
    try:
        if not whose:
            raise UsageError("Nobody is named.", safe="Nothing was admitted.", do="Say whose computer it is.")
        asked = belonging.requested(data.get("request", ""), data.get("words", ""))
        session.casebook.vault.registrar.admit_device(asked, whose)
    except EstelikError as error:
        return _devices(request, session, data, error)
    return Redirect("/office/devices", status_code=303)


@shows("/office/device/{address:str}")
def device(request: AnyRequest, address: str) -> Response[bytes]:
    """One computer that was lost, taken, or is no longer used."""
    session = entered(request, "devices")
    return _device(request, session, _computer(session, address), address)


@does("/office/device/{address:str}", fresh=True)
def withdraw_device(request: AnyRequest, address: str, data: Form) -> Response[Any]:
    """Says that a computer no longer belongs to the office."""
    session = entered(request, "devices")
    found = _computer(session, address)
    name = session.casebook.vault.registrar.standing.members[found.member].name
    try:
        return withdrawn(request, "devices", name, found.id, data)
    except EstelikError as error:
        return _device(request, session, found, address, error)


@shows("/office/compartments")
def kept_apart(request: AnyRequest) -> Response[bytes]:
    """The compartments: who holds each, and since when its keys are in use."""
    return _kept_apart(request, entered(request, "compartments"))


@does("/office/compartments")
def rotate(request: AnyRequest, data: Form) -> Response[Any]:
    """Begins new keys for a compartment; those before are destroyed a month later."""
    session = entered(request, "compartments")
    wanted = chosen(data)
    try:
        if not wanted:
            raise UsageError("No compartment is named.", safe="No key was changed.", do="Choose one.")
        session.casebook.vault.rotate(wanted)
    except EstelikError as error:
        return _kept_apart(request, session, error)
    return Redirect("/office/compartments", status_code=303)


def withdrawn(
    request: AnyRequest, part: str, name: str, who: str, data: Mapping[str, str]
) -> Response[bytes]:
    """Withdraws a member or a device, and says what that came to. Raises ``EstelikError``."""
    session = session_of(request)
    found = belonging.withdraw(session.casebook, who, distrusted_since=_since(data.get("since", "")))
    # Whoever sits at a seat of hers just now is signed out.
    desk_of(request).sweep()
    spoken = spoken_by(session)
    return part_page(
        request,
        part,
        "office_withdrawn.html.j2",
        name=name,
        records=[(compartment(spoken, one), count) for one, count in found.records.items()],
        others=found.others,
    )


def chosen(data: Mapping[str, str]) -> tuple[str, ...]:
    """The compartments that are ticked in a form."""
    return tuple(name for name in COMPARTMENTS if data.get(f"holds-{name}"))


def _since(text: str) -> int:
    """A day as seconds since 1970; 0 where none is given. Raises ``UsageError``."""
    if not text.strip():
        return 0
    try:
        when = date.fromisoformat(text.strip())
    except ValueError:
        raise UsageError(
            "This is no day.", safe="Nothing was changed.", do="Write it as 2026-03-01."
        ) from None
    return int(datetime(when.year, when.month, when.day, tzinfo=UTC).timestamp())


def _members(
    request: AnyRequest, session: Session, given: Mapping[str, str], trouble: EstelikError | None = None
) -> Response[bytes]:
    registrar = session.casebook.vault.registrar
    own = registrar.own()
    return part_page(
        request,
        "members",
        "office_members.html.j2",
        trouble=trouble,
        members=[
            {
                "id": session.addresses.of("member", one.member.id),
                "name": one.member.name or one.member.id[:8],
                "you": one.member.id == own.id,
                "found": one,
                "holds": belonging.ordered(one.member),
            }
            for one in belonging.members(registrar.standing)
        ],
        words=office_words(registrar.office.root),
        given=_FIELDS | dict(given),
        choices=_choices(session, own, chosen(given)),
    )


def _member(
    request: AnyRequest, session: Session, found: Belongs, trouble: EstelikError | None = None
) -> Response[bytes]:
    registrar = session.casebook.vault.registrar
    own, said = registrar.own(), registrar.standing
    return part_page(
        request,
        "members",
        "office_member.html.j2",
        trouble=trouble,
        address=session.addresses.of("member", found.member.id),
        name=found.member.name or found.member.id[:8],
        you=found.member.id == own.id,
        found=found,
        choices=_choices(session, own, belonging.ordered(found.member)),
        devices=[_listed(session, one, said.members) for one in found.devices],
    )


def _choices(session: Session, own: Member, ticked: Any) -> list[tuple[str, object, bool, bool]]:
    """Every compartment: its name, in words, whether it is ticked, whether it is hers to give."""
    spoken = spoken_by(session)
    return [
        (name, compartment(spoken, name), name in ticked, name in own.compartments) for name in COMPARTMENTS
    ]


def _listed(session: Session, one: Computer, names: Mapping[str, Member]) -> dict[str, object]:
    return {
        "address": session.addresses.of("device", one.id),
        "id": one.id[:8],
        "name": names[one.member].name or one.member[:8],
        "since": one.since,
        "present": one.present,
        "seat": one.seat,
        "here": one.id == session.casebook.vault.registrar.device,
    }


def _devices(
    request: AnyRequest, session: Session, given: Mapping[str, str], trouble: EstelikError | None = None
) -> Response[bytes]:
    said = session.casebook.vault.registrar.standing
    found = sorted(said.devices.values(), key=lambda one: (not one.present, one.since, one.id))
    return part_page(
        request,
        "devices",
        "office_devices.html.j2",
        trouble=trouble,
        devices=[_listed(session, one, said.members) for one in found],
        names=[
            (session.addresses.of("member", one.member.id), one.member.name or one.member.id[:8])
            for one in belonging.members(said)
            if one.member.present
        ],
        given=_FIELDS | dict(given),
    )


def _device(
    request: AnyRequest, session: Session, found: Computer, address: str, trouble: EstelikError | None = None
) -> Response[bytes]:
    said = session.casebook.vault.registrar.standing
    return part_page(
        request,
        "devices",
        "office_device.html.j2",
        trouble=trouble,
        address=address,
        one=_listed(session, found, said.members),
        holds=belonging.ordered(said.members[found.member]),
    )


def _kept_apart(
    request: AnyRequest, session: Session, trouble: EstelikError | None = None
) -> Response[bytes]:
    spoken = spoken_by(session)
    found = {one.name: one for one in session.casebook.vault.compartments()}
    return part_page(
        request,
        "compartments",
        "office_compartments.html.j2",
        trouble=trouble,
        keepings=[(one, compartment(spoken, one), found[one]) for one in COMPARTMENTS if one in found],
    )


def _belongs(session: Session, address: str) -> Belongs:
    id_ = session.addresses.read("member", address)
    for one in belonging.members(session.casebook.vault.registrar.standing):
        if one.member.id == id_ and one.member.present:
            return one
    raise NotFoundError(
        "There is no member of that name.", safe="Nothing was changed.", do="Look at the list."
    )


def _computer(session: Session, address: str) -> Computer:
    id_ = session.addresses.read("device", address)
    found = session.casebook.vault.registrar.standing.devices.get(id_ or "")
    if found is None or not found.present:
        raise NotFoundError("There is no such device.", safe="Nothing was changed.", do="Look at the list.")
    return found


HANDLERS: Final = (
    members, admit, member, hold, withdraw, devices, admit_device, device, withdraw_device, kept_apart,
    rotate,
)  # fmt: skip
