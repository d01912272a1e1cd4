"""Collecting: the chains that a carrier holds, opened and checked.

Nothing on a carrier is believed: every table, page and segment is checked by
signature and hash, every chain from its start. What is missing or damaged is
named by device and number, and what can be read is read.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from estelik.errors import SealError
from estelik.vault import entry, page, segment, table
from estelik.vault.carriers.failures import CarrierError, MissingError, NameRefusedError, TooLargeError
from estelik.vault.cut import decode_text
from estelik.vault.envelope import LARGEST
from estelik.vault.ledger import Line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from pyrage.x25519 import Identity

    from estelik.vault.carriers.carrier import Carrier
    from estelik.vault.cut import Text


class Trouble(NamedTuple):
    """Something that is not as it should be: ``what``, the ``kind`` of file, its ``name`` on the carrier, or
    the compartment, device and number that it is about.

    On a carrier: missing, damaged, differs (from what is here), gap, fork, closed (a table that does not
    open), unnamed (a segment that no table names); in a sync also lost and unsent (``vault.sync``).
    On this computer a database can be damaged.
    """

    what: str
    kind: str
    name: str
    compartment: str = ""
    device: str = ""
    number: int = 0


class Found(NamedTuple):
    """One segment that was read and checked: its line for the ledger, its compartment, its records, the
    heads of other chains that it saw, and the files of it and its page."""

    line: Line
    compartment: str
    previous: bytes
    records: list[tuple[str, Text | None]]
    seen: tuple[segment.Head, ...]
    data: bytes
    page: bytes


class Held(NamedTuple):
    """One table that was read and checked: its name, its file with its SHA-256, what it says."""

    name: str
    data: bytes
    digest: bytes
    says: table.Table


class Collection:
    """What a carrier holds for whoever has ``identities`` of an office with this root."""

    def __init__(self, carrier: Carrier, identities: Sequence[Identity], office: bytes) -> None:
        self._carrier = carrier
        self._identities = list(identities)
        self._office = office
        self.troubles: list[Trouble] = []
        #: Tables that are for none of the identities: another compartment's, or junk.
        self.closed: list[str] = []
        self.tables: list[Held] = []
        #: (compartment, segment) -> the newest page of it
        self.leaves: dict[tuple[str, str], table.Leaf] = {}

    def read_tables(self, names: Iterable[str] | None = None) -> None:
        """Reads every table, or those of these ``names``, and keeps the newest page of each segment."""
        digests: set[bytes] = set()
        for name in sorted(self._carrier.names("table") if names is None else names):
            try:
                data = self._carrier.read("table", name, LARGEST)
                found = table.opened(data, self._identities, self._office)
            except (SealError, TooLargeError):
                # For another compartment, or junk: whoever cannot open it cannot tell.
                self.closed.append(name)
                continue
            except CarrierError:
                self._unread("table", name)
                continue
            digest = hashlib.sha256(data).digest()
            if digest not in digests:
                self.tables.append(Held(name, data, digest, found))
            # The same file under two names is one table.
            digests.add(digest)
        # In the order in which they were made: chain by chain, a table's leaves from its first to its last.
        self.tables.sort(key=lambda one: (one.says.compartment, one.says.by.id, one.says.number, one.name))
        for held in self.tables:
            for leaf in held.says.leaves:
                known = self.leaves.get((held.says.compartment, leaf.segment))
                if known is None or known.version < leaf.version:
                    self.leaves[held.says.compartment, leaf.segment] = leaf
        self._missing_tables()

    def unnamed(self) -> list[str]:
        """The segments that no table names: the table that did is withheld, or never arrived."""
        return sorted(self._carrier.names("segment").keys() - {name for _, name in self.leaves})

    def _missing_tables(self) -> None:
        """Tables are numbered: a run of them that is left out shows."""
        numbers: defaultdict[tuple[str, str], set[int]] = defaultdict(set)
        whole: dict[tuple[str, str], int] = {}
        for held in self.tables:
            chain = held.says.compartment, held.says.by.id
            numbers[chain].add(held.says.number)
            if held.says.whole:
                whole[chain] = max(held.says.number, whole.get(chain, 0))
        for (compartment, device), there in numbers.items():
            last = whole.get((compartment, device), 1) - 1
            for number in sorted(number for number in there if number > last):
                if number > last + 1:
                    self.troubles.append(Trouble("missing", "table", "", compartment, device, last + 1))
                last = number

    def _unread(self, kind: str, name: str, compartment: str = "") -> None:
        """Notes a file that the carrier does not give; raises where the carrier itself is gone."""
        self._carrier.names(kind)
        self.troubles.append(Trouble("damaged", kind, name, compartment))

    def segments(self, progress: Callable[[int, int], None] = lambda _done, _all: None) -> Iterator[Found]:
        """Every segment that a page opens, chain by chain.

        A gap in a chain (also at its end, where another device has seen more
        of it), and a second segment for numbers that there are already (a
        fork: the device was copied, and used in both places), go to
        ``troubles``; what can be read is given all the same.
        """
        heads: dict[tuple[str, str], tuple[int, bytes]] = {}
        seen: dict[tuple[str, str], int] = {}
        for number, ((compartment, name), leaf) in enumerate(self.leaves.items(), 1):
            found = self._segment(compartment, name, leaf)
            progress(number, len(self.leaves))
            if found is None:
                continue
            line = found.line
            chain = entry.Chain(self._office, line.device, compartment)
            last, head = heads.get((compartment, line.device), (0, chain.start()))
            if line.first > last + 1:
                self.troubles.append(Trouble("gap", "segment", "", compartment, line.device, last + 1))
            elif line.first <= last or found.previous != head:
                self.troubles.append(Trouble("fork", "segment", name, compartment, line.device, line.first))
            if line.last > last:
                heads[compartment, line.device] = line.last, line.head
            for other in found.seen:
                known = compartment, other.device
                seen[known] = max(other.number, seen.get(known, 0))
            yield found
        for (compartment, device), most in seen.items():
            last, _ = heads.get((compartment, device), (0, b""))
            if most > last:
                self.troubles.append(Trouble("gap", "segment", "", compartment, device, last + 1))

    def _segment(self, compartment: str, name: str, leaf: table.Leaf) -> Found | None:
        from pyrage import IdentityError
        from pyrage.x25519 import Identity

        try:
            kind, of = "page", leaf.page
            opener = self._carrier.read("page", leaf.page, LARGEST)
            keys = page.opened(opener, leaf.key, leaf.page)
            kind, of = "segment", name
            data = self._carrier.read("segment", name, LARGEST)
            _same(keys.segment == name and hashlib.sha256(data).digest() == keys.digest)
            made = segment.opened(data, Identity.from_str(keys.identity), self._office)
            _same(made.compartment == compartment and len(keys.keys) == len(made.records))
            sealed = made.sealed()
            heads = made.chain.heads(made.previous, made.first, [(s.record, s.digest) for s in sealed])
            records = [
                (
                    one.record,
                    decode_text(entry.unseal(compartment, one.record, key, one.text))
                    if key and one.text is not None
                    else None,
                )
                for one, key in zip(sealed, keys.keys, strict=True)
            ]
        except MissingError:
            self.troubles.append(Trouble("missing", kind, of, compartment))
            return None
        except (NameRefusedError, TooLargeError, SealError, ValueError, IdentityError):
            self.troubles.append(Trouble("damaged", kind, of, compartment))
            return None
        except CarrierError:
            self._unread(kind, of, compartment)
            return None
        line = Line(name, made.by.id, made.first, made.last, heads[-1], leaf.page, leaf.version, leaf.key)
        return Found(line, compartment, made.previous, records, made.seen, data, opener)


def _same(good: bool) -> None:  # noqa: FBT001 (the one thing it is about)
    if not good:
        raise SealError("A segment is not the one that its page names.")
