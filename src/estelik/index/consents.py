"""Consents and risks in the store: entered, and read back. They lie in the ``source`` compartment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from estelik.errors import ConsentError
from estelik.ids import new_ids, new_places
from estelik.index.kept import Kept
from estelik.records import consent as records
from estelik.records import risk as risk_records
from estelik.records.consent import CONSENT, Consent, Consents, Pseudonym
from estelik.records.risk import RISK
from estelik.vault.inserts import Inserts
from estelik.vault.store import Batch

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from estelik.records.risk import Review, Risk
    from estelik.vault.store import Store

#: Where all of them lie.
COMPARTMENT: Final = "source"


def consents(store: Store, hidden: Collection[str] = (), kept: Kept | None = None) -> Consents:
    """All that was said of consent, in order of entry; nothing where the sources are not open here. ``kept``:
    what was read of it before."""
    found = [records.decode(body) for body in _bodies(store, kept or Kept(CONSENT), hidden)]
    return Consents(
        tuple(one for one in found if isinstance(one, Consent)),
        tuple(one for one in found if not isinstance(one, Consent | Pseudonym)),
        tuple(one for one in found if isinstance(one, Pseudonym)),
    )


def risks(store: Store, hidden: Collection[str] = (), kept: Kept | None = None) -> tuple[Risk | Review, ...]:
    """All risks and their reviews, in order of entry; ``kept``: what was read of them before."""
    return tuple(risk_records.decode(body) for body in _bodies(store, kept or Kept(RISK), hidden))


def enter(
    store: Store,
    found: Sequence[records.Record] = (),
    dangers: Sequence[Risk | Review] = (),
    *,
    check: Callable[[], object] = lambda: None,
) -> None:
    """Enters these, all or none; ``check`` is called while nobody else can enter anything.

    Raises ``ConsentError`` where the sources are not open to this member.
    """
    if COMPARTMENT not in store.schemas:
        raise ConsentError(
            "Consents and risks name who told, and the names of sources are not open to you.",
            do="Ask somebody who holds the compartment of sources: estelik member list",
        )
    with store.write() as connection, Inserts(connection) as inserts:
        check()
        batch = Batch(store, connection, inserts)
        for kind, bodies in (
            (CONSENT, [records.encode(one).decode() for one in found]),
            (RISK, [risk_records.encode(one).decode() for one in dangers]),
        ):
            if bodies:
                batch.append(COMPARTMENT, kind, new_ids(len(bodies)), new_places(len(bodies)), bodies)


def _bodies(store: Store, kept: Kept, hidden: Collection[str]) -> list[bytes]:
    if COMPARTMENT not in store.schemas:
        return []
    with store.read() as connection:
        rows = kept.rows(connection, {COMPARTMENT: store.schemas[COMPARTMENT]})
        return [one.body for one in rows if one.id not in hidden]
