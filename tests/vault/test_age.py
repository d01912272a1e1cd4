"""The age library, held against the vectors that all implementations share."""

from __future__ import annotations

import base64
import hashlib
import json
import zlib
from pathlib import Path

import pyrage
import pytest
from pyrage.x25519 import Identity

from estelik.errors import SealError
from estelik.vault import envelope

#: From the npm package cctv-age 0.2.0 (0BSD, CC0 or Unlicense), unchanged: those for X25519 identities
#: that are neither armored nor large.
VECTORS: dict[str, str] = json.loads(
    (Path(__file__).parent / "vectors" / "age.json").read_text(encoding="utf-8")
)
#: Where the library is laxer than the vectors ask: it takes a stanza of another kind that has no last line.
#: The body is authenticated all the same, and whoever made the file has chosen the stanza.
LAXER = {"stanza_missing_body", "stanza_missing_final_line"}


def _read(name: str) -> tuple[dict[str, list[str]], bytes]:
    head, _, body = base64.b64decode(VECTORS[name]).partition(b"\n\n")
    said: dict[str, list[str]] = {}
    for line in head.decode().splitlines():
        key, _, value = line.partition(": ")
        said.setdefault(key, []).append(value)
    return said, zlib.decompress(body) if "compressed" in said else body


@pytest.mark.parametrize("name", VECTORS)
def test_the_library_opens_what_it_should_and_nothing_else(name: str) -> None:
    """What should open gives the payload that is said; what should not is refused, but for the named ones."""
    said, file = _read(name)
    identities = [Identity.from_str(identity) for identity in said["identity"]]
    if said["expect"] == ["success"] or name in LAXER:
        payload = hashlib.sha256(pyrage.decrypt(file, identities)).hexdigest()
        assert name in LAXER or [payload] == said["payload"]
    else:
        with pytest.raises(pyrage.DecryptError):
            pyrage.decrypt(file, identities)


@pytest.mark.parametrize("name", VECTORS)
def test_none_of_them_passes_for_a_file_of_ours(name: str) -> None:
    """Whatever is wrong with a file, or right: the error is ours."""
    said, file = _read(name)
    with pytest.raises(SealError):
        envelope.opened(file, "segment", [Identity.from_str(identity) for identity in said["identity"]])
