"""Evidence in the store: its records entered together, and read back as pieces of evidence."""

from __future__ import annotations

from collections import defaultdict
from operator import itemgetter
from typing import TYPE_CHECKING, Final, NamedTuple

import msgspec

from estelik.errors import CasebookError
from estelik.ids import new_id, new_places
from estelik.index import tables
from estelik.records import evidence as records
from estelik.records import stored
from estelik.records.evidence import (
    EVIDENCE,
    Accession,
    Derivation,
    Evidence,
    Faces,
    Relation,
    Stamp,
    StampRequest,
)
from estelik.records.stored import SOURCE
from estelik.vault import blobs
from estelik.vault import tables as vault_tables
from estelik.vault.inserts import Inserts
from estelik.vault.store import Batch

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from estelik.index.lives import Lives
    from estelik.records.evidence import Record
    from estelik.vault.connection import Connection
    from estelik.vault.store import Store

#: The compartment of the links to whoever brought something.
SOURCES: Final = "source"


class Exhibit(NamedTuple):
    """One piece of evidence as whoever opens the casebook sees it: its id and compartment, and all that was
    recorded of it. ``sources``: the labels of those who brought it, in step with ``accessions``; requests
    and stamps by their ids. ``lie_in``: the compartments of the relations, in step with them; ``faces``: what
    was proposed, the last one last; ``origins``: of which other pieces of evidence it was made, and how."""

    id: str
    compartment: str
    evidence: Evidence
    accessions: list[Accession]
    sources: list[str]
    relations: list[Relation]
    derivations: list[Derivation]
    requests: dict[str, StampRequest]
    stamps: dict[str, Stamp]
    lie_in: list[str]
    faces: list[Faces]
    origins: list[Derivation]


class Row(NamedTuple):
    """A record of evidence as it lies in the store."""

    batch: str
    place: int
    id: str
    compartment: str
    record: Record


class Fresh(NamedTuple):
    """A record to be entered."""

    compartment: str
    record: Record
    id: str = ""


def every(store: Store, hidden: Collection[str] = ()) -> list[Exhibit]:
    """All evidence, in order of entry, without the records that are ``hidden`` (kept out of sight)."""
    with store.read() as connection:
        return _every(connection, store, hidden)


def bearing(found: Iterable[Exhibit], lives: Lives, subject: str) -> list[Exhibit]:
    """The evidence that bears on a subject, or on a statement about it: by who is who, as timelines are.

    What bears on a label bears on whoever it stands for, but for those who were split off it.
    """
    keys = lives.whose(subject)
    own = {one.statement for one in lives.told_of(keys)}
    return [
        one
        for one in found
        if any(
            relation.subject in keys or relation.subject == subject or relation.statement in own
            for relation in one.relations
        )
    ]


def enter(store: Store, fresh: Sequence[Fresh], source: str = "") -> bool:
    """Enters records of evidence, all or none; the notes of their blobs go.

    ``source``: the label of who brought it, which every accession among them
    gets. False, and nothing is entered, where a file among them is there
    already: somebody else has added it meanwhile.
    """
    with store.write() as connection, Inserts(connection) as inserts:
        added = {one.record.sha256 for one in fresh if isinstance(one.record, Evidence)}
        if added and any(one.evidence.sha256 in added for one in _every(connection, store)):
            return False
        where: defaultdict[str, list[Fresh]] = defaultdict(list)
        for one in fresh:
            where[one.compartment].append(one)
        batch = Batch(store, connection, inserts)
        came = any(isinstance(one.record, Accession) for one in fresh)
        teller = _source(store, connection, inserts, batch, source) if came else ""
        for compartment, ones in where.items():
            bodies = [
                records.encode(
                    msgspec.structs.replace(one.record, source=teller)
                    if isinstance(one.record, Accession)
                    else one.record
                ).decode()
                for one in ones
            ]
            ids = [one.id or new_id() for one in ones]
            batch.append(compartment, EVIDENCE, ids, new_places(len(ones)), bodies)
        inserts.wait()
        for one in fresh:
            if isinstance(one.record, Evidence):
                blobs.finish(connection, store.schemas[one.compartment], [one.record.blob.name])
    return True


def _source(store: Store, connection: Connection, inserts: Inserts, batch: Batch, label: str) -> str:
    """The id of the source with this label; a new one is entered."""
    if not label:
        return ""
    if SOURCES not in store.schemas:
        raise CasebookError(
            "Who brought something is a source, and the names of sources are not open to you.",
            do="Ask somebody who holds the compartment of sources: estelik member list",
        )
    schema, name = store.schemas[SOURCES], tables.name(SOURCE, label)
    known = tables.names(connection, schema, {name}).get(name)
    if known is not None:
        return known
    made = new_id()
    batch.append(SOURCES, SOURCE, [made], new_places(1), [records.encode(stored.Source(label)).decode()])
    tables.enter_names(inserts, schema, [(*name, made)])
    return made


def _every(connection: Connection, store: Store, hidden: Collection[str] = ()) -> list[Exhibit]:
    return assembled(
        connection,
        store,
        (
            Row(batch, place, id_, compartment, record)
            for compartment, schema in store.schemas.items()
            for _, batch, place, id_, record in rows(connection, schema)
            if id_ not in hidden
        ),
    )


def assembled(connection: Connection, store: Store, records_: Iterable[Row]) -> list[Exhibit]:
    """The pieces of evidence that these records make, in order of entry."""
    found: list[tuple[str, int, Exhibit]] = []
    rest: list[Row] = []
    for row in records_:
        if isinstance(row.record, Evidence):
            made = Exhibit(row.id, row.compartment, row.record, [], [], [], [], {}, {}, [], [], [])
            found.append((row.batch, row.place, made))
        else:
            rest.append(row)
    found.sort(key=itemgetter(0, 1))
    rest.sort(key=itemgetter(0, 1))
    by_id = {one.id: one for _, _, one in found}
    labels = _labels(connection, store, {one.source for *_, one in rest if isinstance(one, Accession)})
    for _, _, id_, compartment, record in rest:
        # What it belongs to may be in a compartment that this member does not hold.
        of = None if isinstance(record, Evidence) else by_id.get(record.evidence)
        if of is not None:
            _attach(of, id_, compartment, record, labels)
        if isinstance(record, Derivation) and record.result in by_id:
            by_id[record.result].origins.append(record)
    return [one for _, _, one in found]


def _attach(of: Exhibit, id_: str, compartment: str, record: Record, labels: dict[str, str]) -> None:
    if isinstance(record, Accession):
        of.accessions.append(record)
        of.sources.append(labels.get(record.source, record.source))
    elif isinstance(record, Relation):
        of.relations.append(record)
        of.lie_in.append(compartment)
    elif isinstance(record, Faces):
        of.faces.append(record)
    elif isinstance(record, Derivation):
        of.derivations.append(record)
    elif isinstance(record, StampRequest):
        of.requests[id_] = record
    elif isinstance(record, Stamp):
        of.stamps[id_] = record


def rows(connection: Connection, schema: str, since: int = 0) -> Iterator[tuple[int, str, int, str, Record]]:
    """Of each record of evidence in a compartment that was entered after the one numbered ``since``: its
    number, batch, place, id, and the record."""
    found = connection.execute(
        f"SELECT seq, batch, place, id, CAST(body AS BLOB) FROM {schema}.record "
        f"WHERE {vault_tables.EVIDENCE} AND seq > ? ORDER BY seq",
        (since,),
    )
    for seq, batch, place, id_, body in found:
        yield seq, batch, place, id_, records.decode(body)


def _labels(connection: Connection, store: Store, ids: set[str]) -> dict[str, str]:
    out: dict[str, str] = {}
    if SOURCES in store.schemas:
        wanted = sorted(ids - {""})
        for start in range(0, len(wanted), 500):
            chunk = tuple(wanted[start : start + 500])
            rows = connection.execute(
                f"SELECT id, CAST(body AS BLOB) FROM {store.schemas[SOURCES]}.record "
                f"WHERE id IN ({', '.join('?' * len(chunk))})",
                chunk,
            )
            out.update((id_, stored.decode_source(body).label) for id_, body in rows)
    return out
