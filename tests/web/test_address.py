"""Addresses: what stands for a label in the path of a page."""

from __future__ import annotations

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as some

from estelik.vault.device import Device, Signer
from estelik.web.address import Addresses


def of(seed: int) -> Addresses:
    """Addresses of a device."""
    key = Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32)
    return Addresses(Signer(Device(b"\0" * 32, key.public_key().public_bytes_raw()), key))


OURS, OTHERS = of(1), of(2)
LABELS = some.text(max_size=80).filter(lambda text: "\x00" not in text)


@given(LABELS)
def test_an_address_leads_back_to_its_label_alone(label: str) -> None:
    """And only as what it was made for, and only on the device that made it."""
    made = OURS.of("life", label)
    assert OURS.read("life", made) == label
    assert OURS.of("life", label) == made
    assert OURS.read("statement", made) is None
    assert OTHERS.read("life", made) is None
    assert OTHERS.of("life", label) != made


@given(LABELS, some.text(max_size=200))
def test_whatever_is_typed_as_an_address_leads_nowhere(label: str, typed: str) -> None:
    made = OURS.of("life", label)
    if typed != made:
        assert OURS.read("life", typed) in {None, label}
    assert OURS.read("life", made[:-2]) is None


def test_how_long_an_address_is_does_not_tell_whose_it_is() -> None:
    assert len({len(OURS.of("life", "x" * length)) for length in range(31)}) == 1
