"""All acts of the machine interface, in one place."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Final

import msgspec

from estelik.errors import MembershipError
from estelik.web.api import (
    consents,
    decisions,
    description,
    evidence,
    exports,
    lists,
    lives,
    names,
    near,
    pairs,
    registry,
    releases,
    risks,
    statements,
    testimonies,
    visits,
)
from estelik.web.api.act import Act, act, handler

if TYPE_CHECKING:
    from litestar.types import ControllerRouterHandler

    from estelik.web.bearers import Bearer


class Self(msgspec.Struct, frozen=True):
    """A token: what it is called, whose it is, which compartments it opens now, and until when (UTC)."""

    name: str
    member: str
    compartments: tuple[str, ...]
    until: str


@act("GET", "/api/token", "What this token is, and what it opens.", gives=Self)
def token(bearer: Bearer) -> Self:
    """What this token is."""
    vault = bearer.casebook.vault
    made = vault.registrar.standing.devices[bearer.device].token
    if made is None:
        raise MembershipError("This token was withdrawn.")
    until = datetime.fromtimestamp(made.until, UTC).isoformat()
    return Self(bearer.name, bearer.member, tuple(vault.store.schemas), until)


@act("GET", "/api/openapi.json", "This description.", gives=dict, open_to_all=True)
def openapi() -> bytes:
    """The description of all acts: the same for everybody."""
    return _written()


@cache
def _written() -> bytes:
    return description.written(ACTS)


ACTS: Final[tuple[Act, ...]] = (
    openapi, token, *names.ACTS, *lives.ACTS, *near.ACTS, *registry.ACTS, *lists.ACTS, *pairs.ACTS,
    *statements.ACTS, *decisions.ACTS, *testimonies.ACTS, *visits.ACTS, *consents.ACTS, *risks.ACTS,
    *exports.ACTS, *releases.ACTS, *evidence.ACTS,
)  # fmt: skip
HANDLERS: Final[tuple[ControllerRouterHandler, ...]] = tuple(handler(one) for one in ACTS)
