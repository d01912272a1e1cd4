"""Statements: rows of the sheet, entered by its rules: all of them, or none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final

import msgspec
from msgspec import Meta

from estelik.daily import entering
from estelik.web.api.act import act
from estelik.web.api.lives import Row
from estelik.web.api.problem import RefusedError, said

if TYPE_CHECKING:
    from estelik.web.bearers import Bearer

#: Rows of one request.
_MOST: Final = 2000


class Rows(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Rows to be entered. ``check``: only say what would be."""

    rows: Annotated[tuple[Row, ...], Meta(min_length=1, max_length=_MOST)]
    check: bool = False


class Entered(msgspec.Struct, frozen=True):
    """The ids of the statements that are new, in the order of their rows, and how many were there before."""

    statements: tuple[str, ...]
    unchanged: int


@act("POST", "/api/statements", "Enter rows of the statement sheet, all or none.", takes=Rows, gives=Entered,
     refusals=(403, 409, 422))  # fmt: skip
def enter_statements(bearer: Bearer, asked: Rows) -> Entered:
    """Enters rows."""
    needs_sources(bearer)
    cells = [msgspec.to_builtins(one) for one in asked.rows]
    found = entering.enter(bearer.casebook, cells, only_check=asked.check)
    return Entered(found.statements, found.unchanged)


def needs_sources(bearer: Bearer) -> None:
    """Raises ``RefusedError`` where the token does not open the compartment of sources."""
    if "source" not in bearer.casebook.vault.store.schemas:
        raise RefusedError(
            said(
                403,
                "What is told names who told it, and this token does not open the names of sources.",
                do="Use a token with the compartment `source`.",
            )
        )


ACTS: Final = (enter_statements,)
