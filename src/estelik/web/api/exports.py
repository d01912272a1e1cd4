"""Exports: what is on a list, as somebody outside may have it: looked through, then handed over and noted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final

import msgspec
from msgspec import Meta

from estelik.daily import exporting
from estelik.identity.verdict import shown
from estelik.language.direction import plain
from estelik.language.reader import languages, reader
from estelik.protection.wording import tell
from estelik.records.consent import Audience, Purpose
from estelik.web.api.act import act
from estelik.web.api.problem import RefusedError, said
from estelik.web.api.registry import Which, wanted
from estelik.web.api.shape import Address, read
from estelik.web.api.statements import needs_sources

if TYPE_CHECKING:
    from estelik.web.bearers import Bearer

_Language = Annotated[str, Meta(pattern=f"^({'|'.join(languages())})$", description="Of the report.")]


class ExportAsked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """To whom, what for, who takes it, and of which lives."""

    audience: Audience
    purpose: Purpose
    recipient: Annotated[str, Meta(min_length=1, max_length=500, pattern=r"\S")]
    of: Which = Which()
    language: _Language = "en"


class Export(msgspec.Struct, frozen=True):
    """What may be handed over today, and what was found in it that could give somebody away. ``whole``:
    whether it is drawn and looked through; where not, ask again in a while: the rest says nothing then."""

    address: Address
    whole: bool
    lives: int = 0
    statements: int = 0
    recipient: str = ""
    findings: tuple[str, ...] = ()


class ExportTaken(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Why they may have it though something was found; empty where nothing was."""

    anyway: Annotated[str, Meta(max_length=4000)] = ""


class Exported(msgspec.Struct, frozen=True):
    """What is handed over: a page (HTML), whole in itself. That it left is noted."""

    html: str


@act("POST", "/api/exports", "Draw what of a list may leave.", takes=ExportAsked, gives=Export, status=201,
     refusals=(404, 409, 422), fresh=True,
     leads=dict.fromkeys(("show_export", "take_export"), "/address"))  # fmt: skip
def draw_export(bearer: Bearer, asked: ExportAsked) -> Export:
    """Draws what may leave, beside all else."""
    needs_sources(bearer)
    if not bearer.watch.look().whole:
        raise RefusedError(said(409, "The list is still being made.", do="Wait a moment and try again."))
    keys = [one.key for one in bearer.watch.listing.of(wanted(asked.of)).found]
    name = exporting.begin(
        bearer.casebook, bearer.errands, keys, asked.recipient, asked.audience, asked.purpose, asked.language
    )
    return Export(bearer.addresses.of("export", name), whole=False)


@act("GET", "/api/exports/{address}", "What may leave, and what was found in it.", gives=Export,
     refusals=(403, 404, 409, 422))  # fmt: skip
def show_export(bearer: Bearer, address: str) -> Export:
    """What may leave."""
    needs_sources(bearer)
    found = exporting.under(bearer.errands, read(bearer, "export", address))
    if not found.done:
        return Export(address, whole=False)
    if found.error is not None:
        raise found.error
    made: exporting.Ready = found.value
    spoken, place = reader("en"), made.looked.placed.called
    says = tuple(plain(tell(spoken, one.finding, place=place, person=shown)) for one in made.looked.findings)
    left = len(made.looked.cleared.statements)
    return Export(address, True, made.lives, left, made.recipient, says)  # noqa: FBT003 (as in the record)


@act("POST", "/api/exports/{address}/take", "Note who takes it, and hand it over.", takes=ExportTaken,
     gives=Exported, status=201, refusals=(404, 409, 422), fresh=True)  # fmt: skip
def take_export(bearer: Bearer, address: str, asked: ExportTaken) -> Exported:
    """Hands over what was looked through."""
    needs_sources(bearer)
    name = read(bearer, "export", address)
    return Exported(exporting.take(bearer.casebook, bearer.errands, name, asked.anyway))


ACTS: Final = (draw_export, show_export, take_export)
