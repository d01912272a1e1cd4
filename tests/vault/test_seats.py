"""Seats: several members on one computer; each sees what she holds, and what she enters is hers."""

from __future__ import annotations

import shutil
import threading
from typing import TYPE_CHECKING

import pytest
from tests.vault.conftest import CHEAP, PASSPHRASE
from tests.vault.seating import folder, ids, seat, sit, told

from estelik.casebook import Casebook
from estelik.errors import CasebookError, MembershipError, NotFoundError, PassphraseError
from estelik.index import rebuild
from estelik.records import COMPARTMENTS, Judgement, Statement
from estelik.vault import keys, seats
from estelik.vault import seat as places
from estelik.vault.device import id_of
from estelik.vault.ledger import Ledger
from estelik.vault.store import Store

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.vault.conftest import Rig

    from estelik.vault.connection import Connection

PLANTED = "Zbigniewa"


def _dump(casebook: Casebook) -> Iterator[str]:
    """Everything that any table of the files she has open holds."""
    store = casebook._store
    with store.read() as connection:
        for schema in store.schemas.values():
            tables = f"SELECT name FROM {schema}.sqlite_master WHERE type = 'table'"  # noqa: S608 (our own names)
            for name in list(connection.execute(tables).scalars()):
                for row in connection.execute(f"SELECT * FROM {schema}.{name}"):  # noqa: S608
                    yield repr(tuple(row))


def _wrong_key(rig: Rig, compartment: str, key: bytes) -> bool:
    store = Store(folder(rig), keys.Keyring({compartment: key}), (compartment,))
    return not store.opens(compartment, key)


@pytest.mark.parametrize(
    "held", [("testimony",), ("testimony", "source"), ("medical",), ("public", "casework")]
)
def test_at_a_seat_a_member_reads_what_she_holds(rig: Rig, held: tuple[str, ...]) -> None:
    """As on a computer of her own: the same statements, and sources only with theirs."""
    rig.add(rig.first, "one", 20)
    there = sit(rig, seat(rig, "Aigul", held), "Aigul")
    assert ids(there) == {one.statement for one in rig.first.statements() if one.compartment in held}
    if "source" not in held:
        assert {one.source for one in there.statements()} == {""}
    assert there.vault.registrar.own().name == "Aigul"


def test_at_a_seat_nothing_shows_of_other_compartments(rig: Rig) -> None:
    """Not in a statement, a search, a table of what she has open, or a key; on the disk nobody is named."""
    rig.first.add_statements(
        [
            told("seen"),
            Statement("a", "Person 1", source=f"{PLANTED} S", fact="note", value="told", when="2018"),
            Statement(
                "b",
                f"{PLANTED} M",
                source="x",
                quote=f"{PLANTED} was ill",
                event="arrest",
                compartment="medical",
            ),
            Statement(
                "c", "Person 1", source="x", place=f"{PLANTED}", event="arrest", compartment="casework"
            ),
        ]
    )
    rig.first.vault.seal()
    # All that is worked out from the records is in the files as well.
    rig.first.passages().file(few=0)
    rig.first.namesakes().place(few=0)
    there = sit(rig, seat(rig, "Aigul", ("testimony",)), "Aigul")
    assert ids(there) == {"seen", "a"}
    assert not [row for row in _dump(there) if PLANTED in row]
    assert [row for row in _dump(rig.first) if PLANTED in row]
    assert (there.passages().find(PLANTED, 9), there.namesakes().search(PLANTED, 9)) == ([], [])
    assert rig.first.passages().find(PLANTED, 9)
    assert set(there._keyring.packed()[0]) == {"device", "testimony"}
    for path in (folder(rig) / places.SEATS).rglob("*"):
        assert "Aigul" not in path.name
        assert path.is_dir() or (b"Aigul" not in path.read_bytes() and b"testimony" not in path.read_bytes())


def test_the_digest_of_a_statement_does_not_confirm_a_guess_at_who_told_it(rig: Rig) -> None:
    """She has all that was told, and tries names against what the index keeps of it."""
    from estelik.index import tables
    from estelik.records import stored

    one = told("seen", source=PLANTED)
    rig.first.add_statements([one])
    there = sit(rig, seat(rig, "Aigul", ("testimony",)), "Aigul")
    name = tables.name(stored.STATEMENT, "seen")
    with there._store.read() as connection:
        ((_, kept),) = tables.statements(connection, "main", {name}).values()
    assert kept != stored.digest(one)
    assert not [row for row in _dump(there) if stored.digest(one).hex() in row]
    with rig.first._store.read() as connection:
        found = tables.statements(connection, rig.first._store.schemas["testimony"], {name})
    assert next(iter(found.values()))[1] == stored.digest(one)


def test_what_two_enter_at_once_is_all_there(rig: Rig) -> None:
    """At two seats and at the computer itself, each in a thread of its own, on files that they share."""
    casebooks = [
        sit(rig, seat(rig, "Aigul", ("testimony", "source")), "Aigul"),
        sit(rig, seat(rig, "Ana", ("testimony", "source", "medical")), "Ana"),
        rig.first,
    ]
    failed: list[BaseException] = []

    def enter(number: int) -> None:
        try:
            for turn in range(8):
                casebooks[number].add_statements([told(f"{number}-{turn}")])
        except BaseException as error:  # noqa: BLE001 (told below, in the thread of the test)
            failed.append(error)

    threads = [threading.Thread(target=enter, args=(number,)) for number in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    wanted = {f"{number}-{turn}" for number in range(3) for turn in range(8)}
    assert [ids(one) for one in casebooks] == [wanted] * 3
    rig.first.close()
    assert ids(rig.reopen("first")) == wanted


def test_a_seat_leaves_the_files_that_it_cannot_open_as_they_are(rig: Rig) -> None:
    """Also where nothing but its own file was written for long: nobody takes a file for an older one."""
    rig.add(rig.first, "one", 10)
    there = sit(rig, seat(rig, "Aigul", ("testimony",)), "Aigul")
    others = {
        path: path.read_bytes() for path in folder(rig).glob("*.db") if path.stem not in there._store.held
    }
    assert len(others) == len(COMPARTMENTS) - 1
    for number in range(3):
        there.add_judgement(Judgement(f"j{number}", "set-aside", "why", "2020-01-01", statement="one-0"))
    there.close()
    assert all(path.read_bytes() == data for path, data in others.items())
    rig.first.close()
    again = rig.reopen("first")
    assert len(again.judgements()) == 3
    again.add_statements([told("more", "medical")])
    again.close()
    assert "more" in ids(rig.reopen("first"))


def test_what_a_seat_enters_goes_to_other_computers(rig: Rig) -> None:
    """Sealed by the computer that it is on."""
    second = rig.join("second", "Zarina", COMPARTMENTS)
    there = sit(rig, seat(rig, "Aigul", ("testimony", "source")), "Aigul")
    there.add_statements([told("hers")])
    rig.meet(rig.first, second)
    assert "hers" in ids(second)
    assert rig.chains(second) == {rig.first.vault.device}
    assert second.vault.verify(second.vault.shelf).troubles == ()


def test_a_seat_can_do_nothing_that_is_for_the_computer(rig: Rig) -> None:
    """Neither seal nor carry, admit nor withdraw; a coordinator's neither."""
    rig.add(rig.first, "one")
    there = sit(rig, seat(rig, "Zhanar"), "Zhanar")
    assert there.vault.registrar.own().coordinator
    before = {path: path.read_bytes() for path in folder(rig).rglob("*") if path.is_file()}
    for attempt in (
        there.vault.seal,
        there.vault.rotate,
        there.drill,
        lambda: there.withdraw(there.vault.device),
        lambda: there.vault.registrar.change_compartments("Zhanar", ()),
        lambda: there.vault.registrar.withdraw(there.vault.device),
        lambda: there.seats.add("Ana", b"x", ("testimony",), cost=CHEAP),
        lambda: there.decisions.erase(there.decisions.closure("subject", "Person 1"), "asked for"),
    ):
        with pytest.raises(CasebookError):
            attempt()
    assert {path: path.read_bytes() for path in folder(rig).rglob("*") if path.is_file()} == before


def test_what_a_seat_signs_counts_for_nothing_in_the_roll(rig: Rig) -> None:
    """Though it be a coordinator's: it admits nobody, and seals no segment that others take in."""
    from estelik.vault import roll
    from estelik.vault.roll import Enrolment, Membership, Withdrawal

    there = sit(rig, seat(rig, "Zhanar"), "Zhanar")
    own, said = there.vault.registrar.signer, rig.first.vault.registrar.standing
    root, by = own.device.office, own.device.key
    member = there.vault.registrar.own().id
    recipient = said.devices[rig.first.vault.device].recipients[0]
    forged: list[roll.Statement] = [
        Enrolment(root, by, 1, member, bytes(range(32)), recipient),
        Membership(root, by, 1, "x" * 26, 1, "Nobody", ("public",), coordinator=False),
        Withdrawal(root, by, 1, rig.first.vault.device, (), ()),
    ]
    rig.first.vault.registrar.learn([roll.signed(one, own.key) for one in forged])
    after = rig.first.vault.registrar.standing
    assert (after.members, after.devices) == (said.members, said.devices)
    assert after.limit(own.device.id, "testimony") == frozenset()


def test_a_wrong_passphrase_opens_no_seat(rig: Rig) -> None:
    """Nor that of another seat, or of the computer; the number of one that is not there opens nothing."""
    one, two = seat(rig, "Aigul", ("testimony",)), seat(rig, "Ana", ("medical",))
    for number, passphrase in ((one, b"Ana"), (two, b"Aigul"), (one, PASSPHRASE), (one, b"")):
        with pytest.raises(PassphraseError):
            Casebook.open_seat(folder(rig), number, passphrase)
    with pytest.raises(NotFoundError):
        Casebook.open_seat(folder(rig), 7, b"Aigul")
    with pytest.raises(PassphraseError):
        Casebook.open(folder(rig), b"Aigul")


def test_a_member_changes_the_passphrase_of_her_seat(rig: Rig) -> None:
    number = seat(rig, "Aigul", ("testimony",))
    places.change_passphrase(folder(rig), number, b"Aigul", b"hers alone", CHEAP)
    with pytest.raises(PassphraseError):
        Casebook.open_seat(folder(rig), number, b"Aigul")
    Casebook.open_seat(folder(rig), number, b"hers alone").close()
    with pytest.raises(PassphraseError):
        places.change_passphrase(folder(rig), number, b"Aigul", b"again", CHEAP)


def test_a_seat_that_was_taken_away_opens_nothing(rig: Rig) -> None:
    """Not with a copy of it and of the keys that it held; others go on, those at work just now as well."""
    rig.add(rig.first, "one", 20)
    gone, stays = seat(rig, "Aigul", ("testimony", "source")), seat(rig, "Ana", ("testimony",))
    leaving, staying = sit(rig, gone, "Aigul"), sit(rig, stays, "Ana")
    held = {name: leaving._keyring[name] for name in ("testimony", "source")}
    shutil.copytree(places.place(folder(rig), gone), rig.folder / "copied")
    before = ids(staying)
    rig.first.seats.remove(gone)
    for read in (leaving.statements, lambda: Casebook.open_seat(folder(rig), gone, b"Aigul")):
        with pytest.raises((MembershipError, NotFoundError)):
            read()
    shutil.copytree(rig.folder / "copied", places.place(folder(rig), gone))
    copied = places.unlock(folder(rig), gone, b"Aigul")
    assert all(_wrong_key(rig, name, key) for name, key in held.items())
    assert copied["testimony"] == held["testimony"]
    assert ids(staying) == before
    staying.add_judgement(Judgement("j", "set-aside", "why", "2020-01-01", statement="one-0"))
    assert ids(rig.first) == ids(rig.reopen("first"))
    assert [one.number for one in rig.first.seats.every()] == [stays]


def test_keys_that_a_seat_had_open_nothing_that_is_sealed_later(rig: Rig) -> None:
    """The epoch that she could read in the file of the compartment is over, here and on other computers."""
    rig.first.vault.registrar.admit_device(rig.request("second"))
    second = rig.opened[-1]
    rig.meet(rig.first, second)
    number = seat(rig, "Aigul", ("testimony",))
    there = sit(rig, number, "Aigul")
    with there._store.read() as connection:
        known = {one.id for one in Ledger(connection, "main").epochs()}
    rig.meet(rig.first, second)
    # On another computer, on which she has no seat.
    second.withdraw(rig.first.seats.every()[0].member.id)
    assert list(places.numbers(folder(rig))) == [number]
    for casebook in (second, rig.first):
        rig.carry(casebook)
        with casebook._store.read() as connection:
            ledger = Ledger(connection, casebook._store.schemas["testimony"])
            latest = ledger.epochs()[-1]
        assert latest.id not in known
    assert list(places.numbers(folder(rig))) == []
    assert _wrong_key(rig, "testimony", there._keyring["testimony"])


def test_a_compartment_more_and_one_less_come_to_a_seat_that_is_open(rig: Rig) -> None:
    """She is given one and sees it; one is taken, and what she had of it opens no more."""
    rig.add(rig.first, "one", 20)
    there = sit(rig, seat(rig, "Aigul", ("testimony",)), "Aigul")
    rig.first.vault.registrar.change_compartments("Aigul", ("testimony", "medical"))
    rig.first.settle_seats()
    assert {one.compartment for one in there.statements()} == {"testimony", "medical"}
    had = there._keyring["testimony"]
    rig.first.vault.registrar.change_compartments("Aigul", ("medical",))
    rig.first.settle_seats()
    assert {one.compartment for one in there.statements()} == {"medical"}
    assert _wrong_key(rig, "testimony", had)
    assert rig.first.seats.owed() == []
    assert {one.compartment for one in rig.reopen("first").statements()} == set(COMPARTMENTS)


def test_who_reads_for_long_keeps_a_file_from_getting_another_key_and_nothing_is_lost(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The seat is gone all the same; the key is changed when the casebook is opened next."""
    from estelik.vault import store

    rig.add(rig.first, "one", 20)
    number = seat(rig, "Aigul", ("testimony",))
    there = sit(rig, seat(rig, "Ana", ("testimony",)), "Ana")
    had = there._keyring["testimony"]
    monkeypatch.setattr(store, "PATIENCE", 0.1)
    rig.first.vault.withdraw(id_of(rig.first.vault.office.seats[0].key))
    with there._store.read() as connection:
        connection.execute("SELECT count(*) FROM main.record").scalar_one()
        with pytest.raises(CasebookError, match="another key"):
            rig.first.settle_seats()
    assert rig.first.seats.owed() == ["testimony"]
    assert len(ids(there)) == len([one for one in rig.first.statements() if one.compartment == "testimony"])
    assert number not in list(places.numbers(folder(rig)))
    rig.first.close()
    again = rig.reopen("first")
    assert again.seats.owed() == []
    assert _wrong_key(rig, "testimony", had)
    assert ids(there) <= ids(again)


def test_only_a_coordinator_makes_a_seat_and_gives_what_she_holds(rig: Rig) -> None:
    member = rig.join("second", "Aigul", ("testimony",))
    with pytest.raises(MembershipError):
        member.seats.add("Ana", b"x", ("testimony",), cost=CHEAP)
    with pytest.raises(MembershipError):
        rig.first.seats.add("Nobody", b"x", cost=CHEAP)
    with pytest.raises(MembershipError):
        rig.first.seats.add("Aigul", b"x", ("testimony",), cost=CHEAP)
    assert not (folder(rig) / places.SEATS).exists()
    assert not (rig.folder / "second" / places.SEATS).exists()


def test_there_is_no_end_of_members_but_one_of_seats(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seats, "MOST", 2)
    numbers = [seat(rig, "Aigul", ("testimony",)), seat(rig, "Ana", ("testimony",))]
    assert numbers == [1, 2]
    with pytest.raises(MembershipError):
        seat(rig, "Asel", ("testimony",))
    rig.first.seats.remove(1)
    assert seat(rig, "Asel", ("testimony",)) == 1


def test_erasing_does_not_wait_for_seats(rig: Rig) -> None:
    """They hold keys to the files of this computer and none of their own."""
    rig.add(rig.first, "one")
    seat(rig, "Aigul", COMPARTMENTS)
    rig.first.decisions.erase(rig.first.decisions.closure("subject", "Person 1"), "asked for")
    (found,) = rig.first.vault.disposal.progress()
    assert found.here
    assert found.devices == ()


def test_a_connection_knows_no_veil_without_the_sources(rig: Rig) -> None:
    there = sit(rig, seat(rig, "Aigul", ("testimony",)), "Aigul")
    connection: Connection
    with there._store.read() as connection:
        assert connection.veil == b""
    with rig.first._store.read() as connection:
        assert len(connection.veil) == 32


def test_a_seat_without_the_sources_puts_nothing_into_the_index_of_others(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What came in and was not put there yet is found when somebody has opened who can read all of it."""
    rig.first.vault.registrar.admit_device(rig.request("second"))
    second = rig.opened[-1]
    rig.meet(rig.first, second)
    rig.first.add_statements([told("t")])
    there = sit(rig, seat(rig, "Aigul", ("testimony",)), "Aigul")
    late = told("late", source="source 9")
    second.add_statements([late])
    second.vault.seal()
    rig.carry(second)
    with monkeypatch.context() as patched:
        patched.setattr(rebuild, "keep_up", lambda _: None)
        rig.carry(rig.first)
    judgement = Judgement("j", "set-aside", "why", "2020-01-01", statement="t")
    with pytest.raises(CasebookError, match="cannot be found yet"):
        there.add_judgement(judgement)
    with pytest.raises(CasebookError, match="cannot be found yet"):
        there.rebuild_index()
    assert there.judgements() == []
    rig.first.close()
    again = rig.reopen("first")
    assert again.add_statements([late]).unchanged == 1
    there.add_judgement(judgement)
    assert [one.id for one in again.judgements()] == ["j"]
    assert ids(there) == {"t", "late"}
