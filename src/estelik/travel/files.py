"""Files of evidence that come home: their records as they were made on the way, and what is sealed."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import msgspec

from estelik.index import evidence as index
from estelik.index import excerpt
from estelik.index.evidence import Fresh
from estelik.records import evidence as records
from estelik.records.evidence import Accession, Evidence, Relation
from estelik.vault import blobs, transfer
from estelik.vault.blob import KIND

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from estelik.casebook import Casebook
    from estelik.index.excerpt import Row


class Files(NamedTuple):
    """Records of evidence that are to be entered, with the label of the source that each came from (""), how
    many are there already, and how many belong to a file that home no longer holds."""

    fresh: list[tuple[Fresh, str]]
    there: int
    apart: int

    def records(self) -> int:
        """How many records there are to enter."""
        return len(self.fresh)

    def added(self) -> int:
        """How many files are new."""
        return sum(isinstance(one.record, Evidence) for one, _ in self.fresh)


def compared(
    home: Casebook, travel: Casebook, added: Sequence[Row], lost: Collection[str], renamed: Mapping[str, str]
) -> Files:
    """Those of the ``added`` records that home lacks. A file that home has by another id, since somebody else
    brought it there, is that one. ``lost``: ids of records that home no longer holds."""
    by_hash = {one.evidence.sha256: one.id for one in index.every(home.vault.store)} if added else {}
    labels = _labels(travel) if added else {}
    there = apart = 0
    known: set[str] = set()
    for compartment in {row.compartment for row in added}:
        ids = [row.id for row in added if row.compartment == compartment]
        known |= excerpt.known(home.vault.store, compartment, ids).keys()
    decoded = [(row, records.decode(row.body.encode())) for row in sorted(added, key=lambda row: row.order)]
    same = {
        row.id: by_hash[record.sha256]
        for row, record in decoded
        if isinstance(record, Evidence) and row.id not in known and record.sha256 in by_hash
    }
    fresh: list[tuple[Fresh, str]] = []
    for row, found in decoded:
        record = found
        if not isinstance(record, Evidence):
            if record.evidence in lost:
                apart += 1
                continue
            record = excerpt.replaced(record, same)
        if row.id in known or row.id in same:
            there += 1
            continue
        if isinstance(record, Relation) and record.statement in renamed:
            record = msgspec.structs.replace(record, statement=renamed[record.statement])
        label = labels.get(record.source, "") if isinstance(record, Accession) else ""
        fresh.append((Fresh(row.compartment, record, row.id), label))
    return Files(fresh, there, apart)


def enter(home: Casebook, travel: Casebook, files: Files) -> list[str]:
    """Takes in sealed files and then their records; the ids of files that are not whole in ``travel``: what
    belongs to them is left out."""
    if not files.fresh:
        return []
    vault, store = home.vault, home.vault.store
    vault.sweep_blobs()
    new = {one.id for one, _ in files.fresh if isinstance(one.record, Evidence)}
    kept = [one for one in blobs.every(travel.vault.store) if one.record in new]
    try:
        with blobs.making(vault.shelf_folder):
            for compartment in {one.compartment for one in kept}:
                blobs.begin(store, compartment, [k.blob.name for k in kept if k.compartment == compartment])
            transfer.fetch(vault.shelf, travel.vault.shelf, kept)
            here = vault.shelf.names(KIND)
            damaged = {one.record for one in kept if here.get(one.blob.name) != one.blob.bytes}
            some = [pair for pair in files.fresh if _file(pair[0]) not in damaged]
            for label in dict.fromkeys(label for _, label in some):
                index.enter(store, [one for one, of in some if of == label], label)
    finally:
        vault.sweep_blobs()
    return sorted(damaged)


def _file(one: Fresh) -> str:
    return one.id if isinstance(one.record, Evidence) else one.record.evidence


def _labels(travel: Casebook) -> dict[str, str]:
    """The labels of the sources that accessions name."""
    return {
        accession.source: label
        for one in index.every(travel.vault.store)
        for accession, label in zip(one.accessions, one.sources, strict=True)
        if accession.source
    }
