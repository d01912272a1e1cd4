"""Allowances: consents are entered, and what is done about one: withdrawn, its condition met, looked at."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from estelik.daily.today import today
from estelik.errors import ConsentError, NotFoundError, UsageError
from estelik.ids import new_id
from estelik.index import consents
from estelik.records.consent import Met, ReprisalCheck, Withdrawal

if TYPE_CHECKING:
    from collections.abc import Callable

    from estelik.casebook import Casebook
    from estelik.exchange.consents import Entered, Known
    from estelik.records.consent import Act


def enter(
    casebook: Casebook,
    read: Callable[[Known], Entered],
    known: Callable[[Casebook], Known],
    *,
    dry_run: bool = False,
) -> tuple[list[str], int]:
    """Enters the consents that were read; the ids that are new, and how many were there. Raises
    ``SheetError`` or ``ConsentError``."""
    with casebook.entering():
        found = read(known(casebook))
        made = datetime.now(UTC).isoformat(timespec="seconds")
        fresh = [replace(one, made=made, device=casebook.vault.device) for one in found.fresh]
        if fresh and not dry_run:
            consents.enter(casebook.vault.store, fresh)
    return [one.id for one in fresh], found.unchanged


def act(casebook: Casebook, id_: str, on: date, reason: str, kind: type[Act], **more: bool) -> None:
    """Enters what was done on a day about the consent with this id. Raises ``UsageError``, ``NotFoundError``
    or ``ConsentError``."""
    if not reason.strip():
        raise UsageError("The reason is empty.", do="Say in a sentence why.")
    if on > today():
        raise ConsentError("It is dated in the future.", do="Check the day.")
    made = datetime.now(UTC).isoformat(timespec="seconds")
    with casebook.entering():
        found = casebook.consents()
        of = next((one for one in found.given if one.id == id_), None)
        if of is None:
            raise NotFoundError("There is no consent with this id.", do="See: estelik consent list")
        if on.isoformat() < of.given:
            raise ConsentError("The consent was given later than that.", do="Check the day.")
        if kind is Met and not of.condition:
            raise ConsentError("This consent has no condition.", do="See: estelik consent list")
        if kind is ReprisalCheck and of.basis != "already-public":
            raise ConsentError(
                "This consent does not rest on what is public already.", do="See: estelik consent list"
            )
        if kind is Withdrawal and any(
            isinstance(one, Withdrawal) and one.consent == id_ and one.day <= on.isoformat()
            for one in found.acts
        ):
            raise ConsentError("This consent was withdrawn before.")
        done: Any = kind(new_id(), id_, on.isoformat(), reason, made, casebook.vault.device, **more)
        consents.enter(casebook.vault.store, [done])
