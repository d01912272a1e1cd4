"""Authorship: what a member enters at her seat is hers to whoever verifies it, and nothing else is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.vault.seating import seat, sit, told

from estelik.index import consents, releases
from estelik.index.authors import authors, judges
from estelik.records import COMPARTMENTS, Judgement, Statement, stored
from estelik.records.consent import CONSENT, Consent
from estelik.records.release import Draft
from estelik.vault import authorship
from estelik.vault.device import signer
from estelik.vault.inserts import Inserts
from estelik.vault.store import Batch

if TYPE_CHECKING:
    from tests.vault.conftest import Rig

    from estelik.casebook import Casebook

BOTH = ("testimony", "source")
ROOT = bytes(32)


def _names(casebook: Casebook, kind: str) -> list[str]:
    found = authors(casebook.vault.store, casebook.vault.registrar, kind)
    return sorted(one.name for one in found.values())


def _judges(casebook: Casebook) -> dict[str, str]:
    return judges(casebook.vault.store, casebook.vault.registrar)


def _judgement(casebook: Casebook, name: str, device: str = "") -> Judgement:
    return Judgement(
        name, "set-aside", "why", "2020-01-01", statement="t", device=device or casebook.vault.device
    )


def _bodies(casebook: Casebook, compartment: str, kind: str) -> list[tuple[str, str]]:
    store = casebook._store
    with store.read() as connection:
        sql = f"SELECT id, body FROM {store.schemas[compartment]}.record "  # noqa: S608 (our own names)
        return [tuple(row) for row in connection.execute(f"{sql} WHERE kind = ? ORDER BY seq", (kind,))]


def _forge(casebook: Casebook, kind: str, id_: str, body: str) -> None:
    """Enters a record as whoever has the key of the file can, without signing it."""
    store = casebook._store
    store.author, author = None, store.author
    with store.write() as connection, Inserts(connection) as inserts:
        Batch(store, connection, inserts).append("testimony", kind, [id_], [1], [body])
    store.author = author


@pytest.mark.parametrize("there", ["here", "elsewhere"])
def test_what_two_members_enter_is_attributed_to_each(rig: Rig, there: str) -> None:
    """On the computer itself, and on another one that takes it in."""
    rig.first.vault.registrar.admit_device(rig.request("second"))
    second = rig.opened[-1]
    rig.first.add_statements([told("t")])
    aigul, ana = (sit(rig, seat(rig, name, BOTH), name) for name in ("Aigul", "Ana"))
    aigul.add_statements([told("one"), told("two")])
    ana.add_statements([told("three")])
    ana.add_judgement(_judgement(ana, "j1"))
    aigul.add_judgement(_judgement(aigul, "j2"))
    consents.enter(ana._store, [Consent("c", "source 1", "all", "2020-01-01", ("court",), ("legal",))])
    reader = rig.first
    if there == "elsewhere":
        rig.meet(rig.first, second)
        reader = second
    assert _names(reader, stored.STATEMENT) == ["Aigul", "Aigul", "Ana"]
    assert _names(reader, CONSENT) == ["Ana"]
    assert _judges(reader) == {"j1": "Ana", "j2": "Aigul"}
    assert len(reader.statements()) == 4


def test_a_release_is_signed_by_the_seat(rig: Rig) -> None:
    """And is its member's, as that of a computer is."""
    there = sit(rig, seat(rig, "Aigul", BOTH), "Aigul")
    draft = Draft("d", "2020-01-01T00:00:00Z", there.vault.device, "title", "public", "publication", "site")
    releases.enter(there._store, there.vault.registrar, [draft])
    (found,) = releases.every(rig.first._store, rig.first.vault.registrar)
    assert rig.first.vault.registrar.standing.members[found.member].name == "Aigul"


def test_without_a_seat_nothing_is_signed(rig: Rig) -> None:
    """Not a byte more is written than before."""
    rig.first.add_statements([told("t")])
    rig.first.add_judgement(_judgement(rig.first, "j"))
    for kind in (stored.STATEMENT, stored.JUDGEMENT, stored.SUBJECT):
        assert not [body for _, body in _bodies(rig.first, "testimony", kind) if authorship.claimed(body)]
    assert _names(rig.first, stored.STATEMENT) == []
    assert _judges(rig.first) == {"j": "Zhanar"}


def test_once_there_are_seats_what_the_computer_enters_is_signed_too(rig: Rig) -> None:
    """What bears no signature there could be from anybody who has the file."""
    seat(rig, "Aigul", BOTH)
    rig.first.add_statements([told("t")])
    rig.first.close()
    rig.reopen("first").add_statements([told("n")])
    assert _names(rig.opened[-1], stored.STATEMENT) == ["Zhanar", "Zhanar"]


def test_what_a_member_entered_stays_hers_when_her_seat_is_taken_away(rig: Rig) -> None:
    number = seat(rig, "Aigul", BOTH)
    sit(rig, number, "Aigul").add_statements([told("t")])
    rig.first.seats.remove(number)
    assert _names(rig.first, stored.STATEMENT) == ["Aigul"]


def test_a_record_that_names_a_seat_and_is_not_signed_there_is_nobodys(rig: Rig) -> None:
    """Nor is one that bears the signature of another record, or of the same one in another place."""
    rig.first.add_statements([told("t")])
    aigul, ana = (sit(rig, seat(rig, name, BOTH), name) for name in ("Aigul", "Ana"))
    aigul.add_judgement(_judgement(aigul, "j1"))
    ((id_, body),) = _bodies(aigul, "testimony", stored.JUDGEMENT)
    assert _judges(rig.first) == {"j1": "Aigul"}
    plain = msgspec.json.encode(_judgement(aigul, "j2", aigul.vault.device)).decode()
    suffix = body[body.rindex(',"seat"') :]
    _forge(ana, stored.JUDGEMENT, "a" * 26, plain)
    _forge(ana, stored.JUDGEMENT, "b" * 26, plain.replace("j2", "j3")[:-1] + suffix)
    # The very same words under another id, and claimed once more: then it cannot be told whose it is.
    _forge(ana, stored.JUDGEMENT, "c" * 26, body.replace('"why"', '"who"'))
    from estelik.index import rebuild

    rebuild.rebuild(rig.first._store)
    assert len(rig.first.judgements()) == 4
    assert _judges(rig.first) == {}
    assert _names(rig.first, stored.JUDGEMENT) == ["Aigul"]
    assert list(authors(rig.first.vault.store, rig.first.vault.registrar, stored.JUDGEMENT)) == [id_]


def test_a_signature_goes_with_what_it_is_under(rig: Rig) -> None:
    """Nothing that was erased can be guessed from what is left of it: no digest stays behind."""
    there = sit(rig, seat(rig, "Aigul", BOTH), "Aigul")
    there.add_statements([told("t")])
    rig.first.vault.seal()
    ((_, body),) = _bodies(rig.first, "testimony", stored.STATEMENT)
    signature = body[body.rindex(',"seat"') + 40 : -3]
    assert len(signature) > 80
    rig.first.decisions.erase(rig.first.decisions.closure("statement", "t"), "asked for")
    for compartment in COMPARTMENTS:
        schema = rig.first._store.schemas[compartment]
        with rig.first._store.read() as connection:
            rows = connection.execute(f"SELECT body FROM {schema}.record").scalars()  # noqa: S608
            assert not [row for row in rows if signature in row]


def test_what_was_signed_is_read_as_what_was_not(rig: Rig) -> None:
    """Statements, corrections, judgements on who is who: the signature changes nothing of what they say."""
    there = sit(rig, seat(rig, "Aigul", COMPARTMENTS), "Aigul")
    rows = rig.statements("one", 20)
    there.add_statements(rows)
    assert there.statements() == rig.first.statements() == rows
    assert there.add_statements(rows).unchanged == len(rows)
    rig.first.rebuild_index()
    assert rig.first.add_statements(rows).unchanged == len(rows)
    assert there.subjects() == rig.first.subjects()


def test_a_record_without_a_word_is_signed_too(rig: Rig) -> None:
    """Somebody told it whom nobody knows, nobody knows when: the record of that telling is empty."""
    there = sit(rig, seat(rig, "Aigul", BOTH), "Aigul")
    there.add_statements([Statement("t", "Person 1", event="arrest", when="2018")])
    bodies = [body for _, body in _bodies(there, "source", stored.TESTIMONY)]
    assert [msgspec.json.decode(body).keys() for body in bodies] == [{"seat"}]
    assert _names(rig.first, stored.TESTIMONY) == _names(rig.first, stored.STATEMENT) == ["Aigul"]
    assert rig.first.statements() == there.statements()


texts = st.text(st.characters(codec="utf-8"), max_size=40)


@settings(deadline=None)
@given(texts, texts, st.sampled_from(COMPARTMENTS), st.data())
def test_only_the_very_record_bears_the_signature(
    one: str, other: str, compartment: str, data: st.DataObject
) -> None:
    """Whatever it says; in its compartment, of its kind, under its id, by that device of that member."""
    own, strange = signer(bytes(range(32)), ROOT), signer(bytes(range(1, 33)), ROOT)
    body = msgspec.json.encode({"said": one}).decode()
    (empty,) = authorship.Author(own, "member").signed(compartment, "kind", ["id"], ["{}"])
    (signed,) = authorship.Author(own, "member").signed(compartment, "kind", ["id"], [body])
    assert msgspec.json.decode(signed)["said"] == one
    assert authorship.claimed(signed) == own.device.id
    roll = _Roll(own.device.id, own.device.key, "member")
    whole = (compartment, "kind", "id", signed)
    assert authorship.author(*whole[:3], empty, roll.standing, ROOT) == own.device.id
    assert authorship.author(*whole, roll.standing, ROOT) == own.device.id
    changed = data.draw(st.sampled_from(range(4)))
    different = [*whole]
    different[changed] = {0: "other", 1: "kin", 2: "kindid", 3: signed.replace('{"said":"', '{"said":"x', 1)}[
        changed
    ]
    assert not authorship.author(*different, roll.standing, ROOT)  # type: ignore[call-arg, arg-type]
    assert not authorship.author(*whole, roll.standing, bytes(31) + b"x")
    assert not authorship.author(*whole, _Roll(own.device.id, own.device.key, "another").standing, ROOT)
    assert not authorship.author(*whole, _Roll(own.device.id, strange.device.key, "member").standing, ROOT)
    assert not authorship.author(
        *whole, _Roll(strange.device.id, strange.device.key, "member").standing, ROOT
    )
    assert not authorship.claimed(body)
    assert not authorship.claimed(f"{body}{other}")


class _Roll:
    """A standing with one seat."""

    def __init__(self, device: str, key: bytes, member: str) -> None:
        from estelik.vault.standing import Computer, Standing

        computer = Computer(device, key, member, (), 0, True)
        self.standing = Standing(b"", "", 1, {}, {device: computer}, {}, {}, {})
