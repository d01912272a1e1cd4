"""Carrying: a million records to a carrier and back, beside restic and rsync on the same data.

Three times over: all of it, nothing new, a thousand new records. `estelik sync`
seals what is new and hands it to a folder. restic backs up the databases of the
same casebook into a repository, rsync brings a folder up to date with them by
its delta transfer (one that is told of nothing but the databases: what an
office without Estelik's carriers would do). Where one of the two is not
installed it is left out.
"""

from __future__ import annotations

import json
import os
import re
import resource
import shutil
import subprocess
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from bench.measure import scaled, seconds, verdict
from bench.mixed import mixed_lives
from estelik.casebook import Casebook
from estelik.records import COMPARTMENTS
from estelik.vault.carriers.folder import FolderCarrier
from estelik.vault.keys import Cost
from estelik.vault.office import Place

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from estelik.records import Statement

_CHEAP = Cost(memory=8, passes=1, lanes=1)
_PASSPHRASE = b"a sentence for measuring only"
_RECORDS = 1_000_000
#: Statements of one import; about how many make a thousand records.
_IMPORT = 100_000
_FEW = 460
#: Records of the third round.
_NEW = 1000
_NAME = "carrier"


class _Moved(NamedTuple):
    """What one of them did: seconds, bytes that travelled."""

    seconds: float
    bytes: int


def main() -> None:
    """Measures, prints; fails where what comes back is not what was carried."""
    with tempfile.TemporaryDirectory() as folder:
        _measure(Path(folder))


def _measure(folder: Path) -> None:
    count = scaled(_RECORDS, 2000)
    statements = mixed_lives(count)
    (folder / _NAME).mkdir()
    with Casebook.create(folder / "office", _PASSPHRASE, cost=_CHEAP) as office:
        while office.vault.health().records < count:
            missing = (count - office.vault.health().records) * _FEW // 1000 + 1
            office.add_statements(islice(statements, min(_IMPORT, missing)))
        office.vault.add_carrier(Place(_NAME, str(folder / _NAME)))
        records, before = office.vault.health().records, _databases(folder)
        print(f"  {records:,} records; the databases have {before / 2**20:,.0f} MiB")
        moved = list(_moved(folder, office, statements))
        idle = moved[1]["Estelik"].seconds
        print(f"  sync with nothing to do{idle * 1000:33,.0f} ms   {verdict(idle < 1)}: under 1 s")
        verifying = seconds(lambda: office.vault.verify(FolderCarrier(folder / _NAME)), 1)
        print(f"  {'verified on the folder':38}{records / verifying:16,.0f} records/s")
        shares = office.vault.share_out(3, 5)
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as alone:
        took, largest, back = alone.submit(_restore, folder, shares[:3]).result()
    assert back > records
    print(
        f"  {'restored and indexed':38}{back / took:16,.0f} records/s   {took:,.0f} s, {largest:,.0f} MiB; "
        f"{verdict(back / took >= _RECORDS / 120)}: a million in two minutes"
    )


def _moved(folder: Path, office: Casebook, statements: Iterator[Statement]) -> Iterator[dict[str, _Moved]]:
    """The three rounds of all of them, printed."""
    for what in ("first copy", "nothing new", f"{_NEW:,} new records"):
        if what.startswith(f"{_NEW:,}"):
            before = office.vault.health().records
            while office.vault.health().records < before + _NEW:
                office.add_statements(islice(statements, _FEW // 10))
        found = {"Estelik": _sync(office, folder)}
        if shutil.which("rsync"):
            found["rsync"] = _rsync(folder)
        if shutil.which("restic"):
            found["restic"] = _restic(folder)
        for name, did in found.items():
            ratio = did.seconds / found["Estelik"].seconds
            size = f"{did.bytes / 1024:14,.0f} KiB"
            print(f"  {what:20}{name:12}{did.seconds:10.2f} s{size}{ratio:8.2f} of our seconds")
        yield found
    missing = [name for name in ("rsync", "restic") if not shutil.which(name)]
    if missing:
        print(f"  not installed here, and so not measured: {', '.join(missing)}")


def _sync(office: Casebook, folder: Path) -> _Moved:
    start = time.perf_counter()
    office.vault.seal()
    did = office.sync(_NAME, FolderCarrier(folder / _NAME))
    assert not did.troubles
    return _Moved(time.perf_counter() - start, did.bytes)


def _rsync(folder: Path) -> _Moved:
    start = time.perf_counter()
    out = _run(
        "rsync", "--archive", "--no-whole-file", "--stats", *_files(folder), str(folder / "mirror") + "/"
    )
    took = time.perf_counter() - start
    both = re.findall(r"^Total bytes (?:sent|received): ([\d,]+)", out, re.MULTILINE)
    assert len(both) == 2
    return _Moved(took, sum(int(one.replace(",", "")) for one in both))


def _restic(folder: Path) -> _Moved:
    repository = folder / "repository"
    settings = {
        "RESTIC_REPOSITORY": str(repository),
        "RESTIC_PASSWORD": "for measuring only",
        "RESTIC_CACHE_DIR": str(folder / "cache"),
    }
    if not repository.exists():
        _run("restic", "init", **settings)
    before = _size(repository)
    start = time.perf_counter()
    out = _run("restic", "backup", "--json", "--host", "office", *_files(folder), **settings)
    took = time.perf_counter() - start
    assert json.loads(out.splitlines()[-1])["message_type"] == "summary"
    return _Moved(took, _size(repository) - before)


def _restore(folder: Path, shares: Sequence[str]) -> tuple[float, float, int]:
    """In a process of its own: seconds, MiB at most, records."""
    start = time.perf_counter()
    carrier = FolderCarrier(folder / _NAME)
    made, found = Casebook.restore(folder / "back", _PASSPHRASE, carrier, shares, cost=_CHEAP)
    took = time.perf_counter() - start
    made.close()
    assert not found.troubles
    return took, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, found.records


def _files(folder: Path) -> list[str]:
    return [str(folder / "office" / f"{name}.db") for name in COMPARTMENTS]


def _databases(folder: Path) -> int:
    return sum(Path(file).stat().st_size for file in _files(folder))


def _size(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


def _run(*command: str, **settings: str) -> str:
    done = subprocess.run(command, env={**os.environ, **settings}, capture_output=True, text=True, check=True)
    return done.stdout


if __name__ == "__main__":
    main()
