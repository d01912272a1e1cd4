"""Disposal: decisions to erase, restrict and hold, and who is done with what was erased.

Erasing is for coordinators who hold the compartment; restricting and holding
are for every member who does, since they can be lifted
(``docs/decisions/0011-erasing.md``).
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from estelik.errors import CasebookError, MembershipError, NotFoundError
from estelik.ids import new_id
from estelik.records.disposition import Acknowledgement, Erasure, Hold, Lift, Restriction
from estelik.vault import dispositions, erasing
from estelik.vault.blob import KIND as BLOB
from estelik.vault.keeping import present
from estelik.vault.ledger import Ledger
from estelik.vault.tombstone import Tombstones

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from estelik.records.disposition import Disposition
    from estelik.vault.carriers.carrier import Carrier
    from estelik.vault.connection import Connection
    from estelik.vault.dispositions import Decided
    from estelik.vault.registrar import Registrar
    from estelik.vault.standing import Standing
    from estelik.vault.store import Store

_D = TypeVar("_D", Restriction, Hold)
#: The records that a decision names, by compartment.
Named = dict[str, tuple[str, ...]]


class Decision(NamedTuple):
    """One decision, put together from all compartments that it lies in: when it was made (ISO, UTC), why, by
    the member of which name, and the records that it names."""

    id: str
    made: str
    reason: str
    by: str
    records: Named


class Progress(NamedTuple):
    """How far an erasure has come. ``here``: whether nothing on this computer opens it any more; ``devices``:
    of each other device (its id, its member's name) that holds a compartment of it, whether it is done;
    ``carriers``: of each carrier of this computer whether what led there was taken away; ``custodians``:
    whether the office's secret was renewed since."""

    erasure: Decision
    here: bool
    devices: tuple[tuple[str, str, bool], ...]
    carriers: tuple[tuple[str, bool], ...]
    custodians: bool

    @property
    def done(self) -> bool:
        """Whether nothing that is left of the office opens what was erased, on whatever old copy."""
        return (
            self.here
            and self.custodians
            and all(done for *_, done in self.devices)
            and all(done for _, done in self.carriers)
        )


class Disposal:
    """The decisions about the records of one casebook; ``seal``: seals what is new and hands on its keys."""

    def __init__(
        self, store: Store, registrar: Registrar, shelf: Carrier, seal: Callable[[], object]
    ) -> None:
        self._store = store
        self._registrar = registrar
        self._shelf = shelf
        self._seal = seal

    # Decisions

    def erase(
        self,
        records: Mapping[str, Collection[str]],
        reason: str,
        named: Mapping[str, Collection[str]] = MappingProxyType({}),
    ) -> str:
        """Erases ``records`` (compartment -> ids), which name the records ``named``; gives the decision's id.

        Raises ``MembershipError`` for who is no coordinator, and
        ``CasebookError`` where one of them is held, or there is none.
        """
        registrar = self._registrar
        own = registrar.own()
        if not own.coordinator:
            raise MembershipError(
                "Only a coordinator can erase.",
                safe="Nothing was changed.",
                do="Ask a coordinator; until then it can be kept out of sight: estelik restrict",
            )
        wanted = self._named(records)
        # What is erased must be in the chain first: its place there is all that is left of it.
        self._seal()
        made, decision = dispositions.now(), new_id()
        signer, standing = registrar.signer, registrar.standing
        schemas, device = self._store.schemas, signer.device
        with self._store.write() as connection:
            if self._held(connection, wanted, named):
                raise held()
            said = {
                where: [
                    Erasure(
                        *(decision, device.id, made, reason, ids),
                        Ledger(connection, schemas[where]).latest_epoch(),
                        standing.number,
                    )
                ]
                for where, ids in wanted.items()
            }
            dispositions.enter(self._store, connection, signer, said)
            for where in wanted:
                erasing.strike(connection, schemas[where], where, self._shelf, standing, device.office)
        self._seal()
        return decision

    def restrict(self, records: Mapping[str, Collection[str]], reason: str) -> str:
        """Keeps ``records`` out of sight until that is lifted; gives the decision's id."""
        return self._decide(Restriction, records, reason)

    def hold(self, records: Mapping[str, Collection[str]], reason: str) -> str:
        """Keeps ``records`` from being erased until that is lifted; gives the decision's id."""
        return self._decide(Hold, records, reason)

    def lift(self, decision: str, reason: str) -> None:
        """Lifts a restriction or hold. Raises ``NotFoundError`` where none of that id is in force."""
        found = [one for one in (*self.restrictions(), *self.holds()) if one.id == decision]
        if not found:
            raise NotFoundError(
                "There is no restriction or hold of this id in force.",
                safe="Nothing was changed.",
                do="See: estelik restrict list, estelik hold list",
            )
        device, made = self._registrar.signer.device.id, dispositions.now()
        said = {where: [Lift(new_id(), device, made, reason, decision)] for where in found[0].records}
        with self._store.write() as connection:
            dispositions.enter(self._store, connection, self._registrar.signer, said)

    def _decide(self, kind: type[_D], records: Mapping[str, Collection[str]], reason: str) -> str:
        self._registrar.own()
        wanted, decision = self._named(records), new_id()
        device, made = self._registrar.signer.device.id, dispositions.now()
        said = {where: [kind(decision, device, made, reason, ids)] for where, ids in wanted.items()}
        with self._store.write() as connection:
            dispositions.enter(self._store, connection, self._registrar.signer, said)
        return decision

    def _named(self, records: Mapping[str, Collection[str]]) -> Named:
        wanted = {where: tuple(sorted(ids)) for where, ids in records.items() if ids}
        if not wanted or not wanted.keys() <= self._store.schemas.keys():
            raise NotFoundError("There is no such record here.", safe="Nothing was changed.")
        return wanted

    def holding(
        self, records: Mapping[str, Collection[str]], named: Mapping[str, Collection[str]]
    ) -> list[Decision]:
        """The holds in force that are on any of these records, or on one that they name."""
        with self._store.read() as connection:
            return _together(self._held(connection, records, named))

    def _held(
        self,
        connection: Connection,
        records: Mapping[str, Collection[str]],
        named: Mapping[str, Collection[str]],
    ) -> list[tuple[Decided, Hold]]:
        return [
            (one, hold)
            for compartment, ids in records.items()
            for one, hold in dispositions.in_force(self._read(connection, compartment), Hold)
            if not set(hold.records).isdisjoint([*ids, *named.get(compartment, ())])
        ]

    # What was decided

    def restrictions(self) -> list[Decision]:
        """The restrictions in force."""
        return self._in_force(Restriction)

    def holds(self) -> list[Decision]:
        """The holds in force."""
        return self._in_force(Hold)

    def erasures(self) -> list[Decision]:
        """All erasures."""
        return _together([(one, one.says) for one in self._every() if isinstance(one.says, Erasure)])

    def _in_force(self, kind: type[_D]) -> list[Decision]:
        return _together(list(dispositions.in_force(self._every(), kind)))

    def _every(self) -> list[Decided]:
        with self._store.read() as connection:
            return [one for name in self._store.schemas for one in self._read(connection, name)]

    def _read(self, connection: Connection, compartment: str) -> list[Decided]:
        registrar = self._registrar
        schema, office = self._store.schemas[compartment], registrar.signer.device.office
        return dispositions.read(connection, schema, compartment, registrar.standing, office)

    # Who is done

    def acknowledge(self) -> int:
        """Says of each erasure that this device is done, where that is so and new; how many compartments."""
        registrar = self._registrar
        standing, signer = registrar.standing, registrar.signer
        device = signer.device.id
        said: dict[str, list[Disposition]] = {}
        with self._store.read() as connection:
            for compartment, schema in self._store.schemas.items():
                if device not in {one.id for one in standing.holders(compartment)}:
                    continue
                decided = self._read(connection, compartment)
                erasures = {one.says.decision for one in decided if isinstance(one.says, Erasure)}
                if not erasures or not _is_done(connection, schema, compartment, standing, device):
                    continue
                due, told = Ledger(connection, schema).due(), dispositions.acknowledged(decided)
                new = sorted(one for one in erasures if told.get(one, {}).get(device, -1) < due)
                if new:
                    made = dispositions.now()
                    said[compartment] = [Acknowledgement(device, made, tuple(new), due)]
        if said:
            # Also where an earlier attempt broke off between the epoch's end and this.
            registrar.burn()
            with self._store.write() as connection:
                dispositions.enter(self._store, connection, signer, said)
        return len(said)

    def progress(self) -> list[Progress]:
        """How far each erasure has come."""
        registrar = self._registrar
        standing, office = registrar.standing, registrar.office
        decided = self._every()
        stages: dict[str, _Stage] = {}
        with self._store.read() as connection:
            for compartment, schema in self._store.schemas.items():
                ledger, tombs = Ledger(connection, schema), Tombstones(connection, schema)
                due = ledger.due()
                # Tables and epochs must go each month, whatever they led to: it is the page that they need.
                to_go = {name for kind, name in tombs.to_go() if kind in ("page", BLOB)}
                stages[compartment] = _Stage(
                    _is_done(connection, schema, compartment, standing, registrar.device),
                    due,
                    _opening(ledger),
                    frozenset(place.name for place in office.carriers if to_go & ledger.carried(place.name)),
                    dispositions.acknowledged(one for one in decided if one.compartment == compartment),
                )
        roots = {one.says.decision: one.says.root for one in decided if isinstance(one.says, Erasure)}
        out = []
        for erasure in self.erasures():
            own = [stages[where] for where in erasure.records]
            carriers = [
                (
                    place.name,
                    dispositions.at(place.synced) >= erasure.made
                    and not any(place.name in stage.carriers for stage in own),
                )
                for place in office.carriers
            ]
            renewed = standing.number > roots[erasure.id] and not any(
                standing.recovery in stage.opening for stage in own
            )
            devices = self._devices(erasure, stages)
            out.append(Progress(erasure, all(stage.here for stage in own), devices, tuple(carriers), renewed))
        return out

    def _devices(self, erasure: Decision, stages: Mapping[str, _Stage]) -> tuple[tuple[str, str, bool], ...]:
        """Of each other device that holds a compartment of an erasure: its id, its member's name, whether it
        is done."""
        standing, own = self._registrar.standing, self._registrar.device
        done: dict[str, bool] = {}
        for where in erasure.records:
            stage = stages[where]
            for one in standing.holders(where):
                told = stage.told.get(erasure.id, {}).get(one.id, -1) >= stage.due
                done[one.id] = done.get(one.id, True) and told and one.recipients[-1] not in stage.opening
        return tuple(
            (id_, standing.members[standing.devices[id_].member].name, done[id_])
            for id_ in sorted(done.keys() - {own})
        )


class _Stage(NamedTuple):
    """How far the erasures of one compartment are: on this computer; the last epoch that leads to one, and
    the recipients that such epochs were handed to; the carriers that still had what leads there; which
    devices have said that they are done, by decision."""

    here: bool
    due: int
    opening: frozenset[str]
    carriers: frozenset[str]
    told: dict[str, dict[str, int]]


def held() -> CasebookError:
    """What is said where something is to be erased that must be kept."""
    return CasebookError(
        "Something of it must be kept: there is a hold on it.",
        safe="Nothing was erased.",
        do="See who decided so, and why: estelik hold list",
    )


def _opening(ledger: Ledger) -> frozenset[str]:
    """The recipients that epochs were handed to which lead to something erased."""
    due = ledger.due()
    return frozenset().union(*(one.handed for one in ledger.epochs() if one.number <= due))


def _is_done(connection: Connection, schema: str, compartment: str, standing: Standing, device: str) -> bool:
    """Whether nothing on this ``device`` opens what was erased in a compartment: no page, no epoch that leads
    to one, no identity that opens the file of such an epoch."""
    ledger, tombs = Ledger(connection, schema), Tombstones(connection, schema)
    periods = ledger.epochs()
    period = present(periods, compartment, standing)
    return (
        period is not None
        and period.number > ledger.due()
        and not any(one.identity and one.number <= ledger.due() for one in periods)
        and standing.devices[device].recipients[-1] not in _opening(ledger)
        and all(tombs.records().values())
    )


def _together(decided: list[tuple[Decided, Erasure]] | list[tuple[Decided, _D]]) -> list[Decision]:
    """What was decided at once in several compartments as one decision, in the order of time."""
    out: dict[str, Decision] = {}
    for one, says in decided:
        known = out.get(says.decision)
        name = one.member.name or one.member.id
        records: Named = {} if known is None else known.records
        out[says.decision] = Decision(
            says.decision, says.made, says.reason, name, records | {one.compartment: says.records}
        )
    return sorted(out.values(), key=lambda one: (one.made, one.id))
