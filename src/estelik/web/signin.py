"""The door: signing in, out, and the lock that forgets every key at once."""

from __future__ import annotations

import threading
from typing import Annotated, Any

from litestar import Response
from litestar.datastructures import Cookie
from litestar.enums import RequestEncodingType
from litestar.params import Body
from litestar.response import Redirect

from estelik.errors import CasebookError, EstelikError, UsageError
from estelik.language.reader import languages
from estelik.web import visiting
from estelik.web.entrance import AnyRequest, desk_of, led, session_of
from estelik.web.page import page, wanted_language
from estelik.web.route import does, shows
from estelik.web.session import COOKIE

Form = Annotated[dict[str, str], Body(media_type=RequestEncodingType.URL_ENCODED)]
#: Seconds in which the answer to a lock leaves before the process ends.
_LAST: float = 0.1


@shows("/sign-in", open_to_all=True)
def door(request: AnyRequest) -> Response[bytes]:
    """The page on which a member gives her passphrase."""
    return _door(request)


@does("/sign-in", open_to_all=True)
def sign_in(request: AnyRequest, data: Form) -> Response[Any]:
    """Opens the desk for a member, with a token that is new."""
    desk = desk_of(request)
    old = request.cookies.get(COOKIE, "")
    place = data.get("seat", "0")
    number = int(place) if place.isascii() and place.isdigit() and len(place) < 6 else 0
    there = desk.session(old) if old else None
    if there is not None and there.visitor and there.seat != number:
        # Nobody has said that she has left: what she sees stays what it is.
        trouble = UsageError(
            "A visitor is present in this browser.",
            safe="Nothing of her visit has changed.",
            do="Sign in with another browser, or have the member who sits with her say that she has left.",
        )
        return _door(request, status=422, trouble=trouble, seat=place)
    try:
        passphrase = data.get("passphrase", "").encode()
        if not passphrase:
            raise UsageError("There is no passphrase.", safe="", do="Type it, and try again.")
        token = desk.sign_in(number, passphrase, wanted_language(request))
    except EstelikError as error:
        status = 422 if isinstance(error, CasebookError) else 429
        return _door(request, status=status, trouble=error, seat=data.get("seat", ""))
    if old:
        desk.sign_out(old)
    visiting.still_there(desk, token, data.get("telling", "") if there is None else there.telling)
    return Redirect("/", status_code=303, cookies=[_cookie(token)])


def _door(
    request: AnyRequest, *, status: int = 200, trouble: EstelikError | None = None, seat: str = ""
) -> Response[bytes]:
    numbers = desk_of(request).numbers()
    return page(request, "sign_in.html.j2", status=status, trouble=trouble, numbers=numbers, seat=seat)


@does("/sign-out", beside_visitor=True)
def sign_out(request: AnyRequest) -> Response[Any]:
    """Ends the session of this browser alone."""
    desk_of(request).sign_out(request.cookies.get(COOKIE, ""))
    answer = led(request, "/sign-in")
    answer.set_cookie(_cookie("", gone=True))
    return answer


@does("/lock", open_to_all=True)
def lock(request: AnyRequest) -> Response[Any]:
    """Forgets every key on this computer's desk, at once; whoever asks for that is obeyed."""
    # A thread of its own: it does not depend on whether anybody waits for the answer.
    threading.Timer(_LAST, desk_of(request).panic).start()
    answer = led(request, "/sign-in")
    answer.set_cookie(_cookie("", gone=True))
    answer.headers["Clear-Site-Data"] = '"cache", "storage"'
    return answer


@does("/language", beside_visitor=True)
def language(request: AnyRequest, data: Form) -> Response[Any]:
    """The language of this member's pages from now on."""
    tag, where = data.get("language", ""), data.get("here", "/")
    if tag in languages():
        session_of(request).language = tag
    inside = where.startswith("/") and not where.startswith("//") and "\\" not in where
    return Redirect(where if inside else "/", status_code=303)


def _cookie(token: str, *, gone: bool = False) -> Cookie:
    """Only this site gets it back, no script reads it, and it ends with the browser."""
    return Cookie(
        key=COOKIE, value=token, path="/", httponly=True, samesite="strict", max_age=0 if gone else None
    )  # fmt: skip
