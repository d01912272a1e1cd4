"""Linked: the pairs that linkage found, kept where `estelik review` finds them, until they are judged.

``index_linked`` lies in the file of a compartment. A pair is worked out from all compartments that know
either of the two, so it lies in the strictest of these, names both by the ids of records, and is told to
nobody who lacks one of them. Like all that was worked out it goes where anything is erased, or the index is
made anew; then people have to be linked again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from estelik.identity.candidate import Candidate
from estelik.identity.verdict import key
from estelik.index import judged
from estelik.records import Named

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from estelik.vault.connection import Connection
    from estelik.vault.store import Store

_TABLE: Final = "index_linked"
#: So many pairs are kept, the likeliest.
MOST: Final = 10_000


def keep(store: Store, pairs: Sequence[Candidate]) -> int:
    """Keeps these pairs, the likeliest of them, instead of those of before; how many."""
    rows: dict[str, list[tuple[str, str, float, str]]] = {}
    with store.write() as connection:
        drop(connection, store.schemas)
        for one in sorted(pairs, key=lambda one: (-one.score, one.pair))[:MOST]:
            ends = [judged.places(connection, store.schemas, _named(name)) for name in one.pair]
            # Who was split off in a telling is nobody that a record stands for.
            if not all(ends):
                continue
            known = {name for found in ends for name in found}
            where = judged.strictest(known)
            records = [found[where if where in found else judged.strictest(found)].record for found in ends]
            needs = " ".join(sorted(known))
            rows.setdefault(where, []).append((*sorted(records)[:2], one.score, needs))  # type: ignore[arg-type]
        for name, found in rows.items():
            schema = store.schemas[name]
            connection.execute(
                f"CREATE TABLE {schema}.{_TABLE} (one TEXT NOT NULL, other TEXT NOT NULL, "
                "probability REAL NOT NULL, needs TEXT NOT NULL)"
            )
            connection.driver.executemany(f"INSERT INTO {schema}.{_TABLE} VALUES (?, ?, ?, ?)", found)
    return sum(map(len, rows.values()))


def kept(store: Store) -> list[Candidate]:
    """The pairs that are kept, of those whom this member can open."""
    out = []
    with store.read() as connection:
        schemas = store.schemas
        rows = [
            (one, other, probability)
            for schema in schemas.values()
            if _there(connection, schema)
            for one, other, probability, needs in connection.execute(
                f"SELECT one, other, probability, needs FROM {schema}.{_TABLE}"
            )
            if set(needs.split()) <= set(schemas)
        ]
        names = judged.keys(connection, schemas, {id_ for row in rows for id_ in row[:2]})
        for one, other, probability in rows:
            if one in names and other in names:
                out.append(Candidate(key(names[one]), key(names[other]), probability, linked=True))
    return out


def drop(connection: Connection, schemas: Mapping[str, str]) -> None:
    """Takes the pairs away."""
    for schema in schemas.values():
        connection.execute(f"DROP TABLE IF EXISTS {schema}.{_TABLE}")


def shown(pairs: Iterable[Candidate], people: Iterable[str]) -> list[Candidate]:
    """The pairs of which both are among these people (keys)."""
    there = set(people)
    return [one for one in pairs if one.one in there and one.other in there]


def _there(connection: Connection, schema: str) -> bool:
    sql = f"SELECT count(*) FROM {schema}.sqlite_master WHERE name = ?"
    return bool(connection.execute(sql, (_TABLE,)).scalar_one())


def _named(name: str) -> Named:
    label, _, statement = name.partition("\x1f")
    return Named(label, statement=statement)
