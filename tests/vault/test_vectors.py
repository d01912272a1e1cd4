"""The program makes and opens what the vectors beside it say (``test_format`` reads them without it)."""

from __future__ import annotations

import json
from pathlib import Path

from pyrage.x25519 import Identity

from estelik.vault import custody, entry, page, segment, table
from estelik.vault.device import certified

VECTORS = json.loads((Path(__file__).parent / "vectors" / "office.json").read_text(encoding="utf-8"))
OFFICE = bytes.fromhex(VECTORS["root"])


def test_the_program_makes_the_keys_of_the_vectors() -> None:
    """Secret, root, recovery key and device are as written down."""
    secret = custody.join(VECTORS["shares"])
    assert secret.hex() == VECTORS["secret"]
    assert custody.root(secret).public_key().public_bytes_raw() == OFFICE
    assert str(custody.recovery(secret)) == VECTORS["recovery_identity"]
    device = certified(custody.root(secret), bytes.fromhex(VECTORS["device"]["seed"])).device
    assert (device.id, device.certificate.hex()) == (
        VECTORS["device"]["id"],
        VECTORS["device"]["certificate"],
    )


def test_the_program_opens_the_files_of_the_vectors() -> None:
    """Table, page, segment and records, and the chain that they make."""
    held = VECTORS["table"]
    made = table.opened(
        bytes.fromhex(held["file"]), [Identity.from_str(VECTORS["recovery_identity"])], OFFICE
    )
    (leaf,) = made.leaves
    keys = page.opened(bytes.fromhex(VECTORS["page"]["file"]), leaf.key, leaf.page)
    found = segment.opened(
        bytes.fromhex(VECTORS["segment"]["file"]), Identity.from_str(keys.identity), OFFICE
    )
    sealed = found.sealed()
    heads = found.chain.heads(found.previous, found.first, [(one.record, one.digest) for one in sealed])
    assert found.previous == found.chain.start()
    assert [head.hex() for head in heads] == VECTORS["chain"]["entries"]
    for one, key, record in zip(sealed, keys.keys, VECTORS["records"], strict=True):
        assert one.text is not None
        assert entry.unseal("testimony", one.record, key, one.text).hex() == record["text"]


def test_the_program_reads_what_is_left_of_an_erased_record() -> None:
    """The chain is the same as before it was erased."""
    held = VECTORS["segment"]
    found = segment.opened(bytes.fromhex(held["erased"]), Identity.from_str(held["identity"]), OFFICE)
    first, second = found.sealed()
    assert (first.record, first.text) == (VECTORS["records"][0]["id"], None)
    assert second.text is not None
    heads = found.chain.heads(
        found.previous, found.first, [(one.record, one.digest) for one in (first, second)]
    )
    assert [head.hex() for head in heads] == VECTORS["chain"]["entries"]
