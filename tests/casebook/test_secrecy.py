"""Nothing readable lies on the disk, and each compartment holds only what it may."""

from __future__ import annotations

import os
import sys
from subprocess import PIPE, Popen, run
from typing import TYPE_CHECKING

import apsw
import msgspec
import pytest

from estelik.casebook import Casebook
from estelik.records import COMPARTMENTS, Statement
from estelik.vault import keys

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

MARKERS = ("Marhaba", "Zulfiya", "Тұрсын", "艾山江", "qorqyp", "orchard-visit", "ajar-secret-id")

PLANTED = [
    Statement(
        "ajar-secret-id", "Marhaba", testimony="orchard-visit", source="Zulfiya", via="Тұрсын > 艾山江",
        told="2019-03", event="arrest", when="2017", place="Tekes", quote="ol qorqyp ketti",
    ),
    Statement("2", "Marhaba", source="Zulfiya", told="2019-03", fact="illness", compartment="medical"),
    Statement("3", "Zulfiya", testimony="orchard-visit", source="Zulfiya", event="release", role="perceived"),
    Statement("4", "Marhaba", source="Zulfiya", event="release", quote="Zulfiya saw it", after="arrest"),
    Statement("5", "Marhaba", source="Zulfiya", event="return", note="as told by тұрсын", via="Тұрсын"),
]  # fmt: skip


def _needles() -> list[bytes]:
    return [marker.encode(encoding) for marker in MARKERS for encoding in ("utf-8", "utf-16-le", "utf-16-be")]


def _found(folder: Path) -> list[str]:
    """Where a planted word stands in the files below ``folder`` or in their names."""
    found = []
    for path in folder.rglob("*"):
        if any(marker in str(path.relative_to(folder)) for marker in MARKERS):
            found.append(str(path))
        if path.is_file() and any(needle in path.read_bytes() for needle in _needles()):
            found.append(str(path))
    return found


def _keyring(folder: Path) -> keys.Keyring:
    return keys.unlock(folder, b"apple tree")


def _second_reader(folder: Path, compartment: str, key: bytes) -> apsw.Connection:
    """Another program's library on one of our files."""
    connection = apsw.Connection(str(folder / f"{compartment}.db"), flags=apsw.SQLITE_OPEN_READONLY)
    connection.pragma("cipher", "sqlcipher")
    connection.pragma("legacy", 4)
    connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
    return connection


def _plain(folder: Path, compartment: str) -> str:
    """All that a file holds, records and index, as somebody with its key reads it."""
    connection = _second_reader(folder, compartment, _keyring(folder)[compartment])
    tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    rows = [row for table in tables for row in connection.execute(f"SELECT * FROM {table}")]  # noqa: S608 (names of tables, read from the file)
    connection.close()
    return repr(rows)


@pytest.fixture
def planted(make: Callable[[], Casebook], folder: Path) -> Path:
    with make() as made:
        made.add_statements(PLANTED)
    return folder


def test_no_planted_word_stands_in_any_file(planted: Path) -> None:
    assert _found(planted.parent) == []
    with Casebook.open(planted, b"apple tree") as opened:
        opened.rebuild_index()
        assert opened.statements() == PLANTED
        assert _found(planted.parent) == []
    for path in planted.glob("*.db"):
        assert not path.read_bytes().startswith(b"SQLite format 3")


_WRITER = """
import os, sys, time
from estelik.casebook import Casebook
from estelik.records import Statement
from estelik.index import intake, tables

enter = tables.enter_postings
def paused(inserts, *rest):
    enter(inserts, *rest)
    inserts.wait()
    run = inserts._cursor.execute
    # Changed pages are forced out of the cache, as a large import does by itself.
    for schema in ("main", "source", "medical"):
        run(f"PRAGMA {schema}.cache_size = 1")
        run(f"PRAGMA {schema}.shrink_memory")
        run(f"SELECT count(*), sum(length(body)) FROM {schema}.record").fetchall()
    print("paused", flush=True)
    sys.stdin.readline()

tables.enter_postings = paused
with Casebook.open(sys.argv[1], b"apple tree") as casebook:
    casebook.add_statements(
        Statement(f"Marhaba{n}", "Marhaba", testimony="orchard-visit", source="Zulfiya", event="arrest",
                  quote="qorqyp " * 20, compartment=("testimony", "medical")[n % 2])
        for n in range(3000)
    )
"""


def test_no_planted_word_stands_anywhere_in_the_middle_of_writing(planted: Path, tmp_path: Path) -> None:
    """Journals, half-written files and whatever temporary files there are, while a writer stands still."""
    places = {name: str(tmp_path / "tmp") for name in ("TMPDIR", "SQLITE_TMPDIR", "HOME")}
    (tmp_path / "tmp").mkdir()
    with Popen(
        [sys.executable, "-c", _WRITER, str(planted)], env={**os.environ, **places},
        stdin=PIPE, stdout=PIPE, stderr=PIPE, cwd=tmp_path,
    ) as writer:  # fmt: skip
        assert writer.stdin is not None
        assert writer.stdout is not None
        assert writer.stdout.readline() == b"paused\n"
        names = {path.name for path in planted.iterdir()}
        assert any(name.endswith("-journal") for name in names)
        assert _found(tmp_path) == []
        out, err = writer.communicate(b"\n" * 10)
    assert writer.returncode == 0
    assert err == b""
    assert out.replace(b"paused\n", b"") == b""
    assert _found(tmp_path) == []
    assert not list(planted.glob("*-journal"))


def test_an_error_says_nothing_of_what_was_told(planted: Path) -> None:
    """Whatever goes wrong: no planted word, no passphrase and no key in messages or tracebacks."""
    code = (
        "import sys\n"
        "from estelik.casebook import Casebook\n"
        "from estelik.records import Statement\n"
        "with Casebook.open(sys.argv[1], sys.argv[2].encode()) as casebook:\n"
        "    casebook.add_statements([Statement('ajar-secret-id', 'Marhaba', quote='qorqyp')])\n"
    )
    for passphrase in ("apple tree", "tree of apples"):
        done = run([sys.executable, "-c", code, str(planted), passphrase], capture_output=True, check=False)
        assert done.returncode == 1
        assert b"Traceback" in done.stderr
        assert b"apple" not in done.stderr
        assert not any(needle in done.stderr + done.stdout for needle in _needles())


def test_names_of_sources_and_relayers_stand_with_the_sources_only(planted: Path) -> None:
    """Not even an id, a quote or a self-told statement gives them away elsewhere."""
    secret = ("Zulfiya", "Тұрсын", "тұрсын", "艾山江", "orchard-visit")
    for compartment in COMPARTMENTS:
        words = _plain(planted, compartment)
        if compartment == "source":
            assert all(name in words for name in secret)
        else:
            assert not any(name in words for name in secret)
    assert "ajar-secret-id" in _plain(planted, "testimony")


def test_a_source_spelled_in_another_way_stands_with_the_sources_only(
    make: Callable[[], Casebook], folder: Path
) -> None:
    """As a label of the telling, and in a quote whose letters were typed in another way."""
    apart = "Ti\u0306rsin"
    composed = "T\u012drsin"
    spelled = (("testimony", f"visit of {apart}"), ("source", apart), ("via", apart))
    rows = [
        Statement(
            "1", "Aman", f"visit of {composed}", composed, event="arrest", via=composed, written=spelled
        ),
        Statement("2", "Aman", source=composed, event="release", quote=f"{apart} saw it"),
    ]
    with make() as made:
        made.add_statements(rows)
        assert made.statements() == rows
    for compartment in COMPARTMENTS:
        words = _plain(folder, compartment)
        assert ("rsin" in words) == (compartment == "source")


def test_who_told_cannot_be_told_from_the_ids_in_other_compartments(
    make: Callable[[], Casebook], folder: Path
) -> None:
    """Two tellings of the same source have nothing in common outside the source compartment."""
    with make() as made:
        made.add_statements(
            Statement(f"{n}", "Aman", testimony=f"visit {n}", source="Zulfiya", event="arrest")
            for n in range(2)
        )
    connection = _second_reader(folder, "testimony", _keyring(folder)["testimony"])
    bodies = [
        msgspec.json.decode(body)
        for (body,) in connection.execute("SELECT body FROM record WHERE kind = 'statement'")
    ]
    connection.close()
    assert bodies[0]["provenance"] != bodies[1]["provenance"]
    assert bodies[0]["testimony"] != bodies[1]["testimony"]
    assert bodies[0]["subject"] == bodies[1]["subject"]


def test_another_program_reads_every_file_with_its_key_and_with_no_other(planted: Path) -> None:
    """SQLite3 Multiple Ciphers, a second implementation of the file format, counts the records."""
    keyring = _keyring(planted)
    counted = {}
    for compartment in COMPARTMENTS:
        connection = _second_reader(planted, compartment, keyring[compartment])
        ((counted[compartment],),) = connection.execute(
            "SELECT count(*) FROM record WHERE kind = 'statement'"
        )
        assert list(connection.execute("PRAGMA integrity_check")) == [("ok",)]
        connection.close()
        for other in {*COMPARTMENTS} - {compartment}:
            wrong = _second_reader(planted, compartment, keyring[other])
            with pytest.raises(apsw.NotADBError):
                wrong.execute("SELECT count(*) FROM record")
            wrong.close()
    assert counted == {"testimony": 1, "source": 3, "medical": 1, "casework": 0, "public": 0}


def test_without_the_source_compartment_no_source_is_seen(planted: Path) -> None:
    """A member without that key sees what was told, and an opaque id instead of the telling."""
    from estelik.index import reader
    from estelik.vault.store import Store

    keyring = _keyring(planted)
    store = Store(planted, keys.Keyring({"testimony": keyring["testimony"]}), COMPARTMENTS)
    with store.read() as connection:
        (seen,) = reader.every(connection, store.schemas)
    store.close()
    assert (seen.statement, seen.about, seen.event) == ("ajar-secret-id", "Marhaba", "arrest")
    assert (seen.source, seen.via) == ("", "")
    assert len(seen.testimony) == 26
