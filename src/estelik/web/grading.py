"""Grading, on the page of a statement: what its source and it are worth, and through whom it came."""

from __future__ import annotations

from typing import Any

from litestar import Response
from litestar.response import Redirect

from estelik.daily import grading
from estelik.daily.history import history, unless_decided
from estelik.errors import EstelikError
from estelik.web import person_acts
from estelik.web.entrance import AnyRequest, session_of
from estelik.web.route import does
from estelik.web.signin import Form


@does("/life/{address:str}/statement/{which:str}/grade")
def grade(request: AnyRequest, address: str, which: str, data: Form) -> Response[Any]:
    """Says how a statement is known, and what it is worth."""
    session = session_of(request)
    id_ = person_acts.id_of(session, which)
    person_acts.own(session, address, id_)
    given = {name: data.get(name, "").strip() for name in ("source", "says", "role", "via", "reason")}
    check = unless_decided(data.get("seen", ""), lambda: history(session.casebook, (id_,)))
    role = next((one for one in grading.ROLES if one == given["role"]), None)
    try:
        made = grading.grade(
            session.casebook,
            id_,
            given["reason"],
            letters=given["source"] + given["says"],
            role=role,
            via=given["via"],
            check=check,
        )
    except EstelikError as error:
        return person_acts.shown(request, address, which, trouble=error, graded=given)
    _, found = person_acts.own(session, address, made)
    return Redirect(person_acts.place(found, address, made), status_code=303)
