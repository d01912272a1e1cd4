"""Sealing: records into segments, onto a carrier, and back.

Records of one compartment as a sheet makes them, out of an encrypted casebook
with a cheap passphrase. Beside the rates: what sealing adds to entering, how
much larger a segment is than what is sealed in it, and a sync with nothing to do.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from bench.measure import Row, scaled, seconds, table, verdict
from bench.mixed import mixed_lives
from estelik.casebook import Casebook
from estelik.ids import new_ids
from estelik.vault import custody, entry, segment
from estelik.vault.carriers.folder import FolderCarrier
from estelik.vault.device import signer as signer_of
from estelik.vault.keys import Cost
from estelik.vault.office import Place

if TYPE_CHECKING:
    from estelik.records import Statement

_CHEAP = Cost(memory=8, passes=1, lanes=1)
_PASSPHRASE = b"a sentence for measuring only"
_RECORDS = 100_000
_TEXT = b"x" * 300


def main() -> None:
    """Measures, prints; fails where what comes back is not what was sealed."""
    _core()
    with tempfile.TemporaryDirectory() as folder:
        _office(Path(folder))


def _core() -> None:
    """Sealing and checking alone, in memory."""
    count = scaled(_RECORDS, 1000)
    secret = custody.new_secret()
    root = custody.root(secret).public_key().public_bytes_raw()
    signer = signer_of(custody.new_secret(), root)
    chain = entry.Chain(signer.device.office, signer.device.id, "testimony")
    ids, keys = new_ids(count), entry.new_keys(count)
    sealed = entry.seal("testimony", ids, keys, [_TEXT] * count)

    def chained() -> None:
        fresh = entry.seal("testimony", ids, entry.new_keys(count), [_TEXT] * count)
        chain.heads(chain.start(), 1, [(one.record, one.digest) for one in fresh])

    identity = custody.recovery(secret)
    parts = [
        segment.Segment(
            signer.device, "testimony", 1, chain.start(), (), 0,
            tuple((one.record, one.text, None) for one in sealed[start : start + 1000]),
        )
        for start in range(0, count, 1000)
    ]  # fmt: skip
    files = [segment.packed(part, signer.key, identity.to_public()) for part in parts]

    def checked() -> None:
        for file in files:
            found = segment.opened(file, identity, signer.device.office)
            found.chain.heads(found.previous, found.first, [(s.record, s.digest) for s in found.sealed()])

    rates = [
        Row("sealed and chained", count / seconds(chained, 3), 1, count),
        Row("segments opened and checked", count / seconds(checked, 3), 1, count),
    ]
    table("records", rates[:1], 50_000)
    table("records", rates[1:], 100_000)
    inside = sum(len(one.text or b"") for one in sealed)
    over = sum(map(len, files)) / inside - 1
    print(
        f"  segment of 1,000 records{over:28.1%} more than is sealed in it   {verdict(over < 0.1)}: under 10%"
    )


def _office(folder: Path) -> None:
    """The whole way on disk."""
    statements = _statements(scaled(_RECORDS, 1000))
    (folder / "carrier").mkdir()
    carrier = FolderCarrier(folder / "carrier")
    with Casebook.create(folder / "office", _PASSPHRASE, cost=_CHEAP) as office:
        entering = seconds(lambda: office.add_statements(statements), 1)
        records = office.vault.health().records
        sealing = seconds(office.vault.seal, 1)
        office.vault.add_carrier(Place("carrier", str(folder / "carrier")))
        carrying = seconds(lambda: office.sync("carrier", carrier), 1)
        idle = seconds(lambda: (office.vault.seal(), office.sync("carrier", carrier)), 5)
        verifying = seconds(lambda: office.vault.verify(carrier), 1)
        shares = office.vault.share_out(3, 5)
        print(f"  {len(statements):,} statements, {records:,} records")
        for what, took in (
            ("entered", entering),
            ("sealed into segments on disk", sealing),
            ("carried to a folder", carrying),
            ("verified on the folder", verifying),
        ):
            print(f"  {what:38}{records / took:16,.0f} records/s")
        share = entering / (entering + sealing)
        held = verdict(share >= 0.5)
        print(f"  entering, with sealing after it{share:28.2f} of its rate without   {held}: half")
        print(f"  sync with nothing to do{idle * 1000:33,.0f} ms   {verdict(idle < 1)}: under 1 s")

        def restore() -> None:
            back, found = Casebook.restore(folder / "back", _PASSPHRASE, carrier, shares[:3], cost=_CHEAP)
            with back:
                assert not found.troubles
                assert back.statements() == office.statements()

        restoring = seconds(restore, 1)
        print(f"  {'restored, indexed, compared':38}{records / restoring:16,.0f} records/s")


def _statements(count: int) -> list[Statement]:
    found = []
    for statement in mixed_lives(count):
        found.append(statement)
        if len(found) == count:
            break
    return found


if __name__ == "__main__":
    main()
