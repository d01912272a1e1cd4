"""Killed at any moment, or done by two at once: nothing acknowledged is lost, nothing is there twice."""

from __future__ import annotations

import random
import shutil
import sys
import time
from subprocess import PIPE, Popen
from threading import Thread
from typing import TYPE_CHECKING

from estelik.casebook import Casebook
from estelik.vault.carriers.folder import FolderCarrier
from estelik.vault.office import Place

if TYPE_CHECKING:
    from pathlib import Path

    from tests.vault.conftest import Rig

PASSPHRASE = b"apple tree"

_WORKER = """
import sys
from pathlib import Path
from estelik.casebook import Casebook
from estelik.records import COMPARTMENTS, Statement
from estelik.vault import cut
from estelik.vault.carriers.folder import FolderCarrier
from estelik.vault.keys import Cost

cut.RECORDS = 7
what, folder, stick, name = sys.argv[1:5]
if what == "restore":
    print("open", flush=True)
    Casebook.restore(Path(folder) / name, b"apple tree", FolderCarrier(Path(stick)), sys.argv[5:],
                     cost=Cost(8, 1, 1))
    print("restored", flush=True)
    sys.exit()
with Casebook.open(folder, b"apple tree") as casebook:
    print("open", flush=True)
    for turn in range(3):
        casebook.add_statements(
            Statement(f"{name}-{turn}-{n}", f"Person {n}", source="source", event="arrest",
                      compartment=COMPARTMENTS[n % 5])
            for n in range(20)
        )
        print(f"entered {name}-{turn}", flush=True)
        casebook.vault.seal()
        carrier = FolderCarrier(Path(stick))
        moved = casebook.vault.sync("stick", carrier)
        assert moved.troubles == (), moved
        print(f"carried {name}-{turn}", flush=True)
"""


def _start(*arguments: str) -> Popen[str]:
    worker = Popen([sys.executable, "-c", _WORKER, *arguments], stdout=PIPE, stderr=PIPE, text=True)
    assert worker.stdout is not None
    assert worker.stdout.readline() == "open\n"
    return worker


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
    assert rig.carry(opened) == (0, 0, ())
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


def test_sealing_and_carrying_killed_at_random_moments_lose_nothing(rig: Rig) -> None:
    """After forty kills all that was said to be entered is there once, and sealed and carried by the next."""
    rig.first.vault.add_carrier(Place("stick", str(rig.root())))
    rig.first.close()
    folder, dice = str(rig.folder / "first"), random.Random(7)
    entered: set[str] = set()
    killed = 0
    for turn in range(40):
        worker = _start("carry", folder, str(rig.root()), f"n{turn}")
        time.sleep(dice.uniform(0, 0.4))
        worker.kill()
        said, _ = worker.communicate()
        killed += worker.returncode != 0
        entered |= {line.split()[1] for line in said.splitlines() if line.startswith("entered")}
        if turn % 8 == 7:
            # What was said to be carried comes back, whatever the last one left half done.
            opened = _settled(rig)
            there = _names(opened)
            assert entered <= there.keys()
            assert set(there.values()) == {20}
            opened.close()
    assert killed >= 30
    assert len(entered) > 10
    opened = Casebook.open(rig.folder / "first", PASSPHRASE)
    rig.opened.append(opened)
    _restores_the_same(rig, opened, "second")


def test_what_was_said_to_be_carried_comes_back_from_the_carrier_alone(rig: Rig) -> None:
    """The office is lost with the worker; the carrier has every acknowledged record."""
    rig.first.vault.add_carrier(Place("stick", str(rig.root())))
    rig.first.close()
    for turn, wait in enumerate((0.15, 0.3, 0.45, 0.6)):
        worker = _start("carry", str(rig.folder / "first"), str(rig.root()), f"n{turn}")
        time.sleep(wait)
        worker.kill()
        said, _ = worker.communicate()
        carried = {line.split()[1] for line in said.splitlines() if line.startswith("carried")}
        if not carried:
            continue
        made, found = rig.restore(f"back{turn}")
        assert {one.what for one in found.troubles} <= {"unnamed"}
        there = _names(made)
        assert all(there[name] == 20 for name in carried)


def test_a_killed_restore_leaves_no_casebook_and_the_next_is_whole(rig: Rig) -> None:
    """The folder is there whole or not at all."""
    rig.add(rig.first, "one", 200)
    rig.carry(rig.first)
    dice = random.Random(8)
    for turn in range(10):
        worker = _start("restore", str(rig.folder), str(rig.root()), f"r{turn}", *rig.shares[:2])
        time.sleep(dice.uniform(0.1, 0.9))
        worker.kill()
        worker.communicate()
        back = rig.folder / f"r{turn}"
        if back.exists():
            with Casebook.open(back, PASSPHRASE) as opened:
                assert opened.statements() == rig.first.statements()
    _restores_the_same(rig, rig.first, "last")


def test_two_processes_at_once_make_one_chain_and_carry_it_once(rig: Rig) -> None:
    """Both enter, seal and carry the same casebook: one chain without fork or gap, every record once."""
    rig.first.vault.add_carrier(Place("stick", str(rig.root())))
    rig.first.close()
    workers = [_start("carry", str(rig.folder / "first"), str(rig.root()), name) for name in "abc"]
    for worker in workers:
        _, wrong = worker.communicate(timeout=120)
        assert (worker.returncode, wrong) == (0, "")
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
            rig.first.vault.sync(f"c{number}", FolderCarrier(rig.root(f"c{number}")))
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
