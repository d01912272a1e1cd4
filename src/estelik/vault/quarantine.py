"""Quarantine: what a device wrote after it lost its right stays sealed, and is not read into the casebook."""

from __future__ import annotations

from typing import TYPE_CHECKING

from estelik.vault import links
from estelik.vault.arrival import entered
from estelik.vault.collect import Collection
from estelik.vault.cut import segments_of
from estelik.vault.ledger import Ledger
from estelik.vault.links import Trouble
from estelik.vault.tables import drop_derived, triggers

if TYPE_CHECKING:
    from collections.abc import Collection as Several
    from collections.abc import Iterable

    from estelik.vault.carriers.carrier import Carrier
    from estelik.vault.collect import Found
    from estelik.vault.connection import Connection
    from estelik.vault.device import Signer
    from estelik.vault.ledger import Line
    from estelik.vault.standing import Standing
    from estelik.vault.store import Store


def held_back(lines: Iterable[Line], compartment: str, standing: Standing) -> set[str]:
    """The names of those segments of a compartment whose records are not accepted: of devices that the roll
    does not name, or that lost their right, from there on."""
    by_device: dict[str, list[Line]] = {}
    for line in lines:
        by_device.setdefault(line.device, []).append(line)
    out: set[str] = set()
    for device, runs in by_device.items():
        limit = standing.limit(device, compartment)
        if limit is not None:
            out |= {line.name for line in runs} - links.accepted(runs, limit)
    return out


def settle(store: Store, shelf: Carrier, signer: Signer, standing: Standing) -> tuple[int, list[Trouble]]:
    """Keeps back what is not accepted (any more), and lets in what is; how many records came in, and the
    chains of which something was kept back since the last time."""
    count = 0
    troubles: list[Trouble] = []
    for compartment, schema in store.schemas.items():
        with store.read() as connection:
            ledger = Ledger(connection, schema)
            lines = ledger.lines()
            held = {line.name for line in ledger.lines("held <> 0")}
            told = {line.name for line in ledger.lines("held = 1")}
        wanted = held_back(lines, compartment, standing)
        out, back = held - wanted, wanted - told
        if not out and not back:
            continue
        with store.write() as connection:
            # All that comes after it in the file is sealed elsewhere.
            while segments_of(connection, schema, compartment, shelf, signer):
                pass
            by_name = {line.name: line for line in lines}
            for found in _opened(shelf, signer, compartment, [by_name[name] for name in out], troubles):
                count += entered(connection, schema, compartment, found.records, troubles)
            ledger = Ledger(connection, schema)
            for name in out:
                ledger.hold(name, 0)
            known = [by_name[name] for name in back - held]
            if known:
                good = [line for line in lines if line.name not in wanted]
                _remove(connection, schema, shelf, signer, compartment, known, good)
            for name in back:
                ledger.hold(name, 1)
                line = by_name[name]
                troubles.append(Trouble("held", "segment", name, compartment, line.device, line.first))
            ledger.seal_all()
    return count, troubles


def _opened(
    shelf: Carrier, signer: Signer, compartment: str, lines: Several[Line], troubles: list[Trouble]
) -> Iterable[Found]:
    held = Collection(shelf, [], signer.device.office)
    held.lead_to(compartment, lines)
    yield from held.segments()
    troubles += held.troubles


def _remove(
    connection: Connection,
    schema: str,
    shelf: Carrier,
    signer: Signer,
    compartment: str,
    lines: Several[Line],
    good: Several[Line],
) -> None:
    """Takes the records of ``lines`` out, but for those that are in ``good`` ones, too."""
    gone = {id_ for one in _opened(shelf, signer, compartment, lines, []) for id_, _ in one.records}
    for one in _opened(shelf, signer, compartment, good, []):
        gone -= {id_ for id_, _ in one.records}
    run = connection.execute
    drop_derived(connection, schema)
    run(f"DROP TRIGGER {schema}.record_refuses_delete")
    for id_ in sorted(gone):
        run(f"DELETE FROM {schema}.record WHERE id = ?", (id_,))
    _, refuses_delete = triggers(schema)
    run(refuses_delete)
