"""Risking: who can be reached by reprisals is recorded, and looked at again."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from estelik.chronology.edtf import EdtfError, parse
from estelik.daily.today import today
from estelik.errors import NotFoundError, UsageError
from estelik.ids import new_id
from estelik.index import consents
from estelik.records.risk import Review, Risk

if TYPE_CHECKING:
    from collections.abc import Callable

    from estelik.casebook import Casebook


def iso_day(text: str) -> date:
    """A day as it is written. Raises ``UsageError``."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UsageError("This is not a day.", do="Write it like 2026-11-22.") from None


def add(casebook: Casebook, risk: Risk, *, there: Callable[[], bool]) -> Risk:
    """Records a ``risk`` (without id, time and device) on account of somebody who told or is spoken of, as
    ``there`` says she is. Raises ``NotFoundError``, ``UsageError`` or ``ConsentError``."""
    from msgspec.structs import replace

    iso_day(risk.review)
    if risk.day:
        try:
            parse(risk.day)
        except EdtfError:
            raise UsageError("This is not a date in EDTF.", do="Write it like 2019-03.") from None
    if risk.kind in ("relative", "guarantor", "cellmate") and not risk.reached:
        raise UsageError("Nobody is named who can be reached.", do="Say who can be reached.")
    made = datetime.now(UTC).isoformat(timespec="seconds")
    with casebook.entering():
        if not there():
            raise NotFoundError("Nobody of this label told anything, or is spoken of.", do="Check the label.")
        one = replace(risk, id=new_id(), made=made, device=casebook.vault.device)
        consents.enter(casebook.vault.store, dangers=[one])
    return one


def review(casebook: Casebook, id_: str, reason: str, *, over: bool, following: str = "") -> None:
    """Notes that somebody looked again at the risk with this id: it is ``over``, or is looked at again by the
    day ``following``. Raises ``UsageError``, ``NotFoundError`` or ``ConsentError``."""
    if over == bool(following):
        raise UsageError("Either it is over, or somebody has to look again.", do="Say which.")
    if following:
        iso_day(following)
    if not reason.strip():
        raise UsageError("The reason is empty.", do="Say in a sentence what was found.")
    made = datetime.now(UTC).isoformat(timespec="seconds")
    with casebook.entering():
        found = consents.risks(casebook.vault.store, casebook.out_of_sight())
        if not any(isinstance(one, Risk) and one.id == id_ for one in found):
            raise NotFoundError("There is no risk with this id.", do="See: estelik risk list")
        device = casebook.vault.device
        one = Review(new_id(), id_, today().isoformat(), reason, over, following, made, device)
        consents.enter(casebook.vault.store, dangers=[one])
