"""Keeping the epochs: which one is the present one, when the next begins, who is handed its key."""

from __future__ import annotations

import hashlib
import time
from typing import TYPE_CHECKING, Final

from estelik.ids import new_id
from estelik.vault import epoch
from estelik.vault.ledger import Ledger, Period
from estelik.vault.tombstone import Tombstones

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from estelik.vault.carriers.carrier import Carrier
    from estelik.vault.device import Signer
    from estelik.vault.standing import Standing
    from estelik.vault.store import Store

#: How long an epoch lasts, in seconds.
MONTH: Final = 30 * 24 * 60 * 60
#: How long the key of the epoch before is kept, so that no computer's last table stays shut to the others.
PATIENCE: Final = 30 * 24 * 60 * 60


def present(periods: Sequence[Period], compartment: str, standing: Standing) -> Period | None:
    """The present epoch of a compartment: the last one of those that somebody began who holds it still; of
    two that began at once, the one that everybody takes. None where there is none yet."""
    holders = {one.id for one in standing.holders(compartment)}
    known = [one for one in periods if one.identity and one.device in holders]
    return max(known, key=lambda one: (one.number, one.id), default=None)


def begin(ledger: Ledger, compartment: str, signer: Signer, shared: dict[str, str]) -> Period:
    """Begins the next epoch; nobody but this device has its key yet."""
    number = max(ledger.latest_epoch(), ledger.due()) + 1
    made = epoch.begun(signer.device, compartment, number, int(time.time()), {})
    period = Period(made.id, number, signer.device.id, made.identity, made.began, frozenset(), shared)
    ledger.put_epoch(period)
    return period


def keep(store: Store, shelf: Carrier, signer: Signer, standing: Standing) -> list[str]:
    """Hands the present epoch of each compartment to all who hold it, and begins the next one where a month
    has gone by, where somebody has its key who no longer holds the compartment, or where it leads to
    something erased; the compartments in which one was begun."""
    now = int(time.time())
    with store.read() as connection:
        wanting = [
            compartment
            for compartment, schema in store.schemas.items()
            if _wants(Ledger(connection, schema), compartment, signer, standing, now)
        ]
    if not wanting:
        return []
    begun = []
    with store.write() as connection:
        for compartment in wanting:
            ledger = Ledger(connection, store.schemas[compartment])
            period = present(ledger.epochs(), compartment, standing)
            if period is None or _is_over(period, ledger.due(), compartment, standing, now):
                before = [one for one in ledger.epochs() if one.identity]
                period = begin(ledger, compartment, signer, before[-1].shared)
                begun.append(compartment)
            _hand(ledger, compartment, period, _knowing(standing, compartment), shelf, signer)
    return begun


def turn(
    store: Store, shelf: Carrier, signer: Signer, standing: Standing, compartments: Collection[str]
) -> None:
    """Begins the next epoch of these compartments now."""
    with store.write() as connection:
        for compartment in compartments:
            ledger = Ledger(connection, store.schemas[compartment])
            before = [one for one in ledger.epochs() if one.identity]
            period = begin(ledger, compartment, signer, before[-1].shared)
            _hand(ledger, compartment, period, _knowing(standing, compartment), shelf, signer)


def numbers(store: Store, standing: Standing) -> dict[str, int]:
    """The number of the present epoch of each compartment."""
    out = {}
    with store.read() as connection:
        for compartment, schema in store.schemas.items():
            period = present(Ledger(connection, schema).epochs(), compartment, standing)
            if period is not None:
                out[compartment] = period.number
    return out


def burn(
    store: Store,
    shelf: Carrier,
    standing: Standing,
    forget: Callable[[], object],
    patience: int = PATIENCE,
) -> int:
    """Destroys the keys of epochs that are over: all page keys are handed on under the present one, which
    began ``patience`` seconds ago, so that every computer had time to hand on its own. Those that lead to
    something erased are not waited for. ``forget`` destroys the identities that open them on old carriers.
    How many."""
    now = int(time.time())
    over: dict[str, list[Period]] = {}
    with store.read() as connection:
        for compartment, schema in store.schemas.items():
            ledger = Ledger(connection, schema)
            periods = ledger.epochs()
            period = present(periods, compartment, standing)
            if period is None or ledger.any_before(period.number):
                continue
            past = [one for one in periods if one.identity and one.number < period.number]
            if period.began <= now - patience or any(one.number <= ledger.due() for one in past):
                over[compartment] = past
    if not any(over.values()):
        return 0
    # The identities first: once no key is left to destroy, nobody would come back for them.
    forget()
    superseded: list[tuple[str, str]] = []
    with store.write() as connection:
        for compartment, periods in over.items():
            ledger = Ledger(connection, store.schemas[compartment])
            for one in periods:
                ledger.put_epoch(one._replace(identity="", shared={}))
            ids = {one.id for one in periods}
            files = [name for name, of, _ in ledger.epoch_files() if of in ids]
            ledger.drop_epoch_files(files)
            tables = ledger.drop_tables(max((one.number for one in periods), default=0))
            superseded += [("epoch", name) for name in files] + [("table", name) for name in tables]
            # Also on carriers of which nobody noted, before a cut, that they went there.
            tombs = Tombstones(connection, store.schemas[compartment])
            tombs.shed("epoch", files)
            tombs.shed("table", tables)
    for kind, name in superseded:
        shelf.remove(kind, name)
    return sum(map(len, over.values()))


def _wants(ledger: Ledger, compartment: str, signer: Signer, standing: Standing, now: int) -> bool:
    """Whether an epoch has to be begun, or handed to somebody."""
    if signer.device.id not in {one.id for one in standing.holders(compartment)}:
        return False
    periods = ledger.epochs()
    period = present(periods, compartment, standing)
    if period is None:
        # With none at all this member was admitted, and not handed anything yet.
        return any(one.identity for one in periods)
    return _is_over(period, ledger.due(), compartment, standing, now) or not (
        _knowing(standing, compartment) <= period.handed
    )


def _is_over(period: Period, due: int, compartment: str, standing: Standing, now: int) -> bool:
    return (
        period.number <= due
        or bool(period.handed - _rightful(standing, compartment))
        or period.began < now - MONTH
    )


def _knowing(standing: Standing, compartment: str) -> frozenset[str]:
    """Who is to know the epoch of a compartment: the recipients of all who hold it, and the office's
    recovery key; and by their ids the seats at which it is read in the file of the compartment."""
    recipients = {one.recipients[-1] for one in standing.holders(compartment)}
    return frozenset(recipients | {standing.recovery} | standing.seats(compartment))


def _rightful(standing: Standing, compartment: str) -> frozenset[str]:
    """All recipients, former ones included, of the devices that hold a compartment, and its seats."""
    keys = {text for one in standing.holders(compartment) for text in one.recipients}
    return frozenset(keys | {standing.recovery} | standing.seats(compartment))


def _hand(
    ledger: Ledger, compartment: str, period: Period, to: frozenset[str], shelf: Carrier, signer: Signer
) -> None:
    shared = {name: bytes.fromhex(key) for name, key in period.shared.items()}
    made = epoch.Epoch(
        epoch.FORMAT,
        signer.device,
        compartment,
        period.number,
        period.id,
        period.began,
        period.identity,
        tuple(sorted(to)),
        shared,
        period.device,
    )
    name, data = new_id(), epoch.packed(made, signer.key)
    shelf.write("epoch", name, data)
    ledger.add_epoch_file(name, period.id, hashlib.sha256(data).digest())
    ledger.put_epoch(period._replace(handed=period.handed | to))


def took(ledger: Ledger, found: epoch.Epoch) -> None:
    """Notes what a file says of an epoch."""
    known = {one.id: one for one in ledger.epochs()}.get(found.id)
    shared = {name: key.hex() for name, key in found.shared.items()}
    if known is None:
        if any(one.number == found.number for one in ledger.epochs()):
            # Two began at once. What was handed on under the one that is given up, whose file not everybody
            # may be able to open any more, is handed on again.
            ledger.hand_on_again(found.number)
        known = Period(
            found.id, found.number, found.begun_by, found.identity, found.began, frozenset(), shared
        )
    ledger.put_epoch(known._replace(handed=known.handed | set(found.to)))
