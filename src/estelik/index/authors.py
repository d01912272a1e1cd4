"""Authors: which member entered what, as far as that can be shown.

What was signed at a seat is its member's, and nothing else is: that a record
names a seat as its author shows nothing. What was entered on a computer that
one member alone uses bears no signature of its own; the computer seals it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from estelik.index import reader
from estelik.records import stored
from estelik.vault import authorship

if TYPE_CHECKING:
    from collections.abc import Collection

    from estelik.vault.registrar import Registrar
    from estelik.vault.standing import Member
    from estelik.vault.store import Store


def authors(store: Store, registrar: Registrar, kind: str) -> dict[str, Member]:
    """Of each record of a kind that its author has signed, by the record's id: the member."""
    standing, office = registrar.standing, registrar.signer.device.office
    out = {}
    with store.read() as connection:
        for compartment, schema in store.schemas.items():
            rows = connection.execute(f"SELECT id, body FROM {schema}.record WHERE kind = ?", (kind,))
            for id_, body in rows:
                if device := authorship.author(compartment, kind, id_, body, standing, office):
                    out[id_] = standing.members[standing.devices[device].member]
    return out


def judges(store: Store, registrar: Registrar, ids: Collection[str] | None = None) -> dict[str, str]:
    """Of each judgement (or of those with these ``ids``), by its own id: the name of the member who made it.

    One that names a seat, or is signed, is that member's whose signature is
    under it; any other that of the computer that it names. Where records of
    several members claim one id it is nobody's.
    """
    standing, office = registrar.standing, registrar.signer.device.office
    found: dict[str, set[str]] = {}
    with store.read() as connection:
        for compartment, schema in store.schemas.items():
            for id_, _, _, data in reader.judged(connection, schema):
                judgement = stored.decode_judgement(data)
                if ids is not None and judgement.id not in ids:
                    continue
                body = data.decode()
                named = standing.devices.get(judgement.device)
                if authorship.claimed(body) or (named is not None and named.seat):
                    device = authorship.author(compartment, stored.JUDGEMENT, id_, body, standing, office)
                    named = standing.devices.get(device)
                found.setdefault(judgement.id, set()).add("" if named is None else named.member)
    return {
        id_: standing.members[member].name
        for id_, who in found.items()
        for member in who
        if len(who) == 1 and member
    }
