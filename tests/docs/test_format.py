"""The page about the format is enough to read a casebook without Estelik."""

from __future__ import annotations

import base64
import hashlib
import json
import shutil
import subprocess
from importlib.resources import as_file
from typing import TYPE_CHECKING, Any

import apsw
import pytest
from argon2.low_level import Type, hash_secret_raw
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from estelik import demo
from estelik.casebook import Casebook
from estelik.evidence import intake
from estelik.evidence.intake import Particulars
from estelik.exchange import sheet

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

COMPARTMENTS = ("testimony", "source", "casework", "medical", "public")
PASSPHRASE = b"a passphrase that the page does not know"


def test_another_reader_that_follows_the_page_reads_every_record(tmp_path: Path) -> None:
    """Written from ``docs/format.md`` alone: its own unsealing, and another library for the files."""
    folder = tmp_path / "casebook"
    with Casebook.create(folder, PASSPHRASE) as casebook, as_file(demo.sheet()) as path:
        casebook.add_statements(sheet.read((path,), key=casebook.statement_key))
        expected = {one.statement: one for one in casebook.statements()}
    records = {compartment: list(_records(folder, compartment)) for compartment in COMPARTMENTS}
    kinds = {compartment: {kind for _, kind, _ in rows} for compartment, rows in records.items()}
    assert {"source", "testimony", "provenance"} <= kinds["source"]
    assert all(found <= {"subject", "statement"} for name, found in kinds.items() if name != "source")
    bodies = {id_: body for rows in records.values() for id_, _, body in rows}
    found = [(body, name) for name, rows in records.items() for _, kind, body in rows if kind == "statement"]
    assert {body["statement"] for body, _ in found} == set(expected)
    for body, name in found:
        one = expected[body["statement"]]
        testimony = bodies[body["testimony"]]
        telling = bodies[body["provenance"]] if "provenance" in body else testimony
        source = bodies[telling["source"]]["label"] if telling.get("source") else ""
        assert (bodies[body["subject"]]["label"], source, telling.get("via", "")) == (
            one.about,
            one.source,
            one.via,
        )
        assert telling is testimony or telling["testimony"] == body["testimony"]
        assert (body.get("quote", ""), body.get("when", "")) == (one.quote, one.when)
        assert name in (one.compartment, "source")


def test_another_program_opens_a_file_of_evidence(tmp_path: Path) -> None:
    """By the page: a record of the kind, the identity in it, and Debian's ``age``."""
    age = shutil.which("age")
    if age is None:
        pytest.skip("needs age")
    folder, brought = tmp_path / "casebook", tmp_path / "letter.txt"
    brought.write_text("They took him from the yard.\n" * 99)
    with Casebook.create(folder, PASSPHRASE) as casebook:
        intake.add(casebook.vault, [str(brought)], Particulars(source="a neighbour", compartment="medical"))
    ((id_, _, file),) = [one for one in _records(folder, "medical") if one[1] == "evidence"]
    came = [body for _, kind, body in _records(folder, "source") if kind == "evidence"]
    assert [(body["what"], body["evidence"], body["file"]) for body in came] == [
        ("accession", id_, "letter.txt")
    ]
    sealed = folder / "sealed" / "estelik" / "blob" / file["blob"]["name"]
    assert hashlib.sha256(sealed.read_bytes()).hexdigest() == file["blob"]["sha256"]
    (tmp_path / "identity").write_text(file["blob"]["identity"])
    opened = subprocess.run(
        [age, "-d", "-i", tmp_path / "identity", sealed], check=True, capture_output=True
    ).stdout
    assert opened[: file["bytes"]] == brought.read_bytes()
    assert hashlib.sha256(opened[: file["bytes"]]).hexdigest() == file["sha256"]
    assert not any(opened[file["bytes"] :])


def _records(folder: Path, compartment: str) -> Iterator[tuple[str, str, dict[str, Any]]]:
    connection = apsw.Connection(str(folder / f"{compartment}.db"), flags=apsw.SQLITE_OPEN_READONLY)
    connection.pragma("cipher", "sqlcipher")
    connection.pragma("legacy", 4)
    connection.pragma("key", f"x'{_key(folder, compartment).hex()}'")
    assert connection.pragma("user_version") == 7
    for id_, kind, body in connection.execute("SELECT id, kind, body FROM record ORDER BY seq"):
        yield str(id_), str(kind), json.loads(str(body))
    connection.close()


def _key(folder: Path, name: str) -> bytes:
    file = json.loads((folder / "keys.json").read_text(encoding="utf-8"))
    assert (file["format"], file["kdf"]) == (1, "argon2id")
    cost, salt = file["cost"], base64.b64decode(file["salt"])
    derived = hash_secret_raw(
        PASSPHRASE, salt, cost["passes"], cost["memory"], cost["lanes"], 32, Type.ID, version=19
    )
    price = json.dumps({part: cost[part] for part in ("memory", "passes", "lanes")}, separators=(",", ":"))
    master = _unsealed(derived, file["master"], b"estelik key file 1|master|" + price.encode() + b"|" + salt)
    return _unsealed(master, file["keys"][name], f"estelik key file 1|key|{name}".encode())


def _unsealed(key: bytes, sealed: dict[str, str], context: bytes) -> bytes:
    nonce, secret = (base64.b64decode(sealed[part]) for part in ("nonce", "sealed"))
    return ChaCha20Poly1305(key).decrypt(nonce, secret, context)
