"""Many processes of two computers write to one ledger while connections are cut, writers killed and the
server itself: nothing acknowledged is lost, nothing is there twice, and all come to the same."""

from __future__ import annotations

import os
import random
import signal
import time
from collections import Counter
from typing import TYPE_CHECKING, Final

from tests.vault.conftest import PASSPHRASE

from estelik.casebook import Casebook
from estelik.evidence import intake
from estelik.evidence.intake import Particulars
from estelik.index.evidence import every
from estelik.records import COMPARTMENTS, Judgement, Statement

if TYPE_CHECKING:
    from pathlib import Path

    from tests.vault.team import Team

#: Statements of one command.
ROWS: Final = 12


class _Writer:
    """A process of one of the computers: it enters something again and again, and says what was acknowledged.

    It does not end by itself before it was told to, or killed.
    """

    def __init__(self, folder: Path, name: str, rounds: int) -> None:
        self._said, back = os.pipe()
        self.pid = os.fork()
        if not self.pid:
            status = 1
            try:
                self._work(folder, name, rounds, back)
                status = 0
            finally:
                os._exit(status)
        os.close(back)

    def _work(self, folder: Path, name: str, rounds: int, back: int) -> None:
        def say(what: str) -> None:
            os.write(back, f"{what}\n".encode())

        number, acknowledged = 0, 0
        while acknowledged < rounds:
            # As commands do: each opens the casebook, enters, and ends.
            with Casebook.open(folder, PASSPHRASE) as casebook:
                what = f"{name}.{number}"
                if number % 3 == 0:
                    with casebook.entering():
                        casebook.add_statements(_rows(what))
                elif number % 3 == 1:
                    judgement = Judgement(what, "set-aside", "of a test", "2024-01-01", statement="rows-0")
                    with casebook.entering():
                        casebook.add_judgement(judgement)
                else:
                    file = folder.parent / what
                    file.write_bytes(what.encode() * 50_000)
                    with casebook.entering(alone=False):
                        intake.add(casebook.vault, [str(file)], Particulars())
                outcome = casebook.ledger
                assert outcome is not None
                for trouble in outcome.troubles:
                    say(f"trouble {trouble}")
                say(f"{'kept' if outcome.behind else 'acknowledged'} {what}")
            number += 1
            if outcome.behind:
                # Whoever is told that the ledger was not reached does not go on at once.
                time.sleep(0.3)
            else:
                acknowledged += 1

    def kill(self) -> None:
        """Ends it as a loss of power would."""
        os.kill(self.pid, signal.SIGKILL)

    def ended(self) -> tuple[int, list[str]]:
        """Its status (below zero: the signal), and what it said."""
        with os.fdopen(self._said, encoding="utf-8") as pipe:
            lines = pipe.read().splitlines()
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1]), lines


def _rows(what: str) -> list[Statement]:
    return [
        Statement(
            f"{what}-{number}",
            f"Person {number}",
            source="source",
            event="arrest",
            compartment=COMPARTMENTS[number % 5],
        )
        for number in range(ROWS)
    ]


def _entered(casebook: Casebook) -> Counter[str]:
    """How often everything is there: statements, decisions, files."""
    found = Counter(one.statement for one in casebook.statements())
    found += Counter(one.id for one in casebook.judgements())
    return found + Counter(one.evidence.sha256 for one in every(casebook.vault.store))


def _wanted(what: str) -> list[str]:
    """What a round has entered, under the names that ``_entered`` gives."""
    from hashlib import sha256

    number = int(what.rpartition(".")[2])
    if number % 3 == 0:
        return [one.statement for one in _rows(what)]
    return [what] if number % 3 == 1 else [sha256(what.encode() * 50_000).hexdigest()]


def test_nothing_acknowledged_is_lost_or_doubled(team: Team) -> None:
    """Three processes on each computer; what was acknowledged comes back from the ledger alone."""
    second = team.admit()
    team.good(second, *team.statements("rows", 5))
    for casebook in (team.first, second):
        casebook.close()
    dice = random.Random(5)
    writers = [_Writer(team.folder / ("first", "second")[n % 2], f"w{n}", 3) for n in range(6)]
    for harm in ("kill", "cut", "cut", "stop", "kill", "cut"):
        time.sleep(dice.uniform(0.2, 0.6))
        if harm == "cut":
            team.cluster.cut()
        elif harm == "stop":
            team.cluster.stop()
            time.sleep(0.3)
            team.cluster.start()
        else:
            writers[dice.randrange(4)].kill()
    ended = [writer.ended() for writer in writers]
    assert sum(status == -signal.SIGKILL for status, _ in ended) in {1, 2}
    assert all(status in {0, -signal.SIGKILL} for status, _ in ended)
    said = [line.split(" ", 1) for _, lines in ended for line in lines]
    assert [what for how, what in said if how == "trouble"] == []
    acknowledged = {what for how, what in said if how == "acknowledged"}
    kept = {what for how, what in said if how == "kept"}
    assert len(acknowledged) >= 12
    # What was acknowledged is on the ledger alone, before anybody syncs again.
    back, found = team.restored("back")
    assert {one.what for one in found.troubles} <= {"unnamed"}
    there = _entered(back)
    assert [what for what in acknowledged if any(name not in there for name in _wanted(what))] == []
    assert set(there.values()) == {1}
    # And all come to the same, with what was only kept.
    first, second = team.reopen("first"), team.reopen("second")
    for casebook in (first, second, first, second):
        assert team.meet_there(casebook) == []
    there = _entered(first)
    assert there == _entered(second)
    assert set(there.values()) == {1}
    assert [what for what in acknowledged | kept if any(name not in there for name in _wanted(what))] == []
    assert first.statements() == second.statements()
    for casebook in (first, second):
        assert casebook.vault.verify(casebook.vault.shelf).troubles == ()
        with team.reached() as carrier:
            place = casebook.vault.office.place("ledger")
            assert casebook.vault.verify(carrier, place).troubles == ()
