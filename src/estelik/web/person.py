"""Person: the page of one life."""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import TYPE_CHECKING, Any, Final

from litestar import Response

from estelik.daily.dossiers import dossiers
from estelik.daily.exhibits import exhibits
from estelik.daily.relatives import relatives
from estelik.daily.today import today
from estelik.language import dates, events
from estelik.publication.report import setting, sheets
from estelik.vault.new_file import shown as file_name
from estelik.web import near, person_parts
from estelik.web.entrance import AnyRequest, session_of
from estelik.web.page import page, spoken_by
from estelik.web.person_consents import beside
from estelik.web.person_page import label_at, numbered, on_life, sources_open, worded
from estelik.web.person_parts import Wanted, parts_of
from estelik.web.route import shows

if TYPE_CHECKING:
    from estelik.index.evidence import Exhibit
    from estelik.language.reader import Reader
    from estelik.publication.report import Sheet
    from estelik.views.parts import Parts
    from estelik.views.person import PersonPage
    from estelik.web.session import Session

#: The templates of what a member can do on the page of a life, by where they stand in it.
_ADDED: Final = {
    "head": "person_head.html.j2",
    "statements": "person_steps.html.j2",
    "line": "person_line.html.j2",
    "rest": "person_rest.html.j2",
    "withheld": "person_withheld.html.j2",
    "beside": "person_beside.html.j2",
    "after": "person_after.html.j2",
}

#: Pages whose drawings are kept.
_KEPT: Final = 64


@shows("/life/{address:str}")
def life(request: AnyRequest, address: str) -> Response[bytes]:
    """One life: names, timeline, contradictions, statements, what to ask next, what was decided; of a long
    list its first part."""
    return laid(request, address)


@shows("/life/{address:str}/whole")
def whole(request: AnyRequest, address: str) -> Response[bytes]:
    """All of it on one page, however long, to print."""
    return laid(request, address, whole=True)


@shows("/life/{address:str}/part/{asked:str}/{number:int}")
def part(request: AnyRequest, address: str, asked: str, number: int) -> Response[bytes]:
    """One part of a long list of a life."""
    session = session_of(request)
    with session.casebook.vault.store.reading():
        values = _values(session, address, Wanted.part_of(asked, number))
    return page(request, "person_part.html.j2", session=session, room="people", asked=asked, **values)


def laid(request: AnyRequest, address: str, *, whole: bool = False, **more: object) -> Response[bytes]:
    """The page of the life at an address; ``whole``: uncut; ``more``: what its templates are filled with
    besides."""
    session = session_of(request)
    # One state of the casebook, asked for through one connection.
    with session.casebook.vault.store.reading():
        values = _values(session, address, Wanted("whole") if whole else Wanted())
    filled = {"time": "", "states": (), "trouble": None} | values | more
    return page(request, "person.html.j2", session=session, room="people", **filled)


def _values(session: Session, address: str, wanted: Wanted) -> dict[str, Any]:
    label = label_at(session, address)
    spoken = spoken_by(session)
    company = near.company(session)
    found = dossiers(session.casebook, (label,), today=today().toordinal(), company=company)
    cuts = [parts_of(session.casebook, one) for one in found]
    paths = [f"/life/{address}"]
    if len(found) > 1:
        paths = [f"/life/{session.addresses.of('life', one.key)}" for one in found]
    every = [
        person_parts.sheet(one, path, cut, wanted)
        for one, path, cut in zip(_drawn(session, cuts, spoken, wanted), paths, cuts, strict=True)
    ]
    set_ = [one.sheet for one in every]
    values = setting(set_, spoken)
    met = {one.key: session.addresses.of("life", one.key) for sheet in set_ for one in sheet.page.encounters}
    values["keys"] |= {key: f"/life/{found}" for key, found in met.items()}
    values["near"] = near.addresses(session, set_)
    decided = {one.key: on_life(session, one) for one in found}
    rest = {one.sheet.page.key: one for one in every}
    return values | {
        "added": _ADDED,
        "path": f"/life/{address}",
        "address_of": session.addresses.of,
        "sources_open": sources_open(session),
        "undone": {
            one.judgement.statement: one.judgement.id
            for each in decided.values()
            for one in each
            if one.judgement.id in session.made and one.back is None and one.judgement.statement
        },
        "consents": {one.key: beside(session, spoken, one) for one in found},
        "relatives": {
            one.key: rest[one.key].cut("relatives", relatives(session.casebook, one)) for one in found
        },
        "relation": lambda fact: events.relation(spoken, fact),
        "evidence": {
            one.key: rest[one.key].cut("evidence", _evidence(session, spoken, one)) for one in found
        },
        "decisions": {
            sheet.page.key: rest[sheet.page.key].cut(
                "decisions",
                worded(session, spoken, decided[sheet.page.key], numbered(sheet), values["cite"](sheet)),
            )
            for sheet in set_
        },
        # After the lists: each has said by then how many parts it has.
        "turns": {key: one.turns() for key, one in rest.items()},
    }


class _Drawn:
    """The pages of a casebook that were drawn last, each with its drawings, by language, part and page."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        #: With the pages themselves: their ids are theirs for so long.
        self.sheets: OrderedDict[object, tuple[list[Parts], list[Sheet]]] = OrderedDict()


def _drawn(session: Session, cuts: list[Parts], spoken: Reader, wanted: Wanted) -> list[Sheet]:
    """These pages with the drawings of what of them stands on one; those of the same, where they were drawn
    lately."""
    known = session.casebook.beside.setdefault(_Drawn, _Drawn())
    asked = spoken.language, wanted, *(id(one.page) for one in cuts)
    with known.lock:
        there = known.sheets.get(asked)
    set_ = there[1] if there is not None else sheets([one.page for one in cuts], spoken, wanted.of(cuts))
    with known.lock:
        known.sheets[asked] = cuts, set_
        known.sheets.move_to_end(asked)
        while len(known.sheets) > _KEPT:
            known.sheets.popitem(last=False)
    return set_


def _evidence(session: Session, spoken: Reader, found: PersonPage) -> list[dict[str, object]]:
    """The files that bear on a life, in words."""
    keys = session.casebook.lives.resolution.members(found.key)
    own = [one.statement.statement for one in found.statements if not found.whose(one.statement)]
    return [
        _file(spoken, one) | {"address": session.addresses.of("evidence", one.id)}
        for one in exhibits(session.casebook, keys, own)
    ]


def _file(spoken: Reader, one: Exhibit) -> dict[str, object]:
    file = one.evidence
    return {
        "id": one.id,
        "names": list(dict.fromkeys(file_name(came.file) for came in one.accessions if came.file)),
        "brought": [
            (source, dates.told(spoken, came.brought) if came.brought else "")
            for source, came in zip(one.sources, one.accessions, strict=True)
            if source or came.brought
        ],
        "type": file.type,
        "bytes": file.bytes,
        "sha256": file.sha256,
        "added": dates.told(spoken, file.added[:10]),
        "note": file.note,
        "stamps": [dates.told(spoken, stamp.time[:10]) for stamp in one.stamps.values()],
        "asked": bool(one.requests) and not one.stamps,
        "copies": sum(not made.result for made in one.derivations),
    }


HANDLERS: Final = (life, whole, part)
