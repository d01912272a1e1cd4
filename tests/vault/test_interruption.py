"""Killed at any moment, or done by two at once: nothing acknowledged is lost, nothing is there twice."""

from __future__ import annotations

import os
import random
import shutil
import signal
import time
from contextlib import suppress
from threading import Thread
from typing import TYPE_CHECKING

import pytest
from tests.cheap import CHEAP
from tests.depth import DEPTH
from tests.vault.killing import PowerCut, Worker, long

from estelik.casebook import Casebook
from estelik.records import COMPARTMENTS, Statement
from estelik.vault import cut, office
from estelik.vault.carriers.folder import FolderCarrier
from estelik.vault.keys import Cost
from estelik.vault.office import Place

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.vault.conftest import Rig

PASSPHRASE = b"apple tree"


def _carrying(folder: Path, stick: Path, name: str) -> Callable[[Callable[[str], None]], None]:
    """Enters twenty statements, seals and carries them, three times."""

    def work(say: Callable[[str], None]) -> None:
        setattr(cut, "RECORDS", 7)  # noqa: B010 (final for all others)
        with Casebook.open(folder, PASSPHRASE) as casebook:
            for turn in range(3):
                casebook.add_statements(
                    Statement(
                        f"{name}-{turn}-{number}",
                        f"Person {number}",
                        source="source",
                        event="arrest",
                        compartment=COMPARTMENTS[number % 5],
                    )
                    for number in range(20)
                )
                say(f"entered {name}-{turn}")
                casebook.vault.seal()
                moved = casebook.sync("stick", FolderCarrier(stick))
                assert moved.troubles == (), moved
                say(f"carried {name}-{turn}")

    return work


def _names(casebook: Casebook) -> dict[str, int]:
    """How many statements each turn of each worker has entered."""
    out: dict[str, int] = {}
    for statement in casebook.statements():
        name = statement.statement.rsplit("-", 1)[0]
        out[name] = out.get(name, 0) + 1
    return out


def _settled(rig: Rig) -> Casebook:
    """The first casebook again, checked whole here, on its carrier, and in what comes back from there."""
    opened = Casebook.open(rig.folder / "first", PASSPHRASE)
    rig.opened.append(opened)
    opened.vault.seal()
    assert opened.vault.seal() == 0
    assert rig.carry(opened).troubles == ()
    assert rig.carry(opened) == (0, 0, (), 0)
    for found in (opened.vault.verify(opened.vault.shelf), rig.verify(opened)):
        assert (found.troubles, found.behind) == ((), 0)
        assert found.records == opened.vault.health().records
    assert rig.verify(opened).unknown == 0
    assert opened.vault.health().nowhere == 0
    return opened


def _restores_the_same(rig: Rig, opened: Casebook, to: str) -> None:
    made, found = rig.restore(to)
    assert found.troubles == ()
    assert made.statements() == opened.statements()
    made.close()
    shutil.rmtree(rig.folder / to)


def test_entering_sealing_and_carrying_killed_at_random_moments_lose_nothing(rig: Rig) -> None:
    """After all kills all that was said to be entered is there once, and sealed and carried by the next."""
    rig.first.vault.add_carrier(Place("stick", str(rig.root())))
    rig.first.close()
    folder, dice = rig.folder / "first", random.Random(7)
    whole = long(_carrying(folder, rig.root(), "whole"))
    entered, killed = {f"whole-{turn}" for turn in range(3)}, 0
    for turn in range(30 * DEPTH):
        worker = Worker(_carrying(folder, rig.root(), f"n{turn}"))
        time.sleep(dice.uniform(0, whole))
        worker.kill()
        status, said = worker.said()
        killed += status != 0
        entered |= {line.split()[1] for line in said if line.startswith("entered")}
        if turn % 10 == 9:
            # What was said to be carried comes back, whatever the last one left half done.
            opened = _settled(rig)
            there = _names(opened)
            assert entered <= there.keys()
            assert set(there.values()) == {20}
            opened.close()
    assert killed >= 18 * DEPTH
    assert len(entered) > 3
    opened = Casebook.open(rig.folder / "first", PASSPHRASE)
    rig.opened.append(opened)
    _restores_the_same(rig, opened, "second")


def test_what_was_said_to_be_carried_comes_back_from_the_carrier_alone(rig: Rig) -> None:
    """The office is lost with the worker; the carrier has every acknowledged record."""
    rig.first.vault.add_carrier(Place("stick", str(rig.root())))
    rig.first.close()
    whole = long(_carrying(rig.folder / "first", rig.root(), "whole"))
    for turn in range(10):
        worker = Worker(_carrying(rig.folder / "first", rig.root(), f"n{turn}"))
        time.sleep(whole * (turn + 1) / 10)
        worker.kill()
        _, said = worker.said()
        carried = {line.split()[1] for line in said if line.startswith("carried")}
        if not carried:
            continue
        made, found = rig.restore(f"back{turn}")
        assert {one.what for one in found.troubles} <= {"unnamed"}
        there = _names(made)
        assert all(there[name] == 20 for name in carried)
        made.close()


def test_a_killed_restore_leaves_no_casebook_and_the_next_is_whole(rig: Rig) -> None:
    """The folder is there whole or not at all."""
    rig.add(rig.first, "one", 60)
    rig.carry(rig.first)
    there = rig.first.statements()
    rig.first.close()
    dice = random.Random(8)

    def restoring(to: str) -> Callable[[Callable[[str], None]], None]:
        carrier = FolderCarrier(rig.root())

        def work(_: Callable[[str], None]) -> None:
            made, _found = Casebook.restore(
                rig.folder / to, PASSPHRASE, carrier, rig.shares[:2], cost=Cost(8, 1, 1)
            )
            made.close()

        return work

    whole = long(restoring("whole"))
    killed = 0
    for turn in range(14 * DEPTH):
        worker = Worker(restoring(f"r{turn}"))
        time.sleep(dice.uniform(0, whole))
        worker.kill()
        killed += worker.said()[0] != 0
        back = rig.folder / f"r{turn}"
        if back.exists():
            with Casebook.open(back, PASSPHRASE) as opened:
                assert opened.statements() == there
    assert killed >= 6 * DEPTH
    made, found = rig.restore("last")
    assert (found.troubles, made.statements()) == ((), there)


def test_two_processes_at_once_make_one_chain_and_carry_it_once(rig: Rig) -> None:
    """Both enter, seal and carry the same casebook: one chain without fork or gap, every record once."""
    rig.first.vault.add_carrier(Place("stick", str(rig.root())))
    rig.first.close()
    workers = [Worker(_carrying(rig.folder / "first", rig.root(), name)) for name in "abc"]
    for worker in workers:
        status, said = worker.said()
        assert (status, len(said)) == (0, 6)
    opened = _settled(rig)
    assert _names(opened) == {f"{name}-{turn}": 20 for name in "abc" for turn in range(3)}
    _restores_the_same(rig, opened, "second")


def test_changes_to_the_office_file_at_once_are_all_kept(rig: Rig) -> None:
    """Carriers added while others are synced stay, and a secret that was taken away does not come back."""
    rig.add(rig.first, "one")
    rig.carry(rig.first)
    failures: list[BaseException] = []

    def change(number: int) -> None:
        try:
            rig.first.vault.add_carrier(Place(f"c{number}", str(rig.root(f"c{number}"))))
            rig.first.sync(f"c{number}", FolderCarrier(rig.root(f"c{number}")))
            if number == 3:
                rig.first.vault.forget_secret(2, 3)
        except BaseException as error:  # noqa: BLE001 (told below)
            failures.append(error)

    threads = [Thread(target=change, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    now = rig.first.vault.office
    assert failures == []
    assert {place.name for place in now.carriers} == {"stick", *(f"c{number}" for number in range(8))}
    assert all(place.synced for place in now.carriers)
    assert now.secret == b""
    assert rig.first.vault.health().nowhere == 0


def test_what_was_left_of_an_office_file_is_swept(rig: Rig, tmp_path: Path) -> None:
    """A half-written office file may hold a secret that was shared out since: it does not stay."""
    half = tmp_path / "first" / ".office.sealed.0badc0de"
    half.write_bytes(b"half")
    rig.first.vault.forget_secret(2, 3)
    assert not half.exists()
    assert rig.first.vault.office.secret == b""


def test_what_a_killed_restore_left_is_swept_by_the_next_in_the_same_place(rig: Rig) -> None:
    """Whether it is empty or holds half of a casebook; nothing of whoever is still at work, or of others."""
    rig.add(rig.first, "one", 9)
    rig.carry(rig.first)
    carrier = FolderCarrier(rig.root())
    cost = Cost(memory=8, passes=1, lanes=1)

    def restoring(then: Callable[[], None]) -> Callable[[Callable[[str], None]], None]:
        def work(_: Callable[[str], None]) -> None:
            Casebook.restore(
                rig.folder / "back", b"x", carrier, rig.shares[:2], cost=cost, progress=lambda *_: then()
            )

        return work

    worker = Worker(restoring(lambda: os.kill(os.getpid(), signal.SIGKILL)))
    assert worker.said()[0] == -signal.SIGKILL
    (left,) = rig.folder.glob(".back.*")
    assert (left / "keys.json").exists()
    theirs = [rig.folder / name for name in (".back.notes", ".back.01234567", ".other.01234567")]
    for one in theirs:
        one.mkdir(mode=0o700)
        (one / "notes.txt").touch()
    empty = rig.folder / ".back.89abcdef"
    empty.mkdir(mode=0o700)
    os.utime(empty, (time.time() - 3600,) * 2)
    at_work, go = os.pipe(), os.pipe()

    def held() -> None:
        os.write(at_work[1], b"!")
        os.read(go[0], 1)

    slow = Worker(restoring(held))
    os.read(at_work[0], 1)
    (working,) = set(rig.folder.glob(".back.*")) - {*theirs}
    assert not {left, empty} & set(rig.folder.iterdir())
    made, _ = rig.restore("back")
    assert working.exists()
    assert made.statements() == rig.first.statements()
    os.write(go[1], b"!" * 99)
    assert slow.said()[0] == 1
    assert set(rig.folder.glob(".*")) == set(theirs)


def test_wherever_a_new_secret_is_cut_off_the_one_that_counts_is_there(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Cut off before and after each write of the office file: the secret on the computer is the office's."""
    rig.add(rig.first, "one", 9)
    opened, write = rig.first, office.write
    for writes in range(1, 99):
        before = opened.vault.office.secret
        left = [writes]

        def failing(folder: Path, key: bytes, made: office.Office, left: list[int] = left) -> None:
            left[0] -= 1
            if left[0] == 0:
                raise PowerCut
            write(folder, key, made)

        opened.close()
        opened = Casebook.open(rig.folder / "first", PASSPHRASE)
        rig.opened.append(opened)
        with monkeypatch.context() as patched, suppress(PowerCut):
            patched.setattr(office, "write", failing)
            opened.vault.renew_custody()
        opened.close()
        opened = Casebook.open(rig.folder / "first", PASSPHRASE)
        rig.opened.append(opened)
        secret = opened.vault.office.secret
        opened.vault.registrar.root(secret)
        if left[0] > 0:
            break
        assert writes > 1 or secret == before
    else:
        pytest.fail("It never came to its end.")
    assert writes > 2
    rig.carry(opened)
    made, restored = Casebook.restore(
        rig.folder / "second", b"x", FolderCarrier(rig.root()), opened.vault.share_out(2, 3)[:2], cost=CHEAP
    )
    with made:
        assert restored.troubles == ()


def test_wherever_a_renewal_is_cut_off_the_computer_is_no_other_one(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What this computer says of its recipient it says together with keeping the identity."""
    write = office.write

    def failing(folder: Path, key: bytes, made: office.Office) -> None:
        write(folder, key, made)
        raise PowerCut

    registrar = rig.first.vault.registrar
    with monkeypatch.context() as patched:
        patched.setattr(office, "write", failing)
        with pytest.raises(PowerCut):
            registrar.renew(dict.fromkeys(COMPARTMENTS, 2))
    assert not registrar.is_used_elsewhere()
    assert registrar.standing.devices[registrar.device].recipients[-1] == str(
        registrar.identities[-1].to_public()
    )
