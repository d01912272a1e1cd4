"""Time stamps of a real authority are taken and checked without it; what does not hold is refused by name."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import msgspec
import pytest
from tests.evidence import authority
from tests.evidence.authority import Authority

from estelik.errors import EvidenceError
from estelik.evidence import authority as network
from estelik.evidence import stamp
from estelik.evidence.verification import stamps

if TYPE_CHECKING:
    from pathlib import Path

    from tests.evidence.conftest import Desk

pytestmark = pytest.mark.skipif(not authority.HERE, reason="needs openssl")


@pytest.fixture(scope="module")
def one(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority") / "one")


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority") / "other")


def test_a_stamp_says_when_the_evidence_was_there(desk: Desk, one: Authority) -> None:
    """It is kept with its request and the authority's certificate, and holds without any of them at hand."""
    (added,) = desk.add("photo.jpg", compartment="medical")
    vault = desk.casebook.vault
    before = datetime.now(UTC) - timedelta(seconds=2)
    made = stamp.answer(vault, added.id, one.answer(stamp.ask(vault, added.id)), one.certificate)
    assert before <= datetime.fromisoformat(made.time) <= datetime.now(UTC) + timedelta(seconds=2)
    (exhibit,) = desk.all()
    assert list(exhibit.stamps.values()) == [made]
    assert exhibit.requests.keys() == {made.request}
    assert stamps(desk.all()) == (1, [])
    # The same answer again is the same stamp.
    stamp.answer(vault, added.id, made.response, one.certificate)
    assert len(desk.all()[0].stamps) == 1


def test_a_second_stamp_stands_beside_the_first(desk: Desk, one: Authority, other: Authority) -> None:
    """Each of its own authority; answers may come in any order."""
    (added,) = desk.add("photo.jpg")
    vault = desk.casebook.vault
    first, second = stamp.ask(vault, added.id), stamp.ask(vault, added.id)
    stamp.answer(vault, added.id, other.answer(second), other.certificate)
    stamp.answer(vault, added.id, one.answer(first), one.certificate)
    assert stamps(desk.all()) == (2, [])


def test_an_authority_learns_nothing_that_can_be_compared(desk: Desk) -> None:
    """Two requests for one file have nothing in common but the form, and no hash of the file is in them."""
    (added,) = desk.add("photo.jpg")
    vault = desk.casebook.vault
    (exhibit,) = desk.all()
    queries = [stamp.ask(vault, added.id) for _ in range(2)]
    for digest in (exhibit.evidence.sha256, exhibit.evidence.blob.sha256):
        assert not any(bytes.fromhex(digest) in query for query in queries)
    pieces = [{query[at : at + 8] for at in range(24, len(query) - 8)} for query in queries]
    prints = [re.search(rb"\x04\x20(.{32})", query, re.DOTALL) for query in queries]
    assert prints[0] is not None
    assert prints[1] is not None
    assert prints[0][1] != prints[1][1]
    assert len(pieces[0] & pieces[1]) < 12


def test_a_stamp_that_does_not_hold_is_refused_by_name(desk: Desk, one: Authority, other: Authority) -> None:
    """Over another file, for no request of ours, of another authority, not granted, or no stamp at all."""
    first, second = desk.add("photo.jpg", "letter.pdf")
    vault = desk.casebook.vault
    answer = one.answer(stamp.ask(vault, first.id))
    cases = [
        (second.id, answer, one.certificate, "something else than was asked for"),
        (first.id, answer, other.certificate, "not signed by the authority"),
        (first.id, answer, b"no certificate", "no certificate in PEM"),
        (first.id, answer, "не".encode(), "no certificate in PEM"),
        (first.id, answer[:-40], one.certificate, "no time stamp that can be read"),
        (first.id, b"<html>", one.certificate, "no time stamp that can be read"),
        (first.id, b"", one.certificate, "no time stamp that can be read"),
        (first.id, b"\x30\x05\x30\x03\x02\x01\x02", one.certificate, "did not grant"),
    ]
    for id_, response, certificate, says in cases:
        with pytest.raises(EvidenceError, match=says):
            stamp.answer(vault, id_, response, certificate)
    assert [len(exhibit.stamps) for exhibit in desk.all()] == [0, 0]


def test_every_byte_that_is_signed_counts(desk: Desk, one: Authority) -> None:
    """What says the hash, the time, the number or the signature cannot be changed."""
    (added,) = desk.add("photo.jpg")
    vault = desk.casebook.vault
    made = stamp.answer(vault, added.id, one.answer(stamp.ask(vault, added.id)), one.certificate)
    (exhibit,) = desk.all()
    request = exhibit.requests[made.request]
    response = made.response
    time = response.index(b"Z", response.index(b"\x18\x0f")) - 5
    places = [response.index(b"\x04\x20") + 5, time, len(response) - 10, len(response) - 40]
    for place in places:
        changed = response[:place] + bytes([response[place] ^ 1]) + response[place + 1 :]
        with pytest.raises(EvidenceError) as caught:
            stamp.check(msgspec.structs.replace(made, response=changed), request, exhibit.evidence)
        # Another time may be one before there was the certificate.
        says = ("changed", "something else", *(["not valid at the time"] if place == time else []))
        assert any(part in caught.value.what for part in says)
    # Each byte in turn, in steps: whatever is said, it is one of ours, and never another time.
    for place in range(0, len(response), 5):
        changed = response[:place] + bytes([response[place] ^ 0x20]) + response[place + 1 :]
        try:
            stamp.check(msgspec.structs.replace(made, response=changed), request, exhibit.evidence)
        except EvidenceError:
            continue
        assert stamp._parsed(changed).tst_info.gen_time.isoformat() == made.time
    for wrong in (
        msgspec.structs.replace(made, time="2001-01-01T00:00:00+00:00"),
        msgspec.structs.replace(made, certificate=made.certificate.replace("M", "N")),
    ):
        with pytest.raises(EvidenceError):
            stamp.check(wrong, request, exhibit.evidence)
    other = msgspec.structs.replace(exhibit.evidence, sha256="0" * 64)
    with pytest.raises(EvidenceError, match="something else"):
        stamp.check(made, request, other)
    with pytest.raises(EvidenceError, match="something else"):
        stamp.check(made, None, exhibit.evidence)
    lost = exhibit._replace(requests={})
    assert [finding.evidence for finding in stamps([lost])[1]] == [added.id]


def test_a_certificate_that_was_not_valid_then_is_refused(desk: Desk, tmp_path: Path) -> None:
    expired = Authority(tmp_path / "expired", days=-1)
    (added,) = desk.add("photo.jpg")
    vault = desk.casebook.vault
    response = expired.answer(stamp.ask(vault, added.id))
    with pytest.raises(EvidenceError, match="not valid at the time"):
        stamp.answer(vault, added.id, response, expired.certificate)


def test_an_authority_that_sends_its_whole_chain_is_understood(desk: Desk, tmp_path: Path) -> None:
    """``openssl`` writes the certificates in the order of its settings, which is not that of DER."""
    chained = Authority(tmp_path / "chained", chain=True)
    (added,) = desk.add("photo.jpg")
    vault = desk.casebook.vault
    for _ in range(3):
        stamp.answer(vault, added.id, chained.answer(stamp.ask(vault, added.id)), chained.certificate)
    assert stamps(desk.all()) == (3, [])


def test_an_authority_on_the_network_gets_one_request_and_nothing_else(desk: Desk, one: Authority) -> None:
    """Nothing of the casebook, its file or its user is in what is sent."""
    (added,) = desk.add("photo.jpg", source="Zulfiya")
    vault = desk.casebook.vault
    with authority.served(lambda query: (200, one.answer(query))) as (address, sent):
        query = stamp.ask(vault, added.id)
        response = network.post(address, query)
    assert stamp.answer(vault, added.id, response, one.certificate).time
    (whole,) = sent
    assert whole.endswith(query)
    assert not any(word in whole for word in (b"photo", b"Zulfiya", added.id.encode(), b"stelik"))


def test_an_authority_that_does_not_answer_as_it_should_is_told(desk: Desk) -> None:
    """Not there, refusing, sending elsewhere (where nobody follows), sending too much."""
    cases = [(500, b"no"), (302, b""), (200, bytes(stamp.LARGEST + 1))]
    for case in cases:
        with (
            authority.served(lambda _, case=case: case) as (address, sent),  # type: ignore[misc]
            pytest.raises(EvidenceError, match="does not give a time stamp"),
        ):
            network.post(address, b"query")
        assert len(sent) == 1
    for address in ("http://127.0.0.1:1/", "http://[", "https://127.0.0.1:1"):
        with pytest.raises(EvidenceError, match="does not answer") as caught:
            network.post(address, b"query")
        assert "127" not in str(caught.value)
    with pytest.raises(EvidenceError, match="no address"):
        network.post("ftp://127.0.0.1/", b"query")
    assert desk.all() == []
