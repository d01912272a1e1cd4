"""Linked: the pairs that linkage found, kept where `estelik review` finds them, until they are judged.

``index_linked`` lies in the file of a compartment. How probable a pair is, and whether it is found at all,
rests on everybody who was looked at: how common a word is, who is one with whom, how many there are. So all
pairs lie in the strictest of the compartments that were open then, name both by the ids of records, and are
told to nobody who lacks one of these; she has people linked for herself. Like all that was worked out they
go where anything is erased, or the index is made anew; then people have to be linked again.
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
    rows: list[tuple[str, str, float, str]] = []
    where, needs = judged.strictest(store.schemas), " ".join(sorted(store.schemas))
    with store.write() as connection:
        drop(connection, store.schemas)
        for one in sorted(pairs, key=lambda one: (-one.score, one.pair))[:MOST]:
            ends = [judged.places(connection, store.schemas, _named(name)) for name in one.pair]
            # Who was split off in a telling is nobody that a record stands for.
            if not all(ends):
                continue
            one_end, other_end = sorted(
                found[where if where in found else judged.strictest(found)].record for found in ends
            )
            rows.append((one_end, other_end, one.score, needs))
        schema = store.schemas[where]
        connection.execute(
            f"CREATE TABLE {schema}.{_TABLE} (one TEXT NOT NULL, other TEXT NOT NULL, "
            "probability REAL NOT NULL, needs TEXT NOT NULL)"
        )
        connection.driver.executemany(f"INSERT INTO {schema}.{_TABLE} VALUES (?, ?, ?, ?)", rows)
    return len(rows)


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
