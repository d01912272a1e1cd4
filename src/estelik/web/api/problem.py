"""Problems: what a program is told where something does not go (RFC 9457): what happened, what is safe, what
to do, and nothing of what is in the casebook or was sent."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Annotated, Final

import msgspec
from litestar import Response
from msgspec import Meta

from estelik.errors import (
    CasebookError,
    EstelikError,
    Fault,
    MembershipError,
    NotFoundError,
    SheetError,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

MEDIA_TYPE: Final = "application/problem+json"
#: Faults that are told one by one.
_MOST: Final = 200


class Wrong(msgspec.Struct, frozen=True):
    """One thing wrong with one row: which (from 1; 0: with all of them), in which column."""

    row: int
    column: str
    code: str
    what: str
    do: str


class Problem(msgspec.Struct, frozen=True, omit_defaults=True):
    """Why something did not go."""

    title: Annotated[str, Meta(description="What the status means.")]
    status: Annotated[int, Meta(ge=400, le=599)]
    detail: Annotated[str, Meta(description="What happened.")]
    safe: Annotated[str, Meta(description="What is safe.")] = ""
    do: Annotated[str, Meta(description="What to do.")] = ""
    at: Annotated[str, Meta(description="Where in the request.")] = ""
    faults: Annotated[tuple[Wrong, ...], Meta(description="What is wrong with which row.")] = ()
    contradictions: Annotated[
        tuple[tuple[str, ...], ...],
        Meta(description="Ids of statements that could not be true together any more."),
    ] = ()
    type: str = "about:blank"


class RefusedError(Exception):
    """An answer other than what was asked for."""

    def __init__(self, problem: Problem, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(problem.detail)
        self.problem, self.headers = problem, dict(headers or {})


def said(
    status: int, detail: str, *, safe: str = "Nothing was written.", do: str = "", at: str = ""
) -> Problem:
    """A problem in these words."""
    return Problem(HTTPStatus(status).phrase, status, detail, safe, do, at)


def of(error: EstelikError) -> Problem:
    """An error of ours as a problem."""
    if isinstance(error, SheetError):
        wrong = tuple(_wrong(one) for one in error.faults[:_MOST])
        words = said(422, "Rows have faults: none was entered.", do="Mend them, and send all rows again.")
        return msgspec.structs.replace(words, faults=wrong)
    if isinstance(error, NotFoundError):
        status = 404
    elif isinstance(error, MembershipError):
        status = 403
    elif isinstance(error, CasebookError):
        status = 409
    else:
        status = 422
    # A program is told in English: it knows what to do by the status, and who made it reads the rest.
    return said(status, str(error.what), safe=str(error.safe), do=str(error.do))


def _wrong(one: Fault) -> Wrong:
    return Wrong(one.row, one.column, one.code, str(one.what), str(one.do))


def nobody() -> RefusedError:
    """What is said to whoever shows no token that opens anything."""
    return RefusedError(
        said(
            401,
            "No token was shown that opens anything here now.",
            do="Show one that is not over or withdrawn, while its member is signed in at this desk.",
        ),
        {"WWW-Authenticate": "Bearer"},
    )


def unproven() -> RefusedError:
    """What is said where an act cannot be undone, and its member has not given her passphrase just now."""
    return RefusedError(
        said(
            403,
            "This cannot be undone, and its member has not given her passphrase just now.",
            do="Send it again within five minutes after she has given it at the desk.",
        )
    )


def failed() -> Problem:
    """A fault of the program."""
    return said(
        500,
        "Something went wrong in Estelik itself.",
        safe="What was acknowledged before is kept.",
        do="Try again; if it happens again, tell the makers what you did, without names.",
    )


def refused(status: int) -> Problem:
    """What is said of a request that the library refuses."""
    words = {
        404: ("There is no such act.", "Look at /api/openapi.json."),
        405: ("There is no such act.", "Look at /api/openapi.json."),
        408: ("The request came too slowly.", "Send it again."),
        413: ("The request is too large.", "Send fewer rows at a time."),
    }
    what, do = words.get(status, ("The request cannot be read.", "Look at /api/openapi.json."))
    return said(status, what, do=do)


def answer(problem: Problem, headers: Mapping[str, str] | None = None) -> Response[bytes]:
    """A problem as it is sent."""
    return Response(
        msgspec.json.encode(problem),
        status_code=problem.status,
        media_type=MEDIA_TYPE,
        headers=dict(headers or {}),
    )
