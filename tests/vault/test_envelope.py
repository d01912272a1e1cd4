"""What leaves the machine: whole, signed and padded, or refused."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import msgspec
import pyrage
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyrage.x25519 import Identity

from estelik.errors import CasebookError, SealError
from estelik.vault import custody, entry, envelope, office, page, segment, table
from estelik.vault.device import Device, Signer, signer

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SECRET = bytes(range(32))
IDENTITY = Identity.generate()
ROOT = custody.root(SECRET)
OFFICE = ROOT.public_key().public_bytes_raw()
DEVICE = signer(bytes([7]) * 32, OFFICE)
RECORD = "a" * 26
SEALED = entry.seal("testimony", [RECORD], [bytes(32)], [b"words"])[0]
assert SEALED.text is not None


def _segment(by: Signer = DEVICE) -> bytes:
    start = entry.Chain(by.device.office, by.device.id, "testimony").start()
    made = segment.Segment(
        by.device, "testimony", 1, start, (), 1_600_000_000, ((RECORD, SEALED.text, None),)
    )
    return segment.packed(made, by.key, IDENTITY.to_public())


def _table(by: Signer = DEVICE) -> bytes:
    leaf = table.Leaf("b" * 26, 1, "c" * 26, bytes(32))
    made = table.Table(1, by.device, "testimony", 1, 1, False, 1_600_000_000, (leaf,), ())
    return table.packed(made, by.key, [IDENTITY.to_public()])


def _page() -> bytes:
    made = page.Page(1, "b" * 26, bytes(32), 1, str(IDENTITY), (bytes(32),))
    return page.sealed(made, bytes(32), "c" * 26)


def _segment_opened(data: bytes) -> object:
    return segment.opened(data, IDENTITY, OFFICE)


def _table_opened(data: bytes) -> object:
    return table.opened(data, [IDENTITY], OFFICE)


def _page_opened(data: bytes) -> object:
    return page.opened(data, bytes(32), "c" * 26)


def _record_opened(data: bytes) -> object:
    return entry.unseal("testimony", RECORD, bytes(32), data)


CASES: dict[str, tuple[Callable[[], bytes], Callable[[bytes], object]]] = {
    "record": (lambda: SEALED.text or b"", _record_opened),
    "page": (_page, _page_opened),
    "segment": (_segment, _segment_opened),
    "table": (_table, _table_opened),
}


@pytest.mark.parametrize("kind", CASES)
def test_every_flipped_byte_is_refused(kind: str) -> None:
    """Whichever byte of a sealed file is changed, it does not open, and the error is ours."""
    make, opened = CASES[kind]
    data = make()
    opened(data)
    for place in range(len(data)):
        for bit in (1, 128):
            with pytest.raises(SealError):
                opened(data[:place] + bytes([data[place] ^ bit]) + data[place + 1 :])


@pytest.mark.parametrize("kind", CASES)
def test_every_other_length_is_refused(kind: str) -> None:
    """A file that lacks its end, or goes on after it, does not open."""
    make, opened = CASES[kind]
    data = make()
    for length in range(len(data)):
        with pytest.raises(SealError):
            opened(data[:length])
    for more in (b"\0", b"\n", data):
        with pytest.raises(SealError):
            opened(data + more)


def test_every_change_to_the_office_file_is_refused(tmp_path: Path) -> None:
    """Flipped, cut and missing: each is told as a damaged or missing file."""
    made = office.Office(office.FORMAT, OFFICE, (str(IDENTITY),), secret=SECRET)
    office.write(tmp_path, bytes(32), made)
    path = tmp_path / office.FILE
    data = path.read_bytes()
    assert office.read(tmp_path, bytes(32)) == made
    changed = [data[:n] + bytes([data[n] ^ 1]) + data[n + 1 :] for n in range(len(data))]
    for wrong in changed + [data[:n] for n in range(len(data))]:
        path.write_bytes(wrong)
        with pytest.raises(CasebookError, match="damaged"):
            office.read(tmp_path, bytes(32))
    path.unlink()
    with pytest.raises(CasebookError, match="missing"):
        office.read(tmp_path, bytes(32))


@given(st.binary(max_size=300), st.binary(min_size=32, max_size=32), st.text(max_size=9))
def test_what_was_sealed_opens_with_its_key_for_its_record_only(text: bytes, key: bytes, record: str) -> None:
    """Another key, another record and another compartment open nothing."""
    (sealed,) = entry.seal("medical", [record], [key], [text])
    assert sealed.text is not None
    assert sealed.digest == hashlib.sha256(sealed.text).digest()
    assert entry.unseal("medical", record, key, sealed.text) == text
    other = bytes([key[0] ^ 1]) + key[1:]
    for where, whose, which in (
        ("source", record, key),
        ("medical", record + "x", key),
        ("medical", record, other),
    ):
        with pytest.raises(SealError):
            entry.unseal(where, whose, which, sealed.text)


@pytest.mark.parametrize("kind", ["segment", "table"])
def test_only_a_device_of_the_office_can_sign(kind: str) -> None:
    """Refused: another office's device, and one that uses another's name."""
    make, opened = {"segment": (_segment, _segment_opened), "table": (_table, _table_opened)}[kind]
    stranger = signer(bytes([7]) * 32, bytes(32))
    other = signer(bytes([8]) * 32, OFFICE)
    opened(make(other))
    for forged in (
        stranger,
        Signer(Device(OFFICE, DEVICE.device.key), other.key),
        Signer(Device(OFFICE, b"short"), other.key),
    ):
        with pytest.raises(SealError):
            opened(make(forged))


def test_one_kind_of_file_does_not_pass_for_another() -> None:
    """What is signed as a table is no segment, even where its content would do for one."""
    for purpose, opened in (("table", _segment_opened), ("segment", _table_opened), ("", _table_opened)):
        content = envelope.opened(
            _segment() if opened is _segment_opened else _table(),
            "segment" if opened is _segment_opened else "table",
            [IDENTITY],
        ).payload
        with pytest.raises(SealError):
            opened(envelope.closed(content, purpose, DEVICE.key, [IDENTITY.to_public()]))
    for data, opened in ((_table(), _segment_opened), (_segment(), _table_opened)):
        with pytest.raises(SealError):
            opened(data)


@pytest.mark.parametrize(
    "content",
    [b"", b"\xc0", b"\x93\x01\x02\x03", b"\xff" * 40, b"\x98" + b"\x01" * 8, b"\xdd\xff\xff\xff\xff"],
)
def test_signed_content_that_is_no_segment_or_table_is_refused(content: bytes) -> None:
    """Also a device of the office can send what makes no sense."""
    for purpose, opened in (("segment", _segment_opened), ("table", _table_opened)):
        with pytest.raises(SealError):
            opened(envelope.closed(content, purpose, DEVICE.key, [IDENTITY.to_public()]))


@pytest.mark.parametrize(
    ("ids", "sizes", "texts"),
    [
        (b"", [], b""),
        (bytes(16), [20], bytes(19)),
        (bytes(16), [20], bytes(21)),
        (bytes(15), [20], bytes(20)),
        (bytes(32), [20], bytes(20)),
        (bytes(16), [0], b""),
        (bytes(32), [-20, 40], bytes(20)),
        (bytes(16), [1 << 62], bytes(20)),
    ],
)
def test_sizes_that_do_not_add_up_are_refused(ids: bytes, sizes: list[int], texts: bytes) -> None:
    """What a device of the office has signed is cut into records only where it is as long as it says."""
    content = msgspec.msgpack.decode(envelope.opened(_segment(), "segment", [IDENTITY]).payload)
    for (first, second, third), good in (((ids, sizes, texts), False), (content[7:], True)):
        payload = msgspec.msgpack.encode([*content[:7], first, second, third])
        made = envelope.closed(payload, "segment", DEVICE.key, [IDENTITY.to_public()])
        if good:
            _segment_opened(made)
            continue
        with pytest.raises(SealError):
            _segment_opened(made)


def test_padding_that_is_not_empty_or_not_the_right_length_is_refused() -> None:
    """Nothing can be hidden behind what was signed."""
    payload = b"x" * 1000
    plain = pyrage.decrypt(envelope.closed(payload, "table", DEVICE.key, [IDENTITY.to_public()]), [IDENTITY])
    assert len(plain) > 1072
    for wrong in (plain[:-1], plain + b"\0", plain[:-1] + b"\1", b"\xff" * 8 + plain[8:], plain[:71], b""):
        with pytest.raises(SealError):
            envelope.opened(pyrage.encrypt(wrong, [IDENTITY.to_public()]), "table", [IDENTITY])


def test_files_for_a_passphrase_and_files_too_large_are_refused_unread(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Nothing of them reaches the cipher: neither its work factor nor its size is another's to choose."""
    for_passphrase = pyrage.passphrase.encrypt(b"x", "words")
    both = _segment().replace(b"\n---", b"\n-> scrypt 8E4tY7yfO9zwBQnSyEOIPw 30\nAAAA\n---", 1)
    monkeypatch.setattr(pyrage, "decrypt", lambda *_: pytest.fail("the cipher was asked"))
    for data in (for_passphrase, both, _segment() + bytes(envelope.LARGEST)):
        with pytest.raises(SealError):
            envelope.opened(data, "segment", [IDENTITY])


@given(st.integers(0, 1 << 40))
def test_padding_adds_at_most_an_eighth(size: int) -> None:
    """Padmé's bound, and its law: only the highest bits of a size are left, as many as its exponent takes."""
    padded = envelope.padded(size)
    assert size <= padded <= size * 1.12
    assert envelope.padded(padded) == padded
    if size >= 2:
        exponent = size.bit_length() - 1
        assert (
            padded % (1 << (exponent - exponent.bit_length() if exponent > exponent.bit_length() else 0)) == 0
        )


def test_many_sizes_look_alike() -> None:
    """Between a thousand and two thousand bytes there are few sizes to be seen."""
    assert len({envelope.padded(size) for size in range(1024, 2048)}) == 17


def test_what_holds_keys_does_not_show_them() -> None:
    """Nothing secret stands in the representation of any of them: they may turn up in a traceback."""
    key, password = bytes(range(65, 97)), "swordfish"
    leaf = table.Leaf("b" * 26, 1, "c" * 26, key)
    shown = repr(
        [
            office.Office(
                office.FORMAT,
                OFFICE,
                (str(IDENTITY),),
                secret=key,
                carriers=(office.Place("n", "/x", {"password": password}),),
            ),
            office.Place("n", "/x", {"password": password}),
            page.Page(1, "b" * 26, bytes(32), 1, str(IDENTITY), (key,)),
            table.Table(1, DEVICE.device, "testimony", 1, 1, False, 1, (leaf,), ()),
            signer(key, OFFICE),
        ]
    )
    assert "SECRET-KEY" not in shown
    assert password not in shown
    assert repr(key)[2:-1] not in shown
    assert key.hex() not in shown
