"""What was erased is gone here, on every other computer and carrier, and from every old copy."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.vault.attacker import Attacker

from estelik.errors import CasebookError, MembershipError, NotFoundError
from estelik.records import COMPARTMENTS, Statement
from estelik.records.disposition import Erasure, Hold, Lift, Restriction
from estelik.vault import dispositions
from estelik.vault.standing import Member

if TYPE_CHECKING:
    from pathlib import Path

    from tests.vault.conftest import Rig

    from estelik.casebook import Casebook

PASSPHRASE = b"apple tree"
MARKER = "ol qorqyp ketti dedi"


def _enter(casebook: Casebook, name: str, *, marker: str = MARKER) -> None:
    """Eleven statements in two compartments, the sixth of which holds a marker in every cell that can."""
    rows = [
        Statement(
            f"{name}-{number}",
            f"Person {number % 3}",
            source="source 1",
            told="2019",
            event="arrest",
            quote=f"words {name}-{number} said",
            compartment=("medical", "testimony")[number % 2],
        )
        for number in range(10)
    ]
    rows.insert(
        5,
        Statement(
            f"{name}-{marker}", "Person 0", source="source 1", told="2019", event=f"arrest:{marker}",
            place=marker, by=marker, quote=marker, note=marker, compartment="testimony",
        ),
    )  # fmt: skip
    casebook.add_statements(rows)
    casebook.vault.seal()


def erase(casebook: Casebook, statement: str) -> str:
    """Erases a statement by its own id."""
    return casebook.decisions.erase(casebook.decisions.closure("statement", statement), "asked for it")


def _coordinator(rig: Rig) -> Casebook:
    """The computer of a second coordinator."""
    registrar = rig.first.vault.registrar
    registrar.admit_member(rig.request("second"), "Aigul", COMPARTMENTS, rig.first.vault.office.secret)
    made = rig.opened[-1]
    rig.meet(rig.first, made)
    return made


def _names(casebook: Casebook) -> set[str]:
    return {one.statement for one in casebook.statements()}


def _done(casebook: Casebook) -> list[bool]:
    return [one.done for one in casebook.vault.disposal.progress()]


def _clean(rig: Rig, *casebooks: Casebook) -> None:
    """All is whole on each computer and on the stick."""
    for casebook in casebooks:
        for found in (casebook.vault.verify(casebook.vault.shelf), rig.verify(casebook)):
            assert (found.troubles, found.behind) == ((), 0)
            assert found.records == casebook.vault.health().records
        assert casebook.vault.health().nowhere == 0


def _holds(folder: Path, text: str) -> bool:
    """Whether a word stands anywhere in a computer's databases, in what is free of their pages, too."""
    attacker = Attacker()
    attacker.casebook(folder, PASSPHRASE)
    return text.encode() in b"".join(attacker.read)


def test_an_erased_statement_is_gone_from_this_computer_and_the_rest_stays(rig: Rig) -> None:
    """Every view goes on without it; no page of a database holds a word of it, in use or free."""
    _enter(rig.first, "one")
    before = rig.first.statements()
    rig.carry(rig.first)
    assert _holds(rig.folder / "first", MARKER)
    erase(rig.first, f"one-{MARKER}")
    after = [one for one in before if MARKER not in one.statement]
    assert rig.first.statements() == after
    assert rig.first.group("Person 0") == [one for one in after if one.about == "Person 0"]
    assert rig.first.lives.at_places([MARKER]) == []
    assert MARKER not in rig.first.lives.place_labels()
    assert not _holds(rig.folder / "first", MARKER)
    rig.carry(rig.first)
    _clean(rig, rig.first)
    with rig.reopen("first") as opened:
        assert opened.statements() == after


def test_records_that_no_erasure_covers_are_refused_deletion_as_before(rig: Rig) -> None:
    """By the database itself: only what is noted as erased can be taken out."""
    _enter(rig.first, "one")
    erase(rig.first, f"one-{MARKER}")
    with pytest.raises(CasebookError), rig.first._store.write() as connection:
        connection.execute("DELETE FROM main.record WHERE seq = 1")
    with pytest.raises(CasebookError), rig.first._store.write() as connection:
        connection.execute("UPDATE main.record SET body = ''")
    assert len(_names(rig.first)) == 10


def test_an_old_copy_and_every_key_that_is_left_open_all_but_the_erased_record(rig: Rig) -> None:
    """Every key of both computers, three shares and every byte that ever stood on the stick, before the
    custodians renewed the secret and after: only then is the record shut, and nothing else is."""
    second = rig.join("second", "Aigul", COMPARTMENTS)
    _enter(rig.first, "one")
    _enter(second, "two", marker="other")
    rig.meet(rig.first, second)
    shutil.copytree(rig.root(), rig.folder / "earlier")

    def attack() -> tuple[bool, set[str], int]:
        """Whether the marker can be read, which statements can, and how many records stay shut."""
        attacker = Attacker()
        for folder in ("earlier", "stick"):
            attacker.carrier(rig.folder / folder)
        for casebook in ("first", "second"):
            attacker.casebook(rig.folder / casebook, PASSPHRASE)
        attacker.shares(rig.shares[:2])
        read = attacker.everything()
        wanted = {f"{name}-{number}" for name in ("one", "two") for number in range(10)}
        there = {one for one in wanted if f"words {one} said".encode() in read}
        return MARKER.encode() in read, there, attacker.shut

    every = {f"{name}-{number}" for name in ("one", "two") for number in range(10)}
    assert attack() == (True, every, 0)
    erase(rig.first, f"one-{MARKER}")
    assert _done(rig.first) == [False]
    # The other computer, the stick and the custodians are not done: each is enough to open it.
    assert attack() == (True, every, 0)
    rig.meet(rig.first, second, rig.first, second)
    (told,) = rig.first.vault.disposal.progress()
    assert (told.here, [done for *_, done in told.devices], told.carriers, told.custodians) == (
        True,
        [True],
        (("stick", True),),
        False,
    )
    assert attack() == (True, every, 0)
    rig.first.vault.renew_custody(rig.shares[:2])
    rig.shares = rig.first.vault.share_out(2, 3)
    rig.first.vault.forget_secret(2, 3)
    rig.meet(rig.first, second, rig.first, second)
    assert _done(rig.first) == _done(second) == [True]
    assert attack() == (False, every, 1)
    # What was on the old copy beside it comes back from the copy and the stick together.
    shutil.copytree(rig.root(), rig.root("both"), dirs_exist_ok=True)
    shutil.copytree(rig.folder / "earlier", rig.root("both"), dirs_exist_ok=True)
    for carrier in ("stick", "both"):
        made, found = rig.restore(f"from-{carrier}", carrier)
        assert made.statements() == rig.first.statements()
        assert {one.what for one in found.troubles} <= {"closed"}
        assert found.erased == 1
        assert not _holds(rig.folder / f"from-{carrier}", MARKER)
    with pytest.raises(CasebookError, match="open nothing"):
        rig.restore("from-earlier", "../earlier")
    # And nowhere does it stand in the clear: in no file, journal or carrier, nor in a name.
    for path in rig.folder.rglob("*"):
        assert MARKER not in str(path)
        assert not path.is_file() or MARKER.encode() not in path.read_bytes()


def test_the_key_of_an_epoch_that_leads_to_an_erased_record_alone_would_open_it(rig: Rig) -> None:
    """The attack is one: whoever had kept one old identity of a computer reads the record."""
    _enter(rig.first, "one")
    rig.carry(rig.first)
    shutil.copytree(rig.root(), rig.folder / "earlier")
    kept = rig.first.vault.office.identities
    erase(rig.first, f"one-{MARKER}")
    rig.first.vault.renew_custody(rig.shares[:2])
    rig.carry(rig.first)
    for extra, opens in (((), False), (kept, True)):
        attacker = Attacker()
        attacker.carrier(rig.folder / "earlier")
        attacker.casebook(rig.folder / "first", PASSPHRASE)
        for text in extra:
            attacker.learn(text.encode())
        assert (MARKER.encode() in attacker.everything()) is opens


def test_it_goes_from_other_computers_with_the_next_sync_and_all_are_told_when(rig: Rig) -> None:
    """Row, index and keys; each computer says itself when it is done; an old stick brings nothing back."""
    second = rig.join("second", "Aigul", ("testimony", "source"))
    third = rig.join("third", "Dina", ("medical", "source"))
    _enter(rig.first, "one")
    rig.meet(rig.first, second, third)
    shutil.copytree(rig.root(), rig.folder / "earlier")
    erase(rig.first, f"one-{MARKER}")
    rig.carry(rig.first)
    assert _holds(rig.folder / "second", MARKER)
    rig.carry(second)
    assert not _holds(rig.folder / "second", MARKER)
    assert f"one-{MARKER}" not in _names(second)
    assert _names(second) < _names(rig.first)
    rig.meet(second, rig.first, third)
    (told,) = rig.first.vault.disposal.progress()
    # Who never held the compartment has nothing to be done with.
    assert [(name, done) for _, name, done in told.devices] == [("Aigul", True)]
    assert third.vault.disposal.progress() == []
    shutil.rmtree(rig.root())
    shutil.copytree(rig.folder / "earlier", rig.folder / "stick")
    for casebook in (second, rig.first, third):
        rig.carry(casebook)
    rig.meet(second, rig.first, third)
    assert f"one-{MARKER}" not in _names(second) | _names(rig.first)
    assert [done for *_, done in rig.first.vault.disposal.progress()[0].devices] == [True]
    _clean(rig, rig.first, second, third)


def test_two_who_erase_different_records_of_one_segment_at_once_come_to_the_same(rig: Rig) -> None:
    """The pages of both are joined: neither record has a key left, every other one has, on both; and no copy
    of the stick that was ever taken opens them afterwards."""
    attacker = Attacker()
    second = _coordinator(rig)
    _enter(rig.first, "one")
    rig.meet(rig.first, second)
    erase(rig.first, "one-1")
    erase(second, "one-3")
    for casebook in (rig.first, second) * 4:
        attacker.carrier(rig.root())
        rig.meet(casebook)
    for casebook in (rig.first, second):
        assert _names(casebook) == {f"one-{n}" for n in range(10) if n not in (1, 3)} | {f"one-{MARKER}"}
        for progress in casebook.vault.disposal.progress():
            assert progress.here
            assert all(done for *_, done in progress.devices)
    _clean(rig, rig.first, second)
    pages = [_pages(casebook) for casebook in (rig.first, second)]
    assert pages[0] == pages[1]
    made, found = rig.restore("third")
    assert (made.statements(), found.troubles, found.erased) == (rig.first.statements(), (), 2)
    rig.first.vault.renew_custody(rig.shares[:2])
    rig.meet(rig.first, second, rig.first, second)
    attacker.carrier(rig.root())
    for folder in ("first", "second"):
        attacker.casebook(rig.folder / folder, PASSPHRASE)
    read = attacker.everything()
    left = [number for number in range(10) if f"words one-{number} said".encode() in read]
    assert left == [0, 2, 4, 5, 6, 7, 8, 9]


def _pages(casebook: Casebook) -> set[str]:
    from estelik.vault.ledger import Ledger

    with casebook._store.read() as connection:
        schemas = casebook._store.schemas.values()
        return {page for schema in schemas for page in Ledger(connection, schema).pages().values()}


def test_two_who_begin_new_keys_at_once_still_hear_of_each_other(rig: Rig) -> None:
    """Each has destroyed what the other knew to write to; the roll reaches both all the same."""
    second = rig.join("second", "Aigul", COMPARTMENTS)
    for turn in range(2):
        for casebook, name in ((rig.first, "one"), (second, "two")):
            rig.add(casebook, f"{name}{turn}")
            casebook.vault.rotate(now=True)
        rig.meet(rig.first, second, rig.first, second)
        assert rig.first.statements() == second.statements()
        assert len(rig.first.statements()) == 12 * (turn + 1)


def test_a_copy_of_a_casebook_that_comes_late_does_not_bring_it_back(rig: Rig) -> None:
    """Somebody sealed the same record in another chain, and hands it on with keys that came after it was
    erased, since a stick withheld the erasure: it is not let in, and what leads to it is closed once more."""
    rig.first.add_statements([Statement(MARKER, "Person 0", source="s", event="arrest")])
    rig.first.add_statements([Statement("beside", "Person 0", source="s", event="release")])
    rig.first.close()
    shutil.copytree(rig.folder / "first", rig.folder / "copy")
    first, copy = rig.reopen("first"), rig.reopen("copy")
    for casebook in (first, copy):
        casebook.vault.seal()
    rig.carry(first)
    erase(first, MARKER)
    rig.carry(first)
    tables = rig.root() / "estelik" / "table"
    tables.rename(rig.folder / "withheld")
    tables.mkdir()
    rig.carry(copy)
    assert MARKER in _names(copy)
    shutil.copytree(rig.folder / "withheld", tables, dirs_exist_ok=True)
    shutil.copytree(rig.root(), rig.folder / "earlier")
    rig.carry(first)
    assert not _holds(rig.folder / "first", MARKER)
    rig.meet(first, copy, first, copy)
    for casebook, folder in ((first, "first"), (copy, "copy")):
        assert _names(casebook) == {"beside"}
        assert not _holds(rig.folder / folder, MARKER)
        (told,) = casebook.vault.disposal.progress()
        assert told.here
    first.vault.renew_custody(rig.shares[:2])
    rig.meet(first, copy, first, copy)
    attacker = Attacker()
    for folder in ("earlier", "stick"):
        attacker.carrier(rig.folder / folder)
    for folder in ("first", "copy"):
        attacker.casebook(rig.folder / folder, PASSPHRASE)
    read = attacker.everything()
    assert MARKER.encode() not in read
    assert b"beside" in read


def test_only_a_coordinator_erases(rig: Rig) -> None:
    """Another member is refused; what she signs all the same counts nowhere, and no key is lost to it."""
    second = rig.join("second", "Aigul", COMPARTMENTS)
    _enter(rig.first, "one")
    rig.meet(rig.first, second)
    found = second.decisions.closure("statement", f"one-{MARKER}")
    with pytest.raises(MembershipError):
        second.decisions.erase(found, "because")
    signer = second.vault.registrar.signer
    said = {
        where: [Erasure("d" * 26, signer.device.id, dispositions.now(), "because", tuple(ids), 1, 1)]
        for where, ids in found.records.items()
    }
    with second._store.write() as connection:
        dispositions.enter(second._store, connection, signer, said)
    rig.meet(second, rig.first)
    for casebook in (rig.first, second):
        assert f"one-{MARKER}" in _names(casebook)
        assert casebook.vault.disposal.erasures() == []
    _clean(rig, rig.first, second)


def test_keys_that_somebody_dropped_without_right_come_back_from_another_page(rig: Rig) -> None:
    """A page that lacks keys which nobody erased does not win, whatever its version."""
    from estelik.vault import erasing
    from estelik.vault.ledger import Ledger
    from estelik.vault.tombstone import Tombstones

    second = rig.join("second", "Aigul", COMPARTMENTS)
    _enter(rig.first, "one")
    rig.meet(rig.first, second)
    schema = second._store.schemas["testimony"]
    with second._store.write() as connection:
        ledger = Ledger(connection, schema)
        for line in ledger.lines():
            page = erasing.opened_page(second.vault.shelf, line)
            none = tuple(b"" for _ in page.keys)
            erasing.rewrite(ledger, Tombstones(connection, schema), second.vault.shelf, line, page, none, 7)
    before = rig.first.statements()
    rig.meet(second, rig.first, second)
    assert rig.first.statements() == before
    made, found = rig.restore("third")
    assert (made.statements(), found.erased) == (before, 0)
    assert found.troubles == ()
    _clean(rig, rig.first, second)


def test_nothing_is_erased_that_must_be_kept(rig: Rig) -> None:
    """A hold refuses it, also for a later statement about the same person, until it is lifted."""
    _enter(rig.first, "one")
    decisions = rig.first.decisions
    decision = decisions.hold(decisions.closure("subject", "Person 0"), "proceedings in Geneva")
    rig.add(rig.first, "late", 1)
    before = rig.first.statements()
    for statement in (f"one-{MARKER}", "one-3", "late-0"):
        with pytest.raises(CasebookError, match="hold"):
            erase(rig.first, statement)
    assert rig.first.statements() == before
    erase(rig.first, "one-1")
    decisions.lift(decision, "the proceedings are over")
    erase(rig.first, f"one-{MARKER}")
    assert len(before) - len(rig.first.statements()) == 2
    with pytest.raises(NotFoundError):
        decisions.lift(decision, "again")


def test_a_hold_that_comes_too_late_does_not_undo_an_erasure(rig: Rig) -> None:
    """Made on another computer before it heard of it: the record stays erased on both."""
    second = rig.join("second", "Aigul", COMPARTMENTS)
    _enter(rig.first, "one")
    rig.meet(rig.first, second)
    decisions = second.decisions
    decisions.hold(decisions.closure("statement", f"one-{MARKER}"), "wanted")
    erase(rig.first, f"one-{MARKER}")
    rig.meet(second, rig.first, second)
    assert f"one-{MARKER}" not in _names(rig.first) | _names(second)
    assert [one.reason for one in rig.first.vault.disposal.holds()] == ["wanted"]


def test_what_is_restricted_is_in_no_view_until_that_is_lifted(rig: Rig) -> None:
    """Here and on other computers: not in lists, lives, places or decisions; kept, and back as it was."""
    second = rig.join("second", "Aigul", ("testimony", "medical"))
    _enter(rig.first, "one")
    rig.meet(rig.first, second)
    whole, hers = rig.first.statements(), second.statements()
    decision = rig.first.decisions.restrict(rig.first.decisions.closure("subject", "Person 0"), "disputed")
    rig.add(rig.first, "late", 1)
    rig.meet(rig.first, second)
    for casebook in (rig.first, second):
        assert not any(one.about == "Person 0" for one in casebook.statements())
        assert "Person 0" not in casebook.subjects()
        assert casebook.lives.at_places([MARKER]) == []
        assert MARKER not in casebook.lives.place_labels()
        with pytest.raises(NotFoundError):
            casebook.group("Person 0")
    rig.first.decisions.lift(decision, "settled")
    rig.meet(rig.first, second)
    assert [one for one in rig.first.statements() if one.statement != "late-0"] == whole
    assert [one for one in second.statements() if one.statement != "late-0"] == hers


def test_blobs_of_erased_evidence_go_from_here_and_from_carriers(rig: Rig) -> None:
    """The file, what is known of it, and its sealed copies; other files stay."""
    from estelik.evidence import intake
    from estelik.evidence.intake import Particulars
    from estelik.index.evidence import every

    for name in ("kept", "gone"):
        (rig.folder / name).write_text(f"{name} {MARKER}")
        intake.add(rig.first.vault, [str(rig.folder / name)], Particulars(source="a neighbour"))
    second = rig.join("second", "Aigul", COMPARTMENTS)
    rig.meet(rig.first, second)
    assert len(rig.files("blob")) == 2
    gone = every(rig.first._store)[1]
    found = rig.first.decisions.closure("evidence", gone.id[:8])
    assert found.evidence == 1
    rig.first.decisions.erase(found, "asked for it")
    rig.meet(rig.first, second)
    for casebook in (rig.first, second):
        assert [one.id for one in every(casebook._store)] != []
        assert gone.id not in {one.id for one in every(casebook._store)}
        assert gone.evidence.blob.name not in casebook.vault.shelf.names("blob")
    assert [path.name for path in rig.files("blob")] != [gone.evidence.blob.name]
    assert len(rig.files("blob")) == 1
    _clean(rig, rig.first, second)


def test_a_drill_and_a_restore_go_on_after_something_was_erased(rig: Rig) -> None:
    """Both bring back everything that is left, and say that all is as it was."""
    _enter(rig.first, "one")
    rig.carry(rig.first)
    erase(rig.first, f"one-{MARKER}")
    rig.carry(rig.first)
    drill = rig.first.drill()
    assert (drill.identical, drill.lost) == (True, 0)
    made, found = rig.restore("second")
    assert (found.troubles, found.erased, made.statements()) == ((), 1, rig.first.statements())


@given(st.data())
def test_what_is_in_force_does_not_depend_on_the_order_of_decisions(data: st.DataObject) -> None:
    """Restrictions, holds and their ends, in whatever order they arrive and however often."""
    member = Member("m" * 26, "Aigul", frozenset(), coordinator=False, present=True)
    ids = st.sampled_from("abcd")
    made = data.draw(st.lists(st.tuples(st.booleans(), ids), unique_by=lambda one: one[1]))
    lifted = data.draw(st.lists(ids))
    said: list[Restriction | Hold | Lift] = []
    for holds, one in made:
        what = "d" * 26, "2024-01-01T00:00:00Z", "why", (f"record {one}",)
        said.append(Hold(one, *what) if holds else Restriction(one, *what))
    said += [Lift(f"lift {one}", "d" * 26, "2024-01-01T00:00:00Z", "over", one) for one in lifted]
    mixed = data.draw(st.permutations([*said, *said[: data.draw(st.integers(0, 3))]]))
    decided = [dispositions.Decided("r" * 26, "testimony", one, member) for one in mixed]
    held = {says.decision for _, says in dispositions.in_force(decided, Hold)}
    assert held == {one for holds, one in made if holds} - set(lifted)
    hidden = {says.decision for _, says in dispositions.in_force(decided, Restriction)}
    assert hidden == {one for holds, one in made if not holds} - set(lifted)


def test_what_is_restricted_is_not_named_by_evidence_either(rig: Rig) -> None:
    """Neither the file, where it is restricted, nor that one bears on somebody who is."""
    from estelik.evidence import intake
    from estelik.evidence.intake import Particulars
    from estelik.index.evidence import every

    _enter(rig.first, "one")
    (rig.folder / "file").write_text("letter")
    intake.add(rig.first.vault, [str(rig.folder / "file")], Particulars(about=("Person 0",)))
    decisions = rig.first.decisions
    decisions.restrict(decisions.closure("subject", "Person 0"), "disputed")
    (found,) = every(rig.first._store, decisions.hidden_records())
    assert found.relations == []
    decisions.restrict(decisions.closure("evidence", found.id), "disputed")
    assert every(rig.first._store, decisions.hidden_records()) == []
    assert len(every(rig.first._store)) == 1
