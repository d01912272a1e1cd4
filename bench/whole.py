"""The whole way: a sheet of 1,000,000 statements into an encrypted casebook, and timelines out of it.

As a user would, with the command line, on mixed lives. Memory is the largest
resident set of any one process of a command, and, beside it, the sum over its
processes (shared pages counted once), looked at every three seconds. Looking
holds a process up, so that the import is run once for its time and once,
into another casebook, for its memory.
"""

from __future__ import annotations

import csv
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from threading import Event, Thread
from typing import TYPE_CHECKING, NamedTuple

from bench.measure import scaled, seconds, times, verdict
from bench.mixed import mixed_lives

if TYPE_CHECKING:
    from collections.abc import Iterator

    from estelik.records import Statement

STATEMENTS = 1_000_000
SUBJECTS = 100_000
_PASSPHRASE = b"a sentence for measuring only"
_COLUMNS = (
    *("statement", "source", "told", "about", "event", "when", "age", "after", "before", "gap"),
    *("place", "role", "layer", "grade"),
)


class Ran(NamedTuple):
    """A command that ran: seconds, those of all cores, MiB of its largest process and of all, bytes out."""

    seconds: float
    busy: float
    largest: float
    together: float
    size: int


def main() -> None:
    """Measures, prints; fails where a command does, or says less than everybody's timeline."""
    with tempfile.TemporaryDirectory() as folder:
        _measure(Path(folder))


def _measure(folder: Path) -> None:
    # As for every user after the first call: Python has kept what it compiled.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    os.environ["PYTHONPYCACHEPREFIX"] = str(folder / "bytecode")
    _run("--help")
    started = seconds(
        lambda: subprocess.run([_command(), "--help"], check=True, stdout=subprocess.DEVNULL), 9
    )
    print(f"  estelik --help{started * 1000:44,.0f} ms   {verdict(started < 0.25)}: under 250 ms")
    sheet = folder / "sheet.csv"
    count, subjects = _write(sheet)
    os.environ["ESTELIK_CASEBOOK"] = str(folder / "casebook")
    os.environ["ESTELIK_PASSPHRASE_FILE"] = str(folder / "passphrase")
    (folder / "passphrase").write_bytes(_PASSPHRASE + b"\n")
    _run("init")
    entered = _run("import", str(sheet), watched=False)
    rate = count / entered.seconds
    print(f"  {count:,} statements about {subjects:,} subjects, a sheet of {_mib(sheet)} MiB")
    print(
        f"  import{rate:40,.0f} statements/s   {verdict(rate >= 20_000)}: at least 20,000;"
        f" {entered.seconds:.1f} s, {entered.busy:.1f} s of a core"
    )
    weighed = _weighed(folder / "weighed", sheet)
    print(f"    its memory{_memory(weighed)}   {verdict(max(weighed[2:4]) < 2048)}: under 2,048 MiB")
    stored = sum(file.stat().st_size for file in (folder / "casebook").rglob("*") if file.is_file())
    print(f"    the casebook{stored / 2**20:40,.0f} MiB")
    every = _run("timeline", "--json")
    print(
        f"  timeline --json of all{every.seconds:34,.1f} s   {verdict(every.seconds < 60)}: under 60 s;"
        f" {subjects / every.seconds:,.0f} subjects/s, {every.busy:.1f} s of a core"
    )
    print(f"    its memory{_memory(every)}; {every.size / 2**20:,.0f} MiB of JSON")
    _one(folder / "casebook", f"P{subjects // 2:06d}")


def _weighed(casebook: Path, sheet: Path) -> Ran:
    """The import once more, while its memory is looked at."""
    _run("--casebook", str(casebook), "init")
    ran = _run("--casebook", str(casebook), "import", str(sheet))
    shutil.rmtree(casebook)
    return ran


def _one(casebook: Path, subject: str) -> None:
    from estelik.vault import keys

    told = subprocess.run(
        [_command(), "timeline", subject, "--json"], check=True, stdout=subprocess.PIPE, env=os.environ
    )
    assert [one["subject"] for one in json.loads(told.stdout)] == [subject]
    whole, derived, busy = [], [], []
    for _ in range(times(7)):
        ran = _run("timeline", subject, "--json")
        before = time.process_time()
        derived.append(seconds(lambda: keys.unlock(casebook, _PASSPHRASE), 1))
        busy.append(ran.busy - (time.process_time() - before))
        whole.append(ran.seconds)
    beyond = statistics.median(whole) - statistics.median(derived)
    print(
        f"  timeline --json of one{beyond * 1000:36,.0f} ms   {verdict(beyond < 0.3)}: under 300 ms beyond"
        f" the key; {statistics.median(whole) * 1000:,.0f} ms with it,"
        f" {statistics.median(busy) * 1000:,.0f} ms of a core without"
    )


def _write(sheet: Path) -> tuple[int, int]:
    """Writes whole lives until there are enough; how many statements and subjects."""
    enough = scaled(STATEMENTS, 200)
    count = subjects = 0
    with sheet.open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(_COLUMNS)
        for life in _by_life(mixed_lives(2 * scaled(SUBJECTS, 25))):
            rows.writerows([getattr(one, column) for column in _COLUMNS] for one in life)
            count += len(life)
            subjects += 1
            if count >= enough:
                break
    return count, subjects


def _by_life(statements: Iterator[Statement]) -> Iterator[list[Statement]]:
    life: list[Statement] = []
    for statement in statements:
        if life and statement.about != life[0].about:
            yield life
            life = []
        life.append(statement)
    yield life


def _command() -> str:
    return str(Path(sys.executable).with_name("estelik"))


def _run(*arguments: str, watched: bool = True) -> Ran:
    """Runs a command, reads away what it prints, counts the bytes."""
    start = time.perf_counter()
    process = subprocess.Popen([_command(), *arguments], stdout=subprocess.PIPE)
    watch = _Watch(process.pid)
    if watched:
        watch.start()
    assert process.stdout is not None
    size = 0
    while data := process.stdout.read(1 << 20):
        size += len(data)
    _, status, used = os.wait4(process.pid, 0)
    took = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    watch.end()
    assert process.returncode == 0, f"estelik {arguments[0]} failed"
    return Ran(took, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, watch.most / 1024, size)


class _Watch(Thread):
    """Looks every three seconds at the memory of a process and its children together (KiB)."""

    def __init__(self, process: int) -> None:
        super().__init__(daemon=True)
        self.most = 0
        self._process = process
        self._ended = Event()

    def run(self) -> None:
        while not self._ended.wait(3):
            self.most = max(self.most, sum(map(_share, _family(self._process))))

    def end(self) -> None:
        self._ended.set()
        if self.is_alive():
            self.join()


def _family(process: int) -> Iterator[int]:
    yield process
    try:
        for task in Path(f"/proc/{process}/task").iterdir():
            for child in (task / "children").read_text().split():
                yield from _family(int(child))
    except OSError:
        return


def _share(process: int) -> int:
    try:
        for line in Path(f"/proc/{process}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1])
    except OSError:
        pass
    return 0


def _mib(file: Path) -> str:
    return f"{file.stat().st_size / 2**20:,.0f}"


def _memory(ran: Ran) -> str:
    return f"{ran.largest:30,.0f} MiB at most in one process, {ran.together:,.0f} MiB together"


if __name__ == "__main__":
    main()
