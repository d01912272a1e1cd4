"""The program makes and opens what the vectors beside it say (``test_format`` reads them without it)."""

from __future__ import annotations

import json
from pathlib import Path

from pyrage.x25519 import Identity

from estelik.records import disposition
from estelik.vault import admission, custody, entry, epoch, page, roll, segment, table
from estelik.vault.device import identity_of, recipient_of, signer
from estelik.vault.standing import standing

VECTORS = json.loads((Path(__file__).parent / "vectors" / "office.json").read_text(encoding="utf-8"))
OFFICE = bytes.fromhex(VECTORS["root"])


def test_the_program_makes_the_keys_of_the_vectors() -> None:
    """Secret, root, recovery key and device are as written down."""
    secret = custody.join(VECTORS["shares"])
    assert secret.hex() == VECTORS["secret"]
    assert custody.root(secret).public_key().public_bytes_raw() == OFFICE
    assert str(custody.recovery(secret)) == VECTORS["recovery_identity"]
    device = signer(bytes.fromhex(VECTORS["device"]["seed"]), OFFICE).device
    assert (device.id, device.key.hex()) == (VECTORS["device"]["id"], VECTORS["device"]["key"])


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


def test_the_program_reads_roll_epoch_and_request_of_the_vectors() -> None:
    """Who belongs to the office follows from the statements; the words are those written down."""
    own = [Identity.from_str(VECTORS["device"]["identity"])]
    reader = identity_of(bytes.fromhex(VECTORS["device"]["seed"]))
    office, statements = roll.opened(bytes.fromhex(VECTORS["roll"]["file"]), [reader])
    assert str(recipient_of(bytes.fromhex(VECTORS["device"]["key"]))) == VECTORS["device"]["roll_recipient"]
    assert office == OFFICE
    gathered = roll.gathered(statements)
    assert sorted(digest.hex() for digest in gathered) == sorted(
        one["digest"] for one in VECTORS["statements"]
    )
    said = standing(gathered, office)
    for id_, member in VECTORS["standing"]["members"].items():
        found = said.members[id_]
        assert member == {
            "name": found.name,
            "compartments": sorted(found.compartments),
            "coordinator": found.coordinator,
            "present": found.present,
        }
    for id_, device in VECTORS["standing"]["devices"].items():
        computer = said.devices[id_]
        recipients = list(computer.recipients)
        assert device == {"member": computer.member, "recipients": recipients, "present": computer.present}
    made = epoch.opened(bytes.fromhex(VECTORS["epoch"]["file"]), own, OFFICE)
    assert (made.id, made.identity) == (VECTORS["epoch"]["id"], VECTORS["table"]["epoch_identity"])
    request = admission.read(VECTORS["request"]["text"])
    assert (request.key.hex(), request.words) == (VECTORS["request"]["key"], VECTORS["request"]["words"])
    assert admission.office_words(OFFICE) == VECTORS["office_words"]


def test_the_program_reads_what_erasing_left_in_the_vectors() -> None:
    """The page without a key, and the erasure that took it."""
    held = VECTORS["erased_page"]
    keys = page.opened(bytes.fromhex(held["file"]), bytes.fromhex(held["key"]), held["name"])
    assert (keys.version, [one.hex() for one in keys.keys]) == (2, ["", VECTORS["records"][1]["key"]])
    signed = disposition.decode_signed(VECTORS["disposition"]["body"])
    said = disposition.decode(signed.said)
    assert isinstance(said, disposition.Erasure)
    assert list(said.records) == VECTORS["disposition"]["erases"]
    assert disposition.encode(said).decode() == signed.said
