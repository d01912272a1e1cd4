"""Pages of one segment that several devices have written, joined.

Of a record's key each page knows the same or nothing. Joined they hold every
key that any of them holds, but those of erased records; whichever page says
just that, in the highest version (of two with one version, by the higher
name), is the one that all end with, in whatever order they met.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from estelik.errors import SealError
from estelik.vault import page
from estelik.vault.arrival import entered, keep
from estelik.vault.carriers.failures import CarrierError, MissingError
from estelik.vault.collect import Collection
from estelik.vault.erasing import opened_page, records_of, rewrite, without
from estelik.vault.ledger import Ledger
from estelik.vault.links import Trouble
from estelik.vault.tombstone import Tombstones

if TYPE_CHECKING:
    from estelik.vault.carriers.carrier import Carrier
    from estelik.vault.connection import Connection
    from estelik.vault.ledger import Line
    from estelik.vault.store import Store
    from estelik.vault.table import Leaf


def join(
    store: Store, shelf: Carrier, held: Collection, named: dict[tuple[str, str], list[Leaf]], office: bytes
) -> set[str]:
    """Joins the pages that ``named`` (compartment, segment) leads to with those that are here.

    What is wrong goes to the troubles of ``held``. Gives the pages that could
    not be read: tables that lead to them are looked at again.
    """
    here: dict[str, dict[str, str]] = {}
    with store.read() as connection:
        for compartment, schema in store.schemas.items():
            here[compartment] = Ledger(connection, schema).pages()
    unread: set[str] = set()
    for (compartment, name), leaves in named.items():
        mine = here.get(compartment, {}).get(name)
        others = [leaf for leaf in leaves if leaf.page != mine]
        if mine is None or not others:
            continue
        with store.write() as connection:
            schema = store.schemas[compartment]
            for leaf in others:
                if not _joined(connection, schema, compartment, shelf, held, leaf, office):
                    unread.add(leaf.page)
    return unread


def _joined(
    connection: Connection,
    schema: str,
    compartment: str,
    shelf: Carrier,
    held: Collection,
    leaf: Leaf,
    office: bytes,
) -> bool:
    """Joins one page with that of its segment; False where it cannot be read."""
    ledger, tombs = Ledger(connection, schema), Tombstones(connection, schema)
    (line,) = ledger.lines("name = ?", (leaf.segment,))
    if leaf.page == line.page:
        return True
    if ("page", leaf.page) in tombs.to_go():
        # Somebody who did not know yet has handed it on again.
        ledger.owe(held.handed.get(leaf.page, 0))
        return True
    try:
        data = held.read("page", leaf.page)
        theirs = page.opened(data, leaf.key, leaf.page)
    except (SealError, CarrierError) as error:
        if leaf.version > line.version:
            what = "missing" if isinstance(error, MissingError) else "damaged"
            held.troubles.append(Trouble(what, "page", leaf.page, compartment))
        # Where it is superseded, whoever wrote it has taken it away.
        return leaf.version <= line.version
    try:
        own = opened_page(shelf, line)
        ids = records_of(shelf, line, own, office)
    except (SealError, CarrierError):
        held.troubles.append(Trouble("damaged", "segment", line.name, compartment))
        return False
    if (theirs.segment, theirs.digest, theirs.version, theirs.identity, len(theirs.keys)) != (
        *(own.segment, own.digest, leaf.version, own.identity),
        len(own.keys),
    ) or any(one and other and one != other for one, other in zip(own.keys, theirs.keys, strict=True)):
        held.troubles.append(Trouble("damaged", "page", leaf.page, compartment))
        return True
    gone = tombs.among(ids)
    at = [number for number, record in enumerate(ids) if record in gone]
    tombs.found_in(line.name, [ids[number] for number in at])
    if any(theirs.keys[number] for number in at):
        tombs.shed("page", [leaf.page])
        ledger.owe(held.handed.get(leaf.page, 0))
    both = [one or other for one, other in zip(own.keys, theirs.keys, strict=True)]
    _choose(ledger, tombs, shelf, line, own, leaf, theirs, data, without(both, at))
    if any(new and not old for new, old in zip(without(both, at), own.keys, strict=True)):
        _enter(connection, schema, compartment, shelf, held, leaf.segment, office)
    return True


def _choose(
    ledger: Ledger,
    tombs: Tombstones,
    shelf: Carrier,
    line: Line,
    own: page.Page,
    leaf: Leaf,
    theirs: page.Page,
    data: bytes,
    keys: tuple[bytes, ...],
) -> None:
    """Keeps the page here, takes the other one, or writes one in place of both."""
    theirs_is_higher = (leaf.version, leaf.page) > (line.version, line.page)
    if keys == theirs.keys and theirs_is_higher:
        keep(shelf, "page", leaf.page, data)
        if any(old and not new for old, new in zip(own.keys, keys, strict=True)):
            tombs.shed("page", [line.page])
            ledger.owe(ledger.handed_on(line.name))
        ledger.replace_page(line.name, leaf.page, leaf.version, leaf.key, 0)
    elif keys != own.keys or theirs_is_higher:
        rewrite(ledger, tombs, shelf, line, own, keys, max(line.version, leaf.version) + 1)


def _enter(
    connection: Connection,
    schema: str,
    compartment: str,
    shelf: Carrier,
    held: Collection,
    segment: str,
    office: bytes,
) -> None:
    """Enters the records of a segment again: the page here lacked keys that were not taken away by right."""
    ledger = Ledger(connection, schema)
    lines = ledger.lines("name = ? AND held = 0", (segment,))
    opened = Collection(shelf, [], office)
    opened.lead_to(compartment, lines)
    for found in opened.segments():
        entered(connection, schema, compartment, found.records, held.troubles)
    ledger.seal_all()
