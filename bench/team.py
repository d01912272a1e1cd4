"""A team's ledger on PostgreSQL: what a command takes longer, and 100,000 records to it and back.

The server is a real one on this machine, which writes through to its disk.
Commands are timed from the opening of a casebook (whose key costs nothing) to
its closing: a decision of one record, with and without a ledger, and by turns.
"""

from __future__ import annotations

import os
import shutil
import statistics
import tempfile
import time
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from tests.cluster import PASSWORD, Cluster, programs

from bench.measure import scaled, times
from bench.mixed import mixed_lives
from estelik.casebook import Casebook
from estelik.ids import new_id
from estelik.records import COMPARTMENTS, Judgement
from estelik.vault import team_ledger
from estelik.vault.admission import office_words, read
from estelik.vault.carriers.folder import FolderCarrier
from estelik.vault.keys import Cost
from estelik.vault.office import LEDGER, Place

if TYPE_CHECKING:
    from collections.abc import Callable

    from estelik.vault.carriers.carrier import Carrier

_CHEAP = Cost(memory=8, passes=1, lanes=1)
_PASSPHRASE = b"a sentence for measuring only"
_RECORDS = 100_000
#: Statements of one import.
_IMPORT = 50_000
#: Commands of each kind that are timed.
_COMMANDS = 40


def main() -> None:
    """Measures, prints; fails where the other computer does not have the same."""
    found = programs()
    if found is None:
        print("  not measured: PostgreSQL's server is not installed")
        return
    server = Cluster(found)
    try:
        with tempfile.TemporaryDirectory() as folder:
            _measure(Path(folder), server)
    finally:
        server.remove()


def _measure(folder: Path, server: Cluster) -> None:
    count = scaled(_RECORDS, 2000)
    statements = mixed_lives(count)
    server.schema("team")
    secret = {"password": PASSWORD}
    (folder / "stick").mkdir()
    first = Casebook.create(folder / "first", _PASSPHRASE, name="first", cost=_CHEAP)
    while first.vault.health().records < count:
        missing = (count - first.vault.health().records) // 2 + 1
        first.add_statements(islice(statements, min(_IMPORT, missing)))
    records = first.vault.health().records
    sealing = _seconds(first.vault.seal)
    print(f"  {records:,} records, sealed in {sealing:.1f} s; {os.getloadavg()[0]:.1f} at work")
    first.vault.add_carrier(Place("stick", str(folder / "stick")))
    stick = FolderCarrier(folder / "stick")
    _line("first copy to a folder", _seconds(lambda: first.vault.send("stick", stick)))
    team_ledger.begin(first.vault, server.address("team"), secret)
    ledger = first.vault.carrier(LEDGER)[1]
    _line("first copy to the ledger", _seconds(lambda: first.vault.send(LEDGER, ledger)))
    _line("sync of the ledger with nothing to do", _seconds(lambda: _synced(first, LEDGER, ledger)))
    second, third = (_admitted(first, folder / name) for name in ("second", "third"))
    _synced(first, LEDGER, ledger)
    _synced(first, "stick", stick)
    _line("all of it into a casebook, from the folder", _seconds(lambda: third.receive(stick)))
    third.close()
    team_ledger.begin(second.vault, server.address("team"), secret)
    _line("all of it into a casebook, from the ledger", _seconds(lambda: second.receive(ledger)))
    _synced(second, LEDGER, ledger)
    assert second.vault.health().records == records
    for casebook in (first, second):
        casebook.close()
    _commands(folder)
    with (
        Casebook.open(folder / "first", _PASSPHRASE) as one,
        Casebook.open(folder / "second", _PASSPHRASE) as other,
    ):
        for casebook in (one, other, one):
            _synced(casebook, LEDGER, ledger)
        assert one.judgements() == other.judgements()
    ledger.close()


def _admitted(first: Casebook, folder: Path) -> Casebook:
    made = Casebook.join(folder, _PASSPHRASE, office_words(first.vault.office.root), cost=_CHEAP)
    asked = read(made.vault.registrar.request()[0])
    first.vault.registrar.admit_member(asked, folder.name, COMPARTMENTS)
    return made


def _commands(folder: Path) -> None:
    """Decisions, one after another, on casebooks of the same size: with the ledger, and with none."""
    took: dict[str, list[float]] = {"with none": [], "with the ledger": [], "with the ledger, by turns": []}
    shutil.copytree(folder / "first", folder / "alone")
    with Casebook.open(folder / "alone", _PASSPHRASE) as alone:
        alone.vault.remove_carrier(LEDGER)
    for turn in range(times(_COMMANDS)):
        took["with none"].append(_decided(folder / "alone"))
        took["with the ledger"].append(_decided(folder / "first"))
        if turn % 2:
            took["with the ledger, by turns"] += [_decided(folder / name) for name in ("second", "first")]
    took["with the ledger, by turns"] = took["with the ledger, by turns"] or [0.0]
    for name, seconds in took.items():
        low, high = min(seconds), max(seconds)
        print(
            f"  a decision, {name:28}{statistics.median(seconds) * 1000:10,.0f} ms"
            f"   ({low * 1000:,.0f} to {high * 1000:,.0f})"
        )


def _decided(folder: Path) -> float:
    start = time.perf_counter()
    with Casebook.open(folder, _PASSPHRASE) as casebook:
        with casebook.entering():
            casebook.add_judgement(
                Judgement(new_id(), "set-aside", "measured", "2024-01-01", statement="none")
            )
        assert casebook.ledger is None or casebook.ledger.behind is None
    return time.perf_counter() - start


def _synced(casebook: Casebook, name: str, carrier: Carrier) -> None:
    casebook.receive(carrier)
    casebook.vault.seal()
    assert casebook.vault.send(name, carrier).whole


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _line(what: str, seconds: float) -> None:
    print(f"  {what:42}{seconds:10.2f} s", flush=True)


if __name__ == "__main__":
    main()
