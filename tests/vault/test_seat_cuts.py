"""The power cut at every write of making a seat, changing what it holds, and taking it away."""

from __future__ import annotations

import pathlib
import shutil
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

import pytest
from tests.vault.conftest import CHEAP, PASSPHRASE
from tests.vault.killing import PowerCut, Worker
from tests.vault.seating import told

from estelik.casebook import Casebook
from estelik.errors import EstelikError
from estelik.vault import generation, keys, rekeying, seat
from estelik.vault import office as offices
from estelik.vault.device import id_of
from estelik.vault.keys import Keyring
from estelik.vault.store import Store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

HELD = ("testimony", "source")
#: So many writes are cut at most: more than any of the acts here has.
ENOUGH = 400


@contextmanager
def _cut(monkeypatch: pytest.MonkeyPatch, writes: int) -> Iterator[list[int]]:
    """Ends what happens here before the write of that number; how many are left to make."""
    left = [writes]

    def counted(owner: Any, name: str, *, after: bool = False) -> None:
        whole = getattr(owner, name)

        def instead(*given: Any, **named: Any) -> Any:
            if left[0] <= 0:
                raise PowerCut
            left[0] -= 1
            found = whole(*given, **named)
            if after and left[0] <= 0:
                raise PowerCut
            return found

        monkeypatch.setattr(owner, name, instead)

    with monkeypatch.context():
        for name in ("rename", "unlink", "mkdir"):
            counted(pathlib.Path, name)
        counted(shutil, "rmtree")
        counted(rekeying, "_turn", after=True)
        # Just before each commit to the databases.
        counted(generation, "advance")
        try:
            yield left
        finally:
            monkeypatch.undo()


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A casebook with a seat for Ana, that is not open."""
    folder = tmp_path_factory.mktemp("office") / "first"
    with Casebook.create(folder, PASSPHRASE, name="Zhanar", cost=CHEAP) as made:
        made.add_statements([told("t"), told("m", "medical")])
        made.seats.add("Ana", b"Ana", HELD, cost=CHEAP)
    return folder


def _opened(folder: Path) -> Casebook:
    return Casebook.open(folder, PASSPHRASE)


def _each_cut(
    office: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, act: Callable[[Casebook], object]
) -> Iterator[Path]:
    """The casebook after ``act`` was cut off at each of its writes in turn."""
    for writes in range(ENOUGH):
        folder = tmp_path / f"after-{writes}"
        shutil.copytree(office, folder)
        casebook = _opened(folder)
        with _cut(monkeypatch, writes) as left:
            with suppress(PowerCut):
                act(casebook)
            whole = left[0] > 0
        casebook.close()
        yield folder
        shutil.rmtree(folder)
        if whole:
            assert writes > 5
            return
    pytest.fail("it was never done")


def _whole(folder: Path, name: str = "Ana") -> None:
    """Whoever opens the casebook next has all of it; who has a seat there has what she holds; nothing is left
    half done."""
    with _opened(folder) as casebook:
        assert {one.statement for one in casebook.statements()} == {"t", "m"}
        assert casebook.seats.owed() == []
        assert not [one for one in keys.names(folder) if one.endswith(keys.NEXT)]
        listed = {one.number for one in casebook.seats.every()}
        assert set(seat.numbers(folder)) == listed
        assert not [path for path in (folder / seat.SEATS).iterdir() if path.name.startswith(".")]
        for one in casebook.seats.every():
            if one.member.name == name:
                with Casebook.open_seat(folder, one.number, name.encode()) as there:
                    assert [found.statement for found in there.statements()] == ["t"]
        casebook.add_statements([told("n")])
        casebook.vault.seal()
        assert casebook.vault.verify(casebook.vault.shelf).troubles == ()


def test_a_seat_that_is_being_made_is_there_or_not(
    office: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And made at the next attempt; that of somebody else is never touched."""
    found = set()
    for folder in _each_cut(
        office, tmp_path, monkeypatch, lambda one: one.seats.add("Aigul", b"Aigul", HELD, cost=CHEAP)
    ):
        _whole(folder)
        with _opened(folder) as casebook:
            names = [one.member.name for one in casebook.seats.every()]
        found.add(len(names))
        assert "Ana" in names
        if len(names) == 2:
            with Casebook.open_seat(folder, 2, b"Aigul") as there:
                assert {one.statement for one in there.statements()} == {"t", "n"}
    assert found == {1, 2}


def test_a_seat_that_is_being_taken_away_is_gone_with_its_keys_or_there(
    office: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once it is withdrawn nothing opens with the keys that it had; who holds the same goes on."""
    with _opened(office) as casebook:
        casebook.seats.add("Aigul", b"Aigul", ("testimony",), cost=CHEAP)
        had = casebook._keyring["testimony"]
    found = set()
    for folder in _each_cut(office, tmp_path, monkeypatch, lambda one: one.seats.remove(2)):
        _whole(folder)
        with _opened(folder) as casebook:
            there = len(casebook.seats.every())
        found.add(there)
        opens = Store(folder, Keyring({"testimony": had}), ("testimony",)).opens("testimony", had)
        assert opens == (there == 2)
    assert found == {1, 2}
    with _opened(office) as casebook:
        casebook.seats.remove(2)


def test_a_compartment_that_is_being_taken_is_hers_or_opens_no_more(
    office: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def less(casebook: Casebook) -> None:
        casebook.vault.registrar.change_compartments("Ana", ("testimony",))
        casebook.settle_seats()

    with _opened(office) as casebook:
        had = casebook._keyring["source"]
    for folder in _each_cut(office, tmp_path, monkeypatch, less):
        _whole(folder)
        with Casebook.open_seat(folder, 1, b"Ana") as there:
            opens = Store(folder, Keyring({"source": had}), ("source",)).opens("source", had)
            assert opens == ("source" in there._store.held)


def test_a_compartment_that_is_being_given_comes_with_its_key_or_not_at_all(
    office: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What she may have copied since is noted before she can."""

    def more(casebook: Casebook) -> None:
        casebook.vault.registrar.change_compartments("Ana", (*HELD, "public"))
        casebook.settle_seats()

    for folder in _each_cut(office, tmp_path, monkeypatch, more):
        held = set(seat.unlock(folder, 1, b"Ana").packed()[0])
        ring = keys.unlock(folder, PASSPHRASE)
        noted = set(offices.read(folder, ring["office"]).seats[0].keys)
        assert held - {"device", "statement-ids"} <= noted
        _whole(folder)


def test_a_passphrase_that_is_being_changed_is_the_old_or_the_new_one(
    office: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for writes in range(2):
        folder = tmp_path / f"passphrase-{writes}"
        shutil.copytree(office, folder)
        with _cut(monkeypatch, writes), suppress(PowerCut):
            seat.change_passphrase(folder, 1, b"Ana", b"new", CHEAP)
        opening = [one for one in (b"Ana", b"new") if _opens(folder, one)]
        assert opening == [b"new" if writes else b"Ana"]


def _opens(folder: Path, passphrase: bytes) -> bool:
    try:
        Casebook.open_seat(folder, 1, passphrase).close()
    except EstelikError:
        return False
    return True


def test_a_file_opens_whenever_it_was_cut_off_while_it_got_another_key(tmp_path: Path) -> None:
    """Killed as by a loss of power, at any moment."""
    whole = tmp_path / "whole"
    with Casebook.create(whole, PASSPHRASE, name="Zhanar", cost=CHEAP) as made:
        made.add_statements(told(f"t{number}") for number in range(6000))
        made.seats.add("Ana", b"Ana", HELD, cost=CHEAP)
        made.seats.add("Aigul", b"Aigul", ("testimony",), cost=CHEAP)
        made.vault.withdraw(_device(made, 2))
    lasting, cut = 0.0, 0
    for turn in range(13):
        folder = tmp_path / f"killed-{turn}"
        shutil.copytree(whole, folder)
        # Opening does what is left of a withdrawal.
        worker = Worker(lambda _, folder=folder: _opened(folder).close())  # type: ignore[misc]
        _wait(lambda folder=folder: _turning(folder))  # type: ignore[misc]
        start = time.perf_counter()
        if turn:
            time.sleep(lasting * turn / 12)
            worker.kill()
        else:
            _wait(lambda folder=folder: not _turning(folder))  # type: ignore[misc]
            lasting = time.perf_counter() - start
        worker.said()
        cut += _turning(folder)
        with Casebook.open_seat(folder, 1, b"Ana") as there:
            assert len(there.statements()) == 6000
        with _opened(folder) as casebook:
            assert len(casebook.statements()) == 6000
            assert casebook.seats.owed() == []
            assert not _turning(folder)
            assert casebook.damaged_pages() == dict.fromkeys(casebook._store.held, 0)
        shutil.rmtree(folder)
    assert cut


def _turning(folder: Path) -> bool:
    return any(one.endswith(keys.NEXT) for one in keys.names(folder))


def _wait(done: Callable[[], bool]) -> None:
    until = time.monotonic() + 60
    while not done() and time.monotonic() < until:
        time.sleep(0.001)
    assert done()


def _device(casebook: Casebook, number: int) -> str:
    """The id of a seat as a device."""
    return next(id_of(one.key) for one in casebook.vault.office.seats if one.number == number)
