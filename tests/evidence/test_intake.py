"""Files are taken in as they are, all or none, and nothing gives away who brought them."""

from __future__ import annotations

import ctypes
import hashlib
import os
import shutil
import socket
import subprocess
import sys
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import pytest
from tests.evidence.conftest import PASSPHRASE
from tests.media import files

from estelik.casebook import Casebook
from estelik.errors import CasebookError, EvidenceError
from estelik.evidence.file import File
from estelik.evidence.intake import Particulars
from estelik.records.evidence import Capture, Maker

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.evidence.conftest import Desk


def test_a_file_is_kept_with_what_is_known_of_it(desk: Desk) -> None:
    """Its hash, size, type and metadata; who brought it and when, under which name; what it bears on."""
    (added,) = desk.add("photo.jpg", source="Zulfiya", brought="2019-03", about=("Marhaba",),
                        statements=("1",), note="the yard")  # fmt: skip
    (one,) = desk.all()
    file = files.photograph()
    assert added.sha256 == one.evidence.sha256 == hashlib.sha256(file).hexdigest()
    assert (added.id, added.known, added.bytes, added.type) == (one.id, False, len(file), "image/jpeg")
    assert (one.compartment, one.evidence.type, one.evidence.note) == ("testimony", "image/jpeg", "the yard")
    assert one.evidence.capture == Capture("2018-03-04T05:06:07+06:00", 40, 30)
    assert one.evidence.device == desk.casebook.vault.device
    (came,) = one.accessions
    assert (one.sources, came.brought, came.file) == (["Zulfiya"], "2019-03", "photo.jpg")
    assert came.maker == Maker("Nomad N95 [2J", "N-4711", "Zulfiya", "", (-43.258333, 76.916667))
    assert [(r.subject, r.statement) for r in one.relations] == [("Marhaba", ""), ("", "1")]
    (sealed,) = desk.blobs()
    assert sealed.name == one.evidence.blob.name
    assert hashlib.sha256(sealed.read_bytes()).hexdigest() == one.evidence.blob.sha256


def test_a_source_that_is_known_is_not_made_twice(desk: Desk) -> None:
    """Neither one that brought statements before, nor one that brings a second file."""
    desk.add("photo.jpg", source="Zulfiya")
    desk.add("letter.pdf", source="Zulfiya")
    assert [one.sources for one in desk.all()] == [["Zulfiya"], ["Zulfiya"]]
    with desk.casebook.vault.store.read() as connection:
        count = "SELECT count(*) FROM source.record WHERE kind = 'source'"
        assert connection.execute(count).scalar_one() == 1
    before = desk.casebook.statements()
    desk.casebook.rebuild_index()
    assert desk.casebook.statements() == before
    assert len(desk.all()) == 2


def test_the_same_file_is_kept_once(desk: Desk) -> None:
    """Within one command, under another name, on another day; that it came again from somebody else, and what
    else it bears on, is recorded; the same said twice is not."""
    desk.file("copy.jpg", files.photograph())
    first, second = desk.add("photo.jpg", "copy.jpg", source="Zulfiya", about=("Marhaba",))
    assert (first.known, second.known, second.id) == (False, True, first.id)
    for again in ({}, {"source": "Zulfiya"}, {"about": ("Marhaba",)}):
        (known,) = desk.add("copy.jpg", **again)
        assert (known.known, known.id) == (True, first.id)
        (one,) = desk.all()
        assert (len(one.accessions), len(one.relations)) == (1, 1)
    desk.add("copy.jpg", source="Bakyt", brought="2020", statements=("1",), compartment="public")
    (one,) = desk.all()
    assert (one.sources, one.accessions[1].file, len(one.relations)) == (["Zulfiya", "Bakyt"], "copy.jpg", 2)
    assert len(desk.blobs()) == 1


@pytest.mark.parametrize(
    ("said", "where"),
    [
        (Particulars(source="Ana", note="Banana seller"), "testimony"),
        (Particulars(source="A", note="a man came and said so"), "testimony"),
        (Particulars(source="Li", about=("living in a village",)), "testimony"),
        (Particulars(source="A", note="then A came"), "source"),
        (Particulars(source="Гульнара Ивушкина", note="сказали Гульнаре"), "source"),
        (Particulars(source="Gulnara Ivushkina", note="Гүлнара айтты"), "source"),
        (Particulars(source="Zulfiya", about=("Zulfiya",)), "source"),
        (Particulars(source="Zulfiya", statements=("zulfiya-3",)), "source"),
        (Particulars(source="", note="a man came"), "testimony"),
    ],
)
def test_words_beside_a_file_that_name_who_brought_it_lie_with_the_sources(
    said: Particulars, where: str
) -> None:
    """In other letters and endings too; letters within other words name nobody."""
    assert said.lies_in() == where


def test_two_who_add_the_same_file_at_once_add_it_once(desk: Desk) -> None:
    """And no sealed file is left that no record names."""
    path = desk.file("film.mp4", files.film() + os.urandom(1 << 20))
    outcomes: list[str] = []

    def add() -> None:
        from estelik.evidence import intake

        with Casebook.open(desk.folder / "case", PASSPHRASE) as casebook:
            outcomes.extend(one.id for one in intake.add(casebook.vault, [path], intake.Particulars()))

    threads = [threading.Thread(target=add) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (one,) = desk.all()
    assert outcomes == [one.id] * 3
    desk.casebook.vault.sweep_blobs()
    assert [path.name for path in desk.blobs()] == [one.evidence.blob.name]


@pytest.fixture
def faulty(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Names that are no files to take in, with what is said of each."""
    folder = desk.folder
    (folder / "link").symlink_to(folder / "photo.jpg")
    (folder / "empty").touch()
    (folder / "folder").mkdir()
    os.mkfifo(folder / "pipe")
    monkeypatch.chdir(folder)
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind("socket")
    return {
        "link": "it is a link to a file",
        "empty": "it is empty",
        "folder": "it is a folder",
        "pipe": "it is a device or a pipe",
        "socket": "it is a device or a pipe",
        "missing": "there is no such file",
        "/dev/null": "it is a device or a pipe",
        "nul\0": "there is no such file",
    }


def test_what_is_no_file_is_named_and_nothing_is_taken_in(desk: Desk, faulty: dict[str, str]) -> None:
    """All of them at once, each with what is wrong with it, also beside files that are good."""
    before = _prints(desk)
    with pytest.raises(EvidenceError) as caught:
        desk.add("photo.jpg", *faulty, "letter.pdf")
    lines = caught.value.what.splitlines()
    assert len(lines) == len(faulty)
    for line, said in zip(lines, faulty.values(), strict=True):
        assert f": {said}" in line
    assert caught.value.safe == "Nothing was written."
    assert "\0" not in caught.value.what
    assert (desk.all(), desk.blobs(), _prints(desk)) == ([], [], before)


#: The rights of a thread (capabilities(7)) by which nothing is closed to root.
_OVERRIDE: Final = 1 << 1 | 1 << 2


@contextmanager
def _as_anybody() -> Iterator[None]:
    """Opens only what its owner may open, though this is root."""
    library = ctypes.CDLL(None, use_errno=True)
    # Of this thread, in the third version of the form: which rights count, may count, are handed on, twice.
    head, rights = (ctypes.c_uint32 * 2)(0x20080522, 0), (ctypes.c_uint32 * 6)()
    assert library.capget(head, rights) == 0
    whole = rights[0]
    rights[0] &= ~_OVERRIDE
    assert library.capset(head, rights) == 0
    try:
        yield
    finally:
        rights[0] = whole
        assert library.capset(head, rights) == 0


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="takes a right away from root")
def test_a_file_that_may_not_be_read_is_named(desk: Desk) -> None:
    (desk.folder / "photo.jpg").chmod(0)
    with _as_anybody(), pytest.raises(EvidenceError, match="cannot be read"):
        desk.add("photo.jpg")


def test_a_file_that_changes_while_it_is_read_is_refused(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Longer, shorter, or only other bytes; those that were sealed before it are taken away again."""
    path = desk.folder / "growing.bin"
    reading = File.read

    def touched(change: Callable[[], object]) -> Callable[[File, int], bytes]:
        def read(file: File, size: int) -> bytes:
            data = reading(file, min(size, 1000))
            if file.name == "growing.bin":
                change()
            return data

        return read

    def rewrite() -> None:
        path.write_bytes(b"y" * 5000)
        os.utime(path, ns=(1, 1))

    changes: list[Callable[[], object]] = [
        lambda: path.write_bytes(b"x" * 9000),
        lambda: os.truncate(path, 10),
        rewrite,
    ]
    for change in changes:
        path.write_bytes(b"x" * 5000)
        monkeypatch.setattr(File, "read", touched(change))
        with pytest.raises(EvidenceError, match=r"growing\.bin: it changed while it was read"):
            desk.add("photo.jpg", "growing.bin")
        monkeypatch.setattr(File, "read", reading)
        assert (desk.all(), desk.blobs()) == ([], [])
    assert not desk.add("photo.jpg")[0].known


def test_words_that_name_who_brought_it_put_the_evidence_with_the_sources(desk: Desk) -> None:
    """In a note, whatever the letters' case, or since it is about her."""
    cases: list[dict[str, object]] = [
        {"note": "from ZULFIYA's telephone"},
        {"about": ("Zulfiya",)},
        {"note": "her own", "compartment": "medical"},
    ]
    for number, said in enumerate(cases):
        desk.file(f"{number}.txt", f"text {number}".encode())
        (added,) = desk.add(f"{number}.txt", source="Zulfiya", **said)
        assert added.compartment == ("source" if number < 2 else "medical")


def test_no_word_about_who_brought_it_lies_outside_the_sources(desk: Desk) -> None:
    """Her name, the name of the file, and what the metadata says of the telephone, its owner, its place."""
    desk.file("from Zulfiya.jpg", files.photograph())
    desk.add("from Zulfiya.jpg", source="Zulfiya", brought="2019-03-07", about=("Marhaba",))
    words = ("zulfiya", "N95", "N-4711", "43.25", "2019-03-07")
    with desk.casebook.vault.store.read() as connection:
        for name, schema in desk.casebook.vault.store.schemas.items():
            rows = list(connection.execute(f"SELECT body FROM {schema}.record").scalars())  # noqa: S608 (a compartment of ours)
            found = [word for word in words if any(word.lower() in body.lower() for body in rows)]
            assert found == (list(words) if name == "source" else [])


def test_nothing_of_a_file_can_be_read_on_the_disk(desk: Desk) -> None:
    """Not its content, not its name, not its hash: in no file of the casebook or a carrier, and no name."""
    data = files.photograph() + b"qorqyp ketti" * 500
    desk.file("from Zulfiya.jpg", data)
    desk.add("from Zulfiya.jpg", source="Zulfiya", about=("Marhaba",), note="qorqyp")
    desk.carry()
    digest = hashlib.sha256(data)
    needles = [b"qorqyp", b"Zulfiya", b"N-4711", digest.digest(), digest.hexdigest().encode(), data[:64]]
    for folder in ("case", "stick"):
        for path in (desk.folder / folder).rglob("*"):
            assert not any(needle.decode("latin-1") in str(path.name) for needle in needles[:3])
            if path.is_file():
                content = path.read_bytes()
                assert not any(needle in content for needle in needles), path


def test_a_full_disk_is_told_and_leaves_nothing(desk: Desk) -> None:
    """Where the sealed files lie there is room for a megabyte; the file has more."""
    mount = shutil.which("mount")
    if mount is None or os.geteuid() != 0:
        pytest.skip("mounting a small disk needs root")
    shelf = desk.casebook.vault.shelf_folder
    made = subprocess.run(
        [mount, "-t", "tmpfs", "-o", "size=1m", "tmpfs", shelf], check=False, capture_output=True
    )
    if made.returncode:
        pytest.skip("nothing can be mounted here")
    try:
        desk.file("film.mp4", os.urandom(3 << 20))
        with pytest.raises(CasebookError, match="The disk is full"):
            desk.add("photo.jpg", "film.mp4")
        assert (desk.all(), desk.blobs()) == ([], [])
        assert not desk.add("photo.jpg")[0].known
    finally:
        subprocess.run(["umount", "--lazy", shelf], check=True)


def test_a_file_system_that_takes_no_such_file_is_told(desk: Desk) -> None:
    """As FAT refuses four gigabytes: here a limit of the process does."""
    path = desk.file("film.mp4", os.urandom(3 << 20))
    code = """
import resource, sys
from estelik.casebook import Casebook
from estelik.errors import CasebookError
from estelik.evidence.intake import Particulars, add
with Casebook.open(sys.argv[1], b"apple tree") as casebook:
    resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, 1 << 20))
    try:
        add(casebook.vault, [sys.argv[2]], Particulars())
    except CasebookError as error:
        print(error.what)
"""
    said = subprocess.run(
        [sys.executable, "-c", code, desk.folder / "case", path], check=True, capture_output=True, text=True
    )
    assert said.stdout == "The disk of the casebook takes no file of this size.\n"
    assert (desk.all(), desk.blobs()) == ([], [])


def _prints(desk: Desk) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (desk.folder / "case").glob("*.db")}
