"""A sheet is read in a process of its own: with the same outcome, and without the casebook's keys."""

from __future__ import annotations

import os
import re
import signal
from contextlib import suppress
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from estelik.casebook import Casebook
from estelik.errors import SheetError, UsageError
from estelik.exchange import apart, sheet
from estelik.exchange.ledger import NOTHING, Known
from estelik.records import Statement, stored
from estelik.vault import keys

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

KEY = b"a key of this test"
HEADER = "statement,about,event,when,after,source,testimony,told,corrects\n"


def outcome(module: object, paths: list[Path], known: Known = NOTHING) -> tuple[object, ...]:
    """All that reading says: statements, faults, notes."""
    notes: list[str] = []
    rows: list[Statement] = []
    try:
        rows.extend(module.read(paths, known=known, key=KEY, note=notes.append))  # type: ignore[attr-defined]
    except SheetError as error:
        return error.faults, notes
    return rows, notes


_cell = st.sampled_from(
    ["", "Aman", "Айбек", "arrest", "release", "2019-03", "2019-13", "visit", "=1+1", "?"]
)
_row = st.tuples(st.sampled_from(["", "1", "2", "3"]), *[_cell] * 7, st.sampled_from(["", "1", "9"]))


@given(st.lists(_row, max_size=6))
@settings(max_examples=15, deadline=None)
def test_reading_apart_says_what_reading_says(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str]]
) -> None:
    path = tmp_path_factory.mktemp("sheets") / "sheet.csv"
    path.write_text(HEADER + "".join(",".join(row) + "\n" for row in rows), encoding="utf-8")
    assert outcome(apart, [path]) == outcome(sheet, [path])


def test_what_the_casebook_knows_is_asked_for(tmp_path: Path) -> None:
    """Every question that reading has is answered from the other process as from within."""
    path = tmp_path / "sheet.csv"
    path.write_text(
        HEADER
        + "1,Aman,arrest,2018,,aunt,visit,2019-03,\n"
        + "2,Aman,release,2019,arrest,aunt,visit,2019-03,\n"
        + "3,Bota,return,,Dana/arrest,aunt,visit,2020,\n"
        + "4,Aman,death,2020,,aunt,,,9\n"
        + "5,Aman,x/walk,2020,,aunt,,,\n"
        + "6,Aman/x,walk,2020,,aunt,,,\n",
        encoding="utf-8",
    )
    asked: list[str] = []

    def events(subjects: Collection[str]) -> dict[str, set[str]]:
        asked.append("events")
        return {"Dana": {"arrest"}} if "Dana" in subjects else {}

    def digests(ids: Collection[str]) -> dict[str, bytes]:
        asked.append("digests")
        return {"1": b"something else", "9": b"anything"} if {"1", "9"} <= set(ids) else {}

    def told(tellings: Mapping[str, Collection[str]]) -> dict[str, list[tuple[str, str]]]:
        asked.append("told")
        assert {one: sorted(dates) for one, dates in tellings.items()} == {"visit": ["2019-03", "2020"]}
        return {"visit": [("8", "2017")]}

    def subjects(ids: Collection[str]) -> dict[str, str]:
        asked.append("subjects")
        return {"9": "Dana"} if "9" in ids else {}

    def references(labels: Collection[str]) -> dict[str, list[tuple[str, str]]]:
        asked.append("references")
        return {"7": [("Elmira", "Aman/x/walk")]} if {"Aman", "Aman/x"} <= set(labels) else {}

    known = Known(events, stored.digest, digests, told, subjects, references)
    found = outcome(apart, [path], known)
    assert set(asked) == {"events", "digests", "told", "subjects", "references"}
    assert found == outcome(sheet, [path], known)
    assert {fault.code for fault in found[0]} >= {"changed", "corrects-other", "two-dates", "doubled"}  # type: ignore[attr-defined]


@pytest.fixture
def reading(tmp_path: Path) -> Iterator[tuple[Iterator[Statement], int, Path]]:
    """A reading that waits for the rest of its file: the statements, the process, the pipe that it reads."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    before = children()
    found = apart.read([pipe], key=KEY)
    begun = Thread(target=_first, args=(found,), daemon=True)
    begun.start()
    with pipe.open("wb") as sheet_:
        sheet_.write(HEADER.encode())
        sheet_.flush()
        (child,) = children() - before
        yield found, child, pipe
        with suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
        begun.join(10)


def _first(found: Iterator[Statement]) -> None:
    with suppress(UsageError):
        next(found, None)


def children() -> set[int]:
    found: set[int] = set()
    for task in Path("/proc/self/task").iterdir():
        # A thread may end meanwhile.
        with suppress(FileNotFoundError, ProcessLookupError):
            found |= set(map(int, (task / "children").read_text().split()))
    return found


def test_the_process_that_reads_holds_no_key_and_no_file_of_the_casebook(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    """Looked for in all its memory, its environment and its open files; the key for ids is found so."""
    monkeypatch.setenv("ESTELIK_PASSPHRASE_FILE", "where-the-passphrase-is")
    with Casebook.create(tmp_path / "case", b"apple tree", cost=keys.Cost(8, 1, 1)) as casebook:
        casebook.add_statements([Statement("1", "Aman", event="arrest")])
        keyring = keys.unlock(tmp_path / "case", b"apple tree")
        _, child, _ = request.getfixturevalue("reading")
        memory = _memory(child)
        assert KEY in memory
        for name in ("testimony", "source", "medical", "device", "office"):
            assert keyring[name] not in memory
            assert keyring[name].hex().encode() not in memory
        assert b"where-the-passphrase-is" not in memory
        files = [str(file.readlink()) for file in Path(f"/proc/{child}/fd").iterdir()]
        assert not [file for file in files if file.startswith(str(tmp_path / "case"))]
        limits = Path(f"/proc/{child}/limits").read_text()
        assert re.search(r"Max core file size +0 +0", limits)
        assert re.search(r"Max file size +0 +0", limits)


def _memory(process: int) -> bytes:
    """All of a process's memory that can be written."""
    found = []
    with Path(f"/proc/{process}/mem").open("rb") as memory:
        for line in Path(f"/proc/{process}/maps").read_text().splitlines():
            span, rights, *_ = line.split()
            if rights.startswith("rw"):
                start, end = (int(word, 16) for word in span.split("-"))
                with suppress(OSError):
                    memory.seek(start)
                    found.append(memory.read(end - start))
    return b"".join(found)


def test_a_process_that_ends_too_early_is_told(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    before = children()
    failed: list[str] = []

    def wait() -> None:
        try:
            list(apart.read([pipe], key=KEY))
        except UsageError as error:
            failed.append(error.what)

    waiting = Thread(target=wait)
    waiting.start()
    with pipe.open("wb"):
        (child,) = children() - before
        os.kill(child, signal.SIGKILL)
        waiting.join(10)
    assert len(failed) == 1
    assert "cut short" in failed[0]


def test_a_reading_that_nobody_waits_for_ends(tmp_path: Path) -> None:
    """Whoever stops in the middle leaves no process behind."""
    path = tmp_path / "sheet.csv"
    path.write_text("about,event\n" + "".join(f"P{n},arrest\n" for n in range(5000)), encoding="utf-8")
    before = children()
    rows = apart.read([path], key=KEY)
    assert next(rows).about == "P0"
    assert children() > before
    rows.close()  # type: ignore[attr-defined]
    assert children() == before


def test_a_fault_of_the_program_is_told_without_a_word_of_the_sheet(tmp_path: Path) -> None:
    """Only which kind of error, and where: a key that is too long for its purpose stands for one."""
    path = tmp_path / "sheet.csv"
    path.write_text("about,event\nSayragul,arrest\n", encoding="utf-8")
    with pytest.raises(RuntimeError, match=r"^ValueError ids\.py:\d+$"):
        list(apart.read([path], key=bytes(100)))


def test_a_file_name_that_is_no_unicode_is_read(tmp_path: Path) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/sh\xffeet.csv"))
    path.write_bytes(b"about,event\nAman,arrest\n")
    assert [row.about for row in apart.read([path], key=KEY)] == ["Aman"]
    path.write_bytes(b"about,event\nAman,\n")
    with pytest.raises(SheetError, match=r"sh\?eet\.csv, row 2"):
        list(apart.read([path], key=KEY))
