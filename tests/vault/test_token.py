"""Tokens: a device of a member, for a program, bound to compartments; by itself it opens nothing."""

from __future__ import annotations

import base64
import time
from typing import TYPE_CHECKING

import pytest
from tests.vault.conftest import PASSPHRASE, entered
from tests.vault.seating import folder, ids, seat, sit, told

from estelik.casebook import Casebook
from estelik.errors import CasebookError, MembershipError
from estelik.index.authors import authors, judges
from estelik.records import COMPARTMENTS, Judgement
from estelik.records.stored import STATEMENT
from estelik.vault import roll, token
from estelik.vault.device import id_of, signer
from estelik.vault.ledger import Ledger
from estelik.vault.standing import standing

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from tests.vault.conftest import Rig

    from estelik.vault.standing import Computer


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    """An office with a statement in each compartment."""
    rows = [told(f"in-{name}", name) for name in COMPARTMENTS]
    with entered(tmp_path, rows) as found:
        yield found
        for one in reversed(found.opened):
            one.close()


def given(casebook: Casebook, compartments: Sequence[str], **more: int) -> tuple[bytes, Computer]:
    """A token of the casebook's member: its private key, and what the roll says of it."""
    name = f"program {len(token.present(casebook.vault.registrar.standing))}"
    text, made = token.make(casebook.vault.registrar, name, compartments, more.get("days", 30))
    seed = token.read(text)
    assert seed is not None
    return seed, made


@pytest.mark.parametrize("held", [("testimony",), ("testimony", "source"), ("medical", "public")])
def test_a_token_opens_its_compartments_and_no_other(rig: Rig, held: tuple[str, ...]) -> None:
    """Not even their keys are with it."""
    seed, made = given(rig.first, held)
    lent = rig.first.lent(seed)
    rig.opened.append(lent)
    assert ids(lent) == {f"in-{name}" for name in held}
    assert set(lent.vault.store.held) == set(held)
    assert {name for name in COMPARTMENTS if name in lent.vault.store._keyring} == set(held)
    if "source" not in held:
        assert {one.source for one in lent.statements()} == {""}
    assert made.seat
    assert made.token is not None


def test_what_is_entered_with_a_token_bears_its_signature(rig: Rig) -> None:
    """Statements and decisions alike; they are its member's."""
    seed, made = given(rig.first, ("testimony", "source"))
    lent = rig.first.lent(seed)
    rig.opened.append(lent)
    lent.add_statements([told("new")])
    lent.add_judgement(Judgement("j", "set-aside", "why", "2024-01-01", statement="new", device=made.id))
    store, registrar = rig.first.vault.store, rig.first.vault.registrar
    own = registrar.own()
    assert list(authors(store, registrar, STATEMENT).values()) == [own]
    assert judges(store, registrar) == {"j": own.name}
    with store.read() as connection:
        (body,) = connection.execute(
            "SELECT body FROM main.record WHERE id = 'j' OR body LIKE '%\"j\"%'"
        ).scalars()
    assert made.id in body


def test_a_token_at_rest_is_nothing(rig: Rig) -> None:
    """No file of the casebook has its key, its name, or a key for it; without an open casebook of its member
    there is nothing that it opens."""
    seed, made = given(rig.first, ("testimony",))
    text = token.written(seed).encode()
    for path in folder(rig).rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            for part in (
                seed,
                text,
                base64.b64encode(seed),
                seed.hex().encode(),
                b"program 0",
                made.id.encode(),
            ):
                assert part not in data, path.name
            assert made.id not in path.name


def test_a_withdrawn_token_opens_nothing_from_then_on(rig: Rig) -> None:
    """Also where it is open already, and though somebody else withdrew it meanwhile; its entries stay."""
    seed, made = given(rig.first, ("testimony", "source"))
    lent = rig.first.lent(seed)
    rig.opened.append(lent)
    lent.add_statements([told("kept")])
    rig.reopen("first").withdraw(made.id)
    with pytest.raises(MembershipError, match="withdrawn"):
        lent.statements()
    with pytest.raises(MembershipError, match="withdrawn"):
        rig.first.lent(seed)
    assert "kept" in ids(rig.first)
    assert not token.valid(rig.first.vault.registrar.standing, made.id, made.member, time.time())


def test_a_token_ends_on_its_day(rig: Rig) -> None:
    """To the second, and not before."""
    _, made = given(rig.first, ("testimony",), days=2)
    said = rig.first.vault.registrar.standing
    assert made.token is not None
    assert abs(made.token.until - time.time() - 2 * 86400) < 60
    assert token.valid(said, made.id, made.member, made.token.until - 1)
    assert not token.valid(said, made.id, made.member, made.token.until)


def test_a_token_of_one_member_is_nothing_with_anothers_casebook(rig: Rig) -> None:
    """Also where that other one holds the same."""
    number = seat(rig, "Aigul", ("testimony", "source"))
    seed, _ = given(rig.first, ("testimony",))
    hers = sit(rig, number, "Aigul")
    with pytest.raises(MembershipError):
        hers.lent(seed)


def test_a_coordinator_makes_a_token_for_a_member_with_a_seat(rig: Rig) -> None:
    """It is lent from what she has open there, is hers, and is gone with what she holds."""
    number = seat(rig, "Aigul", ("testimony", "source"))
    text, made = rig.first.add_token("hers", ("testimony",), 3, "Aigul")
    seed = token.read(text)
    assert seed is not None
    hers = sit(rig, number, "Aigul")
    lent = hers.lent(seed)
    rig.opened.append(lent)
    assert ids(lent) == {"in-testimony"}
    assert lent.vault.registrar.own().name == "Aigul"
    with pytest.raises(MembershipError):
        rig.first.lent(seed)
    with pytest.raises(MembershipError):
        token.make(rig.first.vault.registrar, "more", ("medical",), 3, "Aigul")
    with pytest.raises(MembershipError):
        token.make(hers.vault.registrar, "own", ("testimony",), 3)
    rig.first.vault.registrar.change_compartments("Aigul", ("source",))
    rig.first.settle_seats()
    assert ids(lent) == set()
    assert rig.first.vault.registrar.standing.devices[made.id].present


@pytest.mark.parametrize(
    ("name", "compartments"),
    [("", ("testimony",)), ("x\ny", ("testimony",)), ("fine", ()), ("fine", ("testimony", "nothing"))],
)
def test_a_token_that_cannot_be_is_not_made(rig: Rig, name: str, compartments: tuple[str, ...]) -> None:
    """Nothing is said of it in the roll."""
    before = rig.first.vault.office.roll
    with pytest.raises(MembershipError):
        token.make(rig.first.vault.registrar, name, compartments, 3)
    assert rig.first.vault.office.roll == before


def test_two_tokens_of_one_member_have_two_names(rig: Rig) -> None:
    """Until one is withdrawn."""
    _, made = token.make(rig.first.vault.registrar, "sheet", ("testimony",), 3)
    with pytest.raises(MembershipError, match="already"):
        token.make(rig.first.vault.registrar, "sheet", ("testimony",), 3)
    rig.first.withdraw(made.id)
    token.make(rig.first.vault.registrar, "sheet", ("testimony",), 3)


def test_what_a_token_signs_counts_for_nothing_in_the_roll(rig: Rig) -> None:
    """It enrols nobody, withdraws nobody, and makes no other token."""
    seed, made = given(rig.first, ("testimony",))
    registrar = rig.first.vault.registrar
    root, own = registrar.office.root, registrar.own()
    key = signer(seed, root)
    other = signer(bytes(32), root).device.key
    now = int(time.time())
    for says in (
        roll.Token(root, key.device.key, now, own.id, other, "x", ("medical",), now + 1000),
        roll.Enrolment(root, key.device.key, now, own.id, other, ""),
        roll.Withdrawal(root, key.device.key, now, own.id, (), ()),
        roll.Membership(root, key.device.key, now, own.id, 9, "x", COMPARTMENTS, coordinator=True),
    ):
        registrar.learn([roll.signed(says, key.key)])
    said = registrar.standing
    assert id_of(other) not in said.devices
    assert said.members[own.id] == own
    assert said.devices[made.id].present


def test_a_computer_cannot_be_made_a_token_nor_a_token_wider(rig: Rig) -> None:
    """Whichever was said first, and in whatever order it is read."""
    registrar = rig.first.vault.registrar
    _, made = given(rig.first, ("testimony",))
    own, key = registrar.own(), registrar.signer
    now = int(time.time())
    for public in (made.key, key.device.key):
        says = roll.Token(
            registrar.office.root, key.device.key, now, own.id, public, "x", ("medical",), now + 10**6
        )
        registrar.learn([roll.signed(says, key.key)])
    said = registrar.standing
    assert said.devices[key.device.id].token is None
    assert said.devices[key.device.id].recipients
    twice = said.devices[made.id].token
    assert twice is not None
    assert twice.compartments == ()
    there = {one.digest: one for one in registrar.office.roll}
    backwards = standing(dict(reversed(list(there.items()))), registrar.office.root)
    assert backwards.devices == said.devices


def test_no_key_is_handed_to_a_token_and_none_is_changed_for_it(rig: Rig) -> None:
    """It is no holder: no epoch begins because one came or went."""
    rig.first.vault.seal()

    def epochs() -> list[int]:
        store = rig.first.vault.store
        with store.read() as connection:
            return [len(Ledger(connection, schema).epochs()) for schema in store.schemas.values()]

    before = epochs()
    _, made = given(rig.first, COMPARTMENTS)
    rig.first.vault.seal()
    assert made.id not in rig.first.vault.registrar.standing.seats("testimony")
    rig.first.withdraw(made.id)
    assert epochs() == before


@pytest.mark.parametrize("body", ["", "A" * 42, "A" * 44, "A" * 42 + "=", "A" * 42 + "B", "ä" * 43])
def test_what_is_no_token_is_not_read(body: str) -> None:
    """One way to write each."""
    assert token.read(token.PREFIX + body) is None
    assert token.read("A" * 51) is None


def test_a_token_is_read_as_it_was_written() -> None:
    """Whatever its bytes."""
    for seed in (bytes(32), bytes([255] * 32), bytes(range(32))):
        assert token.read(token.written(seed)) == seed


def test_once_its_members_casebook_is_closed_a_new_opening_needs_her(rig: Rig) -> None:
    """A program that was left running has nothing to ask."""
    seed, _ = given(rig.first, ("testimony",))
    again = Casebook.open(folder(rig), PASSPHRASE)
    again.close()
    with pytest.raises(CasebookError):
        again.lent(seed)
