"""Exporting: what is on a list, as somebody outside may have it: looked through first, then handed over."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from estelik.daily import errands, handing
from estelik.daily.today import today
from estelik.errors import ConsentError, NotFoundError, ReleaseError, UsageError
from estelik.ids import new_id
from estelik.protection.permission import Asked

if TYPE_CHECKING:
    from collections.abc import Sequence

    from estelik.casebook import Casebook
    from estelik.daily.errands import Errand, Errands
    from estelik.daily.handing import Looked
    from estelik.records.consent import Audience, Purpose

#: Letters of who takes it, at most.
_LONG: Final = 500


class Ready(NamedTuple):
    """What may be handed over: the file (a page), how many lives are in it, what was found in it, and who
    takes it."""

    file: str
    lives: int
    looked: Looked
    recipient: str


def check_sources(casebook: Casebook) -> None:
    """Raises ``ConsentError`` where the sources are not open to this member: what people allowed names
    them."""
    if "source" not in casebook.vault.store.schemas:
        raise ConsentError(
            "What people allowed names who told, and the names of sources are not open to you.",
            safe="Nothing was written.",
            do="Ask somebody who holds the compartment of sources: estelik member list",
        )


def begin(
    casebook: Casebook,
    under_way: Errands,
    keys: Sequence[str],
    recipient: str,
    audience: Audience,
    purpose: Purpose,
    language: str,
) -> str:
    """Draws what may leave of the lives with these keys, beside the day's work; the name of the errand.

    Raises ``UsageError`` where nobody is named who takes it, ``NotFoundError`` where there are no lives.
    """
    whom = " ".join(recipient.split())[:_LONG]
    if not whom:
        raise UsageError(
            "It does not say who takes it.",
            safe="Nothing was written.",
            do="Say who: it is kept with what leaves.",
        )
    if not keys:
        raise NotFoundError("Nobody here fits all of this.", safe="Nothing was written.", do="")
    asking, name = Asked(audience, purpose, today().toordinal()), new_id()
    under_way.begin(errand(name), lambda: _drawn(casebook, tuple(keys), asking, language, whom))
    return name


def under(under_way: Errands, name: str) -> Errand:
    """How far it has come. Raises ``NotFoundError`` where it is not kept any more."""
    found = under_way.of(errand(name))
    if found is None:
        raise _forgotten()
    return found


def take(casebook: Casebook, under_way: Errands, name: str, anyway: str) -> str:
    """Notes who takes it, and gives the file. ``anyway``: why they may have it though something was found.

    Raises ``NotFoundError`` where it is not kept any more, and ``ReleaseError``; nothing is written then.
    """
    found = under(under_way, name)
    if not found.done or found.value is None:
        raise _forgotten()
    if found.mark != errands.mark(casebook):
        under_way.drop(errand(name))
        raise ReleaseError(
            "Something was entered or withdrawn since it was looked through.",
            safe="Nothing was written.",
            do="Go back to the list, and have it looked through again.",
        )
    made: Ready = found.value
    handing.hand_over(casebook, made.looked, made.recipient, anyway)
    # What was noted is entered, too: once more is looked through once more.
    under_way.drop(errand(name))
    return made.file


def _forgotten() -> NotFoundError:
    return NotFoundError(
        "What was to be handed over is not kept any more.",
        safe="Nothing was written.",
        do="Go back to the list, and have it looked through again.",
    )


def errand(name: str) -> str:
    """What the errand is called in which an export is drawn."""
    return f"export {name}"


def _drawn(casebook: Casebook, keys: tuple[str, ...], asking: Asked, language: str, recipient: str) -> Ready:
    file, lives, cleared = handing.let_out_lives(casebook, keys, asking, language=language, today=today())
    return Ready(file, lives, handing.looked_through(casebook, cleared), recipient)
