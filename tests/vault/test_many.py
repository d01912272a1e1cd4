"""Several people over bad carriers, killed at any moment: in the end all have the same."""

from __future__ import annotations

import random
import shutil
import sys
import tempfile
import time
from pathlib import Path
from subprocess import PIPE, Popen
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule
from tests.depth import DEPTH, histories
from tests.vault.attacker import Attacker

from estelik.casebook import Casebook
from estelik.records import COMPARTMENTS, Statement
from estelik.vault import admission
from estelik.vault.carriers.failures import UnreachableError
from estelik.vault.carriers.folder import FolderCarrier
from estelik.vault.keys import Cost
from estelik.vault.office import Place

if TYPE_CHECKING:
    from tests.vault.conftest import Rig

CHEAP = Cost(memory=8, passes=1, lanes=1)
STICKS = ("one", "two")
WHO = st.sampled_from(["first", "aigul", "dina"])


class Many(RuleBasedStateMachine):
    """Two coordinators and a member, who meet on two sticks that lose, double and set back their files."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.people: dict[str, Casebook] = {}
        #: Every statement, by who entered it, with its compartment.
        self.entered: dict[str, dict[str, str]] = {}
        self.withdrawn: dict[str, set[str]] = {}
        self.held: dict[str, set[str]] = {}
        self.harmed: set[str] = set()
        self.erased: set[str] = set()
        self.count = 0

    @initialize(held=st.sampled_from([COMPARTMENTS, ("testimony", "source"), ("source", "public")]))
    def begin(self, held: tuple[str, ...]) -> None:
        """Two join: one who holds everything, and one who does not."""
        for stick in STICKS:
            (self.folder / stick).mkdir()
        first = Casebook.create(self.folder / "first", b"x", name="first", cost=CHEAP)
        self._opened("first", first)
        words = admission.office_words(first.vault.office.root)
        for name, compartments in (("aigul", COMPARTMENTS), ("dina", held)):
            made = Casebook.join(self.folder / name, b"x", words, cost=CHEAP)
            request = admission.read(made.vault.registrar.request()[0])
            secret = first.vault.office.secret if name == "aigul" else b""
            first.vault.registrar.admit_member(request, name, compartments, secret)
            self._opened(name, made)
        for name in ("first", "aigul", "dina"):
            self._carry(name, "one")
        self.held = {"first": set(COMPARTMENTS), "aigul": set(COMPARTMENTS), "dina": set(held)}

    def _opened(self, name: str, casebook: Casebook) -> None:
        self.people[name] = casebook
        self.entered.setdefault(name, {})
        for stick in STICKS:
            if casebook.vault.office.place(stick) is None:
                casebook.vault.add_carrier(Place(stick, str(self.folder / stick)))

    def teardown(self) -> None:
        """However it went, all can meet in the end."""
        if self.held:
            self.converge()
        for casebook in self.people.values():
            casebook.close()
        shutil.rmtree(self.folder)

    def _carry(self, name: str, stick: str) -> set[str]:
        casebook, carrier = self.people[name], FolderCarrier(self.folder / stick)
        taken = casebook.receive(carrier)
        casebook.vault.seal()
        try:
            sent = casebook.vault.send(stick, carrier)
        except UnreachableError:
            # Nothing is left of what was handed to it: it is added again, as the message says.
            assert stick in self.harmed
            casebook.vault.remove_carrier(stick)
            self._opened(name, casebook)
            sent = casebook.vault.send(stick, carrier)
        return {one.what for one in (*taken.troubles, *sent.troubles)}

    @rule(name=WHO, number=st.integers(1, 4), skew=st.sampled_from([0, 0, -90_000, 90_000]))
    def add(self, name: str, number: int, skew: int) -> None:
        """Somebody enters statements, with a clock that may be wrong."""
        some = sorted(self.held[name])
        rows = []
        for _ in range(number):
            self.count += 1
            where: Any = some[self.count % len(some)]
            label = f"{name}-{self.count}"
            rows.append(
                Statement(
                    label, f"Person {self.count % 2}", source="Qamar", event="arrest", compartment=where
                )
            )
            self.entered[name][label] = where
        with patch("estelik.vault.store.time.time", lambda now=time.time: now() + skew):
            self.people[name].add_statements(rows)

    @rule(name=WHO, stick=st.sampled_from(STICKS))
    def carry(self, name: str, stick: str) -> None:
        """Somebody syncs; whoever was withdrawn may be told so."""
        if name not in self.withdrawn:
            troubles = self._carry(name, stick)
            if not self.harmed and not self.withdrawn:
                # What others took off the stick for keys that are not for this computer yet.
                assert troubles <= {"gap", "taken"}

    @rule(name=WHO)
    def rotate(self, name: str) -> None:
        """Somebody begins new keys."""
        if name not in self.withdrawn:
            self.people[name].vault.rotate()

    @rule(name=st.sampled_from(["first", "aigul", "copy"]), which=st.integers(0, 1000))
    def erase(self, name: str, which: int) -> None:
        """A coordinator erases a statement that she knows; the other may erase one at the same time."""
        casebook = self.people.get(name, self.people["first"])
        known = sorted(one.statement for one in casebook.statements())
        if known:
            label = known[which % len(known)]
            casebook.decisions.erase(casebook.decisions.closure("statement", label), "asked for it")
            self.erased.add(label)

    @rule(stick=st.sampled_from(STICKS), which=st.integers(0, 1000))
    def lose(self, stick: str, which: int) -> None:
        """A stick loses a file."""
        files = sorted(path for path in (self.folder / stick).rglob("*") if path.is_file())
        if files:
            files[which % len(files)].unlink()
            self.harmed.add(stick)

    @rule(stick=st.sampled_from(STICKS))
    def set_back(self, stick: str) -> None:
        """A stick is kept as it is, or put back to what was kept."""
        kept = self.folder / f"{stick}.earlier"
        if kept.exists():
            self.harmed.add(stick)
            shutil.rmtree(self.folder / stick)
            shutil.move(kept, self.folder / stick)
        elif any(path.is_file() for path in (self.folder / stick).rglob("*")):
            # An empty folder is taken for no carrier at all.
            shutil.copytree(self.folder / stick, kept)

    @rule(stick=st.sampled_from(STICKS), which=st.integers(0, 1000))
    def duplicate(self, stick: str, which: int) -> None:
        """A file is there under another name, too."""
        files = sorted(path for path in (self.folder / stick).rglob("*") if path.is_file())
        if files:
            self.count += 1
            self.harmed.add(stick)
            name = "".join("abcdefghij"[int(digit)] for digit in f"{self.count:026}")
            path = files[which % len(files)]
            shutil.copyfile(path, path.with_name(name))

    @precondition(lambda self: "copy" not in self.people and "aigul" not in self.withdrawn)
    @rule()
    def copy(self) -> None:
        """Somebody copies the folder of a casebook, and it is used in both places."""
        self.people["aigul"].close()
        shutil.copytree(self.folder / "aigul", self.folder / "copy")
        for name in ("aigul", "copy"):
            self._opened(name, Casebook.open(self.folder / name, b"x"))
        self.held["copy"] = self.held["aigul"]
        self.harmed.update(STICKS)
        self.add("copy", 2, 0)

    @precondition(lambda self: not self.withdrawn)
    @rule()
    def withdraw(self) -> None:
        """The coordinator withdraws somebody; what had not reached her by then does not count."""
        first = self.people["first"]
        first.withdraw(first.vault.registrar.member("dina").id)
        self.withdrawn["dina"] = {one.statement for one in first.statements()} | self.erased

    @rule()
    def converge(self) -> None:
        """All meet on a good stick: then all who hold the same have the same, which is all that counts."""
        self.count += 1
        last = f"last{self.count}"
        (self.folder / last).mkdir()
        present = [name for name in self.people if name not in self.withdrawn]
        for name in present:
            self.people[name].vault.add_carrier(Place(last, str(self.folder / last)))
        for name in (*present, *present, *present):
            self._carry(name, last)
        everything: dict[str, str] = {}
        for name, rows in self.entered.items():
            accepted = self.withdrawn.get(name)
            everything.update((k, v) for k, v in rows.items() if accepted is None or k in accepted)
        # What was withdrawn before another coordinator erased it is kept back anyway.
        for label in self.erased:
            everything.pop(label, None)
        whole = self.people["first"].statements()
        assert {one.statement for one in whole} == everything.keys()
        for name in present:
            held = {key for key, where in everything.items() if where in self.held[name]}
            shown = self.people[name].statements()
            assert {one.statement for one in shown} == held
            assert [one.statement for one in shown] == [
                one.statement for one in whole if one.statement in held
            ]
            # What a fork or a withdrawal has left is told; nothing is damaged, and nothing is missing.
            found = self.people[name].vault.verify(FolderCarrier(self.folder / last))
            assert {one.what for one in found.troubles} <= {"fork", "gap"}
            self._nothing_left(name)

    def _nothing_left(self, name: str) -> None:
        """No page of a database says anything that was erased, and the computer says that it is done."""
        attacker = Attacker()
        attacker.casebook(self.folder / name, b"x")
        said = b"".join(attacker.read)
        for label in self.erased:
            assert f'"statement":"{label}"'.encode() not in said
        assert all(one.here for one in self.people[name].vault.disposal.progress())


TestMany = Many.TestCase
TestMany.settings = histories(4, 10)

_WORKER = """
import sys
from pathlib import Path
from estelik.casebook import Casebook
from estelik.records import Statement
from estelik.vault import arrival
from estelik.vault.carriers.folder import FolderCarrier

arrival.RECORDS = 3
with Casebook.open(sys.argv[1], b"apple tree") as casebook:
    print("open", flush=True)
    carrier = FolderCarrier(Path(sys.argv[2]))
    for turn in range(3):
        casebook.add_statements(
            [Statement(f"{sys.argv[3]}-{turn}", "Person", source="source", event="arrest")]
        )
        print(f"entered {sys.argv[3]}-{turn}", flush=True)
        casebook.receive(carrier)
        casebook.vault.rotate(now=True)
        casebook.vault.seal()
        casebook.vault.send("stick", carrier)
"""


def test_taking_in_and_beginning_new_keys_killed_at_random_moments_lose_nothing(rig: Rig) -> None:
    """After each kill the casebook opens; in the end both have all that was said to be entered, once."""
    second = rig.join("second", "Aigul", COMPARTMENTS)
    second.close()
    dice = random.Random(11)
    said: set[str] = set()
    killed = 0
    for turn in range(5 * DEPTH):
        rig.add(rig.first, f"here{turn}", 12)
        rig.carry(rig.first)
        command = [sys.executable, "-c", _WORKER, str(rig.folder / "second"), str(rig.root()), f"n{turn}"]
        worker = Popen(command, stdout=PIPE, stderr=PIPE, text=True)
        assert worker.stdout is not None
        assert worker.stdout.readline() == "open\n"
        time.sleep(dice.uniform(0, 0.8))
        worker.kill()
        out, _ = worker.communicate()
        killed += worker.returncode != 0
        said |= {line.split()[1] for line in out.splitlines() if line.startswith("entered")}
    assert killed >= 3 * DEPTH
    opened = rig.reopen("second")
    rig.meet(opened, rig.first)
    names = [one.statement for one in opened.statements()]
    assert len(names) == len(set(names))
    assert said <= set(names)
    assert {f"here{turn}-{n}" for turn in range(5 * DEPTH) for n in range(12)} <= set(names)
    assert opened.statements() == rig.first.statements()
    for casebook in (opened, rig.first):
        assert rig.verify(casebook).troubles == ()
    assert rig.restore("third")[0].statements() == rig.first.statements()
