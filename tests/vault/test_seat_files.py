"""The files of a seat in the hands of somebody who means harm: altered, exchanged, forged, too large."""

from __future__ import annotations

import base64
import json
import os
import shutil
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.vault.conftest import CHEAP, PASSPHRASE
from tests.vault.seating import folder, seat, sit, told

from estelik.casebook import Casebook
from estelik.errors import CasebookError, NotFoundError
from estelik.index.authors import authors
from estelik.vault import keys, roll
from estelik.vault import seat as places
from estelik.vault.device import signer
from estelik.vault.roll import Enrolment

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.vault.conftest import Rig


def _refused(rig: Rig, number: int = 1, passphrase: bytes = b"Aigul") -> None:
    before = {path: path.read_bytes() for path in folder(rig).rglob("*.db")}
    with pytest.raises((CasebookError, NotFoundError)) as caught:
        Casebook.open_seat(folder(rig), number, passphrase)
    assert {path: path.read_bytes() for path in folder(rig).rglob("*.db")} == before
    assert "Aigul" not in str(caught.value)
    assert "testimony" not in str(caught.value)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A casebook with a seat, that is not open."""
    made = tmp_path_factory.mktemp("office") / "first"
    with Casebook.create(made, PASSPHRASE, name="Zhanar", cost=CHEAP) as opened:
        opened.add_statements([told("t")])
        opened.seats.add("Aigul", b"Aigul", ("testimony",), cost=CHEAP)
    return made


@settings(deadline=None, max_examples=150)
@given(data=st.data())
def test_a_byte_that_was_changed_is_found(office: Path, data: st.DataObject) -> None:
    """Wherever it is: the seat does not open, or opens as it was (white space, the file's own formatting)."""
    path = places.place(office, 1) / data.draw(st.sampled_from([keys.KEY_FILE, places.HELD]))
    whole = path.read_bytes()
    at = data.draw(st.integers(0, len(whole) - 1))
    changed = bytearray(whole)
    changed[at] ^= data.draw(st.integers(1, 255))
    path.write_bytes(changed)
    try:
        with Casebook.open_seat(office, 1, b"Aigul") as there:
            assert path.name == keys.KEY_FILE
            assert [one.statement for one in there.statements()] == ["t"]
    except (CasebookError, NotFoundError):
        pass
    finally:
        path.write_bytes(whole)


@pytest.mark.parametrize(
    "bomb",
    [
        {"cost": {"memory": 1 << 30, "passes": 1, "lanes": 1}},
        {"cost": {"memory": 8, "passes": 1 << 20, "lanes": 1}},
        {"cost": {"memory": 1 << 20, "passes": 1, "lanes": 1 << 16}},
        {"cost": {"memory": 8, "passes": 0, "lanes": 1}},
        {"kdf": "scrypt"},
        {"salt": ""},
        {"keys": {}},
        {"keys": "x" * 100_000},
        {"format": 2},
    ],
)
def test_a_key_file_that_is_none_of_ours_costs_nothing(
    rig: Rig, monkeypatch: pytest.MonkeyPatch, bomb: dict[str, Any]
) -> None:
    """No key is derived with a cost that somebody else has chosen beyond what is ours."""
    seat(rig, "Aigul", ("testimony",))
    path = places.place(folder(rig), 1) / keys.KEY_FILE
    path.write_text(json.dumps(json.loads(path.read_bytes()) | bomb))
    if "keys" not in bomb or isinstance(bomb["keys"], str):
        monkeypatch.setattr(keys, "_derive", lambda *_: pytest.fail("a key was derived"))
    _refused(rig)


@pytest.mark.parametrize("name", [keys.KEY_FILE, places.HELD])
@pytest.mark.parametrize("what", ["empty", "huge", "folder", "gone", "loop"])
def test_a_file_of_a_seat_that_is_no_such_file_is_refused(rig: Rig, name: str, what: str) -> None:
    seat(rig, "Aigul", ("testimony",))
    path = places.place(folder(rig), 1) / name
    path.unlink()
    if what == "empty":
        path.touch()
    elif what == "huge":
        with path.open("wb") as file:
            file.truncate(1 << 33)
    elif what == "folder":
        path.mkdir()
    elif what == "loop":
        path.symlink_to(path)
    _refused(rig)


def test_a_pipe_in_the_place_of_a_file_keeps_nobody_waiting(rig: Rig) -> None:
    seat(rig, "Aigul", ("testimony",))
    for name in (keys.KEY_FILE, places.HELD):
        path = places.place(folder(rig), 1) / name
        whole = path.read_bytes()
        path.unlink()
        os.mkfifo(path)
        _refused(rig)
        path.unlink()
        path.write_bytes(whole)


@pytest.mark.parametrize("name", ["x", "-1", "01", "1.5", "٣", "99999", ".1", "¹"])
def test_a_folder_that_is_no_number_is_no_seat(rig: Rig, name: str) -> None:
    seat(rig, "Aigul", ("testimony",))
    shutil.copytree(places.place(folder(rig), 1), folder(rig) / places.SEATS / name)
    assert places.numbers(folder(rig)) == (1,)


def test_what_was_handed_to_one_seat_opens_at_no_other(rig: Rig) -> None:
    seat(rig, "Aigul", ("testimony",))
    seat(rig, "Ana", ("medical",))
    shutil.copy(places.place(folder(rig), 2) / places.HELD, places.place(folder(rig), 1) / places.HELD)
    _refused(rig)
    rig.first.settle_seats()
    assert set(sit(rig, 1, "Aigul")._store.held) == {"testimony"}


def _handed(rig: Rig, change: Callable[[places.Held], places.Held], seed: bytes) -> None:
    """Puts what somebody signed with ``seed`` in the place of what was handed to the first seat."""
    ring = places.unlock(folder(rig), 1, b"Aigul")
    forger = signer(seed, ring.held.office)
    path = places.place(folder(rig), 1) / places.HELD
    path.write_bytes(places.packed(change(ring.held), forger))


def test_nobody_but_a_coordinators_computer_hands_anything_to_a_seat(rig: Rig) -> None:
    """Neither a stranger, nor another seat, be it a coordinator's, nor a member's computer."""
    from msgspec.structs import replace

    seat(rig, "Aigul", ("testimony",))
    other = sit(rig, seat(rig, "Zhanar"), "Zhanar")
    member = rig.join("second", "Zarina", ("testimony",))
    rig.meet(rig.first, member)
    own = places.place(folder(rig), 1) / places.HELD
    whole = own.read_bytes()
    for seed in (bytes(range(32)), other._keyring["device"], member._keyring["device"]):
        own.write_bytes(whole)
        public = signer(seed, b"").device.key
        _handed(rig, lambda held, public=public: replace(held, by=public), seed)  # type: ignore[misc]
        _refused(rig)
    own.write_bytes(whole)
    # In her name, without her key; and with a key, but of another office.
    _handed(rig, lambda held: held, bytes(range(32)))
    _refused(rig)
    own.write_bytes(whole)
    _handed(rig, lambda held: replace(held, office=bytes(32)), rig.first._keyring["device"])
    _refused(rig)
    own.write_bytes(whole)
    sit(rig, 1, "Aigul")


def test_a_damaged_file_of_a_seat_is_made_anew_when_the_casebook_is_opened(rig: Rig) -> None:
    seat(rig, "Aigul", ("testimony",))
    path = places.place(folder(rig), 1) / places.HELD
    path.write_bytes(path.read_bytes()[:-1])
    _refused(rig)
    rig.first.close()
    rig.reopen("first")
    sit(rig, 1, "Aigul")


def test_a_key_file_holds_nothing_but_a_key_and_what_is_public(rig: Rig) -> None:
    """It looks the same whatever she holds; what that is was handed to the seat, and is in no clear text."""
    seat(rig, "Aigul", ("testimony", "source"))
    seat(rig, "Ana", ("medical",))
    one, two = (
        json.loads((places.place(folder(rig), number) / keys.KEY_FILE).read_bytes()) for number in (1, 2)
    )
    assert list(one) == list(two)
    assert list(one["keys"]) == list(two["keys"]) == ["device", "root"]
    sizes = [
        {name: len(base64.b64decode(part["sealed"])) for name, part in it["keys"].items()}
        for it in (one, two)
    ]
    assert sizes[0] == sizes[1]


def test_what_was_signed_at_a_seat_does_not_become_anothers(rig: Rig) -> None:
    """A coordinator cannot make what one member entered another's by saying later whose the seat is, in
    whatever order the roll is read."""
    there = sit(rig, seat(rig, "Aigul", ("testimony", "source")), "Aigul")
    there.add_statements([told("hers")])
    seat(rig, "Ana", ("testimony", "source"))
    registrar = rig.first.vault.registrar
    own, ana = registrar.signer, registrar.member("Ana")
    root, by, key = own.device.office, own.device.key, there.vault.registrar.signer.device.key
    moved = False
    for made in range(40):
        registrar.learn([roll.signed(Enrolment(root, by, made, ana.id, key, ""), own.key)])
        moved = moved or registrar.standing.devices[there.vault.device].member == ana.id
        found = authors(rig.first.vault.store, registrar, "statement")
        assert {one.name for one in found.values()} <= {"Aigul"}
    assert moved
