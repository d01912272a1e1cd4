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
from estelik.vault.envelope import LARGEST
from estelik.vault.ledger import Line
from estelik.vault.links import Trouble
from estelik.vault.text import decode_text, is_batch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from pyrage.x25519 import Identity

    from estelik.vault.carriers.carrier import Carrier
    from estelik.vault.roll import Signed
    from estelik.vault.text import Text


class Found(NamedTuple):
    """One segment that was read and checked: its line for the ledger, its compartment, its records, the
    heads of other chains that it saw, and the files of it and its page."""

    line: Line
    compartment: str
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
    """What a carrier holds for whoever has ``identities`` of an office with this (first) root.

    ``vouch`` says of a device whether the roll names it; without it, every
    device's word counts. Statements of the roll that come with tables go to it
    first, by ``learn``. ``numbers``: those of tables that were taken in before,
    by compartment, device and epoch; ``digests``: the SHA-256 of their files.
    """

    def __init__(
        self,
        carrier: Carrier,
        identities: Sequence[Identity],
        office: bytes,
        learn: Callable[[Iterable[Signed]], object] = lambda _: None,
        vouch: Callable[[str, str], bool] = lambda _device, _compartment: True,
        numbers: Mapping[tuple[str, str, int], AbstractSet[int]] = {},
        digests: AbstractSet[bytes] = frozenset(),
    ) -> None:
        self._digests = digests
        self._carrier = carrier
        self._numbers = numbers
        self._identities = list(identities)
        self._office = office
        self._learn = learn
        self._vouch = vouch
        self.troubles: list[Trouble] = []
        #: Tables that are for none of the identities: another compartment's, or junk.
        self.closed: list[str] = []
        self.tables: list[Held] = []
        #: (compartment, segment) -> its pages, the newest first
        self.leaves: dict[tuple[str, str], list[table.Leaf]] = {}
        #: page -> the highest epoch under which a table leads to it
        self.handed: dict[str, int] = {}

    def read_tables(self, names: Iterable[str] | None = None) -> None:
        """Reads every table, or those of these ``names``, and keeps the pages of each segment."""
        digests = set(self._digests)
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
        for held in self.tables:
            self._learn(held.says.vouched)
        strange = [one for one in self.tables if not self._vouch(one.says.by.id, one.says.compartment)]
        self.troubles += [
            Trouble("stranger", "table", one.name, one.says.compartment, one.says.by.id, one.says.number)
            for one in strange
        ]
        # In the order in which they were made: chain by chain, a table's leaves from its first to its last.
        self.tables = sorted(
            (one for one in self.tables if one not in strange),
            key=lambda one: (one.says.compartment, one.says.epoch, one.says.by.id, one.says.number, one.name),
        )
        for held in self.tables:
            for leaf in held.says.leaves:
                self.handed[leaf.page] = max(self.handed.get(leaf.page, 0), held.says.epoch)
                known = self.leaves.setdefault((held.says.compartment, leaf.segment), [])
                if leaf not in known:
                    known.append(leaf)
                    known.sort(key=lambda one: (one.version, one.page), reverse=True)
        self._missing_tables()

    def lead_to(self, compartment: str, lines: Iterable[Line]) -> None:
        """Adds segments that are known: no table need be read for them."""
        self.leaves.update(
            ((compartment, one.name), [table.Leaf(one.name, one.version, one.page, one.key)]) for one in lines
        )

    def read(self, kind: str, name: str) -> bytes:
        """A file of the carrier."""
        return self._carrier.read(kind, name, LARGEST)

    def unnamed(self) -> list[str]:
        """The segments that no table names: the table that did is withheld, or never arrived."""
        return sorted(self._carrier.names("segment").keys() - {name for _, name in self.leaves})

    def _missing_tables(self) -> None:
        """Tables are numbered under each epoch: a run of them that is left out shows."""
        numbers: defaultdict[tuple[str, str, int], set[int]] = defaultdict(set)
        for held in self.tables:
            numbers[held.says.compartment, held.says.by.id, held.says.epoch].add(held.says.number)
        for (compartment, device, epoch), there in numbers.items():
            last = 0
            for number in sorted(there.union(self._numbers.get((compartment, device, epoch), ()))):
                if number > last + 1:
                    self.troubles.append(Trouble("missing", "table", "", compartment, device, last + 1))
                last = number

    def _unread(self, kind: str, name: str, compartment: str = "") -> None:
        """Notes a file that the carrier does not give; raises where the carrier itself is gone."""
        self._carrier.names(kind)
        self.troubles.append(Trouble("damaged", kind, name, compartment))

    def segments(self, progress: Callable[[int, int], None] = lambda _done, _all: None) -> Iterator[Found]:
        """Every segment that a page opens, chain by chain; those that do not open go to ``troubles``."""
        for number, ((compartment, name), leaves) in enumerate(self.leaves.items(), 1):
            found = None
            troubles: list[Trouble] = []
            for leaf in leaves:
                found = self._segment(compartment, name, leaf, troubles)
                if found is not None:
                    break
            else:
                self.troubles += troubles[:1]
            progress(number, len(self.leaves))
            if found is not None:
                yield found

    def _segment(
        self, compartment: str, name: str, leaf: table.Leaf, troubles: list[Trouble]
    ) -> Found | None:
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
            _same(all(text is None or is_batch(text.batch) for _, text in records))
        except MissingError:
            troubles.append(Trouble("missing", kind, of, compartment))
            return None
        except (NameRefusedError, TooLargeError, SealError, ValueError, IdentityError):
            troubles.append(Trouble("damaged", kind, of, compartment))
            return None
        except CarrierError:
            self._carrier.names(kind)
            troubles.append(Trouble("damaged", kind, of, compartment))
            return None
        line = Line(
            name,
            made.by.id,
            made.first,
            made.last,
            made.previous,
            heads[-1],
            leaf.page,
            leaf.version,
            leaf.key,
        )
        return Found(line, compartment, records, made.seen, data, opener)


def _same(good: bool) -> None:  # noqa: FBT001 (the one thing it is about)
    if not good:
        raise SealError("A segment is not the one that its page names.")
