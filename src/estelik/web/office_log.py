"""Who did what: the log of the office, a page at a time, of one member or kind."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from litestar import Response

from estelik.daily import log
from estelik.language import log as words
from estelik.web.entrance import AnyRequest
from estelik.web.office import entered, moment, part_page
from estelik.web.page import spoken_by
from estelik.web.route import does, shows
from estelik.web.signin import Form

if TYPE_CHECKING:
    from estelik.daily.log import Noted
    from estelik.language.reader import Reader

_LINES: Final = 50
#: Seconds in which the log of a small casebook is read.
_SOON: Final = 0.3


@shows("/office/log")
def everything(request: AnyRequest) -> Response[bytes]:
    """The last that was done."""
    return _page(request, {})


@does("/office/log")
def filtered(request: AnyRequest, data: Form) -> Response[bytes]:
    """What was done by one member, or of one kind, a page of it."""
    return _page(request, data)


def _page(request: AnyRequest, data: dict[str, str]) -> Response[bytes]:
    session = entered(request, "log")
    spoken, members = spoken_by(session), session.casebook.vault.registrar.standing.members
    names = {id_: one.name or id_[:8] for id_, one in members.items()}
    address = data.get("member", "")
    member = session.addresses.read("member", address) if address else ""
    kind = data.get("kind", "")
    found = log.look(session.casebook, session.errands, _SOON)
    lines = [
        one for one in found.noted if (not kind or one.kind == kind) and (not member or one.member == member)
    ]
    pages = max(1, -(-len(lines) // _LINES))
    asked = data.get("page", "")
    number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 6 else 1
    number = min(max(number, 1), pages)
    return part_page(
        request,
        "log",
        "office_log.html.j2",
        lines=[_line(spoken, names, one) for one in lines[(number - 1) * _LINES : number * _LINES]],
        whole=found.whole,
        number=number,
        pages=pages,
        kinds=[(code, spoken.gettext(words.KINDS[code])) for code in log.KINDS],
        kind=kind,
        members=[
            (session.addresses.of("member", id_), name, id_ == member)
            for id_, name in [*sorted(names.items(), key=lambda pair: pair[1].casefold())]
        ],
        member=address if member else "",
    )


def _line(spoken: Reader, names: dict[str, str], one: Noted) -> dict[str, object]:
    when = datetime.fromtimestamp(one.when, UTC).astimezone()
    return {
        "day": moment(one.when),
        "time": f"{when:%H:%M}",
        "by": names.get(one.member, ""),
        "custodians": one.member == log.CUSTODIANS,
        "says": words.noted(spoken, one.what, one.about, one.held, one.number),
        "reason": one.reason,
        "counts": one.counts,
        "signed": one.signed,
    }


HANDLERS: Final = (everything, filtered)
