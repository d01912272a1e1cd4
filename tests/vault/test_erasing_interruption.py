"""Erasing, killed at any moment: what was said to be erased is, and nothing else is ever lost."""

from __future__ import annotations

import random
import shutil
import time
from typing import TYPE_CHECKING

from tests.depth import DEPTH
from tests.vault.attacker import Attacker
from tests.vault.killing import Worker

from estelik.casebook import Casebook
from estelik.records import COMPARTMENTS, Statement
from estelik.vault.carriers.folder import FolderCarrier
from estelik.vault.office import Place

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from pathlib import Path

    from tests.vault.conftest import Rig

PASSPHRASE = b"apple tree"
KILLS = 12 * DEPTH


def _erasing(folder: Path, stick: Path, names: Collection[str]) -> Callable[[Callable[[str], None]], None]:
    """Erases these statements one after the other, each as soon as the one before was carried."""

    def work(say: Callable[[str], None]) -> None:
        with Casebook.open(folder, PASSPHRASE) as casebook:
            for name in names:
                found = casebook.decisions.closure("statement", name)
                say(f"begun {name}")
                casebook.decisions.erase(found, "asked for it")
                say(f"erased {name}")
                moved = casebook.sync("stick", FolderCarrier(stick))
                assert moved.troubles == (), moved
                casebook.vault.renew_custody()

    return work


def test_erasing_killed_at_random_moments_is_done_or_not_and_loses_nothing_else(rig: Rig) -> None:
    """After each kill all statements are there but those that were begun to be erased; those that were said
    to be erased are not, and in the end no key that is left opens one of them on the oldest copy."""
    rig.first.vault.add_carrier(Place("stick", str(rig.root())))
    rig.first.add_statements(
        Statement(
            f"s{number:03}",
            f"Person {number % 7}",
            source="source",
            event="arrest",
            quote=f"the words of s{number:03}.",
            compartment=COMPARTMENTS[number % 5],
        )
        for number in range(4 * KILLS + 20)
    )
    rig.carry(rig.first)
    shutil.copytree(rig.root(), rig.folder / "earlier")
    every = [one.statement for one in rig.first.statements()]
    rig.first.close()
    folder, dice = rig.folder / "first", random.Random(12)
    start = time.perf_counter()
    assert Worker(_erasing(folder, rig.root(), every[-2:])).said()[0] == 0
    whole = min(3, time.perf_counter() - start)
    begun, erased, killed = set(every[-2:]), set(every[-2:]), 0
    for turn in range(KILLS):
        worker = Worker(_erasing(folder, rig.root(), every[3 * turn : 3 * turn + 3]))
        time.sleep(dice.uniform(0, whole))
        worker.kill()
        status, said = worker.said()
        killed += status != 0
        begun |= {line.split()[1] for line in said if line.startswith("begun")}
        erased |= {line.split()[1] for line in said if line.startswith("erased")}
        with Casebook.open(folder, PASSPHRASE) as opened:
            there = {one.statement for one in opened.statements()}
        assert set(every) - begun <= there <= set(every) - erased
    assert killed >= KILLS // 2
    assert len(erased) > 2
    opened = Casebook.open(folder, PASSPHRASE)
    rig.opened.append(opened)
    left = {one.statement for one in opened.statements()}
    for _ in range(2):
        opened.vault.seal()
        assert rig.carry(opened).troubles == ()
    opened.vault.renew_custody()
    rig.shares = opened.vault.share_out(2, 3)
    rig.carry(opened)
    for found in (opened.vault.verify(opened.vault.shelf), rig.verify(opened)):
        assert (found.troubles, found.behind) == ((), 0)
        assert found.records == opened.vault.health().records
    progress = opened.vault.disposal.progress()
    assert len(progress) == len(every) - len(left)
    assert all(one.done for one in progress)
    made, restored = rig.restore("second")
    assert (made.statements(), restored.troubles) == (opened.statements(), ())
    attacker = Attacker()
    for carrier in ("earlier", "stick"):
        attacker.carrier(rig.folder / carrier)
    attacker.casebook(folder, PASSPHRASE)
    attacker.shares(rig.shares[:2])
    read = attacker.everything()
    assert {name for name in every if f"the words of {name}.".encode() in read} == left
